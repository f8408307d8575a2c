//! The looks: colours, type, sizes and how egui's own widgets wear them.
//!
//! This file is the only place where a colour or a size is written. Everything else asks [`palette`],
//! a size constant or a font function, so that light and dark, and contrast, are decided once and tested
//! here.

use std::sync::Arc;

use egui::epaint::FontColorTransferFunction;
use egui::epaint::text::FontTweak;
use egui::epaint::{CornerRadius, Margin, Shadow};
use egui::style::{
    HandleShape, ScrollAnimation, ScrollStyle, Selection, TextCursorStyle, WidgetVisuals, Widgets,
};
use egui::{
    Color32, Context, FontData, FontDefinitions, FontFamily, FontId, Stroke, Style, TextStyle, Theme, Vec2,
    Visuals,
};

use crate::model;

// ---------------------------------------------------------------------------------------------------------
// Sizes (points)

/// Text sizes, in points.
pub mod text {
    /// Captions, table heads, axis labels: the smallest text there is.
    pub const CAPTION: f32 = 12.0;
    /// Running text and controls.
    pub const BODY: f32 = 13.0;
    /// Titles of cards and sections.
    pub const TITLE: f32 = 14.0;
    /// Headings of panels and dialogs.
    pub const HEADING: f32 = 18.0;
    /// Numbers that are meant to be seen first.
    pub const NUMBER: f32 = 24.0;
    /// Distance between two baselines, as a multiple of the text size.
    pub const LINE_HEIGHT: f32 = 1.4;
}

/// Distances, in points. There are no others.
pub mod space {
    /// Between things that belong together: an icon and its word.
    pub const XS: f32 = 4.0;
    /// Between controls.
    pub const S: f32 = 8.0;
    /// Inside cards and between a field and the next.
    pub const M: f32 = 12.0;
    /// Margins of panels and dialogs.
    pub const L: f32 = 16.0;
    /// Between sections.
    pub const XL: f32 = 24.0;
}

/// Corner radius of cards, windows and popups, in points.
pub const RADIUS_CARD: u8 = 8;
/// Corner radius of buttons, fields and other controls, in points.
pub const RADIUS_CONTROL: u8 = 6;
/// Size of a card on the canvas at 100 %, in points.
pub const CARD: Vec2 = Vec2::new(232.0, 76.0);
/// Width of the family-coloured left edge of a card, in points.
pub const CARD_EDGE: f32 = 4.0;
/// Diameter of the tinted disc behind a card's icon, in points.
pub const ICON_DISC: f32 = 28.0;
/// Side of an icon, in points.
pub const ICON: f32 = 16.0;
/// Side of the box of a check and diameter of a radio button, in points.
pub const MARK: f32 = 16.0;
/// Side of the sign in the box of a check, in points.
pub const MARK_SIGN: f32 = 12.0;
/// Diameter of the dot in a chosen radio button, in points.
pub const MARK_DOT: f32 = 6.0;
/// Corner radius of the box of a check, in points.
pub const RADIUS_MARK: u8 = 4;
/// Height of buttons, fields and menu rows, in points.
pub const CONTROL_HEIGHT: f32 = 28.0;
/// Width of separators and outlines, in points.
pub const HAIRLINE: f32 = 1.0;
/// Width of outlines that tell what a control is, as of an empty check, in points.
pub const OUTLINE: f32 = 1.5;
/// Height of the list in a dropdown with a search field, in points.
pub const PICKER_LIST: f32 = 220.0;
/// Width of a field for a number of a few digits, in points.
pub const NUMBER_FIELD: f32 = 72.0;
/// Width of the lines between cards, in points.
pub const CONNECTOR: f32 = 1.5;
/// Width of the ring around what has the focus or is selected, and of its gap, in points.
pub const RING: f32 = 2.0;
/// Duration of a transition, in seconds.
pub const MOTION: f32 = 0.15;

/// Sizes of the window's parts, in points.
pub mod window {
    use egui::Vec2;

    /// The window when it opens for the first time.
    pub const FIRST: Vec2 = Vec2::new(1280.0, 800.0);
    /// The smallest window.
    pub const LEAST: Vec2 = Vec2::new(960.0, 600.0);
    /// Height of the bar at the top.
    pub const TOP: f32 = 48.0;
    /// Height of the map tabs.
    pub const TABS: f32 = 36.0;
    /// Height of the timeline.
    pub const TIMELINE: f32 = 56.0;
    /// Height of what opens under the timeline, so that both together are 240.
    pub const BELOW: f32 = 184.0;
    /// Least and most height of what opens under the timeline.
    pub const BELOW_RANGE: std::ops::RangeInclusive<f32> = 120.0..=480.0;
    /// Width of the panel on the left.
    pub const LEFT: f32 = 220.0;
    /// Width of the panel on the left where it holds a table.
    pub const LEFT_TABLE: f32 = 368.0;
    /// Width of the panel on the right.
    pub const RIGHT: f32 = 320.0;
    /// Least and most width of the panels at the sides.
    pub const SIDE_RANGE: std::ops::RangeInclusive<f32> = 180.0..=520.0;
    /// Height of a row in lists.
    pub const ROW: f32 = 28.0;
    /// Height of a row with two lines.
    pub const ROW_TALL: f32 = 44.0;
    /// Width of a column of numbers.
    pub const NUMBER_COLUMN: f32 = 50.0;
    /// Width of a field for a number.
    pub const FIELD_SHORT: f32 = 96.0;
    /// Longest name of a project or map before it is elided.
    pub const NAME: f32 = 200.0;
    /// Width of the search button at the top.
    pub const SEARCH: f32 = 150.0;
    /// Width of the clock.
    pub const CLOCK: f32 = 152.0;
    /// Least width of the density curve; below it the curve gives way.
    pub const CURVE_LEAST: f32 = 80.0;
    /// Width of a bar of the density curve.
    pub const CURVE_BAR: f32 = 3.0;
    /// Width of small lists that float: what happens next, the command palette.
    pub const PICKER: f32 = 360.0;
    /// Width of the command palette.
    pub const FINDER: f32 = 560.0;
    /// Height of lists that float.
    pub const PICKER_HEIGHT: f32 = 336.0;
    /// Width of dialogs.
    pub const DIALOG: f32 = 440.0;
    /// Width of dialogs that hold tables.
    pub const DIALOG_WIDE: f32 = 760.0;
    /// Height of lists and tables in dialogs.
    pub const DIALOG_LIST: f32 = 220.0;
    /// Width of toasts.
    pub const TOAST: f32 = 360.0;
    /// Least zoom at which a project is first seen: large maps begin at their top, where the numbers can be read.
    pub const FIRST_ZOOM: f32 = 0.7;
    /// Least zoom of the picture of a sample; what does not fit is cut off at the bottom.
    pub const THUMBNAIL_ZOOM: f32 = 0.2;
    /// Picture of a sample project on the start page.
    pub const THUMBNAIL: Vec2 = Vec2::new(264.0, 168.0);
    /// Width of the column of recent files on the start page.
    pub const START_COLUMN: f32 = 300.0;
    /// Width of the whole start page.
    pub const START: f32 = 904.0;
    /// Radius of a dot that tells a state.
    pub const STATE_DOT: f32 = 4.0;
}

// ---------------------------------------------------------------------------------------------------------
// Colours

/// The colours of one theme. Names say what a colour is for, never what it looks like.
///
/// *Grounds* are painted under other things; *graphics* (edges, fills, icons) have at least 3 : 1 to every
/// ground they are used on, *text* at least 4.5 : 1. The unit tests hold the table to that.
#[derive(Clone, Debug, PartialEq)]
pub struct Palette {
    /// Ground: the map.
    pub canvas: Color32,
    /// Ground: side panels, bars, dialogs.
    pub panel: Color32,
    /// Ground: cards, popups, fields: what lies or floats above the rest.
    pub raised: Color32,
    /// Ground: a resting control, a track, a zebra row.
    pub control: Color32,
    /// Ground: a control or row under the pointer.
    pub hover: Color32,
    /// Ground: a control being pressed.
    pub pressed: Color32,
    /// Ground: selected rows and selected text.
    pub selected: Color32,

    /// Hairline between areas. Decoration: nothing depends on seeing it.
    pub line: Color32,
    /// Outline of buttons and frames. Decoration: the words inside tell the control.
    pub line_strong: Color32,

    /// Text: what is read.
    pub text: Color32,
    /// Text: explanations, units, captions.
    pub quiet: Color32,
    /// Graphic, never text: outlines that matter, empty states, connectors at rest.
    pub faint: Color32,

    /// Graphic: selection, focus, and the ground of the primary button.
    pub accent: Color32,
    /// Text in the accent's colour: links, the selected tab.
    pub accent_text: Color32,
    /// Text on a ground of [`Self::accent`].
    pub text_on_accent: Color32,

    /// Graphic of the trigger family.
    pub trigger: Color32,
    /// Graphic of the action family.
    pub action: Color32,
    /// Graphic of waits and filters.
    pub filter: Color32,
    /// Graphic of goals.
    pub goal: Color32,
    /// Text of the trigger family.
    pub trigger_text: Color32,
    /// Text of the action family.
    pub action_text: Color32,
    /// Text of waits and filters.
    pub filter_text: Color32,
    /// Text of goals.
    pub goal_text: Color32,

    /// Text or graphic: passed, rising, done.
    pub good: Color32,
    /// Text or graphic: works, but deserves a look.
    pub warning: Color32,
    /// Text or graphic: does not work, lost, failed.
    pub bad: Color32,

    /// Shadow of what floats, the only shadow there is.
    pub shadow: Color32,
    /// Share of a family's colour in its tint, see [`Palette::family`].
    tint_share: f32,
}

/// The light theme.
pub static LIGHT: Palette = Palette {
    canvas: rgb(0xF6F7F9),
    panel: rgb(0xFFFFFF),
    raised: rgb(0xFFFFFF),
    control: rgb(0xF1F3F6),
    hover: rgb(0xE9ECF1),
    pressed: rgb(0xDFE3EA),
    selected: rgb(0xE4ECFF),
    line: rgb(0xE3E6EB),
    line_strong: rgb(0xC3C9D2),
    text: rgb(0x1A1F27),
    quiet: rgb(0x566070),
    faint: rgb(0x7F8894),
    accent: rgb(0x2A66F5),
    accent_text: rgb(0x1F57E0),
    text_on_accent: rgb(0xFFFFFF),
    trigger: rgb(0x178A5B),
    action: rgb(0x0E8A9E),
    filter: rgb(0x7A5AF0),
    goal: rgb(0xB87400),
    trigger_text: rgb(0x14734B),
    action_text: rgb(0x0B6B7B),
    filter_text: rgb(0x5F3FD6),
    goal_text: rgb(0x8A5800),
    good: rgb(0x14734B),
    warning: rgb(0x9A3F00),
    bad: rgb(0xB93333),
    shadow: Color32::from_black_alpha(38),
    tint_share: 0.12,
};

/// The dark theme.
pub static DARK: Palette = Palette {
    canvas: rgb(0x14171C),
    panel: rgb(0x1B1F26),
    raised: rgb(0x232831),
    control: rgb(0x262C36),
    hover: rgb(0x2F3641),
    pressed: rgb(0x39414D),
    selected: rgb(0x263456),
    line: rgb(0x2C323C),
    line_strong: rgb(0x454D5A),
    text: rgb(0xE8EBF0),
    quiet: rgb(0xA8B1BE),
    faint: rgb(0x7A8492),
    accent: rgb(0x6C97FF),
    accent_text: rgb(0x8FB0FF),
    text_on_accent: rgb(0x14171C),
    trigger: rgb(0x3CCB8D),
    action: rgb(0x45C6D9),
    filter: rgb(0xA48BFF),
    goal: rgb(0xF5B445),
    trigger_text: rgb(0x3CCB8D),
    action_text: rgb(0x45C6D9),
    filter_text: rgb(0xB19CFF),
    goal_text: rgb(0xF5B445),
    good: rgb(0x3CCB8D),
    warning: rgb(0xFF9F6B),
    bad: rgb(0xFF7A7A),
    shadow: Color32::from_black_alpha(120),
    tint_share: 0.16,
};

/// `0xRRGGBB` as an opaque colour.
const fn rgb(hex: u32) -> Color32 {
    let [_, r, g, b] = hex.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

/// What an element is for, told by colour, icon and the shape of the card's left edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Brings contacts onto the map.
    Trigger,
    /// Does something with a contact.
    Action,
    /// Holds or sorts contacts: waits, conditions, splits.
    Filter,
    /// What the map works towards.
    Goal,
}

impl From<model::Family> for Family {
    fn from(family: model::Family) -> Self {
        match family {
            model::Family::Trigger => Self::Trigger,
            model::Family::Action => Self::Action,
            model::Family::Filter => Self::Filter,
            model::Family::Goal => Self::Goal,
        }
    }
}

/// The colours one family of elements wears.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FamilyColors {
    /// Graphic: edge, icon, filled block.
    pub fill: Color32,
    /// Text in the family's colour.
    pub text: Color32,
    /// Ground: disc behind an icon, soft frame; [`Self::fill`] is a graphic and [`Self::text`] is text on it.
    pub tint: Color32,
}

impl Palette {
    /// The colours of a family.
    #[must_use]
    pub fn family(&self, family: Family) -> FamilyColors {
        let (fill, text) = match family {
            Family::Trigger => (self.trigger, self.trigger_text),
            Family::Action => (self.action, self.action_text),
            Family::Filter => (self.filter, self.filter_text),
            Family::Goal => (self.goal, self.goal_text),
        };
        FamilyColors { fill, text, tint: self.tint(fill) }
    }

    /// `color` mixed thinly over [`Self::raised`], opaque: a ground that hints at a colour.
    #[must_use]
    pub fn tint(&self, color: Color32) -> Color32 {
        self.raised.lerp_to_gamma(color, self.tint_share)
    }
}

/// The colours of the theme now shown. Takes a `&Ui` as well, which dereferences to its context.
#[must_use]
pub fn palette(ctx: &Context) -> &'static Palette {
    palette_of(ctx.theme())
}

/// The colours of a given theme.
#[must_use]
pub fn palette_of(theme: Theme) -> &'static Palette {
    match theme {
        Theme::Light => &LIGHT,
        Theme::Dark => &DARK,
    }
}

// ---------------------------------------------------------------------------------------------------------
// Type

/// Name of the family of the heavier weight. egui picks a weight by family, not by an attribute.
const STRONG_FAMILY: &str = "strong";
/// Name of the family whose first face is the icon font.
const ICON_FAMILY: &str = "icon";

/// The regular weight at `size` points.
#[must_use]
pub fn regular(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// The heavier weight at `size` points: titles, numbers, what must stand out.
#[must_use]
pub fn strong(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(STRONG_FAMILY.into()))
}

/// The icon font with icons of `size` points a side.
#[must_use]
pub fn icon(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(ICON_FAMILY.into()))
}

/// Text style of card and section titles ([`text::TITLE`], strong).
#[must_use]
pub fn title_style() -> TextStyle {
    TextStyle::Name("title".into())
}

/// Text style of large numbers ([`text::NUMBER`], strong).
#[must_use]
pub fn number_style() -> TextStyle {
    TextStyle::Name("number".into())
}

/// Every face the window uses. Icons are in each family, so a glyph may stand in the middle of a sentence.
fn fonts() -> FontDefinitions {
    const REGULAR: &str = "roboto-regular";
    const STRONG: &str = "roboto-strong";
    const ICONS: &str = "lucide";
    const INLINE_ICONS: &str = "lucide-inline";

    let mut fonts = FontDefinitions::empty();
    let mut face = |name: &str, data: FontData| {
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
    };
    face(REGULAR, FontData::from_static(damascene_fonts_roboto::ROBOTO_REGULAR));
    face(STRONG, FontData::from_static(damascene_fonts_roboto::ROBOTO_MEDIUM));
    face(ICONS, FontData::from_static(lucide_icons::LUCIDE_FONT_BYTES));
    // An icon stands on the baseline and is as tall as the text size; lowered by this share of the size its
    // middle meets the middle of the capitals beside it.
    let lowered = FontTweak { y_offset_factor: 0.13, ..FontTweak::default() };
    face(INLINE_ICONS, FontData::from_static(lucide_icons::LUCIDE_FONT_BYTES).tweak(lowered));

    let mut family = |family: FontFamily, faces: [&str; 2]| {
        fonts.families.insert(family, faces.map(str::to_owned).to_vec());
    };
    family(FontFamily::Proportional, [REGULAR, INLINE_ICONS]);
    // Figures have one width in every weight, so columns of numbers need no second family.
    family(FontFamily::Monospace, [REGULAR, INLINE_ICONS]);
    family(FontFamily::Name(STRONG_FAMILY.into()), [STRONG, INLINE_ICONS]);
    family(FontFamily::Name(ICON_FAMILY.into()), [ICONS, REGULAR]);
    fonts
}

// ---------------------------------------------------------------------------------------------------------
// egui's own widgets

/// Dresses egui: fonts, and the style of both themes. Call once, before the first frame.
///
/// Which theme is shown is the user's choice (`Context::set_theme`): system, light or dark. Where the system
/// does not say, light is shown.
pub fn apply(ctx: &Context) {
    ctx.set_fonts(fonts());
    ctx.options_mut(|options| options.fallback_theme = Theme::Light);
    for theme in [Theme::Light, Theme::Dark] {
        ctx.set_style_of(theme, style(theme));
    }
}

/// Switches transitions off (`true`) or back on, in both themes.
pub fn reduce_motion(ctx: &Context, reduce: bool) {
    ctx.all_styles_mut(|style| {
        (style.animation_time, style.scroll_animation) =
            if reduce { (0.0, ScrollAnimation::none()) } else { (MOTION, ScrollAnimation::duration(MOTION)) };
    });
}

fn style(theme: Theme) -> Style {
    let mut style = Style { visuals: visuals(theme), ..Style::default() };

    style.text_styles = [
        (TextStyle::Small, regular(text::CAPTION)),
        (TextStyle::Body, regular(text::BODY)),
        (TextStyle::Button, regular(text::BODY)),
        (TextStyle::Monospace, regular(text::BODY)),
        (TextStyle::Heading, strong(text::HEADING)),
        (title_style(), strong(text::TITLE)),
        (number_style(), strong(text::NUMBER)),
    ]
    .into();
    style.animation_time = MOTION;
    style.scroll_animation = ScrollAnimation::duration(MOTION);
    style.interaction.tooltip_delay = 0.4;
    style.interaction.selectable_labels = false;

    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::splat(space::S);
    spacing.button_padding = Vec2::new(space::M, space::XS);
    spacing.window_margin = Margin::same(space::L as i8);
    spacing.menu_margin = Margin::same(space::XS as i8);
    spacing.indent = space::L;
    spacing.interact_size = Vec2::new(36.0, CONTROL_HEIGHT);
    spacing.slider_width = 160.0;
    spacing.slider_rail_height = 4.0;
    spacing.combo_width = 120.0;
    spacing.text_edit_width = 220.0;
    // The face sets lines 1.17 apart; this is what is missing to our line height at body size.
    spacing.extra_text_line_spacing = (text::BODY * (text::LINE_HEIGHT - 1.17)).round();
    spacing.icon_width = ICON;
    spacing.icon_width_inner = 10.0;
    spacing.icon_spacing = space::S;
    spacing.tooltip_width = 320.0;
    spacing.menu_width = 240.0;
    spacing.combo_height = 280.0;
    spacing.scroll = ScrollStyle {
        bar_width: 8.0,
        floating_width: 4.0,
        handle_min_length: 32.0,
        // Seen at rest, so that one can tell there is more below.
        dormant_handle_opacity: 0.35,
        active_handle_opacity: 0.5,
        interact_handle_opacity: 0.7,
        active_background_opacity: 0.0,
        interact_background_opacity: 0.0,
        ..ScrollStyle::floating()
    };
    spacing.scroll.fade.strength = 0.0;
    style
}

fn visuals(theme: Theme) -> Visuals {
    let p = palette_of(theme);
    let (mut visuals, transfer) = match theme {
        Theme::Light => (Visuals::light(), FontColorTransferFunction::LIGHT_MODE_DEFAULT),
        Theme::Dark => (Visuals::dark(), FontColorTransferFunction::DARK_MODE_DEFAULT),
    };
    let control = CornerRadius::same(RADIUS_CONTROL);
    let card = CornerRadius::same(RADIUS_CARD);
    let hairline = |color| Stroke::new(HAIRLINE, color);

    visuals.text_options.color_transfer_function = transfer;
    visuals.weak_text_color = Some(p.quiet);
    visuals.hyperlink_color = p.accent_text;
    visuals.warn_fg_color = p.warning;
    visuals.error_fg_color = p.bad;
    visuals.faint_bg_color = p.control;
    visuals.extreme_bg_color = p.control;
    visuals.code_bg_color = p.control;
    visuals.text_edit_bg_color = Some(match theme {
        Theme::Light => p.raised,
        // A field is a hollow: on dark panels it must be darker than what surrounds it.
        Theme::Dark => p.canvas,
    });

    visuals.widgets = Widgets {
        noninteractive: WidgetVisuals {
            bg_fill: p.panel,
            weak_bg_fill: p.panel,
            bg_stroke: hairline(p.line),
            corner_radius: card,
            fg_stroke: hairline(p.text),
            expansion: 0.0,
        },
        inactive: WidgetVisuals {
            bg_fill: p.pressed,
            weak_bg_fill: p.raised,
            bg_stroke: hairline(p.line_strong),
            corner_radius: control,
            fg_stroke: Stroke::new(CONNECTOR, p.text),
            expansion: 0.0,
        },
        hovered: WidgetVisuals {
            bg_fill: p.pressed,
            weak_bg_fill: p.hover,
            bg_stroke: hairline(p.faint),
            corner_radius: control,
            fg_stroke: Stroke::new(CONNECTOR, p.text),
            expansion: 0.0,
        },
        // Pressed, and holding the keyboard focus: egui draws both from this row.
        active: WidgetVisuals {
            bg_fill: p.selected,
            weak_bg_fill: p.hover,
            bg_stroke: Stroke::new(RING, p.accent),
            corner_radius: control,
            fg_stroke: Stroke::new(CONNECTOR, p.text),
            expansion: 0.0,
        },
        open: WidgetVisuals {
            bg_fill: p.pressed,
            weak_bg_fill: p.hover,
            bg_stroke: hairline(p.faint),
            corner_radius: control,
            fg_stroke: Stroke::new(CONNECTOR, p.text),
            expansion: 0.0,
        },
    };
    // The stroke is the ring of a focused field and the text of a selected row.
    visuals.selection = Selection { bg_fill: p.selected, stroke: Stroke::new(RING, p.accent_text) };

    visuals.window_corner_radius = card;
    visuals.window_fill = p.raised;
    visuals.window_stroke = hairline(p.line);
    visuals.window_highlight_topmost = false;
    visuals.window_shadow = Shadow { offset: [0, 8], blur: 28, spread: 0, color: p.shadow };
    visuals.popup_shadow = Shadow { offset: [0, 4], blur: 16, spread: 0, color: p.shadow };
    visuals.menu_corner_radius = card;
    visuals.panel_fill = p.panel;
    visuals.text_cursor =
        TextCursorStyle { stroke: Stroke::new(CONNECTOR, p.text), ..TextCursorStyle::default() };
    visuals.indent_has_left_vline = false;
    visuals.striped = false;
    visuals.slider_trailing_fill = true;
    visuals.handle_shape = HandleShape::Circle;
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2) of an opaque colour.
    fn luminance(color: Color32) -> f64 {
        let channel = |byte: u8| {
            let value = f64::from(byte) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        assert!(color.is_opaque(), "contrast is defined for opaque colours");
        0.2126 * channel(color.r()) + 0.7152 * channel(color.g()) + 0.0722 * channel(color.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn families(p: &Palette) -> [(&'static str, FamilyColors); 4] {
        [
            ("trigger", p.family(Family::Trigger)),
            ("action", p.family(Family::Action)),
            ("filter", p.family(Family::Filter)),
            ("goal", p.family(Family::Goal)),
        ]
    }

    /// Every (what, colour, ground, least contrast) that falls short.
    fn shortfalls(p: &Palette) -> Vec<String> {
        let areas = [("canvas", p.canvas), ("panel", p.panel), ("raised", p.raised)];
        let controls =
            [("control", p.control), ("hover", p.hover), ("pressed", p.pressed), ("selected", p.selected)];
        let rows = [("control", p.control), ("hover", p.hover), ("selected", p.selected)];

        let mut pairs: Vec<(&str, Color32, &str, Color32, f64)> = Vec::new();
        for (name, color) in [("text", p.text), ("quiet", p.quiet), ("accent_text", p.accent_text)] {
            for (ground, under) in areas.into_iter().chain(controls) {
                pairs.push((name, color, ground, under, 4.5));
            }
        }
        let meanings = [("good", p.good), ("warning", p.warning), ("bad", p.bad)];
        for (name, color) in meanings {
            for (ground, under) in areas.into_iter().chain(rows) {
                pairs.push((name, color, ground, under, 4.5));
            }
        }
        for (name, color) in [("faint", p.faint), ("accent", p.accent)] {
            for (ground, under) in areas.into_iter().chain(rows) {
                pairs.push((name, color, ground, under, 3.0));
            }
        }
        for (name, family) in families(p) {
            for (ground, under) in areas.into_iter().chain([("its tint", family.tint)]) {
                pairs.push((name, family.fill, ground, under, 3.0));
            }
            for (ground, under) in areas.into_iter().chain(rows).chain([("its tint", family.tint)]) {
                pairs.push((name, family.text, ground, under, 4.5));
            }
        }
        pairs.push(("text_on_accent", p.text_on_accent, "accent", p.accent, 4.5));

        pairs
            .into_iter()
            .map(|(name, color, ground, under, least)| (name, ground, contrast(color, under), least))
            .filter(|(_, _, found, least)| found < least)
            .map(|(name, ground, found, least)| format!("{name} on {ground}: {found:.2} < {least}"))
            .collect()
    }

    #[test]
    fn contrast_is_measured_as_wcag_does() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 1e-9);
        assert!((contrast(rgb(0x767676), Color32::WHITE) - 4.54).abs() < 0.01);
    }

    #[test]
    fn light_theme_has_contrast() {
        assert_eq!(shortfalls(&LIGHT), Vec::<String>::new());
    }

    #[test]
    fn dark_theme_has_contrast() {
        assert_eq!(shortfalls(&DARK), Vec::<String>::new());
    }

    #[test]
    fn no_text_style_is_below_the_caption_size() {
        for theme in [Theme::Light, Theme::Dark] {
            for (name, font) in style(theme).text_styles {
                assert!(font.size >= text::CAPTION, "{name:?} is {} points", font.size);
            }
        }
    }

    /// Width of one character in a face, in points.
    fn width(ctx: &Context, font: &FontId, c: char) -> f32 {
        ctx.fonts_mut(|fonts| fonts.layout_no_wrap(c.to_string(), font.clone(), Color32::WHITE).size().x)
    }

    fn dressed() -> Context {
        let ctx = Context::default();
        apply(&ctx);
        let mut output = ctx.run_ui(egui::RawInput::default(), |_| {});
        output.textures_delta.clear();
        ctx
    }

    #[test]
    fn figures_have_one_width() {
        let ctx = dressed();
        for font in [regular(text::BODY), strong(text::BODY), strong(text::NUMBER)] {
            let zero = width(&ctx, &font, '0');
            for figure in '1'..='9' {
                assert!((width(&ctx, &font, figure) - zero).abs() < 1e-3, "{figure} in {font:?}");
            }
        }
    }

    #[test]
    fn faces_have_the_signs_our_sentences_use() {
        let ctx = dressed();
        for font in [regular(text::BODY), strong(text::BODY)] {
            for sign in "…–—−×·•≤≥≠±%€£“”‘’äöüßéñçåøłžАяΩ".chars()
            {
                assert!(ctx.fonts_mut(|fonts| fonts.has_glyph(&font, sign)), "{sign} in {font:?}");
            }
        }
    }

    #[test]
    fn applying_twice_changes_nothing_and_keeps_the_chosen_theme() {
        let ctx = dressed();
        ctx.set_theme(egui::ThemePreference::Dark);
        let before = ctx.style_of(Theme::Dark);
        apply(&ctx);
        assert_eq!(before.visuals, ctx.style_of(Theme::Dark).visuals);
        assert_eq!(before.spacing, ctx.style_of(Theme::Dark).spacing);
        assert_eq!(palette(&ctx), &DARK);
    }

    #[test]
    fn reduced_motion_stops_transitions_and_can_be_undone() {
        let ctx = dressed();
        reduce_motion(&ctx, true);
        assert_eq!(ctx.style_of(Theme::Light).animation_time, 0.0);
        reduce_motion(&ctx, false);
        assert_eq!(ctx.style_of(Theme::Light).animation_time, MOTION);
    }
}
