//! Elements at which contacts depend on one another (M-07): balanced splits and lead routers in turn.
//!
//! All that one contact's life needs to know of the others is which path it gets at each arrival there. So these are
//! settled first, in the order of time over all contacts; with them every contact's life is computed alone as ever.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::log::{Entry, Sink};
use super::plan::{NodeIx, Plan};
use super::timeline::{Simulation, Timeline};
use crate::base::time::Instant;
use crate::model::ContactIx;

/// What every arrival at a coupled element got: the place of its path or team member.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Draws {
    got: BTreeMap<(ContactIx, NodeIx, u64), u8>,
}

/// The draws of a run without coupled elements.
pub static NO_DRAWS: Draws = Draws { got: BTreeMap::new() };

/// When an arrival comes in the order of a run (M-13): the instant, whether early timers, events or late timers bring it,
/// the timer's place, the contact. Between events of several contacts at one instant the order of the contacts decides, not
/// the one in which the events were given: that is known within a contact only.
pub type Order = (Instant, u8, u32, ContactIx);

/// An arrival at a coupled element that is not settled yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unsettled {
    /// When it comes.
    pub order: Order,
    /// Where.
    pub node: NodeIx,
    /// How often the contact came there before.
    pub nth: u64,
    /// The shares of the paths.
    pub shares: Vec<u16>,
}

impl Draws {
    /// What an arrival got; `None`: it is not settled.
    pub(super) fn get(&self, contact: ContactIx, node: NodeIx, nth: u64) -> Option<u8> {
        self.got.get(&(contact, node, nth)).copied()
    }

    /// Settles all arrivals of a run, whose draws are ignored. `go_on` is asked now and then; `None`: it said no.
    pub fn settle(sim: Simulation<'_>, go_on: impl Fn() -> bool) -> Option<Self> {
        let mut draws = Self::default();
        if !sim.plan.is_coupled() {
            return Some(draws);
        }
        let mut timeline = Timeline::default();
        let mut next = |draws: &Self, contact| {
            timeline.run(Simulation { draws, ..sim }, contact, &mut Nobody);
            timeline.unsettled().cloned()
        };
        let mut open = BinaryHeap::new();
        for contact in (0..sim.people.len() as u32).map(ContactIx) {
            if contact.0 % 1_024 == 0 && !go_on() {
                return None;
            }
            open.extend(next(&draws, contact).map(Reverse));
        }
        let mut taken: BTreeMap<NodeIx, Vec<u64>> = BTreeMap::new();
        while let Some(Reverse(first)) = open.pop() {
            let taken = taken.entry(first.node).or_default();
            let path = largest_remainder(&first.shares, taken);
            let contact = first.order.3;
            draws.got.insert((contact, first.node, first.nth), path);
            if draws.got.len() % 1_024 == 0 && !go_on() {
                return None;
            }
            open.extend(next(&draws, contact).map(Reverse));
        }
        Some(draws)
    }
}

/// The path that lags most behind its share with the next arrival; of several the leftmost. Counts it.
fn largest_remainder(shares: &[u16], taken: &mut Vec<u64>) -> u8 {
    taken.resize(taken.len().max(shares.len()), 0);
    let total: i128 = shares.iter().map(|share| i128::from(*share)).sum();
    let arrivals: u64 = taken.iter().sum::<u64>() + 1;
    let lag =
        |place: usize| i128::from(shares[place]) * i128::from(arrivals) - i128::from(taken[place]) * total;
    let paths = (0..shares.len()).filter(|place| shares[*place] > 0);
    let path = paths.max_by_key(|place| (lag(*place), Reverse(*place))).unwrap_or(0);
    if let Some(taken) = taken.get_mut(path) {
        *taken += 1;
    }
    path as u8
}

/// A sink that hears nothing.
#[derive(Debug, Clone, Copy)]
pub struct Nobody;

impl Sink for Nobody {
    const EVENTS: bool = false;
    const NUMBERS: bool = false;
    fn entry(&mut self, _plan: &Plan, _entry: &Entry<'_>) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_gets_its_share_exactly() {
        for (shares, expected) in [
            (&[3_000u16, 7_000][..], &[3u64, 7][..]),
            (&[0, 10_000], &[0, 10]),
            (&[2_000, 2_000, 6_000], &[2, 2, 6]),
            (&[1, 1], &[5, 5]),
        ] {
            let mut taken = vec![];
            for _ in 0..10 {
                largest_remainder(shares, &mut taken);
            }
            assert_eq!(taken, expected);
        }
        let mut taken = vec![];
        let first: Vec<_> = (0..4).map(|_| largest_remainder(&[3_000, 7_000], &mut taken)).collect();
        assert_eq!(first, [1, 0, 1, 1]);
    }
}
