//! Triggers and goals: who achieves them, and what that does (semantics §3).

use std::sync::Arc;

use gateline::base::id::ElementId;
use gateline::engine::log::Refused;
use gateline::model::rules::{MoveClears, PreviousWaits, Reentry, SeveralGoals, WhilePaused};
use gateline::model::{Element, ElementKind, EventFilter, Happening, IfOnMap, Listener, Map, Port, Who};

use super::life::Life;
use super::lines::{From, Said};
use super::maps;
use super::matching::matches;
use super::running::Mover;

/// The listeners of a map in the order in which they are asked (G-04): triggers before goals, each in reading order.
pub fn listeners(map: &Map) -> Vec<Element> {
    let order = maps::reading_order(map);
    let elements = || order.iter().map(|id| &map.elements[id]).filter(|element| !element.draft);
    let triggers = elements().filter(|element| matches!(element.kind, ElementKind::Trigger(_)));
    let goals = elements().filter(|element| matches!(element.kind, ElementKind::Goal(_)));
    triggers.chain(goals).cloned().collect()
}

impl Life<'_> {
    /// All published maps hear of an event (G-04); returns what was activated.
    pub fn offer(&mut self, what: &Happening, event: u32) -> Vec<ElementId> {
        self.event = Some(event);
        let mut activated = vec![];
        for map in self.maps.values().cloned().collect::<Vec<_>>() {
            activated.extend(self.offer_to(&map, what, event));
        }
        self.event = None;
        activated
    }

    fn offer_to(&mut self, map: &Arc<Map>, what: &Happening, event: u32) -> Vec<ElementId> {
        let mut activated = vec![];
        let (mut goals, mut achieved) = (0, false);
        for element in listeners(map) {
            let listener = element.kind.listener().unwrap();
            if self.has_ended() || !matches(&listener.on, what, map, self.account.project) {
                continue;
            }
            let is_goal = matches!(element.kind, ElementKind::Goal(_));
            let refused = self.refusal(map, &element, Some(event), achieved);
            let could = matches!(
                refused,
                None | Some(Refused::Once | Refused::Ignore | Refused::AlreadyInSequence | Refused::NotFirst)
            );
            // G-05
            if is_goal && could {
                goals += 1;
                if goals == 2 {
                    self.say(Some(element.id), None, Some(event), Said::SeveralGoals);
                }
            }
            if let Some(why) = refused {
                self.say(Some(element.id), None, Some(event), Said::Refused(why));
                continue;
            }
            achieved |= is_goal;
            activated.push(element.id);
            self.activate(map, &element, Some(event));
        }
        activated
    }

    /// Why a trigger or goal that matched is not activated. `achieved`: a goal of the map was, by the same event.
    pub fn refusal(
        &self,
        map: &Map,
        element: &Element,
        event: Option<u32>,
        achieved: bool,
    ) -> Option<Refused> {
        let listener = element.kind.listener().unwrap();
        let is_goal = matches!(element.kind, ElementKind::Goal(_));
        let rules = &map.rules;
        let put_here = |event| self.stays.get(&map.id).is_some_and(|stay| stay.event == Some(event));
        if self.is_paused(map.id) && rules.events_while_paused == WhilePaused::Missed {
            Some(Refused::Paused) // M-14
        } else if !self.holds(&listener.conditions, map.id) {
            Some(Refused::Condition)
        } else if !self.is_in_scope(map, element) {
            Some(Refused::Scope) // G-01
        } else if is_goal && !rules.entry_event_achieves && self.is_on(map.id) && event.is_some_and(put_here)
        {
            Some(Refused::EntryEvent) // G-04
        } else if listener.once && self.activated.contains(&element.id) {
            Some(Refused::Once) // G-03
        } else if if_on_map(listener) == IfOnMap::Ignore && self.is_on(map.id) {
            Some(Refused::Ignore) // G-02
        } else if is_goal && self.runs_what_follows(map, element) {
            Some(Refused::AlreadyInSequence) // K-08
        } else if is_goal && achieved && rules.several_goals == SeveralGoals::FirstOnly {
            Some(Refused::NotFirst) // G-05
        } else {
            None
        }
    }

    /// G-01, K-05. A position that a goal left running to the end of its sequence counts for nobody (K-06).
    fn is_in_scope(&self, map: &Map, element: &Element) -> bool {
        let listener = element.kind.listener().unwrap();
        let own_wait = maps::own_wait(map, element.id);
        let is_wait = |id: ElementId| matches!(map.elements[&id].kind, ElementKind::Wait(_));
        let fits = |at: ElementId| match (listener.who, map.rules.previous_waits) {
            (Who::AnyContact | Who::OnMap, _) => true,
            (Who::PreviousWaits, PreviousWaits::Attached) => own_wait == Some(at),
            (Who::PreviousWaits, PreviousWaits::AllAbove) => is_wait(at) && is_above(map, at, element.id),
            (Who::Upstream, _) => is_above(map, at, element.id),
        };
        let begins = is_keap(listener)
            && listener.who == Who::Upstream
            && own_wait.is_none_or(|wait| !maps::is_led_to(map, wait));
        let positions = self.positions.iter().filter(|p| p.map == map.id && !p.finishing);
        listener.who == Who::AnyContact || begins || positions.map(|position| position.at).any(fits)
    }

    /// Whether the contact is, and would stay, in the sequence that begins behind the goal, or may not come again (K-08).
    fn runs_what_follows(&self, map: &Map, goal: &Element) -> bool {
        let Some(next) = maps::way(map, goal.id, Port::Next) else { return false };
        let Some(sequence) = map.sequences.values().find(|sequence| sequence.steps.contains(&next)) else {
            return false;
        };
        if map.rules.sequence_reentry == Reentry::Never && self.finished.contains(&sequence.id) {
            return true;
        }
        self.positions_on(map.id).into_iter().any(|no| {
            let goes = self.is_cleared(map, goal, no) && !self.is_spared(map, goal, no);
            self.active_in(no).is_some_and(|active| active.id == sequence.id) && !goes
        })
    }

    /// Whether a position is one of those that *Move here* clears (G-09, K-05, K-06).
    fn is_cleared(&self, map: &Map, element: &Element, no: u32) -> bool {
        let listener = element.kind.listener().unwrap();
        let position = self.position(no);
        if if_on_map(listener) != IfOnMap::Move {
            return false;
        }
        match element.kind {
            ElementKind::Goal(_) => {
                let above_only = is_keap(listener) || map.rules.move_clears == MoveClears::AboveGoal;
                !position.finishing && (!above_only || is_above(map, position.at, element.id))
            }
            _ => true,
        }
    }

    /// Whether it runs to the end of its sequence, above the goal, beside what the goal starts (K-06).
    fn is_spared(&self, map: &Map, element: &Element, no: u32) -> bool {
        matches!(element.kind, ElementKind::Goal(_))
            && is_above(map, self.position(no).at, element.id)
            && self.active_in(no).is_some_and(|sequence| sequence.runs_until_completed)
    }

    /// Activates a trigger or goal: Move or Add, then down to rest.
    pub fn activate(&mut self, map: &Map, element: &Element, cause: Option<u32>) {
        let activated = self.say(Some(element.id), None, cause, Said::Activated);
        self.activated.insert(element.id);
        let own_wait = maps::own_wait(map, element.id);
        let mut walks: Option<Mover> = None;
        for no in self.positions_on(map.id) {
            if !self.is_cleared(map, element, no) {
                continue;
            }
            let at = self.position(no).at;
            if self.is_spared(map, element, no) {
                self.position_mut(no).finishing = true;
            } else if own_wait == Some(at) && walks.is_none() {
                // it leaves by the line to the goal
                let left = self.say_of(no, activated, Said::Left(Port::Goal));
                self.position_mut(no).stand = None;
                self.complete_sequence(no, left);
                walks =
                    Some(Mover { no, from: From::Element(at), to: element.id, cause: left, again: false });
            } else {
                self.take(no, activated, element.id);
            }
        }
        let mover = walks.unwrap_or_else(|| {
            let no = self.new_position(map.id, element.id);
            Mover { no, from: From::Event, to: element.id, cause: activated, again: false }
        });
        self.movers.push(mover);
        self.run_down(activated);
    }
}

fn is_keap(listener: &Listener) -> bool {
    matches!(listener.on, EventFilter::KeapPurchase(_))
}

/// What happens to someone on the map; Keap's purchase goal always moves (K-05).
fn if_on_map(listener: &Listener) -> IfOnMap {
    if is_keap(listener) { IfOnMap::Move } else { listener.if_on_map }
}

/// Whether the goal can be reached going down from there (G-01).
fn is_above(map: &Map, at: ElementId, goal: ElementId) -> bool {
    maps::leads_down(map, at, goal, map.rules.upstream_follows_go_to)
}
