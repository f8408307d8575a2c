//! Orders and payments: what each stirs (semantics §3), and payments over time (G-12).

use std::collections::BTreeSet;
use std::sync::Arc;

use gateline::base::id::{FormId, ProductId};
use gateline::base::money::Money;
use gateline::base::time::{Instant, Span};
use gateline::model::{Choice, FirstPayment, FormOutcome, Happening, Order, Sale, SalePart};
use rust_decimal::Decimal;

use super::life::{Coming, Life};
use super::record::Record;

/// An order of a contact. A payment that was *tried* was charged or declined.
pub struct Bought {
    /// What tells it from others.
    pub key: u32,
    pub order: Arc<Order>,
    /// Since when its products are bought.
    pub purchased: Option<Instant>,
    /// Numbers of payments that were tried, each as often as it was.
    pub tried: Vec<u16>,
    /// Numbers of payments that were made.
    pub charged: Vec<u16>,
    /// Numbers of payments that were declined and not made yet.
    pub outstanding: BTreeSet<u16>,
    /// When the first payment was made.
    pub first_paid: Option<Instant>,
    pub cancelled: bool,
    pub completed: bool,
    /// It cost nothing, so its first payment counts as made though nobody made it (K-03).
    pub free: bool,
}

impl Bought {
    /// With payments still to come, or to come again.
    pub fn is_open(&self) -> bool {
        self.order.plan.is_some() && self.purchased.is_some() && !self.cancelled && !self.completed
    }

    fn is_declined(&self) -> bool {
        self.order.payment == FirstPayment::Declined
    }

    /// The number behind those tried; `None`: the plan has no more, or there is none.
    fn next_number(&self) -> Option<u16> {
        let plan = self.order.plan.as_ref()?;
        let next = self.tried.iter().max().map_or(1, |number| number + 1);
        (plan.payments.is_none_or(|payments| next <= payments)).then_some(next)
    }

    /// The next scheduled payment and when it is due.
    pub fn scheduled(&self, life: &Life<'_>) -> Option<(Instant, u16)> {
        let every = self.order.plan.as_ref()?.every?;
        let base = self.first_paid.filter(|_| !self.cancelled)?;
        let number = self.next_number()?;
        let span = Span::new(every.count * (u32::from(number) - 1), every.unit);
        Some((life.account.zone.add(base, span), number))
    }

    /// The number that a payment pays when somebody pays: the first, else the lowest outstanding, else the next.
    fn payable(&self) -> Option<u16> {
        if self.cancelled || self.completed {
            return None;
        }
        if self.free || !self.charged.contains(&1) {
            return Some(1);
        }
        self.outstanding.first().copied().or_else(|| self.next_number())
    }

    /// Whether this payment is the last one missing.
    fn completes(&self, number: u16) -> bool {
        let payments = self.order.plan.as_ref().and_then(|plan| plan.payments);
        payments.is_some_and(|payments| (1..=payments).all(|n| n == number || self.charged.contains(&n)))
    }

    fn part(&self, part: SalePart, payment: u16) -> Coming {
        part_of(&self.order, self.key, part, payment)
    }

    fn declines(&self, number: u16) -> Vec<Coming> {
        vec![self.part(SalePart::Declined, number)]
    }

    /// What a payment stirs that is made after the order was placed.
    fn charges(&self, number: u16) -> Vec<Coming> {
        let makes_up = number == 1 && self.is_declined();
        let mut parts = vec![];
        if makes_up && self.order.plan.is_some() {
            parts.push(self.part(SalePart::OpenOrderCreated, 1));
        }
        parts.push(self.part(SalePart::Charged, number));
        if number > 1 || makes_up {
            parts.push(self.part(SalePart::Purchased, number));
        }
        if self.completes(number) {
            parts.push(self.part(SalePart::Completed, number));
        }
        parts
    }

    /// What a scheduled payment stirs.
    pub fn when_due(&self, number: u16) -> Vec<Coming> {
        let declined = self.order.plan.as_ref().is_some_and(|plan| plan.declined.contains(&number));
        if declined { self.declines(number) } else { self.charges(number) }
    }
}

fn part_of(order: &Arc<Order>, key: u32, part: SalePart, payment: u16) -> Coming {
    let sale = Sale { part, payment, order: order.clone() };
    Coming { order: Some(key), ..Coming::new(Happening::Sale(sale)) }
}

impl Life<'_> {
    /// What an event from outside is made of, in order; the first part is the one that is said as happened.
    pub fn parts_of(&mut self, what: &Happening) -> Vec<Coming> {
        let itself = Coming::new(what.clone());
        match what {
            Happening::Order(order) => self.parts_of_order(order),
            Happening::Payment { reference, declined } => {
                let last =
                    self.record.orders.iter().rev().find(|bought| *bought.order.reference == **reference);
                let paid = last.and_then(|bought| Some((bought, bought.payable()?)));
                let parts = paid.map(|(bought, number)| match declined {
                    true => bought.declines(number),
                    false => bought.charges(number),
                });
                [vec![itself], parts.unwrap_or_default()].concat()
            }
            Happening::OrderCancelled { reference } => {
                let last =
                    self.record.orders.iter().rev().find(|bought| *bought.order.reference == **reference);
                let open = last.filter(|bought| bought.is_open());
                [vec![itself], open.map(|bought| bought.part(SalePart::Cancelled, 1)).into_iter().collect()]
                    .concat()
            }
            Happening::EmailBounced { hard, .. } => {
                let status = gateline::model::EmailStatus::HardBounce;
                let changes = self.record.would_bounce_for_good(*hard) && self.record.email_status != status;
                let changed = changes.then(|| Coming::new(Happening::EmailStatus(status)));
                [vec![itself], changed.into_iter().collect()].concat()
            }
            Happening::FormSubmitted { form, outcome } => {
                [vec![itself], self.part_of_submitting(*form, *outcome)].concat()
            }
            _ => vec![itself],
        }
    }

    /// The map that a form which was sent puts the contact on (M-03).
    fn part_of_submitting(&self, form: FormId, outcome: FormOutcome) -> Vec<Coming> {
        let form = self.account.project.catalogue.forms.get(&form);
        let map = form.and_then(|form| form.map).filter(|_| outcome == FormOutcome::Success);
        map.map(|map| Coming::new(Happening::AddedToAutomation(map))).into_iter().collect()
    }

    /// What an order stirs.
    pub fn parts_of_order(&mut self, order: &Arc<Order>) -> Vec<Coming> {
        let key = self.next_order;
        self.next_order += 1;
        let declined = order.payment == FirstPayment::Declined;
        let free = order.payment == FirstPayment::Unpaid && order.total().is_zero();
        let charged = order.payment == FirstPayment::Charged || free;
        let part = |part| part_of(order, key, part, 1);
        let mut parts = vec![];
        if let Some(form) = order.form {
            let outcome = if declined { FormOutcome::Failure } else { FormOutcome::Success };
            parts.push(Coming::new(Happening::FormSubmitted { form, outcome }));
            parts.extend(self.part_of_submitting(form, outcome));
        }
        parts.push(Coming { order: Some(key), ..Coming::new(Happening::Order(order.clone())) });
        if order.plan.is_some() && !declined {
            parts.push(part(SalePart::OpenOrderCreated));
        }
        if charged {
            parts.push(part_of(order, key, SalePart::Charged, if free { 0 } else { 1 }));
        }
        if declined {
            parts.push(part(SalePart::Declined));
        } else {
            parts.push(part(SalePart::Purchased));
        }
        if charged && order.plan.as_ref().is_some_and(|plan| plan.payments == Some(1)) {
            parts.push(part(SalePart::Completed));
        }
        let form = order.form.and_then(|form| self.account.project.catalogue.forms.get(&form));
        if let Some(list) = form.and_then(|form| form.list)
            && !declined
            && !self.record.is_on(list)
        {
            parts.push(Coming::new(Happening::ListAdded(list)));
        }
        parts
    }

    /// Declined payments of orders that are not cancelled, by order and number.
    pub fn outstanding_payments(&self) -> Vec<(u32, u16)> {
        let orders = self.record.orders.iter().filter(|bought| !bought.cancelled);
        orders.flat_map(|bought| bought.outstanding.iter().map(|number| (bought.key, *number))).collect()
    }

    /// What charging a declined payment again stirs: it is declined again if its number stands in the plan more often
    /// than it was tried.
    pub fn parts_of_recharge(&self, key: u32, number: u16) -> Vec<Coming> {
        let Some(bought) = self.record.orders.iter().find(|bought| bought.key == key) else { return vec![] };
        let declined = bought.order.plan.as_ref().map_or(&[][..], |plan| &plan.declined);
        let count = |numbers: &[u16]| numbers.iter().filter(|other| **other == number).count();
        if count(declined) > count(&bought.tried) { bought.declines(number) } else { bought.charges(number) }
    }

    /// What cancelling the open orders of these products stirs.
    pub fn parts_of_cancelling(&self, products: &Choice<ProductId>) -> Vec<Coming> {
        let open =
            self.record.orders.iter().filter(|bought| bought.is_open() && bought.order.holds(products));
        open.map(|bought| bought.part(SalePart::Cancelled, 1)).collect()
    }

    /// Changes the record as an order or a part of a sale does.
    pub fn change_sales(&mut self, part: &Coming) {
        let now = self.now;
        match (&part.what, part.order) {
            (Happening::Order(order), Some(key)) => {
                let declined = order.payment == FirstPayment::Declined;
                self.record.orders.push(Bought {
                    key,
                    order: order.clone(),
                    purchased: (!declined).then_some(now),
                    tried: vec![],
                    charged: vec![],
                    outstanding: BTreeSet::new(),
                    first_paid: None,
                    cancelled: false,
                    completed: false,
                    free: false,
                });
                if !declined {
                    self.record.checkouts.retain(|(_, checkout)| match checkout.reference.as_str() {
                        "" => !order.lines.iter().any(|line| checkout.products.contains(&line.product)),
                        reference => reference != order.reference,
                    });
                }
            }
            (Happening::Sale(sale), Some(key)) => {
                let Some(bought) = self.record.orders.iter_mut().find(|bought| bought.key == key) else {
                    return;
                };
                match sale.part {
                    // the first payment of what costs nothing, which counts as made
                    SalePart::Charged if sale.payment == 0 => {
                        bought.free = true;
                        bought.tried.push(1);
                        bought.charged.push(1);
                        bought.first_paid = Some(now);
                    }
                    SalePart::Charged => {
                        bought.tried.push(sale.payment);
                        bought.outstanding.remove(&sale.payment);
                        if sale.payment == 1 && bought.free {
                            bought.free = false;
                        } else {
                            bought.charged.push(sale.payment);
                        }
                        if sale.payment == 1 {
                            bought.first_paid = bought.first_paid.or(Some(now));
                            bought.purchased = bought.purchased.or(Some(now));
                        }
                    }
                    SalePart::Declined => {
                        bought.tried.push(sale.payment);
                        bought.outstanding.insert(sale.payment);
                    }
                    SalePart::Completed => bought.completed = true,
                    SalePart::Cancelled => bought.cancelled = true,
                    SalePart::OpenOrderCreated | SalePart::Purchased => {}
                }
            }
            _ => {}
        }
    }
}

impl Record {
    /// What was spent on the products: their lines in each payment made, less what was given back.
    pub fn spent(&self, products: &Choice<ProductId>) -> Money {
        let of = |order: &Order| -> Money {
            order.lines.iter().filter(|line| products.includes(line.product)).map(|line| line.amount).sum()
        };
        let paid = |bought: &Bought| -> Money { bought.charged.iter().map(|_| of(&bought.order)).sum() };
        let spent: Money = self.orders.iter().map(paid).sum();
        spent - self.refunds.iter().map(|order| of(order)).sum::<Money>()
    }

    /// Pieces of the products in all orders that were purchased.
    pub fn ordered(&self, products: &Choice<ProductId>) -> Decimal {
        let purchased = self.orders.iter().filter(|bought| bought.purchased.is_some());
        let lines = purchased.flat_map(|bought| &bought.order.lines);
        lines.filter(|line| products.includes(line.product)).map(|line| line.quantity).sum()
    }

    /// Since when each running subscription of the products runs.
    pub fn subscriptions(&self, products: &Choice<ProductId>) -> Vec<Instant> {
        let running = |bought: &&Bought| {
            bought.is_open() && bought.order.is_subscription() && bought.order.holds(products)
        };
        self.orders.iter().filter(running).filter_map(|bought| bought.purchased).collect()
    }
}
