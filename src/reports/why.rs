//! Why a contact did not achieve a goal, in words (semantics §11): `gateline why`, the contact inspector.

use super::seen::{deciding, seen_in_words};
use super::trace::When;
use crate::base::id::ElementId;
use crate::base::time::Instant;
use crate::engine::explain::{Chance, Check, Found, Why};
use crate::model::{Listener, Project, words};

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
    /// The verdict on the check behind one with this verdict.
    pub(super) fn then(self, passed: bool) -> Self {
        match (self, passed) {
            (Self::Passed, true) => Self::Passed,
            (Self::Passed, false) => Self::Failed,
            (Self::Failed | Self::NotReached, _) => Self::NotReached,
        }
    }

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

impl Line {
    /// What is the case where it fails, with what it found.
    pub fn in_words(&self) -> String {
        let Self { text, found, .. } = self;
        if found.is_empty() { (*text).to_owned() } else { format!("{text}: {found}") }
    }

    /// `reason 26, the contact is paused on the map (since 5 Jan)`.
    pub fn in_short(&self) -> String {
        let mut text = self.text.chars();
        let text: String = text.next().into_iter().flat_map(char::to_lowercase).chain(text).collect();
        let found = if self.found.is_empty() { String::new() } else { format!(" ({})", self.found) };
        format!("reason {}, {text}{found}", self.number)
    }
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
    /// The check that failed; `None`: it achieved the goal.
    pub fn failed(&self) -> Option<&Line> {
        self.checks.iter().find(|line| line.verdict == Verdict::Failed)
    }

    /// Why it did not achieve the goal, in one line under the event.
    pub fn reason(&self) -> Option<String> {
        let failed = self.failed()?;
        // the event is told already
        let found = if failed.found == self.event { String::new() } else { failed.found.clone() };
        Some(Line { found, ..failed.clone() }.in_short())
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
    /// All events that could have achieved it: those that did, and the near misses.
    pub attempts: Vec<Attempt>,
}

impl Answer {
    /// The near misses beside the event that passed most checks: of a goal that was achieved all of them.
    pub fn others(&self) -> impl DoubleEndedIterator<Item = &Attempt> {
        others(&self.attempts, self.best.as_ref())
    }
}

/// The attempts that failed beside the one that passed most checks.
pub fn others<'a>(
    attempts: &'a [Attempt],
    best: Option<&'a Attempt>,
) -> impl DoubleEndedIterator<Item = &'a Attempt> {
    attempts.iter().filter(move |other| other.failed().is_some() && Some(*other) != best)
}

/// Puts an explanation into words, with instants as `when` writes them.
pub fn answer(project: &Project, element: ElementId, why: &Why, when: When) -> Answer {
    let attempt = |chance: &Chance| {
        let mut verdict = Verdict::Passed;
        let checks = chance.checks.iter().map(|check| {
            verdict = verdict.then(check.passed);
            Line { verdict, ..line(project, element, check, Some(chance), when) }
        });
        let checks = checks.collect();
        Attempt { at: chance.at, event: words::happening_in_words(project, &chance.event), checks }
    };
    let failed = why.failed.as_ref().map(|check| line(project, element, check, why.chance.as_ref(), when));
    Answer {
        achieved: why.achieved.clone(),
        failed,
        best: why.chance.as_ref().map(attempt),
        attempts: why.chances.iter().map(attempt).collect(),
    }
}

/// A check that failed.
fn line(project: &Project, element: ElementId, check: &Check, chance: Option<&Chance>, when: When) -> Line {
    let Check { reason, found, .. } = check;
    let event = || chance.map(|chance| words::happening_in_words(project, &chance.event)).unwrap_or_default();
    let at = chance.map_or(Instant::NEVER, |chance| chance.at);
    let name = |id: &ElementId| format!("“{}”", words::title_as_run(project, *id, at));
    let found = match found {
        Found::Nothing => String::new(),
        Found::Text(text) => text.clone(),
        Found::Event => event(),
        Found::Differs(settings) if settings.is_empty() => event(),
        Found::Differs(settings) => {
            let settings: Vec<_> = settings.iter().map(|setting| (*setting).to_owned()).collect();
            let verb = if settings.len() == 1 { "differs" } else { "differ" };
            format!("the {} {verb} in “{}”", words::listed(&settings, "and"), event())
        }
        Found::Since(since) | Found::Created(since) => match chance {
            Some(chance) => {
                let who = if matches!(found, Found::Created(_)) { "contact" } else { "goal" };
                format!("it came {}, and the {who} is there from {}", when(chance.at), when(*since))
            }
            None => String::new(),
        },
        Found::PausedSince(since) => format!("since {}", when(*since)),
        Found::AchievedAt(before) => when(*before),
        Found::Fault { at, element, fault } => format!("{fault}, at {} {}", name(element), when(*at)),
        Found::Element(element) => name(element),
        Found::Places { places, achieved_before } => {
            let at = match &places.iter().map(name).collect::<Vec<_>>()[..] {
                [] => "not on the map".into(),
                names => format!("at {}", words::listed(names, "and")),
            };
            match achieved_before {
                Some(goal) => format!("{at} after {}, which the same event achieved", name(goal)),
                None => at,
            }
        }
        Found::Seen(parts) => {
            let element = project.element_as_run(element, at);
            match element.and_then(|element| element.kind.listener()) {
                Some(Listener { conditions, .. }) => {
                    seen_in_words(project, &conditions.leaves(), deciding(conditions, parts))
                }
                None => String::new(),
            }
        }
    };
    Line { number: reason.number(), text: reason.text(), verdict: Verdict::Failed, found }
}
