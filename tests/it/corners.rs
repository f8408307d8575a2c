//! Corners of the rules that a contact comes to seldom.

use std::collections::BTreeSet;
use std::sync::Arc;

use gateline::base::id::{ElementId, Id, MapId};
use gateline::base::money::Money;
use gateline::base::time::{Feb29, Instant, Side, Span, Unit};
use gateline::engine::coupled::NO_DRAWS;
use gateline::engine::log::{Log, Nothing, Skip, What};
use gateline::engine::{LogEntry, Plan, Simulation, Timeline};
use gateline::model::catalogue::Shelved;
use gateline::model::event::HappeningKind;
use gateline::model::filter::{EVENT_TYPES, KeapPurchase};
use gateline::model::rules::WhilePaused;
use gateline::model::{
    Action, CardOutcome, Change, Condition, Contact, ContactIx, Element, ElementKind, EmailStatus, Event,
    EventFilter, EventType, FieldChange, FieldKind, FieldOperator, FirstPayment, FormOutcome, Happening,
    LeadRouter, Listener, Map, Member, MembershipStatus, MoreOfContact, OpenOrderChange, Order, OrderLine,
    Outcome, PaymentPlan, People, PlanKind, Port, Publication, Settings, Task, Until, Value, Wait, Who,
};
use gateline::session::command::{Command, Spot};

use super::build::Build;
use super::golden::{Life, enters, publish, switch};

fn days(count: u32) -> Span {
    Span::new(count, Unit::Days)
}

fn date(text: &str) -> Value {
    Value::Date(text.parse().unwrap())
}

fn email(build: &mut Build, name: &str) -> ElementKind {
    ElementKind::Action(Action::SendEmail(Some(build.mail(name))))
}

/// Another map whose trigger is followed by this, and then its exit; the first map is the one built on afterwards.
fn other_map(build: &mut Build, until: Option<Until>) -> MapId {
    let other = build.add_map("Other");
    let mut built = build.clone();
    if let Some(until) = until {
        built = built.wait(until);
    }
    *build = built.exit().on_first_map();
    other
}

// ---------------------------------------------------------------------------------------------------------------------
// Paused contacts (M-14)

/// M-14, M-11: what a paused position waits for comes about, and it stays all the same until the contact goes on.
#[test]
fn a_paused_contact_that_is_let_go_goes_on_when_it_may() {
    let mut build = Build::new();
    let other = other_map(&mut build, Some(Until::TimePasses(days(1))));
    let build = build.trigger_form("F").action(Action::AddToMap(Some(other))).email("M").end();
    let map = build.map;
    let life = enters(build).happens("2026-01-05 10:00", Happening::Paused(map));
    let out = life.happens("2026-01-10 09:00", Happening::Unpaused(map)).run();
    assert_eq!(out.mails(), "M 01-10 09:00", "it is off the other map since 6 January");
}

/// The same of the other map's answer: it is through already.
#[test]
fn a_paused_contact_that_is_answered_goes_on_when_it_may() {
    let mut build = Build::new();
    let (map, other) = (build.map, other_map(&mut build, None));
    let build = build.trigger_form("F").action(Action::PauseOnMap(Some(map)));
    let build = build.action(Action::AddToMap(Some(other))).email("M").end();
    let out = enters(build).happens("2026-01-07 09:00", Happening::Unpaused(map)).run();
    assert_eq!(out.mails(), "M 01-07 09:00");
}

/// M-14, K-11: a step that a later version inserts is done once the contact goes on.
#[test]
fn a_new_step_waits_for_a_paused_contact() {
    let build = Build::new().trigger_form("F").wait_days(10).called("W").email("E2").called("E2").end();
    let mut build = build.sequence("S", &["W", "E2"]);
    switch(&mut build, |rules| rules.late_step_days = 7);
    let map = build.map;
    build.run(Command::Publish { map, at: None, place_matching: false });
    let first = email(&mut build, "E1");
    let spot = Spot::After { from: build.id("W"), port: Port::Next };
    let new = build.insert(first, spot);
    // E1 is due one day on: above it stands a wait of a day now
    build.set(build.id("W"), ElementKind::Wait(Wait::new(Until::TimePasses(days(1)))));
    let wait = ElementKind::Wait(Wait::new(Until::TimePasses(days(9))));
    build.insert(wait, Spot::After { from: new, port: Port::Next });
    publish(&mut build, "2026-01-08 09:00");
    let life = enters(build).happens("2026-01-05 10:00", Happening::Paused(map));
    let out = life.happens("2026-01-10 09:00", Happening::Unpaused(map)).run();
    assert_eq!(out.mails(), "E1 01-10 09:00, E2 01-15 09:00");
}

/// M-14: a goal achieved during a pause that stops time puts the contact to rest, and only from then on it stands still.
#[test]
fn a_rest_that_began_in_a_pause_stands_still_from_then_on() {
    let mut build = Build::new().trigger_form("F").goal_buys("X").called("G").wait_days(2).email("M").end();
    switch(&mut build, |rules| {
        rules.pause_keeps_time = false;
        rules.events_while_paused = WhilePaused::Handled;
    });
    let map = build.map;
    let life =
        enters(build).happens("2026-01-06 09:00", Happening::Paused(map)).buys("2026-01-08 09:00", "X");
    let out = life.happens("2026-01-09 09:00", Happening::Unpaused(map)).run();
    assert_eq!(out.mails(), "M 01-11 09:00");
}

/// K-10 under M-14: a timer that turned out past during the pause skips the steps down to the next one.
#[test]
fn a_timer_that_was_past_in_a_pause_skips_steps_after_it() {
    let mut build = Build::new();
    let field = build.field("Renewal", FieldKind::Date);
    let until = Until::FieldTimer { field: Some(field), side: Side::After, span: days(0), time: None };
    let build = build.trigger_form("F").wait(until).called("W").email("E1").called("E1");
    let build = build.wait_days(1).called("D").email("E2").called("E2").end();
    let build = build.sequence("S", &["W", "E1", "D", "E2"]);
    let map = build.map;
    let filled = Happening::FieldUpdated { field, value: Some(date("2026-01-01")) };
    let life = enters(build).happens("2026-01-06 09:00", Happening::Paused(map));
    let life = life.happens("2026-01-07 09:00", filled);
    let out = life.happens("2026-01-08 09:00", Happening::Unpaused(map)).run();
    assert!(out.says(&What::Skipped(Skip::PastTimer)));
    assert_eq!(out.mails(), "E2 01-09 09:00");
}

// ---------------------------------------------------------------------------------------------------------------------
// What triggers and goals hear (§3)

/// §3: what the account is not set up to see is heard by nobody.
#[test]
fn email_and_visits_elsewhere_are_heard_only_where_they_are_seen() {
    let page = Id::new(800);
    for on in [EventFilter::EmailReceived, EventFilter::UrlVisited(Some(page))] {
        let mut build = Build::new().trigger_on(on).email("M").end();
        let run = |build: &Build| {
            let life = Life::of(build.clone()).happens("2026-01-05 09:00", Happening::EmailReceived);
            life.happens("2026-01-05 09:00", Happening::UrlVisited(page)).run().mails()
        };
        assert_eq!(run(&build), "");
        let settings = Settings { email_sync: true, tracking_code: true, ..build.project.settings.clone() };
        build.run(Command::SetSettings(settings));
        assert_eq!(run(&build), "M 01-05 09:00");
    }
}

fn in_three(order: &mut Order) {
    let plan = PaymentPlan { kind: PlanKind::Payments, payments: Some(3), every: None, declined: vec![] };
    (order.reference, order.plan) = ("A".into(), Some(plan));
}

/// §3: only *charged* is about later payments; of an order whose first payment fails as it is placed nothing is open.
#[test]
fn a_first_payment_that_fails_is_a_declined_one_of_an_open_order() {
    let heard = |change, first: FirstPayment| {
        let build = Build::new().trigger_on(EventFilter::OpenOrder(change)).email("M").end();
        let life = Life::of(build).orders("2026-01-05 09:00", &["X"], |order| {
            in_three(order);
            order.payment = first;
        });
        let pays = |declined| Happening::Payment { reference: "A".into(), declined };
        let life = life.happens("2026-01-06 09:00", pays(first == FirstPayment::Unpaid));
        life.happens("2026-01-07 09:00", pays(false)).happens("2026-01-08 09:00", pays(false)).run().mails()
    };
    assert_eq!(heard(OpenOrderChange::Declined, FirstPayment::Unpaid), "M 01-06 09:00");
    assert_eq!(heard(OpenOrderChange::Declined, FirstPayment::Declined), "");
    let charged = heard(OpenOrderChange::Charged, FirstPayment::Declined);
    assert_eq!(charged, "M 01-07 09:00, M 01-08 09:00", "the first does not count, the second does");
}

/// The vocabulary names all that a payment stirs, in its order.
#[test]
fn a_payment_stirs_what_its_row_says() {
    let life = Life::of(Build::new().end()).orders("2026-01-05 09:00", &["X"], |order| {
        in_three(order);
        order.payment = FirstPayment::Declined;
        order.plan.as_mut().unwrap().payments = Some(1);
    });
    let paid = Happening::Payment { reference: "A".into(), declined: false };
    let out = life.happens("2026-01-06 09:00", paid).run();
    let last = out.at("2026-01-06 09:00");
    let raised =
        out.log.iter().filter(|line| line.entry.at == last).filter_map(|line| match &line.entry.what {
            What::Raised(what) => Some(what.kind()),
            _ => None,
        });
    let row = HappeningKind::Payment.info().raises;
    let row: Vec<_> = row.iter().copied().filter(|kind| *kind != HappeningKind::Declined).collect();
    assert_eq!(raised.collect::<Vec<_>>(), row);
}

fn keap_goal(build: Build) -> Build {
    let purchase = KeapPurchase { any: true, ..KeapPurchase::default() };
    let on = EventFilter::KeapPurchase(purchase);
    build.goal(Listener { on, who: Who::Upstream, ..Listener::goal(EventType::KeapPurchase) })
}

/// K-03: the switch is only about what counts as paid because it costs nothing.
#[test]
fn what_costs_nothing_can_be_paid_all_the_same() {
    let achieved = |zero_total_pays, payment, paid: &[&str]| {
        let build = Build::new().trigger_form("F").wait_days(1);
        let mut build = keap_goal(build).called("G").end();
        switch(&mut build, |rules| rules.zero_total_pays = zero_total_pays);
        let mut life = enters(build).orders("2026-01-07 09:00", &["X"], |order| {
            order.lines[0].amount = Money::ZERO;
            (order.reference, order.payment) = ("A".into(), payment);
        });
        for at in paid {
            life = life.happens(at, Happening::Payment { reference: "A".into(), declined: false });
        }
        life.run().achieved()
    };
    let later = ["2026-01-09 09:00", "2026-01-10 09:00"];
    assert_eq!(achieved(true, FirstPayment::Unpaid, &later), "G 01-07 09:00");
    assert_eq!(achieved(false, FirstPayment::Unpaid, &[]), "");
    assert_eq!(achieved(false, FirstPayment::Unpaid, &later), "G 01-09 09:00");
    for zero_total_pays in [true, false] {
        assert_eq!(achieved(zero_total_pays, FirstPayment::Charged, &later), "G 01-07 09:00");
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Those who match already (G-06)

/// The elements that are activated, for each contact.
fn activated(
    project: &gateline::model::Project,
    from: Instant,
    until: Instant,
) -> Vec<Vec<(ElementId, Instant)>> {
    let plan = Plan::new(project).unwrap();
    let sim = Simulation { plan: &plan, people: &project.people, seed: 0, from, until, draws: &NO_DRAWS };
    let is_one = |line: &LogEntry| line.entry.what == What::Activated;
    let contacts = project.people.contacts().map(|(ix, _)| {
        let mut log = Log::default();
        Timeline::default().run(sim, ix, &mut log);
        log.entries
            .iter()
            .filter(|line| is_one(line))
            .map(|line| (line.element.unwrap(), line.entry.at))
            .collect()
    });
    contacts.collect()
}

/// A filter of each type for the first thing of its kind, and for what comes or is made.
fn about_the_first(event_type: EventType) -> EventFilter {
    let id = 1;
    match EventFilter::blank(event_type) {
        EventFilter::FieldUpdated(_) => EventFilter::FieldUpdated(Some(Id::new(id))),
        EventFilter::Paused(_) => EventFilter::Paused(Some(Id::new(id))),
        EventFilter::Unpaused(_) => EventFilter::Unpaused(Some(Id::new(id))),
        EventFilter::TagAdded(_) => EventFilter::TagAdded(Some(Id::new(id))),
        EventFilter::TagRemoved(_) => EventFilter::TagRemoved(Some(Id::new(id))),
        EventFilter::ListAdded(_) => EventFilter::ListAdded(Some(Id::new(id))),
        EventFilter::ListRemoved(_) => EventFilter::ListRemoved(Some(Id::new(id))),
        EventFilter::DateMatches(_) => EventFilter::DateMatches(Some(Id::new(id))),
        EventFilter::DateRelative { .. } => {
            EventFilter::DateRelative { field: Some(Id::new(2)), side: Side::After, days: 3 }
        }
        EventFilter::SpecificDate(_) => EventFilter::SpecificDate("2026-01-10".parse().ok()),
        EventFilter::Automation { .. } => {
            EventFilter::Automation { map: Some(Id::new(id)), change: Change::Added }
        }
        EventFilter::TaskCompleted { .. } => {
            EventFilter::TaskCompleted { task: Some(Id::new(id)), outcomes: vec![] }
        }
        EventFilter::Relationship { .. } => {
            EventFilter::Relationship { relationship: Some(Id::new(id)), change: Change::Added }
        }
        EventFilter::EmailLinkClicked { .. } => {
            EventFilter::EmailLinkClicked { email: Some(Id::new(id)), link: 0 }
        }
        EventFilter::KeapPurchase(_) => {
            EventFilter::KeapPurchase(KeapPurchase { any: true, ..KeapPurchase::default() })
        }
        EventFilter::OpenOrder(_) => EventFilter::OpenOrder(OpenOrderChange::Declined),
        EventFilter::Card(_) => EventFilter::Card(CardOutcome::Charged),
        EventFilter::PageVisited(_) => EventFilter::PageVisited(Some(Id::new(id))),
        EventFilter::PurlVisited(_) => EventFilter::PurlVisited(Some(Id::new(id))),
        EventFilter::UrlVisited(_) => EventFilter::UrlVisited(Some(Id::new(id))),
        EventFilter::LinkClicked(_) => EventFilter::LinkClicked(Some(Id::new(id))),
        EventFilter::MembershipUpdated(_) => EventFilter::MembershipUpdated(Some(Id::new(id))),
        EventFilter::MembershipCreated(_) => EventFilter::MembershipCreated(Some(Id::new(id))),
        EventFilter::LevelGiven(_) => EventFilter::LevelGiven(Some(Id::new(id))),
        EventFilter::LevelLost(_) => EventFilter::LevelLost(Some(Id::new(id))),
        other => other,
    }
}

/// All that there is to happen and to be, before 10 January at noon, when the second map comes.
fn all_there_is(build: &Build) -> (Contact, Vec<Event>) {
    let more = MoreOfContact {
        lists: vec![Id::new(1)],
        levels: vec![Id::new(1)],
        memberships: vec![(Id::new(1), MembershipStatus::Enabled)],
        relationships: vec![(Id::new(1), "Acme".into())],
        ..MoreOfContact::default()
    };
    let contact = Contact {
        key: "all".into(),
        tags: [Id::new(1)].into(),
        fields: [(Id::new(1), date("2026-01-10")), (Id::new(2), date("2026-01-07"))].into(),
        more: Some(Box::new(more)),
        ..Contact::default()
    };
    let line = OrderLine { product: Id::new(1), quantity: 1.into(), amount: Money::new(10.into()) };
    let plan = PaymentPlan { kind: PlanKind::Payments, payments: Some(3), every: None, declined: vec![] };
    let reference = || "A".to_owned();
    let order = Order { reference: reference(), lines: vec![line], plan: Some(plan), ..Order::default() };
    let order = Arc::new(order);
    let what = [
        Happening::Created,
        Happening::AddedToAutomation(build.map),
        Happening::Paused(build.map),
        Happening::Order(order.clone()),
        Happening::Payment { reference: "A".into(), declined: true },
        Happening::Refund(order),
        Happening::FormSubmitted { form: Id::new(1), outcome: FormOutcome::Success },
        Happening::TaskCompleted { task: Id::new(1), outcome: 0 },
        Happening::CallLogged,
        Happening::EmailLinkClicked { email: Id::new(1), link: 1 },
        Happening::EmailReceived,
        Happening::SmsReceived("yes".into()),
        Happening::PageVisited(Id::new(1)),
        Happening::PurlVisited(Id::new(1)),
        Happening::UrlVisited(Id::new(1)),
        Happening::LinkClicked(Id::new(1)),
    ];
    let events = what.into_iter().map(|what| Event { at: instant("2026-01-05T09:00:00Z"), what });
    (contact, events.collect())
}

fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

/// A map with a listener for each type of event, which places who matches at noon on 10 January.
fn with_all_listeners(build: &mut Build) -> BTreeSet<(ElementId, EventType)> {
    let mut map = Map::new(MapId::new(900), "All");
    let mut listeners = BTreeSet::new();
    let element = |id, kind| Element { id, name: String::new(), kind, draft: false, place: None };
    for (info, number) in EVENT_TYPES.iter().zip(1..) {
        let on = about_the_first(info.event_type);
        let (id, who) = (ElementId::new(1_000 + number), Who::AnyContact);
        let listener = Listener { on, who, ..Listener::trigger(info.event_type) };
        let kind = if info.event_type == EventType::KeapPurchase {
            let wait = ElementId::new(2_000);
            let group = Wait { goals: vec![id], ..Wait::new(Until::Goal) };
            map.elements.insert(wait, element(wait, ElementKind::Wait(group)));
            ElementKind::Goal(listener)
        } else {
            ElementKind::Trigger(listener)
        };
        map.elements.insert(id, element(id, kind));
        listeners.insert((id, info.event_type));
    }
    let at = Some(instant("2026-01-10T12:00:00Z"));
    let map = Arc::new(map);
    build.project.published.insert(map.id, vec![Publication { at, place_matching: true, map: map.clone() }]);
    build.project.maps.insert(map.id, map);
    listeners
}

/// G-06: whom the dialog says are placed, and nobody else, whatever happened before.
#[test]
fn who_is_already_so_is_placed_and_who_only_did_it_once_is_not() {
    let mut build = Build::new().wait_days(90).end();
    assert_eq!(build.map, MapId::new(1));
    let listeners = with_all_listeners(&mut build);
    let (contact, events) = all_there_is(&build);
    let events = events.into_iter().map(|event| (ContactIx(0), event)).collect();
    build.project.people = Arc::new(People::new(vec![contact], events).unwrap());
    let (from, until) = (instant("2026-01-05T00:00:00Z"), instant("2026-01-10T12:00:00Z"));
    let placed: BTreeSet<_> = activated(&build.project, from, until)[0].iter().map(|(id, _)| *id).collect();
    for (id, event_type) in listeners {
        assert_eq!(placed.contains(&id), event_type.already().is_some(), "{event_type:?}");
    }
}

/// G-06, G-13: a day whose hour is still to come comes by itself, once.
#[test]
fn a_day_of_today_that_is_still_to_come_is_not_counted_twice() {
    let mut build = Build::new().wait_days(90).end();
    build.project.settings.date_event_time = "15:00:00".parse().unwrap();
    let listeners = with_all_listeners(&mut build);
    let (contact, _) = all_there_is(&build);
    build.project.people = Arc::new(People::new(vec![contact], vec![]).unwrap());
    let (from, until) = (instant("2026-01-05T00:00:00Z"), instant("2026-01-11T00:00:00Z"));
    let all = activated(&build.project, from, until);
    for day in [EventType::DateMatches, EventType::DateRelative, EventType::SpecificDate] {
        let (id, _) = listeners.iter().find(|(_, event_type)| *event_type == day).unwrap();
        let times: Vec<_> = all[0].iter().filter(|(other, _)| other == id).map(|(_, at)| *at).collect();
        assert_eq!(times, [instant("2026-01-10T15:00:00Z")], "{day:?}");
    }
}

/// G-06: who is not there yet cannot be placed.
#[test]
fn nobody_is_placed_before_being_created() {
    let mut build = Build::new();
    let tag = build.tag("VIP");
    let mut build = build.trigger_on(EventFilter::TagAdded(Some(tag))).end();
    let map = build.map;
    build.run(Command::Publish { map, at: None, place_matching: true });
    let created = |day: &str| Contact {
        key: day.into(),
        created: Some(instant(day)),
        tags: [tag].into(),
        ..Contact::default()
    };
    let from = instant("2026-01-05T00:00:00Z");
    let people = ["2026-01-04T00:00:00Z", "2026-01-05T00:00:00Z", "2026-03-01T00:00:00Z"].map(created);
    build.project.people = Arc::new(People::new(people.to_vec(), vec![]).unwrap());
    let counts: Vec<_> =
        activated(&build.project, from, instant("2026-04-01T00:00:00Z")).iter().map(Vec::len).collect();
    assert_eq!(counts, [1, 0, 0], "a publication comes before a creation of its instant");
}

// ---------------------------------------------------------------------------------------------------------------------
// Conditions (§6)

/// Who submits F on 5 January 2026 and whose field holds this: whether the condition holds.
fn holds(
    kind: FieldKind,
    held: Value,
    set: impl Fn(&mut Settings),
    condition: impl Fn(gateline::base::id::FieldId) -> Condition,
) -> bool {
    let mut build = Build::new();
    set(&mut build.project.settings);
    let field = build.field("Day", kind);
    let build = build.trigger_form("F").condition(condition(field)).email("Yes").end();
    let filled = Happening::FieldUpdated { field, value: Some(held) };
    let life = Life::of(build).happens("2026-01-01 09:00", filled);
    !life.submits("2026-01-05 09:00", "F").run().mails().is_empty()
}

/// G-13: a birthday is compared by month and day, whatever the year of birth.
#[test]
fn birthdays_are_compared_by_month_and_day() {
    let is = |born: &str, is, other: &str, feb29| {
        let value = Some(date(other));
        let set = |settings: &mut Settings| settings.birthday_29_feb = feb29;
        holds(FieldKind::Birthday, date(born), set, |field| Condition::Field {
            field: Some(field),
            is,
            value: value.clone(),
        })
    };
    let march = Feb29::FirstOfMarch;
    assert!(is("1990-05-17", FieldOperator::Equals, "2026-05-17", march));
    assert!(!is("1990-05-17", FieldOperator::NotEquals, "2026-05-17", march));
    assert!(!is("1990-05-17", FieldOperator::Equals, "2026-05-18", march));
    assert!(is("1990-05-17", FieldOperator::Less, "2026-05-18", march));
    assert!(is("1990-05-17", FieldOperator::Greater, "2026-05-16", march));
    assert!(!is("2030-05-17", FieldOperator::Greater, "2026-05-18", march));
    assert!(is("1992-02-29", FieldOperator::Equals, "2026-03-01", march));
    assert!(is("1992-02-29", FieldOperator::Equals, "2026-02-28", Feb29::LastOfFebruary));
    assert!(is("1992-02-29", FieldOperator::Equals, "2028-02-29", march));
    let relative = |born: &str, is, side, count| {
        let span = days(count);
        holds(
            FieldKind::Birthday,
            date(born),
            |_| (),
            |field| Condition::FieldRelative { field: Some(field), is, side, span },
        )
    };
    assert!(relative("1990-01-05", FieldOperator::Equals, Side::Before, 0), "today");
    assert!(relative("1990-01-12", FieldOperator::Equals, Side::After, 7), "in a week");
    assert!(relative("1990-12-29", FieldOperator::Equals, Side::Before, 7), "a week ago, last year");
    assert!(!relative("1990-01-06", FieldOperator::Equals, Side::Before, 0));
    // of a date the year counts
    assert!(!holds(
        FieldKind::Date,
        date("1990-05-17"),
        |_| (),
        |field| Condition::Field {
            field: Some(field),
            is: FieldOperator::Equals,
            value: Some(date("2026-05-17")),
        }
    ));
}

/// §6: a date is a whole day of the account, also of a field with a time.
#[test]
fn a_date_and_time_is_on_a_day() {
    let is = |is, value: Value| {
        let set = |settings: &mut Settings| settings.account_zone = chrono_tz::America::New_York;
        // 4 January 22:30 in New York
        let held = Value::DateTime(instant("2026-01-05T03:30:00Z"));
        holds(FieldKind::DateTime, held, set, |field| Condition::Field {
            field: Some(field),
            is,
            value: Some(value.clone()),
        })
    };
    assert!(is(FieldOperator::Equals, date("2026-01-04")));
    assert!(!is(FieldOperator::NotEquals, date("2026-01-04")));
    assert!(is(FieldOperator::Less, date("2026-01-05")));
    assert!(is(FieldOperator::Greater, date("2026-01-03")));
    assert!(!is(FieldOperator::Greater, date("2026-01-04")));
    assert!(is(FieldOperator::Equals, Value::DateTime(instant("2026-01-05T03:30:00Z"))));
    assert!(!is(FieldOperator::Equals, Value::DateTime(instant("2026-01-05T03:31:00Z"))));
}

/// W-01: a wait for conditions is asked again when the contact comes onto a map or goes off it, by whatever way.
#[test]
fn a_wait_is_asked_again_when_the_contact_goes_off_a_map() {
    let mut build = Build::new();
    let other = other_map(&mut build, Some(Until::TimePasses(days(2))));
    let off = Condition::None(vec![Condition::MapState { map: Some(other), paused: false }]);
    let until = Until::Conditions { condition: off, limit: None };
    let build = build.trigger_form("F").wait(until).email("M").end();
    let life = Life::of(build).happens("2026-01-05 08:00", Happening::AddedToAutomation(other));
    assert_eq!(life.submits("2026-01-05 09:00", "F").run().mails(), "M 01-07 08:00");
}

// ---------------------------------------------------------------------------------------------------------------------
// Actions (§7)

/// §7: there is nothing to add a number to in an empty field for something else.
#[test]
fn a_number_is_added_to_empty_fields_for_numbers_only() {
    for (kind, nothing) in [(FieldKind::Number, 0), (FieldKind::Text, 1), (FieldKind::Date, 1)] {
        let mut build = Build::new();
        let field = Some(build.field("Field", kind));
        let change = FieldChange::Add(3.into());
        let build = build.trigger_form("F").action(Action::UpdateField { field, change }).end();
        let out = enters(build).run();
        assert_eq!(
            out.log.iter().filter(|line| line.entry.what == What::Nothing(Nothing::NotANumber)).count(),
            nothing
        );
        assert_eq!(out.count("changed"), 1 - nothing, "{kind:?}");
    }
}

/// who opts in again begins with no bounces behind.
#[test]
fn soft_bounces_are_counted_anew_when_the_status_is_set() {
    let mut build = Build::new();
    let email = build.mail("M");
    let mut life = Life::of(build.end());
    for day in ["05", "06", "07", "08", "12"] {
        if day == "12" {
            life = life.happens("2026-01-10 09:00", Happening::EmailStatus(EmailStatus::OptedIn));
        }
        let bounce = Happening::EmailBounced { email, hard: false };
        life = life.happens(&format!("2026-01-{day} 09:00"), bounce);
    }
    let out = life.run();
    let bounced = What::Raised(Happening::EmailStatus(EmailStatus::HardBounce));
    let times: Vec<_> =
        out.log.iter().filter(|line| line.entry.what == bounced).map(|line| line.entry.at).collect();
    assert_eq!(times, [out.at("2026-01-08 09:00")], "the fourth in a row, and not the first of the next");
}

/// Chance: what the outcome of a task draws does not hang on what else happens to the contact.
#[test]
fn chance_in_the_outcome_of_a_task_is_its_own() {
    let mut build = Build::new();
    let members: Vec<_> = ["Ann", "Ben", "Cem", "Dan"].map(|name| (build.thing::<Member>(name), 1)).into();
    let route = || Action::RouteLead(LeadRouter { members: members.clone(), in_turn: false });
    let task = build.thing::<Task>("Call");
    let outcome = Outcome { name: "Reached".into(), actions: vec![route(), route(), route()] };
    build.run(Command::PutItem(Task { outcomes: vec![outcome], ..Task::new(task, "Call") }.into()));
    let routed = |build: &Build| {
        let mut life = Life::of(build.clone());
        for contact in 0..20 {
            if contact > 0 {
                life = life.another();
            }
            life = life.happens("2026-01-05 09:00", Happening::TaskCompleted { task, outcome: 1 });
        }
        let said = |line: &LogEntry| match line.entry.what {
            What::Routed(member) => Some(Some(member)),
            What::Nothing(Nothing::Unchanged) => Some(None),
            _ => None,
        };
        life.run_all().iter().map(|out| out.log.iter().filter_map(said).collect()).collect::<Vec<Vec<_>>>()
    };
    let build = build.end();
    let alone = routed(&build);
    assert!(alone.iter().any(|one| one[1].is_some()), "each of several draws its own");
    assert!(alone.iter().any(|one| one != &alone[0]), "and each contact");
    // a trigger that hears the same, so that more is said before
    let on = EventFilter::TaskCompleted { task: Some(task), outcomes: vec![] };
    assert_eq!(routed(&build.trigger_on(on).end()), alone);
}
