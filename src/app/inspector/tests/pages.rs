//! What holds for every page.

use super::*;
use crate::model::kinds::KINDS;

#[test]
fn every_kind_has_a_readable_page_that_shows_its_blank_and_changes_nothing_by_itself() {
    for info in KINDS {
        let mut harness = one((info.blank)());
        harness.run_steps(3);
        assert!(harness.query_all_by_label(info.title).next().is_some(), "{}", info.tag);
        harness.get_by_role_and_label(Role::TextInput, "Name");
        harness.get_by_label("Delete");
        is_readable(&harness, info.tag);
        assert_eq!(harness.state().meant, [], "{}", info.tag);
    }
}
