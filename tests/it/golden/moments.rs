//! What happens at one instant, and in which order (M-12, M-13).

use gateline::base::time::{Span, Unit};
use gateline::model::{
    Checkout, EventFilter, EventType, FieldKind, Happening, List, Listener, Port, Provider, Until, Value,
};

use super::{Life, date, enters, some_days, time};
use crate::build::Build;

#[test]
fn m_12_what_actions_raise_waits_until_they_and_their_copies_rest_and_goes_first_in_first_out() {
    let build = Build::new().trigger_form("F").fork().called("Fork").add_tag("A").send("Left").end();
    let mut build = build.at("Fork", Port::Right).add_tag("B").send("Right").end();
    build.add_map("Second");
    let build = build.trigger_tag("A").send("on A").add_tag("C").exit();
    let build = build.trigger_tag("B").send("on B").exit();
    let build = build.trigger_tag("C").send("on C").exit();
    let build = build.trigger_tag("D").send("on D").exit();
    // the tag D comes from outside at the same instant
    let mails = enters(build).tag("2026-01-05 09:00", "D").run().mails();
    assert_eq!(mails.replace(" 01-05 09:00", ""), "Left, Right, on A, on B, on C, on D");
}

#[test]
fn m_12_a_position_that_is_let_go_by_a_timer_rests_before_the_event_is_handled_and_before_the_next_timer() {
    let build =
        Build::new().trigger_form("F").fork().called("Fork").wait_days(1).add_tag("A").send("Left").end();
    let build = build.at("Fork", Port::Right).wait_days(1).send("Right").end();
    let build = build.trigger_tag("A").send("on A").exit();
    assert_eq!(enters(build).run().mails().replace(" 01-06 09:00", ""), "Left, on A, Right");
}

const NOON: &str = "2026-02-05 12:00";

/// Who waits until noon of 5 February, by a map that lets events of that instant go first or not.
fn until_noon(build: Build, name: &str, events_first: bool) -> Build {
    let noon = Until::Date { date: date("2026-02-05"), time: Some(time("12:00")) };
    build
        .rules(|rules| rules.events_before_timers = events_first)
        .trigger_form("F")
        .wait(noon)
        .send(name)
        .end()
}

#[test]
fn m_13_all_that_can_happen_at_one_instant_in_its_order() {
    let mut build = until_noon(Build::new(), "Late", true);
    build.add_map("Early");
    build = until_noon(build, "Early", false);
    let field = build.field("Moment", FieldKind::DateTime);
    build = build.trigger_on(EventFilter::DateMatches(Some(field))).exit();
    build.item::<List>("Parcels", |list| list.leaves_after = Some(Span::new(31, Unit::Days)));
    build = build.settings(|settings| settings.abandon_after = Span::new(1, Unit::Days));
    let checkout =
        Checkout { reference: "".into(), products: vec![build.product("Book")], provider: Provider::PayPal };
    let order = build.instalments("1", "Course", 2);
    let noon = Life::of(build.clone()).instant(NOON);
    let life = enters(build)
        // what the account does by itself then
        .order("2026-01-05 12:00", order)
        .does::<List>("2026-01-05 12:00", "Parcels", Happening::ListAdded)
        .happens("2026-02-04 12:00", Happening::CheckoutStarted(checkout.into()))
        .fills("2026-01-05 12:00", field, Value::DateTime(noon))
        // what comes from outside
        .tag(NOON, "B")
        .tag(NOON, "A")
        .publishes(NOON, |build| build.behind("Early").send("New"));
    let out = life.run();
    let mut order = vec![];
    for step in out.story().lines().filter(|line| line.contains("2026-02-05T12:00:00Z")) {
        let told =
            ["published", "happened", "sent"].into_iter().find(|kind| step.contains(&format!(" {kind} ")));
        order.extend(told.map(|kind| step.split_once(kind).unwrap().1.trim().to_owned()));
    }
    assert_eq!(
        order,
        [
            "a new version of Early was published",
            "sent Early",
            "sent New",
            "tag B was added",
            "tag A was added",
            "payment 2 of order 1 was made",
            "left the list Parcels",
            "abandoned a checkout of Book at PayPal Standard",
            "the day in Moment came",
            "sent Late",
        ]
    );
}

#[test]
fn m_13_several_of_one_kind_of_the_account_by_order_list_start_and_rule() {
    let mut build = Build::new();
    let field = build.field("Day", FieldKind::Date);
    build = build.trigger_on(EventFilter::SpecificDate(Some(date("2026-02-05")))).exit();
    build = build.trigger_on(EventFilter::DateMatches(Some(field))).exit();
    for list in ["L1", "L2"] {
        build.item::<List>(list, |list| list.leaves_after = Some(Span::new(31, Unit::Days)));
    }
    let (first, second) = (build.instalments("1", "X", 2), build.instalments("2", "X", 2));
    let start = |build: &mut Build, product: &str| {
        let products = vec![build.product(product)];
        Happening::CheckoutStarted(
            Checkout { reference: "".into(), products, provider: Provider::PayPal }.into(),
        )
    };
    let (tea, soap) = (start(&mut build, "Tea"), start(&mut build, "Soap"));
    let life = Life::of(build)
        .fills("2026-01-05 00:00", field, Value::Date(date("2026-02-05")))
        .order("2026-01-05 00:00", first)
        .order("2026-01-05 00:00", second)
        .does::<List>("2026-01-05 00:00", "L2", Happening::ListAdded)
        .does::<List>("2026-01-05 00:00", "L1", Happening::ListAdded)
        .happens("2026-02-04 00:00", soap)
        .happens("2026-02-04 00:00", tea);
    let events = life.run().events();
    let there: Vec<_> =
        events.iter().filter(|event| event.starts_with("02-05 00:00 ")).map(|e| &e[12..]).collect();
    assert_eq!(
        there,
        [
            "payment 2 of order 1 was made",
            "bought X (payment 2)",
            "order 1 was completed",
            "payment 2 of order 2 was made",
            "bought X (payment 2)",
            "order 2 was completed",
            "left the list L1",
            "left the list L2",
            "abandoned a checkout of Soap at PayPal Standard",
            "abandoned a checkout of Tea at PayPal Standard",
            "the day in Day came",
            "5 Feb 2026 came",
        ]
    );
}

#[test]
fn m_13_timers_go_by_due_time_then_map_then_reading_order_then_age() {
    let noon = || Until::Date { date: date("2026-01-06"), time: Some(time("12:00")) };
    let mut build = Build::new();
    build.add_map("Second");
    build = build.trigger_form("F").wait(noon()).send("2 first").exit();
    build = build.trigger_form("G").wait(noon()).send("2 second").exit();
    // where cards lie means nothing
    for (name, x) in [("2 first", 900), ("2 second", -900)] {
        build.move_to(build.id(name), x, 0);
    }
    let build = build.on_first_map().trigger_form("F").wait(noon()).send("1").exit();
    let out = Life::of(build).submits("2026-01-05 08:00", "G").submits("2026-01-05 09:00", "F").run();
    assert_eq!(out.mails().replace(" 01-06 12:00", ""), "1, 2 first, 2 second");
    // of one wait the older position goes first
    let build = Build::new().trigger_form("F").hold("W", some_days(1)).exit();
    let out = enters(build).submits("2026-01-05 09:00", "F").run();
    let left = out.log.iter().filter(|line| line.entry.what.tag() == "left" && line.entry.position.is_some());
    let gone: Vec<_> = left.filter_map(|line| line.entry.position).collect();
    assert_eq!(gone[gone.len() - 4..], [0, 0, 1, 1]);
}

#[test]
fn m_13_events_from_outside_keep_the_order_in_which_they_are_given() {
    let run = |vip_first: bool| {
        let build = Build::new().trigger_form("F").if_tag("VIP").send("Yes").exit();
        let life = Life::of(build);
        let at = "2026-01-05 09:00";
        if vip_first { life.tag(at, "VIP").submits(at, "F") } else { life.submits(at, "F").tag(at, "VIP") }
            .run()
            .mails()
    };
    assert_eq!([run(true), run(false)], ["Yes 01-05 09:00", ""]);
}

#[test]
fn m_13_the_events_of_an_order_come_before_what_comes_next_from_outside() {
    let mut build = Build::new().trigger(Listener::trigger(EventType::Purchased)).send("Bought").exit();
    build = build.trigger_tag("A").send("Tag").exit();
    let order = build.order("1", "X");
    let life = Life::of(build).order("2026-01-05 09:00", order).tag("2026-01-05 09:00", "A");
    assert_eq!(life.run().mails().replace(" 01-05 09:00", ""), "Bought, Tag");
}

#[test]
fn m_13_creation_comes_first() {
    let build = Build::new().trigger(Listener::trigger(EventType::Created)).send("Hello").exit();
    let build = build.trigger_form("F").send("Form").exit();
    let out = enters(build).created("2026-01-05 09:00").run();
    assert_eq!(out.mails(), "Hello 01-05 09:00, Form 01-05 09:00");
}
