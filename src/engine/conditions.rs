//! Asking conditions of a record (semantics §6).

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::log::Seen;
use super::record::Record;
use crate::model::rules::TextMatch;
use crate::model::{Condition, FieldOperator, Value};

/// Whether the condition holds on the record.
pub fn holds(condition: &Condition, record: &Record, text: TextMatch) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().all(|part| holds(part, record, text)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, record, text)),
        Condition::None(parts) => !parts.iter().any(|part| holds(part, record, text)),
        // What is not chosen yet holds for nobody; the checks report it.
        Condition::HasTag(tag) => tag.is_some_and(|tag| record.has_tag(tag)),
        Condition::HasNotTag(tag) => tag.is_some_and(|tag| !record.has_tag(tag)),
        Condition::Field { field, is, value } => {
            field.is_some_and(|field| field_holds(record.field(field), *is, value.as_ref(), text))
        }
        Condition::Ordered { products, comparison, count } => {
            !products.is_empty() && comparison.holds(record.ordered(products), Decimal::from(*count))
        }
    }
}

/// What each leaf saw and whether it held (C-02).
pub fn seen(condition: &Condition, record: &Record, text: TextMatch) -> Box<[Seen]> {
    let leaves = condition.leaves().into_iter().zip(0..);
    leaves
        .map(|(leaf, place)| Seen {
            leaf: place,
            found: match leaf {
                Condition::HasTag(tag) | Condition::HasNotTag(tag) => {
                    if tag.is_some_and(|tag| record.has_tag(tag)) { "has it" } else { "has it not" }.into()
                }
                Condition::Field { field, .. } => field
                    .and_then(|field| record.field(field))
                    .map_or_else(|| "empty".into(), |value| value.to_string()),
                Condition::Ordered { products, .. } => record.ordered(products).normalize().to_string(),
                Condition::All(_) | Condition::Any(_) | Condition::None(_) => String::new(),
            },
            held: holds(leaf, record, text),
        })
        .collect()
}

fn field_holds(held: Option<&Value>, is: FieldOperator, wanted: Option<&Value>, text: TextMatch) -> bool {
    match is {
        FieldOperator::IsEmpty => return held.is_none(),
        FieldOperator::IsNotEmpty => return held.is_some(),
        _ => {}
    }
    let Some(wanted) = wanted else { return false };
    let Some(held) = held else {
        return matches!(is, FieldOperator::NotEquals | FieldOperator::DoesNotContain);
    };
    let order = || match (held, wanted) {
        (Value::Text(a), Value::Text(b)) if text == TextMatch::IgnoreCase => {
            Some(a.to_lowercase().cmp(&b.to_lowercase()))
        }
        _ => held.compare(wanted),
    };
    let texts = |test: fn(&str, &str) -> bool| {
        let (a, b) = (held.to_string(), wanted.to_string());
        match text {
            TextMatch::IgnoreCase => test(&a.to_lowercase(), &b.to_lowercase()),
            TextMatch::Exact => test(&a, &b),
        }
    };
    match is {
        FieldOperator::Equals => order() == Some(Ordering::Equal),
        FieldOperator::NotEquals => order() != Some(Ordering::Equal),
        FieldOperator::Greater => order() == Some(Ordering::Greater),
        FieldOperator::Less => order() == Some(Ordering::Less),
        FieldOperator::AtLeast => order().is_some_and(Ordering::is_ge),
        FieldOperator::AtMost => order().is_some_and(Ordering::is_le),
        FieldOperator::Contains => texts(|a, b| a.contains(b)),
        FieldOperator::DoesNotContain => !texts(|a, b| a.contains(b)),
        FieldOperator::StartsWith => texts(|a, b| a.starts_with(b)),
        FieldOperator::EndsWith => texts(|a, b| a.ends_with(b)),
        FieldOperator::IsEmpty | FieldOperator::IsNotEmpty => false,
    }
}
