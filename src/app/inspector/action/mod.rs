//! Actions: one page for each kind. The same settings stand under the outcomes of a task, where there is no element.

mod field;
mod router;

use egui::Ui;

use super::items::MEMBERSHIP_SITES;
use super::typed::any_text;
use super::values::{say_wrong, select};
use super::{Page, head};
use crate::app::widgets;
use crate::base::id::{LevelId, MapId, ProductId, RelationshipId, TagId};
use crate::base::money::Money;
use crate::model::{
    Action, Element, Email, Level, List, Member, MembershipStatus, Postcard, Product, Relationship, Site,
    Sms, Tag, Task,
};

/// Where an action stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// On a map, as an element.
    Map,
    /// Under an outcome of a task.
    Outcome,
}

/// The page of an action that is an element.
pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, element: &Element, action: &mut Action) {
    if element.draft {
        widgets::warning(ui, "Draft: contacts pass it and nothing is done");
    }
    edit(page, ui, Stand::Map, action);
    head::draft(page, ui, element, "Passed over until it is ready");
}

/// The settings of each action; a new one does not compile without them.
pub(super) fn edit(page: &mut Page<'_>, ui: &mut Ui, stand: Stand, action: &mut Action) {
    widgets::help(ui, action.kind().info().help);
    match action {
        Action::SendEmail(email) => {
            page.message::<Email>(ui, "E-mail", email, "so nothing is sent");
            widgets::help(ui, "A contact who may not get it goes on all the same; the history says why");
        }
        Action::SendSms(sms) => {
            page.message::<Sms>(ui, "SMS", sms, "so nothing is sent");
            widgets::help(ui, "A contact who may not get it goes on all the same; the history says why");
        }
        Action::SendPostcard(card) => page.needed::<Postcard>(ui, "Postcard", card, "so nothing is sent"),
        Action::AssignTask { task, due_in_days, owner } => {
            page.needed::<Task>(ui, "Task", task, "so nobody gets one");
            number(page, ui, "Due in days", due_in_days, 0);
            page.one_or_none::<Member>(ui, "Owner", OWNER, owner);
        }
        Action::Notify { member, by_sms, text } => {
            page.one_or_none::<Member>(ui, "Whom", OWNER, member);
            select(ui, "How", by_sms, &[(false, "By e-mail"), (true, "By SMS")]);
            long_text(page, ui, "Text", text, "so nothing is said");
        }
        Action::UpdateField { field, change } => field::edit(page, ui, field, change),
        Action::ChangeTags { add, remove } => tags(page, ui, add, remove),
        Action::AddToMap(map) => {
            chosen_map(page, ui, stand == Stand::Map, map);
            widgets::help(
                ui,
                match stand {
                    Stand::Map => "Holds the contact here until it is off that map again",
                    Stand::Outcome => "Holds nobody: what an outcome does stands on no map",
                },
            );
        }
        Action::RemoveFromMap(map) => {
            chosen_map(page, ui, false, map);
            if stand == Stand::Map && *map == Some(page.map.id) {
                widgets::help(ui, "The contact leaves this map here, with all its positions");
            }
        }
        Action::PauseOnMap(map) => {
            chosen_map(page, ui, false, map);
            widgets::help(ui, "Its timers go on running or stand still, as that map's rules say");
            if stand == Stand::Map && *map == Some(page.map.id) {
                widgets::help(ui, "On this map the contact first goes on to where it rests next");
            }
        }
        Action::UnpauseOnMap(map) => {
            chosen_map(page, ui, false, map);
            widgets::help(ui, "Where a timer is overdue, it leaves at once");
        }
        Action::AddToList(list) | Action::RemoveFromList(list) => {
            page.needed::<List>(ui, "Fulfilment list", list, "so nothing changes");
        }
        Action::RemoveFromAllLists => {}
        Action::AddPurchase { product, quantity, amount } => purchase(page, ui, product, quantity, amount),
        Action::CancelOpenOrders(products) => {
            page.any_or_several_so::<Product>(ui, "products", products, "so nothing is cancelled");
        }
        Action::RechargeDeclined => {
            widgets::help(ui, "Whether a payment goes through this time is told by the order’s own data");
        }
        Action::SetMembership { site, status } => {
            page.needed_of(ui, "Membership site", &MEMBERSHIP_SITES, site, "so nothing changes");
            select(ui, "Access", status, MembershipStatus::ALL);
        }
        Action::GiveLevel(level) | Action::RemoveLevel(level) => self::level(page, ui, level),
        Action::AddRelationship { relationship, record } => {
            let help = "Name of the other record";
            related(page, ui, relationship, record, "The other record", help);
            if record.is_empty() {
                widgets::warning(ui, "The other record has no name yet, so nothing is connected");
            }
        }
        Action::RemoveRelationship { relationship, record } => {
            related(page, ui, relationship, record, "Every record", "Name of the other record; empty: all");
        }
        Action::RouteLead(router) => router::edit(page, ui, stand, router),
        Action::Webhook(url) => {
            let help = "Never called: in a simulation it is only noted";
            short_text(page, ui, "Address", url, "https://…", help, "so nothing is noted");
        }
        Action::CreateRecord(name) => {
            let hint = "Webinar seat";
            short_text(page, ui, "Name of the record", name, hint, "", "so none is created");
        }
        Action::Note(text) => long_text(page, ui, "Text", text, "so nothing is noted"),
    }
}

/// What it means that no team member is chosen.
const OWNER: &str = "The contact's owner";

fn number(page: &mut Page<'_>, ui: &mut Ui, name: &str, number: &mut u32, least: u32) {
    let label = widgets::label(ui, name);
    let wrong = page.number_in_row(ui, name, Some(label.id), number, least);
    say_wrong(ui, wrong);
}

/// A text that is needed, on one line.
fn short_text(
    page: &mut Page<'_>,
    ui: &mut Ui,
    name: &str,
    text: &mut String,
    hint: &str,
    help: &str,
    so: &str,
) {
    if let Some(typed) = page.state.drafts.form_field(ui, name, text, hint, help, any_text) {
        *text = typed;
    }
    unwritten(ui, text, so);
}

/// A text that is needed, on several lines.
fn long_text(page: &mut Page<'_>, ui: &mut Ui, name: &str, text: &mut String, so: &str) {
    if let Some(typed) = page.state.drafts.text(ui, name, text, "", "") {
        *text = typed;
    }
    unwritten(ui, text, so);
}

fn unwritten(ui: &mut Ui, text: &str, so: &str) {
    if text.is_empty() {
        widgets::warning(ui, &format!("Nothing is written yet, {so}"));
    }
}

fn tags(page: &mut Page<'_>, ui: &mut Ui, add: &mut Vec<TagId>, remove: &mut Vec<TagId>) {
    widgets::label(ui, "Tags to add");
    page.several::<Tag>(ui, "Add a tag", add);
    widgets::label(ui, "Tags to remove");
    page.several::<Tag>(ui, "Remove a tag", remove);
    if add.is_empty() && remove.is_empty() {
        widgets::warning(ui, "No tag is chosen yet, so nothing changes");
    } else if add.iter().any(|tag| remove.contains(tag)) {
        widgets::warning(ui, "A tag is both added and removed: the contact ends without it");
    } else {
        widgets::help(
            ui,
            "Adding a tag that the contact has, or removing one that it has not, raises no event",
        );
    }
}

/// A map; `other`: not this one.
fn chosen_map(page: &mut Page<'_>, ui: &mut Ui, other: bool, map: &mut Option<MapId>) {
    page.one_map(ui, "Map", other, map);
    match *map {
        None => drop(widgets::warning(ui, "No map is chosen yet, so nothing happens")),
        Some(id) if other && id == page.map.id => {
            widgets::warning(ui, "This is the map itself, so contacts go on at once");
        }
        Some(id) if page.project.map(id).is_none() => {
            widgets::warning(ui, "The map is no longer in the project, so nothing happens");
        }
        Some(_) => {}
    }
}

fn purchase(
    page: &mut Page<'_>,
    ui: &mut Ui,
    product: &mut Option<ProductId>,
    quantity: &mut u32,
    amount: &mut Option<Money>,
) {
    page.needed::<Product>(ui, "Product", product, "so nothing is bought");
    number(page, ui, "Quantity", quantity, 1);
    let known = product.and_then(|product| page.project.catalogue.products.get(&product));
    let help = match known.and_then(|product| product.price) {
        Some(price) => format!("empty: its list price, {price} each"),
        None if known.is_some() => "empty: its list price, which it has not, so 0.00".into(),
        None => "empty: its list price".into(),
    };
    page.price_or_none(ui, "Amount in all", amount, &help);
}

fn level(page: &mut Page<'_>, ui: &mut Ui, level: &mut Option<LevelId>) {
    page.needed::<Level>(ui, "WordPress level", level, "so nothing changes");
    let catalogue = &page.project.catalogue;
    match level.and_then(|level| catalogue.levels.get(&level)).map(|level| level.site) {
        None => {}
        Some(None) => drop(widgets::help(ui, "Belongs to no site yet")),
        Some(Some(site)) => {
            widgets::help(ui, &format!("A level of {}", catalogue.name::<Site>(site)));
        }
    }
}

fn related(
    page: &mut Page<'_>,
    ui: &mut Ui,
    relationship: &mut Option<RelationshipId>,
    record: &mut String,
    hint: &str,
    help: &str,
) {
    page.needed::<Relationship>(ui, "Relationship", relationship, "so nothing changes");
    if let Some(typed) = page.state.drafts.form_field(ui, "Record", record, hint, help, any_text) {
        *record = typed;
    }
}
