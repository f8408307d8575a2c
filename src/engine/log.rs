//! What the timeline says: one entry for everything that happens, each with its cause.

use std::fmt;

use super::explain::Chance;
use super::plan::{NodeIx, Plan};
use crate::base::id::{ElementId, EmailId, MapId, MemberId, PostcardId, SequenceId, SmsId};
use crate::base::time::Instant;
use crate::model::{ContactIx, Happening, Kind, Port};

/// An enum of reasons: their words, and their numbers in packed logs.
macro_rules! listed {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $words:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// All of them, each at its number.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }

        impl fmt::Display for $name {
            /// Why, in words.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $words),* })
            }
        }
    };
}

/// Number of an entry within its contact's log, from 0.
pub type Seq = u32;

/// Number of a position within its contact's life, from 0.
pub type PositionNo = u32;

/// One thing that happened, as the timeline says it: what is large is borrowed, so that an entry that is only counted is
/// never put together in memory: what owns something must be dropped, and then the whole is built (1.6 times slower).
/// The stored form is [`LogEntry`].
pub type Entry<'a> = EntryOf<Said<'a>>;

/// What happened, borrowed.
pub type Said<'a> = What<&'a Happening, Option<&'a [Seen]>>;

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

/// What happened, with events as an `E` and what conditions saw as an `S`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What<E = Happening, S = Option<Box<[Seen]>>> {
    /// An event from outside, or one that the account brings about by itself at its time.
    Happened(E),
    /// An event that another event or an action raised (M-12, A-02).
    Raised(E),
    /// A later version of a map was published while the contact was on it (L-01).
    Published(MapId),
    /// A trigger fired or a goal was achieved (G-04). The positions held before are those that live at this entry.
    Activated,
    /// A trigger or goal matched, but its settings say no; with what each part of its condition saw (C-02) if that does
    /// not hold and the sink asks for it.
    Refused(Refused, S),
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
    /// The position is a copy, made here (M-08, K-09).
    Copied,
    /// The position was moved away by a goal or trigger with *Move here*, whose node this is.
    Taken(NodeIx),
    /// The position was taken off the map.
    Removed(Removal),
    /// The position was lost here.
    Dropped(Fault),
    /// What stands here was passed over.
    Skipped(Skip),
    /// The position came into, or out of, a state in a sequence (K-07).
    Sequence(SequenceId, Phase),
    /// A condition was asked, with what each of its parts saw (C-02) if the sink asks for it.
    Decided(bool, S),
    /// Of several ways with rules these are taken: a bit for each, the leftmost way the lowest; none set: *Other*, or none.
    Chose(u64, S),
    /// A split drew this path; 0 is a.
    Drew(u8),
    /// A message was sent.
    Sent(Message),
    /// A message was held back.
    Suppressed(Message, Suppression),
    /// An action changed the record so; the event that it raises, if any, follows.
    Changed(E),
    /// The contact got an owner.
    Routed(MemberId),
    /// An action of this kind was done that changes nothing which a map could see; for this team member, where it is for
    /// one. The rest is in its settings.
    Did(Kind, Option<MemberId>),
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
    /// Put there by the publication of a later version.
    Publication,
}

/// Why and until when a position rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// A wait until this instant.
    Until(Instant),
    /// A wait that only an event, or nothing, ends.
    Goal,
    /// An End (M-10).
    End,
    /// The way on is an open end of an unfinished map (M-10).
    OpenEnd,
    /// The end of a sequence with nothing below, or of one that ran until completed beside its goal (K-06, K-07).
    Done,
    /// *Add to automation* holds until the contact is off that map (M-11).
    OnMap(MapId),
}

listed! {
    /// What takes a position off its map.
    Removal {
        /// An action.
        Action = "an action took it off the map",
        /// Somebody by hand.
        ByHand = "somebody took the contact off the map",
        /// A later version of the map has not its place any more.
        Publication = "the new version has not its place any more",
    }
}

listed! {
    /// Why a step was passed over.
    Skip {
        /// It is a draft (K-13).
        Draft = "it is a draft",
        /// It came more days late than the map allows (K-11).
        Late = "it came too late",
        /// The timer above it was past (K-10).
        PastTimer = "the timer above it was past",
        /// It was done before the new version was published (K-11).
        Done = "it was done before",
    }
}

listed! {
    /// What becomes of a contact in a sequence (K-07).
    Phase {
        /// It began; the position is active.
        Started = "started",
        /// Its steps are done and the position waits for the goal behind it.
        Queued = "queued",
        /// Its steps are done and nothing follows.
        Done = "done",
        /// Its steps are done and the position went on.
        Completed = "completed",
        /// The position was taken away.
        Stopped = "stopped",
    }
}

listed! {
    /// Why a trigger or goal that matched was not activated.
    Refused {
        /// The contact is paused on the map (M-14).
        Paused = "the contact was paused on the map",
        /// Its condition does not hold.
        Condition = "its condition did not hold",
        /// The contact is not where *who can achieve* asks for (G-01).
        Scope = "the contact was not where the goal takes contacts from",
        /// This very event put the contact on the map (G-04).
        EntryEvent = "this very event put the contact on the map",
        /// It was activated once before (G-03).
        Once = "achieved once already",
        /// The contact is on the map and the setting says ignore (G-02).
        Ignore = "the contact was on the map, and the setting says ignore",
        /// The contact is active in the sequence that the goal would start, or may not come in again (K-08).
        AlreadyInSequence = "in the sequence that it would start already, or not let in again",
        /// A goal before it was achieved by the same event, and the map's rules take only the first (G-05).
        NotFirst = "a goal before it was achieved by the same event",
    }
}

listed! {
    /// What ends a position or a contact before its time.
    Fault {
        /// More steps at one instant than the map's rules allow (M-09); ends the contact.
        Steps = "too many steps at one instant: a loop without a wait",
        /// More live positions than [`super::limits::MAX_POSITIONS`]; ends the contact.
        Positions = "too many positions: a fork in a loop",
        /// No rule of several ways fits (K-09).
        NoBranch = "no branch fits, so the contact falls out of the map",
        /// Behind a timer that is past no other timer follows (K-10).
        NoTimerLeft = "the timer is past and no other follows, so the contact falls out of the map",
        /// The contact is active in the sequence already (K-08).
        AlreadyInSequence = "already in the sequence, so nothing is sent again",
        /// The contact was in the sequence, and the map's rules let nobody come in again (K-08).
        NoReentry = "it was in the sequence before and may not come in again",
    }
}

impl Fault {
    /// Whether it ends the contact, not just the position (M-09).
    pub fn ends_contact(self) -> bool {
        matches!(self, Self::Steps | Self::Positions)
    }
}

listed! {
    /// Why an action did nothing.
    Nothing {
        /// What it should do is not chosen yet.
        NotChosen = "not everything is chosen yet",
        /// The record was so already.
        Unchanged = "it was so already",
        /// A number should be added to a field that holds no number.
        NotANumber = "the field holds no number",
        /// A field that holds no date should be moved.
        NotADate = "the field holds no date",
        /// The contact is not on the map.
        NotOnMap = "the contact is not on that map",
        /// The other map does not take the contact (M-11).
        NotTaken = "the other map does not take the contact",
    }
}

listed! {
    /// Why a message was held back.
    Suppression {
        /// The contact takes only transactional e-mail.
        TransactionalOnly = "the contact takes only transactional e-mail",
        /// The address does not exist.
        HardBounce = "the address bounced for good",
        /// The contact is under review.
        UnderReview = "the contact is under review",
        /// The contact does not want text messages.
        OptedOut = "the contact does not want text messages",
        /// The contact has no number.
        NoNumber = "the contact has no number",
    }
}

/// A message to the contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Message {
    /// An e-mail.
    Email(EmailId),
    /// A text message.
    Sms(SmsId),
    /// A postcard.
    Postcard(PostcardId),
}

/// What one part of a condition saw (C-02).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Which part: its place among the leaves of the condition from the left; of several ways: of all their rules.
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
            Self::Changed(what) => What::Changed(what.clone()),
            Self::Decided(yes, seen) => What::Decided(yes, seen.map(Into::into)),
            Self::Chose(ways, seen) => What::Chose(ways, seen.map(Into::into)),
            Self::Published(map) => What::Published(map),
            Self::Activated => What::Activated,
            Self::Refused(refused, seen) => What::Refused(refused, seen.map(Into::into)),
            Self::SeveralGoals => What::SeveralGoals,
            Self::Arrived(arrival) => What::Arrived(arrival),
            Self::Rested(rest) => What::Rested(rest),
            Self::Left { outlet, port } => What::Left { outlet, port },
            Self::Copied => What::Copied,
            Self::Taken(to) => What::Taken(to),
            Self::Removed(removal) => What::Removed(removal),
            Self::Dropped(fault) => What::Dropped(fault),
            Self::Skipped(skip) => What::Skipped(skip),
            Self::Sequence(sequence, phase) => What::Sequence(sequence, phase),
            Self::Drew(path) => What::Drew(path),
            Self::Sent(message) => What::Sent(message),
            Self::Suppressed(message, why) => What::Suppressed(message, why),
            Self::Routed(member) => What::Routed(member),
            Self::Did(kind, member) => What::Did(kind, member),
            Self::Nothing(nothing) => What::Nothing(nothing),
        }
    }
}

impl<E, S> What<E, S> {
    /// Lower-case name of the kind of entry in reports and exports.
    pub fn tag(&self) -> &'static str {
        match self {
            Self::Happened(_) => "happened",
            Self::Raised(_) => "raised",
            Self::Published(_) => "published",
            Self::Activated => "activated",
            Self::Refused(..) => "refused",
            Self::SeveralGoals => "several_goals_matched",
            Self::Arrived(_) => "arrived",
            Self::Rested(_) => "rested",
            Self::Left { .. } => "left",
            Self::Copied => "copied",
            Self::Taken(_) => "taken",
            Self::Removed(_) => "removed",
            Self::Dropped(_) => "dropped",
            Self::Skipped(_) => "skipped",
            Self::Sequence(..) => "sequence",
            Self::Decided(..) => "decided",
            Self::Chose(..) => "chose",
            Self::Drew(_) => "drew",
            Self::Sent(_) => "sent",
            Self::Suppressed(..) => "suppressed",
            Self::Changed(_) => "changed",
            Self::Routed(_) => "routed",
            Self::Did(..) => "did",
            Self::Nothing(_) => "nothing_done",
        }
    }
}

/// Where a timeline's entries go: counters, a stored log, a checker.
pub trait Sink {
    /// Whether it wants what conditions saw, which costs time.
    const DETAIL: bool = false;
    /// Whether it wants refusals, which change nothing.
    const REFUSALS: bool = false;
    /// Whether it wants events, which happen to a contact and not on a map. They are numbered all the same, if any are.
    const EVENTS: bool = true;
    /// Whether it wants to know of entries which came of which. For one that only counts they need no numbers.
    const NUMBERS: bool = true;
    /// Whether it watches one listener: [`Sink::watched`] says which, [`Sink::witness`] hears of every event that could
    /// activate it.
    const WITNESS: bool = false;
    /// Whether it wants each entry, in order. One that only counts may take the commonest visits as a whole instead, by
    /// [`Sink::passed`].
    const IN_ORDER: bool = true;
    /// Takes the visit of a position that arrived at a node, did not rest and left by this outlet, in place of the two
    /// entries; of sinks that do not want them in order.
    fn passed(&mut self, _node: NodeIx, _outlet: u8) {}
    /// The listener that it watches.
    fn watched(&self) -> Option<NodeIx> {
        None
    }
    /// Takes an event that the watched listener could hear, with what decides about it.
    fn witness(&mut self, _chance: Chance) {}
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
    const NUMBERS: bool = A::NUMBERS || B::NUMBERS;

    fn turn_to(&mut self, contact: ContactIx, at: Instant) {
        self.0.turn_to(contact, at);
        self.1.turn_to(contact, at);
    }

    fn entry(&mut self, plan: &Plan, entry: &Entry<'_>) {
        self.0.entry(plan, entry);
        self.1.entry(plan, entry);
    }
}
