//! Several elements: what can be done with all of them.

use std::collections::BTreeSet;

use egui::Ui;

use super::{Page, head, sequence};
use crate::app::icons::Icon;
use crate::app::theme::space;
use crate::app::widgets;
use crate::base::id::{ElementId, SequenceId};
use crate::model::kinds::KINDS;
use crate::model::words;
use crate::session::command::Command;

pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, selected: &[ElementId], of: Option<SequenceId>) {
    let count = words::counted(selected.len(), "element selected", "elements selected");
    head::plain_title(ui, Icon::List, &count);
    ui.add_space(space::S);
    for info in KINDS {
        let is_one = |id: &&ElementId| page.map.element(**id).is_some_and(|e| e.kind.kind() == info.kind);
        let of_kind = selected.iter().filter(is_one).count();
        if of_kind > 0 {
            widgets::help(ui, &format!("{} × {}", words::thousands(of_kind), info.title));
        }
    }
    let elements = || selected.iter().copied().collect::<BTreeSet<_>>();
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        if ui.button(format!("{} Duplicate", Icon::Copy.glyph())).clicked() {
            page.mean(Command::Duplicate { map: page.map.id, elements: elements() });
        }
        if ui.button(format!("{} Delete", Icon::Trash.glyph())).clicked() {
            page.mean(Command::Delete { map: page.map.id, elements: elements() });
        }
    });
    match of {
        Some(sequence) => sequence::of_several(page, ui, sequence, selected),
        None => sequence::offer(page, ui, selected),
    }
    // M-03
    let added = |id: &ElementId| page.map.element(*id).is_some_and(|e| e.kind.is_added_to_automation());
    if selected.iter().any(added) {
        widgets::help(ui, "The trigger “Added to this map” stays: every map has exactly one");
    }
}
