//! What a trigger or goal listens for, and one table of it ([`EVENT_TYPES`]) that the window, the help and the checks
//! read (semantics §3).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::catalogue::Catalogue;
use super::element::Choice;
use super::event::{
    DateRule, FirstPayment, FormOutcome, Happening, HappeningKind, Order, OrderSource, PaymentKind, Provider,
    SalePart,
};
use super::project::Settings;
use super::rules::EngineRules;
use crate::base::id::{
    CategoryId, EmailId, FieldId, FormId, LevelId, ListId, MapId, PageId, ProductId, RelationshipId, SiteId,
    TagId, TaskId,
};
use crate::base::time::Side;

/// Added or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Added.
    #[default]
    Added,
    /// Removed.
    Removed,
}

impl Change {
    /// All with their words.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Added, "Added"), (Self::Removed, "Removed")];
}

/// G-12: which payments of a payment plan count as a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanPayments {
    /// Every payment.
    #[default]
    Every,
    /// The first payment only.
    First,
}

impl PlanPayments {
    /// All with their words.
    pub const ALL: &'static [(Self, &'static str)] =
        &[(Self::Every, "every payment"), (Self::First, "first payment only")];
}

/// What happens to an open order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenOrderChange {
    /// A payment after the first was charged successfully.
    #[default]
    Charged,
    /// A payment of a plan was declined, the first one too.
    Declined,
    /// It was cancelled.
    Cancelled,
    /// Its last payment was made.
    Completed,
}

impl OpenOrderChange {
    /// All with their words.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Charged, "Charged and successful"),
        (Self::Declined, "Charged but declined"),
        (Self::Cancelled, "Cancelled"),
        (Self::Completed, "Completed"),
    ];
}

/// What becomes of a charge to a credit card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardOutcome {
    /// It went through.
    #[default]
    Charged,
    /// It failed.
    Declined,
}

impl CardOutcome {
    /// All with their words.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Charged, "Charged"), (Self::Declined, "Declined")];
}

/// The purchase goal of Keap (K-01, K-02): any of the ticked options, and the kind of payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeapPurchase {
    /// Any purchase at all.
    pub any: bool,
    /// By one of these order forms.
    pub forms: Vec<FormId>,
    /// Of one of these products.
    pub products: Vec<ProductId>,
    /// Of a product in one of these categories.
    pub categories: Vec<CategoryId>,
    /// Paid so.
    pub payments: Choice<PaymentKind>,
}

impl Default for KeapPurchase {
    fn default() -> Self {
        Self { any: false, forms: vec![], products: vec![], categories: vec![], payments: Choice::Any }
    }
}

impl KeapPurchase {
    /// Whether nothing is ticked, so that nothing matches.
    pub fn is_empty(&self) -> bool {
        !self.any && self.forms.is_empty() && self.products.is_empty() && self.categories.is_empty()
    }

    /// Whether the order came by one of the forms.
    pub fn has_form(&self, order: &Order) -> bool {
        order.form.is_some_and(|form| self.forms.contains(&form))
    }

    /// Whether the order holds one of the products.
    pub fn has_product(&self, order: &Order) -> bool {
        order.lines.iter().any(|line| self.products.contains(&line.product))
    }

    /// Whether the order holds a product of one of the categories.
    pub fn has_category(&self, order: &Order, catalogue: &Catalogue) -> bool {
        let in_category = |product| {
            let product = catalogue.products.get(product);
            product.is_some_and(|product| product.categories.iter().any(|c| self.categories.contains(c)))
        };
        order.lines.iter().any(|line| in_category(&line.product))
    }

    /// Whether an order is one of those ticked, whatever became of its payment (K-01).
    pub fn selects(&self, order: &Order, catalogue: &Catalogue) -> bool {
        self.any || self.has_form(order) || self.has_product(order) || self.has_category(order, catalogue)
    }
}

/// What a trigger or goal listens for, with its own settings. `None` in a choice of one thing means that it is not
/// chosen yet; nothing matches then, and the checks say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum EventFilter {
    /// A field is updated.
    FieldUpdated(Option<FieldId>),
    /// The contact is paused on another map.
    Paused(Option<MapId>),
    /// The contact goes on on another map.
    Unpaused(Option<MapId>),
    /// A tag is added.
    TagAdded(Option<TagId>),
    /// A tag is removed.
    TagRemoved(Option<TagId>),
    /// The contact comes onto a fulfilment list.
    ListAdded(Option<ListId>),
    /// The contact leaves a fulfilment list.
    ListRemoved(Option<ListId>),
    /// Today is the day in a date field.
    DateMatches(Option<FieldId>),
    /// Today is some days before or after the day in a date field.
    DateRelative {
        /// The field.
        field: Option<FieldId>,
        /// Before or after.
        side: Side,
        /// How many days.
        days: u32,
    },
    /// Today is this day.
    SpecificDate(Option<NaiveDate>),
    /// The contact comes onto another map, or goes off it.
    Automation {
        /// The other map.
        map: Option<MapId>,
        /// On or off.
        change: Change,
    },
    /// A task is completed.
    TaskCompleted {
        /// Which task.
        task: Option<TaskId>,
        /// Numbers of the outcomes that count; empty: all.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        outcomes: Vec<u8>,
    },
    /// Submits a form.
    FormSubmitted {
        /// Which forms.
        form: Choice<FormId>,
        /// Only with this outcome.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<FormOutcome>,
    },
    /// A call is logged.
    CallLogged,
    /// A relationship is added or removed.
    Relationship {
        /// Of which kind.
        relationship: Option<RelationshipId>,
        /// Added or removed.
        change: Change,
    },
    /// Clicks a link of an e-mail.
    EmailLinkClicked {
        /// Which e-mail.
        email: Option<EmailId>,
        /// Number of the link from 1; 0 is any.
        link: u8,
    },
    /// Sends an e-mail.
    EmailReceived,
    /// Sends a text message.
    SmsReceived,
    /// Purchases a product.
    Purchased {
        /// Which products.
        products: Choice<ProductId>,
        /// Which payments of a plan count (G-12).
        #[serde(default, skip_serializing_if = "is_every")]
        plan_payments: PlanPayments,
    },
    /// The purchase goal of Keap (§4).
    KeapPurchase(KeapPurchase),
    /// Gets a refund on a product.
    Refund(Choice<ProductId>),
    /// Abandons an external checkout.
    CheckoutAbandoned {
        /// Of which products.
        products: Choice<ProductId>,
        /// Only of this provider.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<Provider>,
    },
    /// Visits a page of the account.
    PageVisited(Option<PageId>),
    /// Visits a page of the account by a personal address.
    PurlVisited(Option<PageId>),
    /// Buys a subscription or a product with a payment plan.
    OpenOrderCreated,
    /// An open order is charged or updated.
    OpenOrder(OpenOrderChange),
    /// A credit card is charged or declined.
    Card(CardOutcome),
    /// Visits an address elsewhere.
    UrlVisited(Option<PageId>),
    /// Clicks a tracked link.
    LinkClicked(Option<PageId>),
    /// Membership access is updated.
    MembershipUpdated(Option<SiteId>),
    /// A membership is created by open registration.
    MembershipCreated(Option<SiteId>),
    /// Is given a WordPress level.
    LevelGiven(Option<LevelId>),
    /// Loses a WordPress level.
    LevelLost(Option<LevelId>),
    /// The contact is created; triggers only.
    Created,
    /// Is added to this map by hand, by a form or by another map (M-03); triggers only, exactly one on each map.
    AddedToAutomation,
}

fn is_every(payments: &PlanPayments) -> bool {
    *payments == PlanPayments::Every
}

/// An event as a listener hears it: what a sale stirs is heard without an owner of its own, so that hearing costs nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Heard<'a> {
    /// Any event but a [`Happening::Sale`].
    Event(&'a Happening),
    /// What an order, a payment or a cancellation stirs.
    Sale {
        /// What.
        part: SalePart,
        /// Number of the payment that it belongs to, as in [`Sale`](super::event::Sale).
        payment: u16,
        /// The order.
        order: &'a Order,
    },
}

impl<'a> From<&'a Happening> for Heard<'a> {
    fn from(what: &'a Happening) -> Self {
        match what {
            Happening::Sale(sale) => {
                Self::Sale { part: sale.part, payment: sale.payment, order: &sale.order }
            }
            _ => Self::Event(what),
        }
    }
}

impl Heard<'_> {
    /// Its row in the vocabulary.
    #[inline]
    pub fn kind(self) -> HappeningKind {
        match self {
            Self::Event(what) => what.kind(),
            Self::Sale { part, .. } => part.kind(),
        }
    }
}

/// Who listens: what a match depends on beside filter and event.
#[derive(Debug, Clone, Copy)]
pub struct Ear<'a> {
    /// The map that listens.
    pub map: MapId,
    /// Its switches.
    pub rules: &'a EngineRules,
    /// The account, which knows the categories of products.
    pub catalogue: &'a Catalogue,
    /// The project's settings, which say what the account sees at all.
    pub settings: &'a Settings,
}

impl EventFilter {
    /// Its row in [`EVENT_TYPES`].
    #[inline]
    pub fn event_type(&self) -> EventType {
        match self {
            Self::FieldUpdated(_) => EventType::FieldUpdated,
            Self::Paused(_) => EventType::Paused,
            Self::Unpaused(_) => EventType::Unpaused,
            Self::TagAdded(_) => EventType::TagAdded,
            Self::TagRemoved(_) => EventType::TagRemoved,
            Self::ListAdded(_) => EventType::ListAdded,
            Self::ListRemoved(_) => EventType::ListRemoved,
            Self::DateMatches(_) => EventType::DateMatches,
            Self::DateRelative { .. } => EventType::DateRelative,
            Self::SpecificDate(_) => EventType::SpecificDate,
            Self::Automation { .. } => EventType::Automation,
            Self::TaskCompleted { .. } => EventType::TaskCompleted,
            Self::FormSubmitted { .. } => EventType::FormSubmitted,
            Self::CallLogged => EventType::CallLogged,
            Self::Relationship { .. } => EventType::Relationship,
            Self::EmailLinkClicked { .. } => EventType::EmailLinkClicked,
            Self::EmailReceived => EventType::EmailReceived,
            Self::SmsReceived => EventType::SmsReceived,
            Self::Purchased { .. } => EventType::Purchased,
            Self::KeapPurchase(_) => EventType::KeapPurchase,
            Self::Refund(_) => EventType::Refund,
            Self::CheckoutAbandoned { .. } => EventType::CheckoutAbandoned,
            Self::PageVisited(_) => EventType::PageVisited,
            Self::PurlVisited(_) => EventType::PurlVisited,
            Self::OpenOrderCreated => EventType::OpenOrderCreated,
            Self::OpenOrder(_) => EventType::OpenOrder,
            Self::Card(_) => EventType::Card,
            Self::UrlVisited(_) => EventType::UrlVisited,
            Self::LinkClicked(_) => EventType::LinkClicked,
            Self::MembershipUpdated(_) => EventType::MembershipUpdated,
            Self::MembershipCreated(_) => EventType::MembershipCreated,
            Self::LevelGiven(_) => EventType::LevelGiven,
            Self::LevelLost(_) => EventType::LevelLost,
            Self::Created => EventType::Created,
            Self::AddedToAutomation => EventType::AddedToAutomation,
        }
    }

    /// A filter of this type with nothing chosen yet.
    pub fn blank(event_type: EventType) -> Self {
        match event_type {
            EventType::FieldUpdated => Self::FieldUpdated(None),
            EventType::Paused => Self::Paused(None),
            EventType::Unpaused => Self::Unpaused(None),
            EventType::TagAdded => Self::TagAdded(None),
            EventType::TagRemoved => Self::TagRemoved(None),
            EventType::ListAdded => Self::ListAdded(None),
            EventType::ListRemoved => Self::ListRemoved(None),
            EventType::DateMatches => Self::DateMatches(None),
            EventType::DateRelative => Self::DateRelative { field: None, side: Side::Before, days: 1 },
            EventType::SpecificDate => Self::SpecificDate(None),
            EventType::Automation => Self::Automation { map: None, change: Change::Added },
            EventType::TaskCompleted => Self::TaskCompleted { task: None, outcomes: vec![] },
            EventType::FormSubmitted => Self::FormSubmitted { form: Choice::Any, outcome: None },
            EventType::CallLogged => Self::CallLogged,
            EventType::Relationship => Self::Relationship { relationship: None, change: Change::Added },
            EventType::EmailLinkClicked => Self::EmailLinkClicked { email: None, link: 0 },
            EventType::EmailReceived => Self::EmailReceived,
            EventType::SmsReceived => Self::SmsReceived,
            EventType::Purchased => {
                Self::Purchased { products: Choice::Any, plan_payments: PlanPayments::Every }
            }
            EventType::KeapPurchase => Self::KeapPurchase(KeapPurchase::default()),
            EventType::Refund => Self::Refund(Choice::Any),
            EventType::CheckoutAbandoned => Self::CheckoutAbandoned { products: Choice::Any, provider: None },
            EventType::PageVisited => Self::PageVisited(None),
            EventType::PurlVisited => Self::PurlVisited(None),
            EventType::OpenOrderCreated => Self::OpenOrderCreated,
            EventType::OpenOrder => Self::OpenOrder(OpenOrderChange::Charged),
            EventType::Card => Self::Card(CardOutcome::Charged),
            EventType::UrlVisited => Self::UrlVisited(None),
            EventType::LinkClicked => Self::LinkClicked(None),
            EventType::MembershipUpdated => Self::MembershipUpdated(None),
            EventType::MembershipCreated => Self::MembershipCreated(None),
            EventType::LevelGiven => Self::LevelGiven(None),
            EventType::LevelLost => Self::LevelLost(None),
            EventType::Created => Self::Created,
            EventType::AddedToAutomation => Self::AddedToAutomation,
        }
    }

    /// The kind of happening that it listens for.
    pub fn hears(&self) -> HappeningKind {
        match self {
            Self::FieldUpdated(_) => HappeningKind::FieldUpdated,
            Self::Paused(_) => HappeningKind::Paused,
            Self::Unpaused(_) => HappeningKind::Unpaused,
            Self::TagAdded(_) => HappeningKind::TagAdded,
            Self::TagRemoved(_) => HappeningKind::TagRemoved,
            Self::ListAdded(_) => HappeningKind::ListAdded,
            Self::ListRemoved(_) => HappeningKind::ListRemoved,
            Self::DateMatches(_) | Self::DateRelative { .. } | Self::SpecificDate(_) => {
                HappeningKind::DateCame
            }
            Self::Automation { change: Change::Added, .. } => HappeningKind::CameOnMap,
            Self::Automation { change: Change::Removed, .. } => HappeningKind::WentOffMap,
            Self::TaskCompleted { .. } => HappeningKind::TaskCompleted,
            Self::FormSubmitted { .. } => HappeningKind::FormSubmitted,
            Self::CallLogged => HappeningKind::CallLogged,
            Self::Relationship { change: Change::Added, .. } => HappeningKind::RelationshipAdded,
            Self::Relationship { change: Change::Removed, .. } => HappeningKind::RelationshipRemoved,
            Self::EmailLinkClicked { .. } => HappeningKind::EmailLinkClicked,
            Self::EmailReceived => HappeningKind::EmailReceived,
            Self::SmsReceived => HappeningKind::SmsReceived,
            Self::Purchased { .. } => HappeningKind::Purchased,
            Self::KeapPurchase(_)
            | Self::OpenOrder(OpenOrderChange::Charged)
            | Self::Card(CardOutcome::Charged) => HappeningKind::Charged,
            Self::OpenOrder(OpenOrderChange::Declined) | Self::Card(CardOutcome::Declined) => {
                HappeningKind::Declined
            }
            Self::OpenOrder(OpenOrderChange::Cancelled) => HappeningKind::Cancelled,
            Self::OpenOrder(OpenOrderChange::Completed) => HappeningKind::Completed,
            Self::Refund(_) => HappeningKind::Refund,
            Self::CheckoutAbandoned { .. } => HappeningKind::CheckoutAbandoned,
            Self::PageVisited(_) => HappeningKind::PageVisited,
            Self::PurlVisited(_) => HappeningKind::PurlVisited,
            Self::OpenOrderCreated => HappeningKind::OpenOrderCreated,
            Self::UrlVisited(_) => HappeningKind::UrlVisited,
            Self::LinkClicked(_) => HappeningKind::LinkClicked,
            Self::MembershipUpdated(_) => HappeningKind::MembershipUpdated,
            Self::MembershipCreated(_) => HappeningKind::MembershipCreated,
            Self::LevelGiven(_) => HappeningKind::LevelGiven,
            Self::LevelLost(_) => HappeningKind::LevelLost,
            Self::Created => HappeningKind::Created,
            Self::AddedToAutomation => HappeningKind::AddedToAutomation,
        }
    }

    /// The days that it waits for in a contact's life.
    pub fn date_rule(&self) -> Option<DateRule> {
        match self {
            Self::DateMatches(Some(field)) => Some(DateRule::Field { field: *field, days: 0 }),
            Self::DateRelative { field: Some(field), side, days } => {
                let days = i32::try_from(*days).unwrap_or(i32::MAX);
                let days = if *side == Side::Before { -days } else { days };
                Some(DateRule::Field { field: *field, days })
            }
            Self::SpecificDate(Some(date)) => Some(DateRule::On(*date)),
            _ => None,
        }
    }

    /// What must be set up for its events to be seen and is not (semantics §3), as it reads in a sentence.
    pub fn misses(&self, settings: &Settings) -> Option<&'static str> {
        match self {
            Self::EmailReceived if !settings.email_sync => Some("e-mail sync"),
            Self::UrlVisited(_) if !settings.tracking_code => Some("the tracking code"),
            _ => None,
        }
    }

    /// Whether something that the filter needs is not chosen yet.
    pub fn is_incomplete(&self) -> bool {
        match self {
            Self::FieldUpdated(field) | Self::DateMatches(field) | Self::DateRelative { field, .. } => {
                field.is_none()
            }
            Self::Paused(map) | Self::Unpaused(map) | Self::Automation { map, .. } => map.is_none(),
            Self::TagAdded(tag) | Self::TagRemoved(tag) => tag.is_none(),
            Self::ListAdded(list) | Self::ListRemoved(list) => list.is_none(),
            Self::SpecificDate(date) => date.is_none(),
            Self::TaskCompleted { task, .. } => task.is_none(),
            Self::FormSubmitted { form, .. } => form.is_empty(),
            Self::Relationship { relationship, .. } => relationship.is_none(),
            Self::EmailLinkClicked { email, .. } => email.is_none(),
            Self::Purchased { products, .. }
            | Self::Refund(products)
            | Self::CheckoutAbandoned { products, .. } => products.is_empty(),
            Self::KeapPurchase(purchase) => purchase.is_empty() || purchase.payments.is_empty(),
            Self::PageVisited(page)
            | Self::PurlVisited(page)
            | Self::UrlVisited(page)
            | Self::LinkClicked(page) => page.is_none(),
            Self::MembershipUpdated(site) | Self::MembershipCreated(site) => site.is_none(),
            Self::LevelGiven(level) | Self::LevelLost(level) => level.is_none(),
            Self::CallLogged
            | Self::EmailReceived
            | Self::SmsReceived
            | Self::OpenOrderCreated
            | Self::OpenOrder(_)
            | Self::Card(_)
            | Self::Created
            | Self::AddedToAutomation => false,
        }
    }

    /// Whether the event is one that the filter listens for. Its kind is known to be [`EventFilter::hears`].
    pub fn matches(&self, heard: Heard<'_>, ear: Ear<'_>) -> bool {
        match heard {
            Heard::Sale { payment, order, .. } => self.matches_sale(payment, order, ear),
            Heard::Event(what) => self.matches_event(what, ear),
        }
    }

    fn matches_sale(&self, payment: u16, order: &Order, ear: Ear<'_>) -> bool {
        match self {
            // G-11: one transaction is one activation, whatever it is made of
            Self::Purchased { products, plan_payments } => {
                order.holds(products) && (payment == 1 || *plan_payments == PlanPayments::Every)
            }
            Self::KeapPurchase(purchase) => {
                is_first_payment(payment, order, ear.rules)
                    && order.source != OrderSource::Rule // K-03
                    && purchase.selects(order, ear.catalogue)
                    && purchase.payments.includes(order.method)
            }
            // only what is charged successfully has to be a later payment
            Self::OpenOrder(OpenOrderChange::Charged) => payment > 1 && order.plan.is_some(),
            // an order whose first payment was declined when it was placed is not open until that is made
            Self::OpenOrder(OpenOrderChange::Declined) => {
                order.plan.is_some() && (payment > 1 || order.payment != FirstPayment::Declined)
            }
            Self::Card(_) => order.method.is_card() && !order.total().is_zero(),
            Self::OpenOrderCreated
            | Self::OpenOrder(OpenOrderChange::Cancelled | OpenOrderChange::Completed) => true,
            _ => false,
        }
    }

    fn matches_event(&self, what: &Happening, ear: Ear<'_>) -> bool {
        let own = ear.map;
        match (self, what) {
            (Self::FieldUpdated(field), Happening::FieldUpdated { field: f, .. }) => *field == Some(*f),
            (Self::Paused(map), Happening::Paused(m))
            | (Self::Unpaused(map), Happening::Unpaused(m))
            | (Self::Automation { map, .. }, Happening::CameOnMap(m) | Happening::WentOffMap(m)) => {
                *map == Some(*m) && own != *m
            }
            (Self::TagAdded(tag), Happening::TagAdded(t))
            | (Self::TagRemoved(tag), Happening::TagRemoved(t)) => *tag == Some(*t),
            (Self::ListAdded(list), Happening::ListAdded(l))
            | (Self::ListRemoved(list), Happening::ListRemoved(l)) => *list == Some(*l),
            (
                Self::DateMatches(_) | Self::DateRelative { .. } | Self::SpecificDate(_),
                Happening::DateCame(r),
            ) => self.date_rule() == Some(*r),
            (Self::TaskCompleted { task, outcomes }, Happening::TaskCompleted { task: t, outcome }) => {
                *task == Some(*t) && (outcomes.is_empty() || outcomes.contains(outcome))
            }
            (Self::FormSubmitted { form, outcome }, Happening::FormSubmitted { form: f, outcome: o }) => {
                form.includes(*f) && outcome.is_none_or(|wanted| wanted == *o)
            }
            (
                Self::Relationship { relationship, .. },
                Happening::RelationshipAdded { relationship: r, .. }
                | Happening::RelationshipRemoved { relationship: r, .. },
            ) => *relationship == Some(*r),
            (Self::EmailLinkClicked { email, link }, Happening::EmailLinkClicked { email: e, link: l }) => {
                *email == Some(*e) && (*link == 0 || link == l)
            }
            (Self::Refund(products), Happening::Refund(order)) => order.holds(products),
            (Self::CheckoutAbandoned { products, provider }, Happening::CheckoutAbandoned(checkout)) => {
                let held = *products == Choice::Any
                    || checkout.products.iter().any(|product| products.includes(*product));
                held && provider.is_none_or(|wanted| wanted == checkout.provider)
            }
            (Self::PageVisited(page), Happening::PageVisited(p))
            | (Self::PurlVisited(page), Happening::PurlVisited(p))
            | (Self::LinkClicked(page), Happening::LinkClicked(p)) => *page == Some(*p),
            // what the account is not set up to see is in the record, and nobody hears of it
            (Self::UrlVisited(page), Happening::UrlVisited(p)) => {
                ear.settings.tracking_code && *page == Some(*p)
            }
            (Self::EmailReceived, Happening::EmailReceived) => ear.settings.email_sync,
            (Self::MembershipUpdated(site), Happening::MembershipUpdated { site: s, .. })
            | (Self::MembershipCreated(site), Happening::MembershipCreated { site: s, .. }) => {
                *site == Some(*s)
            }
            (Self::LevelGiven(level), Happening::LevelGiven(l))
            | (Self::LevelLost(level), Happening::LevelLost(l)) => *level == Some(*l),
            (Self::AddedToAutomation, Happening::AddedToAutomation(m)) => own == *m,
            (Self::CallLogged, Happening::CallLogged)
            | (Self::SmsReceived, Happening::SmsReceived(_))
            | (Self::Created, Happening::Created) => true,
            _ => false,
        }
    }
}

/// K-03: whether a payment that was made is the one that the purchase goal of Keap looks at. What costs nothing counts as
/// paid when it is placed, or, where the switch is off, only once somebody says that it is.
pub fn is_first_payment(payment: u16, order: &Order, rules: &EngineRules) -> bool {
    match payment {
        0 => rules.zero_total_pays,
        1 => !(rules.zero_total_pays && order.counts_as_paid()),
        _ => false,
    }
}

impl PaymentKind {
    /// Whether a credit card is charged.
    pub fn is_card(self) -> bool {
        matches!(self, Self::CreditCard | Self::CreditCardManual)
    }
}

/// The groups in which event types and conditions are listed, as the source systems have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The contact's record and the account.
    Crm,
    /// What the contact does outside of the account.
    External,
    /// Messages and what became of them.
    Messages,
    /// Orders and payments.
    Sales,
    /// Pages, sites and memberships.
    Sites,
}

impl Group {
    /// Its title in lists.
    pub fn title(self) -> &'static str {
        match self {
            Self::Crm => "Contact record",
            Self::External => "External events",
            Self::Messages => "Messages",
            Self::Sales => "Sales",
            Self::Sites => "Sites and pages",
        }
    }
}

/// Where an event type can be listened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListenedBy {
    /// Triggers and goals.
    Both,
    /// Triggers only.
    Triggers,
    /// Goals only.
    Goals,
}

/// One row of the table of event types.
#[derive(Debug)]
pub struct EventInfo {
    /// The type.
    pub event_type: EventType,
    /// Its name in files; never changes.
    pub tag: &'static str,
    /// Where it is listed.
    pub group: Group,
    /// Its name on cards and in lists: what the contact does or what is done to it.
    pub title: &'static str,
    /// One sentence for the palette and the help.
    pub help: &'static str,
    /// Who can listen for it.
    pub listened_by: ListenedBy,
}

macro_rules! event_types {
    ($($event_type:ident, $tag:literal, $group:ident, $listened_by:ident, $title:literal, $help:literal;)*) => {
        /// The types of events that can be listened for, in the order in which the window lists them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventType {
            $(#[doc = $title] $event_type,)*
        }

        /// What triggers and goals can listen for (semantics §3): the 32 goal kinds of Ontraport, the purchase goal of
        /// Keap, and what only triggers hear.
        pub const EVENT_TYPES: &[EventInfo] = &[$(EventInfo {
            event_type: EventType::$event_type,
            tag: $tag,
            group: Group::$group,
            title: $title,
            help: $help,
            listened_by: ListenedBy::$listened_by,
        }),*];
    };
}

event_types! {
    FieldUpdated, "field_updated", Crm, Both, "Field is updated",
        "A field of the contact changes; add a condition to ask for a value";
    Paused, "paused", Crm, Both, "Paused on another map", "The contact is paused on another map";
    Unpaused, "unpaused", Crm, Both, "Goes on on another map", "The contact is no longer paused on another map";
    TagAdded, "tag_added", Crm, Both, "Tag is added", "The contact is given a tag that it did not have";
    TagRemoved, "tag_removed", Crm, Both, "Tag is removed", "The contact loses a tag";
    ListAdded, "list_added", Crm, Both, "Comes onto a fulfilment list",
        "By an order form for goods that are shipped, or by an action";
    ListRemoved, "list_removed", Crm, Both, "Leaves a fulfilment list",
        "By itself after the time set for the list, or by an action";
    DateMatches, "date_matches", Crm, Both, "Today is the day in a field",
        "The day in a date field of the contact has come; of a birthday every year";
    DateRelative, "date_relative", Crm, Both, "Today is days before or after a field",
        "So many days before or after the day in a date field of the contact";
    SpecificDate, "specific_date", Crm, Both, "Today is a certain day", "A day of the calendar, for everybody";
    Automation, "automation", Crm, Both, "Comes onto or goes off another map",
        "The contact starts another map, or its last place on it is gone";
    TaskCompleted, "task_completed", Crm, Both, "Task is completed",
        "A team member completes a task about the contact; you can ask for outcomes";
    FormSubmitted, "form_submitted", Crm, Both, "Submits a form",
        "The contact sends a form; for order forms you can ask for success or failure";
    CallLogged, "call_logged", Crm, Both, "Call is logged", "A team member writes down a call with the contact";
    Relationship, "relationship", Crm, Both, "Relationship is added or removed",
        "A relationship between the contact and another record is made or undone";
    EmailLinkClicked, "email_link_clicked", External, Both, "Clicks an e-mail link",
        "The contact clicks a link of an e-mail; link 0 is any link";
    EmailReceived, "email_received", External, Both, "Sends you an e-mail",
        "Needs e-mail sync, which the settings of the account switch on";
    SmsReceived, "sms_received", External, Both, "Sends you an SMS",
        "Add a condition to ask for a text in it";
    Purchased, "purchased", Sales, Both, "Purchases a product",
        "The contact buys one of the chosen products, by whatever way; one order counts once, however many it holds";
    KeapPurchase, "keap_purchase", Sales, Goals, "Purchase (Keap)",
        "The first payment of an order by form, product or category, as Keap counts it";
    Refund, "refund", Sales, Both, "Gets a refund", "One of the chosen products is given back";
    CheckoutAbandoned, "checkout_abandoned", Sales, Both, "Abandons an external checkout",
        "A payment at PayPal or Stripe is begun and not finished in time";
    PageVisited, "page_visited", Sales, Both, "Visits a page", "The contact visits a page of the account";
    PurlVisited, "purl_visited", Sales, Both, "Visits a personal URL",
        "The contact visits a page by an address with its own name";
    OpenOrderCreated, "open_order_created", Sales, Both, "Open order is created",
        "The contact buys a subscription or a product with a payment plan";
    OpenOrder, "open_order", Sales, Both, "Open order is charged or updated",
        "A later payment is made, a payment fails, or the order is cancelled or completed";
    Card, "card", Sales, Both, "Credit card is charged or declined", "Each attempt to charge a card";
    UrlVisited, "url_visited", Sites, Both, "Visits a URL",
        "Needs the tracking code, which the settings of the account switch on";
    LinkClicked, "link_clicked", Sites, Both, "Clicks a tracked link", "The contact clicks a tracked link";
    MembershipUpdated, "membership_updated", Sites, Both, "Membership access is updated",
        "The state of the contact's membership of a site changes; add a condition to ask for one";
    MembershipCreated, "membership_created", Sites, Both, "Membership is created by open registration",
        "The contact registers at a site by itself";
    LevelGiven, "level_given", Sites, Both, "Is given a WordPress level", "The contact is given a WordPress level";
    LevelLost, "level_lost", Sites, Both, "Loses a WordPress level", "The contact loses a WordPress level";
    Created, "created", Crm, Triggers, "Contact is created", "The contact's record is created";
    AddedToAutomation, "added_to_automation", Crm, Triggers, "Added to this map",
        "Somebody, a form or another map puts the contact on this map; every map has exactly one such trigger";
}

impl EventType {
    /// Its row in the table.
    pub fn info(self) -> &'static EventInfo {
        // The macro lists types and rows in one order.
        &EVENT_TYPES[self as usize]
    }

    /// What a contact is whose record already says what the event would bring about, so that a publication can place it
    /// (G-06), in words behind *who*; `None`: the record does not tell, as it holds how things are and not what happened.
    pub fn already(self) -> Option<&'static str> {
        match self {
            Self::FieldUpdated => Some("has something in the field"),
            Self::Paused => Some("is paused on the other map"),
            Self::TagAdded => Some("has the tag"),
            Self::ListAdded => Some("is on the fulfilment list"),
            Self::DateMatches | Self::DateRelative | Self::SpecificDate => Some("has the day today"),
            Self::Automation => Some("is on the other map"),
            Self::Relationship => Some("has the relationship"),
            Self::Purchased | Self::KeapPurchase => Some("bought the product"),
            Self::OpenOrderCreated => Some("has an open order"),
            Self::MembershipUpdated | Self::MembershipCreated => Some("has a membership of the site"),
            Self::LevelGiven => Some("has the WordPress level"),
            Self::Unpaused
            | Self::TagRemoved
            | Self::ListRemoved
            | Self::TaskCompleted
            | Self::FormSubmitted
            | Self::CallLogged
            | Self::EmailLinkClicked
            | Self::EmailReceived
            | Self::SmsReceived
            | Self::Refund
            | Self::CheckoutAbandoned
            | Self::PageVisited
            | Self::PurlVisited
            | Self::OpenOrder
            | Self::Card
            | Self::UrlVisited
            | Self::LinkClicked
            | Self::LevelLost
            | Self::Created
            | Self::AddedToAutomation => None,
        }
    }

    /// Whom a publication places if it is asked to (G-06): `who has the tag, … or is on the fulfilment list`.
    pub fn placed_in_words() -> String {
        let mut who: Vec<_> = EVENT_TYPES.iter().filter_map(|info| info.event_type.already()).collect();
        who.sort_unstable();
        who.dedup();
        let last = who.pop().unwrap_or_default();
        format!("who {} or {last}", who.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_one_row_for_each_type_in_its_order() {
        for (row, info) in EVENT_TYPES.iter().enumerate() {
            assert_eq!(info.event_type as usize, row, "{}", info.tag);
            assert_eq!(EVENT_TYPES.iter().filter(|other| other.tag == info.tag).count(), 1);
            assert_eq!(EventFilter::blank(info.event_type).event_type(), info.event_type);
            assert!(!info.help.ends_with('.') && !info.title.is_empty());
        }
        let words = EventType::placed_in_words();
        assert!(words.starts_with("who bought the product, has a membership of the site, "), "{words}");
        assert!(words.ends_with(" or is paused on the other map"), "{words}");
        let goals = EVENT_TYPES.iter().filter(|info| info.listened_by == ListenedBy::Both).count();
        assert_eq!(goals, 32, "the goal kinds of Ontraport");
    }
}
