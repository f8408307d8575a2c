//! A later version of a map comes in while contacts are on it (semantics §10, K-11).

use super::{Moving, NO_RUN, Position, RunIx, RunStage, Stage, Timeline};
use crate::base::id::MapId;
use crate::base::time::Instant;
use crate::engine::kinds::Behaviour;
use crate::engine::kinds::wait::Due;
use crate::engine::log::{Arrival, Removal, Rest, Said, Seq, Sink, Skip};
use crate::engine::plan::{Edition, ListenerPlan, NodeIx, Plan, SequencePlan, Way};
use crate::model::rules::EditedWait;
use crate::model::{Change, Ear, EventFilter, Heard, SalePart, Until, Wait};

/// Where the steps of a new version put a run (K-11).
struct Resumption {
    /// Actions that are still to be done, at once.
    pending: Vec<NodeIx>,
    /// Actions that come too late.
    late: Vec<NodeIx>,
    /// The wait to rest at, and until when; `None`: all steps are over.
    rest: Option<(NodeIx, Instant)>,
    /// When the first of the pending ones was due.
    pending_since: Instant,
    /// When the step to rest at, or the end, was due.
    since: Instant,
}

impl Timeline {
    /// The version that begins with the stage's edition comes in.
    pub(super) fn publish<S: Sink>(&mut self, stage: &mut Stage<'_, S>) {
        let map_ix = stage.edition.map_ix;
        let Some(old) = stage.sim.plan.editions().get(self.edition.wrapping_sub(1)) else { return };
        if self.maps[map_ix as usize].is_some() {
            self.publish_map(stage, old, map_ix);
        }
        if !self.ended && stage.edition.map(map_ix).is_some_and(|map| map.place_matching) {
            self.place_matching(stage, Some(old), map_ix);
        }
        self.wait_for_dates(stage, self.now);
    }

    /// Activates what a version brings where the record matches it already (G-06); without one before, all of it.
    pub(super) fn place_matching<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        old: Option<&Edition>,
        map_ix: u32,
    ) {
        let edition = stage.edition;
        // nobody is placed before being there, and a publication comes before a creation of its instant
        let created = stage.sim.people.contact(stage.contact).and_then(|contact| contact.created);
        if created.is_some_and(|created| created >= self.now) {
            return;
        }
        let was_there =
            |listener: &ListenerPlan| old.is_some_and(|old| old.node(listener.node).kind.is_some());
        for listener in edition.listeners().iter().filter(|listener| listener.map_ix == map_ix) {
            self.entered.clear();
            let is_new = !was_there(listener) && self.already_matches(stage, listener);
            if is_new && self.refusal(stage, listener).is_none() {
                self.activate(stage, None, listener);
            }
            if self.ended {
                return;
            }
        }
    }

    /// Whether the record already says what a listener waits for (G-06): how things are, not what happened once.
    fn already_matches<S>(&self, stage: &Stage<'_, S>, listener: &ListenerPlan) -> bool {
        let Plan { catalogue, settings, .. } = stage.sim.plan;
        let (record, events) = (&self.record, stage.events);
        let stands = |map: MapId| {
            let other = stage.sim.plan.find_map(map).filter(|_| map != listener.map);
            other.and_then(|ix| self.maps[ix as usize])
        };
        let filter = &listener.listener.on;
        match filter {
            EventFilter::TagAdded(Some(tag)) => record.has_tag(*tag),
            EventFilter::ListAdded(Some(list)) => record.is_on_list(*list),
            EventFilter::LevelGiven(Some(level)) => record.has_level(*level),
            EventFilter::FieldUpdated(Some(field)) => record.field(*field).is_some(),
            EventFilter::Relationship { relationship: Some(kind), change: Change::Added } => {
                record.related(*kind).next().is_some()
            }
            EventFilter::MembershipUpdated(Some(site)) | EventFilter::MembershipCreated(Some(site)) => {
                record.membership(*site).is_some()
            }
            EventFilter::Automation { map: Some(map), change: Change::Added } => stands(*map).is_some(),
            EventFilter::Paused(Some(map)) => stands(*map).is_some_and(|on| on.paused.is_some()),
            EventFilter::Purchased { products, .. } => {
                !products.is_empty() && !record.ordered(products, events).is_zero()
            }
            EventFilter::OpenOrderCreated => record.placed(events).any(|(state, order)| state.is_open(order)),
            EventFilter::KeapPurchase(_) => {
                let rules = stage.edition.map(listener.map_ix).map(|map| &map.rules);
                rules.is_some_and(|rules| {
                    let ear = Ear { map: listener.map, rules, catalogue, settings };
                    record.placed(events).any(|(state, order)| {
                        let part = SalePart::Charged;
                        let mut paid = state.first_payments(order);
                        paid.any(|payment| filter.matches(Heard::Sale { part, payment, order }, ear))
                    })
                })
            }
            EventFilter::DateMatches(_) | EventFilter::DateRelative { .. } | EventFilter::SpecificDate(_) => {
                filter.date_rule().is_some_and(|rule| self.came_today(stage, rule))
            }
            _ => false,
        }
    }

    /// What becomes of the contact's positions on a map.
    fn publish_map<S: Sink>(&mut self, stage: &mut Stage<'_, S>, old: &Edition, map_ix: u32) {
        let Some(id) = stage.sim.plan.maps().get(map_ix as usize).map(|map| map.id) else { return };
        let published = self.tell(stage, None, None, None, Said::Published(id));
        let held: Vec<_> = (self.positions.iter())
            .filter(|position| position.map_ix == map_ix)
            .map(|position| position.no)
            .collect();
        for no in held {
            if let Some(place) = self.positions.iter().position(|position| position.no == no) {
                self.publish_position(stage, old, place, published);
            }
            if self.ended {
                return;
            }
        }
        self.settle_map(stage, map_ix, published);
    }

    fn publish_position<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        old: &Edition,
        place: usize,
        published: Seq,
    ) {
        let edition = stage.edition;
        let position = self.positions[place];
        let (before, after) = (old.node(position.node), edition.node(position.node));
        // L-02
        if before.kind != after.kind {
            self.lift(place);
            self.remove(stage, position, published, Removal::Publication);
            return;
        }
        self.positions[place].after_events = after.rules.events_before_timers;
        if let Some(run) = self.runs.get(position.run as usize) {
            match (old.sequence(run.sequence), edition.sequence(run.sequence)) {
                (Some(was), Some(is)) => self.follow_steps(position.run, (old, was), (edition, is)),
                // a sequence that is gone stops; its steps are elements like others
                _ => {
                    self.stop_run(stage, position, published);
                    self.positions[place].run = NO_RUN;
                }
            }
        }
        let position = self.positions[place];
        let is_paused = self.is_paused(after.map_ix);
        // K-11; who waits for another map stays
        if !matches!(position.rest, Rest::OnMap(_))
            && let Some(run) = self.runs.get(position.run as usize).copied()
            && let (Some(was), Some(is)) = (old.sequence(run.sequence), edition.sequence(run.sequence))
            && !is_same_course(
                (old, was),
                (edition, is),
                (run.stage == RunStage::Active).then_some(position.node),
            )
        {
            self.note_steps_done(&position, was);
            // M-14: who is paused follows later; a place behind the steps may have another rule until then
            let is_placed = if is_paused {
                run.stage != RunStage::Queued
            } else {
                self.catch_up(stage, place, published)
            };
            if is_placed {
                // W-01: one that it stayed at by the new times was not asked
                let stays = |other: &Position| (other.no, other.node) == (position.no, position.node);
                if !is_same_rule(before.behaviour.wait(), after.behaviour.wait())
                    && let Some(place) = self.positions.iter().position(stays)
                {
                    self.let_go_if_met(stage, place, published);
                }
                return;
            }
        }
        let waits = matches!(position.rest, Rest::Until(_) | Rest::Goal);
        if position.rest == Rest::OpenEnd {
            if !is_paused {
                self.leave_open_end(stage, place, published);
            }
        } else if let (Some(was), Some(is)) = (before.behaviour.wait(), after.behaviour.wait())
            && waits
            && !is_same_rule(Some(was), Some(is))
        {
            // L-03
            let rules = edition.map(after.map_ix).map(|map| map.rules.edited_wait);
            let of_field = matches!(is.until, Until::Relative { .. } | Until::FieldTimer { .. });
            let keeps = rules == Some(EditedWait::Keep) && position.due() != Instant::NEVER;
            if of_field || !keeps {
                let start = if of_field { self.now } else { position.arrived };
                self.work_out_again(stage, place, start, published);
            } else {
                self.let_go_if_met(stage, place, published); // W-01
            }
        }
    }

    /// A position whose open end leads on by now goes on.
    pub(super) fn leave_open_end<S: Sink>(&mut self, stage: &mut Stage<'_, S>, place: usize, cause: Seq) {
        let position = self.positions[place];
        let way = open_way(stage.edition, &position).filter(|_| position.rest == Rest::OpenEnd);
        if let Some(way) = way {
            let position = self.lift(place);
            self.send_on(stage, &position, (way, false), cause);
        }
    }

    /// What is known of a run's way, as far as a version has it (K-11): where it began, or the next step below that is
    /// left; and when steps let it go, but for waits with another rule, which count anew.
    fn follow_steps(
        &mut self,
        run: RunIx,
        (old, was): (&Edition, &SequencePlan),
        (new, is): (&Edition, &SequencePlan),
    ) {
        let is_as_it_was = |step: &NodeIx| {
            let (was, is) = (old.node(*step), new.node(*step));
            was.kind == is.kind && is_same_rule(was.behaviour.wait(), is.behaviour.wait())
        };
        self.releases.retain(|(of, step, _)| *of != run || is_as_it_was(step));
        let Some(first) = self.runs.get_mut(run as usize).and_then(|run| run.first.as_mut()) else { return };
        let mut below = was.steps.iter().skip_while(|step| *step != first);
        if let Some(next) = below.find(|step| is.steps.contains(step)) {
            *first = *next;
        }
    }

    /// Keeps which steps a run did in the version in which it stands; in one that it has not come to it did nothing.
    fn note_steps_done(&mut self, position: &Position, was: &SequencePlan) {
        let Some(run) = self.runs.get_mut(position.run as usize) else { return };
        if std::mem::replace(&mut run.is_behind, true) {
            return;
        }
        let (active, first) = (run.stage == RunStage::Active, run.first);
        let above = was.steps.iter().position(|step| *step == position.node).filter(|_| active);
        // what stands above where it came in was not done by it
        let from = first.and_then(|first| was.steps.iter().position(|step| *step == first)).unwrap_or(0);
        for step in was.steps.iter().take(above.unwrap_or(was.steps.len())).skip(from) {
            if !self.was_done(position.run, *step) {
                self.steps_done.push((position.run, *step));
            }
        }
    }

    /// Whether a position's run is not yet where a later version has it.
    pub(super) fn is_behind(&self, position: &Position) -> bool {
        self.runs.get(position.run as usize).is_some_and(|run| run.is_behind)
    }

    /// K-11: a run goes on where the new steps have it at this time; what was inserted before that is done now, unless it
    /// comes too late. `false`: its steps are over as before, so that its place is like any other.
    pub(super) fn catch_up<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        place: usize,
        published: Seq,
    ) -> bool {
        let position = self.positions[place];
        let Some(run) = self.runs.get_mut(position.run as usize) else { return false };
        run.is_behind = false;
        let run = *run;
        let active = run.stage == RunStage::Active;
        let Some(is) = stage.edition.sequence(run.sequence) else { return false };
        let to = self.resumption(stage, is, position.run);
        if let Some((wait, _)) = to.rest {
            self.steps_done.retain(|done| *done != (position.run, wait)); // it is not over
        }
        for node in &to.late {
            self.tell(stage, Some(published), Some(*node), None, Said::Skipped(Skip::Late));
        }
        if let Some(first) = to.pending.first() {
            self.lift(place);
            self.remove_quietly(stage, position, published);
            self.resume_run(position.run, to.pending_since);
            self.arrive_by_publication(stage, *first, position, published);
            return true;
        }
        match to.rest {
            // it rests where it should, or until another time
            Some((node, due)) if active && node == position.node => {
                if due != position.due() {
                    let rest = if due == Instant::NEVER { Rest::Goal } else { Rest::Until(due) };
                    let said = Said::Rested(rest);
                    let rested = self.tell(stage, Some(published), Some(node), Some(position.no), said);
                    self.positions[place] = Position { rest, rested, is_let_go: false, ..position };
                    self.resume_run(position.run, to.since);
                }
            }
            Some((node, _)) => {
                self.lift(place);
                self.remove_quietly(stage, position, published);
                self.resume_run(position.run, to.since);
                self.arrive_by_publication(stage, node, position, published);
            }
            None if active => {
                let last = is.steps.last().copied().unwrap_or(position.node);
                self.lift(place);
                self.remove_quietly(stage, position, published);
                self.resume_run(position.run, to.since);
                let (at, no) = (Some(last), Some(position.no));
                let arrived = self.tell(stage, Some(published), at, no, Said::Arrived(Arrival::Publication));
                self.steps += 1;
                self.tell(stage, Some(arrived), at, no, Said::Skipped(Skip::Done));
                if let Some(moving) = self.leave(stage, position.no, last, 0, arrived, position.run) {
                    self.run_down(stage, moving);
                }
            }
            // what was over stays over
            None => return run.stage == RunStage::Done,
        }
        true
    }

    /// Walks a run's new steps, from where it began, in the time in which they should have come.
    fn resumption<S>(&self, stage: &Stage<'_, S>, is: &SequencePlan, run: RunIx) -> Resumption {
        let edition = stage.edition;
        let state = self.runs.get(run as usize);
        let entered = state.map_or(self.now, |run| run.entered);
        let first = state.and_then(|run| run.first);
        let steps = is.steps.iter().skip_while(|step| first.is_some_and(|first| first != **step));
        let mut to =
            Resumption { pending: vec![], late: vec![], rest: None, pending_since: entered, since: entered };
        let mut skips = false;
        for step in steps {
            let node = edition.node(*step);
            let Some(map) = edition.map(node.map_ix) else { continue };
            let released = self.released_at(run, *step).filter(|_| !node.behaviour.is_draft());
            if let Behaviour::Wait(wait) = &node.behaviour {
                let due = self.due(stage, wait, &map.rules, to.since, run);
                skips = due == Due::Past; // K-10
                match due {
                    _ if released.is_some() => {}
                    Due::At(due) if due <= self.now => to.since = to.since.max(due),
                    Due::At(due) => {
                        to.rest = Some((*step, due));
                        return to;
                    }
                    Due::Never => {
                        to.rest = Some((*step, Instant::NEVER));
                        return to;
                    }
                    Due::Past => {}
                }
            }
            to.since = to.since.max(released.unwrap_or(to.since));
            match &node.behaviour {
                Behaviour::Action(_) | Behaviour::NotChosen if !skips && !self.was_done(run, *step) => {
                    let late = self.now.millis_since(to.since);
                    if late > i64::from(map.rules.late_step_days) * super::sequences::DAY {
                        to.late.push(*step);
                    } else {
                        if to.pending.is_empty() {
                            to.pending_since = to.since;
                        }
                        to.pending.push(*step);
                    }
                }
                _ => {}
            }
        }
        to
    }

    /// A run goes on from a place that was due at this time.
    fn resume_run(&mut self, run: RunIx, nominal: Instant) {
        if let Some(run) = self.runs.get_mut(run as usize) {
            run.nominal = nominal;
        }
    }

    /// Says that a position, which has been lifted, leaves its place for another of the same run.
    fn remove_quietly<S: Sink>(&mut self, stage: &mut Stage<'_, S>, position: Position, published: Seq) {
        let said = Said::Removed(Removal::Publication);
        self.tell(stage, Some(published), Some(position.node), Some(position.no), said);
    }

    /// The run of a position goes on at another step.
    fn arrive_by_publication<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        to: NodeIx,
        position: Position,
        published: Seq,
    ) {
        let Position { no, run, .. } = position;
        let by = Arrival::Publication;
        self.run_down(stage, Moving { no, to, by, cause: published, run, skips: false });
    }
}

/// Whether the steps that a run has behind it, and the one at which it stands, are in a version as they were in the one
/// before: then the version is not about it (K-11). `at`: the step at which it stands; `None`: behind all of them.
fn is_same_course(
    (old, was): (&Edition, &SequencePlan),
    (new, is): (&Edition, &SequencePlan),
    at: Option<NodeIx>,
) -> bool {
    let length = |steps: &[NodeIx]| match at {
        Some(at) => steps.iter().position(|step| *step == at).map(|place| place + 1),
        None => Some(steps.len()),
    };
    let Some(behind) = length(&was.steps).filter(|behind| length(&is.steps) == Some(*behind)) else {
        return false;
    };
    was.steps[..behind] == is.steps[..behind]
        && was.steps[..behind].iter().all(|step| {
            let (was, is) = (old.node(*step), new.node(*step));
            was.kind == is.kind
                && was.behaviour.is_draft() == is.behaviour.is_draft()
                && is_same_rule(was.behaviour.wait(), is.behaviour.wait())
        })
}

/// Whether two waits let go by the same rule, whatever goals they have.
fn is_same_rule(was: Option<&Wait>, is: Option<&Wait>) -> bool {
    match (was, is) {
        (Some(was), Some(is)) => was.until == is.until && was.zone == is.zone,
        (None, None) => true,
        _ => false,
    }
}

/// The way out at which a position rests as it was open, where it leads on now.
fn open_way(new: &Edition, position: &Position) -> Option<u8> {
    let leads_on = |way: &Way| way.port == position.open && way.to.is_some();
    let way = new.ways(position.node).iter().position(leads_on)?;
    u8::try_from(way).ok()
}
