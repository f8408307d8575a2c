//! Switches of §13 in both settings where no other test turns them, each under the rule that it belongs to.

use gateline::base::money::Money;
use gateline::base::time::{Side, Span, Unit};
use gateline::engine::log::{Fault, Refused, What};
use gateline::model::rules::{FieldTimerReads, PastRelativeDate, Reentry, TextMatch, WhilePaused};
use gateline::model::*;
use gateline::session::command::Command;

use super::{enters, switch};
use crate::build::Build;

fn date(date: &str) -> Value {
    Value::Date(date.parse().unwrap())
}

/// Trigger, two days, E.
fn two_days() -> Build {
    Build::new().trigger_form("F").wait_days(2).email("E").end()
}

#[test]
fn m_14_a_pause_keeps_time_unless_switched() {
    for (keeps_time, unpaused, sent) in [
        (true, "2026-01-06 21:00", "E 01-07 09:00"),
        (true, "2026-01-10 09:00", "E 01-10 09:00"), // overdue: leaves at once
        (false, "2026-01-06 21:00", "E 01-07 21:00"),
        (false, "2026-01-10 09:00", "E 01-11 09:00"),
    ] {
        let mut build = two_days();
        switch(&mut build, |rules| rules.pause_keeps_time = keeps_time);
        let map = build.map;
        let out = enters(build)
            .happens("2026-01-06 09:00", Happening::Paused(map))
            .happens(unpaused, Happening::Unpaused(map))
            .run();
        assert_eq!(out.mails(), sent, "{keeps_time}, until {unpaused}");
    }
}

#[test]
fn m_14_events_in_a_pause_are_missed_unless_switched() {
    for (while_paused, achieved) in [(WhilePaused::Missed, ""), (WhilePaused::Handled, "G 01-07 09:00")] {
        let mut build = Build::new().trigger_form("F").goal_buys("X").called("G").end();
        switch(&mut build, |rules| rules.events_while_paused = while_paused);
        let map = build.map;
        let out = enters(build)
            .happens("2026-01-06 09:00", Happening::Paused(map))
            .buys("2026-01-07 09:00", "X")
            .happens("2026-01-08 09:00", Happening::Unpaused(map))
            .run();
        assert_eq!(out.achieved(), achieved);
        assert_eq!(out.says(&What::Refused(Refused::Paused)), achieved.is_empty());
    }
}

#[test]
fn m_09_how_many_steps_an_instant_may_have_is_switched() {
    // the trigger, three mails and an End
    for (most, sent) in [(10_000, 3), (5, 3), (3, 2)] {
        let mut build = Build::new().trigger_form("F").email("A").email("B").email("C").end();
        switch(&mut build, |rules| rules.max_steps_per_instant = most);
        let out = enters(build).run();
        assert_eq!(out.count("sent"), sent, "{most}");
        assert_eq!(out.says(&What::Dropped(Fault::Steps)), sent < 3);
    }
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
        assert_eq!(out.says(&What::Dropped(Fault::AlreadyInSequence)), reentry == Reentry::Never);
    }
}

#[test]
fn k_10_a_field_timer_reads_its_field_on_entry_or_when_it_is_reached() {
    for (reads, sent) in [(FieldTimerReads::Entry, "E 01-19"), (FieldTimerReads::Current, "E 01-24")] {
        let mut build = Build::new();
        let field = build.field("Day", FieldKind::Date);
        let timer = Until::FieldTimer {
            field: Some(field),
            side: Side::Before,
            span: Span::new(1, Unit::Days),
            time: None,
        };
        build = build.trigger_form("F").wait_days(2).called("W").wait(timer).called("T").email("E");
        build = build.called("E").sequence("S", &["W", "T", "E"]);
        switch(&mut build, |rules| rules.field_timer_reads = reads);
        let is = |day| Happening::FieldUpdated { field, value: Some(date(day)) };
        let life = enters(build).happens("2026-01-04 09:00", is("2026-01-20"));
        let life = life.happens("2026-01-06 09:00", is("2026-01-25"));
        // it does not move once it has a due time
        let out = life.happens("2026-01-08 09:00", is("2026-01-30")).run();
        assert_eq!(out.mails(), format!("{sent} 00:00"), "{reads:?}");
    }
}

#[test]
fn w_06_a_relative_date_that_is_past() {
    use PastRelativeDate::{Hold, NextYearIfBirthday, Pass};
    let (at_once, next_year) = ("E 01-05 09:00", "E 01-02 00:00");
    for (kind, past, sent) in [
        (FieldKind::Birthday, NextYearIfBirthday, next_year),
        (FieldKind::Birthday, Pass, at_once),
        (FieldKind::Birthday, Hold, ""),
        (FieldKind::Date, NextYearIfBirthday, at_once),
        (FieldKind::Date, Pass, at_once),
        (FieldKind::Date, Hold, ""),
    ] {
        let mut build = Build::new();
        let field = build.field("Day", kind);
        let until = Until::Relative {
            field: Some(field),
            side: Side::Before,
            span: Span::new(10, Unit::Days),
            time: None,
        };
        build = build.trigger_form("F").wait(until).called("W").email("E").end();
        switch(&mut build, |rules| rules.past_relative_date = past);
        let is = |day| Happening::FieldUpdated { field, value: Some(date(day)) };
        let life = || enters(build.clone()).happens("2026-01-04 09:00", is("2026-01-12"));
        assert_eq!(life().until("2027-02-01").run().mails(), sent, "{kind:?}, {past:?}");
        // what holds is worked out again when the field changes
        if past == Hold {
            let out = life().happens("2026-02-01 09:00", is("2026-03-12")).until("2026-12-01").run();
            assert_eq!(out.mails(), "E 03-02 00:00", "{kind:?}");
        }
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

/// A project's own: when a checkout counts as left.
#[test]
fn a_checkout_is_abandoned_after_the_time_that_the_project_says() {
    for (after, achieved) in
        [(Span::new(1, Unit::Days), "G 01-07 10:00"), (Span::new(90, Unit::Minutes), "G 01-06 11:30")]
    {
        let mut build = Build::new();
        build.project.settings.abandon_after = after;
        let products = vec![build.product("X")];
        let on = EventFilter::CheckoutAbandoned { products: Choice::Any, provider: None };
        let build = build.trigger_form("F").goal_on(on).called("G").end();
        let checkout = Checkout { reference: String::new(), products, provider: Provider::PayPal };
        let start = Happening::CheckoutStarted(checkout.into());
        assert_eq!(enters(build).happens("2026-01-06 10:00", start).run().achieved(), achieved);
    }
}
