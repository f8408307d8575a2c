//! The panel on the left in Edit: what can be put on a map, by family, to be dragged or taken by a double click.

use egui::{Color32, RichText, ScrollArea, Sense, Ui};

use super::canvas::{PalettePayload, marks};
use super::icons::Icon;
use super::parts::{self, Row, fuzzy};
use super::state::Ask;
use super::theme::{self, space, text};
use crate::model::filter::{EVENT_TYPES, EventInfo, ListenedBy};
use crate::model::{ElementKind, EngineRules, EventType, Family, Kind, KindInfo, Listener, kinds::KINDS};

/// The group of actions that send something.
pub const MESSAGES: &str = "Messages";

/// The groups in which actions are listed.
pub const ACTION_GROUPS: [(&str, &[Kind]); 7] = [
    (MESSAGES, &[Kind::SendEmail, Kind::SendSms, Kind::SendPostcard]),
    (
        "Record",
        &[
            Kind::ChangeTags,
            Kind::UpdateField,
            Kind::AddToList,
            Kind::RemoveFromList,
            Kind::RemoveFromAllLists,
            Kind::AddRelationship,
            Kind::RemoveRelationship,
        ],
    ),
    ("Automations", &[Kind::AddToMap, Kind::RemoveFromMap, Kind::PauseOnMap, Kind::UnpauseOnMap]),
    ("Sales", &[Kind::AddPurchase, Kind::CancelOpenOrders, Kind::RechargeDeclined]),
    ("Sites", &[Kind::SetMembership, Kind::GiveLevel, Kind::RemoveLevel]),
    ("Team", &[Kind::AssignTask, Kind::Notify, Kind::RouteLead]),
    ("Other", &[Kind::Webhook, Kind::CreateRecord, Kind::Note]),
];

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
    /// The group that it stands in within its family; empty: none.
    pub group: &'static str,
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

/// Everything that can be put on a map with these rules, as it starts there, with the family it is listed under; what is
/// of one group stands together. All ways to a new element begin here.
pub fn offers(rules: &EngineRules) -> Vec<(Family, Offer)> {
    let mut offers: Vec<_> = KINDS.iter().flat_map(offers_of).collect();
    offers.sort_by_key(|(_, offer)| place_of(offer));
    for (_, offer) in &mut offers {
        offer.kind = rules.start(offer.kind.clone());
    }
    offers
}

fn offers_of(info: &KindInfo) -> Vec<(Family, Offer)> {
    let by_event = |word: &str, new: fn(EventType) -> ElementKind, others: ListenedBy| {
        let fits = |event: &&EventInfo| {
            event.event_type != EventType::AddedToAutomation && event.listened_by != others
        };
        EVENT_TYPES
            .iter()
            .filter(fits)
            .map(|event| Offer {
                kind: new(event.event_type),
                title: event.title,
                name: format!("{word}: {}", event.title),
                group: event.group.title(),
                help: event.help,
            })
            .map(|offer| (info.family, offer))
            .collect()
    };
    match (info.blank)() {
        ElementKind::Trigger(_) => {
            by_event("Trigger", |event| ElementKind::Trigger(Listener::trigger(event)), ListenedBy::Goals)
        }
        ElementKind::Goal(_) => {
            by_event("Goal", |event| ElementKind::Goal(Listener::goal(event)), ListenedBy::Triggers)
        }
        kind => {
            let group = ACTION_GROUPS.iter().find(|(_, kinds)| kinds.contains(&info.kind));
            let group = group.map_or("", |(group, _)| *group);
            let name = info.title.into();
            vec![(info.family, Offer { kind, title: info.title, name, group, help: info.help })]
        }
    }
}

/// Where an offer stands: actions as their groups list them, triggers and goals by the groups of their events.
fn place_of(offer: &Offer) -> usize {
    match &offer.kind {
        ElementKind::Action(action) => {
            let mut kinds = ACTION_GROUPS.iter().flat_map(|(_, kinds)| *kinds);
            kinds.position(|kind| *kind == action.kind()).unwrap_or(usize::MAX)
        }
        kind => kind.listener().map_or(0, |listener| listener.on.event_type().info().group as usize),
    }
}

const ACTIONS: &str = "Actions";

/// The families in the order of the palette, with their words.
const FAMILIES: [(Family, &str, &str); 4] = [
    (Family::Trigger, "Triggers", "Bring contacts onto the map"),
    (Family::Filter, "Waits and filters", "Hold contacts or choose their way"),
    (Family::Action, ACTIONS, "Do something with a contact"),
    (Family::Goal, "Goals", "Pull contacts here when they do what you hope for"),
];

impl Palette {
    /// Shows it.
    pub fn show(&mut self, ui: &mut Ui, rules: &EngineRules, asks: &mut Vec<Ask>) {
        parts::search(ui, &mut self.query, "Search elements");
        let searching = !self.query.trim().is_empty();
        let offers = offers(rules);
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let mut any = false;
            for (family, title, help) in FAMILIES {
                // The name of a group finds all that stands in it.
                let fits = |offer: &Offer| {
                    !searching
                        || fuzzy(&self.query, &offer.name).is_some()
                        || offer.group.to_lowercase().starts_with(&self.query.trim().to_lowercase())
                };
                let of_family: Vec<_> = offers
                    .iter()
                    .filter(|(of, offer)| *of == family && fits(offer))
                    .map(|(_, offer)| offer)
                    .collect();
                if of_family.is_empty() {
                    continue;
                }
                any = true;
                let heading = RichText::new(title).font(theme::strong(text::BODY));
                fold(ui, title, heading, true, searching, |ui| {
                    for group in of_family.chunk_by(|one, next| one.group == next.group) {
                        show_group(ui, title, group, searching, asks);
                    }
                })
                .on_hover_text(help);
            }
            if !any {
                parts::empty(ui, Icon::Search, "Nothing is called that", "Try wait, e-mail, tag or buy");
            }
        });
    }
}

/// The offers of one group. Many groups would not fit under one another, so each opens by itself.
fn show_group(ui: &mut Ui, family: &str, offers: &[&Offer], searching: bool, asks: &mut Vec<Ask>) {
    let Some(group) = offers.first().map(|offer| offer.group) else { return };
    let mut rows = |ui: &mut Ui| offers.iter().for_each(|offer| show_offer(ui, offer, asks));
    if group.is_empty() {
        rows(ui);
        return;
    }
    let quiet = theme::palette(ui).quiet;
    // What is sent comes up most often.
    let open = group == MESSAGES && family == ACTIONS;
    let heading = RichText::new(group).color(quiet);
    let indent = egui::Margin { left: space::S as i8, ..egui::Margin::ZERO };
    egui::Frame::new().inner_margin(indent).show(ui, |ui| {
        fold(ui, &format!("{family}: {group}"), heading, open, searching, rows);
    });
}

/// A heading that opens what stands below it; a search opens all.
fn fold(
    ui: &mut Ui,
    name: &str,
    heading: RichText,
    open: bool,
    searching: bool,
    contents: impl FnOnce(&mut Ui),
) -> egui::Response {
    let shown = egui::CollapsingHeader::new(heading)
        .id_salt(name)
        .default_open(open)
        .open(searching.then_some(true))
        .icon(|ui, openness, response| {
            let icon = if openness > 0.5 { Icon::ChevronDown } else { Icon::ChevronRight };
            let quiet = theme::palette(ui).quiet;
            icon.paint(ui.painter(), response.rect.center(), theme::ICON, quiet);
        })
        .show_unindented(ui, contents);
    shown.header_response.accessible_name(name)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_stands_in_one_group_and_every_group_together() {
        for info in KINDS.iter().filter(|info| info.family == Family::Action) {
            let groups = ACTION_GROUPS.iter().filter(|(_, kinds)| kinds.contains(&info.kind));
            assert_eq!(groups.count(), 1, "{}", info.tag);
        }
        let offers = offers(&EngineRules::default());
        for (family, _, _) in FAMILIES {
            let of_family: Vec<_> = offers.iter().filter(|(of, _)| *of == family).collect();
            let runs = of_family.chunk_by(|(_, one), (_, next)| one.group == next.group).count();
            let groups: std::collections::BTreeSet<_> =
                of_family.iter().map(|(_, offer)| offer.group).collect();
            assert_eq!(runs, groups.len(), "{family:?}");
        }
    }

    /// By the names of its rows. A picture to look at: `GATELINE_PICTURES=/tmp`.
    #[cfg(feature = "gui-tests")]
    #[test]
    fn groups_open_by_themselves_and_a_search_opens_all() {
        use egui_kittest::kittest::Queryable as _;

        let mut harness = egui_kittest::Harness::builder()
            .with_size(egui::Vec2::new(theme::window::LEFT, 1_400.0))
            .with_context_setup(theme::apply)
            .renderer(crate::app::raster::Raster::new())
            .build_ui_state(
                |ui, (palette, asks): &mut (Palette, Vec<Ask>)| {
                    let frame = parts::panel_frame(ui);
                    egui::CentralPanel::default().frame(frame).show(ui, |ui| {
                        palette.show(ui, &EngineRules::default(), asks);
                    });
                },
                (Palette::default(), vec![]),
            );
        harness.run_steps(20);
        if let Some(folder) = std::env::var_os("GATELINE_PICTURES") {
            harness.render().unwrap().save(std::path::Path::new(&folder).join("palette.png")).unwrap();
        }
        harness.get_by_label("Wait");
        harness.get_by_label("Send e-mail");
        for (group, row) in [
            ("Actions: Team", "Route the lead"),
            ("Triggers: Sales", "Trigger: Gets a refund"),
            ("Goals: Sales", "Goal: Purchase (Keap)"),
        ] {
            assert!(harness.query_by_label(row).is_none(), "{row} waits in its group");
            harness.get_by_label(group).click();
            harness.run_steps(20);
            harness.get_by_label(row);
        }
        for (query, row) in [("sites", "Give WordPress level"), ("postcard", "Send postcard")] {
            harness.state_mut().0.query = query.into();
            harness.run_steps(20);
            harness.get_by_label(row);
            assert!(harness.query_by_label("Wait").is_none(), "{query}");
        }
    }
}
