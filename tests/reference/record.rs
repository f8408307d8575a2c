//! What is known of a contact, and how events change it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gateline::base::id::{
    EmailId, FieldId, LevelId, ListId, MemberId, PageId, RelationshipId, SiteId, TagId,
};
use gateline::base::time::Instant;
use gateline::model::{Checkout, Contact, EmailStatus, Happening, MembershipStatus, Order, SmsStatus, Value};

use super::Account;
use super::sales::Bought;

/// Soft bounces in a row that are a hard one.
const SOFT_BOUNCES: u32 = 4;

/// What is known of a contact.
#[derive(Default)]
pub struct Record {
    pub tags: BTreeSet<TagId>,
    pub fields: BTreeMap<FieldId, Value>,
    /// Its fulfilment lists in the order in which it came onto them, with when it leaves each by itself.
    pub lists: Vec<(ListId, Option<Instant>)>,
    pub levels: BTreeSet<LevelId>,
    pub memberships: BTreeMap<SiteId, MembershipStatus>,
    /// In the order in which they were made.
    pub relationships: Vec<(RelationshipId, Arc<str>)>,
    pub email_status: EmailStatus,
    pub sms_status: SmsStatus,
    pub owner: Option<MemberId>,
    soft_bounces: u32,
    pub sent_since_bounce: u32,
    pub opened: BTreeMap<EmailId, u32>,
    pub clicked: BTreeMap<(EmailId, u8), u32>,
    pub pages: BTreeMap<PageId, u32>,
    pub sites: BTreeMap<SiteId, u32>,
    pub last_sms: Option<Arc<str>>,
    /// In the order in which they were placed.
    pub orders: Vec<Bought>,
    pub refunds: Vec<Arc<Order>>,
    /// Checkouts that are not finished, with when they count as abandoned, in the order in which they were started.
    pub checkouts: Vec<(Instant, Arc<Checkout>)>,
}

impl Record {
    /// Before anything happens.
    pub fn of(contact: &Contact) -> Self {
        let more = contact.more.as_deref().cloned().unwrap_or_default();
        Self {
            tags: contact.tags.iter().copied().collect(),
            fields: contact.fields.iter().cloned().collect(),
            lists: more.lists.into_iter().map(|list| (list, None)).collect(),
            levels: more.levels.into_iter().collect(),
            memberships: more.memberships.into_iter().collect(),
            relationships: more.relationships,
            email_status: more.email_status,
            sms_status: more.sms_status,
            owner: more.owner,
            ..Self::default()
        }
    }

    /// Whether the contact is on the fulfilment list.
    pub fn is_on(&self, list: ListId) -> bool {
        self.lists.iter().any(|(other, _)| *other == list)
    }

    /// Soft bounces in a row if one came now: mails that went out in between without bouncing end a row.
    fn soft_bounces_with_one_more(&self) -> u32 {
        if self.sent_since_bounce >= 2 { 1 } else { self.soft_bounces + 1 }
    }

    /// Whether a bounce that came now would be for good.
    pub fn would_bounce_for_good(&self, hard: bool) -> bool {
        hard || self.soft_bounces_with_one_more() >= SOFT_BOUNCES
    }

    /// Changes what an event changes; what a sale stirs is in [`super::sales`].
    pub fn change(&mut self, what: &Happening, account: &Account<'_>, now: Instant) {
        match what {
            Happening::FieldUpdated { field, value: Some(value) } => {
                self.fields.insert(*field, value.clone());
            }
            Happening::FieldUpdated { field, value: None } => {
                self.fields.remove(field);
            }
            Happening::TagAdded(tag) => {
                self.tags.insert(*tag);
            }
            Happening::TagRemoved(tag) => {
                self.tags.remove(tag);
            }
            Happening::ListAdded(list) => {
                let leaves_after =
                    account.project.catalogue.lists.get(list).and_then(|list| list.leaves_after);
                let leaves = leaves_after.map(|span| account.zone.add(now, span));
                if !self.is_on(*list) {
                    self.lists.push((*list, leaves));
                }
            }
            Happening::ListRemoved(list) => {
                self.lists.retain(|(other, _)| other != list);
            }
            Happening::RelationshipAdded { relationship, record } => {
                let made = (*relationship, record.clone());
                if !self.relationships.contains(&made) {
                    self.relationships.push(made);
                }
            }
            Happening::RelationshipRemoved { relationship, record } => {
                self.relationships.retain(|(kind, with)| (kind, with) != (relationship, record));
            }
            Happening::EmailStatus(status) => {
                self.email_status = *status;
                self.soft_bounces = 0; // a row of bounces ends where the status is set
            }
            Happening::SmsStatus(status) => self.sms_status = *status,
            Happening::EmailOpened(email) => {
                *self.opened.entry(*email).or_default() += 1;
                self.soft_bounces = 0;
            }
            Happening::EmailLinkClicked { email, link } => {
                *self.clicked.entry((*email, *link)).or_default() += 1;
                self.soft_bounces = 0;
            }
            Happening::EmailBounced { hard, .. } => {
                if !hard {
                    self.soft_bounces = self.soft_bounces_with_one_more();
                }
                self.sent_since_bounce = 0;
            }
            Happening::SmsReceived(text) => self.last_sms = Some(text.clone()),
            Happening::Refund(order) => self.refunds.push(order.clone()),
            Happening::CheckoutStarted(checkout) => {
                let abandoned = account.zone.add(now, account.project.settings.abandon_after);
                self.checkouts.push((abandoned, checkout.clone()));
            }
            Happening::CheckoutAbandoned(checkout) => {
                self.checkouts.retain(|(_, pending)| pending != checkout);
            }
            Happening::PageVisited(page) | Happening::PurlVisited(page) => {
                *self.pages.entry(*page).or_default() += 1;
            }
            Happening::SiteVisited(site) => *self.sites.entry(*site).or_default() += 1,
            Happening::MembershipUpdated { site, status } | Happening::MembershipCreated { site, status } => {
                self.memberships.insert(*site, *status);
            }
            Happening::LevelGiven(level) => {
                self.levels.insert(*level);
            }
            Happening::LevelLost(level) => {
                self.levels.remove(level);
            }
            Happening::Created
            | Happening::TaskCompleted { .. }
            | Happening::CallLogged
            | Happening::FormSubmitted { .. }
            | Happening::AddedToAutomation(_)
            | Happening::RemovedFromAutomation(_)
            | Happening::Paused(_)
            | Happening::Unpaused(_)
            | Happening::CameOnMap(_)
            | Happening::WentOffMap(_)
            | Happening::DateCame(_)
            | Happening::EmailReceived
            | Happening::Order(_)
            | Happening::Payment { .. }
            | Happening::OrderCancelled { .. }
            | Happening::Sale(_)
            | Happening::UrlVisited(_)
            | Happening::LinkClicked(_)
            // of these only reports speak
            | Happening::Campaign { .. }
            | Happening::WebsiteVisited { .. }
            | Happening::OrderStatus(_) => {}
        }
    }
}
