//! The program: without a command it opens the window, with one it is the command line.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Error;
use gateline::cli::{Cli, run};

#[cfg(feature = "gui")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Wrong use or bad input; the same as clap's own.
const WRONG_USE: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::read();
    let status = match cli.command {
        Some(command) => run(command).map_err(Error::from),
        None => window(cli.file),
    };
    match status {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            // Every error already says what its cause is, so the chain would say it twice.
            eprintln!("gateline: {error}");
            ExitCode::from(WRONG_USE)
        }
    }
}

/// Opens the window.
#[cfg(feature = "gui")]
fn window(file: Option<PathBuf>) -> Result<u8, Error> {
    gateline::app::run(file)?;
    Ok(0)
}

/// There is none in this build.
#[cfg(not(feature = "gui"))]
fn window(_file: Option<PathBuf>) -> Result<u8, Error> {
    Err(anyhow::anyhow!("this build has no window; see `gateline --help` for the commands"))
}
