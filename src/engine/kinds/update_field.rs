//! Changing a field.

use chrono::NaiveTime;

use crate::base::id::FieldId;
use crate::base::time::{Instant, Side, Span, Zone, shift};
use crate::engine::log::Nothing;
use crate::engine::record::Record;
use crate::model::{Catalogue, FieldChange, FieldKind, Value};

/// What the field holds afterwards; an error: why nothing is done.
pub fn changed(
    field: FieldId,
    change: &FieldChange,
    record: &Record,
    catalogue: &Catalogue,
    now: Instant,
    zone: &Zone,
) -> Result<Option<Value>, Nothing> {
    let held = record.field(field);
    let kind = catalogue.fields.get(&field).map(|field| field.kind);
    match change {
        FieldChange::Set(None) => Err(Nothing::NotChosen),
        FieldChange::Set(value) => Ok(value.clone()),
        FieldChange::Clear => Ok(None),
        // an empty field for numbers counts as 0
        FieldChange::Add(number) => match (held, kind) {
            (None, Some(FieldKind::Number)) => Ok(Some(Value::Number(*number))),
            (Some(Value::Number(held)), _) => Ok(Some(Value::Number(held.saturating_add(*number)))),
            _ => Err(Nothing::NotANumber),
        },
        FieldChange::Shift(side, span) => {
            let today = || Value::Date(zone.date_of(now));
            let held = match (held, kind) {
                (Some(held), _) => held.clone(),
                (None, Some(FieldKind::Date | FieldKind::Birthday)) => today(),
                (None, Some(FieldKind::DateTime)) => Value::DateTime(now),
                (None, _) => return Err(Nothing::NotADate),
            };
            moved(&held, *side, *span, zone).map(Some).ok_or(Nothing::NotADate)
        }
    }
}

/// A date moved by so much; dates have no minutes and hours.
fn moved(held: &Value, side: Side, span: Span, zone: &Zone) -> Option<Value> {
    match (held, span.elapsed_millis(side)) {
        (Value::Date(date), None) => {
            Some(Value::Date(shift(date.and_time(NaiveTime::MIN), side, span).date()))
        }
        (Value::DateTime(at), Some(millis)) => Some(Value::DateTime(at.plus_millis(millis))),
        (Value::DateTime(at), None) => {
            Some(Value::DateTime(zone.from_local(shift(zone.to_local(*at), side, span))))
        }
        _ => None,
    }
}
