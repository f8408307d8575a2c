//! Goals (semantics §3).

use gateline::base::time::{Span, Unit};
use gateline::engine::log::What;
use gateline::model::rules::{MoveClears, PreviousWaits, SeveralGoals};
use gateline::model::{
    Action, Choice, Condition, ElementKind, EngineRules, EventFilter, EventType, FieldKind, FieldOperator,
    FirstPayment, FormOutcome, Happening, IfOnMap, Listener, OpenOrderChange, Outcome as TaskOutcome,
    PlanPayments, Port, Preset, Sms, Tag, Task, Value, Who,
};

use super::{ALL_TEN, Life, by_form, enters, map_n, some, some_days};
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
    // M-05: coming to the wait is not achieving
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
    let build = with_least_action(|goal| goal.if_on_map = IfOnMap::Add);
    let out = enters(build).buys("2026-01-24 10:00", "X").run();
    assert!(out.mails().ends_with("Welcome 01-24 10:00, E11 01-30 09:00"), "{}", out.mails());
    assert_eq!(out.rests(), "LAP End, End");
}

#[test]
fn ont_g05_ignore_changes_nothing() {
    let out = enters(map_n(|goal| goal.if_on_map = IfOnMap::Ignore)).buys("2026-01-11 15:30", "X").run();
    assert_eq!((out.mails().as_str(), out.achieved().as_str()), (ALL_TEN, ""));
}

#[test]
fn g_02_ignore_uses_nothing_up() {
    let build = Build::new().trigger_form("F").wait_days(1).exit();
    let mut build = build.goal_at_top(Listener::goal(EventType::TagAdded)).called("G").end();
    let on = EventFilter::TagAdded(Some(build.tag("X")));
    let any = |goal: &mut Listener| {
        *goal = Listener { on, who: Who::AnyContact, if_on_map: IfOnMap::Ignore, once: true, ..goal.clone() };
    };
    let out = enters(build.listen("G", any)).tag("2026-01-05 10:00", "X").tag("2026-01-07 10:00", "X").run();
    assert_eq!((out.refused().as_str(), out.achieved().as_str()), ("G ignore", "G 01-07 10:00"));
}

#[test]
fn ont_g06_and_g07_previous_waits_is_the_goals_own_wait_unless_switched() {
    let scope = |goal: &mut Listener| goal.who = Who::PreviousWaits;
    let out = enters(map_n(scope)).buys("2026-01-11 15:30", "X").run();
    assert_eq!((out.mails().as_str(), out.achieved().as_str()), (ALL_TEN, ""));
    let out = enters(map_n(scope)).buys("2026-01-24 10:00", "X").run();
    assert_eq!(out.achieved(), "G 01-24 10:00");
    // previous_waits = all_above
    let build = map_n(scope).rules(|rules| rules.previous_waits = PreviousWaits::AllAbove);
    let out = enters(build).buys("2026-01-11 15:30", "X").run();
    assert_eq!(out.mails(), FIVE);
}

#[test]
fn ont_g08_upstream_reaches_every_element_above() {
    let out = enters(map_n(|goal| goal.who = Who::Upstream)).buys("2026-01-11 15:30", "X").run();
    assert_eq!(out.mails(), FIVE);
}

#[test]
fn g_01_upstream_goes_down_by_lines_and_by_go_to_only_if_switched() {
    for (follows, achieved) in [(false, ""), (true, "G 01-06 10:00")] {
        let build = Build::new().send("Later").goal_tag("X").called("G").end();
        let build = build.trigger_form("F").wait_days(5).go_to("Later").listen("G", |goal| goal.who = Who::Upstream);
        let build = build.rules(|rules| rules.upstream_follows_go_to = follows);
        assert_eq!(enters(build).tag("2026-01-06 10:00", "X").run().achieved(), achieved);
    }
}

#[test]
fn g_01_a_trigger_takes_anyone_or_only_those_on_its_map() {
    for (who, came_in) in [(Who::AnyContact, "X 01-04 10:00, F 01-05 09:00, X 01-06 10:00"), (Who::OnMap, "F 01-05 09:00, X 01-06 10:00")]
    {
        let build = Build::new().trigger_form("F").called("F").wait_days(5).exit();
        let build = build.trigger_tag("X").called("X").exit().listen("X", |trigger| trigger.who = who);
        let out = enters(build).tag("2026-01-04 10:00", "X").tag("2026-01-06 10:00", "X").run();
        assert_eq!(out.came_in(), came_in);
    }
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
fn g_03_once_is_for_life_whatever_the_contact_and_the_map_do() {
    let build = Build::new().trigger_form("F").goal_tag("X").called("G").exit().listen("G", |goal| goal.once = true);
    let life = enters(build).tag("2026-01-06 10:00", "X").submits("2026-01-07 10:00", "F").tag("2026-01-08 10:00", "X");
    let out = life.publishes("2026-01-07 12:00", |build| build.behind("G").send("New")).run();
    assert_eq!((out.achieved().as_str(), out.refused().as_str()), ("G 01-06 10:00", "G once"));
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
fn with_least_action(goal: impl FnOnce(&mut Listener)) -> Build {
    let mut build = map_n(goal);
    build.last = build.id("G");
    build.gives_up(some_days(7)).email("E11").end().called("LAP End")
}

#[test]
fn ont_g17_the_path_of_least_action_after_seven_days() {
    let out = enters(with_least_action(|_| {})).run();
    assert!(out.mails().ends_with("E10 01-23 09:00, E11 01-30 09:00"));
    assert_eq!(out.rests(), "LAP End");
}

#[test]
fn ont_g18_and_g19_the_goal_wins_up_to_the_very_instant() {
    for at in ["2026-01-30 08:59", "2026-01-30 09:00"] {
        let out = enters(with_least_action(|_| {})).buys(at, "X").run();
        assert!(!out.mails().contains("E11") && out.mails().contains("Welcome 01-30"), "{}", out.mails());
    }
    // events_before_timers = no: at the very instant the timer wins, and the purchase finds the contact at its End
    let build = with_least_action(|_| {}).rules(|rules| rules.events_before_timers = false);
    let out = enters(build).buys("2026-01-30 09:00", "X").run();
    assert!(out.mails().ends_with("E11 01-30 09:00, Welcome 01-30 09:00"), "{}", out.mails());
}

#[test]
fn ont_g23_three_units_are_one_achievement() {
    let out = enters(map_n(|_| {})).buys_many("2026-01-11 15:30", "X", 3).run();
    assert_eq!(out.achieved(), "G 01-11 15:30");
}

#[test]
fn ont_g24_each_payment_of_a_plan_is_a_purchase_unless_only_the_first_counts() {
    let every = "G 01-11 15:30, G 02-11 15:30, G 03-11 15:30";
    for (plan_payments, achieved) in [(PlanPayments::Every, every), (PlanPayments::First, "G 01-11 15:30")] {
        let mut build = map_n(|goal| {
            if let EventFilter::Purchased { plan_payments: payments, .. } = &mut goal.on {
                *payments = plan_payments;
            }
        });
        let order = build.instalments("1", "X", 3);
        let out = enters(build).orders("2026-01-11 15:30", order).run();
        assert_eq!(out.achieved(), achieved);
        assert_eq!(out.mails().matches("Welcome").count(), achieved.split(", ").count());
    }
}

#[test]
fn g_12_a_new_goal_starts_with_what_its_map_says() {
    for (preset, payments) in [(Preset::Ontraport, PlanPayments::Every), (Preset::Keap, PlanPayments::First)] {
        let goal = ElementKind::Goal(Listener::goal(EventType::Purchased));
        let ElementKind::Goal(new) = EngineRules::preset(preset).start(goal) else { panic!("a goal") };
        assert_eq!(new.on, EventFilter::Purchased { products: Choice::Any, plan_payments: payments });
    }
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
    let set = |life: Life, at, value| life.fills(at, field.unwrap(), Value::text(value).unwrap());
    let life = set(enters(build), "2026-01-06 10:00", "Lead");
    let out = set(life, "2026-01-07 10:00", "Client").run();
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
        let build = simple(|build| {
            let email = Some(build.mail("Offer"));
            (EventFilter::EmailLinkClicked { email, link }, Condition::default())
        });
        let click = |email| Happening::EmailLinkClicked { email, link: 3 };
        let out = enters(build).does::<gateline::model::Email>("2026-01-06 10:00", "Offer", click).run();
        assert_eq!(out.achieved(), achieved, "link {link}");
    }
}

#[test]
fn ont_g30_the_answer_yes_by_sms() {
    let build = simple(|_| (EventFilter::SmsReceived, Condition::SmsContains("YES".into())));
    let sends = |life: Life, at, text: &str| life.happens(at, Happening::SmsReceived(text.into()));
    let life = sends(enters(build), "2026-01-06 10:00", "no");
    let out = sends(life, "2026-01-07 10:00", "yes please").run();
    assert_eq!(out.achieved(), "G 01-07 10:00");
}

#[test]
fn ont_g31_sibling_goals_for_the_outcomes_of_a_task() {
    let mut build = Build::new().trigger_form("F");
    let outcome = |name: &str| TaskOutcome { name: name.into(), actions: vec![] };
    let outcomes = vec![outcome("Interested"), outcome("Not interested")];
    let task = build.item::<Task>("Call", |task| task.outcomes = outcomes);
    let goal = |outcome| {
        let on = EventFilter::TaskCompleted { task: Some(task), outcomes: vec![outcome] };
        Listener { on, ..Listener::goal(EventType::TaskCompleted) }
    };
    let build = build.goal(goal(1)).called("Yes").send("Offer").end().behind("Yes");
    let build = build.or_goal(goal(2)).called("No").send("Pity").end();
    let out = enters(build).happens("2026-01-06 10:00", Happening::TaskCompleted { task, outcome: 2 }).run();
    assert_eq!((out.achieved().as_str(), out.mails().as_str()), ("No 01-06 10:00", "Pity 01-06 10:00"));
    assert_eq!(out.count("several_goals_matched"), 0);
}

#[test]
fn ont_g33_a_failed_order_form_is_no_success() {
    for (payment, achieved) in [(FirstPayment::Declined, ""), (FirstPayment::Charged, "G 01-06 10:00")] {
        let mut build = simple(|build| {
            let form = some([build.form("Order")]);
            (EventFilter::FormSubmitted { form, outcome: Some(FormOutcome::Success) }, Condition::default())
        });
        let order = build.order("1", "X");
        let mut order = by_form(&mut build, order, "Order");
        order.payment = payment;
        assert_eq!(enters(build).orders("2026-01-06 10:00", order).run().achieved(), achieved);
    }
}

#[test]
fn ont_g34_an_open_order_is_charged_from_its_second_payment_on() {
    let charged = EventFilter::OpenOrder(OpenOrderChange::Charged);
    let mut build = simple(|_| (charged, Condition::default()));
    let order = build.instalments("1", "X", 2);
    let out = enters(build).orders("2026-01-06 10:00", order).run();
    assert_eq!(out.achieved(), "G 02-06 10:00");
}

#[test]
fn ont_g35_two_maps_act_on_the_same_purchase() {
    let mut build = map_n(|_| {});
    build.add_map("Second");
    let build = build.trigger(Listener::trigger(EventType::Purchased)).email("Thanks").end();
    let out = enters(build).buys("2026-01-11 15:30", "X").run();
    assert!(out.mails().ends_with("Welcome 01-11 15:30, Thanks 01-11 15:30"), "{}", out.mails());
}

#[test]
fn ont_g36_an_action_achieves_a_goal_after_its_position_has_come_to_rest() {
    let build = Build::new().trigger_form("F").add_tag("A").called("Tag A").wait_days(1);
    let out = enters(build.goal_tag("A").called("G").email("Welcome").end()).run();
    assert_eq!(out.achieved(), "G 01-05 09:00");
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("Welcome 01-05 09:00", "End"));
    expect_test::expect_file!["ont_g36.txt"].assert_eq(&out.story());
}

#[test]
fn g_04_the_event_that_puts_a_contact_on_the_map_achieves_no_goal_there_unless_switched() {
    let life = |achieves| {
        let build = Build::new().trigger(Listener::trigger(EventType::Purchased));
        let build = build.goal(Listener::goal(EventType::Purchased)).called("G").end();
        let build = build.rules(|rules| rules.entry_event_achieves = achieves);
        Life::of(build).buys("2026-01-06 10:00", "X")
    };
    assert_eq!(life(false).run().rests(), "Wait for the goal");
    assert_eq!(life(true).run().achieved(), "G 01-06 10:00");
    // two orders at one instant are two events: the second achieves
    let two = life(false).buys("2026-01-06 10:00", "X").run();
    assert_eq!(two.achieved(), "G 01-06 10:00");
}

#[test]
fn g_04_maps_in_turn_and_on_each_triggers_before_goals_in_reading_order() {
    let mut build = Build::new().goal_tag("X").called("G1").listen("G1", |goal| goal.who = Who::AnyContact).end();
    build = build.trigger_tag("X").called("T1").exit();
    build.add_map("Second");
    let mut build = build.goal_tag("X").called("G2").listen("G2", |goal| goal.who = Who::AnyContact).end();
    build = build.trigger_tag("X").called("T2").exit();
    let out = Life::of(build).tag("2026-01-06 10:00", "X").run();
    assert_eq!(out.told("activated"), ["T1: came in", "G1: achieved", "T2: came in", "G2: achieved"]);
}

/// Two goals for X under one wait.
fn two_goals() -> Build {
    let mut build = Build::new().trigger_form("F").goal_buys("X").called("G1").email("One").end().behind("G1");
    let listener = build.buys("X");
    build.or_goal(listener).called("G2").email("Two").end()
}

#[test]
fn g_05_several_goals_are_tried_in_turn_unless_switched() {
    let run = |several| {
        let build = two_goals().rules(|rules| rules.several_goals = several);
        enters(build).buys("2026-01-06 10:00", "X").run()
    };
    let out = run(SeveralGoals::EachInOrder);
    assert_eq!(out.mails(), "One 01-06 10:00, Two 01-06 10:00");
    assert_eq!((out.rests().as_str(), out.count("several_goals_matched")), ("End", 1));
    let out = run(SeveralGoals::FirstOnly);
    assert_eq!(out.mails(), "One 01-06 10:00");
    assert_eq!((out.refused().as_str(), out.count("several_goals_matched")), ("G2 not_first", 1));
}

#[test]
fn g_05_scope_is_asked_again_for_each_goal() {
    // the first takes the contact from the wait that the second asks for
    let build = two_goals().listen("G2", |goal| goal.who = Who::PreviousWaits);
    let out = enters(build).buys("2026-01-06 10:00", "X").run();
    assert_eq!((out.mails().as_str(), out.refused().as_str()), ("One 01-06 10:00", "G2 scope"));
    assert_eq!(out.count("several_goals_matched"), 0);
}

#[test]
fn g_06_a_publication_places_those_who_match_already_only_if_asked() {
    let with_goal = |build: Build| build.goal_at_top(Listener::goal(EventType::TagAdded)).called("G").send("New").end();
    let with_goal = |build: Build| {
        let mut build = with_goal(build);
        let tag = build.tag("X");
        build.listen("G", |goal| (goal.on, goal.who) = (EventFilter::TagAdded(Some(tag)), Who::AnyContact))
    };
    let life = || enters(Build::new().trigger_form("F").end()).with_tag("X");
    assert_eq!(life().publishes("2026-01-06 10:00", with_goal).run().achieved(), "");
    let out = life().publishes_and_places("2026-01-06 10:00", with_goal).run();
    assert_eq!((out.achieved().as_str(), out.mails().as_str()), ("G 01-06 10:00", "New 01-06 10:00"));
    // what was there before is not asked again
    let again = |build: Build| build.behind("G").send("Newer");
    let out = life().publishes("2026-01-06 10:00", with_goal).publishes_and_places("2026-01-07 10:00", again).run();
    assert_eq!(out.achieved(), "");
}

#[test]
fn g_06_the_first_version_places_at_the_start_of_the_run() {
    let mut build = Build::new().trigger_tag("X").called("T").end();
    let publish = |build: &Build| gateline::session::command::Command::Publish { map: build.map, at: None, place_matching: true };
    build.run(publish(&build));
    let out = Life::of(build).tag("2026-01-05 10:00", "X").tag("2026-01-07 10:00", "Y").published("2026-01-06").run();
    assert_eq!(out.came_in(), "T 01-06 00:00");
    assert_eq!(out.log.iter().find(|line| line.entry.what == What::Activated).unwrap().entry.cause, None);
}

#[test]
fn g_09_move_clears_the_other_branch_of_a_fork_unless_switched() {
    let map = |clears| {
        let build = Build::new().trigger_form("F").fork().called("Fork").wait_days(3).email("Left").end();
        let build = build.at("Fork", Port::Right).goal_buys("X").called("G").end();
        build.rules(|rules| rules.move_clears = clears)
    };
    let out = enters(map(MoveClears::WholeMap)).buys("2026-01-06 10:00", "X").run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("", "End"));
    let out = enters(map(MoveClears::AboveGoal)).buys("2026-01-06 10:00", "X").run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("Left 01-08 09:00", "End, End"));
}

#[test]
fn g_02_move_leaves_exactly_one_position_and_who_stood_at_the_goals_wait_leaves_by_its_line() {
    let build = Build::new().trigger_form("F").called("T").fork().called("Fork").goal_tag("X").called("G").end();
    let build = build.at("Fork", Port::Right).wait_days(9).called("W").end();
    // twice on the map: two positions at the wait, two beside it
    let out = enters(build).submits("2026-01-05 10:00", "F").tag("2026-01-06 10:00", "X").run();
    assert_eq!(out.rests(), "End");
    let told = |tag| out.told(tag).into_iter().filter(|detail| detail.contains("Wait for the goal")).count();
    assert_eq!((out.count("taken"), told("taken"), out.told("left").last().unwrap().as_str()), (3, 1, "left G by \"next\""));
}

#[test]
fn k_13_a_goal_or_trigger_in_draft_does_not_listen() {
    let build = Build::new().trigger_form("F").goal_tag("X").draft().called("G").end();
    let build = build.trigger_tag("X").draft().called("T").end();
    let out = enters(build).tag("2026-01-06 10:00", "X").run();
    assert_eq!((out.achieved().as_str(), out.came_in().as_str()), ("", "Submits F 01-05 09:00"));
}

#[test]
fn g_10_defaults() {
    let (goal, trigger) = (Listener::goal(EventType::Purchased), Listener::trigger(EventType::Purchased));
    assert_eq!((goal.who, goal.if_on_map, goal.once), (Who::OnMap, IfOnMap::Move, false));
    assert_eq!((trigger.who, trigger.if_on_map, trigger.once), (Who::AnyContact, IfOnMap::Add, false));
}
