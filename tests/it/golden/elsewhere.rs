//! Rows of the other files again with other dates, shapes and zones: they are examples of the rules, not the rules.

use chrono::Weekday;
use chrono_tz::Tz;
use gateline::base::time::{Side, Span, Unit, Weekdays};
use gateline::model::rules::SplitDraw;
use gateline::model::{
    Condition, DelayTime, DelayUnit, ElementKind, EngineRules, EventFilter, EventType, FieldKind, IfOnMap,
    KeapPurchase, Listener, Port, Preset, Split, Until, Value, Who,
};

use super::{Life, codes, date, delay, map_n_in, monthly, some_days, time};
use crate::build::Build;

/// ont_g01 just before midnight around a leap day, in a zone of quarter hours.
#[test]
fn ont_g01_in_a_leap_year_in_kathmandu() {
    let out = Life::of(map_n_in(Tz::Asia__Kathmandu, |_| {}))
        .submits("2028-02-24 23:50", "F")
        .buys("2028-02-29 00:05", "X")
        .until("2028-12-31")
        .run();
    let mails = "E1 02-24 23:50, E2 02-26 23:50, E3 02-28 23:50, Welcome 02-29 00:05";
    assert_eq!(out.whole(), [mails, "G 02-29 00:05", "End 02-29 00:05"]);
    assert_eq!(out.sent_at()[3], "2028-02-28T18:20:00Z");
}

#[test]
fn ont_g02_over_the_change_of_clocks_in_chatham() {
    // 12:45 ahead, in summer 13:45: on 5 April 03:00 comes twice, and the first counts
    let out = Life::of(map_n_in(Tz::Pacific__Chatham, |_| {})).submits("2026-03-28 03:00", "F").run();
    let days = ["03-28", "03-30", "04-01", "04-03", "04-05", "04-07", "04-09", "04-11", "04-13", "04-15"];
    let mails: Vec<_> = (1..).zip(days).map(|(no, day)| format!("E{no} {day} 03:00")).collect();
    assert_eq!(out.whole(), [&mails.join(", "), "", "GW 04-15 03:00"]);
    assert_eq!(
        &out.sent_at()[3..6],
        ["2026-04-02T13:15:00Z", "2026-04-04T13:15:00Z", "2026-04-06T14:15:00Z"]
    );
}

/// ont_g04, ont_g08 and ont_g16 where the goal stands in the middle of a map with branches of both kinds.
#[test]
fn ont_g04_g08_and_g16_on_a_map_of_another_shape() {
    let map = |change: fn(&mut Listener)| {
        let build = Build::new().settings(|settings| settings.account_zone = Tz::America__St_Johns);
        let build =
            build.trigger_form("F").fork().called("Fork").if_tag("A").called("C").hold("W1", some_days(1));
        let build = build.goal_tag("X").called("G").wait_called("GW").listen("G", change).behind("G");
        let mut build = build.send("Hit").hold("Below", some_days(30)).end();
        build = build.at("C", Port::No).hold("W2", some_days(2)).called("W2");
        let target = build.target(build.id("W1"), Port::Next).unwrap();
        build.connect(build.id("W2"), Port::Next, target);
        build.at("Fork", Port::Right).hold("Beside", some_days(9)).send("Right").end().called("R")
    };
    let life = |change, at| {
        Life::of(map(change)).submits("2026-07-01 10:00", "F").tag(at, "X").until("2026-07-20").run()
    };
    // Move: one position is left
    let moved = ["Hit 07-02 10:00", "G 07-02 10:00", "Below 07-02 10:00"];
    assert_eq!(life(|_| {}, "2026-07-02 10:00").whole(), moved);
    assert_eq!(life(|goal| goal.who = Who::Upstream, "2026-07-02 10:00").whole(), moved);
    // only previous waits: still at W2, then at the goal's own wait
    let scope: fn(&mut Listener) = |goal| goal.who = Who::PreviousWaits;
    let not = ["Right 07-10 10:00", "", "GW 07-03 10:00, R 07-10 10:00"];
    assert_eq!(life(scope, "2026-07-02 10:00").whole(), not);
    let hit = ["Hit 07-03 10:01", "G 07-03 10:01", "Below 07-03 10:01"];
    assert_eq!(life(scope, "2026-07-03 10:01").whole(), hit);
    // Add: both others go on
    let added = life(|goal| goal.if_on_map = IfOnMap::Add, "2026-07-02 10:00").whole();
    let stands = "GW 07-03 10:00, R 07-10 10:00, Below 07-02 10:00";
    assert_eq!(added, ["Hit 07-02 10:00, Right 07-10 10:00", "G 07-02 10:00", stands]);
    // from below only where everybody on the map counts
    for (who, achieved) in [(Who::OnMap, "G 07-04 10:00, G 07-05 10:00"), (Who::Upstream, "G 07-04 10:00")] {
        let build = map(|_| {}).listen("G", |goal| goal.who = who);
        let life = Life::of(build).submits("2026-07-01 10:00", "F").tag("2026-07-04 10:00", "X");
        assert_eq!(life.tag("2026-07-05 10:00", "X").run().achieved(), achieved);
    }
}

/// ont_g17 to ont_g19 with another rule of time, another event and another zone.
#[test]
fn ont_g17_to_g19_with_a_day_of_the_week_on_lord_howe() {
    let build = || {
        let build = Build::new().settings(|settings| settings.account_zone = Tz::Australia__Lord_Howe);
        let sunday = Weekdays::NONE.with(Weekday::Sun);
        let until = Until::DayOfWeek { days: sunday, time: Some(time("02:10")) };
        let build = build.trigger_form("F").goal_on(EventFilter::CallLogged).called("G").send("Called").end();
        build.behind("G").gives_up(until).send("Silent").exit()
    };
    let call = gateline::model::Happening::CallLogged;
    // on 4 October clocks go from 02:00 to 02:30
    let life = |at: Option<&str>| {
        let life = Life::of(build()).submits("2026-10-01 12:00", "F");
        at.into_iter().fold(life, |life, at| life.happens(at, call.clone())).run().whole()
    };
    assert_eq!(life(None), ["Silent 10-04 02:30", "", ""]);
    assert_eq!(life(Some("2026-10-04 01:59")), ["Called 10-04 01:59", "G 10-04 01:59", "End 10-04 01:59"]);
    assert_eq!(life(Some("2026-10-04 02:30")), ["Called 10-04 02:30", "G 10-04 02:30", "End 10-04 02:30"]);
    assert_eq!(life(Some("2026-10-04 02:31")), ["Silent 10-04 02:30", "", ""]);
}

/// ont_g24 from the last day of a month on, with a payment that fails and is made later.
#[test]
fn ont_g24_from_the_end_of_a_month_with_a_declined_payment() {
    let build = map_n_in(Tz::UTC, |_| {});
    let life = Life::of(build).submits("2026-01-31 08:00", "F").orders("2026-01-31 09:00", &["X"], |order| {
        order.reference = "7".into();
        let mut plan = monthly(4);
        plan.declined = vec![3];
        order.plan = Some(plan);
    });
    let out = life.pays("2026-04-02 12:00", "7").run();
    assert_eq!(out.achieved(), "G 01-31 09:00, G 02-28 09:00, G 04-02 12:00, G 04-30 09:00");
    assert_eq!(out.stands(), "End 04-30 09:00");
}

/// ont_s02 with three paths, and contacts who come one by one and twice.
#[test]
fn ont_s02_with_three_paths_and_contacts_who_come_again() {
    let mut build = Build::new().trigger_form("F");
    build = build.then(ElementKind::Split(Split { shares: vec![2_000, 5_000, 3_000] })).called("S");
    for (path, mail) in ["A", "B", "C"].iter().enumerate() {
        build = build.at("S", Port::path(path)).send(mail).exit();
    }
    let build = build.rules(|rules| rules.split_draw = SplitDraw::Balanced);
    let life = (0..10).fold(Life::of(build), |life, no| {
        let life = if no == 0 { life } else { life.another() };
        let life = life.submits(&format!("2026-05-{:02} 09:00", 20 - no), "F");
        life.submits(&format!("2026-06-{:02} 09:00", 1 + no), "F")
    });
    let outs = life.run_all();
    let sent = ["A", "B", "C"].map(|mail| outs.iter().map(|out| out.sent(mail, "2027-01-01")).sum::<usize>());
    assert_eq!(sent, [4, 10, 6]);
    let in_may =
        ["A", "B", "C"].map(|mail| outs.iter().map(|out| out.sent(mail, "2026-05-31")).sum::<usize>());
    assert_eq!(in_may, [2, 5, 3]);
}

/// ont_s05 to ont_s07 with a fork in each branch of a fork.
#[test]
fn ont_s05_to_s07_with_forks_in_forks() {
    let build =
        Build::new().trigger_form("F").fork().called("1").fork().called("2").hold("a", some_days(1)).exit();
    let build = build.at("2", Port::Right).hold("b", some_days(2)).send("B").end();
    let build = build.at("1", Port::Right).fork().called("3").exit();
    let build = build.at("3", Port::Right).send("C").end().called("c End");
    let out = |until| Life::of(build.clone()).submits("2026-12-30 18:00", "F").until(until).run();
    assert_eq!(out("2026-12-31").stands(), "a 12-30 18:00, b 12-30 18:00, c End 12-30 18:00");
    assert_eq!(
        out("2027-02-01").whole(),
        ["C 12-30 18:00, B 01-01 18:00", "", "End 01-01 18:00, c End 12-30 18:00"]
    );
}

/// ont_s12 where the circle runs over a condition that lets some out and a wait that holds nobody.
#[test]
fn ont_s12_with_a_wait_that_holds_nobody() {
    let build = Build::new().trigger_form("F").send("A").if_tag("Out").called("C").exit();
    let build = build
        .at("C", Port::No)
        .send("B")
        .hold("W", Until::Conditions { condition: Condition::default(), limit: None });
    let build = build.go_to("A");
    let out = Life::of(build.clone()).submits("2026-01-05 09:00", "F").run();
    assert!(out.told("dropped")[0].ends_with("a loop without a wait"));
    let out = Life::of(build).with_tag("Out").submits("2026-01-05 09:00", "F").run();
    assert_eq!(out.whole(), ["A 01-05 09:00", "", ""]);
}

/// ont_s16 where the other map ends in an End for some, and adds on to a third.
#[test]
fn ont_s16_with_a_map_that_adds_to_a_third() {
    let mut build = Build::new().hold("Third", some_days(3)).exit();
    let third = build.map;
    let second = build.add_map("Second");
    build = build.action(gateline::model::Action::AddToMap(Some(third))).send("Second").exit();
    build.add_map("First");
    build =
        build.trigger_form("F").action(gateline::model::Action::AddToMap(Some(second))).send("First").end();
    let out = Life::of(build).submits("2026-02-27 09:00", "F").run();
    assert_eq!(out.whole(), ["Second 03-02 09:00, First 03-02 09:00", "", "End 03-02 09:00"]);
}

/// ont_w01 and ont_w08 with other fields, sides and spans.
#[test]
fn ont_w01_and_w08_after_a_date_and_time_in_sydney() {
    let build = Build::new().settings(|settings| settings.account_zone = Tz::Australia__Sydney);
    let mut build = build.trigger_form("F");
    let field = build.field("Call", FieldKind::DateTime);
    let until = Until::Relative {
        field: Some(field),
        side: Side::After,
        span: Span::new(2, Unit::Months),
        time: None,
    };
    let build = build.hold("W", until).send("E").end();
    let moment = |at: &str| Value::DateTime(at.parse().unwrap());
    let life = || Life::of(build.clone()).submits("2026-01-05 09:00", "F");
    assert_eq!(life().run().whole(), ["", "", "W 01-05 09:00"]);
    // 31 December 15:30 in Sydney; two months later February ends
    let filled = || life().fills("2026-01-06 09:00", field, moment("2025-12-31T04:30:00Z"));
    assert_eq!(filled().run().whole(), ["E 02-28 15:30", "", "End 02-28 15:30"]);
    let moved = filled().fills("2026-02-01 09:00", field, moment("2026-02-02T04:30:00Z"));
    assert_eq!(moved.run().sent_at(), ["2026-04-02T04:30:00Z"]);
}

#[test]
fn ont_w03_of_several_days_in_tokyo() {
    let days = Weekdays::NONE.with(Weekday::Tue).with(Weekday::Sat);
    let build = Build::new().settings(|settings| settings.account_zone = Tz::Asia__Tokyo);
    let build =
        build.trigger_form("F").wait(Until::DayOfWeek { days, time: Some(time("23:30")) }).send("E").exit();
    for (at, sent) in [
        ("2028-02-29 23:29", "E 02-29 23:30"), // a Tuesday
        ("2028-02-29 23:31", "E 03-04 23:30"),
        ("2028-03-04 23:30", "E 03-04 23:30"),
        ("2028-03-05 00:00", "E 03-07 23:30"),
    ] {
        let out = Life::of(build.clone()).submits(at, "F").until("2028-12-31").run();
        assert_eq!(out.whole(), [sent, "", ""], "{at}");
    }
}

/// ont_w07 the other way round: clocks go back, in Berlin.
#[test]
fn ont_w07_when_clocks_go_back_in_berlin() {
    for (count, unit, sent) in [(36, Unit::Hours, "E 10-25 20:00"), (1, Unit::Days, "E 10-25 09:00")] {
        let build = Build::new().settings(|settings| settings.account_zone = Tz::Europe__Berlin);
        let build = build.trigger_form("F").wait(Until::TimePasses(Span::new(count, unit))).email("E").exit();
        assert_eq!(Life::of(build).submits("2026-10-24 09:00", "F").run().mails(), sent);
    }
}

/// ont_l02, ont_l03 and ont_l06 in one publication, of a map with a condition.
#[test]
fn ont_l02_l03_and_l06_in_one_publication() {
    let build =
        Build::new().trigger_form("F").if_tag("A").called("C").hold("W1", some_days(5)).send("E1").end();
    let build = build.at("C", Port::No).hold("W2", some_days(5)).send("E2").end().called("End 2");
    let change =
        |build: Build| build.without("W1").without("End 2").behind("W2").send("New").behind("E2").exit();
    let life = Life::of(build)
        .with_tag("A")
        .submits("2026-11-01 08:00", "F")
        .another()
        .submits("2026-11-01 08:00", "F");
    let life = life.another().submits("2026-10-20 08:00", "F");
    let outs = life.publishes("2026-11-03 12:00", change).run_all();
    let whole: Vec<_> = outs.iter().map(super::Outcome::whole).collect();
    assert_eq!(whole[0], [""; 3]);
    assert_eq!(whole[1], ["New 11-06 08:00, E2 11-06 08:00", "", ""]);
    assert_eq!(whole[2], ["E2 10-25 08:00", "", ""]);
    assert_eq!(outs[2].count("removed"), 1);
}

/// keap_01 and keap_16 with three sequences, purchase goals between them, and an order that fits both.
#[test]
fn keap_01_with_two_goals_in_a_row_in_los_angeles() {
    let build = Build::new().rules(|rules| *rules = EngineRules::preset(Preset::Keap));
    let build = build.settings(|settings| settings.account_zone = Tz::America__Los_Angeles);
    let eight = |count| delay(count, DelayUnit::Weekdays, Weekdays::ALL, DelayTime::At(time("08:00")));
    let mut build = build.trigger_form("F").hold("D1", eight(1)).send("A1").sequence("A", &["D1", "A1"]);
    let buys = |build: &mut Build, product: &str| {
        let ticked = KeapPurchase { products: vec![build.product(product)], ..KeapPurchase::default() };
        Listener::goal(EventType::KeapPurchase).hearing(EventFilter::KeapPurchase(ticked))
    };
    let (first, second) = (buys(&mut build, "Lamp"), buys(&mut build, "Desk"));
    let build = build.behind("A1").goal(first).called("G1").send("B1").hold("D2", eight(2)).send("B2");
    let build = build.sequence("B", &["B1", "D2", "B2"]).behind("B2").goal(second).called("G2").send("Z");
    let build = build.sequence("Z", &["Z"]);
    // Friday evening before clocks go forward
    let life = || Life::of(build.clone()).submits("2026-03-06 18:00", "F");
    let out = life().orders("2026-03-07 10:00", &["Lamp", "Lamp"], |_| {}).run();
    let mails = "B1 03-07 10:00, B2 03-10 08:00";
    assert_eq!(out.mails(), mails);
    assert_eq!(
        out.phases(),
        "A started 03-06 18:00, A stopped 03-07 10:00, B started 03-07 10:00, B queued 03-10 08:00"
    );
    // one order over both: each goal in turn, the second from where the first has put the contact
    let out = life().orders("2026-03-07 10:00", &["Desk", "Lamp"], |_| {}).run();
    assert_eq!(
        out.whole(),
        ["B1 03-07 10:00, Z 03-07 10:00", "G1 03-07 10:00, G2 03-07 10:00", "Z 03-07 10:00"]
    );
    // the second product alone skips B
    let out = life().buys("2026-03-09 09:00", "Desk").run();
    assert_eq!(out.whole(), ["A1 03-09 08:00, Z 03-09 09:00", "G2 03-09 09:00", "Z 03-09 09:00"]);
    assert_eq!(
        out.phases(),
        "A started 03-06 18:00, A queued 03-09 08:00, A stopped 03-09 09:00, Z started 03-09 09:00, Z done 03-09 09:00"
    );
    assert_eq!(codes(&build).iter().filter(|code| code.contains("loop")).count(), 0);
}

/// keap_27 and keap_29 at the ends of a month and a year, and where clocks change.
#[test]
fn keap_27_and_29_at_other_dates() {
    let over = |zone, until, begins: &str| {
        let build = Build::new().settings(|settings| settings.account_zone = zone);
        let build = build.trigger_form("F").wait(until).email("E").exit();
        Life::of(build).submits(begins, "F").until("2028-12-31").run().mails()
    };
    let at = |hour| DelayTime::At(time(hour));
    let all = Weekdays::ALL;
    let one_day = || delay(1, DelayUnit::Days, all, at("00:10"));
    assert_eq!(over(Tz::UTC, one_day(), "2027-12-31 23:59"), "E 01-01 00:10");
    assert_eq!(over(Tz::UTC, one_day(), "2028-02-28 00:00"), "E 02-29 00:10");
    let weekdays = |count| delay(count, DelayUnit::Weekdays, all, at("02:30"));
    // Friday to Monday, Saturday to Monday; on Sunday 8 March 02:30 does not exist in New York
    assert_eq!(over(Tz::America__New_York, weekdays(1), "2026-03-06 10:00"), "E 03-09 02:30");
    assert_eq!(over(Tz::America__New_York, weekdays(1), "2026-03-07 10:00"), "E 03-09 02:30");
    let half_past_two = delay(1, DelayUnit::Days, all, at("02:30"));
    assert_eq!(over(Tz::America__New_York, half_past_two, "2026-03-07 10:00"), "E 03-08 03:00");
    assert_eq!(over(Tz::UTC, weekdays(10), "2026-12-21 10:00"), "E 01-04 02:30");
}

/// keap_26 with two steps put in, at the top and further down, and contacts at other places.
#[test]
fn keap_26_with_a_step_at_the_top_and_one_at_the_end() {
    let build = Build::new().rules(|rules| *rules = EngineRules::preset(Preset::Keap)).trigger_form("F");
    let build = build.hold("D1", some_days(1)).send("E1").hold("D2", some_days(10)).send("E2");
    let build = build.sequence("S", &["D1", "E1", "D2", "E2"]).behind("E2").goal_tag("X").called("G").end();
    let change = |build: Build| {
        let build = build.behind("D1").send("Early").behind("D2").send("Late");
        assert_eq!(build.steps("S"), ["D1", "Early", "E1", "D2", "Late", "E2"]);
        build
    };
    let life = Life::of(build).submits("2026-04-01 09:00", "F");
    let life = life.another().submits("2026-03-29 09:00", "F").another().submits("2026-03-20 09:00", "F");
    let outs = life.publishes("2026-04-06 09:00", change).run_all();
    let mails: Vec<_> = outs.iter().map(super::Outcome::mails).collect();
    assert_eq!(
        mails,
        [
            // four days late
            "E1 04-02 09:00, Early 04-06 09:00, Late 04-12 09:00, E2 04-12 09:00",
            // seven days late, to the minute
            "E1 03-30 09:00, Early 04-06 09:00, Late 04-09 09:00, E2 04-09 09:00",
            // due on 21 March: too late; on 31 March: six days
            "E1 03-21 09:00, E2 03-31 09:00, Late 04-06 09:00",
        ]
    );
}

/// keap_20 and keap_22 with three ways, one of them for everyone.
#[test]
fn keap_20_with_three_ways() {
    let mut build = Build::new().trigger_form("F");
    let has = |build: &mut Build, tag: &str| Condition::HasTag(Some(build.tag(tag)));
    let rules = vec![
        has(&mut build, "A"),
        Condition::None(vec![has(&mut build, "A"), has(&mut build, "B")]),
        Condition::default(),
    ];
    let ways = |policy| {
        let mut build = build.clone().branches(policy, rules.clone()).called("D");
        for (way, mail) in ["1", "2", "3"].iter().enumerate() {
            build = build.at("D", Port::branch(way)).send(mail).exit();
        }
        build
    };
    let mails = |policy, tags: &[&str]| {
        let life = tags.iter().fold(Life::of(ways(policy)), |life, tag| life.with_tag(tag));
        life.submits("2026-01-05 09:00", "F").run().mails().replace(" 01-05 09:00", "")
    };
    use gateline::model::BranchPolicy::{AllMatching, FirstMatch};
    assert_eq!(
        [mails(AllMatching, &["A"]), mails(AllMatching, &["B"]), mails(AllMatching, &[])],
        ["1, 3", "3", "2, 3"]
    );
    assert_eq!(
        [mails(FirstMatch, &["A"]), mails(FirstMatch, &["B"]), mails(FirstMatch, &[])],
        ["1", "3", "2"]
    );
}

/// Date timers of keap_30 with a time of day, one that is just now, and a month's last days.
#[test]
fn keap_30_with_times_of_day() {
    let timer = |day, at| Until::DateTimer { date: date(day), time: Some(time(at)) };
    let build = Build::new().trigger_form("F").hold("T1", timer("2026-01-31", "09:00")).send("Jan");
    let build =
        build.hold("T2", timer("2026-02-28", "09:00")).send("Feb").hold("T3", timer("2026-03-31", "09:00"));
    let build = build.send("Mar").sequence("S", &["T1", "Jan", "T2", "Feb", "T3", "Mar"]);
    for (at, sent) in [
        ("2026-01-31 09:00", "Jan 01-31 09:00, Feb 02-28 09:00, Mar 03-31 09:00"),
        ("2026-01-31 09:01", "Feb 02-28 09:00, Mar 03-31 09:00"),
        ("2026-02-28 09:01", "Mar 03-31 09:00"),
        ("2026-03-31 09:01", ""),
    ] {
        assert_eq!(Life::of(build.clone()).submits(at, "F").run().mails(), sent, "{at}");
    }
}
