//! What commands do to a map: the decisions, one by one.

use std::collections::BTreeSet;

use gateline::base::id::{ElementId, Id};
use gateline::base::time::{Span, Unit};
use gateline::model::{
    Action, BranchPolicy, Branches, Condition, ElementKind, EngineRules, EventFilter, EventType, IfOnMap,
    KeapPurchase, Listener, PlanPayments, Point, Port, Preset, Split, Until, Wait, WaitZone, Who,
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
        let kinds = [Kind::Wait, Kind::Condition, Kind::Branches, Kind::Split, Kind::Fork, Kind::End];
        for kind in kinds.into_iter().chain([Kind::Exit, Kind::GoTo, Kind::AddToMap]) {
            let mut build = two_mails();
            let from = build.id("E2");
            let new = build.insert(blank(kind), after(from, Port::Next));
            assert_eq!(build.target(from, Port::Next), Some(new));
            assert_eq!(build.map().lines.range((new, Port::Next)..=(new, Port::Goal)).count(), 0);
        }
    }

    #[test]
    fn into_a_line_leads_on_by_the_first_way_out_and_a_split_by_all() {
        let lead_on: [(_, &[Port]); 6] = [
            (Kind::Wait, &[Port::Next]),
            (Kind::SendEmail, &[Port::Next]),
            (Kind::Condition, &[Port::Yes]),
            (Kind::Branches, &[Port::Branch(0)]),
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

    /// K-05, K-09, G-12: what comes from the palette starts as the map's rules say.
    #[test]
    fn new_elements_start_as_the_rules_of_the_map_say() {
        let [ontraport, keap, maestra] = Preset::ALL.map(|(preset, _)| EngineRules::preset(preset));
        let policy = |rules: &EngineRules, kind| match rules.start(blank(kind)) {
            ElementKind::Branches(Branches { policy, branches }) => (branches.len() == 2).then_some(policy),
            _ => None,
        };
        assert_eq!(policy(&ontraport, Kind::Condition), None);
        assert_eq!(policy(&ontraport, Kind::Branches), Some(BranchPolicy::FirstMatch));
        for kind in [Kind::Condition, Kind::Branches] {
            assert_eq!(policy(&keap, kind), Some(BranchPolicy::AllMatching));
            assert_eq!(policy(&maestra, kind), Some(BranchPolicy::FirstMatch));
        }
        let asked = ElementKind::Condition(Condition::SmsHasAddress);
        let ElementKind::Branches(branches) = keap.start(asked) else { panic!() };
        assert_eq!(branches.branches[0].rule, Condition::SmsHasAddress);
        let payments = |rules: &EngineRules| match rules.start(blank(Kind::Goal)) {
            ElementKind::Goal(Listener { on: EventFilter::Purchased { plan_payments, .. }, .. }) => {
                plan_payments
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(payments(&ontraport), PlanPayments::Every);
        assert_eq!(payments(&keap), PlanPayments::First);
        let purchase = Listener::goal(EventType::KeapPurchase);
        assert_eq!((purchase.who, purchase.if_on_map), (Who::Upstream, IfOnMap::Move));
        assert_eq!(keap.start(blank(Kind::Wait)), blank(Kind::Wait));
        // Nothing of that happens to what is inserted as it is.
        let mut build = two_mails();
        build.run(Command::SetRules { map: build.map, rules: keap });
        let new = build.insert(blank(Kind::Condition), Spot::At(HERE));
        assert_eq!(build.kind(new), &blank(Kind::Condition));
        build.run(Command::Duplicate { map: build.map, elements: BTreeSet::from([new]) });
        assert!(!build.map().elements.values().any(|e| matches!(e.kind, ElementKind::Branches(_))));
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
    fn one_kind_cannot_become_what_the_map_hangs_on() {
        let build = Build::new().goal_buys("Course").called("G");
        let set = Command::Set { map: build.map, element: build.id("G"), kind: ElementKind::End };
        assert_eq!(build.refusal(set), "“Goal” cannot turn into “End”: delete it and insert the other");
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

/// What the engine would pass over is refused, each with a sentence.
mod settings {
    use super::*;
    use gateline::base::id::{MapId, TagId};
    use gateline::model::catalogue::Shelved;
    use gateline::model::{Branch, Change, FieldOperator, LeadRouter, Moment, Outcome, Task, Timing, Value};

    fn refusals(cases: impl IntoIterator<Item = (ElementKind, &'static str)>) {
        let build = two_mails();
        for (kind, says) in cases {
            let insert = Command::Insert { map: build.map, kind, spot: Spot::At(HERE) };
            assert_eq!(build.refusal(insert), says);
        }
    }

    fn goal(event: EventType) -> Listener {
        Listener::goal(event)
    }

    #[test]
    fn of_triggers_and_goals() {
        let upstream = Listener { who: Who::Upstream, ..Listener::trigger(EventType::Purchased) };
        let keap = goal(EventType::KeapPurchase);
        refusals([
            (
                ElementKind::Trigger(upstream),
                "A trigger listens to any contact in the account or on this map",
            ),
            (
                ElementKind::Goal(goal(EventType::Created)),
                "Only triggers can listen for “Contact is created”",
            ),
            (
                ElementKind::Trigger(Listener::trigger(EventType::KeapPurchase)),
                "Only goals can listen for “Purchase (Keap)”",
            ),
            (
                ElementKind::Goal(Listener { who: Who::OnMap, ..keap.clone() }),
                "A Keap purchase counts for contacts upstream or for any contact in the account",
            ),
            (
                ElementKind::Goal(Listener { if_on_map: IfOnMap::Add, ..keap.clone() }),
                "A Keap purchase always moves the contact here",
            ),
        ]);
        let mut build = two_mails();
        build.insert(ElementKind::Goal(Listener { who: Who::AnyContact, ..keap.clone() }), Spot::At(HERE));
        // K-05: another event brings its settings along
        let keap_purchase = EventFilter::KeapPurchase(KeapPurchase::default());
        let again = |who, if_on_map| {
            let goal =
                Listener { who, if_on_map, ..goal(EventType::TagAdded) }.hearing(keap_purchase.clone());
            (goal.who, goal.if_on_map)
        };
        assert_eq!(again(Who::OnMap, IfOnMap::Ignore), (Who::Upstream, IfOnMap::Move));
        assert_eq!(again(Who::AnyContact, IfOnMap::Add), (Who::AnyContact, IfOnMap::Move));
    }

    #[test]
    fn of_events_of_other_maps() {
        let mut build = two_mails();
        let own = build.map;
        let other = build.add_map("Other");
        let filters = |map: MapId| {
            let map = Some(map);
            let automation = EventFilter::Automation { map, change: Change::Removed };
            [EventFilter::Paused(map), EventFilter::Unpaused(map), automation]
        };
        let insert = |on| {
            let kind = ElementKind::Goal(Listener { on, ..goal(EventType::Paused) });
            Command::Insert { map: own, kind, spot: Spot::At(HERE) }
        };
        for (of_own, of_other) in filters(own).into_iter().zip(filters(other)) {
            let title = of_own.event_type().info().title;
            assert_eq!(build.refusal(insert(of_own)), format!("“{title}” needs another map than this one"));
            build.run(insert(of_other));
        }
    }

    #[test]
    fn of_ways_and_conditions() {
        let branches = |policy, count| {
            ElementKind::Branches(Branches { policy, branches: vec![Branch::default(); count] })
        };
        let field = |is, value| Condition::Field { field: None, is, value };
        let relative = |is| Condition::FieldRelative {
            field: None,
            is,
            side: gateline::base::time::Side::Before,
            span: Span::new(30, Unit::Days),
        };
        let seconds = "09:00:30".parse().unwrap();
        let now = Condition::NowIs { is: Timing::On, moment: Moment::Time(seconds) };
        let in_a_branch = Branch { rule: Condition::Any(vec![now.clone()]), ..Branch::default() };
        let in_a_branch = Branches { policy: BranchPolicy::FirstMatch, branches: vec![in_a_branch] };
        let to_the_minute = "Now is compared with a time to the minute, without seconds";
        refusals([
            (
                branches(BranchPolicy::YesNo, 2),
                "Yes or no is a condition: several ways are taken by the first or by all that match",
            ),
            (branches(BranchPolicy::AllMatching, 0), "There are one to 50 ways with a rule"),
            (branches(BranchPolicy::AllMatching, 51), "There are one to 50 ways with a rule"),
            (ElementKind::Branches(in_a_branch), to_the_minute),
            (ElementKind::Wait(Wait::new(Until::Conditions { condition: now, limit: None })), to_the_minute),
            (
                ElementKind::Condition(field(FieldOperator::IsEmpty, Value::text("x"))),
                "“is empty” compares with no value",
            ),
            (
                ElementKind::Condition(relative(FieldOperator::Contains)),
                "A day counted from today is before, on or after: “contains” fits no day",
            ),
        ]);
        let mut build = two_mails();
        build.insert(branches(BranchPolicy::AllMatching, 50), Spot::At(HERE));
        build.insert(ElementKind::Condition(relative(FieldOperator::AtMost)), Spot::At(HERE));
    }

    #[test]
    fn of_actions_on_maps_and_under_outcomes() {
        let purchase = |quantity, amount: Option<&str>| Action::AddPurchase {
            product: None,
            quantity,
            amount: amount.map(|amount| amount.parse().unwrap()),
        };
        refusals([
            (ElementKind::Action(purchase(0, None)), "A purchase has at least one piece"),
            (
                ElementKind::Action(purchase(1, Some("-5"))),
                "A purchase costs nothing or more: what is given back is a refund",
            ),
        ]);
        let router = Action::RouteLead(LeadRouter { members: vec![], in_turn: true });
        let mut build = two_mails();
        build.insert(ElementKind::Action(router.clone()), Spot::At(HERE));
        let task = |actions: Vec<Action>| {
            let outcome = Outcome { name: "Reached".into(), actions };
            Command::PutItem(Task { outcomes: vec![outcome], ..Task::new(Id::new(900), "Call") }.into())
        };
        assert_eq!(
            build.refusal(task(vec![router])),
            "Only on a map can leads be routed in turn: in an outcome of a task chance decides"
        );
        assert_eq!(build.refusal(task(vec![purchase(0, None)])), "A purchase has at least one piece");
        let by_chance = Action::RouteLead(LeadRouter::default());
        build.run(task(vec![Action::AddToMap(Some(build.map)), by_chance]));
        let crowded = Task {
            outcomes: vec![Outcome { name: "x".into(), actions: vec![] }; 256],
            ..Task::new(Id::new(901), "All")
        };
        let said = build.refusal(Command::PutItem(crowded.into()));
        assert_eq!(said, "A task has at most 255 outcomes");
    }

    #[test]
    fn draft_is_for_steps_triggers_and_goals() {
        let mut build = Build::new().trigger_form("Sign-up").called("T").email("E").called("E");
        build = build.wait_days(1).called("W").goal_buys("Course").called("G").end().called("End");
        let mark = |build: &Build, name: &str, draft| Command::SetDraft {
            map: build.map,
            element: build.id(name),
            draft,
        };
        for (name, title) in [("T", "Trigger"), ("E", "Send e-mail"), ("W", "Wait"), ("G", "Goal")] {
            let command = mark(&build, name, true);
            assert_eq!(build.run(command).label, format!("mark {title} as draft"));
            assert!(build.element(build.id(name)).draft);
        }
        let said = build.refusal(mark(&build, "End", true));
        assert_eq!(
            said,
            "“End” cannot be marked as draft: only triggers, goals, actions and waits without goals can"
        );
        let ready = mark(&build, "E", false);
        assert_eq!(build.run(ready.clone()).label, "mark Send e-mail as ready");
        assert_eq!(plan(&build.project, ready).unwrap().edits, []);
        // What becomes something else that cannot be a draft is none any more.
        build.insert(ElementKind::Goal(goal(EventType::TagAdded)), Spot::UnderWait(build.id("W")));
        assert!(!build.element(build.id("W")).draft);
        // A change of settings keeps the mark.
        let kind = ElementKind::Goal(Listener {
            on: EventFilter::TagAdded(Some(TagId::new(1))),
            ..goal(EventType::TagAdded)
        });
        build.set(build.id("G"), kind);
        assert!(build.element(build.id("G")).draft);
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
