//! Invented contacts: the same settings give the same, and they do what was asked for.

use std::sync::Arc;

use gateline::base::id::Id;
use gateline::base::time::Instant;
use gateline::engine::log::{LogEntry, What};
use gateline::model::catalogue::Shelved;
use gateline::model::filter::{EVENT_TYPES, ListenedBy};
use gateline::model::*;
use gateline::session::generate::{self, Generate, GenerateError, generate};
use gateline::session::run::{Control, Run, RunError, RunSettings};

/// An account with one thing of most kinds, a map and another map.
fn project() -> Project {
    let mut project = Project::new("0".repeat(32), "Test");
    let course = Product { price: Some("99.00".parse().unwrap()), ..Product::new(Id::new(1), "Course") };
    let call = Outcome { name: "Reached".into(), actions: vec![] };
    let items: [Item; 11] = [
        course.into(),
        Form::new(Id::new(2), "Sign-up").into(),
        Field { kind: FieldKind::Birthday, ..Field::new(Id::new(3), "Born") }.into(),
        Tag::new(Id::new(4), "VIP").into(),
        List::new(Id::new(5), "Post").into(),
        Task { outcomes: vec![call.clone(), call], ..Task::new(Id::new(6), "Call") }.into(),
        Relationship::new(Id::new(7), "Company").into(),
        Page::new(Id::new(8), "Prices").into(),
        Site::new(Id::new(9), "Club").into(),
        Level::new(Id::new(14), "Gold").into(),
        Email::new(Id::new(15), "Welcome").into(),
    ];
    for item in items {
        project.apply(Edit::PutItem(item)).unwrap();
    }
    let mut map = Map::new(Id::new(10), "Map");
    put(&mut map, 11, ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation)));
    put(&mut map, 12, ElementKind::Trigger(Listener::trigger(EventType::FormSubmitted)));
    put(&mut map, 13, ElementKind::Goal(Listener::goal(EventType::Purchased)));
    project.apply(Edit::PutMap(Arc::new(map))).unwrap();
    let mut other = Map::new(Id::new(20), "Other");
    put(&mut other, 21, ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation)));
    project.apply(Edit::PutMap(Arc::new(other))).unwrap();
    project
}

fn put(map: &mut Map, number: u32, kind: ElementKind) {
    let id = Id::new(number);
    map.elements.insert(id, Element { id, name: String::new(), kind, draft: false, place: None });
}

/// A filter of each type that listens for the things of the account.
fn chosen(event_type: EventType) -> EventFilter {
    let (change, map) = (Change::Removed, Some(Id::new(20)));
    match EventFilter::blank(event_type) {
        EventFilter::FieldUpdated(_) => EventFilter::FieldUpdated(Some(Id::new(3))),
        EventFilter::DateMatches(_) => EventFilter::DateMatches(Some(Id::new(3))),
        EventFilter::DateRelative { side, days, .. } => {
            EventFilter::DateRelative { field: Some(Id::new(3)), side, days }
        }
        EventFilter::Paused(_) => EventFilter::Paused(map),
        EventFilter::Unpaused(_) => EventFilter::Unpaused(map),
        EventFilter::Automation { .. } => EventFilter::Automation { map, change },
        EventFilter::TagAdded(_) => EventFilter::TagAdded(Some(Id::new(4))),
        EventFilter::TagRemoved(_) => EventFilter::TagRemoved(Some(Id::new(4))),
        EventFilter::ListAdded(_) => EventFilter::ListAdded(Some(Id::new(5))),
        EventFilter::ListRemoved(_) => EventFilter::ListRemoved(Some(Id::new(5))),
        EventFilter::SpecificDate(_) => EventFilter::SpecificDate(start_date()),
        EventFilter::TaskCompleted { .. } => {
            EventFilter::TaskCompleted { task: Some(Id::new(6)), outcomes: vec![2] }
        }
        EventFilter::Relationship { .. } => {
            EventFilter::Relationship { relationship: Some(Id::new(7)), change }
        }
        EventFilter::EmailLinkClicked { link, .. } => {
            EventFilter::EmailLinkClicked { email: Some(Id::new(15)), link }
        }
        EventFilter::KeapPurchase(_) => EventFilter::KeapPurchase(KeapPurchase {
            forms: vec![Id::new(2)],
            payments: Choice::OneOf(vec![PaymentKind::Cash]),
            ..KeapPurchase::default()
        }),
        EventFilter::PageVisited(_) => EventFilter::PageVisited(Some(Id::new(8))),
        EventFilter::PurlVisited(_) => EventFilter::PurlVisited(Some(Id::new(8))),
        EventFilter::UrlVisited(_) => EventFilter::UrlVisited(Some(Id::new(8))),
        EventFilter::LinkClicked(_) => EventFilter::LinkClicked(Some(Id::new(8))),
        EventFilter::MembershipUpdated(_) => EventFilter::MembershipUpdated(Some(Id::new(9))),
        EventFilter::MembershipCreated(_) => EventFilter::MembershipCreated(Some(Id::new(9))),
        EventFilter::LevelGiven(_) => EventFilter::LevelGiven(Some(Id::new(14))),
        EventFilter::LevelLost(_) => EventFilter::LevelLost(Some(Id::new(14))),
        complete => complete,
    }
}

fn start_date() -> Option<chrono::NaiveDate> {
    chrono::NaiveDate::from_ymd_opt(2026, 1, 6)
}

fn start() -> Instant {
    "2026-01-05T00:00:00Z".parse().unwrap()
}

#[test]
fn settings_are_suggested_from_the_map() {
    let settings = generate::suggest(&project(), None, 10, start(), 7).unwrap();
    assert_eq!(settings.enter, EventFilter::FormSubmitted { form: Choice::Any, outcome: None });
    assert_eq!(settings.goal.unwrap().on, EventFilter::blank(EventType::Purchased));
    let mut bare = project();
    bare.maps.clear();
    assert_eq!(generate::suggest(&bare, None, 10, start(), 7), Err(GenerateError::NoMap));
}

#[test]
fn contacts_come_when_and_as_often_as_asked() {
    let project = project();
    let settings = generate::suggest(&project, None, 10_000, start(), 7).unwrap();
    let people = generate(&project, &settings).unwrap();
    assert_eq!(people, generate(&project, &settings).unwrap(), "the same seed gives the same");
    assert_ne!(people, generate(&project, &Generate { seed: 8, ..settings.clone() }).unwrap());
    assert_eq!(&*people.contact(ContactIx(0)).unwrap().key, "contact-000001@example.com");
    let days = |from: Instant, to: Instant| to.millis_since(from) as f64 / 86_400_000.0;
    let (mut bought, mut delays, mut arrivals) = (0, 0.0, 0.0);
    for (ix, _) in people.contacts() {
        let events = people.events(ix);
        assert!(matches!(events[0].what, Happening::FormSubmitted { .. }));
        assert!((0.0..30.0).contains(&days(start(), events[0].at)));
        arrivals += days(start(), events[0].at);
        if let Some(order) = events.get(1) {
            let Happening::Order(what) = &order.what else { panic!() };
            assert_eq!(what.lines[0].amount.to_string(), "99.00");
            assert!(order.at > events[0].at);
            bought += 1;
            delays += days(events[0].at, order.at);
        }
    }
    // Five standard deviations of each.
    assert!((arrivals / 10_000.0 - 15.0).abs() < 0.44, "{arrivals}");
    assert!((bought - 3_000_i32).abs() < 230, "{bought}");
    let mean = delays / f64::from(bought);
    assert!((mean - 7.0).abs() < 0.65, "{mean}");
}

#[test]
fn more_contacts_come_behind_those_that_are_there() {
    let mut project = project();
    let settings = generate::suggest(&project, None, 3, start(), 7).unwrap();
    project.people = Arc::new(generate(&project, &settings).unwrap());
    let more = generate(&project, &settings).unwrap();
    assert_eq!(more.len(), 6);
    assert_eq!(&*more.contact(ContactIx(3)).unwrap().key, "contact-000004@example.com");
    assert_eq!(more.contact(ContactIx(0)), project.people.contact(ContactIx(0)));
}

/// Whatever is listened for, contacts that are made for it are heard.
#[test]
fn every_event_can_be_made() {
    let others = [
        EventFilter::OpenOrder(OpenOrderChange::Declined),
        EventFilter::OpenOrder(OpenOrderChange::Cancelled),
        EventFilter::OpenOrder(OpenOrderChange::Completed),
        EventFilter::Card(CardOutcome::Declined),
        EventFilter::Automation { map: Some(Id::new(20)), change: Change::Added },
        EventFilter::DateRelative {
            field: Some(Id::new(3)),
            side: gateline::base::time::Side::After,
            days: 400,
        },
    ];
    for on in EVENT_TYPES.iter().map(|info| chosen(info.event_type)).chain(others) {
        assert!(!on.is_incomplete(), "{on:?}");
        let mut project = project();
        // what is not set up is heard by nobody
        (project.settings.email_sync, project.settings.tracking_code) = (true, true);
        // What every map has is there already.
        let listener = if on == EventFilter::AddedToAutomation { 11 } else { 30 };
        if listener == 30 {
            let trigger = Listener::trigger(on.event_type()).hearing(on.clone());
            let kind = match on.event_type().info().listened_by {
                ListenedBy::Goals => ElementKind::Goal(trigger),
                ListenedBy::Both | ListenedBy::Triggers => ElementKind::Trigger(trigger),
            };
            let mut map = project.map(Id::new(10)).unwrap().clone();
            put(&mut map, listener, kind);
            project.apply(Edit::PutMap(Arc::new(map))).unwrap();
        }
        let settings = Generate {
            count: 1,
            from: start(),
            over_days: 0,
            enter: on.clone(),
            map: Id::new(10),
            goal: None,
            seed: 1,
        };
        let people = generate(&project, &settings).unwrap();
        assert!(people.all_events().all(|(_, event)| event.at == start()));
        project.people = Arc::new(people);
        let until = start().plus_millis(3 * 86_400_000);
        let run = RunSettings { seed: 1, from: Some(start()), until: Some(until) };
        let run = Run::compute(Arc::new(project), run, 1, &Control::default());
        let run = match run {
            // It comes by itself, and so does the only event there is.
            Err(RunError::NoEvents) if matches!(on, EventFilter::SpecificDate(_)) => continue,
            run => run.unwrap(),
        };
        let heard = |e: &LogEntry| e.element == Some(Id::new(listener)) && e.entry.what == What::Activated;
        assert!(run.history(ContactIx(0)).iter().any(heard), "{on:?}");
    }
}

#[test]
fn what_is_missing_is_said() {
    let project = project();
    let mut settings = generate::suggest(&project, None, 1, start(), 7).unwrap();
    let mut refused = |enter| {
        settings.enter = enter;
        generate(&project, &settings).unwrap_err()
    };
    let page = EventType::PageVisited;
    assert_eq!(refused(EventFilter::blank(page)), GenerateError::Incomplete(page.info().title));
    let says = "“Clicks an e-mail link” needs something that is not in the account yet: e-mail";
    let click = EventFilter::EmailLinkClicked { email: Some(Id::new(99)), link: 0 };
    assert_eq!(refused(click).to_string(), says);
    let paused = EventFilter::Paused(Some(Id::new(99)));
    assert!(matches!(refused(paused), GenerateError::Nothing { what: "map", .. }));
    let categories = vec![Id::new(98)];
    let keap = EventFilter::KeapPurchase(KeapPurchase { categories, ..KeapPurchase::default() });
    assert!(matches!(refused(keap), GenerateError::Nothing { what: "product", .. }));
}

/// K-13: a draft does not listen, so nothing is made for it.
#[test]
fn drafts_are_not_suggested() {
    let mut project = project();
    let map = Arc::make_mut(project.maps.get_mut(&Id::new(10)).unwrap());
    map.elements.values_mut().for_each(|element| element.draft = true);
    let settings = generate::suggest(&project, None, 1, start(), 7).unwrap();
    assert_eq!((settings.enter, settings.goal), (EventFilter::AddedToAutomation, None));
}
