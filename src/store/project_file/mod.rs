//! The project as one SQLite file, `*.gateline`: a live document, written as it is edited.
//!
//! **Rows.** Each thing is a row of JSON (`migrations/0001.sql`); contacts and events are chunks of bytes (`chunk`).
//! Every row carries a hash and the file the exclusive or of all of them, because SQLite's own check notices few
//! flipped bits. What the edits of a group touch is written in one transaction from the state after them.
//!
//! **One writer.** An open file holds SQLite's reserved lock between its transactions, so that a second window is told at
//! once, while the command can still read. Nobody else in this process may open the file by hand: on Unix, closing it
//! again gives up every lock that the process has on it. Opening changes not a byte; only a file of an older format is
//! brought up to date, after a copy was made beside it.
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
const PATIENCE: Duration = Duration::from_secs(5);

/// How long to wait for the right to write, which another window gives up only when it closes the file.
const PATIENCE_TO_OPEN: Duration = Duration::from_millis(200);

/// An open project file. It belongs to this process until it is dropped.
#[derive(Debug)]
pub struct ProjectFile {
    path: PathBuf,
    connection: Connection,
    /// The exclusive or of the hashes of all rows but the head.
    digest: Hash,
    /// The hash of the head as it was last read or written.
    stamp: Hash,
    /// A write began and did not come to its end; what it did has to be taken back first.
    unfinished: bool,
}

impl ProjectFile {
    /// Writes a new file with this project and holds it open. The file appears whole or not at all; one that is there is
    /// only replaced with `overwrite`.
    pub fn create(path: &Path, project: &Project, overwrite: bool) -> Result<Self, StoreError> {
        let state = write_new(path, project, overwrite)?;
        let connection = connect(path)?;
        let mut file = Self::new(path, connection, state.digest, state.stamp);
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
        Ok((Self::new(path, connection, digest, stamp), project))
    }

    fn new(path: &Path, connection: Connection, digest: Hash, stamp: Hash) -> Self {
        Self { path: path.to_owned(), connection, digest, stamp, unfinished: false }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes what the edits touch, as it is in the project after them, in one transaction. On an error the file is as
    /// it was before and the same can be tried again.
    pub fn write(&mut self, edits: &[Edit], after: &Project) -> Result<(), StoreError> {
        self.lock()?;
        self.unfinished = true;
        let mut rows = Rows::new(&self.connection, self.digest);
        let written = rows::touched(edits)
            .iter()
            .try_for_each(|part| rows.bring(part, after))
            .and_then(|()| rows.put_head(after))
            .and_then(|stamp| Ok(self.connection.execute_batch("COMMIT").map(|()| stamp)?));
        let digest = rows.digest;
        if let Ok(stamp) = &written {
            (self.digest, self.stamp, self.unfinished) = (digest, *stamp, false);
        }
        // The right to write goes with the end of a transaction. Should another window be quicker to take it, the next
        // write tells.
        let _ = self.lock();
        written.map(|_| ()).map_err(|error| row_error(&self.path, error))
    }

    /// Writes the project to a new file, which takes the place of this one from now on. On an error this one stays.
    pub fn save_as(&mut self, path: &Path, project: &Project, overwrite: bool) -> Result<(), StoreError> {
        *self = Self::create(path, project, overwrite)?;
        Ok(())
    }

    /// Takes the right to write, where it is not held already, and sees that nobody wrote meanwhile.
    fn lock(&mut self) -> Result<(), StoreError> {
        if self.unfinished && !self.connection.is_autocommit() {
            let back = self.connection.execute_batch("ROLLBACK");
            back.map_err(|e| StoreError::sqlite(&self.path, "taking back", e))?;
        }
        self.unfinished = false;
        if self.connection.is_autocommit() {
            begin(&self.connection, &self.path)?;
        }
        if read::stamp(&self.connection, &self.path)? == self.stamp {
            return Ok(());
        }
        // A file that others go on with is not ours to hold.
        self.unfinished = true;
        let _ = self.connection.execute_batch("ROLLBACK");
        Err(StoreError::Changed { path: self.path.clone() })
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
    let begin = || {
        connection.busy_timeout(PATIENCE_TO_OPEN)?;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        connection.busy_timeout(PATIENCE)
    };
    begin().map_err(|e| StoreError::sqlite(path, "opening", e))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id;
    use crate::model::{Item, Tag};

    fn put_tag(project: &mut Project, number: u32, name: String) -> Vec<Edit> {
        let edit = Edit::PutItem(Item::Tag(Tag { id: Id::new(number), name }));
        project.apply(edit.clone()).unwrap();
        vec![edit]
    }

    /// Whoever changes a migration breaks the files that are out there; add one instead.
    #[test]
    fn migrations_never_change() {
        let hashes: Vec<_> =
            MIGRATIONS.iter().map(|sql| blake3::hash(sql.as_bytes()).to_hex().to_string()).collect();
        assert_eq!(hashes, ["159ff9b0276e5574a520ddf2ea23f8d9c3f5384d09df68e51406eac5ecb2edd5"]);
    }

    #[test]
    fn a_full_disk_is_told_and_nothing_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gateline");
        let mut project = Project::new("", "");
        let mut file = ProjectFile::create(&path, &project, false).unwrap();
        let edits = put_tag(&mut project, 1, "first".into());
        file.write(&edits, &project).unwrap();
        let saved = project.clone();
        let limit = |file: &ProjectFile, pages: u32| {
            file.connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
        };
        limit(&file, 1);
        let edits = put_tag(&mut project, 2, "long ".repeat(100_000));
        for _ in 0..2 {
            let error = file.write(&edits, &project).unwrap_err();
            assert!(matches!(error, StoreError::Full { .. }), "{error}");
            assert_eq!(load(&path).unwrap(), saved);
        }
        limit(&file, 1_000_000);
        file.write(&edits, &project).unwrap();
        assert_eq!(load(&path).unwrap(), project);
    }

    #[test]
    fn what_another_program_wrote_meanwhile_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gateline");
        let mut project = Project::new("", "");
        let mut file = ProjectFile::create(&path, &project, false).unwrap();
        let mut theirs = project.clone();
        file.connection.execute_batch("ROLLBACK").unwrap();
        let (mut other, _) = ProjectFile::open(&path).unwrap();
        let edits = put_tag(&mut project, 1, "ours".into());
        let error = file.write(&edits, &project).unwrap_err();
        assert!(matches!(error, StoreError::InUse { .. }), "{error}");
        other.write(&put_tag(&mut theirs, 1, "theirs".into()), &theirs).unwrap();
        drop(other);
        for _ in 0..2 {
            let error = file.write(&edits, &project).unwrap_err();
            assert!(matches!(error, StoreError::Changed { .. }), "{error}");
            assert_eq!(load(&path).unwrap(), theirs);
        }
    }

    #[test]
    fn a_write_that_was_left_half_way_is_taken_back_before_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gateline");
        let mut project = Project::new("", "");
        let mut file = ProjectFile::create(&path, &project, false).unwrap();
        // What a panic in the midst of a write leaves behind.
        file.unfinished = true;
        file.connection.execute_batch("INSERT INTO item VALUES ('tag9', '{}', x'00')").unwrap();
        let edits = put_tag(&mut project, 1, "one".into());
        file.write(&edits, &project).unwrap();
        assert_eq!(load(&path).unwrap(), project);
    }

    #[test]
    fn a_newer_file_is_refused_with_both_formats_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gateline");
        save(&path, &Project::new("", ""), false).unwrap();
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        for error in [ProjectFile::open(&path).unwrap_err(), load(&path).unwrap_err()] {
            assert!(matches!(error, StoreError::Newer { found: 99, known: 1, .. }), "{error}");
        }
    }

    #[test]
    fn an_upgrade_leaves_a_copy_of_the_old_file_beside_the_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gateline");
        save(&path, &Project::new("", ""), false).unwrap();
        let old = std::fs::read(&path).unwrap();
        let mut migrations = MIGRATIONS.to_vec();
        migrations.push("CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT");
        upgrade(&path, &migrations).unwrap();
        assert_eq!(std::fs::read(folder.path().join("a.format-1.gateline")).unwrap(), old);
        let error = load(&path).unwrap_err();
        assert!(matches!(error, StoreError::Newer { found: 2, known: 1, .. }), "{error}");
    }

    #[test]
    fn a_stranger_cannot_bring_tables_or_triggers_along() {
        let folder = tempfile::tempdir().unwrap();
        for sql in [
            "CREATE TABLE more (id INTEGER PRIMARY KEY)",
            "CREATE TRIGGER t AFTER UPDATE ON project BEGIN DELETE FROM map; END",
            "CREATE VIEW v AS SELECT * FROM item",
            "DROP TABLE run",
        ] {
            let path = folder.path().join("a.gateline");
            save(&path, &Project::new("", ""), true).unwrap();
            Connection::open(&path).unwrap().execute_batch(sql).unwrap();
            let error = load(&path).unwrap_err().to_string();
            assert!(error.contains("its tables are not those of a project"), "{error}");
        }
    }

    #[test]
    fn a_row_that_went_or_came_by_other_hands_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gateline");
        let mut project = Project::new("", "");
        put_tag(&mut project, 1, "one".into());
        put_tag(&mut project, 2, "two".into());
        for (sql, message) in [
            ("DELETE FROM item WHERE id = 'tag1'", "some of what was saved is missing"),
            ("UPDATE item SET json = replace(json, 'one', 'One')", "item tag1 is not what was saved"),
            ("UPDATE item SET id = 'tag3' WHERE id = 'tag1'", "item tag3 is not what was saved"),
            ("DELETE FROM project", "name and settings are missing"),
        ] {
            save(&path, &project, true).unwrap();
            Connection::open(&path).unwrap().execute_batch(sql).unwrap();
            let error = load(&path).unwrap_err().to_string();
            assert!(error.contains(message), "{sql}: {error}");
        }
    }

    #[test]
    fn what_would_not_read_back_is_refused_before_it_is_written() {
        use crate::model::{Condition, Element, ElementKind, EventType, Listener, Map};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gateline");
        let mut map = Map::new(Id::new(1), "");
        let kind = ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation));
        map.elements.insert(
            Id::new(2),
            Element { id: Id::new(2), name: String::new(), kind, draft: false, place: None },
        );
        let deep = (0..200).fold(Condition::default(), |inner, _| Condition::All(vec![inner]));
        let kind = ElementKind::Condition(deep);
        map.elements.insert(
            Id::new(3),
            Element { id: Id::new(3), name: String::new(), kind, draft: false, place: None },
        );
        let mut project = Project::new("", "");
        project.apply(Edit::PutMap(map.into())).unwrap();
        let error = save(&path, &project, false).unwrap_err().to_string();
        assert!(error.starts_with("map1 el3 cannot be saved so that it reads back the same"), "{error}");
        assert!(!path.exists());
    }
}
