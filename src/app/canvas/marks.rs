//! Signs and words of elements: icon, family, names for screen readers, numbers.

use crate::app::icons::Icon;
use crate::app::theme::Family;
use crate::model::{self, Element, ElementKind, EventType, Port, Project, Until, words};

/// The icon of an element: a trigger or goal shows what it listens for.
pub fn icon(kind: &ElementKind) -> Icon {
    match kind {
        ElementKind::Trigger(listener) => match listener.on.event_type() {
            EventType::FormSubmitted => Icon::Form,
            EventType::Order => Icon::Purchase,
            EventType::Refund => Icon::Refund,
            EventType::TagAdded => Icon::TagAdd,
            EventType::TagRemoved => Icon::TagRemove,
            EventType::FieldUpdated => Icon::Field,
            EventType::EmailLinkClicked => Icon::LinkClick,
            EventType::Created => Icon::Created,
            EventType::AddedToAutomation => Icon::AddedToAutomation,
        },
        ElementKind::Goal(_) => Icon::Goal,
        ElementKind::Wait(wait) => match wait.until {
            Until::Goal => Icon::Target,
            Until::TimePasses(_) => Icon::Wait,
            Until::DayOfWeek { .. } => Icon::Weekday,
            Until::Date { .. } => Icon::Calendar,
        },
        ElementKind::Condition(_) => Icon::Condition,
        ElementKind::Split(_) => Icon::Split,
        ElementKind::Fork => Icon::Fork,
        ElementKind::GoTo(_) => Icon::GoTo,
        ElementKind::End => Icon::End,
        ElementKind::Exit => Icon::Exit,
        ElementKind::SendEmail(_) => Icon::Email,
        ElementKind::ChangeTags { .. } => Icon::Tag,
        ElementKind::UpdateField { .. } => Icon::Field,
    }
}

/// The family of an element, in the words of the looks.
pub fn family(kind: &ElementKind) -> Family {
    match kind.kind().info().family {
        model::Family::Trigger => Family::Trigger,
        model::Family::Action => Family::Action,
        model::Family::Filter => Family::Filter,
        model::Family::Goal => Family::Goal,
    }
}

/// What stands on a line that leaves here.
pub fn port_label(element: &Element, port: Port) -> Option<String> {
    match (port, &element.kind) {
        (Port::Yes, _) => Some("Yes".into()),
        (Port::No, _) => Some("No".into()),
        (Port::Path(place), ElementKind::Split(split)) => {
            let letter = char::from(b'A'.saturating_add(place));
            let share = split.shares.get(usize::from(place)).copied().unwrap_or(0);
            let (whole, part) = (share / 100, share % 100);
            let part = if part == 0 { String::new() } else { format!(".{part:02}") };
            Some(format!("{letter} {whole}{part} %"))
        }
        (Port::Timeout, ElementKind::Wait(wait)) => Some(match wait.until {
            Until::TimePasses(span) => format!("after {span}"),
            _ => "not achieved".into(),
        }),
        _ => None,
    }
}

/// `Wait: Wait 2 days`: the name of a card for screen readers and tests.
pub fn card_name(project: &Project, element: &Element) -> String {
    format!("{}: {}", element.kind.kind().info().title, words::title(project, element))
}

/// `What happens next after Wait 2 days, Yes`: the name of an open end.
pub fn open_end_name(project: &Project, element: &Element, port: Port) -> String {
    let title = words::title(project, element);
    match port_label(element, port) {
        Some(label) => format!("What happens next after {title}, {label}"),
        None if port == Port::Left => format!("What happens next after {title}, left"),
        None if port == Port::Right => format!("What happens next after {title}, right"),
        None => format!("What happens next after {title}"),
    }
}

/// `1,904`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_separator_every_three_digits() {
        for (number, text) in [(0, "0"), (999, "999"), (1904, "1,904"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(number), text);
        }
    }
}
