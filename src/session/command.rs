//! What a user means, in the words of the document: the window builds commands, [`plan`] turns each into the edits of
//! one undo step or says why it cannot be done. Commands carry ids and values, never "the selection".

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::base::id::{ElementId, MapId, NoteId, OrderGoalId, RunId, SequenceId, TestId};
use crate::base::time::Instant;
use crate::model::{
    EditGroup, ElementKind, EngineRules, Item, ItemId, OrderGoal, People, Point, Port, Preset, Project,
    SavedRun, SavedTest, Sequence, Settings,
};

/// Where a new element goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// Behind this way out: at an open end, or into the line that leaves there.
    After {
        /// Where it leaves.
        from: ElementId,
        /// By which way out.
        port: Port,
    },
    /// Unconnected, with its top left corner here; for triggers and goals that stand alone this is the natural place.
    At(Point),
    /// A goal: beside the goals of this wait, as the rightmost. A plain wait becomes a goal wait by it.
    UnderWait(ElementId),
}

/// What a user means to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Puts a new element on a map. A goal brings its own wait along unless it goes under one (M-05). It
    /// comes as it is: the window offers new elements as the map starts them ([`EngineRules::start`]).
    Insert {
        /// The map.
        map: MapId,
        /// What it is.
        kind: ElementKind,
        /// Where it goes.
        spot: Spot,
    },
    /// Replaces an element's settings. Lines that leave where it has no way out any more go, too.
    Set {
        /// The map.
        map: MapId,
        /// The element.
        element: ElementId,
        /// Its settings from now on.
        kind: ElementKind,
    },
    /// Gives an element a name of its own; empty: it is described by what it does.
    Rename {
        /// The map.
        map: MapId,
        /// The element.
        element: ElementId,
        /// Its name.
        name: String,
    },
    /// Marks an element as not ready, or ready again (K-13).
    SetDraft {
        /// The map.
        map: MapId,
        /// The element.
        element: ElementId,
        /// Whether it is a draft from now on.
        draft: bool,
    },
    /// Puts elements where the user dragged them.
    Move {
        /// The map.
        map: MapId,
        /// Elements and the top left corners of their cards.
        places: Vec<(ElementId, Point)>,
    },
    /// Lets the tidy layout place all elements again.
    Tidy {
        /// The map.
        map: MapId,
    },
    /// Draws a line; one that left there before goes.
    Connect {
        /// The map.
        map: MapId,
        /// Where it comes from.
        from: ElementId,
        /// Where it leaves.
        port: Port,
        /// Where it leads.
        to: ElementId,
    },
    /// Takes a line away.
    Disconnect {
        /// The map.
        map: MapId,
        /// Where it comes from.
        from: ElementId,
        /// Where it leaves.
        port: Port,
    },
    /// Deletes elements. Where a deleted element had one way in and one way on, the line heals.
    Delete {
        /// The map.
        map: MapId,
        /// The elements; the *added to this map* trigger stays (M-03).
        elements: BTreeSet<ElementId>,
    },
    /// Puts a copy of elements, with the lines among them, beside the originals.
    Duplicate {
        /// The map.
        map: MapId,
        /// The elements.
        elements: BTreeSet<ElementId>,
    },
    /// Puts elements on the map that were copied as text ([`copy_text`]).
    Paste {
        /// The map.
        map: MapId,
        /// The text.
        text: String,
        /// Top left corner of the whole.
        at: Point,
    },
    /// Makes a sequence of waits and actions that follow one another (K-06).
    MakeSequence {
        /// The map.
        map: MapId,
        /// Its name, unique on the map.
        name: String,
        /// Its steps; the lines between them give their order.
        steps: BTreeSet<ElementId>,
    },
    /// Changes a sequence: its name, its steps (in any order) or whether it runs until completed.
    SetSequence {
        /// The map.
        map: MapId,
        /// What it is from now on.
        sequence: Sequence,
    },
    /// Takes a sequence apart; its steps stay.
    DissolveSequence {
        /// The map.
        map: MapId,
        /// The sequence.
        sequence: SequenceId,
    },
    /// Adds or changes a sticky note (a new one has an id from [`Project::fresh`]).
    PutNote {
        /// The map.
        map: MapId,
        /// The note.
        note: crate::model::Note,
    },
    /// Deletes a sticky note.
    DeleteNote {
        /// The map.
        map: MapId,
        /// The note.
        note: NoteId,
    },
    /// Adds a map with only its *added to this map* trigger.
    NewMap {
        /// Its name.
        name: String,
        /// Whose rules it begins with (K-12).
        preset: Preset,
    },
    /// Renames a map.
    RenameMap {
        /// The map.
        map: MapId,
        /// Its name.
        name: String,
    },
    /// Sets the switches of a map.
    SetRules {
        /// The map.
        map: MapId,
        /// Its switches.
        rules: EngineRules,
    },
    /// Deletes a map with its published versions; refused while something outside of it names it.
    DeleteMap(MapId),
    /// Publishes a map as it is drawn (L-01); refused while it has errors (M-10).
    Publish {
        /// The map.
        map: MapId,
        /// From when this version holds, later than the one before; `None`: from the start of each run, which only a
        /// first version can.
        at: Option<Instant>,
        /// Whether contacts who already match what it brings are placed there (G-06).
        place_matching: bool,
    },
    /// Withdraws the last published version of a map. The draft stays as it is.
    Unpublish {
        /// The map.
        map: MapId,
    },
    /// Makes the draft of a map what was published last.
    RevertToPublished {
        /// The map.
        map: MapId,
    },
    /// Renames the project.
    RenameProject(String),
    /// Replaces the project's settings.
    SetSettings(Settings),
    /// Adds an order goal, which is never changed afterwards (T-02); refused where there are as many as there may be.
    AddOrderGoal(OrderGoal),
    /// Deletes an order goal; *Orders* cannot be deleted.
    DeleteOrderGoal(OrderGoalId),
    /// Adds a thing to the catalogue or changes it.
    PutItem(Item),
    /// Takes a thing out of the catalogue; refused while something uses it.
    DeleteItem(ItemId),
    /// Replaces contacts and events; the label says how they came: `import 1,200 contacts`.
    SetPeople {
        /// For the undo list.
        label: String,
        /// All of them.
        people: Arc<People>,
    },
    /// Adds or changes a test.
    PutTest(SavedTest),
    /// Deletes a test.
    DeleteTest(TestId),
    /// Saves a run; refused if the name is taken by another.
    PutRun(SavedRun),
    /// Deletes a saved run.
    DeleteRun(RunId),
    /// Several at once as one undo step, such as a new tag and the element that adds it. Each sees what those before it
    /// did. The label is that of the last.
    Together(Vec<Command>),
}

/// Why a command cannot be done: one sentence without a full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// The edits of a command, as one undo step. A command that changes nothing has a group without edits.
pub fn plan(project: &Project, command: Command) -> Result<EditGroup, Refusal> {
    super::plan::plan(project, command)
}

/// Elements of a map, with the lines among them, as text for the clipboard; empty where nothing of it can be copied.
pub fn copy_text(project: &Project, map: MapId, elements: &BTreeSet<ElementId>) -> String {
    super::plan::clip::copy_text(project, map, elements)
}
