//! Copies of elements: beside the originals, or as text that another map or project can take in.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::base::id::{ElementId, MapId};
use crate::model::{
    Edit, Element, ElementKind, Item, ItemId, Line, Map, Named, Point, Port, Project, Refs, Sequence, Wait,
};
use crate::session::command::Refusal;

use super::insert::ROW;
use super::settings::{check_item, check_settings};
use super::{Draft, numbered_name, refused, same_name, sequence, what_moved};

/// The form of the text; raised when older programs could not read it.
const VERSION: u32 = 1;

/// How far a duplicate lies from its original, in points.
const BESIDE: i32 = 32;

/// From the left edge of one card to that of the next where nothing else decides: a card and a gap, in points.
const COLUMN: i32 = 264;

/// The part that every version of the text has.
#[derive(Deserialize)]
struct Marker {
    gateline_elements: u32,
}

/// Elements on the clipboard.
#[derive(Serialize, Deserialize)]
struct Clip {
    /// The version; it also marks the text as ours.
    gateline_elements: u32,
    /// Key of the project they were copied from: only there do the ids of items and Go To targets mean anything.
    project: String,
    /// The map they were copied from.
    map: MapId,
    elements: Vec<Element>,
    lines: Vec<Line>,
    /// Sequences all of whose steps are among them.
    #[serde(default)]
    sequences: Vec<Sequence>,
    /// The things of the catalogue that they name, and those that these name, and so on.
    items: Vec<Item>,
}

/// Where a copy goes.
enum Landing {
    Beside,
    At(Point),
}

pub(in crate::session) fn copy_text(project: &Project, map: MapId, elements: &BTreeSet<ElementId>) -> String {
    let clip = project.map(map).and_then(|map| Clip::of(project, map, elements));
    // Plain data always has a text form; should it ever not, there is nothing to copy.
    clip.and_then(|clip| ron::ser::to_string_pretty(&clip, ron::ser::PrettyConfig::default()).ok())
        .unwrap_or_default()
}

pub(super) fn duplicate(
    draft: &mut Draft,
    map: MapId,
    elements: &BTreeSet<ElementId>,
) -> Result<String, Refusal> {
    let Some(clip) = Clip::of(&draft.project, draft.map(map)?, elements) else {
        return refused(NOTHING_TO_COPY);
    };
    let label = format!("duplicate {}", what_moved(clip.elements.iter()));
    take_in(draft, map, clip, Landing::Beside)?;
    Ok(label)
}

pub(super) fn paste(draft: &mut Draft, map: MapId, text: &str, at: Point) -> Result<String, Refusal> {
    draft.map(map)?;
    let Ok(marker) = ron::from_str::<Marker>(text) else {
        return refused("The clipboard does not hold elements of a map");
    };
    if marker.gateline_elements > VERSION {
        return refused("The elements on the clipboard were copied by a newer version of Gateline");
    }
    let clip: Clip = ron::from_str(text)
        .map_err(|error| Refusal(format!("The elements on the clipboard are damaged: {error}")))?;
    if clip.elements.is_empty() {
        return refused(NOTHING_TO_COPY);
    }
    let label = format!("paste {}", what_moved(clip.elements.iter()));
    take_in(draft, map, clip, Landing::At(at))?;
    Ok(label)
}

const NOTHING_TO_COPY: &str =
    "There is nothing to copy: every map has its own trigger “Added to this map”, which is never copied";

impl Clip {
    /// The elements with their whole goal groups; `None` where none of them can be copied.
    fn of(project: &Project, map: &Map, elements: &BTreeSet<ElementId>) -> Option<Self> {
        let mut taken = elements.clone();
        for element in map.elements.values() {
            let goals = element.kind.goals();
            if taken.contains(&element.id) || goals.iter().any(|goal| taken.contains(goal)) {
                taken.insert(element.id);
                taken.extend(goals);
            }
        }
        taken.retain(|id| map.element(*id).is_some_and(|element| !element.kind.is_added_to_automation()));
        let elements: Vec<_> = map.elements.values().filter(|e| taken.contains(&e.id)).cloned().collect();
        let mut items: BTreeMap<ItemId, Item> = BTreeMap::new();
        let mut open: Vec<_> = elements.iter().flat_map(|element| element.kind.uses()).collect();
        while let Some(id) = open.pop() {
            if let Some(item) = project.catalogue.get(id).filter(|_| !items.contains_key(&id)) {
                open.extend(item.uses());
                items.insert(id, item);
            }
        }
        let is_whole = |sequence: &&Sequence| sequence.steps.iter().all(|step| taken.contains(step));
        (!elements.is_empty()).then(|| Self {
            gateline_elements: VERSION,
            project: project.key.clone(),
            map: map.id,
            lines: map.lines().filter(|l| taken.contains(&l.from) && taken.contains(&l.to)).collect(),
            elements,
            sequences: map.sequences.values().filter(is_whole).cloned().collect(),
            items: items.into_values().collect(),
        })
    }
}

/// Puts a copy on a map. The text may come from anywhere, so nothing in it is believed: what does not fit together is
/// dropped here or refused by the edits.
fn take_in(draft: &mut Draft, map: MapId, mut clip: Clip, landing: Landing) -> Result<(), Refusal> {
    clip.elements.retain(|element| !element.kind.is_added_to_automation());
    if clip.elements.is_empty() {
        return refused(NOTHING_TO_COPY);
    }
    let same_project = clip.project == draft.project.key;
    let same_map = same_project && clip.map == map;
    let items = settle_items(draft, std::mem::take(&mut clip.items), same_project)?;
    let ids: BTreeMap<ElementId, ElementId> =
        clip.elements.iter().map(|element| (element.id, draft.fresh())).collect();
    if ids.len() != clip.elements.len() {
        return refused("The elements on the clipboard are damaged: an element stands twice");
    }
    let goals: BTreeMap<_, _> = (clip.elements.iter())
        .filter(|element| matches!(element.kind, ElementKind::Goal(_)))
        .filter_map(|element| Some((element.id, *ids.get(&element.id)?)))
        .collect();
    let places = places(&clip, &landing);

    let (mut first, mut waits, mut go_tos) = (vec![], vec![], vec![]);
    for Element { id: old, name, mut kind, draft: marked, .. } in clip.elements {
        let Some(&id) = ids.get(&old) else { continue };
        kind.replace_named(&mut |named| meaning(named, &items, same_project));
        if let Some(listener) = kind.listener_mut() {
            // What listened for this map from another listens for none yet.
            listener.on.replace_named(&mut |named| Some(named).filter(|named| *named != Named::Map(map)));
        }
        check_settings(&kind, map)?;
        let marked = marked && kind.can_be_draft();
        let element = Element { id, name, kind, draft: marked, place: places.get(&old).copied() };
        match &element.kind {
            ElementKind::Wait(_) => waits.push(element),
            ElementKind::GoTo(Some(_)) => go_tos.push(element),
            _ => first.push(element),
        }
    }
    for element in first {
        draft.put(map, element)?;
    }
    for mut element in waits {
        if let ElementKind::Wait(Wait { goals: listed, .. }) = &mut element.kind {
            *listed = listed.iter().filter_map(|goal| goals.get(goal).copied()).collect();
        }
        draft.put(map, element)?;
    }
    // Go To elements may lead to one another: all of them come first, then where they lead.
    for element in &go_tos {
        draft.put(map, Element { kind: ElementKind::GoTo(None), ..element.clone() })?;
    }
    for Line { from, port, to } in clip.lines {
        if let (Some(from), Some(to)) = (ids.get(&from), ids.get(&to)) {
            draft.line(map, *from, port, Some(*to))?;
        }
    }
    for mut element in go_tos {
        if let ElementKind::GoTo(target) = &mut element.kind {
            let there = |id: &ElementId| {
                same_map && draft.map(map).is_ok_and(|m| m.element(*id).is_some_and(|e| e.kind.takes_lines()))
            };
            *target = target.and_then(|id| ids.get(&id).copied().or_else(|| Some(id).filter(there)));
        }
        draft.put(map, element)?;
    }
    for sequence in clip.sequences {
        let steps = sequence.steps.iter().map(|step| ids.get(step).copied());
        let Some(steps) = steps.collect::<Option<Vec<_>>>() else { continue };
        let now = draft.map(map)?;
        let name = sequence::name_for_copy(now, &sequence.name);
        let copy = Sequence { id: sequence.id, name, steps, ..sequence };
        if now.first_wrong_step(&copy).is_none() && copy.steps.iter().all(|s| now.sequence_of(*s).is_none()) {
            let id = draft.fresh();
            draft.edit(Edit::PutSequence { map, sequence: Sequence { id, ..copy } })?;
        }
    }
    Ok(())
}

/// What stands here for something that was named where the copy comes from. In the same project, things that are not in
/// the catalogue any more keep their ids, too; the maps of another project mean nothing here.
fn meaning(named: Named, items: &BTreeMap<ItemId, ItemId>, same_project: bool) -> Option<Named> {
    let settled = match named {
        Named::Item(item) => items.get(&item).copied().map(Named::Item),
        Named::Map(_) => None,
    };
    settled.or_else(|| same_project.then_some(named))
}

/// What the ids of items mean in this project: the same where they come from it and are there, else the thing of the
/// same kind and name, which is made where there is none.
fn settle_items(
    draft: &mut Draft,
    items: Vec<Item>,
    same_project: bool,
) -> Result<BTreeMap<ItemId, ItemId>, Refusal> {
    let mut settled = BTreeMap::new();
    let mut made = vec![];
    for mut item in items {
        check_item(&item)?;
        let id = item.id();
        let catalogue = &draft.project.catalogue;
        let here = if same_project && catalogue.get(id).is_some() {
            id
        } else if let Some(same) = catalogue.items().find(|other| is_same_thing(&item, other)) {
            same.id()
        } else {
            let of_kind: Vec<_> = catalogue.items().filter(|other| other.id().word() == id.word()).collect();
            let name = if item.name().trim().is_empty() { id.word() } else { item.name() };
            item.rename(numbered_name(name, of_kind.iter().map(Item::name)));
            item.renumber(draft.fresh_number());
            // Things can name one another, so they come without what they name first.
            let mut bare = item.clone();
            bare.replace_named(&mut |_| None);
            draft.edit(Edit::PutItem(bare))?;
            let new = item.id();
            made.push(item);
            new
        };
        settled.insert(id, here);
    }
    for mut item in made {
        item.replace_named(&mut |named| meaning(named, &settled, same_project));
        draft.edit(Edit::PutItem(item))?;
    }
    Ok(settled)
}

fn is_same_thing(item: &Item, other: &Item) -> bool {
    let fits = match (item, other) {
        // The values of conditions and actions only fit a field of the same kind.
        (Item::Field(a), Item::Field(b)) => a.kind == b.kind,
        _ => item.id().word() == other.id().word(),
    };
    fits && same_name(item.name(), other.name())
}

/// Where the copies go. Beside the originals those that the tidy layout places are left to it; at a point all need a
/// place, so where some have none, all stand in rows by their lines.
fn places(clip: &Clip, landing: &Landing) -> BTreeMap<ElementId, Point> {
    let placed: BTreeMap<_, _> =
        clip.elements.iter().filter_map(|element| Some((element.id, element.place?))).collect();
    let at = match landing {
        Landing::Beside => {
            let beside = |p: Point| Point { x: p.x.saturating_add(BESIDE), y: p.y.saturating_add(BESIDE) };
            return placed.into_iter().map(|(id, point)| (id, beside(point))).collect();
        }
        Landing::At(point) => point,
    };
    let places = if placed.len() == clip.elements.len() { placed } else { rows(clip) };
    let left = places.values().map(|point| point.x).min().unwrap_or(0);
    let top = places.values().map(|point| point.y).min().unwrap_or(0);
    let shift = |from: i32, edge: i32, to: i32| from.saturating_sub(edge).saturating_add(to);
    let moved = |point: Point| Point { x: shift(point.x, left, at.x), y: shift(point.y, top, at.y) };
    places.into_iter().map(|(id, point)| (id, moved(point))).collect()
}

/// Each element below all that lead to it, in the order of their ids from the left.
fn rows(clip: &Clip) -> BTreeMap<ElementId, Point> {
    let goals = clip.elements.iter().flat_map(|wait| {
        wait.kind.goals().iter().map(|goal| Line { from: wait.id, port: Port::Goal, to: *goal })
    });
    let mut above: BTreeMap<ElementId, usize> = clip.elements.iter().map(|element| (element.id, 0)).collect();
    let mut below: BTreeMap<ElementId, Vec<ElementId>> = BTreeMap::new();
    for line in goals.chain(clip.lines.iter().copied()) {
        if let Some(count) = above.get_mut(&line.to) {
            *count += 1;
            below.entry(line.from).or_default().push(line.to);
        }
    }
    let mut places = BTreeMap::new();
    let mut row: BTreeSet<ElementId> = above.iter().filter(|(_, n)| **n == 0).map(|(id, _)| *id).collect();
    let mut y: i32 = 0;
    while !row.is_empty() {
        let mut next = BTreeSet::new();
        let mut x: i32 = 0;
        for id in row {
            places.insert(id, Point { x, y });
            x = x.saturating_add(COLUMN);
            for to in below.get(&id).into_iter().flatten() {
                if let Some(count) = above.get_mut(to) {
                    *count -= 1;
                    if *count == 0 {
                        next.insert(*to);
                    }
                }
            }
        }
        row = next;
        y = y.saturating_add(ROW);
    }
    places
}
