//! Go To: the element at which contacts continue.

use egui::Ui;

use super::Page;
use super::picker::{Picked, Picker};
use crate::app::widgets;
use crate::base::id::ElementId;
use crate::model::{Element, words};

pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, element: &Element, target: &mut Option<ElementId>) {
    let label = widgets::label(ui, "Continues at");
    let (project, map, graph) = (page.project, page.map, page.graph);
    let chosen = target.and_then(|id| map.element(id));
    let shown = chosen.map_or_else(|| "Choose an element".into(), |chosen| words::title(project, chosen));
    // M-09: only events bring contacts to triggers and goals
    let rows = || {
        let others = graph.order.iter().filter(|id| **id != element.id).filter_map(|id| map.element(*id));
        let takes = others.filter(|other| other.kind.takes_lines());
        takes.map(|other| (other.id, words::title(project, other))).collect()
    };
    let picker = Picker { salt: "target", name: "", shown: &shown, ways: &[] };
    let (response, picked) = page.state.searches.pick(ui, &picker, *target, rows);
    response.labelled_by(label.id);
    if target.is_none() {
        widgets::warning(ui, "No element is chosen yet, so contacts stay here");
    }
    widgets::help(ui, "Contacts continue there at once, also further up; not at triggers and goals");
    if let Some(Picked::Known(id)) = picked {
        *target = Some(id);
    }
}
