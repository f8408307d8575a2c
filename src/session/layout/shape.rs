//! Which element belongs under which: elements from top to bottom, for each the lowest element that all ways to it lead
//! through (its *stem*), and its row.

use std::collections::BTreeMap;

use super::{ROW, half_width};
use crate::base::id::ElementId;
use crate::model::{ElementKind, Graph, Map, Point, Port};

/// A way out of an element.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// Which.
    pub port: Port,
    /// Where it leads.
    pub to: Target,
}

/// Where a way out leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Nowhere yet.
    Open,
    /// Down to the node with this number.
    Down(usize),
    /// Back up, around a loop of lines.
    Back(ElementId),
}

/// An element, by its number from top to bottom. Number 0 is above all: its ways lead to the roots.
#[derive(Debug)]
pub struct Node {
    /// The element; `None` for number 0.
    pub id: Option<ElementId>,
    /// Half the width of its card.
    pub half: i32,
    /// Height of its card.
    pub height: i32,
    /// Where the user put it.
    pub place: Option<Point>,
    /// Ways out from left to right.
    pub ways: Vec<Way>,
    /// How many of its ways, at the right, lead to the goals of a goal wait.
    pub goals: usize,
    /// Nodes with a way to it, with the number of the way.
    pub above: Vec<(usize, usize)>,
    /// The lowest node that all ways to it lead through.
    pub stem: usize,
    /// Nodes whose stem it is, from top to bottom.
    pub stemmed: Vec<usize>,
    /// Its row.
    pub row: i32,
    /// The node from which its place is measured: itself if it stands by itself, else that of its stem.
    pub anchor: usize,
    /// Its number in an order in which everything above a stem comes right after it.
    pre: usize,
    depth: u32,
    /// A node above on the chain of stems, at a distance that makes climbing logarithmic.
    jump: usize,
}

/// The shape of a map.
#[derive(Debug)]
pub struct Shape {
    /// From top to bottom: ways down lead to higher numbers.
    pub nodes: Vec<Node>,
    /// Whether any element has a place of its own.
    pub has_places: bool,
}

// Numbers of nodes come from `order` and `stem` and are below `nodes.len()` everywhere in this layout, so indexing
// cannot fail.
impl Shape {
    /// The shape of a map.
    pub fn of(map: &Map, graph: &Graph) -> Self {
        let (roots, order, numbers, back) = from_top_to_bottom(map, graph);
        let mut nodes = Vec::with_capacity(order.len() + 1);
        let down = |id: &ElementId| Way { port: Port::Next, to: Target::Down(numbers[id]) };
        nodes.push(Node::blank(roots.iter().map(down).collect()));
        for id in &order {
            let element = &map.elements[id];
            let ways = graph.outlets(*id).iter().enumerate().map(|(way, outlet)| {
                let to = match outlet.to {
                    None => Target::Open,
                    Some(to) if back.binary_search(&(*id, way)).is_ok() => Target::Back(to),
                    Some(to) => numbers.get(&to).map_or(Target::Open, |number| Target::Down(*number)),
                };
                Way { port: outlet.port, to }
            });
            let mut node = Node::blank(ways.collect());
            node.id = Some(*id);
            node.half = half_width(element);
            node.height = super::card_size(&element.kind).1;
            node.place = element.place;
            node.goals = element.kind.goals().len();
            nodes.push(node);
        }
        for number in 0..nodes.len() {
            for way in 0..nodes[number].ways.len() {
                if let Target::Down(to) = nodes[number].ways[way].to {
                    nodes[to].above.push((number, way));
                }
            }
        }
        let has_places = nodes.iter().any(|node| node.place.is_some());
        let mut shape = Self { nodes, has_places };
        shape.find_stems();
        shape.find_rows();
        shape
    }

    fn find_stems(&mut self) {
        for number in 1..self.nodes.len() {
            let above = &self.nodes[number].above;
            let stem = above.iter().map(|(from, _)| *from).reduce(|a, b| self.common_stem(a, b)).unwrap_or(0);
            let (depth, jump) = (self.nodes[stem].depth, self.nodes[stem].jump);
            let next = self.nodes[jump].jump;
            let jump = if depth - self.nodes[jump].depth == self.nodes[jump].depth - self.nodes[next].depth {
                next
            } else {
                stem
            };
            let node = &mut self.nodes[number];
            (node.stem, node.depth, node.jump) = (stem, depth + 1, jump);
            self.nodes[stem].stemmed.push(number);
        }
        let mut size = vec![1; self.nodes.len()];
        for number in (1..self.nodes.len()).rev() {
            size[self.nodes[number].stem] += size[number];
        }
        for number in 0..self.nodes.len() {
            let mut pre = self.nodes[number].pre + 1;
            for at in 0..self.nodes[number].stemmed.len() {
                let under = self.nodes[number].stemmed[at];
                self.nodes[under].pre = pre;
                pre += size[under];
            }
        }
    }

    /// The lowest node that is on the chain of stems of both.
    fn common_stem(&self, mut a: usize, mut b: usize) -> usize {
        if self.nodes[a].depth < self.nodes[b].depth {
            std::mem::swap(&mut a, &mut b);
        }
        while self.nodes[a].depth > self.nodes[b].depth {
            let jump = self.nodes[a].jump;
            a = if self.nodes[jump].depth >= self.nodes[b].depth { jump } else { self.nodes[a].stem };
        }
        while a != b {
            // Equal depths have jumps of equal length.
            let jumps = (self.nodes[a].jump, self.nodes[b].jump);
            (a, b) = if jumps.0 == jumps.1 { (self.nodes[a].stem, self.nodes[b].stem) } else { jumps };
        }
        a
    }

    /// The node directly under `stem` on the chain of stems of `number`; `None` if they are the same.
    pub fn under(&self, stem: usize, number: usize) -> Option<usize> {
        let stemmed = &self.nodes[stem].stemmed;
        let pre = self.nodes[number].pre;
        let after = stemmed.partition_point(|under| self.nodes[*under].pre <= pre);
        (number != stem).then(|| after.checked_sub(1).map(|at| stemmed[at])).flatten()
    }

    /// Whether several ways lead to it, so that it stands below all of them.
    pub fn is_meeting(&self, number: usize) -> bool {
        self.nodes[number].above.len() > 1
    }

    fn find_rows(&mut self) {
        for number in 1..self.nodes.len() {
            let node = &self.nodes[number];
            let stem = &self.nodes[node.stem];
            let above = node.above.iter().map(|(from, _)| &self.nodes[*from]);
            let row = above.clone().map(|node| node.row).max().unwrap_or(-1).max(stem.row) + 1;
            // A meeting whose ways all come from elements that stand elsewhere goes with them.
            let elsewhere = self.is_meeting(number)
                && node.above.iter().all(|(from, _)| *from != 0 && self.nodes[*from].anchor != stem.anchor);
            let (row, anchor) = match node.place {
                Some(place) => (ceiling(place.y), number),
                None if elsewhere => (row, number),
                None => (row, stem.anchor),
            };
            (self.nodes[number].row, self.nodes[number].anchor) = (row, anchor);
        }
    }
}

impl Node {
    fn blank(ways: Vec<Way>) -> Self {
        Self {
            id: None,
            half: 0,
            height: 0,
            place: None,
            ways,
            goals: 0,
            above: vec![],
            stem: 0,
            stemmed: vec![],
            row: -1,
            anchor: 0,
            pre: 0,
            depth: 0,
            jump: 0,
        }
    }
}

/// The row at or below a height.
fn ceiling(y: i32) -> i32 {
    -(-y).div_euclid(ROW)
}

type Order = (Vec<ElementId>, Vec<ElementId>, BTreeMap<ElementId, usize>, Vec<(ElementId, usize)>);

/// The roots, all elements from top to bottom with their numbers, and the ways that lead back up.
fn from_top_to_bottom(map: &Map, graph: &Graph) -> Order {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Open,
        Done,
    }
    let is_trigger = |id: &ElementId| matches!(map.elements[id].kind, ElementKind::Trigger(_));
    let triggers = map.elements.keys().copied().filter(is_trigger);
    let starts = map.elements.keys().copied().filter(|id| !is_trigger(id) && graph.incoming(*id).is_empty());
    // Elements that only a loop leads to come last.
    let looped = map.elements.keys().copied();
    let mut seen = BTreeMap::new();
    let (mut roots, mut finished, mut back) = (vec![], Vec::with_capacity(map.elements.len()), vec![]);
    for root in triggers.chain(starts).chain(looped) {
        if seen.contains_key(&root) {
            continue;
        }
        roots.push(root);
        seen.insert(root, Seen::Open);
        let mut path = vec![(root, 0)];
        while let Some((id, way)) = path.last_mut() {
            let outlets = graph.outlets(*id);
            let Some(outlet) = outlets.get(*way) else {
                seen.insert(*id, Seen::Done);
                finished.push(*id);
                path.pop();
                continue;
            };
            let here = (*id, *way);
            *way += 1;
            if let Some(to) = outlet.to.filter(|to| map.elements.contains_key(to)) {
                match seen.get(&to) {
                    None => {
                        seen.insert(to, Seen::Open);
                        path.push((to, 0));
                    }
                    Some(Seen::Open) => back.push(here),
                    Some(Seen::Done) => {}
                }
            }
        }
    }
    finished.reverse();
    back.sort_unstable();
    let numbers = finished.iter().enumerate().map(|(at, id)| (*id, at + 1)).collect();
    (roots, finished, numbers, back)
}
