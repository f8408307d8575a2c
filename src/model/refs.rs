//! What settings name: things of the catalogue and other maps. One walk over each kind of settings serves both to list
//! what is named and to make a copy that names other things, as a copy in another project needs.

use super::action::Action;
use super::catalogue::{Item, ItemId};
use super::condition::Condition;
use super::element::{Choice, ElementKind, Until};
use super::event::{Happening, StatusChange};
use super::filter::EventFilter;
use crate::base::id::MapId;

/// Something that settings name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Named {
    /// A thing of the catalogue.
    Item(ItemId),
    /// A map.
    Map(MapId),
}

/// An id of one kind among all that can be named.
trait OneKind: Copy {
    fn named(self) -> Named;
    fn of(named: Named) -> Option<Self>;
}

macro_rules! one_kind {
    ($($variant:ident = $id:ident),*) => {$(
        impl OneKind for crate::base::id::$id {
            fn named(self) -> Named {
                Named::Item(self.into())
            }
            fn of(named: Named) -> Option<Self> {
                match named {
                    Named::Item(ItemId::$variant(id)) => Some(id),
                    _ => None,
                }
            }
        }
    )*};
}

one_kind!(
    Field = FieldId,
    Tag = TagId,
    Product = ProductId,
    Category = CategoryId,
    Form = FormId,
    Email = EmailId,
    Sms = SmsId,
    Postcard = PostcardId,
    List = ListId,
    Task = TaskId,
    Member = MemberId,
    Page = PageId,
    Site = SiteId,
    Level = LevelId,
    Relationship = RelationshipId,
    Campaign = CampaignId,
    OrderStatus = OrderStatusId,
    Touchpoint = TouchpointId
);

impl OneKind for MapId {
    fn named(self) -> Named {
        Named::Map(self)
    }
    fn of(named: Named) -> Option<Self> {
        match named {
            Named::Map(id) => Some(id),
            Named::Item(_) => None,
        }
    }
}

/// What a thing is replaced by; `None`: by nothing.
type Replace<'a> = dyn FnMut(Named) -> Option<Named> + 'a;

fn replaced<T: OneKind>(id: T, replace: &mut Replace) -> Option<T> {
    replace(id.named()).and_then(T::of)
}

fn one<T: OneKind>(id: &mut Option<T>, replace: &mut Replace) {
    *id = id.and_then(|id| replaced(id, replace));
}

fn many<T: OneKind>(ids: &mut Vec<T>, replace: &mut Replace) {
    *ids = ids.iter().filter_map(|id| replaced(*id, replace)).collect();
}

fn choice<T: OneKind>(ids: &mut Choice<T>, replace: &mut Replace) {
    match ids {
        Choice::Any => {}
        Choice::OneOf(ids) => many(ids, replace),
    }
}

/// Settings that name things.
pub trait Refs: Clone {
    /// Calls `replace` for each thing named and puts what it returns in its place; where that is nothing, it is as if
    /// nothing had been chosen.
    fn replace_named(&mut self, replace: &mut Replace);

    /// Everything it names, in order; a thing named twice stands twice.
    fn names(&self) -> Vec<Named> {
        let mut found = vec![];
        self.clone().replace_named(&mut |named| {
            found.push(named);
            Some(named)
        });
        found
    }

    /// The things of the catalogue that it names.
    fn uses(&self) -> Vec<ItemId> {
        items(self.names())
    }
}

fn items(names: Vec<Named>) -> Vec<ItemId> {
    let item = |named| match named {
        Named::Item(item) => Some(item),
        Named::Map(_) => None,
    };
    names.into_iter().filter_map(item).collect()
}

impl Refs for ElementKind {
    fn replace_named(&mut self, replace: &mut Replace) {
        match self {
            Self::Trigger(listener) | Self::Goal(listener) => {
                listener.on.replace_named(replace);
                listener.conditions.replace_named(replace);
            }
            Self::Condition(condition) => condition.replace_named(replace),
            Self::Branches(branches) => {
                branches.branches.iter_mut().for_each(|branch| branch.rule.replace_named(replace));
            }
            Self::Wait(wait) => match &mut wait.until {
                Until::Relative { field, .. } | Until::FieldTimer { field, .. } => one(field, replace),
                Until::Conditions { condition, .. } => condition.replace_named(replace),
                Until::Goal
                | Until::TimePasses(_)
                | Until::DayOfWeek { .. }
                | Until::Date { .. }
                | Until::TimeOfDay { .. }
                | Until::Delay(_)
                | Until::DateTimer { .. }
                | Until::NotSet => {}
            },
            Self::Action(action) => action.replace_named(replace),
            Self::Split(_) | Self::Fork | Self::GoTo(_) | Self::End | Self::Exit => {}
        }
    }
}

impl Refs for Action {
    fn replace_named(&mut self, replace: &mut Replace) {
        match self {
            Self::SendEmail(email) => one(email, replace),
            Self::SendSms(sms) => one(sms, replace),
            Self::SendPostcard(postcard) => one(postcard, replace),
            Self::AssignTask { task, owner, .. } => {
                one(task, replace);
                one(owner, replace);
            }
            Self::Notify { member, .. } => one(member, replace),
            Self::UpdateField { field, .. } => one(field, replace),
            Self::ChangeTags { add, remove } => {
                many(add, replace);
                many(remove, replace);
            }
            Self::AddToMap(map)
            | Self::RemoveFromMap(map)
            | Self::PauseOnMap(map)
            | Self::UnpauseOnMap(map) => one(map, replace),
            Self::AddToList(list) | Self::RemoveFromList(list) => one(list, replace),
            Self::AddPurchase { product, .. } => one(product, replace),
            Self::CancelOpenOrders(products) => choice(products, replace),
            Self::SetMembership { site, .. } => one(site, replace),
            Self::GiveLevel(level) | Self::RemoveLevel(level) => one(level, replace),
            Self::AddRelationship { relationship, .. } | Self::RemoveRelationship { relationship, .. } => {
                one(relationship, replace);
            }
            Self::RouteLead(router) => {
                let members = router.members.iter();
                router.members =
                    members.filter_map(|(id, weight)| Some((replaced(*id, replace)?, *weight))).collect();
            }
            Self::RemoveFromAllLists
            | Self::RechargeDeclined
            | Self::Webhook(_)
            | Self::CreateRecord(_)
            | Self::Note(_) => {}
        }
    }
}

impl Refs for EventFilter {
    fn replace_named(&mut self, replace: &mut Replace) {
        match self {
            Self::FieldUpdated(field) | Self::DateMatches(field) | Self::DateRelative { field, .. } => {
                one(field, replace);
            }
            Self::Paused(map) | Self::Unpaused(map) | Self::Automation { map, .. } => one(map, replace),
            Self::TagAdded(tag) | Self::TagRemoved(tag) => one(tag, replace),
            Self::ListAdded(list) | Self::ListRemoved(list) => one(list, replace),
            Self::TaskCompleted { task, .. } => one(task, replace),
            Self::FormSubmitted { form, .. } => choice(form, replace),
            Self::Relationship { relationship, .. } => one(relationship, replace),
            Self::EmailLinkClicked { email, .. } => one(email, replace),
            Self::Purchased { products, .. }
            | Self::Refund(products)
            | Self::CheckoutAbandoned { products, .. } => choice(products, replace),
            Self::KeapPurchase(purchase) => {
                many(&mut purchase.forms, replace);
                many(&mut purchase.products, replace);
                many(&mut purchase.categories, replace);
            }
            Self::PageVisited(page)
            | Self::PurlVisited(page)
            | Self::UrlVisited(page)
            | Self::LinkClicked(page) => one(page, replace),
            Self::MembershipUpdated(site) | Self::MembershipCreated(site) => one(site, replace),
            Self::LevelGiven(level) | Self::LevelLost(level) => one(level, replace),
            Self::SpecificDate(_)
            | Self::CallLogged
            | Self::EmailReceived
            | Self::SmsReceived
            | Self::OpenOrderCreated
            | Self::OpenOrder(_)
            | Self::Card(_)
            | Self::Created
            | Self::AddedToAutomation => {}
        }
    }
}

impl Refs for Condition {
    fn replace_named(&mut self, replace: &mut Replace) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => {
                parts.iter_mut().for_each(|part| part.replace_named(replace));
            }
            Self::SubscribedToMap { map, .. } | Self::OnMapFor { map, .. } | Self::MapState { map, .. } => {
                one(map, replace);
            }
            Self::Field { field, .. } | Self::FieldRelative { field, .. } => one(field, replace),
            Self::HasTag(tag) | Self::HasNotTag(tag) => one(tag, replace),
            Self::OnList(list) | Self::NotOnList(list) => one(list, replace),
            Self::Related { relationship, .. } => one(relationship, replace),
            Self::Opened { email, .. } | Self::Clicked { email, .. } => one(email, replace),
            Self::Spent { products, .. }
            | Self::Ordered { products, .. }
            | Self::Subscribed { products, .. }
            | Self::SubscribedFor { products, .. } => choice(products, replace),
            Self::VisitedSite { site, .. } | Self::MembershipIs { site, .. } => one(site, replace),
            Self::VisitedPage { page, .. } => one(page, replace),
            Self::HasLevel(level) | Self::HasNotLevel(level) => one(level, replace),
            Self::NowIs { .. }
            | Self::SmsHasAddress
            | Self::SmsHasNoAddress
            | Self::SmsContains(_)
            | Self::SmsDoesNotContain(_) => {}
        }
    }
}

impl Refs for Item {
    fn replace_named(&mut self, replace: &mut Replace) {
        match self {
            Self::Product(product) => many(&mut product.categories, replace),
            Self::Form(form) => {
                one(&mut form.list, replace);
                one(&mut form.map, replace);
            }
            Self::Task(task) => {
                let actions = task.outcomes.iter_mut().flat_map(|outcome| &mut outcome.actions);
                actions.for_each(|action| action.replace_named(replace));
            }
            Self::Level(level) => one(&mut level.site, replace),
            Self::Touchpoint(touchpoint) => one(&mut touchpoint.part_of, replace),
            Self::Field(_)
            | Self::Tag(_)
            | Self::Category(_)
            | Self::Email(_)
            | Self::Sms(_)
            | Self::Postcard(_)
            | Self::List(_)
            | Self::Member(_)
            | Self::Page(_)
            | Self::Site(_)
            | Self::Relationship(_)
            | Self::Campaign(_)
            | Self::OrderStatus(_) => {}
        }
    }
}

impl Happening {
    /// What it names.
    pub fn names(&self) -> Vec<Named> {
        match self {
            Self::FieldUpdated { field, .. } => vec![field.named()],
            Self::TagAdded(tag) | Self::TagRemoved(tag) => vec![tag.named()],
            Self::ListAdded(list) | Self::ListRemoved(list) => vec![list.named()],
            Self::RelationshipAdded { relationship, .. } | Self::RelationshipRemoved { relationship, .. } => {
                vec![relationship.named()]
            }
            Self::TaskCompleted { task, .. } => vec![task.named()],
            Self::FormSubmitted { form, .. } => vec![form.named()],
            Self::AddedToAutomation(map)
            | Self::RemovedFromAutomation(map)
            | Self::Paused(map)
            | Self::Unpaused(map)
            | Self::CameOnMap(map)
            | Self::WentOffMap(map) => vec![map.named()],
            Self::DateCame(super::event::DateRule::Field { field, .. }) => vec![field.named()],
            Self::EmailOpened(email)
            | Self::EmailLinkClicked { email, .. }
            | Self::EmailBounced { email, .. } => vec![email.named()],
            Self::Order(order) | Self::Refund(order) => order_names(order),
            Self::Sale(sale) => order_names(&sale.order),
            Self::CheckoutStarted(checkout) | Self::CheckoutAbandoned(checkout) => {
                checkout.products.iter().map(|product| product.named()).collect()
            }
            Self::PageVisited(page)
            | Self::PurlVisited(page)
            | Self::UrlVisited(page)
            | Self::LinkClicked(page) => vec![page.named()],
            Self::SiteVisited(site)
            | Self::MembershipUpdated { site, .. }
            | Self::MembershipCreated { site, .. } => vec![site.named()],
            Self::LevelGiven(level) | Self::LevelLost(level) => vec![level.named()],
            Self::Campaign { campaign, .. } => vec![Named::Item(campaign.item())],
            Self::OrderStatus(change) => {
                let StatusChange { product, status, .. } = &**change;
                product.map(OneKind::named).into_iter().chain(status.own().map(OneKind::named)).collect()
            }
            Self::Created
            | Self::CallLogged
            | Self::EmailStatus(_)
            | Self::SmsStatus(_)
            | Self::DateCame(super::event::DateRule::On(_))
            | Self::EmailReceived
            | Self::SmsReceived(_)
            | Self::Payment { .. }
            | Self::OrderCancelled { .. }
            | Self::WebsiteVisited { .. } => vec![],
        }
    }

    /// The things of the catalogue that it names.
    pub fn uses(&self) -> Vec<ItemId> {
        items(self.names())
    }
}

fn order_names(order: &super::event::Order) -> Vec<Named> {
    let products = order.lines.iter().map(|line| line.product.named());
    products.chain(order.form.map(OneKind::named)).chain(order.touchpoint.map(OneKind::named)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{CategoryId, FormId, Id, ListId, MapId, MemberId, SiteId, TagId, TaskId};
    use crate::model::action::LeadRouter;
    use crate::model::catalogue::{Form, Level, Outcome, Product, Shelved, Task};
    use crate::model::condition::CONDITION_KINDS;
    use crate::model::filter::{EVENT_TYPES, KeapPurchase, PlanPayments};
    use crate::model::kinds::KINDS;
    use crate::model::{Branch, BranchPolicy, Branches, Listener};

    /// Nothing is named any more once everything is replaced by nothing, and what is asked for is what is named.
    fn holds(settings: &(impl Refs + PartialEq + std::fmt::Debug), named: usize) {
        assert_eq!(settings.names().len(), named, "{settings:?}");
        let mut same = settings.clone();
        same.replace_named(&mut Some);
        assert_eq!(&same, settings);
        let mut none = settings.clone();
        none.replace_named(&mut |_| None);
        assert_eq!(none.names(), []);
    }

    #[test]
    fn all_that_is_named_can_be_replaced() {
        let tag = Condition::HasTag(Some(TagId::new(1)));
        let nested = Condition::Any(vec![tag.clone(), Condition::None(vec![tag.clone()])]);
        let purchase = KeapPurchase {
            forms: vec![FormId::new(1)],
            products: vec![Id::new(2), Id::new(3)],
            categories: vec![CategoryId::new(4)],
            ..KeapPurchase::default()
        };
        holds(&EventFilter::KeapPurchase(purchase), 4);
        let products = Choice::OneOf(vec![Id::new(1), Id::new(2)]);
        holds(&EventFilter::Purchased { products, plan_payments: PlanPayments::First }, 2);
        holds(&EventFilter::Automation { map: Some(MapId::new(1)), change: Default::default() }, 1);
        holds(&nested, 2);
        let listener = Listener {
            on: EventFilter::TagAdded(Some(TagId::new(2))),
            conditions: nested.clone(),
            ..Listener::goal(super::super::EventType::TagAdded)
        };
        holds(&ElementKind::Goal(listener), 3);
        let branch = Branch { rule: nested, ..Branch::default() };
        let branches = Branches { policy: BranchPolicy::FirstMatch, branches: vec![branch; 2] };
        holds(&ElementKind::Branches(branches), 4);
        let router =
            LeadRouter { members: vec![(MemberId::new(1), 1), (MemberId::new(2), 3)], in_turn: true };
        holds(&ElementKind::Action(Action::RouteLead(router)), 2);
        let task = Action::AssignTask { task: Some(TaskId::new(1)), due_in_days: 1, owner: Some(Id::new(2)) };
        holds(&task, 2);
        let outcome = Outcome { name: "Yes".into(), actions: vec![task, Action::AddToMap(Some(Id::new(3)))] };
        holds(&Item::Task(Task { outcomes: vec![outcome], ..Task::new(TaskId::new(1), "Call") }), 3);
        holds(&Item::Level(Level { site: Some(SiteId::new(1)), ..Level::new(Id::new(2), "Gold") }), 1);
        let (list, map) = (Some(ListId::new(1)), Some(MapId::new(3)));
        holds(&Item::Form(Form { list, map, ..Form::new(Id::new(2), "Shop") }), 2);
        let product = Product { categories: vec![CategoryId::new(1)], ..Product::new(Id::new(2), "Cup") };
        holds(&Item::Product(product), 1);
    }

    #[test]
    fn nothing_new_names_anything() {
        EVENT_TYPES.iter().for_each(|info| holds(&EventFilter::blank(info.event_type), 0));
        CONDITION_KINDS.iter().for_each(|info| holds(&(info.blank)(), 0));
        KINDS.iter().for_each(|info| holds(&(info.blank)(), 0));
    }
}
