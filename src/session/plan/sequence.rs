//! Sequences: named runs of waits and actions (K-06).

use std::collections::BTreeSet;

use crate::base::id::{ElementId, MapId, SequenceId};
use crate::model::{Edit, Map, Port, Sequence};
use crate::session::command::Refusal;

use super::{Draft, free_name, numbered_name, refused};

pub(super) fn make(
    draft: &mut Draft,
    map: MapId,
    name: &str,
    steps: &BTreeSet<ElementId>,
) -> Result<String, Refusal> {
    let name = free_sequence_name(draft, map, name, None)?;
    let steps = in_order(draft, map, steps, None)?;
    let sequence = Sequence { id: draft.fresh(), name, steps, runs_until_completed: false };
    draft.edit(Edit::PutSequence { map, sequence })?;
    Ok("make sequence".into())
}

pub(super) fn set(draft: &mut Draft, map: MapId, mut sequence: Sequence) -> Result<String, Refusal> {
    let id = sequence.id;
    let Some(old) = draft.map(map)?.sequences.get(&id).cloned() else { return refused(GONE) };
    sequence.name = free_sequence_name(draft, map, &sequence.name, Some(id))?;
    sequence.steps = in_order(draft, map, &sequence.steps.iter().copied().collect(), Some(id))?;
    let verb = if old.name == sequence.name { "change" } else { "rename" };
    draft.edit(Edit::PutSequence { map, sequence })?;
    Ok(format!("{verb} sequence"))
}

pub(super) fn dissolve(draft: &mut Draft, map: MapId, sequence: SequenceId) -> Result<String, Refusal> {
    draft.map(map)?;
    draft.edit(Edit::RemoveSequence { map, sequence })?;
    Ok("dissolve sequence".into())
}

const GONE: &str = "The sequence is no longer there";

fn free_sequence_name(
    draft: &Draft,
    map: MapId,
    name: &str,
    own: Option<SequenceId>,
) -> Result<String, Refusal> {
    let others = draft.map(map)?.sequences.values().filter(|other| Some(other.id) != own);
    free_name("sequence", name, others.map(|other| other.name.as_str()))
}

/// Steps in the order of the lines between them, if they follow one another.
fn in_order(
    draft: &Draft,
    map: MapId,
    steps: &BTreeSet<ElementId>,
    own: Option<SequenceId>,
) -> Result<Vec<ElementId>, Refusal> {
    for step in steps {
        let element = draft.element(map, *step)?;
        let title = || draft.title(*step);
        if !element.kind.is_step() {
            return refused(format!("“{}” cannot be a step: {WHAT_STEPS_ARE}", title()));
        }
        if let Some(other) = draft.map(map)?.sequence_of(*step).filter(|other| Some(other.id) != own) {
            return refused(format!("“{}” is a step of the sequence “{}” already", title(), other.name));
        }
    }
    let map = draft.map(map)?;
    let next = |step: ElementId| map.target(step, Port::Next).filter(|next| steps.contains(next));
    let below: BTreeSet<_> = steps.iter().filter_map(|step| next(*step)).collect();
    // Each step has one way on and lines run in no circle: if there is one top, all others follow it.
    let mut tops = steps.iter().copied().filter(|step| !below.contains(step));
    let Some(top) = tops.next() else { return refused("A sequence has at least one step") };
    let run: Vec<_> = std::iter::successors(Some(top), |step| next(*step)).take(steps.len()).collect();
    match (tops.next(), run.last()) {
        (Some(other), Some(last)) => refused(format!(
            "The steps of a sequence follow one another, and no line leads from “{}” to “{}” or back",
            draft.title(*last),
            draft.title(other)
        )),
        _ => Ok(run),
    }
}

/// For sentences.
pub(super) const WHAT_STEPS_ARE: &str =
    "the steps of a sequence are actions and waits without goals that follow one another";

/// What becomes of the sequences of a map when its elements and lines have changed: what stands between two steps now and
/// can be a step joins them, and each is cut behind the last step that still follows.
pub(super) fn mend(draft: &mut Draft, map: MapId) -> Result<(), Refusal> {
    let Some(now) = draft.project.map(map) else { return Ok(()) };
    let taken: BTreeSet<_> = now.sequences.values().flat_map(|sequence| &sequence.steps).copied().collect();
    let mended: Vec<_> = now
        .sequences
        .values()
        .filter(|sequence| now.first_wrong_step(sequence).is_some())
        .map(|sequence| Sequence { steps: mended(now, &sequence.steps, &taken), ..sequence.clone() })
        .collect();
    for sequence in mended {
        draft.edit(match sequence.steps.is_empty() {
            true => Edit::RemoveSequence { map, sequence: sequence.id },
            false => Edit::PutSequence { map, sequence },
        })?;
    }
    Ok(())
}

/// The run that is left of steps that no longer follow one another. No step of another sequence (all are among those
/// `taken`) joins it.
fn mended(map: &Map, old: &[ElementId], taken: &BTreeSet<ElementId>) -> Vec<ElementId> {
    let is_step = |id: &ElementId| map.element(*id).is_some_and(|element| element.kind.is_step());
    let own: BTreeSet<_> = old.iter().copied().filter(is_step).collect();
    let mut run: Vec<_> = old.iter().copied().find(|id| own.contains(id)).into_iter().collect();
    // Lines that run in a circle are found later.
    let mut seen: BTreeSet<_> = run.iter().copied().collect();
    let mut at = run.first().copied();
    let mut between = vec![];
    while let Some(next) = at.and_then(|at| map.target(at, Port::Next)).filter(|next| seen.insert(*next)) {
        if own.contains(&next) {
            run.append(&mut between);
            run.push(next);
        } else if is_step(&next) && !taken.contains(&next) {
            between.push(next);
        } else {
            break;
        }
        at = Some(next);
    }
    run
}

/// A name for a copy that no sequence of the map has.
pub(super) fn name_for_copy(map: &Map, name: &str) -> String {
    let taken = map.sequences.values().map(|sequence| sequence.name.as_str());
    numbered_name(if name.trim().is_empty() { "Sequence" } else { name }, taken)
}
