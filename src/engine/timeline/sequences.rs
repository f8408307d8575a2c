//! Runs through sequences (K-06 to K-08, K-11): where each stands, and what is said of it.

use super::{Moving, NO_RUN, Position, Run, RunIx, RunStage, Stage, Stop, Timeline};
use crate::base::time::Instant;
use crate::engine::kinds::Behaviour;
use crate::engine::log::{Fault, Phase, PositionNo, Rest, Said, Seq, Sink, Skip};
use crate::engine::plan::{Edition, NodeIx, SequenceIx};
use crate::model::rules::Reentry;
use crate::model::{EngineRules, Until, Wait};

/// A day of late steps, in milliseconds.
pub(super) const DAY: i64 = 86_400_000;

impl Timeline {
    fn say_phase<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        node: NodeIx,
        no: PositionNo,
        sequence: SequenceIx,
        phase: Phase,
    ) {
        let Some((_, id)) = stage.sim.plan.sequences().get(usize::from(sequence.0)) else { return };
        self.tell(stage, Some(cause), Some(node), Some(no), Said::Sequence(*id, phase));
    }

    /// A position has arrived at a step: it is in the sequence, or comes into it, or may not (K-08).
    #[inline(never)]
    pub(super) fn come_in<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        moving: &mut Moving,
        arrived: Seq,
    ) -> Result<(), Fault> {
        let node = stage.edition.node(moving.to);
        let Some((sequence, place)) = node.step else { return Ok(()) };
        if let Some(run) = self.runs.get_mut(moving.run as usize).filter(|run| run.sequence == sequence) {
            // a new version may have brought it back from behind its last step (K-11)
            if std::mem::replace(&mut run.stage, RunStage::Active) != RunStage::Active {
                self.say_phase(stage, arrived, moving.to, moving.no, sequence, Phase::Started);
            }
            return Ok(());
        }
        let is_active = |run: &Run| run.sequence == sequence && run.stage == RunStage::Active;
        let mut others = self.positions.iter().filter_map(|position| self.runs.get(position.run as usize));
        if others.any(is_active) {
            return Err(Fault::AlreadyInSequence);
        }
        let reentry = stage.edition.map(node.map_ix).map(|map| map.rules.sequence_reentry);
        if reentry == Some(Reentry::Never) && self.completed.contains(&sequence) {
            return Err(Fault::NoReentry);
        }
        moving.run = self.runs.len() as RunIx;
        self.runs.push(Run {
            sequence,
            stage: RunStage::Active,
            entered: self.now,
            first: (place != 0).then_some(moving.to),
            nominal: self.now,
            finishing: false,
            is_behind: false,
        });
        for field in stage.sim.plan.reads_on_entry(sequence) {
            self.entry_values.push((moving.run, *field, self.record.field(*field).cloned()));
        }
        self.say_phase(stage, arrived, moving.to, moving.no, sequence, Phase::Started);
        Ok(())
    }

    /// K-11: passes over a step that was done before a new version put its run elsewhere, or that comes more days late
    /// than the map allows. Returns whether it did.
    #[inline(never)]
    pub(super) fn skip_step<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        rules: &EngineRules,
        arrived: Seq,
        moving: &Moving,
    ) -> bool {
        if self.note_done(stage, arrived, moving) {
            return true;
        }
        let is_late = self.runs.get(moving.run as usize).is_some_and(|run| {
            let late = self.now.millis_since(run.nominal);
            run.stage == RunStage::Active && late > i64::from(rules.late_step_days) * DAY
        });
        if is_late {
            self.tell(stage, Some(arrived), Some(moving.to), Some(moving.no), Said::Skipped(Skip::Late));
        }
        is_late
    }

    /// Says of a step that was done before, or a wait that is over since, that it is passed over (K-11); what follows
    /// counts from when it let the run go. Returns whether it was.
    #[inline]
    pub(super) fn note_done<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        arrived: Seq,
        moving: &Moving,
    ) -> bool {
        let is_active = |run: &Run| run.stage == RunStage::Active;
        let was_done = !self.steps_done.is_empty()
            && self.was_done(moving.run, moving.to)
            && self.runs.get(moving.run as usize).is_some_and(is_active);
        if was_done {
            self.tell(stage, Some(arrived), Some(moving.to), Some(moving.no), Said::Skipped(Skip::Done));
            if let Some(at) = self.released_at(moving.run, moving.to)
                && let Some(run) = self.runs.get_mut(moving.run as usize)
            {
                run.nominal = run.nominal.max(at);
            }
        }
        was_done
    }

    /// Keeps that a run goes on from a step that was not over by a clock alone, where a version may ask for it.
    #[inline(never)]
    pub(super) fn note_release<S>(&mut self, stage: &Stage<'_, S>, run: RunIx, step: NodeIx) {
        let is_last_version = self.edition + 1 == stage.sim.plan.editions().len();
        let state = self.runs.get(run as usize).filter(|run| run.stage == RunStage::Active);
        if let Some(state) = state.filter(|_| !is_last_version) {
            self.releases.push((run, step, state.nominal));
        }
    }

    /// Keeps that the clock of a run stood still from an instant until now. Who did not get on before the next pause began
    /// still stands there.
    pub(super) fn note_stop(&mut self, run: RunIx, from: Instant, is_due: bool) {
        if run == NO_RUN {
            return;
        }
        match self.stops.iter_mut().find(|stop| (stop.run, stop.from) == (run, from)) {
            Some(stop) => stop.until = self.now,
            None => self.stops.push(Stop { run, from, until: self.now, is_due }),
        }
    }

    /// When a step let a run go, if that was not by a clock alone.
    pub(super) fn released_at(&self, run: RunIx, step: NodeIx) -> Option<Instant> {
        let mut of_step = self.releases.iter().rev().filter(|(of, at, _)| (*of, *at) == (run, step));
        of_step.next().map(|(_, _, at)| *at)
    }

    /// K-11: whether a run comes once more to a wait that has let it go and is as it was.
    #[inline(never)]
    pub(super) fn is_released(&self, run: RunIx, wait: NodeIx) -> bool {
        self.was_done(run, wait)
            && self.released_at(run, wait).is_some()
            && self.runs.get(run as usize).is_some_and(|run| run.stage == RunStage::Active)
    }

    /// When what counts from `start` is due in a run whose clock stood still in pauses (M-14, K-11).
    #[inline(never)]
    pub(super) fn due_with_stops(&self, run: RunIx, start: Instant, due: Instant) -> Instant {
        let later = |due: Instant, stop: &Stop| {
            let ran_then = due > stop.from || due == stop.from && stop.is_due;
            let stood = stop.until.millis_since(stop.from.max(start));
            if ran_then && due > start && stood > 0 { due.plus_millis(stood) } else { due }
        };
        let stops = self.stops.iter().filter(|stop| stop.run == run && due != Instant::NEVER);
        stops.fold(due, later)
    }

    /// A run is over or taken away: nothing asks for its times any more.
    fn forget_times(&mut self, run: RunIx) {
        self.releases.retain(|(of, ..)| *of != run);
        self.stops.retain(|stop| stop.run != run);
    }

    /// K-11: whether a run did a step before a new version put it elsewhere.
    pub(super) fn was_done(&self, run: RunIx, step: NodeIx) -> bool {
        self.steps_done.contains(&(run, step))
    }

    fn is_last(edition: &Edition, node: NodeIx, sequence: SequenceIx) -> bool {
        edition.sequence(sequence).is_some_and(|sequence| sequence.steps.last() == Some(&node))
    }

    /// A position with a run would go on from a node. Returns whether it rests there for good instead: at the end of its
    /// sequence with nothing below, or beside a goal that was achieved (K-06).
    #[inline(never)]
    pub(super) fn ends_here<S>(
        &mut self,
        stage: &Stage<'_, S>,
        node: NodeIx,
        run: RunIx,
        has_way: bool,
    ) -> bool {
        if let Behaviour::Wait(Wait {
            until: Until::Conditions { .. } | Until::Relative { .. } | Until::FieldTimer { .. },
            ..
        }) = &stage.edition.node(node).behaviour
        {
            self.note_release(stage, run, node);
        }
        self.runs.get(run as usize).is_some_and(|run| {
            run.stage == RunStage::Active
                && Self::is_last(stage.edition, node, run.sequence)
                && (run.finishing || !has_way)
        })
    }

    /// A position has left a node for another: out of its sequence, towards the goal behind it or on; out of the queue.
    /// Returns its run from here on.
    #[inline(never)]
    pub(super) fn go_out<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        no: PositionNo,
        node: NodeIx,
        to: NodeIx,
        run: RunIx,
        left: Seq,
    ) -> RunIx {
        let Some(state) = self.runs.get_mut(run as usize) else { return NO_RUN };
        let sequence = state.sequence;
        if matches!(state.stage, RunStage::Active | RunStage::Done) {
            let is_step = |node: NodeIx| stage.edition.node(node).step.map(|(of, _)| of) == Some(sequence);
            if is_step(node) && !Self::is_last(stage.edition, node, sequence) {
                return run;
            }
            // the sequence may have been dissolved by a later version
            if !is_step(node) {
                return NO_RUN;
            }
            let is_goal_wait =
                matches!(&stage.edition.node(to).behaviour, Behaviour::Wait(wait) if !wait.goals.is_empty());
            if is_goal_wait {
                state.stage = RunStage::Leaving;
                return run;
            }
        }
        self.complete(stage, no, node, run, left);
        NO_RUN
    }

    fn complete<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        no: PositionNo,
        node: NodeIx,
        run: RunIx,
        cause: Seq,
    ) {
        let Some(sequence) = self.runs.get(run as usize).map(|run| run.sequence) else { return };
        self.forget_times(run);
        self.note_completed(sequence);
        self.say_phase(stage, cause, node, no, sequence, Phase::Completed);
    }

    fn note_completed(&mut self, sequence: SequenceIx) {
        if !self.completed.contains(&sequence) {
            self.completed.push(sequence);
        }
    }

    /// A position of a run has come to rest.
    #[inline(never)]
    pub(super) fn come_to_rest<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        no: PositionNo,
        node: NodeIx,
        rest: Rest,
        run: RunIx,
        rested: Seq,
    ) {
        let Some(state) = self.runs.get_mut(run as usize) else { return };
        let (becomes, phase) = match (rest, state.stage) {
            (Rest::Done, RunStage::Active) => (RunStage::Done, Phase::Done),
            (_, RunStage::Leaving) => (RunStage::Queued, Phase::Queued),
            _ => return,
        };
        state.stage = becomes;
        let sequence = state.sequence;
        self.note_completed(sequence);
        self.say_phase(stage, rested, node, no, sequence, phase);
    }

    /// A position has left the wait of a goal by the goal's line: its queue is over.
    pub(super) fn leave_queue<S: Sink>(&mut self, stage: &mut Stage<'_, S>, position: Position, left: Seq) {
        self.complete(stage, position.no, position.node, position.run, left);
    }

    /// A position at rest was taken away: its run stops.
    pub(super) fn stop_run<S: Sink>(&mut self, stage: &mut Stage<'_, S>, position: Position, cause: Seq) {
        if let Some(run) = self.runs.get(position.run as usize).copied() {
            self.forget_times(position.run);
            self.say_phase(stage, cause, position.node, position.no, run.sequence, Phase::Stopped);
        }
    }

    /// A position on its way was lost or taken away: its run stops.
    pub(super) fn stop_moving<S: Sink>(&mut self, stage: &mut Stage<'_, S>, moving: &Moving, cause: Seq) {
        if let Some(run) = self.runs.get(moving.run as usize).copied() {
            self.forget_times(moving.run);
            self.say_phase(stage, cause, moving.to, moving.no, run.sequence, Phase::Stopped);
        }
    }
}
