//! `gateline test`

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::output::{self, Cell};
use super::{CliError, FINDINGS, FINE, Format, FormatOption, runs};
use crate::model::words;
use crate::session::test::{TestResult, run_all};

/// The tests of a project.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  gateline test shop.gateline --only buys\n\nExit status 1 if a test failed."
)]
pub struct Test {
    /// The project
    file: PathBuf,
    /// Only tests with this text in their name
    #[arg(long, value_name = "PATTERN")]
    only: Option<String>,
    #[command(flatten)]
    format: FormatOption,
}

#[derive(Serialize)]
struct Results<'a> {
    passed: usize,
    failed: usize,
    tests: Vec<ResultJson<'a>>,
}

#[derive(Serialize)]
struct ResultJson<'a> {
    id: String,
    name: &'a str,
    passed: bool,
    failures: &'a [String],
}

impl Test {
    pub(super) fn run(self, out: &mut dyn Write) -> Result<u8, CliError> {
        let project = runs::load(&self.file)?;
        let results = run_all(&project, self.only.as_deref())?;
        let passed = results.iter().filter(|result| result.passed()).count();
        let failed = results.len() - passed;
        let json = |result| ResultJson::from(result);
        match self.format.format {
            Format::Text => {
                for result in &results {
                    let word = if result.passed() { "passed" } else { "failed" };
                    writeln!(out, "{word}  {}", result.name)?;
                    for failure in &result.failures {
                        writeln!(out, "        {failure}")?;
                    }
                }
                let [passed, failed] = [passed, failed].map(words::thousands);
                writeln!(out, "{passed} passed, {failed} failed")?;
            }
            Format::Json => {
                let tests = results.iter().map(json).collect();
                output::json(out, &Results { passed, failed, tests })?;
            }
            Format::Csv => {
                let cells = |result: &TestResult| -> Vec<Cell> {
                    let passed = if result.passed() { "yes" } else { "no" };
                    let (id, failures) = (result.id.to_string(), result.failures.join("; "));
                    vec![id.into(), result.name.clone().into(), passed.into(), failures.into()]
                };
                let rows: Vec<_> = results.iter().map(cells).collect();
                output::csv(out, &["id", "name", "passed", "failures"], &rows)?;
            }
        }
        if results.is_empty() && self.only.is_some() {
            eprintln!("gateline: no test has this in its name");
        }
        Ok(if failed > 0 { FINDINGS } else { FINE })
    }
}

impl<'a> From<&'a TestResult> for ResultJson<'a> {
    fn from(result: &'a TestResult) -> Self {
        let id = result.id.to_string();
        Self { id, name: &result.name, passed: result.passed(), failures: &result.failures }
    }
}
