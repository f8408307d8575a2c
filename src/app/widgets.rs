//! Widgets that egui lacks, or whose own form our looks do not suit: checks and radio buttons with outlines that can be
//! seen, choices with a sentence each, toggles, chips, dropdowns over the whole width, and the parts of a form.

use std::sync::Arc;

use egui::epaint::text::{LayoutJob, TextWrapping};
use egui::{
    Align2, Button, Color32, ComboBox, CornerRadius, FontId, Frame, Galley, Id, Margin, Rect, Response,
    RichText, Role, Sense, Stroke, StrokeKind, TextBuffer, TextEdit, TextWrapMode, Ui, Vec2, WidgetInfo,
    pos2,
};

use crate::app::icons::Icon;
use crate::app::theme::{self, space, text};

// ---------------------------------------------------------------------------------------------------------------------
// Parts of a form

/// The name of a field, above it. The field is `labelled_by` its id.
pub fn label(ui: &mut Ui, name: &str) -> Response {
    ui.add_space(space::S);
    ui.label(RichText::new(name).font(theme::strong(text::BODY)))
}

/// One quiet sentence that explains the field above it.
pub fn help(ui: &mut Ui, sentence: &str) -> Response {
    let quiet = theme::palette(ui).quiet;
    ui.label(RichText::new(sentence).small().color(quiet))
}

/// What is wrong with the field above it.
pub fn error(ui: &mut Ui, sentence: &str) -> Response {
    let bad = theme::palette(ui).bad;
    ui.label(RichText::new(format!("{} {sentence}", Icon::Error.glyph())).small().color(bad))
}

/// What deserves a look at the field above it.
pub fn warning(ui: &mut Ui, sentence: &str) -> Response {
    let warning = theme::palette(ui).warning;
    ui.label(RichText::new(format!("{} {sentence}", Icon::Warning.glyph())).small().color(warning))
}

/// The title of a part of a form, with a hairline above it.
pub fn section(ui: &mut Ui, title: &str) -> Response {
    ui.add_space(space::M);
    let line = Stroke::new(theme::HAIRLINE, theme::palette(ui).line);
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), theme::HAIRLINE), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, line);
    ui.add_space(space::S);
    ui.label(RichText::new(title).text_style(theme::title_style()))
}

/// Quiet ground for a sentence that sums up what stands around it.
pub fn note(ui: &mut Ui, sentence: &str) -> Response {
    ui.add_space(space::S);
    let p = theme::palette(ui);
    let frame = Frame::new()
        .fill(p.control)
        .corner_radius(CornerRadius::same(theme::RADIUS_CONTROL))
        .inner_margin(Margin::symmetric(space::M as i8, space::S as i8));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(RichText::new(sentence).color(p.text));
    });
    shown.response
}

/// The outline of a field whose content cannot be taken.
pub fn mark_bad(ui: &Ui, field: &Response) {
    let stroke = Stroke::new(theme::OUTLINE, theme::palette(ui).bad);
    ui.painter().rect_stroke(
        field.rect,
        CornerRadius::same(theme::RADIUS_CONTROL),
        stroke,
        StrokeKind::Inside,
    );
}

// ---------------------------------------------------------------------------------------------------------------------
// Checks and radio buttons

/// What stands before the words of a check or a radio button.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Check,
    Radio,
}

/// Yes or no, with a sentence under its name that says what it means; it may be empty. Its outline has the contrast of a
/// graphic, which egui's own check has not.
pub fn check(ui: &mut Ui, on: &mut bool, name: &str, sentence: &str) -> Response {
    let mut response = marked(ui, Mark::Check, *on, name, sentence);
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    response
}

/// One of several.
pub fn radio(ui: &mut Ui, chosen: bool, name: &str) -> Response {
    marked(ui, Mark::Radio, chosen, name, "")
}

/// One of several, with a sentence under its name that says what it means. All of it can be clicked.
pub fn choice(ui: &mut Ui, chosen: bool, name: &str, sentence: &str) -> Response {
    marked(ui, Mark::Radio, chosen, name, sentence)
}

fn marked(ui: &mut Ui, mark: Mark, on: bool, name: &str, sentence: &str) -> Response {
    let p = theme::palette(ui);
    let indent = theme::MARK + space::S;
    let width = (ui.available_width() - indent).max(0.0);
    let title = ui.painter().layout(name.to_owned(), theme::regular(text::BODY), p.text, width);
    let below =
        (!sentence.is_empty()).then(|| wrapped(ui, sentence, theme::regular(text::CAPTION), p.quiet, width));

    // One line is as tall as any control; a sentence hangs below it.
    let first = title.size().y.max(theme::CONTROL_HEIGHT - space::XS);
    let size = Vec2::new(
        indent + title.size().x.max(below.as_ref().map_or(0.0, |below| below.size().x)),
        first + below.as_ref().map_or(0.0, |below| below.size().y),
    );
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let role = match mark {
        Mark::Check => Role::CheckBox,
        Mark::Radio => Role::RadioButton,
    };
    response.widget_info(|| WidgetInfo::selected(role, ui.is_enabled(), on, name));
    if !ui.is_rect_visible(rect) {
        return response;
    }

    let painter = ui.painter();
    let title_top = rect.top() + (first - title.size().y) / 2.0;
    let one_line = title.rows.first().map_or(title.size().y, |row| row.height());
    let center = pos2(rect.left() + theme::MARK / 2.0, title_top + one_line / 2.0);
    let around = Rect::from_center_size(center, Vec2::splat(theme::MARK));
    let outline = if response.hovered() { p.text } else { p.quiet };
    let (ground, stroke) = if on {
        (p.accent, Stroke::new(theme::OUTLINE, p.accent))
    } else {
        (ui.visuals().text_edit_bg_color(), Stroke::new(theme::OUTLINE, outline))
    };
    match mark {
        Mark::Check => {
            painter.rect(around, CornerRadius::same(theme::RADIUS_MARK), ground, stroke, StrokeKind::Inside);
            if on {
                Icon::Check.paint(painter, center, theme::MARK_SIGN, p.text_on_accent);
            }
        }
        Mark::Radio => {
            painter.circle(center, (theme::MARK - theme::OUTLINE) / 2.0, ground, stroke);
            if on {
                painter.circle_filled(center, theme::MARK_DOT / 2.0, p.text_on_accent);
            }
        }
    }
    painter.galley(pos2(rect.left() + indent, title_top), title, p.text);
    if let Some(below) = below {
        painter.galley(pos2(rect.left() + indent, rect.top() + first), below, p.quiet);
    }
    focus_ring(ui, &response, rect.expand(theme::RING));
    response
}

/// A button that stays down: one of a row of days. `name` is the whole word.
pub fn toggle(ui: &mut Ui, on: bool, short: &str, name: &str, width: f32) -> Response {
    let p = theme::palette(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, theme::CONTROL_HEIGHT), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, ui.is_enabled(), on, name));
    if ui.is_rect_visible(rect) {
        let (ground, stroke, color) = match (on, response.hovered()) {
            (true, _) => (p.accent, Stroke::new(theme::HAIRLINE, p.accent), p.text_on_accent),
            (false, true) => (p.hover, Stroke::new(theme::HAIRLINE, p.faint), p.text),
            (false, false) => (p.raised, Stroke::new(theme::HAIRLINE, p.faint), p.text),
        };
        let radius = CornerRadius::same(theme::RADIUS_CONTROL);
        ui.painter().rect(rect, radius, ground, stroke, StrokeKind::Inside);
        let font = theme::regular(text::CAPTION);
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, short, font, color);
        focus_ring(ui, &response, rect.expand(theme::RING));
    }
    response.on_hover_text(name)
}

/// A part of a chip that can be clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChipPart {
    /// The name, which opens the thing.
    Name,
    /// The cross, which takes it out.
    Cross,
}

/// A thing among the chosen ones, with a cross that takes it out. `open`: whether it is open; `None`: it cannot be opened.
/// Returns what was clicked.
pub fn chip(ui: &mut Ui, name: &str, open: Option<bool>) -> Option<ChipPart> {
    let p = theme::palette(ui);
    let height = theme::CONTROL_HEIGHT - space::XS;
    let room = (ui.max_rect().width() - space::S - height).max(0.0);
    let words = elided(ui, name, theme::regular(text::BODY), p.text, room);
    let size = Vec2::new(space::S + words.size().x + height, height);
    let sense = if open.is_some() { Sense::click() } else { Sense::hover() };
    let (rect, mut whole) = ui.allocate_exact_size(size, sense);
    if let Some(open) = open {
        let name = format!("Edit {name}");
        whole.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), open, &name));
    }
    let cross = Rect::from_min_max(pos2(rect.right() - height, rect.top()), rect.max);
    let remove = ui.interact(cross, whole.id.with("remove"), Sense::click());
    remove.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), format!("Remove {name}")));
    if ui.is_rect_visible(rect) {
        let painter = ui.painter();
        let ground = match open {
            Some(true) => p.selected,
            Some(false) if whole.hovered() => p.hover,
            _ => p.control,
        };
        painter.rect_filled(rect, CornerRadius::same(theme::RADIUS_CONTROL), ground);
        let top = rect.center().y - words.size().y / 2.0;
        painter.galley(pos2(rect.left() + space::S, top), words.clone(), p.text);
        if remove.hovered() {
            painter.rect_filled(cross, CornerRadius::same(theme::RADIUS_CONTROL), p.pressed);
        }
        let color = if remove.hovered() { p.text } else { p.quiet };
        Icon::Close.paint(painter, cross.center(), theme::MARK_SIGN, color);
        focus_ring(ui, &whole, rect);
        focus_ring(ui, &remove, cross);
    }
    if words.elided {
        whole = whole.on_hover_text(name);
    }
    let part = whole.clicked().then_some(ChipPart::Name);
    if remove.on_hover_text(format!("Remove {name}")).clicked() { Some(ChipPart::Cross) } else { part }
}

fn focus_ring(ui: &Ui, response: &Response, rect: Rect) {
    if response.has_focus() {
        let stroke = Stroke::new(theme::RING, theme::palette(ui).accent);
        let radius = CornerRadius::same(theme::RADIUS_CONTROL);
        ui.painter().rect_stroke(rect, radius, stroke, StrokeKind::Inside);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Fields and dropdowns

/// A text field of one line. Its text stands in the middle, where egui leaves our line spacing below it.
pub fn text_field(ui: &mut Ui, id: Id, text: &mut String, hint: &str, width: f32) -> Response {
    let color = theme::palette(ui).text;
    let mut one_line = |ui: &Ui, text: &dyn TextBuffer, _: f32| {
        let mut job =
            LayoutJob::simple_singleline(text.as_str().to_owned(), theme::regular(theme::text::BODY), color);
        // A blank just typed moves the cursor.
        job.keep_trailing_whitespace = true;
        ui.painter().layout_job(job)
    };
    let field = TextEdit::singleline(text).id(id).hint_text(hint.to_owned()).desired_width(width);
    ui.add(field.align(Align2::LEFT_CENTER).layouter(&mut one_line))
}

/// A text field of several lines, in which Enter begins a new one.
pub fn text_area(ui: &mut Ui, id: Id, text: &mut String, hint: &str) -> Response {
    const ROWS: usize = 3;
    let field = TextEdit::multiline(text).id(id).hint_text(hint.to_owned()).desired_rows(ROWS);
    ui.add(field.desired_width(f32::INFINITY))
}

/// A dropdown of a given width; what is chosen is elided where it is too long, with the whole in a tooltip. Name it with
/// `labelled_by` or `accessible_name`.
pub fn dropdown<'a>(ui: &Ui, salt: impl egui::AsIdSalt, chosen: &'a str, width: f32) -> ComboBox<'a> {
    let quiet = theme::palette(ui).quiet;
    ComboBox::from_id_salt(salt).selected_text(chosen).width(width).truncate().icon(move |ui, rect, _, _| {
        Icon::ChevronDown.paint(ui.painter(), rect.center(), theme::ICON, quiet);
    })
}

/// What looks like a dropdown over the whole width, for a popup that is more than a list.
pub fn dropdown_button(ui: &mut Ui, chosen: &str) -> Response {
    let width = ui.available_width();
    let sign = Icon::ChevronDown.rich().color(theme::palette(ui).quiet);
    let button =
        Button::new(chosen).truncate().right_text(sign).min_size(Vec2::new(width, theme::CONTROL_HEIGHT));
    let response = ui.add(button);
    response.widget_info(|| {
        let mut info = WidgetInfo::new(Role::ComboBox);
        info.enabled = ui.is_enabled();
        info.current_text_value = Some(chosen.to_owned());
        info
    });
    tell_whole(ui, response, chosen, width - theme::ICON - 2.0 * space::M)
}

/// A dropdown over the whole width with the rows of a table. Returns the dropdown and the row that was chosen anew.
pub fn select<T: Copy + PartialEq, W: AsRef<str>>(
    ui: &mut Ui,
    salt: impl egui::AsIdSalt,
    current: T,
    rows: &[(T, W)],
) -> (Response, Option<T>) {
    let width = ui.available_width();
    let chosen = rows.iter().find(|(row, _)| *row == current).map_or("", |(_, words)| words.as_ref());
    let mut picked = None;
    let shown = dropdown(ui, salt, chosen, width).show_ui(ui, |ui| {
        ui.style_mut().wrap_mode = Some(TextWrapMode::Truncate);
        ui.spacing_mut().item_spacing.y = 0.0;
        let room = ui.available_width() - 2.0 * ui.spacing().button_padding.x;
        for (row, words) in rows {
            let words = words.as_ref();
            let shown = ui.selectable_label(*row == current, words);
            if tell_whole(ui, shown, words, room).clicked() {
                picked = Some(*row);
            }
        }
    });
    let response = tell_whole(ui, shown.response, chosen, width - theme::ICON - 2.0 * space::M);
    (response, picked.filter(|row| *row != current))
}

/// A tooltip with the whole of a text that has less room than it needs.
pub fn tell_whole(ui: &Ui, response: Response, words: &str, room: f32) -> Response {
    let color = Color32::PLACEHOLDER;
    let needed = ui.painter().layout_no_wrap(words.to_owned(), theme::regular(text::BODY), color).size().x;
    if needed > room { response.on_hover_text(words) } else { response }
}

// ---------------------------------------------------------------------------------------------------------------------
// Text

/// Text in our line height, wrapped.
fn wrapped(ui: &Ui, words: &str, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    let line_height = font.size * text::LINE_HEIGHT;
    let mut job = LayoutJob::simple(words.to_owned(), font, color, width);
    for section in &mut job.sections {
        section.format.line_height = Some(line_height);
    }
    ui.painter().layout_job(job)
}

/// Text on one line, cut with … where it is too long.
fn elided(ui: &Ui, words: &str, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(words.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width);
    ui.painter().layout_job(job)
}
