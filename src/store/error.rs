//! What can go wrong with files. Each message says what is the case, what to do, and the path last.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_READONLY_DBMOVED;

/// Why a file could not be read or written. What was saved before is still there.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is nothing at the path.
    #[error("there is no such file: {path}")]
    Missing {
        /// Where.
        path: PathBuf,
    },
    /// The path is a folder.
    #[error("this is a folder, not a project: {path}")]
    Folder {
        /// Where.
        path: PathBuf,
    },
    /// The file has no bytes.
    #[error("the file is empty, there is no project in it: {path}")]
    Empty {
        /// Where.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("this is no Gateline project but {what}; choose a file made by Gateline: {path}")]
    Foreign {
        /// Where.
        path: PathBuf,
        /// What it is instead.
        what: &'static str,
    },
    /// The file has a format that this program does not know yet.
    #[error(
        "the project has format {found} and this Gateline knows formats up to {known}; update Gateline to open it: {path}"
    )]
    Newer {
        /// Where.
        path: PathBuf,
        /// The file's format.
        found: u32,
        /// The newest format that this program knows.
        known: u32,
    },
    /// The file does not hold what was written.
    #[error("the file is damaged: {what}; it was left as it is, go back to a copy of it: {path}")]
    Damaged {
        /// Where.
        path: PathBuf,
        /// What was noticed.
        what: String,
    },
    /// A text project that does not read.
    #[error("line {line}, column {column}: {what}: {path}")]
    Text {
        /// Where.
        path: PathBuf,
        /// Line from 1.
        line: usize,
        /// Column from 1.
        column: usize,
        /// What is wrong there and what was expected.
        what: String,
    },
    /// Another window or program works with the file.
    #[error("the project is in use by another window or program; close it there first: {path}")]
    InUse {
        /// Where.
        path: PathBuf,
    },
    /// The file or its folder must not be written.
    #[error("the file or its folder is write-protected; save the project under another name: {path}")]
    ReadOnly {
        /// Where.
        path: PathBuf,
    },
    /// A new file would replace another one.
    #[error("there is a file of this name already; choose another name or have it replaced: {path}")]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// The open file is not at its path any more.
    #[error(
        "the file was moved, deleted or replaced while it was open; try again to write it anew or save the project under another name: {path}"
    )]
    Gone {
        /// Where.
        path: PathBuf,
    },
    /// Somebody else wrote to the open file.
    #[error(
        "another program changed the file while it was open; save the project under another name to keep both: {path}"
    )]
    Changed {
        /// Where.
        path: PathBuf,
    },
    /// No room is left.
    #[error("the disk is full; make room and try again, or save the project elsewhere: {path}")]
    Full {
        /// Where.
        path: PathBuf,
    },
    /// The ending says neither form.
    #[error("the name must end in .gateline or .ron: {path}")]
    Ending {
        /// Where.
        path: PathBuf,
    },
    /// Something would not come back as it is.
    #[error(
        "{what} cannot be saved so that it reads back the same, most likely it is nested too deeply: {path}"
    )]
    Unwritable {
        /// Where.
        path: PathBuf,
        /// What.
        what: String,
    },
    /// The system refused.
    #[error("{doing} failed: {source}: {path}")]
    Io {
        /// Where.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// SQLite refused.
    #[error("{doing} failed: {source}: {path}")]
    Sqlite {
        /// Where.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// What a failure of the system means for the file.
    pub(super) fn io(path: &Path, doing: &'static str, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing { path },
            io::ErrorKind::IsADirectory => Self::Folder { path },
            io::ErrorKind::AlreadyExists => Self::Exists { path },
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path },
            _ => Self::Io { path, doing, source },
        }
    }

    /// What a failure of SQLite means for the file.
    pub(super) fn sqlite(path: &Path, doing: &'static str, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        let Some(error) = source.sqlite_error() else {
            // A column of another type than the one that was written, or a row too few.
            return Self::Damaged { path, what: source.to_string() };
        };
        match error.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
                Self::InUse { path }
            }
            ErrorCode::ReadOnly if error.extended_code == SQLITE_READONLY_DBMOVED => Self::Gone { path },
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Self::ReadOnly { path },
            ErrorCode::DiskFull => Self::Full { path },
            ErrorCode::NotADatabase => Self::Foreign { path, what: "some other file" },
            ErrorCode::DatabaseCorrupt => Self::Damaged { path, what: source.to_string() },
            _ => Self::Sqlite { path, doing, source },
        }
    }

    pub(super) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), what: what.into() }
    }
}
