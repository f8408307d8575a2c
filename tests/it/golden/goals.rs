//! Goals (semantics §3).

use gateline::base::time::{Span, Unit};
use gateline::model::catalogue::Shelved;
use gateline::model::rules::PreviousWaits;
use gateline::model::{
    Choice, Condition, ElementKind, EventFilter, EventType, FieldKind, FieldOperator, FormOutcome, Happening,
    IfOnMap, Listener, OpenOrderChange, Order, Outcome, PaymentPlan, PlanKind, PlanPayments, Port, Task,
    Until, Value, Who,
};
use gateline::session::command::{Command, Spot};

use super::{ALL_TEN, Life, enters, map_n, switch};
use crate::build::Build;

const FIVE: &str = "E1 01-05 09:00, E2 01-07 09:00, E3 01-09 09:00, E4 01-11 09:00, Welcome 01-11 15:30";

#[test]
fn ont_g01_a_purchase_at_the_fourth_mail_moves_to_the_goal() {
    let out = enters(map_n(|_| {})).buys("2026-01-11 15:30", "X").run();
    assert_eq!(out.mails(), FIVE);
    assert_eq!(out.achieved(), "G 01-11 15:30");
    assert_eq!(out.rests(), "End");
    expect_test::expect_file!["ont_g01.txt"].assert_eq(&out.story());
}

#[test]
fn ont_g02_nobody_buys() {
    let out = enters(map_n(|_| {})).run();
    assert_eq!((out.mails().as_str(), out.achieved().as_str()), (ALL_TEN, ""));
    assert_eq!(out.rests(), "Wait for the goal");
}

#[test]
fn ont_g03_goals_do_not_look_back() {
    let out = enters(map_n(|_| {})).buys("2026-01-04 12:00", "X").run();
    assert_eq!((out.mails().as_str(), out.achieved().as_str()), (ALL_TEN, ""));
}

#[test]
fn ont_g04_add_here_again_leaves_the_others_on_their_way() {
    let out = enters(map_n(|goal| goal.if_on_map = IfOnMap::Add)).buys("2026-01-11 15:30", "X").run();
    let mails = out.mails();
    assert_eq!(mails.split(", ").count(), 11);
    assert!(mails.contains("Welcome 01-11 15:30, E5 01-13 09:00") && mails.ends_with("E10 01-23 09:00"));
    assert_eq!(out.rests(), "Wait for the goal, End");
}

#[test]
fn g_02_add_here_again_at_the_goals_own_wait_leaves_its_time_rule_running() {
    let mut build = map_n(|goal| goal.if_on_map = IfOnMap::Add);
    let wait = build.map().wait_of(build.id("G")).unwrap();
    let ElementKind::Wait(mut settings) = build.kind(wait).clone() else { panic!("a wait") };
    settings.until = Until::TimePasses(Span::new(7, Unit::Days));
    build.set(wait, ElementKind::Wait(settings));
    build.last = wait;
    build.port = Port::Timeout;
    let build = build.email("E11").end();
    let out = enters(build).buys("2026-01-24 10:00", "X").run();
    assert!(out.mails().ends_with("Welcome 01-24 10:00, E11 01-30 09:00"), "{}", out.mails());
    assert_eq!(out.rests(), "End, End");
}

#[test]
fn ont_g05_ignore_changes_nothing() {
    let out = enters(map_n(|goal| goal.if_on_map = IfOnMap::Ignore)).buys("2026-01-11 15:30", "X").run();
    assert_eq!((out.mails().as_str(), out.achieved().as_str()), (ALL_TEN, ""));
}

#[test]
fn ont_g06_and_g07_previous_waits_is_the_goals_own_wait_unless_switched() {
    let scope = |goal: &mut Listener| goal.who = Who::PreviousWaits;
    let out = enters(map_n(scope)).buys("2026-01-11 15:30", "X").run();
    assert_eq!((out.mails().as_str(), out.achieved().as_str()), (ALL_TEN, ""));
    let out = enters(map_n(scope)).buys("2026-01-24 10:00", "X").run();
    assert_eq!(out.achieved(), "G 01-24 10:00");
    // previous_waits = all_above
    let mut build = map_n(scope);
    switch(&mut build, |rules| rules.previous_waits = PreviousWaits::AllAbove);
    let out = enters(build).buys("2026-01-11 15:30", "X").run();
    assert_eq!(out.mails(), FIVE);
}

#[test]
fn ont_g08_upstream_reaches_every_element_above() {
    let out = enters(map_n(|goal| goal.who = Who::Upstream)).buys("2026-01-11 15:30", "X").run();
    assert_eq!(out.mails(), FIVE);
}

#[test]
fn ont_g11_any_contact_in_account_places_those_who_are_not_on_the_map() {
    let out = Life::of(map_n(|goal| goal.who = Who::AnyContact)).buys("2026-01-11 15:30", "X").run();
    assert_eq!(out.mails(), "Welcome 01-11 15:30");
    assert_eq!(out.rests(), "End");
}

#[test]
fn ont_g12_any_contact_on_this_map_leaves_others_alone() {
    let out = Life::of(map_n(|_| {})).buys("2026-01-11 15:30", "X").run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("", ""));
}

#[test]
fn ont_g13_once_per_contact() {
    let once = |goal: &mut Listener| goal.once = true;
    let out = enters(map_n(once)).buys("2026-01-11 15:30", "X").buys("2026-01-12 10:00", "X").run();
    assert_eq!(out.achieved(), "G 01-11 15:30");
}

#[test]
fn ont_g14_a_goal_pulls_up_from_below() {
    let out = enters(map_n(|_| {})).buys("2026-01-11 15:30", "X").buys("2026-01-12 10:00", "X").run();
    assert_eq!(out.achieved(), "G 01-11 15:30, G 01-12 10:00");
    assert!(out.mails().ends_with("Welcome 01-11 15:30, Welcome 01-12 10:00"));
    assert_eq!(out.rests(), "End");
}

#[test]
fn ont_g15_after_an_exit_nothing_reaches_the_contact() {
    let mut build = map_n(|_| {});
    let end = build.map().elements.values().find(|e| e.kind == ElementKind::End).unwrap().id;
    build.set(end, ElementKind::Exit);
    let out = enters(build).buys("2026-01-11 15:30", "X").buys("2026-01-12 10:00", "X").run();
    assert_eq!(out.achieved(), "G 01-11 15:30");
    assert_eq!(out.rests(), "");
}

#[test]
fn ont_g16_upstream_does_not_reach_below() {
    let scope = |goal: &mut Listener| goal.who = Who::Upstream;
    let out = enters(map_n(scope)).buys("2026-01-11 15:30", "X").buys("2026-01-12 10:00", "X").run();
    assert_eq!(out.achieved(), "G 01-11 15:30");
}

/// Map N whose goal wait gives up after seven days.
fn with_least_action() -> Build {
    let mut build = map_n(|_| {});
    let wait = build.map().wait_of(build.id("G")).unwrap();
    let ElementKind::Wait(mut settings) = build.kind(wait).clone() else { panic!("a wait") };
    settings.until = Until::TimePasses(Span::new(7, Unit::Days));
    build.set(wait, ElementKind::Wait(settings));
    build.last = wait;
    build.port = Port::Timeout;
    build.email("E11").end().called("LAP End")
}

#[test]
fn ont_g17_the_path_of_least_action_after_seven_days() {
    let out = enters(with_least_action()).run();
    assert!(out.mails().ends_with("E10 01-23 09:00, E11 01-30 09:00"));
    assert_eq!(out.rests(), "LAP End");
}

#[test]
fn ont_g18_and_g19_the_goal_wins_up_to_the_very_instant() {
    for at in ["2026-01-30 08:59", "2026-01-30 09:00"] {
        let out = enters(with_least_action()).buys(at, "X").run();
        assert!(!out.mails().contains("E11") && out.mails().contains("Welcome 01-30"), "{}", out.mails());
    }
    // events_before_timers = no: at the very instant the timer wins, and the purchase finds the contact at its End
    let mut build = with_least_action();
    switch(&mut build, |rules| rules.events_before_timers = false);
    let out = enters(build).buys("2026-01-30 09:00", "X").run();
    assert!(out.mails().ends_with("E11 01-30 09:00, Welcome 01-30 09:00"), "{}", out.mails());
}

#[test]
fn ont_g23_three_units_are_one_achievement() {
    let out = enters(map_n(|_| {})).buys_many("2026-01-11 15:30", "X", 3).run();
    assert_eq!(out.achieved(), "G 01-11 15:30");
}

/// G-12 is a setting of the goal itself: *first payment only* is one achievement.
#[test]
fn ont_g24_each_payment_of_a_plan_comes_in_again() {
    for (plan_payments, welcomes) in [
        (PlanPayments::Every, "Welcome 01-11 15:30, Welcome 02-11 15:30, Welcome 03-11 15:30"),
        (PlanPayments::First, "Welcome 01-11 15:30"),
    ] {
        let build = map_n(|goal| {
            let EventFilter::Purchased { plan_payments: which, .. } = &mut goal.on else {
                panic!("a purchase")
            };
            *which = plan_payments;
        });
        let out = enters(build).orders("2026-01-11 15:30", &["X"], in_three).run();
        assert!(out.mails().ends_with(&format!("E4 01-11 09:00, {welcomes}")), "{}", out.mails());
        assert_eq!(out.rests(), "End");
    }
}

/// Three payments, a month from one to the next.
fn in_three(order: &mut Order) {
    order.plan = Some(PaymentPlan {
        kind: PlanKind::Payments,
        payments: Some(3),
        every: Some(Span::new(1, Unit::Months)),
        declined: vec![],
    });
}

/// Trigger, then a goal with this event and condition.
fn simple(event: impl FnOnce(&mut Build) -> (EventFilter, Condition)) -> Build {
    let mut build = Build::new().trigger_form("F");
    let (on, conditions) = event(&mut build);
    let goal = Listener { on, conditions, ..Listener::goal(EventType::Purchased) };
    build.goal(goal).called("G").end()
}

#[test]
fn ont_g26_the_condition_is_asked_after_the_change() {
    let mut field = None;
    let build = simple(|build| {
        let status = build.field("Status", FieldKind::Text);
        field = Some(status);
        let client =
            Condition::Field { field: Some(status), is: FieldOperator::Equals, value: Value::text("Client") };
        (EventFilter::FieldUpdated(Some(status)), client)
    });
    let set = |value: &str| Happening::FieldUpdated { field: field.unwrap(), value: Value::text(value) };
    let out = enters(build)
        .happens("2026-01-06 10:00", set("Lead"))
        .happens("2026-01-07 10:00", set("Client"))
        .run();
    assert_eq!(out.achieved(), "G 01-07 10:00");
}

#[test]
fn ont_g27_a_condition_that_becomes_true_later_does_nothing() {
    let build = simple(|build| {
        let (a, b) = (build.tag("A"), build.tag("B"));
        (EventFilter::TagAdded(Some(a)), Condition::HasTag(Some(b)))
    });
    let out = enters(build).tag("2026-01-06 10:00", "A").tag("2026-01-07 10:00", "B").run();
    assert_eq!(out.achieved(), "");
}

#[test]
fn ont_g28_and_g29_link_0_is_any_link() {
    for (link, achieved) in [(0, "G 01-06 10:00"), (2, ""), (3, "G 01-06 10:00")] {
        let mut mail = None;
        let build = simple(|build| {
            let email = build.mail("Offer");
            mail = Some(email);
            (EventFilter::EmailLinkClicked { email: Some(email), link }, Condition::default())
        });
        let click = Happening::EmailLinkClicked { email: mail.unwrap(), link: 3 };
        assert_eq!(
            enters(build).happens("2026-01-06 10:00", click).run().achieved(),
            achieved,
            "link {link}"
        );
    }
}

#[test]
fn ont_g30_the_text_of_an_sms_is_asked_for_whatever_its_case() {
    let build = simple(|_| (EventFilter::SmsReceived, Condition::SmsContains("YES".into())));
    let out = enters(build)
        .happens("2026-01-06 10:00", Happening::SmsReceived("no".into()))
        .happens("2026-01-07 10:00", Happening::SmsReceived("yes please".into()))
        .run();
    assert_eq!(out.achieved(), "G 01-07 10:00");
}

#[test]
fn ont_g31_goals_side_by_side_ask_for_outcomes_of_a_task() {
    let mut build = Build::new().trigger_form("F");
    let id = build.thing::<Task>("Call");
    let outcomes = ["Interested", "Not interested"];
    let outcomes = outcomes.map(|name| Outcome { name: name.into(), actions: vec![] }).into();
    build.run(Command::PutItem(Task { outcomes, ..Task::new(id, "Call") }.into()));
    let on = |outcome| EventFilter::TaskCompleted { task: Some(id), outcomes: vec![outcome] };
    let mut build = build.goal_on(on(1)).called("Interested").email("Offer").end();
    let wait = build.map().wait_of(build.id("Interested")).unwrap();
    let second = Listener { on: on(2), ..Listener::goal(EventType::TaskCompleted) };
    build.last = build.insert(ElementKind::Goal(second), Spot::UnderWait(wait));
    build.port = Port::Next;
    let build = build.called("Not interested").email("Farewell").end();
    let done = Happening::TaskCompleted { task: id, outcome: 2 };
    let out = enters(build).happens("2026-01-06 10:00", done).run();
    assert_eq!(out.achieved(), "Not interested 01-06 10:00");
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("Farewell 01-06 10:00", "End"));
}

#[test]
fn ont_g34_an_open_order_is_charged_from_its_second_payment_on() {
    let build = simple(|_| (EventFilter::OpenOrder(OpenOrderChange::Charged), Condition::default()));
    let out = enters(build).orders("2026-01-06 10:00", &["X"], in_three).run();
    assert_eq!(out.achieved(), "G 02-06 10:00, G 03-06 10:00");
}

#[test]
fn ont_g33_a_failed_order_form_is_no_success() {
    for (outcome, achieved) in [(FormOutcome::Failure, ""), (FormOutcome::Success, "G 01-06 10:00")] {
        let mut form = None;
        let build = simple(|build| {
            let order = build.form("Order");
            form = Some(order);
            let form = Choice::OneOf(vec![order]);
            (EventFilter::FormSubmitted { form, outcome: Some(FormOutcome::Success) }, Condition::default())
        });
        let sent = Happening::FormSubmitted { form: form.unwrap(), outcome };
        assert_eq!(enters(build).happens("2026-01-06 10:00", sent).run().achieved(), achieved);
    }
}

#[test]
fn ont_g35_two_maps_act_on_the_same_purchase() {
    let mut build = map_n(|_| {});
    build.add_map("Second");
    let on = EventFilter::blank(EventType::Purchased);
    let build =
        build.trigger(Listener { on, ..Listener::trigger(EventType::Purchased) }).email("Thanks").end();
    let out = enters(build).buys("2026-01-11 15:30", "X").run();
    assert!(out.mails().ends_with("Welcome 01-11 15:30, Thanks 01-11 15:30"), "{}", out.mails());
}

#[test]
fn ont_g36_an_action_achieves_a_goal_after_its_position_has_come_to_rest() {
    let mut build = Build::new().trigger_form("F").add_tag("A").called("Tag A");
    let tag = build.tag("A");
    let on = EventFilter::TagAdded(Some(tag));
    let build = build
        .wait_days(1)
        .goal(Listener { on, ..Listener::goal(EventType::TagAdded) })
        .called("G")
        .email("Welcome")
        .end();
    let out = enters(build).run();
    assert_eq!(out.achieved(), "G 01-05 09:00");
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("Welcome 01-05 09:00", "End"));
    expect_test::expect_file!["ont_g36.txt"].assert_eq(&out.story());
}

#[test]
fn g_04_the_event_that_puts_a_contact_on_the_map_achieves_no_goal_there_unless_switched() {
    let map = |achieves| {
        let on = EventFilter::blank(EventType::Purchased);
        let mut build = Build::new()
            .trigger(Listener { on: on.clone(), ..Listener::trigger(EventType::Purchased) })
            .goal(Listener { on, ..Listener::goal(EventType::Purchased) })
            .called("G")
            .end();
        switch(&mut build, |rules| rules.entry_event_achieves = achieves);
        build
    };
    let life = |achieves| Life::of(map(achieves)).buys("2026-01-06 10:00", "X");
    assert_eq!(life(false).run().rests(), "Wait for the goal");
    assert_eq!(life(true).run().achieved(), "G 01-06 10:00");
    // two orders at one instant are two events: the second achieves
    let two = life(false).buys("2026-01-06 10:00", "X").run();
    assert_eq!(two.achieved(), "G 01-06 10:00");
}

#[test]
fn g_05_several_goals_are_tried_in_turn_unless_switched() {
    use gateline::model::rules::SeveralGoals;
    let map = |several| {
        let mut build = Build::new().trigger_form("F").goal_buys("X").called("G1").email("One").end();
        let wait = build.map().wait_of(build.id("G1")).unwrap();
        let listener = build.buys("X");
        let second = build.insert(ElementKind::Goal(listener), Spot::UnderWait(wait));
        build.last = second;
        build.port = Port::Next;
        let mut build = build.called("G2").email("Two").end();
        switch(&mut build, |rules| rules.several_goals = several);
        build
    };
    let out = enters(map(SeveralGoals::EachInOrder)).buys("2026-01-06 10:00", "X").run();
    assert_eq!(out.mails(), "One 01-06 10:00, Two 01-06 10:00");
    assert_eq!((out.rests().as_str(), out.count("several_goals_matched")), ("End", 1));
    let out = enters(map(SeveralGoals::FirstOnly)).buys("2026-01-06 10:00", "X").run();
    assert_eq!(out.mails(), "One 01-06 10:00");
}

#[test]
fn g_09_move_clears_the_other_branch_of_a_fork_unless_switched() {
    use gateline::model::rules::MoveClears;
    let map = |clears| {
        let mut build = Build::new().trigger_form("F").fork().called("Fork").wait_days(3).email("Left").end();
        build = build.at("Fork", Port::Right).goal_buys("X").called("G").end();
        switch(&mut build, |rules| rules.move_clears = clears);
        build
    };
    let out = enters(map(MoveClears::WholeMap)).buys("2026-01-06 10:00", "X").run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("", "End"));
    let out = enters(map(MoveClears::AboveGoal)).buys("2026-01-06 10:00", "X").run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("Left 01-08 09:00", "End, End"));
}

#[test]
fn ont_s09_added_by_hand_a_go_to_leads_into_the_middle() {
    let mut build = map_n(|_| {});
    build.last = build.added();
    build.port = Port::Next;
    let build = build.go_to("W3");
    let map = build.map;
    let out = Life::of(build).happens("2026-01-05 09:00", Happening::AddedToAutomation(map)).run();
    assert!(out.mails().starts_with("E4 01-07 09:00, E5 01-09 09:00"), "{}", out.mails());
}

#[test]
fn g_10_defaults() {
    let (goal, trigger) = (Listener::goal(EventType::Purchased), Listener::trigger(EventType::Purchased));
    assert_eq!((goal.who, goal.if_on_map, goal.once), (Who::OnMap, IfOnMap::Move, false));
    assert_eq!((trigger.who, trigger.if_on_map, trigger.once), (Who::AnyContact, IfOnMap::Add, false));
}
