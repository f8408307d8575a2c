//! Values as text: reading what is typed, and saying what cannot be read.

use chrono::{Datelike, NaiveTime};
use egui::Ui;
use rust_decimal::Decimal;

use super::Page;
use super::typed::Look;
use crate::app::theme::space;
use crate::app::widgets;
use crate::base::time::{Instant, Zone, parse_date, parse_instant};
use crate::model::{FieldKind, Value, words};

/// Reads a whole number of at least `least`.
pub(super) fn read_count(text: &str, least: u32) -> Result<u32, String> {
    match text.trim().parse::<u32>() {
        Ok(count) if count >= least => Ok(count),
        _ => Err(format!("“{}” is no whole number of {least} or more", text.trim())),
    }
}

/// Reads a number.
pub(super) fn read_number(text: &str) -> Result<Decimal, String> {
    let text = text.trim();
    text.parse().map_err(|_| format!("“{text}” is no number: write it as 12 or 12.50"))
}

/// Reads a time of day; none where nothing is written.
pub(super) fn read_time(text: &str) -> Result<Option<NaiveTime>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let read =
        NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"));
    read.map(Some).map_err(|_| format!("“{text}” is no time of day: write it as 09:00 or 17:30"))
}

/// `Mon 5 Jan 2026 09:00`
pub(super) fn moment(zone: &Zone, at: Instant) -> String {
    let local = zone.to_local(at);
    format!(
        "{} {} {}",
        local.weekday(),
        words::date_in_words(local.date()),
        words::time_in_words(local.time())
    )
}

/// How a value is written in a field.
fn written(zone: &Zone, value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::DateTime(at)) => {
            let local = zone.to_local(*at);
            format!("{} {}", local.date(), words::time_in_words(local.time()))
        }
        Some(value) => value.to_string(),
    }
}

fn read(zone: &Zone, kind: FieldKind, text: &str) -> Result<Option<Value>, String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(None);
    }
    let value = match kind {
        FieldKind::Text => Value::text(text),
        FieldKind::Number => Some(Value::Number(read_number(text)?)),
        FieldKind::Date | FieldKind::Birthday => {
            Some(Value::Date(parse_date(trimmed, None).map_err(|error| error.to_string())?))
        }
        FieldKind::DateTime => {
            Some(Value::DateTime(parse_instant(trimmed, zone, None).map_err(|error| error.to_string())?))
        }
        FieldKind::YesNo => None,
    };
    Ok(value)
}

/// Whether a field of this kind can hold the value.
pub(super) fn fits(kind: FieldKind, value: &Value) -> bool {
    match value {
        Value::Text(_) => kind == FieldKind::Text,
        Value::Number(_) => kind == FieldKind::Number,
        Value::Date(_) => matches!(kind, FieldKind::Date | FieldKind::Birthday),
        Value::DateTime(_) => kind == FieldKind::DateTime,
        Value::YesNo(_) => kind == FieldKind::YesNo,
    }
}

impl Page<'_> {
    /// A value for a field of this kind. `name` is for screen readers.
    pub fn value(&mut self, ui: &mut Ui, name: &str, kind: FieldKind, value: &mut Option<Value>) {
        if kind == FieldKind::YesNo {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::L;
                for (yes, words) in [(true, "Yes"), (false, "No")] {
                    if widgets::radio(ui, *value == Some(Value::YesNo(yes)), words).clicked() {
                        *value = Some(Value::YesNo(yes));
                    }
                }
            });
            return;
        }
        let hint = match kind {
            FieldKind::Text | FieldKind::YesNo => "Text",
            FieldKind::Number => "Number",
            FieldKind::Date | FieldKind::Birthday => "2026-01-05",
            FieldKind::DateTime => "2026-01-05 14:00",
        };
        let zone = self.zone;
        let current = written(zone, value.as_ref());
        let look = Look { width: f32::INFINITY, hint };
        let typed = self.state.drafts.field(ui, name, &current, look, |text| read(zone, kind, text));
        typed.response.accessible_name(name);
        if let Some(wrong) = typed.wrong {
            widgets::error(ui, &wrong);
        } else if kind == FieldKind::DateTime {
            widgets::help(ui, &format!("In the account's time zone, {}", zone.name()));
        }
        if let Some(taken) = typed.taken {
            *value = taken;
        }
    }
}
