//! Keap's delay timer (K-10): at least so long, then the next allowed weekday and time.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};

use crate::base::time::{Instant, Zone};
use crate::model::{Delay, DelayTime, DelayUnit};

const MINUTE: i64 = 60_000;

/// A week on, every weekday has come once; one more for days on which clocks skip the time.
const DAYS_TO_TRY: u64 = 9;

/// From when on the timer may end.
enum Bound {
    /// From this instant on.
    Instant(Instant),
    /// From the beginning of this date on: days, weeks and weekdays count dates.
    Date(NaiveDate),
}

/// When a timer that begins at this instant ends; `None`: never, as no weekday is allowed.
pub fn due(delay: &Delay, start: Instant, zone: &Zone) -> Option<Instant> {
    if delay.days.is_empty() {
        return None;
    }
    let count = i64::from(delay.count);
    let local = zone.to_local(start);
    let dates = |days: i64| local.date().checked_add_days(Days::new(days.unsigned_abs()));
    let bound = match delay.unit {
        DelayUnit::Minutes => Bound::Instant(start.plus_millis(count * MINUTE)),
        DelayUnit::Hours => Bound::Instant(start.plus_millis(count * 60 * MINUTE)),
        DelayUnit::Days => Bound::Date(dates(count)?),
        DelayUnit::Weeks => Bound::Date(dates(count * 7)?),
        DelayUnit::Weekdays => Bound::Date(weekdays_later(local.date(), delay.count)?),
    };
    let (from, date, time) = match bound {
        Bound::Instant(at) => (at, zone.date_of(at), zone.to_local(at).time()),
        Bound::Date(date) => (start, date, local.time()),
    };
    let allowed = (0..=DAYS_TO_TRY)
        .filter_map(|days| date.checked_add_days(Days::new(days)))
        .filter(|date| delay.days.contains(date.weekday()));
    // without a time of day an elapsed bound is met as it is
    if let (Bound::Instant(at), DelayTime::Any) = (&bound, delay.time)
        && delay.days.contains(date.weekday())
    {
        return Some(*at);
    }
    let open = |date: NaiveDate| match delay.time {
        // where clocks show the time of the start twice, it may be the second time
        DelayTime::Any => Some(zone.at(date, time).max(from)),
        DelayTime::At(time) => Some(zone.at(date, time)).filter(|at| *at >= from),
        DelayTime::Between(start, end) => first_in_window(zone, date, (start, end), from),
    };
    allowed.into_iter().find_map(open)
}

/// The first instant of a date, not before another, at which clocks show a time in the window: its start included, its
/// end not. A window that ends before it starts goes over midnight; one without a length is the whole day.
fn first_in_window(
    zone: &Zone,
    date: NaiveDate,
    (start, end): (NaiveTime, NaiveTime),
    from: Instant,
) -> Option<Instant> {
    let inside = |time: NaiveTime| match start.cmp(&end) {
        std::cmp::Ordering::Less => start <= time && time < end,
        std::cmp::Ordering::Equal => true,
        std::cmp::Ordering::Greater => time >= start || time < end,
    };
    let starts = [zone.at(date, NaiveTime::MIN), zone.at(date, start)];
    let fits = |at: &Instant| {
        let local = zone.to_local(*at);
        *at >= from && local.date() == date && inside(local.time())
    };
    starts.into_iter().chain([from]).filter(fits).min()
}

/// The date that lies so many weekdays, Monday to Friday, behind another.
fn weekdays_later(date: NaiveDate, count: u32) -> Option<NaiveDate> {
    let is_weekday = |date: NaiveDate| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let mut left = count % 5;
    let mut date = date.checked_add_days(Days::new(u64::from(count / 5) * 7))?;
    // whole weeks from a weekend count from the Friday before it
    while count >= 5 && left == 0 && !is_weekday(date) {
        date = date.pred_opt()?;
    }
    while left > 0 {
        date = date.succ_opt()?;
        left -= u32::from(is_weekday(date));
    }
    Some(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::{Weekdays, parse_instant};

    fn ends(delay: &Delay, start: &str) -> String {
        let zone = Zone::utc();
        let due = due(delay, parse_instant(start, &zone, None).unwrap(), &zone);
        due.map_or_else(|| "never".into(), |due| zone.to_local(due).format("%a %m-%d %H:%M").to_string())
    }

    fn delay(count: u32, unit: DelayUnit, days: Weekdays, time: DelayTime) -> Delay {
        Delay { count, unit, days, time }
    }

    fn hour(hour: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, 0, 0).unwrap()
    }

    #[test]
    fn weekdays_are_counted_one_by_one() {
        let mut date = NaiveDate::from_ymd_opt(2025, 9, 1).unwrap();
        for _ in 0..7 {
            let mut slow = date;
            for count in 0..40 {
                assert_eq!(weekdays_later(date, count), Some(slow), "{count} from {date}");
                slow = slow.succ_opt().unwrap();
                while matches!(slow.weekday(), Weekday::Sat | Weekday::Sun) {
                    slow = slow.succ_opt().unwrap();
                }
            }
            date = date.succ_opt().unwrap();
        }
    }

    #[test]
    fn an_elapsed_time_without_a_time_of_day_ends_when_it_is_over() {
        let hours = delay(30, DelayUnit::Hours, Weekdays::ALL, DelayTime::Any);
        assert_eq!(ends(&hours, "2025-09-01 09:10"), "Tue 09-02 15:10");
        let working = delay(30, DelayUnit::Hours, Weekdays::WEEKDAYS, DelayTime::Any);
        assert_eq!(ends(&working, "2025-09-05 09:10"), "Mon 09-08 15:10");
        let never = delay(1, DelayUnit::Hours, Weekdays::NONE, DelayTime::Any);
        assert_eq!(ends(&never, "2025-09-05 09:10"), "never");
    }

    #[test]
    fn a_window_opens_at_its_start_and_may_go_over_midnight() {
        let day = delay(1, DelayUnit::Days, Weekdays::ALL, DelayTime::Between(hour(9), hour(17)));
        assert_eq!(ends(&day, "2025-09-01 23:50"), "Tue 09-02 09:00");
        let night = delay(1, DelayUnit::Hours, Weekdays::ALL, DelayTime::Between(hour(22), hour(6)));
        assert_eq!(ends(&night, "2025-09-01 23:50"), "Tue 09-02 00:50");
        assert_eq!(ends(&night, "2025-09-01 12:00"), "Mon 09-01 22:00");
        let at = delay(0, DelayUnit::Days, Weekdays::ALL, DelayTime::At(hour(8)));
        assert_eq!(ends(&at, "2025-09-01 10:00"), "Tue 09-02 08:00");
        assert_eq!(ends(&at, "2025-09-01 08:00"), "Mon 09-01 08:00");
    }
}
