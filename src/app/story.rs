//! The panel on the right in Simulate: what happened to the contact that is followed, and why.

use egui::{Label, RichText, ScrollArea, Ui};

use super::icons::Icon;
use super::parts::{self, Row, clock};
use super::sim::{Sim, Story, element_title, resting};
use super::state::Ask;
use super::theme::{self, space, window};
use super::{contacts, happen};
use crate::base::id::MapId;
use crate::model::{Project, words};
use crate::reports::trace::Step;
use crate::session::run::Run;

/// Shows it.
pub fn show(
    ui: &mut Ui,
    project: &Project,
    map: MapId,
    sim: &Sim,
    form: &mut happen::Form,
    asks: &mut Vec<Ask>,
) {
    if project.people.is_empty() {
        contacts::nobody(ui, asks);
        return;
    }
    let (Some(run), Some(playback)) = (sim.run(), sim.playback()) else {
        parts::section(ui, "History");
        let (title, what) = if sim.is_running() {
            ("The run is under way", "Then pick a contact to see its history")
        } else {
            ("Nothing has run yet", "Run the project, then pick a contact to see its history")
        };
        parts::empty(ui, Icon::History, title, what);
        return;
    };
    let Some(story) = sim.story() else {
        parts::section(ui, "History");
        parts::empty(
            ui,
            Icon::User,
            "Nobody is picked",
            "Pick a contact on the left: its path lights up, and here stands why",
        );
        return;
    };
    let contact = run.project.people.contact(story.contact);
    let key = contact.map(|contact| contact.key.clone()).unwrap_or_default();
    ui.horizontal(|ui| {
        ui.label(Icon::User.rich());
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if Icon::Close.button(ui, "Follow nobody").clicked() {
                asks.push(Ask::Pick(None));
            }
            let words = RichText::new(&*key).text_style(theme::title_style());
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.add(Label::new(words).truncate())
            });
        });
    });
    let places = resting(story, playback.at());
    let here: Vec<_> = places.iter().map(|id| format!("“{}”", element_title(&run.project, *id))).collect();
    if here.is_empty() {
        parts::quiet(ui, "Rests nowhere at the playhead");
    } else {
        parts::quiet(ui, format!("Rests at {}", words::listed(&here, "and")));
    }
    form.show(ui, project, map, story.contact, playback.at(), asks);
    ui.add_space(space::XS);
    ui.separator();
    steps(ui, run, story, playback.at(), asks);
}

fn steps(ui: &mut Ui, run: &Run, story: &Story, at: crate::base::time::Instant, asks: &mut Vec<Ask>) {
    let p = theme::palette(ui);
    let zone = &run.plan().zone;
    parts::section(ui, "History");
    if story.steps.is_empty() {
        parts::quiet(ui, "Nothing ever happens to this contact");
        return;
    }
    let told = |place: usize| story.told.get(place).and_then(|at| story.steps.get(*at));
    let last = (0..story.told.len()).rfind(|place| told(*place).is_some_and(|step| step.at <= at));
    ui.spacing_mut().item_spacing.y = 0.0;
    let list = ScrollArea::vertical().auto_shrink([false, false]);
    list.show_rows(ui, window::ROW_TALL, story.told.len(), |ui, visible| {
        for place in visible {
            let Some(step) = told(place) else { continue };
            let cause = story.cause(step);
            // What led straight to it stands above it anyway.
            let before = place.checked_sub(1).and_then(told).map(|step| step.number);
            let far = cause.filter(|cause| Some(cause.number) != before);
            let because = far.map(|cause| format!(" · because {}", cause.detail)).unwrap_or_default();
            let detail = parts::sentence(&step.detail);
            let when = clock(zone, step.at);
            let second = format!("{when}{because}");
            let later = step.at > at;
            let (icon, color) = sign(ui, step);
            let row = Row {
                icon: Some((icon, if later { p.faint } else { color })),
                title: &detail,
                second: &second,
                selected: last == Some(place),
                ..Row::default()
            };
            let response = row.show(ui).on_hover_ui(|ui| {
                ui.label(RichText::new(&detail).font(theme::strong(theme::text::BODY)));
                ui.label(&when);
                if let Some(cause) = cause {
                    ui.label(format!("Because of this, {}: {}", clock(zone, cause.at), cause.detail));
                }
            });
            if response.clicked() {
                asks.push(Ask::Seek(step.at));
                asks.extend(step.element.map(Ask::Show));
            }
        }
    });
}

fn sign(ui: &Ui, step: &Step) -> (Icon, egui::Color32) {
    let p = theme::palette(ui);
    match step.kind {
        "happened" | "raised" => (Icon::Trigger, p.trigger),
        "activated" => (Icon::Goal, p.goal),
        "refused" => (Icon::Info, p.quiet),
        "arrived" => (Icon::ArrowDown, p.quiet),
        "rested" => (Icon::Wait, p.filter),
        "left" => (Icon::ArrowRight, p.quiet),
        "taken" => (Icon::ArrowUpRight, p.goal),
        "dropped" => (Icon::Error, p.bad),
        "decided" => (Icon::Condition, p.filter),
        "drew" => (Icon::Chance, p.filter),
        "sent" => (Icon::Email, p.action),
        _ => (Icon::Info, p.action),
    }
}
