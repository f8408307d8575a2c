//! Each setting means one command, which shows in the control when it is done.

use super::*;
use crate::base::time::{Span, Unit, Weekdays};
use crate::model::element::Choice;

fn trigger(on: EventFilter) -> ElementKind {
    ElementKind::Trigger(Listener { on, ..Listener::trigger(EventType::Created) })
}

fn set(kind: ElementKind) -> Command {
    Command::Set { map: id(100), element: id(101), kind }
}

fn wait(until: Until) -> ElementKind {
    ElementKind::Wait(Wait { until, zone: WaitZone::Account, goals: vec![] })
}

#[test]
fn names_commit_on_enter_and_when_the_field_is_left_and_esc_restores() {
    let mut harness = one(ElementKind::End);
    let rename = |name: &str| Command::Rename { map: id(100), element: id(101), name: name.into() };
    enter(&mut harness, "Name", "Rest");
    assert_eq!(meant(&mut harness), rename("Rest"));
    assert_eq!(shown(&harness, "Name"), "Rest");

    type_into(&mut harness, "Name", "Something else");
    assert_eq!(harness.state().meant, [], "nothing is meant while typing");
    press(&mut harness, egui::Key::Escape);
    assert_eq!((harness.state().meant.len(), shown(&harness, "Name")), (0, "Rest".into()));

    type_into(&mut harness, "Name", "Left");
    press(&mut harness, egui::Key::Tab);
    assert_eq!(meant(&mut harness), rename("Left"));

    let Bench { project, history, .. } = harness.state_mut();
    history.undo(project).unwrap();
    harness.run_steps(3);
    assert_eq!(shown(&harness, "Name"), "Rest", "undo elsewhere shows here");
}

#[test]
fn what_is_being_typed_is_taken_when_another_element_is_selected() {
    let mut harness = window(bench(project([ElementKind::End, ElementKind::Exit]), &[101]));
    type_into(&mut harness, "Name", "Rest");
    harness.state_mut().selection = [id(102)].into();
    harness.run_steps(3);
    let name = "Rest".into();
    assert_eq!(meant(&mut harness), Command::Rename { map: id(100), element: id(101), name });
    assert_eq!(shown(&harness, "Name"), "", "the other element has no name");
}

#[test]
fn deleting_and_several() {
    let mut harness = one(ElementKind::Fork);
    click(&mut harness, "Delete");
    assert_eq!(meant(&mut harness), Command::Delete { map: id(100), elements: [id(101)].into() });

    let mut harness = window(bench(project([ElementKind::End, ElementKind::Exit]), &[101, 102]));
    harness.get_by_label("2 elements selected");
    harness.get_by_label_contains("Duplicate").click();
    harness.run_steps(3);
    assert_eq!(meant(&mut harness), Command::Duplicate { map: id(100), elements: [id(101), id(102)].into() });

    let harness = window(bench(project([]), &[200]));
    assert!(harness.query_by_label("Delete").is_none(), "every map keeps its trigger");
}

#[test]
fn events_and_their_settings() {
    let mut harness = one(trigger(EventFilter::Created));
    choose(&mut harness, "Event", "Submits a form");
    let blank = EventFilter::blank(EventType::FormSubmitted);
    assert_eq!(meant(&mut harness), set(trigger(blank)));

    click(&mut harness, "Chosen forms");
    choose(&mut harness, "Add a form", "Checkout");
    let form = Choice::OneOf(vec![id(22)]);
    let chosen = trigger(EventFilter::FormSubmitted { form: form.clone(), outcome: None });
    assert_eq!(harness.state().kind(101), chosen);
    harness.state_mut().meant.clear();
    choose(&mut harness, "Outcome", "Only failure");
    let failed = EventFilter::FormSubmitted { form, outcome: Some(FormOutcome::Failure) };
    assert_eq!(meant(&mut harness), set(trigger(failed)));
    assert_eq!(shown(&harness, "Outcome"), "Only failure");

    choose(&mut harness, "Event", "Purchases a product");
    click(&mut harness, "Chosen products");
    choose(&mut harness, "Add a product", "Book");
    choose(&mut harness, "Add a product", "Course");
    let books = EventFilter::Order(Choice::OneOf(vec![id(12), id(11)]));
    assert_eq!(harness.state().kind(101), trigger(books));
    harness.state_mut().meant.clear();
    click(&mut harness, "Remove Book");
    assert_eq!(meant(&mut harness), set(trigger(EventFilter::Order(Choice::OneOf(vec![id(11)])))));
    click(&mut harness, "Any product");
    assert_eq!(meant(&mut harness), set(trigger(EventFilter::Order(Choice::Any))));

    for (event, on) in [
        ("Tag is added", EventFilter::TagAdded(Some(id(2)))),
        ("Tag is removed", EventFilter::TagRemoved(Some(id(2)))),
    ] {
        choose(&mut harness, "Event", event);
        choose(&mut harness, "Tag", "VIP");
        assert_eq!((harness.state().kind(101), shown(&harness, "Tag")), (trigger(on), "VIP".into()));
    }
    choose(&mut harness, "Event", "Field is updated");
    choose(&mut harness, "Field", "My number");
    assert_eq!(harness.state().kind(101), trigger(EventFilter::FieldUpdated(Some(id(42)))));

    choose(&mut harness, "Event", "Clicks an e-mail link");
    choose(&mut harness, "E-mail", "Offer");
    choose(&mut harness, "Link", "2: https://example.org/unsubscribe");
    let clicked = EventFilter::EmailLinkClicked { email: Some(id(31)), link: 2 };
    assert_eq!(harness.state().kind(101), trigger(clicked));
}

#[test]
fn goals_say_who_what_and_how_often() {
    let goal = Listener::goal(EventType::Order);
    let mut harness = one(ElementKind::Goal(goal.clone()));
    for (who, name) in Who::ALL.into_iter().rev() {
        click(&mut harness, name);
        assert_eq!(meant(&mut harness), set(ElementKind::Goal(Listener { who, ..goal.clone() })));
        assert!(is_on(&harness, name));
    }
    let goal = Listener { who: Who::AnyContact, ..goal };
    for (if_on_map, name) in IfOnMap::ALL.into_iter().rev() {
        click(&mut harness, name);
        assert_eq!(meant(&mut harness), set(ElementKind::Goal(Listener { if_on_map, ..goal.clone() })));
        assert!(is_on(&harness, name));
    }
    click(&mut harness, "Once per contact");
    assert_eq!(meant(&mut harness), set(ElementKind::Goal(Listener { once: true, ..goal })));
    assert!(is_on(&harness, "Once per contact"));

    let harness = one(trigger(EventFilter::Created));
    assert!(harness.query_by_label(Who::ALL[2].1).is_none(), "triggers know no upstream");
}

#[test]
fn the_wait_of_a_group_is_changed_on_the_page_of_its_goal() {
    let group = Wait { until: Until::Goal, zone: WaitZone::Account, goals: vec![id(101)] };
    let goal = ElementKind::Goal(Listener::goal(EventType::Order));
    let mut harness = window(bench(project([goal, ElementKind::Wait(group.clone())]), &[101]));
    harness.get_by_label_contains("Wait for the goal (until").click();
    harness.run_steps(4);
    choose(&mut harness, "Wait until", "Until the goal, or some time passes");
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

    choose(&mut harness, "Wait until", "A day of the week");
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

    choose(&mut harness, "Wait until", "A date");
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
fn conditions_grow_turn_and_go() {
    let mut harness = one(ElementKind::Condition(Condition::default()));
    let is = |parts| set(ElementKind::Condition(Condition::All(parts)));
    harness.get_by_label_contains("Add condition").click();
    harness.run_steps(4);
    assert_eq!(meant(&mut harness), is(vec![Condition::HasTag(None)]));
    choose(&mut harness, "Tag of the condition", "VIP");
    assert_eq!(meant(&mut harness), is(vec![Condition::HasTag(Some(id(2)))]));
    choose(&mut harness, "What the condition asks for", "Has not tag");
    assert_eq!(meant(&mut harness), is(vec![Condition::HasNotTag(Some(id(2)))]));
    choose(&mut harness, "What the condition asks for", "Field");
    choose(&mut harness, "Field of the condition", "My number");
    choose(&mut harness, "Comparison", "is at least");
    harness.state_mut().meant.clear();
    enter(&mut harness, "Value of the condition", "12.50");
    let value = Some(Value::Number("12.50".parse().unwrap()));
    let field = Condition::Field { field: Some(id(42)), is: FieldOperator::AtLeast, value };
    assert_eq!(meant(&mut harness), is(vec![field.clone()]));
    harness.get_by_label("Goes down Yes if the contact My number is at least 12.5");

    harness.get_by_label_contains("Add group").click();
    harness.run_steps(4);
    let group = Condition::Any(vec![Condition::HasTag(None)]);
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
fn values_of_every_kind_of_field() {
    for (field, typed, value) in [
        (41, "Berlin", Value::text("Berlin").unwrap()),
        (42, "-1.5", Value::Number("-1.5".parse().unwrap())),
        (43, "2026-02-01", Value::Date("2026-02-01".parse().unwrap())),
        (44, "1990-02-28", Value::Date("1990-02-28".parse().unwrap())),
        (45, "2026-02-01 14:00", Value::DateTime("2026-02-01T14:00:00Z".parse().unwrap())),
    ] {
        let change =
            |value| ElementKind::UpdateField { field: Some(id(field)), change: FieldChange::Set(value) };
        let mut harness = one(change(None));
        enter(&mut harness, "New value", typed);
        assert_eq!(meant(&mut harness), set(change(Some(value))));
        assert_eq!(shown(&harness, "New value"), typed);
    }
    let change = |value| ElementKind::UpdateField { field: Some(id(46)), change: FieldChange::Set(value) };
    let mut harness = one(change(None));
    click(&mut harness, "No");
    assert_eq!(meant(&mut harness), set(change(Some(Value::YesNo(false)))));
}

#[test]
fn fields_are_set_cleared_and_added_to() {
    let update = |change| set(ElementKind::UpdateField { field: Some(id(42)), change });
    let mut harness = one((Kind::UpdateField.info().blank)());
    choose(&mut harness, "Field", "My number");
    assert_eq!(meant(&mut harness), update(FieldChange::Set(None)));
    click(&mut harness, "Clear");
    assert_eq!(meant(&mut harness), update(FieldChange::Clear));
    click(&mut harness, "Add");
    assert_eq!(meant(&mut harness), update(FieldChange::Add("1".parse().unwrap())));
    enter(&mut harness, "Number to add", "-2.5");
    assert_eq!(meant(&mut harness), update(FieldChange::Add("-2.5".parse().unwrap())));
    choose(&mut harness, "Field", "My text");
    let change = FieldChange::Set(None);
    assert_eq!(
        meant(&mut harness),
        set(ElementKind::UpdateField { field: Some(id(41)), change }),
        "text has no sum"
    );
}

#[test]
fn shares_wait_until_they_are_a_whole() {
    let mut harness = one(ElementKind::Split(Split::halves()));
    enter(&mut harness, "Share of path A", "33.33");
    assert_eq!(harness.state().meant, []);
    harness.get_by_label_contains("16.67 % are missing");
    harness.state_mut().selection.clear();
    harness.run_steps(3);
    harness.state_mut().selection = [id(101)].into();
    harness.run_steps(3);
    assert_eq!(shown(&harness, "Share of path A"), "33.33", "kept while another page is shown");
    enter(&mut harness, "Share of path B", "66.67");
    assert_eq!(meant(&mut harness), set(ElementKind::Split(Split { shares: vec![3_333, 6_667] })));
    assert!(harness.query_by_label_contains("must add up").is_none());

    harness.get_by_label_contains("Add path").click();
    harness.run_steps(4);
    assert_eq!(meant(&mut harness), set(ElementKind::Split(Split { shares: vec![3_333, 6_667, 0] })));
    click(&mut harness, "Share evenly");
    assert_eq!(meant(&mut harness), set(ElementKind::Split(Split { shares: vec![3_334, 3_333, 3_333] })));
    enter(&mut harness, "Share of path C", "33.333");
    harness.get_by_label_contains("at most two decimals");
}

#[test]
fn a_path_that_goes_takes_its_own_line_along_and_no_other() {
    let split = ElementKind::Split(Split { shares: vec![2_000, 3_000, 5_000] });
    let mut account = project([split, ElementKind::End, ElementKind::Exit, ElementKind::Fork]);
    for (place, to) in [(0, 102), (1, 103), (2, 104)] {
        let (map, from, port, to) = (id(100), id(101), Port::path(place), Some(id(to)));
        account.apply(Edit::SetLine { map, from, port, to }).unwrap();
    }
    let before = account.clone();
    let mut harness = window(bench(account, &[101]));
    click(&mut harness, "Remove path B");
    assert_eq!(harness.state().meant, [], "30 % are missing");
    enter(&mut harness, "Share of path B", "80");
    let map = harness.state().project.map(id(100)).unwrap().clone();
    let target = |place| map.target(id(101), Port::path(place));
    assert_eq!((target(0), target(1), target(2)), (Some(id(102)), Some(id(104)), None));
    let Bench { project, history, .. } = harness.state_mut();
    history.undo(project).unwrap();
    assert_eq!(project.maps, before.maps, "one undo step");
}

#[test]
fn go_to_lists_what_can_be_gone_to() {
    let goal = ElementKind::Goal(Listener::goal(EventType::Order));
    let mut harness = window(bench(project([ElementKind::GoTo(None), ElementKind::End, goal]), &[101]));
    harness.get_by_label_contains("No element is chosen yet");
    harness.get_by_role_and_label(Role::ComboBox, "Continues at").click();
    harness.run_steps(4);
    assert!(harness.query_by_label_contains("Purchases").is_none(), "no goals");
    click(&mut harness, "End");
    assert_eq!(meant(&mut harness), set(ElementKind::GoTo(Some(id(102)))));
}

#[test]
fn e_mails_are_chosen_and_changed_in_place() {
    let mut harness = one(ElementKind::SendEmail(None));
    choose(&mut harness, "E-mail", "Offer");
    assert_eq!(meant(&mut harness), set(ElementKind::SendEmail(Some(id(31)))));
    let email = |harness: &Harness<'_, Bench>| harness.state().project.catalogue.emails[&id(31)].clone();
    enter(&mut harness, "Subject", "Last day");
    let Command::PutItem(Item::Email(put)) = meant(&mut harness) else { panic!("the e-mail changes") };
    assert_eq!((put.subject.as_str(), put.links.len()), ("Last day", 2));
    enter(&mut harness, "Address of link 1", "https://example.org/new");
    assert_eq!(email(&harness).links[0], "https://example.org/new");
    enter(&mut harness, "Add a link", "https://example.org/third");
    assert_eq!(email(&harness).links.len(), 3);
    click(&mut harness, "Remove link 2");
    assert_eq!(email(&harness).links, ["https://example.org/new", "https://example.org/third"]);
}

#[test]
fn a_tag_made_on_the_spot_is_one_undo_step() {
    let tags = |add| ElementKind::ChangeTags { add, remove: vec![] };
    let mut harness = one(tags(vec![]));
    let before = harness.state().project.clone();
    click(&mut harness, "Add a tag");
    harness.get_by_label("Search").type_text("Hot");
    harness.run_steps(3);
    harness.get_by_label_contains("Create tag “Hot”").click();
    harness.run_steps(4);
    let made = before.fresh().id();
    let put = Command::PutItem(Tag { id: made, name: "Hot".into() }.into());
    assert_eq!(meant(&mut harness), Command::Together(vec![put, set(tags(vec![made]))]));
    harness.get_by_label("Remove Hot");
    let Bench { project, history, .. } = harness.state_mut();
    history.undo(project).unwrap();
    assert_eq!((&project.catalogue, &project.maps), (&before.catalogue, &before.maps));
    harness.run_steps(3);

    choose(&mut harness, "Remove a tag", "Lead");
    let kind = ElementKind::ChangeTags { add: vec![], remove: vec![id(1)] };
    assert_eq!(meant(&mut harness), set(kind));
}

#[test]
fn fields_are_made_of_a_kind() {
    let mut harness = one((Kind::UpdateField.info().blank)());
    harness.get_by_role_and_label(Role::ComboBox, "Field").click();
    harness.run_steps(4);
    harness.get_by_label("Search").type_text("Score");
    harness.run_steps(3);
    harness.get_by_label_contains("Create number field “Score”").click();
    harness.run_steps(4);
    let fields = &harness.state().project.catalogue.fields;
    assert!(fields.values().any(|field| field.name == "Score" && field.kind == FieldKind::Number));
    harness.get_by_label("Add");
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
fn the_key_that_renames_leads_into_the_name() {
    let mut harness = one(ElementKind::End);
    enter(&mut harness, "Name", "Rest");
    harness.state_mut().meant.clear();
    harness.state_mut().inspector.focus_name();
    harness.run_steps(3);
    harness.get_by_role_and_label(Role::TextInput, "Name").type_text("Stay");
    press(&mut harness, egui::Key::Enter);
    let name = "Stay".into();
    assert_eq!(meant(&mut harness), Command::Rename { map: id(100), element: id(101), name });
}

#[test]
fn enter_takes_the_first_that_is_found() {
    let mut harness = one(ElementKind::ChangeTags { add: vec![], remove: vec![] });
    click(&mut harness, "Add a tag");
    harness.get_by_label("Search").type_text("vi");
    harness.run_steps(3);
    press(&mut harness, egui::Key::Enter);
    let kind = ElementKind::ChangeTags { add: vec![id(2)], remove: vec![] };
    assert_eq!(meant(&mut harness), set(kind));
}

#[test]
fn the_map_has_a_name_and_rules() {
    use crate::model::rules::{MoveClears, PastDate, PreviousWaits, SeveralGoals, TextMatch};
    let mut harness = window(bench(project([]), &[]));
    enter(&mut harness, "Name", "Welcome");
    assert_eq!(meant(&mut harness), Command::RenameMap { map: id(100), name: "Welcome".into() });
    enter(&mut harness, "Name", " ");
    assert_eq!(harness.state().meant, []);
    harness.get_by_label_contains("Give the map a name");
    press(&mut harness, egui::Key::Escape);

    for (name, row) in [
        ("“On previous waits” means", "Every wait above"),
        ("“Upstream” follows Go To", "Yes"),
        ("“Move here” clears", "Only what is above the goal"),
        ("Entering can achieve a goal", "Yes"),
        ("Several goals for one event", "Only the first"),
        ("A date that is past", "Holds for ever"),
        ("Events before timers", "No"),
        ("Text in conditions", "Exact"),
    ] {
        choose(&mut harness, name, row);
        assert!(matches!(meant(&mut harness), Command::SetRules { .. }), "{name}");
        assert_eq!(shown(&harness, name), row);
    }
    enter(&mut harness, "Steps at one instant", "500");
    let rules = EngineRules {
        events_before_timers: false,
        max_steps_per_instant: 500,
        previous_waits: PreviousWaits::AllAbove,
        upstream_follows_go_to: true,
        move_clears: MoveClears::AboveGoal,
        entry_event_achieves: true,
        several_goals: SeveralGoals::FirstOnly,
        past_specific_date: PastDate::Hold,
        text_match: TextMatch::Exact,
    };
    assert_eq!(meant(&mut harness), Command::SetRules { map: id(100), rules });
}
