//! Each setting means one command, which shows in the control when it is done.

use super::*;
use crate::model::rules::SplitDraw;

#[test]
fn values_of_every_kind_of_field() {
    for (field, typed, value) in [
        (41, "Berlin", Value::text("Berlin").unwrap()),
        (42, "-1.5", Value::Number("-1.5".parse().unwrap())),
        (43, "2026-02-01", Value::Date("2026-02-01".parse().unwrap())),
        (44, "1990-02-28", Value::Date("1990-02-28".parse().unwrap())),
        (45, "2026-02-01 14:00", Value::DateTime("2026-02-01T14:00:00Z".parse().unwrap())),
    ] {
        let change = |value| {
            ElementKind::Action(Action::UpdateField {
                field: Some(id(field)),
                change: FieldChange::Set(value),
            })
        };
        let mut harness = one(change(None));
        enter(&mut harness, "New value", typed);
        assert_eq!(meant(&mut harness), set(change(Some(value))));
        assert_eq!(shown(&harness, "New value"), typed);
    }
    let change = |value| {
        ElementKind::Action(Action::UpdateField { field: Some(id(46)), change: FieldChange::Set(value) })
    };
    let mut harness = one(change(None));
    click(&mut harness, "No");
    assert_eq!(meant(&mut harness), set(change(Some(Value::YesNo(false)))));
}

#[test]
fn fields_are_set_cleared_and_added_to() {
    let update = |change| set(ElementKind::Action(Action::UpdateField { field: Some(id(42)), change }));
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
        set(ElementKind::Action(Action::UpdateField { field: Some(id(41)), change })),
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
fn a_split_says_how_its_map_draws() {
    for (split_draw, says) in [
        (SplitDraw::Random, "Chance sends each arrival down one of them, by these shares"),
        (SplitDraw::Balanced, "Arrivals are shared out so that each path gets its share exactly"),
    ] {
        let rules = EngineRules { split_draw, ..EngineRules::default() };
        one_by(rules, ElementKind::Split(Split::halves())).get_by_label(says);
    }
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
    let goal = ElementKind::Goal(Listener::goal(EventType::Purchased));
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
    let mut harness = one(ElementKind::Action(Action::SendEmail(None)));
    choose(&mut harness, "E-mail", "Offer");
    assert_eq!(meant(&mut harness), set(ElementKind::Action(Action::SendEmail(Some(id(31))))));
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
    let tags = |add| ElementKind::Action(Action::ChangeTags { add, remove: vec![] });
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
    let kind = ElementKind::Action(Action::ChangeTags { add: vec![], remove: vec![id(1)] });
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
