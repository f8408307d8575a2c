//! Where contacts go.

use gateline::base::time::Weekdays;

use super::*;

#[test]
fn ont_s13_open_end() {
    let build = Build::new().trigger_form("Sign-up");
    let says_so = "Nothing follows “Submits Sign-up”: an End keeps contacts on the map, an Exit lets them go";
    is(&build, "open-end", &[build.last], says_so);
    assert_eq!(only(&build).severity, Severity::Error);
    says(&Build::new().if_tag("VIP").called("C").end(), "open-end", "Nothing follows “No” of “C”: ");
    nothing(&Build::new().trigger_form("Sign-up").end());
}

#[test]
fn the_end_of_a_sequence_is_no_open_end() {
    let build = Build::new().wait_days(1).called("W").email("E1").called("E1");
    assert_eq!(codes(&build), ["open-end"]);
    nothing(&build.clone().sequence("S", &["W", "E1"]));
    assert_eq!(codes(&build.sequence("S", &["W"])), ["open-end"]);
}

#[test]
fn keap_32_a_goal_with_nothing_below() {
    let build = Build::new().goal_buys("Course").called("G");
    let says = "Nothing is below “G”, so contacts who achieve it get nowhere";
    is(&build, "goal-leads-nowhere", &[build.id("G")], says);
    nothing(&build.exit());
}

#[test]
fn keap_32_a_sequence_with_nothing_above() {
    let mut build = Build::new();
    let mail = build.mail("E1");
    let kind = ElementKind::Action(Action::SendEmail(Some(mail)));
    build.last = build.insert(kind, Spot::At(Point { x: 0, y: 0 }));
    let build = build.called("E1").wait_days(1).called("W").email("E2").called("E2");
    let build = build.sequence("S", &["E1", "W", "E2"]);
    let elements = ["E1", "W", "E2"].map(|name| build.id(name));
    let says = "Nothing leads to the sequence “S”, so no contact ever gets there";
    is(&build, "unreachable", &elements, says);
    let mut build = build;
    build.connect(build.added(), Port::Next, build.id("E1"));
    nothing(&build);
}

#[test]
fn keap_32_what_can_be_published_all_the_same() {
    let build = Build::new().email("E1").draft().wait(Until::NotSet).email("E2").email("E3").end();
    let found = check(&build.project);
    let codes: Vec<_> = found.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["draft", "timer-not-set", "two-messages-at-once"]);
    assert!(found.iter().all(|problem| problem.severity == Severity::Warning));
}

#[test]
fn a_sequence_that_ends_with_a_wait() {
    let build = Build::new().email("E1").called("E1").wait_days(1).called("W");
    let build = build.sequence("S", &["E1", "W"]);
    let says = "The sequence “S” ends with “W” and nothing is below, so contacts wait for nothing";
    is(&build, "sequence-leads-nowhere", &[build.id("W")], says);
    nothing(&build.goal_buys("Course").end());
}

#[test]
fn unreachable() {
    let mut build = Build::new();
    build.last = build.insert(ElementKind::Fork, Spot::At(Point { x: 0, y: 0 }));
    let fork = build.last;
    build.port = Port::Left;
    let mut build = build.end();
    let left = build.last;
    // M-10: an open end is one wherever it is.
    assert_eq!(codes(&build), ["open-end", "unreachable"]);
    let problem = &check(&build.project)[0];
    assert_eq!((problem.severity, &problem.elements[..]), (Severity::Error, &[fork][..]));
    (build.last, build.port) = (fork, Port::Right);
    let build = build.end();
    let says = "Nothing leads to “Fork”, so no contact ever gets there";
    is(&build, "unreachable", &[fork, left, build.last], says);
    // What only such an element leads to is said with it.
    let mut build = Build::new();
    let target = build.insert(ElementKind::End, Spot::At(Point { x: 0, y: 0 }));
    let top = build.insert(ElementKind::GoTo(Some(target)), Spot::At(Point { x: 0, y: 0 }));
    is(&build, "unreachable", &[top, target], "Nothing leads to “Go to End”, so no contact ever gets there");
    build.connect(build.added(), Port::Next, top);
    nothing(&build);
}

#[test]
fn ont_s12_zero_time_loop() {
    let build = Build::new().add_tag("VIP").called("A").go_to("A");
    let a = build.id("A");
    let says = "“Go to A” leads back to “A” with nothing in between that holds contacts, \
                so they run in a circle without end";
    is(&build, "zero-time-loop", &[build.last, a], says);
    assert_eq!(only(&build).severity, Severity::Error);
    nothing(&Build::new().wait_days(1).called("A").go_to("A"));
    // Two that lead to one another are one finding.
    let mut build = Build::new().then(ElementKind::GoTo(None)).called("G1");
    let first = build.last;
    let second = build.insert(ElementKind::GoTo(Some(first)), Spot::At(Point { x: 0, y: 0 }));
    build.set(first, ElementKind::GoTo(Some(second)));
    assert_eq!(codes(&build), ["zero-time-loop"]);
}

/// Time must pass each time round: what lets contacts go at an instant may let them pass at that very instant.
#[test]
fn waits_that_do_not_hold_each_time() {
    let delay = |count| Delay { count, unit: DelayUnit::Days, days: Weekdays::ALL, time: DelayTime::Any };
    let nine = "09:00:00".parse().unwrap();
    let round = |until| codes(&Build::new().wait(until).called("A").go_to("A"));
    for until in [
        Until::TimePasses(days(0)),
        Until::Delay(delay(0)),
        Until::DayOfWeek { days: Weekdays::ALL, time: None },
        Until::Date { date: "2026-02-01".parse().unwrap(), time: None },
        Until::TimeOfDay { time: nine, limit: None },
        Until::Conditions { condition: Condition::SmsHasAddress, limit: None },
        Until::DateTimer { date: "2026-02-01".parse().unwrap(), time: None },
    ] {
        assert_eq!(round(until.clone()), ["zero-time-loop"], "{until:?}");
    }
    assert_eq!(round(Until::Delay(delay(1))), [""; 0]);
    assert_eq!(codes(&Build::new().wait_days(1).called("A").draft().go_to("A")), ["draft", "zero-time-loop"]);
}

#[test]
fn a_map_that_adds_to_itself_or_to_another_one() {
    let mut build = Build::new();
    let own = build.map;
    let other = build.add_map("Other");
    build = build.wait_days(1).exit().on_first_map();
    let adds = |map| {
        let build = build.clone().add_tag("VIP").called("A").action(Action::AddToMap(Some(map))).called("M");
        build.exit()
    };
    let circle = adds(own);
    let found = check(&circle.project);
    let codes: Vec<_> = found.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["zero-time-loop", "child-map-keeps"]);
    assert!(found[0].sentence.starts_with("“M” leads back to “Added to this map” with nothing in between"));
    assert!(found[1].sentence.starts_with("“M” adds contacts to the map they are on"));
    // On another map contacts are for a while.
    let build = adds(other);
    let exit = build.last;
    nothing(&build);
    let mut build = build;
    build.delete(&[exit]);
    build.port = Port::Next;
    build.last = build.id("M");
    nothing(&build.go_to("A"));
}

/// M-11: *Add to automation* holds nobody where the other map does not.
#[test]
fn a_loop_through_a_map_that_lets_go_at_once() {
    let mut start = Build::new();
    let other = start.add_map("Other");
    let other_map = || start.clone();
    let round = |build: Build| {
        let build = build.on_first_map().add_tag("VIP").called("A").action(Action::AddToMap(Some(other)));
        codes(&build.called("M").go_to("A"))
    };
    let loops = ["zero-time-loop"];
    assert_eq!(round(other_map().exit()), loops);
    assert_eq!(round(other_map().wait_days(1).exit()), [""; 0]);
    assert_eq!(round(other_map().goal_buys("Course").exit()), [""; 0]);
    // One way to an Exit is enough, but not in a fork.
    let held = |build: Build| build.wait_days(1).exit();
    assert_eq!(round(held(other_map().if_tag("VIP").called("C").exit().at("C", Port::No))), loops);
    assert_eq!(round(held(other_map().fork().called("F").exit().at("F", Port::Right))), [""; 0]);
    assert_eq!(round(other_map().fork().called("F").exit().at("F", Port::Right).exit()), loops);
    let (mut all, everyone) = (other_map(), Condition::default());
    let rule = Condition::HasTag(Some(all.tag("VIP")));
    let ways = all.branches(BranchPolicy::AllMatching, vec![rule, everyone]).called("B").exit();
    assert_eq!(round(held(ways.clone().at("B", Port::branch(1)))), [""; 0]);
    assert_eq!(round(ways.at("B", Port::branch(1)).exit()), loops);
    // Over a Go To, and over one more map.
    let mut jumps = other_map().exit().called("X");
    jumps.run(Command::Disconnect { map: other, from: jumps.added(), port: Port::Next });
    assert_eq!(round(jumps.at_added().go_to("X")), loops);
    let mut third = other_map();
    let id = third.add_map("Third");
    let nested = |end: fn(Build) -> Build| {
        let mut build = end(third.clone());
        build.map = other;
        round(build.at_added().action(Action::AddToMap(Some(id))).exit())
    };
    assert_eq!(nested(Build::exit), loops);
    assert_eq!(nested(|build| build.wait_days(1).exit()), [""; 0]);
    // A map that does not take the contact, at the latest the second time, holds nobody.
    let takes = |change: fn(&mut Listener)| {
        let mut build = other_map().wait_days(1).exit();
        let mut kind = build.kind(build.added()).clone();
        change(kind.listener_mut().unwrap());
        build.set(build.added(), kind);
        build
    };
    assert_eq!(round(takes(|trigger| trigger.if_on_map = IfOnMap::Move)), [""; 0]);
    assert_eq!(round(takes(|trigger| trigger.once = true)), loops);
    assert_eq!(round(takes(|trigger| trigger.conditions = Condition::SmsHasAddress)), loops);
}

#[test]
fn maps_that_add_to_one_another() {
    let mut build = Build::new();
    let own = build.map;
    let other = build.add_map("Other");
    let back = |build: Build| {
        let build = build.action(Action::AddToMap(Some(own))).called("Back").exit().on_first_map();
        build.action(Action::AddToMap(Some(other))).called("M").exit()
    };
    let circle = back(build.clone());
    let found = check(&circle.project);
    let places: Vec<_> = found.iter().map(|problem| (problem.code, problem.map)).collect();
    assert_eq!(places, [("zero-time-loop", Some(own)), ("zero-time-loop", Some(other))]);
    assert_eq!(found[0].elements, [circle.id("M")]);
    assert_eq!(
        found[0].sentence,
        "“M” adds contacts to “Other”, which adds them to this map again with nothing in between that holds them, \
         so they run in a circle without end"
    );
    // A wait in between, a trigger that ignores who is on its map, or another way in: no circle.
    nothing(&back(build.clone().wait_days(1)));
    let mut ignores = circle.clone();
    let mut kind = ignores.kind(ignores.added()).clone();
    kind.listener_mut().unwrap().if_on_map = IfOnMap::Ignore;
    ignores.set(ignores.added(), kind);
    nothing(&ignores);
    nothing(&back(build.exit().trigger_form("Sign-up")));
}

#[test]
fn two_messages_at_once() {
    let build = Build::new().email("E1").called("E1").add_tag("VIP").email("E2").called("E2").end();
    let says_so = "“E2” follows “E1” with no wait in between, so contacts get both at the same moment";
    is(&build, "two-messages-at-once", &[build.id("E2"), build.id("E1")], says_so);
    nothing(&Build::new().email("E1").wait_days(1).email("E2").end());
    let mut build = Build::new();
    let other = build.add_map("Other");
    let build = build.exit().on_first_map().email("E1").action(Action::AddToMap(Some(other)));
    nothing(&build.email("E2").end());
    // A wait that is passed over is none, and a message that is passed over is none.
    let build = Build::new().email("E1").called("E1").wait_days(1).draft().email("E2").called("E2").end();
    assert_eq!(codes(&build), ["draft", "two-messages-at-once"]);
    let build = Build::new().email("E1").email("E2").draft().wait_days(1).email("E3").end();
    assert_eq!(codes(&build), ["draft"]);
}

#[test]
fn all_messages_count_the_nearest_is_named_and_branches_are_apart() {
    let mut build = Build::new();
    let (sms, card) = (build.thing::<Sms>("Text"), build.thing::<Postcard>("Card"));
    let sms = || ElementKind::Action(Action::SendSms(Some(sms)));
    let card = || ElementKind::Action(Action::SendPostcard(Some(card)));
    let three = build.clone().then(sms()).called("1").then(card()).called("2").email("E").called("3").end();
    let found = check(&three.project);
    let elements: Vec<_> = found.iter().map(|problem| problem.elements.clone()).collect();
    assert_eq!(elements, [[three.id("2"), three.id("1")], [three.id("3"), three.id("2")]]);
    nothing(&build.fork().called("F").then(sms()).end().at("F", Port::Right).then(card()).end());
    // Over a Go To.
    let build = Build::new().email("E1").called("E1").wait_days(1).email("E2").called("E2").go_to("E1");
    is(
        &build,
        "two-messages-at-once",
        &[build.id("E1"), build.id("E2")],
        "“E1” follows “E2” with no wait in between, so contacts get both at the same moment",
    );
}
