//! What is known of a contact at an instant: its tags, fields, orders and so on.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::sales::{OrderRef, OrderState, Part};
use crate::base::id::{
    EmailId, FieldId, LevelId, ListId, MemberId, PageId, ProductId, RelationshipId, SiteId, TagId,
};
use crate::base::money::Money;
use crate::base::time::{Instant, Zone};
use crate::model::{
    Checkout, Choice, Contact, EmailStatus, Event, Happening, MembershipStatus, MoreOfContact, Order,
    SmsStatus, Value,
};

/// Soft bounces in a row that make a hard one.
const SOFT_BOUNCES: u32 = 4;

/// A contact's record. One is reused for all contacts of a thread.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    tags: Vec<TagId>,
    fields: Vec<(FieldId, Value)>,
    orders: Vec<OrderState>,
    more: More,
    /// Whether `more` says anything, so that it need not be emptied for most contacts.
    has_more: bool,
    /// Whether anything may come due by itself.
    is_timed: bool,
}

/// The part of the record that says nothing for most contacts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct More {
    email_status: EmailStatus,
    sms_status: SmsStatus,
    owner: Option<MemberId>,
    /// The lists, and when the contact leaves each by itself.
    lists: Vec<(ListId, Instant)>,
    levels: Vec<LevelId>,
    memberships: Vec<(SiteId, MembershipStatus)>,
    relationships: Vec<(RelationshipId, Arc<str>)>,
    opened: Vec<(EmailId, u32)>,
    clicked: Vec<((EmailId, u8), u32)>,
    pages: Vec<(PageId, u32)>,
    sites: Vec<(SiteId, u32)>,
    last_sms: Option<Arc<str>>,
    soft_bounces: u32,
    sent_since_bounce: u32,
    refunds: Vec<Arc<Order>>,
    /// Checkouts that are not finished, and when they count as abandoned.
    checkouts: Vec<(Instant, Arc<Checkout>)>,
}

fn count<K: PartialEq>(counts: &mut Vec<(K, u32)>, key: K) {
    match counts.iter_mut().find(|(known, _)| *known == key) {
        Some((_, count)) => *count += 1,
        None => counts.push((key, 1)),
    }
}

fn counted<K: PartialEq>(counts: &[(K, u32)], key: &K) -> u32 {
    counts.iter().find(|(known, _)| known == key).map_or(0, |(_, count)| *count)
}

/// Adds what is not there; `false`: it was.
fn put<T: PartialEq>(things: &mut Vec<T>, thing: T) -> bool {
    let new = !things.contains(&thing);
    if new {
        things.push(thing);
    }
    new
}

impl Record {
    /// Starts over with a contact's record before anything happens.
    #[inline]
    pub fn reset(&mut self, contact: &Contact) {
        self.tags.clear();
        self.tags.extend_from_slice(&contact.tags);
        self.fields.clear();
        self.fields.extend_from_slice(&contact.fields);
        self.orders.clear();
        self.is_timed = false;
        if std::mem::take(&mut self.has_more) {
            self.more = More::default();
        }
        if let Some(more) = &contact.more {
            self.reset_more(more);
        }
    }

    fn reset_more(&mut self, more: &MoreOfContact) {
        self.has_more = true;
        self.more = More {
            email_status: more.email_status,
            sms_status: more.sms_status,
            owner: more.owner,
            lists: more.lists.iter().map(|list| (*list, Instant::NEVER)).collect(),
            levels: more.levels.clone(),
            memberships: more.memberships.clone(),
            relationships: more.relationships.clone(),
            ..More::default()
        };
    }

    fn more_mut(&mut self) -> &mut More {
        self.has_more = true;
        &mut self.more
    }

    /// Whether the contact has the tag.
    pub fn has_tag(&self, tag: TagId) -> bool {
        self.tags.contains(&tag)
    }

    /// What the field holds; `None`: it is empty.
    pub fn field(&self, field: FieldId) -> Option<&Value> {
        self.fields.iter().find(|(id, _)| *id == field).map(|(_, value)| value)
    }

    /// Whether the contact is on the fulfilment list.
    pub fn is_on_list(&self, list: ListId) -> bool {
        self.more.lists.iter().any(|(on, _)| *on == list)
    }

    /// The fulfilment lists that the contact is on, in the order in which it came onto them.
    pub fn lists(&self) -> impl Iterator<Item = ListId> + '_ {
        self.more.lists.iter().map(|(list, _)| *list)
    }

    /// Whether the contact has the WordPress level.
    pub fn has_level(&self, level: LevelId) -> bool {
        self.more.levels.contains(&level)
    }

    /// The state of the contact's membership of a site; `None`: it has none.
    pub fn membership(&self, site: SiteId) -> Option<MembershipStatus> {
        self.more.memberships.iter().find(|(id, _)| *id == site).map(|(_, status)| *status)
    }

    /// The names of the records that the contact is related with in this way.
    pub fn related(&self, relationship: RelationshipId) -> impl Iterator<Item = &Arc<str>> {
        let mut of_kind = self.more.relationships.iter().filter(move |(kind, _)| *kind == relationship);
        std::iter::from_fn(move || of_kind.next().map(|(_, name)| name))
    }

    /// Which e-mail the contact may get.
    pub fn email_status(&self) -> EmailStatus {
        self.more.email_status
    }

    /// Whether the contact may get text messages.
    pub fn sms_status(&self) -> SmsStatus {
        self.more.sms_status
    }

    /// Whose lead the contact is.
    pub fn owner(&self) -> Option<MemberId> {
        self.more.owner
    }

    /// Gives the contact an owner; `false`: it had this one.
    pub fn set_owner(&mut self, owner: MemberId) -> bool {
        self.more_mut().owner.replace(owner) != Some(owner)
    }

    /// How often the contact opened the e-mail.
    pub fn opened(&self, email: EmailId) -> u32 {
        counted(&self.more.opened, &email)
    }

    /// How often the contact clicked the link of the e-mail; 0: all of its links.
    pub fn clicked(&self, email: EmailId, link: u8) -> u32 {
        let of_email =
            self.more.clicked.iter().filter(|((id, no), _)| *id == email && (link == 0 || *no == link));
        of_email.map(|(_, count)| count).sum()
    }

    /// How often the contact visited the page.
    pub fn page_visits(&self, page: PageId) -> u32 {
        counted(&self.more.pages, &page)
    }

    /// How often the contact visited the site.
    pub fn site_visits(&self, site: SiteId) -> u32 {
        counted(&self.more.sites, &site)
    }

    /// The contact's last text message.
    pub fn last_sms(&self) -> Option<&str> {
        self.more.last_sms.as_deref()
    }

    /// The contact's orders, also those that are about to be placed.
    pub fn orders(&self) -> &[OrderState] {
        &self.orders
    }

    /// Orders that were placed, each with what is known of it.
    pub fn placed<'a>(&'a self, events: &'a [Event]) -> impl Iterator<Item = (&'a OrderState, &'a Order)> {
        let placed = self.orders.iter().filter(|state| state.placed);
        placed.filter_map(move |state| Some((state, &**state.order.get(events)?)))
    }

    /// Pieces bought of all the products together.
    pub fn ordered(&self, products: &Choice<ProductId>, events: &[Event]) -> Decimal {
        let bought = self.placed(events).filter(|(state, _)| state.bought.is_some());
        bought
            .flat_map(|(_, order)| &order.lines)
            .filter(|line| products.includes(line.product))
            .fold(Decimal::ZERO, |sum, line| sum.saturating_add(line.quantity))
    }

    /// Money spent on the products, refunds taken off.
    pub fn spent(&self, products: &Choice<ProductId>, events: &[Event]) -> Money {
        let cost = |order: &Order| -> Money {
            order.lines.iter().filter(|line| products.includes(line.product)).map(|line| line.amount).sum()
        };
        let paid = self
            .placed(events)
            .map(|(state, order)| Money::new(cost(order).amount().saturating_mul(Decimal::from(state.paid))));
        paid.sum::<Money>() - self.more.refunds.iter().map(|order| cost(order)).sum()
    }

    /// Adds an order that is about to be placed; returns its place.
    pub fn add_order(&mut self, order: OrderRef, has_plan: bool) -> u32 {
        self.is_timed |= has_plan;
        self.orders.push(OrderState::new(order));
        self.orders.len() as u32 - 1
    }

    /// The contact's last order with this reference.
    pub fn find_order(&self, reference: &str, events: &[Event]) -> Option<u32> {
        let found = self.orders.iter().rposition(|state| {
            state.placed && state.order.get(events).is_some_and(|order| order.reference == reference)
        });
        found.map(|place| place as u32)
    }

    /// Adds a tag; `false`: it was there.
    pub fn add_tag(&mut self, tag: TagId) -> bool {
        put(&mut self.tags, tag)
    }

    /// Removes a tag; `false`: it was not there.
    pub fn remove_tag(&mut self, tag: TagId) -> bool {
        let before = self.tags.len();
        self.tags.retain(|other| *other != tag);
        self.tags.len() < before
    }

    /// Sets or empties a field; `false`: it was so already.
    pub fn set_field(&mut self, field: FieldId, value: Option<Value>) -> bool {
        let place = self.fields.iter().position(|(id, _)| *id == field);
        match (place, value) {
            (Some(place), Some(value)) if self.fields[place].1 == value => return false,
            (Some(place), Some(value)) => self.fields[place].1 = value,
            (Some(place), None) => {
                self.fields.remove(place);
            }
            (None, Some(value)) => self.fields.push((field, value)),
            (None, None) => return false,
        }
        true
    }

    /// Notes that an e-mail was sent.
    pub fn note_sent(&mut self) {
        // only what was sent after a bounce tells whether the next one is in a row with it
        if self.has_more {
            self.more.sent_since_bounce += 1;
        }
    }

    /// Whether an e-mail that bounces now bounces for good.
    pub fn bounces_for_good(&self, hard: bool) -> bool {
        let row = if self.more.sent_since_bounce >= 2 { 1 } else { self.more.soft_bounces + 1 };
        (hard || row >= SOFT_BOUNCES) && self.more.email_status != EmailStatus::HardBounce
    }

    /// Whether anything may come due by itself: a payment, a stay on a list, a checkout.
    #[inline]
    pub fn is_timed(&self) -> bool {
        self.is_timed
    }

    /// The place of the contact's order whose payment is due first, and when.
    pub fn next_payment(&self) -> Option<(Instant, u32)> {
        let due = self.orders.iter().zip(0..).filter(|(state, _)| state.due != Instant::NEVER);
        due.map(|(state, place)| (state.due, place)).min()
    }

    /// The list that the contact leaves first by itself, and when.
    pub fn next_leaving(&self) -> Option<(Instant, ListId)> {
        let leaving = self.more.lists.iter().filter(|(_, at)| *at != Instant::NEVER);
        leaving.map(|(list, at)| (*at, *list)).min()
    }

    /// The checkout that counts as abandoned first, and when.
    pub fn next_abandoned(&self) -> Option<(Instant, &Arc<Checkout>)> {
        // of several at one instant the one that began first
        self.more.checkouts.iter().map(|(at, checkout)| (*at, checkout)).min_by_key(|(at, _)| *at)
    }

    /// Changes an order as a part of its sale says.
    pub fn take_in_sale(&mut self, place: u32, part: Part, events: &[Event], now: Instant, zone: &Zone) {
        let Some(state) = self.orders.get_mut(place as usize) else { return };
        if let Some(order) = state.order.get(events).cloned() {
            state.take_in(part, &order, now, zone);
        }
    }

    /// Notes that an order is placed, which finishes checkouts.
    pub fn place_order(&mut self, place: u32, events: &[Event], now: Instant) {
        let Some(state) = self.orders.get_mut(place as usize) else { return };
        state.placed = true;
        let Some(order) = state.order.get(events) else { return };
        if order.payment == crate::model::FirstPayment::Declined {
            return;
        }
        state.bought = Some(now);
        if !self.more.checkouts.is_empty() {
            let finishes = |checkout: &Checkout| match checkout.reference.as_str() {
                "" => order.lines.iter().any(|line| checkout.products.contains(&line.product)),
                reference => reference == order.reference,
            };
            // all of them: who began the same twice and bought it has left nothing behind
            self.more.checkouts.retain(|(_, checkout)| !finishes(checkout));
        }
    }

    /// Changes the record as an event says. `due` tells when what begins by it ends by itself: a stay on a list, a
    /// checkout. What sales do is [`Record::take_in_sale`] and [`Record::place_order`].
    #[inline]
    pub fn take_in(&mut self, what: &Happening, due: Instant) {
        match what {
            Happening::TagAdded(tag) => {
                self.add_tag(*tag);
            }
            Happening::TagRemoved(tag) => {
                self.remove_tag(*tag);
            }
            Happening::FieldUpdated { field, value } => {
                self.set_field(*field, value.clone());
            }
            Happening::Order(_)
            | Happening::Sale(_)
            | Happening::Payment { .. }
            | Happening::OrderCancelled { .. }
            | Happening::Created
            | Happening::FormSubmitted { .. }
            | Happening::TaskCompleted { .. }
            | Happening::CallLogged
            | Happening::AddedToAutomation(_)
            | Happening::RemovedFromAutomation(_)
            | Happening::Paused(_)
            | Happening::Unpaused(_)
            | Happening::CameOnMap(_)
            | Happening::WentOffMap(_)
            | Happening::DateCame(_)
            | Happening::EmailReceived
            | Happening::UrlVisited(_)
            | Happening::LinkClicked(_)
            | Happening::Campaign { .. }
            | Happening::WebsiteVisited { .. }
            | Happening::OrderStatus(_) => {}
            _ => self.take_in_more(what, due),
        }
    }

    fn take_in_more(&mut self, what: &Happening, due: Instant) {
        self.is_timed |= due != Instant::NEVER;
        let more = self.more_mut();
        match what {
            Happening::ListAdded(list) if more.lists.iter().all(|(on, _)| on != list) => {
                more.lists.push((*list, due));
            }
            Happening::ListRemoved(list) => more.lists.retain(|(on, _)| on != list),
            Happening::RelationshipAdded { relationship, record } => {
                put(&mut more.relationships, (*relationship, record.clone()));
            }
            Happening::RelationshipRemoved { relationship, record } => {
                more.relationships.retain(|(kind, name)| kind != relationship || name != record);
            }
            Happening::EmailStatus(status) => {
                more.email_status = *status;
                more.soft_bounces = 0; // whoever set it knows the address better than the bounces before
            }
            Happening::SmsStatus(status) => more.sms_status = *status,
            Happening::EmailOpened(email) => {
                more.soft_bounces = 0;
                count(&mut more.opened, *email);
            }
            Happening::EmailLinkClicked { email, link } => {
                more.soft_bounces = 0;
                count(&mut more.clicked, (*email, *link));
            }
            Happening::EmailBounced { hard, .. } => {
                if !hard {
                    more.soft_bounces = if more.sent_since_bounce >= 2 { 1 } else { more.soft_bounces + 1 };
                }
                more.sent_since_bounce = 0;
            }
            Happening::SmsReceived(text) => more.last_sms = Some(text.clone()),
            // A refund gives money back; it does not undo that the product was ordered.
            Happening::Refund(order) => more.refunds.push(order.clone()),
            Happening::CheckoutStarted(checkout) => more.checkouts.push((due, checkout.clone())),
            Happening::CheckoutAbandoned(checkout) => more.checkouts.retain(|(_, other)| other != checkout),
            Happening::PageVisited(page) | Happening::PurlVisited(page) => count(&mut more.pages, *page),
            Happening::SiteVisited(site) => count(&mut more.sites, *site),
            Happening::MembershipUpdated { site, status } | Happening::MembershipCreated { site, status } => {
                match more.memberships.iter_mut().find(|(id, _)| id == site) {
                    Some((_, old)) => *old = *status,
                    None => more.memberships.push((*site, *status)),
                }
            }
            Happening::LevelGiven(level) => {
                put(&mut more.levels, *level);
            }
            Happening::LevelLost(level) => more.levels.retain(|other| other != level),
            _ => {}
        }
    }
}
