//! Maps compiled to dense tables. What holds for a whole run is in [`Plan`]: which elements there are, under which
//! numbers, with which ways out. What a published version says of them is in its [`Edition`].

mod edition;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use chrono_tz::Tz;

use super::limits::MAX_NODES;
use crate::base::id::{ElementId, FieldId, MapId, SequenceId};
use crate::base::time::{Instant, Zone};
use crate::model::rules::FieldTimerReads;
use crate::model::{
    Catalogue, ElementKind, Graph, Kind, Map, Port, Project, Publication, Sequence, Settings, Until, Wait,
    WaitZone,
};

pub use edition::{Edition, ListenerPlan, MapPlan, Node, SequencePlan, Way};

/// Place of an element in a plan: by map, then by reading order (M-13) of its last version. Only good within its plan;
/// logs that outlive it carry ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIx(pub u32);

impl NodeIx {
    /// As an index.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Place of a sequence in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SequenceIx(pub u16);

/// One element, whatever the versions say of it.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its map.
    pub map: MapId,
    /// Place of its map in the plan.
    pub map_ix: u32,
    /// Its id.
    pub element: ElementId,
    /// What it is, in the last version that has it.
    pub kind: Kind,
    outlets: Range<u32>,
}

/// A way out of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlet {
    /// Its name. The ways out of a node are its ports from the left, then its goals; a Go To has one named `go_to`, an
    /// Exit one named `off`. With several versions those of the last come first, then others of those before.
    pub port: Port,
    /// Where it leads in the last version that has it; `None`: an open end, or off the map.
    pub to: Option<NodeIx>,
}

/// One map of the plan.
#[derive(Debug)]
pub struct PlanMap {
    /// Its id.
    pub id: MapId,
    /// Its nodes.
    pub nodes: Range<u32>,
}

/// Why maps cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// More elements than [`MAX_NODES`].
    #[error("the maps have {0} elements together; at most {MAX_NODES} can be run at once")]
    TooLarge(usize),
}

/// All maps of a project, compiled.
#[derive(Debug)]
pub struct Plan {
    /// The account's time zone.
    pub zone: Zone,
    /// The project's settings.
    pub settings: Settings,
    /// The account.
    pub catalogue: Arc<Catalogue>,
    maps: Vec<PlanMap>,
    places: Vec<Place>,
    outlets: Vec<Outlet>,
    by_element: BTreeMap<ElementId, NodeIx>,
    sequences: Vec<(MapId, SequenceId)>,
    reads_on_entry: Vec<Vec<FieldId>>,
    /// By time; the first holds from the beginning.
    editions: Vec<Edition>,
    /// Zones of contacts, where a wait reads them.
    zones: BTreeMap<&'static str, Zone>,
}

impl Plan {
    /// Compiles all maps of the project, with the versions that are published in the course of time (L-01).
    pub fn new(project: &Project) -> Result<Self, PlanError> {
        let versions: Vec<(MapId, Vec<Publication>)> =
            project.maps.keys().map(|id| (*id, project.versions(*id))).collect();
        let every = || versions.iter().flat_map(|(_, versions)| versions);
        let count = every().map(|version| version.map.elements.len()).sum();
        if count > MAX_NODES {
            return Err(PlanError::TooLarge(count));
        }
        let mut plan = Self {
            zone: Zone::new(project.settings.account_zone),
            settings: project.settings.clone(),
            catalogue: project.catalogue.clone(),
            maps: vec![],
            places: Vec::with_capacity(count),
            outlets: vec![],
            by_element: BTreeMap::new(),
            sequences: vec![],
            reads_on_entry: vec![],
            editions: vec![],
            zones: BTreeMap::new(),
        };
        for (id, versions) in &versions {
            plan.add_map(*id, versions);
        }
        let mut starts = vec![(Instant::MIN, 0)];
        for (map_ix, (_, versions)) in (0..).zip(&versions) {
            starts.extend(versions.iter().map(|version| edition::starts(version, map_ix)));
        }
        starts.sort_unstable();
        starts.dedup();
        plan.editions = starts.into_iter().map(|start| Edition::new(&plan, &versions, start)).collect();
        if every().any(|version| reads_contact_zone(&version.map)) {
            for zone in project.people.contacts().filter_map(|(_, contact)| contact.zone) {
                plan.zones.entry(zone.name()).or_insert_with(|| Zone::new(zone));
            }
        }
        Ok(plan)
    }

    /// Numbers the elements of a map's versions and their ways out, the last version first.
    fn add_map(&mut self, id: MapId, versions: &[Publication]) {
        let map_ix = self.maps.len() as u32;
        let first = self.places.len() as u32;
        let graphs: Vec<_> =
            versions.iter().rev().map(|version| (&*version.map, Graph::of(&version.map))).collect();
        let elements = graphs.iter().flat_map(|(map, graph)| graph.order.iter().map(|id| map.element(*id)));
        for element in elements.flatten() {
            let next = NodeIx(self.places.len() as u32);
            if *self.by_element.entry(element.id).or_insert(next) == next {
                let kind = element.kind.kind();
                self.places.push(Place { map: id, map_ix, element: element.id, kind, outlets: 0..0 });
            }
        }
        let nodes = first..self.places.len() as u32;
        for place in nodes.clone() {
            let element = self.places[place as usize].element;
            let start = self.outlets.len();
            for (map, graph) in &graphs {
                for (port, to) in ways(map, graph, element) {
                    let to = to.and_then(|to| self.find(to));
                    // goals of one wait share their port's name
                    let same = |other: &Outlet| other.port == port && (port != Port::Goal || other.to == to);
                    if !self.outlets[start..].iter().any(same) {
                        self.outlets.push(Outlet { port, to });
                    }
                }
            }
            self.places[place as usize].outlets = start as u32..self.outlets.len() as u32;
        }
        for (map, _) in &graphs {
            for sequence in map.sequences.values() {
                let known = self.sequences.iter().position(|other| *other == (id, sequence.id));
                let place = known.unwrap_or_else(|| {
                    self.sequences.push((id, sequence.id));
                    self.reads_on_entry.push(vec![]);
                    self.sequences.len() - 1
                });
                let fields = &mut self.reads_on_entry[place];
                let new = fields_of_timers(map, sequence).filter(|field| !fields.contains(field));
                let new: BTreeSet<_> = new.collect();
                fields.extend(new);
            }
        }
        self.maps.push(PlanMap { id, nodes });
    }

    /// The node of an element.
    pub fn find(&self, element: ElementId) -> Option<NodeIx> {
        self.by_element.get(&element).copied()
    }

    /// A node of this plan.
    #[inline]
    pub fn node(&self, ix: NodeIx) -> &Place {
        &self.places[ix.index()]
    }

    /// All nodes.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeIx, &Place)> {
        self.places.iter().enumerate().map(|(ix, node)| (NodeIx(ix as u32), node))
    }

    /// The ways out of a node, from left to right.
    #[inline]
    pub fn outlets(&self, ix: NodeIx) -> &[Outlet] {
        let range = &self.places[ix.index()].outlets;
        &self.outlets[range.start as usize..range.end as usize]
    }

    /// All maps, in their order.
    pub fn maps(&self) -> &[PlanMap] {
        &self.maps
    }

    /// The place of a map.
    pub fn find_map(&self, id: MapId) -> Option<u32> {
        self.maps.iter().position(|map| map.id == id).map(|place| place as u32)
    }

    /// The sequences of all maps, each with its map; [`SequenceIx`] is a place among them.
    pub fn sequences(&self) -> &[(MapId, SequenceId)] {
        &self.sequences
    }

    /// The fields whose values on entry a sequence's timers read in any version (K-10): contacts may have come in before
    /// the one that reads them.
    pub fn reads_on_entry(&self, sequence: SequenceIx) -> &[FieldId] {
        self.reads_on_entry.get(usize::from(sequence.0)).map_or(&[], Vec::as_slice)
    }

    /// The place of a sequence.
    pub fn find_sequence(&self, id: SequenceId) -> Option<SequenceIx> {
        self.sequences.iter().position(|(_, other)| *other == id).map(|place| SequenceIx(place as u16))
    }

    /// The versions in the order of time.
    #[inline]
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }

    /// Whether what becomes of one contact depends on others (M-07), in any version.
    pub fn is_coupled(&self) -> bool {
        self.editions.iter().any(|edition| edition.is_coupled)
    }

    /// The zone of a contact's waits: its own where it has one, else the account's (W-02).
    #[inline]
    pub(super) fn zone_of(&self, own: Option<Tz>) -> &Zone {
        own.and_then(|tz| self.zones.get(tz.name())).unwrap_or(&self.zone)
    }
}

/// The ways out of an element, from left to right, and where they lead; none of an element that the map has not.
fn ways(map: &Map, graph: &Graph, element: ElementId) -> Vec<(Port, Option<ElementId>)> {
    match map.element(element).map(|element| &element.kind) {
        None => vec![],
        Some(ElementKind::GoTo(target)) => vec![(Port::GoTo, *target)],
        Some(ElementKind::Exit) => vec![(Port::Off, None)],
        Some(_) => graph.outlets(element).iter().map(|outlet| (outlet.port, outlet.to)).collect(),
    }
}

/// The fields that the timers of a sequence read as they were on entry (K-10).
fn fields_of_timers(map: &Map, sequence: &Sequence) -> impl Iterator<Item = FieldId> {
    let on_entry = map.rules.field_timer_reads == FieldTimerReads::Entry;
    let kinds = sequence.steps.iter().filter_map(|step| Some(&map.element(*step)?.kind));
    kinds.filter(move |_| on_entry).filter_map(|kind| match kind {
        ElementKind::Wait(Wait { until: Until::FieldTimer { field, .. }, .. }) => *field,
        _ => None,
    })
}

fn reads_contact_zone(map: &Map) -> bool {
    map.elements
        .values()
        .any(|element| matches!(&element.kind, ElementKind::Wait(wait) if wait.zone == WaitZone::Contact))
}
