//! Waits (semantics §5) and Keap's timers (K-10).

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use super::delay;
use crate::base::id::FieldId;
use crate::base::time::{Instant, Side, Span, Unit, Weekdays, Zone, birthday_in_year};
use crate::model::rules::{PastDate, PastRelativeDate};
use crate::model::{Catalogue, EngineRules, FieldKind, Settings, Until, Value};

/// When a wait lets a contact go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// At this instant; not after now: at once.
    At(Instant),
    /// Never by itself.
    Never,
    /// Keap's timer is past: the steps up to the next timer are skipped (K-10).
    Past,
}

/// What the rule of a wait reads.
pub struct Clock<'a> {
    /// From when it counts.
    pub start: Instant,
    /// The time zone of the wait (W-02).
    pub zone: &'a Zone,
    /// The switches of the map.
    pub rules: &'a EngineRules,
    /// The project's settings.
    pub settings: &'a Settings,
    /// The account, which knows what fields hold.
    pub catalogue: &'a Catalogue,
}

/// A day counted from a date field.
#[derive(Clone, Copy)]
struct FromField {
    field: FieldId,
    side: Side,
    span: Span,
    time: Option<NaiveTime>,
}

/// When the rule lets a contact go on. `value` is what its date field holds, where it has one; of *until conditions are
/// met* this is the limit.
#[inline]
pub fn due(until: &Until, clock: &Clock<'_>, value: impl FnOnce(FieldId) -> Option<Value>) -> Due {
    let Clock { start, zone, rules, .. } = *clock;
    match until {
        Until::Goal | Until::NotSet => Due::Never,
        Until::TimePasses(span) => Due::At(zone.add(start, *span)), // W-02, W-07
        Until::DayOfWeek { days, .. } if days.is_empty() => Due::Never, // the checks report it
        Until::DayOfWeek { days, time } => Due::At(zone.day_of_week(start, *days, *time)), // W-03
        Until::Date { date, time } => {
            let due = zone.at(*date, time.unwrap_or(NaiveTime::MIN));
            let held = due < start && rules.past_specific_date == PastDate::Hold; // W-04
            if held { Due::Never } else { Due::At(due) }
        }
        Until::TimeOfDay { time, limit } => {
            let due = zone.day_of_week(start, Weekdays::ALL, Some(*time));
            Due::At(limit.map_or(due, |limit| due.min(zone.add(start, limit))))
        }
        Until::Conditions { limit, .. } => limit.map_or(Due::Never, |limit| Due::At(zone.add(start, limit))),
        Until::Delay(delay) => delay::due(delay, start, zone).map_or(Due::Never, Due::At),
        Until::DateTimer { date, time } => {
            let due = zone.at(*date, time.unwrap_or(NaiveTime::MIN));
            if due < start { Due::Past } else { Due::At(due) }
        }
        Until::Relative { field: Some(field), side, span, time } => {
            let from = FromField { field: *field, side: *side, span: *span, time: *time };
            relative(from, value(*field).as_ref(), clock)
        }
        Until::FieldTimer { field: Some(field), side, span, time } => {
            let from = FromField { field: *field, side: *side, span: *span, time: *time };
            field_timer(from, value(*field).as_ref(), clock)
        }
        Until::Relative { field: None, .. } | Until::FieldTimer { field: None, .. } => Due::Never,
    }
}

/// W-05, W-06.
fn relative(from: FromField, value: Option<&Value>, clock: &Clock<'_>) -> Due {
    let Some(base) = Base::of(value, from.field, clock) else { return Due::Never };
    let past = clock.rules.past_relative_date;
    match base {
        Base::Birthday(date) if past == PastRelativeDate::NextYearIfBirthday => {
            Due::At(next_birthday(date, from, clock))
        }
        Base::Birthday(date) => {
            let year = clock.zone.date_of(clock.start).year();
            held_if_past(birthday(date, year, from, clock), clock)
        }
        Base::Moment(moment) => held_if_past(moment_due(moment, from, clock), clock),
    }
}

fn held_if_past(due: Instant, clock: &Clock<'_>) -> Due {
    let held = due < clock.start && clock.rules.past_relative_date == PastRelativeDate::Hold;
    if held { Due::Never } else { Due::At(due) }
}

/// K-10: like a relative wait, but what is past is skipped.
fn field_timer(from: FromField, value: Option<&Value>, clock: &Clock<'_>) -> Due {
    match Base::of(value, from.field, clock) {
        None => Due::Never,
        Some(Base::Birthday(date)) => Due::At(next_birthday(date, from, clock)),
        Some(Base::Moment(moment)) => {
            let due = moment_due(moment, from, clock);
            if due < clock.start { Due::Past } else { Due::At(due) }
        }
    }
}

/// What a date field holds.
enum Base {
    /// A day of every year.
    Birthday(NaiveDate),
    /// A date and time on the clocks of the wait.
    Moment(NaiveDateTime),
}

impl Base {
    fn of(value: Option<&Value>, field: FieldId, clock: &Clock<'_>) -> Option<Self> {
        let kind = clock.catalogue.fields.get(&field).map(|field| field.kind);
        match value? {
            Value::Date(date) if kind == Some(FieldKind::Birthday) => Some(Self::Birthday(*date)),
            Value::Date(date) => Some(Self::Moment(date.and_time(clock.settings.date_event_time))),
            Value::DateTime(at) => Some(Self::Moment(clock.zone.to_local(*at))),
            Value::Text(_) | Value::Number(_) | Value::YesNo(_) => None,
        }
    }
}

fn moment_due(moment: NaiveDateTime, from: FromField, clock: &Clock<'_>) -> Instant {
    clock.zone.relative(moment, from.side, from.span, from.time)
}

/// When the birthday of a year is due.
fn birthday(date: NaiveDate, year: i32, from: FromField, clock: &Clock<'_>) -> Instant {
    let day = birthday_in_year(date, year, clock.settings.birthday_29_feb);
    moment_due(day.and_time(clock.settings.date_event_time), from, clock)
}

/// The first birthday that is due at the start or after it.
fn next_birthday(date: NaiveDate, from: FromField, clock: &Clock<'_>) -> Instant {
    // so many days after a birthday of years ago may still be to come
    let years_of_span = match from.span.unit {
        Unit::Minutes => from.span.count / 525_600,
        Unit::Hours => from.span.count / 8_760,
        Unit::Days => from.span.count / 365,
        Unit::Weeks => from.span.count / 52,
        Unit::Months => from.span.count / 12,
    };
    let years = i32::try_from(years_of_span).unwrap_or(i32::MAX).min(10_000);
    let first = clock.zone.date_of(clock.start).year() - 1 - years;
    let mut dues = (first..=first + 2 * years + 4).map(|year| birthday(date, year, from, clock));
    dues.find(|due| *due >= clock.start).unwrap_or(Instant::NEVER)
}

/// When the day of a date event comes next in a contact's life, at the clock's start or after it (G-13); `None`: never
/// again.
pub fn next_date_event(
    value: Option<&Value>,
    field: FieldId,
    days: i32,
    clock: &Clock<'_>,
) -> Option<Instant> {
    let side = if days < 0 { Side::Before } else { Side::After };
    let from = FromField { field, side, span: Span::new(days.unsigned_abs(), Unit::Days), time: None };
    let due = match Base::of(value, field, clock)? {
        Base::Birthday(date) => next_birthday(date, from, clock),
        Base::Moment(moment) => moment_due(moment, from, clock),
    };
    (due >= clock.start && due != Instant::NEVER).then_some(due)
}
