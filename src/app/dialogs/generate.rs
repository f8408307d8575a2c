//! Invents contacts: how many, what brings them in, how many achieve the goal and when.

use chrono::NaiveTime;
use egui::{Context, DragValue, Grid, Label, RichText, TextEdit, Ui};

use super::{Pressed, WIDTH, foot, modal};
use crate::app::icons::Icon;
use crate::app::parts;
use crate::app::sim::waker;
use crate::app::state::Ask;
use crate::app::theme::{self, space, window};
use crate::app::widgets::dropdown;
use crate::base::id::MapId;
use crate::base::time::{Instant, Zone, parse_date};
use crate::model::catalogue::Shelved;
use crate::model::{EventFilter, Form, Graph, Project, Split, words};
use crate::session::command::Command;
use crate::session::generate::{self, Generate, GenerateError, GoalRate, MOST};
use crate::session::job::{Job, JobState};

/// Above so many contacts they are invented on another thread.
const AT_ONCE: u32 = 20_000;
/// How many are offered first.
const FIRST: u32 = 1_000;

/// What is filled in.
pub struct GenerateDialog {
    settings: Generate,
    /// What triggers of the map listen for, with their words.
    triggers: Vec<(String, EventFilter)>,
    /// What goals of the map listen for, with their words.
    goals: Vec<(String, EventFilter)>,
    date: String,
    error: Option<GenerateError>,
    job: Option<Job<Result<Command, GenerateError>>>,
}

/// How the dialog stands.
pub enum State {
    /// Open.
    Open,
    /// Over, without contacts.
    Left,
    /// The thread that invented them panicked.
    Died,
}

impl GenerateDialog {
    /// Settings that suit a map.
    pub fn new(project: &Project, map: MapId, seed: u64) -> Result<Self, GenerateError> {
        let zone = Zone::new(project.settings.account_zone);
        let from = project.people.span().map_or_else(first_day, |(first, _)| zone.date_of(first));
        let from_instant = zone.at(from, NaiveTime::MIN);
        let settings = generate::suggest(project, Some(map), FIRST, from_instant, seed)?;
        let mut dialog = Self {
            settings,
            triggers: vec![],
            goals: vec![],
            date: from.to_string(),
            error: None,
            job: None,
        };
        dialog.list(project);
        Ok(dialog)
    }

    /// Lists what the map listens for.
    fn list(&mut self, project: &Project) {
        let Some(map) = project.map(self.settings.map) else { return };
        let graph = Graph::of(map);
        let elements = || graph.order.iter().filter_map(|id| map.element(*id));
        let of = |triggers: bool| {
            let listening = elements()
                .filter(|element| matches!(element.kind, crate::model::ElementKind::Trigger(_)) == triggers);
            let mut found: Vec<(String, EventFilter)> = listening
                .filter_map(|element| {
                    Some((words::title(project, element), element.kind.listener()?.on.clone()))
                })
                .filter(|(_, on)| !on.is_incomplete())
                .collect();
            found.dedup_by(|a, b| a.1 == b.1);
            found
        };
        (self.triggers, self.goals) = (of(true), of(false));
    }

    /// Shows it.
    pub fn show(&mut self, ctx: &Context, project: &Project, asks: &mut Vec<Ask>) -> State {
        if let Some(job) = &self.job {
            match job.poll() {
                JobState::Running => {}
                JobState::Died => return State::Died,
                JobState::Done(Ok(command)) => {
                    asks.push(Ask::ChangeAndRun(command));
                    return State::Left;
                }
                JobState::Done(Err(error)) => (self.error, self.job) = (Some(error), None),
            }
        }
        let (pressed, close) = modal(ctx, "Generate contacts", WIDTH, |ui| {
            parts::quiet(ui, "They come in one after the other, and some do later what the goal hopes for");
            ui.add_enabled_ui(self.job.is_none(), |ui| self.form(ui));
            self.trouble(ui, project, asks);
            if self.job.is_some() {
                ui.horizontal(|ui| {
                    ui.spinner();
                    ui.label("Inventing contacts");
                });
            }
            foot(ui, "Generate and run", self.job.is_none() && self.from(project).is_some(), &["Cancel"])
        });
        match pressed {
            Some(Pressed::Main) => self.start(ctx, project, asks),
            Some(Pressed::Other(_)) => State::Left,
            None if close => State::Left,
            None => State::Open,
        }
    }

    fn form(&mut self, ui: &mut Ui) {
        let settings = &mut self.settings;
        Grid::new("generate").num_columns(2).spacing([space::L, space::S]).show(ui, |ui| {
            number(ui, "How many", &mut settings.count, 1..=MOST, " contacts");
            ui.end_row();
            let label = ui.label("First day");
            ui.add(TextEdit::singleline(&mut self.date).desired_width(window::FIELD_SHORT))
                .labelled_by(label.id);
            ui.end_row();
            number(ui, "Spread over", &mut settings.over_days, 1..=3_650, " days");
            ui.end_row();
            choice(ui, "What brings them in", &self.triggers, &mut settings.enter);
            ui.end_row();
            let label = ui.label("What they do later");
            let now = settings.goal.as_ref().map(|goal| goal.on.clone());
            let word = self
                .goals
                .iter()
                .find(|(_, on)| Some(on) == now.as_ref())
                .map_or("Nothing", |(word, _)| word);
            let combo = dropdown(ui, "goal", word, ui.available_width());
            let response = combo.show_ui(ui, |ui| {
                if ui.selectable_label(now.is_none(), "Nothing").clicked() {
                    settings.goal = None;
                }
                for (word, on) in &self.goals {
                    if ui.selectable_label(now.as_ref() == Some(on), word).clicked() {
                        let rate =
                            settings.goal.as_ref().map_or((3_000, 7), |goal| (goal.share, goal.mean_days));
                        settings.goal = Some(GoalRate { on: on.clone(), share: rate.0, mean_days: rate.1 });
                    }
                }
            });
            response.response.labelled_by(label.id);
            ui.end_row();
            if let Some(goal) = &mut settings.goal {
                let mut percent = f64::from(goal.share) / 100.0;
                let label = ui.label("How many of them");
                let field =
                    DragValue::new(&mut percent).range(0.0..=100.0).speed(0.5).max_decimals(2).suffix(" %");
                if ui.add(field).labelled_by(label.id).changed() {
                    goal.share = (percent * 100.0).round().clamp(0.0, f64::from(Split::WHOLE)) as u16;
                }
                ui.end_row();
                number(ui, "After, on average", &mut goal.mean_days, 0..=3_650, " days");
                ui.end_row();
            }
            let label = ui.label("Seed");
            ui.add(DragValue::new(&mut settings.seed))
                .labelled_by(label.id)
                .on_hover_text("The same seed gives the same contacts");
            ui.end_row();
        });
    }

    /// What stands in the way, and where it can be put right at once.
    fn trouble(&self, ui: &mut Ui, project: &Project, asks: &mut Vec<Ask>) {
        let bad = theme::palette(ui).bad;
        if self.from(project).is_none() {
            ui.label(RichText::new("The first day is not a date such as 2026-01-31").color(bad));
        }
        if self.triggers.len() < 2 {
            parts::quiet(ui, "The map has no trigger of its own yet, so contacts are added to it by hand");
        }
        let Some(error) = &self.error else { return };
        let words = format!("{} {error}", Icon::Error.glyph());
        ui.add(Label::new(RichText::new(words).color(bad)).wrap());
        // Any form will do, so a first one can be made here; other things are chosen on the map.
        if matches!(error, GenerateError::Nothing { what: "form", .. }) && ui.button("Add a form").clicked() {
            let form = Form::new(project.fresh().id(), "Form 1");
            asks.push(Ask::Change(Command::PutItem(form.into())));
        }
    }

    fn from(&self, project: &Project) -> Option<Instant> {
        let date = parse_date(self.date.trim(), None).ok()?;
        Some(Zone::new(project.settings.account_zone).at(date, NaiveTime::MIN))
    }

    fn start(&mut self, ctx: &Context, project: &Project, asks: &mut Vec<Ask>) -> State {
        let Some(from) = self.from(project) else { return State::Open };
        self.settings.from = from;
        let (project, settings) = (project.clone(), self.settings.clone());
        let invent = move || {
            generate::generate(&project, &settings).map(|people| generate::command(&settings, people))
        };
        if self.settings.count > AT_ONCE {
            self.job = Some(Job::start("Inventing contacts", waker(ctx), move |_: &_| invent()));
            return State::Open;
        }
        match invent() {
            Ok(command) => {
                asks.push(Ask::ChangeAndRun(command));
                State::Left
            }
            Err(error) => {
                self.error = Some(error);
                State::Open
            }
        }
    }
}

/// A day that is as good as any other where nothing has happened yet: the Monday of the samples.
pub fn first_day() -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 1, 5).unwrap_or_default()
}

fn number(ui: &mut Ui, word: &str, value: &mut u32, range: std::ops::RangeInclusive<u32>, suffix: &str) {
    let label = ui.label(word);
    ui.add(DragValue::new(value).range(range).suffix(suffix)).labelled_by(label.id);
}

fn choice(ui: &mut Ui, word: &str, all: &[(String, EventFilter)], now: &mut EventFilter) {
    let label = ui.label(word);
    let shown = all
        .iter()
        .find(|(_, on)| on == now)
        .map_or_else(|| now.event_type().info().title.to_owned(), |(word, _)| word.clone());
    let combo = dropdown(ui, word, &shown, ui.available_width());
    let response = combo.show_ui(ui, |ui| {
        for (word, on) in all {
            ui.selectable_value(now, on.clone(), word);
        }
    });
    response.response.labelled_by(label.id);
}
