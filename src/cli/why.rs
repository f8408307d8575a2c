//! `gateline why`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::output::{self, Cell};
use super::{CliError, FINE, Format, FormatOption, runs};
use crate::base::id::ElementId;
use crate::base::time::Instant;
use crate::model::{Project, words};
use crate::reports::why::{Answer, Attempt, Line, Verdict, answer};

/// Why a contact did not achieve a goal, or when it did.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  gateline why shop.gateline --contact ann@example.com --goal \"Buys again\""
)]
pub struct WhyNot {
    /// The project
    file: PathBuf,
    /// Key of the contact, such as its e-mail address
    #[arg(long, value_name = "KEY")]
    contact: String,
    /// The goal or trigger, by the title of its card or by its id, such as el12
    #[arg(long, value_name = "ELEMENT")]
    goal: String,
    /// The saved run; the newest if none is named
    #[arg(long, value_name = "NAME")]
    run: Option<String>,
    #[command(flatten)]
    format: FormatOption,
}

#[derive(Serialize)]
struct Json<'a> {
    contact: &'a str,
    goal: String,
    name: String,
    run: &'a str,
    /// The first time; null: never.
    achieved_at: Option<String>,
    /// All times.
    achievements: Vec<String>,
    /// Null where it was achieved.
    failed: Option<CheckJson>,
    found: Option<String>,
    event: Option<AttemptJson>,
    near_misses: Vec<AttemptJson>,
}

#[derive(Serialize)]
struct CheckJson {
    number: u8,
    text: &'static str,
}

#[derive(Serialize)]
struct AttemptJson {
    at: String,
    event: String,
    checks: Vec<RowJson>,
}

#[derive(Serialize)]
struct RowJson {
    number: u8,
    text: &'static str,
    verdict: &'static str,
    found: String,
}

impl WhyNot {
    pub(super) fn run(self, out: &mut dyn Write) -> Result<u8, CliError> {
        let project = runs::load(&self.file)?;
        let contact = runs::contact(&project, &self.contact, &self.file)?;
        let goal = listener(&project, &self.goal)?;
        let saved = runs::saved(&project, self.run.as_deref(), &self.file)?;
        let run = runs::again(project.clone(), saved)?;
        let zone = runs::zone(&project);
        let when = |at| zone.format_rfc3339(at);
        let answer = answer(&project, goal, &run.why(contact, goal), &when);
        let name = words::title_as_run(&project, goal, run.until);
        match self.format.format {
            Format::Json => {
                let row = |line: &Line| RowJson {
                    number: line.number,
                    text: line.text,
                    verdict: line.verdict.tag(),
                    found: line.found.clone(),
                };
                let attempt = |attempt: &Attempt| AttemptJson {
                    at: when(attempt.at),
                    event: attempt.event.clone(),
                    checks: attempt.checks.iter().map(row).collect(),
                };
                let failed = answer.failed.as_ref();
                let json = Json {
                    contact: &self.contact,
                    goal: goal.to_string(),
                    name,
                    run: &saved.name,
                    achieved_at: answer.achieved.first().map(|at| when(*at)),
                    achievements: answer.achieved.iter().map(|at| when(*at)).collect(),
                    failed: failed.map(|line| CheckJson { number: line.number, text: line.text }),
                    found: failed.map(|line| line.found.clone()),
                    event: answer.best.as_ref().map(attempt),
                    near_misses: answer.attempts.iter().map(attempt).collect(),
                };
                output::json(out, &json)?;
            }
            Format::Csv => {
                let of = |attempt: &Attempt| {
                    let (at, event) = (when(attempt.at), attempt.event.clone());
                    attempt.checks.iter().map(|line| cells(&at, &event, line)).collect::<Vec<_>>()
                };
                let mut rows: Vec<_> = answer.attempts.iter().flat_map(of).collect();
                if let (None, Some(failed)) = (&answer.best, &answer.failed) {
                    rows.push(cells("", "", failed)); // no event to check
                }
                output::csv(out, &["at", "event", "number", "verdict", "text", "found"], &rows)?;
            }
            Format::Text => text(out, &self.contact, &name, &answer, &when)?,
        }
        Ok(FINE)
    }
}

fn cells(at: &str, event: &str, line: &Line) -> Vec<Cell> {
    vec![
        at.into(),
        event.into(),
        u32::from(line.number).into(),
        line.verdict.tag().into(),
        line.text.into(),
        line.found.as_str().into(),
    ]
}

fn text(
    out: &mut dyn Write,
    contact: &str,
    goal: &str,
    answer: &Answer,
    when: &dyn Fn(Instant) -> String,
) -> Result<(), CliError> {
    match &answer.failed {
        Some(failed) => writeln!(out, "{contact} did not achieve “{goal}”: {}", failed.in_short())?,
        None => {
            let times: Vec<_> = answer.achieved.iter().map(|at| when(*at)).collect();
            writeln!(out, "{contact} achieved “{goal}” at {}", words::listed(&times, "and"))?;
        }
    }
    if let Some(best) = &answer.best {
        writeln!(out, "\nThe event that came nearest: {} at {}\n", best.event, when(best.at))?;
    }
    for line in answer.best.iter().flat_map(|best| &best.checks) {
        let mark = match line.verdict {
            Verdict::Passed => "passed      ",
            Verdict::Failed => "FAILED      ",
            Verdict::NotReached => "not reached ",
        };
        let found = if line.found.is_empty() { String::new() } else { format!(": {}", line.found) };
        writeln!(out, "  {mark} {:>2} {}{found}", line.number, line.text)?;
    }
    if answer.others().next().is_some() {
        writeln!(out, "\nWhat else could have achieved it:")?;
    }
    for other in answer.others() {
        let reason = other.reason().unwrap_or_default();
        writeln!(out, "  {}  {}: {reason}", when(other.at), other.event)?;
    }
    Ok(())
}

/// The trigger or goal that is asked for by id or by title, in any version of a map or in its draft: runs follow those,
/// whatever became of the other (L-01).
fn listener(project: &Project, name: &str) -> Result<ElementId, CliError> {
    let published = project.published.values().flat_map(|versions| versions.iter().rev()).map(|v| &v.map);
    let elements = project.maps.values().chain(published).flat_map(|map| map.elements.values());
    // each with its titles, that of the draft first
    let mut listeners: BTreeMap<ElementId, Vec<String>> = BTreeMap::new();
    for element in elements.filter(|element| element.kind.listener().is_some()) {
        listeners.entry(element.id).or_default().push(words::title(project, element));
    }
    let is_asked = |(id, titles): &(&ElementId, &Vec<String>)| {
        id.to_string() == name || titles.iter().any(|title| title.to_lowercase() == name.to_lowercase())
    };
    let mut found = listeners.iter().filter(is_asked);
    let all = || {
        let names = listeners
            .iter()
            .map(|(id, titles)| format!("{id} “{}”", titles.first().map_or("", String::as_str)));
        names.collect::<Vec<_>>().join(", ")
    };
    match (found.next(), found.next()) {
        (Some((only, _)), None) => Ok(*only),
        (None, _) => {
            Err(CliError::Use(format!("there is no goal or trigger “{name}”; there are: {}", all())))
        }
        _ => Err(CliError::Use(format!("several are called “{name}”; say which by its id: {}", all()))),
    }
}
