//! A condition on a field: how it compares, with a value or with a day counted from today.

use egui::Ui;

use super::super::Page;
use super::super::items::{Offer, holds_date};
use super::super::values::{compares, say_wrong, select_in_row};
use crate::app::theme::space;
use crate::app::widgets;
use crate::base::id::FieldId;
use crate::base::time::{Side, Span, Unit};
use crate::model::{Condition, Field, FieldKind, FieldOperator, Value, words};

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
enum With {
    /// A value; `None`: not chosen yet.
    Value(Option<Value>),
    /// A day so long before or after today.
    Relative(Side, Span),
}

/// Both forms of the condition as one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Compared {
    field: Option<FieldId>,
    is: FieldOperator,
    with: With,
}

impl Compared {
    fn of(condition: &Condition) -> Option<Self> {
        match condition {
            Condition::Field { field, is, value } => {
                Some(Self { field: *field, is: *is, with: With::Value(value.clone()) })
            }
            Condition::FieldRelative { field, is, side, span } => {
                Some(Self { field: *field, is: *is, with: With::Relative(*side, *span) })
            }
            _ => None,
        }
    }

    fn condition(self) -> Condition {
        let Self { field, is, with } = self;
        match with {
            With::Value(value) => Condition::Field { field, is, value },
            With::Relative(side, span) => Condition::FieldRelative { field, is, side, span },
        }
    }

    /// Takes out what a field of this kind cannot be compared with.
    fn fit(&mut self, kind: FieldKind) {
        // Is and is not are the comparisons that every field knows.
        if !operators(kind).any(|known| known == self.is) {
            self.is = FieldOperator::Equals;
        }
        let stays = match &self.with {
            With::Value(value) => {
                self.is.needs_value() && value.as_ref().is_none_or(|value| compares(kind, value))
            }
            With::Relative(..) => self.is.needs_value() && holds_date(kind),
        };
        if !stays {
            self.with = With::Value(None);
        }
    }
}

/// Only a choice changes anything: what a file holds that does not fit together is shown as it is.
pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, part: &mut Condition) {
    let Some(before) = Compared::of(part) else { return };
    let mut compared = before.clone();
    edit(page, ui, &mut compared);
    if compared != before {
        *part = compared.condition();
    }
}

fn edit(page: &mut Page<'_>, ui: &mut Ui, compared: &mut Compared) {
    let name = "Field of the condition";
    let another = page.one_labelled(ui, name, None, &Offer::<Field>::all(), &mut compared.field);
    let Some(kind) = compared.field.map(|field| page.kind_of(field)) else { return };
    if another {
        compared.fit(kind);
        // What is below belongs to the other field.
        return;
    }
    let odd = Some(compared.is).filter(|is| !operators(kind).any(|known| known == *is));
    let row = |operator| (operator, words::operator_in_words(operator, kind));
    let rows: Vec<_> = operators(kind).chain(odd).map(row).collect();
    let (response, chosen) = widgets::select(ui, "operator", compared.is, &rows);
    response.accessible_name("Comparison");
    if let Some(chosen) = chosen {
        compared.is = chosen;
        compared.fit(kind);
    }
    let misfit = compared.is.needs_value()
        && match &compared.with {
            With::Value(value) => value.as_ref().is_some_and(|value| !compares(kind, value)),
            With::Relative(..) => !holds_date(kind),
        };
    if compared.is.needs_value() {
        ui.add_space(space::XS);
        with(page, ui, kind, &mut compared.with);
    }
    if odd.is_some() || misfit {
        widgets::warning(ui, "The field holds something else, so this never holds as meant");
    }
}

/// What it is compared with: of a date `A date`, or a number of days from today and what they are.
fn with(page: &mut Page<'_>, ui: &mut Ui, kind: FieldKind, with: &mut With) {
    let relative = matches!(with, With::Relative(..));
    if !holds_date(kind) && !relative {
        if let With::Value(value) = with {
            page.compared_value(ui, "Value of the condition", kind, value);
        }
        return;
    }
    let row = ui.horizontal(|ui| {
        let (wrong, now) = match with {
            With::Value(_) => (None, None),
            With::Relative(side, span) => {
                let wrong = page.number_in_row(ui, "How many", None, &mut span.count, 0);
                (wrong, Some((*side, *span)))
            }
        };
        let current = now.map(|(side, span)| (side, span.unit));
        let width = ui.available_width();
        if let Some(chosen) = select_in_row(ui, "Compared with", width, current, &from_today(now)) {
            let count = now.map_or(30, |(_, span)| span.count);
            *with = match chosen {
                None => With::Value(None),
                Some((side, unit)) => With::Relative(side, Span::new(count, unit)),
            };
        }
        wrong
    });
    say_wrong(ui, row.inner);
    match with {
        With::Value(value) => page.compared_value(ui, "Value of the condition", kind, value),
        With::Relative(..) => {
            widgets::help(ui, "Counted from today on the account's clocks; 0 days is today");
        }
    }
}

/// `A date`, `days ago`, `days from now` and so on. Minutes and hours can come from a file; they are shown where they do.
fn from_today(now: Option<(Side, Span)>) -> Vec<(Option<(Side, Unit)>, String)> {
    let count = now.map_or(30, |(_, span)| span.count);
    let odd = now.map(|(_, span)| span.unit).filter(|unit| matches!(unit, Unit::Minutes | Unit::Hours));
    let units = || [Unit::Days, Unit::Weeks, Unit::Months].into_iter().chain(odd);
    let row = |side, unit: Unit| {
        let where_to = if side == Side::Before { "ago" } else { "from now" };
        (Some((side, unit)), format!("{} {where_to}", unit.word(count)))
    };
    let mut rows = vec![(None, "A date".to_owned())];
    rows.extend(units().map(|unit| row(Side::Before, unit)));
    rows.extend(units().map(|unit| row(Side::After, unit)));
    rows
}

/// How a field of a kind can be compared: only text and numbers are read letter by letter, and yes and no have no order.
fn operators(kind: FieldKind) -> impl Iterator<Item = FieldOperator> {
    use FieldOperator::{AtLeast, AtMost, Contains, DoesNotContain, EndsWith, Greater, Less, StartsWith};
    let by_letters = |is| matches!(is, Contains | DoesNotContain | StartsWith | EndsWith);
    let by_order = |is| matches!(is, Greater | Less | AtLeast | AtMost);
    FieldOperator::ALL.into_iter().map(|(operator, _)| operator).filter(move |is| match kind {
        FieldKind::Text | FieldKind::Number => true,
        FieldKind::Date | FieldKind::Birthday | FieldKind::DateTime => !by_letters(*is),
        FieldKind::YesNo => !by_letters(*is) && !by_order(*is),
    })
}
