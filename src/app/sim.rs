//! The run in the window: computed in the background, looked at by a playhead. What hangs on the playhead is computed
//! once per place; for many contacts on another thread, so that the window stays quick.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::Datelike as _;
use egui::Context;

use super::canvas::{ElementNumbers, Highlight, LineNumbers, Overlay};
use super::derived::runs_alike;
use super::goals::Goal;
use super::orders::Placed;
use super::parts;
use crate::base::id::{ElementId, MapId, SequenceId};
use crate::base::time::Instant;
use crate::engine::log::{Phase, PositionNo};
use crate::engine::{LogEntry, What};
use crate::model::{Condition, ContactIx, Port, Project};
use crate::reports::flow::{Flow, flow};
use crate::reports::states::{States, states};
use crate::reports::trace::{Step, trace};
use crate::session::job::{Job, JobState};
use crate::session::playback::Playback;
use crate::session::run::{Behind, Control, Run, RunError, RunSettings};

/// Up to so many contacts the numbers at the playhead are computed within the frame.
const AT_ONCE: usize = 20_000;

/// Bars of the density curve that are kept; the window shows as many as fit.
const CURVE: usize = 512;

/// The run and what is looked at.
#[derive(Default)]
pub struct Sim {
    /// What the next run is made with.
    pub settings: RunSettings,
    job: Option<Job<Result<Run, RunError>>>,
    run: Option<Arc<Run>>,
    stale: Option<(Arc<Project>, bool)>,
    playback: Option<Playback>,
    curve: Vec<f32>,
    numbers: Option<Numbers>,
    numbers_job: Option<Job<Numbers>>,
    story: Option<Story>,
    behind: Option<BehindList>,
    filtered: Option<Filtered>,
    /// With what is asked; only the moment may be another by now.
    filter_job: Option<(Condition, Job<Filtered>)>,
}

/// Up to so many contacts a filter is asked within the frame.
const ASKED_AT_ONCE: usize = 2_000;

/// Who a filter lists at an instant.
#[derive(Debug)]
pub struct Filtered {
    condition: Condition,
    at: Instant,
    /// Who, by place.
    pub contacts: Arc<Vec<ContactIx>>,
}

/// Contact flow of one map at one instant.
#[derive(Debug, Default)]
pub struct Numbers {
    /// When.
    pub at: Instant,
    map: Option<MapId>,
    /// As the reports say it.
    pub flow: Flow,
    /// States in the sequences of the map (K-07).
    pub states: Vec<States>,
    /// As the canvas shows it.
    pub overlay: Overlay,
}

/// The history of one contact.
pub struct Story {
    /// Who.
    pub contact: ContactIx,
    /// Each step in words.
    pub steps: Vec<Step>,
    /// The steps that are told, by their place: not that an element was left, which the next arrival says too, nor
    /// events that were raised where what raised them says the same.
    pub told: Vec<usize>,
    log: Vec<LogEntry>,
    highlight: Option<(Instant, MapId, Highlight)>,
    /// What it achieved on the map that was asked about last, and why not the rest.
    goals: Option<(MapId, Vec<Goal>)>,
    /// Its orders, once they were asked about.
    orders: Option<Vec<Placed>>,
}

/// The contacts behind a number.
pub struct BehindList {
    /// The number in words.
    pub title: String,
    /// Who; `None` while they are looked for.
    pub contacts: Option<Vec<ContactIx>>,
    job: Option<Job<Result<Vec<ContactIx>, RunError>>>,
}

/// What came of background work, to be told.
#[derive(Debug, PartialEq, Eq)]
pub enum News {
    /// A run is finished.
    Finished,
    /// A run could not be made.
    Failed(String),
    /// It was cancelled.
    Cancelled,
    /// The thread of this work panicked.
    Died(&'static str),
}

impl Sim {
    /// Starts a run of this project in the background.
    pub fn start(&mut self, project: &Arc<Project>, ctx: &Context) {
        self.cancel();
        let (project, settings) = (project.clone(), self.settings);
        let label =
            format!("Running {}", crate::model::words::counted(project.people.len(), "contact", "contacts"));
        let work = move |control: &_| Run::compute(project, settings, 0, control);
        self.job = Some(Job::start(label, waker(ctx), work));
    }

    /// Asks a run to stop.
    pub fn cancel(&self) {
        self.job.iter().for_each(Job::cancel);
    }

    /// Whether a run is under way.
    pub fn is_running(&self) -> bool {
        self.job.is_some()
    }

    /// How much of a run is done, of how much.
    pub fn progress(&self) -> Option<(u32, u32)> {
        self.job.as_ref().map(Job::progress)
    }

    /// The finished run.
    pub fn run(&self) -> Option<&Arc<Run>> {
        self.run.as_ref()
    }

    /// The playhead.
    pub fn playback(&self) -> Option<&Playback> {
        self.playback.as_ref()
    }

    /// How much happens when, from the start to the end of the run.
    pub fn curve(&self) -> &[f32] {
        &self.curve
    }

    /// Whether the run shows another project than this.
    pub fn is_stale(&mut self, project: &Arc<Project>) -> bool {
        let Some(run) = &self.run else { return false };
        match &self.stale {
            Some((of, stale)) if Arc::ptr_eq(of, project) => *stale,
            _ => {
                let stale = !runs_alike(&run.project, project);
                self.stale = Some((project.clone(), stale));
                stale
            }
        }
    }

    /// Looks after background work; what came of it is to be told.
    pub fn poll(&mut self) -> Vec<News> {
        let mut news = vec![];
        match self.job.as_ref().map(Job::poll) {
            None | Some(JobState::Running) => {}
            Some(JobState::Died) => {
                self.job = None;
                news.push(News::Died("run"));
            }
            Some(JobState::Done(result)) => {
                self.job = None;
                match result {
                    Ok(run) => {
                        self.take_run(run);
                        news.push(News::Finished);
                    }
                    Err(RunError::Cancelled) => news.push(News::Cancelled),
                    Err(error) => news.push(News::Failed(error.to_string())),
                }
            }
        }
        match self.numbers_job.as_ref().map(Job::poll) {
            None | Some(JobState::Running) => {}
            Some(JobState::Done(numbers)) => (self.numbers, self.numbers_job) = (Some(numbers), None),
            Some(JobState::Died) => {
                self.numbers_job = None;
                news.push(News::Died("count at the playhead"));
            }
        }
        match self.filter_job.as_ref().map(|(_, job)| job.poll()) {
            None | Some(JobState::Running) => {}
            Some(JobState::Done(filtered)) => (self.filtered, self.filter_job) = (Some(filtered), None),
            Some(JobState::Died) => {
                self.filter_job = None;
                news.push(News::Died("filter of contacts"));
            }
        }
        if let Some(list) = &mut self.behind
            && let Some(job) = &list.job
        {
            match job.poll() {
                JobState::Running => {}
                JobState::Done(found) => (list.contacts, list.job) = (Some(found.unwrap_or_default()), None),
                JobState::Died => {
                    (list.contacts, list.job) = (Some(vec![]), None);
                    news.push(News::Died("search for contacts"));
                }
            }
        }
        news
    }

    fn take_run(&mut self, run: Run) {
        self.curve = run.counts().density(CURVE);
        let mut playback = Playback::at_end(&run);
        if let Some(before) = &self.playback {
            playback.set_speed(before.speed());
        }
        self.playback = Some(playback);
        let run = Arc::new(run);
        (self.numbers, self.numbers_job, self.behind, self.stale) = (None, None, None, None);
        (self.filtered, self.filter_job) = (None, None);
        let contact = self.story.take().map(|story| story.contact);
        self.run = Some(run);
        if let Some(contact) = contact {
            self.pick(Some(contact));
        }
    }

    /// Moves the playhead by real time. Whether it moved.
    pub fn tick(&mut self, passed: Duration) -> bool {
        self.playback.as_mut().is_some_and(|playback| playback.tick(passed))
    }

    /// Does something with the playhead and its run.
    pub fn steer(&mut self, what: impl FnOnce(&mut Playback, &Run)) {
        if let (Some(playback), Some(run)) = (&mut self.playback, &self.run) {
            what(playback, run);
        }
    }

    /// The numbers of a map at the playhead. While new ones are computed, those before are shown.
    pub fn numbers(&mut self, map: MapId, ctx: &Context) -> Option<&Numbers> {
        let (run, at) = (self.run.clone()?, self.playback?.at());
        let fits = |numbers: &Numbers| numbers.at == at && numbers.map == Some(map);
        if !self.numbers.as_ref().is_some_and(fits) && self.numbers_job.is_none() {
            if run.project.people.len() <= AT_ONCE {
                self.numbers = Some(Numbers::of(&run, map, at));
            } else {
                let work = move |_: &_| Numbers::of(&run, map, at);
                self.numbers_job = Some(Job::start("Counting", waker(ctx), work));
            }
        }
        self.numbers.as_ref().filter(|numbers| numbers.map == Some(map))
    }

    /// The numbers that were shown last.
    pub fn last_numbers(&self) -> Option<&Numbers> {
        self.numbers.as_ref()
    }

    /// For whom a condition holds at the playhead (semantics §6). While that is worked out anew for another moment, those
    /// before are listed; `None`: there is no run, or it is worked out for the first time.
    pub fn holding(&mut self, condition: &Condition, ctx: &Context) -> Option<&Filtered> {
        let (run, at) = (self.run.clone()?, self.playback?.at());
        let fits = |filtered: &Filtered| filtered.at == at && filtered.condition == *condition;
        self.filter_job.take_if(|(asked, _)| asked != condition);
        if !self.filtered.as_ref().is_some_and(fits) && self.filter_job.is_none() {
            let asked = condition.clone();
            let work = {
                let (run, condition) = (run.clone(), condition.clone());
                move |control: &Control| {
                    // only a cancelled search has no answer, and then nobody looks at it
                    let found = run.holding(&condition, at, 0, control).unwrap_or_default();
                    Filtered { condition, at, contacts: found.into() }
                }
            };
            if run.project.people.len() <= ASKED_AT_ONCE {
                self.filtered = Some(work(&Control::default()));
            } else {
                self.filter_job = Some((asked, Job::start("Filtering", waker(ctx), work)));
            }
        }
        self.filtered.as_ref().filter(|filtered| filtered.condition == *condition)
    }

    /// Follows a contact, or none.
    pub fn pick(&mut self, contact: Option<ContactIx>) {
        self.story = contact.zip(self.run.clone()).map(|(contact, run)| {
            let log = run.history(contact);
            // Each step stands above its date with the year, so what is told of in the same year needs none.
            let zone = &run.plan().zone;
            let year = log.first().map_or(0, |line| zone.to_local(line.entry.at).year());
            let when = |at| parts::clock_in_year(zone, at, year);
            let steps = trace(&run.project, run.plan(), &log, &when);
            let told = (0..steps.len()).filter(|at| is_told(&steps, *at)).collect();
            Story { contact, steps, told, log, highlight: None, goals: None, orders: None }
        });
    }

    /// The contact that is followed.
    pub fn story(&self) -> Option<&Story> {
        self.story.as_ref()
    }

    /// Works out which goals of a map the contact that is followed achieved, and why not the others, for
    /// [`Story::goals`]; and whose doing its orders are, for [`Story::orders`].
    pub fn ask_goals(&mut self, map: MapId) {
        let (Some(run), Some(story)) = (&self.run, &mut self.story) else { return };
        if story.goals.as_ref().is_none_or(|(of, _)| *of != map) {
            story.goals = Some((map, Goal::all(run, story.contact, map)));
        }
        story.orders.get_or_insert_with(|| Placed::all(run, story.contact));
    }

    /// The way of the contact up to the playhead; `None`: nobody is followed, or it has not come to this map yet.
    pub fn highlight(&mut self, map: MapId) -> Option<&Highlight> {
        let at = self.playback?.at();
        let story = self.story.as_mut()?;
        if story.highlight.as_ref().is_none_or(|(a, m, _)| (*a, *m) != (at, map)) {
            story.highlight = Some((at, map, way(&story.log, at, map)));
        }
        story.highlight.as_ref().map(|(.., way)| way).filter(|way| !way.elements.is_empty())
    }

    /// Looks for the contacts behind a number at the playhead.
    pub fn look_behind(&mut self, number: Behind, title: String, ctx: &Context) {
        let (Some(run), Some(playback)) = (self.run.clone(), self.playback) else { return };
        let at = playback.at();
        let work = move |control: &_| run.behind(number, at, 0, control);
        let job = Job::start(title.clone(), waker(ctx), work);
        self.behind = Some(BehindList { title, contacts: None, job: Some(job) });
    }

    /// The contacts behind a number.
    pub fn behind(&self) -> Option<&BehindList> {
        self.behind.as_ref()
    }

    /// Goes back from the contacts behind a number.
    pub fn forget_behind(&mut self) {
        if let Some(job) = self.behind.take().and_then(|list| list.job) {
            job.cancel();
        }
    }

    /// Whether background work other than the run is under way.
    pub fn is_counting(&self) -> bool {
        let counts = self.numbers_job.is_some() || self.filter_job.is_some();
        counts || self.behind.as_ref().is_some_and(|list| list.job.is_some())
    }
}

/// Whether a history tells the step at this place.
fn is_told(steps: &[Step], place: usize) -> bool {
    let Some(step) = steps.get(place) else { return false };
    let same = |cause: usize| steps.get(cause).is_some_and(|cause| cause.detail == step.detail);
    match step.kind {
        "left" => false,
        "raised" => !step.cause.and_then(|cause| place_of(steps, cause)).is_some_and(same),
        _ => true,
    }
}

/// The place of the step with this number.
fn place_of(steps: &[Step], number: u32) -> Option<usize> {
    steps.binary_search_by_key(&number, |step| step.number).ok()
}

impl Story {
    /// The orders that were asked about by [`Sim::ask_goals`].
    pub fn orders(&self) -> &[Placed] {
        self.orders.as_deref().unwrap_or_default()
    }

    /// The goals and triggers of a map that were asked about by [`Sim::ask_goals`].
    pub fn goals(&self, map: MapId) -> &[Goal] {
        self.goals.as_ref().filter(|(of, _)| *of == map).map_or(&[], |(_, goals)| goals)
    }

    /// The sequences in which the contact is at an instant, each with its state (K-07).
    pub fn sequences(&self, at: Instant) -> Vec<(SequenceId, Phase)> {
        let mut states: Vec<(Option<PositionNo>, SequenceId, Phase)> = vec![];
        for line in self.log.iter().take_while(|line| line.entry.at <= at) {
            if let What::Sequence(sequence, phase) = line.entry.what {
                let position = line.entry.position;
                states.retain(|(other, of, _)| (*other, *of) != (position, sequence));
                if !matches!(phase, Phase::Completed | Phase::Stopped) {
                    states.push((position, sequence, phase));
                }
            }
        }
        states.into_iter().map(|(_, sequence, phase)| (sequence, phase)).collect()
    }

    /// The told step that led to another; `None`: it began by itself.
    pub fn cause(&self, step: &Step) -> Option<&Step> {
        let mut cause = step.cause;
        while let Some(number) = cause {
            let place = place_of(&self.steps, number)?;
            if is_told(&self.steps, place) {
                return self.steps.get(place);
            }
            cause = self.steps.get(place)?.cause;
        }
        None
    }
}

/// What wakes the window when work is over.
pub fn waker(ctx: &Context) -> impl FnOnce() + Send + 'static {
    let ctx = ctx.clone();
    move || ctx.request_repaint()
}

impl Numbers {
    fn of(run: &Run, map: MapId, at: Instant) -> Self {
        let totals = run.totals(at);
        let of = run.project.map(map);
        let flow = of.map(|map| flow(run.plan(), &totals, map)).unwrap_or_default();
        let states = states(run.plan(), &totals, map);
        let overlay = overlay(&flow);
        Self { at, map: Some(map), flow, states, overlay }
    }
}

/// Contact flow as the canvas shows it.
fn overlay(flow: &Flow) -> Overlay {
    let mut overlay = Overlay::default();
    let most = flow.elements.iter().map(|element| element.visited).max().unwrap_or(0);
    for element in &flow.elements {
        let bar = (most > 0).then(|| element.visited as f32 / most as f32);
        let numbers = ElementNumbers {
            here: element.here_now.into(),
            were: element.were_here.into(),
            bar,
            measure: None,
        };
        overlay.elements.insert(element.id, numbers);
    }
    for line in &flow.lines {
        let numbers =
            LineNumbers { contacts: line.contacts.into(), share: line.share().unwrap_or(0.0) as f32 };
        if line.port == Port::Goal {
            overlay.goals.insert((line.from, line.to), numbers);
        } else {
            overlay.lines.insert((line.from, line.port), numbers);
        }
    }
    overlay.jumps = flow.jumps.iter().map(|jump| ((jump.from, jump.to), jump.contacts.into())).collect();
    overlay
}

/// Where a contact went on a map up to an instant, and where it is.
fn way(log: &[LogEntry], at: Instant, map: MapId) -> Highlight {
    let mut way = Highlight::default();
    let mut resting: Vec<(u32, ElementId)> = vec![];
    for line in log.iter().take_while(|line| line.entry.at <= at) {
        let (Some(element), Some(of)) = (line.element, line.map) else { continue };
        if of != map {
            continue;
        }
        let position = line.entry.position.unwrap_or(0);
        match &line.entry.what {
            What::Arrived(_) | What::Activated => {
                way.elements.insert(element);
            }
            What::Left { port, .. } => {
                way.lines.insert((element, *port));
                resting.retain(|(other, _)| *other != position);
            }
            What::Taken(_) | What::Removed(_) | What::Dropped(_) => {
                resting.retain(|(other, _)| *other != position);
            }
            What::Rested(_) => {
                resting.retain(|(other, _)| *other != position);
                resting.push((position, element));
            }
            _ => {}
        }
    }
    way.here = resting.into_iter().map(|(_, element)| element).collect::<BTreeSet<_>>();
    way
}

/// Where a contact rests at an instant, on any map.
pub fn resting(story: &Story, at: Instant) -> Vec<ElementId> {
    let mut maps: Vec<MapId> = story.log.iter().filter_map(|line| line.map).collect();
    maps.sort_unstable();
    maps.dedup();
    maps.into_iter().flat_map(|map| way(&story.log, at, map).here).collect()
}

/// The title of an element as it is drawn, or as it was published last.
pub fn element_title(project: &Project, id: ElementId) -> String {
    let element = project.find_element(id);
    element.map_or_else(|| id.to_string(), |element| crate::model::words::title(project, element))
}
