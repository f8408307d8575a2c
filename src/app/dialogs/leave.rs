//! The question before work would be lost.

use std::path::PathBuf;

use egui::Context;

use super::{Pressed, WIDTH, foot, modal};
use crate::app::parts;
use crate::session::open::{SaveState, Session};

/// What the user was about to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// Close the window.
    Quit,
    /// Go to the start page.
    Close,
    /// Start an empty project.
    New,
    /// Open a project; `None`: which one is asked next.
    Open(Option<PathBuf>),
    /// Open a sample.
    Sample(&'static str),
}

/// What the user answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Save first.
    Save,
    /// Go on, the work may go.
    Discard,
    /// Stay.
    Stay,
}

/// Shows the question; `None`: not answered yet.
pub fn show(ctx: &Context, session: &Session) -> Option<Answer> {
    let name = &session.project().name;
    let (answer, close) = modal(ctx, &format!("Save “{name}” first?"), WIDTH, |ui| {
        let words = match session.save_state() {
            SaveState::NoFile => "The project is in no file yet. Without saving, it is gone".to_owned(),
            SaveState::Failed(why) => format!("The latest changes could not be written: {why}"),
            _ => "The file does not have your latest changes. Without saving, they are gone".to_owned(),
        };
        parts::quiet(ui, words);
        match foot(ui, "Save", true, &["Do not save", "Cancel"])? {
            Pressed::Main => Some(Answer::Save),
            Pressed::Other(0) => Some(Answer::Discard),
            Pressed::Other(_) => Some(Answer::Stay),
        }
    });
    answer.or(close.then_some(Answer::Stay))
}
