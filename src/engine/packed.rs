//! A sink that keeps everything in little room: around 2 bytes for an entry instead of 96.
//!
//! Writer and reader make the same [`Guess`] at the next entry from the one before; only what differs is written. So a
//! position that rests, goes on by its wait's only way and arrives below costs a byte for each step, and the due time.

use super::log::{
    Arrival, Entry, EntryOf, Fault, LogEntry, Message, Nothing, Phase, Refused, Removal, Rest, Said, Seen,
    Seq, Sink, Skip, Suppression, What,
};
use super::plan::{NodeIx, Outlet, Plan};
use crate::base::id::{ElementId, Id, MapId};
use crate::base::time::Instant;
use crate::model::kinds::KINDS;
use crate::model::{ContactIx, FormOutcome, Happening, Order, Port, Sale, SalePart, Value};
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use std::sync::Arc;

/// Logs of contacts, packed. Takes the entries of one contact after those of another, each contact's from the first.
#[derive(Debug, Default)]
pub struct PackedLog {
    bytes: Vec<u8>,
    /// The contacts in the order in which they came, and where the bytes of each begin.
    contacts: Vec<ContactIx>,
    starts: Vec<usize>,
    /// Orders are shared with the contacts' events.
    orders: Vec<Arc<Order>>,
    /// Events that have no form of their own.
    others: Vec<Happening>,
    /// The plan's nodes, so that entries can be restored without it.
    nodes: Vec<Node>,
    outlets: Vec<Outlet>,
    guess: Guess,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    map: MapId,
    element: ElementId,
    /// Its first way out among the outlets.
    first: u32,
}

/// First byte of an entry: its form in the lower bits, and what differs from the guess.
const FORM: u8 = 0b0001_1111;
const AT: u8 = 0b0010_0000;
const CAUSE: u8 = 0b0100_0000;
const PLACE: u8 = 0b1000_0000;

/// First byte of an event that is kept whole.
const OTHER: u8 = u8::MAX;

/// The parts of a sale, at their numbers.
const PARTS: [SalePart; 6] = [
    SalePart::OpenOrderCreated,
    SalePart::Charged,
    SalePart::Declined,
    SalePart::Purchased,
    SalePart::Completed,
    SalePart::Cancelled,
];

macro_rules! forms {
    ($($name:ident = $number:literal),* $(,)?) => {
        /// The kinds of entries, the commonest kinds split up.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        enum Form { $($name = $number),* }

        impl Form {
            fn of(byte: u8) -> Option<Self> {
                match byte & FORM {
                    $($number => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

forms! {
    Happened = 0, Raised = 1, Activated = 2, Refused = 3, SeveralGoals = 4, ArrivedAsGuessed = 5, ArrivedFrom = 6,
    ArrivedByEvent = 7, RestedUntil = 8, RestedForGoal = 9, RestedAtEnd = 10, RestedOtherwise = 11, LeftByFirst = 12,
    Left = 13, Copied = 14, Taken = 15, Dropped = 16, Decided = 17, Drew = 18, Sent = 19, Changed = 20, Removed = 21,
    Skipped = 22, Nothing = 23, Sequence = 24, Chose = 25, Suppressed = 26, Routed = 27, Did = 28, Published = 29,
    ArrivedByPublication = 30,
}

/// What the next entry will probably say.
#[derive(Debug, Clone, Copy, Default)]
struct Guess {
    seq: Seq,
    at: Instant,
    /// Where and when the position that just came to rest will leave.
    due: Option<Instant>,
    cause: Option<Seq>,
    node: Option<NodeIx>,
    position: Option<u32>,
    /// The way by which a position just left: from where, to where.
    way: Option<(NodeIx, Option<NodeIx>)>,
}

impl Guess {
    /// When, because of what, where and which position, for an entry of this form.
    #[inline(always)]
    fn parts(&self, form: Form) -> (Instant, Option<Seq>, Option<NodeIx>, Option<u32>) {
        let at = match form {
            Form::LeftByFirst => self.due.unwrap_or(self.at),
            _ => self.at,
        };
        match form {
            Form::Happened | Form::Published => (at, None, None, None),
            Form::Raised => (at, self.cause, None, None),
            Form::Activated | Form::Refused | Form::SeveralGoals => (at, self.cause, self.node, None),
            Form::ArrivedAsGuessed => {
                let below = self.way.and_then(|(_, to)| to);
                (at, self.cause, below.or(self.node), self.position)
            }
            _ => (at, self.cause, self.node, self.position),
        }
    }

    /// Takes the entry in.
    fn learn<E, S>(
        &mut self,
        entry: &EntryOf<What<E, S>>,
        outlets: impl FnOnce(NodeIx, u8) -> Option<Outlet>,
    ) {
        self.seq = entry.seq + 1;
        self.at = entry.at;
        self.due = None;
        self.node = entry.node.or(self.node);
        self.position = entry.position.or(self.position);
        match entry.what {
            // what an element does and where the position goes then have the same cause: the arrival
            What::Decided(..)
            | What::Drew(_)
            | What::Chose(..)
            | What::Sent(_)
            | What::Suppressed(..)
            | What::Changed(_)
            | What::Routed(_)
            | What::Did(..)
            | What::Skipped(_)
            | What::Sequence(..)
            | What::Nothing(_)
            // and all listeners hear the same event
            | What::Refused(..) => {}
            _ => self.cause = Some(entry.seq),
        }
        match entry.what {
            What::Rested(Rest::Until(due)) => self.due = Some(due),
            What::Left { outlet, .. } => {
                self.way = entry.node.map(|node| (node, outlets(node, outlet).and_then(|outlet| outlet.to)));
            }
            _ => {}
        }
    }
}

impl Sink for PackedLog {
    const DETAIL: bool = true;
    const REFUSALS: bool = true;

    fn entry(&mut self, plan: &Plan, entry: &Entry<'_>) {
        if self.contacts.last() != Some(&entry.contact) {
            self.begin(plan, entry.contact);
        }
        debug_assert_eq!(entry.seq, self.guess.seq, "entries are numbered without holes");
        let form = self.form(&entry.what);
        let (at, cause, node, position) = self.guess.parts(form);
        let differs = |differs: bool, flag: u8| if differs { flag } else { 0 };
        let flags = differs(entry.at != at, AT)
            | differs(entry.cause != cause, CAUSE)
            | differs((entry.node, entry.position) != (node, position), PLACE);
        self.bytes.push(form as u8 | flags);
        if flags & AT != 0 {
            self.signed(entry.at.0.wrapping_sub(self.guess.at.0));
        }
        if flags & CAUSE != 0 {
            self.optional(entry.cause.map(|cause| entry.seq - cause));
        }
        if flags & PLACE != 0 {
            self.optional(entry.node.map(|node| node.0));
            self.optional(entry.position);
        }
        self.what(entry);
        let (nodes, outlets) = (&self.nodes, &self.outlets);
        self.guess.learn(entry, |node, outlet| way(nodes, outlets, node, outlet));
    }
}

fn way(nodes: &[Node], outlets: &[Outlet], node: NodeIx, outlet: u8) -> Option<Outlet> {
    outlets.get(nodes.get(node.index())?.first as usize + usize::from(outlet)).copied()
}

/// Writing.
impl PackedLog {
    fn begin(&mut self, plan: &Plan, contact: ContactIx) {
        if self.nodes.is_empty() {
            for (ix, node) in plan.nodes() {
                let first = self.outlets.len() as u32;
                self.nodes.push(Node { map: node.map, element: node.element, first });
                self.outlets.extend(plan.outlets(ix));
            }
        }
        self.contacts.push(contact);
        self.starts.push(self.bytes.len());
        self.guess = Guess::default();
    }

    fn form(&self, what: &Said<'_>) -> Form {
        match what {
            What::Happened(_) => Form::Happened,
            What::Raised(_) => Form::Raised,
            What::Activated => Form::Activated,
            What::Refused(..) => Form::Refused,
            What::SeveralGoals => Form::SeveralGoals,
            What::Arrived(Arrival::From(from)) if self.guess.way.is_some_and(|(left, _)| left == *from) => {
                Form::ArrivedAsGuessed
            }
            What::Arrived(Arrival::From(_)) => Form::ArrivedFrom,
            What::Arrived(Arrival::Event) => Form::ArrivedByEvent,
            What::Rested(Rest::Until(_)) => Form::RestedUntil,
            What::Rested(Rest::Goal) => Form::RestedForGoal,
            What::Rested(Rest::End) => Form::RestedAtEnd,
            What::Rested(Rest::OpenEnd | Rest::Done | Rest::OnMap(_)) => Form::RestedOtherwise,
            What::Arrived(Arrival::Publication) => Form::ArrivedByPublication,
            What::Left { outlet: 0, .. } => Form::LeftByFirst,
            What::Left { .. } => Form::Left,
            What::Copied => Form::Copied,
            What::Taken(_) => Form::Taken,
            What::Removed(_) => Form::Removed,
            What::Dropped(_) => Form::Dropped,
            What::Skipped(_) => Form::Skipped,
            What::Sequence(..) => Form::Sequence,
            What::Decided(..) => Form::Decided,
            What::Chose(..) => Form::Chose,
            What::Drew(_) => Form::Drew,
            What::Sent(_) => Form::Sent,
            What::Suppressed(..) => Form::Suppressed,
            What::Changed(_) => Form::Changed,
            What::Routed(_) => Form::Routed,
            What::Did(..) => Form::Did,
            What::Published(_) => Form::Published,
            What::Nothing(_) => Form::Nothing,
        }
    }

    fn what(&mut self, entry: &Entry<'_>) {
        match entry.what {
            What::Happened(what) | What::Raised(what) | What::Changed(what) => self.happening(what),
            What::Published(map) => self.id(map),
            What::Refused(refused, seen) => {
                self.bytes.push(refused as u8);
                if refused == Refused::Condition {
                    self.seen(seen);
                }
            }
            What::Arrived(Arrival::From(from)) => {
                if self.guess.way.is_none_or(|(left, _)| left != from) {
                    self.number(from.0.into());
                }
            }
            What::Rested(Rest::Until(due)) => self.signed(due.0.wrapping_sub(entry.at.0)),
            What::Rested(Rest::OpenEnd) => self.bytes.push(0),
            What::Rested(Rest::Done) => self.bytes.push(1),
            What::Rested(Rest::OnMap(map)) => {
                self.bytes.push(2);
                self.id(map);
            }
            What::Left { outlet, .. } => {
                if outlet > 0 {
                    self.bytes.push(outlet);
                }
            }
            What::Taken(to) => self.number(to.0.into()),
            What::Removed(removal) => self.bytes.push(removal as u8),
            What::Dropped(fault) => self.bytes.push(fault as u8),
            What::Skipped(skip) => self.bytes.push(skip as u8),
            What::Sequence(sequence, phase) => {
                self.bytes.push(phase as u8);
                self.id(sequence);
            }
            What::Decided(yes, seen) => {
                self.bytes.push(u8::from(yes));
                self.seen(seen);
            }
            What::Chose(ways, seen) => {
                self.number(ways);
                self.seen(seen);
            }
            What::Drew(path) => self.bytes.push(path),
            What::Sent(message) => self.message(message),
            What::Suppressed(message, why) => {
                self.bytes.push(why as u8);
                self.message(message);
            }
            What::Routed(member) => self.id(member),
            What::Did(kind, member) => {
                self.bytes.push(kind as u8);
                self.optional(member.map(Id::number));
            }
            What::Nothing(nothing) => self.bytes.push(nothing as u8),
            What::Activated
            | What::SeveralGoals
            | What::Arrived(Arrival::Event | Arrival::Publication)
            | What::Rested(Rest::Goal | Rest::End)
            | What::Copied => {}
        }
    }

    fn seen(&mut self, seen: Option<&[Seen]>) {
        self.optional(seen.map(|seen| seen.len() as u32));
        for Seen { leaf, found, held } in seen.unwrap_or_default() {
            self.number(u64::from(*leaf) << 1 | u64::from(*held));
            self.text(found);
        }
    }

    /// The kind in the lowest two bits, so that most messages take a byte.
    fn message(&mut self, message: Message) {
        let (kind, id) = match message {
            Message::Email(email) => (0, email.number()),
            Message::Sms(sms) => (1, sms.number()),
            Message::Postcard(postcard) => (2, postcard.number()),
        };
        self.number(u64::from(id) << 2 | kind);
    }

    fn happening(&mut self, what: &Happening) {
        match what {
            Happening::Created => self.bytes.push(0),
            Happening::FormSubmitted { form, outcome } => {
                self.bytes.push(if *outcome == FormOutcome::Success { 1 } else { 2 });
                self.id(*form);
            }
            Happening::Order(order) | Happening::Refund(order) => {
                self.bytes.push(if matches!(what, Happening::Order(_)) { 3 } else { 4 });
                self.order(order);
            }
            Happening::Sale(sale) => {
                self.bytes.push(10 + sale.part as u8);
                self.number(sale.payment.into());
                self.order(&sale.order);
            }
            Happening::TagAdded(tag) => {
                self.bytes.push(5);
                self.id(*tag);
            }
            Happening::TagRemoved(tag) => {
                self.bytes.push(6);
                self.id(*tag);
            }
            Happening::FieldUpdated { field, value } => {
                self.bytes.push(7);
                self.id(*field);
                self.value(value.as_ref());
            }
            Happening::EmailLinkClicked { email, link } => {
                self.bytes.extend([8, *link]);
                self.id(*email);
            }
            Happening::AddedToAutomation(map) => {
                self.bytes.push(9);
                self.id(*map);
            }
            // the rest is rare
            _ => {
                self.bytes.push(OTHER);
                self.number(self.others.len() as u64);
                self.others.push(what.clone());
            }
        }
    }

    fn order(&mut self, order: &Arc<Order>) {
        if self.orders.last().is_none_or(|last| !Arc::ptr_eq(last, order)) {
            self.orders.push(order.clone());
        }
        self.number(self.orders.len() as u64 - 1);
    }

    fn value(&mut self, value: Option<&Value>) {
        match value {
            None => self.bytes.push(0),
            Some(Value::Text(text)) => {
                self.bytes.push(1);
                self.text(text);
            }
            Some(Value::Number(number)) => {
                self.bytes.push(2);
                self.bytes.extend(number.serialize());
            }
            Some(Value::Date(date)) => {
                self.bytes.push(3);
                self.signed(date.num_days_from_ce().into());
            }
            Some(Value::DateTime(at)) => {
                self.bytes.push(4);
                self.signed(at.0);
            }
            Some(Value::YesNo(yes)) => self.bytes.push(if *yes { 6 } else { 5 }),
        }
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend(text.as_bytes());
    }

    fn id(&mut self, id: impl Id) {
        self.number(id.number().into());
    }

    fn optional(&mut self, number: Option<u32>) {
        self.number(number.map_or(0, |number| u64::from(number) + 1));
    }

    fn signed(&mut self, number: i64) {
        self.number((number << 1 ^ number >> 63) as u64);
    }

    /// Seven bits to a byte, the lowest first; all but the last byte have the highest bit set.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }
}

/// Reading.
impl PackedLog {
    /// The contacts in the order in which they came, each with its entries.
    pub fn contacts(&self) -> impl ExactSizeIterator<Item = (ContactIx, Entries<'_>)> {
        self.contacts.iter().enumerate().map(|(place, contact)| (*contact, self.entries(place)))
    }

    /// The entries of the contact that came at this place.
    fn entries(&self, place: usize) -> Entries<'_> {
        let start = self.starts.get(place).copied().unwrap_or(self.bytes.len());
        let end = self.starts.get(place + 1).copied().unwrap_or(self.bytes.len());
        let contact = self.contacts.get(place).copied().unwrap_or(ContactIx(0));
        Entries { log: self, contact, bytes: &self.bytes[start..end], guess: Guess::default() }
    }

    /// Bytes that the log takes, without the orders, which the contacts' events share.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
            + size_of_val(&*self.contacts)
            + size_of_val(&*self.starts)
            + size_of_val(&*self.orders)
            + size_of_val(&*self.others)
            + size_of_val(&*self.nodes)
            + size_of_val(&*self.outlets)
    }
}

/// The entries of one contact, restored one by one.
#[derive(Debug, Clone)]
pub struct Entries<'a> {
    log: &'a PackedLog,
    contact: ContactIx,
    /// What is still to be read.
    bytes: &'a [u8],
    guess: Guess,
}

impl Iterator for Entries<'_> {
    type Item = LogEntry;

    /// The bytes are this module's own, so they end where an entry ends and hold only what it writes.
    fn next(&mut self) -> Option<LogEntry> {
        let first = self.byte()?;
        let form = Form::of(first)?;
        let (mut at, mut cause, mut node, mut position) = self.guess.parts(form);
        let seq = self.guess.seq;
        if first & AT != 0 {
            at = Instant(self.guess.at.0.wrapping_add(self.signed()?));
        }
        if first & CAUSE != 0 {
            cause = self.optional()?.map(|before| seq.wrapping_sub(before));
        }
        if first & PLACE != 0 {
            node = self.optional()?.map(NodeIx);
            position = self.optional()?;
        }
        let what = self.what(form, at, node)?;
        let entry = EntryOf { at, contact: self.contact, seq, cause, node, position, what };
        let log = self.log;
        self.guess.learn(&entry, |node, outlet| way(&log.nodes, &log.outlets, node, outlet));
        let place = node.and_then(|node| log.nodes.get(node.index()));
        Some(LogEntry { map: place.map(|node| node.map), element: place.map(|node| node.element), entry })
    }
}

impl Entries<'_> {
    fn what(&mut self, form: Form, at: Instant, node: Option<NodeIx>) -> Option<What> {
        Some(match form {
            Form::Happened => What::Happened(self.happening()?),
            Form::Raised => What::Raised(self.happening()?),
            Form::Activated => What::Activated,
            Form::Refused => match self.listed(Refused::ALL)? {
                Refused::Condition => What::Refused(Refused::Condition, self.seen()?),
                refused => What::Refused(refused, None),
            },
            Form::SeveralGoals => What::SeveralGoals,
            Form::ArrivedAsGuessed => What::Arrived(Arrival::From(self.guess.way?.0)),
            Form::ArrivedFrom => What::Arrived(Arrival::From(self.node()?)),
            Form::ArrivedByEvent => What::Arrived(Arrival::Event),
            Form::RestedUntil => What::Rested(Rest::Until(Instant(at.0.wrapping_add(self.signed()?)))),
            Form::RestedForGoal => What::Rested(Rest::Goal),
            Form::RestedAtEnd => What::Rested(Rest::End),
            Form::RestedOtherwise => What::Rested(match self.byte()? {
                0 => Rest::OpenEnd,
                1 => Rest::Done,
                _ => Rest::OnMap(self.id()?),
            }),
            Form::ArrivedByPublication => What::Arrived(Arrival::Publication),
            Form::Published => What::Published(self.id()?),
            Form::LeftByFirst => self.left(node?, 0)?,
            Form::Left => {
                let outlet = self.byte()?;
                self.left(node?, outlet)?
            }
            Form::Copied => What::Copied,
            Form::Taken => What::Taken(self.node()?),
            Form::Removed => What::Removed(self.listed(Removal::ALL)?),
            Form::Dropped => What::Dropped(self.listed(Fault::ALL)?),
            Form::Skipped => What::Skipped(self.listed(Skip::ALL)?),
            Form::Sequence => {
                let phase = self.listed(Phase::ALL)?;
                What::Sequence(self.id()?, phase)
            }
            Form::Decided => What::Decided(self.byte()? == 1, self.seen()?),
            Form::Chose => What::Chose(self.number()?, self.seen()?),
            Form::Drew => What::Drew(self.byte()?),
            Form::Sent => What::Sent(self.message()?),
            Form::Suppressed => {
                let why = self.listed(Suppression::ALL)?;
                What::Suppressed(self.message()?, why)
            }
            Form::Changed => What::Changed(self.happening()?),
            Form::Routed => What::Routed(self.id()?),
            Form::Did => {
                let kind = KINDS.get(usize::from(self.byte()?))?.kind;
                What::Did(kind, self.optional()?.map(Id::new))
            }
            Form::Nothing => What::Nothing(self.listed(Nothing::ALL)?),
        })
    }

    /// One of several reasons, by its number.
    fn listed<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        let number = self.byte()?;
        all.get(usize::from(number)).copied()
    }

    fn message(&mut self) -> Option<Message> {
        let number = self.number()?;
        let id = (number >> 2) as u32;
        Some(match number & 3 {
            0 => Message::Email(Id::new(id)),
            1 => Message::Sms(Id::new(id)),
            _ => Message::Postcard(Id::new(id)),
        })
    }

    /// The name of a way out stands in the table of nodes.
    fn left(&self, node: NodeIx, outlet: u8) -> Option<What> {
        let port: Port = way(&self.log.nodes, &self.log.outlets, node, outlet)?.port;
        Some(What::Left { outlet, port })
    }

    fn seen(&mut self) -> Option<Option<Box<[Seen]>>> {
        let Some(count) = self.optional()? else { return Some(None) };
        let mut all = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let leaf = self.number()?;
            all.push(Seen { leaf: (leaf >> 1) as u16, found: self.text()?.to_owned(), held: leaf & 1 == 1 });
        }
        Some(Some(all.into()))
    }

    fn happening(&mut self) -> Option<Happening> {
        Some(match self.byte()? {
            0 => Happening::Created,
            1 => Happening::FormSubmitted { form: self.id()?, outcome: FormOutcome::Success },
            2 => Happening::FormSubmitted { form: self.id()?, outcome: FormOutcome::Failure },
            3 => Happening::Order(self.order()?),
            4 => Happening::Refund(self.order()?),
            5 => Happening::TagAdded(self.id()?),
            6 => Happening::TagRemoved(self.id()?),
            7 => Happening::FieldUpdated { field: self.id()?, value: self.value()? },
            8 => {
                let link = self.byte()?;
                Happening::EmailLinkClicked { email: self.id()?, link }
            }
            9 => Happening::AddedToAutomation(self.id()?),
            OTHER => {
                let place = self.number()?;
                self.log.others.get(place as usize)?.clone()
            }
            part => {
                let part = *PARTS.get(usize::from(part).checked_sub(10)?)?;
                let payment = self.number()? as u16;
                Happening::Sale(Sale { part, payment, order: self.order()? })
            }
        })
    }

    fn order(&mut self) -> Option<Arc<Order>> {
        let place = self.number()?;
        self.log.orders.get(place as usize).cloned()
    }

    fn value(&mut self) -> Option<Option<Value>> {
        Some(Some(match self.byte()? {
            0 => return Some(None),
            1 => Value::Text(self.text()?.into()),
            2 => {
                let (number, rest) = self.bytes.split_first_chunk()?;
                self.bytes = rest;
                Value::Number(Decimal::deserialize(*number))
            }
            3 => Value::Date(NaiveDate::from_num_days_from_ce_opt(i32::try_from(self.signed()?).ok()?)?),
            4 => Value::DateTime(Instant(self.signed()?)),
            yes => Value::YesNo(yes == 6),
        }))
    }

    fn text(&mut self) -> Option<&str> {
        let length = self.number()? as usize;
        let (text, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        std::str::from_utf8(text).ok()
    }

    fn node(&mut self) -> Option<NodeIx> {
        Some(NodeIx(self.number()? as u32))
    }

    fn id<T: Id>(&mut self) -> Option<T> {
        Some(T::new(self.number()? as u32))
    }

    fn optional(&mut self) -> Option<Option<u32>> {
        Some(self.number()?.checked_sub(1).map(|number| number as u32))
    }

    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    fn number(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
            shift += 7;
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*byte)
    }
}
