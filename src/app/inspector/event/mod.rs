//! The event that a trigger or goal listens for, with its settings.

mod record;
mod sales;

use egui::Ui;

use super::Page;
use super::items::{ADDRESSES, LINKS, MEMBERSHIP_SITES, PAGES};
use super::picker::{Picked, Picker, Row};
use crate::app::widgets;
use crate::model::filter::{EVENT_TYPES, EventInfo, ListenedBy};
use crate::model::{
    CardOutcome, Element, ElementKind, EventFilter, EventType, Field, Level, List, Listener, OpenOrderChange,
    Product, Tag,
};

pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, element: &Element, settings: &mut Listener) {
    widgets::section(ui, "Event");
    let info = settings.on.event_type().info();
    // M-03: the one trigger of its kind keeps its event, and no other becomes a second
    if settings.on == EventFilter::AddedToAutomation {
        ui.label(info.title);
        widgets::help(ui, info.help);
        return;
    }
    let is_goal = matches!(element.kind, ElementKind::Goal(_));
    let picker = Picker { salt: "event", name: "Event", shown: info.title, ways: &[] };
    let (_, picked) = page.state.searches.pick_row(ui, &picker, Some(info.event_type), || rows(is_goal));
    widgets::help(ui, info.help);
    unseen(page, ui, &settings.on);
    match picked {
        // The settings of the old event are not shown once more: they would change the new one.
        Some(Picked::Known(event_type)) if event_type != info.event_type => {
            let blank = EventFilter::blank(event_type);
            let on = if is_goal { page.map.rules.start_event(blank) } else { blank };
            *settings = settings.clone().hearing(on);
        }
        _ => {
            ui.push_id(info.tag, |ui| of_type(page, ui, &mut settings.on));
        }
    }
}

/// The types that this kind of element can listen for, group by group.
fn rows(is_goal: bool) -> Vec<Row<EventType>> {
    let fits = |info: &&EventInfo| match info.listened_by {
        ListenedBy::Both => true,
        ListenedBy::Triggers => !is_goal && info.event_type != EventType::AddedToAutomation,
        ListenedBy::Goals => is_goal,
    };
    let mut offered: Vec<_> = EVENT_TYPES.iter().filter(fits).collect();
    // The table has some that belong to a group at its end.
    offered.sort_by_key(|info| info.group);
    let row = |info: &EventInfo| Row {
        key: info.event_type,
        words: info.title.into(),
        help: info.help,
        group: info.group.title(),
    };
    offered.into_iter().map(row).collect()
}

/// What follows while something that an event needs is missing.
const SO: &str = "so nothing matches";

/// What the account has to be set up for, or the event is never seen.
fn unseen(page: &Page<'_>, ui: &mut Ui, on: &EventFilter) {
    if let Some(off) = on.misses(&page.project.settings) {
        let sentence = format!("The settings of the account say that {off} is off, so this is never seen");
        widgets::warning(ui, &sentence);
    }
}

/// The settings of each type; a new one does not compile without them.
fn of_type(page: &mut Page<'_>, ui: &mut Ui, on: &mut EventFilter) {
    match on {
        EventFilter::Created
        | EventFilter::AddedToAutomation
        | EventFilter::CallLogged
        | EventFilter::EmailReceived
        | EventFilter::SmsReceived
        | EventFilter::OpenOrderCreated => {}
        EventFilter::FieldUpdated(field) => page.needed::<Field>(ui, "Field", field, SO),
        EventFilter::Paused(map) | EventFilter::Unpaused(map) => record::other_map(page, ui, map),
        EventFilter::Automation { map, change } => record::automation(page, ui, map, change),
        EventFilter::TagAdded(tag) | EventFilter::TagRemoved(tag) => page.needed::<Tag>(ui, "Tag", tag, SO),
        EventFilter::ListAdded(list) | EventFilter::ListRemoved(list) => {
            page.needed::<List>(ui, "Fulfilment list", list, SO);
        }
        EventFilter::DateMatches(field) => record::date_field(page, ui, field),
        EventFilter::DateRelative { field, side, days } => {
            record::days_from_field(page, ui, field, side, days);
        }
        EventFilter::SpecificDate(date) => record::specific_date(page, ui, date),
        EventFilter::TaskCompleted { task, outcomes } => record::task(page, ui, task, outcomes),
        EventFilter::FormSubmitted { form, outcome } => record::form(page, ui, form, outcome),
        EventFilter::Relationship { relationship, change } => {
            record::relationship(page, ui, relationship, change);
        }
        EventFilter::EmailLinkClicked { email, link } => record::email_link(page, ui, email, link),
        EventFilter::Purchased { products, plan_payments } => {
            page.any_or_several::<Product>(ui, "products", products);
            sales::plan_payments(ui, plan_payments);
        }
        EventFilter::KeapPurchase(purchase) => sales::keap(page, ui, purchase),
        EventFilter::Refund(products) => page.any_or_several::<Product>(ui, "products", products),
        EventFilter::CheckoutAbandoned { products, provider } => {
            page.any_or_several::<Product>(ui, "products", products);
            sales::provider(page, ui, provider);
        }
        EventFilter::OpenOrder(change) => {
            sales::which(ui, "What happens to the open order", change, &OpenOrderChange::ALL);
        }
        EventFilter::Card(outcome) => {
            sales::which(ui, "What becomes of the charge", outcome, &CardOutcome::ALL);
        }
        EventFilter::PageVisited(visited) | EventFilter::PurlVisited(visited) => {
            page.needed_of(ui, "Page", &PAGES, visited, SO);
        }
        EventFilter::UrlVisited(address) => page.needed_of(ui, "Address", &ADDRESSES, address, SO),
        EventFilter::LinkClicked(link) => page.needed_of(ui, "Tracked link", &LINKS, link, SO),
        EventFilter::MembershipUpdated(site) | EventFilter::MembershipCreated(site) => {
            page.needed_of(ui, "Membership site", &MEMBERSHIP_SITES, site, SO);
        }
        EventFilter::LevelGiven(level) | EventFilter::LevelLost(level) => {
            page.needed::<Level>(ui, "WordPress level", level, SO);
        }
    }
}
