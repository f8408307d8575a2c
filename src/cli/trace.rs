//! `gateline trace`

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::output::{self, Cell};
use super::{CliError, FINE, Format, FormatOption, runs};
use crate::base::time::Zone;
use crate::model::ContactIx;
use crate::reports::trace::{Step, trace};
use crate::session::run::Run;

/// One contact's history.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  gateline trace shop.gateline --contact ann@example.com")]
pub struct Trace {
    /// The project
    file: PathBuf,
    /// Key of the contact, such as its e-mail address
    #[arg(long, value_name = "KEY")]
    contact: String,
    /// The saved run; the newest if none is named
    #[arg(long, value_name = "NAME")]
    run: Option<String>,
    #[command(flatten)]
    format: FormatOption,
}

/// A step of a history; `cause` is the number of the step that led to it.
#[derive(Serialize)]
pub(super) struct Row {
    number: u32,
    at: String,
    map: Option<String>,
    element: Option<String>,
    kind: &'static str,
    cause: Option<u32>,
    reason: &'static str,
    detail: String,
}

pub(super) const COLUMNS: [&str; 8] = ["number", "at", "map", "element", "kind", "cause", "reason", "detail"];

impl Trace {
    pub(super) fn run(self, out: &mut dyn Write) -> Result<u8, CliError> {
        let project = runs::load(&self.file)?;
        let contact = runs::contact(&project, &self.contact, &self.file)?;
        let saved = runs::saved(&project, self.run.as_deref(), &self.file)?;
        let run = runs::again(project.clone(), saved)?;
        let zone = runs::zone(&project);
        let rows = rows(&run, contact, &zone);
        match self.format.format {
            Format::Json => output::json(out, &rows.collect::<Vec<_>>())?,
            Format::Csv => output::csv(out, &COLUMNS, &rows.map(Row::cells).collect::<Vec<_>>())?,
            Format::Text => {
                let rows: Vec<_> = rows.map(Row::shown).collect();
                output::table(out, &["", "at", "element", "what", "because of", "in words"], &rows)?;
            }
        }
        Ok(FINE)
    }
}

/// The history of a contact, row by row.
pub(super) fn rows<'r>(run: &'r Run, contact: ContactIx, zone: &'r Zone) -> impl Iterator<Item = Row> + 'r {
    let when = |at| zone.format_rfc3339(at);
    let steps = trace(&run.project, run.plan(), &run.history(contact), &when);
    steps.into_iter().map(|step| row(zone, step))
}

fn row(zone: &Zone, step: Step) -> Row {
    Row {
        number: step.number,
        at: zone.format_rfc3339(step.at),
        map: step.map.map(|map| map.to_string()),
        element: step.element.map(|element| element.to_string()),
        kind: step.kind,
        cause: step.cause,
        reason: step.reason,
        detail: step.detail,
    }
}

impl Row {
    /// In the order of [`COLUMNS`].
    pub(super) fn texts(self) -> [String; 8] {
        [
            self.number.to_string(),
            self.at,
            self.map.unwrap_or_default(),
            self.element.unwrap_or_default(),
            self.kind.to_owned(),
            self.cause.map(|cause| cause.to_string()).unwrap_or_default(),
            self.reason.to_owned(),
            self.detail,
        ]
    }

    fn cells(self) -> Vec<Cell> {
        self.texts().map(Cell::from).into()
    }

    fn shown(self) -> Vec<Cell> {
        vec![
            self.number.into(),
            self.at.into(),
            self.element.unwrap_or_default().into(),
            self.kind.into(),
            self.cause.map(|cause| cause.to_string()).unwrap_or_default().into(),
            self.detail.into(),
        ]
    }
}
