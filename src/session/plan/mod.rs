//! From what a user means to the edits that do it. Every plan works on a scratch copy of the project, edit by edit, so
//! each step sees what those before it did, and what the document cannot hold is found before anything is changed.

mod account;
mod change;
pub(super) mod clip;
mod delete;
mod insert;
mod publish;
mod sequence;
mod settings;
mod uses;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::base::id::{ElementId, Id, MapId};
use crate::model::edit::Fault;
use crate::model::{Edit, EditError, EditGroup, Element, ElementKind, Map, Port, Project, words};

use super::command::{Command, Refusal};

pub(super) fn plan(project: &Project, command: Command) -> Result<EditGroup, Refusal> {
    let mut draft = Draft { project: project.clone(), edits: vec![], touched: BTreeSet::new() };
    let label = draft.carry_out(command)?;
    draft.mend()?;
    draft.check()?;
    Ok(EditGroup::new(label, draft.edits))
}

fn refused<T>(why: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal(why.into()))
}

/// A scratch copy of the project and the edits that made it what it is.
struct Draft {
    project: Project,
    edits: Vec<Edit>,
    /// Maps whose structure they changed.
    touched: BTreeSet<MapId>,
}

impl Draft {
    /// Does what a command means; returns the label of the undo step. What it leaves is checked when all is done.
    fn carry_out(&mut self, command: Command) -> Result<String, Refusal> {
        match command {
            Command::Insert { map, kind, spot } => insert::insert(self, map, kind, spot),
            Command::Set { map, element, kind } => change::set(self, map, element, kind),
            Command::Rename { map, element, name } => change::rename(self, map, element, &name),
            Command::SetDraft { map, element, draft } => change::set_draft(self, map, element, draft),
            Command::Move { map, places } => change::move_to(self, map, &places),
            Command::Tidy { map } => change::tidy(self, map),
            Command::Connect { map, from, port, to } => change::connect(self, map, from, port, to),
            Command::Disconnect { map, from, port } => change::disconnect(self, map, from, port),
            Command::Delete { map, elements } => delete::delete(self, map, &elements),
            Command::Duplicate { map, elements } => clip::duplicate(self, map, &elements),
            Command::Paste { map, text, at } => clip::paste(self, map, &text, at),
            Command::MakeSequence { map, name, steps } => sequence::make(self, map, &name, &steps),
            Command::SetSequence { map, sequence } => sequence::set(self, map, sequence),
            Command::DissolveSequence { map, sequence } => sequence::dissolve(self, map, sequence),
            Command::PutNote { map, note } => change::put_note(self, map, note),
            Command::DeleteNote { map, note } => change::delete_note(self, map, note),
            Command::NewMap { name, preset } => account::new_map(self, &name, preset),
            Command::RenameMap { map, name } => account::rename_map(self, map, &name),
            Command::SetRules { map, rules } => account::set_rules(self, map, rules),
            Command::DeleteMap(map) => account::delete_map(self, map),
            Command::Publish { map, at, place_matching } => publish::publish(self, map, at, place_matching),
            Command::Unpublish { map } => publish::unpublish(self, map),
            Command::RevertToPublished { map } => publish::revert(self, map),
            Command::RenameProject(name) => account::rename_project(self, &name),
            Command::SetSettings(settings) => account::set_settings(self, settings),
            Command::AddOrderGoal(goal) => account::add_order_goal(self, goal),
            Command::DeleteOrderGoal(goal) => account::delete_order_goal(self, goal),
            Command::PutItem(item) => account::put_item(self, item),
            Command::DeleteItem(item) => account::delete_item(self, item),
            Command::SetPeople { label, people } => {
                self.edit(Edit::SetPeople(people))?;
                Ok(label)
            }
            Command::PutTest(test) => account::put_test(self, test),
            Command::DeleteTest(test) => account::delete_test(self, test),
            Command::PutRun(run) => account::put_run(self, run),
            Command::DeleteRun(run) => account::delete_run(self, run),
            Command::Together(commands) => {
                let mut label = String::new();
                for command in commands {
                    label = self.carry_out(command)?;
                }
                Ok(label)
            }
        }
    }

    /// Puts sequences right where the run of their steps was changed.
    fn mend(&mut self) -> Result<(), Refusal> {
        self.touched.clone().into_iter().try_for_each(|map| sequence::mend(self, map))
    }

    /// Whether what was made of the maps is sound.
    fn check(&self) -> Result<(), Refusal> {
        match self.touched.iter().find_map(|map| self.project.map(*map)?.fault()) {
            Some(fault) => Err(self.refusal(&fault.into())),
            None => Ok(()),
        }
    }

    /// Makes an edit and keeps it, unless it changes nothing.
    fn edit(&mut self, edit: Edit) -> Result<(), Refusal> {
        self.touched.extend(self.project.touched_map(&edit));
        match self.project.apply_unchecked(edit.clone()) {
            Ok(back) if back == edit => Ok(()),
            Ok(_) => {
                self.edits.push(edit);
                Ok(())
            }
            Err(error) => Err(self.refusal(&error)),
        }
    }

    fn put(&mut self, map: MapId, element: Element) -> Result<(), Refusal> {
        self.edit(Edit::PutElement { map, element: Box::new(element) })
    }

    fn line(
        &mut self,
        map: MapId,
        from: ElementId,
        port: Port,
        to: Option<ElementId>,
    ) -> Result<(), Refusal> {
        self.edit(Edit::SetLine { map, from, port, to })
    }

    /// Gives an element other settings. Lines that leave where it has no way out any more go. The first of them becomes
    /// the line of its new first way out if that is new too: so `next` and `timeout` of a wait that gains or loses goals
    /// are one line. What cannot be marked draft is not any more.
    fn set_kind(&mut self, map: MapId, id: ElementId, kind: ElementKind) -> Result<(), Refusal> {
        let old = self.element(map, id)?.clone();
        let (before, after) = (old.kind.ports(), kind.ports());
        let mut orphan = None;
        for port in before.iter().copied().filter(|port| !after.contains(port)) {
            orphan = orphan.or(self.map(map)?.target(id, port));
            self.line(map, id, port, None)?;
        }
        let draft = old.draft && kind.can_be_draft();
        self.put(map, Element { kind, draft, ..old })?;
        match after.first() {
            Some(first) if orphan.is_some() && !before.contains(first) => self.line(map, id, *first, orphan),
            _ => Ok(()),
        }
    }

    /// An id that nothing has had before.
    fn fresh<T: Id>(&mut self) -> T {
        T::new(self.fresh_number())
    }

    /// The number of such an id.
    fn fresh_number(&mut self) -> u32 {
        let number = self.project.next_number;
        // Used up at once, so that the next call gives another one before this one's edit is made.
        self.project.next_number += 1;
        number
    }

    fn map(&self, id: MapId) -> Result<&Map, Refusal> {
        self.project.map(id).ok_or_else(|| Refusal(NO_MAP.into()))
    }

    /// The map as it is now, whatever becomes of it.
    fn map_now(&self, id: MapId) -> Result<Arc<Map>, Refusal> {
        self.project.maps.get(&id).cloned().ok_or_else(|| Refusal(NO_MAP.into()))
    }

    fn element(&self, map: MapId, id: ElementId) -> Result<&Element, Refusal> {
        let gone = || Refusal("The element is no longer on the map".into());
        self.map(map)?.element(id).ok_or_else(gone)
    }

    /// The title of an element, for sentences.
    fn title(&self, id: ElementId) -> String {
        let element = self.project.map_of(id).and_then(|map| map.element(id));
        element.map_or_else(|| id.to_string(), |element| words::title(&self.project, element))
    }

    /// Why the document cannot take an edit, in a user's words.
    fn refusal(&self, error: &EditError) -> Refusal {
        Refusal(match error {
            EditError::NoMap(_) => NO_MAP.into(),
            EditError::NoSuch { what, .. } => format!("The {what} is no longer there"),
            EditError::Fault(fault) => match fault {
                Fault::Missing { by, .. } => {
                    format!("“{}” would lead to an element that is not on the map", self.title(*by))
                }
                Fault::NoPort(from, _) => format!("“{}” has no such way out", self.title(*from)),
                Fault::NoEntry(_, to) => format!(
                    "Nothing can lead to “{}”: only events bring contacts to triggers and goals",
                    self.title(*to)
                ),
                Fault::Circle(_) => "Lines cannot lead in a circle: use a Go To to lead upwards".into(),
                Fault::NotAGoal { goal, .. } => {
                    format!("“{}” is no goal that is free to hang under another wait", self.title(*goal))
                }
                Fault::AddedTriggers(_) => ONE_ADDED_TRIGGER.into(),
                Fault::KeapMoves(goal) => {
                    format!("“{}” always moves the contact, as a Keap purchase does", self.title(*goal))
                }
                Fault::NotAStep(step) => {
                    format!("“{}” cannot be a step there: {}", self.title(*step), sequence::WHAT_STEPS_ARE)
                }
                Fault::WrongId(id) => format!("The element {id} is stored under another id"),
            },
        })
    }
}

const NO_MAP: &str = "The map is no longer there";

const ONE_ADDED_TRIGGER: &str = "Every map has exactly one trigger “Added to this map”";

/// Whether two names count as the same: names are unique without regard to upper and lower case.
fn same_name(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// A name without blanks around it, unless it is empty or another has it.
fn free_name<'a>(
    what: &str,
    name: &str,
    mut others: impl Iterator<Item = &'a str>,
) -> Result<String, Refusal> {
    let name = name.trim();
    let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    if name.is_empty() {
        return refused(format!("Give the {what} a name"));
    }
    match others.find(|other| same_name(other, name)) {
        Some(other) => refused(format!("There is already {article} {what} called “{other}”")),
        None => Ok(name.to_owned()),
    }
}

/// The name, or where another has it, the name with the first number that makes it free.
fn numbered_name<'a>(name: &str, others: impl Iterator<Item = &'a str>) -> String {
    let name = name.trim();
    let taken: BTreeSet<_> = others.map(str::to_lowercase).collect();
    let numbered = (2..).map(|number| format!("{name} {number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !taken.contains(&name.to_lowercase())).unwrap_or_else(|| name.to_owned())
}

/// `Wait` for one, `3 elements` for several.
fn what_moved<'a>(elements: impl ExactSizeIterator<Item = &'a Element>) -> String {
    let count = elements.len();
    match elements.last() {
        Some(only) if count == 1 => only.kind.kind().info().title.to_owned(),
        _ => format!("{count} elements"),
    }
}
