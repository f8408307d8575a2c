//! Lists of contacts: all of a project in Simulate, those behind a number in Performance. A million rows cost what is
//! in sight.

use std::sync::{Arc, Weak};

use egui::{ScrollArea, Ui};

use super::commands::WindowCommand;
use super::icons::Icon;
use super::parts::{self, Row, count};
use super::sim::Sim;
use super::state::Ask;
use super::theme::{self, window};
use crate::model::{Condition, ContactIx, People, Project, words};

/// The list of all contacts: what is searched, whom the filter lists, and what was found.
#[derive(Debug, Default)]
pub struct ContactList {
    query: String,
    filter: Option<Condition>,
    is_editing: bool,
    searched: Option<Searched>,
    found: Vec<ContactIx>,
}

/// What was searched. Tables are replaced whole, and so is whom the filter lists.
#[derive(Debug)]
struct Searched {
    query: String,
    people: Weak<People>,
    filtered: Option<Arc<Vec<ContactIx>>>,
}

impl Searched {
    fn is(&self, query: &str, people: &Arc<People>, filtered: Option<&Arc<Vec<ContactIx>>>) -> bool {
        let alike = match (&self.filtered, filtered) {
            (None, None) => true,
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            _ => false,
        };
        alike && self.query == query && self.people.as_ptr() == Arc::as_ptr(people)
    }
}

/// What a user does to the filter (semantics §6).
#[derive(Debug, Clone, PartialEq)]
pub enum FilterAct {
    /// Edits it on the right.
    Open,
    /// It asks for this from now on.
    Set(Condition),
    /// Goes back from editing.
    Close,
    /// Lists everybody again.
    Clear,
}

impl ContactList {
    /// The filter; `None`: everybody is listed.
    pub fn filter(&self) -> Option<&Condition> {
        self.filter.as_ref()
    }

    /// Whether the filter is edited on the right.
    pub fn is_editing(&self) -> bool {
        self.is_editing
    }

    /// Does something to the filter.
    pub fn change_filter(&mut self, act: FilterAct) {
        match act {
            FilterAct::Open => {
                self.filter.get_or_insert_default();
                self.is_editing = true;
            }
            FilterAct::Set(filter) => self.filter = Some(filter),
            FilterAct::Close => {
                self.is_editing = false;
                // one that asks for nothing is none
                self.filter.take_if(|filter| filter.is_always());
            }
            FilterAct::Clear => (self.filter, self.is_editing) = (None, false),
        }
    }

    /// Shows the list of all contacts.
    pub fn show(&mut self, ui: &mut Ui, project: &Project, sim: &mut Sim, asks: &mut Vec<Ask>) {
        let people = &project.people;
        if people.is_empty() {
            parts::section(ui, "Contacts");
            nobody(ui, asks);
            return;
        }
        ui.horizontal(|ui| {
            parts::section(ui, "Contacts");
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if Icon::Filter.button(ui, "Filter contacts").clicked() {
                    asks.push(Ask::Filter(FilterAct::Open));
                }
            });
        });
        parts::search(ui, &mut self.query, "Search contacts");
        let filtered = match &self.filter {
            Some(filter) if !filter.is_always() => {
                filter_line(ui, project, filter, asks);
                match who(ui, people, sim, filter) {
                    Some(filtered) => Some(filtered),
                    None => return,
                }
            }
            _ => None,
        };
        let all = self.query.trim().is_empty() && filtered.is_none();
        if !all {
            self.search(people, filtered.as_ref());
        }
        let number = if all { people.len() } else { self.found.len() };
        let line = if all {
            words::counted(number, "contact", "contacts")
        } else {
            format!("{} of {}", words::thousands(number), words::thousands(people.len()))
        };
        parts::caption(ui, line);
        if number == 0 && filtered.is_some_and(|filtered| filtered.is_empty()) {
            parts::empty(
                ui,
                Icon::Filter,
                "Nobody at the playhead",
                "At another moment some may fit the filter",
            );
            return;
        }
        if number == 0 {
            parts::empty(ui, Icon::Users, "No contact is called that", "Search by e-mail address or number");
            return;
        }
        let at = |row: usize| {
            if all { ContactIx(row as u32) } else { self.found.get(row).copied().unwrap_or(ContactIx(0)) }
        };
        rows(ui, people, number, at, sim.story().map(|story| story.contact), asks);
    }

    fn search(&mut self, people: &Arc<People>, filtered: Option<&Arc<Vec<ContactIx>>>) {
        let query = self.query.trim().to_lowercase();
        if self.searched.as_ref().is_some_and(|searched| searched.is(&query, people, filtered)) {
            return;
        }
        let fits = |key: &str| {
            key.contains(query.as_str())
                || (!key.is_ascii() || key.bytes().any(|b| b.is_ascii_uppercase()))
                    && key.to_lowercase().contains(query.as_str())
        };
        let is_called = |ix: &ContactIx| people.contact(*ix).is_some_and(|contact| fits(&contact.key));
        self.found = match filtered {
            Some(filtered) => filtered.iter().copied().filter(is_called).collect(),
            None => people.contacts().map(|(ix, _)| ix).filter(is_called).collect(),
        };
        self.searched = Some(Searched { query, people: Arc::downgrade(people), filtered: filtered.cloned() });
    }
}

/// What the filter asks for; a click edits it.
fn filter_line(ui: &mut Ui, project: &Project, filter: &Condition, asks: &mut Vec<Ask>) {
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if Icon::Close.button(ui, "Remove the filter").clicked() {
                asks.push(Ask::Filter(FilterAct::Clear));
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                let sentence = words::capitalised(&words::condition_in_words(project, filter));
                let words = format!("{} {sentence}", Icon::Filter.glyph());
                let words = egui::RichText::new(words).color(theme::palette(ui).accent_text);
                let line = egui::Button::new(words).frame(false).truncate();
                if ui.add(line).on_hover_text(format!("{sentence}. Click to change")).clicked() {
                    asks.push(Ask::Filter(FilterAct::Open));
                }
            });
        });
    });
}

/// Whom a filter lists; `None`: that cannot be said, for a reason that is shown.
fn who(ui: &mut Ui, people: &Arc<People>, sim: &mut Sim, filter: &Condition) -> Option<Arc<Vec<ContactIx>>> {
    let title = match sim.run() {
        None if sim.is_running() => "The run is under way",
        None => "Run to see who fits",
        Some(run) if !Arc::ptr_eq(&run.project.people, people) => "Run again: the contacts are others now",
        Some(_) => {
            let ctx = ui.ctx().clone();
            let Some(filtered) = sim.holding(filter, &ctx) else {
                ui.horizontal(|ui| {
                    ui.spinner();
                    ui.label("Looking for them");
                });
                return None;
            };
            return Some(filtered.contacts.clone());
        }
    };
    parts::empty(ui, Icon::Filter, title, "Who fits depends on the moment at which the playhead stands");
    None
}

/// A list of some contacts.
pub fn some(ui: &mut Ui, people: &People, contacts: &[ContactIx], asks: &mut Vec<Ask>) {
    let at = |row: usize| contacts.get(row).copied().unwrap_or(ContactIx(0));
    rows(ui, people, contacts.len(), at, None, asks);
}

fn rows(
    ui: &mut Ui,
    people: &People,
    number: usize,
    at: impl Fn(usize) -> ContactIx,
    picked: Option<ContactIx>,
    asks: &mut Vec<Ask>,
) {
    let quiet = theme::palette(ui).quiet;
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink([false, false]).show_rows(ui, window::ROW, number, |ui, visible| {
        for row in visible {
            let ix = at(row);
            let Some(contact) = people.contact(ix) else { continue };
            let events = people.events(ix).len();
            let right = count(events as u64);
            let row = Row {
                icon: Some((Icon::User, quiet)),
                title: &contact.key,
                right: &right,
                selected: picked == Some(ix),
                ..Row::default()
            };
            let tip = || words::counted(events, "event happens to it", "events happen to it");
            if row.show(ui).on_hover_text(tip()).clicked() {
                asks.push(Ask::Pick(Some(ix)));
            }
        }
    });
}

/// What stands where there are no contacts.
pub fn nobody(ui: &mut Ui, asks: &mut Vec<Ask>) {
    parts::empty(
        ui,
        Icon::Users,
        "No contacts yet",
        "A run sends contacts through the maps. Invent some, or read them from a file",
    );
    ui.vertical_centered(|ui| {
        let generate = parts::primary(ui, "Generate contacts…");
        if ui.add(generate).clicked() {
            asks.push(Ask::Do(WindowCommand::GenerateContacts));
        }
        if ui.button("Import contacts…").clicked() {
            asks.push(Ask::Do(WindowCommand::ImportContacts));
        }
    });
}
