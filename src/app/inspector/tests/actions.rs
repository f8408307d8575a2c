//! Every action: what is set by the name of a control lands in the document.

use super::*;
use crate::base::money::Money;
use crate::base::time::{Side, Span, Unit};
use crate::model::kinds::KINDS;

/// Settings of each action, by their names, and what they make of the blank; a new kind does not compile without.
fn action(kind: Kind) -> Option<(Steps, Action)> {
    use Action as A;
    let case: (Steps, Action) = match kind {
        Kind::Trigger
        | Kind::Wait
        | Kind::Goal
        | Kind::Condition
        | Kind::Branches
        | Kind::Split
        | Kind::Fork
        | Kind::GoTo
        | Kind::End
        | Kind::Exit => return None,
        Kind::SendEmail => (|h| pick(h, "E-mail", "Offer"), A::SendEmail(Some(id(31)))),
        Kind::SendSms => (|h| pick(h, "SMS", "Reminder"), A::SendSms(Some(id(32)))),
        Kind::SendPostcard => (|h| pick(h, "Postcard", "Greetings"), A::SendPostcard(Some(id(33)))),
        Kind::ChangeTags => (
            |h| {
                pick(h, "Add a tag", "VIP");
                pick(h, "Remove a tag", "Lead");
            },
            A::ChangeTags { add: vec![id(2)], remove: vec![id(1)] },
        ),
        Kind::UpdateField => (
            |h| {
                pick(h, "Field", "My date");
                click(h, "Move");
                enter(h, "How far", "2");
                choose(h, "Unit", "weeks");
                choose(h, "Which way", "Back");
            },
            A::UpdateField {
                field: Some(id(43)),
                change: FieldChange::Shift(Side::Before, Span::new(2, Unit::Weeks)),
            },
        ),
        Kind::AddToMap => (|h| pick(h, "Map", "Win back"), A::AddToMap(Some(id(300)))),
        Kind::RemoveFromMap => (|h| pick(h, "Map", "Nurture"), A::RemoveFromMap(Some(id(100)))),
        Kind::PauseOnMap => (|h| pick(h, "Map", "Win back"), A::PauseOnMap(Some(id(300)))),
        Kind::UnpauseOnMap => (|h| pick(h, "Map", "Win back"), A::UnpauseOnMap(Some(id(300)))),
        Kind::AssignTask => (
            |h| {
                pick(h, "Task", "Call");
                enter(h, "Due in days", "3");
                pick(h, "Owner", "Ada");
            },
            A::AssignTask { task: Some(id(61)), due_in_days: 3, owner: Some(id(65)) },
        ),
        Kind::Notify => (
            |h| {
                pick(h, "Whom", "Ada");
                choose(h, "How", "By SMS");
                write_into(h, "Text", "A lead");
            },
            A::Notify { member: Some(id(65)), by_sms: true, text: "A lead".into() },
        ),
        Kind::RouteLead => (
            |h| {
                pick(h, "Add a team member", "Ada");
                pick(h, "Add a team member", "Bob");
                enter(h, "Weight of Ada", "3");
                h.get_by_label("75.0 %");
                click(h, "In turn");
            },
            A::RouteLead(LeadRouter { members: vec![(id(65), 3), (id(66), 1)], in_turn: true }),
        ),
        Kind::AddToList => (|h| pick(h, "Fulfilment list", "Parcels"), A::AddToList(Some(id(51)))),
        Kind::RemoveFromList => (|h| pick(h, "Fulfilment list", "Parcels"), A::RemoveFromList(Some(id(51)))),
        Kind::RemoveFromAllLists => (NOTHING, A::RemoveFromAllLists),
        Kind::AddPurchase => (
            |h| {
                pick(h, "Product", "Book");
                enter(h, "Quantity", "2");
                enter(h, "Amount in all", "9.50");
            },
            A::AddPurchase {
                product: Some(id(12)),
                quantity: 2,
                amount: Some("9.50".parse::<Money>().unwrap()),
            },
        ),
        Kind::CancelOpenOrders => (
            |h| {
                click(h, "Chosen products");
                pick(h, "Add a product", "Course");
            },
            A::CancelOpenOrders(Choice::OneOf(vec![id(11)])),
        ),
        Kind::RechargeDeclined => (NOTHING, A::RechargeDeclined),
        Kind::SetMembership => (
            |h| {
                pick(h, "Membership site", "Academy");
                choose(h, "Access", "Suspended");
            },
            A::SetMembership { site: Some(id(81)), status: MembershipStatus::Suspended },
        ),
        Kind::GiveLevel => (
            |h| {
                pick(h, "WordPress level", "Gold");
                h.get_by_label("A level of Blog");
            },
            A::GiveLevel(Some(id(85))),
        ),
        Kind::RemoveLevel => (|h| pick(h, "WordPress level", "Gold"), A::RemoveLevel(Some(id(85)))),
        Kind::AddRelationship => (
            |h| {
                pick(h, "Relationship", "Referrer");
                enter(h, "Record", "Ms Miller");
            },
            A::AddRelationship { relationship: Some(id(91)), record: "Ms Miller".into() },
        ),
        Kind::RemoveRelationship => (
            |h| pick(h, "Relationship", "Referrer"),
            A::RemoveRelationship { relationship: Some(id(91)), record: String::new() },
        ),
        Kind::Webhook => {
            (|h| enter(h, "Address", "https://example.org"), A::Webhook("https://example.org".into()))
        }
        Kind::CreateRecord => (|h| enter(h, "Name of the record", "Seat"), A::CreateRecord("Seat".into())),
        Kind::Note => (|h| write_into(h, "Text", "Met at the fair"), A::Note("Met at the fair".into())),
    };
    Some(case)
}

#[test]
fn every_action_is_set_by_name() {
    for info in KINDS {
        let Some((steps, expected)) = action(info.kind) else { continue };
        let mut harness = one((info.blank)());
        steps(&mut harness);
        is_readable(&harness, info.tag);
        assert_eq!(harness.state().kind(101), ElementKind::Action(expected), "{}", info.tag);
    }
}

#[test]
fn a_map_is_added_to_another_and_holds() {
    let mut harness = one(ElementKind::Action(Action::AddToMap(None)));
    harness.get_by_label_contains("Holds the contact here until it is off that map again");
    harness.get_by_role_and_label(Role::ComboBox, "Map").click();
    harness.run_steps(4);
    assert!(harness.query_by_label_contains("(this map)").is_none(), "other maps only");
}

#[test]
fn a_number_is_subtracted() {
    let update = |change| ElementKind::Action(Action::UpdateField { field: Some(id(42)), change });
    let mut harness = one(update(FieldChange::Set(None)));
    click(&mut harness, "Subtract");
    enter(&mut harness, "Number to subtract", "2.5");
    assert_eq!(harness.state().kind(101), update(FieldChange::Add("-2.5".parse().unwrap())));
    click(&mut harness, "Add");
    assert_eq!(harness.state().kind(101), update(FieldChange::Add("2.5".parse().unwrap())));
}

#[test]
fn what_nobody_has_chosen_is_the_owners() {
    let task = |owner| ElementKind::Action(Action::AssignTask { task: None, due_in_days: 1, owner });
    let mut harness = one(task(Some(id(65))));
    pick(&mut harness, "Owner", "The contact's owner");
    assert_eq!(meant(&mut harness), set(task(None)));
    assert_eq!(shown(&harness, "Owner"), "The contact's owner");
}

#[test]
fn an_action_is_marked_as_draft() {
    let mut harness = one(ElementKind::Action(Action::SendEmail(None)));
    click(&mut harness, "Draft");
    assert_eq!(meant(&mut harness), Command::SetDraft { map: id(100), element: id(101), draft: true });
    harness.get_by_label_contains("contacts pass it and nothing is done");
    click(&mut harness, "Draft");
    assert!(!map_now(&harness).elements[&id(101)].draft);
}
