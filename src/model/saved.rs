//! What is kept beside the maps: tests and runs.

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::people::Contact;
use crate::base::id::{ElementId, EmailId, MapId, RunId, TestId};
use crate::base::time::Instant;

/// A test saved with the project: what happens to one contact, and what must come out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedTest {
    /// Identity.
    pub id: TestId,
    /// What it shows, in words.
    pub name: String,
    /// The record the contact starts with.
    #[serde(default)]
    pub contact: Contact,
    /// What happens to it.
    #[serde(default)]
    pub events: Vec<Event>,
    /// Up to when it is watched, inclusive.
    pub until: Instant,
    /// What must come out.
    #[serde(default)]
    pub expect: Vec<Expectation>,
}

/// One thing that must come out of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Expectation {
    /// Exactly these e-mails were sent, in this order.
    Messages(Vec<EmailId>),
    /// Exactly so many e-mails were sent.
    MessageCount(u32),
    /// The contact rests at these elements of the map, no others; in any order, one entry for each position.
    RestsAt {
        /// The map.
        map: MapId,
        /// One entry for each position; empty: it is not on the map.
        elements: Vec<ElementId>,
    },
    /// The goal was achieved at just these instants; empty: never.
    Achieved {
        /// The goal.
        goal: ElementId,
        /// When.
        at: Vec<Instant>,
    },
}

/// A run saved with the project: enough to compute it again, and a digest of its log to tell whether it is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedRun {
    /// Identity.
    pub id: RunId,
    /// Label, unique in the project.
    pub name: String,
    /// The seed of all chance in it.
    pub seed: u64,
    /// When the maps are published (M-02); `None`: at the first event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Instant>,
    /// Its last instant; `None`: as long as anything is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// Version of the program that made it.
    pub engine: String,
    /// BLAKE3 digest of its log, in hexadecimal.
    pub digest: String,
}
