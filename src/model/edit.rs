//! The only way to change a project: small reversible edits, in groups that are one undo step each.
//!
//! Edits say what the new state of one thing is, so the inverse of an edit is the edit that puts the old state back.
//! Whatever the edits do, these hold (`Map::fault` is the whole list): lines join existing elements at existing ports,
//! never end at a trigger or goal, and never run in a circle; an attached goal hangs under one wait; a Go To leads to an
//! element of its map; every map has one *added to this map* trigger (M-03).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::catalogue::{Item, ItemId};
use super::element::{Element, ElementKind};
use super::map::{Map, Note, Port};
use super::people::People;
use super::project::{Project, Settings};
use super::rules::EngineRules;
use super::saved::{SavedRun, SavedTest};
use crate::base::id::{ElementId, Id, MapId, NoteId, RunId, TestId};

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
    /// Takes out an element that no line leads to or from and that hangs under no wait.
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
    /// Something still leads to or from an element that is to go.
    #[error("{0} is still connected")]
    StillConnected(ElementId),
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
        let added = self.elements.values().filter(|e| e.kind.is_added_to_automation()).count();
        if added != 1 {
            return Some(Fault::AddedTriggers(added));
        }
        self.circle()
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

    /// Whether `to` can be reached from `from` going down, or is the same element.
    pub fn leads_down_to(&self, from: ElementId, to: ElementId) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(element) = open.pop() {
            if element == to {
                return true;
            }
            if seen.insert(element) {
                open.extend(self.below(element));
            }
        }
        false
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

    fn put_element(&mut self, element: Element) -> Result<Option<Element>, Fault> {
        if let Some(fault) = self.element_fault(&element) {
            return Err(fault);
        }
        let ports = element.kind.ports();
        if let Some((&(from, port), _)) = self
            .lines
            .range((element.id, Port::Next)..=(element.id, Port::Off))
            .find(|((_, port), _)| !ports.contains(port))
        {
            return Err(Fault::NoPort(from, port));
        }
        for goal in element.kind.goals() {
            let free = self.wait_of(*goal).is_none_or(|wait| wait == element.id);
            let once = element.kind.goals().iter().filter(|other| *other == goal).count() == 1;
            if !free || !once {
                return Err(Fault::NotAGoal { wait: element.id, goal: *goal });
            }
            if self.leads_down_to(*goal, element.id) {
                return Err(Fault::Circle(*goal));
            }
        }
        if let Some(old) = self.element(element.id) {
            let was_goal = matches!(old.kind, ElementKind::Goal(_));
            let is_goal = matches!(element.kind, ElementKind::Goal(_));
            if was_goal && !is_goal && self.wait_of(element.id).is_some() {
                return Err(Fault::StillConnected(element.id));
            }
            if old.kind.takes_lines() && !element.kind.takes_lines() && self.is_entered(element.id) {
                return Err(Fault::StillConnected(element.id));
            }
            if old.kind.is_added_to_automation() != element.kind.is_added_to_automation() {
                return Err(Fault::AddedTriggers(if old.kind.is_added_to_automation() { 0 } else { 2 }));
            }
        } else if element.kind.is_added_to_automation() {
            return Err(Fault::AddedTriggers(2));
        }
        Ok(self.elements.insert(element.id, element))
    }

    /// Whether a line or Go To ends at the element.
    fn is_entered(&self, id: ElementId) -> bool {
        self.lines.values().any(|to| *to == id)
            || self.elements.values().any(|e| e.kind == ElementKind::GoTo(Some(id)))
    }

    fn remove_element(&mut self, id: ElementId) -> Result<Element, EditError> {
        let Some(element) = self.elements.get(&id) else {
            return Err(EditError::NoSuch { what: "element", id: id.to_string() });
        };
        if element.kind.is_added_to_automation() {
            return Err(Fault::AddedTriggers(0).into());
        }
        // A wait may still list goals: they stay behind unattached, as they were when it was put above them.
        let leaves = self.lines.range((id, Port::Next)..=(id, Port::Off)).next().is_some();
        if leaves || self.is_entered(id) || self.wait_of(id).is_some() {
            return Err(Fault::StillConnected(id).into());
        }
        self.elements.remove(&id).ok_or(EditError::NoSuch { what: "element", id: id.to_string() })
    }

    fn set_line(
        &mut self,
        from: ElementId,
        port: Port,
        to: Option<ElementId>,
    ) -> Result<Option<ElementId>, Fault> {
        let Some(to) = to else { return Ok(self.lines.remove(&(from, port))) };
        if let Some(fault) = self.line_fault(from, port, to) {
            return Err(fault);
        }
        if self.leads_down_to(to, from) {
            return Err(Fault::Circle(from));
        }
        Ok(self.lines.insert((from, port), to))
    }
}

impl Project {
    /// Makes one change and returns the edit that takes it back. On an error nothing is changed.
    pub fn apply(&mut self, edit: Edit) -> Result<Edit, EditError> {
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
                if let Some(fault) = map.fault() {
                    return Err(fault.into());
                }
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
                match self.map_mut(map)?.put_element(*element)? {
                    Some(old) => Edit::PutElement { map, element: Box::new(old) },
                    None => Edit::RemoveElement { map, element: id },
                }
            }
            Edit::RemoveElement { map, element } => {
                Edit::PutElement { map, element: Box::new(self.map_mut(map)?.remove_element(element)?) }
            }
            Edit::SetLine { map, from, port, to } => {
                Edit::SetLine { map, from, port, to: self.map_mut(map)?.set_line(from, port, to)? }
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
    /// is changed.
    pub fn apply_group(&mut self, group: EditGroup) -> Result<EditGroup, EditError> {
        let mut inverse = Vec::with_capacity(group.edits.len());
        for edit in group.edits {
            match self.apply(edit) {
                Ok(back) => inverse.push(back),
                Err(error) => {
                    for back in inverse.into_iter().rev() {
                        self.apply(back).expect("the inverse of an edit just made applies to what it made");
                    }
                    return Err(error);
                }
            }
        }
        inverse.reverse();
        Ok(EditGroup { label: group.label, edits: inverse })
    }

    fn map_mut(&mut self, id: MapId) -> Result<&mut Map, EditError> {
        self.maps.get_mut(&id).map(Arc::make_mut).ok_or(EditError::NoMap(id))
    }

    /// Numbers that an edit brings in are used up, whether it comes to pass or not.
    fn note_numbers(&mut self, edit: &Edit) {
        let number = match edit {
            Edit::PutItem(item) => item.id().number(),
            Edit::PutMap(map) => map.highest_number(),
            Edit::PutElement { element, .. } => element.id.number(),
            Edit::PutNote { note, .. } => note.id.number(),
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
            .chain(self.tests.keys().map(|id| id.number()))
            .chain(self.runs.keys().map(|id| id.number()))
            .max()
            .unwrap_or(0);
        self.next_number = self.next_number.max(highest.saturating_add(1));
    }
}

impl Map {
    fn highest_number(&self) -> u32 {
        let elements = self.elements.keys().map(|id| id.number());
        let notes = self.notes.keys().map(|id| id.number());
        elements.chain(notes).chain([self.id.number()]).max().unwrap_or(0)
    }
}
