//! What all painting on the canvas shares: where, in which colours, how large, and text that stays crisp.

use egui::epaint::RectShape;
use egui::{
    Align2, Color32, CornerRadius, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind,
    text::{LayoutJob, TextWrapping},
};

use super::scene::Scene;
use super::sizes;
use super::view::Lens;
use crate::app::theme::Palette;

/// How much of a card is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// A plain block.
    Block,
    /// A block of its family with a number or its icon.
    Number,
    /// Title and one number.
    Title,
    /// All of it.
    Full,
}

impl Detail {
    /// What is shown at a zoom.
    pub fn at(zoom: f32) -> Self {
        if zoom >= sizes::FULL_FROM {
            Self::Full
        } else if zoom >= sizes::TITLE_FROM {
            Self::Title
        } else if zoom >= sizes::NUMBER_FROM {
            Self::Number
        } else {
            Self::Block
        }
    }
}

/// Paints on the canvas.
pub struct Brush<'a> {
    /// What is painted.
    pub scene: &'a Scene<'a>,
    /// Where.
    pub lens: Lens,
    /// In which colours.
    pub palette: &'static Palette,
    /// How much.
    pub detail: Detail,
    /// On what.
    pub painter: Painter,
}

impl Brush<'_> {
    /// A length at 100 % in points of the screen.
    pub fn scaled(&self, length: f32) -> f32 {
        length * self.lens.zoom
    }

    /// A size of text at this zoom. Half points: a smooth zoom must not flood the glyph atlas.
    pub fn text_size(&self, base: f32, least: f32) -> f32 {
        ((base * self.lens.zoom).max(least) * 2.0).round() / 2.0
    }

    /// A colour as it looks on something that steps back while something else stands out.
    pub fn tone(&self, color: Color32, back: bool) -> Color32 {
        if back { self.palette.canvas.lerp_to_gamma(color, 0.35) } else { color }
    }

    /// One line of text, cut with an ellipsis where it is too wide. Returns where it is.
    pub fn text(
        &self,
        at: Pos2,
        align: Align2,
        text: impl Into<String>,
        font: FontId,
        color: Color32,
        width: f32,
    ) -> Rect {
        let mut job = LayoutJob::simple_singleline(text.into(), font, Color32::PLACEHOLDER);
        job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
        let galley = self.painter.layout_job(job);
        let rect = align.anchor_size(at, galley.size());
        self.painter.galley(rect.min, galley, color);
        rect
    }

    /// A filled rectangle with rounded corners at this zoom.
    pub fn rect(&self, rect: Rect, radius: f32, fill: Color32, stroke: Stroke) {
        let shape =
            RectShape::new(rect, CornerRadius::same(self.radius(radius)), fill, stroke, StrokeKind::Inside);
        self.painter.add(shape);
    }

    /// A corner radius at this zoom.
    pub fn radius(&self, radius: f32) -> u8 {
        self.scaled(radius).round() as u8
    }

    /// A ring around something, outside of it.
    pub fn ring(&self, rect: Rect, radius: f32, gap: f32, stroke: Stroke) {
        let radius = CornerRadius::same((self.scaled(radius) + gap).round() as u8);
        self.painter.rect_stroke(rect.expand(gap), radius, stroke, StrokeKind::Outside);
    }

    /// Adds shapes.
    pub fn extend(&self, shapes: impl IntoIterator<Item = Shape>) {
        self.painter.extend(shapes);
    }
}
