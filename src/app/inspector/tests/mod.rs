//! The inspector, driven by the names of its controls.

mod pages;
mod pictures;
mod settings;

use std::collections::BTreeSet;

use egui::Vec2;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::Inspector;
use crate::app::raster::Raster;
use crate::app::theme;
use crate::base::id::{ElementId, Id, MapId};
use crate::model::*;
use crate::session::command::Command;
use crate::session::history::History;

fn id<T: Id>(number: u32) -> T {
    T::new(number)
}

/// The panel beside a project, as the window has it: what it means is done at once.
struct Bench {
    project: Project,
    history: History,
    inspector: Inspector,
    map: MapId,
    selection: BTreeSet<ElementId>,
    /// Everything it meant since it was last asked.
    meant: Vec<Command>,
}

impl Bench {
    fn show(&mut self, ui: &mut egui::Ui) {
        let map = self.project.map(self.map).unwrap();
        let graph = Graph::of(map);
        let commands = self.inspector.show(ui, &self.project, map, &graph, &self.selection);
        for command in commands {
            self.history.do_command(&mut self.project, command.clone()).unwrap();
            self.meant.push(command);
        }
    }

    fn kind(&self, element: u32) -> ElementKind {
        self.project.map(self.map).unwrap().elements[&id(element)].kind.clone()
    }
}

/// An account with some of everything and a map with these elements, numbered from 101.
fn project(elements: impl IntoIterator<Item = ElementKind>) -> Project {
    let mut project = Project::new("0123456789abcdef0123456789abcdef", "Shop");
    let mut items: Vec<Item> = vec![
        Tag { id: id(1), name: "Lead".into() }.into(),
        Tag { id: id(2), name: "VIP".into() }.into(),
        Product { id: id(11), name: "Course".into(), price: None, categories: vec![] }.into(),
        Product { id: id(12), name: "Book".into(), price: None, categories: vec![] }.into(),
        Form { id: id(21), name: "Webinar".into(), order_form: false }.into(),
        Form { id: id(22), name: "Checkout".into(), order_form: true }.into(),
        Email {
            id: id(31),
            name: "Offer".into(),
            subject: "Only this week".into(),
            links: vec!["https://example.org/course".into(), "https://example.org/unsubscribe".into()],
        }
        .into(),
    ];
    for (number, (kind, name)) in (41..).zip(FieldKind::ALL) {
        items.push(Field { id: id(number), name: format!("My {}", name.to_lowercase()), kind }.into());
    }
    for item in items {
        project.apply(Edit::PutItem(item)).unwrap();
    }
    let mut map = Map::new(id(100), "Nurture after the webinar");
    for (number, kind) in (101..).zip(elements) {
        map.elements.insert(id(number), Element { id: id(number), name: String::new(), kind, place: None });
    }
    let added = ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation));
    map.elements.insert(id(200), Element { id: id(200), name: String::new(), kind: added, place: None });
    project.apply(Edit::PutMap(map.into())).unwrap();
    project.note_all_numbers();
    project
}

fn bench(project: Project, selection: &[u32]) -> Bench {
    Bench {
        project,
        history: History::default(),
        inspector: Inspector::default(),
        map: id(100),
        selection: selection.iter().map(|number| id(*number)).collect(),
        meant: vec![],
    }
}

/// The panel in a window of its own, tall enough that nothing has to be scrolled.
fn window(bench: Bench) -> Harness<'static, Bench> {
    window_of(bench, Vec2::new(320.0, 2_000.0), egui::Theme::Light, 1.0)
}

fn window_of(bench: Bench, size: Vec2, theme: egui::Theme, scale: f32) -> Harness<'static, Bench> {
    let mut harness = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(scale)
        .with_theme(theme)
        .with_context_setup(theme::apply)
        .renderer(Raster::new())
        .build_ui_state(
            |ui, bench: &mut Bench| {
                let whole = ui.content_rect();
                ui.layer_painter(egui::LayerId::background()).rect_filled(whole, 0, theme::palette(ui).panel);
                ui.scope_builder(egui::UiBuilder::new().max_rect(whole), |ui| bench.show(ui));
            },
            bench,
        );
    harness.run_steps(3);
    harness
}

/// The panel with one element, number 101.
fn one(kind: ElementKind) -> Harness<'static, Bench> {
    window(bench(project([kind]), &[101]))
}

fn click(harness: &mut Harness<'_, Bench>, name: &str) {
    harness.get_by_label(name).click();
    harness.run_steps(4);
}

/// Opens a dropdown and chooses a row.
fn choose(harness: &mut Harness<'_, Bench>, name: &str, row: &str) {
    let dropdown =
        harness.query_all_by_role_and_label(Role::ComboBox, name).next().expect("the dropdown is there");
    dropdown.click();
    harness.run_steps(4);
    harness.get_all_by_label(row).last().expect("the row is there").click();
    harness.run_steps(4);
}

/// Replaces the text of a field, without leaving it.
fn type_into(harness: &mut Harness<'_, Bench>, name: &str, text: &str) {
    let field = harness.get_by_role_and_label(Role::TextInput, name);
    field.focus();
    harness.run_steps(2);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.run_steps(2);
    if text.is_empty() {
        harness.key_press(egui::Key::Delete);
    } else {
        harness.get_by_role_and_label(Role::TextInput, name).type_text(text);
    }
    harness.run_steps(2);
}

fn press(harness: &mut Harness<'_, Bench>, key: egui::Key) {
    harness.key_press(key);
    harness.run_steps(4);
}

/// Replaces the text of a field and takes it.
fn enter(harness: &mut Harness<'_, Bench>, name: &str, text: &str) {
    type_into(harness, name, text);
    press(harness, egui::Key::Enter);
}

/// What stands in a field or dropdown.
fn shown(harness: &Harness<'_, Bench>, name: &str) -> String {
    let node = harness
        .query_all_by_label(name)
        .find(|node| matches!(node.accesskit_node().role(), Role::TextInput | Role::ComboBox))
        .expect("the field is there");
    node.value().unwrap_or_default()
}

fn is_on(harness: &Harness<'_, Bench>, name: &str) -> bool {
    harness.get_by_label(name).accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
}

/// What was meant since the last time, which must be one thing.
fn meant(harness: &mut Harness<'_, Bench>) -> Command {
    let meant = std::mem::take(&mut harness.state_mut().meant);
    let [only] = <[Command; 1]>::try_from(meant).expect("one thing was meant");
    only
}
