//! Small parts that several panels share.

use chrono::Datelike as _;
use egui::{
    Align, Button, Color32, CornerRadius, Frame, Label, Layout, Margin, Response, RichText, Role, Sense,
    Stroke, TextEdit, Ui, Vec2, WidgetInfo,
};

use super::commands::WindowCommand;
use super::icons::Icon;
use super::state::Ask;
use super::theme::{self, space, text, window};
use crate::base::time::{Instant, Zone};
use crate::model::words;

/// The frame of a panel at the side.
pub fn panel_frame(ui: &Ui) -> Frame {
    Frame::new().fill(theme::palette(ui).panel).inner_margin(Margin::same(space::M as i8))
}

/// A heading inside a panel.
pub fn section(ui: &mut Ui, title: &str) {
    ui.add_space(space::XS);
    ui.label(RichText::new(title).text_style(theme::title_style()));
}

/// A quiet sentence that explains; it wraps.
pub fn quiet(ui: &mut Ui, sentence: impl Into<String>) -> Response {
    let color = theme::palette(ui).quiet;
    ui.add(Label::new(RichText::new(sentence).color(color)).wrap())
}

/// A caption.
pub fn caption(ui: &mut Ui, words: impl Into<String>) -> Response {
    let color = theme::palette(ui).quiet;
    ui.add(Label::new(RichText::new(words).small().color(color)).truncate())
}

/// What stands where there is nothing yet: an icon, what is the case, what to do.
pub fn empty(ui: &mut Ui, icon: Icon, title: &str, sentence: &str) {
    let p = theme::palette(ui);
    ui.add_space(space::XL);
    ui.vertical_centered(|ui| {
        ui.label(RichText::new(icon.glyph()).font(theme::icon(text::NUMBER)).color(p.faint));
        ui.label(RichText::new(title).font(theme::strong(text::BODY)));
        ui.add(Label::new(RichText::new(sentence).color(p.quiet)).wrap());
    });
    ui.add_space(space::S);
}

/// The button for what one would do first.
pub fn primary<'a>(ui: &Ui, words: impl Into<String>) -> Button<'a> {
    let p = theme::palette(ui);
    let words = RichText::new(words).color(p.text_on_accent).font(theme::strong(text::BODY));
    Button::new(words).fill(p.accent).stroke(Stroke::NONE)
}

/// A search field with a sign and a way to clear it.
pub fn search(ui: &mut Ui, query: &mut String, hint: &str) -> Response {
    let p = theme::palette(ui);
    let shown = format!("{} {hint}", Icon::Search.glyph());
    let field = TextEdit::singleline(query)
        .hint_text(RichText::new(shown).color(p.quiet))
        .align(egui::Align2::LEFT_CENTER)
        .desired_width(f32::INFINITY)
        .margin(Margin::symmetric(space::S as i8, space::XS as i8))
        .min_size(Vec2::new(0.0, theme::CONTROL_HEIGHT));
    let response = ui.add(field);
    response.widget_info(|| WidgetInfo::text_edit(true, query.as_str(), query.as_str(), hint));
    let response = response.accessible_name(hint);
    // by the time this is asked, Escape has taken the focus away
    if (response.has_focus() || response.lost_focus())
        && ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape))
    {
        query.clear();
        response.surrender_focus();
    }
    response
}

/// A button of the toolbar that does a command of the window.
pub fn command_button(ui: &mut Ui, command: WindowCommand, enabled: bool, asks: &mut Vec<Ask>) -> Response {
    let info = command.info();
    let response =
        ui.add_enabled_ui(enabled, |ui| info.icon.unwrap_or(Icon::More).button(ui, &command.tooltip()));
    let response = response.inner;
    if response.clicked() {
        asks.push(Ask::Do(command));
    }
    response
}

/// A row of choices of which one is taken.
pub fn segmented<T: Copy + PartialEq>(
    ui: &mut Ui,
    now: T,
    all: &[(T, &str)],
    tip: impl Fn(T) -> String,
) -> Option<T> {
    let p = theme::palette(ui);
    let mut chosen = None;
    Frame::new().fill(p.control).corner_radius(CornerRadius::same(theme::RADIUS_CARD)).show(ui, |ui| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        ui.horizontal(|ui| {
            for (value, word) in all {
                let taken = *value == now;
                let (fill, color, stroke) = if taken {
                    (p.raised, p.accent_text, Stroke::new(theme::HAIRLINE, p.line_strong))
                } else {
                    (Color32::TRANSPARENT, p.text, Stroke::NONE)
                };
                let words = RichText::new(*word).font(theme::strong(text::BODY)).color(color);
                let response =
                    ui.add(Button::new(words).fill(fill).stroke(stroke).corner_radius(theme::RADIUS_CONTROL));
                response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, taken, *word));
                if response.on_hover_text(tip(*value)).clicked() {
                    chosen = Some(*value);
                }
            }
        });
    });
    chosen
}

/// A row of a list over the whole width: a sign, a word, more words at the right. Painted by hand so that it can be
/// dragged and is one thing for screen readers.
pub struct Row<'a> {
    /// The sign and its colour.
    pub icon: Option<(Icon, Color32)>,
    /// The word.
    pub title: &'a str,
    /// Words at the right end.
    pub right: &'a str,
    /// A quiet second line; empty: one line.
    pub second: &'a str,
    /// It is the one that is chosen.
    pub selected: bool,
    /// It is of no consequence now, so its word is quiet, too.
    pub quiet: bool,
    /// The name for screen readers where the word alone does not say enough.
    pub name: &'a str,
    /// What it senses.
    pub sense: Sense,
}

impl Default for Row<'_> {
    fn default() -> Self {
        Self {
            icon: None,
            title: "",
            right: "",
            second: "",
            selected: false,
            quiet: false,
            name: "",
            sense: Sense::click(),
        }
    }
}

impl Row<'_> {
    /// Shows it.
    pub fn show(self, ui: &mut Ui) -> Response {
        let p = theme::palette(ui);
        let height = if self.second.is_empty() { window::ROW } else { window::ROW_TALL };
        let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), self.sense);
        let name = if self.name.is_empty() { self.title } else { self.name };
        response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), self.selected, name));
        if !ui.is_rect_visible(rect) {
            return response;
        }
        let fill = match () {
            () if self.selected => p.selected,
            () if response.hovered() || response.dragged() => p.hover,
            () => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, theme::RADIUS_CONTROL, fill);
        if response.has_focus() {
            let ring = Stroke::new(theme::RING, p.accent);
            ui.painter().rect_stroke(rect, theme::RADIUS_CONTROL, ring, egui::StrokeKind::Inside);
        }
        let mut left = rect.left() + space::S;
        if let Some((icon, color)) = self.icon {
            let center = egui::pos2(left + theme::ICON / 2.0, rect.center().y);
            icon.paint(ui.painter(), center, theme::ICON, color);
            left += theme::ICON + space::S;
        }
        let mut right_edge = rect.right() - space::S;
        if !self.right.is_empty() {
            let font = theme::regular(text::CAPTION);
            let galley = ui.painter().layout_no_wrap(self.right.to_owned(), font, p.quiet);
            right_edge -= galley.size().x;
            ui.painter().galley(
                egui::pos2(right_edge, rect.center().y - galley.size().y / 2.0),
                galley,
                p.quiet,
            );
            right_edge -= space::S;
        }
        let room = (right_edge - left).max(0.0);
        let color = if self.quiet { p.quiet } else { p.text };
        let title = elided(ui, self.title, theme::regular(text::BODY), color, room);
        let whole = title.elided;
        let title_at = |y: f32| egui::pos2(left, y);
        if self.second.is_empty() {
            let y = rect.center().y - title.size().y / 2.0;
            ui.painter().galley(title_at(y), title, color);
        } else {
            let second = elided(ui, self.second, theme::regular(text::CAPTION), p.quiet, room);
            let y = rect.center().y - (title.size().y + second.size().y) / 2.0;
            let below = y + title.size().y;
            ui.painter().galley(title_at(y), title, color);
            ui.painter().galley(title_at(below), second, p.quiet);
        }
        if whole { response.on_hover_text(self.title) } else { response }
    }
}

/// A line of text that ends in … where there is no room for the whole.
pub fn elided(
    ui: &Ui,
    words: &str,
    font: egui::FontId,
    color: Color32,
    room: f32,
) -> std::sync::Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::simple_singleline(words.to_owned(), font, color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(room);
    ui.painter().layout_job(job)
}

/// A number at the right edge of a table cell; the word is its name for screen readers.
pub fn number_cell(ui: &mut Ui, number: &str, name: &str, clickable: bool) -> Response {
    let p = theme::palette(ui);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let color = if clickable { p.accent_text } else { p.text };
        let sense = if clickable { Sense::click() } else { Sense::hover() };
        let response = ui.add(Label::new(RichText::new(number).color(color)).sense(sense));
        let role = if clickable { Role::Button } else { Role::Label };
        response.widget_info(|| WidgetInfo::labeled(role, true, format!("{number} {name}")));
        if clickable {
            response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text("List these contacts")
        } else {
            response
        }
    })
    .inner
}

/// With a capital at its beginning.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// `Sun 11 Jan 2026 15:30`, as the clocks of the zone show it; with seconds where there are any.
pub fn clock(zone: &Zone, at: Instant) -> String {
    let local = zone.to_local(at);
    format!("{} {}", local.format("%a %-d %b %Y"), words::time_in_words(local.time()))
}

/// The same without the year, where that is known: `Sun 11 Jan 15:30`.
pub fn clock_in_year(zone: &Zone, at: Instant, year: i32) -> String {
    let local = zone.to_local(at);
    if local.year() != year {
        return clock(zone, at);
    }
    format!("{} {}", local.format("%a %-d %b"), words::time_in_words(local.time()))
}

/// `1,904`.
pub fn count(number: impl Into<u64>) -> String {
    words::thousands(usize::try_from(number.into()).unwrap_or(usize::MAX))
}

/// `23.4 %`; of nothing: `–`.
pub fn share(part: u32, whole: u32) -> String {
    if whole == 0 { "–".into() } else { format!("{:.1} %", f64::from(part) * 100.0 / f64::from(whole)) }
}

/// Whether a query is found in words: its letters in their order, with gaps. The higher the better: beginnings of words
/// and unbroken runs count more.
pub fn fuzzy(query: &str, words: &str) -> Option<i32> {
    let mut score = 0;
    let mut last_hit = None;
    let letters: Vec<char> = words.to_lowercase().chars().collect();
    let mut from = 0;
    for wanted in query.to_lowercase().chars().filter(|c| !c.is_whitespace()) {
        let starts = |at: usize| at == 0 || letters.get(at - 1).is_some_and(|c| !c.is_alphanumeric());
        let found = |at: &usize| letters.get(*at) == Some(&wanted);
        let next = Some(from).filter(|at| last_hit.is_some() && found(at));
        let word = (from..letters.len()).find(|at| found(at) && starts(*at));
        let at = next.or(word).or_else(|| (from..letters.len()).find(found))?;
        score += if last_hit == Some(at.wrapping_sub(1)) || starts(at) { 8 } else { 0 };
        score -= i32::try_from(at - from).unwrap_or(i32::MAX / 4).min(16);
        (last_hit, from) = (Some(at), at + 1);
    }
    Some(score - i32::try_from(letters.len()).unwrap_or(0).min(64) / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_is_found_first() {
        let best = |query: &str, all: &[&'static str]| {
            all.iter().filter_map(|words| Some((fuzzy(query, words)?, *words))).max().map(|(_, words)| words)
        };
        let all = ["Zoom to fit", "Zoom to selection", "Tidy layout", "Redo", "Undo", "Import events…"];
        assert_eq!(best("tidy", &all), Some("Tidy layout"));
        assert_eq!(best("zf", &all), Some("Zoom to fit"));
        assert_eq!(best("und", &all), Some("Undo"));
        assert_eq!(best("xyz", &all), None);
    }

    #[test]
    fn shares_of_nothing_have_no_number() {
        assert_eq!((share(1, 3), share(0, 0)), ("33.3 %".into(), "–".into()));
    }
}
