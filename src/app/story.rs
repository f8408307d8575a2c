//! The panel on the right in Simulate: what happened to the contact that is followed, and why, and why not.

use egui::{Label, RichText, ScrollArea, Ui};

use super::goals::Goal;
use super::icons::Icon;
use super::orders::Placed;
use super::parts::{self, Row, clock};
use super::sim::{Sim, Story, resting};
use super::state::Ask;
use super::theme::{self, space, window};
use super::{contacts, goals, happen, orders};
use crate::base::id::{ElementId, MapId};
use crate::engine::log::Phase;
use crate::model::{Project, words};
use crate::reports::trace::Step;
use crate::session::run::Run;

/// Shows it.
pub fn show(
    ui: &mut Ui,
    project: &Project,
    (map, selected): (MapId, Option<ElementId>),
    sim: &mut Sim,
    form: &mut happen::Form,
    asks: &mut Vec<Ask>,
) {
    sim.ask_goals(map);
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
    let title = |id: &ElementId| format!("“{}”", words::title_as_run(&run.project, *id, playback.at()));
    let here: Vec<_> = places.iter().map(title).collect();
    if here.is_empty() {
        parts::quiet(ui, "Rests nowhere at the playhead");
    } else {
        parts::quiet(ui, format!("Rests at {}", words::listed(&here, "and")));
    }
    for (sequence, phase) in story.sequences(playback.at()) {
        let name = words::sequence_name(&run.project, sequence, playback.at());
        parts::quiet(ui, format!("In the sequence “{name}”: {}", state_in_words(phase)));
    }
    let about = happen::About { project, map, contact: story.contact, at: playback.at() };
    if form.show(ui, about, asks) {
        return;
    }
    ui.add_space(space::XS);
    ui.separator();
    reached(ui, run, (story.goals(map), story.orders()), selected, asks);
    steps(ui, run, story, playback.at(), asks);
}

/// The goals of the map, the one that is selected opened, and the orders. The history below keeps the larger part of the
/// room.
fn reached(
    ui: &mut Ui,
    run: &Run,
    (goals, orders): (&[Goal], &[Placed]),
    selected: Option<ElementId>,
    asks: &mut Vec<Ask>,
) {
    if goals.is_empty() && orders.is_empty() {
        return;
    }
    let zone = &run.plan().zone;
    let open = selected.filter(|id| goals.iter().any(|goal| goal.element == *id));
    let share = if open.is_some() || !orders.is_empty() { GOALS_OPEN } else { GOALS };
    let height = ui.available_height() * share;
    let list = ScrollArea::vertical().id_salt("goals").max_height(height).auto_shrink([false, true]);
    list.show(ui, |ui| {
        if !goals.is_empty() {
            parts::section(ui, "Goals and triggers");
            parts::caption(ui, goals::tally(goals));
            ui.scope(|ui| goals::list(ui, zone, goals, open, asks));
        }
        if !orders.is_empty() {
            ui.add_space(space::S);
            parts::section(ui, "Orders");
            parts::caption(ui, "With their credit by the end of the run");
            orders::list(ui, zone, orders, asks);
        }
    });
    ui.separator();
}

/// Share of the room that goals take at most, and where one of them is open or orders stand below them.
const GOALS: f32 = 0.35;
const GOALS_OPEN: f32 = 0.6;

fn state_in_words(phase: Phase) -> &'static str {
    match phase {
        Phase::Started => "active",
        Phase::Queued => "queued",
        Phase::Done | Phase::Completed | Phase::Stopped => "done",
    }
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
            // Nor does an arrival need to say again where the contact came from.
            let arrived = |step: &Step| step.kind == "arrived";
            let far =
                cause.filter(|cause| Some(cause.number) != before && !(arrived(step) && arrived(cause)));
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
        "several_goals_matched" => (Icon::Warning, p.warning),
        "published" => (Icon::Export, p.accent),
        "arrived" => (Icon::ArrowDown, p.quiet),
        "rested" => (Icon::Wait, p.filter),
        "left" => (Icon::ArrowRight, p.quiet),
        "taken" => (Icon::ArrowUpRight, p.goal),
        "copied" => (Icon::Fork, p.filter),
        "removed" => (Icon::Exit, p.warning),
        "dropped" => (Icon::Error, p.bad),
        "skipped" => (Icon::StepForward, p.quiet),
        "sequence" => (Icon::Sequence, p.filter),
        "decided" => (Icon::Condition, p.filter),
        "chose" => (Icon::Branches, p.filter),
        "drew" => (Icon::Chance, p.filter),
        "sent" => (Icon::Email, p.action),
        "suppressed" => (Icon::Cancel, p.warning),
        "changed" => (Icon::Field, p.action),
        "routed" => (Icon::RouteLead, p.action),
        "did" => (Icon::Check, p.action),
        "nothing_done" => (Icon::Minus, p.quiet),
        _ => (Icon::Info, p.action),
    }
}
