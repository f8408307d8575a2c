//! The window as a whole: one project or the start page, what floats over it, and the order of a frame. Panels say what
//! they ask for; [`super::dispatch`] does it once all of them have been shown.

use std::path::{Path, PathBuf};
use std::time::Duration;

use egui::{CentralPanel, Context, Frame, Panel, Ui};

use super::commands::{Situation, WindowCommand, pressed};
use super::dialogs::files::{Outcome, SystemDialog, Typed};
use super::dialogs::leave::{After, Answer};
use super::dialogs::{Dialog, generate, help, import, leave, publish};
use super::finder::Finder;
use super::shelf::{self, Shelf};
use super::sim::{News, waker};
use super::start::Start;
use super::state::{Ask, Mode, Workbench};
use super::theme::{self, space, window};
use super::toasts::{Toasts, Tone};
use super::{below, middle, parts, report, story, timeline, top_bar};
use crate::model::words;
use crate::session::job::{Job, JobState};
use crate::session::open::Session;
use crate::store::StoreError;

/// The window.
pub struct App {
    /// The project that is open; without one the start page is shown.
    pub(super) bench: Option<Workbench>,
    pub(super) inspector: super::inspector::Inspector,
    pub(super) shelf: Shelf,
    pub(super) dialog: Option<Dialog>,
    pub(super) finder: Option<Finder>,
    pub(super) toasts: Toasts,
    pub(super) files: SystemDialog,
    /// Files are chosen in the system's dialogs.
    pub(super) system_dialogs: bool,
    /// What is to be done once the project is saved.
    pub(super) after: Option<After>,
    /// The user agreed that the window closes.
    pub(super) leaving: bool,
    /// What the system's window is called.
    title: String,
    start: Start,
    opening: Option<(PathBuf, Job<Result<Session, StoreError>>)>,
    /// Space is held and has not been used to move the map.
    space: bool,
    /// Where the canvas was, to tell whether what has the focus is part of it.
    pub(super) canvas: egui::Rect,
}

impl App {
    /// A window with a file, or with the start page.
    pub fn new(ctx: &Context, shelf: Shelf, system_dialogs: bool, file: Option<PathBuf>) -> Self {
        theme::apply(ctx);
        ctx.set_theme(shelf.theme);
        // The keys that zoom belong to the map.
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        let mut app = Self {
            bench: None,
            inspector: super::inspector::Inspector::default(),
            shelf,
            dialog: None,
            finder: None,
            toasts: Toasts::default(),
            files: SystemDialog::default(),
            system_dialogs,
            after: None,
            leaving: false,
            title: String::new(),
            start: Start::default(),
            opening: None,
            space: false,
            canvas: egui::Rect::NOTHING,
        };
        if let Some(file) = file {
            app.open(ctx, &file);
        }
        app
    }

    /// What commands look at.
    pub(super) fn situation(&self) -> Situation {
        self.bench.as_ref().map(Workbench::situation).unwrap_or_default()
    }

    /// Opens a file in the background.
    pub(super) fn open(&mut self, ctx: &Context, path: &Path) {
        let theirs = path.to_owned();
        let job = Job::start("Opening", waker(ctx), move |_: &_| Session::open(&theirs));
        self.opening = Some((path.to_owned(), job));
    }

    /// Shows a project. One with contacts is run at once, so that its numbers are there.
    pub(super) fn show(&mut self, ctx: &Context, session: Session) -> &mut Workbench {
        if let Some(bench) = &self.bench {
            self.shelf.remember_view(bench);
        }
        let mut bench = Workbench::new(session);
        // who saved a run wants to see it: that run, not one of other settings
        if let Some(saved) = bench.session.project().newest_run() {
            bench.sim.settings = saved.into();
            bench.view.mode = Mode::Performance;
        }
        self.shelf.recall_view(&mut bench);
        if !bench.session.project().people.is_empty() {
            bench.sim.start(bench.session.project(), ctx);
        }
        self.dialog = None;
        self.inspector = super::inspector::Inspector::default();
        self.bench.insert(bench)
    }

    /// Looks after everything in the background.
    fn poll(&mut self, ctx: &Context) {
        if let Some((path, job)) = &self.opening {
            match job.poll() {
                JobState::Running => {}
                JobState::Done(Ok(session)) => {
                    let path = path.clone();
                    self.opening = None;
                    self.shelf.remember_file(&path);
                    self.show(ctx, session);
                }
                JobState::Done(Err(error)) => {
                    self.toasts.say(Tone::Failed, format!("Not opened: {error}"));
                    self.opening = None;
                }
                JobState::Died => {
                    self.toasts
                        .say(Tone::Failed, format!("Not opened, reading it broke off: {}", path.display()));
                    self.opening = None;
                }
            }
        }
        let mut asks = vec![];
        match self.files.poll() {
            Outcome::Nothing => {}
            Outcome::Chosen(chosen) => self.chosen(ctx, chosen, &mut asks),
            Outcome::AskHere(purpose, path) => self.ask_here(purpose, &path),
        }
        self.carry_out(ctx, asks);
        let Some(bench) = &mut self.bench else { return };
        for news in bench.sim.poll() {
            match news {
                News::Finished => {
                    let run = bench.sim.run();
                    let count = run.map_or(0, |run| run.project.people.len());
                    self.toasts
                        .say(Tone::Done, format!("Ran {}", words::counted(count, "contact", "contacts")));
                }
                News::Cancelled => {
                    self.toasts.say(Tone::Refused, "The run is cancelled; the one before stays")
                }
                News::Failed(why) => self.toasts.say(Tone::Failed, format!("No run: {why}")),
                News::Died(what) => {
                    let sentence =
                        format!("The {what} broke off by a fault of the program; the project is untouched");
                    self.toasts.say(Tone::Failed, sentence);
                }
            }
        }
        let passed = ctx.input(|input| input.unstable_dt);
        if bench.sim.tick(Duration::from_secs_f32(passed.clamp(0.0, 1.0))) {
            ctx.request_repaint();
        }
    }

    /// The keys of this frame.
    fn keys(&mut self, ctx: &Context, asks: &mut Vec<Ask>) {
        let busy = self.dialog.is_some() || self.finder.is_some();
        let floating = self.bench.as_ref().is_some_and(|bench| bench.floating.is_some());
        if busy || floating {
            return;
        }
        let situation = self.situation();
        asks.extend(pressed(ctx, &situation).into_iter().map(Ask::Do));
        if self.space_tapped(ctx) && (WindowCommand::Play.info().enabled)(&situation) {
            asks.push(Ask::Do(WindowCommand::Play));
        }
        if ctx.text_edit_focused() {
            return;
        }
        // The system's clipboard keys come as events of their own.
        let (copy, cut, paste) = ctx.input(|input| {
            let mut found = (false, false, None);
            for event in &input.events {
                match event {
                    egui::Event::Copy => found.0 = true,
                    egui::Event::Cut => found.1 = true,
                    egui::Event::Paste(text) => found.2 = Some(text.clone()),
                    _ => {}
                }
            }
            found
        });
        let can = |command: WindowCommand| (command.info().enabled)(&situation);
        if copy && can(WindowCommand::Copy) {
            asks.push(Ask::Do(WindowCommand::Copy));
        }
        if cut && can(WindowCommand::Cut) {
            asks.push(Ask::Do(WindowCommand::Cut));
        }
        if let Some(text) = paste.filter(|_| can(WindowCommand::Paste)) {
            asks.push(Ask::Paste(text));
        }
    }

    /// Whether Space was pressed and released without moving the map by it. A button with the focus keeps it.
    fn space_tapped(&mut self, ctx: &Context) -> bool {
        let of_button = ctx.memory(|memory| memory.focused()).is_some_and(|id| {
            ctx.read_response(id).is_some_and(|response| !self.canvas.contains_rect(response.rect))
        });
        let (pressed, released, pointer) = ctx.input(|input| {
            (
                input.key_pressed(egui::Key::Space),
                input.key_released(egui::Key::Space),
                input.pointer.any_down(),
            )
        });
        if pressed {
            self.space = !of_button && !ctx.text_edit_focused();
        }
        self.space &= !pointer;
        released && std::mem::take(&mut self.space)
    }

    fn dialogs(&mut self, ctx: &Context, asks: &mut Vec<Ask>) {
        let Some(mut dialog) = self.dialog.take() else { return };
        let died = "The work broke off by a fault of the program; the project is untouched";
        let stays = match &mut dialog {
            Dialog::Keys => help::keys(ctx),
            Dialog::About => help::about(ctx),
            Dialog::Path(path) => match path.show(ctx) {
                Typed::Open => true,
                Typed::Chosen(chosen) => {
                    self.chosen(ctx, chosen, asks);
                    false
                }
                Typed::Left => {
                    self.after = None;
                    false
                }
            },
            Dialog::Generate(form) => match &self.bench {
                None => false,
                Some(bench) => match form.show(ctx, bench.session.project(), asks) {
                    generate::State::Open => true,
                    generate::State::Left => false,
                    generate::State::Died => {
                        self.toasts.say(Tone::Failed, died);
                        false
                    }
                },
            },
            Dialog::Publish(form) => match &self.bench {
                None => false,
                Some(bench) => {
                    let (project, problems) = (bench.session.project(), &bench.derived.problems);
                    match form.show(ctx, project, problems, asks) {
                        publish::State::Open => true,
                        publish::State::Left => false,
                        publish::State::Died => {
                            self.toasts.say(Tone::Failed, died);
                            false
                        }
                    }
                }
            },
            Dialog::Import(form) => match &self.bench {
                None => false,
                Some(bench) => match form.show(ctx, bench.session.project(), asks) {
                    import::State::Open => true,
                    import::State::Left => false,
                    import::State::Died => {
                        self.toasts.say(Tone::Failed, died);
                        false
                    }
                    import::State::SaveRefused => {
                        self.ask_refused(dialog);
                        return;
                    }
                },
            },
            Dialog::Refused(path, form) => match path.show(ctx) {
                Typed::Open => true,
                answer => {
                    if let Typed::Chosen(chosen) = answer {
                        self.write_refused(&chosen.path, form);
                    }
                    let Dialog::Refused(_, form) = dialog else { return };
                    self.dialog = Some(Dialog::Import(form));
                    return;
                }
            },
            Dialog::Leave(after) => match &self.bench {
                None => false,
                Some(bench) => match leave::show(ctx, &bench.session) {
                    None => true,
                    Some(answer) => {
                        let after = after.clone();
                        self.answered(ctx, answer, after, asks);
                        false
                    }
                },
            },
        };
        // What a dialog asked for may have opened another.
        if stays && self.dialog.is_none() {
            self.dialog = Some(dialog);
        }
    }

    fn answered(&mut self, ctx: &Context, answer: Answer, after: After, asks: &mut Vec<Ask>) {
        match answer {
            Answer::Stay => {}
            Answer::Discard => self.go_on(ctx, after),
            Answer::Save => {
                self.after = Some(after);
                asks.push(Ask::Do(WindowCommand::Save));
            }
        }
    }

    /// The window with a project in it.
    fn workbench(&mut self, ui: &mut Ui, asks: &mut Vec<Ask>) {
        let Some(bench) = &mut self.bench else { return };
        bench.ensure_map();
        let project = bench.session.project().clone();
        bench.derived.update(&project, bench.view.map);
        let p = theme::palette(ui);
        let bar = Frame::new().fill(p.panel).inner_margin(egui::Margin::symmetric(space::M as i8, 0));
        Panel::top("top").exact_size(window::TOP).resizable(false).frame(bar).show(ui, |ui| {
            top_bar::show(ui, bench, asks);
        });
        if let Some(tab) = bench.view.tab {
            let frame = Frame::new().fill(p.panel).inner_margin(egui::Margin::same(space::S as i8));
            Panel::bottom("below")
                .default_size(window::BELOW)
                .size_range(window::BELOW_RANGE)
                .resizable(true)
                .frame(frame)
                .show(ui, |ui| below::show(ui, bench, tab, asks));
        }
        Panel::bottom("timeline").exact_size(window::TIMELINE).resizable(false).frame(bar).show(ui, |ui| {
            timeline::show(ui, bench, asks);
        });
        let mode = bench.view.mode;
        let map = bench.map().cloned();
        // The numbers of the side panels are those of the canvas.
        if mode != Mode::Edit {
            bench.sim.numbers(bench.view.map, ui);
        }
        let one = bench.view.selection.first().copied().filter(|_| bench.view.selection.len() == 1);
        if bench.view.left {
            let width = if mode == Mode::Performance { window::LEFT_TABLE } else { window::LEFT };
            let id = format!("left {mode:?}");
            Panel::left(egui::Id::unique(id))
                .default_size(width)
                .size_range(window::SIDE_RANGE)
                .resizable(true)
                .frame(parts::panel_frame(ui))
                .show(ui, |ui| {
                    // while there is nothing to show, the panel would shrink and stay so
                    ui.take_available_width();
                    match (mode, &map) {
                        (Mode::Edit, Some(map)) => bench.palette.show(ui, &map.rules, asks),
                        (Mode::Simulate, _) => {
                            bench.contacts.show(ui, &project, &mut bench.sim, asks);
                        }
                        (Mode::Performance, Some(map)) => report::show(ui, map, one, &mut bench.sim, asks),
                        (Mode::Edit | Mode::Performance, None) => {}
                    }
                });
        }
        if bench.view.right {
            // settings bring their own margins
            let edits = mode == Mode::Edit || mode == Mode::Simulate && bench.contacts.is_editing();
            let frame = if edits { Frame::new().fill(p.panel) } else { parts::panel_frame(ui) };
            Panel::right("right")
                .default_size(window::RIGHT)
                .size_range(window::SIDE_RANGE)
                .resizable(true)
                .frame(frame)
                .show(ui, |ui| {
                    let Some(map) = &map else { return };
                    match mode {
                        Mode::Edit => {
                            let graph = &bench.derived.graph;
                            let meant = self.inspector.show(ui, &project, map, graph, &bench.view.selection);
                            asks.extend(meant.into_iter().map(Ask::Change));
                        }
                        Mode::Simulate if bench.contacts.is_editing() => {
                            let filter = bench.contacts.filter().cloned().unwrap_or_default();
                            let place = (&**map, &bench.derived.graph);
                            let (acts, meant) = self.inspector.filter(ui, &project, place, &filter);
                            asks.extend(meant.into_iter().map(Ask::Change));
                            asks.extend(acts.into_iter().map(Ask::Filter));
                        }
                        Mode::Simulate => {
                            let shown = (map.id, one);
                            story::show(ui, &project, shown, &mut bench.sim, &mut bench.happen, asks);
                        }
                        Mode::Performance => report::figures(ui, map, one, &mut bench.sim, asks),
                    }
                });
        }
        let tabs = Frame::new().fill(p.canvas).inner_margin(egui::Margin::symmetric(space::S as i8, 0));
        Panel::top("maps").exact_size(window::TABS).resizable(false).frame(tabs).show(ui, |ui| {
            top_bar::map_tabs(ui, bench, asks);
        });
        self.canvas = ui.available_rect_before_wrap();
        CentralPanel::default()
            .frame(Frame::new().fill(p.canvas))
            .show(ui, |ui| middle::show(ui, bench, asks));
    }
}

impl App {
    /// What comes before a frame, and also while the window is hidden.
    pub(super) fn before(&mut self, ctx: &Context) {
        self.poll(ctx);
        if ctx.input(|input| input.viewport().close_requested()) && !self.leaving {
            let lost = self.bench.as_ref().is_some_and(|bench| bench.session.would_lose_work());
            if lost {
                ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
                self.dialog = Some(Dialog::Leave(After::Quit));
            }
        }
    }

    /// A frame.
    pub(super) fn frame(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let mut asks = vec![];
        self.keys(&ctx, &mut asks);
        if self.bench.is_some() {
            self.workbench(ui, &mut asks);
        } else {
            let frame =
                Frame::new().fill(theme::palette(ui).panel).inner_margin(egui::Margin::same(space::M as i8));
            let opening = self.opening.is_some();
            CentralPanel::default()
                .frame(frame)
                .show(ui, |ui| self.start.show(ui, &self.shelf, opening, &mut asks));
        }
        self.dialogs(&ctx, &mut asks);
        if let Some(mut finder) = self.finder.take() {
            let situation = self.situation();
            let project = self.bench.as_ref().map(|bench| bench.session.project().clone());
            if finder.show(&ctx, &situation, project.as_deref(), &mut asks) {
                self.finder = Some(finder);
            }
        }
        self.carry_out(&ctx, asks);
        self.toasts.show(&ctx, window::TIMELINE);
        let name = self.bench.as_ref().map(|bench| bench.session.project().name.clone());
        let title = name.map_or_else(|| "Gateline".to_owned(), |name| format!("{name} – Gateline"));
        // every command to the system's window draws another frame
        if self.title != title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.before(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.frame(ui);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        if let Some(bench) = &self.bench {
            self.shelf.remember_view(bench);
        }
        eframe::set_value(storage, shelf::KEY, &self.shelf);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
