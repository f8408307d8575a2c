//! Pictures of every page, to look at after a change:
//!
//! ```text
//! GATELINE_PICTURES=/tmp cargo test --features gui-tests inspector::tests::pictures
//! ```

use egui::{Theme, Vec2};

use super::*;
use crate::base::time::{Span, Unit, Weekdays};

/// A map as people have them, and what to show of it.
fn pages() -> (Project, Vec<(&'static str, Vec<u32>)>) {
    let mut signed_up = Listener::trigger(EventType::FormSubmitted);
    signed_up.on = EventFilter::FormSubmitted { form: Choice::OneOf(vec![id(21), id(22)]), outcome: None };
    let mut buys = Listener::goal(EventType::Order);
    buys.on = EventFilter::Order(Choice::OneOf(vec![id(11)]));
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
    let elements = [
        ElementKind::Trigger(signed_up),                                 // 101
        wait(Until::TimePasses(Span::new(2, Unit::Days)), &[]),          // 102
        ElementKind::SendEmail(Some(id(31))),                            // 103
        wait(Until::TimePasses(Span::new(1, Unit::Weeks)), &[105, 106]), // 104
        ElementKind::Goal(buys),                                         // 105
        ElementKind::Goal(clicks),                                       // 106
        ElementKind::Condition(condition),                               // 107
        ElementKind::Split(Split { shares: vec![3_333, 3_334, 3_333] }), // 108
        wait(Until::DayOfWeek { days: Weekdays::WEEKDAYS, time: Some(nine) }, &[]), // 109
        ElementKind::GoTo(None),                                         // 110
        ElementKind::End,                                                // 111
        ElementKind::ChangeTags { add: vec![id(1), id(2)], remove: vec![] }, // 112
        ElementKind::UpdateField { field: Some(id(42)), change: FieldChange::Add("1".parse().unwrap()) }, // 113
        wait(Until::Date { date: "2026-02-28".parse().unwrap(), time: None }, &[]), // 114
        ElementKind::Fork,                                                          // 115
        ElementKind::Exit,                                                          // 116
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
    ] {
        let (map, from, to) = (id(100), id(from), Some(id(to)));
        project.apply(Edit::SetLine { map, from, port, to }).unwrap();
    }
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
        ("added", vec![200]),
        ("map", vec![]),
        ("several", vec![101, 102, 103, 200]),
    ];
    (project, pages)
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
            let product = Product { id: id(1_000 + number), name, price: None, categories: vec![] };
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
