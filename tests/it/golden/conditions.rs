//! Conditions on fields, with every operator, and what they say of themselves (semantics §6, C-02).

use gateline::base::id::FieldId;
use gateline::base::time::{Instant, Side, Span, Unit};
use gateline::model::rules::TextMatch;
use gateline::model::*;
use gateline::session::run::{Control, Run, RunSettings};

use super::{date, days, enters};
use crate::build::Build;

/// Whether a field that holds this compares so.
fn compares(
    kind: FieldKind,
    held: Option<Value>,
    is: FieldOperator,
    wanted: Option<Value>,
    text: TextMatch,
) -> bool {
    let mut build = Build::new().rules(|rules| rules.text_match = text).trigger_form("F");
    let field = build.field("Field", kind);
    let value = wanted.filter(|_| is.needs_value());
    let life = enters(build.condition(Condition::Field { field: Some(field), is, value }).send("Yes").exit());
    let life = held.into_iter().fold(life, |life, value| life.with_field(field, value));
    !life.run().mails().is_empty()
}

/// The operators that hold, out of all.
fn operators(kind: FieldKind, held: Option<Value>, wanted: Value, text: TextMatch) -> Vec<FieldOperator> {
    let all = FieldOperator::ALL.map(|(operator, _)| operator);
    all.into_iter().filter(|is| compares(kind, held.clone(), *is, Some(wanted.clone()), text)).collect()
}

#[test]
fn c_01_every_operator_of_a_field() {
    use FieldOperator::*;
    let ignore = TextMatch::IgnoreCase;
    let number = |number: i64| Value::Number(number.into());
    let numbers = |held, wanted| operators(FieldKind::Number, Some(number(held)), number(wanted), ignore);
    assert_eq!(numbers(7, 7), [Equals, AtLeast, AtMost, Contains, StartsWith, EndsWith, IsNotEmpty]);
    assert_eq!(numbers(9, 10), [NotEquals, Less, AtMost, DoesNotContain, IsNotEmpty]);
    assert_eq!(numbers(11, 9), [NotEquals, Greater, AtLeast, DoesNotContain, IsNotEmpty]);
    let day = |day| Value::Date(date(day));
    let dates = |held, wanted| operators(FieldKind::Date, Some(day(held)), day(wanted), ignore);
    assert_eq!(dates("2026-03-01", "2026-03-02"), [NotEquals, Less, AtMost, DoesNotContain, IsNotEmpty]);
    let yes = operators(FieldKind::YesNo, Some(Value::YesNo(true)), Value::YesNo(false), ignore);
    assert_eq!(yes, [NotEquals, Greater, AtLeast, DoesNotContain, IsNotEmpty]);
    let text = |text| Value::text(text).unwrap();
    let texts = |held, wanted| operators(FieldKind::Text, Some(text(held)), text(wanted), ignore);
    assert_eq!(texts("Berlin", "ber"), [NotEquals, Greater, AtLeast, Contains, StartsWith, IsNotEmpty]);
    assert_eq!(texts("Berlin", "LIN"), [NotEquals, Less, AtMost, Contains, EndsWith, IsNotEmpty]);
    // an empty field
    assert_eq!(operators(FieldKind::Text, None, text("x"), ignore), [NotEquals, DoesNotContain, IsEmpty]);
    // what cannot be compared is not the same
    let mixed = operators(FieldKind::Text, Some(text("7")), number(7), ignore);
    assert_eq!(mixed, [NotEquals, Contains, StartsWith, EndsWith, IsNotEmpty]);
}

#[test]
fn a_filter_of_contacts_lists_nobody_before_being_created() {
    let day = |day: i64| Instant(day * 86_400_000);
    let contact = |key: &str, created| Contact { key: key.into(), created, ..Contact::default() };
    let build = Build::new().trigger_form("F").end();
    let build =
        build.contact(contact("always", None), vec![]).contact(contact("late", Some(day(10))), vec![]);
    let settings = RunSettings { from: Some(day(0)), until: Some(day(20)), ..RunSettings::default() };
    let run = Run::compute(build.project.clone().into(), settings, 1, &Control::default()).unwrap();
    let listed = |at| run.holding(&Condition::default(), at, 1, &Control::default()).unwrap();
    assert_eq!(listed(day(10).plus_millis(-1)), [ContactIx(0)]);
    assert_eq!(listed(day(10)), [ContactIx(0), ContactIx(1)]);
}

/// The operators that hold between a date and a day counted from 2026-01-05, 09:00.
fn relative(held: Option<Value>, kind: FieldKind, side: Side, span: Span) -> Vec<FieldOperator> {
    let all = FieldOperator::ALL.map(|(operator, _)| operator).into_iter();
    let holds = |is: &FieldOperator| {
        let mut build =
            Build::new().trigger_form("F").condition(Condition::default()).called("C").send("Yes").exit();
        let field: FieldId = build.field("Day", kind);
        // what the window refuses to ask, the engine answers all the same
        let mut map = build.map().clone();
        let condition = Condition::FieldRelative { field: Some(field), is: *is, side, span };
        map.elements.get_mut(&build.id("C")).unwrap().kind = ElementKind::Condition(condition);
        build.project.maps.insert(map.id, map.into());
        let life = held.iter().fold(enters(build), |life, value| life.with_field(field, value.clone()));
        !life.run().mails().is_empty()
    };
    all.filter(holds).collect()
}

#[test]
fn c_01_relative_dates() {
    use FieldOperator::*;
    let day = |day| Some(Value::Date(date(day)));
    let (date, before, after) = (FieldKind::Date, Side::Before, Side::After);
    let on = [Equals, AtLeast, AtMost, IsNotEmpty];
    let later = [NotEquals, Greater, AtLeast, IsNotEmpty];
    let earlier = [NotEquals, Less, AtMost, IsNotEmpty];
    // 30 days ago was 6 December
    assert_eq!(relative(day("2025-12-06"), date, before, days(30)), on);
    assert_eq!(relative(day("2025-12-07"), date, before, days(30)), later);
    assert_eq!(relative(day("2025-12-05"), date, before, days(30)), earlier);
    assert_eq!(relative(day("2026-01-19"), date, after, Span::new(2, Unit::Weeks)), on);
    assert_eq!(relative(day("2026-02-05"), date, after, Span::new(1, Unit::Months)), on);
    // ten hours ago it was still the day before
    assert_eq!(relative(day("2026-01-04"), date, before, Span::new(10, Unit::Hours)), on);
    assert_eq!(relative(day("2026-01-05"), date, before, Span::new(9, Unit::Hours)), on);
    // of a date and time its day counts, of a birthday month and day
    let moment = Some(Value::DateTime("2026-01-07T23:59:00Z".parse().unwrap()));
    assert_eq!(relative(moment, FieldKind::DateTime, after, days(2)), on);
    assert_eq!(relative(day("1980-01-05"), FieldKind::Birthday, after, days(0)), on);
    assert_eq!(relative(day("1980-01-04"), FieldKind::Birthday, after, days(0)), earlier);
    assert_eq!(relative(None, date, after, days(0)), [NotEquals, DoesNotContain, IsEmpty]);
}

#[test]
fn c_02_a_condition_says_what_each_part_found() {
    let mut build = Build::new().trigger_form("F");
    let field = build.field("Points", FieldKind::Number);
    let points = Condition::Field {
        field: Some(field),
        is: FieldOperator::AtLeast,
        value: Some(Value::Number(100.into())),
    };
    let tag = Condition::HasTag(Some(build.tag("VIP")));
    let both = Condition::All(vec![tag, points]);
    let build = build.condition(both.clone()).called("C").exit().at("C", Port::No).exit();
    let asked = |life: super::Life| life.with_field(field, Value::Number(40.into())).run();
    assert_eq!(
        asked(enters(build.clone())).told("decided"),
        ["C: no (“has tag VIP” does not hold: has it not; “Points is at least 100” does not hold: 40)"]
    );
    assert_eq!(
        asked(enters(build.clone()).with_tag("VIP")).told("decided"),
        ["C: no (“has tag VIP” holds: has it; “Points is at least 100” does not hold: 40)"]
    );
    // so does a goal that was not achieved, of the parts that did not hold
    let build = build.goal_at_top(Listener::goal(EventType::CallLogged)).called("G");
    let build = build.listen("G", |goal| (goal.who, goal.conditions) = (Who::AnyContact, both)).end();
    let out = asked(enters(build).with_tag("VIP").happens("2026-01-06 10:00", Happening::CallLogged));
    assert_eq!(out.found("G"), "14: “Points is at least 100” does not hold: 40");
}
