//! Sequences, on the pages of their steps (K-06): a name, whether a goal stops it, and how one is made and taken apart.

use std::collections::BTreeSet;

use egui::Ui;

use super::Page;
use super::typed::any_text;
use crate::app::icons::Icon;
use crate::app::theme::{self, space};
use crate::app::widgets;
use crate::base::id::{ElementId, SequenceId};
use crate::model::{Element, Map, Port, Sequence, words};
use crate::session::command::{Command, plan};

/// The part of a page about the sequence that an element is a step of, or could be one of.
pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, element: &Element) {
    if !element.kind.is_step() {
        return;
    }
    widgets::section(ui, "Sequence");
    match page.map.sequence_of(element.id) {
        Some(sequence) => settings(page, ui, &[element.id], sequence),
        None => offers(page, ui, element),
    }
}

/// The sequence that all of these are steps of.
pub(super) fn of_all<'m>(map: &'m Map, elements: &[ElementId]) -> Option<&'m Sequence> {
    let sequence = map.sequence_of(*elements.first()?)?;
    elements.iter().all(|id| sequence.steps.contains(id)).then_some(sequence)
}

/// The part of the page of several elements about the sequence that all of them are steps of.
pub(super) fn of_several(page: &mut Page<'_>, ui: &mut Ui, sequence: SequenceId, selected: &[ElementId]) {
    let Some(sequence) = page.map.sequences.get(&sequence) else { return };
    widgets::section(ui, "Sequence");
    settings(page, ui, selected, sequence);
}

/// What can be made of several elements that are selected: a sequence, where they follow one another.
pub(super) fn offer(page: &mut Page<'_>, ui: &mut Ui, selected: &[ElementId]) {
    let is_free = |id: &ElementId| {
        page.map.element(*id).is_some_and(|element| element.kind.is_step())
            && page.map.sequence_of(*id).is_none()
    };
    if !selected.iter().all(is_free) {
        return;
    }
    ui.add_space(space::S);
    // Each step has one way on and lines run in no circle: if there is one top, all others follow it.
    let steps: BTreeSet<_> = selected.iter().copied().collect();
    let next = |step: &ElementId| page.map.target(*step, Port::Next).filter(|next| steps.contains(next));
    let below: BTreeSet<_> = steps.iter().filter_map(next).collect();
    if steps.len() == below.len() + 1 {
        if button(ui, "Make a sequence") {
            page.mean(make(page.map, steps));
        }
        widgets::help(ui, WHAT_IT_IS);
    } else {
        widgets::help(ui, "A sequence can be made of actions and waits that follow one another");
    }
}

const WHAT_IT_IS: &str = "A named run of waits and actions, drawn as one group; a goal below it stops it";

fn button(ui: &mut Ui, words: &str) -> bool {
    let button = ui.button(format!("{} {words}", Icon::Sequence.glyph()));
    button.accessible_name(words).clicked()
}

fn make(map: &Map, steps: BTreeSet<ElementId>) -> Command {
    Command::MakeSequence { map: map.id, name: free_name(map), steps }
}

/// `Sequence`, `Sequence 2` and so on: the first that no sequence of the map has.
fn free_name(map: &Map) -> String {
    let taken: BTreeSet<_> = map.sequences.values().map(|sequence| sequence.name.to_lowercase()).collect();
    let name = |number| match number {
        1 => "Sequence".to_owned(),
        number => format!("Sequence {number}"),
    };
    // One more than there are is always enough.
    let mut names = (1..=taken.len() + 1).map(name);
    names.find(|name| !taken.contains(&name.to_lowercase())).unwrap_or_default()
}

/// The sequence that the selected elements are steps of.
fn settings(page: &mut Page<'_>, ui: &mut Ui, selected: &[ElementId], sequence: &Sequence) {
    let (project, map) = (page.project, page.map.id);
    let mut changed = sequence.clone();
    // Another sequence may have the name; asked before, so that what was typed stays.
    let free = |text: &str| {
        let name = any_text(text)?;
        let renamed = Sequence { name: name.clone(), ..sequence.clone() };
        let rename = Command::SetSequence { map, sequence: renamed };
        plan(project, rename).map(|_| name).map_err(|refusal| refusal.0)
    };
    let label = "Name of the sequence";
    if let Some(name) = page.state.drafts.form_field(ui, label, &sequence.name, "Welcome", "", free) {
        changed.name = name;
    }
    ui.add_space(space::S);
    let sentence =
        "A goal below does not stop it: the contact goes on to its last step, beside what the goal starts";
    widgets::check(ui, &mut changed.runs_until_completed, "Runs until completed", sentence);
    widgets::label(ui, "Steps");
    for (place, step) in sequence.steps.iter().enumerate() {
        let title = page.map.element(*step).map(|step| words::title(project, step)).unwrap_or_default();
        let words = egui::RichText::new(format!("{}. {title}", place + 1)).small();
        let here = selected.contains(step);
        let words = if here { words.strong() } else { words.color(theme::palette(ui).quiet) };
        ui.add(egui::Label::new(words).truncate());
    }
    if changed != *sequence {
        page.mean(Command::SetSequence { map, sequence: changed });
    }
    ui.add_space(space::XS);
    if button(ui, "Dissolve") {
        page.mean(Command::DissolveSequence { map, sequence: sequence.id });
    }
    widgets::help(ui, "Its steps stay, each by itself");
}

/// What can be made of an element that is no step yet.
fn offers(page: &mut Page<'_>, ui: &mut Ui, element: &Element) {
    let (map, id) = (page.map, element.id);
    for sequence in map.sequences.values() {
        let is_below = sequence.steps.last().is_some_and(|last| map.target(*last, Port::Next) == Some(id));
        let is_above = map.target(id, Port::Next).is_some_and(|next| sequence.steps.first() == Some(&next));
        if (is_below || is_above) && button(ui, &format!("Take into sequence “{}”", sequence.name)) {
            let mut sequence = sequence.clone();
            // The lines between them give their order.
            sequence.steps.push(id);
            page.mean(Command::SetSequence { map: map.id, sequence });
        }
    }
    if button(ui, "Make a sequence of it") {
        page.mean(make(map, [id].into()));
    }
    widgets::help(ui, WHAT_IT_IS);
}
