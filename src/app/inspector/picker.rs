//! A dropdown with a search field, for lists of any length, that can make what it does not find. Everything in it can be
//! done from the keyboard: type, arrows, Enter.

use egui::{Align, Id, Key, Modifiers, PopupCloseBehavior, Response, RichText, ScrollArea, Ui};

use crate::app::icons::Icon;
use crate::app::parts::sentence;
use crate::app::theme::{self, space, text, window};
use crate::app::widgets;
use crate::model::words;

/// Rows shown at once. Whoever has more is faster typing than scrolling.
const SHOWN: usize = 50;

/// What is being searched for, by picker; only open pickers have an entry.
#[derive(Debug, Default)]
pub(super) struct Searches(egui::IdMap<Search>);

#[derive(Debug, Default)]
struct Search {
    typed: String,
    /// The row that the arrows went to since something was typed.
    cursor: Option<usize>,
}

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

/// One row of a list with headings.
pub(super) struct Row<K> {
    /// What is picked.
    pub key: K,
    /// Its words.
    pub words: String,
    /// One sentence about it, which is searched too; empty: none.
    pub help: &'static str,
    /// The heading it stands under; empty: none.
    pub group: &'static str,
}

impl Searches {
    /// Shows the picker; `rows` is asked only while it is open. A click on what is picked already picks it again.
    pub fn pick<K: Copy + PartialEq>(
        &mut self,
        ui: &mut Ui,
        picker: &Picker<'_>,
        current: Option<K>,
        rows: impl FnOnce() -> Vec<(K, String)>,
    ) -> (Response, Option<Picked<K>>) {
        let plain = |(key, words)| Row { key, words, help: "", group: "" };
        self.pick_row(ui, picker, current, || rows().into_iter().map(plain).collect())
    }

    /// The same with headings and sentences.
    pub fn pick_row<K: Copy + PartialEq>(
        &mut self,
        ui: &mut Ui,
        picker: &Picker<'_>,
        current: Option<K>,
        rows: impl FnOnce() -> Vec<Row<K>>,
    ) -> (Response, Option<Picked<K>>) {
        let button = widgets::dropdown_button(ui, picker.shown);
        self.below(ui, button, picker, current, rows)
    }

    /// A button that opens the list, to add what is picked.
    pub fn add_row<K: Copy + PartialEq>(
        &mut self,
        ui: &mut Ui,
        picker: &Picker<'_>,
        rows: impl FnOnce() -> Vec<Row<K>>,
    ) -> Option<K> {
        let button = ui.button(format!("{} {}", Icon::Plus.glyph(), picker.shown));
        match self.below(ui, button, picker, None, rows).1 {
            Some(Picked::Known(key)) => Some(key),
            _ => None,
        }
    }

    fn below<K: Copy + PartialEq>(
        &mut self,
        ui: &mut Ui,
        button: Response,
        picker: &Picker<'_>,
        current: Option<K>,
        rows: impl FnOnce() -> Vec<Row<K>>,
    ) -> (Response, Option<Picked<K>>) {
        let id = ui.make_persistent_id(picker.salt);
        // A popup of our own: the list of egui's dropdown scrolls the search field away, and keeps the height that it
        // had when fewer rows were found. A narrow button has a list as wide as the panel.
        let shown = egui::Popup::menu(&button)
            .id(id.with("popup"))
            .width(button.rect.width().max(window::RIGHT - 2.0 * space::L))
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            // Rows with room around them, as in dropdowns; menus have less.
            .style(egui::style::StyleModifier::default())
            .show(|ui| self.open(ui, id, picker, current, &rows()));
        let (picked, entered) = match shown {
            Some(shown) => shown.inner,
            None => {
                self.0.remove(&id);
                (None, false)
            }
        };
        if entered {
            // Who picks from the keyboard goes on from where the list was opened.
            button.request_focus();
        }
        let button = if picker.name.is_empty() { button } else { button.accessible_name(picker.name) };
        (button, picked)
    }

    /// The search field and the list. Returns what was picked, and whether by Enter in the field.
    fn open<K: Copy + PartialEq>(
        &mut self,
        ui: &mut Ui,
        id: Id,
        picker: &Picker<'_>,
        current: Option<K>,
        rows: &[Row<K>],
    ) -> (Option<Picked<K>>, bool) {
        let opened = !self.0.contains_key(&id);
        let search = self.0.entry(id).or_default();
        let field_id = id.with("search");
        let typing = ui.memory(|memory| memory.has_focus(field_id));
        // Taken before the field sees them: it would move its cursor, and leave at Enter.
        let pressed = |key| {
            let consume = || ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
            if typing { consume() } else { 0 }
        };
        let (down, up) = (pressed(Key::ArrowDown), pressed(Key::ArrowUp));
        let enter = pressed(Key::Enter) > 0;

        let hint = if picker.ways.is_empty() { "Search" } else { "Search or create" };
        let field = widgets::text_field(ui, field_id, &mut search.typed, hint, f32::INFINITY);
        if opened {
            field.request_focus();
        }
        if field.accessible_name("Search").changed() {
            search.cursor = None;
        }
        let name = search.typed.trim().to_owned();
        let (matches, more) = matching(rows, &name);
        let exact = matches.iter().any(|row| row.words.to_lowercase() == name.to_lowercase());
        let ways = if name.is_empty() || exact { &[][..] } else { picker.ways };

        // While something is typed, the mark is on what Enter takes.
        let is_current = |row: &&Row<K>| current == Some(row.key);
        let resting = if name.is_empty() { matches.iter().position(is_current) } else { Some(0) };
        let moved = down > 0 || up > 0;
        if moved {
            search.cursor = Some(step(search.cursor.or(resting), down, up, matches.len() + ways.len()));
        }
        let cursor = search.cursor.or(resting);
        let look_for = |place: usize| (moved || opened) && cursor == Some(place);
        let at = |place: usize| match matches.get(place) {
            Some(row) => Some(Picked::Known(row.key)),
            None => {
                let way = place - matches.len();
                (way < ways.len()).then(|| Picked::New(name.clone(), way))
            }
        };
        let entered = cursor.filter(|_| enter).and_then(at);
        let mut picked = None;

        ui.add_space(space::XS);
        let list =
            ScrollArea::vertical().max_height(theme::PICKER_LIST).min_scrolled_height(theme::PICKER_LIST);
        list.show(ui, |ui| {
            ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.set_width(ui.available_width());
            let room = ui.available_width() - 2.0 * ui.spacing().button_padding.x;
            let mut group = "";
            for (place, row) in matches.iter().enumerate() {
                // What is found stands by how well it fits, not by group.
                if name.is_empty() && row.group != group {
                    group = row.group;
                    heading(ui, group, place == 0);
                }
                let shown = ui.selectable_label(cursor == Some(place), row.words.as_str());
                if look_for(place) {
                    shown.scroll_to_me(opened.then_some(Align::Center));
                }
                let mut shown = widgets::tell_whole(ui, shown, &row.words, room);
                if !row.help.is_empty() {
                    shown = shown.on_hover_text(row.help);
                }
                if shown.clicked() {
                    picked = at(place);
                }
            }
            if more > 0 {
                ui.add_space(space::XS);
                widgets::help(ui, &format!("{} more: type to narrow down", words::thousands(more)));
            }
            if matches.is_empty() && ways.is_empty() {
                let nothing = match (name.is_empty(), picker.ways) {
                    (true, []) => "Nothing to choose",
                    (true, _) => "Nothing more to choose: type a name to create one",
                    (false, _) => "Nothing is called that",
                };
                widgets::help(ui, nothing);
            }
            let color = theme::palette(ui).accent_text;
            for (place, words) in (matches.len()..).zip(ways) {
                let words = format!("{} {words} “{name}”", Icon::Plus.glyph());
                let shown = ui.selectable_label(cursor == Some(place), RichText::new(words).color(color));
                if look_for(place) {
                    shown.scroll_to_me(opened.then_some(Align::Center));
                }
                if shown.clicked() {
                    picked = at(place);
                }
            }
        });
        let by_enter = entered.is_some();
        let picked = entered.or(picked);
        if picked.is_some() {
            ui.close();
        }
        (picked, by_enter)
    }
}

/// What stands above the rows of a group.
fn heading(ui: &mut Ui, words: &str, first: bool) {
    if !first {
        ui.add_space(space::S);
    }
    let quiet = theme::palette(ui).quiet;
    ui.horizontal(|ui| {
        ui.add_space(ui.spacing().button_padding.x);
        ui.label(RichText::new(sentence(words)).font(theme::strong(text::CAPTION)).color(quiet));
    });
    ui.add_space(space::XS);
}

/// Where the arrows lead among so many rows; the first press enters the list at its end.
fn step(at: Option<usize>, down: usize, up: usize, count: usize) -> usize {
    let at = match at {
        Some(at) => at + down,
        None => down.saturating_sub(1),
    };
    at.saturating_sub(up).min(count.saturating_sub(1))
}

/// The first rows that fit what is typed, the best before the others, and how many more there are.
fn matching<'a, K>(rows: &'a [Row<K>], typed: &str) -> (Vec<&'a Row<K>>, usize) {
    let typed = typed.to_lowercase();
    let mut found: Vec<_> = rows.iter().filter_map(|row| Some((rank(row, &typed)?, row))).collect();
    found.sort_by_key(|(rank, _)| *rank);
    let more = found.len().saturating_sub(SHOWN);
    (found.into_iter().take(SHOWN).map(|(_, row)| row).collect(), more)
}

/// How well a row fits what is typed, 0 the best: it is just that, starts so, holds it, or holds each of its words
/// somewhere, then also in its sentence and heading.
fn rank<K>(row: &Row<K>, typed: &str) -> Option<u8> {
    let words = row.words.to_lowercase();
    let holds_each = |text: &str| typed.split_whitespace().all(|word| text.contains(word));
    let around = || format!("{words} {} {}", row.help, row.group).to_lowercase();
    match () {
        () if words == typed => Some(0),
        () if words.starts_with(typed) => Some(1),
        () if words.contains(typed) => Some(2),
        () if holds_each(&words) => Some(3),
        () if !row.help.is_empty() && holds_each(&around()) => Some(4),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(names: &[&str]) -> Vec<Row<usize>> {
        let row = |(key, words): (usize, &&str)| Row { key, words: (*words).into(), help: "", group: "" };
        names.iter().enumerate().map(row).collect()
    }

    fn found(rows: &[Row<usize>], typed: &str) -> Vec<usize> {
        matching(rows, typed).0.iter().map(|row| row.key).collect()
    }

    #[test]
    fn the_first_fifty_are_shown_and_the_best_come_first() {
        let names: Vec<_> = (0..4_000).map(|number| format!("Product {number}")).collect();
        let many = rows(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let (shown, more) = matching(&many, "");
        assert_eq!((shown.len(), more), (SHOWN, 4_000 - SHOWN));
        assert_eq!(found(&many, "3999"), [3_999]);
        let books = rows(&["Blue book", "Booklet", "Book"]);
        assert_eq!(found(&books, "BOOK"), [2, 1, 0]);
        assert_eq!(found(&books, "book blue"), [0]);
    }

    #[test]
    fn sentences_and_headings_are_searched_last() {
        let row = |key, words: &str, help, group| Row { key, words: words.into(), help, group };
        let rows = [
            row(0, "Purchases a product", "The contact buys something", "Sales"),
            row(1, "Buys again", "Later", "Sales"),
        ];
        assert_eq!(found(&rows, "buys"), [1, 0]);
        assert_eq!(found(&rows, "sales"), [0, 1]);
        assert!(found(&rows, "refund").is_empty());
    }

    #[test]
    fn arrows_stay_in_the_list() {
        assert_eq!(step(None, 1, 0, 5), 0);
        assert_eq!(step(None, 0, 1, 5), 0);
        assert_eq!(step(Some(0), 1, 0, 5), 1);
        assert_eq!(step(Some(4), 1, 0, 5), 4);
        assert_eq!(step(Some(0), 0, 1, 5), 0);
        assert_eq!(step(Some(0), 1, 0, 0), 0);
    }
}
