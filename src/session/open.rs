//! A project in use: what is edited, how it is taken back, and where it is kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::command::{Command, Refusal};
use super::history::History;
use crate::model::{EditError, EditGroup, Preset, Project};
use crate::store::{self, FileKind, ProjectFile, StoreError, Writer, WriterStatus};

/// Where a project is kept.
#[derive(Debug)]
enum Home {
    /// Nowhere yet: a new project, or a sample.
    Nowhere,
    /// In a project file, which follows every edit.
    File(Writer),
    /// In a text file, which is written when the user saves; as of this revision.
    Text { path: PathBuf, saved: u64 },
}

/// How what is kept stands to what was edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveState {
    /// It has no file.
    NoFile,
    /// The file has everything.
    Saved,
    /// The file is being written.
    Saving,
    /// The text file is behind; saving brings it up to date.
    Behind,
    /// The last try to write failed, and why. Nothing is lost; it is tried again with the next edit.
    Failed(String),
}

/// A project in use.
#[derive(Debug)]
pub struct Session {
    project: Arc<Project>,
    history: History,
    revision: u64,
    home: Home,
}

impl Session {
    /// A project that is in no file yet.
    pub fn with(project: Project) -> Self {
        Self { project: Arc::new(project), history: History::default(), revision: 0, home: Home::Nowhere }
    }

    /// A new, empty project with one empty map, which begins with these rules (K-12).
    pub fn new(name: &str, preset: Preset) -> Self {
        let mut project = Project::new(new_key(), name);
        let first = Command::NewMap { name: "Map 1".into(), preset };
        History::default()
            .do_command(&mut project, first)
            .expect("a first map is no trouble to an empty project");
        Self::with(project)
    }

    /// Opens a file of either form. A project file is held from here on; a text file is not.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if store::kind_of(path)? == FileKind::Project {
            let (file, project) = ProjectFile::open(path)?;
            return Ok(Self { home: Home::File(Writer::new(file)), ..Self::with(project) });
        }
        let project = store::load(path)?.project;
        Ok(Self { home: Home::Text { path: path.to_owned(), saved: 0 }, ..Self::with(project) })
    }

    /// The project as it is now. Cloning the pointer keeps a snapshot.
    pub fn project(&self) -> &Arc<Project> {
        &self.project
    }

    /// Counts changes: what is derived from the project is up to date if it remembers the same number.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// What was done and taken back.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Where the project is kept.
    pub fn path(&self) -> Option<PathBuf> {
        match &self.home {
            Home::Nowhere => None,
            Home::File(writer) => Some(writer.path()),
            Home::Text { path, .. } => Some(path.clone()),
        }
    }

    /// Does what the user means. On a refusal nothing is changed.
    pub fn command(&mut self, command: Command) -> Result<(), Refusal> {
        let group = self.history.do_command(Arc::make_mut(&mut self.project), command)?;
        self.follow(group);
        Ok(())
    }

    /// Takes the latest step back. Whether there was one.
    pub fn undo(&mut self) -> Result<bool, EditError> {
        let group = self.history.undo(Arc::make_mut(&mut self.project))?;
        Ok(group.map(|group| self.follow(group)).is_some())
    }

    /// Does the step again that was taken back last. Whether there was one.
    pub fn redo(&mut self) -> Result<bool, EditError> {
        let group = self.history.redo(Arc::make_mut(&mut self.project))?;
        Ok(group.map(|group| self.follow(group)).is_some())
    }

    fn follow(&mut self, group: EditGroup) {
        if group.edits.is_empty() {
            return;
        }
        self.revision += 1;
        if let Home::File(writer) = &self.home {
            writer.push(group.edits, Project::clone(&self.project));
        }
    }

    /// How the file stands to what was edited.
    pub fn save_state(&self) -> SaveState {
        match &self.home {
            Home::Nowhere => SaveState::NoFile,
            Home::Text { saved, .. } if *saved == self.revision => SaveState::Saved,
            Home::Text { .. } => SaveState::Behind,
            Home::File(writer) => match writer.status() {
                WriterStatus::Saved => SaveState::Saved,
                WriterStatus::Saving => SaveState::Saving,
                WriterStatus::Failed(why) => SaveState::Failed(why),
            },
        }
    }

    /// Whether closing now would lose anything.
    pub fn would_lose_work(&self) -> bool {
        match self.save_state() {
            SaveState::NoFile => self.revision > 0,
            SaveState::Saved | SaveState::Saving => false,
            SaveState::Behind | SaveState::Failed(_) => true,
        }
    }

    /// Brings the file up to date. `false`: the project has no file, so ask for a path and call [`Session::save_as`].
    pub fn save(&mut self) -> Result<bool, SaveError> {
        match &mut self.home {
            Home::Nowhere => return Ok(false),
            Home::File(writer) => {
                writer.retry();
                writer.flush().map_err(SaveError::NotWritten)?;
            }
            Home::Text { path, saved } => {
                store::save(path, &self.project, true)?;
                *saved = self.revision;
            }
        }
        Ok(true)
    }

    /// Writes the project to a file in the form that the ending asks for, and keeps it there from now on. A file that is
    /// there is only replaced with `overwrite`.
    pub fn save_as(&mut self, path: &Path, overwrite: bool) -> Result<(), SaveError> {
        match FileKind::of_ending(path)? {
            FileKind::Text => {
                store::save(path, &self.project, overwrite)?;
                self.home = Home::Text { path: path.to_owned(), saved: self.revision };
            }
            FileKind::Project => match &self.home {
                Home::File(writer) if writer.path() == path => {
                    writer.flush().map_err(SaveError::NotWritten)?
                }
                Home::File(writer) => writer.save_as(path, &self.project, overwrite)?,
                Home::Nowhere | Home::Text { .. } => {
                    let file = ProjectFile::create(path, &self.project, overwrite)?;
                    self.home = Home::File(Writer::new(file));
                }
            },
        }
        Ok(())
    }
}

/// Why a project could not be saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The file.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The open file could not be brought up to date.
    #[error("{0}")]
    NotWritten(String),
}

/// A key that no other project has: 32 hexadecimal digits from the clock and the process.
pub fn new_key() -> String {
    #[expect(
        clippy::disallowed_types,
        reason = "a key must differ from those made before; nothing is simulated by it"
    )]
    let now = std::time::SystemTime::now().duration_since(std::time::SystemTime::UNIX_EPOCH);
    let nanos = now.map_or(0, |now| now.as_nanos());
    let hash = blake3::hash(format!("{nanos} {}", std::process::id()).as_bytes());
    hash.to_hex()[..32].to_owned()
}
