//! Why a goal was not achieved (semantics §11): for each event that could have achieved it, every check in the order of
//! reporting, with what it found.

use super::log::{Entry, Fault, Seen, Sink, What};
use super::plan::{Edition, NodeIx, Plan};
use super::timeline::{Simulation, Timeline};
use crate::base::id::ElementId;
use crate::base::time::Instant;
use crate::model::filter::is_first_payment;
use crate::model::{
    Catalogue, Choice, ContactIx, Ear, EventFilter, FirstPayment, Happening, Heard, KeapPurchase, Order,
    OrderSource, PlanPayments, SalePart,
};

macro_rules! reasons {
    ($($name:ident = $number:literal, $text:literal;)*) => {
        /// Why a goal was not achieved, in the order of the checks.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Reason { $(#[doc = $text] $name,)* }

        impl Reason {
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
        }
    };
}

reasons! {
    NotThere = 1, "The goal is a draft, or its map is not published";
    NoEvent = 2, "No such event";
    TooEarly = 3, "The event came before the contact or the goal was there";
    Unpaid = 4, "The order is unpaid, or its payment failed";
    LaterPayment = 5, "Not the first payment";
    Product = 6, "The product is not selected";
    Category = 7, "The product is in no selected category";
    OrderForm = 8, "The order came by no selected order form";
    PaymentKind = 9, "The kind of payment is not selected";
    Settings = 25, "The event does not match the settings";
    Paused = 26, "The contact is paused on the map";
    NotOnMap = 10, "The contact is not on the map";
    Scope = 11, "The contact is not upstream, or not on the previous wait";
    Ignore = 12, "The goal is set to ignore contacts on the map";
    Once = 13, "Achieved once already";
    Condition = 14, "A condition is false";
    InSequence = 15, "The contact is already in the sequence that follows";
    NotFirst = 27, "A goal before it was achieved by the same event";
    Ended = 28, "What came before ended the contact by a fault";
}

/// What came of one check.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Which.
    pub reason: Reason,
    /// Whether it let the event pass.
    pub passed: bool,
    /// What it found; empty: nothing to tell.
    pub found: Found,
}

impl Check {
    pub(super) fn new(reason: Reason, passed: bool, found: Found) -> Self {
        Self { reason, passed, found }
    }
}

/// What a check found; names are put in by who shows it.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Found {
    /// Nothing to tell.
    #[default]
    Nothing,
    /// The event itself.
    Event,
    /// The event itself, with the settings of which it is not.
    Differs(Vec<&'static str>),
    /// Since when the goal is there.
    Since(Instant),
    /// When the contact was created, after the goal was there.
    Created(Instant),
    /// Since when the contact is paused.
    PausedSince(Instant),
    /// When the goal was achieved before.
    AchievedAt(Instant),
    /// The fault that ended the contact.
    Fault {
        /// When.
        at: Instant,
        /// Where.
        element: ElementId,
        /// Which.
        fault: Fault,
    },
    /// Text.
    Text(String),
    /// Another element.
    Element(ElementId),
    /// Where the contact stood on the map when the goal had its turn, and a goal that the same event achieved before.
    Places {
        /// Where it stood.
        places: Vec<ElementId>,
        /// The goal of the map that was achieved before.
        achieved_before: Option<ElementId>,
    },
    /// What the parts of a condition saw.
    Seen(Vec<Seen>),
}

/// One event that could have achieved the goal.
#[derive(Debug, Clone, PartialEq)]
pub struct Chance {
    /// When it came.
    pub at: Instant,
    /// The event.
    pub event: Happening,
    /// The checks that the goal's settings ask for, in their order.
    pub checks: Vec<Check>,
}

impl Chance {
    /// The first check that failed; `None`: the goal was achieved.
    pub fn failed(&self) -> Option<&Check> {
        self.checks.iter().find(|check| !check.passed)
    }

    /// How many checks it passed before the first that failed.
    fn passed(&self) -> usize {
        self.checks.iter().take_while(|check| check.passed).count()
    }
}

/// Whether and when a contact achieved a goal, and if not, why not.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// When it was achieved.
    pub achieved: Vec<Instant>,
    /// The first check that failed, of the event that passed most; `None`: it was achieved.
    pub failed: Option<Check>,
    /// That event, with all checks.
    pub chance: Option<Chance>,
    /// All events that could have achieved it, by time: the near misses.
    pub chances: Vec<Chance>,
}

/// Why a contact did not achieve a goal, or fire a trigger, or when it did.
pub fn why(sim: Simulation<'_>, contact: ContactIx, element: ElementId) -> Why {
    let node = sim.plan.find(element);
    let is_there = |edition: &Edition| {
        edition.from <= sim.until && edition.listeners().iter().any(|listener| Some(listener.node) == node)
    };
    let mut watcher = Watcher { node, achieved: vec![], fault: Found::Nothing, chances: vec![] };
    Timeline::default().run(sim, contact, &mut watcher);
    let Watcher { achieved, chances, .. } = watcher;
    if !achieved.is_empty() {
        return Why { achieved, failed: None, chance: None, chances };
    }
    let plain = |reason| Check::new(reason, false, Found::Nothing);
    if !sim.plan.editions().iter().any(is_there) {
        return Why { achieved, failed: Some(plain(Reason::NotThere)), chance: None, chances };
    }
    // of several events the one that passed most checks, of those the latest
    let best = chances.iter().enumerate().max_by_key(|(place, chance)| (chance.passed(), *place));
    let best = best.map(|(_, chance)| chance.clone());
    let failed = match &best {
        Some(chance) => chance.failed().cloned(),
        None => Some(plain(Reason::NoEvent)),
    };
    Why { achieved, failed, chance: best, chances }
}

/// A sink that watches one listener.
struct Watcher {
    node: Option<NodeIx>,
    achieved: Vec<Instant>,
    /// What ended the contact.
    fault: Found,
    chances: Vec<Chance>,
}

impl Sink for Watcher {
    const REFUSALS: bool = true;
    const WITNESS: bool = true;

    fn watched(&self) -> Option<NodeIx> {
        self.node
    }

    fn witness(&mut self, mut chance: Chance) {
        for check in chance.checks.iter_mut().filter(|check| !check.passed) {
            // the timeline keeps neither
            match check.reason {
                Reason::Once => {
                    check.found = self.achieved.last().copied().map_or(Found::Nothing, Found::AchievedAt)
                }
                Reason::Ended => check.found = self.fault.clone(),
                _ => {}
            }
        }
        self.chances.push(chance);
    }

    fn entry(&mut self, plan: &Plan, entry: &Entry<'_>) {
        match (entry.what, entry.node) {
            (What::Activated, node) if node == self.node => self.achieved.push(entry.at),
            (What::Dropped(fault), Some(node)) if fault.ends_contact() && self.fault == Found::Nothing => {
                self.fault = Found::Fault { at: entry.at, element: plan.node(node).element, fault };
            }
            _ => {}
        }
    }
}

/// What an event is to a listener, beside the contact and the map; `None`: it is of another kind altogether.
pub(super) fn event_checks(filter: &EventFilter, heard: Heard<'_>, ear: Ear<'_>) -> Option<Vec<Check>> {
    let check = |reason, passed| Check::new(reason, passed, Found::Event);
    match (filter, heard) {
        (EventFilter::Purchased { products, plan_payments }, Heard::Sale { part, payment, order }) => {
            let paid = part == SalePart::Purchased;
            if !paid && part != SalePart::Declined {
                return None;
            }
            let mut checks = vec![check(Reason::Unpaid, paid)];
            if *plan_payments == PlanPayments::First {
                checks.push(check(Reason::LaterPayment, payment == 1));
            }
            checks.push(check(Reason::Product, order.holds(products)));
            Some(checks)
        }
        (EventFilter::KeapPurchase(purchase), Heard::Sale { part, payment, order }) => {
            let paid = part == SalePart::Charged && (payment > 0 || ear.rules.zero_total_pays);
            let first = !paid || is_first_payment(payment, order, ear.rules);
            if part != SalePart::Charged && part != SalePart::Declined {
                return None;
            }
            Some(keap_checks(purchase, (paid, first), order, ear.catalogue))
        }
        (EventFilter::KeapPurchase(purchase), Heard::Event(Happening::Order(order)))
            if order.payment == FirstPayment::Unpaid =>
        {
            Some(keap_checks(purchase, (false, true), order, ear.catalogue))
        }
        _ if heard.kind() != filter.hears() => None,
        (EventFilter::Refund(products), Heard::Event(Happening::Refund(order))) => {
            Some(vec![check(Reason::Product, order.holds(products))])
        }
        (
            EventFilter::CheckoutAbandoned { products, provider },
            Heard::Event(Happening::CheckoutAbandoned(checkout)),
        ) => {
            let held = *products == Choice::Any || checkout.products.iter().any(|p| products.includes(*p));
            let settings = [("provider", provider.is_none_or(|wanted| wanted == checkout.provider))];
            let mut checks = vec![check(Reason::Product, held)];
            if provider.is_some() {
                checks.push(of_settings(&settings));
            }
            Some(checks)
        }
        (
            EventFilter::FormSubmitted { form, outcome },
            Heard::Event(Happening::FormSubmitted { form: f, outcome: o }),
        ) => Some(vec![of_settings(&[
            ("form", form.includes(*f)),
            ("outcome", outcome.is_none_or(|wanted| wanted == *o)),
        ])]),
        (
            EventFilter::EmailLinkClicked { email, link },
            Heard::Event(Happening::EmailLinkClicked { email: e, link: l }),
        ) => Some(vec![of_settings(&[("e-mail", *email == Some(*e)), ("link", *link == 0 || link == l)])]),
        (
            EventFilter::TaskCompleted { task, outcomes },
            Heard::Event(Happening::TaskCompleted { task: t, outcome }),
        ) => Some(vec![of_settings(&[
            ("task", *task == Some(*t)),
            ("outcome", outcomes.is_empty() || outcomes.contains(outcome)),
        ])]),
        (EventFilter::Card(_), Heard::Sale { order, .. }) => Some(vec![of_settings(&[
            ("kind of payment", order.method.is_card()),
            ("amount", !order.total().is_zero()),
        ])]),
        _ => Some(vec![check(Reason::Settings, filter.matches(heard, ear))]),
    }
}

/// The settings of an event's kind, each with whether the event is as it asks.
fn of_settings(settings: &[(&'static str, bool)]) -> Check {
    let differ: Vec<_> = settings.iter().filter(|(_, same)| !same).map(|(name, _)| *name).collect();
    Check::new(Reason::Settings, differ.is_empty(), Found::Differs(differ))
}

/// K-01 to K-03: only what is ticked is asked for, and of several one is enough.
fn keap_checks(
    purchase: &KeapPurchase,
    (paid, first): (bool, bool),
    order: &Order,
    catalogue: &Catalogue,
) -> Vec<Check> {
    let check = |reason, passed| Check::new(reason, passed, Found::Event);
    let mut checks = vec![check(Reason::Unpaid, paid), check(Reason::LaterPayment, first)];
    let selected = purchase.selects(order, catalogue);
    let ticked = [
        (!purchase.products.is_empty(), Reason::Product),
        (!purchase.categories.is_empty(), Reason::Category),
        (!purchase.forms.is_empty(), Reason::OrderForm),
    ];
    let ticked: Vec<_> = ticked.into_iter().filter(|(ticked, _)| *ticked && !purchase.any).collect();
    checks.extend(ticked.into_iter().map(|(_, reason)| check(reason, selected)));
    if purchase.payments != Choice::Any {
        checks.push(check(Reason::PaymentKind, purchase.payments.includes(order.method)));
    }
    // a purchase that an action wrote into the history, or nothing ticked
    checks.push(check(Reason::Settings, selected && order.source != OrderSource::Rule));
    checks
}
