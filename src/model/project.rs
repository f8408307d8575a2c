//! A project: all that one file holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveTime;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::attribution::{Attribution, OrderGoal, ValueBase};
use super::catalogue::Catalogue;
use super::element::Element;
use super::map::{Map, Sequence};
use super::people::People;
use super::saved::{SavedRun, SavedTest};
use crate::base::id::{ElementId, Id, MapId, RunId, SequenceId, TestId};
use crate::base::time::{Feb29, Instant, Span, Unit};

/// Settings of the whole project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The account's time zone (W-02).
    pub account_zone: Tz,
    /// Code of the account's currency.
    pub currency: String,
    /// The time of day at which date events happen and waits for a day end (G-13, W-05).
    pub date_event_time: NaiveTime,
    /// When someone born on 29 February is greeted in a common year (G-13).
    pub birthday_29_feb: Feb29,
    /// After how long a checkout that is not finished counts as abandoned (semantics §3).
    pub abandon_after: Span,
    /// E-mail sync is set up, so that e-mail from contacts is seen.
    pub email_sync: bool,
    /// The tracking code is on the pages elsewhere, so that visits to them are seen.
    pub tracking_code: bool,
    /// Which spending counts for lifetime value.
    pub value_base: ValueBase,
    /// How orders are credited to campaigns (semantics §9).
    pub attribution: Attribution,
    /// Order goals beside *Orders* (T-02).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order_goals: Vec<OrderGoal>,
}

impl Settings {
    /// All order goals, *Orders* first.
    pub fn all_order_goals(&self) -> impl Iterator<Item = OrderGoal> + '_ {
        std::iter::once(OrderGoal::orders()).chain(self.order_goals.iter().cloned())
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            account_zone: Tz::UTC,
            currency: "USD".into(),
            date_event_time: NaiveTime::MIN,
            birthday_29_feb: Feb29::default(),
            abandon_after: Span::new(1, Unit::Days),
            email_sync: false,
            tracking_code: false,
            value_base: ValueBase::default(),
            attribution: Attribution::default(),
            order_goals: vec![],
        }
    }
}

/// A published version of a map (L-01). Contacts follow it, whatever the draft says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// From when it holds; `None`: from the start of each run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// Whether contacts who already match a goal or trigger that it brings are placed there (G-06).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub place_matching: bool,
    /// The map as it was published.
    pub map: Arc<Map>,
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
    /// Published versions of maps, each list by time; a map without any runs as it is drawn.
    pub published: BTreeMap<MapId, Vec<Publication>>,
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
            published: BTreeMap::new(),
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

    /// The versions of a map that a run follows, by time: those that are published, else the draft (L-01).
    pub fn versions(&self, id: MapId) -> Vec<Publication> {
        match self.published.get(&id) {
            Some(versions) if !versions.is_empty() => versions.clone(),
            _ => {
                let draft = self.maps.get(&id).cloned();
                draft.map(|map| Publication { at: None, place_matching: false, map }).into_iter().collect()
            }
        }
    }

    /// The version of a map that was published last.
    pub fn last_version(&self, id: MapId) -> Option<&Publication> {
        self.published.get(&id)?.last()
    }

    /// Whether the draft of a map says something else than its last version ([`Map::means_the_same`]). A map without
    /// versions runs as it is drawn, so its draft does not differ.
    pub fn draft_differs(&self, id: MapId) -> bool {
        match (self.maps.get(&id), self.last_version(id)) {
            (Some(draft), Some(last)) => !Arc::ptr_eq(draft, &last.map) && !draft.means_the_same(&last.map),
            _ => false,
        }
    }

    /// The run that was saved last.
    pub fn newest_run(&self) -> Option<&SavedRun> {
        self.runs.values().next_back()
    }

    /// The element with this id: as it is drawn, else as the last version that had it was published.
    pub fn find_element(&self, id: ElementId) -> Option<&Element> {
        let published = self.published.values().flat_map(|versions| versions.iter().rev()).map(|v| &v.map);
        self.maps.values().chain(published).find_map(|map| map.element(id))
    }

    /// Maps as a run follows them, so that words about a run fit it (L-01): first the version of each that holds at an
    /// instant, then the other versions, the later ones first, then the drafts.
    fn as_run(&self, at: Instant) -> impl Iterator<Item = &Map> {
        let holding = self.maps.iter().map(move |(id, draft)| {
            let versions = self.published.get(id).map_or(&[][..], Vec::as_slice);
            let holds = |version: &&Publication| version.at.is_none_or(|from| from <= at);
            // before the first one it says what the map will be
            versions.iter().rfind(holds).or(versions.first()).map_or(draft, |version| &version.map)
        });
        let others = self.published.values().flat_map(|versions| versions.iter().rev()).map(|v| &v.map);
        holding.chain(others).chain(self.maps.values()).map(Arc::as_ref)
    }

    /// The element with this id as a run has it at an instant: in the version that holds then, else in the last that had
    /// it, else as it is drawn.
    pub fn element_as_run(&self, id: ElementId, at: Instant) -> Option<&Element> {
        self.as_run(at).find_map(|map| map.element(id))
    }

    /// The sequence with this id as a run has it at an instant, as [`Project::element_as_run`].
    pub fn sequence_as_run(&self, id: SequenceId, at: Instant) -> Option<&Sequence> {
        self.as_run(at).find_map(|map| map.sequences.get(&id))
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
