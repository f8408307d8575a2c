//! Fork, End and Exit: nothing to set, something to know.

use egui::Ui;

use super::{Page, head};
use crate::app::widgets;
use crate::model::{Element, ElementKind};

pub(super) fn show(page: &Page<'_>, ui: &mut Ui, element: &Element) {
    let name = &page.map.name;
    let (does, know) = match element.kind {
        ElementKind::Fork => (
            "Sends every contact down both paths at once".to_owned(),
            "One position becomes two, which never meet again; the left path runs first. A goal that moves contacts clears the other path, too",
        ),
        ElementKind::End => (
            format!("Contacts rest here for ever and stay on “{name}”"),
            "Goals for contacts on this map still reach them. Use Exit where they should not",
        ),
        _ => (
            format!("Contacts leave “{name}” here"),
            "Only this position goes; others of the same contact stay. Goals for contacts on this map do not reach who has left",
        ),
    };
    head::in_words(ui, &does);
    widgets::help(ui, know);
}
