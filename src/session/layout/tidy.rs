//! Columns: every element is centred over what hangs under it. From the bottom up, each element takes the outlines of
//! what its ways lead to, pushes them together until they touch, and puts what they meet in under them. Then places
//! that the user chose are put in, and what would lie over something else moves aside.

use std::collections::HashMap;

use super::shape::{Shape, Target};
use super::{Area, BUTTON_WIDTH, CARD_WIDTH, FRAME, GAP, GRID, ROW, on_grid};

/// Half the width kept free for a line that passes by cards.
const LANE: i32 = 4;
/// Least distance of the columns of neighbouring ways: their labels stand side by side.
const PITCH: i32 = 88;

/// The next multiple of the grid that is not below.
fn up_to_grid(value: i32) -> i32 {
    -(-value).div_euclid(GRID) * GRID
}

/// Where everything stands.
#[derive(Debug)]
pub struct Columns {
    /// Card of each node; number 0 has none.
    pub areas: Vec<Area>,
    /// For each node and way, the column in which the way leads down, from the middle of the card.
    pub ways: Vec<Vec<i32>>,
}

/// Left and right edge in each row of what hangs together.
#[derive(Debug)]
struct Outline {
    /// From the bottom row up, before `shift`.
    rows: Vec<(i32, i32)>,
    /// The bottom row.
    bottom: i32,
    /// What all of it is moved by.
    shift: i32,
}

impl Outline {
    fn empty(row: i32) -> Self {
        Self { rows: vec![], bottom: row, shift: 0 }
    }

    /// A strip from one row to another, both included; empty if there is no row between.
    fn strip(top: i32, bottom: i32, half: i32) -> Self {
        let count = usize::try_from(bottom - top + 1).unwrap_or(0);
        Self { rows: vec![(-half, half); count], bottom: bottom.max(top - 1), shift: 0 }
    }

    /// The row above its top.
    fn above(&self) -> i32 {
        self.bottom - i32::try_from(self.rows.len()).unwrap_or(i32::MAX)
    }

    fn push(&mut self, left: i32, right: i32) {
        self.rows.push((left - self.shift, right - self.shift));
    }

    /// Leads a line down to it from this row.
    fn raise(&mut self, row: i32, column: i32) {
        while self.above() >= row {
            self.push(column - LANE, column + LANE);
        }
    }

    /// Rows that both have, with the edges of both.
    fn common<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = ((i32, i32), (i32, i32))> + 'a {
        let bottom = self.bottom.min(other.bottom);
        let of = move |outline: &'a Self| {
            let skipped = usize::try_from(outline.bottom - bottom).unwrap_or(0);
            let rows = outline.rows.iter().skip(skipped);
            rows.map(move |(left, right)| (left + outline.shift, right + outline.shift))
        };
        of(self).zip(of(other))
    }

    /// The outline of both together. Costs as many steps as the less deep of the two has rows.
    fn join(self, other: Self) -> Self {
        let (mut deep, flat) = if self.bottom >= other.bottom { (self, other) } else { (other, self) };
        let lowest = usize::try_from(deep.bottom - flat.bottom).unwrap_or(0);
        for (up, (left, right)) in flat.rows.iter().enumerate() {
            let (left, right) = (left + flat.shift, right + flat.shift);
            while deep.rows.len() < lowest + up {
                deep.push(left, right);
            }
            match deep.rows.get_mut(lowest + up) {
                Some(row) => {
                    *row = (row.0.min(left - deep.shift), row.1.max(right - deep.shift));
                }
                None => deep.push(left, right),
            }
        }
        deep
    }
}

/// Neighbouring ways that meet again, with what they meet in.
struct Group {
    first: usize,
    last: usize,
    outline: Outline,
    /// Nodes under it with their columns.
    nodes: Vec<(usize, i32)>,
}

/// Places all nodes.
pub fn place(shape: &Shape) -> Columns {
    let count = shape.nodes.len();
    let mut outlines: Vec<_> = (0..count).map(|number| Outline::empty(shape.nodes[number].row)).collect();
    let mut ways = vec![vec![]; count];
    let mut columns = vec![0; count];
    for number in (0..count).rev() {
        let mut block = Block::of(shape, number, &mut outlines);
        block.add_meetings(shape, number, &mut outlines);
        let (outline, nodes) = block.finish(shape, number);
        outlines[number] = outline;
        for (under, column) in nodes {
            columns[under] = column;
        }
        ways[number] = block.ways;
    }
    let areas = stand(shape, &columns, &ways);
    Columns { areas, ways }
}

/// What hangs under one node.
struct Block {
    groups: Vec<Group>,
    /// Columns of the ways.
    ways: Vec<i32>,
}

impl Block {
    /// One group for each way out.
    fn of(shape: &Shape, number: usize, outlines: &mut [Outline]) -> Self {
        let node = &shape.nodes[number];
        let row = node.row + 1;
        let mut groups = Vec::with_capacity(node.ways.len());
        for (way, target) in node.ways.iter().enumerate() {
            let mut nodes = vec![];
            let outline = match target.to {
                Target::Open => Outline::strip(row, row, BUTTON_WIDTH / 2),
                Target::Back(_) => Outline::empty(node.row),
                Target::Down(to) => {
                    let under = &shape.nodes[to];
                    if under.anchor != node.anchor {
                        Outline::empty(node.row)
                    } else if shape.is_meeting(to) {
                        Outline::strip(row, under.row - 1, LANE)
                    } else {
                        nodes.push((to, 0));
                        let mut outline = std::mem::replace(&mut outlines[to], Outline::empty(row));
                        outline.raise(row, 0);
                        outline
                    }
                }
            };
            groups.push(Group { first: way, last: way, outline, nodes });
        }
        Self { ways: vec![0; groups.len()], groups }
    }

    /// Puts every element in which ways of this node meet under these ways.
    fn add_meetings(&mut self, shape: &Shape, number: usize, outlines: &mut [Outline]) {
        let node = &shape.nodes[number];
        // The ways through which each node directly under this one is reached.
        let mut reached: HashMap<usize, (usize, usize)> = HashMap::new();
        for (way, target) in node.ways.iter().enumerate() {
            if let Target::Down(to) = target.to {
                let range = reached.entry(to).or_insert((way, way));
                range.1 = way;
            }
        }
        for &meeting in node.stemmed.iter().filter(|under| shape.is_meeting(**under)) {
            let mut range = reached.get(&meeting).copied();
            for (from, _) in &shape.nodes[meeting].above {
                let through = shape.under(number, *from).and_then(|under| reached.get(&under)).copied();
                range = match (range, through) {
                    (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
                    (a, b) => a.or(b),
                };
            }
            let Some((first, last)) = range else { continue };
            reached.insert(meeting, (first, last));
            if shape.nodes[meeting].anchor == node.anchor {
                let outline = std::mem::replace(&mut outlines[meeting], Outline::empty(0));
                self.meet(first, last, meeting, outline, node.row + 1);
            }
        }
    }

    fn meet(&mut self, first: usize, last: usize, meeting: usize, mut under: Outline, row: i32) {
        let from = self.groups.partition_point(|group| group.last < first);
        let to = self.groups.partition_point(|group| group.first <= last);
        let Some(mut group) = self.push_together(from, to, GAP) else { return };
        let ends = self.ways.get(first).zip(self.ways.get(last));
        let column = on_grid(ends.map_or(0, |(a, b)| i32::midpoint(*a, *b)));
        under.shift += column;
        let (mut right, mut left) = (i32::MIN, i32::MIN);
        for (beside, own) in group.outline.common(&under) {
            right = right.max(beside.1 + GAP - own.0);
            left = left.max(own.1 + GAP - beside.0);
        }
        let aside = if right <= 0 || left <= 0 {
            0
        } else if right <= left {
            right
        } else {
            -left
        };
        under.shift += aside;
        group.nodes.push((meeting, column + aside));
        group.outline = group.outline.join(under);
        group.outline.raise(row, column);
        self.groups.insert(from, group);
    }

    /// Takes groups out and makes one of them, pushed together until they touch.
    fn push_together(&mut self, from: usize, to: usize, gap: i32) -> Option<Group> {
        let mut groups = self.groups.drain(from..to);
        let mut all = groups.next()?;
        for mut group in groups {
            let touching =
                all.outline.common(&group.outline).map(|(left, right)| left.1 + gap - right.0).max();
            let pitch = self.ways[all.last] + PITCH - self.ways[group.first];
            let by = up_to_grid(touching.map_or(pitch, |touching| touching.max(pitch)));
            group.outline.shift += by;
            for way in &mut self.ways[group.first..=group.last] {
                *way += by;
            }
            all.nodes.extend(group.nodes.iter().map(|(node, column)| (*node, column + by)));
            all.outline = all.outline.join(group.outline);
            all.last = group.last;
        }
        Some(all)
    }

    /// Centres the node over its ways: its outline, and the columns of what hangs under it from its own.
    fn finish(&mut self, shape: &Shape, number: usize) -> (Outline, Vec<(usize, i32)>) {
        let node = &shape.nodes[number];
        let gap = if number == 0 { GAP * 2 } else { GAP };
        let group = self.push_together(0, self.groups.len(), gap);
        let (mut outline, mut nodes) =
            group.map_or((Outline::empty(node.row), vec![]), |group| (group.outline, group.nodes));
        // A goal wait stands over its goals, with the path of least action at its left.
        let from = node.ways.len() - node.goals.min(node.ways.len());
        let over = if node.goals > 0 { self.ways.get(from..).unwrap_or(&[]) } else { &self.ways };
        let middle = over.first().zip(over.last()).map_or(0, |(a, b)| on_grid(i32::midpoint(*a, *b)));
        outline.shift -= middle;
        self.ways.iter_mut().for_each(|way| *way -= middle);
        nodes.iter_mut().for_each(|(_, column)| *column -= middle);
        outline.raise(node.row + 1, 0);
        let (mut left, mut right) = (-node.half, node.half);
        if node.goals > 0 {
            (left, right) = (left - FRAME, right + FRAME);
            if from > 0 {
                left = left.min(self.ways[0] - LANE);
            }
        }
        outline.push(left, right);
        (outline, nodes)
    }
}

/// Puts the columns of all nodes together and moves aside what would lie over something else.
fn stand(shape: &Shape, columns: &[i32], ways: &[Vec<i32>]) -> Vec<Area> {
    let count = shape.nodes.len();
    let mut middles = vec![0; count];
    // The first root that has no place of its own stands at the origin.
    let roots = shape.nodes[0].ways.iter().zip(&ways[0]);
    let first =
        roots.clone().find(|(way, _)| matches!(way.to, Target::Down(to) if shape.nodes[to].anchor == 0));
    middles[0] = CARD_WIDTH / 2 - first.map_or(0, |(_, column)| *column);
    let mut tops = vec![-ROW; count];
    let mut areas = vec![Area::new(0, 0, 0, 0); count];
    let mut taken = Taken::default();
    if shape.has_places {
        for (number, node) in shape.nodes.iter().enumerate() {
            if let Some(place) = node.place {
                taken.add(number, Area::new(place.x, place.y, node.half * 2, node.height), &mut areas);
            }
        }
    }
    for number in 1..count {
        let node = &shape.nodes[number];
        let anchor = &shape.nodes[node.anchor];
        (middles[number], tops[number]) = if let Some(place) = node.place {
            (place.x + node.half, place.y)
        } else if node.anchor == number {
            let above = || node.above.iter().map(|(from, _)| *from);
            let sum: i64 = above().map(|from| i64::from(middles[from])).sum();
            let mean = sum / i64::try_from(node.above.len().max(1)).unwrap_or(1);
            let top = above().map(|from| tops[from]).max().unwrap_or(0) + ROW;
            (on_grid(i32::try_from(mean).unwrap_or(0)), top)
        } else {
            let top = tops[node.anchor] + (node.row - anchor.row) * ROW;
            (middles[node.stem] + columns[number], top)
        };
        let area = Area::new(middles[number] - node.half, tops[number], node.half * 2, node.height);
        if shape.has_places && node.place.is_none() {
            let aside = taken.aside(area, &areas);
            middles[number] += aside;
            taken.add(number, area.shifted(aside), &mut areas);
        } else {
            areas[number] = area;
        }
    }
    areas
}

/// Cards that stand already, by the squares of the canvas that they touch.
#[derive(Debug, Default)]
pub struct Taken {
    squares: HashMap<(i32, i32), Vec<usize>>,
}

impl Taken {
    const SQUARE: i32 = 256;

    fn squares(area: Area) -> impl Iterator<Item = (i32, i32)> {
        let cell = |value: i32| value.div_euclid(Self::SQUARE);
        let columns = cell(area.left)..=cell(area.right - 1);
        columns.flat_map(move |x| (cell(area.top)..=cell(area.bottom - 1)).map(move |y| (x, y)))
    }

    /// Adds a card.
    pub fn add(&mut self, number: usize, area: Area, areas: &mut [Area]) {
        areas[number] = area;
        for square in Self::squares(area) {
            self.squares.entry(square).or_default().push(number);
        }
    }

    /// Cards that an area overlaps.
    pub fn hits<'a>(&'a self, area: Area, areas: &'a [Area]) -> impl Iterator<Item = usize> + 'a {
        let numbers = Self::squares(area).filter_map(|square| self.squares.get(&square)).flatten().copied();
        numbers.filter(move |number| areas[*number].overlaps(area))
    }

    /// By how much a card has to go to the left or right to lie over nothing.
    fn aside(&self, area: Area, areas: &[Area]) -> i32 {
        let room = |area: Area| Area { left: area.left - GAP / 2, right: area.right + GAP / 2, ..area };
        let go = |next: &dyn Fn(Area, Area) -> i32| {
            let mut by = 0;
            loop {
                let tried = room(area.shifted(by));
                let mut hits = self.hits(tried, areas).map(|hit| next(tried, areas[hit]));
                // Each step passes at least one card for good, so this ends.
                match hits.next() {
                    None => return by,
                    Some(first) => by += hits.fold(first, |a, b| if a.abs() > b.abs() { a } else { b }),
                }
            }
        };
        let right = go(&|own, other| up_to_grid(other.right - own.left));
        if right == 0 {
            return 0;
        }
        let left = go(&|own, other| -up_to_grid(own.right - other.left));
        if right <= -left { right } else { left }
    }
}
