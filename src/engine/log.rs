//! What the timeline says: one entry for everything that happens, each with its cause.

use std::fmt;

use super::plan::{NodeIx, Plan};
use crate::base::id::{ElementId, EmailId, FieldId, MapId, TagId};
use crate::base::time::Instant;
use crate::model::{ContactIx, Happening, Port, Value};

/// Number of an entry within its contact's log, from 0.
pub type Seq = u32;

/// Number of a position within its contact's life, from 0.
pub type PositionNo = u32;

/// One thing that happened, as the timeline says it: what is large is borrowed, so that an entry that is only counted is
/// never put together in memory: what owns something must be dropped, and then the whole is built (1.6 times slower). The stored form is [`LogEntry`].
pub type Entry<'a> = EntryOf<Said<'a>>;

/// What happened, borrowed.
pub type Said<'a> = What<&'a Happening, Option<&'a Value>, Option<&'a [Seen]>>;

/// An entry that tells what happened as a `W`: [`Said`] or [`What`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EntryOf<W> {
    /// When.
    pub at: Instant,
    /// To whom.
    pub contact: ContactIx,
    /// Its number.
    pub seq: Seq,
    /// The entry that led to it; `None` for what comes from outside.
    pub cause: Option<Seq>,
    /// Where; `None` for events, which happen to a contact and not on a map.
    pub node: Option<NodeIx>,
    /// The position that it concerns.
    pub position: Option<PositionNo>,
    /// What.
    pub what: W,
}

/// What happened, with events as an `E`, values of fields as a `V` and what conditions saw as an `S`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What<E = Happening, V = Option<Value>, S = Option<Box<[Seen]>>> {
    /// An event from outside.
    Happened(E),
    /// An event that an action raised (M-12, A-02).
    Raised(E),
    /// A trigger fired or a goal was achieved (G-04). The positions held before are those that live at this entry.
    Activated,
    /// A trigger or goal matched, but its settings say no.
    Refused(Refused),
    /// Another goal of the map matched the same event before (G-05).
    SeveralGoals,
    /// A position came to the element.
    Arrived(Arrival),
    /// The position rests here.
    Rested(Rest),
    /// The position went on by this way out.
    Left {
        /// Place of the way out among those of the element, from the left; see [`Plan::outlets`].
        outlet: u8,
        /// Its name.
        port: Port,
    },
    /// The position is a copy, made at this fork (M-08).
    Copied,
    /// The position was moved away by a goal or trigger with *Move here*, whose node this is.
    Taken(NodeIx),
    /// The position was lost here.
    Dropped(Fault),
    /// A condition was asked, with what each of its parts saw (C-02) if the sink asks for it.
    Decided(bool, S),
    /// A split drew this path; 0 is a.
    Drew(u8),
    /// An e-mail was sent.
    Sent(EmailId),
    /// A tag was added by an action.
    TagAdded(TagId),
    /// A tag was removed by an action.
    TagRemoved(TagId),
    /// A field was changed by an action.
    FieldSet(FieldId, V),
    /// An action did nothing.
    Nothing(Nothing),
}

/// How a position came to an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// Down a line or by a Go To from this node.
    From(NodeIx),
    /// By an event, at a trigger or goal.
    Event,
}

/// Why and until when a position rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// A wait until this instant.
    Until(Instant),
    /// A wait that only a goal, or nothing, ends.
    Goal,
    /// An End (M-10).
    End,
    /// The way on is an open end of an unfinished map (M-10).
    OpenEnd,
}

/// Why a trigger or goal that matched was not activated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The contact is not where *who can achieve* asks for (G-01).
    Scope,
    /// Its condition does not hold.
    Condition,
    /// It was activated once before (G-03).
    Once,
    /// The contact is on the map and the setting says ignore (G-02).
    Ignore,
    /// This very event put the contact on the map (G-04).
    EntryEvent,
    /// A goal before it was achieved by the same event, and the map's rules take only the first (G-05).
    NotFirst,
}

/// What ends a position or a contact before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// More steps at one instant than the map's rules allow (M-09).
    Steps,
    /// More live positions than [`super::limits::MAX_POSITIONS`].
    Positions,
}

/// Why an action did nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nothing {
    /// What it should do is not chosen yet.
    NotChosen,
    /// The record was so already.
    Unchanged,
    /// A number should be added to a field that holds no number.
    NotANumber,
}

/// What one part of a condition saw (C-02).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Which part: its place among the leaves of the condition from the left.
    pub leaf: u16,
    /// What it found, in words.
    pub found: String,
    /// Whether it held.
    pub held: bool,
}

impl Said<'_> {
    /// The same, to keep.
    pub fn owned(self) -> What {
        match self {
            Self::Happened(what) => What::Happened(what.clone()),
            Self::Raised(what) => What::Raised(what.clone()),
            Self::Activated => What::Activated,
            Self::Refused(refused) => What::Refused(refused),
            Self::SeveralGoals => What::SeveralGoals,
            Self::Arrived(arrival) => What::Arrived(arrival),
            Self::Rested(rest) => What::Rested(rest),
            Self::Left { outlet, port } => What::Left { outlet, port },
            Self::Copied => What::Copied,
            Self::Taken(to) => What::Taken(to),
            Self::Dropped(fault) => What::Dropped(fault),
            Self::Decided(yes, seen) => What::Decided(yes, seen.map(Into::into)),
            Self::Drew(path) => What::Drew(path),
            Self::Sent(email) => What::Sent(email),
            Self::TagAdded(tag) => What::TagAdded(tag),
            Self::TagRemoved(tag) => What::TagRemoved(tag),
            Self::FieldSet(field, value) => What::FieldSet(field, value.cloned()),
            Self::Nothing(nothing) => What::Nothing(nothing),
        }
    }
}

impl<E, V, S> What<E, V, S> {
    /// Lower-case name of the kind of entry in reports and exports.
    pub fn tag(&self) -> &'static str {
        match self {
            Self::Happened(_) => "happened",
            Self::Raised(_) => "raised",
            Self::Activated => "activated",
            Self::Refused(_) => "refused",
            Self::SeveralGoals => "several_goals_matched",
            Self::Arrived(_) => "arrived",
            Self::Rested(_) => "rested",
            Self::Left { .. } => "left",
            Self::Copied => "copied",
            Self::Taken(_) => "taken",
            Self::Dropped(_) => "dropped",
            Self::Decided(..) => "decided",
            Self::Drew(_) => "drew",
            Self::Sent(_) => "sent",
            Self::TagAdded(_) => "tag_added",
            Self::TagRemoved(_) => "tag_removed",
            Self::FieldSet(..) => "field_set",
            Self::Nothing(_) => "nothing_done",
        }
    }
}

impl Refused {
    /// Why, in words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Scope => "the contact was not where the goal takes contacts from",
            Self::Condition => "its condition did not hold",
            Self::Once => "achieved once already",
            Self::Ignore => "the contact was on the map, and the setting says ignore",
            Self::EntryEvent => "this very event put the contact on the map",
            Self::NotFirst => "a goal before it was achieved by the same event",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Steps => "too many steps at one instant: a loop without a wait",
            Self::Positions => "too many positions: a fork in a loop",
        })
    }
}

/// Where a timeline's entries go: counters, a stored log, a checker.
pub trait Sink {
    /// Whether it wants what conditions saw, which costs time.
    const DETAIL: bool = false;
    /// Whether it wants refusals, which change nothing.
    const REFUSALS: bool = false;
    /// Whether it wants events, which happen to a contact and not on a map. They are numbered all the same.
    const EVENTS: bool = true;
    /// The entries from here on are those of this contact at this instant. A counter need not look at every entry for
    /// what all entries of an instant have in common.
    #[inline]
    fn turn_to(&mut self, _contact: ContactIx, _at: Instant) {}
    /// Takes the next entry.
    fn entry(&mut self, plan: &Plan, entry: &Entry<'_>);
}

/// An entry with ids in place of nodes, so that it outlives the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct LogEntry {
    /// The map; `None` for events.
    pub map: Option<MapId>,
    /// The element; `None` for events.
    pub element: Option<ElementId>,
    /// The rest of it.
    pub entry: EntryOf<What>,
}

/// A sink that keeps everything.
#[derive(Debug, Default)]
pub struct Log {
    /// The entries in the order in which they came.
    pub entries: Vec<LogEntry>,
}

impl Sink for Log {
    const DETAIL: bool = true;
    const REFUSALS: bool = true;

    fn entry(&mut self, plan: &Plan, entry: &Entry<'_>) {
        let node = entry.node.map(|ix| plan.node(ix));
        self.entries.push(LogEntry {
            map: node.map(|node| node.map),
            element: node.map(|node| node.element),
            entry: EntryOf {
                at: entry.at,
                contact: entry.contact,
                seq: entry.seq,
                cause: entry.cause,
                node: entry.node,
                position: entry.position,
                what: entry.what.owned(),
            },
        });
    }
}

/// Two sinks at once.
impl<A: Sink, B: Sink> Sink for (&mut A, &mut B) {
    const DETAIL: bool = A::DETAIL || B::DETAIL;
    const REFUSALS: bool = A::REFUSALS || B::REFUSALS;
    const EVENTS: bool = A::EVENTS || B::EVENTS;

    fn turn_to(&mut self, contact: ContactIx, at: Instant) {
        self.0.turn_to(contact, at);
        self.1.turn_to(contact, at);
    }

    fn entry(&mut self, plan: &Plan, entry: &Entry<'_>) {
        self.0.entry(plan, entry);
        self.1.entry(plan, entry);
    }
}
