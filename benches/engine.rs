//! How fast contacts go through a map, as ratios within one run.
//!
//! Workload N12: trigger, six e-mails with one-day waits between them, goal *purchases X* (any contact on this map, move
//! here). Contacts enter evenly over 30 days; 30 % buy after an exponential time of mean 4 days. The yardstick is a loop
//! written by hand for a chain of waits with one goal: contact by contact over a generic node table, no queue, no log,
//! counts per node and nothing else.
//!
//! Workload G30: some thirty elements, around 25 visits for each contact: conditions on tags and fields, a split, a fork,
//! changes of tags and a field, a wait for a day of the week, two goals of one group, and a loop by Go To that a field
//! ends. The same contacts; its yardstick is N12's loop.
//!
//! `cargo bench --bench engine [-- [n12|g30] [counts] CONTACTS…]` (default both, everything, 10,000 100,000 1,000,000;
//! with 10,000,000 the cost with the number of contacts shows).

#![expect(clippy::disallowed_types, reason = "it measures")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant as Clock};

use chrono::{NaiveTime, Weekday};
use gateline::base::id::{ElementId, EmailId, FieldId, FormId, Id, MapId, ProductId, TagId};
use gateline::base::random;
use gateline::base::time::{Instant, Span, Unit, Weekdays};
use gateline::engine::coupled::NO_DRAWS;
use gateline::engine::{Counts, PackedLog, Plan, Simulation, Timeline};
use gateline::model::{
    Action, Choice, Condition, Contact, ContactIx, Element, ElementKind, Event, EventFilter, EventType,
    Field, FieldChange, FieldKind, FieldOperator, FormOutcome, Happening, Listener, Map, Order, OrderLine,
    People, PlanPayments, Port, Project, Split, Until, Value, Wait, WaitZone,
};

const DAY: i64 = 86_400_000;
const SEED: u64 = 7;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let sizes: Vec<u32> = args.iter().filter_map(|arg| arg.replace(['_', ','], "").parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10_000, 100_000, 1_000_000] } else { sizes };
    let asked = |word: &str| args.iter().any(|arg| arg == word);
    println!(
        "{:>9}  {:<42} {:>13} {:>9} {:>12}",
        "contacts", "what", "contacts/s", "of loop", "bytes/contact"
    );
    for size in sizes {
        let people = Arc::new(people(size));
        let bench = Bench::new(size, asked("counts"));
        if !asked("g30") {
            let counts = bench.engine("N12", &n12(people.clone()));
            assert_eq!(counts, bench.visits, "both count the same");
        }
        if !asked("n12") {
            bench.engine("G30", &g30(people));
        }
    }
}

/// What both workloads are measured with.
struct Bench {
    size: u32,
    counts_only: bool,
    /// The yardstick: time and visits of the loop by hand.
    loop_time: Duration,
    visits: [u64; 13],
}

impl Bench {
    fn new(size: u32, counts_only: bool) -> Self {
        let starts: Vec<(i64, i64)> = (0..size).map(times).collect();
        let table = table();
        let mut visits = [0; 13];
        let loop_time = best(|| visits = black_box(by_hand(&table, &starts)));
        let bench = Self { size, counts_only, loop_time, visits };
        bench.report("loop by hand", loop_time, Some(0));
        bench
    }

    fn report(&self, what: &str, time: Duration, bytes: Option<usize>) {
        let speed = f64::from(self.size) / time.as_secs_f64();
        let ratio = format!("1/{:.1}", time.as_secs_f64() / self.loop_time.as_secs_f64());
        let bytes = bytes.map_or("-".into(), |bytes| format!("{:.0}", bytes as f64 / f64::from(self.size)));
        println!("{:>9}  {what:<42} {speed:>13.0} {ratio:>9} {bytes:>12}", self.size);
    }

    /// Measures everything on a project and returns the visits of its first 13 elements.
    fn engine(&self, name: &str, project: &Project) -> [u64; 13] {
        let plan = Plan::new(project).expect("few elements");
        let people = &project.people;
        let until = Instant(45 * DAY);
        let sim = Simulation { plan: &plan, people, seed: SEED, from: Instant(0), until, draws: &NO_DRAWS };
        let mut counts = Counts::new(&sim);
        let one = best(|| counts = count(sim, 0..self.size));
        self.report(&format!("{name}: counts and time bins"), one, Some(counts.bytes()));
        let totals = counts.at(sim, &mut Timeline::default(), sim.until);
        let visits = |node| u64::from(totals.entered(node));
        let all: u64 = plan.nodes().map(|(node, _)| visits(node)).sum();
        println!("{:>9}  {:.2} visits per contact", self.size, all as f64 / f64::from(self.size));
        if !self.counts_only {
            self.two_threads(name, sim, one);
            self.log(name, sim);
            self.instants(sim, &counts);
        }
        let node = |number| plan.find(ElementId::new(number)).expect("an element");
        std::array::from_fn(|k| visits(node(k as u32 + 1)))
    }

    fn two_threads(&self, name: &str, sim: Simulation<'_>, one: Duration) {
        let two = best(|| {
            std::thread::scope(|scope| {
                let half = scope.spawn(|| count_raw(sim, self.size / 2..self.size));
                let mut counts = count_raw(sim, 0..self.size / 2);
                counts.merge(half.join().expect("the other half"));
                counts.seal();
                black_box(&counts);
            });
        });
        let gain = one.as_secs_f64() / two.as_secs_f64();
        self.report(&format!("{name}: the same on two threads ({gain:.2}x)"), two, None);
    }

    fn log(&self, name: &str, sim: Simulation<'_>) {
        let mut log = PackedLog::default();
        let write = best(|| {
            log = PackedLog::default();
            let mut timeline = Timeline::default();
            (0..self.size).for_each(|contact| timeline.run(sim, ContactIx(contact), &mut log));
        });
        self.report(&format!("{name}: full log kept"), write, Some(log.bytes()));
        let mut entries = 0;
        let read = best(|| entries = log.contacts().map(|(_, entries)| entries.count()).sum());
        let each = entries as f64 / f64::from(self.size);
        self.report(&format!("{name}: log read back, {each:.1} entries each"), read, None);
    }

    fn instants(&self, sim: Simulation<'_>, counts: &Counts) {
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
            "{:>9}  counts at any instant {at:.2} ms, step forward {next:.2} ms, step back {back:.2} ms",
            self.size
        );
    }
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
        lines: vec![OrderLine { product: ProductId::new(1), quantity: 1.into(), amount: Default::default() }],
        ..Order::default()
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

/// A map put together from above: each element is joined to the one before unless told otherwise.
struct Draft {
    map: Map,
    last: Option<(ElementId, Port)>,
}

impl Draft {
    fn new(name: &str) -> Self {
        Self { map: Map::new(MapId::new(1), name), last: None }
    }

    fn add(&mut self, kind: ElementKind) -> ElementId {
        let id = ElementId::new(self.map.elements.len() as u32 + 1);
        if let Some(from) = self.last {
            self.map.lines.insert(from, id);
        }
        self.last = kind.ports().first().map(|port| (id, *port));
        self.map.elements.insert(id, Element { id, name: String::new(), kind, draft: false, place: None });
        id
    }

    /// The next element comes below this way out.
    fn below(&mut self, element: ElementId, port: Port) -> &mut Self {
        self.last = Some((element, port));
        self
    }

    /// The next element stands alone at the top.
    fn apart(&mut self) -> &mut Self {
        self.last = None;
        self
    }

    /// This way out leads to an element that is there already.
    fn join(&mut self, from: ElementId, port: Port, to: ElementId) {
        self.map.lines.insert((from, port), to);
    }

    fn mail(&mut self, number: u32) -> ElementId {
        self.add(ElementKind::Action(Action::SendEmail(Some(EmailId::new(number)))))
    }

    fn wait(&mut self, until: Until, goals: Vec<ElementId>) -> ElementId {
        self.add(ElementKind::Wait(Wait { until, zone: WaitZone::Account, goals }))
    }

    fn days(&mut self, count: u32) -> ElementId {
        self.wait(Until::TimePasses(Span::new(count, Unit::Days)), vec![])
    }

    fn tag(&mut self, add: u32) -> ElementId {
        self.add(ElementKind::Action(Action::ChangeTags { add: vec![TagId::new(add)], remove: vec![] }))
    }

    fn project(mut self, people: Arc<People>) -> Project {
        self.apart().add(ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation)));
        assert_eq!(self.map.fault(), None);
        let mut project = Project::new("0", self.map.name.clone());
        project.maps.insert(self.map.id, Arc::new(self.map));
        let rounds = Field { id: FieldId::new(1), name: "Rounds".into(), kind: FieldKind::Number };
        Arc::make_mut(&mut project.catalogue).fields.insert(rounds.id, rounds);
        project.people = people;
        project
    }
}

fn buys() -> ElementKind {
    let products = Choice::OneOf(vec![ProductId::new(1)]);
    let on = EventFilter::Purchased { products, plan_payments: PlanPayments::Every };
    ElementKind::Goal(Listener { on, ..Listener::goal(EventType::Purchased) })
}

/// Elements in order: trigger, e-mail, wait, e-mail, … , e-mail, goal, exit, and the added-to-map trigger. The loop by
/// hand knows no rest after the last mail, so the goal stands alone and both ways lead to the exit.
fn n12(people: Arc<People>) -> Project {
    let mut draft = Draft::new("N12");
    draft.add(ElementKind::Trigger(Listener::trigger(EventType::FormSubmitted)));
    for mail in 1..=5 {
        draft.mail(mail);
        draft.days(1);
    }
    let last = draft.mail(6);
    draft.apart().add(buys());
    let exit = draft.add(ElementKind::Exit);
    draft.join(last, Port::Next, exit);
    draft.project(people)
}

fn g30(people: Arc<People>) -> Project {
    let rounds = FieldId::new(1);
    let mut draft = Draft::new("G30");
    draft.add(ElementKind::Trigger(Listener::trigger(EventType::FormSubmitted)));
    draft.mail(1);
    // the loop: a day's wait, a split whose paths meet, until two rounds are over
    let top = draft.days(1);
    let split = draft.add(ElementKind::Split(Split::halves()));
    let a = draft.mail(2);
    draft.below(split, Port::path(1)).mail(3);
    let one = FieldChange::Add(1.into());
    let count = draft.add(ElementKind::Action(Action::UpdateField { field: Some(rounds), change: one }));
    draft.join(a, Port::Next, count);
    let value = Some(Value::Number(2.into()));
    let over = Condition::Field { field: Some(rounds), is: FieldOperator::AtLeast, value };
    let over = draft.add(ElementKind::Condition(over));
    draft.below(over, Port::No).add(ElementKind::GoTo(Some(top)));
    draft.below(over, Port::Yes).tag(1);
    // both at once: mails on days of the week, and a group of goals
    let fork = draft.add(ElementKind::Fork);
    draft.mail(4);
    let days = Weekdays::NONE.with(Weekday::Tue).with(Weekday::Thu);
    draft.wait(Until::DayOfWeek { days, time: NaiveTime::from_hms_opt(9, 0, 0) }, vec![]);
    draft.mail(5);
    let tagged = draft.add(ElementKind::Condition(Condition::HasTag(Some(TagId::new(2)))));
    draft.mail(6);
    draft.add(ElementKind::Exit);
    draft.below(tagged, Port::No).tag(2);
    draft.add(ElementKind::End);
    draft.below(fork, Port::Right).days(2);
    draft.mail(7);
    let next = draft.map.elements.len() as u32 + 2;
    let goals = vec![ElementId::new(next), ElementId::new(next + 1)];
    let group = draft.wait(Until::TimePasses(Span::new(5, Unit::Days)), goals);
    let bought = draft.apart().add(buys());
    let clicked = EventFilter::EmailLinkClicked { email: Some(EmailId::new(7)), link: 0 };
    let clicked = Listener { on: clicked, ..Listener::goal(EventType::EmailLinkClicked) };
    let clicked = draft.apart().add(ElementKind::Goal(clicked));
    draft.below(bought, Port::Next).tag(3);
    let thanks = draft.mail(8);
    draft.join(clicked, Port::Next, thanks);
    draft.days(7);
    draft.mail(9);
    draft.add(ElementKind::Exit);
    draft.below(group, Port::Timeout).mail(10);
    draft.days(1);
    draft.add(ElementKind::End);
    draft.project(people)
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
