//! The only way to change a project: small reversible edits, in groups that are one undo step each.
//!
//! Edits say what the new state of one thing is, so the inverse of an edit is the edit that puts the old state back.
//! Whatever the edits do, these hold (`Map::fault` is the whole list): lines join existing elements at existing ports,
//! never end at a trigger or goal, and never run in a circle; an attached goal hangs under one wait; a Go To leads to an
//! element of its map; every map has one *added to this map* trigger (M-03).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::catalogue::{Item, ItemId};
use super::element::{Element, ElementKind, IfOnMap, Listener};
use super::filter::EventFilter;
use super::map::{Map, Note, Port, Sequence};
use super::people::People;
use super::project::{Project, Publication, Settings};
use super::rules::EngineRules;
use super::saved::{SavedRun, SavedTest};
use crate::base::id::{ElementId, Id, MapId, NoteId, RunId, SequenceId, TestId};

/// The smallest reversible change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Renames the project.
    SetName(String),
    /// Replaces the project's settings.
    SetSettings(Settings),
    /// Adds or replaces a thing of the catalogue.
    PutItem(Item),
    /// Takes a thing out of the catalogue; what uses it keeps its id and is reported.
    RemoveItem(ItemId),
    /// Adds or replaces a map.
    PutMap(Arc<Map>),
    /// Takes a map out.
    RemoveMap(MapId),
    /// Renames a map and sets its switches.
    SetMapInfo {
        /// The map.
        map: MapId,
        /// Its name.
        name: String,
        /// Its switches.
        rules: EngineRules,
    },
    /// Adds or replaces an element.
    PutElement {
        /// The map.
        map: MapId,
        /// The element.
        element: Box<Element>,
    },
    /// Takes out an element; what leads to or from it goes before or after in the same group.
    RemoveElement {
        /// The map.
        map: MapId,
        /// The element.
        element: ElementId,
    },
    /// Draws, redirects or (with `None`) takes away a line.
    SetLine {
        /// The map.
        map: MapId,
        /// Where it comes from.
        from: ElementId,
        /// Where it leaves.
        port: Port,
        /// Where it leads.
        to: Option<ElementId>,
    },
    /// Adds or replaces a sticky note.
    PutNote {
        /// The map.
        map: MapId,
        /// The note.
        note: Note,
    },
    /// Takes out a sticky note.
    RemoveNote {
        /// The map.
        map: MapId,
        /// The note.
        note: NoteId,
    },
    /// Adds or replaces a sequence.
    PutSequence {
        /// The map.
        map: MapId,
        /// The sequence.
        sequence: Sequence,
    },
    /// Takes out a sequence; its steps stay.
    RemoveSequence {
        /// The map.
        map: MapId,
        /// The sequence.
        sequence: SequenceId,
    },
    /// Replaces the published versions of a map.
    SetPublished {
        /// The map.
        map: MapId,
        /// All of them, by time; none: it runs as it is drawn.
        versions: Vec<Publication>,
    },
    /// Replaces contacts and events.
    SetPeople(Arc<People>),
    /// Adds or replaces a test.
    PutTest(Box<SavedTest>),
    /// Takes out a test.
    RemoveTest(TestId),
    /// Adds or replaces a run.
    PutRun(Box<SavedRun>),
    /// Takes out a run.
    RemoveRun(RunId),
}

/// One undo step: all of its edits happen, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditGroup {
    /// What the user did, as it stands in "Undo …": `move 3 elements`.
    pub label: String,
    /// The edits, in order.
    pub edits: Vec<Edit>,
}

impl EditGroup {
    /// A group.
    pub fn new(label: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { label: label.into(), edits }
    }
}

/// An edit that would break the document; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The map is not there.
    #[error("there is no map {0}")]
    NoMap(MapId),
    /// A thing is not there.
    #[error("there is no {what} {id}")]
    NoSuch {
        /// What kind of thing.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// The map would break a rule of structure.
    #[error("{0}")]
    Fault(#[from] Fault),
}

/// A rule of structure that a map breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A line, group or Go To names an element that the map does not have.
    #[error("{by} refers to {missing}, which is not on the map")]
    Missing {
        /// Who refers.
        by: ElementId,
        /// To what.
        missing: ElementId,
    },
    /// A line leaves where the element has no way out.
    #[error("{0} has no way out called \"{1}\"")]
    NoPort(ElementId, Port),
    /// A line or Go To ends at a trigger or goal (M-09).
    #[error("{0} cannot lead to {1}: only events bring contacts to triggers and goals")]
    NoEntry(ElementId, ElementId),
    /// Lines run in a circle; only Go To leads upwards.
    #[error("lines run in a circle through {0}; use a Go To to lead upwards")]
    Circle(ElementId),
    /// A wait lists something that is no goal, or a goal hangs under two waits.
    #[error("{goal} is no goal that is free to hang under {wait}")]
    NotAGoal {
        /// The wait.
        wait: ElementId,
        /// What it lists.
        goal: ElementId,
    },
    /// Not exactly one *added to this map* trigger (M-03).
    #[error("a map has exactly one \"added to this map\" trigger, not {0}")]
    AddedTriggers(usize),
    /// A purchase goal of Keap that does anything but move (K-05).
    #[error("{0} is a purchase goal of Keap, which always moves the contact")]
    KeapMoves(ElementId),
    /// The steps of a sequence are not a run of waits and actions, or one is a step of two.
    #[error(
        "{0} cannot be a step there: the steps of a sequence are waits and actions that follow one another"
    )]
    NotAStep(ElementId),
    /// An element is stored under another id than its own.
    #[error("{0} is stored under another id")]
    WrongId(ElementId),
}

impl Map {
    /// The first rule of structure that the map breaks; `None`: it is sound.
    pub fn fault(&self) -> Option<Fault> {
        let mut attached = BTreeSet::new();
        for (id, element) in &self.elements {
            if *id != element.id {
                return Some(Fault::WrongId(*id));
            }
            let fault = self.element_fault(element);
            if fault.is_some() {
                return fault;
            }
            for goal in element.kind.goals() {
                if !attached.insert(*goal) {
                    return Some(Fault::NotAGoal { wait: *id, goal: *goal });
                }
            }
        }
        for line in self.lines() {
            let fault = self.line_fault(line.from, line.port, line.to);
            if fault.is_some() {
                return fault;
            }
        }
        let mut steps = BTreeSet::new();
        for sequence in self.sequences.values() {
            if let Some(step) = self.first_wrong_step(sequence).or(sequence
                .steps
                .iter()
                .find(|step| !steps.insert(**step))
                .copied())
            {
                return Some(Fault::NotAStep(step));
            }
        }
        let added = self.elements.values().filter(|e| e.kind.is_added_to_automation()).count();
        if added != 1 {
            return Some(Fault::AddedTriggers(added));
        }
        self.circle()
    }

    /// The first step of a sequence that is none: not there, of a wrong kind, or not right below the one before it.
    pub fn first_wrong_step(&self, sequence: &Sequence) -> Option<ElementId> {
        let mut above = None;
        sequence.steps.iter().copied().find(|step| {
            let is_step = self.element(*step).is_some_and(|element| element.kind.is_step());
            let follows = above.is_none_or(|above| self.target(above, Port::Next) == Some(*step));
            above = Some(*step);
            !(is_step && follows)
        })
    }

    /// What an element refers to is there and of the right kind.
    fn element_fault(&self, element: &Element) -> Option<Fault> {
        let by = element.id;
        for goal in element.kind.goals() {
            match self.element(*goal) {
                None => return Some(Fault::Missing { by, missing: *goal }),
                Some(Element { kind: ElementKind::Goal(_), .. }) => {}
                Some(_) => return Some(Fault::NotAGoal { wait: by, goal: *goal }),
            }
        }
        if let ElementKind::Goal(Listener { on: EventFilter::KeapPurchase(_), if_on_map, .. }) = &element.kind
            && *if_on_map != IfOnMap::Move
        {
            return Some(Fault::KeapMoves(by));
        }
        if let ElementKind::GoTo(Some(target)) = element.kind {
            match self.element(target) {
                None => return Some(Fault::Missing { by, missing: target }),
                Some(to) if !to.kind.takes_lines() => return Some(Fault::NoEntry(by, target)),
                Some(_) => {}
            }
        }
        None
    }

    /// The ends of a line are there and fit.
    fn line_fault(&self, from: ElementId, port: Port, to: ElementId) -> Option<Fault> {
        let Some(source) = self.element(from) else { return Some(Fault::Missing { by: to, missing: from }) };
        if !source.kind.ports().contains(&port) {
            return Some(Fault::NoPort(from, port));
        }
        match self.element(to) {
            None => Some(Fault::Missing { by: from, missing: to }),
            Some(target) if !target.kind.takes_lines() => Some(Fault::NoEntry(from, to)),
            Some(_) => None,
        }
    }

    /// Where an element leads without Go To: along lines and from a goal wait to its goals.
    fn below(&self, from: ElementId) -> impl Iterator<Item = ElementId> + '_ {
        let lines = self.lines.range((from, Port::Next)..=(from, Port::Off)).map(|(_, to)| *to);
        let goals = self.element(from).map_or(&[][..], |element| element.kind.goals());
        lines.chain(goals.iter().copied())
    }

    /// An element on a circle of lines, if there is any: what remains when elements without anything above are taken
    /// away again and again.
    fn circle(&self) -> Option<Fault> {
        let mut above: BTreeMap<ElementId, usize> = self.elements.keys().map(|id| (*id, 0)).collect();
        for id in self.elements.keys() {
            for to in self.below(*id) {
                *above.entry(to).or_default() += 1;
            }
        }
        let mut open: Vec<_> = above.iter().filter(|(_, count)| **count == 0).map(|(id, _)| *id).collect();
        while let Some(element) = open.pop() {
            above.remove(&element);
            for to in self.below(element) {
                if let Some(count) = above.get_mut(&to) {
                    *count -= 1;
                    if *count == 0 {
                        open.push(to);
                    }
                }
            }
        }
        above.keys().next().map(|id| Fault::Circle(*id))
    }
}

impl Project {
    /// Makes one change and returns the edit that takes it back. On an error nothing is changed.
    pub fn apply(&mut self, edit: Edit) -> Result<Edit, EditError> {
        let map = self.touched_map(&edit);
        let back = self.apply_unchecked(edit)?;
        match map.and_then(|map| self.map(map)?.fault()) {
            None => Ok(back),
            Some(fault) => {
                self.take_back(vec![back]);
                Err(fault.into())
            }
        }
    }

    /// Makes one change of several and leaves the rules of structure to whoever asks [`Map::fault`] when all are made:
    /// that takes one pass over the map, not one for each edit.
    pub fn apply_unchecked(&mut self, edit: Edit) -> Result<Edit, EditError> {
        self.note_numbers(&edit);
        Ok(match edit {
            Edit::SetName(name) => Edit::SetName(std::mem::replace(&mut self.name, name)),
            Edit::SetSettings(settings) => Edit::SetSettings(std::mem::replace(&mut self.settings, settings)),
            Edit::PutItem(item) => {
                let id = item.id();
                match Arc::make_mut(&mut self.catalogue).put(item) {
                    Some(old) => Edit::PutItem(old),
                    None => Edit::RemoveItem(id),
                }
            }
            Edit::RemoveItem(id) => match Arc::make_mut(&mut self.catalogue).remove(id) {
                Some(old) => Edit::PutItem(old),
                None => return Err(EditError::NoSuch { what: id.word(), id: id.to_string() }),
            },
            Edit::PutMap(map) => {
                let id = map.id;
                match self.maps.insert(id, map) {
                    Some(old) => Edit::PutMap(old),
                    None => Edit::RemoveMap(id),
                }
            }
            Edit::RemoveMap(id) => Edit::PutMap(self.maps.remove(&id).ok_or(EditError::NoMap(id))?),
            Edit::SetMapInfo { map: id, name, rules } => {
                let map = self.map_mut(id)?;
                let name = std::mem::replace(&mut map.name, name);
                let rules = std::mem::replace(&mut map.rules, rules);
                Edit::SetMapInfo { map: id, name, rules }
            }
            Edit::PutElement { map, element } => {
                let id = element.id;
                match self.map_mut(map)?.elements.insert(id, *element) {
                    Some(old) => Edit::PutElement { map, element: Box::new(old) },
                    None => Edit::RemoveElement { map, element: id },
                }
            }
            Edit::RemoveElement { map, element } => match self.map_mut(map)?.elements.remove(&element) {
                Some(old) => Edit::PutElement { map, element: Box::new(old) },
                None => return Err(EditError::NoSuch { what: "element", id: element.to_string() }),
            },
            Edit::SetLine { map, from, port, to } => {
                let lines = &mut self.map_mut(map)?.lines;
                let old = match to {
                    Some(to) => lines.insert((from, port), to),
                    None => lines.remove(&(from, port)),
                };
                Edit::SetLine { map, from, port, to: old }
            }
            Edit::PutNote { map, note } => {
                let id = note.id;
                match self.map_mut(map)?.notes.insert(id, note) {
                    Some(note) => Edit::PutNote { map, note },
                    None => Edit::RemoveNote { map, note: id },
                }
            }
            Edit::RemoveNote { map, note } => match self.map_mut(map)?.notes.remove(&note) {
                Some(note) => Edit::PutNote { map, note },
                None => return Err(EditError::NoSuch { what: "note", id: note.to_string() }),
            },
            Edit::PutSequence { map, sequence } => {
                let id = sequence.id;
                match self.map_mut(map)?.sequences.insert(id, sequence) {
                    Some(sequence) => Edit::PutSequence { map, sequence },
                    None => Edit::RemoveSequence { map, sequence: id },
                }
            }
            Edit::RemoveSequence { map, sequence } => match self.map_mut(map)?.sequences.remove(&sequence) {
                Some(sequence) => Edit::PutSequence { map, sequence },
                None => return Err(EditError::NoSuch { what: "sequence", id: sequence.to_string() }),
            },
            Edit::SetPublished { map, versions } => {
                if let Some(other) = versions.iter().find(|version| version.map.id != map) {
                    return Err(EditError::NoSuch {
                        what: "version of this map",
                        id: other.map.id.to_string(),
                    });
                }
                let old = match versions.is_empty() {
                    true => self.published.remove(&map),
                    false => self.published.insert(map, versions),
                };
                Edit::SetPublished { map, versions: old.unwrap_or_default() }
            }
            Edit::SetPeople(people) => Edit::SetPeople(std::mem::replace(&mut self.people, people)),
            Edit::PutTest(test) => {
                let id = test.id;
                match self.tests.insert(id, *test) {
                    Some(old) => Edit::PutTest(Box::new(old)),
                    None => Edit::RemoveTest(id),
                }
            }
            Edit::RemoveTest(id) => match self.tests.remove(&id) {
                Some(old) => Edit::PutTest(Box::new(old)),
                None => return Err(EditError::NoSuch { what: "test", id: id.to_string() }),
            },
            Edit::PutRun(run) => {
                let id = run.id;
                match self.runs.insert(id, *run) {
                    Some(old) => Edit::PutRun(Box::new(old)),
                    None => Edit::RemoveRun(id),
                }
            }
            Edit::RemoveRun(id) => match self.runs.remove(&id) {
                Some(old) => Edit::PutRun(Box::new(old)),
                None => return Err(EditError::NoSuch { what: "run", id: id.to_string() }),
            },
        })
    }

    /// Makes all changes of a group and returns the group that takes them back, with the same label. On an error nothing
    /// is changed. In between the edits a map may break the rules of structure, at the end it must not.
    pub fn apply_group(&mut self, group: EditGroup) -> Result<EditGroup, EditError> {
        let mut maps = BTreeSet::new();
        let mut inverse = Vec::with_capacity(group.edits.len());
        for edit in group.edits {
            maps.extend(self.touched_map(&edit));
            match self.apply_unchecked(edit) {
                Ok(back) => inverse.push(back),
                Err(error) => {
                    self.take_back(inverse);
                    return Err(error);
                }
            }
        }
        if let Some(fault) = maps.into_iter().find_map(|map| self.map(map)?.fault()) {
            self.take_back(inverse);
            return Err(fault.into());
        }
        inverse.reverse();
        Ok(EditGroup { label: group.label, edits: inverse })
    }

    /// The map that an edit could break a rule of structure of; to be asked before the edit is made. Elements that are
    /// moved or renamed and lines taken away break none, which keeps these quick on large maps.
    pub fn touched_map(&self, edit: &Edit) -> Option<MapId> {
        match edit {
            Edit::PutMap(map) => Some(map.id),
            Edit::PutElement { map: id, element } => {
                let old = self.map(*id).and_then(|map| map.element(element.id));
                (old.map(|old| &old.kind) != Some(&element.kind)).then_some(*id)
            }
            Edit::RemoveElement { map, .. }
            | Edit::SetLine { map, to: Some(_), .. }
            | Edit::PutSequence { map, .. } => Some(*map),
            // a line taken away breaks nothing but the run of a sequence's steps
            Edit::SetLine { map, from, to: None, .. } => {
                self.map(*map).and_then(|map| map.sequence_of(*from)).map(|_| *map)
            }
            _ => None,
        }
    }

    /// Undoes edits just made, the last first.
    fn take_back(&mut self, inverse: Vec<Edit>) {
        for back in inverse.into_iter().rev() {
            self.apply_unchecked(back).expect("the inverse of an edit just made applies to what it made");
        }
    }

    fn map_mut(&mut self, id: MapId) -> Result<&mut Map, EditError> {
        self.maps.get_mut(&id).map(Arc::make_mut).ok_or(EditError::NoMap(id))
    }

    /// Numbers that an edit brings in are used up, whether it comes to pass or not.
    fn note_numbers(&mut self, edit: &Edit) {
        let number = match edit {
            Edit::SetSettings(settings) => settings.highest_number(),
            Edit::PutItem(item) => item.id().number(),
            Edit::PutMap(map) => map.highest_number(),
            Edit::PutElement { element, .. } => element.id.number(),
            Edit::PutNote { note, .. } => note.id.number(),
            Edit::PutSequence { sequence, .. } => sequence.id.number(),
            Edit::SetPublished { versions, .. } => {
                versions.iter().map(|version| version.map.highest_number()).max().unwrap_or(0)
            }
            Edit::PutTest(test) => test.id.number(),
            Edit::PutRun(run) => run.id.number(),
            _ => return,
        };
        self.next_number = self.next_number.max(number.saturating_add(1));
    }

    /// Raises [`Project::next_number`] above every id in use; for documents written by hand.
    pub fn note_all_numbers(&mut self) {
        let highest = (self.catalogue.items().map(|item| item.id().number()))
            .chain(self.maps.values().map(|map| map.highest_number()))
            .chain(self.published.values().flatten().map(|version| version.map.highest_number()))
            .chain(self.tests.keys().map(|id| id.number()))
            .chain(self.runs.keys().map(|id| id.number()))
            .chain([self.settings.highest_number()])
            .max()
            .unwrap_or(0);
        self.next_number = self.next_number.max(highest.saturating_add(1));
    }
}

impl Settings {
    fn highest_number(&self) -> u32 {
        self.order_goals.iter().map(|goal| goal.id.number()).max().unwrap_or(0)
    }
}

impl Map {
    fn highest_number(&self) -> u32 {
        let elements = self.elements.keys().map(|id| id.number());
        let notes = self.notes.keys().map(|id| id.number());
        let sequences = self.sequences.keys().map(|id| id.number());
        elements.chain(notes).chain(sequences).chain([self.id.number()]).max().unwrap_or(0)
    }
}
