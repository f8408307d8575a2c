//! Waits (semantics §5).

use chrono::NaiveTime;

use super::{Step, Visit};
use crate::engine::log::Rest;
use crate::model::rules::PastDate;
use crate::model::{Until, Wait};

/// Rests until the rule says so; a rule that is met on arrival is passed at once. A goal wait does the same: its way out
/// at the left is the path of least action (W-08), and only an event leads to its goals (M-05).
#[inline]
pub fn arrive(wait: &Wait, visit: &Visit<'_>) -> Step {
    let zone = visit.zone(wait.zone);
    let due = match &wait.until {
        Until::Goal => return Step::Rest(Rest::Goal),
        Until::TimePasses(span) => zone.add(visit.now, *span), // W-02, W-07
        Until::DayOfWeek { days, time } if !days.is_empty() => zone.day_of_week(visit.now, *days, *time), // W-03
        Until::DayOfWeek { .. } => return Step::Rest(Rest::Goal), // no day chosen never comes; the checks report it
        Until::Date { date, time } => {
            let due = zone.at(*date, time.unwrap_or(NaiveTime::MIN));
            if due < visit.now && visit.rules.past_specific_date == PastDate::Hold {
                return Step::Rest(Rest::Goal); // W-04
            }
            due
        }
    };
    if due <= visit.now { Step::Go(0) } else { Step::Rest(Rest::Until(due)) }
}
