//! Several ways with a rule each, and how one way of deciding becomes another.

use super::*;

fn tag(number: u32) -> Condition {
    Condition::All(vec![Condition::HasTag(Some(id(number)))])
}

fn branches(policy: BranchPolicy, rules: &[u32]) -> ElementKind {
    let branch = |number: &u32| Branch { rule: tag(*number), ..Branch::default() };
    ElementKind::Branches(Branches { policy, branches: rules.iter().map(branch).collect() })
}

/// The element, with each of its ways out leading to an End of its own, from 102.
fn account(kind: ElementKind) -> Project {
    let ports = kind.ports();
    let mut project = project(std::iter::once(kind).chain(ports.iter().map(|_| ElementKind::End)));
    for (port, to) in ports.into_iter().zip(102..) {
        project.apply(Edit::SetLine { map: id(100), from: id(101), port, to: Some(id(to)) }).unwrap();
    }
    project
}

/// Where the ways out of the element lead, in their order.
fn targets(harness: &Harness<'_, Bench>) -> Vec<Option<u32>> {
    let map = map_now(harness);
    let element = &map.elements[&id(101)];
    element.kind.ports().into_iter().map(|port| map.target(element.id, port).map(Id::number)).collect()
}

fn ways(harness: &Harness<'_, Bench>) -> Branches {
    match harness.state().kind(101) {
        ElementKind::Branches(branches) => branches,
        other => panic!("no branches: {other:?}"),
    }
}

#[test]
fn a_branch_is_added_and_its_rule_set() {
    let mut harness = one(branches(BranchPolicy::FirstMatch, &[1]));
    harness.get_by_label("Other");
    harness.get_by_label_contains("Add branch").click();
    harness.run_steps(4);
    enter(&mut harness, "Name of branch 2", "Buyers");
    click(&mut harness, "Add condition");
    search(&mut harness, "Has tag");
    pick(&mut harness, "Tag of the condition", "VIP");
    is_readable(&harness, "branches");
    let branches = ways(&harness).branches;
    assert_eq!(branches[1], Branch { name: "Buyers".into(), rule: tag(2) });
    click(&mut harness, "Branch 2");
    assert!(harness.query_by_label("Name of branch 2").is_none(), "shut again");
}

#[test]
fn lines_go_along_when_branches_move_and_go() {
    let mut harness = window(bench(account(branches(BranchPolicy::FirstMatch, &[1, 2])), &[101]));
    assert_eq!(targets(&harness), [Some(102), Some(103), Some(104)]);
    click(&mut harness, "More for branch 2");
    click(&mut harness, "Move up");
    assert_eq!(targets(&harness), [Some(103), Some(102), Some(104)]);
    assert_eq!(ways(&harness).branches[0].rule, tag(2));
    click(&mut harness, "Remove branch 1");
    assert_eq!(targets(&harness), [Some(102), Some(104)]);
    undo(&mut harness);
    assert_eq!(targets(&harness), [Some(103), Some(102), Some(104)], "one undo step");
    click(&mut harness, "Remove branch 1");
    click(&mut harness, "Remove branch 1");
    assert_eq!(ways(&harness).branches.len(), 1, "the last one stays");
}

#[test]
fn there_are_at_most_fifty() {
    let harness = one(branches(BranchPolicy::AllMatching, &[1; Branches::MAX]));
    assert!(harness.get_by_label_contains("Add branch").accesskit_node().is_disabled());
    assert!(harness.query_by_label("Other").is_none(), "nobody falls to Other");
}

#[test]
fn a_condition_becomes_branches_and_comes_back() {
    for (policy, row) in [
        (BranchPolicy::FirstMatch, "The first that matches, else Other"),
        (BranchPolicy::AllMatching, "All that match"),
    ] {
        let mut harness = window(bench(account(ElementKind::Condition(tag(1))), &[101]));
        choose(&mut harness, "Which way", row);
        assert_eq!(ways(&harness).policy, policy);
        assert_eq!(ways(&harness).branches[0].rule, tag(1));
        assert_eq!(targets(&harness), [Some(102), Some(103)], "{row}: yes and no lead on");
        choose(&mut harness, "Which way", "Yes or no");
        assert_eq!(harness.state().kind(101), ElementKind::Condition(tag(1)), "{row}");
        assert_eq!(targets(&harness), [Some(102), Some(103)], "{row}");
        undo(&mut harness);
        undo(&mut harness);
        assert_eq!(targets(&harness), [Some(102), Some(103)], "{row}: each was one step");
    }
}

#[test]
fn what_led_to_other_stays_a_way_of_its_own() {
    let mut harness = window(bench(account(branches(BranchPolicy::FirstMatch, &[1, 2])), &[101]));
    choose(&mut harness, "Which way", "All that match");
    let rule = Condition::None(vec![tag(1), tag(2)]);
    assert_eq!(ways(&harness).branches[2], Branch { name: "Other".into(), rule });
    assert_eq!(targets(&harness), [Some(102), Some(103), Some(104)]);
    choose(&mut harness, "Which way", "The first that matches, else Other");
    assert_eq!(targets(&harness), [Some(102), Some(103), Some(104), None]);
}

#[test]
fn an_open_yes_stays_open() {
    let mut account = account(ElementKind::Condition(tag(1)));
    account.apply(Edit::SetLine { map: id(100), from: id(101), port: Port::Yes, to: None }).unwrap();
    let mut harness = window(bench(account, &[101]));
    choose(&mut harness, "Which way", "The first that matches, else Other");
    assert_eq!(targets(&harness), [None, Some(103)]);
}
