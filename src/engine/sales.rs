//! Orders over time: what an order, a payment or a cancellation stirs, in which order (semantics §3, event vocabulary),
//! and when the payments of a plan are due.

use std::sync::Arc;

use crate::base::id::ProductId;
use crate::base::time::{Instant, Span, Zone};
use crate::model::{Choice, Event, FirstPayment, Happening, Order, SalePart};

/// An order of a contact. Orders of its events are not copied: sharing them between threads costs more than finding them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderRef {
    /// That of the contact's event at this place.
    Event(u32),
    /// One that an action made.
    Own(Arc<Order>),
}

impl OrderRef {
    /// The order, among the events of its contact.
    #[inline]
    pub fn get<'a>(&'a self, events: &'a [Event]) -> Option<&'a Arc<Order>> {
        match self {
            Self::Own(order) => Some(order),
            Self::Event(place) => match &events.get(*place as usize)?.what {
                Happening::Order(order) => Some(order),
                _ => None,
            },
        }
    }
}

/// What is known of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderState {
    /// The order.
    pub order: OrderRef,
    /// It has been placed: until then it is only known that it will be.
    pub placed: bool,
    /// When it counted as bought; `None`: not yet.
    pub bought: Option<Instant>,
    /// When its first payment was made; `None`: not yet.
    pub first_paid: Option<Instant>,
    /// How often it was paid.
    pub paid: u16,
    /// It counts as paid because it costs nothing (K-03), and nobody has paid it.
    free: bool,
    /// Where the plan ends, the numbers of the payments that were made, each once: a payment and a recharge that meet at
    /// one instant pay the same one twice.
    made: Vec<u16>,
    /// The number of the payment that comes next.
    next: u16,
    /// Payments that were declined, by number, and how often each was tried.
    declined: Vec<(u16, u16)>,
    /// When the next payment of the plan is due; [`Instant::NEVER`]: none comes by itself.
    pub due: Instant,
    /// It was cancelled.
    pub cancelled: bool,
    /// All payments of its plan are made.
    pub completed: bool,
}

/// What happens to an order: which part of the sale, and the number of its payment.
pub type Part = (SalePart, u16);

impl OrderState {
    /// An order that is about to be placed.
    pub fn new(order: OrderRef) -> Self {
        Self {
            order,
            placed: false,
            bought: None,
            first_paid: None,
            paid: 0,
            free: false,
            made: vec![],
            next: 2,
            declined: vec![],
            due: Instant::NEVER,
            cancelled: false,
            completed: false,
        }
    }

    /// Whether payments are still to come.
    pub fn is_open(&self, order: &Order) -> bool {
        order.plan.is_some() && self.bought.is_some() && !self.cancelled && !self.completed
    }

    /// Whether it is a running subscription of one of the products.
    pub fn is_subscribed(&self, order: &Order, products: &Choice<ProductId>) -> bool {
        order.is_subscription() && self.is_open(order) && order.holds(products)
    }

    /// Changes what is known by a part of the sale.
    pub fn take_in(&mut self, part: Part, order: &Order, now: Instant, zone: &Zone) {
        self.note(part, order, now);
        self.due = if self.cancelled { Instant::NEVER } else { self.next_due(order, zone) };
    }

    fn note(&mut self, (part, payment): Part, order: &Order, now: Instant) {
        match part {
            SalePart::OpenOrderCreated | SalePart::Purchased => {}
            SalePart::Charged => {
                // who pays for what counted as paid pays nothing more
                let was_free = payment == 1 && std::mem::take(&mut self.free);
                self.free |= payment == 0;
                self.paid += u16::from(!was_free);
                let payment = payment.max(1);
                let ends = order.plan.as_ref().is_some_and(|plan| plan.payments.is_some());
                if ends && !self.made.contains(&payment) {
                    self.made.push(payment);
                }
                self.declined.retain(|(number, _)| *number != payment);
                if payment == 1 {
                    self.first_paid.get_or_insert(now);
                    self.bought.get_or_insert(now);
                } else {
                    self.next = self.next.max(payment.saturating_add(1));
                }
            }
            SalePart::Declined => {
                match self.declined.iter_mut().find(|(number, _)| *number == payment) {
                    Some((_, tries)) => *tries += 1,
                    None => self.declined.push((payment, 1)),
                }
                self.declined.sort_unstable();
                if payment > 1 {
                    self.next = self.next.max(payment.saturating_add(1));
                }
            }
            SalePart::Completed => self.completed = true,
            SalePart::Cancelled => self.cancelled = true,
        }
    }

    /// When the next payment is due: counted from the first one, so that months keep its day.
    fn next_due(&self, order: &Order, zone: &Zone) -> Instant {
        match (self.first_paid, order.plan.as_ref().and_then(|plan| plan.every)) {
            (Some(base), Some(every)) if every.count > 0 && self.has_next(order) => {
                let times = u32::from(self.next - 1);
                zone.add(base, Span { count: every.count.saturating_mul(times), ..every })
            }
            _ => Instant::NEVER,
        }
    }

    /// Whether the plan has a payment that was not tried yet.
    fn has_next(&self, order: &Order) -> bool {
        order.plan.as_ref().is_some_and(|plan| plan.payments.is_none_or(|payments| self.next <= payments))
    }

    /// What the placing of an order stirs behind itself.
    pub fn parts_of_placing(order: &Order) -> impl Iterator<Item = Part> + use<> {
        let declined = order.payment == FirstPayment::Declined;
        let free = order.counts_as_paid();
        let charged = order.payment == FirstPayment::Charged || free;
        let only_payment = order.plan.as_ref().is_some_and(|plan| plan.payments == Some(1));
        let parts = [
            (order.plan.is_some() && !declined, SalePart::OpenOrderCreated),
            (charged, SalePart::Charged),
            (declined, SalePart::Declined),
            (!declined, SalePart::Purchased),
            (charged && only_payment, SalePart::Completed),
        ];
        // a payment that nobody makes has no number
        let number = move |part| u16::from(!(free && part == SalePart::Charged));
        parts.into_iter().filter(|(applies, _)| *applies).map(move |(_, part)| (part, number(part)))
    }

    /// The numbers under which its first payment was told, if it was made: 0 where it counted as paid (K-03).
    pub fn first_payments(&self, order: &Order) -> impl Iterator<Item = u16> + use<> {
        let made = self.first_paid.is_some();
        let told = [(made && order.counts_as_paid(), 0), (made && !self.free, 1)];
        told.into_iter().filter(|(told, _)| *told).map(|(_, payment)| payment)
    }

    /// What a payment from outside stirs; nothing where nothing is left to pay.
    pub fn parts_of_payment(&self, order: &Order, declined: bool) -> Vec<Part> {
        if self.cancelled || self.completed {
            return vec![];
        }
        let number = if self.first_paid.is_none() || self.free {
            1
        } else if let Some((number, _)) = self.declined.first() {
            *number
        } else if self.has_next(order) {
            self.next
        } else {
            return vec![];
        };
        if declined { vec![(SalePart::Declined, number)] } else { self.parts_of_charge(order, number) }
    }

    /// What the payment of the plan that is due stirs.
    pub fn parts_of_due(&self, order: &Order) -> Vec<Part> {
        self.parts_of_try(order, self.next)
    }

    /// What charging the declined payments again stirs.
    pub fn parts_of_recharge(&self, order: &Order) -> Vec<Part> {
        let mut tried = self.clone();
        let mut parts = vec![];
        for (number, _) in &self.declined {
            let new = tried.parts_of_try(order, *number);
            // each counts for the next: the last of several completes the order
            new.iter().for_each(|part| tried.note(*part, order, Instant::MIN));
            parts.extend(new);
        }
        parts
    }

    /// What an attempt to charge a payment stirs: it fails as often as the plan says.
    fn parts_of_try(&self, order: &Order, number: u16) -> Vec<Part> {
        let fails = order.plan.iter().flat_map(|plan| &plan.declined).filter(|n| **n == number).count();
        let tried = self.declined.iter().find(|(other, _)| *other == number).map_or(0, |(_, tries)| *tries);
        if usize::from(tried) < fails {
            vec![(SalePart::Declined, number)]
        } else {
            self.parts_of_charge(order, number)
        }
    }

    /// What a payment that goes through stirs.
    fn parts_of_charge(&self, order: &Order, number: u16) -> Vec<Part> {
        let late_buy = number == 1 && self.bought.is_none();
        let all = order.plan.as_ref().and_then(|plan| plan.payments);
        let is_made = |other: u16| other == number || self.made.contains(&other);
        let completes = all.is_some_and(|all| (1..=all).all(is_made));
        let parts = [
            (late_buy && order.plan.is_some(), SalePart::OpenOrderCreated),
            (true, SalePart::Charged),
            (late_buy || number > 1, SalePart::Purchased),
            (completes, SalePart::Completed),
        ];
        parts.into_iter().filter(|(applies, _)| *applies).map(|(_, part)| (part, number)).collect()
    }
}
