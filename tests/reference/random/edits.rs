//! Later versions of a map: random edits that leave it sound.

use gateline::base::id::{ElementId, Id, SequenceId};
use gateline::model::{Element, ElementKind, EngineRules, EventFilter, IfOnMap, Map, Port, Sequence};

use super::Dice;

impl Dice {
    /// The map after a few edits.
    pub fn edited(&mut self, map: &Map) -> Map {
        let mut map = map.clone();
        for _ in 0..1 + self.below(4) {
            let mut edited = map.clone();
            self.edit(&mut edited);
            if edited.fault().is_none() {
                map = edited;
            }
        }
        map
    }

    fn edit(&mut self, map: &mut Map) {
        let ids: Vec<_> = map.elements.keys().copied().collect();
        let id = self.pick(&ids);
        match self.below(16) {
            0..=2 => without_element(map, id),
            3..=5 => self.insert_step(map),
            6 => self.change_kind(map, id),
            7 | 8 => self.change_wait(map),
            9 => {
                let element = map.elements.get_mut(&id).unwrap();
                element.draft = !element.draft;
            }
            10 => {
                // which value a timer reads is settled when a contact comes into the sequence
                let field_timer_reads = map.rules.field_timer_reads;
                map.rules = EngineRules { field_timer_reads, ..self.rules() };
            }
            11 => {
                let id = self.next_element();
                let kind = ElementKind::Trigger(self.listener(false));
                map.elements.insert(id, Element { id, name: String::new(), kind, draft: false, place: None });
                map.lines.insert((id, Port::Next), self.pick(&ids));
            }
            12 => {
                let goal = self.next_element();
                let kind = ElementKind::Goal(self.listener(true));
                let wait = self.pick(&ids);
                if let ElementKind::Wait(wait) = &mut map.elements.get_mut(&wait).unwrap().kind {
                    wait.goals.push(goal);
                    let element = Element { id: goal, name: String::new(), kind, draft: false, place: None };
                    map.elements.insert(goal, element);
                }
            }
            13 => {
                let ends = Self::open_ends(map);
                if !ends.is_empty() {
                    map.lines.insert(self.pick(&ends), self.pick(&ids));
                }
            }
            14 => {
                let lines: Vec<_> = map.lines.keys().copied().collect();
                if !lines.is_empty() {
                    map.lines.remove(&self.pick(&lines));
                }
            }
            _ => self.edit_sequences(map),
        }
    }

    /// Puts a wait or an action into the middle of a line; between steps it is mostly a step too.
    fn insert_step(&mut self, map: &mut Map) {
        let mut lines: Vec<_> = map.lines.iter().map(|(from, to)| (*from, *to)).collect();
        let in_sequence = |id: &ElementId| map.sequence_of(*id).is_some();
        if self.one_in(2) && lines.iter().any(|((from, _), _)| in_sequence(from)) {
            lines.retain(|((from, _), _)| in_sequence(from));
        }
        if lines.is_empty() {
            return;
        }
        let ((from, port), to) = self.pick(&lines);
        let (id, kind) = (self.next_element(), self.step());
        map.elements.insert(id, Element { id, name: String::new(), kind, draft: false, place: None });
        map.lines.insert((from, port), id);
        map.lines.insert((id, Port::Next), to);
        for sequence in map.sequences.values_mut() {
            let before = sequence.steps.iter().position(|step| *step == from);
            let after = sequence.steps.iter().position(|step| *step == to);
            let place = before.map(|place| place + 1).or(after);
            if let Some(place) = place
                && (before.is_some() && after.is_some() || self.one_in(2))
            {
                sequence.steps.insert(place, id);
                return;
            }
        }
    }

    /// Other settings, or an action of another kind.
    fn change_kind(&mut self, map: &mut Map, id: ElementId) {
        let ids: Vec<_> = map.elements.keys().copied().collect();
        let to = self.pick(&ids);
        let element = map.elements.get_mut(&id).unwrap();
        match &mut element.kind {
            ElementKind::Trigger(listener) => {
                let on = listener.on.clone();
                let added = on == EventFilter::AddedToAutomation;
                *listener = self.listener(false);
                if added || self.one_in(2) {
                    listener.on = on;
                }
            }
            ElementKind::Goal(listener) => {
                let on = listener.on.clone();
                *listener = self.listener(true);
                if self.one_in(2) {
                    let keap = |on: &EventFilter| matches!(on, EventFilter::KeapPurchase(_));
                    if keap(&on) {
                        listener.if_on_map = IfOnMap::Move;
                    }
                    listener.on = on;
                }
            }
            ElementKind::Wait(wait) => {
                let goals = std::mem::take(&mut wait.goals);
                *wait = self.wait();
                wait.goals = goals;
            }
            ElementKind::Condition(condition) => *condition = self.conditions(),
            ElementKind::Branches(branches) => {
                for branch in &mut branches.branches {
                    branch.rule = self.condition(1);
                }
            }
            ElementKind::Split(split) => split.shares.reverse(),
            ElementKind::GoTo(target) => *target = (!self.one_in(4)).then_some(to),
            ElementKind::Action(action) => *action = self.action(),
            _ => {}
        }
    }

    /// Another rule for a wait, at which contacts may rest (L-03).
    fn change_wait(&mut self, map: &mut Map) {
        let is_wait = |element: &&Element| matches!(element.kind, ElementKind::Wait(_));
        let waits: Vec<_> = map.elements.values().filter(is_wait).map(|wait| wait.id).collect();
        if !waits.is_empty() {
            let id = self.pick(&waits);
            self.change_kind(map, id);
        }
    }

    fn edit_sequences(&mut self, map: &mut Map) {
        let ids: Vec<_> = map.sequences.keys().copied().collect();
        if !ids.is_empty() && self.one_in(2) {
            let id = self.pick(&ids);
            if self.one_in(2) {
                map.sequences.remove(&id);
            } else if let Some(sequence) = map.sequences.get_mut(&id) {
                sequence.runs_until_completed = !sequence.runs_until_completed;
            }
            return;
        }
        // a new one of a run of steps
        let elements: Vec<_> = map.elements.keys().copied().collect();
        let mut at = Some(self.pick(&elements));
        let mut steps = vec![];
        while let Some(id) = at.filter(|id| map.elements[id].kind.is_step() && map.sequence_of(*id).is_none())
        {
            steps.push(id);
            at = map.target(id, Port::Next).filter(|_| !self.one_in(4));
        }
        if !steps.is_empty() {
            let id = SequenceId::new(map.id.number() * 100 + 50 + ids.len() as u32);
            map.sequences
                .insert(id, Sequence { id, name: String::new(), steps, runs_until_completed: false });
        }
    }
}

/// Takes an element out: what led to it leads to what followed.
pub fn without_element(map: &mut Map, id: ElementId) {
    let follows = map.lines.get(&(id, Port::Next)).copied();
    map.elements.remove(&id);
    map.lines.retain(|(from, _), _| *from != id);
    match follows {
        Some(follows) => map.lines.values_mut().filter(|to| **to == id).for_each(|to| *to = follows),
        None => map.lines.retain(|_, to| *to != id),
    }
    for element in map.elements.values_mut() {
        match &mut element.kind {
            ElementKind::GoTo(target) if *target == Some(id) => *target = follows,
            ElementKind::Wait(wait) => wait.goals.retain(|goal| *goal != id),
            _ => {}
        }
    }
    for sequence in map.sequences.values_mut() {
        sequence.steps.retain(|step| *step != id);
    }
    map.sequences.retain(|_, sequence| !sequence.steps.is_empty());
    // a wait that lost its last goal, or got none any more, has another way out
    let ports = |map: &Map, from: &ElementId| map.elements[from].kind.ports();
    let lost: Vec<_> =
        map.lines.keys().filter(|(from, port)| !ports(map, from).contains(port)).copied().collect();
    for end in lost {
        map.lines.remove(&end);
    }
}
