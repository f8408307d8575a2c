//! The form of files: what a project looks like as text, and files of every released format.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gateline::base::id::{Id, MapId};
use gateline::base::money::Money;
use gateline::base::time::{Feb29, Instant, Side, Span, Unit, Weekdays};
use gateline::model::catalogue::Shelved;
use gateline::model::condition::CONDITION_KINDS;
use gateline::model::event::HAPPENINGS;
use gateline::model::filter::EVENT_TYPES;
use gateline::model::kinds::KINDS;
use gateline::model::rules::{
    EditedWait, FieldTimerReads, MoveClears, PastDate, PastRelativeDate, PreviousWaits, Reentry,
    SeveralGoals, SplitDraw, TextMatch, WhilePaused,
};
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
    items.push(Form { map: Some(id(100)), ..Form::new(id(31), "Sign-up") }.into());
    items.push(Form { order_form: true, list: Some(id(53)), ..Form::new(id(32), "Checkout") }.into());
    let links = vec!["https://example.org/a?b=c&d".into(), "mailto:us@example.org".into()];
    let (name, subject) = ("Welcome".into(), "Grüß Gott, {name}!".into());
    items.push(Email { id: id(41), name, subject, links, transactional: true }.into());
    let (name, subject) = ("Reminder".into(), String::new());
    items.push(Email { id: id(42), name, subject, links: vec![], transactional: false }.into());
    items.push(Sms { id: id(51), name: "Short".into(), text: "See you".into() }.into());
    items.push(Postcard { id: id(52), name: "Card".into() }.into());
    let leaves_after = Some(Span::new(30, Unit::Days));
    items.push(List { id: id(53), name: "Parcels".into(), leaves_after }.into());
    let outcome = |name: &str, actions| Outcome { name: name.into(), actions };
    let outcomes = vec![
        outcome("Reached", vec![Action::Note("Called".into()), Action::SendEmail(Some(id(42)))]),
        outcome("", vec![]),
    ];
    items.push(Task { id: id(54), name: "Call".into(), outcomes }.into());
    items.push(Member { id: id(55), name: "Eve".into() }.into());
    for (number, (kind, name)) in (60..).zip(PageKind::ALL) {
        items.push(Page { id: id(number), name: name.into(), kind }.into());
    }
    for (number, (kind, name)) in (70..).zip(SiteKind::ALL) {
        items.push(Site { id: id(number), name: name.into(), kind }.into());
    }
    items.push(Level { id: id(80), name: "Gold".into(), site: Some(id(70)) }.into());
    items.push(Relationship { id: id(81), name: "Partner".into() }.into());
    let channel = Channel::PopUp;
    items.push(Campaign { id: id(82), name: "Newcomers".into(), channel, transactional: true }.into());
    let category = StatusCategory::Delivered;
    items.push(OrderStatus { id: id(83), name: "Handed over".into(), category }.into());
    items.push(Touchpoint { id: id(84), name: "Digital".into(), part_of: None }.into());
    items.push(Touchpoint { id: id(85), name: "Website".into(), part_of: Some(id(84)) }.into());
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
    conditions.extend(CONDITION_KINDS.iter().map(|info| (info.blank)()));
    conditions.extend([
        Condition::SubscribedToMap {
            map: Some(id(300)),
            is: Timing::Before,
            date: Some("2026-02-28".parse().unwrap()),
        },
        Condition::OnMapFor { map: Some(id(300)), bound: Bound::AtMost, span: Span::new(2, Unit::Hours) },
        Condition::MapState { map: Some(id(300)), paused: false },
        Condition::FieldRelative {
            field: Some(id(3)),
            is: FieldOperator::AtLeast,
            side: Side::Before,
            span: Span::new(30, Unit::Days),
        },
        Condition::NowIs { is: Timing::Before, moment: Moment::Time("17:00:00".parse().unwrap()) },
        Condition::OnList(Some(id(53))),
        Condition::NotOnList(Some(id(53))),
        Condition::Related { relationship: Some(id(81)), record: "Bob, Inc.".into(), exists: false },
        Condition::Opened { email: Some(id(41)), comparison: Comparison::Exactly, count: 0 },
        Condition::Clicked { email: Some(id(41)), link: 2, comparison: Comparison::AtMost, count: 3 },
        Condition::SmsContains("STOP".into()),
        Condition::SmsDoesNotContain("STOP".into()),
        Condition::Spent {
            products: Choice::OneOf(vec![id(22)]),
            comparison: Comparison::AtLeast,
            amount: money("99.90"),
        },
        Condition::Subscribed { products: Choice::OneOf(vec![id(22)]), subscribed: false },
        Condition::SubscribedFor {
            products: Choice::Any,
            bound: Bound::AtLeast,
            span: Span::new(1, Unit::Months),
        },
        Condition::VisitedSite { site: Some(id(71)), comparison: Comparison::AtLeast, count: 2 },
        Condition::VisitedPage { page: Some(id(60)), comparison: Comparison::AtLeast, count: 2 },
        Condition::MembershipIs { site: Some(id(70)), status: MembershipStatus::Disabled },
        Condition::HasLevel(Some(id(80))),
        Condition::HasNotLevel(Some(id(80))),
    ]);
    conditions.push(Condition::NowIs { is: Timing::After, moment: Moment::Weekday(chrono::Weekday::Fri) });
    conditions.push(Condition::NowIs { is: Timing::On, moment: Moment::Date("2026-02-28".parse().unwrap()) });
    conditions
}

fn listeners() -> Vec<EventFilter> {
    let mut listeners = vec![
        EventFilter::FormSubmitted { form: Choice::Any, outcome: None },
        EventFilter::FormSubmitted {
            form: Choice::OneOf(vec![id(31), id(32)]),
            outcome: Some(FormOutcome::Failure),
        },
        EventFilter::FormSubmitted { form: Choice::OneOf(vec![]), outcome: Some(FormOutcome::Success) },
        EventFilter::Purchased { products: Choice::OneOf(vec![id(22)]), plan_payments: PlanPayments::First },
        EventFilter::TaskCompleted { task: Some(id(54)), outcomes: vec![1, 2] },
        EventFilter::KeapPurchase(KeapPurchase {
            any: false,
            forms: vec![id(32)],
            products: vec![id(22)],
            categories: vec![id(21)],
            payments: Choice::OneOf(vec![PaymentKind::ALL[0].0]),
        }),
        EventFilter::Paused(Some(id(300))),
        EventFilter::ListAdded(Some(id(53))),
        EventFilter::DateMatches(Some(id(4))),
        EventFilter::DateRelative { field: Some(id(3)), side: Side::After, days: 10 },
        EventFilter::SpecificDate(Some("2026-02-28".parse().unwrap())),
        EventFilter::Automation { map: Some(id(300)), change: Change::Removed },
        EventFilter::Relationship { relationship: Some(id(81)), change: Change::Removed },
        EventFilter::CheckoutAbandoned { products: Choice::Any, provider: Some(Provider::StripeElement) },
        EventFilter::PageVisited(Some(id(60))),
        EventFilter::Card(CardOutcome::Declined),
        EventFilter::MembershipUpdated(Some(id(70))),
        EventFilter::LevelGiven(Some(id(80))),
        EventFilter::TagAdded(Some(id(11))),
        EventFilter::TagRemoved(None),
        EventFilter::FieldUpdated(Some(id(2))),
        EventFilter::EmailLinkClicked { email: Some(id(41)), link: 2 },
        EventFilter::EmailLinkClicked { email: None, link: 0 },
    ];
    listeners.extend(OpenOrderChange::ALL.map(|(change, _)| EventFilter::OpenOrder(change)));
    let all = EVENT_TYPES.iter().filter(|info| info.event_type != EventType::AddedToAutomation);
    listeners.extend(all.map(|info| EventFilter::blank(info.event_type)));
    listeners
}

/// Each action with all that it can say.
fn actions() -> Vec<Action> {
    vec![
        Action::SendEmail(Some(id(41))),
        Action::SendSms(Some(id(51))),
        Action::SendPostcard(Some(id(52))),
        Action::AssignTask { task: Some(id(54)), due_in_days: 3, owner: Some(id(55)) },
        Action::Notify { member: Some(id(55)), by_sms: true, text: "Look at this".into() },
        Action::UpdateField { field: Some(id(2)), change: FieldChange::Clear },
        Action::ChangeTags { add: vec![id(11)], remove: vec![id(12)] },
        Action::AddToMap(Some(id(300))),
        Action::RemoveFromMap(Some(id(300))),
        Action::PauseOnMap(Some(id(300))),
        Action::UnpauseOnMap(Some(id(300))),
        Action::AddToList(Some(id(53))),
        Action::RemoveFromList(Some(id(53))),
        Action::RemoveFromAllLists,
        Action::AddPurchase { product: Some(id(22)), quantity: 2, amount: Some(money("1000.00")) },
        Action::CancelOpenOrders(Choice::OneOf(vec![id(22)])),
        Action::RechargeDeclined,
        Action::SetMembership { site: Some(id(70)), status: MembershipStatus::Suspended },
        Action::GiveLevel(Some(id(80))),
        Action::RemoveLevel(Some(id(80))),
        Action::AddRelationship { relationship: Some(id(81)), record: "Bob, Inc.".into() },
        Action::RemoveRelationship { relationship: Some(id(81)), record: "Bob, Inc.".into() },
        Action::RouteLead(LeadRouter { members: vec![(id(55), 10)], in_turn: true }),
        Action::Webhook("https://example.org/hook".into()),
        Action::CreateRecord("Deal".into()),
        Action::Note("Called".into()),
    ]
}

fn happenings() -> Vec<Happening> {
    let order = Arc::new(Order {
        reference: "R-1".into(),
        lines: vec![
            OrderLine { product: id(22), quantity: "1".parse().unwrap(), amount: money("1200.00") },
            OrderLine { product: id(23), quantity: "2.5".parse().unwrap(), amount: money("-0.5") },
        ],
        ..Order::default()
    });
    let by_hand = Arc::new(Order {
        reference: "R-2".into(),
        lines: vec![],
        source: OrderSource::ALL[1].0,
        form: Some(id(32)),
        method: PaymentKind::ALL[1].0,
        payment: FirstPayment::ALL[1].0,
        plan: Some(PaymentPlan {
            kind: PlanKind::Payments,
            payments: Some(3),
            every: Some(Span::new(1, Unit::Months)),
            declined: vec![2],
        }),
        touchpoint: Some(id(84)),
    });
    let parts = [
        SalePart::OpenOrderCreated,
        SalePart::Charged,
        SalePart::Declined,
        SalePart::Purchased,
        SalePart::Completed,
        SalePart::Cancelled,
    ];
    let sales = parts.map(|part| Happening::Sale(Sale { part, payment: 2, order: order.clone() }));
    let checkout = Arc::new(Checkout {
        reference: "C-1".into(),
        products: vec![id(22), id(23)],
        provider: Provider::ALL[1].0,
    });
    vec![
        Happening::FormSubmitted { form: id(31), outcome: FormOutcome::Success },
        Happening::FormSubmitted { form: id(32), outcome: FormOutcome::Failure },
        Happening::Order(order.clone()),
        Happening::Order(by_hand),
        Happening::Order(Arc::new(Order::default())),
        Happening::Payment { reference: "R-2".into(), declined: true },
        Happening::Payment { reference: "R-2".into(), declined: false },
        Happening::OrderCancelled { reference: "R-2".into() },
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
        Happening::RemovedFromAutomation(id(100)),
        Happening::Paused(id(100)),
        Happening::Unpaused(id(100)),
        Happening::ListAdded(id(53)),
        Happening::ListRemoved(id(53)),
        Happening::RelationshipAdded { relationship: id(81), record: "Bob, Inc.".into() },
        Happening::RelationshipRemoved { relationship: id(81), record: "Bob, Inc.".into() },
        Happening::TaskCompleted { task: id(54), outcome: 2 },
        Happening::CallLogged,
        Happening::EmailStatus(EmailStatus::ALL[1].0),
        Happening::SmsStatus(SmsStatus::ALL[1].0),
        Happening::EmailOpened(id(41)),
        Happening::EmailBounced { email: id(41), hard: true },
        Happening::EmailReceived,
        Happening::SmsReceived("STOP".into()),
        Happening::CheckoutStarted(checkout.clone()),
        Happening::CheckoutAbandoned(checkout),
        Happening::PageVisited(id(60)),
        Happening::PurlVisited(id(61)),
        Happening::UrlVisited(id(62)),
        Happening::LinkClicked(id(63)),
        Happening::SiteVisited(id(70)),
        Happening::MembershipUpdated { site: id(71), status: MembershipStatus::ALL[1].0 },
        Happening::MembershipCreated { site: id(71), status: MembershipStatus::ALL[0].0 },
        Happening::LevelGiven(id(80)),
        Happening::LevelLost(id(80)),
        Happening::Campaign { campaign: CampaignRef::Campaign(id(82)), touch: CampaignTouch::Clicked },
        Happening::Campaign { campaign: CampaignRef::Sms(id(51)), touch: CampaignTouch::Opened },
        Happening::WebsiteVisited { source: "google".into() },
        Happening::OrderStatus(
            StatusChange {
                reference: "R-1".into(),
                product: Some(id(22)),
                status: LineStatus::Category(StatusCategory::Returned),
            }
            .into(),
        ),
        Happening::OrderStatus(
            StatusChange { reference: "R-1".into(), product: None, status: LineStatus::Own(id(83)) }.into(),
        ),
        Happening::CameOnMap(id(300)),
        Happening::WentOffMap(id(300)),
        Happening::DateCame(DateRule::Field { field: id(4), days: -7 }),
        Happening::DateCame(DateRule::On("2026-02-28".parse().unwrap())),
    ]
    .into_iter()
    .chain(sales)
    .collect()
}

fn map() -> Map {
    let mut map = Map::new(id(100), "Everything");
    map.rules = EngineRules {
        events_before_timers: false,
        pause_keeps_time: false,
        events_while_paused: WhilePaused::Handled,
        max_steps_per_instant: 500,
        previous_waits: PreviousWaits::AllAbove,
        upstream_follows_go_to: true,
        move_clears: MoveClears::AboveGoal,
        entry_event_achieves: true,
        several_goals: SeveralGoals::FirstOnly,
        plan_payments: PlanPayments::First,
        zero_total_pays: false,
        sequence_reentry: Reentry::Never,
        branch_policy: BranchPolicy::AllMatching,
        field_timer_reads: FieldTimerReads::Entry,
        late_step_days: 7,
        past_relative_date: PastRelativeDate::Hold,
        past_specific_date: PastDate::Hold,
        edited_wait: EditedWait::Recompute,
        split_draw: SplitDraw::Balanced,
        text_match: TextMatch::Exact,
    };
    let mut put = |number, kind| {
        let element = Element { id: id(number), name: String::new(), kind, draft: false, place: None };
        map.elements.insert(element.id, element);
    };
    put(101, ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation)));
    for (number, on) in (500..).zip(listeners()) {
        put(number, ElementKind::Trigger(Listener { on, ..Listener::trigger(EventType::Created) }));
    }
    for ((number, (who, _)), (if_on_map, _)) in (130..).zip(Who::ALL).zip(IfOnMap::ALL.into_iter().cycle()) {
        let conditions = Condition::Any(vec![Condition::HasTag(Some(id(12)))]);
        let on = EventFilter::blank(EventType::Purchased);
        put(number, ElementKind::Goal(Listener { on, conditions, who, if_on_map, once: true }));
    }
    let time: chrono::NaiveTime = "09:30:00".parse().unwrap();
    let delay =
        |time| Until::Delay(Delay { count: 3, unit: DelayUnit::ALL[1].0, days: Weekdays::WEEKEND, time });
    let untils = [
        Until::Goal,
        Until::TimePasses(Span::new(2, Unit::Days)),
        Until::DayOfWeek { days: Weekdays::WEEKEND, time: Some(time) },
        Until::DayOfWeek { days: Weekdays::NONE, time: None },
        Until::Date { date: "2026-02-28".parse().unwrap(), time: Some(time) },
        Until::Date { date: "2026-02-28".parse().unwrap(), time: None },
        Until::NotSet,
        Until::Relative {
            field: Some(id(4)),
            side: Side::Before,
            span: Span::new(0, Unit::Days),
            time: None,
        },
        Until::TimeOfDay { time, limit: Some(Span::new(1, Unit::Days)) },
        Until::Conditions { condition: Condition::HasTag(Some(id(12))), limit: None },
        delay(DelayTime::Any),
        delay(DelayTime::At(time)),
        delay(DelayTime::Between(time, "17:00:00".parse().unwrap())),
        Until::DateTimer { date: "2026-02-28".parse().unwrap(), time: Some(time) },
        Until::FieldTimer {
            field: Some(id(3)),
            side: Side::After,
            span: Span::new(2, Unit::Weeks),
            time: None,
        },
    ];
    for (number, until) in (700..).zip(untils) {
        put(number, ElementKind::Wait(Wait { until, zone: WaitZone::Account, goals: vec![] }));
    }
    let until = Until::TimePasses(Span::new(3, Unit::Weeks));
    put(150, ElementKind::Wait(Wait { until, zone: WaitZone::Contact, goals: vec![id(130), id(131)] }));
    for (number, condition) in (600..).zip(conditions()) {
        put(number, ElementKind::Condition(condition));
    }
    put(190, ElementKind::Split(Split { shares: vec![2_500, 2_500, 5_000] }));
    put(191, ElementKind::Fork);
    put(192, ElementKind::GoTo(Some(id(150))));
    put(193, ElementKind::GoTo(None));
    put(194, ElementKind::End);
    put(195, ElementKind::Exit);
    let way = |name: &str, tag| Branch { name: name.into(), rule: Condition::HasTag(tag) };
    let branches = vec![way("Leads", Some(id(12))), way("", None)];
    put(189, ElementKind::Branches(Branches { policy: BranchPolicy::FirstMatch, branches }));
    put(196, ElementKind::Action(Action::SendEmail(Some(id(41)))));
    put(198, ElementKind::Action(Action::ChangeTags { add: vec![id(11)], remove: vec![id(12)] }));
    for (number, info) in (800..).zip(KINDS.iter().filter(|info| (info.blank)().action().is_some())) {
        put(number, (info.blank)());
    }
    for (number, action) in (840..).zip(actions()) {
        put(number, ElementKind::Action(action));
    }
    let changes = [
        FieldChange::Set(Value::text("x")),
        FieldChange::Set(None),
        FieldChange::Clear,
        FieldChange::Add("-1.25".parse().unwrap()),
        FieldChange::Shift(Side::Before, Span::new(3, Unit::Weeks)),
    ];
    for (number, change) in (200..).zip(changes) {
        let field = (number != 201).then(|| id(1));
        put(number, ElementKind::Action(Action::UpdateField { field, change }));
    }
    let lines = [
        (101, Port::Next, 600),
        (600, Port::Yes, 190),
        (600, Port::No, 191),
        (189, Port::branch(1), 196),
        (189, Port::Other, 198),
        (190, Port::path(0), 150),
        (190, Port::path(2), 194),
        (191, Port::Left, 195),
        (191, Port::Right, 192),
        (150, Port::Timeout, 196),
        (130, Port::Next, 198),
        (196, Port::Next, 800),
    ];
    for (from, port, to) in lines {
        map.lines.insert((id(from), port), id(to));
    }
    if let Some(element) = map.elements.get_mut(&id(150)) {
        element.name = "Wait for the order".into();
        element.place = Some(Point { x: -120, y: 340 });
    }
    if let Some(element) = map.elements.get_mut(&id(198)) {
        element.draft = true;
    }
    for (number, steps, runs_until_completed) in [(220, vec![id(196), id(800)], true), (221, vec![], false)] {
        let name = format!("Sequence {number}");
        map.sequences.insert(id(number), Sequence { id: id(number), name, steps, runs_until_completed });
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
        more: Some(Box::new(MoreOfContact {
            email_status: EmailStatus::ALL[1].0,
            sms_status: SmsStatus::ALL[1].0,
            owner: Some(id(55)),
            lists: vec![id(53)],
            levels: vec![id(80)],
            memberships: vec![(id(71), MembershipStatus::ALL[1].0)],
            relationships: vec![(id(81), "Bob, Inc.".into())],
        })),
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
    project.settings = Settings {
        account_zone: chrono_tz::America::New_York,
        currency: "EUR".into(),
        date_event_time: "08:30:00".parse().unwrap(),
        birthday_29_feb: Feb29::LastOfFebruary,
        abandon_after: Span::new(3, Unit::Hours),
        email_sync: true,
        tracking_code: true,
        value_base: ValueBase::AfterVisit,
        attribution: Attribution {
            goal_revenue: GoalRevenue::Lines,
            window_days: 7,
            sms_touch: SmsTouch::Click,
            own_sources: vec!["maestra".into(), "shop".into()],
            excluded_campaigns: vec![CampaignRef::Email(id(41)), CampaignRef::Campaign(id(82))],
            foreign_visit_breaks: ForeignVisitBreaks::Campaigns,
            reset_after_order: true,
        },
        order_goals: vec![OrderGoal {
            id: id(90),
            name: "Delivered online".into(),
            statuses: vec![LineStatus::Category(StatusCategory::Delivered), LineStatus::Own(id(83))],
            touchpoints: Choice::OneOf(vec![id(84)]),
        }],
    };
    for item in catalogue() {
        project.apply(Edit::PutItem(item)).unwrap();
    }
    project.apply(Edit::PutMap(Arc::new(map()))).unwrap();
    let mut small = Map::new(id(300), "");
    let kind = ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation));
    small
        .elements
        .insert(id(301), Element { id: id(301), name: "Start".into(), kind, draft: false, place: None });
    let published = |at, place_matching| Publication { at, place_matching, map: Arc::new(small.clone()) };
    let versions = vec![published(None, false), published(Some(at("2026-03-01T00:00:00Z")), true)];
    project.apply(Edit::PutMap(Arc::new(small.clone()))).unwrap();
    project.apply(Edit::SetPublished { map: small.id, versions }).unwrap();
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
    for info in KINDS.iter().filter(|info| (info.blank)().action().is_some()) {
        assert!(actions().iter().any(|action| action.kind() == info.kind), "{}", info.tag);
    }
    for info in KINDS {
        assert!(map.elements.values().any(|e| e.kind.kind() == info.kind), "{}", info.tag);
    }
    let events = || project.people.all_events().map(|(_, event)| event.what.kind());
    for info in HAPPENINGS {
        assert!(events().any(|kind| kind == info.kind), "{}", info.tag);
    }
    for info in EVENT_TYPES {
        let mut listeners = map.elements.values().filter_map(|e| e.kind.listener());
        assert!(listeners.any(|listener| listener.on.event_type() == info.event_type), "{}", info.tag);
    }
    for info in CONDITION_KINDS {
        let mut conditions = map.elements.values().filter_map(|e| match &e.kind {
            ElementKind::Condition(condition) => Some(condition),
            _ => None,
        });
        assert!(conditions.any(|condition| condition.kind() == Some(info.kind)), "{}", info.title);
    }
    let shelves: BTreeSet<_> = project.catalogue.items().map(|item| item.id().word()).collect();
    assert_eq!(shelves.len(), 18, "{shelves:?}");
}
