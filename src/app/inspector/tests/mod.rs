//! The inspector, driven by the names of its controls.

mod actions;
mod branches;
mod conditions;
mod events;
mod every;
mod items;
mod map;
mod pages;
mod pictures;
mod sequences;
mod settings;
mod typing;
mod waits;

use std::collections::BTreeSet;

use egui::Vec2;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::Inspector;
use crate::app::raster::Raster;
use crate::app::theme;
use crate::base::id::{ElementId, Id, MapId};
use crate::model::catalogue::Shelved as _;
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
        Tag::new(id(1), "Lead").into(),
        Tag::new(id(2), "VIP").into(),
        Product::new(id(11), "Course").into(),
        Product::new(id(12), "Book").into(),
        Category::new(id(15), "Paper").into(),
        Form::new(id(21), "Webinar").into(),
        Form { order_form: true, ..Form::new(id(22), "Checkout") }.into(),
        Email {
            subject: "Only this week".into(),
            links: vec!["https://example.org/course".into(), "https://example.org/unsubscribe".into()],
            ..Email::new(id(31), "Offer")
        }
        .into(),
        Sms::new(id(32), "Reminder").into(),
        Postcard::new(id(33), "Greetings").into(),
        List::new(id(51), "Parcels").into(),
        Task {
            outcomes: ["Reached", "Nobody there"]
                .map(|name| Outcome { name: name.into(), actions: vec![] })
                .into(),
            ..Task::new(id(61), "Call")
        }
        .into(),
        Member::new(id(65), "Ada").into(),
        Member::new(id(66), "Bob").into(),
        Page::new(id(71), "Pricing").into(),
        Page { kind: PageKind::Url, ..Page::new(id(72), "Forum") }.into(),
        Page { kind: PageKind::Link, ..Page::new(id(73), "Banner") }.into(),
        Site::new(id(81), "Academy").into(),
        Site { kind: SiteKind::WordPress, ..Site::new(id(82), "Blog") }.into(),
        Level { site: Some(id(82)), ..Level::new(id(85), "Gold") }.into(),
        Relationship::new(id(91), "Referrer").into(),
    ];
    for (number, (kind, name)) in (41..).zip(FieldKind::ALL) {
        items.push(Field { id: id(number), name: format!("My {}", name.to_lowercase()), kind }.into());
    }
    for item in items {
        project.apply(Edit::PutItem(item)).unwrap();
    }
    let element =
        |number, kind| Element { id: id(number), name: String::new(), kind, draft: false, place: None };
    let added = || ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation));
    let mut map = Map::new(id(100), "Nurture after the webinar");
    for (number, kind) in (101..).zip(elements) {
        map.elements.insert(id(number), element(number, kind));
    }
    map.elements.insert(id(200), element(200, added()));
    let mut other = Map::new(id(300), "Win back");
    other.elements.insert(id(301), element(301, added()));
    for map in [map, other] {
        project.apply(Edit::PutMap(map.into())).unwrap();
    }
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

/// The same on a map with these rules.
fn one_by(rules: EngineRules, kind: ElementKind) -> Harness<'static, Bench> {
    let mut account = project([kind]);
    let name = account.map(id(100)).unwrap().name.clone();
    account.apply(Edit::SetMapInfo { map: id(100), name, rules }).unwrap();
    window(bench(account, &[101]))
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

/// Opens a dropdown with a search field and takes a row from the keyboard.
fn pick(harness: &mut Harness<'_, Bench>, name: &str, row: &str) {
    let dropdown =
        harness.query_all_by_role_and_label(Role::ComboBox, name).next().expect("the dropdown is there");
    dropdown.click();
    harness.run_steps(4);
    search(harness, row);
}

/// Types into the search field that is open and takes what is found first.
fn search(harness: &mut Harness<'_, Bench>, typed: &str) {
    harness.get_by_label("Search").type_text(typed);
    harness.run_steps(3);
    press(harness, egui::Key::Enter);
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

/// The element's settings changed to these.
fn set(kind: ElementKind) -> Command {
    Command::Set { map: id(100), element: id(101), kind }
}

fn trigger(on: EventFilter) -> ElementKind {
    ElementKind::Trigger(Listener { on, ..Listener::trigger(EventType::Created) })
}

fn goal(on: EventFilter) -> ElementKind {
    ElementKind::Goal(Listener::goal(on.event_type()).hearing(on))
}

fn wait(until: Until) -> ElementKind {
    ElementKind::Wait(Wait::new(until))
}

/// Every letter of every name and value has a drawing of its own.
fn is_readable(harness: &Harness<'_, Bench>, what: &str) {
    let font = theme::regular(theme::text::BODY);
    for node in harness.query_all_by(|node| node.label().is_some() || node.value().is_some()) {
        let node = node.accesskit_node();
        for sign in
            node.label().into_iter().chain(node.value()).flat_map(|words| words.chars().collect::<Vec<_>>())
        {
            let drawn = harness.ctx.fonts_mut(|fonts| fonts.has_glyph(&font, sign));
            assert!(drawn || sign.is_control(), "{what}: no drawing of “{sign}”");
        }
    }
}

/// What a user does.
type Steps = fn(&mut Harness<'_, Bench>);

const NOTHING: Steps = |_| {};

/// Replaces the text of a field of several lines and leaves it.
fn write_into(harness: &mut Harness<'_, Bench>, name: &str, text: &str) {
    let role = Role::MultilineTextInput;
    harness.get_by_role_and_label(role, name).focus();
    harness.run_steps(2);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.run_steps(2);
    harness.get_by_role_and_label(role, name).type_text(text);
    harness.run_steps(2);
    press(harness, egui::Key::Tab);
}

/// Takes back what was done last.
fn undo(harness: &mut Harness<'_, Bench>) {
    let Bench { project, history, .. } = harness.state_mut();
    history.undo(project).unwrap();
    harness.run_steps(3);
}

/// The map as it is now.
fn map_now(harness: &Harness<'_, Bench>) -> Map {
    harness.state().project.map(id(100)).unwrap().clone()
}

/// What was meant since the last time, which must be one thing.
fn meant(harness: &mut Harness<'_, Bench>) -> Command {
    let meant = std::mem::take(&mut harness.state_mut().meant);
    let [only] = <[Command; 1]>::try_from(meant).expect("one thing was meant");
    only
}
