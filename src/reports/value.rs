//! Lifetime value: what the contacts who ever visited an element have spent.

use rust_decimal::RoundingStrategy;

use crate::base::id::ElementId;
use crate::base::money::Money;
use crate::engine::log::{Entry, Said, Sink, What};
use crate::engine::plan::NodeIx;
use crate::engine::{Plan, Simulation};
use crate::model::{ContactIx, Happening, SalePart, ValueBase};

/// What the visitors of one element have spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Value {
    /// Distinct contacts that ever visited it.
    pub visited: u32,
    /// What they spent together: charged payments less refunds.
    pub total: Money,
}

impl Value {
    /// What each spent on average, to the hundredth; `None`: nobody came.
    pub fn average(&self) -> Option<Money> {
        let average = self.total.per(self.visited.into())?.amount();
        Some(Money::new(average.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)))
    }
}

/// Adds up what visitors spend; one for each thread, [`Spending::merge`]d at the end.
#[derive(Debug)]
pub struct Spending {
    base: ValueBase,
    contact: Option<ContactIx>,
    /// What the contact has spent so far.
    spent: Money,
    /// Elements it came to, with what it had spent by then.
    visits: Vec<(NodeIx, Money)>,
    /// By node.
    values: Vec<Value>,
}

impl Spending {
    /// Of nobody yet.
    pub fn new(sim: &Simulation<'_>) -> Self {
        let base = sim.plan.settings.value_base;
        let values = vec![Value::default(); sim.plan.nodes().count()];
        Self { base, contact: None, spent: Money::ZERO, visits: vec![], values }
    }

    /// The contact's log is over.
    fn settle(&mut self) {
        for (node, before) in self.visits.drain(..) {
            let Some(value) = self.values.get_mut(node.index()) else { continue };
            value.visited += 1;
            value.total += match self.base {
                ValueBase::All => self.spent,
                ValueBase::AfterVisit => self.spent - before,
            };
        }
        self.spent = Money::ZERO;
    }

    /// Adds what another thread found.
    #[must_use]
    pub fn merge(mut self, mut other: Self) -> Self {
        self.settle();
        other.settle();
        for (value, more) in self.values.iter_mut().zip(other.values) {
            value.visited += more.visited;
            value.total += more.total;
        }
        self
    }

    /// What the visitors of an element spent.
    pub fn of(&self, plan: &Plan, element: ElementId) -> Value {
        let value = plan.find(element).and_then(|node| self.values.get(node.index()));
        value.copied().unwrap_or_default()
    }
}

impl Sink for Spending {
    const NUMBERS: bool = false;

    fn entry(&mut self, _: &Plan, entry: &Entry<'_>) {
        if self.contact != Some(entry.contact) {
            self.settle();
            self.contact = Some(entry.contact);
        }
        match (entry.what, entry.node) {
            (What::Arrived(_), Some(node)) if self.visits.iter().all(|(other, _)| *other != node) => {
                self.visits.push((node, self.spent));
            }
            (Said::Happened(what) | Said::Raised(what), _) => match what {
                Happening::Sale(sale) if sale.part == SalePart::Charged => self.spent += sale.order.total(),
                Happening::Refund(order) => self.spent -= order.total(),
                _ => {}
            },
            _ => {}
        }
    }
}
