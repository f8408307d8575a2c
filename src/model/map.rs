//! A map: elements and the lines between them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::element::{Branches, Element, Point};
use super::rules::EngineRules;
use crate::base::id::{ElementId, MapId, NoteId, SequenceId};

/// Where a line leaves an element, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Port {
    /// The only way on.
    Next,
    /// The condition held.
    Yes,
    /// The condition did not hold.
    No,
    /// The left way of a fork.
    Left,
    /// The right way of a fork.
    Right,
    /// The path of least action of a goal wait.
    Timeout,
    /// A path of a split: 0 is a, 1 is b and so on; see [`Port::path`].
    Path(u8),
    /// One of several ways with a rule, by its place from the left (K-09).
    Branch(u8),
    /// The way of those whom no rule of several fits (K-09).
    Other,
    /// From a goal wait to an attached goal. No line of the document: the group has it; logs and reports name it.
    Goal,
    /// From a Go To to its target. No line of the document either.
    GoTo,
    /// Off the map, at an Exit. No line of the document either.
    Off,
}

impl Port {
    /// The path of a split with this place from the left.
    pub fn path(place: usize) -> Self {
        Self::Path(u8::try_from(place).unwrap_or(u8::MAX))
    }

    /// The way with this place from the left of an element with several.
    pub fn branch(place: usize) -> Self {
        Self::Branch(u8::try_from(place).unwrap_or(u8::MAX))
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Next => f.write_str("next"),
            Self::Yes => f.write_str("yes"),
            Self::No => f.write_str("no"),
            Self::Left => f.write_str("left"),
            Self::Right => f.write_str("right"),
            Self::Timeout => f.write_str("timeout"),
            Self::Goal => f.write_str("goal"),
            Self::GoTo => f.write_str("go_to"),
            Self::Off => f.write_str("off"),
            Self::Other => f.write_str("other"),
            Self::Branch(place) => write!(f, "branch{}", u32::from(*place) + 1),
            Self::Path(place) => write!(f, "{}", char::from(b'a'.saturating_add(*place))),
        }
    }
}

/// Text that names no port.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is no port; ports are next, yes, no, left, right, timeout, goal, go_to, off, other, a to j and branch1 to branch50"
)]
pub struct PortError(String);

impl FromStr for Port {
    type Err = PortError;
    fn from_str(text: &str) -> Result<Self, PortError> {
        Ok(match text {
            "next" => Self::Next,
            "yes" => Self::Yes,
            "no" => Self::No,
            "left" => Self::Left,
            "right" => Self::Right,
            "timeout" => Self::Timeout,
            "goal" => Self::Goal,
            "go_to" => Self::GoTo,
            "off" => Self::Off,
            "other" => Self::Other,
            _ => match text.as_bytes() {
                [letter @ b'a'..=b'j'] => Self::Path(letter - b'a'),
                _ => {
                    let number = text.strip_prefix("branch").and_then(|number| number.parse::<usize>().ok());
                    let place = number.filter(|number| (1..=Branches::MAX).contains(number));
                    place.map(|number| Self::branch(number - 1)).ok_or_else(|| PortError(text.to_owned()))?
                }
            },
        })
    }
}

impl Serialize for Port {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Port {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A line from an element down to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Where it comes from.
    pub from: ElementId,
    /// Where it leaves.
    pub port: Port,
    /// Where it leads.
    pub to: ElementId,
}

/// A sticky note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Identity.
    pub id: NoteId,
    /// What it says.
    pub text: String,
    /// Its top left corner.
    pub place: Point,
}

/// A named run of waits and actions, drawn as one group (K-06). Its steps follow one another by their only way on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    /// Identity.
    pub id: SequenceId,
    /// Label.
    pub name: String,
    /// Its steps, from the top; at least one.
    pub steps: Vec<ElementId>,
    /// A goal that is achieved does not stop it: the contact goes on to its last step beside what the goal starts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub runs_until_completed: bool,
}

/// A map (automation).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Identity.
    pub id: MapId,
    /// Label.
    pub name: String,
    /// Its switches (K-12).
    #[serde(default)]
    pub rules: EngineRules,
    /// Its elements.
    #[serde(default, with = "elements")]
    pub elements: BTreeMap<ElementId, Element>,
    /// Where each way out leads; a way out without an entry is an open end.
    #[serde(default, with = "lines")]
    pub lines: BTreeMap<(ElementId, Port), ElementId>,
    /// Sticky notes.
    #[serde(default, with = "notes", skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<NoteId, Note>,
    /// Sequences.
    #[serde(default, with = "sequences", skip_serializing_if = "BTreeMap::is_empty")]
    pub sequences: BTreeMap<SequenceId, Sequence>,
}

impl Map {
    /// A map without elements.
    pub fn new(id: MapId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            rules: EngineRules::default(),
            elements: BTreeMap::new(),
            lines: BTreeMap::new(),
            notes: BTreeMap::new(),
            sequences: BTreeMap::new(),
        }
    }

    /// The element with this id.
    pub fn element(&self, id: ElementId) -> Option<&Element> {
        self.elements.get(&id)
    }

    /// All lines, by where they come from.
    pub fn lines(&self) -> impl Iterator<Item = Line> + '_ {
        self.lines.iter().map(|(&(from, port), &to)| Line { from, port, to })
    }

    /// Where this way out leads.
    pub fn target(&self, from: ElementId, port: Port) -> Option<ElementId> {
        self.lines.get(&(from, port)).copied()
    }

    /// The sequence that the element is a step of.
    pub fn sequence_of(&self, element: ElementId) -> Option<&Sequence> {
        self.sequences.values().find(|sequence| sequence.steps.contains(&element))
    }

    /// Whether it means the same as another version of it. Where cards and notes stand and what the map is called means
    /// nothing.
    pub fn means_the_same(&self, other: &Self) -> bool {
        let same = |a: &Element, b: &Element| {
            (a.id, &a.name, a.draft) == (b.id, &b.name, b.draft) && a.kind == b.kind
        };
        self.rules == other.rules
            && self.lines == other.lines
            && self.sequences == other.sequences
            && self.elements.len() == other.elements.len()
            && self.elements.values().zip(other.elements.values()).all(|(a, b)| same(a, b))
    }

    /// The goal wait that the goal is attached to.
    pub fn wait_of(&self, goal: ElementId) -> Option<ElementId> {
        self.elements.values().find(|element| element.kind.goals().contains(&goal)).map(|element| element.id)
    }
}

macro_rules! written_as_list {
    ($module:ident, $key:ty, $item:ty, $stored:ty, $to:expr, $from:expr) => {
        mod $module {
            use super::*;
            use serde::{Deserializer, Serializer};

            pub fn serialize<S: Serializer>(
                map: &BTreeMap<$key, $stored>,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(map.iter().map($to))
            }

            pub fn deserialize<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<BTreeMap<$key, $stored>, D::Error> {
                let mut map = BTreeMap::new();
                for item in Vec::<$item>::deserialize(deserializer)? {
                    let (key, stored): ($key, $stored) = ($from)(item);
                    if map.insert(key, stored).is_some() {
                        return Err(serde::de::Error::custom(format!("{key:?} stands twice")));
                    }
                }
                Ok(map)
            }
        }
    };
}

written_as_list!(elements, ElementId, Element, Element, |(_, element)| element, |e: Element| (e.id, e));
written_as_list!(notes, NoteId, Note, Note, |(_, note)| note, |n: Note| (n.id, n));
written_as_list!(sequences, SequenceId, Sequence, Sequence, |(_, s)| s, |s: Sequence| (s.id, s));
written_as_list!(
    lines,
    (ElementId, Port),
    Line,
    ElementId,
    |(&(from, port), &to)| Line { from, port, to },
    |line: Line| ((line.from, line.port), line.to)
);
