//! Change tags: which to add and which to remove.

use egui::Ui;

use super::Page;
use crate::app::widgets;
use crate::base::id::TagId;
use crate::model::Tag;

pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, add: &mut Vec<TagId>, remove: &mut Vec<TagId>) {
    widgets::section(ui, "Tags to add");
    page.several::<Tag>(ui, "Add a tag", add);
    widgets::section(ui, "Tags to remove");
    page.several::<Tag>(ui, "Remove a tag", remove);
    if add.is_empty() && remove.is_empty() {
        widgets::warning(ui, "No tag is chosen yet, so nothing changes");
    } else if add.iter().any(|tag| remove.contains(tag)) {
        widgets::warning(ui, "A tag is both added and removed: the contact ends without it");
    } else {
        widgets::help(ui, "A tag the contact has already, or has not, raises no event (A-02)");
    }
}
