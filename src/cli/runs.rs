//! What several commands need: projects, maps, instants, saved runs.

use std::path::Path;
use std::sync::Arc;

use super::CliError;
use super::progress::watched;
use crate::base::time::{Instant, Zone, parse_instant};
use crate::model::{ContactIx, Map, Project, SavedRun};
use crate::session::run::{Run, RunSettings};
use crate::store;

/// The version of this engine, which saved runs carry.
pub(super) const ENGINE: &str = env!("CARGO_PKG_VERSION");

pub(super) fn load(path: &Path) -> Result<Arc<Project>, CliError> {
    Ok(Arc::new(store::load(path)?.project))
}

pub(super) fn zone(project: &Project) -> Zone {
    Zone::new(project.settings.account_zone)
}

/// A date of the command line, in the account's zone.
pub(super) fn instant(project: &Project, text: Option<&str>) -> Result<Option<Instant>, CliError> {
    Ok(text.map(|text| parse_instant(text, &zone(project), None)).transpose()?)
}

/// The map that is asked for by name or id; without, the only one.
pub(super) fn map<'p>(project: &'p Project, name: Option<&str>) -> Result<&'p Map, CliError> {
    let names: Vec<_> = project.maps.values().map(|map| map.name.as_str()).collect();
    let missing = |what: String| CliError::Use(format!("{what}; the maps are: {}", names.join(", ")));
    let mut maps = project.maps.values().map(Arc::as_ref);
    match name {
        Some(name) => maps
            .find(|map| map.name.to_lowercase() == name.to_lowercase() || map.id.to_string() == name)
            .ok_or_else(|| missing(format!("there is no map “{name}”"))),
        None => match (maps.next(), maps.next()) {
            (Some(only), None) => Ok(only),
            (None, _) => Err(CliError::Use("the project has no map; add one in the window first".into())),
            _ => Err(missing("the project has several maps; choose one with --map NAME".into())),
        },
    }
}

/// The contact with this key.
pub(super) fn contact(project: &Project, key: &str, file: &Path) -> Result<ContactIx, CliError> {
    project.people.find(key).ok_or_else(|| {
        let file = file.display();
        CliError::Use(format!(
            "there is no contact “{key}”; `gateline export \"{file}\" contacts.csv` lists them"
        ))
    })
}

/// The saved run that is asked for by name; without, the newest.
pub(super) fn saved<'p>(
    project: &'p Project,
    name: Option<&str>,
    file: &Path,
) -> Result<&'p SavedRun, CliError> {
    let file = file.display();
    let Some(newest) = project.newest_run() else {
        return Err(CliError::Use(format!(
            "the project has no saved run; make one with `gateline simulate \"{file}\" --save \"run 1\"`"
        )));
    };
    let Some(name) = name else { return Ok(newest) };
    let found = project.runs.values().find(|run| run.name.to_lowercase() == name.to_lowercase());
    found.ok_or_else(|| {
        let names: Vec<_> = project.runs.values().map(|run| run.name.as_str()).collect();
        CliError::Use(format!("there is no run “{name}”; the runs are: {}", names.join(", ")))
    })
}

/// A saved run, computed again; a warning where it does not come out as it did.
pub(super) fn again(project: Arc<Project>, saved: &SavedRun) -> Result<Run, CliError> {
    let settings = RunSettings::from(saved);
    let run = watched("Running", |control| Run::compute(project, settings, 0, control))?;
    let digest = watched("Comparing", |control| run.digest(0, control))?;
    if digest != saved.digest {
        eprintln!(
            "gateline: the run “{}” comes out otherwise than it was saved: the project has changed since, or the \
             engine has (saved by {}, this is {ENGINE}); save a new one to compare with",
            saved.name, saved.engine
        );
    }
    Ok(run)
}
