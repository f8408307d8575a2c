//! Update a field: which, and how.

use egui::Ui;
use rust_decimal::Decimal;

use super::Page;
use super::values::{fits, read_number};
use crate::app::widgets;
use crate::base::id::FieldId;
use crate::model::{Field, FieldChange, FieldKind};

pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, field: &mut Option<FieldId>, change: &mut FieldChange) {
    let another = page.one::<Field>(ui, "Field", field);
    let Some(id) = *field else {
        widgets::warning(ui, "No field is chosen yet, so nothing changes");
        return;
    };
    // A field made just now is in the account with the next frame.
    if another && !page.project.catalogue.fields.contains_key(&id) {
        *change = FieldChange::Set(None);
        return;
    }
    let kind = page.kind_of(id);
    if another {
        let stays = match change {
            FieldChange::Set(value) => value.as_ref().is_none_or(|value| fits(kind, value)),
            FieldChange::Clear => true,
            FieldChange::Add(_) => kind == FieldKind::Number,
        };
        if !stays {
            *change = FieldChange::Set(None);
        }
    }
    how(page, ui, kind, change);
}

fn how(page: &mut Page<'_>, ui: &mut Ui, kind: FieldKind, change: &mut FieldChange) {
    widgets::label(ui, "What happens to it");
    if widgets::choice(ui, matches!(change, FieldChange::Set(_)), "Set", "It holds this value from now on")
        .clicked()
        && !matches!(change, FieldChange::Set(_))
    {
        *change = FieldChange::Set(None);
    }
    if widgets::choice(ui, *change == FieldChange::Clear, "Clear", "It holds nothing from now on").clicked() {
        *change = FieldChange::Clear;
    }
    let adds = matches!(change, FieldChange::Add(_));
    let offered = adds || kind == FieldKind::Number;
    if offered
        && widgets::choice(ui, adds, "Add", "This number is added to it; an empty field counts as 0")
            .clicked()
        && !adds
    {
        *change = FieldChange::Add(Decimal::ONE);
    }
    match change {
        FieldChange::Clear => {}
        FieldChange::Set(value) => {
            widgets::label(ui, "Value");
            page.value(ui, "New value", kind, value);
            if value.is_none() {
                widgets::warning(ui, "No value is chosen yet, so nothing changes");
            }
        }
        FieldChange::Add(number) => {
            let written = number.normalize().to_string();
            let help = "With a minus sign it is subtracted";
            let typed = page.state.drafts.form_field(ui, "Number to add", &written, "1", help, read_number);
            if let Some(typed) = typed {
                *number = typed;
            }
            if kind != FieldKind::Number {
                widgets::warning(ui, "The field holds no number, so nothing is added");
            }
        }
    }
}
