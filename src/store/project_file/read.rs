//! From rows to a project, with every hash checked.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use serde::de::DeserializeOwned;

use super::chunk;
use super::rows::{self, Hash, Head, Key, MapHead, Table};
use crate::base::id::{ElementId, MapId};
use crate::model::edit::Fault;
use crate::model::{
    Contact, ContactIx, Edit, Element, Event, Item, Map, Note, People, Port, Project, Publication, Sequence,
};
use crate::store::StoreError;

/// A project with what the file needs to know for its next change.
pub(super) struct Read {
    pub(super) project: Project,
    pub(super) digest: Hash,
    pub(super) stamp: Hash,
}

pub(super) fn read(connection: &Connection, path: &Path) -> Result<Read, StoreError> {
    let mut reader = Reader { connection, path, digest: Hash::default() };
    let (head, stamp) = reader.head()?;
    let mut project = Project::new(head.key, head.name);
    project.settings = head.settings;
    project.next_number = head.next_number;
    reader.catalogue(&mut project)?;
    reader.maps(&mut project)?;
    reader.published(&mut project)?;
    reader.json_rows(&rows::TEST, |keys, test: crate::model::SavedTest| {
        let same = keys == [Key::of(test.id)];
        project.tests.insert(test.id, test);
        same
    })?;
    reader.json_rows(&rows::RUN, |keys, run: crate::model::SavedRun| {
        let same = keys == [Key::of(run.id)];
        project.runs.insert(run.id, run);
        same
    })?;
    project.people = Arc::new(reader.people()?);
    if blake3::Hash::from_bytes(reader.digest).to_hex().as_str() != head.digest {
        return Err(reader.damaged("some of what was saved is missing"));
    }
    let published = project.published.values().flatten().map(|version| &version.map);
    for map in project.maps.values().chain(published) {
        if let Some(fault) = map.fault() {
            return Err(reader.damaged(fault_sentence(map, &fault)));
        }
    }
    // No id is given twice even where somebody wrote a wrong number.
    project.note_all_numbers();
    Ok(Read { project, digest: reader.digest, stamp })
}

/// The hash of the row of the table `project`, which names the state of the whole file.
pub(super) fn stamp(connection: &Connection, path: &Path) -> Result<Hash, StoreError> {
    Ok(Reader { connection, path, digest: Hash::default() }.head()?.1)
}

fn fault_sentence(map: &Map, fault: &Fault) -> String {
    format!("on {} \"{}\" {fault}", map.id, map.name)
}

struct Reader<'a> {
    connection: &'a Connection,
    path: &'a Path,
    digest: Hash,
}

impl Reader<'_> {
    fn damaged(&self, what: impl Into<String>) -> StoreError {
        StoreError::damaged(self.path, what)
    }

    fn sqlite(&self, source: rusqlite::Error) -> StoreError {
        StoreError::sqlite(self.path, "reading", source)
    }

    /// Hands over the rows of a table in the order of their keys, once their hash has been checked.
    fn rows(
        &mut self,
        table: &Table,
        mut take: impl FnMut(&Self, &[Key], &[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let keys = table.keys.join(", ");
        let sql = format!("SELECT {keys}, {}, hash FROM {} ORDER BY {keys}", table.content, table.name);
        let connection = self.connection;
        let mut statement = connection.prepare(&sql).map_err(|e| self.sqlite(e))?;
        let mut rows = statement.query([]).map_err(|e| self.sqlite(e))?;
        while let Some(row) = rows.next().map_err(|e| self.sqlite(e))? {
            let mut found = Vec::with_capacity(table.keys.len());
            for column in 0..table.keys.len() {
                found.push(match row.get_ref(column).map_err(|e| self.sqlite(e))? {
                    rusqlite::types::ValueRef::Integer(number) => Key::Number(number),
                    other => Key::of(other.as_str().map_err(|_| self.bad_row(table, &found))?),
                });
            }
            let content = row.get_ref(table.keys.len()).map_err(|e| self.sqlite(e))?;
            let content = content.as_bytes().map_err(|_| self.bad_row(table, &found))?;
            let hash: Hash = row.get(table.keys.len() + 1).map_err(|_| self.bad_row(table, &found))?;
            if rows::hash(table, &found, content) != hash {
                return Err(self.bad_row(table, &found));
            }
            rows::toggle(&mut self.digest, &hash);
            take(self, &found, content)?;
        }
        Ok(())
    }

    fn bad_row(&self, table: &Table, keys: &[Key]) -> StoreError {
        let name = keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ");
        self.damaged(format!("{} {name} is not what was saved", table.name))
    }

    fn json<T: DeserializeOwned>(&self, table: &Table, keys: &[Key], json: &[u8]) -> Result<T, StoreError> {
        serde_json::from_slice(json).map_err(|error| {
            let name = keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ");
            self.damaged(format!("{} {name} does not read: {error}", table.name))
        })
    }

    /// Reads rows of JSON; `take` says whether the thing's own id is that of the row.
    fn json_rows<T: DeserializeOwned>(
        &mut self,
        table: &Table,
        mut take: impl FnMut(&[Key], T) -> bool,
    ) -> Result<(), StoreError> {
        self.rows(table, |reader, keys, json| {
            let thing = reader.json(table, keys, json)?;
            if take(keys, thing) { Ok(()) } else { Err(reader.bad_row(table, keys)) }
        })
    }

    fn head(&mut self) -> Result<(Head, Hash), StoreError> {
        let digest = self.digest;
        let mut found = None;
        self.rows(&rows::PROJECT, |reader, keys, json| {
            let head: Head = reader.json(&rows::PROJECT, keys, json)?;
            found = Some((head, rows::hash(&rows::PROJECT, keys, json)));
            Ok(())
        })?;
        self.digest = digest;
        found.ok_or_else(|| self.damaged("the project's name and settings are missing"))
    }

    fn catalogue(&mut self, project: &mut Project) -> Result<(), StoreError> {
        self.json_rows(&rows::ITEM, |keys, item: Item| {
            let same = keys == [Key::of(item.id())];
            same && project.apply(Edit::PutItem(item)).is_ok()
        })
    }

    fn maps(&mut self, project: &mut Project) -> Result<(), StoreError> {
        let mut maps = std::collections::BTreeMap::new();
        self.rows(&rows::MAP, |reader, keys, json| {
            let head: MapHead = reader.json(&rows::MAP, keys, json)?;
            let id: MapId = reader.id(&rows::MAP, keys, 0)?;
            maps.insert(id, Map { rules: head.rules, ..Map::new(id, head.name) });
            Ok(())
        })?;
        let lost = |reader: &Self, table: &Table, keys: &[Key]| reader.bad_row(table, keys);
        self.rows(&rows::ELEMENT, |reader, keys, json| {
            let element: Element = reader.json(&rows::ELEMENT, keys, json)?;
            let map = maps.get_mut(&reader.id(&rows::ELEMENT, keys, 0)?);
            let (Some(map), true) = (map, keys.get(1) == Some(&Key::of(element.id))) else {
                return Err(lost(reader, &rows::ELEMENT, keys));
            };
            map.elements.insert(element.id, element);
            Ok(())
        })?;
        self.rows(&rows::LINE, |reader, keys, target| {
            let map = maps.get_mut(&reader.id(&rows::LINE, keys, 0)?);
            let map = map.ok_or_else(|| lost(reader, &rows::LINE, keys))?;
            let from: ElementId = reader.id(&rows::LINE, keys, 1)?;
            let port: Port = reader.id(&rows::LINE, keys, 2)?;
            let to = std::str::from_utf8(target).ok().and_then(|to| to.parse().ok());
            map.lines.insert((from, port), to.ok_or_else(|| lost(reader, &rows::LINE, keys))?);
            Ok(())
        })?;
        self.rows(&rows::NOTE, |reader, keys, json| {
            let note: Note = reader.json(&rows::NOTE, keys, json)?;
            let map = maps.get_mut(&reader.id(&rows::NOTE, keys, 0)?);
            let (Some(map), true) = (map, keys.get(1) == Some(&Key::of(note.id))) else {
                return Err(lost(reader, &rows::NOTE, keys));
            };
            map.notes.insert(note.id, note);
            Ok(())
        })?;
        self.rows(&rows::SEQUENCE, |reader, keys, json| {
            let sequence: Sequence = reader.json(&rows::SEQUENCE, keys, json)?;
            let map = maps.get_mut(&reader.id(&rows::SEQUENCE, keys, 0)?);
            let (Some(map), true) = (map, keys.get(1) == Some(&Key::of(sequence.id))) else {
                return Err(lost(reader, &rows::SEQUENCE, keys));
            };
            map.sequences.insert(sequence.id, sequence);
            Ok(())
        })?;
        project.maps = maps.into_iter().map(|(id, map)| (id, Arc::new(map))).collect();
        Ok(())
    }

    /// Published versions, whose rows are numbered by time.
    fn published(&mut self, project: &mut Project) -> Result<(), StoreError> {
        self.json_rows(&rows::PUBLISHED, |keys, version: Publication| {
            let id = version.map.id;
            let versions = project.published.entry(id).or_default();
            versions.push(version);
            keys == [Key::of(id), Key::Number(versions.len() as i64 - 1)]
        })
    }

    fn id<T: std::str::FromStr>(&self, table: &Table, keys: &[Key], column: usize) -> Result<T, StoreError> {
        let id = keys.get(column).and_then(|key| key.to_string().parse().ok());
        id.ok_or_else(|| self.bad_row(table, keys))
    }

    fn people(&mut self) -> Result<People, StoreError> {
        let mut contacts: Vec<Contact> = vec![];
        let mut events: Vec<(ContactIx, Event)> = vec![];
        let mut number = 0;
        self.rows(&rows::PEOPLE, |reader, keys, data| {
            if keys != [Key::Number(number)] || chunk::decode(data, &mut contacts, &mut events).is_none() {
                return Err(reader.bad_row(&rows::PEOPLE, keys));
            }
            number += 1;
            Ok(())
        })?;
        People::new(contacts, events).map_err(|twice| self.damaged(twice.to_string()))
    }
}
