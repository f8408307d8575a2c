//! Order goals of the project, and how orders are credited to campaigns (semantics §9).

use egui::Ui;

use super::picker::{Picker, Row};
use super::values::switch;
use super::{Page, lists};
use crate::app::icons::Icon;
use crate::app::theme::space;
use crate::app::widgets::{self, ChipPart};
use crate::model::attribution::{LONGEST_WINDOW, MOST_ORDER_GOALS};
use crate::model::{
    Attribution, CampaignRef, ForeignVisitBreaks, GoalRevenue, ItemId, LineStatus, OrderGoal, OrderStatus,
    SmsTouch, StatusCategory, Touchpoint, words,
};
use crate::session::command::{Command, plan};

/// The order goals: each is looked at or deleted, and a new one is put together below them (T-02).
pub(super) fn goals(page: &mut Page<'_>, ui: &mut Ui) {
    widgets::section(ui, "Order goals");
    widgets::help(ui, "Which orders count; the panel of a contact tells which campaign each is credited to");
    let all: Vec<_> = page.project.settings.all_order_goals().collect();
    for goal in &all {
        let id = ui.make_persistent_id(("order goal", goal.id));
        let (width, open) = (ui.available_width(), page.is_held(id, false));
        let pressed = lists::opener(ui, width, open, &goal.name, "", &format!("Order goal {}", goal.name));
        page.held(ui, id, false, pressed, |page, ui| one_goal(page, ui, goal));
    }
    match page.state.order_goal.take() {
        Some(draft) => new_goal(page, ui, draft),
        None if all.len() < MOST_ORDER_GOALS => {
            if button(ui, Icon::Plus, "New order goal") {
                let blank = OrderGoal { name: String::new(), ..OrderGoal::orders() };
                page.state.order_goal = Some(blank);
            }
        }
        None => drop(widgets::help(ui, &format!("No more than {MOST_ORDER_GOALS} are possible"))),
    }
}

/// A button with a sign before its name; whether it was clicked.
fn button(ui: &mut Ui, icon: Icon, name: &str) -> bool {
    ui.button(format!("{} {name}", icon.glyph())).accessible_name(name).clicked()
}

fn one_goal(page: &mut Page<'_>, ui: &mut Ui, goal: &OrderGoal) {
    widgets::help(ui, &words::order_goal_in_words(page.project, goal));
    if goal.id == OrderGoal::orders().id {
        widgets::help(ui, "Every project has this goal");
        return;
    }
    widgets::help(ui, "A goal is never changed: delete it and make it anew");
    if button(ui, Icon::Trash, "Delete order goal") {
        page.mean(Command::DeleteOrderGoal(goal.id));
    }
}

/// A goal that is not saved yet.
fn new_goal(page: &mut Page<'_>, ui: &mut Ui, mut draft: OrderGoal) {
    let mut done = false;
    lists::boxed(ui, |ui| {
        let label = widgets::label(ui, "Name of the order goal");
        let id = ui.make_persistent_id("name of the order goal");
        let name = widgets::text_field(ui, id, &mut draft.name, "Delivered online", f32::INFINITY);
        name.labelled_by(label.id);
        statuses(page, ui, &mut draft.statuses);
        widgets::label(ui, "Where the order began");
        page.any_or_several_so::<Touchpoint>(ui, "touchpoints", &mut draft.touchpoints, "so no order counts");
        // a touchpoint that was made on the way is there, whether the goal is saved or not
        page.commands.extend(std::mem::take(&mut page.before));
        ui.add_space(space::S);
        let goal =
            OrderGoal { id: page.fresh.clone().id(), name: draft.name.trim().to_owned(), ..draft.clone() };
        let add = Command::AddOrderGoal(goal);
        let refusal = plan(page.project, add.clone()).err();
        ui.horizontal(|ui| {
            let response = ui.add_enabled(refusal.is_none(), egui::Button::new("Save order goal"));
            if response.clicked() {
                page.mean(add);
                done = true;
            }
            done |= ui.button("Cancel").clicked();
        });
        match refusal {
            Some(refusal) => drop(widgets::help(ui, &refusal.0)),
            None => drop(widgets::help(ui, "Once it is saved it can be deleted, but not changed")),
        }
    });
    page.state.order_goal = (!done).then_some(draft);
}

/// Statuses by what they mean, or single ones of the shop.
fn statuses(page: &mut Page<'_>, ui: &mut Ui, chosen: &mut Vec<LineStatus>) {
    widgets::label(ui, "A line of the order is at last");
    for (category, name) in StatusCategory::ALL {
        let status = LineStatus::Category(*category);
        let mut on = chosen.contains(&status);
        if widgets::check(ui, &mut on, name, "").changed() {
            chosen.retain(|other| *other != status);
            chosen.extend(on.then_some(status));
        }
    }
    let mut own: Vec<_> = chosen.iter().filter_map(|status| status.own()).collect();
    page.several::<OrderStatus>(ui, "Add an order status of the shop", &mut own);
    chosen.retain(|status| status.own().is_none());
    chosen.extend(own.into_iter().map(LineStatus::Own));
    chosen.sort_unstable();
}

/// How orders are credited; taken apart by name, so that a new setting does not compile without a row here.
pub(super) fn attribution(page: &mut Page<'_>, ui: &mut Ui, settings: &mut Attribution) {
    let Attribution {
        goal_revenue,
        window_days,
        sms_touch,
        own_sources,
        excluded_campaigns,
        foreign_visit_breaks,
        reset_after_order,
    } = settings;
    widgets::section(ui, "Credit for orders");
    widgets::help(ui, "The last touch before an order gets it, in each group of channels");
    let read = |text: &str| match text.trim().parse() {
        Ok(days) if (1..=LONGEST_WINDOW).contains(&days) => Ok(days),
        _ => Err(format!("Write a whole number from 1 to {LONGEST_WINDOW}")),
    };
    let help = "Of 24 hours each, from the touch to the beginning of the order";
    let drafts = &mut page.state.drafts;
    let shown = window_days.to_string();
    if let Some(days) = drafts.form_field(ui, "Days that a touch stays good", &shown, "30", help, read) {
        *window_days = days;
    }
    switch(ui, "What of an SMS is a touch", sms_touch, SmsTouch::ALL, "Of all other messages a click");
    let help = "Of visits (utm_source), with commas between them";
    let sources = own_sources.join(", ");
    let read = |text: &str| Ok(text.split(',').map(|source| source.trim().to_owned()).collect::<Vec<_>>());
    if let Some(typed) = drafts.form_field(ui, "Your own sources", &sources, "maestra", help, read) {
        *own_sources = typed;
    }
    let name = "A visit from elsewhere breaks the credit";
    switch(ui, name, foreign_visit_breaks, ForeignVisitBreaks::ALL, "No touch before it takes its place");
    excluded(page, ui, excluded_campaigns);
    let help = "Of an order that counts";
    switch(ui, "An order brings to its goal", goal_revenue, GoalRevenue::ALL, help);
    ui.add_space(space::S);
    let sentence = "An order that counts uses up the touches before it";
    widgets::check(ui, reset_after_order, "Start afresh after an order", sentence);
}

/// Campaigns that get no credit: chips, and a picker for one more.
fn excluded(page: &mut Page<'_>, ui: &mut Ui, chosen: &mut Vec<CampaignRef>) {
    widgets::label(ui, "Campaigns that get no credit");
    let mut gone = None;
    if !chosen.is_empty() {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::Vec2::splat(space::XS);
            for campaign in chosen.iter() {
                let name = words::campaign_name(page.project, *campaign);
                if widgets::chip(ui, &name, None) == Some(ChipPart::Cross) {
                    gone = Some(*campaign);
                }
            }
        });
    }
    chosen.retain(|campaign| Some(*campaign) != gone);
    let words = "Add a campaign";
    let picker = Picker { salt: "excluded", name: words, shown: words, ways: &[] };
    let project = page.project;
    let added = page.state.searches.add_row(ui, &picker, || {
        let others = CampaignRef::all(&project.catalogue).filter(|campaign| !chosen.contains(campaign));
        let row = |key: CampaignRef| {
            let (words, group) = (words::campaign_name(project, key), ItemId::word(key.item()));
            Row { key, words, help: "", group }
        };
        others.map(row).collect()
    });
    chosen.extend(added);
    widgets::help(ui, "Nor do they stand in the way, such as codes for signing in");
}
