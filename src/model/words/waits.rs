//! Waits in words.

use chrono::NaiveTime;

use super::conditions::{only_one, short_until};
use super::{condition_with_subject, counted, date_in_words, named, time_in_words, weekday_in_words};
use crate::base::id::FieldId;
use crate::base::time::{Side, Span, Weekdays};
use crate::model::{Delay, DelayTime, DelayUnit, Field, Project, Until, Wait, WaitZone};

/// When a rule lets contacts go on, with the word before it on a line.
struct Moment {
    before: &'static str,
    words: String,
}

pub(super) fn wait_title(project: &Project, wait: &Wait) -> String {
    let goal = match wait.goals.len() {
        0 => None,
        1 => Some("Wait for the goal"),
        _ => Some("Wait for a goal"),
    };
    match (goal, moment(project, &wait.until)) {
        (None, None) if wait.until == Until::NotSet => "Timer not set".into(),
        (None, None) => "Wait for ever".into(),
        (None, Some(Moment { before: "after", words })) => format!("Wait {words}"),
        (None, Some(Moment { words, .. })) => format!("Wait until {words}"),
        (Some(goal), None) => goal.into(),
        (Some(goal), Some(Moment { before: "after", words })) => format!("{goal}, at most {words}"),
        (Some(goal), Some(Moment { words, .. })) => format!("{goal}, at most until {words}"),
    }
}

/// What stands on the path of least action.
pub(super) fn timeout_label(project: &Project, wait: &Wait) -> String {
    let label = match moment(project, &wait.until) {
        None if wait.until == Until::NotSet => "timer not set".into(),
        None => String::new(),
        Some(Moment { before: "", words }) => words,
        Some(Moment { before, words }) => format!("{before} {words}"),
    };
    match limit(&wait.until) {
        Some(limit) => format!("{label} or after {limit}"),
        None => label,
    }
}

/// How long a rule that has a limit of its own holds contacts at most.
fn limit(until: &Until) -> Option<Span> {
    match until {
        Until::TimeOfDay { limit, .. } | Until::Conditions { limit, .. } => *limit,
        Until::Goal
        | Until::TimePasses(_)
        | Until::DayOfWeek { .. }
        | Until::Date { .. }
        | Until::Relative { .. }
        | Until::Delay(_)
        | Until::DateTimer { .. }
        | Until::FieldTimer { .. }
        | Until::NotSet => None,
    }
}

/// When the rule lets contacts go on; `None`: it never does.
fn moment(project: &Project, until: &Until) -> Option<Moment> {
    let some = |before, words| Some(Moment { before, words });
    match until {
        Until::Goal | Until::NotSet => None,
        Until::TimePasses(span) => some("after", span.to_string()),
        Until::Delay(delay) => some("after", delay_in_words(delay)),
        Until::DayOfWeek { days, time } => some("on", at(days_in_words(*days), *time)),
        Until::Date { date, time } | Until::DateTimer { date, time } => {
            some("on", at(date_in_words(*date), *time))
        }
        Until::Relative { field, side, span, time } | Until::FieldTimer { field, side, span, time } => {
            let before = if span.count == 0 { "on" } else { "" };
            some(before, day_of_field(project, *field, *side, *span, *time))
        }
        Until::TimeOfDay { time, .. } => some("at", time_in_words(*time)),
        Until::Conditions { condition, .. } => some("when", short_until(project, condition)),
    }
}

fn at(day: String, time: Option<NaiveTime>) -> String {
    match time {
        Some(time) => format!("{day} {}", time_in_words(time)),
        None => day,
    }
}

/// `3 days before Renewal at 09:00`
fn day_of_field(
    project: &Project,
    field: Option<FieldId>,
    side: Side,
    span: Span,
    time: Option<NaiveTime>,
) -> String {
    let field = named::<Field>(project, field);
    let day = match (span.count, side) {
        (0, _) => field,
        (_, Side::Before) => format!("{span} before {field}"),
        (_, Side::After) => format!("{span} after {field}"),
    };
    match time {
        Some(time) => format!("{day} at {}", time_in_words(time)),
        None => day,
    }
}

/// `1 hour, then weekdays 09:00–17:00`
fn delay_in_words(delay: &Delay) -> String {
    let words = DelayUnit::ALL.into_iter().find(|(unit, ..)| *unit == delay.unit);
    let length = words.map_or_else(String::new, |(_, one, many)| counted(delay.count as usize, one, many));
    let days = (delay.days != Weekdays::ALL).then(|| days_in_words(delay.days));
    let time = match delay.time {
        DelayTime::Any => None,
        DelayTime::At(time) => Some(time_in_words(time)),
        DelayTime::Between(from, to) => Some(format!("{}–{}", time_in_words(from), time_in_words(to))),
    };
    let then: Vec<_> = days.into_iter().chain(time).collect();
    if then.is_empty() { length } else { format!("{length}, then {}", then.join(" ")) }
}

fn days_in_words(days: Weekdays) -> String {
    let listed: Vec<_> = days.iter().collect();
    match listed[..] {
        [only] => weekday_in_words(only).into(),
        _ => days.to_string(),
    }
}

pub(super) fn wait_details(project: &Project, wait: &Wait) -> String {
    let zone = match wait.zone {
        WaitZone::Account => "account's time zone",
        WaitZone::Contact => "contact's time zone",
    };
    let goal = match wait.goals.len() {
        0 => None,
        1 => Some("until the goal below is achieved"),
        _ => Some("until a goal below is achieved"),
    };
    let details = match &wait.until {
        Until::Goal => goal.unwrap_or("nothing lets contacts go on").into(),
        Until::NotSet => {
            goal.map_or_else(|| "holds for ever".into(), |goal| format!("timer not set · {goal}"))
        }
        Until::TimePasses(_) => "from arrival here".into(),
        Until::DayOfWeek { .. } | Until::Date { .. } | Until::Relative { field: Some(_), .. } => zone.into(),
        Until::Relative { field: None, .. } | Until::FieldTimer { field: None, .. } => {
            "no field chosen".into()
        }
        Until::TimeOfDay { .. } => zone.into(),
        Until::Conditions { condition, .. } if condition.leaves().is_empty() => "no condition yet".into(),
        Until::Conditions { condition, .. } if only_one(condition).is_some() => {
            "asked whenever the record changes".into()
        }
        Until::Conditions { condition, .. } => condition_with_subject(project, condition),
        Until::Delay(_) => format!("delay timer · {zone}"),
        Until::DateTimer { .. } => format!("date timer · {zone}"),
        Until::FieldTimer { field: Some(_), .. } => format!("field timer · {zone}"),
    };
    match limit(&wait.until) {
        Some(limit) => format!("at most {limit} · {details}"),
        None => details,
    }
}
