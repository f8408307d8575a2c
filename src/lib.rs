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
//! - [`reports`]: folds over what the engine says: contact flow, states in sequences, lifetime value,
//!   trace, why not, credit for orders.
//! - [`store`]: files: the SQLite project, the same as RON text, CSV in and out. The only place that names rusqlite.
//! - [`session`]: the application without a window: commands, undo, files in use, runs on worker threads, playback,
//!   tests, what publishing would do.
//! - [`app`]: the window (feature `gui`). The only place that names egui, eframe and rfd.
//! - [`cli`]: the command. Drives [`session`] as the window does.
//!
//! Reading order: [`model`] and [`engine`] say theirs at their heads. Whoever wants to see the whole at work reads one
//! golden test of `tests/it/golden/goals.rs` and follows it down: [`engine::timeline`] is the heart.
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
//! **The exception are coupled elements**: a balanced split and a lead router in turn give each arrival what the ones
//! before it left over, whoever they are. [`engine::coupled`] settles these draws first, in the order of time over all
//! contacts; with them in hand every contact is computed alone again.
//!
//! **A map changes while contacts are on it.** A project holds the draft of a map and its published versions
//! ([`model::Publication`]); a run follows the versions, or the draft where there is none. What stays the same for a whole
//! run (which elements there are, under which dense numbers) is the [`engine::Plan`]; what the versions in force between
//! two publications say is an [`engine::plan::Edition`]. At a publication the timeline moves, keeps or removes the
//! contact's positions (`engine/timeline/publish.rs`). [`session::impact`] asks for that before it is done, and
//! `session/plan/publish.rs` refuses a map with errors.
//!
//! **A sequence is a name for steps that follow one another** ([`model::Sequence`]), no element. The timeline keeps for
//! each position which run through a sequence it is in and since when by the timetable (`engine/timeline/sequences.rs`);
//! [`reports::states`] counts who is active, queued and done.
//!
//! **Every step has a cause, every refusal a reason.** Log entries name the entry that led to them; [`reports::trace`]
//! puts them in words. Why a goal was *not* achieved is asked of the same timeline with a sink that watches
//! ([`engine::explain`]; in words [`reports::why`]): what a sink does not ask for is never worked out.
//!
//! **Orders are credited to campaigns** by a fold over one contact's log ([`reports::attribution`]): the engine knows
//! nothing of it. What it reads beside sales (touches, visits, statuses of order lines) are events that no map listens
//! for.
//!
//! **The canvas is our own**, painted with egui's painter under our own transform ([`app::canvas`]). CPU time of a frame
//! at 5,000 elements, at 100 % / fitted, measured with prototypes before we chose: own painter with culling and level of
//! detail 1.1 / 0.7 ms; `egui::Scene` with widgets 0.8 / 177; egui_graph 0.19 (egui 0.36) 35 / 336; egui_node_graph2 0.7
//! (egui 0.29; the original egui_node_graph is not published any more) 95 / 121; egui-snarl 0.12 (egui 0.36) 301 / 416.
//! Only the own one flows from top to bottom with labels, is crisp above 100 % and gives each card an accessible name.
//!
//! # What holds it together
//!
//! - `tests/it/golden/`: one test for each rule, named after it: a map, what happens to a contact, what must come out.
//! - `tests/reference/`: the rules once more, slow and obvious, which shares with the engine only the words of the log;
//!   `tests/it/against_reference.rs` sends thousands of random projects through both and shrinks what differs.
//! - [`engine::check`]: checkers that know a log and the maps and nothing else; all tests above ask them.
//!   `engine/tests/` holds counts, packed logs and playback against full logs of random projects.
//! - `tests/it/format.rs` pins the form of files, `tests/it/random_edits.rs` and `history.rs` every edit and its inverse,
//!   `tests/it/docs.rs` the pages of `docs/`, `tests/it/architecture.rs` the layers.
//! - `app/tests/` and `app/inspector/tests/` (feature `gui-tests`) use the window by its labels, without a display.
//!
//! Expected texts are written anew with `UPDATE_EXPECT=1`; the difference is then read, not believed.
//!
//! # Adding something
//!
//! Each vocabulary is one table; the window, the help, the CSV files and the guide read it. Start with the table: most of
//! the rest is a `match` without `_`, so the compiler leads on. What it does not ask for, a test does.
//!
//! | new | its table | what the compiler asks for | what tests ask for |
//! |---|---|---|---|
//! | element kind | [`model::kinds`], variant of [`model::ElementKind`] | [`engine::kinds`], `engine/timeline/run_down.rs`, `model/words`, `model/refs`, `model/lint/settings.rs`, `session/plan/settings.rs`, `app/inspector`, `app/icons.rs` | a golden test (`every_kind_has_its_golden_test`) |
//! | action | [`model::kinds`], variant of [`model::Action`] | `engine/timeline/actions.rs`, `model/words/actions.rs`, what it raises in `model/lint/chances.rs`, `app/inspector/action`, `app/icons.rs` | a row in `golden/actions.rs`, a group of the palette in `app/left.rs` |
//! | event | [`model::event`], variant of [`model::Happening`] | `store/csv/events.rs` and `write.rs`, `model/words/events.rs`, `model/refs`, `app/happen/fill.rs` | its effect in [`engine::record`], a place in the list of `app/happen`, a meaning for each new column in `cli/import.rs`, what follows from it (`tests/it/docs.rs`) |
//! | event to listen for | [`model::filter`], variant of [`model::EventFilter`] | `hears`, words, refs, `app/inspector/event`, `app/icons.rs` | its arms in `EventFilter::matches` and `session/generate.rs` |
//! | condition | [`model::condition`], variant of [`model::Condition`] | [`engine::conditions`] (whether it holds and what it saw), words, refs, `app/inspector/condition` | the number of kinds |
//! | switch of a map | field of [`model::EngineRules`], with its values | the presets, `app/inspector/map.rs` | a row in the guide (`tests/it/docs.rs`), a golden test with both values by hand |
//! | check of maps | [`model::lint`] | a row of `CHECKS` for its code | two tests in `tests/it/lint/` by hand: where it speaks, and where it does not |
//!
//! All but checks also go into the pinned project of `tests/it/format.rs`, which says what is missing, and into the
//! reference model with its random projects: `the_cases_show_everything` names elements and events that they never show,
//! `the_engine_does_what_the_rules_say` shows where engine and rules differ.

#[cfg(feature = "gui")]
pub mod app;
pub mod base;
pub mod cli;
pub mod engine;
pub mod model;
pub mod reports;
pub mod session;
pub mod store;
