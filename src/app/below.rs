//! What opens under the timeline: findings, tests, what was done.

use egui::{RichText, ScrollArea, Ui};

use super::commands::WindowCommand;
use super::icons::Icon;
use super::parts::{self, Row};
use super::state::{Ask, Tab, Workbench};
use super::theme::{self, space};
use crate::base::problem::Severity;
use crate::model::Project;

/// Shows the open tab.
pub fn show(ui: &mut Ui, bench: &mut Workbench, tab: Tab, asks: &mut Vec<Ask>) {
    match tab {
        Tab::Problems => problems(ui, bench, asks),
        Tab::Tests => bench.tests.show(ui, bench.session.project(), asks),
        Tab::History => history(ui, bench, asks),
    }
}

fn problems(ui: &mut Ui, bench: &Workbench, asks: &mut Vec<Ask>) {
    let p = theme::palette(ui);
    let problems = &bench.derived.problems;
    if problems.is_empty() {
        parts::empty(ui, Icon::Passed, "No problems", "The maps do what they say");
        return;
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    let row_height = theme::window::ROW;
    ScrollArea::vertical().auto_shrink([false, false]).show_rows(
        ui,
        row_height,
        problems.len(),
        |ui, rows| {
            for problem in rows.filter_map(|row| problems.get(row)) {
                let (icon, color) = match problem.severity {
                    Severity::Error => (Icon::Error, p.bad),
                    Severity::Warning => (Icon::Warning, p.warning),
                };
                let map = problem.map.and_then(|map| bench.session.project().map(map));
                let right = map.map(|map| map.name.as_str()).unwrap_or_default();
                let name = format!("{}: {}", problem.severity.word(), problem.sentence);
                let row = Row {
                    icon: Some((icon, color)),
                    title: &problem.sentence,
                    right,
                    name: &name,
                    ..Row::default()
                };
                if row.show(ui).clicked() {
                    match (problem.elements.first(), problem.map) {
                        (Some(element), _) => asks.push(Ask::Show(*element)),
                        (None, Some(map)) => asks.push(Ask::ShowMap(map)),
                        (None, None) => {}
                    }
                }
            }
        },
    );
}

fn history(ui: &mut Ui, bench: &Workbench, asks: &mut Vec<Ask>) {
    let p = theme::palette(ui);
    let entries: Vec<_> = bench.session.history().entries().collect();
    if entries.is_empty() {
        parts::empty(
            ui,
            Icon::History,
            "Nothing is done yet",
            "Each change stands here and can be taken back",
        );
        return;
    }
    let done = entries.iter().filter(|entry| !entry.undone).count();
    ui.spacing_mut().item_spacing.y = 0.0;
    let list = ScrollArea::vertical().auto_shrink([false, false]);
    // The latest first, and under all of them where it began.
    list.show_rows(ui, theme::window::ROW, entries.len() + 1, |ui, rows| {
        for row in rows {
            let steps = entries.len() - row;
            let entry = steps.checked_sub(1).and_then(|at| entries.get(at));
            let label = entry.map_or("as it was opened", |entry| entry.label);
            let title = parts::sentence(label);
            let undone = entry.is_some_and(|entry| entry.undone);
            let icon = if undone { (Icon::Redo, p.faint) } else { (Icon::Check, p.good) };
            let row = Row {
                icon: Some(icon),
                title: &title,
                right: if undone { "taken back" } else { "" },
                selected: steps == done,
                ..Row::default()
            };
            if row.show(ui).on_hover_text("Go to how it was then").clicked() && steps != done {
                asks.push(Ask::StepsDone(steps));
            }
        }
    });
}

/// The results of the project's tests.
#[derive(Debug, Default)]
pub struct TestResults {
    results: Vec<(crate::base::id::TestId, Vec<String>)>,
}

impl TestResults {
    /// Takes new results: for each test what did not come out as it should; none: it passed.
    pub fn take(&mut self, results: Vec<(crate::base::id::TestId, Vec<String>)>) {
        self.results = results;
    }

    /// `5/5`: passed of all; only the number of all where they have not been run.
    pub fn tally(&self, project: &Project) -> String {
        let all = project.tests.len();
        if self.results.is_empty() {
            return all.to_string();
        }
        let passed = self.results.iter().filter(|(_, wrong)| wrong.is_empty()).count();
        format!("{passed}/{all}")
    }

    /// Whether a test failed.
    pub fn any_failed(&self) -> bool {
        self.results.iter().any(|(_, wrong)| !wrong.is_empty())
    }

    fn show(&self, ui: &mut Ui, project: &Project, asks: &mut Vec<Ask>) {
        let p = theme::palette(ui);
        if project.tests.is_empty() {
            parts::empty(
                ui,
                Icon::Test,
                "No tests yet",
                "A test says what happens to one contact and what must come out; project files and samples carry them",
            );
            return;
        }
        ui.horizontal(|ui| {
            if ui.button(format!("{} Run tests", Icon::Play.glyph())).clicked() {
                asks.push(Ask::RunTests);
            }
            parts::caption(ui, "Each sends one contact through the maps as they are now");
        });
        ui.add_space(space::XS);
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            for test in project.tests.values() {
                let result = self.results.iter().find(|(id, _)| *id == test.id);
                let (icon, color, right) = match result {
                    None => (Icon::Test, p.faint, "not run"),
                    Some((_, wrong)) if wrong.is_empty() => (Icon::Passed, p.good, "passed"),
                    Some(_) => (Icon::Failed, p.bad, "failed"),
                };
                let wrong = result.map(|(_, wrong)| wrong.join("; ")).unwrap_or_default();
                let row = Row {
                    icon: Some((icon, color)),
                    title: &test.name,
                    right,
                    second: &wrong,
                    ..Row::default()
                };
                let response = row.show(ui);
                if !wrong.is_empty() {
                    response.on_hover_ui(|ui| {
                        ui.label(RichText::new(&test.name).font(theme::strong(theme::text::BODY)));
                        ui.label(&wrong);
                    });
                }
            }
        });
    }
}

/// The tabs at the right end of the timeline, in a layout from right to left.
pub fn tabs(ui: &mut Ui, bench: &Workbench, asks: &mut Vec<Ask>) {
    let p = theme::palette(ui);
    let problems = bench.derived.problems.len();
    let worst = bench.derived.problems.iter().map(|problem| problem.severity).max();
    let problem_color = match worst {
        Some(Severity::Error) => p.bad,
        Some(Severity::Warning) => p.warning,
        None => p.quiet,
    };
    let tests = bench.tests.tally(bench.session.project());
    let test_color = if bench.tests.any_failed() { p.bad } else { p.quiet };
    let all = [
        (Tab::Problems, "Problems", problems.to_string(), problem_color),
        (Tab::Tests, "Tests", tests, test_color),
        (Tab::History, "History", String::new(), p.quiet),
    ];
    // Laid out from the right end.
    let (icon, words) = match bench.view.tab {
        Some(_) => (Icon::ChevronDown, "Close the panel at the bottom"),
        None => (Icon::ChevronUp, "Open the panel at the bottom"),
    };
    if icon.button(ui, words).clicked() {
        asks.push(Ask::Do(WindowCommand::BottomPanel));
    }
    for (tab, word, number, color) in all.into_iter().rev() {
        let open = bench.view.tab == Some(tab);
        let mut words = egui::text::LayoutJob::default();
        let font = theme::regular(theme::text::BODY);
        let text = |color| egui::TextFormat::simple(font.clone(), color);
        words.append(word, 0.0, text(if open { p.accent_text } else { p.text }));
        if !number.is_empty() {
            words.append(&number, space::XS, text(color));
        }
        let response = ui.add(egui::Button::selectable(open, words));
        response.widget_info(|| {
            egui::WidgetInfo::selected(egui::Role::Tab, true, open, format!("{word} {number}"))
        });
        if response.clicked() {
            asks.push(Ask::Tab(if open { None } else { Some(tab) }));
        }
    }
}
