//! Conditions on the way (M-06): asked once, on arrival.

use super::{Act, Step, Visit};
use crate::engine::conditions::{holds, seen};
use crate::model::Condition;

/// Yes is the way out at the left, No the one at the right.
pub fn arrive<'a>(condition: &Condition, visit: &Visit<'_>) -> (Act<'a>, Step) {
    let text = visit.rules.text_match;
    let yes = holds(condition, visit.record, text);
    let seen = visit.detail.then(|| seen(condition, visit.record, text));
    (Act::Decided(yes, seen), Step::Go(u8::from(!yes)))
}
