//! Waits.

use super::*;
use crate::base::time::{Side, Span, Unit, Weekdays};

#[test]
fn the_wait_of_a_group_is_changed_on_the_page_of_its_goal() {
    let group = Wait { until: Until::Goal, zone: WaitZone::Account, goals: vec![id(101)] };
    let goal = ElementKind::Goal(Listener::goal(EventType::Purchased));
    let mut harness = window(bench(project([goal, ElementKind::Wait(group.clone())]), &[101]));
    harness.get_by_label_contains("Wait for the goal (until").click();
    harness.run_steps(4);
    pick(&mut harness, "Wait until", "some time passes");
    let until = Until::TimePasses(Span::new(1, Unit::Days));
    let kind = ElementKind::Wait(Wait { until, ..group });
    assert_eq!(meant(&mut harness), Command::Set { map: id(100), element: id(102), kind });
    enter(&mut harness, "How long", "3");
    let ElementKind::Wait(wait) = harness.state().kind(102) else { panic!("a wait stays a wait") };
    assert_eq!(wait.until, Until::TimePasses(Span::new(3, Unit::Days)));
}

#[test]
fn waits() {
    let days = |count, unit| wait(Until::TimePasses(Span::new(count, unit)));
    let mut harness = one(days(1, Unit::Days));
    enter(&mut harness, "How long", "3");
    assert_eq!(meant(&mut harness), set(days(3, Unit::Days)));
    choose(&mut harness, "Unit", "weeks");
    assert_eq!(meant(&mut harness), set(days(3, Unit::Weeks)));
    click(&mut harness, "Contact's time zone");
    let until = Until::TimePasses(Span::new(3, Unit::Weeks));
    let theirs = Wait { until, zone: WaitZone::Contact, goals: vec![] };
    assert_eq!(meant(&mut harness), set(ElementKind::Wait(theirs)));
    click(&mut harness, "Account's time zone");
    harness.state_mut().meant.clear();

    pick(&mut harness, "Wait until", "A day of the week");
    let week = |days, time| wait(Until::DayOfWeek { days, time });
    assert_eq!(meant(&mut harness), set(week(Weekdays::WEEKDAYS, None)));
    click(&mut harness, "Friday");
    let four = Weekdays::WEEKDAYS.without(chrono::Weekday::Fri);
    assert_eq!(meant(&mut harness), set(week(four, None)));
    enter(&mut harness, "Time of day", "9:30");
    let half_past = chrono::NaiveTime::from_hms_opt(9, 30, 0);
    assert_eq!(meant(&mut harness), set(week(four, half_past)));
    assert_eq!(shown(&harness, "Time of day"), "09:30");
    enter(&mut harness, "Time of day", "");
    assert_eq!(meant(&mut harness), set(week(four, None)));

    pick(&mut harness, "Wait until", "A date");
    let date = |text: &str| wait(Until::Date { date: text.parse().unwrap(), time: None });
    assert_eq!(meant(&mut harness), set(date("2026-01-12")));
    enter(&mut harness, "Date", "2026-03-01");
    assert_eq!(meant(&mut harness), set(date("2026-03-01")));
}

#[test]
fn the_preview_says_when_contacts_go_on() {
    let nine = chrono::NaiveTime::from_hms_opt(9, 0, 0);
    let harness = one(wait(Until::DayOfWeek { days: Weekdays::WEEKDAYS, time: nine }));
    for (arrival, goes_on) in [
        ("Mon 5 Jan 2026 09:00", "at once"),
        ("Wed 7 Jan 2026 16:30", "Thu 8 Jan 2026 09:00"),
        ("Sat 10 Jan 2026 12:30", "Mon 12 Jan 2026 09:00"),
    ] {
        harness.get_by_label(arrival);
        harness.get_by_label(goes_on);
    }
}

#[test]
fn what_is_impossible_stays_and_is_explained() {
    let mut harness = one(wait(Until::DayOfWeek { days: Weekdays::WEEKDAYS, time: None }));
    enter(&mut harness, "Time of day", "25:70");
    assert_eq!(harness.state().meant, []);
    assert_eq!(shown(&harness, "Time of day"), "25:70");
    harness.get_by_label_contains("“25:70” is no time of day: write it as 09:00 or 17:30");
    enter(&mut harness, "Time of day", "17:30");
    assert!(harness.query_by_label_contains("is no time of day").is_none());

    let mut harness = one(wait(Until::Date { date: "2026-01-05".parse().unwrap(), time: None }));
    enter(&mut harness, "Date", "2026-02-30");
    harness.get_by_label_contains("“2026-02-30” does not exist");
    let mut harness = one(wait(Until::TimePasses(Span::new(1, Unit::Days))));
    enter(&mut harness, "How long", "soon");
    harness.get_by_label_contains("“soon” is no whole number of 1 or more");
    // The page goes and comes back: the text is still there.
    harness.state_mut().selection.clear();
    harness.run_steps(3);
    harness.state_mut().selection = [id(101)].into();
    harness.run_steps(3);
    assert_eq!(shown(&harness, "How long"), "soon");
}

#[test]
fn a_delay_timer_has_days_and_a_time() {
    let delay = |count, unit, days, time| wait(Until::Delay(Delay { count, unit, days, time }));
    let at = |hour| chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let mut harness = one(delay(1, DelayUnit::Days, Weekdays::ALL, DelayTime::Any));
    choose(&mut harness, "Unit", "hour");
    assert_eq!(meant(&mut harness), set(delay(1, DelayUnit::Hours, Weekdays::ALL, DelayTime::Any)));
    click(&mut harness, "Saturday");
    click(&mut harness, "Sunday");
    harness.state_mut().meant.clear();
    click(&mut harness, "Between two times");
    let hours = |time| delay(1, DelayUnit::Hours, Weekdays::WEEKDAYS, time);
    assert_eq!(meant(&mut harness), set(hours(DelayTime::Between(at(9), at(17)))));
    // The second arrives on Wednesday at 16:30, the third on Saturday.
    harness.get_by_label("Mon 5 Jan 2026 10:00");
    harness.get_by_label("Thu 8 Jan 2026 09:00");
    harness.get_by_label("Mon 12 Jan 2026 09:00");
    enter(&mut harness, "From", "22:00");
    harness.get_by_label("Over midnight");
    assert_eq!(meant(&mut harness), set(hours(DelayTime::Between(at(22), at(17)))));
    enter(&mut harness, "Until", "late");
    harness.get_by_label_contains("“late” is no time of day");
    assert_eq!(harness.state().meant, []);
    click(&mut harness, "At a time");
    assert_eq!(meant(&mut harness), set(hours(DelayTime::At(at(9)))));
    click(&mut harness, "Any time");
    assert_eq!(meant(&mut harness), set(hours(DelayTime::Any)));
}

#[test]
fn limits_and_fields_of_waits() {
    let mut harness = one(wait(Until::Conditions { condition: Condition::default(), limit: None }));
    harness.get_by_label_contains("everybody goes on at once");
    assert!(harness.query_by_label("Whose clock").is_none(), "it reads none");
    click(&mut harness, "At most for some time");
    enter(&mut harness, "At most", "3");
    harness.get_by_label("Whose clock");
    harness.get_by_label("Goes on at the latest");
    click(&mut harness, "Add condition");
    search(&mut harness, "Has tag");
    pick(&mut harness, "Tag of the condition", "VIP");
    let condition = Condition::All(vec![Condition::HasTag(Some(id(2)))]);
    let until = Until::Conditions { condition, limit: Some(Span::new(3, Unit::Weeks)) };
    assert_eq!(harness.state().kind(101), wait(until));

    let relative =
        |field, side, count| Until::Relative { field, side, span: Span::new(count, Unit::Days), time: None };
    let mut harness = one(wait(relative(None, Side::Before, 1)));
    harness.get_by_label_contains("No field is chosen yet");
    pick(&mut harness, "Date field", "My birthday");
    harness.get_by_label("Counted for each contact from its “My birthday”");
    enter(&mut harness, "How far", "0");
    harness.get_by_label("On the day itself");
    choose(&mut harness, "On which side", "After the day");
    assert_eq!(harness.state().kind(101), wait(relative(Some(id(44)), Side::After, 0)));
    pick(&mut harness, "Wait until", "Field timer");
    let timer = Until::FieldTimer {
        field: Some(id(44)),
        side: Side::After,
        span: Span::new(0, Unit::Days),
        time: None,
    };
    assert_eq!(harness.state().kind(101), wait(timer), "what both ask for stays");
    let harness = one(wait(relative(Some(id(42)), Side::Before, 1)));
    harness.get_by_label_contains("“My number” holds no date");
}

#[test]
fn timers_that_are_past_are_skipped() {
    let past = wait(Until::DateTimer { date: "2026-01-06".parse().unwrap(), time: None });
    let harness = one(past);
    harness.get_by_label("Tue 6 Jan 2026 00:00");
    assert_eq!(harness.query_all_by_label("skipped, with the steps below").count(), 2);
}

#[test]
fn waits_of_their_own_can_be_drafts() {
    let mut harness = one(wait(Until::NotSet));
    harness.get_by_label_contains("Not set yet");
    click(&mut harness, "Draft");
    let command = Command::SetDraft { map: id(100), element: id(101), draft: true };
    assert_eq!(meant(&mut harness), command);
    harness.get_by_label_contains("Draft: contacts pass it");

    let group = Wait { goals: vec![id(102)], ..Wait::new(Until::Goal) };
    let goal = goal(EventFilter::TagAdded(None));
    let harness = window(bench(project([ElementKind::Wait(group), goal]), &[101]));
    assert!(harness.query_by_label("Draft").is_none());
}
