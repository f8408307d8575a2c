//! Contacts and events from CSV files, as one undo step.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use csv::StringRecord;

use super::command::Command;
use super::run::Control;
use crate::model::{Project, words};
use crate::store::csv::{self as store_csv, CsvError};
pub use crate::store::csv::{Imported, Mapping, MappingError, Options, Refused, Rows, Source};

/// Rows that a preview shows.
pub const PREVIEW_ROWS: u64 = 20;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
#[error("{source}: {}", path.display())]
pub struct ImportError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub source: CsvError,
}

/// The first rows of a file and what would become of them.
#[derive(Debug)]
pub struct Preview {
    /// What separates the cells.
    pub delimiter: char,
    /// The names of the columns.
    pub headers: Vec<String>,
    /// The first rows as they stand in the file.
    pub rows: Vec<Vec<String>>,
    /// What the same rows become, with the mapping that was used and the rows that would be refused.
    pub imported: Imported,
}

fn open(path: &Path) -> Result<File, ImportError> {
    File::open(path).map_err(|error| {
        let source = if error.kind() == io::ErrorKind::NotFound { CsvError::Missing } else { error.into() };
        ImportError { path: path.to_owned(), source }
    })
}

/// Reads the first rows of a file.
pub fn preview(
    project: &Project,
    rows: Rows,
    path: &Path,
    options: &Options,
) -> Result<Preview, ImportError> {
    let failed = |source| ImportError { path: path.to_owned(), source };
    let options = Options { limit: Some(PREVIEW_ROWS), ..options.clone() };
    let imported = store_csv::import(project, rows, open(path)?, &options, &mut |_| true).map_err(failed)?;
    let shown = store_csv::first_rows(open(path)?, PREVIEW_ROWS).map_err(failed)?;
    let cells = |row: &StringRecord| row.iter().map(ToOwned::to_owned).collect();
    Ok(Preview {
        delimiter: char::from(imported.delimiter),
        headers: imported.headers.clone(),
        rows: shown.iter().map(cells).collect(),
        imported,
    })
}

/// Reads a whole file; `-` is standard input. The control tells the progress in KiB and can cancel.
pub fn import(
    project: &Project,
    rows: Rows,
    path: &Path,
    options: &Options,
    control: &Control,
) -> Result<Imported, ImportError> {
    let failed = |source| ImportError { path: path.to_owned(), source };
    let (input, bytes): (Box<dyn Read>, u64) = if path == Path::new("-") {
        (Box::new(io::stdin().lock()), 0)
    } else {
        let file = open(path)?;
        let bytes = file.metadata().map_or(0, |metadata| metadata.len());
        (Box::new(file), bytes)
    };
    let kib = |bytes: u64| u32::try_from(bytes >> 10).unwrap_or(u32::MAX);
    control.expect(kib(bytes));
    let mut before = 0;
    let mut progress = |bytes| {
        control.advance(kib(bytes) - before);
        before = kib(bytes);
        !control.is_cancelled()
    };
    store_csv::import(project, rows, input, options, &mut progress).map_err(failed)
}

/// What puts an import into the project: one undo step.
pub fn command(rows: Rows, imported: Imported) -> Command {
    let count = |count: usize, one, many| words::counted(count, one, many);
    let what = match rows {
        Rows::Contacts => count(imported.created.contacts, "contact", "contacts"),
        Rows::Events => count(imported.events, "event", "events"),
        Rows::Orders => count(imported.events, "order", "orders"),
    };
    let people = Command::SetPeople { label: format!("import {what}"), people: Arc::new(imported.people) };
    Command::Together(imported.items.into_iter().map(Command::PutItem).chain([people]).collect())
}

/// What came of an import, in words: `1,200 rows read, 1,190 taken, 10 refused; new: 1,190 contacts, 3 tags`.
pub fn summary(imported: &Imported) -> String {
    let counted = |count: u64| words::thousands(usize::try_from(count).unwrap_or(usize::MAX));
    let (read, taken) = (counted(imported.read), counted(imported.taken));
    let refused = words::thousands(imported.refused.len());
    let mut text =
        format!("{read} rows read, {taken} taken, {refused} refused; created: {}", imported.created);
    if imported.events > 0 {
        text.push_str(&format!("; {}", words::counted(imported.events, "event", "events")));
    }
    text
}
