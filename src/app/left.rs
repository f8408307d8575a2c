//! The panel on the left in Edit: what can be put on a map, by family, to be dragged or taken by a double click.

use egui::{Color32, RichText, ScrollArea, Sense, Ui};

use super::canvas::{PalettePayload, marks};
use super::icons::Icon;
use super::parts::{self, Row, fuzzy};
use super::state::Ask;
use super::theme::{self, text};
use crate::model::event::{EVENT_TYPES, ListenedBy};
use crate::model::{ElementKind, EventType, Family, KindInfo, Listener, kinds::KINDS};

/// The palette's search.
#[derive(Debug, Default)]
pub struct Palette {
    query: String,
}

/// Something that can be put on a map.
#[derive(Debug, Clone)]
pub struct Offer {
    /// What is put there.
    pub kind: ElementKind,
    /// What it is called in a list of its family: `Purchases a product`.
    pub title: &'static str,
    /// What it is called among all: `Goal: Purchases a product`.
    pub name: String,
    /// One sentence.
    pub help: &'static str,
}

impl Offer {
    /// Its sign in the colour of its family.
    pub fn icon(&self, ui: &Ui) -> (Icon, Color32) {
        let icon = match &self.kind {
            // In a list of goals the event tells them apart, not the flag that all have.
            ElementKind::Goal(listener) => Icon::of(&ElementKind::Trigger(listener.clone())),
            kind => Icon::of(kind),
        };
        (icon, theme::palette(ui).family(marks::family(&self.kind)).fill)
    }
}

/// Everything that can be put on a map, with the family it is listed under.
pub fn offers() -> Vec<(Family, Offer)> {
    KINDS.iter().flat_map(offers_of).collect()
}

fn offers_of(info: &KindInfo) -> Vec<(Family, Offer)> {
    let by_event = |word: &str, new: fn(EventType) -> ElementKind, goals: bool| {
        EVENT_TYPES
            .iter()
            .filter(|event| event.event_type != EventType::AddedToAutomation)
            .filter(|event| !goals || event.listened_by == ListenedBy::Both)
            .map(|event| Offer {
                kind: new(event.event_type),
                title: event.title,
                name: format!("{word}: {}", event.title),
                help: event.help,
            })
            .map(|offer| (info.family, offer))
            .collect()
    };
    match (info.blank)() {
        ElementKind::Trigger(_) => {
            by_event("Trigger", |event| ElementKind::Trigger(Listener::trigger(event)), false)
        }
        ElementKind::Goal(_) => by_event("Goal", |event| ElementKind::Goal(Listener::goal(event)), true),
        kind => {
            vec![(info.family, Offer { kind, title: info.title, name: info.title.into(), help: info.help })]
        }
    }
}

/// The families in the order of the palette, with their words.
const FAMILIES: [(Family, &str, &str); 4] = [
    (Family::Trigger, "Triggers", "Bring contacts onto the map"),
    (Family::Filter, "Waits and filters", "Hold contacts or choose their way"),
    (Family::Action, "Actions", "Do something with a contact"),
    (Family::Goal, "Goals", "Pull contacts here when they do what you hope for"),
];

impl Palette {
    /// Shows it.
    pub fn show(&mut self, ui: &mut Ui, asks: &mut Vec<Ask>) {
        parts::search(ui, &mut self.query, "Search elements");
        let searching = !self.query.trim().is_empty();
        let offers = offers();
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let mut any = false;
            for (family, title, help) in FAMILIES {
                let fits = |offer: &Offer| !searching || fuzzy(&self.query, &offer.name).is_some();
                let of_family: Vec<_> =
                    offers.iter().filter(|(of, offer)| *of == family && fits(offer)).collect();
                if of_family.is_empty() {
                    continue;
                }
                any = true;
                let heading = RichText::new(title).font(theme::strong(text::BODY));
                egui::CollapsingHeader::new(heading)
                    .default_open(true)
                    .open(searching.then_some(true))
                    .icon(|ui, openness, response| {
                        let icon = if openness > 0.5 { Icon::ChevronDown } else { Icon::ChevronRight };
                        icon.paint(
                            ui.painter(),
                            response.rect.center(),
                            theme::ICON,
                            theme::palette(ui).quiet,
                        );
                    })
                    .show_unindented(ui, |ui| {
                        for (_, offer) in of_family {
                            show_offer(ui, offer, asks);
                        }
                    })
                    .header_response
                    .on_hover_text(help);
            }
            if !any {
                parts::empty(ui, Icon::Search, "Nothing is called that", "Try wait, e-mail, tag or buy");
            }
        });
    }
}

fn show_offer(ui: &mut Ui, offer: &Offer, asks: &mut Vec<Ask>) {
    let icon = offer.icon(ui);
    let row = Row {
        icon: Some(icon),
        title: offer.title,
        name: &offer.name,
        sense: Sense::click_and_drag(),
        ..Row::default()
    };
    let response = row.show(ui);
    response.dnd_set_drag_payload(PalettePayload(offer.kind.clone()));
    let entered = response.has_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    if response.double_clicked() || entered {
        asks.push(Ask::Insert(offer.kind.clone()));
    }
    response.on_hover_cursor(egui::CursorIcon::Grab).on_hover_ui(|ui| {
        ui.label(RichText::new(&offer.name).font(theme::strong(text::BODY)));
        ui.label(offer.help);
        parts::caption(ui, "Drag it onto the map, or double-click");
    });
}
