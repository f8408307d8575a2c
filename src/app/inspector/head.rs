//! The head of a page: icon, kind, name, delete.

use egui::{Align, Color32, Layout, RichText, Sense, Ui, Vec2};

use super::Page;
use super::typed::any_text;
use crate::app::icons::Icon;
use crate::app::theme::{self, space};
use crate::app::widgets;
use crate::model::{Element, words};
use crate::session::command::Command;

pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, element: &Element) {
    let info = element.kind.kind().info();
    // M-03: every map has exactly one of these
    let stays = element.kind.is_added_to_automation();
    let colors = theme::palette(ui).family(info.family.into());
    if title(ui, Icon::of(&element.kind), (colors.fill, colors.tint), info.title, !stays) {
        let elements = [element.id].into();
        page.mean(Command::Delete { map: page.map.id, elements });
    }
    let does = words::title(page.project, &unnamed(element));
    let named = page.state.drafts.form_field(ui, "Name", &element.name, &does, "", any_text);
    if let Some(name) = named {
        page.mean(Command::Rename { map: page.map.id, element: element.id, name });
    }
}

/// Whether the element is ready. It is no part of its settings, so it is a command of its own.
pub(super) fn draft(page: &mut Page<'_>, ui: &mut Ui, element: &Element, sentence: &str) {
    widgets::section(ui, "State");
    let mut draft = element.draft;
    if widgets::check(ui, &mut draft, "Draft", sentence).changed() {
        page.mean(Command::SetDraft { map: page.map.id, element: element.id, draft });
    }
}

/// An element as if it had no name of its own, so that its title says what it does.
pub(super) fn unnamed(element: &Element) -> Element {
    Element { name: String::new(), ..element.clone() }
}

/// The first line of a page. Returns whether the button that deletes was clicked.
pub(super) fn title(
    ui: &mut Ui,
    icon: Icon,
    (sign, ground): (Color32, Color32),
    name: &str,
    can_delete: bool,
) -> bool {
    ui.horizontal(|ui| {
        let (disc, _) = ui.allocate_exact_size(Vec2::splat(theme::ICON_DISC), Sense::hover());
        ui.painter().circle_filled(disc.center(), theme::ICON_DISC / 2.0, ground);
        icon.paint(ui.painter(), disc.center(), theme::ICON, sign);
        ui.label(RichText::new(name).text_style(theme::title_style()));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            can_delete && Icon::Trash.button(ui, "Delete").clicked()
        })
        .inner
    })
    .inner
}

/// The first line of a page that is about no single element.
pub(super) fn plain_title(ui: &mut Ui, icon: Icon, name: &str) {
    let p = theme::palette(ui);
    title(ui, icon, (p.quiet, p.control), name, false);
}

/// The sentence that says all settings at once.
pub(super) fn in_words(ui: &mut Ui, sentence: &str) {
    widgets::note(ui, sentence);
}
