//! The event vocabulary: what can happen to a contact, what a trigger or goal listens for, and one table of both
//! ([`EVENT_TYPES`]) that importers, documents and the window read.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::catalogue::ItemId;
use super::element::Choice;
use super::value::Value;
use crate::base::id::{EmailId, FieldId, FormId, MapId, ProductId, TagId};
use crate::base::money::Money;
use crate::base::time::Instant;

/// Something that happens to a contact at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// What.
    pub what: Happening,
}

/// How a form submission went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormOutcome {
    /// Sent; on an order form the payment went through.
    #[default]
    Success,
    /// An order form whose payment failed.
    Failure,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderLine {
    /// What was bought.
    pub product: ProductId,
    /// How many; more than one is still one activation (G-11).
    pub quantity: Decimal,
    /// What the line cost in all, in the project's currency.
    pub amount: Money,
}

/// One transaction: everything bought, or given back, at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The shop's own number of it.
    pub reference: String,
    /// What it is made of.
    pub lines: Vec<OrderLine>,
}

/// What happened, with its particulars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Happening {
    /// The contact's record was created.
    Created,
    /// A form was sent.
    FormSubmitted {
        /// Which form.
        form: FormId,
        /// How it went.
        #[serde(default)]
        outcome: FormOutcome,
    },
    /// An order was placed.
    Order(Arc<Order>),
    /// Products were given back.
    Refund(Arc<Order>),
    /// A tag was added.
    TagAdded(TagId),
    /// A tag was removed.
    TagRemoved(TagId),
    /// A field changed; `None` empties it.
    FieldUpdated {
        /// Which field.
        field: FieldId,
        /// What it holds now.
        value: Option<Value>,
    },
    /// A link of an e-mail was clicked.
    EmailLinkClicked {
        /// Which e-mail.
        email: EmailId,
        /// Number of the link, from 1.
        link: u8,
    },
    /// Someone put the contact on a map by hand (M-03).
    AddedToAutomation(MapId),
}

impl Happening {
    /// Its row in [`EVENT_TYPES`].
    #[inline]
    pub fn event_type(&self) -> EventType {
        match self {
            Self::Created => EventType::Created,
            Self::FormSubmitted { .. } => EventType::FormSubmitted,
            Self::Order(_) => EventType::Order,
            Self::Refund(_) => EventType::Refund,
            Self::TagAdded(_) => EventType::TagAdded,
            Self::TagRemoved(_) => EventType::TagRemoved,
            Self::FieldUpdated { .. } => EventType::FieldUpdated,
            Self::EmailLinkClicked { .. } => EventType::EmailLinkClicked,
            Self::AddedToAutomation(_) => EventType::AddedToAutomation,
        }
    }

    /// The things of the catalogue that it names.
    pub fn uses(&self) -> Vec<ItemId> {
        match self {
            Self::Created | Self::AddedToAutomation(_) => vec![],
            Self::FormSubmitted { form, .. } => vec![(*form).into()],
            Self::Order(order) | Self::Refund(order) => {
                order.lines.iter().map(|line| line.product.into()).collect()
            }
            Self::TagAdded(tag) | Self::TagRemoved(tag) => vec![(*tag).into()],
            Self::FieldUpdated { field, .. } => vec![(*field).into()],
            Self::EmailLinkClicked { email, .. } => vec![(*email).into()],
        }
    }
}

/// What a trigger or goal listens for: an event type with its own settings. `None` in a choice of one thing means that
/// it is not chosen yet; nothing matches then, and the checks say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum EventFilter {
    /// The contact is created; triggers only.
    Created,
    /// Submits a form.
    FormSubmitted {
        /// Which forms.
        form: Choice<FormId>,
        /// Only with this outcome.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<FormOutcome>,
    },
    /// Purchases a product.
    Order(Choice<ProductId>),
    /// Gets a refund on a product.
    Refund(Choice<ProductId>),
    /// A tag is added.
    TagAdded(Option<TagId>),
    /// A tag is removed.
    TagRemoved(Option<TagId>),
    /// A field is updated.
    FieldUpdated(Option<FieldId>),
    /// Clicks a link of an e-mail.
    EmailLinkClicked {
        /// Which e-mail.
        email: Option<EmailId>,
        /// Number of the link from 1; 0 is any.
        link: u8,
    },
    /// Is added to this map by hand (M-03); triggers only, exactly one on each map.
    AddedToAutomation,
}

impl EventFilter {
    /// Its row in [`EVENT_TYPES`].
    #[inline]
    pub fn event_type(&self) -> EventType {
        match self {
            Self::Created => EventType::Created,
            Self::FormSubmitted { .. } => EventType::FormSubmitted,
            Self::Order(_) => EventType::Order,
            Self::Refund(_) => EventType::Refund,
            Self::TagAdded(_) => EventType::TagAdded,
            Self::TagRemoved(_) => EventType::TagRemoved,
            Self::FieldUpdated(_) => EventType::FieldUpdated,
            Self::EmailLinkClicked { .. } => EventType::EmailLinkClicked,
            Self::AddedToAutomation => EventType::AddedToAutomation,
        }
    }

    /// A filter of this type with nothing chosen yet.
    pub fn blank(event_type: EventType) -> Self {
        match event_type {
            EventType::Created => Self::Created,
            EventType::FormSubmitted => Self::FormSubmitted { form: Choice::Any, outcome: None },
            EventType::Order => Self::Order(Choice::Any),
            EventType::Refund => Self::Refund(Choice::Any),
            EventType::TagAdded => Self::TagAdded(None),
            EventType::TagRemoved => Self::TagRemoved(None),
            EventType::FieldUpdated => Self::FieldUpdated(None),
            EventType::EmailLinkClicked => Self::EmailLinkClicked { email: None, link: 0 },
            EventType::AddedToAutomation => Self::AddedToAutomation,
        }
    }

    /// Whether something that the filter needs is not chosen yet.
    pub fn is_incomplete(&self) -> bool {
        match self {
            Self::TagAdded(tag) | Self::TagRemoved(tag) => tag.is_none(),
            Self::FieldUpdated(field) => field.is_none(),
            Self::EmailLinkClicked { email, .. } => email.is_none(),
            Self::FormSubmitted { form, .. } => form.is_empty(),
            Self::Order(products) | Self::Refund(products) => products.is_empty(),
            Self::Created | Self::AddedToAutomation => false,
        }
    }

    /// The things of the catalogue that it names.
    pub fn uses(&self) -> Vec<ItemId> {
        match self {
            Self::Created | Self::AddedToAutomation => vec![],
            Self::FormSubmitted { form, .. } => form.uses(),
            Self::Order(products) | Self::Refund(products) => products.uses(),
            Self::TagAdded(tag) | Self::TagRemoved(tag) => tag.map(Into::into).into_iter().collect(),
            Self::FieldUpdated(field) => field.map(Into::into).into_iter().collect(),
            Self::EmailLinkClicked { email, .. } => email.map(Into::into).into_iter().collect(),
        }
    }

    /// Whether the event is one that the filter listens for; `map` is the map that listens.
    pub fn matches(&self, what: &Happening, map: MapId) -> bool {
        match (self, what) {
            (Self::Created, Happening::Created) => true,
            (Self::FormSubmitted { form, outcome }, Happening::FormSubmitted { form: f, outcome: o }) => {
                form.includes(*f) && outcome.is_none_or(|wanted| wanted == *o)
            }
            // G-11: one transaction is one activation, whatever it is made of
            (Self::Order(products), Happening::Order(order))
            | (Self::Refund(products), Happening::Refund(order)) => match products {
                Choice::Any => true,
                Choice::OneOf(_) => order.lines.iter().any(|line| products.includes(line.product)),
            },
            (Self::TagAdded(tag), Happening::TagAdded(t))
            | (Self::TagRemoved(tag), Happening::TagRemoved(t)) => *tag == Some(*t),
            (Self::FieldUpdated(field), Happening::FieldUpdated { field: f, .. }) => *field == Some(*f),
            (Self::EmailLinkClicked { email, link }, Happening::EmailLinkClicked { email: e, link: l }) => {
                *email == Some(*e) && (*link == 0 || link == l)
            }
            (Self::AddedToAutomation, Happening::AddedToAutomation(m)) => map == *m,
            _ => false,
        }
    }
}

/// The types of events, in the order in which the window lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventType {
    /// See [`Happening::FormSubmitted`].
    FormSubmitted,
    /// See [`Happening::Order`].
    Order,
    /// See [`Happening::Refund`].
    Refund,
    /// See [`Happening::TagAdded`].
    TagAdded,
    /// See [`Happening::TagRemoved`].
    TagRemoved,
    /// See [`Happening::FieldUpdated`].
    FieldUpdated,
    /// See [`Happening::EmailLinkClicked`].
    EmailLinkClicked,
    /// See [`Happening::Created`].
    Created,
    /// See [`Happening::AddedToAutomation`].
    AddedToAutomation,
}

/// Where an event type can be listened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListenedBy {
    /// Triggers and goals.
    Both,
    /// Triggers only.
    Triggers,
}

/// One row of the event vocabulary.
#[derive(Debug)]
pub struct EventInfo {
    /// The type.
    pub event_type: EventType,
    /// Its name in files; never changes.
    pub tag: &'static str,
    /// Its name on cards and in lists: what the contact does or what is done to it.
    pub title: &'static str,
    /// One sentence for the palette and the help.
    pub help: &'static str,
    /// Its own columns in an events file, beside contact, instant and event.
    pub columns: &'static [&'static str],
    /// Who can listen for it.
    pub listened_by: ListenedBy,
}

/// The event vocabulary (semantics §3).
pub const EVENT_TYPES: [EventInfo; 9] = [
    EventInfo {
        event_type: EventType::FormSubmitted,
        tag: "form_submitted",
        title: "Submits a form",
        help: "The contact sends a form; for order forms you can ask for success or failure",
        columns: &["form", "outcome"],
        listened_by: ListenedBy::Both,
    },
    EventInfo {
        event_type: EventType::Order,
        tag: "order",
        title: "Purchases a product",
        help: "The contact buys one of the chosen products; one order counts once, however many it holds",
        columns: &["order", "product", "quantity", "amount"],
        listened_by: ListenedBy::Both,
    },
    EventInfo {
        event_type: EventType::Refund,
        tag: "refund",
        title: "Gets a refund",
        help: "One of the chosen products is given back",
        columns: &["order", "product", "quantity", "amount"],
        listened_by: ListenedBy::Both,
    },
    EventInfo {
        event_type: EventType::TagAdded,
        tag: "tag_added",
        title: "Tag is added",
        help: "The contact is given a tag that it did not have",
        columns: &["tag"],
        listened_by: ListenedBy::Both,
    },
    EventInfo {
        event_type: EventType::TagRemoved,
        tag: "tag_removed",
        title: "Tag is removed",
        help: "The contact loses a tag",
        columns: &["tag"],
        listened_by: ListenedBy::Both,
    },
    EventInfo {
        event_type: EventType::FieldUpdated,
        tag: "field_updated",
        title: "Field is updated",
        help: "A field of the contact changes; add a condition to ask for a value",
        columns: &["field", "value"],
        listened_by: ListenedBy::Both,
    },
    EventInfo {
        event_type: EventType::EmailLinkClicked,
        tag: "email_link_clicked",
        title: "Clicks an e-mail link",
        help: "The contact clicks a link of an e-mail; link 0 is any link",
        columns: &["email", "link"],
        listened_by: ListenedBy::Both,
    },
    EventInfo {
        event_type: EventType::Created,
        tag: "created",
        title: "Contact is created",
        help: "The contact's record is created",
        columns: &[],
        listened_by: ListenedBy::Triggers,
    },
    EventInfo {
        event_type: EventType::AddedToAutomation,
        tag: "added_to_automation",
        title: "Added to this map",
        help: "Somebody puts the contact on this map by hand; every map has exactly one such trigger",
        columns: &["map"],
        listened_by: ListenedBy::Triggers,
    },
];

impl EventType {
    /// Its row in the table.
    pub fn info(self) -> &'static EventInfo {
        // The table lists the types in the order of the enum; a test holds it to that.
        &EVENT_TYPES[self as usize]
    }

    /// The type with this name in files.
    pub fn from_tag(tag: &str) -> Option<Self> {
        EVENT_TYPES.iter().find(|info| info.tag == tag).map(|info| info.event_type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_one_row_for_each_type_in_its_order() {
        for (row, info) in EVENT_TYPES.iter().enumerate() {
            assert_eq!(info.event_type as usize, row, "{}", info.tag);
            assert_eq!(EventType::from_tag(info.tag), Some(info.event_type));
            assert_eq!(EventFilter::blank(info.event_type).event_type(), info.event_type);
            assert!(!info.help.ends_with('.') && !info.title.is_empty());
        }
    }
}
