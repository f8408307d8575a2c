//! Waits (semantics §5) and Keap's timers (K-10).

use chrono::Weekday;
use chrono_tz::Tz;
use gateline::base::id::FieldId;
use gateline::base::time::{Side, Span, Unit, Weekdays};
use gateline::model::rules::{FieldTimerReads, PastDate, PastRelativeDate};
use gateline::model::{
    Condition, DelayTime, DelayUnit, ElementKind, EngineRules, FieldKind, Happening, Preset, Until, Value,
    WaitZone,
};

use super::{Life, date, days, delay, enters, some_days, time};
use crate::build::Build;

/// A trigger, then this wait, then the mail E.
fn waits(until: Until) -> Build {
    waits_in(Tz::UTC, until)
}

fn waits_in(zone: Tz, until: Until) -> Build {
    let build = Build::new().settings(|settings| settings.account_zone = zone);
    build.trigger_form("F").hold("W", until).send("E").end()
}

fn arrives(build: &Build, at: &str) -> [String; 3] {
    Life::of(build.clone()).submits(at, "F").run().whole()
}

fn mail(build: &Build, at: &str) -> String {
    let [mails, ..] = arrives(build, at);
    mails
}

/// What comes out for who is let go at once or later.
fn let_go(at: &str) -> [String; 3] {
    [format!("E {at}"), String::new(), format!("End {at}")]
}

/// What comes out for who is held for ever, having come then.
fn held(at: &str) -> [String; 3] {
    [String::new(), String::new(), format!("W {at}")]
}

fn nine_on(days: Weekdays) -> Until {
    Until::DayOfWeek { days, time: Some(time("09:00")) }
}

const MONDAY: Weekdays = Weekdays::NONE.with(Weekday::Mon);

/// So many days before the date in a field.
fn before(field: FieldId, count: u32) -> Until {
    Until::Relative { field: Some(field), side: Side::Before, span: days(count), time: None }
}

/// A map that waits ten days before a date field of this kind.
fn ten_days_before(kind: FieldKind) -> (Build, FieldId) {
    let mut build = waits(Until::Goal);
    let field = build.field("Day", kind);
    (build.wait_until("W", before(field, 10)), field)
}

fn day(text: &str) -> Value {
    Value::Date(date(text))
}

/// The cases of each kind of wait, for who arrives on Monday 5 January at 09:00 and whose field says 20 January; a new
/// kind does not compile without.
macro_rules! kinds {
    ($($name:ident { $($pattern:tt)* } = $cases:expr;)*) => {
        /// Which kind it is.
        fn kind(until: &Until) -> &'static str {
            match until { $(Until::$name $($pattern)* => stringify!($name)),* }
        }

        fn cases(field: FieldId, is_tagged: Condition) -> Vec<(&'static str, Vec<(Until, &'static str)>)> {
            let side = Side::After;
            vec![$((stringify!($name), { let cases: fn(FieldId, Side, Condition) -> Vec<(Until, &'static str)> = $cases; cases(field, side, is_tagged.clone()) })),*]
        }
    };
}

kinds! {
    Goal {} = |_, _, _| vec![(Until::Goal, "")];
    TimePasses { (_) } = |_, _, _| {
        let span = |count, unit| Until::TimePasses(Span::new(count, unit));
        vec![
            (span(90, Unit::Minutes), "01-05 10:30"),
            (span(30, Unit::Hours), "01-06 15:00"),
            (span(3, Unit::Days), "01-08 09:00"),
            (span(2, Unit::Weeks), "01-19 09:00"),
            (span(1, Unit::Months), "02-05 09:00"),
            (span(0, Unit::Days), "01-05 09:00"),
        ]
    };
    DayOfWeek { { .. } } = |_, _, _| vec![
        (Until::DayOfWeek { days: MONDAY, time: Some(time("08:00")) }, "01-12 08:00"),
        (Until::DayOfWeek { days: MONDAY.with(Weekday::Thu), time: None }, "01-05 09:00"),
        (Until::DayOfWeek { days: Weekdays::NONE, time: None }, ""),
    ];
    Date { { .. } } = |_, _, _| vec![
        (Until::Date { date: date("2026-02-01"), time: Some(time("10:00")) }, "02-01 10:00"),
        (Until::Date { date: date("2026-02-01"), time: None }, "02-01 00:00"),
    ];
    Relative { { .. } } = |field, side, _| vec![
        (Until::Relative { field: Some(field), side, span: days(2), time: Some(time("10:00")) }, "01-22 10:00"),
        (before(field, 2), "01-18 00:00"),
        (Until::Relative { field: None, side, span: days(2), time: None }, ""),
    ];
    TimeOfDay { { .. } } = |_, _, _| vec![
        (Until::TimeOfDay { time: time("08:30"), limit: None }, "01-06 08:30"),
        (Until::TimeOfDay { time: time("09:00"), limit: None }, "01-05 09:00"),
        (Until::TimeOfDay { time: time("08:30"), limit: Some(Span::new(2, Unit::Hours)) }, "01-05 11:00"),
        (Until::TimeOfDay { time: time("10:00"), limit: Some(Span::new(2, Unit::Hours)) }, "01-05 10:00"),
    ];
    Conditions { { .. } } = |_, _, condition| vec![
        (Until::Conditions { condition: condition.clone(), limit: None }, ""),
        (Until::Conditions { condition, limit: Some(days(2)) }, "01-07 09:00"),
        (Until::Conditions { condition: Condition::default(), limit: None }, "01-05 09:00"),
    ];
    Delay { (_) } = |_, _, _| vec![
        (delay(1, DelayUnit::Weeks, Weekdays::ALL, DelayTime::Any), "01-12 09:00"),
        (delay(3, DelayUnit::Weekdays, Weekdays::ALL, DelayTime::At(time("10:00"))), "01-08 10:00"),
    ];
    DateTimer { { .. } } = |_, _, _| vec![
        (Until::DateTimer { date: date("2026-02-01"), time: None }, "02-01 00:00"),
        (Until::DateTimer { date: date("2026-02-01"), time: Some(time("10:00")) }, "02-01 10:00"),
    ];
    FieldTimer { { .. } } = |field, side, _| vec![
        (Until::FieldTimer { field: Some(field), side, span: days(0), time: None }, "01-20 00:00"),
        (Until::FieldTimer { field: None, side, span: days(0), time: None }, ""),
    ];
    NotSet {} = |_, _, _| vec![(Until::NotSet, "")];
}

#[test]
fn w_01_each_kind_of_wait() {
    let mut build = waits(Until::Goal);
    let field = build.field("Day", FieldKind::Date);
    let is_tagged = Condition::HasTag(Some(build.tag("X")));
    for (name, cases) in cases(field, is_tagged) {
        assert!(!cases.is_empty(), "{name}");
        for (until, at) in cases {
            assert_eq!(kind(&until), name);
            let build = build.clone().wait_until("W", until.clone());
            let out = enters(build).with_field(field, day("2026-01-20")).run().whole();
            assert_eq!(out, if at.is_empty() { held("01-05 09:00") } else { let_go(at) }, "{until:?}");
        }
    }
}

#[test]
fn w_01_until_conditions_are_met_looks_again_after_every_event() {
    let mut build = waits(Until::Goal);
    let condition = Condition::HasTag(Some(build.tag("X")));
    let met = |limit| Until::Conditions { condition: condition.clone(), limit };
    let for_ever = build.clone().wait_until("W", met(None));
    assert_eq!(enters(for_ever.clone()).run().mails(), "");
    assert_eq!(enters(for_ever.clone()).with_tag("X").run().mails(), "E 01-05 09:00");
    assert_eq!(enters(for_ever.clone()).tag("2026-01-06 10:00", "X").run().mails(), "E 01-06 10:00");
    let limited = build.wait_until("W", met(Some(days(3))));
    assert_eq!(enters(limited).tag("2026-01-09 10:00", "X").run().mails(), "E 01-08 09:00");
    // what an action changed is seen once its event was handled
    let mut acts = for_ever;
    acts.add_map("Acts");
    let acts = acts.trigger_tag("A").add_tag("X").exit();
    assert_eq!(enters(acts).tag("2026-01-06 10:00", "A").run().mails(), "E 01-06 10:00");
}

#[test]
fn ont_w01_a_wait_for_an_empty_date_starts_when_the_field_is_filled() {
    let (build, field) = ten_days_before(FieldKind::Birthday);
    assert_eq!(arrives(&build, "2026-03-01 09:00"), held("03-01 09:00"));
    let ten = build.clone().settings(|settings| settings.date_event_time = time("10:00"));
    for (build, at) in [(build, "03-10 00:00"), (ten, "03-10 10:00")] {
        let life = Life::of(build).submits("2026-03-01 09:00", "F");
        assert_eq!(life.fills("2026-03-02 12:00", field, day("1980-03-20")).run().whole(), let_go(at));
    }
}

#[test]
fn ont_w03_day_of_the_week() {
    let build = waits_in(Tz::Europe__Berlin, nine_on(MONDAY));
    // 2026-01-05 is a Monday
    for (at, sent) in [
        ("2026-01-05 08:00", "01-05 09:00"),
        ("2026-01-05 09:30", "01-12 09:00"),
        ("2026-01-04 23:00", "01-05 09:00"),
        ("2026-01-05 09:00", "01-05 09:00"),
    ] {
        assert_eq!(arrives(&build, at), let_go(sent), "{at}");
    }
    let any_time = waits_in(Tz::Europe__Berlin, Until::DayOfWeek { days: MONDAY, time: None });
    assert_eq!(arrives(&any_time, "2026-01-05 13:00"), let_go("01-05 13:00"));
    assert_eq!(arrives(&any_time, "2026-01-06 13:00"), let_go("01-12 00:00"));
}

#[test]
fn ont_w04_a_date_that_is_past_passes_at_once_unless_switched() {
    let build = waits(Until::Date { date: date("2026-02-01"), time: None });
    let out = |past, at| arrives(&build.clone().rules(|rules| rules.past_specific_date = past), at);
    assert_eq!(out(PastDate::Pass, "2026-02-03 10:00"), let_go("02-03 10:00"));
    assert_eq!(out(PastDate::Hold, "2026-02-03 10:00"), held("02-03 10:00"));
    for past in [PastDate::Pass, PastDate::Hold] {
        assert_eq!(out(past, "2026-01-03 10:00"), let_go("02-01 00:00"));
        assert_eq!(out(past, "2026-02-01 00:00"), let_go("02-01 00:00"));
    }
}

#[test]
fn ont_w07_hours_are_elapsed_time_and_days_keep_the_wall_clock() {
    // clocks go forward on 2026-03-08
    for (count, unit, sent) in [(24, Unit::Hours, "03-08 10:00"), (1, Unit::Days, "03-08 09:00")] {
        let build = waits_in(Tz::America__New_York, Until::TimePasses(Span::new(count, unit)));
        assert_eq!(arrives(&build, "2026-03-07 09:00"), let_go(sent));
    }
}

#[test]
fn ont_w08_a_wait_for_a_date_moves_when_the_field_changes() {
    let (build, field) = ten_days_before(FieldKind::Birthday);
    let life =
        || Life::of(build.clone()).submits("2026-03-01 09:00", "F").with_field(field, day("1980-03-20"));
    assert_eq!(life().run().whole(), let_go("03-10 00:00"));
    let moved = life().fills("2026-03-05 09:00", field, day("1980-04-20"));
    assert_eq!(moved.run().whole(), let_go("04-10 00:00"));
    // emptied it holds; a date (no birthday) that is past by then lets go at once
    let emptied = life().happens("2026-03-05 09:00", Happening::FieldUpdated { field, value: None });
    assert_eq!(emptied.run().whole(), held("03-01 09:00"));
    let (build, field) = ten_days_before(FieldKind::Date);
    let life = Life::of(build).submits("2026-03-01 09:00", "F").with_field(field, day("2026-03-20"));
    let out = life.fills("2026-03-05 09:00", field, day("2026-03-06")).run();
    assert_eq!(out.whole(), let_go("03-05 09:00"));
}

#[test]
fn w_02_a_wait_may_read_the_contacts_clock() {
    let build = waits(nine_on(Weekdays::ALL));
    let build = build.change("W", |kind| match kind {
        ElementKind::Wait(wait) => wait.zone = WaitZone::Contact,
        _ => panic!("a wait"),
    });
    let life = || Life::of(build.clone()).submits("2026-01-05 00:00", "F");
    assert_eq!(life().run().mails(), "E 01-05 09:00");
    assert_eq!(life().in_zone(Tz::Asia__Tokyo).run().mails(), "E 01-05 00:00"); // 09:00 in Tokyo, just now
    assert_eq!(life().in_zone(Tz::America__New_York).run().mails(), "E 01-05 14:00");
}

#[test]
fn w_05_the_time_of_day_of_a_relative_wait() {
    let (build, field) = ten_days_before(FieldKind::Date);
    let mails = |build: Build, value| {
        let life = Life::of(build).submits("2026-03-01 09:00", "F").with_field(field, value);
        life.run().mails()
    };
    // the setting for days; a date with a time has its own; one that is given comes first
    let ten = build.clone().settings(|settings| settings.date_event_time = time("10:00"));
    assert_eq!(mails(ten.clone(), day("2026-03-20")), "E 03-10 10:00");
    let moment = Value::DateTime("2026-03-20T13:15:00Z".parse().unwrap());
    assert_eq!(mails(ten.clone(), moment.clone()), "E 03-10 13:15");
    let (side, eight) = (Side::Before, Some(time("08:00")));
    let at = Until::Relative { field: Some(field), side, span: days(10), time: eight };
    assert_eq!(mails(ten.clone().wait_until("W", at.clone()), day("2026-03-20")), "E 03-10 08:00");
    assert_eq!(mails(ten.clone().wait_until("W", at), moment), "E 03-10 08:00");
    let span = Span::new(36, Unit::Hours);
    let hours = Until::Relative { field: Some(field), side: Side::After, span, time: None };
    assert_eq!(mails(ten.wait_until("W", hours), day("2026-03-20")), "E 03-21 22:00");
    // what is no date holds
    assert_eq!(mails(build, Value::text("soon").unwrap()), "");
}

#[test]
fn w_06_a_relative_date_that_is_past_in_all_settings() {
    use PastRelativeDate::{Hold, NextYearIfBirthday, Pass};
    let (at_once, next_year) = ("2026-03-15T09:00:00Z", "2027-03-10T00:00:00Z");
    for (kind, past, sent) in [
        (FieldKind::Birthday, NextYearIfBirthday, Some(next_year)),
        (FieldKind::Birthday, Pass, Some(at_once)),
        (FieldKind::Birthday, Hold, None),
        (FieldKind::Date, NextYearIfBirthday, Some(at_once)),
        (FieldKind::Date, Pass, Some(at_once)),
        (FieldKind::Date, Hold, None),
    ] {
        let (build, field) = ten_days_before(kind);
        let build = build.rules(|rules| rules.past_relative_date = past);
        let life = || Life::of(build.clone()).submits("2026-03-15 09:00", "F").until("2027-12-31");
        let life = || life().with_field(field, day("2026-03-20"));
        assert_eq!(life().run().sent_at(), Vec::from_iter(sent), "{kind:?}, {past:?}");
        // what holds is worked out again when the field changes
        if past == Hold {
            let out = life().fills("2026-04-01 09:00", field, day("2026-05-12")).run();
            assert_eq!(out.mails(), "E 05-02 00:00", "{kind:?}");
        }
    }
}

#[test]
fn w_06_a_day_far_behind_a_birthday_may_be_that_of_last_year() {
    let (build, field) = ten_days_before(FieldKind::Birthday);
    let after = Until::Relative { field: Some(field), side: Side::After, span: days(100), time: None };
    let life = Life::of(build.wait_until("W", after)).submits("2026-01-05 09:00", "F");
    assert_eq!(life.with_field(field, day("1980-11-01")).run().mails(), "E 02-09 00:00");
}

#[test]
fn w_07_months_end_with_the_month() {
    let build = waits(Until::TimePasses(Span::new(1, Unit::Months)));
    for (at, sent) in [
        ("2026-01-31 09:00", "2026-02-28T09:00:00Z"),
        ("2026-03-31 09:00", "2026-04-30T09:00:00Z"),
        ("2026-02-28 09:00", "2026-03-28T09:00:00Z"),
        ("2028-01-31 09:00", "2028-02-29T09:00:00Z"),
        ("2028-02-29 09:00", "2028-03-29T09:00:00Z"),
    ] {
        let out = Life::of(build.clone()).submits(at, "F").until("2030-01-01").run();
        assert_eq!(out.sent_at(), [sent]);
    }
    let year = waits(Until::TimePasses(Span::new(12, Unit::Months)));
    let out = Life::of(year).submits("2028-02-29 09:00", "F").until("2030-01-01").run();
    assert_eq!(out.sent_at(), ["2029-02-28T09:00:00Z"]);
}

#[test]
fn w_08_a_goal_wait_takes_any_rule_of_time() {
    let wait = |until| {
        let build = Build::new().trigger_form("F").goal_tag("X").called("G").send("Goal").end();
        build.behind("G").gives_up(until).send("E").end()
    };
    // arrives on Monday at 09:00
    let wednesday = Weekdays::NONE.with(Weekday::Wed);
    for (until, sent) in [
        (some_days(7), "E 01-12 09:00"),
        (Until::DayOfWeek { days: wednesday, time: None }, "E 01-07 00:00"),
        (Until::Date { date: date("2026-01-01"), time: None }, "E 01-05 09:00"),
        (Until::TimeOfDay { time: time("08:00"), limit: None }, "E 01-06 08:00"),
        (delay(1, DelayUnit::Days, Weekdays::ALL, DelayTime::Any), "E 01-06 09:00"),
        // past, Keap's date timer is over too: nothing is skipped behind a goal's wait
        (Until::DateTimer { date: date("2026-01-01"), time: None }, "E 01-05 09:00"),
    ] {
        assert_eq!(enters(wait(until.clone())).run().mails(), sent, "{until:?}");
    }
    let nobody = Condition::HasTag(None);
    let life = enters(wait(Until::Conditions { condition: nobody, limit: None }));
    assert_eq!(life.tag("2026-02-01 10:00", "X").run().mails(), "Goal 02-01 10:00");
}

#[test]
fn k_10_at_least_so_long_then_the_next_allowed_day_and_time() {
    use DelayTime::{Any, At, Between};
    use DelayUnit::{Days, Hours, Minutes, Weeks};
    let office = Between(time("09:00"), time("17:00"));
    let night = Between(time("22:00"), time("06:00"));
    let round_the_clock = Between(time("09:00"), time("09:00"));
    for (count, unit, days, at, begins, ends) in [
        (1, Hours, Weekdays::WEEKDAYS, office, "2025-09-05 16:30", "E 09-08 09:00"),
        (1, Hours, Weekdays::WEEKDAYS, office, "2025-09-05 15:30", "E 09-05 16:30"),
        (15, Minutes, Weekdays::ALL, Any, "2025-09-05 23:50", "E 09-06 00:05"),
        (15, Minutes, Weekdays::WEEKDAYS, Any, "2025-09-05 23:50", "E 09-08 00:05"),
        (15, Minutes, Weekdays::ALL, At(time("12:00")), "2025-09-05 11:50", "E 09-06 12:00"),
        // without a time: the same time of day
        (1, Days, Weekdays::ALL, Any, "2025-09-01 23:50", "E 09-02 23:50"),
        (2, Weeks, Weekdays::ALL, Any, "2025-09-01 10:00", "E 09-15 10:00"),
        (1, Weeks, Weekdays::WEEKEND, At(time("10:00")), "2025-09-01 10:00", "E 09-13 10:00"),
        // days begin at 00:00
        (1, Days, Weekdays::ALL, office, "2025-09-01 23:50", "E 09-02 09:00"),
        // over midnight, and all day
        (1, Days, Weekdays::ALL, night, "2025-09-01 10:00", "E 09-02 00:00"),
        (1, Hours, Weekdays::ALL, round_the_clock, "2025-09-01 03:00", "E 09-01 04:00"),
        (1, Days, Weekdays::NONE, Any, "2025-09-01 10:00", ""),
    ] {
        let build = waits(delay(count, unit, days, at));
        assert_eq!(mail(&build, begins), ends, "{count} {unit:?} {days:?} {at:?} from {begins}");
    }
}

/// A sequence by Keap's rules: E1, three days, a field timer on the day itself, E2, a day, E3.
fn field_timer() -> (Build, FieldId) {
    let build = Build::new().rules(|rules| *rules = EngineRules::preset(Preset::Keap));
    let mut build = build.trigger_form("F");
    let field = build.field("Day", FieldKind::Date);
    let timer = Until::FieldTimer { field: Some(field), side: Side::After, span: days(0), time: None };
    let build = build.send("E1").hold("D", some_days(3)).hold("T", timer).send("E2");
    let build = build.hold("D2", some_days(1)).send("E3");
    (build.sequence("S", &["E1", "D", "T", "E2", "D2", "E3"]), field)
}

#[test]
fn k_10_a_field_timer_reads_its_field_on_entry_to_the_sequence_unless_switched() {
    for (reads, rest) in [
        (FieldTimerReads::Entry, "E2 01-20 00:00, E3 01-21 00:00"),
        (FieldTimerReads::Current, "E2 01-25 00:00, E3 01-26 00:00"),
    ] {
        let (build, field) = field_timer();
        let life = enters(build.rules(|rules| rules.field_timer_reads = reads));
        let life = life.with_field(field, day("2026-01-20"));
        let mails = life.fills("2026-01-06 10:00", field, day("2026-01-25")).run().mails();
        assert_eq!(mails, format!("E1 01-05 09:00, {rest}"));
    }
}

#[test]
fn k_10_a_field_timer_holds_while_its_field_is_empty_and_keeps_a_time_that_it_has() {
    let (build, field) = field_timer();
    assert_eq!(enters(build.clone()).run().rests(), "T");
    let filled = || enters(build.clone()).fills("2026-01-10 10:00", field, day("2026-01-20"));
    assert!(filled().run().mails().contains("E2 01-20 00:00"));
    let moved = filled().fills("2026-01-12 10:00", field, day("2026-01-25"));
    assert!(moved.run().mails().contains("E2 01-20 00:00"));
}

#[test]
fn k_10_a_field_timer_that_is_past_is_skipped_with_its_steps() {
    let (build, field) = field_timer();
    let out = enters(build).with_field(field, day("2026-01-06")).run();
    assert_eq!(out.told("skipped"), ["E2: passed over, the timer above it was past"]);
    assert_eq!(out.mails(), "E1 01-05 09:00, E3 01-09 09:00");
}
