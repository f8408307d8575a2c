//! Random projects and edits, for properties that must hold for all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use gateline::base::id::{Id, MapId, OrderGoalId, OrderStatusId, SmsId, TouchpointId};
use gateline::base::money::Money;
use gateline::base::time::{Feb29, Instant, Side, Span, Unit, Weekdays};
use gateline::model::catalogue::Shelved;
use gateline::model::condition::CONDITION_KINDS;
use gateline::model::filter::EVENT_TYPES;
use gateline::model::kinds::KINDS;
use gateline::model::rules::*;
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

fn span() -> impl Strategy<Value = Span> {
    (any::<u32>(), select(Unit::ALL.to_vec())).prop_map(|(count, unit)| Span::new(count, unit))
}

fn moment() -> impl Strategy<Value = Moment> {
    prop_oneof![
        (0_u8..7).prop_map(|day| Moment::Weekday(Weekday::try_from(day).unwrap())),
        date().prop_map(Moment::Date),
        time().prop_map(Moment::Time),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let operators = FieldOperator::ALL.map(|(operator, _)| operator);
    let comparisons = Comparison::ALL.map(|(comparison, _)| comparison);
    let timings = Timing::ALL.map(|(timing, _)| timing);
    let leaf = prop_oneof![
        (0..CONDITION_KINDS.len()).prop_map(|kind| (CONDITION_KINDS[kind].blank)()),
        (option::of(id()), select(timings.to_vec()), option::of(date()))
            .prop_map(|(map, is, date)| Condition::SubscribedToMap { map, is, date }),
        (option::of(id()), select(operators.to_vec()), span())
            .prop_map(|(field, is, span)| Condition::FieldRelative { field, is, side: Side::Before, span }),
        (select(timings.to_vec()), moment()).prop_map(|(is, moment)| Condition::NowIs { is, moment }),
        (choice(), select(comparisons.to_vec()), decimal()).prop_map(|(products, comparison, amount)| {
            Condition::Spent { products, comparison, amount: Money::new(amount) }
        }),
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

fn keap() -> impl Strategy<Value = KeapPurchase> {
    let kinds = PaymentKind::ALL.iter().map(|(kind, _)| *kind).collect::<Vec<_>>();
    let payments = prop_oneof![Just(Choice::Any), vec(select(kinds), 0..3).prop_map(Choice::OneOf)];
    (any::<bool>(), vec(id(), 0..3), vec(id(), 0..3), vec(id(), 0..3), payments).prop_map(
        |(any, forms, products, categories, payments)| KeapPurchase {
            any,
            forms,
            products,
            categories,
            payments,
        },
    )
}

fn filter() -> impl Strategy<Value = EventFilter> {
    prop_oneof![
        // the last, which every map has once, is not for others
        (0..EVENT_TYPES.len() - 1).prop_map(|row| EventFilter::blank(EVENT_TYPES[row].event_type)),
        keap().prop_map(EventFilter::KeapPurchase),
        (option::of(id()), vec(any::<u8>(), 0..3))
            .prop_map(|(task, outcomes)| EventFilter::TaskCompleted { task, outcomes }),
        (choice(), option::of(outcome()))
            .prop_map(|(form, outcome)| EventFilter::FormSubmitted { form, outcome }),
        (choice(), select(vec![PlanPayments::Every, PlanPayments::First]))
            .prop_map(|(products, plan_payments)| EventFilter::Purchased { products, plan_payments }),
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
    (filter(), condition(), who, if_on_map, any::<bool>()).prop_map(
        |(on, conditions, who, if_on_map, once)| {
            let listener = Listener { on: EventFilter::Created, conditions, who, if_on_map, once };
            listener.hearing(on)
        },
    )
}

fn delay_time() -> impl Strategy<Value = DelayTime> {
    prop_oneof![
        Just(DelayTime::Any),
        time().prop_map(DelayTime::At),
        (time(), time()).prop_map(|(from, to)| DelayTime::Between(from, to)),
    ]
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
        Just(Until::NotSet),
        span().prop_map(Until::TimePasses),
        (days.clone(), option::of(time())).prop_map(|(days, time)| Until::DayOfWeek { days, time }),
        (date(), option::of(time())).prop_map(|(date, time)| Until::Date { date, time }),
        (date(), option::of(time())).prop_map(|(date, time)| Until::DateTimer { date, time }),
        (option::of(id()), span(), option::of(time())).prop_map(|(field, span, time)| Until::Relative {
            field,
            side: Side::After,
            span,
            time
        }),
        (option::of(id()), span(), option::of(time())).prop_map(|(field, span, time)| Until::FieldTimer {
            field,
            side: Side::Before,
            span,
            time
        }),
        (time(), option::of(span())).prop_map(|(time, limit)| Until::TimeOfDay { time, limit }),
        (condition(), option::of(span()))
            .prop_map(|(condition, limit)| Until::Conditions { condition, limit }),
        (any::<u32>(), select(DelayUnit::ALL.map(|(unit, ..)| unit).to_vec()), days, delay_time())
            .prop_map(|(count, unit, days, time)| Until::Delay(Delay { count, unit, days, time })),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    let change = prop_oneof![
        option::of(value()).prop_map(FieldChange::Set),
        Just(FieldChange::Clear),
        decimal().prop_map(FieldChange::Add),
        span().prop_map(|span| FieldChange::Shift(Side::Before, span)),
    ];
    let blanks: Vec<Action> = KINDS.iter().filter_map(|info| (info.blank)().action().cloned()).collect();
    prop_oneof![
        4 => select(blanks),
        1 => option::of(id()).prop_map(Action::SendEmail),
        1 => option::of(id()).prop_map(Action::AddToMap),
        1 => (vec(id(), 0..3), vec(id(), 0..3)).prop_map(|(add, remove)| Action::ChangeTags { add, remove }),
        1 => (option::of(id()), change).prop_map(|(field, change)| Action::UpdateField { field, change }),
        1 => (option::of(id()), any::<u32>(), option::of(decimal())).prop_map(|(product, quantity, amount)| {
            Action::AddPurchase { product, quantity, amount: amount.map(Money::new) }
        }),
        1 => (vec((id(), any::<u16>()), 0..3), any::<bool>())
            .prop_map(|(members, in_turn)| Action::RouteLead(LeadRouter { members, in_turn })),
        1 => (option::of(id()), any::<bool>(), text())
            .prop_map(|(member, by_sms, text)| Action::Notify { member, by_sms, text }),
        1 => text().prop_map(Action::Note),
    ]
}

fn branches() -> impl Strategy<Value = Branches> {
    let policies = BranchPolicy::ALL.iter().map(|(policy, _)| *policy).collect::<Vec<_>>();
    let branch = (text(), condition()).prop_map(|(name, rule)| Branch { name, rule });
    (select(policies), vec(branch, 1..4)).prop_map(|(policy, branches)| Branches { policy, branches })
}

fn kind() -> impl Strategy<Value = ElementKind> {
    let zone = select(vec![WaitZone::Account, WaitZone::Contact]);
    let goals = prop_oneof![3 => Just(vec![]), 1 => vec(id(), 1..3)];
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
        1 => branches().prop_map(ElementKind::Branches),
        4 => action().prop_map(ElementKind::Action),
    ]
}

fn point() -> impl Strategy<Value = Point> {
    (any::<i32>(), any::<i32>()).prop_map(|(x, y)| Point { x, y })
}

fn element() -> impl Strategy<Value = Element> {
    let draft = option::weighted(0.1, Just(())).prop_map(|draft| draft.is_some());
    (id(), text(), kind(), draft, option::of(point())).prop_map(|(id, name, kind, draft, place)| Element {
        id,
        name,
        kind,
        draft,
        place,
    })
}

fn port() -> impl Strategy<Value = Port> {
    let named = select(vec![Port::Next, Port::Yes, Port::No, Port::Left, Port::Right, Port::Timeout]);
    prop_oneof![
        5 => named,
        1 => (0_usize..10).prop_map(Port::path),
        1 => (0_usize..4).prop_map(Port::branch),
        1 => Just(Port::Other),
    ]
}

fn zone() -> impl Strategy<Value = Tz> {
    select(chrono_tz::TZ_VARIANTS.to_vec())
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(all: &[(T, &str)]) -> impl Strategy<Value = T> + use<T> {
    select(all.iter().map(|(value, _)| *value).collect::<Vec<_>>())
}

fn happening() -> impl Strategy<Value = Happening> {
    let line = || {
        (id(), decimal(), decimal()).prop_map(|(product, quantity, amount)| OrderLine {
            product,
            quantity,
            amount: Money::new(amount),
        })
    };
    let plan = || {
        let declined = vec(any::<u16>(), 0..3);
        (any::<bool>(), option::of(any::<u16>()), option::of(span()), declined).prop_map(
            |(subscription, payments, every, declined)| PaymentPlan {
                kind: if subscription { PlanKind::Subscription } else { PlanKind::Payments },
                payments,
                every,
                declined,
            },
        )
    };
    let order = || {
        let listed = (
            one_of(OrderSource::ALL),
            one_of(PaymentKind::ALL),
            one_of(FirstPayment::ALL),
            option::of(id()),
            option::of(plan()),
        );
        let plain = (text(), vec(line(), 0..3));
        (plain, option::of(listed)).prop_map(|((reference, lines), listed)| {
            let plain = Order { reference, lines, ..Order::default() };
            Arc::new(match listed {
                None => plain,
                Some((source, method, payment, form, plan)) => {
                    Order { source, method, payment, form, plan, ..plain }
                }
            })
        })
    };
    let name = || text().prop_map(Arc::<str>::from);
    let checkout = || {
        (text(), vec(id(), 0..3), one_of(Provider::ALL))
            .prop_map(|(reference, products, provider)| Arc::new(Checkout { reference, products, provider }))
    };
    let relations = prop_oneof![
        (id(), name())
            .prop_map(|(relationship, record)| Happening::RelationshipAdded { relationship, record }),
        (id(), name())
            .prop_map(|(relationship, record)| Happening::RelationshipRemoved { relationship, record }),
        (id(), any::<u8>()).prop_map(|(task, outcome)| Happening::TaskCompleted { task, outcome }),
        one_of(EmailStatus::ALL).prop_map(Happening::EmailStatus),
        one_of(SmsStatus::ALL).prop_map(Happening::SmsStatus),
        (id(), one_of(MembershipStatus::ALL))
            .prop_map(|(site, status)| Happening::MembershipUpdated { site, status }),
        (id(), one_of(MembershipStatus::ALL))
            .prop_map(|(site, status)| Happening::MembershipCreated { site, status }),
    ];
    let sales = prop_oneof![
        (name(), any::<bool>()).prop_map(|(reference, declined)| Happening::Payment { reference, declined }),
        name().prop_map(|reference| Happening::OrderCancelled { reference }),
        checkout().prop_map(Happening::CheckoutStarted),
        checkout().prop_map(Happening::CheckoutAbandoned),
        name().prop_map(Happening::SmsReceived),
        (id(), any::<bool>()).prop_map(|(email, hard)| Happening::EmailBounced { email, hard }),
    ];
    let plain = prop_oneof![
        select(vec![Happening::Created, Happening::CallLogged, Happening::EmailReceived]),
        id().prop_map(Happening::ListAdded),
        id().prop_map(Happening::ListRemoved),
        id().prop_map(Happening::RemovedFromAutomation),
        id().prop_map(Happening::Paused),
        id().prop_map(Happening::Unpaused),
        id().prop_map(Happening::EmailOpened),
    ];
    let visits = prop_oneof![
        id().prop_map(Happening::PageVisited),
        id().prop_map(Happening::PurlVisited),
        id().prop_map(Happening::UrlVisited),
        id().prop_map(Happening::LinkClicked),
        id().prop_map(Happening::SiteVisited),
        id().prop_map(Happening::LevelGiven),
        id().prop_map(Happening::LevelLost),
    ];
    prop_oneof![
        relations,
        sales,
        plain,
        visits,
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
    let more = (
        one_of(EmailStatus::ALL),
        one_of(SmsStatus::ALL),
        option::of(id()),
        vec(id(), 0..3),
        vec(id(), 0..3),
    );
    let others = (
        vec((id(), one_of(MembershipStatus::ALL)), 0..3),
        vec((id(), text().prop_map(Arc::<str>::from)), 0..3),
    );
    let more = (more, others).prop_map(|((email_status, sms_status, owner, lists, levels), others)| {
        let (memberships, relationships) = others;
        Box::new(MoreOfContact { email_status, sms_status, owner, lists, levels, memberships, relationships })
    });
    let more = option::weighted(0.3, more);
    (text(), option::of(instant()), option::of(zone()), vec(id(), 0..4), fields, more).prop_map(
        |(key, created, zone, tags, fields, more)| Contact {
            key: key.into(),
            created,
            zone,
            tags: tags.into(),
            fields: fields.into(),
            more,
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

fn others() -> impl Strategy<Value = Item> {
    let outcome = || (text(), vec(action(), 0..3)).prop_map(|(name, actions)| Outcome { name, actions });
    prop_oneof![
        (id(), text(), text()).prop_map(|(id, name, text)| Sms { id, name, text }.into()),
        (id(), text()).prop_map(|(id, name)| Postcard::new(id, name).into()),
        (id(), text(), option::of(span())).prop_map(|(id, name, leaves_after)| List {
            id,
            name,
            leaves_after
        }
        .into()),
        (id(), text(), vec(outcome(), 0..3))
            .prop_map(|(id, name, outcomes)| Task { id, name, outcomes }.into()),
        (id(), text()).prop_map(|(id, name)| Member::new(id, name).into()),
        (id(), text(), one_of(&PageKind::ALL)).prop_map(|(id, name, kind)| Page { id, name, kind }.into()),
        (id(), text(), one_of(&SiteKind::ALL)).prop_map(|(id, name, kind)| Site { id, name, kind }.into()),
        (id(), text(), option::of(id())).prop_map(|(id, name, site)| Level { id, name, site }.into()),
        (id(), text()).prop_map(|(id, name)| Relationship::new(id, name).into()),
    ]
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
        (id(), text(), any::<bool>(), option::of(id()), option::of(id()))
            .prop_map(|(id, name, order_form, list, map)| Form { id, name, order_form, list, map }.into()),
        (id(), text(), text(), vec(text(), 0..3), any::<bool>()).prop_map(
            |(id, name, subject, links, transactional)| {
                Email { id, name, subject, links, transactional }.into()
            }
        ),
        others(),
    ]
}

fn rules() -> impl Strategy<Value = EngineRules> {
    let flags = vec(any::<bool>(), 5);
    let numbers = (any::<u32>(), any::<u32>());
    let old = (
        one_of(PreviousWaits::ALL),
        one_of(MoveClears::ALL),
        one_of(SeveralGoals::ALL),
        one_of(PastDate::ALL),
        one_of(TextMatch::ALL),
    );
    let new = (
        one_of(WhilePaused::ALL),
        one_of(PlanPayments::ALL),
        one_of(Reentry::ALL),
        one_of(BranchPolicy::ALL),
        one_of(FieldTimerReads::ALL),
        one_of(PastRelativeDate::ALL),
        one_of(EditedWait::ALL),
        one_of(SplitDraw::ALL),
    );
    (flags, numbers, old, new).prop_map(|(flags, numbers, old, new)| EngineRules {
        events_before_timers: flags[0],
        upstream_follows_go_to: flags[1],
        entry_event_achieves: flags[2],
        pause_keeps_time: flags[3],
        zero_total_pays: flags[4],
        max_steps_per_instant: numbers.0,
        late_step_days: numbers.1,
        previous_waits: old.0,
        move_clears: old.1,
        several_goals: old.2,
        past_specific_date: old.3,
        text_match: old.4,
        events_while_paused: new.0,
        plan_payments: new.1,
        sequence_reentry: new.2,
        branch_policy: new.3,
        field_timer_reads: new.4,
        past_relative_date: new.5,
        edited_wait: new.6,
        split_draw: new.7,
    })
}

fn settings() -> impl Strategy<Value = Settings> {
    (zone(), text(), time(), any::<[bool; 3]>(), span()).prop_map(
        |(account_zone, currency, date_event_time, flags, abandon_after)| Settings {
            account_zone,
            currency,
            date_event_time,
            birthday_29_feb: if flags[0] { Feb29::FirstOfMarch } else { Feb29::LastOfFebruary },
            abandon_after,
            email_sync: flags[1],
            tracking_code: flags[2],
            // shares a die, which is no matter: each value comes
            value_base: if flags[0] { ValueBase::All } else { ValueBase::AfterVisit },
            attribution: Attribution {
                goal_revenue: if flags[1] { GoalRevenue::Order } else { GoalRevenue::Lines },
                window_days: if flags[2] { 30 } else { 7 },
                sms_touch: if flags[0] { SmsTouch::Delivery } else { SmsTouch::Click },
                own_sources: if flags[1] { vec![] } else { vec!["shop".into(), "blog, too".into()] },
                excluded_campaigns: if flags[2] { vec![] } else { vec![CampaignRef::Sms(SmsId::new(3))] },
                foreign_visit_breaks: if flags[0] {
                    ForeignVisitBreaks::All
                } else {
                    ForeignVisitBreaks::Campaigns
                },
                reset_after_order: flags[1],
            },
            order_goals: if flags[2] { vec![] } else { vec![order_goal()] },
        },
    )
}

fn order_goal() -> OrderGoal {
    OrderGoal {
        id: OrderGoalId::new(9),
        name: "Delivered".into(),
        statuses: vec![LineStatus::Own(OrderStatusId::new(4)), LineStatus::Category(StatusCategory::Paid)],
        touchpoints: Choice::OneOf(vec![TouchpointId::new(5)]),
    }
}

/// Versions of one map.
fn versions() -> impl Strategy<Value = (MapId, Vec<Publication>)> {
    ((1_u32..4).prop_map(MapId::new), vec((option::of(instant()), any::<bool>()), 0..3)).prop_map(
        |(map, rows)| {
            let version = |(at, place_matching)| Publication { at, place_matching, map: blank(map) };
            (map, rows.into_iter().map(version).collect())
        },
    )
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
    let trigger = Element { id: Id::new(99), name: String::new(), kind, draft: false, place: None };
    map.elements.insert(trigger.id, trigger);
    Arc::new(map)
}

fn edit() -> impl Strategy<Value = Edit> {
    let map = || (1_u32..4).prop_map(MapId::new);
    prop_oneof![
        1 => text().prop_map(Edit::SetName),
        1 => settings().prop_map(Edit::SetSettings),
        3 => (map(), id(), text(), vec(id(), 1..4), any::<bool>()).prop_map(|(map, id, name, steps, runs)| {
            let sequence = Sequence { id, name, steps, runs_until_completed: runs };
            Edit::PutSequence { map, sequence }
        }),
        1 => (map(), id()).prop_map(|(map, sequence)| Edit::RemoveSequence { map, sequence }),
        2 => versions().prop_map(|(map, versions)| Edit::SetPublished { map, versions }),
        4 => item().prop_map(Edit::PutItem),
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
