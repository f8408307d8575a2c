//! Settings that name things of the catalogue, made to name others: what a copy in another project needs. The
//! counterpart of the `uses` functions, which list the same things; a test holds the two together.

use super::catalogue::ItemId;
use super::condition::Condition;
use super::element::{Choice, ElementKind};
use super::event::EventFilter;

/// An id of one kind among the ids of all kinds.
trait OneKind: Copy + Into<ItemId> {
    fn of(item: ItemId) -> Option<Self>;
}

macro_rules! one_kind {
    ($($variant:ident = $id:ident),*) => {$(
        impl OneKind for crate::base::id::$id {
            fn of(item: ItemId) -> Option<Self> {
                match item {
                    ItemId::$variant(id) => Some(id),
                    _ => None,
                }
            }
        }
    )*};
}

one_kind!(Field = FieldId, Tag = TagId, Product = ProductId, Form = FormId, Email = EmailId);

/// What a thing is replaced by; `None`: by nothing.
type Replace<'a> = dyn FnMut(ItemId) -> Option<ItemId> + 'a;

fn one<T: OneKind>(id: &mut Option<T>, replace: &mut Replace) {
    *id = id.and_then(|id| replace(id.into())).and_then(T::of);
}

fn many<T: OneKind>(ids: &mut Vec<T>, replace: &mut Replace) {
    *ids = ids.iter().filter_map(|id| replace((*id).into()).and_then(T::of)).collect();
}

fn choice<T: OneKind>(ids: &mut Choice<T>, replace: &mut Replace) {
    match ids {
        Choice::Any => {}
        Choice::OneOf(ids) => many(ids, replace),
    }
}

impl ElementKind {
    /// Replaces each thing of the catalogue that it names; where there is nothing to put in its place, it is as if it
    /// had not been chosen.
    pub fn replace_items(&mut self, mut replace: impl FnMut(ItemId) -> Option<ItemId>) {
        let replace: &mut Replace = &mut replace;
        match self {
            Self::Trigger(listener) | Self::Goal(listener) => {
                listener.on.replace_items(replace);
                listener.conditions.replace_items(replace);
            }
            Self::Condition(condition) => condition.replace_items(replace),
            Self::SendEmail(email) => one(email, replace),
            Self::ChangeTags { add, remove } => {
                many(add, replace);
                many(remove, replace);
            }
            Self::UpdateField { field, .. } => one(field, replace),
            Self::Wait(_) | Self::Split(_) | Self::Fork | Self::GoTo(_) | Self::End | Self::Exit => {}
        }
    }
}

impl EventFilter {
    fn replace_items(&mut self, replace: &mut Replace) {
        match self {
            Self::Created | Self::AddedToAutomation => {}
            Self::FormSubmitted { form, .. } => choice(form, replace),
            Self::Order(products) | Self::Refund(products) => choice(products, replace),
            Self::TagAdded(tag) | Self::TagRemoved(tag) => one(tag, replace),
            Self::FieldUpdated(field) => one(field, replace),
            Self::EmailLinkClicked { email, .. } => one(email, replace),
        }
    }
}

impl Condition {
    fn replace_items(&mut self, replace: &mut Replace) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => {
                parts.iter_mut().for_each(|part| part.replace_items(replace));
            }
            Self::HasTag(tag) | Self::HasNotTag(tag) => one(tag, replace),
            Self::Field { field, .. } => one(field, replace),
            Self::Ordered { products, .. } => choice(products, replace),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id;
    use crate::model::{Comparison, FieldChange, FieldOperator, Listener};

    #[test]
    fn replaces_all_that_is_used_and_nothing_else() {
        let condition = Condition::Any(vec![
            Condition::HasTag(Some(Id::new(1))),
            Condition::None(vec![Condition::HasNotTag(Some(Id::new(2)))]),
            Condition::Field { field: Some(Id::new(3)), is: FieldOperator::IsEmpty, value: None },
            Condition::Ordered {
                products: Choice::OneOf(vec![Id::new(4), Id::new(5)]),
                comparison: Comparison::AtLeast,
                count: 1,
            },
        ]);
        let listener = |on| Listener {
            on,
            conditions: condition.clone(),
            ..Listener::goal(super::super::EventType::Order)
        };
        let kinds = [
            ElementKind::Goal(listener(EventFilter::Order(Choice::OneOf(vec![Id::new(6)])))),
            ElementKind::Goal(listener(EventFilter::TagAdded(Some(Id::new(7))))),
            ElementKind::Goal(listener(EventFilter::FieldUpdated(Some(Id::new(7))))),
            ElementKind::Trigger(listener(EventFilter::EmailLinkClicked {
                email: Some(Id::new(8)),
                link: 0,
            })),
            ElementKind::Trigger(listener(EventFilter::FormSubmitted {
                form: Choice::OneOf(vec![Id::new(9)]),
                outcome: None,
            })),
            ElementKind::Condition(condition.clone()),
            ElementKind::SendEmail(Some(Id::new(10))),
            ElementKind::ChangeTags { add: vec![Id::new(11)], remove: vec![Id::new(12)] },
            ElementKind::UpdateField { field: Some(Id::new(13)), change: FieldChange::Clear },
        ];
        for kind in kinds {
            let before = kind.uses();
            assert!(!before.is_empty());
            let mut asked = vec![];
            let mut same = kind.clone();
            same.replace_items(|id| {
                asked.push(id);
                Some(id)
            });
            assert_eq!((&same, &asked), (&kind, &before));
            let mut none = kind.clone();
            none.replace_items(|_| None);
            assert_eq!(none.uses(), []);
        }
    }
}
