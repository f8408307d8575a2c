//! Why a contact did not achieve a goal, in words (semantics §11): `gateline why`, the contact inspector.

use super::trace::When;
use crate::base::id::ElementId;
use crate::base::time::Instant;
use crate::engine::explain::{Chance, Check, Found, Reason, Why};
use crate::model::{Condition, ElementKind, Project, words};

/// What became of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It let the event pass.
    Passed,
    /// It is the first that did not.
    Failed,
    /// It comes behind the first that did not, so it decided nothing.
    NotReached,
}

impl Verdict {
    /// Its name in files; never changes.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotReached => "not_reached",
        }
    }
}

/// One check in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number in semantics §11.
    pub number: u8,
    /// What is the case where it fails.
    pub text: &'static str,
    /// What became of it.
    pub verdict: Verdict,
    /// What it found; empty: nothing to tell.
    pub found: String,
}

/// An event that could have achieved the goal, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When.
    pub at: Instant,
    /// What.
    pub event: String,
    /// The checks in their order.
    pub checks: Vec<Line>,
}

impl Attempt {
    /// The check that failed.
    pub fn failed(&self) -> Option<&Line> {
        self.checks.iter().find(|line| line.verdict == Verdict::Failed)
    }
}

/// The answer in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// When the goal was achieved.
    pub achieved: Vec<Instant>,
    /// The first check that failed; `None`: it was achieved.
    pub failed: Option<Line>,
    /// The event that passed most checks.
    pub best: Option<Attempt>,
    /// All events that could have achieved it: the near misses.
    pub attempts: Vec<Attempt>,
}

/// Puts an explanation into words.
pub fn answer(project: &Project, element: ElementId, why: &Why, when: When) -> Answer {
    let condition = condition_of(project, element);
    let attempt = |chance: &Chance| {
        let failed = chance.failed().map(|check| check.reason);
        let mut over = false;
        let checks = chance.checks.iter().map(|check| {
            let verdict = match (over, check.passed) {
                (true, _) => Verdict::NotReached,
                (false, true) => Verdict::Passed,
                (false, false) => Verdict::Failed,
            };
            over |= failed == Some(check.reason) && !check.passed;
            line(project, condition.as_ref(), check, verdict, Some(chance), when)
        });
        Attempt {
            at: chance.at,
            event: words::happening_in_words(project, &chance.event),
            checks: checks.collect(),
        }
    };
    let best = why.chance.as_ref().map(attempt);
    let failed = why
        .failed
        .as_ref()
        .map(|check| line(project, condition.as_ref(), check, Verdict::Failed, why.chance.as_ref(), when));
    Answer {
        achieved: why.achieved.clone(),
        failed,
        best,
        attempts: why.chances.iter().map(attempt).collect(),
    }
}

fn condition_of(project: &Project, element: ElementId) -> Option<Condition> {
    match &project.find_element(element)?.kind {
        ElementKind::Trigger(listener) | ElementKind::Goal(listener) => Some(listener.conditions.clone()),
        _ => None,
    }
}

fn line(
    project: &Project,
    condition: Option<&Condition>,
    check: &Check,
    verdict: Verdict,
    chance: Option<&Chance>,
    when: When,
) -> Line {
    let Check { reason, found, .. } = check;
    let found = match found {
        Found::Nothing => String::new(),
        Found::Text(text) => text.clone(),
        Found::Event => match (chance, reason) {
            // the time tells more than the event
            (Some(chance), Reason::TooEarly) => format!("it came {}", when(chance.at)),
            (Some(chance), _) => words::happening_in_words(project, &chance.event),
            (None, _) => String::new(),
        },
        Found::Places(places) if places.is_empty() => "not on the map".into(),
        Found::Places(places) => {
            let name = |place: &ElementId| {
                let element = project.find_element(*place);
                element.map_or_else(
                    || place.to_string(),
                    |element| format!("“{}”", words::title(project, element)),
                )
            };
            format!("at {}", words::listed(&places.iter().map(name).collect::<Vec<_>>(), "and"))
        }
        Found::Seen(seen) => {
            let leaves = condition.map(Condition::leaves).unwrap_or_default();
            let of = |part: &crate::engine::log::Seen| {
                let leaf = leaves.get(usize::from(part.leaf));
                let asked = leaf.map(|leaf| words::condition_in_words(project, leaf)).unwrap_or_default();
                format!("{asked}: {}", part.found)
            };
            // those that held explain nothing
            let failed: Vec<_> = seen.iter().filter(|part| !part.held).map(of).collect();
            failed.join("; ")
        }
    };
    Line { number: reason.number(), text: reason.text(), verdict, found }
}
