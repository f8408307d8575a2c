//! Tests saved with the project: one contact each, run alone through all maps.

use std::sync::Arc;

use crate::base::id::{ElementId, EmailId, MapId, TestId};
use crate::base::time::{Instant, Zone};
use crate::engine::coupled::{Draws, NO_DRAWS};
use crate::engine::log::{Log, LogEntry, Message, What};
use crate::engine::{Plan, PlanError, Simulation, Timeline, check};
use crate::model::catalogue::Email;
use crate::model::{ContactIx, Expectation, People, Project, SavedTest, words};

/// What came of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestResult {
    /// Which test.
    pub id: TestId,
    /// Its name.
    pub name: String,
    /// What came out otherwise than expected, a sentence each; none: it passed.
    pub failures: Vec<String>,
    /// Everything that happened to the contact, for its history.
    pub log: Vec<LogEntry>,
}

impl TestResult {
    /// Whether all came out as expected.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Runs the tests whose name has the pattern in it, upper and lower case alike; all where there is none.
pub fn run_all(project: &Project, pattern: Option<&str>) -> Result<Vec<TestResult>, PlanError> {
    let pattern = pattern.unwrap_or_default().to_lowercase();
    let chosen = project.tests.values().filter(|test| test.name.to_lowercase().contains(&pattern));
    chosen.map(|test| run(project, test)).collect()
}

/// Runs one test.
pub fn run(project: &Project, test: &SavedTest) -> Result<TestResult, PlanError> {
    let events = test.events.iter().map(|event| (ContactIx(0), event.clone())).collect();
    let people = People::new(vec![test.contact.clone()], events).expect("one contact has no double");
    // Runs have no seed of their own here: a test must say the same always.
    let seed = 0;
    let from = people.span().map_or(Instant::MIN, |(first, _)| first);
    let alone = Project { people: Arc::new(people), ..project.clone() };
    let plan = Plan::new(&alone)?;
    let sim =
        Simulation { plan: &plan, people: &alone.people, seed, from, until: test.until, draws: &NO_DRAWS };
    let draws = Draws::settle(sim, || true).unwrap_or_default();
    let sim = Simulation { draws: &draws, ..sim };
    let mut log = Log::default();
    Timeline::default().run(sim, ContactIx(0), &mut log);
    let log = log.entries;
    let mut failures: Vec<_> =
        test.expect.iter().filter_map(|expected| failure(project, &plan.zone, &log, expected)).collect();
    failures
        .extend(check::faults(project, &log).into_iter().map(|fault| format!("the log is wrong: {fault}")));
    let dropped = log.iter().filter_map(|line| match line.entry.what {
        What::Dropped(fault) => Some(format!("the contact was lost: {fault}")),
        _ => None,
    });
    failures.extend(dropped.take(1));
    Ok(TestResult { id: test.id, name: test.name.clone(), failures, log })
}

/// What came out otherwise than expected; `None`: it came out so.
fn failure(project: &Project, zone: &Zone, log: &[LogEntry], expected: &Expectation) -> Option<String> {
    match expected {
        Expectation::Messages(expected) => {
            let sent = sent(log);
            (sent != *expected).then(|| {
                format!("expected the e-mails {}, got {}", names(project, expected), names(project, &sent))
            })
        }
        Expectation::MessageCount(expected) => {
            let sent = sent(log);
            (sent.len() != *expected as usize).then(|| {
                let expected = words::counted(*expected as usize, "e-mail", "e-mails");
                let listed =
                    if sent.is_empty() { String::new() } else { format!(": {}", names(project, &sent)) };
                format!("expected {expected}, got {}{listed}", sent.len())
            })
        }
        Expectation::RestsAt { map, elements } => rests_otherwise(project, log, *map, elements),
        Expectation::Achieved { goal, at } => {
            let achieved: Vec<_> = log
                .iter()
                .filter(|line| line.element == Some(*goal) && line.entry.what == What::Activated)
                .map(|line| line.entry.at)
                .collect();
            (achieved != *at).then(|| {
                format!(
                    "expected {} to be achieved {}, but it was achieved {}",
                    element_name(project, *goal),
                    instants(zone, at),
                    instants(zone, &achieved)
                )
            })
        }
    }
}

fn sent(log: &[LogEntry]) -> Vec<EmailId> {
    let email = |line: &LogEntry| match line.entry.what {
        What::Sent(Message::Email(email)) => Some(email),
        _ => None,
    };
    log.iter().filter_map(email).collect()
}

fn rests_otherwise(
    project: &Project,
    log: &[LogEntry],
    map: MapId,
    elements: &[ElementId],
) -> Option<String> {
    let sorted = |elements: &[ElementId]| {
        let mut elements = elements.to_vec();
        elements.sort_unstable();
        elements
    };
    let expected = sorted(elements);
    let found = sorted(check::resting(log).get(&map).map_or(&[], Vec::as_slice));
    let place = |elements: &[ElementId]| match elements {
        [] => "nowhere".to_owned(),
        _ => {
            let names: Vec<_> = elements.iter().map(|element| element_name(project, *element)).collect();
            format!("at {}", words::listed(&names, "and"))
        }
    };
    let name = project.map(map).map_or_else(|| map.to_string(), |map| map.name.clone());
    (found != expected)
        .then(|| format!("expected to rest {} of “{name}”, rests {}", place(&expected), place(&found)))
}

/// An element's title with its id, which tells two of the same title apart.
fn element_name(project: &Project, id: ElementId) -> String {
    let element = project.map_of(id).and_then(|map| map.element(id));
    element.map_or_else(|| id.to_string(), |element| format!("“{}” ({id})", words::title(project, element)))
}

fn names(project: &Project, emails: &[EmailId]) -> String {
    if emails.is_empty() {
        return "none".into();
    }
    let names: Vec<_> = emails.iter().map(|email| project.catalogue.name::<Email>(*email)).collect();
    names.join(", ")
}

fn instants(zone: &Zone, instants: &[Instant]) -> String {
    if instants.is_empty() {
        return "never".into();
    }
    let instants: Vec<_> = instants.iter().map(|at| format!("at {}", zone.format_rfc3339(*at))).collect();
    words::listed(&instants, "and")
}
