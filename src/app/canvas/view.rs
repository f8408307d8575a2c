//! The camera: which part of the map is seen, and how large.

use egui::{Pos2, Rect, Vec2, pos2, vec2};

use crate::app::theme;
use crate::model::Point;
use crate::session::layout::Area;

/// Smallest and largest zoom.
const ZOOM: std::ops::RangeInclusive<f32> = 0.01..=3.0;

/// Which part of a map is seen: to be remembered per map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// The place of the map in the middle of the canvas.
    pub middle: Pos2,
    /// 1 is 100 %.
    pub zoom: f32,
}

impl Camera {
    /// The camera that shows an area whole, not larger than 100 %.
    pub fn around(area: Area, rect: Rect) -> Self {
        let size =
            vec2((area.right - area.left) as f32, (area.bottom - area.top) as f32).max(Vec2::splat(1.0));
        let room = (rect.size() - Vec2::splat(2.0 * theme::space::XL)).max(Vec2::splat(1.0));
        let zoom = (room / size).min_elem().min(1.0);
        Self { middle: middle(area), zoom }.limited()
    }

    /// Zooms by a factor while the place of the map under `fixed` stays there.
    pub fn zoom_about(&mut self, factor: f32, fixed: Pos2, rect: Rect) {
        let before = self.lens(rect).world(fixed);
        self.zoom *= factor;
        *self = self.limited();
        let after = self.lens(rect).world(fixed);
        self.middle += before - after;
    }

    /// How this camera maps to this part of the screen.
    pub fn lens(self, rect: Rect) -> Lens {
        Lens { rect, zoom: self.zoom, offset: rect.center().to_vec2() - self.middle.to_vec2() * self.zoom }
    }

    /// The camera within the limits of zoom.
    pub fn limited(self) -> Self {
        Self { zoom: self.zoom.clamp(*ZOOM.start(), *ZOOM.end()), ..self }
    }

    /// The camera on the way to another, 0 to 1 of it done.
    fn towards(self, other: Self, done: f32) -> Self {
        // Zoom changes evenly in its logarithm, which is how it is felt.
        Self {
            middle: self.middle.lerp(other.middle, done),
            zoom: self.zoom * (other.zoom / self.zoom).powf(done),
        }
    }
}

/// The middle of an area.
pub fn middle(area: Area) -> Pos2 {
    pos2((area.left + area.right) as f32 / 2.0, (area.top + area.bottom) as f32 / 2.0)
}

/// Maps between the map and the screen.
#[derive(Debug, Clone, Copy)]
pub struct Lens {
    /// The canvas on the screen.
    pub rect: Rect,
    /// 1 is 100 %.
    pub zoom: f32,
    offset: Vec2,
}

impl Lens {
    /// From the map to the screen.
    pub fn pos(&self, point: Point) -> Pos2 {
        self.screen(pos2(point.x as f32, point.y as f32))
    }

    /// From the map to the screen.
    pub fn screen(&self, at: Pos2) -> Pos2 {
        at * self.zoom + self.offset
    }

    /// From the map to the screen.
    pub fn area(&self, area: Area) -> Rect {
        Rect::from_min_max(
            self.pos(Point { x: area.left, y: area.top }),
            self.pos(Point { x: area.right, y: area.bottom }),
        )
    }

    /// From the screen to the map.
    pub fn world(&self, pos: Pos2) -> Pos2 {
        ((pos - self.offset).to_vec2() / self.zoom).to_pos2()
    }

    /// The part of the map that is seen, and this many points of the screen around it.
    pub fn visible(&self, margin: f32) -> Area {
        let (min, max) = (
            self.world(self.rect.min - Vec2::splat(margin)),
            self.world(self.rect.max + Vec2::splat(margin)),
        );
        Area {
            left: min.x.floor() as i32,
            top: min.y.floor() as i32,
            right: max.x.ceil() as i32,
            bottom: max.y.ceil() as i32,
        }
    }
}

/// A camera on its way.
#[derive(Debug, Clone, Copy)]
pub struct Flight {
    from: Camera,
    to: Camera,
    since: f64,
}

impl Flight {
    /// A flight that starts now.
    pub fn new(from: Camera, to: Camera, now: f64) -> Self {
        Self { from, to, since: now }
    }

    /// Where it ends.
    pub fn target(&self) -> Camera {
        self.to
    }

    /// Where it is; `None`: it is over. `seconds` is how long it takes.
    pub fn at(&self, now: f64, seconds: f32) -> Option<Camera> {
        let done = (now - self.since) as f32 / seconds;
        (done < 1.0).then(|| self.from.towards(self.to, 1.0 - (1.0 - done.max(0.0)).powi(3)))
    }
}
