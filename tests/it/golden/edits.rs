//! Maps that are edited while contacts are on them (semantics §10).

use std::collections::BTreeMap;
use std::sync::Arc;

use gateline::base::time::{Span, Unit};
use gateline::engine::log::{Removal, What};
use gateline::model::rules::EditedWait;
use gateline::model::{Action, ElementKind, People, Port, Project, Until, Wait};
use gateline::session::impact::{Impact, impact};
use gateline::session::run::{Control, RunSettings};

use super::{ALL_TEN, Life, Outcome, enters, instant, map_n, publish};
use crate::build::Build;

/// Published from the start of the run.
fn published(mut build: Build) -> Build {
    build.publish(None);
    build
}

/// What publishing the draft would do at an instant to contacts who entered as `life` says.
pub fn impact_at(build: &Build, life: Life, at: &str) -> Impact {
    let Life { contacts, events, .. } = life;
    let people = Arc::new(People::new(contacts, events).unwrap());
    let project = Arc::new(Project { people, ..build.project.clone() });
    let at = instant(build, at);
    impact(&project, RunSettings::default(), (build.map, at, false), &Control::default()).unwrap()
}

#[test]
fn ont_l01_contacts_follow_the_published_version() {
    let mut build = published(map_n(|_| {}));
    let mail = build.mail("New E3");
    build.set(build.id("E3"), ElementKind::Action(Action::SendEmail(Some(mail))));
    assert_eq!(enters(build.clone()).run().mails(), ALL_TEN);
    publish(&mut build, "2026-01-06 12:00");
    assert_eq!(enters(build).run().mails(), ALL_TEN.replace("E3", "New E3"));
}

/// So many contacts who enter as all do.
fn several(build: &Build, count: usize) -> Life {
    let more = |life: Life, _| life.another().submits("2026-01-05 09:00", "F");
    (1..count).fold(enters(build.clone()), more)
}

fn removed(outs: &[Outcome]) -> usize {
    let is_removed = |out: &&Outcome| out.says(&What::Removed(Removal::Publication));
    outs.iter().filter(is_removed).count()
}

#[test]
fn ont_l02_who_rests_at_a_deleted_end_is_removed_and_counted_before() {
    let mut build = published(map_n(|_| {}));
    let end = build.map().elements.values().find(|e| e.kind == ElementKind::End).unwrap().id;
    build.delete(&[end]);
    let welcome = build
        .map()
        .elements
        .values()
        .find(|e| gateline::model::words::title(&build.project, e).contains("Welcome"));
    (build.last, build.port) = (welcome.unwrap().id, Port::Next);
    let mut build = build.exit();
    let five = |build: &Build| {
        let buys = |life: Life| life.buys("2026-01-11 15:30", "X");
        let more = |life: Life, _| buys(life.another().submits("2026-01-05 09:00", "F"));
        (1..5).fold(buys(enters(build.clone())), more)
    };
    let said = impact_at(&build, five(&build), "2026-02-01 12:00");
    assert_eq!((said.on_map, said.removed), (5, BTreeMap::from([(end, 5)])));
    assert!(five(&build).run_all().iter().all(|out| out.rests() == "End"));
    publish(&mut build, "2026-02-01 12:00");
    let outs = five(&build).run_all();
    assert_eq!(removed(&outs), 5);
    assert!(outs.iter().all(|out| out.rests().is_empty()));
}

#[test]
fn ont_l03_who_rests_at_a_deleted_wait_is_removed_and_counted_before() {
    let mut build = published(map_n(|_| {}));
    let wait = build.id("W3");
    build.delete(&[wait]);
    let said = impact_at(&build, several(&build, 2), "2026-01-10 12:00");
    assert_eq!((said.on_map, said.removed), (2, BTreeMap::from([(wait, 2)])));
    publish(&mut build, "2026-01-10 12:00");
    let outs = several(&build, 2).run_all();
    assert_eq!(removed(&outs), 2);
    assert_eq!(outs[0].mails(), "E1 01-05 09:00, E2 01-07 09:00, E3 01-09 09:00");
    assert_eq!(outs[0].rests(), "");
    expect_test::expect_file!["ont_l03.txt"].assert_eq(&outs[0].story());
}

#[test]
fn l_03_a_wait_that_is_edited_keeps_the_due_time_unless_switched() {
    for (edited, next) in [(EditedWait::Keep, "E4 01-11 09:00"), (EditedWait::Recompute, "E4 01-14 09:00")] {
        let mut build = map_n(|_| {});
        super::switch(&mut build, |rules| rules.edited_wait = edited);
        let mut build = published(build);
        let until = Until::TimePasses(Span::new(5, Unit::Days));
        build.set(build.id("W3"), ElementKind::Wait(Wait::new(until)));
        publish(&mut build, "2026-01-10 12:00");
        let out = enters(build).run();
        assert!(out.mails().contains(&format!("E3 01-09 09:00, {next}")), "{}", out.mails());
    }
}

/// L-02: a wait that is over by the new rule ends at another time, too.
#[test]
fn l_03_a_wait_that_is_over_at_once_is_counted_before() {
    let mut build = map_n(|_| {});
    super::switch(&mut build, |rules| rules.edited_wait = EditedWait::Recompute);
    let mut build = published(build);
    let wait = build.id("W3");
    build.set(wait, ElementKind::Wait(Wait::new(Until::TimePasses(Span::new(1, Unit::Days)))));
    let said = impact_at(&build, several(&build, 2), "2026-01-10 12:00");
    let expected = Impact { on_map: 2, waits_changed: [(wait, 2)].into(), ..Impact::default() };
    assert_eq!(said, Impact { at: said.at, ..expected });
}

#[test]
fn ont_l06_who_waits_above_a_new_mail_gets_it() {
    let mut build = published(map_n(|_| {})).at("W3", Port::Next).email("New");
    publish(&mut build, "2026-01-10 12:00");
    let out = enters(build).run();
    assert!(out.mails().contains("E3 01-09 09:00, New 01-11 09:00, E4 01-11 09:00"), "{}", out.mails());
}
