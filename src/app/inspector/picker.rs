//! A dropdown with a search field, for lists of any length, that can make what it does not find.

use egui::{Id, Key, PopupCloseBehavior, RichText, ScrollArea, Ui};

use crate::app::icons::Icon;
use crate::app::theme::{self, space};
use crate::app::widgets;
use crate::model::words;

/// Rows shown at once. Whoever has more is faster typing than scrolling.
const SHOWN: usize = 50;

/// What is being searched for, by picker; only open pickers have an entry.
#[derive(Debug, Default)]
pub(super) struct Searches(egui::IdMap<String>);

/// What was picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Picked<K> {
    /// A thing of the list.
    Known(K),
    /// A thing with this name that is still to be made, and in which of the ways offered.
    New(String, usize),
}

/// A picker and what it offers.
pub(super) struct Picker<'a> {
    /// Tells pickers on one page apart.
    pub salt: &'a str,
    /// Its name for screen readers; empty: the caller names it.
    pub name: &'a str,
    /// What it shows while it is closed.
    pub shown: &'a str,
    /// Ways to make a thing that is not in the list: `Create tag`. Empty: it cannot.
    pub ways: &'a [&'a str],
}

impl Searches {
    /// Shows the picker; `rows` is asked only while it is open. A click on what is picked already picks it again.
    pub fn pick<K: Copy + PartialEq>(
        &mut self,
        ui: &mut Ui,
        picker: &Picker<'_>,
        current: Option<K>,
        rows: impl FnOnce() -> Vec<(K, String)>,
    ) -> (egui::Response, Option<Picked<K>>) {
        let id = ui.make_persistent_id(picker.salt);
        let button = widgets::dropdown_button(ui, picker.shown);
        // A popup of our own: the list of egui's dropdown scrolls the search field away, and keeps the height that it
        // had when fewer rows were found.
        let shown = egui::Popup::menu(&button)
            .id(id.with("popup"))
            .width(button.rect.width())
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            // Rows with room around them, as in dropdowns; menus have less.
            .style(egui::style::StyleModifier::default())
            .show(|ui| self.open(ui, id, picker, current, rows()));
        if shown.is_none() {
            self.0.remove(&id);
        }
        let button = if picker.name.is_empty() { button } else { button.accessible_name(picker.name) };
        (button, shown.and_then(|shown| shown.inner))
    }

    fn open<K: Copy + PartialEq>(
        &mut self,
        ui: &mut Ui,
        id: Id,
        picker: &Picker<'_>,
        current: Option<K>,
        rows: Vec<(K, String)>,
    ) -> Option<Picked<K>> {
        let opened = !self.0.contains_key(&id);
        let typed = self.0.entry(id).or_default();
        let hint = if picker.ways.is_empty() { "Search" } else { "Search or create" };
        let field = widgets::text_field(ui, id.with("search"), typed, hint, f32::INFINITY);
        if opened {
            field.request_focus();
        }
        let field = field.accessible_name("Search");
        let enter = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));

        // The field keeps the arrows for itself, so the way down into the list is made here.
        let down = field.has_focus() && ui.input(|input| input.key_pressed(Key::ArrowDown));

        let name = typed.trim().to_owned();
        let (matches, more) = matching(&rows, &name);
        let exact = matches.iter().any(|(_, row)| row.to_lowercase() == name.to_lowercase());
        let mut picked = match matches.first() {
            Some((key, _)) if enter && !name.is_empty() => Some(Picked::Known(*key)),
            None if enter && !name.is_empty() && !picker.ways.is_empty() => {
                Some(Picked::New(name.clone(), 0))
            }
            _ => None,
        };
        ui.add_space(space::XS);
        let list =
            ScrollArea::vertical().max_height(theme::PICKER_LIST).min_scrolled_height(theme::PICKER_LIST);
        list.show(ui, |ui| {
            ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.set_width(ui.available_width());
            let room = ui.available_width() - 2.0 * ui.spacing().button_padding.x;
            for (place, (key, row)) in matches.iter().enumerate() {
                // While something is typed, the mark is on what Enter takes.
                let marked = if name.is_empty() { current == Some(*key) } else { place == 0 };
                let shown = ui.selectable_label(marked, row.as_str());
                if place == 0 && down {
                    shown.request_focus();
                }
                if widgets::tell_whole(ui, shown, row, room).clicked() {
                    picked = Some(Picked::Known(*key));
                }
            }
            if more > 0 {
                ui.add_space(space::XS);
                widgets::help(ui, &format!("{} more: type to narrow down", words::thousands(more)));
            }
            if matches.is_empty() && (name.is_empty() || picker.ways.is_empty()) {
                let nothing = match (name.is_empty(), picker.ways) {
                    (true, []) => "Nothing to choose",
                    (true, _) => "Nothing more to choose: type a name to create one",
                    (false, _) => "Nothing is called that",
                };
                widgets::help(ui, nothing);
            }
            if !name.is_empty() && !exact {
                let color = theme::palette(ui).accent_text;
                for (way, words) in picker.ways.iter().enumerate() {
                    let words = format!("{} {words} “{name}”", Icon::Plus.glyph());
                    if ui.selectable_label(false, RichText::new(words).color(color)).clicked() {
                        picked = Some(Picked::New(name.clone(), way));
                    }
                }
            }
        });
        if picked.is_some() {
            ui.close();
        }
        picked
    }
}

/// The first rows that hold the words typed, those that start with them before the others, and how many more there are.
fn matching<K: Copy>(rows: &[(K, String)], typed: &str) -> (Vec<(K, String)>, usize) {
    let typed = typed.to_lowercase();
    let (mut first, mut second) = (vec![], vec![]);
    let mut count = 0;
    for (key, name) in rows {
        let lower = name.to_lowercase();
        let list = if lower.starts_with(&typed) {
            &mut first
        } else if lower.contains(&typed) {
            &mut second
        } else {
            continue;
        };
        count += 1;
        if list.len() < SHOWN {
            list.push((*key, name.clone()));
        }
    }
    first.extend(second);
    first.truncate(SHOWN);
    let more = count - first.len();
    (first, more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_fifty_are_shown_and_starts_come_first() {
        let rows: Vec<_> = (0..4_000).map(|number| (number, format!("Product {number}"))).collect();
        let (shown, more) = matching(&rows, "");
        assert_eq!((shown.len(), more), (SHOWN, 4_000 - SHOWN));
        let (shown, more) = matching(&rows, "3999");
        assert_eq!((shown, more), (vec![(3_999, "Product 3999".to_owned())], 0));
        let rows = [(1, "Blue book".to_owned()), (2, "Book".to_owned())];
        assert_eq!(matching(&rows, "BOOK").0.iter().map(|row| row.0).collect::<Vec<_>>(), [2, 1]);
    }
}
