//! The switches of a map (semantics §13): one table that sets each to every value, and what the rules say of some in detail.

use gateline::base::money::Money;
use gateline::base::time::Side;
use gateline::engine::log::{Fault, What};
use gateline::model::rules::{
    EditedWait, FieldTimerReads, MoveClears, PastDate, PastRelativeDate, PreviousWaits, Reentry,
    SeveralGoals, SplitDraw, TextMatch, WhilePaused,
};
use gateline::model::*;
use gateline::session::command::Command;

use super::{Life, date, days, enters, monthly, some_days, switch};
use crate::build::Build;

/// Sets a switch.
type Set<'a> = &'a dyn Fn(&mut EngineRules);

/// How many values of a switch are to be shown: all, or of a number two.
trait Values: Sized {
    const COUNT: usize;
}

macro_rules! values {
    ($($name:ident),*) => { $(impl Values for $name { const COUNT: usize = Self::ALL.len(); })* };
}

impl Values for bool {
    const COUNT: usize = 2;
}

impl Values for u32 {
    const COUNT: usize = 2;
}

values!(
    BranchPolicy,
    EditedWait,
    FieldTimerReads,
    MoveClears,
    PastDate,
    PastRelativeDate,
    PlanPayments,
    PreviousWaits,
    Reentry,
    SeveralGoals,
    SplitDraw,
    TextMatch,
    WhilePaused
);

/// For each switch a life, and what comes of it with each value. A new switch does not compile without its row.
macro_rules! switches {
    ($($switch:ident, $life:ident: $($value:expr => $expected:literal),*;)*) => {
        fn every_switch_has_its_row(rules: &EngineRules) {
            let EngineRules { $($switch: _),* } = rules;
        }

        #[test]
        fn each_switch_shows_in_each_of_its_values() {
            every_switch_has_its_row(&EngineRules::default());
            $({
                fn count<T: Values>(_: &[T]) -> usize {
                    T::COUNT
                }
                let values = [$($value),*];
                let expected = [$($expected),*];
                assert_eq!(values.len(), count(&values), "{}: not every value", stringify!($switch));
                for (value, expected) in values.into_iter().zip(expected) {
                    let came = $life(&move |rules| rules.$switch = value);
                    assert_eq!(came, expected, "{} = {value:?}", stringify!($switch));
                }
                for (place, one) in expected.iter().enumerate() {
                    assert!(!expected[..place].contains(one), "{}: two alike", stringify!($switch));
                }
            })*
        }
    };
}

switches! {
    events_before_timers, buys_as_the_time_is_up:
        true => "Welcome 01-07 09:00", false => "Late 01-07 09:00";
    pause_keeps_time, paused_for_a_day:
        true => "E 01-07 09:00", false => "E 01-08 09:00";
    events_while_paused, buys_while_paused:
        WhilePaused::Missed => "", WhilePaused::Handled => "G 01-06 10:00";
    max_steps_per_instant, three_mails:
        10_000 => "A 01-05 09:00, B 01-05 09:00, C 01-05 09:00", 3 => "A 01-05 09:00, B 01-05 09:00";
    previous_waits, buys_above_the_wait:
        PreviousWaits::Attached => "", PreviousWaits::AllAbove => "G 01-06 10:00";
    upstream_follows_go_to, buys_above_a_go_to:
        false => "", true => "G 01-06 10:00";
    move_clears, achieves_beside_a_branch:
        MoveClears::WholeMap => "", MoveClears::AboveGoal => "Left 01-08 09:00";
    entry_event_achieves, enters_by_the_goals_event:
        false => "", true => "G 01-06 10:00";
    several_goals, achieves_two:
        SeveralGoals::EachInOrder => "One 01-06 10:00, Two 01-06 10:00", SeveralGoals::FirstOnly => "One 01-06 10:00";
    plan_payments, pays_a_new_goal_twice:
        PlanPayments::Every => "G 01-06 10:00, G 02-06 10:00", PlanPayments::First => "G 01-06 10:00";
    zero_total_pays, orders_for_nothing:
        true => "G 01-06 10:00", false => "";
    sequence_reentry, comes_into_a_sequence_again:
        Reentry::Allowed => "E 01-05 09:00, E 01-06 10:00", Reentry::Never => "E 01-05 09:00";
    branch_policy, comes_to_a_new_branching:
        BranchPolicy::YesNo => "yes", BranchPolicy::AllMatching => "A, B", BranchPolicy::FirstMatch => "A";
    field_timer_reads, fills_a_field_in_a_sequence:
        FieldTimerReads::Entry => "E 01-20 00:00", FieldTimerReads::Current => "E 01-25 00:00";
    late_step_days, gets_a_step_five_days_late:
        7 => "Late 01-12 09:00", 0 => "";
    past_relative_date, waits_for_a_day_that_was:
        PastRelativeDate::NextYearIfBirthday => "E 01-01 00:00", PastRelativeDate::Pass => "E 01-05 09:00",
        PastRelativeDate::Hold => "";
    past_specific_date, waits_for_a_date_that_was:
        PastDate::Pass => "E 01-05 09:00", PastDate::Hold => "";
    edited_wait, waits_while_it_is_edited:
        EditedWait::Keep => "E 01-07 09:00", EditedWait::Recompute => "E 01-09 09:00";
    split_draw, ten_come_to_a_split:
        SplitDraw::Random => "6 of 10", SplitDraw::Balanced => "5 of 10";
    text_match, compares_text:
        TextMatch::IgnoreCase => "Yes 01-05 09:00", TextMatch::Exact => "";
}

const BUYS: &str = "2026-01-06 10:00";

fn buys_as_the_time_is_up(set: Set<'_>) -> String {
    let build = Build::new().trigger_form("F").goal_buys("X").called("G").send("Welcome").exit();
    let build = build.behind("G").gives_up(some_days(2)).send("Late").exit().rules(set);
    enters(build).buys("2026-01-07 09:00", "X").run().mails()
}

fn paused_for_a_day(set: Set<'_>) -> String {
    let build = Build::new().trigger_form("F").wait_days(2).email("E").end().rules(set);
    let map = build.map;
    let life = enters(build).happens("2026-01-05 10:00", Happening::Paused(map));
    life.happens("2026-01-06 10:00", Happening::Unpaused(map)).run().mails()
}

fn buys_while_paused(set: Set<'_>) -> String {
    let build = Build::new().trigger_form("F").goal_buys("X").called("G").end().rules(set);
    let map = build.map;
    enters(build).happens("2026-01-06 09:00", Happening::Paused(map)).buys(BUYS, "X").run().achieved()
}

fn three_mails(set: Set<'_>) -> String {
    let build = Build::new().trigger_form("F").email("A").email("B").email("C").end();
    enters(build.rules(set)).run().mails()
}

fn buys_above_the_wait(set: Set<'_>) -> String {
    let build = Build::new().trigger_form("F").wait_days(9).goal_buys("X").called("G").end();
    let build = build.listen("G", |goal| goal.who = Who::PreviousWaits).rules(set);
    enters(build).buys(BUYS, "X").run().achieved()
}

fn buys_above_a_go_to(set: Set<'_>) -> String {
    let build = Build::new().send("E").goal_buys("X").called("G").end();
    let build = build.listen("G", |goal| goal.who = Who::Upstream);
    let build = build.trigger_form("F").wait_days(9).go_to("E").rules(set);
    enters(build).buys(BUYS, "X").run().achieved()
}

fn achieves_beside_a_branch(set: Set<'_>) -> String {
    let build = Build::new().trigger_form("F").fork().called("Fork").wait_days(3).email("Left").end();
    let build = build.at("Fork", Port::Right).goal_buys("X").end().rules(set);
    enters(build).buys(BUYS, "X").run().mails()
}

fn enters_by_the_goals_event(set: Set<'_>) -> String {
    let build = Build::new().trigger(Listener::trigger(EventType::Purchased)).goal_buys("X").called("G");
    Life::of(build.end().rules(set)).buys(BUYS, "X").run().achieved()
}

fn achieves_two(set: Set<'_>) -> String {
    let mut build = Build::new().trigger_form("F").goal_buys("X").called("G1").send("One").end();
    let second = build.buys("X");
    let build = build.behind("G1").or_goal(second).send("Two").end().rules(set);
    enters(build).buys(BUYS, "X").run().mails()
}

fn pays_a_new_goal_twice(set: Set<'_>) -> String {
    let build = Build::new().trigger_form("F").rules(set);
    let goal = build.map().rules.start(ElementKind::Goal(Listener::goal(EventType::Purchased)));
    let build = build.then(goal).called("G").end();
    enters(build).orders(BUYS, &["X"], |order| order.plan = Some(monthly(2))).run().achieved()
}

fn orders_for_nothing(set: Set<'_>) -> String {
    let any = KeapPurchase { any: true, ..KeapPurchase::default() };
    let goal = Listener::goal(EventType::KeapPurchase).hearing(EventFilter::KeapPurchase(any));
    let build = Build::new().trigger_form("F").goal(goal).called("G").end().rules(set);
    enters(build)
        .orders(BUYS, &["X"], |order| {
            order.lines[0].amount = Money::ZERO;
            order.payment = FirstPayment::Unpaid;
        })
        .run()
        .achieved()
}

fn comes_into_a_sequence_again(set: Set<'_>) -> String {
    let build = Build::new().trigger_form("F").send("E").sequence("S", &["E"]).rules(set);
    enters(build).submits(BUYS, "F").run().mails()
}

/// A new branching element that asks for the tag VIP, its second way without a rule.
fn comes_to_a_new_branching(set: Set<'_>) -> String {
    let mut build = Build::new().trigger_form("F").rules(set);
    let vip = Condition::HasTag(Some(build.tag("VIP")));
    let new = build.map().rules.start(ElementKind::Condition(vip));
    let mails = match &new {
        ElementKind::Condition(_) => build.then(new).email("yes").exit(),
        _ => build.then(new).called("B").email("A").exit().at("B", Port::branch(1)).email("B").exit(),
    };
    enters(mails).with_tag("VIP").run().mails().replace(" 01-05 09:00", "")
}

fn fills_a_field_in_a_sequence(set: Set<'_>) -> String {
    let mut build = Build::new().trigger_form("F");
    let field = build.field("Day", FieldKind::Date);
    let timer = Until::FieldTimer { field: Some(field), side: Side::After, span: days(0), time: None };
    let build = build.hold("W", some_days(2)).hold("T", timer).send("E").sequence("S", &["W", "T", "E"]);
    let day = |day| Value::Date(date(day));
    let life = enters(build.rules(set)).with_field(field, day("2026-01-20"));
    life.fills("2026-01-06 10:00", field, day("2026-01-25")).run().mails()
}

fn gets_a_step_five_days_late(set: Set<'_>) -> String {
    let build = Build::new().trigger_form("F").hold("W", some_days(2)).hold("W2", some_days(30));
    let build = build.sequence("S", &["W", "W2"]).rules(set);
    enters(build).publishes("2026-01-12 09:00", |build| build.behind("W").send("Late")).run().mails()
}

fn waits_for_a_day_that_was(set: Set<'_>) -> String {
    let mut build = Build::new().trigger_form("F");
    let field = build.field("Day", FieldKind::Birthday);
    let until = Until::Relative { field: Some(field), side: Side::After, span: days(0), time: None };
    let life = enters(build.wait(until).email("E").end().rules(set));
    life.with_field(field, Value::Date(date("1990-01-01"))).until("2027-06-01").run().mails()
}

fn waits_for_a_date_that_was(set: Set<'_>) -> String {
    let until = Until::Date { date: date("2026-01-01"), time: None };
    enters(Build::new().trigger_form("F").wait(until).email("E").end().rules(set)).run().mails()
}

fn waits_while_it_is_edited(set: Set<'_>) -> String {
    let build = Build::new().trigger_form("F").hold("W", some_days(2)).email("E").end().rules(set);
    let change = |build: Build| build.wait_until("W", some_days(4));
    enters(build).publishes("2026-01-06 09:00", change).run().mails()
}

fn ten_come_to_a_split(set: Set<'_>) -> String {
    let build = Build::new().trigger_form("F").split().called("S").email("A").exit();
    let build = build.at("S", Port::path(1)).email("B").exit().rules(set);
    let life = (1..10).fold(enters(build), |life, _| life.another().submits("2026-01-05 09:00", "F"));
    let outs = life.seed(0).run_all();
    format!("{} of 10", outs.iter().filter(|out| out.sent("A", "2026-02-01") == 1).count())
}

fn compares_text(set: Set<'_>) -> String {
    let mut build = Build::new().trigger_form("F");
    let field = build.field("Status", FieldKind::Text);
    let ask =
        Condition::Field { field: Some(field), is: FieldOperator::Equals, value: Value::text("CLIENT") };
    let life = enters(build.condition(ask).email("Yes").exit().rules(set));
    life.with_field(field, Value::text("Client").unwrap()).run().mails()
}

/// The switches are those that the window and the file know, by their names.
#[test]
fn the_rules_of_a_map_are_the_twenty_switches() {
    let text = ron::to_string(&EngineRules::default()).unwrap();
    assert_eq!(text.matches(':').count(), 20, "{text}");
}

#[test]
fn g_01_upstream_follows_a_go_to_only_if_switched() {
    for (follows, achieved) in [(false, ""), (true, "G 01-07 09:00")] {
        let mut build = Build::new().trigger_form("Main").email("E").called("E");
        let goal = Listener { who: Who::Upstream, ..build.buys("X") };
        let build = build.goal(goal).called("G").end();
        let mut build = build.trigger_form("F").wait_days(9).go_to("E");
        switch(&mut build, |rules| rules.upstream_follows_go_to = follows);
        assert_eq!(enters(build).buys("2026-01-07 09:00", "X").run().achieved(), achieved);
    }
}

#[test]
fn k_03_an_order_over_nothing_is_paid_unless_switched() {
    for (pays, achieved) in [(true, "G 01-07 09:00"), (false, "")] {
        for payment in [FirstPayment::Charged, FirstPayment::Unpaid] {
            let any = KeapPurchase { any: true, ..KeapPurchase::default() };
            let goal = Listener::goal(EventType::KeapPurchase).hearing(EventFilter::KeapPurchase(any));
            let mut build = Build::new().trigger_form("F").goal(goal).called("G").end();
            switch(&mut build, |rules| rules.zero_total_pays = pays);
            let free = |order: &mut Order| {
                order.lines[0].amount = Money::ZERO;
                order.payment = payment;
            };
            let out = enters(build).orders("2026-01-07 09:00", &["X"], free).run();
            // one that was paid all the same counts
            let achieved = if payment == FirstPayment::Charged { "G 01-07 09:00" } else { achieved };
            assert_eq!(out.achieved(), achieved, "{payment:?}");
        }
    }
}

#[test]
fn k_08_a_completed_sequence_may_be_entered_again_unless_switched() {
    let again = "E 01-05 09:00, E 01-15 09:00";
    for (reentry, sent) in [(Reentry::Allowed, again), (Reentry::Never, "E 01-05 09:00")] {
        let mut build = Build::new().trigger_form("F").email("E").called("E").wait_days(1).called("W");
        build = build.end().sequence("S", &["E", "W"]);
        switch(&mut build, |rules| rules.sequence_reentry = reentry);
        let out = enters(build).submits("2026-01-15 09:00", "F").run();
        assert_eq!(out.mails(), sent);
        assert_eq!(out.says(&What::Dropped(Fault::NoReentry)), reentry == Reentry::Never);
    }
}

#[test]
fn c_01_text_is_compared_without_case_unless_switched() {
    for (text_match, sent) in
        [(TextMatch::IgnoreCase, "Yes 01-05 09:00"), (TextMatch::Exact, "No 01-05 09:00")]
    {
        for is in [FieldOperator::Equals, FieldOperator::Contains, FieldOperator::StartsWith] {
            let mut build = Build::new();
            let field = build.field("Status", FieldKind::Text);
            let ask = Condition::Field { field: Some(field), is, value: Value::text("CLIENT") };
            build = build.trigger_form("F").condition(ask).called("C").email("Yes");
            build = build.at("C", Port::No).email("No");
            switch(&mut build, |rules| rules.text_match = text_match);
            let value = Value::text("Client");
            let life = enters(build).happens("2026-01-04 09:00", Happening::FieldUpdated { field, value });
            assert_eq!(life.run().mails(), sent, "{is:?}");
        }
    }
}

#[test]
fn g_12_a_new_purchase_goal_takes_the_plan_payments_of_its_map() {
    for (preset, expected) in [
        (Preset::Ontraport, PlanPayments::Every),
        (Preset::Keap, PlanPayments::First),
        (Preset::Maestra, PlanPayments::First),
    ] {
        let rules = EngineRules::preset(preset);
        let ElementKind::Goal(goal) = rules.start(ElementKind::Goal(Listener::goal(EventType::Purchased)))
        else {
            panic!("a goal")
        };
        let EventFilter::Purchased { plan_payments, .. } = goal.on else { panic!("a purchase") };
        assert_eq!(plan_payments, expected, "{preset:?}");
    }
}

/// K-12: what §13 says of each preset, in words of the file format.
#[test]
fn k_12_the_presets_are_those_of_the_table() {
    let keap = EngineRules::preset(Preset::Keap);
    let maestra = EngineRules::preset(Preset::Maestra);
    let common = EngineRules::preset(Preset::Ontraport);
    assert_eq!(EngineRules::default(), common);
    assert_eq!(keap.preset_of(), Some(Preset::Keap));
    assert_eq!(EngineRules { late_step_days: 3, ..keap.clone() }.preset_of(), None);
    let differ = EngineRules {
        move_clears: common.move_clears,
        plan_payments: common.plan_payments,
        branch_policy: common.branch_policy,
        field_timer_reads: common.field_timer_reads,
        late_step_days: common.late_step_days,
        ..keap
    };
    assert_eq!(differ, common);
    let differ =
        EngineRules { plan_payments: common.plan_payments, branch_policy: common.branch_policy, ..maestra };
    assert_eq!(differ, common);
    // maps of one project may each have their own
    let mut build = Build::new();
    let first = build.map;
    build.add_map("Second");
    build.run(Command::SetRules { map: build.map, rules: EngineRules::preset(Preset::Keap) });
    assert_eq!(build.project.map(first).unwrap().rules.preset_of(), Some(Preset::Ontraport));
    assert_eq!(build.map().rules.preset_of(), Some(Preset::Keap));
}
