//! How long the window takes from the start of the process to its first frame, beside an empty window of the same
//! toolkit, and what it costs while nothing happens. Needs a display (Xvfb will do); without one it says so.
//!
//! `cargo bench --bench window`. Each figure comes from processes of their own, the two kinds in turn.

#![expect(clippy::disallowed_types, reason = "a bench reads the real clock")]

use std::process::Command;
use std::time::{Duration, Instant as Clock};

use gateline::app::{display, shelf::Shelf, shell::App};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Processes of each kind.
const STARTS: usize = 9;
/// How long a window is watched while nothing happens, after as long again to come to rest.
const WATCH: Duration = Duration::from_secs(3);

fn main() {
    if let Err(problem) = display::check() {
        println!("no window to measure: {problem}");
        return;
    }
    match std::env::args().nth(1).as_deref() {
        Some("empty") => open(Kind::Empty, false),
        Some("gateline") => open(Kind::Gateline, false),
        Some("idle") => open(Kind::Gateline, true),
        _ => measure(),
    }
}

fn measure() {
    let (mut empty, mut gateline) = (vec![], vec![]);
    for _ in 0..STARTS {
        empty.push(start("empty"));
        gateline.push(start("gateline"));
    }
    let (empty, gateline) = (median(empty), median(gateline));
    println!(
        "start to first frame: empty window {:.0} ms, Gateline {:.0} ms, {:.2} times",
        empty * 1e3,
        gateline * 1e3,
        gateline / empty
    );
    let output = child("idle").output().expect("this program starts again");
    print!("{}", String::from_utf8_lossy(&output.stdout));
}

fn child(kind: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command.arg(kind);
    command
}

fn start(kind: &str) -> f64 {
    let clock = Clock::now();
    let status = child(kind).status().expect("this program starts again");
    assert!(status.success(), "the window opened");
    clock.elapsed().as_secs_f64()
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

#[derive(Clone, Copy)]
enum Kind {
    Empty,
    Gateline,
}

/// Closes after the first frame, or is watched while nothing happens.
struct Watched {
    app: Option<App>,
    idle: bool,
    opened: Clock,
    frames: u32,
}

impl eframe::App for Watched {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        if let Some(app) = &mut self.app {
            app.logic(ctx, frame);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        match &mut self.app {
            Some(app) => app.ui(ui, frame),
            None => _ = ui.label("Empty"),
        }
        let close = || ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
        if !self.idle {
            return close();
        }
        self.frames += 1;
        let open = self.opened.elapsed();
        if open >= 2 * WATCH {
            // the frames that begin and end the watch are this program's own
            println!("idle: {} frames in {WATCH:?}", self.frames.saturating_sub(2));
            self.idle = false;
            close();
        } else if open < WATCH {
            // one wake-up begins the watch and one ends it, whatever the app does
            self.frames = 0;
            ui.ctx().request_repaint_after(WATCH.saturating_sub(open));
        } else {
            ui.ctx().request_repaint_after((2 * WATCH).saturating_sub(open));
        }
    }
}

/// Watches what the process takes from the processor between the two wake-ups, which are no part of it.
fn watch_cpu() {
    std::thread::spawn(|| {
        let margin = WATCH / 6;
        std::thread::sleep(WATCH + margin);
        let before = cpu();
        std::thread::sleep(WATCH - 2 * margin);
        let share = cpu().saturating_sub(before).as_secs_f64() / (WATCH - 2 * margin).as_secs_f64();
        println!("idle: {:.2} % CPU, measured in steps of 10 ms", share * 100.0);
    });
}

/// Processor time of this process.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: u64 =
        fields.get(11..13).into_iter().flatten().filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

fn open(kind: Kind, idle: bool) {
    let viewport = egui::ViewportBuilder::default().with_inner_size([1280.0, 800.0]);
    let options = eframe::NativeOptions { viewport, ..Default::default() };
    let create: eframe::AppCreator<'_> = Box::new(move |creation| {
        if idle {
            watch_cpu();
        }
        let app = match kind {
            Kind::Empty => None,
            Kind::Gateline => Some(App::new(&creation.egui_ctx, Shelf::default(), false, None)),
        };
        Ok(Box::new(Watched { app, idle, opened: Clock::now(), frames: 0 }))
    });
    // a name of its own, so that nothing that a user's window remembers is read or written
    eframe::run_native("gateline-bench", options, create).expect("a window");
}
