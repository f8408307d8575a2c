//! Triggers and goals that nobody can reach, that do more than is meant, or that get in each other's way.

use std::collections::BTreeMap;

use super::{
    DEAD_GOAL, DOUBLE_FOLLOW_UP, GOAL_BELOW_NOTHING, MOVE_CLEARS_FORK, MapCheck, SEVERAL_ON_ONE_EVENT,
};
use crate::base::id::ProductId;
use crate::model::rules::{MoveClears, PreviousWaits, SeveralGoals};
use crate::model::{
    Action, BranchPolicy, Catalogue, Choice, ElementKind, EventFilter, HappeningKind, IfOnMap, KeapPurchase,
    Listener, Port, Until, Who,
};

impl<'a> MapCheck<'a> {
    /// Triggers and goals that listen, in reading order; drafts do not (K-13).
    pub(super) fn listeners(&self) -> impl Iterator<Item = (usize, &'a Listener)> + use<'a, '_> {
        let elements = self.shape.elements.iter().enumerate().filter(|(_, element)| !element.draft);
        elements.filter_map(|(at, element)| Some((at, element.kind.listener()?)))
    }

    pub(super) fn is_goal(&self, at: usize) -> bool {
        matches!(self.shape.elements[at].kind, ElementKind::Goal(_))
    }

    pub(super) fn scopes(&mut self) {
        let found: Vec<_> = self.listeners().collect();
        for (at, listener) in &found {
            if is_dead(listener) {
                let sentence = format!(
                    "{} listens only to contacts on the map and ignores contacts on the map, so nothing ever happens",
                    self.title(*at)
                );
                self.add(DEAD_GOAL, [*at], sentence);
            }
        }
        self.below_nothing(&found);
        for (at, listener) in &found {
            if let Some(wait) = self.shape.wait_of[*at]
                && listener.if_on_map == IfOnMap::Add
                && self.shape.ways[wait].iter().any(|(port, _)| *port == Port::Timeout)
                && let ElementKind::Wait(settings) = &self.shape.elements[wait].kind
                && settings.until != Until::NotSet
                && self.never_fires(settings).is_none()
            {
                let sentence = format!(
                    "Who achieves {} stays at {} too and later takes its path of least action as well",
                    self.title(*at),
                    self.title(wait)
                );
                self.add(DOUBLE_FOLLOW_UP, [*at, wait], sentence);
            }
        }
    }

    /// Goals that only count for contacts above them where none can rest.
    fn below_nothing(&mut self, listeners: &[(usize, &Listener)]) {
        let rules = &self.map.rules;
        let is_wait = |at: &usize| {
            matches!(self.shape.elements[*at].kind, ElementKind::Wait(_)) && !self.shape.is_passed_over(*at)
        };
        let holds = |at: &usize| {
            is_wait(at) || matches!(self.shape.elements[*at].kind, ElementKind::Action(Action::AddToMap(_)))
        };
        let reached = || (0..self.shape.len()).filter(|at| self.reachable[*at]);
        let jumps = rules.upstream_follows_go_to;
        let below = |holding: Vec<usize>| {
            let below = holding.into_iter().flat_map(|at| self.shape.down(at, jumps));
            self.shape.spread(below, |at| self.shape.down(at, jumps))
        };
        let below_anything = below(reached().filter(holds).collect());
        let below_waits = below(reached().filter(is_wait).collect());
        let holds_nobody = |at: usize, listener: &Listener| match (listener.who, rules.previous_waits) {
            (Who::AnyContact | Who::OnMap, _) => false,
            (Who::PreviousWaits, PreviousWaits::Attached) => {
                !self.shape.wait_of[at].is_some_and(|wait| self.reachable[wait])
            }
            (Who::PreviousWaits, PreviousWaits::AllAbove) => !below_waits[at],
            (Who::Upstream, _) => !below_anything[at] && !self.is_entry(at),
        };
        let goals = listeners.iter().filter(|(at, _)| self.is_goal(*at));
        let empty: Vec<_> = goals.filter(|(at, listener)| holds_nobody(*at, listener)).collect();
        for (at, _) in empty {
            let sentence = format!(
                "{} only counts for contacts above it, and no contact can come there, so nobody achieves it",
                self.title(*at)
            );
            self.add(GOAL_BELOW_NOTHING, [*at], sentence);
        }
    }

    /// Moves that end what contacts do in another branch of a fork or of an element all of whose matching ways are taken
    /// (G-09). What the branches lead to together stands in none of them.
    pub(super) fn moves_in_branches(&mut self) {
        let moves = |(at, listener): &(usize, &Listener)| {
            self.is_goal(*at)
                && listener.if_on_map == IfOnMap::Move
                && self.clears(*at, listener) == MoveClears::WholeMap
        };
        let goals: Vec<_> = self.listeners().filter(moves).map(|(at, _)| at).collect();
        let parts = |at: &usize| match &self.shape.elements[*at].kind {
            ElementKind::Fork => true,
            ElementKind::Branches(branches) => branches.policy == BranchPolicy::AllMatching,
            _ => false,
        };
        let forks: Vec<_> = (0..self.shape.len()).filter(parts).collect();
        if goals.is_empty() || forks.is_empty() {
            return;
        }
        let below = GoalsBelow::of(self, &goals);
        let resting = (0..self.shape.len()).filter(|at| self.can_rest(*at));
        let holds = self.shape.spread(resting, |at| self.shape.up(at, true));
        // Of several forks above a goal the one that is read last is the nearest.
        let mut nearest = BTreeMap::new();
        for fork in forks {
            // K-06: what runs until completed is spared, and where nobody rests nobody is taken from
            let runs_on = |to: usize| self.shape.sequence[to].is_some_and(|s| s.runs_until_completed);
            let spared = |to: &usize| runs_on(*to) || !holds[*to];
            let ways = self.shape.ways[fork].iter().map(|(_, to)| *to);
            let (spared, other): (Vec<_>, Vec<_>) = ways.partition(spared);
            for (word, goals) in goals.chunks(GoalsBelow::BITS).enumerate() {
                let row = |to: &usize| below.word(*to, word);
                let in_one = spared.iter().chain(&other).map(row).fold(0, |all, bits| all | bits);
                let in_each = other.iter().map(row).fold(u64::MAX, |all, bits| all & bits);
                let hit = in_one & !in_each;
                let hit = goals.iter().enumerate().filter(|(bit, _)| hit >> bit & 1 == 1);
                nearest.extend(hit.map(|(_, goal)| (*goal, fork)));
            }
        }
        for (goal, fork) in nearest {
            let branching = match self.shape.elements[fork].kind {
                ElementKind::Fork => "the other branch of the fork".to_owned(),
                _ => format!("the other branches of {}", self.title(fork)),
            };
            let sentence =
                format!("{} moves contacts, which also ends what they do in {branching}", self.title(goal));
            self.add(MOVE_CLEARS_FORK, [goal, fork], sentence);
        }
    }

    /// Whether a contact may rest here: a wait, a map that it is added to, an end that is no Exit.
    fn can_rest(&self, at: usize) -> bool {
        match &self.shape.elements[at].kind {
            ElementKind::Wait(_) | ElementKind::Action(Action::AddToMap(_))
                if !self.shape.is_passed_over(at) =>
            {
                true
            }
            ElementKind::Exit => false,
            _ => self.shape.down(at, true).next().is_none(),
        }
    }

    /// What a listener that moves contacts clears: Keap's goal what is above it, whatever the rules say (K-05), and a
    /// trigger all.
    pub(super) fn clears(&self, at: usize, listener: &Listener) -> MoveClears {
        match listener.on {
            EventFilter::KeapPurchase(_) => MoveClears::AboveGoal,
            _ if self.is_goal(at) => self.map.rules.move_clears,
            _ => MoveClears::WholeMap,
        }
    }

    pub(super) fn several_on_one_event(&mut self) {
        let mut heard = BTreeMap::<_, Vec<(usize, &Listener)>>::new();
        for (at, listener) in self.listeners() {
            // Purchases are heard at the order or at its first payment: both may come of one order.
            let kind = match listener.on.hears() {
                HappeningKind::Purchased => HappeningKind::Charged,
                kind => kind,
            };
            heard.entry((self.is_goal(at), kind)).or_default().push((at, listener));
        }
        for ((goals, _), listeners) in heard {
            for (number, (at, listener)) in listeners.iter().enumerate() {
                let same = |(_, other): &&(usize, &Listener)| {
                    overlap(&listener.on, &other.on, &self.project.catalogue)
                        && (listener.conditions == other.conditions
                            || listener.conditions.is_always()
                            || other.conditions.is_always())
                };
                let Some((first, _)) = listeners.iter().take(number).find(same) else { continue };
                let what = if goals { "goals" } else { "triggers" };
                let so = match self.map.rules.several_goals {
                    SeveralGoals::FirstOnly if goals => "so one event achieves only the first of them",
                    _ => "so one event can do both",
                };
                let (first, title) = (*first, self.title(*at));
                let sentence = format!(
                    "{} and {title} are {what} of this map that listen for the same event, {so}",
                    self.title(first)
                );
                self.add(SEVERAL_ON_ONE_EVENT, [*at, first], sentence);
            }
        }
    }
}

/// Whether it listens to those alone whom it ignores.
pub(super) fn is_dead(listener: &Listener) -> bool {
    listener.if_on_map == IfOnMap::Ignore && listener.who != Who::AnyContact
}

/// For each place the goals that can be reached from it by lines, as so many words of bits: with sets, a map of thousands of
/// elements would take seconds.
struct GoalsBelow {
    words: usize,
    bits: Vec<u64>,
}

impl GoalsBelow {
    const BITS: usize = u64::BITS as usize;

    fn of(check: &MapCheck, goals: &[usize]) -> Self {
        let words = goals.len().div_ceil(Self::BITS);
        let mut below = Self { words, bits: vec![0; words * check.shape.len()] };
        for (number, goal) in goals.iter().enumerate() {
            below.bits[goal * words + number / Self::BITS] |= 1 << (number % Self::BITS);
        }
        for at in check.shape.bottom_up() {
            for (_, to) in &check.shape.ways[at] {
                for word in 0..words {
                    below.bits[at * words + word] |= below.bits[to * words + word];
                }
            }
        }
        below
    }

    /// Which of so many goals the place is, or is above.
    fn word(&self, at: usize, word: usize) -> u64 {
        self.bits[at * self.words + word]
    }
}

/// Whether one event, or one order, can match both filters. What is not chosen yet matches nothing.
fn overlap(a: &EventFilter, b: &EventFilter, catalogue: &Catalogue) -> bool {
    use EventFilter as F;
    match (a, b) {
        (F::FormSubmitted { form: a, outcome: x }, F::FormSubmitted { form: b, outcome: y }) => {
            share(a, b) && either(x, y)
        }
        (F::Purchased { products: a, .. }, F::Purchased { products: b, .. })
        | (F::Refund(a), F::Refund(b)) => share(a, b),
        (
            F::CheckoutAbandoned { products: a, provider: x },
            F::CheckoutAbandoned { products: b, provider: y },
        ) => share(a, b) && either(x, y),
        (F::Purchased { products, .. }, F::KeapPurchase(keap))
        | (F::KeapPurchase(keap), F::Purchased { products, .. }) => {
            let both = match products {
                Choice::Any => !keap.is_empty(),
                Choice::OneOf(products) => {
                    !products.is_empty() && (keap.any || ticks_product(keap, products, catalogue))
                }
            };
            both && !keap.payments.is_empty()
        }
        (F::KeapPurchase(a), F::KeapPurchase(b)) => {
            let both = a.forms.iter().any(|form| b.forms.contains(form))
                || a.categories.iter().any(|category| b.categories.contains(category))
                || ticks_product(a, &b.products, catalogue)
                || ticks_product(b, &a.products, catalogue);
            (both || a.any && !b.is_empty() || b.any && !a.is_empty()) && share(&a.payments, &b.payments)
        }
        (F::Card(_), F::KeapPurchase(keap)) | (F::KeapPurchase(keap), F::Card(_)) => {
            let by_card = match &keap.payments {
                Choice::Any => true,
                Choice::OneOf(kinds) => kinds.iter().any(|kind| kind.is_card()),
            };
            by_card && !keap.is_empty()
        }
        // a later payment by card
        (F::Card(_), F::OpenOrder(_)) | (F::OpenOrder(_), F::Card(_)) => a.hears() == b.hears(),
        (F::EmailLinkClicked { email: a, link: x }, F::EmailLinkClicked { email: b, link: y }) => {
            a.is_some() && a == b && (*x == 0 || *y == 0 || x == y)
        }
        (F::TaskCompleted { task: a, outcomes: x }, F::TaskCompleted { task: b, outcomes: y }) => {
            let common = x.is_empty() || y.is_empty() || x.iter().any(|outcome| y.contains(outcome));
            a.is_some() && a == b && common
        }
        (F::DateMatches(_) | F::DateRelative { .. }, F::DateMatches(_) | F::DateRelative { .. }) => {
            a.date_rule().is_some() && a.date_rule() == b.date_rule()
        }
        _ => a == b && !a.is_incomplete(),
    }
}

/// Whether one of the products, or its category, is ticked.
fn ticks_product(keap: &KeapPurchase, products: &[ProductId], catalogue: &Catalogue) -> bool {
    products.iter().any(|id| {
        let in_category = || {
            let categories = catalogue.products.get(id).map(|product| &product.categories);
            categories.is_some_and(|of| of.iter().any(|category| keap.categories.contains(category)))
        };
        keap.products.contains(id) || in_category()
    })
}

/// Whether there is something that both ask for.
fn share<T: Copy + PartialEq>(a: &Choice<T>, b: &Choice<T>) -> bool {
    match (a, b) {
        (Choice::Any, other) | (other, Choice::Any) => !other.is_empty(),
        (Choice::OneOf(a), b) => a.iter().any(|thing| b.includes(*thing)),
    }
}

/// The same for something that may be left open.
fn either<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
    a.is_none() || b.is_none() || a == b
}
