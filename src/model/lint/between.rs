//! What maps do to one another: how contacts whom one adds to another go through that, and come back.

use std::collections::{BTreeMap, BTreeSet};

use super::shape::Shape;
use super::{MapCheck, ZERO_TIME_LOOP};
use crate::base::id::MapId;
use crate::model::{Action, BranchPolicy, ElementKind, Port, Who};

/// How contacts come from map to map at one instant.
pub(super) struct Between {
    /// For each map those to which it may add, at the same instant, whoever is added to it.
    adds: BTreeMap<MapId, BTreeSet<MapId>>,
}

impl Between {
    /// Asks the shapes, and tells those that add to a map which lets go at once that this holds nobody (M-11).
    pub fn of(shapes: &mut BTreeMap<MapId, Shape>) -> Self {
        let mut passes = BTreeSet::new();
        // a map may lead to an Exit over another that was found to let go
        loop {
            let new = shapes.iter().filter(|(map, shape)| !passes.contains(*map) && lets_go(shape, &passes));
            let new: Vec<_> = new.map(|(map, _)| *map).collect();
            if new.is_empty() {
                break;
            }
            passes.extend(new);
        }
        for shape in shapes.values_mut() {
            for at in 0..shape.len() {
                shape.holds[at] &= adds_to(shape, at).is_none_or(|map| !passes.contains(&map));
            }
        }
        let added_on = |shape: &Shape| added_on(shape).into_iter().map(|(_, map)| map).collect();
        Self { adds: shapes.iter().map(|(map, shape)| (*map, added_on(shape))).collect() }
    }

    /// Whether whoever is added to one map may be added to the other at the same instant.
    fn leads_to(&self, from: MapId, to: MapId) -> bool {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(map) = open.pop() {
            for next in self.adds.get(&map).into_iter().flatten() {
                if *next == to {
                    return true;
                }
                if seen.insert(*next) {
                    open.push(*next);
                }
            }
        }
        false
    }
}

/// The map to which an element adds contacts.
fn adds_to(shape: &Shape, at: usize) -> Option<MapId> {
    match shape.elements[at].kind {
        ElementKind::Action(Action::AddToMap(map)) if !shape.is_passed_over(at) => map,
        _ => None,
    }
}

/// Whether contacts who are added to a map may be off it at once, or not be taken by it, the second time at the latest.
fn lets_go(shape: &Shape, passes: &BTreeSet<MapId>) -> bool {
    let Some(added) = shape.added() else { return true };
    let listener = shape.elements[added].kind.listener();
    let takes_all = listener.is_some_and(|listener| {
        listener.who == Who::AnyContact && !listener.once && listener.conditions.is_always()
    });
    if !takes_all {
        return true;
    }
    // from below, once more for each Go To that leads back up
    let mut goes = vec![false; shape.len()];
    let mut changed = true;
    while changed {
        changed = false;
        for at in shape.bottom_up() {
            let new = goes[at] || goes_off(shape, at, passes, &goes);
            changed |= new != goes[at];
            goes[at] = new;
        }
    }
    goes[added]
}

/// Whether contacts who come to an element may be off the map at the same instant.
fn goes_off(shape: &Shape, at: usize, passes: &BTreeSet<MapId>, goes: &[bool]) -> bool {
    let held = shape.holds[at] && adds_to(shape, at).is_none_or(|map| !passes.contains(&map));
    match &shape.elements[at].kind {
        ElementKind::Exit => true,
        _ if held => false,
        // both ways are taken
        ElementKind::Fork => shape.ways[at].len() == 2 && shape.at_once(at).all(|to| goes[to]),
        // as few ways as possible: those that take everyone, and with none of these none at all
        ElementKind::Branches(branches) if branches.policy == BranchPolicy::AllMatching => {
            let for_all = branches.branches.iter().enumerate().filter(|(_, branch)| branch.rule.is_always());
            let leads_off =
                |way| shape.ways[at].iter().any(|(port, to)| *port == Port::branch(way) && goes[*to]);
            for_all.map(|(way, _)| way).all(leads_off)
        }
        _ => shape.at_once(at).any(|to| goes[to]),
    }
}

/// Where whoever is added to a map, also while it is on it, may be added to others at the same instant.
fn added_on(shape: &Shape) -> Vec<(usize, MapId)> {
    let next = |at: usize| shape.at_once(at).filter(move |_| !shape.holds[at]);
    let reached = shape.spread(shape.comes_in_again(), next);
    let reached = (0..shape.len()).filter(|at| reached[*at]);
    reached.filter_map(|at| Some((at, adds_to(shape, at)?))).collect()
}

impl MapCheck<'_> {
    /// Circles over other maps in which no time passes (M-09): to be on a map keeps nobody from coming onto it again.
    pub(super) fn loops_over_maps(&mut self) {
        let own = self.map.id;
        for (at, other) in added_on(self.shape) {
            if other == own || !self.known.between.leads_to(other, own) {
                continue;
            }
            let other = self.project.map(other).map_or_else(|| other.to_string(), |map| map.name.clone());
            let sentence = format!(
                "{} adds contacts to “{other}”, which adds them to this map again with nothing in between that holds \
                 them, so they run in a circle without end",
                self.title(at)
            );
            self.add(ZERO_TIME_LOOP, [at], sentence);
        }
    }
}
