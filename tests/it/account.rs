//! Commands for the account and for maps as a whole, and several commands as one.

use std::sync::Arc;

use gateline::base::id::{ElementId, Id, MapId, NoteId, RunId, TagId};
use gateline::model::{
    Category, Contact, ElementKind, Email, Field, FieldKind, Item, People, Port, Product, SavedRun, Tag,
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
    let mail = Email { id: Id::new(51), name: "WELCOME".into(), subject: String::new(), links: vec![] };
    let said = build.refusal(Command::PutItem(mail.into()));
    assert_eq!(said, "There is already an e-mail called “Welcome”");
    // Another kind may have the same name.
    build.form("Vip");
    let said = build.refusal(Command::NewMap { name: " nurture".into() });
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
    build.run(Command::PutItem(Category { id: category, name: "Video".into() }.into()));
    let product = Product { id: Id::new(71), name: "Course".into(), price: None, categories: vec![category] };
    build.run(Command::PutItem(product.into()));
    let said = build.refusal(Command::DeleteItem(category.into()));
    assert_eq!(said, "The category “Video” is used by the product “Course”");
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
    let kind = ElementKind::ChangeTags { add: vec![tag], remove: vec![] };
    let group = build.run(Command::Together(vec![
        Command::PutItem(Tag { id: tag, name: "New".into() }.into()),
        Command::Insert { map: build.map, kind, spot },
    ]));
    assert_eq!(group.label, "insert Change tags");
    assert_eq!(build.project.catalogue.tags.len(), 1);
    let refused = Command::Together(vec![
        Command::NewMap { name: "Other".into() },
        Command::NewMap { name: "Other".into() },
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
}
