//! What a life says: the words of the engine's log, with ids where that has numbers of nodes and ways out.

use gateline::base::id::{ElementId, MapId, MemberId, SequenceId};
use gateline::base::time::Instant;
use gateline::engine::log::{
    Arrival, Fault, Message, Nothing, Phase, PositionNo, Refused, Removal, Rest, Seq, Skip, Suppression,
};
use gateline::engine::{LogEntry, Plan, What};
use gateline::model::{Happening, Kind, Port};

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub at: Instant,
    pub seq: Seq,
    pub cause: Option<Seq>,
    pub element: Option<ElementId>,
    pub position: Option<PositionNo>,
    pub what: Said,
}

/// What happened: [`What`] without nodes, and of what conditions saw only which parts held.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    Happened(Happening),
    Raised(Happening),
    Published(MapId),
    Activated,
    Refused(Refused),
    SeveralGoals,
    Arrived(From),
    Rested(Rest),
    Left(Port),
    Copied,
    Taken(ElementId),
    Removed(Removal),
    Dropped(Fault),
    Skipped(Skip),
    Sequence(SequenceId, Phase),
    Decided(bool, Vec<(u16, bool)>),
    Chose(u64, Vec<(u16, bool)>),
    Drew(u8),
    Sent(Message),
    Suppressed(Message, Suppression),
    Changed(Happening),
    Routed(MemberId),
    Did(Kind, Option<MemberId>),
    Nothing(Nothing),
}

/// How a position came to an element.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum From {
    Element(ElementId),
    Event,
    Publication,
}

/// An entry of the engine in these words.
pub fn line(plan: &Plan, entry: &LogEntry) -> Line {
    let element = |node| plan.node(node).element;
    let held = |seen: &Option<Box<[gateline::engine::log::Seen]>>| {
        seen.iter().flatten().map(|seen| (seen.leaf, seen.held)).collect()
    };
    let what = match &entry.entry.what {
        What::Happened(what) => Said::Happened(what.clone()),
        What::Raised(what) => Said::Raised(what.clone()),
        What::Published(map) => Said::Published(*map),
        What::Activated => Said::Activated,
        What::Refused(why, _) => Said::Refused(*why),
        What::SeveralGoals => Said::SeveralGoals,
        What::Arrived(Arrival::From(node)) => Said::Arrived(From::Element(element(*node))),
        What::Arrived(Arrival::Event) => Said::Arrived(From::Event),
        What::Arrived(Arrival::Publication) => Said::Arrived(From::Publication),
        What::Rested(rest) => Said::Rested(*rest),
        What::Left { outlet, port } => {
            let node = entry.entry.node.unwrap();
            assert_eq!(plan.outlets(node)[usize::from(*outlet)].port, *port, "the way out at this place");
            Said::Left(*port)
        }
        What::Copied => Said::Copied,
        What::Taken(node) => Said::Taken(element(*node)),
        What::Removed(removal) => Said::Removed(*removal),
        What::Dropped(fault) => Said::Dropped(*fault),
        What::Skipped(skip) => Said::Skipped(*skip),
        What::Sequence(sequence, phase) => Said::Sequence(*sequence, *phase),
        What::Decided(yes, seen) => Said::Decided(*yes, held(seen)),
        What::Chose(ways, seen) => Said::Chose(*ways, held(seen)),
        What::Drew(path) => Said::Drew(*path),
        What::Sent(message) => Said::Sent(*message),
        What::Suppressed(message, why) => Said::Suppressed(*message, *why),
        What::Changed(what) => Said::Changed(what.clone()),
        What::Routed(member) => Said::Routed(*member),
        What::Did(kind, member) => Said::Did(*kind, *member),
        What::Nothing(nothing) => Said::Nothing(*nothing),
    };
    let at = &entry.entry;
    Line { at: at.at, seq: at.seq, cause: at.cause, element: entry.element, position: at.position, what }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".into());
        let cause = or_dash(self.cause.map(|cause| cause.to_string()));
        let element = or_dash(self.element.map(|element| element.to_string()));
        let position = or_dash(self.position.map(|no| format!("p{no}")));
        write!(f, "{:>3} {} <{cause:>3} {element:>6} {position:>3} {:?}", self.seq, self.at, self.what)
    }
}
