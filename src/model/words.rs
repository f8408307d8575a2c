//! Maps, elements and conditions in words: titles and quiet lines of cards, sentences of the inspector, reports and the
//! command. Names come from the catalogue; what is not chosen yet is "…". Nothing here ends in a full stop.

use chrono::{DateTime, NaiveDate, NaiveTime, Weekday};
use rust_decimal::Decimal;

use super::catalogue::{FieldKind, Shelved};
use super::condition::{Comparison, Condition, FieldOperator};
use super::element::{
    Choice, Element, ElementKind, FieldChange, IfOnMap, Listener, Split, Until, Wait, WaitZone, Who,
};
use super::event::{EventFilter, FormOutcome};
use super::graph::Graph;
use super::map::{Map, Port};
use super::project::Project;
use super::rules::{MoveClears, PreviousWaits};
use super::value::Value;
use super::{Email, Field, Form, Product, Tag};
use crate::base::id::{ElementId, FieldId};
use crate::base::time::Weekdays;

/// What stands for something that is not chosen yet.
const OPEN: &str = "…";

/// The title of a card: the element's own name, or what it does.
pub fn title(project: &Project, element: &Element) -> String {
    if element.name.is_empty() { action(project, element) } else { element.name.clone() }
}

/// The quiet line under the title: its settings in words, what it does first where the title is a name of its own.
pub fn summary(project: &Project, element: &Element) -> String {
    let named = (!element.name.is_empty()).then(|| action(project, element));
    let details = details(project, element);
    let parts: Vec<_> = named.into_iter().chain((!details.is_empty()).then_some(details)).collect();
    parts.join(" · ")
}

/// What an element does, as a title.
fn action(project: &Project, element: &Element) -> String {
    let standard = element.kind.kind().info().title;
    match &element.kind {
        ElementKind::Trigger(listener) | ElementKind::Goal(listener) => event_title(project, &listener.on),
        ElementKind::Wait(wait) => wait_title(wait),
        ElementKind::Condition(condition) => match condition.leaves()[..] {
            [] => standard.into(),
            [only] if !contains_none(condition) => {
                format!("{}?", capitalised(&condition_in_words(project, only)))
            }
            ref leaves => {
                let count = counted(leaves.len(), "condition", "conditions");
                format!("{} {count}?", capitalised(group_word(condition)))
            }
        },
        ElementKind::GoTo(Some(target)) => match project.map_of(*target).and_then(|map| map.element(*target))
        {
            // One Go To may lead to another, and that one back.
            Some(Element { kind: ElementKind::GoTo(_), name, .. }) if name.is_empty() => {
                "Go to another Go To".into()
            }
            Some(target) => format!("Go to {}", title(project, target)),
            None => standard.into(),
        },
        ElementKind::SendEmail(Some(email)) => project.catalogue.name::<Email>(*email),
        ElementKind::ChangeTags { add, remove } => {
            let names = |tags: &[_]| listed(&named_all::<Tag>(project, tags), "and");
            match (&add[..], &remove[..]) {
                ([], []) => standard.into(),
                (add, []) => format!("Add {}", names(add)),
                ([], remove) => format!("Remove {}", names(remove)),
                (add, remove) => format!("Add {}, remove {}", names(add), names(remove)),
            }
        }
        ElementKind::UpdateField { field: Some(field), change } => {
            let name = project.catalogue.name::<Field>(*field);
            match change {
                FieldChange::Set(Some(value)) => format!("Set {name} to {}", value_in_words(project, value)),
                FieldChange::Set(None) => format!("Set {name}"),
                FieldChange::Clear => format!("Clear {name}"),
                FieldChange::Add(number) if number.is_sign_negative() && !number.is_zero() => {
                    format!("Subtract {} from {name}", number.abs().normalize())
                }
                FieldChange::Add(number) => format!("Add {} to {name}", number.normalize()),
            }
        }
        _ => standard.into(),
    }
}

/// The rest of an element's settings.
fn details(project: &Project, element: &Element) -> String {
    match &element.kind {
        ElementKind::Trigger(listener) | ElementKind::Goal(listener) => listener_details(project, listener),
        ElementKind::Wait(Wait { until: Until::Goal, goals, .. }) => match goals.len() {
            0 => "nothing lets contacts go on".into(),
            1 => "until the goal below is achieved".into(),
            _ => "until a goal below is achieved".into(),
        },
        ElementKind::Wait(Wait { until: Until::TimePasses(_), .. }) => "from arrival here".into(),
        ElementKind::Wait(Wait { zone: WaitZone::Account, .. }) => "account's time zone".into(),
        ElementKind::Wait(Wait { zone: WaitZone::Contact, .. }) => "contact's time zone".into(),
        ElementKind::Condition(condition) if condition.leaves().is_empty() => "no rule yet".into(),
        ElementKind::Condition(condition) if condition.leaves().len() > 1 => {
            condition_in_words(project, condition)
        }
        ElementKind::Condition(_) => "asked on arrival".into(),
        ElementKind::Split(split) => {
            let path = |(place, share): (usize, &u16)| path_label(place, *share);
            split.shares.iter().enumerate().map(path).collect::<Vec<_>>().join(" · ")
        }
        ElementKind::Fork => "both paths at once".into(),
        ElementKind::GoTo(None) => "no element chosen".into(),
        ElementKind::GoTo(Some(_)) => "continues there at once".into(),
        ElementKind::End => "rests here, stays on the map".into(),
        ElementKind::Exit => "leaves the map".into(),
        ElementKind::SendEmail(None) => "no e-mail chosen".into(),
        ElementKind::SendEmail(Some(email)) => match project.catalogue.emails.get(email) {
            Some(email) if !email.subject.is_empty() => email.subject.clone(),
            Some(_) => "sends the e-mail".into(),
            None => "the e-mail is no longer in the account".into(),
        },
        ElementKind::ChangeTags { add, remove } if add.is_empty() && remove.is_empty() => {
            "no tag chosen".into()
        }
        ElementKind::ChangeTags { .. } => "changes tags".into(),
        ElementKind::UpdateField { field: None, .. } => "no field chosen".into(),
        ElementKind::UpdateField { change: FieldChange::Set(None), .. } => "no value chosen".into(),
        ElementKind::UpdateField { .. } => "updates the record".into(),
    }
}

fn listener_details(project: &Project, listener: &Listener) -> String {
    let mut parts = vec![lower_first(words_of(&Who::ALL, listener.who))];
    parts.push(lower_first(words_of(&IfOnMap::ALL, listener.if_on_map)));
    if listener.once {
        parts.push("once".into());
    }
    if !listener.conditions.is_always() {
        parts.push(format!("if {}", condition_in_words(project, &listener.conditions)));
    }
    parts.join(" · ")
}

fn words_of<T: PartialEq>(table: &[(T, &'static str)], value: T) -> &'static str {
    table.iter().find(|(one, _)| *one == value).map_or("", |(_, words)| words)
}

/// What a trigger or goal listens for, as a title.
fn event_title(project: &Project, on: &EventFilter) -> String {
    capitalised(&match on {
        EventFilter::TagAdded(tag) => format!("tag {} is added", named::<Tag>(project, *tag)),
        EventFilter::TagRemoved(tag) => format!("tag {} is removed", named::<Tag>(project, *tag)),
        EventFilter::FieldUpdated(field) => format!("field {} is updated", named::<Field>(project, *field)),
        EventFilter::Order(products) => format!("purchases {}", any_product(project, products)),
        EventFilter::Created => "contact is created".into(),
        EventFilter::AddedToAutomation => "added to this map".into(),
        EventFilter::FormSubmitted { .. } | EventFilter::Refund(_) | EventFilter::EmailLinkClicked { .. } => {
            event_in_words(project, on)
        }
    })
}

/// What a contact does, behind "a contact who": `buys Course`.
fn event_in_words(project: &Project, on: &EventFilter) -> String {
    match on {
        EventFilter::Created => "is created".into(),
        EventFilter::AddedToAutomation => "is added to this map".into(),
        EventFilter::FormSubmitted { form, outcome } => {
            let forms = choice_in_words::<Form>(project, form, "any form");
            let outcome = match outcome {
                None => "",
                Some(FormOutcome::Success) => " with success",
                Some(FormOutcome::Failure) => " without success",
            };
            format!("submits {forms}{outcome}")
        }
        EventFilter::Order(products) => format!("buys {}", any_product(project, products)),
        EventFilter::Refund(products) => format!("gets a refund on {}", any_product(project, products)),
        EventFilter::TagAdded(tag) => format!("is given the tag {}", named::<Tag>(project, *tag)),
        EventFilter::TagRemoved(tag) => format!("loses the tag {}", named::<Tag>(project, *tag)),
        EventFilter::FieldUpdated(field) => {
            format!("has the field {} updated", named::<Field>(project, *field))
        }
        EventFilter::EmailLinkClicked { email, link } => {
            let email = named::<Email>(project, *email);
            if *link == 0 {
                format!("clicks a link of {email}")
            } else {
                format!("clicks link {link} of {email}")
            }
        }
    }
}

fn any_product(project: &Project, products: &Choice<crate::base::id::ProductId>) -> String {
    choice_in_words::<Product>(project, products, "any product")
}

fn named<T: Shelved>(project: &Project, id: Option<T::Id>) -> String {
    id.map_or_else(|| OPEN.into(), |id| project.catalogue.name::<T>(id))
}

fn named_all<T: Shelved>(project: &Project, ids: &[T::Id]) -> Vec<String> {
    ids.iter().map(|id| project.catalogue.name::<T>(*id)).collect()
}

fn choice_in_words<T: Shelved>(project: &Project, choice: &Choice<T::Id>, any: &str) -> String {
    match choice {
        Choice::Any => any.into(),
        Choice::OneOf(ids) if ids.is_empty() => OPEN.into(),
        Choice::OneOf(ids) => listed(&named_all::<T>(project, ids), "or"),
    }
}

fn wait_title(wait: &Wait) -> String {
    let goal = match wait.goals.len() {
        0 => None,
        1 => Some("Wait for the goal"),
        _ => Some("Wait for a goal"),
    };
    match (goal, &wait.until) {
        (None, Until::Goal) => "Wait for ever".into(),
        (None, Until::TimePasses(span)) => format!("Wait {span}"),
        (None, until) => format!("Wait until {}", moment(until)),
        (Some(goal), Until::Goal) => goal.into(),
        (Some(goal), Until::TimePasses(span)) => format!("{goal}, at most {span}"),
        (Some(goal), until) => format!("{goal}, at most until {}", moment(until)),
    }
}

/// The moment at which a rule of time fires.
fn moment(until: &Until) -> String {
    let at = |day: String, time: &Option<NaiveTime>| match time {
        Some(time) => format!("{day} {}", time_in_words(*time)),
        None => day,
    };
    match until {
        Until::Goal => OPEN.into(),
        Until::TimePasses(span) => span.to_string(),
        Until::DayOfWeek { days, time } => at(days_in_words(*days), time),
        Until::Date { date, time } => at(date_in_words(*date), time),
    }
}

fn days_in_words(days: Weekdays) -> String {
    let listed: Vec<_> = days.iter().collect();
    match listed[..] {
        [Weekday::Mon] => "Monday".into(),
        [Weekday::Tue] => "Tuesday".into(),
        [Weekday::Wed] => "Wednesday".into(),
        [Weekday::Thu] => "Thursday".into(),
        [Weekday::Fri] => "Friday".into(),
        [Weekday::Sat] => "Saturday".into(),
        [Weekday::Sun] => "Sunday".into(),
        _ => days.to_string(),
    }
}

/// `1 Feb 2026`
pub fn date_in_words(date: NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// `09:00`; seconds where there are any.
pub fn time_in_words(time: NaiveTime) -> String {
    let seconds = time.format("%H:%M:%S").to_string();
    seconds.strip_suffix(":00").map(ToOwned::to_owned).unwrap_or(seconds)
}

/// A value; dates and times as the account's clocks show them.
pub fn value_in_words(project: &Project, value: &Value) -> String {
    match value {
        Value::Date(date) => date_in_words(*date),
        Value::DateTime(instant) => match DateTime::from_timestamp_millis(instant.0) {
            Some(utc) => {
                let local = utc.with_timezone(&project.settings.account_zone).naive_local();
                format!("{} {}", date_in_words(local.date()), time_in_words(local.time()))
            }
            None => instant.to_string(),
        },
        Value::Text(_) | Value::Number(_) | Value::YesNo(_) => value.to_string(),
    }
}

/// A condition, without a subject: `has tag VIP and City is Berlin`. Of none at all: `always`.
pub fn condition_in_words(project: &Project, condition: &Condition) -> String {
    condition_words(project, condition, false)
}

/// With a subject: `it has tag VIP and its City is Berlin`.
fn condition_words(project: &Project, condition: &Condition, subject: bool) -> String {
    let joined = |parts: &[Condition], joint: &str| {
        let several = parts.len() > 1;
        let part = |part: &Condition| {
            let words = condition_words(project, part, subject);
            // C-01: explicit brackets instead of a rule of precedence
            if several && part.parts().len() > 1 && !matches!(part, Condition::None(_)) {
                format!("({words})")
            } else {
                words
            }
        };
        parts.iter().map(part).collect::<Vec<_>>().join(joint)
    };
    let (it, its) = if subject { ("it ", "its ") } else { ("", "") };
    match condition {
        Condition::All(parts) if parts.is_empty() => "always".into(),
        Condition::Any(parts) if parts.is_empty() => "never".into(),
        Condition::None(parts) if parts.is_empty() => "always".into(),
        Condition::All(parts) => joined(parts, " and "),
        Condition::Any(parts) => joined(parts, " or "),
        Condition::None(parts) => format!("none of ({})", joined(parts, ", ")),
        Condition::HasTag(tag) => format!("{it}has tag {}", named::<Tag>(project, *tag)),
        Condition::HasNotTag(tag) => format!("{it}has not tag {}", named::<Tag>(project, *tag)),
        Condition::Field { field, is, value } => {
            let name = named::<Field>(project, *field);
            let operator = operator_in_words(*is, field_kind(project, *field));
            match value {
                Some(value) if is.needs_value() => {
                    format!("{its}{name} {operator} {}", value_in_words(project, value))
                }
                None if is.needs_value() => format!("{its}{name} {operator} {OPEN}"),
                _ => format!("{its}{name} {operator}"),
            }
        }
        Condition::Ordered { products, comparison, count } => {
            let comparison = words_of(&Comparison::ALL, *comparison);
            format!("{it}ordered {comparison} {count} of {}", any_product(project, products))
        }
    }
}

fn contains_none(condition: &Condition) -> bool {
    matches!(condition, Condition::None(_)) || condition.parts().iter().any(contains_none)
}

fn group_word(condition: &Condition) -> &'static str {
    match condition {
        Condition::Any(parts) if parts.len() > 1 => "any of",
        Condition::None(_) => "none of",
        Condition::All(parts) | Condition::Any(parts) => match &parts[..] {
            [only] => group_word(only),
            _ => "all of",
        },
        _ => "all of",
    }
}

fn field_kind(project: &Project, field: Option<FieldId>) -> FieldKind {
    let field = field.and_then(|field| project.catalogue.fields.get(&field));
    field.map(|field| field.kind).unwrap_or_default()
}

/// How a field compares, in the words that fit what it holds: dates are before and after, not less and greater.
pub fn operator_in_words(operator: FieldOperator, kind: FieldKind) -> &'static str {
    let dates = matches!(kind, FieldKind::Date | FieldKind::Birthday | FieldKind::DateTime);
    match operator {
        FieldOperator::Equals if dates => "is on",
        FieldOperator::NotEquals if dates => "is not on",
        FieldOperator::Greater if dates => "is after",
        FieldOperator::Less if dates => "is before",
        FieldOperator::AtLeast if dates => "is on or after",
        FieldOperator::AtMost if dates => "is on or before",
        _ => operator.words(),
    }
}

/// What stands on the line that leaves here; empty: nothing needs to.
pub fn port_label(element: &Element, port: Port) -> String {
    match (port, &element.kind) {
        (Port::Yes, _) => "Yes".into(),
        (Port::No, _) => "No".into(),
        (Port::Left, _) => "Left".into(),
        (Port::Right, _) => "Right".into(),
        (Port::Timeout, ElementKind::Wait(wait)) => match &wait.until {
            Until::TimePasses(span) => format!("after {span}"),
            Until::Goal => String::new(),
            until => format!("on {}", moment(until)),
        },
        (Port::Path(place), ElementKind::Split(Split { shares })) => {
            let place = usize::from(place);
            shares.get(place).map_or_else(String::new, |share| path_label(place, *share))
        }
        _ => String::new(),
    }
}

fn path_label(place: usize, share: u16) -> String {
    format!("{} {}", Port::path(place).to_string().to_uppercase(), percent(share))
}

/// A share in basis points: `30 %`, `33.33 %`.
pub fn percent(share: u16) -> String {
    format!("{} %", Decimal::new(i64::from(share), 2).normalize())
}

/// What a trigger or goal does, in one sentence for the inspector; `None` for other elements.
pub fn listener_in_words(project: &Project, map: &Map, element: &Element) -> Option<String> {
    let listener = element.kind.listener()?;
    let is_goal = matches!(element.kind, ElementKind::Goal(_));
    let who = match listener.who {
        Who::AnyContact => "any contact".to_owned(),
        Who::OnMap => "a contact who is anywhere on this map".into(),
        Who::Upstream => "a contact who is anywhere above this goal".into(),
        Who::PreviousWaits => match (map.rules.previous_waits, map.wait_of(element.id)) {
            (PreviousWaits::Attached, Some(wait)) => {
                format!("a contact who rests at {}", quoted(project, map, wait))
            }
            (PreviousWaits::Attached, None) => "a contact who rests at this goal's own wait".into(),
            (PreviousWaits::AllAbove, _) => "a contact who rests at any wait above this goal".into(),
        },
    };
    let event = event_in_words(project, &listener.on);
    let provided = if listener.conditions.is_always() {
        String::new()
    } else {
        format!(", provided {}", condition_words(project, &listener.conditions, true))
    };
    let others = match map.rules.move_clears {
        MoveClears::AboveGoal if is_goal => "its positions above this goal go",
        _ => "all its other positions go",
    };
    let effect = match (listener.if_on_map, listener.who) {
        (IfOnMap::Move, Who::AnyContact) => {
            format!("it comes in here; if it is on the map already, {others}")
        }
        (IfOnMap::Move, _) => format!("{others} and it continues here"),
        (IfOnMap::Add, Who::AnyContact) => {
            "it comes in here; if it is on the map already, its other positions stay".into()
        }
        (IfOnMap::Add, _) => "it continues here and its other positions stay".into(),
        (IfOnMap::Ignore, Who::AnyContact) => "it comes in here unless it is on the map already".into(),
        (IfOnMap::Ignore, _) => "nothing happens, as it is on the map already".into(),
    };
    let once = if listener.once { ", once in its life" } else { "" };
    Some(format!("When {who} {event}{provided}, {effect}{once}"))
}

/// What a choice of who can achieve it means for contacts on this map, with its names.
pub fn who_in_words(project: &Project, map: &Map, graph: &Graph, element: ElementId, who: Who) -> String {
    let name = &map.name;
    let is_goal = map.element(element).is_some_and(|element| matches!(element.kind, ElementKind::Goal(_)));
    match who {
        Who::AnyContact if is_goal => {
            format!("Everybody in the account; who is not on “{name}” comes in at this goal")
        }
        Who::AnyContact => format!("Everybody in the account, on “{name}” or not"),
        Who::OnMap => {
            format!("Whoever stands somewhere on “{name}”, also at an End; who left it does not count")
        }
        Who::Upstream => {
            let above = graph.upstream(element, map.rules.upstream_follows_go_to);
            match above_in_words(project, map, graph, &above, |_| true) {
                Some(above) => format!("Only who stands at {above}"),
                None => "Nobody: nothing stands above this goal".into(),
            }
        }
        Who::PreviousWaits => {
            let above = match map.rules.previous_waits {
                PreviousWaits::Attached => graph.wait_of(element).into_iter().collect(),
                PreviousWaits::AllAbove => graph.upstream(element, map.rules.upstream_follows_go_to),
            };
            let is_wait = |kind: &ElementKind| matches!(kind, ElementKind::Wait(_));
            match above_in_words(project, map, graph, &above, is_wait) {
                Some(above) => format!("Only who rests at {above}"),
                None => "Nobody: no wait stands above this goal".into(),
            }
        }
    }
}

/// The nearest elements of a set that stand where contacts can be, as far as a sentence can name them.
fn above_in_words(
    project: &Project,
    map: &Map,
    graph: &Graph,
    above: &std::collections::BTreeSet<ElementId>,
    fits: impl Fn(&ElementKind) -> bool,
) -> Option<String> {
    const NAMED: usize = 2;
    let holds = |id: &&ElementId| {
        above.contains(id) && map.element(**id).is_some_and(|e| e.kind.takes_lines() && fits(&e.kind))
    };
    let standing: Vec<_> = graph.order.iter().rev().filter(holds).collect();
    let mut names: Vec<_> = standing.iter().take(NAMED).map(|id| quoted(project, map, **id)).collect();
    let more = standing.len().saturating_sub(NAMED);
    if more > 0 {
        names.push(counted(more, "more element above", "more elements above"));
    }
    (!names.is_empty()).then(|| listed(&names, "or"))
}

/// What a choice for contacts who are on the map already does to them, with this map's names.
pub fn if_on_map_in_words(project: &Project, map: &Map, element: ElementId, choice: IfOnMap) -> String {
    let name = &map.name;
    let next = match map.target(element, Port::Next) {
        Some(next) => format!("continues with {}", quoted(project, map, next)),
        None => "stays here, as nothing is below".into(),
    };
    let is_goal = map.element(element).is_some_and(|element| matches!(element.kind, ElementKind::Goal(_)));
    match choice {
        IfOnMap::Move if is_goal && map.rules.move_clears == MoveClears::AboveGoal => {
            format!("It leaves the places above this goal and {next}")
        }
        IfOnMap::Move => format!("It leaves every other place on “{name}” and {next}"),
        IfOnMap::Add => format!("It stays where it is and also {next}: it is on “{name}” once more"),
        IfOnMap::Ignore => {
            format!("Who is on “{name}” already stays where it is, as if nothing had happened")
        }
    }
}

fn quoted(project: &Project, map: &Map, id: ElementId) -> String {
    match map.element(id) {
        Some(element) => format!("“{}”", title(project, element)),
        None => id.to_string(),
    }
}

/// A number with its word: `1 contact`, `1,200 contacts`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

/// A number with thousands separators.
pub fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// Things in a row: `A`, `A or B`, `A, B or C`.
pub fn listed(things: &[String], joint: &str) -> String {
    match things {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {joint} {last}", first.join(", ")),
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
