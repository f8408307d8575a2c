//! Asking conditions of a record (semantics §6).

use std::cmp::Ordering;

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use rust_decimal::Decimal;

use super::log::Seen;
use super::plan::Plan;
use super::record::Record;
use crate::base::id::{FieldId, MapId};
use crate::base::time::{Instant, Side, Span, Zone, birthday_in_year, shift};
use crate::model::rules::TextMatch;
use crate::model::{Bound, Comparison, Condition, Event, FieldKind, FieldOperator, Moment, Timing, Value};

/// How a contact that is on a map stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnMap {
    /// Since when it holds a position there.
    pub since: Instant,
    /// Since when it is paused there.
    pub paused: Option<Instant>,
}

/// What conditions may read.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The maps and the account.
    pub plan: &'a Plan,
    /// The contact's record.
    pub record: &'a Record,
    /// The contact's events, which its record refers to.
    pub events: &'a [Event],
    /// How the contact stands on each map of the plan; `None`: it is not on it.
    pub maps: &'a [Option<OnMap>],
    /// Now.
    pub now: Instant,
    /// How text is compared.
    pub text: TextMatch,
}

impl View<'_> {
    fn on_map(&self, map: MapId) -> Option<OnMap> {
        self.plan.find_map(map).and_then(|ix| self.maps.get(ix as usize).copied().flatten())
    }

    fn zone(&self) -> &Zone {
        &self.plan.zone
    }
}

/// Whether the condition holds. What is not chosen yet holds for nobody; the checks report it.
pub fn holds(condition: &Condition, view: &View<'_>) -> bool {
    let View { record, events, .. } = view;
    let count = |comparison: Comparison, found: u32, wanted: u32| comparison.holds(found, wanted);
    match condition {
        Condition::All(parts) => parts.iter().all(|part| holds(part, view)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, view)),
        Condition::None(parts) => !parts.iter().any(|part| holds(part, view)),
        Condition::SubscribedToMap { map, is, date } => match (map.and_then(|map| view.on_map(map)), date) {
            (Some(on), Some(date)) => timing(*is, view.zone().date_of(on.since).cmp(date)),
            _ => false,
        },
        Condition::OnMapFor { map, bound, span } => {
            map.and_then(|map| view.on_map(map)).is_some_and(|on| lasted(on.since, *bound, *span, view))
        }
        Condition::MapState { map, paused } => {
            map.and_then(|map| view.on_map(map)).is_some_and(|on| on.paused.is_some() == *paused)
        }
        Condition::Field { field, is, value } => {
            field.is_some_and(|field| field_holds(field, *is, value.as_ref(), view))
        }
        Condition::FieldRelative { field, is, side, span } => {
            field.is_some_and(|field| relative_holds(field, *is, (*side, *span), view))
        }
        Condition::NowIs { is, moment } => timing(*is, compare_now(*moment, view)),
        Condition::HasTag(tag) => tag.is_some_and(|tag| record.has_tag(tag)),
        Condition::HasNotTag(tag) => tag.is_some_and(|tag| !record.has_tag(tag)),
        Condition::OnList(list) => list.is_some_and(|list| record.is_on_list(list)),
        Condition::NotOnList(list) => list.is_some_and(|list| !record.is_on_list(list)),
        Condition::Related { relationship, record: name, exists } => relationship.is_some_and(|kind| {
            let is_it = |other: &str| compared(view.text, other, name, |other, name| other == name);
            record.related(kind).any(|other| name.is_empty() || is_it(other)) == *exists
        }),
        Condition::Opened { email, comparison, count: wanted } => {
            email.is_some_and(|email| count(*comparison, record.opened(email), *wanted))
        }
        Condition::Clicked { email, link, comparison, count: wanted } => {
            email.is_some_and(|email| count(*comparison, record.clicked(email, *link), *wanted))
        }
        Condition::SmsHasAddress => record.last_sms().is_some_and(has_address),
        Condition::SmsHasNoAddress => !record.last_sms().is_some_and(has_address),
        Condition::SmsContains(text) => !text.is_empty() && sms_contains(view, text),
        Condition::SmsDoesNotContain(text) => !text.is_empty() && !sms_contains(view, text),
        Condition::Spent { products, comparison, amount } => {
            !products.is_empty() && comparison.holds(record.spent(products, events), *amount)
        }
        Condition::Ordered { products, comparison, count } => {
            !products.is_empty() && comparison.holds(record.ordered(products, events), Decimal::from(*count))
        }
        Condition::Subscribed { products, subscribed } => {
            let is = record.placed(events).any(|(state, order)| state.is_subscribed(order, products));
            !products.is_empty() && is == *subscribed
        }
        Condition::SubscribedFor { products, bound, span } => {
            !products.is_empty()
                && record
                    .placed(events)
                    .filter(|(state, order)| state.is_subscribed(order, products))
                    .filter_map(|(state, _)| state.bought)
                    .any(|since| lasted(since, *bound, *span, view))
        }
        Condition::VisitedSite { site, comparison, count: wanted } => {
            site.is_some_and(|site| count(*comparison, record.site_visits(site), *wanted))
        }
        Condition::VisitedPage { page, comparison, count: wanted } => {
            page.is_some_and(|page| count(*comparison, record.page_visits(page), *wanted))
        }
        Condition::MembershipIs { site, status } => {
            site.is_some_and(|site| record.membership(site) == Some(*status))
        }
        Condition::HasLevel(level) => level.is_some_and(|level| record.has_level(level)),
        Condition::HasNotLevel(level) => level.is_some_and(|level| !record.has_level(level)),
    }
}

/// What each leaf saw and whether it held (C-02).
pub fn seen(condition: &Condition, view: &View<'_>) -> Vec<Seen> {
    let leaves = condition.leaves().into_iter().zip(0..);
    leaves
        .map(|(leaf, place)| Seen { leaf: place, found: found(leaf, view), held: holds(leaf, view) })
        .collect()
}

/// What a leaf finds, in words.
fn found(leaf: &Condition, view: &View<'_>) -> String {
    let View { record, events, now, .. } = view;
    let zone = view.zone();
    let has = |has: bool| if has { "has it" } else { "has it not" }.to_owned();
    let times = |count: u32| if count == 1 { "once".to_owned() } else { format!("{count} times") };
    let local = |at: Instant| zone.to_local(at).format("%Y-%m-%d %H:%M").to_string();
    match leaf {
        Condition::All(_) | Condition::Any(_) | Condition::None(_) => String::new(),
        Condition::SubscribedToMap { map, .. } | Condition::OnMapFor { map, .. } => {
            match map.and_then(|map| view.on_map(map)) {
                Some(on) => format!("on it since {}", local(on.since)),
                None => "not on it".into(),
            }
        }
        Condition::MapState { map, .. } => match map.and_then(|map| view.on_map(map)) {
            Some(OnMap { paused: Some(since), .. }) => format!("paused since {}", local(since)),
            Some(_) => "active".into(),
            None => "not on it".into(),
        },
        Condition::Field { field, .. } | Condition::FieldRelative { field, .. } => {
            let value = field.and_then(|field| record.field(field));
            value.map_or_else(|| "empty".into(), ToString::to_string)
        }
        Condition::NowIs { .. } => zone.to_local(*now).format("%a %Y-%m-%d %H:%M").to_string(),
        Condition::HasTag(tag) | Condition::HasNotTag(tag) => has(tag.is_some_and(|tag| record.has_tag(tag))),
        Condition::OnList(list) | Condition::NotOnList(list) => {
            if list.is_some_and(|list| record.is_on_list(list)) { "on it" } else { "not on it" }.into()
        }
        Condition::Related { relationship, .. } => {
            let names: Vec<_> =
                relationship.iter().flat_map(|kind| record.related(*kind)).map(|n| &**n).collect();
            if names.is_empty() { "none".into() } else { names.join(", ") }
        }
        Condition::Opened { email, .. } => times(email.map_or(0, |email| record.opened(email))),
        Condition::Clicked { email, link, .. } => {
            times(email.map_or(0, |email| record.clicked(email, *link)))
        }
        Condition::SmsHasAddress
        | Condition::SmsHasNoAddress
        | Condition::SmsContains(_)
        | Condition::SmsDoesNotContain(_) => record.last_sms().unwrap_or("no SMS yet").to_owned(),
        Condition::Spent { products, .. } => record.spent(products, events).to_string(),
        Condition::Ordered { products, .. } => record.ordered(products, events).normalize().to_string(),
        Condition::Subscribed { products, .. } | Condition::SubscribedFor { products, .. } => {
            let running = record.placed(events).filter(|(state, order)| state.is_subscribed(order, products));
            match running.filter_map(|(state, _)| state.bought).min() {
                Some(since) => format!("since {}", local(since)),
                None => "no running subscription".into(),
            }
        }
        Condition::VisitedSite { site, .. } => times(site.map_or(0, |site| record.site_visits(site))),
        Condition::VisitedPage { page, .. } => times(page.map_or(0, |page| record.page_visits(page))),
        Condition::MembershipIs { site, .. } => match site.and_then(|site| record.membership(site)) {
            Some(status) => status.label().to_lowercase(),
            None => "no membership".into(),
        },
        Condition::HasLevel(level) | Condition::HasNotLevel(level) => {
            has(level.is_some_and(|level| record.has_level(level)))
        }
    }
}

fn timing(is: Timing, found: Ordering) -> bool {
    found
        == match is {
            Timing::Before => Ordering::Less,
            Timing::On => Ordering::Equal,
            Timing::After => Ordering::Greater,
        }
}

/// Whether what began then has lasted so long.
fn lasted(since: Instant, bound: Bound, span: Span, view: &View<'_>) -> bool {
    let full = view.zone().add(since, span);
    match bound {
        Bound::AtLeast => full <= view.now,
        Bound::AtMost => full >= view.now,
    }
}

/// How the present compares with a moment.
fn compare_now(moment: Moment, view: &View<'_>) -> Ordering {
    let local = view.zone().to_local(view.now);
    match moment {
        Moment::Weekday(day) => local.weekday().num_days_from_monday().cmp(&day.num_days_from_monday()),
        Moment::Date(date) => local.date().cmp(&date),
        Moment::Time(time) => (local.hour(), local.minute()).cmp(&(time.hour(), time.minute())),
    }
}

/// Whether a token of the text looks like an e-mail address: something, @, and a name with a dot in it.
fn has_address(text: &str) -> bool {
    text.split_whitespace().any(|token| {
        token.split_once('@').is_some_and(|(name, host)| {
            let dot = host.find('.').filter(|dot| *dot > 0);
            !name.is_empty() && dot.is_some_and(|dot| dot + 1 < host.len())
        })
    })
}

fn sms_contains(view: &View<'_>, text: &str) -> bool {
    view.record.last_sms().is_some_and(|sms| compared(view.text, sms, text, |sms, text| sms.contains(text)))
}

/// Compares texts as the switch `text_match` says.
fn compared<T>(how: TextMatch, a: &str, b: &str, test: impl FnOnce(&str, &str) -> T) -> T {
    match how {
        TextMatch::IgnoreCase => test(&a.to_lowercase(), &b.to_lowercase()),
        TextMatch::Exact => test(a, b),
    }
}

fn field_holds(field: FieldId, is: FieldOperator, wanted: Option<&Value>, view: &View<'_>) -> bool {
    let (held, text) = (view.record.field(field), view.text);
    match is {
        FieldOperator::IsEmpty => return held.is_none(),
        FieldOperator::IsNotEmpty => return held.is_some(),
        _ => {}
    }
    let Some(wanted) = wanted else { return false };
    let Some(held) = held else {
        return matches!(is, FieldOperator::NotEquals | FieldOperator::DoesNotContain);
    };
    let order = || match (held, wanted) {
        (Value::Text(a), Value::Text(b)) => Some(compared(text, a, b, Ord::cmp)),
        (_, Value::Date(day)) => day_near(field, held, *day, view).map(|held| held.cmp(day)),
        _ => held.compare(wanted),
    };
    let texts = |test: fn(&str, &str) -> bool| compared(text, &held.to_string(), &wanted.to_string(), test);
    match is {
        FieldOperator::Contains => texts(|a, b| a.contains(b)),
        FieldOperator::DoesNotContain => !texts(|a, b| a.contains(b)),
        FieldOperator::StartsWith => texts(|a, b| a.starts_with(b)),
        FieldOperator::EndsWith => texts(|a, b| a.ends_with(b)),
        _ => ordered(is, order()),
    }
}

/// Whether an order of two values is one that the operator asks for; `None`: they cannot be compared.
fn ordered(is: FieldOperator, order: Option<Ordering>) -> bool {
    match is {
        FieldOperator::Equals => order == Some(Ordering::Equal),
        FieldOperator::NotEquals => order != Some(Ordering::Equal),
        FieldOperator::Greater => order == Some(Ordering::Greater),
        FieldOperator::Less => order == Some(Ordering::Less),
        FieldOperator::AtLeast => order.is_some_and(Ordering::is_ge),
        FieldOperator::AtMost => order.is_some_and(Ordering::is_le),
        FieldOperator::Contains
        | FieldOperator::DoesNotContain
        | FieldOperator::StartsWith
        | FieldOperator::EndsWith
        | FieldOperator::IsEmpty
        | FieldOperator::IsNotEmpty => false,
    }
}

/// The day in a field that is compared with another: of a date and time its day in the account's zone, of a birthday,
/// which matches month and day, the one of the other's year (G-13).
fn day_near(field: FieldId, held: &Value, other: NaiveDate, view: &View<'_>) -> Option<NaiveDate> {
    let kind = view.plan.catalogue.fields.get(&field).map(|field| field.kind);
    match held {
        Value::Date(date) if kind == Some(FieldKind::Birthday) => {
            Some(birthday_in_year(*date, other.year(), view.plan.settings.birthday_29_feb))
        }
        Value::Date(date) => Some(*date),
        Value::DateTime(at) => Some(view.zone().date_of(*at)),
        Value::Text(_) | Value::Number(_) | Value::YesNo(_) => None,
    }
}

/// Compares the day in a field with one counted from today.
fn relative_holds(field: FieldId, is: FieldOperator, (side, span): (Side, Span), view: &View<'_>) -> bool {
    let held = view.record.field(field);
    match (is, held) {
        (FieldOperator::IsEmpty, held) => return held.is_none(),
        (FieldOperator::IsNotEmpty, held) => return held.is_some(),
        (FieldOperator::NotEquals | FieldOperator::DoesNotContain, None) => return true,
        _ => {}
    }
    let wanted = match span.elapsed_millis(side) {
        Some(millis) => view.zone().date_of(view.now.plus_millis(millis)),
        None => {
            let today = view.zone().date_of(view.now).and_time(NaiveTime::MIN);
            shift(today, side, span).date()
        }
    };
    let day = held.and_then(|held| day_near(field, held, wanted, view));
    day.is_some_and(|day| ordered(is, Some(day.cmp(&wanted))))
}
