//! How a task can come out, and what is done to the contact then.

use egui::Ui;

use super::super::picker::{Picker, Row};
use super::super::typed::Look;
use super::super::{Page, action, lists};
use crate::app::icons::Icon;
use crate::app::left::ACTION_GROUPS;
use crate::app::theme::space;
use crate::app::widgets;
use crate::model::{Action, ElementKind, Kind, Outcome, Task, words};

pub(super) fn outcomes(page: &mut Page<'_>, ui: &mut Ui, task: &mut Task) {
    widgets::label(ui, "Outcomes");
    if task.outcomes.is_empty() {
        widgets::help(ui, "None yet: the task is just done");
    }
    let count = task.outcomes.len();
    let mut act = None;
    for (place, outcome) in task.outcomes.iter_mut().enumerate() {
        ui.push_id(("outcome", place), |ui| {
            lists::boxed(ui, |ui| {
                let done = self::outcome(page, ui, outcome, place, count);
                act = act.or(done.map(|done| (done, place)));
            });
        });
    }
    if let Some((act, place)) = act {
        act.carry_out(&mut task.outcomes, place);
    }
    let look = Look { width: f32::INFINITY, hint: "Add an outcome: Reached" };
    let typed = page.state.drafts.field(ui, ("outcome", count), "", look, read_name);
    typed.response.accessible_name("Add an outcome");
    task.outcomes.extend(typed.taken.map(|name| Outcome { name, actions: vec![] }));
    widgets::help(ui, "Numbered in this order; triggers and goals ask for the number");
}

fn read_name(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("An outcome needs a name; remove it with the cross".into()),
        name => Ok(name.to_owned()),
    }
}

fn outcome(
    page: &mut Page<'_>,
    ui: &mut Ui,
    outcome: &mut Outcome,
    place: usize,
    count: usize,
) -> Option<lists::Act> {
    let number = place + 1;
    let mut wrong = None;
    let act = ui
        .horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            let look =
                Look { width: ui.available_width() - lists::BUTTONS - 2.0 * space::S, hint: "Reached" };
            let typed = page.state.drafts.field(ui, "name", &outcome.name, look, read_name);
            typed.response.accessible_name(format!("Name of outcome {number}"));
            wrong = typed.wrong;
            if let Some(name) = typed.taken {
                outcome.name = name;
            }
            lists::buttons(ui, &format!("outcome {number}"), place, count)
        })
        .inner;
    if let Some(wrong) = wrong {
        widgets::error(ui, &wrong);
    }
    actions(page, ui, &outcome.name, &mut outcome.actions);
    act
}

/// What is done to the contact when the task comes out so, in this order.
fn actions(page: &mut Page<'_>, ui: &mut Ui, outcome: &str, actions: &mut Vec<Action>) {
    let count = actions.len();
    let held: Vec<_> = (0..=count).map(|place| ui.make_persistent_id(("action", place))).collect();
    let mut act = None;
    for ((place, action), held) in actions.iter_mut().enumerate().zip(&held) {
        let words = words::action_in_words(page.project, action);
        let pressed = ui
            .horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::XS;
                let open = page.is_held(*held, false);
                let width = ui.available_width() - lists::BUTTONS;
                let words = format!("{} {words}", Icon::of_action(action).glyph());
                let name = format!("Action {} of {outcome}", place + 1);
                let pressed = lists::opener(ui, width, open, &words, "", &name);
                let what = format!("action {} of {outcome}", place + 1);
                act = act.or(lists::buttons(ui, &what, place, count).map(|act| (act, place)));
                pressed
            })
            .inner;
        page.held(ui, *held, false, pressed, |page, ui| {
            action::edit(page, ui, action::Stand::Outcome, action)
        });
    }
    if let Some((act, place)) = act {
        act.carry_out(actions, place);
        for held in &held {
            page.state.held.remove(held);
        }
    }
    let name = format!("Add an action to {outcome}");
    let picker = Picker { salt: "add", name: &name, shown: "Add action", ways: &[] };
    let added = page.state.searches.add_row(ui, &picker, rows).map(|kind| (kind.info().blank)());
    if let Some(ElementKind::Action(action)) = added {
        actions.push(action);
        // what is new waits to be set
        if let Some(held) = held.last() {
            page.state.held.insert(*held, true);
        }
    }
}

/// The kinds of actions, group by group.
fn rows() -> Vec<Row<Kind>> {
    let row = |group: &'static str, kind: &Kind| {
        let info = kind.info();
        Row { key: *kind, words: info.title.into(), help: info.help, group }
    };
    ACTION_GROUPS.iter().flat_map(|(group, kinds)| kinds.iter().map(move |kind| row(group, kind))).collect()
}
