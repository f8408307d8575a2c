//! Contacts and what happens to them, as one immutable table: edits replace it whole, so that runs can share it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::catalogue::ItemId;
use super::event::{EmailStatus, Event, Happening, HappeningKind, MembershipStatus, SmsStatus};
use super::refs::Named;
use super::value::Value;
use crate::base::id::{FieldId, LevelId, ListId, MemberId, RelationshipId, SiteId, TagId};
use crate::base::time::Instant;

/// The place of a contact in the table, from 0. It is its identity for chance, so contacts are only ever appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ContactIx(pub u32);

impl ContactIx {
    /// As an index.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A contact's record before anything happens.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// What people call it by: an e-mail address or a number. Unique in the project.
    pub key: Arc<str>,
    /// When the record was created; `None`: unknown, then *contact is created* never happens to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Instant>,
    /// Its own time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Tz>,
    /// Its tags, sorted.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub tags: Box<[TagId]>,
    /// Its filled fields, sorted by field.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub fields: Box<[(FieldId, Value)]>,
    /// What few records say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<Box<MoreOfContact>>,
}

impl Contact {
    /// Its tags, lists, levels, sites and relationships.
    fn holds(&self) -> impl Iterator<Item = Named> + '_ {
        let tags = self.tags.iter().map(|tag| ItemId::Tag(*tag));
        let more = self.more.iter().flat_map(|more| {
            let lists = more.lists.iter().map(|list| ItemId::List(*list));
            let levels = more.levels.iter().map(|level| ItemId::Level(*level));
            let sites = more.memberships.iter().map(|(site, _)| ItemId::Site(*site));
            let kinds = more.relationships.iter().map(|(kind, _)| ItemId::Relationship(*kind));
            lists.chain(levels).chain(sites).chain(kinds)
        });
        tags.chain(more).map(Named::Item)
    }
}

/// The part of a contact's record that says nothing for most: kept apart so that a million contacts stay small.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MoreOfContact {
    /// Which e-mail it may get.
    pub email_status: EmailStatus,
    /// Whether it may get text messages.
    pub sms_status: SmsStatus,
    /// Whose lead it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<MemberId>,
    /// The fulfilment lists it is on, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<ListId>,
    /// Its WordPress levels, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelId>,
    /// Its memberships, sorted by site.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub memberships: Vec<(SiteId, MembershipStatus)>,
    /// Its relationships with other records, by kind and name, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relationships: Vec<(RelationshipId, Arc<str>)>,
}

/// All contacts of a project and all events that happen to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct People {
    contacts: Vec<Contact>,
    /// Events by contact, then by time; events of a contact at one instant keep the order in which they were given
    /// (M-13). Between contacts that order is not kept: theirs decides.
    events: Vec<Event>,
    /// Where the events of each contact begin; one more entry than there are contacts.
    starts: Vec<u32>,
    gist: OnceGist,
}

/// What contacts and events come to, for the checks: which events there are at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gist {
    /// Kinds of events that there are.
    pub kinds: BTreeSet<HappeningKind>,
    /// What events of each kind name.
    pub named: BTreeSet<(HappeningKind, Named)>,
    /// For how many contacts each field is filled, from the start or by an event.
    pub filled: BTreeMap<FieldId, usize>,
    /// Tags, lists, levels, sites and relationships that some contact has from the start.
    pub held: BTreeSet<Named>,
    /// When the first event happens.
    pub first: Option<Instant>,
}

/// The table never changes, so its gist is worked out once, when it is first asked for. It is no part of what the table
/// says.
#[derive(Debug, Clone, Default)]
struct OnceGist(OnceLock<Box<Gist>>);

impl PartialEq for OnceGist {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for OnceGist {}

impl Default for People {
    fn default() -> Self {
        Self { contacts: vec![], events: vec![], starts: vec![0], gist: OnceGist::default() }
    }
}

/// A contact key that stands twice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the contact \"{0}\" stands twice")]
pub struct TwiceError(pub Arc<str>);

impl People {
    /// A table from contacts and their events, the latter in any order: they are sorted by contact and time, and events
    /// of one contact at one instant stay in the order given. A contact with a creation instant gets the event
    /// *contact is created* there, before the others of that instant, unless the events already have one.
    ///
    /// Events of contacts that do not exist are the caller's mistake and are dropped.
    pub fn new(contacts: Vec<Contact>, events: Vec<(ContactIx, Event)>) -> Result<Self, TwiceError> {
        {
            let mut seen = HashMap::with_capacity(contacts.len());
            for (index, contact) in contacts.iter().enumerate() {
                if seen.insert(&*contact.key, index).is_some() {
                    return Err(TwiceError(contact.key.clone()));
                }
            }
        }
        Ok(Self::assemble(contacts, events))
    }

    fn assemble(contacts: Vec<Contact>, mut events: Vec<(ContactIx, Event)>) -> Self {
        events.retain(|(contact, _)| contact.index() < contacts.len());
        let mut created = vec![false; contacts.len()];
        for (contact, event) in &events {
            created[contact.index()] |= event.what == Happening::Created;
        }
        let missing: Vec<_> = contacts
            .iter()
            .zip(&created)
            .enumerate()
            .filter(|(_, (_, created))| !**created)
            .filter_map(|(index, (contact, _))| {
                let at = contact.created?;
                Some((ContactIx(index as u32), Event { at, what: Happening::Created }))
            })
            .collect();
        events.splice(0..0, missing);
        events.sort_by_key(|(contact, event)| (*contact, event.at)); // stable: the order given stays
        let mut starts = Vec::with_capacity(contacts.len() + 1);
        starts.push(0);
        let mut end = 0;
        for index in 0..contacts.len() {
            end += events[end..].iter().take_while(|(contact, _)| contact.index() == index).count();
            starts.push(end as u32);
        }
        let events = events.into_iter().map(|(_, event)| event).collect();
        Self { contacts, events, starts, gist: OnceGist::default() }
    }

    /// Number of contacts.
    pub fn len(&self) -> usize {
        self.contacts.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.contacts.is_empty()
    }

    /// All contacts with their place.
    pub fn contacts(&self) -> impl ExactSizeIterator<Item = (ContactIx, &Contact)> {
        self.contacts.iter().enumerate().map(|(index, contact)| (ContactIx(index as u32), contact))
    }

    /// One contact.
    #[inline]
    pub fn contact(&self, ix: ContactIx) -> Option<&Contact> {
        self.contacts.get(ix.index())
    }

    /// The events of one contact by time; none for a contact that does not exist.
    #[inline]
    pub fn events(&self, ix: ContactIx) -> &[Event] {
        match (self.starts.get(ix.index()), self.starts.get(ix.index() + 1)) {
            (Some(&start), Some(&end)) => &self.events[start as usize..end as usize],
            _ => &[],
        }
    }

    /// Number of events of all contacts.
    pub fn event_count(&self) -> usize {
        self.events.len()
    }

    /// All events with their contact, by contact and time.
    pub fn all_events(&self) -> impl Iterator<Item = (ContactIx, &Event)> {
        self.contacts().flat_map(|(ix, _)| self.events(ix).iter().map(move |event| (ix, event)))
    }

    /// The contact with this key. Linear: callers with many keys build [`People::by_key`] once.
    pub fn find(&self, key: &str) -> Option<ContactIx> {
        self.contacts().find(|(_, contact)| &*contact.key == key).map(|(ix, _)| ix)
    }

    /// All contacts by key.
    pub fn by_key(&self) -> HashMap<Arc<str>, ContactIx> {
        self.contacts().map(|(ix, contact)| (contact.key.clone(), ix)).collect()
    }

    /// First and last instant at which something happens; `None` where nothing does.
    pub fn span(&self) -> Option<(Instant, Instant)> {
        let first = self.events.iter().map(|event| event.at).min()?;
        let last = self.events.iter().map(|event| event.at).max()?;
        Some((first, last))
    }

    /// What contacts and events come to.
    pub fn gist(&self) -> &Gist {
        self.gist.0.get_or_init(|| Box::new(self.work_out_gist()))
    }

    fn work_out_gist(&self) -> Gist {
        let mut gist = Gist::default();
        // Mostly an event is about the same as another of its kind shortly before.
        let mut last: BTreeMap<HappeningKind, Vec<Named>> = BTreeMap::new();
        for (ix, contact) in self.contacts() {
            let mut filled: Vec<_> = contact.fields.iter().map(|(field, _)| *field).collect();
            gist.held.extend(contact.holds());
            let first = self.events(ix).first().map(|event| event.at);
            gist.first = gist.first.into_iter().chain(first).min();
            for event in self.events(ix) {
                let (kind, names) = (event.what.kind(), event.what.names());
                if last.get(&kind) != Some(&names) {
                    gist.kinds.insert(kind);
                    gist.named.extend(names.iter().map(|named| (kind, *named)));
                    last.insert(kind, names);
                }
                if let Happening::FieldUpdated { field, value: Some(_) } = event.what
                    && !filled.contains(&field)
                {
                    filled.push(field);
                }
            }
            for field in filled {
                *gist.filled.entry(field).or_default() += 1;
            }
        }
        gist
    }

    /// This table with more contacts and events; the places of those that are here already do not change.
    pub fn with(&self, contacts: Vec<Contact>, events: Vec<(ContactIx, Event)>) -> Result<Self, TwiceError> {
        let mut all_contacts = self.contacts.clone();
        all_contacts.extend(contacts);
        let mut all_events: Vec<_> = self.all_events().map(|(ix, event)| (ix, event.clone())).collect();
        all_events.extend(events);
        Self::new(all_contacts, all_events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id;

    fn at(millis: i64, tag: u32) -> Event {
        Event { at: Instant(millis), what: Happening::TagAdded(TagId::new(tag)) }
    }

    #[test]
    fn events_are_sorted_by_contact_and_time_and_keep_their_order_within_an_instant() {
        let contacts = ["a", "b"].map(|key| Contact { key: key.into(), ..Contact::default() });
        let events = vec![
            (ContactIx(1), at(5, 1)),
            (ContactIx(0), at(9, 2)),
            (ContactIx(1), at(5, 3)),
            (ContactIx(1), at(1, 4)),
        ];
        let people = People::new(contacts.to_vec(), events).unwrap();
        assert_eq!(people.events(ContactIx(0)), [at(9, 2)]);
        assert_eq!(people.events(ContactIx(1)), [at(1, 4), at(5, 1), at(5, 3)]);
        assert_eq!(people.events(ContactIx(2)), []);
        assert_eq!(people.span(), Some((Instant(1), Instant(9))));
    }

    #[test]
    fn creation_comes_first_in_its_instant_and_only_once() {
        let contact = Contact { key: "a".into(), created: Some(Instant(5)), ..Contact::default() };
        let people = People::new(vec![contact], vec![(ContactIx(0), at(5, 1))]).unwrap();
        assert_eq!(people.events(ContactIx(0))[0].what, Happening::Created);
        let again = people.with(vec![], vec![(ContactIx(0), at(7, 1))]).unwrap();
        assert_eq!(again.events(ContactIx(0)).iter().filter(|e| e.what == Happening::Created).count(), 1);
    }

    #[test]
    fn the_gist_is_what_there_is_at_all() {
        let field = FieldId::new(7);
        let text = |text: &str| Value::Text(text.into());
        let fields = vec![(field, text("a"))].into_boxed_slice();
        let (list, kind) = (ListId::new(4), RelationshipId::new(5));
        let more = MoreOfContact {
            lists: vec![list],
            relationships: vec![(kind, "c".into())],
            ..MoreOfContact::default()
        };
        let contacts = vec![
            Contact { key: "a".into(), fields, ..Contact::default() },
            Contact { key: "b".into(), more: Some(more.into()), ..Contact::default() },
            Contact { key: "c".into(), ..Contact::default() },
        ];
        let update = |at, value| Event { at: Instant(at), what: Happening::FieldUpdated { field, value } };
        let events = vec![
            (ContactIx(0), update(1, Some(text("b")))),
            (ContactIx(0), update(2, Some(text("c")))),
            (ContactIx(1), update(1, Some(text("d")))),
            (ContactIx(2), update(1, None)),
            (ContactIx(2), at(2, 1)),
            (ContactIx(2), at(3, 2)),
        ];
        let people = People::new(contacts, events).unwrap();
        let gist = people.gist();
        assert_eq!(gist.filled, BTreeMap::from([(field, 2)]), "it counts contacts, not updates");
        let (updated, added) = (HappeningKind::FieldUpdated, HappeningKind::TagAdded);
        assert_eq!(gist.kinds, BTreeSet::from([updated, added]));
        let tag = |number| (added, Named::Item(TagId::new(number).into()));
        assert_eq!(gist.named, BTreeSet::from([(updated, Named::Item(field.into())), tag(1), tag(2)]));
        assert_eq!(gist.held, BTreeSet::from([list.into(), kind.into()].map(Named::Item)));
        assert_eq!(gist.first, Some(Instant(1)));
        assert_eq!(people, people.with(vec![], vec![]).unwrap(), "it is no part of the table");
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        let contact = Contact { key: "a".into(), ..Contact::default() };
        assert_eq!(People::new(vec![contact.clone(), contact], vec![]), Err(TwiceError("a".into())));
    }
}
