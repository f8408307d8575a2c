//! A small builder of projects with a map, for tests. It goes through the commands that the window uses.
//!
//! ```ignore
//! let build = Build::new().trigger_form("Sign-up").email("E1").wait_days(2).goal_buys("Course").end();
//! ```

#![allow(dead_code, reason = "each test file takes what it needs")]

use std::collections::BTreeSet;

use gateline::base::id::{ElementId, EmailId, FieldId, FormId, Id, MapId, ProductId, TagId};
use gateline::base::time::{Instant, Span, Unit};
use gateline::model::catalogue::Shelved;
use gateline::model::{
    Action, Branch, BranchPolicy, Branches, Catalogue, Choice, Condition, Contact, ContactIx, EditGroup,
    Element, ElementKind, Email, Event, EventFilter, EventType, Field, FieldKind, Form, Happening, Item,
    Listener, Map, PlanPayments, Point, Port, Preset, Product, Project, Sequence, Split, Tag, Until, Wait,
    WaitZone,
};
use gateline::session::command::{Command, Refusal, Spot, plan};

/// A project with one map "Nurture", and the place where the next element goes.
#[derive(Debug, Clone)]
pub struct Build {
    pub project: Project,
    pub map: MapId,
    /// The element that was put last.
    pub last: ElementId,
    /// The way out below which the next element goes.
    pub port: Port,
}

impl Build {
    /// Just the *added to this map* trigger; the first element goes below it.
    pub fn new() -> Self {
        let project = Project::new("0123456789abcdef0123456789abcdef", "Test");
        let mut build = Self { project, map: MapId::new(0), last: ElementId::new(0), port: Port::Next };
        build.add_map("Nurture");
        build
    }

    /// Another map; what follows is put on it.
    pub fn add_map(&mut self, name: &str) -> MapId {
        self.run(Command::NewMap { name: name.into(), preset: Preset::Ontraport });
        self.map = *self.project.maps.keys().next_back().unwrap();
        self.last = *self.map().elements.keys().next().unwrap();
        self.port = Port::Next;
        self.map
    }

    pub fn map(&self) -> &Map {
        self.project.map(self.map).unwrap()
    }

    pub fn element(&self, id: ElementId) -> &Element {
        self.map().element(id).unwrap()
    }

    pub fn kind(&self, id: ElementId) -> &ElementKind {
        &self.element(id).kind
    }

    /// Where a way out leads.
    pub fn target(&self, from: ElementId, port: Port) -> Option<ElementId> {
        self.map().target(from, port)
    }

    /// Does a command that must succeed; returns the edits.
    pub fn run(&mut self, command: Command) -> EditGroup {
        self.attempt(command).unwrap()
    }

    pub fn attempt(&mut self, command: Command) -> Result<EditGroup, Refusal> {
        let group = plan(&self.project, command)?;
        self.project.apply_group(group.clone()).unwrap();
        for map in self.project.maps.values() {
            assert_eq!(map.fault(), None);
        }
        Ok(group)
    }

    /// Why a command is refused.
    pub fn refusal(&self, command: Command) -> String {
        plan(&self.project, command).expect_err("this should be refused").0
    }

    pub fn delete(&mut self, elements: &[ElementId]) -> EditGroup {
        self.run(Command::Delete { map: self.map, elements: elements.iter().copied().collect() })
    }

    pub fn set(&mut self, element: ElementId, kind: ElementKind) -> EditGroup {
        self.run(Command::Set { map: self.map, element, kind })
    }

    pub fn connect(&mut self, from: ElementId, port: Port, to: ElementId) -> EditGroup {
        self.run(Command::Connect { map: self.map, from, port, to })
    }

    pub fn move_to(&mut self, element: ElementId, x: i32, y: i32) -> EditGroup {
        self.run(Command::Move { map: self.map, places: vec![(element, Point { x, y })] })
    }

    /// Inserts and returns the new element that matters: of a goal and its wait the goal.
    pub fn insert(&mut self, kind: ElementKind, spot: Spot) -> ElementId {
        let is_goal = matches!(kind, ElementKind::Goal(_));
        let before: BTreeSet<_> = self.map().elements.keys().copied().collect();
        self.run(Command::Insert { map: self.map, kind, spot });
        let new = self.map().elements.values().filter(|element| !before.contains(&element.id));
        new.filter(|e| matches!(e.kind, ElementKind::Goal(_)) == is_goal).map(|e| e.id).next().unwrap()
    }

    // The account: each of these finds a thing by name or adds it.

    fn number(&self) -> u32 {
        self.project.next_number
    }

    fn catalogue(&self) -> &Catalogue {
        &self.project.catalogue
    }

    fn put(&mut self, item: impl Into<Item>) {
        self.run(Command::PutItem(item.into()));
    }

    /// The thing with this name.
    pub fn thing<T: Shelved>(&mut self, name: &str) -> T::Id {
        self.catalogue().find::<T>(name).unwrap_or_else(|| {
            let id = T::Id::new(self.number());
            self.put(T::new(id, name).into_item());
            id
        })
    }

    pub fn tag(&mut self, name: &str) -> TagId {
        self.thing::<Tag>(name)
    }

    pub fn product(&mut self, name: &str) -> ProductId {
        self.thing::<Product>(name)
    }

    pub fn form(&mut self, name: &str) -> FormId {
        self.thing::<Form>(name)
    }

    pub fn mail(&mut self, name: &str) -> EmailId {
        self.thing::<Email>(name)
    }

    pub fn field(&mut self, name: &str, kind: FieldKind) -> FieldId {
        self.catalogue().find::<Field>(name).unwrap_or_else(|| {
            let id = FieldId::new(self.number());
            self.put(Field { id, name: name.into(), kind });
            id
        })
    }

    // The map, from top to bottom.

    /// An element below the one before it.
    pub fn then(mut self, kind: ElementKind) -> Self {
        let spot = Spot::After { from: self.last, port: self.port };
        self.last = self.insert(kind, spot);
        self.port = self.first_port();
        self
    }

    fn first_port(&self) -> Port {
        self.kind(self.last).ports().first().copied().unwrap_or(Port::Next)
    }

    /// A trigger; what follows hangs below it.
    pub fn trigger(mut self, listener: Listener) -> Self {
        self.last = self.insert(ElementKind::Trigger(listener), Spot::At(Point { x: 0, y: 0 }));
        self.port = Port::Next;
        self
    }

    pub fn trigger_form(mut self, form: &str) -> Self {
        let form = self.form(form);
        let on = EventFilter::FormSubmitted { form: Choice::OneOf(vec![form]), outcome: None };
        self.trigger(Listener { on, ..Listener::trigger(EventType::FormSubmitted) })
    }

    pub fn email(mut self, name: &str) -> Self {
        let email = self.mail(name);
        self.action(Action::SendEmail(Some(email)))
    }

    pub fn add_tag(mut self, name: &str) -> Self {
        let tag = self.tag(name);
        self.action(Action::ChangeTags { add: vec![tag], remove: vec![] })
    }

    pub fn wait(self, until: Until) -> Self {
        self.then(ElementKind::Wait(Wait { until, zone: WaitZone::Account, goals: vec![] }))
    }

    pub fn wait_days(self, days: u32) -> Self {
        self.wait(Until::TimePasses(Span::new(days, Unit::Days)))
    }

    /// A goal with its own wait; what follows hangs below the goal.
    pub fn goal(self, listener: Listener) -> Self {
        self.then(ElementKind::Goal(listener))
    }

    pub fn buys(&mut self, product: &str) -> Listener {
        let products = Choice::OneOf(vec![self.product(product)]);
        let on = EventFilter::Purchased { products, plan_payments: PlanPayments::Every };
        Listener { on, ..Listener::goal(EventType::Purchased) }
    }

    pub fn goal_buys(mut self, product: &str) -> Self {
        let listener = self.buys(product);
        self.goal(listener)
    }

    /// A goal beside the one put last.
    pub fn or_goal_buys(mut self, product: &str) -> Self {
        let wait = self.map().wait_of(self.last).unwrap();
        let listener = self.buys(product);
        self.last = self.insert(ElementKind::Goal(listener), Spot::UnderWait(wait));
        self
    }

    /// What follows hangs at Yes.
    pub fn condition(self, condition: Condition) -> Self {
        self.then(ElementKind::Condition(condition))
    }

    pub fn if_tag(mut self, name: &str) -> Self {
        let tag = self.tag(name);
        self.condition(Condition::HasTag(Some(tag)))
    }

    /// What follows hangs at a.
    pub fn split(self) -> Self {
        self.then(ElementKind::Split(Split::halves()))
    }

    /// What follows hangs at the left way.
    pub fn fork(self) -> Self {
        self.then(ElementKind::Fork)
    }

    pub fn end(self) -> Self {
        self.then(ElementKind::End)
    }

    pub fn exit(self) -> Self {
        self.then(ElementKind::Exit)
    }

    /// To the element with this name of its own.
    pub fn go_to(self, name: &str) -> Self {
        let target = self.id(name);
        self.then(ElementKind::GoTo(Some(target)))
    }

    /// Gives the element put last a name, for [`Build::id`].
    pub fn called(mut self, name: &str) -> Self {
        self.run(Command::Rename { map: self.map, element: self.last, name: name.into() });
        self
    }

    /// The element with this name of its own.
    pub fn id(&self, name: &str) -> ElementId {
        let found = self.map().elements.values().find(|element| element.name == name);
        found.unwrap_or_else(|| panic!("no element called {name}")).id
    }

    /// What follows hangs at this way out of the element with this name.
    pub fn at(mut self, name: &str, port: Port) -> Self {
        self.last = self.id(name);
        self.port = port;
        self
    }

    /// The *added to this map* trigger.
    pub fn added(&self) -> ElementId {
        self.map().elements.values().find(|e| e.kind.is_added_to_automation()).unwrap().id
    }

    /// What follows hangs below the *added to this map* trigger.
    pub fn at_added(self) -> Self {
        Self { last: self.added(), port: Port::Next, ..self }
    }

    pub fn action(self, action: Action) -> Self {
        self.then(ElementKind::Action(action))
    }

    /// A sequence of the elements with these names.
    pub fn sequence(mut self, name: &str, steps: &[&str]) -> Self {
        let steps = steps.iter().map(|step| self.id(step)).collect();
        self.run(Command::MakeSequence { map: self.map, name: name.into(), steps });
        self
    }

    /// The sequence with this name.
    pub fn sequence_called(&self, name: &str) -> &Sequence {
        let found = self.map().sequences.values().find(|sequence| sequence.name == name);
        found.unwrap_or_else(|| panic!("no sequence called {name}"))
    }

    /// Publishes the map at this instant; without one: from the start of each run.
    pub fn publish(&mut self, at: Option<&str>) -> EditGroup {
        let at = at.map(|at| at.parse().unwrap());
        self.run(Command::Publish { map: self.map, at, place_matching: false })
    }

    /// The names of its steps.
    pub fn steps(&self, sequence: &str) -> Vec<&str> {
        self.sequence_called(sequence).steps.iter().map(|step| self.element(*step).name.as_str()).collect()
    }

    /// Marks the element put last as a draft.
    pub fn draft(mut self) -> Self {
        self.run(Command::SetDraft { map: self.map, element: self.last, draft: true });
        self
    }

    pub fn trigger_on(self, on: EventFilter) -> Self {
        self.trigger(Listener { on, ..Listener::trigger(EventType::Created) })
    }

    pub fn goal_on(self, on: EventFilter) -> Self {
        self.goal(Listener { on, ..Listener::goal(EventType::Purchased) })
    }

    /// Ways with these rules; what follows hangs at the first.
    pub fn branches(self, policy: BranchPolicy, rules: Vec<Condition>) -> Self {
        let branches = rules.into_iter().map(|rule| Branch { rule, ..Branch::default() }).collect();
        self.then(ElementKind::Branches(Branches { policy, branches }))
    }

    /// What follows hangs at the trigger of the first map.
    pub fn on_first_map(mut self) -> Self {
        self.map = *self.project.maps.keys().next().unwrap();
        (self.last, self.port) = (self.added(), Port::Next);
        self
    }

    /// One more contact with what happens to it, a minute apart.
    pub fn contact(mut self, contact: Contact, events: Vec<Happening>) -> Self {
        let ix = ContactIx(self.project.people.len() as u32);
        let minutes = (0..).map(|minute| Instant(minute * 60_000));
        let events = minutes.zip(events).map(|(at, what)| (ix, Event { at, what })).collect();
        let people = self.project.people.with(vec![contact], events).unwrap();
        self.run(Command::SetPeople { label: "import".into(), people: people.into() });
        self
    }
}

/// Trigger → E1 → E2, with the elements called so.
pub fn two_mails() -> Build {
    Build::new().email("E1").called("E1").email("E2").called("E2")
}

/// The project without what only grows: undo does not give numbers back.
pub fn without_numbers(project: &Project) -> Project {
    Project { next_number: 0, ..project.clone() }
}
