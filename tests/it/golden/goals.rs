//! Goals (semantics §3).

use gateline::model::rules::{MoveClears, PreviousWaits, SeveralGoals, TextMatch};
use gateline::model::{
    Choice, Condition, ElementKind, Email, EventFilter, EventType, FieldKind, FieldOperator, FirstPayment,
    FormOutcome, Happening, IfOnMap, Listener, OpenOrderChange, Outcome as TaskOutcome, PlanPayments, Port,
    Task, Value, Who,
};
use gateline::session::command::Command;

use super::{ALL_TEN, Life, by_form, codes, enters, map_n, monthly, some_days};
use crate::build::Build;

/// The mails of who buys between the fourth and the fifth.
const FIVE: &str = "E1 01-05 09:00, E2 01-07 09:00, E3 01-09 09:00, E4 01-11 09:00, Welcome 01-11 15:30";
const BUYS: &str = "2026-01-11 15:30";
const ACHIEVED: [&str; 3] = [FIVE, "G 01-11 15:30", "End 01-11 15:30"];
/// Who waits at the goal without achieving it.
const NOT_ACHIEVED: [&str; 3] = [ALL_TEN, "", "GW 01-23 09:00"];

#[test]
fn ont_g01_a_purchase_at_the_fourth_mail_moves_to_the_goal() {
    let out = enters(map_n(|_| {})).buys(BUYS, "X").run();
    assert_eq!(out.whole(), ACHIEVED);
    expect_test::expect_file!["ont_g01.txt"].assert_eq(&out.story());
}

#[test]
fn ont_g02_nobody_buys() {
    assert_eq!(enters(map_n(|_| {})).until("2050-01-01").run().whole(), NOT_ACHIEVED);
}

#[test]
fn ont_g03_goals_do_not_look_back() {
    let life = || enters(map_n(|_| {})).buys("2026-01-04 12:00", "X");
    assert_eq!(life().run().whole(), NOT_ACHIEVED);
    // nor to what was before the run
    assert_eq!(life().published("2026-01-05 00:00").run().whole(), NOT_ACHIEVED);
}

#[test]
fn ont_g04_add_here_again_leaves_the_others_on_their_way() {
    let out = enters(map_n(|goal| goal.if_on_map = IfOnMap::Add)).buys(BUYS, "X").run();
    let (before, after) = ALL_TEN.split_at(ALL_TEN.find(", E5").unwrap());
    let mails = format!("{before}, Welcome 01-11 15:30{after}");
    assert_eq!(out.whole(), [&mails, "G 01-11 15:30", "GW 01-23 09:00, End 01-11 15:30"]);
}

#[test]
fn g_02_add_here_again_at_the_goals_own_wait_leaves_its_time_rule_running() {
    let build = map_n(|goal| goal.if_on_map = IfOnMap::Add).behind("G").gives_up(some_days(7));
    let out = enters(build.email("E11").end()).buys("2026-01-24 10:00", "X").run();
    let mails = format!("{ALL_TEN}, Welcome 01-24 10:00, E11 01-30 09:00");
    assert_eq!(out.whole(), [&mails, "G 01-24 10:00", "End 01-30 09:00, End 01-24 10:00"]);
}

#[test]
fn ont_g05_ignore_changes_nothing() {
    let build = map_n(|goal| goal.if_on_map = IfOnMap::Ignore);
    assert!(codes(&build).contains(&"dead-goal"));
    let out = enters(build).buys(BUYS, "X").run();
    assert_eq!(out.whole(), NOT_ACHIEVED);
    assert_eq!(out.refused(), "G ignore");
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

/// Map N in which only previous waits count, by a switch the goal's own wait or all above.
fn previous_waits(which: PreviousWaits) -> Build {
    map_n(|goal| goal.who = Who::PreviousWaits).rules(|rules| rules.previous_waits = which)
}

#[test]
fn ont_g06_previous_waits_is_the_goals_own_wait_unless_switched() {
    let out = |which| enters(previous_waits(which)).buys(BUYS, "X").run();
    assert_eq!(out(PreviousWaits::Attached).whole(), NOT_ACHIEVED);
    assert_eq!(out(PreviousWaits::AllAbove).whole(), ACHIEVED);
}

#[test]
fn ont_g07_who_stands_at_the_goals_own_wait_achieves_it() {
    for which in [PreviousWaits::Attached, PreviousWaits::AllAbove] {
        let out = enters(previous_waits(which)).buys("2026-01-24 10:00", "X").run();
        let mails = format!("{ALL_TEN}, Welcome 01-24 10:00");
        assert_eq!(out.whole(), [&mails, "G 01-24 10:00", "End 01-24 10:00"]);
    }
}

#[test]
fn ont_g08_upstream_reaches_every_element_above() {
    let out = enters(map_n(|goal| goal.who = Who::Upstream)).buys(BUYS, "X").run();
    assert_eq!(out.whole(), ACHIEVED);
}

#[test]
fn g_01_a_trigger_takes_anyone_or_only_those_on_its_map() {
    for (who, came_in) in [
        (Who::AnyContact, "X 01-04 10:00, F 01-05 09:00, X 01-06 10:00"),
        (Who::OnMap, "F 01-05 09:00, X 01-06 10:00"),
    ] {
        let build = Build::new().trigger_form("F").called("F").wait_days(5).exit();
        let build = build.trigger_tag("X").called("X").exit().listen("X", |trigger| trigger.who = who);
        let out = enters(build).tag("2026-01-04 10:00", "X").tag("2026-01-06 10:00", "X").run();
        assert_eq!(out.came_in(), came_in);
    }
}

#[test]
fn ont_g11_any_contact_in_account_places_those_who_are_not_on_the_map() {
    let out = Life::of(map_n(|goal| goal.who = Who::AnyContact)).buys(BUYS, "X").run();
    assert_eq!(out.whole(), ["Welcome 01-11 15:30", "G 01-11 15:30", "End 01-11 15:30"]);
}

#[test]
fn ont_g12_any_contact_on_this_map_leaves_others_alone() {
    let out = Life::of(map_n(|_| {})).buys(BUYS, "X").run();
    assert_eq!(out.whole(), [""; 3]);
    assert_eq!(out.refused(), "G scope");
}

#[test]
fn ont_g13_once_per_contact() {
    let once = |goal: &mut Listener| goal.once = true;
    let out = enters(map_n(once)).buys(BUYS, "X").buys("2026-01-12 10:00", "X").run();
    assert_eq!(out.whole(), ACHIEVED);
    assert_eq!(out.refused(), "G once");
}

#[test]
fn g_03_once_is_for_life_whatever_the_contact_and_the_map_do() {
    let build = Build::new().trigger_form("F").goal_tag("X").called("G").exit();
    let build = build.listen("G", |goal| goal.once = true);
    let life = enters(build).tag("2026-01-06 10:00", "X").submits("2026-01-07 10:00", "F");
    let life = life.tag("2026-01-08 10:00", "X");
    let out = life.publishes("2026-01-07 12:00", |build| build.behind("G").send("New")).run();
    assert_eq!((out.achieved().as_str(), out.refused().as_str()), ("G 01-06 10:00", "G once"));
}

#[test]
fn ont_g14_a_goal_pulls_up_from_below() {
    let out = enters(map_n(|_| {})).buys(BUYS, "X").buys("2026-01-12 10:00", "X").run();
    let mails = format!("{FIVE}, Welcome 01-12 10:00");
    assert_eq!(out.whole(), [&mails, "G 01-11 15:30, G 01-12 10:00", "End 01-12 10:00"]);
}

#[test]
fn ont_g15_after_an_exit_nothing_reaches_the_contact() {
    let mut build = map_n(|_| {});
    let end = build.map().elements.values().find(|e| e.kind == ElementKind::End).unwrap().id;
    build.set(end, ElementKind::Exit);
    let out = enters(build).buys(BUYS, "X").buys("2026-01-12 10:00", "X").run();
    assert_eq!(out.whole(), [FIVE, "G 01-11 15:30", ""]);
}

#[test]
fn ont_g16_upstream_does_not_reach_below() {
    let scope = |goal: &mut Listener| goal.who = Who::Upstream;
    let out = enters(map_n(scope)).buys(BUYS, "X").buys("2026-01-12 10:00", "X").run();
    assert_eq!(out.whole(), ACHIEVED);
    assert_eq!(out.refused(), "G scope");
}

/// Map N whose goal wait gives up after seven days.
fn with_least_action() -> Build {
    map_n(|_| {}).behind("G").gives_up(some_days(7)).email("E11").end().called("LAP End")
}

#[test]
fn ont_g17_the_path_of_least_action_after_seven_days() {
    let mails = format!("{ALL_TEN}, E11 01-30 09:00");
    assert_eq!(enters(with_least_action()).run().whole(), [&mails, "", "LAP End 01-30 09:00"]);
}

#[test]
fn ont_g18_a_minute_before_the_time_is_up_the_goal_is_achieved() {
    let out = enters(with_least_action()).buys("2026-01-30 08:59", "X").run();
    let mails = format!("{ALL_TEN}, Welcome 01-30 08:59");
    assert_eq!(out.whole(), [&mails, "G 01-30 08:59", "End 01-30 08:59"]);
}

#[test]
fn ont_g19_at_the_very_instant_the_event_wins_unless_switched() {
    let out = |first| {
        let build = with_least_action().rules(|rules| rules.events_before_timers = first);
        enters(build).buys("2026-01-30 09:00", "X").run().whole()
    };
    let mails = format!("{ALL_TEN}, Welcome 01-30 09:00");
    assert_eq!(out(true), [&mails, "G 01-30 09:00", "End 01-30 09:00"]);
    // the timer wins, and the purchase finds the contact at its End, from where it is moved
    let mails = format!("{ALL_TEN}, E11 01-30 09:00, Welcome 01-30 09:00");
    assert_eq!(out(false), [&mails, "G 01-30 09:00", "End 01-30 09:00"]);
}

#[test]
fn ont_g23_three_units_are_one_achievement() {
    assert_eq!(enters(map_n(|_| {})).buys_many(BUYS, "X", 3).run().whole(), ACHIEVED);
    // so are three lines of one order
    assert_eq!(enters(map_n(|_| {})).orders(BUYS, &["X", "X", "X"], |_| {}).run().whole(), ACHIEVED);
}

/// G-12 is a setting of the goal itself, which a new one takes from the switch of its map.
#[test]
fn ont_g24_each_payment_of_a_plan_comes_in_again_unless_only_the_first_counts() {
    let pays = |which| {
        let build = map_n(|goal| {
            let EventFilter::Purchased { plan_payments, .. } = &mut goal.on else { panic!("a purchase") };
            *plan_payments = which;
        });
        enters(build).orders(BUYS, &["X"], |order| order.plan = Some(monthly(3))).run().whole()
    };
    let mails = format!("{FIVE}, Welcome 02-11 15:30, Welcome 03-11 15:30");
    let achieved = "G 01-11 15:30, G 02-11 15:30, G 03-11 15:30";
    assert_eq!(pays(PlanPayments::Every), [&mails, achieved, "End 03-11 15:30"]);
    assert_eq!(pays(PlanPayments::First), ACHIEVED);
}

/// Trigger, then a goal with this event and condition, then a mail.
fn simple(event: impl FnOnce(&mut Build) -> (EventFilter, Condition)) -> Build {
    let mut build = Build::new().trigger_form("F");
    let (on, conditions) = event(&mut build);
    let goal = Listener { on, conditions, ..Listener::goal(EventType::Purchased) };
    build.goal(goal).called("G").wait_called("GW").email("Welcome").end()
}

const WAITS: [&str; 3] = ["", "", "GW 01-05 09:00"];
const ON_THE_6TH: [&str; 3] = ["Welcome 01-06 10:00", "G 01-06 10:00", "End 01-06 10:00"];
const ON_THE_7TH: [&str; 3] = ["Welcome 01-07 10:00", "G 01-07 10:00", "End 01-07 10:00"];

#[test]
fn ont_g26_the_condition_is_asked_after_the_change() {
    let mut build = Build::new();
    let status = build.field("Status", FieldKind::Text);
    let is = FieldOperator::Equals;
    let client = Condition::Field { field: Some(status), is, value: Value::text("Client") };
    let build = simple(|_| (EventFilter::FieldUpdated(Some(status)), client));
    let life = enters(build).fills("2026-01-06 10:00", status, Value::text("Lead").unwrap());
    let out = life.fills("2026-01-07 10:00", status, Value::text("Client").unwrap()).run();
    assert_eq!(out.whole(), ON_THE_7TH);
    assert_eq!(out.refused(), "G condition");
}

#[test]
fn ont_g27_a_condition_that_becomes_true_later_does_nothing() {
    let build = || {
        simple(|build| {
            let (a, b) = (build.tag("A"), build.tag("B"));
            (EventFilter::TagAdded(Some(a)), Condition::HasTag(Some(b)))
        })
    };
    let life = enters(build()).tag("2026-01-06 10:00", "A").tag("2026-01-07 10:00", "B");
    assert_eq!(life.run().whole(), WAITS);
    // the other way round it holds when the event comes
    let life = enters(build()).tag("2026-01-06 10:00", "B").tag("2026-01-07 10:00", "A");
    assert_eq!(life.run().whole(), ON_THE_7TH);
}

/// What comes of a click on link 3 where a goal waits for one on this link.
fn clicks_link_3(link: u8) -> [String; 3] {
    let build = simple(|build| {
        (EventFilter::EmailLinkClicked { email: Some(build.mail("Offer")), link }, Condition::default())
    });
    let click = |email| Happening::EmailLinkClicked { email, link: 3 };
    enters(build).does::<Email>("2026-01-06 10:00", "Offer", click).run().whole()
}

#[test]
fn ont_g28_link_0_is_any_link() {
    assert_eq!(clicks_link_3(0), ON_THE_6TH);
}

#[test]
fn ont_g29_a_link_with_a_number_is_that_link_alone() {
    assert_eq!(clicks_link_3(2), WAITS);
    assert_eq!(clicks_link_3(3), ON_THE_6TH);
}

#[test]
fn ont_g30_the_text_of_an_sms_is_asked_for_whatever_its_case_unless_switched() {
    for (text_match, whole, refused) in [
        (TextMatch::IgnoreCase, ON_THE_7TH, "G condition"),
        (TextMatch::Exact, WAITS, "G condition, G condition"),
    ] {
        let build = simple(|_| (EventFilter::SmsReceived, Condition::SmsContains("YES".into())));
        let out = enters(build.rules(|rules| rules.text_match = text_match))
            .happens("2026-01-06 10:00", Happening::SmsReceived("no".into()))
            .happens("2026-01-07 10:00", Happening::SmsReceived("yes please".into()))
            .run();
        assert_eq!(out.whole(), whole);
        assert_eq!(out.refused(), refused);
    }
}

#[test]
fn ont_g31_goals_side_by_side_ask_for_outcomes_of_a_task() {
    for (outcome, whole) in [
        (1, ["Offer 01-06 10:00", "Interested 01-06 10:00", "End 01-06 10:00"]),
        (2, ["Farewell 01-06 10:00", "Not interested 01-06 10:00", "End 01-06 10:00"]),
    ] {
        let mut build = Build::new().trigger_form("F");
        let outcomes = ["Interested", "Not interested"];
        let outcomes = outcomes.map(|name| TaskOutcome { name: name.into(), actions: vec![] });
        let task = build.item::<Task>("Call", |task| task.outcomes = outcomes.into());
        let goal = |outcome| {
            let on = EventFilter::TaskCompleted { task: Some(task), outcomes: vec![outcome] };
            Listener { on, ..Listener::goal(EventType::TaskCompleted) }
        };
        let build = build.goal(goal(1)).called("Interested").email("Offer").end().behind("Interested");
        let build = build.or_goal(goal(2)).called("Not interested").email("Farewell").end();
        let out = enters(build).happens("2026-01-06 10:00", Happening::TaskCompleted { task, outcome }).run();
        assert_eq!(out.whole(), whole);
        assert_eq!(out.count("several_goals_matched"), 0);
    }
}

#[test]
fn ont_g33_a_failed_order_form_is_no_success() {
    let build = || {
        simple(|build| {
            let form = Choice::OneOf(vec![build.form("Order")]);
            (EventFilter::FormSubmitted { form, outcome: Some(FormOutcome::Success) }, Condition::default())
        })
    };
    // told as such, and by an order whose payment failed
    for (outcome, payment, whole) in [
        (FormOutcome::Failure, FirstPayment::Declined, WAITS),
        (FormOutcome::Success, FirstPayment::Charged, ON_THE_6TH),
    ] {
        let mut told = build();
        let form = told.form("Order");
        let sent = Happening::FormSubmitted { form, outcome };
        assert_eq!(enters(told).happens("2026-01-06 10:00", sent).run().whole(), whole);
        let mut ordered = build();
        let mut order = ordered.order("1", "X");
        order.payment = payment;
        let order = by_form(&mut ordered, order, "Order");
        assert_eq!(enters(ordered).order("2026-01-06 10:00", order).run().whole(), whole);
    }
}

#[test]
fn ont_g34_an_open_order_is_charged_from_its_second_payment_on() {
    let build = || simple(|_| (EventFilter::OpenOrder(OpenOrderChange::Charged), Condition::default()));
    let plan = |payments| {
        enters(build()).orders("2026-01-06 10:00", &["X"], |order| order.plan = Some(monthly(payments)))
    };
    let second = ["Welcome 02-06 10:00", "G 02-06 10:00", "End 02-06 10:00"];
    assert_eq!(plan(3).until("2026-02-01").run().whole(), WAITS);
    assert_eq!(plan(2).run().whole(), second);
    // the third comes in again
    assert_eq!(plan(3).run().achieved(), "G 02-06 10:00, G 03-06 10:00");
}

#[test]
fn ont_g35_two_maps_act_on_the_same_purchase() {
    let build = || {
        let mut build = map_n(|_| {});
        build.add_map("Second");
        build.trigger(Listener::trigger(EventType::Purchased)).email("Thanks").end().called("Thanked")
    };
    let out = enters(build()).buys(BUYS, "X").run();
    let mails = format!("{FIVE}, Thanks 01-11 15:30");
    assert_eq!(out.whole(), [&mails, "G 01-11 15:30", "End 01-11 15:30, Thanked 01-11 15:30"]);
    // each by itself: who is not on the first map is on the second
    let out = Life::of(build()).buys(BUYS, "X").run();
    assert_eq!(out.whole(), ["Thanks 01-11 15:30", "", "Thanked 01-11 15:30"]);
}

#[test]
fn ont_g36_an_action_achieves_a_goal_after_its_position_has_come_to_rest() {
    let build = Build::new().trigger_form("F").add_tag("A").called("Tag A").wait_days(1);
    let out = enters(build.goal_tag("A").called("G").email("Welcome").end()).run();
    assert_eq!(out.whole(), ["Welcome 01-05 09:00", "G 01-05 09:00", "End 01-05 09:00"]);
    expect_test::expect_file!["ont_g36.txt"].assert_eq(&out.story());
}

#[test]
fn g_04_the_event_that_puts_a_contact_on_the_map_achieves_no_goal_there_unless_switched() {
    let life = |achieves| {
        let build = Build::new().trigger(Listener::trigger(EventType::Purchased));
        let build = build.goal(Listener::goal(EventType::Purchased)).called("G").wait_called("GW").end();
        let build = build.rules(|rules| rules.entry_event_achieves = achieves);
        Life::of(build).buys("2026-01-06 10:00", "X")
    };
    assert_eq!(life(false).run().whole(), ["", "", "GW 01-06 10:00"]);
    assert_eq!(life(false).run().refused(), "G entry_event");
    assert_eq!(life(true).run().whole(), ["", "G 01-06 10:00", "End 01-06 10:00"]);
    // two orders at one instant are two events: the second comes in again and achieves
    let two = life(false).buys("2026-01-06 10:00", "X").run();
    assert_eq!((two.achieved().as_str(), two.count("activated")), ("G 01-06 10:00", 3));
}

/// Each part of an order is an event of its own.
#[test]
fn g_04_the_form_of_an_order_brings_in_and_its_purchase_achieves() {
    let mut build = Build::new().trigger_form("Shop").send("E").goal_buys("X").called("G").end();
    let order = build.order("1", "X");
    let order = by_form(&mut build, order, "Shop");
    let out = Life::of(build).order("2026-01-06 10:00", order).run();
    assert_eq!(out.whole(), ["E 01-06 10:00", "G 01-06 10:00", "End 01-06 10:00"]);
}

#[test]
fn g_04_maps_in_turn_and_on_each_triggers_before_goals_in_reading_order() {
    let any = |goal: &mut Listener| goal.who = Who::AnyContact;
    let mut build = Build::new().goal_tag("X").called("G1").listen("G1", any).end();
    build = build.trigger_tag("X").called("T1").exit();
    build.add_map("Second");
    let mut build = build.goal_tag("X").called("G2").listen("G2", any).end();
    build = build.trigger_tag("X").called("T2").exit();
    let out = Life::of(build).tag("2026-01-06 10:00", "X").run();
    assert_eq!(out.told("activated"), ["T1: came in", "G1: achieved", "T2: came in", "G2: achieved"]);
}

/// Two goals for X under one wait.
fn two_goals() -> Build {
    let mut build = Build::new().trigger_form("F").goal_buys("X").called("G1").email("One").end();
    let listener = build.buys("X");
    build.behind("G1").or_goal(listener).called("G2").email("Two").end()
}

#[test]
fn g_05_several_goals_are_tried_in_turn_unless_switched() {
    let run = |several| {
        let build = two_goals().rules(|rules| rules.several_goals = several);
        enters(build).buys("2026-01-06 10:00", "X").run()
    };
    let out = run(SeveralGoals::EachInOrder);
    let mails = "One 01-06 10:00, Two 01-06 10:00";
    assert_eq!(out.whole(), [mails, "G1 01-06 10:00, G2 01-06 10:00", "End 01-06 10:00"]);
    assert_eq!(out.count("several_goals_matched"), 1);
    let out = run(SeveralGoals::FirstOnly);
    assert_eq!(out.whole(), ["One 01-06 10:00", "G1 01-06 10:00", "End 01-06 10:00"]);
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
    let with_goal = |build: Build| {
        let mut build = build.goal_at_top(Listener::goal(EventType::TagAdded)).called("G").send("New").end();
        let on = EventFilter::TagAdded(Some(build.tag("X")));
        build.listen("G", |goal| (goal.on, goal.who) = (on, Who::AnyContact))
    };
    let life = || enters(Build::new().trigger_form("F").end()).with_tag("X");
    assert_eq!(life().publishes("2026-01-06 10:00", with_goal).run().achieved(), "");
    let out = life().publishes_and_places("2026-01-06 10:00", with_goal).run();
    assert_eq!(out.whole(), ["New 01-06 10:00", "G 01-06 10:00", "End 01-06 10:00"]);
    // what was there before is not asked again
    let life = life().publishes("2026-01-06 10:00", with_goal);
    let out = life.publishes_and_places("2026-01-07 10:00", |build| build.behind("G").send("Newer")).run();
    assert_eq!(out.achieved(), "");
}

#[test]
fn g_06_the_first_version_places_at_the_start_of_the_run() {
    let mut build = Build::new().trigger_tag("X").called("T").end();
    build.run(Command::Publish { map: build.map, at: None, place_matching: true });
    let life = Life::of(build).tag("2026-01-05 10:00", "X").tag("2026-01-07 10:00", "Y");
    assert_eq!(life.published("2026-01-06").run().came_in(), "T 01-06 00:00");
}

#[test]
fn g_09_move_clears_the_other_branch_of_a_fork_unless_switched() {
    let whole = |clears| {
        let build = Build::new().trigger_form("F").fork().called("Fork").wait_days(3).email("Left").end();
        let build = build.called("Left End").at("Fork", Port::Right).goal_buys("X").called("G").end();
        let build = build.rules(|rules| rules.move_clears = clears);
        enters(build).buys("2026-01-06 10:00", "X").run().whole()
    };
    assert_eq!(whole(MoveClears::WholeMap), ["", "G 01-06 10:00", "End 01-06 10:00"]);
    let both = "Left End 01-08 09:00, End 01-06 10:00";
    assert_eq!(whole(MoveClears::AboveGoal), ["Left 01-08 09:00", "G 01-06 10:00", both]);
}

#[test]
fn g_02_move_leaves_one_position_and_who_stood_at_the_goals_wait_leaves_by_its_line() {
    let build = Build::new().trigger_form("F").fork().called("Fork").goal_tag("X").called("G").end();
    let build = build.at("Fork", Port::Right).wait_days(9).called("W").end();
    // twice on the map: two positions at the wait, two beside it
    let out = enters(build).submits("2026-01-05 10:00", "F").tag("2026-01-06 10:00", "X").run();
    assert_eq!(out.stands(), "End 01-06 10:00");
    let at_wait = out.told("taken").iter().filter(|told| told.contains("Wait for the goal")).count();
    assert_eq!((out.count("taken"), at_wait), (3, 1));
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
