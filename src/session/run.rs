//! Runs: all contacts through all maps, spread over threads.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::id::{ElementId, MapId, SequenceId};
use crate::base::time::Instant;
use crate::engine::coupled::{Draws, NO_DRAWS, Nobody};
use crate::engine::explain::{Why, why};
use crate::engine::log::{Log, Phase, Sink, What};
use crate::engine::plan::NodeIx;
use crate::engine::{Counts, Entry, LogEntry, Plan, PlanError, Simulation, Timeline, Totals};
use crate::model::{Condition, ContactIx, Map, Project, SavedRun};
use crate::reports::attribution::Ledger;
use crate::reports::flow::{Flow, flow};
use crate::reports::value::Spending;

/// How long a run goes on after the last event where no end is given: whatever is due in this time still happens.
pub const DEFAULT_TAIL_DAYS: i64 = 366;

/// Contacts that a thread takes at once.
const PORTION: u32 = 1_024;

/// What a user chooses about a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunSettings {
    /// Seed of all chance.
    pub seed: u64,
    /// When the maps are published (M-02); `None`: at the first event.
    pub from: Option<Instant>,
    /// The last instant; `None`: [`DEFAULT_TAIL_DAYS`] after the last event.
    pub until: Option<Instant>,
}

impl From<&SavedRun> for RunSettings {
    fn from(saved: &SavedRun) -> Self {
        Self { seed: saved.seed, from: saved.from, until: saved.until }
    }
}

/// Why there is no run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// It was cancelled.
    #[error("the run was cancelled")]
    Cancelled,
    /// Nothing ever happens to anybody.
    #[error("nothing happens to anybody; import contacts and events, or generate some")]
    NoEvents,
    /// Its end lies before its start.
    #[error("the run would end at {until}, before it starts at {from}")]
    EndsBeforeStart {
        /// The start.
        from: Instant,
        /// The end.
        until: Instant,
    },
    /// The maps cannot be run.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// Progress and cancellation of work on other threads.
#[derive(Debug, Default)]
pub struct Control {
    cancelled: AtomicBool,
    done: AtomicU32,
    total: AtomicU32,
}

impl Control {
    /// Asks the work to stop soon.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
    /// Whether it was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
    /// How much is done, of how much.
    pub fn progress(&self) -> (u32, u32) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }
    /// Says how much there is to do.
    pub fn expect(&self, total: u32) {
        self.total.store(total, Ordering::Relaxed);
    }
    /// Says that so much more is done.
    pub fn advance(&self, more: u32) {
        self.done.fetch_add(more, Ordering::Relaxed);
    }
}

/// A finished run. It holds the project as it was, so later edits do not disturb it.
#[derive(Debug)]
pub struct Run {
    /// The project that was run.
    pub project: Arc<Project>,
    /// Seed of all chance.
    pub seed: u64,
    /// When the maps were published.
    pub from: Instant,
    /// The last instant that was computed.
    pub until: Instant,
    plan: Plan,
    draws: Draws,
    counts: Counts,
}

impl Run {
    /// Runs all contacts through all maps on so many threads (0: as many as the machine has).
    pub fn compute(
        project: Arc<Project>,
        settings: RunSettings,
        threads: usize,
        control: &Control,
    ) -> Result<Self, RunError> {
        let (from, until) = span(&project, settings)?;
        let plan = Plan::new(&project)?;
        let people = &*project.people;
        let alone = Simulation { plan: &plan, people, seed: settings.seed, from, until, draws: &NO_DRAWS };
        let draws = Draws::settle(alone, || !control.is_cancelled()).ok_or(RunError::Cancelled)?;
        let sim = Simulation { draws: &draws, ..alone };
        control.expect(project.people.len() as u32);
        let mut parts = each_contact(sim, threads, control, || Counts::new(&sim))?;
        let mut counts = parts.pop().unwrap_or_else(|| Counts::new(&sim));
        parts.into_iter().for_each(|part| counts.merge(part));
        counts.seal();
        Ok(Self { seed: settings.seed, from, until, plan, draws, counts, project })
    }

    /// What was simulated.
    pub fn simulation(&self) -> Simulation<'_> {
        Simulation {
            plan: &self.plan,
            people: &self.project.people,
            seed: self.seed,
            from: self.from,
            until: self.until,
            draws: &self.draws,
        }
    }

    /// The compiled maps.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The counters.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The last instant at which something happened, or the start.
    pub fn end(&self) -> Instant {
        self.counts.last().unwrap_or(self.from)
    }

    /// How everything stood at an instant.
    pub fn totals(&self, at: Instant) -> Totals {
        self.counts.at(self.simulation(), &mut Timeline::default(), at)
    }

    /// Contact flow of a map at an instant.
    pub fn flow(&self, map: &Map, at: Instant) -> Flow {
        flow(&self.plan, &self.totals(at), map)
    }

    /// The first instant after this one at which something happens on a map.
    pub fn next_after(&self, at: Instant) -> Option<Instant> {
        self.counts.next_after(self.simulation(), &mut Timeline::default(), at)
    }

    /// The last instant before this one at which something happened on a map.
    pub fn last_before(&self, at: Instant) -> Option<Instant> {
        self.counts.last_before(self.simulation(), &mut Timeline::default(), at)
    }

    /// Everything that happened to a contact, each entry with its cause.
    pub fn history(&self, contact: ContactIx) -> Vec<LogEntry> {
        let mut log = Log::default();
        Timeline::default().run(self.simulation(), contact, &mut log);
        log.entries
    }

    /// Whether and when a contact achieved a goal, and if not, why not (semantics §11).
    pub fn why(&self, contact: ContactIx, element: ElementId) -> Why {
        why(self.simulation(), contact, element)
    }

    /// What a contact's log says of orders and campaigns up to an instant (semantics §9).
    pub fn ledger(&self, contact: ContactIx, at: Instant) -> Ledger {
        Ledger::of(Simulation { until: at.min(self.until), ..self.simulation() }, contact)
    }

    /// The contacts behind a number, by their place.
    pub fn behind(
        &self,
        number: Behind,
        at: Instant,
        threads: usize,
        control: &Control,
    ) -> Result<Vec<ContactIx>, RunError> {
        let find = |element| self.plan.find(element);
        let Some(number) = number.resolve(find) else { return Ok(vec![]) };
        control.expect(self.project.people.len() as u32);
        let sim = Simulation { until: at.min(self.until), ..self.simulation() };
        let new = || Finder { number, contact: None, resting: vec![], visited: false, found: vec![] };
        let mut found: Vec<_> = each_contact(sim, threads, control, new)?
            .into_iter()
            .flat_map(|mut finder| {
                finder.settle();
                finder.found
            })
            .collect();
        found.sort_unstable();
        Ok(found)
    }

    /// The contacts for whom a condition holds at an instant, by their place: a contact filter (semantics §6). Who is
    /// created later is not among them.
    pub fn holding(
        &self,
        condition: &Condition,
        at: Instant,
        threads: usize,
        control: &Control,
    ) -> Result<Vec<ContactIx>, RunError> {
        let sim = Simulation { until: at.min(self.until), ..self.simulation() };
        control.expect(self.project.people.len() as u32);
        let is_there = |contact| {
            let created = sim.people.contact(contact).and_then(|contact| contact.created);
            created.is_none_or(|created| created <= at)
        };
        let parts =
            on_threads(sim.people.len() as u32, threads, control, Vec::new, |timeline, contact, found| {
                timeline.run(sim, contact, &mut Nobody);
                if is_there(contact) && timeline.holds(sim, contact, condition) {
                    found.push(contact);
                }
            })?;
        let mut found = parts.concat();
        found.sort_unstable();
        Ok(found)
    }

    /// What the visitors of each element have spent up to an instant.
    pub fn spending(&self, at: Instant, threads: usize, control: &Control) -> Result<Spending, RunError> {
        let sim = Simulation { until: at.min(self.until), ..self.simulation() };
        control.expect(sim.people.len() as u32);
        let parts = each_contact(sim, threads, control, || Spending::new(&sim))?;
        Ok(parts.into_iter().fold(Spending::new(&sim), Spending::merge))
    }

    /// Contacts that came onto a map up to an instant: the population of its reports.
    pub fn population(&self, map: MapId, at: Instant) -> Result<u32, RunError> {
        let sim = Simulation { until: at.min(self.until), ..self.simulation() };
        let new = || Entrants { map, contact: None, count: 0 };
        let parts = each_contact(sim, 0, &Control::default(), new)?;
        Ok(parts.into_iter().map(|part| part.count).sum())
    }

    /// BLAKE3 digest of the whole log, in hexadecimal: the same for the same run on any machine and number of threads.
    pub fn digest(&self, threads: usize, control: &Control) -> Result<String, RunError> {
        control.expect(self.project.people.len() as u32);
        let parts = each_contact(self.simulation(), threads, control, Digest::default)?;
        let mut contacts: Vec<_> = parts.into_iter().flat_map(Digest::finish).collect();
        contacts.sort_unstable();
        let mut whole = blake3::Hasher::new();
        for (contact, hash) in contacts {
            whole.update(&contact.0.to_le_bytes());
            whole.update(&hash);
        }
        Ok(whole.finalize().to_hex().to_string())
    }
}

/// First and last instant of a run with these settings.
pub(super) fn span(project: &Project, settings: RunSettings) -> Result<(Instant, Instant), RunError> {
    let (first, last) = project.people.span().ok_or(RunError::NoEvents)?;
    let from = settings.from.unwrap_or(first);
    let until = settings.until.unwrap_or(last.max(from).plus_millis(DEFAULT_TAIL_DAYS * 86_400_000));
    if until < from {
        return Err(RunError::EndsBeforeStart { from, until });
    }
    Ok((from, until))
}

/// A number of contact flow that opens the list of the contacts behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// Contacts that rest at the element.
    Here(ElementId),
    /// Contacts that came to the element and do not rest there.
    Were(ElementId),
    /// Contacts that ever came to the element.
    Visited(ElementId),
    /// Contacts for whom the trigger fired, or who achieved the goal.
    Activated(ElementId),
    /// Contacts that have a position of this state in the sequence (K-07).
    InState(SequenceId, Phase),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BehindNode {
    Here(NodeIx),
    Were(NodeIx),
    Visited(NodeIx),
    Activated(NodeIx),
    InState(SequenceId, Phase),
}

impl Behind {
    fn resolve(self, find: impl Fn(ElementId) -> Option<NodeIx>) -> Option<BehindNode> {
        Some(match self {
            Self::Here(element) => BehindNode::Here(find(element)?),
            Self::Were(element) => BehindNode::Were(find(element)?),
            Self::Visited(element) => BehindNode::Visited(find(element)?),
            Self::Activated(element) => BehindNode::Activated(find(element)?),
            Self::InState(sequence, phase) => BehindNode::InState(sequence, phase),
        })
    }
}

/// Finds the contacts behind a number.
struct Finder {
    number: BehindNode,
    contact: Option<ContactIx>,
    /// Positions of the contact that rest at the element, or are in the state.
    resting: Vec<u32>,
    visited: bool,
    found: Vec<ContactIx>,
}

impl Finder {
    /// The contact's log is over.
    fn settle(&mut self) {
        let found = match self.number {
            BehindNode::Here(_) | BehindNode::InState(..) => !self.resting.is_empty(),
            BehindNode::Were(_) => self.visited && self.resting.is_empty(),
            BehindNode::Visited(_) | BehindNode::Activated(_) => self.visited,
        };
        if found {
            self.found.extend(self.contact);
        }
        self.resting.clear();
        self.visited = false;
    }
}

impl Sink for Finder {
    fn entry(&mut self, _plan: &Plan, entry: &Entry) {
        if self.contact != Some(entry.contact) {
            self.settle();
            self.contact = Some(entry.contact);
        }
        let node = match self.number {
            BehindNode::Here(node)
            | BehindNode::Were(node)
            | BehindNode::Visited(node)
            | BehindNode::Activated(node) => node,
            BehindNode::InState(sequence, state) => {
                if let (What::Sequence(of, phase), Some(no)) = (&entry.what, entry.position)
                    && *of == sequence
                {
                    self.resting.retain(|other| *other != no);
                    self.resting.extend((*phase == state).then_some(no));
                }
                return;
            }
        };
        if entry.node != Some(node) {
            return;
        }
        match (&entry.what, entry.position) {
            (What::Activated, _) => self.visited |= matches!(self.number, BehindNode::Activated(_)),
            (What::Arrived(_), _) => self.visited |= !matches!(self.number, BehindNode::Activated(_)),
            (What::Rested(_), Some(no)) if !self.resting.contains(&no) => self.resting.push(no),
            (What::Left { .. } | What::Taken(_) | What::Removed(_) | What::Dropped(_), Some(no)) => {
                self.resting.retain(|other| *other != no);
            }
            _ => {}
        }
    }
}

/// Counts the contacts that came onto a map.
struct Entrants {
    map: MapId,
    /// The last one that did.
    contact: Option<ContactIx>,
    count: u32,
}

impl Sink for Entrants {
    fn entry(&mut self, plan: &Plan, entry: &Entry) {
        if matches!(entry.what, What::Arrived(_))
            && self.contact != Some(entry.contact)
            && entry.node.is_some_and(|node| plan.node(node).map == self.map)
        {
            self.contact = Some(entry.contact);
            self.count += 1;
        }
    }
}

/// A hash of each contact's log.
#[derive(Default)]
struct Digest {
    contact: Option<ContactIx>,
    hasher: blake3::Hasher,
    hashes: Vec<(ContactIx, [u8; 32])>,
}

impl Digest {
    fn settle(&mut self) {
        if let Some(contact) = self.contact {
            self.hashes.push((contact, *self.hasher.finalize().as_bytes()));
            self.hasher.reset();
        }
    }

    fn finish(mut self) -> Vec<(ContactIx, [u8; 32])> {
        self.settle();
        self.hashes
    }
}

impl Sink for Digest {
    fn entry(&mut self, plan: &Plan, entry: &Entry) {
        if self.contact != Some(entry.contact) {
            self.settle();
            self.contact = Some(entry.contact);
        }
        let number = |number: Option<u32>| number.map_or(u32::MAX, |number| number).to_le_bytes();
        self.hasher.update(&entry.at.0.to_le_bytes());
        self.hasher.update(&number(entry.cause));
        self.hasher
            .update(&number(entry.node.map(|node| crate::base::id::Id::number(plan.node(node).element))));
        self.hasher.update(&number(entry.position));
        self.hasher.update(entry.what.tag().as_bytes());
    }
}

/// Computes every contact's life on several threads, each with a sink of its own.
pub(super) fn each_contact<S: Sink + Send>(
    sim: Simulation<'_>,
    threads: usize,
    control: &Control,
    new: impl Fn() -> S + Sync,
) -> Result<Vec<S>, RunError> {
    let count = sim.people.len() as u32;
    on_threads(count, threads, control, new, |timeline, contact, sink| timeline.run(sim, contact, sink))
}

/// Does something for each of `count` contacts on several threads, each with a state of its own.
fn on_threads<T: Send>(
    count: u32,
    threads: usize,
    control: &Control,
    new: impl Fn() -> T + Sync,
    each: impl Fn(&mut Timeline, ContactIx, &mut T) + Sync,
) -> Result<Vec<T>, RunError> {
    let machine = || std::thread::available_parallelism().map_or(1, |threads| threads.get());
    let threads = if threads == 0 { machine() } else { threads };
    let threads = threads.min(count.div_ceil(PORTION) as usize).max(1);
    let next = AtomicU32::new(0);
    let states = Mutex::new(Vec::with_capacity(threads));
    let work = || {
        let (mut state, mut timeline) = (new(), Timeline::default());
        loop {
            let start = next.fetch_add(PORTION, Ordering::Relaxed);
            if start >= count || control.is_cancelled() {
                break;
            }
            let end = start.saturating_add(PORTION).min(count);
            (start..end).for_each(|contact| each(&mut timeline, ContactIx(contact), &mut state));
            control.advance(end - start);
        }
        states.lock().unwrap_or_else(PoisonError::into_inner).push(state);
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    if control.is_cancelled() {
        return Err(RunError::Cancelled);
    }
    Ok(states.into_inner().unwrap_or_else(PoisonError::into_inner))
}
