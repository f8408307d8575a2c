//! A year of real orders on the second-purchase map: every number of the engine equals the one that `figures.py` counted
//! by its own plain code.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gateline::base::id::{ElementId, Id};
use gateline::base::time::Instant;
use gateline::engine::check;
use gateline::model::{Happening, Project, SavedRun};
use gateline::session::import::{self, Mapping, Options, Rows};
use gateline::session::run::{Control, Run, RunSettings};
use gateline::session::samples::Sample;
use serde_json::Value;

/// The elements of the sample by their names in `figures.json`.
const ELEMENTS: [(&str, u32); 15] = [
    ("trigger", 22),
    ("wait7", 23),
    ("mail1", 24),
    ("wait23", 25),
    ("mail2", 26),
    ("wait30a", 27),
    ("mail3", 28),
    ("wait30b", 29),
    ("mail4", 30),
    ("goalwait", 31),
    ("winback", 32),
    ("end1", 33),
    ("goal", 34),
    ("thanks", 35),
    ("end2", 36),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_projects/online_retail")
}

fn sample() -> Project {
    Sample::named("online_retail").unwrap().project().unwrap()
}

fn saved(project: &Project) -> SavedRun {
    project.runs.values().next().unwrap().clone()
}

fn run() -> Run {
    let project = Arc::new(sample());
    let SavedRun { seed, from, until, .. } = saved(&project);
    Run::compute(project, RunSettings { seed, from, until }, 0, &Control::default()).unwrap()
}

fn element(name: &str) -> ElementId {
    ElementId::new(ELEMENTS.iter().find(|(other, _)| *other == name).unwrap().1)
}

fn number(value: &Value, field: &str) -> u64 {
    value[field].as_u64().unwrap_or_else(|| panic!("{field} of {value}"))
}

#[test]
fn the_engine_counts_what_the_figures_say() {
    let run = run();
    let map = run.project.maps.values().next().unwrap().clone();
    let text = std::fs::read_to_string(folder().join("figures.json")).unwrap();
    let figures: Value = serde_json::from_str(&text).unwrap();
    let pictures = figures["map"].as_array().unwrap();
    assert_eq!(pictures.len(), 2);
    for picture in pictures {
        let at: Instant = picture["at"].as_str().unwrap().parse().unwrap();
        let flow = run.flow(&map, at);
        assert_eq!(u64::from(run.population(map.id, at).unwrap()), number(picture, "population"));
        let elements = picture["elements"].as_array().unwrap();
        assert_eq!(elements.len(), ELEMENTS.len());
        for told in elements {
            let name = told["element"].as_str().unwrap();
            let found = flow.elements.iter().find(|one| one.id == element(name)).unwrap();
            let left: u32 = found.left.iter().map(|(_, visits)| visits).sum();
            let counts = [
                ("entered", found.entered),
                ("visited", found.visited),
                ("resting", found.resting),
                ("here_now", found.here_now),
                ("were_here", found.were_here),
                ("left", left),
                ("taken", found.taken),
            ];
            for (field, count) in counts {
                assert_eq!(u64::from(count), number(told, field), "{field} of {name} at {at}");
            }
        }
        for one in &flow.elements {
            let (came, became) = one.balance();
            assert_eq!(came, became, "{} at {at}", one.id);
        }
        for told in picture["lines"].as_array().unwrap() {
            let (from, to) = (element(told["from"].as_str().unwrap()), element(told["to"].as_str().unwrap()));
            let found = flow.lines.iter().find(|line| (line.from, line.to) == (from, to)).unwrap();
            assert_eq!(u64::from(found.contacts), number(told, "contacts"), "{told} at {at}");
        }
        let mut jumps: Vec<_> =
            flow.jumps.iter().map(|jump| (jump.from, jump.to, u64::from(jump.contacts))).collect();
        let mut told: Vec<_> = (picture["jumps"].as_array().unwrap().iter())
            .map(|jump| {
                let end = |field: &str| element(jump[field].as_str().unwrap());
                (end("from"), end("to"), number(jump, "contacts"))
            })
            .collect();
        jumps.sort_unstable();
        told.sort_unstable();
        assert_eq!(jumps, told);
        let goal = flow.elements.iter().find(|one| one.id == element("goal")).unwrap();
        let achieved = (u64::from(goal.activations), u64::from(goal.activators));
        assert_eq!(
            achieved,
            (number(&picture["goal"], "achievements"), number(&picture["goal"], "contacts"))
        );
    }
}

#[test]
fn the_published_facts_hold() {
    let run = run();
    let map = run.project.maps.values().next().unwrap().clone();
    let flow = run.flow(&map, run.until);
    let visited = |name| flow.elements.iter().find(|one| one.id == element(name)).unwrap().visited;
    assert_eq!((run.project.people.len(), visited("trigger"), visited("goal")), (4_372, 4_339, 2_845));
    // A second order from one of the first four waits is one within 7, 30, 60, 90 days.
    let within: Vec<_> = ["wait7", "wait23", "wait30a", "wait30b"]
        .into_iter()
        .scan(0, |sum, name| {
            *sum += flow.jumps.iter().find(|jump| jump.from == element(name)).unwrap().contacts;
            Some(*sum)
        })
        .collect();
    assert_eq!(within, [390, 958, 1_571, 1_928]);
}

#[test]
fn no_log_of_the_year_breaks_a_rule() {
    let run = run();
    for (contact, _) in run.project.people.contacts() {
        let faults = check::faults(&run.project, &run.history(contact));
        assert!(faults.is_empty(), "{contact:?}: {faults:#?}");
    }
}

#[test]
fn the_sample_is_built_from_the_invoices_and_its_run_is_the_saved_one() {
    let sample = sample();
    let bare = gateline::store::load(&folder().join("map.ron")).unwrap().project;
    let mapping: Mapping = "product='Anything'".parse().unwrap();
    let options = Options { mapping, ..Options::default() };
    let imported =
        import::import(&bare, Rows::Events, &folder().join("invoices.csv"), &options, &Control::default())
            .unwrap();
    assert_eq!((imported.read, imported.refused.len()), (22_190, 0));
    let orders = imported.people.all_events().filter(|(_, event)| matches!(event.what, Happening::Order(_)));
    assert_eq!(orders.count(), 18_536);
    assert_eq!(imported.people, *sample.people, "run sample_projects/online_retail/build.sh again");
    assert_eq!(bare.maps, sample.maps);
    let digest = run().digest(0, &Control::default()).unwrap();
    assert_eq!(digest, saved(&sample).digest);
}
