//! The command: everything that works without a display. It drives [`session`](crate::session) as the window does.
//!
//! Results go to standard output, messages and progress to standard error. [`run`] returns the exit status: 0 fine, 1
//! findings; an error is wrong use or bad input, which is status 2.

mod check;
mod error;
mod export;
mod import;
mod new;
mod output;
mod progress;
mod report;
mod runs;
mod simulate;
mod test;
mod trace;
mod why;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

pub use self::error::CliError;
pub use self::import::{CONTACT_COLUMNS, EVENT_COLUMNS};

/// Nothing to complain about.
const FINE: u8 = 0;
/// Failed tests, errors on a map, refused rows.
const FINDINGS: u8 = 1;

/// Design marketing automations as maps, run simulated contacts through them, see counts and reasons on every element.
#[derive(Debug, Parser)]
#[command(
    name = "gateline",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Without a command the window opens, with FILE in it.\n\n\
        Examples:\n  gateline new first.ron --template nurture\n  gateline report flow first.ron --at 2026-02-01\n  \
        gateline simulate first.ron --contacts 1000 --until 2026-03-01\n\n\
        Exit status: 0 fine, 1 findings (failed tests, errors on a map, refused rows), 2 wrong use or bad input"
)]
pub struct Cli {
    /// The project to open in the window (.gateline or .ron)
    pub file: Option<PathBuf>,
    /// What to do instead of opening the window
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Cli {
    /// The arguments of the program; of wrong use it says what is wrong and ends the program.
    pub fn read() -> Self {
        Self::try_parse().unwrap_or_else(|error| misspelt(error).exit())
    }
}

/// A command that there is not is taken for a file, and what follows it for the command: what is meant is said instead.
fn misspelt(error: clap::Error) -> clap::Error {
    let mut program = Cli::command();
    let names: Vec<_> = program.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    match std::env::args().nth(1) {
        Some(first) if error.kind() == ErrorKind::ArgumentConflict && !names.contains(&first) => {
            let known = crate::model::words::listed(&names, "and");
            let what = format!("there is no command '{first}'; there are {known}");
            program.error(ErrorKind::InvalidSubcommand, what)
        }
        _ => error,
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a new project, empty or from a sample
    New(new::New),
    /// Say what is wrong with the maps of a project, or will surprise whoever drew them
    Check(check::Check),
    /// Run contacts through the maps and say what came of it
    Simulate(simulate::Simulate),
    /// Print a report of a saved run: who is where on a map, or in its sequences
    Report(report::Report),
    /// Print all that happened to a contact, each step with its cause
    Trace(trace::Trace),
    /// Say why a contact did not achieve a goal, or when it did
    Why(why::WhyNot),
    /// Run the tests that are saved with a project
    Test(test::Test),
    /// Read contacts, events or orders from CSV into a project
    Import(import::Import),
    /// Write a project, or a part of it, in another form
    Export(export::Export),
    /// Print the completions for a shell
    #[command(
        after_help = "Example:\n  gateline completions bash > ~/.local/share/bash-completion/completions/gateline"
    )]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the man page
    #[command(after_help = "Example:\n  gateline man > ~/.local/share/man/man1/gateline.1")]
    Man,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For spreadsheets
    Csv,
}

/// The option for it.
#[derive(Debug, Args)]
struct FormatOption {
    /// How to write the result
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    format: Format,
}

/// Does what is asked and returns the exit status.
pub fn run(command: Command) -> Result<u8, CliError> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let status = carry_out(command, &mut out).and_then(|status| Ok(out.flush().map(|()| status)?));
    match status {
        // Whoever reads has read enough, as `head` does.
        Err(CliError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(FINE),
        status => status,
    }
}

fn carry_out(command: Command, out: &mut dyn Write) -> Result<u8, CliError> {
    match command {
        Command::New(new) => new.run(out),
        Command::Check(check) => check.run(out),
        Command::Simulate(simulate) => simulate.run(out),
        Command::Report(report) => report.run(out),
        Command::Trace(trace) => trace.run(out),
        Command::Why(why) => why.run(out),
        Command::Test(test) => test.run(out),
        Command::Import(import) => import.run(out),
        Command::Export(export) => export.run(out),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "gateline", out);
            Ok(FINE)
        }
        Command::Man => {
            clap_mangen::Man::new(Cli::command()).render(out)?;
            Ok(FINE)
        }
    }
}
