//! Actions (semantics §7), on a map or under an outcome of a task.

use std::sync::Arc;

use gateline::base::id::{ElementId, Id, MapId, TaskId};
use gateline::base::money::Money;
use gateline::base::random;
use gateline::base::time::{Side, Span, Unit};
use gateline::engine::log::{Message, Nothing, Removal, Rest, Suppression};
use gateline::model::{
    Action, EmailStatus, FieldChange, FieldKind, FirstPayment, Happening, LeadRouter, Order, OrderLine,
    OrderSource, Outcome, PaymentKind, Port, SmsStatus, Value,
};
use rust_decimal::Decimal;

use super::conditions::date_from;
use super::life::{Coming, Life};
use super::lines::Said;

/// Who acts: a position at an element, or an outcome of a task.
#[derive(Clone, Copy)]
struct Doer {
    no: Option<u32>,
    element: Option<ElementId>,
    map: Option<MapId>,
    /// The task and the number of its outcome.
    outcome: Option<(TaskId, u8)>,
    /// The entry by which it came to act.
    cause: u32,
}

/// What becomes of the position that acted.
enum After {
    GoesOn,
    /// Until the contact is off the map that the entry tells of (M-11).
    Holds(MapId, u32),
    /// It is not on its map any more.
    Gone,
}

impl Life<'_> {
    /// A position comes to an action.
    pub fn reach_action(&mut self, no: u32, action: &Action, arrived: u32) {
        let position = self.position(no);
        let (element, map) = (Some(position.at), Some(position.map));
        let doer = Doer { no: Some(no), element, map, outcome: None, cause: arrived };
        match self.act(action, doer) {
            After::GoesOn => self.go(no, Port::Next, arrived),
            After::Holds(map, added) => {
                self.rest(no, Rest::OnMap(map), None, Port::Next, arrived);
                self.position_mut(no).stand.as_mut().unwrap().added = Some(added);
            }
            After::Gone => {}
        }
    }

    /// A task came out so.
    pub fn do_outcome(&mut self, of: (TaskId, u8), outcome: &Outcome, event: u32) {
        for action in &outcome.actions {
            let doer = Doer { no: None, element: None, map: None, outcome: Some(of), cause: event };
            self.act(action, doer);
        }
        self.settle(event);
    }

    fn act(&mut self, action: &Action, doer: Doer) -> After {
        if action.open_setting().is_some() {
            self.nothing(doer, Nothing::NotChosen);
            return After::GoesOn;
        }
        match action {
            Action::SendEmail(email) => self.send(doer, Message::Email(email.unwrap())),
            Action::SendSms(sms) => self.send(doer, Message::Sms(sms.unwrap())),
            Action::SendPostcard(postcard) => self.send(doer, Message::Postcard(postcard.unwrap())),
            Action::AssignTask { owner: member, .. } | Action::Notify { member, .. } => {
                self.says(doer, Said::Did(action.kind(), member.or(self.record.owner)));
            }
            Action::Webhook(_) | Action::CreateRecord(_) | Action::Note(_) => {
                self.says(doer, Said::Did(action.kind(), None));
            }
            Action::UpdateField { field, change } => {
                let field = field.unwrap();
                match self.changed_value(field, change) {
                    Err(why) => self.nothing(doer, why),
                    Ok(value) if self.record.fields.get(&field) == value.as_ref() => {
                        self.nothing(doer, Nothing::Unchanged);
                    }
                    Ok(value) => {
                        self.alter(doer, vec![Coming::new(Happening::FieldUpdated { field, value })]);
                    }
                }
            }
            Action::ChangeTags { add, remove } => {
                for tag in add {
                    let changes = !self.record.tags.contains(tag);
                    self.alter(
                        doer,
                        changes.then(|| Coming::new(Happening::TagAdded(*tag))).into_iter().collect(),
                    );
                }
                for tag in remove {
                    let changes = self.record.tags.contains(tag);
                    self.alter(
                        doer,
                        changes.then(|| Coming::new(Happening::TagRemoved(*tag))).into_iter().collect(),
                    );
                }
            }
            Action::AddToMap(map) => return self.add_to_map(doer, map.unwrap()),
            Action::RemoveFromMap(map) => return self.remove_from_map(doer, map.unwrap()),
            Action::PauseOnMap(map) => {
                let map = map.unwrap();
                let pauses = self.is_on(map) && !self.is_paused(map);
                self.alter(doer, pauses.then(|| Coming::new(Happening::Paused(map))).into_iter().collect());
            }
            Action::UnpauseOnMap(map) => {
                let map = map.unwrap();
                let ends = self.is_paused(map);
                self.alter(doer, ends.then(|| Coming::new(Happening::Unpaused(map))).into_iter().collect());
            }
            Action::AddToList(list) => {
                let list = list.unwrap();
                let comes = !self.record.is_on(list);
                self.alter(
                    doer,
                    comes.then(|| Coming::new(Happening::ListAdded(list))).into_iter().collect(),
                );
            }
            Action::RemoveFromList(list) => {
                let list = list.unwrap();
                let goes = self.record.is_on(list);
                self.alter(
                    doer,
                    goes.then(|| Coming::new(Happening::ListRemoved(list))).into_iter().collect(),
                );
            }
            Action::RemoveFromAllLists => {
                let lists =
                    self.record.lists.iter().map(|(list, _)| Coming::new(Happening::ListRemoved(*list)));
                let lists = lists.collect();
                self.alter(doer, lists);
            }
            Action::AddPurchase { product, quantity, amount } => {
                let product = product.unwrap();
                let price = self.account.project.catalogue.products.get(&product).and_then(|item| item.price);
                let list_price = || Money::new(price.unwrap_or_default().amount() * Decimal::from(*quantity));
                let line = OrderLine {
                    product,
                    quantity: Decimal::from(*quantity),
                    amount: amount.unwrap_or_else(list_price),
                };
                let order = Arc::new(Order {
                    lines: vec![line],
                    source: OrderSource::Rule,
                    method: PaymentKind::Adjustment,
                    payment: FirstPayment::Charged,
                    ..Order::default()
                });
                let bought = self.says(doer, Said::Changed(Happening::Order(order.clone())));
                for mut part in self.parts_of_order(&order) {
                    self.change(&mut part);
                    self.raised.push_back(Coming { cause: Some(bought), ..part });
                }
            }
            Action::CancelOpenOrders(products) => {
                let parts = self.parts_of_cancelling(products);
                self.alter(doer, parts);
            }
            Action::RechargeDeclined => {
                let payments = self.outstanding_payments();
                if payments.is_empty() {
                    self.nothing(doer, Nothing::Unchanged);
                    return After::GoesOn;
                }
                let did = self.says(doer, Said::Did(action.kind(), None));
                for (key, number) in payments {
                    for mut part in self.parts_of_recharge(key, number) {
                        self.change(&mut part);
                        self.raised.push_back(Coming { cause: Some(did), ..part });
                    }
                }
            }
            Action::SetMembership { site, status } => {
                let (site, status) = (site.unwrap(), *status);
                let changes = self.record.memberships.get(&site) != Some(&status);
                let updated = Coming::new(Happening::MembershipUpdated { site, status });
                self.alter(doer, changes.then_some(updated).into_iter().collect());
            }
            Action::GiveLevel(level) => {
                let level = level.unwrap();
                let changes = !self.record.levels.contains(&level);
                self.alter(
                    doer,
                    changes.then(|| Coming::new(Happening::LevelGiven(level))).into_iter().collect(),
                );
            }
            Action::RemoveLevel(level) => {
                let level = level.unwrap();
                let changes = self.record.levels.contains(&level);
                self.alter(
                    doer,
                    changes.then(|| Coming::new(Happening::LevelLost(level))).into_iter().collect(),
                );
            }
            Action::AddRelationship { relationship, record } => {
                let (relationship, record): (_, Arc<str>) = (relationship.unwrap(), record.as_str().into());
                let changes = !self.record.relationships.contains(&(relationship, record.clone()));
                let added = Coming::new(Happening::RelationshipAdded { relationship, record });
                self.alter(doer, changes.then_some(added).into_iter().collect());
            }
            Action::RemoveRelationship { relationship, record } => {
                let fits = |(kind, with): &&(_, Arc<str>)| {
                    Some(*kind) == *relationship && (record.is_empty() || **with == **record)
                };
                let undone = self.record.relationships.iter().filter(fits).map(|(relationship, record)| {
                    let (relationship, record) = (*relationship, record.clone());
                    Coming::new(Happening::RelationshipRemoved { relationship, record })
                });
                let undone = undone.collect();
                self.alter(doer, undone);
            }
            Action::RouteLead(router) => self.route(doer, router),
        }
        After::GoesOn
    }

    fn says(&mut self, doer: Doer, what: Said) -> u32 {
        self.say(doer.element, doer.no, Some(doer.cause), what)
    }

    fn nothing(&mut self, doer: Doer, why: Nothing) {
        self.says(doer, Said::Nothing(why));
    }

    /// Changes the record at once and raises the events of it. Where nothing changes, that is said.
    fn alter(&mut self, doer: Doer, changes: Vec<Coming>) {
        if changes.is_empty() {
            self.nothing(doer, Nothing::Unchanged);
        }
        for mut coming in changes {
            self.change(&mut coming);
            let changed = self.says(doer, Said::Changed(coming.what.clone()));
            self.raised.push_back(Coming { cause: Some(changed), ..coming });
        }
    }

    ///
    fn send(&mut self, doer: Doer, message: Message) {
        let suppressed = match message {
            Message::Email(email) => {
                let email = self.account.project.catalogue.emails.get(&email);
                let transactional = email.is_some_and(|email| email.transactional);
                match self.record.email_status {
                    EmailStatus::DoubleOptIn | EmailStatus::OptedIn => None,
                    EmailStatus::TransactionalOnly if transactional => None,
                    EmailStatus::TransactionalOnly => Some(Suppression::TransactionalOnly),
                    EmailStatus::HardBounce => Some(Suppression::HardBounce),
                    EmailStatus::UnderReview => Some(Suppression::UnderReview),
                }
            }
            Message::Sms(_) => match self.record.sms_status {
                SmsStatus::OptedIn => None,
                SmsStatus::OptedOut => Some(Suppression::OptedOut),
                SmsStatus::NoNumber => Some(Suppression::NoNumber),
            },
            Message::Postcard(_) => None,
        };
        match suppressed {
            Some(why) => self.says(doer, Said::Suppressed(message, why)),
            None => {
                if let Message::Email(_) = message {
                    self.record.sent_since_bounce += 1;
                }
                self.says(doer, Said::Sent(message))
            }
        };
    }

    /// What a field holds after a change of it.
    fn changed_value(
        &self,
        field: gateline::base::id::FieldId,
        change: &FieldChange,
    ) -> Result<Option<Value>, Nothing> {
        let zone = &self.account.zone;
        let found = self.record.fields.get(&field);
        match change {
            FieldChange::Set(value) => Ok(value.clone()),
            FieldChange::Clear => Ok(None),
            FieldChange::Add(number) => match found {
                None if self.field_kind(field) == Some(FieldKind::Number) => Ok(Some(Value::Number(*number))),
                Some(Value::Number(found)) => Ok(Some(Value::Number(*found + *number))),
                _ => Err(Nothing::NotANumber),
            },
            FieldChange::Shift(side, span) => {
                let start = match (found, self.field_kind(field)) {
                    (Some(value), _) => value.clone(),
                    (None, Some(FieldKind::Date | FieldKind::Birthday)) => {
                        Value::Date(zone.date_of(self.now))
                    }
                    (None, Some(FieldKind::DateTime)) => Value::DateTime(self.now),
                    (None, _) => return Err(Nothing::NotADate),
                };
                match start {
                    Value::Date(date) => date_from(date, *side, *span)
                        .map(|date| Some(Value::Date(date)))
                        .ok_or(Nothing::NotADate),
                    Value::DateTime(at) => Ok(Some(Value::DateTime(self.moved(at, *side, *span)))),
                    _ => Err(Nothing::NotADate),
                }
            }
        }
    }

    /// An instant moved by a span on the account's clock.
    fn moved(
        &self,
        at: gateline::base::time::Instant,
        side: Side,
        span: Span,
    ) -> gateline::base::time::Instant {
        let sign = if side == Side::Before { -1 } else { 1 };
        match span.unit {
            Unit::Minutes => at.plus_millis(sign * i64::from(span.count) * 60_000),
            Unit::Hours => at.plus_millis(sign * i64::from(span.count) * 3_600_000),
            Unit::Days | Unit::Weeks | Unit::Months => {
                self.account.zone.relative(self.account.zone.to_local(at), side, span, None)
            }
        }
    }

    /// A new owner, by chance or in turn over all arrivals of the run (M-07).
    fn route(&mut self, doer: Doer, router: &LeadRouter) {
        let weights: Vec<u16> = router.members.iter().map(|(_, weight)| *weight).collect();
        // for what it draws: an element, or the outcome of a task, which knows no turn
        let (nth, source): (u64, u64) = match (doer.element, doer.outcome) {
            (Some(element), _) => (self.nth_draw(element), element.number().into()),
            (None, Some((task, number))) => {
                let drew = self.outcome_draws.entry((task, number)).or_default();
                *drew += 1;
                (*drew - 1, (1 << 48) + u64::from(task.number()) * 256 + u64::from(number))
            }
            (None, None) => unreachable!("an element acts, or an outcome"),
        };
        let place = if let (true, Some(element)) = (router.in_turn, doer.element) {
            self.shared.next(element, &weights)
        } else {
            let total = weights.iter().map(|weight| u64::from(*weight)).sum();
            let draw = random::draw(self.account.seed, self.contact.0.into(), source, nth);
            let mut left = random::below(draw, total);
            let falls_into = |weight: &u16| {
                let here = left < u64::from(*weight);
                left = left.saturating_sub(u64::from(*weight));
                here
            };
            weights.iter().position(falls_into).unwrap()
        };
        let member = router.members[place].0;
        if self.record.owner == Some(member) {
            return self.nothing(doer, Nothing::Unchanged);
        }
        self.record.owner = Some(member);
        self.says(doer, Said::Routed(member));
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Other maps

    /// M-11.
    fn add_to_map(&mut self, doer: Doer, map: MapId) -> After {
        let changed = self.says(doer, Said::Changed(Happening::AddedToAutomation(map)));
        let holder = doer.no.filter(|_| doer.map != Some(map)).map(|no| (no, changed));
        let added = Coming::new(Happening::AddedToAutomation(map));
        self.raised.push_back(Coming { cause: Some(changed), holder, ..added });
        match holder {
            Some(_) => After::Holds(map, changed),
            None => After::GoesOn,
        }
    }

    /// The other map had its chance to take the contact: the position that put it there goes on at once if it did not, or
    /// if the contact is through already.
    pub fn release_unless_taken(
        &mut self,
        holder: (u32, u32),
        map: MapId,
        activated: &[ElementId],
        event: u32,
    ) {
        let (no, added) = holder;
        let holds = self.positions.iter().find(|position| position.no == no).and_then(|p| p.stand.as_ref());
        if holds.is_none_or(|stand| stand.added != Some(added)) {
            return;
        }
        let elements = self.maps.get(&map).map(|map| &map.elements);
        let taken = elements.is_some_and(|elements| {
            activated.iter().any(|id| elements.get(id).is_some_and(|e| e.kind.is_added_to_automation()))
        });
        if !taken {
            self.say_of(no, event, Said::Nothing(Nothing::NotTaken));
        }
        if !taken || !self.is_on(map) {
            self.let_go(no, event);
        }
    }

    /// The contact is off a map: positions that hold for that go on, the oldest first.
    pub fn release_from(&mut self, map: MapId, event: u32) {
        if self.is_on(map) {
            return;
        }
        // the other map has not been asked yet: that answer counts
        let is_asked = |no: u32| self.raised.iter().any(|coming| coming.holder.is_some_and(|it| it.0 == no));
        let holding = self.positions.iter().filter(|p| p.holds_for(map) && !is_asked(p.no));
        let holding: Vec<_> = holding.map(|p| p.no).collect();
        for no in holding {
            if !self.has_ended()
                && self.positions.iter().any(|position| position.no == no && position.holds_for(map))
            {
                self.let_go(no, event);
            }
        }
    }

    /// What a position holds for is over: it goes on, unless the contact is paused there (M-14).
    fn let_go(&mut self, no: u32, event: u32) {
        if self.is_paused(self.position(no).map) {
            let stand = self.position_mut(no).stand.as_mut().unwrap();
            stand.let_go = true;
            stand.added = None;
        } else {
            self.release(no, event);
        }
    }

    pub fn release(&mut self, no: u32, event: u32) {
        let now = self.now;
        let position = self.position_mut(no);
        // one that is let go at once was not held
        if position.arrived != now {
            if let Some(course) = &mut position.course {
                course.nominal = now;
            }
            self.note_going_on(no);
        }
        self.go(no, Port::Next, event);
        self.run_down(event);
    }

    /// Takes the contact off a map; off its own, its copies on their way come to where they lead, and what acts goes last.
    fn remove_from_map(&mut self, doer: Doer, map: MapId) -> After {
        if !self.is_on(map) {
            self.nothing(doer, Nothing::NotOnMap);
            return After::GoesOn;
        }
        let changed = self.says(doer, Said::Changed(Happening::RemovedFromAutomation(map)));
        let own = doer.map == Some(map);
        for no in self.positions_on(map) {
            if self.position(no).stand.is_some() {
                self.remove(no, changed, Removal::Action);
            }
        }
        if own {
            while let Some(mover) = self.movers.pop() {
                self.position_mut(mover.no).at = mover.to;
                let arrived = self.say_of(mover.no, mover.cause, Said::Arrived(mover.from));
                self.remove(mover.no, arrived, Removal::Action);
            }
            doer.no.into_iter().for_each(|no| self.remove(no, changed, Removal::Action));
        }
        self.settle_off(map, changed);
        if own { After::Gone } else { After::GoesOn }
    }

    /// Somebody takes the contact off a map.
    pub fn remove_by_hand(&mut self, map: MapId, event: u32) {
        for no in self.positions_on(map) {
            self.remove(no, event, Removal::ByHand);
        }
        self.settle(event);
    }
}
