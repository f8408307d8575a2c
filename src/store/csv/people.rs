//! Contacts by their keys, and the table of all contacts and events that comes of an import.

use std::collections::HashMap;
use std::sync::Arc;

use super::{CsvError, Reason};
use crate::base::time::Instant;
use crate::model::{Contact, ContactIx, Event, Happening, People, Project};

/// Contacts of the project and of the file.
pub(super) struct Contacts<'a> {
    project: &'a Project,
    by_key: HashMap<Arc<str>, ContactIx>,
    new: Vec<Contact>,
    /// Creations that the file tells, of contacts whose record does not.
    created: HashMap<ContactIx, Instant>,
}

/// What a key's text stands for: programs that know only one type of number write 17850 as 17850.0 in columns with
/// gaps.
pub(super) fn bare_number(text: &str) -> &str {
    match text.strip_suffix(".0") {
        Some(number) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => number,
        _ => text,
    }
}

impl<'a> Contacts<'a> {
    pub(super) fn of(project: &'a Project) -> Self {
        Self { project, by_key: project.people.by_key(), new: vec![], created: HashMap::new() }
    }

    /// The contact with this key.
    pub(super) fn find(&self, key: &str) -> Option<ContactIx> {
        self.by_key.get(key).or_else(|| self.by_key.get(bare_number(key))).copied()
    }

    /// The contact with this key, a new one if there is none and `create` says so.
    pub(super) fn find_or_add(&mut self, key: &str, create: bool) -> Result<ContactIx, Reason> {
        match self.find(key) {
            Some(ix) => Ok(ix),
            None if create => Ok(self.add(Contact { key: bare_number(key).into(), ..Contact::default() })),
            None => Err(format!("there is no contact “{key}”").into()),
        }
    }

    /// Adds a contact whose key is free.
    pub(super) fn add(&mut self, contact: Contact) -> ContactIx {
        // Whether there are too many is asked at the end; until then a number that ran over only names a wrong contact.
        let ix = ContactIx((self.project.people.len() + self.new.len()) as u32);
        self.by_key.insert(contact.key.clone(), ix);
        self.new.push(contact);
        ix
    }

    /// Whether the contact is one of the project and not of the file.
    pub(super) fn is_old(&self, ix: ContactIx) -> bool {
        ix.index() < self.project.people.len()
    }

    /// When the contact was created, as far as is known.
    pub(super) fn created(&self, ix: ContactIx) -> Option<Instant> {
        let events = self.project.people.events(ix).iter();
        let told = self.created.get(&ix).copied();
        told.or_else(|| events.filter(|event| event.what == Happening::Created).map(|event| event.at).next())
    }

    /// Remembers a creation that the file tells.
    pub(super) fn note_created(&mut self, ix: ContactIx, at: Instant) {
        self.created.insert(ix, at);
    }

    /// The new contacts.
    pub(super) fn new_mut(&mut self) -> &mut [Contact] {
        &mut self.new
    }

    /// All contacts and events of the project and the file, and how many contacts are new.
    pub(super) fn finish(self, events: Vec<(ContactIx, Event)>) -> Result<(People, usize), CsvError> {
        let most = u32::MAX as usize;
        let people = &self.project.people;
        if people.len() + self.new.len() > most {
            return Err(CsvError::TooMany("contacts"));
        }
        // Creations that records imply come on top.
        if people.event_count() + events.len() + self.new.len() > most {
            return Err(CsvError::TooMany("events"));
        }
        let new = self.new.len();
        let people = people.with(self.new, events).expect("a contact is only added where its key is free");
        Ok((people, new))
    }
}
