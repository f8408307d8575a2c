//! What actions do (semantics §7): to the record at once, with the event that follows from it queued (M-12, A-02); or to
//! how the contact stands on maps.

use super::run_down::After;
use super::{Pending, Piece, Stage, Timeline};
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::base::id::{EmailId, MapId, ProductId, SmsId};
use crate::base::money::Money;
use crate::engine::kinds::update_field;
use crate::engine::log::{Message, Nothing, PositionNo, Removal, Said, Seq, Sink, Suppression};
use crate::engine::plan::NodeIx;
use crate::engine::sales::{OrderRef, OrderState, Part};
use crate::model::{
    Action, Choice, EmailStatus, Happening, Order, OrderLine, OrderSource, PaymentKind, Sale, SalePart,
    SmsStatus,
};

/// Who acts: the element and the position; nobody where the outcome of a task does.
pub(super) type Actor = (Option<NodeIx>, Option<PositionNo>);

impl Timeline {
    /// Does what an action does, whose settings are complete.
    #[inline(never)]
    pub(super) fn act<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        at: Option<NodeIx>,
        no: Option<PositionNo>,
        action: &Action,
    ) -> After {
        let actor = (at, no);
        match action {
            Action::SendEmail(Some(email)) => self.send_email(stage, cause, actor, *email),
            Action::SendSms(Some(sms)) => self.send_sms(stage, cause, actor, *sms),
            Action::SendPostcard(Some(postcard)) => {
                self.tell(stage, Some(cause), at, no, Said::Sent(Message::Postcard(*postcard)));
            }
            Action::ChangeTags { add, remove } => {
                for tag in add {
                    let new = self.record.add_tag(*tag);
                    self.changed(stage, cause, actor, new.then_some(Happening::TagAdded(*tag)));
                }
                for tag in remove {
                    let had = self.record.remove_tag(*tag);
                    self.changed(stage, cause, actor, had.then_some(Happening::TagRemoved(*tag)));
                }
            }
            Action::UpdateField { field: Some(field), change } => {
                let plan = stage.sim.plan;
                let record = &self.record;
                match update_field::changed(*field, change, record, &plan.catalogue, self.now, &plan.zone) {
                    Err(why) => {
                        self.tell(stage, Some(cause), at, no, Said::Nothing(why));
                    }
                    Ok(value) => {
                        let same = self.record.field(*field) == value.as_ref();
                        self.change(
                            stage,
                            cause,
                            actor,
                            !same,
                            Happening::FieldUpdated { field: *field, value },
                        );
                    }
                }
            }
            Action::AddToMap(Some(map)) => return self.add_to_map(stage, cause, actor, *map),
            Action::RemoveFromMap(Some(map)) => return self.take_off_map(stage, cause, actor, *map),
            Action::PauseOnMap(Some(map)) => {
                let pauses = self.pauses_there(stage, *map) == Some(false);
                self.change(stage, cause, actor, pauses, Happening::Paused(*map));
            }
            Action::UnpauseOnMap(Some(map)) => {
                let goes_on = self.pauses_there(stage, *map) == Some(true);
                self.change(stage, cause, actor, goes_on, Happening::Unpaused(*map));
            }
            Action::AddToList(Some(list)) => {
                let new = !self.record.is_on_list(*list);
                self.change(stage, cause, actor, new, Happening::ListAdded(*list));
            }
            Action::RemoveFromList(Some(list)) => {
                let on = self.record.is_on_list(*list);
                self.change(stage, cause, actor, on, Happening::ListRemoved(*list));
            }
            Action::RemoveFromAllLists => {
                let lists: Vec<_> = self.record.lists().map(Happening::ListRemoved).collect();
                self.change_all(stage, cause, actor, lists);
            }
            Action::AddPurchase { product: Some(product), quantity, amount } => {
                self.add_purchase(stage, cause, actor, *product, *quantity, *amount);
            }
            Action::CancelOpenOrders(products) => self.cancel_orders(stage, cause, actor, products),
            Action::RechargeDeclined => self.recharge(stage, cause, actor),
            Action::SetMembership { site: Some(site), status } => {
                let new = self.record.membership(*site) != Some(*status);
                let what = Happening::MembershipUpdated { site: *site, status: *status };
                self.change(stage, cause, actor, new, what);
            }
            Action::GiveLevel(Some(level)) => {
                let new = !self.record.has_level(*level);
                self.change(stage, cause, actor, new, Happening::LevelGiven(*level));
            }
            Action::RemoveLevel(Some(level)) => {
                let had = self.record.has_level(*level);
                self.change(stage, cause, actor, had, Happening::LevelLost(*level));
            }
            Action::AddRelationship { relationship: Some(relationship), record } => {
                let new = !self.record.related(*relationship).any(|name| **name == **record);
                let what = Happening::RelationshipAdded {
                    relationship: *relationship,
                    record: record.as_str().into(),
                };
                self.change(stage, cause, actor, new, what);
            }
            Action::RemoveRelationship { relationship: Some(relationship), record } => {
                let named = self
                    .record
                    .related(*relationship)
                    .filter(|name| record.is_empty() || ***name == **record);
                let undone = named.map(|name| Happening::RelationshipRemoved {
                    relationship: *relationship,
                    record: name.clone(),
                });
                let undone: Vec<_> = undone.collect();
                self.change_all(stage, cause, actor, undone);
            }
            Action::RouteLead(router) => match self.draw_member(stage, router, at) {
                Some(member) => {
                    let new = self.record.set_owner(member);
                    let said = if new { Said::Routed(member) } else { Said::Nothing(Nothing::Unchanged) };
                    self.tell(stage, Some(cause), at, no, said);
                }
                // not settled yet: the contact's life stops here
                None => return After::Unsettled,
            },
            Action::AssignTask { owner: member, .. } | Action::Notify { member, .. } => {
                let member = member.or(self.record.owner());
                self.tell(stage, Some(cause), at, no, Said::Did(action.kind(), member));
            }
            Action::Webhook(_) | Action::CreateRecord(_) | Action::Note(_) => {
                self.tell(stage, Some(cause), at, no, Said::Did(action.kind(), None));
            }
            // what is not chosen is told where the action stands
            Action::SendEmail(None)
            | Action::SendSms(None)
            | Action::SendPostcard(None)
            | Action::UpdateField { field: None, .. }
            | Action::AddToMap(None)
            | Action::RemoveFromMap(None)
            | Action::PauseOnMap(None)
            | Action::UnpauseOnMap(None)
            | Action::AddToList(None)
            | Action::RemoveFromList(None)
            | Action::AddPurchase { product: None, .. }
            | Action::SetMembership { site: None, .. }
            | Action::GiveLevel(None)
            | Action::RemoveLevel(None)
            | Action::AddRelationship { relationship: None, .. }
            | Action::RemoveRelationship { relationship: None, .. } => {}
        }
        After::GoOn
    }

    /// whether the contact gets the e-mail.
    #[inline(always)]
    pub(super) fn send_email<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        (at, no): Actor,
        email: EmailId,
    ) {
        let transactional =
            || stage.sim.plan.catalogue.emails.get(&email).is_some_and(|email| email.transactional);
        let held_back = match self.record.email_status() {
            EmailStatus::DoubleOptIn | EmailStatus::OptedIn => None,
            EmailStatus::TransactionalOnly => (!transactional()).then_some(Suppression::TransactionalOnly),
            EmailStatus::HardBounce => Some(Suppression::HardBounce),
            EmailStatus::UnderReview => Some(Suppression::UnderReview),
        };
        let message = Message::Email(email);
        let said = match held_back {
            Some(why) => Said::Suppressed(message, why),
            None => {
                self.record.note_sent();
                Said::Sent(message)
            }
        };
        self.say(stage, Some(cause), at, no, said);
    }

    /// whether the contact gets the text message.
    fn send_sms<S: Sink>(&mut self, stage: &mut Stage<'_, S>, cause: Seq, (at, no): Actor, sms: SmsId) {
        let message = Message::Sms(sms);
        let said = match self.record.sms_status() {
            SmsStatus::OptedIn => Said::Sent(message),
            SmsStatus::OptedOut => Said::Suppressed(message, Suppression::OptedOut),
            SmsStatus::NoNumber => Said::Suppressed(message, Suppression::NoNumber),
        };
        self.tell(stage, Some(cause), at, no, said);
    }

    /// Says a change of the record, which raises its event, or that it was so already.
    fn changed<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        (at, no): Actor,
        change: Option<Happening>,
    ) {
        let Some(what) = change else {
            self.tell(stage, Some(cause), at, no, Said::Nothing(Nothing::Unchanged));
            return;
        };
        let seq = self.say(stage, Some(cause), at, no, Said::Changed(&what));
        self.raised.push_back(Pending::changed(seq, what));
    }

    /// Changes the record as an event would, and says so, unless it is so already.
    fn change<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        actor: Actor,
        is_new: bool,
        what: Happening,
    ) {
        if is_new {
            self.take_in_happening(stage, &what);
        }
        self.changed(stage, cause, actor, is_new.then_some(what));
    }

    /// Several changes; none: it was so already.
    fn change_all<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        actor: Actor,
        changes: Vec<Happening>,
    ) {
        if changes.is_empty() {
            self.changed(stage, cause, actor, None);
        }
        changes.into_iter().for_each(|what| self.change(stage, cause, actor, true, what));
    }

    /// M-11: asks for the contact to be put on a map, and on a map waits for the answer.
    fn add_to_map<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        (at, no): Actor,
        map: MapId,
    ) -> After {
        let what = Happening::AddedToAutomation(map);
        let seq = self.tell(stage, Some(cause), at, no, Said::Changed(&what));
        // nothing that it would wait for on its own map could ever come
        let holds = at.is_some_and(|at| stage.sim.plan.node(at).map != map);
        let asked_by = no.filter(|_| holds);
        self.raised.push_back(Pending { asked_by, ..Pending::changed(seq, what) });
        if holds { After::Hold(map) } else { After::GoOn }
    }

    /// Takes the contact off a map: on its own map the acting position goes last, with its copies.
    fn take_off_map<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        (at, no): Actor,
        map: MapId,
    ) -> After {
        let plan = stage.sim.plan;
        let map_ix = plan.find_map(map);
        let is_own = at.is_some_and(|at| plan.node(at).map == map);
        let Some(map_ix) = map_ix.filter(|ix| is_own || self.is_on_map(*ix)) else {
            self.tell(stage, Some(cause), at, no, Said::Nothing(Nothing::NotOnMap));
            return After::GoOn;
        };
        let what = Happening::RemovedFromAutomation(map);
        let seq = self.tell(stage, Some(cause), at, no, Said::Changed(&what));
        self.remove_from_map(stage, seq, map_ix, Removal::Action);
        if !is_own {
            return After::GoOn;
        }
        self.remove_copies(stage, map_ix, Removal::Action);
        After::Removed(self.tell(stage, Some(seq), at, no, Said::Removed(Removal::Action)))
    }

    /// A purchase that nobody made by any way that counts for Keap (K-03), but that is paid.
    fn add_purchase<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        (at, no): Actor,
        product: ProductId,
        quantity: u32,
        amount: Option<Money>,
    ) {
        let quantity = Decimal::from(quantity);
        let list_price = || {
            let price = stage.sim.plan.catalogue.products.get(&product)?.price?;
            Some(Money::new(price.amount().saturating_mul(quantity)))
        };
        let amount = amount.or_else(list_price).unwrap_or_default();
        let order = Arc::new(Order {
            lines: vec![OrderLine { product, quantity, amount }],
            source: OrderSource::Rule,
            method: PaymentKind::Adjustment,
            ..Order::default()
        });
        let seq = self.tell(stage, Some(cause), at, no, Said::Changed(&Happening::Order(order.clone())));
        let parts: Vec<_> = OrderState::parts_of_placing(&order).collect();
        let place = self.record.add_order(OrderRef::Own(order), false);
        self.record.place_order(place, stage.events, self.now);
        self.raised.push_back(Pending { is_in: true, ..Pending::raised(seq, Piece::Placing(place)) });
        parts.into_iter().for_each(|part| self.sale(stage, seq, place, part));
    }

    /// A part of a sale that an action makes: it is in the record at once, and its event follows.
    fn sale<S: Sink>(&mut self, stage: &Stage<'_, S>, cause: Seq, place: u32, part: Part) {
        self.record.take_in_sale(place, part, stage.events, self.now, &stage.sim.plan.zone);
        self.raised.push_back(Pending { is_in: true, ..Pending::raised(cause, Piece::Sale(place, part)) });
    }

    fn cancel_orders<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        actor: Actor,
        products: &Choice<ProductId>,
    ) {
        let open: Vec<_> = (self.record.orders().iter().zip(0u32..))
            .filter_map(|(state, place)| Some((state, place, state.order.get(stage.events)?)))
            .filter(|(state, _, order)| state.placed && order.holds(products) && state.is_open(order))
            .map(|(_, place, order)| (place, order.clone()))
            .collect();
        if open.is_empty() {
            self.changed(stage, cause, actor, None);
        }
        for (place, order) in open {
            let what = Happening::Sale(Sale { part: SalePart::Cancelled, payment: 1, order });
            let seq = self.tell(stage, Some(cause), actor.0, actor.1, Said::Changed(&what));
            self.sale(stage, seq, place, (SalePart::Cancelled, 1));
        }
    }

    fn recharge<S: Sink>(&mut self, stage: &mut Stage<'_, S>, cause: Seq, actor: Actor) {
        let tries: Vec<(u32, Part)> = (self.record.orders().iter().zip(0u32..))
            .filter(|(state, _)| state.placed && !state.cancelled)
            .filter_map(|(state, place)| {
                Some((place, state.parts_of_recharge(state.order.get(stage.events)?)))
            })
            .flat_map(|(place, parts)| parts.into_iter().map(move |part| (place, part)))
            .collect();
        if tries.is_empty() {
            self.changed(stage, cause, actor, None);
            return;
        }
        let kind = Action::RechargeDeclined.kind();
        let seq = self.tell(stage, Some(cause), actor.0, actor.1, Said::Did(kind, None));
        tries.into_iter().for_each(|(place, part)| self.sale(stage, seq, place, part));
    }
}
