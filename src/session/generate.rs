//! Invented contacts: they come in over some days by what a trigger listens for, and some of them do later what a goal
//! hopes for. All chance is a hash of the seed and the contact's number, so the same settings give the same contacts.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use rust_decimal::Decimal;

use super::command::Command;
use crate::base::id::MapId;
use crate::base::money::Money;
use crate::base::random::{basis_points, below, draw, exponential_millis};
use crate::base::time::{Instant, Zone};
use crate::model::{
    CardOutcome, Change, Checkout, Choice, Contact, ContactIx, DateRule, ElementKind, Event, EventFilter,
    Field, FieldKind, FirstPayment, FormOutcome, Graph, Happening, Item, KeapPurchase, MembershipStatus,
    Named, OpenOrderChange, Order, OrderLine, OrderSource, PaymentPlan, People, PlanKind, Product, Project,
    Refs, Task, Value, words,
};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// Contacts in one go at most.
pub const MOST: u32 = 10_000_000;

/// Which contacts to invent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generate {
    /// How many.
    pub count: u32,
    /// When the first may come.
    pub from: Instant,
    /// Over how many days they come, each minute as likely as any other.
    pub over_days: u32,
    /// What brings them in: what a trigger of the map listens for.
    pub enter: EventFilter,
    /// The map that they are to enter.
    pub map: MapId,
    /// What some of them do later.
    pub goal: Option<GoalRate>,
    /// Seed of all chance.
    pub seed: u64,
}

/// How many contacts do something later, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoalRate {
    /// What they do: what a goal of the map listens for.
    pub on: EventFilter,
    /// How many of them, in basis points (100 % = 10,000).
    pub share: u16,
    /// Days from coming in to doing it on average, exponentially distributed.
    pub mean_days: u32,
}

/// Why no contacts can be invented.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// None are asked for, or too many.
    #[error("from 1 to {MOST} contacts can be generated at once, not {0}")]
    Count(u32),
    /// The event has a setting that is not chosen.
    #[error("“{0}” has nothing chosen to happen; choose it on the map first")]
    Incomplete(&'static str),
    /// The account has nothing of the kind that the event is about.
    #[error("“{event}” needs something that is not in the account yet: {what}")]
    Nothing {
        /// The event.
        event: &'static str,
        /// What is missing.
        what: &'static str,
    },
    /// The map has no trigger besides the one that every map has.
    #[error("there is no map; add one first")]
    NoMap,
}

/// What a draw is for; part of what generated contacts hang on, so never changed.
enum For {
    Arrival = 1,
    Achieves = 2,
    Delay = 3,
    EnterChoice = 4,
    GoalChoice = 5,
}

/// Settings that suit a map: its first trigger that has all it needs, and its first goal, done by three in ten within a
/// week or so. The first map where none is given.
pub fn suggest(
    project: &Project,
    map: Option<MapId>,
    count: u32,
    from: Instant,
    seed: u64,
) -> Result<Generate, GenerateError> {
    let map = map.and_then(|map| project.map(map)).or_else(|| project.maps.values().next().map(Arc::as_ref));
    let map = map.ok_or(GenerateError::NoMap)?;
    let graph = Graph::of(map);
    // K-13: a draft does not listen
    let elements = graph.order.iter().filter_map(|id| map.element(*id)).filter(|element| !element.draft);
    let kinds = || elements.clone().map(|element| &element.kind);
    let triggers = kinds().filter_map(|kind| match kind {
        ElementKind::Trigger(listener) if !listener.on.is_incomplete() => Some(&listener.on),
        _ => None,
    });
    // The trigger that every map has only where there is no other.
    let enter = triggers.min_by_key(|on| **on == EventFilter::AddedToAutomation);
    let enter = enter.cloned().unwrap_or(EventFilter::AddedToAutomation);
    let goal = kinds().find_map(|kind| match kind {
        ElementKind::Goal(listener) if !listener.on.is_incomplete() => Some(listener.on.clone()),
        _ => None,
    });
    let goal = goal.map(|on| GoalRate { on, share: 3_000, mean_days: 7 });
    Ok(Generate { count, from, over_days: 30, enter, map: map.id, goal, seed })
}

/// The project's contacts and events with the invented ones behind them.
pub fn generate(project: &Project, settings: &Generate) -> Result<People, GenerateError> {
    if !(1..=MOST).contains(&settings.count) {
        return Err(GenerateError::Count(settings.count));
    }
    let enter = Maker::new(project, &settings.enter, settings.map)?;
    let goal = (settings.goal.as_ref())
        .map(|goal| Ok::<_, GenerateError>((goal, Maker::new(project, &goal.on, settings.map)?)))
        .transpose()?;
    let first = first_number(project);
    let minutes = u64::from(settings.over_days) * (DAY / MINUTE) as u64;
    let mut contacts = Vec::with_capacity(settings.count as usize);
    let mut events = Vec::with_capacity(settings.count as usize);
    for number in (u64::from(first)..).take(settings.count as usize) {
        let chance = |what: For| draw(settings.seed, number, what as u64, 0);
        // So many contacts do not fit into a project; the import of a file says so, here they are few.
        let ix = ContactIx((project.people.len() + contacts.len()) as u32);
        let at = settings.from.plus_millis(below(chance(For::Arrival), minutes) as i64 * MINUTE);
        let mut contact = Contact { key: key(number).into(), ..Contact::default() };
        for what in enter.make(at, chance(For::EnterChoice), number) {
            match what {
                Happening::Created => contact.created = Some(at),
                what => events.push((ix, Event { at, what })),
            }
        }
        if let Some((rate, goal)) = &goal
            && basis_points(chance(For::Achieves)) < rate.share
        {
            let delay = exponential_millis(chance(For::Delay), i64::from(rate.mean_days) * DAY);
            // At the earliest a minute later, on the full minute.
            let at = at.plus_millis((delay / MINUTE + 1).saturating_mul(MINUTE));
            let made = goal.make(at, chance(For::GoalChoice), number).into_iter();
            events.extend(made.map(|what| (ix, Event { at, what })));
        }
        contacts.push(contact);
    }
    Ok(project.people.with(contacts, events).expect("numbers behind the highest in use give free keys"))
}

/// What puts the invented contacts into the project.
pub fn command(settings: &Generate, people: People) -> Command {
    let count = words::counted(settings.count as usize, "contact", "contacts");
    Command::SetPeople { label: format!("generate {count}"), people: Arc::new(people) }
}

fn key(number: u64) -> String {
    format!("contact-{number:06}@example.com")
}

/// The first number behind all that invented contacts have.
fn first_number(project: &Project) -> u32 {
    let number = |key: &str| key.strip_prefix("contact-")?.strip_suffix("@example.com")?.parse::<u32>().ok();
    let highest = project.people.contacts().filter_map(|(_, contact)| number(&contact.key)).max();
    highest.unwrap_or(0).saturating_add(1)
}

/// Makes events that a filter hears, or that lead to what it hears.
struct Maker<'a> {
    filter: &'a EventFilter,
    map: MapId,
    /// What may be chosen from, where the filter is about things of the account.
    things: Vec<Item>,
    /// What an order by a form is for.
    goods: Option<Product>,
    zone: Zone,
}

impl<'a> Maker<'a> {
    fn new(project: &Project, filter: &'a EventFilter, map: MapId) -> Result<Self, GenerateError> {
        let event = filter.event_type().info().title;
        if filter.is_incomplete() {
            return Err(GenerateError::Incomplete(event));
        }
        let of_word = |word: &str| -> Vec<Item> {
            project.catalogue.items().filter(|item| item.id().word() == word).collect()
        };
        let named = filter.uses();
        let (things, needed) = match filter {
            EventFilter::FormSubmitted { form: Choice::Any, .. } => (of_word("form"), Some("form")),
            EventFilter::Card(_) => (of_word("product"), Some("product")),
            // An order without lines is an order of any product too.
            EventFilter::Purchased { products: Choice::Any, .. }
            | EventFilter::Refund(Choice::Any)
            | EventFilter::CheckoutAbandoned { products: Choice::Any, .. }
            | EventFilter::OpenOrderCreated
            | EventFilter::OpenOrder(_) => (of_word("product"), None),
            EventFilter::KeapPurchase(purchase) => keap_things(project, purchase),
            _ => {
                let things = named.iter().filter_map(|id| project.catalogue.get(*id)).collect();
                (things, named.first().map(|id| id.word()))
            }
        };
        let is_there = |named: &Named| match named {
            Named::Map(map) => project.map(*map).is_some(),
            Named::Item(_) => true,
        };
        match needed {
            _ if !filter.names().iter().all(is_there) => Err(GenerateError::Nothing { event, what: "map" }),
            Some(what) if things.is_empty() => Err(GenerateError::Nothing { event, what }),
            _ => {
                let goods = project.catalogue.products.values().next().cloned();
                Ok(Self { filter, map, things, goods, zone: Zone::new(project.settings.account_zone) })
            }
        }
    }

    /// What happens at one instant, in order. What comes by itself needs nothing to happen.
    fn make(&self, at: Instant, chance: u64, number: u64) -> Vec<Happening> {
        let thing = self.things.get(below(chance, self.things.len() as u64) as usize);
        let order = || Order {
            reference: format!("G-{number:06}"),
            lines: thing.and_then(|thing| self.line(thing)).into_iter().collect(),
            ..Order::default()
        };
        let made = match (self.filter, thing) {
            (EventFilter::Created, _) => Happening::Created,
            (EventFilter::SpecificDate(_), _) => return vec![],
            (EventFilter::Purchased { .. }, _) => Happening::Order(Arc::new(order())),
            (EventFilter::KeapPurchase(purchase), _) => {
                let form =
                    thing.and_then(|thing| if let Item::Form(form) = thing { Some(form.id) } else { None });
                let source = if form.is_some() { OrderSource::OrderForm } else { OrderSource::default() };
                let method = match &purchase.payments {
                    Choice::OneOf(methods) => methods.get(below(chance, methods.len() as u64) as usize),
                    Choice::Any => None,
                };
                let method = method.copied().unwrap_or_default();
                Happening::Order(Arc::new(Order { form, source, method, ..order() }))
            }
            (EventFilter::OpenOrderCreated, _) => Happening::Order(Arc::new(subscription(order(), None))),
            (EventFilter::OpenOrder(change), _) => return open_order(order(), *change),
            (EventFilter::Card(outcome), _) => {
                let payment = match outcome {
                    CardOutcome::Charged => FirstPayment::Charged,
                    CardOutcome::Declined => FirstPayment::Declined,
                };
                Happening::Order(Arc::new(Order { payment, ..order() }))
            }
            (EventFilter::Refund(_), _) => Happening::Refund(Arc::new(order())),
            (EventFilter::CheckoutAbandoned { provider, .. }, _) => {
                let Order { reference, lines, .. } = order();
                let products = lines.into_iter().map(|line| line.product).collect();
                let provider = provider.unwrap_or_default();
                Happening::CheckoutAbandoned(Arc::new(Checkout { reference, products, provider }))
            }
            (EventFilter::FormSubmitted { outcome, .. }, Some(Item::Form(form))) => {
                Happening::FormSubmitted { form: form.id, outcome: outcome.unwrap_or(FormOutcome::Success) }
            }
            (EventFilter::TagAdded(_), Some(Item::Tag(tag))) => Happening::TagAdded(tag.id),
            (EventFilter::TagRemoved(_), Some(Item::Tag(tag))) => Happening::TagRemoved(tag.id),
            (EventFilter::ListAdded(_), Some(Item::List(list))) => Happening::ListAdded(list.id),
            (EventFilter::ListRemoved(_), Some(Item::List(list))) => Happening::ListRemoved(list.id),
            (EventFilter::FieldUpdated(_), Some(Item::Field(field))) => {
                Happening::FieldUpdated { field: field.id, value: Some(self.value(field, at)) }
            }
            (EventFilter::DateMatches(_) | EventFilter::DateRelative { .. }, Some(Item::Field(field))) => {
                Happening::FieldUpdated { field: field.id, value: Some(self.value_for_tomorrow(field, at)) }
            }
            (EventFilter::TaskCompleted { outcomes, .. }, Some(Item::Task(task))) => {
                Happening::TaskCompleted { task: task.id, outcome: outcome(task, outcomes, chance) }
            }
            (EventFilter::Relationship { change, .. }, Some(Item::Relationship(kind))) => {
                let (relationship, record) = (kind.id, "Example".into());
                match change {
                    Change::Added => Happening::RelationshipAdded { relationship, record },
                    Change::Removed => Happening::RelationshipRemoved { relationship, record },
                }
            }
            (EventFilter::EmailLinkClicked { link, .. }, Some(Item::Email(email))) => {
                Happening::EmailLinkClicked { email: email.id, link: (*link).max(1) }
            }
            (EventFilter::PageVisited(_), Some(Item::Page(page))) => Happening::PageVisited(page.id),
            (EventFilter::PurlVisited(_), Some(Item::Page(page))) => Happening::PurlVisited(page.id),
            (EventFilter::UrlVisited(_), Some(Item::Page(page))) => Happening::UrlVisited(page.id),
            (EventFilter::LinkClicked(_), Some(Item::Page(page))) => Happening::LinkClicked(page.id),
            (EventFilter::MembershipUpdated(_), Some(Item::Site(site))) => {
                Happening::MembershipUpdated { site: site.id, status: MembershipStatus::Enabled }
            }
            (EventFilter::MembershipCreated(_), Some(Item::Site(site))) => {
                Happening::MembershipCreated { site: site.id, status: MembershipStatus::Enabled }
            }
            (EventFilter::LevelGiven(_), Some(Item::Level(level))) => Happening::LevelGiven(level.id),
            (EventFilter::LevelLost(_), Some(Item::Level(level))) => Happening::LevelLost(level.id),
            (EventFilter::CallLogged, _) => Happening::CallLogged,
            (EventFilter::EmailReceived, _) => Happening::EmailReceived,
            (EventFilter::SmsReceived, _) => Happening::SmsReceived("Hello".into()),
            (EventFilter::Paused(Some(map)), _) => Happening::Paused(*map),
            (EventFilter::Unpaused(Some(map)), _) => Happening::Unpaused(*map),
            (EventFilter::Automation { map: Some(map), change }, _) => {
                let on = Happening::AddedToAutomation(*map);
                return match change {
                    Change::Added => vec![on],
                    Change::Removed => vec![on, Happening::RemovedFromAutomation(*map)],
                };
            }
            // `new` sees to it that a filter about a thing has one.
            _ => Happening::AddedToAutomation(self.map),
        };
        vec![made]
    }

    /// The line of an order of a product, or by a form.
    fn line(&self, thing: &Item) -> Option<OrderLine> {
        let product = match thing {
            Item::Product(product) => product,
            Item::Form(_) => self.goods.as_ref()?,
            _ => return None,
        };
        let price = product.price.unwrap_or(Money::ZERO);
        // Nobody charges a card for nothing, and a map may not count what costs nothing (K-03).
        let must_cost = matches!(self.filter, EventFilter::Card(_) | EventFilter::KeapPurchase(_));
        let amount = if must_cost && price.is_zero() { Money::new(Decimal::ONE) } else { price };
        Some(OrderLine { product: product.id, quantity: Decimal::ONE, amount })
    }

    /// Some value of the right kind.
    fn value(&self, field: &Field, at: Instant) -> Value {
        let date: NaiveDate = self.zone.date_of(at);
        match field.kind {
            FieldKind::Text => Value::Text("updated".into()),
            FieldKind::Number => Value::Number(Decimal::ONE),
            FieldKind::Date | FieldKind::Birthday => Value::Date(date),
            FieldKind::DateTime => Value::DateTime(at),
            FieldKind::YesNo => Value::YesNo(true),
        }
    }

    /// The day in a date field for which the filter's day is the next one.
    fn value_for_tomorrow(&self, field: &Field, at: Instant) -> Value {
        let days = match self.filter.date_rule() {
            Some(DateRule::Field { days, .. }) => i64::from(days),
            _ => 0,
        };
        let today = self.zone.date_of(at);
        let date = today.checked_add_signed(TimeDelta::days(1 - days)).unwrap_or(today);
        match field.kind {
            FieldKind::DateTime => Value::DateTime(self.zone.at(date, self.zone.to_local(at).time())),
            _ => Value::Date(date),
        }
    }
}

/// The things that an order can be by or of to be what the purchase goal asks for, and what there must be one of.
fn keap_things(project: &Project, purchase: &KeapPurchase) -> (Vec<Item>, Option<&'static str>) {
    let forms = project.catalogue.forms.values().filter(|form| purchase.forms.contains(&form.id));
    let products = project.catalogue.products.values().filter(|product| {
        purchase.any
            || purchase.products.contains(&product.id)
            || product.categories.iter().any(|category| purchase.categories.contains(category))
    });
    let things = forms.cloned().map(Item::Form).chain(products.cloned().map(Item::Product)).collect();
    let only_forms = purchase.products.is_empty() && purchase.categories.is_empty();
    let needed = if only_forms { "form" } else { "product" };
    (things, (!purchase.any).then_some(needed))
}

/// The order as a subscription of so many payments; each payment after the first is an event of its own.
fn subscription(order: Order, payments: Option<u16>) -> Order {
    let plan = PaymentPlan { kind: PlanKind::Subscription, payments, every: None, declined: vec![] };
    Order { plan: Some(plan), ..order }
}

/// A subscription and what becomes of it.
fn open_order(order: Order, change: OpenOrderChange) -> Vec<Happening> {
    let reference: Arc<str> = order.reference.as_str().into();
    let payments = (change == OpenOrderChange::Completed).then_some(1);
    let placed = Happening::Order(Arc::new(subscription(order, payments)));
    match change {
        OpenOrderChange::Charged => vec![placed, Happening::Payment { reference, declined: false }],
        OpenOrderChange::Declined => vec![placed, Happening::Payment { reference, declined: true }],
        OpenOrderChange::Cancelled => vec![placed, Happening::OrderCancelled { reference }],
        OpenOrderChange::Completed => vec![placed],
    }
}

/// The number of one of the outcomes that count; none listed: of any that the task has.
fn outcome(task: &Task, listed: &[u8], chance: u64) -> u8 {
    let all: Vec<u8> = (1..=u8::MAX).take(task.outcomes.len()).collect();
    let outcomes = if listed.is_empty() { &all[..] } else { listed };
    outcomes.get(below(chance, outcomes.len() as u64) as usize).copied().unwrap_or(0)
}
