//! Triggers and goals that nobody can reach, that do more than is meant, or that get in each other's way.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    DEAD_GOAL, DOUBLE_FOLLOW_UP, GOAL_BELOW_NOTHING, MOVE_CLEARS_FORK, MapCheck, SEVERAL_ON_ONE_EVENT,
};
use crate::base::id::ProductId;
use crate::model::rules::{MoveClears, PreviousWaits, SeveralGoals};
use crate::model::{
    Action, BranchPolicy, Catalogue, Choice, Condition, ElementKind, EventFilter, FieldOperator,
    HappeningKind, IfOnMap, ItemId, KeapPurchase, Listener, Port, Refs, Until, Value, Who,
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
            heard.entry(kind).or_default().push((at, listener));
        }
        let changed = self.changed_at_once();
        let can_meet = |a: &Listener, b: &Listener| {
            let asked = || a.conditions.uses().into_iter().chain(b.conditions.uses());
            overlap(&a.on, &b.on, &self.project.catalogue)
                && (!exclude(&a.conditions, &b.conditions) || asked().any(|item| changed.contains(&item)))
        };
        for listeners in heard.into_values() {
            let (goals, triggers): (Vec<_>, Vec<_>) =
                listeners.into_iter().partition(|(at, _)| self.is_goal(*at));
            self.alike_on_one_event(&triggers, "triggers", "so one event can do both", can_meet);
            let so = match self.map.rules.several_goals {
                SeveralGoals::FirstOnly => "so one event achieves only the first of them",
                SeveralGoals::EachInOrder => "so one event can do both",
            };
            self.alike_on_one_event(&goals, "goals", so, can_meet);
            self.trigger_and_goal_on_one_event(&triggers, &goals, can_meet);
        }
    }

    /// What actions change at the very instant at which triggers and goals act: the next one that hears the same event
    /// finds it changed (G-04).
    fn changed_at_once(&self) -> BTreeSet<ItemId> {
        let next = |at: usize| self.shape.at_once(at).filter(move |_| !self.shape.holds[at]);
        let below = self.shape.spread(self.listeners().map(|(at, _)| at).collect::<Vec<_>>(), next);
        let actions = (0..self.shape.len()).filter(|at| below[*at] && !self.shape.is_passed_over(*at));
        let actions = actions.filter_map(|at| self.shape.elements[at].kind.action());
        let changed = actions.flat_map(|action| match action {
            Action::RemoveFromAllLists => {
                self.project.catalogue.lists.keys().map(|list| ItemId::List(*list)).collect()
            }
            action => action.uses(),
        });
        changed.collect()
    }

    /// Triggers, or goals, each with the first before it that hears the same event.
    fn alike_on_one_event(
        &mut self,
        listeners: &[(usize, &Listener)],
        what: &str,
        so: &str,
        can_meet: impl Fn(&Listener, &Listener) -> bool,
    ) {
        for (number, (at, listener)) in listeners.iter().enumerate() {
            let mut before = listeners.iter().take(number);
            let Some((first, other)) = before.find(|(_, other)| can_meet(listener, other)) else {
                continue;
            };
            let sentence = format!(
                "{} and {} are {what} of this map that listen for the same event, {so}{}",
                self.title(*first),
                self.title(*at),
                where_both_hold(listener, other)
            );
            self.add(SEVERAL_ON_ONE_EVENT, [*at, *first], sentence);
        }
    }

    /// Goals, each with the first trigger that hears the same event. Who comes in by an event achieves no goal by it
    /// (G-04), so it does both only for who is on the map already, unless one of the two ignores that.
    fn trigger_and_goal_on_one_event(
        &mut self,
        triggers: &[(usize, &Listener)],
        goals: &[(usize, &Listener)],
        can_meet: impl Fn(&Listener, &Listener) -> bool,
    ) {
        let at_once =
            |trigger: &Listener| self.map.rules.entry_event_achieves && trigger.who == Who::AnyContact;
        let can_both = |trigger: &Listener, goal: &Listener| {
            goal.if_on_map != IfOnMap::Ignore
                && (trigger.if_on_map != IfOnMap::Ignore || at_once(trigger))
                && can_meet(trigger, goal)
        };
        let pairs = goals.iter().filter_map(|(goal, listener)| {
            let (trigger, other) = triggers.iter().find(|(_, trigger)| can_both(trigger, listener))?;
            let so = match other.who {
                Who::AnyContact if !at_once(other) => {
                    ": who comes in by it does not achieve the goal, \
                     but who is on the map already can come in again and achieve it at once"
                }
                _ => ", so one event can do both",
            };
            let sentence = format!(
                "{} and {} are a trigger and a goal of this map that listen for the same event{so}{}",
                self.title(*trigger),
                self.title(*goal),
                where_both_hold(listener, other)
            );
            Some(([*goal, *trigger], sentence))
        });
        for (places, sentence) in pairs.collect::<Vec<_>>() {
            self.add(SEVERAL_ON_ONE_EVENT, places, sentence);
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

/// What is said of two whose conditions differ.
fn where_both_hold(a: &Listener, b: &Listener) -> &'static str {
    let differ = a.conditions != b.conditions && !a.conditions.is_always() && !b.conditions.is_always();
    if differ { " where the conditions of both hold" } else { "" }
}

/// Whether two conditions never hold together, as far as their form shows it: by tags, lists, levels and fields.
fn exclude(a: &Condition, b: &Condition) -> bool {
    use Condition as C;
    match (a, b) {
        (C::All(parts), other) | (other, C::All(parts)) => parts.iter().any(|part| exclude(part, other)),
        (C::Any(parts), other) | (other, C::Any(parts)) => parts.iter().all(|part| exclude(part, other)),
        (C::None(parts), other) | (other, C::None(parts)) => {
            let is_had = matches!(
                other,
                C::HasTag(_)
                    | C::HasNotTag(_)
                    | C::OnList(_)
                    | C::NotOnList(_)
                    | C::HasLevel(_)
                    | C::HasNotLevel(_)
                    | C::Field { .. }
            );
            is_had && parts.contains(other)
        }
        (C::HasTag(has), C::HasNotTag(not)) | (C::HasNotTag(not), C::HasTag(has)) => has == not,
        (C::OnList(on), C::NotOnList(not)) | (C::NotOnList(not), C::OnList(on)) => on == not,
        (C::HasLevel(has), C::HasNotLevel(not)) | (C::HasNotLevel(not), C::HasLevel(has)) => has == not,
        (C::Field { field: a, is: x, value: v }, C::Field { field: b, is: y, value: w }) => {
            a == b && operators_exclude((*x, v.as_ref()), (*y, w.as_ref()))
        }
        _ => false,
    }
}

/// The same of what is asked of one field.
fn operators_exclude(a: (FieldOperator, Option<&Value>), b: (FieldOperator, Option<&Value>)) -> bool {
    use FieldOperator as O;
    match (a, b) {
        ((O::Equals, Some(Value::Text(a))), (O::Equals, Some(Value::Text(b)))) => {
            a.to_lowercase() != b.to_lowercase()
        }
        ((O::Equals, a), (O::NotEquals, b)) | ((O::NotEquals, b), (O::Equals, a)) => a == b,
        ((O::Contains, a), (O::DoesNotContain, b)) | ((O::DoesNotContain, b), (O::Contains, a)) => a == b,
        ((O::IsEmpty, _), (O::IsNotEmpty, _)) | ((O::IsNotEmpty, _), (O::IsEmpty, _)) => true,
        _ => false,
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
