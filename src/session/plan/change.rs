//! Changes of what is on a map already: settings, names, places, lines, notes.

use std::collections::BTreeMap;

use crate::base::id::{ElementId, MapId, NoteId};
use crate::model::{Edit, Element, ElementKind, Note, Point, Port};
use crate::session::command::Refusal;

use super::settings::check_settings;
use super::{Draft, ONE_ADDED_TRIGGER, refused, what_moved};

pub(super) fn set(
    draft: &mut Draft,
    map: MapId,
    id: ElementId,
    kind: ElementKind,
) -> Result<String, Refusal> {
    let old = draft.element(map, id)?;
    if old.kind.is_added_to_automation() && !kind.is_added_to_automation() {
        return refused("The trigger “Added to this map” keeps its event: every map has exactly one");
    }
    if kind.is_added_to_automation() && !old.kind.is_added_to_automation() {
        return refused(ONE_ADDED_TRIGGER);
    }
    if old.kind.kind() != kind.kind() {
        // Other kinds can turn into one another, as an End into an Exit; what the document hangs on these two cannot.
        let fixed = |kind: &ElementKind| !kind.takes_lines() || !kind.goals().is_empty();
        if fixed(&old.kind) || fixed(&kind) {
            let (old, new) = (old.kind.kind().info().title, kind.kind().info().title);
            return refused(format!("“{old}” cannot turn into “{new}”: delete it and insert the other"));
        }
    }
    check_settings(&kind, map)?;
    let label = format!("change {}", kind.kind().info().title);
    draft.set_kind(map, id, kind)?;
    Ok(label)
}

pub(super) fn rename(draft: &mut Draft, map: MapId, id: ElementId, name: &str) -> Result<String, Refusal> {
    let element = Element { name: name.trim().to_owned(), ..draft.element(map, id)?.clone() };
    let label = format!("rename {}", element.kind.kind().info().title);
    draft.put(map, element)?;
    Ok(label)
}

pub(super) fn set_draft(
    draft: &mut Draft,
    map: MapId,
    id: ElementId,
    marked: bool,
) -> Result<String, Refusal> {
    let element = draft.element(map, id)?;
    if marked && !element.kind.can_be_draft() {
        return refused(format!(
            "“{}” cannot be marked as draft: only triggers, goals, actions and waits without goals can",
            draft.title(id)
        ));
    }
    let label =
        format!("mark {} as {}", element.kind.kind().info().title, if marked { "draft" } else { "ready" });
    let element = Element { draft: marked, ..element.clone() };
    draft.put(map, element)?;
    Ok(label)
}

pub(super) fn move_to(
    draft: &mut Draft,
    map: MapId,
    places: &[(ElementId, Point)],
) -> Result<String, Refusal> {
    let mut moved = BTreeMap::new();
    for &(id, point) in places {
        let element = draft.element(map, id)?;
        if element.place != Some(point) {
            moved.insert(id, Element { place: Some(point), ..element.clone() });
        }
    }
    let label = format!("move {}", what_moved(moved.values()));
    for element in moved.into_values() {
        draft.put(map, element)?;
    }
    Ok(label)
}

pub(super) fn tidy(draft: &mut Draft, map: MapId) -> Result<String, Refusal> {
    let placed: Vec<_> = draft.map(map)?.elements.values().filter(|e| e.place.is_some()).cloned().collect();
    for element in placed {
        draft.put(map, Element { place: None, ..element })?;
    }
    Ok("tidy layout".into())
}

pub(super) fn connect(
    draft: &mut Draft,
    map: MapId,
    from: ElementId,
    port: Port,
    to: ElementId,
) -> Result<String, Refusal> {
    draft.element(map, from)?;
    let target = draft.element(map, to)?;
    let (what, by) = match target.kind {
        ElementKind::Trigger(_) => ("trigger", "put the line on what is below it"),
        ElementKind::Goal(_) => ("goal", "put the line on the wait above it"),
        _ => {
            draft.line(map, from, port, Some(to))?;
            return Ok("draw line".into());
        }
    };
    refused(format!("No line leads to a {what}: only events bring contacts there; {by}"))
}

pub(super) fn disconnect(
    draft: &mut Draft,
    map: MapId,
    from: ElementId,
    port: Port,
) -> Result<String, Refusal> {
    draft.line(map, from, port, None)?;
    Ok("delete line".into())
}

pub(super) fn put_note(draft: &mut Draft, map: MapId, note: Note) -> Result<String, Refusal> {
    let label = if draft.map(map)?.notes.contains_key(&note.id) { "change note" } else { "add note" };
    draft.edit(Edit::PutNote { map, note })?;
    Ok(label.into())
}

pub(super) fn delete_note(draft: &mut Draft, map: MapId, note: NoteId) -> Result<String, Refusal> {
    draft.edit(Edit::RemoveNote { map, note })?;
    Ok("delete note".into())
}
