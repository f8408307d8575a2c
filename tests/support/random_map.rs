//! Random maps of every kind of element, for tests and benchmarks: the same number and seed give the same map. Whoever
//! includes this file says what the library is called there: `use gateline as lib;` or `use crate as lib;`.

use super::lib::base::id::{ElementId, Id, MapId};
use super::lib::base::time::{Span, Unit};
use super::lib::model::{
    Condition, Element, ElementKind, EventType, FieldChange, Listener, Map, Point, Port, Split, Until, Wait,
    WaitZone,
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
        self.map.elements.insert(id, Element { id, name, kind, place: None });
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
            0..30 => ElementKind::SendEmail(None),
            30..38 => ElementKind::ChangeTags { add: vec![], remove: vec![] },
            38..44 => ElementKind::UpdateField { field: None, change: FieldChange::Set(None) },
            44..66 => ElementKind::Wait(Wait {
                until: Until::TimePasses(Span::new(2, Unit::Days)),
                zone: WaitZone::Account,
                goals: vec![],
            }),
            66..76 => ElementKind::Condition(Condition::default()),
            76..83 => ElementKind::Split(Split { shares: vec![3000, 3000, 4000] }),
            83..86 => ElementKind::Fork,
            86..92 => ElementKind::Goal(Listener::goal(EventType::Order)),
            92..95 => ElementKind::GoTo(None),
            95..98 => ElementKind::End,
            _ => ElementKind::Exit,
        }
    }
}

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
            kind = ElementKind::SendEmail(None);
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
    }
    map
}
