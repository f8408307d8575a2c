//! A list that is searched while one types, and walked with the arrows: *What happens next?*, the command palette.

use egui::{Color32, Key, Modifiers, ScrollArea, Sense, Ui};

use super::icons::Icon;
use super::parts::{Row, caption, fuzzy, search};
use super::theme::{space, window};

/// Most rows that are listed; who wants others types more.
const MOST: usize = 200;

/// One thing that can be picked.
#[derive(Debug, Clone)]
pub struct Item<T> {
    /// What is picked.
    pub what: T,
    /// Its sign and the sign's colour.
    pub icon: Option<(Icon, Color32)>,
    /// Its name, which is searched.
    pub title: String,
    /// A quiet second line, which is searched too; empty: none.
    pub second: String,
    /// Words at the right end, such as a key.
    pub right: String,
    /// The heading that it stands under while nothing is searched for; empty: none.
    pub group: &'static str,
}

/// The text that is searched for and the row that Enter takes.
#[derive(Debug, Clone, Default)]
pub struct Picker {
    query: String,
    cursor: usize,
    shown: bool,
}

/// What the user did with the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked<T> {
    /// Nothing yet.
    Open,
    /// Took this.
    Took(T),
    /// Went away.
    Left,
}

impl Picker {
    /// What is searched for.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Shows the field and the list.
    pub fn show<T: Clone>(&mut self, ui: &mut Ui, hint: &str, items: &[Item<T>]) -> Picked<T> {
        let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        let (down, up) = (pressed(Key::ArrowDown), pressed(Key::ArrowUp));
        let (enter, leave) = (pressed(Key::Enter) > 0, pressed(Key::Escape) > 0);
        let field = search(ui, &mut self.query, hint);
        if !self.shown || !field.has_focus() {
            field.request_focus();
            self.shown = true;
        }
        if field.changed() {
            self.cursor = 0;
        }
        let found = self.found(items);
        let last = found.len().saturating_sub(1);
        self.cursor = (self.cursor + down).saturating_sub(up).min(last);
        if leave {
            return Picked::Left;
        }
        if enter {
            return found.get(self.cursor).map_or(Picked::Open, |item| Picked::Took(item.what.clone()));
        }
        if found.is_empty() {
            ui.label("Nothing is called that");
            return Picked::Open;
        }
        let mut took = Picked::Open;
        ui.spacing_mut().item_spacing.y = 0.0;
        // What floats keeps the height that it had when fewer rows were found, so the list asks for its own.
        let list = ScrollArea::vertical().max_height(window::PICKER_HEIGHT).auto_shrink([false, true]);
        list.min_scrolled_height(window::PICKER_HEIGHT).show(ui, |ui| {
            let mut group = "";
            for (at, item) in found.iter().enumerate() {
                // What is found stands by how well it fits, not by group.
                if self.query.trim().is_empty() && item.group != group {
                    group = item.group;
                    ui.add_space(space::XS);
                    caption(ui, group);
                }
                let row = Row {
                    icon: item.icon,
                    title: &item.title,
                    second: &item.second,
                    right: &item.right,
                    selected: at == self.cursor,
                    sense: Sense::click(),
                    ..Row::default()
                };
                let response = row.show(ui);
                if at == self.cursor && (down > 0 || up > 0) {
                    response.scroll_to_me(None);
                }
                if response.clicked() {
                    took = Picked::Took(item.what.clone());
                }
            }
        });
        took
    }

    /// What fits the query, the best first; without a query all of it in its order.
    fn found<'a, T>(&self, items: &'a [Item<T>]) -> Vec<&'a Item<T>> {
        if self.query.trim().is_empty() {
            return items.iter().take(MOST).collect();
        }
        let rate = |item: &Item<T>| {
            let around =
                |words: &str| fuzzy(&self.query, words).filter(|score| *score > 0).map(|score| score - 40);
            fuzzy(&self.query, &item.title).max(around(&item.second)).max(around(item.group))
        };
        let mut rated: Vec<_> = items.iter().filter_map(|item| Some((rate(item)?, item))).collect();
        rated.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        rated.into_iter().map(|(_, item)| item).take(MOST).collect()
    }
}
