//! The window: the only layer that names egui, eframe and rfd.
//!
//! Reading order: [`state`] (what the window keeps, what panels ask for), [`commands`] (what the user can do),
//! [`shell`] (the order of a frame), [`dispatch`] (what is done), then the parts of the window: [`top_bar`], [`left`],
//! [`contacts`], [`report`], [`story`] with [`goals`] and [`happen`], [`inspector`], [`middle`] with [`canvas`],
//! [`timeline`], [`below`], [`start`], [`dialogs`], [`finder`].

pub mod below;
pub mod canvas;
pub mod commands;
pub mod contacts;
pub mod derived;
pub mod dialogs;
mod dispatch;
pub mod display;
pub mod finder;
#[cfg(all(test, feature = "gui-tests"))]
mod gallery;
pub mod goals;
pub mod happen;
pub mod icons;
pub mod inspector;
pub mod left;
pub mod middle;
mod orders;
pub mod parts;
pub mod picker;
pub mod raster;
pub mod report;
pub mod shelf;
pub mod shell;
pub mod sim;
pub mod start;
pub mod state;
pub mod story;
#[cfg(all(test, feature = "gui-tests"))]
mod tests;
pub mod theme;
pub mod timeline;
pub mod toasts;
pub mod top_bar;
pub mod widgets;

use std::path::PathBuf;

use egui::{IconData, ViewportBuilder};

/// Why the window did not open, or closed by itself.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// Nothing to draw on.
    #[error(transparent)]
    Display(#[from] display::DisplayProblem),
    /// The system's window or its graphics, in words: eframe's own error must stay on its thread.
    #[error("the window cannot be opened: {0}")]
    Window(String),
}

/// Opens the window, with a file or with the start page, and returns when it is closed.
pub fn run(file: Option<PathBuf>) -> Result<(), WindowError> {
    display::check()?;
    let viewport = ViewportBuilder::default()
        .with_app_id("gateline")
        .with_title("Gateline")
        .with_icon(icon())
        .with_inner_size(theme::window::FIRST)
        .with_min_inner_size(theme::window::LEAST);
    let options = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    let create: eframe::AppCreator<'_> = Box::new(move |creation| {
        let shelf = creation.storage.and_then(|storage| eframe::get_value(storage, shelf::KEY));
        let system_dialogs = dialogs::files::has_system_dialogs();
        Ok(Box::new(shell::App::new(&creation.egui_ctx, shelf.unwrap_or_default(), system_dialogs, file)))
    });
    eframe::run_native("gateline", options, create).map_err(|error| WindowError::Window(error.to_string()))
}

/// The window's icon: a gate on a line, painted dot by dot.
fn icon() -> IconData {
    const SIDE: u32 = 64;
    let p = theme::palette_of(egui::Theme::Light);
    let (ground, sign) = (p.accent, p.text_on_accent);
    // Distances in shares of the side, from the middle.
    let place = |at: u32| (at as f32 + 0.5) / SIDE as f32 - 0.5;
    let mut rgba = Vec::with_capacity((SIDE * SIDE * 4) as usize);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let (x, y) = (place(x), place(y));
            let corner = ((x.abs() - 0.3).max(0.0), (y.abs() - 0.3).max(0.0));
            let inside = corner.0.hypot(corner.1) <= 0.2;
            let line = y.abs() < 0.04 && x.abs() < 0.38;
            let posts = (x.abs() - 0.17).abs() < 0.045 && y.abs() < 0.28;
            let lit = line || posts;
            let color = if lit { sign } else { ground };
            rgba.extend([color.r(), color.g(), color.b(), if inside { u8::MAX } else { 0 }]);
        }
    }
    IconData { rgba, width: SIDE, height: SIDE }
}
