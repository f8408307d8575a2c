//! The settings of the account: what all maps of the project share.

use chrono_tz::Tz;
use egui::Ui;

use super::picker::{Picked, Picker, Row};
use super::values::{select, switch};
use super::{Page, orders};
use crate::app::icons::Icon;
use crate::app::theme::space;
use crate::app::widgets;
use crate::base::time::Feb29;
use crate::model::{Item, Settings, ValueBase};
use crate::session::command::Command;

pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui) {
    widgets::section(ui, "Account");
    widgets::help(ui, "Holds for all maps of the project");
    let mut settings = page.project.settings.clone();
    rows(page, ui, &mut settings);
    if settings != page.project.settings {
        page.mean(Command::SetSettings(settings));
    }
    orders::goals(page, ui);
    things(page, ui);
}

/// All that maps name, to be changed or deleted, wherever it is used.
fn things(page: &mut Page<'_>, ui: &mut Ui) {
    widgets::section(ui, "Things of the account");
    let catalogue = &page.project.catalogue;
    let open = page.state.thing.and_then(|id| catalogue.get(id));
    let nothing = "Choose one to change or delete it";
    let shown = open.as_ref().map_or(nothing, Item::name);
    let picker = Picker { salt: "things", name: "Thing of the account", shown, ways: &[] };
    let rows = || {
        let row = |item: Item| {
            let (key, group) = (item.id(), item.id().word());
            Row { key, words: item.name().to_owned(), help: "", group }
        };
        catalogue.items().map(row).collect()
    };
    let current = open.as_ref().map(Item::id);
    let (_, picked) = page.state.searches.pick_row(ui, &picker, current, rows);
    if let Some(id) = current {
        ui.push_id((id.word(), id.number()), |ui| page.item(ui, id));
        ui.add_space(space::XS);
        let delete = format!("{} Delete {}", Icon::Trash.glyph(), id.word());
        if ui.button(delete).accessible_name(format!("Delete {}", id.word())).clicked() {
            page.mean(Command::DeleteItem(id));
        }
    } else {
        widgets::help(ui, "Fields, tags, products, messages, campaigns and all else that has a name");
    }
    if let Some(Picked::Known(id)) = picked {
        page.state.thing = Some(id);
    }
}

/// Every setting; taken apart by name, so that a new one does not compile without a row here.
fn rows(page: &mut Page<'_>, ui: &mut Ui, settings: &mut Settings) {
    let Settings {
        account_zone,
        currency,
        date_event_time,
        birthday_29_feb,
        abandon_after,
        email_sync,
        tracking_code,
        value_base,
        attribution,
        order_goals: _, // have commands of their own
    } = settings;
    zone(page, ui, account_zone);
    let help = "Code of the currency that amounts are in";
    let read = |text: &str| match text.trim() {
        "" => Err("The account needs a currency".to_owned()),
        code => Ok(code.to_owned()),
    };
    if let Some(typed) = page.state.drafts.form_field(ui, "Currency", currency, "USD", help, read) {
        *currency = typed;
    }
    let help = "Of events on a day, and of waits for a day that say no time";
    page.time(ui, "Time of date events", date_event_time, help);
    let rows = [(Feb29::FirstOfMarch, "On 1 March"), (Feb29::LastOfFebruary, "On 28 February")];
    select(ui, "Birthdays on 29 February", birthday_29_feb, &rows);
    widgets::help(ui, "When they are kept in common years");
    page.span(ui, "Checkouts are abandoned after", abandon_after, 1);
    widgets::help(ui, "A checkout that is not finished by then counts as abandoned");
    ui.add_space(space::S);
    widgets::check(ui, email_sync, "E-mail sync", "E-mail from contacts is seen");
    widgets::check(ui, tracking_code, "Tracking code", "Visits to addresses elsewhere are seen");
    let help = "Of the contacts who visited an element";
    switch(ui, "Lifetime value counts", value_base, ValueBase::ALL, help);
    orders::attribution(page, ui, attribution);
}

fn zone(page: &mut Page<'_>, ui: &mut Ui, zone: &mut Tz) {
    let label = widgets::label(ui, "Time zone");
    let picker = Picker { salt: "zone", name: "", shown: zone.name(), ways: &[] };
    let rows = || chrono_tz::TZ_VARIANTS.iter().map(|zone| (*zone, zone.name().to_owned())).collect();
    let (response, picked) = page.state.searches.pick(ui, &picker, Some(*zone), rows);
    response.labelled_by(label.id);
    widgets::help(ui, "Of all dates and times that say no other");
    if let Some(Picked::Known(chosen)) = picked {
        *zone = chosen;
    }
}
