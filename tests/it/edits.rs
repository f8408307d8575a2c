//! What commands do to a map: the decisions, one by one.

use std::collections::BTreeSet;

use gateline::base::id::{ElementId, Id};
use gateline::base::time::{Span, Unit};
use gateline::model::{
    Condition, ElementKind, EngineRules, EventType, Listener, Point, Port, Split, Until, Wait, WaitZone, Who,
};
use gateline::session::command::{Command, Spot, plan};

use super::build::{Build, two_mails};

const HERE: Point = Point { x: 400, y: 80 };

fn blank(kind: gateline::model::Kind) -> ElementKind {
    (kind.info().blank)()
}

fn after(from: ElementId, port: Port) -> Spot {
    Spot::After { from, port }
}

fn days(days: u32) -> Until {
    Until::TimePasses(Span::new(days, Unit::Days))
}

fn wait_settings(build: &Build, id: ElementId) -> Wait {
    match build.kind(id) {
        ElementKind::Wait(wait) => wait.clone(),
        other => panic!("{other:?} is no wait"),
    }
}

mod insert {
    use super::*;
    use gateline::model::Kind;

    #[test]
    fn at_an_open_end_leaves_the_new_ends_open() {
        for kind in [Kind::Wait, Kind::Condition, Kind::Split, Kind::Fork, Kind::End, Kind::Exit, Kind::GoTo]
        {
            let mut build = two_mails();
            let from = build.id("E2");
            let new = build.insert(blank(kind), after(from, Port::Next));
            assert_eq!(build.target(from, Port::Next), Some(new));
            assert_eq!(build.map().lines.range((new, Port::Next)..=(new, Port::Goal)).count(), 0);
        }
    }

    #[test]
    fn into_a_line_leads_on_by_the_first_way_out_and_a_split_by_all() {
        let lead_on: [(_, &[Port]); 5] = [
            (Kind::Wait, &[Port::Next]),
            (Kind::SendEmail, &[Port::Next]),
            (Kind::Condition, &[Port::Yes]),
            (Kind::Fork, &[Port::Left]),
            (Kind::Split, &[Port::Path(0), Port::Path(1)]), // M-07
        ];
        for (kind, ports) in lead_on {
            let mut build = two_mails();
            let (e1, e2) = (build.id("E1"), build.id("E2"));
            let new = build.insert(blank(kind), after(e1, Port::Next));
            let lines: Vec<_> = build.map().lines().filter(|line| line.from == new).collect();
            assert_eq!(lines.iter().map(|line| line.port).collect::<Vec<_>>(), ports);
            assert!(lines.iter().all(|line| line.to == e2));
            assert_eq!(build.target(e1, Port::Next), Some(new));
        }
    }

    #[test]
    fn what_has_no_way_on_cannot_stand_in_the_middle() {
        let build = two_mails();
        for (kind, says) in [
            (Kind::GoTo, "A Go To leads away from here"), // M-09
            (Kind::End, "Nothing goes on below “End”"),
            (Kind::Exit, "Nothing goes on below “Exit”"),
        ] {
            let spot = after(build.id("E1"), Port::Next);
            let said = build.refusal(Command::Insert { map: build.map, kind: blank(kind), spot });
            assert!(said.starts_with(says) && said.ends_with("put it at an open end"), "{said}");
        }
    }

    #[test]
    fn triggers_stand_at_the_top() {
        let mut build = two_mails();
        let spot = after(build.id("E1"), Port::Next);
        let said = build.refusal(Command::Insert { map: build.map, kind: blank(Kind::Trigger), spot });
        assert_eq!(said, "Triggers stand at the top: nothing can lead to them but events");
        let new = build.insert(blank(Kind::Trigger), Spot::At(HERE));
        assert_eq!(build.element(new).place, Some(HERE));
    }

    #[test]
    fn a_second_added_trigger_is_refused_wherever() {
        let build = two_mails();
        let kind = ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation));
        let said = build.refusal(Command::Insert { map: build.map, kind, spot: Spot::At(HERE) });
        assert_eq!(said, "Every map has exactly one trigger “Added to this map”");
    }

    #[test]
    fn a_goal_brings_its_wait_and_what_was_below_goes_on_below_the_goal() {
        let mut build = two_mails();
        let (e1, e2) = (build.id("E1"), build.id("E2"));
        let goal = build.insert(blank(Kind::Goal), after(e1, Port::Next));
        let wait = build.map().wait_of(goal).unwrap();
        assert_eq!(build.target(e1, Port::Next), Some(wait));
        assert_eq!(build.target(goal, Port::Next), Some(e2));
        assert_eq!(wait_settings(&build, wait).until, Until::Goal);
    }

    #[test]
    fn a_goal_at_a_point_stands_there_with_its_wait_unconnected() {
        let mut build = two_mails();
        let lines = build.map().lines.len();
        let goal = build.insert(blank(Kind::Goal), Spot::At(HERE));
        let wait = build.map().wait_of(goal).unwrap();
        assert_eq!(build.element(wait).place, Some(HERE));
        assert!(build.element(goal).place.unwrap().y > HERE.y);
        assert_eq!(build.map().lines.len(), lines);
    }

    #[test]
    fn a_goal_under_a_wait_turns_its_line_into_the_path_of_least_action() {
        let mut build = Build::new().wait_days(7).called("W").email("E").called("E");
        let (wait, email) = (build.id("W"), build.id("E"));
        let goal = build.insert(blank(Kind::Goal), Spot::UnderWait(wait));
        assert_eq!(build.target(wait, Port::Timeout), Some(email));
        assert_eq!(build.target(wait, Port::Next), None);
        assert_eq!(build.target(goal, Port::Next), None);
        let second = build.insert(blank(Kind::Goal), Spot::UnderWait(wait));
        assert_eq!(build.kind(wait).goals(), [goal, second]);
        assert_eq!(build.target(wait, Port::Timeout), Some(email));
    }

    #[test]
    fn a_goal_under_a_wait_for_ever_takes_over_what_was_below() {
        let mut build = Build::new().wait(Until::Goal).called("W").email("E").called("E");
        let (wait, email) = (build.id("W"), build.id("E"));
        let goal = build.insert(blank(Kind::Goal), Spot::UnderWait(wait));
        assert_eq!(build.target(goal, Port::Next), Some(email));
        assert_eq!(build.kind(wait).ports(), []);
    }

    #[test]
    fn only_goals_go_under_waits_and_only_under_waits() {
        let build = Build::new().wait_days(1).called("W").email("E").called("E");
        let at = |kind, spot| build.refusal(Command::Insert { map: build.map, kind: blank(kind), spot });
        let said = at(Kind::SendEmail, Spot::UnderWait(build.id("W")));
        assert_eq!(said, "Only goals hang under a wait: insert this below one of its goals");
        assert_eq!(at(Kind::Goal, Spot::UnderWait(build.id("E"))), "Goals hang under waits only");
        let said = at(Kind::SendEmail, after(build.id("W"), Port::Goal));
        assert_eq!(said, "A goal belongs to its wait: insert above the wait or below the goal");
        let said = at(Kind::SendEmail, after(build.id("W"), Port::Yes));
        assert_eq!(said, "“W” has no such way out");
    }

    #[test]
    fn a_new_wait_takes_no_goals_from_the_one_it_was_copied_from() {
        let mut build = Build::new().goal_buys("Course");
        let kind = build.kind(build.map().wait_of(build.last).unwrap()).clone();
        let new = build.insert(kind, Spot::At(HERE));
        assert_eq!(build.kind(new).goals(), []);
    }
}

mod set {
    use super::*;
    use gateline::model::Kind;

    #[test]
    fn lines_at_ways_out_that_vanish_go() {
        let mut build = Build::new().split().called("S").end();
        let split = build.id("S");
        let end = build.last;
        let shares = |shares: &[u16]| ElementKind::Split(Split { shares: shares.to_vec() });
        build.set(split, shares(&[3000, 3000, 4000]));
        build.connect(split, Port::Path(2), end);
        build.set(split, shares(&[2000, 8000]));
        assert_eq!(build.target(split, Port::Path(0)), Some(end));
        assert_eq!(build.target(split, Port::Path(2)), None);
        let said = build.refusal(Command::Set { map: build.map, element: split, kind: shares(&[10_000]) });
        assert_eq!(said, "A split has two to 10 paths");
    }

    #[test]
    fn a_wait_that_loses_its_goals_keeps_its_line() {
        let mut build = Build::new().wait_days(7).called("W").email("E").called("E");
        let (wait, email) = (build.id("W"), build.id("E"));
        let goal = build.insert(blank(Kind::Goal), Spot::UnderWait(wait));
        let plain = ElementKind::Wait(Wait { until: days(3), zone: WaitZone::Account, goals: vec![] });
        build.set(wait, plain);
        assert_eq!(build.target(wait, Port::Next), Some(email));
        let again = ElementKind::Wait(Wait { until: days(3), zone: WaitZone::Account, goals: vec![goal] });
        build.set(wait, again);
        assert_eq!(build.target(wait, Port::Timeout), Some(email));
    }

    #[test]
    fn the_added_trigger_keeps_its_event() {
        let mut build = two_mails().trigger_form("Sign-up").called("T");
        let set = |element, kind| Command::Set { map: build.map, element, kind };
        let form = ElementKind::Trigger(Listener::trigger(EventType::FormSubmitted));
        let added = ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation));
        let said = build.refusal(set(build.added(), form));
        assert_eq!(said, "The trigger “Added to this map” keeps its event: every map has exactly one");
        let said = build.refusal(set(build.id("T"), added));
        assert_eq!(said, "Every map has exactly one trigger “Added to this map”");
        let once = Listener { once: true, ..Listener::trigger(EventType::AddedToAutomation) };
        build.set(build.added(), ElementKind::Trigger(once));
    }

    #[test]
    fn settings_that_mean_nothing_are_refused() {
        let build = Build::new().trigger_form("Sign-up").called("T").goal_buys("Course").called("G");
        let set = |name, kind| build.refusal(Command::Set { map: build.map, element: build.id(name), kind });
        let upstream = Listener { who: Who::Upstream, ..Listener::trigger(EventType::Order) };
        let said = set("T", ElementKind::Trigger(upstream));
        assert_eq!(said, "A trigger listens to any contact in the account or on this map");
        let said = set("G", ElementKind::Goal(Listener::goal(EventType::Created)));
        assert_eq!(said, "Only triggers can listen for “Contact is created”");
        assert_eq!(
            set("G", ElementKind::End),
            "“Goal” cannot turn into “End”: delete it and insert the other"
        );
    }

    #[test]
    fn one_kind_can_become_another_and_keeps_its_first_line() {
        let mut build = two_mails();
        let e1 = build.id("E1");
        build.set(e1, ElementKind::Condition(Condition::default()));
        assert_eq!(build.target(e1, Port::Yes), Some(build.id("E2")));
        build.set(e1, ElementKind::End);
        assert_eq!(build.map().lines().filter(|line| line.from == e1).count(), 0);
    }
}

mod delete {
    use super::*;
    use gateline::model::Kind;

    #[test]
    fn heals_every_line_and_go_to() {
        let mut build = two_mails().end().trigger_form("Sign-up");
        let (added, trigger, e1, e2) = (build.added(), build.last, build.id("E1"), build.id("E2"));
        build.connect(trigger, Port::Next, e1);
        let go_to = build.insert(ElementKind::GoTo(Some(e1)), Spot::At(HERE));
        let group = build.delete(&[e1]);
        assert_eq!(group.label, "delete Send e-mail");
        assert_eq!(build.target(added, Port::Next), Some(e2));
        assert_eq!(build.target(trigger, Port::Next), Some(e2));
        assert_eq!(build.kind(go_to), &ElementKind::GoTo(Some(e2)));
    }

    #[test]
    fn heals_across_several() {
        let mut build = two_mails().end();
        let (e1, e2, end) = (build.id("E1"), build.id("E2"), build.last);
        let group = build.delete(&[e1, e2]);
        assert_eq!(group.label, "delete 2 elements");
        assert_eq!(build.target(build.added(), Port::Next), Some(end));
    }

    #[test]
    fn a_condition_leads_on_by_yes_and_leaves_no_standing() {
        let mut build = Build::new().if_tag("VIP").called("C").email("Y").called("Y");
        build = build.at("C", Port::No).email("N").called("N").end();
        let condition = build.id("C");
        let (yes, no) = (build.id("Y"), build.id("N"));
        let mut only_condition = build.clone();
        only_condition.delete(&[condition]);
        assert_eq!(only_condition.target(only_condition.added(), Port::Next), Some(yes));
        assert!(only_condition.map().lines().all(|line| line.to != no));
        assert!(only_condition.map().element(no).is_some());
        // With the whole Yes branch, the No branch is what is left to go on with.
        build.delete(&[condition, yes]);
        assert_eq!(build.target(build.added(), Port::Next), Some(no));
    }

    #[test]
    fn a_deleted_end_leaves_the_way_open_and_its_go_to_nowhere() {
        let mut build = two_mails().end().called("End");
        let go_to = build.insert(ElementKind::GoTo(Some(build.id("End"))), Spot::At(HERE));
        build.delete(&[build.id("End")]);
        assert_eq!(build.target(build.id("E2"), Port::Next), None);
        assert_eq!(build.kind(go_to), &ElementKind::GoTo(None));
    }

    #[test]
    fn a_go_to_that_would_lead_to_itself_leads_nowhere() {
        let mut build = Build::new().email("E").called("E").go_to("E").called("G");
        build.delete(&[build.id("E")]);
        assert_eq!(build.kind(build.id("G")), &ElementKind::GoTo(None));
    }

    #[test]
    fn a_wait_takes_its_goals_along_and_leads_on_below_the_first() {
        let mut build =
            Build::new().email("E").called("E").goal_buys("Course").called("G1").email("A").called("A");
        let wait = build.map().wait_of(build.id("G1")).unwrap();
        build = build.at("G1", Port::Next).or_goal_buys("Book").called("G2").end();
        build.delete(&[wait]);
        assert_eq!(build.target(build.id("E"), Port::Next), Some(build.id("A")));
        assert!(
            build
                .map()
                .elements
                .values()
                .all(|e| !matches!(e.kind, ElementKind::Goal(_) | ElementKind::Wait(_)))
        );
    }

    #[test]
    fn the_last_goal_takes_along_a_wait_that_waits_for_nothing_else() {
        let mut build =
            Build::new().email("E").called("E").goal_buys("Course").called("G").end().called("End");
        build.delete(&[build.id("G")]);
        assert_eq!(build.target(build.id("E"), Port::Next), Some(build.id("End")));
        assert_eq!(build.map().elements.len(), 3);
    }

    #[test]
    fn a_wait_with_a_rule_of_time_stays_as_a_plain_wait() {
        let mut build = Build::new().wait_days(7).called("W").email("E").called("E");
        let (wait, email) = (build.id("W"), build.id("E"));
        let goal = build.insert(blank(Kind::Goal), Spot::UnderWait(wait));
        build.delete(&[goal]);
        assert_eq!(build.target(wait, Port::Next), Some(email));
        // Without a path of least action it goes on where the goal went on.
        let goal = build.insert(blank(Kind::Goal), Spot::UnderWait(wait));
        build.run(Command::Disconnect { map: build.map, from: wait, port: Port::Timeout });
        build.connect(goal, Port::Next, email);
        build.delete(&[goal]);
        assert_eq!(build.target(wait, Port::Next), Some(email));
    }

    #[test]
    fn one_of_several_goals_leaves_the_others_and_its_own_path_standing() {
        let mut build = Build::new().goal_buys("Course").called("G1").or_goal_buys("Book").called("G2").end();
        let wait = build.map().wait_of(build.id("G1")).unwrap();
        build.delete(&[build.id("G2")]);
        assert_eq!(build.kind(wait).goals(), [build.id("G1")]);
        assert!(build.map().element(build.last).is_some());
    }

    #[test]
    fn the_added_trigger_stays() {
        let mut build = two_mails();
        let delete = |elements: &[ElementId]| Command::Delete {
            map: build.map,
            elements: elements.iter().copied().collect(),
        };
        let said = build.refusal(delete(&[build.added()]));
        assert_eq!(said, "The trigger “Added to this map” stays: every map has exactly one");
        let said = build.refusal(delete(&[ElementId::new(999)]));
        assert_eq!(said, "The elements are no longer on the map");
        let all: Vec<_> = build.map().elements.keys().copied().collect();
        assert_eq!(build.delete(&all).label, "delete 2 elements");
        assert_eq!(build.map().elements.len(), 1);
        assert_eq!(build.map().lines.len(), 0);
    }

    #[test]
    fn long_chains_of_rejoining_splits_go_quickly() {
        let mut build = Build::new();
        let mut gone = BTreeSet::new();
        for _ in 0..40 {
            build = build.split().called("S");
            gone.insert(build.last);
            build = build.email("E");
            gone.insert(build.last);
            let (split, email) = (build.id("S"), build.last);
            build.connect(split, Port::Path(1), email);
            build.run(Command::Rename { map: build.map, element: split, name: String::new() });
        }
        build.run(Command::Delete { map: build.map, elements: gone });
        assert_eq!(build.map().elements.len(), 1);
    }
}

mod lines {
    use super::*;

    #[test]
    fn refusals_say_why() {
        let build = two_mails().trigger_form("Sign-up").called("T");
        let build = build.at("E2", Port::Next).goal_buys("Course").called("G");
        let connect = |from: &str, to: &str| {
            let (from, to) = (build.id(from), build.id(to));
            build.refusal(Command::Connect { map: build.map, from, port: Port::Next, to })
        };
        assert_eq!(
            connect("E2", "T"),
            "No line leads to a trigger: only events bring contacts there; put the line on what is below it"
        );
        assert_eq!(
            connect("E1", "G"),
            "No line leads to a goal: only events bring contacts there; put the line on the wait above it"
        );
        assert_eq!(connect("E2", "E1"), "Lines cannot lead in a circle: use a Go To to lead upwards");
        assert_eq!(connect("E2", "E2"), "Lines cannot lead in a circle: use a Go To to lead upwards");
        let no_port =
            Command::Connect { map: build.map, from: build.id("E1"), port: Port::Yes, to: build.id("E2") };
        assert_eq!(build.refusal(no_port), "“E1” has no such way out");
    }

    #[test]
    fn a_new_line_takes_the_place_of_the_old_one() {
        let mut build = two_mails();
        let added = build.added();
        build.connect(added, Port::Next, build.id("E2"));
        assert_eq!(build.target(added, Port::Next), Some(build.id("E2")));
    }
}

#[test]
fn what_changes_nothing_has_no_edits() {
    let mut build = two_mails();
    build.move_to(build.id("E1"), 4, 8);
    let map = build.map;
    let e1 = build.id("E1");
    let nothing = [
        Command::Move { map, places: vec![(e1, Point { x: 4, y: 8 })] },
        Command::Rename { map, element: e1, name: " E1 ".into() },
        Command::Set { map, element: e1, kind: build.kind(e1).clone() },
        Command::Connect { map, from: e1, port: Port::Next, to: build.id("E2") },
        Command::Disconnect { map, from: build.id("E2"), port: Port::Next },
        Command::RenameMap { map, name: "Nurture ".into() },
        Command::SetRules { map, rules: EngineRules::default() },
        Command::RenameProject("Test".into()),
        Command::SetSettings(build.project.settings.clone()),
        Command::SetPeople { label: "import".into(), people: build.project.people.clone() },
        Command::Together(vec![]),
    ];
    for command in nothing {
        assert_eq!(plan(&build.project, command.clone()).unwrap().edits, [], "{command:?}");
    }
}

#[test]
fn moves_are_counted_by_what_moved() {
    let mut build = two_mails();
    let (e1, e2) = (build.id("E1"), build.id("E2"));
    let places = vec![(e1, HERE), (e2, Point { x: 1, y: 2 })];
    assert_eq!(build.run(Command::Move { map: build.map, places }).label, "move 2 elements");
    assert_eq!(build.move_to(e1, 0, 0).label, "move Send e-mail");
    assert_eq!(build.run(Command::Tidy { map: build.map }).edits.len(), 2);
    assert_eq!(build.run(Command::Tidy { map: build.map }).edits.len(), 0);
}
