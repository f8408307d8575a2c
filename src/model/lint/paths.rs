//! Where contacts go: what they never come to, where their way stops, where it runs in a circle or too fast.

use super::{
    GOAL_BELOW_NOTHING, GOAL_LEADS_NOWHERE, MapCheck, OPEN_END, SEQUENCE_LEADS_NOWHERE, TWO_MESSAGES_AT_ONCE,
    UNREACHABLE, ZERO_TIME_LOOP,
};
use crate::model::{Action, ElementKind, EventFilter, IfOnMap, Port, Until, Who, words};

impl MapCheck<'_> {
    /// Whether a goal is a way in: it reaches out to contacts elsewhere, or is Keap's with nothing above it (K-05).
    pub(super) fn is_entry(&self, at: usize) -> bool {
        let ElementKind::Goal(goal) = &self.shape.elements[at].kind else { return false };
        match goal.who {
            Who::AnyContact => true,
            Who::OnMap => goal.if_on_map != IfOnMap::Ignore,
            Who::Upstream => {
                let wait = self.shape.wait_of[at];
                let is_led_to = wait.is_some_and(|wait| self.shape.up(wait, true).next().is_some());
                matches!(goal.on, EventFilter::KeapPurchase(_)) && !is_led_to
            }
            Who::PreviousWaits => false,
        }
    }

    /// Whether contacts who come here are held until an event and by nothing else, with nothing to wait for.
    fn is_never_left(&self, at: usize) -> bool {
        let kind = &self.shape.elements[at].kind;
        matches!(kind, ElementKind::Wait(wait) if wait.until == Until::Goal && wait.goals.is_empty())
    }

    /// Ways out that lead nowhere (M-10), also where nobody comes yet: a line or a Go To may be drawn there any time.
    pub(super) fn open_ends(&mut self, at: usize) {
        let element = self.shape.elements[at];
        // M-03: the added trigger may stand alone
        if element.kind.is_added_to_automation() || self.is_never_left(at) {
            return;
        }
        let is_open = |port: &Port| !self.shape.ways[at].iter().any(|(other, _)| other == port);
        let open: Vec<_> = element.kind.ports().into_iter().filter(is_open).collect();
        if open.is_empty() {
            return;
        }
        let name = self.title(at);
        match &element.kind {
            // A draft does not listen, so nobody comes here.
            kind if kind.listener().is_some() && element.draft => {}
            ElementKind::Goal(_) => {
                let sentence = format!("Nothing is below {name}, so contacts who achieve it get nowhere");
                self.add(GOAL_LEADS_NOWHERE, [at], sentence);
            }
            kind if self.shape.is_last_step(at) => {
                // M-10: who comes to the end of a sequence is done; a wait before that is for nothing
                if let (ElementKind::Wait(_), Some(sequence)) = (kind, self.shape.sequence[at]) {
                    let sentence = format!(
                        "The sequence “{}” ends with {name} and nothing is below, so contacts wait for nothing",
                        sequence.name
                    );
                    self.add(SEQUENCE_LEADS_NOWHERE, [at], sentence);
                }
            }
            _ => {
                let labels = open.iter().map(|port| words::port_label(self.project, element, *port));
                let labels: Vec<_> = labels.filter(|label| !label.is_empty()).collect();
                let way = match labels.len() {
                    0 => "Nothing follows".to_owned(),
                    _ => format!("Nothing follows “{}” of", words::listed(&labels, "and")),
                };
                let sentence =
                    format!("{way} {name}: an End keeps contacts on the map, an Exit lets them go");
                self.add(OPEN_END, [at], sentence);
            }
        }
    }

    /// Circles in which no time passes (M-09). Lines run in no circle, so each has a Go To, or an action that adds
    /// contacts to this very map again.
    pub(super) fn loops(&mut self) {
        let again = self.shape.comes_in_again();
        let adds_here = |at: usize| match &self.shape.elements[at].kind {
            ElementKind::Action(Action::AddToMap(Some(map))) => {
                *map == self.map.id && !self.shape.is_passed_over(at)
            }
            _ => false,
        };
        let next = |at: usize| {
            let held = self.shape.holds[at];
            let added = again.filter(|_| adds_here(at));
            self.shape.at_once(at).chain(added).filter(move |_| !held)
        };
        // Where a circle leads back, and to what.
        let leads_back = |circle: &[usize]| {
            circle.iter().find_map(|at| {
                let added = again.filter(|trigger| adds_here(*at) && circle.contains(trigger));
                added.or(self.shape.jump[*at]).map(|target| (*at, target))
            })
        };
        let circles = self.shape.circles(next).into_iter();
        let circles: Vec<_> = circles.filter_map(|circle| Some((leads_back(&circle)?, circle))).collect();
        for ((back, target), circle) in circles {
            let sentence = format!(
                "{} leads back to {} with nothing in between that holds contacts, so they run in a circle without end",
                self.title(back),
                self.title(target)
            );
            let others = circle.iter().copied().filter(|at| *at != back);
            self.add(ZERO_TIME_LOOP, std::iter::once(back).chain(others), sentence);
        }
    }

    /// Messages that contacts get at the same moment as one above.
    pub(super) fn messages(&mut self) {
        let is_message = |at: &usize| match &self.shape.elements[*at].kind {
            ElementKind::Action(action) => {
                action.is_message() && action.open_setting().is_none() && !self.shape.is_passed_over(*at)
            }
            _ => false,
        };
        // A weekday, a date or another map may let contacts pass at once, but whoever put it there meant them to wait.
        let separates = |at: usize| {
            self.shape.holds[at]
                || match &self.shape.elements[at].kind {
                    _ if self.shape.is_passed_over(at) => false,
                    ElementKind::Wait(wait) => !matches!(wait.until, Until::TimePasses(_)),
                    ElementKind::Action(Action::AddToMap(Some(map))) => *map != self.map.id,
                    _ => false,
                }
        };
        // The message that is sent next, nearest first: all walk upwards together, one element at a time.
        let mut next = vec![None; self.shape.len()];
        let mut open: std::collections::VecDeque<_> =
            (0..self.shape.len()).filter(is_message).map(|at| (at, at)).collect();
        while let Some((at, message)) = open.pop_front() {
            let lines = self.shape.above[at].iter().chain(&self.shape.jumps_here[at]).copied();
            for above in lines {
                let passes = !separates(above) && self.shape.at_once(above).any(|to| to == at);
                if passes && next[above].is_none() {
                    next[above] = Some(message);
                    if !is_message(&above) {
                        open.push_back((above, message));
                    }
                }
            }
        }
        let pairs: Vec<_> = next.iter().enumerate().filter(|(at, _)| is_message(at)).collect();
        for (at, next) in pairs {
            if let Some(next) = next.filter(|next| *next != at) {
                let sentence = format!(
                    "{} follows {} with no wait in between, so contacts get both at the same moment",
                    self.title(next),
                    self.title(at)
                );
                self.add(TWO_MESSAGES_AT_ONCE, [next, at], sentence);
            }
        }
    }

    /// The tops of what no contact can come to, each with all that hangs below.
    pub(super) fn unreachable(&mut self) {
        let mut told = vec![false; self.shape.len()];
        for problem in self.found.iter().filter(|problem| problem.code == GOAL_BELOW_NOTHING.code) {
            if let Some(goal) = problem.elements.first().and_then(|id| self.shape.place(*id)) {
                told[goal] = true;
            }
        }
        let mut tops: Vec<_> = (0..self.shape.len())
            .filter(|at| !self.reachable[*at] && self.shape.above[*at].is_empty())
            .collect();
        // What only a Go To leads to is below that one, unless it stands in a circle by itself.
        tops.sort_by_key(|at| !self.shape.jumps_here[*at].is_empty());
        for top in tops {
            let goals = || self.shape.ways[top].iter().filter(|(port, _)| *port == Port::Goal);
            // A group that stands alone is there for its goals: contacts come to those by events.
            if told[top] || goals().any(|(_, goal)| self.reachable[*goal] || told[*goal]) {
                continue;
            }
            let reachable = &self.reachable;
            let below = |at: usize| self.shape.down(at, true).filter(|to| !reachable[*to]);
            let below = self.shape.spread([top], below);
            let below: Vec<_> = (0..self.shape.len()).filter(|at| below[*at] && !told[*at]).collect();
            below.iter().for_each(|at| told[*at] = true);
            let what = match self.shape.sequence[top] {
                Some(sequence) => format!("the sequence “{}”", sequence.name),
                None => self.title(top),
            };
            let others = below.into_iter().filter(|at| *at != top);
            let sentence = format!("Nothing leads to {what}, so no contact ever gets there");
            self.add(UNREACHABLE, std::iter::once(top).chain(others), sentence);
        }
    }
}
