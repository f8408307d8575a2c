//! Waits and time (semantics §5).

use chrono::{NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use gateline::base::time::{Side, Span, Unit, Weekdays};
use gateline::model::rules::PastDate;
use gateline::model::{
    ElementKind, EventFilter, EventType, FieldKind, Happening, Listener, Until, Value, Wait, WaitZone,
};

use super::{Life, switch};
use crate::build::Build;

fn waits(zone: Tz, until: Until) -> Build {
    let mut build = Build::new();
    build.project.settings.account_zone = zone;
    build.trigger_form("F").wait(until).email("E").end()
}

fn mail(build: &Build, arrives: &str) -> String {
    Life::of(build.clone()).submits(arrives, "F").run().mails()
}

#[test]
fn ont_w03_day_of_the_week() {
    let nine = NaiveTime::from_hms_opt(9, 0, 0);
    let monday = Weekdays::NONE.with(Weekday::Mon);
    let build = waits(Tz::Europe__Berlin, Until::DayOfWeek { days: monday, time: nine });
    // 2026-01-05 is a Monday
    for (arrives, sent) in [
        ("2026-01-05 08:00", "E 01-05 09:00"),
        ("2026-01-05 09:30", "E 01-12 09:00"),
        ("2026-01-04 23:00", "E 01-05 09:00"),
        ("2026-01-05 09:00", "E 01-05 09:00"),
    ] {
        assert_eq!(mail(&build, arrives), sent, "{arrives}");
    }
    let any_time = waits(Tz::Europe__Berlin, Until::DayOfWeek { days: monday, time: None });
    assert_eq!(mail(&any_time, "2026-01-05 13:00"), "E 01-05 13:00");
    assert_eq!(mail(&any_time, "2026-01-06 13:00"), "E 01-12 00:00");
}

#[test]
fn ont_w04_a_date_that_is_past_passes_at_once_unless_switched() {
    let date = NaiveDate::from_ymd_opt(2026, 2, 1).unwrap();
    let mut build = waits(Tz::UTC, Until::Date { date, time: None });
    assert_eq!(mail(&build, "2026-02-03 10:00"), "E 02-03 10:00");
    assert_eq!(mail(&build, "2026-01-03 10:00"), "E 02-01 00:00");
    switch(&mut build, |rules| rules.past_specific_date = PastDate::Hold);
    assert_eq!(mail(&build, "2026-02-03 10:00"), "");
    assert_eq!(mail(&build, "2026-01-03 10:00"), "E 02-01 00:00");
}

/// A wait until ten days before the birthday.
fn before_the_birthday() -> (Build, impl Fn(u32, u32) -> Happening) {
    let mut build = Build::new().trigger_form("F");
    let field = build.field("Birthday", FieldKind::Birthday);
    let until = Until::Relative {
        field: Some(field),
        side: Side::Before,
        span: Span::new(10, Unit::Days),
        time: None,
    };
    let filled = move |month, day| Happening::FieldUpdated {
        field,
        value: NaiveDate::from_ymd_opt(2026, month, day).map(Value::Date),
    };
    (build.wait(until).called("W").email("E").end(), filled)
}

#[test]
fn ont_w01_a_wait_for_an_empty_date_starts_when_the_field_is_filled() {
    let (build, filled) = before_the_birthday();
    let life = Life::of(build).submits("2026-03-01 09:00", "F");
    assert_eq!(life.run().rests(), "W");
    let (build, _) = before_the_birthday();
    let mut late = build.clone();
    late.project.settings.date_event_time = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
    for (build, sent) in [(build, "E 03-10 00:00"), (late, "E 03-10 10:00")] {
        let life = Life::of(build).submits("2026-03-01 09:00", "F");
        assert_eq!(life.happens("2026-03-02 12:00", filled(3, 20)).run().mails(), sent);
    }
}

#[test]
fn ont_w08_a_wait_for_a_date_moves_when_the_field_changes() {
    let (build, filled) = before_the_birthday();
    let life = Life::of(build).submits("2026-03-01 09:00", "F");
    let life = life.happens("2026-03-02 12:00", filled(3, 20)).happens("2026-03-05 12:00", filled(4, 20));
    assert_eq!(life.run().mails(), "E 04-10 00:00");
}

#[test]
fn ont_w09_a_date_comes_at_the_projects_time_of_day() {
    let mut build = Build::new();
    let field = build.field("Renewal", FieldKind::Date);
    build.project.settings.account_zone = Tz::America__New_York;
    build.project.settings.date_event_time = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
    let on = EventFilter::DateMatches(Some(field));
    let build = build.trigger(Listener { on, ..Listener::trigger(EventType::DateMatches) }).email("E").end();
    let value = NaiveDate::from_ymd_opt(2026, 3, 20).map(Value::Date);
    let life = Life::of(build).happens("2026-03-01 09:00", Happening::FieldUpdated { field, value });
    assert_eq!(life.run().mails(), "E 03-20 10:00");
}

#[test]
fn ont_w07_hours_are_elapsed_time_and_days_keep_the_wall_clock() {
    // clocks go forward on 2026-03-08
    for (count, unit, sent) in [(24, Unit::Hours, "E 03-08 10:00"), (1, Unit::Days, "E 03-08 09:00")] {
        let build = waits(Tz::America__New_York, Until::TimePasses(Span::new(count, unit)));
        assert_eq!(mail(&build, "2026-03-07 09:00"), sent);
    }
}

#[test]
fn w_02_a_local_time_that_does_not_exist_moves_forward() {
    let build = waits(Tz::America__New_York, Until::TimePasses(Span::new(1, Unit::Days)));
    assert_eq!(mail(&build, "2026-03-07 02:30"), "E 03-08 03:00");
}

#[test]
fn w_02_a_wait_may_read_the_contacts_clock() {
    let mut build = waits(Tz::UTC, Until::Goal);
    let wait = build.map().elements.values().find(|e| matches!(e.kind, ElementKind::Wait(_))).unwrap().id;
    let nine = NaiveTime::from_hms_opt(9, 0, 0);
    let until = Until::DayOfWeek { days: Weekdays::ALL, time: nine };
    build.set(wait, ElementKind::Wait(Wait { until, zone: WaitZone::Contact, goals: vec![] }));
    let out = |zone: Option<Tz>| {
        let life = Life::of(build.clone()).submits("2026-01-05 00:00", "F");
        zone.map_or_else(|| life_or(&build), |zone| life.in_zone(zone)).run().mails()
    };
    assert_eq!(out(None), "E 01-05 09:00");
    assert_eq!(out(Some(Tz::Asia__Tokyo)), "E 01-05 00:00"); // 09:00 in Tokyo, just now
    assert_eq!(out(Some(Tz::America__New_York)), "E 01-05 14:00");
}

fn life_or(build: &Build) -> Life {
    Life::of(build.clone()).submits("2026-01-05 00:00", "F")
}

#[test]
fn w_07_months_end_with_the_month() {
    let build = waits(Tz::UTC, Until::TimePasses(Span::new(1, Unit::Months)));
    assert_eq!(mail(&build, "2026-01-31 09:00"), "E 02-28 09:00");
    assert_eq!(mail(&build, "2028-01-31 09:00"), "");
    let out = Life::of(build).submits("2028-01-31 09:00", "F").until("2028-12-31").run();
    assert_eq!(out.mails(), "E 02-29 09:00");
}

#[test]
fn w_01_a_wait_without_a_goal_or_rule_holds_for_ever() {
    let build = waits(Tz::UTC, Until::Goal);
    let out = Life::of(build).submits("2026-01-05 09:00", "F").run();
    assert_eq!(out.mails(), "");
    assert!(out.rests().starts_with("Wait"));
}
