//! Random small projects: every kind of element and event, all switches, many ties in time.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;

use crate::base::id::{ElementId, FieldId, Id, MapId, TagId};
use crate::base::random;
use crate::base::time::{Instant, Span, Unit};
use crate::model::rules::{MoveClears, PastDate, PreviousWaits, SeveralGoals, TextMatch};
use crate::model::*;

/// Everything happens on the hour, so that events and timers meet.
pub const HOUR: i64 = 3_600_000;
/// When events can happen, in hours.
pub const HOURS: usize = 24 * 40;

/// A source of choices.
pub struct Dice {
    seed: u64,
    rolls: u64,
}

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self { seed, rolls: 0 }
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.rolls += 1;
        random::below(random::draw(self.seed, 0, 0, self.rolls), n as u64) as usize
    }

    /// True once in `n` times.
    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Clone>(&mut self, things: &[T]) -> T {
        things[self.below(things.len())].clone()
    }

    fn many<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }

    /// One of three ids.
    fn id<T: Id>(&mut self) -> T {
        T::new(1 + self.below(3) as u32)
    }

    /// An id, and sometimes none yet.
    fn chosen<T: Id>(&mut self) -> Option<T> {
        (!self.one_in(8)).then(|| self.id())
    }

    fn choice<T: Id>(&mut self) -> Choice<T> {
        if self.one_in(2) { Choice::Any } else { Choice::OneOf(self.many(2, Self::id)) }
    }

    pub fn instant(&mut self) -> Instant {
        Instant(self.below(HOURS) as i64 * HOUR)
    }

    fn value(&mut self) -> Value {
        match self.below(6) {
            0 => Value::text(["Ann", "ann", "Bob"][self.below(3)]).unwrap(),
            1 | 2 => Value::Number((self.below(4) as i64).into()),
            3 => Value::Date(NaiveDate::from_ymd_opt(1970, 1, 1 + self.below(20) as u32).unwrap()),
            4 => Value::DateTime(self.instant()),
            _ => Value::YesNo(self.one_in(2)),
        }
    }

    fn condition(&mut self, depth: usize) -> Condition {
        match self.below(if depth == 0 { 4 } else { 7 }) {
            0 => Condition::HasTag(self.chosen()),
            1 => Condition::HasNotTag(self.chosen()),
            2 => {
                let is = self.pick(&FieldOperator::ALL).0;
                Condition::Field { field: self.chosen(), is, value: Some(self.value()) }
            }
            3 => {
                let comparison = self.pick(&Comparison::ALL).0;
                Condition::Ordered { products: self.choice(), comparison, count: self.below(4) as u32 }
            }
            4 => Condition::All(self.many(2, |dice| dice.condition(depth - 1))),
            5 => Condition::Any(self.many(2, |dice| dice.condition(depth - 1))),
            _ => Condition::None(self.many(2, |dice| dice.condition(depth - 1))),
        }
    }

    fn listener(&mut self, goal: bool) -> Listener {
        let on = match self.below(8) {
            0 => {
                let outcome = self.one_in(2).then(|| self.outcome());
                EventFilter::FormSubmitted { form: self.choice(), outcome }
            }
            1 | 2 => EventFilter::Order(self.choice()),
            3 => EventFilter::Refund(self.choice()),
            4 => EventFilter::TagAdded(self.chosen()),
            5 => EventFilter::TagRemoved(self.chosen()),
            6 => EventFilter::FieldUpdated(self.chosen()),
            _ if goal || self.one_in(2) => {
                EventFilter::EmailLinkClicked { email: self.chosen(), link: self.below(2) as u8 }
            }
            _ => EventFilter::Created,
        };
        let who = self.pick(&Who::ALL[..if goal { 4 } else { 2 }]).0;
        let conditions = if self.one_in(4) { self.condition(1) } else { Condition::default() };
        let if_on_map = self.pick(&IfOnMap::ALL).0;
        Listener { on, conditions, who, if_on_map, once: self.one_in(5) }
    }

    fn outcome(&mut self) -> FormOutcome {
        if self.one_in(3) { FormOutcome::Failure } else { FormOutcome::Success }
    }

    fn wait(&mut self) -> Wait {
        let time = self.one_in(2).then(|| NaiveTime::from_hms_opt(self.below(24) as u32, 0, 0).unwrap());
        let until = match self.below(8) {
            0 => Until::Goal,
            1 => {
                let days = [Weekday::Mon, Weekday::Thu, Weekday::Sun];
                Until::DayOfWeek { days: self.many(2, |dice| dice.pick(&days)).into_iter().collect(), time }
            }
            2 => {
                let date = NaiveDate::from_ymd_opt(1970, 1, 1 + self.below(31) as u32).unwrap();
                Until::Date { date, time }
            }
            _ => {
                let (count, unit) = self.pick(&[
                    (0, Unit::Days),
                    (1, Unit::Hours),
                    (12, Unit::Hours),
                    (1, Unit::Days),
                    (2, Unit::Days),
                    (1, Unit::Weeks),
                    (1, Unit::Months),
                ]);
                Until::TimePasses(Span::new(count, unit))
            }
        };
        let zone = if self.one_in(6) { WaitZone::Contact } else { WaitZone::Account };
        Wait { until, zone, goals: vec![] }
    }

    fn rules(&mut self) -> EngineRules {
        EngineRules {
            events_before_timers: !self.one_in(3),
            max_steps_per_instant: self.pick(&[10, 60, 300]),
            previous_waits: self.pick(PreviousWaits::ALL).0,
            upstream_follows_go_to: self.one_in(3),
            move_clears: self.pick(MoveClears::ALL).0,
            entry_event_achieves: self.one_in(3),
            several_goals: self.pick(SeveralGoals::ALL).0,
            past_specific_date: self.pick(PastDate::ALL).0,
            text_match: self.pick(TextMatch::ALL).0,
        }
    }

    fn kind(&mut self) -> ElementKind {
        match self.below(18) {
            0 => ElementKind::Trigger(self.listener(false)),
            1..=5 => ElementKind::Wait(self.wait()),
            6 => ElementKind::Condition(self.condition(2)),
            7 => ElementKind::Split(Split {
                shares: self.pick(&[vec![5_000, 5_000], vec![2_000, 3_000, 5_000]]),
            }),
            8 | 9 => ElementKind::Fork,
            10 | 11 => ElementKind::GoTo(None),
            12 => self.pick(&[ElementKind::End, ElementKind::Exit]),
            13 | 14 => ElementKind::SendEmail(self.chosen()),
            15 | 16 => ElementKind::ChangeTags {
                add: self.many(2, Self::id),
                remove: self.many(1, Self::id::<TagId>),
            },
            _ => {
                let change = match self.below(4) {
                    0 => FieldChange::Set(self.one_in(2).then(|| self.value())),
                    1 => FieldChange::Clear,
                    _ => FieldChange::Add((self.below(3) as i64).into()),
                };
                ElementKind::UpdateField { field: self.chosen::<FieldId>(), change }
            }
        }
    }

    /// A map whose lines lead down and meet again, with goal groups, open ends, and Go To that lead anywhere.
    fn map(&mut self, id: u32, first_element: u32) -> Map {
        let mut map = Map::new(MapId::new(id), format!("map {id}"));
        map.rules = self.rules();
        let mut kinds = vec![
            ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation)),
            ElementKind::Trigger(self.listener(false)),
        ];
        for _ in 0..4 + self.below(16) {
            let kind = self.kind();
            // a goal group now and then: the goals stand below their wait
            if let ElementKind::Wait(mut wait) = kind {
                let goals = if self.one_in(2) { 1 + self.below(2) } else { 0 };
                let first = first_element + kinds.len() as u32 + 1;
                wait.goals = (first..first + goals as u32).map(ElementId::new).collect();
                kinds.push(ElementKind::Wait(wait));
                for _ in 0..goals {
                    kinds.push(ElementKind::Goal(self.listener(true)));
                }
            } else {
                kinds.push(kind);
            }
        }
        let takes_lines: Vec<_> = (0..kinds.len()).filter(|place| kinds[*place].takes_lines()).collect();
        let element = |place: usize| ElementId::new(first_element + place as u32);
        for (place, mut kind) in kinds.into_iter().enumerate() {
            if matches!(kind, ElementKind::GoTo(_)) {
                kind = ElementKind::GoTo((!self.one_in(8)).then(|| element(self.pick(&takes_lines))));
            }
            let below: Vec<_> = takes_lines.iter().copied().filter(|other| *other > place).take(5).collect();
            for port in kind.ports() {
                if !below.is_empty() && !self.one_in(8) {
                    map.lines.insert((element(place), port), element(self.pick(&below)));
                }
            }
            let id = element(place);
            map.elements.insert(id, Element { id, name: String::new(), kind, place: None });
        }
        assert_eq!(map.fault(), None);
        map
    }

    fn happening(&mut self) -> Happening {
        let order = |dice: &mut Self| {
            let line = |dice: &mut Self| OrderLine {
                product: dice.id(),
                quantity: (1 + dice.below(2) as i64).into(),
                amount: Default::default(),
            };
            Arc::new(Order { reference: dice.below(100).to_string(), lines: dice.many(2, line) })
        };
        match self.below(10) {
            0 | 1 => Happening::FormSubmitted { form: self.id(), outcome: self.outcome() },
            2 | 3 => Happening::Order(order(self)),
            4 => Happening::Refund(order(self)),
            5 => Happening::TagAdded(self.id()),
            6 => Happening::TagRemoved(self.id()),
            7 => Happening::FieldUpdated { field: self.id(), value: (!self.one_in(4)).then(|| self.value()) },
            8 => Happening::EmailLinkClicked { email: self.id(), link: self.below(3) as u8 },
            _ => Happening::AddedToAutomation(self.id()),
        }
    }

    fn contact(&mut self, number: usize) -> Contact {
        let mut tags = self.many(2, Self::id::<TagId>);
        tags.sort_unstable();
        tags.dedup();
        let fields: BTreeMap<_, _> =
            self.many(2, |dice| (dice.id::<FieldId>(), dice.value())).into_iter().collect();
        Contact {
            key: format!("c{number}").into(),
            created: self.one_in(3).then(|| self.instant()),
            zone: self.one_in(3).then_some(Tz::America__New_York),
            tags: tags.into(),
            fields: fields.into_iter().collect(),
        }
    }

    /// A project of up to three maps and twelve contacts.
    pub fn project(&mut self) -> Project {
        let mut project = Project::new("0", "random");
        project.settings.account_zone = if self.one_in(4) { Tz::Europe__Berlin } else { Tz::UTC };
        for number in 1..=1 + self.below(3) as u32 {
            let map = self.map(number, number * 100);
            project.maps.insert(map.id, Arc::new(map));
        }
        let contacts: Vec<_> = (0..12).map(|number| self.contact(number)).collect();
        let mut events = vec![];
        for contact in 0..contacts.len() as u32 {
            events.extend(
                self.many(14, |dice| {
                    (ContactIx(contact), Event { at: dice.instant(), what: dice.happening() })
                }),
            );
        }
        project.people = Arc::new(People::new(contacts, events).unwrap());
        project
    }
}
