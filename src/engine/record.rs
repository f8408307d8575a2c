//! What is known of a contact at an instant: its tags, fields and orders.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::base::id::{FieldId, ProductId, TagId};
use crate::model::{Choice, Contact, Happening, Order, Value};

/// A contact's record. One is reused for all contacts of a thread.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    tags: Vec<TagId>,
    fields: Vec<(FieldId, Value)>,
    orders: Vec<Arc<Order>>,
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
    }

    /// Whether the contact has the tag.
    pub fn has_tag(&self, tag: TagId) -> bool {
        self.tags.contains(&tag)
    }

    /// What the field holds; `None`: it is empty.
    pub fn field(&self, field: FieldId) -> Option<&Value> {
        self.fields.iter().find(|(id, _)| *id == field).map(|(_, value)| value)
    }

    /// Pieces ordered of all the products together.
    pub fn ordered(&self, products: &Choice<ProductId>) -> Decimal {
        self.orders
            .iter()
            .flat_map(|order| &order.lines)
            .filter(|line| products.includes(line.product))
            .fold(Decimal::ZERO, |sum, line| sum.saturating_add(line.quantity))
    }

    /// Adds a tag; `false`: it was there.
    pub fn add_tag(&mut self, tag: TagId) -> bool {
        let new = !self.has_tag(tag);
        if new {
            self.tags.push(tag);
        }
        new
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

    /// Changes the record as an event from outside says.
    #[inline]
    pub fn take_in(&mut self, what: &Happening) {
        match what {
            Happening::Order(order) => self.orders.push(order.clone()),
            Happening::TagAdded(tag) => {
                self.add_tag(*tag);
            }
            Happening::TagRemoved(tag) => {
                self.remove_tag(*tag);
            }
            Happening::FieldUpdated { field, value } => {
                self.set_field(*field, value.clone());
            }
            // A refund gives money back; it does not undo that the product was ordered.
            Happening::Refund(_)
            | Happening::Created
            | Happening::FormSubmitted { .. }
            | Happening::EmailLinkClicked { .. }
            | Happening::AddedToAutomation(_) => {}
        }
    }
}
