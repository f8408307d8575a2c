//! What the pointer does: pick, move, connect, pan. A gesture is previewed while it lasts and becomes one event when the
//! button is released; Esc ends it without one.

use std::collections::BTreeSet;

use egui::{CursorIcon, Key, Modifiers, PointerButton, Pos2, Rect, Response, Ui, Vec2};

use super::CanvasView;
use super::brush::Brush;
use super::hit::Hit;
use super::scene::{CanvasEvent, Scene};
use super::sizes;
use crate::base::id::ElementId;
use crate::model::{Point, Port};
use crate::session::command::{Command, plan};
use crate::session::layout::{Area, on_grid};

/// What the pointer is doing.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Gesture {
    /// Nothing that lasts.
    #[default]
    Rest,
    /// Moves the map under the canvas.
    Pan,
    /// Moves cards.
    Cards {
        /// The card under the pointer.
        grabbed: ElementId,
        /// All that move.
        moved: BTreeSet<ElementId>,
        /// Where on the map it began.
        from: Pos2,
        /// By how much they are moved.
        by: Point,
        /// Lines through edges that the grabbed card now has in common with others.
        guides: (Option<i32>, Option<i32>),
    },
    /// Selects what is in a box.
    Box {
        /// Where on the map it began.
        from: Pos2,
        /// What stays selected.
        keep: BTreeSet<ElementId>,
    },
    /// Draws a line.
    Connect {
        /// Where it comes from.
        from: ElementId,
        /// Where it leaves.
        port: Port,
        /// Where on the map that is.
        at: Point,
    },
}

impl CanvasView {
    /// Goes on with what the pointer is doing.
    pub(super) fn gestures(
        &mut self,
        ui: &Ui,
        response: &Response,
        brush: &Brush,
        hit: Hit,
        events: &mut Vec<CanvasEvent>,
    ) {
        let scene = brush.scene;
        if self.gesture != Gesture::Rest
            && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape))
        {
            self.gesture = Gesture::Rest;
        }
        let space = ui.input(|input| input.key_down(Key::Space));
        if response.drag_started_by(PointerButton::Primary) {
            self.begin(ui, brush, space, events);
        }
        let panned = response.dragged_by(PointerButton::Middle)
            || response.dragged_by(PointerButton::Secondary)
            || (self.gesture == Gesture::Pan && response.dragged_by(PointerButton::Primary));
        if panned {
            self.flight = None;
            self.camera.middle -= response.drag_delta() / self.camera.zoom;
            ui.set_cursor_icon(CursorIcon::Grabbing);
        } else if space && response.hovered() {
            ui.set_cursor_icon(CursorIcon::Grab);
        }
        if response.clicked() {
            click(ui, scene, brush, hit, events);
        }
        if response.double_clicked()
            && let Some(id) = hit.card()
        {
            events.push(CanvasEvent::Edit(id));
        }
        if response.secondary_clicked()
            && let Some(at) = response.interact_pointer_pos()
        {
            let element = hit.card();
            if let Some(id) = element.filter(|id| !scene.selection.contains(id)) {
                events.push(CanvasEvent::Select(BTreeSet::from([id])));
            }
            events.push(CanvasEvent::ContextMenu { element, at, place: grid_point(brush.lens.world(at)) });
        }
        if let Some(pointer) = ui.input(|input| input.pointer.latest_pos()) {
            self.drag(ui, brush, pointer);
            if self.gesture != Gesture::Rest && ui.input(|input| input.pointer.primary_released()) {
                self.end(brush, pointer, events);
            }
        }
        if self.gesture != Gesture::Rest && !ui.input(|input| input.pointer.primary_down()) {
            self.gesture = Gesture::Rest;
        }
    }

    fn begin(&mut self, ui: &Ui, brush: &Brush, space: bool, events: &mut Vec<CanvasEvent>) {
        let Some(origin) = ui.input(|input| input.pointer.press_origin()) else { return };
        let scene = brush.scene;
        let from = brush.lens.world(origin);
        let add = adds(ui);
        self.gesture = match brush.hit(origin, self.hovered) {
            _ if space => Gesture::Pan,
            Hit::Handle { from, port, at } => Gesture::Connect { from, port, at },
            Hit::Next(end) => {
                let at = end.route.corners().first().copied().unwrap_or(end.button.corner());
                Gesture::Connect { from: end.from, port: end.port, at }
            }
            Hit::Card(_) if scene.read_only => Gesture::Pan,
            Hit::Card(grabbed) => {
                let moved = if scene.selection.contains(&grabbed) {
                    scene.selection.clone()
                } else {
                    let mut selection = if add { scene.selection.clone() } else { BTreeSet::new() };
                    selection.insert(grabbed);
                    events.push(CanvasEvent::Select(selection.clone()));
                    selection
                };
                Gesture::Cards { grabbed, moved, from, by: Point { x: 0, y: 0 }, guides: (None, None) }
            }
            Hit::Nothing | Hit::Line(_) | Hit::Plus(_) => {
                let keep = if add { scene.selection.clone() } else { BTreeSet::new() };
                Gesture::Box { from, keep }
            }
        };
    }

    fn drag(&mut self, ui: &Ui, brush: &Brush, pointer: Pos2) {
        if !matches!(self.gesture, Gesture::Rest | Gesture::Pan) {
            self.scroll_at_edges(ui, brush.lens.rect, pointer);
        }
        if let Gesture::Cards { grabbed, moved, from, by, guides } = &mut self.gesture {
            let Some(card) = brush.scene.layout.card(*grabbed) else { return };
            let wanted = brush.lens.world(pointer) - *from;
            (*by, *guides) = snapped(brush, card, moved, wanted);
            ui.set_cursor_icon(CursorIcon::Grabbing);
        }
    }

    /// Near the edges the map comes towards the pointer.
    pub(super) fn scroll_at_edges(&mut self, ui: &Ui, rect: Rect, pointer: Pos2) {
        let push = |low: f32, high: f32, at: f32| {
            let into = |distance: f32| ((sizes::SCROLL_EDGE - distance) / sizes::SCROLL_EDGE).clamp(0.0, 1.0);
            into(high - at) - into(at - low)
        };
        let push =
            Vec2::new(push(rect.left(), rect.right(), pointer.x), push(rect.top(), rect.bottom(), pointer.y));
        if push != Vec2::ZERO {
            let seconds = ui.input(|input| input.stable_dt).min(0.1);
            self.flight = None;
            self.camera.middle += push * sizes::SCROLL_SPEED * seconds / self.camera.zoom;
            ui.request_repaint();
        }
    }

    fn end(&mut self, brush: &Brush, pointer: Pos2, events: &mut Vec<CanvasEvent>) {
        let scene = brush.scene;
        match std::mem::take(&mut self.gesture) {
            Gesture::Rest | Gesture::Pan => {}
            Gesture::Cards { moved, by, .. } => {
                let places = moved.iter().filter_map(|id| {
                    let at = scene.layout.card(*id)?.corner();
                    Some((*id, Point { x: at.x + by.x, y: at.y + by.y }))
                });
                let places: Vec<_> = places.collect();
                if by != (Point { x: 0, y: 0 }) && !places.is_empty() {
                    events.push(CanvasEvent::Command(Command::Move { map: scene.map.id, places }));
                }
            }
            Gesture::Box { from, mut keep } => {
                keep.extend(boxed(scene, from, brush.lens.world(pointer)));
                events.push(CanvasEvent::Select(keep));
            }
            Gesture::Connect { from, port, .. } => match brush.card_at(pointer) {
                None if scene.map.target(from, port).is_none() => {
                    events.push(CanvasEvent::AskNext { from, port, at: pointer });
                }
                None => {}
                Some(to) if to == from => {}
                Some(to) => match refusal(scene, from, port, to) {
                    Some(why) => events.push(CanvasEvent::Refused(why)),
                    None if scene.map.target(from, port) == Some(to) => {}
                    None => {
                        let map = scene.map.id;
                        events.push(CanvasEvent::Command(Command::Connect { map, from, port, to }));
                    }
                },
            },
        }
    }
}

/// Whether clicks add to the selection.
fn adds(ui: &Ui) -> bool {
    ui.input(|input| input.modifiers.shift || input.modifiers.command)
}

fn click(ui: &Ui, scene: &Scene, brush: &Brush, hit: Hit, events: &mut Vec<CanvasEvent>) {
    match hit {
        Hit::Card(id) => {
            let mut selection = BTreeSet::from([id]);
            if adds(ui) {
                selection.clone_from(scene.selection);
                if !selection.remove(&id) {
                    selection.insert(id);
                }
            }
            events.push(CanvasEvent::Select(selection));
        }
        Hit::Next(end) => {
            let at = brush.next_button(&end).center_bottom();
            events.push(CanvasEvent::AskNext { from: end.from, port: end.port, at });
        }
        Hit::Plus(line) => {
            let at = brush.plus_rect(&line).center_bottom();
            events.push(CanvasEvent::AskOnLine { from: line.from, port: line.port, at });
        }
        Hit::Nothing | Hit::Line(_) | Hit::Handle { .. } => {
            // The ground of a sequence stands for all of its steps.
            let pointer = ui.input(|input| input.pointer.interact_pos());
            let ground = pointer.and_then(|pointer| brush.sequence_at(pointer));
            let mut selection = if adds(ui) { scene.selection.clone() } else { BTreeSet::new() };
            selection.extend(ground.into_iter().flat_map(|sequence| &sequence.steps));
            if selection != *scene.selection {
                events.push(CanvasEvent::Select(selection));
            }
        }
    }
}

/// Why no line can be drawn between two elements.
pub fn refusal(scene: &Scene, from: ElementId, port: Port, to: ElementId) -> Option<String> {
    plan(scene.project, Command::Connect { map: scene.map.id, from, port, to }).err().map(|why| why.0)
}

/// Elements in a box on the map.
pub fn boxed<'a>(scene: &'a Scene, a: Pos2, b: Pos2) -> impl Iterator<Item = ElementId> + 'a {
    let area = Area {
        left: a.x.min(b.x) as i32,
        top: a.y.min(b.y) as i32,
        right: a.x.max(b.x) as i32,
        bottom: a.y.max(b.y) as i32,
    };
    scene.layout.cards.iter().filter(move |card| card.area.overlaps(area)).map(|card| card.id)
}

/// The place of the map nearest to a point, on the grid.
pub fn grid_point(at: Pos2) -> Point {
    Point { x: on_grid(at.x.round() as i32), y: on_grid(at.y.round() as i32) }
}

/// By how much a card moves: to the grid, or to where its edges or its middle line up with those of a card in sight.
fn snapped(
    brush: &Brush,
    card: Area,
    moved: &BTreeSet<ElementId>,
    wanted: Vec2,
) -> (Point, (Option<i32>, Option<i32>)) {
    let seen = brush.lens.visible(0.0);
    let reach = (sizes::SNAP / brush.lens.zoom) as i32;
    let by = grid_point(card_corner(card) + wanted);
    let mut by = Point { x: by.x - card.left, y: by.y - card.top };
    let (dx, dy) = (wanted.x.round() as i32, wanted.y.round() as i32);
    // By how much, and the line that is met.
    let mut x: Option<(i32, i32)> = None;
    let mut y: Option<(i32, i32)> = None;
    let cards = brush.scene.layout.cards.iter();
    for other in cards.filter(|other| other.area.overlaps(seen) && !moved.contains(&other.id)) {
        let pairs = [(card.left, other.area.left), (card.middle_x(), other.area.middle_x())];
        for (own, line) in pairs {
            let off = line - own - dx;
            if off.abs() <= reach && x.is_none_or(|(least, _)| off.abs() < (least - dx).abs()) {
                x = Some((dx + off, line));
            }
        }
        let off = other.area.top - card.top - dy;
        if off.abs() <= reach && y.is_none_or(|(least, _)| off.abs() < (least - dy).abs()) {
            y = Some((dy + off, other.area.top));
        }
    }
    // What stands off the grid (older files) is no reason to leave it.
    let on = |value: i32, corner: i32| on_grid(corner + value) == corner + value;
    x = x.filter(|(value, _)| on(*value, card.left));
    y = y.filter(|(value, _)| on(*value, card.top));
    (by.x, by.y) = (x.map_or(by.x, |(value, _)| value), y.map_or(by.y, |(value, _)| value));
    (by, (x.map(|(_, line)| line), y.map(|(_, line)| line)))
}

fn card_corner(card: Area) -> Pos2 {
    Pos2::new(card.left as f32, card.top as f32)
}
