//! Orders from their lines, which may stand anywhere in the file.

use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

use super::contacts::time;
use super::events::LineCells;
use super::people::{Contacts, bare_number};
use super::table::Table;
use super::{CsvError, Reading};
use crate::base::time::{Instant, parse_instant};
use crate::model::{ContactIx, Event, Happening, Order, People};

/// How the numbers of cancellations begin, unless the mapping says otherwise (`cancel='X'`, or `cancel=` for none).
const CANCEL: &str = "C";

/// An order or refund whose lines are being gathered.
struct Gathered {
    contact: ContactIx,
    /// The earliest time of its lines.
    at: Instant,
    refund: bool,
    order: Order,
}

pub(super) fn read<R: Read>(
    reading: &mut Reading,
    table: &mut Table<R>,
) -> Result<(People, usize, usize), CsvError> {
    let mapping = reading.mapping;
    let (contact, at, at_format) = (mapping.cell("contact"), mapping.cell("at"), mapping.format("at"));
    let cells = LineCells::of(mapping);
    let cancel = match mapping.get("cancel") {
        None => CANCEL,
        Some(super::Source::Constant(mark)) => mark,
        Some(_) => "",
    };
    let mut contacts = Contacts::of(reading.project);
    let mut orders: Vec<Gathered> = vec![];
    // An order's lines mostly follow one another, and a number is one order only for one contact.
    let mut places: HashMap<Box<str>, Vec<usize>> = HashMap::new();
    reading.each_row(table, |reading, row| {
        let key = contact.of(row);
        if key.is_empty() {
            return Err("no contact".into());
        }
        let at = parse_instant(at.of(row), &reading.zone, at_format).map_err(time)?;
        if contacts.find(key).is_none() && !reading.options.create_contacts {
            return Err(format!("there is no contact “{key}”").into());
        }
        let quantity = cells.quantity(row)?;
        let reference = bare_number(cells.order.of(row));
        let cancelled = !cancel.is_empty() && reference.starts_with(cancel);
        let refund = cancelled || quantity.is_sign_negative() && !quantity.is_zero();
        let order = cells.order(row, &mut reading.names, quantity, refund)?;
        let contact = contacts.find_or_add(key, true)?;
        if !reference.is_empty() {
            let known = places.get(reference).into_iter().flatten();
            let place = known.copied().find(|place| {
                let order = &orders[*place]; // `places` only holds places of orders
                (order.contact, order.refund) == (contact, refund)
            });
            if let Some(known) = place.and_then(|place| orders.get_mut(place)) {
                known.at = known.at.min(at);
                // what else the first of its rows says of the order holds
                known.order.lines.extend(order.lines);
                return Ok(());
            }
            match places.get_mut(reference) {
                Some(places) => places.push(orders.len()),
                None => drop(places.insert(reference.into(), vec![orders.len()])),
            }
        }
        orders.push(Gathered { contact, at, refund, order });
        Ok(())
    })?;
    let events: Vec<_> = orders
        .into_iter()
        .map(|Gathered { contact, at, refund, order }| {
            let order = Arc::new(order);
            let what = if refund { Happening::Refund(order) } else { Happening::Order(order) };
            (contact, Event { at, what })
        })
        .collect();
    let count = events.len();
    let (people, new) = contacts.finish(events)?;
    Ok((people, new, count))
}
