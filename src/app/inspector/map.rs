//! Nothing selected: the map itself, with the rules that its engine follows, and below it the account.

use egui::Ui;

use super::values::switch;
use super::{Page, account, head, values};
use crate::app::icons::Icon;
use crate::app::widgets;
use crate::model::rules::{
    EditedWait, FieldTimerReads, MoveClears, PastDate, PastRelativeDate, PreviousWaits, Reentry,
    SeveralGoals, SplitDraw, TextMatch, WhilePaused,
};
use crate::model::{BranchPolicy, EngineRules, PlanPayments, Preset, words};
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

    let mut rules = map.rules.clone();
    preset(ui, &mut rules);
    switches(page, ui, &mut rules);
    if rules != map.rules {
        page.mean(Command::SetRules { map: map.id, rules });
    }
    account::show(page, ui);
}

/// The source system whose ways the map follows (K-12).
fn preset(ui: &mut Ui, rules: &mut EngineRules) {
    widgets::section(ui, "Rules");
    widgets::help(ui, "Where the source systems leave something open, this map decides it so");
    let current = rules.preset_of();
    let mut rows: Vec<_> = Preset::ALL.iter().map(|(preset, name)| (Some(*preset), *name)).collect();
    if current.is_none() {
        rows.push((None, "Changed"));
    }
    let mut chosen = current;
    values::select(ui, "Preset", &mut chosen, &rows);
    let help = "Sets all rules below to the ways of that system; each can be changed by itself";
    widgets::help(ui, help);
    if let Some(preset) = chosen.filter(|_| chosen != current) {
        *rules = EngineRules::preset(preset);
    }
}

/// Every switch; taken apart by name, so that a new one does not compile without a row here.
fn switches(page: &mut Page<'_>, ui: &mut Ui, rules: &mut EngineRules) {
    let EngineRules {
        events_before_timers,
        pause_keeps_time,
        events_while_paused,
        max_steps_per_instant,
        previous_waits,
        upstream_follows_go_to,
        move_clears,
        entry_event_achieves,
        several_goals,
        plan_payments,
        zero_total_pays,
        sequence_reentry,
        branch_policy,
        field_timer_reads,
        late_step_days,
        past_relative_date,
        past_specific_date,
        edited_wait,
        split_draw,
        text_match,
    } = rules;

    widgets::section(ui, "Goals");
    switch(
        ui,
        "“On previous waits” means",
        previous_waits,
        PreviousWaits::ALL,
        "Whom “Only contacts on previous waits” lets achieve a goal",
    );
    switch(
        ui,
        "“Upstream” follows Go To",
        upstream_follows_go_to,
        &BOTH,
        "Whether who can come to a goal only by a Go To counts as above it",
    );
    switch(
        ui,
        "“Move here” clears",
        move_clears,
        MoveClears::ALL,
        "Which other positions of the contact go when it is moved",
    );
    switch(
        ui,
        "Entering can achieve a goal",
        entry_event_achieves,
        &BOTH,
        "Whether the event that first puts a contact on this map can achieve its goals, too",
    );
    switch(
        ui,
        "Several goals for one event",
        several_goals,
        SeveralGoals::ALL,
        "Each checks anew who is in its scope when its turn comes",
    );
    switch(
        ui,
        "New purchase goals count",
        plan_payments,
        PlanPayments::ALL,
        "Of a payment plan; each goal can be set by itself",
    );
    switch(
        ui,
        "An order that costs nothing is paid",
        zero_total_pays,
        &BOTH,
        "When it is placed, for the purchase goal of Keap",
    );

    widgets::section(ui, "Waits and timers");
    switch(
        ui,
        "A date that is past",
        past_specific_date,
        PastDate::ALL,
        "What a wait for a date does with who arrives after it",
    );
    switch(
        ui,
        "A day of a field that is past",
        past_relative_date,
        PastRelativeDate::ALL,
        "What a wait before or after a date field does with who arrives after it",
    );
    switch(
        ui,
        "A wait that is edited",
        edited_wait,
        EditedWait::ALL,
        "What becomes of those who wait there at a publication; in sequences times count from the entry",
    );
    switch(
        ui,
        "Field timers read the field",
        field_timer_reads,
        FieldTimerReads::ALL,
        "Of Keap's field timer",
    );

    widgets::section(ui, "Sequences and ways");
    switch(
        ui,
        "Coming into a sequence again",
        sequence_reentry,
        Reentry::ALL,
        "For a contact that has completed it",
    );
    let help = "A step put into a running sequence is still done so many days after its time; 0: never";
    number(page, ui, "Days that a step may be late", late_step_days, 0, help);
    switch(ui, "New branches ask for", branch_policy, BranchPolicy::ALL, "Each element can be set by itself");
    switch(
        ui,
        "Splits draw",
        split_draw,
        SplitDraw::ALL,
        "Balanced, contacts depend on one another: the run goes through them in the order of time",
    );

    widgets::section(ui, "Contacts who are paused");
    switch(
        ui,
        "Timers go on running",
        pause_keeps_time,
        &BOTH,
        "Then who is overdue goes on when unpaused; otherwise timers stand still",
    );
    switch(
        ui,
        "Events while paused",
        events_while_paused,
        WhilePaused::ALL,
        "Missed ones are logged and do nothing",
    );

    widgets::section(ui, "Order and text");
    switch(
        ui,
        "Events before timers",
        events_before_timers,
        &BOTH,
        "At the same instant, whether a purchase wins over a wait that ends",
    );
    let help = "A contact that goes round in circles without waiting is stopped after so many";
    number(page, ui, "Steps at one instant", max_steps_per_instant, 1, help);
    switch(
        ui,
        "Text in conditions",
        text_match,
        TextMatch::ALL,
        "How fields and text messages are compared with a text",
    );
}

const BOTH: [(bool, &str); 2] = [(true, "Yes"), (false, "No")];

fn number(page: &mut Page<'_>, ui: &mut Ui, name: &str, number: &mut u32, least: u32, help: &str) {
    let written = number.to_string();
    let read = |text: &str| values::read_count(text, least);
    if let Some(typed) = page.state.drafts.form_field(ui, name, &written, "", help, read) {
        *number = typed;
    }
}
