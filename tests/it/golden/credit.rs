//! Order goals, and which campaign an order is credited to (semantics §9; reasons 16 to 24 of §11).

use gateline::base::id::Id;
use gateline::model::attribution::MOST_ORDER_GOALS;
use gateline::model::{
    Attribution, Campaign, CampaignRef, CampaignTouch, Channel, ChannelGroup, Choice, Email, FirstPayment,
    ForeignVisitBreaks, GoalRevenue, Happening, LineStatus, Order, OrderGoal, OrderLine, OrderStatus,
    PaymentPlan, PlanKind, Product, Sms, SmsTouch, StatusCategory, StatusChange, Touchpoint, ValueBase,
    words,
};
use gateline::reports::attribution::{CreditReason, Question};
use gateline::session::command::Command;
use gateline::session::run::{Control, Run, RunSettings};

use super::Life;
use crate::build::Build;

use CampaignTouch::{Clicked, Delivered, Opened};

/// A contact who orders once, with what campaigns did before.
struct Shop {
    life: Life,
    goal: OrderGoal,
}

impl Shop {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut Attribution)) -> Self {
        let mut build = Build::new();
        for name in ["E1", "E2"] {
            build.mail(name);
        }
        let goal = OrderGoal::orders();
        let mut shop = Self { life: Life::of(build), goal };
        shop.settings(change);
        shop
    }

    fn settings(&mut self, change: impl FnOnce(&mut Attribution)) {
        let mut settings = self.life.build.project.settings.clone();
        change(&mut settings.attribution);
        self.life.build.run(Command::SetSettings(settings));
    }

    fn named(&mut self, name: &str, channel: Channel) -> CampaignRef {
        let build = &mut self.life.build;
        match channel {
            Channel::Email => CampaignRef::Email(build.mail(name)),
            Channel::Sms => CampaignRef::Sms(build.thing::<Sms>(name)),
            _ => CampaignRef::Campaign(build.item::<Campaign>(name, |campaign| campaign.channel = channel)),
        }
    }

    fn happens(mut self, at: &str, what: Happening) -> Self {
        self.life = self.life.happens(at, what);
        self
    }

    fn touch(mut self, at: &str, name: &str, channel: Channel, touch: CampaignTouch) -> Self {
        let campaign = self.named(name, channel);
        self.happens(at, Happening::Campaign { campaign, touch })
    }

    fn clicks(self, at: &str, name: &str) -> Self {
        self.touch(at, name, Channel::Email, Clicked)
    }

    fn visits(self, at: &str, source: &str) -> Self {
        self.happens(at, Happening::WebsiteVisited { source: source.into() })
    }

    /// Orders with these amounts for products P1, P2 and so on.
    fn orders(self, at: &str, reference: &str, amounts: &[i64]) -> Self {
        self.orders_so(at, reference, amounts, |_| {})
    }

    fn orders_so(
        mut self,
        at: &str,
        reference: &str,
        amounts: &[i64],
        change: impl FnOnce(&mut Order),
    ) -> Self {
        let build = &mut self.life.build;
        let line = |(place, amount): (usize, &i64)| OrderLine {
            product: build.product(&format!("P{}", place + 1)),
            quantity: 1.into(),
            amount: gateline::base::money::Money::new((*amount).into()),
        };
        let lines = amounts.iter().enumerate().map(line).collect();
        let mut order = Order { reference: reference.into(), lines, ..Order::default() };
        change(&mut order);
        self.happens(at, Happening::Order(order.into()))
    }

    fn becomes(mut self, at: &str, product: Option<&str>, status: StatusCategory) -> Self {
        let product = product.map(|name| self.life.build.product(name));
        let status = LineStatus::Category(status);
        self.happens(
            at,
            Happening::OrderStatus(StatusChange { reference: "1".into(), product, status }.into()),
        )
    }

    fn ask<T>(&self, ask: impl FnOnce(&Run, Question<'_>) -> T) -> T {
        let project = std::sync::Arc::new(self.life.project());
        let run = Run::compute(project, RunSettings::default(), 1, &Control::default()).unwrap();
        let ledger = run.ledger(gateline::model::ContactIx(0), run.until);
        let question = Question { project: &run.project, ledger: &ledger, goal: &self.goal };
        ask(&run, question)
    }

    /// Who gets the credit for an order: `C: E1, W: REC1`.
    fn credited(&self, order: &str) -> String {
        self.ask(|run, question| {
            let order = &question.ledger.orders[question.ledger.find_order(order).unwrap()];
            let credits = question.credits(order);
            let told = credits.into_iter().filter_map(|credit| {
                let letter = match credit.group {
                    ChannelGroup::Campaigns => "C",
                    ChannelGroup::Website => "W",
                    ChannelGroup::InApp => "A",
                };
                let (campaign, _) = credit.to?;
                Some(format!("{letter}: {}", words::campaign_name(&run.project, campaign)))
            });
            let told: Vec<_> = told.collect();
            if told.is_empty() { "none".into() } else { told.join(", ") }
        })
    }

    /// Why the order 1 is not credited to a campaign: `21 from google_cpc, 07-03 10:00`; or when it is.
    fn why(&self, name: &str) -> String {
        self.ask(|run, question| {
            let order = &question.ledger.orders[question.ledger.find_order("1").unwrap()];
            let campaign = campaign(run, name);
            let zone = gateline::base::time::Zone::new(run.project.settings.account_zone);
            let when = |at| zone.to_local(at).format("%m-%d %H:%M").to_string();
            let answer = question.why(order, campaign, &when);
            match (answer.failed, answer.credited) {
                (Some(failed), None) if failed.found.is_empty() => failed.number.to_string(),
                (Some(failed), None) => format!("{} {}", failed.number, failed.found),
                (None, Some(at)) => format!("credited {}", when(at)),
                other => panic!("neither credited nor failed: {other:?}"),
            }
        })
    }

    /// What an order brings to the goal; `None`: it does not count.
    fn revenue(&self, order: &str) -> Option<String> {
        self.ask(|_, question| {
            let order = &question.ledger.orders[question.ledger.find_order(order).unwrap()];
            question.counts(order).then(|| order.revenue(question.project, question.goal).to_string())
        })
    }
}

fn campaign(run: &Run, name: &str) -> CampaignRef {
    let catalogue = &run.project.catalogue;
    let of = CampaignRef::all(catalogue);
    let mut named = of.filter(|campaign| words::campaign_name(&run.project, *campaign) == name);
    named.next().unwrap()
}

#[test]
fn maestra_01_one_click_a_direct_return_and_an_order() {
    let shop = Shop::new().clicks("2025-07-01 10:00", "E1").visits("2025-07-05 12:00", "");
    let shop = shop.orders("2025-07-05 12:20", "1", &[100]);
    assert_eq!(shop.credited("1"), "C: E1");
    assert_eq!(shop.why("E1"), "credited 07-01 10:00");
    // 18
    assert_eq!(shop.why("E2"), "18");
    assert_eq!(shop.revenue("1").unwrap(), "100.00");
}

#[test]
fn maestra_02_of_two_campaigns_the_later_wins_alone() {
    let shop = Shop::new().clicks("2025-07-01 10:00", "E1");
    let shop = shop.touch("2025-07-03 10:00", "P1", Channel::MobilePush, Clicked);
    let shop = shop.orders("2025-07-04 09:00", "1", &[100]);
    assert_eq!(shop.credited("1"), "C: P1");
    assert_eq!(shop.why("E1"), "23 P1, 07-03 10:00");
}

#[test]
fn maestra_03_an_open_is_no_touch() {
    let mut shop = Shop::new();
    let second = shop.life.build.mail("E2");
    let shop = shop.clicks("2025-07-01 10:00", "E1");
    let shop = shop.happens("2025-07-03 10:00", Happening::EmailOpened(second));
    let shop = shop.orders("2025-07-04 09:00", "1", &[100]);
    assert_eq!(shop.credited("1"), "C: E1");
    assert_eq!(shop.why("E2"), "18 who opens it has not clicked");
    // nor is an open that is told as one of a campaign
    let shop = Shop::new().touch("2025-07-03 10:00", "P1", Channel::MobilePush, Opened);
    assert_eq!(shop.orders("2025-07-04 09:00", "1", &[100]).credited("1"), "none");
}

#[test]
fn maestra_04_a_visit_from_elsewhere_breaks_the_credit() {
    let story = |shop: Shop| {
        let shop = shop.clicks("2025-06-30 10:00", "E2").clicks("2025-07-01 10:00", "E1");
        let shop = shop.touch("2025-07-01 11:00", "POP1", Channel::PopUp, Clicked);
        shop.visits("2025-07-03 10:00", "google_cpc").orders("2025-07-03 10:30", "1", &[100])
    };
    let shop = story(Shop::new());
    assert_eq!(shop.credited("1"), "none");
    assert_eq!(shop.why("E1"), "21 from google_cpc, 07-03 10:00");
    // T-06: no earlier touch takes its place
    assert_eq!(shop.why("E2"), "21 from google_cpc, 07-03 10:00");
    let only = |settings: &mut Attribution| settings.foreign_visit_breaks = ForeignVisitBreaks::Campaigns;
    assert_eq!(story(Shop::with(only)).credited("1"), "W: POP1");
    // a visit behind the order or before the touch is no matter
    let shop = Shop::new().visits("2025-06-30 10:00", "google").clicks("2025-07-01 10:00", "E1");
    let shop = shop.orders("2025-07-03 10:30", "1", &[100]).visits("2025-07-03 10:31", "google");
    assert_eq!(shop.credited("1"), "C: E1");
}

#[test]
fn maestra_07_a_visit_with_the_senders_own_tag_breaks_nothing() {
    let story = |source: &str, own: &[&str]| {
        let own: Vec<String> = own.iter().map(|own| (*own).to_owned()).collect();
        let shop = Shop::with(|settings| settings.own_sources = own);
        let shop = shop.clicks("2025-07-01 10:00", "E1").visits("2025-07-02 10:00", source);
        shop.orders("2025-07-02 10:30", "1", &[100]).credited("1")
    };
    assert_eq!(story("maestra", &["maestra"]), "C: E1");
    assert_eq!(story("Maestra", &["maestra"]), "C: E1");
    assert_eq!(story("Direct", &[]), "C: E1");
    assert_eq!(story("maestra", &["shop"]), "none");
    assert_eq!(story("shop", &["maestra", "shop"]), "C: E1");
}

#[test]
fn maestra_08_an_excluded_campaign_does_not_steal() {
    let mut shop = Shop::new();
    let code = shop.named("AUTH", Channel::Sms);
    shop.settings(|settings| settings.excluded_campaigns = vec![code]);
    let shop = shop.clicks("2025-07-01 10:00", "E1");
    let shop = shop.touch("2025-07-04 10:00", "AUTH", Channel::Sms, Delivered);
    let shop = shop.orders("2025-07-04 10:01", "1", &[100]);
    assert_eq!(shop.credited("1"), "C: E1");
    assert_eq!(shop.why("AUTH"), "22 the settings of the account leave it out");
    // nor does a form for leads
    let shop = Shop::new().touch("2025-07-01 10:00", "POP1", Channel::PopUp, Clicked);
    let shop = shop.touch("2025-07-02 10:00", "Leads", Channel::LeadForm, Clicked);
    let shop = shop.orders("2025-07-04 10:01", "1", &[100]);
    assert_eq!(shop.credited("1"), "W: POP1");
    assert_eq!(shop.why("Leads"), "22 it is a lead-generation form");
}

#[test]
fn maestra_10_of_an_sms_the_delivery_is_a_touch_unless_switched() {
    let story = |touch| {
        let shop = Shop::with(|settings| settings.sms_touch = touch).clicks("2025-07-01 10:00", "E1");
        let shop = shop.touch("2025-07-04 10:00", "S1", Channel::Sms, Delivered);
        shop.orders("2025-07-04 12:00", "1", &[100])
    };
    assert_eq!(story(SmsTouch::Delivery).credited("1"), "C: S1");
    let shop = story(SmsTouch::Click);
    assert_eq!(shop.credited("1"), "C: E1");
    assert_eq!(shop.why("S1"), "18 the delivery of an SMS does not count here");
    // a click always is
    let shop = Shop::with(|settings| settings.sms_touch = SmsTouch::Click);
    let shop = shop.touch("2025-07-04 10:00", "S1", Channel::Sms, Clicked);
    assert_eq!(shop.orders("2025-07-04 12:00", "1", &[100]).credited("1"), "C: S1");
    // of other messages only a click
    let shop = Shop::new().touch("2025-07-04 10:00", "P1", Channel::MobilePush, Delivered);
    let shop = shop.orders("2025-07-04 12:00", "1", &[100]);
    assert_eq!(shop.why("P1"), "18 who is sent it has not clicked");
}

#[test]
fn t_04_messages_that_maps_send_and_clicks_in_them_are_touches() {
    let mut build = Build::new().send("E1");
    let sms = build.thing::<Sms>("S1");
    let build = build.action(gateline::model::Action::SendSms(Some(sms)));
    let (map, mail) = (build.map, build.clone().mail("E1"));
    let shop = |touch| {
        let mut shop = Shop { life: Life::of(build.clone()), goal: OrderGoal::orders() };
        shop.settings(|settings| settings.sms_touch = touch);
        let shop = shop.happens("2025-07-01 10:00", Happening::AddedToAutomation(map));
        let clicks = Happening::EmailLinkClicked { email: mail, link: 1 };
        shop.happens("2025-07-01 11:00", clicks).orders("2025-07-02 10:00", "1", &[100])
    };
    assert_eq!(shop(SmsTouch::Click).credited("1"), "C: E1");
    let delivered = shop(SmsTouch::Delivery);
    // the text came with the mail, and the mail was clicked later
    assert_eq!(delivered.credited("1"), "C: E1");
    assert_eq!(delivered.why("S1"), "23 E1, 07-01 11:00");
}

#[test]
fn maestra_12_each_group_credits_its_own_last_touch_in_full() {
    let shop = Shop::new().clicks("2025-07-01 10:00", "E1");
    let shop = shop.touch("2025-07-02 10:00", "APP1", Channel::InApp, Clicked);
    let shop = shop.touch("2025-07-03 10:00", "POP1", Channel::PopUp, Clicked);
    let shop = shop.touch("2025-07-03 11:00", "REC1", Channel::Recommendation, Clicked);
    let shop = shop.orders("2025-07-03 12:00", "1", &[100]);
    assert_eq!(shop.credited("1"), "C: E1, W: REC1, A: APP1");
    assert_eq!(shop.revenue("1").unwrap(), "100.00");
    assert_eq!(shop.why("POP1"), "23 REC1, 07-03 11:00");
}

#[test]
fn maestra_14_a_touch_stays_good_for_less_than_the_window() {
    let story = |at: &str| {
        let shop = Shop::with(|settings| settings.window_days = 7).clicks("2025-07-01 10:00", "E1");
        shop.orders(at, "1", &[100])
    };
    assert_eq!(story("2025-07-08 09:59").credited("1"), "C: E1");
    let shop = story("2025-07-08 10:00");
    assert_eq!(shop.credited("1"), "none");
    assert_eq!(shop.why("E1"), "20 07-01 10:00 is 7 days or more before 07-08 10:00");
    let shop = Shop::new();
    for days in [0, 31] {
        let mut settings = shop.life.build.project.settings.clone();
        settings.attribution.window_days = days;
        let refusal = shop.life.build.refusal(Command::SetSettings(settings));
        assert_eq!(refusal, "A touch stays good for 1 to 30 days");
    }
}

#[test]
fn maestra_16_the_window_ends_with_the_first_action_not_with_the_payment() {
    let shop = Shop::with(|settings| settings.window_days = 7).clicks("2025-07-01 10:00", "E1");
    let unpaid = |order: &mut Order| order.payment = FirstPayment::Unpaid;
    let shop = shop.orders_so("2025-07-07 10:00", "1", &[100], unpaid);
    let pays = Happening::Payment { reference: "1".into(), declined: false };
    assert_eq!(shop.happens("2025-07-20 10:00", pays).credited("1"), "C: E1");
}

#[test]
fn maestra_18_a_cancelled_order_is_in_no_goal() {
    let shop = Shop::new().clicks("2025-07-01 10:00", "E1").orders("2025-07-02 10:00", "1", &[100]);
    assert_eq!(shop.credited("1"), "C: E1");
    let shop = shop.becomes("2025-07-03 10:00", None, StatusCategory::Cancelled);
    assert_eq!(shop.credited("1"), "none");
    assert_eq!(shop.why("E1"), "16 Cancelled");
    assert_eq!(shop.revenue("1"), None);
}

#[test]
fn maestra_19_a_goal_of_delivered_orders_waits_for_delivery() {
    let mut shop = Shop::new();
    let online = shop.life.build.thing::<Touchpoint>("Digital");
    let website = shop.life.build.item::<Touchpoint>("Website", |place| place.part_of = Some(online));
    let counter = shop.life.build.thing::<Touchpoint>("Counter");
    shop.goal = OrderGoal {
        id: Id::new(77),
        name: "Delivered online".into(),
        statuses: vec![LineStatus::Category(StatusCategory::Delivered)],
        touchpoints: Choice::OneOf(vec![online]),
    };
    let story = |shop: Shop, place| {
        let at = move |order: &mut Order| order.touchpoint = place;
        shop.clicks("2025-07-01 10:00", "E1").orders_so("2025-07-02 10:00", "1", &[100], at)
    };
    let delivered = |shop: Shop| shop.becomes("2025-07-05 10:00", None, StatusCategory::Delivered);
    let goal = shop.goal.clone();
    let build = shop.life.build.clone();
    let fresh = || Shop { life: Life::of(build.clone()), goal: goal.clone() };
    let shop = story(shop, Some(website));
    assert_eq!(shop.why("E1"), "16 Paid");
    let shop = delivered(shop);
    // a part of the touchpoint is taken with it
    assert_eq!(shop.credited("1"), "C: E1");
    assert_eq!(delivered(story(fresh(), Some(counter))).why("E1"), "17 Counter");
    assert_eq!(delivered(story(fresh(), None)).why("E1"), "17 nobody knows where");
}

#[test]
fn t_01_statuses_of_the_shop_count_by_name_or_by_what_they_mean() {
    let mut shop = Shop::new();
    let build = &mut shop.life.build;
    let packed = build.item::<OrderStatus>("Packed", |status| status.category = StatusCategory::Paid);
    let handed = build.item::<OrderStatus>("Handed over", |status| {
        status.category = StatusCategory::Delivered;
    });
    let counts = |shop: &mut Shop, statuses: Vec<LineStatus>| {
        shop.goal.statuses = statuses;
        shop.revenue("1").is_some()
    };
    let status = LineStatus::Own(handed);
    let mut shop = shop.orders("2025-07-02 10:00", "1", &[100]);
    let what = Happening::OrderStatus(StatusChange { reference: "1".into(), product: None, status }.into());
    shop = shop.happens("2025-07-03 10:00", what);
    assert!(counts(&mut shop, vec![LineStatus::Own(handed)]));
    assert!(counts(&mut shop, vec![LineStatus::Category(StatusCategory::Delivered)]));
    assert!(!counts(&mut shop, vec![LineStatus::Own(packed)]));
    // only the latest status of a line counts
    assert!(!counts(&mut shop, vec![LineStatus::Category(StatusCategory::Paid)]));
}

#[test]
fn maestra_21_one_line_makes_an_order_count_with_all_it_is_worth_unless_switched() {
    let story = |revenue| {
        let shop = Shop::with(|settings| settings.goal_revenue = revenue).clicks("2025-07-01 10:00", "E1");
        let shop = shop.orders("2025-07-02 10:00", "1", &[70, 30]);
        let shop = shop.becomes("2025-07-03 10:00", Some("P1"), StatusCategory::Delivered);
        shop.becomes("2025-07-03 10:00", Some("P2"), StatusCategory::Cancelled)
    };
    let shop = story(GoalRevenue::Order);
    assert_eq!(shop.credited("1"), "C: E1");
    assert_eq!(shop.revenue("1").unwrap(), "100.00");
    assert_eq!(story(GoalRevenue::Lines).revenue("1").unwrap(), "70.00");
}

#[test]
fn maestra_22_an_order_without_a_touch_stays_in_the_total() {
    let shop = Shop::new().orders("2025-07-02 10:00", "1", &[100]);
    assert_eq!(shop.credited("1"), "none");
    assert_eq!(shop.revenue("1").unwrap(), "100.00");
}

#[test]
fn maestra_25_clicks_of_a_bot_are_dropped_all_of_them() {
    let burst = |seconds: &[&str], transactional| {
        let mut shop = Shop::new();
        shop.life.build.item::<Email>("E1", |email| email.transactional = transactional);
        for second in seconds {
            shop = shop.clicks(&format!("2025-07-01 10:00:{second}"), "E1");
        }
        shop.orders("2025-07-02 10:00", "1", &[100])
    };
    let ten = ["00", "02", "04", "06", "10"];
    let shop = burst(&ten, false);
    assert_eq!(shop.credited("1"), "none");
    assert_eq!(shop.why("E1"), "24 5 clicks at once");
    assert_eq!(burst(&ten, true).credited("1"), "C: E1");
    // the last comes too late to belong to the others
    assert_eq!(burst(&["00", "02", "04", "06", "11"], false).credited("1"), "C: E1");
    // four within a second, and a real one much later
    let shop = burst(&["00", "00", "01", "01", "30"], false);
    assert_eq!(shop.credited("1"), "C: E1");
    assert_eq!(shop.why("E1"), "credited 07-01 10:00");
    assert_eq!(burst(&["00", "00", "01", "01"], false).why("E1"), "24 4 clicks at once");
    // the touch before a bot's clicks is used
    let shop = Shop::new().clicks("2025-06-30 10:00", "E2");
    let shop = (0..4).fold(shop, |shop, _| shop.clicks("2025-07-01 10:00", "E1"));
    assert_eq!(shop.orders("2025-07-02 10:00", "1", &[100]).credited("1"), "C: E2");
}

#[test]
fn maestra_26_three_clicks_within_a_second_are_kept() {
    let shop = (0..3).fold(Shop::new(), |shop, _| shop.clicks("2025-07-01 10:00", "E1"));
    assert_eq!(shop.orders("2025-07-02 10:00", "1", &[100]).credited("1"), "C: E1");
}

#[test]
fn t_05_an_order_uses_up_the_touches_before_it_only_if_switched() {
    let story = |reset| {
        let shop = Shop::with(|settings| settings.reset_after_order = reset);
        let shop = shop.clicks("2025-07-01 10:00", "E1").orders("2025-07-02 10:00", "0", &[50]);
        shop.orders("2025-07-03 10:00", "1", &[100])
    };
    assert_eq!(story(false).credited("1"), "C: E1");
    let shop = story(true);
    assert_eq!((shop.credited("0"), shop.credited("1")), ("C: E1".into(), "none".into()));
    assert_eq!(shop.why("E1"), "20 the order of 07-02 10:00 used it up");
    // one that does not count uses up nothing
    let shop = Shop::with(|settings| settings.reset_after_order = true).clicks("2025-07-01 10:00", "E1");
    let declined = |order: &mut Order| order.payment = FirstPayment::Declined;
    let shop = shop.orders_so("2025-07-02 10:00", "0", &[50], declined);
    assert_eq!(shop.orders("2025-07-03 10:00", "1", &[100]).credited("1"), "C: E1");
}

#[test]
fn t_08_of_touches_at_one_instant_the_later_in_the_log_wins() {
    let shop = Shop::new().clicks("2025-07-01 10:00", "E1").clicks("2025-07-01 10:00", "E2");
    let shop = shop.orders("2025-07-01 10:00", "1", &[100]).clicks("2025-07-01 10:00", "E1");
    assert_eq!(shop.credited("1"), "C: E2");
    assert_eq!(shop.why("E1"), "23 E2, 07-01 10:00");
    let shop = Shop::new().orders("2025-07-01 10:00", "1", &[100]).clicks("2025-07-02 10:00", "E1");
    assert_eq!(shop.why("E1"), "19 07-02 10:00 after 07-01 10:00");
}

#[test]
fn t_01_what_becomes_of_an_order_by_itself() {
    let declined = |order: &mut Order| order.payment = FirstPayment::Declined;
    let unpaid = |order: &mut Order| order.payment = FirstPayment::Unpaid;
    let pays = Happening::Payment { reference: "1".into(), declined: false };
    let shop = Shop::new().orders_so("2025-07-02 10:00", "1", &[100], declined);
    assert_eq!(shop.why("E1"), "16 not paid");
    assert_eq!(shop.happens("2025-07-03 10:00", pays).revenue("1").unwrap(), "100.00");
    let placed = Shop::new().orders_so("2025-07-02 10:00", "1", &[100], unpaid);
    assert_eq!(placed.revenue("1").unwrap(), "100.00");
    // all that was paid is given back, or a part of it
    let refund = |amount: i64| {
        let mut shop = Shop::new().orders("2025-07-02 10:00", "1", &[100]);
        let product = shop.life.build.thing::<Product>("P1");
        let amount = gateline::base::money::Money::new(amount.into());
        let lines = vec![OrderLine { product, quantity: 1.into(), amount }];
        let refund = Order { reference: "1".into(), lines, ..Order::default() };
        shop.happens("2025-07-05 10:00", Happening::Refund(refund.into()))
    };
    assert_eq!(refund(100).why("E1"), "16 Returned");
    assert_eq!(refund(99).revenue("1").unwrap(), "100.00");
    // of two lines of one product only as much is returned as was given back; without a number the last order with
    // something left is meant
    let returns = |count: usize| {
        let mut shop = Shop::with(|settings| settings.goal_revenue = GoalRevenue::Lines);
        let product = shop.life.build.thing::<Product>("P1");
        let amount = gateline::base::money::Money::new(50.into());
        let line = OrderLine { product, quantity: 1.into(), amount };
        let twice = |order: &mut Order| order.lines = vec![line.clone(); 2];
        let shop = shop.orders("2025-07-01 10:00", "0", &[50]);
        let shop = shop.orders_so("2025-07-02 10:00", "1", &[], twice);
        let refund = Order { lines: vec![line.clone()], ..Order::default() };
        let refunds =
            |shop: Shop, _| shop.happens("2025-07-05 10:00", Happening::Refund(refund.clone().into()));
        let shop = (0..count).fold(shop, refunds);
        (shop.revenue("0"), shop.revenue("1"))
    };
    let some = |amount: &str| Some(amount.to_owned());
    assert_eq!(returns(0), (some("50.00"), some("100.00")));
    assert_eq!(returns(1), (some("50.00"), some("50.00")));
    assert_eq!(returns(2), (some("50.00"), None));
    assert_eq!(returns(3), (None, None));
    // a plan is worth all of its payments, one without an end those that were made; ending it takes nothing back
    let plan = |payments| {
        move |order: &mut Order| {
            let (kind, every) = (PlanKind::Subscription, None);
            order.plan = Some(PaymentPlan { kind, payments, every, declined: vec![] });
        }
    };
    let shop = Shop::new().orders_so("2025-07-02 10:00", "1", &[100], plan(Some(3)));
    assert_eq!(shop.revenue("1").unwrap(), "300.00");
    let pays = Happening::Payment { reference: "1".into(), declined: false };
    let shop = Shop::new().orders_so("2025-07-02 10:00", "1", &[100], plan(None));
    let shop = shop.happens("2025-08-02 10:00", pays);
    let shop = shop.happens("2025-08-03 10:00", Happening::OrderCancelled { reference: "1".into() });
    assert_eq!(shop.revenue("1").unwrap(), "200.00");
}

#[test]
fn t_02_a_project_has_five_order_goals_at_most_and_none_is_changed() {
    let mut build = Build::new();
    let goal = |number: u32| OrderGoal {
        id: Id::new(number),
        name: format!("Goal {number}"),
        ..OrderGoal::orders()
    };
    for number in 1..MOST_ORDER_GOALS as u32 {
        build.run(Command::AddOrderGoal(goal(1000 + number)));
    }
    let refusal = build.refusal(Command::AddOrderGoal(goal(2000)));
    assert_eq!(refusal, "A project has at most 5 order goals, Orders with them; delete one first");
    let mut settings = build.project.settings.clone();
    settings.order_goals[0].name = "Another".into();
    let refusal = build.refusal(Command::SetSettings(settings));
    assert_eq!(refusal, "An order goal cannot be changed, only deleted");
    assert_eq!(build.refusal(Command::DeleteOrderGoal(Id::new(0))), "Orders is always there");
    build.run(Command::DeleteOrderGoal(Id::new(1001)));
    build.run(Command::AddOrderGoal(goal(2000)));
    let names: Vec<_> = build.project.settings.all_order_goals().map(|goal| goal.name).collect();
    assert_eq!(names, ["Orders", "Goal 1002", "Goal 1003", "Goal 1004", "Goal 2000"]);
    build.run(Command::DeleteOrderGoal(Id::new(2000)));
    let taken = OrderGoal { name: "Orders".into(), ..goal(3000) };
    assert!(build.refusal(Command::AddOrderGoal(taken)).contains("Orders"));
    let nothing = OrderGoal { statuses: vec![], ..goal(3000) };
    assert_eq!(build.refusal(Command::AddOrderGoal(nothing)), "An order goal needs at least one status");
    let nowhere = OrderGoal { touchpoints: Choice::OneOf(vec![]), ..goal(3000) };
    let refusal = build.refusal(Command::AddOrderGoal(nowhere));
    assert_eq!(refusal, "An order goal needs at least one touchpoint, or takes any");
}

#[test]
fn t_02_what_an_order_goal_or_the_credit_names_stays_in_the_account() {
    let mut build = Build::new();
    let status = build.thing::<OrderStatus>("Packed");
    let place = build.thing::<Touchpoint>("Counter");
    let mail = build.mail("E1");
    let goal = OrderGoal {
        id: Id::new(500),
        name: "Packed".into(),
        statuses: vec![LineStatus::Own(status)],
        touchpoints: Choice::OneOf(vec![place]),
    };
    build.run(Command::AddOrderGoal(goal));
    let mut build = build.settings(|settings| {
        settings.attribution.excluded_campaigns = vec![CampaignRef::Email(mail)];
    });
    let refusal = |build: &Build, item| build.refusal(Command::DeleteItem(item));
    assert!(refusal(&build, status.into()).ends_with("is used by the order goal “Packed”"));
    assert!(refusal(&build, place.into()).ends_with("is used by the order goal “Packed”"));
    assert!(refusal(&build, mail.into()).ends_with("is used by the campaigns that get no credit"));
    build.run(Command::DeleteOrderGoal(Id::new(500)));
    build.run(Command::DeleteItem(status.into()));
}

#[test]
fn reasons_of_credit_have_the_numbers_of_the_table_in_its_order() {
    let numbers: Vec<_> = CreditReason::ALL.iter().map(|reason| reason.number()).collect();
    assert_eq!(numbers, [16, 17, 18, 19, 20, 21, 22, 23, 24]);
}

/// all that visitors have spent, or what they spent since.
#[test]
fn r_03_value_counts_all_spending_unless_switched() {
    let value = |base| {
        let build = Build::new().settings(|settings| settings.value_base = base).email("E1").called("Mail");
        let map = build.map;
        let mut life = Life::of(build.wait_days(2).called("Wait").exit());
        let product = life.build.product("P");
        let order = |amount: i64| {
            let amount = gateline::base::money::Money::new(amount.into());
            let lines = vec![OrderLine { product, quantity: 1.into(), amount }];
            Order { lines, ..Order::default() }
        };
        let life = life
            .happens("2025-07-01 10:00", Happening::Order(order(100).into()))
            .happens("2025-07-02 10:00", Happening::AddedToAutomation(map))
            .happens("2025-07-03 10:00", Happening::Order(order(40).into()))
            .happens("2025-07-03 11:00", Happening::Refund(order(15).into()))
            // a failed payment is not spent
            .happens(
                "2025-07-03 12:00",
                Happening::Order(Order { payment: FirstPayment::Declined, ..order(7) }.into()),
            )
            .another()
            .happens("2025-07-05 10:00", Happening::AddedToAutomation(map))
            .another()
            .happens("2025-07-05 10:00", Happening::Order(order(1000).into()));
        let (mail, wait) = (life.build.id("Mail"), life.build.id("Wait"));
        let run = |threads| {
            let project = std::sync::Arc::new(life.project());
            let run = Run::compute(project, RunSettings::default(), threads, &Control::default()).unwrap();
            let told = |at| {
                let spending = run.spending(at, threads, &Control::default()).unwrap();
                [mail, wait].map(|element| {
                    let value = spending.of(run.plan(), element);
                    (
                        value.visited,
                        value.total.to_string(),
                        value.average().map(|average| average.to_string()),
                    )
                })
            };
            (told(run.until), told(life.instant("2025-07-02 12:00")), told(life.instant("2025-07-01 12:00")))
        };
        assert_eq!(run(1), run(2));
        run(1)
    };
    let row = |visited, total: &str, average: Option<&str>| {
        let value = (visited, total.to_owned(), average.map(ToOwned::to_owned));
        [value.clone(), value]
    };
    let (end, second, first) = value(ValueBase::All);
    assert_eq!(end, row(2, "125.00", Some("62.50")));
    assert_eq!(second, row(1, "100.00", Some("100.00")));
    assert_eq!(first, row(0, "0.00", None));
    let (end, second, _) = value(ValueBase::AfterVisit);
    assert_eq!(end, row(2, "25.00", Some("12.50")));
    assert_eq!(second, row(1, "0.00", Some("0.00")));
}
