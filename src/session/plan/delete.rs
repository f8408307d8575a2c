//! Deleting elements so that what stays hangs together.

use std::collections::BTreeSet;

use crate::base::id::{ElementId, MapId};
use crate::model::{Edit, ElementKind, Graph, Map, Port, Until};
use crate::session::command::Refusal;

use super::{Draft, refused, what_moved};

/// Deletes elements. Lines and Go To elements that led to one are led to what comes next below it: the first way out,
/// from the left, that leads to something that stays. Other ways out leave what was below them standing unconnected.
pub(super) fn delete(
    draft: &mut Draft,
    map: MapId,
    elements: &BTreeSet<ElementId>,
) -> Result<String, Refusal> {
    let old = draft.map_now(map)?;
    let present: Vec<_> = elements.iter().filter_map(|id| old.element(*id)).collect();
    let asked: Vec<_> =
        present.iter().copied().filter(|element| !element.kind.is_added_to_automation()).collect();
    if asked.is_empty() && !elements.is_empty() {
        return refused(if present.is_empty() {
            "The elements are no longer on the map"
        } else {
            "The trigger “Added to this map” stays: every map has exactly one"
        });
    }
    let label = format!("delete {}", what_moved(asked.iter().copied()));
    let gone = with_groups(&old, asked.iter().map(|element| element.id).collect());
    let heal = Heal { graph: Graph::of(&old), old: &old, gone: &gone };

    for line in old.lines().filter(|line| !gone.contains(&line.from) && gone.contains(&line.to)) {
        draft.line(map, line.from, line.port, heal.next(line.to))?;
    }
    for element in old.elements.values() {
        let ElementKind::GoTo(Some(target)) = element.kind else { continue };
        if gone.contains(&target) {
            // One that would lead to itself leads nowhere.
            let next = heal.next(target).filter(|next| *next != element.id && !gone.contains(&element.id));
            draft.set_kind(map, element.id, ElementKind::GoTo(next))?;
        }
    }
    for line in old.lines().filter(|line| gone.contains(&line.from)) {
        draft.line(map, line.from, line.port, None)?;
    }
    for element in old.elements.values() {
        let ElementKind::Wait(wait) = &element.kind else { continue };
        let mut wait = wait.clone();
        wait.goals.retain(|goal| !gone.contains(goal));
        if wait.goals.len() == element.kind.goals().len() {
            continue;
        }
        let is_plain = wait.goals.is_empty() && !gone.contains(&element.id);
        draft.set_kind(map, element.id, ElementKind::Wait(wait))?;
        // A wait that stays without goals and had no path of least action goes on where its goals went on.
        if is_plain && draft.map(map)?.target(element.id, Port::Next).is_none() {
            draft.line(map, element.id, Port::Next, heal.next_of_any(element.kind.goals()))?;
        }
    }
    for element in &gone {
        draft.edit(Edit::RemoveElement { map, element: *element })?;
    }
    Ok(label)
}

/// A group is one thing: its wait takes its goals along, and the last goal takes along a wait that waits for nothing
/// else. A wait with a rule of time stays as a plain wait.
fn with_groups(map: &Map, mut gone: BTreeSet<ElementId>) -> BTreeSet<ElementId> {
    for element in map.elements.values() {
        let ElementKind::Wait(wait) = &element.kind else { continue };
        if gone.contains(&element.id) {
            gone.extend(&wait.goals);
        } else if !wait.goals.is_empty()
            && wait.until == Until::Goal
            && wait.goals.iter().all(|goal| gone.contains(goal))
        {
            gone.insert(element.id);
        }
    }
    gone
}

struct Heal<'a> {
    graph: Graph,
    old: &'a Map,
    gone: &'a BTreeSet<ElementId>,
}

impl Heal<'_> {
    /// What stays and comes first below this element, itself included: depth first, from the left, attached goals before
    /// the path of least action.
    fn next(&self, from: ElementId) -> Option<ElementId> {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(id) = open.pop() {
            if !self.gone.contains(&id) {
                return Some(id);
            }
            if seen.insert(id) {
                let goals = self.old.element(id).map_or(&[][..], |element| element.kind.goals());
                let lines = self.graph.outlets(id).iter().filter(|outlet| outlet.port != Port::Goal);
                let lines = lines.filter_map(|outlet| outlet.to).collect::<Vec<_>>();
                open.extend(lines.into_iter().rev());
                open.extend(goals.iter().rev());
            }
        }
        None
    }

    fn next_of_any(&self, goals: &[ElementId]) -> Option<ElementId> {
        goals.iter().find_map(|goal| self.next(*goal))
    }
}
