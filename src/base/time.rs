//! Simulated time and the calendar: instants, spans as people write them, time zones compiled for speed, sets of
//! weekdays, birthdays, and reading dates from text. No wall clock: every instant comes from a document or a run.
//!
//! The one rule for wall clock readings (semantics W-02): the instant of a local time is the *first instant whose local
//! reading is at or after it*. So a reading that was skipped moves forward to the first that exists, and of a reading
//! that comes twice the first counts.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Timelike, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What a date or an instant may look like, for error messages.
const DATE_FORMS: &str = "2026-01-05, 2026-01-05 14:00, 2026-01-05T14:00:00Z or 20260105";

// ---------------------------------------------------------------------------------------------------------------------
// Instant

/// A point of simulated time: milliseconds since 1970-01-01T00:00Z.
///
/// As text (Display, FromStr, serde) RFC 3339 in UTC, `2026-01-05T14:00:00Z`, with milliseconds where they are not zero;
/// reading takes any offset. [`Instant::NEVER`] is `never`, and what lies outside the years 0000 to 9999 is written as
/// `@` and the milliseconds, so that every instant survives being saved.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(pub i64);

impl Instant {
    /// Before everything.
    pub const MIN: Self = Self(i64::MIN);
    /// After everything; the same as [`Instant::NEVER`].
    pub const MAX: Self = Self(i64::MAX);
    /// The due time of what has none: later than every other instant.
    pub const NEVER: Self = Self::MAX;

    /// The instant `millis` milliseconds later (earlier where negative). Stops at [`Instant::MIN`] and
    /// [`Instant::MAX`]; `NEVER` stays `NEVER` for every positive number.
    #[inline]
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to `self`, negative where `self` is the earlier one; stops at the ends of `i64`.
    #[inline]
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::NEVER {
            f.write_str("never")
        } else if has_four_digit_year(self.0) {
            write_reading(f, self.0)?;
            f.write_str("Z")
        } else {
            write!(f, "@{}", self.0)
        }
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Instant {
    type Err = TimeError;

    /// Reads what Display writes. Unlike [`parse_instant`] it knows no zone, so the text must carry its offset.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        if text == "never" {
            return Ok(Self::NEVER);
        }
        if let Some(millis) = text.strip_prefix('@').and_then(|digits| digits.parse().ok()) {
            return Ok(Self(millis));
        }
        let written = Written::read(text)?;
        match written.offset {
            Some(offset) => Ok(Self(written.reading() - offset)),
            None => Err(TimeError::NoOffset { text: text.to_owned() }),
        }
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Instant;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an instant such as \"2026-01-05T14:00:00Z\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Instant, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Span

/// The unit of a [`Span`]. Minutes and hours are elapsed time; days, weeks and months keep the wall clock (W-02).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
}

impl Unit {
    /// All units, shortest first.
    pub const ALL: [Self; 5] = [Self::Minutes, Self::Hours, Self::Days, Self::Weeks, Self::Months];

    /// The word after a count: `1 hour`, `2 hours`.
    #[must_use]
    pub const fn word(self, count: u32) -> &'static str {
        match (self, count) {
            (Self::Minutes, 1) => "minute",
            (Self::Minutes, _) => "minutes",
            (Self::Hours, 1) => "hour",
            (Self::Hours, _) => "hours",
            (Self::Days, 1) => "day",
            (Self::Days, _) => "days",
            (Self::Weeks, 1) => "week",
            (Self::Weeks, _) => "weeks",
            (Self::Months, 1) => "month",
            (Self::Months, _) => "months",
        }
    }
}

/// A duration as people write it, such as "2 days". How long it lasts depends on where it starts: see [`Zone::add`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Span {
    pub count: u32,
    pub unit: Unit,
}

impl Span {
    #[must_use]
    pub const fn new(count: u32, unit: Unit) -> Self {
        Self { count, unit }
    }

    /// Minutes and hours as milliseconds, below zero on the side before; `None`: days, weeks and months are counted on
    /// the calendar.
    #[must_use]
    pub fn elapsed_millis(self, side: Side) -> Option<i64> {
        match self.unit {
            Unit::Minutes => Some(signed_count(side, self) * MINUTE),
            Unit::Hours => Some(signed_count(side, self) * HOUR),
            Unit::Days | Unit::Weeks | Unit::Months => None,
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.count, self.unit.word(self.count))
    }
}

/// On which side of a date a wait or a date event lies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Before,
    After,
}

// ---------------------------------------------------------------------------------------------------------------------
// Weekdays

/// A set of days of the week. In files a list of lower-case names, Monday first: `["mon","fri"]`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Weekdays(u8);

impl Weekdays {
    /// No day.
    pub const NONE: Self = Self(0);
    /// Monday to Friday.
    pub const WEEKDAYS: Self = Self(0b001_1111);
    /// Saturday and Sunday.
    pub const WEEKEND: Self = Self(0b110_0000);
    /// All seven days.
    pub const ALL: Self = Self(0b111_1111);

    /// The days of a week with the names used in files and on screen, Monday first.
    const NAMES: [(Weekday, &'static str, &'static str); 7] = [
        (Weekday::Mon, "mon", "Mon"),
        (Weekday::Tue, "tue", "Tue"),
        (Weekday::Wed, "wed", "Wed"),
        (Weekday::Thu, "thu", "Thu"),
        (Weekday::Fri, "fri", "Fri"),
        (Weekday::Sat, "sat", "Sat"),
        (Weekday::Sun, "sun", "Sun"),
    ];

    const fn bit(day: Weekday) -> u8 {
        1 << day.num_days_from_monday()
    }

    /// The set with `day` in it.
    #[must_use]
    pub const fn with(self, day: Weekday) -> Self {
        Self(self.0 | Self::bit(day))
    }

    /// The set with `day` not in it.
    #[must_use]
    pub const fn without(self, day: Weekday) -> Self {
        Self(self.0 & !Self::bit(day))
    }

    #[must_use]
    pub const fn contains(self, day: Weekday) -> bool {
        self.0 & Self::bit(day) != 0
    }

    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The days in the set, Monday first.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Self::NAMES.into_iter().map(|(day, _, _)| day).filter(move |&day| self.contains(day))
    }

    /// Whether the set holds the weekday of a day number (days since 1970-01-01, which was a Thursday).
    const fn contains_day_number(self, day: i64) -> bool {
        self.0 >> (day + 3).rem_euclid(7) & 1 == 1
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        days.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NONE => f.write_str("no day"),
            Self::ALL => f.write_str("any day"),
            Self::WEEKDAYS => f.write_str("weekdays"),
            _ => {
                let mut separator = "";
                for (_, _, name) in Self::NAMES.into_iter().filter(|&(day, _, _)| self.contains(day)) {
                    write!(f, "{separator}{name}")?;
                    separator = ", ";
                }
                Ok(())
            }
        }
    }
}

impl fmt::Debug for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Weekdays({self})")
    }
}

impl Serialize for Weekdays {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let listed = Self::NAMES.into_iter().filter(|&(day, _, _)| self.contains(day));
        serializer.collect_seq(listed.map(|(_, name, _)| name))
    }
}

impl<'de> Deserialize<'de> for Weekdays {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut days = Self::NONE;
        for name in Vec::<String>::deserialize(deserializer)? {
            let known = Self::NAMES.into_iter().find(|&(_, known, _)| known == name);
            let Some((day, _, _)) = known else {
                let message =
                    format!("“{name}” is not a day of the week: use mon, tue, wed, thu, fri, sat or sun");
                return Err(de::Error::custom(message));
            };
            days = days.with(day);
        }
        Ok(days)
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Zone

/// The table of a zone covers 1970-01-01 up to 2150-01-01 (UTC, milliseconds); outside chrono-tz is asked each time.
const TABLE_START: i64 = 0;
const TABLE_END: i64 = days_from_civil(2150, 1, 1) * DAY;

/// No reading differs from UTC by this much, so further than this inside the table every question has its answer there.
const MARGIN: i64 = 2 * DAY;

/// One entry of the index into the table per 2^32 ms (49.7 days).
const BUCKET_BITS: u32 = 32;

/// chrono ends near the years ±262,000; beyond this many milliseconds its zone offsets are taken to stay as they are.
const CHRONO_LIMIT: i64 = 8_200_000_000_000_000;

/// A stretch of time with one offset. Milliseconds throughout.
#[derive(Clone, Copy, Debug)]
struct Segment {
    /// First instant.
    start: i64,
    /// First instant after it.
    end: i64,
    /// Local reading minus UTC.
    offset: i64,
    /// All segments before this one read less than this; readings from here on have not been seen before.
    fresh: i64,
    /// This segment and all before it read less than this: the largest `end + offset` so far.
    reach: i64,
}

/// A time zone compiled for speed: a table of its offset changes, and an index into it, so that calendar arithmetic
/// costs a few integer operations and chrono only appears where a caller wants its types.
///
/// Everything follows W-02: the instant of a local time is the first whose reading is at or after it.
#[derive(Clone)]
pub struct Zone {
    tz: Tz,
    /// UTC has no changes and no offset: nothing to look up.
    utc: bool,
    /// In order of time, without holes, from `TABLE_START` to `TABLE_END`; never empty.
    segments: Vec<Segment>,
    /// For each 2^32 ms from `TABLE_START` the segment its first instant lies in.
    buckets: Vec<u16>,
}

impl Zone {
    /// Compiles the table of `tz`. Costs some milliseconds: keep the zone, do not make it anew for each question.
    #[must_use]
    pub fn new(tz: Tz) -> Self {
        let segments = scan(tz, TABLE_START, TABLE_END);
        let mut buckets = Vec::new();
        let mut at = TABLE_START;
        while at < TABLE_END {
            let index = segments.partition_point(|segment| segment.end <= at);
            // A zone changes its offset at most some hundred times in these 180 years.
            buckets.push(u16::try_from(index).unwrap_or(u16::MAX));
            at += 1 << BUCKET_BITS;
        }
        let utc = is_utc(tz);
        Self { tz, utc, segments, buckets }
    }

    /// Coordinated Universal Time.
    #[must_use]
    pub fn utc() -> Self {
        Self::new(Tz::UTC)
    }

    /// The zone of an IANA name such as `America/New_York`.
    ///
    /// # Errors
    /// [`TimeError::UnknownZone`] where the name is not one of the IANA database.
    pub fn named(name: &str) -> Result<Self, TimeError> {
        name.parse().map(Self::new).map_err(|_| TimeError::UnknownZone { name: name.to_owned() })
    }

    #[must_use]
    pub const fn tz(&self) -> Tz {
        self.tz
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.tz.name()
    }

    /// What clocks in the zone show at `at`. Years beyond about ±260,000, which chrono cannot hold, read as those.
    #[must_use]
    pub fn to_local(&self, at: Instant) -> NaiveDateTime {
        naive_of_reading(self.reading_at(at))
    }

    /// The first instant at which clocks in the zone show `local` or later (W-02). Parts of a millisecond are dropped.
    #[must_use]
    pub fn from_local(&self, local: NaiveDateTime) -> Instant {
        self.instant_of(reading_of_naive(local))
    }

    /// The date in the zone at `at`.
    #[must_use]
    pub fn date_of(&self, at: Instant) -> NaiveDate {
        self.to_local(at).date()
    }

    /// The first instant of `date` at `time` in the zone (W-02).
    #[must_use]
    pub fn at(&self, date: NaiveDate, time: NaiveTime) -> Instant {
        self.from_local(date.and_time(time))
    }

    /// Seconds by which clocks in the zone are ahead of UTC at `at`; negative west of it.
    #[must_use]
    pub fn offset_at(&self, at: Instant) -> i32 {
        // An offset is less than a day.
        (self.offset_millis(at.0) / SECOND) as i32
    }

    /// The instant `span` after `from`. Minutes and hours are elapsed time; days, weeks and months keep the wall clock
    /// (W-02), months stop at the last day of a shorter month (W-07). Stops at the ends of time.
    #[inline]
    #[must_use]
    pub fn add(&self, from: Instant, span: Span) -> Instant {
        let count = i64::from(span.count);
        match span.unit {
            Unit::Minutes => from.plus_millis(count * MINUTE),
            Unit::Hours => from.plus_millis(count * HOUR),
            Unit::Days => self.add_days(from, count),
            Unit::Weeks => self.add_days(from, count * 7),
            Unit::Months => self.add_months(from, count),
        }
    }

    /// The instant of a day-of-week wait that starts at `from` (W-03): with a time of day, the first of the listed days
    /// at that time that is not before `from`, `from` itself included; without, `from` where its day is listed, else
    /// 00:00 of the next listed day. [`Instant::NEVER`] where no day is listed.
    #[must_use]
    pub fn day_of_week(&self, from: Instant, days: Weekdays, time: Option<NaiveTime>) -> Instant {
        if days.is_empty() {
            return Instant::NEVER;
        }
        let today = self.reading_at(from).div_euclid(DAY);
        // A week on is the same weekday again, for the case that only today is listed and its time has gone by.
        let mut listed = (today..=today.saturating_add(7)).filter(|&day| days.contains_day_number(day));
        let instant = |day: i64, time| self.instant_of(day.saturating_mul(DAY).saturating_add(time));
        let Some(time) = time.map(millis_of_time) else {
            return match listed.next() {
                Some(day) if day == today => from,
                // Never before `from`: where clocks go back over midnight the day may have begun already.
                Some(day) => instant(day, 0).max(from),
                None => Instant::NEVER,
            };
        };
        listed.map(|day| instant(day, time)).find(|&at| at >= from).unwrap_or(Instant::NEVER)
    }

    /// The instant `span` before or after a date (W-01, G-13). `date` is the field's value on the zone's wall clock, a
    /// date without a time being taken at the project's `date_event_time`; `time`, where given, replaces its time of
    /// day. Days, weeks and months then move the date; hours and minutes are elapsed time from there.
    #[must_use]
    pub fn relative(&self, date: NaiveDateTime, side: Side, span: Span, time: Option<NaiveTime>) -> Instant {
        let base = time.map_or(date, |time| date.date().and_time(time));
        match span.elapsed_millis(side) {
            Some(millis) => self.from_local(base).plus_millis(millis),
            None => self.from_local(shift(base, side, span)),
        }
    }

    /// RFC 3339 in the zone with its offset, `2026-01-10T09:00:00-05:00` (UTC: `Z`); milliseconds where they are not
    /// zero. What lies outside the years 0000 to 9999 is written as Display of [`Instant`] does.
    #[must_use]
    pub fn format_rfc3339(&self, at: Instant) -> String {
        // Offsets before about 1970 have seconds, which RFC 3339 cannot say; cut to minutes the text still names `at`.
        let minutes = self.offset_millis(at.0) / MINUTE;
        let reading = at.0.saturating_add(minutes * MINUTE);
        if self.utc || !has_four_digit_year(reading) {
            return at.to_string();
        }
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
        format!("{}{sign}{hours:02}:{rest:02}", Reading(reading))
    }

    #[inline]
    fn add_days(&self, from: Instant, days: i64) -> Instant {
        // u32 weeks are less than 2^35 days, less than 2^62 ms.
        let target = from.0.saturating_add(days * DAY);
        if self.utc {
            return Instant(target);
        }
        if let Some(segment) = self.segment_at(from.0) {
            // Same offset at both ends, and no clock showed that reading earlier.
            if target < segment.end && target + segment.offset >= segment.fresh {
                return Instant(target);
            }
        }
        if from == Instant::NEVER {
            return from;
        }
        self.instant_of(target.saturating_add(self.offset_millis(from.0)))
    }

    fn add_months(&self, from: Instant, months: i64) -> Instant {
        if from == Instant::NEVER {
            return from;
        }
        self.instant_of(plus_months(self.reading_at(from), months))
    }

    /// The wall clock as milliseconds since 1970-01-01T00:00 on that clock.
    #[inline]
    fn reading_at(&self, at: Instant) -> i64 {
        at.0.saturating_add(self.offset_millis(at.0))
    }

    #[inline]
    fn offset_millis(&self, at: i64) -> i64 {
        if self.utc {
            return 0;
        }
        self.segment_at(at).map_or_else(|| offset_from_chrono(self.tz, at), |segment| segment.offset)
    }

    /// The segment of the table that holds `at`, where the table covers it.
    #[inline]
    fn segment_at(&self, at: i64) -> Option<&Segment> {
        self.search(at, at, |segment| segment.end)
    }

    /// The first segment with `bound(segment) > value`, starting from the one that held the instant `from`.
    #[inline]
    fn search(&self, from: i64, value: i64, bound: impl Fn(&Segment) -> i64) -> Option<&Segment> {
        if from < TABLE_START {
            return None;
        }
        let bucket = usize::try_from((from - TABLE_START) >> BUCKET_BITS).ok()?;
        let first = usize::from(*self.buckets.get(bucket)?);
        self.segments.get(first..)?.iter().find(|&segment| bound(segment) > value)
    }

    /// The first instant whose reading is at or after `reading` (W-02).
    #[inline]
    fn instant_of(&self, reading: i64) -> Instant {
        if self.utc {
            return Instant(reading);
        }
        if (TABLE_START + MARGIN..TABLE_END - MARGIN).contains(&reading)
            && let Some(segment) = self.search(reading - MARGIN, reading, |segment| segment.reach)
        {
            return Instant(segment.instant_of(reading));
        }
        if !(-CHRONO_LIMIT..CHRONO_LIMIT).contains(&reading) {
            return Instant(reading.saturating_sub(offset_from_chrono(self.tz, reading)));
        }
        // Outside the table: make a small one around the reading.
        let near = scan(self.tz, reading - MARGIN, reading + MARGIN);
        let found = near.iter().find(|segment| segment.reach > reading);
        // The last segment reaches further than any offset, so one is always found.
        Instant(found.map_or(reading, |segment| segment.instant_of(reading)))
    }
}

impl Segment {
    /// The instant of `reading`, where this is the first segment that reaches beyond it: its own, or, where the clocks
    /// jumped over it, the first of the segment.
    #[inline]
    fn instant_of(&self, reading: i64) -> i64 {
        (reading - self.offset).max(self.start)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.tz == other.tz
    }
}

impl Eq for Zone {}

/// In files the IANA name.
impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::named(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// Whether the zone is UTC for all time, not only since 1970.
fn is_utc(tz: Tz) -> bool {
    matches!(
        tz,
        Tz::UTC | Tz::Etc__UTC | Tz::GMT | Tz::Etc__GMT | Tz::Zulu | Tz::Etc__Zulu | Tz::UCT | Tz::Etc__UCT
    )
}

/// Milliseconds by which the zone is ahead of UTC.
fn offset_from_chrono(tz: Tz, at: i64) -> i64 {
    let at = naive_of_reading(at);
    i64::from(tz.offset_from_utc_datetime(&at).fix().local_minus_utc()) * SECOND
}

/// The segments of `tz` from `start` to `end`: one look per day, and where two neighbours differ the change is found by
/// bisecting. No zone has changed its offset and changed it back within one day.
fn scan(tz: Tz, start: i64, end: i64) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    // What was before the start is not known, but it cannot have read more than this.
    let mut fresh = start + MARGIN;
    let mut close = |segment_start: i64, segment_end: i64, offset: i64| {
        let reach = fresh.max(segment_end + offset);
        segments.push(Segment { start: segment_start, end: segment_end, offset, fresh, reach });
        fresh = reach;
    };
    let (mut segment_start, mut offset) = (start, offset_from_chrono(tz, start));
    let mut seen = start;
    while seen < end {
        let next = (seen + DAY).min(end);
        let offset_next = offset_from_chrono(tz, next);
        if offset_next == offset {
            seen = next;
            continue;
        }
        let (mut before, mut after) = (seen, next);
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            if offset_from_chrono(tz, middle) == offset {
                before = middle;
            } else {
                after = middle;
            }
        }
        close(segment_start, after, offset);
        (segment_start, offset) = (after, offset_from_chrono(tz, after));
        seen = after;
    }
    if segment_start < end {
        close(segment_start, end, offset);
    }
    segments
}

// ---------------------------------------------------------------------------------------------------------------------
// Birthdays

/// When someone born on 29 February is greeted in a common year (G-13).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub enum Feb29 {
    #[default]
    #[serde(rename = "1_mar")]
    FirstOfMarch,
    #[serde(rename = "28_feb")]
    LastOfFebruary,
}

/// The day of `year` on which the birthday `date` falls (G-13). Only 29 February in a common year is another day.
#[must_use]
pub fn birthday_in_year(date: NaiveDate, year: i32, feb29: Feb29) -> NaiveDate {
    let year = year.clamp(NaiveDate::MIN.year(), NaiveDate::MAX.year());
    date.with_year(year).unwrap_or_else(|| {
        let (month, day) = match feb29 {
            Feb29::FirstOfMarch => (3, 1),
            Feb29::LastOfFebruary => (2, 28),
        };
        // Both days exist in every year; the year was brought into chrono's range.
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or(date)
    })
}

/// Whether the birthday `date` falls on `today` (G-13).
#[must_use]
pub fn is_birthday(date: NaiveDate, today: NaiveDate, feb29: Feb29) -> bool {
    birthday_in_year(date, today.year(), feb29) == today
}

// ---------------------------------------------------------------------------------------------------------------------
// Reading text

/// Why a text was not taken as a date, an instant or a zone.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum TimeError {
    /// None of the accepted forms.
    #[error("“{text}” is not a date; write it as {DATE_FORMS}")]
    Unreadable { text: String },
    /// The right form, but the calendar or the clock has no such value.
    #[error("“{text}” does not exist: {reason}")]
    Impossible { text: String, reason: String },
    /// An instant without a zone to read it in.
    #[error(
        "“{text}” does not say its time zone; write it as 2026-01-05T14:00:00Z or 2026-01-05T14:00:00-05:00"
    )]
    NoOffset { text: String },
    /// Not in the given format.
    #[error("“{text}” is not in the format “{format}”: {reason}")]
    NotInFormat { text: String, format: String, reason: String },
    /// Not a name of the IANA time zone database.
    #[error("“{name}” is not a time zone; use an IANA name such as America/New_York")]
    UnknownZone { name: String },
}

/// Reads an instant: RFC 3339; `YYYY-MM-DD` with or without a time (after a space or `T`, seconds and their fraction
/// optional) and `YYYYMMDD`, which are taken in `zone` (W-02), a date alone at 00:00; or `format`, a chrono format
/// string, in place of these. Blanks around the text do not matter.
///
/// # Errors
/// [`TimeError`] names the text and what would have been taken, and tells impossible dates as such.
pub fn parse_instant(text: &str, zone: &Zone, format: Option<&str>) -> Result<Instant, TimeError> {
    let text = text.trim();
    let Some(format) = format else {
        let written = Written::read(text)?;
        return Ok(match written.offset {
            Some(offset) => Instant(written.reading() - offset),
            None => zone.instant_of(written.reading()),
        });
    };
    if let Ok(with_offset) = DateTime::parse_from_str(text, format) {
        return Ok(Instant(with_offset.timestamp_millis()));
    }
    match NaiveDateTime::parse_from_str(text, format) {
        Ok(local) => Ok(zone.from_local(local)),
        Err(error) if error.kind() == chrono::format::ParseErrorKind::NotEnough => {
            Ok(zone.at(date_in_format(text, format)?, NaiveTime::MIN))
        }
        Err(error) => Err(format_error(text, format, error)),
    }
}

/// Reads a date in the forms of [`parse_instant`]; of a text with a time of day the date as written is taken.
///
/// # Errors
/// As [`parse_instant`].
pub fn parse_date(text: &str, format: Option<&str>) -> Result<NaiveDate, TimeError> {
    let text = text.trim();
    match format {
        Some(format) => date_in_format(text, format),
        None => Written::read(text).map(|written| written.date),
    }
}

fn date_in_format(text: &str, format: &str) -> Result<NaiveDate, TimeError> {
    NaiveDate::parse_from_str(text, format).map_err(|error| format_error(text, format, error))
}

fn format_error(text: &str, format: &str, error: chrono::ParseError) -> TimeError {
    use chrono::format::ParseErrorKind::{Impossible, OutOfRange};
    let text = text.to_owned();
    if matches!(error.kind(), Impossible | OutOfRange) {
        let reason = format!("read in the format “{format}” it is no date of the calendar");
        return TimeError::Impossible { text, reason };
    }
    TimeError::NotInFormat { text, format: format.to_owned(), reason: error.to_string() }
}

/// A date, a time of day and perhaps an offset, as written.
struct Written {
    date: NaiveDate,
    /// Milliseconds of the day; the leap second 23:59:60 makes it a whole day.
    time: i64,
    /// Milliseconds ahead of UTC.
    offset: Option<i64>,
}

impl Written {
    fn reading(&self) -> i64 {
        reading_of_naive(self.date.and_time(NaiveTime::MIN)) + self.time
    }

    fn read(text: &str) -> Result<Self, TimeError> {
        let unreadable = || TimeError::Unreadable { text: text.to_owned() };
        let impossible = |reason: String| TimeError::Impossible { text: text.to_owned(), reason };
        let mut rest = Cursor(text.as_bytes());

        let year = rest.number(4).ok_or_else(unreadable)?;
        let dashed = rest.take(b'-');
        let month = rest.number(2).ok_or_else(unreadable)?;
        if dashed && !rest.take(b'-') {
            return Err(unreadable());
        }
        let day = rest.number(2).ok_or_else(unreadable)?;

        let (mut time, mut offset, mut clock) = (0, None, (0, 0, 0));
        if dashed && rest.take_any(b"Tt ") {
            let hour = rest.number(2).ok_or_else(unreadable)?;
            if !rest.take(b':') {
                return Err(unreadable());
            }
            let minute = rest.number(2).ok_or_else(unreadable)?;
            let (mut second, mut millis) = (0, 0);
            if rest.take(b':') {
                second = rest.number(2).ok_or_else(unreadable)?;
                if rest.take(b'.') {
                    millis = rest.fraction_millis().ok_or_else(unreadable)?;
                }
            }
            clock = (hour, minute, second);
            time = hour * HOUR + minute * MINUTE + second * SECOND + millis;
            offset = rest.offset().map_err(|()| unreadable())?;
        }
        if !rest.0.is_empty() {
            return Err(unreadable());
        }

        let date = match (i32::try_from(year), u32::try_from(month), u32::try_from(day)) {
            (Ok(year), Ok(month), Ok(day)) => NaiveDate::from_ymd_opt(year, month, day),
            _ => None,
        };
        let Some(date) = date else {
            return Err(impossible(if !(1..=12).contains(&month) {
                format!("there is no month {month}")
            } else {
                format!("{year:04}-{month:02} has {} days", days_in_month(year, month))
            }));
        };
        let (hour, minute, second) = clock;
        if hour > 23 || minute > 59 || second > 60 {
            return Err(impossible(format!("there is no time of day {hour:02}:{minute:02}:{second:02}")));
        }
        if offset.is_some_and(|offset| offset.abs() >= DAY) {
            return Err(impossible("an offset is less than 24 hours".to_owned()));
        }
        Ok(Self { date, time, offset })
    }
}

/// What is left to read of a text.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn take(&mut self, byte: u8) -> bool {
        self.take_any(&[byte])
    }

    fn take_any(&mut self, bytes: &[u8]) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if bytes.contains(first) => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn digit(&mut self) -> Option<i64> {
        let (first, rest) = self.0.split_first()?;
        first.is_ascii_digit().then(|| {
            self.0 = rest;
            i64::from(first - b'0')
        })
    }

    /// A number of exactly so many digits.
    fn number(&mut self, digits: usize) -> Option<i64> {
        (0..digits).try_fold(0, |number, _| Some(number * 10 + self.digit()?))
    }

    /// At least one digit after the point; what is finer than a millisecond is dropped.
    fn fraction_millis(&mut self) -> Option<i64> {
        let mut millis = self.digit()? * 100;
        let mut scale = 10;
        while let Some(digit) = self.digit() {
            millis += digit * scale;
            scale /= 10;
        }
        Some(millis)
    }

    /// `Z`, `+05:30` or `-0500` as milliseconds; `None` at the end of the text.
    fn offset(&mut self) -> Result<Option<i64>, ()> {
        let sign = match self.0.first() {
            None => return Ok(None),
            Some(b'Z' | b'z') => 0,
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(_) => return Err(()),
        };
        self.take_any(b"Zz+-");
        if sign == 0 {
            return Ok(Some(0));
        }
        let hours = self.number(2).ok_or(())?;
        self.take(b':');
        let minutes = self.number(2).filter(|&minutes| minutes < 60).ok_or(())?;
        Ok(Some(sign * (hours * HOUR + minutes * MINUTE)))
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The calendar in integers. A *reading* is what a wall clock shows, as milliseconds since 1970-01-01T00:00 on that clock.

/// Days from 1970-01-01 to a date of the Gregorian calendar. Years begin in March here, so that the leap day comes last;
/// an era is the 400 years (146,097 days) after which the calendar repeats.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a day number: the inverse of [`days_from_civil`].
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// The same time of day so many months later, or on the last day of a month too short for it (W-07).
fn signed_count(side: Side, span: Span) -> i64 {
    match side {
        Side::Before => -i64::from(span.count),
        Side::After => i64::from(span.count),
    }
}

/// A wall-clock time moved by so much on the wall clock; months stop at the last day of a shorter month (W-07).
#[must_use]
pub fn shift(local: NaiveDateTime, side: Side, span: Span) -> NaiveDateTime {
    let (reading, count) = (reading_of_naive(local), signed_count(side, span));
    naive_of_reading(match span.unit {
        Unit::Minutes => reading.saturating_add(count * MINUTE),
        Unit::Hours => reading.saturating_add(count * HOUR),
        Unit::Days => reading.saturating_add(count * DAY),
        Unit::Weeks => reading.saturating_add(count * 7 * DAY),
        Unit::Months => plus_months(reading, count),
    })
}

fn plus_months(reading: i64, months: i64) -> i64 {
    let (year, month, day) = civil_from_days(reading.div_euclid(DAY));
    let month_number = year * 12 + (month - 1) + months;
    let (year, month) = (month_number.div_euclid(12), month_number.rem_euclid(12) + 1);
    let days = days_from_civil(year, month, day.min(days_in_month(year, month)));
    days.saturating_mul(DAY).saturating_add(reading.rem_euclid(DAY))
}

fn millis_of_time(time: NaiveTime) -> i64 {
    // A leap second in chrono has more than 1e9 ns, which makes it the start of the next minute.
    i64::from(time.num_seconds_from_midnight()) * SECOND + i64::from(time.nanosecond() / 1_000_000)
}

fn reading_of_naive(local: NaiveDateTime) -> i64 {
    local.and_utc().timestamp_millis()
}

fn naive_of_reading(reading: i64) -> NaiveDateTime {
    let within = reading.clamp(-CHRONO_LIMIT, CHRONO_LIMIT);
    // chrono holds every number of milliseconds within the limit.
    DateTime::from_timestamp_millis(within).unwrap_or_default().naive_utc()
}

fn has_four_digit_year(reading: i64) -> bool {
    (days_from_civil(0, 1, 1) * DAY..days_from_civil(10_000, 1, 1) * DAY).contains(&reading)
}

/// A reading as RFC 3339 without offset.
struct Reading(i64);

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_reading(f, self.0)
    }
}

fn write_reading(f: &mut fmt::Formatter<'_>, reading: i64) -> fmt::Result {
    let (year, month, day) = civil_from_days(reading.div_euclid(DAY));
    let time = reading.rem_euclid(DAY);
    let (hour, minute, second) = (time / HOUR, time / MINUTE % 60, time / SECOND % 60);
    write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
    match time % SECOND {
        0 => Ok(()),
        millis => write!(f, ".{millis:03}"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use chrono::{Days, Months, TimeDelta};
    use proptest::prelude::*;

    use super::*;

    static ZONES: LazyLock<Vec<Zone>> = LazyLock::new(|| {
        [
            Tz::UTC,
            Tz::America__New_York,
            Tz::Europe__London,
            Tz::Australia__Lord_Howe,
            Tz::Asia__Kathmandu,
            Tz::Pacific__Apia,
            Tz::America__Sao_Paulo,
            Tz::Africa__Casablanca,
            Tz::Pacific__Kiritimati,
        ]
        .map(Zone::new)
        .into()
    });

    fn zone(name: &str) -> &'static Zone {
        ZONES.iter().find(|zone| zone.name() == name).unwrap()
    }

    fn new_york() -> &'static Zone {
        zone("America/New_York")
    }

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn time(text: &str) -> Option<NaiveTime> {
        Some(text.parse().unwrap())
    }

    fn instant(text: &str) -> Instant {
        text.parse().unwrap()
    }

    /// W-02 as one would write it without a thought for speed.
    fn slow_from_local(tz: Tz, local: NaiveDateTime) -> Instant {
        if let Some(found) = tz.from_local_datetime(&local).earliest() {
            return Instant(found.timestamp_millis());
        }
        let mut minute = local.with_second(0).unwrap().with_nanosecond(0).unwrap();
        loop {
            minute += TimeDelta::minutes(1);
            if let Some(found) = tz.from_local_datetime(&minute).earliest() {
                return Instant(found.timestamp_millis());
            }
        }
    }

    fn slow_to_local(tz: Tz, at: Instant) -> NaiveDateTime {
        tz.from_utc_datetime(&DateTime::from_timestamp_millis(at.0).unwrap().naive_utc()).naive_local()
    }

    fn slow_add(tz: Tz, from: Instant, span: Span) -> Instant {
        let local = slow_to_local(tz, from);
        let moved = match span.unit {
            Unit::Minutes => return Instant(from.0 + i64::from(span.count) * 60_000),
            Unit::Hours => return Instant(from.0 + i64::from(span.count) * 3_600_000),
            Unit::Days => local + Days::new(span.count.into()),
            Unit::Weeks => local + Days::new(u64::from(span.count) * 7),
            Unit::Months => local + Months::new(span.count),
        };
        slow_from_local(tz, moved)
    }

    fn any_zone() -> impl Strategy<Value = &'static Zone> {
        (0..ZONES.len()).prop_map(|index| &ZONES[index])
    }

    /// Anything from 1900 to 2220, with a liking for the neighbourhood of the zone's changes and of the table's ends.
    fn zone_and_instant() -> impl Strategy<Value = (&'static Zone, Instant)> {
        let near = prop_oneof![-3 * DAY..3 * DAY, -2 * HOUR..2 * HOUR, -2..=2_i64];
        (any_zone(), any::<prop::sample::Index>(), near, -2_200_000_000_000..7_900_000_000_000_i64, 0..4)
            .prop_map(|(zone, index, near, anywhere, kind)| {
                let at = match kind {
                    0 => anywhere,
                    1 => [TABLE_START, TABLE_END][index.index(2)] + near,
                    _ => zone.segments[index.index(zone.segments.len())].end + near,
                };
                (zone, Instant(at))
            })
    }

    fn any_span() -> impl Strategy<Value = Span> {
        (prop_oneof![0..4_u32, 0..800_u32], prop::sample::select(&Unit::ALL[..]))
            .prop_map(|(count, unit)| Span { count, unit })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn local_times_agree_with_chrono_tz((zone, at) in zone_and_instant()) {
            prop_assert_eq!(zone.to_local(at), slow_to_local(zone.tz(), at));
        }

        #[test]
        fn instants_of_local_times_agree_with_chrono_tz((zone, at) in zone_and_instant()) {
            // The instant's UTC reading plus an offset of the neighbourhood hits skipped and repeated readings too.
            for neighbour in [at, Instant(at.0 - DAY), Instant(at.0 + DAY)] {
                let reading = naive_of_reading(at.0 + zone.offset_millis(neighbour.0));
                prop_assert_eq!(zone.from_local(reading), slow_from_local(zone.tz(), reading), "{}", reading);
            }
        }

        #[test]
        fn adding_agrees_with_chrono_tz((zone, at) in zone_and_instant(), span in any_span()) {
            prop_assert_eq!(zone.add(at, span), slow_add(zone.tz(), at, span), "{} + {}", at, span);
        }

        #[test]
        fn a_local_time_is_the_first_instant_that_reads_so_or_later((zone, at) in zone_and_instant()) {
            let found = zone.from_local(zone.to_local(at));
            prop_assert!(found <= at);
            prop_assert!(zone.to_local(found) >= zone.to_local(at));
            prop_assert!(zone.to_local(found.plus_millis(-1)) < zone.to_local(at));
        }

        #[test]
        fn day_of_week_is_the_first_that_fits((zone, at) in zone_and_instant(), days in 1..128_u8, hour in 0..24_u32) {
            let days = Weekdays(days);
            let time = NaiveTime::from_hms_opt(hour, 30, 0).unwrap();
            let mut day = zone.date_of(at);
            // Day by day, with chrono's weekdays.
            let expected = loop {
                let candidate = slow_from_local(zone.tz(), day.and_time(time));
                if days.contains(day.weekday()) && candidate >= at {
                    break candidate;
                }
                day = day + Days::new(1);
            };
            prop_assert_eq!(zone.day_of_week(at, days, Some(time)), expected);
        }

        #[test]
        fn instants_survive_being_written(at in prop_oneof![any::<i64>(), -99_999_999_999_999..999_999_999_999_999_i64]) {
            let at = Instant(at);
            prop_assert_eq!(at.to_string().parse::<Instant>(), Ok(at));
            for zone in ZONES.iter() {
                prop_assert_eq!(zone.format_rfc3339(at).parse::<Instant>(), Ok(at));
            }
        }

        #[test]
        fn the_calendar_agrees_with_chrono(day in -1_000_000..1_000_000_i64) {
            let date = naive_of_reading(day * DAY).date();
            let (year, month, of_month) = civil_from_days(day);
            prop_assert_eq!((year, month, of_month), (date.year().into(), date.month().into(), date.day().into()));
            prop_assert_eq!(days_from_civil(year, month, of_month), day);
            prop_assert_eq!(days_in_month(year, month), i64::from(date.num_days_in_month()));
            for weekday in Weekdays::ALL.iter() {
                prop_assert_eq!(Weekdays::NONE.with(weekday).contains_day_number(day), weekday == date.weekday());
            }
        }

        #[test]
        fn no_text_and_no_number_stops_the_program(text in ".{0,30}", at: i64, span in any_span(), count: u32) {
            let _ = text.parse::<Instant>();
            let _ = parse_date(&text, Some(&text));
            for zone in ZONES.iter() {
                let _ = parse_instant(&text, zone, None);
                let _ = zone.add(Instant(at), Span { count, ..span });
                let _ = zone.day_of_week(Instant(at), Weekdays::WEEKEND, None);
                let _ = zone.to_local(zone.from_local(zone.to_local(Instant(at))));
            }
        }
    }

    #[test]
    fn a_day_is_not_24_hours_when_clocks_change() {
        let from = new_york().from_local(local("2026-03-07T09:00:00"));
        let after = |span| new_york().to_local(new_york().add(from, span));
        assert_eq!(after(Span::new(24, Unit::Hours)), local("2026-03-08T10:00:00"));
        assert_eq!(after(Span::new(1, Unit::Days)), local("2026-03-08T09:00:00"));
        assert_eq!(after(Span::new(1, Unit::Weeks)), local("2026-03-14T09:00:00"));
        assert_eq!(after(Span::new(1_440, Unit::Minutes)), local("2026-03-08T10:00:00"));
    }

    #[test]
    fn skipped_times_move_forward_and_repeated_ones_are_the_first() {
        for (name, reading, expected) in [
            ("America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:00:00Z"), // 03:00 EDT
            ("America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z"), // still EDT
            ("Europe/London", "2026-03-29T01:00:00", "2026-03-29T01:00:00Z"),
            ("Europe/London", "2026-10-25T01:59:59.999", "2026-10-25T00:59:59.999Z"),
            ("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:30:00Z"), // half an hour
            ("America/Sao_Paulo", "2018-11-04T00:00:00", "2018-11-04T03:00:00Z"),   // no midnight that day
            ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00Z"), // no such day: 31st, 00:00
        ] {
            let zone = zone(name);
            let found = zone.from_local(local(reading));
            assert_eq!(zone.format_rfc3339(found).parse(), Ok(found));
            assert_eq!(found, instant(expected), "{name} {reading}");
        }
        let apia = zone("Pacific/Apia");
        let skipped = apia.add(apia.from_local(local("2011-12-29T09:00:00")), Span::new(1, Unit::Days));
        assert_eq!(apia.to_local(skipped), local("2011-12-31T00:00:00"));
    }

    #[test]
    fn months_stop_at_the_last_day() {
        for (from, count, to) in [
            ("2026-01-31T09:00:00", 1, "2026-02-28T09:00:00"),
            ("2028-01-31T09:00:00", 1, "2028-02-29T09:00:00"),
            ("2026-01-31T09:00:00", 2, "2026-03-31T09:00:00"),
            ("2026-08-31T23:59:59.999", 1, "2026-09-30T23:59:59.999"),
            ("2028-02-29T00:00:00", 12, "2029-02-28T00:00:00"),
            ("2028-02-29T00:00:00", 48, "2032-02-29T00:00:00"),
            ("2026-11-30T12:00:00", 3, "2027-02-28T12:00:00"),
            ("2026-02-08T02:30:00", 1, "2026-03-08T03:00:00"), // skipped in New York
        ] {
            let found = new_york().add(new_york().from_local(local(from)), Span::new(count, Unit::Months));
            assert_eq!(new_york().to_local(found), local(to), "{from} + {count}");
        }
    }

    #[test]
    fn leap_days_count_as_days() {
        let utc = Zone::utc();
        assert_eq!(
            utc.add(instant("2028-02-28T09:00:00Z"), Span::new(1, Unit::Days)),
            instant("2028-02-29T09:00:00Z")
        );
        assert_eq!(
            utc.add(instant("2026-02-28T09:00:00Z"), Span::new(1, Unit::Days)),
            instant("2026-03-01T09:00:00Z")
        );
        assert_eq!(
            utc.add(instant("2100-02-28T09:00:00Z"), Span::new(1, Unit::Days)),
            instant("2100-03-01T09:00:00Z")
        );
    }

    #[test]
    fn never_stays_never() {
        for zone in ZONES.iter() {
            for unit in Unit::ALL {
                assert_eq!(zone.add(Instant::NEVER, Span::new(u32::MAX, unit)), Instant::NEVER);
                assert_eq!(zone.add(Instant::NEVER, Span::new(1, unit)), Instant::NEVER, "{zone:?} {unit:?}");
            }
            assert_eq!(zone.format_rfc3339(Instant::NEVER), "never");
        }
        assert_eq!(Instant::MIN.plus_millis(-1), Instant::MIN);
        assert_eq!(Instant::MAX.millis_since(Instant::MIN), i64::MAX);
    }

    #[test]
    fn day_of_week_today() {
        let zone = new_york();
        let monday_friday = Weekdays::from_iter([Weekday::Mon, Weekday::Fri]);
        let from = |text| zone.from_local(local(text));
        let found = |start, days, time| zone.to_local(zone.day_of_week(from(start), days, time)).to_string();
        // 2026-01-05 is a Monday.
        assert_eq!(found("2026-01-05T08:00:00", monday_friday, time("09:00")), "2026-01-05 09:00:00");
        assert_eq!(
            found("2026-01-05T09:00:00", monday_friday, time("09:00")),
            "2026-01-05 09:00:00",
            "at once"
        );
        assert_eq!(found("2026-01-05T09:00:00.001", monday_friday, time("09:00")), "2026-01-09 09:00:00");
        assert_eq!(
            found("2026-01-05T10:00:00", monday_friday, None),
            "2026-01-05 10:00:00",
            "passes at once"
        );
        assert_eq!(found("2026-01-06T10:00:00", monday_friday, None), "2026-01-09 00:00:00");
        let mondays = Weekdays::NONE.with(Weekday::Mon);
        assert_eq!(found("2026-01-05T10:00:00", mondays, time("09:00")), "2026-01-12 09:00:00", "next week");
        let sundays = Weekdays::NONE.with(Weekday::Sun);
        assert_eq!(
            found("2026-03-07T10:00:00", sundays, time("02:30")),
            "2026-03-08 03:00:00",
            "skipped time"
        );
        assert_eq!(zone.day_of_week(from("2026-01-05T08:00:00"), Weekdays::NONE, None), Instant::NEVER);
    }

    #[test]
    fn day_of_week_when_clocks_go_back_over_midnight() {
        // 2010-11-07, a Sunday: at 00:01 clocks in Newfoundland went back to Saturday 23:01.
        let zone = Zone::new(Tz::America__St_Johns);
        let saturday_again = instant("2010-11-07T03:00:00Z");
        assert_eq!(zone.to_local(saturday_again), local("2010-11-06T23:30:00"));
        let sundays = Weekdays::NONE.with(Weekday::Sun);
        assert_eq!(zone.day_of_week(saturday_again, sundays, None), saturday_again);
        assert_eq!(
            zone.day_of_week(saturday_again.plus_millis(-2 * HOUR), sundays, None),
            instant("2010-11-07T02:30:00Z")
        );
    }

    #[test]
    fn relative_to_a_date() {
        let zone = new_york();
        let found = |date, side, count, unit, time| {
            zone.to_local(zone.relative(local(date), side, Span::new(count, unit), time)).to_string()
        };
        use Side::{After, Before};
        assert_eq!(found("2026-06-10T00:00:00", Before, 3, Unit::Days, time("09:00")), "2026-06-07 09:00:00");
        assert_eq!(found("2026-06-10T14:00:00", Before, 2, Unit::Hours, None), "2026-06-10 12:00:00");
        assert_eq!(found("2026-06-10T14:00:00", After, 1, Unit::Days, None), "2026-06-11 14:00:00");
        assert_eq!(found("2026-06-10T14:00:00", After, 0, Unit::Days, None), "2026-06-10 14:00:00");
        assert_eq!(found("2026-03-08T10:00:00", Before, 24, Unit::Hours, None), "2026-03-07 09:00:00");
        assert_eq!(found("2026-03-08T10:00:00", Before, 1, Unit::Days, None), "2026-03-07 10:00:00");
        assert_eq!(found("2026-03-31T10:00:00", Before, 1, Unit::Months, None), "2026-02-28 10:00:00");
        assert_eq!(found("2026-03-07T02:30:00", After, 1, Unit::Days, None), "2026-03-08 03:00:00");
        assert_eq!(found("2026-03-31T10:00:00", After, 2, Unit::Weeks, time("02:30")), "2026-04-14 02:30:00");
        assert_eq!(found("2026-03-31T10:00:00", Before, 10, Unit::Minutes, None), "2026-03-31 09:50:00");
    }

    #[test]
    fn birthdays() {
        let leap = date("1992-02-29");
        for (year, feb29, expected) in [
            (2028, Feb29::FirstOfMarch, "2028-02-29"),
            (2026, Feb29::FirstOfMarch, "2026-03-01"),
            (2026, Feb29::LastOfFebruary, "2026-02-28"),
            (2100, Feb29::FirstOfMarch, "2100-03-01"),
        ] {
            assert_eq!(birthday_in_year(leap, year, feb29), date(expected));
            assert!(is_birthday(leap, date(expected), feb29));
        }
        assert!(!is_birthday(leap, date("2028-03-01"), Feb29::FirstOfMarch));
        assert_eq!(birthday_in_year(date("1990-12-31"), 2026, Feb29::default()), date("2026-12-31"));
        let _ = birthday_in_year(leap, i32::MAX, Feb29::default());
        let _ = birthday_in_year(leap, i32::MIN, Feb29::default());
    }

    #[test]
    fn formats_with_the_offset() {
        let at = instant("2026-01-10T14:00:00Z");
        assert_eq!(new_york().format_rfc3339(at), "2026-01-10T09:00:00-05:00");
        assert_eq!(zone("Asia/Kathmandu").format_rfc3339(at.plus_millis(7)), "2026-01-10T19:45:00.007+05:45");
        assert_eq!(zone("Europe/London").format_rfc3339(at), "2026-01-10T14:00:00+00:00");
        assert_eq!(Zone::utc().format_rfc3339(at), "2026-01-10T14:00:00Z");
        assert_eq!(new_york().offset_at(at), -5 * 3_600);
        assert_eq!(new_york().date_of(instant("2026-01-10T04:59:59Z")), date("2026-01-09"));
        assert_eq!(new_york().at(date("2026-01-10"), time("09:00").unwrap()), at);
    }

    #[test]
    fn reads_the_accepted_forms() {
        let read = |text| parse_instant(text, new_york(), None).unwrap();
        for text in [
            "2026-01-10T14:00:00Z",
            "2026-01-10t14:00:00.000z",
            "2026-01-10 14:00Z",
            "2026-01-10T09:00:00-05:00",
            "2026-01-10T19:45:00+0545",
            "2026-01-10 09:00",
            "2026-01-10 09:00:00",
            " 2026-01-10T09:00:00.000 ",
        ] {
            assert_eq!(read(text), instant("2026-01-10T14:00:00Z"), "{text}");
        }
        assert_eq!(read("2026-01-10"), instant("2026-01-10T05:00:00Z"));
        assert_eq!(read("20260110"), instant("2026-01-10T05:00:00Z"));
        assert_eq!(read("2026-03-08 02:30"), instant("2026-03-08T07:00:00Z"), "skipped");
        assert_eq!(read("2026-01-10T14:00:00.1239Z"), instant("2026-01-10T14:00:00Z").plus_millis(123));
        assert_eq!(read("2016-12-31T23:59:60Z"), instant("2017-01-01T00:00:00Z"), "leap second");
        assert_eq!(parse_date("2026-01-10 23:59", None), Ok(date("2026-01-10")));
        assert_eq!(parse_date("20260110", None), Ok(date("2026-01-10")));
    }

    #[test]
    fn reads_a_given_format() {
        let read = |text, format| parse_instant(text, new_york(), Some(format));
        let expected = Ok(instant("2026-01-10T14:00:00Z"));
        assert_eq!(read("10.01.2026 09:00", "%d.%m.%Y %H:%M"), expected);
        assert_eq!(read("01/10/2026 09:00 AM", "%m/%d/%Y %I:%M %p"), expected);
        assert_eq!(read("10.01.2026 15:00 +0100", "%d.%m.%Y %H:%M %z"), expected);
        assert_eq!(read("10.01.2026", "%d.%m.%Y"), Ok(instant("2026-01-10T05:00:00Z")));
        assert_eq!(parse_date("10.01.2026", Some("%d.%m.%Y")), Ok(date("2026-01-10")));
        let impossible = read("30.02.2026", "%d.%m.%Y").unwrap_err();
        assert!(matches!(impossible, TimeError::Impossible { .. }), "{impossible}");
        let other = read("2026-01-10", "%d.%m.%Y").unwrap_err();
        assert!(matches!(other, TimeError::NotInFormat { .. }), "{other}");
        assert!(read("10.01.2026", "%Ö").is_err());
    }

    #[test]
    fn tells_what_is_wrong_with_a_date() {
        let error = |text: &str| parse_instant(text, new_york(), None).unwrap_err().to_string();
        assert_eq!(error("2026-02-30"), "“2026-02-30” does not exist: 2026-02 has 28 days");
        assert_eq!(error("20260431"), "“20260431” does not exist: 2026-04 has 30 days");
        assert_eq!(error("2026-13-01"), "“2026-13-01” does not exist: there is no month 13");
        assert_eq!(
            error("2026-01-01 24:00"),
            "“2026-01-01 24:00” does not exist: there is no time of day 24:00:00"
        );
        assert_eq!(
            error("soon"),
            "“soon” is not a date; write it as 2026-01-05, 2026-01-05 14:00, 2026-01-05T14:00:00Z or 20260105"
        );
        for text in [
            "",
            "2026",
            "2026-1-5",
            "202601",
            "2026-01",
            "2026-01-05T",
            "2026-01-05x",
            "05.01.2026",
            "2026-01-05 14",
        ] {
            assert!(error(text).contains("is not a date"), "{text}");
        }
        let no_offset = "2026-01-05T14:00:00".parse::<Instant>().unwrap_err();
        assert!(matches!(no_offset, TimeError::NoOffset { .. }));
        assert!(matches!(Zone::named("Mars/Base"), Err(TimeError::UnknownZone { .. })));
    }

    #[test]
    fn reads_well_in_files() {
        fn json(value: &impl Serialize) -> String {
            serde_json::to_string(value).unwrap()
        }
        assert_eq!(json(&instant("2026-01-05T09:00:00-05:00")), r#""2026-01-05T14:00:00Z""#);
        assert_eq!(json(&Span::new(2, Unit::Days)), r#"{"count":2,"unit":"days"}"#);
        assert_eq!(json(&Weekdays::from_iter([Weekday::Fri, Weekday::Mon])), r#"["mon","fri"]"#);
        assert_eq!(json(new_york()), r#""America/New_York""#);
        assert_eq!(json(&Feb29::default()), r#""1_mar""#);
        let days: Weekdays = serde_json::from_str(r#"["fri","mon"]"#).unwrap();
        assert_eq!(days, Weekdays::from_iter([Weekday::Mon, Weekday::Fri]));
        assert!(serde_json::from_str::<Weekdays>(r#"["Friday"]"#).is_err());
        assert_eq!(serde_json::from_str::<Instant>(r#""never""#).unwrap(), Instant::NEVER);
        assert_eq!(serde_json::from_str::<Zone>(r#""America/New_York""#).unwrap(), *new_york());
    }

    #[test]
    fn reads_well_on_screen() {
        assert_eq!(Span::new(2, Unit::Days).to_string(), "2 days");
        assert_eq!(Span::new(1, Unit::Hours).to_string(), "1 hour");
        assert_eq!(Weekdays::from_iter([Weekday::Mon, Weekday::Fri]).to_string(), "Mon, Fri");
        assert_eq!(Weekdays::WEEKDAYS.to_string(), "weekdays");
        assert_eq!(Weekdays::ALL.to_string(), "any day");
        assert_eq!(Weekdays::NONE.to_string(), "no day");
        assert_eq!(Weekdays::WEEKEND.to_string(), "Sat, Sun");
        assert_eq!(Weekdays::ALL.without(Weekday::Sun).iter().count(), 6);
        assert_eq!(instant("2026-01-05T14:00:00.050Z").to_string(), "2026-01-05T14:00:00.050Z");
    }

    #[test]
    fn unusual_zones_compile_to_a_whole_table() {
        for tz in [Tz::Africa__Monrovia, Tz::Antarctica__Troll, Tz::Asia__Pyongyang, Tz::Pacific__Kwajalein] {
            let zone = Zone::new(tz);
            assert_eq!(zone.segments.first().unwrap().start, TABLE_START);
            assert_eq!(zone.segments.last().unwrap().end, TABLE_END);
            assert!(
                zone.segments
                    .windows(2)
                    .all(|pair| pair[0].end == pair[1].start && pair[0].reach == pair[1].fresh)
            );
        }
    }

    #[test]
    fn zones_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Zone>();
    }
}
