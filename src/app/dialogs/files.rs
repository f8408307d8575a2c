//! Choosing files: through the system's dialog in the background; where there is none, in a dialog of our own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use egui::{Context, Label, RichText, ScrollArea, TextEdit};

use super::{Pressed, WIDTH, foot, modal};
use crate::app::icons::Icon;
use crate::app::parts::{self, Row};
use crate::app::sim::waker;
use crate::app::theme::{self, space, window};
use crate::session::job::{Job, JobState};

/// What a file is chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To open a project.
    Open,
    /// To keep the project there.
    SaveAs,
    /// To read contacts.
    Contacts,
    /// To read events.
    Events,
    /// To write rows that were refused.
    Refused,
}

impl Purpose {
    fn title(self) -> &'static str {
        match self {
            Self::Open => "Open a project",
            Self::SaveAs => "Save the project as",
            Self::Contacts => "Import contacts",
            Self::Events => "Import events",
            Self::Refused => "Save refused rows",
        }
    }

    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Open | Self::SaveAs => &["gateline", "ron"],
            Self::Contacts | Self::Events | Self::Refused => &["csv", "tsv", "txt"],
        }
    }

    fn writes(self) -> bool {
        matches!(self, Self::SaveAs | Self::Refused)
    }

    fn button(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::SaveAs | Self::Refused => "Save",
            Self::Contacts | Self::Events => "Next",
        }
    }
}

/// A path that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// For what.
    pub purpose: Purpose,
    /// Where.
    pub path: PathBuf,
    /// The user agreed that a file there is replaced.
    pub replace: bool,
}

/// The system's dialog, while it is open.
#[derive(Default)]
pub struct SystemDialog {
    job: Option<(Purpose, PathBuf, Job<Option<Answer>>)>,
}

struct Answer {
    path: Option<PathBuf>,
    /// The answer came sooner than anybody can give it: there was no dialog.
    at_once: bool,
}

/// What came of the system's dialog.
pub enum Outcome {
    /// It is still open, or there is none.
    Nothing,
    /// A path.
    Chosen(Chosen),
    /// The system has no dialog: ask here, beginning with this path.
    AskHere(Purpose, PathBuf),
}

impl SystemDialog {
    /// Whether one is open.
    pub fn is_open(&self) -> bool {
        self.job.is_some()
    }

    /// Opens it in the background.
    pub fn open(&mut self, purpose: Purpose, suggestion: PathBuf, ctx: &Context) {
        let begin = suggestion.clone();
        let work = move |_: &_| Some(ask_system(purpose, &begin));
        self.job = Some((purpose, suggestion, Job::start(purpose.title(), waker(ctx), work)));
    }

    /// Looks after it.
    pub fn poll(&mut self) -> Outcome {
        let Some((purpose, suggestion, job)) = &self.job else { return Outcome::Nothing };
        let (purpose, suggestion) = (*purpose, suggestion.clone());
        match job.poll() {
            JobState::Running => Outcome::Nothing,
            JobState::Done(Some(Answer { path: Some(path), .. })) => {
                self.job = None;
                // The system has asked about replacing already.
                Outcome::Chosen(Chosen { purpose, path: with_ending(path, purpose), replace: true })
            }
            JobState::Done(Some(Answer { at_once: false, .. })) => {
                self.job = None;
                Outcome::Nothing
            }
            JobState::Done(_) | JobState::Died => {
                self.job = None;
                Outcome::AskHere(purpose, suggestion)
            }
        }
    }
}

/// Whether this system can have a dialog at all: on Linux it comes over the session's message bus.
pub fn has_system_dialogs() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    set("DBUS_SESSION_BUS_ADDRESS").is_some()
        || set("XDG_RUNTIME_DIR").is_some_and(|folder| Path::new(&folder).join("bus").exists())
}

fn ask_system(purpose: Purpose, suggestion: &Path) -> Answer {
    #[expect(
        clippy::disallowed_types,
        reason = "measures how long a person took; nothing is simulated by it"
    )]
    let started = std::time::Instant::now();
    let mut dialog = rfd::FileDialog::new().set_title(purpose.title());
    let kind = if purpose.endings().contains(&"csv") { "Tables" } else { "Projects" };
    dialog = dialog.add_filter(kind, purpose.endings());
    if let Some(folder) = suggestion.parent().filter(|folder| folder.is_dir()) {
        dialog = dialog.set_directory(folder);
    }
    if let Some(name) = suggestion.file_name().filter(|_| purpose.writes()) {
        dialog = dialog.set_file_name(name.to_string_lossy());
    }
    let path = if purpose.writes() { dialog.save_file() } else { dialog.pick_file() };
    Answer { path, at_once: started.elapsed() < Duration::from_millis(400) }
}

/// Gives a file that is to be written an ending, where it has none that fits.
fn with_ending(path: PathBuf, purpose: Purpose) -> PathBuf {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let fits = ending.is_some_and(|ending| purpose.endings().contains(&ending.as_str()));
    match purpose.endings().first() {
        Some(first) if purpose.writes() && !fits => {
            let mut name = path.into_os_string();
            name.push(".");
            name.push(first);
            name.into()
        }
        _ => path,
    }
}

/// How a dialog of our own stands.
pub enum Typed {
    /// It is open.
    Open,
    /// It was left.
    Left,
    /// A path.
    Chosen(Chosen),
}

/// A dialog of our own: a path to type, and what is in its folder to click.
#[derive(Debug)]
pub struct PathDialog {
    purpose: Purpose,
    text: String,
    folder: Option<Listing>,
    error: Option<String>,
    /// The path of a file that is there already, for which the user was asked.
    asked: Option<PathBuf>,
    shown: bool,
}

#[derive(Debug)]
struct Listing {
    folder: PathBuf,
    /// Names; folders first.
    entries: Vec<(String, bool)>,
}

impl PathDialog {
    /// Begins with a path.
    pub fn new(purpose: Purpose, suggestion: &Path) -> Self {
        let mut text = suggestion.display().to_string();
        if suggestion.is_dir() && !text.ends_with('/') {
            text.push('/');
        }
        Self { purpose, text, folder: None, error: None, asked: None, shown: false }
    }

    /// What it is for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Says that the path could not be used.
    pub fn fail(&mut self, why: String) {
        self.error = Some(why);
    }

    /// Shows it.
    pub fn show(&mut self, ctx: &Context) -> Typed {
        let title = self.purpose.title();
        let (chosen, close) = modal(ctx, title, WIDTH, |ui| {
            let label = ui.label("File");
            let field = TextEdit::singleline(&mut self.text)
                .desired_width(f32::INFINITY)
                .hint_text(RichText::new("Path of the file").color(theme::palette(ui).quiet));
            let response = ui.add(field).labelled_by(label.id);
            if !self.shown {
                response.request_focus();
                self.shown = true;
            }
            if response.changed() {
                (self.error, self.asked) = (None, None);
            }
            let endings: Vec<_> = self.purpose.endings().iter().map(|ending| format!("*.{ending}")).collect();
            parts::caption(ui, format!("{}; ~ is your home folder", endings.join(", ")));
            self.list(ui);
            let asked = self.asked.is_some();
            if let Some(error) = &self.error {
                let words = format!("{} {error}", Icon::Error.glyph());
                ui.add(Label::new(RichText::new(words).color(theme::palette(ui).bad)).wrap());
            } else if asked {
                let words = format!("{} A file of that name is there already", Icon::Warning.glyph());
                ui.label(RichText::new(words).color(theme::palette(ui).warning));
            }
            let main = if asked { "Replace it" } else { self.purpose.button() };
            let enter = response.lost_focus() && super::entered(ui);
            match foot(ui, main, !self.text.trim().is_empty(), &["Cancel"]) {
                Some(Pressed::Main) => Some(self.take()),
                Some(Pressed::Other(_)) => Some(Typed::Left),
                None if enter => {
                    response.request_focus();
                    Some(self.take())
                }
                None => None,
            }
        });
        match chosen {
            Some(answer) => answer,
            None if close => Typed::Left,
            None => Typed::Open,
        }
    }

    /// The path, if it can be taken as it stands.
    fn take(&mut self) -> Typed {
        let path = with_ending(expand(self.text.trim()), self.purpose);
        if path.is_dir() {
            self.error = Some("That is a folder: choose a file in it, or type a name".into());
            return Typed::Open;
        }
        let there = path.exists();
        if !self.purpose.writes() && !there {
            self.error = Some("There is no such file".into());
            return Typed::Open;
        }
        if self.purpose.writes() && there && self.asked.as_ref() != Some(&path) {
            self.asked = Some(path);
            return Typed::Open;
        }
        Typed::Chosen(Chosen { purpose: self.purpose, path, replace: there })
    }

    /// What is in the folder of the path.
    fn list(&mut self, ui: &mut egui::Ui) {
        let path = expand(self.text.trim());
        let folder = if self.text.ends_with('/') {
            path
        } else {
            path.parent().map(Path::to_owned).unwrap_or_default()
        };
        if self.folder.as_ref().is_none_or(|listing| listing.folder != folder) {
            self.folder = Some(Listing { entries: entries(&folder, self.purpose), folder });
        }
        let Some(listing) = &self.folder else { return };
        let p = theme::palette(ui);
        ui.add_space(space::XS);
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut taken = None;
        let list = ScrollArea::vertical().max_height(window::DIALOG_LIST).auto_shrink([false, true]);
        list.show(ui, |ui| {
            if listing.folder.parent().is_some() {
                let up =
                    Row { icon: Some((Icon::ArrowUp, p.quiet)), title: "Folder above", ..Row::default() };
                if up.show(ui).clicked() {
                    taken = listing.folder.parent().map(|parent| (parent.to_owned(), true));
                }
            }
            for (name, is_folder) in &listing.entries {
                let icon = if *is_folder { Icon::FolderOpen } else { Icon::File };
                if (Row { icon: Some((icon, p.quiet)), title: name, ..Row::default() }).show(ui).clicked() {
                    taken = Some((listing.folder.join(name), *is_folder));
                }
            }
        });
        ui.spacing_mut().item_spacing.y = space::S;
        if let Some((path, is_folder)) = taken {
            self.text = path.display().to_string();
            if is_folder && !self.text.ends_with('/') {
                self.text.push('/');
            }
            (self.error, self.asked) = (None, None);
        }
    }
}

/// What is in a folder that fits: folders, then files with a fitting ending.
fn entries(folder: &Path, purpose: Purpose) -> Vec<(String, bool)> {
    let Ok(read) = std::fs::read_dir(folder) else { return vec![] };
    let mut entries: Vec<(String, bool)> = read
        .filter_map(Result::ok)
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path().is_dir()))
        .filter(|(name, _)| !name.starts_with('.'))
        .filter(|(name, is_folder)| {
            let ending = Path::new(name).extension().map(|ending| ending.to_string_lossy().to_lowercase());
            *is_folder || ending.is_some_and(|ending| purpose.endings().contains(&ending.as_str()))
        })
        .collect();
    entries.sort_by_key(|(name, is_folder)| (!is_folder, name.to_lowercase()));
    entries
}

/// A typed path, with `~` as the home folder.
fn expand(text: &str) -> PathBuf {
    match (text.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_has_an_ending_that_says_its_form() {
        let saved = |path: &str| with_ending(path.into(), Purpose::SaveAs).display().to_string();
        assert_eq!(saved("a/nurture"), "a/nurture.gateline");
        assert_eq!(saved("a/nurture.ron"), "a/nurture.ron");
        assert_eq!(saved("a/v1.2"), "a/v1.2.gateline");
        assert_eq!(with_ending("a.x".into(), Purpose::Open), PathBuf::from("a.x"));
    }
}
