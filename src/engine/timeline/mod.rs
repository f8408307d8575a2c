//! One contact's life on all maps. Everything that changes is changed here, and said to the sink at once.
//!
//! Here is what comes next and in which order (M-13); [`events`] offers an event to listeners, [`run_down`] moves
//! positions (M-01), [`actions`] does what elements do, [`stays`] holds what resting positions wait for beside time,
//! [`sequences`] keeps their states (K-06), [`publish`] brings a later version in (L-01), [`witness`] tells what decides
//! about an event (semantics §11).

mod actions;
mod events;
mod publish;
mod run_down;
mod sequences;
mod stays;
mod witness;

use std::collections::VecDeque;

use chrono::NaiveTime;

use super::conditions::{self, OnMap, View};
use super::coupled::{Draws, Unsettled};
use super::kinds::wait::{self, Clock};
use super::log::{Arrival, Entry, PositionNo, Rest, Said, Seq, Sink};
use super::plan::{Edition, NodeIx, Plan, SequenceIx};
use super::record::Record;
use super::sales::Part;
use crate::base::id::{FieldId, TaskId};
use crate::base::time::{Instant, Zone};
use crate::model::rules::TextMatch;
use crate::model::{Condition, ContactIx, DateRule, Event, Happening, People, Port, Value};

/// What is simulated: the same values give the same log, whatever the order and the threads.
#[derive(Debug, Clone, Copy)]
pub struct Simulation<'a> {
    /// The maps.
    pub plan: &'a Plan,
    /// The contacts and what happens to them.
    pub people: &'a People,
    /// Seed of all chance.
    pub seed: u64,
    /// When the maps are published: earlier events only change the record (M-02).
    pub from: Instant,
    /// The last instant at which anything happens.
    pub until: Instant,
    /// What arrivals at coupled elements get; [`super::coupled::NO_DRAWS`] where there are none.
    pub draws: &'a Draws,
}

/// Place of a run through a sequence among those of the contact.
type RunIx = u32;

/// No run through a sequence.
const NO_RUN: RunIx = RunIx::MAX;

/// A position at rest.
#[derive(Debug, Clone, Copy)]
struct Position {
    no: PositionNo,
    node: NodeIx,
    /// When it came to rest here.
    arrived: Instant,
    /// Why it rests.
    rest: Rest,
    /// The entry that put it to rest.
    rested: Seq,
    /// Its rest ended while the contact was paused there: what it does on another map is done, or its timer is past,
    /// from which steps are passed over (K-10).
    is_let_go: bool,
    /// Its run through a sequence.
    run: RunIx,
    /// Of an open end the way out that is open, by name: in a later version it may have another place.
    open: Port,
    /// Its map lets events of the same instant go first (M-13).
    after_events: bool,
    /// Place of its map in the plan.
    map_ix: u32,
}

impl Position {
    /// When its wait ends; [`Instant::NEVER`]: only an event ends it.
    #[inline]
    fn due(&self) -> Instant {
        match self.rest {
            Rest::Until(due) => due,
            Rest::Goal | Rest::End | Rest::OpenEnd | Rest::Done | Rest::OnMap(_) => Instant::NEVER,
        }
    }

    /// The class of its timer.
    #[inline]
    fn class(&self) -> u8 {
        if self.after_events { class::LATE_TIMER } else { class::EARLY_TIMER }
    }
}

/// What comes next in a contact's life.
#[derive(Debug, Clone, Copy)]
struct Next {
    at: Instant,
    /// See [`class`].
    class: u8,
    /// An event that the account causes.
    by_itself: bool,
    /// Of a timer: the place of its position among those at rest.
    place: usize,
}

/// A position on its way.
#[derive(Debug, Clone, Copy)]
struct Moving {
    no: PositionNo,
    to: NodeIx,
    by: Arrival,
    cause: Seq,
    run: RunIx,
    /// Steps up to the next timer are passed over (K-10).
    skips: bool,
}

/// A contact's run through a sequence (K-06).
#[derive(Debug, Clone, Copy)]
struct Run {
    sequence: SequenceIx,
    stage: RunStage,
    /// When it began.
    entered: Instant,
    /// The step at which it began, unless at the top: what stands above that is not for it (K-11).
    first: Option<NodeIx>,
    /// When its place was due: steps that come late keep their times (K-11).
    nominal: Instant,
    /// A goal was achieved beside it: it only goes on to its last step.
    finishing: bool,
    /// A later version came while the contact was paused: it is put where that has it once the contact goes on (M-14).
    is_behind: bool,
}

/// A pause during which the clock of a run stood still: from its start on, or, where it lets time run on, from when the
/// wait was over that it kept the run at (M-14).
#[derive(Debug, Clone, Copy)]
struct Stop {
    run: RunIx,
    from: Instant,
    until: Instant,
    /// The wait at which it rested was due just at the start.
    is_due: bool,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RunStage {
    /// Steps are left.
    Active,
    /// Its steps are done, and it is on its way to the wait of a goal behind them.
    Leaving,
    /// It stands there.
    Queued,
    /// It rests for good.
    Done,
}

/// Something that is to happen to the contact.
#[derive(Debug)]
enum Piece {
    /// The contact's event at this place.
    Event(u32),
    /// An event of its own.
    Own(Happening),
    /// The order at this place of the record is placed.
    Placing(u32),
    /// A part of the sale of the order at this place.
    Sale(u32, Part),
}

/// What happens next, before anything else (M-12).
#[derive(Debug)]
struct Pending {
    cause: Option<Seq>,
    piece: Piece,
    /// The record was changed already, by the action that raised it.
    is_in: bool,
    /// The position that asked for it: *Add to automation* (M-11).
    asked_by: Option<PositionNo>,
}

/// A day that is waited for.
#[derive(Debug, Clone, Copy)]
struct DateTimer {
    rule: DateRule,
    /// When it comes; [`Instant::NEVER`]: never, as things stand.
    next: Instant,
    /// It does not come before.
    not_before: Instant,
}

/// The state of one contact. Keep one for each thread and reuse it: nothing is allocated for a contact then.
#[derive(Debug, Default)]
pub struct Timeline {
    record: Record,
    /// Positions at rest, by number: the older first.
    positions: Vec<Position>,
    /// Copies that still stand where they were made; the last goes first.
    copies: Vec<Moving>,
    raised: VecDeque<Pending>,
    /// How the contact stands on each map.
    maps: Vec<Option<OnMap>>,
    /// The contact was ever paused on a map.
    is_any_paused: bool,
    /// Maps on which the contact goes on, and since when it stood still there, until its positions follow.
    resumed: Vec<(u32, Instant)>,
    /// Maps on which the event being handled put the contact (G-04).
    entered: Vec<u32>,
    /// Some listener was activated by the event being handled.
    took: bool,
    /// The listener that the sink watches had its turn at the event that is being offered.
    witnessed: bool,
    /// Which contact last activated a listener (G-03), by node; see `epoch`.
    once: Vec<u32>,
    /// Arrivals at nodes where chance decides, with the epoch they belong to.
    arrivals: Vec<(u32, u64)>,
    /// The outcome of a task that acts, and how often each drew by chance.
    outcome: Option<(TaskId, u8)>,
    outcome_draws: Vec<((TaskId, u8), u64)>,
    runs: Vec<Run>,
    /// Sequences that were completed (K-08).
    completed: Vec<SequenceIx>,
    /// What fields held on entry to a sequence, by run (K-10).
    entry_values: Vec<(RunIx, FieldId, Option<Value>)>,
    /// Steps that runs did before a new version put them elsewhere: they are not done again (K-11).
    steps_done: Vec<(RunIx, NodeIx)>,
    /// Steps that held runs otherwise than by a clock, namely for another map, for conditions or for a date on the record,
    /// and when they let them go: a later version takes that as it was (K-11).
    releases: Vec<(RunIx, NodeIx, Instant)>,
    /// When clocks of runs stood still (K-11).
    stops: Vec<Stop>,
    /// Days that are waited for.
    dates: Vec<DateTimer>,
    /// When the account does something by itself next.
    agenda: Instant,
    /// Which of the plan's versions holds.
    edition: usize,
    /// Counts contacts, so that per-contact tables need no clearing.
    epoch: u32,
    now: Instant,
    /// Steps at this instant; wider than the counters that change with it, else a compiler keeps them in one register,
    /// which waits for both to be written.
    steps: u64,
    next_seq: Seq,
    next_position: PositionNo,
    /// What is going on, in the order of a run (M-13): the class of it, and the rank of a timer.
    turn: (u8, u32),
    /// Where it stopped as a draw is not settled.
    unsettled: Option<Unsettled>,
    /// A fault ended the contact.
    ended: bool,
}

/// Classes of what happens at one instant, in their order (M-13).
mod class {
    pub const PUBLICATION: u8 = 0;
    pub const EARLY_TIMER: u8 = 1;
    pub const EVENT: u8 = 2;
    pub const LATE_TIMER: u8 = 3;
}

/// Where the entries of one contact go, and what does not change during its life.
struct Stage<'a, S> {
    sim: Simulation<'a>,
    contact: ContactIx,
    events: &'a [Event],
    /// The contact's time zone.
    zone: &'a Zone,
    /// When its life on maps begins: once they are published and it is there. Earlier events only change the record
    /// (M-02, semantics §11 check 3).
    from: Instant,
    /// The versions that hold.
    edition: &'a Edition,
    sink: &'a mut S,
}

impl Timeline {
    /// Computes a contact's whole life and says it to the sink.
    pub fn run<S: Sink>(&mut self, sim: Simulation<'_>, contact: ContactIx, sink: &mut S) {
        let Some(who) = sim.people.contact(contact) else { return };
        let editions = sim.plan.editions();
        self.reset(sim.plan);
        self.record.reset(who);
        self.edition = editions.iter().rposition(|edition| edition.from <= sim.from).unwrap_or(0);
        let Some(edition) = editions.get(self.edition) else { return };
        let mut stage = Stage {
            sim,
            contact,
            events: sim.people.events(contact),
            zone: sim.plan.zone_of(who.zone),
            from: sim.from.max(who.created.unwrap_or(Instant::MIN)),
            edition,
            sink,
        };
        if !edition.date_rules.is_empty() {
            self.wait_for_dates(&stage, stage.from);
        }
        let next_edition =
            |edition: usize| editions.get(edition + 1).map_or(Instant::NEVER, |edition| edition.from);
        // the start of the run may place contacts too (G-06), with everything before it in the record
        let places = |map_ix: &u32| edition.map(*map_ix).is_some_and(|map| map.place_matching);
        let maps = if edition.places_matching { sim.plan.maps().len() as u32 } else { 0 };
        let mut to_place = (0..maps).filter(places).peekable();
        let mut publication = if to_place.peek().is_some() { sim.from } else { next_edition(self.edition) };
        let mut next_event = 0u32;
        let events = stage.events;
        let mut has_begun = false;
        let event_at = |place: u32| events.get(place as usize).map_or(Instant::NEVER, |event| event.at);
        while !self.ended || S::WITNESS {
            if self.ended {
                // nothing moves any more, but what still happens is told to who asks why it achieved nothing
                self.positions.clear();
            }
            let event_at = event_at(next_event);
            let Next { at, class, by_itself, place } = match self.positions.as_slice() {
                // mostly there is one position, and nothing near but its timer
                [only] if only.due() < event_at.min(self.agenda).min(publication) && !self.is_any_paused => {
                    Next { at: only.due(), class: only.class(), by_itself: false, place: 0 }
                }
                _ => self.next(stage.edition, event_at, publication),
            };
            if at == Instant::NEVER || at > sim.until {
                break;
            }
            if at != self.now || !has_begun {
                has_begun = true;
                self.now = at;
                self.steps = 0;
                stage.sink.turn_to(contact, at);
            }
            self.turn = (class, 0);
            match class {
                class::PUBLICATION => {
                    if let Some(map_ix) = to_place.next() {
                        if !self.ended {
                            self.place_matching(&mut stage, None, map_ix);
                        }
                    } else if let Some(edition) = editions.get(self.edition + 1) {
                        self.edition += 1;
                        stage.edition = edition;
                        self.publish(&mut stage);
                    }
                    publication =
                        if to_place.peek().is_some() { sim.from } else { next_edition(self.edition) };
                }
                class::EVENT if by_itself => self.happen_by_itself(&mut stage),
                class::EVENT => {
                    self.happen(&mut stage, next_event);
                    next_event += 1;
                }
                _ => {
                    let node = self.positions[place].node;
                    self.turn.1 = stage.edition.node(node).rank;
                    self.fire(&mut stage, place);
                }
            }
            // M-12: what was raised comes before the next event or timer
            while let Some(pending) = self.raised.pop_front() {
                if self.ended && !S::WITNESS {
                    break;
                }
                self.process(&mut stage, &pending, false);
            }
            if self.record.is_timed() || !self.dates.is_empty() {
                self.agenda = self.next_by_itself();
            }
        }
    }

    /// Whether a condition holds for the contact whose life was just computed, at the end of it: a contact filter
    /// (semantics §6). No map asks, so text is compared as it is where nothing else is chosen.
    pub fn holds(&self, sim: Simulation<'_>, contact: ContactIx, condition: &Condition) -> bool {
        let Self { record, maps, .. } = self;
        let (plan, events, text) = (sim.plan, sim.people.events(contact), TextMatch::default());
        conditions::holds(condition, &View { plan, record, events, maps, now: sim.until, text })
    }

    /// The arrival at which the contact's life stopped, as it is not settled which path it gets.
    pub(super) fn unsettled(&self) -> Option<&Unsettled> {
        self.unsettled.as_ref()
    }

    #[inline]
    fn reset(&mut self, plan: &Plan) {
        let nodes = plan.nodes().len();
        if self.epoch == u32::MAX || self.once.len() != nodes || self.maps.len() != plan.maps().len() {
            self.once = vec![0; nodes];
            self.arrivals = vec![(0, 0); nodes];
            self.maps = vec![None; plan.maps().len()];
            self.epoch = 0;
        }
        self.epoch += 1;
        self.maps.fill(None);
        self.positions.clear();
        self.copies.clear();
        self.raised.clear();
        self.resumed.clear();
        self.outcome_draws.clear();
        self.is_any_paused = false;
        self.runs.clear();
        self.completed.clear();
        self.entry_values.clear();
        self.steps_done.clear();
        self.releases.clear();
        self.stops.clear();
        self.dates.clear();
        self.agenda = Instant::NEVER;
        self.now = Instant::MIN;
        self.steps = 0;
        self.next_seq = 0;
        self.next_position = 0;
        self.unsettled = None;
        self.ended = false;
    }

    /// What comes next, and of several things at one instant which (M-13).
    #[inline]
    fn next(&self, edition: &Edition, event_at: Instant, publication: Instant) -> Next {
        let mut next = Next { at: event_at, class: class::EVENT, by_itself: false, place: 0 };
        if let Some(place) = self.next_timer(edition) {
            let position = &self.positions[place];
            let due = position.due();
            if due < event_at || due == event_at && !position.after_events {
                next = Next { at: due, class: position.class(), place, ..next };
            }
        }
        let agenda = self.agenda;
        if agenda != Instant::NEVER
            && (agenda < next.at || agenda == next.at && next.class == class::LATE_TIMER)
        {
            next = Next { at: agenda, class: class::EVENT, by_itself: true, ..next };
        }
        if publication <= next.at && publication != Instant::NEVER {
            next = Next { at: publication, class: class::PUBLICATION, ..next };
        }
        next
    }

    /// The place of the position whose timer is due first. Ties go by map and reading order, then to the older position.
    /// What is paused waits (M-14).
    #[inline]
    fn next_timer(&self, edition: &Edition) -> Option<usize> {
        let mut first: Option<(usize, &Position)> = None;
        for (place, position) in self.positions.iter().enumerate() {
            if position.due() == Instant::NEVER || self.is_held(position) {
                continue;
            }
            let rank = |position: &Position| edition.node(position.node).rank;
            let is_first = first.is_none_or(|(_, first)| {
                let order = (position.due().cmp(&first.due()))
                    .then_with(|| position.after_events.cmp(&first.after_events))
                    .then_with(|| rank(position).cmp(&rank(first)));
                order.is_lt()
            });
            if is_first {
                first = Some((place, position));
            }
        }
        first.map(|(place, _)| place)
    }

    /// Whether the contact is paused where a position stands.
    #[inline]
    fn is_held(&self, position: &Position) -> bool {
        self.is_any_paused && self.is_paused(position.map_ix)
    }

    #[inline]
    fn is_paused(&self, map_ix: u32) -> bool {
        self.maps[map_ix as usize].is_some_and(|on| on.paused.is_some())
    }

    /// The number of an entry.
    #[inline(always)]
    fn number<S: Sink>(&mut self) -> Seq {
        let seq = self.next_seq;
        self.next_seq += Seq::from(S::NUMBERS);
        seq
    }

    // inlined so that a counting sink sees which entry it is at compile time: 2 times quicker
    #[inline(always)]
    fn say<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Option<Seq>,
        node: Option<NodeIx>,
        position: Option<PositionNo>,
        what: Said<'_>,
    ) -> Seq {
        let seq = self.number::<S>();
        let entry = Entry { at: self.now, contact: stage.contact, seq, cause, node, position, what };
        stage.sink.entry(stage.sim.plan, &entry);
        seq
    }

    /// The same where it is rarely said: one copy for all places, so that the code of those that count stays small.
    #[inline(never)]
    fn tell<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Option<Seq>,
        node: Option<NodeIx>,
        position: Option<PositionNo>,
        what: Said<'_>,
    ) -> Seq {
        self.say(stage, cause, node, position, what)
    }

    /// What conditions of a map may read.
    fn view<'b, S>(&'b self, stage: &Stage<'b, S>, text: TextMatch) -> View<'b> {
        let Self { record, maps, now, .. } = self;
        View { plan: stage.sim.plan, record, events: stage.events, maps, now: *now, text }
    }

    /// A wait is over: the position goes on by the first way out, which is the path of least action of a goal wait.
    fn fire<S: Sink>(&mut self, stage: &mut Stage<'_, S>, place: usize) {
        // taken apart where it lies: as a whole it is copied first, which waits for what was just written
        let Position { no, node, run, rested, map_ix, .. } = self.positions[place];
        let due = self.positions[place].due();
        self.take_out(place);
        if let Some(run) = self.runs.get_mut(run as usize) {
            run.nominal = due;
        }
        if let Some(moving) = self.leave(stage, no, node, 0, rested, run) {
            self.run_down(stage, moving);
        }
        self.settle_map(stage, map_ix, rested);
    }

    /// A position that has been lifted goes on by a way out, from the left, and down.
    fn send_on<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        position: &Position,
        (way, skips): (u8, bool),
        cause: Seq,
    ) {
        let Position { no, node: to, run, map_ix, .. } = *position;
        let from = Moving { no, to, by: Arrival::Event, cause, run, skips };
        if let Some(moving) = self.leave_on(stage, &from, way, cause) {
            self.run_down(stage, moving);
        }
        self.settle_map(stage, map_ix, cause);
    }

    #[inline]
    fn is_on_map(&self, map_ix: u32) -> bool {
        self.positions.iter().any(|position| position.map_ix == map_ix)
    }

    /// Takes a position from where it rests.
    #[inline]
    fn lift(&mut self, place: usize) -> Position {
        let position = self.positions[place];
        self.take_out(place);
        position
    }

    #[inline]
    fn take_out(&mut self, place: usize) {
        // the youngest, often the only one, can go without a call to move the others up
        if place + 1 == self.positions.len() {
            self.positions.truncate(place);
        } else {
            self.positions.remove(place);
        }
    }

    #[inline]
    fn new_position(&mut self) -> PositionNo {
        let no = self.next_position;
        self.next_position += 1;
        no
    }

    /// Works out when the days come that the versions wait for, at an instant or after it.
    fn wait_for_dates<S>(&mut self, stage: &Stage<'_, S>, since: Instant) {
        let known = std::mem::take(&mut self.dates);
        let since = since.max(stage.from);
        for rule in &stage.edition.date_rules {
            let before = known.iter().find(|timer| timer.rule == *rule).map(|timer| timer.not_before);
            let not_before = before.map_or(since, |before| before.max(since));
            let timer = DateTimer { rule: *rule, next: Instant::NEVER, not_before };
            self.dates.push(DateTimer { next: self.next_date(stage, timer), ..timer });
        }
        self.agenda = self.next_by_itself();
    }

    fn next_date<S>(&self, stage: &Stage<'_, S>, timer: DateTimer) -> Instant {
        let plan = stage.sim.plan;
        let next = match timer.rule {
            DateRule::On(date) => {
                let at = plan.zone.at(date, plan.settings.date_event_time);
                (at >= timer.not_before).then_some(at)
            }
            DateRule::Field { field, days } => {
                let rules = crate::model::EngineRules::default();
                let clock = Clock {
                    start: timer.not_before,
                    zone: &plan.zone,
                    rules: &rules,
                    settings: &plan.settings,
                    catalogue: &plan.catalogue,
                };
                wait::next_date_event(self.record.field(field), field, days, &clock)
            }
        };
        next.unwrap_or(Instant::NEVER)
    }

    /// Whether a day was today, at an hour that is over: what is still to come today comes by itself.
    fn came_today<S>(&self, stage: &Stage<'_, S>, rule: DateRule) -> bool {
        let zone = &stage.sim.plan.zone;
        let not_before = zone.at(zone.date_of(self.now), NaiveTime::MIN);
        self.next_date(stage, DateTimer { rule, next: Instant::NEVER, not_before }) < self.now
    }

    /// A field changed: days counted from it come at other times.
    fn move_dates<S>(&mut self, stage: &Stage<'_, S>, changed: FieldId) {
        for place in 0..self.dates.len() {
            let mut timer = self.dates[place];
            if matches!(timer.rule, DateRule::Field { field, .. } if field == changed) {
                timer.not_before = timer.not_before.max(self.now);
                timer.next = self.next_date(stage, timer);
                self.dates[place] = timer;
            }
        }
    }

    /// When the account does something by itself next.
    fn next_by_itself(&self) -> Instant {
        let record = &self.record;
        let dates = self.dates.iter().map(|timer| timer.next).min();
        let others = record.is_timed().then(|| {
            let payment = record.next_payment().map(|(at, _)| at);
            let leaving = record.next_leaving().map(|(at, _)| at);
            let abandoned = record.next_abandoned().map(|(at, _)| at);
            payment.into_iter().chain(leaving).chain(abandoned).min()
        });
        others.flatten().into_iter().chain(dates).min().unwrap_or(Instant::NEVER)
    }
}
