//! Dropdowns with a search, for lists of any length.

use egui::{PopupCloseBehavior, Response, Ui};

use crate::app::parts;
use crate::app::picker::{Item, Picked, Picker};
use crate::app::widgets;
use crate::base::id::MapId;
use crate::model::catalogue::Shelved;
use crate::model::{self, Project};

/// The dropdowns of the form.
#[derive(Debug, Default)]
pub(super) struct Pickers {
    /// What is searched for; only open dropdowns have an entry.
    searches: egui::IdMap<Picker>,
    /// A thing that the account gets by this frame, as it had none of its kind.
    pub new: Option<model::Item>,
}

impl Pickers {
    /// A list that opens below a button; `items` is asked only while it is open.
    pub fn below<T: Clone>(
        &mut self,
        ui: &Ui,
        button: &Response,
        items: impl FnOnce() -> Vec<Item<T>>,
    ) -> Option<T> {
        let id = button.id.with("list");
        let shown = egui::Popup::menu(button)
            .id(id)
            .width(button.rect.width().max(ui.available_width()))
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            // Rows with room around them, as in dropdowns; menus have less.
            .style(egui::style::StyleModifier::default())
            .show(|ui| {
                let picked = self.searches.entry(id).or_default().show(ui, "Search", &items());
                if picked_or_left(&picked) {
                    ui.close();
                }
                picked
            });
        match shown.map(|shown| shown.inner) {
            Some(Picked::Open) => None,
            Some(Picked::Took(what)) => {
                self.searches.remove(&id);
                Some(what)
            }
            Some(Picked::Left) | None => {
                self.searches.remove(&id);
                None
            }
        }
    }

    /// A dropdown with its name above it.
    pub fn pick<T: Clone>(
        &mut self,
        ui: &mut Ui,
        name: &str,
        shown: &str,
        items: impl FnOnce() -> Vec<Item<T>>,
    ) -> Option<T> {
        let label = widgets::label(ui, name);
        let button = widgets::dropdown_button(ui, shown).labelled_by(label.id);
        self.below(ui, &button, items)
    }

    /// A thing of the account that must be chosen.
    pub fn item<T: Shelved>(
        &mut self,
        ui: &mut Ui,
        project: &Project,
        name: &str,
        fits: fn(&T) -> bool,
        chosen: &mut Option<T::Id>,
    ) -> Result<T::Id, String> {
        let shelf = T::shelf(&project.catalogue);
        let offered = || shelf.values().filter(|item| fits(item));
        if offered().next().is_none() {
            widgets::label(ui, name);
            let word = name.to_lowercase();
            parts::quiet(ui, format!("The account has no {word} yet"));
            // Any will do, so a first one can be made here; its settings are changed on the map.
            let first = T::new(project.fresh().id(), format!("{} 1", parts::sentence(T::WORD)));
            if fits(&first) && ui.button(format!("Add a {word}")).clicked() {
                *chosen = Some(first.id());
                self.new = Some(first.into_item());
            }
            return Err(format!("There is no {word} to choose"));
        }
        // undo may have taken it away
        *chosen = chosen.filter(|id| shelf.get(id).is_some_and(fits));
        let shown = chosen.map_or_else(|| "Choose…".into(), |id| project.catalogue.name::<T>(id));
        let rows = || offered().map(|item| row(item.id(), item.name())).collect();
        if let Some(id) = self.pick(ui, name, &shown, rows) {
            *chosen = Some(id);
        }
        chosen.ok_or_else(|| format!("{name} is not chosen yet"))
    }

    /// A thing of the account, or none.
    pub fn item_or_none<T: Shelved>(
        &mut self,
        ui: &mut Ui,
        project: &Project,
        name: &str,
        fits: fn(&T) -> bool,
        chosen: &mut Option<T::Id>,
    ) {
        let shelf = T::shelf(&project.catalogue);
        *chosen = chosen.filter(|id| shelf.get(id).is_some_and(fits));
        let shown = chosen.map_or_else(|| "None".into(), |id| project.catalogue.name::<T>(id));
        let rows = || {
            let items =
                shelf.values().filter(|item| fits(item)).map(|item| row(Some(item.id()), item.name()));
            std::iter::once(row(None, "None")).chain(items).collect()
        };
        if let Some(other) = self.pick(ui, name, &shown, rows) {
            *chosen = other;
        }
    }

    /// A map of the project.
    pub fn map(&mut self, ui: &mut Ui, project: &Project, chosen: &mut MapId) {
        let shown = project.map(*chosen).map(|map| map.name.clone()).unwrap_or_default();
        let rows = || project.maps.values().map(|map| row(map.id, &map.name)).collect();
        if let Some(map) = self.pick(ui, "Map", &shown, rows) {
            *chosen = map;
        }
    }
}

fn picked_or_left<T>(picked: &Picked<T>) -> bool {
    !matches!(picked, Picked::Open)
}

/// A row that is only a word.
pub(super) fn row<T>(what: T, title: &str) -> Item<T> {
    let (second, right) = (String::new(), String::new());
    Item { what, icon: None, title: title.into(), second, right, group: "" }
}
