//! Which campaigns the orders of a contact are credited to, and why not others (semantics §9, §11 reasons 16 to 24).
//!
//! A [`Ledger`] is what the log of one contact says of orders, touches and visits, in its order. All questions are asked of
//! it, with an order goal and the project's settings: the last touch before an order wins its channel group (T-03).

use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::trace::When;
use super::why::{Attempt, Line, Verdict};
use crate::base::id::{ProductId, TouchpointId};
use crate::base::money::Money;
use crate::base::time::Instant;
use crate::engine::log::{Entry, Message, Said, Sink, What};
use crate::engine::{Plan, Simulation, Timeline};
use crate::model::{
    Attribution, CampaignRef, CampaignTouch, Channel, ChannelGroup, ContactIx, FirstPayment,
    ForeignVisitBreaks, GoalRevenue, Happening, LineStatus, Order, OrderGoal, Project, Sale, SalePart,
    SmsTouch, StatusCategory, StatusChange, words,
};

/// Clicks of a machine: so many or more, of which the last comes no later than so many milliseconds after the first (T-07).
const BURSTS: [(usize, i64); 2] = [(4, 1_000), (5, 10_000)];

macro_rules! reasons {
    ($($name:ident = $number:literal, $text:literal, $asks:literal;)*) => {
        /// Why an order is not credited to a campaign, in the order of the checks (semantics §11).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum CreditReason { $(#[doc = $text] $name,)* }

        impl CreditReason {
            /// All of them, in the order of the checks.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its number in semantics §11: a name, not a place.
            pub fn number(self) -> u8 {
                match self { $(Self::$name => $number),* }
            }

            /// What is the case if the check fails.
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// What the check asks for, in a few words.
            pub fn asks(self) -> &'static str {
                match self { $(Self::$name => $asks),* }
            }
        }
    };
}

reasons! {
    Status = 16, "No line has a status of the order goal", "Status";
    Touchpoint = 17, "The order began at another touchpoint", "Touchpoint";
    NoTouch = 18, "There is no traceable touch", "A traceable touch";
    TouchAfter = 19, "The touch came after the order began", "Before the order";
    OutsideWindow = 20, "The touch is outside the window", "Within the window";
    ForeignVisit = 21, "A foreign visit lies between", "No foreign visit";
    Excluded = 22, "The campaign is excluded, or a lead form", "Not excluded";
    LaterTouch = 23, "A later touch won", "The last touch";
    BotClick = 24, "The clicks are those of a bot", "No bot";
}

/// What a contact and a campaign had to do with each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// When.
    pub at: Instant,
    /// With which campaign.
    pub campaign: CampaignRef,
    /// What it was.
    pub how: CampaignTouch,
    /// Its place among everything in the ledger.
    place: usize,
}

/// A visit to the website from somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Visit {
    at: Instant,
    /// Empty: it came directly.
    source: Arc<str>,
    place: usize,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedLine {
    /// What was bought.
    pub product: ProductId,
    /// Its latest status; `None`: none yet, as the first payment failed.
    pub status: Option<LineStatus>,
    /// What it costs, of an order with a plan each time.
    amount: Money,
    /// What was given back for it.
    refunded: Money,
}

/// An order, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedOrder {
    /// The order.
    pub order: Arc<Order>,
    /// Its first action, which is its date (T-01).
    pub at: Instant,
    /// Its lines.
    pub lines: Vec<PlacedLine>,
    /// How many payments were made.
    paid: u16,
    place: usize,
}

impl PlacedOrder {
    /// Where it began; `None`: nobody knows.
    pub fn touchpoint(&self) -> Option<TouchpointId> {
        self.order.touchpoint
    }

    /// How many payments the order is worth: all of its plan, or as many as were made where that has no end.
    fn payments(&self) -> u16 {
        match &self.order.plan {
            None => 1,
            Some(plan) => plan.payments.unwrap_or(self.paid.max(1)),
        }
    }

    fn worth(&self, line: &PlacedLine) -> Money {
        Money::new(line.amount.amount().saturating_mul(Decimal::from(self.payments())))
    }

    /// What it is worth in all.
    pub fn total(&self) -> Money {
        self.lines.iter().map(|line| self.worth(line)).sum()
    }

    /// Whether something of a line was not given back.
    fn is_left(&self, line: &PlacedLine) -> bool {
        line.refunded < self.worth(line)
    }

    fn set_status(&mut self, product: Option<ProductId>, status: LineStatus) {
        let lines =
            self.lines.iter_mut().filter(|line| product.is_none_or(|product| line.product == product));
        lines.for_each(|line| line.status = Some(status));
    }

    /// T-01: whether it counts for an order goal. The checks before those of touches.
    fn counts(&self, project: &Project, goal: &OrderGoal) -> Result<(), CreditReason> {
        let catalogue = &project.catalogue;
        let mut statuses = self.lines.iter().filter_map(|line| line.status);
        if !statuses.any(|status| goal.takes_status(status, catalogue)) {
            Err(CreditReason::Status)
        } else if !goal.takes_touchpoint(self.touchpoint(), catalogue) {
            Err(CreditReason::Touchpoint)
        } else {
            Ok(())
        }
    }

    /// What it brings to an order goal for which it counts (T-01, `goal_revenue`).
    pub fn revenue(&self, project: &Project, goal: &OrderGoal) -> Money {
        let all = project.settings.attribution.goal_revenue == GoalRevenue::Order;
        let takes = |status: Option<LineStatus>| {
            status.is_some_and(|status| goal.takes_status(status, &project.catalogue))
        };
        let lines = self.lines.iter().filter(|line| all || takes(line.status));
        lines.map(|line| self.worth(line)).sum()
    }
}

/// What the log of one contact says of orders, touches and visits, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// Orders, by their first action.
    pub orders: Vec<PlacedOrder>,
    /// Touches.
    pub touches: Vec<Touch>,
    visits: Vec<Visit>,
    /// How much stands in it.
    places: usize,
}

/// What became of an order in one channel group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// The group.
    pub group: ChannelGroup,
    /// The campaign that gets the credit, and when it touched the contact.
    pub to: Option<(CampaignRef, Instant)>,
}

impl Ledger {
    /// Reads the log of a contact up to the end of the simulation.
    pub fn of(sim: Simulation<'_>, contact: ContactIx) -> Self {
        let mut ledger = Self::default();
        Timeline::default().run(sim, contact, &mut ledger);
        ledger
    }

    /// The campaigns with which the contact had to do.
    pub fn campaigns(&self) -> BTreeSet<CampaignRef> {
        self.touches.iter().map(|touch| touch.campaign).collect()
    }

    fn place(&mut self) -> usize {
        self.places += 1;
        self.places
    }

    fn touch(&mut self, at: Instant, campaign: CampaignRef, how: CampaignTouch) {
        let place = self.place();
        self.touches.push(Touch { at, campaign, how, place });
    }

    fn take_in(&mut self, at: Instant, what: &Happening) {
        match what {
            Happening::EmailLinkClicked { email, .. } => {
                self.touch(at, CampaignRef::Email(*email), CampaignTouch::Clicked);
            }
            Happening::EmailOpened(email) => {
                self.touch(at, CampaignRef::Email(*email), CampaignTouch::Opened)
            }
            Happening::Campaign { campaign, touch } => self.touch(at, *campaign, *touch),
            Happening::WebsiteVisited { source } => {
                let place = self.place();
                self.visits.push(Visit { at, source: source.clone(), place });
            }
            Happening::Order(order) => {
                let declined = order.payment == FirstPayment::Declined;
                let status = (!declined).then_some(LineStatus::Category(StatusCategory::Placed));
                let line = |line: &crate::model::OrderLine| PlacedLine {
                    product: line.product,
                    status,
                    amount: line.amount,
                    refunded: Money::ZERO,
                };
                let (place, lines) = (self.place(), order.lines.iter().map(line).collect());
                self.orders.push(PlacedOrder { order: order.clone(), at, lines, paid: 0, place });
            }
            Happening::OrderStatus(change) => {
                let StatusChange { reference, product, status } = &**change;
                if let Some(order) = self.numbered(reference) {
                    order.set_status(*product, *status);
                }
            }
            Happening::Sale(sale) => self.take_in_sale(sale),
            Happening::Refund(refund) => self.take_in_refund(refund),
            _ => {}
        }
    }

    /// The order with this number; of several the last.
    fn numbered(&mut self, reference: &str) -> Option<&mut PlacedOrder> {
        self.orders.iter_mut().rfind(|order| order.order.reference == reference)
    }

    fn take_in_sale(&mut self, Sale { part, payment, order }: &Sale) {
        let Some(placed) = self.orders.iter_mut().rfind(|placed| placed.order == *order) else { return };
        match part {
            SalePart::Charged => {
                placed.paid = placed.paid.saturating_add(1);
                if *payment <= 1 {
                    placed.set_status(None, LineStatus::Category(StatusCategory::Paid));
                }
            }
            // what was paid for is not taken back by ending the payments to come
            SalePart::Cancelled if placed.paid == 0 => {
                placed.set_status(None, LineStatus::Category(StatusCategory::Cancelled));
            }
            SalePart::Cancelled
            | SalePart::OpenOrderCreated
            | SalePart::Declined
            | SalePart::Purchased
            | SalePart::Completed => {}
        }
    }

    /// A line is returned once all that it costs was given back. Without a number the last order is meant of which
    /// something of the product is left.
    fn take_in_refund(&mut self, refund: &Order) {
        for given in &refund.lines {
            let is_meant = |order: &&mut PlacedOrder| match refund.reference.as_str() {
                "" => order.lines.iter().any(|line| line.product == given.product && order.is_left(line)),
                reference => order.order.reference == reference,
            };
            let Some(order) = self.orders.iter_mut().rfind(is_meant) else { continue };
            let payments = Decimal::from(order.payments());
            let mut amount = given.amount;
            for line in order.lines.iter_mut().filter(|line| line.product == given.product) {
                let cost = Money::new(line.amount.amount().saturating_mul(payments));
                let part = amount.min(cost - line.refunded);
                line.refunded += part;
                amount -= part;
                if line.refunded >= cost {
                    line.status = Some(LineStatus::Category(StatusCategory::Returned));
                }
            }
        }
    }

    /// The order with this number, of several the last; else the one at this place, from 1.
    pub fn find_order(&self, number: &str) -> Option<usize> {
        let by_number = self.orders.iter().rposition(|order| order.order.reference == number);
        let by_place =
            || number.parse::<usize>().ok()?.checked_sub(1).filter(|place| *place < self.orders.len());
        by_number.filter(|_| !number.is_empty()).or_else(by_place)
    }
}

impl Sink for Ledger {
    const NUMBERS: bool = false;

    fn entry(&mut self, _: &Plan, entry: &Entry<'_>) {
        match entry.what {
            Said::Happened(what) | Said::Raised(what) => self.take_in(entry.at, what),
            What::Sent(Message::Email(email)) => {
                self.touch(entry.at, CampaignRef::Email(email), CampaignTouch::Delivered);
            }
            What::Sent(Message::Sms(sms)) => {
                self.touch(entry.at, CampaignRef::Sms(sms), CampaignTouch::Delivered);
            }
            _ => {}
        }
    }
}

/// An order goal asked of a ledger.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The project whose settings and catalogue hold.
    pub project: &'a Project,
    /// What the contact did.
    pub ledger: &'a Ledger,
    /// Which orders count.
    pub goal: &'a OrderGoal,
}

/// One check of a touch, and what it found.
struct Check {
    reason: CreditReason,
    passed: bool,
    found: String,
}

impl Question<'_> {
    fn settings(&self) -> &Attribution {
        &self.project.settings.attribution
    }

    fn channel(&self, campaign: CampaignRef) -> Channel {
        campaign.channel(&self.project.catalogue)
    }

    /// T-04: whether it is one at all.
    fn is_touch(&self, touch: &Touch) -> bool {
        match touch.how {
            CampaignTouch::Clicked => true,
            CampaignTouch::Opened => false,
            CampaignTouch::Delivered => {
                self.channel(touch.campaign) == Channel::Sms
                    && self.settings().sms_touch == SmsTouch::Delivery
            }
        }
    }

    /// T-04: whether the campaign neither gets credit nor stands in the way.
    fn is_out(&self, campaign: CampaignRef) -> bool {
        self.settings().excluded_campaigns.contains(&campaign) || self.channel(campaign) == Channel::LeadForm
    }

    /// T-07: how many clicks there are in the burst that the touch belongs to; `None`: no machine clicked.
    fn burst(&self, touch: &Touch) -> Option<usize> {
        let is_spared = touch.campaign.is_transactional(&self.project.catalogue);
        if is_spared || touch.how != CampaignTouch::Clicked {
            return None;
        }
        let same = |other: &&Touch| other.campaign == touch.campaign && other.how == CampaignTouch::Clicked;
        let clicks: Vec<_> = self.ledger.touches.iter().filter(same).map(|other| other.at).collect();
        let burst = |(least, span): (usize, i64)| {
            // each stretch that begins at a click and holds this one
            let stretches = (0..clicks.len()).map(|first| {
                let from = clicks[first]; // `first` is a place among them
                let stretch = clicks[first..].iter().take_while(move |at| at.millis_since(from) <= span);
                (from <= touch.at && touch.at.millis_since(from) <= span).then(|| stretch.count())
            });
            stretches.flatten().max().filter(|count| *count >= least)
        };
        BURSTS.into_iter().filter_map(burst).max()
    }

    /// The touch before the order that decides in a group (T-03, T-08).
    fn last_touch(&self, order: &PlacedOrder, group: ChannelGroup) -> Option<&Touch> {
        self.ledger.touches.iter().rev().find(|touch| {
            touch.place < order.place
                && self.channel(touch.campaign).group() == group
                && self.is_touch(touch)
                && !self.is_out(touch.campaign)
                && self.burst(touch).is_none()
        })
    }

    /// The first visit from elsewhere between a touch and an order that breaks the credit (T-06).
    fn foreign_visit(&self, touch: &Touch, order: &PlacedOrder) -> Option<&Visit> {
        let group = self.channel(touch.campaign).group();
        let breaks = self.settings().foreign_visit_breaks == ForeignVisitBreaks::All
            || group == ChannelGroup::Campaigns;
        let own = &self.settings().own_sources;
        let is_foreign = |source: &str| {
            let is_own = own.iter().any(|own| own.to_lowercase() == source.to_lowercase());
            !source.is_empty() && !source.eq_ignore_ascii_case("direct") && !is_own
        };
        let mut visits = self.ledger.visits.iter();
        visits.find(|visit| {
            breaks && (touch.place..order.place).contains(&visit.place) && is_foreign(&visit.source)
        })
    }

    /// The order before that used up a touch (T-05, `reset_after_order`).
    fn used_up(&self, touch: &Touch, order: &PlacedOrder) -> Option<&PlacedOrder> {
        let mut before = self.ledger.orders.iter().filter(|other| other.place < order.place);
        let counted = |other: &&PlacedOrder| other.counts(self.project, self.goal).is_ok();
        before.rfind(|other| self.settings().reset_after_order && touch.at <= other.at && counted(other))
    }

    /// The checks of one touch for an order that counts, in the order of reporting.
    fn checks(&self, order: &PlacedOrder, touch: &Touch, when: When) -> Vec<Check> {
        let mut checks = vec![];
        let mut check = |reason, passed, found: String| checks.push(Check { reason, passed, found });
        let name = |campaign| words::campaign_name(self.project, campaign);
        let kind = match touch.how {
            CampaignTouch::Clicked => "",
            CampaignTouch::Opened => "who opens it has not clicked",
            CampaignTouch::Delivered if self.channel(touch.campaign) == Channel::Sms => {
                "the delivery of an SMS does not count here"
            }
            CampaignTouch::Delivered => "who is sent it has not clicked",
        };
        check(CreditReason::NoTouch, self.is_touch(touch), kind.into());
        let found = format!("{} after {}", when(touch.at), when(order.at));
        check(CreditReason::TouchAfter, touch.place < order.place, found);
        let days = self.settings().window_days;
        let window = i64::from(days) * 86_400_000;
        let is_within = order.at.millis_since(touch.at) < window;
        match self.used_up(touch, order) {
            Some(other) if is_within => {
                check(
                    CreditReason::OutsideWindow,
                    false,
                    format!("the order of {} used it up", when(other.at)),
                );
            }
            _ => {
                let days = words::counted(days.into(), "day", "days");
                let found = format!("{} is {days} or more before {}", when(touch.at), when(order.at));
                check(CreditReason::OutsideWindow, is_within, found);
            }
        }
        let visit = self.foreign_visit(touch, order);
        let found =
            visit.map(|visit| format!("from {}, {}", visit.source, when(visit.at))).unwrap_or_default();
        check(CreditReason::ForeignVisit, visit.is_none(), found);
        let found = match self.channel(touch.campaign) {
            Channel::LeadForm => "it is a lead-generation form",
            _ => "the settings of the account leave it out",
        };
        check(CreditReason::Excluded, !self.is_out(touch.campaign), found.into());
        let group = self.channel(touch.campaign).group();
        let later = self.last_touch(order, group).filter(|last| last.place > touch.place);
        let found =
            later.map(|last| format!("{}, {}", name(last.campaign), when(last.at))).unwrap_or_default();
        check(CreditReason::LaterTouch, later.is_none(), found);
        let burst = self.burst(touch);
        let found = burst.map(|clicks| format!("{clicks} clicks at once")).unwrap_or_default();
        check(CreditReason::BotClick, burst.is_none(), found);
        checks
    }

    /// The check that keeps an order from counting for the goal; `None`: it counts.
    pub fn does_not_count(&self, order: &PlacedOrder) -> Option<Line> {
        self.order_checks(order).into_iter().find(|line| line.verdict == Verdict::Failed)
    }

    /// Whether an order counts for the goal (T-01).
    pub fn counts(&self, order: &PlacedOrder) -> bool {
        order.counts(self.project, self.goal).is_ok()
    }

    fn gets_credit(&self, order: &PlacedOrder, touch: &Touch) -> bool {
        self.checks(order, touch, &|_| String::new()).iter().all(|check| check.passed)
    }

    /// Which campaign gets the credit for an order, group by group (T-03); none for one that does not count.
    pub fn credits(&self, order: &PlacedOrder) -> Vec<Credit> {
        let counts = order.counts(self.project, self.goal).is_ok();
        let credit = |group: ChannelGroup| {
            let last = self.last_touch(order, group).filter(|last| counts && self.gets_credit(order, last));
            Credit { group, to: last.map(|last| (last.campaign, last.at)) }
        };
        ChannelGroup::ALL.map(credit).into()
    }

    /// Why an order is not credited to a campaign, or when the touch was that earned it.
    pub fn why(&self, order: &PlacedOrder, campaign: CampaignRef, when: When) -> CreditAnswer {
        let of_order = self.order_checks(order);
        let failed = self.does_not_count(order);
        if failed.is_some() {
            let event = words::happening_in_words(self.project, &Happening::Order(order.order.clone()));
            let best = Attempt { at: order.at, event, checks: of_order };
            return CreditAnswer { credited: None, failed, best: Some(best), attempts: vec![] };
        }
        let touches = self.ledger.touches.iter().filter(|touch| touch.campaign == campaign);
        let attempts: Vec<_> = touches.map(|touch| self.attempt(order, touch, &of_order, when)).collect();
        let best = attempts.iter().enumerate().max_by_key(|(place, attempt)| (passed(attempt), *place));
        let best = best.map(|(_, attempt)| attempt.clone());
        let failed = match &best {
            Some(best) => best.failed().cloned(),
            None => Some(line(CreditReason::NoTouch, Verdict::Failed, String::new())),
        };
        let credited = best.as_ref().filter(|_| failed.is_none()).map(|best| best.at);
        CreditAnswer { credited, failed, best, attempts }
    }

    /// Reasons 16 and 17.
    fn order_checks(&self, order: &PlacedOrder) -> Vec<Line> {
        let failed = order.counts(self.project, self.goal).err();
        let statuses: Vec<_> = order
            .lines
            .iter()
            .map(|line| match line.status {
                Some(status) => words::status_name(self.project, status),
                None => "not paid".into(),
            })
            .collect();
        let began = match order.touchpoint() {
            Some(place) => self.project.catalogue.name::<crate::model::Touchpoint>(place),
            None => "nobody knows where".into(),
        };
        let found =
            [(CreditReason::Status, words::listed(&statuses, "and")), (CreditReason::Touchpoint, began)];
        let mut verdict = Verdict::Passed;
        let mut lines = vec![];
        for (reason, found) in found {
            verdict = verdict.then(failed != Some(reason));
            let found = if verdict == Verdict::Failed { found } else { String::new() };
            lines.push(line(reason, verdict, found));
        }
        lines
    }

    fn attempt(&self, order: &PlacedOrder, touch: &Touch, of_order: &[Line], when: When) -> Attempt {
        let what = Happening::Campaign { campaign: touch.campaign, touch: touch.how };
        let mut verdict = Verdict::Passed;
        let checks = self.checks(order, touch, when).into_iter().map(|check| {
            verdict = verdict.then(check.passed);
            // what it would find where it fails says nothing of one that passed
            line(check.reason, verdict, if check.passed { String::new() } else { check.found })
        });
        let checks = of_order.iter().cloned().chain(checks).collect();
        Attempt { at: touch.at, event: words::happening_in_words(self.project, &what), checks }
    }
}

fn line(reason: CreditReason, verdict: Verdict, found: String) -> Line {
    Line { number: reason.number(), text: reason.text(), verdict, found }
}

/// Why an order is credited to a campaign or not, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditAnswer {
    /// When the touch was that earned the credit; `None`: it is not credited.
    pub credited: Option<Instant>,
    /// The first check that failed; `None`: it is credited.
    pub failed: Option<Line>,
    /// The touch that passed most checks, of those the latest; the order itself where that does not count.
    pub best: Option<Attempt>,
    /// All that the contact and the campaign had to do with each other.
    pub attempts: Vec<Attempt>,
}

impl CreditAnswer {
    /// How many checks passed before the first that failed.
    pub fn passed(&self) -> usize {
        self.best.as_ref().map_or(0, passed)
    }
}

/// How many checks an attempt passed before the first that failed.
fn passed(attempt: &Attempt) -> usize {
    attempt.checks.iter().take_while(|line| line.verdict == Verdict::Passed).count()
}
