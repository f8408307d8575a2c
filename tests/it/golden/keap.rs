//! The purchase goal, sequences, branches and timers of Keap (semantics §4).

use chrono::{NaiveDate, NaiveTime};
use gateline::base::time::{Span, Unit, Weekdays};
use gateline::engine::explain::Reason;
use gateline::engine::log::{Fault, Phase, Skip, What};
use gateline::model::catalogue::Shelved;
use gateline::model::{
    BranchPolicy, CardOutcome, Choice, Condition, Delay, DelayTime, DelayUnit, ElementKind, EngineRules,
    EventFilter, EventType, FirstPayment, Happening, KeapPurchase, Listener, Order, OrderSource, PaymentKind,
    PaymentPlan, PlanKind, Point, Port, Preset, Product, Sequence, Until, Wait, Who,
};
use gateline::session::command::{Command, Spot};
use gateline::session::impact::Impact;

use super::edits::impact_at;
use super::{Life, Outcome, instant, publish, switch};
use crate::build::Build;

/// K-10: a delay timer that ends at nine.
fn delay(count: u32, unit: DelayUnit) -> Until {
    delay_at(count, unit, 9)
}

fn delay_at(count: u32, unit: DelayUnit, hour: u32) -> Until {
    let time = DelayTime::At(NaiveTime::from_hms_opt(hour, 0, 0).unwrap());
    Until::Delay(Delay { count, unit, days: Weekdays::ALL, time })
}

fn days(count: u32) -> Until {
    Until::Delay(Delay { count, unit: DelayUnit::Days, days: Weekdays::ALL, time: DelayTime::Any })
}

fn purchase(purchase: KeapPurchase) -> Listener {
    Listener::goal(EventType::KeapPurchase).hearing(EventFilter::KeapPurchase(purchase))
}

/// A map with the ways of Keap and its web form.
fn keap() -> Build {
    let mut build = Build::new();
    switch(&mut build, |rules| *rules = EngineRules::preset(Preset::Keap));
    build.trigger_form("Web form")
}

/// Three mails three days apart, which are sequence S1.
fn s1(build: Build) -> Build {
    let build = build.email("E1").called("E1").wait(delay(3, DelayUnit::Days)).called("T1").email("E2");
    let build = build.called("E2").wait(delay(3, DelayUnit::Days)).called("T2").email("E3").called("E3");
    build.sequence("S1", &["E1", "T1", "E2", "T2", "E3"])
}

/// A welcome mail and a tag, which are sequence S2.
fn s2(build: Build) -> Build {
    build.email("W").called("W").add_tag("Buyer").called("Buyer").sequence("S2", &["W", "Buyer"])
}

/// Map KA: web form → S1 → G1, the purchase goal → S2.
fn ka(what: impl FnOnce(&mut Build) -> KeapPurchase) -> Build {
    ka_with(what, |_| {})
}

fn ka_with(what: impl FnOnce(&mut Build) -> KeapPurchase, change: impl FnOnce(&mut Listener)) -> Build {
    let mut build = s1(keap());
    let mut goal = purchase(what(&mut build));
    change(&mut goal);
    s2(build.goal(goal).called("G1"))
}

fn product_p(build: &mut Build) -> KeapPurchase {
    KeapPurchase { products: vec![build.product("P")], ..KeapPurchase::default() }
}

/// Enters Monday 2025-09-01 09:00.
fn enters(build: Build) -> Life {
    Life::of(build).submits("2025-09-01 09:00", "Web form").until("2026-01-01")
}

const NURTURED: &str = "E1 09-01 09:00, E2 09-04 09:00, E3 09-07 09:00";

#[test]
fn keap_01_a_purchase_stops_the_sequence_above_and_starts_the_one_below() {
    let build = ka(product_p);
    let (s1, s2) = (build.sequence_called("S1").id, build.sequence_called("S2").id);
    let buyer = build.project.catalogue.find::<gateline::model::Tag>("Buyer").unwrap();
    let out = enters(build).buys("2025-09-05 12:00", "P").run();
    assert_eq!(out.achieved(), "G1 09-05 12:00");
    assert_eq!(out.mails(), "E1 09-01 09:00, E2 09-04 09:00, W 09-05 12:00");
    assert!(out.says(&What::Changed(Happening::TagAdded(buyer))));
    let at_goal = out.log.iter().filter(|line| line.entry.at == out.at("2025-09-05 12:00"));
    let phases: Vec<_> = at_goal
        .filter_map(|line| match line.entry.what {
            What::Sequence(sequence, phase) => Some((sequence, phase)),
            _ => None,
        })
        .collect();
    assert_eq!(phases, [(s1, Phase::Stopped), (s2, Phase::Started), (s2, Phase::Done)]);
}

#[test]
fn keap_02_who_was_never_on_the_map_gets_nothing() {
    let out = Life::of(ka(product_p)).buys("2025-09-05 12:00", "P").run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("", ""));
    assert_eq!(out.reason("G1"), Some(10));
}

#[test]
fn keap_03_any_contact_makes_the_goal_an_entry_point() {
    let build = ka_with(product_p, |goal| goal.who = Who::AnyContact);
    let out = Life::of(build).buys("2025-09-05 12:00", "P").run();
    assert_eq!((out.achieved().as_str(), out.mails().as_str()), ("G1 09-05 12:00", "W 09-05 12:00"));
    assert_eq!(out.activations("G1", "2025-09-06"), 1);
    assert_eq!(out.states("S1", "2025-09-06"), [0, 0, 0]);
    assert_eq!(out.states("S2", "2025-09-06"), [0, 0, 1]);
}

#[test]
fn keap_04_a_goal_with_nothing_above_is_an_entry_point() {
    let mut build = keap();
    let goal = purchase(product_p(&mut build));
    build.last = build.insert(ElementKind::Goal(goal), Spot::At(Point { x: 600, y: 0 }));
    build.port = Port::Next;
    let out = Life::of(s2(build.called("G1"))).buys("2025-09-05 12:00", "P").run();
    assert_eq!((out.achieved().as_str(), out.mails().as_str()), ("G1 09-05 12:00", "W 09-05 12:00"));
}

#[test]
fn keap_05_another_product_leaves_the_contact_in_its_sequence() {
    let out = enters(ka(product_p)).buys("2025-09-05 12:00", "Q").run();
    assert_eq!((out.mails().as_str(), out.achieved().as_str()), (NURTURED, ""));
    assert_eq!(out.reason("G1"), Some(6));
}

#[test]
fn keap_06_a_product_in_a_category() {
    let build = ka(|build| {
        let seminars = build.thing::<gateline::model::Category>("Seminars");
        let p = build.product("P");
        build.run(Command::PutItem(Product { categories: vec![seminars], ..Product::new(p, "P") }.into()));
        KeapPurchase { categories: vec![seminars], ..KeapPurchase::default() }
    });
    let out = enters(build.clone()).buys("2025-09-05 12:00", "P").run();
    assert_eq!(out.achieved(), "G1 09-05 12:00");
    let out = enters(build).buys("2025-09-05 12:00", "Q").run();
    assert_eq!((out.achieved().as_str(), out.reason("G1")), ("", Some(7)));
}

#[test]
fn keap_07_an_order_form() {
    let mut build = ka(|build| KeapPurchase { forms: vec![build.form("F1")], ..KeapPurchase::default() });
    let (f1, f2) = (build.form("F1"), build.form("F2"));
    let by =
        |form| move |order: &mut Order| (order.source, order.form) = (OrderSource::OrderForm, Some(form));
    let life = enters(build).orders("2025-09-02 12:00", &["P"], by(f2)).buys("2025-09-03 12:00", "P");
    let out = life.orders("2025-09-05 12:00", &["P"], by(f1)).run();
    assert_eq!(out.achieved(), "G1 09-05 12:00");
    assert_eq!(reasons(&out), [Some(8), Some(8), None]);
}

/// Why each event that could have achieved the goal did not; `None`: it did.
fn reasons(out: &Outcome) -> Vec<Option<u8>> {
    let chances = out.why("G1").chances;
    chances.iter().map(|chance| chance.failed().map(|check| check.reason.number())).collect()
}

#[test]
fn keap_08_any_purchase_counts_a_manual_order_paid_cash() {
    let out = enters(ka(|_| KeapPurchase { any: true, ..KeapPurchase::default() }))
        .orders("2025-09-05 12:00", &["Q"], |order| order.method = PaymentKind::Cash)
        .run();
    assert_eq!(out.achieved(), "G1 09-05 12:00");
}

#[test]
fn keap_09_instalments_achieve_once_at_the_first() {
    let out = enters(ka(product_p))
        .orders("2025-09-02 12:00", &["P"], |order| {
            order.plan = Some(PaymentPlan {
                kind: PlanKind::Payments,
                payments: Some(3),
                every: Some(Span::new(1, Unit::Months)),
                declined: vec![],
            });
        })
        .run();
    assert_eq!(out.achieved(), "G1 09-02 12:00");
    let chances = out.why("G1").chances;
    let at: Vec<_> = chances.iter().map(|chance| chance.at).collect();
    assert_eq!(at, ["2025-09-02 12:00", "2025-10-02 12:00", "2025-11-02 12:00"].map(|at| out.at(at)));
    assert_eq!(reasons(&out), [None, Some(5), Some(5)]);
}

#[test]
fn keap_11_two_products_in_one_order_are_one_achievement() {
    let build = ka(|build| KeapPurchase {
        products: vec![build.product("P"), build.product("P2")],
        ..KeapPurchase::default()
    });
    let out = enters(build).orders("2025-09-05 12:00", &["P", "P2"], |_| {}).run();
    assert_eq!((out.achieved().as_str(), out.sent("W", "2026-01-01")), ("G1 09-05 12:00", 1));
}

#[test]
fn keap_12_an_order_of_the_api_counts_from_when_it_is_paid() {
    let life = |until| {
        enters(ka(product_p))
            .orders("2025-09-02 12:00", &["P"], |order| {
                order.reference = "1".into();
                (order.source, order.payment) = (OrderSource::Api, FirstPayment::Unpaid);
            })
            .happens("2025-09-06 10:00", Happening::Payment { reference: "1".into(), declined: false })
            .until(until)
            .run()
    };
    assert_eq!(life("2025-09-03").reason("G1"), Some(4));
    let out = life("2026-01-01");
    assert_eq!(out.achieved(), "G1 09-06 10:00");
    assert_eq!(out.mails(), "E1 09-01 09:00, E2 09-04 09:00, W 09-06 10:00");
    assert_eq!(reasons(&out), [Some(4), None]);
}

#[test]
fn keap_13_a_card_that_is_declined_achieves_the_goal_that_waits_for_it() {
    let mut build = ka(product_p);
    let wait = build.map().wait_of(build.id("G1")).unwrap();
    let on = EventFilter::Card(CardOutcome::Declined);
    let declined = Listener { on, ..Listener::goal(EventType::Card) };
    build.last = build.insert(ElementKind::Goal(declined), Spot::UnderWait(wait));
    build.port = Port::Next;
    let out = enters(build.called("Declined").email("Try again"))
        .orders("2025-09-02 12:00", &["P"], |order| order.payment = FirstPayment::Declined)
        .run();
    assert_eq!((out.achieved().as_str(), out.reason("G1")), ("Declined 09-02 12:00", Some(4)));
    assert_eq!(out.mails(), "E1 09-01 09:00, Try again 09-02 12:00");
}

#[test]
fn keap_15_kinds_of_payment() {
    let build = ka(|build| KeapPurchase {
        payments: Choice::OneOf(vec![PaymentKind::Check, PaymentKind::Cash]),
        ..product_p(build)
    });
    for (method, achieved, reason) in
        [(PaymentKind::Cash, "G1 09-05 12:00", None), (PaymentKind::PayPal, "", Some(9))]
    {
        let life = enters(build.clone());
        let out = life.orders("2025-09-05 12:00", &["P"], |order| order.method = method).run();
        assert_eq!((out.achieved().as_str(), out.reason("G1")), (achieved, reason));
    }
}

#[test]
fn keap_16_a_goal_further_down_skips_the_sequence_between() {
    let mut build = s1(keap()).email("Second").called("Second").wait(days(1)).called("T3");
    build = build.sequence("S2", &["Second", "T3"]);
    let on = EventFilter::TagAdded(Some(build.tag("X")));
    let goal = Listener { on, who: Who::Upstream, ..Listener::goal(EventType::TagAdded) };
    let build = build.goal(goal).called("G2").email("Third").called("Third").sequence("S3", &["Third"]);
    let out = enters(build).tag("2025-09-05 12:00", "X").run();
    assert_eq!(out.achieved(), "G2 09-05 12:00");
    assert_eq!(out.mails(), "E1 09-01 09:00, E2 09-04 09:00, Third 09-05 12:00");
    for (sequence, states) in [("S1", [0, 0, 0]), ("S2", [0, 0, 0]), ("S3", [0, 0, 1])] {
        assert_eq!(out.states(sequence, "2025-10-01"), states, "{sequence}");
    }
}

#[test]
fn keap_17_a_sequence_that_runs_until_completed_is_not_stopped() {
    let mut build = ka(product_p);
    let sequence = Sequence { runs_until_completed: true, ..build.sequence_called("S1").clone() };
    build.run(Command::SetSequence { map: build.map, sequence });
    let life = || enters(build.clone()).buys("2025-09-05 12:00", "P");
    assert_eq!(life().until("2025-09-06").run().rests(), "T2, Buyer"); // one contact, two positions
    let out = life().run();
    assert_eq!(out.mails(), "E1 09-01 09:00, E2 09-04 09:00, W 09-05 12:00, E3 09-07 09:00");
    assert_eq!((out.rests().as_str(), out.achieved().as_str()), ("E3, Buyer", "G1 09-05 12:00"));
    expect_test::expect_file!["keap_17.txt"].assert_eq(&out.story());
}

/// A diamond that asks for the tags Red and Blue; without `rules` it was never opened.
fn diamond(policy: BranchPolicy, rules: bool) -> Build {
    let mut build = keap();
    let tags = [build.tag("Red"), build.tag("Blue")];
    let rule = |tag| if rules { Condition::HasTag(Some(tag)) } else { Condition::default() };
    let build = build.branches(policy, tags.map(rule).into()).called("D").email("Sx");
    let build = build.at("D", Port::branch(1)).email("Sy");
    match policy {
        BranchPolicy::FirstMatch => build.at("D", Port::Other).email("Other"),
        _ => build,
    }
}

#[test]
fn keap_20_all_ways_whose_rule_holds_and_none_falls_out() {
    let out = enters(diamond(BranchPolicy::AllMatching, true)).with_tag("Red").with_tag("Blue").run();
    assert_eq!(out.mails(), "Sx 09-01 09:00, Sy 09-01 09:00");
    let out = enters(diamond(BranchPolicy::AllMatching, true)).run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("", ""));
    assert!(out.says(&What::Dropped(Fault::NoBranch)));
    // a way without rules takes everyone
    let out = enters(diamond(BranchPolicy::AllMatching, false)).run();
    assert_eq!(out.mails(), "Sx 09-01 09:00, Sy 09-01 09:00");
    // first match: one way, and Other for the rest
    let out = enters(diamond(BranchPolicy::FirstMatch, true)).with_tag("Red").with_tag("Blue").run();
    assert_eq!(out.mails(), "Sx 09-01 09:00");
    assert_eq!(enters(diamond(BranchPolicy::FirstMatch, true)).run().mails(), "Other 09-01 09:00");
}

/// Which policy a new branching element has is the switch of a map.
#[test]
fn k_09_a_new_branching_element_follows_its_map() {
    for (preset, policy) in
        [(Preset::Keap, BranchPolicy::AllMatching), (Preset::Maestra, BranchPolicy::FirstMatch)]
    {
        let kind = EngineRules::preset(preset).start(ElementKind::Condition(Condition::default()));
        assert!(matches!(kind, ElementKind::Branches(branches) if branches.policy == policy));
    }
    let yes_no = ElementKind::Condition(Condition::default());
    assert_eq!(EngineRules::preset(Preset::Ontraport).start(yes_no.clone()), yes_no);
}

#[test]
fn keap_22_two_negatives_joined_by_or_keep_out_only_who_has_both() {
    for (tags, passes) in [(&[][..], true), (&["1"], true), (&["2"], true), (&["1", "2"], false)] {
        let mut build = keap();
        let negatives = [build.tag("1"), build.tag("2")].map(|tag| Condition::HasNotTag(Some(tag)));
        let build = build.then(ElementKind::Condition(Condition::Any(negatives.into()))).called("C");
        // the map of Keap makes ways of it; yes or no is asked for here
        let life = enters(build.email("Yes"));
        let life = tags.iter().fold(life, |life, tag| life.with_tag(tag));
        assert_eq!(life.run().mails() == "Yes 09-01 09:00", passes, "{tags:?}");
    }
}

/// A mail, a long wait, and from 5 September a goal for the tag X behind it.
fn tag_goal(place_matching: bool) -> Build {
    let mut build = keap().email("E1").wait_days(60).called("T").end();
    build.run(Command::Publish { map: build.map, at: None, place_matching: false });
    let on = EventFilter::TagAdded(Some(build.tag("X")));
    let goal = Listener { on, ..Listener::goal(EventType::TagAdded) };
    let mut build = build.at("T", Port::Next).goal(goal).called("G").email("W");
    let at = Some(instant(&build, "2025-09-05 12:00"));
    build.run(Command::Publish { map: build.map, at, place_matching });
    build
}

#[test]
fn keap_23_publishing_a_goal_does_not_achieve_it_unless_asked_for() {
    let mut build = tag_goal(false);
    let x = build.tag("X");
    let life = enters(build).with_tag("X").happens("2025-09-06 12:00", Happening::TagRemoved(x));
    assert_eq!(life.tag("2025-09-07 12:00", "X").run().achieved(), "G 09-07 12:00");
    let out = enters(tag_goal(true)).with_tag("X").run();
    assert_eq!(out.achieved(), "G 09-05 12:00");
}

#[test]
fn keap_24_done_with_the_steps_a_contact_is_queued_without_limit() {
    let life = || enters(ka(product_p)).buys("2025-09-11 12:00", "P");
    let out = life().run();
    assert_eq!(out.states("S1", "2025-09-07 08:59"), [1, 0, 0]);
    for at in ["2025-09-07 09:00", "2025-09-11 11:59"] {
        assert_eq!(out.states("S1", at), [0, 1, 0], "{at}");
    }
    assert_eq!(out.mails(), format!("{NURTURED}, W 09-11 12:00"));
    assert_eq!(out.states("S1", "2025-09-12"), [0, 0, 0]);
    let out = enters(ka(product_p)).until("2035-01-01").run();
    assert_eq!(out.states("S1", "2034-12-31"), [0, 1, 0]);
}

#[test]
fn keap_25_who_is_in_a_sequence_is_not_put_into_it_again() {
    let mut build = ka(product_p);
    build.connect(build.added(), Port::Next, build.id("E1"));
    let added = Happening::AddedToAutomation(build.map);
    let out = enters(build).happens("2025-09-02 12:00", added).run();
    assert!(out.says(&What::Dropped(Fault::AlreadyInSequence)));
    assert_eq!(out.mails(), NURTURED);
}

/// E1, five days, E2; from 13 September a mail after two days of them. `above`: which of the two timers then is the old one.
fn inserted(above: bool, late_step_days: u32) -> Build {
    let mut build = drawn(above, late_step_days);
    publish(&mut build, "2025-09-13 09:00");
    build
}

/// The same before it is published.
fn drawn(above: bool, late_step_days: u32) -> Build {
    let mut build = keap().email("E1").called("E1").wait(days(5)).called("T").email("E2").called("E2");
    build = build.sequence("S1", &["E1", "T", "E2"]).goal_buys("P").called("G1").email("W").end();
    switch(&mut build, |rules| rules.late_step_days = late_step_days);
    build.run(Command::Publish { map: build.map, at: None, place_matching: false });
    let timer = |count| ElementKind::Wait(Wait::new(days(count)));
    let old = build.id("T");
    if above {
        build.set(old, timer(2));
        build = build.at("T", Port::Next).email("E1.5").called("E1.5").wait(days(3)).called("New");
    } else {
        build.set(old, timer(3));
        build = build.at("E1", Port::Next).wait(days(2)).called("New").email("E1.5").called("E1.5");
    }
    let order = if above { ["E1", "T", "E1.5", "New", "E2"] } else { ["E1", "New", "E1.5", "T", "E2"] };
    assert_eq!(build.steps("S1"), order);
    build
}

/// Adam, Beth and Carl, who came in 3, 1 and 12 days before the new version.
fn three(build: &Build) -> Life {
    let life = Life::of(build.clone()).submits("2025-09-10 09:00", "Web form");
    let life = life.another().submits("2025-09-12 09:00", "Web form");
    life.another().submits("2025-09-01 09:00", "Web form").until("2025-12-01")
}

/// L-02: what becomes of them is told before it is done, by what it is.
#[test]
fn k_11_what_becomes_of_contacts_in_a_sequence_is_counted_before() {
    let said = |build: &Build| {
        let said = impact_at(build, three(build), "2025-09-13 09:00");
        Impact { at: Impact::default().at, ..said }
    };
    let one = |build: &Build, names: &[&str]| names.iter().map(|name| (build.id(name), 1)).collect();
    for (above, changed) in [(true, "T"), (false, "New")] {
        let build = drawn(above, 7);
        let expected = Impact {
            on_map: 3,
            done_late: one(&build, &["E1.5"]),
            skipped: one(&build, &["E1.5"]),
            waits_changed: one(&build, &[changed]), // Beth's
            ..Impact::default()
        };
        assert_eq!(said(&build), expected, "{above}");
    }
    // each of several is done late
    let build = drawn(true, 7).at("E1.5", Port::Next).email("E1.6").called("E1.6");
    assert_eq!(said(&build).done_late, one(&build, &["E1.5", "E1.6"]));
    assert_eq!(said(&build).skipped, one(&build, &["E1.5", "E1.6"]));
    // all steps are over for Adam, so he goes on to the goal
    let build = keap().email("E1").called("E1").wait(days(5)).called("T").sequence("S1", &["E1", "T"]);
    let mut build = build.goal_buys("P").called("G1").email("W").end();
    build.run(Command::Publish { map: build.map, at: None, place_matching: false });
    build.set(build.id("T"), ElementKind::Wait(Wait::new(days(2))));
    let going_on = one(&build, &["T"]);
    let waits_changed = one(&build, &["T"]);
    assert_eq!(said(&build), Impact { on_map: 3, going_on, waits_changed, ..Impact::default() });
}

#[test]
fn keap_26_a_step_put_into_a_running_sequence() {
    let run = |build| three(&build).run_all();
    let mails = |outs: &[Outcome]| outs.iter().map(Outcome::mails).collect::<Vec<_>>();
    let [adam, beth, carl] = [
        "E1 09-10 09:00, E1.5 09-13 09:00, E2 09-15 09:00", // at once, a day late
        "E1 09-12 09:00, E1.5 09-14 09:00, E2 09-17 09:00", // on her second day
        "E1 09-01 09:00, E2 09-06 09:00",                   // ten days too late
    ];
    for above in [true, false] {
        let outs = run(inserted(above, 7));
        assert_eq!(mails(&outs), [adam, beth, carl]);
        assert!(outs[2].says(&What::Skipped(Skip::Late)) && outs[2].rests() == "Wait for the goal");
        if above {
            let stories: Vec<_> = outs.iter().map(Outcome::story).collect();
            expect_test::expect_file!["keap_26.txt"].assert_eq(&stories.join("\n"));
        }
        // late_step_days = 0: no step is done late
        let on_time = run(inserted(above, 0));
        assert_eq!(mails(&on_time), ["E1 09-10 09:00, E2 09-15 09:00", beth, carl]);
    }
}

/// The mail behind a timer, entered at an instant.
fn timer(until: Until, enters: &str) -> String {
    let build = keap().wait(until).called("T").email("E").called("E").sequence("S1", &["T", "E"]);
    Life::of(build).submits(enters, "Web form").run().mails()
}

#[test]
fn keap_27_a_delay_of_a_day_counts_dates() {
    assert_eq!(timer(delay_at(1, DelayUnit::Days, 8), "2025-09-01 23:50"), "E 09-02 08:00");
}

#[test]
fn keap_29_a_delay_of_weekdays() {
    assert_eq!(timer(delay(2, DelayUnit::Weekdays), "2025-09-04 10:00"), "E 09-08 09:00");
}

#[test]
fn keap_30_a_date_timer_that_is_past_is_skipped_with_the_steps_below_it() {
    let date = |month, day| Until::DateTimer {
        date: NaiveDate::from_ymd_opt(2025, month, day).unwrap(),
        time: None,
    };
    let first = || keap().wait(date(8, 1)).called("T1").email("August").called("August");
    let both = first().wait(date(9, 10)).called("T2").email("September").called("September");
    let out = enters(both.sequence("S1", &["T1", "August", "T2", "September"])).run();
    assert_eq!(out.mails(), "September 09-10 00:00");
    assert!(out.says(&What::Skipped(Skip::PastTimer)));
    let out = enters(first().sequence("S1", &["T1", "August"])).run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("", ""));
    assert!(out.says(&What::Dropped(Fault::NoTimerLeft)));
}

#[test]
fn keap_32_a_draft_is_passed_over_and_a_timer_that_is_not_set_holds() {
    let build = keap().email("Draft").called("Draft").draft().email("E").called("E");
    let build = build.wait(Until::NotSet).called("T").email("Never").called("Never");
    let out = enters(build.sequence("S1", &["Draft", "E", "T", "Never"])).run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("E 09-01 09:00", "T"));
    assert!(out.says(&What::Skipped(Skip::Draft)));
}

/// Ten contacts on map KA: three buy in time, one buys another product, one's card is declined.
fn ten(build: Build) -> Vec<Outcome> {
    let mut life = enters(build).until("2025-09-12 09:00").buys("2025-09-02 12:00", "P");
    for contact in 2..=10 {
        life = life.another().submits("2025-09-01 09:00", "Web form");
        life = match contact {
            2 => life.buys("2025-09-05 12:00", "P"),
            3 => life.buys("2025-09-03 12:00", "Q"),
            4 => life.buys("2025-09-11 12:00", "P"),
            5 => life.orders("2025-09-03 12:00", &["P"], |order| order.payment = FirstPayment::Declined),
            _ => life,
        };
    }
    life.run_all()
}

#[test]
fn keap_33_the_numbers_of_a_map() {
    let outs = ten(ka(product_p));
    let any = &outs[0];
    let sent = |mail, at| outs.iter().map(|out| out.sent(mail, at)).sum::<usize>();
    for (at, states, mails) in [
        ("2025-09-03 13:00", [9, 0, 1], [10, 0, 0]),
        ("2025-09-06 12:00", [8, 0, 2], [10, 9, 0]),
        ("2025-09-07 10:00", [0, 8, 2], [10, 9, 8]),
        ("2025-09-12 09:00", [0, 7, 3], [10, 9, 8]),
    ] {
        let ([active, queued, _], [_, _, done]) = (any.states("S1", at), any.states("S2", at));
        assert_eq!([active, queued, done], states, "{at}");
        assert_eq!(states.iter().sum::<u32>(), 10);
        assert_eq!(["E1", "E2", "E3"].map(|mail| sent(mail, at)), mails, "{at}");
    }
    // achieved in the last day and in all
    let achieved = |at| any.activations("G1", at);
    assert_eq!(
        (achieved("2025-09-12 09:00") - achieved("2025-09-11 09:00"), achieved("2025-09-12 09:00")),
        (1, 3)
    );
    let why: Vec<_> = outs.iter().map(|out| out.reason("G1")).collect();
    let no_event = Some(Reason::NoEvent.number());
    let mut expected = vec![None, None, Some(6), None, Some(4)];
    expected.extend([no_event; 5]);
    assert_eq!(why, expected);
}

#[test]
fn keap_33_without_its_line_the_goal_saves_no_mail() {
    let nurture = |outs: &[Outcome]| {
        let sent = |mail| outs.iter().map(|out| out.sent(mail, "2025-09-12 09:00")).sum::<usize>();
        sent("E1") + sent("E2") + sent("E3")
    };
    assert_eq!(nurture(&ten(ka(product_p))), 27);
    let mut build = ka(product_p);
    build.run(Command::Disconnect { map: build.map, from: build.id("E3"), port: Port::Next });
    assert_eq!(nurture(&ten(build)), 30);
}
