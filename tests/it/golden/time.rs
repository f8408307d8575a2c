//! Clocks and calendars where they are odd (W-02, W-07, G-13), and the order within one instant (M-13).

use chrono::{NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use gateline::base::id::FieldId;
use gateline::base::time::{Feb29, Instant, Side, Span, Unit, Weekdays};
use gateline::model::*;
use gateline::session::command::Command;

use super::{Life, Outcome, days, instant, switch};
use crate::build::Build;

fn waits(zone: Tz, until: Until) -> Build {
    let mut build = Build::new();
    build.project.settings.account_zone = zone;
    build.trigger_form("F").wait(until).email("E").end()
}

fn passes(count: u32, unit: Unit) -> Until {
    Until::TimePasses(Span::new(count, unit))
}

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

fn date(date: &str) -> NaiveDate {
    date.parse().unwrap()
}

fn run(build: &Build, arrives: &str) -> Outcome {
    Life::of(build.clone()).submits(arrives, "F").run()
}

/// When the only mail was sent, in the world's time.
fn sent(out: &Outcome) -> String {
    let mut sent = out.sent_at();
    assert_eq!(sent.len(), 1);
    sent.remove(0)
}

#[test]
fn w_02_in_the_gap_of_spring_every_wait_ends_at_the_first_time_that_exists() {
    let zone = Tz::America__New_York; // 02:00 to 03:00 is left out on 2026-03-08
    let half_past_two = time(2, 30);
    let sunday = Weekdays::NONE.with(Weekday::Sun);
    for until in [
        Until::DayOfWeek { days: sunday, time: Some(half_past_two) },
        Until::Date { date: date("2026-03-08"), time: Some(half_past_two) },
        Until::TimeOfDay { time: half_past_two, limit: None },
        passes(1, Unit::Days),
        passes(1, Unit::Weeks),
        passes(1, Unit::Months),
    ] {
        let arrives = match &until {
            Until::TimeOfDay { .. } => "2026-03-08 00:30",
            Until::TimePasses(span) if span.unit == Unit::Weeks => "2026-03-01 02:30",
            Until::TimePasses(span) if span.unit == Unit::Months => "2026-02-08 02:30",
            _ => "2026-03-07 02:30",
        };
        let out = run(&waits(zone, until.clone()), arrives);
        assert_eq!(out.mails(), "E 03-08 03:00", "{until:?}");
    }
}

#[test]
fn w_02_a_time_that_comes_twice_in_autumn_is_the_first() {
    let zone = Tz::America__New_York; // 01:00 to 02:00 comes twice on 2026-11-01
    let half_past_one = time(1, 30);
    for until in [
        Until::DayOfWeek { days: Weekdays::NONE.with(Weekday::Sun), time: Some(half_past_one) },
        Until::Date { date: date("2026-11-01"), time: Some(half_past_one) },
        Until::TimeOfDay { time: half_past_one, limit: None },
        passes(1, Unit::Days),
    ] {
        let arrives =
            if matches!(until, Until::TimeOfDay { .. }) { "2026-11-01 00:30" } else { "2026-10-31 01:30" };
        assert_eq!(sent(&run(&waits(zone, until.clone()), arrives)), "2026-11-01T05:30:00Z", "{until:?}");
    }
    // an hour is an hour: from the first 01:30 to the second
    let out = run(&waits(zone, passes(1, Unit::Hours)), "2026-11-01 01:30");
    assert_eq!((sent(&out), out.mails()), ("2026-11-01T06:30:00Z".into(), "E 11-01 01:30".into()));
    // a day is not always 24 hours
    assert_eq!(run(&waits(zone, passes(1, Unit::Days)), "2026-10-31 09:00").mails(), "E 11-01 09:00");
    assert_eq!(run(&waits(zone, passes(24, Unit::Hours)), "2026-10-31 09:00").mails(), "E 11-01 08:00");
}

#[test]
fn w_07_months_are_clamped_to_the_last_day_each_from_its_own_start() {
    for (arrives, months, ends) in [
        ("2026-01-31 09:00", 1, "02-28"),
        ("2026-01-31 09:00", 2, "03-31"),
        ("2026-03-31 09:00", 1, "04-30"),
        ("2026-02-28 09:00", 1, "03-28"),
        ("2026-05-31 09:00", 6, "11-30"),
    ] {
        let build = waits(Tz::UTC, passes(months, Unit::Months));
        assert_eq!(run(&build, arrives).mails(), format!("E {ends} 09:00"), "{arrives}");
    }
}

#[test]
fn g_13_who_was_born_on_29_february_in_both_settings() {
    for (feb29, common) in [(Feb29::FirstOfMarch, "03-01"), (Feb29::LastOfFebruary, "02-28")] {
        let mut build = Build::new();
        build.project.settings.birthday_29_feb = feb29;
        let field = build.field("Born", FieldKind::Birthday);
        let value = Some(Value::Date(date("2000-02-29")));
        let born = Happening::FieldUpdated { field, value };
        let trigger = build.clone().trigger_on(EventFilter::DateMatches(Some(field))).email("E").end();
        let life = Life::of(trigger).happens("2026-01-05 09:00", born.clone()).until("2028-12-31");
        assert_eq!(life.run().mails(), format!("E {common} 00:00, E {common} 00:00, E 02-29 00:00"));
        // days before and after are counted from that day
        let on = EventFilter::DateRelative { field: Some(field), side: Side::Before, days: 1 };
        let trigger = build.clone().trigger_on(on).email("E").end();
        let out = Life::of(trigger).happens("2026-01-05 09:00", born.clone()).run();
        let before = date(&format!("2026-{common}")).pred_opt().unwrap();
        assert_eq!(out.mails(), format!("E {} 00:00", before.format("%m-%d")));
        let until = Until::Relative {
            field: Some(field),
            side: Side::After,
            span: Span::new(0, Unit::Days),
            time: None,
        };
        let wait = build.trigger_form("F").wait(until).email("E").end();
        let life = Life::of(wait).happens("2026-01-05 08:00", born).submits("2026-01-05 09:00", "F");
        assert_eq!(life.run().mails(), format!("E {common} 00:00"));
    }
}

#[test]
fn g_13_days_begin_when_they_begin_in_kathmandu() {
    let mut build = Build::new();
    build.project.settings.account_zone = Tz::Asia__Kathmandu; // 5:45 ahead
    let build = build.trigger_on(EventFilter::SpecificDate(Some(date("2026-02-10")))).email("E").end();
    let out = Life::of(build).happens("2026-01-05 09:00", Happening::CallLogged).run();
    assert_eq!((sent(&out), out.mails()), ("2026-02-09T18:15:00Z".into(), "E 02-10 00:00".into()));
    let build = waits(Tz::Asia__Kathmandu, Until::TimeOfDay { time: time(9, 0), limit: None });
    assert_eq!(sent(&run(&build, "2026-01-05 08:59")), "2026-01-05T03:15:00Z");
}

#[test]
fn w_02_clocks_change_by_half_an_hour_on_lord_howe() {
    let zone = Tz::Australia__Lord_Howe; // 02:00 to 02:30 is left out on 2026-10-04; 01:30 to 02:00 twice on 2026-04-05
    let one_day = waits(zone, passes(1, Unit::Days));
    assert_eq!(run(&one_day, "2026-10-03 02:15").mails(), "E 10-04 02:30");
    assert_eq!(run(&one_day, "2026-10-03 09:00").mails(), "E 10-04 09:00");
    let hours = waits(zone, passes(24, Unit::Hours));
    assert_eq!(run(&hours, "2026-10-03 09:00").mails(), "E 10-04 09:30");
    assert_eq!(run(&hours, "2026-04-04 09:00").mails(), "E 04-05 08:30");
    assert_eq!(sent(&run(&one_day, "2026-04-04 01:45")), "2026-04-04T14:45:00Z");
}

#[test]
fn w_02_the_day_that_apia_skipped_is_the_next_one() {
    let zone = Tz::Pacific__Apia; // there was no 30 December 2011
    assert_eq!(run(&waits(zone, passes(1, Unit::Days)), "2011-12-29 09:00").mails(), "E 12-31 00:00");
    assert_eq!(run(&waits(zone, passes(2, Unit::Days)), "2011-12-29 09:00").mails(), "E 12-31 09:00");
    assert_eq!(run(&waits(zone, passes(24, Unit::Hours)), "2011-12-29 09:00").mails(), "E 12-31 09:00");
    let that_day = Until::Date { date: date("2011-12-30"), time: Some(time(12, 0)) };
    assert_eq!(run(&waits(zone, that_day), "2011-12-29 09:00").mails(), "E 12-31 00:00");
    // that Friday was skipped too, so its nine o'clock is when the next day begins
    let friday = Until::DayOfWeek { days: Weekdays::NONE.with(Weekday::Fri), time: Some(time(9, 0)) };
    assert_eq!(run(&waits(zone, friday), "2011-12-29 10:00").mails(), "E 12-31 00:00");
}

#[test]
fn m_13_what_comes_first_within_one_instant() {
    let at = "2026-01-07 09:00";
    let mut build = Build::new();
    build.project.settings.date_event_time = time(9, 0);
    // two timers of a map whose timers come last, due at the same instant: in reading order
    build = build.trigger_form("F").fork().called("Fork").wait_days(2).email("late left").end();
    build = build.at("Fork", Port::Right).wait_days(2).email("late right").end();
    build.add_map("Early");
    build = build.trigger_form("F").wait_days(2).email("early").end();
    switch(&mut build, |rules| rules.events_before_timers = false);
    build.add_map("Outside");
    build = build.trigger_on(EventFilter::CallLogged).email("first outside").add_tag("Raised").end();
    build = build.trigger_on(EventFilter::SmsReceived).email("second outside").end();
    let raised = build.tag("Raised");
    build = build.trigger_on(EventFilter::TagAdded(Some(raised))).email("raised by the first").end();
    build.add_map("Calendar");
    build = build.trigger_on(EventFilter::SpecificDate(Some(date("2026-01-07")))).email("calendar").end();
    build.add_map("New");
    let has = build.tag("Has");
    build = build.trigger_on(EventFilter::TagAdded(Some(has))).email("publication").end();
    let at_once = Some(instant(&build, at));
    build.run(Command::Publish { map: build.map, at: at_once, place_matching: true });
    let out = Life::of(build)
        .with_tag("Has")
        .submits("2026-01-05 09:00", "F")
        .happens(at, Happening::CallLogged)
        .happens(at, Happening::SmsReceived("Hello".into()))
        .run();
    let order = [
        "publication",
        "early",
        "first outside",
        "raised by the first",
        "second outside",
        "calendar",
        "late left",
        "late right",
    ];
    assert_eq!(out.mails(), order.map(|mail| format!("{mail} 01-07 09:00")).join(", "));
}

/// Timers go by due time, then by map, then by reading order, wherever the cards lie.
#[test]
fn m_13_moving_a_card_changes_no_order() {
    let mut build = Build::new().trigger_form("F").fork().called("Fork");
    build = build.wait_days(2).called("Left").email("left").end();
    build = build.at("Fork", Port::Right).wait_days(2).called("Right").email("right").end();
    let before = run(&build, "2026-01-05 09:00").mails();
    assert_eq!(before, "left 01-07 09:00, right 01-07 09:00");
    let (left, right) = (build.id("Left"), build.id("Right"));
    build.move_to(left, 4_000, 4_000);
    build.move_to(right, -4_000, -4_000);
    assert_eq!(run(&build, "2026-01-05 09:00").mails(), before);
}

#[test]
fn what_is_missing_on_the_record_stops_nothing_but_itself() {
    let mut build = Build::new();
    let day = build.field("Day", FieldKind::Date);
    let count = build.field("Count", FieldKind::Number);
    let (on, timer) = (
        EventFilter::DateMatches(Some(day)),
        Until::FieldTimer { field: Some(day), side: Side::After, span: Span::new(1, Unit::Days), time: None },
    );
    let add = Action::UpdateField { field: Some(count), change: FieldChange::Add(3.into()) };
    let shift = Action::UpdateField {
        field: Some(day),
        change: FieldChange::Shift(Side::After, Span::new(2, Unit::Days)),
    };
    // no day, so it never comes and its timer holds
    let empty = build.clone().trigger_on(on).email("never").end();
    let empty = empty.trigger_form("F").wait(timer.clone()).called("T").email("E").end();
    let out = run(&empty, "2026-01-05 09:00");
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("", "T"));
    // an empty number counts as 0, an empty day as today
    let filled = build.trigger_form("F").action(add).action(shift).wait(timer).email("E").end();
    let out = run(&filled, "2026-01-05 09:00");
    let is_three = Happening::FieldUpdated { field: count, value: Some(Value::Number(3.into())) };
    assert!(out.says(&gateline::engine::log::What::Raised(is_three)));
    assert_eq!(out.mails(), "E 01-08 00:00");
}

/// M-09: only the contact in the loop is stopped.
#[test]
fn m_09_a_loop_stops_one_contact_and_no_other() {
    let mut build = Build::new().trigger_form("F").if_tag("A").called("C").email("E").called("E").go_to("C");
    build = build.at("C", Port::No).email("Out").end();
    let outs = Life::of(build)
        .with_tag("A")
        .submits("2026-01-05 09:00", "F")
        .another()
        .submits("2026-01-05 09:00", "F")
        .run_all();
    assert_eq!(outs[0].count("dropped"), 1);
    assert_eq!(outs[0].rests(), "");
    assert_eq!((outs[1].count("dropped"), outs[1].mails().as_str()), (0, "Out 01-05 09:00"));
    assert!(outs[0].log.iter().all(|line| line.entry.at < Instant::MAX));
}

/// A trigger T for the day in a field, so many days before or after it.
fn on_day(kind: FieldKind, side: Side, count: u32) -> (Build, FieldId) {
    let mut build = Build::new();
    let field = build.field("Day", kind);
    let on = match count {
        0 => EventFilter::DateMatches(Some(field)),
        days => EventFilter::DateRelative { field: Some(field), side, days },
    };
    (build.trigger_on(on).called("T").exit(), field)
}

fn day(text: &str) -> Value {
    Value::Date(date(text))
}

#[test]
fn ont_w09_a_date_comes_at_the_projects_time_of_day() {
    for (at, sent, instant) in [
        (NaiveTime::MIN, "E 03-20 00:00", "2026-03-20T04:00:00Z"),
        (time(10, 0), "E 03-20 10:00", "2026-03-20T14:00:00Z"),
    ] {
        let (build, field) = on_day(FieldKind::Date, Side::Before, 0);
        let build = build.behind("T").send("E").settings(|settings| {
            settings.account_zone = Tz::America__New_York;
            settings.date_event_time = at;
        });
        let out = Life::of(build).fills("2026-03-01 09:00", field, day("2026-03-20")).run();
        assert_eq!(out.whole(), [sent, "", ""]);
        assert_eq!(out.sent_at(), [instant]);
    }
}

#[test]
fn g_13_a_date_comes_once_and_a_birthday_every_year() {
    let came = |kind, side, count, value| {
        let (build, field) = on_day(kind, side, count);
        let life = Life::of(build).tag("2026-01-05 09:00", "A").with_field(field, value).until("2028-12-31");
        life.run().events()[1..].iter().map(|event| event[..11].to_owned()).collect::<Vec<_>>()
    };
    use FieldKind::{Birthday, Date, DateTime};
    assert_eq!(came(Date, Side::Before, 0, day("2026-03-20")), ["03-20 00:00"]);
    assert!(came(Date, Side::Before, 0, day("1980-03-20")).is_empty());
    assert_eq!(came(Date, Side::Before, 10, day("2026-03-20")), ["03-10 00:00"]);
    assert_eq!(came(Date, Side::After, 10, day("2025-12-30")), ["01-09 00:00"]);
    assert_eq!(came(Birthday, Side::Before, 0, day("1980-03-20")), ["03-20 00:00"; 3]);
    assert_eq!(came(Birthday, Side::After, 10, day("1980-12-30")), ["01-09 00:00"; 3]);
    let moment = Value::DateTime("2026-03-20T13:15:00Z".parse().unwrap());
    assert_eq!(came(DateTime, Side::Before, 0, moment), ["03-20 13:15"]);
    // what is no date has no day
    assert!(came(Date, Side::Before, 0, Value::text("soon").unwrap()).is_empty());
}

#[test]
fn g_13_a_specific_day_and_who_is_created_later() {
    let build =
        Build::new().trigger_on(EventFilter::SpecificDate(Some(date("2026-03-20")))).called("T").exit();
    let out = Life::of(build).created("2026-01-05 09:00").another().created("2026-04-01 09:00").run_all();
    assert_eq!([out[0].came_in(), out[1].came_in()], ["T 03-20 00:00", ""]);
}

#[test]
fn g_13_a_day_moves_with_its_field_and_comes_only_once() {
    let (build, field) = on_day(FieldKind::Date, Side::Before, 0);
    let life = Life::of(build).tag("2026-01-05 09:00", "A").with_field(field, day("2026-03-20"));
    let life = life.fills("2026-03-01 09:00", field, day("2026-03-10")).fills(
        "2026-03-10 09:00",
        field,
        day("2026-03-10"),
    );
    let life = life.happens("2026-03-11 09:00", Happening::FieldUpdated { field, value: None });
    assert_eq!(life.run().came_in(), "T 03-10 00:00");
}

#[test]
fn g_13_days_are_those_of_the_account() {
    let (build, field) = on_day(FieldKind::Date, Side::Before, 0);
    let build = build.behind("T").send("E").settings(|settings| settings.account_zone = Tz::Asia__Kathmandu);
    let out = Life::of(build)
        .tag("2026-01-05 09:00", "A")
        .in_zone(Tz::America__New_York)
        .with_field(field, day("2026-03-20"))
        .run();
    assert_eq!(out.sent_at(), ["2026-03-19T18:15:00Z"]);
}

#[test]
fn w_05_who_has_nothing_in_a_field_is_not_reached_by_what_counts_from_it() {
    let (build, field) = on_day(FieldKind::Date, Side::Before, 3);
    let mut build = build;
    build.add_map("Waits");
    let until = Until::Relative { field: Some(field), side: Side::Before, span: days(3), time: None };
    let build = build.trigger_form("F").hold("W", until).exit();
    let is = FieldOperator::Less;
    let field_is = Condition::Field { field: Some(field), is, value: Some(day("2100-01-01")) };
    let build = build.trigger_form("F").condition(field_is).called("C").send("Yes").exit();
    let build = build.at("C", gateline::model::Port::No).send("No").exit();
    let out = Life::of(build).submits("2026-01-05 09:00", "F").run();
    assert_eq!((out.rests().as_str(), out.mails().as_str()), ("W", "No 01-05 09:00"));
    assert_eq!(out.came_in(), "Submits F 01-05 09:00, Submits F 01-05 09:00");
}
