//! Moving positions: down until they rest (M-01), out of elements, into and out of waits.

use super::{Moving, NO_RUN, Position, RunIx, RunStage, Stage, Timeline};
use crate::base::id::{FieldId, Id, MapId, MemberId};
use crate::base::random;
use crate::base::time::{Instant, Zone};
use crate::engine::conditions::{holds, seen};
use crate::engine::coupled::Unsettled;
use crate::engine::kinds::wait::{Clock, Due, due};
use crate::engine::kinds::{Behaviour, branches, router, split};
use crate::engine::limits::MAX_POSITIONS;
use crate::engine::log::{Arrival, Fault, Nothing, PositionNo, Removal, Rest, Said, Seq, Sink, Skip};
use crate::engine::plan::{Edition, Node, NodeIx};
use crate::model::rules::{FieldTimerReads, SplitDraw};
use crate::model::{Action, EngineRules, LeadRouter, Port, Split, Until, Value, Wait, WaitZone};

/// What becomes of a position that has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// It goes on by the way out at this place from the left.
    Go(u8),
    /// It goes on, and the steps up to the next timer are passed over (K-10).
    Skip,
    /// It goes all of these ways, as one for each; a bit for each, the leftmost the lowest.
    Several(u64),
    /// It rests.
    Rest(Rest),
    /// It is lost, with no harm to the contact's others.
    Drop(Fault),
    /// It leaves the map.
    Off,
    /// It is gone already, or nothing can be said of it.
    Gone,
}

/// What an action did to the position that acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// It goes on.
    GoOn,
    /// It rests until the contact is off that map.
    Hold(MapId),
    /// It was taken off its map, which this entry says.
    Removed(Seq),
    /// What it does is not settled yet: the contact's life stops here.
    Unsettled,
}

/// Whether a position that passes over steps comes to this element like any other (K-10): to the next timer, at which
/// that ends, and to what only says by which way it goes.
fn goes_through_skipping(behaviour: &Behaviour) -> bool {
    match behaviour {
        Behaviour::Wait(wait) => wait.goals.is_empty() || wait.until != Until::Goal,
        Behaviour::Condition(_) | Behaviour::Branches(_) | Behaviour::Split(_) | Behaviour::Fork => true,
        _ => false,
    }
}

impl Timeline {
    /// Moves a position down until it rests (M-01), and its copies after it.
    #[inline(always)]
    pub(super) fn run_down<S: Sink>(&mut self, stage: &mut Stage<'_, S>, first: Moving) {
        let Moving { no, to, by, cause, run, skips } = first;
        self.run_down_from(stage, no, to, by, cause, run, skips);
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "in registers: a struct is copied, which waits for its writes"
    )]
    #[inline(never)]
    fn run_down_from<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        mut no: PositionNo,
        mut to: NodeIx,
        mut by: Arrival,
        mut cause: Seq,
        mut run: RunIx,
        mut skips: bool,
    ) {
        let edition = stage.edition;
        loop {
            let at = to;
            let node = edition.node(at);
            // what is commonest by far stands here, where all of it stays in registers
            let is_plain = run == NO_RUN && !skips && node.step.is_none();
            let passes = is_plain && node.passes;
            let as_a_whole = passes && !S::IN_ORDER;
            let arrived = if as_a_whole {
                self.number::<S>()
            } else {
                self.say(stage, Some(cause), Some(at), Some(no), Said::Arrived(by))
            };
            self.steps += 1;
            let fault = if self.steps > u64::from(node.rules.max_steps_per_instant) {
                Some(Fault::Steps) // M-09
            } else {
                (self.positions.len() + self.copies.len() >= MAX_POSITIONS).then_some(Fault::Positions)
            };
            if let Some(fault) = fault {
                if as_a_whole {
                    self.tell(stage, Some(cause), Some(at), Some(no), Said::Arrived(by));
                }
                self.end_contact(stage, fault, arrived, Moving { no, to, by, cause, run, skips });
                return;
            }
            let way = match &node.behaviour {
                behaviour if passes => {
                    if let Behaviour::Action(Action::SendEmail(Some(email))) = behaviour {
                        self.send_email(stage, arrived, (Some(at), Some(no)), *email);
                    }
                    Some(0)
                }
                Behaviour::Wait(Wait { until: Until::TimePasses(span), zone, .. }) if is_plain => {
                    let due = Self::zone_of(stage, *zone).add(self.now, *span);
                    if due > self.now {
                        self.rest_here(stage, no, at, Rest::Until(due), arrived, (NO_RUN, Port::Next));
                        None
                    } else {
                        Some(0)
                    }
                }
                _ => {
                    let mut moving = Moving { no, to, by, cause, run, skips };
                    let way = self.step(stage, &mut moving, arrived);
                    (run, skips) = (moving.run, moving.skips);
                    way
                }
            };
            if self.ended {
                return;
            }
            let moving = Moving { no, to, by, cause, run, skips };
            let next = if as_a_whole {
                self.pass(stage, &moving, arrived)
            } else {
                way.and_then(|way| self.leave_on(stage, &moving, way, arrived))
            };
            // never both in one variable, which would be one in memory
            if let Some(next) = next {
                Moving { no, to, by, cause, run, skips } = next;
            } else if let Some(next) = self.copies.pop() {
                Moving { no, to, by, cause, run, skips } = next;
            } else {
                return;
            }
        }
    }

    /// Sends a position on that only passes, for a sink that takes the visit as a whole.
    #[inline(always)]
    fn pass<S: Sink>(&mut self, stage: &mut Stage<'_, S>, moving: &Moving, arrived: Seq) -> Option<Moving> {
        let Moving { no, to: node, by, cause, run, skips } = *moving;
        let Some((way, to)) = stage.edition.way(node, 0).and_then(|way| Some((way, way.to?))) else {
            self.tell(stage, Some(cause), Some(node), Some(no), Said::Arrived(by));
            return self.leave(stage, no, node, 0, arrived, run);
        };
        stage.sink.passed(node, way.outlet);
        Some(Moving { no, to, by: Arrival::From(node), cause: self.number::<S>(), run, skips })
    }

    /// What becomes of a position that has arrived; the way out from the left by which it goes on.
    #[inline(never)]
    fn step<S: Sink>(&mut self, stage: &mut Stage<'_, S>, moving: &mut Moving, arrived: Seq) -> Option<u8> {
        let node = stage.edition.node(moving.to);
        let (at, no) = (Some(moving.to), Some(moving.no));
        let step = if node.step.is_some()
            && let Err(fault) = self.come_in(stage, moving, arrived)
        {
            Step::Drop(fault)
        } else if moving.skips && !goes_through_skipping(&node.behaviour) {
            self.pass_over(stage, &node.behaviour, arrived, moving)
        } else {
            moving.skips &= !matches!(node.behaviour, Behaviour::Wait(_));
            self.decide(stage, node, arrived, moving)
        };
        match step {
            Step::Go(way) => return Some(way),
            Step::Skip => {
                moving.skips = true;
                return Some(0);
            }
            Step::Rest(rest) => {
                self.rest(stage, moving.no, moving.to, rest, arrived, (moving.run, Port::Next));
            }
            Step::Off => {
                self.say(stage, Some(arrived), at, no, Said::Left { outlet: 0, port: Port::Off });
            }
            Step::Drop(fault) => {
                let seq = self.tell(stage, Some(arrived), at, no, Said::Dropped(fault));
                self.stop_moving(stage, moving, seq);
            }
            Step::Several(ways) => self.go_several_ways(stage, moving, ways, arrived),
            Step::Gone => {}
        }
        None
    }

    /// A fault that ends the contact: the position is lost, and its copies on their way with it.
    #[inline(never)]
    fn end_contact<S: Sink>(&mut self, stage: &mut Stage<'_, S>, fault: Fault, arrived: Seq, moving: Moving) {
        let seq = self.tell(stage, Some(arrived), Some(moving.to), Some(moving.no), Said::Dropped(fault));
        self.stop_moving(stage, &moving, seq);
        while let Some(other) = self.copies.pop() {
            let (at, no) = (Some(other.to), Some(other.no));
            let seq = self.tell(stage, Some(other.cause), at, no, Said::Arrived(other.by));
            let seq = self.tell(stage, Some(seq), at, no, Said::Dropped(fault));
            self.stop_moving(stage, &other, seq);
        }
        self.ended = true;
    }

    /// What an element that is passed over behind a timer that is past lets happen (K-10).
    #[inline(never)]
    fn pass_over<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        behaviour: &Behaviour,
        arrived: Seq,
        moving: &Moving,
    ) -> Step {
        match behaviour {
            Behaviour::Action(_) | Behaviour::NotChosen | Behaviour::Draft(_) => {
                let skip =
                    if matches!(behaviour, Behaviour::Draft(_)) { Skip::Draft } else { Skip::PastTimer };
                self.tell(stage, Some(arrived), Some(moving.to), Some(moving.no), Said::Skipped(skip));
                Step::Skip
            }
            Behaviour::GoTo => Step::Skip,
            _ => Step::Drop(Fault::NoTimerLeft),
        }
    }

    /// What an element does, and what becomes of a position that has arrived there.
    #[inline]
    fn decide<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        node: &Node,
        arrived: Seq,
        moving: &Moving,
    ) -> Step {
        let (at, no) = (Some(moving.to), Some(moving.no));
        match &node.behaviour {
            Behaviour::Wait(wait) => self.arrive_at_wait(stage, wait, &node.rules, arrived, moving),
            Behaviour::Action(_) | Behaviour::NotChosen
                if moving.run != NO_RUN && self.skip_step(stage, &node.rules, arrived, moving) =>
            {
                Step::Go(0)
            }
            Behaviour::Action(action) => self.arrive_at_action(stage, action, arrived, moving),
            Behaviour::NotChosen => {
                self.tell(stage, Some(arrived), at, no, Said::Nothing(Nothing::NotChosen));
                Step::Go(0)
            }
            Behaviour::Condition(condition) => {
                let view = self.view(stage, node.rules.text_match);
                let yes = holds(condition, &view);
                let seen = S::DETAIL.then(|| seen(condition, &view));
                self.say(stage, Some(arrived), at, no, Said::Decided(yes, seen.as_deref()));
                Step::Go(u8::from(!yes))
            }
            Behaviour::Branches(several) => {
                let view = self.view(stage, node.rules.text_match);
                let ways = branches::choose(several, &view);
                let seen = S::DETAIL.then(|| branches::seen_by_all(several, &view));
                self.tell(stage, Some(arrived), at, no, Said::Chose(ways, seen.as_deref()));
                if ways != 0 {
                    return Step::Several(ways);
                }
                let other = stage.edition.ways(moving.to).iter().position(|way| way.port == Port::Other);
                other.map_or(Step::Drop(Fault::NoBranch), |place| Step::Go(place as u8))
            }
            Behaviour::Split(split) => match self.draw_path(stage, split, &node.rules, moving) {
                Some(path) => {
                    self.say(stage, Some(arrived), at, no, Said::Drew(path));
                    Step::Go(path)
                }
                None => Step::Gone,
            },
            Behaviour::Fork => Step::Several(0b11),
            Behaviour::Draft(_) => {
                self.tell(stage, Some(arrived), at, no, Said::Skipped(Skip::Draft));
                Step::Go(0)
            }
            Behaviour::Pass | Behaviour::GoTo => Step::Go(0),
            Behaviour::End => Step::Rest(Rest::End),
            Behaviour::Exit => Step::Off,
            // no line leads to what a version has not
            Behaviour::Absent => Step::Gone,
        }
    }

    /// A position has come to an action: it acts unless it comes too late (K-11).
    #[inline]
    fn arrive_at_action<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        action: &Action,
        arrived: Seq,
        moving: &Moving,
    ) -> Step {
        let (at, no) = (Some(moving.to), Some(moving.no));
        if let Action::SendEmail(Some(email)) = action {
            // commonest by far
            self.send_email(stage, arrived, (at, no), *email);
            return Step::Go(0);
        }
        match self.act(stage, arrived, at, no, action) {
            After::GoOn => Step::Go(0),
            After::Hold(map) => Step::Rest(Rest::OnMap(map)),
            After::Removed(seq) => {
                self.stop_moving(stage, moving, seq);
                Step::Gone
            }
            After::Unsettled => Step::Gone,
        }
    }

    /// A position has come to a wait (semantics §5): rests until the rule says so; a rule that is met is passed at once.
    /// A goal wait does the same: its way out at the left is the path of least action (W-08), and only an event leads to
    /// its goals (M-05).
    #[inline]
    fn arrive_at_wait<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        wait: &Wait,
        rules: &EngineRules,
        arrived: Seq,
        moving: &Moving,
    ) -> Step {
        if moving.run != NO_RUN && self.is_released(moving.run, moving.to) {
            return self.pass_released(stage, wait, rules, arrived, moving);
        }
        if let Until::Conditions { condition, .. } = &wait.until {
            let yes = holds(condition, &self.view(stage, rules.text_match));
            self.tell_asked(stage, condition, yes, (moving.to, moving.no), arrived);
            if yes {
                self.note_done(stage, arrived, moving);
                return Step::Go(0);
            }
        }
        // in a sequence times count from when its place was due (K-11)
        let (start, run) = match self.runs.get(moving.run as usize) {
            Some(run) if run.stage == RunStage::Active => (run.nominal, moving.run),
            _ => (self.now, NO_RUN),
        };
        match self.due(stage, wait, rules, start, run) {
            Due::Never => Step::Rest(Rest::Goal),
            Due::At(due) if due <= self.now => {
                if let Some(run) = self.runs.get_mut(moving.run as usize) {
                    run.nominal = start.max(due);
                    self.note_done(stage, arrived, moving);
                }
                Step::Go(0)
            }
            Due::At(due) => Step::Rest(Rest::Until(due)),
            Due::Past if wait.goals.is_empty() => Step::Skip,
            Due::Past => Step::Go(0),
        }
    }

    /// K-11: a run has come once more to a wait that let it go before.
    #[inline(never)]
    fn pass_released<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        wait: &Wait,
        rules: &EngineRules,
        arrived: Seq,
        moving: &Moving,
    ) -> Step {
        let start = self.runs.get(moving.run as usize).map_or(self.now, |run| run.nominal);
        let due = self.due(stage, wait, rules, start, moving.run);
        self.note_done(stage, arrived, moving);
        if due == Due::Past { Step::Skip } else { Step::Go(0) }
    }

    /// The time zone of a wait (W-02).
    #[inline]
    fn zone_of<'a, S>(stage: &Stage<'a, S>, zone: WaitZone) -> &'a Zone {
        match zone {
            WaitZone::Account => &stage.sim.plan.zone,
            WaitZone::Contact => stage.zone,
        }
    }

    /// When a wait lets go a position that it holds from `start` on.
    #[inline]
    pub(super) fn due<S>(
        &self,
        stage: &Stage<'_, S>,
        wait: &Wait,
        rules: &EngineRules,
        start: Instant,
        run: RunIx,
    ) -> Due {
        let plan = stage.sim.plan;
        let zone = Self::zone_of(stage, wait.zone);
        let clock = Clock { start, zone, rules, settings: &plan.settings, catalogue: &plan.catalogue };
        let reads_entry = rules.field_timer_reads == FieldTimerReads::Entry
            && matches!(wait.until, Until::FieldTimer { .. });
        let due = due(&wait.until, &clock, |field| {
            // K-10: what the field held on entry to the sequence
            let is_it = |(of, id, _): &&(RunIx, FieldId, Option<Value>)| (*of, *id) == (run, field);
            // of many runs the last is asked for
            let on_entry = if reads_entry { self.entry_values.iter().rev().find(is_it) } else { None };
            let value: Option<Value> = on_entry.and_then(|(_, _, value)| value.clone());
            value.or_else(|| self.record.field(field).cloned())
        });
        match due {
            Due::At(at) if run != NO_RUN && !self.stops.is_empty() => {
                Due::At(self.due_with_stops(run, start, at))
            }
            due => due,
        }
    }

    /// The path that a split draws for an arrival; `None`: it is not settled yet, and the contact's life stops here.
    #[inline(never)]
    fn draw_path<S>(
        &mut self,
        stage: &Stage<'_, S>,
        split: &Split,
        rules: &EngineRules,
        moving: &Moving,
    ) -> Option<u8> {
        let nth = self.count_arrival(moving.to);
        match rules.split_draw {
            SplitDraw::Random => Some(split::path(split, Self::draw_at(stage, moving.to, nth))),
            SplitDraw::Balanced => self.settled(stage, moving.to, nth, || split.shares.clone()),
        }
    }

    /// The team member whom a lead router gives an arrival; outside of maps there is no turn.
    #[inline(never)]
    pub(super) fn draw_member<S>(
        &mut self,
        stage: &Stage<'_, S>,
        router: &LeadRouter,
        at: Option<NodeIx>,
    ) -> Option<MemberId> {
        let Some(at) = at else {
            let (source, nth) = self.count_outcome_draw()?;
            return router::member(router, Self::draw(stage, source, nth));
        };
        let nth = self.count_arrival(at);
        if router.in_turn && router.members.iter().any(|(_, weight)| *weight > 0) {
            let shares = || router.members.iter().map(|(_, weight)| *weight).collect();
            let place = self.settled(stage, at, nth, shares)?;
            return router.members.get(usize::from(place)).map(|(member, _)| *member);
        }
        router::member(router, Self::draw_at(stage, at, nth))
    }

    fn draw_at<S>(stage: &Stage<'_, S>, at: NodeIx, nth: u64) -> u64 {
        Self::draw(stage, stage.sim.plan.node(at).element.number().into(), nth)
    }

    fn draw<S>(stage: &Stage<'_, S>, source: u64, nth: u64) -> u64 {
        random::draw(stage.sim.seed, stage.contact.0.into(), source, nth)
    }

    /// What the outcome of a task that acts now draws for, and how often it drew for the contact before.
    fn count_outcome_draw(&mut self) -> Option<(u64, u64)> {
        let outcome @ (task, number) = self.outcome?;
        // above all numbers of elements
        let source = 1 << 48 | u64::from(task.number()) << 8 | u64::from(number);
        let nth = match self.outcome_draws.iter_mut().find(|(other, _)| *other == outcome) {
            Some((_, count)) => std::mem::replace(count, *count + 1),
            None => {
                self.outcome_draws.push((outcome, 1));
                0
            }
        };
        Some((source, nth))
    }

    /// What a coupled element gives an arrival; `None`: it is not settled yet, and the contact's life stops here.
    #[inline(never)]
    fn settled<S>(
        &mut self,
        stage: &Stage<'_, S>,
        at: NodeIx,
        nth: u64,
        shares: impl FnOnce() -> Vec<u16>,
    ) -> Option<u8> {
        let got = stage.sim.draws.get(stage.contact, at, nth);
        if got.is_none() {
            let (class, rank) = self.turn;
            let order = (self.now, class, rank, stage.contact);
            self.unsettled = Some(Unsettled { order, node: at, nth, shares: shares() });
            self.ended = true;
        }
        got
    }

    fn count_arrival(&mut self, node: NodeIx) -> u64 {
        let (epoch, count) = &mut self.arrivals[node.index()];
        if *epoch != self.epoch {
            (*epoch, *count) = (self.epoch, 0);
        }
        *count += 1;
        *count - 1
    }

    /// One position becomes several, which go on one after the other, from the left (M-08, K-09): the first is the same,
    /// the others are copies.
    #[inline(never)]
    fn go_several_ways<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        moving: &Moving,
        ways: u64,
        arrived: Seq,
    ) {
        let mut taken = (0..64u8).filter(|way| ways >> way & 1 == 1);
        let Some(first) = taken.next() else { return };
        let mut each = vec![(first, moving.no, arrived)];
        for way in taken {
            let no = self.new_position();
            let seq = self.tell(stage, Some(arrived), Some(moving.to), Some(no), Said::Copied);
            each.push((way, no, seq));
        }
        let next = each
            .into_iter()
            .filter_map(|(way, no, seq)| self.leave_on(stage, &Moving { no, ..*moving }, way, seq));
        let mut on_their_way: Vec<_> = next.collect();
        // the last goes first
        on_their_way.reverse();
        self.copies.extend(on_their_way);
    }

    /// Sends a position that has arrived out by a way.
    #[inline(always)]
    pub(super) fn leave_on<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        moving: &Moving,
        way: u8,
        cause: Seq,
    ) -> Option<Moving> {
        let open_end = moving.skips && stage.edition.way(moving.to, way).is_none_or(|way| way.to.is_none());
        if open_end {
            let dropped = Said::Dropped(Fault::NoTimerLeft);
            let seq = self.tell(stage, Some(cause), Some(moving.to), Some(moving.no), dropped);
            self.stop_moving(stage, moving, seq);
            return None;
        }
        let next = self.leave(stage, moving.no, moving.to, way, cause, moving.run)?;
        Some(Moving { skips: moving.skips, ..next })
    }

    /// Sends a position out by a way and returns it on its way; where that is an open end it rests instead (M-10).
    #[inline(always)] // what it returns stays in registers
    pub(super) fn leave<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        no: PositionNo,
        node: NodeIx,
        way: u8,
        cause: Seq,
        run: RunIx,
    ) -> Option<Moving> {
        let edition: &Edition = stage.edition;
        let way = edition.way(node, way);
        // M-05: to goals only an event leads; a wait whose time was edited away has no path of least action any more
        let open =
            way.map_or(Port::Next, |way| if way.port == Port::Goal { Port::Timeout } else { way.port });
        let taken = way.filter(|way| way.port != Port::Goal).and_then(|way| way.to.map(|to| (way, to)));
        if run != NO_RUN && self.ends_here(stage, node, run, taken.is_some()) {
            self.rest(stage, no, node, Rest::Done, cause, (run, open));
            return None;
        }
        match taken {
            Some((way, to)) => {
                let left = Said::Left { outlet: way.outlet, port: way.port };
                let cause = self.say(stage, Some(cause), Some(node), Some(no), left);
                let run = if run == NO_RUN { run } else { self.go_out(stage, no, node, to, run, cause) };
                Some(Moving { no, to, by: Arrival::From(node), cause, run, skips: false })
            }
            None => {
                self.rest(stage, no, node, Rest::OpenEnd, cause, (run, open));
                None
            }
        }
    }

    #[inline(never)]
    pub(super) fn rest<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        no: PositionNo,
        node: NodeIx,
        rest: Rest,
        cause: Seq,
        run: (RunIx, Port),
    ) {
        self.rest_here(stage, no, node, rest, cause, run);
    }

    /// The same for the commonest place, in whose registers all of it stays.
    #[inline(always)]
    fn rest_here<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        no: PositionNo,
        node: NodeIx,
        rest: Rest,
        cause: Seq,
        (run, open): (RunIx, Port),
    ) {
        let rested = self.say(stage, Some(cause), Some(node), Some(no), Said::Rested(rest));
        let at = stage.edition.node(node);
        let (after_events, map_ix) = (at.rules.events_before_timers, at.map_ix);
        let position = Position {
            no,
            node,
            arrived: self.now,
            rest,
            rested,
            is_let_go: false,
            run,
            open,
            after_events,
            map_ix,
        };
        match self.positions.last() {
            Some(last) if last.no > no => {
                let place = self.positions.partition_point(|other| other.no < no);
                self.positions.insert(place, position);
            }
            _ => self.positions.push(position),
        }
        if run != NO_RUN {
            self.come_to_rest(stage, no, node, rest, run, rested);
        }
    }

    /// Positions on their way on a map are taken off it.
    pub(super) fn remove_copies<S: Sink>(&mut self, stage: &mut Stage<'_, S>, map_ix: u32, removal: Removal) {
        while let Some(place) =
            self.copies.iter().rposition(|copy| stage.edition.node(copy.to).map_ix == map_ix)
        {
            let copy = self.copies.remove(place);
            let (at, no) = (Some(copy.to), Some(copy.no));
            let seq = self.tell(stage, Some(copy.cause), at, no, Said::Arrived(copy.by));
            let seq = self.tell(stage, Some(seq), at, no, Said::Removed(removal));
            self.stop_moving(stage, &copy, seq);
        }
    }
}
