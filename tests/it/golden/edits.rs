//! Maps that are edited while contacts are on them (semantics §10), steps put into running sequences (K-11).

use std::collections::BTreeMap;

use gateline::base::time::{Side, Weekdays};
use gateline::model::rules::EditedWait;
use gateline::model::{
    Action, Condition, DelayTime, DelayUnit, ElementKind, EngineRules, EventType, FieldKind, Happening,
    Listener, Port, Preset, Until, Value, Who,
};
use gateline::session::command::Command;
use gateline::session::impact::Impact;

use super::{ALL_TEN, Life, date, days, delay, enters, instant, map_n, publish, some_days, time};
use crate::build::Build;

/// Published from the start of the run.
fn published(mut build: Build) -> Build {
    build.publish(None);
    build
}

/// Another mail in place of E3.
fn new_mail(mut build: Build) -> Build {
    let mail = build.mail("New E3");
    build.change("E3", |kind| *kind = ElementKind::Action(Action::SendEmail(Some(mail))))
}

#[test]
fn ont_l01_contacts_follow_the_published_version() {
    let build = new_mail(published(map_n(|_| {})));
    let waits = "GW 01-23 09:00";
    assert_eq!(enters(build).run().whole(), [ALL_TEN, "", waits]);
    // published while the contact is on its way there, or already beyond
    let out = |at| enters(map_n(|_| {})).publishes(at, new_mail).run().whole();
    assert_eq!(out("2026-01-06 12:00"), [&ALL_TEN.replace("E3", "New E3"), "", waits]);
    assert_eq!(out("2026-01-10 12:00"), [ALL_TEN, "", waits]);
}

#[test]
fn l_01_only_who_is_on_the_map_is_told_of_a_new_version() {
    let build = Build::new().trigger_form("F").send("E").exit();
    let life = enters(build).tag("2026-01-08 09:00", "A");
    let life = life.publishes("2026-01-07 09:00", |build| build.behind("E").send("E2"));
    assert_eq!(life.run().count("published"), 0);
    let out = enters(map_n(|_| {})).publishes("2026-01-08 09:00", new_mail).until("2026-01-09").run();
    assert_eq!(out.told("published"), ["a new version of Nurture was published"]);
}

/// So many contacts who enter as all do.
fn several(build: &Build, count: usize) -> Life {
    let more = |life: Life, _| life.another().submits("2026-01-05 09:00", "F");
    (1..count).fold(enters(build.clone()), more)
}

const GONE: &str = "the new version has not its place any more";

#[test]
fn ont_l02_who_rests_at_a_deleted_end_is_removed_and_counted_before() {
    let build = published(Build::new().trigger_form("F").send("E").end().called("End"));
    let end = build.id("End");
    let mut build = build.without("End").behind("E").exit();
    let said = several(&build, 5).impact("2026-02-01 12:00");
    assert_eq!((said.on_map, said.removed), (5, BTreeMap::from([(end, 5)])));
    // nobody is until it is published
    for out in several(&build, 5).run_all() {
        assert_eq!(out.whole(), ["E 01-05 09:00", "", "End 01-05 09:00"]);
    }
    publish(&mut build, "2026-02-01 12:00");
    for out in several(&build, 5).run_all() {
        assert_eq!(out.whole(), ["E 01-05 09:00", "", ""]);
        assert_eq!(out.told("removed"), [format!("removed from End: {GONE}")]);
    }
}

/// L-02: a wait that is over by the new rule ends at another time, too.
#[test]
fn l_03_a_wait_that_is_over_at_once_is_counted_before() {
    let build = map_n(|_| {}).rules(|rules| rules.edited_wait = EditedWait::Recompute);
    let build = published(build).wait_until("W3", some_days(1));
    let wait = build.id("W3");
    let said = several(&build, 2).impact("2026-01-10 12:00");
    let expected = Impact { on_map: 2, waits_changed: [(wait, 2)].into(), ..Impact::default() };
    assert_eq!(said, Impact { at: said.at, ..expected });
}

#[test]
fn ont_l03_who_rests_at_a_deleted_wait_is_removed_and_counted_before() {
    let build = published(map_n(|_| {}));
    let wait = build.id("W3");
    let mut build = build.without("W3");
    // the third has not come there yet
    let life = |build: &Build| several(build, 2).another().submits("2026-01-07 09:00", "F");
    let said = life(&build).impact("2026-01-10 12:00");
    assert_eq!((said.on_map, said.removed), (3, BTreeMap::from([(wait, 2)])));
    publish(&mut build, "2026-01-10 12:00");
    let outs = life(&build).until("2026-01-12").run_all();
    for out in &outs[..2] {
        assert_eq!(out.whole(), ["E1 01-05 09:00, E2 01-07 09:00, E3 01-09 09:00", "", ""]);
        assert_eq!(out.told("removed"), [format!("removed from W3: {GONE}")]);
    }
    let mails = "E1 01-07 09:00, E2 01-09 09:00, E3 01-11 09:00, E4 01-11 09:00";
    assert_eq!(outs[2].whole(), [mails, "", "W4 01-11 09:00"]);
    expect_test::expect_file!["ont_l03.txt"].assert_eq(&outs[0].story());
}

#[test]
fn l_02_deleting_what_only_lets_pass_removes_nobody() {
    let build = published(map_n(|_| {})).without("E4").without("E5");
    assert!(several(&build, 2).impact("2026-01-10 09:00").is_empty());
    let without = |build: Build| build.without("E4").without("E5");
    let out = enters(map_n(|_| {})).publishes("2026-01-10 09:00", without).run();
    assert_eq!(out.mails(), ALL_TEN.replace(" E4 01-11 09:00, E5 01-13 09:00,", ""));
    // what has become another kind of element is another element
    let ends = |build: Build| build.change("W3", |kind| *kind = ElementKind::End);
    let out = enters(map_n(|_| {})).publishes("2026-01-10 09:00", ends).run();
    assert_eq!(out.stands(), "");
}

#[test]
fn ont_l06_who_waits_above_a_new_mail_gets_it() {
    let more = |build: Build| build.behind("W3").send("New");
    let out = enters(map_n(|_| {})).publishes("2026-01-10 12:00", more).run();
    let mails = ALL_TEN.replace("E4", "New 01-11 09:00, E4");
    assert_eq!(out.whole(), [&mails, "", "GW 01-23 09:00"]);
    // who is beyond does not
    let out = enters(map_n(|_| {})).publishes("2026-01-12 12:00", more).run();
    assert_eq!(out.whole(), [ALL_TEN, "", "GW 01-23 09:00"]);
}

/// A wait that is another one from 7 January on.
fn edited(was: Until, rule: EditedWait, is: Until) -> String {
    let build = Build::new().rules(|rules| rules.edited_wait = rule).trigger_form("F");
    let build = build.hold("W", was).send("E").end();
    enters(build).publishes("2026-01-07 09:00", |build| build.wait_until("W", is)).run().mails()
}

#[test]
fn l_03_an_edited_wait_keeps_the_time_it_has_unless_switched() {
    use EditedWait::{Keep, Recompute};
    for is in [some_days(1), some_days(10), Until::NotSet] {
        assert_eq!(edited(some_days(5), Keep, is), "E 01-10 09:00");
    }
    assert_eq!(edited(some_days(5), Recompute, some_days(10)), "E 01-15 09:00");
    assert_eq!(edited(some_days(5), Recompute, some_days(1)), "E 01-07 09:00"); // over by now
    assert_eq!(edited(some_days(5), Recompute, Until::NotSet), "");
    // one that had no time gets it from its arrival
    assert_eq!(edited(Until::NotSet, Keep, some_days(5)), "E 01-10 09:00");
}

#[test]
fn l_03_a_wait_for_a_date_field_is_worked_out_again() {
    for rule in [EditedWait::Keep, EditedWait::Recompute] {
        let mut build = Build::new().rules(|rules| rules.edited_wait = rule).trigger_form("F");
        let field = build.field("Day", FieldKind::Date);
        let (side, time) = (Side::Before, None);
        let before = |count| Until::Relative { field: Some(field), side, span: days(count), time };
        let build = build.hold("W", before(5)).send("E").end();
        let life = || enters(build.clone()).with_field(field, Value::Date(date("2026-01-20")));
        let edit = |count| move |build: Build| build.wait_until("W", before(count));
        assert_eq!(life().run().mails(), "E 01-15 00:00");
        assert_eq!(life().publishes("2026-01-07 09:00", edit(3)).run().mails(), "E 01-17 00:00");
        assert_eq!(life().publishes("2026-01-07 09:00", edit(14)).run().mails(), "E 01-07 09:00");
    }
}

#[test]
fn l_03_conditions_that_hold_by_now_let_go_at_once() {
    let mut build = Build::new().trigger_form("F");
    let [a, b] = ["A", "B"].map(|tag| Condition::HasTag(Some(build.tag(tag))));
    let until = |condition| Until::Conditions { condition, limit: None };
    let life = enters(build.hold("W", until(a)).send("E").end()).with_tag("B");
    let out = life.publishes("2026-01-07 09:00", |build| build.wait_until("W", until(b))).run();
    assert_eq!(out.mails(), "E 01-07 09:00");
}

/// One that keeps its time ends before it if its new conditions hold: now, or later.
#[test]
fn l_03_an_edited_wait_that_keeps_its_time_is_asked_its_new_conditions_at_once() {
    let mut build = Build::new().trigger_form("F");
    let a = Condition::HasTag(Some(build.tag("A")));
    let build = build.hold("W", some_days(5)).send("E").end();
    let map = build.map;
    let edit = |build: Build| build.wait_until("W", Until::Conditions { condition: a.clone(), limit: None });
    let life = || enters(build.clone()).publishes("2026-01-07 09:00", edit);
    assert_eq!(life().with_tag("A").run().mails(), "E 01-07 09:00");
    assert_eq!(life().run().mails(), "E 01-10 09:00");
    assert_eq!(life().tag("2026-01-08 09:00", "A").run().mails(), "E 01-08 09:00");
    // it is told like any other answer
    let out = life().with_tag("A").run();
    assert_eq!(out.told_at("W").last().unwrap(), "decided: W: yes (“has tag A” holds: has it)");
    // M-14
    let paused = life().with_tag("A").happens("2026-01-06 09:00", Happening::Paused(map));
    assert_eq!(paused.happens("2026-01-08 10:00", Happening::Unpaused(map)).run().mails(), "E 01-08 10:00");
    // in a sequence, whose times hold otherwise, too
    let mut build = five_days();
    let a = Condition::HasTag(Some(build.tag("A")));
    let until = Until::Conditions { condition: a, limit: Some(days(8)) };
    let edit = |build: Build| build.wait_until("D", until);
    let life = enters(build).publishes("2026-01-07 09:00", edit.clone());
    assert_eq!(life.with_tag("A").run().mails(), "E1 01-05 09:00, E2 01-07 09:00");
    let life = enters(five_days()).publishes("2026-01-07 09:00", edit);
    assert_eq!(life.run().mails(), "E1 01-05 09:00, E2 01-13 09:00");
}

#[test]
fn l_04_numbers_hang_on_elements_whatever_is_edited() {
    let build = Build::new().trigger_form("F").send("E").exit();
    let change = |mut build: Build| {
        let new = build.mail("New");
        build = build.change("E", |kind| *kind = ElementKind::Action(Action::SendEmail(Some(new))));
        build = build.behind("E").send("E2");
        build.move_to(build.id("E"), 500, 500);
        build
    };
    let life = enters(build).another().submits("2026-01-08 09:00", "F");
    let out = life.publishes("2026-01-07 09:00", change).run_all();
    let mails = [out[0].mails(), out[1].mails()];
    assert_eq!(mails, ["E 01-05 09:00", "New 01-08 09:00, E2 01-08 09:00"]);
    assert_eq!(out[0].number("E", "2026-01-09", |totals, node| totals.visited(node)), 2);
}

#[test]
fn m_10_who_rests_at_an_open_end_goes_on_when_it_leads_on() {
    let build = Build::new().trigger_form("F").send("E");
    let out = enters(build).publishes("2026-01-07 09:00", |build| build.behind("E").send("E2").end()).run();
    assert_eq!(out.whole(), ["E 01-05 09:00, E2 01-07 09:00", "", "End 01-07 09:00"]);
}

/// By Keap's rules: the sequence S1 (E1, five days, E2), then a goal.
fn five_days() -> Build {
    let build = Build::new().rules(|rules| *rules = EngineRules::preset(Preset::Keap)).trigger_form("F");
    let build = build.send("E1").hold("D", some_days(5)).send("E2").sequence("S1", &["E1", "D", "E2"]);
    build.behind("E2").goal_tag("X").called("G").wait_called("GW").send("Bought").end()
}

/// S1 becomes E1, two days, E1.5, three days, E2.
fn with_a_step(build: Build) -> Build {
    build.wait_until("D", some_days(3)).behind("E1").hold("D0", some_days(2)).send("E1.5")
}

#[test]
fn k_11_how_late_a_step_is_still_done_is_a_switch() {
    // due on the 7th
    let is_done = |late_step_days, published| {
        let build = five_days().rules(|rules| rules.late_step_days = late_step_days);
        let out = enters(build).publishes(published, with_a_step).run();
        let told = out.told("skipped") == ["E1.5: passed over, it came too late"];
        assert_eq!(out.mails().contains("E1.5"), !told);
        !told
    };
    assert!(is_done(7, "2026-01-14 09:00"), "seven days late");
    assert!(!is_done(7, "2026-01-14 09:01"));
    assert!(is_done(1, "2026-01-08 09:00") && !is_done(1, "2026-01-08 09:01"));
    // 0: no late step is done
    assert!(is_done(0, "2026-01-07 09:00") && !is_done(0, "2026-01-07 09:01"));
}

#[test]
fn k_11_who_was_queued_goes_back_for_a_step_that_is_still_to_come() {
    let longer = |build: Build| {
        let mut build = build.behind("E2").hold("D2", some_days(5)).send("E3");
        let mut sequence = build.sequence_called("S1").clone();
        sequence.steps.extend([build.id("D2"), build.id("E3")]);
        build.run(Command::SetSequence { map: build.map, sequence });
        build
    };
    let out = enters(five_days()).publishes("2026-01-12 09:00", longer).run();
    assert_eq!(out.mails(), "E1 01-05 09:00, E2 01-10 09:00, E3 01-15 09:00");
    assert_eq!(
        out.phases(),
        "S1 started 01-05 09:00, S1 queued 01-10 09:00, S1 started 01-12 09:00, \
         S1 queued 01-15 09:00"
    );
}

#[test]
fn k_11_a_version_that_leaves_a_sequence_as_it_was_moves_nobody_in_it() {
    let elsewhere = |build: Build| build.trigger_form("Later").end();
    // behind a wait that no time ended
    let mut build = Build::new().trigger_form("F");
    let until = Until::Conditions { condition: Condition::HasTag(Some(build.tag("A"))), limit: None };
    let build =
        build.hold("W", until).hold("D", some_days(10)).send("E").sequence("S", &["W", "D", "E"]).end();
    let life = enters(build).tag("2026-01-20 09:00", "A").publishes("2026-01-22 09:00", elsewhere);
    assert_eq!(life.run().mails(), "E 01-30 09:00");

    // below a wait to which the contact never came
    let build = Build::new().trigger_form("F").hold("D1", some_days(5)).hold("D2", some_days(10));
    let build = build.send("E").sequence("S", &["D1", "D2", "E"]).end();
    let build = build.goal_at_top(Listener::goal(EventType::CallLogged)).called("G");
    let build = build.listen("G", |goal| goal.who = Who::AnyContact).behind("G").go_to("D2");
    let called = Life::of(build).published("2026-01-01").happens("2026-01-05 09:00", Happening::CallLogged);
    let life = called.publishes("2026-01-07 09:00", elsewhere);
    assert_eq!(life.run().mails(), "E 01-15 09:00");
}

/// By Keap's rules: the sequence S (E1, D1 of five days, E2, D2 of ten days, E3), into whose D2 a call leads.
fn into_the_middle() -> Life {
    let build = Build::new().rules(|rules| *rules = EngineRules::preset(Preset::Keap)).trigger_form("F");
    let build = build.send("E1").hold("D1", some_days(5)).send("E2").hold("D2", some_days(10)).send("E3");
    let build = build.sequence("S", &["E1", "D1", "E2", "D2", "E3"]).end();
    let build = build.goal_at_top(Listener::goal(EventType::CallLogged)).called("G");
    let build = build.listen("G", |goal| goal.who = Who::AnyContact).behind("G").go_to("D2");
    Life::of(build).published("2026-01-01").happens("2026-01-05 09:00", Happening::CallLogged)
}

#[test]
fn k_11_for_who_came_in_by_a_go_to_a_sequence_begins_there() {
    let out = |version: fn(Build) -> Build| into_the_middle().publishes("2026-01-07 09:00", version).run();
    let as_before = ["E3 01-15 09:00", "G 01-05 09:00", "End 01-15 09:00"];
    // what is put in above is no step that it missed, and other times there are not its own
    for version in [
        |build: Build| build.behind("E1").send("New"),
        |build: Build| build.behind("E2").send("New"),
        |build: Build| build.behind("D1").hold("New", some_days(1)),
        |build: Build| build.wait_until("D1", some_days(20)).without("E2"),
    ] {
        let out = out(version);
        assert_eq!(out.whole(), as_before);
        assert_eq!(out.count("removed"), 0);
    }
    // below, all is as ever, and counts from when it came in
    let shorter = |build: Build| build.wait_until("D2", some_days(3)).behind("D2").send("New");
    assert_eq!(out(shorter).mails(), "New 01-08 09:00, E3 01-08 09:00");
    let over = |build: Build| build.wait_until("D2", some_days(1)).behind("D2").send("New");
    assert_eq!(out(over).mails(), "New 01-07 09:00, E3 01-07 09:00");
    // where it came in is gone by a version, and another puts a step in above what is left
    let later = |build: Build| build.without("D2").behind("E2").send("New");
    let longer = |build: Build| build.behind("E3").hold("D3", some_days(20)).send("E4");
    let in_sequence = |mut build: Build| {
        build = longer(build);
        let mut sequence = build.sequence_called("S").clone();
        sequence.steps.extend([build.id("D3"), build.id("E4")]);
        build.run(Command::SetSequence { map: build.map, sequence });
        build
    };
    let life = into_the_middle().publishes("2026-01-06 09:00", in_sequence);
    let mails = life.publishes("2026-01-20 09:00", later).run().mails();
    assert_eq!(mails, "E3 01-15 09:00, E4 01-25 09:00"); // D3 counts from when it came in by now
}

/// A child map on which a contact stays for three days, and a parent by Keap's rules: the sequence S, namely *add to the
/// child*, a wait of five days, E, then the wait of a goal.
fn held_for_three_days() -> Build {
    let mut build = Build::new().hold("Child", some_days(3)).exit();
    let child = build.map;
    build.add_map("Parent");
    let build = build.rules(|rules| *rules = EngineRules::preset(Preset::Keap)).trigger_form("F");
    let build = build.action(Action::AddToMap(Some(child))).called("Add").hold("D", some_days(5)).send("E");
    build.sequence("S", &["Add", "D", "E"]).behind("E").goal_tag("X").end()
}

#[test]
fn k_11_what_follows_a_hold_counts_from_its_end() {
    let out = |at, version: fn(Build) -> Build| enters(held_for_three_days()).publishes(at, version).run();
    assert_eq!(out("2026-01-09 09:00", |build| build).mails(), "E 01-13 09:00");
    let behind = |build: Build| build.behind("Add").send("New");
    assert_eq!(out("2026-01-09 09:00", behind).mails(), "New 01-09 09:00, E 01-13 09:00");
    // how late it is counts from there, too: eight days after the entry it is five days late
    assert_eq!(out("2026-01-13 08:00", behind).mails(), "New 01-13 08:00, E 01-13 09:00");
    // a timer in two parts
    let parts =
        |build: Build| build.wait_until("D", some_days(2)).behind("D").send("New").hold("D2", some_days(3));
    assert_eq!(out("2026-01-09 09:00", parts).mails(), "New 01-10 09:00, E 01-13 09:00");
    assert_eq!(out("2026-01-11 09:00", parts).mails(), "New 01-11 09:00, E 01-13 09:00");
}

#[test]
fn k_11_a_pause_that_stops_the_clock_is_left_out_of_the_times() {
    let out = |keeps_time, at| {
        let build = five_days().rules(|rules| rules.pause_keeps_time = keeps_time);
        let map = build.map;
        let life =
            enters(build).publishes(at, with_a_step).happens("2026-01-06 09:00", Happening::Paused(map));
        life.happens("2026-01-08 09:00", Happening::Unpaused(map)).run().mails()
    };
    // two days after the entry is the fourth day for who stood still for two of them
    let moved = "E1 01-05 09:00, E1.5 01-09 09:00, E2 01-12 09:00";
    assert_eq!(out(false, "2026-01-08 21:00"), moved);
    assert_eq!(out(false, "2026-01-07 09:00"), moved); // in the pause
    assert_eq!(out(false, "2026-01-10 09:00"), "E1 01-05 09:00, E1.5 01-10 09:00, E2 01-12 09:00");
    // where the clock goes on
    assert_eq!(out(true, "2026-01-08 21:00"), "E1 01-05 09:00, E1.5 01-08 21:00, E2 01-10 09:00");
}

/// Whatever a contact's way through a sequence was, a version that leaves the times as they are leaves the contact its
/// mails at their times, whenever it comes.
#[test]
fn k_11_a_version_that_changes_no_times_changes_no_mail() {
    let map = |keeps_time: bool| {
        let mut build = Build::new().hold("Child", some_days(3)).exit();
        let child = build.map;
        build.add_map("Parent");
        let (a, day) = (Condition::HasTag(Some(build.tag("A"))), build.field("Day", FieldKind::Date));
        let relative = Until::Relative { field: Some(day), side: Side::After, span: days(2), time: None };
        let build = build.rules(|rules| {
            *rules = EngineRules::preset(Preset::Keap);
            (rules.pause_keeps_time, rules.late_step_days) = (keeps_time, 60);
        });
        let build = build.trigger_form("F").send("E1").hold("D1", some_days(4)).send("E2");
        let build = build.action(Action::AddToMap(Some(child))).called("Add").send("E3");
        let build = build.hold("D2", some_days(4)).send("E4");
        let build = build.hold("C", Until::Conditions { condition: a, limit: None }).send("E5");
        let build = build.hold("R", relative).send("E6").hold("D3", some_days(6)).send("E7");
        let steps = ["E1", "D1", "E2", "Add", "E3", "D2", "E4", "C", "E5", "R", "E6", "D3", "E7"];
        let build = build.sequence("S", &steps).behind("E7").goal_tag("X").end();
        let build = build.goal_at_top(Listener::goal(EventType::CallLogged)).called("G");
        (build.listen("G", |goal| goal.who = Who::AnyContact).behind("G").go_to("E2"), day)
    };
    fn in_two(build: Build, wait: &str, first: u32, second: u32) -> Build {
        let more = format!("{wait} again");
        build.wait_until(wait, some_days(first)).behind(wait).send("New").hold(&more, some_days(second))
    }
    let versions: [fn(Build) -> Build; 6] = [
        |build| build.behind("E1").send("New"),
        |build| build.behind("D1").send("New"),
        |build| build.behind("Add").hold("Draft", some_days(9)).draft(),
        |build| build.behind("C").send("New").behind("R").send("New"),
        |build| in_two(in_two(build, "D1", 1, 3), "D2", 3, 1),
        |build| in_two(build, "D3", 4, 2),
    ];
    for (keeps_time, by_form, pause) in [
        (true, true, None),
        (true, false, None),
        (true, true, Some(("2026-01-07", "2026-01-10"))), // over the end of D1
        (true, true, Some(("2026-01-10", "2026-01-13"))), // over the end of the hold
        (false, true, Some(("2026-01-06", "2026-01-08"))),
        (false, false, Some(("2026-01-14", "2026-01-18"))),
        (false, true, Some(("2026-01-22", "2026-01-30"))),
    ] {
        let (build, day) = map(keeps_time);
        let parent = build.map;
        let life = || {
            let life = Life::of(build.clone()).published("2026-01-01").until("2026-04-01");
            let life = life.with_field(day, Value::Date(date("2026-01-24")));
            let life = match by_form {
                true => life.submits("2026-01-05 09:00", "F"),
                false => life.happens("2026-01-05 09:00", Happening::CallLogged),
            };
            let life = match pause {
                Some((from, to)) => {
                    life.happens(from, Happening::Paused(parent)).happens(to, Happening::Unpaused(parent))
                }
                None => life,
            };
            // what let it go is otherwise later on
            let life = life.tag("2026-01-19 15:00", "A").untag("2026-01-25 15:00", "A");
            life.fills("2026-02-03 15:00", day, Value::Date(date("2026-03-01")))
        };
        let old = |mails: String| {
            let old = mails.split(", ").filter(|mail| !mail.starts_with("New"));
            old.map(str::to_owned).collect::<Vec<_>>()
        };
        let as_it_was = old(life().run().mails());
        assert_eq!(as_it_was.len(), if by_form { 7 } else { 6 });
        for (place, version) in versions.into_iter().enumerate() {
            for day in 0..40 {
                let at = (instant(&build, "2026-01-05 12:00")).plus_millis(day * 86_400_000);
                let out = life().publishes(&at.to_string(), version).run();
                assert_eq!(old(out.mails()), as_it_was, "{keeps_time} {by_form} {pause:?}: {place} at {at}");
            }
        }
    }
}

#[test]
fn k_11_a_timer_that_is_changed_counts_from_the_entry() {
    let mails = |until| {
        let change = |build: Build| build.wait_until("D", until);
        enters(five_days()).publishes("2026-01-07 12:00", change).run().mails()
    };
    assert_eq!(mails(some_days(8)), "E1 01-05 09:00, E2 01-13 09:00");
    // over by now: the step behind it is done at once, as it is not too late
    assert_eq!(mails(some_days(1)), "E1 01-05 09:00, E2 01-07 12:00");
    let nine = delay(1, DelayUnit::Weeks, Weekdays::ALL, DelayTime::At(time("09:00")));
    assert_eq!(mails(nine), "E1 01-05 09:00, E2 01-12 09:00");
}

#[test]
fn k_11_all_steps_over_an_active_contact_goes_on() {
    // gone is what it rested at
    let shorter = |build: Build| build.without("E2").without("D");
    let out = enters(five_days()).publishes("2026-01-07 12:00", shorter).run();
    assert_eq!(out.mails(), "E1 01-05 09:00");
    // a timer that is over instead lets it go on
    let over = |build: Build| build.without("E2").wait_until("D", some_days(1));
    let out = enters(five_days()).publishes("2026-01-07 12:00", over).run();
    assert_eq!(out.whole(), ["E1 01-05 09:00", "", "GW 01-07 12:00"]);
}

#[test]
fn k_11_a_sequence_that_is_dissolved_leaves_its_contacts_where_they_are() {
    let dissolve = |mut build: Build| {
        let sequence = build.sequence_called("S1").id;
        build.run(Command::DissolveSequence { map: build.map, sequence });
        build
    };
    let out = enters(five_days()).publishes("2026-01-07 12:00", dissolve).run();
    assert_eq!(out.whole(), ["E1 01-05 09:00, E2 01-10 09:00", "", "GW 01-10 09:00"]);
}

#[test]
fn k_11_a_step_put_in_above_a_paused_contact_waits_with_it() {
    let build = five_days();
    let map = build.map;
    let life = enters(build).happens("2026-01-06 09:00", Happening::Paused(map));
    let life = life.publishes("2026-01-06 12:00", with_a_step);
    let out = life.happens("2026-01-08 10:00", Happening::Unpaused(map)).run();
    assert!(out.mails().starts_with("E1 01-05 09:00, E1.5 01-08 10:00, E2 01-10 09:00"), "{}", out.mails());
}

/// M-14: a pause that lets time run on makes who is due in it late, and what follows with it, whether a version came in
/// the pause or not.
#[test]
fn k_11_a_version_that_comes_in_a_pause_finds_who_is_late_as_late() {
    let mails = |version: Option<&str>| {
        let build = Build::new().rules(|rules| *rules = EngineRules::preset(Preset::Keap));
        let build = build.trigger_form("F").send("E1").hold("D1", some_days(4)).send("E2");
        let build = build.hold("D2", some_days(4)).send("E3").sequence("S1", &["E1", "D1", "E2", "D2", "E3"]);
        let build = build.exit();
        let map = build.map;
        let life = enters(build).happens("2026-01-07 09:00", Happening::Paused(map));
        let life = life.happens("2026-01-12 00:00", Happening::Unpaused(map));
        let life = match version {
            Some(at) => life.publishes(at, |build| build.behind("E1").send("New")),
            None => life,
        };
        life.run().mails()
    };
    let late = "E1 01-05 09:00, E2 01-12 00:00, E3 01-16 00:00";
    assert_eq!(mails(None), late);
    // in the pause: the new mail is not too late when the contact goes on
    assert_eq!(mails(Some("2026-01-08 09:00")), late.replace("E2", "New 01-12 00:00, E2"));
    assert_eq!(mails(Some("2026-01-13 09:00")), late); // by then it is
}

#[test]
fn k_11_a_step_above_the_place_of_entry_was_not_done_and_is_when_it_moves_below() {
    // the contact came in at D2, and E2 moves behind it
    let moved = |mut build: Build| {
        let [d1, e2, d2, e3] = ["D1", "E2", "D2", "E3"].map(|name| build.id(name));
        let map = build.map;
        let connect = |(from, to)| Command::Connect { map, from, port: Port::Next, to };
        build.run(Command::Together([(d1, d2), (d2, e2), (e2, e3)].map(connect).into()));
        build
    };
    let out = into_the_middle().publishes("2026-01-07 09:00", moved).run();
    assert_eq!(out.mails(), "E2 01-15 09:00, E3 01-15 09:00");
}

/// M-11: where nobody is held, nobody is late by it.
#[test]
fn k_11_a_hold_that_passes_at_once_moves_no_times() {
    let mut build = five_days();
    let own = build.map;
    let child = build.add_map("Lets everybody go at once");
    let mut build = build.exit();
    build.map = own;
    // on the fourth day
    let hold = Action::AddToMap(Some(child));
    let with = |build: Build| {
        let build = build.wait_until("D", some_days(2)).behind("D").action(hold.clone());
        build.hold("D3", some_days(3))
    };
    let out = enters(build).publishes("2026-01-08 09:00", with).run();
    assert_eq!(out.mails(), "E1 01-05 09:00, E2 01-10 09:00");
}
