//! New elements.

use crate::base::id::{ElementId, MapId};
use crate::model::{Element, ElementKind, Point, Port, Until, Wait, WaitZone};
use crate::session::command::{Refusal, Spot};

use super::settings::check_settings;
use super::{Draft, ONE_ADDED_TRIGGER, refused};

/// From the top of one card to the top of the card below it where nothing else decides: a card and a gap, in points.
pub(super) const ROW: i32 = 124;

pub(super) fn insert(
    draft: &mut Draft,
    map: MapId,
    mut kind: ElementKind,
    spot: Spot,
) -> Result<String, Refusal> {
    draft.map(map)?;
    check_settings(&kind, map)?;
    if kind.is_added_to_automation() {
        return refused(ONE_ADDED_TRIGGER);
    }
    if let ElementKind::Wait(wait) = &mut kind {
        // A goal belongs to the wait that it hangs under; a new wait has none, whatever its settings were copied from.
        wait.goals.clear();
    }
    let label = format!("insert {}", kind.kind().info().title);
    match spot {
        Spot::At(point) => {
            insert_at(draft, map, kind, point)?;
        }
        Spot::After { from, port } => insert_after(draft, map, kind, from, port)?,
        Spot::UnderWait(wait) => insert_under(draft, map, kind, wait)?,
    }
    Ok(label)
}

fn insert_at(draft: &mut Draft, map: MapId, kind: ElementKind, point: Point) -> Result<(), Refusal> {
    if matches!(kind, ElementKind::Goal(_)) {
        let below = Point { y: point.y.saturating_add(ROW), ..point };
        goal_group(draft, map, kind, Some(point), Some(below))?;
    } else {
        new_element(draft, map, kind, Some(point))?;
    }
    Ok(())
}

fn insert_after(
    draft: &mut Draft,
    map: MapId,
    kind: ElementKind,
    from: ElementId,
    port: Port,
) -> Result<(), Refusal> {
    if matches!(kind, ElementKind::Trigger(_)) {
        return refused("Triggers stand at the top: nothing can lead to them but events");
    }
    if port == Port::Goal {
        return refused("A goal belongs to its wait: insert above the wait or below the goal");
    }
    let source = draft.element(map, from)?;
    if !source.kind.ports().contains(&port) {
        return refused(format!("“{}” has no such way out", draft.title(from)));
    }
    let old = draft.map(map)?.target(from, port);
    // M-09: a Go To leads away from an open end; End and Exit likewise have nothing below
    if old.is_some() && kind.ports().is_empty() && !matches!(kind, ElementKind::Wait(_)) {
        let title = kind.kind().info().title;
        return refused(match kind {
            ElementKind::GoTo(_) => {
                "A Go To leads away from here, so it cannot stand in the middle of a line: put it at an open end"
                    .to_owned()
            }
            _ => format!("Nothing goes on below “{title}”, so it cannot stand in the middle of a line: put it at an open end"),
        });
    }
    if matches!(kind, ElementKind::Goal(_)) {
        let (wait, goal) = goal_group(draft, map, kind, None, None)?;
        draft.line(map, from, port, Some(wait))?;
        return draft.line(map, goal, Port::Next, old);
    }
    // M-07: the paths of a split rejoin, so all of them lead on; of the others only the first way out does.
    let ports = kind.ports();
    let lead_on = if matches!(kind, ElementKind::Split(_)) { ports.len() } else { 1 };
    let id = new_element(draft, map, kind, None)?;
    draft.line(map, from, port, Some(id))?;
    for port in ports.into_iter().take(lead_on) {
        draft.line(map, id, port, old)?;
    }
    Ok(())
}

fn insert_under(draft: &mut Draft, map: MapId, kind: ElementKind, wait: ElementId) -> Result<(), Refusal> {
    if !matches!(kind, ElementKind::Goal(_)) {
        return refused("Only goals hang under a wait: insert this below one of its goals");
    }
    let ElementKind::Wait(mut settings) = draft.element(map, wait)?.kind.clone() else {
        return refused("Goals hang under waits only");
    };
    let goal = new_element(draft, map, kind, None)?;
    // A plain wait without a rule of time gets no path of least action: what was below it goes on below its goal.
    let below = draft.map(map)?.target(wait, Port::Next);
    if settings.until == Until::Goal && below.is_some() {
        draft.line(map, wait, Port::Next, None)?;
        draft.line(map, goal, Port::Next, below)?;
    }
    settings.goals.push(goal);
    draft.set_kind(map, wait, ElementKind::Wait(settings))
}

/// A goal with a wait of its own (M-05).
fn goal_group(
    draft: &mut Draft,
    map: MapId,
    goal: ElementKind,
    wait_place: Option<Point>,
    goal_place: Option<Point>,
) -> Result<(ElementId, ElementId), Refusal> {
    let goal = new_element(draft, map, goal, goal_place)?;
    let wait = Wait { until: Until::Goal, zone: WaitZone::default(), goals: vec![goal] };
    let wait = new_element(draft, map, ElementKind::Wait(wait), wait_place)?;
    Ok((wait, goal))
}

fn new_element(
    draft: &mut Draft,
    map: MapId,
    kind: ElementKind,
    place: Option<Point>,
) -> Result<ElementId, Refusal> {
    let id = draft.fresh();
    draft.put(map, Element { id, name: String::new(), kind, draft: false, place })?;
    Ok(id)
}
