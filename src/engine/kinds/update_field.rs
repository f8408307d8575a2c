//! Changing a field.

use rust_decimal::Decimal;

use super::{Act, Visit};
use crate::base::id::FieldId;
use crate::engine::log::Nothing;
use crate::model::{FieldChange, Value};

/// Sets, clears or adds to the field.
pub fn arrive<'a>(field: Option<FieldId>, change: &FieldChange, visit: &Visit<'_>) -> Act<'a> {
    match (field, change) {
        (None, _) | (_, FieldChange::Set(None)) => Act::Nothing(Nothing::NotChosen),
        (Some(field), FieldChange::Set(value)) => Act::SetField(field, value.clone()),
        (Some(field), FieldChange::Clear) => Act::SetField(field, None),
        (Some(field), FieldChange::Add(number)) => match add(visit.record.field(field), *number) {
            Some(sum) => Act::SetField(field, Some(sum)),
            None => Act::Nothing(Nothing::NotANumber),
        },
    }
}

/// Adds a number to what a field holds; an empty field counts as 0.
fn add(held: Option<&Value>, number: Decimal) -> Option<Value> {
    match held {
        None => Some(Value::Number(number)),
        Some(Value::Number(held)) => Some(Value::Number(held.saturating_add(number))),
        Some(_) => None,
    }
}
