//! States of contacts in the sequences of a map (K-07, R-11).

use crate::base::id::{MapId, SequenceId};
use crate::engine::{Plan, Totals};

/// How many contacts are in each state of a sequence, at one instant. A contact with several positions counts in each
/// state that one of them has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct States {
    /// The sequence.
    pub sequence: SequenceId,
    /// Distinct contacts with steps left.
    pub active: u32,
    /// Distinct contacts whose steps are done and who stand before the next goal.
    pub queued: u32,
    /// Distinct contacts whose steps are done and who have nothing below.
    pub done: u32,
}

/// The states in each sequence of a map, in whatever version it was run, from the totals of a run at an instant.
pub fn states(plan: &Plan, totals: &Totals, map: MapId) -> Vec<States> {
    let of = |sequence: SequenceId| {
        let [active, queued, done] = totals.states(plan.find_sequence(sequence)?);
        Some(States { sequence, active, queued, done })
    };
    let sequences = plan.sequences().iter().filter(|(of, _)| *of == map);
    sequences.filter_map(|(_, sequence)| of(*sequence)).collect()
}
