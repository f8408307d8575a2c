//! `gateline export`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CliError, FINE, Format, report, runs, trace};
use crate::session::run::Run;
use crate::store::csv::write;
use crate::store::file::write_whole;
use crate::store::{self, FileKind};

/// A project, or a part of it, in another form.
#[derive(Debug, Args)]
#[command(
    after_help = "The ending says the form: .gateline and .ron are the whole project, .csv is a part of it.\n\n\
    Examples:\n  gateline export shop.gateline shop.ron\n  \
    gateline export shop.gateline events.csv --what events"
)]
pub struct Export {
    /// The project
    file: PathBuf,
    /// Where to (.gateline, .ron or .csv)
    out: PathBuf,
    /// What is written where the name ends in .csv
    #[arg(long, value_enum, default_value_t = Part::Contacts)]
    what: Part,
    /// The saved run of a log or report; the newest if none is named
    #[arg(long, value_name = "NAME")]
    run: Option<String>,
    /// The map of a report, by its name or id; may be left out where there is only one
    #[arg(long, value_name = "NAME")]
    map: Option<String>,
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

/// What a CSV holds.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Part {
    /// Contacts with their fields and tags
    Contacts,
    /// What happens to them
    Events,
    /// All that a saved run did, step by step
    Log,
    /// Contact flow at the end of a saved run
    Report,
}

impl Export {
    pub(super) fn run(self, out: &mut dyn Write) -> Result<u8, CliError> {
        let project = runs::load(&self.file)?;
        let is_csv = self.out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        if !is_csv {
            if FileKind::of_ending(&self.out).is_err() {
                let path = self.out.display();
                return Err(CliError::Use(format!("the name must end in .gateline, .ron or .csv: {path}")));
            }
            store::save(&self.out, &project, self.force)?;
        } else {
            let run = || -> Result<_, CliError> {
                let saved = runs::saved(&project, self.run.as_deref(), &self.file)?;
                Ok((runs::again(project.clone(), saved)?, saved.name.clone()))
            };
            match self.what {
                Part::Contacts => {
                    write_whole(&self.out, self.force, |out| write::contacts(&project, out))?;
                }
                Part::Events => write_whole(&self.out, self.force, |out| write::events(&project, out))?,
                Part::Log => {
                    let (run, _) = run()?;
                    write_whole(&self.out, self.force, |out| log(&run, out))?;
                }
                Part::Report => {
                    let map = runs::map(&project, self.map.as_deref())?;
                    let (run, name) = run()?;
                    write_whole(&self.out, self.force, |out| {
                        let written = report::flow(out, &run, map, &name, run.end(), Format::Csv);
                        written.map_err(io::Error::other)
                    })?;
                }
            }
        }
        writeln!(out, "wrote {}", self.out.display())?;
        Ok(FINE)
    }
}

/// All steps of all contacts; only one contact's are held at a time.
pub(super) fn log(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let zone = runs::zone(&run.project);
    let headers: Vec<_> = ["contact"].into_iter().chain(trace::COLUMNS).collect();
    let rows = run.project.people.contacts().flat_map(|(ix, contact)| {
        let rows: Vec<_> = trace::rows(run, ix, &zone).collect();
        rows.into_iter().map(move |row| {
            let key = contact.key.to_string();
            [key].into_iter().chain(row.texts())
        })
    });
    write::table(out, &headers, rows)
}
