//! Elements with their settings.

use chrono::{NaiveDate, Weekday};
use gateline::base::id::{FieldId, Id, MemberId, TagId};
use gateline::base::money::Money;
use gateline::base::time::{Side, Weekdays};
use gateline::model::filter::EVENT_TYPES;
use gateline::model::rules::*;
use gateline::model::*;

use super::Dice;
use super::account::FIELDS;

const SIDES: [Side; 2] = [Side::Before, Side::After];
const DAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

impl Dice {
    /// A field and what its kind says that it may hold; now and then something else.
    pub fn field_and_value(&mut self) -> (FieldId, Value) {
        let place = self.below(FIELDS.len());
        let kind = if self.one_in(20) { self.pick(&FIELDS) } else { FIELDS[place] };
        let value = match kind {
            FieldKind::Text => Value::Text(self.pick(&["Ann", "ann", "Bob", "Anna"]).into()),
            FieldKind::Number => Value::Number((self.below(4) as i64).into()),
            FieldKind::Date => Value::Date(self.date()),
            FieldKind::Birthday if self.one_in(2) => {
                Value::Date(NaiveDate::from_ymd_opt(2000, 2, 29).unwrap())
            }
            FieldKind::Birthday => {
                let date = self.date();
                let year = self.pick(&[1983, 2000, 2027]);
                Value::Date(chrono::Datelike::with_year(&date, year).unwrap_or(date))
            }
            FieldKind::DateTime => Value::DateTime(self.instant()),
            FieldKind::YesNo => Value::YesNo(self.one_in(2)),
        };
        (FieldId::new(place as u32 + 1), value)
    }

    /// Mostly a field with a date.
    fn date_field(&mut self) -> Option<FieldId> {
        (!self.one_in(20)).then(|| FieldId::new(self.pick(&[1, 1, 2, 2, 3, 4])))
    }

    fn any_field(&mut self) -> Option<FieldId> {
        (!self.one_in(20)).then(|| FieldId::new(1 + self.below(FIELDS.len()) as u32))
    }

    fn weekdays(&mut self) -> Weekdays {
        if self.one_in(2) {
            Weekdays::ALL
        } else {
            self.many(4, |dice| dice.pick(&DAYS)).into_iter().collect()
        }
    }

    pub fn condition(&mut self, depth: usize) -> Condition {
        let comparison = self.pick(&Comparison::ALL).0;
        let count = self.below(3) as u32;
        let bound = self.pick(&Bound::ALL).0;
        let timing = self.pick(&Timing::ALL).0;
        match self.below(if depth == 0 { 41 } else { 45 }) {
            0 | 1 => Condition::HasTag(self.chosen()),
            2 | 3 => Condition::HasNotTag(self.chosen()),
            4 => Condition::SubscribedToMap { map: self.chosen_map(), is: timing, date: Some(self.date()) },
            5 => Condition::OnMapFor { map: self.chosen_map(), bound, span: self.span() },
            6 | 30 => Condition::MapState { map: self.chosen_map(), paused: self.one_in(2) },
            7..=9 => {
                let is = self.pick(&FieldOperator::ALL).0;
                let (field, value) = self.field_and_value();
                let field = if self.one_in(8) { self.any_field() } else { Some(field) };
                let of_time = matches!(value, Value::DateTime(_)) && self.one_in(2);
                let value = if of_time { Value::Date(self.date()) } else { value };
                Condition::Field { field, is, value: Some(value) }
            }
            39 | 40 => {
                let (is, text) = (self.pick(&FieldOperator::ALL).0, self.pick(&["Ann", "an", "N", "Bob"]));
                let field =
                    (1..).zip(FIELDS).find(|(_, kind)| *kind == FieldKind::Text).map(|(id, _)| Id::new(id));
                Condition::Field { field, is, value: Some(Value::Text(text.into())) }
            }
            10 | 31 | 32 => {
                let is = self.pick(&FieldOperator::ALL).0;
                let field = if self.one_in(4) { self.any_field() } else { self.date_field() };
                let (side, span) = (self.pick(&SIDES), self.span());
                Condition::FieldRelative { field, is, side, span }
            }
            11 | 33 | 34 => {
                let moment = match self.below(3) {
                    0 => Moment::Weekday(self.pick(&DAYS)),
                    1 => Moment::Date(self.date()),
                    _ => Moment::Time(self.time()),
                };
                let is = if self.one_in(2) { Timing::On } else { timing };
                Condition::NowIs { is, moment }
            }
            12 => Condition::OnList(self.chosen()),
            13 => Condition::NotOnList(self.chosen()),
            14 | 15 => {
                let record = self.record_name();
                Condition::Related { relationship: self.chosen(), record, exists: self.one_in(2) }
            }
            16 => Condition::Opened { email: self.chosen(), comparison, count },
            17 => Condition::Clicked { email: self.chosen(), link: self.below(3) as u8, comparison, count },
            18 | 35 | 36 => self.pick(&[Condition::SmsHasAddress, Condition::SmsHasNoAddress]),
            19 => {
                let text = self.pick(&["YES", "yes", "at", ""]).to_owned();
                if self.one_in(2) { Condition::SmsContains(text) } else { Condition::SmsDoesNotContain(text) }
            }
            20 => {
                let amount = Money::new((self.below(6) as i64 * 10).into());
                Condition::Spent { products: self.choice(), comparison, amount }
            }
            21 | 22 => Condition::Ordered { products: self.choice(), comparison, count },
            23 => Condition::Subscribed { products: self.choice(), subscribed: self.one_in(2) },
            24 => Condition::SubscribedFor { products: self.choice(), bound, span: self.span() },
            25 | 37 => Condition::VisitedSite { site: self.chosen(), comparison, count },
            26 | 38 => Condition::VisitedPage { page: self.chosen(), comparison, count },
            27 => Condition::MembershipIs { site: self.chosen(), status: self.pick(MembershipStatus::ALL).0 },
            28 => Condition::HasLevel(self.chosen()),
            29 => Condition::HasNotLevel(self.chosen()),
            41 | 42 => Condition::All(self.many(2, |dice| dice.condition(depth - 1))),
            43 => Condition::Any(self.many(2, |dice| dice.condition(depth - 1))),
            _ => Condition::None(self.many(2, |dice| dice.condition(depth - 1))),
        }
    }

    /// For an element that asks: often many at once, each of which is answered whatever the others say (C-02).
    pub fn conditions(&mut self) -> Condition {
        if self.one_in(3) {
            return self.condition(2);
        }
        let group = self.pick(&[Condition::All, Condition::Any, Condition::None]);
        group((0..4 + self.below(13)).map(|_| self.condition(0)).collect())
    }

    fn text(&mut self) -> String {
        self.pick(&["text", "text", "text", ""]).to_owned()
    }

    pub fn record_name(&mut self) -> String {
        self.pick(&["", "x", "x", "y"]).to_owned()
    }

    /// What a trigger or goal listens for: mostly what happens often.
    fn filter(&mut self, goal: bool) -> EventFilter {
        let kind = match self.below(3) {
            0 => self.pick(&[
                EventType::TagAdded,
                EventType::Purchased,
                EventType::FormSubmitted,
                EventType::FieldUpdated,
                EventType::Automation,
                EventType::DateRelative,
            ]),
            _ => EVENT_TYPES[self.below(EVENT_TYPES.len())].event_type,
        };
        match kind {
            EventType::FieldUpdated => EventFilter::FieldUpdated(self.any_field()),
            EventType::Paused => EventFilter::Paused(self.chosen_map()),
            EventType::Unpaused => EventFilter::Unpaused(self.chosen_map()),
            EventType::TagAdded => EventFilter::TagAdded(self.chosen()),
            EventType::TagRemoved => EventFilter::TagRemoved(self.chosen()),
            EventType::ListAdded => EventFilter::ListAdded(self.chosen()),
            EventType::ListRemoved => EventFilter::ListRemoved(self.chosen()),
            EventType::DateMatches => EventFilter::DateMatches(self.date_field()),
            EventType::DateRelative => {
                let (field, side) = (self.date_field(), self.pick(&SIDES));
                EventFilter::DateRelative { field, side, days: self.pick(&[0, 1, 1, 3, 30]) }
            }
            EventType::SpecificDate => EventFilter::SpecificDate(Some(self.date())),
            EventType::Automation => {
                EventFilter::Automation { map: self.chosen_map(), change: self.pick(&Change::ALL).0 }
            }
            EventType::TaskCompleted => EventFilter::TaskCompleted {
                task: self.chosen(),
                outcomes: self.many(2, |dice| dice.below(3) as u8),
            },
            EventType::FormSubmitted => {
                let outcome = self.one_in(3).then(|| self.pick(FormOutcome::ALL).0);
                EventFilter::FormSubmitted { form: self.choice(), outcome }
            }
            EventType::CallLogged => EventFilter::CallLogged,
            EventType::Relationship => {
                EventFilter::Relationship { relationship: self.chosen(), change: self.pick(&Change::ALL).0 }
            }
            EventType::EmailLinkClicked => {
                EventFilter::EmailLinkClicked { email: self.chosen(), link: self.below(3) as u8 }
            }
            EventType::EmailReceived => EventFilter::EmailReceived,
            EventType::SmsReceived => EventFilter::SmsReceived,
            EventType::Purchased => {
                let plan_payments = self.pick(PlanPayments::ALL).0;
                EventFilter::Purchased { products: self.choice(), plan_payments }
            }
            EventType::KeapPurchase if goal => {
                let kinds = PaymentKind::ALL;
                EventFilter::KeapPurchase(KeapPurchase {
                    any: self.one_in(2),
                    forms: self.many(1, Self::id),
                    products: self.many(1, Self::id),
                    categories: self.many(1, Self::id),
                    payments: match self.one_in(2) {
                        true => Choice::Any,
                        false => Choice::OneOf(self.many(4, |dice| dice.pick(kinds).0)),
                    },
                })
            }
            EventType::Refund => EventFilter::Refund(self.choice()),
            EventType::CheckoutAbandoned => {
                let provider = self.one_in(3).then(|| self.pick(Provider::ALL).0);
                EventFilter::CheckoutAbandoned { products: self.choice(), provider }
            }
            EventType::PageVisited => EventFilter::PageVisited(self.chosen()),
            EventType::PurlVisited => EventFilter::PurlVisited(self.chosen()),
            EventType::OpenOrderCreated => EventFilter::OpenOrderCreated,
            EventType::OpenOrder => EventFilter::OpenOrder(self.pick(&OpenOrderChange::ALL).0),
            EventType::Card => EventFilter::Card(self.pick(&CardOutcome::ALL).0),
            EventType::UrlVisited => EventFilter::UrlVisited(self.chosen()),
            EventType::LinkClicked => EventFilter::LinkClicked(self.chosen()),
            EventType::MembershipUpdated => EventFilter::MembershipUpdated(self.chosen()),
            EventType::MembershipCreated => EventFilter::MembershipCreated(self.chosen()),
            EventType::LevelGiven => EventFilter::LevelGiven(self.chosen()),
            EventType::LevelLost => EventFilter::LevelLost(self.chosen()),
            EventType::Created if !goal => EventFilter::Created,
            EventType::KeapPurchase | EventType::Created | EventType::AddedToAutomation => {
                EventFilter::Purchased { products: Choice::Any, plan_payments: PlanPayments::Every }
            }
        }
    }

    pub fn listener(&mut self, goal: bool) -> Listener {
        let on = self.filter(goal);
        let who = match goal {
            true => self.pick(&[
                Who::OnMap,
                Who::OnMap,
                Who::AnyContact,
                Who::Upstream,
                Who::Upstream,
                Who::PreviousWaits,
            ]),
            false => self.pick(&[Who::AnyContact, Who::AnyContact, Who::AnyContact, Who::OnMap]),
        };
        let conditions = if self.one_in(5) { self.condition(1) } else { Condition::default() };
        let if_on_map = if matches!(on, EventFilter::KeapPurchase(_)) {
            IfOnMap::Move // K-05
        } else if goal {
            self.pick(&[IfOnMap::Move, IfOnMap::Move, IfOnMap::Add, IfOnMap::Ignore])
        } else {
            self.pick(&IfOnMap::ALL).0
        };
        Listener { on, conditions, who, if_on_map, once: self.one_in(6) }
    }

    /// The one trigger that every map has.
    pub fn added_trigger(&mut self) -> Listener {
        let mut listener = Listener::trigger(EventType::AddedToAutomation);
        if self.one_in(3) {
            let on = listener.on;
            listener = Listener { on, ..self.listener(false) };
        }
        listener
    }

    pub fn until(&mut self) -> Until {
        let time = self.one_in(2).then(|| self.time());
        let limit = self.one_in(2).then(|| self.span());
        match self.below(20) {
            0 if self.one_in(3) => Until::Goal,
            1 => Until::DayOfWeek { days: self.weekdays(), time },
            2 => Until::Date { date: self.date(), time },
            3 | 4 => {
                let (field, side, span) = (self.date_field(), self.pick(&SIDES), self.span());
                Until::Relative { field, side, span, time }
            }
            5 => Until::TimeOfDay { time: self.time(), limit },
            6 | 7 => {
                let limit = if limit.is_none() && self.one_in(2) { Some(self.span()) } else { limit };
                Until::Conditions { condition: self.condition(1), limit }
            }
            8..=10 => Until::Delay(self.delay()),
            11 if self.one_in(2) => Until::DateTimer { date: self.date(), time },
            12 | 13 => {
                let (field, side, span) = (self.date_field(), self.pick(&SIDES), self.span());
                Until::FieldTimer { field, side, span, time }
            }
            14 if self.one_in(3) => Until::NotSet,
            _ => Until::TimePasses(self.span()),
        }
    }

    fn delay(&mut self) -> Delay {
        let time = match self.below(4) {
            0 | 1 => DelayTime::Any,
            2 => DelayTime::At(self.time()),
            _ => DelayTime::Between(self.time(), self.time()),
        };
        let unit = self.pick(&DelayUnit::ALL).0;
        Delay { count: self.pick(&[0, 1, 1, 2, 5]), unit, days: self.weekdays(), time }
    }

    pub fn wait(&mut self) -> Wait {
        let zone = if self.one_in(4) { WaitZone::Contact } else { WaitZone::Account };
        Wait { until: self.until(), zone, goals: vec![] }
    }

    fn field_change(&mut self) -> Action {
        let (field, value) = self.field_and_value();
        let change = match self.below(6) {
            0 | 1 => FieldChange::Set((!self.one_in(10)).then_some(value)),
            2 => FieldChange::Clear,
            3 => FieldChange::Add((self.below(3) as i64).into()),
            _ => FieldChange::Shift(self.pick(&SIDES), self.span()),
        };
        Action::UpdateField { field: (!self.one_in(20)).then_some(field), change }
    }

    pub fn action(&mut self) -> Action {
        match self.below(46) {
            0..=3 => Action::SendEmail(self.chosen()),
            4 => Action::SendSms(self.chosen()),
            5 => Action::SendPostcard(self.chosen()),
            6 => Action::AssignTask { task: self.chosen(), due_in_days: 1, owner: self.chosen() },
            7 => Action::Notify { member: self.chosen(), by_sms: self.one_in(2), text: self.text() },
            8..=11 => self.field_change(),
            12..=15 => {
                let (add, remove) = self.pick(&[(1, 0), (1, 0), (2, 0), (0, 1), (0, 1), (1, 1), (0, 0)]);
                Action::ChangeTags {
                    add: (0..add).map(|_| self.id()).collect(),
                    remove: (0..remove).map(|_| self.id::<TagId>()).collect(),
                }
            }
            16..=19 => Action::AddToMap(self.chosen_map()),
            36 | 37 => Action::RemoveFromMap(self.chosen_map()),
            20 | 38 => Action::PauseOnMap(self.chosen_map()),
            21 | 39 | 45 => Action::UnpauseOnMap(self.chosen_map()),
            22 => Action::AddToList(self.chosen()),
            23 => Action::RemoveFromList(self.chosen()),
            24 => Action::RemoveFromAllLists,
            25 => Action::AddPurchase {
                product: self.chosen(),
                quantity: self.below(3) as u32,
                amount: self.one_in(2).then(|| Money::new((self.below(2) as i64 * 10).into())),
            },
            26 | 40 => Action::CancelOpenOrders(self.choice()),
            27 | 41 | 42 => Action::RechargeDeclined,
            28 => Action::SetMembership { site: self.chosen(), status: self.pick(MembershipStatus::ALL).0 },
            29 => Action::GiveLevel(self.chosen()),
            30 => Action::RemoveLevel(self.chosen()),
            31 => Action::AddRelationship { relationship: self.chosen(), record: self.record_name() },
            32 | 44 => Action::RemoveRelationship { relationship: self.chosen(), record: self.record_name() },
            33 | 43 => Action::RouteLead(LeadRouter {
                members: (0..self.below(4))
                    .map(|_| (self.id::<MemberId>(), self.pick(&[0, 1, 1, 2])))
                    .collect(),
                in_turn: self.one_in(2),
            }),
            34 => Action::Webhook(self.text()),
            _ => self.pick(&[Action::Note("note".into()), Action::CreateRecord("record".into())]),
        }
    }

    pub fn kind(&mut self) -> ElementKind {
        match self.below(30) {
            0 => ElementKind::Trigger(self.listener(false)),
            1..=5 => ElementKind::Wait(self.wait()),
            8 | 9 => ElementKind::Condition(self.conditions()),
            10 | 11 => ElementKind::Split(Split {
                shares: self.pick(&[vec![5_000, 5_000], vec![2_000, 3_000, 5_000], vec![0, 10_000]]),
            }),
            12 | 13 => ElementKind::Fork,
            6 | 14 => ElementKind::GoTo(None),
            15 => self.pick(&[ElementKind::End, ElementKind::Exit]),
            16 | 17 => ElementKind::Branches(self.branches()),
            _ => ElementKind::Action(self.action()),
        }
    }

    fn branches(&mut self) -> Branches {
        let policy = self.pick(&[BranchPolicy::AllMatching, BranchPolicy::FirstMatch]);
        let count = 1 + self.below(3);
        let branch = |dice: &mut Self| Branch {
            name: String::new(),
            rule: if dice.one_in(4) { Condition::default() } else { dice.condition(1) },
        };
        Branches { policy, branches: (0..count).map(|_| branch(self)).collect() }
    }

    /// Switches: some maps as a source system has them, others all mixed.
    pub fn rules(&mut self) -> EngineRules {
        let preset = self.pick(&Preset::ALL).0;
        let max_steps_per_instant = self.pick(&[12, 30, 60]);
        if self.one_in(3) {
            return EngineRules { max_steps_per_instant, ..EngineRules::preset(preset) };
        }
        EngineRules {
            events_before_timers: !self.one_in(3),
            pause_keeps_time: self.one_in(2),
            events_while_paused: self.pick(WhilePaused::ALL).0,
            max_steps_per_instant,
            previous_waits: self.pick(PreviousWaits::ALL).0,
            upstream_follows_go_to: self.one_in(2),
            move_clears: self.pick(MoveClears::ALL).0,
            entry_event_achieves: self.one_in(2),
            several_goals: self.pick(SeveralGoals::ALL).0,
            plan_payments: self.pick(PlanPayments::ALL).0,
            zero_total_pays: self.one_in(2),
            sequence_reentry: self.pick(Reentry::ALL).0,
            branch_policy: self.pick(BranchPolicy::ALL).0,
            field_timer_reads: self.pick(FieldTimerReads::ALL).0,
            late_step_days: self.pick(&[0, 1, 3, 7]),
            past_relative_date: self.pick(PastRelativeDate::ALL).0,
            past_specific_date: self.pick(PastDate::ALL).0,
            edited_wait: self.pick(EditedWait::ALL).0,
            split_draw: self.pick(SplitDraw::ALL).0,
            text_match: self.pick(TextMatch::ALL).0,
        }
    }
}
