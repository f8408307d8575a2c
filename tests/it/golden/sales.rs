//! What orders, payments and checkouts stir, in which order (semantics §3, event vocabulary).

use gateline::base::money::Money;
use gateline::base::time::{Span, Unit};
use gateline::model::{
    Action, Checkout, EventFilter, EventType, FirstPayment, Form, Happening, KeapPurchase, List, Listener,
    Order, PaymentPlan, PlanKind, Provider,
};

use super::{Life, by_form};
use crate::build::Build;

/// What is told of an account in which nobody listens.
fn events(build: Build, live: impl FnOnce(Life) -> Life) -> Vec<String> {
    live(Life::of(build)).run().events()
}

#[test]
fn g_12_an_order_by_a_form_stirs_all_its_parts_in_order() {
    let mut build = Build::new();
    let list = build.thing::<List>("Parcels");
    build.item::<Form>("Shop", |form| (form.order_form, form.list) = (true, Some(list)));
    let order = build.instalments("1", "X", 3);
    let order = by_form(&mut build, order, "Shop");
    let told = |order: &Order| {
        let life = Life::of(build.clone()).order("2026-01-05 09:00", order.clone()).until("2026-01-06");
        life.run().events().iter().map(|event| event[12..].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        told(&order),
        [
            "submitted the form Shop",
            "bought X",
            "order 1 became an open order",
            "payment 1 of order 1 was made",
            "bought X",
            "came onto the list Parcels",
        ]
    );
    assert_eq!(
        told(&Order { payment: FirstPayment::Declined, ..order.clone() }),
        [
            "submitted the form Shop without success",
            "ordered X, but the payment was declined",
            "payment 1 of order 1 was declined",
        ]
    );
    assert_eq!(
        told(&Order { payment: FirstPayment::Unpaid, ..order.clone() }),
        [
            "submitted the form Shop",
            "ordered X, not paid yet",
            "order 1 became an open order",
            "bought X",
            "came onto the list Parcels",
        ]
    );
    let plan = order.plan.clone().map(|plan| PaymentPlan { payments: Some(1), ..plan });
    assert_eq!(
        told(&Order { form: None, plan, ..order.clone() })[2..],
        ["payment 1 of order 1 was made", "bought X", "order 1 was completed"]
    );
    assert_eq!(
        told(&Order { form: None, plan: None, ..order }),
        ["bought X", "payment 1 of order 1 was made", "bought X"]
    );
}

#[test]
fn m_12_the_parts_of_an_order_come_before_what_its_first_part_raises() {
    let mut build = Build::new().trigger_form("Shop").add_tag("A").exit();
    build.item::<Form>("Shop", |form| form.order_form = true);
    let order = build.order("1", "X");
    let order = by_form(&mut build, order, "Shop");
    let told = Life::of(build).order("2026-01-05 09:00", order).run().told("raised");
    assert_eq!(told, ["bought X", "payment 1 of order 1 was made", "bought X", "tag A was added"]);
}

/// Three payments, each an event of its own.
fn by_hand(build: &mut Build) -> Order {
    let mut order = build.instalments("1", "X", 3);
    order.plan.as_mut().unwrap().every = None;
    order
}

#[test]
fn g_12_payments_from_outside_come_in_the_order_of_their_numbers() {
    let mut build = Build::new();
    let order = by_hand(&mut build);
    let told = events(build, |life| {
        let life = life
            .order("2026-01-05 09:00", order)
            .pays("2026-01-06 09:00", "1")
            .fails_to_pay("2026-01-07 09:00", "1");
        // the declined one is outstanding; with it everything is paid, and there is nothing left to pay
        life.pays("2026-01-08 09:00", "1").pays("2026-01-09 09:00", "1").pays("2026-01-10 09:00", "none")
    });
    assert_eq!(
        told[4..],
        [
            "01-06 09:00 a payment of order 1 was made",
            "01-06 09:00 payment 2 of order 1 was made",
            "01-06 09:00 bought X (payment 2)",
            "01-07 09:00 a payment of order 1 was declined",
            "01-07 09:00 payment 3 of order 1 was declined",
            "01-08 09:00 a payment of order 1 was made",
            "01-08 09:00 payment 3 of order 1 was made",
            "01-08 09:00 bought X (payment 3)",
            "01-08 09:00 order 1 was completed",
            "01-09 09:00 a payment of order 1 was made",
            "01-10 09:00 a payment of order none was made",
        ]
    );
}

#[test]
fn g_12_a_first_payment_that_comes_later_buys_then_if_it_had_been_declined() {
    let told = |payment| {
        let mut build = Build::new();
        let order = Order { payment, ..by_hand(&mut build) };
        events(build, |life| life.order("2026-01-05 09:00", order).pays("2026-01-06 09:00", "1"))
    };
    assert_eq!(
        told(FirstPayment::Declined)[2..],
        [
            "01-06 09:00 a payment of order 1 was made",
            "01-06 09:00 order 1 became an open order",
            "01-06 09:00 payment 1 of order 1 was made",
            "01-06 09:00 bought X",
        ]
    );
    assert_eq!(
        told(FirstPayment::Unpaid)[3..],
        ["01-06 09:00 a payment of order 1 was made", "01-06 09:00 payment 1 of order 1 was made"]
    );
}

/// When payments of a plan are made or not, with its declined payments.
fn plan(
    start: &str,
    every: Span,
    payments: Option<u16>,
    declined: &[u16],
    live: impl FnOnce(Life) -> Life,
) -> Vec<String> {
    let mut build = Build::new();
    let plan =
        PaymentPlan { kind: PlanKind::Payments, payments, every: Some(every), declined: declined.to_vec() };
    let order = Order { plan: Some(plan), ..build.order("1", "X") };
    let told = events(build, |life| live(life.order(start, order)));
    let numbered = |event: &String| event.contains(" payment ") && !event.contains(" a payment ");
    let of_payment = |event: &String| numbered(event) || event.contains("order 1 was c");
    told.into_iter().filter(of_payment).map(|event| event.replace(" of order 1 was", "")).collect()
}

#[test]
fn g_12_the_payments_of_a_plan_keep_the_day_of_the_month() {
    let told = plan("2026-01-31 09:00", Span::new(1, Unit::Months), Some(4), &[], |life| life);
    assert_eq!(
        told,
        [
            "01-31 09:00 payment 1 made",
            "02-28 09:00 payment 2 made",
            "03-31 09:00 payment 3 made",
            "04-30 09:00 payment 4 made",
            "04-30 09:00 order 1 was completed",
        ]
    );
}

#[test]
fn g_12_a_declined_payment_is_outstanding_and_the_schedule_goes_on() {
    let weekly = Span::new(1, Unit::Weeks);
    let told = plan("2026-01-05 09:00", weekly, Some(4), &[2], |life| life.pays("2026-01-20 09:00", "1"));
    assert_eq!(
        told,
        [
            "01-05 09:00 payment 1 made",
            "01-12 09:00 payment 2 declined",
            "01-19 09:00 payment 3 made",
            "01-20 09:00 payment 2 made",
            "01-26 09:00 payment 4 made",
            "01-26 09:00 order 1 was completed",
        ]
    );
}

#[test]
fn g_12_a_cancelled_order_is_charged_no_more() {
    let cancel = |life: Life| {
        life.cancels("2026-01-20 09:00", "1").pays("2026-01-21 09:00", "1").cancels("2026-01-22 09:00", "1")
    };
    let told = plan("2026-01-05 09:00", Span::new(1, Unit::Weeks), None, &[], cancel);
    assert_eq!(
        told,
        [
            "01-05 09:00 payment 1 made",
            "01-12 09:00 payment 2 made",
            "01-19 09:00 payment 3 made",
            "01-20 09:00 order 1 was cancelled",
            "01-20 09:00 order 1 was cancelled",
            "01-22 09:00 order 1 was cancelled",
        ]
    );
}

#[test]
fn g_12_a_subscription_is_charged_until_it_is_cancelled() {
    let told =
        plan("2026-01-05 09:00", Span::new(1, Unit::Months), None, &[], |life| life.until("2026-12-31"));
    assert_eq!((told.len(), told[11].as_str()), (12, "12-05 09:00 payment 12 made"));
}

/// Keap's purchase goal for a product.
fn keap_buys(build: &mut Build, product: &str) -> Listener {
    let purchase = KeapPurchase { products: vec![build.product(product)], ..KeapPurchase::default() };
    Listener::goal(EventType::KeapPurchase).hearing(EventFilter::KeapPurchase(purchase))
}

#[test]
fn g_12_a_payment_belongs_to_the_last_order_with_its_number() {
    let mut build = Build::new();
    let [x, y] =
        ["X", "Y"].map(|product| Order { payment: FirstPayment::Unpaid, ..build.order("1", product) });
    let (goal_x, goal_y) = (keap_buys(&mut build, "X"), keap_buys(&mut build, "Y"));
    let build = build.goal_at_top(goal_x).called("GX").end().goal_at_top(goal_y).called("GY").end();
    let life = Life::of(build).order("2026-01-05 09:00", x).order("2026-01-06 09:00", y);
    assert_eq!(life.pays("2026-01-07 09:00", "1").run().achieved(), "GY 01-07 09:00");
}

#[test]
fn g_12_a_plan_over_time() {
    let mut build =
        Build::new().trigger(Listener::trigger(EventType::OpenOrderCreated)).called("T").send("Thanks");
    let goal = EventFilter::OpenOrder(gateline::model::OpenOrderChange::Completed);
    build = build.goal_on(goal).called("Paid up").send("Paid up").end();
    build = build.trigger(Listener::trigger(EventType::Purchased)).send("Receipt").exit();
    let declined = EventFilter::Card(gateline::model::CardOutcome::Declined);
    build = build.trigger_on(declined).wait_days(3).action(Action::RechargeDeclined).called("Again").exit();
    let mut order = build.instalments("1", "X", 3);
    order.plan.as_mut().unwrap().declined = vec![2];
    let out = Life::of(build).order("2026-01-31 09:00", order).run();
    assert_eq!(
        out.mails(),
        "Thanks 01-31 09:00, Receipt 01-31 09:00, Receipt 03-03 09:00, Receipt 03-31 09:00, Paid up 03-31 09:00"
    );
    expect_test::expect_file!["plan_over_time.txt"].assert_eq(&out.story());
}

fn checkout(build: &mut Build, reference: &str, product: &str) -> Checkout {
    Checkout {
        reference: reference.into(),
        products: vec![build.product(product)],
        provider: Provider::PayPal,
    }
}

/// Which checkouts of X count as abandoned after one starts on 5 January and this happens on the day.
fn abandoned(reference: &str, live: impl FnOnce(Life) -> Life) -> String {
    let mut build = Build::new();
    let checkout = checkout(&mut build, reference, "X");
    let build = build.trigger(Listener::trigger(EventType::CheckoutAbandoned)).called("T").exit();
    let life = Life::of(build).happens("2026-01-05 10:00", Happening::CheckoutStarted(checkout.into()));
    live(life).run().came_in()
}

#[test]
fn g_13_a_checkout_that_is_not_finished_in_time_is_abandoned() {
    let order = |life: Life, reference: &str, product: &str, payment| {
        let mut life = life;
        let order = Order { payment, ..life.build.order(reference, product) };
        life.order("2026-01-05 12:00", order)
    };
    let charged = FirstPayment::Charged;
    assert_eq!(abandoned("7", |life| life), "T 01-06 10:00");
    assert_eq!(abandoned("7", |life| order(life, "7", "Y", charged)), "");
    assert_eq!(abandoned("7", |life| order(life, "8", "X", charged)), "T 01-06 10:00");
    assert_eq!(abandoned("", |life| order(life, "8", "X", charged)), "");
    assert_eq!(abandoned("", |life| order(life, "8", "Y", charged)), "T 01-06 10:00");
    assert_eq!(abandoned("7", |life| order(life, "7", "X", FirstPayment::Declined)), "T 01-06 10:00");
    // told from outside earlier: not twice
    let outside = |mut life: Life| {
        let same = checkout(&mut life.build, "7", "X");
        life.happens("2026-01-05 11:00", Happening::CheckoutAbandoned(same.into()))
    };
    assert_eq!(abandoned("7", outside), "T 01-05 11:00");
}

#[test]
fn g_13_how_long_a_checkout_may_take_is_a_setting() {
    let mut build = Build::new().settings(|settings| settings.abandon_after = Span::new(90, Unit::Minutes));
    let checkout = checkout(&mut build, "", "X");
    let build = build.trigger(Listener::trigger(EventType::CheckoutAbandoned)).called("T").exit();
    let out = Life::of(build).happens("2026-01-05 10:00", Happening::CheckoutStarted(checkout.into())).run();
    assert_eq!(out.came_in(), "T 01-05 11:30");
}

#[test]
fn g_13_a_list_is_left_after_its_time_unless_left_before() {
    let build = || {
        let mut build = Build::new();
        build.item::<List>("Parcels", |list| list.leaves_after = Some(Span::new(10, Unit::Days)));
        build
    };
    let told = events(build(), |life| {
        let life = life.does::<List>("2026-01-05 09:00", "Parcels", Happening::ListAdded);
        // it is on it: its time goes on
        life.does::<List>("2026-01-08 09:00", "Parcels", Happening::ListAdded)
    });
    assert_eq!(told.last().unwrap(), "01-15 09:00 left the list Parcels");
    let told = events(build(), |life| {
        let life = life.does::<List>("2026-01-05 09:00", "Parcels", Happening::ListAdded);
        life.does::<List>("2026-01-08 09:00", "Parcels", Happening::ListRemoved)
    });
    assert_eq!(told.len(), 2);
    // who was on it from the start has no such time
    let mut build = build();
    let lists = vec![build.thing::<List>("Parcels")];
    let more = gateline::model::MoreOfContact { lists, ..Default::default() };
    assert_eq!(events(build, |life| life.with(more).tag("2026-01-05 09:00", "A")).len(), 1);
}

#[test]
fn k_03_what_costs_nothing_is_paid_when_it_is_placed() {
    let mut build = Build::new();
    let mut order = Order { payment: FirstPayment::Unpaid, ..build.order("1", "X") };
    order.lines[0].amount = Money::ZERO;
    let told = events(build, |life| life.order("2026-01-05 09:00", order));
    assert_eq!(told[1], "01-05 09:00 order 1 counts as paid, as it costs nothing");
}
