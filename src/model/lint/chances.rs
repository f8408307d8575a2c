//! What can happen at all in a project: what the events of its contacts raise, and what its actions do.

use std::collections::BTreeSet;

use crate::base::id::{FieldId, MapId, ProductId};
use crate::base::money::Money;
use crate::base::time::Instant;
use crate::model::event::HAPPENINGS;
use crate::model::people::Gist;
use crate::model::{
    Action, BranchPolicy, Change, Choice, Condition, ElementKind, EventFilter, FieldChange, FieldKind,
    FieldOperator, Form, FormOutcome, HappeningKind, ItemId, Map, Named, PlanPayments, Project, Refs, Until,
    Who,
};

pub(super) struct Chances<'a> {
    project: &'a Project,
    gist: &'a Gist,
    /// What actions on maps and under outcomes of tasks raise, and about what; `None`: about anything.
    raised: BTreeSet<(HappeningKind, Option<Named>)>,
}

impl<'a> Chances<'a> {
    pub fn of(project: &'a Project) -> Self {
        let on_maps = project.maps.values().flat_map(|map| map.elements.values());
        let on_maps = on_maps.filter_map(|element| element.kind.action());
        let outcomes = project.catalogue.tasks.values().flat_map(|task| &task.outcomes);
        let actions = on_maps.chain(outcomes.flat_map(|outcome| &outcome.actions));
        Self { project, gist: project.people.gist(), raised: actions.flat_map(raised_by).collect() }
    }

    /// Whether there is any way for an event that a filter listens for. Where contacts have no events at all nobody can
    /// say; the dates of the calendar come to all.
    pub fn can_happen(&self, on: &EventFilter) -> bool {
        if self.project.people.event_count() == 0 || on.is_incomplete() {
            return true;
        }
        match on {
            EventFilter::DateMatches(Some(field)) | EventFilter::DateRelative { field: Some(field), .. } => {
                is_date(self.project, *field) && (self.filled(*field) > 0 || self.fills(*field))
            }
            EventFilter::SpecificDate(_) => true,
            EventFilter::Automation { map: Some(map), change } => {
                let map = self.project.map(*map);
                map.is_some_and(|map| self.comes_on(map) && (*change == Change::Added || self.goes_off(map)))
            }
            _ => self.is_raised(on),
        }
    }

    /// Whether a condition can come to hold for some contact; what holds for whoever lacks something can.
    pub fn can_hold(&self, condition: &Condition) -> bool {
        match condition {
            Condition::All(parts) => parts.iter().all(|part| self.can_hold(part)),
            Condition::Any(parts) => parts.is_empty() || parts.iter().any(|part| self.can_hold(part)),
            Condition::SubscribedToMap { map: Some(map), .. }
            | Condition::OnMapFor { map: Some(map), .. }
            | Condition::MapState { map: Some(map), .. } => {
                self.can_happen(&EventFilter::Automation { map: Some(*map), change: Change::Added })
            }
            Condition::Field { field: Some(field), is, .. } if needs_content(*is) => {
                self.filled(*field) > 0 || self.can_happen(&EventFilter::FieldUpdated(Some(*field)))
            }
            Condition::FieldRelative { field: Some(field), is, .. } if needs_content(*is) => {
                self.can_happen(&EventFilter::DateMatches(Some(*field)))
            }
            Condition::HasTag(tag) => self.has(&EventFilter::TagAdded(*tag)),
            Condition::OnList(list) => self.has(&EventFilter::ListAdded(*list)),
            Condition::HasLevel(level) => self.has(&EventFilter::LevelGiven(*level)),
            Condition::MembershipIs { site, .. } => {
                self.has(&EventFilter::MembershipUpdated(*site))
                    || self.can_happen(&EventFilter::MembershipCreated(*site))
            }
            Condition::Related { relationship, exists: true, .. } => {
                self.has(&EventFilter::Relationship { relationship: *relationship, change: Change::Added })
            }
            Condition::SmsHasAddress | Condition::SmsContains(_) => {
                self.can_happen(&EventFilter::SmsReceived)
            }
            Condition::Clicked { email, link, comparison, count } => {
                comparison.holds(0, *count)
                    || self.can_happen(&EventFilter::EmailLinkClicked { email: *email, link: *link })
            }
            Condition::VisitedPage { page, comparison, count } => {
                comparison.holds(0, *count)
                    || self.can_happen(&EventFilter::PageVisited(*page))
                    || self.can_happen(&EventFilter::PurlVisited(*page))
            }
            Condition::Ordered { products, comparison, count } => {
                comparison.holds(0, *count) || self.can_happen(&purchase(products))
            }
            Condition::Spent { products, comparison, amount } => {
                comparison.holds(Money::ZERO, *amount) || self.can_happen(&purchase(products))
            }
            Condition::Subscribed { products, subscribed: true }
            | Condition::SubscribedFor { products, .. } => self.can_happen(&purchase(products)),
            _ => true,
        }
    }

    /// Whether some contact has what an event gives, from the start or later.
    fn has(&self, gives: &EventFilter) -> bool {
        gives.names().iter().any(|named| self.gist.held.contains(named)) || self.can_happen(gives)
    }

    /// Whether an event of a contact or an action raises what a filter listens for.
    fn is_raised(&self, on: &EventFilter) -> bool {
        let wanted = self.wanted(on);
        sources(on.hears()).into_iter().any(|kind| match &wanted {
            None => self.gist.kinds.contains(&kind) || self.raised_of(kind).next().is_some(),
            Some(wanted) => {
                wanted.iter().any(|named| self.gist.named.contains(&(kind, *named)))
                    || self.raised_of(kind).any(|named| named.is_none_or(|named| wanted.contains(&named)))
            }
        })
    }

    fn raised_of(&self, kind: HappeningKind) -> impl Iterator<Item = Option<Named>> + '_ {
        let of_kind = self.raised.range((kind, None)..).take_while(move |(other, _)| *other == kind);
        of_kind.map(|(_, named)| *named)
    }

    /// What an event must be about for a filter, or what stands for it: products for their category, order forms for the
    /// list that they put buyers on. `None`: anything will do.
    fn wanted(&self, on: &EventFilter) -> Option<Vec<Named>> {
        let mut wanted = on.names();
        if wanted.is_empty() || matches!(on, EventFilter::KeapPurchase(keap) if keap.any) {
            return None;
        }
        let catalogue = &self.project.catalogue;
        if let EventFilter::KeapPurchase(keap) = on {
            let products = catalogue.products.values();
            let ticked = products.filter(|p| p.categories.iter().any(|c| keap.categories.contains(c)));
            wanted.extend(ticked.map(|product| Named::Item(product.id.into())));
        }
        if let EventFilter::ListAdded(list) | EventFilter::ListRemoved(list) = on {
            let forms = catalogue.forms.values().filter(|form| form.list.is_some() && form.list == *list);
            wanted.extend(forms.map(|form| Named::Item(form.id.into())));
        }
        Some(wanted)
    }

    /// Whether something puts contacts on the map by its *added to this map* trigger.
    pub fn adds_to(&self, map: MapId) -> bool {
        let mut forms = self.project.catalogue.forms.values().filter(|form| form.map == Some(map));
        let submits = |form: &Form| {
            let (form, outcome) = (Choice::OneOf(vec![form.id]), Some(FormOutcome::Success));
            self.can_happen(&EventFilter::FormSubmitted { form, outcome })
        };
        self.names(HappeningKind::AddedToAutomation, map) || forms.any(submits)
    }

    /// Whether something takes contacts off the map, wherever they stand there.
    pub fn removes_from(&self, map: MapId) -> bool {
        self.names(HappeningKind::RemovedFromAutomation, map)
    }

    /// Maps that actions add contacts to.
    pub fn added_to(&self) -> impl Iterator<Item = MapId> + '_ {
        self.raised_of(HappeningKind::AddedToAutomation).filter_map(|named| match named {
            Some(Named::Map(map)) => Some(map),
            _ => None,
        })
    }

    fn names(&self, kind: HappeningKind, map: MapId) -> bool {
        let named = Named::Map(map);
        self.raised.contains(&(kind, Some(named))) || self.gist.named.contains(&(kind, named))
    }

    fn comes_on(&self, map: &Map) -> bool {
        let is_way_in = |kind: &ElementKind| match kind {
            ElementKind::Trigger(trigger) => trigger.on != EventFilter::AddedToAutomation,
            // K-05: nothing may stand above Keap's goal
            ElementKind::Goal(goal) => {
                goal.who == Who::AnyContact || matches!(goal.on, EventFilter::KeapPurchase(_))
            }
            _ => false,
        };
        self.adds_to(map.id) || map.elements.values().any(|element| is_way_in(&element.kind))
    }

    fn goes_off(&self, map: &Map) -> bool {
        let lets_go = |kind: &ElementKind| match kind {
            ElementKind::Exit => true,
            // nobody's rule may hold, and no timer may be left
            ElementKind::Branches(branches) => branches.policy == BranchPolicy::AllMatching,
            ElementKind::Wait(wait) => {
                matches!(wait.until, Until::DateTimer { .. } | Until::FieldTimer { .. })
            }
            _ => false,
        };
        self.removes_from(map.id) || map.elements.values().any(|element| lets_go(&element.kind))
    }

    /// When the first event happens; `None`: there is none.
    pub fn first(&self) -> Option<Instant> {
        self.gist.first
    }

    /// For how many contacts a field is filled, from the start or by an event.
    pub fn filled(&self, field: FieldId) -> usize {
        self.gist.filled.get(&field).copied().unwrap_or(0)
    }

    fn fills(&self, field: FieldId) -> bool {
        self.raised.contains(&(HappeningKind::FieldUpdated, Some(Named::Item(field.into()))))
    }
}

/// Whether a field that is empty for all holds this for nobody.
fn needs_content(is: FieldOperator) -> bool {
    !matches!(is, FieldOperator::NotEquals | FieldOperator::DoesNotContain | FieldOperator::IsEmpty)
}

fn purchase(products: &Choice<ProductId>) -> EventFilter {
    EventFilter::Purchased { products: products.clone(), plan_payments: PlanPayments::Every }
}

/// Whether a field holds days.
pub(super) fn is_date(project: &Project, field: FieldId) -> bool {
    project.catalogue.fields.get(&field).is_none_or(|field| match field.kind {
        FieldKind::Date | FieldKind::Birthday | FieldKind::DateTime => true,
        FieldKind::Text | FieldKind::Number | FieldKind::YesNo => false,
    })
}

/// The field in which an action leaves a day.
pub(super) fn filled_by(action: &Action) -> Option<FieldId> {
    match action {
        Action::UpdateField { field, change } => match change {
            FieldChange::Set(Some(_)) | FieldChange::Shift(..) => *field,
            FieldChange::Set(None) | FieldChange::Clear | FieldChange::Add(_) => None,
        },
        _ => None,
    }
}

/// A kind and all that it can follow from.
fn sources(kind: HappeningKind) -> Vec<HappeningKind> {
    let mut sources = vec![kind];
    let mut next = 0;
    while let Some(source) = sources.get(next).copied() {
        next += 1;
        for info in HAPPENINGS.iter().filter(|info| info.raises.contains(&source)) {
            if !sources.contains(&info.kind) {
                sources.push(info.kind);
            }
        }
    }
    sources
}

/// What an action raises, and about what; `None`: about anything.
fn raised_by(action: &Action) -> Vec<(HappeningKind, Option<Named>)> {
    use HappeningKind as H;
    let item = |kind, id: Option<ItemId>| id.map(|id| (kind, Some(Named::Item(id))));
    let map = |kind, id: &Option<MapId>| id.map(|id| (kind, Some(Named::Map(id))));
    let one = match action {
        Action::UpdateField { field, .. } => item(H::FieldUpdated, field.map(Into::into)),
        Action::ChangeTags { add, remove } => {
            let added = add.iter().map(|tag| (H::TagAdded, Some(Named::Item((*tag).into()))));
            let removed = remove.iter().map(|tag| (H::TagRemoved, Some(Named::Item((*tag).into()))));
            return added.chain(removed).collect();
        }
        Action::AddToMap(id) => map(H::AddedToAutomation, id),
        Action::RemoveFromMap(id) => map(H::RemovedFromAutomation, id),
        Action::PauseOnMap(id) => map(H::Paused, id),
        Action::UnpauseOnMap(id) => map(H::Unpaused, id),
        Action::AddToList(list) => item(H::ListAdded, list.map(Into::into)),
        Action::RemoveFromList(list) => item(H::ListRemoved, list.map(Into::into)),
        Action::RemoveFromAllLists => Some((H::ListRemoved, None)),
        // K-03: Keap's goal does not hear it, and no card is charged
        Action::AddPurchase { product, .. } => item(H::Purchased, product.map(Into::into)),
        Action::CancelOpenOrders(Choice::Any) => Some((H::Cancelled, None)),
        Action::CancelOpenOrders(Choice::OneOf(products)) => {
            return products.iter().map(|id| (H::Cancelled, Some(Named::Item((*id).into())))).collect();
        }
        Action::RechargeDeclined => {
            let stirred = [H::Charged, H::Declined, H::OpenOrderCreated, H::Purchased, H::Completed];
            return stirred.map(|kind| (kind, None)).into();
        }
        Action::SetMembership { site, .. } => item(H::MembershipUpdated, site.map(Into::into)),
        Action::GiveLevel(level) => item(H::LevelGiven, level.map(Into::into)),
        Action::RemoveLevel(level) => item(H::LevelLost, level.map(Into::into)),
        Action::AddRelationship { relationship, .. } => {
            item(H::RelationshipAdded, relationship.map(Into::into))
        }
        Action::RemoveRelationship { relationship, .. } => {
            item(H::RelationshipRemoved, relationship.map(Into::into))
        }
        Action::SendEmail(_)
        | Action::SendSms(_)
        | Action::SendPostcard(_)
        | Action::AssignTask { .. }
        | Action::Notify { .. }
        | Action::RouteLead(_)
        | Action::Webhook(_)
        | Action::CreateRecord(_)
        | Action::Note(_) => None,
    };
    one.into_iter().collect()
}
