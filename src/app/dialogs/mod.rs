//! Dialogs: what must be answered before one goes on.

pub mod files;
pub mod generate;
pub mod help;
pub mod import;
pub mod leave;
pub mod publish;

use egui::{Align, Context, Frame, Id, Layout, Margin, Modal, RichText, Ui};

use super::theme::{space, text, window};
use super::{parts, theme};

/// The dialog that is open.
pub enum Dialog {
    /// A path is typed, where the system has no dialog for it.
    Path(files::PathDialog),
    /// What the keys do.
    Keys,
    /// What this program is.
    About,
    /// Contacts are invented.
    Generate(Box<generate::GenerateDialog>),
    /// Contacts or events are read.
    Import(Box<import::ImportDialog>),
    /// Where the rows go that this import refused.
    Refused(files::PathDialog, Box<import::ImportDialog>),
    /// A map is published.
    Publish(Box<publish::PublishDialog>),
    /// Work would be lost.
    Leave(leave::After),
}

/// Shows a dialog over everything; whether it asked to be closed by a click beside it or Esc.
pub fn modal<T>(ctx: &Context, title: &str, width: f32, content: impl FnOnce(&mut Ui) -> T) -> (T, bool) {
    let frame = Frame::popup(&ctx.global_style()).inner_margin(Margin::same(space::L as i8));
    let shown = Modal::new(Id::unique(title)).frame(frame).show(ctx, |ui| {
        ui.set_width(width.min(ui.ctx().content_rect().width() - 2.0 * space::XL));
        ui.label(RichText::new(title).font(theme::strong(text::HEADING)));
        ui.add_space(space::XS);
        content(ui)
    });
    let close = shown.should_close();
    (shown.inner, close)
}

/// The buttons at the foot of a dialog, the main one at the right. What was pressed.
pub fn foot(ui: &mut Ui, main: &str, can: bool, others: &[&'static str]) -> Option<Pressed> {
    ui.add_space(space::M);
    // As tall as a button: a layout from the right would take all the height there is.
    let row = egui::vec2(ui.available_width(), theme::CONTROL_HEIGHT);
    ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
        let button = parts::primary(ui, main);
        let mut pressed = ui.add_enabled(can, button).clicked().then_some(Pressed::Main);
        for (place, other) in others.iter().enumerate() {
            if ui.button(*other).clicked() {
                pressed = Some(Pressed::Other(place));
            }
        }
        pressed
    })
    .inner
}

/// Which button of a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// The main one.
    Main,
    /// Another, by its place.
    Other(usize),
}

/// Whether Enter was pressed in a dialog without a field of several lines.
pub fn entered(ui: &Ui) -> bool {
    ui.input(|input| input.key_pressed(egui::Key::Enter))
}

/// Width of most dialogs.
pub const WIDTH: f32 = window::DIALOG;
