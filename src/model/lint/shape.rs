//! A map as the checks walk it: elements by their place in reading order (M-13), so that a walk over a map is one over
//! vectors and takes time in proportion to its size.
//!
//! A *place* is an index that the shape itself hands out: it lies within each of its vectors, and within those that its
//! walks return.

use std::collections::BTreeMap;

use crate::base::id::ElementId;
use crate::model::{Action, Element, ElementKind, Graph, IfOnMap, Map, Port, Project, Sequence, Until};

pub(super) struct Shape<'a> {
    pub elements: Vec<&'a Element>,
    /// Ways out from left to right with where they lead; open ends are left out.
    pub ways: Vec<Vec<(Port, usize)>>,
    /// Where the lines that lead here come from.
    pub above: Vec<Vec<usize>>,
    /// Where a Go To continues.
    pub jump: Vec<Option<usize>>,
    /// Go To elements that continue here.
    pub jumps_here: Vec<Vec<usize>>,
    /// The wait above an attached goal.
    pub wait_of: Vec<Option<usize>>,
    /// The sequence that it is a step of (K-06).
    pub sequence: Vec<Option<&'a Sequence>>,
    /// Whether it holds contacts on each arrival, so that no circle through it takes no time (M-09).
    pub holds: Vec<bool>,
    places: BTreeMap<ElementId, usize>,
}

impl<'a> Shape<'a> {
    pub fn of(project: &Project, map: &'a Map) -> Self {
        let graph = Graph::of(map);
        let elements: Vec<_> = graph.order.iter().filter_map(|id| map.element(*id)).collect();
        let places: BTreeMap<_, _> = elements.iter().enumerate().map(|(at, e)| (e.id, at)).collect();
        let count = elements.len();
        let mut shape = Self {
            ways: Vec::with_capacity(count),
            above: vec![vec![]; count],
            jump: vec![None; count],
            jumps_here: vec![vec![]; count],
            wait_of: vec![None; count],
            sequence: vec![None; count],
            holds: elements.iter().map(|element| holds_each_time(project, map, element)).collect(),
            elements,
            places,
        };
        for at in 0..count {
            let element = shape.elements[at];
            let outlets = graph.outlets(element.id).iter();
            let ways: Vec<_> =
                outlets.filter_map(|outlet| Some((outlet.port, shape.place(outlet.to?)?))).collect();
            for (port, to) in &ways {
                shape.above[*to].push(at);
                if *port == Port::Goal {
                    shape.wait_of[*to] = Some(at);
                }
            }
            shape.ways.push(ways);
            if let ElementKind::GoTo(Some(target)) = element.kind
                && let Some(target) = shape.place(target)
            {
                shape.jump[at] = Some(target);
                shape.jumps_here[target].push(at);
            }
        }
        for sequence in map.sequences.values() {
            for step in &sequence.steps {
                if let Some(at) = shape.place(*step) {
                    shape.sequence[at] = Some(sequence);
                }
            }
        }
        shape
    }

    pub fn len(&self) -> usize {
        self.elements.len()
    }

    pub fn place(&self, id: ElementId) -> Option<usize> {
        self.places.get(&id).copied()
    }

    /// The trigger of those who are added to the map (M-03); `None`: it does not listen.
    pub fn added(&self) -> Option<usize> {
        self.elements.iter().position(|element| element.kind.is_added_to_automation() && !element.draft)
    }

    /// The same where contacts who are added to the map while they are on it come in again.
    pub fn comes_in_again(&self) -> Option<usize> {
        self.added().filter(|at| {
            let listener = self.elements[*at].kind.listener();
            listener.is_some_and(|listener| listener.if_on_map != IfOnMap::Ignore && !listener.once)
        })
    }

    /// Where lines lead from here, and Go To where wanted.
    pub fn down(&self, at: usize, jumps: bool) -> impl Iterator<Item = usize> + '_ {
        self.ways[at].iter().map(|(_, to)| *to).chain(self.jump[at].filter(|_| jumps))
    }

    /// From where lines lead here, and Go To where wanted.
    pub fn up(&self, at: usize, jumps: bool) -> impl Iterator<Item = usize> + '_ {
        let jumps_here = if jumps { &self.jumps_here[at][..] } else { &[] };
        self.above[at].iter().chain(jumps_here).copied()
    }

    /// Where contacts whom it does not hold go on from here at the same instant.
    pub fn at_once(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let ways = self.ways[at].iter().filter(|(port, _)| *port != Port::Goal);
        ways.map(|(_, to)| *to).chain(self.jump[at])
    }

    /// All places that can be come to from some, those included.
    pub fn spread<I: Iterator<Item = usize>>(
        &self,
        from: impl IntoIterator<Item = usize>,
        next: impl Fn(usize) -> I,
    ) -> Vec<bool> {
        self.traced(from, next).into_iter().map(|from| from.is_some()).collect()
    }

    /// For each place one of those from which it can be come to, the first of them if it is among several.
    pub fn traced<I: Iterator<Item = usize>>(
        &self,
        from: impl IntoIterator<Item = usize>,
        next: impl Fn(usize) -> I,
    ) -> Vec<Option<usize>> {
        let mut found = vec![None; self.len()];
        for source in from {
            let mut open = vec![source];
            while let Some(at) = open.pop() {
                if found[at].is_none() {
                    found[at] = Some(source);
                    open.extend(next(at));
                }
            }
        }
        found
    }

    /// Elements that run in circles, each set of those that can be come to from one another in reading order (Tarjan's
    /// strongly connected components).
    pub fn circles<I: Iterator<Item = usize>>(&self, next: impl Fn(usize) -> I) -> Vec<Vec<usize>> {
        const NEW: usize = usize::MAX;
        let count = self.len();
        let (mut number, mut low, mut settled) = (vec![NEW; count], vec![NEW; count], vec![false; count]);
        let (mut numbered, mut stack, mut circles) = (0, vec![], vec![]);
        for root in 0..count {
            if number[root] != NEW {
                continue;
            }
            let mut path = vec![(root, next(root))];
            while let Some((at, ways)) = path.last_mut() {
                let at = *at;
                if number[at] == NEW {
                    (number[at], low[at]) = (numbered, numbered);
                    numbered += 1;
                    stack.push(at);
                }
                match ways.next() {
                    Some(to) if number[to] == NEW => path.push((to, next(to))),
                    Some(to) if !settled[to] => low[at] = low[at].min(number[to]),
                    Some(_) => {}
                    None => {
                        path.pop();
                        if let Some((before, _)) = path.last() {
                            low[*before] = low[*before].min(low[at]);
                        }
                        if low[at] == number[at] {
                            let start = stack.iter().rposition(|other| *other == at).unwrap_or(0);
                            let mut circle = stack.split_off(start);
                            circle.iter().for_each(|at| settled[*at] = true);
                            circle.sort_unstable();
                            if circle.len() > 1 || next(at).any(|to| to == at) {
                                circles.push(circle);
                            }
                        }
                    }
                }
            }
        }
        circles
    }

    /// All places, what lines lead to before where they come from.
    pub fn bottom_up(&self) -> Vec<usize> {
        let mut left: Vec<_> = self.ways.iter().map(Vec::len).collect();
        let mut order: Vec<_> = (0..self.len()).filter(|at| left[*at] == 0).collect();
        let mut next = 0;
        while let Some(at) = order.get(next).copied() {
            next += 1;
            for above in &self.above[at] {
                left[*above] -= 1; // each line stands once on either side
                if left[*above] == 0 {
                    order.push(*above);
                }
            }
        }
        order
    }

    /// Whether a step of a sequence is its last.
    pub fn is_last_step(&self, at: usize) -> bool {
        self.sequence[at].is_some_and(|sequence| sequence.steps.last() == Some(&self.elements[at].id))
    }

    /// Whether contacts pass it over because it is a draft (K-13).
    pub fn is_passed_over(&self, at: usize) -> bool {
        passed_over(self.elements[at])
    }
}

/// K-13: a step that is a draft is passed over.
fn passed_over(element: &Element) -> bool {
    element.draft && element.kind.is_step()
}

/// Whether time passes at an element on each arrival. A weekday, a time of day or a date that holds a contact once lets
/// it pass at once when it comes round again at the same instant (W-03, W-04), and so do conditions that hold.
fn holds_each_time(project: &Project, map: &Map, element: &Element) -> bool {
    match &element.kind {
        _ if passed_over(element) => false,
        ElementKind::Wait(wait) => match &wait.until {
            Until::Goal | Until::NotSet => true,
            Until::TimePasses(span) => span.count > 0,
            Until::Delay(delay) => delay.count > 0,
            Until::DayOfWeek { .. }
            | Until::Date { .. }
            | Until::Relative { .. }
            | Until::TimeOfDay { .. }
            | Until::Conditions { .. }
            | Until::DateTimer { .. }
            | Until::FieldTimer { .. } => false,
        },
        // M-11: nobody waits for itself to be off its own map
        ElementKind::Action(Action::AddToMap(Some(other))) => {
            *other != map.id && project.map(*other).is_some()
        }
        ElementKind::End | ElementKind::Exit => true,
        _ => false,
    }
}
