//! What the versions say that hold at one time: behaviours, where ways out lead, listeners by event.

use std::ops::Range;

use super::{NodeIx, Plan, SequenceIx, ways};
use crate::base::id::{ElementId, MapId};
use crate::base::time::Instant;
use crate::engine::kinds::Behaviour;
use crate::model::event::HAPPENINGS;
use crate::model::rules::{PreviousWaits, SplitDraw};
use crate::model::{
    Action, DateRule, ElementKind, EngineRules, EventFilter, Graph, HappeningKind, Kind, Listener, Map, Port,
    Publication, Sequence, Until, Who,
};

/// One element as a version has it.
#[derive(Debug)]
pub struct Node {
    /// What it is; `None`: the version has it not.
    pub kind: Option<Kind>,
    /// What it decides.
    pub behaviour: Behaviour,
    /// Steps of one contact at one instant before it is stopped (M-09).
    pub max_steps: u32,
    /// Its timers come before events of the same instant (M-13).
    pub timers_first: bool,
    /// Place of its map in the plan.
    pub map_ix: u32,
    /// Its place in the order of timers: by map, then reading order of the version.
    pub rank: u32,
    /// The sequence that it is a step of, and its place among the steps.
    pub step: Option<(SequenceIx, u16)>,
    ways: Range<u32>,
}

/// A way out of a node as a version has it.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// Its place among the outlets of the plan.
    pub outlet: u8,
    /// Its name.
    pub port: Port,
    /// Where it leads; `None`: an open end, or off the map.
    pub to: Option<NodeIx>,
}

/// A map as a version has it.
#[derive(Debug)]
pub struct MapPlan {
    /// Its switches.
    pub rules: EngineRules,
    /// This version begins with the edition: it is not the one that held before.
    pub is_new: bool,
    /// Contacts who already match what it brings are placed there (G-06).
    pub place_matching: bool,
}

/// A sequence as a version has it (K-06).
#[derive(Debug)]
pub struct SequencePlan {
    /// Its steps.
    pub steps: Vec<NodeIx>,
    /// A goal does not stop it.
    pub runs_until_completed: bool,
    /// The fields whose values on entry its timers read (K-10).
    pub reads_on_entry: Vec<crate::base::id::FieldId>,
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
    /// *Move here* clears only what is above (G-09, K-05).
    pub clears_above: bool,
    /// The wait of its group, and which of that wait's ways out leads here, among the outlets of the plan.
    pub wait: Option<(NodeIx, u8)>,
    /// The sequence whose step comes next behind it.
    pub starts: Option<SequenceIx>,
    /// From where it can be achieved, where the setting asks for more than the map (G-01).
    scope: NodeSet,
    /// Elements from which it can be reached going down, without Go To (`move_clears`).
    above: NodeSet,
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

/// The versions of all maps that hold from an instant on.
#[derive(Debug)]
pub struct Edition {
    /// From when.
    pub from: Instant,
    /// Maps by their place in the plan; `None`: not published yet.
    maps: Vec<Option<MapPlan>>,
    nodes: Vec<Node>,
    ways: Vec<Way>,
    sequences: Vec<Option<SequencePlan>>,
    listeners: Vec<ListenerPlan>,
    /// For each kind of happening, listeners by map; within a map triggers, then goals, in reading order (G-04).
    by_event: [Vec<u32>; HAPPENINGS.len()],
    /// The days that listeners wait for, in order.
    pub date_rules: Vec<DateRule>,
    /// Some wait is asked again when the record changes (W-05, *until conditions are met*).
    pub has_watchers: bool,
    /// What becomes of one contact depends on others.
    pub is_coupled: bool,
}

impl Edition {
    /// The versions of each map, by their place in the plan, that hold from `from` on.
    pub(super) fn new(plan: &Plan, versions: &[(MapId, Vec<Publication>)], from: Instant) -> Self {
        let absent = |place: &super::Place| Node {
            kind: None,
            behaviour: Behaviour::Absent,
            max_steps: 0,
            timers_first: false,
            map_ix: place.map_ix,
            rank: 0,
            step: None,
            ways: 0..0,
        };
        let mut edition = Self {
            from,
            maps: vec![],
            nodes: plan.places.iter().map(absent).collect(),
            ways: vec![],
            sequences: plan.sequences.iter().map(|_| None).collect(),
            listeners: vec![],
            by_event: std::array::from_fn(|_| vec![]),
            date_rules: vec![],
            has_watchers: false,
            is_coupled: false,
        };
        for (map_ix, (_, versions)) in versions.iter().enumerate() {
            let held = versions.iter().rfind(|version| version.at.unwrap_or(Instant::MIN) <= from);
            let Some(version) = held else {
                edition.maps.push(None);
                continue;
            };
            edition.maps.push(Some(MapPlan {
                rules: version.map.rules.clone(),
                is_new: version.at.unwrap_or(Instant::MIN) == from,
                place_matching: version.place_matching,
            }));
            edition.add_map(plan, map_ix as u32, &version.map);
        }
        edition.date_rules = edition.listeners.iter().filter_map(|l| l.listener.on.date_rule()).collect();
        edition.date_rules.sort_unstable();
        edition.date_rules.dedup();
        edition
    }

    fn add_map(&mut self, plan: &Plan, map_ix: u32, map: &Map) {
        let graph = Graph::of(map);
        let rank = plan.maps[map_ix as usize].nodes.start;
        for (id, rank) in graph.order.iter().zip(rank..) {
            let (Some(ix), Some(element)) = (plan.find(*id), map.element(*id)) else { continue };
            let start = self.ways.len() as u32;
            for (port, to) in ways(map, &graph, *id) {
                let to = to.and_then(|to| plan.find(to));
                let same =
                    |other: &super::Outlet| other.port == port && (port != Port::Goal || other.to == to);
                let outlet = plan.outlets(ix).iter().position(same).unwrap_or(0) as u8;
                self.ways.push(Way { outlet, port, to });
            }
            self.has_watchers |= matches!(&element.kind, ElementKind::Wait(wait)
                if matches!(wait.until, Until::Conditions { .. } | Until::Relative { .. } | Until::FieldTimer { .. }));
            self.is_coupled |= match &element.kind {
                ElementKind::Split(_) => map.rules.split_draw == SplitDraw::Balanced,
                ElementKind::Action(Action::RouteLead(router)) => router.in_turn,
                _ => false,
            };
            self.nodes[ix.index()] = Node {
                kind: Some(element.kind.kind()),
                behaviour: Behaviour::of(element),
                max_steps: map.rules.max_steps_per_instant,
                timers_first: !map.rules.events_before_timers,
                map_ix,
                rank,
                step: None,
                ways: start..self.ways.len() as u32,
            };
        }
        for sequence in map.sequences.values() {
            self.add_sequence(plan, map, sequence);
        }
        for goals in [false, true] {
            for id in &graph.order {
                let Some(element) = map.element(*id).filter(|element| !element.draft) else { continue };
                if let Some(listener) = element.kind.listener()
                    && matches!(element.kind, ElementKind::Goal(_)) == goals
                {
                    let listener = self.listener(plan, map, &graph, map_ix, *id, listener);
                    if let Some(listener) = listener {
                        self.by_event[listener.listener.on.hears() as usize]
                            .push(self.listeners.len() as u32);
                        self.listeners.push(listener);
                    }
                }
            }
        }
    }

    fn add_sequence(&mut self, plan: &Plan, map: &Map, sequence: &Sequence) {
        let Some(ix) = plan.find_sequence(sequence.id) else { return };
        let steps: Vec<_> = sequence.steps.iter().filter_map(|step| plan.find(*step)).collect();
        let mut fields = vec![];
        for (step, place) in steps.iter().zip(0..) {
            let node = &mut self.nodes[step.index()];
            node.step = Some((ix, place));
            if let Behaviour::Wait(wait) = &node.behaviour
                && let Until::FieldTimer { field: Some(field), .. } = wait.until
                && map.rules.field_timer_reads == crate::model::rules::FieldTimerReads::Entry
                && !fields.contains(&field)
            {
                fields.push(field);
            }
        }
        self.sequences[usize::from(ix.0)] = Some(SequencePlan {
            steps,
            runs_until_completed: sequence.runs_until_completed,
            reads_on_entry: fields,
        });
    }

    fn listener(
        &self,
        plan: &Plan,
        map: &Map,
        graph: &Graph,
        map_ix: u32,
        id: ElementId,
        listener: &Listener,
    ) -> Option<ListenerPlan> {
        let node = plan.find(id)?;
        let is_goal = matches!(map.element(id)?.kind, ElementKind::Goal(_));
        let is_keap = matches!(listener.on, EventFilter::KeapPurchase(_));
        let wait = graph.wait_of(id);
        let nodes = &plan.maps[map_ix as usize].nodes;
        let set = |ids: &mut dyn Iterator<Item = ElementId>| {
            NodeSet::new(nodes, ids.filter_map(|id| plan.find(id)))
        };
        let mut listener = listener.clone();
        // K-05: a goal with nothing above it is an entry point by itself
        let is_top = wait.is_none_or(|wait| graph.incoming(wait).is_empty());
        if is_keap && listener.who == Who::Upstream && is_top {
            listener.who = Who::AnyContact;
        }
        let upstream = graph.upstream(id, map.rules.upstream_follows_go_to);
        let is_wait = |id: &ElementId| {
            map.element(*id).is_some_and(|element| matches!(element.kind, ElementKind::Wait(_)))
        };
        let scope = match listener.who {
            Who::AnyContact | Who::OnMap => NodeSet::default(),
            Who::Upstream => set(&mut upstream.iter().copied()),
            Who::PreviousWaits => match map.rules.previous_waits {
                PreviousWaits::Attached => set(&mut wait.into_iter()),
                PreviousWaits::AllAbove => set(&mut upstream.iter().copied().filter(is_wait)),
            },
        };
        let next = map.target(id, Port::Next).and_then(|next| plan.find(next));
        Some(ListenerPlan {
            node,
            map: map.id,
            map_ix,
            is_goal,
            clears_above: is_goal
                && (is_keap || map.rules.move_clears == crate::model::rules::MoveClears::AboveGoal),
            wait: wait.and_then(|wait| plan.find(wait)).and_then(|wait| {
                let way =
                    self.ways(wait).iter().find(|way| way.port == Port::Goal && way.to == Some(node))?;
                Some((wait, way.outlet))
            }),
            starts: next.and_then(|next| self.node(next).step).map(|(sequence, _)| sequence),
            scope,
            above: set(&mut graph.upstream(id, false).into_iter()),
            listener,
        })
    }

    /// A node of this version.
    #[inline]
    pub fn node(&self, ix: NodeIx) -> &Node {
        &self.nodes[ix.index()]
    }

    /// The ways out of a node, from left to right.
    #[inline]
    pub fn ways(&self, ix: NodeIx) -> &[Way] {
        let range = &self.nodes[ix.index()].ways;
        &self.ways[range.start as usize..range.end as usize]
    }

    /// A map; `None`: it is not published yet.
    #[inline]
    pub fn map(&self, map_ix: u32) -> Option<&MapPlan> {
        self.maps[map_ix as usize].as_ref()
    }

    /// A sequence; `None`: this version has it not.
    pub fn sequence(&self, ix: SequenceIx) -> Option<&SequencePlan> {
        self.sequences.get(usize::from(ix.0))?.as_ref()
    }

    /// Numbers of the listeners for a kind of happening, in the order in which they are tried.
    #[inline]
    pub fn listening(&self, kind: HappeningKind) -> &[u32] {
        &self.by_event[kind as usize]
    }

    /// A listener by its number.
    #[inline]
    pub fn listener_at(&self, number: u32) -> &ListenerPlan {
        &self.listeners[number as usize]
    }

    /// All listeners, in the order in which they are tried.
    pub fn listeners(&self) -> &[ListenerPlan] {
        &self.listeners
    }
}

impl ListenerPlan {
    /// Whether a position at the node is where *who can achieve* asks for; the map is known to be the same.
    #[inline]
    pub fn in_scope(&self, node: NodeIx) -> bool {
        match self.listener.who {
            Who::AnyContact | Who::OnMap => true,
            Who::Upstream | Who::PreviousWaits => self.scope.has(node),
        }
    }

    /// Whether the goal can be reached going down from the node.
    #[inline]
    pub fn is_below(&self, node: NodeIx) -> bool {
        self.above.has(node)
    }
}
