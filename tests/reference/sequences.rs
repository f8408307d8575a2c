//! Sequences: runs of steps that a contact is in (K-06 to K-08).

use std::collections::{BTreeMap, BTreeSet};

use gateline::base::id::{ElementId, FieldId, SequenceId};
use gateline::base::time::Instant;
use gateline::engine::log::{Fault, Phase, Rest};
use gateline::model::rules::Reentry;
use gateline::model::{Sequence, Value};

use super::life::Life;
use super::lines::Said;
use super::maps;

/// The way of a position through a sequence.
#[derive(Clone)]
pub struct Course {
    pub sequence: SequenceId,
    pub state: State,
    /// When it began.
    pub entered: Instant,
    /// Where it began, if that was below the first step: what stands above is not for it (K-11).
    pub from: Option<ElementId>,
    /// When the step that it has come to should have been reached (K-11).
    pub nominal: Instant,
    /// What the contact's fields held when it began (K-10).
    pub fields: BTreeMap<FieldId, Value>,
    /// Steps that were done before a later version put the position somewhere anew (K-11).
    pub done: BTreeSet<ElementId>,
    /// When it went on from steps that no clock alone ended: a hold, conditions, a date on the record (K-11).
    pub went_on: BTreeMap<ElementId, Instant>,
    /// From when to when its clock stood still for a pause, and whether a time was just up as it began (M-14). Where a
    /// pause lets time run on, that is from when its time was up.
    pub stood: Vec<(Instant, Instant, bool)>,
    /// A later version put the position at the last step though all steps are over (K-11).
    pub over: bool,
    /// A later version came while the contact was paused (M-14).
    pub behind: bool,
}

/// K-07.
#[derive(Clone, Copy, PartialEq)]
pub enum State {
    /// Steps are left.
    Active,
    /// On its way from the last step to the goal's wait behind it.
    Leaving,
    /// Steps are done; it stands before the next goal.
    Queued,
    /// Steps are done and nothing follows.
    Done,
}

impl Life<'_> {
    /// The sequence that a position is in, as it is published now, while steps are left.
    pub fn active_in(&self, no: u32) -> Option<&Sequence> {
        let position = self.position(no);
        let course = position.course.as_ref().filter(|course| course.state == State::Active)?;
        self.maps[&position.map].sequences.get(&course.sequence)
    }

    /// Whether it stands at the last step of the sequence that it is in.
    pub fn is_at_last_step(&self, no: u32) -> bool {
        self.active_in(no).is_some_and(|sequence| sequence.steps.last() == Some(&self.position(no).at))
    }

    /// K-11: whether an action here comes later than the map allows.
    pub fn is_late(&self, no: u32) -> bool {
        let position = self.position(no);
        let limit = i64::from(self.maps[&position.map].rules.late_step_days) * 24 * 3_600_000;
        let course = position.course.as_ref().filter(|course| course.state == State::Active);
        course.is_some_and(|course| self.now.millis_since(course.nominal) > limit)
    }

    /// K-11: whether the step at which a position stands was done before a later version was published.
    pub fn was_done(&self, no: u32) -> bool {
        let position = self.position(no);
        let course = position.course.as_ref().filter(|_| self.active_in(no).is_some());
        course.is_some_and(|course| course.done.contains(&position.at))
    }

    /// K-11: the position goes on from where it stands, and that was no clock's doing alone.
    pub fn note_going_on(&mut self, no: u32) {
        if self.position(no).course.as_ref().is_some_and(|course| course.state == State::Active) {
            let position = self.position_mut(no);
            let (at, course) = (position.at, position.course.as_mut().unwrap());
            course.went_on.insert(at, course.nominal);
        }
    }

    /// K-11: a position comes once more to a step that was done. What follows counts from when it was.
    pub fn passes_again(&mut self, no: u32) {
        let position = self.position_mut(no);
        if let Some(course) = &mut position.course
            && let Some(went_on) = course.went_on.get(&position.at)
        {
            course.nominal = course.nominal.max(*went_on);
        }
    }

    /// A position that arrived at a step from outside begins the sequence, if it may (K-08). Says whether it goes on.
    pub fn comes_into_sequence(&mut self, no: u32, again: bool, arrived: u32) -> bool {
        let position = self.position(no);
        let map = self.maps[&position.map].clone();
        let Some(sequence) = map.sequences.values().find(|sequence| sequence.steps.contains(&position.at))
        else {
            return true;
        };
        if self.active_in(no).is_some_and(|active| active.id == sequence.id) {
            if again {
                self.say_of(no, arrived, Said::Sequence(sequence.id, Phase::Started));
            }
            return true;
        }
        let is_there =
            |other: &u32| *other != no && self.active_in(*other).is_some_and(|s| s.id == sequence.id);
        let was_there = map.rules.sequence_reentry == Reentry::Never && self.finished.contains(&sequence.id);
        let refused = match self.positions_on(map.id).iter().any(is_there) {
            true => Some(Fault::AlreadyInSequence),
            false => was_there.then_some(Fault::NoReentry),
        };
        if let Some(fault) = refused {
            self.drop(no, arrived, fault);
            return false;
        }
        let (now, fields) = (self.now, self.record.fields.clone());
        let at = position.at;
        let from = (sequence.steps[0] != at).then_some(at);
        self.position_mut(no).course = Some(Course {
            sequence: sequence.id,
            state: State::Active,
            entered: now,
            from,
            nominal: now,
            fields,
            done: BTreeSet::new(),
            went_on: BTreeMap::new(),
            stood: vec![],
            over: false,
            behind: false,
        });
        self.say_of(no, arrived, Said::Sequence(sequence.id, Phase::Started));
        true
    }

    /// A position that left an element: it may have left its sequence by that, or the wait behind it.
    pub fn goes_on_in_sequence(&mut self, no: u32, to: ElementId, left: u32) {
        let position = self.position(no);
        let Some(course) = &position.course else { return };
        let map = &self.maps[&position.map];
        if course.state == State::Active {
            if map.sequences[&course.sequence].steps.contains(&to) {
                return;
            }
            if maps::is_goal_wait(&map.elements[&to]) {
                self.position_mut(no).course.as_mut().unwrap().state = State::Leaving;
                return;
            }
        }
        self.complete_sequence(no, left);
    }

    /// The position is out of its sequence, having done all of it.
    pub fn complete_sequence(&mut self, no: u32, left: u32) {
        if let Some(course) = self.position_mut(no).course.take() {
            self.finished.insert(course.sequence);
            self.say_of(no, left, Said::Sequence(course.sequence, Phase::Completed));
        }
    }

    /// A position that came to rest: its steps may all be done.
    pub fn rests_in_sequence(&mut self, no: u32, rested: u32) {
        let position = self.position_mut(no);
        let done = position.stand.as_ref().is_some_and(|stand| stand.rest == Rest::Done);
        let Some(course) = &mut position.course else { return };
        let (state, phase) = match course.state {
            State::Leaving => (State::Queued, Phase::Queued),
            State::Active if done => (State::Done, Phase::Done),
            _ => return,
        };
        course.state = state;
        let sequence = course.sequence;
        self.finished.insert(sequence);
        self.say_of(no, rested, Said::Sequence(sequence, phase));
    }

    /// The position goes away in the middle of a sequence, or from behind it.
    pub fn stop_sequence(&mut self, no: u32, by: u32) {
        if let Some(course) = self.position_mut(no).course.take() {
            self.say_of(no, by, Said::Sequence(course.sequence, Phase::Stopped));
        }
    }
}
