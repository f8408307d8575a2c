//! `gateline check`

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::output::{self, Cell};
use super::{CliError, FINDINGS, FINE, Format, FormatOption, runs};
use crate::base::problem::{Problem, Severity};
use crate::model::{Project, lint};

/// The checks.
#[derive(Debug, Args)]
#[command(after_help = "One line for each problem: SEVERITY CODE MAP/ELEMENT sentence\n\n\
    Example:\n  gateline check shop.gateline\n\nExit status 1 if there is an error; warnings alone are fine.")]
pub struct Check {
    /// The project
    file: PathBuf,
    #[command(flatten)]
    format: FormatOption,
}

#[derive(Serialize)]
struct Row<'a> {
    severity: &'static str,
    code: &'a str,
    map: Option<String>,
    elements: Vec<String>,
    sentence: &'a str,
}

impl Check {
    pub(super) fn run(self, out: &mut dyn Write) -> Result<u8, CliError> {
        let project = runs::load(&self.file)?;
        let problems = lint::check(&project);
        match self.format.format {
            Format::Text if problems.is_empty() => writeln!(out, "no problems")?,
            Format::Text => {
                for problem in &problems {
                    let (severity, site) = (problem.severity.word(), site(&project, problem));
                    writeln!(out, "{severity} {} {site} {}", problem.code, problem.sentence)?;
                }
            }
            Format::Json => {
                let row = |problem| row(problem);
                output::json(out, &problems.iter().map(row).collect::<Vec<_>>())?;
            }
            Format::Csv => {
                let rows: Vec<_> = problems.iter().map(row).map(cells).collect();
                output::csv(out, &["severity", "code", "map", "elements", "sentence"], &rows)?;
            }
        }
        let errors = problems.iter().any(|problem| problem.severity == Severity::Error);
        Ok(if errors { FINDINGS } else { FINE })
    }
}

fn row(problem: &Problem) -> Row<'_> {
    Row {
        severity: problem.severity.word(),
        code: problem.code,
        map: problem.map.map(|map| map.to_string()),
        elements: problem.elements.iter().map(ToString::to_string).collect(),
        sentence: &problem.sentence,
    }
}

fn cells(row: Row<'_>) -> Vec<Cell> {
    vec![
        row.severity.into(),
        row.code.into(),
        row.map.unwrap_or_default().into(),
        row.elements.join(" ").into(),
        row.sentence.into(),
    ]
}

/// `Nurture/el12`; the map's name, as people know it, and the element's id, which tells those of one name apart.
fn site(project: &Project, problem: &Problem) -> String {
    let map = problem.map.and_then(|map| project.map(map)).map_or("-", |map| map.name.as_str());
    match problem.elements.first() {
        Some(element) => format!("{map}/{element}"),
        None => map.to_owned(),
    }
}
