//! Maps whose lines lead down and meet again, with goal groups, sequences, open ends, and Go To that lead anywhere.

use std::sync::Arc;

use gateline::base::id::{ElementId, Id, MapId, SequenceId};
use gateline::model::{Action, Element, ElementKind, Map, Port, Project, Publication, Sequence, Until, Wait};

use super::Dice;

impl Dice {
    pub fn next_element(&mut self) -> ElementId {
        self.next_element += 1;
        ElementId::new(self.next_element - 1)
    }

    /// A map and the versions of it that are published, if any.
    pub fn versions(&mut self, id: MapId, project: &mut Project) {
        let mut map = self.map(id);
        if self.one_in(2) {
            let first = self.one_in(4).then(|| self.instant());
            let mut times: Vec<_> = (0..self.pick(&[0, 1, 1, 2, 3])).map(|_| self.instant()).collect();
            times.retain(|at| first.is_none_or(|first| *at > first));
            times.sort();
            times.dedup();
            let mut versions = vec![];
            for at in std::iter::once(first).chain(times.into_iter().map(Some)) {
                if !versions.is_empty() {
                    map = self.edited(&map);
                }
                versions.push(Publication { at, place_matching: self.one_in(2), map: Arc::new(map.clone()) });
            }
            project.published.insert(id, versions);
        }
        project.maps.insert(id, Arc::new(map));
    }

    fn map(&mut self, id: MapId) -> Map {
        let mut map = Map::new(id, format!("map {}", id.number()));
        map.rules = self.rules();
        let mut kinds =
            vec![ElementKind::Trigger(self.added_trigger()), ElementKind::Trigger(self.listener(false))];
        // runs of steps, with the place of the first and their number
        let mut runs = vec![];
        let count = 6 + self.below(18);
        while kinds.len() < count {
            if self.one_in(4) {
                let steps = self.pick(&[1, 2, 3, 3, 4]);
                runs.push((kinds.len(), steps));
                for _ in 0..steps {
                    kinds.push(self.step());
                }
                // a goal behind it
                if self.one_in(2) {
                    self.goal_group(&mut kinds);
                }
            } else if self.one_in(5) {
                self.goal_group(&mut kinds);
            } else {
                kinds.push(self.kind());
            }
        }
        let ids: Vec<_> = kinds.iter().map(|_| self.next_element()).collect();
        let takes_lines: Vec<_> = (0..kinds.len()).filter(|place| kinds[*place].takes_lines()).collect();
        for (place, mut kind) in kinds.into_iter().enumerate() {
            match &mut kind {
                ElementKind::GoTo(target) => {
                    *target = (!self.one_in(8)).then(|| ids[self.pick(&takes_lines)]);
                }
                // the goals of a group stand right behind it, so far by their distance
                ElementKind::Wait(Wait { goals, .. }) => {
                    for goal in goals {
                        *goal = ids[place + goal.number() as usize];
                    }
                }
                _ => {}
            }
            let in_run = runs.iter().any(|(first, steps)| (*first..first + steps - 1).contains(&place));
            let below: Vec<_> = takes_lines.iter().copied().filter(|other| *other > place).take(3).collect();
            for port in kind.ports() {
                if in_run {
                    map.lines.insert((ids[place], port), ids[place + 1]);
                } else if !below.is_empty() && !self.one_in(12) {
                    let nearest = [below[0], below[0], self.pick(&below)];
                    map.lines.insert((ids[place], port), ids[self.pick(&nearest)]);
                }
            }
            let (id, draft) = (ids[place], self.one_in(25));
            map.elements.insert(id, Element { id, name: String::new(), kind, draft, place: None });
        }
        for (number, (first, steps)) in (1..).zip(runs) {
            let id = SequenceId::new(id.number() * 100 + number);
            let steps = ids[first..first + steps].to_vec();
            let runs_until_completed = self.one_in(3);
            map.sequences.insert(id, Sequence { id, name: String::new(), steps, runs_until_completed });
        }
        assert_eq!(map.fault(), None);
        map
    }

    /// A step of a sequence.
    pub fn step(&mut self) -> ElementKind {
        match self.below(5) {
            0 | 1 => ElementKind::Wait(self.wait()),
            2 => ElementKind::Action(Action::SendEmail(self.chosen())),
            _ => ElementKind::Action(self.action()),
        }
    }

    /// A wait with its goals, which it names by their distance.
    fn goal_group(&mut self, kinds: &mut Vec<ElementKind>) {
        let goals = 1 + self.below(2);
        let mut wait = self.wait();
        wait.goals = (1..=goals as u32).map(ElementId::new).collect();
        if self.one_in(3) {
            wait.until = Until::Goal;
        }
        kinds.push(ElementKind::Wait(wait));
        for _ in 0..goals {
            kinds.push(ElementKind::Goal(self.listener(true)));
        }
    }

    /// Ways out that lead nowhere.
    pub fn open_ends(map: &Map) -> Vec<(ElementId, Port)> {
        let ends = map
            .elements
            .values()
            .flat_map(|element| element.kind.ports().into_iter().map(|port| (element.id, port)));
        ends.filter(|end| !map.lines.contains_key(end)).collect()
    }
}
