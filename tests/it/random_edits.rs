//! Random sequences of commands on random projects: whatever is done can be undone and done again, and no command
//! leaves a map that breaks a rule of structure.

use std::collections::BTreeSet;

use gateline::base::id::{ElementId, Id, MapId};
use gateline::base::time::{Instant, Span, Unit, Weekdays};
use gateline::model::catalogue::Shelved;
use gateline::model::kinds::KINDS;
use gateline::model::{
    Action, Branch, BranchPolicy, Branches, Change, Choice, Condition, Edit, ElementKind, EventFilter,
    EventType, FieldKind, Graph, Item, Listener, Map, Note, Outcome, PlanPayments, Point, Port, Preset,
    Project, Refs, Sequence, Split, Tag, Task, Until, Wait, WaitZone,
};
use gateline::session::command::{Command, Spot, copy_text, plan};
use gateline::session::history::History;
use proptest::prelude::*;

use super::build::{Build, without_numbers};

/// Numbers that become a command when the project at hand is known, so that most of them hit something.
#[derive(Debug, Clone, Copy)]
struct Dice {
    which: u8,
    a: u16,
    b: u16,
    c: u16,
}

fn dice() -> impl Strategy<Value = Dice> {
    (any::<u8>(), any::<u16>(), any::<u16>(), any::<u16>()).prop_map(|(which, a, b, c)| Dice {
        which,
        a,
        b,
        c,
    })
}

fn pick<T: Clone>(things: &[T], dice: u16) -> Option<T> {
    (!things.is_empty()).then(|| things[usize::from(dice) % things.len()].clone())
}

fn element(map: &Map, dice: u16) -> ElementId {
    pick(&map.elements.keys().copied().collect::<Vec<_>>(), dice).unwrap()
}

fn some_elements(map: &Map, dice: u16) -> BTreeSet<ElementId> {
    let ids = map.elements.keys().copied();
    ids.enumerate().filter(|(place, _)| dice >> (place % 16) & 1 == 1).map(|(_, id)| id).collect()
}

fn kind(project: &Project, map: &Map, a: u16, b: u16) -> ElementKind {
    let catalogue = &project.catalogue;
    let tag = pick(&catalogue.tags.keys().copied().collect::<Vec<_>>(), b);
    let email = pick(&catalogue.emails.keys().copied().collect::<Vec<_>>(), b);
    let product = pick(&catalogue.products.keys().copied().collect::<Vec<_>>(), b);
    let other = pick(&project.maps.keys().copied().collect::<Vec<_>>(), b);
    let blank = pick(&KINDS.iter().map(|info| info.blank).collect::<Vec<_>>(), a).unwrap()();
    match blank {
        ElementKind::Trigger(_) if b.is_multiple_of(7) => {
            ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation))
        }
        ElementKind::Goal(_) => ElementKind::Goal(match b % 5 {
            0 => Listener::goal(EventType::KeapPurchase),
            1 => Listener {
                on: EventFilter::Automation { map: other, change: Change::Removed },
                ..Listener::goal(EventType::Automation)
            },
            _ => {
                let products = Choice::OneOf(product.into_iter().collect());
                let on = EventFilter::Purchased { products, plan_payments: PlanPayments::First };
                Listener { on, ..Listener::goal(EventType::Purchased) }
            }
        }),
        ElementKind::Wait(_) => {
            let until = match b % 3 {
                0 => Until::Goal,
                1 => Until::TimePasses(Span::new(u32::from(b % 9), Unit::Days)),
                _ => Until::DayOfWeek { days: Weekdays::WEEKDAYS, time: None },
            };
            let goals =
                map.elements.values().filter(|e| matches!(e.kind, ElementKind::Goal(_))).map(|e| e.id);
            let goals = goals.filter(|goal| b >> (goal.number() % 16) & 1 == 1).collect();
            ElementKind::Wait(Wait { until, zone: WaitZone::Account, goals })
        }
        ElementKind::Condition(_) => ElementKind::Condition(Condition::HasTag(tag)),
        ElementKind::Split(_) => {
            let paths = b % 4 + 1;
            ElementKind::Split(Split { shares: vec![Split::WHOLE / paths; usize::from(paths)] })
        }
        ElementKind::GoTo(_) => ElementKind::GoTo((!b.is_multiple_of(4)).then(|| element(map, b))),
        ElementKind::Branches(_) => {
            let policies = [BranchPolicy::AllMatching, BranchPolicy::FirstMatch, BranchPolicy::YesNo];
            let branches = vec![Branch::default(); usize::from(b % 5)];
            ElementKind::Branches(Branches { policy: policies[usize::from(b / 5 % 3)], branches })
        }
        ElementKind::Action(action) => ElementKind::Action(match action {
            Action::SendEmail(_) => Action::SendEmail(email),
            Action::ChangeTags { .. } => {
                Action::ChangeTags { add: tag.into_iter().collect(), remove: vec![] }
            }
            Action::AddToMap(_) => Action::AddToMap(other),
            Action::AddPurchase { .. } => {
                Action::AddPurchase { product, quantity: u32::from(b % 3), amount: None }
            }
            Action::AssignTask { due_in_days, owner, .. } => {
                let task = pick(&catalogue.tasks.keys().copied().collect::<Vec<_>>(), b);
                Action::AssignTask { task, due_in_days, owner }
            }
            other => other,
        }),
        other => other,
    }
}

fn command(project: &Project, dice: Dice) -> Command {
    let Dice { which, a, b, c } = dice;
    let Some(id) = pick(&project.maps.keys().copied().collect::<Vec<_>>(), c) else {
        return Command::NewMap { name: format!("Map {a}"), preset: Preset::Ontraport };
    };
    let map = project.map(id).unwrap();
    let from = element(map, a);
    let at = Point { x: i32::from(a) - 30_000, y: i32::from(b) };
    let ports = map.element(from).unwrap().kind.ports();
    let port = pick(&ports, b).unwrap_or(Port::Next);
    let names = ["VIP", "Lead", "Customer", "Cold"];
    match which % 32 {
        0 => Command::Insert { map: id, kind: kind(project, map, b, c), spot: Spot::At(at) },
        1..=7 => {
            Command::Insert { map: id, kind: kind(project, map, b, c), spot: Spot::After { from, port } }
        }
        8 => Command::Insert {
            map: id,
            kind: kind(project, map, 2, c),
            spot: Spot::UnderWait(
                map.elements
                    .values()
                    .find(|e| e.id >= from && e.kind.kind().info().tag == "wait")
                    .map_or(from, |e| e.id),
            ),
        },
        9 => Command::Connect { map: id, from, port, to: element(map, c) },
        10 => Command::Disconnect { map: id, from, port },
        11 => Command::Delete { map: id, elements: BTreeSet::from([from]) },
        12 => Command::Delete { map: id, elements: some_elements(map, a & b) },
        13 => Command::Duplicate { map: id, elements: some_elements(map, a & b) },
        14 => {
            let source = pick(&project.maps.keys().copied().collect::<Vec<_>>(), b).unwrap();
            let text = copy_text(project, source, &some_elements(project.map(source).unwrap(), a));
            Command::Paste { map: id, text, at }
        }
        15 | 16 => Command::Set { map: id, element: from, kind: kind(project, map, b, c) },
        17 => {
            Command::Move { map: id, places: some_elements(map, b).into_iter().map(|id| (id, at)).collect() }
        }
        18 => Command::Tidy { map: id },
        19 if b.is_multiple_of(3) => Command::DeleteMap(id),
        19 => Command::NewMap { name: format!("Map {}", a % 9), preset: Preset::ALL[usize::from(a) % 3].0 },
        20 => {
            let id = if b.is_multiple_of(2) { Id::new(u32::from(b % 8)) } else { project.fresh().id() };
            Command::PutItem(Tag::new(id, pick(&names, a).unwrap()).into())
        }
        21 => match pick(&project.catalogue.items().map(|item: Item| item.id()).collect::<Vec<_>>(), a) {
            Some(item) => Command::DeleteItem(item),
            None => Command::RenameProject(format!("Project {a}")),
        },
        22 => Command::PutNote {
            map: id,
            note: Note { id: Id::new(u32::from(b % 4)), text: a.to_string(), place: at },
        },
        23 => Command::SetDraft { map: id, element: from, draft: !b.is_multiple_of(3) },
        24 | 25 => {
            let name = format!("Sequence {}", b % 9);
            Command::MakeSequence { map: id, name, steps: run_of_steps(map, from, c) }
        }
        26 => match pick(&map.sequences.values().cloned().collect::<Vec<_>>(), a) {
            Some(Sequence { id: sequence, .. }) if b.is_multiple_of(3) => {
                Command::DissolveSequence { map: id, sequence }
            }
            Some(mut sequence) => {
                sequence.runs_until_completed = b.is_multiple_of(2);
                sequence.steps.truncate(usize::from(c % 4));
                Command::SetSequence { map: id, sequence }
            }
            None => Command::RevertToPublished { map: id },
        },
        27 | 28 => {
            let at = (!b.is_multiple_of(4)).then_some(Instant(i64::from(a)));
            Command::Publish { map: id, at, place_matching: b.is_multiple_of(2) }
        }
        29 if b.is_multiple_of(2) => Command::Unpublish { map: id },
        29 => Command::RevertToPublished { map: id },
        30 => {
            let id = Id::new(u32::from(b % 8));
            let actions = kind(project, map, b, c).action().cloned().into_iter().collect();
            let outcome = Outcome { name: "Reached".into(), actions };
            Command::PutItem(Task { outcomes: vec![outcome], ..Task::new(id, format!("Task {id}")) }.into())
        }
        _ => Command::Together(vec![
            Command::Rename { map: id, element: from, name: format!(" Name {} ", b % 3) },
            command(project, Dice { which: (c % 31) as u8, a: b, b: c, c }),
            command(project, Dice { which: (a % 31) as u8, a: c, b: a, c }),
        ]),
    }
}

/// The element and some that follow it, as often as not a run of steps.
fn run_of_steps(map: &Map, from: ElementId, dice: u16) -> BTreeSet<ElementId> {
    let run = std::iter::successors(Some(from), |id| map.target(*id, Port::Next));
    let run = run.filter(|id| dice.is_multiple_of(5) || map.element(*id).unwrap().kind.is_step());
    run.take(usize::from(dice % 4)).collect()
}

fn start() -> Project {
    let mut build = Build::new().trigger_form("Sign-up").email("E1").called("E1").wait_days(2).called("W");
    build = build.goal_buys("Course").if_tag("VIP").called("C").add_tag("Lead").end();
    build = build.at("C", Port::No).end().sequence("Welcome", &["E1", "W"]);
    build.publish(None);
    build.field("City", FieldKind::Text);
    build.project
}

fn sound(project: &Project) -> Result<(), TestCaseError> {
    for map in project.maps.values() {
        prop_assert_eq!(map.fault(), None);
    }
    Ok(())
}

/// The kinds and lines of a map with its elements numbered in reading order, and things by name: the same for a copy.
fn shape(project: &Project, map: MapId, elements: &BTreeSet<ElementId>) -> Vec<String> {
    let map = project.map(map).unwrap();
    let order: Vec<_> = elements.iter().copied().collect();
    let place = |id: &ElementId| order.iter().position(|other| other == id);
    let mut said = vec![];
    for id in &order {
        let mut kind = map.element(*id).unwrap().kind.clone();
        let names: Vec<_> = kind
            .uses()
            .into_iter()
            .filter_map(|id| project.catalogue.get(id))
            .map(|i| i.name().to_lowercase())
            .collect();
        kind.replace_named(&mut |_| None);
        let goals: Vec<_> = kind.goals().iter().map(place).collect();
        let go_to = if let ElementKind::GoTo(Some(to)) = &kind { place(to) } else { None };
        if let ElementKind::Wait(wait) = &mut kind {
            wait.goals.clear();
        }
        if let ElementKind::GoTo(to) = &mut kind {
            *to = None;
        }
        let lines: Vec<_> = kind
            .ports()
            .into_iter()
            .chain([Port::Timeout])
            .map(|p| map.target(*id, p).and_then(|to| place(&to)))
            .collect();
        let draft = map.element(*id).unwrap().draft;
        said.push(format!("{kind:?} {draft} {names:?} {goals:?} {go_to:?} {lines:?}"));
    }
    let whole = |sequence: &&Sequence| sequence.steps.iter().all(|step| elements.contains(step));
    let mut sequences: Vec<_> = (map.sequences.values().filter(whole))
        .map(|s| (s.steps.iter().map(place).collect::<Vec<_>>(), s.runs_until_completed))
        .collect();
    sequences.sort();
    said.push(format!("{sequences:?}"));
    said
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn everything_can_be_undone_and_done_again(all in prop::collection::vec(dice(), 1..40)) {
        let start = start();
        let mut project = start.clone();
        let mut history = History::default();
        let mut states = vec![start.clone()];
        for dice in all {
            let before = project.clone();
            match history.do_command(&mut project, command(&before, dice)) {
                Err(refusal) => {
                    prop_assert_eq!(&project, &before);
                    prop_assert!(!refusal.0.ends_with('.') && !refusal.0.is_empty());
                }
                Ok(group) if group.edits.is_empty() => prop_assert_eq!(&project, &before),
                Ok(group) => {
                    prop_assert!(!group.label.is_empty());
                    states.push(project.clone());
                }
            }
            sound(&project)?;
        }
        for state in states.iter().rev().skip(1) {
            prop_assert!(history.undo(&mut project).unwrap().is_some());
            prop_assert_eq!(without_numbers(&project), without_numbers(state));
            sound(&project)?;
        }
        prop_assert!(history.undo(&mut project).unwrap().is_none());
        for state in &states[1..] {
            prop_assert!(history.redo(&mut project).unwrap().is_some());
            prop_assert_eq!(without_numbers(&project), without_numbers(state));
        }
        prop_assert!(history.redo(&mut project).unwrap().is_none());
    }

    #[test]
    fn a_group_that_fails_changes_nothing(all in prop::collection::vec(dice(), 1..20)) {
        let mut project = start();
        for dice in all {
            let Ok(mut group) = plan(&project, command(&project, dice)) else { continue };
            let good = group.clone();
            group.edits.push(Edit::RemoveMap(Id::new(9_999)));
            let before = without_numbers(&project);
            prop_assert!(project.apply_group(group).is_err());
            prop_assert_eq!(without_numbers(&project), before);
            // The numbers of the plan are its own, so it still fits.
            project.apply_group(good).unwrap();
            sound(&project)?;
        }
    }

    /// Edits as a careless caller may make them: each is refused or leaves all sound, and can be taken back.
    #[test]
    fn single_edits_leave_everything_sound(all in prop::collection::vec(dice(), 1..40)) {
        let mut project = start();
        let id = *project.maps.keys().next().unwrap();
        for Dice { which, a, b, c } in all {
            let map = project.map(id).unwrap();
            let (from, to) = (element(map, a), element(map, b));
            let ports = [Port::Next, Port::Yes, Port::Timeout, Port::Goal];
            let port = ports[usize::from(c) % ports.len()];
            let edit = match which % 3 {
                0 => Edit::SetLine { map: id, from, port, to: (!c.is_multiple_of(5)).then_some(to) },
                1 => Edit::RemoveElement { map: id, element: from },
                _ => {
                    let kind = kind(&project, map, b, c);
                    let old = map.element(from).unwrap().clone();
                    Edit::PutElement { map: id, element: Box::new(gateline::model::Element { kind, ..old }) }
                }
            };
            let before = project.clone();
            match project.apply(edit) {
                Err(_) => prop_assert_eq!(without_numbers(&project), without_numbers(&before)),
                Ok(back) => {
                    sound(&project)?;
                    let mut undone = project.clone();
                    undone.apply(back).unwrap();
                    prop_assert_eq!(without_numbers(&undone), without_numbers(&before));
                }
            }
        }
    }

    #[test]
    fn a_copy_is_the_same_here_and_in_another_project(all in prop::collection::vec(dice(), 1..30)) {
        let mut project = start();
        for dice in all {
            if let Ok(group) = plan(&project, command(&project, dice)) {
                project.apply_group(group).unwrap();
            }
        }
        let Some(&source) = project.maps.keys().next() else { return Ok(()) };
        let map = project.map(source).unwrap();
        let elements: BTreeSet<_> =
            map.elements.values().filter(|e| !e.kind.is_added_to_automation()).map(|e| e.id).collect();
        if elements.is_empty() {
            return Ok(());
        }
        let text = copy_text(&project, source, &elements);
        let mut other = Build::new();
        other.project.key = "another".into();
        for (mut target, at) in [(project.clone(), source), (other.project, other.map)] {
            let before: BTreeSet<_> = target.map(at).unwrap().elements.keys().copied().collect();
            let paste = Command::Paste { map: at, text: text.clone(), at: Point { x: 0, y: 0 } };
            let group = plan(&target, paste).unwrap();
            target.apply_group(group).unwrap();
            sound(&target)?;
            let after = target.map(at).unwrap();
            let new: BTreeSet<_> = after.elements.keys().filter(|id| !before.contains(id)).copied().collect();
            prop_assert_eq!(shape(&target, at, &new), shape(&project, source, &elements));
            prop_assert!(new.iter().all(|id| after.element(*id).unwrap().place.is_some()));
            let _ = Graph::of(after);
        }
    }
}
