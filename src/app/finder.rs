//! Finds anything by its name: commands, elements, maps (Ctrl+K), or elements alone (Ctrl+F).

use egui::{Align2, Area, Context, Frame, Id, Order, Ui, Vec2};

use super::canvas::marks;
use super::commands::{COMMANDS, Situation, WindowCommand};
use super::icons::Icon;
use super::picker::{Item, Picked, Picker};
use super::state::Ask;
use super::theme::{self, space, window};
use crate::base::id::{ElementId, MapId};
use crate::model::{Project, words};

/// The search that is open.
#[derive(Debug, Default)]
pub struct Finder {
    picker: Picker,
    elements_only: bool,
}

#[derive(Debug, Clone, Copy)]
enum Target {
    Command(WindowCommand),
    Map(MapId),
    Element(ElementId),
}

impl Finder {
    /// A search for commands, maps and elements.
    pub fn everything() -> Self {
        Self::default()
    }

    /// A search for elements.
    pub fn elements() -> Self {
        Self { elements_only: true, ..Self::default() }
    }

    /// Shows it; `false`: it is over.
    pub fn show(
        &mut self,
        ctx: &Context,
        situation: &Situation,
        project: Option<&Project>,
        asks: &mut Vec<Ask>,
    ) -> bool {
        let area = Area::new(Id::unique("finder"))
            .order(Order::Foreground)
            .anchor(Align2::CENTER_TOP, Vec2::new(0.0, window::TOP + space::XL));
        let shown = area.show(ctx, |ui| {
            Frame::popup(ui.style()).inner_margin(egui::Margin::same(space::M as i8)).show(ui, |ui| {
                ui.set_width(window::FINDER);
                self.list(ui, situation, project)
            })
        });
        let rect = shown.response.rect;
        let away = ctx.input(|input| {
            input.pointer.any_pressed() && input.pointer.interact_pos().is_some_and(|at| !rect.contains(at))
        });
        match shown.inner.inner {
            Picked::Open => !away,
            Picked::Left => false,
            Picked::Took(target) => {
                asks.push(match target {
                    Target::Command(command) => Ask::Do(command),
                    Target::Map(map) => Ask::ShowMap(map),
                    Target::Element(element) => Ask::Show(element),
                });
                false
            }
        }
    }

    fn list(&mut self, ui: &mut Ui, situation: &Situation, project: Option<&Project>) -> Picked<Target> {
        let p = theme::palette(ui);
        let mut items = vec![];
        if !self.elements_only {
            let can = COMMANDS.iter().filter(|info| (info.enabled)(situation));
            items.extend(can.filter(|info| info.command != WindowCommand::Palette).map(|info| Item {
                what: Target::Command(info.command),
                icon: Some((info.icon.unwrap_or(Icon::ChevronRight), p.quiet)),
                title: info.label.into(),
                second: String::new(),
                right: info.key(),
                group: "",
            }));
        }
        // Elements come in once something is typed: before that, commands are what one looks for.
        let wanted = self.elements_only || !self.picker.query().trim().is_empty();
        for map in project.iter().flat_map(|project| project.maps.values()).filter(|_| wanted) {
            let Some(project) = project else { break };
            if !self.elements_only {
                items.push(Item {
                    what: Target::Map(map.id),
                    icon: Some((Icon::Map, p.quiet)),
                    title: map.name.clone(),
                    second: String::new(),
                    right: "Map".into(),
                    group: "",
                });
            }
            items.extend(map.elements.values().map(|element| Item {
                what: Target::Element(element.id),
                icon: Some((Icon::of(&element.kind), p.family(marks::family(&element.kind)).fill)),
                title: words::title(project, element),
                second: String::new(),
                right: map.name.clone(),
                group: "",
            }));
        }
        let hint =
            if self.elements_only { "Search elements of all maps" } else { "Search commands and elements" };
        self.picker.show(ui, hint, &items)
    }
}
