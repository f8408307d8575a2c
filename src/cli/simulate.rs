//! `gateline simulate`

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::progress::watched;
use super::{CliError, FINE, Format, FormatOption, export, output, report, runs};
use crate::base::id::RunId;
use crate::base::time::Instant;
use crate::model::{People, Project, SavedRun, words};
use crate::session::command::{Command, plan};
use crate::session::generate::{generate, suggest};
use crate::session::import::{self, Options, Rows};
use crate::session::open::Session;
use crate::session::run::{Run, RunSettings};
use crate::store::file::write_whole;

/// A run.
#[derive(Debug, Args)]
#[command(
    after_help = "With --contacts or --events other people take the place of those in the file, for this run only: \
    so many invented ones, or those of CSV files (see `gateline import --help`). Invented ones come over 30 days by the \
    first trigger of the first map; three in ten do what its first goal waits for, a week later on average.\n\n\
    Dates are such as 2026-02-01 or \"2026-02-01 09:00\", on the account's clocks.\n\n\
    Examples:\n  gateline simulate shop.gateline --until 2026-03-01 --save \"run 1\"\n  \
    gateline simulate shop.gateline --contacts 10000 --seed 7\n  \
    gateline simulate shop.gateline --contacts people.csv --events sales.csv --log log.csv"
)]
pub struct Simulate {
    /// The project
    file: PathBuf,
    /// So many invented contacts, or those of a CSV file, instead of the project's
    #[arg(long, value_name = "N|CSV")]
    contacts: Option<String>,
    /// Events of a CSV file, instead of the project's
    #[arg(long, value_name = "CSV")]
    events: Option<PathBuf>,
    /// When the run begins and the maps are published; at the first event if not given
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// When the run ends; a year after the last event if not given
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// A number from which all chance comes: with the same one everything comes out the same
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many threads work, which changes nothing in the result; 0 is one for each core
    #[arg(long, default_value_t = 0)]
    threads: usize,
    /// Save the run in the project under this name
    #[arg(long, value_name = "NAME", conflicts_with_all = ["contacts", "events"])]
    save: Option<String>,
    /// Write every step of every contact to this file
    #[arg(long, value_name = "OUT.csv")]
    log: Option<PathBuf>,
    /// Replace the log if it is there
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    format: FormatOption,
}

#[derive(Serialize)]
struct Summary {
    contacts: usize,
    events: usize,
    messages: u64,
    faults: u64,
    open_ends: u64,
    from: String,
    until: String,
    seed: u64,
    digest: String,
    seconds: f64,
}

impl Simulate {
    pub(super) fn run(self, out: &mut dyn Write) -> Result<u8, CliError> {
        let project = runs::load(&self.file)?;
        if let Some(name) = &self.save
            && project.runs.values().any(|run| run.name.to_lowercase() == name.trim().to_lowercase())
        {
            return Err(CliError::Use(format!(
                "there is already a run called “{name}”; choose another name"
            )));
        }
        if let Some(log) =
            self.log.as_deref().filter(|log| log.extension().is_none_or(|ending| ending != "csv"))
        {
            return Err(CliError::Use(format!("the name of the log must end in .csv: {}", log.display())));
        }
        let settings = RunSettings {
            seed: self.seed,
            from: runs::instant(&project, self.from.as_deref())?,
            until: runs::instant(&project, self.until.as_deref())?,
        };
        let project = self.with_people(project, settings.from)?;
        let (run, took) =
            timed(|| watched("Running", |control| Run::compute(project, settings, self.threads, control)));
        let run = run?;
        let digest = watched("Checking", |control| run.digest(self.threads, control))?;
        if let Some(path) = &self.log {
            write_whole(path, self.force, |out| export::log(&run, out))?;
        }
        if let Some(name) = &self.save {
            save(&self.file, name, &run, &digest)?;
        }
        self.tell(out, &run, digest, took)?;
        Ok(FINE)
    }

    /// The project with other people in it, where they are asked for.
    fn with_people(&self, project: Arc<Project>, from: Option<Instant>) -> Result<Arc<Project>, CliError> {
        if self.contacts.is_none() && self.events.is_none() {
            return Ok(project);
        }
        let mut project = Arc::unwrap_or_clone(project);
        let first = project.people.span().map(|(first, _)| first);
        let from = from.or(first).unwrap_or(NEW_YEAR);
        project.people = Arc::new(People::default());
        match self.contacts.as_deref().map(|contacts| (contacts, contacts.parse::<u32>())) {
            Some((_, Ok(count))) => {
                let settings = suggest(&project, None, count, from, self.seed)?;
                project.people = Arc::new(generate(&project, &settings)?);
            }
            Some((path, Err(_))) => take_in(&mut project, Rows::Contacts, Path::new(path))?,
            None => {}
        }
        if let Some(path) = &self.events {
            take_in(&mut project, Rows::Events, path)?;
        }
        Ok(Arc::new(project))
    }

    fn tell(&self, out: &mut dyn Write, run: &Run, digest: String, took: Duration) -> Result<(), CliError> {
        let people = &run.project.people;
        let (counts, zone) = (run.counts(), runs::zone(&run.project));
        let name = self.save.as_deref().unwrap_or("this run");
        let seconds = took.as_secs_f64();
        match self.format.format {
            Format::Text => {
                let [contacts, events] = [people.len(), people.event_count()].map(words::thousands);
                let [messages, faults, open] = [counts.messages(), counts.faults(), counts.open_ends()]
                    .map(|count| words::thousands(usize::try_from(count).unwrap_or(usize::MAX)));
                let (from, until) = (zone.format_rfc3339(run.from), zone.format_rfc3339(run.until));
                writeln!(out, "{contacts} contacts, {events} events from {from} to {until}")?;
                writeln!(out, "{messages} messages, {faults} lost, {open} at open ends")?;
                // Below a millisecond the clock says nothing.
                let speed = people.event_count() as f64 / seconds.max(0.001);
                writeln!(out, "{seconds:.2} s, {} events/s", words::thousands(speed as usize))?;
                for map in run.project.maps.values() {
                    writeln!(out)?;
                    report::flow(out, run, map, name, run.end(), Format::Text)?;
                }
                Ok(())
            }
            Format::Json => output::json(
                out,
                &Summary {
                    contacts: people.len(),
                    events: people.event_count(),
                    messages: counts.messages(),
                    faults: counts.faults(),
                    open_ends: counts.open_ends(),
                    from: zone.format_rfc3339(run.from),
                    until: zone.format_rfc3339(run.until),
                    seed: run.seed,
                    digest,
                    seconds: (seconds * 1e3).round() / 1e3,
                },
            ),
            Format::Csv => {
                let map = runs::map(&run.project, None).map_err(|_| {
                    CliError::Use(
                        "--format csv prints one map, and the project has not exactly one; save the run with --save \
                         NAME and print a map of it with `gateline report flow --map NAME`"
                            .into(),
                    )
                })?;
                report::flow(out, run, map, name, run.end(), Format::Csv)
            }
        }
    }
}

/// Where invented people begin to come in when nothing else says: Monday, 5 January 2026, in UTC.
const NEW_YEAR: Instant = Instant(1_767_571_200_000);

/// Puts the rows of a file into the project; refused ones are told.
fn take_in(project: &mut Project, rows: Rows, path: &Path) -> Result<(), CliError> {
    let label = format!("Reading {}", path.display());
    let imported =
        watched(&label, |control| import::import(project, rows, path, &Options::default(), control))?;
    if let Some(first) = imported.refused.first() {
        eprintln!("gateline: {}: {}", path.display(), import::summary(&imported));
        eprintln!("gateline: line {}: {}; `gateline import` lists them all", first.line, first.reason);
    }
    let group = plan(project, import::command(rows, imported))?;
    project.apply_group(group).map_err(|error| CliError::Use(error.to_string()))?;
    Ok(())
}

/// Adds a run to the project's file.
fn save(file: &Path, name: &str, run: &Run, digest: &str) -> Result<(), CliError> {
    let mut session = Session::open(file)?;
    let id: RunId = session.project().fresh().id();
    let saved = SavedRun {
        id,
        name: name.to_owned(),
        seed: run.seed,
        from: Some(run.from),
        until: Some(run.until),
        engine: runs::ENGINE.to_owned(),
        digest: digest.to_owned(),
    };
    session.command(Command::PutRun(saved))?;
    session.save()?;
    Ok(())
}

/// How long something took.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    #[expect(clippy::disallowed_types, reason = "how long the machine worked, not simulated time")]
    let start = std::time::Instant::now();
    let result = work();
    (result, start.elapsed())
}
