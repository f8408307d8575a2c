//! The window: the only layer that names egui, eframe and rfd.

pub mod canvas;
pub mod display;
#[cfg(all(test, feature = "gui-tests"))]
mod gallery;
pub mod icons;
pub mod inspector;
pub mod raster;
pub mod theme;
pub mod widgets;
