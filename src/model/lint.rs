//! What is wrong with a map, or will surprise its maker (semantics §12).

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::ItemId;
use super::condition::{Condition, FieldOperator};
use super::element::{Choice, Element, ElementKind, FieldChange, IfOnMap, Listener, Split, Until, Who};
use super::event::EventFilter;
use super::graph::Graph;
use super::map::{Map, Port};
use super::project::Project;
use super::rules::{MoveClears, PreviousWaits};
use super::saved::{Expectation, SavedTest};
use super::words;
use crate::base::id::ElementId;
use crate::base::problem::{Problem, Severity};

/// One check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// Its name in findings; never changes.
    pub code: &'static str,
    /// How much its findings matter.
    pub severity: Severity,
    /// What a finding means, for the help.
    pub meaning: &'static str,
}

macro_rules! checks {
    ($($name:ident $code:literal $severity:ident $meaning:literal;)*) => {
        $(const $name: Check = Check { code: $code, severity: Severity::$severity, meaning: $meaning };)*

        /// All checks, in the order in which findings on one element are listed.
        pub const CHECKS: &[Check] = &[$($name),*];
    };
}

checks! {
    MISSING_REFERENCE "missing-reference" Error
        "It names something that the project does not have any more, so it does nothing";
    NOT_CHOSEN "not-chosen" Error
        "A setting is still open, so it does nothing";
    GO_TO_NOWHERE "go-to-nowhere" Error
        "A Go To has no element to continue at";
    SPLIT_NOT_WHOLE "split-not-whole" Error
        "The shares of a split are not 100 % together";
    OPEN_END "open-end" Error
        "A path stops without End, Exit or Go To, so it does not say whether contacts stay on the map";
    ZERO_TIME_LOOP "zero-time-loop" Error
        "A Go To leads upwards with nothing in between that holds contacts, so they run in a circle without end";
    EMPTY_CONDITION "empty-condition" Warning
        "A condition asks for nothing, so everybody goes the same way";
    OR_OF_NEGATIVES "or-of-negatives" Warning
        "Of several things that must not be the case one is enough, so nearly everybody passes";
    STUCK "stuck" Warning
        "A wait without a rule and without goals holds contacts for ever";
    DEAD_GOAL "dead-goal" Warning
        "Only contacts on the map can achieve it, and those it ignores";
    GOAL_BELOW_NOTHING "goal-below-nothing" Warning
        "Only contacts above the goal can achieve it, and none can come there";
    DOUBLE_FOLLOW_UP "double-follow-up" Warning
        "With Add here again contacts stay at the goal's wait too, so they also take the path of least action later";
    MOVE_CLEARS_FORK "move-clears-fork" Warning
        "A goal in one branch of a fork moves contacts, which ends what they do in the other branch";
    SEVERAL_ON_ONE_EVENT "several-on-one-event" Warning
        "Two triggers or two goals of a map listen for the same event, so one event does both";
    TWO_MESSAGES_AT_ONCE "two-messages-at-once" Warning
        "One e-mail follows another with no wait in between, so contacts get both at the same moment";
    UNREACHABLE "unreachable" Warning
        "Nothing leads to it, so no contact ever gets there";
}

/// All findings, by map and reading order; what is not about a map comes last.
pub fn check(project: &Project) -> Vec<Problem> {
    let maps = project.maps.values().flat_map(|map| MapCheck::new(project, map).all());
    maps.chain(project.tests.values().filter_map(|test| test_problem(project, test))).collect()
}

fn test_problem(project: &Project, test: &SavedTest) -> Option<Problem> {
    let has = |id: &ItemId| project.catalogue.get(*id).is_some();
    let has_element = |id: &ElementId| project.map_of(*id).is_some();
    let given = test.events.iter().flat_map(|event| event.what.uses());
    let sound = given.collect::<Vec<_>>().iter().all(has)
        && test.expect.iter().all(|expected| match expected {
            Expectation::Messages(emails) => emails.iter().all(|email| has(&(*email).into())),
            Expectation::MessageCount(_) => true,
            Expectation::RestsAt { map, elements } => {
                project.map(*map).is_some_and(|map| elements.iter().all(|id| map.element(*id).is_some()))
            }
            Expectation::Achieved { goal, .. } => has_element(goal),
        });
    (!sound).then(|| Problem {
        code: MISSING_REFERENCE.code,
        severity: MISSING_REFERENCE.severity,
        map: None,
        elements: vec![],
        sentence: format!(
            "The test “{}” names something that the project does not have any more, so it cannot pass",
            test.name
        ),
    })
}

struct MapCheck<'a> {
    project: &'a Project,
    map: &'a Map,
    graph: Graph,
    /// Elements that contacts can come to.
    reachable: BTreeSet<ElementId>,
    found: Vec<Problem>,
}

impl<'a> MapCheck<'a> {
    fn new(project: &'a Project, map: &'a Map) -> Self {
        let graph = Graph::of(map);
        let reachable = reachable(map, &graph);
        Self { project, map, graph, reachable, found: vec![] }
    }

    fn all(mut self) -> Vec<Problem> {
        let order = std::mem::take(&mut self.graph.order);
        self.graph.order.clone_from(&order);
        for id in &order {
            if let Some(element) = self.map.element(*id) {
                self.element(element);
            }
        }
        self.loops(&order);
        self.several_on_one_event(&order);
        self.unreachable(&order);
        let place: BTreeMap<_, _> = order.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let row = |code| CHECKS.iter().position(|check| check.code == code);
        let key = |problem: &Problem| {
            (problem.elements.first().and_then(|id| place.get(id).copied()), row(problem.code))
        };
        self.found.sort_by_key(key);
        self.found
    }

    fn add(&mut self, check: Check, elements: Vec<ElementId>, sentence: String) {
        let Check { code, severity, .. } = check;
        self.found.push(Problem { code, severity, map: Some(self.map.id), elements, sentence });
    }

    fn title(&self, id: ElementId) -> String {
        let element = self.map.element(id);
        element.map_or_else(|| id.to_string(), |element| format!("“{}”", words::title(self.project, element)))
    }

    /// What can be said of an element by looking at it and around it.
    fn element(&mut self, element: &Element) {
        let id = element.id;
        let name = self.title(id);
        if let Some(missing) = self.missing(&element.kind) {
            self.add(MISSING_REFERENCE, vec![id], format!("{name} names {missing}, so it does nothing"));
        }
        if let Some(open) = not_chosen(&element.kind) {
            self.add(NOT_CHOSEN, vec![id], format!("{name} does nothing: {open}"));
        }
        match &element.kind {
            ElementKind::GoTo(None) => {
                let sentence = format!("{name} has no element to continue at, so contacts stop there");
                self.add(GO_TO_NOWHERE, vec![id], sentence);
            }
            ElementKind::Split(split) if !split.is_whole() => {
                let sum: u32 = split.shares.iter().map(|share| u32::from(*share)).sum();
                let sum = u16::try_from(sum).map_or_else(|_| "far more".into(), words::percent);
                let most = Split::MAX_PATHS;
                let sentence =
                    format!("{name} has paths of {sum} together; it needs two to {most} paths of 100 %");
                self.add(SPLIT_NOT_WHOLE, vec![id], sentence);
            }
            ElementKind::Condition(condition) => {
                if condition.leaves().is_empty() {
                    let sentence = format!("{name} has no rule, so everybody goes the same way");
                    self.add(EMPTY_CONDITION, vec![id], sentence);
                }
                self.negatives(id, condition);
            }
            ElementKind::Wait(wait) if wait.until == Until::Goal && wait.goals.is_empty() => {
                let sentence = format!("{name} has neither a rule nor goals, so contacts never leave it");
                self.add(STUCK, vec![id], sentence);
            }
            ElementKind::Trigger(listener) | ElementKind::Goal(listener) => self.listener(element, listener),
            ElementKind::SendEmail(Some(_)) => self.next_message(id),
            _ => {}
        }
        self.open_ends(element);
    }

    /// What an element names that is not there, in words.
    fn missing(&self, kind: &ElementKind) -> Option<String> {
        let catalogue = &self.project.catalogue;
        if let Some(id) = kind.uses().into_iter().find(|id| catalogue.get(*id).is_none()) {
            return Some(format!("the {} {id}, which is no longer in the account", id.word()));
        }
        match kind.listener()?.on {
            EventFilter::EmailLinkClicked { email: Some(email), link } => {
                let email = catalogue.emails.get(&email)?;
                // An e-mail without links is one whose links nobody has written down.
                (usize::from(link) > email.links.len() && !email.links.is_empty()).then(|| {
                    let links = words::counted(email.links.len(), "link", "links");
                    format!("link {link} of “{}”, which has {links}", email.name)
                })
            }
            _ => None,
        }
    }

    fn negatives(&mut self, id: ElementId, condition: &Condition) {
        if has_or_of_negatives(condition) {
            let sentence = format!(
                "{} passes whoever lacks just one of several things, which is nearly everybody; \
                 “all of” or “none of” is probably meant",
                self.title(id)
            );
            self.add(OR_OF_NEGATIVES, vec![id], sentence);
        }
    }

    fn listener(&mut self, element: &Element, listener: &Listener) {
        let id = element.id;
        let name = self.title(id);
        let is_goal = matches!(element.kind, ElementKind::Goal(_));
        if !listener.conditions.is_always() && listener.conditions.leaves().is_empty() {
            let sentence =
                format!("{name} has a condition without any rule, so it lets everybody or nobody pass");
            self.add(EMPTY_CONDITION, vec![id], sentence);
        }
        self.negatives(id, &listener.conditions);
        if listener.if_on_map == IfOnMap::Ignore && listener.who != Who::AnyContact {
            let sentence = format!(
                "{name} listens only to contacts on the map and ignores contacts on the map, so nothing ever happens"
            );
            self.add(DEAD_GOAL, vec![id], sentence);
        }
        if !is_goal {
            return;
        }
        if self.holds_nobody(id, listener) {
            let sentence = format!(
                "{name} only counts for contacts above it, and no contact can come there, so nobody achieves it"
            );
            self.add(GOAL_BELOW_NOTHING, vec![id], sentence);
        }
        if let Some(wait) = self.graph.wait_of(id)
            && listener.if_on_map == IfOnMap::Add
            && self.map.target(wait, Port::Timeout).is_some()
        {
            let sentence = format!(
                "Who achieves {name} stays at {} too and later takes its path of least action as well",
                self.title(wait)
            );
            self.add(DOUBLE_FOLLOW_UP, vec![id, wait], sentence);
        }
        if listener.if_on_map == IfOnMap::Move && self.map.rules.move_clears == MoveClears::WholeMap {
            let is_fork = |id: &&ElementId| {
                self.map.element(**id).is_some_and(|element| element.kind == ElementKind::Fork)
            };
            let fork = self.graph.upstream(id, false).iter().find(is_fork).copied();
            if let Some(fork) = fork {
                let sentence = format!(
                    "{name} moves contacts, which also ends what they do in the other branch of the fork"
                );
                self.add(MOVE_CLEARS_FORK, vec![id, fork], sentence);
            }
        }
    }

    /// Whether a goal only counts for contacts above it and none can rest there.
    fn holds_nobody(&self, goal: ElementId, listener: &Listener) -> bool {
        let rules = &self.map.rules;
        let mut above = match (listener.who, rules.previous_waits) {
            (Who::AnyContact | Who::OnMap, _) => return false,
            (Who::PreviousWaits, PreviousWaits::Attached) => self.graph.wait_of(goal).into_iter().collect(),
            _ => self.graph.upstream(goal, rules.upstream_follows_go_to),
        };
        above.retain(|id| {
            self.reachable.contains(id)
                && self.map.element(*id).is_some_and(|e| matches!(e.kind, ElementKind::Wait(_)))
        });
        above.is_empty()
    }

    /// The next e-mail below without a wait in between.
    fn next_message(&mut self, id: ElementId) {
        let mut seen = BTreeSet::from([id]);
        let mut open = self.at_once(id);
        while let Some(next) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            match self.map.element(next).map(|element| &element.kind) {
                Some(ElementKind::SendEmail(_)) => {
                    let sentence = format!(
                        "{} follows {} with no wait in between, so contacts get both at the same moment",
                        self.title(next),
                        self.title(id)
                    );
                    self.add(TWO_MESSAGES_AT_ONCE, vec![next, id], sentence);
                    return;
                }
                Some(ElementKind::Wait(_)) | None => {}
                Some(_) => open.extend(self.at_once(next)),
            }
        }
    }

    /// Where contacts go on at once from an element, by lines and Go To; the leftmost way last, to be popped first.
    fn at_once(&self, id: ElementId) -> Vec<ElementId> {
        let lines = self.graph.outlets(id).iter().rev().filter(|outlet| outlet.port != Port::Goal);
        let mut next: Vec<_> = lines.filter_map(|outlet| outlet.to).collect();
        if let Some(ElementKind::GoTo(target)) = self.map.element(id).map(|element| &element.kind) {
            next.extend(*target);
        }
        next
    }

    fn open_ends(&mut self, element: &Element) {
        let id = element.id;
        let never_left =
            matches!(&element.kind, ElementKind::Wait(w) if w.until == Until::Goal && w.goals.is_empty());
        // M-03: the added trigger may stand alone
        if never_left || element.kind.is_added_to_automation() || !self.reachable.contains(&id) {
            return;
        }
        let open: Vec<_> =
            element.kind.ports().into_iter().filter(|port| self.map.target(id, *port).is_none()).collect();
        if open.is_empty() {
            return;
        }
        let labels: Vec<_> = open.iter().map(|port| words::port_label(element, *port)).collect();
        let labels: Vec<_> = labels.into_iter().filter(|label| !label.is_empty()).collect();
        let way = match labels.len() {
            0 => "Nothing follows".to_owned(),
            _ => format!("Nothing follows “{}” of", words::listed(&labels, "and")),
        };
        let sentence =
            format!("{way} {}: an End keeps contacts on the map, an Exit lets them go", self.title(id));
        self.add(OPEN_END, vec![id], sentence);
    }

    /// Circles through a Go To in which no time passes.
    fn loops(&mut self, order: &[ElementId]) {
        let mut told = BTreeSet::new();
        for id in order {
            let Some(ElementKind::GoTo(Some(target))) = self.map.element(*id).map(|element| &element.kind)
            else {
                continue;
            };
            if told.contains(id) {
                continue;
            }
            if let Some(path) = self.way_without_time(*target, *id) {
                told.extend(path.iter().copied());
                let sentence = format!(
                    "{} leads back to {} with nothing in between that holds contacts, so they run in a circle without end",
                    self.title(*id),
                    self.title(*target)
                );
                let elements = std::iter::once(*id).chain(path.into_iter().filter(|other| other != id));
                self.add(ZERO_TIME_LOOP, elements.collect(), sentence);
            }
        }
    }

    /// A way from one element to another on which a contact can pass everything at one instant.
    fn way_without_time(&self, from: ElementId, to: ElementId) -> Option<Vec<ElementId>> {
        let mut before: BTreeMap<ElementId, Option<ElementId>> = BTreeMap::from([(from, None)]);
        let mut open = vec![from];
        while let Some(id) = open.pop() {
            if id == to {
                let mut path: Vec<_> =
                    std::iter::successors(Some(id), |at| before.get(at).copied().flatten()).collect();
                path.reverse();
                return Some(path);
            }
            if self.map.element(id).is_some_and(|element| holds_each_time(&element.kind)) {
                continue;
            }
            for next in self.at_once(id) {
                before.entry(next).or_insert_with(|| {
                    open.push(next);
                    Some(id)
                });
            }
        }
        None
    }

    fn several_on_one_event(&mut self, order: &[ElementId]) {
        let listeners: Vec<_> = (order.iter())
            .filter_map(|id| self.map.element(*id))
            .filter_map(|element| Some((element, element.kind.listener()?)))
            .collect();
        for (place, (element, listener)) in listeners.iter().enumerate() {
            let same = |(other, heard): &&(&Element, &Listener)| {
                element.kind.kind() == other.kind.kind()
                    && overlap(&listener.on, &heard.on)
                    && (listener.conditions == heard.conditions
                        || listener.conditions.is_always()
                        || heard.conditions.is_always())
            };
            if let Some((first, _)) = listeners.iter().take(place).find(same) {
                let what = if matches!(element.kind, ElementKind::Goal(_)) { "goals" } else { "triggers" };
                let sentence = format!(
                    "{} and {} are {what} of this map that listen for the same event, so one event can do both",
                    self.title(first.id),
                    self.title(element.id)
                );
                self.add(SEVERAL_ON_ONE_EVENT, vec![element.id, first.id], sentence);
            }
        }
    }

    /// The tops of what no contact can come to, each with all that hangs below.
    fn unreachable(&mut self, order: &[ElementId]) {
        let told: BTreeSet<_> = (self.found.iter())
            .filter(|problem| problem.code == GOAL_BELOW_NOTHING.code)
            .filter_map(|problem| problem.elements.first().copied())
            .collect();
        for id in order {
            if self.reachable.contains(id) || !self.graph.incoming(*id).is_empty() {
                continue;
            }
            let goals = self.map.element(*id).map_or(&[][..], |element| element.kind.goals());
            // A group that stands alone is there for its goals: contacts come to those by events.
            if goals.iter().any(|goal| self.reachable.contains(goal))
                || goals.iter().chain([id]).any(|goal| told.contains(goal))
            {
                continue;
            }
            let sentence = format!("Nothing leads to {}, so no contact ever gets there", self.title(*id));
            self.add(UNREACHABLE, self.unreachable_below(*id), sentence);
        }
    }

    /// An element that no contact can come to and all of that kind below it.
    fn unreachable_below(&self, top: ElementId) -> Vec<ElementId> {
        let mut below = vec![];
        let mut seen = BTreeSet::new();
        let mut open = vec![top];
        while let Some(id) = open.pop() {
            if !self.reachable.contains(&id) && seen.insert(id) {
                below.push(id);
                open.extend(self.graph.outlets(id).iter().rev().filter_map(|outlet| outlet.to));
            }
        }
        below
    }
}

/// Elements that contacts can come to: from triggers and from goals that reach out to contacts elsewhere, on by lines,
/// to attached goals and by Go To.
fn reachable(map: &Map, graph: &Graph) -> BTreeSet<ElementId> {
    let reaches_out = |element: &&Element| match &element.kind {
        ElementKind::Trigger(_) => true,
        ElementKind::Goal(goal) => match goal.who {
            Who::AnyContact => true,
            Who::OnMap => goal.if_on_map != IfOnMap::Ignore,
            Who::Upstream | Who::PreviousWaits => false,
        },
        _ => false,
    };
    let mut reachable = BTreeSet::new();
    let mut open: Vec<_> = map.elements.values().filter(reaches_out).map(|element| element.id).collect();
    while let Some(id) = open.pop() {
        if reachable.insert(id) {
            open.extend(graph.outlets(id).iter().filter_map(|outlet| outlet.to));
            if let Some(ElementKind::GoTo(target)) = map.element(id).map(|element| &element.kind) {
                open.extend(*target);
            }
        }
    }
    reachable
}

/// Whether time passes at an element on each arrival. A weekday or a date that holds a contact once lets it pass at once
/// when it comes round again at the same instant (W-03, W-04).
fn holds_each_time(kind: &ElementKind) -> bool {
    match kind {
        ElementKind::Wait(wait) => match &wait.until {
            Until::Goal => true,
            Until::TimePasses(span) => span.count > 0,
            Until::DayOfWeek { .. } | Until::Date { .. } => false,
        },
        ElementKind::End | ElementKind::Exit => true,
        _ => false,
    }
}

/// What is still open in an element's settings, in words.
fn not_chosen(kind: &ElementKind) -> Option<&'static str> {
    let open = |is_open: bool, words| is_open.then_some(words);
    match kind {
        ElementKind::Trigger(listener) | ElementKind::Goal(listener) => {
            open(listener.on.is_incomplete(), "what it listens for is not chosen yet")
                .or(open(listener.conditions.is_incomplete(), "a condition is not complete yet"))
        }
        ElementKind::Condition(condition) => open(condition.is_incomplete(), "a rule is not complete yet"),
        ElementKind::Wait(wait) => match wait.until {
            Until::DayOfWeek { days, .. } => open(days.is_empty(), "no day of the week is chosen yet"),
            _ => None,
        },
        ElementKind::SendEmail(email) => open(email.is_none(), "no e-mail is chosen yet"),
        ElementKind::ChangeTags { add, remove } => {
            open(add.is_empty() && remove.is_empty(), "no tag is chosen yet")
        }
        ElementKind::UpdateField { field, change } => open(field.is_none(), "no field is chosen yet")
            .or(open(*change == FieldChange::Set(None), "no value is chosen yet")),
        ElementKind::Split(_)
        | ElementKind::Fork
        | ElementKind::GoTo(_)
        | ElementKind::End
        | ElementKind::Exit => None,
    }
}

fn has_or_of_negatives(condition: &Condition) -> bool {
    let is_negative = |part: &&Condition| match part {
        Condition::HasNotTag(_) | Condition::None(_) => true,
        Condition::Field { is, .. } => {
            matches!(is, FieldOperator::NotEquals | FieldOperator::DoesNotContain)
        }
        _ => false,
    };
    let here = match condition {
        Condition::Any(parts) => parts.iter().filter(is_negative).count() > 1,
        _ => false,
    };
    here || condition.parts().iter().any(has_or_of_negatives)
}

/// Whether one event can match both filters. What is not chosen yet matches nothing.
fn overlap(a: &EventFilter, b: &EventFilter) -> bool {
    match (a, b) {
        (
            EventFilter::FormSubmitted { form: a, outcome: x },
            EventFilter::FormSubmitted { form: b, outcome: y },
        ) => share(a, b) && (x.is_none() || y.is_none() || x == y),
        (EventFilter::Order(a), EventFilter::Order(b)) | (EventFilter::Refund(a), EventFilter::Refund(b)) => {
            share(a, b)
        }
        (
            EventFilter::EmailLinkClicked { email: a, link: x },
            EventFilter::EmailLinkClicked { email: b, link: y },
        ) => a.is_some() && a == b && (*x == 0 || *y == 0 || x == y),
        _ => a == b && !a.is_incomplete(),
    }
}

fn share<T: Copy + PartialEq>(a: &Choice<T>, b: &Choice<T>) -> bool {
    match (a, b) {
        (Choice::Any, other) | (other, Choice::Any) => !other.is_empty(),
        (Choice::OneOf(a), b) => a.iter().any(|thing| b.includes(*thing)),
    }
}
