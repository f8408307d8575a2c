//! Undo and redo.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::model::{Edit, EditError, EditGroup, Element, ElementKind, Map, People, Project};

use super::command::{Command, Refusal, plan};

/// About how much memory past steps may hold, in bytes. Beyond it the oldest are forgotten.
pub const LIMIT_BYTES: usize = 256 << 20;

/// What was done to a project and can be taken back, and what was taken back and can be done again.
///
/// All of it holds only as long as nobody else changes the project.
#[derive(Debug)]
pub struct History {
    done: VecDeque<Step>,
    undone: Vec<Step>,
    limit: usize,
}

/// A group that takes a step back, or does it again.
#[derive(Debug)]
struct Step {
    group: EditGroup,
    /// About what it holds in memory, contacts and events apart.
    bytes: usize,
    /// Contacts and events that it holds. Several steps may share them.
    people: Vec<Arc<People>>,
}

/// Undo and redo, as a list for the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryEntry<'a> {
    /// What was done: `move 3 elements`.
    pub label: &'a str,
    /// It was taken back and can be done again.
    pub undone: bool,
}

impl Default for History {
    fn default() -> Self {
        Self::with_limit(LIMIT_BYTES)
    }
}

impl History {
    /// A history that holds about so many bytes. The latest step is always kept.
    pub fn with_limit(limit: usize) -> Self {
        Self { done: VecDeque::new(), undone: vec![], limit }
    }

    /// Does what a command means and returns the edits made, for whoever keeps a file in step. A group without edits
    /// changed nothing: it is not remembered, and what was taken back can still be done again.
    pub fn do_command(&mut self, project: &mut Project, command: Command) -> Result<EditGroup, Refusal> {
        let group = plan(project, command)?;
        self.do_group(project, group).map_err(|error| Refusal(error.to_string()))
    }

    /// Makes a group of edits that is planned already; otherwise the same as [`History::do_command`].
    pub fn do_group(&mut self, project: &mut Project, group: EditGroup) -> Result<EditGroup, EditError> {
        if !group.edits.is_empty() {
            let back = project.apply_group(group.clone())?;
            self.undone.clear();
            self.done.push_back(Step::new(back));
            self.forget_oldest();
        }
        Ok(group)
    }

    /// Takes the latest step back and returns the edits that did so; `None`: there is nothing to take back.
    pub fn undo(&mut self, project: &mut Project) -> Result<Option<EditGroup>, EditError> {
        let Some(step) = self.done.back() else { return Ok(None) };
        let made = step.group.clone();
        let again = project.apply_group(made.clone())?;
        self.done.pop_back();
        self.undone.push(Step::new(again));
        Ok(Some(made))
    }

    /// Does the step again that was taken back last and returns the edits that did so; `None`: there is none.
    pub fn redo(&mut self, project: &mut Project) -> Result<Option<EditGroup>, EditError> {
        let Some(step) = self.undone.last() else { return Ok(None) };
        let made = step.group.clone();
        let back = project.apply_group(made.clone())?;
        self.undone.pop();
        self.done.push_back(Step::new(back));
        Ok(Some(made))
    }

    /// The menu's words: `Undo move 3 elements`; `None`: there is nothing to take back.
    pub fn undo_label(&self) -> Option<String> {
        self.done.back().map(|step| format!("Undo {}", step.group.label))
    }

    /// The menu's words: `Redo move 3 elements`; `None`: there is nothing to do again.
    pub fn redo_label(&self) -> Option<String> {
        self.undone.last().map(|step| format!("Redo {}", step.group.label))
    }

    /// Every step, the oldest first; those taken back at the end.
    pub fn entries(&self) -> impl Iterator<Item = HistoryEntry<'_>> {
        let entry = |undone| move |step| HistoryEntry { label: Step::label(step), undone };
        self.done.iter().map(entry(false)).chain(self.undone.iter().rev().map(entry(true)))
    }

    /// About how much memory the steps hold, in bytes.
    pub fn bytes(&self) -> usize {
        let steps = || self.done.iter().chain(&self.undone);
        let tables: BTreeMap<_, _> =
            steps().flat_map(|step| &step.people).map(|people| (Arc::as_ptr(people), people)).collect();
        steps().map(|step| step.bytes).sum::<usize>()
            + tables.into_values().map(|people| people_bytes(people)).sum::<usize>()
    }

    fn forget_oldest(&mut self) {
        while self.done.len() > 1 && self.bytes() > self.limit {
            self.done.pop_front();
        }
    }
}

impl Step {
    fn new(group: EditGroup) -> Self {
        let bytes = size_of::<Self>() + group.label.len() + group.edits.iter().map(edit_bytes).sum::<usize>();
        let people = (group.edits.iter())
            .filter_map(|edit| if let Edit::SetPeople(people) = edit { Some(people.clone()) } else { None })
            .collect();
        Self { group, bytes, people }
    }

    fn label(&self) -> &str {
        &self.group.label
    }
}

/// About what an edit holds. Rough on purpose: it only has to keep the sum within the right order of magnitude.
fn edit_bytes(edit: &Edit) -> usize {
    size_of::<Edit>()
        + match edit {
            Edit::PutElement { element, .. } => element_bytes(element),
            Edit::PutMap(map) => map_bytes(map),
            Edit::PutNote { note, .. } => note.text.len(),
            Edit::PutTest(test) => size_of_val(&**test) + size_of_val(&test.events[..]),
            Edit::PutRun(run) => size_of_val(&**run),
            Edit::SetName(name) => name.len(),
            // Contacts and events are counted once for all steps that share them; the rest lies in the edit itself.
            _ => 0,
        }
}

fn element_bytes(element: &Element) -> usize {
    let settings = match &element.kind {
        ElementKind::Trigger(listener) | ElementKind::Goal(listener) => {
            listener.conditions.leaves().len() * size_of::<ElementKind>()
        }
        ElementKind::Condition(condition) => condition.leaves().len() * size_of::<ElementKind>(),
        _ => 0,
    };
    size_of::<Element>() + element.name.len() + settings
}

fn map_bytes(map: &Map) -> usize {
    let elements: usize = map.elements.values().map(element_bytes).sum();
    let lines = map.lines.len() * size_of::<crate::model::Line>();
    let notes: usize = map.notes.values().map(|note| size_of_val(note) + note.text.len()).sum();
    size_of::<Map>() + elements + lines + notes
}

fn people_bytes(people: &People) -> usize {
    // A key, a few tags and fields for each contact.
    const EACH: usize = 128;
    people.len() * (size_of::<crate::model::Contact>() + EACH)
        + people.event_count() * size_of::<crate::model::Event>()
}
