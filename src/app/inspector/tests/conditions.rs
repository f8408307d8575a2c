//! Conditions.

use super::*;
use crate::base::time::{Side, Span, Unit};
use crate::model::rules::TextMatch;

#[test]
fn conditions_grow_turn_and_go() {
    let mut harness = one(ElementKind::Condition(Condition::default()));
    let is = |parts| set(ElementKind::Condition(Condition::All(parts)));
    click(&mut harness, "Add condition");
    search(&mut harness, "Has tag");
    assert_eq!(meant(&mut harness), is(vec![Condition::HasTag(None)]));
    choose(&mut harness, "Tag of the condition", "VIP");
    assert_eq!(meant(&mut harness), is(vec![Condition::HasTag(Some(id(2)))]));
    pick(&mut harness, "What the condition asks for", "Has not tag");
    assert_eq!(meant(&mut harness), is(vec![Condition::HasNotTag(Some(id(2)))]));
    pick(&mut harness, "What the condition asks for", "Field is a value");
    pick(&mut harness, "Field of the condition", "My number");
    choose(&mut harness, "Comparison", "is at least");
    harness.state_mut().meant.clear();
    enter(&mut harness, "Value of the condition", "12.50");
    let value = Some(Value::Number("12.50".parse().unwrap()));
    let field = Condition::Field { field: Some(id(42)), is: FieldOperator::AtLeast, value };
    assert_eq!(meant(&mut harness), is(vec![field.clone()]));
    harness.get_by_label("Goes down Yes if the contact My number is at least 12.5");

    harness.get_by_label_contains("Add group").click();
    harness.run_steps(4);
    let group = Condition::Any(vec![]);
    assert_eq!(meant(&mut harness), is(vec![field.clone(), group.clone()]));
    click(&mut harness, "More for this group");
    click(&mut harness, "Move up");
    assert_eq!(meant(&mut harness), is(vec![group, field.clone()]));
    click(&mut harness, "Remove this group");
    assert_eq!(meant(&mut harness), is(vec![field.clone()]));
    click(&mut harness, "More for this condition");
    click(&mut harness, "Put into a group");
    assert_eq!(meant(&mut harness), is(vec![Condition::Any(vec![field])]));
    click(&mut harness, "Remove this condition");
    harness.state_mut().meant.clear();
    click(&mut harness, "Remove this group");
    assert_eq!(meant(&mut harness), is(vec![]));
}

#[test]
fn conditions_on_orders_and_joints() {
    let ordered = |comparison, count| Condition::Ordered { products: Choice::Any, comparison, count };
    let first = ordered(Comparison::AtLeast, 1);
    let mut harness = one(ElementKind::Condition(first));
    choose(&mut harness, "Comparison", "at most");
    enter(&mut harness, "How many", "4");
    let now = ordered(Comparison::AtMost, 4);
    assert_eq!(harness.state().kind(101), ElementKind::Condition(Condition::All(vec![now.clone()])));
    harness.state_mut().meant.clear();
    choose(&mut harness, "How the conditions count", "None of these holds");
    assert_eq!(meant(&mut harness), set(ElementKind::Condition(Condition::None(vec![now]))));
}

#[test]
fn what_a_file_holds_that_does_not_fit_together_is_shown_and_left_alone() {
    let number = Some(Value::Number("12".parse().unwrap()));
    let odd = Condition::Field { field: Some(id(41)), is: FieldOperator::Greater, value: number };
    let leftover = Value::text("x");
    let empty = Condition::Field { field: Some(id(41)), is: FieldOperator::IsEmpty, value: leftover };
    let gone = Condition::HasTag(Some(id(99)));
    let harness = one(ElementKind::Condition(Condition::None(vec![odd, empty, gone])));
    harness.get_by_label_contains("The field holds something else");
    assert_eq!(harness.state().meant, []);
    let harness = one(ElementKind::Split(Split { shares: vec![1_000, 1_000] }));
    harness.get_by_label_contains("80 % are missing");
    assert_eq!(harness.state().meant, []);
}

#[test]
fn another_kind_keeps_what_it_asks_for_too() {
    let opened = Condition::Opened { email: Some(id(31)), comparison: Comparison::AtMost, count: 4 };
    let mut harness = one(ElementKind::Condition(Condition::All(vec![opened])));
    pick(&mut harness, "What the condition asks for", "Clicked an e-mail link");
    let clicked =
        Condition::Clicked { email: Some(id(31)), link: 0, comparison: Comparison::AtMost, count: 4 };
    assert_eq!(meant(&mut harness), set(ElementKind::Condition(Condition::All(vec![clicked]))));
}

#[test]
fn a_text_message_is_compared_as_the_map_says() {
    for (text_match, says) in [
        (TextMatch::IgnoreCase, "Upper and lower case are alike"),
        (TextMatch::Exact, "Upper and lower case must be as typed here"),
    ] {
        let rules = EngineRules { text_match, ..EngineRules::default() };
        let asked = Condition::All(vec![Condition::SmsContains("STOP".into())]);
        one_by(rules, ElementKind::Condition(asked)).get_by_label(says);
    }
}

#[test]
fn texts_have_an_order_and_numbers_figures() {
    let ask = |field, value| Condition::Field { field: Some(id(field)), is: FieldOperator::Equals, value };
    let asked = |harness: &Harness<'_, Bench>| match harness.state().kind(101) {
        ElementKind::Condition(Condition::All(parts)) => parts[0].clone(),
        other => panic!("{other:?}"),
    };
    let text = Value::text("Berlin");
    let mut harness = one(ElementKind::Condition(Condition::All(vec![ask(41, text.clone())])));
    choose(&mut harness, "Comparison", "is or comes after");
    assert_eq!(
        asked(&harness),
        Condition::Field { field: Some(id(41)), is: FieldOperator::AtLeast, value: text }
    );
    let number = Some(Value::Number("49".parse().unwrap()));
    let mut harness = one(ElementKind::Condition(Condition::All(vec![ask(42, number.clone())])));
    choose(&mut harness, "Comparison", "starts with");
    assert_eq!(
        asked(&harness),
        Condition::Field { field: Some(id(42)), is: FieldOperator::StartsWith, value: number }
    );
}

#[test]
fn dates_compare_with_a_date_or_with_a_day_counted_from_today() {
    let is = |condition| set(ElementKind::Condition(Condition::All(vec![condition])));
    let field = |is, value| Condition::Field { field: Some(id(43)), is, value };
    let relative = |is, side, count, unit| Condition::FieldRelative {
        field: Some(id(43)),
        is,
        side,
        span: Span::new(count, unit),
    };
    let mut harness = one(ElementKind::Condition(Condition::All(vec![field(FieldOperator::Equals, None)])));
    choose(&mut harness, "Comparison", "is before");
    assert_eq!(meant(&mut harness), is(field(FieldOperator::Less, None)));
    choose(&mut harness, "Compared with", "days ago");
    assert_eq!(meant(&mut harness), is(relative(FieldOperator::Less, Side::Before, 30, Unit::Days)));
    enter(&mut harness, "How many", "2");
    assert_eq!(meant(&mut harness), is(relative(FieldOperator::Less, Side::Before, 2, Unit::Days)));
    choose(&mut harness, "Compared with", "months from now");
    assert_eq!(meant(&mut harness), is(relative(FieldOperator::Less, Side::After, 2, Unit::Months)));
    choose(&mut harness, "Comparison", "is not empty");
    assert_eq!(meant(&mut harness), is(field(FieldOperator::IsNotEmpty, None)), "of no day");
    choose(&mut harness, "Comparison", "is on or after");
    harness.state_mut().meant.clear();
    enter(&mut harness, "Value of the condition", "2026-02-01");
    let day = Some(Value::Date("2026-02-01".parse().unwrap()));
    assert_eq!(meant(&mut harness), is(field(FieldOperator::AtLeast, day)));

    // A date and time is on a whole day too.
    harness.state_mut().meant.clear();
    pick(&mut harness, "Field of the condition", "My date and time");
    harness.state_mut().meant.clear();
    for (typed, value) in [
        ("2026-02-01 14:00", Value::DateTime("2026-02-01T14:00:00Z".parse().unwrap())),
        ("2026-02-01", Value::Date("2026-02-01".parse().unwrap())),
    ] {
        enter(&mut harness, "Value of the condition", typed);
        let value = Some(value);
        let field = Condition::Field { field: Some(id(45)), is: FieldOperator::AtLeast, value };
        assert_eq!(meant(&mut harness), is(field));
        assert!(harness.query_by_label_contains("holds something else").is_none());
    }
    pick(&mut harness, "Field of the condition", "My date");

    // What only dates know goes with the date.
    choose(&mut harness, "Compared with", "A date");
    choose(&mut harness, "Comparison", "is after");
    harness.state_mut().meant.clear();
    pick(&mut harness, "Field of the condition", "My text");
    let text = Condition::Field { field: Some(id(41)), is: FieldOperator::Greater, value: None };
    assert_eq!(meant(&mut harness), is(text), "after a day becomes after a text");
    harness.get_by_role_and_label(Role::ComboBox, "Comparison").click();
    harness.run_steps(4);
    harness.get_by_label("starts with");
    harness.get_by_label("is or comes before");
    assert!(harness.query_by_label_contains("greater").is_none(), "texts are not greater");
}
