//! What is wrong with a map, or will surprise its maker (semantics §12). Maps are checked as they are drawn, whatever was
//! published before.
//!
//! One file for each subject: [`settings`] of one element, [`listeners`] and whom they reach, [`paths`] that contacts take,
//! what [`holds`] them, how they come [`between`] maps, the [`account`] and the tests. All walk the map by its [`shape`];
//! [`chances`] knows what can happen in the project at all.

use std::collections::BTreeMap;

use shape::Shape;

use super::element::ElementKind;
use super::map::Map;
use super::project::Project;
use super::words;
use crate::base::id::MapId;
use crate::base::problem::{Problem, Severity};

mod account;
mod between;
mod chances;
mod holds;
mod listeners;
mod paths;
mod settings;
mod shape;

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
    NO_RULES "no-rules" Error
        "None of several ways has a rule, so nobody is told apart";
    OPEN_END "open-end" Error
        "A path stops without End, Exit or Go To, so it does not say whether contacts stay on the map";
    GOAL_LEADS_NOWHERE "goal-leads-nowhere" Error
        "Nothing is below a goal, so nothing comes of achieving it";
    ZERO_TIME_LOOP "zero-time-loop" Error
        "A Go To leads upwards with nothing in between that holds contacts, so they run in a circle without end";
    DRAFT "draft" Warning
        "It is marked as a draft, so contacts pass it over and a trigger or goal does not listen";
    TIMER_NOT_SET "timer-not-set" Warning
        "A timer without a time holds contacts for ever, and all behind it waits too";
    EMPTY_CONDITION "empty-condition" Warning
        "A condition asks for nothing, so everybody goes the same way";
    OR_OF_NEGATIVES "or-of-negatives" Warning
        "Of several things that must not be the case one is enough, so nearly everybody passes";
    SWITCHED_OFF "switched-off" Warning
        "The event is only seen with e-mail sync or the tracking code, which the settings say is off";
    STUCK "stuck" Warning
        "A wait holds contacts for ever, as nothing that there is lets them go on";
    NEVER_HAPPENS "never-happens" Warning
        "A goal wait has no limit, and no event of the contacts and no action does what its goals wait for";
    ONCE_GOAL "once-goal" Warning
        "Contacts can come to a goal wait again, but its goal counts once, so the second time they stay for ever";
    FIELD_EMPTY "field-empty" Warning
        "A wait reads the day in a field that is empty for some contacts, who stay until it is filled";
    CHILD_MAP_KEEPS "child-map-keeps" Warning
        "Add to automation waits until contacts are off a map on which they stay for ever";
    DEAD_GOAL "dead-goal" Warning
        "Only contacts on the map can achieve it, and those it ignores";
    GOAL_BELOW_NOTHING "goal-below-nothing" Warning
        "Only contacts above the goal can achieve it, and none can come there";
    DOUBLE_FOLLOW_UP "double-follow-up" Warning
        "With Add here again contacts stay at the goal's wait too, so they also take the path of least action later";
    MOVE_CLEARS_FORK "move-clears-fork" Warning
        "A goal in one branch of a fork moves contacts, which ends what they do in the other branch";
    SEVERAL_ON_ONE_EVENT "several-on-one-event" Warning
        "Two triggers or goals of a map listen for the same event, so one event can do both";
    TWO_MESSAGES_AT_ONCE "two-messages-at-once" Warning
        "One message follows another with no wait in between, so contacts get both at the same moment";
    SEQUENCE_LEADS_NOWHERE "sequence-leads-nowhere" Warning
        "A sequence ends with a wait and nothing is below, so contacts wait for nothing";
    UNREACHABLE "unreachable" Warning
        "Nothing leads to it, so no contact ever gets there";
}

/// All findings, by map and reading order; what is not about a map comes last.
pub fn check(project: &Project) -> Vec<Problem> {
    let mut shapes: BTreeMap<_, _> =
        project.maps.iter().map(|(id, map)| (*id, Shape::of(project, map))).collect();
    let between = between::Between::of(&mut shapes);
    let known = Known::of(project, &shapes, between);
    let maps = project.maps.values().zip(shapes.values());
    let on_maps = maps.flat_map(|(map, shape)| MapCheck::new(project, &known, map, shape).all());
    on_maps.chain(account::check(project)).collect()
}

/// What is known of the whole project.
struct Known<'a> {
    chances: chances::Chances<'a>,
    between: between::Between,
    /// Of maps that actions add contacts to and nothing takes them off: what keeps them there for ever, in words.
    keepers: BTreeMap<MapId, String>,
}

impl<'a> Known<'a> {
    fn of(project: &'a Project, shapes: &BTreeMap<MapId, Shape>, between: between::Between) -> Self {
        let chances = chances::Chances::of(project);
        let keeper = |map: MapId| {
            let keeper = holds::keeper(shapes.get(&map)?)?;
            Some((map, quoted(project, keeper)))
        };
        let keeping = chances.added_to().filter(|map| !chances.removes_from(*map));
        let keepers = keeping.filter_map(keeper).collect();
        Self { chances, between, keepers }
    }
}

fn quoted(project: &Project, element: &super::Element) -> String {
    format!("“{}”", words::title(project, element))
}

/// One map under check. Elements are told by their place in its shape.
struct MapCheck<'a> {
    project: &'a Project,
    known: &'a Known<'a>,
    map: &'a Map,
    shape: &'a Shape<'a>,
    /// Elements that contacts can come to, once what is still a draft is ready: from triggers and from goals that reach out
    /// to contacts elsewhere, on by lines, to attached goals and by Go To.
    reachable: Vec<bool>,
    found: Vec<Problem>,
}

impl<'a> MapCheck<'a> {
    fn new(project: &'a Project, known: &'a Known<'a>, map: &'a Map, shape: &'a Shape<'a>) -> Self {
        let mut check = Self { project, known, map, shape, reachable: vec![], found: vec![] };
        let is_trigger = |at: &usize| matches!(shape.elements[*at].kind, ElementKind::Trigger(_));
        let entries = (0..shape.len()).filter(|at| is_trigger(at) || check.is_entry(*at));
        check.reachable = shape.spread(entries, |at| shape.down(at, true));
        check
    }

    fn all(mut self) -> Vec<Problem> {
        for at in 0..self.shape.len() {
            self.settings(at);
            self.open_ends(at);
        }
        self.scopes();
        self.moves_in_branches();
        self.several_on_one_event();
        self.holds();
        self.loops();
        self.loops_over_maps();
        self.messages();
        self.unreachable();
        let row = |code| CHECKS.iter().position(|check| check.code == code);
        let place = |problem: &Problem| problem.elements.first().and_then(|id| self.shape.place(*id));
        self.found.sort_by_cached_key(|problem| (place(problem), row(problem.code)));
        self.found
    }

    /// Adds a finding about elements, the first being the place to look.
    fn add(&mut self, check: Check, places: impl IntoIterator<Item = usize>, sentence: String) {
        let Check { code, severity, .. } = check;
        let elements = places.into_iter().map(|at| self.shape.elements[at].id).collect();
        self.found.push(Problem { code, severity, map: Some(self.map.id), elements, sentence });
    }

    fn title(&self, at: usize) -> String {
        quoted(self.project, self.shape.elements[at])
    }
}
