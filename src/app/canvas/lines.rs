//! Lines, their labels and numbers, Go Tos, goal jumps and the frames of goal groups and sequences.

use egui::epaint::{CubicBezierShape, Mesh, PathStroke};
use egui::text::{LayoutJob, TextWrapping};
use egui::{Align2, Color32, Pos2, Rect, Shape, Stroke, pos2, vec2};

use super::brush::{Brush, Detail};
use super::scene::LineNumbers;
use super::{marks, sizes};
use crate::app::icons::Icon;
use crate::app::theme;
use crate::base::id::ElementId;
use crate::model::{Point, Port, Sequence, words};
use crate::session::layout::{LineRoute, Route};

/// How one line is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct LineManner {
    /// The pointer is on it, or what is being dropped would go into it.
    pub lit: bool,
    /// It is on the way that stands out.
    pub on_way: bool,
    /// Something else stands out.
    pub back: bool,
}

impl Brush<'_> {
    /// Paints a line; thin lines far away go to `mesh`.
    pub fn line(&self, line: &LineRoute, manner: LineManner, mesh: &mut Mesh) {
        let numbers = self.numbers(line);
        let width = self.line_width(numbers, manner);
        let color = self.line_color(line.port, manner);
        if self.detail <= Detail::Number {
            self.far_line(&line.route, width, color, mesh);
            return;
        }
        let points = self.rounded(&line.route);
        if line.port == Port::Timeout {
            let (dash, dot, gap) = (self.scaled(8.0), self.scaled(2.0), self.scaled(5.0));
            let stroke = Stroke::new(width, color);
            self.dashed(&points, stroke, &[dash, dot], &[gap, gap]);
        } else {
            self.painter.add(Shape::line(points, PathStroke::new(width, color)));
        }
    }

    /// Paints the label and the number of a line, above all lines.
    pub fn line_words(&self, line: &LineRoute, manner: LineManner) {
        if self.lens.zoom < sizes::LABELS_FROM {
            return;
        }
        let from = self.scene.map.element(line.from);
        let label = from.map(|from| words::port_label(self.scene.project, from, line.port));
        let numbers = self.numbers(line);
        let mut at = self.lens.pos(line.label);
        let pill = label.filter(|label| !label.is_empty()).map(|label| self.pill(at, label, manner.back));
        let Some(numbers) = numbers.filter(|numbers| numbers.contacts > 0) else { return };
        let width = self.line_width(Some(numbers), manner);
        at.x = pill.map_or(at.x + width / 2.0, |pill| pill.right()) + theme::space::XS;
        let font = theme::strong(self.text_size(theme::text::CAPTION, sizes::LEAST_TEXT));
        let color = self.tone(self.palette.quiet, manner.back);
        let mut words = marks::thousands(numbers.contacts);
        // all who came went this way: that needs no saying
        if let Some(share) = self.share_of_source(line, numbers).filter(|share| *share < 0.9995) {
            words = format!("{words} · {:.1} %", share * 100.0);
        }
        self.text(at, Align2::LEFT_CENTER, words, font, color, f32::INFINITY);
    }

    /// Which part of the contacts that ever came to the element above took the line.
    fn share_of_source(&self, line: &LineRoute, numbers: LineNumbers) -> Option<f64> {
        let from = self.scene.overlay?.elements.get(&line.from)?;
        let visited = from.here + from.were;
        (visited > 0).then(|| numbers.contacts as f64 / visited as f64)
    }

    /// A label on a line.
    pub fn pill(&self, middle: Pos2, label: String, back: bool) -> Rect {
        let font = theme::regular(self.text_size(theme::text::CAPTION, sizes::LEAST_TEXT));
        let color = self.tone(self.palette.quiet, back);
        let galley = self.painter.layout_no_wrap(label, font, color);
        let height = self.scaled(sizes::PILL).max(galley.size().y);
        let rect =
            Rect::from_center_size(middle, vec2(galley.size().x + self.scaled(theme::space::L), height));
        let outline = Stroke::new(theme::HAIRLINE, self.tone(self.palette.line_strong, back));
        self.rect(rect, sizes::PILL / 2.0, self.palette.canvas, outline);
        self.painter.galley(rect.center() - galley.size() / 2.0, galley, color);
        rect
    }

    fn numbers(&self, line: &LineRoute) -> Option<LineNumbers> {
        let overlay = self.scene.overlay?;
        let numbers = match line.port {
            Port::Goal => overlay.goals.get(&(line.from, line.to)),
            port => overlay.lines.get(&(line.from, port)),
        };
        Some(numbers.copied().unwrap_or_default())
    }

    fn line_width(&self, numbers: Option<LineNumbers>, manner: LineManner) -> f32 {
        let width = numbers.map_or(theme::CONNECTOR, |numbers| {
            theme::CONNECTOR + (sizes::WIDEST - theme::CONNECTOR) * numbers.share.clamp(0.0, 1.0)
        });
        let width = if manner.lit || manner.on_way { width.max(theme::CONNECTOR * 1.6) } else { width };
        // Thinner than a point, a line fades instead (see `far_line`).
        if self.detail <= Detail::Number {
            self.scaled(width)
        } else {
            self.scaled(width).max(theme::HAIRLINE)
        }
    }

    fn line_color(&self, port: Port, manner: LineManner) -> Color32 {
        if manner.lit || manner.on_way {
            self.palette.accent
        } else if port == Port::Goal {
            self.tone(self.palette.goal, manner.back)
        } else if self.scene.overlay.is_some() {
            self.tone(self.palette.line_strong, manner.back)
        } else {
            self.tone(self.palette.faint, manner.back)
        }
    }

    /// Straight stretches as rectangles: what is thinner than a pixel is a pixel wide and paler.
    fn far_line(&self, route: &Route, width: f32, color: Color32, mesh: &mut Mesh) {
        let pixel = 1.0 / self.painter.pixels_per_point();
        let color = if width < pixel { color.gamma_multiply((width / pixel).max(0.3)) } else { color };
        let half = width.max(pixel) / 2.0;
        let corners = route.corners();
        for ends in corners.windows(2) {
            let (a, b) = (self.lens.pos(ends[0]), self.lens.pos(ends[1]));
            mesh.add_colored_rect(Rect::from_two_pos(a, b).expand(half), color);
        }
    }

    /// The corners of a route on the screen, rounded.
    pub fn rounded(&self, route: &Route) -> Vec<Pos2> {
        const STEPS: u8 = 5;
        let corners = route.corners();
        let mut points = Vec::with_capacity(corners.len() * (usize::from(STEPS) + 1));
        for (at, corner) in corners.iter().enumerate() {
            let here = self.lens.pos(*corner);
            let (Some(before), Some(after)) =
                (at.checked_sub(1).and_then(|at| corners.get(at)), corners.get(at + 1))
            else {
                points.push(here);
                continue;
            };
            let (before, after) = (self.lens.pos(*before) - here, self.lens.pos(*after) - here);
            let radius = self.scaled(sizes::BEND).min(before.length() / 2.0).min(after.length() / 2.0);
            let (start, end) = (here + before.normalized() * radius, here + after.normalized() * radius);
            for step in 0..=STEPS {
                let t = f32::from(step) / f32::from(STEPS);
                points.push(start.lerp(here, t).lerp(here.lerp(end, t), t));
            }
        }
        points
    }

    /// Paints the dashed line from a Go To to its target.
    pub fn go_to(&self, route: &Route, lit: bool, back: bool) {
        if self.detail <= Detail::Number && !lit {
            return;
        }
        let color = if lit { self.palette.filter } else { self.tone(self.palette.line_strong, back) };
        let stroke = Stroke::new(self.scaled(theme::CONNECTOR).max(theme::HAIRLINE), color);
        let points = self.rounded(route);
        let dash = self.scaled(5.0).max(3.0);
        self.dashed(&points, stroke, &[dash], &[dash]);
        if let [.., before, end] = points.as_slice() {
            self.arrow(*before, *end, color);
        }
    }

    /// A dashed line; of stretches that leave the canvas only the part that is seen, for they may be very long.
    fn dashed(&self, points: &[Pos2], stroke: Stroke, dashes: &[f32], gaps: &[f32]) {
        let seen = self.lens.rect.expand(theme::space::XL);
        let period = dashes.iter().chain(gaps).sum::<f32>();
        let mut shapes = vec![];
        let mut run: Vec<Pos2> = vec![];
        let mut flush = |run: &mut Vec<Pos2>| {
            if run.len() > 1 {
                shapes.extend(Shape::dashed_line_with_offset(run, stroke, dashes, gaps, 0.0));
            }
            run.clear();
        };
        for ends in points.windows(2) {
            let stretch = Rect::from_two_pos(ends[0], ends[1]);
            if !seen.intersects(stretch) {
                flush(&mut run);
                continue;
            }
            if seen.contains(ends[0]) && seen.contains(ends[1]) {
                if run.is_empty() {
                    run.push(ends[0]);
                }
                run.push(ends[1]);
                continue;
            }
            flush(&mut run);
            // Whole periods are cut off, so that the dashes stay where they are while the map is moved.
            let (length, along) = ((ends[1] - ends[0]).length(), (ends[1] - ends[0]).normalized());
            let part = seen.intersect(stretch);
            let reach = [part.min, part.max].map(|corner| (corner - ends[0]).dot(along).clamp(0.0, length));
            let from = (reach[0].min(reach[1]) / period).floor() * period;
            run.extend([ends[0] + along * from, ends[0] + along * reach[0].max(reach[1])]);
            flush(&mut run);
        }
        flush(&mut run);
        self.extend(shapes);
    }

    /// Whether any stretch of a route is seen.
    pub fn sees(&self, route: &Route) -> bool {
        let seen = self.lens.rect.expand(theme::space::XL);
        let corners = route.corners().windows(2);
        corners
            .into_iter()
            .any(|ends| seen.intersects(Rect::from_two_pos(self.lens.pos(ends[0]), self.lens.pos(ends[1]))))
    }

    /// The head of an arrow.
    fn arrow(&self, before: Pos2, end: Pos2, color: Color32) {
        let size = self.scaled(5.0).max(3.0);
        let along = (end - before).normalized() * size;
        let points =
            vec![end, end - along * 1.4 + along.rot90() * 0.7, end - along * 1.4 - along.rot90() * 0.7];
        self.painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
    }

    /// Paints the soft frame around a goal group.
    pub fn frame(&self, rect: Rect, back: bool) {
        self.soft_frame(rect, self.palette.goal, back);
    }

    /// Paints the soft frame around the steps of a sequence.
    pub fn sequence(&self, rect: Rect, back: bool) {
        self.soft_frame(rect, self.palette.quiet, back);
    }

    /// Paints the name of a sequence above its first step, over the line that leads there.
    pub fn sequence_name(&self, sequence: &Sequence, rect: Rect, back: bool) {
        let font = theme::strong(self.text_size(theme::text::CAPTION, sizes::LEAST_TEXT));
        let color = self.tone(self.palette.quiet, back);
        let until = if sequence.runs_until_completed { " · runs until completed" } else { "" };
        let words = format!("{} {}{until}", Icon::Sequence.glyph(), sequence.name);
        let mut job = LayoutJob::simple_singleline(words, font, color);
        let margin = self.scaled(theme::space::M);
        job.wrap = TextWrapping::truncate_at_width(rect.width() - 2.0 * margin);
        let galley = self.painter.layout_job(job);
        let down =
            if self.label_on(sequence, rect) { sizes::SEQUENCE_NAME_UNDER } else { sizes::SEQUENCE_NAME_AT };
        let middle = rect.top() + self.scaled(down);
        let place = pos2(rect.left() + margin, middle - galley.size().y / 2.0);
        let ground = Rect::from_min_size(place, galley.size()).expand2(vec2(theme::space::XS, 0.0));
        self.painter.rect_filled(ground, 0, self.soft_ground(self.palette.quiet, back));
        self.painter.galley(place, galley, color);
    }

    /// Whether the label of a line to the first step lies on the frame.
    fn label_on(&self, sequence: &Sequence, rect: Rect) -> bool {
        let top = rect.top() - self.scaled(sizes::PILL) / 2.0;
        self.scene.layout.lines.iter().any(|line| {
            let from = || self.scene.map.element(line.from);
            sequence.steps.first() == Some(&line.to)
                && self.lens.pos(line.label).y > top
                && from()
                    .is_some_and(|from| !words::port_label(self.scene.project, from, line.port).is_empty())
        })
    }

    fn soft_ground(&self, color: Color32, back: bool) -> Color32 {
        self.palette.canvas.lerp_to_gamma(color, if back { 0.02 } else { 0.07 })
    }

    fn soft_frame(&self, rect: Rect, color: Color32, back: bool) {
        let fill = self.soft_ground(color, back);
        let stroke = Stroke::new(theme::HAIRLINE, self.palette.canvas.lerp_to_gamma(color, 0.2));
        self.rect(rect, f32::from(theme::RADIUS_CARD) * 2.0, fill, stroke);
    }

    /// Paints the jumps to or from the goals that `shown` picks.
    pub fn jumps(&self, shown: impl Fn(ElementId, ElementId) -> bool) {
        let Some(overlay) = self.scene.overlay else { return };
        let jumps = overlay.jumps.iter().filter(|((from, to), _)| shown(*from, *to));
        let most = overlay.jumps.values().copied().max().unwrap_or(1).max(1);
        for ((from, to), contacts) in jumps {
            let (Some(from), Some(to)) = (self.scene.layout.card(*from), self.scene.layout.card(*to)) else {
                continue;
            };
            let (a, b) = (self.lens.area(from), self.lens.area(to));
            // Out of the side that faces the goal and into the same side of the goal, in a bow around what stands
            // between them.
            let right = b.center().x >= a.center().x - a.width() / 2.0;
            let (way, start, end) = if right {
                (1.0, a.right_center(), b.right_center())
            } else {
                (-1.0, a.left_center(), b.left_center())
            };
            let outside = (start.x * way).max(end.x * way);
            let bow = (end - start).length().mul_add(0.15, self.scaled(theme::CARD.x / 2.0));
            let turn = (outside + bow.min(self.scaled(theme::CARD.x * 2.0))) * way;
            let curve = CubicBezierShape::from_points_stroke(
                [start, pos2(turn, start.y), pos2(turn, end.y), end],
                false,
                Color32::TRANSPARENT,
                Stroke::NONE,
            );
            let points: Vec<_> = (0..=32).map(|step| curve.sample(step as f32 / 32.0)).collect();
            let bounds = Rect::from_points(&points);
            if !bounds.intersects(self.lens.rect) {
                continue;
            }
            let share = (*contacts as f32 / most as f32).sqrt();
            let width = theme::HAIRLINE + theme::HAIRLINE * share;
            let stroke = Stroke::new(width, self.palette.goal);
            self.dashed(&points, stroke, &[theme::space::XS], &[theme::space::XS]);
            if let [.., before, end] = points.as_slice() {
                self.arrow(*before, *end, self.palette.goal);
            }
            if self.lens.zoom >= sizes::LABELS_FROM {
                let font = theme::strong(theme::text::CAPTION);
                let galley =
                    self.painter.layout_no_wrap(marks::thousands(*contacts), font, self.palette.goal_text);
                let rect = Rect::from_center_size(curve.sample(0.5), galley.size());
                let ground = rect.expand2(vec2(theme::space::XS, 0.0));
                self.painter.rect_filled(ground, theme::RADIUS_CONTROL, self.palette.canvas);
                self.painter.galley(rect.min, galley, self.palette.goal_text);
            }
        }
    }

    /// The line that is being drawn.
    pub fn drawn_line(&self, from: Point, to: Pos2, legal: bool) {
        let start = self.lens.pos(from);
        let color = if legal { self.palette.accent } else { self.palette.faint };
        let bow = ((to.y - start.y).abs() / 2.0).max(self.scaled(24.0));
        let stroke = Stroke::new(theme::RING, color);
        let points = [start, start + vec2(0.0, bow), to - vec2(0.0, bow), to];
        self.painter.add(CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke));
        self.painter.circle_filled(to, sizes::HANDLE, color);
    }

    /// Dots of the background.
    pub fn dots(&self) {
        if self.lens.zoom < sizes::DOTS_FROM {
            return;
        }
        // They fade in, so that zooming does not make them pop up.
        let strength = ((self.lens.zoom - sizes::DOTS_FROM) / (1.0 - sizes::DOTS_FROM)).clamp(0.0, 1.0);
        let color = self.palette.canvas.lerp_to_gamma(self.palette.line, strength);
        let seen = self.lens.visible(0.0);
        let first = |edge: i32| edge.div_euclid(sizes::DOT_GRID) * sizes::DOT_GRID;
        let step = usize::try_from(sizes::DOT_GRID).unwrap_or(1);
        let mut mesh = Mesh::default();
        for y in (first(seen.top)..=seen.bottom).step_by(step) {
            for x in (first(seen.left)..=seen.right).step_by(step) {
                let dot = self.lens.pos(Point { x, y });
                mesh.add_colored_rect(
                    Rect::from_center_size(dot, vec2(sizes::GRID_DOT, sizes::GRID_DOT)),
                    color,
                );
            }
        }
        self.painter.add(mesh);
    }

    /// A guide through the edges that a dragged card has in common with others.
    pub fn guide(&self, x: Option<i32>, y: Option<i32>) {
        let stroke = Stroke::new(theme::HAIRLINE, self.palette.accent);
        if let Some(x) = x {
            let at = self.lens.pos(Point { x, y: 0 }).x;
            self.painter
                .line_segment([pos2(at, self.lens.rect.top()), pos2(at, self.lens.rect.bottom())], stroke);
        }
        if let Some(y) = y {
            let at = self.lens.pos(Point { x: 0, y }).y;
            self.painter
                .line_segment([pos2(self.lens.rect.left(), at), pos2(self.lens.rect.right(), at)], stroke);
        }
    }
}
