//! Nothing selected: the map itself, with the rules that its engine follows.

use egui::Ui;

use super::values::read_count;
use super::{Page, head};
use crate::app::icons::Icon;
use crate::app::widgets;
use crate::model::rules::{MoveClears, PastDate, PreviousWaits, SeveralGoals, TextMatch};
use crate::model::{EngineRules, words};
use crate::session::command::{Command, plan};

pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui) {
    let map = page.map;
    head::plain_title(ui, Icon::Map, "Map");
    let project = page.project;
    // Another map may have the name; asked before, so that what was typed stays.
    let free = |text: &str| {
        let name = text.trim().to_owned();
        let rename = Command::RenameMap { map: map.id, name: name.clone() };
        plan(project, rename).map(|_| name).map_err(|refusal| refusal.0)
    };
    let named = page.state.drafts.form_field(ui, "Name", &map.name, "Name of the map", "", free);
    if let Some(name) = named {
        page.mean(Command::RenameMap { map: map.id, name });
    }
    let elements = words::counted(map.elements.len(), "element", "elements");
    let lines = words::counted(map.lines.len(), "line", "lines");
    widgets::help(ui, &format!("{elements}, {lines}. Select one to change its settings"));

    widgets::section(ui, "Rules");
    widgets::help(ui, "Where the source systems leave something open, this map decides it so");
    let mut rules = map.rules.clone();
    switches(page, ui, &mut rules);
    if rules != map.rules {
        page.mean(Command::SetRules { map: map.id, rules });
    }
}

/// Every switch; taken apart by name, so that a new one does not compile without a row here.
fn switches(page: &mut Page<'_>, ui: &mut Ui, rules: &mut EngineRules) {
    let EngineRules {
        events_before_timers,
        max_steps_per_instant,
        previous_waits,
        upstream_follows_go_to,
        move_clears,
        entry_event_achieves,
        several_goals,
        past_specific_date,
        text_match,
    } = rules;
    const BOTH: [(bool, &str); 2] = [(true, "Yes"), (false, "No")];
    switch(
        ui,
        "“On previous waits” means",
        previous_waits,
        PreviousWaits::ALL,
        "Whom “Only contacts on previous waits” lets achieve a goal (G-01)",
    );
    switch(
        ui,
        "“Upstream” follows Go To",
        upstream_follows_go_to,
        &BOTH,
        "Whether who can come to a goal only by a Go To counts as above it (G-01)",
    );
    switch(
        ui,
        "“Move here” clears",
        move_clears,
        MoveClears::ALL,
        "Which other positions of the contact go when it is moved (G-09)",
    );
    switch(
        ui,
        "Entering can achieve a goal",
        entry_event_achieves,
        &BOTH,
        "Whether the event that first puts a contact on this map can achieve its goals, too (G-04)",
    );
    switch(
        ui,
        "Several goals for one event",
        several_goals,
        SeveralGoals::ALL,
        "Each checks anew who is in its scope when its turn comes (G-05)",
    );
    switch(
        ui,
        "A date that is past",
        past_specific_date,
        PastDate::ALL,
        "What a wait for a date does with who arrives after it (W-04)",
    );
    switch(
        ui,
        "Events before timers",
        events_before_timers,
        &BOTH,
        "At the same instant, whether a purchase wins over a wait that ends (M-13, W-08)",
    );
    switch(ui, "Text in conditions", text_match, TextMatch::ALL, "How text is compared (semantics §6)");
    let written = max_steps_per_instant.to_string();
    let help = "A contact that goes round in circles without waiting is stopped after so many (M-09)";
    let typed = page
        .state
        .drafts
        .form_field(ui, "Steps at one instant", &written, "10000", help, |text| read_count(text, 1));
    if let Some(typed) = typed {
        *max_steps_per_instant = typed;
    }
}

fn switch<T: Copy + PartialEq>(ui: &mut Ui, name: &str, value: &mut T, rows: &[(T, &str)], help: &str) {
    let label = widgets::label(ui, name);
    // In the tables they are parts of sentences.
    let rows: Vec<_> = rows.iter().map(|(row, words)| (*row, capitalised(words))).collect();
    let (response, chosen) = widgets::select(ui, name, *value, &rows);
    response.labelled_by(label.id);
    widgets::help(ui, help);
    if let Some(chosen) = chosen {
        *value = chosen;
    }
}

fn capitalised(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
