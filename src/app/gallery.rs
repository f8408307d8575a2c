//! One picture with every common widget in it, to look at after a change of the looks:
//!
//! ```text
//! GATELINE_PICTURES=/tmp cargo test --features gui-tests gallery
//! ```
//!
//! writes `gallery-light.png` and `gallery-dark.png` there. Without the variable the gallery is painted and
//! checked for presence only, so that a widget that panics or lacks a glyph or a name is noticed.

use egui::{
    Align, Button, Color32, ComboBox, Frame, Layout, Margin, RichText, Slider, TextEdit, Theme, Ui, Vec2,
};
use egui_extras::{Column, TableBuilder};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::app::icons::Icon;
use crate::app::raster::Raster;
use crate::app::theme::{self, Family, space, text};
use crate::app::widgets;

struct Shown {
    name: String,
    query: String,
    notes: String,
    checked: bool,
    choice: usize,
    number: f64,
}

impl Default for Shown {
    fn default() -> Self {
        Self {
            name: "Nurture after webinar".into(),
            query: String::new(),
            notes: "Waits are counted in the account's zone.\nA second line of notes.".into(),
            checked: true,
            choice: 1,
            number: 42.0,
        }
    }
}

fn show(ui: &mut Ui, shown: &mut Shown) {
    let p = theme::palette(ui);
    // The harness leaves a margin round what it shows.
    let whole = ui.content_rect();
    ui.layer_painter(egui::LayerId::background()).rect_filled(whole, 0, p.panel);
    let panel = Frame::new().fill(p.panel).inner_margin(Margin::same(space::L as i8));
    egui::Panel::left("left").exact_size(300.0).resizable(false).frame(panel).show(ui, |ui| form(ui, shown));
    egui::Panel::right("right")
        .exact_size(330.0)
        .resizable(false)
        .frame(panel)
        .show(ui, |ui| numbers(ui, shown));
    let canvas = Frame::new().fill(p.canvas).inner_margin(Margin::same(space::L as i8));
    egui::CentralPanel::default().frame(canvas).show(ui, cards);
}

fn form(ui: &mut Ui, shown: &mut Shown) {
    let p = theme::palette(ui);
    ui.heading("Heading: settings");
    ui.label(
        RichText::new("Quiet sentence that explains what the section is about, in plain words.")
            .color(p.quiet),
    );
    ui.separator();
    let label = ui.label(RichText::new("Name").font(theme::strong(text::BODY)));
    ui.add(TextEdit::singleline(&mut shown.name).desired_width(f32::INFINITY)).labelled_by(label.id);
    let label = ui.label(RichText::new("Find").font(theme::strong(text::BODY)));
    ui.add(TextEdit::singleline(&mut shown.query).hint_text("Search elements").desired_width(f32::INFINITY))
        .labelled_by(label.id);
    ui.label(RichText::new(format!("{} Nothing is called that", Icon::Error.glyph())).small().color(p.bad));
    ui.horizontal(|ui| {
        let primary = RichText::new("Run").color(p.text_on_accent).font(theme::strong(text::BODY));
        ui.add(Button::new(primary).fill(p.accent).stroke(egui::Stroke::NONE));
        ui.button("Cancel").request_focus();
        ui.add_enabled(false, Button::new("Disabled"));
        Icon::More.button(ui, "More commands");
    });
    ui.horizontal(|ui| {
        let _ = ui.button(format!("{} Add goal", Icon::Plus.glyph()));
        Icon::Undo.button(ui, "Undo");
        Icon::Redo.button(ui, "Redo");
        Icon::Search.button(ui, "Search");
        Icon::Settings.button(ui, "Settings");
    });
    widgets::check(ui, &mut shown.checked, "Only contacts on this map", "");
    widgets::check(ui, &mut false, "Unchecked", "What it would mean");
    ui.horizontal(|ui| {
        for (i, name) in ["Any", "All", "None"].into_iter().enumerate() {
            if widgets::radio(ui, shown.choice == i, name).clicked() {
                shown.choice = i;
            }
        }
    });
    ui.horizontal(|ui| {
        for (i, name) in ["Edit", "Simulate", "Performance"].into_iter().enumerate() {
            ui.selectable_value(&mut shown.choice, i, name);
        }
    });
    ui.horizontal(|ui| {
        ComboBox::from_label("Zone").selected_text("Europe/Vienna").show_ui(ui, |ui| {
            for (i, name) in ["Europe/Vienna", "Europe/London", "America/New_York"].into_iter().enumerate() {
                ui.selectable_value(&mut shown.choice, i, name);
            }
        });
    });
    ui.add(Slider::new(&mut shown.number, 0.0..=100.0).text("Share"));
    let label = ui.label("Notes");
    ui.add(TextEdit::multiline(&mut shown.notes).desired_rows(3).desired_width(f32::INFINITY))
        .labelled_by(label.id);
    ui.collapsing("Advanced", |ui| ui.label("Hidden"));
    ui.hyperlink_to("Read about goals", "about:blank");
    ui.add(egui::ProgressBar::new(0.6).fill(p.accent));
    egui::ScrollArea::vertical().max_height(90.0).show(ui, |ui| {
        for i in 0..20 {
            ui.label(format!("Row {i} of a scrolled list"));
        }
    });
}

fn cards(ui: &mut Ui) {
    let families = [
        (Family::Trigger, Icon::Form, "Submits “Webinar”", "form, every time"),
        (Family::Action, Icon::Email, "Send “Recording”", "to every contact who arrives"),
        (Family::Filter, Icon::Wait, "Wait 2 days", "until Wed 7 Jan 09:00"),
        (Family::Goal, Icon::Goal, "Buys Product X", "from anywhere on this map"),
    ];
    let p = theme::palette(ui);
    for (family, icon, title, line) in families {
        let colors = p.family(family);
        let (rect, _) = ui.allocate_exact_size(theme::CARD, egui::Sense::hover());
        let painter = ui.painter();
        painter.rect(
            rect,
            theme::RADIUS_CARD,
            p.raised,
            egui::Stroke::new(theme::HAIRLINE, p.line),
            egui::StrokeKind::Inside,
        );
        let edge = egui::Rect::from_min_size(rect.min, Vec2::new(theme::CARD_EDGE, rect.height()));
        let left = egui::CornerRadius { nw: theme::RADIUS_CARD, sw: theme::RADIUS_CARD, ne: 0, se: 0 };
        painter.rect_filled(edge, left, colors.fill);
        let disc = egui::pos2(rect.left() + 28.0, rect.top() + 24.0);
        painter.circle_filled(disc, theme::ICON_DISC / 2.0, colors.tint);
        icon.paint(painter, disc, theme::ICON, colors.fill);
        let at = egui::pos2(rect.left() + 50.0, rect.top() + 10.0);
        painter.text(at, egui::Align2::LEFT_TOP, title, theme::strong(text::TITLE), p.text);
        let below = at + Vec2::new(0.0, 20.0);
        painter.text(below, egui::Align2::LEFT_TOP, line, theme::regular(text::CAPTION), p.quiet);
        let count = at + Vec2::new(0.0, 40.0);
        painter.text(count, egui::Align2::LEFT_TOP, "312 here", theme::strong(text::BODY), colors.text);
        ui.add_space(space::S);
    }
    ui.menu_button("Menu", |ui| {
        let _ = ui.button(format!("{}  Copy", Icon::Copy.glyph()));
        ui.add(Button::new(format!("{}  Paste", Icon::Paste.glyph())).shortcut_text("Ctrl+V"));
        ui.separator();
        ui.add_enabled(false, Button::new(format!("{}  Delete", Icon::Trash.glyph())));
        ui.menu_button("Add after", |_| {});
    });
    ui.label("A sentence in the text style Body that is long enough to wrap, so that the distance between its lines can be judged.");
}

fn numbers(ui: &mut Ui, shown: &mut Shown) {
    let p = theme::palette(ui);
    ui.label(RichText::new("12,904").text_style(theme::number_style()));
    ui.label(RichText::new("contacts achieved the goal").small().color(p.quiet));
    ui.horizontal(|ui| {
        ui.colored_label(p.good, format!("{} +4.1 %", Icon::ArrowUp.glyph()));
        ui.colored_label(p.warning, format!("{} 2 problems", Icon::Warning.glyph()));
        ui.colored_label(p.bad, format!("{} failed", Icon::Error.glyph()));
    });
    ui.add(egui::DragValue::new(&mut shown.number).suffix(" days"));
    ui.label(RichText::new("Path").text_style(theme::title_style()));
    ui.group(|ui| {
        TableBuilder::new(ui)
            .striped(true)
            .cell_layout(Layout::left_to_right(Align::Center))
            .column(Column::remainder())
            .columns(Column::exact(72.0), 2)
            .header(24.0, |mut header| {
                for name in ["Step", "Were", "Now"] {
                    header.col(|ui| drop(ui.label(RichText::new(name).small().color(p.quiet))));
                }
            })
            .body(|body| {
                body.rows(28.0, 6, |mut row| {
                    let i = row.index() as u32;
                    row.set_selected(i == 2);
                    row.col(|ui| drop(ui.label(format!("Wait {} days", i + 1))));
                    for number in [11_111 * (i + 1), 10_717 * i] {
                        row.col(|ui| {
                            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                                ui.label(number.to_string())
                            });
                        });
                    }
                });
            });
    });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(space::S);
        for icon in Icon::ALL {
            ui.label(icon.rich().color(p.quiet));
        }
    });
}

#[test]
fn gallery() {
    for theme in [Theme::Light, Theme::Dark] {
        let mut harness = Harness::builder()
            .with_size(Vec2::new(960.0, 760.0))
            .with_pixels_per_point(pixels_per_point())
            .with_theme(theme)
            .renderer(Raster::new())
            .build_ui_state(
                |ui, (dressed, shown): &mut (bool, Shown)| {
                    // A `Ui` keeps the style it began with, so the first frame only dresses the context.
                    if *dressed {
                        show(ui, shown);
                    } else {
                        theme::apply(ui);
                        *dressed = true;
                    }
                },
                (false, Shown::default()),
            );
        harness.run();
        harness.get_by_label("Menu").click();
        harness.run_steps(30);
        harness.get_by_label_contains("Paste").hover();
        harness.run_steps(30);
        let image = harness.render().unwrap();
        assert!(image.pixels().all(|pixel| pixel.0[3] == 255), "the window is opaque");
        let ground = theme::palette_of(theme).canvas;
        assert!(image.pixels().any(|pixel| Color32::from_rgb(pixel.0[0], pixel.0[1], pixel.0[2]) == ground));
        if let Some(folder) = std::env::var_os("GATELINE_PICTURES") {
            let name = format!("gallery-{theme:?}.png").to_lowercase();
            image.save(std::path::Path::new(&folder).join(name)).unwrap();
        }
    }
}

/// Pixels per point of the pictures: 1, or what `GATELINE_PICTURES_SCALE` says.
fn pixels_per_point() -> f32 {
    std::env::var("GATELINE_PICTURES_SCALE").ok().and_then(|scale| scale.parse().ok()).unwrap_or(1.0)
}
