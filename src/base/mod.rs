//! Words without domain: ids, time and calendar, money, seeded randomness, problems.

pub mod id;
pub mod money;
pub mod problem;
pub mod random;
pub mod time;
