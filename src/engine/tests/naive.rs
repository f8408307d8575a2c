//! Counting by the book: everything again from the full logs.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::time::Instant;
use crate::engine::log::{LogEntry, Phase, What};
use crate::engine::plan::{NodeIx, SequenceIx};
use crate::engine::{Simulation, Totals};

/// Numbers of one node.
#[derive(Debug, Default, PartialEq, Eq)]
struct Numbers {
    visited: u32,
    here: u32,
    entered: u32,
    copied: u32,
    resting: u32,
    taken: u32,
    removed: u32,
    dropped: u32,
    activations: u32,
    activators: u32,
    /// For each way out the visits that left by it, and the contacts.
    ways: Vec<(u32, u32)>,
}

/// Whether the entry says that something happened on a map.
fn counts(line: &LogEntry) -> bool {
    line.element.is_some() && !matches!(line.entry.what, What::Refused(..))
}

/// All instants at which something happened on a map.
pub fn instants(sim: Simulation<'_>, logs: &[Vec<LogEntry>]) -> BTreeSet<Instant> {
    let happened = logs.iter().flatten().filter(|line| counts(line)).map(|line| line.entry.at);
    happened.inspect(|at| assert!((sim.from..=sim.until).contains(at))).collect()
}

/// Holds the states in sequences at an instant against the logs (K-07).
pub fn compare_states(sim: Simulation<'_>, logs: &[Vec<LogEntry>], at: Instant, totals: &Totals) {
    for (place, (_, id)) in sim.plan.sequences().iter().enumerate() {
        let mut expected = [0u32; 3];
        for log in logs {
            let mut states = BTreeMap::new();
            for line in log.iter().filter(|line| line.entry.at <= at) {
                if let What::Sequence(sequence, phase) = line.entry.what
                    && sequence == *id
                {
                    states.insert(line.entry.position, phase);
                }
            }
            for (count, phase) in expected.iter_mut().zip([Phase::Started, Phase::Queued, Phase::Done]) {
                *count += u32::from(states.values().any(|state| *state == phase));
            }
        }
        let found = totals.states(SequenceIx(place as u16));
        assert_eq!(found, expected, "seed {} at {at}: states in {id}", sim.seed);
    }
}

/// Holds totals at an instant against the logs.
pub fn compare(sim: Simulation<'_>, logs: &[Vec<LogEntry>], at: Instant, totals: &Totals) {
    let mut nodes: BTreeMap<NodeIx, Numbers> = BTreeMap::new();
    let mut jumps: BTreeMap<(NodeIx, NodeIx), u32> = BTreeMap::new();
    for (ix, _) in sim.plan.nodes() {
        let ways = vec![(0, 0); sim.plan.outlets(ix).len()];
        nodes.insert(ix, Numbers { ways, ..Numbers::default() });
    }
    for log in logs {
        let mut seen = BTreeSet::new();
        let mut jumped = BTreeSet::new();
        let mut rests = BTreeMap::new();
        for line in log.iter().filter(|line| line.entry.at <= at) {
            let Some(node) = line.entry.node else { continue };
            let numbers = nodes.get_mut(&node).unwrap();
            let no = line.entry.position;
            match line.entry.what {
                What::Arrived(_) => {
                    numbers.entered += 1;
                    numbers.visited += u32::from(seen.insert((node, "visited", 0)));
                }
                What::Activated => {
                    numbers.activations += 1;
                    numbers.activators += u32::from(seen.insert((node, "activated", 0)));
                }
                What::Copied => numbers.copied += 1,
                What::Rested(_) => {
                    rests.insert(no, node);
                }
                What::Left { outlet, .. } => {
                    rests.remove(&no);
                    let way = &mut numbers.ways[usize::from(outlet)];
                    way.0 += 1;
                    way.1 += u32::from(seen.insert((node, "left", outlet)));
                }
                What::Taken(to) => {
                    rests.remove(&no);
                    numbers.taken += 1;
                    if jumped.insert((node, to)) {
                        *jumps.entry((node, to)).or_default() += 1;
                    }
                }
                What::Removed(_) => {
                    rests.remove(&no);
                    numbers.removed += 1;
                }
                What::Dropped(_) => {
                    rests.remove(&no);
                    numbers.dropped += 1;
                }
                _ => {}
            }
        }
        for node in rests.values() {
            nodes.get_mut(node).unwrap().resting += 1;
        }
        for node in rests.into_values().collect::<BTreeSet<_>>() {
            nodes.get_mut(&node).unwrap().here += 1;
        }
    }
    for (ix, expected) in nodes {
        let ways =
            (0u8..).zip(sim.plan.outlets(ix)).map(|(way, _)| (totals.left(ix, way), totals.took(ix, way)));
        let found = Numbers {
            visited: totals.visited(ix),
            here: totals.here(ix),
            entered: totals.entered(ix),
            copied: totals.copied(ix),
            resting: totals.resting(ix),
            taken: totals.taken(ix),
            removed: totals.removed(ix),
            dropped: totals.dropped(ix),
            activations: totals.activations(ix),
            activators: totals.activators(ix),
            ways: ways.collect(),
        };
        assert_eq!(found, expected, "seed {} at {at}: {ix:?}", sim.seed);
        assert_eq!(totals.were(ix), expected.visited - expected.here);
    }
    let found: BTreeMap<_, _> = totals.jumps().map(|(from, to, count)| ((from, to), count)).collect();
    assert_eq!(found, jumps, "seed {} at {at}: jumps", sim.seed);
}
