//! Undo and redo.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::model::{
    Action, Condition, Edit, EditError, EditGroup, Element, ElementKind, Map, People, Project, Sequence,
};

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
    /// About what it holds in memory by itself.
    bytes: usize,
    /// What it holds together with other steps: whole maps, contacts and events.
    shared: Vec<Shared>,
}

/// Something that several steps may hold: where it lies and about how much that is.
#[derive(Debug, Clone, Copy)]
struct Shared {
    address: usize,
    bytes: usize,
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
        let shared = steps().flat_map(|step| &step.shared);
        let shared: BTreeMap<_, _> = shared.map(|shared| (shared.address, shared.bytes)).collect();
        steps().map(|step| step.bytes).sum::<usize>() + shared.into_values().sum::<usize>()
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
        let shared = group.edits.iter().flat_map(shared_of).collect();
        Self { group, bytes, shared }
    }

    fn label(&self) -> &str {
        &self.group.label
    }
}

impl Shared {
    fn new<T>(held: &Arc<T>, bytes: fn(&T) -> usize) -> Self {
        Self { address: Arc::as_ptr(held).addr(), bytes: bytes(held) }
    }
}

fn shared_of(edit: &Edit) -> Vec<Shared> {
    match edit {
        Edit::SetPeople(people) => vec![Shared::new(people, people_bytes)],
        Edit::PutMap(map) => vec![Shared::new(map, map_bytes)],
        Edit::SetPublished { versions, .. } => {
            versions.iter().map(|version| Shared::new(&version.map, map_bytes)).collect()
        }
        _ => vec![],
    }
}

/// About what an edit holds by itself. Rough on purpose: it only has to keep the sum within the right order of magnitude.
fn edit_bytes(edit: &Edit) -> usize {
    size_of::<Edit>()
        + match edit {
            Edit::PutElement { element, .. } => element_bytes(element),
            Edit::PutNote { note, .. } => note.text.len(),
            Edit::PutSequence { sequence, .. } => sequence_bytes(sequence),
            Edit::SetPublished { versions, .. } => size_of_val(&versions[..]),
            Edit::PutTest(test) => size_of_val(&**test) + size_of_val(&test.events[..]),
            Edit::PutRun(run) => size_of_val(&**run),
            Edit::SetName(name) => name.len(),
            // What several steps may hold is counted once for all; the rest lies in the edit itself.
            _ => 0,
        }
}

fn element_bytes(element: &Element) -> usize {
    let leaves = |condition: &Condition| condition.leaves().len() * size_of::<ElementKind>();
    let settings = match &element.kind {
        ElementKind::Trigger(listener) | ElementKind::Goal(listener) => leaves(&listener.conditions),
        ElementKind::Condition(condition) => leaves(condition),
        ElementKind::Branches(branches) => {
            branches.branches.iter().map(|branch| size_of_val(branch) + leaves(&branch.rule)).sum()
        }
        ElementKind::Action(Action::Note(text) | Action::Notify { text, .. }) => text.len(),
        _ => 0,
    };
    size_of::<Element>() + element.name.len() + settings
}

fn sequence_bytes(sequence: &Sequence) -> usize {
    size_of_val(sequence) + sequence.name.len() + size_of_val(&sequence.steps[..])
}

fn map_bytes(map: &Map) -> usize {
    let elements: usize = map.elements.values().map(element_bytes).sum();
    let lines = map.lines.len() * size_of::<crate::model::Line>();
    let notes: usize = map.notes.values().map(|note| size_of_val(note) + note.text.len()).sum();
    let sequences: usize = map.sequences.values().map(sequence_bytes).sum();
    size_of::<Map>() + elements + lines + notes + sequences
}

fn people_bytes(people: &People) -> usize {
    // A key, a few tags and fields for each contact.
    const EACH: usize = 128;
    people.len() * (size_of::<crate::model::Contact>() + EACH)
        + people.event_count() * size_of::<crate::model::Event>()
}
