//! Splits: the share of each path. They are kept here until they are a whole.

use egui::{Align, Align2, Label, Layout, RichText, Sense, Ui, Vec2};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Page;
use super::typed::Look;
use super::values::read_number;
use crate::app::icons::Icon;
use crate::app::theme::{self, space};
use crate::app::widgets;
use crate::base::id::ElementId;
use crate::model::rules::SplitDraw;
use crate::model::{Element, ElementKind, Port, Split, words};

/// Paths that are being changed, until their shares are a whole again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    /// What the document said when the change began.
    beside: Vec<u16>,
    paths: Vec<Path>,
}

/// A path with its share, and the place it has on the map, if it is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Path {
    on_map: Option<usize>,
    share: u16,
}

impl Draft {
    fn of(split: &Split) -> Self {
        let paths =
            split.shares.iter().enumerate().map(|(place, share)| Path { on_map: Some(place), share: *share });
        Self { beside: split.shares.clone(), paths: paths.collect() }
    }

    fn shares(&self) -> Vec<u16> {
        self.paths.iter().map(|path| path.share).collect()
    }

    fn sum(&self) -> u32 {
        self.paths.iter().map(|path| u32::from(path.share)).sum()
    }
}

pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, element: &Element, split: &mut Split) {
    let kept = page.state.splits.remove(&element.id);
    let kept = kept.filter(|draft| draft.beside == split.shares);
    let mut draft = kept.unwrap_or_else(|| Draft::of(split));

    widgets::section(ui, "Paths");
    let drawn = match page.map.rules.split_draw {
        SplitDraw::Random => "Chance sends each arrival down one of them, by these shares",
        SplitDraw::Balanced => "Arrivals are shared out so that each path gets its share exactly",
    };
    widgets::help(ui, drawn);
    let mut removed = None;
    let count = draft.paths.len();
    for (place, path) in draft.paths.iter_mut().enumerate() {
        if row(page, ui, element.id, place, path, count) {
            removed = Some(place);
        }
    }
    if let Some(place) = removed {
        draft.paths.remove(place);
    }
    ui.add_space(space::XS);
    ui.horizontal(|ui| {
        let add = egui::Button::new(format!("{} Add path", Icon::Plus.glyph()));
        if ui.add_enabled(count < Split::MAX_PATHS, add).clicked() {
            draft.paths.push(Path { on_map: None, share: 0 });
        }
        if ui.button("Share evenly").clicked() {
            share_evenly(&mut draft.paths);
        }
    });
    let sum = draft.sum();
    if sum != u32::from(Split::WHOLE) {
        widgets::error(ui, &not_whole(sum));
        if ui.link("Back to the shares on the map").clicked() {
            draft = Draft::of(split);
        }
    }

    let shares = draft.shares();
    let whole = Split { shares };
    if !whole.is_whole() {
        page.state.splits.insert(element.id, draft);
    } else if whole != *split {
        // Lines belong to paths, so they move along when a path further left goes.
        page.relink(element, &ElementKind::Split(whole.clone()), |port| match port {
            Port::Path(place) => {
                draft.paths.get(usize::from(place)).and_then(|path| path.on_map).map(Port::path)
            }
            _ => None,
        });
        *split = whole;
    }
}

/// One path. Returns whether it was removed.
fn row(
    page: &mut Page<'_>,
    ui: &mut Ui,
    element: ElementId,
    place: usize,
    path: &mut Path,
    count: usize,
) -> bool {
    let name = Port::path(place).to_string().to_uppercase();
    let mut wrong = None;
    let removed = ui
        .horizontal(|ui| {
            let (letter, _) = ui.allocate_exact_size(Vec2::splat(theme::ICON), Sense::hover());
            let font = theme::strong(theme::text::BODY);
            let color = theme::palette(ui).text;
            ui.painter().text(letter.center(), Align2::CENTER_CENTER, &name, font, color);
            let look = Look { width: theme::NUMBER_FIELD, hint: "50" };
            let written = Decimal::new(i64::from(path.share), 2).normalize().to_string();
            let typed = page.state.drafts.field(ui, ("share", place), &written, look, read_share);
            typed.response.accessible_name(format!("Share of path {name}"));
            wrong = typed.wrong;
            if let Some(share) = typed.taken {
                path.share = share;
            }
            ui.label("%");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let removed = count > 2 && Icon::Close.button(ui, &format!("Remove path {name}")).clicked();
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let to = path.on_map.and_then(|old| page.map.target(element, Port::path(old)));
                    let to = to.and_then(|to| page.map.element(to));
                    let leads =
                        to.map_or_else(|| "leads nowhere yet".into(), |to| words::title(page.project, to));
                    let arrow = Icon::ArrowRight.glyph();
                    let quiet = theme::palette(ui).quiet;
                    ui.add(
                        Label::new(RichText::new(format!("{arrow} {leads}")).small().color(quiet)).truncate(),
                    );
                });
                removed
            })
            .inner
        })
        .inner;
    if let Some(wrong) = wrong {
        widgets::error(ui, &wrong);
    }
    removed
}

/// A percentage with at most two decimals, in basis points.
fn read_share(text: &str) -> Result<u16, String> {
    let number = read_number(text.trim().trim_end_matches('%'))?;
    let points = number * Decimal::ONE_HUNDRED;
    let points = if points.is_integer() { points.to_u16() } else { None };
    let fits = points.filter(|points| *points <= Split::WHOLE);
    fits.ok_or_else(|| "A share is 0 to 100 % with at most two decimals".into())
}

fn share_evenly(paths: &mut [Path]) {
    let count = u16::try_from(paths.len()).unwrap_or(u16::MAX).max(1);
    let (each, left) = (Split::WHOLE / count, usize::from(Split::WHOLE % count));
    for (place, path) in paths.iter_mut().enumerate() {
        // What cannot be divided goes to the first paths, a hundredth of a per cent each.
        path.share = each + u16::from(place < left);
    }
}

fn not_whole(sum: u32) -> String {
    let whole = u32::from(Split::WHOLE);
    let percent = |points: u32| format!("{} %", Decimal::new(i64::from(points), 2).normalize());
    let difference = match sum.cmp(&whole) {
        std::cmp::Ordering::Less => format!("{} are missing", percent(whole - sum)),
        _ => format!("{} are too many", percent(sum - whole)),
    };
    format!("Shares must add up to 100 %: {difference}. The map keeps its shares until they do")
}
