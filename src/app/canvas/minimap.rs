//! The minimap: the whole map in the corner, and which part of it is seen.

use egui::epaint::Mesh;
use egui::{Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

use super::CanvasView;
use super::brush::Brush;
use super::{marks, sizes};
use crate::app::theme;
use crate::session::layout::Area;

/// Where the minimap is on the screen, and how it maps from the map.
#[derive(Debug, Clone, Copy)]
pub struct Minimap {
    /// Where it is.
    pub rect: Rect,
    bounds: Area,
    scale: f32,
}

impl Minimap {
    /// The minimap of what is seen through this lens; `None` where the whole map is seen.
    pub fn of(brush: &Brush) -> Option<Self> {
        let bounds = brush.scene.layout.bounds.grown(super::sizes::DOT_GRID * 2);
        let screen = brush.lens.rect;
        let inside = screen.contains_rect(brush.lens.area(brush.scene.layout.bounds));
        if inside || brush.scene.layout.cards.is_empty() {
            return None;
        }
        let size = vec2((bounds.right - bounds.left) as f32, (bounds.bottom - bounds.top) as f32);
        let scale = sizes::MINIMAP / size.max_elem();
        let size = (size * scale).max(Vec2::splat(sizes::MINIMAP_LEAST));
        let rect = Rect::from_min_size(screen.max - size - Vec2::splat(theme::space::M), size);
        // Where there is hardly more room than for it, the map needs the room.
        (screen.width() > size.x * 2.0 && screen.height() > size.y * 2.0).then_some(Self {
            rect,
            bounds,
            scale,
        })
    }

    fn pos(&self, x: f32, y: f32) -> Pos2 {
        let middle = super::view::middle(self.bounds);
        self.rect.center() + (vec2(x, y) - middle.to_vec2()) * self.scale
    }

    fn world(&self, at: Pos2) -> Pos2 {
        super::view::middle(self.bounds) + (at - self.rect.center()) / self.scale
    }

    fn area(&self, area: Area) -> Rect {
        Rect::from_min_max(
            self.pos(area.left as f32, area.top as f32),
            self.pos(area.right as f32, area.bottom as f32),
        )
    }
}

impl CanvasView {
    /// Paints the minimap and follows the pointer on it.
    pub(super) fn minimap(&mut self, ui: &Ui, brush: &Brush) {
        let Some(map) = Minimap::of(brush) else { return };
        let response = ui.interact(map.rect, ui.scope_id().with("minimap"), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Minimap"));
        if let Some(at) = response.interact_pointer_pos() {
            self.flight = None;
            self.camera.middle = map.world(at);
            ui.request_repaint();
        }
        let palette = brush.palette;
        let radius = theme::RADIUS_CONTROL;
        let shadow = egui::Shadow { offset: [0, 4], blur: 16, spread: 0, color: palette.shadow };
        brush.painter.add(shadow.as_shape(map.rect, radius));
        let outline = Stroke::new(theme::HAIRLINE, palette.line_strong);
        brush.painter.rect(map.rect, radius, palette.panel, outline, StrokeKind::Outside);
        let painter = brush.painter.with_clip_rect(map.rect.intersect(brush.painter.clip_rect()));
        let mut blocks = Mesh::default();
        for card in &brush.scene.layout.cards {
            let Some(element) = brush.scene.map.element(card.id) else { continue };
            let fill = if brush.scene.selection.contains(&card.id) {
                palette.accent
            } else {
                palette.family(marks::family(&element.kind)).fill
            };
            let rect = map.area(card.area);
            let rect = Rect::from_center_size(rect.center(), rect.size().max(Vec2::splat(theme::HAIRLINE)));
            blocks.add_colored_rect(rect, fill);
        }
        painter.add(blocks);
        let seen = map.area(brush.lens.visible(0.0)).intersect(map.rect);
        let focus = response.has_focus() || response.hovered();
        let width = if focus { theme::RING } else { theme::CONNECTOR };
        painter.rect_stroke(
            seen,
            theme::RADIUS_CONTROL / 3,
            Stroke::new(width, palette.accent),
            StrokeKind::Inside,
        );
    }
}
