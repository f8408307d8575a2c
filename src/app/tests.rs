//! The window, driven by what its parts are called, without a display.

mod contact;
mod publishing;

use std::time::Duration;

use egui::{Key, Modifiers, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::raster::Raster;
use super::shelf::Shelf;
use super::shell::App;
use super::state::Mode;
use crate::model::catalogue::Shelved;
use crate::model::{
    Action, BranchPolicy, Branches, Choice, ElementKind, EngineRules, EventFilter, EventType, Form, Listener,
    PlanPayments, Preset, Product,
};
use crate::session::command::{Command, Spot};
use crate::session::open::Session;

type Window = Harness<'static, Shown>;

/// The window and whether its context has been dressed.
struct Shown {
    app: App,
    dressed: bool,
}

impl std::ops::Deref for Shown {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}

impl std::ops::DerefMut for Shown {
    fn deref_mut(&mut self) -> &mut App {
        &mut self.app
    }
}

/// A window of the usual size with the start page.
fn window() -> Window {
    Harness::builder()
        .with_size(Vec2::new(1280.0, 800.0))
        .with_max_steps(400)
        .renderer(Raster::new())
        .build_ui_state(
            |ui, shown: &mut Shown| {
                // A `Ui` keeps the style it began with, so the first frame only dresses the context.
                if shown.dressed {
                    shown.app.before(ui);
                    shown.app.frame(ui);
                } else {
                    super::theme::apply(ui);
                    ui.options_mut(|options| options.zoom_with_keyboard = false);
                    shown.dressed = true;
                }
            },
            Shown { app: App::new(&egui::Context::default(), Shelf::default(), false, None), dressed: false },
        )
}

/// Lets frames pass until something is the case.
#[track_caller]
fn until(window: &mut Window, what: &str, is: impl Fn(&Window) -> bool) {
    for _ in 0..600 {
        window.step();
        if is(window) {
            window.run_steps(3);
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("never: {what}");
}

/// Lets a few frames pass: enough for what was asked to be done and shown, and for transitions.
fn settle(window: &mut Window) {
    window.run_steps(20);
}

#[track_caller]
fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).hover();
    window.step();
    window.get_by_label(label).click();
    settle(window);
}

fn press(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    settle(window);
}

fn type_text(window: &mut Window, text: &str) {
    window.event(egui::Event::Text(text.into()));
    settle(window);
}

/// Saves what the window shows, to look at after a change:
/// `GATELINE_PICTURES=/tmp cargo test --features gui-tests app::tests`
fn picture(window: &mut Window, name: &str) {
    if let Some(folder) = std::env::var_os("GATELINE_PICTURES") {
        let image = window.render().unwrap();
        image.save(std::path::Path::new(&folder).join(format!("window-{name}.png"))).unwrap();
    }
}

fn has(window: &Window, label: &str) -> bool {
    window.query_all_by_label(label).next().is_some()
}

fn has_in(window: &Window, label: &str) -> bool {
    window.query_all_by_label_contains(label).next().is_some()
}

fn session(window: &mut Window) -> &mut Session {
    &mut window.state_mut().bench.as_mut().expect("a project is open").session
}

fn kinds(window: &Window) -> Vec<crate::model::Kind> {
    let bench = window.state().bench.as_ref().expect("a project is open");
    let map = bench.map().expect("a map is shown");
    map.elements.values().map(|element| element.kind.kind()).collect()
}

/// A project with a map: form → e-mail → wait → goal → End, a form, a product and an e-mail to name.
fn with_map(window: &mut Window) {
    press(window, Modifiers::COMMAND, Key::N);
    let session = session(window);
    let mut fresh = session.project().fresh();
    let form = Form::new(fresh.id(), "Webinar");
    session.command(Command::PutItem(form.into())).unwrap();
    let id = session.project().fresh().id();
    session.command(Command::PutItem(Product::new(id, "Product X").into())).unwrap();
    let map = *session.project().maps.keys().next().unwrap();
    let place = crate::model::Point { x: 400, y: 0 };
    let trigger = ElementKind::Trigger(Listener::trigger(EventType::FormSubmitted));
    session.command(Command::Insert { map, kind: trigger, spot: Spot::At(place) }).unwrap();
    let goal = ElementKind::Goal(Listener::goal(EventType::Purchased));
    for kind in [ElementKind::Action(Action::SendEmail(None)), goal, ElementKind::End] {
        let last = session.project().map(map).unwrap();
        let open = crate::model::Graph::of(last)
            .order
            .iter()
            .rev()
            .find_map(|id| {
                let element = last.element(*id)?;
                let port = element.kind.ports().into_iter().find(|port| last.target(*id, *port).is_none())?;
                (!element.kind.is_added_to_automation()).then_some((*id, port))
            })
            .unwrap();
        let spot = Spot::After { from: open.0, port: open.1 };
        session.command(Command::Insert { map, kind, spot }).unwrap();
    }
    settle(window);
}

/// Invents contacts through the dialog and waits for the run.
fn generate(window: &mut Window) {
    press(window, Modifiers::COMMAND, Key::G);
    assert!(has(window, "Generate contacts"));
    click(window, "Generate and run");
    until(window, "the run is finished", |window| {
        window.state().bench.as_ref().is_some_and(|bench| bench.sim.run().is_some())
    });
}

#[test]
fn from_the_start_page_to_numbers_and_back() {
    let mut window = window();
    settle(&mut window);
    click(&mut window, "New project");
    // An e-mail by *What happens next?*, found by typing.
    window.get_by_label_contains("What happens next after").click_accesskit();
    settle(&mut window);
    type_text(&mut window, "send");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(kinds(&window), [crate::model::Kind::Trigger, crate::model::Kind::SendEmail]);
    assert!(has(&window, "Undo (Ctrl+Z)"));
    // A wait from the palette, dragged onto the open end.
    let end = window.get_by_label_contains("What happens next after").rect().center();
    let wait = window.get_by_label("Wait").rect().center();
    window.hover_at(wait);
    window.step();
    window.drag_at(wait);
    window.step();
    for share in [0.3, 0.7, 1.0] {
        window.hover_at(wait.lerp(end, share));
        window.step();
    }
    window.drop_at(end);
    settle(&mut window);
    assert_eq!(kinds(&window).last(), Some(&crate::model::Kind::Wait));
    // A goal and an end by the keyboard alone.
    for (after, word) in [("Wait 1 day", "goal purch"), ("Purchases", "end")] {
        let end = format!("What happens next after {after}");
        window.get_by_label_contains(&end).click_accesskit();
        settle(&mut window);
        type_text(&mut window, word);
        press(&mut window, Modifiers::NONE, Key::Enter);
    }
    let mut found = kinds(&window);
    found.sort_unstable();
    use crate::model::Kind;
    assert_eq!(
        found,
        [Kind::Trigger, Kind::Wait, Kind::Wait, Kind::Goal, Kind::End, Kind::SendEmail],
        "a goal that does not go under a wait brings its own"
    );
    generate(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::Num3);
    assert!(has_in(&window, "1,000 were"), "cards show their numbers");
    let whole = session(&mut window).project().clone();
    let steps = session(&mut window).history().entries().count();
    for _ in 0..steps {
        press(&mut window, Modifiers::COMMAND, Key::Z);
    }
    assert_eq!((kinds(&window).len(), session(&mut window).project().people.len()), (1, 0));
    for _ in 0..steps {
        press(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    }
    assert_eq!(**session(&mut window).project(), *whole);
}

/// K-09, G-12: by *What happens next?*, by a double click and by dragging.
#[test]
fn new_elements_start_as_the_rules_of_the_map_say() {
    let mut window = window();
    with_map(&mut window);
    let map = window.state().bench.as_ref().unwrap().view.map;
    let rules = EngineRules::preset(Preset::Keap);
    session(&mut window).command(Command::SetRules { map, rules }).unwrap();
    let before = session(&mut window).project().map(map).unwrap().elements.clone();
    settle(&mut window);
    let added = "What happens next after Added to this map";
    window.get_by_label(added).click_accesskit();
    settle(&mut window);
    type_text(&mut window, "condition");
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Search elements");
    type_text(&mut window, "purchases");
    let goal = window.get_by_label("Goal: Purchases a product");
    let at = goal.rect().center();
    goal.focus();
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    let mut ends = window.query_all_by_label_contains("What happens next after");
    let free = ends.next().expect("an end is open").rect().center();
    drop(ends);
    window.hover_at(at);
    window.step();
    window.drag_at(at);
    window.step();
    for share in [0.5, 1.0] {
        window.hover_at(at.lerp(free, share));
        window.step();
    }
    window.drop_at(free);
    settle(&mut window);
    let now = &session(&mut window).project().map(map).unwrap().elements;
    let new: Vec<_> =
        now.iter().filter(|(id, _)| !before.contains_key(id)).map(|(_, new)| &new.kind).collect();
    let payments = |kind: &&&ElementKind| match kind {
        ElementKind::Goal(goal) => {
            goal.on == EventFilter::Purchased { products: Choice::Any, plan_payments: PlanPayments::First }
        }
        _ => false,
    };
    assert_eq!(new.iter().filter(payments).count(), 2, "{new:?}");
    let branches = ElementKind::Branches(Branches::blank(BranchPolicy::AllMatching));
    assert!(new.contains(&&branches), "{new:?}");
}

#[test]
fn undo_all_and_redo_by_keys() {
    let mut window = window();
    with_map(&mut window);
    let all = kinds(&window).len();
    let steps = session(&mut window).history().entries().count();
    for _ in 0..steps {
        press(&mut window, Modifiers::COMMAND, Key::Z);
    }
    assert_eq!(kinds(&window).len(), 1);
    for _ in 0..steps {
        press(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    }
    assert_eq!(kinds(&window).len(), all);
}

#[test]
fn generated_contacts_give_numbers_on_cards_and_in_the_report() {
    let mut window = window();
    with_map(&mut window);
    generate(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::Num3);
    assert!(has(&window, "Contact flow") && has_in(&window, " here, "));
    let bench = window.state().bench.as_ref().unwrap();
    let flow = &bench.sim.last_numbers().unwrap().flow;
    assert!(flow.elements.iter().all(|element| element.balance().0 == element.balance().1));
    assert_eq!(flow.elements.iter().map(|element| element.visited).max(), Some(1_000));
    // The contacts behind a number, and one of them.
    let number = window
        .query_all_by_label_contains("came: ")
        .find(|node| node.accesskit_node().role() == egui::accesskit::Role::Button);
    number.expect("a number can be clicked").click();
    until(&mut window, "the contacts are listed", |window| has_in(window, "contact-000001"));
    click(&mut window, "contact-000001@example.com");
    assert_eq!(window.state().bench.as_ref().unwrap().view.mode, Mode::Simulate);
    assert!(has(&window, "History") && has_in(&window, "Submitted the form Webinar"));
}

#[test]
fn steps_of_the_playhead_change_the_numbers() {
    let mut window = window();
    with_map(&mut window);
    generate(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::Num3);
    let numbers =
        |window: &Window| window.state().bench.as_ref().unwrap().sim.last_numbers().unwrap().flow.clone();
    let at_end = numbers(&window);
    click(&mut window, "Go to the start (Home)");
    let at_start = numbers(&window);
    assert_ne!(at_end, at_start);
    click(&mut window, "One step forward (.)");
    let one_on = numbers(&window);
    assert_ne!(at_start, one_on);
    press(&mut window, Modifiers::NONE, Key::Comma);
    assert_eq!(numbers(&window), at_start);
    press(&mut window, Modifiers::NONE, Key::End);
    assert_eq!(numbers(&window), at_end);
}

#[test]
fn the_command_palette_finds_and_does() {
    let mut window = window();
    with_map(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::K);
    type_text(&mut window, "new map");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(session(&mut window).project().maps.len(), 2);
    // K-12
    for (place, (preset, name)) in Preset::ALL.into_iter().enumerate().skip(1) {
        press(&mut window, Modifiers::COMMAND, Key::K);
        type_text(&mut window, &format!("new map, {name}"));
        press(&mut window, Modifiers::NONE, Key::Enter);
        let bench = window.state().bench.as_ref().unwrap();
        assert_eq!(bench.session.project().maps.len(), place + 2);
        assert_eq!(bench.map().unwrap().rules, EngineRules::preset(preset));
    }
    press(&mut window, Modifiers::COMMAND, Key::K);
    type_text(&mut window, "perf");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().bench.as_ref().unwrap().view.mode, Mode::Performance);
    press(&mut window, Modifiers::COMMAND, Key::T);
    assert_eq!(
        window.state().bench.as_ref().unwrap().view.mode,
        Mode::Edit,
        "a new map is there to be drawn"
    );
    // An element of the other map.
    press(&mut window, Modifiers::COMMAND, Key::F);
    type_text(&mut window, "send");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let bench = window.state().bench.as_ref().unwrap();
    assert_eq!((bench.view.selection.len(), bench.map().unwrap().name.as_str()), (1, "Map 1"));
    press(&mut window, Modifiers::NONE, Key::F1);
    assert!(has(&window, "Keys"));
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(!has(&window, "Keys"));
}

#[test]
fn a_problem_leads_to_its_element() {
    let mut window = window();
    with_map(&mut window);
    let problems = window.state().bench.as_ref().unwrap().derived.problems.len();
    assert!(problems > 0, "an e-mail is not chosen");
    click(&mut window, &format!("Problems {problems}"));
    let label = {
        let rows = window.query_all_by_label_contains(": ");
        let row = rows
            .filter_map(|node| node.accesskit_node().label())
            .find(|label| label.starts_with("error: ") || label.starts_with("warning: "));
        row.expect("a problem is listed")
    };
    click(&mut window, &label);
    assert_eq!(window.state().bench.as_ref().unwrap().view.selection.len(), 1);
}

#[test]
fn saved_as_a_typed_path_closed_and_opened_it_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nurture.gateline");
    let mut window = window();
    with_map(&mut window);
    press(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    assert!(has(&window, "Save the project as"));
    press(&mut window, Modifiers::COMMAND, Key::A);
    type_text(&mut window, path.to_str().unwrap());
    press(&mut window, Modifiers::NONE, Key::Enter);
    until(&mut window, "it is saved", |window| has(window, "Saved"));
    let before = session(&mut window).project().clone();
    press(&mut window, Modifiers::COMMAND, Key::W);
    assert!(window.state().bench.is_none() && has(&window, "nurture.gateline"));
    click(&mut window, "nurture.gateline");
    until(&mut window, "it is open", |window| window.state().bench.is_some());
    assert_eq!(**session(&mut window).project(), *before);
}

#[test]
fn work_without_a_file_is_not_left_without_a_question() {
    let mut window = window();
    with_map(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::W);
    assert!(has_in(&window, "first?") && window.state().bench.is_some());
    click(&mut window, "Cancel");
    assert!(window.state().bench.is_some());
    press(&mut window, Modifiers::COMMAND, Key::W);
    click(&mut window, "Do not save");
    assert!(window.state().bench.is_none() && has(&window, "New project"));
}

#[test]
fn names_are_changed_where_they_stand() {
    let mut window = window();
    with_map(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::K);
    type_text(&mut window, "rename project");
    press(&mut window, Modifiers::NONE, Key::Enter);
    press(&mut window, Modifiers::COMMAND, Key::A);
    type_text(&mut window, "Nurture");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(session(&mut window).project().name, "Nurture");
    press(&mut window, Modifiers::SHIFT, Key::F2);
    press(&mut window, Modifiers::COMMAND, Key::A);
    type_text(&mut window, "Webinar");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(has(&window, "Webinar"));
}

#[test]
fn no_frame_is_drawn_when_nothing_changes() {
    let mut window = window();
    let rests = |window: &mut Window, what: &str| {
        // transitions end by themselves
        window.run_steps(60);
        let next = window.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
        assert!(next >= Duration::from_secs(1), "{what} asks for another frame after {next:?}");
    };
    rests(&mut window, "the start page");
    click(&mut window, "New project");
    rests(&mut window, "an empty map");
}
