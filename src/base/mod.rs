//! Words without domain: ids, time and calendar, money, seeded randomness.

pub mod money;
pub mod random;
pub mod time;
