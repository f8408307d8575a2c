//! Published versions of a map (L-01, L-02).

use std::sync::Arc;

use crate::base::id::MapId;
use crate::base::problem::Severity;
use crate::base::time::Instant;
use crate::model::{Edit, Map, Publication, Value, lint, words};
use crate::session::command::Refusal;

use super::{Draft, refused};

pub(super) fn publish(
    draft: &mut Draft,
    id: MapId,
    at: Option<Instant>,
    place_matching: bool,
) -> Result<String, Refusal> {
    let map = draft.map_now(id)?;
    if let Some(last) = draft.project.last_version(id) {
        match (at, last.at) {
            (None, _) => {
                return refused("The map is published already: say from when its next version holds");
            }
            (Some(at), Some(before)) if at <= before => {
                let before = words::value_in_words(&draft.project, &Value::DateTime(before));
                return refused(format!("The last version holds from {before}: the next one begins later"));
            }
            _ => {}
        }
        if !draft.project.draft_differs(id) {
            return refused("The map is the same as its last version");
        }
    }
    check_publishable(draft, id)?;
    let mut versions = draft.project.published.get(&id).cloned().unwrap_or_default();
    versions.push(Publication { at, place_matching, map });
    draft.edit(Edit::SetPublished { map: id, versions })?;
    Ok("publish map".into())
}

/// M-10: a map with errors cannot be published.
fn check_publishable(draft: &Draft, id: MapId) -> Result<(), Refusal> {
    let problems = lint::check(&draft.project);
    let mut errors = problems.iter().filter(|p| p.map == Some(id) && p.severity == Severity::Error);
    let Some(first) = errors.next() else { return Ok(()) };
    let more = match errors.count() {
        0 => String::new(),
        more => format!(" (and {})", words::counted(more, "more error", "more errors")),
    };
    refused(format!("The map cannot be published yet: {}{more}", first.sentence))
}

pub(super) fn unpublish(draft: &mut Draft, id: MapId) -> Result<String, Refusal> {
    draft.map(id)?;
    let mut versions = draft.project.published.get(&id).cloned().unwrap_or_default();
    if versions.pop().is_none() {
        return refused(NOT_PUBLISHED);
    }
    draft.edit(Edit::SetPublished { map: id, versions })?;
    Ok("withdraw version".into())
}

/// What means nothing stays as it is in the draft: its name, which must stay unique, and its notes.
pub(super) fn revert(draft: &mut Draft, id: MapId) -> Result<String, Refusal> {
    let now = draft.map(id)?;
    let Some(last) = draft.project.last_version(id) else { return refused(NOT_PUBLISHED) };
    let map = Map { name: now.name.clone(), notes: now.notes.clone(), ..Map::clone(&last.map) };
    draft.edit(Edit::PutMap(Arc::new(map)))?;
    Ok("revert to the published version".into())
}

const NOT_PUBLISHED: &str = "The map has no published version";
