//! Publishing: what forbids it, what becomes of contacts, and the way back.

use super::*;
use crate::app::derived::Standing;
use crate::model::{Email, Kind, Publication};

fn standing(window: &Window) -> Standing {
    window.state().bench.as_ref().unwrap().derived.standing
}

fn versions(window: &mut Window) -> Vec<Publication> {
    session(window).project().published.values().flatten().cloned().collect()
}

fn publish(window: &mut Window) {
    press(window, Modifiers::COMMAND | Modifiers::SHIFT, Key::P);
    assert!(has(window, "Publish “Map 1”"));
}

/// Gives the map's e-mail something to send, which is all that it lacks.
pub fn mend(window: &mut Window) {
    let map = window.state().bench.as_ref().unwrap().view.map;
    let session = session(window);
    let id = session.project().fresh().id();
    session.command(Command::PutItem(Email::new(id, "Welcome").into())).unwrap();
    let elements = session.project().map(map).unwrap().elements.clone();
    let mail = elements.values().find(|element| element.kind.kind() == Kind::SendEmail).unwrap().id;
    let kind = ElementKind::Action(Action::SendEmail(Some(id)));
    session.command(Command::Set { map, element: mail, kind }).unwrap();
    settle(window);
}

#[test]
fn errors_forbid_it_and_lead_to_their_elements() {
    let mut window = window();
    with_map(&mut window);
    assert!(has(&window, "Draft, not published"));
    publish(&mut window);
    assert!(has(&window, "What forbids it"));
    picture(&mut window, "publish-forbidden");
    let problems = window.state().bench.as_ref().unwrap().derived.problems.clone();
    let error = problems.iter().find(|problem| problem.code == "not-chosen").unwrap();
    click(&mut window, &error.sentence);
    assert!(!has(&window, "What forbids it"), "the dialog is out of the way");
    let selected = &window.state().bench.as_ref().unwrap().view.selection;
    assert_eq!(selected.iter().collect::<Vec<_>>(), error.elements.iter().collect::<Vec<_>>());
}

/// L-01, L-02.
#[test]
fn a_later_version_tells_whom_it_moves_before_it_does() {
    let mut window = window();
    with_map(&mut window);
    mend(&mut window);
    generate(&mut window);
    publish(&mut window);
    until(&mut window, "all are counted", |window| has_in(window, "Nobody is affected"));
    picture(&mut window, "publish-first");
    click(&mut window, "Publish");
    assert_eq!(standing(&window), Standing::Published(None));
    until(&mut window, "it is run again", |window| !window.state().bench.as_ref().unwrap().sim.is_running());
    assert!(has(&window, "Published"));

    // The goal and its wait go, on which contacts stand.
    let bench = window.state().bench.as_ref().unwrap();
    let (map, elements) = (bench.view.map, bench.map().unwrap().elements.clone());
    let gone = elements.values().filter(|element| matches!(element.kind.kind(), Kind::Goal | Kind::Wait));
    let gone = gone.map(|element| element.id).collect();
    session(&mut window).command(Command::Delete { map, elements: gone }).unwrap();
    settle(&mut window);
    assert_eq!(standing(&window), Standing::Differs(None));
    press(&mut window, Modifiers::COMMAND, Key::Num3);
    assert!(has(&window, "The run follows the published version; the draft on the map differs"));
    publish(&mut window);
    assert!(!has(&window, "From the start of each run"), "only a first version can");
    until(&mut window, "all are counted", |window| has_in(window, "contacts are removed"));
    picture(&mut window, "publish-impact");
    click(&mut window, "Publish");
    assert!(matches!(standing(&window), Standing::Published(Some(_))));
    until(&mut window, "it is run again", |window| !window.state().bench.as_ref().unwrap().sim.is_running());
    assert_eq!(versions(&mut window).len(), 2);

    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!((versions(&mut window).len(), standing(&window)), (1, Standing::Differs(None)));
    press(&mut window, Modifiers::COMMAND, Key::Num1);
    menu(&mut window, "Revert draft to published version");
    assert_eq!(standing(&window), Standing::Published(None));
    menu(&mut window, "Withdraw published version");
    assert_eq!((versions(&mut window).len(), standing(&window)), (0, Standing::Draft));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(standing(&window), Standing::Published(None));
}

/// Does a command by its name.
fn menu(window: &mut Window, command: &str) {
    press(window, Modifiers::COMMAND, Key::K);
    type_text(window, command);
    press(window, Modifiers::NONE, Key::Enter);
    settle(window);
}
