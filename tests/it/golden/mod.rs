//! One test for each rule, named after it: a map, what happens to a contact, and what must come out. Times are those of
//! the account's zone.

mod actions;
mod conditions;
mod credit;
mod edits;
mod elsewhere;
mod explain;
mod goals;
mod keap;
mod life;
mod maps;
mod moments;
mod sales;
mod sequences;
mod structure;
mod switches;
mod tables;
mod time;
mod waits;
mod why;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use gateline::base::money::Money;
use gateline::base::time::{Instant, Span, Unit, Weekdays, Zone, parse_instant};
use gateline::model::catalogue::Shelved;
use gateline::model::kinds::{KINDS, Kind};
use gateline::model::lint::check;
use gateline::model::{
    Delay, DelayTime, DelayUnit, ElementKind, EngineRules, EventFilter, EventType, Listener, Order,
    OrderLine, OrderSource, PaymentPlan, PlanKind, Point, Port, Sequence, Settings, Until, Wait,
};
use gateline::session::command::{Command, Spot};

use crate::build::Build;
pub use life::{Life, Outcome};

impl Build {
    /// Turns switches of the map.
    pub fn rules(mut self, turn: impl FnOnce(&mut EngineRules)) -> Self {
        switch(&mut self, turn);
        self
    }

    /// Turns settings of the project.
    pub fn settings(mut self, turn: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.project.settings.clone();
        turn(&mut settings);
        self.run(Command::SetSettings(settings));
        self
    }

    /// Changes a thing of the account.
    pub fn item<T: Shelved>(&mut self, name: &str, change: impl FnOnce(&mut T)) -> T::Id {
        let id = self.thing::<T>(name);
        let mut item = T::shelf(&self.project.catalogue)[&id].clone();
        change(&mut item);
        self.run(Command::PutItem(item.into_item()));
        id
    }

    /// Changes what the element with this name is.
    pub fn change(mut self, name: &str, change: impl FnOnce(&mut ElementKind)) -> Self {
        let element = self.id(name);
        let mut kind = self.kind(element).clone();
        change(&mut kind);
        self.set(element, kind);
        self
    }

    /// Changes the trigger or goal with this name.
    pub fn listen(self, name: &str, change: impl FnOnce(&mut Listener)) -> Self {
        self.change(name, |kind| change(kind.listener_mut().unwrap()))
    }

    /// Gives the wait with this name another rule.
    pub fn wait_until(self, name: &str, until: Until) -> Self {
        self.change(name, |kind| match kind {
            ElementKind::Wait(wait) => wait.until = until,
            _ => panic!("{name} is no wait"),
        })
    }

    /// Takes the element with this name out of the map.
    pub fn without(mut self, name: &str) -> Self {
        self.delete(&[self.id(name)]);
        self
    }

    /// What follows is put behind the element with this name.
    pub fn behind(self, name: &str) -> Self {
        self.at(name, Port::Next)
    }

    /// An e-mail, with the element called as it is.
    pub fn send(self, name: &str) -> Self {
        self.email(name).called(name)
    }

    /// A wait with this name.
    pub fn hold(self, name: &str, until: Until) -> Self {
        self.wait(until).called(name)
    }

    /// The wait of the goal put last gives up by this rule; what follows hangs at the path of least action.
    pub fn gives_up(mut self, until: Until) -> Self {
        let wait = self.map().wait_of(self.last).unwrap();
        let goals = self.kind(wait).goals().to_vec();
        self.set(wait, ElementKind::Wait(Wait { goals, ..Wait::new(until) }));
        (self.last, self.port) = (wait, Port::Timeout);
        self
    }

    /// Gives the wait of the goal put last a name.
    pub fn wait_called(mut self, name: &str) -> Self {
        let element = self.map().wait_of(self.last).unwrap();
        self.run(Command::Rename { map: self.map, element, name: name.into() });
        self
    }

    /// A goal beside the one put last.
    pub fn or_goal(mut self, listener: Listener) -> Self {
        let wait = self.map().wait_of(self.last).unwrap();
        self.last = self.insert(ElementKind::Goal(listener), Spot::UnderWait(wait));
        self.port = Port::Next;
        self
    }

    /// A goal that stands at the top, with nothing above its wait.
    pub fn goal_at_top(mut self, listener: Listener) -> Self {
        self.last = self.insert(ElementKind::Goal(listener), Spot::At(Point { x: 0, y: 900 }));
        self.port = Port::Next;
        self
    }

    /// A goal does not stop the sequence with this name.
    pub fn runs_until_completed(mut self, sequence: &str) -> Self {
        let sequence = self.sequence_called(sequence).clone();
        let sequence = Sequence { runs_until_completed: true, ..sequence };
        self.run(Command::SetSequence { map: self.map, sequence });
        self
    }

    pub fn goal_tag(mut self, tag: &str) -> Self {
        let on = EventFilter::TagAdded(Some(self.tag(tag)));
        self.goal(Listener { on, ..Listener::goal(EventType::TagAdded) })
    }

    pub fn trigger_tag(mut self, tag: &str) -> Self {
        let on = EventFilter::TagAdded(Some(self.tag(tag)));
        self.trigger_on(on)
    }

    pub fn line(&mut self, product: &str, quantity: u32, amount: u32) -> OrderLine {
        let product = self.product(product);
        OrderLine { product, quantity: quantity.into(), amount: Money::new(amount.into()) }
    }

    /// An order over one piece of a product for 100, with a number.
    pub fn order(&mut self, reference: &str, product: &str) -> Order {
        Order { reference: reference.into(), lines: vec![self.line(product, 1, 100)], ..Order::default() }
    }

    /// The same in so many payments, a month apart.
    pub fn instalments(&mut self, reference: &str, product: &str, payments: u16) -> Order {
        Order { plan: Some(monthly(payments)), ..self.order(reference, product) }
    }
}

/// So many payments, a month from one to the next.
pub fn monthly(payments: u16) -> PaymentPlan {
    PaymentPlan {
        kind: PlanKind::Payments,
        payments: Some(payments),
        every: Some(Span::new(1, Unit::Months)),
        declined: vec![],
    }
}

/// An order that came in by a form.
pub fn by_form(build: &mut Build, order: Order, form: &str) -> Order {
    Order { source: OrderSource::OrderForm, form: Some(build.form(form)), ..order }
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

pub fn days(count: u32) -> Span {
    Span::new(count, Unit::Days)
}

pub fn some_days(count: u32) -> Until {
    Until::TimePasses(days(count))
}

/// K-10: a delay timer.
pub fn delay(count: u32, unit: DelayUnit, days: Weekdays, time: DelayTime) -> Until {
    Until::Delay(Delay { count, unit, days, time })
}

/// What lint finds, by its codes (semantics §12).
pub fn codes(build: &Build) -> Vec<&'static str> {
    check(&build.project).into_iter().map(|problem| problem.code).collect()
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
    map_n_in(Tz::America__New_York, goal)
}

/// The same in an account of another zone.
pub fn map_n_in(zone: Tz, goal: impl FnOnce(&mut Listener)) -> Build {
    let build = Build::new().settings(|settings| settings.account_zone = zone);
    let mut build = build.trigger_form("F");
    for mail in 1..=10 {
        build = build.send(&format!("E{mail}"));
        if mail < 10 {
            build = build.hold(&format!("W{mail}"), some_days(2));
        }
    }
    let mut listener = build.buys("X");
    goal(&mut listener);
    build.goal(listener).called("G").wait_called("GW").email("Welcome").end()
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
    (Kind::Fork, "structure.rs", "ont_s05_a_fork_makes_two_positions"),
    (Kind::GoTo, "structure.rs", "ont_s09_added_by_hand_a_go_to_leads_into_the_middle"),
    (
        Kind::End,
        "structure.rs",
        "m_10_an_end_keeps_the_contact_on_the_map_and_an_exit_takes_that_position_off",
    ),
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
