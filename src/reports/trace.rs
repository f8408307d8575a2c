//! One contact's history in words: each step with where, what, and why (`gateline trace`, the contact inspector).

use std::fmt;

use crate::base::id::{ElementId, MapId};
use crate::base::time::{Instant, Zone};
use crate::engine::log::{Arrival, Nothing, Rest, What};
use crate::engine::{LogEntry, Plan};
use crate::model::{ElementKind, Happening, Project, Tag, words};

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

/// A log in words.
pub fn trace(project: &Project, plan: &Plan, log: &[LogEntry]) -> Vec<Step> {
    log.iter().map(|line| step(project, plan, line)).collect()
}

fn step(project: &Project, plan: &Plan, line: &LogEntry) -> Step {
    let entry = &line.entry;
    let (reason, detail) = describe(project, plan, line);
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

fn describe(project: &Project, plan: &Plan, line: &LogEntry) -> (&'static str, String) {
    let zone = &plan.zone;
    let catalogue = &project.catalogue;
    let name_of = |element: ElementId| {
        let element = project.map_of(element).and_then(|map| map.element(element));
        element.map_or_else(String::new, |element| words::title(project, element))
    };
    let here = line.element.map(name_of).unwrap_or_default();
    let node_name = |node| name_of(plan.node(node).element);
    match &line.entry.what {
        What::Happened(what) => ("", happening(project, what)),
        What::Raised(what) => ("action", happening(project, what)),
        What::Activated if is_trigger(project, line.element) => ("", format!("{here}: came in")),
        What::Activated => ("", format!("{here}: achieved")),
        What::Refused(refused) => {
            (refused_tag(*refused), format!("{here}: not achieved, {}", refused.reason()))
        }
        What::SeveralGoals => ("", format!("{here}: another goal of this map matched the same event")),
        What::Arrived(Arrival::Event) => ("event", format!("placed at {here}")),
        What::Arrived(Arrival::From(from)) => ("line", format!("came to {here} from {}", node_name(*from))),
        What::Rested(rest) => rested(zone, &here, *rest),
        What::Left { port, .. } => ("", format!("left {here} by \"{port}\"")),
        What::Copied => ("fork", format!("doubled at {here}")),
        What::Taken(goal) => ("moved", format!("taken from {here} to {}", node_name(*goal))),
        What::Dropped(fault) => ("fault", format!("lost at {here}: {fault}")),
        What::Decided(yes, seen) => {
            let seen: Vec<_> = seen.iter().flatten().map(|seen| seen.found.as_str()).collect();
            let answer = if *yes { "yes" } else { "no" };
            let found =
                if seen.is_empty() { String::new() } else { format!(" (found: {})", seen.join("; ")) };
            (answer, format!("{here}: {answer}{found}"))
        }
        What::Drew(path) => ("chance", format!("{here}: path {}", char::from(b'A'.saturating_add(*path)))),
        What::Sent(email) => ("", format!("sent {}", catalogue.name::<crate::model::Email>(*email))),
        What::TagAdded(tag) => ("", format!("tag {} added", catalogue.name::<Tag>(*tag))),
        What::TagRemoved(tag) => ("", format!("tag {} removed", catalogue.name::<Tag>(*tag))),
        What::FieldSet(field, value) => {
            let field = catalogue.name::<crate::model::Field>(*field);
            (
                "",
                match value {
                    Some(value) => format!("{field} set to {value}"),
                    None => format!("{field} cleared"),
                },
            )
        }
        What::Nothing(Nothing::NotChosen) => {
            ("not_chosen", format!("{here}: nothing done, nothing is chosen"))
        }
        What::Nothing(Nothing::Unchanged) => {
            ("unchanged", format!("{here}: nothing done, it was so already"))
        }
        What::Nothing(Nothing::NotANumber) => {
            ("not_a_number", format!("{here}: nothing done, the field holds no number"))
        }
    }
}

fn is_trigger(project: &Project, element: Option<ElementId>) -> bool {
    let element = element.and_then(|id| project.map_of(id)?.element(id));
    element.is_some_and(|element| matches!(element.kind, ElementKind::Trigger(_)))
}

fn refused_tag(refused: crate::engine::log::Refused) -> &'static str {
    use crate::engine::log::Refused;
    match refused {
        Refused::Scope => "scope",
        Refused::Condition => "condition",
        Refused::Once => "once",
        Refused::Ignore => "ignore",
        Refused::EntryEvent => "entry_event",
        Refused::NotFirst => "not_first",
    }
}

fn rested(zone: &Zone, here: &str, rest: Rest) -> (&'static str, String) {
    match rest {
        Rest::Until(due) => ("until", format!("waits at {here} until {}", zone.format_rfc3339(due))),
        Rest::Goal => ("goal", format!("waits at {here}")),
        Rest::End => ("end", format!("rests at {here}")),
        Rest::OpenEnd => ("open_end", format!("rests at {here}: nothing comes next")),
    }
}

fn happening(project: &Project, what: &Happening) -> String {
    use crate::model::{Email, Field, Form, FormOutcome, Product};
    let catalogue = &project.catalogue;
    let products = |order: &crate::model::Order| {
        let mut names: Vec<_> =
            order.lines.iter().map(|line| catalogue.name::<Product>(line.product)).collect();
        names.dedup();
        if names.len() > 3 {
            format!("{} and {} more", names[..2].join(", "), names.len() - 2)
        } else {
            names.join(", ")
        }
    };
    match what {
        Happening::Created => "contact created".into(),
        Happening::FormSubmitted { form, outcome } => {
            let failed = if *outcome == FormOutcome::Failure { ", which failed" } else { "" };
            format!("submitted {}{failed}", catalogue.name::<Form>(*form))
        }
        Happening::Order(order) => format!("bought {}", products(order)),
        Happening::Refund(order) => format!("gave back {}", products(order)),
        Happening::TagAdded(tag) => format!("tag {} added", catalogue.name::<Tag>(*tag)),
        Happening::TagRemoved(tag) => format!("tag {} removed", catalogue.name::<Tag>(*tag)),
        Happening::FieldUpdated { field, value } => {
            let value = value.as_ref().map_or_else(|| "nothing".into(), ToString::to_string);
            format!("{} changed to {value}", catalogue.name::<Field>(*field))
        }
        Happening::EmailLinkClicked { email, link } => {
            format!("clicked link {link} of {}", catalogue.name::<Email>(*email))
        }
        Happening::AddedToAutomation(map) => {
            let name = project.map(*map).map_or_else(|| map.to_string(), |map| map.name.clone());
            format!("added to {name} by hand")
        }
    }
}

/// One line of a golden trace: `2026-01-05T09:00:00Z  el3  left  by "next"`.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let element = self.element.map_or_else(|| "-".to_owned(), |element| element.to_string());
        write!(f, "{:>3} {} {element:<5} {:<10} {}", self.number, self.at, self.kind, self.detail)
    }
}
