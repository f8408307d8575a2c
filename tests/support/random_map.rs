//! Random maps of every kind of element, for tests and benchmarks: the same number and seed give the same map. Whoever
//! includes this file says what the library is called there: `use gateline as lib;` or `use crate as lib;`.

use super::lib::base::id::{ElementId, Id, MapId, SequenceId};
use super::lib::base::time::{Span, Unit};
use super::lib::model::kinds::KINDS;
use super::lib::model::{
    Action, Branch, BranchPolicy, Branches, Condition, Element, ElementKind, EventType, Listener, Map, Point,
    Port, Sequence, Split, Until, Wait, WaitZone,
};

/// Numbers that look random.
pub struct Dice(u64);

impl Dice {
    /// A source with a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `below`.
    pub fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % below as u64) as usize
    }
}

struct Builder {
    map: Map,
    dice: Dice,
    open: Vec<(ElementId, Port)>,
}

const NAMES: [&str; 6] =
    ["", "", "Welcome to the academy", "Invoice for the workshop in spring", "Reminder", ""];

impl Builder {
    fn add(&mut self, kind: ElementKind) -> ElementId {
        let id = ElementId::new(self.map.elements.len() as u32 + 1);
        let name = NAMES[self.dice.roll(NAMES.len())].to_owned();
        self.open.extend(kind.ports().into_iter().map(|port| (id, port)));
        self.map.elements.insert(id, Element { id, name, kind, draft: false, place: None });
        id
    }

    fn take_open(&mut self) -> Option<(ElementId, Port)> {
        let count = self.open.len();
        if count == 0 {
            return None;
        }
        // Mostly one of the latest, so that maps get deep as well as wide.
        let back = self.dice.roll(count.min(12));
        Some(self.open.swap_remove(count - 1 - back))
    }

    fn kind(&mut self) -> ElementKind {
        match self.dice.roll(100) {
            0..30 => MAIL,
            30..44 => self.action(),
            44..66 => ElementKind::Wait(Wait {
                until: Until::TimePasses(Span::new(2, Unit::Days)),
                zone: WaitZone::Account,
                goals: vec![],
            }),
            66..73 => ElementKind::Condition(Condition::default()),
            73..76 => {
                let policies = [BranchPolicy::FirstMatch, BranchPolicy::AllMatching];
                let policy = policies[self.dice.roll(2)];
                let branches = vec![Branch::default(); self.dice.roll(5) + 1];
                ElementKind::Branches(Branches { policy, branches })
            }
            76..83 => ElementKind::Split(Split { shares: vec![3000, 3000, 4000] }),
            83..86 => ElementKind::Fork,
            86..92 => ElementKind::Goal(Listener::goal(EventType::Purchased)),
            92..95 => ElementKind::GoTo(None),
            95..98 => ElementKind::End,
            _ => ElementKind::Exit,
        }
    }

    fn action(&mut self) -> ElementKind {
        let blanks = KINDS.iter().map(|info| (info.blank)());
        let mut actions: Vec<_> = blanks.filter(|kind| kind.action().is_some()).collect();
        actions.swap_remove(self.dice.roll(actions.len()))
    }
}

const MAIL: ElementKind = ElementKind::Action(Action::SendEmail(None));

/// A map of about `count` elements; of 100 elements `placed` have a place of their own.
pub fn random_map(count: usize, seed: u64, placed: usize) -> Map {
    let map = Map::new(MapId::new(1), "Random");
    let mut b = Builder { map, dice: Dice::new(seed), open: vec![] };
    b.add(ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation)));
    while b.map.elements.len() < count {
        let Some((from, port)) = b.take_open() else {
            b.add(ElementKind::Trigger(Listener::trigger(EventType::FormSubmitted)));
            continue;
        };
        let mut kind = b.kind();
        if b.open.is_empty() && kind.ports().is_empty() {
            kind = MAIL;
        }
        if let ElementKind::GoTo(target) = &mut kind {
            let back = b.dice.roll(b.map.elements.len()) as u32 + 1;
            *target =
                b.map.elements.get(&ElementId::new(back)).filter(|e| e.kind.takes_lines()).map(|e| e.id);
        }
        let to = if let ElementKind::Goal(_) = kind {
            let goals: Vec<_> = (0..=b.dice.roll(3)).map(|_| b.add(kind.clone())).collect();
            let until =
                if b.dice.roll(2) == 0 { Until::Goal } else { Until::TimePasses(Span::new(7, Unit::Days)) };
            b.add(ElementKind::Wait(Wait { until, zone: WaitZone::Account, goals }))
        } else {
            b.add(kind)
        };
        b.map.lines.insert((from, port), to);
        // Sometimes several ways meet.
        if b.dice.roll(10) == 0 {
            for _ in 0..=b.dice.roll(3) {
                let Some(end) = b.open.iter().position(|(id, _)| *id < to) else { break };
                let (from, port) = b.open.remove(end);
                if !b.map.element(to).is_some_and(|element| element.kind.goals().contains(&from)) {
                    b.map.lines.insert((from, port), to);
                } else {
                    b.open.push((from, port));
                }
            }
        }
        if b.dice.roll(60) == 0 {
            b.add(ElementKind::Trigger(Listener::trigger(EventType::FormSubmitted)));
        }
    }
    let Builder { mut map, mut dice, .. } = b;
    for element in map.elements.values_mut() {
        if dice.roll(100) < placed {
            let (x, y) = (dice.roll(600) as i32 * 4 - 1200, dice.roll(600) as i32 * 4 - 400);
            element.place = Some(Point { x, y });
        }
        element.draft = dice.roll(40) == 0 && element.kind.can_be_draft();
    }
    add_sequences(&mut map, &mut dice);
    map
}

/// Makes sequences of some of the runs of two to five steps.
fn add_sequences(map: &mut Map, dice: &mut Dice) {
    let tops: Vec<_> = map.elements.keys().copied().collect();
    for top in tops {
        if dice.roll(12) > 0 {
            continue;
        }
        let is_free = |id: &ElementId| map.elements[id].kind.is_step() && map.sequence_of(*id).is_none();
        let below = |id: &ElementId| map.target(*id, Port::Next).filter(is_free);
        let run = std::iter::successors(Some(top).filter(is_free), below);
        let steps: Vec<_> = run.take(dice.roll(4) + 2).collect();
        if steps.len() > 1 {
            let id = SequenceId::new(map.sequences.len() as u32 + 1);
            let name = format!("Sequence {id}");
            let runs_until_completed = dice.roll(4) == 0;
            map.sequences.insert(id, Sequence { id, name, steps, runs_until_completed });
        }
    }
}
