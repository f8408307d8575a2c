//! The purchase goal, sequences, branches and timers of Keap (semantics §4).

use std::sync::Arc;

use gateline::base::time::Weekdays;
use gateline::engine::explain::Reason;
use gateline::model::edit;
use gateline::model::lint::check;
use gateline::model::{
    Action, BranchPolicy, CardOutcome, Category, Choice, Condition, DelayTime, DelayUnit, ElementKind,
    EngineRules, EventFilter, EventType, FirstPayment, Happening, IfOnMap, KeapPurchase, Listener, Order,
    OrderSource, PaymentKind, Port, Preset, Product, Until, Wait, Who,
};
use gateline::session::command::Command;
use gateline::session::impact::Impact;

use super::{Life, Outcome, by_form, codes, date, delay, instant, monthly, publish, time};
use crate::build::Build;

/// K-10: a delay timer of so many days that ends at nine.
fn days_at_nine(count: u32) -> Until {
    delay(count, DelayUnit::Days, Weekdays::ALL, DelayTime::At(time("09:00")))
}

fn some_days(count: u32) -> Until {
    delay(count, DelayUnit::Days, Weekdays::ALL, DelayTime::Any)
}

fn purchase(purchase: KeapPurchase) -> Listener {
    Listener::goal(EventType::KeapPurchase).hearing(EventFilter::KeapPurchase(purchase))
}

/// Keap's purchase goal for a product.
fn buys(build: &mut Build, product: &str) -> Listener {
    purchase(KeapPurchase { products: vec![build.product(product)], ..KeapPurchase::default() })
}

/// A map with the ways of Keap.
fn by_keap() -> Build {
    Build::new().rules(|rules| *rules = EngineRules::preset(Preset::Keap))
}

/// The same with its web form.
fn keap() -> Build {
    by_keap().trigger_form("Web form")
}

/// Three mails three days apart, which are sequence S1.
fn s1(build: Build) -> Build {
    let build =
        build.send("E1").hold("T1", days_at_nine(3)).send("E2").hold("T2", days_at_nine(3)).send("E3");
    build.sequence("S1", &["E1", "T1", "E2", "T2", "E3"])
}

/// A welcome mail and a tag, which are sequence S2.
fn s2(build: Build) -> Build {
    build.send("W").add_tag("Buyer").called("Buyer").sequence("S2", &["W", "Buyer"])
}

/// Map KA: web form → S1 → G1, the purchase goal → S2.
fn ka(what: impl FnOnce(&mut Build) -> KeapPurchase) -> Build {
    let mut build = s1(keap());
    let goal = purchase(what(&mut build));
    s2(build.goal(goal).called("G1").wait_called("GW"))
}

fn product_p(build: &mut Build) -> KeapPurchase {
    KeapPurchase { products: vec![build.product("P")], ..KeapPurchase::default() }
}

fn any(_: &mut Build) -> KeapPurchase {
    KeapPurchase { any: true, ..KeapPurchase::default() }
}

/// Enters Monday 2025-09-01 09:00.
fn enters(build: Build) -> Life {
    Life::of(build).submits("2025-09-01 09:00", "Web form").until("2026-01-01")
}

const NURTURED: &str = "E1 09-01 09:00, E2 09-04 09:00, E3 09-07 09:00";
/// Who did not buy.
const QUEUED: [&str; 3] = [NURTURED, "", "GW 09-07 09:00"];
const BUYS: &str = "2025-09-05 12:00";
const BOUGHT: &str = "E1 09-01 09:00, E2 09-04 09:00, W 09-05 12:00";
const ACHIEVED: &str = "G1 09-05 12:00";
/// Who bought between the second mail and the third.
const BUYER: [&str; 3] = [BOUGHT, ACHIEVED, "Buyer 09-05 12:00"];

/// Who is nurtured and places this order on 5 September.
fn order(build: Build, make: impl FnOnce(&mut Order)) -> Outcome {
    enters(build).orders(BUYS, &["P"], make).run()
}

#[test]
fn keap_01_a_purchase_stops_the_sequence_above_and_starts_the_one_below() {
    let out = enters(ka(product_p)).buys(BUYS, "P").run();
    assert_eq!(out.whole(), BUYER);
    assert_eq!(out.told("changed"), ["tag Buyer was added"]);
    assert_eq!(
        out.phases(),
        "S1 started 09-01 09:00, S1 stopped 09-05 12:00, S2 started 09-05 12:00, S2 done 09-05 12:00"
    );
}

#[test]
fn keap_02_who_was_never_on_the_map_gets_nothing() {
    let out = Life::of(ka(product_p)).buys(BUYS, "P").run();
    assert_eq!(out.whole(), [""; 3]);
    assert_eq!(out.reason("G1"), Some(10));
}

#[test]
fn keap_03_any_contact_makes_the_goal_an_entry_point() {
    let build = ka(product_p).listen("G1", |goal| goal.who = Who::AnyContact);
    let out = Life::of(build).buys(BUYS, "P").run();
    assert_eq!(out.whole(), ["W 09-05 12:00", ACHIEVED, "Buyer 09-05 12:00"]);
    assert_eq!(out.phases(), "S2 started 09-05 12:00, S2 done 09-05 12:00");
    let visited = |element| out.number(element, "2025-09-06", |totals, node| totals.visited(node));
    assert_eq!(["G1", "W", "E1"].map(visited), [1, 1, 0]);
}

#[test]
fn keap_04_a_goal_with_nothing_above_is_an_entry_point() {
    let mut build = by_keap();
    let goal = buys(&mut build, "P");
    assert_eq!(goal.who, Who::Upstream);
    let out = Life::of(s2(build.goal_at_top(goal).called("G1"))).buys(BUYS, "P").run();
    assert_eq!(out.whole(), ["W 09-05 12:00", ACHIEVED, "Buyer 09-05 12:00"]);
}

/// A Go To above the goal's wait is something above it, whether *upstream* follows Go To or not.
#[test]
fn k_05_a_goal_that_a_go_to_leads_to_is_no_entry_point() {
    for follows in [false, true] {
        let mut build = keap();
        let (last, port) = (build.last, build.port);
        let goal = buys(&mut build, "P");
        build =
            s2(build.goal_at_top(goal).called("G1")).rules(|rules| rules.upstream_follows_go_to = follows);
        let wait = build.map().wait_of(build.id("G1"));
        (build.last, build.port) = (last, port);
        let build = build.wait(some_days(3)).then(ElementKind::GoTo(wait));
        let out = Life::of(build.clone()).buys(BUYS, "P").run();
        assert_eq!((out.whole(), out.reason("G1")), ([""; 3].map(str::to_owned), Some(10)));
        assert_eq!(enters(build).buys(BUYS, "P").run().whole()[1], ACHIEVED);
    }
}

/// K-05: it moves, also where somebody wrote otherwise past all checks.
#[test]
fn k_05_the_purchase_goal_always_moves() {
    let mut build = ka(product_p);
    let (map, goal) = (build.map, build.id("G1"));
    let element = Arc::make_mut(build.project.maps.get_mut(&map).unwrap()).elements.get_mut(&goal).unwrap();
    element.kind.listener_mut().unwrap().if_on_map = IfOnMap::Ignore;
    assert_eq!(build.map().fault(), Some(edit::Fault::KeapMoves(goal)));
    let out = enters(build).buys(BUYS, "P").run();
    assert_eq!((out.whole()[1].as_str(), out.rests().as_str()), (ACHIEVED, "Buyer"));
}

#[test]
fn keap_05_another_product_leaves_the_contact_in_its_sequence() {
    let out = enters(ka(product_p)).buys(BUYS, "Q").run();
    assert_eq!(out.whole(), QUEUED);
    assert_eq!((out.states("S1", "2025-09-06"), out.reason("G1")), ([1, 0, 0], Some(6)));
}

#[test]
fn keap_06_a_product_in_a_category() {
    let build = ka(|build| {
        let seminars = build.thing::<Category>("Seminars");
        build.item::<Product>("P", |product| product.categories = vec![seminars]);
        KeapPurchase { categories: vec![seminars], ..KeapPurchase::default() }
    });
    assert_eq!(enters(build.clone()).buys(BUYS, "P").run().whole(), BUYER);
    let out = enters(build).buys(BUYS, "Q").run();
    assert_eq!(out.whole(), QUEUED);
    assert_eq!(out.reason("G1"), Some(7));
}

#[test]
fn keap_07_an_order_form() {
    let mut build = ka(|build| KeapPurchase { forms: vec![build.form("F1")], ..KeapPurchase::default() });
    let [f1, f2] = ["F1", "F2"].map(|form| {
        let order = build.order("", "P");
        by_form(&mut build, order, form)
    });
    let life = enters(build).order("2025-09-02 12:00", f2).buys("2025-09-03 12:00", "P");
    let out = life.order(BUYS, f1).run();
    assert_eq!(out.whole(), BUYER);
    assert_eq!(out.near_misses("G1"), [Some(8), Some(8), None]);
}

#[test]
fn keap_08_any_purchase_counts_a_manual_order_paid_cash() {
    let out = enters(ka(any)).orders(BUYS, &["Q"], |order| order.method = PaymentKind::Cash).run();
    assert_eq!(out.whole(), BUYER);
}

#[test]
fn k_01_of_several_ticked_options_one_is_enough_and_none_ticked_is_nothing() {
    let ticked = |build: &mut Build| KeapPurchase {
        products: vec![build.product("P"), build.product("P2")],
        forms: vec![build.form("F1")],
        ..KeapPurchase::default()
    };
    for (product, form, achieved) in [("P2", "F2", ACHIEVED), ("Q", "F1", ACHIEVED), ("Q", "F2", "")] {
        let mut build = ka(ticked);
        let order = build.order("1", product);
        let order = by_form(&mut build, order, form);
        assert_eq!(enters(build).order(BUYS, order).run().achieved(), achieved, "{product} by {form}");
    }
    assert_eq!(enters(ka(|_| KeapPurchase::default())).buys(BUYS, "P").run().achieved(), "");
}

#[test]
fn keap_09_instalments_achieve_once_at_the_first() {
    let out =
        enters(ka(product_p)).orders("2025-09-02 12:00", &["P"], |order| order.plan = Some(monthly(3))).run();
    let mails = "E1 09-01 09:00, W 09-02 12:00";
    assert_eq!(out.whole(), [mails, "G1 09-02 12:00", "Buyer 09-02 12:00"]);
    let at: Vec<_> = out.why("G1").chances.iter().map(|chance| chance.at).collect();
    assert_eq!(at, ["2025-09-02 12:00", "2025-10-02 12:00", "2025-11-02 12:00"].map(|at| out.at(at)));
    assert_eq!(out.near_misses("G1"), [None, Some(5), Some(5)]);
}

#[test]
fn keap_11_two_products_in_one_order_are_one_achievement() {
    let build = ka(|build| KeapPurchase {
        products: vec![build.product("P"), build.product("P2")],
        ..KeapPurchase::default()
    });
    let out = enters(build).orders(BUYS, &["P", "P2"], |_| {}).run();
    assert_eq!(out.whole(), BUYER);
}

#[test]
fn keap_12_an_order_of_the_api_counts_from_when_it_is_paid() {
    let life = || {
        let unpaid = |order: &mut Order| {
            order.reference = "1".into();
            (order.source, order.payment) = (OrderSource::Api, FirstPayment::Unpaid);
        };
        let life = enters(ka(product_p)).orders("2025-09-02 12:00", &["P"], unpaid);
        life.pays("2025-09-06 10:00", "1")
    };
    let out = life().until("2025-09-03").run();
    assert_eq!(out.whole(), ["E1 09-01 09:00", "", "T1 09-01 09:00"]);
    assert_eq!(out.reason("G1"), Some(4));
    let out = life().run();
    let mails = "E1 09-01 09:00, E2 09-04 09:00, W 09-06 10:00";
    assert_eq!(out.whole(), [mails, "G1 09-06 10:00", "Buyer 09-06 10:00"]);
    assert_eq!(out.near_misses("G1"), [Some(4), None]);
}

#[test]
fn keap_13_a_card_that_is_declined_achieves_the_goal_that_waits_for_it() {
    let run = |build| {
        let declined = |order: &mut Order| order.payment = FirstPayment::Declined;
        enters(build).orders("2025-09-02 12:00", &["P"], declined).run()
    };
    let out = run(ka(product_p));
    assert_eq!(out.whole(), QUEUED);
    assert_eq!(out.reason("G1"), Some(4));
    let on = EventFilter::Card(CardOutcome::Declined);
    let build = ka(product_p).behind("G1").or_goal(Listener { on, ..Listener::goal(EventType::Card) });
    let out = run(build.called("Declined").email("Try again").end());
    let mails = "E1 09-01 09:00, Try again 09-02 12:00";
    assert_eq!(out.whole(), [mails, "Declined 09-02 12:00", "End 09-02 12:00"]);
    assert_eq!(out.reason("G1"), Some(4));
}

#[test]
fn keap_15_kinds_of_payment() {
    let ticked = [PaymentKind::Check, PaymentKind::Cash];
    let build = ka(|build| KeapPurchase { payments: Choice::OneOf(ticked.into()), ..product_p(build) });
    for (kind, _) in PaymentKind::ALL {
        let out = order(build.clone(), |order| order.method = *kind);
        let is_ticked = ticked.contains(kind);
        assert_eq!(out.whole(), if is_ticked { BUYER } else { QUEUED }, "{kind:?}");
        assert_eq!(out.reason("G1"), (!is_ticked).then_some(9));
    }
}

#[test]
fn k_02_there_are_seven_kinds_of_payment() {
    let labels: Vec<_> = PaymentKind::ALL.iter().map(|(_, label)| *label).collect();
    let all = ["Credit card", "Credit card (manual)", "PayPal", "Check", "Cash", "Money order", "Adjustment"];
    assert_eq!(labels, all);
}

#[test]
fn k_03_every_way_of_buying_counts_but_what_an_action_writes_down() {
    for (source, _) in OrderSource::ALL {
        let out = order(ka(product_p), |order| order.source = *source);
        assert_eq!(out.achieved() == ACHIEVED, *source != OrderSource::Rule, "{source:?}");
    }
    let mut build = ka(product_p);
    let product = Some(build.product("P"));
    build.add_map("Acts");
    let build = build.trigger_tag("A").action(Action::AddPurchase { product, quantity: 1, amount: None });
    let out = enters(build.exit()).tag(BUYS, "A").run();
    assert_eq!((out.achieved().as_str(), out.reason("G1")), ("", Some(25)));
}

#[test]
fn k_03_a_first_payment_of_the_wrong_kind_is_final() {
    let payments = Choice::OneOf(vec![PaymentKind::Cash]);
    let build = ka(|build| KeapPurchase { payments, ..product_p(build) });
    let out = order(build, |order| order.plan = Some(monthly(3)));
    assert_eq!(out.near_misses("G1"), [Some(9), Some(5), Some(5)]);
    assert_eq!(out.whole(), QUEUED);
}

#[test]
fn k_03_a_refund_does_not_undo_it() {
    let mut life = enters(ka(product_p)).buys(BUYS, "P");
    let order = life.build.order("1", "P");
    let out = life.happens("2025-09-06 12:00", Happening::Refund(order.into())).run();
    assert_eq!(out.whole(), BUYER);
    assert!(out.events().contains(&"09-06 12:00 got a refund on P".to_owned()), "{:?}", out.events());
}

#[test]
fn k_04_before_a_sequence_it_lets_buyers_in_and_behind_one_it_takes_them_out() {
    let mut build = by_keap();
    let (lets_in, takes_out) = (buys(&mut build, "P"), buys(&mut build, "Q"));
    let build = build.goal_at_top(lets_in).called("In").send("E1").hold("W", some_days(3)).send("E2");
    let build = build.sequence("S", &["E1", "W", "E2"]).behind("E2").goal(takes_out).called("Out").exit();
    let out = Life::of(build).buys("2025-09-01 09:00", "P").buys("2025-09-02 09:00", "Q").run();
    assert_eq!(out.whole(), ["E1 09-01 09:00", "In 09-01 09:00, Out 09-02 09:00", ""]);
    assert_eq!(out.phases(), "S started 09-01 09:00, S stopped 09-02 09:00");
}

#[test]
fn k_05_it_moves_and_clears_only_what_is_above_whatever_the_rules_of_the_map_say() {
    // by Ontraport's rules a goal would clear the whole map
    let build = Build::new().trigger_form("Web form").fork().called("Fork").wait_days(3).send("Left").end();
    let mut build = build.at("Fork", Port::Right);
    let goal = buys(&mut build, "P");
    let out = enters(build.goal(goal).called("G").end().called("Right")).buys("2025-09-02 10:00", "P").run();
    assert_eq!(out.whole(), ["Left 09-04 09:00", "G 09-02 10:00", "End 09-04 09:00, Right 09-02 10:00"]);
}

#[test]
fn k_05_a_second_achievement_needs_the_contact_above_the_goal_again() {
    let life = enters(ka(product_p)).buys(BUYS, "P").buys("2025-09-06 12:00", "P");
    let out = life.submits("2025-09-07 12:00", "Web form").buys("2025-09-08 12:00", "P").run();
    assert_eq!(out.achieved(), "G1 09-05 12:00, G1 09-08 12:00");
    assert_eq!(out.near_misses("G1"), [None, Some(11), None]);
}

#[test]
fn keap_16_a_goal_further_down_skips_the_sequence_between() {
    let build = s1(keap()).send("Second").hold("T3", some_days(1)).sequence("S2", &["Second", "T3"]);
    let build = build.behind("T3").goal_tag("X").called("G2").wait_called("GW");
    let build = build.listen("G2", |goal| goal.who = Who::Upstream).behind("G2");
    let build = build.send("Third").sequence("S3", &["Third"]);
    let out = enters(build.clone()).tag(BUYS, "X").run();
    let mails = "E1 09-01 09:00, E2 09-04 09:00, Third 09-05 12:00";
    assert_eq!(out.whole(), [mails, "G2 09-05 12:00", "Third 09-05 12:00"]);
    assert_eq!(
        out.phases(),
        "S1 started 09-01 09:00, S1 stopped 09-05 12:00, S3 started 09-05 12:00, S3 done 09-05 12:00"
    );
    // left alone, one sequence leads into the next
    let out = enters(build).run();
    assert_eq!(out.whole(), [&format!("{NURTURED}, Second 09-07 09:00"), "", "GW 09-08 09:00"]);
    assert_eq!(
        out.phases(),
        "S1 started 09-01 09:00, S1 completed 09-07 09:00, S2 started 09-07 09:00, S2 queued 09-08 09:00"
    );
}

#[test]
fn keap_17_a_sequence_that_runs_until_completed_is_not_stopped() {
    let life = || enters(ka(product_p).runs_until_completed("S1")).buys(BUYS, "P");
    // one contact, two positions
    let out = life().until("2025-09-06").run();
    assert_eq!(out.stands(), "T2 09-04 09:00, Buyer 09-05 12:00");
    assert_eq!([out.states("S1", "2025-09-06"), out.states("S2", "2025-09-06")], [[1, 0, 0], [0, 0, 1]]);
    let out = life().run();
    let mails = "E1 09-01 09:00, E2 09-04 09:00, W 09-05 12:00, E3 09-07 09:00";
    assert_eq!(out.whole(), [mails, ACHIEVED, "E3 09-07 09:00, Buyer 09-05 12:00"]);
    expect_test::expect_file!["keap_17.txt"].assert_eq(&out.story());
}

/// A diamond that asks for the tags Red and Blue; without `rules` it was never opened.
fn diamond(policy: BranchPolicy, rules: bool) -> Build {
    let mut build = keap();
    let tags = ["Red", "Blue"].map(|tag| build.tag(tag));
    let rule = |tag| if rules { Condition::HasTag(Some(tag)) } else { Condition::default() };
    let build = build.branches(policy, tags.map(rule).into()).called("D").send("Sx").sequence("X", &["Sx"]);
    let build = build.at("D", Port::branch(1)).send("Sy").sequence("Y", &["Sy"]);
    match policy {
        BranchPolicy::FirstMatch => build.at("D", Port::Other).send("Other").end(),
        _ => build,
    }
}

#[test]
fn keap_20_all_ways_whose_rule_holds_and_none_falls_out() {
    use BranchPolicy::AllMatching;
    let both = ["Sx 09-01 09:00, Sy 09-01 09:00", "", "Sx 09-01 09:00, Sy 09-01 09:00"];
    let out = enters(diamond(AllMatching, true)).with_tag("Red").with_tag("Blue").run();
    assert_eq!(out.whole(), both);
    let out = enters(diamond(AllMatching, true)).run();
    assert_eq!(out.whole(), [""; 3]);
    let told = "lost at D: no branch fits, so the contact falls out of the map";
    assert_eq!(out.told("dropped"), [told]);
    // never opened: a way without rules takes everyone, and lint says so
    assert_eq!(enters(diamond(AllMatching, false)).run().whole(), both);
    assert_eq!(codes(&diamond(AllMatching, false)), ["no-rules"]);
    assert_eq!(codes(&diamond(AllMatching, true)), [""; 0]);
}

#[test]
fn k_09_of_first_match_one_way_and_other_for_the_rest() {
    let build = || diamond(BranchPolicy::FirstMatch, true);
    assert_eq!(enters(build()).with_tag("Red").with_tag("Blue").run().mails(), "Sx 09-01 09:00");
    assert_eq!(enters(build()).with_tag("Blue").run().mails(), "Sy 09-01 09:00");
    assert_eq!(enters(build()).run().mails(), "Other 09-01 09:00");
}

/// Which policy a new branching element has is a switch of the map.
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
    let mut build = keap();
    let negatives = ["1", "2"].map(|tag| Condition::HasNotTag(Some(build.tag(tag))));
    let build = build.branches(BranchPolicy::AllMatching, vec![Condition::Any(negatives.into())]).called("D");
    let build = build.send("Yes").end();
    let found = check(&build.project);
    let either = found.iter().find(|problem| problem.code == "or-of-negatives").unwrap();
    assert!(either.sentence.contains("“all of” is probably meant"), "{}", either.sentence);
    let passes = ["Yes 09-01 09:00", "", "End 09-01 09:00"];
    for (tags, whole) in [(&[][..], passes), (&["1"], passes), (&["2"], passes), (&["1", "2"], [""; 3])] {
        let life = tags.iter().fold(enters(build.clone()), |life, tag| life.with_tag(tag));
        assert_eq!(life.run().whole(), whole, "{tags:?}");
    }
}

/// A mail, a long wait, and a goal for the tag X that is drawn behind it after publication.
fn tag_goal() -> Build {
    let mut build = keap().email("E1").wait_days(60).called("T").end().called("In");
    build.publish(None);
    build.behind("T").goal_tag("X").called("G").wait_called("GW").behind("G").email("W")
}

#[test]
fn keap_23_publishing_a_goal_does_not_achieve_it_unless_asked_for() {
    let life = |place_matching| {
        let mut build = tag_goal();
        let at = Some(instant(&build, BUYS));
        build.run(Command::Publish { map: build.map, at, place_matching });
        enters(build).with_tag("X")
    };
    let achieved = |at: &str| [format!("E1 09-01 09:00, W {at}"), format!("G {at}"), format!("In {at}")];
    assert_eq!(life(false).run().whole(), ["E1 09-01 09:00", "", "GW 10-31 09:00"]);
    let given_again = life(false).untag("2025-09-06 12:00", "X").tag("2025-09-07 12:00", "X");
    assert_eq!(given_again.run().whole(), achieved("09-07 12:00"));
    // what is offered when it is published, and comes of it
    let build = tag_goal();
    let goal = build.id("G");
    let offered = enters(build).with_tag("X").impact_placing(BUYS);
    assert_eq!(offered.placed, [(goal, 1)].into());
    assert_eq!(life(true).run().whole(), achieved("09-05 12:00"));
}

#[test]
fn keap_24_done_with_the_steps_a_contact_is_queued_without_limit() {
    let out = enters(ka(product_p)).buys("2025-09-11 12:00", "P").run();
    assert_eq!(out.states("S1", "2025-09-07 08:59"), [1, 0, 0]);
    for at in ["2025-09-07 09:00", "2025-09-11 11:59"] {
        assert_eq!(out.states("S1", at), [0, 1, 0], "{at}");
    }
    let mails = format!("{NURTURED}, W 09-11 12:00");
    assert_eq!(out.whole(), [&mails, "G1 09-11 12:00", "Buyer 09-11 12:00"]);
    assert_eq!(
        out.phases(),
        "S1 started 09-01 09:00, S1 queued 09-07 09:00, S1 completed 09-11 12:00, S2 started 09-11 12:00, \
         S2 done 09-11 12:00"
    );
    let out = enters(ka(product_p)).until("2035-01-01").run();
    assert_eq!(out.states("S1", "2034-12-31"), [0, 1, 0]);
}

#[test]
fn keap_25_who_is_in_a_sequence_is_not_put_into_it_again() {
    let mut build = ka(product_p);
    build.connect(build.added(), Port::Next, build.id("E1"));
    let map = build.map;
    let out = enters(build).added("2025-09-02 12:00", map).run();
    assert_eq!(out.told("dropped"), ["lost at E1: already in the sequence, so nothing is sent again"]);
    assert_eq!(out.whole(), QUEUED);
    assert_eq!(out.states("S1", "2025-09-03"), [1, 0, 0]);
}

/// E1, five days, E2; from 13 September a mail after two days of them. `above`: which of the two timers then is the old one.
fn inserted(above: bool, late_step_days: u32) -> Build {
    let mut build = drawn(above, late_step_days);
    publish(&mut build, "2025-09-13 09:00");
    build
}

/// The same before it is published.
fn drawn(above: bool, late_step_days: u32) -> Build {
    let build = keap().send("E1").hold("T", some_days(5)).send("E2").sequence("S1", &["E1", "T", "E2"]);
    let build = build.behind("E2").goal_buys("P").called("G1").wait_called("GW").email("W").end();
    let mut build = build.rules(|rules| rules.late_step_days = late_step_days);
    build.publish(None);
    let old = build.id("T");
    if above {
        build.set(old, ElementKind::Wait(Wait::new(some_days(2))));
        build = build.behind("T").send("E1.5").hold("New", some_days(3));
    } else {
        build.set(old, ElementKind::Wait(Wait::new(some_days(3))));
        build = build.behind("E1").hold("New", some_days(2)).send("E1.5");
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
        let said = three(build).impact("2025-09-13 09:00");
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
    let build = drawn(true, 7).behind("E1.5").send("E1.6");
    assert_eq!(said(&build).done_late, one(&build, &["E1.5", "E1.6"]));
    assert_eq!(said(&build).skipped, one(&build, &["E1.5", "E1.6"]));
    // all steps are over for Adam, so he goes on to the goal
    let build = keap().send("E1").hold("T", some_days(5)).sequence("S1", &["E1", "T"]);
    let mut build = build.behind("T").goal_buys("P").called("G1").email("W").end();
    build.publish(None);
    build.set(build.id("T"), ElementKind::Wait(Wait::new(some_days(2))));
    let going_on = one(&build, &["T"]);
    let waits_changed = one(&build, &["T"]);
    assert_eq!(said(&build), Impact { on_map: 3, going_on, waits_changed, ..Impact::default() });
}

#[test]
fn keap_26_a_step_put_into_a_running_sequence() {
    let run = |build| three(&build).run_all();
    let whole = |outs: &[Outcome]| outs.iter().map(Outcome::whole).collect::<Vec<_>>();
    let adam = ["E1 09-10 09:00, E1.5 09-13 09:00, E2 09-15 09:00", "", "GW 09-15 09:00"]; // at once, a day late
    let beth = ["E1 09-12 09:00, E1.5 09-14 09:00, E2 09-17 09:00", "", "GW 09-17 09:00"]; // on her second day
    let carl = ["E1 09-01 09:00, E2 09-06 09:00", "", "GW 09-06 09:00"]; // ten days too late
    for above in [true, false] {
        let outs = run(inserted(above, 7));
        assert_eq!(whole(&outs), [adam, beth, carl]);
        assert_eq!(outs[2].told("skipped"), ["E1.5: passed over, it came too late"]);
        if above {
            let stories: Vec<_> = outs.iter().map(Outcome::story).collect();
            expect_test::expect_file!["keap_26.txt"].assert_eq(&stories.join("\n"));
        }
        // late_step_days = 0: no step is done late
        let on_time = run(inserted(above, 0));
        assert_eq!(on_time[0].mails(), "E1 09-10 09:00, E2 09-15 09:00");
        assert_eq!(whole(&on_time[1..]), [beth, carl]);
    }
}

/// What comes out for a timer with a mail behind it, entered at an instant.
fn timer(until: Until, enters: &str) -> [String; 3] {
    let build = keap().hold("T", until).send("E").sequence("S1", &["T", "E"]);
    Life::of(build).submits(enters, "Web form").run().whole()
}

fn over(at: &str) -> [String; 3] {
    [format!("E {at}"), String::new(), format!("E {at}")]
}

#[test]
fn keap_27_a_delay_of_a_day_counts_dates() {
    let at_eight = delay(1, DelayUnit::Days, Weekdays::ALL, DelayTime::At(time("08:00")));
    assert_eq!(timer(at_eight, "2025-09-01 23:50"), over("09-02 08:00"));
}

#[test]
fn keap_29_a_delay_of_weekdays() {
    let at_nine = delay(2, DelayUnit::Weekdays, Weekdays::ALL, DelayTime::At(time("09:00")));
    assert_eq!(timer(at_nine, "2025-09-04 10:00"), over("09-08 09:00"));
}

#[test]
fn keap_30_a_date_timer_that_is_past_is_skipped_with_the_steps_below_it() {
    let timer = |day| Until::DateTimer { date: date(day), time: None };
    let first = || keap().hold("T1", timer("2025-08-01")).send("August");
    let both = || {
        let build = first().hold("T2", timer("2025-09-10")).send("September");
        build.sequence("S1", &["T1", "August", "T2", "September"])
    };
    let out = enters(both()).run();
    assert_eq!(out.whole(), ["September 09-10 00:00", "", "September 09-10 00:00"]);
    assert_eq!(out.told("skipped"), ["August: passed over, the timer above it was past"]);
    let out = enters(first().sequence("S1", &["T1", "August"])).run();
    assert_eq!(out.whole(), [""; 3]);
    assert_eq!(
        out.told("dropped"),
        ["lost at August: the timer is past and no other follows, so the contact falls out of the map"]
    );
    let early = Life::of(both()).submits("2025-07-01 09:00", "Web form").run();
    assert_eq!(early.mails(), "August 08-01 00:00, September 09-10 00:00");
}

#[test]
fn keap_32_what_is_published_unfinished_is_found_and_does_what_it_can() {
    let build = keap().send("Draft").draft().send("E").send("E2").hold("T", Until::NotSet).send("Never");
    let build = build.sequence("S1", &["Draft", "E", "E2", "T", "Never"]);
    let found = codes(&build);
    for code in ["draft", "timer-not-set", "two-messages-at-once"] {
        assert!(found.contains(&code), "{code}: {found:?}");
    }
    let out = enters(build).run();
    assert_eq!(out.whole(), ["E 09-01 09:00, E2 09-01 09:00", "", "T 09-01 09:00"]);
    assert_eq!(out.told("skipped"), ["Draft: passed over, it is a draft"]);
    // a goal with nothing below keeps who achieves it; a sequence with nothing above gets nobody
    let build = keap().goal_tag("X").called("G");
    assert_eq!(codes(&build), ["goal-leads-nowhere"]);
    assert_eq!(
        enters(build).tag("2025-09-06 09:00", "X").run().whole(),
        ["", "G 09-06 09:00", "G 09-06 09:00"]
    );
    let mut build = s1(keap());
    let trigger = build.project.maps[&build.map].elements.values();
    let trigger =
        trigger.map(|e| e.id).find(|id| build.target(*id, Port::Next) == Some(build.id("E1"))).unwrap();
    build.run(Command::Disconnect { map: build.map, from: trigger, port: Port::Next });
    assert!(codes(&build).contains(&"unreachable"), "{:?}", codes(&build));
    assert_eq!(enters(build).run().mails(), "");
}

/// Ten contacts on map KA: three buy in time, one buys another product, one's card is declined.
fn ten(build: Build) -> Vec<Outcome> {
    let mut life = enters(build).until("2025-09-12 09:00").buys("2025-09-02 12:00", "P");
    for contact in 2..=10 {
        life = life.another().submits("2025-09-01 09:00", "Web form");
        life = match contact {
            2 => life.buys(BUYS, "P"),
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
    // achieved in the last day, and in the last thirty
    let achieved = |at| any.activations("G1", at);
    let now = achieved("2025-09-12 09:00");
    assert_eq!([now - achieved("2025-09-11 09:00"), now - achieved("2025-08-13 09:00")], [1, 3]);
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
