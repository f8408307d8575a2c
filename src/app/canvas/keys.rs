//! The keyboard and screen readers: a node for each card, open end and +, and a walk along the map with the arrows.

use std::collections::BTreeSet;

use egui::{EventFilter, Id, Key, Modifiers, Rect, Response, Role, Sense, Ui, WidgetInfo, accesskit};

use super::CanvasView;
use super::brush::Brush;
use super::hit::touches;
use super::scene::{CanvasEvent, Scene};
use super::{marks, sizes};
use crate::base::id::ElementId;
use crate::model::{Port, words};
use crate::session::layout::{Area, LineRoute, OpenEnd};

/// What has the keyboard focus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Focus {
    /// A card.
    Card(ElementId),
    /// The button at an open end.
    Next(OpenEnd),
    /// The + of a line.
    Plus(LineRoute),
}

/// Arrows, Enter and Esc stay with the canvas; Tab goes on to the next node.
const KEPT: EventFilter =
    EventFilter { tab: false, horizontal_arrows: true, vertical_arrows: true, escape: true };

impl CanvasView {
    /// Makes the nodes of what is in sight and does what keys say. Returns what has the focus.
    pub(super) fn keys(
        &mut self,
        ui: &Ui,
        response: &Response,
        brush: &Brush,
        events: &mut Vec<CanvasEvent>,
    ) -> Option<Focus> {
        let mut nodes = Nodes { ui, canvas: response, focus: None, pressed: None };
        self.nodes(brush, &mut nodes);
        let (focus, pressed) = (nodes.focus, nodes.pressed);
        if let Some(pressed) = pressed {
            press(brush, pressed, false, events);
        }
        if let Some(Focus::Card(id)) = focus {
            self.cursor = Some(id);
        }
        let canvas_focused = response.has_focus();
        if canvas_focused {
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, KEPT));
        }
        if focus.is_none() && !canvas_focused {
            return None;
        }
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        if pressed(Key::Enter) {
            let on = focus.or(self.cursor.map(Focus::Card));
            if let Some(on) = on {
                press(brush, on, true, events);
            }
        }
        if pressed(Key::Escape) {
            if brush.scene.selection.is_empty() {
                ui.memory_mut(|memory| {
                    if let Some(id) = memory.focused() {
                        memory.surrender_focus(id);
                    }
                });
            } else {
                events.push(CanvasEvent::Select(BTreeSet::new()));
            }
        }
        let arrows = [Key::ArrowUp, Key::ArrowDown, Key::ArrowLeft, Key::ArrowRight];
        for key in arrows {
            if pressed(key) {
                self.walk(ui, response, brush.scene, focus, key, events);
            }
        }
        focus
    }

    /// Makes the nodes of what is in sight: each card, then its + and its open ends. Where too many cards are seen for
    /// a node each, those that are selected or were last walked to have one.
    fn nodes(&self, brush: &Brush, nodes: &mut Nodes) {
        let scene = brush.scene;
        let seen = brush.lens.visible(0.0);
        let visible = |area: Area| area.overlaps(seen);
        let count = scene.layout.cards.iter().filter(|card| visible(card.area)).count();
        let few = count <= sizes::MOST_NODES;
        for card in &scene.layout.cards {
            let wanted = if few {
                visible(card.area)
            } else {
                scene.selection.len() <= 8 && scene.selection.contains(&card.id)
            };
            if wanted || self.cursor == Some(card.id) {
                let Some(element) = scene.map.element(card.id) else { continue };
                let name = || {
                    let mut name = marks::card_name(scene.project, element);
                    if let Some(numbers) = scene.overlay.and_then(|overlay| overlay.elements.get(&card.id)) {
                        let (here, were) = (marks::thousands(numbers.here), marks::thousands(numbers.were));
                        name.push_str(&format!(", {here} here, {were} were"));
                    }
                    name
                };
                let rect = brush.lens.area(card.area);
                nodes.add(Focus::Card(card.id), rect, Some(scene.selection.contains(&card.id)), name);
            }
        }
        if !few || scene.read_only || brush.lens.zoom < sizes::LABELS_FROM {
            return;
        }
        let title = |id| {
            scene.map.element(id).map(|element| words::title(scene.project, element)).unwrap_or_default()
        };
        for line in
            scene.layout.lines.iter().filter(|line| line.port != Port::Goal && touches(line.area, seen))
        {
            let name = || format!("Insert between {} and {}", title(line.from), title(line.to));
            nodes.add(Focus::Plus(*line), brush.plus_rect(line), None, name);
        }
        for end in scene.layout.open_ends.iter().filter(|end| visible(end.button)) {
            let Some(element) = scene.map.element(end.from) else { continue };
            let name = || marks::open_end_name(scene.project, element, end.port);
            nodes.add(Focus::Next(*end), brush.next_button(end), None, name);
        }
    }

    fn walk(
        &mut self,
        ui: &Ui,
        response: &Response,
        scene: &Scene,
        focus: Option<Focus>,
        key: Key,
        events: &mut Vec<CanvasEvent>,
    ) {
        let at = match focus {
            Some(Focus::Card(id)) => Some(id),
            Some(Focus::Next(end)) => Some(end.from),
            Some(Focus::Plus(line)) => Some(line.from),
            None => self.cursor.or_else(|| scene.selection.first().copied()),
        };
        let to = match at.filter(|id| scene.map.elements.contains_key(id)) {
            Some(at) => neighbour(scene, at, key),
            None => scene.graph.order.first().copied(),
        };
        let Some(to) = to else { return };
        self.cursor = Some(to);
        self.keyboard = true;
        ui.memory_mut(|memory| memory.request_focus(card_node(response, to)));
        events.push(CanvasEvent::Select(BTreeSet::from([to])));
        self.keep_in_sight(ui, response.rect, scene, to);
    }
}

/// The id of a card's node.
pub fn card_node(canvas: &Response, id: ElementId) -> Id {
    canvas.id.with(("card", id))
}

/// The element that an arrow leads to: along the lines, or to what stands beside.
fn neighbour(scene: &Scene, at: ElementId, key: Key) -> Option<ElementId> {
    let (graph, layout) = (scene.graph, scene.layout);
    let area = layout.card(at)?;
    match key {
        Key::ArrowDown => graph.outlets(at).iter().find_map(|outlet| outlet.to),
        Key::ArrowUp => {
            let above = graph.incoming(at).iter().map(|line| line.from);
            above.min_by_key(|id| layout.card(*id).map(|card| (card.middle_x() - area.middle_x()).abs()))
        }
        _ => {
            let right = key == Key::ArrowRight;
            let beside = layout.cards.iter().filter(|card| {
                card.area.top < area.bottom
                    && area.top < card.area.bottom
                    && card.id != at
                    && (card.area.left > area.left) == right
            });
            beside.min_by_key(|card| (card.area.middle_x() - area.middle_x()).abs()).map(|card| card.id)
        }
    }
}

/// Does what pressing something means; by the keyboard a card is edited, by a screen reader it is selected.
fn press(brush: &Brush, on: Focus, edit: bool, events: &mut Vec<CanvasEvent>) {
    events.push(match on {
        Focus::Card(id) if edit => CanvasEvent::Edit(id),
        Focus::Card(id) => CanvasEvent::Select(BTreeSet::from([id])),
        Focus::Next(end) => CanvasEvent::AskNext {
            from: end.from,
            port: end.port,
            at: brush.next_button(&end).center_bottom(),
        },
        Focus::Plus(line) => CanvasEvent::AskOnLine {
            from: line.from,
            port: line.port,
            at: brush.plus_rect(&line).center_bottom(),
        },
    });
}

/// Nodes as they are made.
struct Nodes<'a> {
    ui: &'a Ui,
    canvas: &'a Response,
    focus: Option<Focus>,
    pressed: Option<Focus>,
}

impl Nodes<'_> {
    fn add(&mut self, what: Focus, rect: Rect, selected: Option<bool>, name: impl Fn() -> String) {
        let id = match what {
            Focus::Card(id) => card_node(self.canvas, id),
            Focus::Next(end) => self.canvas.id.with(("next", end.from, end.port)),
            Focus::Plus(line) => self.canvas.id.with(("plus", line.from, line.port)),
        };
        // Focus only: clicks and drags go to the canvas, which knows what is under the pointer.
        let node = self.ui.interact(rect, id, Sense::focusable_noninteractive());
        node.widget_info(|| match selected {
            Some(selected) => WidgetInfo::selected(Role::Button, true, selected, name()),
            None => WidgetInfo::labeled(Role::Button, true, name()),
        });
        self.ui.accesskit_node_builder(id, |node| node.add_action(accesskit::Action::Click));
        if self.ui.input(|input| input.has_accesskit_action_request(id, accesskit::Action::Click)) {
            self.pressed = Some(what);
        }
        if node.has_focus() {
            self.ui.memory_mut(|memory| memory.set_focus_lock_filter(id, KEPT));
            self.focus = Some(what);
        }
    }
}
