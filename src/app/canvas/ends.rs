//! What can be taken hold of beside cards: open ends, + on lines, handles that lines are drawn from.

use egui::{Align2, Pos2, Rect, Stroke, Vec2, vec2};

use super::brush::{Brush, Detail};
use super::sizes;
use crate::app::icons::Icon;
use crate::app::theme;
use crate::model::{Point, words};
use crate::session::layout::{LineRoute, OpenEnd};

/// What the button at an open end says.
pub const NEXT: &str = "What happens next?";

impl Brush<'_> {
    /// Where the button of an open end is on the screen: shrunk to its sign where words would be too small.
    pub fn next_button(&self, end: &OpenEnd) -> Rect {
        let rect = self.lens.area(end.button);
        if self.detail == Detail::Full {
            rect
        } else {
            Rect::from_center_size(
                rect.center(),
                Vec2::splat(rect.height().max(theme::ICON * self.lens.zoom.sqrt())),
            )
        }
    }

    /// Paints an open end.
    pub fn open_end(&self, end: &OpenEnd, hovered: bool, focused: bool, back: bool) {
        let color = self.tone(self.palette.faint, back);
        let stroke = Stroke::new(self.scaled(theme::CONNECTOR).max(theme::HAIRLINE), color);
        let button = self.next_button(end);
        let mut points = self.rounded(&end.route);
        if self.detail <= Detail::Number {
            return;
        }
        if let Some(last) = points.last_mut() {
            last.y = button.top();
        }
        self.painter.line(points, stroke);
        if self.lens.zoom >= sizes::LABELS_FROM {
            let from = self.scene.map.element(end.from);
            let label = from
                .map(|from| words::port_label(self.scene.project, from, end.port))
                .filter(|label| !label.is_empty());
            if let Some(label) = label {
                self.pill(self.lens.pos(end.label), label, back);
            }
        }
        if self.scene.read_only {
            self.painter.circle_filled(button.center_top(), self.scaled(sizes::DOT), color);
            return;
        }
        let (fill, outline) = if hovered {
            (self.palette.selected, self.palette.accent)
        } else {
            (self.palette.raised, self.palette.line_strong)
        };
        let radius = sizes::PILL;
        self.rect(button, radius, fill, Stroke::new(theme::HAIRLINE, self.tone(outline, back)));
        if focused {
            self.ring(button, radius, theme::RING, Stroke::new(theme::RING, self.palette.text));
        }
        let color = self.tone(self.palette.accent_text, back);
        if self.detail == Detail::Full {
            let font = theme::regular(self.text_size(theme::text::CAPTION, sizes::LEAST_TEXT));
            let text = format!("{} {NEXT}", Icon::Plus.glyph());
            let width = button.width() - self.scaled(theme::space::S);
            self.text(button.center(), Align2::CENTER_CENTER, text, font, color, width);
        } else {
            Icon::Plus.paint(&self.painter, button.center(), button.height() * 0.7, color);
        }
    }

    /// Where the + of a line is on the screen.
    pub fn plus_rect(&self, line: &LineRoute) -> Rect {
        let side = (self.scaled(sizes::PLUS) * 2.0).max(theme::ICON);
        Rect::from_center_size(self.lens.pos(line.plus), Vec2::splat(side))
    }

    /// Paints the + of a line.
    pub fn plus(&self, line: &LineRoute, hovered: bool, focused: bool) {
        let rect = self.plus_rect(line);
        let (fill, sign) = if hovered {
            (self.palette.accent, self.palette.text_on_accent)
        } else {
            (self.palette.raised, self.palette.accent_text)
        };
        let (middle, radius) = (rect.center(), rect.width() / 2.0);
        self.painter.circle(middle, radius, fill, Stroke::new(theme::CONNECTOR, self.palette.accent));
        Icon::Plus.paint(&self.painter, middle, rect.width() * 0.7, sign);
        if focused {
            let ring = Stroke::new(theme::RING, self.palette.text);
            self.painter.circle_stroke(middle, radius + theme::RING * 2.0, ring);
        }
    }

    /// Paints a handle from which a line can be drawn.
    pub fn handle(&self, at: Point, hovered: bool) {
        let radius = self.scaled(sizes::HANDLE).max(sizes::DOT) * if hovered { 1.4 } else { 1.0 };
        let (fill, stroke) = if hovered {
            (self.palette.accent, self.palette.accent)
        } else {
            (self.palette.raised, self.palette.faint)
        };
        self.painter.circle(self.lens.pos(at), radius, fill, Stroke::new(theme::CONNECTOR, stroke));
    }

    /// A short text beside the pointer: why something cannot be done, or what would be dropped.
    pub fn note_at(&self, pointer: Pos2, text: &str, bad: bool) {
        let color = if bad { self.palette.bad } else { self.palette.text };
        let font = theme::regular(theme::text::BODY);
        let galley = self.painter.layout_no_wrap(text.to_owned(), font, color);
        let size = galley.size() + vec2(theme::space::M * 2.0, theme::space::S * 2.0);
        let mut rect = Rect::from_min_size(pointer + Vec2::splat(theme::space::L), size);
        let room = self.lens.rect.shrink(theme::space::S);
        rect = rect.translate((room.max - rect.max).min(Vec2::ZERO));
        let shadow = egui::Shadow { offset: [0, 4], blur: 16, spread: 0, color: self.palette.shadow };
        self.painter.add(shadow.as_shape(rect, theme::RADIUS_CONTROL));
        let outline = Stroke::new(theme::HAIRLINE, self.palette.line_strong);
        self.painter.rect(
            rect,
            theme::RADIUS_CONTROL,
            self.palette.raised,
            outline,
            egui::StrokeKind::Inside,
        );
        self.painter.galley(rect.center() - galley.size() / 2.0, galley, color);
    }
}
