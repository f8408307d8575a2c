//! Events from rows; the columns of each kind of event are those of [`HAPPENINGS`].

use std::io::Read;
use std::sync::Arc;

use csv::StringRecord;
use rust_decimal::Decimal;

use super::catalogue::Names;
use super::contacts::time;
use super::mapping::{CellOf, Mapping};
use super::people::{Contacts, bare_number};
use super::table::Table;
use super::{CsvError, Reading, Reason};
use crate::base::money::Money;
use crate::base::time::{Instant, Span, Unit, parse_instant};
use crate::model::catalogue::Shelved;
use crate::model::event::{HAPPENINGS, Listed, Origin};
use crate::model::{
    CampaignTouch, Checkout, ContactIx, Email, EmailStatus, Event, FirstPayment, FormOutcome, Happening,
    HappeningKind, Level, LineStatus, List, MembershipStatus, Order, OrderLine, OrderSource, OrderStatus,
    Page, PageKind, PaymentKind, PaymentPlan, People, PlanKind, Product, Project, Provider, Relationship,
    Site, SiteKind, SmsStatus, StatusCategory, StatusChange, Tag, Task, Touchpoint, Value,
};

/// The name of the product that stands for all, where no column says what was bought.
const ANY_PRODUCT: &str = "Order";

/// The columns of an order line.
pub(super) struct LineCells<'m> {
    pub(super) order: CellOf<'m>,
    product: CellOf<'m>,
    pub(super) quantity: CellOf<'m>,
    amount: CellOf<'m>,
    price: CellOf<'m>,
    form: CellOf<'m>,
    source: CellOf<'m>,
    payment_kind: CellOf<'m>,
    payment: CellOf<'m>,
    plan: CellOf<'m>,
    payments: CellOf<'m>,
    every: CellOf<'m>,
    declined: CellOf<'m>,
    touchpoint: CellOf<'m>,
}

impl<'m> LineCells<'m> {
    pub(super) fn of(mapping: &'m Mapping) -> Self {
        Self {
            order: mapping.cell("order"),
            product: mapping.cell("product"),
            quantity: mapping.cell("quantity"),
            amount: mapping.cell("amount"),
            price: mapping.cell("price"),
            form: mapping.cell("form"),
            source: mapping.cell("source"),
            payment_kind: mapping.cell("payment_kind"),
            payment: mapping.cell("payment"),
            plan: mapping.cell("plan"),
            payments: mapping.cell("payments"),
            every: mapping.cell("every"),
            declined: mapping.cell("declined_payments"),
            touchpoint: mapping.cell("touchpoint"),
        }
    }

    /// The order that a row is a line of, with that line. A refund is its number and its lines.
    pub(super) fn order(
        &self,
        row: &StringRecord,
        names: &mut Names,
        quantity: Decimal,
        refund: bool,
    ) -> Result<Order, Reason> {
        let said = if refund { Order::default() } else { self.said(row)? };
        // From here on only names that must not be added refuse the row; so no refused row leaves things behind.
        let line = self.line(row, names, quantity, refund)?;
        let form = match self.form.of(row) {
            name if refund || name.is_empty() => None,
            name => Some(names.form(name, true)?),
        };
        let touchpoint = match self.touchpoint.of(row) {
            name if refund || name.is_empty() => None,
            name => Some(names.find::<Touchpoint>(name)?),
        };
        let reference = bare_number(self.order.of(row)).to_owned();
        Ok(Order { reference, lines: vec![line], form, touchpoint, ..said })
    }

    /// What a row says of its order in fixed words.
    fn said(&self, row: &StringRecord) -> Result<Order, Reason> {
        let source = match self.source.of(row) {
            "" if !self.form.of(row).is_empty() => OrderSource::OrderForm,
            text => listed(text, "order source", OrderSource::ALL, OrderSource::from_tag)?,
        };
        let method = self.payment_kind.of(row);
        Ok(Order {
            source,
            method: listed(method, "kind of payment", PaymentKind::ALL, PaymentKind::from_tag)?,
            payment: listed(self.payment.of(row), "payment", FirstPayment::ALL, FirstPayment::from_tag)?,
            plan: self.plan(row)?,
            ..Order::default()
        })
    }

    fn plan(&self, row: &StringRecord) -> Result<Option<PaymentPlan>, Reason> {
        let cells = [self.plan.of(row), self.payments.of(row), self.every.of(row), self.declined.of(row)];
        let [kind, payments, every, declined] = cells;
        if cells.iter().all(|cell| cell.is_empty()) {
            return Ok(None);
        }
        let whole = |text: &str, what: &str, least: u16| {
            let number = text.parse().ok().filter(|number| *number >= least);
            number.ok_or_else(|| format!("“{text}” is no {what}; write a whole number from {least} to 65535"))
        };
        let declined = declined.split_whitespace();
        Ok(Some(PaymentPlan {
            kind: listed(kind, "plan", PlanKind::ALL, PlanKind::from_tag)?,
            payments: (!payments.is_empty()).then(|| whole(payments, "number of payments", 1)).transpose()?,
            every: (!every.is_empty()).then(|| span(every)).transpose()?,
            // the first payment has a column of its own
            declined: declined.map(|text| whole(text, "declined payment", 2)).collect::<Result<_, _>>()?,
        }))
    }

    /// How many pieces; one where nothing is said.
    pub(super) fn quantity(&self, row: &StringRecord) -> Result<Decimal, Reason> {
        Ok(number(self.quantity.of(row), "quantity")?.map_or(Decimal::ONE, |quantity| quantity.normalize()))
    }

    /// The line. What it costs is its amount, else its price for so many pieces, else the product's list price for so
    /// many. What is given back is written without a sign.
    fn line(
        &self,
        row: &StringRecord,
        names: &mut Names,
        quantity: Decimal,
        refund: bool,
    ) -> Result<OrderLine, Reason> {
        let amount = number(self.amount.of(row), "amount")?;
        let price = number(self.price.of(row), "price")?;
        let name = match (self.product.is_mapped(), self.product.of(row)) {
            (false, _) => ANY_PRODUCT,
            (true, "") => return Err("an order needs a product".into()),
            (true, name) => name,
        };
        let product = names.find::<Product>(name)?;
        let price = price.or_else(|| names.price(product).map(Money::amount));
        // An amount too large to be one counts as none.
        let amount = amount.or_else(|| price?.checked_mul(quantity)).unwrap_or_default();
        let (quantity, amount) = if refund { (quantity.abs(), amount.abs()) } else { (quantity, amount) };
        Ok(OrderLine { product, quantity, amount: Money::new(amount) })
    }
}

/// A number of an order; `None`: nothing is said.
fn number(text: &str, what: &str) -> Result<Option<Decimal>, Reason> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<Money>() {
        Ok(number) => Ok(Some(number.amount())),
        Err(_) => Err(format!("the {what} “{text}” is not a number; write it as 1234.50").into()),
    }
}

/// One of several fixed names; an empty cell is the usual one.
pub(super) fn listed<T: Copy + Default + Listed>(
    text: &str,
    what: &str,
    all: &[(T, &'static str)],
    from_tag: fn(&str) -> Option<T>,
) -> Result<T, Reason> {
    if text.is_empty() {
        return Ok(T::default());
    }
    from_tag(&text.to_lowercase().replace([' ', '-'], "_")).ok_or_else(|| {
        let known: Vec<_> = all.iter().map(|(value, _)| value.tag()).collect();
        format!("there is no {what} “{text}”; it can be {}", known.join(", ")).into()
    })
}

/// Text such as `1 month` as a length of time.
fn span(text: &str) -> Result<Span, Reason> {
    let read = || {
        let (count, word) = text.split_once(' ')?;
        let count: u32 = count.parse().ok().filter(|count| *count > 0)?;
        let word = word.trim().to_lowercase();
        let unit = Unit::ALL.into_iter().find(|unit| word == unit.word(1) || word == unit.word(2))?;
        Some(Span::new(count, unit))
    };
    read().ok_or_else(|| format!("“{text}” is no length of time; write it as 1 month or 14 days").into())
}

/// The columns of all kinds of events.
struct Cells<'m> {
    contact: CellOf<'m>,
    at: CellOf<'m>,
    at_format: Option<&'m str>,
    event: CellOf<'m>,
    line: LineCells<'m>,
    value_format: Option<&'m str>,
    mapping: &'m Mapping,
}

impl<'m> Cells<'m> {
    /// The cell of a column of the vocabulary.
    fn of<'r>(&self, column: &str, row: &'r StringRecord) -> &'r str
    where
        'm: 'r,
    {
        self.mapping.cell(column).of(row)
    }

    /// The same where the event needs it.
    fn needed<'r>(&self, column: &str, row: &'r StringRecord, what: &str) -> Result<&'r str, Reason>
    where
        'm: 'r,
    {
        match self.of(column, row) {
            "" => Err(format!("this event needs {what}").into()),
            text => Ok(text),
        }
    }
}

pub(super) fn read<R: Read>(
    reading: &mut Reading,
    table: &mut Table<R>,
) -> Result<(People, usize, usize), CsvError> {
    let mapping = reading.mapping;
    let cells = Cells {
        contact: mapping.cell("contact"),
        at: mapping.cell("at"),
        at_format: mapping.format("at"),
        event: mapping.cell("event"),
        line: LineCells::of(mapping),
        value_format: mapping.format("value"),
        mapping,
    };
    let mut contacts = Contacts::of(reading.project);
    let mut events: Vec<(ContactIx, Event)> = vec![];
    reading.each_row(table, |reading, row| {
        let (key, at, kind) = head(reading, &cells, row)?;
        let known = contacts.find(key);
        if known.is_none() && !reading.options.create_contacts {
            return Err(format!("there is no contact “{key}”").into());
        }
        if kind == HappeningKind::Created
            && let Some(created) = known.and_then(|ix| contacts.created(ix))
        {
            if created == at {
                return Ok(()); // the record says so already
            }
            let created = reading.zone.format_rfc3339(created);
            return Err(format!("the contact “{key}” was created at {created} already").into());
        }
        let what = happening(reading, &cells, row, kind)?;
        let contact = contacts.find_or_add(key, true)?;
        if kind == HappeningKind::Created {
            contacts.note_created(contact, at);
        }
        if let Some((last_contact, last)) = events.last_mut()
            && (*last_contact, last.at) == (contact, at)
            && join(&mut last.what, &what)
        {
            return Ok(());
        }
        events.push((contact, Event { at, what }));
        Ok(())
    })?;
    let values = events.iter_mut().filter_map(|(_, event)| match &mut event.what {
        Happening::FieldUpdated { field, value: Some(value) } => Some((*field, value)),
        _ => None,
    });
    reading.names.settle(values, &reading.zone);
    let count = events.len();
    let (people, new) = contacts.finish(events)?;
    Ok((people, new, count))
}

/// What every event has.
fn head<'r>(
    reading: &Reading,
    cells: &Cells<'r>,
    row: &'r StringRecord,
) -> Result<(&'r str, Instant, HappeningKind), Reason> {
    let key = cells.contact.of(row);
    if key.is_empty() {
        return Err("no contact".into());
    }
    let at = parse_instant(cells.at.of(row), &reading.zone, cells.at_format).map_err(time)?;
    let tag = cells.event.of(row);
    let plain = tag.to_lowercase().replace([' ', '-'], "_");
    let info = HappeningKind::from_tag(&plain).map(HappeningKind::info);
    match info {
        Some(info) if info.origin == Origin::Outside => Ok((key, at, info.kind)),
        Some(info) => {
            let from =
                HAPPENINGS.iter().filter(|other| other.raises.contains(&info.kind)).map(|other| other.tag);
            let from = from.collect::<Vec<_>>();
            let from = if from.is_empty() { String::new() } else { format!(", such as {}", from.join(", ")) };
            Err(format!("“{tag}” follows by itself from other events{from}; give those").into())
        }
        None => {
            let outside = HAPPENINGS.iter().filter(|info| info.origin == Origin::Outside);
            let known: Vec<_> = outside.map(|info| info.tag).collect();
            Err(format!("there is no event “{tag}”; events are {}", known.join(", ")).into())
        }
    }
}

/// The event of a row, from its own columns.
fn happening(
    reading: &mut Reading,
    cells: &Cells,
    row: &StringRecord,
    kind: HappeningKind,
) -> Result<Happening, Reason> {
    let project = reading.project;
    let zone = &reading.zone;
    let names = &mut reading.names;
    let on_map = || map(project, cells.needed("map", row, "a map")?);
    Ok(match kind {
        HappeningKind::Created => Happening::Created,
        HappeningKind::FieldUpdated => {
            let format = cells.value_format;
            let field = names.field(cells.needed("field", row, "a field")?, format)?;
            let text = cells.mapping.cell("value").exactly_of(row);
            let value = names.value(field, text, zone, format)?;
            names.notice(field, value.as_ref(), zone);
            Happening::FieldUpdated { field, value }
        }
        HappeningKind::TagAdded => {
            Happening::TagAdded(names.find::<Tag>(cells.needed("tag", row, "a tag")?)?)
        }
        HappeningKind::TagRemoved => {
            Happening::TagRemoved(names.find::<Tag>(cells.needed("tag", row, "a tag")?)?)
        }
        HappeningKind::ListAdded => {
            Happening::ListAdded(names.find::<List>(cells.needed("list", row, "a list")?)?)
        }
        HappeningKind::ListRemoved => {
            Happening::ListRemoved(names.find::<List>(cells.needed("list", row, "a list")?)?)
        }
        HappeningKind::RelationshipAdded | HappeningKind::RelationshipRemoved => {
            let name = cells.needed("relationship", row, "a relationship")?;
            let relationship = names.find::<Relationship>(name)?;
            let record = Arc::from(cells.of("record", row));
            if kind == HappeningKind::RelationshipAdded {
                Happening::RelationshipAdded { relationship, record }
            } else {
                Happening::RelationshipRemoved { relationship, record }
            }
        }
        HappeningKind::TaskCompleted => {
            let task = names.find::<Task>(cells.needed("task", row, "a task")?)?;
            let outcome = match cells.of("outcome", row) {
                "" => 0,
                text => names.outcome(task, text)?,
            };
            Happening::TaskCompleted { task, outcome }
        }
        HappeningKind::CallLogged => Happening::CallLogged,
        HappeningKind::FormSubmitted => {
            let outcome = match cells.of("outcome", row) {
                // as spreadsheets made for the filter say it
                "any" => FormOutcome::Success,
                text => listed(text, "outcome", FormOutcome::ALL, FormOutcome::from_tag)?,
            };
            let form = names.form(cells.needed("form", row, "a form")?, outcome == FormOutcome::Failure)?;
            Happening::FormSubmitted { form, outcome }
        }
        HappeningKind::EmailStatus => {
            let text = cells.needed("status", row, "a status")?;
            Happening::EmailStatus(listed(text, "e-mail status", EmailStatus::ALL, EmailStatus::from_tag)?)
        }
        HappeningKind::SmsStatus => {
            let text = cells.needed("status", row, "a status")?;
            Happening::SmsStatus(listed(text, "SMS status", SmsStatus::ALL, SmsStatus::from_tag)?)
        }
        HappeningKind::AddedToAutomation => Happening::AddedToAutomation(on_map()?),
        HappeningKind::RemovedFromAutomation => Happening::RemovedFromAutomation(on_map()?),
        HappeningKind::Paused => Happening::Paused(on_map()?),
        HappeningKind::Unpaused => Happening::Unpaused(on_map()?),
        HappeningKind::EmailOpened => {
            Happening::EmailOpened(names.find::<Email>(cells.needed("email", row, "an e-mail")?)?)
        }
        HappeningKind::EmailLinkClicked => {
            let link = link(cells.of("link", row))?;
            let email = names.find::<Email>(cells.needed("email", row, "an e-mail")?)?;
            Happening::EmailLinkClicked { email, link }
        }
        HappeningKind::EmailBounced => {
            let hard = is_second(cells.of("bounce", row), ["soft", "hard"])?;
            let email = names.find::<Email>(cells.needed("email", row, "an e-mail")?)?;
            Happening::EmailBounced { email, hard }
        }
        HappeningKind::EmailReceived => Happening::EmailReceived,
        HappeningKind::SmsReceived => {
            Happening::SmsReceived(Arc::from(cells.mapping.cell("text").exactly_of(row)))
        }
        HappeningKind::Order | HappeningKind::Refund => {
            let refund = kind == HappeningKind::Refund;
            let quantity = cells.line.quantity(row)?;
            if quantity.is_sign_negative() && !quantity.is_zero() && !refund {
                return Err("the quantity of an order is below zero; what is given back is a refund".into());
            }
            let order = Arc::new(cells.line.order(row, names, quantity, refund)?);
            if refund { Happening::Refund(order) } else { Happening::Order(order) }
        }
        HappeningKind::Payment => Happening::Payment {
            reference: bare_number(cells.needed("order", row, "the number of an order")?).into(),
            declined: is_second(cells.of("payment", row), ["charged", "declined"])?,
        },
        HappeningKind::OrderCancelled => Happening::OrderCancelled {
            reference: bare_number(cells.needed("order", row, "the number of an order")?).into(),
        },
        HappeningKind::CheckoutStarted | HappeningKind::CheckoutAbandoned => {
            let reference = bare_number(cells.line.order.of(row)).to_owned();
            let provider = listed(cells.of("provider", row), "provider", Provider::ALL, Provider::from_tag)?;
            let products = vec![names.find::<Product>(cells.needed("product", row, "a product")?)?];
            let checkout = Arc::new(Checkout { reference, products, provider });
            match kind {
                HappeningKind::CheckoutStarted => Happening::CheckoutStarted(checkout),
                _ => Happening::CheckoutAbandoned(checkout),
            }
        }
        HappeningKind::PageVisited
        | HappeningKind::PurlVisited
        | HappeningKind::UrlVisited
        | HappeningKind::LinkClicked => {
            let of = match kind {
                HappeningKind::UrlVisited => PageKind::Url,
                HappeningKind::LinkClicked => PageKind::Link,
                _ => PageKind::Page,
            };
            let name = cells.needed("page", row, "a page")?;
            let page = names.find_or(name, |id, name| Page { kind: of, ..Page::new(id, name) })?;
            match kind {
                HappeningKind::PageVisited => Happening::PageVisited(page),
                HappeningKind::PurlVisited => Happening::PurlVisited(page),
                HappeningKind::UrlVisited => Happening::UrlVisited(page),
                _ => Happening::LinkClicked(page),
            }
        }
        HappeningKind::SiteVisited => {
            let name = cells.needed("site", row, "a site")?;
            let new = |id, name: &str| Site { kind: SiteKind::WordPress, ..Site::new(id, name) };
            Happening::SiteVisited(names.find_or(name, new)?)
        }
        HappeningKind::MembershipUpdated | HappeningKind::MembershipCreated => {
            let all = MembershipStatus::ALL;
            let status =
                listed(cells.of("status", row), "membership status", all, MembershipStatus::from_tag)?;
            let site = names.find::<Site>(cells.needed("site", row, "a site")?)?;
            match kind {
                HappeningKind::MembershipUpdated => Happening::MembershipUpdated { site, status },
                _ => Happening::MembershipCreated { site, status },
            }
        }
        HappeningKind::LevelGiven => {
            Happening::LevelGiven(names.find::<Level>(cells.needed("level", row, "a level")?)?)
        }
        HappeningKind::LevelLost => {
            Happening::LevelLost(names.find::<Level>(cells.needed("level", row, "a level")?)?)
        }
        HappeningKind::Campaign => {
            let touch = listed(cells.of("touch", row), "touch", CampaignTouch::ALL, CampaignTouch::from_tag)?;
            let campaign = names.campaign(cells.needed("campaign", row, "a campaign")?)?;
            Happening::Campaign { campaign, touch }
        }
        HappeningKind::WebsiteVisited => {
            Happening::WebsiteVisited { source: cells.of("utm_source", row).into() }
        }
        HappeningKind::OrderStatus => {
            let reference = bare_number(cells.needed("order", row, "the number of an order")?).to_owned();
            let status = status(project, cells.needed("status", row, "a status")?)?;
            let product = match cells.of("product", row) {
                "" => None,
                name => Some(names.find::<Product>(name)?),
            };
            Happening::OrderStatus(StatusChange { reference, product, status }.into())
        }
        // refused by `head`
        HappeningKind::CameOnMap
        | HappeningKind::WentOffMap
        | HappeningKind::DateCame
        | HappeningKind::OpenOrderCreated
        | HappeningKind::Charged
        | HappeningKind::Declined
        | HappeningKind::Purchased
        | HappeningKind::Completed
        | HappeningKind::Cancelled => return Err("this follows by itself from other events".into()),
    })
}

fn link(text: &str) -> Result<u8, Reason> {
    match text {
        "" => Ok(1),
        text => text
            .parse()
            .ok()
            .filter(|link| *link > 0)
            .ok_or_else(|| format!("there is no link “{text}”; links are numbered from 1 to 255").into()),
    }
}

/// A status of the account by its name, else one that says no more than what it means. None is made: what a new one
/// means is not in the file.
fn status(project: &Project, name: &str) -> Result<LineStatus, Reason> {
    match project.catalogue.find::<OrderStatus>(name) {
        Some(id) => Ok(LineStatus::Own(id)),
        None => listed(name, "order status", StatusCategory::ALL, StatusCategory::from_tag)
            .map(LineStatus::Category),
    }
}

/// Whether a cell says the second of two words; empty: the first.
fn is_second(text: &str, words: [&str; 2]) -> Result<bool, Reason> {
    match text.to_lowercase().as_str() {
        lower if lower.is_empty() || lower == words[0] => Ok(false),
        lower if lower == words[1] => Ok(true),
        _ => Err(format!("“{text}” is neither {} nor {}", words[0], words[1]).into()),
    }
}

fn map(project: &Project, name: &str) -> Result<crate::base::id::MapId, Reason> {
    let by_name = project.maps.values().find(|map| map.name.to_lowercase() == name.to_lowercase());
    let by_id = || name.parse().ok().filter(|id| project.maps.contains_key(id));
    by_name.map(|map| map.id).or_else(by_id).ok_or_else(|| format!("there is no map “{name}”").into())
}

/// Puts the lines of an order to those of the row before, where both are of one order.
fn join(before: &mut Happening, more: &Happening) -> bool {
    let (before, more) = match (before, more) {
        (Happening::CheckoutStarted(before), Happening::CheckoutStarted(more))
        | (Happening::CheckoutAbandoned(before), Happening::CheckoutAbandoned(more)) => {
            if before.reference.is_empty() || before.reference != more.reference {
                return false;
            }
            Arc::make_mut(before).products.extend(&more.products);
            return true;
        }
        (Happening::Order(before), Happening::Order(more))
        | (Happening::Refund(before), Happening::Refund(more)) => (before, more),
        _ => return false,
    };
    if before.reference.is_empty() || before.reference != more.reference {
        return false;
    }
    // Nobody else holds an order that was just read.
    Arc::make_mut(before).lines.extend(more.lines.iter().cloned());
    true
}

/// A value as a cell that reads as the same.
pub(super) fn value_cell(value: Option<&Value>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}
