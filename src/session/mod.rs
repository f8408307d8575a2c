//! The application without a window: what the window and the command drive alike.
//!
//! [`open::Session`] is a project in use: [`command`]s change it, [`history`] takes them back, the file follows. Beside
//! it: [`run`] (contacts through maps, on threads), [`job`] (any work in the background), [`playback`] (the playhead),
//! [`impact`] (what publishing would do), [`test`] (tests saved with the project), [`import`] (contacts and events from
//! CSV), [`generate`] (invented contacts), [`samples`] (projects to begin with), [`layout`] (where cards stand). What a
//! command means is planned in the private module `plan`, one file for each kind of thing that changes.

pub mod command;
pub mod generate;
pub mod history;
pub mod impact;
pub mod import;
pub mod job;
pub mod layout;
pub mod open;
mod plan;
pub mod playback;
pub mod run;
pub mod samples;
pub mod test;
