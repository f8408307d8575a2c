//! What must hold of every log and all counts, tried on random projects.

mod dice;
mod naive;

use std::collections::BTreeMap;
use std::ops::Range;

use expect_test::expect;

use self::dice::{Dice, HOUR, HOURS};
use super::check;
use super::coupled::{Draws, NO_DRAWS};
use super::explain::why;
use super::log::{Log, LogEntry, What};
use super::{Counts, PackedLog, Plan, Simulation, Timeline};
use crate::base::time::Instant;
use crate::model::{ContactIx, Project};

const PROJECTS: u64 = 300;

/// Calls `test` with a number of random simulations.
fn each(seeds: Range<u64>, mut test: impl FnMut(&Project, Simulation<'_>, &mut Dice)) {
    for seed in seeds {
        let mut dice = Dice::new(seed);
        let project = dice.project();
        let plan = Plan::new(&project).unwrap();
        // now and then a short run, so that bins get as narrow as they can, and events before and after it
        let (from, span) = match seed % 4 {
            0 => (dice.instant(), dice.below(HOURS) as i64 * HOUR),
            1 => (dice.instant(), dice.below(40) as i64),
            _ => (Instant(0), HOURS as i64 * HOUR + dice.below(1_000) as i64 * 7_777_777),
        };
        let until = from.plus_millis(span);
        let sim = Simulation { plan: &plan, people: &project.people, seed, from, until, draws: &NO_DRAWS };
        let draws = Draws::settle(sim, || true).unwrap();
        test(&project, Simulation { draws: &draws, ..sim }, &mut dice);
    }
}

fn contacts(sim: Simulation<'_>) -> impl Iterator<Item = ContactIx> {
    (0..sim.people.len() as u32).map(ContactIx)
}

/// The logs of all contacts, none of which breaks a rule.
fn logs(project: &Project, sim: Simulation<'_>) -> Vec<Vec<LogEntry>> {
    let mut timeline = Timeline::default();
    let log = |contact| {
        let mut log = Log::default();
        timeline.run(sim, contact, &mut log);
        let faults = check::faults(project, &log.entries);
        assert!(faults.is_empty(), "seed {} {contact:?}: {faults:#?}", sim.seed);
        log.entries
    };
    contacts(sim).map(log).collect()
}

fn count(sim: Simulation<'_>, contacts: impl Iterator<Item = ContactIx>) -> Counts {
    let (mut counts, mut timeline) = (Counts::new(&sim), Timeline::default());
    contacts.for_each(|contact| timeline.run(sim, contact, &mut counts));
    counts
}

/// Instants to ask about: some with something happening at them, some just before or after, some anywhere.
fn instants(sim: Simulation<'_>, logs: &[Vec<LogEntry>], dice: &mut Dice) -> Vec<Instant> {
    let happened: Vec<_> = logs.iter().flatten().map(|line| line.entry.at).collect();
    let mut instants = vec![sim.from, sim.until, sim.from.plus_millis(-1), sim.until.plus_millis(1)];
    for _ in 0..12 {
        let some = if happened.is_empty() { sim.from } else { happened[dice.below(happened.len())] };
        instants.extend([some.plus_millis(dice.below(3) as i64 - 1), dice.instant()]);
    }
    instants
}

/// Every field of every entry. Whoever changes what maps mean blesses this with `UPDATE_EXPECT=1`; whoever only makes the
/// engine quicker must not need to.
#[test]
fn logs_are_what_they_were() {
    let mut digests = String::new();
    for first in (0..PROJECTS).step_by(50) {
        let mut hasher = blake3::Hasher::new();
        let mut entries = 0;
        each(first..first + 50, |project, sim, _| {
            for line in logs(project, sim).iter().flatten() {
                hasher.update(format!("{line:?}\n").replace("EntryOf", "Entry").as_bytes());
                entries += 1;
            }
        });
        let digest = hasher.finalize().to_hex();
        digests += &format!("{first:>3} {entries:>5} {}\n", &digest[..32]);
    }
    expect![[r#"
          0  9227 22c35686eca7132fd424f7986940f2bd
         50 10292 bead49570a9f3d7b207b572ed1a45fc0
        100 15125 0b4f8c7ed4795786082aecae92fe6987
        150  8611 2639eb58f4c1f5f2d7bc8ba732d62e9d
        200 163548 6651ec45b2e62f4e3c81559c2d3f14f4
        250 19648 7682d7f4789b97a12b59022c4aa9ffd4
    "#]]
    .assert_eq(&digests);
}

/// Semantics §11: of each event that a listener could hear, all checks passed if and only if it was activated.
#[test]
fn why_says_achieved_where_the_log_does() {
    each(0..PROJECTS / 3, |project, sim, _| {
        let places = project.published.values().flatten().any(|version| version.place_matching);
        for (log, contact) in logs(project, sim).iter().zip(contacts(sim)) {
            let mut listeners: Vec<_> = sim.plan.editions().iter().flat_map(|e| e.listeners()).collect();
            listeners.sort_unstable_by_key(|listener| listener.node);
            listeners.dedup_by_key(|listener| listener.node);
            for listener in listeners {
                let element = sim.plan.node(listener.node).element;
                let why = why(sim, contact, element);
                let activated =
                    |line: &&LogEntry| line.element == Some(element) && line.entry.what == What::Activated;
                let at: Vec<_> = log.iter().filter(activated).map(|line| line.entry.at).collect();
                assert_eq!(why.achieved, at, "seed {} {contact:?} {element}", sim.seed);
                assert_eq!(why.failed.is_none(), !at.is_empty(), "seed {} {contact:?} {element}", sim.seed);
                let passed = why.chances.iter().filter(|chance| chance.failed().is_none());
                let passed: Vec<_> = passed.map(|chance| chance.at).collect();
                // those whom a version places had no event
                assert!(passed == at || places, "seed {} {contact:?} {element}: {why:#?}", sim.seed);
            }
        }
    });
}

#[test]
fn packed_logs_are_restored_as_they_were() {
    each(0..PROJECTS, |project, sim, _| {
        let (mut packed, mut timeline) = (PackedLog::default(), Timeline::default());
        contacts(sim).for_each(|contact| timeline.run(sim, contact, &mut packed));
        let restored: BTreeMap<_, Vec<_>> = packed.contacts().map(|(ix, log)| (ix, log.collect())).collect();
        for (contact, log) in contacts(sim).zip(logs(project, sim)) {
            let restored = restored.get(&contact).map_or(&[][..], Vec::as_slice);
            assert_eq!(restored, log, "seed {} {contact:?}", sim.seed);
        }
    });
}

#[test]
fn counts_at_any_instant_are_those_of_the_logs() {
    each(0..PROJECTS, |project, sim, dice| {
        let logs = logs(project, sim);
        let mut counts = count(sim, contacts(sim));
        counts.seal();
        let mut timeline = Timeline::default();
        for at in instants(sim, &logs, dice) {
            let totals = counts.at(sim, &mut timeline, at);
            naive::compare(sim, &logs, at, &totals);
            naive::compare_states(sim, &logs, at, &totals);
            for (node, _) in sim.plan.nodes() {
                let (came, went) = totals.balance(sim.plan, node);
                assert_eq!(came, went, "seed {} at {at}: R-10 at {node:?}", sim.seed);
            }
        }
        assert_eq!(counts.last(), naive::instants(sim, &logs).last().copied(), "seed {}", sim.seed);
    });
}

#[test]
fn steps_lead_to_the_nearest_instants_of_the_logs() {
    each(0..PROJECTS, |project, sim, dice| {
        let logs = logs(project, sim);
        let mut counts = count(sim, contacts(sim));
        counts.seal();
        let mut timeline = Timeline::default();
        let happened = naive::instants(sim, &logs);
        for at in instants(sim, &logs, dice) {
            let next = happened.range(at.plus_millis(1)..).next().copied();
            assert_eq!(counts.next_after(sim, &mut timeline, at), next, "seed {} after {at}", sim.seed);
            let last = happened.range(..at).next_back().copied();
            assert_eq!(counts.last_before(sim, &mut timeline, at), last, "seed {} before {at}", sim.seed);
        }
    });
}

#[test]
fn parts_counted_apart_are_the_whole() {
    each(0..PROJECTS, |_, sim, dice| {
        let mut whole = count(sim, contacts(sim));
        whole.seal();
        let (odd, even): (Vec<_>, Vec<_>) = contacts(sim).partition(|contact| contact.0 % 2 == 1);
        let mut parts = count(sim, odd.into_iter());
        parts.merge(count(sim, even.into_iter()));
        parts.seal();
        let mut timeline = Timeline::default();
        let facts = |counts: &Counts| (counts.last(), counts.faults(), counts.messages(), counts.open_ends());
        assert_eq!(facts(&whole), facts(&parts), "seed {}", sim.seed);
        assert_eq!(whole.density(20), parts.density(20), "seed {}", sim.seed);
        for at in [dice.instant(), dice.instant(), sim.until] {
            assert_eq!(
                whole.at(sim, &mut timeline, at),
                parts.at(sim, &mut timeline, at),
                "seed {}",
                sim.seed
            );
        }
    });
}
