//! Sequences and what leads into them (K-06 to K-08, K-12, K-13).

use gateline::engine::Totals;
use gateline::engine::plan::NodeIx;
use gateline::model::rules::{MoveClears, Reentry};
use gateline::model::{EngineRules, EventType, Happening, IfOnMap, Listener, Port, Preset, Until, Who};

use super::{Life, Outcome, date, enters, some_days};
use crate::build::Build;

/// A map by Keap's rules that is entered by the form F.
fn keap() -> Build {
    Build::new().rules(|rules| *rules = EngineRules::preset(Preset::Keap)).trigger_form("F").called("T")
}

/// Steps with these mails, three days between them.
fn steps(build: Build, sequence: &str, first: &str, second: &str) -> Build {
    let wait = format!("between {first} and {second}");
    let build = build.send(first).hold(&wait, some_days(3)).send(second);
    build.sequence(sequence, &[first, &wait, second]).behind(second)
}

#[test]
fn k_06_sequences_that_are_not_above_the_goal_run_on() {
    let build = steps(keap().fork().called("Fork"), "Left", "L1", "L2").at("Fork", Port::Right);
    let build = steps(build, "Right", "R1", "R2").goal_tag("X").called("G").end();
    let out = enters(build).tag("2026-01-06 12:00", "X").run();
    assert_eq!(out.mails(), "L1 01-05 09:00, R1 01-05 09:00, L2 01-08 09:00");
    assert!(out.phases().contains("Right stopped 01-06 12:00, Left done 01-08 09:00"), "{}", out.phases());
}

#[test]
fn k_06_a_goal_pulls_up_whoever_it_finds_in_a_sequence_below_it() {
    let build = Build::new().goal_tag("X").called("G").listen("G", |goal| goal.who = Who::AnyContact);
    let build = steps(build.behind("G"), "S", "E1", "E2").runs_until_completed("S").send("E3").end();
    let life = Life::of(build).published("2026-01-01").tag("2026-01-05 09:00", "X");
    let life = life.untag("2026-01-06 08:00", "X").tag("2026-01-06 09:00", "X");
    let out = life.run();
    assert_eq!(out.mails(), "E1 01-05 09:00, E1 01-06 09:00, E2 01-09 09:00, E3 01-09 09:00");
    assert_eq!(
        out.phases(),
        "S started 01-05 09:00, S stopped 01-06 09:00, S started 01-06 09:00, S completed 01-09 09:00"
    );
}

#[test]
fn k_05_a_goal_stops_the_sequence_that_leads_to_it_by_a_go_to_where_those_count() {
    let mails = |follows| {
        let build = Build::new().rules(|rules| {
            *rules = EngineRules::preset(Preset::Keap);
            rules.upstream_follows_go_to = follows;
        });
        let build = build.trigger_form("Other").goal_tag("X").called("G").wait_called("GW");
        let build = build.send("Bought").end().trigger_form("F").hold("D", some_days(3)).send("E1");
        let build = build.sequence("S", &["D", "E1"]).behind("E1").go_to("GW");
        enters(build).tag("2026-01-06 09:00", "X").run().mails()
    };
    assert_eq!(mails(true), "Bought 01-06 09:00");
    assert_eq!(mails(false), "Bought 01-06 09:00, E1 01-08 09:00");
}

#[test]
fn k_06_a_trigger_that_moves_spares_no_sequence() {
    let build = keap().listen("T", |trigger| trigger.if_on_map = IfOnMap::Move).behind("T");
    let build = steps(build, "S", "E1", "E2").runs_until_completed("S");
    let out = enters(build).submits("2026-01-06 09:00", "F").run();
    assert_eq!(
        out.phases(),
        "S started 01-05 09:00, S stopped 01-06 09:00, S started 01-06 09:00, S done 01-09 09:00"
    );
}

#[test]
fn k_06_the_one_that_is_spared_achieves_nothing_more() {
    let build = steps(keap(), "S", "E1", "E2").runs_until_completed("S");
    let build = build.goal_tag("X").called("G").wait_called("GW").end().called("End");
    let life = enters(build).tag("2026-01-06 09:00", "X").untag("2026-01-06 10:00", "X");
    let out = life.run();
    assert_eq!(
        out.whole(),
        ["E1 01-05 09:00, E2 01-08 09:00", "G 01-06 09:00", "E2 01-08 09:00, End 01-06 09:00"]
    );
    assert_eq!(out.states("S", "2026-01-09"), [0, 0, 1]);
    // whatever would move it finds only the other position
    let build = steps(keap(), "S", "E1", "E2").runs_until_completed("S");
    let build = build.goal_tag("X").called("G").listen("G", |goal| goal.who = Who::Upstream).exit();
    let out = enters(build).tag("2026-01-06 09:00", "X").tag("2026-01-07 09:00", "X").run();
    assert_eq!((out.achieved().as_str(), out.near_misses("G")), ("G 01-06 09:00", vec![None, Some(11)]));
    assert_eq!(out.stands(), "E2 01-08 09:00");
}

#[test]
fn k_07_what_follows_the_last_step_decides_about_the_state() {
    let phases = |build: Build, live: fn(Life) -> Life| live(enters(build)).run().phases();
    let step = || keap().send("E").sequence("S", &["E"]).behind("E");
    // nothing below; anything but the wait of a goal
    assert_eq!(phases(step(), |life| life), "S started 01-05 09:00, S done 01-05 09:00");
    assert_eq!(phases(step().end(), |life| life), "S started 01-05 09:00, S completed 01-05 09:00");
    // M-10: it is no open end
    assert_eq!(enters(step()).run().told("rested"), ["rests at E: its sequence is done"]);
    // the queue ends with the goal, by the path of least action, or with the place
    let goal = || step().goal_tag("X").called("G").end().behind("G");
    let queued = |end: &str| format!("S started 01-05 09:00, S queued 01-05 09:00, S {end}");
    assert_eq!(phases(goal(), |life| life.tag("2026-01-06 10:00", "X")), queued("completed 01-06 10:00"));
    let gives_up = || goal().gives_up(some_days(2)).end();
    assert_eq!(phases(gives_up(), |life| life), queued("completed 01-07 09:00"));
    let off = |life: Life| {
        let map = life.build.map;
        life.happens("2026-01-06 10:00", Happening::RemovedFromAutomation(map))
    };
    assert_eq!(phases(goal(), off), queued("stopped 01-06 10:00"));
    // a wait of a goal that holds nobody is no queue
    let past = || goal().gives_up(Until::Date { date: date("2026-01-01"), time: None }).end();
    assert_eq!(phases(past(), |life| life), "S started 01-05 09:00, S completed 01-05 09:00");
}

#[test]
fn k_08_a_goal_that_leads_into_a_sequence_refuses_who_is_active_there() {
    let build = steps(keap(), "S", "E1", "E2").end();
    let mut build = build.goal_at_top(Listener::goal(EventType::CallLogged)).called("G");
    build = build.rules(|rules| rules.move_clears = MoveClears::AboveGoal);
    build.connect(build.id("G"), Port::Next, build.id("E1"));
    let out = enters(build).happens("2026-01-06 12:00", Happening::CallLogged).run();
    assert_eq!((out.refused().as_str(), out.found("G").as_str()), ("G already_in_sequence", "15: "));
    assert_eq!(out.mails(), "E1 01-05 09:00, E2 01-08 09:00");
}

#[test]
fn k_08_a_goal_that_leads_into_a_sequence_refuses_who_may_not_come_again() {
    let build = steps(keap().rules(|rules| rules.sequence_reentry = Reentry::Never), "S", "E1", "E2").end();
    let mut build = build.goal_at_top(Listener::goal(EventType::CallLogged)).called("G");
    build.connect(build.id("G"), Port::Next, build.id("E1"));
    let out = enters(build).happens("2026-01-20 12:00", Happening::CallLogged).run();
    assert_eq!((out.refused().as_str(), out.found("G").as_str()), ("G already_in_sequence", "15: "));
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("E1 01-05 09:00, E2 01-08 09:00", "End"));
}

/// However it comes there beside a goal: by a line, by a Go To into the middle, as a copy.
#[test]
fn k_08_what_comes_into_a_running_sequence_otherwise_is_lost_and_says_why() {
    let words = |out: &Outcome| (out.reasons("dropped"), out.told("dropped"));
    let said = |at: &str| {
        let detail = format!("lost at {at}: already in the sequence, so nothing is sent again");
        (vec!["already_in_sequence"], vec![detail])
    };
    let once = "E1 01-05 09:00, E2 01-08 09:00";
    // of what came in, one position rests and the other is lost
    let visits = |out: &Outcome, at: &str| {
        let number = |read: fn(&Totals, NodeIx) -> u32| out.number(at, "2026-01-07", read);
        [number(Totals::entered), number(Totals::resting), number(Totals::dropped)]
    };
    let wait = "between E1 and E2";

    let out = enters(steps(keap(), "S", "E1", "E2").end()).submits("2026-01-06 12:00", "F").run();
    assert_eq!((words(&out), out.mails().as_str()), (said("E1"), once));
    assert_eq!((visits(&out, "E1"), visits(&out, wait)), ([2, 0, 1], [1, 1, 0]));

    let mut build = steps(keap(), "S", "E1", "E2").end();
    let map = build.map;
    build = build.at_added().go_to(wait);
    let out = enters(build).added("2026-01-06 12:00", map).run();
    assert_eq!((words(&out), out.mails().as_str()), (said(wait), once));
    assert_eq!(visits(&out, wait), [2, 1, 1]);
    assert_eq!(out.states("S", "2026-01-07"), [1, 0, 0]);

    let build = steps(keap().fork().called("Fork"), "S", "E1", "E2").end();
    let out = enters(build.at("Fork", Port::Right).go_to("E2")).run();
    assert_eq!((words(&out), out.mails().as_str()), (said("E2"), once));

    // who may not come again is told so
    let never = keap().rules(|rules| rules.sequence_reentry = Reentry::Never);
    let out = enters(steps(never, "S", "E1", "E2").end()).submits("2026-01-20 12:00", "F").run();
    let lost = "lost at E1: it was in the sequence before and may not come in again";
    assert_eq!(words(&out), (vec!["no_reentry"], vec![lost.to_owned()]));
}

#[test]
fn k_10_behind_a_timer_that_is_past_the_next_is_found_through_what_leads_to_it() {
    let past = |build: Build| {
        build.hold("Past", Until::DateTimer { date: date("2026-01-01"), time: None }).send("E1")
    };
    let later = || Until::DateTimer { date: date("2026-02-01"), time: None };
    let build = past(keap())
        .if_tag("VIP")
        .called("Q")
        .exit()
        .at("Q", Port::No)
        .hold("Next", later())
        .send("E2")
        .end();
    assert_eq!(enters(build).run().mails(), "E2 02-01 00:00");
    // a copy each way
    let build = past(keap()).fork().called("Fork").hold("Next", later()).send("Left").exit();
    let build = build.at("Fork", Port::Right).send("E3").hold("Too", later()).send("Right").end();
    assert_eq!(enters(build).run().mails(), "Left 02-01 00:00, Right 02-01 00:00");
    // the wait of a goal is a timer where it has a time
    let build = past(keap()).goal_tag("X").gives_up(later()).send("E4").end();
    assert_eq!(enters(build).run().mails(), "E4 02-01 00:00");
    let build = past(keap()).goal_tag("X").end();
    assert_eq!((enters(build).run().rests().as_str(), ""), ("", ""), "there is no timer below");
}

#[test]
fn k_12_each_map_goes_by_its_own_rules() {
    // the same map twice; by Ontraport's rules the goal clears all of it, by Keap's only what is above
    let map = |build: Build, name: &str| {
        let build = build.trigger_form("F").fork().called("Fork").wait_days(3).send(name).end();
        build.at("Fork", Port::Right).goal_tag("X").called("G").end()
    };
    let mut build = map(Build::new(), "Ontraport");
    build.add_map("Second");
    let build = map(build, "Keap").rules(|rules| *rules = EngineRules::preset(Preset::Keap));
    assert_eq!(enters(build).tag("2026-01-06 10:00", "X").run().mails(), "Keap 01-08 09:00");
}

#[test]
fn k_13_a_draft_is_passed_over_and_a_timer_that_is_not_set_holds_for_ever() {
    let build = keap()
        .send("E1")
        .hold("D", Until::NotSet)
        .draft()
        .add_tag("A")
        .draft()
        .send("E2")
        .hold("D2", Until::NotSet)
        .end();
    let out = enters(build).run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("E1 01-05 09:00, E2 01-05 09:00", "D2"));
    assert_eq!((out.count("skipped"), out.count("changed")), (2, 0));
}

#[test]
fn k_06_a_sequence_that_is_started_by_a_go_to_into_its_middle_runs_from_there() {
    let build = keap().send("E1").hold("D", some_days(1)).send("E2").sequence("S", &["E1", "D", "E2"]);
    let build = build.goal_at_top(Listener::goal(EventType::CallLogged)).called("G");
    let build = build.listen("G", |goal| goal.who = Who::AnyContact).behind("G").go_to("D");
    let out = Life::of(build).happens("2026-01-05 09:00", Happening::CallLogged).run();
    assert_eq!(
        (out.mails().as_str(), out.phases().as_str()),
        ("E2 01-06 09:00", "S started 01-05 09:00, S done 01-06 09:00")
    );
}
