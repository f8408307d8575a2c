//! The simulator once more, slow and obvious, written from the text of the rules: semantics §2 to §7, §10, §13 and Keap's
//! §4. It shares nothing with `src/engine` but the documents, the calendar and the hash behind chance, so that the two
//! can be held against each other ([`crate::against_reference`]). Everything is looked up by going through everything; no
//! index, nothing kept twice. Where it differs from the engine, one of the two has the rules wrong.
//!
//! - [`life`]: one contact: what happens next (M-13), and what an event leads to (M-12).
//! - [`record`], [`sales`]: what is known of the contact, and what orders and payments stir.
//! - [`conditions`]: semantics §6. [`listeners`]: triggers and goals, §3. [`matching`]: what they listen for.
//! - [`running`]: positions run down to where they rest, §2. [`actions`]: §7. [`waits`]: §5 and Keap's timers.
//! - [`sequences`]: K-06 to K-08. [`publication`]: §10 and K-11.
//! - [`maps`]: the shape of a map. [`lines`]: what is said, in the words of the engine's log.
//! - [`random`]: random projects. [`shrink`]: the smallest part of one that still shows a difference. [`coverage`]: what
//!   many of them show.

pub mod actions;
pub mod conditions;
pub mod coverage;
pub mod life;
pub mod lines;
pub mod listeners;
pub mod maps;
pub mod matching;
pub mod publication;
pub mod random;
pub mod record;
pub mod running;
pub mod sales;
pub mod sequences;
pub mod shrink;
pub mod waits;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use chrono_tz::Tz;
use gateline::base::id::ElementId;
use gateline::base::time::{Instant, Zone};
use gateline::model::{ContactIx, Project};

use self::life::Life;
use self::lines::Line;

/// What all contacts of a run have in common.
pub struct Account<'a> {
    pub project: &'a Project,
    pub seed: u64,
    pub from: Instant,
    pub until: Instant,
    /// The account's clock (W-02).
    pub zone: Arc<Zone>,
}

/// A zone; each is compiled once for all tests, which takes some milliseconds.
pub fn zone(tz: Tz) -> Arc<Zone> {
    static ZONES: LazyLock<Mutex<BTreeMap<&'static str, Arc<Zone>>>> = LazyLock::new(Mutex::default);
    ZONES.lock().unwrap().entry(tz.name()).or_insert_with(|| Arc::new(Zone::new(tz))).clone()
}

/// How many came to an element that shares out over all arrivals of the run, and how many of them took each way (M-07).
#[derive(Default)]
pub struct Shared(BTreeMap<ElementId, Vec<u64>>);

impl Shared {
    /// The way of the next arrival: the one whose share is furthest ahead of what it got, the leftmost of equals.
    pub fn next(&mut self, element: ElementId, shares: &[u16]) -> usize {
        let taken = self.0.entry(element).or_default();
        taken.resize(shares.len().max(taken.len()), 0);
        let n = i128::from(taken.iter().sum::<u64>()) + 1;
        let total: i128 = shares.iter().map(|share| i128::from(*share)).sum();
        let mut best: Option<(i128, usize)> = None;
        for (way, share) in shares.iter().enumerate() {
            let ahead = i128::from(*share) * n - i128::from(taken[way]) * total;
            if *share > 0 && best.is_none_or(|(most, _)| ahead > most) {
                best = Some((ahead, way));
            }
        }
        let way = best.map_or(0, |(_, way)| way);
        taken[way] += 1;
        way
    }
}

/// The logs of all contacts. Always in the order of time over all of them, which only matters where elements share out
/// over all arrivals (M-07): at one instant by class, for timers by map and reading order, then by contact (M-13).
pub fn run(project: &Project, seed: u64, from: Instant, until: Instant) -> Vec<Vec<Line>> {
    let account = Account { project, seed, from, until, zone: zone(project.settings.account_zone) };
    let mut shared = Shared::default();
    let mut lives: Vec<_> =
        (0..project.people.len() as u32).map(|ix| Life::new(&account, ContactIx(ix))).collect();
    loop {
        let turns = lives.iter().enumerate().filter_map(|(ix, life)| Some((life.next()?, ix)));
        let Some((next, ix)) = turns.min_by_key(|(next, ix)| (next.turn(), *ix)) else { break };
        lives[ix].go_on(next, &mut shared);
    }
    lives.into_iter().map(|life| life.log).collect()
}
