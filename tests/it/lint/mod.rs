//! One minimal project for each check that has exactly its finding, and near it one that has none (semantics §12).

use gateline::base::id::{ElementId, Id, MapId};
use gateline::base::problem::{Problem, Severity};
use gateline::base::time::{Instant, Span, Unit};
use gateline::model::catalogue::Shelved;
use gateline::model::lint::{CHECKS, check};
use gateline::model::rules::MoveClears;
use gateline::model::*;
use gateline::session::command::{Command, Spot};

use super::build::Build;

mod holds;
mod listeners;
mod paths;
mod settings;

fn codes(build: &Build) -> Vec<&'static str> {
    check(&build.project).into_iter().map(|problem| problem.code).collect()
}

/// The one finding of a project.
#[track_caller]
fn only(build: &Build) -> Problem {
    let found = check(&build.project);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(!found[0].sentence.ends_with('.'));
    found.into_iter().next().unwrap()
}

#[track_caller]
fn is(build: &Build, code: &str, elements: &[ElementId], sentence: &str) {
    let found = only(build);
    assert_eq!((found.code, &found.elements[..], &found.sentence[..]), (code, elements, sentence));
    assert_eq!(found.map, Some(build.map));
}

/// The one finding of a project, by its code and what its sentence is about.
#[track_caller]
fn says(build: &Build, code: &str, part: &str) {
    let found = only(build);
    assert_eq!(found.code, code);
    assert!(found.sentence.contains(part), "{}", found.sentence);
}

#[track_caller]
fn nothing(build: &Build) {
    assert_eq!(check(&build.project), []);
}

/// The goal put last, with other settings.
fn with_goal(mut build: Build, change: impl FnOnce(&mut Listener)) -> Build {
    let goals = build.map().elements.values().filter(|e| matches!(e.kind, ElementKind::Goal(_)));
    let goal = goals.map(|e| e.id).max().unwrap();
    let mut kind = build.kind(goal).clone();
    change(kind.listener_mut().unwrap());
    build.set(goal, kind);
    build
}

/// A group that stands by itself.
fn goal_alone(change: impl FnOnce(&mut Listener)) -> Build {
    let mut build = Build::new();
    let listener = build.buys("Course");
    build.last = build.insert(ElementKind::Goal(listener), Spot::At(Point { x: 0, y: 0 }));
    with_goal(build.end(), change)
}

fn set_rules(build: &mut Build, rules: EngineRules) {
    build.run(Command::SetRules { map: build.map, rules });
}

fn days(count: u32) -> Span {
    Span::new(count, Unit::Days)
}

#[test]
fn the_table_is_tidy() {
    for row in CHECKS {
        assert!(row.code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", row.code);
        assert!(!row.meaning.ends_with('.') && row.meaning.len() > 20);
        assert_eq!(CHECKS.iter().filter(|other| other.code == row.code).count(), 1);
    }
}

#[test]
fn nothing_is_wrong_with_a_new_map_or_a_whole_one() {
    nothing(&Build::new());
    let mut build = Build::new().trigger_form("Sign-up").email("E1").called("E1").wait_days(2).called("W");
    build = build.if_tag("VIP").called("C").exit().at("C", Port::No).email("E2").goal_buys("Course").end();
    nothing(&build);
    // Round again with a wait in between.
    let wait = build.map().elements.values().find(|e| !e.kind.goals().is_empty()).unwrap().id;
    let mut settings = build.kind(wait).clone();
    if let ElementKind::Wait(wait) = &mut settings {
        wait.until = Until::TimePasses(days(7));
    }
    build.set(wait, settings);
    build.last = wait;
    build.port = Port::Timeout;
    nothing(&build.go_to("E1"));
}

#[test]
fn findings_stand_in_reading_order_and_by_map() {
    let mut build = Build::new().split().called("S").action(Action::SendEmail(None));
    build = build.at("S", Port::Path(1)).then(ElementKind::GoTo(None));
    build.add_map("Other");
    build = build.then(ElementKind::GoTo(None));
    let found = check(&build.project);
    let codes: Vec<_> = found.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["not-chosen", "open-end", "go-to-nowhere", "go-to-nowhere"]);
    assert_eq!(found[3].map, Some(build.map));
    assert!(found.iter().all(|problem| problem.severity == Severity::Error));
}

#[test]
fn what_was_published_is_not_checked() {
    let mut build = Build::new().wait_days(1).called("W").end();
    build.publish(None);
    build.delete(&[build.id("W")]);
    build.run(Command::PutItem(Tag { id: Id::new(900), name: "Unused".into() }.into()));
    nothing(&build);
}

#[test]
fn missing_reference_of_a_test() {
    let mut build = Build::new();
    let test = SavedTest {
        id: Id::new(60),
        name: "Buys".into(),
        contact: Contact::default(),
        events: vec![],
        until: Instant(0),
        expect: vec![],
    };
    build.run(Command::PutTest(test.clone()));
    nothing(&build);
    let rests_at = Expectation::RestsAt { map: MapId::new(99), elements: vec![] };
    build.run(Command::PutTest(SavedTest { expect: vec![rests_at], ..test.clone() }));
    let found = only(&build);
    assert_eq!((found.code, found.map, found.elements), ("missing-reference", None, vec![]));
    assert!(found.sentence.starts_with("The test “Buys” names something"));
    let event = Event { at: Instant(0), what: Happening::Paused(MapId::new(99)) };
    build.run(Command::PutTest(SavedTest { events: vec![event], ..test }));
    assert_eq!(codes(&build), ["missing-reference"]);
}

#[test]
fn missing_reference_within_the_account() {
    let mut build = Build::new();
    let list = build.thing::<List>("Post");
    let id = build.form("Shop");
    let form = Form { order_form: true, list: Some(list), ..Form::new(id, "Shop") };
    build.run(Command::PutItem(form.into()));
    nothing(&build);
    build.project.apply(Edit::RemoveItem(list.into())).unwrap();
    let found = only(&build);
    assert_eq!((found.code, found.map, &found.elements[..]), ("missing-reference", None, &[][..]));
    let sentence = format!("The form “Shop” names the list {list}, which is no longer in the account");
    assert_eq!(found.sentence, sentence);
    let mut build = Build::new();
    let id = build.form("Sign-up");
    let form = Form { map: Some(MapId::new(77)), ..Form::new(id, "Sign-up") };
    build.project.apply(Edit::PutItem(form.into())).unwrap();
    says(&build, "missing-reference", "The form “Sign-up” names the map map77");
    let mut build = Build::new();
    let id = build.thing::<Level>("Gold");
    build
        .project
        .apply(Edit::PutItem(Level { id, name: "Gold".into(), site: Some(Id::new(77)) }.into()))
        .unwrap();
    says(&build, "missing-reference", "The level “Gold” names the site site77");
}

#[test]
fn what_a_task_does_when_it_comes_out_some_way() {
    let task = |actions: Vec<Action>| {
        let mut build = Build::new();
        let id = build.thing::<Task>("Call");
        let outcomes = vec![Outcome { name: "Interested".into(), actions }];
        build.project.apply(Edit::PutItem(Task { id, name: "Call".into(), outcomes }.into())).unwrap();
        build
    };
    nothing(&task(vec![Action::Note("Rang".into())]));
    let says_so = "The task “Call” has an action that does nothing when it comes out “Interested”: no map is chosen yet";
    says(&task(vec![Action::AddToMap(None)]), "not-chosen", says_so);
    let gone = task(vec![Action::AddToMap(Some(MapId::new(77)))]);
    says(
        &gone,
        "missing-reference",
        "The task “Call” names the map map77, which is no longer in the project",
    );
}

#[test]
fn a_thing_that_goes_is_told_where_it_is_missed() {
    let mut build = Build::new().add_tag("VIP").end();
    let tag = build.tag("VIP");
    // Not by a command, which refuses it, but as a file written by hand may have it.
    build.project.apply(Edit::RemoveItem(tag.into())).unwrap();
    assert_eq!(codes(&build), ["missing-reference"]);
}
