//! Conditions (semantics §6): each part is asked anew, whatever the others say.

use std::cmp::Ordering;

use chrono::{Datelike, Days, Months, NaiveDate, Timelike};
use gateline::base::id::{FieldId, MapId};
use gateline::base::time::{Feb29, Side, Span, Unit};
use gateline::model::rules::TextMatch;
use gateline::model::{Bound, Comparison, Condition, FieldOperator, Moment, Timing, Value};
use rust_decimal::Decimal;

use super::life::Life;

impl Life<'_> {
    /// Whether the condition holds; text is compared as the map that asks has it.
    pub fn holds(&self, condition: &Condition, map: MapId) -> bool {
        match condition {
            Condition::All(parts) => parts.iter().all(|part| self.holds(part, map)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds(part, map)),
            Condition::None(parts) => !parts.iter().any(|part| self.holds(part, map)),
            part => self.part_holds(part, self.maps[&map].rules.text_match),
        }
    }

    /// Which of its parts that are no groups hold, from the left (C-02).
    pub fn seen(&self, condition: &Condition, map: MapId) -> Vec<bool> {
        condition.leaves().into_iter().map(|leaf| self.holds(leaf, map)).collect()
    }

    fn part_holds(&self, part: &Condition, text_match: TextMatch) -> bool {
        if part.is_incomplete() {
            return false;
        }
        let record = &self.record;
        let zone = &self.account.zone;
        let counts =
            |comparison: &Comparison, found: u32, count: &u32| compares(*comparison, found.cmp(count));
        match part {
            Condition::All(_) | Condition::Any(_) | Condition::None(_) => {
                unreachable!("groups are taken apart before")
            }
            Condition::SubscribedToMap { map, is, date } => {
                let came_on = map.and_then(|map| self.on_since(map));
                let Some((came_on, date)) = came_on.zip(*date) else { return false };
                happens(*is, zone.date_of(came_on).cmp(&date))
            }
            Condition::OnMapFor { map, bound, span } => {
                let came_on = map.and_then(|map| self.on_since(map));
                came_on.is_some_and(|came_on| self.lasts(came_on, *bound, *span))
            }
            Condition::MapState { map, paused } => {
                map.is_some_and(|map| self.is_on(map) && self.is_paused(map) == *paused)
            }
            Condition::Field { field, is, value } => {
                let found = field.and_then(|field| record.fields.get(&field));
                let by_order = matches!(
                    is,
                    FieldOperator::Equals
                        | FieldOperator::NotEquals
                        | FieldOperator::Greater
                        | FieldOperator::Less
                        | FieldOperator::AtLeast
                        | FieldOperator::AtMost
                );
                match (found, value) {
                    (Some(found), Some(Value::Date(wanted))) if by_order => {
                        let found = self.as_date(*field, found, *wanted);
                        field_is(Some(&found), *is, value.as_ref(), text_match)
                    }
                    _ => field_is(found, *is, value.as_ref(), text_match),
                }
            }
            Condition::FieldRelative { field, is, side, span } => {
                let found = field.and_then(|field| record.fields.get(&field));
                let wanted = self.day_from_today(*side, *span);
                let day = match (found, wanted) {
                    (Some(found), Some(wanted)) => Some(self.as_date(*field, found, wanted)),
                    (found, _) => found.cloned(),
                };
                let wanted = wanted.map(Value::Date);
                let of_text = matches!(
                    is,
                    FieldOperator::Contains
                        | FieldOperator::DoesNotContain
                        | FieldOperator::StartsWith
                        | FieldOperator::EndsWith
                );
                match &day {
                    Some(Value::Date(_)) if of_text => false,
                    Some(Value::Date(_)) | None => field_is(day.as_ref(), *is, wanted.as_ref(), text_match),
                    Some(_) => *is == FieldOperator::IsNotEmpty,
                }
            }
            Condition::NowIs { is, moment } => {
                let now = zone.to_local(self.now);
                let ordering = match moment {
                    Moment::Weekday(day) => {
                        now.weekday().num_days_from_monday().cmp(&day.num_days_from_monday())
                    }
                    Moment::Date(date) => now.date().cmp(date),
                    Moment::Time(time) => (now.hour(), now.minute()).cmp(&(time.hour(), time.minute())),
                };
                happens(*is, ordering)
            }
            Condition::HasTag(tag) => tag.is_some_and(|tag| record.tags.contains(&tag)),
            Condition::HasNotTag(tag) => tag.is_some_and(|tag| !record.tags.contains(&tag)),
            Condition::OnList(list) => list.is_some_and(|list| record.is_on(list)),
            Condition::NotOnList(list) => list.is_some_and(|list| !record.is_on(list)),
            Condition::Related { relationship, record: name, exists } => {
                let fits = |(kind, with): &(_, std::sync::Arc<str>)| {
                    let is_it = fold(with, text_match) == fold(name, text_match);
                    Some(*kind) == *relationship && (name.is_empty() || is_it)
                };
                record.relationships.iter().any(fits) == *exists
            }
            Condition::Opened { email, comparison, count } => {
                let opened = email.and_then(|email| record.opened.get(&email).copied());
                counts(comparison, opened.unwrap_or(0), count)
            }
            Condition::Clicked { email, link, comparison, count } => {
                let fits = |(of, number): &(_, u8)| Some(*of) == *email && (*link == 0 || number == link);
                let clicked = record.clicked.iter().filter(|(of, _)| fits(of)).map(|(_, times)| times).sum();
                counts(comparison, clicked, count)
            }
            Condition::SmsHasAddress => record.last_sms.as_deref().is_some_and(has_address),
            Condition::SmsHasNoAddress => !record.last_sms.as_deref().is_some_and(has_address),
            Condition::SmsContains(text) => contains(record.last_sms.as_deref(), text, text_match),
            Condition::SmsDoesNotContain(text) => !contains(record.last_sms.as_deref(), text, text_match),
            Condition::Spent { products, comparison, amount } => {
                compares(*comparison, record.spent(products).cmp(amount))
            }
            Condition::Ordered { products, comparison, count } => {
                compares(*comparison, record.ordered(products).cmp(&Decimal::from(*count)))
            }
            Condition::Subscribed { products, subscribed } => {
                record.subscriptions(products).is_empty() != *subscribed
            }
            Condition::SubscribedFor { products, bound, span } => {
                record.subscriptions(products).into_iter().any(|since| self.lasts(since, *bound, *span))
            }
            Condition::VisitedSite { site, comparison, count } => {
                let visits = site.and_then(|site| record.sites.get(&site).copied());
                counts(comparison, visits.unwrap_or(0), count)
            }
            Condition::VisitedPage { page, comparison, count } => {
                let visits = page.and_then(|page| record.pages.get(&page).copied());
                counts(comparison, visits.unwrap_or(0), count)
            }
            Condition::MembershipIs { site, status } => {
                site.and_then(|site| record.memberships.get(&site)) == Some(status)
            }
            Condition::HasLevel(level) => level.is_some_and(|level| record.levels.contains(&level)),
            Condition::HasNotLevel(level) => level.is_some_and(|level| !record.levels.contains(&level)),
        }
    }

    /// What a field holds where it is compared with a date: a birthday comes every year (G-13), and of a date and time
    /// only its date counts.
    fn as_date(&self, field: Option<FieldId>, found: &Value, wanted: NaiveDate) -> Value {
        match found {
            Value::Date(born) if self.is_birthday(field) => {
                let (year, leap_day) = (wanted.year(), (born.month(), born.day()) == (2, 29));
                let moved = match self.account.project.settings.birthday_29_feb {
                    Feb29::FirstOfMarch => (3, 1),
                    Feb29::LastOfFebruary => (2, 28),
                };
                let is_common = NaiveDate::from_ymd_opt(year, 2, 29).is_none();
                let (month, day) = if leap_day && is_common { moved } else { (born.month(), born.day()) };
                Value::Date(NaiveDate::from_ymd_opt(year, month, day).unwrap())
            }
            Value::DateTime(at) => Value::Date(self.account.zone.date_of(*at)),
            other => other.clone(),
        }
    }

    /// Whether what began then has lasted at least, or at most, so long.
    fn lasts(&self, since: gateline::base::time::Instant, bound: Bound, span: Span) -> bool {
        let reached = self.account.zone.add(since, span);
        match bound {
            Bound::AtLeast => reached <= self.now,
            Bound::AtMost => reached >= self.now,
        }
    }

    /// The day so far from today, in the account's zone; minutes and hours count from now.
    fn day_from_today(&self, side: Side, span: Span) -> Option<NaiveDate> {
        let zone = &self.account.zone;
        let sign = if side == Side::Before { -1 } else { 1 };
        let minutes = match span.unit {
            Unit::Minutes => i64::from(span.count),
            Unit::Hours => i64::from(span.count) * 60,
            _ => return date_from(zone.date_of(self.now), side, span),
        };
        Some(zone.date_of(self.now.plus_millis(sign * minutes * 60_000)))
    }
}

/// A date so many days, weeks or months from another; `None` for minutes and hours.
pub fn date_from(date: NaiveDate, side: Side, span: Span) -> Option<NaiveDate> {
    let days = |days: u64| match side {
        Side::Before => date.checked_sub_days(Days::new(days)),
        Side::After => date.checked_add_days(Days::new(days)),
    };
    match (span.unit, side) {
        (Unit::Minutes | Unit::Hours, _) => None,
        (Unit::Days, _) => days(span.count.into()),
        (Unit::Weeks, _) => days(u64::from(span.count) * 7),
        (Unit::Months, Side::Before) => date.checked_sub_months(Months::new(span.count)),
        (Unit::Months, Side::After) => date.checked_add_months(Months::new(span.count)),
    }
}

fn compares(comparison: Comparison, found: Ordering) -> bool {
    match comparison {
        Comparison::Exactly => found == Ordering::Equal,
        Comparison::AtLeast => found != Ordering::Less,
        Comparison::AtMost => found != Ordering::Greater,
    }
}

fn happens(timing: Timing, found: Ordering) -> bool {
    found
        == match timing {
            Timing::Before => Ordering::Less,
            Timing::On => Ordering::Equal,
            Timing::After => Ordering::Greater,
        }
}

/// What is empty is not equal to and does not contain anything; what cannot be compared is not equal and nothing else.
fn field_is(found: Option<&Value>, is: FieldOperator, value: Option<&Value>, text_match: TextMatch) -> bool {
    let fold = |text: &str| fold(text, text_match);
    let Some(found) = found else {
        return matches!(
            is,
            FieldOperator::IsEmpty | FieldOperator::NotEquals | FieldOperator::DoesNotContain
        );
    };
    let ordering = match (found, value) {
        (Value::Text(found), Some(Value::Text(value))) => Some(fold(found).cmp(&fold(value))),
        (found, Some(value)) => found.compare(value),
        (_, None) => None,
    };
    // text operators read what is not text as it is written
    let text = |holds: fn(&str, &str) -> bool| {
        value.is_some_and(|value| holds(&fold(&found.to_string()), &fold(&value.to_string())))
    };
    match is {
        FieldOperator::Equals => ordering == Some(Ordering::Equal),
        FieldOperator::NotEquals => ordering != Some(Ordering::Equal),
        FieldOperator::Greater => ordering == Some(Ordering::Greater),
        FieldOperator::Less => ordering == Some(Ordering::Less),
        FieldOperator::AtLeast => ordering.is_some_and(|ordering| ordering != Ordering::Less),
        FieldOperator::AtMost => ordering.is_some_and(|ordering| ordering != Ordering::Greater),
        FieldOperator::Contains => text(|found, value| found.contains(value)),
        FieldOperator::DoesNotContain => text(|found, value| !found.contains(value)),
        FieldOperator::StartsWith => text(|found, value| found.starts_with(value)),
        FieldOperator::EndsWith => text(|found, value| found.ends_with(value)),
        FieldOperator::IsEmpty => false,
        FieldOperator::IsNotEmpty => true,
    }
}

/// Whether a word of the text looks like `x@y.z`.
fn has_address(text: &str) -> bool {
    let is_address = |word: &str| {
        word.char_indices().filter(|(_, letter)| *letter == '@').any(|(at, _)| {
            let host = &word[at + 1..];
            at > 0 && host.char_indices().any(|(dot, c)| c == '.' && dot > 0 && dot + 1 < host.len())
        })
    };
    text.split_whitespace().any(is_address)
}

/// Whether the text holds the other, upper and lower case alike.
fn contains(text: Option<&str>, part: &str, text_match: TextMatch) -> bool {
    text.is_some_and(|text| fold(text, text_match).contains(&fold(part, text_match)))
}

fn fold(text: &str, text_match: TextMatch) -> String {
    match text_match {
        TextMatch::IgnoreCase => text.to_lowercase(),
        TextMatch::Exact => text.to_owned(),
    }
}
