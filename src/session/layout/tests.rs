use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate as lib;
use crate::base::id::{Id, MapId};
use crate::model::{Action, EventType, Listener, Split};

#[path = "../../../tests/support/random_map.rs"]
pub mod random_map;
use random_map::random_map;

fn layout(map: &Map) -> Layout {
    Layout::of(map, &Graph::of(map))
}

/// Pairs of cards that overlap, by a sweep from top to bottom.
fn overlaps(layout: &Layout) -> Vec<(ElementId, ElementId)> {
    let mut cards = layout.cards.clone();
    cards.sort_by_key(|card| card.area.top);
    let mut pairs = vec![];
    for (at, card) in cards.iter().enumerate() {
        let below = cards[at + 1..].iter().take_while(|other| other.area.top < card.area.bottom);
        pairs.extend(below.filter(|other| other.area.overlaps(card.area)).map(|other| (card.id, other.id)));
    }
    pairs
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn cards_lie_on_the_grid_and_never_on_each_other(count in 1usize..400, seed: u64) {
        let map = random_map(count, seed, 0);
        let layout = layout(&map);
        prop_assert_eq!(layout.cards.len(), map.elements.len());
        prop_assert_eq!(overlaps(&layout), vec![]);
        for card in &layout.cards {
            prop_assert_eq!((card.area.left % GRID, card.area.top % GRID), (0, 0));
        }
    }

    #[test]
    fn everything_flows_around_what_the_user_placed(count in 1usize..300, seed: u64, placed in 1usize..40) {
        let map = random_map(count, seed, placed);
        let layout = layout(&map);
        for element in map.elements.values() {
            if let Some(place) = element.place {
                prop_assert_eq!(layout.card(element.id).map(Area::corner), Some(place));
            }
        }
        let by_hand: BTreeSet<_> =
            map.elements.values().filter(|element| element.place.is_some()).map(|element| element.id).collect();
        let tidy = overlaps(&layout).into_iter().find(|(a, b)| !by_hand.contains(a) || !by_hand.contains(b));
        prop_assert_eq!(tidy, None);
    }

    #[test]
    fn what_hangs_under_a_way_stands_below_and_in_the_order_of_the_ways(count in 1usize..300, seed: u64) {
        let map = random_map(count, seed, 0);
        let graph = Graph::of(&map);
        let layout = layout(&map);
        for element in map.elements.keys() {
            let own = layout.card(*element).unwrap();
            let mut before = None;
            for outlet in graph.outlets(*element) {
                let Some(to) = outlet.to else { continue };
                let area = layout.card(to).unwrap();
                prop_assert!(area.top >= own.bottom, "{} is not below {}", to, element);
                if graph.incoming(to).len() == 1 {
                    prop_assert!(before.is_none_or(|before| before < area.left), "{} stands before its ways", to);
                    before = Some(area.left);
                }
            }
        }
    }

    #[test]
    fn the_same_map_has_the_same_layout_and_all_lines_are_drawn(count in 1usize..200, seed: u64, placed in 0usize..20) {
        let map = random_map(count, seed, placed);
        let (one, two) = (layout(&map), layout(&map));
        prop_assert_eq!(&one, &two);
        let goals: usize = map.elements.values().map(|element| element.kind.goals().len()).sum();
        prop_assert_eq!(one.lines.len(), map.lines.len() + goals);
        for line in &one.lines {
            let corners = line.route.corners();
            prop_assert!(corners.len() >= 2);
            prop_assert!(corners.windows(2).all(|ends| ends[0].x == ends[1].x || ends[0].y == ends[1].y));
            let to = one.card(line.to).unwrap();
            let end = corners.last().unwrap();
            prop_assert_eq!((end.x, end.y), (to.middle_x(), to.top));
        }
    }

    #[test]
    fn an_element_at_an_open_end_moves_nothing_above_it(count in 2usize..200, seed: u64) {
        let map = random_map(count, seed, 0);
        let before = layout(&map);
        let Some(end) = before.open_ends.first() else { return Ok(()) };
        let mut after = map.clone();
        let id = ElementId::new(100_000);
        let kind = ElementKind::Action(Action::SendEmail(None));
        after.elements.insert(id, Element { id, name: String::new(), kind, draft: false, place: None });
        after.lines.insert((end.from, end.port), id);
        let layout = layout(&after);
        prop_assert_eq!(layout.card(ElementId::new(1)), before.card(ElementId::new(1)));
        let same_row = |id: &ElementId| layout.card(*id).map(|a| a.top) == before.card(*id).map(|a| a.top);
        prop_assert!(map.elements.keys().all(same_row));
    }
}

struct Small {
    map: Map,
}

impl Small {
    fn new() -> Self {
        Self { map: Map::new(MapId::new(1), "Small") }
    }

    fn add(&mut self, number: u32, kind: ElementKind) -> ElementId {
        let id = ElementId::new(number);
        self.map.elements.insert(id, Element { id, name: String::new(), kind, draft: false, place: None });
        id
    }

    fn email(&mut self, number: u32) -> ElementId {
        self.add(number, ElementKind::Action(Action::SendEmail(None)))
    }

    fn line(&mut self, from: ElementId, port: Port, to: ElementId) {
        self.map.lines.insert((from, port), to);
    }
}

#[test]
fn paths_of_a_split_meet_again_centred_under_it() {
    let mut small = Small::new();
    let split = small.add(1, ElementKind::Split(Split::halves()));
    let (a, b, end) = (small.email(2), small.email(3), small.email(4));
    small.line(split, Port::path(0), a);
    small.line(split, Port::path(1), b);
    small.line(a, Port::Next, end);
    small.line(b, Port::Next, end);
    let layout = layout(&small.map);
    let middle = |id| layout.card(id).unwrap().middle_x();
    assert_eq!(middle(split), middle(end));
    assert_eq!(middle(a) + middle(b), 2 * middle(split));
    assert!(middle(a) < middle(b));
}

#[test]
fn triggers_stand_side_by_side_above_what_they_have_in_common() {
    let mut small = Small::new();
    let kind = || ElementKind::Trigger(Listener::trigger(EventType::FormSubmitted));
    let triggers = [1, 2, 3].map(|number| small.add(number, kind()));
    let email = small.email(4);
    for trigger in triggers {
        small.line(trigger, Port::Next, email);
    }
    let layout = layout(&small.map);
    let areas = triggers.map(|id| layout.card(id).unwrap());
    assert_eq!(areas[0].corner(), Point { x: 0, y: 0 });
    assert!(areas.iter().all(|area| area.top == 0));
    assert_eq!(layout.card(email).unwrap().middle_x(), areas[1].middle_x());
}

#[test]
fn what_hangs_under_a_placed_element_goes_with_it() {
    let mut small = Small::new();
    let [a, b, c] = [1, 2, 3].map(|number| small.email(number));
    small.line(a, Port::Next, b);
    small.line(b, Port::Next, c);
    small.map.elements.get_mut(&b).unwrap().place = Some(Point { x: 800, y: 400 });
    let layout = layout(&small.map);
    let (b, c) = (layout.card(b).unwrap(), layout.card(c).unwrap());
    assert_eq!(b.corner(), Point { x: 800, y: 400 });
    assert_eq!((c.middle_x(), c.top), (b.middle_x(), b.top + ROW));
}

#[test]
fn loops_and_strangers_are_laid_out_too() {
    let mut small = Small::new();
    let [a, b, c] = [1, 2, 3].map(|number| small.email(number));
    small.line(a, Port::Next, b);
    small.line(b, Port::Next, a);
    small.line(c, Port::Next, ElementId::new(99));
    let layout = layout(&small.map);
    assert_eq!(layout.cards.len(), 3);
    assert_eq!(overlaps(&layout), vec![]);
    assert_eq!(layout.lines.len(), 2);
}

#[test]
fn a_long_chain_overflows_nothing() {
    let mut small = Small::new();
    for number in 1..20_000 {
        let id = small.email(number);
        if number > 1 {
            small.line(ElementId::new(number - 1), Port::Next, id);
        }
    }
    assert_eq!(layout(&small.map).cards.len(), 19_999);
}
