//! What decides about the way by rules (K-09): a condition with Yes and No, or several ways with a rule each. One turns
//! into the other, as far as rules and lines can stay.

use egui::{Sense, Ui};

use super::typed::any_text;
use super::{Page, condition, lists};
use crate::app::icons::Icon;
use crate::app::parts::Row;
use crate::app::theme;
use crate::app::widgets;
use crate::model::{Branch, BranchPolicy, Branches, Condition, Element, ElementKind, Port, words};

pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, element: &Element, kind: &mut ElementKind) {
    if policy(page, ui, element, kind) {
        // What is below belongs to the other kind.
        return;
    }
    match kind {
        ElementKind::Condition(condition) => condition::show(page, ui, condition),
        ElementKind::Branches(branches) => ways(page, ui, element, branches),
        _ => {}
    }
}

fn policy_of(kind: &ElementKind) -> BranchPolicy {
    match kind {
        ElementKind::Branches(branches) => branches.policy,
        _ => BranchPolicy::YesNo,
    }
}

/// How the ways are chosen. Returns whether that was changed.
fn policy(page: &mut Page<'_>, ui: &mut Ui, element: &Element, kind: &mut ElementKind) -> bool {
    let rows = [
        (BranchPolicy::YesNo, "Yes or no"),
        (BranchPolicy::FirstMatch, "The first that matches, else Other"),
        (BranchPolicy::AllMatching, "All that match"),
    ];
    let current = policy_of(kind);
    let mut chosen = current;
    super::values::select(ui, "Which way", &mut chosen, &rows);
    let sentence = match current {
        BranchPolicy::YesNo => "Down Yes if the conditions hold, else down No",
        BranchPolicy::FirstMatch => {
            "From the top, the first way whose rule holds; whom no rule fits goes down Other"
        }
        BranchPolicy::AllMatching => {
            "Every way whose rule holds, at once; whom no rule fits falls out of the map"
        }
    };
    widgets::help(ui, sentence);
    if chosen == current {
        return false;
    }
    let leads = |port| page.map.target(element.id, port).is_some();
    let (now, old) = with_policy(kind, chosen, leads(Port::Other));
    page.relink(element, &now, |port| old.iter().find(|(new, _)| *new == port).map(|(_, old)| *old));
    *kind = now;
    true
}

/// The same element with another policy, and for each way out by which way of now those who go there come: new, old.
/// What nobody's rule fits goes down a way of its own as long as it is known where (`other_leads`).
fn with_policy(
    kind: &ElementKind,
    policy: BranchPolicy,
    other_leads: bool,
) -> (ElementKind, Vec<(Port, Port)>) {
    let named = |name: &str, rule| Branch { name: name.into(), rule };
    match kind {
        ElementKind::Condition(rule) => {
            let first = named("Yes", rule.clone());
            let branches = match policy {
                BranchPolicy::YesNo => return (kind.clone(), vec![]),
                BranchPolicy::FirstMatch => vec![first],
                // Without a rule both ways take everyone until one is set.
                BranchPolicy::AllMatching if rule.is_always() => vec![first, Branch::default()],
                BranchPolicy::AllMatching => vec![first, named("No", Condition::None(vec![rule.clone()]))],
            };
            let no = if policy == BranchPolicy::FirstMatch { Port::Other } else { Port::branch(1) };
            let now = ElementKind::Branches(Branches { policy, branches });
            (now, vec![(Port::branch(0), Port::Yes), (no, Port::No)])
        }
        ElementKind::Branches(old) => {
            let first_match = old.policy == BranchPolicy::FirstMatch;
            let mut ports: Vec<_> =
                (0..old.branches.len()).map(Port::branch).map(|port| (port, port)).collect();
            let mut branches = old.branches.clone();
            match policy {
                BranchPolicy::YesNo => {
                    let rule = branches.into_iter().next().map(|first| first.rule).unwrap_or_default();
                    let no = if first_match { Port::Other } else { Port::branch(1) };
                    (ElementKind::Condition(rule), vec![(Port::Yes, Port::branch(0)), (Port::No, no)])
                }
                BranchPolicy::FirstMatch => (ElementKind::Branches(Branches { policy, branches }), ports),
                BranchPolicy::AllMatching => {
                    if first_match && other_leads && branches.len() < Branches::MAX {
                        let rules = branches.iter().map(|branch| branch.rule.clone()).collect();
                        ports.push((Port::branch(branches.len()), Port::Other));
                        branches.push(named("Other", Condition::None(rules)));
                    }
                    (ElementKind::Branches(Branches { policy, branches }), ports)
                }
            }
        }
        other => (other.clone(), vec![]),
    }
}

/// The page of an element with several ways.
fn ways(page: &mut Page<'_>, ui: &mut Ui, element: &Element, branches: &mut Branches) {
    widgets::section(ui, "Branches");
    let count = branches.branches.len();
    let held: Vec<_> = (0..=count).map(|place| ui.make_persistent_id(("branch", place))).collect();
    let mut act = None;
    for ((place, branch), held) in branches.branches.iter_mut().enumerate().zip(&held) {
        let pressed = ui
            .horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = theme::space::XS;
                let open = page.is_held(*held, false);
                let label = words::port_label(page.project, element, Port::branch(place));
                let words = format!("{}. {label}", place + 1);
                let leads = leads(page, element, Port::branch(place));
                let width = ui.available_width() - lists::BUTTONS;
                let name = format!("Branch {}", place + 1);
                let pressed = lists::opener(ui, width, open, &words, &leads, &name);
                let what = format!("branch {}", place + 1);
                act = act.or(lists::buttons(ui, &what, place, count).map(|act| (act, place)));
                pressed
            })
            .inner;
        page.held(ui, *held, false, pressed, |page, ui| {
            lists::boxed(ui, |ui| rule(page, ui, branch, place));
        });
    }
    if branches.policy == BranchPolicy::FirstMatch {
        let leads = leads(page, element, Port::Other);
        let row = Row { title: "Other", right: &leads, sense: Sense::hover(), ..Row::default() };
        row.show(ui).on_hover_text("Whom no rule fits");
    }
    ui.add_space(theme::space::S);
    let add = egui::Button::new(format!("{} Add branch", Icon::Plus.glyph()));
    if ui.add_enabled(count < Branches::MAX, add).clicked() {
        branches.branches.push(Branch::default());
        // what is new waits to be set
        if let Some(held) = held.last() {
            page.state.held.insert(*held, true);
        }
    }
    if let Some((act, place)) = act.filter(|(act, _)| count > 1 || *act != lists::Act::Remove) {
        change_order(page, element, branches, act, place);
        for held in &held {
            page.state.held.remove(held);
        }
    }
    widgets::help(ui, "Asked once, when a contact arrives; what changes later does not matter");
}

/// Lines belong to ways, so they move along with them.
fn change_order(
    page: &mut Page<'_>,
    element: &Element,
    branches: &mut Branches,
    act: lists::Act,
    place: usize,
) {
    let mut places: Vec<_> = (0..branches.branches.len()).collect();
    act.carry_out(&mut places, place);
    act.carry_out(&mut branches.branches, place);
    let now = ElementKind::Branches(branches.clone());
    page.relink(element, &now, |port| match port {
        Port::Branch(place) => places.get(usize::from(place)).copied().map(Port::branch),
        other => Some(other),
    });
}

/// Name and rule of a way.
fn rule(page: &mut Page<'_>, ui: &mut Ui, branch: &mut Branch, place: usize) {
    let label = format!("Name of branch {}", place + 1);
    let hint = "Empty: named after its rule";
    if let Some(name) = page.state.drafts.form_field(ui, &label, &branch.name, hint, "", any_text) {
        branch.name = name;
    }
    widgets::label(ui, "Rule");
    if branch.rule.is_always() {
        widgets::help(ui, "None: everyone goes this way");
    }
    condition::tree(page, ui, &mut branch.rule);
}

/// Where a way leads.
fn leads(page: &Page<'_>, element: &Element, port: Port) -> String {
    let to = page.map.target(element.id, port).and_then(|to| page.map.element(to));
    let leads = to.map_or_else(|| "leads nowhere yet".into(), |to| words::title(page.project, to));
    format!("{} {leads}", Icon::ArrowRight.glyph())
}
