//! What resting positions wait for beside time and goals, and how the contact stands on maps: paused or not (M-14), on
//! them or off them (M-11).

use super::{NO_RUN, Pending, Piece, Position, RunStage, Stage, Timeline};
use crate::base::id::{FieldId, MapId};
use crate::base::time::Instant;
use crate::engine::conditions::{holds, seen};
use crate::engine::kinds::wait::Due;
use crate::engine::log::{Nothing, PositionNo, Removal, Rest, Said, Seq, Sink};
use crate::engine::plan::NodeIx;
use crate::model::{Condition, Happening, HappeningKind, Heard, Until};

impl Timeline {
    /// What follows from an event once its listeners have heard it.
    pub(super) fn after_listeners<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        heard: Heard<'_>,
        asked_by: Option<PositionNo>,
    ) {
        if let Heard::Event(what) = heard {
            match what {
                Happening::TaskCompleted { task, outcome } => {
                    let catalogue = &stage.sim.plan.catalogue;
                    let outcomes = catalogue.tasks.get(task).map_or(&[][..], |task| &task.outcomes);
                    let chosen = usize::from(*outcome).checked_sub(1).and_then(|place| outcomes.get(place));
                    self.outcome = Some((*task, *outcome));
                    for action in chosen.iter().flat_map(|outcome| &outcome.actions) {
                        if action.open_setting().is_some() {
                            self.tell(stage, Some(cause), None, None, Said::Nothing(Nothing::NotChosen));
                        } else {
                            self.act(stage, cause, None, None, action);
                        }
                    }
                }
                Happening::RemovedFromAutomation(map) => {
                    if let Some(map_ix) = stage.sim.plan.find_map(*map) {
                        self.remove_from_map(stage, cause, map_ix, Removal::ByHand);
                    }
                }
                Happening::AddedToAutomation(map) => {
                    if let Some(no) = asked_by {
                        self.answer(stage, cause, *map, no);
                    }
                }
                Happening::WentOffMap(map) => self.release(stage, cause, *map),
                Happening::Unpaused(map) => self.unpause(stage, cause, *map),
                Happening::FieldUpdated { field, .. } if stage.edition.has_watchers => {
                    self.move_waits(stage, cause, *field);
                }
                _ => {}
            }
        }
        self.ask_again(stage, cause);
    }

    /// Asks the conditions of waits again (W-01, *until conditions are met*): the record may have changed.
    pub(super) fn ask_again<S: Sink>(&mut self, stage: &mut Stage<'_, S>, cause: Seq) {
        if !stage.edition.has_watchers {
            return;
        }
        // positions that come to rest by it have just been asked
        let waiting: Vec<_> = self.positions.iter().map(|position| position.no).collect();
        for no in waiting {
            let Some(place) = self.positions.iter().position(|position| position.no == no) else { continue };
            self.let_go_if_met(stage, place, cause);
            if self.ended {
                return;
            }
        }
    }

    /// A position at a wait whose conditions hold goes on (W-01).
    pub(super) fn let_go_if_met<S: Sink>(&mut self, stage: &mut Stage<'_, S>, place: usize, cause: Seq) {
        if self.is_met(stage, &self.positions[place]) {
            let position = self.lift(place);
            self.tell_met(stage, &position, cause);
            self.go_on_now(stage, position, cause);
        }
    }

    fn is_met<S>(&self, stage: &Stage<'_, S>, position: &Position) -> bool {
        let node = stage.edition.node(position.node);
        let Some(wait) = node.behaviour.wait() else { return false };
        let Until::Conditions { condition, .. } = &wait.until else { return false };
        let Some(map) = stage.edition.map(node.map_ix) else { return false };
        matches!(position.rest, Rest::Until(_) | Rest::Goal)
            && !self.is_paused(node.map_ix)
            && holds(condition, &self.view(stage, map.rules.text_match))
    }

    /// Says that the conditions of a wait hold by now.
    fn tell_met<S: Sink>(&mut self, stage: &mut Stage<'_, S>, position: &Position, cause: Seq) {
        if let Some(wait) = stage.edition.node(position.node).behaviour.wait()
            && let Until::Conditions { condition, .. } = &wait.until
        {
            self.tell_asked(stage, condition, true, (position.node, position.no), cause);
        }
    }

    /// Says what the conditions of a wait answered, and what they saw (C-02).
    #[inline(never)]
    pub(super) fn tell_asked<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        condition: &Condition,
        yes: bool,
        (at, no): (NodeIx, PositionNo),
        cause: Seq,
    ) {
        let text = stage.edition.node(at).rules.text_match;
        let seen = S::DETAIL.then(|| seen(condition, &self.view(stage, text)));
        self.tell(stage, Some(cause), Some(at), Some(no), Said::Decided(yes, seen.as_deref()));
    }

    /// A position that has been lifted goes on, though its time had not come.
    pub(super) fn go_on_now<S: Sink>(&mut self, stage: &mut Stage<'_, S>, position: Position, cause: Seq) {
        self.leave_now(stage, position, cause, false);
    }

    fn leave_now<S: Sink>(&mut self, stage: &mut Stage<'_, S>, position: Position, cause: Seq, skips: bool) {
        let is_hold = matches!(position.rest, Rest::OnMap(_));
        // what lets go at once has not held: the times behind it stay (M-11, K-11)
        if !(is_hold && position.arrived == self.now)
            && let Some(run) = self.runs.get_mut(position.run as usize)
        {
            run.nominal = self.now;
            if is_hold {
                self.note_release(stage, position.run, position.node);
            }
        }
        self.send_on(stage, &position, (0, skips), cause);
    }

    /// W-05: waits that count from a field count anew.
    fn move_waits<S: Sink>(&mut self, stage: &mut Stage<'_, S>, cause: Seq, changed: FieldId) {
        let waiting: Vec<_> = self.positions.iter().map(|position| position.no).collect();
        for no in waiting {
            let Some(place) = self.positions.iter().position(|position| position.no == no) else { continue };
            let position = self.positions[place];
            let Some(wait) = stage.edition.node(position.node).behaviour.wait() else { continue };
            let moves = match &wait.until {
                Until::Relative { field, .. } => *field == Some(changed),
                // K-10: a timer that runs keeps its time
                Until::FieldTimer { field, .. } => {
                    *field == Some(changed) && position.due() == Instant::NEVER
                }
                _ => false,
            };
            if moves && matches!(position.rest, Rest::Until(_) | Rest::Goal) {
                self.work_out_again(stage, place, self.now, cause);
            }
            if self.ended {
                return;
            }
        }
    }

    /// When a position at a wait leaves is worked out again, counting from `start`.
    pub(super) fn work_out_again<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        place: usize,
        start: Instant,
        cause: Seq,
    ) {
        let position = self.positions[place];
        let node = stage.edition.node(position.node);
        let (Some(wait), Some(map)) = (node.behaviour.wait(), stage.edition.map(node.map_ix)) else {
            return;
        };
        let run = self.runs.get(position.run as usize).filter(|run| run.stage == RunStage::Active);
        let due = self.due(stage, wait, &map.rules, start, run.map_or(NO_RUN, |_| position.run));
        let past = matches!(due, Due::At(due) if due <= self.now) || due == Due::Past;
        let met = self.is_met(stage, &position);
        if (past || met) && !self.is_paused(node.map_ix) {
            if met {
                self.tell_met(stage, &position, cause);
            }
            // K-10: of a timer that is past the steps up to the next are skipped
            let skips = due == Due::Past && wait.goals.is_empty();
            let position = self.lift(place);
            self.leave_now(stage, position, cause, skips);
            return;
        }
        let rest = match due {
            Due::Never => Rest::Goal,
            Due::At(due) => Rest::Until(due),
            Due::Past => Rest::Until(self.now),
        };
        if rest != position.rest {
            let rested =
                self.tell(stage, Some(cause), Some(position.node), Some(position.no), Said::Rested(rest));
            self.positions[place] = Position { rest, rested, is_let_go: false, ..position };
        }
        // the contact is paused, or it had left
        if due == Due::Past && wait.goals.is_empty() {
            self.positions[place].is_let_go = true;
        }
    }

    /// How the contact stands on a map: paused or not; `None`: it is not on it.
    pub(super) fn pauses_there<S>(&self, stage: &Stage<'_, S>, map: MapId) -> Option<bool> {
        let map_ix = stage.sim.plan.find_map(map)?;
        self.maps[map_ix as usize].map(|on| on.paused.is_some())
    }

    /// M-14: the contact stands still on a map that it is on.
    pub(super) fn pause<S>(&mut self, stage: &Stage<'_, S>, map: MapId) {
        let on = stage.sim.plan.find_map(map).and_then(|ix| self.maps[ix as usize].as_mut());
        if let Some(on) = on {
            on.paused.get_or_insert(self.now);
            self.is_any_paused = true;
        }
    }

    /// M-14: the contact goes on; since when it stood still is kept until its positions follow.
    pub(super) fn resume<S>(&mut self, stage: &Stage<'_, S>, map: MapId) {
        if let Some(map_ix) = stage.sim.plan.find_map(map)
            && let Some(since) = self.maps[map_ix as usize].as_mut().and_then(|on| on.paused.take())
        {
            self.resumed.push((map_ix, since));
        }
    }

    /// M-14: positions follow, in the order of M-13: what was published, what was let go, what is overdue. Where a pause
    /// stops time, all is due later by as long as it stood still at its rest.
    fn unpause<S: Sink>(&mut self, stage: &mut Stage<'_, S>, cause: Seq, map: MapId) {
        let Some(map_ix) = stage.sim.plan.find_map(map) else { return };
        let Some(place) = self.resumed.iter().position(|(other, _)| *other == map_ix) else { return };
        let (_, since) = self.resumed.remove(place);
        let edition = stage.edition;
        let of_map = |position: &Position| position.map_ix == map_ix;
        let mut stopped = vec![];
        if edition.map(map_ix).is_some_and(|map| !map.rules.pause_keeps_time) {
            for position in self.positions.iter_mut().filter(|position| of_map(position)) {
                stopped.push((position.run, since, position.due() == since));
                if let Rest::Until(due) = &mut position.rest
                    && *due != Instant::NEVER
                {
                    *due = due.plus_millis(self.now.millis_since(since.max(position.arrived)));
                }
            }
        }
        // who is late by the pause is so for what was published in it, too
        let late = |position: &&Position| of_map(position) && position.due() <= self.now;
        stopped.extend(self.positions.iter().filter(late).map(|p| (p.run, p.due(), true)));
        stopped.into_iter().for_each(|(run, from, is_due)| self.note_stop(run, from, is_due));
        for no in self.numbers_of(of_map) {
            let Some(place) = self.paused_place(map_ix, no) else { continue };
            if self.is_behind(&self.positions[place]) {
                self.catch_up(stage, place, cause);
                self.settle_map(stage, map_ix, cause);
            } else {
                self.leave_open_end(stage, place, cause);
            }
        }
        let waits_for_map = |position: &Position| of_map(position) && matches!(position.rest, Rest::OnMap(_));
        for no in self.numbers_of(waits_for_map) {
            let Some(place) = self.paused_place(map_ix, no) else { continue };
            if self.positions[place].is_let_go {
                let position = self.lift(place);
                self.go_on_now(stage, position, cause);
            }
        }
        let mut overdue: Vec<_> = (self.positions.iter())
            .filter(|position| of_map(position) && matches!(position.rest, Rest::Until(_)))
            .filter(|position| position.due() <= self.now || position.is_let_go)
            .map(|position| (position.due(), edition.node(position.node).rank, position.no))
            .collect();
        overdue.sort_unstable();
        for (_, _, no) in overdue {
            let Some(place) = self.paused_place(map_ix, no) else { continue };
            let skips = self.positions[place].is_let_go;
            let position = self.lift(place);
            self.leave_now(stage, position, cause, skips);
        }
    }

    fn numbers_of(&self, is_one: impl Fn(&Position) -> bool) -> Vec<PositionNo> {
        self.positions.iter().filter(|position| is_one(position)).map(|position| position.no).collect()
    }

    /// Where a position stands that is to follow on a map; `None`: it is gone in the meantime, or somebody paused the
    /// contact again, or it has come to an end.
    fn paused_place(&self, map_ix: u32, no: PositionNo) -> Option<usize> {
        let goes_on = !self.ended && !self.is_paused(map_ix);
        self.positions.iter().position(|position| position.no == no).filter(|_| goes_on)
    }

    /// Takes all resting positions of a map off it, the oldest first.
    pub(super) fn remove_from_map<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        map_ix: u32,
        removal: Removal,
    ) {
        let mut place = 0;
        while let Some(position) = self.positions.get(place).copied() {
            if position.map_ix == map_ix {
                self.lift(place);
                self.remove(stage, position, cause, removal);
            } else {
                place += 1;
            }
        }
        self.settle_map(stage, map_ix, cause);
    }

    /// Says that a position, which has been lifted, is off its map.
    pub(super) fn remove<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        position: Position,
        cause: Seq,
        removal: Removal,
    ) {
        let said = Said::Removed(removal);
        let seq = self.tell(stage, Some(cause), Some(position.node), Some(position.no), said);
        self.stop_run(stage, position, seq);
    }

    /// Whether the contact is off a map now, which follows from what was done there last.
    #[inline(always)]
    pub(super) fn settle_map<S: Sink>(&mut self, stage: &Stage<'_, S>, map_ix: u32, cause: Seq) {
        if !self.is_on_map(map_ix) && self.maps[map_ix as usize].is_some() {
            self.go_off_map(stage, map_ix, cause);
        }
    }

    #[inline(never)]
    fn go_off_map<S: Sink>(&mut self, stage: &Stage<'_, S>, map_ix: u32, cause: Seq) {
        self.maps[map_ix as usize] = None;
        let Some(map) = stage.sim.plan.maps().get(map_ix as usize) else { return };
        let is_heard = stage.edition.hears_of_maps(HappeningKind::WentOffMap);
        if is_heard || self.any_rests(Rest::OnMap(map.id)) {
            self.raised.push_back(Pending::raised(cause, Piece::Own(Happening::WentOffMap(map.id))));
        }
    }

    /// M-11: the contact is off a map, so positions that waited for that go on.
    fn release<S: Sink>(&mut self, stage: &mut Stage<'_, S>, cause: Seq, map: MapId) {
        let is_back = |timeline: &Self| {
            let ix = stage.sim.plan.find_map(map);
            ix.is_some_and(|ix| timeline.is_on_map(ix))
        };
        // whose own asking is still to be heard holds for what comes of that
        let is_answered = |no| self.raised.iter().all(|pending| pending.asked_by != Some(no));
        let holding: Vec<_> = (self.positions.iter())
            .filter(|position| position.rest == Rest::OnMap(map) && is_answered(position.no))
            .map(|position| position.no)
            .collect();
        if is_back(self) {
            return;
        }
        for no in holding {
            if let Some(place) = self.positions.iter().position(|position| position.no == no) {
                self.let_go(stage, place, cause);
            }
            if self.ended {
                return;
            }
        }
    }

    /// A position that waits for another map goes on: at once, or when the contact goes on (M-14).
    fn let_go<S: Sink>(&mut self, stage: &mut Stage<'_, S>, place: usize, cause: Seq) {
        if self.is_held(&self.positions[place]) {
            self.positions[place].is_let_go = true;
        } else {
            let position = self.lift(place);
            self.go_on_now(stage, position, cause);
        }
    }

    /// M-11: the map was asked to take the contact; a position that waits for the answer goes on unless it did.
    fn answer<S: Sink>(&mut self, stage: &mut Stage<'_, S>, cause: Seq, map: MapId, asked_by: PositionNo) {
        // it may have been let go, or taken away, in the meantime
        let asks = |position: &Position| position.no == asked_by && position.rest == Rest::OnMap(map);
        let Some(place) = self.positions.iter().position(asks) else { return };
        let map_ix = stage.sim.plan.find_map(map);
        let is_there = map_ix.is_some_and(|ix| self.is_on_map(ix));
        if self.took && is_there {
            return;
        }
        if !self.took {
            let Position { node, no, .. } = self.positions[place];
            self.tell(stage, Some(cause), Some(node), Some(no), Said::Nothing(Nothing::NotTaken));
        }
        self.let_go(stage, place, cause);
    }
}
