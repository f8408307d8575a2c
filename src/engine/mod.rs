//! The simulator: a pure, deterministic function of maps, contacts, events, seed and rules to log entries. No clock, no
//! IO, no threads.
//!
//! Reading order: [`plan`] (maps compiled to dense tables, with an edition for each stretch of time between
//! publications), [`record`] with [`sales`] (what is known of a contact), [`conditions`] (questions about it), [`timeline`]
//! (one contact's life: the only place that changes anything), [`kinds`] (what each element kind decides), [`log`] (what
//! the timeline says), [`packed`] (a sink that keeps it in little room), [`counts`] (a sink that adds it up in time bins),
//! [`explain`] (a sink that watches one goal and says why not), [`coupled`] (elements at which contacts depend on one
//! another), [`check`] (independent checkers of any log).

pub mod check;
pub mod conditions;
pub mod counts;
pub mod coupled;
pub mod explain;
pub mod kinds;
pub mod limits;
pub mod log;
pub mod packed;
pub mod plan;
pub mod record;
pub mod sales;
pub mod timeline;

#[cfg(test)]
mod tests;

pub use counts::{Counts, Totals};
pub use log::{Entry, EntryOf, LogEntry, Said, Sink, What};
pub use packed::PackedLog;
pub use plan::{Plan, PlanError};
pub use timeline::{Simulation, Timeline};
