//! Published versions of maps beside their drafts (L-01, L-02).

use gateline::base::id::{Id, MapId};
use gateline::model::{EventType, Listener, Note, Point, Publication};
use gateline::session::command::{Command, Spot, plan};

use super::build::{Build, two_mails};

const JAN: &str = "2026-01-05T09:00:00Z";
const FEB: &str = "2026-02-05T09:00:00Z";

fn publish(map: MapId, at: Option<&str>) -> Command {
    Command::Publish { map, at: at.map(|at| at.parse().unwrap()), place_matching: true }
}

fn versions(build: &Build) -> &[Publication] {
    build.project.published.get(&build.map).map_or(&[], Vec::as_slice)
}

#[test]
fn versions_follow_one_another_in_time() {
    let mut build = two_mails().end();
    let map = build.map;
    assert!(!build.project.draft_differs(map), "nothing is published yet");
    assert_eq!(build.run(publish(map, None)).label, "publish map");
    assert_eq!(versions(&build).len(), 1);
    assert!(versions(&build)[0].place_matching);
    assert_eq!(build.refusal(publish(map, Some(JAN))), "The map is the same as its last version");
    build.delete(&[build.id("E1")]);
    assert!(build.project.draft_differs(map));
    assert!(versions(&build)[0].map.elements.len() > build.map().elements.len());
    assert_eq!(
        build.refusal(publish(map, None)),
        "The map is published already: say from when its next version holds"
    );
    build.run(publish(map, Some(JAN)));
    build.delete(&[build.id("E2")]);
    for at in [JAN, "2025-12-31T00:00:00Z"] {
        assert_eq!(
            build.refusal(publish(map, Some(at))),
            "The last version holds from 5 Jan 2026 09:00: the next one begins later"
        );
    }
    build.run(publish(map, Some(FEB)));
    let at: Vec<_> = versions(&build).iter().map(|version| version.at.map(|at| at.to_string())).collect();
    assert_eq!(at, [None, Some(JAN.to_owned()), Some(FEB.to_owned())]);
    // A first version may hold from an instant, too.
    build.add_map("Second");
    let mut build = build.end();
    build.publish(Some(JAN));
}

/// M-10: an open end is an error, and a map with errors is not published.
#[test]
fn a_map_with_errors_is_refused() {
    let build = two_mails();
    let said = build.refusal(publish(build.map, None));
    assert!(said.starts_with("The map cannot be published yet: Nothing follows “E2”"), "{said}");
    assert!(!said.contains("more error"), "{said}");
    let mut build = build.trigger(Listener::trigger(EventType::TagAdded));
    let said = build.refusal(publish(build.map, None));
    assert!(said.contains("(and ") && said.contains("more error"), "{said}");
    // What is wrong with another map is no matter.
    build.add_map("Second");
    let mut build = build.end();
    build.publish(None);
}

#[test]
fn the_last_version_can_be_withdrawn_and_gone_back_to() {
    let mut build = two_mails().end();
    let map = build.map;
    for command in [Command::Unpublish { map }, Command::RevertToPublished { map }] {
        assert_eq!(build.refusal(command), "The map has no published version");
    }
    build.publish(None);
    let first = build.map().clone();
    build.delete(&[build.id("E1")]);
    build.publish(Some(JAN));
    assert_eq!(build.run(Command::Unpublish { map }).label, "withdraw version");
    assert_eq!(versions(&build).len(), 1);
    build.run(Command::RenameMap { map, name: "Renamed".into() });
    let note = Note { id: Id::new(900), text: "new".into(), place: Point { x: 0, y: 0 } };
    build.run(Command::PutNote { map, note });
    assert_eq!(build.run(Command::RevertToPublished { map }).label, "revert to the published version");
    assert!(build.map().means_the_same(&first) && !build.project.draft_differs(map));
    assert_eq!((build.map().name.as_str(), build.map().notes.len()), ("Renamed", 1));
    assert_eq!(plan(&build.project, Command::RevertToPublished { map }).unwrap().edits, []);
}

#[test]
fn where_things_stand_makes_no_difference() {
    let mut build = two_mails().end();
    let map = build.map;
    build.publish(None);
    build.move_to(build.id("E1"), 400, 400);
    let note = Note { id: Id::new(900), text: "new".into(), place: Point { x: 0, y: 0 } };
    build.run(Command::PutNote { map, note });
    assert!(!build.project.draft_differs(map));
    let differing = [
        Command::Rename { map, element: build.id("E1"), name: "First".into() },
        Command::SetDraft { map, element: build.id("E1"), draft: true },
        Command::Disconnect { map, from: build.id("E1"), port: gateline::model::Port::Next },
        Command::MakeSequence { map, name: "Mails".into(), steps: [build.id("E1"), build.id("E2")].into() },
        Command::Insert {
            map,
            kind: gateline::model::ElementKind::Trigger(Listener::trigger(EventType::CallLogged)),
            spot: Spot::At(Point { x: 0, y: 0 }),
        },
    ];
    for command in differing {
        let mut build = build.clone();
        build.run(command.clone());
        assert!(build.project.draft_differs(map), "{command:?}");
    }
}
