//! Cards.

use egui::epaint::{Mesh, Shadow};
use egui::{Align2, Color32, CornerRadius, Rect, Shape, Stroke, StrokeKind, pos2, vec2};

use super::brush::{Brush, Detail};
use super::{marks, sizes};
use crate::app::icons::Icon;
use crate::app::theme::{self, Family, FamilyColors};
use crate::base::id::{ElementId, Id};
use crate::base::problem::Severity;
use crate::model::{Element, ElementKind, words};

/// How one card is shown apart from what it says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// The pointer is over it, or it is being dragged: it floats.
    pub lifted: bool,
    /// It is selected.
    pub selected: bool,
    /// It has the keyboard focus, and the keyboard is in use.
    pub focused: bool,
    /// Something else stands out.
    pub back: bool,
    /// A line being drawn would end here.
    pub lit: bool,
}

impl Brush<'_> {
    /// Paints a card; plain blocks go to `blocks`.
    pub fn card(&self, element: &Element, rect: Rect, manner: Manner, blocks: &mut Mesh) {
        let colors = match element.draft {
            // what is not ready steps back behind what works, and can still be read (K-13)
            true => FamilyColors {
                fill: self.palette.faint,
                text: self.palette.quiet,
                tint: self.palette.control,
            },
            false => self.palette.family(marks::family(&element.kind)),
        };
        let colors = FamilyColors {
            fill: self.tone(colors.fill, manner.back),
            text: self.tone(colors.text, manner.back),
            tint: self.tone(colors.tint, manner.back),
        };
        match self.detail {
            Detail::Block => blocks.add_colored_rect(rect, colors.fill),
            Detail::Number => self.number_card(element, rect, &colors, manner),
            Detail::Title => {
                self.ground(element, rect, &colors, manner);
                self.title_card(element, rect, &colors, manner);
            }
            Detail::Full => {
                self.ground(element, rect, &colors, manner);
                if rect.height() < self.scaled(theme::CARD.y) - 1.0 {
                    self.small_card(element, rect, &colors, manner);
                } else {
                    self.full_card(element, rect, &colors, manner);
                }
            }
        }
        if element.draft && self.detail >= Detail::Title {
            self.draft_mark(rect, manner);
        }
        self.rings(rect, manner);
    }

    fn rings(&self, rect: Rect, manner: Manner) {
        let radius = f32::from(theme::RADIUS_CARD);
        let ring = Stroke::new(theme::RING, self.palette.accent);
        if manner.selected || manner.lit {
            self.ring(rect, radius, theme::RING, ring);
        }
        if manner.focused {
            let gap = if manner.selected { theme::RING * 3.0 } else { theme::RING };
            self.ring(rect, radius, gap, Stroke::new(theme::RING, self.palette.text));
        }
    }

    /// The colour of the title.
    fn ink(&self, element: &Element, manner: Manner) -> Color32 {
        let color = if element.draft { self.palette.quiet } else { self.palette.text };
        self.tone(color, manner.back)
    }

    /// Says on the upper edge that the element is not ready.
    fn draft_mark(&self, rect: Rect, manner: Manner) {
        let at = pos2(rect.right() - self.scaled(sizes::DRAFT_RIGHT), rect.top());
        self.pill(at, "Draft".into(), manner.back);
    }

    /// Ground, outline and left edge.
    fn ground(&self, element: &Element, rect: Rect, colors: &FamilyColors, manner: Manner) {
        let radius = self.radius(f32::from(theme::RADIUS_CARD));
        if manner.lifted {
            let shadow = Shadow { offset: [0, 4], blur: 16, spread: 0, color: self.palette.shadow };
            self.painter.add(shadow.as_shape(rect, CornerRadius::same(radius)));
        }
        let raised = self.tone(self.palette.raised, manner.back);
        let outline =
            if manner.lifted { self.palette.line_strong } else { self.tone(self.palette.line, manner.back) };
        // The edge is what a rounded card in the family's colour leaves free under the ground laid over it.
        self.rect(rect, f32::from(theme::RADIUS_CARD), colors.fill, Stroke::NONE);
        let edge = self.scaled(theme::CARD_EDGE).max(2.0);
        let inner = Rect::from_min_max(pos2(rect.left() + edge, rect.top()), rect.max);
        let right = CornerRadius { nw: 0, sw: 0, ne: radius, se: radius };
        let stroke = Stroke::new(theme::HAIRLINE, outline);
        self.painter.rect(inner, right, raised, stroke, StrokeKind::Inside);
        self.edge_sign(marks::family(&element.kind), rect, edge, raised, colors.fill);
    }

    /// What tells the families apart without colour: an arrow, a bar, a broken bar, a bump.
    fn edge_sign(&self, family: Family, rect: Rect, edge: f32, raised: Color32, fill: Color32) {
        let (x, y) = (rect.left() + edge, rect.center().y);
        let notch = self.scaled(sizes::NOTCH);
        match family {
            Family::Action => {}
            Family::Trigger => {
                let points = vec![pos2(x, y - notch * 1.4), pos2(x + notch, y), pos2(x, y + notch * 1.4)];
                self.painter.add(Shape::convex_polygon(points, fill, Stroke::NONE));
            }
            Family::Goal => {
                let clip = Rect::from_min_max(pos2(x - 0.5, rect.top()), rect.max);
                self.painter.with_clip_rect(clip.intersect(self.painter.clip_rect())).circle_filled(
                    pos2(x - notch * 0.2, y),
                    notch * 1.2,
                    fill,
                );
            }
            Family::Filter => {
                let gap = self.scaled(sizes::EDGE_GAP);
                for part in [1.0, 2.0] {
                    let y = rect.top() + rect.height() * part / 3.0;
                    let hole = Rect::from_center_size(pos2(x - edge / 2.0, y), vec2(edge, gap));
                    self.painter.rect_filled(hole, 0, raised);
                }
            }
        }
    }

    fn number_card(&self, element: &Element, rect: Rect, colors: &FamilyColors, manner: Manner) {
        let stroke = Stroke::new(theme::HAIRLINE, colors.fill);
        self.rect(rect, f32::from(theme::RADIUS_CARD), colors.tint, stroke);
        let edge = self.scaled(theme::CARD_EDGE).max(2.0);
        let bar = Rect::from_min_max(rect.min, pos2(rect.left() + edge, rect.bottom()));
        self.painter.rect_filled(bar, 0, colors.fill);
        let place = Rect::from_min_max(pos2(rect.left() + edge, rect.top()), rect.max);
        if let Some((number, loud)) = self.number(element) {
            let font = theme::strong(theme::text::CAPTION);
            let fits =
                rect.height() >= theme::text::CAPTION && rect.width() >= 7.0 * number.len() as f32 + edge;
            if fits {
                let color = if loud { self.palette.text } else { self.palette.quiet };
                let color = self.tone(color, manner.back);
                self.text(place.center(), Align2::CENTER_CENTER, number, font, color, f32::INFINITY);
            }
        } else if rect.height() >= theme::text::CAPTION {
            let size = self.text_size(theme::ICON * 2.4, theme::text::CAPTION).min(theme::ICON);
            Icon::of(&element.kind).paint(&self.painter, place.center(), size, colors.fill);
        }
    }

    fn title_card(&self, element: &Element, rect: Rect, colors: &FamilyColors, manner: Manner) {
        let font = theme::strong(theme::text::CAPTION);
        let (text, quiet) = (self.ink(element, manner), self.tone(self.palette.quiet, manner.back));
        let left = rect.left() + self.scaled(theme::CARD_EDGE).max(2.0) + theme::space::S;
        let right = rect.right() - theme::space::XS;
        let title = words::title(self.scene.project, element);
        let number = self.number(element);
        let line = theme::text::CAPTION * theme::text::LINE_HEIGHT;
        let two = number.is_some() && rect.height() >= 2.0 * line;
        let middle = rect.center().y;
        let mut right_of_title = right;
        if let Some((number, loud)) = number {
            let color = if loud { colors.text } else { quiet };
            if two {
                let at = pos2(left, middle + line / 2.0);
                self.text(at, Align2::LEFT_CENTER, number, font.clone(), color, right - left);
            } else {
                let at = pos2(right, middle);
                let rect = self.text(at, Align2::RIGHT_CENTER, number, font.clone(), color, right - left);
                right_of_title = rect.left() - theme::space::XS;
            }
        } else if let Some((_, severity)) = self.scene.problems.get(&element.id) {
            let color = self.severity(*severity);
            let at = pos2(right - theme::text::CAPTION / 2.0, middle);
            right_of_title = Icon::Warning.paint(&self.painter, at, theme::text::CAPTION, color).left();
        }
        let y = if two { middle - line / 2.0 } else { middle };
        let font =
            if two || self.scene.overlay.is_none() { font } else { theme::regular(theme::text::CAPTION) };
        let color = if self.scene.overlay.is_some() { quiet } else { text };
        if right_of_title - left >= theme::ICON {
            self.text(pos2(left, y), Align2::LEFT_CENTER, title, font, color, right_of_title - left);
        }
    }

    /// The small card of a Go To.
    fn small_card(&self, element: &Element, rect: Rect, colors: &FamilyColors, manner: Manner) {
        let at = pos2(rect.left() + self.scaled(sizes::DISC_LEFT * 0.8), rect.center().y);
        let size = self.text_size(theme::ICON, sizes::LEAST_TEXT);
        Icon::of(&element.kind).paint(&self.painter, at, size, colors.fill);
        let left = rect.left() + self.scaled(sizes::TEXT_LEFT * 0.75);
        let mut right = rect.right() - self.scaled(sizes::TEXT_RIGHT);
        right -= self.badge(element.id, pos2(right, rect.center().y), manner);
        if let Some((number, loud)) = self.number(element) {
            let font = theme::strong(self.text_size(theme::text::BODY, sizes::LEAST_TEXT));
            let color = if loud { self.palette.text } else { self.palette.quiet };
            let color = self.tone(color, manner.back);
            let at = pos2(right, rect.center().y);
            right = self.text(at, Align2::RIGHT_CENTER, number, font, color, right - left).left()
                - theme::space::XS;
        }
        let font = theme::strong(self.text_size(theme::text::BODY, sizes::LEAST_TEXT));
        let color = self.tone(self.palette.text, manner.back);
        let title = words::title(self.scene.project, element);
        self.text(pos2(left, rect.center().y), Align2::LEFT_CENTER, title, font, color, right - left);
    }

    fn full_card(&self, element: &Element, rect: Rect, colors: &FamilyColors, manner: Manner) {
        let numbers = self.scene.overlay.map(|overlay| overlay.elements.get(&element.id));
        let summary = match element.draft {
            // the mark on the edge says so
            true => words::summary(self.scene.project, &Element { draft: false, ..element.clone() }),
            false => words::summary(self.scene.project, element),
        };
        let y = |share: f32| rect.top() + self.scaled(share);
        // Where the rows are: title, what it does, numbers.
        let (title_y, summary_y) = match (numbers.is_some(), summary.is_empty()) {
            (true, true) => (y(22.0), y(22.0)),
            (true, false) => (y(16.0), y(34.0)),
            (false, true) => (y(38.0), y(38.0)),
            (false, false) => (y(28.0), y(48.0)),
        };
        let disc = pos2(
            rect.left() + self.scaled(sizes::DISC_LEFT),
            if numbers.is_some() { y(25.0) } else { rect.center().y },
        );
        self.painter.circle_filled(disc, self.scaled(theme::ICON_DISC / 2.0), colors.tint);
        let size = self.text_size(theme::ICON, sizes::LEAST_TEXT);
        Icon::of(&element.kind).paint(&self.painter, disc, size, colors.fill);

        let left = rect.left() + self.scaled(sizes::TEXT_LEFT);
        let right = rect.right() - self.scaled(sizes::TEXT_RIGHT);
        let badge = self.badge(element.id, pos2(right, title_y), manner);
        let font = theme::strong(self.text_size(theme::text::TITLE, sizes::LEAST_TEXT));
        let color = self.ink(element, manner);
        let title = words::title(self.scene.project, element);
        self.text(pos2(left, title_y), Align2::LEFT_CENTER, title, font, color, right - badge - left);
        let font = theme::regular(self.text_size(theme::text::CAPTION, sizes::LEAST_TEXT));
        let color = self.tone(self.palette.quiet, manner.back);
        if !summary.is_empty() {
            self.text(pos2(left, summary_y), Align2::LEFT_CENTER, summary, font.clone(), color, right - left);
        }
        let Some(numbers) = numbers else { return };
        let numbers = numbers.cloned().unwrap_or_default();
        let row = y(57.0);
        let loud = theme::strong(self.text_size(theme::text::TITLE, sizes::LEAST_TEXT));
        let here = format!("{} here", marks::thousands(numbers.here));
        let text = if numbers.here == 0 { color } else { self.tone(self.palette.text, manner.back) };
        let dot_color =
            if numbers.here == 0 { self.tone(self.palette.line_strong, manner.back) } else { colors.fill };
        let dot = pos2(rect.left() + self.scaled(16.0 + sizes::DOT), row);
        self.painter.circle_filled(dot, self.scaled(sizes::DOT), dot_color);
        let here_left = rect.left() + self.scaled(28.0);
        let here = self.text(pos2(here_left, row), Align2::LEFT_CENTER, here, loud, text, right - here_left);
        let were = numbers.measure.unwrap_or_else(|| format!("{} were", marks::thousands(numbers.were)));
        let room = right - here.right() - theme::space::XS;
        self.text(pos2(right, row), Align2::RIGHT_CENTER, were, font, color, room);
        if let Some(bar) = numbers.bar {
            let track = Rect::from_min_max(
                pos2(rect.left() + self.scaled(16.0), y(69.0)),
                pos2(right, y(69.0) + self.scaled(sizes::BAR)),
            );
            let radius = self.radius(sizes::BAR / 2.0);
            self.painter.rect_filled(track, radius, self.tone(self.palette.line, manner.back));
            let done = track.with_max_x(track.left() + track.width() * bar.clamp(0.0, 1.0));
            self.painter.rect_filled(done, radius, colors.fill);
        }
    }

    /// How many problems there are; returns the room it takes.
    fn badge(&self, id: ElementId, right_middle: egui::Pos2, manner: Manner) -> f32 {
        let Some((count, severity)) = self.scene.problems.get(&id) else { return 0.0 };
        let color = self.tone(self.severity(*severity), manner.back);
        let size = self.text_size(theme::text::CAPTION, sizes::LEAST_TEXT);
        let text = format!("{} {count}", Icon::Warning.glyph());
        let rect =
            self.text(right_middle, Align2::RIGHT_CENTER, text, theme::strong(size), color, f32::INFINITY);
        rect.width() + theme::space::XS
    }

    /// What the card says but has no room for: title and what it does, where they are cut or left out.
    pub fn hidden_text(&self, element: &Element) -> Option<String> {
        let title = words::title(self.scene.project, element);
        let summary = words::summary(self.scene.project, element);
        let width = |text: &str, font| {
            self.painter.layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER).size().x
        };
        let room = self.scaled(theme::CARD.x - sizes::TEXT_LEFT - sizes::TEXT_RIGHT);
        let badge = if self.scene.problems.contains_key(&element.id) {
            self.scaled(theme::space::XL * 1.5)
        } else {
            0.0
        };
        let title_font = theme::strong(self.text_size(theme::text::TITLE, sizes::LEAST_TEXT));
        let summary_font = theme::regular(self.text_size(theme::text::CAPTION, sizes::LEAST_TEXT));
        let hidden = self.detail < Detail::Full
            || width(&title, title_font) > room - badge
            || width(&summary, summary_font) > room;
        hidden.then(|| if summary.is_empty() { title } else { format!("{title}\n{summary}") })
    }

    fn severity(&self, severity: Severity) -> Color32 {
        match severity {
            Severity::Warning => self.palette.warning,
            Severity::Error => self.palette.bad,
        }
    }

    /// The one number of a card that has room for one: who is here, or, where contacts only pass, who was (quiet).
    fn number(&self, element: &Element) -> Option<(String, bool)> {
        let numbers = self.scene.overlay?.elements.get(&element.id);
        let (here, were) = numbers.map_or((0, 0), |numbers| (numbers.here, numbers.were));
        let holds = matches!(element.kind, ElementKind::Wait(_) | ElementKind::End);
        let loud = holds || here > 0;
        Some((marks::thousands(if loud { here } else { were }), loud))
    }

    /// What an element of this kind would be called.
    pub(super) fn kind_title(&self, kind: &ElementKind) -> String {
        let element = Element {
            id: ElementId::new(0),
            name: String::new(),
            kind: kind.clone(),
            draft: false,
            place: None,
        };
        words::title(self.scene.project, &element)
    }
}
