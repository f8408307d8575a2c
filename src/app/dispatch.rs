//! Does what panels ask for. The only place of the window that gives commands to a session.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use egui::{Context, ThemePreference, ViewportCommand};

use super::commands::WindowCommand;
use super::contacts::FilterAct;
use super::dialogs::Dialog;
use super::dialogs::files::{Chosen, PathDialog, Purpose};
use super::dialogs::generate::{GenerateDialog, first_day};
use super::dialogs::import::ImportDialog;
use super::dialogs::leave::After;
use super::dialogs::publish::PublishDialog;
use super::finder::Finder;
use super::middle::spot_for;
use super::shell::App;
use super::state::{Ask, Mode, Rename, Renamed, Tab, Workbench};
use super::toasts::Tone;
use crate::base::id::ElementId;
use crate::model::{Point, Preset};
use crate::session::command::{Command, copy_text};
use crate::session::import::Rows;
use crate::session::layout::Area;
use crate::session::open::{SaveState, Session};
use crate::session::playback::Playback;
use crate::session::{generate, samples, test};
use crate::store;

impl App {
    /// Does all of it, in order.
    pub(super) fn carry_out(&mut self, ctx: &Context, asks: Vec<Ask>) {
        for ask in asks {
            self.carry_out_one(ctx, ask);
        }
    }

    fn carry_out_one(&mut self, ctx: &Context, ask: Ask) {
        match ask {
            Ask::Do(command) => return self.do_command(ctx, command),
            Ask::OpenFile(path) => return self.leave_for(ctx, After::Open(Some(path))),
            Ask::Forget(path) => return self.shelf.forget_file(&path),
            Ask::Sample(name) => return self.leave_for(ctx, After::Sample(name)),
            Ask::Tell(tone, sentence) => return self.toasts.say(tone, sentence),
            _ => {}
        }
        let Some(bench) = &mut self.bench else { return };
        match ask {
            Ask::Change(command) => drop(self.change(command)),
            Ask::ChangeAndRun(command) => {
                if self.change(command)
                    && let Some(bench) = &mut self.bench
                {
                    run(bench, ctx);
                }
            }
            Ask::ChangeAndRunAgain(command) => drop(self.change_and_run_again(ctx, command)),
            Ask::Select(elements) => bench.view.selection = elements,
            Ask::Show(element) => show_element(bench, element),
            Ask::ShowMap(map) => show_map(bench, map),
            Ask::Insert(kind) => {
                let spot = spot_for(bench, &kind);
                let map = bench.view.map;
                self.change(Command::Insert { map, kind, spot });
            }
            Ask::Paste(text) => {
                let at = bench.canvas.camera().middle;
                let at = Point { x: at.x as i32, y: at.y as i32 };
                self.paste(text, at);
            }
            Ask::PasteAt(place) => {
                bench.paste_at = Some(place);
                ctx.send_viewport_cmd(ViewportCommand::RequestPaste);
            }
            Ask::Rename(what) => rename(bench, what),
            Ask::Tab(tab) => bench.view.tab = tab,
            Ask::Pick(contact) => {
                bench.sim.pick(contact);
                bench.contacts.change_filter(FilterAct::Close);
                if contact.is_some() {
                    bench.view.mode = Mode::Simulate;
                    bench.view.selection.clear();
                }
            }
            Ask::Filter(act) => bench.contacts.change_filter(act),
            Ask::Seek(at) => bench.sim.steer(|playback, _| playback.seek(at)),
            Ask::Speed(speed) => bench.sim.steer(|playback, _| playback.set_speed(speed)),
            Ask::Behind(number, title) => bench.sim.look_behind(number, title, ctx),
            Ask::StepsDone(steps) => self.steps_done(steps),
            Ask::RunTests => self.run_tests(),
            Ask::Seed(seed) => bench.sim.settings.seed = seed,
            Ask::Do(_) | Ask::OpenFile(_) | Ask::Forget(_) | Ask::Sample(_) | Ask::Tell(..) => {}
        }
    }

    /// Changes what runs follow and, where there is a run, makes it again. Whether it was changed.
    fn change_and_run_again(&mut self, ctx: &Context, command: Command) -> bool {
        let changed = self.change(command);
        if let Some(bench) = &mut self.bench
            && changed
            && bench.sim.run().is_some()
        {
            bench.sim.start(bench.session.project(), ctx);
        }
        changed
    }

    /// Changes the document. What is new on the map is selected. Whether it was done.
    fn change(&mut self, command: Command) -> bool {
        let Some(bench) = &mut self.bench else { return false };
        let before: BTreeSet<ElementId> = elements(bench);
        let inserted = match &command {
            Command::Insert { kind, .. } => Some(kind.kind()),
            Command::Duplicate { .. } | Command::Paste { .. } => None,
            _ => {
                return match bench.session.command(command) {
                    Ok(()) => {
                        bench.ensure_map();
                        true
                    }
                    Err(refusal) => {
                        self.toasts.say(Tone::Refused, refusal.to_string());
                        false
                    }
                };
            }
        };
        if let Err(refusal) = bench.session.command(command) {
            self.toasts.say(Tone::Refused, refusal.to_string());
            return false;
        }
        let new: BTreeSet<ElementId> = elements(bench).difference(&before).copied().collect();
        let of_kind = |id: &ElementId| {
            let element = bench.map().and_then(|map| map.element(*id));
            inserted.is_none_or(|kind| element.is_some_and(|element| element.kind.kind() == kind))
        };
        let selected: BTreeSet<_> = new.iter().copied().filter(|id| of_kind(id)).collect();
        if !selected.is_empty() {
            bench.view.selection = selected;
            bring_in_sight(bench, self.canvas);
        }
        true
    }

    fn do_command(&mut self, ctx: &Context, command: WindowCommand) {
        use WindowCommand as Do;
        if !(command.info().enabled)(&self.situation()) {
            return;
        }
        match command {
            Do::New => return self.leave_for(ctx, After::New),
            Do::Open => return self.leave_for(ctx, After::Open(None)),
            Do::OpenSample | Do::Close => return self.leave_for(ctx, After::Close),
            Do::Quit => return self.leave_for(ctx, After::Quit),
            Do::Save => return self.save_project(ctx),
            Do::SaveAs => return self.choose_file(ctx, Purpose::SaveAs),
            Do::ImportContacts => return self.choose_file(ctx, Purpose::Contacts),
            Do::ImportEvents => return self.choose_file(ctx, Purpose::Events),
            Do::GenerateContacts => return self.generate(),
            Do::Find => self.finder = Some(Finder::elements()),
            Do::Palette => self.finder = Some(Finder::everything()),
            Do::Keys => self.dialog = Some(Dialog::Keys),
            Do::About => self.dialog = Some(Dialog::About),
            Do::Light => self.set_theme(ctx, ThemePreference::Light),
            Do::Dark => self.set_theme(ctx, ThemePreference::Dark),
            Do::System => self.set_theme(ctx, ThemePreference::System),
            Do::Undo => self.history(Session::undo),
            Do::Redo => self.history(Session::redo),
            _ => {}
        }
        let Some(bench) = &mut self.bench else { return };
        let map = bench.view.map;
        let selection = bench.view.selection.clone();
        match command {
            Do::Copy => copy(ctx, bench),
            Do::Cut => {
                copy(ctx, bench);
                self.change(Command::Delete { map, elements: selection });
            }
            Do::Paste => ctx.send_viewport_cmd(ViewportCommand::RequestPaste),
            Do::Duplicate => drop(self.change(Command::Duplicate { map, elements: selection })),
            Do::Delete => drop(self.change(Command::Delete { map, elements: selection })),
            Do::SelectAll => bench.view.selection = elements(bench),
            Do::Rename => {
                if let Some(element) = selection.first() {
                    rename(bench, Renamed::Element(*element));
                }
            }
            Do::Edit => bench.view.mode = Mode::Edit,
            Do::Simulate => bench.view.mode = Mode::Simulate,
            Do::Performance => bench.view.mode = Mode::Performance,
            Do::ZoomIn => bench.canvas.zoom_by(ZOOM_STEP),
            Do::ZoomOut => bench.canvas.zoom_by(1.0 / ZOOM_STEP),
            Do::ZoomFull => bench.canvas.zoom_to(1.0),
            Do::ZoomFit => bench.canvas.zoom_to_fit(),
            Do::ZoomSelection => bench.canvas.zoom_to_selection(&selection),
            Do::Jumps => bench.view.jumps = !bench.view.jumps,
            Do::LeftPanel => bench.view.left = !bench.view.left,
            Do::RightPanel => bench.view.right = !bench.view.right,
            Do::BottomPanel => {
                bench.view.tab = if bench.view.tab.is_some() { None } else { Some(Tab::Problems) };
            }
            Do::NewMap | Do::NewKeapMap | Do::NewMaestraMap => {
                let count = bench.session.project().maps.len();
                let preset = match command {
                    Do::NewKeapMap => Preset::Keap,
                    Do::NewMaestraMap => Preset::Maestra,
                    _ => Preset::Ontraport,
                };
                if self.change(Command::NewMap { name: format!("Map {}", count + 1), preset })
                    && let Some(bench) = &mut self.bench
                    && let Some(last) = bench.session.project().maps.keys().next_back().copied()
                {
                    show_map(bench, last);
                    bench.view.mode = Mode::Edit; // no run knows it yet
                }
            }
            Do::RenameProject => rename(bench, Renamed::Project),
            Do::RenameMap => rename(bench, Renamed::Map(map)),
            Do::DeleteMap => drop(self.change(Command::DeleteMap(map))),
            Do::NextMap | Do::PreviousMap => {
                let maps: Vec<_> = bench.session.project().maps.keys().copied().collect();
                let at = maps.iter().position(|other| *other == map).unwrap_or(0);
                let by = if command == Do::NextMap { 1 } else { maps.len() - 1 };
                if let Some(next) = maps.get((at + by) % maps.len().max(1)) {
                    show_map(bench, *next);
                }
            }
            Do::Tidy => drop(self.change(Command::Tidy { map })),
            Do::Publish => {
                let playhead = bench.sim.playback().map(Playback::at);
                let dialog = PublishDialog::new(bench.session.project(), map, playhead, bench.sim.settings);
                self.dialog = Some(Dialog::Publish(Box::new(dialog)));
            }
            Do::Unpublish => {
                let done = self.change_and_run_again(ctx, Command::Unpublish { map });
                self.say_done(done, "The last version is withdrawn");
            }
            Do::RevertDraft => {
                let done = self.change(Command::RevertToPublished { map });
                self.say_done(done, "The draft is what was published last");
            }
            Do::Run => run(bench, ctx),
            Do::CancelRun => bench.sim.cancel(),
            Do::Play => bench.sim.steer(|playback, _| playback.toggle()),
            Do::StepBack => bench.sim.steer(Playback::step_back),
            Do::StepForward => bench.sim.steer(Playback::step_forward),
            Do::GoToStart => bench.sim.steer(|playback, _| playback.seek_share(0.0)),
            Do::GoToEnd => bench.sim.steer(|playback, _| playback.seek_share(1.0)),
            _ => {}
        }
        ctx.request_repaint();
    }

    /// Says what was done without a question, and how it is taken back.
    fn say_done(&mut self, done: bool, sentence: &str) {
        if done {
            self.toasts.say(Tone::Done, format!("{sentence}; undo brings it back"));
        }
    }

    fn set_theme(&mut self, ctx: &Context, theme: ThemePreference) {
        self.shelf.theme = theme;
        ctx.set_theme(theme);
    }

    fn history(&mut self, way: fn(&mut Session) -> Result<bool, crate::model::EditError>) {
        let Some(bench) = &mut self.bench else { return };
        if let Err(error) = way(&mut bench.session) {
            self.toasts.say(Tone::Failed, error.to_string());
        }
        bench.ensure_map();
    }

    fn steps_done(&mut self, steps: usize) {
        let Some(bench) = &mut self.bench else { return };
        loop {
            let done = bench.session.history().entries().filter(|entry| !entry.undone).count();
            let moved = match done.cmp(&steps) {
                std::cmp::Ordering::Greater => bench.session.undo(),
                std::cmp::Ordering::Less => bench.session.redo(),
                std::cmp::Ordering::Equal => break,
            };
            match moved {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    self.toasts.say(Tone::Failed, error.to_string());
                    break;
                }
            }
        }
        bench.ensure_map();
    }

    fn paste(&mut self, text: String, at: Point) {
        let Some(bench) = &mut self.bench else { return };
        let (map, at) = (bench.view.map, bench.paste_at.take().unwrap_or(at));
        self.change(Command::Paste { map, text, at });
    }

    fn run_tests(&mut self) {
        let Some(bench) = &mut self.bench else { return };
        match test::run_all(bench.session.project(), None) {
            Ok(results) => {
                let results = results.into_iter().map(|result| (result.id, result.failures)).collect();
                bench.tests.take(results);
            }
            Err(error) => self.toasts.say(Tone::Failed, format!("No test was run: {error}")),
        }
    }

    fn generate(&mut self) {
        let Some(bench) = &self.bench else { return };
        match GenerateDialog::new(bench.session.project(), bench.view.map, bench.sim.settings.seed) {
            Ok(dialog) => self.dialog = Some(Dialog::Generate(Box::new(dialog))),
            Err(error) => self.toasts.say(Tone::Failed, error.to_string()),
        }
    }

    /// Does something that puts the project away; asks first where work would be lost.
    fn leave_for(&mut self, ctx: &Context, after: After) {
        if self.bench.as_ref().is_some_and(|bench| bench.session.would_lose_work()) {
            self.dialog = Some(Dialog::Leave(after));
        } else {
            self.go_on(ctx, after);
        }
    }

    /// Does what the user was about to do.
    pub(super) fn go_on(&mut self, ctx: &Context, after: After) {
        self.after = None;
        match after {
            After::Quit => {
                self.leaving = true;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
            After::Close => {
                if let Some(bench) = self.bench.take() {
                    self.shelf.remember_view(&bench);
                }
            }
            After::New => {
                let bench = self.show(ctx, Session::new("Untitled", Preset::Ontraport));
                // The first thing to do on a new map is under this element.
                bench.view.selection.clear();
            }
            After::Open(Some(path)) => self.open(ctx, &path),
            After::Open(None) => self.choose_file(ctx, Purpose::Open),
            After::Sample(name) => self.open_sample(ctx, name),
        }
    }

    fn open_sample(&mut self, ctx: &Context, name: &str) {
        let Some(sample) = samples::Sample::named(name) else { return };
        match sample.project() {
            Ok(mut project) => {
                // A map without contacts has no numbers: some are invented before it is shown.
                if project.people.is_empty() {
                    let start = crate::base::time::Zone::new(project.settings.account_zone)
                        .at(first_day(), chrono::NaiveTime::MIN);
                    let people = generate::suggest(&project, None, SAMPLE_CONTACTS, start, 0)
                        .and_then(|settings| generate::generate(&project, &settings));
                    if let Ok(people) = people {
                        project.people = std::sync::Arc::new(people);
                    }
                }
                let bench = self.show(ctx, Session::with(project));
                bench.view.mode = Mode::Performance;
            }
            Err(error) => self.toasts.say(Tone::Failed, format!("The sample does not open: {error}")),
        }
    }

    fn save_project(&mut self, ctx: &Context) {
        let Some(bench) = &mut self.bench else { return };
        match bench.session.save() {
            Ok(false) => return self.choose_file(ctx, Purpose::SaveAs),
            Ok(true) => {
                if bench.session.save_state() == SaveState::Saved {
                    self.toasts.say(Tone::Done, "Saved");
                }
            }
            Err(error) => {
                self.after = None;
                return self.toasts.say(Tone::Failed, format!("Not saved: {error}"));
            }
        }
        if let Some(after) = self.after.take() {
            self.go_on(ctx, after);
        }
    }

    /// Asks for a file, in the system's dialog where there is one.
    fn choose_file(&mut self, ctx: &Context, purpose: Purpose) {
        let suggestion = self.suggestion(purpose);
        if !self.system_dialogs {
            self.ask_here(purpose, &suggestion);
        } else if !self.files.is_open() {
            self.files.open(purpose, suggestion, ctx);
        }
    }

    /// Asks for a file in a dialog of our own.
    pub(super) fn ask_here(&mut self, purpose: Purpose, path: &Path) {
        self.dialog = Some(Dialog::Path(PathDialog::new(purpose, path)));
    }

    /// A path to begin with: beside the project's file or the latest one, named after the project.
    fn suggestion(&self, purpose: Purpose) -> PathBuf {
        let path = self.bench.as_ref().and_then(|bench| bench.session.path());
        let known = path.as_ref().or(self.shelf.recent.first());
        let home = || std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
        let folder = known.and_then(|path| path.parent()).map_or_else(home, Path::to_owned);
        match (purpose, &self.bench) {
            (Purpose::SaveAs, Some(bench)) => {
                let name = bench.session.project().name.replace(['/', '\\'], "-");
                path.unwrap_or_else(|| folder.join(format!("{name}.gateline")))
            }
            _ => folder,
        }
    }

    /// Goes on with a file that was chosen.
    pub(super) fn chosen(&mut self, ctx: &Context, chosen: Chosen, asks: &mut Vec<Ask>) {
        let Chosen { purpose, path, replace } = chosen;
        match purpose {
            Purpose::Open => self.open(ctx, &path),
            Purpose::Contacts | Purpose::Events => {
                let rows = if purpose == Purpose::Contacts { Rows::Contacts } else { Rows::Events };
                self.dialog = Some(Dialog::Import(Box::new(ImportDialog::new(path, rows))));
            }
            Purpose::SaveAs => self.save_as(ctx, &path, replace),
            // Written where the import that refused them is at hand.
            Purpose::Refused => asks.push(Ask::Tell(Tone::Refused, "The import is over already".into())),
        }
    }

    fn save_as(&mut self, ctx: &Context, path: &Path, replace: bool) {
        let Some(bench) = &mut self.bench else { return };
        match bench.session.save_as(path, replace) {
            Ok(()) => {
                self.shelf.remember_file(path);
                self.toasts.say(Tone::Done, format!("Saved as {}", path.display()));
                if let Some(after) = self.after.take() {
                    self.go_on(ctx, after);
                }
            }
            Err(error) => {
                let mut dialog = PathDialog::new(Purpose::SaveAs, path);
                dialog.fail(error.to_string());
                self.dialog = Some(Dialog::Path(dialog));
            }
        }
    }

    /// Asks where the refused rows of an import go.
    pub(super) fn ask_refused(&mut self, dialog: Dialog) {
        let Dialog::Import(form) = dialog else { return };
        let mut name = form.path().file_stem().unwrap_or_default().to_owned();
        name.push("-refused.csv");
        let path = PathDialog::new(Purpose::Refused, &form.path().with_file_name(name));
        self.dialog = Some(Dialog::Refused(path, form));
    }

    /// Writes the refused rows of an import.
    pub(super) fn write_refused(&mut self, path: &Path, form: &ImportDialog) {
        let Some(read) = form.read() else { return };
        let write = |out: &mut dyn std::io::Write| store::csv::write::refused(read, out);
        match store::file::write_whole(path, true, write) {
            Ok(()) => self.toasts.say(Tone::Done, format!("Refused rows are in {}", path.display())),
            Err(error) => self.toasts.say(Tone::Failed, format!("Not written: {error}")),
        }
    }
}

/// Contacts that are invented for a sample that has none.
const SAMPLE_CONTACTS: u32 = 10_000;

/// One step of zooming by key.
const ZOOM_STEP: f32 = 1.25;

fn elements(bench: &Workbench) -> BTreeSet<ElementId> {
    bench.map().map(|map| map.elements.keys().copied().collect()).unwrap_or_default()
}

/// Flies to what is selected where it, or the way on from it, is out of sight.
fn bring_in_sight(bench: &mut Workbench, canvas: egui::Rect) {
    let project = bench.session.project().clone();
    bench.derived.update(&project, bench.view.map);
    let (layout, selection) = (&bench.derived.layout, &bench.view.selection);
    let cards = selection.iter().filter_map(|id| layout.card(*id));
    let ends = layout.open_ends.iter().filter(|end| selection.contains(&end.from)).map(|end| end.button);
    let Some(area) = cards.chain(ends).reduce(Area::union) else { return };
    let camera = bench.canvas.camera();
    let seen = egui::Rect::from_center_size(camera.middle, canvas.size() / camera.zoom);
    let corner = |x: i32, y: i32| egui::pos2(x as f32, y as f32);
    let area = egui::Rect::from_min_max(corner(area.left, area.top), corner(area.right, area.bottom));
    if seen.contains_rect(area) {
        return;
    }
    match selection.first() {
        Some(only) if selection.len() == 1 => bench.canvas.fly_to(*only),
        _ => bench.canvas.zoom_to_selection(selection),
    }
}

fn copy(ctx: &Context, bench: &Workbench) {
    let text = copy_text(bench.session.project(), bench.view.map, &bench.view.selection);
    if !text.is_empty() {
        ctx.copy_text(text);
    }
}

fn show_map(bench: &mut Workbench, map: crate::base::id::MapId) {
    if bench.view.map != map && bench.session.project().maps.contains_key(&map) {
        bench.view.map = map;
        bench.view.selection.clear();
        bench.rename = None;
    }
}

/// Runs the project and goes from the map to its numbers.
fn run(bench: &mut Workbench, ctx: &Context) {
    bench.sim.start(bench.session.project(), ctx);
    if bench.view.mode == Mode::Edit {
        bench.view.mode = Mode::Performance;
    }
}

fn show_element(bench: &mut Workbench, element: ElementId) {
    let Some(map) = bench.session.project().map_of(element).map(|map| map.id) else { return };
    show_map(bench, map);
    bench.view.selection = BTreeSet::from([element]);
    bench.view.right = true;
    bench.canvas.fly_to(element);
}

fn rename(bench: &mut Workbench, what: Renamed) {
    let project = bench.session.project();
    let text = match what {
        Renamed::Project => Some(project.name.clone()),
        Renamed::Map(map) => project.map(map).map(|map| map.name.clone()),
        Renamed::Element(element) => {
            let map = project.map_of(element);
            map.and_then(|map| map.element(element)).map(|element| element.name.clone())
        }
    };
    bench.rename = text.map(|text| Rename { what, text, shown: false });
}
