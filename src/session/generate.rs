//! Invented contacts: they come in over some days by what a trigger listens for, and some of them do later what a goal
//! hopes for. All chance is a hash of the seed and the contact's number, so the same settings give the same contacts.

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::command::Command;
use crate::base::id::MapId;
use crate::base::money::Money;
use crate::base::random::{basis_points, below, draw, exponential_millis};
use crate::base::time::{Instant, Zone};
use crate::model::{
    Choice, Contact, ContactIx, ElementKind, Event, EventFilter, Field, FieldKind, FormOutcome, Graph,
    Happening, Item, Order, OrderLine, People, Project, Value, words,
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
    #[error("“{event}” needs something that the account has not: {what}; add it first")]
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
    let kinds = || graph.order.iter().filter_map(|id| map.element(*id)).map(|element| &element.kind);
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
        match enter.make(at, chance(For::EnterChoice), number) {
            Happening::Created => contact.created = Some(at),
            what => events.push((ix, Event { at, what })),
        }
        if let Some((rate, goal)) = &goal
            && basis_points(chance(For::Achieves)) < rate.share
        {
            let delay = exponential_millis(chance(For::Delay), i64::from(rate.mean_days) * DAY);
            // At the earliest a minute later, on the full minute.
            let at = at.plus_millis((delay / MINUTE + 1).saturating_mul(MINUTE));
            events.push((ix, Event { at, what: goal.make(at, chance(For::GoalChoice), number) }));
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

/// Makes events that a filter matches.
struct Maker<'a> {
    filter: &'a EventFilter,
    map: MapId,
    /// What may be chosen from, where the filter is about things of the account.
    things: Vec<Item>,
    zone: Zone,
}

impl<'a> Maker<'a> {
    fn new(project: &Project, filter: &'a EventFilter, map: MapId) -> Result<Self, GenerateError> {
        let event = filter.event_type().info().title;
        if filter.is_incomplete() {
            return Err(GenerateError::Incomplete(event));
        }
        let named: Vec<_> = filter.uses().into_iter().filter_map(|id| project.catalogue.get(id)).collect();
        let of_word = |word: &str| -> Vec<Item> {
            project.catalogue.items().filter(|item| item.id().word() == word).collect()
        };
        let (things, needed) = match filter {
            EventFilter::Created | EventFilter::AddedToAutomation => (vec![], None),
            EventFilter::FormSubmitted { form: Choice::Any, .. } => (of_word("form"), Some("form")),
            // An order without lines is an order of any product too.
            EventFilter::Order(Choice::Any) | EventFilter::Refund(Choice::Any) => (of_word("product"), None),
            EventFilter::FormSubmitted { .. } => (named, Some("form")),
            EventFilter::Order(_) | EventFilter::Refund(_) => (named, Some("product")),
            EventFilter::TagAdded(_) | EventFilter::TagRemoved(_) => (named, Some("tag")),
            EventFilter::FieldUpdated(_) => (named, Some("field")),
            EventFilter::EmailLinkClicked { .. } => (named, Some("e-mail")),
        };
        match needed {
            Some(what) if things.is_empty() => Err(GenerateError::Nothing { event, what }),
            _ => Ok(Self { filter, map, things, zone: Zone::new(project.settings.account_zone) }),
        }
    }

    fn make(&self, at: Instant, chance: u64, number: u64) -> Happening {
        let thing = self.things.get(below(chance, self.things.len() as u64) as usize);
        let order = || {
            let line = thing.and_then(|thing| match thing {
                Item::Product(product) => {
                    let amount = product.price.unwrap_or(Money::ZERO);
                    Some(OrderLine { product: product.id, quantity: Decimal::ONE, amount })
                }
                _ => None,
            });
            Arc::new(Order { reference: format!("G-{number:06}"), lines: line.into_iter().collect() })
        };
        match (self.filter, thing) {
            (EventFilter::Created, _) => Happening::Created,
            (EventFilter::Order(_), _) => Happening::Order(order()),
            (EventFilter::Refund(_), _) => Happening::Refund(order()),
            (EventFilter::FormSubmitted { outcome, .. }, Some(Item::Form(form))) => {
                Happening::FormSubmitted { form: form.id, outcome: outcome.unwrap_or(FormOutcome::Success) }
            }
            (EventFilter::TagAdded(_), Some(Item::Tag(tag))) => Happening::TagAdded(tag.id),
            (EventFilter::TagRemoved(_), Some(Item::Tag(tag))) => Happening::TagRemoved(tag.id),
            (EventFilter::FieldUpdated(_), Some(Item::Field(field))) => {
                Happening::FieldUpdated { field: field.id, value: Some(self.value(field, at)) }
            }
            (EventFilter::EmailLinkClicked { link, .. }, Some(Item::Email(email))) => {
                Happening::EmailLinkClicked { email: email.id, link: (*link).max(1) }
            }
            // `new` sees to it that a filter about a thing has one.
            _ => Happening::AddedToAutomation(self.map),
        }
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
}
