//! Waits (semantics §5) and Keap's timers (K-10).

use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};
use gateline::base::id::{FieldId, MapId};
use gateline::base::time::{Instant, Side, Span, Unit, Weekdays, Zone, birthday_in_year};
use gateline::engine::log::{Rest, Skip};
use gateline::model::rules::{FieldTimerReads, PastDate, PastRelativeDate};
use gateline::model::{
    Condition, Delay, DelayTime, DelayUnit, ElementKind, FieldKind, Until, Value, Wait, WaitZone,
};

use super::life::Life;
use super::lines::Said;
use super::maps;
use super::sequences::{Course, State};

const MINUTE: i64 = 60_000;

/// What a wait says to a position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// Go on at once, as it was due at the second instant; in a sequence the steps below count from the first.
    Pass(Instant, Instant),
    /// It was due before: go on past everything up to the next timer (K-10).
    SkipOn,
    /// Rest until then.
    Until(Instant),
    /// Rest until something happens, or for ever.
    Hold,
}

impl Life<'_> {
    /// A position comes to a wait.
    pub fn reach_wait(&mut self, no: u32, wait: &Wait, arrived: u32) {
        self.position_mut(no).skipping = false;
        let start = self.start_of_wait(no);
        let course = self.active_course(no);
        let answer = self.ask(no, wait, start, course.as_ref());
        // K-11: it let the position go in a version before, and is as it was
        if self.was_done(no)
            && course.is_some_and(|course| course.went_on.contains_key(&self.position(no).at))
        {
            self.say_of(no, arrived, Said::Skipped(Skip::Done));
            self.passes_again(no);
            self.position_mut(no).skipping = answer == Answer::SkipOn;
            return self.go(no, maps::way_on(&self.element_of(no)), arrived);
        }
        if let Until::Conditions { condition, .. } = &wait.until {
            self.say_asked(no, condition, arrived);
        }
        match answer {
            Answer::Pass(nominal, _) => {
                // K-11: over since a version before
                if self.was_done(no) {
                    self.say_of(no, arrived, Said::Skipped(Skip::Done));
                }
                self.leave_wait(no, nominal, arrived);
            }
            Answer::SkipOn => self.skip_on(no, start, arrived),
            Answer::Until(due) => self.rest_at_wait(no, Some(due), arrived),
            Answer::Hold => self.rest_at_wait(no, None, arrived),
        }
    }

    /// What a wait's conditions answer, and what their parts saw (C-02).
    fn say_asked(&mut self, no: u32, condition: &Condition, cause: u32) {
        let map = self.position(no).map;
        let seen = (0..).zip(self.seen(condition, map)).collect();
        self.say_of(no, cause, Said::Decided(self.holds(condition, map), seen));
    }

    /// The way of a position through a sequence, while steps are left.
    fn active_course(&self, no: u32) -> Option<Course> {
        self.position(no).course.clone().filter(|course| course.state == State::Active)
    }

    /// From when a wait counts that a position comes to now: in a sequence from the time at which it should be there.
    fn start_of_wait(&self, no: u32) -> Instant {
        let course = self.position(no).course.as_ref().filter(|course| course.state == State::Active);
        course.map_or(self.now, |course| course.nominal)
    }

    /// Goes on past everything up to the next timer.
    fn skip_on(&mut self, no: u32, nominal: Instant, cause: u32) {
        self.position_mut(no).skipping = true;
        self.leave_wait(no, nominal, cause);
    }

    /// Rests at a wait.
    pub fn rest_at_wait(&mut self, no: u32, due: Option<Instant>, cause: u32) {
        let port = maps::way_on(&self.element_of(no));
        self.rest(no, due.map_or(Rest::Goal, Rest::Until), due, port, cause);
    }

    /// What a wait says that counts from `start`. `course`: the sequence that it is a step of, with what the fields held
    /// when the contact came in, which a field timer may read where that is a value (K-10).
    pub fn ask(&self, no: u32, wait: &Wait, start: Instant, course: Option<&Course>) -> Answer {
        let map = self.position(no).map;
        let rules = &self.maps[&map].rules;
        let zone = match wait.zone {
            WaitZone::Account => &self.account.zone,
            WaitZone::Contact => &self.zone,
        };
        let at = |start: Instant, due: Instant| {
            self.at(start, course.map_or(due, |course| with_pauses(course, start, due)))
        };
        let answer = match &wait.until {
            Until::Goal | Until::NotSet => Answer::Hold,
            Until::TimePasses(span) => at(start, zone.add(start, *span)),
            Until::DayOfWeek { days, time } => at(start, zone.day_of_week(start, *days, *time)),
            Until::Date { date, time } => {
                let due = zone.at(*date, time.unwrap_or(NaiveTime::MIN));
                match rules.past_specific_date {
                    PastDate::Hold if due < start => Answer::Hold, // W-04
                    _ => at(start, due),
                }
            }
            Until::TimeOfDay { time, limit } => {
                let due = zone.day_of_week(start, Weekdays::ALL, Some(*time));
                let limit = limit.map(|limit| zone.add(start, limit));
                at(start, limit.map_or(due, |limit| limit.min(due)))
            }
            Until::Conditions { condition, limit } => {
                if self.holds(condition, map) {
                    return Answer::Pass(start, self.now);
                }
                limit.map_or(Answer::Hold, |limit| at(start, zone.add(start, limit)))
            }
            Until::Delay(delay) => at(start, end_of_delay(delay, start, zone)),
            Until::DateTimer { date, time } => {
                let due = zone.at(*date, time.unwrap_or(NaiveTime::MIN));
                if due < start { Answer::SkipOn } else { at(start, due) }
            }
            Until::Relative { field, side, span, time } => {
                let value = field.and_then(|field| self.record.fields.get(&field));
                let day = DayInField { zone, side: *side, span: *span, time: *time };
                match self.relative(map, *field, value, day, start) {
                    Some(due) => at(start, due),
                    None => Answer::Hold,
                }
            }
            Until::FieldTimer { field, side, span, time } => {
                let on_entry = course.map(|course| &course.fields);
                let entry = on_entry.filter(|_| rules.field_timer_reads == FieldTimerReads::Entry);
                let value = field.and_then(|field| {
                    entry.and_then(|fields| fields.get(&field)).or_else(|| self.record.fields.get(&field))
                });
                let day = DayInField { zone, side: *side, span: *span, time: *time };
                match value.and_then(|value| self.day_of_timer(*field, value, day, start)) {
                    None => Answer::Hold,
                    Some(due) if due < start => Answer::SkipOn,
                    Some(due) => at(start, due),
                }
            }
        };
        match answer {
            // a goal wait does not skip: its time rule just fires
            Answer::SkipOn if !wait.goals.is_empty() => Answer::Pass(start, self.now),
            answer => answer,
        }
    }

    /// Passes where it is due already.
    fn at(&self, start: Instant, due: Instant) -> Answer {
        match due {
            due if due <= self.now => Answer::Pass(due.max(start), due),
            Instant::NEVER => Answer::Hold,
            due => Answer::Until(due),
        }
    }

    /// W-05, W-06.
    fn relative(
        &self,
        map: MapId,
        field: Option<FieldId>,
        value: Option<&Value>,
        day: DayInField<'_>,
        start: Instant,
    ) -> Option<Instant> {
        let past = self.maps[&map].rules.past_relative_date;
        let value = value?;
        let due = match (value, past) {
            (Value::Date(date), PastRelativeDate::NextYearIfBirthday) if self.is_birthday(field) => {
                Some(self.next_birthday(*date, day, start))
            }
            (Value::Date(date), _) if self.is_birthday(field) => {
                let year = day.zone.date_of(start).year();
                Some(day.due_on(
                    self,
                    birthday_in_year(*date, year, self.account.project.settings.birthday_29_feb),
                ))
            }
            _ => day.due(self, value),
        };
        due.filter(|due| *due >= start || past != PastRelativeDate::Hold)
    }

    /// When a field timer is over.
    fn day_of_timer(
        &self,
        field: Option<FieldId>,
        value: &Value,
        day: DayInField<'_>,
        start: Instant,
    ) -> Option<Instant> {
        match value {
            Value::Date(date) if self.is_birthday(field) => Some(self.next_birthday(*date, day, start)),
            value => day.due(self, value),
        }
    }

    pub fn is_birthday(&self, field: Option<FieldId>) -> bool {
        field.and_then(|field| self.field_kind(field)) == Some(FieldKind::Birthday)
    }

    /// The first birthday whose wait does not end before `start`.
    fn next_birthday(&self, date: NaiveDate, day: DayInField<'_>, start: Instant) -> Instant {
        let years_of_span = match day.span.unit {
            Unit::Months => day.span.count / 12,
            Unit::Weeks => day.span.count / 52,
            Unit::Days => day.span.count / 365,
            Unit::Hours => day.span.count / 365 / 24,
            Unit::Minutes => day.span.count / 365 / 24 / 60,
        } as i32;
        let year = day.zone.date_of(start).year();
        let feb29 = self.account.project.settings.birthday_29_feb;
        let years = year - years_of_span - 2..=year + years_of_span + 2;
        let dues = years.map(|year| day.due_on(self, birthday_in_year(date, year, feb29)));
        dues.filter(|due| *due >= start).min().unwrap()
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Asked again

    /// A field changed: waits that count from it are worked out anew, field timers only if they hold (W-05).
    pub fn work_out_again(&mut self, changed: FieldId, event: u32) {
        for no in self.waiting() {
            if self.has_ended() {
                return;
            }
            let Some(wait) = self.wait_at(no) else { continue };
            let due = self.position(no).stand.as_ref().unwrap().due;
            let counts = match wait.until {
                Until::Relative { field, .. } => field == Some(changed),
                Until::FieldTimer { field, .. } => field == Some(changed) && due.is_none(),
                _ => false,
            };
            if counts {
                let answer = self.ask(no, &wait, self.now, self.active_course(no).as_ref());
                self.give_new_answer(no, answer, event);
            }
        }
    }

    /// A wait that a position rests at says something else now.
    pub fn give_new_answer(&mut self, no: u32, answer: Answer, cause: u32) {
        let position = self.position(no);
        let old = position.stand.as_ref().unwrap().due;
        let new = match answer {
            Answer::Pass(_, due) if self.is_paused(position.map) => Some(due),
            Answer::SkipOn if self.is_paused(position.map) => Some(self.now),
            Answer::Pass(..) => {
                if let Some(Wait { until: Until::Conditions { condition, .. }, .. }) = self.wait_at(no)
                    && self.holds(&condition, self.position(no).map)
                {
                    self.say_asked(no, &condition, cause);
                }
                self.leave_wait(no, self.now, cause);
                return self.run_down(cause);
            }
            Answer::SkipOn => {
                self.skip_on(no, self.now, cause);
                return self.run_down(cause);
            }
            Answer::Until(due) => Some(due),
            Answer::Hold => None,
        };
        if new != old {
            self.rest_at_wait(no, new, cause);
        }
        // K-10, M-14: it goes past the steps below once the contact goes on
        if answer == Answer::SkipOn {
            self.position_mut(no).stand.as_mut().unwrap().let_go = true;
        }
    }

    /// After each event, waits for conditions ask again, the oldest position first (W-01).
    pub fn ask_waits_for_conditions(&mut self, event: u32) {
        for no in self.waiting() {
            if self.has_ended() {
                return;
            }
            let Some(wait) = self.wait_at(no) else { continue };
            let map = self.position(no).map;
            if let Until::Conditions { condition, .. } = &wait.until
                && !self.is_paused(map)
                && self.holds(condition, map)
            {
                self.let_go_as_asked(no, condition, event);
            }
        }
    }

    /// Its conditions hold.
    pub fn let_go_as_asked(&mut self, no: u32, condition: &Condition, cause: u32) {
        self.say_asked(no, condition, cause);
        self.leave_wait(no, self.now, cause);
        self.run_down(cause);
    }

    /// M-14: the contact goes on on a map after so many milliseconds: first what publications left behind, then what was
    /// let go, then the timers that are over.
    pub fn end_pause(&mut self, map: MapId, millis: i64, event: u32) {
        let Some(now_there) = self.maps.get(&map).cloned() else { return };
        let (now, since) = (self.now, self.now.plus_millis(-millis));
        let all = self.positions_on(map);
        if !now_there.rules.pause_keeps_time {
            // what came to rest during the pause stood still for a shorter time
            for no in &all {
                let position = self.position_mut(*no);
                let stood = now.millis_since(position.arrived.max(since));
                if let Some(stand) = &mut position.stand {
                    if let Some(course) = &mut position.course {
                        course.stood.push((since, now, stand.due == Some(since)));
                    }
                    stand.due = stand.due.map(|due| due.plus_millis(stood));
                }
            }
        }
        // who is late by the pause is late for what was published in it, too
        for no in &all {
            let position = self.position_mut(*no);
            let due = position.stand.as_ref().and_then(|stand| stand.due).filter(|due| *due <= now);
            if let Some((due, course)) = due.zip(position.course.as_mut()) {
                match course.stood.iter_mut().find(|(from, ..)| *from == due) {
                    Some((_, until, _)) => *until = now,
                    None => course.stood.push((due, now, true)),
                }
            }
        }
        // one that left may have taken others off the map, or paused the contact again
        let follows = |life: &Self, no: u32| {
            !life.has_ended()
                && !life.is_paused(map)
                && life.positions.iter().any(|position| position.no == no)
        };
        for no in &all {
            if !follows(self, *no) {
                continue;
            }
            let position = self.position(*no);
            let (at, stand) = (position.at, position.stand.as_ref().unwrap());
            let port = stand.port;
            if position.course.as_ref().is_some_and(|course| course.behind) {
                self.catch_up(*no, event);
            } else if stand.rest == Rest::OpenEnd && maps::way(&now_there, at, port).is_some() {
                self.go(*no, port, event);
                self.run_down(event);
            }
        }
        for no in self.positions_on(map) {
            let stand = self.position(no).stand.as_ref().unwrap();
            if stand.let_go && matches!(stand.rest, Rest::OnMap(_)) && follows(self, no) {
                self.release(no, event);
            }
        }
        let order = maps::reading_order(&now_there);
        let mut over: Vec<_> = vec![];
        for no in self.positions_on(map) {
            let position = self.position(no);
            let stand = position.stand.as_ref().unwrap();
            if let Some(due) = stand.due.filter(|due| *due <= now || stand.let_go) {
                over.push((due, order.iter().position(|element| *element == position.at), no));
            }
        }
        over.sort();
        for (_, _, no) in over {
            if !follows(self, no) {
                continue;
            }
            if self.position(no).stand.as_ref().unwrap().let_go {
                self.skip_on(no, now, event);
            } else {
                self.leave_wait(no, now, event);
            }
            self.run_down(event);
        }
    }

    /// Positions that rest at waits, the oldest first.
    fn waiting(&self) -> Vec<u32> {
        self.positions.iter().filter(|position| position.waits()).map(|position| position.no).collect()
    }

    /// The wait that a position rests at, as it is published now; `None`: it rests at none any more.
    fn wait_at(&self, no: u32) -> Option<Wait> {
        let position = self.positions.iter().find(|position| position.no == no)?;
        match &self.maps[&position.map].elements[&position.at].kind {
            ElementKind::Wait(wait) if position.waits() => Some(wait.clone()),
            _ => None,
        }
    }
}

/// K-11, M-14: of a time that counts from `start`, when it is up on a clock that stood still in pauses.
fn with_pauses(course: &Course, start: Instant, due: Instant) -> Instant {
    let mut due = due;
    for (from, until, was_up) in &course.stood {
        let from_then_on = (*from).max(start);
        if due == Instant::NEVER || due <= start || *until <= from_then_on {
            continue;
        }
        if due > *from || due == *from && *was_up {
            due = due.plus_millis(until.millis_since(from_then_on));
        }
    }
    due
}

/// A day counted from a date field (W-01).
#[derive(Clone, Copy)]
struct DayInField<'a> {
    zone: &'a Arc<Zone>,
    side: Side,
    span: Span,
    time: Option<NaiveTime>,
}

impl DayInField<'_> {
    /// Of a date or a date and time; `None`: it is neither.
    fn due(&self, life: &Life<'_>, value: &Value) -> Option<Instant> {
        match value {
            Value::Date(date) => Some(self.due_on(life, *date)),
            Value::DateTime(at) => {
                let local = self.zone.to_local(*at);
                let base = self.time.map_or(local, |time| local.date().and_time(time));
                Some(self.zone.relative(base, self.side, self.span, None))
            }
            _ => None,
        }
    }

    fn due_on(&self, life: &Life<'_>, date: NaiveDate) -> Instant {
        let time = self.time.unwrap_or(life.account.project.settings.date_event_time);
        self.zone.relative(date.and_time(time), self.side, self.span, None)
    }
}

/// K-10: at least so long, then the next allowed weekday and time.
fn end_of_delay(delay: &Delay, start: Instant, zone: &Zone) -> Instant {
    if delay.days.is_empty() {
        return Instant::NEVER;
    }
    let count = i64::from(delay.count);
    let elapsed = match delay.unit {
        DelayUnit::Minutes => Some(start.plus_millis(count * MINUTE)),
        DelayUnit::Hours => Some(start.plus_millis(count * 60 * MINUTE)),
        DelayUnit::Days | DelayUnit::Weeks | DelayUnit::Weekdays => None,
    };
    let today = zone.date_of(start);
    let date = match delay.unit {
        DelayUnit::Minutes | DelayUnit::Hours => zone.date_of(elapsed.unwrap_or(start)),
        DelayUnit::Days => today + Days::new(delay.count.into()),
        DelayUnit::Weeks => today + Days::new(7 * u64::from(delay.count)),
        DelayUnit::Weekdays => weekdays_later(today, delay.count),
    };
    match delay.time {
        DelayTime::Any => {
            if let Some(elapsed) = elapsed.filter(|_| delay.days.contains(date.weekday())) {
                return elapsed;
            }
            let same_time = zone.to_local(elapsed.unwrap_or(start)).time();
            zone.at(next_allowed(date, delay.days), same_time)
        }
        DelayTime::At(time) => {
            let before = |date| zone.at(date, time) < elapsed.unwrap_or(start);
            let date = if before(date) { date + Days::new(1) } else { date };
            zone.at(next_allowed(date, delay.days), time)
        }
        DelayTime::Between(first, last) => {
            let bound = elapsed.unwrap_or_else(|| zone.at(date, NaiveTime::MIN).max(start));
            let fits = |at: &Instant| {
                let local = zone.to_local(*at);
                let (day, time) = (local.date().weekday(), local.time());
                let in_window = match first.cmp(&last) {
                    std::cmp::Ordering::Less => first <= time && time < last,
                    std::cmp::Ordering::Equal => true,
                    std::cmp::Ordering::Greater => first <= time || time < last,
                };
                delay.days.contains(day) && in_window
            };
            // minute by minute: within nine days every day of the week has come
            let next_minute = Instant(bound.0.div_euclid(MINUTE) * MINUTE + MINUTE);
            let minutes = (0..9 * 24 * 60).map(|minute| next_minute.plus_millis(minute * MINUTE));
            std::iter::once(bound).chain(minutes).find(fits).unwrap_or(Instant::NEVER)
        }
    }
}

/// So many days from Monday to Friday later.
fn weekdays_later(date: NaiveDate, count: u32) -> NaiveDate {
    let mut date = date;
    let mut left = count;
    while left > 0 {
        date = date + Days::new(1);
        if !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
            left -= 1;
        }
    }
    date
}

/// The date itself or the first allowed one after it.
fn next_allowed(date: NaiveDate, days: Weekdays) -> NaiveDate {
    (0..7).map(|ahead| date + Days::new(ahead)).find(|date| days.contains(date.weekday())).unwrap_or(date)
}
