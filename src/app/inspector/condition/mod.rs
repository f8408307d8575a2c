//! Conditions: a tree of groups and leaves, of condition elements, branches, waits, triggers and goals.

mod field;
mod leaf;

use egui::{Frame, Margin, Stroke, Ui};

use super::picker::Picker;
use super::{Page, head};
use crate::app::contacts::FilterAct;
use crate::app::icons::Icon;
use crate::app::theme::{self, space};
use crate::app::{parts, widgets};
use crate::model::{Condition, Kind, words};

/// The page of a condition element.
pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, condition: &mut Condition) {
    let sentence = if condition.is_always() {
        "Everybody goes down Yes: nothing is asked for yet".into()
    } else {
        format!("Goes down Yes if the contact {}", words::condition_in_words(page.project, condition))
    };
    head::in_words(ui, &sentence);
    widgets::section(ui, "Conditions");
    tree(page, ui, condition);
    ui.add_space(space::XS);
    widgets::help(ui, "Asked once, when a contact arrives; what changes later does not matter");
}

/// The page of the filter of the list of contacts (semantics §6).
pub(super) fn filter(page: &mut Page<'_>, ui: &mut Ui, filter: &Condition) -> Vec<FilterAct> {
    let colors = theme::palette(ui).family(Kind::Condition.info().family.into());
    head::title(ui, Icon::Filter, (colors.fill, colors.tint), "Filter contacts", false);
    let sentence = if filter.is_always() {
        "Everybody is listed: nothing is asked for yet".into()
    } else {
        format!("Lists a contact if {}", words::condition_with_subject(page.project, filter))
    };
    head::in_words(ui, &sentence);
    widgets::section(ui, "Conditions");
    let mut changed = filter.clone();
    tree(page, ui, &mut changed);
    ui.add_space(space::XS);
    widgets::help(ui, "Asked at the playhead, of what each contact is by then");
    ui.add_space(space::M);
    let mut acts = vec![];
    ui.horizontal(|ui| {
        let done = parts::primary(ui, "Done");
        if ui.add(done).clicked() {
            acts.push(FilterAct::Close);
        }
        if ui.button("Remove the filter").clicked() {
            acts.push(FilterAct::Clear);
        }
    });
    if changed != *filter {
        acts.insert(0, FilterAct::Set(changed));
    }
    acts
}

/// What a user does to a member of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Up,
    Down,
    Wrap,
    Remove,
}

/// The editor of a whole tree. One leaf alone is shown as a group of one.
pub(super) fn tree(page: &mut Page<'_>, ui: &mut Ui, condition: &mut Condition) {
    ui.push_id("conditions", |ui| {
        if members(condition).is_some() {
            group(page, ui, condition);
        } else {
            let alone = Condition::All(vec![condition.clone()]);
            let mut shown = alone.clone();
            group(page, ui, &mut shown);
            if shown != alone {
                *condition = shown;
            }
        }
    });
}

fn members(condition: &mut Condition) -> Option<&mut Vec<Condition>> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) | Condition::None(parts) => Some(parts),
        _ => None,
    }
}

/// How the members of a group count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    All,
    Any,
    None,
}

impl Joint {
    const ROWS: [(Self, &'static str); 3] = [
        (Self::All, "All of these hold"),
        (Self::Any, "Any of these holds"),
        (Self::None, "None of these holds"),
    ];

    fn of(condition: &Condition) -> Self {
        match condition {
            Condition::Any(_) => Self::Any,
            Condition::None(_) => Self::None,
            _ => Self::All,
        }
    }

    fn group(self, parts: Vec<Condition>) -> Condition {
        match self {
            Self::All => Condition::All(parts),
            Self::Any => Condition::Any(parts),
            Self::None => Condition::None(parts),
        }
    }
}

fn group(page: &mut Page<'_>, ui: &mut Ui, condition: &mut Condition) {
    let joint = Joint::of(condition);
    let count = condition.parts().len();
    let mut chosen = None;
    // With one member, all and any are the same; only who wants "none of" has to choose.
    if count > 0 {
        let (response, picked) = widgets::select(ui, "joint", joint, &Joint::ROWS);
        response.accessible_name("How the conditions count");
        chosen = picked;
    }
    let mut act = None;
    if let Some(parts) = members(condition) {
        for (place, part) in parts.iter_mut().enumerate() {
            ui.add_space(space::XS);
            let done = ui.push_id(place, |ui| member(page, ui, part, place, count)).inner;
            act = act.or(done.map(|done| (place, done)));
        }
        if let Some((place, act)) = act {
            carry_out(parts, place, act);
        }
        ui.add_space(space::XS);
        ui.horizontal(|ui| {
            let picker = Picker { salt: "add", name: "Add condition", shown: "Add condition", ways: &[] };
            if let Some(kind) = page.state.searches.add_row(ui, &picker, leaf::rows) {
                parts.push((kind.info().blank)());
            }
            if ui.button(format!("{} Add group", Icon::Plus.glyph())).clicked() {
                parts.push(Condition::Any(vec![]));
            }
        });
    }
    if count == 0 && joint == Joint::Any {
        widgets::warning(ui, "Any of nothing never holds");
    }
    if let Some(joint) = chosen {
        let parts = members(condition).map(std::mem::take).unwrap_or_default();
        *condition = joint.group(parts);
    }
}

fn carry_out(parts: &mut Vec<Condition>, place: usize, act: Act) {
    match act {
        Act::Up if place > 0 => parts.swap(place - 1, place),
        Act::Down if place + 1 < parts.len() => parts.swap(place, place + 1),
        Act::Up | Act::Down => {}
        Act::Wrap => {
            if let Some(part) = parts.get_mut(place) {
                *part = Condition::Any(vec![std::mem::take(part)]);
            }
        }
        Act::Remove => drop(parts.remove(place)),
    }
}

/// One member of a group: a frame with what it is and what can be done with it.
fn member(page: &mut Page<'_>, ui: &mut Ui, part: &mut Condition, place: usize, count: usize) -> Option<Act> {
    let p = theme::palette(ui);
    let frame = Frame::new()
        .stroke(Stroke::new(theme::HAIRLINE, p.line))
        .corner_radius(theme::RADIUS_CONTROL)
        .inner_margin(Margin::same(space::S as i8));
    frame
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let is_group = members(part).is_some();
            let act = ui
                .horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = space::XS;
                    let buttons = 2.0 * (theme::CONTROL_HEIGHT + space::XS);
                    let width = ui.available_width() - buttons;
                    if is_group {
                        let (_, rect) = ui.allocate_space(egui::vec2(width, theme::CONTROL_HEIGHT));
                        let font = theme::strong(theme::text::BODY);
                        ui.painter().text(
                            rect.left_center(),
                            egui::Align2::LEFT_CENTER,
                            "Group",
                            font,
                            p.text,
                        );
                    } else {
                        leaf::kind(page, ui, part, width);
                    }
                    buttons_of(ui, is_group, place, count)
                })
                .inner;
            if is_group {
                group(page, ui, part);
            } else {
                leaf::show(page, ui, part);
            }
            act
        })
        .inner
}

fn buttons_of(ui: &mut Ui, is_group: bool, place: usize, count: usize) -> Option<Act> {
    let what = if is_group { "group" } else { "condition" };
    let mut act = None;
    let more = Icon::More.button(ui, &format!("More for this {what}"));
    egui::Popup::menu(&more).show(|ui| {
        let rows = [
            (Act::Up, "Move up", place > 0),
            (Act::Down, "Move down", place + 1 < count),
            (Act::Wrap, "Put into a group", true),
        ];
        for (row, words, enabled) in rows {
            if ui.add_enabled(enabled, egui::Button::new(words)).clicked() {
                act = Some(row);
            }
        }
    });
    if Icon::Close.button(ui, &format!("Remove this {what}")).clicked() {
        act = Some(Act::Remove);
    }
    act
}
