//! Choosing things of the account and maps of the project, making what is not there on the spot, and changing what is
//! chosen in place.

mod settings;
mod task;

use egui::Ui;

use super::picker::{Picked, Picker};
use super::{Page, lists};
use crate::app::icons::Icon;
use crate::app::theme::{self, space};
use crate::app::widgets::{self, ChipPart};
use crate::base::id::{FieldId, MapId};
use crate::model::catalogue::{Page as AccountPage, Shelved};
use crate::model::element::Choice;
use crate::model::{
    Category, Email, Field, FieldKind, Form, ItemId, Level, List, Member, OrderStatus, PageKind, Postcard,
    Product, Relationship, Site, SiteKind, Sms, Tag, Task, Touchpoint,
};
use crate::session::command::Command;

/// A way to make a thing from its name: what stands before the name, and what is set beside it.
type Way<T> = (&'static str, fn(&mut T));

/// A kind of thing that can be made from its name alone.
pub(super) trait Made: Shelved {
    /// In which ways.
    const WAYS: &'static [Way<Self>];
}

/// Some things of a kind: which a choice is about, and in which ways another is made.
pub(super) struct Offer<T: 'static> {
    /// What one of them is called in a sentence.
    pub word: &'static str,
    /// Whether it is one of them.
    pub fits: fn(&T) -> bool,
    ways: &'static [Way<T>],
}

impl<T: Made> Offer<T> {
    /// All things of the kind.
    pub fn all() -> Self {
        Self { word: T::WORD, fits: |_| true, ways: T::WAYS }
    }
}

macro_rules! made {
    ($($item:ident: $($words:literal $set:expr),*;)*) => {$(
        impl Made for $item {
            const WAYS: &'static [Way<Self>] = &[$(($words, $set)),*];
        }
    )*};
}

made! {
    Tag: "Create tag" |_| {};
    Product: "Create product" |_| {};
    Category: "Create category" |_| {};
    Form: "Create form" |_| {}, "Create order form" |form| form.order_form = true;
    Email: "Create e-mail" |_| {}, "Create transactional e-mail" |email| email.transactional = true;
    Sms: "Create SMS" |_| {};
    Postcard: "Create postcard" |_| {};
    List: "Create list" |_| {};
    Task: "Create task" |_| {};
    Member: "Create team member" |_| {};
    Level: "Create level" |_| {};
    Relationship: "Create relationship" |_| {};
    OrderStatus: "Create order status" |_| {};
    Touchpoint: "Create touchpoint" |_| {};
    AccountPage: "Create page" |page| page.kind = PageKind::Page,
        "Create address elsewhere" |page| page.kind = PageKind::Url,
        "Create tracked link" |page| page.kind = PageKind::Link;
    Site: "Create membership site" |site| site.kind = SiteKind::Membership,
        "Create WordPress site" |site| site.kind = SiteKind::WordPress;
    Field: "Create text field" |field| field.kind = FieldKind::Text,
        "Create number field" |field| field.kind = FieldKind::Number,
        "Create date field" |field| field.kind = FieldKind::Date,
        "Create birthday field" |field| field.kind = FieldKind::Birthday,
        "Create date and time field" |field| field.kind = FieldKind::DateTime,
        "Create yes or no field" |field| field.kind = FieldKind::YesNo;
}

/// Whether a field of this kind holds a day.
pub(super) fn holds_date(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Date | FieldKind::Birthday | FieldKind::DateTime)
}

/// Fields that hold a day.
pub(super) const DATE_FIELDS: Offer<Field> = Offer {
    word: "date field",
    fits: |field| holds_date(field.kind),
    ways: &[
        ("Create date field", |field| field.kind = FieldKind::Date),
        ("Create birthday field", |field| field.kind = FieldKind::Birthday),
        ("Create date and time field", |field| field.kind = FieldKind::DateTime),
    ],
};

/// Forms that take a payment.
pub(super) const ORDER_FORMS: Offer<Form> = Offer {
    word: "order form",
    fits: |form| form.order_form,
    ways: &[("Create order form", |form| form.order_form = true)],
};

/// Pages of the account.
pub(super) const PAGES: Offer<AccountPage> = Offer {
    word: "page",
    fits: |page| page.kind == PageKind::Page,
    ways: &[("Create page", |page| page.kind = PageKind::Page)],
};

/// Addresses elsewhere.
pub(super) const ADDRESSES: Offer<AccountPage> = Offer {
    word: "address",
    fits: |page| page.kind == PageKind::Url,
    ways: &[("Create address", |page| page.kind = PageKind::Url)],
};

/// Tracked links.
pub(super) const LINKS: Offer<AccountPage> = Offer {
    word: "tracked link",
    fits: |page| page.kind == PageKind::Link,
    ways: &[("Create tracked link", |page| page.kind = PageKind::Link)],
};

/// Sites of the account's own membership, with a status.
pub(super) const MEMBERSHIP_SITES: Offer<Site> = Offer {
    word: "membership site",
    fits: |site| site.kind == SiteKind::Membership,
    ways: &[("Create membership site", |site| site.kind = SiteKind::Membership)],
};

/// WordPress sites.
pub(super) const WORDPRESS_SITES: Offer<Site> = Offer {
    word: "WordPress site",
    fits: |site| site.kind == SiteKind::WordPress,
    ways: &[("Create WordPress site", |site| site.kind = SiteKind::WordPress)],
};

impl Page<'_> {
    fn rows<T: Shelved>(&self, offer: &Offer<T>) -> Vec<(T::Id, String)> {
        let mut rows: Vec<_> = T::shelf(&self.project.catalogue)
            .values()
            .filter(|item| (offer.fits)(item))
            .map(|item| (item.id(), self.listed::<T>(item.id())))
            .collect();
        rows.sort_by_cached_key(|(_, name)| name.to_lowercase());
        rows
    }

    /// What a thing is called in a list: a level with its site.
    fn listed<T: Shelved>(&self, id: T::Id) -> String {
        let catalogue = &self.project.catalogue;
        let name = catalogue.name::<T>(id);
        let site = match T::item_id(id) {
            ItemId::Level(level) => catalogue.levels.get(&level).and_then(|level| level.site),
            _ => None,
        };
        site.map_or(name.clone(), |site| format!("{name} ({})", catalogue.name::<Site>(site)))
    }

    /// The id of what was picked; what is new is made with the next command.
    fn picked<T: Shelved>(&mut self, offer: &Offer<T>, picked: Picked<T::Id>) -> T::Id {
        match picked {
            Picked::Known(id) => id,
            Picked::New(name, way) => {
                let id = self.fresh.id::<T::Id>();
                let mut item = T::new(id, name);
                if let Some((_, set)) = offer.ways.get(way) {
                    set(&mut item);
                }
                self.before.push(Command::PutItem(item.into_item()));
                id
            }
        }
    }

    /// One thing of a kind, with a name above. Returns whether another was chosen.
    pub fn one<T: Made>(&mut self, ui: &mut Ui, name: &str, current: &mut Option<T::Id>) -> bool {
        self.one_of(ui, name, &Offer::<T>::all(), current)
    }

    /// One of some things, with a name above. Returns whether another was chosen.
    pub fn one_of<T: Shelved>(
        &mut self,
        ui: &mut Ui,
        name: &str,
        offer: &Offer<T>,
        current: &mut Option<T::Id>,
    ) -> bool {
        let label = widgets::label(ui, name);
        self.one_labelled(ui, name, Some(label.id), offer, current)
    }

    /// One of some things. Without a label in sight it bears the name for screen readers only.
    pub fn one_labelled<T: Shelved>(
        &mut self,
        ui: &mut Ui,
        name: &str,
        label: Option<egui::Id>,
        offer: &Offer<T>,
        current: &mut Option<T::Id>,
    ) -> bool {
        self.choose(ui, name, label, offer, current, false)
    }

    /// A thing that settings need, and what follows while it is missing: `so nothing matches`.
    pub fn needed<T: Made>(&mut self, ui: &mut Ui, name: &str, current: &mut Option<T::Id>, so: &str) {
        self.needed_of(ui, name, &Offer::<T>::all(), current, so);
    }

    /// One of some things that settings need.
    pub fn needed_of<T: Shelved>(
        &mut self,
        ui: &mut Ui,
        name: &str,
        offer: &Offer<T>,
        current: &mut Option<T::Id>,
        so: &str,
    ) {
        self.one_of(ui, name, offer, current);
        self.missing(ui, offer, *current, so);
    }

    /// A message that is needed; what it says is shown below without being asked for.
    pub fn message<T: Made>(&mut self, ui: &mut Ui, name: &str, current: &mut Option<T::Id>, so: &str) {
        let offer = Offer::<T>::all();
        let label = widgets::label(ui, name);
        self.choose(ui, name, Some(label.id), &offer, current, true);
        self.missing(ui, &offer, *current, so);
    }

    fn missing<T: Shelved>(&self, ui: &mut Ui, offer: &Offer<T>, current: Option<T::Id>, so: &str) {
        let word = offer.word;
        // What was just made comes with the command.
        let made = !self.before.is_empty();
        match current.map(|id| T::shelf(&self.project.catalogue).get(&id)) {
            None => drop(widgets::warning(ui, &format!("No {word} is chosen yet, {so}"))),
            Some(None) if !made => {
                widgets::warning(ui, &format!("The {} is no longer in the account", T::WORD));
            }
            Some(Some(item)) if !(offer.fits)(item) => {
                widgets::warning(ui, &format!("“{}” is no {word}, {so}", item.name()));
            }
            Some(_) => {}
        }
    }

    /// A picker, and beside it what opens the thing that is chosen. `open`: it is open unless it is shut.
    fn choose<T: Shelved>(
        &mut self,
        ui: &mut Ui,
        name: &str,
        label: Option<egui::Id>,
        offer: &Offer<T>,
        current: &mut Option<T::Id>,
        open: bool,
    ) -> bool {
        let before = *current;
        let nothing = format!("Choose {}", with_article(offer.word));
        let shown = current.map_or(nothing, |id| self.listed::<T>(id));
        let ways: Vec<_> = offer.ways.iter().map(|(words, _)| *words).collect();
        let said = if label.is_some() { "" } else { name };
        let picker = Picker { salt: name, name: said, shown: &shown, ways: &ways };
        let mut searches = std::mem::take(&mut self.state.searches);
        let opens = before.map(T::item_id).filter(|id| self.opens(*id));
        let pencil = opens.map(|_| format!("Edit {shown}"));
        let pick = |ui: &mut Ui| searches.pick(ui, &picker, before, || self.rows(offer));
        let (response, picked, pressed) = beside(ui, pick, pencil.as_deref());
        self.state.searches = searches;
        if let Some(label) = label {
            response.labelled_by(label);
        }
        if let Some(item) = opens {
            let id = ui.make_persistent_id((name, item));
            self.held(ui, id, open, pressed, |page, ui| page.item(ui, item));
        }
        let Some(picked) = picked else { return false };
        let id = self.picked(offer, picked);
        *current = Some(id);
        before != Some(id)
    }

    /// One thing of a kind, or none, with a name above; `none` says what that means.
    pub fn one_or_none<T: Made>(&mut self, ui: &mut Ui, name: &str, none: &str, current: &mut Option<T::Id>) {
        self.one_or_none_of(ui, name, none, &Offer::<T>::all(), current);
    }

    /// One of some things, or none.
    pub fn one_or_none_of<T: Shelved>(
        &mut self,
        ui: &mut Ui,
        name: &str,
        none: &str,
        offer: &Offer<T>,
        current: &mut Option<T::Id>,
    ) {
        let label = widgets::label(ui, name);
        let shown = current.map_or_else(|| none.to_owned(), |id| self.listed::<T>(id));
        let ways: Vec<_> = offer.ways.iter().map(|(words, _)| *words).collect();
        let picker = Picker { salt: name, name: "", shown: &shown, ways: &ways };
        let mut searches = std::mem::take(&mut self.state.searches);
        let (response, picked) = searches.pick(ui, &picker, Some(*current), || {
            let rows = self.rows(offer).into_iter().map(|(id, name)| (Some(id), name));
            std::iter::once((None, none.to_owned())).chain(rows).collect()
        });
        self.state.searches = searches;
        response.labelled_by(label.id);
        match picked {
            None => {}
            Some(Picked::Known(id)) => *current = id,
            Some(Picked::New(name, way)) => *current = Some(self.picked(offer, Picked::New(name, way))),
        }
    }

    /// Whether a thing can be opened where it is chosen: one that is there, and not within another that is open.
    fn opens(&self, id: ItemId) -> bool {
        !self.in_item && self.project.catalogue.get(id).is_some()
    }

    /// The settings of a thing of the account, which hold wherever it is used.
    pub fn item(&mut self, ui: &mut Ui, id: ItemId) {
        let Some(item) = self.project.catalogue.get(id) else { return };
        let mut changed = item.clone();
        self.in_item = true;
        lists::boxed(ui, |ui| {
            widgets::help(ui, &format!("This {}, wherever it is used", id.word()));
            settings::show(self, ui, &mut changed);
        });
        self.in_item = false;
        if changed != item {
            self.mean(Command::PutItem(changed));
        }
    }

    /// Several things of a kind: chips, and a picker for one more that says what choosing does.
    pub fn several<T: Made>(&mut self, ui: &mut Ui, name: &str, chosen: &mut Vec<T::Id>) {
        self.several_of(ui, name, &Offer::<T>::all(), chosen);
    }

    /// Several of some things.
    pub fn several_of<T: Shelved>(
        &mut self,
        ui: &mut Ui,
        name: &str,
        offer: &Offer<T>,
        chosen: &mut Vec<T::Id>,
    ) {
        let mut clicked = None;
        let held: Vec<_> = chosen.iter().map(|id| ui.make_persistent_id((name, T::item_id(*id)))).collect();
        if !chosen.is_empty() {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = egui::Vec2::splat(space::XS);
                for (id, held) in chosen.iter().zip(&held) {
                    let open = self.opens(T::item_id(*id)).then(|| self.is_held(*held, false));
                    let part = widgets::chip(ui, &self.project.catalogue.name::<T>(*id), open);
                    clicked = clicked.or(part.map(|part| (*id, part)));
                }
            });
        }
        for (id, held) in chosen.iter().zip(held) {
            let item = T::item_id(*id);
            if self.opens(item) {
                let pressed = clicked == Some((*id, ChipPart::Name));
                self.held(ui, held, false, pressed, |page, ui| page.item(ui, item));
            }
        }
        if let Some((gone, ChipPart::Cross)) = clicked {
            chosen.retain(|id| *id != gone);
        }
        self.add_of(ui, name, offer, chosen);
    }

    /// A picker that adds one more of some things.
    pub fn add_of<T: Shelved>(&mut self, ui: &mut Ui, name: &str, offer: &Offer<T>, chosen: &mut Vec<T::Id>) {
        let ways: Vec<_> = offer.ways.iter().map(|(words, _)| *words).collect();
        let picker = Picker { salt: name, name, shown: name, ways: &ways };
        let mut searches = std::mem::take(&mut self.state.searches);
        let (_, picked) = searches.pick(ui, &picker, None, || {
            let mut rows = self.rows(offer);
            rows.retain(|(id, _)| !chosen.contains(id));
            rows
        });
        self.state.searches = searches;
        if let Some(picked) = picked {
            let id = self.picked(offer, picked);
            if !chosen.contains(&id) {
                chosen.push(id);
            }
        }
    }

    /// Any thing of a kind, or chosen ones.
    pub fn any_or_several<T: Made>(&mut self, ui: &mut Ui, many: &str, choice: &mut Choice<T::Id>) {
        self.any_or_several_so::<T>(ui, many, choice, "so nothing matches");
    }

    /// The same, with what follows while nothing is chosen.
    pub fn any_or_several_so<T: Made>(
        &mut self,
        ui: &mut Ui,
        many: &str,
        choice: &mut Choice<T::Id>,
        so: &str,
    ) {
        ui.add_space(space::XS);
        if widgets::radio(ui, *choice == Choice::Any, &format!("Any {}", T::WORD)).clicked() {
            *choice = Choice::Any;
        }
        let some = matches!(choice, Choice::OneOf(_));
        if widgets::radio(ui, some, &format!("Chosen {many}")).clicked() && !some {
            *choice = Choice::OneOf(vec![]);
        }
        if let Choice::OneOf(chosen) = choice {
            self.several::<T>(ui, &format!("Add {}", with_article(T::WORD)), chosen);
            if chosen.is_empty() {
                widgets::warning(ui, &format!("No {} is chosen yet, {so}", T::WORD));
            }
        }
    }

    /// A map of the project, with a name above; `other`: this one is not offered. Returns whether another was chosen.
    pub fn one_map(&mut self, ui: &mut Ui, name: &str, other: bool, current: &mut Option<MapId>) -> bool {
        let nothing = if other { "Choose another map" } else { "Choose a map" };
        let own = self.map.id;
        let offered = self.project.maps.keys().filter(|id| !other || **id != own);
        let Some(Some(id)) = self.pick_map(ui, name, nothing, *current, offered.map(|id| Some(*id))) else {
            return false;
        };
        let another = *current != Some(id);
        *current = Some(id);
        another
    }

    /// A map of the project, or none.
    pub fn map_or_none(&mut self, ui: &mut Ui, name: &str, none: &str, current: &mut Option<MapId>) {
        let offered = std::iter::once(None).chain(self.project.maps.keys().map(|id| Some(*id)));
        if let Some(picked) = self.pick_map(ui, name, none, *current, offered) {
            *current = picked;
        }
    }

    /// A picker of maps with a name above; no map reads `none` and comes first. Returns what was picked.
    fn pick_map(
        &mut self,
        ui: &mut Ui,
        name: &str,
        none: &str,
        current: Option<MapId>,
        offered: impl Iterator<Item = Option<MapId>>,
    ) -> Option<Option<MapId>> {
        let label = widgets::label(ui, name);
        let (project, own) = (self.project, self.map.id);
        let named = |id: Option<MapId>| match id.map(|id| (id, project.map(id))) {
            None => none.to_owned(),
            Some((id, Some(map))) if id == own => format!("{} (this map)", map.name),
            Some((_, Some(map))) => map.name.clone(),
            Some((id, None)) => id.to_string(),
        };
        let shown = named(current);
        let picker = Picker { salt: name, name: "", shown: &shown, ways: &[] };
        let (response, picked) = self.state.searches.pick(ui, &picker, Some(current), || {
            let mut rows: Vec<_> = offered.map(|id| (id, named(id))).collect();
            rows.sort_by_cached_key(|(id, name)| (id.is_some(), name.to_lowercase()));
            rows
        });
        response.labelled_by(label.id);
        match picked {
            Some(Picked::Known(id)) => Some(id),
            _ => None,
        }
    }

    /// What a field may hold; of a field that is not there any more, text.
    pub fn kind_of(&self, field: FieldId) -> FieldKind {
        self.project.catalogue.fields.get(&field).map(|field| field.kind).unwrap_or_default()
    }
}

/// A picker, with a pencil of this name beside it; whether the pencil was pressed, too.
fn beside<P>(
    ui: &mut Ui,
    pick: impl FnOnce(&mut Ui) -> (egui::Response, P),
    pencil: Option<&str>,
) -> (egui::Response, P, bool) {
    let row = ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let taken = if pencil.is_some() { theme::CONTROL_HEIGHT + space::XS } else { 0.0 };
        let width = ui.available_width() - taken;
        let shown = ui.scope(|ui| {
            ui.set_max_width(width);
            pick(ui)
        });
        let (response, picked) = shown.inner;
        (response, picked, pencil.is_some_and(|name| Icon::Edit.button(ui, name).clicked()))
    });
    row.inner
}

/// `an e-mail`, `a tag`
fn with_article(word: &str) -> String {
    let vowel = word == "SMS" || word.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {word}", if vowel { "an" } else { "a" })
}
