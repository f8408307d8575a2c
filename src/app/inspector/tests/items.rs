//! Things of the account, changed where they are chosen.

use super::*;
use crate::base::time::{Span, Unit};

fn act(action: Action) -> Harness<'static, Bench> {
    one(ElementKind::Action(action))
}

fn catalogue<'a>(harness: &'a Harness<'_, Bench>) -> &'a Catalogue {
    &harness.state().project.catalogue
}

#[test]
fn what_is_chosen_is_opened_and_changed() {
    let mut harness = act(Action::AddPurchase { product: Some(id(12)), quantity: 1, amount: None });
    assert!(harness.query_by_label("List price").is_none());
    click(&mut harness, "Edit Book");
    is_readable(&harness, "product");
    enter(&mut harness, "List price", "12.50");
    let price = "12.50".parse().unwrap();
    let book = Product { price: Some(price), ..Product::new(id(12), "Book") };
    assert_eq!(meant(&mut harness), Command::PutItem(book.into()));
    harness.get_by_label_contains("empty: its list price, 12.50 each");
    pick(&mut harness, "Add a category", "Paper");
    enter(&mut harness, "Name of the product", "Handbook");
    let put = &catalogue(&harness).products[&id(12)];
    assert_eq!((put.name.as_str(), &put.categories[..]), ("Handbook", &[id(15)][..]));
    enter(&mut harness, "Name of the product", "course");
    harness.get_by_label_contains("There is already a product called “Course”");
    click(&mut harness, "Edit Handbook");
    assert!(harness.query_by_label("List price").is_none(), "shut again");
}

#[test]
fn each_of_several_is_opened_by_its_name() {
    let form = EventFilter::FormSubmitted { form: Choice::OneOf(vec![id(21), id(22)]), outcome: None };
    let mut harness = one(trigger(form));
    click(&mut harness, "Edit Webinar");
    click(&mut harness, "Order form");
    pick(&mut harness, "Fulfilment list of the form", "Parcels");
    let put = &catalogue(&harness).forms[&id(21)];
    assert_eq!((put.order_form, put.list), (true, Some(id(51))));
    pick(&mut harness, "Fulfilment list of the form", "None");
    assert_eq!(catalogue(&harness).forms[&id(21)].list, None);
    pick(&mut harness, "Adds to map", "Win back");
    assert_eq!(catalogue(&harness).forms[&id(21)].map, Some(id(300)));
    pick(&mut harness, "Adds to map", "None");
    assert_eq!(catalogue(&harness).forms[&id(21)].map, None);
}

#[test]
fn messages_show_what_they_say() {
    let mut harness = act(Action::SendSms(Some(id(32))));
    write_into(&mut harness, "Text", "See you at nine");
    assert_eq!(catalogue(&harness).texts[&id(32)].text, "See you at nine");
    let mut harness = act(Action::SendEmail(Some(id(31))));
    click(&mut harness, "Transactional");
    assert!(catalogue(&harness).emails[&id(31)].transactional);
    click(&mut harness, "Edit Offer");
    assert!(harness.query_by_label("Subject").is_none(), "shut");
}

#[test]
fn lists_pages_sites_and_levels() {
    let mut harness = act(Action::AddToList(Some(id(51))));
    click(&mut harness, "Edit Parcels");
    click(&mut harness, "Contacts leave it by themselves");
    enter(&mut harness, "Leave after", "2");
    assert_eq!(catalogue(&harness).lists[&id(51)].leaves_after, Some(Span::new(2, Unit::Months)));

    let mut harness = one(trigger(EventFilter::PageVisited(Some(id(71)))));
    click(&mut harness, "Edit Pricing");
    choose(&mut harness, "Kind of page", "Tracked link");
    assert_eq!(catalogue(&harness).pages[&id(71)].kind, PageKind::Link);

    let mut harness = act(Action::SetMembership { site: Some(id(81)), status: MembershipStatus::Enabled });
    click(&mut harness, "Edit Academy");
    choose(&mut harness, "Kind of site", "WordPress site");
    assert_eq!(catalogue(&harness).sites[&id(81)].kind, SiteKind::WordPress);
    harness.get_by_label_contains("“Academy” is no membership site");

    let mut harness = act(Action::GiveLevel(Some(id(85))));
    click(&mut harness, "Edit Gold (Blog)");
    pick(&mut harness, "Site of the level", "No site yet");
    assert_eq!(catalogue(&harness).levels[&id(85)].site, None);
}

#[test]
fn every_kind_of_thing_can_be_renamed() {
    let cases: [(ElementKind, &str, &str); 6] = [
        (trigger(EventFilter::TagAdded(Some(id(1)))), "Edit Lead", "Name of the tag"),
        (trigger(EventFilter::FieldUpdated(Some(id(41)))), "Edit My text", "Name of the field"),
        (ElementKind::Action(Action::SendPostcard(Some(id(33)))), "Edit Greetings", "Name of the postcard"),
        (
            ElementKind::Action(Action::RemoveRelationship {
                relationship: Some(id(91)),
                record: String::new(),
            }),
            "Edit Referrer",
            "Name of the relationship",
        ),
        (ElementKind::Action(Action::RemoveFromList(Some(id(51)))), "Edit Parcels", "Name of the list"),
        (
            ElementKind::Action(Action::AssignTask { task: Some(id(61)), due_in_days: 1, owner: None }),
            "Edit Call",
            "Name of the task",
        ),
    ];
    for (kind, open, name) in cases {
        let mut harness = one(kind);
        click(&mut harness, open);
        is_readable(&harness, name);
        enter(&mut harness, name, "Another");
        let Command::PutItem(item) = meant(&mut harness) else { panic!("{name}: the thing is renamed") };
        assert_eq!(item.name(), "Another");
        harness.get_by_label("Edit Another");
    }
}

#[test]
fn a_field_that_holds_nothing_gets_another_kind() {
    let mut harness = one(trigger(EventFilter::FieldUpdated(Some(id(41)))));
    click(&mut harness, "Edit My text");
    choose(&mut harness, "Kind of field", "Number");
    let field = Field { id: id(41), name: "My text".into(), kind: FieldKind::Number };
    assert_eq!(meant(&mut harness), Command::PutItem(field.into()));
}

#[test]
fn things_of_the_account_are_found_changed_and_deleted_on_the_page_of_the_map() {
    let mut harness = window_of(bench(project([]), &[]), Vec2::new(320.0, 4_000.0), egui::Theme::Light, 1.0);
    pick(&mut harness, "Thing of the account", "VIP");
    is_readable(&harness, "things");
    enter(&mut harness, "Name of the tag", "Gold");
    assert_eq!(meant(&mut harness), Command::PutItem(Tag::new(id(2), "Gold").into()));
    harness.state_mut().meant.clear();
    click(&mut harness, "Delete tag");
    assert_eq!(meant(&mut harness), Command::DeleteItem(ItemId::Tag(id(2))));
    assert!(harness.query_by_label("Delete tag").is_none(), "nothing is open");
    undo(&mut harness);
    harness.get_by_label("Delete tag");
}

/// The page of a task, opened.
fn task() -> Harness<'static, Bench> {
    let mut harness = act(Action::AssignTask { task: Some(id(61)), due_in_days: 1, owner: None });
    click(&mut harness, "Edit Call");
    harness
}

fn outcomes(harness: &Harness<'_, Bench>) -> Vec<Outcome> {
    catalogue(harness).tasks[&id(61)].outcomes.clone()
}

#[test]
fn an_outcome_of_a_task_gets_an_action() {
    let mut harness = task();
    click(&mut harness, "Add an action to Reached");
    search(&mut harness, "Change tags");
    is_readable(&harness, "task");
    pick(&mut harness, "Add a tag", "VIP");
    let vip = Action::ChangeTags { add: vec![id(2)], remove: vec![] };
    assert_eq!(outcomes(&harness)[0].actions, std::slice::from_ref(&vip));

    click(&mut harness, "Action 1 of Reached");
    click(&mut harness, "Add an action to Reached");
    search(&mut harness, "Add to automation");
    harness.get_by_label_contains("Holds nobody");
    pick(&mut harness, "Map", "Win back");
    let win_back = Action::AddToMap(Some(id(300)));
    assert_eq!(outcomes(&harness)[0].actions, [vip, win_back.clone()]);
    click(&mut harness, "Remove action 1 of Reached");
    assert_eq!(outcomes(&harness)[0].actions, [win_back]);
}

#[test]
fn outcomes_are_added_renamed_moved_and_go() {
    let mut harness = task();
    enter(&mut harness, "Add an outcome", "Wrong number");
    enter(&mut harness, "Name of outcome 1", "Spoke to them");
    let names = |harness: &Harness<'_, Bench>| {
        outcomes(harness).into_iter().map(|outcome| outcome.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&harness), ["Spoke to them", "Nobody there", "Wrong number"]);
    click(&mut harness, "More for outcome 1");
    click(&mut harness, "Move down");
    click(&mut harness, "Remove outcome 3");
    assert_eq!(names(&harness), ["Nobody there", "Spoke to them"]);
}

#[test]
fn in_an_outcome_chance_routes_leads() {
    let mut harness = task();
    click(&mut harness, "Add an action to Reached");
    search(&mut harness, "Route the lead");
    pick(&mut harness, "Add a team member", "Ada");
    assert!(harness.query_by_label("In turn").is_none());
    let router = LeadRouter { members: vec![(id(65), 1)], in_turn: false };
    assert_eq!(outcomes(&harness)[0].actions, [Action::RouteLead(router)]);
}
