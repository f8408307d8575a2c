//! Events in words: what is listened for, and what happened.

use super::conditions::link_in_words;
use super::{
    OPEN, any_product, capitalised, choice_in_words, counted, date_in_words, first_line, listed,
    listed_or_open, lower_first, map_name, named, named_all, thousands, value_in_words, words_of,
};
use crate::base::id::{ProductId, TaskId};
use crate::base::time::Side;
use crate::model::{
    Campaign, CampaignRef, CampaignTouch, CardOutcome, Category, Change, Checkout, Choice, DateRule, Email,
    EventFilter, Field, FirstPayment, Form, FormOutcome, Happening, KeapPurchase, Level, LineStatus, List,
    MembershipStatus, OpenOrderChange, Order, OrderGoal, OrderStatus, Page, PaymentKind, PlanPayments,
    Product, Project, Provider, Relationship, Sale, SalePart, Site, Sms, StatusChange, Tag, Task, Touchpoint,
};

/// What a trigger or goal listens for, as a title.
pub(super) fn event_title(project: &Project, on: &EventFilter) -> String {
    capitalised(&match on {
        EventFilter::FieldUpdated(field) => format!("field {} is updated", named::<Field>(project, *field)),
        EventFilter::Paused(map) => format!("paused on {}", map_name(project, *map)),
        EventFilter::Unpaused(map) => format!("unpaused on {}", map_name(project, *map)),
        EventFilter::TagAdded(tag) => format!("tag {} is added", named::<Tag>(project, *tag)),
        EventFilter::TagRemoved(tag) => format!("tag {} is removed", named::<Tag>(project, *tag)),
        EventFilter::ListAdded(list) => format!("comes onto list {}", named::<List>(project, *list)),
        EventFilter::ListRemoved(list) => format!("leaves list {}", named::<List>(project, *list)),
        EventFilter::DateMatches(field) | EventFilter::DateRelative { field, days: 0, .. } => {
            format!("today is {}", named::<Field>(project, *field))
        }
        EventFilter::DateRelative { field, side, days } => {
            format!("{} {}", days_from(*side, *days), named::<Field>(project, *field))
        }
        EventFilter::SpecificDate(date) => {
            format!("today is {}", date.map_or_else(|| OPEN.into(), date_in_words))
        }
        EventFilter::Automation { map, change: Change::Added } => {
            format!("comes onto {}", map_name(project, *map))
        }
        EventFilter::Automation { map, change: Change::Removed } => {
            format!("goes off {}", map_name(project, *map))
        }
        EventFilter::TaskCompleted { task, outcomes } => {
            let name = named::<Task>(project, *task);
            match outcomes_in_words(project, *task, outcomes) {
                Some(outcomes) => format!("task {name}: {outcomes}"),
                None => format!("task {name} is completed"),
            }
        }
        EventFilter::CallLogged => "call is logged".into(),
        EventFilter::Relationship { relationship, change } => {
            let change = lower_first(words_of(&Change::ALL, *change));
            format!("relationship {} is {change}", named::<Relationship>(project, *relationship))
        }
        EventFilter::Purchased { products, .. } => format!("purchases {}", any_product(project, products)),
        EventFilter::KeapPurchase(purchase) => format!("purchases {}", ticked(project, purchase)),
        EventFilter::CheckoutAbandoned { products, provider } => {
            let products = any_product(project, products);
            format!("abandons checkout of {products}{}", at_provider(*provider))
        }
        EventFilter::PageVisited(page) => format!("visits {}", named::<Page>(project, *page)),
        EventFilter::PurlVisited(page) => format!("visits {} by personal URL", named::<Page>(project, *page)),
        EventFilter::OpenOrderCreated => "open order is created".into(),
        EventFilter::OpenOrder(change) => format!("open order is {}", change_of_order(*change)),
        EventFilter::Card(CardOutcome::Charged) => "credit card is charged".into(),
        EventFilter::Card(CardOutcome::Declined) => "credit card is declined".into(),
        EventFilter::UrlVisited(page) => format!("visits {}", named::<Page>(project, *page)),
        EventFilter::LinkClicked(page) => format!("clicks link {}", named::<Page>(project, *page)),
        EventFilter::MembershipUpdated(site) => {
            format!("membership of {} is updated", named::<Site>(project, *site))
        }
        EventFilter::LevelGiven(level) => format!("is given level {}", named::<Level>(project, *level)),
        EventFilter::LevelLost(level) => format!("loses level {}", named::<Level>(project, *level)),
        EventFilter::Created => "contact is created".into(),
        EventFilter::AddedToAutomation => "added to this map".into(),
        EventFilter::FormSubmitted { .. }
        | EventFilter::EmailLinkClicked { .. }
        | EventFilter::EmailReceived
        | EventFilter::SmsReceived
        | EventFilter::Refund(_)
        | EventFilter::MembershipCreated(_) => event_in_words(project, on),
    })
}

/// Settings of an event that its title has no room for.
pub(super) fn event_details(on: &EventFilter) -> Option<String> {
    match on {
        EventFilter::Purchased { plan_payments: payments @ PlanPayments::First, .. } => {
            Some(words_of(PlanPayments::ALL, *payments).into())
        }
        EventFilter::KeapPurchase(purchase) => paid(&purchase.payments),
        _ => None,
    }
}

/// What a contact does, behind "a contact who": `buys Course`.
pub fn event_in_words(project: &Project, on: &EventFilter) -> String {
    let detail = event_details(on).map_or_else(String::new, |details| format!(" ({details})"));
    match on {
        EventFilter::FieldUpdated(field) => {
            format!("has the field {} updated", named::<Field>(project, *field))
        }
        EventFilter::Paused(map) => format!("is paused on the map {}", map_name(project, *map)),
        EventFilter::Unpaused(map) => format!("is unpaused on the map {}", map_name(project, *map)),
        EventFilter::TagAdded(tag) => format!("is given the tag {}", named::<Tag>(project, *tag)),
        EventFilter::TagRemoved(tag) => format!("loses the tag {}", named::<Tag>(project, *tag)),
        EventFilter::ListAdded(list) => format!("comes onto the list {}", named::<List>(project, *list)),
        EventFilter::ListRemoved(list) => format!("leaves the list {}", named::<List>(project, *list)),
        EventFilter::DateMatches(field) | EventFilter::DateRelative { field, days: 0, .. } => {
            format!("reaches the day in {}", named::<Field>(project, *field))
        }
        EventFilter::DateRelative { field, side, days } => {
            format!("reaches {} {}", days_from(*side, *days), named::<Field>(project, *field))
        }
        EventFilter::SpecificDate(date) => {
            format!("reaches {}", date.map_or_else(|| OPEN.into(), date_in_words))
        }
        EventFilter::Automation { map, change: Change::Added } => {
            format!("comes onto the map {}", map_name(project, *map))
        }
        EventFilter::Automation { map, change: Change::Removed } => {
            format!("goes off the map {}", map_name(project, *map))
        }
        EventFilter::TaskCompleted { task, outcomes } => {
            let name = named::<Task>(project, *task);
            format!("has the task {name} completed{}", with(outcomes_in_words(project, *task, outcomes)))
        }
        EventFilter::FormSubmitted { form, outcome } => {
            let forms = choice_in_words::<Form>(project, form, "any form");
            let outcome = match outcome {
                None => "",
                Some(FormOutcome::Success) => " with success",
                Some(FormOutcome::Failure) => " without success",
            };
            format!("submits {forms}{outcome}")
        }
        EventFilter::CallLogged => "has a call logged".into(),
        EventFilter::Relationship { relationship, change: Change::Added } => {
            format!("is given the relationship {}", named::<Relationship>(project, *relationship))
        }
        EventFilter::Relationship { relationship, change: Change::Removed } => {
            format!("loses the relationship {}", named::<Relationship>(project, *relationship))
        }
        EventFilter::EmailLinkClicked { email, link } => {
            format!("clicks {}", link_in_words(project, *email, *link))
        }
        EventFilter::EmailReceived => "sends you an e-mail".into(),
        EventFilter::SmsReceived => "sends you an SMS".into(),
        EventFilter::Purchased { products, .. } => format!("buys {}{detail}", any_product(project, products)),
        EventFilter::KeapPurchase(purchase) => format!("buys {}{detail}", ticked(project, purchase)),
        EventFilter::Refund(products) => format!("gets a refund on {}", any_product(project, products)),
        EventFilter::CheckoutAbandoned { products, provider } => {
            let products = any_product(project, products);
            format!("abandons a checkout of {products}{}", at_provider(*provider))
        }
        EventFilter::PageVisited(page) => format!("visits the page {}", named::<Page>(project, *page)),
        EventFilter::PurlVisited(page) => {
            format!("visits the page {} by its personal URL", named::<Page>(project, *page))
        }
        EventFilter::OpenOrderCreated => "gets an open order".into(),
        EventFilter::OpenOrder(change) => format!("has an open order {}", change_of_order(*change)),
        EventFilter::Card(CardOutcome::Charged) => "has the credit card charged".into(),
        EventFilter::Card(CardOutcome::Declined) => "has the credit card declined".into(),
        EventFilter::UrlVisited(page) => format!("visits the address {}", named::<Page>(project, *page)),
        EventFilter::LinkClicked(page) => format!("clicks the link {}", named::<Page>(project, *page)),
        EventFilter::MembershipUpdated(site) => {
            format!("has the membership of {} updated", named::<Site>(project, *site))
        }
        EventFilter::MembershipCreated(site) => format!("registers at {}", named::<Site>(project, *site)),
        EventFilter::LevelGiven(level) => format!("is given the level {}", named::<Level>(project, *level)),
        EventFilter::LevelLost(level) => format!("loses the level {}", named::<Level>(project, *level)),
        EventFilter::Created => "is created".into(),
        EventFilter::AddedToAutomation => "is added to this map".into(),
    }
}

fn days_from(side: Side, days: u32) -> String {
    let side = match side {
        Side::Before => "before",
        Side::After => "after",
    };
    format!("{} {side}", counted(days as usize, "day", "days"))
}

fn change_of_order(change: OpenOrderChange) -> &'static str {
    match change {
        OpenOrderChange::Charged => "charged",
        OpenOrderChange::Declined => "declined",
        OpenOrderChange::Cancelled => "cancelled",
        OpenOrderChange::Completed => "completed",
    }
}

fn at_provider(provider: Option<Provider>) -> String {
    provider.map_or_else(String::new, |provider| format!(" at {}", provider.label()))
}

/// The outcomes of a task that count; `None`: all do.
fn outcomes_in_words(project: &Project, task: Option<TaskId>, outcomes: &[u8]) -> Option<String> {
    let names: Vec<_> = outcomes.iter().map(|number| outcome_name(project, task, *number)).collect();
    (!names.is_empty()).then(|| listed(&names, "or"))
}

fn with(words: Option<String>) -> String {
    words.map_or_else(String::new, |words| format!(" with {words}"))
}

fn outcome_name(project: &Project, task: Option<TaskId>, number: u8) -> String {
    let task = task.and_then(|task| project.catalogue.tasks.get(&task));
    let place = usize::from(number).checked_sub(1);
    let Some(place) = place else { return "no outcome".into() };
    let outcome = task.and_then(|task| task.outcomes.get(place));
    outcome.map_or_else(|| format!("outcome {number}"), |outcome| outcome.name.clone())
}

/// The ticked options of Keap's purchase goal (K-01).
fn ticked(project: &Project, purchase: &KeapPurchase) -> String {
    if purchase.any {
        return "any product".into();
    }
    let products = named_all::<Product>(project, &purchase.products);
    let categories = named_all::<Category>(project, &purchase.categories);
    let forms = named_all::<Form>(project, &purchase.forms);
    let categories = categories.into_iter().map(|name| format!("anything in {name}"));
    let forms = forms.into_iter().map(|name| format!("anything by {name}"));
    let all: Vec<_> = products.into_iter().chain(categories).chain(forms).collect();
    listed_or_open(&all, "or")
}

/// The kinds of payment that count (K-02).
fn paid(payments: &Choice<PaymentKind>) -> Option<String> {
    let label = |kind: &PaymentKind| match kind {
        PaymentKind::PayPal => kind.label().to_owned(),
        PaymentKind::CreditCard
        | PaymentKind::CreditCardManual
        | PaymentKind::Check
        | PaymentKind::Cash
        | PaymentKind::MoneyOrder
        | PaymentKind::Adjustment => lower_first(kind.label()),
    };
    match payments {
        Choice::Any => None,
        Choice::OneOf(kinds) => {
            let labels: Vec<_> = kinds.iter().map(label).collect();
            Some(format!("paid by {}", listed_or_open(&labels, "or")))
        }
    }
}

/// What happened to a contact, in the past tense: `bought Course`, `tag VIP was added`.
pub fn happening_in_words(project: &Project, what: &Happening) -> String {
    let catalogue = &project.catalogue;
    match what {
        Happening::Created => "the contact was created".into(),
        Happening::FieldUpdated { field, value: Some(value) } => {
            let value = value_in_words(project, value);
            format!("field {} was set to {value}", catalogue.name::<Field>(*field))
        }
        Happening::FieldUpdated { field, value: None } => {
            format!("field {} was emptied", catalogue.name::<Field>(*field))
        }
        Happening::TagAdded(tag) => format!("tag {} was added", catalogue.name::<Tag>(*tag)),
        Happening::TagRemoved(tag) => format!("tag {} was removed", catalogue.name::<Tag>(*tag)),
        Happening::ListAdded(list) => format!("came onto the list {}", catalogue.name::<List>(*list)),
        Happening::ListRemoved(list) => format!("left the list {}", catalogue.name::<List>(*list)),
        Happening::RelationshipAdded { relationship, record } => {
            let relationship = catalogue.name::<Relationship>(*relationship);
            format!("relationship {relationship}{} was added", with(other_record(record)))
        }
        Happening::RelationshipRemoved { relationship, record } => {
            let relationship = catalogue.name::<Relationship>(*relationship);
            format!("relationship {relationship}{} was removed", with(other_record(record)))
        }
        Happening::TaskCompleted { task, outcome } => {
            let outcome = (*outcome > 0).then(|| outcome_name(project, Some(*task), *outcome));
            format!("task {} was completed{}", catalogue.name::<Task>(*task), with(outcome))
        }
        Happening::CallLogged => "a call was logged".into(),
        Happening::FormSubmitted { form, outcome } => {
            let outcome = match outcome {
                FormOutcome::Success => "",
                FormOutcome::Failure => " without success",
            };
            format!("submitted the form {}{outcome}", catalogue.name::<Form>(*form))
        }
        Happening::EmailStatus(status) => format!("e-mail status became “{}”", status.label()),
        Happening::SmsStatus(status) => format!("SMS status became “{}”", status.label()),
        Happening::AddedToAutomation(map) => {
            format!("was added to the map {}", map_name(project, Some(*map)))
        }
        Happening::RemovedFromAutomation(map) => {
            format!("was taken off the map {}", map_name(project, Some(*map)))
        }
        Happening::Paused(map) => format!("was paused on the map {}", map_name(project, Some(*map))),
        Happening::Unpaused(map) => format!("was unpaused on the map {}", map_name(project, Some(*map))),
        Happening::CameOnMap(map) => format!("came onto the map {}", map_name(project, Some(*map))),
        Happening::WentOffMap(map) => format!("went off the map {}", map_name(project, Some(*map))),
        Happening::DateCame(DateRule::On(date)) => format!("{} came", date_in_words(*date)),
        Happening::DateCame(DateRule::Field { field, days }) => {
            let field = catalogue.name::<Field>(*field);
            let side = if *days < 0 { Side::Before } else { Side::After };
            match days.unsigned_abs() {
                0 => format!("the day in {field} came"),
                days => format!("the day {} {field} came", days_from(side, days)),
            }
        }
        Happening::EmailOpened(email) => format!("opened {}", catalogue.name::<Email>(*email)),
        Happening::EmailLinkClicked { email, link } => {
            format!("clicked {}", link_in_words(project, Some(*email), *link))
        }
        Happening::EmailBounced { email, hard } => {
            let hard = if *hard { " for good" } else { "" };
            format!("{} bounced{hard}", catalogue.name::<Email>(*email))
        }
        Happening::EmailReceived => "sent you an e-mail".into(),
        Happening::SmsReceived(text) => format!("sent you the SMS “{}”", first_line(text)),
        Happening::Order(order) => {
            let products = products_of(project, order);
            match order.payment {
                FirstPayment::Charged => format!("bought {products}"),
                FirstPayment::Declined => format!("ordered {products}, but the payment was declined"),
                FirstPayment::Unpaid => format!("ordered {products}, not paid yet"),
            }
        }
        Happening::Payment { reference, declined } => {
            let outcome = if *declined { "declined" } else { "made" };
            format!("a payment of order {} was {outcome}", first_line(reference))
        }
        Happening::OrderCancelled { reference } => format!("order {} was cancelled", first_line(reference)),
        Happening::Sale(sale) => sale_in_words(project, sale),
        Happening::Refund(order) => format!("got a refund on {}", products_of(project, order)),
        Happening::CheckoutStarted(checkout) => format!("started {}", checkout_in_words(project, checkout)),
        Happening::CheckoutAbandoned(checkout) => {
            format!("abandoned {}", checkout_in_words(project, checkout))
        }
        Happening::PageVisited(page) => format!("visited the page {}", catalogue.name::<Page>(*page)),
        Happening::PurlVisited(page) => {
            format!("visited the page {} by its personal URL", catalogue.name::<Page>(*page))
        }
        Happening::UrlVisited(page) => format!("visited the address {}", catalogue.name::<Page>(*page)),
        Happening::LinkClicked(page) => format!("clicked the link {}", catalogue.name::<Page>(*page)),
        Happening::SiteVisited(site) => format!("visited the site {}", catalogue.name::<Site>(*site)),
        Happening::MembershipUpdated { site, status } => {
            let status = lower_first(status.label());
            format!("membership of {} became {status}", catalogue.name::<Site>(*site))
        }
        Happening::MembershipCreated { site, status } => {
            let status = match status {
                MembershipStatus::Enabled => String::new(),
                MembershipStatus::Suspended | MembershipStatus::Disabled => {
                    format!(", with the membership {}", lower_first(status.label()))
                }
            };
            format!("registered at {}{status}", catalogue.name::<Site>(*site))
        }
        Happening::LevelGiven(level) => format!("level {} was given", catalogue.name::<Level>(*level)),
        Happening::LevelLost(level) => format!("level {} was lost", catalogue.name::<Level>(*level)),
        Happening::Campaign { campaign, touch } => {
            let campaign = campaign_name(project, *campaign);
            match touch {
                CampaignTouch::Clicked => format!("clicked {campaign}"),
                CampaignTouch::Delivered => format!("{campaign} was delivered"),
                CampaignTouch::Opened => format!("opened {campaign}"),
            }
        }
        Happening::WebsiteVisited { source } => match &**source {
            "" => "came to the website directly".into(),
            source => format!("came to the website from {}", first_line(source)),
        },
        Happening::OrderStatus(change) => {
            let StatusChange { reference, product, status } = &**change;
            let line = match product {
                Some(product) => format!("{} of order", catalogue.name::<Product>(*product)),
                None => "order".into(),
            };
            format!("{line} {} became “{}”", first_line(reference), status_name(project, *status))
        }
    }
}

/// Which orders an order goal takes: `Orders with a line that is placed or paid, begun in Digital`.
pub fn order_goal_in_words(project: &Project, goal: &OrderGoal) -> String {
    let statuses: Vec<_> =
        goal.statuses.iter().map(|status| format!("“{}”", status_name(project, *status))).collect();
    let began = match &goal.touchpoints {
        Choice::Any => "anywhere".to_owned(),
        Choice::OneOf(places) => {
            let names: Vec<_> =
                places.iter().map(|place| project.catalogue.name::<Touchpoint>(*place)).collect();
            format!("in {}", listed_or_open(&names, "or"))
        }
    };
    format!("Orders begun {began}, a line of which is {} at last", listed_or_open(&statuses, "or"))
}

/// What a campaign is called.
pub fn campaign_name(project: &Project, campaign: CampaignRef) -> String {
    match campaign {
        CampaignRef::Email(id) => project.catalogue.name::<Email>(id),
        CampaignRef::Sms(id) => project.catalogue.name::<Sms>(id),
        CampaignRef::Campaign(id) => project.catalogue.name::<Campaign>(id),
    }
}

/// What a status of an order line is called.
pub fn status_name(project: &Project, status: LineStatus) -> String {
    match status {
        LineStatus::Category(category) => category.label().to_owned(),
        LineStatus::Own(id) => project.catalogue.name::<OrderStatus>(id),
    }
}

fn other_record(record: &str) -> Option<String> {
    (!record.is_empty()).then(|| record.to_owned())
}

fn sale_in_words(project: &Project, sale: &Sale) -> String {
    let order = match &sale.order.reference[..] {
        "" => format!("the order of {}", products_of(project, &sale.order)),
        reference => format!("order {reference}"),
    };
    let payment = sale.payment;
    match sale.part {
        SalePart::OpenOrderCreated => format!("{order} became an open order"),
        SalePart::Charged if payment == 0 => format!("{order} counts as paid, as it costs nothing"),
        SalePart::Charged => format!("payment {payment} of {order} was made"),
        SalePart::Declined => format!("payment {payment} of {order} was declined"),
        SalePart::Purchased if payment > 1 => {
            format!("bought {} (payment {payment})", products_of(project, &sale.order))
        }
        SalePart::Purchased => format!("bought {}", products_of(project, &sale.order)),
        SalePart::Completed => format!("{order} was completed"),
        SalePart::Cancelled => format!("{order} was cancelled"),
    }
}

fn checkout_in_words(project: &Project, checkout: &Checkout) -> String {
    let products = some_of(project, checkout.products.iter().copied());
    format!("a checkout of {products} at {}", checkout.provider.label())
}

fn products_of(project: &Project, order: &Order) -> String {
    some_of(project, order.lines.iter().map(|line| line.product))
}

/// As many products as a line can name.
fn some_of(project: &Project, products: impl Iterator<Item = ProductId>) -> String {
    const NAMED: usize = 3;
    let mut names: Vec<_> = products.map(|product| project.catalogue.name::<Product>(product)).collect();
    names.dedup();
    if names.len() > NAMED {
        let more = names.len() - (NAMED - 1);
        names.truncate(NAMED - 1);
        names.push(format!("{} more", thousands(more)));
    }
    listed_or_open(&names, "and")
}
