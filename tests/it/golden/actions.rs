//! What each action does to a contact (semantics A-02), and how it is told.

use chrono_tz::Tz;
use gateline::base::id::MapId;
use gateline::base::money::Money;
use gateline::base::time::{Side, Span, Unit};
use gateline::engine::log::What;
use gateline::model::kinds::KINDS;
use gateline::model::*;

use super::{Life, date, enters};
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

/// What a field holds after changes to it on 5 January at 09:00 in New York, one after the other.
fn field(kind: FieldKind, held: Option<Value>, changes: &[FieldChange]) -> Vec<String> {
    let build = Build::new().settings(|settings| settings.account_zone = Tz::America__New_York);
    let mut build = build.trigger_form("F");
    let field = build.field("Field", kind);
    for change in changes {
        build = build.action(Action::UpdateField { field: Some(field), change: change.clone() });
    }
    let life = held.into_iter().fold(enters(build.exit()), |life, value| life.with_field(field, value));
    let out = life.run();
    let told = out.log.iter().filter_map(|line| match &line.entry.what {
        What::Changed(Happening::FieldUpdated { value, .. }) => {
            Some(value.as_ref().map_or("empty".into(), ToString::to_string))
        }
        What::Nothing(why) => Some(why.to_string()),
        _ => None,
    });
    told.collect()
}

#[test]
fn a_02_a_field_is_set_added_to_and_cleared() {
    let number = |number: i64| FieldChange::Set(Some(Value::Number(number.into())));
    let add = |number: i64| FieldChange::Add(number.into());
    // an empty field counts as 0, and setting what is there already changes nothing
    let changes = [add(5), add(-2), number(3), FieldChange::Clear, FieldChange::Clear];
    let same = "it was so already";
    assert_eq!(field(FieldKind::Number, None, &changes), ["5", "3", same, "empty", same]);
    assert_eq!(field(FieldKind::Text, Value::text("x"), &[add(1)]), ["the field holds no number"]);
}

#[test]
fn a_02_a_date_is_moved_on_the_calendar() {
    let shift = |side, count, unit| [FieldChange::Shift(side, Span::new(count, unit))];
    let day = |day| Some(Value::Date(date(day)));
    let moved = |held, side, count, unit| field(FieldKind::Date, held, &shift(side, count, unit)).remove(0);
    use {Side::After, Side::Before};
    assert_eq!(moved(day("2026-01-31"), After, 1, Unit::Months), "2026-02-28");
    assert_eq!(moved(day("2026-03-01"), Before, 1, Unit::Days), "2026-02-28");
    assert_eq!(moved(day("2026-03-01"), After, 2, Unit::Weeks), "2026-03-15");
    assert_eq!(moved(day("2026-03-01"), After, 5, Unit::Hours), "the field holds no date");
    // an empty one counts from today, or from now
    assert_eq!(moved(None, After, 30, Unit::Days), "2026-02-04");
    let moment = |held: Option<&str>, count, unit| {
        let held = held.map(|at| Value::DateTime(at.parse().unwrap()));
        field(FieldKind::DateTime, held, &shift(After, count, unit)).remove(0)
    };
    assert_eq!(moment(None, 1, Unit::Hours), "2026-01-05T15:00:00Z");
    // days keep the wall clock where it goes forward, hours do not
    assert_eq!(moment(Some("2026-03-07T14:00:00Z"), 1, Unit::Days), "2026-03-08T13:00:00Z");
    assert_eq!(moment(Some("2026-03-07T14:00:00Z"), 24, Unit::Hours), "2026-03-08T14:00:00Z");
    assert_eq!(field(FieldKind::Text, None, &shift(After, 1, Unit::Days)), ["the field holds no date"]);
    assert_eq!(
        field(FieldKind::Text, Value::text("x"), &shift(After, 1, Unit::Days)),
        ["the field holds no date"]
    );
}

#[test]
fn a_02_a_change_is_in_the_record_at_once_and_its_event_follows() {
    let build = Build::new().trigger_form("F").add_tag("A").if_tag("A").send("Yes").exit();
    let build = build.trigger_tag("A").send("Heard").exit();
    assert_eq!(enters(build).run().mails(), "Yes 01-05 09:00, Heard 01-05 09:00");
}

#[test]
fn a_02_a_purchase_written_down_is_bought_and_paid_for_at_the_list_price() {
    let mut build = Build::new().trigger_form("F");
    let product = build.item::<Product>("X", |product| product.price = Some(Money::new(30.into())));
    let spent = |amount: i64| Condition::Spent {
        products: Choice::OneOf(vec![product]),
        comparison: Comparison::Exactly,
        amount: Money::new(amount.into()),
    };
    let build = build.action(Action::AddPurchase { product: Some(product), quantity: 2, amount: None });
    let build = build.condition(spent(60)).send("60");
    let build = build.action(Action::AddPurchase {
        product: Some(product),
        quantity: 1,
        amount: Some(Money::new(5.into())),
    });
    assert_eq!(
        enters(build.condition(spent(65)).send("65").exit()).run().mails(),
        "60 01-05 09:00, 65 01-05 09:00"
    );
}

#[test]
fn a_02_orders_of_some_products_are_cancelled() {
    let mut build = Build::new().trigger_form("F");
    let product = build.product("X");
    let (x, y) = (build.instalments("1", "X", 3), build.instalments("2", "Y", 3));
    let build = build.action(Action::CancelOpenOrders(Choice::OneOf(vec![product]))).exit();
    let life = Life::of(build)
        .order("2026-01-05 08:00", x)
        .order("2026-01-05 08:00", y)
        .submits("2026-01-05 09:00", "F");
    let events = life.run().events();
    let payments = |order: &str| {
        events.iter().filter(|event| event.contains(&format!("of order {order} was made"))).count()
    };
    assert_eq!([payments("1"), payments("2")], [1, 3]);
}

#[test]
fn a_02_a_payment_that_is_charged_again_fails_as_often_as_its_plan_says() {
    let mut build = Build::new().trigger_form("F").action(Action::RechargeDeclined).exit();
    let mut order = build.instalments("1", "X", 2);
    order.plan.as_mut().unwrap().declined = vec![2, 2];
    let life = Life::of(build).order("2026-01-05 09:00", order);
    let out = life
        .submits("2026-02-06 09:00", "F")
        .submits("2026-02-07 09:00", "F")
        .submits("2026-02-08 09:00", "F")
        .run();
    let payments = out
        .events()
        .into_iter()
        .filter(|event| event.contains("payment 2 of") || event.contains("completed"));
    assert_eq!(
        payments.collect::<Vec<_>>(),
        [
            "02-05 09:00 payment 2 of order 1 was declined",
            "02-06 09:00 payment 2 of order 1 was declined",
            "02-07 09:00 payment 2 of order 1 was made",
            "02-07 09:00 order 1 was completed",
        ]
    );
    assert_eq!(out.told("nothing_done").len(), 1);
}
