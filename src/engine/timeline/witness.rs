//! What decides about an event for the one listener that a sink watches (semantics §11).

use std::sync::Arc;

use super::{RunStage, Stage, Timeline};
use crate::engine::conditions::{holds, seen};
use crate::engine::explain::{Chance, Check, Found, Reason, event_checks};
use crate::engine::log::{Refused, Sink};
use crate::engine::plan::ListenerPlan;
use crate::model::rules::WhilePaused;
use crate::model::{Ear, Happening, Heard, IfOnMap, Sale, Who};

impl Timeline {
    /// Tells the sink all checks of an event that its listener could hear, as things stand now.
    pub(super) fn tell_witness<S: Sink>(&self, stage: &mut Stage<'_, S>, heard: Heard<'_>) {
        if let Some(checks) = self.checks(stage, heard) {
            let event = match heard {
                Heard::Event(what) => what.clone(),
                Heard::Sale { part, payment, order } => {
                    Happening::Sale(Sale { part, payment, order: Arc::new(order.clone()) })
                }
            };
            stage.sink.witness(Chance { at: self.now, event, checks });
        }
    }

    /// `None`: the event is of another kind than the listener hears.
    fn checks<S: Sink>(&self, stage: &Stage<'_, S>, heard: Heard<'_>) -> Option<Vec<Check>> {
        let node = stage.sink.watched()?;
        let plan = stage.sim.plan;
        let here = stage.edition.listeners().iter().find(|listener| listener.node == node);
        // before the goal is there, its first version says what it will listen for
        let later =
            || plan.editions().iter().flat_map(|e| e.listeners()).find(|listener| listener.node == node);
        let listener = here.or_else(later)?;
        let too_early = here.is_none() || self.now < stage.sim.from;
        let rules = stage.edition.map(listener.map_ix).map(|map| map.rules.clone()).unwrap_or_default();
        let ear =
            Ear { map: listener.map, rules: &rules, catalogue: &plan.catalogue, settings: &plan.settings };
        let mut checks = vec![Check { reason: Reason::TooEarly, passed: !too_early, found: Found::Event }];
        checks.extend(event_checks(&listener.listener.on, heard, ear)?);
        if !too_early {
            self.contact_checks(stage, listener, &mut checks);
        }
        Some(checks)
    }

    /// What the contact is to the listener, in the order of reporting.
    fn contact_checks<S>(&self, stage: &Stage<'_, S>, listener: &ListenerPlan, checks: &mut Vec<Check>) {
        let settings = &listener.listener;
        let Some(map) = stage.edition.map(listener.map_ix) else { return };
        let places = (self.positions.iter())
            .filter(|position| position.map_ix == listener.map_ix)
            .map(|position| stage.sim.plan.node(position.node).element);
        let places: Vec<_> = places.collect();
        let mut check = |reason, passed, found| checks.push(Check { reason, passed, found });
        if map.rules.events_while_paused == WhilePaused::Missed {
            check(Reason::Paused, !self.is_paused(listener.map_ix), Found::Nothing);
        }
        let is_on = !places.is_empty();
        if settings.who != Who::AnyContact {
            check(Reason::NotOnMap, is_on, Found::Nothing);
        }
        if listener.is_goal && !map.rules.entry_event_achieves {
            let just_came = is_on && self.entered.contains(&listener.map_ix);
            let found = Found::Text("this very event put the contact on the map".to_owned());
            if just_came {
                check(Reason::NotOnMap, false, found);
            }
        }
        if matches!(settings.who, Who::Upstream | Who::PreviousWaits) {
            check(Reason::Scope, self.is_in_scope(listener), Found::Places(places.clone()));
        }
        if settings.if_on_map == IfOnMap::Ignore {
            check(Reason::Ignore, !is_on, Found::Places(places));
        }
        if settings.once {
            check(Reason::Once, self.once[listener.node.index()] != self.epoch, Found::Nothing);
        }
        if !settings.conditions.is_always() {
            let view = self.view(stage, map.rules.text_match);
            let found = Found::Seen(seen(&settings.conditions, &view));
            check(Reason::Condition, holds(&settings.conditions, &view), found);
        }
        if let Some(target) = listener.starts {
            let active = |run: &super::Run| run.sequence == target && run.stage == RunStage::Active;
            let runs = self.positions.iter().filter_map(|position| self.runs.get(position.run as usize));
            if runs.into_iter().any(active) {
                let refused = self.refusal(stage, listener) == Some(Refused::AlreadyInSequence);
                check(Reason::InSequence, !refused, Found::Nothing);
            }
        }
    }
}
