//! One contact's history in words: each step with where, what, and why (`gateline trace`, the contact inspector).

use std::fmt;

use super::seen::{leaves, seen_in_words};
use crate::base::id::{ElementId, MapId};
use crate::base::time::Instant;
use crate::engine::log::{
    Arrival, Fault, Message, Nothing, Phase, Refused, Removal, Rest, Seen, Skip, Suppression, What,
};
use crate::engine::{LogEntry, Plan};
use crate::model::{
    Action, Element, ElementKind, Email, Happening, Kind, Member, Outcome, Port, Postcard, Project, Sms,
    words,
};

/// One step of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number, from 0.
    pub number: u32,
    /// When.
    pub at: Instant,
    /// The map; `None` for events.
    pub map: Option<MapId>,
    /// The element; `None` for events.
    pub element: Option<ElementId>,
    /// What kind of entry it is, as a fixed lower-case name.
    pub kind: &'static str,
    /// The number of the step that led to it.
    pub cause: Option<u32>,
    /// Why, as a fixed lower-case name; empty where the kind says it all.
    pub reason: &'static str,
    /// What happened, in words.
    pub detail: String,
}

/// How instants are written: for people, or for other programs.
pub type When<'a> = &'a dyn Fn(Instant) -> String;

/// The log of a contact in words.
pub fn trace(project: &Project, plan: &Plan, log: &[LogEntry], when: When) -> Vec<Step> {
    let teller = Teller { project, plan, log, when };
    log.iter().enumerate().map(|(place, line)| teller.step(place, line)).collect()
}

/// Tells a log in words, about elements as the run had them at the time (L-01).
struct Teller<'a> {
    project: &'a Project,
    plan: &'a Plan,
    /// The log of one contact.
    log: &'a [LogEntry],
    when: When<'a>,
}

impl Teller<'_> {
    fn step(&self, place: usize, line: &LogEntry) -> Step {
        let entry = &line.entry;
        let (reason, detail) = self.describe(place, line);
        Step {
            number: entry.seq,
            at: entry.at,
            map: line.map,
            element: line.element,
            kind: entry.what.tag(),
            cause: entry.cause,
            reason,
            detail,
        }
    }

    fn describe(&self, place: usize, line: &LogEntry) -> (&'static str, String) {
        let Self { project, plan, when, .. } = *self;
        let at = line.entry.at;
        let element = line.element.and_then(|id| project.element_as_run(id, at));
        let here = match element {
            Some(element) => words::title(project, element),
            None => self.outcome(line).map_or_else(String::new, |outcome| format!("“{}”", outcome.name)),
        };
        let node_name = |node| words::title_as_run(project, plan.node(node).element, at);
        match &line.entry.what {
            What::Happened(what) => ("", words::happening_in_words(project, what)),
            What::Raised(what) => ("raised", words::happening_in_words(project, what)),
            What::Published(map) => {
                ("", format!("a new version of {} was published", map_name(project, *map)))
            }
            What::Activated if element.is_some_and(is_trigger) => ("", format!("{here}: came in")),
            What::Activated => ("", format!("{here}: achieved")),
            What::Refused(refused, seen) => {
                let word = if element.is_some_and(is_trigger) { "did not fire" } else { "not achieved" };
                let why = self.found(element, seen.as_deref());
                (refused_tag(*refused), format!("{here}: {word}, {refused}{why}"))
            }
            What::SeveralGoals => ("", format!("{here}: another goal of this map matched the same event")),
            What::Arrived(Arrival::Event) => ("event", format!("placed at {here}")),
            What::Arrived(Arrival::From(from)) => {
                ("line", format!("came to {here} from {}", node_name(*from)))
            }
            What::Arrived(Arrival::Publication) => {
                ("publication", format!("put at {here} by the new version"))
            }
            What::Rested(rest) => rested(project, &here, *rest, when),
            What::Left { port, .. } => ("", format!("left {here} by \"{port}\"")),
            What::Copied => ("copy", format!("doubled at {here}")),
            What::Taken(goal) => ("moved", format!("taken from {here} to {}", node_name(*goal))),
            What::Removed(removal) => (removed_tag(*removal), format!("removed from {here}: {removal}")),
            What::Dropped(fault) => (dropped_tag(*fault), format!("lost at {here}: {fault}")),
            What::Skipped(skip) => (skipped_tag(*skip), format!("{here}: passed over, {skip}")),
            What::Sequence(sequence, phase) => {
                (phase_tag(*phase), format!("{}: {phase}", words::sequence_name(project, *sequence, at)))
            }
            What::Decided(yes, seen) => {
                let answer = if *yes { "yes" } else { "no" };
                (answer, format!("{here}: {answer}{}", self.found(element, seen.as_deref())))
            }
            What::Chose(ways, seen) => {
                let places = (0..64usize).filter(|place| ways >> place & 1 == 1);
                let names: Vec<_> =
                    places.map(|place| branch_name(project, element, Port::branch(place))).collect();
                let chosen = if names.is_empty() { "none of the branches".into() } else { names.join(", ") };
                ("rules", format!("{here}: {chosen}{}", self.found(element, seen.as_deref())))
            }
            What::Drew(path) => {
                ("chance", format!("{here}: path {}", char::from(b'A'.saturating_add(*path))))
            }
            What::Sent(message) => ("", format!("sent {}", message_name(project, *message))),
            What::Suppressed(message, why) => {
                (suppressed_tag(*why), format!("{} not sent: {why}", message_name(project, *message)))
            }
            What::Changed(what) => ("", words::happening_in_words(project, what)),
            What::Routed(member) => ("", format!("owner is {}", project.catalogue.name::<Member>(*member))),
            What::Did(kind, member) => {
                let action = match element {
                    Some(Element { kind: ElementKind::Action(action), .. }) => Some(action),
                    _ => self.action_of_outcome(place, line, *kind),
                };
                let today = plan.zone.date_of(at);
                let done = action.map(|action| words::done_in_words(project, action, *member, today));
                ("", done.unwrap_or_else(|| kind.info().title.to_lowercase()))
            }
            What::Nothing(nothing) => (nothing_tag(*nothing), format!("{here}: nothing done, {nothing}")),
        }
    }

    /// What an element's conditions saw.
    fn found(&self, element: Option<&Element>, seen: Option<&[Seen]>) -> String {
        let Some(seen) = seen.filter(|seen| !seen.is_empty()) else { return String::new() };
        let leaves = element.map(|element| leaves(&element.kind)).unwrap_or_default();
        format!(" ({})", seen_in_words(self.project, &leaves, seen))
    }

    /// The outcome of a task whose actions an entry tells of.
    fn outcome(&self, line: &LogEntry) -> Option<&Outcome> {
        let cause = line.entry.cause?;
        let place = self.log.binary_search_by_key(&cause, |line| line.entry.seq).ok()?;
        match &self.log.get(place)?.entry.what {
            What::Happened(Happening::TaskCompleted { task, outcome })
            | What::Raised(Happening::TaskCompleted { task, outcome }) => {
                let outcomes = &self.project.catalogue.tasks.get(task)?.outcomes;
                outcomes.get(usize::from(*outcome).checked_sub(1)?)
            }
            _ => None,
        }
    }

    /// The action of a task's outcome that an entry tells of: of several of one kind each says so once, in their order.
    fn action_of_outcome(&self, place: usize, line: &LogEntry, kind: Kind) -> Option<&Action> {
        let is_alike = |other: &&LogEntry| {
            other.entry.cause == line.entry.cause
                && matches!(other.entry.what, What::Did(other, _) if other == kind)
        };
        let before = self.log.get(..place)?.iter().filter(is_alike).count();
        let is_done = |action: &&Action| action.kind() == kind && action.open_setting().is_none();
        self.outcome(line)?.actions.iter().filter(is_done).nth(before)
    }
}

fn branch_name(project: &Project, element: Option<&Element>, port: Port) -> String {
    let label = element.map(|element| words::port_label(project, element, port)).unwrap_or_default();
    if label.is_empty() { port.to_string() } else { label }
}

fn map_name(project: &Project, map: MapId) -> String {
    project.map(map).map_or_else(|| map.to_string(), |map| map.name.clone())
}

fn message_name(project: &Project, message: Message) -> String {
    match message {
        Message::Email(email) => project.catalogue.name::<Email>(email),
        Message::Sms(sms) => format!("SMS {}", project.catalogue.name::<Sms>(sms)),
        Message::Postcard(card) => format!("postcard {}", project.catalogue.name::<Postcard>(card)),
    }
}

fn is_trigger(element: &Element) -> bool {
    matches!(element.kind, ElementKind::Trigger(_))
}

fn refused_tag(refused: Refused) -> &'static str {
    match refused {
        Refused::Paused => "paused",
        Refused::Scope => "scope",
        Refused::Condition => "condition",
        Refused::Once => "once",
        Refused::Ignore => "ignore",
        Refused::EntryEvent => "entry_event",
        Refused::AlreadyInSequence => "already_in_sequence",
        Refused::NotFirst => "not_first",
    }
}

fn dropped_tag(fault: Fault) -> &'static str {
    match fault {
        Fault::Steps => "too_many_steps",
        Fault::Positions => "too_many_positions",
        Fault::NoBranch => "no_branch",
        Fault::NoTimerLeft => "no_timer_left",
        Fault::AlreadyInSequence => "already_in_sequence",
        Fault::NoReentry => "no_reentry",
    }
}

fn removed_tag(removal: Removal) -> &'static str {
    match removal {
        Removal::Action => "action",
        Removal::ByHand => "by_hand",
        Removal::Publication => "publication",
    }
}

fn skipped_tag(skip: Skip) -> &'static str {
    match skip {
        Skip::Draft => "draft",
        Skip::Late => "late",
        Skip::PastTimer => "past_timer",
        Skip::Done => "done_before",
    }
}

fn phase_tag(phase: Phase) -> &'static str {
    match phase {
        Phase::Started => "started",
        Phase::Queued => "queued",
        Phase::Done => "done",
        Phase::Completed => "completed",
        Phase::Stopped => "stopped",
    }
}

fn suppressed_tag(why: Suppression) -> &'static str {
    match why {
        Suppression::TransactionalOnly => "transactional_only",
        Suppression::HardBounce => "hard_bounce",
        Suppression::UnderReview => "under_review",
        Suppression::OptedOut => "opted_out",
        Suppression::NoNumber => "no_number",
    }
}

fn nothing_tag(nothing: Nothing) -> &'static str {
    match nothing {
        Nothing::NotChosen => "not_chosen",
        Nothing::Unchanged => "unchanged",
        Nothing::NotANumber => "not_a_number",
        Nothing::NotADate => "not_a_date",
        Nothing::NotOnMap => "not_on_map",
        Nothing::NotTaken => "not_taken",
    }
}

fn rested(project: &Project, here: &str, rest: Rest, when: When) -> (&'static str, String) {
    match rest {
        Rest::Until(due) => ("until", format!("waits at {here} until {}", when(due))),
        Rest::Goal => ("goal", format!("waits at {here}")),
        Rest::End => ("end", format!("rests at {here}")),
        Rest::OpenEnd => ("open_end", format!("rests at {here}: nothing comes next")),
        Rest::Done => ("done", format!("rests at {here}: its sequence is done")),
        Rest::OnMap(map) => ("on_map", format!("waits at {here} until it is off {}", map_name(project, map))),
    }
}

/// One line of a golden trace: `2026-01-05T09:00:00Z  el3  left  by "next"`.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let element = self.element.map_or_else(|| "-".to_owned(), |element| element.to_string());
        write!(f, "{:>3} {} {element:<5} {:<10} {}", self.number, self.at, self.kind, self.detail)
    }
}
