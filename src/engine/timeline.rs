//! One contact's life on all maps. Everything that changes is changed here, and said to the sink at once.

use std::collections::VecDeque;

use super::conditions::holds;
use super::kinds::{Act, Step, Visit};
use super::limits::MAX_POSITIONS;
use super::log::{Arrival, Entry, Fault, Nothing, PositionNo, Refused, Rest, Said, Seq, Sink};
use super::plan::{ListenerPlan, NodeIx, Plan};
use super::record::Record;
use crate::base::id::Id;
use crate::base::time::{Instant, Zone};
use crate::model::rules::{MoveClears, SeveralGoals};
use crate::model::{ContactIx, Happening, IfOnMap, People, Port, Who};

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
}

/// A position at rest.
#[derive(Debug, Clone, Copy)]
struct Position {
    no: PositionNo,
    node: NodeIx,
    /// When its wait ends; [`Instant::NEVER`]: only an event ends it.
    due: Instant,
    /// Its map lets events of the same instant go first (M-13).
    after_events: bool,
    /// The entry that put it to rest.
    rested: Seq,
}

/// A timer, in the order in which timers go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Timer {
    due: Instant,
    after_events: bool,
    node: NodeIx,
    /// Of its position among those at rest.
    place: usize,
}

/// A position on its way.
#[derive(Debug, Clone, Copy)]
struct Moving {
    no: PositionNo,
    to: NodeIx,
    by: Arrival,
    cause: Seq,
}

/// The state of one contact. Keep one for each thread and reuse it: nothing is allocated for a contact then.
#[derive(Debug, Default)]
pub struct Timeline {
    record: Record,
    /// Positions at rest, oldest first.
    positions: Vec<Position>,
    /// Copies that a fork made and that still stand at it; the last goes first.
    copies: Vec<Moving>,
    raised: VecDeque<(Seq, Happening)>,
    /// Maps on which the event being handled put the contact (G-04).
    entered: Vec<u32>,
    /// Which contact last activated a listener (G-03), by number of the listener; see `epoch`.
    once: Vec<u32>,
    /// Arrivals at nodes where chance decides, with the epoch they belong to.
    arrivals: Vec<(u32, u64)>,
    /// Counts contacts, so that per-contact tables need no clearing.
    epoch: u32,
    now: Instant,
    steps: u32,
    next_seq: Seq,
    next_position: PositionNo,
    /// A fault ended the contact.
    ended: bool,
}

/// Where the entries of one contact go, and what does not change during its life.
struct Stage<'a, S> {
    sim: Simulation<'a>,
    contact: ContactIx,
    zone: &'a Zone,
    sink: &'a mut S,
}

impl Timeline {
    /// Computes a contact's whole life and says it to the sink.
    pub fn run<S: Sink>(&mut self, sim: Simulation<'_>, contact: ContactIx, sink: &mut S) {
        let Some(who) = sim.people.contact(contact) else { return };
        self.reset(sim.plan);
        self.record.reset(who);
        let mut stage = Stage { sim, contact, zone: sim.plan.zone_of(who.zone), sink };
        let mut events = sim.people.events(contact).iter().peekable();
        while !self.ended {
            // M-13: events come before timers of the same instant unless the timer's map says otherwise
            let timer = self.next_timer();
            let event_at = events.peek().map(|event| event.at);
            let (at, event) = match (event_at, timer) {
                (None, None) => break,
                (Some(at), None) => (at, events.next()),
                (Some(at), Some(timer)) if at < timer.due || (at == timer.due && timer.after_events) => {
                    (at, events.next())
                }
                (_, Some(timer)) => (timer.due, None),
            };
            if at > sim.until {
                break;
            }
            if at != self.now || self.next_seq == 0 {
                self.now = at;
                self.steps = 0;
                stage.sink.turn_to(contact, at);
            }
            match (event, timer) {
                (Some(event), _) => {
                    self.record.take_in(&event.what);
                    let seq = self.say_event(&mut stage, None, Said::Happened(&event.what));
                    if at >= sim.from {
                        self.handle(&mut stage, seq, &event.what);
                    }
                }
                (None, Some(timer)) => self.fire(&mut stage, timer.place),
                (None, None) => {}
            }
            // M-12: what actions raised comes before the next event or timer
            while let Some((cause, what)) = self.raised.pop_front() {
                if self.ended {
                    break;
                }
                let seq = self.say_event(&mut stage, Some(cause), Said::Raised(&what));
                self.handle(&mut stage, seq, &what);
            }
        }
    }

    #[inline]
    fn reset(&mut self, plan: &Plan) {
        if self.epoch == u32::MAX
            || self.once.len() != plan.listener_count()
            || self.arrivals.len() != plan.nodes().len()
        {
            self.once = vec![0; plan.listener_count()];
            self.arrivals = vec![(0, 0); plan.nodes().len()];
            self.epoch = 0;
        }
        self.epoch += 1;
        self.positions.clear();
        self.copies.clear();
        self.raised.clear();
        self.now = Instant::MIN;
        self.steps = 0;
        self.next_seq = 0;
        self.next_position = 0;
        self.ended = false;
    }

    /// The timer that is due first (M-13). Ties go by map and reading order, which is the order of nodes, then to the
    /// older position.
    #[inline]
    fn next_timer(&self) -> Option<Timer> {
        let timer = |(place, position): (usize, &Position)| Timer {
            due: position.due,
            after_events: position.after_events,
            node: position.node,
            place,
        };
        match self.positions.as_slice() {
            // nearly every contact has one position at most
            [] => None,
            [only] => (only.due != Instant::NEVER).then(|| timer((0, only))),
            many => many.iter().enumerate().filter(|(_, p)| p.due != Instant::NEVER).map(timer).min(),
        }
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
        let seq = self.next_seq;
        self.next_seq += 1;
        let entry = Entry { at: self.now, contact: stage.contact, seq, cause, node, position, what };
        stage.sink.entry(stage.sim.plan, &entry);
        seq
    }

    /// Says an event, which is on no map, to a sink that wants to hear of events.
    #[inline]
    fn say_event<S: Sink>(&mut self, stage: &mut Stage<'_, S>, cause: Option<Seq>, what: Said<'_>) -> Seq {
        if S::EVENTS {
            return self.say(stage, cause, None, None, what);
        }
        self.next_seq += 1;
        self.next_seq - 1
    }

    /// A wait is over: the position goes on by the first way out, which is the path of least action of a goal wait.
    fn fire<S: Sink>(&mut self, stage: &mut Stage<'_, S>, place: usize) {
        let position = self.lift(place);
        if let Some(moving) = self.leave(stage, position.no, position.node, 0, position.rested) {
            self.run_down(stage, moving);
        }
    }

    /// G-04: offers an event to every listener for it, map by map, triggers before goals, in reading order.
    fn handle<S: Sink>(&mut self, stage: &mut Stage<'_, S>, cause: Seq, what: &Happening) {
        let plan = stage.sim.plan;
        self.entered.clear();
        let (mut map_ix, mut goals_matched) = (u32::MAX, 0);
        let mut goal_achieved = false;
        for number in plan.listening(what.event_type()) {
            let listener = plan.listener(*number);
            if !listener.listener.on.matches(what, listener.map) {
                continue;
            }
            if listener.map_ix != map_ix {
                (map_ix, goals_matched, goal_achieved) = (listener.map_ix, 0, false);
            }
            let rules = &plan.map(map_ix).rules;
            let refused = self.refusal(plan, *number, listener);
            let in_scope =
                !matches!(refused, Some(Refused::Condition | Refused::Scope | Refused::EntryEvent));
            if listener.is_goal && in_scope {
                goals_matched += 1;
                if goals_matched == 2 {
                    self.say(stage, Some(cause), Some(listener.node), None, Said::SeveralGoals); // G-05
                }
            }
            let not_first =
                listener.is_goal && goal_achieved && rules.several_goals == SeveralGoals::FirstOnly;
            if let Some(refused) = refused.or(not_first.then_some(Refused::NotFirst)) {
                if S::REFUSALS {
                    self.say(stage, Some(cause), Some(listener.node), None, Said::Refused(refused));
                }
                continue;
            }
            goal_achieved |= listener.is_goal;
            if !self.on_map(plan, map_ix) {
                self.entered.push(map_ix);
            }
            self.once[*number as usize] = self.epoch;
            self.activate(stage, cause, listener);
            if self.ended {
                return;
            }
        }
    }

    #[inline]
    fn on_map(&self, plan: &Plan, map_ix: u32) -> bool {
        self.positions.iter().any(|position| plan.node(position.node).map_ix == map_ix)
    }

    /// The first reason why a listener that hears the event is not activated, in the order of G-04.
    #[inline]
    fn refusal(&self, plan: &Plan, number: u32, listener: &ListenerPlan) -> Option<Refused> {
        let settings = &listener.listener;
        let rules = &plan.map(listener.map_ix).rules;
        if !settings.conditions.is_always() && !holds(&settings.conditions, &self.record, rules.text_match) {
            return Some(Refused::Condition);
        }
        let on_map = self.on_map(plan, listener.map_ix);
        if settings.who != Who::AnyContact {
            let in_scope = self.positions.iter().any(|position| {
                plan.node(position.node).map_ix == listener.map_ix && listener.in_scope(position.node)
            });
            if !in_scope {
                return Some(Refused::Scope);
            }
        }
        if listener.is_goal && !rules.entry_event_achieves && self.entered.contains(&listener.map_ix) {
            return Some(Refused::EntryEvent);
        }
        if settings.once && self.once[number as usize] == self.epoch {
            return Some(Refused::Once); // G-03
        }
        (on_map && settings.if_on_map == IfOnMap::Ignore).then_some(Refused::Ignore) // G-02
    }

    /// Places the contact at a trigger or goal and lets it run down to rest.
    fn activate<S: Sink>(&mut self, stage: &mut Stage<'_, S>, cause: Seq, listener: &ListenerPlan) {
        let plan = stage.sim.plan;
        let activated = self.say(stage, Some(cause), Some(listener.node), None, Said::Activated);
        let mut arrival = Moving { no: 0, to: listener.node, by: Arrival::Event, cause: activated };
        let mut by_line = None;
        if listener.listener.if_on_map == IfOnMap::Move {
            let clears = plan.map(listener.map_ix).rules.move_clears;
            let mut place = 0;
            while let Some(position) = self.positions.get(place).copied() {
                let on_map = plan.node(position.node).map_ix == listener.map_ix;
                // G-09
                if !on_map || (clears == MoveClears::AboveGoal && !listener.is_below(position.node)) {
                    place += 1;
                    continue;
                }
                self.lift(place);
                match listener.wait {
                    // who stands at the goal's own wait leaves by the line, others are taken from where they are
                    Some((wait, outlet)) if wait == position.node && by_line.is_none() => {
                        by_line = Some(position.no);
                        let left = Said::Left { outlet, port: Port::Goal };
                        let seq =
                            self.say(stage, Some(activated), Some(position.node), Some(position.no), left);
                        (arrival.by, arrival.cause) = (Arrival::From(wait), seq);
                    }
                    _ => {
                        let taken = Said::Taken(listener.node);
                        self.say(stage, Some(activated), Some(position.node), Some(position.no), taken);
                    }
                }
            }
        }
        arrival.no = by_line.unwrap_or_else(|| self.new_position());
        self.run_down(stage, arrival);
    }

    /// Takes a position from where it rests.
    #[inline]
    fn lift(&mut self, place: usize) -> Position {
        // the youngest, often the only one, can go without a call to move the others up
        if place + 1 == self.positions.len()
            && let Some(youngest) = self.positions.pop()
        {
            return youngest;
        }
        self.positions.remove(place)
    }

    #[inline]
    fn new_position(&mut self) -> PositionNo {
        let no = self.next_position;
        self.next_position += 1;
        no
    }

    /// Moves a position down until it rests (M-01), and its copies after it.
    fn run_down<S: Sink>(&mut self, stage: &mut Stage<'_, S>, first: Moving) {
        let mut moving = first;
        loop {
            let node = stage.sim.plan.node(moving.to);
            let rules = &stage.sim.plan.map(node.map_ix).rules;
            let (no, at) = (moving.no, moving.to);
            let arrived = self.say(stage, Some(moving.cause), Some(at), Some(no), Said::Arrived(moving.by));
            self.steps += 1;
            let fault = if self.steps > rules.max_steps_per_instant {
                Some(Fault::Steps) // M-09
            } else {
                (self.positions.len() + self.copies.len() > MAX_POSITIONS).then_some(Fault::Positions)
            };
            if let Some(fault) = fault {
                self.say(stage, Some(arrived), Some(at), Some(no), Said::Dropped(fault));
                // its copies on their way are lost with it
                while let Some(other) = self.copies.pop() {
                    let (at, no) = (Some(other.to), Some(other.no));
                    let seq = self.say(stage, Some(other.cause), at, no, Said::Arrived(other.by));
                    self.say(stage, Some(seq), at, no, Said::Dropped(fault));
                }
                self.ended = true;
                return;
            }
            let nth = if node.behaviour.draws() { self.count_arrival(at) } else { 0 };
            let visit = || Visit {
                now: self.now,
                record: &self.record,
                rules,
                account_zone: &stage.sim.plan.zone,
                contact_zone: stage.zone,
                detail: S::DETAIL,
                chance: [stage.sim.seed, stage.contact.0.into(), node.element.number().into(), nth],
            };
            // read where it was written: taken apart it is copied first, which waits for the writes (4 % slower)
            let decided = node.behaviour.arrive(visit);
            self.act(stage, arrived, at, no, &decided.0);
            let next = match decided.1 {
                Step::Go(outlet) => self.leave(stage, no, at, outlet, arrived),
                Step::Rest(rest) => {
                    self.rest(stage, no, at, rest, arrived);
                    None
                }
                Step::Off => {
                    self.say(
                        stage,
                        Some(arrived),
                        Some(at),
                        Some(no),
                        Said::Left { outlet: 0, port: Port::Off },
                    );
                    None
                }
                Step::Both => {
                    let copy = self.new_position();
                    let copied = self.say(stage, Some(arrived), Some(at), Some(copy), Said::Copied);
                    let left = self.leave(stage, no, at, 0, arrived);
                    let right = self.leave(stage, copy, at, 1, copied);
                    self.copies.extend(right); // after the left way has run to its rest (M-08)
                    left
                }
            };
            match next.or_else(|| self.copies.pop()) {
                Some(next) => moving = next,
                None => return,
            }
        }
    }

    fn count_arrival(&mut self, node: NodeIx) -> u64 {
        let (epoch, count) = &mut self.arrivals[node.index()];
        if *epoch != self.epoch {
            (*epoch, *count) = (self.epoch, 0);
        }
        *count += 1;
        *count - 1
    }

    /// Sends a position out by a way and returns it on its way; where that is an open end it rests instead (M-10).
    #[inline(always)] // what it returns stays in registers
    fn leave<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        no: PositionNo,
        node: NodeIx,
        outlet: u8,
        cause: Seq,
    ) -> Option<Moving> {
        let way = stage.sim.plan.outlets(node).get(usize::from(outlet));
        match way.and_then(|way| way.to.map(|to| (way.port, to))) {
            Some((port, to)) => {
                let cause = self.say(stage, Some(cause), Some(node), Some(no), Said::Left { outlet, port });
                Some(Moving { no, to, by: Arrival::From(node), cause })
            }
            None => {
                self.rest(stage, no, node, Rest::OpenEnd, cause);
                None
            }
        }
    }

    #[inline]
    fn rest<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        no: PositionNo,
        node: NodeIx,
        rest: Rest,
        cause: Seq,
    ) {
        let due = match rest {
            Rest::Until(due) => due,
            Rest::Goal | Rest::End | Rest::OpenEnd => Instant::NEVER,
        };
        let rested = self.say(stage, Some(cause), Some(node), Some(no), Said::Rested(rest));
        let after_events = !stage.sim.plan.node(node).timers_first;
        self.positions.push(Position { no, node, due, after_events, rested });
    }

    /// Carries out what an element does.
    #[inline]
    fn act<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        node: NodeIx,
        no: PositionNo,
        act: &Act<'_>,
    ) {
        let what = match act {
            Act::None => return,
            Act::ChangeTags { add, remove } => {
                for tag in *add {
                    let change = (Said::TagAdded(*tag), Happening::TagAdded(*tag));
                    let change = self.record.add_tag(*tag).then_some(change);
                    self.change(stage, cause, node, no, change);
                }
                for tag in *remove {
                    let change = (Said::TagRemoved(*tag), Happening::TagRemoved(*tag));
                    let change = self.record.remove_tag(*tag).then_some(change);
                    self.change(stage, cause, node, no, change);
                }
                return;
            }
            Act::SetField(field, value) => {
                let change = self.record.set_field(*field, value.clone()).then(|| {
                    let raised = Happening::FieldUpdated { field: *field, value: value.clone() };
                    (Said::FieldSet(*field, value.as_ref()), raised)
                });
                self.change(stage, cause, node, no, change);
                return;
            }
            Act::Send(email) => Said::Sent(*email),
            Act::Nothing(why) => Said::Nothing(*why),
            Act::Decided(yes, seen) => Said::Decided(*yes, seen.as_deref()),
            Act::Drew(path) => Said::Drew(*path),
        };
        self.say(stage, Some(cause), Some(node), Some(no), what);
    }

    /// Says a change of the record, which raises its event, or that it was so already.
    fn change<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        node: NodeIx,
        no: PositionNo,
        change: Option<(Said<'_>, Happening)>,
    ) {
        let Some((what, raised)) = change else {
            self.say(stage, Some(cause), Some(node), Some(no), Said::Nothing(Nothing::Unchanged));
            return;
        };
        let seq = self.say(stage, Some(cause), Some(node), Some(no), what);
        self.raised.push_back((seq, raised));
    }
}
