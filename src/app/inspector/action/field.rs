//! Update a field: which, and how.

use egui::Ui;
use rust_decimal::Decimal;

use super::super::Page;
use super::super::items::holds_date;
use super::super::values::{read_number, select};
use crate::app::widgets;
use crate::base::id::FieldId;
use crate::base::time::{Side, Span, Unit};
use crate::model::{Field, FieldChange, FieldKind};

/// The ways to change a field, as the page offers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Set,
    Clear,
    Add,
    Subtract,
    Move,
}

impl How {
    const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Set, "Set", "It holds this value from now on"),
        (Self::Clear, "Clear", "It holds nothing from now on"),
        (Self::Add, "Add", "This number is added to it; an empty field counts as 0"),
        (Self::Subtract, "Subtract", "This number is taken off it; an empty field counts as 0"),
        (Self::Move, "Move", "Its date goes ahead or back; an empty field counts as today"),
    ];

    fn of(change: &FieldChange) -> Self {
        match change {
            FieldChange::Set(_) => Self::Set,
            FieldChange::Clear => Self::Clear,
            FieldChange::Add(number) if is_less(*number) => Self::Subtract,
            FieldChange::Add(_) => Self::Add,
            FieldChange::Shift(..) => Self::Move,
        }
    }

    fn suits(self, kind: FieldKind) -> bool {
        match self {
            Self::Set | Self::Clear => true,
            Self::Add | Self::Subtract => kind == FieldKind::Number,
            Self::Move => holds_date(kind),
        }
    }

    /// Begins to change the field so; a number stays.
    fn begin(self, old: &FieldChange) -> FieldChange {
        let number = match old {
            FieldChange::Add(number) => number.abs(),
            _ => Decimal::ONE,
        };
        match self {
            Self::Set => FieldChange::Set(None),
            Self::Clear => FieldChange::Clear,
            Self::Add => FieldChange::Add(number),
            Self::Subtract => FieldChange::Add(-number),
            Self::Move => FieldChange::Shift(Side::After, Span::new(1, Unit::Days)),
        }
    }
}

fn is_less(number: Decimal) -> bool {
    number.is_sign_negative() && !number.is_zero()
}

pub(super) fn edit(page: &mut Page<'_>, ui: &mut Ui, field: &mut Option<FieldId>, change: &mut FieldChange) {
    let before = *field;
    page.needed::<Field>(ui, "Field", field, "so nothing changes");
    let Some(id) = *field else { return };
    // A field made just now is in the account with the next frame.
    let kind = page.project.catalogue.fields.get(&id).map(|field| field.kind);
    if before != *field {
        let stays = kind.is_some_and(|kind| match &*change {
            FieldChange::Set(Some(value)) => kind.fits(value),
            change => How::of(change).suits(kind),
        });
        if !stays {
            *change = FieldChange::Set(None);
        }
        return;
    }
    how(page, ui, kind.unwrap_or_default(), change);
}

fn how(page: &mut Page<'_>, ui: &mut Ui, kind: FieldKind, change: &mut FieldChange) {
    widgets::label(ui, "What happens to it");
    let now = How::of(change);
    for (how, name, sentence) in How::ALL {
        // What a file holds is shown, also where it does not suit.
        let offered = how == now || how.suits(kind);
        if offered && widgets::choice(ui, how == now, name, sentence).clicked() && how != now {
            *change = how.begin(change);
            return;
        }
    }
    match change {
        FieldChange::Clear => {}
        FieldChange::Set(value) => {
            widgets::label(ui, "Value");
            page.value(ui, "New value", kind, value);
            match value {
                None => drop(widgets::warning(ui, "No value is chosen yet, so nothing changes")),
                Some(value) if !kind.fits(value) => {
                    widgets::warning(ui, "The field holds something else than this value");
                }
                Some(_) => {}
            }
        }
        FieldChange::Add(number) => {
            let less = now == How::Subtract;
            let name = if less { "Number to subtract" } else { "Number to add" };
            let written = number.abs().normalize().to_string();
            let typed = page.state.drafts.form_field(ui, name, &written, "1", "", read_number);
            if let Some(typed) = typed {
                *number = if less { -typed } else { typed };
            }
        }
        FieldChange::Shift(side, span) => {
            shift(page, ui, kind, side, span);
        }
    }
    if !now.suits(kind) {
        widgets::warning(ui, "The field holds something else, so nothing changes");
    }
}

fn shift(page: &mut Page<'_>, ui: &mut Ui, kind: FieldKind, side: &mut Side, span: &mut Span) {
    // Of a date without a time there are no minutes and hours; what a file holds is shown.
    let small = |unit: Unit| matches!(unit, Unit::Minutes | Unit::Hours);
    let offered = Unit::ALL
        .into_iter()
        .filter(|unit| kind == FieldKind::DateTime || !small(*unit) || *unit == span.unit);
    let rows: Vec<_> = offered.map(|unit| (unit, unit.word(span.count))).collect();
    page.number_and(ui, "How far", (&mut span.count, 1), ("Unit", &mut span.unit), &rows);
    select(ui, "Which way", side, &[(Side::After, "Ahead"), (Side::Before, "Back")]);
    if kind != FieldKind::DateTime && holds_date(kind) && small(span.unit) {
        widgets::warning(ui, "The field holds no time of day, so nothing changes");
    }
}
