//! The form of files: what a project looks like as text, and files of every released format.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gateline::base::id::{Id, MapId};
use gateline::base::money::Money;
use gateline::base::time::{Instant, Span, Unit, Weekdays};
use gateline::model::*;
use gateline::store::{self, FileKind};

fn id<T: Id>(number: u32) -> T {
    T::new(number)
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn catalogue() -> Vec<Item> {
    let mut items = vec![];
    for (number, (kind, name)) in (1..).zip(FieldKind::ALL) {
        items.push(Field { id: id(number), name: name.into(), kind }.into());
    }
    items.push(Tag { id: id(11), name: "vip \"gold\"".into() }.into());
    items.push(Tag { id: id(12), name: "lead".into() }.into());
    items.push(Category { id: id(21), name: "Courses".into() }.into());
    let course = Product {
        id: id(22),
        name: "Course".into(),
        price: Some(money("1200.00")),
        categories: vec![id(21)],
    };
    items.push(course.into());
    items.push(Product { id: id(23), name: "Book".into(), price: None, categories: vec![] }.into());
    items.push(Form { id: id(31), name: "Sign-up".into(), order_form: false }.into());
    items.push(Form { id: id(32), name: "Checkout".into(), order_form: true }.into());
    let links = vec!["https://example.org/a?b=c&d".into(), "mailto:us@example.org".into()];
    items.push(
        Email { id: id(41), name: "Welcome".into(), subject: "Grüß Gott, {name}!".into(), links }.into(),
    );
    items.push(Email { id: id(42), name: "Reminder".into(), subject: String::new(), links: vec![] }.into());
    items
}

fn conditions() -> Vec<Condition> {
    let field = |field, is, value| Condition::Field { field, is, value };
    let values = [
        Value::Text("A \"quoted\"\ttext\nof two lines, \\ and ü".into()),
        Value::Number("12.50".parse().unwrap()),
        Value::Date("2024-02-29".parse().unwrap()),
        Value::DateTime(at("2026-01-05T14:00:00.250Z")),
        Value::YesNo(true),
    ];
    let mut conditions: Vec<_> = FieldOperator::ALL
        .into_iter()
        .zip(values.into_iter().cycle())
        .map(|((is, _), value)| field(Some(id(1)), is, is.needs_value().then_some(value)))
        .collect();
    conditions.push(field(None, FieldOperator::Equals, None));
    for (comparison, _) in Comparison::ALL {
        let products = Choice::OneOf(vec![id(22), id(23)]);
        conditions.push(Condition::Ordered { products, comparison, count: 2 });
    }
    conditions.push(Condition::Ordered { products: Choice::Any, comparison: Comparison::AtLeast, count: 1 });
    conditions.push(Condition::Any(vec![
        Condition::HasTag(Some(id(11))),
        Condition::HasNotTag(None),
        Condition::None(vec![Condition::HasTag(None), Condition::All(vec![])]),
    ]));
    conditions
}

fn listeners() -> Vec<EventFilter> {
    vec![
        EventFilter::Created,
        EventFilter::FormSubmitted { form: Choice::Any, outcome: None },
        EventFilter::FormSubmitted {
            form: Choice::OneOf(vec![id(31), id(32)]),
            outcome: Some(FormOutcome::Failure),
        },
        EventFilter::FormSubmitted { form: Choice::OneOf(vec![]), outcome: Some(FormOutcome::Success) },
        EventFilter::Order(Choice::OneOf(vec![id(22)])),
        EventFilter::Refund(Choice::Any),
        EventFilter::TagAdded(Some(id(11))),
        EventFilter::TagRemoved(None),
        EventFilter::FieldUpdated(Some(id(2))),
        EventFilter::EmailLinkClicked { email: Some(id(41)), link: 2 },
        EventFilter::EmailLinkClicked { email: None, link: 0 },
    ]
}

fn happenings() -> Vec<Happening> {
    let order = Arc::new(Order {
        reference: "R-1".into(),
        lines: vec![
            OrderLine { product: id(22), quantity: "1".parse().unwrap(), amount: money("1200.00") },
            OrderLine { product: id(23), quantity: "2.5".parse().unwrap(), amount: money("-0.5") },
        ],
    });
    let none = Arc::new(Order { reference: String::new(), lines: vec![] });
    vec![
        Happening::FormSubmitted { form: id(31), outcome: FormOutcome::Success },
        Happening::FormSubmitted { form: id(32), outcome: FormOutcome::Failure },
        Happening::Order(order.clone()),
        Happening::Order(none),
        Happening::Refund(order),
        Happening::TagAdded(id(11)),
        Happening::TagRemoved(id(12)),
        Happening::FieldUpdated { field: id(1), value: Value::text("new") },
        Happening::FieldUpdated { field: id(2), value: Some(Value::Number("-1.0".parse().unwrap())) },
        Happening::FieldUpdated { field: id(3), value: Some(Value::Date("0001-01-01".parse().unwrap())) },
        Happening::FieldUpdated { field: id(5), value: Some(Value::DateTime(at("1969-12-31T23:59:59Z"))) },
        Happening::FieldUpdated { field: id(6), value: Some(Value::YesNo(false)) },
        Happening::FieldUpdated { field: id(6), value: None },
        Happening::EmailLinkClicked { email: id(41), link: 2 },
        Happening::AddedToAutomation(id(100)),
    ]
}

fn map() -> Map {
    let mut map = Map::new(id(100), "Everything");
    map.rules.upstream_follows_go_to = true;
    map.rules.past_specific_date = gateline::model::rules::PastDate::Hold;
    let mut put = |number, kind| {
        let element = Element { id: id(number), name: String::new(), kind, place: None };
        map.elements.insert(element.id, element);
    };
    put(101, ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation)));
    for (number, on) in (110..).zip(listeners()) {
        put(number, ElementKind::Trigger(Listener { on, ..Listener::trigger(EventType::Created) }));
    }
    for ((number, (who, _)), (if_on_map, _)) in (130..).zip(Who::ALL).zip(IfOnMap::ALL.into_iter().cycle()) {
        let conditions = Condition::Any(vec![Condition::HasTag(Some(id(12)))]);
        let on = EventFilter::Order(Choice::Any);
        put(number, ElementKind::Goal(Listener { on, conditions, who, if_on_map, once: true }));
    }
    let time: chrono::NaiveTime = "09:30:00".parse().unwrap();
    let untils = [
        Until::Goal,
        Until::TimePasses(Span::new(2, Unit::Days)),
        Until::DayOfWeek { days: Weekdays::WEEKEND, time: Some(time) },
        Until::DayOfWeek { days: Weekdays::NONE, time: None },
        Until::Date { date: "2026-02-28".parse().unwrap(), time: Some(time) },
        Until::Date { date: "2026-02-28".parse().unwrap(), time: None },
    ];
    for (number, until) in (140..).zip(untils) {
        put(number, ElementKind::Wait(Wait { until, zone: WaitZone::Account, goals: vec![] }));
    }
    let until = Until::TimePasses(Span::new(3, Unit::Weeks));
    put(150, ElementKind::Wait(Wait { until, zone: WaitZone::Contact, goals: vec![id(130), id(131)] }));
    for (number, condition) in (160..).zip(conditions()) {
        put(number, ElementKind::Condition(condition));
    }
    put(190, ElementKind::Split(Split { shares: vec![2_500, 2_500, 5_000] }));
    put(191, ElementKind::Fork);
    put(192, ElementKind::GoTo(Some(id(150))));
    put(193, ElementKind::GoTo(None));
    put(194, ElementKind::End);
    put(195, ElementKind::Exit);
    put(196, ElementKind::SendEmail(Some(id(41))));
    put(197, ElementKind::SendEmail(None));
    put(198, ElementKind::ChangeTags { add: vec![id(11)], remove: vec![id(12)] });
    put(199, ElementKind::ChangeTags { add: vec![], remove: vec![] });
    let changes = [
        FieldChange::Set(Value::text("x")),
        FieldChange::Set(None),
        FieldChange::Clear,
        FieldChange::Add("-1.25".parse().unwrap()),
    ];
    for (number, change) in (200..).zip(changes) {
        put(number, ElementKind::UpdateField { field: (number != 201).then(|| id(1)), change });
    }
    let lines = [
        (101, Port::Next, 160),
        (160, Port::Yes, 190),
        (160, Port::No, 191),
        (190, Port::path(0), 150),
        (190, Port::path(2), 194),
        (191, Port::Left, 195),
        (191, Port::Right, 192),
        (150, Port::Timeout, 196),
        (130, Port::Next, 198),
    ];
    for (from, port, to) in lines {
        map.lines.insert((id(from), port), id(to));
    }
    if let Some(element) = map.elements.get_mut(&id(150)) {
        element.name = "Wait for the order".into();
        element.place = Some(Point { x: -120, y: 340 });
    }
    let note = Note { id: id(210), text: "Ask Ann\nabout this".into(), place: Point { x: 0, y: -5 } };
    map.notes.insert(note.id, note);
    map
}

fn people() -> People {
    let contact = |key: &str| Contact { key: key.into(), ..Contact::default() };
    let ann = Contact {
        created: Some(at("2025-12-31T23:00:00Z")),
        zone: Some(chrono_tz::Europe::Berlin),
        tags: [id(11), id(12)].into(),
        fields: [
            (id(1), Value::text("Ann").unwrap()),
            (id(2), Value::Number("3.10".parse().unwrap())),
            (id(3), Value::Date("1990-02-28".parse().unwrap())),
            (id(5), Value::DateTime(Instant::NEVER)),
            (id(6), Value::YesNo(true)),
        ]
        .into(),
        ..contact("ann@example.org")
    };
    let bob = Contact { created: Some(at("2026-01-01T00:00:00Z")), ..contact("bob \"the\" builder") };
    let mut events: Vec<_> = (0..)
        .zip(happenings())
        .map(|(hour, what)| (ContactIx(0), Event { at: Instant(1_767_225_600_000 + hour * 3_600_000), what }))
        .collect();
    // Bob's creation differs from what his record says, so it must be written.
    events.push((ContactIx(1), Event { at: at("2026-01-02T00:00:00Z"), what: Happening::Created }));
    events.push((ContactIx(2), Event { at: Instant::MIN, what: Happening::TagAdded(id(11)) }));
    People::new(vec![ann, bob, contact("7")], events).unwrap()
}

/// A project with one of everything that a file can hold.
pub fn one_of_everything() -> Project {
    let mut project = Project::new("0123456789abcdef0123456789abcdef", "One of everything");
    project.settings = Settings { account_zone: chrono_tz::America::New_York, currency: "EUR".into() };
    for item in catalogue() {
        project.apply(Edit::PutItem(item)).unwrap();
    }
    project.apply(Edit::PutMap(Arc::new(map()))).unwrap();
    let mut small = Map::new(id(300), "");
    let kind = ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation));
    small.elements.insert(id(301), Element { id: id(301), name: "Start".into(), kind, place: None });
    project.apply(Edit::PutMap(Arc::new(small))).unwrap();
    let people = people();
    let test = SavedTest {
        id: id(400),
        name: "Ann buys".into(),
        contact: people.contact(ContactIx(0)).unwrap().clone(),
        events: people.events(ContactIx(0)).to_vec(),
        until: at("2026-06-01T00:00:00Z"),
        expect: vec![
            Expectation::Messages(vec![id(41), id(42)]),
            Expectation::MessageCount(2),
            Expectation::RestsAt { map: id(100), elements: vec![id(194), id(194)] },
            Expectation::Achieved { goal: id(130), at: vec![at("2026-01-01T00:00:00Z")] },
        ],
    };
    project.apply(Edit::PutTest(Box::new(test))).unwrap();
    let until = Instant::NEVER;
    let empty = Contact::default();
    let test =
        SavedTest { id: id(401), name: String::new(), contact: empty, events: vec![], until, expect: vec![] };
    project.apply(Edit::PutTest(Box::new(test))).unwrap();
    let run = SavedRun {
        id: id(500),
        name: "run 1".into(),
        seed: u64::MAX,
        from: Some(at("2026-01-01T00:00:00Z")),
        until: None,
        engine: "0.1.0".into(),
        digest: "ab".repeat(32),
    };
    project.apply(Edit::PutRun(Box::new(run))).unwrap();
    project.apply(Edit::SetPeople(Arc::new(people))).unwrap();
    project
}

/// Reads the file in `tests/data`, or writes it where `UPDATE_EXPECT` is set.
fn golden(name: &str, project: &Project) -> PathBuf {
    let path = data(name);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        store::save(&path, project, true).unwrap();
    }
    path
}

#[test]
fn text_form_is_pinned() {
    let project = one_of_everything();
    let path = golden("one_of_everything.ron", &project);
    let mut written = vec![];
    store::text::write(&project, &mut written).unwrap();
    let written = String::from_utf8(written).unwrap();
    let pinned = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    for (number, (now, then)) in (1..).zip(written.lines().zip(pinned.lines())) {
        assert_eq!(now, then, "line {number}; a new form needs a new format version");
    }
    assert_eq!(written.lines().count(), pinned.lines().count());
    let loaded = store::load(&path).unwrap();
    assert_eq!((loaded.kind, loaded.project), (FileKind::Text, project));
}

/// The files of released formats are never written again: a new format adds one.
#[test]
fn files_of_every_released_format_open() {
    let path = data("schema-0001.gateline");
    if !path.exists() && std::env::var_os("UPDATE_EXPECT").is_some() {
        store::save(&path, &one_of_everything(), false).unwrap();
    }
    let loaded = store::load(&path).unwrap();
    assert_eq!((loaded.kind, loaded.project), (FileKind::Project, one_of_everything()));
}

#[test]
fn every_kind_of_thing_is_in_the_pinned_project() {
    let project = one_of_everything();
    let map: &Map = project.map(MapId::new(100)).unwrap();
    for info in &gateline::model::kinds::KINDS {
        assert!(map.elements.values().any(|e| e.kind.kind() == info.kind), "{}", info.tag);
    }
    let events = || project.people.all_events().map(|(_, event)| event.what.event_type());
    for info in &gateline::model::event::EVENT_TYPES {
        assert!(events().any(|event_type| event_type == info.event_type), "{}", info.tag);
        let mut listeners = map.elements.values().filter_map(|e| e.kind.listener());
        assert!(listeners.any(|listener| listener.on.event_type() == info.event_type), "{}", info.tag);
    }
}
