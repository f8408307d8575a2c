//! Triggers and goals: what they listen for, for whom, and what they do to contacts on the map.

use egui::Ui;

use super::{Page, condition, event, head, wait};
use crate::app::icons::Icon;
use crate::app::widgets;
use crate::model::{Element, ElementKind, EventFilter, IfOnMap, Listener, Who, words};

pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, element: &Element, settings: &mut Listener) {
    let is_goal = matches!(element.kind, ElementKind::Goal(_));
    if let Some(sentence) = words::listener_in_words(page.project, page.map, element) {
        head::in_words(ui, &sentence);
    }
    if element.draft {
        widgets::warning(ui, "Draft: it does not listen");
    }
    event::show(page, ui, element, settings);

    widgets::section(ui, "Conditions");
    if settings.conditions.is_always() {
        widgets::help(ui, "Must hold on the record after the event; none: it always counts");
    }
    condition::tree(page, ui, &mut settings.conditions);

    who(page, ui, element, settings);
    if_on_map(page, ui, element, settings);

    widgets::section(ui, "How often");
    widgets::check(
        ui,
        &mut settings.once,
        "Once per contact",
        "At most once in a contact's life, also after it left the map and came back",
    );
    head::draft(page, ui, element, "Does not listen until it is ready");

    if is_goal {
        group(page, ui, element);
    }
}

/// G-01; of the purchase goal of Keap K-05.
fn who(page: &mut Page<'_>, ui: &mut Ui, element: &Element, settings: &mut Listener) {
    let is_goal = matches!(element.kind, ElementKind::Goal(_));
    widgets::section(ui, if is_goal { "Who can achieve it" } else { "Who it listens to" });
    let is_keap = matches!(settings.on, EventFilter::KeapPurchase(_));
    let fits = |who| match who {
        Who::AnyContact => true,
        Who::Upstream => is_goal,
        Who::OnMap => !is_keap,
        Who::PreviousWaits => is_goal && !is_keap,
    };
    for (who, name) in Who::ALL {
        // What a file holds is shown, also where it is not offered.
        if !fits(who) && settings.who != who {
            continue;
        }
        let sentence = words::who_in_words(page.project, page.map, page.graph, element.id, who);
        if widgets::choice(ui, settings.who == who, name, &sentence).clicked() {
            settings.who = who;
        }
    }
}

/// G-02; of the purchase goal of Keap K-05.
fn if_on_map(page: &mut Page<'_>, ui: &mut Ui, element: &Element, settings: &mut Listener) {
    widgets::section(ui, "If already on this map");
    let is_keap = matches!(settings.on, EventFilter::KeapPurchase(_));
    for (choice, name) in IfOnMap::ALL {
        if is_keap && choice != IfOnMap::Move {
            continue;
        }
        let sentence = words::if_on_map_in_words(page.project, page.map, element.id, choice);
        let chosen = is_keap || settings.if_on_map == choice;
        if widgets::choice(ui, chosen, name, &sentence).clicked() {
            settings.if_on_map = choice;
        }
    }
    if is_keap {
        widgets::help(ui, "The purchase goal of Keap always moves, whatever the rules of the map say");
    }
}

/// The wait of the goal's group, which can be changed here.
fn group(page: &mut Page<'_>, ui: &mut Ui, goal: &Element) {
    let Some(wait) = page.graph.wait_of(goal.id).and_then(|id| page.map.element(id)) else { return };
    widgets::section(ui, "Wait of this group");
    let open = page.state.wait_of == Some(goal.id);
    let (sign, verb) = if open { (Icon::ChevronDown, "close") } else { (Icon::ChevronRight, "change") };
    let title = words::title(page.project, wait);
    let summary = words::summary(page.project, wait);
    let said = if open { title } else { format!("{title} ({summary})") };
    if ui.link(format!("{} {said}: {verb}", sign.glyph())).clicked() {
        page.state.wait_of = (!open).then_some(goal.id);
    }
    if open {
        ui.push_id("wait of the group", |ui| {
            page.edit(ui, wait, |page, ui, kind| {
                if let ElementKind::Wait(settings) = kind {
                    wait::rule(page, ui, settings);
                }
            });
        });
    }
}
