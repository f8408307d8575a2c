//! Publishes a map: from when its version holds, what forbids it, and what becomes of the contacts on it, before it is
//! done (L-02).

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{Context, ProgressBar, RichText, ScrollArea, Ui};

use super::{Pressed, WIDTH, foot, modal};
use crate::app::canvas::marks;
use crate::app::icons::Icon;
use crate::app::parts::{self, Row, clock};
use crate::app::sim::{element_title, waker};
use crate::app::state::Ask;
use crate::app::theme::{self, space, window};
use crate::app::widgets;
use crate::base::id::{ElementId, MapId};
use crate::base::problem::{Problem, Severity};
use crate::base::time::{Instant, Zone, parse_instant};
use crate::model::{EventType, Project, words};
use crate::session::command::{Command, plan};
use crate::session::impact::{Impact, impact};
use crate::session::job::{Job, JobState};
use crate::session::run::{RunError, RunSettings};

/// What is filled in, and what would come of it.
pub struct PublishDialog {
    map: MapId,
    settings: RunSettings,
    zone: Zone,
    /// From the start of each run, which only a first version can.
    from_start: bool,
    /// The instant as it is typed.
    when: String,
    place_matching: bool,
    /// What the rest was worked out for.
    asked: Option<Asked>,
    refusal: Option<String>,
    counted: Counted,
}

/// From when the version holds, and whether contacts are placed.
type Asked = (Option<Instant>, bool);

/// What becomes of the contacts.
enum Counted {
    /// There is nothing to count.
    Nothing,
    Counting(Job<Result<Impact, RunError>>),
    /// The user stopped it.
    Stopped,
    Done(Impact),
    Failed(String),
}

/// In milliseconds.
const SECOND: i64 = 1_000;

/// How the dialog stands.
pub enum State {
    /// Open.
    Open,
    /// Over.
    Left,
    /// The thread that counted panicked.
    Died,
}

impl PublishDialog {
    /// The draft of a map, from the start of each run; a later version from the second after the playhead, or after the
    /// last event where there is none: so it finds contacts as the numbers show them.
    pub fn new(project: &Project, map: MapId, playhead: Option<Instant>, settings: RunSettings) -> Self {
        let zone = Zone::new(project.settings.account_zone);
        let last_event = || project.people.span().map(|(_, last)| last);
        let next_second = |at: Instant| Instant((at.0.div_euclid(SECOND) + 1) * SECOND);
        let at = playhead.or_else(last_event).map(|at| zone.to_local(next_second(at)));
        let when = at.map(|at| format!("{} {}", at.date(), words::time_in_words(at.time())));
        Self {
            map,
            settings,
            zone,
            from_start: project.last_version(map).is_none(),
            when: when.unwrap_or_default(),
            place_matching: false,
            asked: None,
            refusal: None,
            counted: Counted::Nothing,
        }
    }

    /// Shows it.
    pub fn show(
        &mut self,
        ctx: &Context,
        project: &Arc<Project>,
        problems: &[Problem],
        asks: &mut Vec<Ask>,
    ) -> State {
        if let Counted::Counting(job) = &self.counted {
            match job.poll() {
                JobState::Running => {}
                JobState::Died => return State::Died,
                JobState::Done(Ok(impact)) => self.counted = Counted::Done(impact),
                JobState::Done(Err(RunError::Cancelled)) => self.counted = Counted::Stopped,
                JobState::Done(Err(error)) => self.counted = Counted::Failed(error.to_string()),
            }
        }
        let errors: Vec<_> = problems
            .iter()
            .filter(|problem| problem.map == Some(self.map) && problem.severity == Severity::Error)
            .collect();
        let name = project.map(self.map).map_or("", |map| &map.name);
        let mut went = false;
        let (pressed, close) = modal(ctx, &format!("Publish “{name}”"), WIDTH, |ui| {
            let at = self.when(ui, project);
            let sentence = format!(
                "Contacts whose record fits go to new goals and triggers at once: {}. A click or a form of the past \
                 counts for nothing",
                EventType::placed_in_words()
            );
            ui.add_space(space::S);
            widgets::check(ui, &mut self.place_matching, "Place contacts who already match", &sentence);
            if errors.is_empty() {
                self.look_ahead(ctx, project, at);
                self.effects(ui, project);
            } else {
                went = forbidden(ui, project, &errors, asks);
            }
            let ready = self.asked == at.map(|at| (at, self.place_matching)) && self.refusal.is_none();
            let counted = !matches!(self.counted, Counted::Counting(_));
            let can = errors.is_empty() && at.is_some() && ready && counted;
            (foot(ui, "Publish", can, &["Cancel"]), at)
        });
        match pressed {
            (Some(Pressed::Main), Some(at)) => {
                let place_matching = self.place_matching;
                asks.push(Ask::ChangeAndRunAgain(Command::Publish { map: self.map, at, place_matching }));
                State::Left
            }
            (None | Some(Pressed::Main), _) if !close && !went => State::Open,
            _ => {
                self.stop();
                State::Left
            }
        }
    }

    /// From when it holds; `None`: what is typed is no instant. The inner `None`: from the start of each run.
    fn when(&mut self, ui: &mut Ui, project: &Project) -> Option<Option<Instant>> {
        match project.last_version(self.map) {
            None => {
                parts::quiet(ui, "Nothing is published yet, so runs follow the map as it is drawn");
                widgets::label(ui, "From when it holds");
                let sentence = "Contacts find it there from the first";
                if widgets::choice(ui, self.from_start, "From the start of each run", sentence).clicked() {
                    self.from_start = true;
                }
                let sentence = "Before, nobody comes onto it";
                if widgets::choice(ui, !self.from_start, "From an instant", sentence).clicked() {
                    self.from_start = false;
                }
            }
            Some(last) => {
                let last = last
                    .at
                    .map_or_else(|| "from the start".into(), |at| format!("from {}", clock(&self.zone, at)));
                parts::quiet(ui, format!("The last published version holds {last}, until this one does"));
                self.from_start = false;
            }
        }
        if self.from_start {
            return Some(None);
        }
        let label = widgets::label(ui, "Date and time");
        let id = ui.make_persistent_id("when");
        let field = widgets::text_field(ui, id, &mut self.when, "2026-01-31 14:00", window::NAME);
        let field = field.labelled_by(label.id);
        match parse_instant(self.when.trim(), &self.zone, None) {
            Ok(at) => {
                widgets::help(ui, &format!("{}, {}", clock(&self.zone, at), self.zone.name()));
                Some(Some(at))
            }
            Err(error) => {
                widgets::mark_bad(ui, &field);
                widgets::error(ui, &error.to_string());
                None
            }
        }
    }

    /// Works out what would come of it, where that has not been done yet.
    fn look_ahead(&mut self, ctx: &Context, project: &Arc<Project>, at: Option<Option<Instant>>) {
        let asked = at.map(|at| (at, self.place_matching));
        if self.asked == asked {
            return;
        }
        self.stop();
        self.asked = asked;
        self.counted = Counted::Nothing;
        let Some((at, place_matching)) = asked else { return };
        let command = Command::Publish { map: self.map, at, place_matching };
        self.refusal = plan(project, command).err().map(|refusal| refusal.0);
        if self.refusal.is_none() {
            self.count(ctx, project);
        }
    }

    /// Counts what becomes of contacts, on another thread.
    fn count(&mut self, ctx: &Context, project: &Arc<Project>) {
        let Some((at, place_matching)) = self.asked else { return };
        // A version from the start comes in when the run begins.
        let first = self.settings.from.or_else(|| project.people.span().map(|(first, _)| first));
        let Some(at) = at.or(first).filter(|_| !project.people.is_empty()) else { return };
        let (project, settings, map) = (project.clone(), self.settings, self.map);
        let work = move |control: &_| impact(&project, settings, (map, at, place_matching), control);
        self.counted = Counted::Counting(Job::start("Counting", waker(ctx), work));
    }

    fn stop(&self) {
        if let Counted::Counting(job) = &self.counted {
            job.cancel();
        }
    }

    /// What becomes of the contacts on the map.
    fn effects(&mut self, ui: &mut Ui, project: &Arc<Project>) {
        if let Some(refusal) = &self.refusal {
            ui.add_space(space::S);
            widgets::error(ui, refusal);
            return;
        }
        if self.asked.is_none() {
            return;
        }
        widgets::section(ui, "What happens to contacts");
        let mut again = false;
        match &self.counted {
            Counted::Nothing => drop(parts::quiet(ui, "There are no contacts yet, so nobody is affected")),
            Counted::Counting(job) => {
                let (done, of) = job.progress();
                let share = if of == 0 { 0.0 } else { done as f32 / of as f32 };
                ui.horizontal(|ui| {
                    let bar = ProgressBar::new(share).desired_width(window::NAME);
                    ui.add(bar.fill(theme::palette(ui).accent).text(format!("{:.0} %", share * 100.0)));
                    if ui.button("Stop counting").clicked() {
                        job.cancel();
                    }
                });
                ui.request_repaint_after(std::time::Duration::from_millis(100));
            }
            Counted::Stopped => {
                parts::quiet(ui, "Not counted");
                again = ui.button("Count again").clicked();
            }
            Counted::Failed(why) => drop(widgets::error(ui, &format!("Not counted: {why}"))),
            Counted::Done(impact) => effects(ui, project, impact),
        }
        if again {
            self.count(ui, project);
        }
    }
}

/// The errors that forbid it, each with the way to it; whether one went there.
fn forbidden(ui: &mut Ui, project: &Project, errors: &[&Problem], asks: &mut Vec<Ask>) -> bool {
    widgets::section(ui, "What forbids it");
    let bad = theme::palette(ui).bad;
    let mut went = false;
    let list = ScrollArea::vertical().max_height(window::DIALOG_LIST).auto_shrink([false, true]);
    list.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for problem in errors {
            let element = problem.elements.first().copied();
            let title = element.map(|element| element_title(project, element)).unwrap_or_default();
            let row = Row {
                icon: Some((Icon::Error, bad)),
                title: &problem.sentence,
                second: &title,
                ..Row::default()
            };
            if row.show(ui).on_hover_text("Shows it on the map").clicked() {
                asks.extend(element.map(Ask::Show));
                went = true;
            }
        }
    });
    went
}

/// What becomes of contacts, element by element.
fn effects(ui: &mut Ui, project: &Project, impact: &Impact) {
    let p = theme::palette(ui);
    if impact.is_empty() {
        ui.label(RichText::new(format!("{} Nobody is affected", Icon::Passed.glyph())).color(p.good));
    }
    if impact.on_map > 0 {
        let on_map = words::counted(impact.on_map as usize, "contact is", "contacts are");
        parts::quiet(ui, format!("{on_map} on the map then"));
    }
    let list = ScrollArea::vertical().max_height(window::DIALOG_LIST).auto_shrink([false, true]);
    list.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (element, effects) in by_element(impact) {
            let title = element_title(project, element);
            let kind = project.find_element(element).map(|element| &element.kind);
            let icon = kind.map(|kind| (Icon::of(kind), p.family(marks::family(kind)).fill));
            let second = effects.join(" · ");
            let name = format!("{title}: {second}");
            let row = Row { icon, title: &title, second: &second, name: &name, ..Row::default() };
            Row { sense: egui::Sense::hover(), ..row }.show(ui).on_hover_text(&second);
        }
    });
}

/// For each element what becomes of how many contacts, in words.
fn by_element(impact: &Impact) -> BTreeMap<ElementId, Vec<String>> {
    let sides = [
        (&impact.removed, "contact is removed", "contacts are removed"),
        (&impact.done_late, "contact gets it late, at once", "contacts get it late, at once"),
        (&impact.going_on, "contact goes on at once", "contacts go on at once"),
        (&impact.skipped, "contact skips it, too late for it", "contacts skip it, too late for it"),
        (&impact.waits_changed, "contact waits until another time", "contacts wait until another time"),
        (&impact.placed, "contact is placed here", "contacts are placed here"),
    ];
    let mut all: BTreeMap<ElementId, Vec<String>> = BTreeMap::new();
    for (counts, one, many) in sides {
        for (element, count) in counts {
            all.entry(*element).or_default().push(words::counted(*count as usize, one, many));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id;

    #[test]
    fn all_that_becomes_of_contacts_at_an_element_stands_in_one_row() {
        let (wait, goal) = (ElementId::new(1), ElementId::new(2));
        let impact = Impact {
            removed: [(wait, 1_200)].into(),
            waits_changed: [(wait, 1)].into(),
            placed: [(goal, 3)].into(),
            ..Impact::default()
        };
        let rows: Vec<_> = by_element(&impact).into_iter().collect();
        let waits = vec!["1,200 contacts are removed".into(), "1 contact waits until another time".into()];
        assert_eq!(rows, [(wait, waits), (goal, vec!["3 contacts are placed here".into()])]);
    }
}
