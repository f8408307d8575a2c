//! What holds contacts for ever, or longer than its maker thinks.

use std::collections::BTreeMap;

use chrono::Days;

use super::chances::{filled_by, is_date};
use super::listeners::is_dead;
use super::shape::Shape;
use super::{CHILD_MAP_KEEPS, FIELD_EMPTY, MapCheck, NEVER_HAPPENS, ONCE_GOAL, STUCK};
use crate::base::id::FieldId;
use crate::base::time::Zone;
use crate::model::rules::{MoveClears, PastDate, PreviousWaits};
use crate::model::{
    Action, Element, ElementKind, EventFilter, Field, IfOnMap, Listener, Port, Until, Wait, WaitZone, Who,
    words,
};

/// The goal group of a wait that only a goal ends.
struct Group<'a> {
    wait: usize,
    /// Its goals that listen, from left to right; none where all are drafts.
    goals: Vec<(usize, &'a Listener)>,
}

impl<'a> MapCheck<'a> {
    pub(super) fn holds(&mut self) {
        for at in 0..self.shape.len() {
            let element = self.shape.elements[at];
            if let (ElementKind::Wait(wait), true) = (&element.kind, self.reachable[at]) {
                self.bare_wait(at, wait);
            }
        }
        let groups = self.groups_without_limit();
        self.stuck_groups(&groups);
        for group in groups.iter().filter(|group| !group.goals.is_empty()) {
            self.never_happens(group);
        }
        self.once_goals(&groups);
        self.empty_fields();
        self.child_maps();
    }

    /// A wait that ends by nothing that there is.
    fn bare_wait(&mut self, at: usize, wait: &Wait) {
        if self.shape.is_passed_over(at) {
            return;
        }
        let name = self.title(at);
        match &wait.until {
            Until::Goal if wait.goals.is_empty() => {
                let sentence = format!("{name} has neither a rule nor goals, so contacts never leave it");
                self.add(STUCK, [at], sentence);
            }
            _ => {
                let Some(why) = self.never_fires(wait) else { return };
                let so = match wait.goals.is_empty() {
                    true => "contacts never leave it",
                    false => "its path of least action is never taken",
                };
                self.add(STUCK, [at], format!("{name} {why}, so {so}"));
            }
        }
    }

    /// Why the rule of a wait lets nobody go on, where it is one that could.
    pub(super) fn never_fires(&self, wait: &Wait) -> Option<String> {
        let project = self.project;
        match &wait.until {
            Until::Relative { field: Some(field), .. } | Until::FieldTimer { field: Some(field), .. } => {
                let name = || project.catalogue.name::<Field>(*field);
                (!is_date(project, *field)).then(|| format!("reads “{}”, which holds no day", name()))
            }
            // W-04
            Until::Date { date, time } if self.map.rules.past_specific_date == PastDate::Hold => {
                // one zone is ahead of another by less than two days
                let ahead = Days::new(if wait.zone == WaitZone::Contact { 2 } else { 0 });
                let last = date.checked_add_days(ahead)?;
                let due = Zone::new(project.settings.account_zone).at(last, time.unwrap_or_default());
                let first = self.known.chances.first()?;
                (due < first).then(|| "waits for a day that is over before the first event".into())
            }
            Until::Conditions { condition, limit: None } if !self.known.chances.can_hold(condition) => {
                Some("waits for what no event of the contacts and no action brings about".into())
            }
            _ => None,
        }
    }

    /// Goal groups that contacts come to by lines and whose wait has no rule of time.
    fn groups_without_limit(&self) -> Vec<Group<'a>> {
        let elements = self.shape.elements.iter().enumerate();
        let waits = elements.filter(|(at, element)| {
            let no_limit = match &element.kind {
                ElementKind::Wait(wait) => matches!(wait.until, Until::Goal | Until::NotSet),
                _ => false,
            };
            no_limit && self.reachable[*at]
        });
        let groups = waits.map(|(wait, _)| {
            let goals = self.shape.ways[wait].iter().filter(|(port, _)| *port == Port::Goal);
            let listening = goals.filter_map(|(_, goal)| {
                let element: &'a Element = self.shape.elements[*goal];
                element.kind.listener().filter(|_| !element.draft).map(|listener| (*goal, listener))
            });
            Group { wait, goals: listening.collect() }
        });
        groups.filter(|group| !self.shape.elements[group.wait].kind.goals().is_empty()).collect()
    }

    /// Groups whose goals do not take along who rests at their wait (G-02), where nothing else does.
    fn stuck_groups(&mut self, groups: &[Group]) {
        let stays = |group: &&Group| group.goals.iter().all(|(_, goal)| goal.if_on_map != IfOnMap::Move);
        // Where all ignore contacts on the map and listen only to these, that is said already.
        let is_dead =
            |group: &&Group| !group.goals.is_empty() && group.goals.iter().all(|(_, goal)| is_dead(goal));
        let stuck: Vec<_> = groups.iter().filter(stays).filter(|group| !is_dead(group)).collect();
        if stuck.is_empty() {
            return;
        }
        let pulled = self.pulled(&stuck, true);
        for group in stuck.into_iter().filter(|group| !pulled[group.wait]) {
            let names: Vec<_> = group.goals.iter().map(|(goal, _)| self.title(*goal)).collect();
            let wait = self.title(group.wait);
            let adds = group.goals.iter().any(|(_, goal)| goal.if_on_map == IfOnMap::Add);
            let sentence = match adds {
                _ if names.is_empty() => {
                    format!("Contacts never leave {wait}: its goals are drafts, so they do not listen")
                }
                true => format!(
                    "Who achieves {} stays at {wait} too, and nothing ever lets contacts leave it",
                    words::listed(&names, "or")
                ),
                false => format!(
                    "Contacts never leave {wait}: they are on the map, which is whom {} {}",
                    words::listed(&names, "and"),
                    if names.len() == 1 { "ignores" } else { "ignore" }
                ),
            };
            let goals = group.goals.iter().map(|(goal, _)| *goal);
            self.add(STUCK, std::iter::once(group.wait).chain(goals), sentence);
        }
    }

    /// Places from which some trigger or goal moves contacts away, for good: not to where they come to these groups again.
    fn pulled(&self, groups: &[&Group], once_too: bool) -> Vec<bool> {
        let jumps = self.map.rules.upstream_follows_go_to;
        let count = self.shape.len();
        if self.known.chances.removes_from(self.map.id) {
            return vec![true; count];
        }
        let waits = groups.iter().map(|group| group.wait);
        let leads_back = self.shape.spread(waits, |at| self.shape.up(at, true));
        let mut pulled = vec![false; count];
        let (mut above_waits, mut above_all) = (vec![], vec![]);
        for (at, listener) in self.listeners() {
            let counts = once_too || !listener.once;
            if listener.if_on_map != IfOnMap::Move || !counts || leads_back[at] {
                continue;
            }
            let clears_all = self.clears(at, listener) == MoveClears::WholeMap;
            match (listener.who, self.map.rules.previous_waits) {
                (Who::AnyContact | Who::OnMap, _) if clears_all => return vec![true; count],
                (Who::PreviousWaits, PreviousWaits::Attached) => {
                    pulled[self.shape.wait_of[at].unwrap_or(at)] = true;
                }
                (Who::PreviousWaits, PreviousWaits::AllAbove) => above_waits.push(at),
                (Who::AnyContact | Who::OnMap | Who::Upstream, _) => above_all.push(at),
            }
        }
        let is_wait = |at: &usize| matches!(self.shape.elements[*at].kind, ElementKind::Wait(_));
        let above = |from| self.shape.spread(from, |at| self.shape.up(at, jumps));
        let (above_waits, above_all) = (above(above_waits), above(above_all));
        for at in 0..count {
            pulled[at] |= above_all[at] || (above_waits[at] && is_wait(&at));
        }
        pulled
    }

    /// A group none of whose events can happen in this project.
    fn never_happens(&mut self, group: &Group) {
        if group.goals.iter().any(|(_, goal)| self.known.chances.can_happen(&goal.on)) {
            return;
        }
        let names: Vec<_> = group.goals.iter().map(|(goal, _)| self.title(*goal)).collect();
        let verb = if names.len() == 1 { "waits" } else { "wait" };
        let sentence = format!(
            "No event of the contacts and no action does what {} {verb} for, so contacts stay at {} for ever",
            words::listed(&names, "and"),
            self.title(group.wait)
        );
        let goals = group.goals.iter().map(|(goal, _)| *goal);
        self.add(NEVER_HAPPENS, goals.chain([group.wait]), sentence);
    }

    /// Groups that every contact passes once (G-03), but may come to again.
    fn once_goals(&mut self, groups: &[Group]) {
        let once = |group: &&Group| {
            let goals = || group.goals.iter();
            goals().all(|(_, goal)| goal.once) && goals().any(|(_, goal)| goal.if_on_map == IfOnMap::Move)
        };
        let once: Vec<_> = groups.iter().filter(once).collect();
        if once.is_empty() {
            return;
        }
        let down = |at: usize| self.shape.down(at, true);
        let circles = self.shape.circles(down);
        let pulled = self.pulled(&once, false);
        let exits = (0..self.shape.len()).filter(|at| self.shape.elements[*at].kind == ElementKind::Exit);
        let can_exit = self.shape.spread(exits, |at| self.shape.up(at, true));
        let again = |if_on_map: fn(IfOnMap) -> bool| {
            let again = self
                .listeners()
                .filter(|(at, listener)| if_on_map(listener.if_on_map) && self.comes_again(*at, listener));
            self.shape.traced(again.map(|(at, _)| at).collect::<Vec<_>>(), down)
        };
        let at_any_time = again(|if_on_map| if_on_map != IfOnMap::Ignore);
        let after_exit = again(|if_on_map| if_on_map == IfOnMap::Ignore);
        let mut found = vec![];
        for group in once.into_iter().filter(|group| !pulled[group.wait]) {
            let Some((goal, _)) = group.goals.first() else { continue };
            let leads_back = circles
                .iter()
                .find(|circle| circle.contains(&group.wait))
                .and_then(|circle| circle.iter().copied().find(|at| self.shape.jump[*at].is_some()));
            let exits = group.goals.iter().any(|(goal, _)| can_exit[*goal]);
            let by =
                leads_back.or(at_any_time[group.wait]).or_else(|| after_exit[group.wait].filter(|_| exits));
            if let Some(by) = by {
                found.push((*goal, group.wait, by));
            }
        }
        for (goal, wait, by) in found {
            let sentence = format!(
                "{} counts once in a contact's life, but by {} contacts come to {} again, where they then stay for ever",
                self.title(goal),
                self.title(by),
                self.title(wait)
            );
            self.add(ONCE_GOAL, [goal, wait, by], sentence);
        }
    }

    /// Whether one contact can come in by a trigger or goal several times.
    fn comes_again(&self, at: usize, listener: &Listener) -> bool {
        if listener.once || self.is_goal(at) && !matches!(listener.who, Who::AnyContact | Who::OnMap) {
            return false;
        }
        match listener.on {
            EventFilter::Created | EventFilter::SpecificDate(_) => false,
            EventFilter::AddedToAutomation => self.known.chances.adds_to(self.map.id),
            _ => self.known.chances.can_happen(&listener.on),
        }
    }

    /// Waits for the day in a field that some contacts of the project do not have (W-05).
    fn empty_fields(&mut self) {
        let people = self.project.people.len();
        let read = |at: usize| match &self.shape.elements[at].kind {
            ElementKind::Wait(wait) if self.reachable[at] && !self.shape.is_passed_over(at) => {
                match wait.until {
                    Until::Relative { field, .. } | Until::FieldTimer { field, .. } => field,
                    _ => None,
                }
            }
            _ => None,
        };
        let mut waits: BTreeMap<FieldId, Vec<usize>> = BTreeMap::new();
        for at in 0..self.shape.len() {
            if let Some(field) = read(at) {
                waits.entry(field).or_default().push(at);
            }
        }
        for (field, waits) in waits {
            let empty = people.saturating_sub(self.known.chances.filled(field));
            if empty == 0 || !is_date(self.project, field) || !self.project.catalogue.has(field.into()) {
                continue;
            }
            let fills = |at: &usize| {
                let action = self.shape.elements[*at].kind.action();
                action.and_then(filled_by) == Some(field) && !self.shape.is_passed_over(*at)
            };
            let filled = (0..self.shape.len()).filter(fills);
            let filled = self.shape.spread(filled, |at| self.shape.down(at, true));
            let name = self.project.catalogue.name::<Field>(field);
            for at in waits.into_iter().filter(|at| !filled[*at]) {
                let sentence = format!(
                    "{} reads “{name}”, which is empty for {} of {}: they stay there until it is filled",
                    self.title(at),
                    words::thousands(empty),
                    words::counted(people, "contact", "contacts")
                );
                self.add(FIELD_EMPTY, [at], sentence);
            }
        }
    }

    /// *Add to automation* that waits for contacts to be off a map which keeps them (M-11).
    fn child_maps(&mut self) {
        for at in 0..self.shape.len() {
            let ElementKind::Action(Action::AddToMap(Some(map))) = self.shape.elements[at].kind else {
                continue;
            };
            if !self.reachable[at] || self.shape.is_passed_over(at) {
                continue;
            }
            let name = self.title(at);
            if map == self.map.id {
                let sentence = format!(
                    "{name} adds contacts to the map they are on: they stand on it twice, \
                     and it does not wait for them to be off it"
                );
                self.add(CHILD_MAP_KEEPS, [at], sentence);
                continue;
            }
            if let Some(keeper) = self.known.keepers.get(&map) {
                let child = self.project.map(map).map_or_else(|| map.to_string(), |map| map.name.clone());
                let sentence = format!(
                    "{name} waits until contacts are off “{child}”, where {keeper} keeps them for ever"
                );
                self.add(CHILD_MAP_KEEPS, [at], sentence);
            }
        }
    }
}

/// The first element at which contacts who are added to a map come to rest for ever and stay on it.
pub(super) fn keeper<'a>(shape: &Shape<'a>) -> Option<&'a Element> {
    let added = shape.added()?;
    let reached = shape.spread([added], |at| shape.down(at, true));
    let keeps = |at: usize| match shape.elements[at].kind {
        ElementKind::End => true,
        // M-03, M-10: the added trigger may stand alone, and the end of a sequence may be the end
        _ => shape.ways[at].is_empty() && (at == added || shape.is_last_step(at)),
    };
    (0..shape.len()).find(|at| reached[*at] && keeps(*at)).map(|at| shape.elements[at])
}
