//! The bar at the top: the menu, the project's name, the mode, search, undo, how the file stands, the run. And the map
//! tabs above the canvas.

use egui::{Align, Button, Layout, RichText, TextEdit, Ui, Vec2};

use super::commands::{COMMANDS, Group, Situation, WindowCommand};
use super::derived::Standing;
use super::icons::Icon;
use super::parts::{command_button, primary, segmented};
use super::state::{Ask, Mode, Rename, Renamed, Workbench};
use super::theme::{self, space, text, window};
use crate::base::id::MapId;
use crate::base::time::Instant;
use crate::model::{Project, Value, words};
use crate::session::command::Command;
use crate::session::open::SaveState;

/// Shows the bar.
pub fn show(ui: &mut Ui, bench: &mut Workbench, asks: &mut Vec<Ask>) {
    let situation = bench.situation();
    ui.horizontal_centered(|ui| {
        menu(ui, &situation, asks);
        ui.separator();
        project_name(ui, bench, asks);
        // The mode stands in the middle of the window, wherever the words beside it end.
        let middle = ui.content_rect().center().x - window::NAME * 0.65;
        ui.add_space((middle - ui.cursor().left()).max(space::S));
        let tip = |mode| {
            match mode {
                Mode::Edit => WindowCommand::Edit,
                Mode::Simulate => WindowCommand::Simulate,
                Mode::Performance => WindowCommand::Performance,
            }
            .tooltip()
        };
        if let Some(mode) = segmented(ui, bench.view.mode, &Mode::ALL, tip) {
            asks.push(Ask::Do(match mode {
                Mode::Edit => WindowCommand::Edit,
                Mode::Simulate => WindowCommand::Simulate,
                Mode::Performance => WindowCommand::Performance,
            }));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            run_button(ui, bench, &situation, asks);
            save_state(ui, bench, asks);
            let history = bench.session.history();
            let redo = history.redo_label();
            let undo = history.undo_label();
            history_button(ui, WindowCommand::Redo, redo, asks);
            history_button(ui, WindowCommand::Undo, undo, asks);
            search_button(ui, asks);
        });
    });
}

/// The menu behind the program's name: every command by group.
pub fn menu(ui: &mut Ui, situation: &Situation, asks: &mut Vec<Ask>) {
    let p = theme::palette(ui);
    let name = RichText::new(format!("{} Gateline", Icon::Map.glyph()))
        .font(theme::strong(text::TITLE))
        .color(p.text);
    let button = Button::new(name).frame_when_inactive(false);
    egui::containers::menu::MenuButton::from_button(button).ui(ui, |ui| {
        for (group, word) in Group::ALL {
            ui.menu_button(word, |ui| {
                for info in COMMANDS.iter().filter(|info| info.group == group) {
                    menu_row(ui, info.command, situation, asks);
                }
            });
        }
    });
}

/// A row of a menu.
pub fn menu_row(ui: &mut Ui, command: WindowCommand, situation: &Situation, asks: &mut Vec<Ask>) {
    let info = command.info();
    let icon = info.icon.map_or_else(|| RichText::new(" ").font(theme::icon(theme::ICON)), Icon::rich);
    let button =
        Button::new((icon, info.label)).shortcut_text(info.key()).min_size(Vec2::new(0.0, window::ROW));
    let response = ui.add_enabled((info.enabled)(situation), button);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), info.label));
    if response.on_hover_text(info.help).clicked() {
        asks.push(Ask::Do(command));
        ui.close();
    }
}

fn project_name(ui: &mut Ui, bench: &mut Workbench, asks: &mut Vec<Ask>) {
    let name = bench.session.project().name.clone();
    if typing(ui, &mut bench.rename, Renamed::Project, "Name of the project", bench.session.project(), asks) {
        return;
    }
    let words = RichText::new(&name).font(theme::regular(text::TITLE));
    ui.scope(|ui| {
        ui.set_max_width(window::NAME);
        let button = Button::new(words).frame_when_inactive(false).truncate();
        let response = ui.add(button).on_hover_text(format!("{name}\nDouble-click to rename the project"));
        if response.double_clicked() {
            asks.push(Ask::Rename(Renamed::Project));
        }
    });
}

/// The field for a name that is being typed; `false`: it is another's name. Enter takes it, Esc leaves it as it was.
pub fn typing(
    ui: &mut Ui,
    rename: &mut Option<Rename>,
    what: Renamed,
    label: &str,
    project: &Project,
    asks: &mut Vec<Ask>,
) -> bool {
    let Some(name) = rename.as_mut().filter(|name| name.what == what) else { return false };
    let field = ui.add(TextEdit::singleline(&mut name.text).desired_width(window::NAME));
    field.widget_info(|| egui::WidgetInfo::text_edit(true, &name.text, &name.text, label));
    if !name.shown {
        field.request_focus();
        name.shown = true;
        return true;
    }
    let left = ui.input(|input| input.key_pressed(egui::Key::Escape));
    if field.lost_focus() || left {
        if !left {
            let text = name.text.trim().to_owned();
            asks.extend(renamed(project, what, text).map(Ask::Change));
        }
        *rename = None;
    }
    true
}

/// The change that gives something another name; `None`: it has it already.
pub fn renamed(project: &Project, what: Renamed, name: String) -> Option<Command> {
    match what {
        Renamed::Project => (name != project.name).then_some(Command::RenameProject(name)),
        Renamed::Map(map) => (name != project.map(map)?.name).then_some(Command::RenameMap { map, name }),
        Renamed::Element(element) => {
            let map = project.map_of(element)?;
            (name != map.element(element)?.name).then_some(Command::Rename { map: map.id, element, name })
        }
    }
}

fn search_button(ui: &mut Ui, asks: &mut Vec<Ask>) {
    let p = theme::palette(ui);
    let words = RichText::new(format!("{} Search…", Icon::Search.glyph())).color(p.quiet);
    let button = Button::new(words)
        .right_text(RichText::new(WindowCommand::Palette.info().key()).small().color(p.quiet))
        .min_size(Vec2::new(window::SEARCH, theme::CONTROL_HEIGHT));
    let response = ui.add(button);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Search"));
    if response.on_hover_text(WindowCommand::Palette.info().label).clicked() {
        asks.push(Ask::Do(WindowCommand::Palette));
    }
}

/// Undo or redo, with what it would undo in the tooltip.
fn history_button(ui: &mut Ui, command: WindowCommand, label: Option<String>, asks: &mut Vec<Ask>) {
    let response = command_button(ui, command, label.is_some(), asks);
    if let Some(label) = label {
        response.on_hover_text(label);
    }
}

fn save_state(ui: &mut Ui, bench: &Workbench, asks: &mut Vec<Ask>) {
    let p = theme::palette(ui);
    let state = bench.session.save_state();
    let path = bench.session.path().map(|path| path.display().to_string()).unwrap_or_default();
    let (color, word, tip) = match &state {
        SaveState::Saved => (p.good, "Saved", format!("Everything is in {path}")),
        SaveState::Saving => (p.faint, "Saving", format!("Writing to {path}")),
        SaveState::Behind => (p.warning, "Not saved yet", format!("Save to bring {path} up to date")),
        SaveState::NoFile => {
            (p.faint, "No file yet", "The project is only in this window; save it to keep it".into())
        }
        SaveState::Failed(why) => {
            (p.bad, "Not saved", format!("{why}\nNothing is lost as long as this window is open"))
        }
    };
    if matches!(state, SaveState::Saving) {
        // The writer does not wake the window.
        ui.request_repaint_after(std::time::Duration::from_millis(60));
    }
    if matches!(state, SaveState::Failed(_)) && ui.button("Retry").on_hover_text(&tip).clicked() {
        asks.push(Ask::Do(WindowCommand::Save));
    }
    let words = RichText::new(word).color(p.quiet);
    let button = Button::new(words).frame_when_inactive(false);
    let response = ui.add(button).on_hover_text(tip);
    let dot = egui::pos2(response.rect.left() + space::XS, response.rect.center().y);
    ui.painter().circle_filled(dot, window::STATE_DOT, color);
    if response.clicked() {
        asks.push(Ask::Do(WindowCommand::Save));
    }
}

fn run_button(ui: &mut Ui, bench: &mut Workbench, situation: &Situation, asks: &mut Vec<Ask>) {
    if let Some((done, of)) = bench.sim.progress() {
        if ui.button("Cancel").on_hover_text(WindowCommand::CancelRun.tooltip()).clicked() {
            asks.push(Ask::Do(WindowCommand::CancelRun));
        }
        let share = if of == 0 { 0.0 } else { done as f32 / of as f32 };
        let bar = egui::ProgressBar::new(share)
            .desired_width(window::FIELD_SHORT)
            .fill(theme::palette(ui).accent)
            .text(format!("{:.0} %", share * 100.0));
        ui.add(bar).on_hover_text("Sending contacts through the maps");
        // A moving bar, at a pace that costs nothing.
        ui.request_repaint_after(std::time::Duration::from_millis(100));
        return;
    }
    let project = bench.session.project().clone();
    let stale = bench.sim.is_stale(&project);
    let words = format!("{} {}", Icon::Play.glyph(), if stale { "Run again" } else { "Run" });
    let button = primary(ui, words);
    let response = ui.add_enabled(situation.people, button);
    response.widget_info(|| {
        egui::WidgetInfo::labeled(
            egui::Role::Button,
            situation.people,
            if stale { "Run again" } else { "Run" },
        )
    });
    let why = "There are no contacts yet: generate some or import them";
    if response.on_hover_text(WindowCommand::Run.tooltip()).on_disabled_hover_text(why).clicked() {
        asks.push(Ask::Do(WindowCommand::Run));
    }
}

/// The tabs of the maps.
pub fn map_tabs(ui: &mut Ui, bench: &mut Workbench, asks: &mut Vec<Ask>) {
    let project = bench.session.project().clone();
    let situation = bench.situation();
    // What stands at the right is laid out first, so that the tabs take what is left.
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        standing(ui, &project, bench, &situation, asks);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            egui::ScrollArea::horizontal().auto_shrink([false, false]).show(ui, |ui| {
                ui.horizontal_centered(|ui| {
                    ui.spacing_mut().item_spacing.x = space::XS;
                    for map in project.maps.values() {
                        let what = Renamed::Map(map.id);
                        if !typing(ui, &mut bench.rename, what, "Name of the map", &project, asks) {
                            tab(ui, map.id, &map.name, map.id == bench.view.map, &situation, asks);
                        }
                    }
                    command_button(ui, WindowCommand::NewMap, true, asks);
                });
            });
        });
    });
}

/// How the map that is shown stands to its published versions, over what can be done about it (L-01).
fn standing(ui: &mut Ui, project: &Project, bench: &Workbench, situation: &Situation, asks: &mut Vec<Ask>) {
    let p = theme::palette(ui);
    let (color, words) = match bench.derived.standing {
        Standing::Draft => (p.faint, "Draft, not published".to_owned()),
        Standing::Published(None) => (p.good, "Published".to_owned()),
        Standing::Published(Some(at)) => (p.good, format!("Published, from {}", moment(project, at))),
        Standing::Differs(None) => (p.warning, "Draft differs from the published version".to_owned()),
        Standing::Differs(Some(at)) => {
            (p.warning, format!("Draft differs from the published version of {}", moment(project, at)))
        }
    };
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width() * STANDING);
        // Room for the dot before the words.
        ui.spacing_mut().button_padding.x = space::L;
        let shown = RichText::new(&words).small().color(p.quiet);
        let sign = Icon::ChevronDown.rich().color(p.quiet);
        let button = Button::new(shown).right_text(sign).frame_when_inactive(false).truncate();
        let (response, _) = egui::containers::menu::MenuButton::from_button(button).ui(ui, |ui| {
            for command in [WindowCommand::Publish, WindowCommand::Unpublish, WindowCommand::RevertDraft] {
                menu_row(ui, command, situation, asks);
            }
        });
        let dot = egui::pos2(response.rect.left() + space::S, response.rect.center().y);
        ui.painter().circle_filled(dot, window::STATE_DOT, color);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &words));
        response.on_hover_text(&words);
    });
}

/// Share of the bar that the standing of a map may take at most.
const STANDING: f32 = 0.6;

/// An instant on the account's clocks.
fn moment(project: &Project, at: Instant) -> String {
    words::value_in_words(project, &Value::DateTime(at))
}

fn tab(ui: &mut Ui, map: MapId, name: &str, shown: bool, situation: &Situation, asks: &mut Vec<Ask>) {
    let p = theme::palette(ui);
    let words = RichText::new(name).color(if shown { p.text } else { p.quiet });
    let words = if shown { words.font(theme::strong(text::BODY)) } else { words };
    let response = ui
        .scope(|ui| {
            ui.set_max_width(window::NAME);
            ui.add(Button::new(words).frame_when_inactive(false).truncate())
        })
        .inner;
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Tab, true, shown, name));
    if shown {
        let y = response.rect.bottom() + theme::RING;
        let line = egui::Stroke::new(theme::RING, p.accent);
        ui.painter().hline(response.rect.x_range().shrink(space::S), y, line);
    }
    if response.clicked() || response.secondary_clicked() {
        asks.push(Ask::ShowMap(map));
    }
    if response.double_clicked() {
        asks.push(Ask::Rename(Renamed::Map(map)));
    }
    response.context_menu(|ui| {
        use WindowCommand as Do;
        for command in [
            Do::RenameMap,
            Do::NewMap,
            Do::NewKeapMap,
            Do::NewMaestraMap,
            Do::Tidy,
            Do::Publish,
            Do::Unpublish,
            Do::RevertDraft,
            Do::DeleteMap,
        ] {
            menu_row(ui, command, situation, asks);
        }
    });
}
