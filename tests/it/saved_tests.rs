//! Tests saved with a project: those of the samples pass, and a failure says in words what came out.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gateline::base::id::{Id, RunId};
use gateline::model::*;
use gateline::session::command::{Command, plan};
use gateline::session::generate::{GoalRate, generate, suggest};
use gateline::session::run::{Control, Run, RunSettings};
use gateline::session::samples;
use gateline::session::test::{run, run_all};
use gateline::store;

fn nurture_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_projects/nurture.ron")
}

fn nurture() -> Project {
    store::load(&nurture_file()).unwrap().project
}

#[test]
fn every_sample_checks_runs_and_passes_its_own_tests() {
    for sample in &samples::ALL {
        let project = sample.project().unwrap();
        assert_eq!(lint::check(&project), [], "{}", sample.name);
        let results = run_all(&project, None).unwrap();
        let failed: Vec<_> = results.iter().filter(|result| !result.passed()).collect();
        assert!(failed.is_empty(), "{}: {failed:?}", sample.name);
        assert!(!project.runs.is_empty() && !sample.about.ends_with('.'));
    }
    assert_eq!(run_all(&nurture(), None).unwrap().len(), 3);
    assert_eq!(run_all(&nurture(), Some("BUYS at")).unwrap().len(), 1);
}

/// The contacts of the sample are invented once and kept in its file, with a run of them. `UPDATE_EXPECT=1` writes them
/// anew.
#[test]
fn the_nurture_sample_holds_what_is_generated_for_it() {
    let kept = nurture();
    let mut project = kept.clone();
    project.people = Arc::default();
    project.runs.clear();
    let from = "2026-01-05T14:00:00Z".parse().unwrap();
    let mut settings = suggest(&project, None, 200, from, 2026).unwrap();
    settings.goal = settings.goal.map(|goal| GoalRate { share: 3_500, mean_days: 9, ..goal });
    project.people = Arc::new(generate(&project, &settings).unwrap());
    let made =
        Run::compute(Arc::new(project.clone()), RunSettings::default(), 0, &Control::default()).unwrap();
    let saved = SavedRun {
        id: RunId::new(90),
        name: "First run".into(),
        seed: made.seed,
        from: Some(made.from),
        until: Some(made.until),
        engine: "0.1.0".into(),
        digest: made.digest(0, &Control::default()).unwrap(),
    };
    let group = plan(&project, Command::PutRun(saved)).unwrap();
    project.apply_group(group).unwrap();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        store::save(&nurture_file(), &project, true).unwrap();
    } else {
        assert_eq!(kept, project, "set UPDATE_EXPECT=1 to write the sample anew");
    }
}

#[test]
fn a_failure_says_what_was_expected_and_what_came_out() {
    let project = nurture();
    let mut test = project.tests.values().next().unwrap().clone();
    test.expect = vec![
        Expectation::MessageCount(6),
        Expectation::Messages(vec![Id::new(11), Id::new(21)]),
        Expectation::RestsAt { map: Id::new(30), elements: vec![] },
        Expectation::Achieved { goal: Id::new(72), at: vec![] },
    ];
    let result = run(&project, &test).unwrap();
    assert_eq!(
        result.failures,
        [
            "expected 6 e-mails, got 5: E1, E2, E3, E4, Welcome",
            "expected the e-mails E1, Welcome, got E1, E2, E3, E4, Welcome",
            "expected to rest nowhere of “Nurture”, rests at “End” (el74)",
            "expected “Purchases Course” (el72) to be achieved never, but it was achieved at 2026-01-11T15:30:00-05:00",
        ]
    );
    assert!(!result.log.is_empty());
}

#[test]
fn a_contact_that_is_lost_fails_its_test() {
    let mut project = nurture();
    let map = project.maps.values().next().unwrap().id;
    // E2 leads back up to E1 at once: a loop without a wait.
    let line = |from, to| Edit::SetLine { map, from: Id::new(from), port: Port::Next, to };
    let kind = ElementKind::GoTo(Some(Id::new(41)));
    let back = Element { id: Id::new(42), name: String::new(), kind, draft: false, place: None };
    let back = Edit::PutElement { map, element: Box::new(back) };
    let edits = vec![line(42, None), line(61, None), line(41, Some(Id::new(42))), back];
    project.apply_group(EditGroup::new("loop", edits)).unwrap();
    let mut test = project.tests.values().next().unwrap().clone();
    test.expect.clear();
    let result = run(&project, &test).unwrap();
    assert_eq!(
        result.failures,
        ["the contact was lost: too many steps at one instant: a loop without a wait"]
    );
}
