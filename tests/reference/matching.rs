//! What triggers and goals listen for (semantics §3).

use gateline::base::id::MapId;
use gateline::base::time::Side;
use gateline::model::{
    CardOutcome, Catalogue, Change, Choice, DateRule, EventFilter, FirstPayment, Happening, KeapPurchase,
    Map, OpenOrderChange, Order, OrderSource, PlanPayments, Project, Sale, SalePart,
};

/// Whether a listener of the map with this filter takes the event for its own.
pub fn matches(filter: &EventFilter, what: &Happening, map: &Map, project: &Project) -> bool {
    let (catalogue, settings) = (&project.catalogue, &project.settings);
    let other = |listens: &Option<MapId>, happened: MapId| *listens == Some(happened) && happened != map.id;
    match (filter, what) {
        (_, Happening::Sale(sale)) => matches_sale(filter, sale, map, catalogue),
        (EventFilter::FieldUpdated(field), Happening::FieldUpdated { field: updated, .. }) => {
            *field == Some(*updated)
        }
        (EventFilter::Paused(listens), Happening::Paused(on)) => other(listens, *on),
        (EventFilter::Unpaused(listens), Happening::Unpaused(on)) => other(listens, *on),
        (EventFilter::Automation { map: listens, change: Change::Added }, Happening::CameOnMap(on)) => {
            other(listens, *on)
        }
        (EventFilter::Automation { map: listens, change: Change::Removed }, Happening::WentOffMap(off)) => {
            other(listens, *off)
        }
        (EventFilter::TagAdded(tag), Happening::TagAdded(added)) => *tag == Some(*added),
        (EventFilter::TagRemoved(tag), Happening::TagRemoved(removed)) => *tag == Some(*removed),
        (EventFilter::ListAdded(list), Happening::ListAdded(added)) => *list == Some(*added),
        (EventFilter::ListRemoved(list), Happening::ListRemoved(removed)) => *list == Some(*removed),
        (_, Happening::DateCame(rule)) => days_of(filter) == Some(*rule),
        (EventFilter::TaskCompleted { task, outcomes }, Happening::TaskCompleted { task: done, outcome }) => {
            *task == Some(*done) && (outcomes.is_empty() || outcomes.contains(outcome))
        }
        (
            EventFilter::FormSubmitted { form, outcome },
            Happening::FormSubmitted { form: sent, outcome: how },
        ) => form.includes(*sent) && (outcome.is_none() || *outcome == Some(*how)),
        (EventFilter::CallLogged, Happening::CallLogged) => true,
        (
            EventFilter::Relationship { relationship, change: Change::Added },
            Happening::RelationshipAdded { relationship: made, .. },
        ) => *relationship == Some(*made),
        (
            EventFilter::Relationship { relationship, change: Change::Removed },
            Happening::RelationshipRemoved { relationship: undone, .. },
        ) => *relationship == Some(*undone),
        (
            EventFilter::EmailLinkClicked { email, link },
            Happening::EmailLinkClicked { email: of, link: clicked },
        ) => *email == Some(*of) && (*link == 0 || link == clicked),
        (EventFilter::EmailReceived, Happening::EmailReceived) => settings.email_sync,
        (EventFilter::SmsReceived, Happening::SmsReceived(_)) => true,
        (EventFilter::Refund(products), Happening::Refund(order)) => order.holds(products),
        (EventFilter::CheckoutAbandoned { products, provider }, Happening::CheckoutAbandoned(checkout)) => {
            let held = match products {
                Choice::Any => true,
                Choice::OneOf(some) => some.iter().any(|product| checkout.products.contains(product)),
            };
            held && (provider.is_none() || *provider == Some(checkout.provider))
        }
        (EventFilter::PageVisited(page), Happening::PageVisited(visited)) => *page == Some(*visited),
        (EventFilter::PurlVisited(page), Happening::PurlVisited(visited)) => *page == Some(*visited),
        (EventFilter::UrlVisited(page), Happening::UrlVisited(visited)) => {
            settings.tracking_code && *page == Some(*visited)
        }
        (EventFilter::LinkClicked(page), Happening::LinkClicked(clicked)) => *page == Some(*clicked),
        (EventFilter::MembershipUpdated(site), Happening::MembershipUpdated { site: of, .. }) => {
            *site == Some(*of)
        }
        (EventFilter::MembershipCreated(site), Happening::MembershipCreated { site: of, .. }) => {
            *site == Some(*of)
        }
        (EventFilter::LevelGiven(level), Happening::LevelGiven(given)) => *level == Some(*given),
        (EventFilter::LevelLost(level), Happening::LevelLost(lost)) => *level == Some(*lost),
        (EventFilter::Created, Happening::Created) => true,
        (EventFilter::AddedToAutomation, Happening::AddedToAutomation(to)) => *to == map.id,
        _ => false,
    }
}

fn matches_sale(filter: &EventFilter, sale: &Sale, map: &Map, catalogue: &Catalogue) -> bool {
    let Sale { part, payment, order } = sale;
    let of_plan = order.plan.is_some();
    let by_card = order.method.is_card() && !order.total().is_zero();
    match (filter, part) {
        // G-11: one transaction is one activation; G-12
        (EventFilter::Purchased { products, plan_payments }, SalePart::Purchased) => {
            order.holds(products) && (*payment == 1 || *plan_payments == PlanPayments::Every)
        }
        // K-03: the first payment and no other, from sources that count
        (EventFilter::KeapPurchase(purchase), SalePart::Charged) => {
            // what costs nothing and is not paid counts as paid without a payment, or needs one, as the switch says
            let free = order.payment == FirstPayment::Unpaid && order.total().is_zero();
            let pays = if free && map.rules.zero_total_pays { 0 } else { 1 };
            *payment == pays
                && order.source != OrderSource::Rule
                && is_ticked(purchase, order, catalogue)
                && purchase.payments.includes(order.method)
        }
        (EventFilter::OpenOrderCreated, SalePart::OpenOrderCreated) => true,
        (EventFilter::OpenOrder(OpenOrderChange::Charged), SalePart::Charged) => of_plan && *payment > 1,
        (EventFilter::OpenOrder(OpenOrderChange::Declined), SalePart::Declined) => {
            // not open yet: the first payment failed and was not made up for
            let never_opened = *payment == 1 && order.payment == FirstPayment::Declined;
            of_plan && !never_opened
        }
        (EventFilter::OpenOrder(OpenOrderChange::Cancelled), SalePart::Cancelled) => true,
        (EventFilter::OpenOrder(OpenOrderChange::Completed), SalePart::Completed) => true,
        (EventFilter::Card(CardOutcome::Charged), SalePart::Charged) => by_card,
        (EventFilter::Card(CardOutcome::Declined), SalePart::Declined) => by_card,
        _ => false,
    }
}

/// K-01: one of the ticked options.
fn is_ticked(purchase: &KeapPurchase, order: &Order, catalogue: &Catalogue) -> bool {
    let form = order.form.is_some_and(|form| purchase.forms.contains(&form));
    let product = order.lines.iter().any(|line| purchase.products.contains(&line.product));
    let categories = order.lines.iter().filter_map(|line| catalogue.products.get(&line.product));
    let category =
        categories.flat_map(|product| &product.categories).any(|c| purchase.categories.contains(c));
    purchase.any || form || product || category
}

/// The days that a listener for days waits for (G-13).
pub fn days_of(filter: &EventFilter) -> Option<DateRule> {
    match filter {
        EventFilter::DateMatches(Some(field)) => Some(DateRule::Field { field: *field, days: 0 }),
        EventFilter::DateRelative { field: Some(field), side: Side::Before, days } => {
            Some(DateRule::Field { field: *field, days: -(*days as i32) })
        }
        EventFilter::DateRelative { field: Some(field), side: Side::After, days } => {
            Some(DateRule::Field { field: *field, days: *days as i32 })
        }
        EventFilter::SpecificDate(Some(date)) => Some(DateRule::On(*date)),
        _ => None,
    }
}
