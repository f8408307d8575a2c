//! CSV in and out: contacts, events and order lines.
//!
//! Reading streams: besides the result only one row is held at a time, so the size of a file does not matter. A bad row
//! never stops the rest: it is refused with its line and the reason ([`Refused`]), and what was refused can be written
//! as CSV again, put right, and read once more.
//!
//! [`mapping`] says which column is what, and guesses it from the header; [`table`] reads rows; [`contacts`],
//! [`events`] and [`orders`] take them in; [`write`] writes the same form.

mod catalogue;
mod contacts;
mod events;
pub mod mapping;
mod orders;
mod people;
mod table;
pub mod write;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;

pub use self::mapping::{Mapping, MappingError, Source};
use self::table::Table;
use crate::model::{Item, People, Project, words};

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// One contact each.
    Contacts,
    /// One event each. Rows that follow one another with the same contact, instant, event and order number are the
    /// lines of one order.
    Events,
    /// One line of an order each, wherever the other lines of it stand.
    Orders,
}

impl Rows {
    /// `contacts`, `events`, `order lines`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Events => "events",
            Self::Orders => "order lines",
        }
    }
}

/// How to read a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Which column is what, where the guess from the header is not right.
    pub mapping: Mapping,
    /// Add things that the catalogue lacks; otherwise rows that name them are refused.
    pub create: bool,
    /// Add contacts that events and orders name and the project lacks; otherwise such rows are refused.
    pub create_contacts: bool,
    /// Read so many rows only.
    pub limit: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { mapping: Mapping::default(), create: true, create_contacts: true, limit: None }
    }
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The line on which it starts, from 1.
    pub line: u64,
    /// Why: one sentence without a full stop.
    pub reason: Cow<'static, str>,
    /// Its cells as they stand in the file.
    pub cells: csv::ByteRecord,
}

/// How much of each kind an import adds to the project.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Created {
    /// Contacts.
    pub contacts: usize,
    /// Things of the catalogue, by what such a thing is called ([`ItemId::word`](crate::model::ItemId::word)).
    pub items: BTreeMap<&'static str, usize>,
}

impl fmt::Display for Created {
    /// `3 products, 1 tag`; `nothing` where there is nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items = self.items.iter().map(|(word, count)| (*word, *count));
        let parts: Vec<_> = std::iter::once(("contact", self.contacts))
            .chain(items)
            .filter(|(_, count)| *count > 0)
            .map(|(word, count)| words::counted(count, word, &words::plural(word)))
            .collect();
        f.write_str(if parts.is_empty() { "nothing" } else { "" })?;
        f.write_str(&parts.join(", "))
    }
}

/// What came of reading a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// All contacts and events of the project, those read among them.
    pub people: People,
    /// New things of the catalogue.
    pub items: Vec<Item>,
    /// What is new, counted.
    pub created: Created,
    /// Events that were added, the creation of contacts not counted.
    pub events: usize,
    /// Rows read, the header not counted.
    pub read: u64,
    /// Rows taken.
    pub taken: u64,
    /// Rows refused.
    pub refused: Vec<Refused>,
    /// The header, for writing the refused rows.
    pub headers: Vec<String>,
    /// What separates the cells.
    pub delimiter: u8,
    /// Which column was taken for what.
    pub mapping: Mapping,
}

/// Why a file could not be read at all. The project is as it was.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// There is nothing to read.
    #[error("there is no such file")]
    Missing,
    /// The system refused.
    #[error("reading failed: {0}")]
    Io(#[from] std::io::Error),
    /// UTF-16, as some spreadsheets save "Unicode text".
    #[error("this is text in UTF-16; save it as CSV in UTF-8")]
    Utf16,
    /// Not text.
    #[error("this is not text but {0}; save the table as CSV in UTF-8")]
    NotText(&'static str),
    /// The first line is not UTF-8.
    #[error("the first line is not text in UTF-8; save the table as CSV in UTF-8")]
    HeaderNotUtf8,
    /// There is no first line.
    #[error("the file is empty; a first line with the names of the columns was expected")]
    Empty,
    /// A quoted cell without an end.
    #[error("line {line}: a cell that starts with a quotation mark there does not end; close it")]
    OpenQuote {
        /// Where the row with it starts.
        line: u64,
    },
    /// The mapping does not fit the file.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// There are too many contacts or events.
    #[error("there are too many {0} for one project; four thousand million is the most")]
    TooMany(&'static str),
    /// It was cancelled.
    #[error("the import was cancelled")]
    Cancelled,
}

/// Reads a file into a copy of the project's contacts and events. `progress` hears now and then how many bytes are
/// read; `false` from it cancels.
pub fn import(
    project: &Project,
    rows: Rows,
    input: impl Read,
    options: &Options,
    progress: &mut dyn FnMut(u64) -> bool,
) -> Result<Imported, CsvError> {
    let mut table = Table::open(input)?;
    let mapping = Mapping::resolve(rows, table.headers(), &options.mapping)?;
    let mut reading = Reading {
        project,
        options,
        mapping: &mapping,
        zone: crate::base::time::Zone::new(project.settings.account_zone),
        names: catalogue::Names::new(project, options.create),
        progress,
        read: 0,
        refused: vec![],
    };
    let (people, contacts, events) = match rows {
        Rows::Contacts => contacts::read(&mut reading, &mut table)?,
        Rows::Events => events::read(&mut reading, &mut table)?,
        Rows::Orders => orders::read(&mut reading, &mut table)?,
    };
    let Reading { names, read, refused, .. } = reading;
    let (items, mut created) = names.finish();
    created.contacts = contacts;
    let taken = read - refused.len() as u64;
    let delimiter = table.delimiter();
    let headers = table.into_headers();
    Ok(Imported { people, items, created, events, read, taken, refused, headers, delimiter, mapping })
}

/// The first rows of a file as they stand in it; what is not UTF-8 is shown as �.
pub fn first_rows(input: impl Read, count: u64) -> Result<Vec<csv::StringRecord>, CsvError> {
    let mut table = Table::open(input)?;
    let mut rows = vec![];
    let mut row = csv::StringRecord::new();
    while (rows.len() as u64) < count
        && let Some((_, read)) = table.read(&mut row)?
    {
        rows.push(match read {
            Ok(()) => row.clone(),
            Err((_, cells)) => csv::StringRecord::from_byte_record_lossy(cells),
        });
    }
    Ok(rows)
}

/// What reading the rows of a file needs.
struct Reading<'a> {
    project: &'a Project,
    options: &'a Options,
    mapping: &'a Mapping,
    /// The account's, in which dates without an offset are read.
    zone: crate::base::time::Zone,
    names: catalogue::Names<'a>,
    progress: &'a mut dyn FnMut(u64) -> bool,
    read: u64,
    refused: Vec<Refused>,
}

/// Why a row is refused.
type Reason = Cow<'static, str>;

/// Rows between two calls of `progress`.
const PORTION: u64 = 4_096;

impl Reading<'_> {
    /// Goes through all rows; what `take` cannot take is refused.
    fn each_row<R: Read>(
        &mut self,
        table: &mut Table<R>,
        mut take: impl FnMut(&mut Self, &csv::StringRecord) -> Result<(), Reason>,
    ) -> Result<(), CsvError> {
        let mut row = csv::StringRecord::new();
        while self.options.limit.is_none_or(|limit| self.read < limit) {
            let Some((line, read)) = table.read(&mut row)? else { break };
            self.read += 1;
            if let Err((reason, cells)) =
                read.and_then(|()| take(self, &row).map_err(|reason| (reason, row.as_byte_record().clone())))
            {
                self.refused.push(Refused { line, reason, cells });
            }
            if self.read.is_multiple_of(PORTION) && !(self.progress)(table.bytes()) {
                return Err(CsvError::Cancelled);
            }
        }
        Ok(())
    }
}
