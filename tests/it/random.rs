//! Random projects and edits, for properties that must hold for all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use gateline::base::id::{Id, MapId};
use gateline::base::money::Money;
use gateline::base::time::{Instant, Span, Unit, Weekdays};
use gateline::model::rules::{MoveClears, PastDate, PreviousWaits, SeveralGoals, TextMatch};
use gateline::model::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

fn id<T: Id>() -> impl Strategy<Value = T> {
    (1_u32..30).prop_map(T::new)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-z ]{0,8}", 1 => any::<String>(), 1 => "[\\\\\"'\r\n\t\u{0}(),#/*]{0,6}"]
}

fn decimal() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        (any::<i64>(), 0_u32..=18).prop_map(|(digits, scale)| Decimal::new(digits, scale)),
        select(vec![Decimal::MAX, Decimal::MIN, Decimal::ZERO]),
    ]
}

fn instant() -> impl Strategy<Value = Instant> {
    prop_oneof![
        4 => (0_i64..4_000_000_000_000).prop_map(Instant),
        1 => any::<i64>().prop_map(Instant),
        1 => select(vec![Instant::MIN, Instant::NEVER]),
    ]
}

fn date() -> impl Strategy<Value = NaiveDate> {
    let all = NaiveDate::MIN.signed_duration_since(NaiveDate::default()).num_days()
        ..=NaiveDate::MAX.signed_duration_since(NaiveDate::default()).num_days();
    prop_oneof![0_i64..40_000, all].prop_map(|days| NaiveDate::default() + chrono::Duration::days(days))
}

fn time() -> impl Strategy<Value = NaiveTime> {
    (0_u32..86_400, prop_oneof![Just(0), 0_u32..1_000_000_000])
        .prop_map(|(second, nanos)| NaiveTime::from_num_seconds_from_midnight_opt(second, nanos).unwrap())
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        text().prop_map(|text| Value::Text(text.into())),
        decimal().prop_map(Value::Number),
        date().prop_map(Value::Date),
        instant().prop_map(Value::DateTime),
        any::<bool>().prop_map(Value::YesNo),
    ]
}

fn choice<T: Id>() -> impl Strategy<Value = Choice<T>> {
    prop_oneof![Just(Choice::Any), vec(id(), 0..3).prop_map(Choice::OneOf)]
}

fn outcome() -> impl Strategy<Value = FormOutcome> {
    select(vec![FormOutcome::Success, FormOutcome::Failure])
}

fn condition() -> impl Strategy<Value = Condition> {
    let operators = FieldOperator::ALL.map(|(operator, _)| operator);
    let comparisons = Comparison::ALL.map(|(comparison, _)| comparison);
    let leaf = prop_oneof![
        option::of(id()).prop_map(Condition::HasTag),
        option::of(id()).prop_map(Condition::HasNotTag),
        (option::of(id()), select(operators.to_vec()), option::of(value()))
            .prop_map(|(field, is, value)| Condition::Field { field, is, value }),
        (choice(), select(comparisons.to_vec()), any::<u32>())
            .prop_map(|(products, comparison, count)| Condition::Ordered { products, comparison, count }),
    ];
    leaf.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Condition::All),
            vec(inner.clone(), 0..3).prop_map(Condition::Any),
            vec(inner, 0..3).prop_map(Condition::None),
        ]
    })
}

fn filter() -> impl Strategy<Value = EventFilter> {
    prop_oneof![
        Just(EventFilter::Created),
        (choice(), option::of(outcome()))
            .prop_map(|(form, outcome)| EventFilter::FormSubmitted { form, outcome }),
        choice().prop_map(EventFilter::Order),
        choice().prop_map(EventFilter::Refund),
        option::of(id()).prop_map(EventFilter::TagAdded),
        option::of(id()).prop_map(EventFilter::TagRemoved),
        option::of(id()).prop_map(EventFilter::FieldUpdated),
        (option::of(id()), any::<u8>())
            .prop_map(|(email, link)| EventFilter::EmailLinkClicked { email, link }),
    ]
}

fn listener() -> impl Strategy<Value = Listener> {
    let who = select(Who::ALL.map(|(who, _)| who).to_vec());
    let if_on_map = select(IfOnMap::ALL.map(|(if_on_map, _)| if_on_map).to_vec());
    (filter(), condition(), who, if_on_map, any::<bool>())
        .prop_map(|(on, conditions, who, if_on_map, once)| Listener { on, conditions, who, if_on_map, once })
}

fn until() -> impl Strategy<Value = Until> {
    let days = (0_u8..128).prop_map(|bits| {
        (0..7)
            .filter(|day| bits >> day & 1 == 1)
            .map(|day| Weekday::try_from(day).unwrap())
            .collect::<Weekdays>()
    });
    prop_oneof![
        Just(Until::Goal),
        (any::<u32>(), select(Unit::ALL.to_vec()))
            .prop_map(|(count, unit)| Until::TimePasses(Span::new(count, unit))),
        (days, option::of(time())).prop_map(|(days, time)| Until::DayOfWeek { days, time }),
        (date(), option::of(time())).prop_map(|(date, time)| Until::Date { date, time }),
    ]
}

fn kind() -> impl Strategy<Value = ElementKind> {
    let zone = select(vec![WaitZone::Account, WaitZone::Contact]);
    let goals = prop_oneof![3 => Just(vec![]), 1 => vec(id(), 1..3)];
    let change = prop_oneof![
        option::of(value()).prop_map(FieldChange::Set),
        Just(FieldChange::Clear),
        decimal().prop_map(FieldChange::Add),
    ];
    prop_oneof![
        1 => listener().prop_map(ElementKind::Trigger),
        2 => listener().prop_map(ElementKind::Goal),
        2 => (until(), zone, goals).prop_map(|(until, zone, goals)| ElementKind::Wait(Wait { until, zone, goals })),
        1 => condition().prop_map(ElementKind::Condition),
        1 => vec(any::<u16>(), 2..=10).prop_map(|shares| ElementKind::Split(Split { shares })),
        1 => Just(ElementKind::Fork),
        1 => option::of(id()).prop_map(ElementKind::GoTo),
        1 => Just(ElementKind::End),
        1 => Just(ElementKind::Exit),
        1 => option::of(id()).prop_map(ElementKind::SendEmail),
        1 => (vec(id(), 0..3), vec(id(), 0..3)).prop_map(|(add, remove)| ElementKind::ChangeTags { add, remove }),
        1 => (option::of(id()), change).prop_map(|(field, change)| ElementKind::UpdateField { field, change }),
    ]
}

fn point() -> impl Strategy<Value = Point> {
    (any::<i32>(), any::<i32>()).prop_map(|(x, y)| Point { x, y })
}

fn element() -> impl Strategy<Value = Element> {
    (id(), text(), kind(), option::of(point())).prop_map(|(id, name, kind, place)| Element {
        id,
        name,
        kind,
        place,
    })
}

fn port() -> impl Strategy<Value = Port> {
    let named = select(vec![Port::Next, Port::Yes, Port::No, Port::Left, Port::Right, Port::Timeout]);
    prop_oneof![3 => named, 1 => (0_usize..10).prop_map(Port::path)]
}

fn zone() -> impl Strategy<Value = Tz> {
    select(chrono_tz::TZ_VARIANTS.to_vec())
}

fn happening() -> impl Strategy<Value = Happening> {
    let line = || {
        (id(), decimal(), decimal()).prop_map(|(product, quantity, amount)| OrderLine {
            product,
            quantity,
            amount: Money::new(amount),
        })
    };
    let order =
        || (text(), vec(line(), 0..3)).prop_map(|(reference, lines)| Arc::new(Order { reference, lines }));
    prop_oneof![
        Just(Happening::Created),
        (id(), outcome()).prop_map(|(form, outcome)| Happening::FormSubmitted { form, outcome }),
        order().prop_map(Happening::Order),
        order().prop_map(Happening::Refund),
        id().prop_map(Happening::TagAdded),
        id().prop_map(Happening::TagRemoved),
        (id(), option::of(value())).prop_map(|(field, value)| Happening::FieldUpdated { field, value }),
        (id(), any::<u8>()).prop_map(|(email, link)| Happening::EmailLinkClicked { email, link }),
        id().prop_map(Happening::AddedToAutomation),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    (instant(), happening()).prop_map(|(at, what)| Event { at, what })
}

fn contact() -> impl Strategy<Value = Contact> {
    let fields = vec((id(), value()), 0..4);
    (text(), option::of(instant()), option::of(zone()), vec(id(), 0..4), fields).prop_map(
        |(key, created, zone, tags, fields)| Contact {
            key: key.into(),
            created,
            zone,
            tags: tags.into(),
            fields: fields.into(),
        },
    )
}

fn people() -> impl Strategy<Value = People> {
    vec((contact(), vec(event(), 0..4)), 0..8).prop_map(|rows| {
        let rows: BTreeMap<_, _> = rows.into_iter().map(|row| (row.0.key.clone(), row)).collect();
        let mut events = vec![];
        let mut contacts = vec![];
        for (ix, (contact, of_contact)) in (0..).zip(rows.into_values()) {
            contacts.push(contact);
            events.extend(of_contact.into_iter().map(|event| (ContactIx(ix), event)));
        }
        People::new(contacts, events).unwrap()
    })
}

fn item() -> impl Strategy<Value = Item> {
    let kinds = select(FieldKind::ALL.map(|(kind, _)| kind).to_vec());
    let product = (id(), text(), option::of(decimal()), vec(id(), 0..3));
    prop_oneof![
        (id(), text(), kinds).prop_map(|(id, name, kind)| Field { id, name, kind }.into()),
        (id(), text()).prop_map(|(id, name)| Tag { id, name }.into()),
        (id(), text()).prop_map(|(id, name)| Category { id, name }.into()),
        product.prop_map(|(id, name, price, categories)| {
            Product { id, name, price: price.map(Money::new), categories }.into()
        }),
        (id(), text(), any::<bool>()).prop_map(|(id, name, order_form)| Form { id, name, order_form }.into()),
        (id(), text(), text(), vec(text(), 0..3)).prop_map(|(id, name, subject, links)| Email {
            id,
            name,
            subject,
            links
        }
        .into()),
    ]
}

fn rules() -> impl Strategy<Value = EngineRules> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<u32>());
    let all = |n: usize| 0..n;
    (flags, all(2), all(2), all(2), all(2), all(2)).prop_map(|(flags, waits, clears, goals, date, text)| {
        EngineRules {
            events_before_timers: flags.0,
            upstream_follows_go_to: flags.1,
            entry_event_achieves: flags.2,
            max_steps_per_instant: flags.3,
            previous_waits: PreviousWaits::ALL[waits].0,
            move_clears: MoveClears::ALL[clears].0,
            several_goals: SeveralGoals::ALL[goals].0,
            past_specific_date: PastDate::ALL[date].0,
            text_match: TextMatch::ALL[text].0,
        }
    })
}

fn expectation() -> impl Strategy<Value = Expectation> {
    prop_oneof![
        vec(id(), 0..3).prop_map(Expectation::Messages),
        any::<u32>().prop_map(Expectation::MessageCount),
        (id(), vec(id(), 0..3)).prop_map(|(map, elements)| Expectation::RestsAt { map, elements }),
        (id(), vec(instant(), 0..3)).prop_map(|(goal, at)| Expectation::Achieved { goal, at }),
    ]
}

fn test() -> impl Strategy<Value = SavedTest> {
    (id(), text(), contact(), vec(event(), 0..4), instant(), vec(expectation(), 0..4)).prop_map(
        |(id, name, contact, events, until, expect)| SavedTest { id, name, contact, events, until, expect },
    )
}

fn run() -> impl Strategy<Value = SavedRun> {
    (id(), text(), any::<u64>(), option::of(instant()), option::of(instant()), text(), text()).prop_map(
        |(id, name, seed, from, until, engine, digest)| SavedRun {
            id,
            name,
            seed,
            from,
            until,
            engine,
            digest,
        },
    )
}

/// A map with nothing but the trigger that every map has.
fn blank(id: MapId) -> Arc<Map> {
    let mut map = Map::new(id, "");
    let kind = ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation));
    let trigger = Element { id: Id::new(99), name: String::new(), kind, place: None };
    map.elements.insert(trigger.id, trigger);
    Arc::new(map)
}

fn edit() -> impl Strategy<Value = Edit> {
    let map = || (1_u32..4).prop_map(MapId::new);
    prop_oneof![
        1 => text().prop_map(Edit::SetName),
        1 => (zone(), text())
            .prop_map(|(account_zone, currency)| Edit::SetSettings(Settings { account_zone, currency })),
        3 => item().prop_map(Edit::PutItem),
        1 => item().prop_map(|item| Edit::RemoveItem(item.id())),
        1 => map().prop_map(|id| Edit::PutMap(blank(id))),
        1 => map().prop_map(Edit::RemoveMap),
        1 => (map(), text(), rules()).prop_map(|(map, name, rules)| Edit::SetMapInfo { map, name, rules }),
        20 => (map(), element()).prop_map(|(map, element)| Edit::PutElement { map, element: Box::new(element) }),
        3 => (map(), id()).prop_map(|(map, element)| Edit::RemoveElement { map, element }),
        15 => (map(), id(), port(), option::weighted(0.8, id()))
            .prop_map(|(map, from, port, to)| Edit::SetLine { map, from, port, to }),
        2 => (map(), id(), text(), point())
            .prop_map(|(map, id, text, place)| Edit::PutNote { map, note: Note { id, text, place } }),
        1 => (map(), id()).prop_map(|(map, note)| Edit::RemoveNote { map, note }),
        1 => people().prop_map(|people| Edit::SetPeople(Arc::new(people))),
        2 => test().prop_map(|test| Edit::PutTest(Box::new(test))),
        1 => id().prop_map(Edit::RemoveTest),
        2 => run().prop_map(|run| Edit::PutRun(Box::new(run))),
        1 => id().prop_map(Edit::RemoveRun),
    ]
}

/// A project with three blank maps.
pub fn start() -> Project {
    let mut project = Project::new("00112233445566778899aabbccddeeff", "Random");
    for number in 1..4 {
        project.apply(Edit::PutMap(blank(Id::new(number)))).unwrap();
    }
    project
}

/// Edits of every kind; what does not apply to a project is to be passed over.
pub fn edits() -> impl Strategy<Value = Vec<Edit>> {
    vec(edit(), 0..150)
}

/// Projects with anything in them.
pub fn project() -> impl Strategy<Value = Project> {
    edits().prop_map(|edits| {
        let mut project = start();
        for edit in edits {
            let _ = project.apply(edit);
        }
        project
    })
}
