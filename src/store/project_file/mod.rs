//! The project as one SQLite file, `*.gateline`: a live document, written as it is edited.
//!
//! **Rows.** Each thing is a row of JSON (`migrations/0001.sql`); contacts and events are chunks of bytes (`chunk`).
//! Every row carries a hash and the file the exclusive or of all of them, because SQLite's own check notices few
//! flipped bits. What the edits of a group touch is written in one transaction from the state after them.
//!
//! **One writer.** An open file holds SQLite's reserved lock between its transactions, so that a second window is told at
//! once, while the command can still read. Opening changes not a byte; only a file of an older format is brought up to
//! date, after a copy was made beside it.
//!
//! **Trust.** A file may come from anybody: its schema must be to the letter the one that the migrations make, so no
//! trigger or view of a stranger runs.

mod chunk;
mod read;
mod rows;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use self::read::Read;
use self::rows::{Hash, RowError, Rows};
use super::{StoreError, file};
use crate::model::{Edit, Project};

/// "Gate": tells a project from other SQLite files.
const APPLICATION_ID: u32 = u32::from_be_bytes(*b"Gate");

/// What turns a file of one format into the next; a file's format is how many of them it has seen.
const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001.sql")];

/// How long to wait while somebody else reads or commits.
const PATIENCE: Duration = Duration::from_secs(3);

/// An open project file. It belongs to this process until it is dropped.
#[derive(Debug)]
pub struct ProjectFile {
    path: PathBuf,
    connection: Connection,
    /// The exclusive or of the hashes of all rows but the head.
    digest: Hash,
    /// The hash of the head as it was last read or written.
    stamp: Hash,
}

impl ProjectFile {
    /// Writes a new file with this project and holds it open. The file appears whole or not at all; one that is there is
    /// only replaced with `overwrite`.
    pub fn create(path: &Path, project: &Project, overwrite: bool) -> Result<Self, StoreError> {
        let state = write_new(path, project, overwrite)?;
        let connection = connect(path)?;
        let mut file = Self { path: path.to_owned(), connection, digest: state.digest, stamp: state.stamp };
        file.lock()?;
        Ok(file)
    }

    /// Opens a file and holds it open.
    pub fn open(path: &Path) -> Result<(Self, Project), StoreError> {
        if older_format(&connect(path)?, path)?.is_some() {
            upgrade(path, MIGRATIONS)?;
        }
        let connection = connect(path)?;
        begin(&connection, path)?;
        let Read { project, digest, stamp } = check_and_read(&connection, path)?;
        Ok((Self { path: path.to_owned(), connection, digest, stamp }, project))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes what the edits touch, as it is in the project after them, in one transaction. On an error the file is as
    /// it was before and the same can be tried again.
    pub fn write(&mut self, edits: &[Edit], after: &Project) -> Result<(), StoreError> {
        self.lock()?;
        let mut rows = Rows::new(&self.connection, self.digest);
        let written = rows::touched(edits)
            .iter()
            .try_for_each(|part| rows.bring(part, after))
            .and_then(|()| rows.put_head(after))
            .and_then(|stamp| Ok(self.connection.execute_batch("COMMIT").map(|()| stamp)?));
        let digest = rows.digest;
        match written {
            Ok(stamp) => {
                self.digest = digest;
                self.stamp = stamp;
                // Should another window be quicker here, the next write tells.
                let _ = self.lock();
                Ok(())
            }
            Err(error) => {
                if !self.connection.is_autocommit() {
                    let _ = self.connection.execute_batch("ROLLBACK");
                }
                Err(self.row_error(error))
            }
        }
    }

    /// Writes the project to a new file, which takes the place of this one from now on. On an error this one stays.
    pub fn save_as(&mut self, path: &Path, project: &Project, overwrite: bool) -> Result<(), StoreError> {
        *self = Self::create(path, project, overwrite)?;
        Ok(())
    }

    /// Takes the right to write, where it is not held already, and sees that nobody wrote meanwhile.
    fn lock(&mut self) -> Result<(), StoreError> {
        if self.connection.is_autocommit() {
            begin(&self.connection, &self.path)?;
        }
        if read::stamp(&self.connection, &self.path)? == self.stamp {
            return Ok(());
        }
        let _ = self.connection.execute_batch("ROLLBACK");
        Err(StoreError::Changed { path: self.path.clone() })
    }

    fn row_error(&self, error: RowError) -> StoreError {
        row_error(&self.path, error)
    }
}

/// Reads a file without holding it.
pub(super) fn load(path: &Path) -> Result<Project, StoreError> {
    let connection = connect(path)?;
    if older_format(&connection, path)?.is_some() {
        // Only a window brings a file up to date; to look at it, a copy is.
        drop(connection);
        let folder = tempfile::tempdir().map_err(|e| StoreError::io(path, "making a copy", e))?;
        let copy = folder.path().join("copy.gateline");
        file::copy_whole(path, &copy)?;
        upgrade(&copy, MIGRATIONS)?;
        return load(&copy);
    }
    connection.execute_batch("BEGIN").map_err(|e| StoreError::sqlite(path, "opening", e))?;
    Ok(check_and_read(&connection, path)?.project)
}

/// Whether SQLite takes the file for one of its own.
///
/// It is SQLite that looks, because closing a file that one has opened by oneself gives up every lock that the process
/// has on it, also those of a window that has the project open.
pub(super) fn is_database(path: &Path) -> Result<bool, StoreError> {
    match connect(path).and_then(|connection| application_id(&connection, path)) {
        Err(StoreError::Foreign { .. }) => Ok(false),
        result => result.map(|_| true),
    }
}

fn application_id(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let id = connection.query_row("PRAGMA application_id", [], |row| row.get(0));
    id.map_err(|e| StoreError::sqlite(path, "opening", e))
}

/// Writes a new file.
pub(super) fn save(path: &Path, project: &Project, overwrite: bool) -> Result<(), StoreError> {
    write_new(path, project, overwrite).map(|_| ())
}

/// Digest and stamp of a file.
struct State {
    digest: Hash,
    stamp: Hash,
}

fn write_new(path: &Path, project: &Project, overwrite: bool) -> Result<State, StoreError> {
    if overwrite || !path.exists() {
        settle(path)?;
    }
    let mut state = None;
    file::build_whole(path, overwrite, |beside| {
        let build = || -> Result<State, RowError> {
            let connection = Connection::open(beside)?;
            // Nobody sees this file before it is complete and on disk, so it needs no journal.
            connection.execute_batch(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON; BEGIN",
            )?;
            migrate(&connection, MIGRATIONS, 0)?;
            connection.pragma_update(None, "application_id", APPLICATION_ID)?;
            let mut rows = Rows::new(&connection, Hash::default());
            let stamp = rows.put_all(project)?;
            let digest = rows.digest;
            connection.execute_batch("COMMIT")?;
            Ok(State { digest, stamp })
        };
        state = Some(build().map_err(|error| row_error(path, error))?);
        Ok(())
    })?;
    state.ok_or_else(|| StoreError::damaged(path, "nothing was written")) // `build` ran or there was an error
}

/// Makes sure that nobody has the file that is about to be replaced open, and that no journal of it is left: SQLite would
/// play it back into the new one.
fn settle(path: &Path) -> Result<(), StoreError> {
    if path.is_file() {
        // Beginning to write plays a journal back, so that a replacement that does not succeed loses nothing.
        let begun = connect(path).and_then(|connection| begin(&connection, path));
        if let Err(error @ StoreError::InUse { .. }) = begun {
            return Err(error);
        }
    }
    for ending in ["-journal", "-wal"] {
        let mut leftover = path.as_os_str().to_owned();
        leftover.push(ending);
        file::remove(Path::new(&leftover))?;
    }
    Ok(())
}

fn row_error(path: &Path, error: RowError) -> StoreError {
    match error {
        RowError::Sqlite(error) => StoreError::sqlite(path, "writing", error),
        RowError::Unwritable(what) => StoreError::Unwritable { path: path.to_owned(), what },
    }
}

/// The format of a project file that is older than this program's; `None`: it is this program's.
fn older_format(connection: &Connection, path: &Path) -> Result<Option<u32>, StoreError> {
    if application_id(connection, path)? != i64::from(APPLICATION_ID) {
        return Err(StoreError::Foreign { path: path.to_owned(), what: "another program's database" });
    }
    let format: i32 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(|e| StoreError::sqlite(path, "opening", e))?;
    let known = MIGRATIONS.len() as u32;
    match u32::try_from(format) {
        Ok(0) | Err(_) => Err(StoreError::damaged(path, "its format is not told")),
        Ok(found) if found > known => Err(StoreError::Newer { path: path.to_owned(), found, known }),
        Ok(found) => Ok((found < known).then_some(found)),
    }
}

/// Opens a file with the settings for one that may come from anybody.
fn connect(path: &Path) -> Result<Connection, StoreError> {
    let there = std::fs::metadata(path).map_err(|e| StoreError::io(path, "opening", e))?;
    if there.is_dir() {
        return Err(StoreError::Folder { path: path.to_owned() });
    }
    if there.len() == 0 {
        return Err(StoreError::Empty { path: path.to_owned() });
    }
    let open = || {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
        connection.execute_batch(
            "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON; PRAGMA synchronous = EXTRA",
        )?;
        Ok(connection)
    };
    open().map_err(|e| StoreError::sqlite(path, "opening", e))
}

/// Begins a transaction that holds the right to write.
fn begin(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    connection.execute_batch("BEGIN IMMEDIATE").map_err(|e| StoreError::sqlite(path, "opening", e))
}

fn check_and_read(connection: &Connection, path: &Path) -> Result<Read, StoreError> {
    let sqlite = |e| StoreError::sqlite(path, "reading", e);
    let wanted = Connection::open_in_memory().and_then(|memory| {
        migrate(&memory, MIGRATIONS, 0)?;
        schema(&memory)
    });
    if schema(connection).map_err(sqlite)? != wanted.map_err(sqlite)? {
        return Err(StoreError::damaged(path, "its tables are not those of a project"));
    }
    let found: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(sqlite)?;
    if found != "ok" {
        return Err(StoreError::damaged(path, found.replace('\n', " ")));
    }
    read::read(connection, path)
}

/// All that the file defines, but for what SQLite keeps for itself.
fn schema(connection: &Connection) -> rusqlite::Result<Vec<[Option<String>; 3]>> {
    let sql = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?;
    rows.collect()
}

/// Makes the migrations that a file of this format lacks.
fn migrate(connection: &Connection, migrations: &[&str], format: u32) -> rusqlite::Result<()> {
    for sql in migrations.iter().skip(format as usize) {
        connection.execute_batch(sql)?;
    }
    connection.pragma_update(None, "user_version", migrations.len() as u32)
}

/// Brings a file of an older format up to date, after a copy was made beside it: `name.format-1.gateline`.
fn upgrade(path: &Path, migrations: &[&str]) -> Result<(), StoreError> {
    let sqlite = |e| StoreError::sqlite(path, "upgrading", e);
    let format = |connection: &Connection| -> rusqlite::Result<u32> {
        connection.query_row("PRAGMA user_version", [], |row| row.get(0))
    };
    // The copy comes first, while the file is not open: closing it would give up a lock.
    let found = format(&connect(path)?).map_err(sqlite)?;
    match file::copy_whole(path, &path.with_extension(format!("format-{found}.gateline"))) {
        // Copied before an upgrade that did not come to its end; the first copy is the good one.
        Ok(()) | Err(StoreError::Exists { .. }) => {}
        Err(error) => return Err(error),
    }
    let connection = connect(path)?;
    begin(&connection, path)?;
    let found = format(&connection).map_err(sqlite)?;
    migrate(&connection, migrations, found).map_err(sqlite)?;
    connection.execute_batch("COMMIT").map_err(sqlite)
}
