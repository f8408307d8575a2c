//! Splits (M-07): a path by percentage, drawn for each arrival from the contact's own chance.

use super::{Act, Step, Visit};
use crate::base::random;
use crate::model::Split;

/// The path whose share the draw falls into. Shares that do not fill the whole (the checks report it) leave the rest to
/// the last path.
pub fn arrive<'a>(split: &Split, visit: &Visit<'_>) -> (Act<'a>, Step) {
    let draw = random::basis_points(visit.draw());
    let mut below = 0u32;
    let path = split.shares.iter().position(|share| {
        below += u32::from(*share);
        u32::from(draw) < below
    });
    let path = path.unwrap_or(split.shares.len().saturating_sub(1)) as u8;
    (Act::Drew(path), Step::Go(path))
}
