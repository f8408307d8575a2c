//! Why not: each reason of semantics §11 comes out of a case made for it.

use std::collections::BTreeSet;

use expect_test::expect;
use gateline::base::time::{Span, Unit};
use gateline::engine::explain::{Found, Reason};
use gateline::model::rules::SeveralGoals;
use gateline::model::*;

use super::{Life, enters, publish, switch};
use crate::build::Build;

const BUYS: &str = "2026-01-07 09:00";

/// Trigger, then the goal G; the contact enters on 5 January 09:00.
fn goal(on: EventFilter, change: impl FnOnce(&mut Listener)) -> Build {
    let mut goal = Listener::goal(on.event_type()).hearing(on);
    change(&mut goal);
    Build::new().trigger_form("F").goal(goal).called("G").end()
}

fn buys_x(change: impl FnOnce(&mut Listener)) -> Build {
    let mut build = Build::new();
    let mut goal = build.buys("X");
    change(&mut goal);
    build.trigger_form("F").goal(goal).called("G").end()
}

fn keap(make: impl FnOnce(&mut Build) -> KeapPurchase) -> Build {
    let mut build = Build::new();
    let on = EventFilter::KeapPurchase(make(&mut build));
    build.trigger_form("F").goal(Listener::goal(EventType::KeapPurchase).hearing(on)).called("G").end()
}

/// Today and in a month.
fn in_two(order: &mut Order) {
    let every = Some(Span::new(1, Unit::Months));
    order.plan = Some(PaymentPlan { kind: PlanKind::Payments, payments: Some(2), every, declined: vec![] });
}

/// A life in which the goal G is not achieved for this reason; `None`: there is none.
fn case(reason: Reason) -> Option<Life> {
    let any = || KeapPurchase { any: true, ..KeapPurchase::default() };
    Some(match reason {
        Reason::NotThere => {
            let mut build = Build::new();
            let goal = build.buys("X");
            enters(build.trigger_form("F").goal(goal).draft().called("G").end()).buys(BUYS, "X")
        }
        Reason::NoEvent => enters(buys_x(|_| {})),
        Reason::TooEarly => {
            enters(buys_x(|_| {})).buys("2026-01-04 09:00", "X").published("2026-01-05 00:00")
        }
        Reason::Unpaid => {
            enters(buys_x(|_| {})).orders(BUYS, &["X"], |order| order.payment = FirstPayment::Declined)
        }
        Reason::LaterPayment => {
            let first_only = |goal: &mut Listener| {
                let EventFilter::Purchased { plan_payments, .. } = &mut goal.on else { panic!("a purchase") };
                *plan_payments = PlanPayments::First;
            };
            // the first payment came before the run
            enters(buys_x(first_only))
                .orders("2026-01-04 09:00", &["X"], in_two)
                .published("2026-01-05 00:00")
        }
        Reason::Product => enters(buys_x(|_| {})).buys(BUYS, "Y"),
        Reason::Category => {
            let build = keap(|build| {
                let categories = vec![build.thing::<Category>("Books")];
                KeapPurchase { categories, ..KeapPurchase::default() }
            });
            enters(build).buys(BUYS, "X")
        }
        Reason::OrderForm => {
            let build =
                keap(|build| KeapPurchase { forms: vec![build.form("Shop")], ..KeapPurchase::default() });
            enters(build).buys(BUYS, "X")
        }
        Reason::PaymentKind => {
            let payments = Choice::OneOf(vec![PaymentKind::Cash]);
            enters(keap(|_| KeapPurchase { payments, ..any() })).buys(BUYS, "X")
        }
        Reason::Settings => {
            let mut build = Build::new();
            let task = Some(build.thing::<Task>("Call"));
            let on = EventFilter::TaskCompleted { task, outcomes: vec![1] };
            let build = build.trigger_form("F").goal_on(on).called("G").end();
            enters(build).happens(BUYS, Happening::TaskCompleted { task: task?, outcome: 2 })
        }
        Reason::Paused => {
            let build = buys_x(|_| {});
            let map = build.map;
            enters(build).happens("2026-01-06 09:00", Happening::Paused(map)).buys(BUYS, "X")
        }
        Reason::NotOnMap => Life::of(buys_x(|_| {})).buys(BUYS, "X"),
        Reason::Scope => {
            let mut build = Build::new();
            let goal = Listener { who: Who::PreviousWaits, ..build.buys("X") };
            enters(build.trigger_form("F").wait_days(9).goal(goal).called("G").end()).buys(BUYS, "X")
        }
        Reason::Ignore => enters(buys_x(|goal| goal.if_on_map = IfOnMap::Ignore)).buys(BUYS, "X"),
        // who achieved it once achieved it: see the test below
        Reason::Once => return None,
        Reason::Condition => {
            let mut build = Build::new();
            let field = Some(build.field("City", FieldKind::Text));
            let ask = Condition::Field { field, is: FieldOperator::Equals, value: Value::text("Oslo") };
            let goal = Listener { conditions: ask, ..build.buys("X") };
            let build = build.trigger_form("F").goal(goal).called("G").end();
            let value = Value::text("Rome");
            enters(build)
                .happens("2026-01-06 09:00", Happening::FieldUpdated { field: field?, value })
                .buys(BUYS, "X")
        }
        Reason::InSequence => {
            let build = keap(|_| any());
            let ElementKind::Goal(mut goal) = build.kind(build.id("G")).clone() else { panic!("a goal") };
            goal.who = Who::AnyContact;
            let mut build = Build::new().trigger_form("Other").goal(goal).called("G");
            build = build.email("E").called("E").wait_days(9).called("W").sequence("S", &["E", "W"]);
            build.connect(build.added(), Port::Next, build.id("E"));
            let added = Happening::AddedToAutomation(build.map);
            Life::of(build).happens("2026-01-05 09:00", added).buys(BUYS, "X")
        }
        Reason::NotFirst => {
            let mut build = Build::new().trigger_form("F").goal_buys("X").called("First").end();
            let goal = build.buys("X");
            let wait = build.map().wait_of(build.id("First"))?;
            let spot = gateline::session::command::Spot::UnderWait(wait);
            build.last = build.insert(ElementKind::Goal(goal), spot);
            build = build.called("G");
            switch(&mut build, |rules| rules.several_goals = SeveralGoals::FirstOnly);
            enters(build).buys(BUYS, "X")
        }
        Reason::Ended => runs_in_a_circle(|build| build.buys("X")).buys(BUYS, "X"),
    })
}

/// Who buys X achieves a goal that leads into a circle without a wait; the goal G stands beside that.
fn runs_in_a_circle(goal: impl FnOnce(&mut Build) -> Listener) -> Life {
    let build = Build::new().trigger_form("F").goal_buys("X").called("First");
    let mut build = build.add_tag("T").called("A").go_to("A");
    let wait = build.map().wait_of(build.id("First")).unwrap();
    let goal = goal(&mut build);
    build.last = build.insert(ElementKind::Goal(goal), gateline::session::command::Spot::UnderWait(wait));
    build.port = Port::Next;
    enters(build.called("G").end())
}

#[test]
fn each_reason_comes_out_of_a_case_made_for_it() {
    for reason in Reason::ALL {
        if let Some(life) = case(*reason) {
            let why = life.run().why("G");
            assert_eq!(why.achieved, [], "{reason:?}");
            assert_eq!(why.failed.map(|check| check.reason), Some(*reason));
        }
    }
    let numbers: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.number()).collect();
    let named = (1..=15).chain(25..=28);
    assert!(named.clone().all(|number| numbers.contains(&number)), "{numbers:?}");
}

#[test]
fn a_goal_on_a_map_that_is_not_published_is_not_there() {
    let mut build = buys_x(|_| {});
    publish(&mut build, "2027-06-01");
    assert_eq!(enters(build).buys(BUYS, "X").run().reason("G"), Some(1));
    // nor before it was published
    let mut build = buys_x(|_| {});
    publish(&mut build, "2026-03-01");
    assert_eq!(enters(build).buys(BUYS, "X").run().reason("G"), Some(3));
}

#[test]
fn who_achieved_it_once_is_told_of_the_second_event() {
    let out = enters(buys_x(|goal| goal.once = true)).buys(BUYS, "X").buys("2026-01-09 09:00", "X").run();
    let why = out.why("G");
    assert_eq!((why.achieved, why.failed), (vec![out.at(BUYS)], None));
    let failed: Vec<_> = why.chances.iter().map(|chance| chance.failed().map(|check| check.reason)).collect();
    assert_eq!(failed, [None, Some(Reason::Once)]);
    expect![[r#"
        01-07 09:00 bought X: 3 4 6 26 10 13
        01-09 09:00 bought X: 3 4 6 26 10 not 13: 01-07 09:00
    "#]]
    .assert_eq(&out.why_in_words("G"));
}

/// M-14: since when, also where it was paused twice.
#[test]
fn who_is_paused_is_told_since_when() {
    let build = buys_x(|_| {});
    let map = build.map;
    let life =
        enters(build).happens("2026-01-06 09:00", Happening::Paused(map)).buys("2026-01-06 10:00", "X");
    let life = life.happens("2026-01-06 11:00", Happening::Unpaused(map));
    let life = life.happens("2026-01-06 12:00", Happening::Paused(map));
    let out = life.happens("2026-01-06 13:00", Happening::Paused(map)).buys("2026-01-06 14:00", "X").run();
    expect![[r#"
        01-06 10:00 bought X: 3 4 6 not 26: since 01-06 09:00
        01-06 14:00 bought X: 3 4 6 not 26: since 01-06 12:00
    "#]]
    .assert_eq(&out.why_in_words("G"));
}

/// M-09: whoever ran in a circle is told where, at that event and at all later ones, whatever else would have held.
#[test]
fn whom_a_fault_ended_is_told_so() {
    let out = case(Reason::Ended).unwrap().run();
    expect![[r#"
        01-07 09:00 bought X: 3 4 6 not 28: too many steps at one instant: a loop without a wait, at “Go to A” 01-07 09:00
    "#]]
    .assert_eq(&out.why_in_words("G"));
    // the account goes on to draw payments
    let later = |_: &mut Build| Listener::goal(EventType::OpenOrder);
    let life = runs_in_a_circle(later).orders("2026-01-06 09:00", &["Y"], in_two).buys(BUYS, "X");
    expect![[r#"
        01-06 09:00 payment 1 of the order of Y was made: 3 not 25: payment 1 of the order of Y was made
        01-07 09:00 payment 1 of the order of X was made: 3 not 25: payment 1 of the order of X was made
        02-06 09:00 payment 2 of the order of Y was made: 3 25 not 28: too many steps at one instant: a loop without a wait, at “Go to A” 01-07 09:00
    "#]]
    .assert_eq(&life.run().why_in_words("G"));
}

#[test]
fn the_value_found_and_the_later_checks_are_told() {
    let why = case(Reason::Condition).unwrap().run().why("G");
    let Found::Seen(seen) = why.failed.unwrap().found else { panic!("what the condition saw") };
    assert_eq!((seen[0].found.as_str(), seen[0].held), ("Rome", false));
    // the checks stand in the order of reporting
    let reasons: Vec<_> = why.chance.unwrap().checks.iter().map(|check| check.reason).collect();
    assert!(reasons.is_sorted(), "{reasons:?}");
}

#[test]
fn of_several_events_the_one_that_got_furthest_is_explained_and_of_equals_the_latest() {
    let mut build = Build::new();
    let tag = build.tag("A");
    let goal = Listener { conditions: Condition::HasTag(Some(tag)), ..build.buys("X") };
    let build = build.trigger_form("F").goal(goal).called("G").end();
    let declined = |order: &mut Order| order.payment = FirstPayment::Declined;
    let out = enters(build)
        .buys("2026-01-06 09:00", "X")
        .buys("2026-01-07 09:00", "X")
        .orders("2026-01-08 09:00", &["X"], declined)
        .buys("2026-01-09 09:00", "Y")
        .run();
    let why = out.why("G");
    assert_eq!(why.failed.map(|check| check.reason), Some(Reason::Condition));
    assert_eq!(why.chance.unwrap().at, out.at("2026-01-07 09:00"));
    assert_eq!(why.chances.len(), 4);
}

/// Keap: an order of the API that nobody has paid yet.
#[test]
fn an_order_that_waits_for_its_payment_is_unpaid() {
    let build = keap(|_| KeapPurchase { any: true, ..KeapPurchase::default() });
    let from_api = |order: &mut Order| {
        order.source = OrderSource::Api;
        order.payment = FirstPayment::Unpaid;
    };
    assert_eq!(enters(build).orders(BUYS, &["X"], from_api).run().reason("G"), Some(4));
}

/// What the goal's settings do not ask for is not checked.
#[test]
fn checks_that_a_goal_does_not_need_are_left_out() {
    let out = enters(goal(EventFilter::CallLogged, |goal| goal.who = Who::AnyContact));
    let chance = out.happens(BUYS, Happening::CallLogged).run().why("G").chances.remove(0);
    let reasons: Vec<_> = chance.checks.iter().map(|check| check.reason).collect();
    assert_eq!(reasons, [Reason::TooEarly, Reason::Settings, Reason::Paused]);
}

/// Waits five days, then a goal for a purchase of X with these settings.
fn behind_a_wait(change: impl FnOnce(&mut Listener)) -> Build {
    let build = Build::new().trigger_form("F").hold("W", super::some_days(5)).goal_buys("X").called("G");
    build.listen("G", change).behind("G").end()
}

#[test]
fn e_the_order_is_that_of_reporting_not_of_the_engine() {
    // the engine asks conditions before the place: the place is named first
    let build = behind_a_wait(|goal| {
        goal.who = Who::PreviousWaits;
        goal.conditions = Condition::HasTag(None);
    });
    let out = enters(build).buys("2026-01-06 10:00", "X").run();
    assert_eq!((out.found("G").as_str(), out.refused().as_str()), ("11: at “W”", "G condition"));
}

#[test]
fn e_who_came_by_the_very_event_was_not_on_the_map_for_it() {
    let build = behind_a_wait(|_| {})
        .trigger(Listener::trigger(EventType::Purchased))
        .hold("In", super::some_days(9))
        .end();
    let out = Life::of(build).buys("2026-01-06 10:00", "X").run();
    assert_eq!(out.found("G"), "10: only this very event put it there");
}

#[test]
fn e_a_goal_that_comes_later_was_not_there() {
    let build = Build::new().trigger_form("F").hold("W", super::some_days(5)).end();
    let with_goal = |build: Build| build.goal_at_top(Listener::goal(EventType::CallLogged)).called("G").end();
    let life = enters(build)
        .happens("2026-01-06 10:00", Happening::CallLogged)
        .publishes("2026-01-07 09:00", with_goal);
    assert_eq!(
        life.run().found("G"),
        "3: it came 2026-01-06T10:00:00Z, and the goal is there from 2026-01-07T09:00:00Z"
    );
}

#[test]
fn e_before_it_was_created_a_contact_takes_part_in_nothing() {
    let build = Build::new().trigger_form("F").called("T").if_tag("VIP").email("Yes").end();
    let life = Life::of(build).published("2026-01-01").created("2026-01-07 09:00");
    let early = life.tag("2026-01-06 10:00", "VIP").submits("2026-01-06 10:00", "F");
    let out = early.run();
    assert_eq!(out.came_in(), "");
    assert_eq!(
        out.found("T"),
        "3: it came 2026-01-06T10:00:00Z, and the contact is there from 2026-01-07T09:00:00Z"
    );
    // the record knows all the same, and what comes as it is created counts
    let build = Build::new().trigger_form("F").called("T").if_tag("VIP").email("Yes").end();
    let life = Life::of(build).published("2026-01-01").created("2026-01-07 09:00");
    let out = life.tag("2026-01-06 10:00", "VIP").submits("2026-01-07 09:00", "F").run();
    assert_eq!(out.mails(), "Yes 01-07 09:00");
}

#[test]
fn e_every_entry_has_the_cause_that_led_to_it() {
    // what is told of a contact hangs together: from outside only events come
    let out = enters(behind_a_wait(|_| {})).buys("2026-01-06 10:00", "X").run();
    let outside: Vec<_> =
        out.log.iter().filter(|line| line.entry.cause.is_none()).map(|line| line.entry.what.tag()).collect();
    assert_eq!(outside, ["happened", "happened"]);
}
