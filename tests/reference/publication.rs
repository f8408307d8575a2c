//! A later version of a map is published while contacts are on it (semantics §10, K-11).

use std::collections::BTreeSet;
use std::sync::Arc;

use gateline::base::id::{ElementId, MapId};
use gateline::base::time::Instant;
use gateline::engine::log::{Removal, Rest, Skip};
use gateline::model::rules::EditedWait;
use gateline::model::{
    Change, Element, ElementKind, EventFilter, FirstPayment, Happening, Map, Publication, Sale, SalePart,
    Sequence, Until, Wait,
};

use rust_decimal::Decimal;

use super::life::Life;
use super::lines::{From, Said};
use super::listeners::listeners;
use super::maps;
use super::matching;
use super::running::Mover;
use super::sales::Bought;
use super::sequences::{Course, State};
use super::waits::Answer;

/// Where a contact that came into a sequence once should be by now.
struct Walk {
    /// Actions that were not done, with when they should have been.
    pending: Vec<(ElementId, Instant)>,
    /// The wait that is not over; `None`: all steps are.
    stop: Option<(ElementId, Option<Instant>)>,
    /// When it should have come there.
    nominal: Instant,
}

impl Life<'_> {
    /// From now on the map is another.
    pub fn publish(&mut self, version: Publication) {
        let new = version.map;
        let old = self.maps.insert(new.id, new.clone());
        if let Some(old) = &old
            && self.is_on(new.id)
        {
            let published = self.say(None, None, None, Said::Published(new.id));
            for no in self.positions_on(new.id) {
                if !self.has_ended() && self.positions.iter().any(|position| position.no == no) {
                    self.carry_over(no, old, &new, published);
                    self.settle(published);
                }
            }
        }
        if version.place_matching {
            self.place_matching(old.as_deref(), &new);
        }
    }

    fn carry_over(&mut self, no: u32, old: &Map, new: &Arc<Map>, published: u32) {
        let position = self.position(no);
        let before = &old.elements[&position.at];
        let Some(element) =
            new.elements.get(&position.at).filter(|new| new.kind.kind() == before.kind.kind())
        else {
            return self.remove(no, published, Removal::Publication); // L-02
        };
        let rest = position.stand.as_ref().unwrap().rest;
        let holds_on_map = matches!(rest, Rest::OnMap(_));
        self.follow_steps(no, old, new);
        if let Some(course) = self.position(no).course.clone() {
            match new.sequences.get(&course.sequence) {
                Some(_) if holds_on_map => {}
                Some(_) if is_untouched(&course, element.id, old, new) => {}
                Some(_) => {
                    self.note_steps_done(no, old);
                    // M-14: while the contact is paused it stays where it is
                    let is_placed = match self.is_paused(new.id) {
                        true => course.state != State::Queued,
                        false => self.catch_up(no, published),
                    };
                    if is_placed {
                        return self.ask_if_edited(no, before, new, published);
                    }
                }
                None => self.stop_sequence(no, published),
            }
        }
        if holds_on_map {
            return;
        }
        if let (ElementKind::Wait(before), ElementKind::Wait(wait)) = (&before.kind, &element.kind)
            && self.position(no).waits()
        {
            if (&before.until, before.zone) == (&wait.until, wait.zone) {
                return;
            }
            let counts_from_field = matches!(wait.until, Until::Relative { .. } | Until::FieldTimer { .. });
            let position = self.position(no);
            let (arrived, due) = (position.arrived, position.stand.as_ref().unwrap().due);
            if counts_from_field {
                let answer = self.ask(no, wait, self.now, None);
                self.give_new_answer(no, answer, published);
            } else if due.is_none() || new.rules.edited_wait == EditedWait::Recompute {
                // M-14: conditions are not asked while the contact is paused
                let wait = if self.is_paused(new.id) { by_time_alone(wait) } else { wait.clone() };
                let answer = self.ask(no, &wait, arrived, None); // L-03
                self.give_new_answer(no, answer, published);
            } else {
                self.ask_if_edited(no, &old.elements[&element.id], new, published);
            }
        } else if rest == Rest::OpenEnd {
            let port = self.position(no).stand.as_ref().unwrap().port;
            if maps::way(new, element.id, port).is_some() && !self.is_paused(new.id) {
                self.go(no, port, published);
                self.run_down(published);
            }
        }
    }

    /// W-01: a position that is where it was, at a wait that has other conditions now, goes on if they hold.
    fn ask_if_edited(&mut self, no: u32, before: &Element, new: &Map, published: u32) {
        let Some(position) = self.positions.iter().find(|position| position.no == no) else { return };
        let stays = position.at == before.id && position.waits() && !self.is_paused(new.id);
        if let (ElementKind::Wait(was), ElementKind::Wait(is)) =
            (&before.kind, &new.elements[&before.id].kind)
            && stays
            && (&was.until, was.zone) != (&is.until, is.zone)
            && let Until::Conditions { condition, .. } = &is.until
            && self.holds(condition, new.id)
        {
            self.let_go_as_asked(no, condition, published);
        }
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Sequences

    /// What a position remembers of its way through a sequence, as far as the version has it.
    fn follow_steps(&mut self, no: u32, old: &Map, new: &Map) {
        let Some(course) = &mut self.position_mut(no).course else { return };
        let Some(steps) = new.sequences.get(&course.sequence).map(|sequence| &sequence.steps) else { return };
        course.went_on.retain(|step, _| {
            let Some((was, is)) = old.elements.get(step).zip(new.elements.get(step)) else { return false };
            let rule = |element: &Element| match &element.kind {
                ElementKind::Wait(wait) => Some((wait.until.clone(), wait.zone)),
                _ => None,
            };
            was.kind.kind() == is.kind.kind() && rule(was) == rule(is)
        });
        // where it came in is gone: the next step below that is left
        if let Some(from) = course.from {
            let were = &old.sequences[&course.sequence].steps;
            let below = were.iter().position(|step| *step == from).map_or(&[][..], |place| &were[place..]);
            course.from = below.iter().find(|step| steps.contains(step)).copied().or(course.from);
        }
    }

    /// The steps of a version that a position has behind it when the next one comes. In one that came while the contact
    /// was paused it has not done any.
    fn note_steps_done(&mut self, no: u32, old: &Map) {
        let position = self.position_mut(no);
        let at = position.at;
        let Some(course) = position.course.as_mut().filter(|course| !course.behind) else { return };
        let steps = &old.sequences[&course.sequence].steps;
        let above = match course.state {
            State::Active => steps.iter().position(|step| *step == at).unwrap_or(steps.len()),
            _ => steps.len(),
        };
        // it did not do what stands above where it came in
        let below = course.from.and_then(|from| steps.iter().position(|step| *step == from)).unwrap_or(0);
        course.done.extend(steps.iter().take(above).skip(below));
        course.behind = true;
    }

    /// K-11: puts a position where it should be in a sequence by now. Says whether that is all there is to do.
    pub fn catch_up(&mut self, no: u32, published: u32) -> bool {
        let position = self.position_mut(no);
        let (map, at) = (position.map, position.at);
        let Some(course) = &mut position.course else { return false };
        course.behind = false;
        let course = course.clone();
        let Some(sequence) = self.maps[&map].sequences.get(&course.sequence).cloned() else { return false };
        let mut done = course.done.clone();
        let walk = self.walk(no, &course, &sequence, &done);
        if let Some((wait, _)) = walk.stop {
            done.remove(&wait); // it is not over
        }

        let limit = i64::from(self.maps[&map].rules.late_step_days) * 24 * 3_600_000;
        let is_late = |(_, due): &(ElementId, Instant)| self.now.millis_since(*due) > limit;
        let (late, pending): (Vec<_>, Vec<_>) = walk.pending.iter().partition(|step| is_late(step));
        for (step, _) in late {
            self.say(Some(step), None, Some(published), Said::Skipped(Skip::Late));
        }

        let place = |to, nominal, over| {
            let course = Course { state: State::Active, nominal, over, done, ..course.clone() };
            (to, course)
        };
        let (to, course) = match (pending.first(), walk.stop) {
            (Some((step, due)), _) => place(*step, *due, false),
            (None, Some((wait, due))) if wait == at && course.state == State::Active => {
                let position = self.position_mut(no);
                position.course = Some(place(wait, walk.nominal, false).1);
                if position.stand.as_ref().unwrap().due != due {
                    self.rest_at_wait(no, due, published);
                }
                return true;
            }
            (None, Some((wait, _))) => place(wait, walk.nominal, false),
            (None, None) if course.state == State::Active => {
                place(*sequence.steps.last().unwrap(), walk.nominal, true)
            }
            (None, None) => return false,
        };
        self.say_of(no, published, Said::Removed(Removal::Publication));
        let position = self.position_mut(no);
        let again = position.course.replace(course).is_some_and(|course| course.state != State::Active);
        position.stand = None;
        self.movers.push(Mover { no, from: From::Publication, to, cause: published, again });
        self.run_down(published);
        true
    }

    /// Goes through the steps as they are now from when the contact came in.
    fn walk(&self, no: u32, course: &Course, sequence: &Sequence, done: &BTreeSet<ElementId>) -> Walk {
        let map = &self.maps[&self.position(no).map];
        let mut walk = Walk { pending: vec![], stop: None, nominal: course.entered };
        let mut skipping = false;
        let begins = match course.from {
            Some(from) => {
                sequence.steps.iter().position(|step| *step == from).unwrap_or(sequence.steps.len())
            }
            None => 0,
        };
        for step in &sequence.steps[begins..] {
            let element = &map.elements[step];
            if element.draft {
                continue;
            }
            let start = walk.nominal;
            let went_on = course.went_on.get(step).copied();
            walk.nominal = start.max(went_on.unwrap_or(start));
            match &element.kind {
                ElementKind::Wait(wait) => {
                    let wait = by_time_alone(wait);
                    let answer = self.ask(no, &wait, start, Some(course));
                    skipping = answer == Answer::SkipOn;
                    match answer {
                        _ if went_on.is_some() => {}
                        Answer::Pass(nominal, _) => walk.nominal = walk.nominal.max(nominal),
                        Answer::SkipOn => {}
                        Answer::Until(due) => walk.stop = Some((*step, Some(due))),
                        Answer::Hold => walk.stop = Some((*step, None)),
                    }
                    if walk.stop.is_some() {
                        walk.nominal = start;
                        break;
                    }
                }
                _ if skipping || done.contains(step) => {}
                _ => walk.pending.push((*step, walk.nominal)),
            }
        }
        walk
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Those who match already

    /// G-06: places the contact at what the version brings and the record matches already.
    pub fn place_matching(&mut self, old: Option<&Map>, new: &Map) {
        let created = self.account.project.people.contact(self.contact).unwrap().created;
        if created.is_some_and(|created| created >= self.now) {
            return; // not there yet: publications are the first of an instant (M-13)
        }
        for element in listeners(new) {
            let was_there = old.and_then(|old| old.elements.get(&element.id));
            let is_new = was_there.is_none_or(|element| element.kind.listener().is_none());
            let on = &element.kind.listener().unwrap().on;
            let matches = !self.has_ended() && is_new && self.record_matches(on, new);
            if matches && self.refusal(new, &element, None, false).is_none() {
                self.activate(new, &element, None);
            }
        }
    }

    /// Whether what a listener waits for is in the record.
    fn record_matches(&self, on: &EventFilter, new: &Map) -> bool {
        let record = &self.record;
        let is_on_other = |map: &MapId| *map != new.id && self.is_on(*map);
        match on {
            EventFilter::TagAdded(Some(tag)) => record.tags.contains(tag),
            EventFilter::ListAdded(Some(list)) => record.is_on(*list),
            EventFilter::LevelGiven(Some(level)) => record.levels.contains(level),
            EventFilter::Purchased { products, .. } => record.ordered(products) > Decimal::ZERO,
            EventFilter::FieldUpdated(Some(field)) => record.fields.contains_key(field),
            EventFilter::MembershipUpdated(Some(site)) | EventFilter::MembershipCreated(Some(site)) => {
                record.memberships.contains_key(site)
            }
            EventFilter::Relationship { relationship: Some(relationship), change: Change::Added } => {
                record.relationships.iter().any(|(kind, _)| kind == relationship)
            }
            EventFilter::Automation { map: Some(map), change: Change::Added } => is_on_other(map),
            EventFilter::Paused(Some(map)) => is_on_other(map) && self.is_paused(*map),
            EventFilter::OpenOrderCreated => record.orders.iter().any(Bought::is_open),
            // an order whose first payment was such that the goal would have heard of it
            EventFilter::KeapPurchase(_) => record.orders.iter().any(|bought| {
                let counted = bought.free || bought.order.payment == FirstPayment::Unpaid;
                let numbers = [(counted, 0), (!bought.free, 1)];
                let made = numbers.into_iter().filter(|(told, _)| *told && bought.charged.contains(&1));
                made.map(|(_, payment)| payment).any(|payment| {
                    let order = bought.order.clone();
                    let sale = Happening::Sale(Sale { part: SalePart::Charged, payment, order });
                    matching::matches(on, &sale, new, self.account.project)
                })
            }),
            // today, and the hour of it is over: otherwise it comes by itself
            EventFilter::DateMatches(_) | EventFilter::DateRelative { .. } | EventFilter::SpecificDate(_) => {
                let today =
                    |at: &Instant| self.account.zone.date_of(*at) == self.account.zone.date_of(self.now);
                let rule = matching::days_of(on);
                let days = rule.map(|rule| self.days_of(rule, self.now)).unwrap_or_default();
                days.iter().any(|at| *at < self.now && today(at))
            }
            _ => false,
        }
    }
}

/// Whether a version has all that a position did in its sequence, and where it stands, as before.
fn is_untouched(course: &Course, at: ElementId, old: &Map, new: &Map) -> bool {
    let done = |map: &Map| -> Vec<_> {
        let steps = map.sequences[&course.sequence].steps.clone();
        let all = course.state != State::Active;
        let mut passed = false;
        let still = |step: &ElementId| !std::mem::replace(&mut passed, *step == at && !all);
        let steps = steps.into_iter().filter(|step| map.elements.contains_key(step)).take_while(still);
        let what = |step: ElementId| {
            let element = &map.elements[&step];
            let wait = match &element.kind {
                ElementKind::Wait(wait) => Some((wait.until.clone(), wait.zone)),
                _ => None,
            };
            (step, element.kind.kind(), element.draft, wait)
        };
        steps.map(what).collect()
    };
    done(old) == done(new)
}

/// Of a wait for conditions only the limit.
fn by_time_alone(wait: &Wait) -> Wait {
    let until = match &wait.until {
        Until::Conditions { limit: Some(limit), .. } => Until::TimePasses(*limit),
        Until::Conditions { limit: None, .. } => Until::Goal,
        until => until.clone(),
    };
    Wait { until, ..wait.clone() }
}
