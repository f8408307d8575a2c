//! Gateline: design a marketing automation as a map, run simulated contacts through it, see counts and reasons on every
//! element, before anyone real gets a mail.
//!
//! # Code map
//!
//! One library, one binary. Each layer knows only those above it in this list; `tests/it/architecture.rs` holds it to
//! that, and building without the feature `gui` proves that nothing below [`app`] draws.
//!
//! - [`base`]: words without domain: ids, time and calendar, money, seeded randomness, problems.
//! - [`model`]: the document: plain data, reversible edits, queries, checks. No IO, no clock.
//! - [`engine`]: the simulator: a pure function of maps, contacts, events, seed and rules to log entries.
//! - [`reports`]: folds over what the engine says: contact flow, trace.
//! - [`store`]: files: the SQLite project, the same as RON text, CSV in and out. The only place that names rusqlite.
//! - [`session`]: the application without a window: commands, undo, files in use, runs on worker threads, playback, tests.
//! - [`app`]: the window (feature `gui`). The only place that names egui, eframe and rfd.
//! - [`cli`]: the command. Drives [`session`] as the window does.
//!
//! # Ideas to know before changing anything
//!
//! **One way to change a document.** The window and the command build a [`session::command::Command`] (what the user
//! meant); its plan is an [`model::EditGroup`] (one undo step) of [`model::Edit`]s, each of which says the new state of
//! one thing, so its inverse is the edit that puts the old state back. The open file writes just the rows that the edits
//! touch ([`store::writer`]). Panels get `&Project` and return commands.
//!
//! **Documents are their own file format.** Model types carry serde attributes with fixed lower-case tags instead of a
//! second set of mirror types: one definition less to keep in step. `tests/it/format.rs` pins the text form of a project
//! with one of everything, so that renaming a type cannot change files unnoticed.
//!
//! **Contacts do not influence one another**, so the engine computes one contact's timeline at a time, in any order and
//! on any thread ([`engine::timeline`]). No log is stored: a run keeps counters in time bins and, for each bin, which
//! contacts did something in it ([`engine::counts`]). Counts at any instant, stepping either way and a contact's history
//! recompute just the contacts concerned; same inputs, same bytes.
//!
//! **Chance is a hash** of seed, contact, element and arrival ([`base::random`]): editing one element reshuffles nobody.
//!
//! **The canvas is our own**, painted with egui's painter under our own transform ([`app::canvas`]). CPU time of a frame
//! at 5,000 elements, at 100 % / fitted, measured with prototypes before we chose: own painter with culling and level of
//! detail 1.1 / 0.7 ms; `egui::Scene` with widgets 0.8 / 177; egui_graph 0.19 (egui 0.36) 35 / 336; egui_node_graph2 0.7
//! (egui 0.29; the original egui_node_graph is not published any more) 95 / 121; egui-snarl 0.12 (egui 0.36) 301 / 416.
//! Only the own one flows from top to bottom with labels, is crisp above 100 % and gives each card an accessible name.
//!
//! **A new element kind** is the checklist at the head of [`model::kinds`].

#[cfg(feature = "gui")]
pub mod app;
pub mod base;
pub mod cli;
pub mod engine;
pub mod model;
pub mod reports;
pub mod session;
pub mod store;
