//! The list of keys, and what this program is.

use egui::{Context, Grid, RichText, ScrollArea};

use super::{WIDTH, foot, modal};
use crate::app::commands::{COMMANDS, Group, key_words};
use crate::app::parts;
use crate::app::theme::{self, space, text, window};

/// Keys of the canvas that are no commands.
const ON_CANVAS: [(&str, &str); 9] = [
    ("Arrows", "Walk along the map"),
    ("Enter", "Edit the element"),
    ("Esc", "Leave what is under way, then the selection"),
    ("Tab", "To the next element, open end or +"),
    ("Space and drag", "Move the map"),
    ("Middle button and drag", "Move the map"),
    ("Wheel", "Zoom"),
    ("Shift and click", "Add to the selection"),
    ("Drag on the free canvas", "Select what is in a box"),
];

/// Shows the list of keys; `false`: it is over.
pub fn keys(ctx: &Context) -> bool {
    let (done, close) = modal(ctx, "Keys", window::DIALOG_WIDE, |ui| {
        let height = 2.4 * window::DIALOG_LIST;
        ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
            ui.columns(2, |columns| {
                for (place, (group, word)) in Group::ALL.into_iter().enumerate() {
                    let Some(ui) = columns.get_mut(place % 2) else { continue };
                    parts::section(ui, word);
                    Grid::new(word).num_columns(2).spacing([space::L, 0.0]).show(ui, |ui| {
                        for info in
                            COMMANDS.iter().filter(|info| info.group == group && !info.keys.is_empty())
                        {
                            let keys: Vec<_> = info.keys.iter().map(key_words).collect();
                            row(ui, &keys.join(" or "), info.label);
                        }
                    });
                }
                if let Some(ui) = columns.last_mut() {
                    parts::section(ui, "On the canvas");
                    Grid::new("canvas").num_columns(2).spacing([space::L, 0.0]).show(ui, |ui| {
                        for (keys, what) in ON_CANVAS {
                            row(ui, keys, what);
                        }
                    });
                }
            });
        });
        foot(ui, "Close", true, &[]).is_some()
    });
    !(done || close)
}

fn row(ui: &mut egui::Ui, keys: &str, what: &str) {
    let quiet = theme::palette(ui).quiet;
    ui.label(RichText::new(keys).font(theme::strong(text::CAPTION)));
    ui.label(RichText::new(what).color(quiet));
    ui.end_row();
}

/// Shows what this program is; `false`: it is over.
pub fn about(ctx: &Context) -> bool {
    let (done, close) = modal(ctx, "Gateline", WIDTH, |ui| {
        ui.label(format!("Version {}", env!("CARGO_PKG_VERSION")));
        parts::quiet(ui, env!("CARGO_PKG_DESCRIPTION"));
        parts::quiet(ui, "Free under MIT or Apache-2.0. Works offline; nothing leaves this computer");
        parts::quiet(ui, "Typeface Roboto (Apache-2.0), icons Lucide (ISC), window egui (MIT or Apache-2.0)");
        foot(ui, "Close", true, &[]).is_some()
    });
    !(done || close)
}
