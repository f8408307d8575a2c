//! One test for each rule, named after it: a map, what happens to a contact, and what must come out. Times are those of
//! the account's zone.

mod goals;
mod structure;
mod waits;

use std::sync::Arc;

use chrono_tz::Tz;
use gateline::base::id::Id;
use gateline::base::time::{Instant, Zone, parse_instant};
use gateline::engine::log::{Log, What};
use gateline::engine::{LogEntry, Plan, Simulation, Timeline, check};
use gateline::model::kinds::{KINDS, Kind};
use gateline::model::{
    Contact, ContactIx, Event, FormOutcome, Happening, Listener, Order, OrderLine, People, Project, words,
};
use gateline::reports::trace;

use crate::build::Build;

/// What happens to the contacts of a test, in the order given.
pub struct Life {
    build: Build,
    contact: Contact,
    events: Vec<Event>,
    zone: Zone,
    from: Option<Instant>,
    until: Instant,
    seed: u64,
}

/// What came out for one contact.
pub struct Outcome {
    project: Project,
    zone: Zone,
    pub log: Vec<LogEntry>,
    plan: Plan,
}

impl Life {
    pub fn of(build: Build) -> Self {
        let zone = Zone::new(build.project.settings.account_zone);
        Self {
            build,
            contact: Contact { key: "c".into(), ..Contact::default() },
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

    pub fn published(mut self, at: &str) -> Self {
        self.from = Some(self.instant(at));
        self
    }

    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    pub fn with_tag(mut self, name: &str) -> Self {
        self.contact.tags = [self.build.tag(name)].into();
        self
    }

    pub fn in_zone(mut self, zone: Tz) -> Self {
        self.contact.zone = Some(zone);
        self
    }

    pub fn happens(mut self, at: &str, what: Happening) -> Self {
        let at = self.instant(at);
        self.events.push(Event { at, what });
        self
    }

    pub fn submits(mut self, at: &str, form: &str) -> Self {
        let form = self.build.form(form);
        self.happens(at, Happening::FormSubmitted { form, outcome: FormOutcome::Success })
    }

    /// Buys so many of a product in one transaction.
    pub fn buys_many(mut self, at: &str, product: &str, quantity: u32) -> Self {
        let product = self.build.product(product);
        let line = OrderLine { product, quantity: quantity.into(), amount: Default::default() };
        let order = Order { reference: String::new(), lines: vec![line] };
        self.happens(at, Happening::Order(Arc::new(order)))
    }

    pub fn buys(self, at: &str, product: &str) -> Self {
        self.buys_many(at, product, 1)
    }

    pub fn tag(mut self, at: &str, name: &str) -> Self {
        let tag = self.build.tag(name);
        self.happens(at, Happening::TagAdded(tag))
    }

    pub fn run(self) -> Outcome {
        let mut project = self.build.project;
        project.people = Arc::new(
            People::new(vec![self.contact], self.events.into_iter().map(|e| (ContactIx(0), e)).collect())
                .unwrap(),
        );
        let plan = Plan::new(&project).unwrap();
        let mut log = Log::default();
        let from = self.from.or(project.people.span().map(|(first, _)| first)).unwrap_or_default();
        let sim =
            Simulation { plan: &plan, people: &project.people, seed: self.seed, from, until: self.until };
        Timeline::default().run(sim, ContactIx(0), &mut log);
        assert_eq!(check::faults(&project, &log.entries), Vec::<String>::new());
        Outcome { zone: self.zone, log: log.entries, plan, project }
    }
}

impl Outcome {
    fn name(&self, line: &LogEntry) -> String {
        let element = line.element.unwrap();
        let element = self.project.map_of(element).unwrap().element(element).unwrap();
        words::title(&self.project, element)
    }

    fn when(&self, line: &LogEntry) -> String {
        self.zone.to_local(line.entry.at).format("%m-%d %H:%M").to_string()
    }

    /// `E1 01-05 09:00, E2 01-07 09:00`.
    pub fn mails(&self) -> String {
        let sent = self.log.iter().filter_map(|line| match line.entry.what {
            What::Sent(email) => {
                let name = self.project.catalogue.name::<gateline::model::Email>(email);
                Some(format!("{name} {}", self.when(line)))
            }
            _ => None,
        });
        sent.collect::<Vec<_>>().join(", ")
    }

    /// Where it rests at the end, in the order in which the positions were made; empty: not on any map.
    pub fn rests(&self) -> String {
        let resting = check::resting(&self.log);
        let names = resting.values().flatten().map(|id| {
            let element = self.project.map_of(*id).unwrap().element(*id).unwrap();
            words::title(&self.project, element)
        });
        names.collect::<Vec<_>>().join(", ")
    }

    /// When goals were achieved: `Purchases X 01-11 15:30`; triggers are left out.
    pub fn achieved(&self) -> String {
        let goals = self.log.iter().filter(|line| line.entry.what == What::Activated).filter(|line| {
            let element = self.project.map_of(line.element.unwrap()).unwrap();
            let kind = &element.element(line.element.unwrap()).unwrap().kind;
            matches!(kind, gateline::model::ElementKind::Goal(_))
        });
        goals.map(|line| format!("{} {}", self.name(line), self.when(line))).collect::<Vec<_>>().join(", ")
    }

    /// How often the log says this.
    pub fn count(&self, tag: &str) -> usize {
        self.log.iter().filter(|line| line.entry.what.tag() == tag).count()
    }

    /// The whole story, for golden traces.
    pub fn story(&self) -> String {
        let steps = trace::trace(&self.project, &self.plan, &self.log);
        steps.iter().map(|step| format!("{step}\n")).collect()
    }
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

/// Which test shows each kind of element; a new kind needs one.
const SHOWN: [(Kind, &str, &str); 12] = [
    (Kind::Trigger, "structure.rs", "ont_s17_a_trigger_for_someone_on_the_map"),
    (Kind::Wait, "waits.rs", "ont_w07_hours_are_elapsed_time_and_days_keep_the_wall_clock"),
    (Kind::Goal, "goals.rs", "ont_g01_a_purchase_at_the_fourth_mail_moves_to_the_goal"),
    (Kind::Condition, "structure.rs", "ont_s01_a_condition_is_asked_once_on_arrival"),
    (Kind::Split, "structure.rs", "ont_s03_all_go_one_way_and_meet_again_below"),
    (Kind::Fork, "structure.rs", "ont_s05_to_s07_a_fork_makes_two_positions"),
    (Kind::GoTo, "structure.rs", "m_09_a_loop_with_a_wait_goes_on"),
    (Kind::End, "structure.rs", "ont_s05_to_s07_a_fork_makes_two_positions"),
    (Kind::Exit, "goals.rs", "ont_g15_after_an_exit_nothing_reaches_the_contact"),
    (Kind::SendEmail, "goals.rs", "ont_g02_nobody_buys"),
    (Kind::ChangeTags, "structure.rs", "a_02_a_change_that_changes_nothing_raises_nothing"),
    (Kind::UpdateField, "structure.rs", "a_02_a_field_is_set_added_to_and_cleared"),
];

#[test]
fn every_kind_has_its_golden_test() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden");
    for info in &KINDS {
        let shown = SHOWN.iter().find(|(kind, ..)| *kind == info.kind);
        let (_, file, test) = shown.unwrap_or_else(|| panic!("{} has no golden test", info.tag));
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        assert!(text.contains(&format!("#[test]\nfn {test}()")), "{file} has no test {test}");
    }
}
