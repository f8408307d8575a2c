//! Commands for the account and for maps as a whole, and several commands as one.

use std::sync::Arc;

use gateline::base::id::{ElementId, Id, MapId, NoteId, RunId, TagId};
use gateline::base::time::Instant;
use gateline::model::catalogue::Shelved;
use gateline::model::{
    Action, Category, Condition, Contact, ContactIx, ElementKind, Email, EngineRules, Event, Expectation,
    Field, FieldKind, Form, Happening, Item, Level, List, Member, MembershipStatus, MoreOfContact, Outcome,
    People, Port, Preset, Product, Relationship, SavedRun, SavedTest, Site, Tag, Task, Value,
};
use gateline::session::command::{Command, Spot};

use super::build::{Build, two_mails};

#[test]
fn names_are_trimmed_and_unique() {
    let mut build = Build::new();
    let tag = build.tag("VIP");
    let put = |id, name: &str| Command::PutItem(Item::Tag(Tag { id, name: name.into() }));
    assert_eq!(build.refusal(put(TagId::new(50), " vip ")), "There is already a tag called “VIP”");
    assert_eq!(build.refusal(put(TagId::new(50), "  ")), "Give the tag a name");
    assert_eq!(build.run(put(tag, " Vip")).label, "rename tag");
    assert_eq!(build.project.catalogue.name::<Tag>(tag), "Vip");
    build.mail("Welcome");
    let mail = Email::new(Id::new(51), "WELCOME");
    let said = build.refusal(Command::PutItem(mail.into()));
    assert_eq!(said, "There is already an e-mail called “Welcome”");
    // Another kind may have the same name.
    build.form("Vip");
    let said = build.refusal(Command::NewMap { name: " nurture".into(), preset: Preset::Ontraport });
    assert_eq!(said, "There is already a map called “Nurture”");
    assert_eq!(build.refusal(Command::RenameMap { map: build.map, name: " ".into() }), "Give the map a name");
    build.run(Command::RenameMap { map: build.map, name: "NURTURE".into() });
}

#[test]
fn a_thing_in_use_stays_and_the_refusal_says_where() {
    let mut build = Build::new().add_tag("VIP").if_tag("VIP");
    let tag = build.tag("VIP");
    let contact = Contact { key: "a@b".into(), tags: [tag].into(), ..Contact::default() };
    let people = Arc::new(People::new(vec![contact], vec![]).unwrap());
    build.run(Command::SetPeople { label: "import 1 contact".into(), people });
    assert_eq!(
        build.refusal(Command::DeleteItem(tag.into())),
        "The tag “VIP” is used by “Add VIP” on the map “Nurture”, “Has tag VIP?” on the map “Nurture” and 1 contact"
    );
    let field = build.field("City", FieldKind::Text);
    assert_eq!(build.run(Command::DeleteItem(field.into())).label, "delete field");
    assert_eq!(build.refusal(Command::DeleteItem(field.into())), "The field is no longer there");
}

#[test]
fn a_category_is_used_by_its_products() {
    let mut build = Build::new();
    let category = Id::new(70);
    build.run(Command::PutItem(Category::new(category, "Video").into()));
    let product = Product { categories: vec![category], ..Product::new(Id::new(71), "Course") };
    build.run(Command::PutItem(product.into()));
    let said = build.refusal(Command::DeleteItem(category.into()));
    assert_eq!(said, "The category “Video” is used by the product “Course”");
}

/// K-12
#[test]
fn a_new_map_begins_with_the_rules_that_are_chosen() {
    for (preset, name) in Preset::ALL {
        let mut build = Build::new();
        build.run(Command::NewMap { name: name.into(), preset });
        let map = build.project.maps.values().next_back().unwrap();
        assert_eq!((&map.name[..], &map.rules), (name, &EngineRules::preset(preset)));
        assert_eq!(Preset::from_tag(&name.to_lowercase()), Some(preset));
    }
}

#[test]
fn a_map_is_used_by_the_form_that_adds_to_it() {
    let mut build = Build::new();
    let (form, own) = (build.form("Sign-up"), build.map);
    let other = build.add_map("Other");
    build.run(Command::PutItem(Form { map: Some(other), ..Form::new(form, "Sign-up") }.into()));
    let said = build.refusal(Command::DeleteMap(other));
    assert_eq!(said, "The map “Other” is used by the form “Sign-up”");
    build.run(Command::PutItem(Form { map: Some(own), ..Form::new(form, "Sign-up") }.into()));
    build.run(Command::DeleteMap(other));
}

/// Every place where something can be named keeps it.
#[test]
fn whatever_names_a_thing_keeps_it() {
    let mut build = Build::new();
    let (site, level, list) =
        (build.thing::<Site>("Club"), build.thing::<Level>("Gold"), build.thing::<List>("Post"));
    let (member, tag) = (build.thing::<Member>("Ann"), build.tag("VIP"));
    let (form, kind) = (build.form("Shop"), build.thing::<Relationship>("Company"));
    build.run(Command::PutItem(Level { site: Some(site), ..Level::new(level, "Gold") }.into()));
    build.run(Command::PutItem(Form { list: Some(list), ..Form::new(form, "Shop") }.into()));
    let task = build.thing::<Task>("Call");
    let own = Action::AssignTask { task: Some(task), due_in_days: 1, owner: Some(member) };
    let outcome = Outcome { name: "Reached".into(), actions: vec![own] };
    build.run(Command::PutItem(Task { outcomes: vec![outcome], ..Task::new(task, "Call") }.into()));
    let refused = |build: &Build, id| build.refusal(Command::DeleteItem(id));
    assert_eq!(refused(&build, site.into()), "The site “Club” is used by the level “Gold”");
    assert_eq!(refused(&build, list.into()), "The list “Post” is used by the form “Shop”");
    assert_eq!(refused(&build, member.into()), "The team member “Ann” is used by the task “Call”");
    let more = MoreOfContact {
        owner: Some(member),
        lists: vec![list],
        levels: vec![level],
        memberships: vec![(site, MembershipStatus::Enabled)],
        relationships: vec![(kind, "Acme".into())],
        ..MoreOfContact::default()
    };
    let contact = Contact { key: "a@b".into(), more: Some(Box::new(more)), ..Contact::default() };
    let event = Event { at: Instant(0), what: Happening::LevelLost(level) };
    let people = People::new(vec![contact.clone()], vec![(ContactIx(0), event)]).unwrap();
    let people = Command::SetPeople { label: "import 1 contact".into(), people: Arc::new(people) };
    build.run(people);
    assert_eq!(refused(&build, level.into()), "The level “Gold” is used by 1 contact and 1 event");
    assert_eq!(refused(&build, kind.into()), "The relationship “Company” is used by 1 contact");
    for id in [site.into(), list.into(), member.into()] {
        assert!(refused(&build, id).ends_with(" and 1 contact"));
    }
    let test = SavedTest {
        id: Id::new(900),
        name: "First".into(),
        contact,
        events: vec![Event { at: Instant(0), what: Happening::TagAdded(tag) }],
        until: Instant(0),
        expect: vec![],
    };
    build.run(Command::PutTest(test));
    assert_eq!(refused(&build, tag.into()), "The tag “VIP” is used by the test “First”");
    assert_eq!(
        refused(&build, kind.into()),
        "The relationship “Company” is used by the test “First” and 1 contact"
    );
    // What only names itself can go.
    assert_eq!(build.run(Command::DeleteItem(task.into())).label, "delete task");
}

#[test]
fn a_published_version_keeps_what_the_draft_names_no_more() {
    let mut build = Build::new().add_tag("VIP").called("E").end();
    let tag = build.tag("VIP");
    build.publish(None);
    assert_eq!(
        build.refusal(Command::DeleteItem(tag.into())),
        "The tag “VIP” is used by “E” on the map “Nurture”"
    );
    build.delete(&[build.id("E")]);
    assert_eq!(
        build.refusal(Command::DeleteItem(tag.into())),
        "The tag “VIP” is used by “E” in a published version of the map “Nurture”"
    );
    build.run(Command::Unpublish { map: build.map });
    build.run(Command::DeleteItem(tag.into()));
}

#[test]
fn a_map_that_something_else_names_stays() {
    let mut build = Build::new();
    let (map, other) = (build.map, build.add_map("Other"));
    let asks = Condition::MapState { map: Some(map), paused: false };
    let mut build = build.condition(asks.clone()).called("C");
    let delete = Command::DeleteMap(map);
    assert_eq!(build.refusal(delete.clone()), "The map “Nurture” is used by “C” on the map “Other”");
    build.delete(&[build.id("C")]);
    let outcome = Outcome { name: "Reached".into(), actions: vec![Action::AddToMap(Some(map))] };
    let task = |outcomes| Command::PutItem(Task { outcomes, ..Task::new(Id::new(900), "Call") }.into());
    build.run(task(vec![outcome]));
    let contact = Contact { key: "a@b".into(), ..Contact::default() };
    let event = Event { at: Instant(0), what: Happening::AddedToAutomation(map) };
    let people = Arc::new(People::new(vec![contact], vec![(ContactIx(0), event)]).unwrap());
    build.run(Command::SetPeople { label: "import 1 contact".into(), people });
    assert_eq!(build.refusal(delete.clone()), "The map “Nurture” is used by the task “Call” and 1 event");
    build.run(task(vec![]));
    build.run(Command::SetPeople { label: "clear".into(), people: Arc::default() });
    let test = SavedTest {
        id: Id::new(901),
        name: "First".into(),
        contact: Contact::default(),
        events: vec![],
        until: Instant(0),
        expect: vec![Expectation::RestsAt { map, elements: vec![] }],
    };
    build.run(Command::PutTest(test));
    assert_eq!(build.refusal(delete.clone()), "The map “Nurture” is used by the test “First”");
    build.run(Command::DeleteTest(Id::new(901)));
    // What it says of itself goes along, with its versions.
    build.map = map;
    (build.last, build.port) = (build.added(), Port::Next);
    let mut build = build.condition(asks).called("C").end().at("C", Port::No).end();
    build.publish(None);
    build.map = other;
    assert_eq!(build.run(delete).label, "delete map");
    assert!(build.project.published.is_empty());
}

#[test]
fn a_new_map_has_its_trigger_and_nothing_else() {
    let mut build = Build::new();
    build.add_map("Second");
    assert_eq!(build.map().elements.len(), 1);
    assert!(build.kind(build.added()).is_added_to_automation());
}

#[test]
fn runs_have_names_of_their_own() {
    let mut build = Build::new();
    let run = |id, name: &str| {
        Command::PutRun(SavedRun {
            id: RunId::new(id),
            name: name.into(),
            seed: 1,
            from: None,
            until: None,
            engine: "0.1.0".into(),
            digest: String::new(),
        })
    };
    build.run(run(80, "First"));
    assert_eq!(build.refusal(run(81, "first")), "There is already a run called “First”");
    assert_eq!(build.run(run(80, "First again")).label, "change run");
}

#[test]
fn each_of_several_sees_what_those_before_did() {
    let mut build = two_mails();
    let tag = build.project.fresh().id();
    let spot = Spot::After { from: build.id("E2"), port: Port::Next };
    let kind = ElementKind::Action(Action::ChangeTags { add: vec![tag], remove: vec![] });
    let group = build.run(Command::Together(vec![
        Command::PutItem(Tag { id: tag, name: "New".into() }.into()),
        Command::Insert { map: build.map, kind, spot },
    ]));
    assert_eq!(group.label, "insert Change tags");
    assert_eq!(build.project.catalogue.tags.len(), 1);
    let refused = Command::Together(vec![
        Command::NewMap { name: "Other".into(), preset: Preset::Ontraport },
        Command::NewMap { name: "Other".into(), preset: Preset::Ontraport },
    ]);
    assert_eq!(build.refusal(refused), "There is already a map called “Other”");
}

#[test]
fn what_is_gone_is_said_to_be_gone() {
    let build = two_mails();
    let gone = MapId::new(900);
    assert_eq!(build.refusal(Command::Tidy { map: gone }), "The map is no longer there");
    assert_eq!(build.refusal(Command::DeleteMap(gone)), "The map is no longer there");
    let note = Command::DeleteNote { map: build.map, note: NoteId::new(900) };
    assert_eq!(build.refusal(note), "The note is no longer there");
    let rename = Command::Rename { map: build.map, element: ElementId::new(900), name: "x".into() };
    assert_eq!(build.refusal(rename), "The element is no longer on the map");
}

#[test]
fn fields_of_the_catalogue_can_change_their_kind() {
    let mut build = Build::new();
    let id = build.field("Born", FieldKind::Date);
    let field = Field { id, name: "Born".into(), kind: FieldKind::Birthday };
    assert_eq!(build.run(Command::PutItem(field.into())).label, "change field");
    // Where nothing holds a value, any kind will do; otherwise what is held must fit.
    let value = Value::Date("2026-01-05".parse().unwrap());
    let contact =
        |key: &str| Contact { key: key.into(), fields: [(id, value.clone())].into(), ..Contact::default() };
    let updated = Happening::FieldUpdated { field: id, value: Some(value.clone()) };
    let event = Event { at: Instant(0), what: updated };
    let people = People::new(vec![contact("a"), contact("b")], vec![(ContactIx(0), event)]).unwrap();
    build.run(Command::SetPeople { label: "import".into(), people: Arc::new(people) });
    let of_kind = |kind| Command::PutItem(Field { id, name: "Born".into(), kind }.into());
    build.run(of_kind(FieldKind::Date));
    assert_eq!(
        build.refusal(of_kind(FieldKind::Number)),
        "“Born” cannot become a field of the kind “Number”: 2 contacts and 1 event hold other values"
    );
}
