//! The middle of the window: the canvas, and what floats over it: *What happens next?* and the context menu.

use std::sync::Arc;

use egui::{Area, Frame, Id, Order, Pos2, Ui};

use super::canvas::{Camera, CanvasEvent, CanvasView, Scene};
use super::commands::{Situation, WindowCommand};
use super::left::{MESSAGES, Offer, offers};
use super::parts;
use super::picker::{Item, Picked, Picker};
use super::state::{Ask, Mode, Renamed, Workbench};
use super::theme::{self, window};
use super::toasts::Tone;
use super::top_bar::{menu_row, typing};
use crate::base::id::ElementId;
use crate::model::{ElementKind, EngineRules, Family, Map, Point, Port, words};
use crate::session::command::{Command, Spot};

/// What floats over the canvas until something is chosen or the user goes away.
pub struct Floating {
    what: What,
    at: Pos2,
    /// It has had its first frame, so a click elsewhere is a click away from it.
    shown: bool,
}

enum What {
    /// What comes behind this way out.
    Next { from: ElementId, port: Port, offers: Vec<Offer>, picker: Picker },
    /// Commands for an element, or for the free canvas.
    Menu { element: Option<ElementId>, place: Point },
}

/// Shows the canvas and takes in what the user did there.
pub fn show(ui: &mut Ui, bench: &mut Workbench, asks: &mut Vec<Ask>) {
    let Some(map) = bench.map().cloned() else { return };
    let project = bench.session.project().clone();
    let mode = bench.view.mode;
    let counted = mode != Mode::Edit && bench.sim.numbers(map.id, ui).is_some();
    let highlight = if mode == Mode::Simulate { bench.sim.highlight(map.id).cloned() } else { None };
    let overlay = if counted { bench.sim.last_numbers().map(|numbers| &numbers.overlay) } else { None };
    let scene = Scene {
        project: &project,
        map: &map,
        graph: &bench.derived.graph,
        layout: &bench.derived.layout,
        selection: &bench.view.selection,
        problems: &bench.derived.marks,
        overlay,
        highlight: highlight.as_ref(),
        all_jumps: bench.view.jumps,
        read_only: mode != Mode::Edit,
    };
    let rect = ui.available_rect_before_wrap();
    if !std::mem::replace(&mut bench.seen, true) {
        first_look(&mut bench.canvas, bench.derived.layout.bounds, rect);
    }
    let events = bench.canvas.show(ui, &scene);
    for event in events {
        match event {
            CanvasEvent::Select(elements) => asks.push(Ask::Select(elements)),
            CanvasEvent::Command(command) => asks.push(Ask::Change(command)),
            CanvasEvent::Edit(element) => asks.push(Ask::Show(element)),
            CanvasEvent::Refused(why) => asks.push(Ask::Tell(Tone::Refused, why)),
            CanvasEvent::AskNext { from, port, at } => {
                bench.floating = Some(next(&map.rules, from, port, at, false))
            }
            CanvasEvent::AskOnLine { from, port, at } => {
                bench.floating = Some(next(&map.rules, from, port, at, true))
            }
            CanvasEvent::ContextMenu { element, at, place } => {
                bench.floating = Some(Floating { what: What::Menu { element, place }, at, shown: false });
            }
        }
    }
    if mode == Mode::Edit && map.elements.len() <= 1 {
        hint(ui, rect);
    }
    ran(ui, bench, &map, rect);
    floating(ui, bench, asks);
    rename(ui, bench, rect, asks);
}

/// Says which version of the map the run follows at the playhead, where it is not the one that is drawn (L-01).
fn ran(ui: &mut Ui, bench: &mut Workbench, map: &Arc<Map>, canvas: egui::Rect) {
    let (Some(run), Some(playback)) = (bench.sim.run().cloned(), bench.sim.playback()) else { return };
    let versions = run.project.published.get(&map.id).map_or(&[][..], Vec::as_slice);
    if bench.view.mode == Mode::Edit || versions.is_empty() {
        return;
    }
    let holds = versions.iter().rfind(|version| version.at.is_none_or(|at| at <= playback.at()));
    let words = match holds {
        None => "The run follows no version of this map yet at the playhead".to_owned(),
        Some(version) if !bench.derived.differ(map, &version.map) => return,
        Some(version) => match version.at {
            None => "The run follows the published version; the draft on the map differs".to_owned(),
            Some(at) => {
                let zone = &run.plan().zone;
                format!(
                    "The run follows the published version of {}; the draft differs",
                    parts::clock(zone, at)
                )
            }
        },
    };
    let p = theme::palette(ui);
    let font = theme::regular(theme::text::CAPTION);
    let wide = ui.painter().layout_no_wrap(words.clone(), font, p.quiet).size().x + 2.0 * theme::space::M;
    let middle = egui::pos2(canvas.center().x, canvas.top() + theme::CONTROL_HEIGHT / 2.0 + theme::space::S);
    let ground = egui::Rect::from_center_size(middle, egui::vec2(wide, theme::CONTROL_HEIGHT));
    ui.painter().rect_filled(ground, theme::RADIUS_CONTROL, p.panel);
    let words = egui::RichText::new(words).small().color(p.quiet);
    ui.put(ground, egui::Label::new(words).selectable(false));
}

/// A map that would be too small to read as a whole is first seen at its top.
fn first_look(canvas: &mut CanvasView, bounds: crate::session::layout::Area, rect: egui::Rect) {
    let (width, height) = ((bounds.right - bounds.left) as f32, (bounds.bottom - bounds.top) as f32);
    let zoom = window::FIRST_ZOOM;
    let margin = 2.0 * theme::space::XL;
    if width * zoom > rect.width() - margin || height * zoom <= rect.height() - margin {
        return;
    }
    let middle = bounds.top as f32 + (rect.height() / 2.0 - margin) / zoom;
    let x = (bounds.left + bounds.right) as f32 / 2.0;
    canvas.set_camera(Camera { middle: Pos2::new(x, middle), zoom });
}

/// The field for an element's name, at the head of the canvas.
fn rename(ui: &Ui, bench: &mut Workbench, canvas: egui::Rect, asks: &mut Vec<Ask>) {
    let Some(what @ Renamed::Element(element)) = bench.rename.as_ref().map(|rename| rename.what) else {
        return;
    };
    let project = bench.session.project().clone();
    let does = project.map_of(element).and_then(|map| map.element(element)).map(|element| {
        words::title(&project, &crate::model::Element { name: String::new(), ..element.clone() })
    });
    let at = egui::pos2(canvas.center().x - window::NAME / 2.0, canvas.top() + theme::space::L);
    Area::new(Id::unique("rename")).order(Order::Foreground).fixed_pos(at).show(ui, |ui| {
        let frame = Frame::popup(ui.style()).inner_margin(egui::Margin::same(theme::space::M as i8));
        frame.show(ui, |ui| {
            ui.set_width(window::NAME);
            ui.label(egui::RichText::new("Name").text_style(theme::title_style()));
            typing(ui, &mut bench.rename, what, "Name of the element", &project, asks);
            parts::caption(ui, format!("Without one: {}", does.unwrap_or_default()));
        });
    });
}

/// What an empty map says.
fn hint(ui: &Ui, canvas: egui::Rect) {
    let p = theme::palette(ui);
    let at = egui::pos2(canvas.center().x, canvas.bottom() - 3.0 * theme::space::XL);
    let line = |text: &str, font, color, y: f32| {
        ui.painter().text(at + egui::vec2(0.0, y), egui::Align2::CENTER_CENTER, text, font, color);
    };
    line(
        "Drag a trigger from the left, or click What happens next?",
        theme::strong(theme::text::TITLE),
        p.text,
        0.0,
    );
    let more = "Contacts come in at triggers and follow the lines down";
    line(more, theme::regular(theme::text::BODY), p.quiet, theme::space::XL);
}

/// The popup *What happens next?*. Into a line only what has a way on can go.
fn next(rules: &EngineRules, from: ElementId, port: Port, at: Pos2, into_line: bool) -> Floating {
    let fits = |kind: &ElementKind| {
        !matches!(kind, ElementKind::Trigger(_)) && (!into_line || !kind.ports().is_empty())
    };
    let (goals, others): (Vec<_>, Vec<_>) = offers(rules)
        .into_iter()
        .map(|(_, offer)| offer)
        .filter(|offer| fits(&offer.kind))
        .partition(|offer| matches!(offer.kind, ElementKind::Goal(_)));
    // What comes up most often stands first: what is sent, then how long to wait.
    let (messages, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|offer| offer.group == MESSAGES);
    let (actions, filters): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|offer| offer.kind.kind().info().family == Family::Action);
    let offers = messages.into_iter().chain(filters).chain(actions).chain(goals).collect();
    Floating { what: What::Next { from, port, offers, picker: Picker::default() }, at, shown: false }
}

/// Shows what floats.
fn floating(ui: &mut Ui, bench: &mut Workbench, asks: &mut Vec<Ask>) {
    let situation = bench.situation();
    let map = bench.view.map;
    let title = |id: ElementId| {
        let element = bench.session.project().map(map).and_then(|map| map.element(id));
        element.map(|element| words::title(bench.session.project(), element)).unwrap_or_default()
    };
    let Some(floating) = &mut bench.floating else { return };
    let heading = match &floating.what {
        What::Next { from, .. } => title(*from),
        What::Menu { .. } => String::new(),
    };
    let room = ui.ctx().content_rect().shrink(theme::space::S);
    let area = Area::new(Id::unique("floating")).order(Order::Foreground).fixed_pos(floating.at);
    let area = area.constrain_to(room);
    let shown = area.show(ui, |ui| {
        let margin = match floating.what {
            What::Next { .. } => theme::space::M,
            What::Menu { .. } => theme::space::XS,
        };
        let frame = Frame::popup(ui.style()).inner_margin(egui::Margin::same(margin as i8));
        frame.show(ui, |ui| match &mut floating.what {
            What::Next { from, port, offers, picker } => {
                ui.set_width(window::PICKER);
                ui.label(egui::RichText::new("What happens next?").text_style(theme::title_style()));
                parts::caption(ui, format!("After “{heading}”"));
                show_next(ui, (map, *from, *port), offers, picker, asks)
            }
            What::Menu { element, place } => menu(ui, *element, *place, &situation, asks),
        })
    });
    let done = shown.inner.inner;
    let away = floating.shown
        && (ui.input(|input| {
            input.pointer.any_pressed()
                && input.pointer.interact_pos().is_some_and(|at| !shown.response.rect.contains(at))
        }) || ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape)));
    floating.shown = true;
    if done || away {
        bench.floating = None;
    }
}

/// The list of what can come next; whether it is done with.
fn show_next(
    ui: &mut Ui,
    (map, from, port): (crate::base::id::MapId, ElementId, Port),
    offers: &[Offer],
    picker: &mut Picker,
    asks: &mut Vec<Ask>,
) -> bool {
    let items: Vec<_> = offers
        .iter()
        .map(|offer| Item {
            what: offer.kind.clone(),
            icon: Some(offer.icon(ui)),
            title: offer.name.clone(),
            second: offer.help.into(),
            right: String::new(),
            group: group_of(offer),
        })
        .collect();
    match picker.show(ui, "Search what could happen", &items) {
        Picked::Open => false,
        Picked::Left => true,
        Picked::Took(kind) => {
            asks.push(Ask::Change(Command::Insert { map, kind, spot: Spot::After { from, port } }));
            true
        }
    }
}

/// The heading that an offer stands under.
fn group_of(offer: &Offer) -> &'static str {
    match offer.kind.kind().info().family {
        Family::Action => offer.group,
        Family::Goal => "Goals",
        Family::Trigger | Family::Filter => "Waits and filters",
    }
}

/// The context menu; whether it is done with.
fn menu(
    ui: &mut Ui,
    element: Option<ElementId>,
    place: Point,
    situation: &Situation,
    asks: &mut Vec<Ask>,
) -> bool {
    use WindowCommand as Do;
    ui.set_width(ui.spacing().menu_width);
    egui::containers::menu::menu_style(ui.style_mut());
    let before = asks.len();
    let commands: &[Do] = match element {
        Some(_) => &[Do::Rename, Do::Cut, Do::Copy, Do::Duplicate, Do::Delete, Do::ZoomSelection],
        None => &[Do::SelectAll, Do::Tidy, Do::ZoomFit, Do::ZoomFull, Do::NewMap],
    };
    if element.is_none() && situation.mode == Mode::Edit {
        let paste = egui::Button::new((super::icons::Icon::Paste.rich(), "Paste here"))
            .shortcut_text(Do::Paste.info().key());
        if ui.add(paste).clicked() {
            asks.push(Ask::PasteAt(place));
        }
    }
    for command in commands {
        menu_row(ui, *command, situation, asks);
    }
    asks.len() > before
}

/// Where a new element goes that is not dragged anywhere: behind the selected element's open end, behind the only open
/// end there is, or beside the map.
pub fn spot_for(bench: &Workbench, kind: &ElementKind) -> Spot {
    let layout = &bench.derived.layout;
    let bounds = layout.bounds;
    let beside = Spot::At(Point { x: bounds.right + crate::session::layout::CARD_WIDTH / 2, y: bounds.top });
    if matches!(kind, ElementKind::Trigger(_)) {
        return beside;
    }
    let selected = bench.view.selection.first().filter(|_| bench.view.selection.len() == 1);
    let of_selected = selected.and_then(|id| layout.open_ends.iter().find(|end| end.from == *id));
    let only = layout.open_ends.first().filter(|_| layout.open_ends.len() == 1);
    match of_selected.or(only) {
        Some(end) => Spot::After { from: end.from, port: end.port },
        None => beside,
    }
}
