//! How a contact stands on maps: added to them and held (M-11), taken off, paused (M-14).

use gateline::base::id::MapId;
use gateline::model::rules::WhilePaused;
use gateline::model::{
    Action, Change, Condition, EventFilter, EventType, Happening, Listener, Outcome as TaskOutcome, Port,
    Task, Until, Who,
};

use super::{Life, days, enters, some_days};
use crate::build::Build;

/// A child map made by `child`, and a parent map: trigger → add to the child → mail → End.
fn parent(child: impl FnOnce(Build) -> Build) -> (Build, MapId) {
    let mut build = child(Build::new());
    let child = build.map;
    build.add_map("Parent");
    (build.trigger_form("F").action(Action::AddToMap(Some(child))).called("Add").send("Parent").end(), child)
}

#[test]
fn m_11_adding_to_a_map_holds_until_the_contact_is_off_it() {
    let (build, _) = parent(|child| child.wait_days(2).send("Child").exit());
    let out = enters(build).run();
    assert_eq!(out.mails(), "Child 01-07 09:00, Parent 01-07 09:00");
    expect_test::expect_file!["m_11.txt"].assert_eq(&out.story());
    // a child that ends in an End keeps it for ever
    let (build, _) = parent(|child| child.send("Child").end());
    assert_eq!(enters(build).run().rests(), "End, Add");
}

#[test]
fn m_11_each_asking_holds_for_what_comes_of_it() {
    let build = Build::new();
    let child = build.map;
    // through at once the first time, two days the second
    let mut build = build.if_tag("T").called("Q").wait_days(2).exit().at("Q", Port::No).exit();
    build.add_map("Parent");
    let add = || Action::AddToMap(Some(child));
    let build = build.trigger_form("F").action(add()).add_tag("T").action(add()).send("On").exit();
    assert_eq!(enters(build).run().mails(), "On 01-07 09:00");
}

#[test]
fn m_11_it_waits_for_the_last_position_on_the_other_map() {
    let child = |child: Build| {
        child.fork().called("Fork").wait_days(1).exit().at("Fork", Port::Right).wait_days(3).exit()
    };
    let (build, _) = parent(child);
    assert_eq!(enters(build).run().mails(), "Parent 01-08 09:00");
}

#[test]
fn m_11_a_map_that_does_not_take_the_contact_lets_it_pass_and_the_log_says_so() {
    let passed = "nothing_done: Add: nothing done, the other map does not take the contact";
    // not published yet
    let (mut build, child) = parent(|child| child.wait_days(2).exit());
    let version = gateline::model::Publication {
        at: Some("2026-03-01T00:00:00Z".parse().unwrap()),
        place_matching: false,
        map: build.project.maps[&child].clone(),
    };
    build.project.published.insert(child, vec![version]);
    let out = enters(build).run();
    assert_eq!(
        (out.mails().as_str(), out.told_at("Add").last().unwrap().as_str()),
        ("Parent 01-05 09:00", passed)
    );
    // its trigger refuses
    let (build, _) =
        parent(|child| child.called("Added").exit().listen("Added", |trigger| trigger.who = Who::OnMap));
    let out = enters(build).run();
    assert_eq!(
        (out.mails().as_str(), out.told_at("Add").last().unwrap().as_str()),
        ("Parent 01-05 09:00", passed)
    );
}

#[test]
fn m_11_a_contact_that_runs_through_at_once_lets_the_parent_go_on_without_a_word() {
    let (build, _) = parent(|child| child.send("Child").exit());
    let out = enters(build).run();
    assert_eq!(out.mails(), "Child 01-05 09:00, Parent 01-05 09:00");
    assert_eq!(out.count("nothing_done"), 0);
}

#[test]
fn m_11_adding_to_its_own_map_does_not_hold() {
    let mut build = Build::new().wait_days(1).send("Again").exit();
    let map = build.map;
    build = build.trigger_form("F").action(Action::AddToMap(Some(map))).send("On").exit();
    assert_eq!(enters(build).run().mails(), "On 01-05 09:00, Again 01-06 09:00");
}

#[test]
fn m_11_coming_onto_and_going_off_a_map_are_events_for_other_maps() {
    let mut build = Build::new().trigger_form("F").wait_days(1).exit();
    let other = build.map;
    build.add_map("Listens");
    for (change, mail) in [(Change::Added, "on"), (Change::Removed, "off")] {
        build = build.trigger_on(EventFilter::Automation { map: Some(other), change }).send(mail).exit();
    }
    let out = enters(build).submits("2026-01-05 12:00", "F").run();
    // the second position is no new coming, and only the last one's going counts
    assert_eq!(out.mails(), "on 01-05 09:00, off 01-06 12:00");
    let raised = out.told("raised").into_iter().filter(|told| told.ends_with("Nurture"));
    assert_eq!(raised.collect::<Vec<_>>(), ["came onto the map Nurture", "went off the map Nurture"]);
}

/// However the first position is put on a map, the contact comes onto it before its own first step takes it off again.
#[test]
fn m_12_a_contact_comes_onto_a_map_before_its_first_steps_take_it_off() {
    // it has a tag changed on the way, too
    let off = |build: Build| {
        let own = build.map;
        build.add_tag("On the way").action(Action::RemoveFromMap(Some(own))).end()
    };
    let hears = |build: Build, other: MapId| {
        let mut build = build;
        build.add_map("Listens");
        build = build.trigger_tag("On the way").send("tag").exit();
        for (change, mail) in [(Change::Removed, "off"), (Change::Added, "on")] {
            build = build.trigger_on(EventFilter::Automation { map: Some(other), change }).send(mail).exit();
        }
        build
    };
    let heard = |life: Life| life.run().mails().replace(" 01-05 09:00", "");
    // a trigger
    let build = off(Build::new().trigger_form("F"));
    let other = build.map;
    assert_eq!(heard(enters(hears(build, other))), "on, tag, off");
    // a goal for any contact in the account
    let build = off(Build::new().goal_at_top(Listener::goal(EventType::CallLogged)).called("G"));
    let build = build.listen("G", |goal| goal.who = Who::AnyContact);
    let other = build.map;
    let life = Life::of(hears(build, other)).happens("2026-01-05 09:00", Happening::CallLogged);
    assert_eq!(heard(life), "on, tag, off");
    // an action of another map, which goes on as soon as it is answered
    let (build, other) = parent(off);
    assert_eq!(heard(enters(hears(build, other))), "Parent, on, tag, off");
    // a version that places who matches
    let build = Build::new();
    let other = build.map;
    let build = hears(build, other).on_first_map();
    let life = Life::of(build).with_tag("Old").published("2026-01-01");
    let life = life.publishes_and_places("2026-01-05 09:00", |build| off(build.trigger_tag("Old")));
    assert_eq!(heard(life), "on, tag, off");
}

#[test]
fn a_02_removing_from_a_map_takes_all_positions_the_acting_one_last() {
    let build = Build::new()
        .trigger_form("F")
        .fork()
        .called("Fork")
        .fork()
        .called("Inner")
        .wait_days(5)
        .called("W")
        .exit();
    let map = build.map;
    let build = build
        .at("Inner", Port::Right)
        .action(Action::RemoveFromMap(Some(map)))
        .called("Off")
        .send("No")
        .exit();
    let out = enters(build.at("Fork", Port::Right).send("Nor this").exit()).run();
    let place = |detail: &String| detail.split(": ").next().unwrap().replace("removed from ", "");
    let places: Vec<_> = out.told("removed").iter().map(place).collect();
    assert_eq!(
        (places, out.mails().as_str(), out.rests().as_str()),
        (vec!["W".into(), "Nor this".into(), "Off".into()], "", "")
    );
}

#[test]
fn a_02_removing_from_another_map_or_by_hand() {
    let mut build = Build::new().trigger_form("F").wait_days(5).called("W").send("No").exit();
    let other = build.map;
    build.add_map("Acts");
    let off = Action::RemoveFromMap(Some(other));
    build = build.trigger_tag("X").action(off.clone()).called("Off").action(off).called("Again").exit();
    let out = enters(build.clone()).tag("2026-01-06 10:00", "X").run();
    assert_eq!(out.told_at("Off"), ["changed: was taken off the map Nurture"]);
    assert_eq!(out.told_at("Again"), ["nothing_done: Again: nothing done, the contact is not on that map"]);
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("", ""));
    let out = enters(build).happens("2026-01-06 10:00", Happening::RemovedFromAutomation(other)).run();
    assert_eq!(out.told("removed"), ["removed from W: somebody took the contact off the map"]);
}

/// Waits two days, then a goal for the tag X; a pause from here to there.
fn paused(from: &str, to: &str, rules: impl FnOnce(&mut gateline::model::EngineRules)) -> Life {
    let build =
        Build::new().trigger_form("F").wait_days(2).send("E").goal_tag("X").called("G").send("Welcome").end();
    let build = build.rules(rules);
    let map = build.map;
    enters(build).happens(from, Happening::Paused(map)).happens(to, Happening::Unpaused(map))
}

#[test]
fn m_14_the_time_of_a_paused_contact_goes_on_unless_switched() {
    let mails = |from, to, keeps| paused(from, to, |rules| rules.pause_keeps_time = keeps).run().mails();
    // over before its time, or later: then it leaves when the pause ends
    assert_eq!(mails("2026-01-06 10:00", "2026-01-06 12:00", true), "E 01-07 09:00");
    assert_eq!(mails("2026-01-06 10:00", "2026-01-08 12:00", true), "E 01-08 12:00");
    // pause_keeps_time = no: it stands still
    assert_eq!(mails("2026-01-06 10:00", "2026-01-06 12:00", false), "E 01-07 11:00");
    assert_eq!(mails("2026-01-06 10:00", "2026-01-08 12:00", false), "E 01-09 11:00");
}

#[test]
fn m_14_events_during_a_pause_are_missed_unless_switched() {
    let out = |handling| {
        let life =
            paused("2026-01-06 10:00", "2026-01-06 12:00", |rules| rules.events_while_paused = handling);
        life.tag("2026-01-06 11:00", "X").run()
    };
    let missed = out(WhilePaused::Missed);
    assert_eq!((missed.achieved().as_str(), missed.refused().as_str()), ("", "G paused"));
    assert_eq!(out(WhilePaused::Handled).achieved(), "G 01-06 11:00");
}

#[test]
fn m_14_overdue_positions_leave_in_the_order_of_their_time() {
    let build = Build::new().trigger_form("F").fork().called("Fork").wait_days(2).send("later").end();
    let build = build.at("Fork", Port::Right).wait_days(1).send("sooner").end();
    let map = build.map;
    let life = enters(build).happens("2026-01-05 10:00", Happening::Paused(map));
    let out = life.happens("2026-01-09 10:00", Happening::Unpaused(map)).run();
    assert_eq!(out.mails(), "sooner 01-09 10:00, later 01-09 10:00");
}

#[test]
fn m_14_a_pause_is_of_one_map_and_ends_when_the_contact_goes_off_it() {
    let mut build = Build::new().trigger_form("F").wait_days(2).send("E").exit();
    let map = build.map;
    build.add_map("Other");
    let build = build.trigger_form("F").wait_days(2).send("Other").exit();
    let pause = Happening::Paused(map);
    let life = enters(build).happens("2026-01-06 10:00", pause);
    assert_eq!(life.run().mails(), "Other 01-07 09:00");
    // paused before it is there, or taken off and back: not paused
    let once = Build::new().trigger_form("F").wait_days(2).send("E").exit();
    let map = once.map;
    let life =
        Life::of(once).happens("2026-01-05 08:00", Happening::Paused(map)).submits("2026-01-05 09:00", "F");
    let life = life.happens("2026-01-06 10:00", Happening::Paused(map));
    let life = life
        .happens("2026-01-06 11:00", Happening::RemovedFromAutomation(map))
        .submits("2026-01-06 12:00", "F");
    assert_eq!(life.run().mails(), "E 01-08 12:00");
}

#[test]
fn m_14_who_pauses_itself_comes_to_rest_first() {
    let build = Build::new().trigger_form("F");
    let map = build.map;
    let build = build.action(Action::PauseOnMap(Some(map))).send("A");
    let build = build.hold("W", some_days(1)).send("B").end();
    assert_eq!(enters(build.clone()).run().whole(), ["A 01-05 09:00", "", "W 01-05 09:00"]);
    let out = enters(build).happens("2026-01-08 09:00", Happening::Unpaused(map)).run();
    assert_eq!(out.mails(), "A 01-05 09:00, B 01-08 09:00");
}

#[test]
fn m_14_conditions_of_a_paused_position_are_asked_when_the_pause_ends() {
    let mut build = Build::new().trigger_form("F");
    let condition = Condition::HasTag(Some(build.tag("X")));
    let build = build.wait(Until::Conditions { condition, limit: Some(days(30)) }).send("E").end();
    let map = build.map;
    let life = enters(build).happens("2026-01-06 10:00", Happening::Paused(map)).tag("2026-01-06 11:00", "X");
    assert_eq!(life.happens("2026-01-07 12:00", Happening::Unpaused(map)).run().mails(), "E 01-07 12:00");
}

#[test]
fn m_14_pausing_is_an_event_for_other_maps_and_for_itself_too() {
    let build = Build::new().trigger_form("F").wait_days(3).send("E").exit();
    let map = build.map;
    let mut build = build;
    build.add_map("Acts");
    let build = build.trigger_tag("P").action(Action::PauseOnMap(Some(map))).exit();
    let build = build.trigger_tag("U").action(Action::UnpauseOnMap(Some(map))).exit();
    let build = build.trigger_on(EventFilter::Paused(Some(map))).send("paused").exit();
    let build = build.trigger_on(EventFilter::Unpaused(Some(map))).send("on again").exit();
    let out = enters(build).tag("2026-01-06 09:00", "P").tag("2026-01-09 09:00", "U").run();
    assert_eq!(out.mails(), "paused 01-06 09:00, on again 01-09 09:00, E 01-09 09:00");
}

#[test]
fn a_02_an_outcome_of_a_task_acts_after_those_who_listen_for_it() {
    let mut build = Build::new().wait_days(9).exit();
    let child = build.map;
    build.add_map("Listens");
    let tag = build.tag("Hot");
    let actions = vec![
        Action::ChangeTags { add: vec![tag], remove: vec![] },
        // it holds nobody: nobody stands there
        Action::AddToMap(Some(child)),
        Action::SendEmail(None),
    ];
    let outcomes = vec![TaskOutcome { name: "Interested".into(), actions }];
    let task = build.item::<Task>("Call", |task| task.outcomes = outcomes);
    let on = EventFilter::TaskCompleted { task: Some(task), outcomes: vec![] };
    let build = build
        .trigger(Listener { on, ..Listener::trigger(EventType::TaskCompleted) })
        .if_tag("Hot")
        .called("C")
        .send("Yes")
        .exit();
    let build = build.at("C", Port::No).exit();
    let build = build.trigger_tag("Hot").send("Hot").hold("W", some_days(1)).exit();
    let out =
        Life::of(build).happens("2026-01-06 10:00", Happening::TaskCompleted { task, outcome: 1 }).run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("Hot 01-06 10:00", ""));
    assert_eq!(out.told("changed"), ["tag Hot was added", "was added to the map Nurture"]);
    assert_eq!(out.told("nothing_done"), ["“Interested”: nothing done, not everything is chosen yet"]);
    assert_eq!(
        out.came_in(),
        "Task Call is completed 01-06 10:00, Tag Hot is added 01-06 10:00, Added to this map 01-06 10:00"
    );
}
