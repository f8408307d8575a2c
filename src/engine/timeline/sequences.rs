//! Runs through sequences (K-06 to K-08, K-11): where each stands, and what is said of it.

use super::{Moving, NO_RUN, Position, Run, RunIx, RunStage, Stage, Timeline};
use crate::engine::kinds::Behaviour;
use crate::engine::log::{Fault, Phase, PositionNo, Rest, Said, Seq, Sink, Skip};
use crate::engine::plan::{Edition, NodeIx, SequenceIx};
use crate::model::EngineRules;
use crate::model::rules::Reentry;

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
        let Some((sequence, _)) = node.step else { return Ok(()) };
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

    /// Says of a step that was done before, or a wait that is over since, that it is passed over (K-11). Returns whether
    /// it was.
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
        }
        was_done
    }

    /// K-11: whether a run did a step before a new version put it elsewhere.
    pub(super) fn was_done(&self, run: RunIx, step: NodeIx) -> bool {
        self.steps_done.contains(&(run, step))
    }

    fn is_last(edition: &Edition, node: NodeIx, sequence: SequenceIx) -> bool {
        edition.sequence(sequence).is_some_and(|sequence| sequence.steps.last() == Some(&node))
    }

    /// Whether a position that would go on from a node rests there for good: at the end of its sequence with nothing
    /// below, or beside a goal that was achieved (K-06).
    #[inline(never)]
    pub(super) fn ends_here(&self, edition: &Edition, node: NodeIx, run: RunIx, has_way: bool) -> bool {
        self.runs.get(run as usize).is_some_and(|run| {
            run.stage == RunStage::Active
                && Self::is_last(edition, node, run.sequence)
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
        self.complete(stage, no, node, sequence, left);
        NO_RUN
    }

    fn complete<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        no: PositionNo,
        node: NodeIx,
        sequence: SequenceIx,
        cause: Seq,
    ) {
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
        if let Some(run) = self.runs.get(position.run as usize).copied() {
            self.complete(stage, position.no, position.node, run.sequence, left);
        }
    }

    /// A position at rest was taken away: its run stops.
    pub(super) fn stop_run<S: Sink>(&mut self, stage: &mut Stage<'_, S>, position: Position, cause: Seq) {
        if let Some(run) = self.runs.get(position.run as usize).copied() {
            self.say_phase(stage, cause, position.node, position.no, run.sequence, Phase::Stopped);
        }
    }

    /// A position on its way was lost or taken away: its run stops.
    pub(super) fn stop_moving<S: Sink>(&mut self, stage: &mut Stage<'_, S>, moving: &Moving, cause: Seq) {
        if let Some(run) = self.runs.get(moving.run as usize).copied() {
            self.say_phase(stage, cause, moving.to, moving.no, run.sequence, Phase::Stopped);
        }
    }
}
