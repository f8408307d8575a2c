//! Sequences and what becomes of them when the map is edited (K-06).

use gateline::base::id::{ElementId, Id};
use gateline::base::time::{Span, Unit};
use gateline::model::{
    Action, Condition, ElementKind, EventType, Listener, Point, Port, Sequence, Split, Until, Wait,
};
use gateline::session::command::{Command, Spot, plan};

use super::build::Build;

const HERE: Point = Point { x: 400, y: 80 };

/// E1, a wait, E2 and E3, then a goal; the first four are the sequence “Welcome”.
fn welcome() -> Build {
    let build = Build::new().email("E1").called("E1").wait_days(2).called("W").email("E2").called("E2");
    let build = build.email("E3").called("E3").goal_buys("Course").called("G").end();
    build.sequence("Welcome", &["E3", "W", "E1", "E2"])
}

fn make(build: &Build, name: &str, steps: &[&str]) -> Command {
    Command::MakeSequence {
        map: build.map,
        name: name.into(),
        steps: steps.iter().map(|step| build.id(step)).collect(),
    }
}

fn after(build: &Build, name: &str) -> Spot {
    Spot::After { from: build.id(name), port: Port::Next }
}

fn mail() -> ElementKind {
    ElementKind::Action(Action::SendEmail(None))
}

#[test]
fn steps_are_put_in_the_order_of_their_lines() {
    let build = welcome();
    assert_eq!(build.steps("Welcome"), ["E1", "W", "E2", "E3"]);
    assert!(!build.sequence_called("Welcome").runs_until_completed);
}

#[test]
fn what_is_no_run_of_steps_is_refused_with_the_reason() {
    let mut build = welcome();
    let say = |build: &Build, name: &str, steps: &[&str]| build.refusal(make(build, name, steps));
    assert_eq!(say(&build, "Other", &["E1"]), "“E1” is a step of the sequence “Welcome” already");
    build.run(Command::DissolveSequence { map: build.map, sequence: build.sequence_called("Welcome").id });
    assert_eq!(say(&build, " ", &["E1"]), "Give the sequence a name");
    assert_eq!(say(&build, "Other", &[]), "A sequence has at least one step");
    assert_eq!(
        say(&build, "Other", &["E3", "G"]),
        "“G” cannot be a step: the steps of a sequence are actions and waits without goals that follow one another"
    );
    assert_eq!(
        say(&build, "Other", &["E1", "W", "E3"]),
        "The steps of a sequence follow one another, and no line leads from “W” to “E3” or back"
    );
    let gone =
        Command::MakeSequence { map: build.map, name: "Other".into(), steps: [ElementId::new(900)].into() };
    assert_eq!(build.refusal(gone), "The element is no longer on the map");
    build.run(make(&build, "First", &["E1", "W"]));
    assert_eq!(say(&build, "first", &["E3"]), "There is already a sequence called “First”");
    assert_eq!(build.run(make(&build, "Second", &["E3"])).label, "make sequence");
}

#[test]
fn a_sequence_can_be_changed_and_dissolved() {
    let mut build = welcome();
    let map = build.map;
    let old = build.sequence_called("Welcome").clone();
    let set = |sequence| Command::SetSequence { map, sequence };
    assert_eq!(plan(&build.project, set(old.clone())).unwrap().edits, []);
    let renamed = Sequence { name: " Mails ".into(), ..old.clone() };
    assert_eq!(build.run(set(renamed)).label, "rename sequence");
    let steps = vec![build.id("E2"), build.id("W")];
    let fewer = Sequence { name: "Mails".into(), steps, runs_until_completed: true, ..old.clone() };
    assert_eq!(build.run(set(fewer)).label, "change sequence");
    assert_eq!(build.steps("Mails"), ["W", "E2"]);
    assert!(build.sequence_called("Mails").runs_until_completed);
    let dissolve = Command::DissolveSequence { map, sequence: old.id };
    assert_eq!(build.run(dissolve.clone()).label, "dissolve sequence");
    assert_eq!(build.refusal(dissolve), "The sequence is no longer there");
    assert_eq!(build.refusal(set(old)), "The sequence is no longer there");
    assert_eq!(build.map().elements.len(), 8);
}

#[test]
fn what_is_put_between_two_steps_joins_if_it_can() {
    let mut build = welcome();
    let spot = after(&build, "E1");
    let new = build.insert(mail(), spot);
    let steps = &build.sequence_called("Welcome").steps;
    assert_eq!((steps.len(), steps[1]), (5, new));
    // Above the first step and below the last is outside.
    let above = Spot::After { from: build.added(), port: Port::Next };
    let below = after(&build, "E3");
    for spot in [above, below] {
        build.insert(mail(), spot);
    }
    assert_eq!(build.sequence_called("Welcome").steps.len(), 5);
}

#[test]
fn what_cannot_be_a_step_leaves_the_part_above_it() {
    for kind in [
        ElementKind::Condition(Condition::SmsHasAddress),
        ElementKind::Split(Split::halves()),
        ElementKind::Goal(Listener::goal(EventType::CallLogged)),
    ] {
        let mut build = welcome();
        let spot = after(&build, "W");
        build.insert(kind, spot);
        assert_eq!(build.steps("Welcome"), ["E1", "W"]);
    }
}

#[test]
fn deleted_steps_go_and_the_last_takes_the_sequence_along() {
    let mut build = welcome();
    build.delete(&[build.id("E1"), build.id("E2")]);
    assert_eq!(build.steps("Welcome"), ["W", "E3"]);
    build.delete(&[build.id("W"), build.id("E3")]);
    assert_eq!(build.map().sequences.len(), 0);
}

#[test]
fn lines_that_change_cut_behind_the_last_step_that_follows() {
    let mut cut = welcome();
    cut.run(Command::Disconnect { map: cut.map, from: cut.id("W"), port: Port::Next });
    assert_eq!(cut.steps("Welcome"), ["E1", "W"]);
    // A line past a step leaves it out.
    let mut past = welcome();
    past.connect(past.id("E1"), Port::Next, past.id("E2"));
    assert_eq!(past.steps("Welcome"), ["E1", "E2", "E3"]);
    // An element that was there before joins like a new one, also by two lines in one go.
    let mut by_way = welcome();
    let new = by_way.insert(mail(), Spot::At(HERE));
    let map = by_way.map;
    let (from, to) = (by_way.id("E1"), by_way.id("W"));
    by_way.run(Command::Together(vec![
        Command::Connect { map, from, port: Port::Next, to: new },
        Command::Connect { map, from: new, port: Port::Next, to },
    ]));
    assert_eq!(by_way.sequence_called("Welcome").steps.len(), 5);
    // One of another sequence does not.
    let mut between = welcome();
    let new = between.insert(mail(), Spot::At(HERE));
    between.run(Command::MakeSequence { map, name: "Other".into(), steps: [new].into() });
    between.connect(between.id("E1"), Port::Next, new);
    between.connect(new, Port::Next, between.id("W"));
    assert_eq!(between.steps("Welcome"), ["E1"]);
    assert_eq!(between.sequence_called("Other").steps, [new]);
}

#[test]
fn a_step_that_becomes_something_else_is_none() {
    let mut build = welcome();
    build.set(build.id("E2"), ElementKind::End);
    assert_eq!(build.steps("Welcome"), ["E1", "W"]);
    let mut build = welcome();
    build.insert(ElementKind::Goal(Listener::goal(EventType::CallLogged)), Spot::UnderWait(build.id("W")));
    assert_eq!(build.steps("Welcome"), ["E1"]);
    // The first of them leaves those below.
    let mut build = welcome();
    build.set(build.id("E1"), ElementKind::Condition(Condition::SmsHasAddress));
    assert_eq!(build.steps("Welcome"), ["W", "E2", "E3"]);
    // Another rule or another action is still a step.
    let mut build = welcome();
    build.set(build.id("W"), ElementKind::Wait(Wait::new(Until::TimePasses(Span::new(5, Unit::Days)))));
    build.set(build.id("E2"), ElementKind::Action(Action::RemoveFromAllLists));
    assert_eq!(build.steps("Welcome"), ["E1", "W", "E2", "E3"]);
}

/// Edits that a careless caller makes are refused by the document itself.
#[test]
fn the_document_refuses_what_is_no_run() {
    let build = welcome();
    let map = build.map;
    let sequence = Sequence {
        id: Id::new(900),
        name: "x".into(),
        steps: vec![build.id("G")],
        runs_until_completed: false,
    };
    let mut project = build.project.clone();
    assert!(project.apply(gateline::model::Edit::PutSequence { map, sequence }).is_err());
    assert_eq!(project.maps, build.project.maps);
}
