//! Duplicates and pastes, on the same map, on another and in another project.

use std::collections::BTreeSet;

use gateline::base::id::{ElementId, Id};
use gateline::model::catalogue::Shelved;
use gateline::model::{
    Action, Category, Change, Condition, ElementKind, EventFilter, EventType, FieldChange, FieldKind,
    Listener, Member, Outcome, Point, Product, Tag, Task,
};
use gateline::session::command::{Command, copy_text};

use super::build::{Build, two_mails};

const HERE: Point = Point { x: 400, y: 80 };

fn all(build: &Build) -> BTreeSet<ElementId> {
    build.map().elements.keys().copied().collect()
}

fn paste(build: &Build, text: &str) -> Command {
    Command::Paste { map: build.map, text: text.into(), at: HERE }
}

#[test]
fn a_duplicate_keeps_lines_goals_and_go_to() {
    let mut build = Build::new().email("E").called("E").goal_buys("Course").called("G").go_to("E");
    build.move_to(build.id("E"), 0, 40);
    let before = build.map().clone();
    let command = Command::Duplicate { map: build.map, elements: all(&build) };
    assert_eq!(build.run(command).label, "duplicate 4 elements");
    let new: Vec<_> = build.map().elements.values().filter(|e| before.element(e.id).is_none()).collect();
    assert_eq!(new.len(), 4); // not the added trigger
    let mail = new.iter().find(|e| matches!(e.kind, ElementKind::Action(Action::SendEmail(_)))).unwrap();
    assert!(mail.place.unwrap().x > 0 && mail.place.unwrap().y > 40);
    assert!(new.iter().any(|e| e.kind == ElementKind::GoTo(Some(mail.id))));
    assert!(
        new.iter().any(|e| !e.kind.goals().is_empty() && !before.elements.contains_key(&e.kind.goals()[0]))
    );
    assert_eq!(build.map().lines.len(), before.lines.len() + 2); // E → wait, goal → Go To
}

#[test]
fn one_of_a_group_stands_for_the_whole_group() {
    let mut build = Build::new().goal_buys("Course").called("G").or_goal_buys("Book");
    let elements = BTreeSet::from([build.id("G")]);
    let command = Command::Duplicate { map: build.map, elements };
    assert_eq!(build.run(command).label, "duplicate 3 elements");
}

#[test]
fn a_go_to_that_leads_out_of_the_copy_is_kept_on_its_own_map_only() {
    let mut build = Build::new().email("E").called("E").go_to("E").called("Up");
    let target = build.id("E");
    let text = copy_text(&build.project, build.map, &BTreeSet::from([build.id("Up")]));
    build.run(paste(&build, &text));
    let leads = |build: &Build| -> Vec<_> {
        let kinds = build.map().elements.values().map(|e| e.kind.clone());
        kinds.filter(|kind| matches!(kind, ElementKind::GoTo(_))).collect()
    };
    assert_eq!(leads(&build), vec![ElementKind::GoTo(Some(target)); 2]);
    build.add_map("Other");
    build.run(paste(&build, &text));
    assert_eq!(leads(&build), [ElementKind::GoTo(None)]);
}

#[test]
fn another_project_gets_things_by_name() {
    let mut build = Build::new().add_tag("VIP").email("Welcome").goal_buys("Course").end();
    let (category, course) = (Id::new(90), build.product("Course"));
    build.run(Command::PutItem(Category::new(category, "Video").into()));
    let product = Product { categories: vec![category], ..Product::new(course, "Course") };
    build.run(Command::PutItem(product.into()));
    let text = copy_text(&build.project, build.map, &all(&build));

    let mut other = Build::new();
    other.project.key = "another".into();
    // In the way: the same number means something else here, and the tag is there under another number.
    for name in ["Lead", "Customer", "Cold", "vip"] {
        other.tag(name);
    }
    other.run(paste(&other, &text));
    let catalogue = &other.project.catalogue;
    assert_eq!(catalogue.tags.len(), 4);
    assert_eq!(catalogue.emails.len(), 1);
    let course = catalogue.products.values().next().unwrap();
    assert_eq!(course.name, "Course");
    assert_eq!(catalogue.categories.values().next().unwrap().id, course.categories[0]);
    let vip = catalogue.find::<Tag>("VIP").unwrap();
    let adds = Action::ChangeTags { add: vec![vip], remove: vec![] };
    assert_eq!(other.map().elements.values().filter(|e| e.kind.action() == Some(&adds)).count(), 1);
    // A second time all things are there.
    let things = catalogue.items().count();
    other.run(paste(&other, &text));
    assert_eq!(other.project.catalogue.items().count(), things);
}

/// A copy brings along what it names, what that names and so on, even where things name one another.
#[test]
fn what_things_name_comes_along() {
    let mut build = Build::new();
    let map = build.map;
    let (ask, call) = (build.thing::<Task>("Ask"), build.thing::<Task>("Call"));
    let (tag, member) = (build.tag("VIP"), build.thing::<Member>("Ann"));
    let assign = |task, owner| Action::AssignTask { task: Some(task), due_in_days: 1, owner };
    let add_tag = Action::ChangeTags { add: vec![tag], remove: vec![] };
    let task = |id, name: &str, actions| {
        let outcome = Outcome { name: "Reached".into(), actions };
        Command::PutItem(Task { outcomes: vec![outcome], ..Task::new(id, name) }.into())
    };
    build.run(task(ask, "Ask", vec![assign(call, None), Action::AddToMap(Some(map))]));
    build.run(task(call, "Call", vec![assign(ask, Some(member)), add_tag]));
    let build = build.action(assign(ask, None));
    let text = copy_text(&build.project, map, &all(&build));

    let mut other = Build::new();
    other.project.key = "another".into();
    for name in ["In", "the", "way"] {
        other.tag(name);
    }
    other.run(paste(&other, &text));
    let catalogue = other.project.catalogue.clone();
    let (ask, call) = (catalogue.find::<Task>("Ask").unwrap(), catalogue.find::<Task>("Call").unwrap());
    let (tag, member) = (catalogue.find::<Tag>("VIP").unwrap(), catalogue.find::<Member>("Ann").unwrap());
    // A map of another project means nothing here.
    let actions = |task| catalogue.tasks[&task].outcomes[0].actions.clone();
    assert_eq!(actions(ask), [assign(call, None), Action::AddToMap(None)]);
    let add_tag = Action::ChangeTags { add: vec![tag], remove: vec![] };
    assert_eq!(actions(call), [assign(ask, Some(member)), add_tag]);
}

#[test]
fn maps_that_are_named_stay_named_in_the_same_project_only() {
    let mut build = Build::new();
    let (own, other) = (build.map, build.add_map("Other"));
    build.map = own;
    build.last = build.added();
    let on = EventFilter::Automation { map: Some(other), change: Change::Added };
    let listener = Listener { on, ..Listener::trigger(EventType::Automation) };
    let mut build = build.action(Action::RemoveFromMap(Some(other))).trigger(listener);
    let text = copy_text(&build.project, own, &all(&build));
    let named = |build: &Build| {
        let kinds = build.map().elements.values().rev().map(|element| &element.kind);
        let action = kinds.clone().find_map(ElementKind::action).cloned().unwrap();
        let listeners =
            kinds.filter(|kind| !kind.is_added_to_automation()).filter_map(|kind| kind.listener());
        (action, listeners.map(|listener| listener.on.clone()).next().unwrap())
    };
    let listens = |map| EventFilter::Automation { map, change: Change::Added };
    build.run(paste(&build, &text));
    assert_eq!(named(&build), (Action::RemoveFromMap(Some(other)), listens(Some(other))));
    // No map listens for itself.
    build.map = other;
    build.run(paste(&build, &text));
    assert_eq!(named(&build), (Action::RemoveFromMap(Some(other)), listens(None)));
    let mut foreign = Build::new();
    foreign.project.key = "another".into();
    foreign.add_map("Other");
    foreign.run(paste(&foreign, &text));
    assert_eq!(named(&foreign), (Action::RemoveFromMap(None), listens(None)));
}

#[test]
fn drafts_stay_drafts_where_that_means_something() {
    let mut build = Build::new().email("E").called("E").condition(Condition::SmsHasAddress).called("C");
    build.run(Command::SetDraft { map: build.map, element: build.id("E"), draft: true });
    let text = copy_text(&build.project, build.map, &all(&build));
    // Text may come from anywhere.
    let text = text.replace("name: \"C\",", "name: \"C\", draft: true,");
    build.run(paste(&build, &text));
    let marked = |name| build.map().elements.values().filter(|e| e.name == name && e.draft).count();
    assert_eq!((marked("E"), marked("C")), (2, 0));
}

/// K-06: a sequence comes along with all its steps, not with some.
#[test]
fn whole_sequences_are_copied() {
    let mut build = two_mails().end().sequence("Welcome", &["E1", "E2"]);
    let steps = [build.id("E1"), build.id("E2")];
    let some = copy_text(&build.project, build.map, &steps[..1].iter().copied().collect());
    build.run(paste(&build, &some));
    assert_eq!(build.map().sequences.len(), 1);
    build.run(Command::Duplicate { map: build.map, elements: steps.into() });
    let copy = build.sequence_called("Welcome 2");
    assert_eq!(build.steps("Welcome 2"), ["E1", "E2"]);
    assert!(copy.steps.iter().all(|step| !steps.contains(step)));
    let text = copy_text(&build.project, build.map, &steps.into());
    let mut other = Build::new();
    other.project.key = "another".into();
    other.run(paste(&other, &text));
    assert_eq!(other.steps("Welcome"), ["E1", "E2"]);
    // What does not fit together is dropped.
    let lines = text.find("lines: [").unwrap();
    let end = text[lines..].find(']').unwrap() + lines;
    let apart = format!("{}lines: [{}", &text[..lines], &text[end..]);
    other.add_map("Apart");
    other.run(paste(&other, &apart));
    assert_eq!(other.map().elements.len(), 3);
    assert_eq!(other.map().sequences.len(), 0);
}

#[test]
fn a_field_of_another_kind_is_another_field() {
    let mut build = Build::new();
    let field = build.field("Budget", FieldKind::Number);
    let build = build.action(Action::UpdateField { field: Some(field), change: FieldChange::Clear });
    let text = copy_text(&build.project, build.map, &all(&build));
    let mut other = Build::new();
    other.project.key = "another".into();
    other.field("Budget", FieldKind::Text);
    other.run(paste(&other, &text));
    let names: Vec<_> = other.project.catalogue.fields.values().map(|f| (f.name.as_str(), f.kind)).collect();
    assert_eq!(names, [("Budget", FieldKind::Text), ("Budget 2", FieldKind::Number)]);
}

#[test]
fn at_the_point_with_the_shape_they_had_or_in_rows() {
    let mut build = two_mails();
    let elements = BTreeSet::from([build.id("E1"), build.id("E2")]);
    let unplaced = copy_text(&build.project, build.map, &elements);
    build.move_to(build.id("E1"), -500, 10);
    build.move_to(build.id("E2"), -600, 110);
    let placed = copy_text(&build.project, build.map, &elements);
    for (text, expected) in [(placed, [(500, 80), (400, 180)]), (unplaced, [(400, 80), (400, 204)])] {
        let before = build.map().clone();
        build.run(paste(&build, &text));
        let new = build.map().elements.values().filter(|e| before.element(e.id).is_none());
        let places: Vec<_> = new.map(|e| e.place.unwrap()).map(|p| (p.x, p.y)).collect();
        assert_eq!(places, expected);
    }
}

#[test]
fn foreign_and_damaged_text_is_refused() {
    let build = two_mails();
    let text = copy_text(&build.project, build.map, &all(&build));
    for foreign in ["", "Dear Sir or Madam", "{\"a\":1}", "()"] {
        let said = build.refusal(paste(&build, foreign));
        assert_eq!(said, "The clipboard does not hold elements of a map");
    }
    let newer = text.replace("gateline_elements: 1", "gateline_elements: 2");
    let said = build.refusal(paste(&build, &newer));
    assert_eq!(said, "The elements on the clipboard were copied by a newer version of Gateline");
    let damaged = text.replace("next", "nowhere");
    assert!(
        build.refusal(paste(&build, &damaged)).starts_with("The elements on the clipboard are damaged: ")
    );
    let second = build.id("E2");
    let twice = text.replace(&second.to_string(), &build.id("E1").to_string());
    let said = build.refusal(paste(&build, &twice));
    assert_eq!(said, "The elements on the clipboard are damaged: an element stands twice");
}

#[test]
fn the_added_trigger_alone_cannot_be_copied() {
    let build = Build::new();
    assert_eq!(copy_text(&build.project, build.map, &all(&build)), "");
    let said = build.refusal(Command::Duplicate { map: build.map, elements: all(&build) });
    assert!(said.starts_with("There is nothing to copy"), "{said}");
}
