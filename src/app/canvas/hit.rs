//! What is under the pointer. Found by hand: one widget per card would cost most of a frame where thousands are seen.

use egui::{Pos2, Rect};

use super::brush::{Brush, Detail};
use super::{sequences, sizes};
use crate::base::id::ElementId;
use crate::model::{Point, Port, Sequence};
use crate::session::layout::{Area, LineRoute, OpenEnd};

/// What is under the pointer.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Hit {
    /// The free canvas.
    #[default]
    Nothing,
    /// A card.
    Card(ElementId),
    /// The button at an open end.
    Next(OpenEnd),
    /// The + of a line.
    Plus(LineRoute),
    /// A line.
    Line(LineRoute),
    /// A handle from which a line can be drawn.
    Handle {
        /// The element.
        from: ElementId,
        /// Its way out.
        port: Port,
        /// Where the handle is.
        at: Point,
    },
}

impl Hit {
    /// The card, if it is one.
    pub fn card(self) -> Option<ElementId> {
        match self {
            Self::Card(id) => Some(id),
            _ => None,
        }
    }

    /// The line, if it is one or its +.
    pub fn line(self) -> Option<LineRoute> {
        match self {
            Self::Line(line) | Self::Plus(line) => Some(line),
            _ => None,
        }
    }
}

impl Brush<'_> {
    /// What is at a place of the screen. Handles are there only on the card that was under the pointer before.
    pub fn hit(&self, pointer: Pos2, hovered: Option<ElementId>) -> Hit {
        let layout = self.scene.layout;
        let editable = !self.scene.read_only;
        let near = self.lens.zoom >= sizes::LABELS_FROM;
        if editable
            && near
            && let Some(hovered) = hovered.filter(|id| self.scene.map.elements.contains_key(id))
            && let Some((port, at)) = self
                .handles(hovered)
                .into_iter()
                .find(|(_, at)| self.lens.pos(*at).distance(pointer) <= sizes::REACH)
        {
            return Hit::Handle { from: hovered, port, at };
        }
        if editable && self.detail >= Detail::Title {
            let reach = self.around(pointer, 160.0);
            let end = layout.open_ends.iter().filter(|end| end.button.overlaps(reach));
            if let Some(end) = end.into_iter().find(|end| self.next_button(end).contains(pointer)) {
                return Hit::Next(*end);
            }
        }
        if let Some(id) = self.card_at(pointer) {
            return Hit::Card(id);
        }
        if self.detail < Detail::Title {
            return Hit::Nothing;
        }
        self.line_at(pointer, near && editable).unwrap_or_default()
    }

    /// The card at a place of the screen; later cards lie above earlier ones.
    pub fn card_at(&self, pointer: Pos2) -> Option<ElementId> {
        let reach = self.around(pointer, 0.5);
        let mut cards = self.scene.layout.cards.iter().rev();
        cards.find(|card| card.area.overlaps(reach)).map(|card| card.id)
    }

    /// The sequence whose frame is at a place of the screen.
    pub fn sequence_at(&self, pointer: Pos2) -> Option<&Sequence> {
        let seen = self.detail >= Detail::Number;
        let mut sequences = sequences(self.scene, self.around(pointer, 0.5)).filter(|_| seen);
        sequences.next().map(|(sequence, _)| sequence)
    }

    fn line_at(&self, pointer: Pos2, with_plus: bool) -> Option<Hit> {
        let lines = &self.scene.layout.lines;
        let reach = self.around(pointer, sizes::REACH);
        let mut nearest: Option<(f32, LineRoute)> = None;
        for line in lines.iter().filter(|line| touches(line.area, reach)) {
            if with_plus && line.port != Port::Goal && self.plus_rect(line).expand(2.0).contains(pointer) {
                return Some(Hit::Plus(*line));
            }
            for ends in line.route.corners().windows(2) {
                let stretch = Rect::from_two_pos(self.lens.pos(ends[0]), self.lens.pos(ends[1]));
                let distance = stretch.distance_to_pos(pointer);
                if distance <= sizes::REACH && nearest.is_none_or(|(least, _)| distance < least) {
                    nearest = Some((distance, *line));
                }
            }
        }
        nearest.map(|(_, line)| Hit::Line(line))
    }

    /// Where lines can be drawn from.
    pub fn handles(&self, id: ElementId) -> Vec<(Port, Point)> {
        let lines = self.scene.layout.lines.iter().filter(|line| line.from == id && line.port != Port::Goal);
        let lines = lines.map(|line| (line.port, &line.route));
        let ends = self.scene.layout.open_ends.iter().filter(|end| end.from == id);
        let ends = ends.map(|end| (end.port, &end.route));
        lines.chain(ends).filter_map(|(port, route)| Some((port, *route.corners().first()?))).collect()
    }

    /// The area of the map around a place of the screen.
    fn around(&self, pointer: Pos2, points: f32) -> Area {
        let (a, b) = (
            self.lens.world(pointer - egui::Vec2::splat(points)),
            self.lens.world(pointer + egui::Vec2::splat(points)),
        );
        Area {
            left: a.x.floor() as i32,
            top: a.y.floor() as i32,
            right: b.x.ceil() as i32,
            bottom: b.y.ceil() as i32,
        }
    }
}

/// Like [`Area::overlaps`] for an area that may be flat, as that of a straight line is.
pub fn touches(flat: Area, other: Area) -> bool {
    flat.left <= other.right
        && other.left <= flat.right
        && flat.top <= other.bottom
        && other.top <= flat.bottom
}
