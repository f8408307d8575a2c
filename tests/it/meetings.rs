//! Where several rules meet at once: cases that random ones brought up.

use std::sync::Arc;

use gateline::base::time::{Side, Span, Unit};
use gateline::engine::LogEntry;
use gateline::engine::log::{Fault, Nothing, What};
use gateline::model::rules::{EditedWait, FieldTimerReads};
use gateline::model::{
    Action, Change, Checkout, Choice, Condition, ElementKind, EventFilter, EventType, FieldKind,
    FirstPayment, Happening, Listener, OpenOrderChange, PaymentPlan, PlanKind, Port, Provider, Sequence,
    Until, Value, Wait,
};
use gateline::session::command::Command;

use super::build::Build;
use super::golden::{Life, Outcome, enters, publish, switch};

fn days(count: u32) -> Span {
    Span::new(count, Unit::Days)
}

fn date(text: &str) -> Option<Value> {
    Some(Value::Date(text.parse().unwrap()))
}

/// Submits F, waits for the day in the field, gets “M”.
fn waits_for_field(build: &mut Build) -> Until {
    let field = Some(build.field("Renewal", FieldKind::Date));
    Until::Relative { field, side: Side::After, span: days(2), time: None }
}

fn field_updated(build: &mut Build, to: &str) -> Happening {
    Happening::FieldUpdated { field: build.field("Renewal", FieldKind::Date), value: date(to) }
}

/// The entry that caused another.
fn cause(out: &Outcome, of: &What) -> usize {
    let entry = out.log.iter().find(|line| line.entry.what == *of).unwrap();
    entry.entry.cause.unwrap() as usize
}

/// M-14, W-05: however long it stood still, a position leaves when it may go on, not before.
#[test]
fn a_wait_that_was_over_during_a_pause_ends_with_it() {
    let mut build = Build::new();
    let until = waits_for_field(&mut build);
    let filled = field_updated(&mut build, "2026-01-01");
    let mut build = build.trigger_form("F").wait(until).email("M").end();
    switch(&mut build, |rules| rules.pause_keeps_time = false);
    let map = build.map;
    let life = enters(build).happens("2026-01-08 09:00", Happening::Paused(map));
    let life = life.happens("2026-01-09 09:00", filled).happens("2026-01-10 09:00", Happening::Unpaused(map));
    assert_eq!(life.run().mails(), "M 01-10 09:00");
}

/// M-12: what a publication stirs is over before the next one of the same instant, whose triggers come too late for it.
#[test]
fn a_map_does_not_hear_what_the_one_published_before_it_stirs() {
    let mut build = Build::new();
    let (old, new) = (build.tag("Old"), build.tag("New"));
    let mut build = build.trigger_on(EventFilter::TagAdded(Some(old))).add_tag("New").end();
    let first = build.map;
    let second = build.add_map("Second");
    let build = build.trigger_on(EventFilter::TagAdded(Some(new))).email("M").end();
    for (at_once, mails) in [(true, ""), (false, "M 01-10 00:00")] {
        let mut build = build.clone();
        for map in [first, second] {
            let at = if map == first || at_once { "2026-01-10T00:00:00Z" } else { "2026-01-09T00:00:00Z" };
            let at = Some(at.parse().unwrap());
            build.run(Command::Publish { map, at, place_matching: map == first });
        }
        let out = Life::of(build).with_tag("Old").published("2026-01-01 00:00").run();
        assert_eq!(out.mails(), mails);
    }
}

/// G-12: the first payment is paid twice, by the contact and by the recharge that its plan led to; the second is missing.
#[test]
fn a_plan_is_complete_when_each_payment_is_made() {
    let build = Build::new().trigger_on(EventFilter::OpenOrderCreated).action(Action::RechargeDeclined);
    let build = build.end().trigger_on(EventFilter::OpenOrder(OpenOrderChange::Completed)).email("M").end();
    let every = Some(days(1));
    let plan = PaymentPlan { kind: PlanKind::Payments, payments: Some(3), every, declined: vec![2] };
    let life = Life::of(build).orders("2026-01-05 09:00", &["X"], |order| {
        (order.reference, order.plan) = ("A".into(), Some(plan));
        order.payment = FirstPayment::Declined;
    });
    let pays = |declined| Happening::Payment { reference: "A".into(), declined };
    let life = life.happens("2026-01-06 09:00", pays(false)).happens("2026-01-20 09:00", pays(false));
    assert_eq!(life.run().mails(), "M 01-20 09:00");
}

/// L-01: whatever a publication leads to, it is the cause of the contact's going off the map.
#[test]
fn a_publication_is_why_a_contact_goes_off_the_map() {
    let mut build = Build::new();
    let field = Some(build.field("Renewal", FieldKind::Date));
    let timer = Until::FieldTimer { field, side: Side::After, span: days(0), time: None };
    let build = build.trigger_form("F").email("E").called("E").wait_days(5).called("W");
    let mut build = build.sequence("S", &["E", "W"]).wait(timer).end();
    let first = build.map;
    build.publish(None);
    build.set(build.id("W"), ElementKind::Wait(Wait::new(Until::TimePasses(days(1)))));
    publish(&mut build, "2026-01-08 09:00");
    let filled = field_updated(&mut build, "2026-01-01");
    build.add_map("Second");
    let off = EventFilter::Automation { map: Some(first), change: Change::Removed };
    let mut build = build.trigger_on(off).end();
    build.publish(None);
    let out = enters(build).happens("2026-01-06 09:00", filled).run();
    assert!(out.says(&What::Dropped(Fault::NoTimerLeft)));
    let raised = What::Raised(Happening::WentOffMap(first));
    assert_eq!(out.log[cause(&out, &raised)].entry.what, What::Published(first));
}

/// Two checkouts of the same thing and one order: nothing was left behind.
#[test]
fn an_order_finishes_all_checkouts_of_what_it_buys() {
    let left = EventFilter::CheckoutAbandoned { products: Choice::Any, provider: None };
    let mut build = Build::new().trigger_on(left).email("M").end();
    let [bought, other] = ["X", "Y"].map(|name| build.product(name));
    let starts = |product| {
        let provider = Provider::PayPal;
        Happening::CheckoutStarted(Arc::new(Checkout {
            reference: "".into(),
            products: vec![product],
            provider,
        }))
    };
    let life = Life::of(build).happens("2026-01-05 09:00", starts(bought));
    let life = life.happens("2026-01-05 10:00", starts(other)).happens("2026-01-05 11:00", starts(bought));
    assert_eq!(life.buys("2026-01-05 12:00", "X").run().mails(), "M 01-06 10:00");
}

/// M-11: each step gets the answer to its own asking, whatever it is told of the map in between.
#[test]
fn an_answer_is_for_the_step_that_asked() {
    let mut build = Build::new();
    let first = build.map;
    let once = Listener { once: true, ..Listener::trigger(EventType::AddedToAutomation) };
    build.set(build.added(), ElementKind::Trigger(once));
    let mut build = build.wait_days(30).end();
    build.add_map("Second");
    let build =
        build.trigger_form("F").fork().called("Fork").action(Action::RemoveFromMap(Some(first))).end();
    let build = build.at("Fork", Port::Right).action(Action::AddToMap(Some(first))).called("Once");
    let build = build.action(Action::AddToMap(Some(first))).called("Again").end();
    // somebody listens, or that the contact went off would not be told before it asks
    let off = EventFilter::Automation { map: Some(first), change: Change::Removed };
    let build = build.trigger_on(off).end();
    let steps = [build.id("Once"), build.id("Again")];
    let added = Happening::AddedToAutomation(first);
    let out = Life::of(build).happens("2026-01-05 08:00", added).submits("2026-01-05 09:00", "F").run();
    let answers = out.log.iter().filter(|line| line.entry.what == What::Nothing(Nothing::NotTaken));
    let asked = |answer: &LogEntry| {
        let event = out.log[answer.entry.cause.unwrap() as usize].entry.cause.unwrap();
        (answer.element.unwrap(), out.log[event as usize].element.unwrap())
    };
    let asked: Vec<_> = answers.map(asked).collect();
    assert_eq!(asked, steps.map(|step| (step, step)));
}

/// K-13, W-05: a draft lets nobody rest who comes, and keeps nobody who rests there already.
#[test]
fn who_rests_at_a_wait_that_becomes_a_draft_still_leaves() {
    let mut build = Build::new();
    let until = waits_for_field(&mut build);
    let filled = field_updated(&mut build, "2026-01-14");
    let mut build = build.trigger_form("F").wait(until).called("W").email("M").end();
    build.publish(None);
    build.run(Command::SetDraft { map: build.map, element: build.id("W"), draft: true });
    publish(&mut build, "2026-01-08 09:00");
    let life = enters(build).happens("2026-01-12 09:00", filled).submits("2026-01-13 09:00", "F");
    assert_eq!(life.run().mails(), "M 01-13 09:00, M 01-16 00:00");
}

/// M-14: a new version does not ask conditions of a paused contact either.
#[test]
fn an_edited_wait_asks_nothing_during_a_pause() {
    let mut build = Build::new().trigger_form("F").wait_days(30).called("W").email("M").end();
    let (map, tag) = (build.map, build.tag("VIP"));
    build.publish(None);
    let condition = Condition::HasTag(Some(tag));
    let wait = Wait::new(Until::Conditions { condition, limit: None });
    build.set(build.id("W"), ElementKind::Wait(wait));
    switch(&mut build, |rules| rules.edited_wait = EditedWait::Recompute);
    publish(&mut build, "2026-01-08 09:00");
    for (loses, mails) in [(true, ""), (false, "M 01-10 09:00")] {
        let mut life =
            enters(build.clone()).with_tag("VIP").happens("2026-01-07 09:00", Happening::Paused(map));
        if loses {
            life = life.happens("2026-01-09 09:00", Happening::TagRemoved(tag));
        }
        let out = life.happens("2026-01-10 09:00", Happening::Unpaused(map)).run();
        assert_eq!(out.mails(), mails);
    }
}

/// K-10, K-11: a timer that a new version puts into a sequence reads what the field held when the contact came in.
#[test]
fn an_inserted_field_timer_reads_what_was_there_on_entry() {
    let mut build = Build::new();
    let field = Some(build.field("Renewal", FieldKind::Date));
    let [first, then] = ["2026-03-01", "2026-04-01"].map(|date| field_updated(&mut build, date));
    let build = build.trigger_form("F").wait_days(5).called("W");
    let mut build = build.sequence("S", &["W"]).email("M").called("M").end();
    switch(&mut build, |rules| rules.field_timer_reads = FieldTimerReads::Entry);
    build.publish(None);
    let timer = Until::FieldTimer { field, side: Side::After, span: days(0), time: None };
    let mut build = build.at("W", Port::Next).wait(timer).called("T");
    let sequence =
        Sequence { steps: vec![build.id("W"), build.id("T")], ..build.sequence_called("S").clone() };
    build.run(Command::SetSequence { map: build.map, sequence });
    publish(&mut build, "2026-01-07 09:00");
    let life = Life::of(build).happens("2026-01-05 08:00", first).submits("2026-01-05 09:00", "F");
    assert_eq!(life.happens("2026-01-06 09:00", then).run().mails(), "M 03-01 00:00");
}

/// M-05, L-03: a time that a wait no longer has is kept, but it leads to no goal: only the event does.
#[test]
fn a_time_that_was_edited_away_achieves_no_goal() {
    let mut build = Build::new().trigger_form("F").goal_buys("X").called("G").email("M").end();
    let wait = build.map().wait_of(build.id("G")).unwrap();
    let untimed = build.kind(wait).clone();
    let ElementKind::Wait(timed) = untimed.clone() else { panic!("a wait") };
    build.set(wait, ElementKind::Wait(Wait { until: Until::TimePasses(days(3)), ..timed }));
    (build.last, build.port) = (wait, Port::Timeout);
    let mut build = build.end();
    build.publish(None);
    let end = build.target(wait, Port::Timeout).unwrap();
    build.delete(&[end]);
    build.set(wait, untimed);
    publish(&mut build, "2026-01-06 09:00");
    assert_eq!(enters(build.clone()).run().achieved(), "");
    assert_eq!(enters(build).buys("2026-01-20 09:00", "X").run().mails(), "M 01-20 09:00");
}
