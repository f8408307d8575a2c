//! Waits (semantics §5).

use chrono::NaiveTime;

use super::{Step, Visit};
use crate::base::time::{Instant, Zone};
use crate::engine::log::Rest;
use crate::model::rules::PastDate;
use crate::model::{EngineRules, Until, Wait};

/// Rests until the rule says so; a rule that is met on arrival is passed at once. A goal wait does the same: its way out
/// at the left is the path of least action (W-08), and only an event leads to its goals (M-05).
#[inline]
pub fn arrive(wait: &Wait, visit: &Visit<'_>) -> Step {
    match due(&wait.until, visit.now, visit.zone(wait.zone), visit.rules) {
        None => Step::Rest(Rest::Goal),
        Some(due) if due <= visit.now => Step::Go(0),
        Some(due) => Step::Rest(Rest::Until(due)),
    }
}

/// When the rule lets a contact go on who arrives at this instant; not after it: at once. `None`: never.
pub fn due(until: &Until, arrival: Instant, zone: &Zone, rules: &EngineRules) -> Option<Instant> {
    match until {
        Until::Goal => None,
        Until::TimePasses(span) => Some(zone.add(arrival, *span)), // W-02, W-07
        Until::DayOfWeek { days, .. } if days.is_empty() => None, // no day chosen never comes; the checks report it
        Until::DayOfWeek { days, time } => Some(zone.day_of_week(arrival, *days, *time)), // W-03
        Until::Date { date, time } => {
            let due = zone.at(*date, time.unwrap_or(NaiveTime::MIN));
            let held = due < arrival && rules.past_specific_date == PastDate::Hold; // W-04
            (!held).then_some(due)
        }
    }
}
