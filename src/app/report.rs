//! Performance: the report of contact flow on the left, with the states in sequences below it, and the figures of an
//! element on the right.

use egui::{Align, Label, Layout, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};

use super::canvas::marks;
use super::contacts;
use super::icons::Icon;
use super::parts::{self, count, number_cell, share};
use super::sim::{Numbers, Sim};
use super::state::Ask;
use super::theme::{self, space, text, window};
use crate::base::id::ElementId;
use crate::engine::log::Phase;
use crate::model::{Element, Kind, Map, Port, Project, words};
use crate::reports::flow::ElementFlow;
use crate::session::run::{Behind, Run};

/// Shows the report, or the contacts behind one of its numbers.
pub fn show(ui: &mut Ui, map: &Map, selected: Option<ElementId>, sim: &mut Sim, asks: &mut Vec<Ask>) {
    let Some(run) = sim.run().cloned() else {
        parts::section(ui, "Reports");
        no_run(ui, sim);
        return;
    };
    if let Some(list) = sim.behind() {
        let mut back = false;
        ui.horizontal(|ui| {
            back = Icon::ChevronLeft.button(ui, "Back to contact flow").clicked();
            ui.add(Label::new(RichText::new(&list.title).text_style(theme::title_style())).truncate());
        });
        match &list.contacts {
            None => {
                ui.horizontal(|ui| {
                    ui.spinner();
                    ui.label("Looking for them");
                });
            }
            Some(found) => {
                parts::caption(ui, words::counted(found.len(), "contact", "contacts"));
                contacts::some(ui, &run.project.people, found, asks);
            }
        }
        if back {
            sim.forget_behind();
        }
        return;
    }
    parts::section(ui, "Contact flow");
    parts::caption(ui, "Who is where, who was, at the playhead");
    let project = run.project.clone();
    if let Some(numbers) = sim.last_numbers() {
        if numbers.flow.elements.is_empty() {
            parts::quiet(ui, "This run does not know the map yet. Run again to see who goes where");
            return;
        }
        // The states stand right below the elements, and the elements leave room for them.
        let below =
            if numbers.states.is_empty() { 0.0 } else { (numbers.states.len() as f32 + 2.5) * window::ROW };
        let room = (ui.available_height() - below).max(LEAST_ROWS * window::ROW);
        table(ui, &project, map, numbers, selected, room, asks);
        if !numbers.states.is_empty() {
            parts::section(ui, "Sequences");
            sequences(ui, &project, map, numbers, selected, asks);
        }
    }
}

/// Rows of contact flow that are always in sight.
const LEAST_ROWS: f32 = 4.0;

/// How many contacts are in each state of each sequence (K-07).
fn sequences(
    ui: &mut Ui,
    project: &Project,
    map: &Map,
    numbers: &Numbers,
    selected: Option<ElementId>,
    asks: &mut Vec<Ask>,
) {
    let shown = selected.and_then(|id| map.sequence_of(id));
    let states = &numbers.states;
    numbers_table(ui, "sequences", ("Sequence", &STATES), f32::INFINITY).body(|body| {
        body.rows(window::ROW, states.len(), |mut row| {
            let Some(states) = states.get(row.index()) else { return };
            let name = words::sequence_name(project, states.sequence, numbers.at);
            row.set_selected(shown.is_some_and(|shown| shown.id == states.sequence));
            row.col(|ui| {
                ui.label(Icon::Sequence.rich().color(theme::palette(ui).filter));
                ui.add(Label::new(&name).truncate());
            });
            let cells =
                [(states.active, Phase::Started), (states.queued, Phase::Queued), (states.done, Phase::Done)];
            for ((word, _), (number, phase)) in STATES.iter().zip(cells) {
                row.col(|ui| {
                    let label = format!("{}: {name}", word.to_lowercase());
                    if number_cell(ui, &count(number), &label, number > 0).clicked() {
                        let behind = Behind::InState(states.sequence, phase);
                        asks.push(Ask::Behind(behind, format!("{word} in {name}")));
                    }
                });
            }
            row.col(|_| {});
            let first = map.sequences.get(&states.sequence).and_then(|sequence| sequence.steps.first());
            if row.response().clicked() {
                asks.extend(first.map(|step| Ask::Show(*step)));
            }
        });
    });
}

/// The states in a sequence with what they mean.
const STATES: [(&str, &str); 3] = [
    ("Active", "Contacts with steps left"),
    ("Queued", "Contacts whose steps are done and who stand before the next goal"),
    ("Done", "Contacts whose steps are done and who have nothing below"),
];

/// The head of a table of a name and three numbers in each row, which is at most so tall.
fn numbers_table<'a>(
    ui: &'a mut Ui,
    salt: &str,
    (first, heads): (&str, &[(&str, &str); 3]),
    room: f32,
) -> egui_extras::Table<'a> {
    let p = theme::palette(ui);
    ui.spacing_mut().item_spacing.x = space::XS;
    TableBuilder::new(ui)
        .id_salt(salt)
        .max_scroll_height(room)
        .sense(Sense::click())
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::remainder().clip(true))
        .columns(Column::exact(window::NUMBER_COLUMN), heads.len())
        // The bar that scrolls lies here and not on numbers.
        .column(Column::exact(space::M))
        .header(window::ROW, |mut header| {
            header.col(|ui| drop(ui.label(RichText::new(first).small().color(p.quiet))));
            for (word, tip) in heads {
                header.col(|ui| {
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        ui.label(RichText::new(*word).small().color(p.quiet)).on_hover_text(*tip);
                    });
                });
            }
            header.col(|_| {});
        })
}

fn no_run(ui: &mut Ui, sim: &Sim) {
    if sim.is_running() {
        parts::empty(ui, Icon::Chart, "The run is under way", "Its numbers will stand here and on the map");
    } else {
        parts::empty(ui, Icon::Chart, "No numbers yet", "Run the project to see where contacts are and were");
    }
}

fn table(
    ui: &mut Ui,
    project: &Project,
    map: &Map,
    numbers: &Numbers,
    selected: Option<ElementId>,
    room: f32,
    asks: &mut Vec<Ask>,
) {
    let p = theme::palette(ui);
    let rows = &numbers.flow.elements;
    let heads = [
        ("Here", "Contacts who rest here now"),
        ("Were", "Contacts who came here and are not here now"),
        ("Came", "Contacts who ever came here: the two before together"),
    ];
    numbers_table(ui, "contact flow", ("Element", &heads), room).body(|body| {
        body.rows(window::ROW, rows.len(), |mut row| {
            let Some(flow) = rows.get(row.index()) else { return };
            let element = project.element_as_run(flow.id, numbers.at);
            let mut title = words::title_as_run(project, flow.id, numbers.at);
            // what is gone from the draft is still in the run
            if map.element(flow.id).is_none() {
                title.push_str(" (no longer in the draft)");
            }
            row.set_selected(selected == Some(flow.id));
            row.col(|ui| {
                if let Some(element) = element {
                    let color = p.family(marks::family(&element.kind)).fill;
                    ui.label(Icon::of(&element.kind).rich().color(color));
                }
                ui.add(Label::new(&title).truncate());
            });
            let cells = [
                (flow.here_now, "here", Behind::Here(flow.id), "Here now at"),
                (flow.were_here, "were", Behind::Were(flow.id), "Were at"),
                (flow.visited, "came", Behind::Visited(flow.id), "Came to"),
            ];
            for (number, word, behind, sentence) in cells {
                row.col(|ui| {
                    let name = format!("{word}: {title}");
                    if number_cell(ui, &count(number), &name, number > 0).clicked() {
                        asks.push(Ask::Behind(behind, format!("{sentence} {title}")));
                    }
                });
            }
            row.col(|_| {});
            if row.response().clicked() {
                asks.push(Ask::Show(flow.id));
            }
        });
    });
}

/// The figures of the selected element, or of the whole run.
pub fn figures(ui: &mut Ui, map: &Map, selected: Option<ElementId>, sim: &mut Sim, asks: &mut Vec<Ask>) {
    sim.ask_goals(map.id);
    let sim = &*sim;
    let Some(run) = sim.run() else {
        parts::section(ui, "Figures");
        no_run(ui, sim);
        return;
    };
    egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        let flow = selected.and_then(|id| {
            sim.last_numbers().and_then(|numbers| numbers.flow.elements.iter().find(|flow| flow.id == id))
        });
        match (selected, flow) {
            (Some(id), Some(flow)) => {
                element_figures(ui, run, map, id, flow, sim, asks);
            }
            (Some(_), None) => {
                parts::section(ui, "Figures");
                parts::quiet(ui, "The run is older than this element: run again to see its numbers");
            }
            (None, _) => run_figures(ui, sim, asks),
        }
    });
}

/// What the contact that is followed achieved here, or why not.
fn of_contact(ui: &mut Ui, run: &Run, map: &Map, id: ElementId, sim: &Sim, asks: &mut Vec<Ask>) {
    let Some(story) = sim.story() else { return };
    let Some(goal) = story.goals(map.id).iter().find(|goal| goal.element == id) else { return };
    let contact = run.project.people.contact(story.contact);
    parts::section(ui, contact.map_or("", |contact| &contact.key));
    goal.details(ui, &run.plan().zone, asks);
}

fn run_figures(ui: &mut Ui, sim: &Sim, asks: &mut Vec<Ask>) {
    let Some(run) = sim.run() else { return };
    parts::section(ui, "This run");
    let zone = &run.plan().zone;
    let counts = run.counts();
    let lines = [
        ("Contacts", count(run.project.people.len() as u64)),
        ("Events", count(run.project.people.event_count() as u64)),
        ("Messages sent", count(counts.messages())),
        ("Rest at open ends", count(counts.open_ends())),
        ("Lost", count(counts.faults())),
        ("First instant", parts::clock(zone, run.from)),
        ("Last instant", parts::clock(zone, run.end())),
    ];
    for (word, value) in lines {
        line(ui, word, &value);
    }
    ui.add_space(space::S);
    parts::section(ui, "Chance");
    let mut seed = sim.settings.seed;
    let label = ui.label("Seed");
    let field = egui::DragValue::new(&mut seed).speed(1.0);
    if ui.add(field).labelled_by(label.id).changed() {
        asks.push(Ask::Seed(seed));
    }
    parts::quiet(ui, "The same seed gives the same run. Another one shows how much is chance");
    if seed != run.seed {
        parts::quiet(ui, "Run again to use the new seed");
    }
    ui.add_space(space::M);
    parts::quiet(ui, "Select an element to see its figures");
}

fn line(ui: &mut Ui, word: &str, value: &str) -> egui::Response {
    let quiet = theme::palette(ui).quiet;
    let between = std::mem::take(&mut ui.spacing_mut().item_spacing.y);
    let shown = ui.horizontal(|ui| {
        ui.label(RichText::new(word).color(quiet));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.add(Label::new(value).truncate()));
    });
    ui.spacing_mut().item_spacing.y = between;
    shown.response
}

fn element_figures(
    ui: &mut Ui,
    run: &Run,
    map: &Map,
    id: ElementId,
    flow: &ElementFlow,
    sim: &Sim,
    asks: &mut Vec<Ask>,
) {
    let p = theme::palette(ui);
    let project = &*run.project;
    let at = sim.last_numbers().map_or(run.until, |numbers| numbers.at);
    let title = words::title_as_run(project, id, at);
    ui.horizontal(|ui| {
        if let Some(element) = map.element(id) {
            let color = p.family(marks::family(&element.kind)).fill;
            ui.label(Icon::of(&element.kind).rich().color(color));
        }
        ui.add(Label::new(RichText::new(&title).text_style(theme::title_style())).truncate());
    });
    ui.columns(2, |columns| {
        let loud = [
            (flow.here_now, "here now", Behind::Here(id), "Here now at"),
            (flow.were_here, "were here", Behind::Were(id), "Were at"),
        ];
        for (ui, (number, word, behind, sentence)) in columns.iter_mut().zip(loud) {
            let words = RichText::new(count(number)).font(theme::strong(text::NUMBER));
            let response = ui.add(Label::new(words).sense(Sense::click()));
            response.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::Button, true, format!("{} {word}", count(number)))
            });
            if response.on_hover_text("List these contacts").clicked() {
                asks.push(Ask::Behind(behind, format!("{sentence} {title}")));
            }
            parts::caption(ui, word);
        }
    });
    if matches!(flow.kind, Kind::Trigger | Kind::Goal) {
        let word = if flow.kind == Kind::Goal { "Achieved" } else { "Fired" };
        parts::section(ui, word);
        line(ui, "Times", &count(flow.activations));
        line(ui, "Contacts", &count(flow.activators));
    }
    of_contact(ui, run, map, id, sim, asks);
    let states = sim.last_numbers().map_or(&[][..], |numbers| &numbers.states);
    if let Some(sequence) = map.sequence_of(id)
        && let Some(states) = states.iter().find(|states| states.sequence == sequence.id)
    {
        parts::section(ui, &format!("Sequence “{}”", sequence.name));
        for ((word, tip), number) in STATES.iter().zip([states.active, states.queued, states.done]) {
            line(ui, word, &count(number)).on_hover_text(*tip);
        }
    }
    visits(ui, flow);
    ways_out(ui, project.element_as_run(id, at), project, flow);
    let jumps: Vec<_> = sim
        .last_numbers()
        .map(|numbers| numbers.flow.jumps.iter().filter(|jump| jump.to == id).copied().collect())
        .unwrap_or_default();
    if !jumps.is_empty() {
        parts::section(ui, "Pulled here from");
        for jump in jumps {
            line(ui, &words::title_as_run(project, jump.from, at), &count(jump.contacts));
        }
    }
}

/// Where the visits are now, which adds up.
fn visits(ui: &mut Ui, flow: &ElementFlow) {
    let p = theme::palette(ui);
    parts::section(ui, "Visits");
    let (came, went) = flow.balance();
    line(ui, "Came", &count(came));
    line(ui, "Rest here", &count(flow.resting));
    let left: u32 = flow.left.iter().map(|(_, visits)| visits).sum();
    line(ui, "Left by a way out", &count(left));
    line(ui, "Taken by goals elsewhere", &count(flow.taken));
    if flow.removed > 0 {
        line(ui, "Taken off the map", &count(flow.removed));
    }
    if flow.dropped > 0 {
        line(ui, "Lost here", &count(flow.dropped));
    }
    let rare = [(flow.removed, "off the map"), (flow.dropped, "lost")];
    let rare = rare.iter().filter(|(visits, _)| *visits > 0);
    let sum = format!(
        "{} came = {} rest + {} left + {} taken{}",
        count(came),
        count(flow.resting),
        count(left),
        count(flow.taken),
        rare.map(|(visits, word)| format!(" + {} {word}", count(*visits))).collect::<String>()
    );
    let balanced = came == went;
    let color = if balanced { p.good } else { p.bad };
    let sign = if balanced { Icon::Passed } else { Icon::Failed };
    ui.add(Label::new(RichText::new(format!("{} {sum}", sign.glyph())).small().color(color)).wrap());
}

fn ways_out(ui: &mut Ui, element: Option<&Element>, project: &Project, flow: &ElementFlow) {
    let all: u32 = flow.left.iter().map(|(_, visits)| visits).sum();
    if flow.left.len() < 2 || all == 0 {
        return;
    }
    parts::section(ui, "Ways out");
    for (port, visits) in &flow.left {
        let label = element.map(|element| words::port_label(project, element, *port)).unwrap_or_default();
        let label = match (label.is_empty(), port) {
            (false, _) => label,
            (true, Port::Goal) => "To its goals".into(),
            (true, port) => port.to_string(),
        };
        line(ui, &label, &format!("{}   {}", count(*visits), share(*visits, all)));
    }
}
