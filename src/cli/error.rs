//! What can go wrong with a command. Each message says what, where and what to do.

use std::io;

use crate::engine::PlanError;
use crate::session::command::Refusal;
use crate::session::generate::GenerateError;
use crate::session::import::ImportError;
use crate::session::open::SaveError;
use crate::session::run::RunError;
use crate::store::StoreError;

/// Wrong use or bad input: exit status 2.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A file.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A project that could not be saved.
    #[error(transparent)]
    Save(#[from] SaveError),
    /// A CSV file.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A run.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Maps that cannot be run.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Contacts that cannot be invented.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// A change that the project does not take.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// A date on the command line.
    #[error(transparent)]
    Time(#[from] crate::base::time::TimeError),
    /// Standard output.
    #[error("writing the result failed: {0}")]
    Output(#[from] io::Error),
    /// Anything else that is asked for and cannot be done.
    #[error("{0}")]
    Use(String),
}

impl From<serde_json::Error> for CliError {
    fn from(error: serde_json::Error) -> Self {
        Self::Output(error.into())
    }
}
