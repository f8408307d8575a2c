//! The start page: what one did last, what one can look at, how to begin.

use egui::epaint::Mesh;
use egui::{
    Align, Button, Label, Layout, Rect, RichText, Role, ScrollArea, Sense, Stroke, Ui, Vec2, WidgetInfo,
};

use super::canvas::marks;
use super::commands::{Situation, WindowCommand};
use super::icons::Icon;
use super::parts;
use super::shelf::Shelf;
use super::sim::waker;
use super::state::Ask;
use super::theme::{self, space, text, window};
use super::top_bar;
use crate::model::{Graph, Project};
use crate::session::job::{Job, JobState};
use crate::session::layout::Layout as MapLayout;
use crate::session::samples::{self, Sample};

/// Pictures of the sample projects, of the real maps. They are read beside the first frame, which does not wait for them.
#[derive(Default)]
pub struct Start {
    reading: Option<Job<Vec<Option<Picture>>>>,
    /// One for each of [`samples::ALL`]; none of one that cannot be read.
    pictures: Vec<Option<Picture>>,
}

/// What the picture of a sample is painted from.
struct Picture {
    project: Project,
    layout: MapLayout,
}

impl Start {
    /// Shows it.
    pub fn show(&mut self, ui: &mut Ui, shelf: &Shelf, opening: bool, asks: &mut Vec<Ask>) {
        ui.horizontal(|ui| top_bar::menu(ui, &Situation::default(), asks));
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            let margin = ((ui.available_width() - window::START) / 2.0).max(space::L);
            ui.add_space(2.0 * space::XL);
            ui.horizontal(|ui| {
                ui.add_space(margin);
                ui.vertical(|ui| {
                    ui.set_max_width(window::START.min(ui.available_width() - space::L));
                    self.page(ui, shelf, opening, asks);
                });
            });
        });
    }

    fn page(&mut self, ui: &mut Ui, shelf: &Shelf, opening: bool, asks: &mut Vec<Ask>) {
        let p = theme::palette(ui);
        ui.label(RichText::new("Gateline").font(theme::strong(text::NUMBER)));
        ui.label(
            RichText::new(
                "Design an automation, send simulated contacts through it, see where each one is and why",
            )
            .color(p.quiet),
        );
        ui.add_space(space::M);
        ui.horizontal(|ui| {
            let new = parts::primary(ui, format!("{} New project", Icon::Plus.glyph()));
            let response = ui.add(new);
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "New project"));
            if response.on_hover_text(WindowCommand::New.tooltip()).clicked() {
                asks.push(Ask::Do(WindowCommand::New));
            }
            let open = ui.button(format!("{} Open…", Icon::FolderOpen.glyph()));
            open.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Open…"));
            if open.on_hover_text(WindowCommand::Open.tooltip()).clicked() {
                asks.push(Ask::Do(WindowCommand::Open));
            }
            if opening {
                ui.spinner();
                ui.label("Opening");
            }
        });
        ui.add_space(space::XL);
        self.samples(ui, asks);
        ui.add_space(space::XL);
        recent(ui, shelf, asks);
        ui.add_space(space::XL);
    }

    fn samples(&mut self, ui: &mut Ui, asks: &mut Vec<Ask>) {
        let reading = self.reading.get_or_insert_with(|| {
            Job::start("Reading samples", waker(ui), |_| samples::ALL.iter().map(picture).collect())
        });
        if let JobState::Done(pictures) = reading.poll() {
            self.pictures = pictures;
        }
        ui.label(RichText::new("Look at a sample").text_style(theme::title_style()));
        parts::caption(ui, "Each opens with a finished run");
        ui.add_space(space::XS);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(space::L);
            for (place, sample) in samples::ALL.iter().enumerate() {
                let picture = self.pictures.get(place).and_then(Option::as_ref);
                if thumbnail(ui, sample, picture) {
                    asks.push(Ask::Sample(sample.name));
                }
            }
        });
    }
}

fn picture(sample: &Sample) -> Option<Picture> {
    let project = sample.project().ok()?;
    let map = project.maps.values().max_by_key(|map| map.elements.len())?;
    let layout = MapLayout::of(map, &Graph::of(map));
    Some(Picture { layout, project })
}

/// A card with the picture of a sample; whether it was clicked.
fn thumbnail(ui: &mut Ui, sample: &Sample, picture: Option<&Picture>) -> bool {
    let p = theme::palette(ui);
    let words_height = 3.0 * theme::CONTROL_HEIGHT;
    let size = window::THUMBNAIL + Vec2::new(0.0, words_height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Sample: {}", sample.title)));
    let lit = response.hovered() || response.has_focus();
    let outline =
        if lit { Stroke::new(theme::RING, p.accent) } else { Stroke::new(theme::HAIRLINE, p.line_strong) };
    ui.painter().rect(rect, theme::RADIUS_CARD, p.raised, outline, egui::StrokeKind::Inside);
    let (image, below) = rect.split_top_bottom_at_y(rect.top() + window::THUMBNAIL.y);
    let image = image.shrink(space::XS);
    ui.painter().rect_filled(image, theme::RADIUS_CONTROL, p.canvas);
    if let Some(picture) = picture {
        paint(ui, picture, image.shrink(space::S));
    }
    let mut words = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(below.shrink2(Vec2::new(space::M, space::S)))
            .layout(Layout::top_down(Align::Min)),
    );
    words.spacing_mut().item_spacing.y = 0.0;
    words.add(
        Label::new(RichText::new(sample.title).text_style(theme::title_style())).truncate().selectable(false),
    );
    words.add(Label::new(RichText::new(sample.about).small().color(p.quiet)).wrap().selectable(false));
    response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
}

/// The map, small: lines and blocks in the colours of their families.
fn paint(ui: &Ui, picture: &Picture, rect: Rect) {
    let p = theme::palette(ui);
    let bounds = picture.layout.bounds;
    let (width, height) =
        ((bounds.right - bounds.left).max(1) as f32, (bounds.bottom - bounds.top).max(1) as f32);
    let fit = (rect.width() / width).min(rect.height() / height);
    let scale = fit.max(window::THUMBNAIL_ZOOM.min(rect.width() / width)).min(0.5);
    let top = (rect.height() - height * scale).max(0.0) / 2.0;
    let offset = rect.min + Vec2::new((rect.width() - width * scale) / 2.0, top);
    let pos = |x: i32, y: i32| offset + Vec2::new((x - bounds.left) as f32, (y - bounds.top) as f32) * scale;
    let painter = ui.painter_at(rect);
    for line in &picture.layout.lines {
        let corners = line.route.corners().iter().map(|corner| pos(corner.x, corner.y)).collect();
        painter.line(corners, Stroke::new(theme::HAIRLINE, p.line_strong));
    }
    let mut blocks = Mesh::default();
    for card in &picture.layout.cards {
        let Some(map) = picture.project.map_of(card.id) else { continue };
        let Some(element) = map.element(card.id) else { continue };
        let colors = p.family(marks::family(&element.kind));
        let area =
            Rect::from_min_max(pos(card.area.left, card.area.top), pos(card.area.right, card.area.bottom));
        blocks.add_colored_rect(area, colors.tint);
        let edge =
            Rect::from_min_size(area.min, Vec2::new(theme::CARD_EDGE.min(area.width()), area.height()));
        blocks.add_colored_rect(edge, colors.fill);
        painter.rect_stroke(area, 0, Stroke::new(theme::HAIRLINE, colors.fill), egui::StrokeKind::Inside);
    }
    painter.add(blocks);
}

fn recent(ui: &mut Ui, shelf: &Shelf, asks: &mut Vec<Ask>) {
    let p = theme::palette(ui);
    ui.label(RichText::new("Recent files").text_style(theme::title_style()));
    if shelf.recent.is_empty() {
        parts::quiet(ui, "Projects that you open or save are listed here");
        return;
    }
    for path in &shelf.recent {
        let there = path.exists();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = path.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
        ui.horizontal(|ui| {
            let color = if there { p.accent_text } else { p.quiet };
            let words = RichText::new(format!("{} {name}", Icon::File.glyph())).color(color);
            let button = Button::new(words).frame_when_inactive(false);
            let response = ui.add_enabled(there, button);
            response.widget_info(|| WidgetInfo::labeled(Role::Button, there, &name));
            if response.on_hover_text(path.display().to_string()).clicked() {
                asks.push(Ask::OpenFile(path.clone()));
            }
            if !there {
                ui.label(RichText::new("missing").color(p.warning));
                if ui.button("Forget").on_hover_text("Takes it off this list").clicked() {
                    asks.push(Ask::Forget(path.clone()));
                }
            }
            ui.add(Label::new(RichText::new(folder).small().color(p.quiet)).truncate());
        });
    }
}
