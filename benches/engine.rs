//! How fast contacts go through a map, as ratios within one run.
//!
//! Workload N12: trigger, six e-mails with one-day waits between them, goal *purchases X* (any contact on this map, move
//! here). Contacts enter evenly over 30 days; 30 % buy after an exponential time of mean 4 days.
//!
//! The yardstick is a loop written by hand for a chain of waits with one goal: contact by contact over a generic node
//! table, no queue, no log, counts per node and nothing else.
//!
//! `cargo bench --bench engine [-- CONTACTS…]` (default 10,000 100,000 1,000,000).

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant as Clock};

use gateline::base::id::{ElementId, EmailId, FormId, Id, MapId, ProductId};
use gateline::base::random;
use gateline::base::time::{Instant, Span, Unit};
use gateline::engine::log::Log;
use gateline::engine::{Counts, Plan, Simulation, Timeline};
use gateline::model::{
    Choice, Contact, ContactIx, Element, ElementKind, Event, EventFilter, EventType, FormOutcome, Happening,
    Listener, Map, Order, OrderLine, People, Port, Project, Until, Wait, WaitZone,
};

const DAY: i64 = 86_400_000;
const SEED: u64 = 7;

fn main() {
    let sizes: Vec<u32> =
        std::env::args().filter_map(|arg| arg.replace(['_', ','], "").parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10_000, 100_000, 1_000_000] } else { sizes };
    println!(
        "{:>9}  {:<34} {:>13} {:>9} {:>12}",
        "contacts", "what", "contacts/s", "of loop", "bytes/contact"
    );
    for size in sizes {
        measure(size);
    }
}

fn measure(size: u32) {
    let people = people(size);
    let project = n12(Arc::new(people));
    let people = &project.people;
    let plan = Plan::new(&project).expect("thirteen elements");
    let sim = Simulation { plan: &plan, people, seed: SEED, from: Instant(0), until: Instant(45 * DAY) };
    let starts: Vec<(i64, i64)> = (0..size).map(times).collect();
    let table = table();

    let by_hand = best(|| {
        black_box(self::by_hand(&table, &starts));
    });
    let report = |what: &str, time: Duration, bytes: Option<f64>| {
        let speed = f64::from(size) / time.as_secs_f64();
        let ratio = by_hand.as_secs_f64() / time.as_secs_f64();
        let bytes = bytes.map_or(String::from("-"), |bytes| format!("{bytes:.0}"));
        println!("{size:>9}  {what:<34} {speed:>13.0} {:>9} {bytes:>12}", format!("1/{:.1}", 1.0 / ratio));
    };
    report("loop by hand", by_hand, Some(0.0));

    let mut counts = Counts::new(&sim);
    let one = best(|| counts = count(sim, 0..size));
    report("engine, counts and time bins", one, Some(counts.bytes() as f64 / f64::from(size)));
    assert_eq!(visits(sim, &counts), self::by_hand(&table, &starts), "both count the same");

    let two = best(|| {
        counts = std::thread::scope(|scope| {
            let half = scope.spawn(|| count_raw(sim, size / 2..size));
            let mut counts = count_raw(sim, 0..size / 2);
            counts.merge(half.join().expect("the other half"));
            counts.seal();
            counts
        });
    });
    report(&format!("the same on two threads ({:.2}x)", one.as_secs_f64() / two.as_secs_f64()), two, None);

    if size <= 1_000_000 {
        let mut entries = 0;
        let log = best(|| {
            let mut log = Log::default();
            let mut timeline = Timeline::default();
            (0..size).for_each(|contact| timeline.run(sim, ContactIx(contact), &mut log));
            entries = log.entries.len();
            black_box(&log);
        });
        let bytes = entries * size_of::<gateline::engine::LogEntry>();
        report("engine, full log kept", log, Some(bytes as f64 / f64::from(size)));
    }

    let mut timeline = Timeline::default();
    let instants: Vec<_> = (1..=20).map(|k| Instant(k * 2 * DAY + k * 7_654_321)).collect();
    let each = |work: &mut dyn FnMut(Instant)| {
        let start = Clock::now();
        instants.iter().for_each(|at| work(*at));
        start.elapsed().as_secs_f64() * 1e3 / instants.len() as f64
    };
    let at = each(&mut |at| {
        black_box(counts.at(sim, &mut timeline, at));
    });
    let next = each(&mut |at| {
        black_box(counts.next_after(sim, &mut timeline, at));
    });
    let back = each(&mut |at| {
        black_box(counts.last_before(sim, &mut timeline, at));
    });
    println!(
        "{size:>9}  counts at any instant {at:.2} ms, step forward {next:.2} ms, step back {back:.2} ms"
    );
}

fn best(mut work: impl FnMut()) -> Duration {
    (0..5)
        .map(|_| {
            let start = Clock::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn count_raw(sim: Simulation<'_>, contacts: std::ops::Range<u32>) -> Counts {
    let mut counts = Counts::new(&sim);
    let mut timeline = Timeline::default();
    contacts.for_each(|contact| timeline.run(sim, ContactIx(contact), &mut counts));
    counts
}

fn count(sim: Simulation<'_>, contacts: std::ops::Range<u32>) -> Counts {
    let mut counts = count_raw(sim, contacts);
    counts.seal();
    counts
}

/// When a contact enters and when it buys (`i64::MAX`: never), never just when a wait ends.
fn times(contact: u32) -> (i64, i64) {
    let start = random::below(random::draw(SEED, contact.into(), 0, 0), 30 * DAY as u64) as i64;
    let buys = random::basis_points(random::draw(SEED, contact.into(), 0, 1)) < 3_000;
    let after = random::exponential_millis(random::draw(SEED, contact.into(), 0, 2), 4 * DAY) + 1;
    let after = if after % DAY == 0 { after + 1 } else { after };
    (start, if buys { start + after } else { i64::MAX })
}

fn people(size: u32) -> People {
    let contacts = (0..size).map(|n| Contact { key: format!("c{n}").into(), ..Contact::default() }).collect();
    let order = Arc::new(Order {
        reference: String::new(),
        lines: vec![OrderLine { product: ProductId::new(1), quantity: 1.into(), amount: Default::default() }],
    });
    let mut events = Vec::new();
    for contact in 0..size {
        let (start, buy) = times(contact);
        let form = Happening::FormSubmitted { form: FormId::new(1), outcome: FormOutcome::Success };
        events.push((ContactIx(contact), Event { at: Instant(start), what: form }));
        if buy < i64::MAX {
            events.push((
                ContactIx(contact),
                Event { at: Instant(buy), what: Happening::Order(order.clone()) },
            ));
        }
    }
    People::new(contacts, events).expect("keys differ")
}

/// Elements in order: trigger, e-mail, wait, e-mail, … , e-mail, goal wait, goal, end, and the added-to-map trigger.
fn n12(people: Arc<People>) -> Project {
    let mut project = Project::new("0", "N12");
    let mut map = Map::new(MapId::new(1), "N12");
    let mut last = None;
    let mut number = 1;
    let mut add = |map: &mut Map, kind: ElementKind, line: bool| {
        let id = ElementId::new(number);
        number += 1;
        map.elements.insert(id, Element { id, name: String::new(), kind, place: None });
        if let Some(from) = last.filter(|_| line) {
            map.lines.insert((from, Port::Next), id);
        }
        last = Some(id);
        id
    };
    add(&mut map, ElementKind::Trigger(Listener::trigger(EventType::FormSubmitted)), false);
    for mail in 1..=6 {
        add(&mut map, ElementKind::SendEmail(Some(EmailId::new(mail))), true);
        if mail < 6 {
            let until = Until::TimePasses(Span::new(1, Unit::Days));
            add(&mut map, ElementKind::Wait(Wait { until, zone: WaitZone::Account, goals: vec![] }), true);
        }
    }
    let mut goal = Listener::goal(EventType::Order);
    goal.on = EventFilter::Order(Choice::OneOf(vec![ProductId::new(1)]));
    // the loop by hand knows no rest after the last mail, so the goal's wait comes first and alone
    let goal = add(&mut map, ElementKind::Goal(goal), false);
    map.lines.retain(|_, to| *to != goal);
    let exit = add(&mut map, ElementKind::Exit, true);
    map.lines.insert((ElementId::new(12), Port::Next), exit);
    add(&mut map, ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation)), false);
    assert_eq!(map.fault(), None);
    project.maps.insert(map.id, Arc::new(map));
    project.people = people;
    project
}

fn visits(sim: Simulation<'_>, counts: &Counts) -> [u64; 13] {
    let totals = counts.at(sim, &mut Timeline::default(), sim.until);
    std::array::from_fn(|k| {
        let node = sim.plan.find(ElementId::new(k as u32 + 1)).expect("an element");
        u64::from(totals.entered(node))
    })
}

#[derive(Clone, Copy)]
enum Step {
    On,
    Wait(i64),
    Leave,
}

/// Node table of the loop by hand: what the node does, and which comes next.
fn table() -> Vec<(Step, usize)> {
    let mut table = vec![(Step::On, 1)];
    for mail in 0..6 {
        table.push((Step::On, 2 + 2 * mail));
        if mail < 5 {
            table.push((Step::Wait(DAY), 3 + 2 * mail));
        }
    }
    table[11] = (Step::Leave, 0);
    table.push((Step::Leave, 0));
    black_box(table)
}

fn by_hand(table: &[(Step, usize)], times: &[(i64, i64)]) -> [u64; 13] {
    let mut visits = [0; 13];
    for &(start, buy) in times {
        let (mut at, mut node) = (start, 0);
        loop {
            visits[node] += 1;
            match table[node] {
                (Step::On, next) => node = next,
                (Step::Wait(time), next) => {
                    let due = at + time;
                    (at, node) = if buy <= due { (buy, 12) } else { (due, next) };
                }
                (Step::Leave, _) => break,
            }
        }
    }
    visits
}
