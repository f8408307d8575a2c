//! Triggers and goals in sentences: who can achieve them, and what happens then.

use std::collections::BTreeSet;

use super::{
    condition_in_words, condition_with_subject, counted, event_in_words, events, listed, lower_first, quoted,
    words_of,
};
use crate::base::id::ElementId;
use crate::model::rules::{MoveClears, PreviousWaits};
use crate::model::{Element, ElementKind, EventFilter, Graph, IfOnMap, Listener, Map, Port, Project, Who};

pub(super) fn listener_details(project: &Project, listener: &Listener) -> String {
    let mut parts: Vec<_> = events::event_details(&listener.on).into_iter().collect();
    parts.push(lower_first(words_of(&Who::ALL, listener.who)));
    parts.push(match &listener.on {
        // K-05: whatever the setting says
        EventFilter::KeapPurchase(_) => "move here from above".into(),
        _ => lower_first(words_of(&IfOnMap::ALL, listener.if_on_map)),
    });
    if listener.once {
        parts.push("once".into());
    }
    if !listener.conditions.is_always() {
        parts.push(format!("if {}", condition_in_words(project, &listener.conditions)));
    }
    parts.join(" · ")
}

/// What an element is where that changes what its settings mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Trigger,
    Goal,
    /// K-05: a Move from above the goal, whatever the settings and the map's rules say.
    Keap,
}

impl Manner {
    fn of(map: &Map, element: ElementId) -> Self {
        match map.element(element).map(|element| &element.kind) {
            Some(ElementKind::Goal(Listener { on: EventFilter::KeapPurchase(_), .. })) => Self::Keap,
            Some(ElementKind::Goal(_)) => Self::Goal,
            _ => Self::Trigger,
        }
    }

    fn clears_above(self, map: &Map) -> bool {
        match self {
            Self::Trigger => false,
            Self::Goal => map.rules.move_clears == MoveClears::AboveGoal,
            Self::Keap => true,
        }
    }

    fn if_on_map(self, setting: IfOnMap) -> IfOnMap {
        match self {
            Self::Trigger | Self::Goal => setting,
            Self::Keap => IfOnMap::Move,
        }
    }

    /// K-05: where neither a line nor a Go To leads to the goal's own wait, everybody can come in.
    fn is_entry(self, map: &Map, element: ElementId, who: Who) -> bool {
        let is_led_to = |wait| {
            let mut elements = map.elements.values();
            map.lines.values().any(|to| *to == wait)
                || elements.any(|element| element.kind == ElementKind::GoTo(Some(wait)))
        };
        self == Self::Keap && who == Who::Upstream && !map.wait_of(element).is_some_and(is_led_to)
    }
}

/// What a trigger or goal does, in one sentence for the inspector; `None` for other elements.
pub fn listener_in_words(project: &Project, map: &Map, element: &Element) -> Option<String> {
    let listener = element.kind.listener()?;
    let manner = Manner::of(map, element.id);
    let is_entry = manner.is_entry(map, element.id, listener.who);
    let who = match listener.who {
        Who::AnyContact => "any contact".to_owned(),
        Who::Upstream if is_entry => "any contact".into(),
        Who::OnMap => "a contact who is anywhere on this map".into(),
        Who::Upstream => "a contact who is anywhere above this goal".into(),
        Who::PreviousWaits => match (map.rules.previous_waits, map.wait_of(element.id)) {
            (PreviousWaits::Attached, Some(wait)) => {
                format!("a contact who rests at {}", quoted(project, map, wait))
            }
            (PreviousWaits::Attached, None) => "a contact who rests at this goal's own wait".into(),
            (PreviousWaits::AllAbove, _) => "a contact who rests at any wait above this goal".into(),
        },
    };
    let event = event_in_words(project, &listener.on);
    let provided = if listener.conditions.is_always() {
        String::new()
    } else {
        format!(", provided {}", condition_with_subject(project, &listener.conditions))
    };
    let others = if manner.clears_above(map) {
        "its positions above this goal go"
    } else {
        "all its other positions go"
    };
    let effect = match (manner.if_on_map(listener.if_on_map), listener.who) {
        _ if is_entry => "it comes in here".into(),
        (IfOnMap::Move, Who::AnyContact) => {
            format!("it comes in here; if it is on the map already, {others}")
        }
        (IfOnMap::Move, _) => format!("{others} and it continues here"),
        (IfOnMap::Add, Who::AnyContact) => {
            "it comes in here; if it is on the map already, its other positions stay".into()
        }
        (IfOnMap::Add, _) => "it continues here and its other positions stay".into(),
        (IfOnMap::Ignore, Who::AnyContact) => "it comes in here unless it is on the map already".into(),
        (IfOnMap::Ignore, _) => "nothing happens, as it is on the map already".into(),
    };
    let once = if listener.once { ", once in its life" } else { "" };
    Some(format!("When {who} {event}{provided}, {effect}{once}"))
}

/// What a choice of who can achieve it means for contacts on this map, with its names.
pub fn who_in_words(project: &Project, map: &Map, graph: &Graph, element: ElementId, who: Who) -> String {
    let name = &map.name;
    let manner = Manner::of(map, element);
    match who {
        Who::Upstream if manner.is_entry(map, element, who) => {
            "Everybody in the account: nothing stands above this goal, so that it lets contacts in".into()
        }
        Who::AnyContact if manner != Manner::Trigger => {
            format!("Everybody in the account; who is not on “{name}” comes in at this goal")
        }
        Who::AnyContact => format!("Everybody in the account, on “{name}” or not"),
        Who::OnMap => {
            format!("Whoever stands somewhere on “{name}”, also at an End; who left it does not count")
        }
        Who::Upstream => {
            let above = graph.upstream(element, map.rules.upstream_follows_go_to);
            match above_in_words(project, map, graph, &above, |_| true) {
                Some(above) => format!("Only who stands at {above}"),
                None => "Nobody: nothing stands above this goal".into(),
            }
        }
        Who::PreviousWaits => {
            let above = match map.rules.previous_waits {
                PreviousWaits::Attached => graph.wait_of(element).into_iter().collect(),
                PreviousWaits::AllAbove => graph.upstream(element, map.rules.upstream_follows_go_to),
            };
            let is_wait = |kind: &ElementKind| matches!(kind, ElementKind::Wait(_));
            match above_in_words(project, map, graph, &above, is_wait) {
                Some(above) => format!("Only who rests at {above}"),
                None => "Nobody: no wait stands above this goal".into(),
            }
        }
    }
}

/// The nearest elements of a set that stand where contacts can be, as far as a sentence can name them.
fn above_in_words(
    project: &Project,
    map: &Map,
    graph: &Graph,
    above: &BTreeSet<ElementId>,
    fits: impl Fn(&ElementKind) -> bool,
) -> Option<String> {
    const NAMED: usize = 2;
    let holds = |id: &&ElementId| {
        above.contains(id) && map.element(**id).is_some_and(|e| e.kind.takes_lines() && fits(&e.kind))
    };
    let standing: Vec<_> = graph.order.iter().rev().filter(holds).collect();
    let mut names: Vec<_> = standing.iter().take(NAMED).map(|id| quoted(project, map, **id)).collect();
    let more = standing.len().saturating_sub(NAMED);
    if more > 0 {
        names.push(counted(more, "more element above", "more elements above"));
    }
    (!names.is_empty()).then(|| listed(&names, "or"))
}

/// What a choice for contacts who are on the map already does to them, with this map's names.
pub fn if_on_map_in_words(project: &Project, map: &Map, element: ElementId, choice: IfOnMap) -> String {
    let name = &map.name;
    let next = match map.target(element, Port::Next) {
        Some(next) => format!("continues with {}", quoted(project, map, next)),
        None => "stays here, as nothing is below".into(),
    };
    let manner = Manner::of(map, element);
    let who = map.element(element).and_then(|element| element.kind.listener()).map(|listener| listener.who);
    let is_entry = who.is_some_and(|who| manner.is_entry(map, element, who));
    match manner.if_on_map(choice) {
        _ if is_entry => format!("It comes in here and {next}"),
        IfOnMap::Move if manner.clears_above(map) => {
            format!("It leaves the places above this goal and {next}")
        }
        IfOnMap::Move => format!("It leaves every other place on “{name}” and {next}"),
        IfOnMap::Add => format!("It stays where it is and also {next}: it is on “{name}” once more"),
        IfOnMap::Ignore => {
            format!("Who is on “{name}” already stays where it is, as if nothing had happened")
        }
    }
}
