//! Where something is used: what is used stays, and the refusal says where.

use std::collections::BTreeSet;

use crate::model::{Contact, Element, Expectation, ItemId, Map, Named, Project, Refs, SavedTest, words};
use crate::session::command::Refusal;

use super::refused;

/// Most places that a refusal names; the rest it counts.
const NAMED_USES: usize = 3;

/// Refuses to delete a thing (`The tag “VIP”`) that is used somewhere.
pub(super) fn check_unused(project: &Project, named: Named, thing: &str) -> Result<(), Refusal> {
    let uses = uses(project, named);
    if uses.is_empty() {
        return Ok(());
    }
    refused(format!("{thing} is used by {}", words::listed(&uses, "and")))
}

/// Each place where a thing is used, in words. What a map says of itself goes with the map and is no use of it.
fn uses(project: &Project, named: Named) -> Vec<String> {
    let mut uses = vec![];
    for map in project.maps.values().filter(|map| Named::Map(map.id) != named) {
        let mut told = BTreeSet::new();
        for element in naming(map, named) {
            told.insert(element.id);
            uses.push(format!("“{}” on the map “{}”", words::title(project, element), map.name));
        }
        let versions = project.published.get(&map.id).into_iter().flatten();
        for element in versions.flat_map(|version| naming(&version.map, named)) {
            if told.insert(element.id) {
                let title = words::title(project, element);
                uses.push(format!("“{title}” in a published version of the map “{}”", map.name));
            }
        }
    }
    for item in project.catalogue.items() {
        let id = item.id();
        if Named::Item(id) != named && item.names().contains(&named) {
            uses.push(format!("the {} “{}”", id.word(), item.name()));
        }
    }
    let goals = project.settings.order_goals.iter().filter(|goal| goal.names().contains(&named));
    uses.extend(goals.map(|goal| format!("the order goal “{}”", goal.name)));
    let mut excluded = project.settings.attribution.excluded_campaigns.iter();
    if excluded.any(|campaign| Named::Item(campaign.item()) == named) {
        uses.push("the campaigns that get no credit".into());
    }
    let tests = project.tests.values().filter(|test| test_names(test, named));
    uses.extend(tests.map(|test| format!("the test “{}”", test.name)));
    if uses.len() > NAMED_USES {
        let more = uses.split_off(NAMED_USES).len();
        uses.push(words::counted(more, "more place", "more places"));
    }
    let contacts = project.people.contacts().filter(|(_, contact)| contact_names(contact, named)).count();
    let events = project.people.all_events().filter(|(_, event)| event.what.names().contains(&named)).count();
    uses.extend((contacts > 0).then(|| words::counted(contacts, "contact", "contacts")));
    uses.extend((events > 0).then(|| words::counted(events, "event", "events")));
    uses
}

fn naming(map: &Map, named: Named) -> impl Iterator<Item = &Element> {
    map.elements.values().filter(move |element| element.kind.names().contains(&named))
}

fn contact_names(contact: &Contact, named: Named) -> bool {
    let Named::Item(id) = named else { return false };
    let more = contact.more.as_deref();
    match id {
        ItemId::Tag(tag) => contact.tags.contains(&tag),
        ItemId::Field(field) => contact.fields.iter().any(|(other, _)| *other == field),
        ItemId::Member(member) => more.is_some_and(|more| more.owner == Some(member)),
        ItemId::List(list) => more.is_some_and(|more| more.lists.contains(&list)),
        ItemId::Level(level) => more.is_some_and(|more| more.levels.contains(&level)),
        ItemId::Site(site) => {
            more.is_some_and(|more| more.memberships.iter().any(|(other, _)| *other == site))
        }
        ItemId::Relationship(kind) => {
            more.is_some_and(|more| more.relationships.iter().any(|(other, _)| *other == kind))
        }
        ItemId::Product(_)
        | ItemId::Category(_)
        | ItemId::Form(_)
        | ItemId::Email(_)
        | ItemId::Sms(_)
        | ItemId::Postcard(_)
        | ItemId::Task(_)
        | ItemId::Page(_)
        | ItemId::Campaign(_)
        | ItemId::OrderStatus(_)
        | ItemId::Touchpoint(_) => false,
    }
}

fn test_names(test: &SavedTest, named: Named) -> bool {
    contact_names(&test.contact, named)
        || test.events.iter().any(|event| event.what.names().contains(&named))
        || test.expect.iter().any(|expected| match (expected, named) {
            (Expectation::Messages(emails), Named::Item(ItemId::Email(email))) => emails.contains(&email),
            (Expectation::RestsAt { map, .. }, Named::Map(named)) => *map == named,
            _ => false,
        })
}
