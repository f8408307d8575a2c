//! What happens to the contacts of a test, and what comes out.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::Tz;
use gateline::base::id::{ElementId, FieldId, MapId};
use gateline::base::money::Money;
use gateline::base::time::{Instant, Zone, parse_instant};
use gateline::engine::coupled::{Draws, NO_DRAWS};
use gateline::engine::explain::{Why, why};
use gateline::engine::log::{Log, Message, What};
use gateline::engine::plan::NodeIx;
use gateline::engine::{Counts, LogEntry, Plan, Simulation, Timeline, Totals, check};
use gateline::model::catalogue::Shelved;
use gateline::model::{
    Condition, Contact, ContactIx, ElementKind, Email, Event, FormOutcome, Happening, Map, MoreOfContact,
    Order, OrderLine, People, Postcard, Project, Publication, Sms, Value, words,
};
use gateline::reports::flow::{Flow, flow};
use gateline::reports::states::{States, states};
use gateline::reports::trace::{Step, trace};
use gateline::reports::why::{Attempt, Verdict, answer};
use gateline::session::impact::{Impact, impact};
use gateline::session::run::{Control, RunSettings};

use crate::build::Build;

/// What happens to the contacts of a test, in the order given.
pub struct Life {
    pub build: Build,
    contacts: Vec<Contact>,
    events: Vec<(ContactIx, Event)>,
    zone: Zone,
    from: Option<Instant>,
    until: Instant,
    seed: u64,
}

/// A run.
struct Ran {
    project: Project,
    plan: Plan,
    zone: Zone,
    seed: u64,
    from: Instant,
    until: Instant,
    draws: Draws,
}

/// What came out for one contact.
pub struct Outcome {
    ran: Arc<Ran>,
    contact: ContactIx,
    pub log: Vec<LogEntry>,
}

impl Life {
    pub fn of(build: Build) -> Self {
        let zone = Zone::new(build.project.settings.account_zone);
        Self {
            build,
            contacts: vec![Contact { key: "c".into(), ..Contact::default() }],
            events: vec![],
            until: parse_instant("2027-01-01", &zone, None).unwrap(),
            from: None,
            seed: 0,
            zone,
        }
    }

    pub fn instant(&self, text: &str) -> Instant {
        parse_instant(text, &self.zone, None).unwrap()
    }

    /// Nothing is looked at after this.
    pub fn until(mut self, at: &str) -> Self {
        self.until = self.instant(at);
        self
    }

    /// When the run begins, and with it the maps that have no version with a time of its own.
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

    /// The same, and contacts who match what the new version brings are placed there (G-06).
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

    /// What publishing the draft at an instant would do to the contacts that are on the map (L-02).
    pub fn impact(self, at: &str) -> Impact {
        self.impact_so(at, false)
    }

    /// The same if contacts who match what is new are placed there (G-06).
    pub fn impact_placing(self, at: &str) -> Impact {
        self.impact_so(at, true)
    }

    fn impact_so(self, at: &str, place_matching: bool) -> Impact {
        let at = self.instant(at);
        let (map, settings) = (self.build.map, RunSettings { from: self.from, ..RunSettings::default() });
        let project = Arc::new(self.project());
        impact(&project, settings, (map, at, place_matching), &Control::default()).unwrap()
    }

    /// The project with its contacts and all that happens to them.
    pub fn project(&self) -> Project {
        let people = People::new(self.contacts.clone(), self.events.clone()).unwrap();
        Project { people: people.into(), ..self.build.project.clone() }
    }

    // The records at the start.

    /// One more contact; what follows is about this one.
    pub fn another(mut self) -> Self {
        let key = format!("c{}", self.contacts.len() + 1).as_str().into();
        self.contacts.push(Contact { key, ..Contact::default() });
        self
    }

    fn contact(&mut self) -> &mut Contact {
        self.contacts.last_mut().unwrap()
    }

    pub fn with_tag(mut self, name: &str) -> Self {
        let tag = self.build.tag(name);
        let tags = self.contact().tags.iter().copied().chain([tag]).collect();
        self.contact().tags = tags;
        self
    }

    pub fn with_field(mut self, field: FieldId, value: Value) -> Self {
        let fields = self.contact().fields.iter().cloned().chain([(field, value)]).collect();
        self.contact().fields = fields;
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
        let event = Event { at: self.instant(at), what };
        self.events.push((ContactIx(self.contacts.len() as u32 - 1), event));
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

    /// An order of these products, each 100, otherwise as it is made.
    pub fn orders(mut self, at: &str, products: &[&str], make: impl FnOnce(&mut Order)) -> Self {
        let line = |name: &&str| OrderLine {
            product: self.build.product(name),
            quantity: 1.into(),
            amount: Money::new(100.into()),
        };
        let lines = products.iter().map(line).collect();
        let mut order = Order { lines, ..Order::default() };
        make(&mut order);
        self.order(at, order)
    }

    pub fn order(self, at: &str, order: Order) -> Self {
        self.happens(at, Happening::Order(Arc::new(order)))
    }

    /// Buys so many of a product in one transaction.
    pub fn buys_many(self, at: &str, product: &str, quantity: u32) -> Self {
        self.orders(at, &[product], |order| order.lines[0].quantity = quantity.into())
    }

    pub fn buys(self, at: &str, product: &str) -> Self {
        self.buys_many(at, product, 1)
    }

    pub fn pays(self, at: &str, reference: &str) -> Self {
        self.happens(at, Happening::Payment { reference: reference.into(), declined: false })
    }

    pub fn fails_to_pay(self, at: &str, reference: &str) -> Self {
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

    /// What came out for the first contact.
    pub fn run(self) -> Outcome {
        self.run_all().remove(0)
    }

    /// What came out for each contact. Of every run the logs are sound, and the visits of each element add up.
    pub fn run_all(self) -> Vec<Outcome> {
        let (from, until, seed, zone) = (self.from, self.until, self.seed, self.zone.clone());
        let project = self.project();
        let plan = Plan::new(&project).unwrap();
        let from = from.or(project.people.span().map(|(first, _)| first)).unwrap_or_default();
        let alone = Simulation { plan: &plan, people: &project.people, seed, from, until, draws: &NO_DRAWS };
        let draws = Draws::settle(alone, || true).unwrap();
        let ran = Arc::new(Ran { project, plan, zone, seed, from, until, draws });
        let totals = ran.totals(until);
        for (node, place) in ran.plan.nodes() {
            let (came, went) = totals.balance(&ran.plan, node);
            assert_eq!(came, went, "R-10 at {}", place.element);
        }
        let outcome = |contact| Outcome { log: ran.log(contact), ran: ran.clone(), contact };
        ran.project.people.contacts().map(|(contact, _)| outcome(contact)).collect()
    }
}

impl Ran {
    fn sim(&self) -> Simulation<'_> {
        let Self { project, plan, seed, from, until, draws, .. } = self;
        Simulation { plan, people: &project.people, seed: *seed, from: *from, until: *until, draws }
    }

    fn log(&self, contact: ContactIx) -> Vec<LogEntry> {
        let mut log = Log::default();
        Timeline::default().run(self.sim(), contact, &mut log);
        assert_eq!(check::faults(&self.project, &log.entries), Vec::<String>::new());
        log.entries
    }

    fn totals(&self, at: Instant) -> Totals {
        let (sim, mut timeline) = (self.sim(), Timeline::default());
        let mut counts = Counts::new(&sim);
        for (contact, _) in sim.people.contacts() {
            timeline.run(sim, contact, &mut counts);
        }
        counts.seal();
        counts.at(sim, &mut timeline, at)
    }

    fn title(&self, element: ElementId) -> String {
        words::title(&self.project, self.project.find_element(element).unwrap())
    }

    /// The element with this name of its own, in any version.
    fn id(&self, name: &str) -> ElementId {
        let published = self.project.published.values().flatten().map(|version| &version.map);
        let mut elements = self.project.maps.values().chain(published).flat_map(|map| map.elements.values());
        elements.find(|element| element.name == name).unwrap_or_else(|| panic!("no element called {name}")).id
    }
}

impl Outcome {
    pub fn at(&self, text: &str) -> Instant {
        parse_instant(text, &self.ran.zone, None).unwrap()
    }

    /// Whether a filter of contacts lists it at an instant.
    pub fn fits(&self, at: &str, filter: &Condition) -> bool {
        let (sim, mut timeline) = (Simulation { until: self.at(at), ..self.ran.sim() }, Timeline::default());
        timeline.run(sim, self.contact, &mut Log::default());
        timeline.holds(sim, self.contact, filter)
    }

    fn when(&self, at: Instant) -> String {
        self.ran.zone.to_local(at).format("%m-%d %H:%M").to_string()
    }

    /// What these entries say, each with its time.
    fn each(&self, what: impl Fn(&LogEntry) -> Option<String>) -> String {
        let each =
            self.log.iter().filter_map(|line| Some(format!("{} {}", what(line)?, self.when(line.entry.at))));
        each.collect::<Vec<_>>().join(", ")
    }

    /// All that came out: the messages that were sent, the goals that were achieved, and where it stands at the end, each
    /// with its time.
    pub fn whole(&self) -> [String; 3] {
        [self.mails(), self.achieved(), self.stands()]
    }

    /// `E1 01-05 09:00, SMS S 01-07 09:00`: e-mails, text messages and postcards.
    pub fn mails(&self) -> String {
        let catalogue = &self.ran.project.catalogue;
        self.each(|line| match line.entry.what {
            What::Sent(Message::Email(email)) => Some(catalogue.name::<Email>(email)),
            What::Sent(Message::Sms(sms)) => Some(format!("SMS {}", catalogue.name::<Sms>(sms))),
            What::Sent(Message::Postcard(card)) => Some(format!("card {}", catalogue.name::<Postcard>(card))),
            _ => None,
        })
    }

    /// The instants at which messages were sent, in the world's time.
    pub fn sent_at(&self) -> Vec<String> {
        let sent = self.log.iter().filter(|line| matches!(line.entry.what, What::Sent(_)));
        sent.map(|line| line.entry.at.to_string()).collect()
    }

    /// How many mails of this name were sent up to an instant.
    pub fn sent(&self, mail: &str, until: &str) -> usize {
        let (mail, until) = (self.ran.project.catalogue.find::<Email>(mail).unwrap(), self.at(until));
        let is_it =
            |line: &&LogEntry| line.entry.what == What::Sent(Message::Email(mail)) && line.entry.at <= until;
        self.log.iter().filter(is_it).count()
    }

    /// Where it rests at the end, in the order in which the positions were made; empty: not on any map.
    pub fn rests(&self) -> String {
        let resting = check::resting(&self.log);
        resting.values().flatten().map(|id| self.ran.title(*id)).collect::<Vec<_>>().join(", ")
    }

    /// The same with the time at which each position came there: `End 01-11 15:30`.
    pub fn stands(&self) -> String {
        let mut places = BTreeMap::new();
        for line in &self.log {
            let (Some(element), Some(no)) = (line.element, line.entry.position) else { continue };
            match line.entry.what {
                What::Arrived(_) | What::Copied => {
                    places.insert((line.map, no), (element, line.entry.at));
                }
                What::Left { .. } | What::Taken(_) | What::Removed(_) | What::Dropped(_) => {
                    places.remove(&(line.map, no));
                }
                _ => {}
            }
        }
        let told = places.values().map(|(id, at)| format!("{} {}", self.ran.title(*id), self.when(*at)));
        told.collect::<Vec<_>>().join(", ")
    }

    fn activated(&self, goals: bool) -> String {
        self.each(|line| {
            let element = line.element.filter(|_| line.entry.what == What::Activated)?;
            let kind = &self.ran.project.find_element(element)?.kind;
            (matches!(kind, ElementKind::Goal(_)) == goals).then(|| self.ran.title(element))
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
        let sequences = self.ran.project.maps.values().flat_map(|map| map.sequences.values());
        let sequences: Vec<_> = sequences.collect();
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

    /// Whether the log says this.
    pub fn says(&self, what: &What) -> bool {
        self.log.iter().any(|line| line.entry.what == *what)
    }

    fn steps(&self) -> Vec<Step> {
        trace(&self.ran.project, &self.ran.plan, &self.log, &|at| self.ran.zone.format_rfc3339(at))
    }

    /// What the log says of this kind, in words.
    pub fn told(&self, tag: &str) -> Vec<String> {
        self.steps().into_iter().filter(|step| step.kind == tag).map(|step| step.detail).collect()
    }

    /// Why, of what the log says of this kind.
    pub fn reasons(&self, tag: &str) -> Vec<&'static str> {
        self.steps().into_iter().filter(|step| step.kind == tag).map(|step| step.reason).collect()
    }

    /// What the log says of these kinds, in words, line by line.
    pub fn told_of(&self, kinds: &[&str]) -> String {
        let steps = self.steps().into_iter().filter(|step| kinds.contains(&step.kind));
        steps.map(|step| format!("{}\n", step.detail)).collect()
    }

    /// What the log says of an element beside who came and went.
    pub fn told_at(&self, element: &str) -> Vec<String> {
        let id = self.ran.id(element);
        let of = |step: &Step| step.element == Some(id) && !["arrived", "left"].contains(&step.kind);
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
        let said = refused.map(|step| format!("{} {}", self.ran.title(step.element.unwrap()), step.reason));
        said.collect::<Vec<_>>().join(", ")
    }

    /// The whole story, for golden traces.
    pub fn story(&self) -> String {
        self.steps().iter().map(|step| format!("{step}\n")).collect()
    }

    /// Why the contact did not achieve the goal with this name.
    pub fn why(&self, goal: &str) -> Why {
        why(self.ran.sim(), self.contact, self.ran.id(goal))
    }

    /// The number of that reason; `None`: it was achieved.
    pub fn reason(&self, goal: &str) -> Option<u8> {
        self.why(goal).failed.map(|check| check.reason.number())
    }

    /// That reason with what was found, in words: `6: bought Q`; empty: it was achieved.
    pub fn found(&self, goal: &str) -> String {
        let when = |at| self.ran.zone.format_rfc3339(at);
        let answer = answer(&self.ran.project, self.ran.id(goal), &self.why(goal), &when);
        answer.failed.map_or(String::new(), |line| format!("{}: {}", line.number, line.found))
    }

    /// Each event that could have achieved it, with the numbers of its checks up to the first that failed, and what that
    /// found.
    pub fn why_in_words(&self, goal: &str) -> String {
        let when = |at| self.when(at);
        let answer = answer(&self.ran.project, self.ran.id(goal), &self.why(goal), &when);
        assert_eq!(answer.failed.is_none(), !answer.achieved.is_empty());
        let attempt = |attempt: &Attempt| {
            let passed = attempt.checks.iter().filter(|line| line.verdict == Verdict::Passed);
            let passed = passed.map(|line| format!(" {}", line.number)).collect::<String>();
            let failed = attempt.failed().map(|line| format!(" not {}: {}", line.number, line.found));
            format!("{} {}:{passed}{}\n", when(attempt.at), attempt.event, failed.unwrap_or_default())
        };
        answer.attempts.iter().map(attempt).collect()
    }

    /// Contact flow of the only map at the end of the run.
    pub fn flow(&self) -> Flow {
        let map = self.ran.project.maps.values().next().unwrap();
        flow(&self.ran.plan, &self.ran.totals(self.ran.until), map)
    }

    /// Each event that could have achieved it, by the number of the reason why it did not; `None`: it did.
    pub fn near_misses(&self, goal: &str) -> Vec<Option<u8>> {
        let chances = self.why(goal).chances;
        chances.iter().map(|chance| chance.failed().map(|check| check.reason.number())).collect()
    }

    // Numbers, of all contacts of the run.

    /// How they stand at an instant.
    pub fn totals(&self, at: &str) -> Totals {
        self.ran.totals(self.at(at))
    }

    /// How many are active, queued and done in a sequence at an instant.
    pub fn states(&self, sequence: &str, at: &str) -> [u32; 3] {
        let totals = self.totals(at);
        let has_it = |map: &&Arc<Map>| map.sequences.values().any(|s| s.name == sequence);
        let map = self.ran.project.maps.values().find(has_it).unwrap();
        let is_it = |states: &States| map.sequences[&states.sequence].name == sequence;
        let found = states(&self.ran.plan, &totals, map.id).into_iter().find(is_it).unwrap();
        [found.active, found.queued, found.done]
    }

    /// A number of the element with this name.
    pub fn number(&self, element: &str, at: &str, read: impl FnOnce(&Totals, NodeIx) -> u32) -> u32 {
        read(&self.totals(at), self.ran.plan.find(self.ran.id(element)).unwrap())
    }

    /// How often the goal with this name was achieved up to an instant.
    pub fn activations(&self, goal: &str, at: &str) -> u32 {
        self.number(goal, at, Totals::activations)
    }
}
