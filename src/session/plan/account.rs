//! Maps as a whole, the catalogue, settings, tests and runs.

use std::sync::Arc;

use crate::base::id::{MapId, RunId, TestId};
use crate::model::{
    Contact, Edit, Element, ElementKind, EngineRules, EventType, Expectation, Item, ItemId, Listener, Map,
    Project, SavedRun, SavedTest, Settings, words,
};
use crate::session::command::Refusal;

use super::clip::same_name;
use super::{Draft, refused};

/// A name without blanks around it, unless it is empty or another has it.
fn free_name<'a>(
    what: &str,
    name: &str,
    mut others: impl Iterator<Item = &'a str>,
) -> Result<String, Refusal> {
    let name = name.trim();
    let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    if name.is_empty() {
        return refused(format!("Give the {what} a name"));
    }
    match others.find(|other| same_name(other, name)) {
        Some(other) => refused(format!("There is already {article} {what} called “{other}”")),
        None => Ok(name.to_owned()),
    }
}

fn free_map_name(project: &Project, name: &str, own: Option<MapId>) -> Result<String, Refusal> {
    let others = project.maps.values().filter(|map| Some(map.id) != own);
    free_name("map", name, others.map(|map| map.name.as_str()))
}

pub(super) fn new_map(draft: &mut Draft, name: &str) -> Result<String, Refusal> {
    let name = free_map_name(&draft.project, name, None)?;
    let mut map = Map::new(draft.fresh(), name);
    let id = draft.fresh();
    // M-03: every map has exactly one
    let kind = ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation));
    map.elements.insert(id, Element { id, name: String::new(), kind, place: None });
    draft.edit(Edit::PutMap(Arc::new(map)))?;
    Ok("add map".into())
}

pub(super) fn rename_map(draft: &mut Draft, id: MapId, name: &str) -> Result<String, Refusal> {
    let rules = draft.map(id)?.rules.clone();
    let name = free_map_name(&draft.project, name, Some(id))?;
    draft.edit(Edit::SetMapInfo { map: id, name, rules })?;
    Ok("rename map".into())
}

pub(super) fn set_rules(draft: &mut Draft, id: MapId, rules: EngineRules) -> Result<String, Refusal> {
    if rules.max_steps_per_instant == 0 {
        return refused("A contact needs at least one step at an instant");
    }
    let name = draft.map(id)?.name.clone();
    draft.edit(Edit::SetMapInfo { map: id, name, rules })?;
    Ok("change rules of the map".into())
}

pub(super) fn delete_map(draft: &mut Draft, id: MapId) -> Result<String, Refusal> {
    draft.edit(Edit::RemoveMap(id))?;
    Ok("delete map".into())
}

pub(super) fn rename_project(draft: &mut Draft, name: &str) -> Result<String, Refusal> {
    let name = free_name("project", name, std::iter::empty())?;
    draft.edit(Edit::SetName(name))?;
    Ok("rename project".into())
}

pub(super) fn set_settings(draft: &mut Draft, mut settings: Settings) -> Result<String, Refusal> {
    settings.currency = settings.currency.trim().to_owned();
    if settings.currency.is_empty() {
        return refused("The account needs a currency");
    }
    draft.edit(Edit::SetSettings(settings))?;
    Ok("change settings".into())
}

pub(super) fn put_item(draft: &mut Draft, mut item: Item) -> Result<String, Refusal> {
    let id = item.id();
    let others: Vec<_> = (draft.project.catalogue.items())
        .filter(|other| other.id() != id && other.id().word() == id.word())
        .collect();
    item.rename(free_name(id.word(), item.name(), others.iter().map(Item::name))?);
    let verb = match draft.project.catalogue.get(id) {
        None => "add",
        Some(old) if old.name() != item.name() => "rename",
        Some(_) => "change",
    };
    draft.edit(Edit::PutItem(item))?;
    Ok(format!("{verb} {}", id.word()))
}

pub(super) fn delete_item(draft: &mut Draft, id: ItemId) -> Result<String, Refusal> {
    let Some(item) = draft.project.catalogue.get(id) else {
        return refused(format!("The {} is no longer there", id.word()));
    };
    let uses = uses(&draft.project, id);
    if !uses.is_empty() {
        return refused(format!(
            "The {} “{}” is used by {}",
            id.word(),
            item.name(),
            words::listed(&uses, "and")
        ));
    }
    draft.edit(Edit::RemoveItem(id))?;
    Ok(format!("delete {}", id.word()))
}

/// Most places that a refusal names; the rest it counts.
const NAMED_USES: usize = 3;

/// Where a thing of the catalogue is used, each place in words.
fn uses(project: &Project, id: ItemId) -> Vec<String> {
    let mut uses = vec![];
    for map in project.maps.values() {
        for element in map.elements.values().filter(|element| element.kind.uses().contains(&id)) {
            uses.push(format!("“{}” on the map “{}”", words::title(project, element), map.name));
        }
    }
    if let ItemId::Category(category) = id {
        let products = project.catalogue.products.values().filter(|p| p.categories.contains(&category));
        uses.extend(products.map(|product| format!("the product “{}”", product.name)));
    }
    let tests = project.tests.values().filter(|test| test_uses(test, id));
    uses.extend(tests.map(|test| format!("the test “{}”", test.name)));
    if uses.len() > NAMED_USES {
        let more = uses.split_off(NAMED_USES).len();
        uses.push(words::counted(more, "more place", "more places"));
    }
    let contacts = project.people.contacts().filter(|(_, contact)| contact_uses(contact, id)).count();
    let events = project.people.all_events().filter(|(_, event)| event.what.uses().contains(&id)).count();
    uses.extend((contacts > 0).then(|| words::counted(contacts, "contact", "contacts")));
    uses.extend((events > 0).then(|| words::counted(events, "event", "events")));
    uses
}

fn contact_uses(contact: &Contact, id: ItemId) -> bool {
    match id {
        ItemId::Tag(tag) => contact.tags.contains(&tag),
        ItemId::Field(field) => contact.fields.iter().any(|(other, _)| *other == field),
        _ => false,
    }
}

fn test_uses(test: &SavedTest, id: ItemId) -> bool {
    contact_uses(&test.contact, id)
        || test.events.iter().any(|event| event.what.uses().contains(&id))
        || test.expect.iter().any(|expected| match (expected, id) {
            (Expectation::Messages(emails), ItemId::Email(email)) => emails.contains(&email),
            _ => false,
        })
}

pub(super) fn put_test(draft: &mut Draft, mut test: SavedTest) -> Result<String, Refusal> {
    let others = draft.project.tests.values().filter(|other| other.id != test.id);
    test.name = free_name("test", &test.name, others.map(|other| other.name.as_str()))?;
    let verb = if draft.project.tests.contains_key(&test.id) { "change" } else { "add" };
    draft.edit(Edit::PutTest(Box::new(test)))?;
    Ok(format!("{verb} test"))
}

pub(super) fn delete_test(draft: &mut Draft, id: TestId) -> Result<String, Refusal> {
    draft.edit(Edit::RemoveTest(id))?;
    Ok("delete test".into())
}

pub(super) fn put_run(draft: &mut Draft, mut run: SavedRun) -> Result<String, Refusal> {
    let others = draft.project.runs.values().filter(|other| other.id != run.id);
    run.name = free_name("run", &run.name, others.map(|other| other.name.as_str()))?;
    let verb = if draft.project.runs.contains_key(&run.id) { "change" } else { "save" };
    draft.edit(Edit::PutRun(Box::new(run)))?;
    Ok(format!("{verb} run"))
}

pub(super) fn delete_run(draft: &mut Draft, id: RunId) -> Result<String, Refusal> {
    draft.edit(Edit::RemoveRun(id))?;
    Ok("delete run".into())
}
