//! Questions about the shape of a map, answered from one pass over it.

use std::collections::{BTreeMap, BTreeSet};

use super::element::ElementKind;
use super::map::{Line, Map, Port};
use crate::base::id::ElementId;

/// A way out of an element and where it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlet {
    /// Its name; [`Port::Goal`] for the line from a goal wait to an attached goal.
    pub port: Port,
    /// Where it leads; `None`: an open end.
    pub to: Option<ElementId>,
}

/// The shape of a map.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// All elements in reading order (M-13): depth first from the triggers, ways out from left to right.
    pub order: Vec<ElementId>,
    outlets: BTreeMap<ElementId, Vec<Outlet>>,
    incoming: BTreeMap<ElementId, Vec<Line>>,
    go_tos: BTreeMap<ElementId, Vec<ElementId>>,
}

impl Graph {
    /// The shape of this map.
    pub fn of(map: &Map) -> Self {
        let mut graph = Self::default();
        for element in map.elements.values() {
            // The path of least action is the leftmost way out of a goal wait (semantics §1).
            let ports = element.kind.ports();
            let lines = ports.into_iter().map(|port| Outlet { port, to: map.target(element.id, port) });
            let goals = element.kind.goals().iter().map(|goal| Outlet { port: Port::Goal, to: Some(*goal) });
            let outlets: Vec<_> = lines.chain(goals).collect();
            for outlet in &outlets {
                if let Some(to) = outlet.to {
                    let line = Line { from: element.id, port: outlet.port, to };
                    graph.incoming.entry(to).or_default().push(line);
                }
            }
            if let ElementKind::GoTo(Some(target)) = element.kind {
                graph.go_tos.entry(target).or_default().push(element.id);
            }
            graph.outlets.insert(element.id, outlets);
        }
        graph.order = graph.reading_order(map);
        graph
    }

    fn reading_order(&self, map: &Map) -> Vec<ElementId> {
        let is_trigger = |id: &&ElementId| matches!(map.elements[*id].kind, ElementKind::Trigger(_));
        let triggers = map.elements.keys().filter(is_trigger);
        let other_roots = map.elements.keys().filter(|id| !is_trigger(id) && self.incoming(**id).is_empty());
        let mut seen = BTreeSet::new();
        let mut order = Vec::with_capacity(map.elements.len());
        for root in triggers.chain(other_roots) {
            let mut open = vec![*root];
            while let Some(id) = open.pop() {
                if seen.insert(id) {
                    order.push(id);
                    open.extend(self.outlets(id).iter().rev().filter_map(|outlet| outlet.to));
                }
            }
        }
        order
    }

    /// Ways out from left to right, the path of least action before the attached goals.
    pub fn outlets(&self, id: ElementId) -> &[Outlet] {
        self.outlets.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Lines that lead to the element, those from a wait to its goals included.
    pub fn incoming(&self, id: ElementId) -> &[Line] {
        self.incoming.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Go To elements that lead to the element.
    pub fn go_tos(&self, id: ElementId) -> &[ElementId] {
        self.go_tos.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Whether a line or a Go To leads to the element.
    pub fn is_led_to(&self, id: ElementId) -> bool {
        !self.incoming(id).is_empty() || !self.go_tos(id).is_empty()
    }

    /// Elements from which this one can be reached going down by lines (G-01), itself not included unless a Go To leads
    /// back above it. With `follow_go_to`, a Go To counts as a line.
    pub fn upstream(&self, id: ElementId, follow_go_to: bool) -> BTreeSet<ElementId> {
        let mut above = BTreeSet::new();
        let mut open = vec![id];
        while let Some(element) = open.pop() {
            let lines = self.incoming(element).iter().map(|line| line.from);
            let go_tos = self.go_tos(element).iter().copied().filter(|_| follow_go_to);
            for from in lines.chain(go_tos) {
                if above.insert(from) {
                    open.push(from);
                }
            }
        }
        above
    }

    /// The goal wait above an attached goal.
    pub fn wait_of(&self, goal: ElementId) -> Option<ElementId> {
        self.incoming(goal).iter().find(|line| line.port == Port::Goal).map(|line| line.from)
    }
}
