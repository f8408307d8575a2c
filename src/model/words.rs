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
