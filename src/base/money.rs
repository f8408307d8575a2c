//! Money.
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
/// An amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub Decimal);
