//! Conditions in words.

use super::{
    OPEN, any_product, counted, date_in_words, first_line, lower_first, map_name, money_in_words, named,
    thousands, time_in_words, value_in_words, weekday_in_words, words_of,
};
use crate::base::id::{EmailId, FieldId};
use crate::base::time::{Side, Span};
use crate::model::{
    Bound, Comparison, Condition, Email, Field, FieldKind, FieldOperator, Level, List, Moment, Page, Project,
    Relationship, Site, Tag, Timing,
};

/// A condition, without a subject: `has tag VIP and City is Berlin`. Of none at all: `always`.
pub fn condition_in_words(project: &Project, condition: &Condition) -> String {
    tree(project, condition, false)
}

/// A condition about a contact named before: `it has tag VIP and its City is Berlin`. Of none at all: `always`.
pub fn condition_with_subject(project: &Project, condition: &Condition) -> String {
    tree(project, condition, true)
}

/// The one condition that it is, if it is no more than that.
pub(super) fn only_one(condition: &Condition) -> Option<&Condition> {
    match condition.leaves()[..] {
        [only] if !contains_none(condition) => Some(only),
        _ => None,
    }
}

/// As short as a title: the one condition itself, or how many there are; `None` if nothing is asked for.
pub(super) fn short(project: &Project, condition: &Condition) -> Option<String> {
    match (only_one(condition), condition.leaves().len()) {
        (Some(only), _) => Some(condition_in_words(project, only)),
        (None, 0) => None,
        (None, count) => {
            Some(format!("{} {}", group_word(condition), counted(count, "condition", "conditions")))
        }
    }
}

/// Behind "until", as short as a title: `it has tag VIP`, `any of 2 conditions hold`.
pub(super) fn short_until(project: &Project, condition: &Condition) -> String {
    match (only_one(condition), condition.leaves().len()) {
        (Some(only), _) => condition_with_subject(project, only),
        (None, 0) => OPEN.into(),
        (None, count) => {
            format!("{} {}", group_word(condition), counted(count, "condition holds", "conditions hold"))
        }
    }
}

fn contains_none(condition: &Condition) -> bool {
    matches!(condition, Condition::None(_)) || condition.parts().iter().any(contains_none)
}

/// How the members of the outermost group that has several count.
fn group_word(condition: &Condition) -> &'static str {
    match (condition, condition.parts()) {
        (Condition::None(_), _) => "none of",
        (_, [only]) => group_word(only),
        (Condition::Any(_), _) => "any of",
        _ => "all of",
    }
}

fn tree(project: &Project, condition: &Condition, subject: bool) -> String {
    let joined = |parts: &[Condition], joint: &str| {
        let several = parts.len() > 1;
        let part = |part: &Condition| {
            let words = tree(project, part, subject);
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
        Condition::SubscribedToMap { map, is, date } => {
            let date = date.map_or_else(|| OPEN.into(), date_in_words);
            format!("{it}came onto {} {} {date}", map_name(project, *map), words_of(&Timing::ALL, *is))
        }
        Condition::OnMapFor { map, bound, span } => {
            format!("{it}has been on {} for {}", map_name(project, *map), length(*bound, *span))
        }
        Condition::MapState { map, paused } => {
            let state = if *paused { "paused" } else { "active" };
            format!("{it}is {state} on {}", map_name(project, *map))
        }
        Condition::Field { field, is, value } => {
            let operator = operator_in_words(*is, field_kind(project, *field));
            let value = value.as_ref().map_or_else(|| OPEN.into(), |value| value_in_words(project, value));
            let value = if is.needs_value() { format!(" {value}") } else { String::new() };
            format!("{its}{} {operator}{value}", named::<Field>(project, *field))
        }
        Condition::FieldRelative { field, is, side, span } => {
            let operator = match is {
                // "is on 30 days ago" is no English
                FieldOperator::Equals | FieldOperator::NotEquals => is.words(),
                _ => operator_in_words(*is, FieldKind::Date),
            };
            let day = match (span.count, side) {
                _ if !is.needs_value() => String::new(),
                (0, _) => " today".into(),
                (_, Side::Before) => format!(" {span} ago"),
                (_, Side::After) => format!(" {span} from now"),
            };
            format!("{its}{} {operator}{day}", named::<Field>(project, *field))
        }
        Condition::NowIs { is, moment } => {
            let (now, moment) = match moment {
                Moment::Weekday(day) => ("today", weekday_in_words(*day).to_owned()),
                Moment::Date(date) => ("today", date_in_words(*date)),
                Moment::Time(time) => ("the time", time_in_words(*time)),
            };
            match is {
                Timing::On => format!("{now} is {moment}"),
                Timing::Before => format!("{now} is before {moment}"),
                Timing::After => format!("{now} is after {moment}"),
            }
        }
        Condition::HasTag(tag) => format!("{it}has tag {}", named::<Tag>(project, *tag)),
        Condition::HasNotTag(tag) => format!("{it}has not tag {}", named::<Tag>(project, *tag)),
        Condition::OnList(list) => format!("{it}is on list {}", named::<List>(project, *list)),
        Condition::NotOnList(list) => format!("{it}is not on list {}", named::<List>(project, *list)),
        Condition::Related { relationship, record, exists } => {
            let has = if *exists { "has relationship" } else { "has no relationship" };
            let with = if record.is_empty() { String::new() } else { format!(" with {record}") };
            format!("{it}{has} {}{with}", named::<Relationship>(project, *relationship))
        }
        Condition::Opened { email, comparison, count } => {
            format!("{it}opened {} {}", named::<Email>(project, *email), times(*comparison, *count))
        }
        Condition::Clicked { email, link, comparison, count } => {
            let link = link_in_words(project, *email, *link);
            format!("{it}clicked {link} {}", times(*comparison, *count))
        }
        Condition::SmsHasAddress => format!("{its}last SMS contains an e-mail address"),
        Condition::SmsHasNoAddress => format!("{its}last SMS contains no e-mail address"),
        Condition::SmsContains(text) => format!("{its}last SMS contains “{}”", first_line(text)),
        Condition::SmsDoesNotContain(text) => {
            format!("{its}last SMS does not contain “{}”", first_line(text))
        }
        Condition::Spent { products, comparison, amount } => {
            let comparison = words_of(&Comparison::ALL, *comparison);
            let amount = money_in_words(project, *amount);
            format!("{it}spent {comparison} {amount} on {}", any_product(project, products))
        }
        Condition::Ordered { products, comparison, count } => {
            let comparison = words_of(&Comparison::ALL, *comparison);
            let count = thousands(*count as usize);
            format!("{it}ordered {comparison} {count} of {}", any_product(project, products))
        }
        Condition::Subscribed { products, subscribed } => {
            let is = if *subscribed { "is" } else { "is not" };
            format!("{it}{is} subscribed to {}", any_product(project, products))
        }
        Condition::SubscribedFor { products, bound, span } => {
            let products = any_product(project, products);
            format!("{it}has been subscribed to {products} for {}", length(*bound, *span))
        }
        Condition::VisitedSite { site, comparison, count } => {
            format!("{it}visited site {} {}", named::<Site>(project, *site), times(*comparison, *count))
        }
        Condition::VisitedPage { page, comparison, count } => {
            format!("{it}visited page {} {}", named::<Page>(project, *page), times(*comparison, *count))
        }
        Condition::MembershipIs { site, status } => {
            let status = lower_first(status.label());
            format!("{its}membership of {} is {status}", named::<Site>(project, *site))
        }
        Condition::HasLevel(level) => format!("{it}has level {}", named::<Level>(project, *level)),
        Condition::HasNotLevel(level) => format!("{it}has not level {}", named::<Level>(project, *level)),
    }
}

fn length(bound: Bound, span: Span) -> String {
    format!("{} {span}", words_of(&Bound::ALL, bound))
}

fn times(comparison: Comparison, count: u32) -> String {
    format!("{} {}", words_of(&Comparison::ALL, comparison), counted(count as usize, "time", "times"))
}

/// `link 2 of Welcome`; 0 is any link.
pub(super) fn link_in_words(project: &Project, email: Option<EmailId>, link: u8) -> String {
    let email = named::<Email>(project, email);
    if link == 0 { format!("a link of {email}") } else { format!("link {link} of {email}") }
}

fn field_kind(project: &Project, field: Option<FieldId>) -> FieldKind {
    let field = field.and_then(|field| project.catalogue.fields.get(&field));
    field.map(|field| field.kind).unwrap_or_default()
}

/// How a field compares, in the words that fit what it holds: dates are before and after, not less and greater, and
/// so are texts in the order of the alphabet.
pub fn operator_in_words(operator: FieldOperator, kind: FieldKind) -> &'static str {
    let dates = matches!(kind, FieldKind::Date | FieldKind::Birthday | FieldKind::DateTime);
    let text = kind == FieldKind::Text;
    match operator {
        FieldOperator::Equals if dates => "is on",
        FieldOperator::NotEquals if dates => "is not on",
        FieldOperator::Greater if dates => "is after",
        FieldOperator::Less if dates => "is before",
        FieldOperator::AtLeast if dates => "is on or after",
        FieldOperator::AtMost if dates => "is on or before",
        FieldOperator::Greater if text => "comes after",
        FieldOperator::Less if text => "comes before",
        FieldOperator::AtLeast if text => "is or comes after",
        FieldOperator::AtMost if text => "is or comes before",
        _ => operator.words(),
    }
}
