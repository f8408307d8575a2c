//! What happens to the contacts of a test, and what comes out.

use std::sync::Arc;

use chrono_tz::Tz;
use gateline::base::id::{ElementId, FieldId, MapId};
use gateline::base::time::{Instant, Zone, parse_instant};
use gateline::engine::coupled::Draws;
use gateline::engine::log::{Log, Message, What};
use gateline::engine::plan::NodeIx;
use gateline::engine::{Counts, LogEntry, Plan, Simulation, Timeline, Totals, check, explain};
use gateline::model::catalogue::Shelved;
use gateline::model::{
    Contact, ContactIx, ElementKind, Email, Event, FormOutcome, Happening, Map, MoreOfContact, Order, People,
    Postcard, Project, Publication, Sms, Value, words,
};
use gateline::reports::{states, trace, why};

use crate::build::Build;

/// What happens to contacts, in the order given.
pub struct Life {
    pub build: Build,
    people: Vec<(Contact, Vec<Event>)>,
    zone: Zone,
    from: Option<Instant>,
    until: Instant,
    seed: u64,
}

/// What was run.
struct World {
    project: Project,
    zone: Zone,
    plan: Plan,
    from: Instant,
    until: Instant,
    seed: u64,
    draws: Draws,
}

/// What came out for one contact.
pub struct Outcome {
    world: Arc<World>,
    contact: ContactIx,
    pub log: Vec<LogEntry>,
}

impl Life {
    pub fn of(build: Build) -> Self {
        let zone = Zone::new(build.project.settings.account_zone);
        let until = parse_instant("2027-01-01", &zone, None).unwrap();
        Self { build, people: vec![], zone, from: None, until, seed: 0 }.and("c")
    }

    /// Another contact; what follows happens to it.
    pub fn and(mut self, key: &str) -> Self {
        self.people.push((Contact { key: key.into(), ..Contact::default() }, vec![]));
        self
    }

    fn contact(&mut self) -> &mut Contact {
        &mut self.people.last_mut().unwrap().0
    }

    pub fn instant(&self, text: &str) -> Instant {
        parse_instant(text, &self.zone, None).unwrap()
    }

    /// Nothing is looked at after this.
    pub fn until(mut self, at: &str) -> Self {
        self.until = self.instant(at);
        self
    }

    /// The run starts, and the maps are there, from this instant on.
    pub fn published(mut self, at: &str) -> Self {
        self.from = Some(self.instant(at));
        self
    }

    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The map as it is drawn holds from the start, and from this instant on with a change.
    pub fn publishes(self, at: &str, change: impl FnOnce(Build) -> Build) -> Self {
        self.publishes_so(at, false, change)
    }

    /// The same, and contacts who match what the new version brings are placed there.
    pub fn publishes_and_places(self, at: &str, change: impl FnOnce(Build) -> Build) -> Self {
        self.publishes_so(at, true, change)
    }

    fn publishes_so(mut self, at: &str, place_matching: bool, change: impl FnOnce(Build) -> Build) -> Self {
        let at = Some(self.instant(at));
        let map = self.build.map;
        let before = self.build.project.maps[&map].clone();
        self.build = change(self.build);
        let after = self.build.project.maps[&map].clone();
        let versions = self.build.project.published.entry(map).or_default();
        if versions.is_empty() {
            versions.push(Publication { at: None, place_matching: false, map: before });
        }
        versions.push(Publication { at, place_matching, map: after });
        self
    }

    // The record at the start.

    pub fn with_tag(mut self, name: &str) -> Self {
        let tag = self.build.tag(name);
        let tags = self.contact().tags.iter().copied().chain([tag]);
        self.contact().tags = std::collections::BTreeSet::from_iter(tags).into_iter().collect();
        self
    }

    pub fn with_field(mut self, field: FieldId, value: Value) -> Self {
        let mut fields = std::mem::take(&mut self.contact().fields).into_vec();
        fields.push((field, value));
        fields.sort_by_key(|(field, _)| *field);
        self.contact().fields = fields.into();
        self
    }

    pub fn with(mut self, more: MoreOfContact) -> Self {
        self.contact().more = Some(Box::new(more));
        self
    }

    pub fn in_zone(mut self, zone: Tz) -> Self {
        self.contact().zone = Some(zone);
        self
    }

    pub fn created(mut self, at: &str) -> Self {
        self.contact().created = Some(self.instant(at));
        self
    }

    // What happens.

    pub fn happens(mut self, at: &str, what: Happening) -> Self {
        let at = self.instant(at);
        self.people.last_mut().unwrap().1.push(Event { at, what });
        self
    }

    /// Something about a thing of the account.
    pub fn does<T: Shelved>(mut self, at: &str, name: &str, what: impl FnOnce(T::Id) -> Happening) -> Self {
        let thing = self.build.thing::<T>(name);
        self.happens(at, what(thing))
    }

    pub fn submits(mut self, at: &str, form: &str) -> Self {
        let form = self.build.form(form);
        self.happens(at, Happening::FormSubmitted { form, outcome: FormOutcome::Success })
    }

    /// Buys so many of a product, for 100 each, in one transaction.
    pub fn buys_many(mut self, at: &str, product: &str, quantity: u32) -> Self {
        let order = Order { lines: vec![self.build.line(product, quantity, 100 * quantity)], ..Order::default() };
        self.orders(at, order)
    }

    pub fn buys(self, at: &str, product: &str) -> Self {
        self.buys_many(at, product, 1)
    }

    pub fn orders(self, at: &str, order: Order) -> Self {
        self.happens(at, Happening::Order(Arc::new(order)))
    }

    pub fn pays(self, at: &str, reference: &str) -> Self {
        self.happens(at, Happening::Payment { reference: reference.into(), declined: false })
    }

    pub fn is_declined(self, at: &str, reference: &str) -> Self {
        self.happens(at, Happening::Payment { reference: reference.into(), declined: true })
    }

    pub fn cancels(self, at: &str, reference: &str) -> Self {
        self.happens(at, Happening::OrderCancelled { reference: reference.into() })
    }

    pub fn tag(mut self, at: &str, name: &str) -> Self {
        let tag = self.build.tag(name);
        self.happens(at, Happening::TagAdded(tag))
    }

    pub fn untag(mut self, at: &str, name: &str) -> Self {
        let tag = self.build.tag(name);
        self.happens(at, Happening::TagRemoved(tag))
    }

    pub fn fills(self, at: &str, field: FieldId, value: Value) -> Self {
        self.happens(at, Happening::FieldUpdated { field, value: Some(value) })
    }

    /// Is put on a map by hand.
    pub fn added(self, at: &str, map: MapId) -> Self {
        self.happens(at, Happening::AddedToAutomation(map))
    }

    /// What comes out for the first contact.
    pub fn run(self) -> Outcome {
        self.run_all().remove(0)
    }

    /// What comes out for each contact. Of every run the logs must be sound and the numbers on elements add up.
    pub fn run_all(self) -> Vec<Outcome> {
        let Self { build, people, zone, from, until, seed } = self;
        let mut project = build.project;
        let (contacts, events): (Vec<_>, Vec<_>) = people.into_iter().unzip();
        let of = |(ix, events): (u32, Vec<Event>)| events.into_iter().map(move |event| (ContactIx(ix), event));
        let events = (0u32..).zip(events).flat_map(of).collect();
        project.people = Arc::new(People::new(contacts, events).unwrap());
        let plan = Plan::new(&project).unwrap();
        let from = from.or(project.people.span().map(|(first, _)| first)).unwrap_or_default();
        let mut world = World { project, zone, plan, from, until, seed, draws: Draws::default() };
        world.draws = Draws::settle(world.simulation(), || true).unwrap();
        let totals = world.totals(until);
        for (node, place) in world.plan.nodes() {
            let (came, became) = totals.balance(&world.plan, node);
            assert_eq!(came, became, "R-10 at {}", place.element);
        }
        let world = Arc::new(world);
        let contacts = (0..world.project.people.len() as u32).map(ContactIx);
        contacts.map(|contact| Outcome { log: world.log(contact), contact, world: world.clone() }).collect()
    }
}

impl World {
    fn simulation(&self) -> Simulation<'_> {
        let Self { project, plan, from, until, seed, draws, .. } = self;
        Simulation { plan, people: &project.people, seed: *seed, from: *from, until: *until, draws }
    }

    fn log(&self, contact: ContactIx) -> Vec<LogEntry> {
        let mut log = Log::default();
        Timeline::default().run(self.simulation(), contact, &mut log);
        assert_eq!(check::faults(&self.project, &log.entries), Vec::<String>::new());
        log.entries
    }

    fn totals(&self, at: Instant) -> Totals {
        let sim = self.simulation();
        let (mut counts, mut timeline) = (Counts::new(&sim), Timeline::default());
        let contacts = (0..sim.people.len() as u32).map(ContactIx);
        contacts.for_each(|contact| timeline.run(sim, contact, &mut counts));
        counts.seal();
        counts.at(sim, &mut timeline, at)
    }

    /// The element with this name of its own, in any version.
    fn element(&self, name: &str) -> ElementId {
        let published = self.project.published.values().flatten().map(|version| &version.map);
        let mut elements = self.project.maps.values().chain(published).flat_map(|map| map.elements.values());
        elements.find(|element| element.name == name).unwrap_or_else(|| panic!("no element called {name}")).id
    }

    fn title(&self, element: ElementId) -> String {
        words::title(&self.project, self.project.find_element(element).unwrap())
    }
}

impl Outcome {
    fn when(&self, at: Instant) -> String {
        self.world.zone.to_local(at).format("%m-%d %H:%M").to_string()
    }

    fn each(&self, what: impl Fn(&LogEntry) -> Option<String>) -> String {
        let each = self.log.iter().filter_map(|line| Some(format!("{} {}", what(line)?, self.when(line.entry.at))));
        each.collect::<Vec<_>>().join(", ")
    }

    /// `E1 01-05 09:00, SMS S 01-07 09:00`.
    pub fn mails(&self) -> String {
        let catalogue = &self.world.project.catalogue;
        self.each(|line| match line.entry.what {
            What::Sent(Message::Email(email)) => Some(catalogue.name::<Email>(email)),
            What::Sent(Message::Sms(sms)) => Some(format!("SMS {}", catalogue.name::<Sms>(sms))),
            What::Sent(Message::Postcard(card)) => Some(format!("card {}", catalogue.name::<Postcard>(card))),
            _ => None,
        })
    }

    /// How many messages were sent up to this instant, of all or of one name.
    pub fn sent_until(&self, at: &str, mail: &str) -> usize {
        let at = parse_instant(at, &self.world.zone, None).unwrap();
        let email = self.world.project.catalogue.find::<Email>(mail);
        let sent = self.log.iter().filter(|line| line.entry.at <= at);
        sent.filter(|line| matches!(line.entry.what, What::Sent(Message::Email(e)) if Some(e) == email)).count()
    }

    /// Where it rests at the end, in the order in which the positions were made; empty: not on any map.
    pub fn rests(&self) -> String {
        let resting = check::resting(&self.log);
        resting.values().flatten().map(|id| self.world.title(*id)).collect::<Vec<_>>().join(", ")
    }

    fn activated(&self, goals: bool) -> String {
        self.each(|line| {
            let element = line.element.filter(|_| line.entry.what == What::Activated)?;
            let kind = &self.world.project.find_element(element)?.kind;
            (matches!(kind, ElementKind::Goal(_)) == goals).then(|| self.world.title(element))
        })
    }

    /// When goals were achieved: `Purchases X 01-11 15:30`.
    pub fn achieved(&self) -> String {
        self.activated(true)
    }

    /// When triggers fired.
    pub fn came_in(&self) -> String {
        self.activated(false)
    }

    /// What became of it in sequences: `S1 started 09-01 09:00, S1 queued 09-07 09:00`.
    pub fn phases(&self) -> String {
        let maps = self.world.project.maps.values();
        let sequences: Vec<_> = maps.flat_map(|map| map.sequences.values()).collect();
        self.each(|line| match line.entry.what {
            What::Sequence(id, phase) => {
                let found = sequences.iter().find(|sequence| sequence.id == id);
                Some(format!("{} {phase}", found.map_or("gone", |sequence| &sequence.name)))
            }
            _ => None,
        })
    }

    /// How often the log says this.
    pub fn count(&self, tag: &str) -> usize {
        self.log.iter().filter(|line| line.entry.what.tag() == tag).count()
    }

    /// What the log says of this kind, in words.
    pub fn told(&self, tag: &str) -> Vec<String> {
        self.steps().into_iter().filter(|step| step.kind == tag).map(|step| step.detail).collect()
    }

    /// What the log says of an element beside who came and went.
    pub fn told_at(&self, element: &str) -> Vec<String> {
        let id = self.world.element(element);
        let of = |step: &trace::Step| step.element == Some(id) && !["arrived", "left"].contains(&step.kind);
        self.steps().into_iter().filter(of).map(|step| format!("{}: {}", step.kind, step.detail)).collect()
    }

    /// Events from outside and those that were raised, in words: `01-06 10:00 tag A was added`.
    pub fn events(&self) -> Vec<String> {
        let events = self.steps().into_iter().filter(|step| ["happened", "raised"].contains(&step.kind));
        events.map(|step| format!("{} {}", self.when(step.at), step.detail)).collect()
    }

    /// Why triggers and goals refused: `G scope`.
    pub fn refused(&self) -> String {
        let refused = self.steps().into_iter().filter(|step| step.kind == "refused");
        let said = refused.map(|step| format!("{} {}", self.world.title(step.element.unwrap()), step.reason));
        said.collect::<Vec<_>>().join(", ")
    }

    fn steps(&self) -> Vec<trace::Step> {
        trace::trace(&self.world.project, &self.world.plan, &self.log)
    }

    /// The whole story, for golden traces.
    pub fn story(&self) -> String {
        self.steps().iter().map(|step| format!("{step}\n")).collect()
    }

    /// Why a goal was not achieved: number of the reason and what was found, `6: bought Q`; empty: it was.
    pub fn why(&self, goal: &str) -> String {
        let failed = self.answer(goal).failed;
        failed.map_or(String::new(), |line| format!("{}: {}", line.number, line.found))
    }

    /// Each event that might have done it, by the number of the reason why it did not; 0: it did.
    pub fn near_misses(&self, goal: &str) -> Vec<u8> {
        let attempts = self.answer(goal).attempts;
        attempts.iter().map(|attempt| attempt.failed().map_or(0, |line| line.number)).collect()
    }

    fn answer(&self, goal: &str) -> why::Answer {
        let element = self.world.element(goal);
        let found = explain::why(self.world.simulation(), self.contact, element);
        why::answer(&self.world.project, &self.world.zone, element, &found)
    }

    // Numbers, over all contacts.

    fn at<T>(&self, at: &str, read: impl FnOnce(&World, Totals) -> T) -> T {
        let at = parse_instant(at, &self.world.zone, None).unwrap();
        read(&self.world, self.world.totals(at))
    }

    /// How many contacts are active, queued and done in a sequence.
    pub fn states(&self, at: &str, sequence: &str) -> [u32; 3] {
        self.at(at, |world, totals| {
            let of_map = |map: &Arc<Map>| {
                let states = states::states(&world.plan, &totals, map);
                states.into_iter().find(|states| map.sequences[&states.sequence].name == sequence)
            };
            let found = world.project.maps.values().find_map(of_map).unwrap();
            [found.active, found.queued, found.done]
        })
    }

    /// A number of an element.
    pub fn number(&self, at: &str, element: &str, read: impl FnOnce(&Totals, NodeIx) -> u32) -> u32 {
        self.at(at, |world, totals| read(&totals, world.plan.find(world.element(element)).unwrap()))
    }
}
