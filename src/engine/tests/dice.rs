//! Random small projects: every kind of element and event, all switches, many ties in time.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;

use crate::base::id::{ElementId, FieldId, Id, MapId, SequenceId, TagId};
use crate::base::random;
use crate::base::time::{Instant, Side, Span, Unit, Weekdays};
use crate::model::catalogue::Shelved;
use crate::model::condition::CONDITION_KINDS;
use crate::model::filter::{EVENT_TYPES, ListenedBy};
use crate::model::rules::*;
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

    /// One of a table of values with their words.
    fn of<T: Copy>(&mut self, all: &[(T, &str)]) -> T {
        self.pick(all).0
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

    fn date(&mut self) -> NaiveDate {
        NaiveDate::from_ymd_opt(1970, 1, 1 + self.below(31) as u32).unwrap()
    }

    fn time(&mut self) -> NaiveTime {
        NaiveTime::from_hms_opt(self.below(24) as u32, 0, 0).unwrap()
    }

    fn span(&mut self) -> Span {
        let (count, unit) = self.pick(&[
            (0, Unit::Days),
            (1, Unit::Hours),
            (12, Unit::Hours),
            (1, Unit::Days),
            (2, Unit::Days),
            (1, Unit::Weeks),
            (1, Unit::Months),
        ]);
        Span::new(count, unit)
    }

    fn side(&mut self) -> Side {
        self.pick(&[Side::Before, Side::After])
    }

    fn value(&mut self) -> Value {
        match self.below(6) {
            0 => Value::text(["Ann", "ann", "Bob"][self.below(3)]).unwrap(),
            1 | 2 => Value::Number((self.below(4) as i64).into()),
            3 => Value::Date(self.date()),
            4 => Value::DateTime(self.instant()),
            _ => Value::YesNo(self.one_in(2)),
        }
    }

    fn condition(&mut self, depth: usize) -> Condition {
        if depth > 0 && self.one_in(2) {
            let parts = self.many(2, |dice| dice.condition(depth - 1));
            return match self.below(3) {
                0 => Condition::All(parts),
                1 => Condition::Any(parts),
                _ => Condition::None(parts),
            };
        }
        let info = &CONDITION_KINDS[self.below(CONDITION_KINDS.len())];
        let comparison = self.of(&Comparison::ALL);
        let count = self.below(4) as u32;
        match (info.blank)() {
            Condition::SubscribedToMap { .. } => Condition::SubscribedToMap {
                map: self.chosen(),
                is: self.of(&Timing::ALL),
                date: (!self.one_in(8)).then(|| self.date()),
            },
            Condition::OnMapFor { .. } => {
                Condition::OnMapFor { map: self.chosen(), bound: self.of(&Bound::ALL), span: self.span() }
            }
            Condition::MapState { .. } => Condition::MapState { map: self.chosen(), paused: self.one_in(2) },
            Condition::Field { .. } if self.one_in(3) => Condition::FieldRelative {
                field: self.chosen(),
                is: self.of(&FieldOperator::ALL),
                side: self.side(),
                span: self.span(),
            },
            Condition::Field { .. } => {
                let is = self.of(&FieldOperator::ALL);
                Condition::Field { field: self.chosen(), is, value: Some(self.value()) }
            }
            Condition::NowIs { .. } => {
                let moment = match self.below(3) {
                    0 => Moment::Weekday(Weekday::Thu),
                    1 => Moment::Date(self.date()),
                    _ => Moment::Time(self.time()),
                };
                Condition::NowIs { is: self.of(&Timing::ALL), moment }
            }
            Condition::HasTag(_) => Condition::HasTag(self.chosen()),
            Condition::HasNotTag(_) => Condition::HasNotTag(self.chosen()),
            Condition::OnList(_) => Condition::OnList(self.chosen()),
            Condition::NotOnList(_) => Condition::NotOnList(self.chosen()),
            Condition::Related { .. } => Condition::Related {
                relationship: self.chosen(),
                record: self.pick(&["", "Acme"]).into(),
                exists: self.one_in(2),
            },
            Condition::Opened { .. } => Condition::Opened { email: self.chosen(), comparison, count },
            Condition::Clicked { .. } => {
                Condition::Clicked { email: self.chosen(), link: self.below(2) as u8, comparison, count }
            }
            Condition::SmsContains(_) => Condition::SmsContains(self.pick(&["", "yes"]).into()),
            Condition::SmsDoesNotContain(_) => Condition::SmsDoesNotContain("YES".into()),
            Condition::Spent { .. } => {
                let amount = crate::base::money::Money::new((self.below(3) as i64 * 10).into());
                Condition::Spent { products: self.choice(), comparison, amount }
            }
            Condition::Ordered { .. } => Condition::Ordered { products: self.choice(), comparison, count },
            Condition::Subscribed { .. } => {
                Condition::Subscribed { products: self.choice(), subscribed: self.one_in(2) }
            }
            Condition::SubscribedFor { .. } => Condition::SubscribedFor {
                products: self.choice(),
                bound: self.of(&Bound::ALL),
                span: self.span(),
            },
            Condition::VisitedSite { .. } => {
                Condition::VisitedSite { site: self.chosen(), comparison, count }
            }
            Condition::VisitedPage { .. } => {
                Condition::VisitedPage { page: self.chosen(), comparison, count }
            }
            Condition::MembershipIs { .. } => {
                Condition::MembershipIs { site: self.chosen(), status: self.of(MembershipStatus::ALL) }
            }
            Condition::HasLevel(_) => Condition::HasLevel(self.chosen()),
            Condition::HasNotLevel(_) => Condition::HasNotLevel(self.chosen()),
            other => other,
        }
    }

    fn filter(&mut self, goal: bool) -> EventFilter {
        // what is commonest in life comes oftener
        let event_type = match self.below(3) {
            0 => self.pick(&[EventType::Purchased, EventType::FormSubmitted, EventType::TagAdded]),
            _ => EVENT_TYPES[self.below(EVENT_TYPES.len() - 1)].event_type,
        };
        let other = if goal { ListenedBy::Triggers } else { ListenedBy::Goals };
        if event_type.info().listened_by == other {
            return self.filter(goal);
        }
        let change = self.of(&Change::ALL);
        match EventFilter::blank(event_type) {
            EventFilter::FieldUpdated(_) => EventFilter::FieldUpdated(self.chosen()),
            EventFilter::Paused(_) => EventFilter::Paused(self.chosen()),
            EventFilter::Unpaused(_) => EventFilter::Unpaused(self.chosen()),
            EventFilter::TagAdded(_) => EventFilter::TagAdded(self.chosen()),
            EventFilter::TagRemoved(_) => EventFilter::TagRemoved(self.chosen()),
            EventFilter::ListAdded(_) => EventFilter::ListAdded(self.chosen()),
            EventFilter::ListRemoved(_) => EventFilter::ListRemoved(self.chosen()),
            EventFilter::DateMatches(_) => EventFilter::DateMatches(self.chosen()),
            EventFilter::DateRelative { .. } => EventFilter::DateRelative {
                field: self.chosen(),
                side: self.side(),
                days: self.below(4) as u32,
            },
            EventFilter::SpecificDate(_) => EventFilter::SpecificDate(Some(self.date())),
            EventFilter::Automation { .. } => EventFilter::Automation { map: self.chosen(), change },
            EventFilter::TaskCompleted { .. } => EventFilter::TaskCompleted {
                task: self.chosen(),
                outcomes: self.many(1, |d| d.below(3) as u8),
            },
            EventFilter::FormSubmitted { .. } => {
                let outcome = self.one_in(2).then(|| self.outcome());
                EventFilter::FormSubmitted { form: self.choice(), outcome }
            }
            EventFilter::Relationship { .. } => {
                EventFilter::Relationship { relationship: self.chosen(), change }
            }
            EventFilter::EmailLinkClicked { .. } => {
                EventFilter::EmailLinkClicked { email: self.chosen(), link: self.below(2) as u8 }
            }
            EventFilter::Purchased { .. } => {
                let plan_payments = self.of(PlanPayments::ALL);
                EventFilter::Purchased { products: self.choice(), plan_payments }
            }
            EventFilter::KeapPurchase(_) => EventFilter::KeapPurchase(KeapPurchase {
                any: self.one_in(3),
                forms: self.many(1, Self::id),
                products: self.many(2, Self::id),
                categories: self.many(1, Self::id),
                payments: if self.one_in(2) {
                    Choice::Any
                } else {
                    Choice::OneOf(vec![PaymentKind::Cash, PaymentKind::CreditCard])
                },
            }),
            EventFilter::Refund(_) => EventFilter::Refund(self.choice()),
            EventFilter::CheckoutAbandoned { .. } => {
                EventFilter::CheckoutAbandoned { products: self.choice(), provider: None }
            }
            EventFilter::PageVisited(_) => EventFilter::PageVisited(self.chosen()),
            EventFilter::PurlVisited(_) => EventFilter::PurlVisited(self.chosen()),
            EventFilter::OpenOrder(_) => EventFilter::OpenOrder(self.of(&OpenOrderChange::ALL)),
            EventFilter::Card(_) => EventFilter::Card(self.of(&CardOutcome::ALL)),
            EventFilter::UrlVisited(_) => EventFilter::UrlVisited(self.chosen()),
            EventFilter::LinkClicked(_) => EventFilter::LinkClicked(self.chosen()),
            EventFilter::MembershipUpdated(_) => EventFilter::MembershipUpdated(self.chosen()),
            EventFilter::MembershipCreated(_) => EventFilter::MembershipCreated(self.chosen()),
            EventFilter::LevelGiven(_) => EventFilter::LevelGiven(self.chosen()),
            EventFilter::LevelLost(_) => EventFilter::LevelLost(self.chosen()),
            other => other,
        }
    }

    fn listener(&mut self, goal: bool) -> Listener {
        let on = self.filter(goal);
        let who = self.pick(&Who::ALL[..if goal { 4 } else { 2 }]).0;
        let conditions = if self.one_in(4) { self.condition(1) } else { Condition::default() };
        let if_on_map = self.of(&IfOnMap::ALL);
        // K-05
        let if_on_map = if matches!(on, EventFilter::KeapPurchase(_)) { IfOnMap::Move } else { if_on_map };
        Listener { on, conditions, who, if_on_map, once: self.one_in(5) }
    }

    fn outcome(&mut self) -> FormOutcome {
        if self.one_in(3) { FormOutcome::Failure } else { FormOutcome::Success }
    }

    fn wait(&mut self) -> Wait {
        let time = self.one_in(2).then(|| self.time());
        let days = [Weekday::Mon, Weekday::Thu, Weekday::Sun];
        let limit = self.one_in(2).then(|| self.span());
        let until = match self.below(16) {
            0 => Until::Goal,
            1 => Until::DayOfWeek { days: self.many(2, |dice| dice.pick(&days)).into_iter().collect(), time },
            2 => Until::Date { date: self.date(), time },
            3 => Until::Relative { field: self.chosen(), side: self.side(), span: self.span(), time },
            4 => Until::TimeOfDay { time: self.time(), limit },
            5 | 6 => Until::Conditions { condition: self.condition(1), limit },
            7 => {
                let (unit, ..) = self.pick(&DelayUnit::ALL);
                let time = match self.below(3) {
                    0 => DelayTime::Any,
                    1 => DelayTime::At(self.time()),
                    _ => DelayTime::Between(self.time(), self.time()),
                };
                let days = if self.one_in(2) { Weekdays::ALL } else { Weekdays::WEEKDAYS };
                Until::Delay(Delay { count: self.below(4) as u32, unit, days, time })
            }
            8 => Until::DateTimer { date: self.date(), time },
            9 => Until::FieldTimer { field: self.chosen(), side: self.side(), span: self.span(), time },
            10 if self.one_in(3) => Until::NotSet,
            _ => Until::TimePasses(self.span()),
        };
        let zone = if self.one_in(6) { WaitZone::Contact } else { WaitZone::Account };
        Wait { until, zone, goals: vec![] }
    }

    fn rules(&mut self) -> EngineRules {
        EngineRules {
            events_before_timers: !self.one_in(3),
            pause_keeps_time: !self.one_in(3),
            events_while_paused: self.of(WhilePaused::ALL),
            max_steps_per_instant: self.pick(&[10, 60, 300]),
            previous_waits: self.of(PreviousWaits::ALL),
            upstream_follows_go_to: self.one_in(3),
            move_clears: self.of(MoveClears::ALL),
            entry_event_achieves: self.one_in(3),
            several_goals: self.of(SeveralGoals::ALL),
            plan_payments: self.of(PlanPayments::ALL),
            zero_total_pays: !self.one_in(3),
            sequence_reentry: self.of(Reentry::ALL),
            branch_policy: self.of(BranchPolicy::ALL),
            field_timer_reads: self.of(FieldTimerReads::ALL),
            late_step_days: self.pick(&[0, 1, 7]),
            past_relative_date: self.of(PastRelativeDate::ALL),
            past_specific_date: self.of(PastDate::ALL),
            edited_wait: self.of(EditedWait::ALL),
            split_draw: self.of(SplitDraw::ALL),
            text_match: self.of(TextMatch::ALL),
        }
    }

    fn action(&mut self) -> Action {
        let span = self.span();
        match self.below(30) {
            0..=3 => Action::SendEmail(self.chosen()),
            4 => Action::SendSms(self.chosen()),
            5 => Action::SendPostcard(self.chosen()),
            6 => Action::AssignTask { task: self.chosen(), due_in_days: 1, owner: None },
            7 => Action::Notify { member: None, by_sms: false, text: "look".into() },
            8..=10 => {
                let change = match self.below(5) {
                    0 => FieldChange::Set(self.one_in(2).then(|| self.value())),
                    1 => FieldChange::Clear,
                    2 => FieldChange::Shift(self.side(), span),
                    _ => FieldChange::Add((self.below(3) as i64).into()),
                };
                Action::UpdateField { field: self.chosen::<FieldId>(), change }
            }
            11 | 12 => {
                Action::ChangeTags { add: self.many(2, Self::id), remove: self.many(1, Self::id::<TagId>) }
            }
            13 | 14 => Action::AddToMap(self.chosen()),
            15 => Action::RemoveFromMap(self.chosen()),
            16 => Action::PauseOnMap(self.chosen()),
            17 => Action::UnpauseOnMap(self.chosen()),
            18 => Action::AddToList(self.chosen()),
            19 => Action::RemoveFromList(self.chosen()),
            20 => Action::RemoveFromAllLists,
            21 => Action::AddPurchase { product: self.chosen(), quantity: 1, amount: None },
            22 => Action::CancelOpenOrders(self.choice()),
            23 => Action::RechargeDeclined,
            24 => Action::SetMembership { site: self.chosen(), status: self.of(MembershipStatus::ALL) },
            25 => Action::GiveLevel(self.chosen()),
            26 => Action::RemoveLevel(self.chosen()),
            27 => Action::AddRelationship { relationship: self.chosen(), record: "Acme".into() },
            28 => Action::RemoveRelationship { relationship: self.chosen(), record: String::new() },
            _ => {
                let members = self.many(3, |dice| (dice.id(), dice.below(3) as u16));
                Action::RouteLead(LeadRouter { members, in_turn: self.one_in(2) })
            }
        }
    }

    fn kind(&mut self) -> ElementKind {
        match self.below(20) {
            0 => ElementKind::Trigger(self.listener(false)),
            1..=5 => ElementKind::Wait(self.wait()),
            6 => ElementKind::Condition(self.condition(2)),
            7 => ElementKind::Split(Split {
                shares: self.pick(&[vec![5_000, 5_000], vec![2_000, 3_000, 5_000]]),
            }),
            8 => ElementKind::Fork,
            9 => {
                let policy = self.pick(&[BranchPolicy::AllMatching, BranchPolicy::FirstMatch]);
                let branch = |dice: &mut Self| Branch { rule: dice.condition(1), ..Branch::default() };
                ElementKind::Branches(Branches { policy, branches: (0..2).map(|_| branch(self)).collect() })
            }
            10 | 11 => ElementKind::GoTo(None),
            12 => self.pick(&[ElementKind::End, ElementKind::Exit]),
            _ => ElementKind::Action(self.action()),
        }
    }

    /// A map whose lines lead down and meet again, with goal groups, open ends, sequences, and Go To that lead anywhere.
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
                    // the next one most often, so that steps follow one another
                    let to = if self.one_in(2) { below[0] } else { self.pick(&below) };
                    map.lines.insert((element(place), port), element(to));
                }
            }
            let id = element(place);
            let draft = kind.is_step() && self.one_in(12);
            map.elements.insert(id, Element { id, name: String::new(), kind, draft, place: None });
        }
        self.sequences(&mut map);
        assert_eq!(map.fault(), None);
        map
    }

    /// Runs of steps become sequences.
    fn sequences(&mut self, map: &mut Map) {
        let ids: Vec<_> = map.elements.keys().copied().collect();
        let mut taken = vec![];
        for first in ids {
            let mut steps = vec![];
            let mut next = Some(first);
            while let Some(step) = next
                && map.elements[&step].kind.is_step()
                && !taken.contains(&step)
                && steps.len() < 5
            {
                steps.push(step);
                next = map.target(step, Port::Next);
            }
            if steps.len() > 1 && self.one_in(3) {
                taken.extend(steps.iter().copied());
                let id = SequenceId::new(first.number());
                let sequence =
                    Sequence { id, name: id.to_string(), steps, runs_until_completed: self.one_in(3) };
                map.sequences.insert(id, sequence);
            }
        }
    }

    /// A later version: other settings here and there, and elements gone.
    fn later(&mut self, map: &Map) -> Map {
        let mut later = map.clone();
        for id in map.elements.keys() {
            let element = later.elements.get_mut(id).unwrap();
            if self.one_in(5)
                && let ElementKind::Wait(wait) = &mut element.kind
            {
                let until = self.wait().until;
                // the ways out stay the same
                if (until == Until::Goal) == (wait.until == Until::Goal) {
                    wait.until = until;
                }
            } else if self.one_in(8) && matches!(element.kind, ElementKind::Action(_)) {
                element.kind = ElementKind::Action(self.action());
            } else if self.one_in(10) && element.kind.takes_lines() && element.kind.goals().is_empty() {
                later.elements.remove(id);
                later.lines.retain(|(from, _), to| from != id && to != id);
                for other in later.elements.values_mut() {
                    if other.kind == ElementKind::GoTo(Some(*id)) {
                        other.kind = ElementKind::GoTo(None);
                    }
                }
                later.sequences.retain(|_, sequence| !sequence.steps.contains(id));
            }
        }
        later.sequences.retain(|_, _| !self.one_in(6));
        // a step that was inserted
        let next = 50 + map.elements.keys().next_back().map_or(0, |id| id.number());
        if let Some(sequence) = later.sequences.values_mut().next()
            && self.one_in(2)
        {
            let (id, at) = (ElementId::new(next), self.below(sequence.steps.len()));
            let above = sequence.steps[at];
            let below = later.lines.insert((above, Port::Next), id);
            if let Some(below) = below {
                later.lines.insert((id, Port::Next), below);
            }
            sequence.steps.insert(at + 1, id);
            let kind = ElementKind::Action(Action::SendEmail(Some(self.id())));
            later.elements.insert(id, Element { id, name: String::new(), kind, draft: false, place: None });
        }
        assert_eq!(later.fault(), None);
        later
    }

    fn order(&mut self) -> Order {
        let line = |dice: &mut Self| OrderLine {
            product: dice.id(),
            quantity: (1 + dice.below(2) as i64).into(),
            amount: crate::base::money::Money::new((dice.below(3) as i64 * 10).into()),
        };
        let plan = PaymentPlan {
            kind: self.of(PlanKind::ALL),
            payments: (!self.one_in(3)).then(|| 1 + self.below(3) as u16),
            every: (!self.one_in(3)).then(|| Span::new(1 + self.below(3) as u32, Unit::Days)),
            declined: self.many(2, |dice| 2 + dice.below(2) as u16),
        };
        Order {
            reference: self.below(3).to_string(),
            lines: self.many(2, line),
            source: self.of(OrderSource::ALL),
            form: self.one_in(3).then(|| self.id()),
            method: self.of(PaymentKind::ALL),
            payment: self.of(FirstPayment::ALL),
            plan: self.one_in(3).then_some(plan),
            touchpoint: None,
        }
    }

    fn happening(&mut self) -> Happening {
        let reference = Arc::from(self.below(3).to_string());
        let record = Arc::from(self.pick(&["Acme", "Zen"]));
        match self.below(40) {
            0..=3 => Happening::FormSubmitted { form: self.id(), outcome: self.outcome() },
            4..=7 => Happening::Order(Arc::new(self.order())),
            8 => Happening::Refund(Arc::new(self.order())),
            9 | 10 => Happening::TagAdded(self.id()),
            11 => Happening::TagRemoved(self.id()),
            12 => {
                Happening::FieldUpdated { field: self.id(), value: (!self.one_in(4)).then(|| self.value()) }
            }
            13 => Happening::EmailLinkClicked { email: self.id(), link: self.below(3) as u8 },
            14 | 15 => Happening::AddedToAutomation(self.id()),
            16 => Happening::RemovedFromAutomation(self.id()),
            17 | 18 => Happening::Paused(self.id()),
            19 | 20 => Happening::Unpaused(self.id()),
            21 => Happening::ListAdded(self.id()),
            22 => Happening::ListRemoved(self.id()),
            23 => Happening::RelationshipAdded { relationship: self.id(), record },
            24 => Happening::RelationshipRemoved { relationship: self.id(), record },
            25 => Happening::TaskCompleted { task: self.id(), outcome: self.below(3) as u8 },
            26 => self.pick(&[Happening::CallLogged, Happening::EmailReceived]),
            27 => Happening::EmailStatus(self.of(EmailStatus::ALL)),
            28 => Happening::SmsStatus(self.of(SmsStatus::ALL)),
            29 => Happening::EmailOpened(self.id()),
            30 => Happening::EmailBounced { email: self.id(), hard: self.one_in(4) },
            31 => Happening::SmsReceived(self.pick(&["no", "yes please", "a@b.c"]).into()),
            32 => Happening::Payment { reference, declined: self.one_in(3) },
            33 => Happening::OrderCancelled { reference },
            34 => {
                let checkout = Checkout {
                    reference: self.pick(&["", "1"]).into(),
                    products: self.many(2, Self::id),
                    provider: self.of(Provider::ALL),
                };
                let checkout = Arc::new(checkout);
                if self.one_in(4) {
                    Happening::CheckoutAbandoned(checkout)
                } else {
                    Happening::CheckoutStarted(checkout)
                }
            }
            35 => Happening::PageVisited(self.id()),
            36 => self.pick(&[Happening::PurlVisited(Id::new(1)), Happening::UrlVisited(Id::new(2))]),
            37 => self.pick(&[Happening::LinkClicked(Id::new(1)), Happening::SiteVisited(Id::new(2))]),
            38 => {
                let (site, status) = (self.id(), self.of(MembershipStatus::ALL));
                if self.one_in(2) {
                    Happening::MembershipUpdated { site, status }
                } else {
                    Happening::MembershipCreated { site, status }
                }
            }
            _ => self.pick(&[Happening::LevelGiven(Id::new(1)), Happening::LevelLost(Id::new(1))]),
        }
    }

    fn contact(&mut self, number: usize) -> Contact {
        let mut tags = self.many(2, Self::id::<TagId>);
        tags.sort_unstable();
        tags.dedup();
        let fields: BTreeMap<_, _> =
            self.many(2, |dice| (dice.id::<FieldId>(), dice.value())).into_iter().collect();
        let more = MoreOfContact {
            email_status: self.of(EmailStatus::ALL),
            sms_status: self.of(SmsStatus::ALL),
            lists: vec![self.id()],
            levels: vec![self.id()],
            memberships: vec![(self.id(), MembershipStatus::Enabled)],
            ..MoreOfContact::default()
        };
        Contact {
            key: format!("c{number}").into(),
            created: self.one_in(3).then(|| self.instant()),
            zone: self.one_in(3).then_some(Tz::America__New_York),
            tags: tags.into(),
            fields: fields.into_iter().collect(),
            more: self.one_in(3).then(|| Box::new(more)),
        }
    }

    /// Products in categories, forms with lists, lists that are left, tasks that act, fields of all kinds.
    fn catalogue(&mut self) -> Catalogue {
        let mut catalogue = Catalogue::default();
        for number in 1..=3 {
            let categories = self.many(2, Self::id);
            let product = Product { categories, ..Product::new(Id::new(number), "product") };
            catalogue.products.insert(product.id, product);
            let form = Form { list: self.chosen(), map: self.chosen(), ..Form::new(Id::new(number), "form") };
            catalogue.forms.insert(form.id, form);
            let leaves_after = self.one_in(2).then(|| self.span());
            let list = List { leaves_after, ..List::new(Id::new(number), "list") };
            catalogue.lists.insert(list.id, list);
            let outcome =
                |dice: &mut Self| Outcome { name: "done".into(), actions: dice.many(2, Self::action) };
            let task = Task { outcomes: self.many(2, outcome), ..Task::new(Id::new(number), "task") };
            catalogue.tasks.insert(task.id, task);
            let field = Field { kind: self.of(&FieldKind::ALL), ..Field::new(Id::new(number), "field") };
            catalogue.fields.insert(field.id, field);
            let email = Email { transactional: self.one_in(2), ..Email::new(Id::new(number), "mail") };
            catalogue.emails.insert(email.id, email);
        }
        catalogue
    }

    /// A project of up to three maps and twelve contacts.
    pub fn project(&mut self) -> Project {
        let mut project = Project::new("0", "random");
        project.settings.account_zone = if self.one_in(4) { Tz::Europe__Berlin } else { Tz::UTC };
        project.settings.date_event_time = self.time();
        (project.settings.email_sync, project.settings.tracking_code) = (true, true);
        project.catalogue = Arc::new(self.catalogue());
        for number in 1..=1 + self.below(3) as u32 {
            let map = self.map(number, number * 100);
            project.maps.insert(map.id, Arc::new(map));
        }
        for (id, map) in project.maps.clone() {
            if self.one_in(2) {
                continue;
            }
            let mut version = (*map).clone();
            let first = if self.one_in(4) { Some(self.instant()) } else { None };
            let mut at = first.unwrap_or(Instant(0));
            let mut versions = vec![Publication {
                at: first,
                place_matching: self.one_in(4),
                map: Arc::new(version.clone()),
            }];
            for _ in 0..self.below(3) {
                version = self.later(&version);
                at = at.plus_millis((1 + self.below(HOURS / 3)) as i64 * HOUR);
                let place_matching = self.one_in(3);
                versions.push(Publication { at: Some(at), place_matching, map: Arc::new(version.clone()) });
            }
            project.published.insert(id, versions);
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
