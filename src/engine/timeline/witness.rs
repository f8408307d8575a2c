//! What decides about an event for the one listener that a sink watches (semantics §11).

use std::sync::Arc;

use super::{RunStage, Stage, Timeline};
use crate::base::id::ElementId;
use crate::engine::conditions::seen;
use crate::engine::explain::{Chance, Check, Found, Reason, event_checks};
use crate::engine::log::{Refused, Sink};
use crate::engine::plan::{Edition, ListenerPlan, MapPlan, NodeIx};
use crate::model::rules::{SeveralGoals, WhilePaused};
use crate::model::{Ear, Happening, Heard, IfOnMap, Sale, Who};

impl Timeline {
    /// The watched listener has its turn at an event: tells the sink all checks as things stand now, after the listeners
    /// before it, of which a goal of its map may have been achieved.
    #[inline(never)]
    pub(super) fn witness_turn<S: Sink>(
        &mut self,
        stage: &mut Stage<'_, S>,
        heard: Heard<'_>,
        listener: &ListenerPlan,
        refused: Option<Refused>,
        achieved_before: Option<NodeIx>,
    ) {
        self.witnessed = true;
        let before = achieved_before.map(|node| stage.sim.plan.node(node).element);
        let mut checks = vec![Check::new(Reason::TooEarly, true, Found::Nothing)];
        // it is what the listener listens for, or there would be no turn
        let event = self.of_event(stage, listener, heard).unwrap_or_default();
        checks.extend(event.into_iter().map(|check| Check { passed: true, ..check }));
        self.contact_checks(stage, listener, before, &mut checks);
        if listener.is_goal && self.takes_first_only(stage, listener) {
            let found = before.map_or(Found::Nothing, Found::Element);
            checks.push(Check::new(Reason::NotFirst, refused != Some(Refused::NotFirst), found));
        }
        debug_assert_eq!(
            checks.iter().all(|check| check.passed),
            refused.is_none(),
            "{refused:?}: {checks:?}"
        );
        self.tell_witness(stage, heard, checks);
    }

    /// An event was offered and the watched listener had no turn at it: tells the sink why, if the listener hears events
    /// of its kind.
    #[inline(never)]
    pub(super) fn witness_without_turn<S: Sink>(&self, stage: &mut Stage<'_, S>, heard: Heard<'_>) {
        if let Some(checks) = self.checks_without_turn(stage, heard) {
            self.tell_witness(stage, heard, checks);
        }
    }

    fn tell_witness<S: Sink>(&self, stage: &mut Stage<'_, S>, heard: Heard<'_>, checks: Vec<Check>) {
        let event = match heard {
            Heard::Event(what) => what.clone(),
            Heard::Sale { part, payment, order } => {
                Happening::Sale(Sale { part, payment, order: Arc::new(order.clone()) })
            }
        };
        stage.sink.witness(Chance { at: self.now, event, checks });
    }

    /// `None`: the event is of another kind than the listener hears.
    fn checks_without_turn<S: Sink>(&self, stage: &Stage<'_, S>, heard: Heard<'_>) -> Option<Vec<Check>> {
        let node = stage.sink.watched()?;
        let editions = stage.sim.plan.editions();
        let find = |edition: &Edition| edition.listeners().iter().position(|listener| listener.node == node);
        // what was there last, or will be there first, says what is listened for
        let (before, after) = editions.split_at((self.edition + 1).min(editions.len()));
        let of = before.iter().rev().chain(after).find_map(|edition| Some((edition, find(edition)?)));
        let listener = of.and_then(|(edition, place)| edition.listeners().get(place))?;
        let event = self.of_event(stage, listener, heard)?;
        let is_there = find(stage.edition).is_some();
        let was_there = before.iter().any(|edition| find(edition).is_some());
        let is_early = self.now < stage.from || !was_there;
        let mut checks = vec![];
        if !is_there && was_there {
            let is_draft = stage.edition.node(node).kind.is_some();
            let found = if is_draft { "it was a draft by then" } else { "it was no longer on the map" };
            checks.push(Check::new(Reason::NotThere, false, Found::Text(found.into())));
        }
        let since = editions.iter().find(|edition| find(edition).is_some())?.from.max(stage.sim.from);
        let found = if stage.from > since { Found::Created(stage.from) } else { Found::Since(since) };
        checks.push(Check::new(Reason::TooEarly, !is_early, found));
        checks.extend(event);
        if self.ended {
            // where the contact stood at its end was never asked
            checks.push(Check::new(Reason::Ended, false, Found::Nothing));
        } else if is_there && !is_early {
            self.contact_checks(stage, listener, None, &mut checks);
            if checks.iter().all(|check| check.passed) {
                checks.push(Check::new(Reason::Settings, false, Found::Event));
            }
        }
        Some(checks)
    }

    /// What the event is to the listener.
    fn of_event<S>(
        &self,
        stage: &Stage<'_, S>,
        listener: &ListenerPlan,
        heard: Heard<'_>,
    ) -> Option<Vec<Check>> {
        let plan = stage.sim.plan;
        // before the map is there, its first version says how it will be
        let editions = || std::iter::once(stage.edition).chain(plan.editions());
        let rules = &editions().find_map(|edition| edition.map(listener.map_ix))?.rules;
        let ear = Ear { map: listener.map, rules, catalogue: &plan.catalogue, settings: &plan.settings };
        event_checks(&listener.listener.on, heard, ear)
    }

    fn takes_first_only<S>(&self, stage: &Stage<'_, S>, listener: &ListenerPlan) -> bool {
        let map = stage.edition.map(listener.map_ix);
        map.is_some_and(|map| map.rules.several_goals == SeveralGoals::FirstOnly)
    }

    /// What the contact is to the listener, in the order of reporting.
    fn contact_checks<S>(
        &self,
        stage: &Stage<'_, S>,
        listener: &ListenerPlan,
        achieved_before: Option<ElementId>,
        checks: &mut Vec<Check>,
    ) {
        let settings = &listener.listener;
        let Some(MapPlan { rules, .. }) = stage.edition.map(listener.map_ix) else { return };
        let places = (self.positions.iter())
            .filter(|position| position.map_ix == listener.map_ix)
            .map(|position| stage.sim.plan.node(position.node).element);
        let places: Vec<_> = places.collect();
        let is_on = !places.is_empty();
        let at = Found::Places { places, achieved_before };
        let passes = |reason| !self.refuses(stage, listener, reason);
        let mut check = |reason, passed, found| checks.push(Check::new(reason, passed, found));
        if rules.events_while_paused == WhilePaused::Missed {
            let since = self.maps[listener.map_ix as usize].and_then(|on| on.paused);
            check(Reason::Paused, passes(Refused::Paused), since.map_or(Found::Nothing, Found::PausedSince));
        }
        if settings.who != Who::AnyContact {
            check(Reason::NotOnMap, is_on, Found::Nothing);
        }
        if !passes(Refused::EntryEvent) {
            check(Reason::NotOnMap, false, Found::Text("only this very event put it there".into()));
        }
        match settings.who {
            Who::AnyContact => {}
            Who::Upstream | Who::PreviousWaits => {
                check(Reason::Scope, passes(Refused::Scope), at.clone());
            }
            Who::OnMap => {
                if is_on && !passes(Refused::Scope) {
                    let found = "it only brings a sequence to its end there".into();
                    check(Reason::Scope, false, Found::Text(found));
                }
            }
        }
        if settings.if_on_map == IfOnMap::Ignore {
            check(Reason::Ignore, passes(Refused::Ignore), at);
        }
        if settings.once {
            check(Reason::Once, passes(Refused::Once), Found::Nothing);
        }
        if !settings.conditions.is_always() {
            let found = Found::Seen(seen(&settings.conditions, &self.view(stage, rules.text_match)));
            check(Reason::Condition, passes(Refused::Condition), found);
        }
        if let Some(target) = listener.starts {
            let active = |run: &super::Run| run.sequence == target && run.stage == RunStage::Active;
            let mut runs = self.positions.iter().filter_map(|position| self.runs.get(position.run as usize));
            let passed = passes(Refused::AlreadyInSequence);
            if runs.any(active) || !passed {
                check(Reason::InSequence, passed, Found::Nothing);
            }
        }
    }
}
