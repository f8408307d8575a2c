//! Settings of events about orders and payments.

use egui::{Id, Ui};

use super::super::Page;
use super::super::items::{ORDER_FORMS, Offer};
use super::super::values::select;
use crate::app::theme::space;
use crate::app::widgets;
use crate::model::{Category, Choice, KeapPurchase, PaymentKind, PlanPayments, Product, Provider};

/// One of several, each a row of a table.
pub(super) fn which<T: Copy + PartialEq>(ui: &mut Ui, name: &str, current: &mut T, rows: &[(T, &str)]) {
    widgets::label(ui, name);
    for (row, words) in rows {
        if widgets::radio(ui, *current == *row, words).clicked() {
            *current = *row;
        }
    }
}

/// G-12
pub(super) fn plan_payments(ui: &mut Ui, payments: &mut PlanPayments) {
    widgets::label(ui, "Payments of a plan");
    let rows = [
        (PlanPayments::Every, "Every payment", "Each later payment counts as a purchase once more"),
        (PlanPayments::First, "First payment only", "Later payments of a plan or subscription do nothing"),
    ];
    for (row, name, sentence) in rows {
        if widgets::choice(ui, *payments == row, name, sentence).clicked() {
            *payments = row;
        }
    }
}

pub(super) fn provider(page: &Page<'_>, ui: &mut Ui, provider: &mut Option<Provider>) {
    let each = Provider::ALL.iter().map(|(provider, name)| (Some(*provider), *name));
    let rows: Vec<_> = std::iter::once((None, "Any provider")).chain(each).collect();
    select(ui, "Payment page", provider, &rows);
    let after = page.project.settings.abandon_after;
    widgets::help(
        ui,
        &format!("Abandoned when it is not finished within {after}, as the project's settings say"),
    );
}

/// The purchase goal of Keap: any of the ticked options (K-01), and how it is paid (K-02).
pub(super) fn keap(page: &mut Page<'_>, ui: &mut Ui, purchase: &mut KeapPurchase) {
    let KeapPurchase { any, forms, products, categories, payments } = purchase;
    widgets::label(ui, "What is bought");
    widgets::check(ui, any, "Any purchase", "Whatever else is ticked");
    option(ui, "Order forms", forms, |ui, forms| {
        page.several_of(ui, "Add an order form", &ORDER_FORMS, forms);
    });
    option(ui, "Products", products, |ui, products| {
        page.several_of(ui, "Add a product", &Offer::<Product>::all(), products);
    });
    option(ui, "Categories", categories, |ui, categories| {
        page.several_of(ui, "Add a category", &Offer::<Category>::all(), categories);
    });
    if !*any && forms.is_empty() && products.is_empty() && categories.is_empty() {
        widgets::warning(ui, "Nothing is ticked and chosen yet, so nothing matches");
    } else {
        widgets::help(ui, "One of the ticked options is enough");
    }

    widgets::label(ui, "How it is paid");
    if widgets::radio(ui, *payments == Choice::Any, "Any kind of payment").clicked() {
        *payments = Choice::Any;
    }
    let some = matches!(payments, Choice::OneOf(_));
    if widgets::radio(ui, some, "Chosen kinds of payment").clicked() && !some {
        *payments = Choice::OneOf(vec![]);
    }
    if let Choice::OneOf(chosen) = payments {
        payment_kinds(ui, chosen);
    }
    widgets::help(ui, "Only the first payment of an order counts; renewals and instalments never do");
}

fn payment_kinds(ui: &mut Ui, chosen: &mut Vec<PaymentKind>) {
    ui.indent("payment kinds", |ui| {
        for (kind, name) in PaymentKind::ALL {
            let mut on = chosen.contains(kind);
            if widgets::check(ui, &mut on, name, "").changed() {
                chosen.retain(|other| other != kind);
                if on {
                    chosen.push(*kind);
                    chosen.sort_unstable();
                }
            }
        }
    });
    if chosen.is_empty() {
        widgets::warning(ui, "No kind of payment is chosen yet, so nothing matches");
    }
}

/// An option with things of its own. Ticked with nothing chosen yet it matches nothing, so the document does not know
/// that it is: the window does.
fn option<T>(ui: &mut Ui, name: &str, chosen: &mut Vec<T>, things: impl FnOnce(&mut Ui, &mut Vec<T>)) {
    let ticked: Id = ui.make_persistent_id((name, "ticked"));
    let mut on = !chosen.is_empty() || ui.data(|data| data.get_temp(ticked)).unwrap_or(false);
    if widgets::check(ui, &mut on, name, "").changed() {
        ui.data_mut(|data| data.insert_temp(ticked, on));
        if !on {
            chosen.clear();
        }
    }
    if on {
        ui.indent(name, |ui| {
            things(ui, chosen);
            ui.add_space(space::XS);
        });
    }
}
