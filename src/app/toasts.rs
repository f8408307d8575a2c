//! Short messages that come and go: what was done, what was refused, what failed.

use egui::{Align2, Area, Context, Frame, Id, Label, Order, Ui, Vec2};

use super::icons::Icon;
use super::theme::{self, space, window};

/// Seconds that a message stays; failures stay until they are closed.
const STAYS: f64 = 5.0;
/// Most messages at once.
const MOST: usize = 4;

/// What kind of message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something is done.
    Done,
    /// Something cannot be done.
    Refused,
    /// Something failed.
    Failed,
}

/// The messages that are shown.
#[derive(Debug, Default)]
pub struct Toasts {
    shown: Vec<Toast>,
    next: u64,
}

#[derive(Debug)]
struct Toast {
    number: u64,
    tone: Tone,
    sentence: String,
    /// `None`: not shown yet.
    until: Option<f64>,
}

impl Toasts {
    /// Says something. The same sentence is not said twice at once.
    pub fn say(&mut self, tone: Tone, sentence: impl Into<String>) {
        let sentence = sentence.into();
        self.shown.retain(|toast| toast.sentence != sentence);
        self.shown.push(Toast { number: self.next, tone, sentence, until: None });
        self.next += 1;
        let extra = self.shown.len().saturating_sub(MOST);
        self.shown.drain(..extra);
    }

    /// Shows them at the foot of what is left of the window.
    pub fn show(&mut self, ctx: &Context, foot: f32) {
        let now = ctx.input(|input| input.time);
        for toast in &mut self.shown {
            toast.until.get_or_insert(if toast.tone == Tone::Failed { f64::INFINITY } else { now + STAYS });
        }
        self.shown.retain(|toast| toast.until.is_none_or(|until| until > now));
        if self.shown.is_empty() {
            return;
        }
        let soonest = self.shown.iter().filter_map(|toast| toast.until).fold(f64::INFINITY, f64::min);
        if soonest.is_finite() {
            ctx.request_repaint_after_secs((soonest - now) as f32);
        }
        let mut closed = None;
        Area::new(Id::unique("toasts"))
            .order(Order::Tooltip)
            .anchor(Align2::CENTER_BOTTOM, Vec2::new(0.0, -foot - space::M))
            .show(ctx, |ui| {
                for toast in &self.shown {
                    if show(ui, toast) {
                        closed = Some(toast.number);
                    }
                }
            });
        self.shown.retain(|toast| Some(toast.number) != closed);
    }
}

/// One message; whether it is to be closed.
fn show(ui: &mut Ui, toast: &Toast) -> bool {
    let p = theme::palette(ui);
    let (icon, color) = match toast.tone {
        Tone::Done => (Icon::Passed, p.good),
        Tone::Refused => (Icon::Info, p.warning),
        Tone::Failed => (Icon::Error, p.bad),
    };
    Frame::popup(ui.style())
        .inner_margin(egui::Margin::symmetric(space::M as i8, space::XS as i8))
        .show(ui, |ui| {
            ui.set_width(window::TOAST);
            ui.horizontal(|ui| {
                ui.label(icon.rich().color(color));
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let close = Icon::Close.button(ui, "Close message").clicked();
                    let words = egui::Layout::left_to_right(egui::Align::Center);
                    ui.with_layout(words, |ui| ui.add(Label::new(&toast.sentence).wrap()));
                    close
                })
                .inner
            })
            .inner
        })
        .inner
}
