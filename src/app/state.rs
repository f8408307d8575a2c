//! What the window keeps about the project it shows, and what its panels ask for.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::canvas::CanvasView;
use super::commands::{Situation, WindowCommand};
use super::derived::{Derived, Standing};
use super::sim::Sim;
use super::{contacts, happen, left, middle};
use crate::base::id::{ElementId, MapId};
use crate::base::time::Instant;
use crate::model::{ContactIx, Map, Preset};
use crate::session::command::Command;
use crate::session::open::Session;
use crate::session::run::Behind;

/// How the window is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Mode {
    /// The map is designed.
    #[default]
    Edit,
    /// One contact is followed.
    Simulate,
    /// Numbers are read.
    Performance,
}

impl Mode {
    /// All with their words.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Edit, "Edit"), (Self::Simulate, "Simulate"), (Self::Performance, "Performance")];
}

/// What can be open under the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Tab {
    /// What is wrong with the maps.
    Problems,
    /// Tests saved with the project.
    Tests,
    /// What was done to the project.
    History,
}

/// Which parts of the window are shown, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// How the window is used.
    pub mode: Mode,
    /// The map that is shown.
    pub map: MapId,
    /// Selected elements of it.
    pub selection: BTreeSet<ElementId>,
    /// The panel on the left.
    pub left: bool,
    /// The panel on the right.
    pub right: bool,
    /// What is open under the timeline.
    pub tab: Option<Tab>,
    /// All goal jumps are drawn.
    pub jumps: bool,
}

/// The project in the window, with all that belongs to it and is not saved in its file.
pub struct Workbench {
    /// The project.
    pub session: Session,
    /// What is shown.
    pub view: View,
    /// The camera and the gesture on the canvas.
    pub canvas: CanvasView,
    /// What follows from the project.
    pub derived: Derived,
    /// The run and the playhead.
    pub sim: Sim,
    /// The palette's search.
    pub palette: left::Palette,
    /// The list of contacts.
    pub contacts: contacts::ContactList,
    /// The form *Make something happen…*.
    pub happen: happen::Form,
    /// The map has been seen, so the camera stays where the user put it.
    pub seen: bool,
    /// Where what comes from the clipboard next is put.
    pub paste_at: Option<crate::model::Point>,
    /// What floats over the canvas.
    pub floating: Option<middle::Floating>,
    /// The results of the project's tests.
    pub tests: super::below::TestResults,
    /// The name that is being typed, of a map or the project.
    pub rename: Option<Rename>,
}

/// A name that is being typed in the place where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Rename {
    /// Whose.
    pub what: Renamed,
    /// The text so far.
    pub text: String,
    /// The field has had its first frame.
    pub shown: bool,
}

/// What can be renamed in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renamed {
    /// The project.
    Project,
    /// A map.
    Map(MapId),
    /// An element of the map that is shown.
    Element(ElementId),
}

impl Workbench {
    /// A project that has just been opened.
    pub fn new(session: Session) -> Self {
        let map = session.project().maps.keys().next().copied();
        let view = View {
            mode: Mode::Edit,
            // A project without maps is given one before it is shown; see `ensure_map`.
            map: map.unwrap_or(crate::base::id::Id::new(0)),
            selection: BTreeSet::new(),
            left: true,
            right: true,
            tab: None,
            jumps: false,
        };
        let mut bench = Self {
            session,
            view,
            canvas: CanvasView::default(),
            derived: Derived::default(),
            sim: Sim::default(),
            palette: left::Palette::default(),
            contacts: contacts::ContactList::default(),
            happen: happen::Form::default(),
            seen: false,
            paste_at: None,
            floating: None,
            tests: super::below::TestResults::default(),
            rename: None,
        };
        bench.ensure_map();
        bench
    }

    /// The map that is shown.
    pub fn map(&self) -> Option<&Arc<Map>> {
        self.session.project().maps.get(&self.view.map)
    }

    /// Makes sure that the map and the elements that the view names are there; undo may have taken them away.
    pub fn ensure_map(&mut self) {
        if self.map().is_none() {
            let first = self.session.project().maps.keys().next().copied();
            match first {
                Some(first) => self.view.map = first,
                None => {
                    // Nothing to refuse: the project has no map that the name could clash with.
                    let first = Command::NewMap { name: "Map 1".into(), preset: Preset::Ontraport };
                    let _ = self.session.command(first);
                    self.view.map =
                        self.session.project().maps.keys().next().copied().unwrap_or(self.view.map);
                }
            }
        }
        let Some(map) = self.session.project().maps.get(&self.view.map) else { return };
        self.view.selection.retain(|id| map.elements.contains_key(id));
    }

    /// What commands look at.
    pub fn situation(&self) -> Situation {
        Situation {
            project: true,
            mode: self.view.mode,
            undo: self.session.history().undo_label().is_some(),
            redo: self.session.history().redo_label().is_some(),
            selected: self.view.selection.len(),
            maps: self.session.project().maps.len(),
            people: !self.session.project().people.is_empty(),
            differs: matches!(self.derived.standing, Standing::Differs(_)),
            published: self.derived.standing.is_published(),
            running: self.sim.is_running(),
            run: self.sim.run().is_some(),
        }
    }
}

/// What a panel asks for. Nothing is done before all panels of a frame have been shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// A command of the window.
    Do(WindowCommand),
    /// A change of the document.
    Change(Command),
    /// A change of the document that only a new run makes visible.
    ChangeAndRun(Command),
    /// A change of what runs follow: a run that was made is made again.
    ChangeAndRunAgain(Command),
    /// These are selected from now on.
    Select(BTreeSet<ElementId>),
    /// Shows an element on its map and selects it.
    Show(ElementId),
    /// Shows a map.
    ShowMap(MapId),
    /// Puts this text of copied elements on the map.
    Paste(String),
    /// Puts copied elements at a place of the map.
    PasteAt(crate::model::Point),
    /// Inserts an element where it makes sense.
    Insert(crate::model::ElementKind),
    /// A name is to be typed.
    Rename(Renamed),
    /// Opens a place under the timeline, or closes it.
    Tab(Option<Tab>),
    /// Follows a contact; `None`: none.
    Pick(Option<ContactIx>),
    /// Changes the filter of the list of contacts.
    Filter(super::contacts::FilterAct),
    /// Puts the playhead at an instant.
    Seek(Instant),
    /// Sets the speed of play.
    Speed(usize),
    /// Lists the contacts behind a number.
    Behind(Behind, String),
    /// Undoes or redoes until so many steps are done.
    StepsDone(usize),
    /// Opens a file.
    OpenFile(std::path::PathBuf),
    /// Forgets a recent file.
    Forget(std::path::PathBuf),
    /// Opens a sample project by its name.
    Sample(&'static str),
    /// Runs the project's tests.
    RunTests,
    /// Chooses the seed of the next run.
    Seed(u64),
    /// Tells something.
    Tell(super::toasts::Tone, String),
}
