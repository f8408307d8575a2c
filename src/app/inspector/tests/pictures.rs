//! Pictures of every page, to look at after a change:
//!
//! ```text
//! GATELINE_PICTURES=/tmp cargo test --features gui-tests inspector::tests::pictures
//! ```

use egui::{Theme, Vec2};

use super::*;
use crate::base::time::{Side, Span, Unit, Weekdays};

/// A map as people have them, and what to show of it.
fn pages() -> (Project, Vec<(&'static str, Vec<u32>)>) {
    let mut signed_up = Listener::trigger(EventType::FormSubmitted);
    signed_up.on = EventFilter::FormSubmitted { form: Choice::OneOf(vec![id(21), id(22)]), outcome: None };
    let mut buys = Listener::goal(EventType::Purchased);
    buys.on =
        EventFilter::Purchased { products: Choice::OneOf(vec![id(11)]), plan_payments: PlanPayments::First };
    buys.conditions = Condition::All(vec![Condition::HasNotTag(Some(id(2)))]);
    let mut clicks = Listener::goal(EventType::EmailLinkClicked);
    clicks.on = EventFilter::EmailLinkClicked { email: Some(id(31)), link: 1 };
    let wait = |until, goals: &[u32]| {
        let goals = goals.iter().map(|goal| id(*goal)).collect();
        ElementKind::Wait(Wait { until, zone: WaitZone::Account, goals })
    };
    let field = |field, is, value| Condition::Field { field: Some(id(field)), is, value };
    let condition = Condition::All(vec![
        Condition::HasTag(Some(id(1))),
        Condition::Any(vec![
            field(42, FieldOperator::AtLeast, Some(Value::Number("12.5".parse().unwrap()))),
            Condition::Ordered { products: Choice::Any, comparison: Comparison::AtLeast, count: 2 },
        ]),
        field(43, FieldOperator::Less, None),
    ]);
    let nine = chrono::NaiveTime::from_hms_opt(9, 0, 0).unwrap();
    let keap = KeapPurchase {
        products: vec![id(12)],
        payments: Choice::OneOf(vec![PaymentKind::CreditCard, PaymentKind::Cash]),
        ..KeapPurchase::default()
    };
    let keap = Listener::goal(EventType::KeapPurchase).hearing(EventFilter::KeapPurchase(keap));
    let outcomes = EventFilter::TaskCompleted { task: Some(id(61)), outcomes: vec![1] };
    let called = Listener::trigger(EventType::TaskCompleted).hearing(outcomes);
    let half_past_five = chrono::NaiveTime::from_hms_opt(17, 30, 0).unwrap();
    let delay = Delay {
        count: 2,
        unit: DelayUnit::Weekdays,
        days: Weekdays::WEEKDAYS,
        time: DelayTime::Between(nine, half_past_five),
    };
    let renewal = Until::Relative {
        field: Some(id(43)),
        side: Side::Before,
        span: Span::new(3, Unit::Days),
        time: None,
    };
    let vip = Until::Conditions {
        condition: Condition::HasTag(Some(id(2))),
        limit: Some(Span::new(1, Unit::Weeks)),
    };
    let ways = Branches {
        policy: BranchPolicy::FirstMatch,
        branches: vec![
            Branch { name: "Buyers".into(), rule: Condition::HasTag(Some(id(2))) },
            Branch { rule: condition_of_each(), ..Branch::default() },
            Branch::default(),
        ],
    };
    let router = LeadRouter { members: vec![(id(65), 3), (id(66), 1)], in_turn: true };
    let moved = FieldChange::Shift(Side::After, Span::new(2, Unit::Weeks));
    let elements = [
        ElementKind::Trigger(signed_up),                                 // 101
        wait(Until::TimePasses(Span::new(2, Unit::Days)), &[]),          // 102
        ElementKind::Action(Action::SendEmail(Some(id(31)))),            // 103
        wait(Until::TimePasses(Span::new(1, Unit::Weeks)), &[105, 106]), // 104
        ElementKind::Goal(buys),                                         // 105
        ElementKind::Goal(clicks),                                       // 106
        ElementKind::Condition(condition),                               // 107
        ElementKind::Split(Split { shares: vec![3_333, 3_334, 3_333] }), // 108
        wait(Until::DayOfWeek { days: Weekdays::WEEKDAYS, time: Some(nine) }, &[]), // 109
        ElementKind::GoTo(None),                                         // 110
        ElementKind::End,                                                // 111
        ElementKind::Action(Action::ChangeTags { add: vec![id(1), id(2)], remove: vec![] }), // 112
        ElementKind::Action(Action::UpdateField {
            field: Some(id(42)),
            change: FieldChange::Add("1".parse().unwrap()),
        }), // 113
        wait(Until::Date { date: "2026-02-28".parse().unwrap(), time: None }, &[]), // 114
        ElementKind::Fork,                                               // 115
        ElementKind::Exit,                                               // 116
        ElementKind::Goal(keap),                                         // 117
        wait(Until::Delay(delay), &[]),                                  // 118
        wait(renewal, &[]),                                              // 119
        wait(vip, &[]),                                                  // 120
        ElementKind::Condition(condition_of_each()),                     // 121
        ElementKind::Trigger(called),                                    // 122
        ElementKind::Branches(ways),                                     // 123
        ElementKind::Action(Action::AssignTask { task: Some(id(61)), due_in_days: 2, owner: None }), // 124
        ElementKind::Action(Action::RouteLead(router)),                  // 125
        ElementKind::Action(Action::AddPurchase { product: Some(id(12)), quantity: 2, amount: None }), // 126
        ElementKind::Action(Action::AddToMap(Some(id(300)))),            // 127
        ElementKind::Action(Action::UpdateField { field: Some(id(43)), change: moved }), // 128
        ElementKind::Action(Action::Notify { member: None, by_sms: true, text: "A lead\nis here".into() }), // 129
        ElementKind::Action(Action::RechargeDeclined), // 130
    ];
    let mut project = project(elements);
    project.settings.account_zone = chrono_tz::Europe::Vienna;
    for (from, port, to) in [
        (101, Port::Next, 102),
        (102, Port::Next, 103),
        (103, Port::Next, 104),
        (104, Port::Timeout, 107),
        (105, Port::Next, 112),
        (107, Port::Yes, 108),
        (107, Port::No, 109),
        (108, Port::path(0), 110),
        (123, Port::branch(0), 108),
        (123, Port::Other, 111),
        (124, Port::Next, 125),
        (125, Port::Next, 126),
    ] {
        let (map, from, to) = (id(100), id(from), Some(id(to)));
        project.apply(Edit::SetLine { map, from, port, to }).unwrap();
    }
    let (map, steps) = (id(100), [id(124), id(125)].into());
    let make = Command::MakeSequence { map, name: "Hand over to sales".into(), steps };
    History::default().do_command(&mut project, make).unwrap();
    let pages = vec![
        ("trigger", vec![101]),
        ("goal", vec![105]),
        ("goal-link", vec![106]),
        ("wait", vec![102]),
        ("wait-group", vec![104]),
        ("wait-week", vec![109]),
        ("wait-date", vec![114]),
        ("condition", vec![107]),
        ("split", vec![108]),
        ("go-to", vec![110]),
        ("end", vec![111]),
        ("fork", vec![115]),
        ("exit", vec![116]),
        ("send-email", vec![103]),
        ("change-tags", vec![112]),
        ("update-field", vec![113]),
        ("goal-keap", vec![117]),
        ("wait-delay", vec![118]),
        ("wait-field", vec![119]),
        ("wait-conditions", vec![120]),
        ("conditions", vec![121]),
        ("trigger-task", vec![122]),
        ("added", vec![200]),
        ("map", vec![]),
        ("branches", vec![123]),
        ("assign-task", vec![124]),
        ("route-lead", vec![125]),
        ("add-purchase", vec![126]),
        ("add-to-map", vec![127]),
        ("move-date", vec![128]),
        ("notify", vec![129]),
        ("recharge", vec![130]),
        ("several", vec![101, 102, 103, 200]),
        ("several-steps", vec![102, 103]),
    ];
    (project, pages)
}

/// Conditions with as many sorts of controls as there are.
fn condition_of_each() -> Condition {
    let relative = Condition::FieldRelative {
        field: Some(id(44)),
        is: FieldOperator::AtMost,
        side: Side::Before,
        span: Span::new(30, Unit::Days),
    };
    Condition::All(vec![
        relative,
        Condition::Any(vec![
            Condition::OnMapFor {
                map: Some(id(300)),
                bound: Bound::AtLeast,
                span: Span::new(30, Unit::Days),
            },
            Condition::None(vec![Condition::Clicked {
                email: Some(id(31)),
                link: 1,
                comparison: Comparison::AtLeast,
                count: 2,
            }]),
        ]),
        Condition::Spent {
            products: Choice::Any,
            comparison: Comparison::AtLeast,
            amount: "99.50".parse().unwrap(),
        },
    ])
}

fn picture(harness: &mut Harness<'_, Bench>, name: &str) {
    let image = harness.render().unwrap();
    assert!(image.pixels().all(|pixel| pixel.0[3] == 255), "the panel is opaque");
    if let Some(folder) = std::env::var_os("GATELINE_PICTURES") {
        image.save(std::path::Path::new(&folder).join(format!("inspector-{name}.png"))).unwrap();
    }
}

/// As tall as a panel is, or with `GATELINE_PICTURES_TALL` as tall as the longest page.
fn size() -> Vec2 {
    let tall = std::env::var_os("GATELINE_PICTURES_TALL").is_some();
    Vec2::new(320.0, if tall { 1_500.0 } else { 760.0 })
}

#[test]
fn every_page_in_both_themes() {
    for theme in [Theme::Light, Theme::Dark] {
        let (project, pages) = pages();
        for (name, selection) in pages {
            let mut harness = window_of(bench(project.clone(), &selection), size(), theme, 1.0);
            assert_eq!(harness.state().meant, [], "{name}: looking changes nothing");
            picture(&mut harness, &format!("{name}-{theme:?}").to_lowercase());
        }
    }
}

#[test]
fn things_held_open() {
    for theme in [Theme::Light, Theme::Dark] {
        let (project, _) = pages();
        let mut harness = window_of(bench(project.clone(), &[112]), size(), theme, 1.0);
        click(&mut harness, "Add a tag");
        harness.get_by_label("Search").type_text("New");
        harness.run_steps(20);
        picture(&mut harness, &format!("picker-{theme:?}").to_lowercase());

        let mut harness = window_of(bench(project.clone(), &[108]), size(), theme, 1.0);
        enter(&mut harness, "Share of path A", "30");
        enter(&mut harness, "Share of path B", "a third");
        harness.run_steps(20);
        picture(&mut harness, &format!("not-whole-{theme:?}").to_lowercase());

        let mut harness = window_of(bench(project.clone(), &[109]), size(), theme, 1.0);
        enter(&mut harness, "Time of day", "25:70");
        harness.get_by_role_and_label(Role::ComboBox, "Wait until").click();
        harness.run_steps(20);
        picture(&mut harness, &format!("wrong-time-{theme:?}").to_lowercase());
    }
}

#[test]
fn a_long_list_and_a_group_held_open() {
    for theme in [Theme::Light, Theme::Dark] {
        let (mut project, _) = pages();
        for number in 1..=4_000 {
            let name = format!("Product {number} with a name that is too long for the panel");
            let product = Product::new(id(1_000 + number), name);
            project.apply(Edit::PutItem(product.into())).unwrap();
        }
        let mut harness = window_of(bench(project, &[105]), size(), theme, 1.0);
        click(&mut harness, "Add a product");
        harness.get_by_label("Search").type_text("399");
        harness.run_steps(20);
        picture(&mut harness, &format!("products-{theme:?}").to_lowercase());

        let (project, _) = pages();
        let mut harness = window_of(bench(project, &[106]), Vec2::new(320.0, 1_500.0), theme, 1.0);
        harness.get_by_label_contains("Wait for a goal, at most 1 week (").click();
        harness.run_steps(20);
        picture(&mut harness, &format!("group-{theme:?}").to_lowercase());
    }
}

#[test]
fn the_menu_of_a_condition() {
    for theme in [Theme::Light, Theme::Dark] {
        let (project, _) = pages();
        let mut harness = window_of(bench(project, &[105]), size(), theme, 1.0);
        click(&mut harness, "More for this condition");
        harness.run_steps(20);
        picture(&mut harness, &format!("menu-{theme:?}").to_lowercase());
    }
}

#[test]
fn the_events_held_open() {
    for theme in [Theme::Light, Theme::Dark] {
        let (project, _) = pages();
        let mut harness = window_of(bench(project, &[105]), size(), theme, 1.0);
        harness.get_by_role_and_label(Role::ComboBox, "Event").click();
        harness.run_steps(20);
        picture(&mut harness, &format!("events-{theme:?}").to_lowercase());
        harness.get_by_label("Search").type_text("order");
        harness.run_steps(20);
        picture(&mut harness, &format!("events-found-{theme:?}").to_lowercase());
    }
}

#[test]
fn things_of_the_account_held_open() {
    for theme in [Theme::Light, Theme::Dark] {
        let (project, _) = pages();
        let opened = [
            ("task", 124, vec!["Edit Call", "Add an action to Reached"]),
            ("product", 126, vec!["Edit Book"]),
            ("form", 101, vec!["Edit Checkout"]),
            ("branch", 123, vec!["Branch 2"]),
        ];
        for (name, element, clicks) in opened {
            let mut harness = window_of(bench(project.clone(), &[element]), size(), theme, 1.0);
            clicks.iter().for_each(|label| click(&mut harness, label));
            if name == "task" {
                search(&mut harness, "Change tags");
            }
            harness.run_steps(20);
            picture(&mut harness, &format!("open-{name}-{theme:?}").to_lowercase());
        }
    }
}
