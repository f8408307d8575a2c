//! Pictures of the window without a window: egui's triangles painted by the processor.
//!
//! Pictures of maps are exported through this, and the window's tests look through it, so both see the same
//! pixels on every machine, with or without a graphics card. It does what the graphics card does:
//!
//! * Corners are snapped to 1/256 pixel and covered pixels are found with whole numbers and the top-left
//!   rule, so triangles that share an edge neither leave a gap nor paint a pixel twice.
//! * Colours are premultiplied and blended as they are stored (in gamma space), as egui expects.
//! * Textures are sampled bilinearly or to the nearest texel, with egui's three ways to go beyond the edge.
//!   Mipmaps are not used.
//!
//! Each row of a triangle is one span: its ends are solved for, not searched, and colours and texture
//! coordinates advance by addition along it.

use std::collections::HashMap;

use egui::epaint::textures::{TextureFilter, TextureOptions, TextureWrapMode};
use egui::epaint::{ClippedPrimitive, ColorImage, ImageData, ImageDelta, Mesh, Primitive, Vertex};
use egui::{Color32, Rect, TextureId, TexturesDelta};
use image::RgbaImage;

/// Paints tessellated meshes. Holds the textures they refer to, so one painter belongs to one
/// [`egui::Context`] and must be given each of its texture changes, in order.
#[derive(Default)]
pub struct Raster {
    textures: HashMap<TextureId, Texture>,
    /// Textures that go after the picture they were last used in.
    freed: Vec<TextureId>,
}

impl Raster {
    /// A painter that knows no texture yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes over a frame's texture changes and leaves `delta` empty. Call before painting that frame.
    pub fn update_textures(&mut self, delta: &mut TexturesDelta) {
        for id in self.freed.drain(..) {
            self.textures.remove(&id);
        }
        // The order among textures is arbitrary and does not matter; within one texture it is kept.
        for (id, changes) in delta.set.drain() {
            for change in changes {
                self.update_texture(id, &change);
            }
        }
        self.freed.extend(delta.free.drain());
    }

    fn update_texture(&mut self, id: TextureId, change: &ImageDelta) {
        let ImageData::Color(image) = &change.image;
        match change.pos {
            None => {
                self.textures.insert(id, Texture { image: (**image).clone(), options: change.options });
            }
            Some(at) => {
                if let Some(texture) = self.textures.get_mut(&id) {
                    texture.patch(at, image);
                }
            }
        }
    }

    /// Paints `primitives` (from [`egui::Context::tessellate`] with the same `pixels_per_point`) over `ground`
    /// into a picture of `size` pixels (width, height). Paint callbacks are left out.
    #[must_use]
    pub fn paint(
        &self,
        primitives: &[ClippedPrimitive],
        size: [u32; 2],
        pixels_per_point: f32,
        ground: Color32,
    ) -> RgbaImage {
        let [width, height] = size.map(|side| side as usize);
        let mut target = Target { width, height, pixels: vec![ground; width * height] };
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            if let Primitive::Mesh(mesh) = primitive
                && let Some(texture) = self.textures.get(&mesh.texture_id)
            {
                target.paint_mesh(mesh, texture, *clip_rect, pixels_per_point);
            }
        }
        target.into_image(size)
    }
}

/// Lets the window's tests take pictures.
#[cfg(feature = "gui-tests")]
impl egui_kittest::TestRenderer for Raster {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.update_textures(delta);
    }

    fn render(&mut self, ctx: &egui::Context, output: &egui::FullOutput) -> Result<RgbaImage, String> {
        let pixels_per_point = output.pixels_per_point;
        let size = ctx.content_rect().size() * pixels_per_point;
        let primitives = ctx.tessellate(output.shapes.clone(), pixels_per_point);
        let size = [size.x.round() as u32, size.y.round() as u32];
        Ok(self.paint(&primitives, size, pixels_per_point, Color32::TRANSPARENT))
    }
}

// ---------------------------------------------------------------------------------------------------------
// Textures

/// Four channels of a premultiplied colour, 0 to 255 each.
type Rgba = [f32; 4];

fn rgba(color: Color32) -> Rgba {
    color.to_array().map(f32::from)
}

struct Texture {
    image: ColorImage,
    options: TextureOptions,
}

impl Texture {
    /// Overwrites the part that starts at `at` (x, y) with `patch`. What would lie outside is left out.
    fn patch(&mut self, [left, top]: [usize; 2], patch: &ColorImage) {
        let [width, _] = self.image.size;
        let [patch_width, _] = patch.size;
        let shared = patch_width.min(width.saturating_sub(left));
        if shared == 0 {
            return;
        }
        let rows = self.image.pixels.chunks_exact_mut(width).skip(top);
        for (row, new) in rows.zip(patch.pixels.chunks_exact(patch_width)) {
            // `left + shared` is at most `width`, and `shared` at most `patch_width`.
            row[left..left + shared].copy_from_slice(&new[..shared]);
        }
    }

    /// The colour at a place given in texels, filtered.
    fn sample(&self, [u, v]: [f32; 2], filter: TextureFilter) -> Rgba {
        if filter == TextureFilter::Nearest {
            return self.texel(u.floor() as i64, v.floor() as i64);
        }
        // Texel centres lie at halves.
        let (u, v) = (u - 0.5, v - 0.5);
        let (left, top) = (u.floor(), v.floor());
        let (right_share, bottom_share) = (u - left, v - top);
        let (x, y) = (left as i64, top as i64);
        // Glyphs and icons painted at their own size hit the centres: no need to mix.
        const CENTRED: f32 = 1.0 / 512.0;
        if right_share < CENTRED && bottom_share < CENTRED {
            return self.texel(x, y);
        }
        let mix = |a: Rgba, b: Rgba, share: f32| -> Rgba {
            std::array::from_fn(|channel| a[channel] + (b[channel] - a[channel]) * share)
        };
        let upper = mix(self.texel(x, y), self.texel(x + 1, y), right_share);
        let lower = mix(self.texel(x, y + 1), self.texel(x + 1, y + 1), right_share);
        mix(upper, lower, bottom_share)
    }

    fn texel(&self, x: i64, y: i64) -> Rgba {
        let [width, height] = self.image.size;
        let x = wrap(x, width, self.options.wrap_mode);
        let y = wrap(y, height, self.options.wrap_mode);
        self.image.pixels.get(y * width + x).copied().map_or([0.0; 4], rgba)
    }

    /// Size in texels.
    fn size(&self) -> [f32; 2] {
        self.image.size.map(|side| side as f32)
    }
}

/// Brings a texel's index into `0..length` (or 0 where `length` is 0).
fn wrap(index: i64, length: usize, mode: TextureWrapMode) -> usize {
    let length = length.max(1) as i64;
    let wrapped = match mode {
        TextureWrapMode::ClampToEdge => index.clamp(0, length - 1),
        TextureWrapMode::Repeat => index.rem_euclid(length),
        TextureWrapMode::MirroredRepeat => {
            let there_and_back = index.rem_euclid(2 * length);
            there_and_back.min(2 * length - 1 - there_and_back)
        }
    };
    // Each arm yields 0..length, which came from a usize.
    wrapped as usize
}

// ---------------------------------------------------------------------------------------------------------
// Triangles

/// Steps per pixel that corners are snapped to.
const STEPS: i64 = 256;
/// Half a pixel, in steps: where a pixel's centre lies.
const HALF: i64 = STEPS / 2;
/// Corners farther out than this many pixels are drawn in, so that products of two coordinates fit an `i64`.
const FARTHEST: f32 = 1_048_576.0;

/// A corner in steps.
type Corner = [i64; 2];

/// Pixels `x0..x1` by `y0..y1`, inside the picture.
#[derive(Clone, Copy)]
struct Area {
    x0: i64,
    y0: i64,
    x1: i64,
    y1: i64,
}

/// A triangle ready to be painted.
struct Triangle {
    corners: [Corner; 3],
    colors: [Rgba; 3],
    /// In texels.
    coordinates: [[f32; 2]; 3],
}

impl Triangle {
    /// `None` for a triangle without an area or with a corner that is no number.
    fn new(vertices: [&Vertex; 3], texture: &Texture, pixels_per_point: f32) -> Option<Self> {
        let mut vertices = vertices;
        let snap = |vertex: &Vertex| -> Option<Corner> {
            let place = vertex.pos * pixels_per_point;
            let step = |pixels: f32| (pixels.clamp(-FARTHEST, FARTHEST) * STEPS as f32).round() as i64;
            (place.x.is_finite() && place.y.is_finite()).then(|| [step(place.x), step(place.y)])
        };
        let [a, b, c] = [snap(vertices[0])?, snap(vertices[1])?, snap(vertices[2])?];
        let area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        // One winding for all: clockwise on the screen, where y points down.
        let corners = match area {
            0 => return None,
            1.. => [a, b, c],
            _ => {
                vertices.swap(1, 2);
                [a, c, b]
            }
        };
        let [width, height] = texture.size();
        Some(Self {
            corners,
            colors: vertices.map(|vertex| rgba(vertex.color)),
            coordinates: vertices.map(|vertex| [vertex.uv.x * width, vertex.uv.y * height]),
        })
    }

    fn bounds(&self, clip: Area) -> Area {
        let [a, b, c] = self.corners;
        let pixels = |axis: usize| {
            let (low, high) = (a[axis].min(b[axis]).min(c[axis]), a[axis].max(b[axis]).max(c[axis]));
            (low.div_euclid(STEPS), high.div_euclid(STEPS) + 1)
        };
        let ((x0, x1), (y0, y1)) = (pixels(0), pixels(1));
        Area { x0: x0.max(clip.x0), y0: y0.max(clip.y0), x1: x1.min(clip.x1), y1: y1.min(clip.y1) }
    }

    fn edges(&self) -> [Edge; 3] {
        let [a, b, c] = self.corners;
        [Edge::new(a, b), Edge::new(b, c), Edge::new(c, a)]
    }
}

/// The side of a triangle as `across * x + down * y + constant`, which is positive inside.
struct Edge {
    across: i64,
    down: i64,
    constant: i64,
    /// The least value of a covered pixel: 0 on top and left edges, which own the pixels they pass through,
    /// else 1.
    least: i64,
}

impl Edge {
    fn new(from: Corner, to: Corner) -> Self {
        let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
        let owns = dy < 0 || (dy == 0 && dx > 0);
        Self { across: -dy, down: dx, constant: dy * from[0] - dx * from[1], least: i64::from(!owns) }
    }

    /// Narrows `first..end` to the pixels whose centres this edge lets in, in the row whose centres are at `y`
    /// steps.
    fn narrow(&self, y: i64, first: &mut i64, end: &mut i64) {
        // Inside where per_pixel * x + at_zero >= 0, for the pixel's index x.
        let per_pixel = self.across * STEPS;
        let at_zero = self.across * HALF + self.down * y + self.constant - self.least;
        if per_pixel > 0 {
            // x >= -at_zero / per_pixel, rounded up.
            *first = (*first).max(-at_zero.div_euclid(per_pixel));
        } else if per_pixel < 0 {
            // x <= at_zero / -per_pixel, rounded down.
            *end = (*end).min(at_zero.div_euclid(-per_pixel) + 1);
        } else if at_zero < 0 {
            *end = *first;
        }
    }
}

/// `N` values that change evenly over a triangle.
struct Plane<const N: usize> {
    /// At the first corner.
    origin: [f32; N],
    /// Change per pixel to the right.
    across: [f32; N],
    /// Change per pixel down.
    down: [f32; N],
    /// The first corner, in pixels.
    corner: [f32; 2],
}

impl<const N: usize> Plane<N> {
    /// `None` where the values are the same at all corners.
    fn new(corners: [Corner; 3], values: [[f32; N]; 3]) -> Option<Self> {
        let [va, vb, vc] = values;
        if va == vb && vb == vc {
            return None;
        }
        let [a, b, c] = corners.map(|corner| corner.map(|step| step as f64 / STEPS as f64));
        let (abx, aby, acx, acy) = (b[0] - a[0], b[1] - a[1], c[0] - a[0], c[1] - a[1]);
        let area = abx * acy - aby * acx;
        let across = std::array::from_fn(|i| {
            ((f64::from(vb[i] - va[i]) * acy - f64::from(vc[i] - va[i]) * aby) / area) as f32
        });
        let down = std::array::from_fn(|i| {
            ((f64::from(vc[i] - va[i]) * abx - f64::from(vb[i] - va[i]) * acx) / area) as f32
        });
        Some(Self { origin: va, across, down, corner: a.map(|pixels| pixels as f32) })
    }

    /// The values at the centre of a pixel.
    fn at(&self, x: i64, y: i64) -> [f32; N] {
        let right = x as f32 + 0.5 - self.corner[0];
        let below = y as f32 + 0.5 - self.corner[1];
        std::array::from_fn(|i| self.origin[i] + self.across[i] * right + self.down[i] * below)
    }
}

fn add<const N: usize>(values: &mut [f32; N], step: &[f32; N]) {
    for (value, step) in values.iter_mut().zip(step) {
        *value += step;
    }
}

// ---------------------------------------------------------------------------------------------------------
// Painting

struct Target {
    width: usize,
    height: usize,
    /// Premultiplied, row by row.
    pixels: Vec<Color32>,
}

impl Target {
    fn paint_mesh(&mut self, mesh: &Mesh, texture: &Texture, clip: Rect, pixels_per_point: f32) {
        let clip = self.clip(clip, pixels_per_point);
        for corner in mesh.indices.chunks_exact(3) {
            // Three by `chunks_exact`; an index beyond the vertices draws nothing.
            let vertex = |i: usize| mesh.vertices.get(corner[i] as usize);
            if let (Some(a), Some(b), Some(c)) = (vertex(0), vertex(1), vertex(2))
                && [a, b, c].iter().any(|vertex| vertex.color != Color32::TRANSPARENT)
                && let Some(triangle) = Triangle::new([a, b, c], texture, pixels_per_point)
            {
                self.paint_triangle(&triangle, texture, clip);
            }
        }
    }

    /// The pixels of a clip rectangle in points, rounded as egui's painters for the graphics card do.
    fn clip(&self, clip: Rect, pixels_per_point: f32) -> Area {
        let pixel =
            |points: f32, side: usize| ((points * pixels_per_point).round() as i64).clamp(0, side as i64);
        Area {
            x0: pixel(clip.min.x, self.width),
            y0: pixel(clip.min.y, self.height),
            x1: pixel(clip.max.x, self.width),
            y1: pixel(clip.max.y, self.height),
        }
    }

    fn paint_triangle(&mut self, triangle: &Triangle, texture: &Texture, clip: Area) {
        let edges = triangle.edges();
        let Area { x0, y0, x1, y1 } = triangle.bounds(clip);
        let colors = Plane::new(triangle.corners, triangle.colors);
        let places = Plane::new(triangle.corners, triangle.coordinates);
        let filter = places.as_ref().map_or(texture.options.magnification, |plane| filter(plane, texture));
        let flat_color = triangle.colors[0];
        let flat_texel = texture.sample(triangle.coordinates[0], filter);

        for y in y0..y1 {
            let (mut first, mut end) = (x0, x1);
            for edge in &edges {
                edge.narrow(y * STEPS + HALF, &mut first, &mut end);
            }
            if first >= end {
                continue;
            }
            // `bounds` keeps 0 <= y < height and 0 <= first < end <= width.
            let row = y as usize * self.width;
            let span = &mut self.pixels[row + first as usize..row + end as usize];
            match (&colors, &places) {
                (None, None) => fill(span, multiply(flat_color, flat_texel)),
                (Some(colors), None) => {
                    let mut color = colors.at(first, y);
                    for pixel in span {
                        *pixel = blend(*pixel, multiply(color, flat_texel));
                        add(&mut color, &colors.across);
                    }
                }
                (None, Some(places)) => {
                    let mut place = places.at(first, y);
                    for pixel in span {
                        *pixel = blend(*pixel, multiply(flat_color, texture.sample(place, filter)));
                        add(&mut place, &places.across);
                    }
                }
                (Some(colors), Some(places)) => {
                    let (mut color, mut place) = (colors.at(first, y), places.at(first, y));
                    for pixel in span {
                        *pixel = blend(*pixel, multiply(color, texture.sample(place, filter)));
                        add(&mut color, &colors.across);
                        add(&mut place, &places.across);
                    }
                }
            }
        }
    }

    fn into_image(self, [width, height]: [u32; 2]) -> RgbaImage {
        let mut image = RgbaImage::new(width, height);
        for (out, pixel) in image.pixels_mut().zip(&self.pixels) {
            out.0 = if pixel.is_opaque() { pixel.to_array() } else { pixel.to_srgba_unmultiplied() };
        }
        image
    }
}

/// The filter for a texture that is stretched like this: enlarged where a pixel to the right or down moves by
/// at most one texel.
fn filter(places: &Plane<2>, texture: &Texture) -> TextureFilter {
    let longest = |[u, v]: [f32; 2]| u.hypot(v);
    // A touch more than 1, as snapped corners leave glyphs a hair off their own size.
    if longest(places.across).max(longest(places.down)) <= 1.01 {
        texture.options.magnification
    } else {
        texture.options.minification
    }
}

/// The product of a vertex colour and a texel.
fn multiply(color: Rgba, texel: Rgba) -> Rgba {
    std::array::from_fn(|channel| color[channel] * texel[channel] * (1.0 / 255.0))
}

fn fill(span: &mut [Color32], source: Rgba) {
    if source[3] >= 254.5 {
        span.fill(blend(Color32::TRANSPARENT, source));
    } else {
        for pixel in span {
            *pixel = blend(*pixel, source);
        }
    }
}

/// `source` over `ground`, both premultiplied. The conversion to bytes saturates, as it must for colours
/// brighter than their alpha (egui's additive colours).
fn blend(ground: Color32, source: Rgba) -> Color32 {
    let through = 1.0 - source[3] * (1.0 / 255.0);
    let under = ground.to_array();
    let [r, g, b, a] =
        std::array::from_fn(|channel| (source[channel] + f32::from(under[channel]) * through + 0.5) as u8);
    Color32::from_rgba_premultiplied(r, g, b, a)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use egui::epaint::{Pos2, WHITE_UV};
    use egui::{pos2, vec2};

    use super::*;

    const WHITE: TextureId = TextureId::Managed(0);

    fn textured(image: ColorImage, options: TextureOptions) -> Raster {
        let mut raster = Raster::new();
        let mut delta = TexturesDelta::default();
        delta.push(WHITE, ImageDelta::full(image, options));
        raster.update_textures(&mut delta);
        raster
    }

    fn white() -> Raster {
        textured(ColorImage::filled([1, 1], Color32::WHITE), TextureOptions::LINEAR)
    }

    fn clipped(mesh: Mesh, clip_rect: Rect) -> ClippedPrimitive {
        ClippedPrimitive { clip_rect, primitive: Primitive::Mesh(mesh) }
    }

    fn polygon(corners: &[Pos2], color: Color32) -> Mesh {
        let mut mesh = Mesh::with_texture(WHITE);
        mesh.vertices.extend(corners.iter().map(|&pos| Vertex { pos, uv: WHITE_UV, color }));
        for i in 2..corners.len() as u32 {
            mesh.indices.extend([0, i - 1, i]);
        }
        mesh
    }

    fn paint(raster: &Raster, meshes: Vec<Mesh>, size: [u32; 2], ground: Color32) -> RgbaImage {
        let primitives: Vec<_> = meshes.into_iter().map(|mesh| clipped(mesh, Rect::EVERYTHING)).collect();
        raster.paint(&primitives, size, 1.0, ground)
    }

    #[test]
    fn a_rectangle_covers_exactly_its_pixels() {
        let color = Color32::from_rgb(12, 34, 56);
        let mut mesh = Mesh::with_texture(WHITE);
        mesh.add_colored_rect(Rect::from_min_max(pos2(2.0, 1.0), pos2(5.0, 4.0)), color);
        let image = paint(&white(), vec![mesh], [8, 6], Color32::WHITE);
        for (x, y, pixel) in image.enumerate_pixels() {
            let inside = (2..5).contains(&x) && (1..4).contains(&y);
            let expected = if inside { color } else { Color32::WHITE };
            assert_eq!(pixel.0, expected.to_array(), "at {x}, {y}");
        }
    }

    #[test]
    fn a_pixel_is_covered_when_its_centre_is() {
        let mut mesh = Mesh::with_texture(WHITE);
        // The left edge passes through the centres of column 1 and owns them, the right one through those of
        // column 3 and does not.
        mesh.add_colored_rect(Rect::from_min_max(pos2(1.5, 0.0), pos2(3.5, 1.0)), Color32::WHITE);
        let image = paint(&white(), vec![mesh], [5, 1], Color32::BLACK);
        let covered: Vec<bool> = image.pixels().map(|pixel| pixel.0[0] == 255).collect();
        assert_eq!(covered, [false, true, true, false, false]);
    }

    #[test]
    fn translucent_colours_blend_as_stored() {
        let half = Color32::from_rgba_premultiplied(128, 0, 0, 128);
        let image = paint(&white(), vec![polygon(&square(), half)], [4, 4], Color32::from_rgb(0, 200, 100));
        assert_eq!(image.get_pixel(1, 1).0, [128, 100, 50, 255]);
    }

    #[test]
    fn additive_colours_saturate() {
        let glow = Color32::from_rgba_premultiplied(100, 100, 100, 0);
        let image = paint(&white(), vec![polygon(&square(), glow)], [4, 4], Color32::from_rgb(200, 20, 0));
        assert_eq!(image.get_pixel(0, 0).0, [255, 120, 100, 255]);
    }

    #[test]
    fn a_transparent_ground_keeps_straight_colours() {
        let half = Color32::from_rgba_premultiplied(64, 0, 0, 128);
        let image = paint(&white(), vec![polygon(&square(), half)], [4, 4], Color32::TRANSPARENT);
        assert_eq!(image.get_pixel(0, 0).0, [128, 0, 0, 128]);
    }

    fn square() -> [Pos2; 4] {
        [pos2(0.0, 0.0), pos2(4.0, 0.0), pos2(4.0, 4.0), pos2(0.0, 4.0)]
    }

    /// A fan around an odd point: every pixel of the picture exactly once, at any winding.
    #[test]
    fn neighbours_neither_overlap_nor_leave_gaps() {
        const SIDE: f32 = 64.0;
        let half = Color32::from_rgba_premultiplied(0, 0, 0, 128);
        for (cx, cy) in [(31.3, 17.77), (32.0, 32.0), (0.5, 0.5), (12.34, 63.5), (20.015625, 40.25)] {
            let ring: Vec<Pos2> = [
                (0.0, 0.0),
                (17.3, 0.0),
                (SIDE, 0.0),
                (SIDE, 9.5),
                (SIDE, SIDE),
                (33.0, SIDE),
                (0.0, SIDE),
                (0.0, 50.5),
                (0.0, 21.0),
            ]
            .map(|(x, y)| pos2(x, y))
            .to_vec();
            let mut mesh = Mesh::with_texture(WHITE);
            for (i, &corner) in ring.iter().enumerate() {
                let next = ring[(i + 1) % ring.len()];
                let start = mesh.vertices.len() as u32;
                for pos in [pos2(cx, cy), corner, next] {
                    mesh.vertices.push(Vertex { pos, uv: WHITE_UV, color: half });
                }
                let flip = i % 2 == 1;
                mesh.indices.extend(if flip {
                    [start, start + 2, start + 1]
                } else {
                    [start, start + 1, start + 2]
                });
            }
            let image = paint(&white(), vec![mesh], [64, 64], Color32::WHITE);
            for (x, y, pixel) in image.enumerate_pixels() {
                assert_eq!(pixel.0, [127, 127, 127, 255], "centre {cx}, {cy}, at {x}, {y}");
            }
        }
    }

    #[test]
    fn nothing_leaves_the_clip_rectangle() {
        let mesh = polygon(
            &[pos2(-50.0, -50.0), pos2(50.0, -50.0), pos2(50.0, 50.0), pos2(-50.0, 50.0)],
            Color32::RED,
        );
        let clip = Rect::from_min_size(pos2(1.0, 2.0), vec2(2.0, 1.0));
        // Two pixels per point: the clip rectangle is in points.
        let image = white().paint(&[clipped(mesh, clip)], [10, 10], 2.0, Color32::WHITE);
        for (x, y, pixel) in image.enumerate_pixels() {
            let inside = (2..6).contains(&x) && (4..6).contains(&y);
            assert_eq!(pixel.0 == [255, 0, 0, 255], inside, "at {x}, {y}");
        }
    }

    #[test]
    fn colours_change_evenly_between_corners() {
        let mut mesh =
            polygon(&[pos2(0.0, 0.0), pos2(256.0, 0.0), pos2(256.0, 4.0), pos2(0.0, 4.0)], Color32::BLACK);
        mesh.vertices[1].color = Color32::WHITE;
        mesh.vertices[2].color = Color32::WHITE;
        let image = paint(&white(), vec![mesh], [256, 4], Color32::RED);
        for (x, _, pixel) in image.enumerate_pixels() {
            let expected = (f64::from(x) + 0.5) / 256.0 * 255.0;
            assert!((f64::from(pixel.0[0]) - expected).abs() <= 1.0, "{pixel:?} at {x}");
            assert_eq!(pixel.0[0], pixel.0[1]);
        }
    }

    fn checks() -> ColorImage {
        ColorImage::new([2, 1], vec![Color32::BLACK, Color32::WHITE])
    }

    fn stretched(options: TextureOptions, uv: Rect, width: u32) -> Vec<u8> {
        let raster = textured(checks(), options);
        let mut mesh = Mesh::with_texture(WHITE);
        mesh.add_rect_with_uv(Rect::from_min_size(Pos2::ZERO, vec2(width as f32, 1.0)), uv, Color32::WHITE);
        paint(&raster, vec![mesh], [width, 1], Color32::RED).pixels().map(|pixel| pixel.0[0]).collect()
    }

    const WHOLE: Rect = Rect { min: Pos2::ZERO, max: Pos2::new(1.0, 1.0) };

    #[test]
    fn textures_are_sampled_as_asked() {
        assert_eq!(stretched(TextureOptions::LINEAR, WHOLE, 2), [0, 255]);
        assert_eq!(stretched(TextureOptions::NEAREST, WHOLE, 4), [0, 0, 255, 255]);
        assert_eq!(stretched(TextureOptions::LINEAR, WHOLE, 4), [0, 64, 191, 255]);
        let twice = Rect { min: Pos2::ZERO, max: Pos2::new(2.0, 1.0) };
        assert_eq!(stretched(TextureOptions::NEAREST, twice, 4), [0, 255, 255, 255]);
        assert_eq!(stretched(TextureOptions::NEAREST_REPEAT, twice, 4), [0, 255, 0, 255]);
        assert_eq!(stretched(TextureOptions::NEAREST_MIRRORED_REPEAT, twice, 4), [0, 255, 255, 0]);
    }

    #[test]
    fn a_part_of_a_texture_can_be_replaced_and_the_rest_stays() {
        let mut raster = textured(ColorImage::filled([3, 2], Color32::BLACK), TextureOptions::NEAREST);
        let mut delta = TexturesDelta::default();
        let patch = Arc::new(ColorImage::filled([5, 1], Color32::WHITE));
        delta.push(WHITE, ImageDelta::partial([1, 1], ImageData::Color(patch), TextureOptions::NEAREST));
        raster.update_textures(&mut delta);
        assert!(delta.is_empty());

        let mut mesh = Mesh::with_texture(WHITE);
        mesh.add_rect_with_uv(Rect::from_min_size(Pos2::ZERO, vec2(3.0, 2.0)), WHOLE, Color32::WHITE);
        let image = paint(&raster, vec![mesh], [3, 2], Color32::RED);
        let reds: Vec<u8> = image.pixels().map(|pixel| pixel.0[0]).collect();
        assert_eq!(reds, [0, 0, 0, 0, 255, 255]);
    }

    #[test]
    fn a_freed_texture_lives_until_the_next_frame() {
        let mut raster = white();
        let mut delta = TexturesDelta::default();
        delta.free(WHITE);
        raster.update_textures(&mut delta);
        let picture = |raster: &Raster| {
            paint(raster, vec![polygon(&square(), Color32::WHITE)], [4, 4], Color32::BLACK).get_pixel(0, 0).0
                [0]
        };
        assert_eq!(picture(&raster), 255);
        raster.update_textures(&mut TexturesDelta::default());
        assert_eq!(picture(&raster), 0);
    }

    #[test]
    fn odd_meshes_are_left_out() {
        let mut mesh = polygon(&[pos2(f32::NAN, 0.0), pos2(4.0, 0.0), pos2(4.0, 4.0)], Color32::WHITE);
        mesh.indices.extend([0, 1, 99]);
        let line = polygon(&[pos2(0.0, 0.0), pos2(2.0, 2.0), pos2(4.0, 4.0)], Color32::WHITE);
        let huge = polygon(&[pos2(-1e30, 8.0), pos2(1e30, 8.0), pos2(0.0, 1e30)], Color32::WHITE);
        let image = paint(&white(), vec![mesh, line, huge], [4, 4], Color32::BLACK);
        assert!(image.pixels().all(|pixel| pixel.0 == [0, 0, 0, 255]));
    }
}
