//! Files: the project as SQLite ([`project_file`]), the same as text ([`text`]), contacts and events as CSV ([`csv`]),
//! and how files appear whole ([`file`]).
//!
//! [`writer`] keeps the open file in step with what is edited, on a thread of its own.

pub mod csv;
mod error;
pub mod file;
pub mod project_file;
pub mod text;
pub mod writer;

use std::path::Path;

pub use self::error::StoreError;
pub use self::project_file::ProjectFile;
pub use self::writer::{Writer, WriterStatus};
use crate::model::Project;

/// The two forms of a project on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// SQLite, `*.gateline`.
    Project,
    /// RON, `*.ron`.
    Text,
}

impl FileKind {
    /// The form that a path's ending asks for.
    pub fn of_ending(path: &Path) -> Result<Self, StoreError> {
        match path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase).as_deref() {
            Some("gateline") => Ok(Self::Project),
            Some("ron") => Ok(Self::Text),
            _ => Err(StoreError::Ending { path: path.to_owned() }),
        }
    }
}

/// A project that was read, and the form that it was read from.
#[derive(Debug)]
pub struct Loaded {
    /// The project.
    pub project: Project,
    /// The form of the file, by its content.
    pub kind: FileKind,
}

/// The form of a file, told by what it holds and not by its name.
pub fn kind_of(path: &Path) -> Result<FileKind, StoreError> {
    Ok(if project_file::is_database(path)? { FileKind::Project } else { FileKind::Text })
}

/// Reads a project of either form, told by what the file holds and not by its name. The file is not held: who wants to
/// write as the user edits takes [`ProjectFile::open`].
pub fn load(path: &Path) -> Result<Loaded, StoreError> {
    if kind_of(path)? == FileKind::Project {
        return Ok(Loaded { project: project_file::load(path)?, kind: FileKind::Project });
    }
    let bytes = std::fs::read(path).map_err(|e| StoreError::io(path, "reading", e))?;
    Ok(Loaded { project: text::parse(&bytes, path)?, kind: FileKind::Text })
}

/// Writes a project as a new file, in the form that the ending asks for. The file appears whole or not at all; one that
/// is there is only replaced with `overwrite`.
pub fn save(path: &Path, project: &Project, overwrite: bool) -> Result<(), StoreError> {
    match FileKind::of_ending(path)? {
        FileKind::Project => project_file::save(path, project, overwrite),
        FileKind::Text => file::write_whole(path, overwrite, |out| text::write(project, out)),
    }
}
