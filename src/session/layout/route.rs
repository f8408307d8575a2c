//! Lines: orthogonal, with bends right under the card where ways part and right above the card where they meet.

use super::shape::{Node, Shape, Target};
use super::tidy::{Columns, Taken};
use super::{
    Area, BUTTON_HEIGHT, BUTTON_WIDTH, FRAME, GAP, GoToRoute, GoalFrame, Layout, LineRoute, OpenEnd, ROW,
    Route, on_grid,
};
use crate::model::{ElementKind, Map, Point, Port};

/// From a card to the nearest bend under it.
const BEND: i32 = 16;
/// Between the bends of neighbouring ways, so that their lines do not lie on each other.
const TIER: i32 = 4;
/// From the last bend to the card under it where ways meet.
const MEET: i32 = 20;
/// From a bend to the middle of the label under it.
const LABEL: i32 = 16;
/// What leads farther than this runs through whatever is in its way: looking for one would take too long.
const FAR: i32 = ROW * 100;
/// From the card to the middle of the + above it.
const PLUS: i32 = 16;

impl Route {
    /// The route through these corners, without those that are no corners.
    fn through(points: &[Point]) -> Self {
        let mut corners = [Point { x: 0, y: 0 }; Self::MOST];
        let mut count = 0;
        for point in points {
            if count >= 1 && corners[count - 1] == *point {
                continue;
            }
            if count >= 2 {
                let (a, b) = (corners[count - 2], corners[count - 1]);
                let straight = (a.x == b.x && b.x == point.x && (a.y < b.y) == (b.y < point.y))
                    || (a.y == b.y && b.y == point.y && (a.x < b.x) == (b.x < point.x));
                if straight {
                    count -= 1;
                }
            }
            if count < Self::MOST {
                corners[count] = *point;
                count += 1;
            }
        }
        Self { corners, count: u8::try_from(count).unwrap_or(0) }
    }
}

/// Where a way leaves its card.
struct Start {
    at: Point,
    /// Height of its first bend.
    bend: i32,
    /// From the side of the card instead of its bottom.
    aside: bool,
}

/// Draws all lines, open ends, Go Tos and frames of a layout that has cards.
pub fn draw(layout: &mut Layout, map: &Map, shape: &Shape, columns: &Columns) {
    let areas = &columns.areas;
    let mut taken = Taken::default();
    let mut all = areas.clone();
    for (number, area) in areas.iter().enumerate().skip(1) {
        taken.add(number, *area, &mut all);
    }
    let obstacles = Obstacles { taken: &taken, areas };
    for (number, node) in shape.nodes.iter().enumerate().skip(1) {
        let (Some(from), card) = (node.id, areas[number]) else { continue };
        for (way, target) in node.ways.iter().enumerate() {
            let start = Start::of(node, card, way);
            let column = card.middle_x() + columns.ways[number][way];
            let port = target.port;
            let to = match target.to {
                Target::Open if port == Port::Goal => continue,
                Target::Open => {
                    layout.open_ends.push(open_end(from, port, &start, card, column, node.ways.len() > 1));
                    continue;
                }
                Target::Down(to) => to,
                Target::Back(id) => layout.index.get(&id).map_or(0, |at| at + 1),
            };
            let Some(to_id) = shape.nodes[to].id else { continue };
            let meets = shape.is_meeting(to);
            let route = best(&obstacles, &start, card, areas[to], column, meets, shape.has_places);
            let (label, plus) = anchors(&route, &start);
            let area = route.area();
            layout.lines.push(LineRoute { from, port, to: to_id, route, area, label, plus });
        }
        if node.goals > 0 {
            let goals = node.ways.iter().filter(|way| way.port == Port::Goal);
            let cards = goals.filter_map(|way| match way.to {
                Target::Down(to) => Some(areas[to]),
                _ => None,
            });
            layout.frames.push(GoalFrame { wait: from, area: cards.fold(card, Area::union).grown(FRAME) });
        }
        if let Some(ElementKind::GoTo(Some(to))) = map.element(from).map(|element| &element.kind)
            && let Some(target) = layout.card(*to)
        {
            let route = go_to(&obstacles, card, target);
            layout.go_tos.push(GoToRoute { from, to: *to, route, area: route.area() });
        }
    }
}

impl Start {
    fn of(node: &Node, card: Area, way: usize) -> Self {
        let count = node.ways.len();
        if node.goals > 0 && node.ways[way].port == Port::Timeout {
            let at = Point { x: card.left, y: on_grid(card.middle_y()) };
            return Self { at, bend: at.y, aside: true };
        }
        let (place, among) =
            if node.goals > 0 { (way + node.goals - count, node.goals) } else { (way, count) };
        let share = |of: usize| i32::try_from(of).unwrap_or(0);
        let x = card.left + (card.right - card.left) * (share(place) + 1) / (share(among) + 1);
        let tier = share(place.min(among - 1 - place)).min(5);
        Self { at: Point { x, y: card.bottom }, bend: card.bottom + BEND + tier * TIER, aside: false }
    }
}

fn open_end(
    from: crate::base::id::ElementId,
    port: Port,
    start: &Start,
    card: Area,
    column: i32,
    labelled: bool,
) -> OpenEnd {
    let top =
        card.bottom + if labelled || start.aside { ROW - card.bottom + card.top - BEND - 4 } else { 28 };
    let end = Point { x: column, y: top };
    let route = Route::through(&[
        start.at,
        Point { x: start.at.x, y: start.bend },
        Point { x: column, y: start.bend },
        end,
    ]);
    let button = Area::new(column - BUTTON_WIDTH / 2, top, BUTTON_WIDTH, BUTTON_HEIGHT);
    let label = Point { x: column, y: i32::midpoint(start.bend.max(card.bottom), top) };
    OpenEnd { from, port, route, button, label }
}

/// Cards that lines should not run through.
struct Obstacles<'a> {
    taken: &'a Taken,
    areas: &'a [Area],
}

impl Obstacles<'_> {
    fn crossed(&self, route: &Route, own: [Area; 2]) -> usize {
        let segments = route.corners().windows(2);
        segments
            .map(|ends| {
                let segment = Area {
                    left: ends[0].x.min(ends[1].x),
                    top: ends[0].y.min(ends[1].y),
                    right: ends[0].x.max(ends[1].x),
                    bottom: ends[0].y.max(ends[1].y),
                }
                .grown(2);
                self.taken.hits(segment, self.areas).filter(|hit| !own.contains(&self.areas[*hit])).count()
            })
            .sum()
    }

    /// The first of the routes that crosses the fewest cards.
    fn least(&self, routes: impl Iterator<Item = Route>, own: [Area; 2]) -> Option<Route> {
        let mut best = None;
        for route in routes {
            let crossed = self.crossed(&route, own);
            if crossed == 0 {
                return Some(route);
            }
            if best.is_none_or(|(least, _)| crossed < least) {
                best = Some((crossed, route));
            }
        }
        best.map(|(_, route)| route)
    }
}

/// The route of a line: as the columns foresee it, or around what the user put in its way.
fn best(
    obstacles: &Obstacles,
    start: &Start,
    card: Area,
    target: Area,
    column: i32,
    meets: bool,
    has_places: bool,
) -> Route {
    let Point { x: sx, y: sy } = start.at;
    let end = Point { x: target.middle_x(), y: target.top };
    let meet = end.y - MEET;
    let bent = |y: i32| Route::through(&[start.at, Point { x: sx, y }, Point { x: end.x, y }, end]);
    let by = |column: i32, first: i32| {
        Route::through(&[
            start.at,
            Point { x: sx, y: first },
            Point { x: column, y: first },
            Point { x: column, y: meet },
            Point { x: end.x, y: meet },
            end,
        ])
    };
    let below = meet >= card.bottom + BEND;
    let planned = if !below {
        None
    } else if !meets || (end.y - card.bottom < ROW && start.bend > card.bottom + BEND) {
        Some(bent(start.bend))
    } else {
        Some(by(column, start.bend))
    };
    let far = (end.y - sy).abs() > FAR;
    if let Some(route) = planned
        && (!has_places || far || obstacles.crossed(&route, [card, target]) == 0)
    {
        return route;
    }
    let sides = [
        i32::midpoint(card.right, target.left),
        i32::midpoint(target.right, card.left),
        card.right.max(target.right) + GAP / 2,
        card.left.min(target.left) - GAP / 2,
        card.right + GAP / 2,
        card.left - GAP / 2,
    ];
    let straight = below.then(|| [bent(start.bend), bent(meet)]).into_iter().flatten();
    let around = sides.into_iter().map(|side| by(on_grid(side), start.bend.max(sy)));
    let routes = planned.into_iter().chain(straight).chain(around);
    obstacles.least(routes, [card, target]).unwrap_or_else(|| by(column, start.bend))
}

/// Middle of the label and of the + of a line.
fn anchors(route: &Route, start: &Start) -> (Point, Point) {
    let corners = route.corners();
    // The first stretch down that is the line's own: after the bend where ways part, or from the card on.
    let stretch = corners.windows(2).filter(|ends| ends[0].x == ends[1].x);
    let parted = corners.len() > 2 && (corners[1].y == start.bend || start.aside);
    let own = stretch.clone().find(|ends| !parted || ends[0] != start.at);
    let (top, bottom) =
        own.or(stretch.clone().next()).map_or((start.at, start.at), |ends| (ends[0], ends[1]));
    let down = bottom.y > top.y;
    let length = (bottom.y - top.y).abs();
    let label = if length < LABEL * 2 {
        i32::midpoint(top.y, bottom.y)
    } else if down {
        top.y + LABEL
    } else {
        top.y - LABEL
    };
    let ends_there = corners.last() == Some(&bottom);
    let plus =
        if parted && ends_there && length < ROW { bottom.y - PLUS } else { i32::midpoint(top.y, bottom.y) };
    (Point { x: top.x, y: label }, Point { x: top.x, y: plus })
}

/// The route of a Go To: out of its side, past both cards, into the side of its target.
fn go_to(obstacles: &Obstacles, card: Area, target: Area) -> Route {
    let out = |further: i32| {
        let right = card.right.max(target.right) + GAP / 2 + further;
        let left = card.left.min(target.left) - GAP / 2 - further;
        [(right, true), (left, false)]
    };
    let mut sides = [out(0), out(GAP), out(ROW)].map(|sides| {
        sides.map(|(side, right)| {
            let (from, to) = if right { (card.right, target.right) } else { (card.left, target.left) };
            let (start, end) = (card.middle_y(), target.middle_y());
            let route = Route::through(&[
                Point { x: from, y: start },
                Point { x: side, y: start },
                Point { x: side, y: end },
                Point { x: to, y: end },
            ]);
            ((side - from).abs() + (side - to).abs(), route)
        })
    });
    sides.as_flattened_mut().sort_by_key(|(length, _)| *length);
    let [[shortest, _], ..] = sides;
    if (card.top - target.top).abs() > FAR {
        return shortest.1;
    }
    let routes = sides.as_flattened().iter().map(|(_, route)| *route);
    obstacles.least(routes, [card, target]).unwrap_or(shortest.1)
}
