//! The lead router: who gets the contacts that pass, and in which shares.

use egui::{Align, Label, Layout, Ui};

use super::super::Page;
use super::super::items::Offer;
use super::super::typed::Look;
use super::super::values::say_wrong;
use super::Stand;
use crate::app::icons::Icon;
use crate::app::theme;
use crate::app::widgets;
use crate::base::id::MemberId;
use crate::model::{LeadRouter, Member};

pub(super) fn edit(page: &mut Page<'_>, ui: &mut Ui, stand: Stand, router: &mut LeadRouter) {
    widgets::label(ui, "Team members and their weights");
    let whole: u64 = router.members.iter().map(|(_, weight)| u64::from(*weight)).sum();
    let mut removed = None;
    for (place, (member, weight)) in router.members.iter_mut().enumerate() {
        if row(page, ui, *member, weight, whole) {
            removed = Some(place);
        }
    }
    if let Some(place) = removed {
        router.members.remove(place);
    }
    add(page, ui, &mut router.members);
    if whole == 0 {
        widgets::warning(ui, "No team member has a weight yet, so nobody gets the lead");
    }
    if stand == Stand::Map || router.in_turn {
        how(ui, &mut router.in_turn);
    }
    if stand == Stand::Outcome {
        widgets::help(ui, "Drawn for each contact; leads are routed in turn on a map only");
    }
}

/// One team member with its weight and what that is of the whole. Returns whether it was taken out.
fn row(page: &mut Page<'_>, ui: &mut Ui, member: MemberId, weight: &mut u16, whole: u64) -> bool {
    let name = page.project.catalogue.name::<Member>(member);
    let mut wrong = None;
    let row = ui.horizontal(|ui| {
        let look = Look { width: theme::NUMBER_FIELD, hint: "1" };
        let written = weight.to_string();
        let typed = page.state.drafts.field(ui, ("weight", member), &written, look, read_weight);
        typed.response.accessible_name(format!("Weight of {name}"));
        wrong = typed.wrong;
        let percent = match u64::from(*weight) * 1_000 {
            0 => "0 %".to_owned(),
            part => format!("{:.1} %", part as f64 / whole as f64 / 10.0),
        };
        if let Some(typed) = typed.taken {
            *weight = typed;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let removed = Icon::Close.button(ui, &format!("Remove {name}")).clicked();
            widgets::help(ui, &percent);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(&name).truncate());
            });
            removed
        })
        .inner
    });
    say_wrong(ui, wrong);
    row.inner
}

fn read_weight(text: &str) -> Result<u16, String> {
    let text = text.trim();
    text.parse().map_err(|_| format!("“{text}” is no weight: a whole number from 0 to {}", u16::MAX))
}

/// A picker for one more.
fn add(page: &mut Page<'_>, ui: &mut Ui, members: &mut Vec<(MemberId, u16)>) {
    let mut added: Vec<_> = members.iter().map(|(member, _)| *member).collect();
    let before = added.len();
    page.add_of(ui, "Add a team member", &Offer::<Member>::all(), &mut added);
    members.extend(added.into_iter().skip(before).map(|member| (member, 1)));
}

fn how(ui: &mut Ui, in_turn: &mut bool) {
    widgets::label(ui, "How each lead is given");
    let rows = [
        (false, "By chance", "Drawn for each contact by the weights"),
        (
            true,
            "In turn",
            "So that each gets its share exactly. Contacts then depend on one another: the run goes through them in the order of time",
        ),
    ];
    for (choice, name, sentence) in rows {
        if widgets::choice(ui, *in_turn == choice, name, sentence).clicked() {
            *in_turn = choice;
        }
    }
}
