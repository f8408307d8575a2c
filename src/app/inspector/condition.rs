//! Conditions: a tree of groups and leaves, of condition elements, triggers and goals.

use egui::{Frame, Margin, Stroke, Ui};

use super::typed::Look;
use super::values::{fits, read_count};
use super::{Page, head};
use crate::app::icons::Icon;
use crate::app::theme::{self, space};
use crate::app::widgets;
use crate::base::id::{FieldId, ProductId};
use crate::model::{
    Choice, Comparison, Condition, Field, FieldKind, FieldOperator, Product, Tag, Value, words,
};

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
    widgets::help(ui, "Asked once, when a contact arrives; what changes later does not matter (M-06)");
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
            if ui.button(format!("{} Add condition", Icon::Plus.glyph())).clicked() {
                parts.push(Condition::HasTag(None));
            }
            if ui.button(format!("{} Add group", Icon::Plus.glyph())).clicked() {
                parts.push(Condition::Any(vec![Condition::HasTag(None)]));
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
                        leaf_kind(ui, part, width);
                    }
                    buttons_of(ui, is_group, place, count)
                })
                .inner;
            if is_group {
                group(page, ui, part);
            } else {
                leaf(page, ui, part);
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

/// What a leaf asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaf {
    HasTag,
    HasNotTag,
    Field,
    Ordered,
}

/// The dropdown that says what a leaf asks for; a tag stays when only its sense is turned.
fn leaf_kind(ui: &mut Ui, part: &mut Condition, width: f32) {
    const ROWS: [(Leaf, &str); 4] = [
        (Leaf::HasTag, "Has tag"),
        (Leaf::HasNotTag, "Has not tag"),
        (Leaf::Field, "Field"),
        (Leaf::Ordered, "Ordered product"),
    ];
    let (current, tag) = match part {
        Condition::HasNotTag(tag) => (Leaf::HasNotTag, *tag),
        Condition::Field { .. } => (Leaf::Field, None),
        Condition::Ordered { .. } => (Leaf::Ordered, None),
        Condition::HasTag(tag) => (Leaf::HasTag, *tag),
        Condition::All(_) | Condition::Any(_) | Condition::None(_) => (Leaf::HasTag, None),
    };
    let chosen = ui
        .scope(|ui| {
            ui.set_max_width(width);
            let (response, chosen) = widgets::select(ui, "what", current, &ROWS);
            response.accessible_name("What the condition asks for");
            chosen
        })
        .inner;
    if let Some(chosen) = chosen {
        *part = match chosen {
            Leaf::HasTag => Condition::HasTag(tag),
            Leaf::HasNotTag => Condition::HasNotTag(tag),
            Leaf::Field => Condition::Field { field: None, is: FieldOperator::Equals, value: None },
            Leaf::Ordered => {
                Condition::Ordered { products: Choice::Any, comparison: Comparison::AtLeast, count: 1 }
            }
        };
    }
}

fn leaf(page: &mut Page<'_>, ui: &mut Ui, part: &mut Condition) {
    match part {
        Condition::HasTag(tag) | Condition::HasNotTag(tag) => {
            page.one_labelled::<Tag>(ui, "Tag of the condition", None, tag);
        }
        Condition::Field { field, is, value } => {
            compared(page, ui, field, is, value);
        }
        Condition::Ordered { products, comparison, count } => ordered(page, ui, products, comparison, count),
        Condition::All(_) | Condition::Any(_) | Condition::None(_) => {}
    }
    if part.is_incomplete() {
        widgets::warning(ui, "Not complete yet, so it holds for nobody");
    }
}

/// A field, how it is compared, and with what. Only a choice changes anything: what a file holds that does not fit
/// together is shown as it is.
fn compared(
    page: &mut Page<'_>,
    ui: &mut Ui,
    field: &mut Option<FieldId>,
    is: &mut FieldOperator,
    value: &mut Option<Value>,
) {
    let another = page.one_labelled::<Field>(ui, "Field of the condition", None, field);
    let Some(kind) = field.map(|field| page.kind_of(field)) else { return };
    let known = operators(kind);
    if another {
        // Is and is not are the comparisons that every field knows.
        if !known.contains(is) {
            *is = FieldOperator::Equals;
        }
        value.take_if(|value| !fits(kind, value));
    }
    let odd = (!known.contains(is)).then_some(*is);
    let row = |operator| (operator, words::operator_in_words(operator, kind));
    let rows: Vec<_> = known.iter().copied().chain(odd).map(row).collect();
    let (response, chosen) = widgets::select(ui, "operator", *is, &rows);
    response.accessible_name("Comparison");
    if let Some(chosen) = chosen {
        *is = chosen;
        value.take_if(|value| !chosen.needs_value() || !fits(kind, value));
    }
    if is.needs_value() {
        page.value(ui, "Value of the condition", kind, value);
    }
    let misfit = is.needs_value() && value.as_ref().is_some_and(|value| !fits(kind, value));
    if odd.is_some() || misfit {
        widgets::warning(ui, "The field holds something else, so this never holds as meant");
    }
}

fn ordered(
    page: &mut Page<'_>,
    ui: &mut Ui,
    products: &mut Choice<ProductId>,
    comparison: &mut Comparison,
    count: &mut u32,
) {
    let mut wrong = None;
    ui.horizontal(|ui| {
        let look = Look { width: theme::NUMBER_FIELD, hint: "1" };
        let width = ui.available_width() - theme::NUMBER_FIELD - space::S;
        let chosen = ui
            .scope(|ui| {
                ui.set_max_width(width);
                let (response, chosen) = widgets::select(ui, "comparison", *comparison, &Comparison::ALL);
                response.accessible_name("Comparison");
                chosen
            })
            .inner;
        if let Some(chosen) = chosen {
            *comparison = chosen;
        }
        let typed =
            page.state.drafts.field(ui, "count", &count.to_string(), look, |text| read_count(text, 0));
        typed.response.accessible_name("How many");
        wrong = typed.wrong;
        if let Some(typed) = typed.taken {
            *count = typed;
        }
    });
    if let Some(wrong) = wrong {
        widgets::error(ui, &wrong);
    }
    page.any_or_several::<Product>(ui, "products", products);
}

/// How a field of a kind can be compared.
fn operators(kind: FieldKind) -> &'static [FieldOperator] {
    use FieldOperator::{
        AtLeast, AtMost, Contains, DoesNotContain, EndsWith, Equals, Greater, IsEmpty, IsNotEmpty, Less,
        NotEquals, StartsWith,
    };
    match kind {
        FieldKind::Text => {
            &[Equals, NotEquals, Contains, DoesNotContain, StartsWith, EndsWith, IsEmpty, IsNotEmpty]
        }
        FieldKind::Number | FieldKind::Date | FieldKind::Birthday | FieldKind::DateTime => {
            &[Equals, NotEquals, Greater, Less, AtLeast, AtMost, IsEmpty, IsNotEmpty]
        }
        FieldKind::YesNo => &[Equals, NotEquals, IsEmpty, IsNotEmpty],
    }
}
