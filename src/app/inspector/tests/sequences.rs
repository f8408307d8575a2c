//! Sequences are made, changed and taken apart on the pages of their steps.

use super::*;
use crate::base::time::{Span, Unit};

/// A wait, an e-mail, a wait and an End under one another, from 101.
fn account() -> Project {
    let wait = || wait(Until::TimePasses(Span::new(1, Unit::Days)));
    let email = ElementKind::Action(Action::SendEmail(Some(id(31))));
    let mut project = project([wait(), email, wait(), ElementKind::End]);
    for from in [101, 102, 103] {
        let (map, to) = (id(100), Some(id(from + 1)));
        project.apply(Edit::SetLine { map, from: id(from), port: Port::Next, to }).unwrap();
    }
    project
}

fn sequence(harness: &Harness<'_, Bench>) -> Option<Sequence> {
    map_now(harness).sequences.into_values().next()
}

fn steps(harness: &Harness<'_, Bench>) -> Vec<u32> {
    sequence(harness).map_or(vec![], |sequence| sequence.steps.into_iter().map(Id::number).collect())
}

#[test]
fn a_sequence_is_made_renamed_set_and_dissolved() {
    let mut harness = window(bench(account(), &[102]));
    click(&mut harness, "Make a sequence of it");
    let make = Command::MakeSequence { map: id(100), name: "Sequence".into(), steps: [id(102)].into() };
    assert_eq!(meant(&mut harness), make);
    enter(&mut harness, "Name of the sequence", "Welcome");
    click(&mut harness, "Runs until completed");
    is_readable(&harness, "sequence");
    harness.get_by_label("1. Offer");
    let made = sequence(&harness).unwrap();
    assert_eq!((made.name.as_str(), made.runs_until_completed), ("Welcome", true));
    assert_eq!(steps(&harness), [102]);

    harness.state_mut().meant.clear();
    click(&mut harness, "Dissolve");
    assert_eq!(meant(&mut harness), Command::DissolveSequence { map: id(100), sequence: made.id });
    assert_eq!(sequence(&harness), None);
    undo(&mut harness);
    assert_eq!(sequence(&harness), Some(made));
    for _ in 0..3 {
        undo(&mut harness);
    }
    assert_eq!(sequence(&harness), None);
}

#[test]
fn what_stands_below_or_above_is_taken_in() {
    let mut harness = window(bench(account(), &[102]));
    click(&mut harness, "Make a sequence of it");
    for number in [103, 101] {
        harness.state_mut().selection = [id(number)].into();
        harness.run_steps(3);
        click(&mut harness, "Take into sequence “Sequence”");
    }
    assert_eq!(steps(&harness), [101, 102, 103]);
    harness.state_mut().selection = [id(104)].into();
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("equence").is_none(), "an End is no step");
}

#[test]
fn several_that_follow_one_another_make_one() {
    let mut harness = window(bench(account(), &[101, 102, 103]));
    click(&mut harness, "Make a sequence");
    assert_eq!(steps(&harness), [101, 102, 103]);
    assert!(harness.query_by_label("Make a sequence").is_none(), "they are steps already");
    type_into(&mut harness, "Name of the sequence", "Welcome");
    harness.state_mut().selection = [id(101), id(104)].into();
    harness.run_steps(3);
    assert_eq!(sequence(&harness).unwrap().name, "Welcome", "what was typed is taken");
    assert!(harness.query_by_label("Name of the sequence").is_none(), "an End is no step");

    let mut harness = window(bench(account(), &[101, 103]));
    harness.get_by_label_contains("that follow one another");
    harness.state_mut().selection = [id(103), id(104)].into();
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("equence").is_none());
}

#[test]
fn names_are_told_apart() {
    let mut harness = window(bench(account(), &[101]));
    click(&mut harness, "Make a sequence of it");
    harness.state_mut().selection = [id(103)].into();
    harness.run_steps(3);
    click(&mut harness, "Make a sequence of it");
    assert_eq!(shown(&harness, "Name of the sequence"), "Sequence 2");
    enter(&mut harness, "Name of the sequence", "sequence");
    harness.get_by_label_contains("There is already a sequence called “Sequence”");
}
