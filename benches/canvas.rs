//! The canvas: CPU time of a whole frame, tessellation included, and of a layout.

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use egui::{Pos2, RawInput, Rect, Vec2};
use gateline as lib;
use gateline::app::canvas::{Camera, CanvasView, ElementNumbers, LineNumbers, Overlay, Scene};
use gateline::app::theme;
use gateline::model::{Graph, Map, Project};
use gateline::session::layout::Layout;

#[path = "../tests/support/random_map.rs"]
mod random_map;
use random_map::random_map;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn overlay(map: &Map) -> Overlay {
    let mut overlay = Overlay::default();
    for id in map.elements.keys() {
        let numbers = ElementNumbers { here: 312, were: 1904, bar: Some(0.4), measure: None };
        overlay.elements.insert(*id, numbers);
    }
    for line in map.lines.keys() {
        overlay.lines.insert(*line, LineNumbers { contacts: 1904, share: 0.3 });
    }
    overlay
}

fn frames(c: &mut Criterion) {
    let project = Project::new("0", "Bench");
    let (selection, problems) = (BTreeSet::new(), BTreeMap::new());
    for count in [100, 1_000, 5_000] {
        let map = random_map(count, 7, 0);
        let graph = Graph::of(&map);
        let layout = Layout::of(&map, &graph);
        let numbers = overlay(&map);
        let mut group = c.benchmark_group(format!("{count} elements"));
        for (name, zoom, overlay) in [
            ("fitted", None, None),
            ("fitted, numbers", None, Some(&numbers)),
            ("at 30 %", Some(0.31), None),
            ("at 60 %, numbers", Some(0.61), Some(&numbers)),
            ("at 100 %", Some(1.0), None),
            ("at 100 %, numbers", Some(1.0), Some(&numbers)),
        ] {
            let ctx = egui::Context::default();
            theme::apply(&ctx);
            let scene = Scene {
                project: &project,
                map: &map,
                graph: &graph,
                layout: &layout,
                selection: &selection,
                problems: &problems,
                overlay,
                highlight: None,
                all_jumps: false,
                read_only: false,
            };
            let mut canvas = CanvasView::default();
            if let Some(zoom) = zoom {
                let middle = layout.cards[layout.cards.len() / 2].area;
                canvas.set_camera(Camera { middle: Pos2::new(middle.left as f32, middle.top as f32), zoom });
            }
            let mut time = 0.0;
            let mut frame = || {
                time += 1.0 / 60.0;
                let input = RawInput {
                    screen_rect: Some(Rect::from_min_size(Pos2::ZERO, Vec2::new(1280.0, 800.0))),
                    time: Some(time),
                    ..RawInput::default()
                };
                let mut output = ctx.run_ui(input, |ui| {
                    black_box(canvas.show(ui, &scene));
                });
                output.textures_delta.clear();
                ctx.tessellate(output.shapes, output.pixels_per_point)
            };
            frame();
            group.bench_function(name, |b| b.iter(&mut frame));
        }
        group.finish();
    }
}

fn layouts(c: &mut Criterion) {
    let mut group = c.benchmark_group("layout");
    for (name, placed) in [("5,000 elements", 0), ("5,000 elements, some placed", 10)] {
        let map = random_map(5_000, 7, placed);
        let graph = Graph::of(&map);
        group.bench_function(name, |b| b.iter(|| Layout::of(black_box(&map), &graph)));
    }
    group.finish();
}

criterion_group! {
    name = canvas;
    config = Criterion::default().sample_size(20).warm_up_time(std::time::Duration::from_millis(500));
    targets = frames, layouts
}
criterion_main!(canvas);
