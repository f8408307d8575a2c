//! `gateline import`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::output::{self, Cell};
use super::progress::watched;
use super::{CliError, FINDINGS, FINE, Format, FormatOption};
use crate::model::words;
use crate::session::import::{self, Imported, Mapping, Options, Rows};
use crate::session::open::Session;
use crate::store::csv::write;
use crate::store::file::write_whole;

/// CSV into a project.
#[derive(Debug, Args)]
#[command(after_help = MAPPING)]
pub struct Import {
    /// What the rows are
    rows: RowsArg,
    /// The CSV file; - is standard input
    input: PathBuf,
    /// The project that takes them in
    file: PathBuf,
    /// Which column is what, where it is not guessed right; see below
    #[arg(long, value_name = "FIELD=COLUMN,…", default_value = "", hide_default_value = true)]
    map_columns: Mapping,
    /// Only say what would be taken and refused
    #[arg(long)]
    dry_run: bool,
    /// Write the refused rows, with the reason, to this file
    #[arg(long, value_name = "OUT.csv")]
    refused: Option<PathBuf>,
    /// Refuse rows that name tags, products, forms, e-mails or fields that the project lacks
    #[arg(long)]
    no_new_items: bool,
    /// Refuse events and orders of contacts that the project lacks
    #[arg(long)]
    no_new_contacts: bool,
    /// Replace the file of refused rows if it is there
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    format: FormatOption,
}

const MAPPING: &str = "\
Columns: field=Column pairs with commas between them; field='text' is the same for every row, field= leaves a guess
out, at:format='%d.%m.%Y %H:%M' says how the dates of a column are written. Names with a comma or an equals sign go in
double quotes.
  contacts  contact (the key), created, zone, tags (with | between them); any other column is a field of its own name
  events    contact, at, event, order, product, quantity, amount, price, form, outcome, tag, field, value, email, link,
            map; an event uses the columns that it needs
  orders    contact, at, order, product, quantity, amount, price: rows with the same order number are one order at the
            earliest of its times; a quantity below zero or an order number that starts with C (cancel='…' for another
            mark) is a refund
Dates: 2026-01-05, 2026-01-05 14:00, 2026-01-05T14:00:00Z or 20260105, in the account's zone where they do not say one.

Examples:
  gateline import contacts people.csv shop.gateline --map-columns \"contact=E-mail,tags=Groups\"
  gateline import events sales.csv shop.gateline --map-columns \"event='order',at=Bought on\" --refused refused.csv
  gateline import orders online_retail.csv shop.gateline --dry-run

Exit status 1 if a row was refused; the others are taken all the same.";

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RowsArg {
    /// One contact each
    Contacts,
    /// One event each
    Events,
    /// One line of an order each
    Orders,
}

#[derive(Serialize)]
struct Summary<'a> {
    read: u64,
    taken: u64,
    refused: Vec<RefusedJson<'a>>,
    created: CreatedJson,
    events: usize,
    mapping: String,
}

#[derive(Serialize)]
struct RefusedJson<'a> {
    line: u64,
    reason: &'a str,
}

#[derive(Serialize)]
struct CreatedJson {
    contacts: usize,
    /// Things of the catalogue by the plural of their word: `emails`, `products`.
    #[serde(flatten)]
    items: BTreeMap<String, usize>,
}

impl CreatedJson {
    fn of(created: &crate::store::csv::Created) -> Self {
        let key = |word: &str| words::plural(word).to_lowercase().replace('-', "").replace(' ', "_");
        let items = created.items.iter().map(|(word, count)| (key(word), *count)).collect();
        Self { contacts: created.contacts, items }
    }
}

/// Refused rows that are listed for people; `--refused` has them all.
const LISTED: usize = 10;

impl Import {
    pub(super) fn run(self, out: &mut dyn Write) -> Result<u8, CliError> {
        let rows = match self.rows {
            RowsArg::Contacts => Rows::Contacts,
            RowsArg::Events => Rows::Events,
            RowsArg::Orders => Rows::Orders,
        };
        let options = Options {
            mapping: self.map_columns.clone(),
            create: !self.no_new_items,
            create_contacts: !self.no_new_contacts,
            limit: None,
        };
        let mut session = Session::open(&self.file)?;
        let project = session.project().clone();
        let imported =
            watched("Reading", |control| import::import(&project, rows, &self.input, &options, control))?;
        if let Some(path) = &self.refused {
            write_whole(path, self.force, |out| write::refused(&imported, out))?;
        }
        self.tell(out, &imported)?;
        let status = if imported.refused.is_empty() { FINE } else { FINDINGS };
        if !self.dry_run {
            drop(project); // so that the session need not copy it
            session.command(import::command(rows, imported))?;
            session.save()?;
        }
        Ok(status)
    }

    fn tell(&self, out: &mut dyn Write, imported: &Imported) -> Result<(), CliError> {
        let refused = || imported.refused.iter();
        match self.format.format {
            Format::Text => {
                writeln!(out, "{}", import::summary(imported))?;
                for refused in refused().take(LISTED) {
                    writeln!(out, "line {}: {}", refused.line, refused.reason)?;
                }
                if imported.refused.len() > LISTED && self.refused.is_none() {
                    writeln!(out, "… and more; --refused OUT.csv writes them all")?;
                }
                if self.dry_run {
                    writeln!(out, "nothing was changed; columns: {}", imported.mapping)?;
                }
                Ok(())
            }
            Format::Json => output::json(
                out,
                &Summary {
                    read: imported.read,
                    taken: imported.taken,
                    refused: refused()
                        .map(|row| RefusedJson { line: row.line, reason: &row.reason })
                        .collect(),
                    created: CreatedJson::of(&imported.created),
                    events: imported.events,
                    mapping: imported.mapping.to_string(),
                },
            ),
            Format::Csv => {
                let row = |row: &import::Refused| -> Vec<Cell> {
                    vec![Cell::Count(row.line), row.reason.clone().into_owned().into()]
                };
                output::csv(out, &["line", "reason"], &refused().map(row).collect::<Vec<_>>())
            }
        }
    }
}
