//! One contact: what happens to it next, and what that leads to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use chrono::{Datelike, Days};
use gateline::base::id::{ElementId, Id, ListId, MapId, SequenceId, TaskId};
use gateline::base::time::{Instant, Side, Span, Unit, Zone, birthday_in_year};
use gateline::engine::log::Fault;
use gateline::model::{
    Condition, ContactIx, DateRule, Element, ElementKind, Event, FieldKind, Happening, Map, Publication,
    Until, Value, Wait,
};

use super::lines::{Line, Said};
use super::record::Record;
use super::running::{Mover, Position};
use super::{Account, Shared, maps, matching, zone};

/// A contact in the middle of a run.
pub struct Life<'a> {
    pub account: &'a Account<'a>,
    pub contact: ContactIx,
    /// The contact's own clock, where its record has one.
    pub zone: Arc<Zone>,
    pub now: Instant,
    pub record: Record,
    /// The versions of maps that are published now; one that is not there yet is not in it.
    pub maps: BTreeMap<MapId, Arc<Map>>,
    /// Versions still to be published, by time and map.
    publications: VecDeque<(Instant, Publication)>,
    /// Maps that are published at the start of the run and place who matches, while that is still to come.
    to_place: Vec<MapId>,
    /// Events from outside that are still to come.
    events: VecDeque<Event>,
    /// Events that were raised and not handled yet (M-12).
    pub raised: VecDeque<Coming>,
    /// The live positions, the oldest first.
    pub positions: Vec<Position>,
    pub next_position: u32,
    /// Positions that are on their way down; the last one moves next (M-08).
    pub movers: Vec<Mover>,
    /// Since when the contact is on each map.
    pub stays: BTreeMap<MapId, Stay>,
    /// Triggers and goals that were activated once (G-03).
    pub activated: BTreeSet<ElementId>,
    /// Sequences whose steps were once all done (K-08).
    pub finished: BTreeSet<SequenceId>,
    /// How often each element drew by chance.
    pub draws: BTreeMap<ElementId, u64>,
    /// How often each outcome of a task did.
    pub outcome_draws: BTreeMap<(TaskId, u8), u64>,
    /// When the days that listeners wait for came last.
    days: BTreeMap<DateRule, Instant>,
    pub next_order: u32,
    /// The event that triggers and goals hear of now.
    pub event: Option<u32>,
    pub shared: Shared,
    /// Arrivals at this instant (M-09).
    pub steps: u32,
    /// What stopped the contact (M-09).
    pub fault: Option<Fault>,
    pub log: Vec<Line>,
}

/// The time that a contact is on a map without a break.
pub struct Stay {
    pub came_on: Instant,
    /// The event that put it there (G-04).
    pub event: Option<u32>,
    /// Since when it is paused there.
    pub paused: Option<Instant>,
}

/// An event that is to be handled.
#[derive(Clone)]
pub struct Coming {
    pub what: Happening,
    /// The entry that raised it.
    pub cause: Option<u32>,
    /// The order that it is about.
    pub order: Option<u32>,
    /// The record has it already, as an action changed it.
    pub changed: bool,
    /// The position that holds until it is known whether a map takes the contact (M-11), by the entry of its action.
    pub holder: Option<(u32, u32)>,
    /// How long the contact was paused, in milliseconds.
    pub paused_for: Option<i64>,
}

impl Coming {
    pub fn new(what: Happening) -> Self {
        Self { what, cause: None, order: None, changed: false, holder: None, paused_for: None }
    }
}

/// What happens next.
pub struct Next {
    at: Instant,
    class: Class,
    /// Of a timer: its map, and its place in reading order.
    place: (u32, usize),
    what: What,
}

/// M-13: the order of things at one instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Publication,
    EarlyTimer,
    Event,
    Account,
    LateTimer,
}

enum What {
    Placing,
    Publication,
    Timer(u32),
    Event,
    Payment(u32, u16),
    LeavesList(ListId),
    Abandons(usize),
    Day(DateRule),
}

impl Next {
    /// What decides between contacts: events and what the account does by itself are one class.
    pub fn turn(&self) -> (Instant, u8, (u32, usize)) {
        let class = match self.class {
            Class::Publication => 0,
            Class::EarlyTimer => 1,
            Class::Event | Class::Account => 2,
            Class::LateTimer => 3,
        };
        (self.at, class, self.place)
    }
}

impl<'a> Life<'a> {
    pub fn new(account: &'a Account<'a>, ix: ContactIx) -> Self {
        let project = account.project;
        let contact = project.people.contact(ix).unwrap();
        let (mut maps, mut publications, mut to_place) = (BTreeMap::new(), vec![], vec![]);
        for id in project.maps.keys() {
            // M-02, L-01: what is published by then is published at the start of the run
            let versions = project.versions(*id);
            let is_there = |version: &Publication| version.at.is_none_or(|at| at <= account.from);
            if let Some(first) = versions.iter().rfind(|version| is_there(version)) {
                maps.insert(*id, first.map.clone());
                if first.place_matching {
                    to_place.push(*id);
                }
            }
            let later = versions.into_iter().filter(|version| !is_there(version));
            publications.extend(later.map(|version| (version.at.unwrap(), version)));
        }
        publications.sort_by_key(|(at, version)| (*at, version.map.id));
        Self {
            account,
            contact: ix,
            zone: contact.zone.map_or_else(|| account.zone.clone(), zone),
            now: Instant::MIN,
            record: Record::of(contact),
            maps,
            publications: publications.into(),
            to_place,
            events: project.people.events(ix).iter().cloned().collect(),
            raised: VecDeque::new(),
            positions: vec![],
            next_position: 0,
            movers: vec![],
            stays: BTreeMap::new(),
            activated: BTreeSet::new(),
            finished: BTreeSet::new(),
            draws: BTreeMap::new(),
            outcome_draws: BTreeMap::new(),
            days: BTreeMap::new(),
            next_order: 0,
            event: None,
            shared: Shared::default(),
            steps: 0,
            fault: None,
            log: vec![],
        }
    }

    // -----------------------------------------------------------------------------------------------------------------
    // What happens next

    /// The next thing to happen, if it is within the run.
    pub fn next(&self) -> Option<Next> {
        if self.has_ended() {
            return None;
        }
        let mut all = vec![];
        let mut add = |at, class, what| all.push(Next { at, class, place: (0, 0), what });
        if !self.to_place.is_empty() {
            add(self.account.from, Class::Publication, What::Placing);
        }
        if let Some((at, _)) = self.publications.front() {
            add(*at, Class::Publication, What::Publication);
        }
        for position in &self.positions {
            let due = position.stand.as_ref().and_then(|stand| stand.due);
            if let Some(due) = due
                && !self.is_paused(position.map)
            {
                let early = !self.maps[&position.map].rules.events_before_timers;
                let class = if early { Class::EarlyTimer } else { Class::LateTimer };
                add(due.max(self.now), class, What::Timer(position.no));
            }
        }
        if let Some(event) = self.events.front() {
            add(event.at, Class::Event, What::Event);
        }
        for bought in &self.record.orders {
            if let Some((at, number)) = bought.scheduled(self) {
                add(at, Class::Account, What::Payment(bought.key, number));
            }
        }
        let mut lists = self.record.lists.clone();
        lists.sort();
        for (list, leaves) in &lists {
            if let Some(at) = leaves {
                add(*at, Class::Account, What::LeavesList(*list));
            }
        }
        for (place, (at, _)) in self.record.checkouts.iter().enumerate() {
            add(*at, Class::Account, What::Abandons(place));
        }
        for (at, rule) in self.days_to_come() {
            add(at, Class::Account, What::Day(rule));
        }
        let at = all.iter().map(|next| next.at).min().filter(|at| *at <= self.account.until)?;
        let mut now: Vec<_> = all.into_iter().filter(|next| next.at == at).collect();
        for next in &mut now {
            if let What::Timer(no) = next.what {
                let position = self.position(no);
                let order = maps::reading_order(&self.maps[&position.map]);
                let place = order.iter().position(|element| *element == position.at);
                next.place = (position.map.number(), place.unwrap());
            }
        }
        // The first of equals: payments by the place of their order, then lists, checkouts, days.
        now.into_iter().min_by_key(|next| {
            let due = match next.what {
                What::Timer(no) => self.position(no).stand.as_ref().and_then(|stand| stand.due),
                _ => None,
            };
            (next.class, due, next.place)
        })
    }

    /// From when on something can happen to the contact on maps.
    fn begins(&self) -> Instant {
        let contact = self.account.project.people.contact(self.contact).unwrap();
        self.account.from.max(contact.created.unwrap_or(Instant::MIN))
    }

    /// The days that published listeners wait for, with when each comes next (G-13).
    fn days_to_come(&self) -> Vec<(Instant, DateRule)> {
        let elements = self.maps.values().flat_map(|map| map.elements.values());
        let filters = elements.filter(|element| !element.draft).filter_map(|element| element.kind.listener());
        let rules: BTreeSet<_> = filters.filter_map(|listener| matching::days_of(&listener.on)).collect();
        let first = self.now.max(self.begins());
        let to_come = |rule: DateRule| {
            let came = self.days.get(&rule);
            let days = self.days_of(rule, first).into_iter();
            let next = days.filter(|at| *at >= first && came.is_none_or(|came| at > came)).min();
            Some((next?, rule))
        };
        rules.into_iter().filter_map(to_come).collect()
    }

    /// When the day of a rule is: of a birthday in the years around an instant.
    pub fn days_of(&self, rule: DateRule, around: Instant) -> Vec<Instant> {
        let (zone, settings) = (&self.account.zone, &self.account.project.settings);
        let (field, days) = match rule {
            DateRule::On(date) => return vec![zone.at(date, settings.date_event_time)],
            DateRule::Field { field, days } => (field, days),
        };
        let side = if days < 0 { Side::Before } else { Side::After };
        let distance = days.unsigned_abs();
        let moved = |date: chrono::NaiveDate| match side {
            Side::Before => date.checked_sub_days(Days::new(distance.into())),
            Side::After => date.checked_add_days(Days::new(distance.into())),
        };
        match self.record.fields.get(&field) {
            Some(Value::Date(date)) if self.field_kind(field) == Some(FieldKind::Birthday) => {
                let (year, more) = (zone.date_of(around).year(), 2 + distance as i32 / 365);
                let birthdays = (year - more..=year + more)
                    .map(|year| birthday_in_year(*date, year, settings.birthday_29_feb));
                birthdays.filter_map(moved).map(|date| zone.at(date, settings.date_event_time)).collect()
            }
            Some(Value::Date(date)) => {
                moved(*date).map(|date| zone.at(date, settings.date_event_time)).into_iter().collect()
            }
            Some(Value::DateTime(at)) if days == 0 => vec![*at],
            Some(Value::DateTime(at)) => {
                vec![zone.relative(zone.to_local(*at), side, Span::new(distance, Unit::Days), None)]
            }
            _ => vec![],
        }
    }

    /// What the catalogue says that a field holds.
    pub fn field_kind(&self, field: gateline::base::id::FieldId) -> Option<FieldKind> {
        self.account.project.catalogue.fields.get(&field).map(|field| field.kind)
    }

    // -----------------------------------------------------------------------------------------------------------------
    // What it leads to

    /// Does the next thing and everything that follows from it at once.
    pub fn go_on(&mut self, next: Next, shared: &mut Shared) {
        std::mem::swap(&mut self.shared, shared);
        if next.at != self.now {
            self.steps = 0;
        }
        self.now = next.at;
        match next.what {
            What::Placing => {
                let map = self.maps[&self.to_place.remove(0)].clone();
                self.place_matching(None, &map);
            }
            What::Publication => {
                let (_, version) = self.publications.pop_front().unwrap();
                self.publish(version);
            }
            What::Timer(no) => self.fire(no),
            What::Event => {
                let event = self.events.pop_front().unwrap();
                let parts = self.parts_of(&event.what);
                self.take_up(parts);
            }
            What::Payment(key, number) => {
                let bought = self.record.orders.iter().find(|bought| bought.key == key).unwrap();
                let parts = bought.when_due(number);
                self.take_up(parts);
            }
            What::LeavesList(list) => self.take_up(vec![Coming::new(Happening::ListRemoved(list))]),
            What::Abandons(place) => {
                let (_, checkout) = self.record.checkouts[place].clone();
                self.take_up(vec![Coming::new(Happening::CheckoutAbandoned(checkout))]);
            }
            What::Day(rule) => {
                self.days.insert(rule, self.now);
                self.take_up(vec![Coming::new(Happening::DateCame(rule))]);
            }
        }
        while !self.has_ended() {
            let Some(raised) = self.raised.pop_front() else { break };
            self.handle(raised, vec![], Said::Raised);
        }
        std::mem::swap(&mut self.shared, shared);
    }

    /// An event that nothing raised: its first part is handled now, the others when it is their turn.
    fn take_up(&mut self, parts: Vec<Coming>) {
        let mut parts = parts.into_iter();
        if let Some(first) = parts.next() {
            self.handle(first, parts.collect(), Said::Happened);
        }
    }

    /// An event: the record changes, triggers and goals hear of it (G-04), then what else it leads to.
    fn handle(&mut self, mut coming: Coming, others: Vec<Coming>, said: fn(Happening) -> Said) {
        let event = self.say(None, None, coming.cause, said(coming.what.clone()));
        self.raised.extend(others.into_iter().map(|other| Coming { cause: Some(event), ..other }));
        self.change(&mut coming);
        // M-02, §11: before the run begins and the contact is there, events only change the record
        if self.now < self.begins() {
            return;
        }
        let activated = self.offer(&coming.what, event);
        if self.has_ended() {
            return;
        }
        match &coming.what {
            Happening::TaskCompleted { task, outcome } => {
                let outcomes = self.account.project.catalogue.tasks.get(task).map(|task| &task.outcomes);
                let (of, place) = ((*task, *outcome), usize::from(*outcome).checked_sub(1));
                if let Some(outcome) = outcomes.zip(place).and_then(|(outcomes, place)| outcomes.get(place)) {
                    self.do_outcome(of, outcome, event);
                }
            }
            Happening::RemovedFromAutomation(map) => self.remove_by_hand(*map, event),
            Happening::Unpaused(map) => {
                if let Some(millis) = coming.paused_for {
                    self.end_pause(*map, millis, event);
                }
            }
            Happening::FieldUpdated { field, .. } => self.work_out_again(*field, event),
            Happening::AddedToAutomation(map) => {
                if let Some(holder) = coming.holder {
                    self.release_unless_taken(holder, *map, &activated, event);
                }
            }
            Happening::WentOffMap(map) => self.release_from(*map, event),
            _ => {}
        }
        self.ask_waits_for_conditions(event);
    }

    /// The event's change of the record.
    pub fn change(&mut self, coming: &mut Coming) {
        if coming.changed {
            return;
        }
        coming.changed = true;
        match coming.what {
            // M-14
            Happening::Paused(map) if self.is_on(map) && !self.is_paused(map) => {
                self.stays.get_mut(&map).unwrap().paused = Some(self.now);
            }
            Happening::Unpaused(map) if self.is_on(map) => {
                let since = self.stays.get_mut(&map).unwrap().paused.take();
                coming.paused_for = since.map(|since| self.now.millis_since(since));
            }
            _ => {}
        }
        self.record.change(&coming.what, self.account, self.now);
        self.change_sales(coming);
    }

    /// Whether nothing happens to the contact any more.
    pub fn has_ended(&self) -> bool {
        self.fault.is_some()
    }

    /// Writes an entry and returns its number.
    pub fn say(
        &mut self,
        element: Option<ElementId>,
        position: Option<u32>,
        cause: Option<u32>,
        what: Said,
    ) -> u32 {
        let seq = self.log.len() as u32;
        self.log.push(Line { at: self.now, seq, cause, element, position, what });
        seq
    }

    // -----------------------------------------------------------------------------------------------------------------
    // On and off maps

    /// Whether the contact holds a position on the map.
    pub fn is_on(&self, map: MapId) -> bool {
        self.positions.iter().any(|position| position.map == map)
    }

    /// Since when it does.
    pub fn on_since(&self, map: MapId) -> Option<Instant> {
        self.stays.get(&map).filter(|_| self.is_on(map)).map(|stay| stay.came_on)
    }

    /// Whether it is paused there.
    pub fn is_paused(&self, map: MapId) -> bool {
        self.is_on(map) && self.stays.get(&map).is_some_and(|stay| stay.paused.is_some())
    }

    /// The first position on a map came to its first element: raises what listeners of other maps want to know of that,
    /// before all that comes of it (M-12).
    pub fn comes_on(&mut self, map: MapId, cause: u32) {
        self.stays.insert(map, Stay { came_on: self.now, event: self.event, paused: None });
        let what = Happening::CameOnMap(map);
        if self.is_listened_for(&what) {
            self.raised.push_back(Coming { cause: Some(cause), ..Coming::new(what) });
        }
    }

    /// Raises what listeners of other maps, and positions that hold for it, want to know: that the contact went off a map.
    /// Asked at the end of everything that moves positions; `cause` set it going.
    pub fn settle(&mut self, cause: u32) {
        for map in self.stays.keys().copied().collect::<Vec<_>>() {
            self.settle_off(map, cause);
        }
    }

    /// The same of one map that the contact may have gone off.
    pub fn settle_off(&mut self, map: MapId, cause: u32) {
        if self.is_on(map) || self.stays.remove(&map).is_none() {
            return;
        }
        let what = Happening::WentOffMap(map);
        if self.is_listened_for(&what) || self.positions.iter().any(|position| position.holds_for(map)) {
            self.raised.push_back(Coming { cause: Some(cause), ..Coming::new(what) });
        }
    }

    /// Whether a published listener hears of contacts that come onto maps, or of those that go off, or a wait asks.
    fn is_listened_for(&self, what: &Happening) -> bool {
        use gateline::model::{Change, EventFilter};
        let elements = || self.maps.values().flat_map(|map| map.elements.values());
        let asks = |element: &Element| match &element.kind {
            ElementKind::Wait(Wait { until: Until::Conditions { condition, .. }, .. }) => {
                condition.leaves().into_iter().any(|leaf| {
                    matches!(
                        leaf,
                        Condition::SubscribedToMap { .. }
                            | Condition::OnMapFor { .. }
                            | Condition::MapState { .. }
                    )
                })
            }
            _ => false,
        };
        if elements().any(asks) {
            return true;
        }
        let mut listeners =
            elements().filter(|element| !element.draft).filter_map(|element| element.kind.listener());
        listeners.any(|listener| match listener.on {
            EventFilter::Automation { change: Change::Added, .. } => matches!(what, Happening::CameOnMap(_)),
            EventFilter::Automation { change: Change::Removed, .. } => {
                matches!(what, Happening::WentOffMap(_))
            }
            _ => false,
        })
    }
}
