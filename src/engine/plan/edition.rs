//! What the versions say that hold at one time: behaviours, where ways out lead, listeners by event.

use std::ops::Range;
use std::sync::Arc;

use super::{NodeIx, Plan, SequenceIx, ways};
use crate::base::id::{ElementId, MapId};
use crate::base::time::Instant;
use crate::engine::kinds::Behaviour;
use crate::model::event::HAPPENINGS;
use crate::model::rules::{PreviousWaits, SplitDraw};
use crate::model::{
    Action, DateRule, ElementKind, EngineRules, EventFilter, Graph, HappeningKind, IfOnMap, Kind, Listener,
    Map, Port, Publication, Sequence, Until, Who,
};

/// One element as a version has it.
#[derive(Debug)]
pub struct Node {
    /// What it is; `None`: the version has it not.
    pub kind: Option<Kind>,
    /// What it decides.
    pub behaviour: Behaviour,
    /// Positions only pass it, by its leftmost way out, whatever the record says, unless they are in a sequence.
    pub passes: bool,
    /// The switches of its map.
    pub rules: Arc<EngineRules>,
    /// Place of its map in the plan.
    pub map_ix: u32,
    /// Its place in the order of timers: by map, then reading order of the version.
    pub rank: u32,
    /// The sequence that it is a step of, and its place among the steps.
    pub step: Option<(SequenceIx, u16)>,
    /// The leftmost way out, which most positions take: found without a look at the others.
    first_way: Option<Way>,
    /// Where its ways out begin among all, and how many they are.
    ways: (u32, u16),
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
    pub rules: Arc<EngineRules>,
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
    /// Elements from which it can be reached going down (`move_clears`, K-05, K-06).
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

/// The versions of all maps that hold from an instant on. Of several maps that get one at the same instant each begins an
/// edition, as what follows from one comes before the next (M-12).
#[derive(Debug)]
pub struct Edition {
    /// From when.
    pub from: Instant,
    /// The place of the map whose version begins with it; of the first edition none in particular.
    pub map_ix: u32,
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
    /// A map places contacts who already match what it brings (G-06).
    pub places_matching: bool,
    /// Some wait is asked again when the record changes (W-05, *until conditions are met*).
    pub has_watchers: bool,
    /// Some wait asks how the contact stands on maps (W-01, *until conditions are met*).
    has_map_watchers: bool,
    /// What becomes of one contact depends on others.
    pub is_coupled: bool,
}

/// What begins the edition of a version, in the order of editions: when, and its map's place in the plan.
pub(super) fn starts(version: &Publication, map_ix: u32) -> (Instant, u32) {
    version.at.map_or((Instant::MIN, 0), |at| (at, map_ix))
}

impl Edition {
    /// The versions of each map, by their place in the plan, that hold once that of one map has begun.
    pub(super) fn new(
        plan: &Plan,
        versions: &[(MapId, Vec<Publication>)],
        (from, begins): (Instant, u32),
    ) -> Self {
        let no_rules = Arc::new(EngineRules::default());
        let absent = |place: &super::Place| Node {
            kind: None,
            behaviour: Behaviour::Absent,
            passes: false,
            rules: no_rules.clone(),
            map_ix: place.map_ix,
            rank: 0,
            step: None,
            first_way: None,
            ways: (0, 0),
        };
        let mut edition = Self {
            from,
            map_ix: begins,
            maps: vec![],
            nodes: plan.places.iter().map(absent).collect(),
            ways: vec![],
            sequences: plan.sequences.iter().map(|_| None).collect(),
            listeners: vec![],
            by_event: std::array::from_fn(|_| vec![]),
            date_rules: vec![],
            places_matching: false,
            has_watchers: false,
            has_map_watchers: false,
            is_coupled: false,
        };
        for (map_ix, (_, versions)) in (0..).zip(versions) {
            let holds = |version: &&Publication| starts(version, map_ix) <= (from, begins);
            let Some(version) = versions.iter().rfind(holds) else {
                edition.maps.push(None);
                continue;
            };
            edition.places_matching |= version.place_matching;
            let rules = Arc::new(version.map.rules.clone());
            edition.add_map(plan, map_ix, &version.map, &rules);
            edition.maps.push(Some(MapPlan { rules, place_matching: version.place_matching }));
        }
        edition.date_rules = edition.listeners.iter().filter_map(|l| l.listener.on.date_rule()).collect();
        edition.date_rules.sort_unstable();
        edition.date_rules.dedup();
        edition
    }

    fn add_map(&mut self, plan: &Plan, map_ix: u32, map: &Map, rules: &Arc<EngineRules>) {
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
            self.has_map_watchers |= matches!(&element.kind, ElementKind::Wait(wait)
                if matches!(&wait.until, Until::Conditions { condition, .. } if condition.asks_for_maps()));
            self.is_coupled |= match &element.kind {
                ElementKind::Split(_) => map.rules.split_draw == SplitDraw::Balanced,
                ElementKind::Action(Action::RouteLead(router)) => router.in_turn,
                _ => false,
            };
            let behaviour = Behaviour::of(element);
            self.nodes[ix.index()] = Node {
                kind: Some(element.kind.kind()),
                passes: behaviour.passes(),
                behaviour,
                rules: rules.clone(),
                map_ix,
                rank,
                step: None,
                first_way: self.ways.get(start as usize).copied(),
                ways: (start, (self.ways.len() as u32 - start) as u16),
            };
        }
        for sequence in map.sequences.values() {
            self.add_sequence(plan, sequence);
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

    fn add_sequence(&mut self, plan: &Plan, sequence: &Sequence) {
        let Some(ix) = plan.find_sequence(sequence.id) else { return };
        let steps: Vec<_> = sequence.steps.iter().filter_map(|step| plan.find(*step)).collect();
        for (step, place) in steps.iter().zip(0..) {
            self.nodes[step.index()].step = Some((ix, place));
        }
        self.sequences[usize::from(ix.0)] =
            Some(SequencePlan { steps, runs_until_completed: sequence.runs_until_completed });
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
        if is_goal && is_keap {
            // K-05: it moves, and with nothing above it is an entry point by itself
            listener.if_on_map = IfOnMap::Move;
            if listener.who == Who::Upstream && !wait.is_some_and(|wait| graph.is_led_to(wait)) {
                listener.who = Who::AnyContact;
            }
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
            above: set(&mut upstream.iter().copied()),
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
        let (start, count) = self.nodes[ix.index()].ways;
        &self.ways[start as usize..start as usize + usize::from(count)]
    }

    /// The way out at this place from the left.
    #[inline(always)]
    pub fn way(&self, ix: NodeIx, place: u8) -> Option<Way> {
        match place {
            0 => self.node(ix).first_way,
            _ => self.ways(ix).get(usize::from(place)).copied(),
        }
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

    /// Whether anything hears that a contact comes onto a map or goes off it; `kind` is one of these two.
    #[inline]
    pub fn hears_of_maps(&self, kind: HappeningKind) -> bool {
        self.has_map_watchers || !self.listening(kind).is_empty()
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
