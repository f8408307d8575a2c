//! Events from rows; the columns of each event type are those of [`EVENT_TYPES`](crate::model::event::EVENT_TYPES).

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
use crate::base::time::{Instant, parse_instant};
use crate::model::event::EVENT_TYPES;
use crate::model::{
    ContactIx, Event, EventType, FormOutcome, Happening, Order, OrderLine, People, Project, Value,
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
}

impl<'m> LineCells<'m> {
    pub(super) fn of(mapping: &'m Mapping) -> Self {
        Self {
            order: mapping.cell("order"),
            product: mapping.cell("product"),
            quantity: mapping.cell("quantity"),
            amount: mapping.cell("amount"),
            price: mapping.cell("price"),
        }
    }

    /// How many pieces; one where nothing is said.
    pub(super) fn quantity(&self, row: &StringRecord) -> Result<Decimal, Reason> {
        Ok(number(self.quantity.of(row), "quantity")?.map_or(Decimal::ONE, |quantity| quantity.normalize()))
    }

    /// The line. What it costs is its amount, else its price for so many pieces, else the product's list price for so
    /// many. What is given back is written without a sign.
    pub(super) fn line(
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
        let product = names.product(name)?;
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

/// The columns of all event types.
struct Cells<'m> {
    contact: CellOf<'m>,
    at: CellOf<'m>,
    at_format: Option<&'m str>,
    event: CellOf<'m>,
    line: LineCells<'m>,
    form: CellOf<'m>,
    outcome: CellOf<'m>,
    tag: CellOf<'m>,
    field: CellOf<'m>,
    value: CellOf<'m>,
    value_format: Option<&'m str>,
    email: CellOf<'m>,
    link: CellOf<'m>,
    map: CellOf<'m>,
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
        form: mapping.cell("form"),
        outcome: mapping.cell("outcome"),
        tag: mapping.cell("tag"),
        field: mapping.cell("field"),
        value: mapping.cell("value"),
        value_format: mapping.format("value"),
        email: mapping.cell("email"),
        link: mapping.cell("link"),
        map: mapping.cell("map"),
    };
    let mut contacts = Contacts::of(reading.project);
    let mut events: Vec<(ContactIx, Event)> = vec![];
    reading.each_row(table, |reading, row| {
        let (key, at, event_type) = head(reading, &cells, row)?;
        let known = contacts.find(key);
        if known.is_none() && !reading.options.create_contacts {
            return Err(format!("there is no contact “{key}”").into());
        }
        if event_type == EventType::Created
            && let Some(created) = known.and_then(|ix| contacts.created(ix))
        {
            if created == at {
                return Ok(()); // the record says so already
            }
            let created = reading.zone.format_rfc3339(created);
            return Err(format!("the contact “{key}” was created at {created} already").into());
        }
        let what = happening(reading, &cells, row, event_type)?;
        let contact = contacts.find_or_add(key, true)?;
        if event_type == EventType::Created {
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
) -> Result<(&'r str, Instant, EventType), Reason> {
    let key = cells.contact.of(row);
    if key.is_empty() {
        return Err("no contact".into());
    }
    let at = parse_instant(cells.at.of(row), &reading.zone, cells.at_format).map_err(time)?;
    let tag = cells.event.of(row);
    let plain = tag.to_lowercase().replace([' ', '-'], "_");
    let Some(event_type) = EventType::from_tag(&plain) else {
        let known: Vec<_> = EVENT_TYPES.iter().map(|info| info.tag).collect();
        return Err(format!("there is no event “{tag}”; events are {}", known.join(", ")).into());
    };
    Ok((key, at, event_type))
}

/// The event of a row, from its own columns.
fn happening(
    reading: &mut Reading,
    cells: &Cells,
    row: &StringRecord,
    event_type: EventType,
) -> Result<Happening, Reason> {
    let names = &mut reading.names;
    let needed = |cell: CellOf<'_>, what: &str| match cell.of(row) {
        "" => Err(Reason::from(format!("this event needs {what}"))),
        text => Ok(text.to_owned()),
    };
    Ok(match event_type {
        EventType::Created => Happening::Created,
        EventType::FormSubmitted => {
            let outcome = match cells.outcome.of(row).to_lowercase().as_str() {
                "" | "any" | "success" => FormOutcome::Success,
                "failure" => FormOutcome::Failure,
                other => {
                    return Err(
                        format!("there is no outcome “{other}”; outcomes are success, failure").into()
                    );
                }
            };
            let form = names.form(&needed(cells.form, "a form")?, outcome == FormOutcome::Failure)?;
            Happening::FormSubmitted { form, outcome }
        }
        EventType::Order | EventType::Refund => {
            let refund = event_type == EventType::Refund;
            let quantity = cells.line.quantity(row)?;
            if quantity.is_sign_negative() && !quantity.is_zero() && !refund {
                return Err("the quantity of an order is below zero; what is given back is a refund".into());
            }
            let line = cells.line.line(row, names, quantity, refund)?;
            let reference = bare_number(cells.line.order.of(row)).to_owned();
            let order = Arc::new(Order { reference, lines: vec![line] });
            if refund { Happening::Refund(order) } else { Happening::Order(order) }
        }
        EventType::TagAdded => Happening::TagAdded(names.tag(&needed(cells.tag, "a tag")?)?),
        EventType::TagRemoved => Happening::TagRemoved(names.tag(&needed(cells.tag, "a tag")?)?),
        EventType::FieldUpdated => {
            let format = cells.value_format;
            let field = names.field(&needed(cells.field, "a field")?, format)?;
            let value = names.value(field, cells.value.exactly_of(row), &reading.zone, format)?;
            names.notice(field, value.as_ref(), &reading.zone);
            Happening::FieldUpdated { field, value }
        }
        EventType::EmailLinkClicked => {
            let link =
                match cells.link.of(row) {
                    "" => 1,
                    text => text.parse().ok().filter(|link| *link > 0).ok_or_else(|| {
                        format!("there is no link “{text}”; links are numbered from 1 to 255")
                    })?,
                };
            Happening::EmailLinkClicked { email: names.email(&needed(cells.email, "an e-mail")?)?, link }
        }
        EventType::AddedToAutomation => {
            let name = needed(cells.map, "a map")?;
            Happening::AddedToAutomation(map(reading.project, &name)?)
        }
    })
}

fn map(project: &Project, name: &str) -> Result<crate::base::id::MapId, Reason> {
    let by_name = project.maps.values().find(|map| map.name.to_lowercase() == name.to_lowercase());
    let by_id = || name.parse().ok().filter(|id| project.maps.contains_key(id));
    by_name.map(|map| map.id).or_else(by_id).ok_or_else(|| format!("there is no map “{name}”").into())
}

/// Puts the lines of an order to those of the row before, where both are of one order.
fn join(before: &mut Happening, more: &Happening) -> bool {
    let (before, more) = match (before, more) {
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
