//! Keap's purchase goal (K-01 to K-05).

use gateline::base::money::Money;
use gateline::model::{
    Action, CardOutcome, Category, EngineRules, EventFilter, EventType, FirstPayment, Happening, IfOnMap, KeapPurchase,
    Listener, Order, OrderSource, PaymentKind, Preset, Product, Who,
};

use super::{Life, Outcome, by_form, ka, map_ka, nurtured, some};
use crate::build::Build;

const STOPPED: &str = "S1 started 09-01 09:00, S1 stopped 09-05 12:00, S2 started 09-05 12:00, S2 done 09-05 12:00";

/// Who is nurtured and places this order.
fn order(build: Build, at: &str, order: impl FnOnce(&mut Build) -> Order) -> Outcome {
    let mut life = nurtured(build);
    let order = order(&mut life.build);
    life.orders(at, order).run()
}

#[test]
fn keap_01_a_purchase_stops_the_sequence_above_and_starts_the_one_below() {
    let out = nurtured(ka()).buys("2025-09-05 12:00", "P").run();
    assert_eq!(out.achieved(), "G1 09-05 12:00");
    assert_eq!(out.phases(), STOPPED);
    assert_eq!(out.mails(), "E1 09-01 09:00, E2 09-04 09:00, W 09-05 12:00");
    assert_eq!(out.told("changed"), ["tag Buyer was added"]);
    // left alone, all of S1 comes
    assert_eq!(nurtured(ka()).run().mails(), "E1 09-01 09:00, E2 09-04 09:00, E3 09-07 09:00");
}

#[test]
fn keap_02_who_was_never_added_gets_nothing() {
    let out = Life::of(ka()).buys("2025-09-05 12:00", "P").run();
    assert_eq!((out.mails().as_str(), out.rests().as_str(), out.why("G1").as_str()), ("", "", "10: "));
}

#[test]
fn keap_03_open_to_any_contact_the_goal_is_a_way_in() {
    let build = ka().listen("G1", |goal| goal.who = Who::AnyContact);
    let out = Life::of(build).buys("2025-09-05 12:00", "P").run();
    assert_eq!(out.phases(), "S2 started 09-05 12:00, S2 done 09-05 12:00");
    let number = |element| out.number("2025-09-06", element, |totals, node| totals.visited(node));
    assert_eq!(["G1", "W", "E1"].map(number), [1, 1, 0]);
}

#[test]
fn keap_04_a_goal_with_nothing_above_it_takes_anyone() {
    let mut build = Build::new().rules(|rules| *rules = EngineRules::preset(Preset::Keap));
    let goal = build.keap_buys("P");
    assert_eq!(goal.who, Who::Upstream);
    let build = build.goal_at_top(goal).called("G1").send("W").sequence("S2", &["W"]);
    assert_eq!(Life::of(build).buys("2025-09-05 12:00", "P").run().mails(), "W 09-05 12:00");
}

#[test]
fn keap_05_another_product_leaves_the_contact_in_its_sequence() {
    let out = nurtured(ka()).buys("2025-09-05 12:00", "Q").run();
    assert_eq!((out.achieved().as_str(), out.states("2025-09-06", "S1")), ("", [1, 0, 0]));
    assert_eq!(out.why("G1"), "6: payment 1 of the order of Q was made");
}

#[test]
fn keap_06_a_category_of_products() {
    let bought = |product| {
        let mut build = Build::new();
        let seminars = build.thing::<Category>("Seminars");
        build.item::<Product>("P", |product| product.categories = vec![seminars]);
        let categories = |purchase: &mut KeapPurchase| *purchase = KeapPurchase { categories: vec![seminars], ..KeapPurchase::default() };
        let mut map = map_ka(|_| {});
        map.project.catalogue = build.project.catalogue.clone();
        (categories, product, map)
    };
    let _ = bought;
}
