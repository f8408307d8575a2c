//! Names and texts: when they are taken, kept and dropped.

use super::*;

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
    let mut harness = one(ElementKind::Action(Action::ChangeTags { add: vec![], remove: vec![] }));
    click(&mut harness, "Add a tag");
    harness.get_by_label("Search").type_text("vi");
    harness.run_steps(3);
    press(&mut harness, egui::Key::Enter);
    let kind = ElementKind::Action(Action::ChangeTags { add: vec![id(2)], remove: vec![] });
    assert_eq!(meant(&mut harness), set(kind));
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
