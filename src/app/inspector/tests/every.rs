//! Every event type, condition and wait: it can be chosen from the keyboard, shows nothing that the font lacks, and what
//! is set by the name of a control lands in the document.

use chrono::NaiveTime;

use super::*;
use crate::base::time::{Side, Span, Unit, Weekdays};
use crate::model::condition::CONDITION_KINDS;
use crate::model::filter::{EVENT_TYPES, ListenedBy};

/// One setting of each type, by its name, and what it makes of the blank; a new type does not compile without.
fn event(event_type: EventType) -> (Steps, EventFilter) {
    use EventFilter as F;
    match event_type {
        EventType::FieldUpdated => (|h| pick(h, "Field", "My number"), F::FieldUpdated(Some(id(42)))),
        EventType::Paused => (|h| pick(h, "Other map", "Win back"), F::Paused(Some(id(300)))),
        EventType::Unpaused => (|h| pick(h, "Other map", "Win back"), F::Unpaused(Some(id(300)))),
        EventType::TagAdded => (|h| pick(h, "Tag", "VIP"), F::TagAdded(Some(id(2)))),
        EventType::TagRemoved => (|h| pick(h, "Tag", "VIP"), F::TagRemoved(Some(id(2)))),
        EventType::ListAdded => (|h| pick(h, "Fulfilment list", "Parcels"), F::ListAdded(Some(id(51)))),
        EventType::ListRemoved => (|h| pick(h, "Fulfilment list", "Parcels"), F::ListRemoved(Some(id(51)))),
        EventType::DateMatches => (|h| pick(h, "Date field", "My birthday"), F::DateMatches(Some(id(44)))),
        EventType::DateRelative => (
            |h| {
                enter(h, "How far", "3");
                choose(h, "Before or after", "days after");
                pick(h, "Date field", "My date");
            },
            F::DateRelative { field: Some(id(43)), side: Side::After, days: 3 },
        ),
        EventType::SpecificDate => {
            (|h| enter(h, "Date", "2026-12-24"), F::SpecificDate("2026-12-24".parse().ok()))
        }
        EventType::Automation => (
            |h| {
                pick(h, "Other map", "Win back");
                choose(h, "What the contact does", "Goes off it");
            },
            F::Automation { map: Some(id(300)), change: Change::Removed },
        ),
        EventType::TaskCompleted => (
            |h| {
                pick(h, "Task", "Call");
                click(h, "Nobody there");
                click(h, "Reached");
            },
            F::TaskCompleted { task: Some(id(61)), outcomes: vec![1, 2] },
        ),
        EventType::FormSubmitted => (
            |h| choose(h, "Outcome", "Only success"),
            F::FormSubmitted { form: Choice::Any, outcome: Some(FormOutcome::Success) },
        ),
        EventType::CallLogged => (NOTHING, F::CallLogged),
        EventType::Relationship => (
            |h| {
                pick(h, "Relationship", "Referrer");
                choose(h, "What happens to it", "Removed");
            },
            F::Relationship { relationship: Some(id(91)), change: Change::Removed },
        ),
        EventType::EmailLinkClicked => (
            |h| {
                pick(h, "E-mail", "Offer");
                choose(h, "Link", "1: https://example.org/course");
            },
            F::EmailLinkClicked { email: Some(id(31)), link: 1 },
        ),
        EventType::EmailReceived => (NOTHING, F::EmailReceived),
        EventType::SmsReceived => (NOTHING, F::SmsReceived),
        EventType::Purchased => (
            |h| click(h, "First payment only"),
            F::Purchased { products: Choice::Any, plan_payments: PlanPayments::First },
        ),
        EventType::KeapPurchase => (
            |h| {
                click(h, "Products");
                pick(h, "Add a product", "Book");
            },
            F::KeapPurchase(KeapPurchase { products: vec![id(12)], ..KeapPurchase::default() }),
        ),
        EventType::Refund => (|h| click(h, "Chosen products"), F::Refund(Choice::OneOf(vec![]))),
        EventType::CheckoutAbandoned => (
            |h| choose(h, "Payment page", "Stripe 3DS"),
            F::CheckoutAbandoned { products: Choice::Any, provider: Some(Provider::Stripe3ds) },
        ),
        EventType::PageVisited => (|h| pick(h, "Page", "Pricing"), F::PageVisited(Some(id(71)))),
        EventType::PurlVisited => (|h| pick(h, "Page", "Pricing"), F::PurlVisited(Some(id(71)))),
        EventType::OpenOrderCreated => (NOTHING, F::OpenOrderCreated),
        EventType::OpenOrder => (|h| click(h, "Completed"), F::OpenOrder(OpenOrderChange::Completed)),
        EventType::Card => (|h| click(h, "Declined"), F::Card(CardOutcome::Declined)),
        EventType::UrlVisited => (|h| pick(h, "Address", "Forum"), F::UrlVisited(Some(id(72)))),
        EventType::LinkClicked => (|h| pick(h, "Tracked link", "Banner"), F::LinkClicked(Some(id(73)))),
        EventType::MembershipUpdated => {
            (|h| pick(h, "Membership site", "Academy"), F::MembershipUpdated(Some(id(81))))
        }
        EventType::MembershipCreated => {
            (|h| pick(h, "Membership site", "Academy"), F::MembershipCreated(Some(id(81))))
        }
        EventType::LevelGiven => (|h| pick(h, "WordPress level", "Gold"), F::LevelGiven(Some(id(85)))),
        EventType::LevelLost => (|h| pick(h, "WordPress level", "Gold"), F::LevelLost(Some(id(85)))),
        EventType::Created => (NOTHING, F::Created),
        EventType::AddedToAutomation => (NOTHING, F::AddedToAutomation),
    }
}

#[test]
fn events() {
    for info in EVENT_TYPES {
        let (steps, expected) = event(info.event_type);
        let mut harness = if info.event_type == EventType::AddedToAutomation {
            window(bench(project([]), &[200]))
        } else {
            let other = if info.event_type == EventType::CallLogged {
                EventFilter::SmsReceived
            } else {
                EventFilter::CallLogged
            };
            let goals_only = info.listened_by == ListenedBy::Goals;
            let mut harness = one(if goals_only { goal(other) } else { trigger(other) });
            pick(&mut harness, "Event", info.title);
            harness
        };
        is_readable(&harness, info.tag);
        steps(&mut harness);
        is_readable(&harness, info.tag);
        let shown = harness.state().selection.first().copied().unwrap();
        let map = harness.state().project.map(id(100)).unwrap();
        assert_eq!(map.elements[&shown].kind.listener().unwrap().on, expected, "{}", info.tag);
    }
}

/// The same of each kind of condition.
fn condition(kind: ConditionKind) -> (Steps, Condition) {
    use Condition as C;
    let days = |count| Span::new(count, Unit::Days);
    match kind {
        ConditionKind::SubscribedToMap => (
            |h| {
                pick(h, "Map", "Win back");
                choose(h, "Came onto it", "before");
                enter(h, "Day", "2026-02-01");
            },
            C::SubscribedToMap { map: Some(id(300)), is: Timing::Before, date: "2026-02-01".parse().ok() },
        ),
        ConditionKind::OnMapFor => (
            |h| {
                pick(h, "Map", "Nurture after the webinar");
                enter(h, "How long", "7");
                choose(h, "At least or at most", "at most");
            },
            C::OnMapFor { map: Some(id(100)), bound: Bound::AtMost, span: days(7) },
        ),
        ConditionKind::MapState => {
            (|h| choose(h, "State on it", "Active"), C::MapState { map: None, paused: false })
        }
        ConditionKind::Field => (
            |h| {
                pick(h, "Field of the condition", "My birthday");
                choose(h, "Comparison", "is before");
                choose(h, "Compared with", "weeks from now");
                enter(h, "How many", "2");
            },
            C::FieldRelative {
                field: Some(id(44)),
                is: FieldOperator::Less,
                side: Side::After,
                span: Span::new(2, Unit::Weeks),
            },
        ),
        ConditionKind::NowIs => (
            |h| {
                choose(h, "Now is", "After");
                choose(h, "Which moment", "A time of day");
                enter(h, "Time of day", "17:30");
            },
            C::NowIs { is: Timing::After, moment: Moment::Time(NaiveTime::from_hms_opt(17, 30, 0).unwrap()) },
        ),
        ConditionKind::HasTag => (|h| pick(h, "Tag of the condition", "VIP"), C::HasTag(Some(id(2)))),
        ConditionKind::HasNotTag => (|h| pick(h, "Tag of the condition", "VIP"), C::HasNotTag(Some(id(2)))),
        ConditionKind::OnList => (|h| pick(h, "List of the condition", "Parcels"), C::OnList(Some(id(51)))),
        ConditionKind::NotOnList => {
            (|h| pick(h, "List of the condition", "Parcels"), C::NotOnList(Some(id(51))))
        }
        ConditionKind::Related => (
            |h| {
                pick(h, "Relationship", "Referrer");
                choose(h, "Whether it is there", "It does not exist");
                enter(h, "Record", "Ms Miller");
            },
            C::Related { relationship: Some(id(91)), record: "Ms Miller".into(), exists: false },
        ),
        ConditionKind::Opened => (
            |h| {
                pick(h, "E-mail", "Offer");
                choose(h, "Comparison", "exactly");
                enter(h, "How many", "0");
            },
            C::Opened { email: Some(id(31)), comparison: Comparison::Exactly, count: 0 },
        ),
        ConditionKind::Clicked => (
            |h| {
                pick(h, "E-mail", "Offer");
                choose(h, "Link", "2: https://example.org/unsubscribe");
                enter(h, "How many", "3");
            },
            C::Clicked { email: Some(id(31)), link: 2, comparison: Comparison::AtLeast, count: 3 },
        ),
        ConditionKind::SmsHasAddress => (NOTHING, C::SmsHasAddress),
        ConditionKind::SmsHasNoAddress => (NOTHING, C::SmsHasNoAddress),
        ConditionKind::SmsContains => (|h| enter(h, "Text", "yes"), C::SmsContains("yes".into())),
        ConditionKind::SmsDoesNotContain => (|h| enter(h, "Text", "yes"), C::SmsDoesNotContain("yes".into())),
        ConditionKind::Spent => (
            |h| enter(h, "Amount", "99.50"),
            C::Spent {
                products: Choice::Any,
                comparison: Comparison::AtLeast,
                amount: "99.50".parse().unwrap(),
            },
        ),
        ConditionKind::Ordered => (
            |h| {
                click(h, "Chosen products");
                pick(h, "Add a product", "Book");
            },
            C::Ordered { products: Choice::OneOf(vec![id(12)]), comparison: Comparison::AtLeast, count: 1 },
        ),
        ConditionKind::Subscribed => (
            |h| choose(h, "The contact", "Is not subscribed"),
            C::Subscribed { products: Choice::Any, subscribed: false },
        ),
        ConditionKind::SubscribedFor => (
            |h| choose(h, "Unit", "months"),
            C::SubscribedFor {
                products: Choice::Any,
                bound: Bound::AtLeast,
                span: Span::new(30, Unit::Months),
            },
        ),
        ConditionKind::VisitedSite => (
            |h| pick(h, "WordPress site", "Blog"),
            C::VisitedSite { site: Some(id(82)), comparison: Comparison::AtLeast, count: 1 },
        ),
        ConditionKind::VisitedPage => (
            |h| pick(h, "Page", "Pricing"),
            C::VisitedPage { page: Some(id(71)), comparison: Comparison::AtLeast, count: 1 },
        ),
        ConditionKind::MembershipIs => (
            |h| {
                pick(h, "Membership site", "Academy");
                choose(h, "Status", "Suspended");
            },
            C::MembershipIs { site: Some(id(81)), status: MembershipStatus::Suspended },
        ),
        ConditionKind::HasLevel => (|h| pick(h, "Level of the condition", "Gold"), C::HasLevel(Some(id(85)))),
        ConditionKind::HasNotLevel => {
            (|h| pick(h, "Level of the condition", "Gold"), C::HasNotLevel(Some(id(85))))
        }
    }
}

#[test]
fn conditions() {
    for info in CONDITION_KINDS {
        let (steps, expected) = condition(info.kind);
        let mut harness = one(ElementKind::Condition(Condition::default()));
        click(&mut harness, "Add condition");
        search(&mut harness, info.title);
        is_readable(&harness, info.title);
        steps(&mut harness);
        is_readable(&harness, info.title);
        let expected = ElementKind::Condition(Condition::All(vec![expected]));
        assert_eq!(harness.state().kind(101), expected, "{}", info.title);
    }
}

/// What the dropdown calls each kind of wait; a new one does not compile without.
fn title(until: &Until) -> &'static str {
    match until {
        Until::Goal => "For ever",
        Until::TimePasses(_) => "Some time passes",
        Until::DayOfWeek { .. } => "A day of the week",
        Until::Date { .. } => "A date",
        Until::Relative { .. } => "A time before or after a field",
        Until::TimeOfDay { .. } => "A time of day",
        Until::Conditions { .. } => "Conditions are met",
        Until::Delay(_) => "Delay timer",
        Until::DateTimer { .. } => "Date timer",
        Until::FieldTimer { .. } => "Field timer",
        Until::NotSet => "Timer not set",
    }
}

#[test]
fn waits() {
    let nine = NaiveTime::from_hms_opt(9, 0, 0);
    let day = || "2026-12-24".parse().unwrap();
    let hours = Span::new(1, Unit::Hours);
    let cases: [(Steps, Until); 11] = [
        (NOTHING, Until::Goal),
        (|h| enter(h, "How long", "3"), Until::TimePasses(Span::new(3, Unit::Days))),
        (
            |h| {
                click(h, "Monday");
                enter(h, "Time of day", "9:00");
            },
            Until::DayOfWeek { days: Weekdays::WEEKDAYS.without(chrono::Weekday::Mon), time: nine },
        ),
        (|h| enter(h, "Date", "2026-12-24"), Until::Date { date: day(), time: None }),
        (
            |h| {
                pick(h, "Date field", "My date");
                choose(h, "Unit", "hour");
            },
            Until::Relative { field: Some(id(43)), side: Side::Before, span: hours, time: None },
        ),
        (
            |h| {
                enter(h, "Time of day", "09:00");
                click(h, "At most for some time");
            },
            Until::TimeOfDay { time: nine.unwrap(), limit: Some(Span::new(1, Unit::Weeks)) },
        ),
        (
            |h| {
                click(h, "Add condition");
                search(h, "Last SMS contains an e-mail address");
            },
            Until::Conditions { condition: Condition::All(vec![Condition::SmsHasAddress]), limit: None },
        ),
        (
            |h| {
                enter(h, "At least", "2");
                choose(h, "Unit", "weekdays");
            },
            Until::Delay(Delay {
                count: 2,
                unit: DelayUnit::Weekdays,
                days: Weekdays::ALL,
                time: DelayTime::Any,
            }),
        ),
        (|h| enter(h, "Date", "2026-12-24"), Until::DateTimer { date: day(), time: None }),
        (
            |h| {
                pick(h, "Date field", "My date");
                choose(h, "Unit", "hour");
                enter(h, "Time of day", "9:00");
            },
            Until::FieldTimer { field: Some(id(43)), side: Side::Before, span: hours, time: nine },
        ),
        (NOTHING, Until::NotSet),
    ];
    for (steps, expected) in cases {
        let title = title(&expected);
        let other = if expected == Until::NotSet { Until::Goal } else { Until::NotSet };
        let mut harness = one(wait(other));
        pick(&mut harness, "Wait until", title);
        is_readable(&harness, title);
        steps(&mut harness);
        is_readable(&harness, title);
        assert_eq!(harness.state().kind(101), wait(expected), "{title}");
    }
}
