//! Maps, elements and conditions in words: titles and quiet lines of cards, reports and the command.

use super::element::Element;
use super::project::Project;

/// The title of a card: the element's own name, or what it does.
pub fn title(project: &Project, element: &Element) -> String {
    let _ = project;
    if element.name.is_empty() { element.kind.kind().info().title.to_owned() } else { element.name.clone() }
}

/// The quiet line under the title: its settings in words.
pub fn summary(project: &Project, element: &Element) -> String {
    let _ = (project, element);
    String::new()
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
