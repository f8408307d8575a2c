//! Undo and redo: what is remembered, what is forgotten, and what each returns.

use std::sync::Arc;

use gateline::base::id::{Id, MapId, NoteId};
use gateline::base::time::Instant;
use gateline::model::{Contact, Edit, EditGroup, Element, Note, People, Point, Project};
use gateline::session::command::Command;
use gateline::session::history::History;

use super::build::{Build, without_numbers};

fn note(map: MapId, number: u32, text: &str) -> Command {
    Command::PutNote {
        map,
        note: Note { id: NoteId::new(number), text: text.into(), place: Point { x: 0, y: 0 } },
    }
}

fn start() -> (Project, MapId) {
    let build = Build::new().email("E1");
    (build.project, build.map)
}

#[test]
fn undo_and_redo_return_the_edits_they_made() {
    let (start, map) = start();
    let mut project = start.clone();
    let mut history = History::default();
    let made = history.do_command(&mut project, note(map, 100, "a")).unwrap();
    let end = project.clone();
    let mut mirror = start.clone();
    mirror.apply_group(made.clone()).unwrap();
    assert_eq!(mirror, end);
    assert_eq!(history.undo_label().as_deref(), Some("Undo add note"));
    let undone = history.undo(&mut project).unwrap().unwrap();
    mirror.apply_group(undone).unwrap();
    assert_eq!(without_numbers(&project), without_numbers(&start));
    assert_eq!(mirror, project);
    assert_eq!((history.undo_label(), history.redo_label().as_deref()), (None, Some("Redo add note")));
    assert_eq!(history.redo(&mut project).unwrap(), Some(made));
    assert_eq!(project, end);
    assert_eq!(history.redo(&mut project).unwrap(), None);
}

#[test]
fn only_a_real_edit_clears_redo_and_is_remembered() {
    let (mut project, map) = start();
    let mut history = History::default();
    history.do_command(&mut project, note(map, 100, "a")).unwrap();
    history.do_command(&mut project, note(map, 100, "b")).unwrap();
    history.undo(&mut project).unwrap();
    history.do_command(&mut project, note(map, 100, "a")).unwrap();
    history.do_command(&mut project, Command::DeleteMap(MapId::new(900))).unwrap_err();
    let entries: Vec<_> = history.entries().map(|entry| (entry.label.to_owned(), entry.undone)).collect();
    assert_eq!(entries, [("add note".into(), false), ("change note".into(), true)]);
    history.do_command(&mut project, note(map, 101, "c")).unwrap();
    assert_eq!(history.redo_label(), None);
    assert_eq!(history.entries().count(), 2);
}

#[test]
fn the_oldest_steps_are_forgotten_and_the_latest_never() {
    let (mut project, map) = start();
    let mut history = History::with_limit(5_000);
    for number in 0..50 {
        history.do_command(&mut project, note(map, 100 + number, "")).unwrap();
    }
    assert!(history.bytes() <= 5_000);
    assert!((2..50).contains(&history.entries().count()));
    history.do_command(&mut project, note(map, 100, &"x".repeat(20_000))).unwrap();
    history.do_command(&mut project, note(map, 100, "")).unwrap();
    assert_eq!(history.entries().count(), 1);
}

#[test]
fn people_that_several_steps_share_count_once() {
    let contacts = |n: usize| {
        let contact = |n| Contact { key: format!("c{n}").into(), ..Contact::default() };
        Arc::new(People::new((0..n).map(contact).collect(), vec![]).unwrap())
    };
    let (many, other) = (contacts(1000), contacts(1));
    let (mut project, _) = start();
    let mut history = History::default();
    let mut import = |people: &Arc<People>| {
        let command = Command::SetPeople { label: "import".into(), people: people.clone() };
        history.do_command(&mut project, command).unwrap();
        history.bytes()
    };
    import(&many);
    import(&other);
    let once = import(&many);
    let again = import(&other);
    assert!(once > 100_000 && again - once < 2_000, "{once} {again}");
}

/// Each step of publishing holds all versions before it, but they are the same maps.
#[test]
fn versions_that_several_steps_share_count_once() {
    let mut build = Build::new();
    for _ in 0..200 {
        build = build.email("E");
    }
    let build = build.end();
    let (mut project, map) = (build.project, build.map);
    let mut history = History::default();
    let mut growth = vec![];
    for number in 0..20 {
        let before = history.bytes();
        let rename = Command::Rename { map, element: build.last, name: number.to_string() };
        history.do_command(&mut project, rename).unwrap();
        let at = (number > 0).then_some(Instant(number));
        history.do_command(&mut project, Command::Publish { map, at, place_matching: false }).unwrap();
        growth.push(history.bytes() - before);
    }
    assert!(growth[19] < 2 * growth[1], "{growth:?}");
    while history.undo(&mut project).unwrap().is_some() {}
    assert!(project.published.is_empty());
    // What is published again is there only in the steps now.
    assert!(history.bytes() > 20 * 200 * size_of::<Element>());
}

#[test]
fn a_group_that_fails_half_way_changes_nothing() {
    let (mut project, map) = start();
    let before = project.clone();
    let mut history = History::default();
    let edits = vec![Edit::SetName("x".into()), Edit::RemoveNote { map, note: NoteId::new(900) }];
    history.do_group(&mut project, EditGroup::new("fail", edits)).unwrap_err();
    assert_eq!((project, history.entries().count()), (before, 0));
}
