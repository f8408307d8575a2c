//! Gateline: design a marketing automation as a map, run simulated contacts through it, see counts and reasons on every element.

#[cfg(feature = "gui")]
pub mod app;
pub mod base;
