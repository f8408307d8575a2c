//! Contacts with their events as bytes, format 1, [`CONTACTS`] contacts to a chunk.
//!
//! ```text
//! chunk    = 1 (format, one byte)  texts  contacts
//! texts    = count, then each text: its length and its UTF-8 bytes; what values and zones name by place from 0
//! contacts = count, then each contact:
//!            key (length, bytes), flags (one byte: 1 created, 2 zone, 4 more), [created], [zone: text], [more: text],
//!            number of tags, tags, number of fields, fields (id, value), number of events, events
//! event    = instant, kind (one byte), its particulars
//! ```
//! What few contacts and events have to say is JSON, among the texts, so that the same thing said again costs little.
//! Numbers are varints (seven bits to a byte, lowest first), signed ones folded (0, -1, 1, -2 are 0, 1, 2, 3). Instants
//! are milliseconds since the instant before them in the chunk. Dates are days from 1 January of year 1 (day 1).
//! Decimals are the number of decimals and the digits as a signed number.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::base::id::{FieldId, Id, TagId};
use crate::base::money::Money;
use crate::base::time::Instant;
use crate::model::{Contact, ContactIx, Event, FormOutcome, Happening, Order, OrderLine, People, Value};

/// How many contacts a chunk holds; the last one may hold fewer.
pub(super) const CONTACTS: usize = 65_536;

const FORMAT: u8 = 1;
const HAS_CREATED: u8 = 1;
const HAS_ZONE: u8 = 2;
const HAS_MORE: u8 = 4;

/// The kind of an event that is JSON.
const AS_JSON: u8 = 9;

/// The places of the contacts of each chunk.
pub(super) fn ranges(people: &People) -> impl Iterator<Item = Range<u32>> {
    let count = people.len() as u32; // ContactIx is 32 bits wide, so there are never more
    (0..count).step_by(CONTACTS).map(move |start| start..count.min(start + CONTACTS as u32))
}

/// The contacts at these places with their events.
pub(super) fn encode(people: &People, places: Range<u32>) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.number(places.len() as u64);
    for ix in places.map(ContactIx) {
        let Some(contact) = people.contact(ix) else { continue }; // every place of `ranges` has a contact
        writer.contact(contact, people.events(ix));
    }
    let Writer { bytes, texts, .. } = writer;
    let mut head = Writer { bytes: vec![FORMAT], ..Writer::default() };
    let mut listed: Vec<_> = texts.into_iter().collect();
    listed.sort_unstable_by_key(|(_, place)| *place);
    head.number(listed.len() as u64);
    for (text, _) in listed {
        head.text(&text);
    }
    head.bytes.extend_from_slice(&bytes);
    head.bytes
}

#[derive(Default)]
struct Writer<'a> {
    bytes: Vec<u8>,
    texts: HashMap<Cow<'a, str>, u64>,
    last: i64,
}

impl<'a> Writer<'a> {
    fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    fn number(&mut self, number: u64) {
        self.wide(u128::from(number));
    }

    fn wide(&mut self, mut number: u128) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    fn signed(&mut self, number: i128) {
        self.wide(((number << 1) ^ (number >> 127)) as u128);
    }

    fn id(&mut self, id: impl Id) {
        self.number(id.number().into());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// A text that is likely to come again.
    fn shared(&mut self, text: impl Into<Cow<'a, str>>) {
        let next = self.texts.len() as u64;
        let place = *self.texts.entry(text.into()).or_insert(next);
        self.number(place);
    }

    /// Something that few have to say.
    fn json(&mut self, thing: &impl Serialize) {
        // plain data always has a text form
        self.shared(serde_json::to_string(thing).unwrap_or_default());
    }

    fn instant(&mut self, at: Instant) {
        self.signed(at.0.wrapping_sub(self.last).into());
        self.last = at.0;
    }

    fn decimal(&mut self, decimal: Decimal) {
        self.byte(decimal.scale() as u8); // at most 28
        self.signed(decimal.mantissa());
    }

    fn value(&mut self, value: &'a Value) {
        match value {
            Value::Text(text) => {
                self.byte(1);
                self.shared(&**text);
            }
            Value::Number(number) => {
                self.byte(2);
                self.decimal(*number);
            }
            Value::Date(date) => {
                self.byte(3);
                self.signed(date.num_days_from_ce().into());
            }
            Value::DateTime(at) => {
                self.byte(4);
                self.instant(*at);
            }
            Value::YesNo(false) => self.byte(5),
            Value::YesNo(true) => self.byte(6),
        }
    }

    fn contact(&mut self, contact: &'a Contact, events: &'a [Event]) {
        self.text(&contact.key);
        let created = if contact.created.is_some() { HAS_CREATED } else { 0 };
        let zone = if contact.zone.is_some() { HAS_ZONE } else { 0 };
        self.byte(created | zone | if contact.more.is_some() { HAS_MORE } else { 0 });
        if let Some(at) = contact.created {
            self.instant(at);
        }
        if let Some(zone) = contact.zone {
            self.shared(zone.name());
        }
        if let Some(more) = &contact.more {
            self.json(more);
        }
        self.number(contact.tags.len() as u64);
        for tag in &contact.tags {
            self.id(*tag);
        }
        self.number(contact.fields.len() as u64);
        for (field, value) in &contact.fields {
            self.id(*field);
            self.value(value);
        }
        self.number(events.len() as u64);
        for event in events {
            self.instant(event.at);
            self.happening(&event.what);
        }
    }

    fn happening(&mut self, what: &'a Happening) {
        match what {
            Happening::Created => self.byte(0),
            Happening::FormSubmitted { form, outcome } => {
                self.byte(1);
                self.id(*form);
                self.byte(match outcome {
                    FormOutcome::Success => 0,
                    FormOutcome::Failure => 1,
                });
            }
            Happening::Order(order) if is_plain(order) => {
                self.byte(2);
                self.order(order);
            }
            Happening::Refund(order) if is_plain(order) => {
                self.byte(3);
                self.order(order);
            }
            Happening::TagAdded(tag) => {
                self.byte(4);
                self.id(*tag);
            }
            Happening::TagRemoved(tag) => {
                self.byte(5);
                self.id(*tag);
            }
            Happening::FieldUpdated { field, value } => {
                self.byte(6);
                self.id(*field);
                match value {
                    None => self.byte(0),
                    Some(value) => self.value(value),
                }
            }
            Happening::EmailLinkClicked { email, link } => {
                self.byte(7);
                self.id(*email);
                self.byte(*link);
            }
            Happening::AddedToAutomation(map) => {
                self.byte(8);
                self.id(*map);
            }
            _ => {
                self.byte(AS_JSON);
                self.json(what);
            }
        }
    }

    fn order(&mut self, order: &Order) {
        self.text(&order.reference);
        self.number(order.lines.len() as u64);
        for line in &order.lines {
            self.id(line.product);
            self.decimal(line.quantity);
            self.decimal(line.amount.amount());
        }
    }
}

/// Whether an order says nothing but its number and its lines.
fn is_plain(order: &Order) -> bool {
    let Order { reference: _, lines: _, source, form, touchpoint, method, payment, plan } = order;
    let usual = Order::default();
    (source, form, touchpoint, method, payment, plan)
        == (&usual.source, &usual.form, &usual.touchpoint, &usual.method, &usual.payment, &usual.plan)
}

/// What the bytes of a chunk hold: contacts and, by the place of the contact in the whole table, their events.
/// `None`: no chunk of this format.
pub(super) fn decode(
    bytes: &[u8],
    contacts: &mut Vec<Contact>,
    events: &mut Vec<(ContactIx, Event)>,
) -> Option<()> {
    let mut reader = Reader { bytes, texts: vec![], last: 0 };
    if reader.byte()? != FORMAT {
        return None;
    }
    for _ in 0..reader.count()? {
        let text = reader.text()?.into();
        reader.texts.push(text);
    }
    for _ in 0..reader.count()? {
        let ix = ContactIx(u32::try_from(contacts.len()).ok()?);
        contacts.push(reader.contact()?);
        for _ in 0..reader.count()? {
            let at = reader.instant()?;
            events.push((ix, Event { at, what: reader.happening()? }));
        }
    }
    reader.bytes.is_empty().then_some(())
}

struct Reader<'a> {
    bytes: &'a [u8],
    texts: Vec<Arc<str>>,
    last: i64,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn wide(&mut self) -> Option<u128> {
        let mut number = 0;
        for shift in (0..u128::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= u128::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn number(&mut self) -> Option<u64> {
        self.wide()?.try_into().ok()
    }

    /// How many things follow; each takes at least one byte, which keeps a wrong number from asking for much memory.
    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|count| *count <= self.bytes.len())
    }

    fn signed(&mut self) -> Option<i128> {
        let folded = self.wide()?;
        Some((folded >> 1) as i128 ^ -((folded & 1) as i128))
    }

    fn id<T: Id>(&mut self) -> Option<T> {
        Some(T::new(self.number()?.try_into().ok()?))
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.count()?;
        let (text, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        std::str::from_utf8(text).ok()
    }

    fn shared(&mut self) -> Option<&Arc<str>> {
        let place = usize::try_from(self.number()?).ok()?;
        self.texts.get(place)
    }

    fn json<T: DeserializeOwned>(&mut self) -> Option<T> {
        serde_json::from_str(self.shared()?).ok()
    }

    fn instant(&mut self) -> Option<Instant> {
        self.last = self.last.wrapping_add(self.signed()?.try_into().ok()?);
        Some(Instant(self.last))
    }

    fn decimal(&mut self) -> Option<Decimal> {
        let scale = self.byte()?;
        Decimal::try_from_i128_with_scale(self.signed()?, scale.into()).ok()
    }

    fn value(&mut self) -> Option<Value> {
        let kind = self.byte()?;
        self.value_of(kind)
    }

    fn value_of(&mut self, kind: u8) -> Option<Value> {
        Some(match kind {
            1 => Value::Text(self.shared()?.clone()),
            2 => Value::Number(self.decimal()?),
            3 => Value::Date(NaiveDate::from_num_days_from_ce_opt(self.signed()?.try_into().ok()?)?),
            4 => Value::DateTime(self.instant()?),
            5 => Value::YesNo(false),
            6 => Value::YesNo(true),
            _ => return None,
        })
    }

    fn contact(&mut self) -> Option<Contact> {
        let key = self.text()?.into();
        let flags = self.byte()?;
        if flags & !(HAS_CREATED | HAS_ZONE | HAS_MORE) != 0 {
            return None;
        }
        let created = if flags & HAS_CREATED != 0 { Some(self.instant()?) } else { None };
        let zone = if flags & HAS_ZONE != 0 { Some(self.shared()?.parse().ok()?) } else { None };
        let more = if flags & HAS_MORE != 0 { Some(self.json()?) } else { None };
        let count = self.count()?;
        let tags = (0..count).map(|_| self.id::<TagId>()).collect::<Option<_>>()?;
        let count = self.count()?;
        let fields = (0..count)
            .map(|_| {
                let field = self.id::<FieldId>()?;
                Some((field, self.value()?))
            })
            .collect::<Option<_>>()?;
        Some(Contact { key, created, zone, tags, fields, more })
    }

    fn happening(&mut self) -> Option<Happening> {
        Some(match self.byte()? {
            0 => Happening::Created,
            1 => Happening::FormSubmitted {
                form: self.id()?,
                outcome: match self.byte()? {
                    0 => FormOutcome::Success,
                    1 => FormOutcome::Failure,
                    _ => return None,
                },
            },
            2 => Happening::Order(self.order()?),
            3 => Happening::Refund(self.order()?),
            4 => Happening::TagAdded(self.id()?),
            5 => Happening::TagRemoved(self.id()?),
            6 => Happening::FieldUpdated {
                field: self.id()?,
                value: match self.byte()? {
                    0 => None,
                    kind => Some(self.value_of(kind)?),
                },
            },
            7 => Happening::EmailLinkClicked { email: self.id()?, link: self.byte()? },
            8 => Happening::AddedToAutomation(self.id()?),
            AS_JSON => self.json()?,
            _ => return None,
        })
    }

    fn order(&mut self) -> Option<Arc<Order>> {
        let reference = self.text()?.to_owned();
        let count = self.count()?;
        let lines = (0..count)
            .map(|_| {
                Some(OrderLine {
                    product: self.id()?,
                    quantity: self.decimal()?,
                    amount: Money::new(self.decimal()?),
                })
            })
            .collect::<Option<_>>()?;
        Some(Arc::new(Order { reference, lines, ..Order::default() }))
    }
}
