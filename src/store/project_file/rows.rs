//! Rows: which there are, how a project spreads over them, and the hash that each carries.

use std::collections::BTreeSet;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql, params_from_iter};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::chunk;
use crate::base::id::{ElementId, MapId, NoteId, RunId, SequenceId, TestId};
use crate::model::{Edit, EngineRules, Item, ItemId, Map, Port, Project, Settings};

/// BLAKE3 hash of a row, or the exclusive or of many.
pub(super) type Hash = [u8; 32];

/// A table of the file. Every one has key columns, one column of content and a hash.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) keys: &'static [&'static str],
    pub(super) content: &'static str,
}

pub(super) const PROJECT: Table = Table { name: "project", keys: &["id"], content: "json" };
pub(super) const ITEM: Table = Table { name: "item", keys: &["id"], content: "json" };
pub(super) const MAP: Table = Table { name: "map", keys: &["id"], content: "json" };
pub(super) const ELEMENT: Table = Table { name: "element", keys: &["map", "id"], content: "json" };
pub(super) const LINE: Table = Table { name: "line", keys: &["map", "source", "port"], content: "target" };
pub(super) const NOTE: Table = Table { name: "note", keys: &["map", "id"], content: "json" };
pub(super) const SEQUENCE: Table = Table { name: "sequence", keys: &["map", "id"], content: "json" };
pub(super) const PUBLISHED: Table = Table { name: "published", keys: &["map", "number"], content: "json" };
pub(super) const TEST: Table = Table { name: "test", keys: &["id"], content: "json" };
pub(super) const RUN: Table = Table { name: "run", keys: &["id"], content: "json" };
pub(super) const PEOPLE: Table = Table { name: "people", keys: &["chunk"], content: "data" };

/// The tables whose rows belong to one map, the map's own last.
const OF_A_MAP: [&Table; 5] = [&ELEMENT, &LINE, &NOTE, &SEQUENCE, &MAP];

/// One key column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    Number(i64),
    Text(String),
}

impl Key {
    pub(super) fn of(id: impl ToString) -> Self {
        Self::Text(id.to_string())
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl ToSql for Key {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Number(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// What a row holds.
#[derive(Clone, Copy)]
pub(super) enum Content<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl Content<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

impl ToSql for Content<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// The hash of a row: of its table, its key columns and its content, each with its length before it so that nothing can
/// move from one to the next.
pub(super) fn hash(table: &Table, keys: &[Key], content: &[u8]) -> Hash {
    let mut hasher = blake3::Hasher::new();
    let mut part = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    part(table.name.as_bytes());
    for key in keys {
        part(key.to_string().as_bytes());
    }
    part(content);
    *hasher.finalize().as_bytes()
}

/// Takes a row's hash into the digest of all rows, or out of it.
pub(super) fn toggle(digest: &mut Hash, hash: &Hash) {
    for (byte, other) in digest.iter_mut().zip(hash) {
        *byte ^= other;
    }
}

/// The row of the table `project`.
#[derive(Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) settings: Settings,
    pub(super) next_number: u32,
    /// The exclusive or of the hashes of all other rows, in hexadecimal.
    pub(super) digest: String,
}

/// A row of the table `map`.
#[derive(Serialize, serde::Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct MapHead {
    pub(super) name: String,
    pub(super) rules: EngineRules,
}

/// Why a row could not be written.
#[derive(Debug)]
pub(super) enum RowError {
    Sqlite(rusqlite::Error),
    /// It would not come back as it is.
    Unwritable(String),
}

impl From<rusqlite::Error> for RowError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// Writes rows and keeps the digest of all rows in step.
pub(super) struct Rows<'a> {
    connection: &'a Connection,
    pub(super) digest: Hash,
}

impl<'a> Rows<'a> {
    pub(super) fn new(connection: &'a Connection, digest: Hash) -> Self {
        Self { connection, digest }
    }

    fn delete(&mut self, table: &Table, keys: &[Key]) -> Result<(), RowError> {
        let sql = format!("DELETE FROM {} WHERE {} RETURNING hash", table.name, conditions(table.keys));
        let mut statement = self.connection.prepare_cached(&sql)?;
        let old: Option<Hash> = statement.query_row(params_from_iter(keys), |row| row.get(0)).optional()?;
        if let Some(old) = old {
            toggle(&mut self.digest, &old);
        }
        Ok(())
    }

    /// Takes out the rows of a table that belong to one map, which its first key names.
    fn delete_of_map(&mut self, table: &Table, map: MapId) -> Result<(), RowError> {
        let sql = format!("DELETE FROM {} WHERE {} = ? RETURNING hash", table.name, table.keys[0]);
        let mut statement = self.connection.prepare_cached(&sql)?;
        for hash in statement.query_map([Key::of(map)], |row| row.get(0))? {
            toggle(&mut self.digest, &hash?);
        }
        Ok(())
    }

    fn put(&mut self, table: &Table, keys: &[Key], content: Content<'_>) -> Result<Hash, RowError> {
        self.delete(table, keys)?;
        let hash = hash(table, keys, content.bytes());
        let marks = vec!["?"; keys.len() + 2].join(", ");
        let sql = format!(
            "INSERT INTO {} ({}, {}, hash) VALUES ({marks})",
            table.name,
            table.keys.join(", "),
            table.content
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut values: Vec<&dyn ToSql> = keys.iter().map(|key| key as &dyn ToSql).collect();
        values.push(&content);
        values.push(&hash);
        statement.execute(values.as_slice())?;
        toggle(&mut self.digest, &hash);
        Ok(hash)
    }

    fn put_json<T>(&mut self, table: &Table, keys: &[Key], thing: &T) -> Result<(), RowError>
    where
        T: Serialize + DeserializeOwned + PartialEq,
    {
        let what = || keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ");
        let json = serde_json::to_string(thing).map_err(|_| RowError::Unwritable(what()))?;
        // What cannot be read back, such as conditions nested beyond the reader's limit, must not be found out later.
        if serde_json::from_str::<T>(&json).ok().as_ref() != Some(thing) {
            return Err(RowError::Unwritable(what()));
        }
        self.put(table, keys, Content::Text(&json)).map(|_| ())
    }

    /// Writes the row of the table `project`, which comes last as it tells the digest. Its hash names the state of the
    /// whole file.
    pub(super) fn put_head(&mut self, project: &Project) -> Result<Hash, RowError> {
        let digest = self.digest;
        let head = Head {
            key: project.key.clone(),
            name: project.name.clone(),
            settings: project.settings.clone(),
            next_number: project.next_number,
            digest: blake3::Hash::from_bytes(digest).to_hex().to_string(),
        };
        let json = serde_json::to_string(&head)
            .map_err(|_| RowError::Unwritable("the project's settings".into()))?;
        let hash = self.put(&PROJECT, &[Key::Number(1)], Content::Text(&json))?;
        self.digest = digest;
        Ok(hash)
    }

    /// Writes everything into a file without rows.
    pub(super) fn put_all(&mut self, project: &Project) -> Result<Hash, RowError> {
        let parts = (project.catalogue.items().map(|item| Part::Item(item.id())))
            .chain(project.maps.keys().map(|id| Part::Map(*id)))
            .chain(project.published.keys().map(|id| Part::Published(*id)))
            .chain(project.tests.keys().map(|id| Part::Test(*id)))
            .chain(project.runs.keys().map(|id| Part::Run(*id)))
            .chain([Part::People]);
        for part in parts {
            self.bring(&part, project)?;
        }
        self.put_head(project)
    }

    /// Brings one part of the file to the state of the project.
    pub(super) fn bring(&mut self, part: &Part, project: &Project) -> Result<(), RowError> {
        let map_of = |id: &MapId| project.map(*id);
        match part {
            Part::Item(id) => self.one(&ITEM, &[Key::of(id)], project.catalogue.get(*id).as_ref()),
            Part::Test(id) => self.one(&TEST, &[Key::of(id)], project.tests.get(id)),
            Part::Run(id) => self.one(&RUN, &[Key::of(id)], project.runs.get(id)),
            Part::Map(id) => self.whole_map(*id, map_of(id)),
            Part::MapInfo(id) => match map_of(id) {
                Some(map) => self.map_head(map),
                None => self.delete(&MAP, &[Key::of(id)]),
            },
            Part::Element(map, id) => {
                let element = map_of(map).and_then(|map| map.element(*id));
                self.one(&ELEMENT, &[Key::of(map), Key::of(id)], element)
            }
            Part::Note(map, id) => {
                let note = map_of(map).and_then(|map| map.notes.get(id));
                self.one(&NOTE, &[Key::of(map), Key::of(id)], note)
            }
            Part::Sequence(map, id) => {
                let sequence = map_of(map).and_then(|map| map.sequences.get(id));
                self.one(&SEQUENCE, &[Key::of(map), Key::of(id)], sequence)
            }
            Part::Published(map) => self.published(*map, project),
            Part::Line(map, from, port) => {
                let keys = [Key::of(map), Key::of(from), Key::of(port)];
                match map_of(map).and_then(|map| map.target(*from, *port)) {
                    Some(to) => self.put(&LINE, &keys, Content::Text(&to.to_string())).map(|_| ()),
                    None => self.delete(&LINE, &keys),
                }
            }
            Part::People => self.people(project),
        }
    }

    fn one<T>(&mut self, table: &Table, keys: &[Key], thing: Option<&T>) -> Result<(), RowError>
    where
        T: Serialize + DeserializeOwned + PartialEq,
    {
        match thing {
            Some(thing) => self.put_json(table, keys, thing),
            None => self.delete(table, keys),
        }
    }

    fn map_head(&mut self, map: &Map) -> Result<(), RowError> {
        let head = MapHead { name: map.name.clone(), rules: map.rules.clone() };
        self.put_json(&MAP, &[Key::of(map.id)], &head)
    }

    fn whole_map(&mut self, id: MapId, map: Option<&Map>) -> Result<(), RowError> {
        for table in OF_A_MAP {
            self.delete_of_map(table, id)?;
        }
        let Some(map) = map else { return Ok(()) };
        self.map_head(map)?;
        for element in map.elements.values() {
            self.put_json(&ELEMENT, &[Key::of(id), Key::of(element.id)], element)?;
        }
        for line in map.lines() {
            let keys = [Key::of(id), Key::of(line.from), Key::of(line.port)];
            self.put(&LINE, &keys, Content::Text(&line.to.to_string()))?;
        }
        for note in map.notes.values() {
            self.put_json(&NOTE, &[Key::of(id), Key::of(note.id)], note)?;
        }
        for sequence in map.sequences.values() {
            self.put_json(&SEQUENCE, &[Key::of(id), Key::of(sequence.id)], sequence)?;
        }
        Ok(())
    }

    /// Writes the versions of a map and takes away those that are no more.
    fn published(&mut self, map: MapId, project: &Project) -> Result<(), RowError> {
        self.delete_of_map(&PUBLISHED, map)?;
        for (number, version) in (0..).zip(project.published.get(&map).into_iter().flatten()) {
            self.put_json(&PUBLISHED, &[Key::of(map), Key::Number(number)], version)?;
        }
        Ok(())
    }

    /// Writes the chunks that differ from those in the file: contacts are only ever appended, so most do not.
    fn people(&mut self, project: &Project) -> Result<(), RowError> {
        let mut statement = self.connection.prepare("SELECT chunk, hash FROM people")?;
        let mut old: std::collections::BTreeMap<i64, Hash> =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        drop(statement);
        for (number, places) in (0_i64..).zip(chunk::ranges(&project.people)) {
            let keys = [Key::Number(number)];
            let data = chunk::encode(&project.people, places);
            if old.remove(&number) != Some(hash(&PEOPLE, &keys, &data)) {
                self.put(&PEOPLE, &keys, Content::Bytes(&data))?;
            }
        }
        for number in old.keys() {
            self.delete(&PEOPLE, &[Key::Number(*number)])?;
        }
        Ok(())
    }
}

fn conditions(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("{key} = ?")).collect::<Vec<_>>().join(" AND ")
}

/// A part of the file that edits can touch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Item(ItemId),
    /// A map with all that is on it.
    Map(MapId),
    MapInfo(MapId),
    Element(MapId, ElementId),
    Line(MapId, ElementId, Port),
    Note(MapId, NoteId),
    Sequence(MapId, SequenceId),
    /// All published versions of a map.
    Published(MapId),
    People,
    Test(TestId),
    Run(RunId),
}

/// The parts that the edits touch, each once however often it is edited. Name and settings are in the row that is
/// written every time.
pub(super) fn touched(edits: &[Edit]) -> BTreeSet<Part> {
    edits.iter().filter_map(part).collect()
}

fn part(edit: &Edit) -> Option<Part> {
    Some(match edit {
        Edit::SetName(_) | Edit::SetSettings(_) => return None,
        Edit::PutItem(item) => Part::Item(Item::id(item)),
        Edit::RemoveItem(id) => Part::Item(*id),
        Edit::PutMap(map) => Part::Map(map.id),
        Edit::RemoveMap(id) => Part::Map(*id),
        Edit::SetMapInfo { map, .. } => Part::MapInfo(*map),
        Edit::PutElement { map, element } => Part::Element(*map, element.id),
        Edit::RemoveElement { map, element } => Part::Element(*map, *element),
        Edit::SetLine { map, from, port, .. } => Part::Line(*map, *from, *port),
        Edit::PutNote { map, note } => Part::Note(*map, note.id),
        Edit::RemoveNote { map, note } => Part::Note(*map, *note),
        Edit::PutSequence { map, sequence } => Part::Sequence(*map, sequence.id),
        Edit::RemoveSequence { map, sequence } => Part::Sequence(*map, *sequence),
        Edit::SetPublished { map, .. } => Part::Published(*map),
        Edit::SetPeople(_) => Part::People,
        Edit::PutTest(test) => Part::Test(test.id),
        Edit::RemoveTest(id) => Part::Test(*id),
        Edit::PutRun(run) => Part::Run(run.id),
        Edit::RemoveRun(id) => Part::Run(*id),
    })
}
