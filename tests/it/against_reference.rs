//! The engine against the slow and obvious model of the rules: random projects go through both, and the logs must be the
//! same, entry by entry. `GATELINE_CASES` says how many (2,000), `GATELINE_SEED` from which number on (0).

#[path = "../reference/mod.rs"]
mod reference;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use gateline::base::id::{ElementId, Id, MapId};
use gateline::engine::coupled::{Draws, NO_DRAWS};
use gateline::engine::log::Log;
use gateline::engine::{LogEntry, Plan, Simulation, Timeline, check};
use gateline::model::{
    Contact, ContactIx, Element, ElementKind, EngineRules, Event, EventType, Happening, Listener, Map, Port,
    Project,
};
use gateline::store::text;

use self::reference::coverage::Seen;
use self::reference::lines::{Line, line};
use self::reference::random::Case;
use self::reference::shrink::{SWITCHES, in_map, shrink};

/// Cases, unless said otherwise.
const CASES: u64 = 2_000;

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name)
        .map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// The engine's logs of all contacts.
fn engine(case: &Case, project: &Project) -> Vec<Vec<(LogEntry, Line)>> {
    let plan = Plan::new(project).unwrap();
    let (from, until) = (case.from, case.until);
    let sim =
        Simulation { plan: &plan, people: &project.people, seed: case.seed, from, until, draws: &NO_DRAWS };
    let draws = Draws::settle(sim, || true).unwrap();
    let sim = Simulation { draws: &draws, ..sim };
    let mut timeline = Timeline::default();
    let logs = (0..project.people.len() as u32).map(|ix| {
        let mut log = Log::default();
        timeline.run(sim, ContactIx(ix), &mut log);
        log.entries.into_iter().map(|entry| (entry.clone(), line(&plan, &entry))).collect()
    });
    logs.collect()
}

/// Calls `test` and tells of a panic in words.
fn told<T>(test: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(test)).map_err(|panic| {
        let text =
            panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        text.unwrap_or("a panic without words").to_owned()
    })
}

/// What the two say differently of a case; `None`: they agree.
fn difference(case: &Case) -> Option<String> {
    let project = case.project();
    let rules = told(|| reference::run(&project, case.seed, case.from, case.until));
    let rules = match rules {
        Ok(logs) => logs,
        Err(panic) => return Some(format!("the model of the rules panics: {panic}")),
    };
    let logs = match told(|| engine(case, &project)) {
        Ok(logs) => logs,
        Err(panic) => return Some(format!("the engine panics: {panic}")),
    };
    for (contact, (engine, rules)) in logs.into_iter().zip(rules).enumerate() {
        let (entries, engine): (Vec<_>, Vec<_>) = engine.into_iter().unzip();
        let length = engine.len().max(rules.len());
        if let Some(first) = (0..length).find(|place| engine.get(*place) != rules.get(*place)) {
            return Some(format!("contact {contact}\n{}", side_by_side(&engine, &rules, first)));
        }
        let faults = check::faults(&project, &entries);
        if !faults.is_empty() {
            let log: Vec<_> = engine.iter().map(|line| format!("    {line}")).collect();
            return Some(format!("contact {contact} has a log with faults: {faults:#?}\n{}", log.join("\n")));
        }
    }
    None
}

/// What both say before the first difference, and what each says from there on.
fn side_by_side(engine: &[Line], rules: &[Line], first: usize) -> String {
    let mut text = String::new();
    for line in &rules[first.saturating_sub(30)..first] {
        text += &format!("both    {line}\n");
    }
    for (who, lines) in [("engine", engine), ("rules ", rules)] {
        let rest: Vec<_> = lines.iter().skip(first).take(8).collect();
        rest.iter().for_each(|line| text += &format!("{who}  {line}\n"));
        if rest.is_empty() {
            text += &format!("{who}  (nothing more)\n");
        }
    }
    text
}

/// Calls `test` with so many cases from the first on, on all cores, until it says no.
fn each_case(first: u64, count: u64, test: impl Fn(&Case) -> bool + Sync) {
    let next = AtomicU64::new(first);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count {
                        break;
                    }
                    if !test(&Case::new(seed)) {
                        next.store(first + count, Ordering::Relaxed);
                    }
                }
            });
        }
    });
}

#[test]
fn the_engine_does_what_the_rules_say() {
    let failed = Mutex::new(None::<Case>);
    each_case(number("GATELINE_SEED", 0), number("GATELINE_CASES", CASES), |case| {
        let agrees = difference(case).is_none();
        if !agrees {
            let mut failed = failed.lock().unwrap();
            if failed.as_ref().is_none_or(|other| other.seed > case.seed) {
                *failed = Some(case.clone());
            }
        }
        agrees
    });
    let Some(case) = failed.into_inner().unwrap() else { return };
    let small = shrink(&case, &|case| difference(case).is_some());
    let mut project = vec![];
    text::write(&small.project(), &mut project).unwrap();
    panic!(
        "seed {}, from {} until {}\n{}\n{}",
        case.seed,
        small.from,
        small.until,
        String::from_utf8_lossy(&project),
        difference(&small).unwrap_or_default()
    );
}

/// A fork in a loop makes positions without end: too large for the random cases.
#[test]
fn too_many_positions_end_the_contact() {
    let id = ElementId::new;
    let mut map = Map::new(MapId::new(1), "loop");
    let kinds = [
        ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation)),
        ElementKind::Fork,
        ElementKind::GoTo(Some(id(2))),
        ElementKind::End,
    ];
    for (id, kind) in (1..).map(id).zip(kinds) {
        map.elements.insert(id, Element { id, name: String::new(), kind, draft: false, place: None });
    }
    map.lines.extend([
        ((id(1), Port::Next), id(2)),
        ((id(2), Port::Left), id(3)),
        ((id(2), Port::Right), id(4)),
    ]);
    let mut case = Case::new(0);
    let added = Event { at: case.from, what: Happening::AddedToAutomation(map.id) };
    case.contacts = vec![(Contact { key: "c".into(), ..Contact::default() }, vec![added])];
    case.account.published.clear();
    case.account.maps = [(map.id, Arc::new(map))].into();
    if let Some(difference) = difference(&case) {
        panic!("{difference}");
    }
}

/// Cases that must show everything; far fewer do.
const ENOUGH: u64 = 10_000;

#[test]
fn the_cases_show_everything() {
    let seen = Mutex::new(Seen::default());
    each_case(0, ENOUGH, |case| {
        let project = case.project();
        let logs = reference::run(&project, case.seed, case.from, case.until);
        let mut seen = seen.lock().unwrap();
        seen.note(&project, logs);
        !seen.missing().is_empty()
    });
    assert_eq!(seen.into_inner().unwrap().missing(), Vec::<String>::new());
}

/// Each switch of a map makes a difference to some case (semantics §13), but for what new goals start with.
#[test]
fn every_switch_matters_to_some_case() {
    let names = SWITCHES.iter().map(|(name, _)| *name).filter(|name| *name != "plan_payments");
    let open = Mutex::new(names.collect::<BTreeSet<_>>());
    each_case(0, ENOUGH, |case| {
        let logs = |case: &Case| reference::run(&case.project(), case.seed, case.from, case.until);
        let as_it_is = logs(case);
        for (name, reset) in SWITCHES {
            if !open.lock().unwrap().contains(name) {
                continue;
            }
            let mut changed = case.clone();
            for map in case.account.maps.keys() {
                in_map(&mut changed, *map, |map| reset(&mut map.rules, &EngineRules::default()));
            }
            if changed.account != case.account && logs(&changed) != as_it_is {
                open.lock().unwrap().remove(name);
            }
        }
        !open.lock().unwrap().is_empty()
    });
    assert_eq!(open.into_inner().unwrap(), BTreeSet::new());
}
