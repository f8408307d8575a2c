//! Elements dropped from the palette.

use egui::{DragAndDrop, Pos2, Response, Ui};

use super::brush::Brush;
use super::gesture::grid_point;
use super::hit::Hit;
use super::scene::{CanvasEvent, PalettePayload, Scene};
use super::{CanvasView, sizes};
use crate::base::id::ElementId;
use crate::model::{ElementKind, Port};
use crate::session::command::{Command, Spot, plan};
use crate::session::layout::{OpenEnd, card_size};

/// What would happen if the element were dropped here.
#[derive(Debug, Clone, PartialEq)]
pub struct Drop {
    /// What is dropped.
    pub kind: ElementKind,
    /// Where the pointer is.
    pub pointer: Pos2,
    /// What it is dropped on.
    pub hit: Hit,
    /// Where it would go, or why it cannot.
    pub spot: Result<Spot, String>,
}

impl CanvasView {
    /// What is held over the canvas; becomes an event when it is released.
    pub(super) fn drops(
        &mut self,
        ui: &Ui,
        response: &Response,
        brush: &Brush,
        events: &mut Vec<CanvasEvent>,
    ) -> Option<Drop> {
        let payload = response.dnd_hover_payload::<PalettePayload>()?;
        let pointer = ui.input(|input| input.pointer.latest_pos())?;
        self.scroll_at_edges(ui, brush.lens.rect, pointer);
        let kind = payload.0.clone();
        let hit = match brush.hit(pointer, None) {
            Hit::Nothing if !matches!(kind, ElementKind::Trigger(_)) => {
                near_open_end(brush, pointer).map_or(Hit::Nothing, Hit::Next)
            }
            hit => hit,
        };
        let spot = spot(brush, &kind, hit, pointer);
        if !ui.input(|input| input.pointer.any_released()) {
            return Some(Drop { kind, pointer, hit, spot });
        }
        DragAndDrop::clear_payload(ui);
        events.push(match spot {
            Ok(spot) => CanvasEvent::Command(Command::Insert { map: brush.scene.map.id, kind, spot }),
            Err(why) => CanvasEvent::Refused(why),
        });
        None
    }
}

/// The open end that a drop beside it is meant for: people aim at what they see, not at its outline.
fn near_open_end(brush: &Brush, pointer: Pos2) -> Option<OpenEnd> {
    let distance = |end: &OpenEnd| brush.lens.area(end.button).distance_to_pos(pointer);
    let ends = brush.scene.layout.open_ends.iter();
    let near = ends.map(|end| (distance(end), end)).min_by(|(one, _), (other, _)| one.total_cmp(other));
    near.filter(|(distance, _)| *distance <= sizes::MAGNET).map(|(_, end)| *end)
}

fn spot(brush: &Brush, kind: &ElementKind, hit: Hit, pointer: Pos2) -> Result<Spot, String> {
    let scene = brush.scene;
    if scene.read_only {
        return Err("The map can be changed in Edit only".into());
    }
    let is_goal = matches!(kind, ElementKind::Goal(_));
    let spot = match hit {
        _ if is_goal && wait_under(scene, hit).is_some() => wait_under(scene, hit).map(Spot::UnderWait),
        Hit::Next(end) => Some(Spot::After { from: end.from, port: end.port }),
        Hit::Line(line) | Hit::Plus(line) if line.port == Port::Goal => Some(Spot::UnderWait(line.from)),
        Hit::Line(line) | Hit::Plus(line) => Some(Spot::After { from: line.from, port: line.port }),
        Hit::Handle { from, port, .. } => Some(Spot::After { from, port }),
        Hit::Card(id) => {
            let end = scene.layout.open_ends.iter().find(|end| end.from == id);
            end.map(|end| Spot::After { from: id, port: end.port })
        }
        Hit::Nothing => {
            let (width, height) = card_size(kind);
            let at = brush.lens.world(pointer) - egui::vec2(width as f32 / 2.0, height as f32 / 2.0);
            Some(Spot::At(grid_point(at)))
        }
    };
    let spot = spot.ok_or("Drop it on a line, on an open end or beside the map")?;
    let insert = Command::Insert { map: scene.map.id, kind: kind.clone(), spot };
    plan(scene.project, insert).map(|_| spot).map_err(|why| why.0)
}

/// The wait that a goal would go under.
fn wait_under(scene: &Scene, hit: Hit) -> Option<ElementId> {
    let id = match hit {
        Hit::Card(id) => id,
        Hit::Line(line) | Hit::Plus(line) if line.port == Port::Goal => line.from,
        _ => return None,
    };
    match scene.map.element(id)?.kind {
        ElementKind::Wait(_) => Some(id),
        ElementKind::Goal(_) => scene.graph.wait_of(id),
        _ => None,
    }
}
