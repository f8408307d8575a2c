//! Orders, refunds and checkouts: what is bought, how it is paid, and payments over time.

use std::iter::repeat_n;
use std::sync::Arc;

use egui::{DragValue, Ui};
use rust_decimal::Decimal;

use super::About;
use super::choose::Pickers;
use super::fill::{any, select, text};
use crate::app::icons::Icon;
use crate::app::theme::window;
use crate::app::widgets;
use crate::base::id::{FormId, ProductId, TouchpointId};
use crate::base::money::Money;
use crate::base::time::{Span, Unit};
use crate::model::{
    Checkout, FirstPayment, Form, Order, OrderLine, OrderSource, PaymentKind, PaymentPlan, PlanKind, Product,
    Provider, Touchpoint,
};

/// Most pieces of one product in an order that is made by hand.
const MOST_PIECES: u32 = 1_000;

/// What was filled in about an order.
#[derive(Debug)]
pub(super) struct Sale {
    lines: Vec<Line>,
    reference: String,
    source: OrderSource,
    form: Option<FormId>,
    touchpoint: Option<TouchpointId>,
    method: PaymentKind,
    payment: FirstPayment,
    plan: Option<PlanKind>,
    payments: u16,
    endless: bool,
    by_themselves: bool,
    every: Span,
    declined: String,
    provider: Provider,
}

/// One product of it.
#[derive(Debug)]
struct Line {
    product: Option<ProductId>,
    pieces: u32,
    amount: String,
}

impl Default for Line {
    fn default() -> Self {
        Self { product: None, pieces: 1, amount: String::new() }
    }
}

impl Default for Sale {
    fn default() -> Self {
        Self {
            lines: vec![Line::default()],
            reference: String::new(),
            source: OrderSource::default(),
            form: None,
            touchpoint: None,
            method: PaymentKind::default(),
            payment: FirstPayment::default(),
            plan: None,
            payments: 3,
            endless: false,
            by_themselves: true,
            every: Span::new(1, Unit::Months),
            declined: String::new(),
            provider: Provider::default(),
        }
    }
}

impl Sale {
    /// The fields of an order.
    pub fn order(
        &mut self,
        ui: &mut Ui,
        pickers: &mut Pickers,
        about: About<'_>,
    ) -> Result<Arc<Order>, String> {
        let lines = self.lines(ui, pickers, about);
        select(ui, "First payment", &mut self.payment, FirstPayment::ALL);
        select(ui, "Kind of payment", &mut self.method, PaymentKind::ALL);
        let plan = self.plan(ui);
        select(ui, "How it comes in", &mut self.source, OrderSource::ALL);
        let mut form = None;
        if self.source == OrderSource::OrderForm {
            let takes_payment = |form: &Form| form.order_form;
            pickers.item_or_none::<Form>(ui, about.project, "Order form", takes_payment, &mut self.form);
            form = self.form;
        }
        if !about.project.catalogue.touchpoints.is_empty() {
            let name = "Where it begins";
            pickers.item_or_none::<Touchpoint>(ui, about.project, name, any, &mut self.touchpoint);
        }
        self.reference(ui);
        let (reference, touchpoint) = (self.reference.trim().to_owned(), self.touchpoint);
        let (source, method, payment) = (self.source, self.method, self.payment);
        Ok(Arc::new(Order {
            reference,
            lines: lines?,
            source,
            form,
            touchpoint,
            method,
            payment,
            plan: plan?,
        }))
    }

    /// The fields of a refund.
    pub fn refund(
        &mut self,
        ui: &mut Ui,
        pickers: &mut Pickers,
        about: About<'_>,
    ) -> Result<Arc<Order>, String> {
        let lines = self.lines(ui, pickers, about);
        self.reference(ui);
        let reference = self.reference.trim().to_owned();
        Ok(Arc::new(Order { reference, lines: lines?, ..Order::default() }))
    }

    /// The fields of a checkout.
    pub fn checkout(
        &mut self,
        ui: &mut Ui,
        pickers: &mut Pickers,
        about: About<'_>,
    ) -> Result<Arc<Checkout>, String> {
        let products: Vec<_> = self.each_line(ui, |ui, name, line| {
            pickers.item::<Product>(ui, about.project, name, any, &mut line.product)
        });
        select(ui, "Payment page", &mut self.provider, Provider::ALL);
        self.reference(ui);
        let products = products.into_iter().collect::<Result<_, _>>()?;
        let reference = self.reference.trim().to_owned();
        Ok(Arc::new(Checkout { reference, products, provider: self.provider }))
    }

    fn reference(&mut self, ui: &mut Ui) {
        text(ui, "Order number", &mut self.reference, "None");
    }

    /// Products with pieces and amounts.
    fn lines(
        &mut self,
        ui: &mut Ui,
        pickers: &mut Pickers,
        about: About<'_>,
    ) -> Result<Vec<OrderLine>, String> {
        let (project, with_plan) = (about.project, self.plan.is_some());
        let lines: Vec<Result<_, String>> = self.each_line(ui, |ui, name, line| {
            let product = pickers.item::<Product>(ui, project, name, any, &mut line.product);
            let price = line.product.and_then(|product| project.catalogue.products.get(&product)?.price);
            let listed: Option<Money> = price.map(|price| repeat_n(price, line.pieces as usize).sum());
            ui.horizontal(|ui| {
                let pieces = DragValue::new(&mut line.pieces).range(1..=MOST_PIECES).suffix(" ×");
                ui.add(pieces).accessible_name("Pieces");
                let hint = listed.unwrap_or(Money::ZERO).to_string();
                let id = ui.make_persistent_id("amount");
                let field = widgets::text_field(ui, id, &mut line.amount, &hint, window::FIELD_SHORT);
                let name = format!("Amount in {}", project.settings.currency);
                field.accessible_name(name.as_str());
                ui.label(&project.settings.currency);
            });
            let amount = match line.amount.trim() {
                "" => listed.unwrap_or(Money::ZERO),
                text => text.parse().map_err(|_| "The amount is not a number such as 12.50")?,
            };
            Ok(OrderLine { product: product?, quantity: Decimal::from(line.pieces), amount })
        });
        let each = if with_plan { "The amount of each payment" } else { "The amount of all pieces together" };
        widgets::help(ui, &format!("{each}; nothing: the list price"));
        lines.into_iter().collect()
    }

    /// Shows each product with what belongs to it, and lets more come and go.
    fn each_line<T>(&mut self, ui: &mut Ui, mut show: impl FnMut(&mut Ui, &str, &mut Line) -> T) -> Vec<T> {
        let several = self.lines.len() > 1;
        let (mut shown, mut gone) = (vec![], None);
        for (place, line) in self.lines.iter_mut().enumerate() {
            let name = if place == 0 { "Product".to_owned() } else { format!("Product {}", place + 1) };
            ui.push_id(place, |ui| {
                shown.push(show(ui, &name, line));
                if several && ui.button(format!("{} Remove", Icon::Close.glyph())).clicked() {
                    gone = Some(place);
                }
            });
        }
        if ui.button(format!("{} Add a product", Icon::Plus.glyph())).clicked() {
            self.lines.push(Line::default());
        }
        if let Some(place) = gone {
            self.lines.remove(place);
        }
        shown
    }

    /// Payments over time.
    fn plan(&mut self, ui: &mut Ui) -> Result<Option<PaymentPlan>, String> {
        let kinds = PlanKind::ALL.iter().map(|(kind, words)| (Some(*kind), *words));
        let rows: Vec<_> = std::iter::once((None, "Paid at once")).chain(kinds).collect();
        select(ui, "Payments over time", &mut self.plan, &rows);
        let Some(kind) = self.plan else { return Ok(None) };
        widgets::check(ui, &mut self.endless, "Goes on until it is cancelled", "");
        if !self.endless {
            let label = widgets::label(ui, "Payments in all");
            ui.add(DragValue::new(&mut self.payments).range(1..=u16::MAX)).labelled_by(label.id);
        }
        let sentence = "Otherwise each later payment is an event of its own";
        widgets::check(ui, &mut self.by_themselves, "Payments come by themselves", sentence);
        if self.by_themselves {
            let label = widgets::label(ui, "From one to the next");
            ui.horizontal(|ui| {
                ui.add(DragValue::new(&mut self.every.count).range(1..=1_000)).labelled_by(label.id);
                let rows = Unit::ALL.map(|unit| (unit, unit.word(self.every.count)));
                let (response, chosen) = widgets::select(ui, "unit", self.every.unit, &rows);
                response.accessible_name("Unit");
                self.every.unit = chosen.unwrap_or(self.every.unit);
            });
            text(ui, "Payments that are declined", &mut self.declined, "Such as 2, 4");
            widgets::help(ui, "A number that stands twice is declined when it is charged again, too");
        }
        let number = |text: &str| match text.trim().parse() {
            Ok(number) if number >= 2 => Ok(number),
            _ => Err(format!("“{}” is no number of a later payment: they begin with 2", text.trim())),
        };
        let numbers = self.declined.split(',').filter(|text| self.by_themselves && !text.trim().is_empty());
        Ok(Some(PaymentPlan {
            kind,
            payments: (!self.endless).then_some(self.payments),
            every: self.by_themselves.then_some(self.every),
            declined: numbers.map(number).collect::<Result<_, _>>()?,
        }))
    }
}
