//! The panel on the right: settings of what is selected. Each kind of element has a page of its own; with nothing
//! selected it shows the map, with several elements what can be done with all of them.
//!
//! A page shows a copy of the settings and changes that copy. What differs afterwards becomes one command, together with
//! the things that were made on the way (a new tag), so that it is one undo step. Nothing here touches the document.

mod account;
mod action;
mod branches;
mod condition;
mod event;
mod go_to;
mod head;
mod items;
mod listener;
mod lists;
mod map;
mod orders;
mod picker;
mod plain;
mod sequence;
mod several;
mod split;
#[cfg(all(test, feature = "gui-tests"))]
mod tests;
mod typed;
mod values;
mod wait;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Weak};

use egui::{Frame, Margin, ScrollArea, Ui, UiBuilder};

use crate::app::contacts::FilterAct;
use crate::app::theme::space;
use crate::base::id::{ElementId, MapId, SequenceId};
use crate::base::time::{Instant, Zone};
use crate::model::project::Fresh;
use crate::model::rules::TextMatch;
use crate::model::{Condition, Element, ElementKind, Graph, ItemId, Map, OrderGoal, People, Port, Project};
use crate::session::command::Command;

/// The inspector: what it remembers between two frames. All of it is view and gesture, none of it document.
#[derive(Default)]
pub struct Inspector {
    state: State,
    /// What was shown last.
    shown: Option<Shown>,
    zone: Option<Zone>,
    first_event: Option<(Weak<People>, Option<Instant>)>,
}

/// What is being typed, searched and held open.
#[derive(Default)]
struct State {
    drafts: typed::Drafts,
    searches: picker::Searches,
    /// Splits whose shares are no whole yet.
    splits: BTreeMap<ElementId, split::Draft>,
    /// The goal whose group's wait is shown with it.
    wait_of: Option<ElementId>,
    /// What was opened or shut below what names it.
    held: egui::IdMap<bool>,
    /// The thing of the account that is open on the page of a map.
    thing: Option<ItemId>,
    /// The order goal that is put together.
    order_goal: Option<OrderGoal>,
}

/// What the panel is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Map(MapId),
    Element(MapId, ElementId),
    /// With the sequence that all of them are steps of.
    Several(MapId, Option<SequenceId>),
    /// The filter of the list of contacts.
    Filter,
}

impl Inspector {
    /// Shows the panel and returns what the user means to change, in this order. It brings its own margins and scrolls by
    /// itself: give it a panel without an inner margin, best 320 points wide.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        project: &Project,
        map: &Map,
        graph: &Graph,
        selection: &BTreeSet<ElementId>,
    ) -> Vec<Command> {
        let on_map: Vec<_> = selection.iter().copied().filter(|id| map.elements.contains_key(id)).collect();
        let shown = match on_map[..] {
            [] => Shown::Map(map.id),
            [only] => Shown::Element(map.id, only),
            _ => Shown::Several(map.id, sequence::of_all(map, &on_map).map(|sequence| sequence.id)),
        };
        let mut commands = self.leave(ui, project, shown);
        self.shown = Some(shown);
        let mut page = self.page(project, map, graph);
        match shown {
            Shown::Map(_) => page.scrolled(ui, shown, |page, ui| map::show(page, ui)),
            Shown::Several(_, sequence) => {
                page.scrolled(ui, shown, |page, ui| several::show(page, ui, &on_map, sequence));
            }
            Shown::Element(_, id) => page.scrolled(ui, shown, |page, ui| page.element(ui, id)),
            // is no selection: has a way in of its own
            Shown::Filter => {}
        }
        commands.extend(page.commands);
        commands
    }

    /// Shows the filter of the list of contacts in the place of a selection. Returns what the user does to it, and
    /// commands that make things which it names and which are new.
    pub fn filter(
        &mut self,
        ui: &mut Ui,
        project: &Project,
        (map, graph): (&Map, &Graph),
        filter: &Condition,
    ) -> (Vec<FilterAct>, Vec<Command>) {
        let mut commands = self.leave(ui, project, Shown::Filter);
        self.shown = Some(Shown::Filter);
        let mut page = self.page(project, map, graph);
        // no map asks, so that its rules say nothing
        page.text_match = TextMatch::default();
        let mut acts = vec![];
        page.scrolled(ui, Shown::Filter, |page, ui| acts = condition::filter(page, ui, filter));
        commands.append(&mut page.before);
        commands.extend(page.commands);
        (acts, commands)
    }

    /// Puts the focus into the name of what is shown next, for the key that renames.
    pub fn focus_name(&mut self) {
        self.state.drafts.focus_next = true;
    }

    /// Texts that are still being typed are taken when another page comes: the page that goes is shown once more, unseen.
    fn leave(&mut self, ui: &mut Ui, project: &Project, next: Shown) -> Vec<Command> {
        let Some(last) = self.shown.filter(|last| *last != next && !self.state.drafts.is_empty()) else {
            return vec![];
        };
        let (Shown::Map(map) | Shown::Element(map, _) | Shown::Several(map, _)) = last else { return vec![] };
        let Some(map) = project.map(map) else { return vec![] };
        let graph = Graph::of(map);
        let mut page = self.page(project, map, &graph);
        page.state.drafts.leaving = true;
        let unseen = UiBuilder::new().max_rect(ui.max_rect()).invisible().id_salt("leaving");
        let ui = &mut ui.new_child(unseen);
        match last {
            Shown::Map(_) => page.body(ui, last, |page, ui| map::show(page, ui)),
            Shown::Element(_, id) => page.body(ui, last, |page, ui| page.element(ui, id)),
            Shown::Several(_, None) | Shown::Filter => {}
            Shown::Several(_, Some(sequence)) => {
                page.body(ui, last, |page, ui| sequence::of_several(page, ui, sequence, &[]));
            }
        }
        page.state.drafts.leaving = false;
        page.commands
    }

    fn page<'a>(&'a mut self, project: &'a Project, map: &'a Map, graph: &'a Graph) -> Page<'a> {
        let tz = project.settings.account_zone;
        let zone = self.zone.take().filter(|zone| zone.tz() == tz).unwrap_or_else(|| Zone::new(tz));
        // Asking a million events for the first takes longer than a frame may: it is kept as long as they are the same.
        let people = Arc::as_ptr(&project.people);
        let kept = self.first_event.take().filter(|(of, _)| of.as_ptr() == people);
        let first_event = kept.unwrap_or_else(|| {
            (Arc::downgrade(&project.people), project.people.span().map(|(first, _)| first))
        });
        let from = project.runs.values().next_back().and_then(|run| run.from);
        Page {
            project,
            map,
            graph,
            from: from.or(self.first_event.insert(first_event).1),
            zone: self.zone.insert(zone),
            state: &mut self.state,
            fresh: project.fresh(),
            text_match: map.rules.text_match,
            in_item: false,
            before: vec![],
            commands: vec![],
        }
    }
}

/// What the pages get to see, and where they put what the user means.
struct Page<'a> {
    project: &'a Project,
    map: &'a Map,
    graph: &'a Graph,
    /// The account's zone.
    zone: &'a Zone,
    /// When the latest saved run begins, or the first event.
    from: Option<Instant>,
    state: &'a mut State,
    fresh: Fresh,
    /// How conditions of this page compare text.
    text_match: TextMatch,
    /// What is shown belongs to a thing of the account that was opened.
    in_item: bool,
    /// What has to be done before the next command, in the same undo step: things it names that are new.
    before: Vec<Command>,
    commands: Vec<Command>,
}

impl Page<'_> {
    fn scrolled(&mut self, ui: &mut Ui, shown: Shown, contents: impl FnOnce(&mut Self, &mut Ui)) {
        // Another page begins at its top.
        ScrollArea::vertical().id_salt(salt(shown)).auto_shrink(false).show(ui, |ui| {
            Frame::new().inner_margin(Margin::same(space::L as i8)).show(ui, |ui| {
                ui.set_width(ui.available_width());
                self.body(ui, shown, contents);
            });
        });
    }

    /// Ids below do not depend on where the page stands, so that a page shown unseen finds its texts.
    fn body(&mut self, ui: &mut Ui, shown: Shown, contents: impl FnOnce(&mut Self, &mut Ui)) {
        let home = UiBuilder::new().scope_id(egui::Id::unique(("inspector", salt(shown))));
        ui.scope_builder(home, |ui| {
            // What belongs to a field stands closer to it than the next field, whose label brings its own distance.
            ui.spacing_mut().item_spacing.y = space::XS;
            contents(self, ui);
        });
    }

    fn element(&mut self, ui: &mut Ui, id: ElementId) {
        // An element that has gone leaves nothing to show.
        let Some(element) = self.map.element(id) else { return };
        head::show(self, ui, element);
        self.edit(ui, element, |page, ui, kind| page.settings(ui, element, kind));
        sequence::show(self, ui, element);
    }

    /// Shows settings of an element; what is changed in the copy becomes a command.
    fn edit(
        &mut self,
        ui: &mut Ui,
        element: &Element,
        contents: impl FnOnce(&mut Self, &mut Ui, &mut ElementKind),
    ) {
        let mut kind = element.kind.clone();
        contents(self, ui, &mut kind);
        if kind != element.kind {
            self.mean(Command::Set { map: self.map.id, element: element.id, kind });
        }
    }

    /// Puts a command after those before it, together with what has to be done for it.
    fn mean(&mut self, command: Command) {
        let mut all = std::mem::take(&mut self.before);
        if all.is_empty() {
            self.commands.push(command);
        } else {
            all.push(command);
            self.commands.push(Command::Together(all));
        }
    }

    /// Lets lines go along when the ways out of an element become those of `now`: `old` says which way out of today
    /// becomes one of then. Done before the settings change, in the same undo step.
    fn relink(&mut self, element: &Element, now: &ElementKind, old: impl Fn(Port) -> Option<Port>) {
        let (map, from) = (self.map, element.id);
        let ports = now.ports();
        let before = element.kind.ports();
        let gone = before.into_iter().filter(|port| !ports.contains(port)).map(|port| (port, None));
        let kept = ports.iter().map(|port| (*port, old(*port).and_then(|old| map.target(from, old))));
        for (port, to) in kept.chain(gone) {
            if map.target(from, port) != to {
                self.before.push(match to {
                    Some(to) => Command::Connect { map: map.id, from, port, to },
                    None => Command::Disconnect { map: map.id, from, port },
                });
            }
        }
    }

    /// The page of each kind; a new kind does not compile without one.
    fn settings(&mut self, ui: &mut Ui, element: &Element, kind: &mut ElementKind) {
        match kind {
            ElementKind::Trigger(settings) | ElementKind::Goal(settings) => {
                listener::show(self, ui, element, settings);
            }
            ElementKind::Wait(wait) => wait::show(self, ui, element, wait),
            ElementKind::Condition(_) | ElementKind::Branches(_) => branches::show(self, ui, element, kind),
            ElementKind::Split(shares) => split::show(self, ui, element, shares),
            ElementKind::Fork | ElementKind::End | ElementKind::Exit => plain::show(self, ui, element),
            ElementKind::GoTo(target) => go_to::show(self, ui, element, target),
            ElementKind::Action(action) => action::show(self, ui, element, action),
        }
    }
}

fn salt(shown: Shown) -> (u32, u32, bool) {
    use crate::base::id::Id as _;
    match shown {
        Shown::Map(map) => (map.number(), 0, false),
        Shown::Element(map, element) => (map.number(), element.number(), false),
        Shown::Several(map, _) => (map.number(), 0, true),
        Shown::Filter => (0, 0, true),
    }
}
