//! Checkers of any log, independent of the engine: they know the maps and the log, nothing of how it came about.

use std::collections::BTreeMap;

use super::log::{Arrival, LogEntry, PositionNo, What};
use crate::base::id::{ElementId, MapId};
use crate::model::{ElementKind, Map, Project};

/// Where a position is, as the log tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Standing at an element, just arrived or copied.
    At(ElementId),
    /// Resting at an element.
    Resting(ElementId),
    /// Between elements, having left this one.
    OnItsWay(ElementId),
    /// Gone.
    Gone,
}

/// What a log of one contact breaks; empty: nothing. Checks that time never goes back, that every cause comes before its
/// effect, that positions move from element to element along existing ways without appearing or vanishing, and that
/// once-goals are achieved once.
pub fn faults(project: &Project, log: &[LogEntry]) -> Vec<String> {
    let versions: Vec<_> =
        project.maps.keys().flat_map(|map| project.versions(*map)).map(|version| version.map).collect();
    let mut faults = vec![];
    let mut places: BTreeMap<PositionNo, Place> = BTreeMap::new();
    let mut achieved: BTreeMap<ElementId, u32> = BTreeMap::new();
    for (number, line) in log.iter().enumerate() {
        let entry = &line.entry;
        let mut fault = |what: String| faults.push(format!("entry {number}: {what}"));
        if entry.seq as usize != number {
            fault(format!("its number is {}", entry.seq));
        }
        if entry.cause.is_some_and(|cause| cause >= entry.seq) {
            fault("its cause comes after it".into());
        }
        if number > 0 && log[number - 1].entry.at > entry.at {
            fault("time goes back".into());
        }
        let Some(element) = line.element else { continue };
        if matches!(entry.what, What::Activated) {
            *achieved.entry(element).or_default() += 1;
        }
        let Some(no) = entry.position else { continue };
        let before = places.get(&no).copied();
        let after = match (&entry.what, before) {
            (What::Arrived(Arrival::Event), None) => Place::At(element),
            // K-11: taken from one step and put at another
            (What::Arrived(Arrival::Publication), Some(Place::Gone)) => Place::At(element),
            (What::Arrived(Arrival::From(_)), Some(Place::OnItsWay(from))) => {
                if !versions.iter().any(|map| leads(map, from, element)) {
                    fault(format!("{from} does not lead to {element}"));
                }
                Place::At(element)
            }
            (What::Copied, None) => Place::At(element),
            (What::Rested(_), Some(Place::At(at) | Place::Resting(at))) if at == element => {
                Place::Resting(element)
            }
            (What::Left { port, .. }, Some(Place::At(at) | Place::Resting(at))) if at == element => {
                if *port == crate::model::Port::Off { Place::Gone } else { Place::OnItsWay(element) }
            }
            (What::Taken(_), Some(Place::Resting(at))) if at == element => Place::Gone,
            (What::Removed(_), Some(Place::At(at) | Place::Resting(at))) if at == element => Place::Gone,
            // what a sequence says of a position comes behind what it did, wherever it is by then
            (What::Sequence(..), Some(place)) => place,
            // a map that did not take it lets a position go on from where it rests (M-11); conditions are asked again
            (What::Nothing(_) | What::Decided(..), Some(Place::Resting(at))) if at == element => {
                Place::Resting(at)
            }
            // a timer at which it rests may turn out to be past, with no other behind it (K-10)
            (What::Dropped(_), Some(Place::At(at) | Place::Resting(at))) if at == element => Place::Gone,
            (
                What::Decided(..)
                | What::Drew(_)
                | What::Sent(_)
                | What::Suppressed(..)
                | What::Changed(_)
                | What::Chose(..)
                | What::Routed(_)
                | What::Did(..)
                | What::Skipped(_)
                | What::Nothing(_),
                Some(place @ Place::At(at)),
            ) if at == element => place,
            (what, before) => {
                fault(format!("position {no}, which is {before:?}, cannot have {} at {element}", what.tag()));
                continue;
            }
        };
        places.insert(no, after);
    }
    for (no, place) in places {
        if matches!(place, Place::At(_) | Place::OnItsWay(_)) {
            faults.push(format!("position {no} vanished: {place:?}"));
        }
    }
    for (element, times) in achieved {
        let mut said = versions.iter().filter_map(|map| map.element(element)?.kind.listener());
        if times > 1 && said.all(|listener| listener.once) {
            faults.push(format!("{element} was activated {times} times, but is once per contact"));
        }
    }
    faults
}

/// Whether one element leads to another in a version of their map.
fn leads(map: &Map, from: ElementId, to: ElementId) -> bool {
    let by_line = map.lines().any(|line| line.from == from && line.to == to);
    let kind = map.element(from).map(|element| &element.kind);
    by_line || kind.is_some_and(|kind| kind.goals().contains(&to) || *kind == ElementKind::GoTo(Some(to)))
}

/// Where a contact rests at the end of a log, and on which maps it is: one element for each live position.
pub fn resting(log: &[LogEntry]) -> BTreeMap<MapId, Vec<ElementId>> {
    let mut places: BTreeMap<PositionNo, (MapId, ElementId)> = BTreeMap::new();
    for line in log {
        let (Some(map), Some(element), Some(no)) = (line.map, line.element, line.entry.position) else {
            continue;
        };
        match line.entry.what {
            What::Rested(_) => {
                places.insert(no, (map, element));
            }
            What::Left { .. } | What::Taken(_) | What::Removed(_) | What::Dropped(_) => {
                places.remove(&no);
            }
            _ => {}
        }
    }
    let mut maps: BTreeMap<MapId, Vec<ElementId>> = BTreeMap::new();
    for (map, element) in places.into_values() {
        maps.entry(map).or_default().push(element);
    }
    maps
}
