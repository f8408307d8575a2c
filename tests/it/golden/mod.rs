//! One test for each rule, named after it: a map, what happens to a contact, and what must come out. Times are those of
//! the account's zone.

mod actions;
mod edits;
mod explain;
mod goals;
mod keap;
mod structure;
mod waits;

use std::sync::Arc;

use chrono_tz::Tz;
use gateline::base::id::{ElementId, Id};
use gateline::base::money::Money;
use gateline::base::time::{Instant, Zone, parse_instant};
use gateline::engine::coupled::{Draws, NO_DRAWS};
use gateline::engine::explain::{Why, why as ask_why};
use gateline::engine::log::{Log, Message, What};
use gateline::engine::{Counts, LogEntry, Plan, Simulation, Timeline, Totals, check};
use gateline::model::kinds::{KINDS, Kind};
use gateline::model::{
    Contact, ContactIx, ElementKind, Email, EngineRules, Event, FormOutcome, Happening, Listener,
    MoreOfContact, Order, OrderLine, People, Postcard, Project, Sms, words,
};
use gateline::reports::flow::{Flow, flow};
use gateline::reports::states::{States, states};
use gateline::reports::trace;
use gateline::reports::why::{self, Verdict};
use gateline::session::command::Command;

use crate::build::Build;

/// What happens to the contacts of a test, in the order given.
pub struct Life {
    build: Build,
    contacts: Vec<Contact>,
    events: Vec<(ContactIx, Event)>,
    zone: Zone,
    from: Option<Instant>,
    until: Instant,
    seed: u64,
}

/// A run.
pub struct Ran {
    project: Project,
    plan: Plan,
    zone: Zone,
    seed: u64,
    from: Instant,
    until: Instant,
    draws: Draws,
}

/// What came out for one contact.
pub struct Outcome {
    ran: Arc<Ran>,
    contact: ContactIx,
    pub log: Vec<LogEntry>,
}

impl Life {
    pub fn of(build: Build) -> Self {
        let zone = Zone::new(build.project.settings.account_zone);
        Self {
            build,
            contacts: vec![Contact { key: "c".into(), ..Contact::default() }],
            events: vec![],
            until: parse_instant("2027-01-01", &zone, None).unwrap(),
            from: None,
            seed: 0,
            zone,
        }
    }

    pub fn instant(&self, text: &str) -> Instant {
        parse_instant(text, &self.zone, None).unwrap()
    }

    pub fn until(mut self, at: &str) -> Self {
        self.until = self.instant(at);
        self
    }

    /// When the run begins, and with it the maps that have no version with a time of its own.
    pub fn published(mut self, at: &str) -> Self {
        self.from = Some(self.instant(at));
        self
    }

    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// One more contact; what follows is about this one.
    pub fn another(mut self) -> Self {
        let key = format!("c{}", self.contacts.len() + 1).as_str().into();
        self.contacts.push(Contact { key, ..Contact::default() });
        self
    }

    fn contact(&mut self) -> &mut Contact {
        self.contacts.last_mut().unwrap()
    }

    pub fn with_tag(mut self, name: &str) -> Self {
        let tag = self.build.tag(name);
        let tags = self.contact().tags.iter().copied().chain([tag]).collect();
        self.contact().tags = tags;
        self
    }

    pub fn with(mut self, more: MoreOfContact) -> Self {
        self.contact().more = Some(Box::new(more));
        self
    }

    pub fn in_zone(mut self, zone: Tz) -> Self {
        self.contact().zone = Some(zone);
        self
    }

    pub fn happens(mut self, at: &str, what: Happening) -> Self {
        let event = Event { at: self.instant(at), what };
        self.events.push((ContactIx(self.contacts.len() as u32 - 1), event));
        self
    }

    pub fn submits(mut self, at: &str, form: &str) -> Self {
        let form = self.build.form(form);
        self.happens(at, Happening::FormSubmitted { form, outcome: FormOutcome::Success })
    }

    /// An order of these products, each 100, otherwise as it is made.
    pub fn orders(mut self, at: &str, products: &[&str], make: impl FnOnce(&mut Order)) -> Self {
        let line = |name: &&str| OrderLine {
            product: self.build.product(name),
            quantity: 1.into(),
            amount: Money::new(100.into()),
        };
        let lines = products.iter().map(line).collect();
        let mut order = Order { lines, ..Order::default() };
        make(&mut order);
        self.happens(at, Happening::Order(Arc::new(order)))
    }

    /// Buys so many of a product in one transaction.
    pub fn buys_many(self, at: &str, product: &str, quantity: u32) -> Self {
        self.orders(at, &[product], |order| order.lines[0].quantity = quantity.into())
    }

    pub fn buys(self, at: &str, product: &str) -> Self {
        self.buys_many(at, product, 1)
    }

    pub fn tag(mut self, at: &str, name: &str) -> Self {
        let tag = self.build.tag(name);
        self.happens(at, Happening::TagAdded(tag))
    }

    /// What came out for the only contact.
    pub fn run(self) -> Outcome {
        self.run_all().remove(0)
    }

    /// What came out for each contact.
    pub fn run_all(self) -> Vec<Outcome> {
        let mut project = self.build.project;
        project.people = Arc::new(People::new(self.contacts, self.events).unwrap());
        let plan = Plan::new(&project).unwrap();
        let from = self.from.or(project.people.span().map(|(first, _)| first)).unwrap_or_default();
        let Self { zone, seed, until, .. } = self;
        let alone = Simulation { plan: &plan, people: &project.people, seed, from, until, draws: &NO_DRAWS };
        let draws = Draws::settle(alone, || true).unwrap();
        let ran = Arc::new(Ran { project, plan, zone, seed, from, until, draws });
        let outcome = |contact| {
            let mut log = Log::default();
            Timeline::default().run(ran.sim(), contact, &mut log);
            assert_eq!(check::faults(&ran.project, &log.entries), Vec::<String>::new());
            Outcome { ran: ran.clone(), contact, log: log.entries }
        };
        ran.project.people.contacts().map(|(contact, _)| outcome(contact)).collect()
    }
}

impl Ran {
    fn sim(&self) -> Simulation<'_> {
        Simulation {
            plan: &self.plan,
            people: &self.project.people,
            seed: self.seed,
            from: self.from,
            until: self.until,
            draws: &self.draws,
        }
    }

    fn title(&self, element: ElementId) -> String {
        words::title(&self.project, self.project.find_element(element).unwrap())
    }

    fn id(&self, name: &str) -> ElementId {
        let published = self.project.published.values().flatten().map(|version| &version.map);
        let maps = self.project.maps.values().chain(published);
        let mut elements = maps.flat_map(|map| map.elements.values());
        elements.find(|element| element.name == name).unwrap().id
    }
}

impl Outcome {
    fn name(&self, line: &LogEntry) -> String {
        self.ran.title(line.element.unwrap())
    }

    fn when(&self, line: &LogEntry) -> String {
        self.ran.zone.to_local(line.entry.at).format("%m-%d %H:%M").to_string()
    }

    pub fn at(&self, text: &str) -> Instant {
        parse_instant(text, &self.ran.zone, None).unwrap()
    }

    /// `E1 01-05 09:00, E2 01-07 09:00`: e-mails, text messages and postcards.
    pub fn mails(&self) -> String {
        let catalogue = &self.ran.project.catalogue;
        let sent = self.log.iter().filter_map(|line| match line.entry.what {
            What::Sent(message) => {
                let name = match message {
                    Message::Email(email) => catalogue.name::<Email>(email),
                    Message::Sms(sms) => catalogue.name::<Sms>(sms),
                    Message::Postcard(postcard) => catalogue.name::<Postcard>(postcard),
                };
                Some(format!("{name} {}", self.when(line)))
            }
            _ => None,
        });
        sent.collect::<Vec<_>>().join(", ")
    }

    /// How many mails of this name were sent up to an instant.
    pub fn sent(&self, mail: &str, until: &str) -> usize {
        let (mail, until) = (self.ran.project.catalogue.find::<Email>(mail).unwrap(), self.at(until));
        let is_it =
            |line: &&LogEntry| line.entry.what == What::Sent(Message::Email(mail)) && line.entry.at <= until;
        self.log.iter().filter(is_it).count()
    }

    /// Where it rests at the end, in the order in which the positions were made; empty: not on any map.
    pub fn rests(&self) -> String {
        let resting = check::resting(&self.log);
        resting.values().flatten().map(|id| self.ran.title(*id)).collect::<Vec<_>>().join(", ")
    }

    /// When goals were achieved: `Purchases X 01-11 15:30`; triggers are left out.
    pub fn achieved(&self) -> String {
        let is_goal = |line: &&LogEntry| {
            let element = line.element.and_then(|element| self.ran.project.find_element(element));
            line.entry.what == What::Activated
                && element.is_some_and(|element| matches!(element.kind, ElementKind::Goal(_)))
        };
        let goals = self.log.iter().filter(is_goal);
        goals.map(|line| format!("{} {}", self.name(line), self.when(line))).collect::<Vec<_>>().join(", ")
    }

    /// How often the log says this.
    pub fn count(&self, tag: &str) -> usize {
        self.log.iter().filter(|line| line.entry.what.tag() == tag).count()
    }

    /// Whether the log says this.
    pub fn says(&self, what: &What) -> bool {
        self.log.iter().any(|line| line.entry.what == *what)
    }

    /// The whole story, for golden traces.
    pub fn story(&self) -> String {
        let steps = trace::trace(&self.ran.project, &self.ran.plan, &self.log);
        steps.iter().map(|step| format!("{step}\n")).collect()
    }

    /// Why the contact did not achieve the goal with this name.
    pub fn why(&self, goal: &str) -> Why {
        ask_why(self.ran.sim(), self.contact, self.ran.id(goal))
    }

    /// The same in words: each event that could have achieved it, with the numbers of its checks up to the first that
    /// failed, and what that found.
    pub fn why_in_words(&self, goal: &str) -> String {
        let when = |at| self.ran.zone.to_local(at).format("%m-%d %H:%M").to_string();
        let answer = why::answer(&self.ran.project, &when, self.ran.id(goal), &self.why(goal));
        assert_eq!(answer.failed.is_none(), !answer.achieved.is_empty());
        let attempt = |attempt: &why::Attempt| {
            let passed = attempt.checks.iter().filter(|line| line.verdict == Verdict::Passed);
            let passed = passed.map(|line| format!(" {}", line.number)).collect::<String>();
            let failed = attempt.failed().map(|line| format!(" not {}: {}", line.number, line.found));
            format!("{} {}:{passed}{}\n", when(attempt.at), attempt.event, failed.unwrap_or_default())
        };
        answer.attempts.iter().map(attempt).collect()
    }

    /// The details of what its log says with these names of kinds, line by line.
    pub fn told(&self, kinds: &[&str]) -> String {
        let steps = trace::trace(&self.ran.project, &self.ran.plan, &self.log).into_iter();
        let steps = steps.filter(|step| kinds.contains(&step.kind));
        steps.map(|step| format!("{}\n", step.detail)).collect()
    }

    /// Contact flow of the only map at the end of the run.
    pub fn flow(&self) -> Flow {
        let map = self.ran.project.maps.values().next().unwrap();
        flow(&self.ran.plan, &self.totals_at(self.ran.until), map)
    }

    /// The number of that reason; `None`: it was achieved.
    pub fn reason(&self, goal: &str) -> Option<u8> {
        self.why(goal).failed.map(|check| check.reason.number())
    }

    /// How all contacts of the run stand at an instant.
    pub fn totals(&self, at: &str) -> Totals {
        self.totals_at(self.at(at))
    }

    fn totals_at(&self, at: Instant) -> Totals {
        let (sim, mut timeline) = (self.ran.sim(), Timeline::default());
        let mut counts = Counts::new(&sim);
        for (contact, _) in sim.people.contacts() {
            timeline.run(sim, contact, &mut counts);
        }
        counts.seal();
        counts.at(sim, &mut timeline, at)
    }

    /// How many contacts of the run are active, queued and done in a sequence at an instant.
    pub fn states(&self, sequence: &str, at: &str) -> [u32; 3] {
        let totals = self.totals(at);
        let has_it = |map: &&Arc<gateline::model::Map>| map.sequences.values().any(|s| s.name == sequence);
        let map = self.ran.project.maps.values().find(has_it).unwrap();
        let is_it = |states: &States| map.sequences[&states.sequence].name == sequence;
        let found = states(&self.ran.plan, &totals, map.id).into_iter().find(is_it).unwrap();
        [found.active, found.queued, found.done]
    }

    /// How often the goal with this name was achieved up to an instant, by all contacts of the run.
    pub fn activations(&self, goal: &str, at: &str) -> u32 {
        self.totals(at).activations(self.ran.plan.find(self.ran.id(goal)).unwrap())
    }
}

/// Changes switches of the map (semantics §13).
pub fn switch(build: &mut Build, change: impl FnOnce(&mut EngineRules)) {
    let mut rules = build.map().rules.clone();
    change(&mut rules);
    build.run(Command::SetRules { map: build.map, rules });
}

/// Publishes the map as it is drawn, from an instant on the account's clocks.
pub fn publish(build: &mut Build, at: &str) {
    let at = Some(instant(build, at));
    build.run(Command::Publish { map: build.map, at, place_matching: false });
}

/// An instant on the account's clocks.
pub fn instant(build: &Build, at: &str) -> Instant {
    parse_instant(at, &Zone::new(build.project.settings.account_zone), None).unwrap()
}

/// Map N: ten mails two days apart, then the goal *purchases X*, Welcome, End.
pub fn map_n(goal: impl FnOnce(&mut Listener)) -> Build {
    let mut build = Build::new();
    build.project.settings.account_zone = Tz::America__New_York;
    let mut build = build.trigger_form("F");
    for mail in 1..=10 {
        build = build.email(&format!("E{mail}")).called(&format!("E{mail}"));
        if mail < 10 {
            build = build.wait_days(2).called(&format!("W{mail}"));
        }
    }
    let mut listener = build.buys("X");
    goal(&mut listener);
    let build = build.goal(listener).called("G").email("Welcome").end();
    assert!(build.map().id.number() > 0);
    build
}

/// All mails of map N, on schedule.
pub const ALL_TEN: &str = "E1 01-05 09:00, E2 01-07 09:00, E3 01-09 09:00, E4 01-11 09:00, E5 01-13 09:00, \
    E6 01-15 09:00, E7 01-17 09:00, E8 01-19 09:00, E9 01-21 09:00, E10 01-23 09:00";

/// Enters Monday 2026-01-05 09:00.
pub fn enters(build: Build) -> Life {
    Life::of(build).submits("2026-01-05 09:00", "F")
}

/// Which test shows each kind of element that is no action; a new kind needs one.
const SHOWN: &[(Kind, &str, &str)] = &[
    (Kind::Trigger, "structure.rs", "ont_s17_a_trigger_for_someone_on_the_map"),
    (Kind::Wait, "waits.rs", "ont_w07_hours_are_elapsed_time_and_days_keep_the_wall_clock"),
    (Kind::Goal, "goals.rs", "ont_g01_a_purchase_at_the_fourth_mail_moves_to_the_goal"),
    (Kind::Condition, "structure.rs", "ont_s01_a_condition_is_asked_once_on_arrival"),
    (Kind::Branches, "keap.rs", "keap_20_all_ways_whose_rule_holds_and_none_falls_out"),
    (Kind::Split, "structure.rs", "ont_s03_all_go_one_way_and_meet_again_below"),
    (Kind::Fork, "structure.rs", "ont_s05_to_s07_a_fork_makes_two_positions"),
    (Kind::GoTo, "structure.rs", "m_09_a_loop_with_a_wait_goes_on"),
    (Kind::End, "structure.rs", "ont_s05_to_s07_a_fork_makes_two_positions"),
    (Kind::Exit, "goals.rs", "ont_g15_after_an_exit_nothing_reaches_the_contact"),
];

/// The test that goes through all actions.
const ACTIONS: (&str, &str) = ("actions.rs", "a_02_every_action_does_what_it_says");

#[test]
fn every_kind_has_its_golden_test() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden");
    for info in KINDS {
        let shown = SHOWN.iter().find(|(kind, ..)| *kind == info.kind).map(|(_, file, test)| (*file, *test));
        let is_action = matches!((info.blank)(), ElementKind::Action(_));
        let shown = shown.or(is_action.then_some(ACTIONS));
        let (file, test) = shown.unwrap_or_else(|| panic!("{} has no golden test", info.tag));
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        assert!(text.contains(&format!("#[test]\nfn {test}()")), "{file} has no test {test}");
    }
}
