//! A project: all that one file holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::catalogue::Catalogue;
use super::map::Map;
use super::people::People;
use super::saved::{SavedRun, SavedTest};
use crate::base::id::{ElementId, Id, MapId, RunId, TestId};

/// Settings of the whole project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The account's time zone (W-02).
    pub account_zone: Tz,
    /// Code of the account's currency.
    pub currency: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { account_zone: Tz::UTC, currency: "USD".into() }
    }
}

/// All that one file holds. The large parts are shared, so that a run or a writer keeps a snapshot for the price of a
/// pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Identity of the file, for what is remembered about it elsewhere; 32 hexadecimal digits.
    pub key: String,
    /// Label.
    pub name: String,
    /// Settings.
    pub settings: Settings,
    /// The account.
    pub catalogue: Arc<Catalogue>,
    /// Contacts and their events.
    pub people: Arc<People>,
    /// Maps by id, which is their order everywhere (M-13).
    pub maps: BTreeMap<MapId, Arc<Map>>,
    /// Tests.
    pub tests: BTreeMap<TestId, SavedTest>,
    /// Runs.
    pub runs: BTreeMap<RunId, SavedRun>,
    /// The next number for an id of any kind. Only grows, also when an edit is undone, so no id is ever reused.
    pub next_number: u32,
}

impl Project {
    /// A project with nothing in it.
    pub fn new(key: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            name: name.into(),
            settings: Settings::default(),
            catalogue: Arc::default(),
            people: Arc::default(),
            maps: BTreeMap::new(),
            tests: BTreeMap::new(),
            runs: BTreeMap::new(),
            next_number: 1,
        }
    }

    /// Ids that nothing has had before.
    pub fn fresh(&self) -> Fresh {
        Fresh { next: self.next_number }
    }

    /// The map with this id.
    pub fn map(&self, id: MapId) -> Option<&Map> {
        self.maps.get(&id).map(Arc::as_ref)
    }

    /// The run that was saved last.
    pub fn newest_run(&self) -> Option<&SavedRun> {
        self.runs.values().next_back()
    }

    /// The map that has this element.
    pub fn map_of(&self, element: ElementId) -> Option<&Map> {
        self.maps.values().map(Arc::as_ref).find(|map| map.elements.contains_key(&element))
    }
}

/// Hands out ids that the project has not used yet; they count as used once an edit carries them.
#[derive(Debug, Clone)]
pub struct Fresh {
    next: u32,
}

impl Fresh {
    /// The next id of any kind.
    pub fn id<T: Id>(&mut self) -> T {
        let id = T::new(self.next);
        self.next += 1;
        id
    }
}
