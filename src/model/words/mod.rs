//! Maps, elements, conditions and events in words: titles and quiet lines of cards, sentences of the inspector, reports
//! and the command. Names come from the catalogue; what is not chosen yet is "…". Nothing here ends in a full stop.

use chrono::{DateTime, NaiveDate, NaiveTime, Weekday};
use rust_decimal::Decimal;

use super::catalogue::Shelved;
use super::element::{Branch, Branches, Choice, Element, ElementKind, Split};
use super::map::{Map, Port};
use super::project::Project;
use super::rules::BranchPolicy;
use super::value::Value;
use crate::base::id::{ElementId, MapId, SequenceId};
use crate::base::money::Money;
use crate::base::time::Instant;

mod actions;
mod conditions;
mod events;
mod listeners;
mod waits;

pub use actions::{action_in_words, done_in_words};
pub use conditions::{condition_in_words, condition_with_subject, operator_in_words};
pub use events::{campaign_name, event_in_words, happening_in_words, order_goal_in_words, status_name};
pub use listeners::{if_on_map_in_words, listener_in_words, who_in_words};

/// What stands for something that is not chosen yet.
const OPEN: &str = "…";

/// The title of a card: the element's own name, or what it does.
pub fn title(project: &Project, element: &Element) -> String {
    if element.name.is_empty() { what_it_does(project, &element.kind) } else { element.name.clone() }
}

/// The title of an element as a run has it at an instant (L-01).
pub fn title_as_run(project: &Project, id: ElementId, at: Instant) -> String {
    project.element_as_run(id, at).map_or_else(|| id.to_string(), |element| title(project, element))
}

/// The quiet line under the title: its settings in words, what it does first where the title is a name of its own.
pub fn summary(project: &Project, element: &Element) -> String {
    let draft = element.draft.then(|| "draft".to_owned());
    let named = (!element.name.is_empty()).then(|| what_it_does(project, &element.kind));
    let details = Some(details(project, &element.kind)).filter(|details| !details.is_empty());
    [draft, named, details].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What an element does, as a title.
fn what_it_does(project: &Project, kind: &ElementKind) -> String {
    let standard = kind.kind().info().title;
    match kind {
        ElementKind::Trigger(listener) | ElementKind::Goal(listener) => {
            events::event_title(project, &listener.on)
        }
        ElementKind::Wait(wait) => waits::wait_title(project, wait),
        ElementKind::Condition(condition) => match conditions::short(project, condition) {
            Some(short) => format!("{}?", capitalised(&short)),
            None => standard.into(),
        },
        ElementKind::Branches(branches) => {
            let policy = match branches.policy {
                BranchPolicy::YesNo => "yes or no",
                BranchPolicy::AllMatching => "all matching",
                BranchPolicy::FirstMatch => "first match",
            };
            format!("{}, {policy}", counted(branches.branches.len(), "branch", "branches"))
        }
        ElementKind::GoTo(Some(target)) => match project.find_element(*target) {
            // One Go To may lead to another, and that one back.
            Some(Element { kind: ElementKind::GoTo(_), name, .. }) if name.is_empty() => {
                "Go to another Go To".into()
            }
            Some(target) => format!("Go to {}", title(project, target)),
            None => standard.into(),
        },
        ElementKind::Action(action) => actions::action_title(project, action),
        ElementKind::GoTo(None)
        | ElementKind::Split(_)
        | ElementKind::Fork
        | ElementKind::End
        | ElementKind::Exit => standard.into(),
    }
}

/// The rest of an element's settings.
fn details(project: &Project, kind: &ElementKind) -> String {
    match kind {
        ElementKind::Trigger(listener) | ElementKind::Goal(listener) => {
            listeners::listener_details(project, listener)
        }
        ElementKind::Wait(wait) => waits::wait_details(project, wait),
        ElementKind::Condition(condition) => match condition.leaves().len() {
            0 => "no rule yet".into(),
            1 => "asked on arrival".into(),
            _ => condition_in_words(project, condition),
        },
        ElementKind::Branches(branches) => branches_details(project, branches),
        ElementKind::Split(split) => {
            let path = |(place, share): (usize, &u16)| path_label(place, *share);
            split.shares.iter().enumerate().map(path).collect::<Vec<_>>().join(" · ")
        }
        ElementKind::Fork => "both paths at once".into(),
        ElementKind::GoTo(None) => "no element chosen".into(),
        ElementKind::GoTo(Some(_)) => "continues there at once".into(),
        ElementKind::End => "rests here, stays on the map".into(),
        ElementKind::Exit => "leaves the map".into(),
        ElementKind::Action(action) => actions::action_details(project, action),
    }
}

fn branches_details(project: &Project, branches: &Branches) -> String {
    if branches.branches.iter().all(|branch| branch.rule.is_always()) {
        return "no rule yet".into();
    }
    let other = (branches.policy == BranchPolicy::FirstMatch).then(|| "Other".to_owned());
    let labels = branches.branches.iter().map(|branch| branch_label(project, branch)).chain(other);
    labels.collect::<Vec<_>>().join(" · ")
}

/// The name of a branch, or its rule as far as a label can hold it.
fn branch_label(project: &Project, branch: &Branch) -> String {
    if !branch.name.is_empty() {
        branch.name.clone()
    } else if branch.rule.is_always() {
        "Everyone".into()
    } else {
        let short = conditions::short(project, &branch.rule);
        capitalised(&short.unwrap_or_else(|| condition_in_words(project, &branch.rule)))
    }
}

/// What stands on the line that leaves here; empty: nothing needs to.
pub fn port_label(project: &Project, element: &Element, port: Port) -> String {
    match port {
        Port::Yes => "Yes".into(),
        Port::No => "No".into(),
        Port::Left => "Left".into(),
        Port::Right => "Right".into(),
        Port::Other => "Other".into(),
        Port::Timeout => match &element.kind {
            ElementKind::Wait(wait) => waits::timeout_label(project, wait),
            _ => String::new(),
        },
        Port::Path(place) => match &element.kind {
            ElementKind::Split(Split { shares }) => {
                let place = usize::from(place);
                shares.get(place).map_or_else(String::new, |share| path_label(place, *share))
            }
            _ => String::new(),
        },
        Port::Branch(place) => match &element.kind {
            ElementKind::Branches(Branches { branches, .. }) => {
                let branch = branches.get(usize::from(place));
                branch.map_or_else(String::new, |branch| branch_label(project, branch))
            }
            _ => String::new(),
        },
        Port::Next | Port::Goal | Port::GoTo | Port::Off => String::new(),
    }
}

fn path_label(place: usize, share: u16) -> String {
    format!("{} {}", Port::path(place).to_string().to_uppercase(), percent(share))
}

// Names

fn named<T: Shelved>(project: &Project, id: Option<T::Id>) -> String {
    id.map_or_else(|| OPEN.into(), |id| project.catalogue.name::<T>(id))
}

fn named_all<T: Shelved>(project: &Project, ids: &[T::Id]) -> Vec<String> {
    ids.iter().map(|id| project.catalogue.name::<T>(*id)).collect()
}

fn choice_in_words<T: Shelved>(project: &Project, choice: &Choice<T::Id>, any: &str) -> String {
    match choice {
        Choice::Any => any.into(),
        Choice::OneOf(ids) => listed_or_open(&named_all::<T>(project, ids), "or"),
    }
}

fn any_product(project: &Project, products: &Choice<crate::base::id::ProductId>) -> String {
    choice_in_words::<super::Product>(project, products, "any product")
}

fn map_name(project: &Project, id: Option<MapId>) -> String {
    let name = |id: MapId| project.map(id).map_or_else(|| id.to_string(), |map| map.name.clone());
    id.map_or_else(|| OPEN.into(), name)
}

/// The name of a sequence as a run has it at an instant.
pub fn sequence_name(project: &Project, id: SequenceId, at: Instant) -> String {
    project.sequence_as_run(id, at).map_or_else(|| id.to_string(), |sequence| sequence.name.clone())
}

fn quoted(project: &Project, map: &Map, id: ElementId) -> String {
    match map.element(id) {
        Some(element) => format!("“{}”", title(project, element)),
        None => id.to_string(),
    }
}

/// The first line of a text that somebody wrote.
fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or(OPEN)
}

fn words_of<T: PartialEq>(table: &[(T, &'static str)], value: T) -> &'static str {
    table.iter().find(|(one, _)| *one == value).map_or("", |(_, words)| words)
}

// Values, times, numbers

/// `1 Feb 2026`
pub fn date_in_words(date: NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// `09:00`; seconds where there are any.
pub fn time_in_words(time: NaiveTime) -> String {
    let seconds = time.format("%H:%M:%S").to_string();
    seconds.strip_suffix(":00").map(ToOwned::to_owned).unwrap_or(seconds)
}

fn weekday_in_words(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
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

fn money_in_words(project: &Project, amount: Money) -> String {
    format!("{amount} {}", project.settings.currency)
}

/// A share in basis points: `30 %`, `33.33 %`.
pub fn percent(share: u16) -> String {
    format!("{} %", Decimal::new(i64::from(share), 2).normalize())
}

/// A number with its word: `1 contact`, `1,200 contacts`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

/// The word for several of a kind of thing.
pub fn plural(word: &str) -> String {
    match word.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if word == "SMS" => word.to_owned(),
        None if word.ends_with('s') => format!("{word}es"),
        None => format!("{word}s"),
    }
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

fn listed_or_open(things: &[String], joint: &str) -> String {
    if things.is_empty() { OPEN.into() } else { listed(things, joint) }
}

/// A text as it begins a sentence.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
