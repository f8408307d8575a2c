//! Signs and words of elements: family, names for screen readers, numbers.

use crate::app::theme::Family;
use crate::model::{Element, ElementKind, Port, Project, words};

/// The family of an element, in the words of the looks.
pub fn family(kind: &ElementKind) -> Family {
    kind.kind().info().family.into()
}

/// `Wait: Wait 2 days`: the name of a card for screen readers and tests.
pub fn card_name(project: &Project, element: &Element) -> String {
    let draft = if element.draft { ", draft" } else { "" };
    format!("{}: {}{draft}", element.kind.kind().info().title, words::title(project, element))
}

/// `What happens next after Wait 2 days, Yes`: the name of an open end.
pub fn open_end_name(project: &Project, element: &Element, port: Port) -> String {
    let (title, label) = (words::title(project, element), words::port_label(project, element, port));
    let separator = if label.is_empty() { "" } else { ", " };
    format!("What happens next after {title}{separator}{label}")
}

/// `1,904`.
pub fn thousands(number: u64) -> String {
    words::thousands(usize::try_from(number).unwrap_or(usize::MAX))
}
