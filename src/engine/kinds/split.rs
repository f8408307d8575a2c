//! Splits (M-07): a path by percentage.

use crate::base::random;
use crate::model::Split;

/// The path whose share the draw falls into. Shares that do not fill the whole (the checks report it) leave the rest to
/// the last path.
pub fn path(split: &Split, draw: u64) -> u8 {
    let draw = random::basis_points(draw);
    let mut below = 0u32;
    let path = split.shares.iter().position(|share| {
        below += u32::from(*share);
        u32::from(draw) < below
    });
    path.unwrap_or(split.shares.len().saturating_sub(1)) as u8
}
