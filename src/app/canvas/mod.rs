//! The canvas: the map as it is drawn and worked on.
//!
//! Painted with egui's painter under our own transform; what is under the pointer is found by hand, so that thousands
//! of cards cost no widgets. The canvas changes nothing: it is given a [`Scene`] and says what the user did as
//! [`CanvasEvent`]s. What it keeps in [`CanvasView`] is the camera and the gesture of the moment.
//!
//! ```ignore
//! // Once per change of the document:
//! let graph = Graph::of(map);
//! let layout = Layout::of(map, &graph);
//! // Each frame, in the central panel:
//! for event in canvas.show(ui, &Scene { project, map, graph: &graph, layout: &layout, selection: &selection, .. }) {
//!     match event {
//!         CanvasEvent::Select(elements) => selection = elements,
//!         CanvasEvent::Command(command) => session.run(command),
//!         ..
//!     }
//! }
//! ```
//!
//! Reading order: [`scene`] (what goes in and out), [`view`] (the camera), [`brush`] (what painting shares), [`cards`],
//! [`lines`], [`ends`] (what is painted), [`hit`], [`gesture`], [`drops`], [`keys`], [`minimap`] (what is done).

mod brush;
mod cards;
mod drops;
mod ends;
mod gesture;
mod hit;
mod keys;
mod lines;
pub mod marks;
mod minimap;
mod scene;
mod sizes;
#[cfg(all(test, feature = "gui-tests"))]
mod tests;
mod view;

use std::collections::BTreeSet;

use egui::epaint::Mesh;
use egui::{
    DragAndDrop, Event, MouseWheelSource, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo,
};

use brush::{Brush, Detail};
use cards::Manner;
use drops::Drop;
use gesture::Gesture;
use hit::{Hit, touches};
use keys::Focus;
use lines::LineManner;
pub use scene::{CanvasEvent, ElementNumbers, Highlight, LineNumbers, Overlay, PalettePayload, Scene};
pub use view::Camera;
use view::Flight;

use crate::app::theme;
use crate::base::id::{ElementId, MapId};
use crate::model::{Port, Sequence};
use crate::session::layout::Area;

/// Where the camera is wanted.
#[derive(Debug, Clone, PartialEq)]
enum Wish {
    /// Where all of it is seen.
    Fit,
    /// As near as this.
    Zoom(f32),
    /// Nearer or farther by this factor.
    ZoomBy(f32),
    /// Where these are seen.
    Elements(BTreeSet<ElementId>),
    /// Exactly here.
    Camera(Camera),
}

/// The state of the canvas that is no part of the document: camera and gesture.
#[derive(Debug)]
pub struct CanvasView {
    camera: Camera,
    flight: Option<Flight>,
    wish: Option<Wish>,
    /// The map that is shown; another one is first seen whole.
    map: Option<MapId>,
    gesture: Gesture,
    /// The card under the pointer in the last frame.
    hovered: Option<ElementId>,
    /// The card that the keyboard was last on.
    cursor: Option<ElementId>,
    /// The keyboard is in use, so the focus is shown.
    keyboard: bool,
    /// Scrolling comes from fingers on a trackpad.
    by_fingers: bool,
}

impl Default for CanvasView {
    fn default() -> Self {
        Self {
            camera: Camera { middle: Pos2::ZERO, zoom: 1.0 },
            flight: None,
            wish: None,
            map: None,
            gesture: Gesture::Rest,
            hovered: None,
            cursor: None,
            keyboard: false,
            by_fingers: false,
        }
    }
}

impl CanvasView {
    /// Where the camera is or is flying to, to be remembered.
    #[must_use]
    pub fn camera(&self) -> Camera {
        self.flight.map_or(self.camera, |flight| flight.target())
    }

    /// Puts the camera somewhere at once, such as where it was remembered.
    pub fn set_camera(&mut self, camera: Camera) {
        self.wish = Some(Wish::Camera(camera));
    }

    /// The zoom, 1 being 100 %.
    #[must_use]
    pub fn zoom(&self) -> f32 {
        self.camera().zoom
    }

    /// Flies to where the whole map is seen.
    pub fn zoom_to_fit(&mut self) {
        self.wish = Some(Wish::Fit);
    }

    /// Flies to a zoom, 1 being 100 %.
    pub fn zoom_to(&mut self, zoom: f32) {
        self.wish = Some(Wish::Zoom(zoom));
    }

    /// Flies nearer (factor above 1) or farther.
    pub fn zoom_by(&mut self, factor: f32) {
        self.wish = Some(Wish::ZoomBy(factor));
    }

    /// Flies to where these elements are seen; without any, nothing happens.
    pub fn zoom_to_selection(&mut self, elements: &BTreeSet<ElementId>) {
        self.wish = Some(Wish::Elements(elements.clone()));
    }

    /// Flies to an element and lets the keyboard walk on from it.
    pub fn fly_to(&mut self, element: ElementId) {
        self.cursor = Some(element);
        self.wish = Some(Wish::Elements(BTreeSet::from([element])));
    }

    /// Whether a gesture such as a drag is under way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.gesture != Gesture::Rest
    }

    /// Shows the map in all the room there is and says what the user did.
    pub fn show(&mut self, ui: &mut Ui, scene: &Scene) -> Vec<CanvasEvent> {
        let mut events = vec![];
        let response = ui.allocate_rect(ui.available_rect_before_wrap(), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, format!("Map {}", scene.map.name)));
        let rect = response.rect;
        if self.map != Some(scene.map.id) {
            let wish = self.wish.take();
            *self = Self { camera: Camera::around(scene.layout.bounds, rect), wish, ..Self::default() };
            self.map = Some(scene.map.id);
        }
        self.steer(ui, &response, scene);
        let brush = self.brush(ui, scene, rect);
        let pointer = ui.input(|input| input.pointer.latest_pos()).filter(|_| response.contains_pointer());
        let hit = pointer.map(|pointer| brush.hit(pointer, self.hovered)).unwrap_or_default();
        // What is carried from the palette is dropped, not clicked with.
        if !DragAndDrop::has_payload_of_type::<PalettePayload>(ui) {
            self.gestures(ui, &response, &brush, hit, &mut events);
        }
        let drop = self.drops(ui, &response, &brush, &mut events);
        self.keyboard &= !ui.input(|input| input.pointer.any_pressed());
        self.keyboard |= ui.input(|input| input.key_pressed(egui::Key::Tab));
        // Gestures may have moved the camera.
        let brush = self.brush(ui, scene, rect);
        let focus = self.keys(ui, &response, &brush, &mut events);
        if response.clicked() || response.drag_started() {
            let node = hit.card().map_or(response.id, |id| keys::card_node(&response, id));
            self.cursor = hit.card().or(self.cursor);
            ui.memory_mut(|memory| memory.request_focus(node));
        }
        let hit = if self.gesture == Gesture::Rest && drop.is_none() { hit } else { Hit::Nothing };
        self.hovered = match hit {
            Hit::Handle { from, .. } => Some(from),
            hit => hit.card(),
        };
        self.paint(&brush, hit, drop.as_ref(), focus.filter(|_| self.keyboard), pointer);
        self.minimap(ui, &brush);
        self.tooltip(response, scene, &brush);
        events
    }

    fn brush<'a>(&self, ui: &Ui, scene: &'a Scene<'a>, rect: Rect) -> Brush<'a> {
        Brush {
            scene,
            lens: self.camera.lens(rect),
            palette: theme::palette(ui),
            detail: Detail::at(self.camera.zoom),
            painter: ui.painter_at(rect),
        }
    }

    /// Wishes, flights, wheel and pinch.
    fn steer(&mut self, ui: &Ui, response: &Response, scene: &Scene) {
        let rect = response.rect;
        if let Some(wish) = self.wish.take() {
            let now = self.camera();
            let target = match wish {
                Wish::Fit => Some(Camera::around(scene.layout.bounds, rect)),
                Wish::Zoom(zoom) => Some(Camera { zoom, ..now }),
                Wish::ZoomBy(factor) => Some(Camera { zoom: now.zoom * factor, ..now }),
                Wish::Elements(elements) => {
                    let cards = elements.iter().filter_map(|id| scene.layout.card(*id));
                    // An element alone is shown at a size at which it can be read.
                    cards.reduce(Area::union).map(|area| {
                        let around = Camera::around(area.grown(sizes::DOT_GRID * 2), rect);
                        let zoom = if elements.len() == 1 {
                            now.zoom.clamp(sizes::FULL_FROM, 1.0)
                        } else {
                            around.zoom
                        };
                        Camera { zoom, ..around }
                    })
                }
                Wish::Camera(camera) => {
                    (self.camera, self.flight) = (camera.limited(), None);
                    None
                }
            };
            if let Some(target) = target {
                self.fly(ui, target.limited());
            }
        }
        let seconds = ui.style().animation_time;
        if let Some(flight) = self.flight {
            match flight.at(ui.input(|input| input.time), seconds) {
                Some(camera) => {
                    self.camera = camera;
                    ui.request_repaint();
                }
                None => (self.camera, self.flight) = (flight.target(), None),
            }
        }
        if let Some(pointer) = response.hover_pos().filter(|_| response.contains_pointer()) {
            let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
            let by_fingers = ui.input(|input| {
                input.events.iter().rev().find_map(|event| match event {
                    Event::MouseWheel { source, .. } => Some(*source == MouseWheelSource::Trackpad),
                    _ => None,
                })
            });
            self.by_fingers = by_fingers.unwrap_or(self.by_fingers);
            // Two fingers push the map, a wheel zooms.
            let (pan, wheel) =
                if self.by_fingers { (scroll, 0.0) } else { (egui::vec2(scroll.x, 0.0), scroll.y) };
            let factor = pinch * (wheel * sizes::WHEEL).exp();
            if factor != 1.0 || pan != egui::Vec2::ZERO {
                self.flight = None;
                self.camera.middle -= pan / self.camera.zoom;
                self.camera.zoom_about(factor, pointer, rect);
            }
        }
    }

    fn fly(&mut self, ui: &Ui, target: Camera) {
        if target != self.camera {
            self.flight = Some(Flight::new(self.camera, target, ui.input(|input| input.time)));
            ui.request_repaint();
        }
    }

    /// Moves the camera no more than is needed to see a card whole.
    fn keep_in_sight(&mut self, ui: &Ui, rect: Rect, scene: &Scene, id: ElementId) {
        let Some(card) = scene.layout.card(id) else { return };
        let camera = self.camera();
        let lens = camera.lens(rect);
        let (card, room) = (lens.area(card), lens.rect.shrink(theme::space::XL));
        let past = |low: f32, high: f32, from: f32, to: f32| {
            if low < from || high - low > to - from { low - from } else { (high - to).max(0.0) }
        };
        let by = egui::vec2(
            past(card.left(), card.right(), room.left(), room.right()),
            past(card.top(), card.bottom(), room.top(), room.bottom()),
        );
        if by != egui::Vec2::ZERO {
            self.fly(ui, Camera { middle: camera.middle + by / camera.zoom, ..camera });
        }
    }

    fn paint(
        &self,
        brush: &Brush,
        hit: Hit,
        drop: Option<&Drop>,
        focus: Option<Focus>,
        pointer: Option<Pos2>,
    ) {
        let scene = brush.scene;
        brush.painter.rect_filled(brush.lens.rect, 0, brush.palette.canvas);
        brush.dots();
        let seen = brush.lens.visible(theme::space::XL);
        let on_way = |line: &(ElementId, Port)| scene.highlight.is_some_and(|way| way.lines.contains(line));
        let dimmed = scene.highlight.is_some();
        for frame in scene.layout.frames.iter().filter(|frame| frame.area.overlaps(seen)) {
            if brush.detail >= Detail::Number {
                brush.frame(brush.lens.area(frame.area), dimmed);
            }
        }
        for (_, area) in sequences(scene, seen) {
            if brush.detail >= Detail::Number {
                brush.sequence(brush.lens.area(area), dimmed);
            }
        }
        let onto = drop.map_or(Hit::Nothing, |drop| drop.hit);
        for go_to in
            scene.layout.go_tos.iter().filter(|go_to| touches(go_to.area, seen) && brush.sees(&go_to.route))
        {
            let lit = self.hovered == Some(go_to.from) || scene.selection.contains(&go_to.from);
            brush.go_to(&go_to.route, lit, dimmed);
        }
        let line_manner = |line: &crate::session::layout::LineRoute| {
            let on_way = on_way(&(line.from, line.port))
                && (line.port != Port::Goal
                    || scene.highlight.is_some_and(|way| way.elements.contains(&line.to)));
            let lit = hit.line() == Some(*line)
                || onto.line() == Some(*line) && drop.is_some_and(|drop| drop.spot.is_ok());
            LineManner { lit, on_way, back: dimmed && !on_way }
        };
        // Far away nearly all are seen, and looking closer costs more than it saves.
        let close = brush.detail > Detail::Number;
        let lines = || {
            let lines = scene.layout.lines.iter().filter(|line| touches(line.area, seen));
            lines.filter(|line| !close || brush.sees(&line.route))
        };
        let mut mesh = Mesh::default();
        for line in lines() {
            brush.line(line, line_manner(line), &mut mesh);
        }
        brush.painter.add(mesh);
        if brush.lens.zoom >= sizes::LABELS_FROM {
            for (sequence, area) in sequences(scene, seen) {
                brush.sequence_name(sequence, brush.lens.area(area), dimmed);
            }
            for line in lines() {
                brush.line_words(line, line_manner(line));
            }
        }
        for end in
            scene.layout.open_ends.iter().filter(|end| touches(end.route.area().union(end.button), seen))
        {
            let lit = hit == Hit::Next(*end)
                || onto == Hit::Next(*end) && drop.is_some_and(|drop| drop.spot.is_ok());
            brush.open_end(end, lit, focus == Some(Focus::Next(*end)), dimmed);
        }
        self.paint_cards(brush, seen, drop, focus, pointer);
        let of_goal = |to: ElementId| self.hovered == Some(to) || scene.selection.contains(&to);
        brush.jumps(|_, to| scene.all_jumps || of_goal(to));
        self.paint_handles(brush, hit, focus);
        self.paint_gesture(brush, drop, pointer);
    }

    fn paint_cards(
        &self,
        brush: &Brush,
        seen: Area,
        drop: Option<&Drop>,
        focus: Option<Focus>,
        pointer: Option<Pos2>,
    ) {
        let scene = brush.scene;
        let moved = match &self.gesture {
            Gesture::Cards { moved, .. } => Some(moved),
            _ => None,
        };
        let target = match (&self.gesture, pointer) {
            (Gesture::Connect { from, port, .. }, Some(pointer)) => {
                brush.card_at(pointer).filter(|to| gesture::refusal(scene, *from, *port, *to).is_none())
            }
            _ => drop.filter(|drop| drop.spot.is_ok()).and_then(|drop| drop.hit.card()),
        };
        let boxed: BTreeSet<_> = match (&self.gesture, pointer) {
            (Gesture::Box { from, .. }, Some(pointer)) => {
                gesture::boxed(scene, *from, brush.lens.world(pointer)).collect()
            }
            _ => BTreeSet::new(),
        };
        let mut blocks = Mesh::default();
        for card in scene.layout.cards.iter().filter(|card| card.area.overlaps(seen)) {
            let Some(element) = scene.map.element(card.id) else { continue };
            let on_way = scene.highlight.is_none_or(|way| way.elements.contains(&card.id));
            // What is being moved is seen where it goes; here only a trace of it is left.
            let gone = moved.is_some_and(|moved| moved.contains(&card.id));
            let manner = Manner {
                lifted: self.hovered == Some(card.id),
                selected: !gone && (scene.selection.contains(&card.id) || boxed.contains(&card.id)),
                focused: focus == Some(Focus::Card(card.id)),
                back: !on_way || gone,
                lit: target == Some(card.id),
            };
            brush.card(element, brush.lens.area(card.area), manner, &mut blocks);
        }
        brush.painter.add(blocks);
        let here = scene.highlight.iter().flat_map(|way| &way.here);
        for area in here.filter_map(|id| scene.layout.card(*id)) {
            let at = brush.lens.area(area).right_top();
            let outline = Stroke::new(theme::RING, brush.palette.canvas);
            brush.painter.circle(at, sizes::LIVE_DOT, brush.palette.accent, outline);
        }
    }

    fn paint_handles(&self, brush: &Brush, hit: Hit, focus: Option<Focus>) {
        if brush.scene.read_only || brush.lens.zoom < sizes::LABELS_FROM {
            return;
        }
        if let Some(hovered) = self.hovered {
            for (port, at) in brush.handles(hovered) {
                brush.handle(at, hit == Hit::Handle { from: hovered, port, at });
            }
        }
        if let Some(line) = hit.line().filter(|line| line.port != Port::Goal) {
            brush.plus(&line, matches!(hit, Hit::Plus(_)), false);
        }
        if let Some(Focus::Plus(line)) = focus {
            brush.plus(&line, false, true);
        }
    }

    fn paint_gesture(&self, brush: &Brush, drop: Option<&Drop>, pointer: Option<Pos2>) {
        let scene = brush.scene;
        match (&self.gesture, pointer) {
            (Gesture::Cards { moved, by, guides, .. }, _) => {
                brush.guide(guides.0, guides.1);
                let manner = Manner { lifted: true, selected: true, ..Manner::default() };
                let mut blocks = Mesh::default();
                for id in moved {
                    let (Some(area), Some(element)) = (scene.layout.card(*id), scene.map.element(*id)) else {
                        continue;
                    };
                    let area = Area {
                        left: area.left + by.x,
                        top: area.top + by.y,
                        right: area.right + by.x,
                        bottom: area.bottom + by.y,
                    };
                    brush.card(element, brush.lens.area(area), manner, &mut blocks);
                }
                brush.painter.add(blocks);
            }
            (Gesture::Box { from, .. }, Some(pointer)) => {
                let rect = Rect::from_two_pos(brush.lens.screen(*from), pointer);
                let fill = brush.palette.accent.gamma_multiply(0.08);
                let stroke = Stroke::new(theme::HAIRLINE, brush.palette.accent);
                brush.painter.rect(rect, 0, fill, stroke, StrokeKind::Inside);
            }
            (Gesture::Connect { from, port, at }, Some(pointer)) => {
                let target = brush.card_at(pointer).filter(|to| to != from);
                let refusal = target.and_then(|to| gesture::refusal(scene, *from, *port, to));
                let end = match target.and_then(|to| scene.layout.card(to)) {
                    Some(card) if refusal.is_none() => brush.lens.area(card).center_top(),
                    _ => pointer,
                };
                brush.drawn_line(*at, end, refusal.is_none());
                if let Some(why) = refusal {
                    brush.note_at(pointer, &why, true);
                }
            }
            _ => {}
        }
        if let Some(drop) = drop {
            match &drop.spot {
                Ok(_) => brush.note_at(drop.pointer, &brush.kind_title(&drop.kind), false),
                Err(why) => brush.note_at(drop.pointer, why, true),
            }
        }
    }

    /// The whole of what a card has no room for.
    fn tooltip(&self, response: Response, scene: &Scene, brush: &Brush) {
        let Some(element) = self.hovered.and_then(|id| scene.map.element(id)) else { return };
        if self.is_busy() {
            return;
        }
        let Some(text) = brush.hidden_text(element) else { return };
        response.on_hover_text_at_pointer(text);
    }
}

/// The sequences that are seen, each with its frame.
fn sequences<'a>(scene: &Scene<'a>, seen: Area) -> impl Iterator<Item = (&'a Sequence, Area)> {
    let (map, layout) = (scene.map, scene.layout);
    let framed = map.sequences.values().filter_map(|sequence| {
        let steps = sequence.steps.iter().filter_map(|step| layout.card(*step)).reduce(Area::union)?;
        let around = steps.grown(sizes::SEQUENCE_FRAME);
        Some((sequence, Area { top: around.top - sizes::SEQUENCE_NAME, ..around }))
    });
    framed.filter(move |(_, area)| area.overlaps(seen))
}
