//! Every row of the tables of events, conditions and actions: what it takes, and what it leaves alone (semantics §3, §6,
//! §7). A new row does not compile here, or fails, until it has its cases.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime, Weekday};
use gateline::base::id::{FieldId, Id, MapId, ProductId};
use gateline::base::money::Money;
use gateline::base::time::{Side, Span, Unit};
use gateline::engine::LogEntry;
use gateline::engine::log::{Message, Nothing, What};
use gateline::model::catalogue::Shelved;
use gateline::model::condition::{CONDITION_KINDS, ConditionKind};
use gateline::model::event::{HAPPENINGS, HappeningKind, Origin};
use gateline::model::filter::{EVENT_TYPES, ListenedBy};
use gateline::model::kinds::{KINDS, Kind};
use gateline::model::*;
use gateline::session::command::{Command, Spot};

use super::{Life, Outcome};
use crate::build::Build;

/// The account of all rows; its first map is the one that is tried, the others let contacts rest.
struct Account {
    build: Build,
    own: MapId,
    other: MapId,
    third: MapId,
}

impl Account {
    fn new() -> Self {
        // what is not set up is heard by nobody
        let mut build = Build::new().settings(|settings| {
            (settings.email_sync, settings.tracking_code) = (true, true);
        });
        let own = build.map;
        let other = build.add_map("Other");
        build = build.at_added().wait(Until::Goal);
        let third = build.add_map("Third");
        build = build.at_added().wait(Until::Goal);
        Self { build: Build { map: own, ..build }, own, other, third }
    }

    fn id<T: Shelved>(&mut self, name: &str) -> T::Id {
        self.build.thing::<T>(name)
    }

    /// A thing with settings of its own.
    fn put<T: Shelved>(&mut self, name: &str, make: impl FnOnce(T::Id) -> T) -> T::Id {
        let id = T::Id::new(self.build.project.next_number);
        self.build.run(gateline::session::command::Command::PutItem(make(id).into_item()));
        assert_eq!(self.build.project.catalogue.find::<T>(name), Some(id));
        id
    }

    fn list(&mut self, name: &str, leaves_after: Option<Span>) -> gateline::base::id::ListId {
        self.put(name, |id| List { leaves_after, ..List::new(id, name) })
    }

    /// The map that is tried, empty but for its own trigger.
    fn map(&self) -> Build {
        self.build.clone().at_added()
    }
}

const REFERENCE: &str = "A-1";

/// An order of one piece for 100, otherwise as it is made.
fn order_of(product: ProductId, make: impl FnOnce(&mut Order)) -> Arc<Order> {
    let line = OrderLine { product, quantity: 1.into(), amount: Money::new(100.into()) };
    let mut order = Order { reference: REFERENCE.into(), lines: vec![line], ..Order::default() };
    make(&mut order);
    order.into()
}

fn order(product: ProductId, make: impl FnOnce(&mut Order)) -> Happening {
    Happening::Order(order_of(product, make))
}

fn plain(_: &mut Order) {}

fn declined(order: &mut Order) {
    order.payment = FirstPayment::Declined;
}

/// So many payments, each an event of its own.
fn in_parts(payments: u16) -> impl Fn(&mut Order) {
    move |order| order.plan = Some(plan(PlanKind::Payments, Some(payments)))
}

fn subscription(order: &mut Order) {
    order.plan = Some(plan(PlanKind::Subscription, None));
}

fn plan(kind: PlanKind, payments: Option<u16>) -> PaymentPlan {
    PaymentPlan { kind, payments, every: None, declined: vec![] }
}

fn pays(declined: bool) -> Happening {
    Happening::Payment { reference: REFERENCE.into(), declined }
}

fn cancels(reference: &str) -> Happening {
    Happening::OrderCancelled { reference: reference.into() }
}

fn sets(field: FieldId, value: Value) -> Happening {
    Happening::FieldUpdated { field, value: Some(value) }
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn day(date: &str) -> NaiveDate {
    date.parse().unwrap()
}

fn date(date: &str) -> Value {
    Value::Date(day(date))
}

fn one<T>(thing: T) -> Choice<T> {
    Choice::OneOf(vec![thing])
}

/// What a listener hears, what activates it and what does not; the happenings follow one another by a day.
type Listening = (EventFilter, Vec<Happening>, Vec<Happening>);

fn listening(event: EventType, account: &mut Account) -> Vec<Listening> {
    use EventFilter as On;
    let Account { own, other, third, .. } = *account;
    let (x, y) = (account.id::<Product>("X"), account.id::<Product>("Y"));
    match event {
        EventType::FieldUpdated => {
            let [city, name] = ["City", "Name"].map(|name| account.build.field(name, FieldKind::Text));
            vec![(On::FieldUpdated(Some(city)), vec![sets(city, text("a"))], vec![sets(name, text("a"))])]
        }
        EventType::Paused => vec![(
            On::Paused(Some(other)),
            vec![Happening::Paused(other)],
            vec![Happening::Paused(third), Happening::Unpaused(other)],
        )],
        EventType::Unpaused => {
            let paused = [Happening::Paused(other), Happening::Paused(third)];
            let [yes, no] = [other, third].map(|map| [&paused[..], &[Happening::Unpaused(map)]].concat());
            vec![(On::Unpaused(Some(other)), yes, no)]
        }
        EventType::TagAdded => {
            let [a, b] = ["A", "B"].map(|name| account.build.tag(name));
            let no = vec![Happening::TagAdded(b), Happening::TagRemoved(a)];
            vec![(On::TagAdded(Some(a)), vec![Happening::TagAdded(a)], no)]
        }
        EventType::TagRemoved => {
            let [a, b] = ["A", "B"].map(|name| account.build.tag(name));
            let no = vec![Happening::TagRemoved(b), Happening::TagAdded(a)];
            vec![(On::TagRemoved(Some(a)), vec![Happening::TagRemoved(a)], no)]
        }
        EventType::ListAdded => {
            let [a, b] = ["A", "B"].map(|name| account.list(name, None));
            let form =
                account.put("Order", |id| Form { order_form: true, list: Some(a), ..Form::new(id, "Order") });
            let by_form = |order: &mut Order| order.form = Some(form);
            let failed = order(x, |order| {
                by_form(order);
                declined(order);
            });
            vec![
                (On::ListAdded(Some(a)), vec![Happening::ListAdded(a)], vec![Happening::ListAdded(b)]),
                (On::ListAdded(Some(a)), vec![order(x, by_form)], vec![failed, order(x, plain)]),
            ]
        }
        EventType::ListRemoved => {
            let week = account.list("Week", Some(Span::new(1, Unit::Weeks)));
            let ever = account.list("Ever", None);
            let (on, off) = (Happening::ListAdded(ever), Happening::ListRemoved(ever));
            vec![
                (On::ListRemoved(Some(ever)), vec![on.clone(), off], vec![on.clone()]),
                // auto-unsubscribe
                (On::ListRemoved(Some(week)), vec![Happening::ListAdded(week)], vec![on]),
            ]
        }
        EventType::DateMatches => {
            let [birthday, renewal, call] =
                [("Born", FieldKind::Birthday), ("Renewal", FieldKind::Date), ("Call", FieldKind::DateTime)]
                    .map(|(name, kind)| account.build.field(name, kind));
            let at = |at: &str| Value::DateTime(at.parse().unwrap());
            vec![
                (
                    On::DateMatches(Some(birthday)),
                    vec![sets(birthday, date("1990-02-10"))],
                    vec![sets(renewal, date("2026-02-10"))],
                ),
                (
                    On::DateMatches(Some(renewal)),
                    vec![sets(renewal, date("2026-02-10"))],
                    vec![sets(renewal, date("2025-02-10"))],
                ),
                (
                    On::DateMatches(Some(call)),
                    vec![sets(call, at("2026-02-10T15:00:00Z"))],
                    vec![sets(call, at("2025-02-10T15:00:00Z"))],
                ),
            ]
        }
        EventType::DateRelative => {
            let field = account.build.field("Renewal", FieldKind::Date);
            let relative = |side| On::DateRelative { field: Some(field), side, days: 10 };
            // from 6 January on
            let (early, late) =
                (vec![sets(field, date("2026-01-10"))], vec![sets(field, date("2027-01-05"))]);
            vec![(relative(Side::After), early.clone(), late.clone()), (relative(Side::Before), late, early)]
        }
        EventType::SpecificDate => {
            // nothing has to happen at all
            let on = |date| On::SpecificDate(Some(day(date)));
            vec![(on("2026-02-10"), vec![], vec![Happening::CallLogged])]
        }
        EventType::Automation => {
            let on = |change| On::Automation { map: Some(other), change };
            let added = Happening::AddedToAutomation;
            vec![
                (on(Change::Added), vec![added(other)], vec![added(third)]),
                (
                    on(Change::Removed),
                    vec![added(other), Happening::RemovedFromAutomation(other)],
                    vec![added(other), added(third), Happening::RemovedFromAutomation(third)],
                ),
            ]
        }
        EventType::TaskCompleted => {
            let [call, visit] = ["Call", "Visit"].map(|name| account.id::<Task>(name));
            let done = |task, outcome| Happening::TaskCompleted { task, outcome };
            let on = |outcomes| On::TaskCompleted { task: Some(call), outcomes };
            vec![
                (on(vec![]), vec![done(call, 0)], vec![done(visit, 0)]),
                (on(vec![2, 3]), vec![done(call, 3)], vec![done(call, 1), done(call, 0), done(visit, 2)]),
            ]
        }
        EventType::FormSubmitted => {
            let [a, b] = ["A", "B"].map(|name| account.build.form(name));
            let sent = |form, outcome| Happening::FormSubmitted { form, outcome };
            let (success, failure) = (FormOutcome::Success, FormOutcome::Failure);
            let on = |outcome| On::FormSubmitted { form: one(a), outcome };
            vec![
                (on(None), vec![sent(a, failure)], vec![sent(b, success)]),
                (on(Some(success)), vec![sent(a, success)], vec![sent(a, failure)]),
                (on(Some(failure)), vec![sent(a, failure)], vec![sent(a, success)]),
            ]
        }
        EventType::CallLogged => {
            vec![(On::CallLogged, vec![Happening::CallLogged], vec![Happening::EmailReceived])]
        }
        EventType::Relationship => {
            let [a, b] = ["Partner", "Friend"].map(|name| account.id::<Relationship>(name));
            let made = |relationship| Happening::RelationshipAdded { relationship, record: "Ann".into() };
            let undone = |relationship| Happening::RelationshipRemoved { relationship, record: "Ann".into() };
            let on = |change| On::Relationship { relationship: Some(a), change };
            vec![
                (on(Change::Added), vec![made(a)], vec![made(b), undone(a)]),
                (on(Change::Removed), vec![undone(a)], vec![made(a), undone(b)]),
            ]
        }
        EventType::EmailLinkClicked => {
            let [a, b] = ["A", "B"].map(|name| account.build.mail(name));
            let click = |email, link| Happening::EmailLinkClicked { email, link };
            let on = |link| On::EmailLinkClicked { email: Some(a), link };
            vec![
                (on(0), vec![click(a, 7)], vec![click(b, 7)]),
                (on(2), vec![click(a, 2)], vec![click(a, 1), click(b, 2), Happening::EmailOpened(a)]),
            ]
        }
        EventType::EmailReceived => {
            vec![(On::EmailReceived, vec![Happening::EmailReceived], vec![Happening::CallLogged])]
        }
        EventType::SmsReceived => {
            let yes = vec![Happening::SmsReceived("Hello".into())];
            vec![(On::SmsReceived, yes, vec![Happening::EmailReceived])]
        }
        EventType::Purchased => {
            let on = |products| On::Purchased { products, plan_payments: PlanPayments::Every };
            let unpaid = |order: &mut Order| order.payment = FirstPayment::Unpaid;
            vec![
                (on(one(x)), vec![order(x, plain)], vec![order(y, plain), order(x, declined), pays(true)]),
                // at the order, unless its payment failed
                (on(Choice::Any), vec![order(y, unpaid)], vec![order(y, declined)]),
                (on(one(x)), vec![order(x, declined), pays(false)], vec![order(x, declined)]),
            ]
        }
        EventType::KeapPurchase => {
            let books = account.id::<Category>("Books");
            let z = account.put("Z", |id| Product { categories: vec![books], ..Product::new(id, "Z") });
            let [shop, fair] = ["Shop", "Fair"].map(|name| account.build.form(name));
            let by = |form| move |order: &mut Order| order.form = Some(form);
            let cash = |order: &mut Order| order.method = PaymentKind::Cash;
            let rule = |order: &mut Order| order.source = OrderSource::Rule;
            let nothing = KeapPurchase::default;
            let on = |ticked| On::KeapPurchase(ticked);
            let any = KeapPurchase { any: true, ..nothing() };
            vec![
                (on(any.clone()), vec![order(y, plain)], vec![order(y, declined), order(y, rule)]),
                (
                    on(KeapPurchase { products: vec![x], ..nothing() }),
                    vec![order(x, plain)],
                    vec![order(y, plain)],
                ),
                (
                    on(KeapPurchase { categories: vec![books], ..nothing() }),
                    vec![order(z, plain)],
                    vec![order(x, plain)],
                ),
                (
                    on(KeapPurchase { forms: vec![shop], ..nothing() }),
                    vec![order(x, by(shop))],
                    vec![order(x, by(fair)), order(x, plain)],
                ),
                (
                    on(KeapPurchase { payments: one(PaymentKind::Cash), ..any }),
                    vec![order(x, cash)],
                    vec![order(x, plain)],
                ),
                (on(nothing()), vec![], vec![order(x, plain)]), // nothing is ticked
            ]
        }
        EventType::Refund => {
            let back = |product| Happening::Refund(order_of(product, plain));
            let bought = order(x, plain);
            vec![(On::Refund(one(x)), vec![bought.clone(), back(x)], vec![bought, back(y)])]
        }
        EventType::CheckoutAbandoned => {
            let checkout = |product, provider| Checkout {
                reference: REFERENCE.into(),
                products: vec![product],
                provider,
            };
            let start = |product, provider| Happening::CheckoutStarted(Arc::new(checkout(product, provider)));
            let (paypal, stripe) = (Provider::PayPal, Provider::StripeElement);
            let on = |provider| On::CheckoutAbandoned { products: one(x), provider };
            vec![
                (on(None), vec![start(x, stripe)], vec![start(y, stripe)]),
                (on(Some(paypal)), vec![start(x, paypal)], vec![start(x, stripe)]),
                // finished at the last moment, a day later
                (on(None), vec![start(x, paypal)], vec![start(x, paypal), order(x, plain)]),
                (
                    on(None),
                    vec![Happening::CheckoutAbandoned(Arc::new(checkout(x, paypal)))],
                    vec![Happening::CheckoutAbandoned(Arc::new(checkout(y, paypal)))],
                ),
            ]
        }
        EventType::PageVisited => pages(account, On::PageVisited, Happening::PageVisited),
        EventType::PurlVisited => pages(account, On::PurlVisited, Happening::PurlVisited),
        EventType::OpenOrderCreated => vec![
            (On::OpenOrderCreated, vec![order(x, in_parts(3))], vec![order(x, plain)]),
            (
                On::OpenOrderCreated,
                vec![order(x, subscription)],
                vec![order(x, |order| {
                    subscription(order);
                    declined(order);
                })],
            ),
        ],
        EventType::OpenOrder => {
            let bought = order(x, in_parts(3));
            let then = |what: Happening| vec![bought.clone(), what];
            let on = On::OpenOrder;
            vec![
                // only payments after the first
                (on(OpenOrderChange::Charged), then(pays(false)), then(pays(true))),
                (
                    on(OpenOrderChange::Declined),
                    then(pays(true)),
                    vec![order(x, |order| {
                        in_parts(3)(order);
                        declined(order);
                    })],
                ),
                (on(OpenOrderChange::Cancelled), then(cancels(REFERENCE)), then(cancels("B-2"))),
                (
                    on(OpenOrderChange::Completed),
                    vec![bought.clone(), pays(false), pays(false)],
                    then(pays(false)),
                ),
            ]
        }
        EventType::Card => {
            let cash = |order: &mut Order| order.method = PaymentKind::Cash;
            vec![
                (
                    On::Card(CardOutcome::Charged),
                    vec![order(x, plain)],
                    vec![order(x, declined), order(x, cash)],
                ),
                (
                    On::Card(CardOutcome::Declined),
                    vec![order(x, declined)],
                    vec![
                        order(x, plain),
                        order(x, |order| {
                            cash(order);
                            declined(order);
                        }),
                    ],
                ),
            ]
        }
        EventType::UrlVisited => pages(account, On::UrlVisited, Happening::UrlVisited),
        EventType::LinkClicked => pages(account, On::LinkClicked, Happening::LinkClicked),
        EventType::MembershipUpdated | EventType::MembershipCreated => {
            let [a, b] = ["A", "B"].map(|name| account.id::<Site>(name));
            let status = MembershipStatus::Suspended;
            let updated = |site| Happening::MembershipUpdated { site, status };
            let created = |site| Happening::MembershipCreated { site, status };
            if event == EventType::MembershipUpdated {
                vec![(On::MembershipUpdated(Some(a)), vec![updated(a)], vec![updated(b), created(a)])]
            } else {
                vec![(On::MembershipCreated(Some(a)), vec![created(a)], vec![created(b), updated(a)])]
            }
        }
        EventType::LevelGiven | EventType::LevelLost => {
            let [a, b] = ["A", "B"].map(|name| account.id::<Level>(name));
            let (given, lost) = (Happening::LevelGiven, Happening::LevelLost);
            if event == EventType::LevelGiven {
                vec![(On::LevelGiven(Some(a)), vec![given(a)], vec![given(b), lost(a)])]
            } else {
                vec![(On::LevelLost(Some(a)), vec![lost(a)], vec![lost(b), given(a)])]
            }
        }
        EventType::Created => vec![(On::Created, vec![Happening::Created], vec![Happening::CallLogged])],
        EventType::AddedToAutomation => {
            let added = Happening::AddedToAutomation;
            vec![(On::AddedToAutomation, vec![added(own)], vec![added(other)])]
        }
    }
}

/// A listener for a page hears no other page, and no other way to come to it.
fn pages(
    account: &mut Account,
    on: fn(Option<gateline::base::id::PageId>) -> EventFilter,
    comes: fn(gateline::base::id::PageId) -> Happening,
) -> Vec<Listening> {
    let [a, b] = ["A", "B"].map(|name| account.id::<Page>(name));
    let ways =
        [Happening::PageVisited, Happening::PurlVisited, Happening::UrlVisited, Happening::LinkClicked];
    let others = ways.map(|way| way(a)).into_iter().filter(|what| *what != comes(a));
    vec![(on(Some(a)), vec![comes(a)], others.chain([comes(b)]).collect())]
}

/// How often the listener was activated when these things happened, from 6 January on, a day apart.
fn activations(build: Build, element: gateline::base::id::ElementId, what: &[Happening]) -> usize {
    let life = Life::of(build).published("2026-01-05 00:00").submits("2026-01-05 09:00", "Entry");
    let out = daily(life, "2026-01", 6, "10:00", what).run();
    let is_it = |line: &&LogEntry| line.element == Some(element) && line.entry.what == What::Activated;
    out.log.iter().filter(is_it).count()
}

/// These things happen a day apart, from this day of the month on.
fn daily(life: Life, month: &str, first: usize, time: &str, what: &[Happening]) -> Life {
    let days = what.iter().enumerate();
    days.fold(life, |life, (later, what)| {
        life.happens(&format!("{month}-{:02} {time}", first + later), what.clone())
    })
}

#[test]
fn every_event_activates_those_who_listen_for_it_and_nobody_else() {
    for info in EVENT_TYPES {
        let mut account = Account::new();
        let rows = listening(info.event_type, &mut account);
        for (row, (on, yes, no)) in rows.into_iter().enumerate() {
            assert_eq!(on.event_type(), info.event_type);
            let mut maps = vec![];
            if info.listened_by != ListenedBy::Goals {
                let is_own = on == EventFilter::AddedToAutomation;
                let map = if is_own { account.map() } else { account.map().trigger_on(on.clone()) };
                maps.push(("trigger", map.last, map.wait(Until::Goal)));
            }
            if info.listened_by != ListenedBy::Triggers {
                let goal = Listener::goal(info.event_type).hearing(on.clone());
                let map = account.map().trigger_form("Entry").goal(goal);
                maps.push(("goal", map.last, map.end()));
            }
            for (who, element, map) in maps {
                let name = format!("{}, row {row}, as a {who}", info.tag);
                let expected = !yes.is_empty() || matches!(on, EventFilter::SpecificDate(_));
                assert_eq!(activations(map.clone(), element, &yes) > 0, expected, "{name}");
                // a day of the calendar comes whatever else happens
                let comes = matches!(on, EventFilter::SpecificDate(_));
                assert_eq!(activations(map, element, &no) > 0, comes, "{name}: not by {no:?}");
            }
        }
    }
}

#[test]
fn a_day_that_was_over_before_publication_never_comes() {
    let account = Account::new();
    let build = account.map().trigger_on(EventFilter::SpecificDate(Some(day("2026-01-04"))));
    let (element, build) = (build.last, build.wait(Until::Goal));
    assert_eq!(activations(build, element, &[]), 0);
}

/// §3: paused, unpaused, added and removed are about another automation than the listener's own: nobody can ask for it, and
/// what a file says all the same hears nothing.
#[test]
fn no_listener_hears_of_its_own_map() {
    let account = Account::new();
    for on in [
        EventFilter::Paused as fn(Option<MapId>) -> EventFilter,
        EventFilter::Unpaused,
        |map| EventFilter::Automation { map, change: Change::Added },
        |map| EventFilter::Automation { map, change: Change::Removed },
    ] {
        let kind = |map| {
            ElementKind::Trigger(Listener { on: on(Some(map)), ..Listener::trigger(EventType::Created) })
        };
        let spot = Spot::At(Point { x: 0, y: 0 });
        let said = account.map().refusal(Command::Insert { map: account.own, kind: kind(account.own), spot });
        assert!(said.ends_with("needs another map than this one"), "{said}");
        let build = account.map().trigger_on(on(Some(account.other)));
        let (element, build) = (build.last, build.wait(Until::Goal).at_added().wait(Until::Goal));
        let mut own = build.clone();
        let mut map = own.map().clone();
        map.elements.get_mut(&element).unwrap().kind = kind(account.own);
        own.project.maps.insert(map.id, map.into());
        let what = |map| {
            [
                Happening::AddedToAutomation(map),
                Happening::Paused(map),
                Happening::Unpaused(map),
                Happening::RemovedFromAutomation(map),
            ]
        };
        assert_eq!(activations(own, element, &what(account.own)), 0);
        assert_eq!(activations(build, element, &what(account.other)), 1);
    }
}

/// Nothing matches what is not chosen yet.
#[test]
fn a_listener_with_nothing_chosen_hears_nothing() {
    for info in EVENT_TYPES {
        let on = EventFilter::blank(info.event_type);
        if !on.is_incomplete() {
            continue;
        }
        let mut account = Account::new();
        let rows = listening(info.event_type, &mut account);
        let goal = Listener { who: Who::AnyContact, ..Listener::goal(info.event_type).hearing(on) };
        let map = account.map().goal(goal);
        for (_, yes, _) in rows {
            assert_eq!(activations(map.clone(), map.last, &yes), 0, "{}", info.tag);
        }
    }
}

/// A condition, what happened from 5 January 09:00 on, a day apart, and whether it holds on Monday 2 March 09:00.
type Asked = (Condition, Vec<Happening>, bool);

fn asked(kind: ConditionKind, account: &mut Account) -> Vec<Asked> {
    use Condition as If;
    let Account { other, third, .. } = *account;
    let (x, y) = (account.id::<Product>("X"), account.id::<Product>("Y"));
    let on = Happening::AddedToAutomation(other);
    let days = |count| Span::new(count, Unit::Days);
    let (least, exactly, most) = (Comparison::AtLeast, Comparison::Exactly, Comparison::AtMost);
    match kind {
        ConditionKind::SubscribedToMap => {
            let since = |is, date| If::SubscribedToMap { map: Some(other), is, date: Some(day(date)) };
            let off = Happening::RemovedFromAutomation(other);
            vec![
                (since(Timing::After, "2026-01-04"), vec![on.clone()], true),
                (since(Timing::On, "2026-01-05"), vec![on.clone()], true),
                (since(Timing::Before, "2026-01-06"), vec![on.clone()], true),
                (since(Timing::Before, "2026-01-05"), vec![on.clone()], false),
                (since(Timing::After, "2026-01-04"), vec![], false),
                (since(Timing::After, "2026-01-04"), vec![on.clone(), off.clone()], false),
                // who came back counts from then
                (since(Timing::On, "2026-01-07"), vec![on.clone(), off, on], true),
            ]
        }
        ConditionKind::OnMapFor => {
            let for_days = |bound, count| If::OnMapFor { map: Some(other), bound, span: days(count) };
            vec![
                (for_days(Bound::AtLeast, 56), vec![on.clone()], true),
                (for_days(Bound::AtLeast, 57), vec![on.clone()], false),
                (for_days(Bound::AtMost, 56), vec![on.clone()], true),
                (for_days(Bound::AtMost, 55), vec![on], false),
                (for_days(Bound::AtMost, 55), vec![], false),
            ]
        }
        ConditionKind::MapState => {
            let is = |paused| If::MapState { map: Some(other), paused };
            let (pause, go_on) = (Happening::Paused(other), Happening::Unpaused(other));
            vec![
                (is(true), vec![on.clone(), pause.clone()], true),
                (is(true), vec![on.clone()], false),
                (is(false), vec![on.clone()], true),
                (is(false), vec![on.clone(), pause.clone()], false),
                (is(false), vec![on, pause.clone(), go_on], true),
                (is(true), vec![pause], false), // only who is on the map can be paused there
                (is(false), vec![Happening::AddedToAutomation(third)], false),
            ]
        }
        ConditionKind::Field => {
            let city = account.build.field("City", FieldKind::Text);
            let is = |value| If::Field { field: Some(city), is: FieldOperator::Equals, value: Some(value) };
            let rome = vec![sets(city, text("Rome"))];
            vec![(is(text("Rome")), rome.clone(), true), (is(text("Oslo")), rome, false)]
        }
        ConditionKind::NowIs => {
            let now = |is, moment| If::NowIs { is, moment };
            let time = |hour, minute| Moment::Time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap());
            let date = |date| Moment::Date(day(date));
            let weekday = Moment::Weekday;
            [
                (Timing::Before, weekday(Weekday::Sun), true),
                (Timing::Before, weekday(Weekday::Mon), false),
                (Timing::On, weekday(Weekday::Mon), true),
                (Timing::On, weekday(Weekday::Sun), false),
                (Timing::After, weekday(Weekday::Mon), false), // weeks begin on Monday
                (Timing::Before, date("2026-03-03"), true),
                (Timing::Before, date("2026-03-02"), false),
                (Timing::On, date("2026-03-02"), true),
                (Timing::On, date("2026-03-03"), false),
                (Timing::After, date("2026-03-01"), true),
                (Timing::After, date("2026-03-02"), false),
                (Timing::Before, time(9, 1), true),
                (Timing::Before, time(9, 0), false),
                (Timing::On, time(9, 0), true),
                (Timing::On, time(9, 1), false),
                (Timing::After, time(8, 59), true),
                (Timing::After, time(9, 0), false),
            ]
            .map(|(is, moment, holds)| (now(is, moment), vec![], holds))
            .into()
        }
        ConditionKind::HasTag => {
            let tag = account.build.tag("A");
            let (add, remove) = (Happening::TagAdded(tag), Happening::TagRemoved(tag));
            vec![
                (If::HasTag(Some(tag)), vec![add.clone()], true),
                (If::HasTag(Some(tag)), vec![add, remove], false),
                (If::HasTag(None), vec![], false),
            ]
        }
        ConditionKind::HasNotTag => {
            let tag = account.build.tag("A");
            vec![
                (If::HasNotTag(Some(tag)), vec![], true),
                (If::HasNotTag(Some(tag)), vec![Happening::TagAdded(tag)], false),
                (If::HasNotTag(None), vec![], false), // nothing chosen holds for nobody
            ]
        }
        ConditionKind::OnList => {
            let ever = account.list("Ever", None);
            let week = account.list("Week", Some(Span::new(1, Unit::Weeks)));
            vec![
                (If::OnList(Some(ever)), vec![Happening::ListAdded(ever)], true),
                (If::OnList(Some(ever)), vec![], false),
                (If::OnList(Some(week)), vec![Happening::ListAdded(week)], false), // it left by itself
            ]
        }
        ConditionKind::NotOnList => {
            let list = account.list("Ever", None);
            vec![
                (If::NotOnList(Some(list)), vec![], true),
                (If::NotOnList(Some(list)), vec![Happening::ListAdded(list)], false),
            ]
        }
        ConditionKind::Related => {
            let [a, b] = ["Partner", "Friend"].map(|name| account.id::<Relationship>(name));
            let related =
                |record: &str, exists| If::Related { relationship: Some(a), record: record.into(), exists };
            let made =
                |relationship| vec![Happening::RelationshipAdded { relationship, record: "Ann".into() }];
            vec![
                (related("", true), made(a), true),
                (related("Ann", true), made(a), true),
                (related("Bob", true), made(a), false),
                (related("", true), made(b), false),
                (related("", false), made(b), true),
                (related("Bob", false), made(a), true),
                (related("", false), made(a), false),
            ]
        }
        ConditionKind::Opened => {
            let [a, b] = ["A", "B"].map(|name| account.build.mail(name));
            let opened = |comparison, count| If::Opened { email: Some(a), comparison, count };
            let twice = vec![Happening::EmailOpened(a), Happening::EmailOpened(a), Happening::EmailOpened(b)];
            vec![
                (opened(least, 2), twice.clone(), true),
                (opened(exactly, 2), twice.clone(), true),
                (opened(least, 3), twice.clone(), false),
                (opened(most, 1), twice, false),
                (opened(exactly, 0), vec![], true),
            ]
        }
        ConditionKind::Clicked => {
            let [a, b] = ["A", "B"].map(|name| account.build.mail(name));
            let clicked = |link, comparison, count| If::Clicked { email: Some(a), link, comparison, count };
            let click = |email, link| Happening::EmailLinkClicked { email, link };
            let clicks = vec![click(a, 1), click(a, 2), click(b, 2)];
            vec![
                (clicked(0, exactly, 2), clicks.clone(), true),
                (clicked(2, exactly, 1), clicks.clone(), true),
                (clicked(3, least, 1), clicks.clone(), false),
                (clicked(0, most, 1), clicks, false),
            ]
        }
        ConditionKind::SmsHasAddress | ConditionKind::SmsHasNoAddress => {
            let is = kind == ConditionKind::SmsHasAddress;
            let ask = || if is { If::SmsHasAddress } else { If::SmsHasNoAddress };
            let sms =
                |texts: &[&str]| texts.iter().map(|text| Happening::SmsReceived((*text).into())).collect();
            [
                (sms(&["write to ann@example.org please"]), true),
                (sms(&["none", "a@b.c"]), true),
                (sms(&["a@b.c", "none"]), false), // only the last
                (sms(&["@example.org", "ann@"]), false),
                (sms(&["ann@home"]), false),
                (vec![], false),
            ]
            .map(|(what, has): (Vec<_>, bool)| (ask(), what, has == is))
            .into()
        }
        ConditionKind::SmsContains | ConditionKind::SmsDoesNotContain => {
            let is = kind == ConditionKind::SmsContains;
            let ask = || {
                let text = "yes".to_owned();
                if is { If::SmsContains(text) } else { If::SmsDoesNotContain(text) }
            };
            let sms =
                |texts: &[&str]| texts.iter().map(|text| Happening::SmsReceived((*text).into())).collect();
            [(sms(&["Oh YES!"]), true), (sms(&["yes", "no"]), false), (vec![], false)]
                .map(|(what, has): (Vec<_>, bool)| (ask(), what, has == is))
                .into()
        }
        ConditionKind::Spent => {
            let spent = |products, comparison, amount: i64| If::Spent {
                products,
                comparison,
                amount: Money::new(amount.into()),
            };
            let back = Happening::Refund(order_of(x, |order| order.lines[0].amount = Money::new(30.into())));
            let unpaid = order(x, |order| order.payment = FirstPayment::Unpaid);
            let parts = vec![order(x, in_parts(3)), pays(false)];
            vec![
                (spent(one(x), least, 100), vec![order(x, plain)], true),
                (spent(one(y), least, 100), vec![order(x, plain)], false),
                (spent(Choice::Any, exactly, 70), vec![order(x, plain), back], true),
                (spent(one(x), exactly, 200), parts, true), // each payment of a plan
                (spent(one(x), least, 1), vec![unpaid], false),
                (spent(one(x), most, 99), vec![order(x, plain)], false),
                (spent(Choice::OneOf(vec![]), most, 99), vec![], false),
            ]
        }
        ConditionKind::Ordered => {
            let ordered = |products, comparison, count| If::Ordered { products, comparison, count };
            let three = order(x, |order| order.lines[0].quantity = 3.into());
            vec![
                (ordered(one(x), exactly, 3), vec![three.clone(), order(y, plain)], true),
                (ordered(Choice::Any, exactly, 4), vec![three.clone(), order(y, plain)], true),
                (ordered(one(x), least, 1), vec![order(x, subscription)], true),
                (ordered(one(x), least, 1), vec![order(x, declined)], false),
                (ordered(one(x), most, 2), vec![three], false),
            ]
        }
        ConditionKind::Subscribed => {
            let subscribed = |subscribed| If::Subscribed { products: one(x), subscribed };
            let runs = vec![order(x, subscription)];
            let ended = vec![order(x, subscription), cancels(REFERENCE)];
            vec![
                (subscribed(true), runs.clone(), true),
                (subscribed(true), ended.clone(), false),
                (subscribed(true), vec![order(y, subscription)], false),
                (subscribed(true), vec![order(x, in_parts(3))], false), // a price in parts
                (subscribed(false), ended, true),
                (subscribed(false), runs, false),
            ]
        }
        ConditionKind::SubscribedFor => {
            let lasts = |bound, count| If::SubscribedFor { products: one(x), bound, span: days(count) };
            let runs = vec![order(x, subscription)];
            vec![
                (lasts(Bound::AtLeast, 56), runs.clone(), true),
                (lasts(Bound::AtLeast, 57), runs.clone(), false),
                (lasts(Bound::AtMost, 56), runs.clone(), true),
                (lasts(Bound::AtMost, 55), runs, false),
                (lasts(Bound::AtMost, 56), vec![], false),
            ]
        }
        ConditionKind::VisitedSite => {
            let [a, b] = ["A", "B"].map(|name| account.id::<Site>(name));
            let visits =
                vec![Happening::SiteVisited(a), Happening::SiteVisited(a), Happening::SiteVisited(b)];
            let visited = |comparison, count| If::VisitedSite { site: Some(a), comparison, count };
            vec![
                (visited(exactly, 2), visits.clone(), true),
                (visited(least, 3), visits.clone(), false),
                (visited(most, 1), visits, false),
            ]
        }
        ConditionKind::VisitedPage => {
            let [a, b] = ["A", "B"].map(|name| account.id::<Page>(name));
            let visits =
                vec![Happening::PageVisited(a), Happening::PurlVisited(a), Happening::PageVisited(b)];
            let visited = |comparison, count| If::VisitedPage { page: Some(a), comparison, count };
            vec![
                (visited(exactly, 2), visits.clone(), true), // by the personal address or not
                (visited(least, 3), visits.clone(), false),
                (visited(most, 1), visits, false),
            ]
        }
        ConditionKind::MembershipIs => {
            let site = account.id::<Site>("A");
            let is = |status| If::MembershipIs { site: Some(site), status };
            let (enabled, suspended) = (MembershipStatus::Enabled, MembershipStatus::Suspended);
            let joined = Happening::MembershipCreated { site, status: enabled };
            let held = Happening::MembershipUpdated { site, status: suspended };
            vec![
                (is(enabled), vec![joined.clone()], true),
                (is(suspended), vec![joined.clone(), held.clone()], true),
                (is(enabled), vec![joined, held], false),
                (is(MembershipStatus::Disabled), vec![], false), // no membership at all
            ]
        }
        ConditionKind::HasLevel => {
            let level = account.id::<Level>("A");
            let given = Happening::LevelGiven(level);
            vec![
                (If::HasLevel(Some(level)), vec![given.clone()], true),
                (If::HasLevel(Some(level)), vec![given, Happening::LevelLost(level)], false),
            ]
        }
        ConditionKind::HasNotLevel => {
            let level = account.id::<Level>("A");
            vec![
                (If::HasNotLevel(Some(level)), vec![], true),
                (If::HasNotLevel(Some(level)), vec![Happening::LevelGiven(level)], false),
            ]
        }
    }
}

/// A condition that is asked on Monday 2 March 09:00.
fn decides(account: &Account, condition: Condition, what: &[Happening]) -> Outcome {
    let map =
        account.map().trigger_on(EventFilter::CallLogged).condition(condition).called("It").email("Yes");
    let map = map.at("It", Port::No).email("No");
    let life = Life::of(map).published("2026-01-01 00:00");
    daily(life, "2026-01", 5, "09:00", what).happens("2026-03-02 09:00", Happening::CallLogged).run()
}

fn holds(account: &Account, condition: Condition, what: &[Happening]) -> bool {
    decides(account, condition, what).mails() == "Yes 03-02 09:00"
}

#[test]
fn every_condition_holds_for_one_contact_and_not_for_another() {
    for info in CONDITION_KINDS {
        let mut account = Account::new();
        let rows = asked(info.kind, &mut account);
        for held in [true, false] {
            assert!(rows.iter().any(|row| row.2 == held), "{:?} has no case that is {held}", info.kind);
        }
        let told: Vec<_> = rows.iter().map(|row| format!("{:?}", row.0)).collect();
        for (setting, values) in [
            ("comparison: ", &["AtLeast", "Exactly", "AtMost"][..]),
            ("bound: ", &["AtLeast", "AtMost"]),
            ("is: ", &["Before", "On", "After"]),
            ("status: ", &["Enabled", "Suspended", "Disabled"]),
        ] {
            let is_field = info.kind == ConditionKind::Field; // its operators have their own tests
            let has_it = !is_field && told.iter().any(|told| told.contains(setting));
            let shown = |value: &str| told.iter().any(|told| told.contains(&format!("{setting}{value}")));
            for value in values.iter().filter(|_| has_it) {
                assert!(shown(value), "{:?} has no case with {setting}{value}", info.kind);
            }
        }
        for (condition, what, held) in rows {
            assert_eq!(condition.kind(), Some(info.kind));
            let outcome = decides(&account, condition.clone(), &what);
            assert_eq!(outcome.mails() == "Yes 03-02 09:00", held, "{condition:?} after {what:?}");
            // a filter of contacts answers the same
            assert_eq!(outcome.fits("2026-03-02 09:00", &condition), held, "{condition:?} after {what:?}");
        }
        // what is not chosen yet holds for nobody
        let blank = (info.blank)();
        if blank.is_incomplete() {
            assert!(!holds(&account, blank, &[]), "{:?}", info.kind);
        }
    }
}

/// For each operator: what it is compared with and whether it holds, of the text, the number, the date and the empty field.
fn operators(is: FieldOperator) -> [(Value, bool); 4] {
    use FieldOperator as Is;
    let number = |number: i64| Value::Number(number.into());
    match is {
        Is::Equals => {
            [(text("blue SKY"), true), (number(7), true), (date("2026-02-01"), true), (text("a"), false)]
        }
        Is::NotEquals => {
            [(text("blue sky"), false), (number(8), true), (date("2026-02-01"), false), (text("a"), true)]
        }
        Is::Greater => {
            [(text("apple"), true), (number(7), false), (date("2026-01-31"), true), (text("a"), false)]
        }
        Is::Less => {
            [(text("apple"), false), (number(8), true), (date("2026-02-02"), true), (text("a"), false)]
        }
        Is::AtLeast => {
            [(text("cherry"), false), (number(7), true), (date("2026-02-02"), false), (text("a"), false)]
        }
        Is::AtMost => {
            [(text("cherry"), true), (number(6), false), (date("2026-02-01"), true), (text("a"), false)]
        }
        Is::Contains => {
            [(text("E S"), true), (text("8"), false), (text("2026-02"), true), (text("a"), false)]
        }
        Is::DoesNotContain => {
            [(text("e s"), false), (text("8"), true), (text("2026-02"), false), (text("a"), true)]
        }
        Is::StartsWith => {
            [(text("BLUE"), true), (text("8"), false), (text("2025"), false), (text("a"), false)]
        }
        Is::EndsWith => [(text("sky"), true), (text("7"), true), (text("02"), false), (text("a"), false)],
        Is::IsEmpty => [(text("a"), false), (text("a"), false), (text("a"), false), (text("a"), true)],
        Is::IsNotEmpty => [(text("a"), true), (text("a"), true), (text("a"), true), (text("a"), false)],
    }
}

#[test]
fn every_operator_compares_text_numbers_dates_and_nothing() {
    let mut account = Account::new();
    let fields = [
        ("Text", FieldKind::Text, Some(text("Blue Sky"))),
        ("Number", FieldKind::Number, Some(Value::Number(7.into()))),
        ("Date", FieldKind::Date, Some(date("2026-02-01"))),
        ("Empty", FieldKind::Text, None),
    ]
    .map(|(name, kind, value)| (account.build.field(name, kind), value));
    for (is, _) in FieldOperator::ALL {
        for ((field, held), (wanted, expected)) in fields.iter().zip(operators(is)) {
            let value = is.needs_value().then_some(wanted);
            let what: Vec<_> = held.iter().map(|held| sets(*field, held.clone())).collect();
            let condition = Condition::Field { field: Some(*field), is, value };
            assert_eq!(holds(&account, condition.clone(), &what), expected, "{held:?}: {condition:?}");
        }
    }
}

#[test]
fn dates_compare_with_a_day_counted_from_today() {
    use FieldOperator as Is;
    let mut account = Account::new();
    let field = account.build.field("Day", FieldKind::Date);
    let moment = account.build.field("Moment", FieldKind::DateTime);
    let ask = |is, count, unit| Condition::FieldRelative {
        field: Some(field),
        is,
        side: Side::Before,
        span: Span::new(count, unit),
    };
    // today is 2 March: 30 days ago was 31 January, one month ago 2 February
    for (is, held, expected) in [
        (Is::Equals, "2026-01-31", true),
        (Is::Equals, "2026-02-01", false),
        (Is::NotEquals, "2026-02-01", true),
        (Is::Greater, "2026-02-01", true),
        (Is::Greater, "2026-01-31", false),
        (Is::Less, "2026-01-30", true),
        (Is::AtLeast, "2026-01-31", true),
        (Is::AtMost, "2026-02-01", false),
    ] {
        let what = [sets(field, date(held))];
        assert_eq!(holds(&account, ask(is, 30, Unit::Days), &what), expected, "{is:?} {held}");
    }
    assert!(holds(&account, ask(Is::Equals, 1, Unit::Months), &[sets(field, date("2026-02-02"))]));
    assert!(holds(&account, ask(Is::Equals, 10, Unit::Hours), &[sets(field, date("2026-03-01"))]));
    // an empty field
    for (is, expected) in [(Is::Equals, false), (Is::NotEquals, true), (Is::AtLeast, false)] {
        assert_eq!(holds(&account, ask(is, 30, Unit::Days), &[]), expected, "{is:?}");
    }
    // only what compares days can be asked
    for (is, _) in FieldOperator::ALL {
        let kind = ElementKind::Condition(ask(is, 30, Unit::Days));
        let spot = Spot::At(Point { x: 0, y: 0 });
        let asked = account.map().attempt(Command::Insert { map: account.own, kind, spot });
        let compares = [Is::Equals, Is::NotEquals, Is::Greater, Is::Less, Is::AtLeast, Is::AtMost];
        assert_eq!(asked.is_ok(), compares.contains(&is), "{is:?}");
    }
    // of a date and time its day on the account's clocks, in days to come too
    let later = Condition::FieldRelative {
        field: Some(moment),
        is: Is::Equals,
        side: Side::After,
        span: Span::new(1, Unit::Weeks),
    };
    let at = Value::DateTime("2026-03-09T23:59:00Z".parse().unwrap());
    assert!(holds(&account, later, &[sets(moment, at)]));
}

#[test]
fn c_01_groups_say_what_binds() {
    let mut account = Account::new();
    let tags = ["A", "B", "C"].map(|name| account.build.tag(name));
    let [a, b, c] = tags.map(|tag| Condition::HasTag(Some(tag)));
    let and_first = Condition::Any(vec![Condition::All(vec![a.clone(), b.clone()]), c.clone()]);
    let or_first = Condition::All(vec![a.clone(), Condition::Any(vec![b.clone(), c.clone()])]);
    let none = Condition::None(vec![a, b, c]);
    for bits in 0..8u8 {
        let [has_a, has_b, has_c] = [1, 2, 4].map(|bit| bits & bit != 0);
        let had = tags.iter().zip([has_a, has_b, has_c]).filter(|(_, had)| *had);
        let what: Vec<_> = had.map(|(tag, _)| Happening::TagAdded(*tag)).collect();
        assert_eq!(holds(&account, and_first.clone(), &what), (has_a && has_b) || has_c);
        assert_eq!(holds(&account, or_first.clone(), &what), has_a && (has_b || has_c));
        assert_eq!(holds(&account, none.clone(), &what), bits == 0);
    }
    // asked for nothing: everybody passes; one of none at all: nobody
    assert!(holds(&account, Condition::All(vec![]), &[]) && holds(&account, Condition::None(vec![]), &[]));
    assert!(!holds(&account, Condition::Any(vec![]), &[]));
}

#[test]
fn c_02_each_part_of_a_condition_tells_what_it_saw() {
    let mut account = Account::new();
    let city = account.build.field("City", FieldKind::Text);
    let tag = account.build.tag("A");
    let is_oslo =
        Condition::Field { field: Some(city), is: FieldOperator::Equals, value: Some(text("Oslo")) };
    let condition = Condition::Any(vec![is_oslo, Condition::All(vec![Condition::HasTag(Some(tag))])]);
    let out = decides(&account, condition, &[sets(city, text("Rome")), Happening::TagAdded(tag)]);
    let seen = out.log.iter().find_map(|line| match &line.entry.what {
        What::Decided(true, Some(seen)) => Some(seen),
        _ => None,
    });
    let told: Vec<_> = seen.unwrap().iter().map(|s| (s.leaf, s.found.as_str(), s.held)).collect();
    assert_eq!(told, [(0, "Rome", false), (1, "has it", true)]);
}

/// An action, what happened before it, what it says and what it raises; and whether doing it again says that it was so
/// already, and raises nothing.
struct Does {
    before: Vec<Happening>,
    action: Action,
    says: Vec<What>,
    raises: Vec<HappeningKind>,
    once: bool,
}

fn does(kind: Kind, account: &mut Account) -> Option<Does> {
    use HappeningKind as Raises;
    let Account { other, .. } = *account;
    let x = account.id::<Product>("X");
    let eve = account.id::<Member>("Eve");
    let field = account.build.field("City", FieldKind::Text);
    let [new, old] = ["New", "Old"].map(|name| account.build.tag(name));
    let (site, level) = (account.id::<Site>("Site"), account.id::<Level>("Level"));
    let relationship = Some(account.id::<Relationship>("Partner"));
    let list = account.id::<List>("List");
    let made = Happening::RelationshipAdded { relationship: relationship?, record: "Ann".into() };
    let undone = Happening::RelationshipRemoved { relationship: relationship?, record: "Ann".into() };
    let on = Happening::AddedToAutomation(other);
    let status = MembershipStatus::Suspended;
    let message = |action, message| Does {
        before: vec![],
        action,
        says: vec![What::Sent(message)],
        raises: vec![],
        once: false,
    };
    let told = |action, member| Does {
        before: vec![],
        action,
        says: vec![What::Did(kind, member)],
        raises: vec![],
        once: false,
    };
    let noted = |action| told(action, None);
    let changes = |before: &[Happening], action, what: Happening| Does {
        before: before.to_vec(),
        action,
        raises: vec![what.kind()],
        says: vec![What::Changed(what)],
        once: true,
    };
    Some(match kind {
        Kind::Trigger
        | Kind::Wait
        | Kind::Goal
        | Kind::Condition
        | Kind::Branches
        | Kind::Split
        | Kind::Fork
        | Kind::GoTo
        | Kind::End
        | Kind::Exit => return None,
        Kind::SendEmail => {
            let mail = account.build.mail("Mail");
            message(Action::SendEmail(Some(mail)), Message::Email(mail))
        }
        Kind::SendSms => {
            let sms = account.id::<Sms>("Sms");
            message(Action::SendSms(Some(sms)), Message::Sms(sms))
        }
        Kind::SendPostcard => {
            let card = account.id::<Postcard>("Card");
            message(Action::SendPostcard(Some(card)), Message::Postcard(card))
        }
        Kind::ChangeTags => Does {
            before: vec![Happening::TagAdded(old)],
            action: Action::ChangeTags { add: vec![new], remove: vec![old] },
            says: vec![What::Changed(Happening::TagAdded(new)), What::Changed(Happening::TagRemoved(old))],
            raises: vec![Raises::TagAdded, Raises::TagRemoved],
            once: true,
        },
        Kind::UpdateField => {
            let change = FieldChange::Set(Some(text("Rome")));
            changes(&[], Action::UpdateField { field: Some(field), change }, sets(field, text("Rome")))
        }
        Kind::AddToMap => Does { once: false, ..changes(&[], Action::AddToMap(Some(other)), on) },
        Kind::RemoveFromMap => Does {
            before: vec![on],
            action: Action::RemoveFromMap(Some(other)),
            says: vec![What::Changed(Happening::RemovedFromAutomation(other))],
            raises: vec![], // that it went off is raised where a listener hears it
            once: true,
        },
        Kind::PauseOnMap => changes(&[on], Action::PauseOnMap(Some(other)), Happening::Paused(other)),
        Kind::UnpauseOnMap => {
            let before = [on, Happening::Paused(other)];
            changes(&before, Action::UnpauseOnMap(Some(other)), Happening::Unpaused(other))
        }
        Kind::AssignTask => {
            let task = Some(account.id::<Task>("Task"));
            told(Action::AssignTask { task, due_in_days: 2, owner: Some(eve) }, Some(eve))
        }
        Kind::Notify => {
            told(Action::Notify { member: Some(eve), by_sms: false, text: "Look".into() }, Some(eve))
        }
        Kind::RouteLead => Does {
            before: vec![],
            action: Action::RouteLead(LeadRouter { members: vec![(eve, 1)], in_turn: false }),
            says: vec![What::Routed(eve)],
            raises: vec![],
            once: true,
        },
        Kind::AddToList => changes(&[], Action::AddToList(Some(list)), Happening::ListAdded(list)),
        Kind::RemoveFromList => {
            let before = [Happening::ListAdded(list)];
            changes(&before, Action::RemoveFromList(Some(list)), Happening::ListRemoved(list))
        }
        Kind::RemoveFromAllLists => {
            let second = account.list("Second", None);
            let lists = [list, second];
            Does {
                before: lists.map(Happening::ListAdded).into(),
                action: Action::RemoveFromAllLists,
                says: lists.map(|list| What::Changed(Happening::ListRemoved(list))).into(),
                raises: vec![Raises::ListRemoved; 2],
                once: true,
            }
        }
        Kind::AddPurchase => {
            let amount = Money::new(5.into());
            let written = Order {
                lines: vec![OrderLine { product: x, quantity: 2.into(), amount }],
                source: OrderSource::Rule,
                method: PaymentKind::Adjustment,
                ..Order::default()
            };
            Does {
                before: vec![],
                action: Action::AddPurchase { product: Some(x), quantity: 2, amount: Some(amount) },
                says: vec![What::Changed(Happening::Order(written.into()))],
                raises: vec![Raises::Order, Raises::Charged, Raises::Purchased],
                once: false,
            }
        }
        Kind::CancelOpenOrders => {
            let bought = order_of(x, in_parts(3));
            let sale = Sale { part: SalePart::Cancelled, payment: 1, order: bought.clone() };
            changes(&[Happening::Order(bought)], Action::CancelOpenOrders(Choice::Any), Happening::Sale(sale))
        }
        Kind::RechargeDeclined => Does {
            before: vec![order(x, in_parts(3)), pays(true)],
            action: Action::RechargeDeclined,
            says: vec![What::Did(kind, None)],
            raises: vec![Raises::Charged, Raises::Purchased],
            once: true,
        },
        Kind::SetMembership => changes(
            &[],
            Action::SetMembership { site: Some(site), status },
            Happening::MembershipUpdated { site, status },
        ),
        Kind::GiveLevel => changes(&[], Action::GiveLevel(Some(level)), Happening::LevelGiven(level)),
        Kind::RemoveLevel => {
            let before = [Happening::LevelGiven(level)];
            changes(&before, Action::RemoveLevel(Some(level)), Happening::LevelLost(level))
        }
        Kind::AddRelationship => {
            changes(&[], Action::AddRelationship { relationship, record: "Ann".into() }, made)
        }
        Kind::RemoveRelationship => {
            let action = Action::RemoveRelationship { relationship, record: String::new() };
            changes(&[made], action, undone)
        }
        Kind::Webhook => noted(Action::Webhook("https://example.org/hook".into())),
        Kind::CreateRecord => noted(Action::CreateRecord("Deal".into())),
        Kind::Note => noted(Action::Note("Asked".into())),
    })
}

#[test]
fn every_action_logs_what_it_does() {
    for info in KINDS {
        let mut account = Account::new();
        let is_action = (info.blank)().action().is_some();
        let case = does(info.kind, &mut account);
        assert_eq!(case.is_some(), is_action, "{}", info.tag);
        let Some(Does { before, action, says, raises, once }) = case else { continue };
        assert_eq!(action.kind(), info.kind);
        let map = account.map().action(action.clone()).called("First").wait_days(1);
        let map = map.action(action).called("Second").wait(Until::Goal);
        let elements = ["First", "Second"].map(|name| map.id(name));
        let life = daily(Life::of(map).published("2026-01-01 00:00"), "2026-01", 2, "09:00", &before);
        let life = life.happens("2026-01-10 09:00", Happening::AddedToAutomation(account.own));
        // who was put on the other map goes on from there
        let off = Happening::RemovedFromAutomation(account.other);
        let life = if info.kind == Kind::AddToMap { life.happens("2026-01-10 12:00", off) } else { life };
        let out = life.run();
        let [first, second] = elements.map(|element| told(&out, element));
        assert_eq!(first, (says.clone(), raises.clone()), "{}", info.tag);
        let nothing = if info.kind == Kind::RemoveFromMap { Nothing::NotOnMap } else { Nothing::Unchanged };
        let parts = if info.kind == Kind::RemoveFromAllLists { 1 } else { says.len() };
        let again = if once { (vec![What::Nothing(nothing); parts], vec![]) } else { (says, raises) };
        assert_eq!(second, again, "{}, a second time", info.tag);
    }
}

/// What an action said, and what was raised at its instant.
fn told(out: &Outcome, element: gateline::base::id::ElementId) -> (Vec<What>, Vec<HappeningKind>) {
    let is_move = |what: &What| matches!(what, What::Arrived(_) | What::Left { .. } | What::Rested(_));
    let lines = || out.log.iter().filter(|line| line.element == Some(element));
    let at = lines().next().unwrap().entry.at;
    let says = lines().map(|line| line.entry.what.clone()).filter(|what| !is_move(what)).collect();
    let raised =
        out.log.iter().filter(|line| line.entry.at == at).filter_map(|line| match &line.entry.what {
            What::Raised(what) => Some(what.kind()),
            _ => None,
        });
    (says, raised.collect())
}

/// Something of this kind behind what has to be before it, and all that is told from then on; a day apart.
type Stirs = (Vec<Happening>, Vec<HappeningKind>);

fn stirs(kind: HappeningKind, account: &mut Account) -> Vec<Stirs> {
    use HappeningKind as K;
    let Account { other, .. } = *account;
    let x = account.id::<Product>("X");
    let (mail, page, level) =
        (account.build.mail("Mail"), account.id::<Page>("Page"), account.id::<Level>("Level"));
    let (site, status) = (account.id::<Site>("Site"), MembershipStatus::Enabled);
    let (relationship, record) = (account.id::<Relationship>("Partner"), "Ann");
    let (tag, field) = (account.build.tag("A"), account.build.field("City", FieldKind::Text));
    let list = account.list("Ever", None);
    let form = account.put("Shop", |id| Form { order_form: true, list: Some(list), ..Form::new(id, "Shop") });
    let by_form = |order: &mut Order| order.form = Some(form);
    let on = Happening::AddedToAutomation(other);
    let alone = |what| vec![(vec![what], vec![kind])];
    let checkout = Checkout { reference: String::new(), products: vec![x], provider: Provider::PayPal };
    match kind {
        K::Created => alone(Happening::Created),
        K::FieldUpdated => alone(sets(field, text("Rome"))),
        K::TagAdded => alone(Happening::TagAdded(tag)),
        K::TagRemoved => alone(Happening::TagRemoved(tag)),
        K::ListAdded => {
            let week = account.list("Week", Some(Span::new(1, Unit::Weeks)));
            vec![
                (vec![Happening::ListAdded(list)], vec![kind]),
                (vec![Happening::ListAdded(week)], vec![kind, K::ListRemoved]),
            ]
        }
        K::ListRemoved => alone(Happening::ListRemoved(list)),
        K::RelationshipAdded => alone(Happening::RelationshipAdded { relationship, record: record.into() }),
        K::RelationshipRemoved => {
            alone(Happening::RelationshipRemoved { relationship, record: record.into() })
        }
        K::TaskCompleted => alone(Happening::TaskCompleted { task: account.id::<Task>("Call"), outcome: 0 }),
        K::CallLogged => alone(Happening::CallLogged),
        K::FormSubmitted => {
            let map = Some(account.third);
            let adds = account.put("Adds", |id| Form { map, ..Form::new(id, "Adds") });
            let submits = |form| vec![Happening::FormSubmitted { form, outcome: FormOutcome::Success }];
            vec![(submits(form), vec![kind]), (submits(adds), vec![kind, K::AddedToAutomation])]
        }
        K::EmailStatus => alone(Happening::EmailStatus(EmailStatus::UnderReview)),
        K::SmsStatus => alone(Happening::SmsStatus(SmsStatus::OptedOut)),
        K::AddedToAutomation => vec![
            (vec![on.clone()], vec![kind, K::CameOnMap]),
            (vec![on.clone(), on], vec![kind]), // it is there already
        ],
        K::RemovedFromAutomation => vec![
            (vec![on, Happening::RemovedFromAutomation(other)], vec![kind, K::WentOffMap]),
            (vec![Happening::RemovedFromAutomation(other)], vec![kind]),
        ],
        K::Paused => alone(Happening::Paused(other)),
        K::Unpaused => alone(Happening::Unpaused(other)),
        K::EmailOpened => alone(Happening::EmailOpened(mail)),
        K::EmailLinkClicked => alone(Happening::EmailLinkClicked { email: mail, link: 1 }),
        K::EmailBounced => {
            let bounce = |hard| Happening::EmailBounced { email: mail, hard };
            vec![
                (vec![bounce(false)], vec![kind]),
                (vec![bounce(true)], vec![kind, K::EmailStatus]),
                (vec![bounce(true), bounce(true)], vec![kind]),
                (vec![bounce(false); 4], vec![kind, K::EmailStatus]),
            ]
        }
        K::EmailReceived => alone(Happening::EmailReceived),
        K::SmsReceived => alone(Happening::SmsReceived("Hello".into())),
        K::Order => {
            let unpaid = |order: &mut Order| order.payment = FirstPayment::Unpaid;
            let whole = |order: &mut Order| {
                by_form(order);
                in_parts(1)(order);
            };
            let failed = |order: &mut Order| {
                by_form(order);
                in_parts(3)(order);
                declined(order);
            };
            vec![
                (vec![order(x, plain)], vec![kind, K::Charged, K::Purchased]),
                (vec![order(x, unpaid)], vec![kind, K::Purchased]),
                (vec![order(x, declined)], vec![kind, K::Declined]),
                (vec![order(x, failed)], vec![K::FormSubmitted, kind, K::Declined]),
                (
                    vec![order(x, whole)],
                    vec![
                        K::FormSubmitted,
                        kind,
                        K::OpenOrderCreated,
                        K::Charged,
                        K::Purchased,
                        K::Completed,
                        K::ListAdded,
                    ],
                ),
            ]
        }
        K::Payment => {
            let bought = order(x, in_parts(2));
            vec![
                (vec![pays(false)], vec![kind]), // of no order
                (vec![bought.clone(), pays(true)], vec![kind, K::Declined]),
                (vec![bought, pays(false)], vec![kind, K::Charged, K::Purchased, K::Completed]),
                (vec![order(x, declined), pays(false)], vec![kind, K::Charged, K::Purchased]),
                (
                    vec![
                        order(x, |order| {
                            in_parts(3)(order);
                            declined(order);
                        }),
                        pays(false),
                    ],
                    vec![kind, K::OpenOrderCreated, K::Charged, K::Purchased],
                ),
            ]
        }
        K::OrderCancelled => vec![
            (vec![cancels(REFERENCE)], vec![kind]),
            (vec![order(x, in_parts(2)), cancels(REFERENCE)], vec![kind, K::Cancelled]),
        ],
        K::Refund => alone(Happening::Refund(order_of(x, plain))),
        K::CheckoutStarted => {
            vec![(vec![Happening::CheckoutStarted(checkout.into())], vec![kind, K::CheckoutAbandoned])]
        }
        K::CheckoutAbandoned => alone(Happening::CheckoutAbandoned(checkout.into())),
        K::PageVisited => alone(Happening::PageVisited(page)),
        K::PurlVisited => alone(Happening::PurlVisited(page)),
        K::UrlVisited => alone(Happening::UrlVisited(page)),
        K::LinkClicked => alone(Happening::LinkClicked(page)),
        K::SiteVisited => alone(Happening::SiteVisited(site)),
        K::MembershipUpdated => alone(Happening::MembershipUpdated { site, status }),
        K::MembershipCreated => alone(Happening::MembershipCreated { site, status }),
        K::LevelGiven => alone(Happening::LevelGiven(level)),
        K::LevelLost => alone(Happening::LevelLost(level)),
        K::Campaign => {
            alone(Happening::Campaign { campaign: CampaignRef::Email(mail), touch: CampaignTouch::Delivered })
        }
        K::WebsiteVisited => alone(Happening::WebsiteVisited { source: "google".into() }),
        K::OrderStatus => {
            let status = LineStatus::Category(StatusCategory::Delivered);
            alone(Happening::OrderStatus(
                StatusChange { reference: REFERENCE.into(), product: None, status }.into(),
            ))
        }
        // they come of the others, and days of the calendar: see the tests of G-13
        K::CameOnMap
        | K::WentOffMap
        | K::DateCame
        | K::OpenOrderCreated
        | K::Charged
        | K::Declined
        | K::Purchased
        | K::Completed
        | K::Cancelled => vec![],
    }
}

#[test]
fn every_happening_raises_what_the_vocabulary_says_in_its_order() {
    let mut all = vec![HappeningKind::DateCame];
    for info in HAPPENINGS {
        let mut account = Account::new();
        let rows = stirs(info.kind, &mut account);
        assert_eq!(rows.is_empty(), info.origin == Origin::Raised, "{}", info.tag);
        // somebody has to listen for coming and going
        let listens = |change| EventFilter::Automation { map: Some(account.other), change };
        let map = account.map().trigger_on(listens(Change::Added)).exit();
        let map = map.trigger_on(listens(Change::Removed)).exit();
        let mut seen = vec![];
        for (what, expected) in rows {
            let life = daily(Life::of(map.clone()), "2026-01", 5, "09:00", &what);
            let out = life.run();
            let last = out.at(&format!("2026-01-{:02} 09:00", 4 + what.len()));
            let told = out.log.iter().filter(|line| line.entry.at >= last);
            let told = told.filter_map(|line| match &line.entry.what {
                What::Happened(what) | What::Raised(what) => Some(what),
                _ => None,
            });
            // of maps only what is about the other one
            let is_there = |what: &&Happening| match what {
                Happening::CameOnMap(map) | Happening::WentOffMap(map) => *map == account.other,
                _ => true,
            };
            let told: Vec<_> = told.filter(is_there).map(Happening::kind).collect();
            assert_eq!(told, expected, "{}: {what:?}", info.tag);
            let further = expected.into_iter().filter(|kind| *kind != info.kind);
            let places = further.clone().map(|kind| info.raises.iter().position(|raised| *raised == kind));
            assert!(places.clone().all(|place| place.is_some()) && places.is_sorted(), "{}", info.tag);
            seen.extend(further);
        }
        assert!(info.raises.iter().all(|kind| seen.contains(kind)), "{}: {seen:?}", info.tag);
        all.extend(seen);
    }
    let raised = HAPPENINGS.iter().filter(|info| info.origin == Origin::Raised);
    assert!(raised.map(|info| info.kind).all(|kind| all.contains(&kind)));
}
