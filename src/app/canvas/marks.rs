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

/// `Wait: Wait 2 days`: the name of a card for screen readers and tests.
pub fn card_name(project: &Project, element: &Element) -> String {
    format!("{}: {}", element.kind.kind().info().title, words::title(project, element))
}

/// `What happens next after Wait 2 days, Yes`: the name of an open end.
pub fn open_end_name(project: &Project, element: &Element, port: Port) -> String {
    let (title, label) = (words::title(project, element), words::port_label(element, port));
    let separator = if label.is_empty() { "" } else { ", " };
    format!("What happens next after {title}{separator}{label}")
}

/// `1,904`.
pub fn thousands(number: u64) -> String {
    words::thousands(usize::try_from(number).unwrap_or(usize::MAX))
}
