//! Invented contacts: the same settings give the same, and they do what was asked for.

use std::sync::Arc;

use gateline::base::id::Id;
use gateline::base::time::Instant;
use gateline::model::event::EVENT_TYPES;
use gateline::model::*;
use gateline::session::generate::{self, Generate, GenerateError, GoalRate, generate};

fn project() -> Project {
    let mut project = Project::new("0".repeat(32), "Test");
    let product = Product {
        id: Id::new(1),
        name: "Course".into(),
        price: Some("99.00".parse().unwrap()),
        categories: vec![],
    };
    project.apply(Edit::PutItem(product.into())).unwrap();
    project
        .apply(Edit::PutItem(Form { id: Id::new(2), name: "Sign-up".into(), order_form: false }.into()))
        .unwrap();
    let mut map = Map::new(Id::new(10), "Map");
    let mut put = |number, kind| {
        map.elements
            .insert(Id::new(number), Element { id: Id::new(number), name: String::new(), kind, place: None });
    };
    put(11, ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation)));
    put(12, ElementKind::Trigger(Listener::trigger(EventType::FormSubmitted)));
    put(13, ElementKind::Goal(Listener::goal(EventType::Order)));
    project.apply(Edit::PutMap(Arc::new(map))).unwrap();
    project
}

fn start() -> Instant {
    "2026-01-05T00:00:00Z".parse().unwrap()
}

#[test]
fn settings_are_suggested_from_the_map() {
    let settings = generate::suggest(&project(), None, 10, start(), 7).unwrap();
    assert_eq!(settings.enter, EventFilter::FormSubmitted { form: Choice::Any, outcome: None });
    assert_eq!(settings.goal.unwrap().on, EventFilter::Order(Choice::Any));
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

#[test]
fn every_event_can_be_made_or_is_refused_with_what_is_missing() {
    let project = project();
    for info in &EVENT_TYPES {
        let enter = EventFilter::blank(info.event_type);
        let settings = Generate {
            count: 1,
            from: start(),
            over_days: 0,
            enter: enter.clone(),
            map: Id::new(10),
            goal: (info.event_type != EventType::Created).then(|| GoalRate {
                on: enter.clone(),
                share: 10_000,
                mean_days: 0,
            }),
            seed: 1,
        };
        match generate(&project, &settings) {
            Ok(people) => {
                let (_, event) = people.all_events().next().unwrap();
                assert_eq!(event.at, start());
                assert!(enter.matches(&event.what, Id::new(10)), "{}", info.tag);
            }
            Err(error) => assert_eq!(error, GenerateError::Incomplete(info.title)),
        }
    }
    let mut settings = generate::suggest(&project, None, 1, start(), 7).unwrap();
    settings.enter = EventFilter::EmailLinkClicked { email: Some(Id::new(99)), link: 0 };
    let error = generate(&project, &settings).unwrap_err().to_string();
    assert_eq!(
        error,
        "“Clicks an e-mail link” needs something that the account has not: e-mail; add it first"
    );
}
