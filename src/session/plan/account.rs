//! Maps as a whole, the catalogue, settings, tests and runs.

use std::sync::Arc;

use crate::base::id::{FieldId, MapId, OrderGoalId, RunId, TestId};
use crate::model::attribution::{LONGEST_WINDOW, MOST_ORDER_GOALS};
use crate::model::{
    Edit, Element, ElementKind, EngineRules, EventType, FieldKind, Happening, Item, ItemId, Listener, Map,
    Named, OrderGoal, Preset, Project, SavedRun, SavedTest, Settings, Value, words,
};
use crate::session::command::Refusal;

use super::settings::check_item;
use super::uses::check_unused;
use super::{Draft, free_name, refused};

fn free_map_name(project: &Project, name: &str, own: Option<MapId>) -> Result<String, Refusal> {
    let others = project.maps.values().filter(|map| Some(map.id) != own);
    free_name("map", name, others.map(|map| map.name.as_str()))
}

pub(super) fn new_map(draft: &mut Draft, name: &str, preset: Preset) -> Result<String, Refusal> {
    let name = free_map_name(&draft.project, name, None)?;
    let mut map = Map { rules: EngineRules::preset(preset), ..Map::new(draft.fresh(), name) };
    let id = draft.fresh();
    // M-03: every map has exactly one
    let kind = ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation));
    map.elements.insert(id, Element { id, name: String::new(), kind, draft: false, place: None });
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
    let thing = format!("The map “{}”", draft.map(id)?.name);
    check_unused(&draft.project, Named::Map(id), &thing)?;
    draft.edit(Edit::SetPublished { map: id, versions: vec![] })?;
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
    let attribution = &mut settings.attribution;
    if !(1..=LONGEST_WINDOW).contains(&attribution.window_days) {
        return refused(format!("A touch stays good for 1 to {LONGEST_WINDOW} days"));
    }
    let sources = attribution.own_sources.iter().map(|source| source.trim().to_owned());
    attribution.own_sources = sources.filter(|source| !source.is_empty()).collect();
    if settings.order_goals != draft.project.settings.order_goals {
        return refused("An order goal cannot be changed, only deleted");
    }
    draft.edit(Edit::SetSettings(settings))?;
    Ok("change settings".into())
}

pub(super) fn add_order_goal(draft: &mut Draft, mut goal: OrderGoal) -> Result<String, Refusal> {
    let mut settings = draft.project.settings.clone();
    let goals: Vec<_> = settings.all_order_goals().collect();
    if goals.len() >= MOST_ORDER_GOALS {
        return refused(format!(
            "A project has at most {MOST_ORDER_GOALS} order goals, Orders with them; delete one first"
        ));
    }
    goal.name = free_name("order goal", &goal.name, goals.iter().map(|other| other.name.as_str()))?;
    if goal.statuses.is_empty() {
        return refused("An order goal needs at least one status");
    }
    if goal.touchpoints.is_empty() {
        return refused("An order goal needs at least one touchpoint, or takes any");
    }
    settings.order_goals.push(goal);
    draft.edit(Edit::SetSettings(settings))?;
    Ok("add order goal".into())
}

pub(super) fn delete_order_goal(draft: &mut Draft, id: OrderGoalId) -> Result<String, Refusal> {
    if id == OrderGoal::orders().id {
        return refused("Orders is always there");
    }
    let mut settings = draft.project.settings.clone();
    settings.order_goals.retain(|goal| goal.id != id);
    draft.edit(Edit::SetSettings(settings))?;
    Ok("delete order goal".into())
}

pub(super) fn put_item(draft: &mut Draft, mut item: Item) -> Result<String, Refusal> {
    check_item(&item)?;
    let id = item.id();
    check_kind(&draft.project, &item)?;
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

/// Refuses another kind for a field while contacts or events hold values that it could not hold.
fn check_kind(project: &Project, item: &Item) -> Result<(), Refusal> {
    let Item::Field(field) = item else { return Ok(()) };
    let Some(old) = project.catalogue.fields.get(&field.id).filter(|old| old.kind != field.kind) else {
        return Ok(());
    };
    let misfit = |(of, value): (FieldId, &Value)| of == field.id && !field.kind.fits(value);
    let contacts = project.people.contacts();
    let contacts =
        contacts.filter(|(_, contact)| contact.fields.iter().any(|(of, value)| misfit((*of, value))));
    let events = project.people.all_events().filter(|(_, event)| match &event.what {
        Happening::FieldUpdated { field, value: Some(value) } => misfit((*field, value)),
        _ => false,
    });
    let (contacts, events) = (contacts.count(), events.count());
    let mut holders = vec![];
    holders.extend((contacts > 0).then(|| words::counted(contacts, "contact", "contacts")));
    holders.extend((events > 0).then(|| words::counted(events, "event", "events")));
    if holders.is_empty() {
        return Ok(());
    }
    let kind = FieldKind::ALL.iter().find(|(kind, _)| *kind == field.kind).map_or("", |(_, name)| name);
    let verb = if contacts + events == 1 { "holds" } else { "hold" };
    refused(format!(
        "“{}” cannot become a field of the kind “{kind}”: {} {verb} other values",
        old.name,
        words::listed(&holders, "and")
    ))
}

pub(super) fn delete_item(draft: &mut Draft, id: ItemId) -> Result<String, Refusal> {
    let Some(item) = draft.project.catalogue.get(id) else {
        return refused(format!("The {} is no longer there", id.word()));
    };
    let thing = format!("The {} “{}”", id.word(), item.name());
    check_unused(&draft.project, Named::Item(id), &thing)?;
    draft.edit(Edit::RemoveItem(id))?;
    Ok(format!("delete {}", id.word()))
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
