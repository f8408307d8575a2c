//! The event vocabulary: what can happen to a contact, with one table ([`HAPPENINGS`]) that importers, documents and the
//! window read. What a trigger or goal listens for is in [`super::filter`].

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::attribution::CampaignRef;
use super::value::Value;
use crate::base::id::{
    EmailId, FieldId, FormId, LevelId, ListId, MapId, OrderStatusId, PageId, ProductId, RelationshipId,
    SiteId, TagId, TaskId, TouchpointId,
};
use crate::base::money::Money;
use crate::base::time::{Instant, Span};

/// Something that happens to a contact at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// What.
    pub what: Happening,
}

/// Values with a fixed name each.
pub trait Listed {
    /// The name in files and columns; never changes.
    fn tag(self) -> &'static str;
}

macro_rules! listed {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $tag:literal, $label:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $tag)] $variant,)* }

        impl $name {
            /// All values with their label in the window.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$variant, $label)),*];

            /// The value with this name.
            pub fn from_tag(tag: &str) -> Option<Self> {
                match tag { $($tag => Some(Self::$variant),)* _ => None }
            }

            /// Its label.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }
        }

        impl Listed for $name {
            fn tag(self) -> &'static str {
                match self { $(Self::$variant => $tag),* }
            }
        }
    };
}

listed! {
    /// How a form submission went.
    FormOutcome {
        /// Sent; on an order form the payment went through.
        #[default] Success = "success", "Success";
        /// An order form whose payment failed.
        Failure = "failure", "Failure";
    }
}
listed! {
    /// Which e-mail a contact may get.
    EmailStatus {
        /// Asked for it and confirmed.
        DoubleOptIn = "double_opt_in", "Double opt-in";
        /// Asked for it.
        #[default] OptedIn = "opted_in", "Opted in";
        /// Only e-mail marked transactional.
        TransactionalOnly = "transactional_only", "Transactional only";
        /// The address does not exist.
        HardBounce = "hard_bounce", "Hard bounce";
        /// Held back by the account's provider.
        UnderReview = "under_review", "Under review";
    }
}
listed! {
    /// Whether a contact may get text messages.
    SmsStatus {
        /// It may.
        #[default] OptedIn = "opted_in", "Opted in";
        /// It does not want any.
        OptedOut = "opted_out", "Opted out";
        /// It has no number.
        NoNumber = "no_number", "No number";
    }
}
listed! {
    /// State of a membership.
    MembershipStatus {
        /// In force.
        #[default] Enabled = "enabled", "Enabled";
        /// Held back for the time being.
        Suspended = "suspended", "Suspended";
        /// Over.
        Disabled = "disabled", "Disabled";
    }
}
listed! {
    /// How an order is paid (K-02).
    PaymentKind {
        /// A card, charged by the system.
        #[default] CreditCard = "credit_card", "Credit card";
        /// A card, charged elsewhere and written down by hand.
        CreditCardManual = "credit_card_manual", "Credit card (manual)";
        /// PayPal.
        PayPal = "paypal", "PayPal";
        /// A check.
        Check = "check", "Check";
        /// Cash.
        Cash = "cash", "Cash";
        /// A money order.
        MoneyOrder = "money_order", "Money order";
        /// An adjustment of the account.
        Adjustment = "adjustment", "Adjustment";
    }
}
listed! {
    /// Whether the first payment of an order was made when it was placed.
    FirstPayment {
        /// It was.
        #[default] Charged = "charged", "Charged";
        /// It was tried and failed.
        Declined = "declined", "Declined";
        /// It is still to come, as for an order of the API that is not paid yet.
        Unpaid = "unpaid", "Unpaid";
    }
}
listed! {
    /// How an order came in (K-03).
    OrderSource {
        /// Written down by hand.
        #[default] Manual = "manual", "Manual order";
        /// An order form; which one stands with the order.
        OrderForm = "order_form", "Order form";
        /// The shopping cart.
        Cart = "cart", "Shopping cart";
        /// The programming interface.
        Api = "api", "API";
        /// An action or a rule.
        Rule = "rule", "Rule";
    }
}
listed! {
    /// What a series of payments is.
    PlanKind {
        /// A price in parts.
        #[default] Payments = "payments", "Payment plan";
        /// A subscription.
        Subscription = "subscription", "Subscription";
    }
}
listed! {
    /// Payment pages of others, on which a checkout can be abandoned.
    Provider {
        /// PayPal Standard.
        #[default] PayPal = "paypal", "PayPal Standard";
        /// Stripe with 3-D Secure.
        Stripe3ds = "stripe_3ds", "Stripe 3DS";
        /// The Stripe Payment element.
        StripeElement = "stripe_element", "Stripe Payment element";
    }
}

listed! {
    /// What a status of an order line means (T-01).
    StatusCategory {
        /// It was ordered.
        #[default] Placed = "placed", "Placed";
        /// It is paid.
        Paid = "paid", "Paid";
        /// The contact has it.
        Delivered = "delivered", "Delivered";
        /// It will not be delivered.
        Cancelled = "cancelled", "Cancelled";
        /// It was given back.
        Returned = "returned", "Returned";
    }
}
listed! {
    /// What a contact and a campaign have to do with each other (T-04).
    CampaignTouch {
        /// The contact clicked.
        #[default] Clicked = "clicked", "Clicked";
        /// Its message reached the contact.
        Delivered = "delivered", "Delivered";
        /// The contact opened its message, which is no touch.
        Opened = "opened", "Opened";
    }
}

/// The status of an order line: one of the shop's own, or no more than what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineStatus {
    /// What it means. Of an order goal: all statuses that mean it.
    Category(StatusCategory),
    /// A status of the catalogue.
    Own(OrderStatusId),
}

impl Default for LineStatus {
    fn default() -> Self {
        Self::Category(StatusCategory::default())
    }
}

impl LineStatus {
    /// The status of the catalogue, if it is one.
    pub fn own(self) -> Option<OrderStatusId> {
        match self {
            Self::Category(_) => None,
            Self::Own(id) => Some(id),
        }
    }
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderLine {
    /// What was bought.
    pub product: ProductId,
    /// How many; more than one is still one activation (G-11).
    pub quantity: Decimal,
    /// What the line cost in all, in the project's currency; of an order with a plan: each of its payments.
    pub amount: Money,
}

/// Payments over time: an order with a plan is an *open order* until it is completed or cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentPlan {
    /// What it is.
    #[serde(default)]
    pub kind: PlanKind,
    /// How many payments in all, the first included; `None`: until it is cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payments: Option<u16>,
    /// From one payment to the next; `None`: each comes as an event of its own ([`Happening::Payment`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Span>,
    /// Numbers of the payments, from 2, that are declined when they are due; a number that stands twice is declined
    /// when it is charged again, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declined: Vec<u16>,
}

/// One transaction: everything bought, or given back, at once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Order {
    /// The shop's own number of it.
    pub reference: String,
    /// What it is made of.
    pub lines: Vec<OrderLine>,
    /// How it came in.
    #[serde(skip_serializing_if = "is_default")]
    pub source: OrderSource,
    /// The order form that it came in by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<FormId>,
    /// Where it began (T-01); `None`: nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub touchpoint: Option<TouchpointId>,
    /// How it is paid.
    #[serde(skip_serializing_if = "is_default")]
    pub method: PaymentKind,
    /// What became of the first payment.
    #[serde(skip_serializing_if = "is_default")]
    pub payment: FirstPayment,
    /// Payments over time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<PaymentPlan>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Order {
    /// What its lines cost together; of an order with a plan: each of its payments.
    pub fn total(&self) -> Money {
        self.lines.iter().map(|line| line.amount).sum()
    }

    /// K-03: whether it counts as paid when it is placed, as it costs nothing and nobody is asked to pay.
    pub fn counts_as_paid(&self) -> bool {
        self.payment == FirstPayment::Unpaid && self.total().is_zero()
    }

    /// Whether it is a subscription.
    pub fn is_subscription(&self) -> bool {
        self.plan.as_ref().is_some_and(|plan| plan.kind == PlanKind::Subscription)
    }

    /// Whether a line holds one of the products.
    pub fn holds(&self, products: &super::element::Choice<ProductId>) -> bool {
        match products {
            super::element::Choice::Any => true,
            some => self.lines.iter().any(|line| some.includes(line.product)),
        }
    }
}

/// A checkout that goes on at a payment page of somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkout {
    /// The shop's own number of the order that it would become.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// What would be bought.
    pub products: Vec<ProductId>,
    /// Whose page it is.
    #[serde(default)]
    pub provider: Provider,
}

/// A line of an order, or all of its lines, came into a status of the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusChange {
    /// The order's own number.
    pub reference: String,
    /// The product of the line; `None`: all lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    /// The status.
    pub status: LineStatus,
}

/// The day of a date event (G-13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateRule {
    /// So many days after the date in the field; below zero: before it.
    Field {
        /// The field.
        field: FieldId,
        /// How many.
        days: i32,
    },
    /// This day.
    On(NaiveDate),
}

/// What of a sale happens: an order stirs several things, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SalePart {
    /// A subscription or an order with a payment plan was bought.
    OpenOrderCreated,
    /// A payment was made; of an order that costs nothing, it was placed (K-03).
    Charged,
    /// A payment failed.
    Declined,
    /// Products were bought: at the order unless its payment failed, and at each later payment of a plan (G-12).
    Purchased,
    /// The last payment of a plan was made.
    Completed,
    /// An open order was cancelled.
    Cancelled,
}

/// Something about an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sale {
    /// What.
    pub part: SalePart,
    /// Number of the payment that it belongs to, from 1; 0: none, as the order counts as paid ([`Order::counts_as_paid`]).
    pub payment: u16,
    /// The order.
    pub order: Arc<Order>,
}

/// What happened, with its particulars. What is large stands behind a pointer: runs read a million of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Happening {
    /// The contact's record was created.
    Created,
    /// A field changed; `None` empties it.
    FieldUpdated {
        /// Which field.
        field: FieldId,
        /// What it holds now.
        value: Option<Value>,
    },
    /// A tag was added.
    TagAdded(TagId),
    /// A tag was removed.
    TagRemoved(TagId),
    /// The contact came onto a fulfilment list.
    ListAdded(ListId),
    /// The contact left a fulfilment list.
    ListRemoved(ListId),
    /// A relationship with another record was made.
    RelationshipAdded {
        /// Of which kind.
        relationship: RelationshipId,
        /// Name of the other record.
        #[serde(default)]
        record: Arc<str>,
    },
    /// A relationship with another record was undone.
    RelationshipRemoved {
        /// Of which kind.
        relationship: RelationshipId,
        /// Name of the other record.
        #[serde(default)]
        record: Arc<str>,
    },
    /// A task was done.
    TaskCompleted {
        /// Which task.
        task: TaskId,
        /// Number of its outcome, from 1; 0: it has none.
        #[serde(default)]
        outcome: u8,
    },
    /// A call was written down.
    CallLogged,
    /// A form was sent.
    FormSubmitted {
        /// Which form.
        form: FormId,
        /// How it went.
        #[serde(default)]
        outcome: FormOutcome,
    },
    /// Which e-mail the contact may get changed.
    EmailStatus(EmailStatus),
    /// Whether the contact may get text messages changed.
    SmsStatus(SmsStatus),
    /// Someone or something puts the contact on a map (M-03).
    AddedToAutomation(MapId),
    /// Someone takes the contact off a map.
    RemovedFromAutomation(MapId),
    /// The contact is paused on a map.
    Paused(MapId),
    /// The contact goes on on a map.
    Unpaused(MapId),
    /// The contact, which held no position on the map, holds one now.
    CameOnMap(MapId),
    /// The contact's last position on the map is gone.
    WentOffMap(MapId),
    /// A day that was waited for is there (G-13).
    DateCame(DateRule),
    /// An e-mail was opened.
    EmailOpened(EmailId),
    /// A link of an e-mail was clicked.
    EmailLinkClicked {
        /// Which e-mail.
        email: EmailId,
        /// Number of the link, from 1.
        link: u8,
    },
    /// An e-mail came back.
    EmailBounced {
        /// Which e-mail.
        email: EmailId,
        /// For good; otherwise for the time being, which four times in a row is for good.
        #[serde(default)]
        hard: bool,
    },
    /// The contact sent an e-mail.
    EmailReceived,
    /// The contact sent a text message.
    SmsReceived(Arc<str>),
    /// An order was placed.
    Order(Arc<Order>),
    /// A payment of an order that was placed before was tried.
    Payment {
        /// The order's own number.
        reference: Arc<str>,
        /// It failed.
        #[serde(default)]
        declined: bool,
    },
    /// An open order was cancelled.
    OrderCancelled {
        /// The order's own number.
        reference: Arc<str>,
    },
    /// A line of an order, or all of its lines, came into a status of the shop.
    OrderStatus(Arc<StatusChange>),
    /// What an order, a payment or a cancellation stirs.
    Sale(Sale),
    /// Products were given back.
    Refund(Arc<Order>),
    /// A checkout went on to the page of somebody else.
    CheckoutStarted(Arc<Checkout>),
    /// That checkout was not finished in time.
    CheckoutAbandoned(Arc<Checkout>),
    /// A page of the account was visited.
    PageVisited(PageId),
    /// A page of the account was visited by the contact's personal address.
    PurlVisited(PageId),
    /// An address elsewhere was visited.
    UrlVisited(PageId),
    /// A tracked link was clicked.
    LinkClicked(PageId),
    /// A site was visited.
    SiteVisited(SiteId),
    /// The state of a membership changed.
    MembershipUpdated {
        /// On which site.
        site: SiteId,
        /// What it is now.
        #[serde(default)]
        status: MembershipStatus,
    },
    /// A membership began by open registration.
    MembershipCreated {
        /// On which site.
        site: SiteId,
        /// Its state.
        #[serde(default)]
        status: MembershipStatus,
    },
    /// A WordPress level was given.
    LevelGiven(LevelId),
    /// A WordPress level was lost.
    LevelLost(LevelId),
    /// A campaign reached the contact, or the contact clicked it, in a way that no other event tells: clicks in e-mails
    /// and messages sent by maps have theirs.
    Campaign {
        /// Which campaign.
        campaign: CampaignRef,
        /// What it was.
        #[serde(default)]
        touch: CampaignTouch,
    },
    /// The contact came to the website from somewhere.
    WebsiteVisited {
        /// The tag of its source (`utm_source`); empty: it came directly.
        #[serde(default)]
        source: Arc<str>,
    },
}

/// Where a happening comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// From outside, as a row of an events file; actions may raise it too.
    Outside,
    /// Only from other events, timers of the account and actions.
    Raised,
}

/// One row of the event vocabulary.
#[derive(Debug)]
pub struct HappeningInfo {
    /// The kind.
    pub kind: HappeningKind,
    /// Its name in files; never changes.
    pub tag: &'static str,
    /// What it is called in lists.
    pub title: &'static str,
    /// Where it comes from.
    pub origin: Origin,
    /// Its own columns in an events file, beside contact, instant and event.
    pub columns: &'static [&'static str],
    /// What can follow from it, in this order, each where it applies; the form of an order is submitted before it.
    pub raises: &'static [HappeningKind],
}

macro_rules! happenings {
    ($($kind:ident, $tag:literal, $title:literal, $origin:ident, [$($column:literal),*], [$($raised:ident),*];)*) => {
        /// The kinds of happenings, in the order of the vocabulary.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum HappeningKind {
            $(#[doc = $title] $kind,)*
        }

        /// The event vocabulary (semantics §3).
        pub const HAPPENINGS: &[HappeningInfo] = &[$(HappeningInfo {
            kind: HappeningKind::$kind,
            tag: $tag,
            title: $title,
            origin: Origin::$origin,
            columns: &[$($column),*],
            raises: &[$(HappeningKind::$raised),*],
        }),*];
    };
}

happenings! {
    Created, "created", "Contact is created", Outside, [], [];
    FieldUpdated, "field_updated", "Field is updated", Outside, ["field", "value"], [];
    TagAdded, "tag_added", "Tag is added", Outside, ["tag"], [];
    TagRemoved, "tag_removed", "Tag is removed", Outside, ["tag"], [];
    ListAdded, "list_added", "Comes onto a fulfilment list", Outside, ["list"], [ListRemoved];
    ListRemoved, "list_removed", "Leaves a fulfilment list", Outside, ["list"], [];
    RelationshipAdded, "relationship_added", "Relationship is added", Outside, ["relationship", "record"], [];
    RelationshipRemoved, "relationship_removed", "Relationship is removed", Outside, ["relationship", "record"], [];
    TaskCompleted, "task_completed", "Task is completed", Outside, ["task", "outcome"], [];
    CallLogged, "call_logged", "Call is logged", Outside, [], [];
    FormSubmitted, "form_submitted", "Submits a form", Outside, ["form", "outcome"], [AddedToAutomation];
    EmailStatus, "email_status", "E-mail status changes", Outside, ["status"], [];
    SmsStatus, "sms_status", "SMS status changes", Outside, ["status"], [];
    AddedToAutomation, "added_to_automation", "Is put on a map", Outside, ["map"], [CameOnMap];
    RemovedFromAutomation, "removed_from_automation", "Is taken off a map", Outside, ["map"], [WentOffMap];
    Paused, "paused", "Is paused on a map", Outside, ["map"], [];
    Unpaused, "unpaused", "Goes on on a map", Outside, ["map"], [];
    CameOnMap, "came_on_map", "Comes onto a map", Raised, [], [];
    WentOffMap, "went_off_map", "Goes off a map", Raised, [], [];
    DateCame, "date_came", "A day has come", Raised, [], [];
    EmailOpened, "email_opened", "Opens an e-mail", Outside, ["email"], [];
    EmailLinkClicked, "email_link_clicked", "Clicks an e-mail link", Outside, ["email", "link"], [];
    EmailBounced, "email_bounced", "E-mail bounces", Outside, ["email", "bounce"], [EmailStatus];
    EmailReceived, "email_received", "Sends you an e-mail", Outside, [], [];
    SmsReceived, "sms_received", "Sends you an SMS", Outside, ["text"], [];
    Order, "order", "Places an order", Outside,
        ["order", "product", "quantity", "amount", "form", "source", "payment_kind", "payment", "plan", "payments", "every", "declined_payments", "touchpoint"],
        [FormSubmitted, OpenOrderCreated, Charged, Declined, Purchased, Completed, ListAdded];
    Payment, "payment", "Pays for an order", Outside, ["order", "payment"],
        [OpenOrderCreated, Charged, Declined, Purchased, Completed];
    OrderCancelled, "order_cancelled", "Cancels an open order", Outside, ["order"], [Cancelled];
    OrderStatus, "order_status", "Order gets a status", Outside, ["order", "product", "status"], [];
    OpenOrderCreated, "open_order_created", "Open order is created", Raised, [], [];
    Charged, "charged", "Payment is made", Raised, [], [];
    Declined, "declined", "Payment is declined", Raised, [], [];
    Purchased, "purchased", "Purchases products", Raised, [], [];
    Completed, "completed", "Open order is completed", Raised, [], [];
    Cancelled, "cancelled", "Open order is cancelled", Raised, [], [];
    Refund, "refund", "Gets a refund", Outside, ["order", "product", "quantity", "amount"], [];
    CheckoutStarted, "checkout_started", "Starts an external checkout", Outside, ["order", "product", "provider"], [CheckoutAbandoned];
    CheckoutAbandoned, "checkout_abandoned", "Abandons an external checkout", Outside, ["order", "product", "provider"], [];
    PageVisited, "page_visited", "Visits a page", Outside, ["page"], [];
    PurlVisited, "purl_visited", "Visits a personal URL", Outside, ["page"], [];
    UrlVisited, "url_visited", "Visits a URL", Outside, ["page"], [];
    LinkClicked, "link_clicked", "Clicks a tracked link", Outside, ["page"], [];
    SiteVisited, "site_visited", "Visits a site", Outside, ["site"], [];
    MembershipUpdated, "membership_updated", "Membership access is updated", Outside, ["site", "status"], [];
    MembershipCreated, "membership_created", "Membership is created by open registration", Outside, ["site", "status"], [];
    LevelGiven, "level_given", "Is given a WordPress level", Outside, ["level"], [];
    LevelLost, "level_lost", "Loses a WordPress level", Outside, ["level"], [];
    Campaign, "campaign", "Is touched by a campaign", Outside, ["campaign", "touch"], [];
    WebsiteVisited, "website_visited", "Comes to the website", Outside, ["utm_source"], [];
}

impl HappeningKind {
    /// Its row in the table.
    pub fn info(self) -> &'static HappeningInfo {
        // The macro lists kinds and rows in one order.
        &HAPPENINGS[self as usize]
    }

    /// The kind with this name in files.
    pub fn from_tag(tag: &str) -> Option<Self> {
        HAPPENINGS.iter().find(|info| info.tag == tag).map(|info| info.kind)
    }
}

impl SalePart {
    /// Its row in the vocabulary.
    #[inline]
    pub fn kind(self) -> HappeningKind {
        match self {
            Self::OpenOrderCreated => HappeningKind::OpenOrderCreated,
            Self::Charged => HappeningKind::Charged,
            Self::Declined => HappeningKind::Declined,
            Self::Purchased => HappeningKind::Purchased,
            Self::Completed => HappeningKind::Completed,
            Self::Cancelled => HappeningKind::Cancelled,
        }
    }
}

impl Happening {
    /// Its row in the vocabulary.
    #[inline]
    pub fn kind(&self) -> HappeningKind {
        match self {
            Self::Created => HappeningKind::Created,
            Self::FieldUpdated { .. } => HappeningKind::FieldUpdated,
            Self::TagAdded(_) => HappeningKind::TagAdded,
            Self::TagRemoved(_) => HappeningKind::TagRemoved,
            Self::ListAdded(_) => HappeningKind::ListAdded,
            Self::ListRemoved(_) => HappeningKind::ListRemoved,
            Self::RelationshipAdded { .. } => HappeningKind::RelationshipAdded,
            Self::RelationshipRemoved { .. } => HappeningKind::RelationshipRemoved,
            Self::TaskCompleted { .. } => HappeningKind::TaskCompleted,
            Self::CallLogged => HappeningKind::CallLogged,
            Self::FormSubmitted { .. } => HappeningKind::FormSubmitted,
            Self::EmailStatus(_) => HappeningKind::EmailStatus,
            Self::SmsStatus(_) => HappeningKind::SmsStatus,
            Self::AddedToAutomation(_) => HappeningKind::AddedToAutomation,
            Self::RemovedFromAutomation(_) => HappeningKind::RemovedFromAutomation,
            Self::Paused(_) => HappeningKind::Paused,
            Self::Unpaused(_) => HappeningKind::Unpaused,
            Self::CameOnMap(_) => HappeningKind::CameOnMap,
            Self::WentOffMap(_) => HappeningKind::WentOffMap,
            Self::DateCame(_) => HappeningKind::DateCame,
            Self::EmailOpened(_) => HappeningKind::EmailOpened,
            Self::EmailLinkClicked { .. } => HappeningKind::EmailLinkClicked,
            Self::EmailBounced { .. } => HappeningKind::EmailBounced,
            Self::EmailReceived => HappeningKind::EmailReceived,
            Self::SmsReceived(_) => HappeningKind::SmsReceived,
            Self::Order(_) => HappeningKind::Order,
            Self::Payment { .. } => HappeningKind::Payment,
            Self::OrderCancelled { .. } => HappeningKind::OrderCancelled,
            Self::OrderStatus(_) => HappeningKind::OrderStatus,
            Self::Sale(sale) => sale.part.kind(),
            Self::Refund(_) => HappeningKind::Refund,
            Self::CheckoutStarted(_) => HappeningKind::CheckoutStarted,
            Self::CheckoutAbandoned(_) => HappeningKind::CheckoutAbandoned,
            Self::PageVisited(_) => HappeningKind::PageVisited,
            Self::PurlVisited(_) => HappeningKind::PurlVisited,
            Self::UrlVisited(_) => HappeningKind::UrlVisited,
            Self::LinkClicked(_) => HappeningKind::LinkClicked,
            Self::SiteVisited(_) => HappeningKind::SiteVisited,
            Self::MembershipUpdated { .. } => HappeningKind::MembershipUpdated,
            Self::MembershipCreated { .. } => HappeningKind::MembershipCreated,
            Self::LevelGiven(_) => HappeningKind::LevelGiven,
            Self::LevelLost(_) => HappeningKind::LevelLost,
            Self::Campaign { .. } => HappeningKind::Campaign,
            Self::WebsiteVisited { .. } => HappeningKind::WebsiteVisited,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_names_each_kind_once_and_only_raised_ones_have_no_columns_to_read() {
        for (row, info) in HAPPENINGS.iter().enumerate() {
            assert_eq!(info.kind as usize, row, "{}", info.tag);
            assert_eq!(HappeningKind::from_tag(info.tag), Some(info.kind));
            assert!(info.origin == Origin::Outside || info.columns.is_empty(), "{}", info.tag);
        }
    }
}
