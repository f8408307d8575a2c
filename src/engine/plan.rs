//! Maps compiled to dense tables: nodes in reading order, ways out, listeners by event type.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono_tz::Tz;

use super::kinds::Behaviour;
use super::limits::MAX_NODES;
use crate::base::id::{ElementId, MapId};
use crate::base::time::Zone;
use crate::model::event::EVENT_TYPES;
use crate::model::rules::PreviousWaits;
use crate::model::{ElementKind, EngineRules, EventType, Graph, Listener, Map, Port, Project, WaitZone, Who};

/// Place of an element in a plan: by map, then by reading order (M-13). Only good within its plan; logs that outlive it
/// carry ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIx(pub u32);

impl NodeIx {
    /// As an index.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One element.
#[derive(Debug)]
pub struct Node {
    /// Its map.
    pub map: MapId,
    /// Place of its map in the plan.
    pub map_ix: u32,
    /// Its id.
    pub element: ElementId,
    /// What it decides.
    pub behaviour: Behaviour,
    /// Its timers come before events of the same instant (M-13).
    pub timers_first: bool,
    outlets: Range<u32>,
}

/// A way out of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlet {
    /// Its name. The ways out of a node are its ports from the left, then its goals; a Go To has one named `go_to`, an
    /// Exit one named `off`.
    pub port: Port,
    /// Where it leads; `None`: an open end, or off the map.
    pub to: Option<NodeIx>,
}

/// A trigger or goal.
#[derive(Debug)]
pub struct ListenerPlan {
    /// Where it stands.
    pub node: NodeIx,
    /// Its map.
    pub map: MapId,
    /// Place of its map in the plan.
    pub map_ix: u32,
    /// Its settings.
    pub listener: Listener,
    /// Whether it is a goal.
    pub is_goal: bool,
    /// The wait of its group, and which of that wait's ways out leads here.
    pub wait: Option<(NodeIx, u8)>,
    /// From where it can be achieved, where the setting asks for more than the map (G-01).
    scope: NodeSet,
    /// Elements from which it can be reached going down, without Go To (`move_clears`).
    above: NodeSet,
}

/// One map of the plan.
#[derive(Debug)]
pub struct PlanMap {
    /// Its id.
    pub id: MapId,
    /// Its switches.
    pub rules: EngineRules,
    /// Its nodes.
    pub nodes: Range<u32>,
}

/// A set of nodes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct NodeSet {
    first: u32,
    bits: Vec<u64>,
}

impl NodeSet {
    fn new(nodes: &Range<u32>, members: impl Iterator<Item = NodeIx>) -> Self {
        let mut set = Self { first: nodes.start, bits: vec![0; (nodes.len()).div_ceil(64)] };
        for node in members {
            let place = node.index() - set.first as usize;
            set.bits[place / 64] |= 1 << (place % 64);
        }
        set
    }

    #[inline]
    fn has(&self, node: NodeIx) -> bool {
        node.0.checked_sub(self.first).is_some_and(|place| {
            self.bits.get(place as usize / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
        })
    }
}

/// Maps that cannot be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Too many elements.
    #[error("the maps have {0} elements; a run takes {MAX_NODES} at most")]
    TooLarge(usize),
}

/// All maps of a project, compiled.
#[derive(Debug)]
pub struct Plan {
    /// The account's time zone.
    pub zone: Zone,
    maps: Vec<PlanMap>,
    nodes: Vec<Node>,
    outlets: Vec<Outlet>,
    listeners: Vec<ListenerPlan>,
    /// For each event type, listeners by map; within a map triggers, then goals, in reading order (G-04).
    by_event: [Vec<u32>; EVENT_TYPES.len()],
    by_element: BTreeMap<ElementId, NodeIx>,
    /// Zones of contacts, where a wait reads them.
    zones: BTreeMap<&'static str, Zone>,
}

impl Plan {
    /// Compiles all maps of the project.
    pub fn new(project: &Project) -> Result<Self, PlanError> {
        let count = project.maps.values().map(|map| map.elements.len()).sum();
        if count > MAX_NODES {
            return Err(PlanError::TooLarge(count));
        }
        let mut plan = Self {
            zone: Zone::new(project.settings.account_zone),
            maps: vec![],
            nodes: Vec::with_capacity(count),
            outlets: vec![],
            listeners: vec![],
            by_event: Default::default(),
            by_element: BTreeMap::new(),
            zones: BTreeMap::new(),
        };
        for map in project.maps.values() {
            plan.add_map(map);
        }
        if project.maps.values().any(|map| reads_contact_zone(map)) {
            for zone in project.people.contacts().filter_map(|(_, contact)| contact.zone) {
                plan.zones.entry(zone.name()).or_insert_with(|| Zone::new(zone));
            }
        }
        Ok(plan)
    }

    fn add_map(&mut self, map: &Map) {
        let graph = Graph::of(map);
        let map_ix = self.maps.len() as u32;
        let first = self.nodes.len() as u32;
        let nodes = first..first + graph.order.len() as u32;
        for (id, ix) in graph.order.iter().zip(nodes.clone()) {
            self.by_element.insert(*id, NodeIx(ix));
        }
        for id in &graph.order {
            let element = &map.elements[id];
            let start = self.outlets.len() as u32;
            match element.kind {
                ElementKind::GoTo(target) => {
                    let to = target.and_then(|target| self.find(target));
                    self.outlets.push(Outlet { port: Port::GoTo, to });
                }
                ElementKind::Exit => self.outlets.push(Outlet { port: Port::Off, to: None }),
                _ => {
                    for outlet in graph.outlets(*id) {
                        let to = outlet.to.and_then(|to| self.find(to));
                        self.outlets.push(Outlet { port: outlet.port, to });
                    }
                }
            }
            self.nodes.push(Node {
                map: map.id,
                map_ix,
                element: *id,
                behaviour: Behaviour::of(&element.kind),
                timers_first: !map.rules.events_before_timers,
                outlets: start..self.outlets.len() as u32,
            });
        }
        for goals in [false, true] {
            for id in &graph.order {
                let kind = &map.elements[id].kind;
                if let Some(listener) =
                    kind.listener().filter(|_| matches!(kind, ElementKind::Goal(_)) == goals)
                {
                    self.add_listener(map, &graph, map_ix, &nodes, *id, listener, goals);
                }
            }
        }
        self.maps.push(PlanMap { id: map.id, rules: map.rules.clone(), nodes });
    }

    #[expect(clippy::too_many_arguments, reason = "one step of add_map, split off for its length")]
    fn add_listener(
        &mut self,
        map: &Map,
        graph: &Graph,
        map_ix: u32,
        nodes: &Range<u32>,
        id: ElementId,
        listener: &Listener,
        is_goal: bool,
    ) {
        let Some(node) = self.find(id) else { return };
        let wait = graph.wait_of(id);
        let set = |ids: &mut dyn Iterator<Item = ElementId>| {
            NodeSet::new(nodes, ids.filter_map(|id| self.find(id)))
        };
        let upstream = graph.upstream(id, map.rules.upstream_follows_go_to);
        let scope = match listener.who {
            Who::AnyContact | Who::OnMap => NodeSet::default(),
            Who::Upstream => set(&mut upstream.iter().copied()),
            Who::PreviousWaits => match map.rules.previous_waits {
                PreviousWaits::Attached => set(&mut wait.into_iter()),
                PreviousWaits::AllAbove => set(&mut upstream
                    .iter()
                    .copied()
                    .filter(|id| matches!(map.elements[id].kind, ElementKind::Wait(_)))),
            },
        };
        let above = set(&mut graph.upstream(id, false).into_iter());
        let wait = wait.and_then(|wait| self.find(wait)).and_then(|wait| {
            let outlet =
                self.outlets(wait).iter().position(|o| o.port == Port::Goal && o.to == Some(node))?;
            Some((wait, u8::try_from(outlet).ok()?))
        });
        self.by_event[listener.on.event_type() as usize].push(self.listeners.len() as u32);
        self.listeners.push(ListenerPlan {
            node,
            map: map.id,
            map_ix,
            listener: listener.clone(),
            is_goal,
            wait,
            scope,
            above,
        });
    }

    /// The node of an element.
    pub fn find(&self, element: ElementId) -> Option<NodeIx> {
        self.by_element.get(&element).copied()
    }

    /// A node of this plan.
    #[inline]
    pub fn node(&self, ix: NodeIx) -> &Node {
        &self.nodes[ix.index()]
    }

    /// All nodes.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeIx, &Node)> {
        self.nodes.iter().enumerate().map(|(ix, node)| (NodeIx(ix as u32), node))
    }

    /// The ways out of a node, from left to right.
    #[inline]
    pub fn outlets(&self, ix: NodeIx) -> &[Outlet] {
        let range = &self.nodes[ix.index()].outlets;
        &self.outlets[range.start as usize..range.end as usize]
    }

    /// The map at this place.
    #[inline]
    pub fn map(&self, map_ix: u32) -> &PlanMap {
        &self.maps[map_ix as usize]
    }

    /// All maps, in their order.
    pub fn maps(&self) -> &[PlanMap] {
        &self.maps
    }

    /// Numbers of the listeners for an event type, in the order in which they are tried.
    #[inline]
    pub(super) fn listening(&self, event_type: EventType) -> &[u32] {
        &self.by_event[event_type as usize]
    }

    /// A listener by its number.
    #[inline]
    pub(super) fn listener(&self, number: u32) -> &ListenerPlan {
        &self.listeners[number as usize]
    }

    /// How many listeners there are.
    pub(super) fn listener_count(&self) -> usize {
        self.listeners.len()
    }

    /// The zone of a contact's waits: its own where it has one, else the account's (W-02).
    #[inline]
    pub(super) fn zone_of(&self, own: Option<Tz>) -> &Zone {
        own.and_then(|tz| self.zones.get(tz.name())).unwrap_or(&self.zone)
    }
}

impl ListenerPlan {
    /// Whether a position at the node is where *who can achieve* asks for; the map is known to be the same.
    #[inline]
    pub(super) fn in_scope(&self, node: NodeIx) -> bool {
        match self.listener.who {
            Who::AnyContact | Who::OnMap => true,
            Who::Upstream | Who::PreviousWaits => self.scope.has(node),
        }
    }

    /// Whether the goal can be reached going down from the node.
    pub(super) fn is_below(&self, node: NodeIx) -> bool {
        self.above.has(node)
    }
}

fn reads_contact_zone(map: &Map) -> bool {
    map.elements
        .values()
        .any(|element| matches!(&element.kind, ElementKind::Wait(wait) if wait.zone == WaitZone::Contact))
}
