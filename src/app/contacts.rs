//! Lists of contacts: all of a project in Simulate, those behind a number in Performance. A million rows cost what is
//! in sight.

use egui::{ScrollArea, Ui};

use super::commands::WindowCommand;
use super::icons::Icon;
use super::parts::{self, Row, count};
use super::state::Ask;
use super::theme::{self, window};
use crate::model::{ContactIx, People, Project, words};

/// The search in the list of contacts, and what it found.
#[derive(Debug, Default)]
pub struct ContactList {
    query: String,
    /// What was searched in which table, by its address: tables are replaced whole.
    searched: Option<(String, usize)>,
    found: Vec<ContactIx>,
}

impl ContactList {
    /// Shows the list of all contacts.
    pub fn show(&mut self, ui: &mut Ui, project: &Project, picked: Option<ContactIx>, asks: &mut Vec<Ask>) {
        let people = &project.people;
        parts::section(ui, "Contacts");
        if people.is_empty() {
            nobody(ui, asks);
            return;
        }
        parts::search(ui, &mut self.query, "Search contacts");
        let all = self.query.trim().is_empty();
        if !all {
            self.search(people);
        }
        let number = if all { people.len() } else { self.found.len() };
        let line = if all {
            words::counted(number, "contact", "contacts")
        } else {
            format!("{} of {}", words::thousands(number), words::thousands(people.len()))
        };
        parts::caption(ui, line);
        if number == 0 {
            parts::empty(ui, Icon::Users, "No contact is called that", "Search by e-mail address or number");
            return;
        }
        let at = |row: usize| {
            if all { ContactIx(row as u32) } else { self.found.get(row).copied().unwrap_or(ContactIx(0)) }
        };
        rows(ui, people, number, at, picked, asks);
    }

    fn search(&mut self, people: &std::sync::Arc<People>) {
        let asked = (self.query.trim().to_lowercase(), std::sync::Arc::as_ptr(people) as usize);
        if self.searched.as_ref() == Some(&asked) {
            return;
        }
        let query = &asked.0;
        let fits = |key: &str| {
            key.contains(query.as_str())
                || (!key.is_ascii() || key.bytes().any(|b| b.is_ascii_uppercase()))
                    && key.to_lowercase().contains(query)
        };
        self.found = people.contacts().filter(|(_, contact)| fits(&contact.key)).map(|(ix, _)| ix).collect();
        self.searched = Some(asked);
    }
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
