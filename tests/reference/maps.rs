//! The shape of a map, asked by walking over it.

use gateline::base::id::ElementId;
use gateline::model::{Element, ElementKind, Map, Port};

/// Where this way out of an element leads, a Go To included.
pub fn way(map: &Map, from: ElementId, port: Port) -> Option<ElementId> {
    match (&map.elements[&from].kind, port) {
        (ElementKind::GoTo(target), Port::GoTo) => *target,
        _ => map.lines.get(&(from, port)).copied(),
    }
}

/// The elements right below, from left to right: by lines, then the attached goals (the path of least action is the
/// leftmost way out, semantics §1), and by Go To if that is asked for.
fn below(map: &Map, from: ElementId, follow_go_to: bool) -> Vec<ElementId> {
    let element = &map.elements[&from];
    let mut below: Vec<_> =
        element.kind.ports().into_iter().filter_map(|port| way(map, from, port)).collect();
    below.extend(element.kind.goals());
    if follow_go_to {
        below.extend(way(map, from, Port::GoTo));
    }
    below
}

/// All elements in reading order (M-13): depth first from the triggers; what no line leads to comes behind.
pub fn reading_order(map: &Map) -> Vec<ElementId> {
    fn walk(map: &Map, at: ElementId, order: &mut Vec<ElementId>) {
        if !order.contains(&at) {
            order.push(at);
            below(map, at, false).into_iter().for_each(|next| walk(map, next, order));
        }
    }
    let is_trigger = |id: &ElementId| matches!(map.elements[id].kind, ElementKind::Trigger(_));
    let led_to = |id: &ElementId| map.elements.keys().any(|above| below(map, *above, false).contains(id));
    let mut order = vec![];
    map.elements.keys().filter(|id| is_trigger(id)).for_each(|id| walk(map, *id, &mut order));
    map.elements.keys().filter(|id| !led_to(id)).for_each(|id| walk(map, *id, &mut order));
    order
}

/// Whether `to` can be reached from `from` going down at least one step (G-01).
pub fn leads_down(map: &Map, from: ElementId, to: ElementId, follow_go_to: bool) -> bool {
    let mut reached: Vec<ElementId> = vec![];
    let mut open = below(map, from, follow_go_to);
    while let Some(at) = open.pop() {
        if !reached.contains(&at) {
            reached.push(at);
            open.extend(below(map, at, follow_go_to));
        }
    }
    reached.contains(&to)
}

/// The goal group's own wait (M-05).
pub fn own_wait(map: &Map, goal: ElementId) -> Option<ElementId> {
    map.elements.values().find(|element| element.kind.goals().contains(&goal)).map(|element| element.id)
}

/// Whether a line or a Go To leads to the element.
pub fn is_led_to(map: &Map, to: ElementId) -> bool {
    let jumps = |element: &Element| element.kind == ElementKind::GoTo(Some(to));
    map.lines.values().any(|target| *target == to) || map.elements.values().any(jumps)
}

/// Whether it is the head of a goal group.
pub fn is_goal_wait(element: &Element) -> bool {
    !element.kind.goals().is_empty()
}

/// The way out of a wait whose rule fires: with goals the path of least action.
pub fn way_on(element: &Element) -> Port {
    if is_goal_wait(element) { Port::Timeout } else { Port::Next }
}
