//! What the canvas is given to show, and what it says that the user did.

use std::collections::{BTreeMap, BTreeSet};

use egui::Pos2;

use crate::base::id::ElementId;
use crate::base::problem::Severity;
use crate::model::{ElementKind, Graph, Map, Point, Port, Project};
use crate::session::command::Command;
use crate::session::layout::Layout;

/// What is to be seen. Everything that can be derived is derived by the caller, once per change of the document.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The project, for the words on the cards.
    pub project: &'a Project,
    /// The map.
    pub map: &'a Map,
    /// The shape of the map.
    pub graph: &'a Graph,
    /// Where everything stands.
    pub layout: &'a Layout,
    /// Which elements are selected.
    pub selection: &'a BTreeSet<ElementId>,
    /// How many findings each element has, and the worst.
    pub problems: &'a BTreeMap<ElementId, (usize, Severity)>,
    /// Numbers on elements and lines.
    pub overlay: Option<&'a Overlay>,
    /// What stands out, while all else steps back.
    pub highlight: Option<&'a Highlight>,
    /// All goal jumps are shown, not only those of the hovered or selected goal.
    pub all_jumps: bool,
    /// Nothing can be moved, connected or dropped.
    pub read_only: bool,
}

/// Numbers on elements and lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overlay {
    /// Numbers of an element.
    pub elements: BTreeMap<ElementId, ElementNumbers>,
    /// Contacts that went along a line, by where it leaves. [`Overlay::goals`] has those from goal waits to goals.
    pub lines: BTreeMap<(ElementId, Port), LineNumbers>,
    /// Contacts that went from a goal wait to an attached goal.
    pub goals: BTreeMap<(ElementId, ElementId), LineNumbers>,
    /// Contacts that a goal pulled to itself from an element elsewhere.
    pub jumps: BTreeMap<(ElementId, ElementId), u64>,
}

/// Numbers of an element.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ElementNumbers {
    /// Contacts that are here now.
    pub here: u64,
    /// Contacts that have been here and went on.
    pub were: u64,
    /// The chosen measure from 0 to 1, as a bar under the numbers.
    pub bar: Option<f32>,
    /// The chosen measure in words; stands in the place of `were`.
    pub measure: Option<String>,
}

/// Numbers of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LineNumbers {
    /// Contacts that went along it.
    pub contacts: u64,
    /// Its part, from 0 to 1, of the contacts that count for its width.
    pub share: f32,
}

/// What stands out, such as the way of one contact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Highlight {
    /// Elements on the way.
    pub elements: BTreeSet<ElementId>,
    /// Lines on the way, by where they leave.
    pub lines: BTreeSet<(ElementId, Port)>,
    /// Elements where the contact is now.
    pub here: BTreeSet<ElementId>,
}

/// A new element on its way from the palette; the payload of egui's drag and drop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PalettePayload(pub ElementKind);

/// What the user did. Places on the screen are for popups.
#[derive(Debug, Clone, PartialEq)]
pub enum CanvasEvent {
    /// From now on these are selected.
    Select(BTreeSet<ElementId>),
    /// The document is to change.
    Command(Command),
    /// *What happens next?* behind this open end.
    AskNext {
        /// The element.
        from: ElementId,
        /// Its way out.
        port: Port,
        /// Where the button is.
        at: Pos2,
    },
    /// An element is to be inserted into the line that leaves here.
    AskOnLine {
        /// Where the line comes from.
        from: ElementId,
        /// Where it leaves.
        port: Port,
        /// Where the + is.
        at: Pos2,
    },
    /// The element's settings are wanted: Enter or a double click.
    Edit(ElementId),
    /// A menu is wanted.
    ContextMenu {
        /// On which element; `None`: on the free canvas.
        element: Option<ElementId>,
        /// Where on the screen.
        at: Pos2,
        /// Where on the map, for pasting.
        place: Point,
    },
    /// What the user tried cannot be done: one sentence.
    Refused(String),
}
