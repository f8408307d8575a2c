//! The project as text, `*.ron`: for review, for version control, for writing by hand.
//!
//! One line for each thing and one for each event, always in the same order, so that a change is a small difference. Ids
//! are the same as everywhere. What a file by hand may leave out: `key`, `settings`, `next_number`, and whatever is empty.
//! A contact's creation event is left out where the contact's `created` says it.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::base::id::{Id, RunId, TestId};
use crate::base::time::Instant;
use crate::model::{
    Catalogue, Contact, ContactIx, Event, Happening, Map, People, Project, Publication, SavedRun, SavedTest,
    Settings,
};

/// The format that is written, and the newest that is read.
pub const FORMAT: u32 = 1;

/// Options without `Some(…)` and without doubled brackets: files are for people.
fn options() -> ron::Options {
    ron::Options::default()
        .with_default_extension(Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES)
        // Deeper than conditions can be nested in the project file, and far from the end of the stack.
        .with_recursion_limit(512)
}

// ---------------------------------------------------------------------------------------------------------------------
// Writing

/// Writes a project as text.
pub fn write(project: &Project, out: &mut dyn Write) -> io::Result<()> {
    let options = options();
    let mut page = Page { out, options: &options, indent: 1 };
    writeln!(page.out, "(")?;
    page.field("gateline", &FORMAT)?;
    page.field("key", &project.key)?;
    page.field("name", &project.name)?;
    page.field("settings", &project.settings)?;
    page.field("next_number", &project.next_number)?;
    page.catalogue(&project.catalogue)?;
    page.block("maps: [", "]", |page| {
        for map in project.maps.values() {
            page.block("(", ")", |page| page.map(map))?;
        }
        Ok(())
    })?;
    if !project.published.is_empty() {
        page.block("published: [", "]", |page| {
            for version in project.published.values().flatten() {
                page.block("(", ")", |page| page.publication(version))?;
            }
            Ok(())
        })?;
    }
    page.block("tests: [", "]", |page| {
        for test in project.tests.values() {
            page.block("(", ")", |page| page.test(test))?;
        }
        Ok(())
    })?;
    page.list("runs", project.runs.values())?;
    page.block("people: [", "]", |page| page.people(&project.people))?;
    writeln!(page.out, ")")
}

struct Page<'a> {
    out: &'a mut dyn Write,
    options: &'a ron::Options,
    indent: usize,
}

impl Page<'_> {
    fn start(&mut self) -> io::Result<()> {
        write!(self.out, "{:1$}", "", self.indent * 4)
    }

    fn block(
        &mut self,
        open: &str,
        close: &str,
        inside: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.start()?;
        writeln!(self.out, "{open}")?;
        self.indent += 1;
        inside(self)?;
        self.indent -= 1;
        self.start()?;
        writeln!(self.out, "{close},")
    }

    /// One line with one thing.
    fn line(&mut self, head: &str, thing: &impl Serialize) -> io::Result<()> {
        let on_one_line = PrettyConfig::new().depth_limit(0);
        let text = self.options.to_string_pretty(thing, on_one_line).map_err(io::Error::other)?;
        self.start()?;
        writeln!(self.out, "{head}{text},")
    }

    fn field(&mut self, name: &str, thing: &impl Serialize) -> io::Result<()> {
        self.line(&format!("{name}: "), thing)
    }

    /// A list with a line for each thing; nothing at all where there is none.
    fn list<'t, T: Serialize + 't>(
        &mut self,
        name: &str,
        things: impl ExactSizeIterator<Item = T>,
    ) -> io::Result<()> {
        if things.len() == 0 {
            return Ok(());
        }
        self.block(&format!("{name}: ["), "]", |page| {
            for thing in things {
                page.line("", &thing)?;
            }
            Ok(())
        })
    }

    /// A line for each thing, below the name of its kind; serde knows the kinds, so none can be forgotten here.
    fn catalogue(&mut self, catalogue: &Catalogue) -> io::Result<()> {
        let things_on_one_line = PrettyConfig::new().depth_limit(2);
        let text = self.options.to_string_pretty(catalogue, things_on_one_line).map_err(io::Error::other)?;
        let start = format!("\n{:1$}", "", self.indent * 4);
        self.start()?;
        writeln!(self.out, "catalogue: {},", text.lines().collect::<Vec<_>>().join(&start))
    }

    fn map(&mut self, map: &Map) -> io::Result<()> {
        self.field("id", &map.id)?;
        self.field("name", &map.name)?;
        self.field("rules", &map.rules)?;
        self.list("elements", map.elements.values())?;
        self.list("lines", map.lines().collect::<Vec<_>>().into_iter())?;
        self.list("notes", map.notes.values())?;
        self.list("sequences", map.sequences.values())
    }

    fn publication(&mut self, version: &Publication) -> io::Result<()> {
        self.field("at", &version.at)?;
        self.field("place_matching", &version.place_matching)?;
        self.block("map: (", ")", |page| page.map(&version.map))
    }

    fn test(&mut self, test: &SavedTest) -> io::Result<()> {
        self.field("id", &test.id)?;
        self.field("name", &test.name)?;
        self.field("contact", &test.contact)?;
        self.list("events", test.events.iter())?;
        self.field("until", &test.until)?;
        self.list("expect", test.expect.iter())
    }

    fn people(&mut self, people: &People) -> io::Result<()> {
        for (ix, contact) in people.contacts() {
            self.line("", &RowOut::Contact(contact))?;
            let events = people.events(ix);
            let implied = implied_creation(contact, events);
            self.indent += 1;
            for (_, event) in events.iter().enumerate().filter(|(place, _)| Some(*place) != implied) {
                self.line("", &RowOut::At(event.at, &event.what))?;
            }
            self.indent -= 1;
        }
        Ok(())
    }
}

/// The place of the creation event that [`People::new`] makes by itself from the contact's record.
fn implied_creation(contact: &Contact, events: &[Event]) -> Option<usize> {
    let created = contact.created?;
    let mut creations = events.iter().filter(|event| event.what == Happening::Created);
    let first = events.iter().position(|event| event.at == created)?;
    let only = creations.next().is_some() && creations.next().is_none();
    (only && events.get(first)?.what == Happening::Created).then_some(first)
}

/// A row of `people` on its way out.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum RowOut<'a> {
    Contact(&'a Contact),
    At(Instant, &'a Happening),
}

// ---------------------------------------------------------------------------------------------------------------------
// Reading

/// A project from the bytes of a text file; `path` is for messages only.
pub fn parse(bytes: &[u8], path: &Path) -> Result<Project, StoreError> {
    let at = |line, column, what| StoreError::Text { path: path.to_owned(), line, column, what };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(StoreError::Empty { path: path.to_owned() });
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            if !good.contains(&b'(') {
                return Err(StoreError::Foreign { path: path.to_owned(), what: "some other file" });
            }
            let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
            let column = 1 + good.iter().rev().take_while(|byte| **byte != b'\n').count();
            return Err(at(line, column, "text in UTF-8 was expected".to_owned()));
        }
    };
    let options = options();
    match options.from_str::<Document>(text) {
        Ok(document) if document.gateline <= FORMAT => Ok(document.into_project(text)),
        Ok(document) => Err(newer(path, document.gateline)),
        Err(error) => Err(match options.from_str::<Header>(text) {
            Ok(Header { gateline: Some(found) }) if found > FORMAT => newer(path, found),
            Ok(Header { gateline: None }) | Err(_) if !text.contains("gateline") => {
                StoreError::Foreign { path: path.to_owned(), what: "some other text" }
            }
            _ => at(error.span.start.line, error.span.start.col, error.code.to_string()),
        }),
    }
}

fn newer(path: &Path, found: u32) -> StoreError {
    StoreError::Newer { path: path.to_owned(), found, known: FORMAT }
}

/// What every version of the format has.
#[derive(Deserialize)]
struct Header {
    #[serde(default)]
    gateline: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    /// The version of the format.
    gateline: u32,
    #[serde(default)]
    key: Option<String>,
    name: String,
    #[serde(default)]
    settings: Settings,
    #[serde(default = "one")]
    next_number: u32,
    #[serde(default)]
    catalogue: Catalogue,
    #[serde(default)]
    maps: ById<Sound>,
    /// By map, then by time.
    #[serde(default)]
    published: Vec<Published>,
    #[serde(default)]
    tests: ById<SavedTest>,
    #[serde(default)]
    runs: ById<SavedRun>,
    #[serde(default)]
    people: Rows,
}

fn one() -> u32 {
    1
}

impl Document {
    fn into_project(self, text: &str) -> Project {
        // A file by hand has no key of its own; its content is as good a name as any and the same every time.
        let key =
            self.key.unwrap_or_else(|| blake3::hash(text.as_bytes()).to_hex().chars().take(32).collect());
        let mut project = Project::new(key, self.name);
        project.settings = self.settings;
        project.next_number = self.next_number;
        project.catalogue = Arc::new(self.catalogue);
        project.maps = self.maps.0.into_iter().map(|(id, Sound(map))| (id, Arc::new(map))).collect();
        for Published { at, place_matching, map: Sound(map) } in self.published {
            let version = Publication { at, place_matching, map: Arc::new(map) };
            project.published.entry(version.map.id).or_default().push(version);
        }
        project.tests = self.tests.0;
        project.runs = self.runs.0;
        project.people = Arc::new(self.people.0);
        project.note_all_numbers();
        project
    }
}

/// A map that keeps the rules of structure; checked while reading, so that the message tells the place.
struct Sound(Map);

impl<'de> Deserialize<'de> for Sound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = Map::deserialize(deserializer)?;
        match map.fault() {
            Some(fault) => Err(D::Error::custom(format!("on {} \"{}\" {fault}", map.id, map.name))),
            None => Ok(Self(map)),
        }
    }
}

/// A published version.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Published {
    #[serde(default)]
    at: Option<Instant>,
    #[serde(default)]
    place_matching: bool,
    map: Sound,
}

/// A thing that says its own id.
trait Own {
    type Id: Id;
    fn id(&self) -> Self::Id;
}

impl Own for Sound {
    type Id = crate::base::id::MapId;
    fn id(&self) -> Self::Id {
        self.0.id
    }
}

impl Own for SavedTest {
    type Id = TestId;
    fn id(&self) -> TestId {
        self.id
    }
}

impl Own for SavedRun {
    type Id = RunId;
    fn id(&self) -> RunId {
        self.id
    }
}

/// A list of things, none twice.
struct ById<T: Own>(BTreeMap<T::Id, T>);

impl<T: Own> Default for ById<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'de, T: Own + Deserialize<'de>> Deserialize<'de> for ById<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T>(std::marker::PhantomData<T>);
        impl<'de, T: Own + Deserialize<'de>> Visitor<'de> for List<T> {
            type Value = ById<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<ById<T>, A::Error> {
                let mut things = BTreeMap::new();
                while let Some(thing) = list.next_element::<T>()? {
                    let id = thing.id();
                    if things.insert(id, thing).is_some() {
                        return Err(A::Error::custom(format!("{id} stands twice")));
                    }
                }
                Ok(ById(things))
            }
        }
        deserializer.deserialize_seq(List(std::marker::PhantomData))
    }
}

/// A row of `people` on its way in.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RowIn {
    Contact(Contact),
    At(Instant, Happening),
}

/// Contacts, each followed by its events.
#[derive(Default)]
struct Rows(People);

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Rows;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of contacts, each followed by its events")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Rows, A::Error> {
                let mut keys = HashSet::new();
                let (mut contacts, mut events) = (vec![], vec![]);
                while let Some(row) = list.next_element()? {
                    match row {
                        RowIn::Contact(contact) => {
                            if !keys.insert(contact.key.clone()) {
                                return Err(A::Error::custom(format!(
                                    "the contact \"{}\" stands twice",
                                    contact.key
                                )));
                            }
                            contacts.push(contact);
                        }
                        RowIn::At(at, what) => {
                            let Some(ix) = contacts.len().checked_sub(1) else {
                                return Err(A::Error::custom("an event stands before the first contact"));
                            };
                            let ix = u32::try_from(ix).map_err(A::Error::custom)?;
                            events.push((ContactIx(ix), Event { at, what }));
                        }
                    }
                }
                People::new(contacts, events).map(Rows).map_err(A::Error::custom)
            }
        }
        deserializer.deserialize_seq(List)
    }
}
