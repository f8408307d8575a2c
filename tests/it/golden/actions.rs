//! What each action does to a contact (semantics A-02), and how it is told.

use gateline::base::id::MapId;
use gateline::base::time::{Side, Span, Unit};
use gateline::engine::log::What;
use gateline::model::kinds::KINDS;
use gateline::model::*;

use super::Life;
use crate::build::Build;

/// The account of all rows: the other map lets contacts rest, so that they stay on it.
struct Account {
    build: Build,
    other: MapId,
}

impl Account {
    fn new() -> Self {
        let mut build = Build::new();
        let main = build.map;
        let other = build.add_map("Other");
        let build = build.at_added().wait(Until::Goal);
        Self { build: Build { map: main, ..build }, other }
    }

    fn thing<T: gateline::model::catalogue::Shelved>(&mut self, name: &str) -> Option<T::Id> {
        Some(self.build.thing::<T>(name))
    }

    /// What is there for a contact that first does some actions, and then this.
    fn told(&self, before: &[Action], action: Action) -> String {
        let mut build = self.build.clone().at_added();
        for action in before {
            build = build.action(action.clone());
        }
        let build = build.action(action).called("It");
        let (map, it) = (build.map, build.last);
        let out = Life::of(build).happens("2026-01-05 09:00", Happening::AddedToAutomation(map)).run();
        let begin = out.log.iter().position(|line| line.element == Some(it)).unwrap();
        let told = out.log[begin..]
            .iter()
            .zip(out.story().lines().skip(begin).map(str::to_owned).collect::<Vec<_>>());
        let told = told.filter(|(line, _)| {
            let is_move = matches!(line.entry.what, What::Arrived(_) | What::Left { .. } | What::Activated);
            !is_move && (line.element == Some(it) || line.element.is_none())
        });
        told.map(|(_, text)| format!("  {}\n", text.trim())).collect()
    }
}

#[test]
fn a_02_every_action_does_what_it_says() {
    let mut account = Account::new();
    let other = Some(account.other);
    let field = Some(account.build.field("Day", FieldKind::Date));
    let day = Action::UpdateField {
        field,
        change: FieldChange::Set(Some(Value::Date("2026-03-31".parse().unwrap()))),
    };
    let (tag, old) = (account.build.tag("New"), account.build.tag("Old"));
    let list = account.thing::<List>("Parcels");
    let product = account.thing::<Product>("Course");
    let site = account.thing::<Site>("Club");
    let level = account.thing::<Level>("Gold");
    let relationship = account.thing::<Relationship>("Partner");
    let eve = account.thing::<Member>("Eve").unwrap();
    let partner = |record: &str| Action::AddRelationship { relationship, record: record.into() };
    let rows: Vec<(Vec<Action>, Action)> = vec![
        (vec![], Action::SendEmail(account.thing::<Email>("Mail"))),
        (vec![], Action::SendSms(account.thing::<Sms>("Short"))),
        (vec![], Action::SendPostcard(account.thing::<Postcard>("Card"))),
        (
            vec![],
            Action::AssignTask { task: account.thing::<Task>("Call"), due_in_days: 2, owner: Some(eve) },
        ),
        (vec![], Action::Notify { member: Some(eve), by_sms: true, text: "Look".into() }),
        (vec![], day.clone()),
        (
            vec![day],
            Action::UpdateField {
                field,
                change: FieldChange::Shift(Side::Before, Span::new(1, Unit::Months)),
            },
        ),
        (
            vec![Action::ChangeTags { add: vec![old], remove: vec![] }],
            Action::ChangeTags { add: vec![tag], remove: vec![old] },
        ),
        (vec![], Action::AddToMap(other)),
        (vec![Action::AddToList(list)], Action::RemoveFromMap(other)),
        (vec![], Action::PauseOnMap(Some(account.build.map))),
        (vec![], Action::UnpauseOnMap(other)),
        (vec![], Action::AddToList(list)),
        (vec![Action::AddToList(list)], Action::RemoveFromList(list)),
        (vec![Action::AddToList(list)], Action::RemoveFromAllLists),
        (vec![], Action::AddPurchase { product, quantity: 2, amount: Some("5.00".parse().unwrap()) }),
        (vec![], Action::CancelOpenOrders(Choice::Any)),
        (vec![], Action::RechargeDeclined),
        (vec![], Action::SetMembership { site, status: MembershipStatus::default() }),
        (vec![], Action::GiveLevel(level)),
        (vec![Action::GiveLevel(level)], Action::RemoveLevel(level)),
        (vec![], partner("Ann")),
        (
            vec![partner("Ann"), partner("Bob")],
            Action::RemoveRelationship { relationship, record: String::new() },
        ),
        (vec![], Action::RouteLead(LeadRouter { members: vec![(eve, 1)], in_turn: true })),
        (vec![], Action::Webhook("https://example.org/hook".into())),
        (vec![], Action::CreateRecord("Deal".into())),
        (vec![], Action::Note("Asked".into())),
    ];
    let mut text = String::new();
    for (before, action) in &rows {
        let element = ElementKind::Action(action.clone());
        text += &format!("{}\n{}", element.kind().info().title, account.told(before, action.clone()));
    }
    expect_test::expect_file!["actions.txt"].assert_eq(&text);
    for info in KINDS.iter().filter(|info| (info.blank)().action().is_some()) {
        let is_shown = rows.iter().any(|(_, action)| ElementKind::Action(action.clone()).kind() == info.kind);
        assert!(is_shown, "{} has no golden test", info.tag);
    }
}

#[test]
fn an_action_with_nothing_chosen_does_nothing() {
    let account = Account::new();
    for info in KINDS {
        if let Some(action) = (info.blank)().action()
            && action.open_setting().is_some()
        {
            assert!(
                account.told(&[], action.clone()).contains("not everything is chosen yet"),
                "{}",
                info.tag
            );
        }
    }
}

#[test]
fn k_09_each_way_whose_rule_holds_gets_the_contact() {
    for (policy, mails) in [
        (BranchPolicy::AllMatching, "A 01-05 09:00, B 01-05 09:00"),
        (BranchPolicy::FirstMatch, "A 01-05 09:00"),
    ] {
        let mut build = Build::new();
        let rules = ["one", "two"].map(|tag| Condition::HasTag(Some(build.tag(tag)))).to_vec();
        let tags = [build.tag("one"), build.tag("two")].to_vec();
        let map = build.map;
        let build = build
            .at_added()
            .action(Action::ChangeTags { add: tags, remove: vec![] })
            .branches(policy, rules)
            .called("Ways")
            .email("A")
            .at("Ways", Port::branch(1))
            .email("B");
        let out = Life::of(build).happens("2026-01-05 09:00", Happening::AddedToAutomation(map)).run();
        assert_eq!(out.mails(), mails, "{policy:?}");
    }
}
