//! Events: what they stir, what they change in the record, and which triggers and goals they activate (G-04).

use std::sync::Arc;

use super::{Moving, NO_RUN, Pending, Piece, Position, Run, RunIx, RunStage, Stage, Timeline};
use crate::base::id::{FormId, ListId};
use crate::base::time::Instant;
use crate::engine::conditions::{OnMap, holds, seen};
use crate::engine::log::{Arrival, PositionNo, Refused, Rest, Said, Seq, Sink};
use crate::engine::plan::{ListenerPlan, MapPlan, Plan};
use crate::engine::sales::{OrderRef, OrderState, Part};
use crate::model::rules::{Reentry, SeveralGoals, WhilePaused};
use crate::model::{
    Ear, EmailStatus, Event, FirstPayment, FormOutcome, Happening, HappeningKind, Heard, IfOnMap, Order,
    Port, Sale, SalePart, Who,
};

impl Pending {
    /// Something that follows from an entry.
    pub(super) fn raised(cause: Seq, piece: Piece) -> Self {
        Self { cause: Some(cause), piece, is_in: false, asked_by: None }
    }

    /// The event of a change that an action made.
    pub(super) fn changed(cause: Seq, what: Happening) -> Self {
        Self { is_in: true, ..Self::raised(cause, Piece::Own(what)) }
    }
}

impl Timeline {
    /// The contact's next event from outside, with what it stirs.
    pub(super) fn happen<S: Sink>(&mut self, stage: &mut Stage<'_, S>, place: u32) {
        let Some(event) = stage.events.get(place as usize) else { return };
        match &event.what {
            Happening::Order(order) => {
                let mut cause = None;
                let mut list = None;
                if let Some(form) = order.form {
                    list = self.shipping_list(stage, form, order);
                    self.stir_on(stage, &mut cause, Piece::Own(form_submitted(form, order)));
                    if order.payment != FirstPayment::Declined
                        && let Some(fed) = fed_by(stage, form)
                    {
                        self.stir_on(stage, &mut cause, fed);
                    }
                }
                // behind what the form may have had an action write into the history
                let at = self.record.add_order(OrderRef::Event(place), order.plan.is_some());
                self.stir_on(stage, &mut cause, Piece::Placing(at));
                for part in OrderState::parts_of_placing(order) {
                    self.stir_on(stage, &mut cause, Piece::Sale(at, part));
                }
                if let Some(list) = list {
                    self.stir_on(stage, &mut cause, Piece::Own(Happening::ListAdded(list)));
                }
            }
            Happening::FormSubmitted { form, outcome: FormOutcome::Success } => {
                let mut cause = None;
                self.stir_on(stage, &mut cause, Piece::Event(place));
                if let Some(fed) = fed_by(stage, *form) {
                    self.stir_on(stage, &mut cause, fed);
                }
            }
            Happening::Payment { reference, declined } => {
                let found = self.record.find_order(reference, stage.events);
                let parts = self.parts(stage, found, |state, order| state.parts_of_payment(order, *declined));
                self.stir(stage, [Piece::Event(place)].into_iter().chain(parts));
            }
            Happening::OrderCancelled { reference } => {
                let found = self.record.find_order(reference, stage.events);
                let parts = self.parts(stage, found, |state, order| {
                    let open = state.is_open(order);
                    open.then_some((SalePart::Cancelled, 1)).into_iter().collect()
                });
                self.stir(stage, [Piece::Event(place)].into_iter().chain(parts));
            }
            Happening::EmailBounced { hard, .. } => {
                let for_good = self.record.bounces_for_good(*hard);
                let status = for_good.then_some(Piece::Own(Happening::EmailStatus(EmailStatus::HardBounce)));
                self.stir(stage, [Piece::Event(place)].into_iter().chain(status));
            }
            _ => {
                let pending =
                    Pending { cause: None, piece: Piece::Event(place), is_in: false, asked_by: None };
                self.process(stage, &pending, true);
            }
        }
    }

    /// What the account does by itself now: a payment, a list that is left, a checkout given up, a day that has come.
    pub(super) fn happen_by_itself<S: Sink>(&mut self, stage: &mut Stage<'_, S>) {
        let now = self.now;
        if let Some((_, place)) = self.record.next_payment().filter(|(at, _)| *at == now) {
            let parts = self.parts(stage, Some(place), OrderState::parts_of_due);
            self.stir(stage, parts);
        } else if let Some((_, list)) = self.record.next_leaving().filter(|(at, _)| *at == now) {
            self.stir(stage, [Piece::Own(Happening::ListRemoved(list))]);
        } else if let Some((_, checkout)) = self.record.next_abandoned().filter(|(at, _)| *at == now) {
            let what = Happening::CheckoutAbandoned(checkout.clone());
            self.stir(stage, [Piece::Own(what)]);
        } else if let Some(place) = self.dates.iter().position(|timer| timer.next == now) {
            let mut timer = self.dates[place];
            timer.not_before = now.plus_millis(1);
            timer.next = self.next_date(stage, timer);
            self.dates[place] = timer;
            self.stir(stage, [Piece::Own(Happening::DateCame(timer.rule))]);
        } else {
            self.agenda = Instant::NEVER;
        }
    }

    /// What a question about an order answers, as pieces of its sale.
    fn parts<S>(
        &self,
        stage: &Stage<'_, S>,
        place: Option<u32>,
        ask: impl FnOnce(&OrderState, &Order) -> Vec<Part>,
    ) -> Vec<Piece> {
        let Some(place) = place else { return vec![] };
        let Some(state) = self.record.orders().get(place as usize) else { return vec![] };
        let parts = state.order.get(stage.events).map(|order| ask(state, order)).unwrap_or_default();
        parts.into_iter().map(|part| Piece::Sale(place, part)).collect()
    }

    /// The list that an order by a shipping-enabled form puts the contact on; `None`: none, or it is on it.
    fn shipping_list<S>(&self, stage: &Stage<'_, S>, form: FormId, order: &Order) -> Option<ListId> {
        let list = stage.sim.plan.catalogue.forms.get(&form)?.list?;
        (order.payment != FirstPayment::Declined && !self.record.is_on_list(list)).then_some(list)
    }

    /// The first piece happens now; the others follow from it, before what any of them raises.
    fn stir<S: Sink>(&mut self, stage: &mut Stage<'_, S>, pieces: impl IntoIterator<Item = Piece>) {
        let mut cause = None;
        pieces.into_iter().for_each(|piece| self.stir_on(stage, &mut cause, piece));
    }

    /// One of these pieces: `cause` is the entry of the first of them, once there is one.
    fn stir_on<S: Sink>(&mut self, stage: &mut Stage<'_, S>, cause: &mut Option<Seq>, piece: Piece) {
        if self.ended && !S::WITNESS {
            return;
        }
        let first = self.next_seq;
        let pending = Pending { cause: *cause, piece, is_in: false, asked_by: None };
        self.process(stage, &pending, cause.is_none());
        cause.get_or_insert(first);
    }

    /// Takes an event into the record, says it, and offers it to listeners.
    #[inline]
    pub(super) fn process<S: Sink>(&mut self, stage: &mut Stage<'_, S>, pending: &Pending, is_first: bool) {
        let Pending { cause, piece, is_in, asked_by } = pending;
        let (cause, asked_by) = (*cause, *asked_by);
        if !is_in {
            self.take_in(stage, piece);
        }
        let seq = self.say_piece(stage, cause, piece, is_first);
        let events = stage.events;
        let is_early = self.now < stage.from;
        if is_early && !S::WITNESS {
            return;
        }
        self.entered.clear();
        match piece {
            Piece::Event(place) => {
                if let Some(event) = events.get(*place as usize) {
                    self.offer(stage, seq, Heard::Event(&event.what), asked_by);
                }
            }
            Piece::Own(what) => self.offer(stage, seq, Heard::from(what), asked_by),
            // nobody listens for the order itself
            Piece::Placing(place) => {
                if (S::WITNESS || stage.edition.has_watchers)
                    && let Some(what) = self.order(*place, events).map(Happening::Order)
                {
                    self.offer(stage, seq, Heard::Event(&what), asked_by);
                }
            }
            Piece::Sale(place, (part, payment)) => {
                let Some(state) = self.record.orders().get(*place as usize) else { return };
                let own; // an order of the contact's events need not be shared
                let order = match &state.order {
                    OrderRef::Own(order) => {
                        own = order.clone();
                        &own
                    }
                    OrderRef::Event(place) => match events.get(*place as usize).map(|event| &event.what) {
                        Some(Happening::Order(order)) => order,
                        _ => return,
                    },
                };
                self.offer(stage, seq, Heard::Sale { part: *part, payment: *payment, order }, asked_by);
            }
        }
    }

    /// Changes the record as an event says.
    fn take_in<S: Sink>(&mut self, stage: &Stage<'_, S>, piece: &Piece) {
        let what = match piece {
            Piece::Placing(place) => return self.record.place_order(*place, stage.events, self.now),
            Piece::Sale(place, part) => {
                return self.record.take_in_sale(*place, *part, stage.events, self.now, &stage.sim.plan.zone);
            }
            Piece::Event(place) => match stage.events.get(*place as usize) {
                Some(event) => &event.what,
                None => return,
            },
            Piece::Own(what) => what,
        };
        self.take_in_happening(stage, what);
    }

    /// The same of an event that is no part of a sale; actions call it too.
    pub(super) fn take_in_happening<S>(&mut self, stage: &Stage<'_, S>, what: &Happening) {
        let plan = stage.sim.plan;
        match what {
            Happening::Paused(map) => self.pause(stage, *map),
            Happening::Unpaused(map) => self.resume(stage, *map),
            Happening::ListAdded(list) => {
                let after = plan.catalogue.lists.get(list).and_then(|list| list.leaves_after);
                let due = after.map_or(Instant::NEVER, |span| plan.zone.add(self.now, span));
                self.record.take_in(what, due);
            }
            Happening::CheckoutStarted(_) => {
                self.record.take_in(what, plan.zone.add(self.now, plan.settings.abandon_after));
            }
            Happening::FieldUpdated { field, .. } => {
                self.record.take_in(what, Instant::NEVER);
                if !self.dates.is_empty() {
                    self.move_dates(stage, *field);
                }
            }
            _ => self.record.take_in(what, Instant::NEVER),
        }
    }

    /// Says an event, which is on no map, to a sink that wants to hear of events.
    #[inline]
    fn say_piece<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Option<Seq>,
        piece: &Piece,
        is_first: bool,
    ) -> Seq {
        if !S::EVENTS {
            return self.number::<S>();
        }
        self.tell_piece(stage, cause, piece, is_first)
    }

    fn tell_piece<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Option<Seq>,
        piece: &Piece,
        is_first: bool,
    ) -> Seq {
        let events = stage.events;
        let own;
        let what = match piece {
            Piece::Event(place) => events.get(*place as usize).map(|event| &event.what),
            Piece::Own(what) => Some(what),
            Piece::Placing(place) => {
                own = self.order(*place, events).map(Happening::Order);
                own.as_ref()
            }
            Piece::Sale(place, (part, payment)) => {
                let sale = |order| Happening::Sale(Sale { part: *part, payment: *payment, order });
                own = self.order(*place, events).map(sale);
                own.as_ref()
            }
        };
        // every piece was made from what is there
        let what = what.unwrap_or(&Happening::Created);
        let said = if is_first { Said::Happened(what) } else { Said::Raised(what) };
        self.tell(stage, cause, None, None, said)
    }

    fn order(&self, place: u32, events: &[Event]) -> Option<Arc<Order>> {
        self.record.orders().get(place as usize)?.order.get(events).cloned()
    }

    /// Offers an event to every listener for it, map by map, triggers before goals, in reading order (G-04), and then to
    /// what waits for it otherwise.
    #[inline]
    fn offer<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        heard: Heard<'_>,
        asked_by: Option<PositionNo>,
    ) {
        self.took = false;
        self.witnessed = false;
        if S::WITNESS && (self.now < stage.from || self.ended) {
            self.witness_without_turn(stage, heard);
            return;
        }
        let edition = stage.edition;
        let listening = edition.listening(heard.kind());
        if !listening.is_empty() {
            self.handle(stage, cause, heard, listening);
        }
        if S::WITNESS && !self.witnessed {
            self.witness_without_turn(stage, heard);
        }
        if !self.ended {
            self.after_listeners(stage, cause, heard, asked_by);
        }
    }

    fn handle<S: Sink>(&mut self, stage: &mut Stage<'_, S>, cause: Seq, heard: Heard<'_>, listening: &[u32]) {
        let (plan, edition) = (stage.sim.plan, stage.edition);
        let (mut map_ix, mut goals_matched, mut goal_achieved) = (u32::MAX, 0, None);
        for number in listening {
            let listener = edition.listener_at(*number);
            let Some(map) = edition.map(listener.map_ix) else { continue };
            let Plan { catalogue, settings, .. } = plan;
            let ear = Ear { map: listener.map, rules: &map.rules, catalogue, settings };
            if !listener.listener.on.matches(heard, ear) {
                continue;
            }
            if listener.map_ix != map_ix {
                (map_ix, goals_matched, goal_achieved) = (listener.map_ix, 0, None);
            }
            let refused = self.refusal(stage, listener);
            let in_scope = !matches!(
                refused,
                Some(Refused::Paused | Refused::Condition | Refused::Scope | Refused::EntryEvent)
            );
            if listener.is_goal && in_scope {
                goals_matched += 1;
                if goals_matched == 2 {
                    self.tell(stage, Some(cause), Some(listener.node), None, Said::SeveralGoals); // G-05
                }
            }
            let not_first = listener.is_goal
                && goal_achieved.is_some()
                && map.rules.several_goals == SeveralGoals::FirstOnly;
            let refused = refused.or(not_first.then_some(Refused::NotFirst));
            if S::WITNESS && stage.sink.watched() == Some(listener.node) {
                self.witness_turn(stage, heard, listener, refused, goal_achieved);
            }
            if let Some(refused) = refused {
                if S::REFUSALS {
                    self.tell_refused(stage, cause, listener, refused);
                }
                continue;
            }
            if listener.is_goal {
                goal_achieved = Some(listener.node);
            }
            self.took = true;
            self.activate(stage, Some(cause), listener);
            if self.ended {
                return;
            }
        }
    }

    /// Says why a listener that hears the event is not activated; of its condition also what that saw (C-02).
    #[inline(never)]
    fn tell_refused<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Seq,
        listener: &ListenerPlan,
        refused: Refused,
    ) {
        let rules = stage.edition.map(listener.map_ix).map(|map| &map.rules);
        let asked = rules.filter(|_| S::DETAIL && refused == Refused::Condition);
        let seen =
            asked.map(|rules| seen(&listener.listener.conditions, &self.view(stage, rules.text_match)));
        let said = Said::Refused(refused, seen.as_deref());
        self.tell(stage, Some(cause), Some(listener.node), None, said);
    }

    /// The first reason why a listener that hears the event is not activated, in the order of G-04.
    #[inline]
    pub(super) fn refusal<S>(&self, stage: &Stage<'_, S>, listener: &ListenerPlan) -> Option<Refused> {
        // spelled out, so that each reason is known at compile time
        macro_rules! first_of {
            ($($reason:ident)*) => {
                $(if self.refuses(stage, listener, Refused::$reason) {
                    return Some(Refused::$reason);
                })*
            };
        }
        first_of!(Paused Condition Scope EntryEvent Once Ignore AlreadyInSequence);
        None
    }

    /// Whether there is this reason not to activate a listener that hears the event.
    #[inline(always)]
    pub(super) fn refuses<S>(&self, stage: &Stage<'_, S>, listener: &ListenerPlan, reason: Refused) -> bool {
        let settings = &listener.listener;
        let map_ix = listener.map_ix;
        let Some(MapPlan { rules, .. }) = stage.edition.map(map_ix) else { return false };
        match reason {
            // M-14
            Refused::Paused => rules.events_while_paused == WhilePaused::Missed && self.is_paused(map_ix),
            Refused::Condition => {
                !settings.conditions.is_always()
                    && !holds(&settings.conditions, &self.view(stage, rules.text_match))
            }
            Refused::Scope => settings.who != Who::AnyContact && !self.is_in_scope(listener),
            Refused::EntryEvent => {
                listener.is_goal
                    && !rules.entry_event_achieves
                    && self.entered.contains(&map_ix)
                    && self.maps[map_ix as usize].is_some()
            }
            // G-03
            Refused::Once => settings.once && self.once[listener.node.index()] == self.epoch,
            // G-02
            Refused::Ignore => settings.if_on_map == IfOnMap::Ignore && self.is_on_map(map_ix),
            Refused::AlreadyInSequence => self.is_in_target(stage, listener),
            // known only among the listeners of one event
            Refused::NotFirst => false,
        }
    }

    /// Whether a position of the contact is where *who can achieve* asks for.
    pub(super) fn is_in_scope(&self, listener: &ListenerPlan) -> bool {
        self.positions.iter().any(|position| {
            position.map_ix == listener.map_ix
                && listener.in_scope(position.node)
                && !self.is_finishing(position.run)
        })
    }

    /// K-08: whether the contact is active in the sequence that a goal would start, with a position that stays, or was in
    /// it once and may not come again.
    fn is_in_target<S>(&self, stage: &Stage<'_, S>, listener: &ListenerPlan) -> bool {
        let Some(target) = listener.starts.filter(|_| listener.is_goal) else { return false };
        let reentry = stage.edition.map(listener.map_ix).map(|map| map.rules.sequence_reentry);
        if reentry == Some(Reentry::Never) && self.completed.contains(&target) {
            return true;
        }
        self.positions.iter().any(|position| {
            let active = self.runs.get(position.run as usize);
            active.is_some_and(|run| run.sequence == target && run.stage == RunStage::Active)
                && !self.is_cleared(stage, listener, position)
        })
    }

    /// Whether *Move here* takes a position away (G-02, G-09, K-06).
    fn is_cleared<S>(&self, stage: &Stage<'_, S>, listener: &ListenerPlan, position: &Position) -> bool {
        listener.reaches(position)
            && !(listener.is_goal
                && (self.is_finishing(position.run) || self.is_kept(stage, listener, position)))
    }

    /// K-06: whether a goal does not stop a position's run above it, as the sequence runs until completed.
    fn is_kept<S>(&self, stage: &Stage<'_, S>, listener: &ListenerPlan, position: &Position) -> bool {
        let run = self.runs.get(position.run as usize);
        let active = run.filter(|run| run.stage == RunStage::Active && listener.is_below(position.node));
        let sequence = active.and_then(|run| stage.edition.sequence(run.sequence));
        sequence.is_some_and(|sequence| sequence.runs_until_completed)
    }

    fn is_finishing(&self, run: RunIx) -> bool {
        self.runs.get(run as usize).is_some_and(|run: &Run| run.finishing)
    }

    /// Places the contact at a trigger or goal and lets it run down to rest.
    pub(super) fn activate<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        cause: Option<Seq>,
        listener: &ListenerPlan,
    ) {
        let map_ix = listener.map_ix;
        self.once[listener.node.index()] = self.epoch;
        let activated = self.say(stage, cause, Some(listener.node), None, Said::Activated);
        let came = self.maps[map_ix as usize].is_none();
        if came {
            self.entered.push(map_ix);
            self.maps[map_ix as usize] = Some(OnMap { since: self.now, paused: None });
        }
        let mut arrival = Moving {
            no: 0,
            to: listener.node,
            by: Arrival::Event,
            cause: activated,
            run: NO_RUN,
            skips: false,
        };
        let mut by_line = None;
        let mut place = 0;
        while let Some(position) = self.positions.get(place).copied() {
            if !self.is_cleared(stage, listener, &position) {
                if listener.is_goal
                    && listener.reaches(&position)
                    && self.is_kept(stage, listener, &position)
                    && let Some(run) = self.runs.get_mut(position.run as usize)
                {
                    run.finishing = true;
                }
                place += 1;
                continue;
            }
            self.lift(place);
            match listener.wait {
                // who stands at the goal's own wait leaves by the line, others are taken from where they are
                Some((wait, outlet)) if wait == position.node && by_line.is_none() => {
                    by_line = Some(position.no);
                    let left = Said::Left { outlet, port: Port::Goal };
                    let seq = self.say(stage, Some(activated), Some(position.node), Some(position.no), left);
                    self.leave_queue(stage, position, seq);
                    (arrival.by, arrival.cause) = (Arrival::From(wait), seq);
                }
                _ => {
                    let taken = Said::Taken(listener.node);
                    let seq = self.say(stage, Some(activated), Some(position.node), Some(position.no), taken);
                    self.stop_run(stage, position, seq);
                }
            }
        }
        arrival.no = by_line.unwrap_or_else(|| self.new_position());
        // M-12: before what its way down raises, which may take it off again
        if came && stage.edition.hears_of_maps(HappeningKind::CameOnMap) {
            self.raised.push_back(Pending::raised(activated, Piece::Own(Happening::CameOnMap(listener.map))));
        }
        self.run_down(stage, arrival);
        self.settle_map(stage, map_ix, activated);
    }

    /// Whether a position rests for this reason.
    pub(super) fn any_rests(&self, rest: Rest) -> bool {
        self.positions.iter().any(|position| position.rest == rest)
    }
}

impl ListenerPlan {
    /// Whether a position is among those that *Move here* is about (G-02, G-09).
    fn reaches(&self, position: &Position) -> bool {
        self.listener.if_on_map == IfOnMap::Move
            && position.map_ix == self.map_ix
            && (!self.clears_above || self.is_below(position.node))
    }
}

/// The map to which a form adds who submits it (M-03).
fn fed_by<S>(stage: &Stage<'_, S>, form: FormId) -> Option<Piece> {
    let map = stage.sim.plan.catalogue.forms.get(&form)?.map?;
    Some(Piece::Own(Happening::AddedToAutomation(map)))
}

fn form_submitted(form: FormId, order: &Order) -> Happening {
    let failed = order.payment == FirstPayment::Declined;
    Happening::FormSubmitted {
        form,
        outcome: if failed { FormOutcome::Failure } else { FormOutcome::Success },
    }
}
