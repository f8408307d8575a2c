//! Contact flow: who is where, who was, and along which lines they went.

use crate::base::id::ElementId;
use crate::engine::{Plan, Totals};
use crate::model::{Kind, Map, Port};

/// Contact flow of one map at one instant, of all its versions that were run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flow {
    /// Its elements in reading order.
    pub elements: Vec<ElementFlow>,
    /// Its lines, those from waits to their goals and those of Go To included.
    pub lines: Vec<LineFlow>,
    /// Moves to goals and triggers without a line.
    pub jumps: Vec<JumpFlow>,
}

/// Contact flow of an element. Counts of contacts are distinct; the others count visits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementFlow {
    /// The element.
    pub id: ElementId,
    /// What it is.
    pub kind: Kind,
    /// Whether the draft still has it; a published version does (L-01).
    pub in_draft: bool,
    /// Distinct contacts that rest here.
    pub here_now: u32,
    /// Distinct contacts that came here and do not rest here.
    pub were_here: u32,
    /// Distinct contacts that ever came here: the two above together.
    pub visited: u32,
    /// Visits: arrivals.
    pub entered: u32,
    /// Visits: copies made here, at a fork.
    pub copied: u32,
    /// Visits: positions that rest here.
    pub resting: u32,
    /// Visits that left, by way out.
    pub left: Vec<(Port, u32)>,
    /// Visits moved away by a goal or trigger elsewhere on the map.
    pub taken: u32,
    /// Visits taken off the map: by an action, by hand, by a later version.
    pub removed: u32,
    /// Visits lost by a fault.
    pub dropped: u32,
    /// Triggers and goals: how often they were activated.
    pub activations: u32,
    /// Triggers and goals: distinct contacts that activated them.
    pub activators: u32,
}

/// Contact flow of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineFlow {
    /// Where it comes from.
    pub from: ElementId,
    /// Where it leaves.
    pub port: Port,
    /// Where it leads.
    pub to: ElementId,
    /// Distinct contacts that took it.
    pub contacts: u32,
    /// Distinct contacts that visited where it comes from, of whom the share is taken.
    pub of: u32,
}

/// Moves from an element to a goal or trigger without a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JumpFlow {
    /// Where they stood.
    pub from: ElementId,
    /// Where they went.
    pub to: ElementId,
    /// Distinct contacts.
    pub contacts: u32,
}

impl LineFlow {
    /// Share of the source's visitors that took the line, from 0 to 1; `None`: nobody was there (T-13).
    pub fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| f64::from(self.contacts) / f64::from(self.of))
    }
}

impl ElementFlow {
    /// what came in, and what became of it; the same numbers at every instant.
    pub fn balance(&self) -> (u64, u64) {
        let left: u64 = self.left.iter().map(|(_, visits)| u64::from(*visits)).sum();
        let came = u64::from(self.entered) + u64::from(self.copied);
        let stayed = [self.resting, self.taken, self.removed, self.dropped];
        (came, left + stayed.into_iter().map(u64::from).sum::<u64>())
    }
}

/// The flow of a map, whose draft this is, from the totals of a run at an instant.
pub fn flow(plan: &Plan, totals: &Totals, map: &Map) -> Flow {
    let mut flow = Flow::default();
    let id = |node| plan.node(node).element;
    for (node, place) in plan.nodes().filter(|(_, node)| node.map == map.id) {
        let outlets = || (0u8..).zip(plan.outlets(node));
        flow.elements.push(ElementFlow {
            id: place.element,
            kind: place.kind,
            in_draft: map.element(place.element).is_some(),
            here_now: totals.here(node),
            were_here: totals.were(node),
            visited: totals.visited(node),
            entered: totals.entered(node),
            copied: totals.copied(node),
            resting: totals.resting(node),
            left: left_by_port(outlets().map(|(way, outlet)| (outlet.port, totals.left(node, way)))),
            taken: totals.taken(node),
            removed: totals.removed(node),
            dropped: totals.dropped(node),
            activations: totals.activations(node),
            activators: totals.activators(node),
        });
        for (way, outlet) in outlets() {
            if let Some(to) = outlet.to {
                flow.lines.push(LineFlow {
                    from: id(node),
                    port: outlet.port,
                    to: id(to),
                    contacts: totals.took(node, way),
                    of: totals.visited(node),
                });
            }
        }
    }
    flow.jumps = totals
        .jumps()
        .filter(|(from, ..)| plan.node(*from).map == map.id)
        .map(|(from, to, contacts)| JumpFlow { from: id(from), to: id(to), contacts })
        .collect();
    flow
}

/// Sibling goals share the way out named `goal`; their visits are one number.
fn left_by_port(visits: impl Iterator<Item = (Port, u32)>) -> Vec<(Port, u32)> {
    let mut left: Vec<(Port, u32)> = vec![];
    for (port, count) in visits {
        match left.iter_mut().find(|(other, _)| *other == port) {
            Some((_, sum)) => *sum += count,
            None => left.push((port, count)),
        }
    }
    left
}
