//! The timeline: transport, speed, clock, how much happens when, and the playhead.

use egui::{Align2, CursorIcon, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo};

use super::below;
use super::commands::WindowCommand;
use super::icons::Icon;
use super::parts::{clock, command_button, quiet};
use super::sim::Sim;
use super::state::{Ask, Workbench};
use super::theme::{self, space, text, window};
use super::widgets::dropdown;
use crate::base::time::Instant;
use crate::session::playback::{Playback, SPEEDS};
use crate::session::run::Run;

/// Shows it.
pub fn show(ui: &mut Ui, bench: &mut Workbench, asks: &mut Vec<Ask>) {
    let project = bench.session.project().clone();
    let stale = bench.sim.is_stale(&project);
    ui.horizontal_centered(|ui| {
        transport(ui, &bench.sim, asks);
        // The tabs are laid out first, from the right, so that the curve takes what is left.
        let tabs = egui::Layout::right_to_left(egui::Align::Center);
        ui.with_layout(tabs, |ui| {
            below::tabs(ui, bench, asks);
            ui.separator();
            let room = ui.available_width();
            ui.allocate_ui_with_layout(
                Vec2::new(room, window::TIMELINE - space::S),
                egui::Layout::left_to_right(egui::Align::Center),
                |ui| match (bench.sim.run(), bench.sim.playback()) {
                    (Some(run), Some(playback)) => {
                        time(ui, run, playback);
                        if stale {
                            old(ui, asks);
                        }
                        curve(ui, run, playback, bench.sim.curve(), asks);
                    }
                    _ => {
                        let words = match () {
                            () if bench.sim.is_running() => "The run is under way",
                            () if project.people.is_empty() => "Generate or import contacts, then run",
                            () => "Run to see what happens when",
                        };
                        quiet(ui, words);
                    }
                },
            );
        });
    });
}

fn transport(ui: &mut Ui, sim: &Sim, asks: &mut Vec<Ask>) {
    let there = sim.run().is_some();
    ui.spacing_mut().item_spacing.x = 0.0;
    command_button(ui, WindowCommand::GoToStart, there, asks);
    command_button(ui, WindowCommand::StepBack, there, asks);
    let playing = sim.playback().is_some_and(Playback::is_playing);
    let (icon, word) = if playing { (Icon::Pause, "Pause (Space)") } else { (Icon::Play, "Play (Space)") };
    let play = ui.add_enabled_ui(there, |ui| icon.button(ui, word)).inner;
    if play.clicked() {
        asks.push(Ask::Do(WindowCommand::Play));
    }
    command_button(ui, WindowCommand::StepForward, there, asks);
    command_button(ui, WindowCommand::GoToEnd, there, asks);
    ui.spacing_mut().item_spacing.x = space::S;
    let speed = sim.playback().map_or(3, Playback::speed);
    ui.add_enabled_ui(there, |ui| {
        let word = SPEEDS.get(speed).map_or("", |(_, word)| word);
        let combo = dropdown(ui, "speed", word, window::FIELD_SHORT);
        let response = combo.show_ui(ui, |ui| {
            for (at, (_, word)) in SPEEDS.iter().enumerate() {
                if ui.selectable_label(at == speed, *word).clicked() {
                    asks.push(Ask::Speed(at));
                }
            }
        });
        response.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, there, "Speed of play"));
    });
}

fn time(ui: &mut Ui, run: &Run, playback: &Playback) {
    let p = theme::palette(ui);
    let zone = &run.plan().zone;
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(window::CLOCK, theme::CONTROL_HEIGHT * 1.4), Sense::hover());
    let words = clock(zone, playback.at());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("Playhead at {words}")));
    let middle = rect.left_center();
    ui.painter().text(middle, Align2::LEFT_BOTTOM, &words, theme::strong(text::BODY), p.text);
    ui.painter().text(middle, Align2::LEFT_TOP, zone.name(), theme::regular(text::CAPTION), p.quiet);
    response.on_hover_text(format!("{words}, as clocks in {} show it", zone.name()));
}

/// Tells that the run shows other maps than are drawn.
fn old(ui: &mut Ui, asks: &mut Vec<Ask>) {
    let p = theme::palette(ui);
    let words = egui::RichText::new(format!("{} Run again", Icon::Warning.glyph())).color(p.warning);
    let button = egui::Button::new(words);
    let response = ui.add(button).on_hover_text("The run is older than the map");
    response
        .widget_info(|| WidgetInfo::labeled(Role::Button, true, "The run is older than the map, run again"));
    if response.clicked() {
        asks.push(Ask::Do(WindowCommand::Run));
    }
}

/// How much happens when, with the playhead in it.
fn curve(ui: &mut Ui, run: &Run, playback: &Playback, curve: &[f32], asks: &mut Vec<Ask>) {
    let room = ui.available_width();
    if room < window::CURVE_LEAST {
        return;
    }
    let p = theme::palette(ui);
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(room, theme::CONTROL_HEIGHT * 1.4), Sense::click_and_drag());
    let name = || WidgetInfo::slider(true, playback.share(), "Playhead");
    response.widget_info(name);
    let painter = ui.painter_at(rect.expand(theme::RING));
    painter.rect_filled(rect, theme::RADIUS_CONTROL, p.control);
    let bars = (rect.width() / window::CURVE_BAR).floor().max(1.0) as usize;
    let most = curve.iter().copied().fold(0.0, f32::max);
    let playhead = rect.left() + rect.width() * playback.share() as f32;
    let mut mesh = egui::Mesh::default();
    for bar in 0..bars {
        let (from, to) =
            (bar * curve.len() / bars, ((bar + 1) * curve.len() / bars).max(bar * curve.len() / bars + 1));
        let heights = curve.get(from..to.min(curve.len())).unwrap_or_default();
        let height = heights.iter().copied().fold(0.0, f32::max);
        if height <= 0.0 || most <= 0.0 {
            continue;
        }
        // The root keeps quiet days visible beside a busy first one.
        let tall = ((height / most).sqrt() * (rect.height() - space::XS)).max(theme::HAIRLINE);
        let left = rect.left() + rect.width() * bar as f32 / bars as f32;
        let at = Rect::from_min_max(
            egui::pos2(left, rect.bottom() - tall),
            egui::pos2(left + window::CURVE_BAR - theme::HAIRLINE, rect.bottom()),
        );
        mesh.add_colored_rect(at, if left <= playhead { p.accent } else { p.faint });
    }
    painter.add(mesh);
    let stroke = Stroke::new(theme::RING, p.text);
    painter.vline(playhead, rect.y_range(), stroke);
    painter.circle_filled(egui::pos2(playhead, rect.top()), window::STATE_DOT, p.text);
    if response.has_focus() {
        painter.rect_stroke(
            rect,
            theme::RADIUS_CONTROL,
            Stroke::new(theme::RING, p.accent),
            egui::StrokeKind::Inside,
        );
    }
    let share = |x: f32| f64::from((x - rect.left()) / rect.width().max(1.0));
    if let Some(at) = response.interact_pointer_pos()
        && (response.clicked() || response.dragged() || response.is_pointer_button_down_on())
    {
        asks.push(Ask::Seek(instant(playback, share(at.x))));
    }
    if let Some(at) = response.hover_pos() {
        let there = instant(playback, share(at.x));
        let words = clock(&run.plan().zone, there);
        response.on_hover_cursor(CursorIcon::ResizeHorizontal).on_hover_text_at_pointer(words);
    }
}

fn instant(playback: &Playback, share: f64) -> Instant {
    let mut there = *playback;
    there.seek_share(share);
    there.at()
}
