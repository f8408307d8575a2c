//! Duplicates and pastes, on the same map, on another and in another project.

use std::collections::BTreeSet;

use gateline::base::id::{ElementId, Id};
use gateline::model::{Category, ElementKind, FieldKind, Point, Product, Tag};
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
    let mail = new.iter().find(|e| matches!(e.kind, ElementKind::SendEmail(_))).unwrap();
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
    build.run(Command::PutItem(Category { id: category, name: "Video".into() }.into()));
    let product = Product { id: course, name: "Course".into(), price: None, categories: vec![category] };
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
    let adds = |e: &&gateline::model::Element| matches!(&e.kind, ElementKind::ChangeTags { add, .. } if add == &[vip]);
    assert_eq!(other.map().elements.values().filter(adds).count(), 1);
    // A second time all things are there.
    let things = catalogue.items().count();
    other.run(paste(&other, &text));
    assert_eq!(other.project.catalogue.items().count(), things);
}

#[test]
fn a_field_of_another_kind_is_another_field() {
    let mut build = Build::new();
    let field = build.field("Budget", FieldKind::Number);
    let build = build
        .then(ElementKind::UpdateField { field: Some(field), change: gateline::model::FieldChange::Clear });
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
