//! `gateline new`

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::{CliError, FINE};
use crate::model::Preset;
use crate::session::open::Session;
use crate::session::samples::{self, Sample};

/// A new project.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gateline new shop.gateline\n  gateline new first.ron --template nurture\n  gateline new shop.ron --rules keap"
)]
pub struct New {
    /// The file to make (.gateline, or .ron for readable text)
    file: PathBuf,
    /// Begin with a sample instead of an empty map
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(samples::ALL.iter().map(|s| s.name)))]
    template: Option<String>,
    /// Whose rules its map begins with [default: ontraport]
    #[arg(long, value_name = "SYSTEM", value_parser = PossibleValuesParser::new(Preset::ALL.map(|(preset, _)| preset.tag())), conflicts_with = "template")]
    rules: Option<String>,
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

impl New {
    pub(super) fn run(self, out: &mut dyn Write) -> Result<u8, CliError> {
        let mut session = match self.template.as_deref().and_then(Sample::named) {
            Some(sample) => Session::with(sample.project()?),
            None => {
                let name = self.file.file_stem().map(|name| name.to_string_lossy().into_owned());
                let preset = self.rules.as_deref().and_then(Preset::from_tag).unwrap_or(Preset::Ontraport);
                Session::new(&name.unwrap_or_else(|| "Project".into()), preset)
            }
        };
        session.save_as(&self.file, self.force).map_err(CliError::from)?;
        writeln!(out, "made {}: {}", self.file.display(), session.project().name)?;
        Ok(FINE)
    }
}
