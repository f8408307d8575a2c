//! Lists whose rows can be moved and taken out, and what is held open below the row that names it.

use egui::{Frame, Margin, Stroke, Ui};

use super::Page;
use crate::app::icons::Icon;
use crate::app::parts::Row;
use crate::app::theme::{self, space};

/// What a user does to a row of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Up,
    Down,
    Remove,
}

impl Act {
    /// Does it to the row with this place.
    pub fn carry_out<T>(self, rows: &mut Vec<T>, place: usize) {
        match self {
            Self::Up if place > 0 && place < rows.len() => rows.swap(place - 1, place),
            Self::Down if place + 1 < rows.len() => rows.swap(place, place + 1),
            Self::Remove if place < rows.len() => drop(rows.remove(place)),
            Self::Up | Self::Down | Self::Remove => {}
        }
    }
}

/// Room that [`buttons`] take in a row.
pub(super) const BUTTONS: f32 = 2.0 * (theme::CONTROL_HEIGHT + space::XS);

/// The buttons at the end of the row with this place of so many; `what` it is, in a sentence.
pub(super) fn buttons(ui: &mut Ui, what: &str, place: usize, count: usize) -> Option<Act> {
    let mut act = None;
    let more = Icon::More.button(ui, &format!("More for {what}"));
    egui::Popup::menu(&more).show(|ui| {
        let rows = [(Act::Up, "Move up", place > 0), (Act::Down, "Move down", place + 1 < count)];
        for (row, words, enabled) in rows {
            if ui.add_enabled(enabled, egui::Button::new(words)).clicked() {
                act = Some(row);
            }
        }
    });
    if Icon::Close.button(ui, &format!("Remove {what}")).clicked() {
        act = Some(Act::Remove);
    }
    act
}

/// A frame around what belongs together.
pub(super) fn boxed(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    let frame = Frame::new()
        .stroke(Stroke::new(theme::HAIRLINE, theme::palette(ui).line))
        .corner_radius(theme::RADIUS_CONTROL)
        .inner_margin(Margin::same(space::S as i8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        contents(ui);
    });
}

/// A row of this width that opens what stands below it, with a quiet second line (empty: none) and a name for screen
/// readers. Returns whether it was clicked.
pub(super) fn opener(ui: &mut Ui, width: f32, open: bool, title: &str, second: &str, name: &str) -> bool {
    let sign = if open { Icon::ChevronDown } else { Icon::ChevronRight };
    let icon = Some((sign, theme::palette(ui).quiet));
    let row = Row { icon, title, second, name, selected: open, ..Row::default() };
    let shown = ui.scope(|ui| {
        ui.set_max_width(width);
        row.show(ui)
    });
    shown.inner.clicked()
}

impl Page<'_> {
    /// Whether something is held open; `open`: it is, unless the user shut it.
    pub fn is_held(&self, id: egui::Id, open: bool) -> bool {
        self.state.held.get(&id).copied().unwrap_or(open)
    }

    /// Shows what is held open; `pressed`: what names it was clicked, which opens or shuts it.
    pub fn held(
        &mut self,
        ui: &mut Ui,
        id: egui::Id,
        open: bool,
        pressed: bool,
        contents: impl FnOnce(&mut Self, &mut Ui),
    ) {
        let open = self.is_held(id, open) != pressed;
        if pressed {
            self.state.held.insert(id, open);
        }
        if open {
            ui.push_id(id, |ui| contents(self, ui));
        }
    }
}
