//! Choosing things of the account, and making them on the spot.

use egui::Ui;

use super::Page;
use super::picker::{Picked, Picker};
use crate::app::theme::space;
use crate::app::widgets;
use crate::base::id::FieldId;
use crate::model::catalogue::Shelved;
use crate::model::element::Choice;
use crate::model::{Email, Field, FieldKind, Form, Product, Tag};
use crate::session::command::Command;

/// A kind of thing that can be made from its name alone.
pub(super) trait Made: Shelved {
    /// In which ways: what stands before the name.
    const WAYS: &'static [&'static str];
    /// Made in the way with this place in [`Self::WAYS`].
    fn made(id: Self::Id, name: String, way: usize) -> Self;
}

impl Made for Tag {
    const WAYS: &'static [&'static str] = &["Create tag"];
    fn made(id: Self::Id, name: String, _: usize) -> Self {
        Self { id, name }
    }
}

impl Made for Product {
    const WAYS: &'static [&'static str] = &["Create product"];
    fn made(id: Self::Id, name: String, _: usize) -> Self {
        Self { id, name, price: None, categories: vec![] }
    }
}

impl Made for Form {
    const WAYS: &'static [&'static str] = &["Create form", "Create order form"];
    fn made(id: Self::Id, name: String, way: usize) -> Self {
        Self { id, name, order_form: way == 1 }
    }
}

impl Made for Email {
    const WAYS: &'static [&'static str] = &["Create e-mail"];
    fn made(id: Self::Id, name: String, _: usize) -> Self {
        Self { id, name, subject: String::new(), links: vec![] }
    }
}

impl Made for Field {
    /// One for each of [`FieldKind::ALL`].
    const WAYS: &'static [&'static str] = &[
        "Create text field",
        "Create number field",
        "Create date field",
        "Create birthday field",
        "Create date and time field",
        "Create yes or no field",
    ];
    fn made(id: Self::Id, name: String, way: usize) -> Self {
        let kind = FieldKind::ALL.get(way).map(|(kind, _)| *kind).unwrap_or_default();
        Self { id, name, kind }
    }
}

impl Page<'_> {
    fn rows<T: Shelved>(&self) -> Vec<(T::Id, String)> {
        let mut rows: Vec<_> = T::shelf(&self.project.catalogue)
            .values()
            .map(|item| (item.id(), item.name().to_owned()))
            .collect();
        rows.sort_by_cached_key(|(_, name)| name.to_lowercase());
        rows
    }

    /// The id of what was picked; what is new is made with the next command.
    fn picked<T: Made>(&mut self, picked: Picked<T::Id>) -> T::Id {
        match picked {
            Picked::Known(id) => id,
            Picked::New(name, way) => {
                let id = self.fresh.id::<T::Id>();
                self.before.push(Command::PutItem(T::made(id, name, way).into_item()));
                id
            }
        }
    }

    /// One thing of a kind, with a name above. Returns whether another was chosen.
    pub fn one<T: Made>(&mut self, ui: &mut Ui, name: &str, current: &mut Option<T::Id>) -> bool {
        let label = widgets::label(ui, name);
        self.one_labelled::<T>(ui, name, Some(label.id), current)
    }

    /// One thing of a kind. Without a label in sight it bears the name for screen readers only.
    pub fn one_labelled<T: Made>(
        &mut self,
        ui: &mut Ui,
        name: &str,
        label: Option<egui::Id>,
        current: &mut Option<T::Id>,
    ) -> bool {
        let nothing = format!("Choose {} {}", article(T::WORD), T::WORD);
        let shown = current.map_or(nothing, |id| self.project.catalogue.name::<T>(id));
        let picker = Picker {
            salt: name,
            name: if label.is_some() { "" } else { name },
            shown: &shown,
            ways: T::WAYS,
        };
        let mut searches = std::mem::take(&mut self.state.searches);
        let (response, picked) = searches.pick(ui, &picker, *current, || self.rows::<T>());
        self.state.searches = searches;
        if let Some(label) = label {
            response.labelled_by(label);
        }
        let Some(picked) = picked else { return false };
        let id = self.picked::<T>(picked);
        let other = *current != Some(id);
        *current = Some(id);
        other
    }

    /// Several things of a kind: chips, and a picker for one more that says what choosing does.
    pub fn several<T: Made>(&mut self, ui: &mut Ui, name: &str, chosen: &mut Vec<T::Id>) {
        if !chosen.is_empty() {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = egui::Vec2::splat(space::XS);
                chosen.retain(|id| !widgets::chip(ui, &self.project.catalogue.name::<T>(*id)));
            });
        }
        let picker = Picker { salt: name, name, shown: name, ways: T::WAYS };
        let mut searches = std::mem::take(&mut self.state.searches);
        let (_, picked) = searches.pick(ui, &picker, None, || {
            let mut rows = self.rows::<T>();
            rows.retain(|(id, _)| !chosen.contains(id));
            rows
        });
        self.state.searches = searches;
        if let Some(picked) = picked {
            let id = self.picked::<T>(picked);
            if !chosen.contains(&id) {
                chosen.push(id);
            }
        }
    }

    /// Any thing of a kind, or chosen ones.
    pub fn any_or_several<T: Made>(&mut self, ui: &mut Ui, many: &str, choice: &mut Choice<T::Id>)
    where
        T::Id: PartialEq,
    {
        ui.add_space(space::XS);
        if widgets::radio(ui, *choice == Choice::Any, &format!("Any {}", T::WORD)).clicked() {
            *choice = Choice::Any;
        }
        let some = matches!(choice, Choice::OneOf(_));
        if widgets::radio(ui, some, &format!("Chosen {many}")).clicked() && !some {
            *choice = Choice::OneOf(vec![]);
        }
        if let Choice::OneOf(chosen) = choice {
            self.several::<T>(ui, &format!("Add {} {}", article(T::WORD), T::WORD), chosen);
            if chosen.is_empty() {
                widgets::warning(ui, &format!("No {} is chosen yet, so nothing matches", T::WORD));
            }
        }
    }
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

impl Page<'_> {
    /// What a field may hold; of a field that is not there any more, text.
    pub fn kind_of(&self, field: FieldId) -> FieldKind {
        self.project.catalogue.fields.get(&field).map(|field| field.kind).unwrap_or_default()
    }
}
