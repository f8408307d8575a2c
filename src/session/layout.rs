//! The tidy layout: where the cards of a map stand and how its lines run. Pure geometry, used by the canvas and by
//! pictures of maps.
//!
//! The layout is a function of the map alone, with the first trigger at the origin: the same file looks the same on
//! every opening, and a change moves only what hangs under it and, if room is needed, what stands beside it.
//!
//! Reading order: `shape` (which element belongs under which, and in which row), `tidy` (columns), `route` (lines).

mod route;
mod shape;
mod tidy;

use std::collections::BTreeMap;

use crate::base::id::ElementId;
use crate::model::{Element, ElementKind, Graph, Map, Point, Port};

/// All places are multiples of this.
pub const GRID: i32 = 4;
/// Width of a card at 100 %.
pub const CARD_WIDTH: i32 = 232;
/// Height of a card at 100 %.
pub const CARD_HEIGHT: i32 = 76;
/// Width of the small card of a Go To.
const GO_TO_WIDTH: i32 = 176;
/// Height of the small card of a Go To.
const GO_TO_HEIGHT: i32 = 44;
/// From the top of a card to the top of the card below it: the card and room for a bend, a label and a +.
const ROW: i32 = CARD_HEIGHT + 68;
/// Least room between cards side by side.
const GAP: i32 = 32;
/// Width of the button *What happens next?* at an open end.
const BUTTON_WIDTH: i32 = 152;
/// Height of that button.
const BUTTON_HEIGHT: i32 = 28;
/// From the cards of a goal group to its frame.
const FRAME: i32 = 12;

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Left edge.
    pub left: i32,
    /// Top edge.
    pub top: i32,
    /// Right edge.
    pub right: i32,
    /// Bottom edge.
    pub bottom: i32,
}

impl Area {
    /// The rectangle with this corner and size.
    fn new(left: i32, top: i32, width: i32, height: i32) -> Self {
        Self { left, top, right: left + width, bottom: top + height }
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// The rectangle that is larger by this on every side.
    #[must_use]
    pub fn grown(self, by: i32) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    /// Whether the two have more than an edge in common.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// Its top left corner.
    #[must_use]
    pub fn corner(self) -> Point {
        Point { x: self.left, y: self.top }
    }

    /// The column through its middle.
    #[must_use]
    pub fn middle_x(self) -> i32 {
        i32::midpoint(self.left, self.right)
    }

    /// The row through its middle.
    #[must_use]
    pub fn middle_y(self) -> i32 {
        i32::midpoint(self.top, self.bottom)
    }

    fn shifted(self, dx: i32) -> Self {
        Self { left: self.left + dx, right: self.right + dx, ..self }
    }
}

/// Corners of an orthogonal line, from its start to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    corners: [Point; Route::MOST],
    count: u8,
}

impl Route {
    /// Most corners a route has, its ends included.
    const MOST: usize = 6;

    /// The corners. At least two.
    #[must_use]
    pub fn corners(&self) -> &[Point] {
        self.corners.get(..usize::from(self.count)).unwrap_or(&self.corners)
    }

    /// The smallest rectangle around it.
    #[must_use]
    pub fn area(&self) -> Area {
        let mut corners =
            self.corners().iter().map(|p| Area { left: p.x, top: p.y, right: p.x, bottom: p.y });
        let first = corners.next().unwrap_or(Area { left: 0, top: 0, right: 0, bottom: 0 });
        corners.fold(first, Area::union)
    }
}

/// Where an element stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardPlace {
    /// The element.
    pub id: ElementId,
    /// Its card.
    pub area: Area,
}

/// How a line runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineRoute {
    /// Where it comes from.
    pub from: ElementId,
    /// Where it leaves; [`Port::Goal`] from a goal wait to an attached goal.
    pub port: Port,
    /// Where it leads.
    pub to: ElementId,
    /// Its corners.
    pub route: Route,
    /// The smallest rectangle around it.
    pub area: Area,
    /// Middle of its label.
    pub label: Point,
    /// Middle of the + that inserts an element into it.
    pub plus: Point,
}

/// A way out that leads nowhere yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenEnd {
    /// The element.
    pub from: ElementId,
    /// Its way out.
    pub port: Port,
    /// The stub that leads to the button.
    pub route: Route,
    /// The button *What happens next?*.
    pub button: Area,
    /// Middle of the label of the way out.
    pub label: Point,
}

/// The dashed line from a Go To to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoToRoute {
    /// The Go To.
    pub from: ElementId,
    /// Its target.
    pub to: ElementId,
    /// Its corners.
    pub route: Route,
    /// The smallest rectangle around it.
    pub area: Area,
}

/// The soft frame around a goal wait and its goals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoalFrame {
    /// The goal wait.
    pub wait: ElementId,
    /// The frame.
    pub area: Area,
}

/// Where everything of a map stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Cards, every element above those that its lines lead down to.
    pub cards: Vec<CardPlace>,
    /// Lines.
    pub lines: Vec<LineRoute>,
    /// Open ends.
    pub open_ends: Vec<OpenEnd>,
    /// Go Tos.
    pub go_tos: Vec<GoToRoute>,
    /// Goal groups.
    pub frames: Vec<GoalFrame>,
    /// The smallest rectangle around all of it.
    pub bounds: Area,
    index: BTreeMap<ElementId, usize>,
}

impl Layout {
    /// The layout of a map.
    #[must_use]
    pub fn of(map: &Map, graph: &Graph) -> Self {
        let shape = shape::Shape::of(map, graph);
        let columns = tidy::place(&shape);
        let cards: Vec<_> = shape
            .nodes
            .iter()
            .zip(&columns.areas)
            .skip(1)
            .filter_map(|(node, area)| node.id.map(|id| CardPlace { id, area: *area }))
            .collect();
        let index = cards.iter().enumerate().map(|(at, card)| (card.id, at)).collect();
        let mut layout = Self {
            cards,
            lines: vec![],
            open_ends: vec![],
            go_tos: vec![],
            frames: vec![],
            bounds: Area::new(0, 0, 0, 0),
            index,
        };
        route::draw(&mut layout, map, &shape, &columns);
        layout.bounds = layout.around();
        layout
    }

    /// The card of an element.
    #[must_use]
    pub fn card(&self, id: ElementId) -> Option<Area> {
        self.index.get(&id).and_then(|at| self.cards.get(*at)).map(|card| card.area)
    }

    fn around(&self) -> Area {
        let cards = self.cards.iter().map(|card| card.area);
        let lines = self.lines.iter().map(|line| line.area);
        let ends = self.open_ends.iter().map(|end| end.button);
        let frames = self.frames.iter().map(|frame| frame.area);
        let go_tos = self.go_tos.iter().map(|go_to| go_to.area);
        let all = cards.chain(lines).chain(ends).chain(frames).chain(go_tos);
        all.reduce(Area::union).unwrap_or(Area::new(0, 0, 0, 0))
    }
}

/// Size of an element's card.
#[must_use]
pub fn card_size(kind: &ElementKind) -> (i32, i32) {
    match kind {
        ElementKind::GoTo(_) => (GO_TO_WIDTH, GO_TO_HEIGHT),
        _ => (CARD_WIDTH, CARD_HEIGHT),
    }
}

/// The nearest multiple of [`GRID`].
#[must_use]
pub fn on_grid(value: i32) -> i32 {
    (value + GRID / 2).div_euclid(GRID) * GRID
}

/// Half the width of an element's card.
fn half_width(element: &Element) -> i32 {
    card_size(&element.kind).0 / 2
}

#[cfg(test)]
pub(crate) mod tests;
