//! Conditions: what must hold for a trigger, a goal or a condition element (semantics §6).

use serde::{Deserialize, Serialize};

use super::catalogue::ItemId;
use super::element::Choice;
use super::value::Value;
use crate::base::id::{FieldId, ProductId, TagId};

/// A tree of conditions; groups are explicit, so no rule of precedence is needed (C-01).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// Every one holds; of none at all: always true.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// Not one holds.
    None(Vec<Condition>),
    /// The contact has the tag.
    HasTag(Option<TagId>),
    /// The contact has not the tag.
    HasNotTag(Option<TagId>),
    /// The field compares so with the value.
    Field {
        /// Which field.
        field: Option<FieldId>,
        /// How.
        is: FieldOperator,
        /// With what; not used by *is empty* and *is not empty*.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<Value>,
    },
    /// The contact ordered the products so many times, one-off or as a subscription.
    Ordered {
        /// Which products; the pieces of all of them are added up.
        products: Choice<ProductId>,
        /// How the number of pieces compares.
        comparison: Comparison,
        /// With what number.
        count: u32,
    },
}

/// How two numbers compare; the default of all counts is *at least*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// =
    Exactly,
    /// ≥
    #[default]
    AtLeast,
    /// ≤
    AtMost,
}

impl Comparison {
    /// All with their words.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::AtLeast, "at least"), (Self::Exactly, "exactly"), (Self::AtMost, "at most")];

    /// Whether the left number compares so with the right one.
    pub fn holds<T: Ord>(self, left: T, right: T) -> bool {
        match self {
            Self::Exactly => left == right,
            Self::AtLeast => left >= right,
            Self::AtMost => left <= right,
        }
    }
}

/// How a field compares with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldOperator {
    /// The same; for dates: on.
    #[default]
    Equals,
    /// Not the same; holds for an empty field too.
    NotEquals,
    /// Greater; for dates: after.
    Greater,
    /// Less; for dates: before.
    Less,
    /// Greater or the same.
    AtLeast,
    /// Less or the same.
    AtMost,
    /// Text holds the value somewhere.
    Contains,
    /// Text does not hold the value; holds for an empty field too.
    DoesNotContain,
    /// Text starts with the value.
    StartsWith,
    /// Text ends with the value.
    EndsWith,
    /// Nothing is in the field.
    IsEmpty,
    /// Something is in the field.
    IsNotEmpty,
}

impl FieldOperator {
    /// All with their words.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::Equals, "is"),
        (Self::NotEquals, "is not"),
        (Self::Greater, "is greater than"),
        (Self::Less, "is less than"),
        (Self::AtLeast, "is at least"),
        (Self::AtMost, "is at most"),
        (Self::Contains, "contains"),
        (Self::DoesNotContain, "does not contain"),
        (Self::StartsWith, "starts with"),
        (Self::EndsWith, "ends with"),
        (Self::IsEmpty, "is empty"),
        (Self::IsNotEmpty, "is not empty"),
    ];

    /// Whether it compares with a value at all.
    pub fn needs_value(self) -> bool {
        !matches!(self, Self::IsEmpty | Self::IsNotEmpty)
    }

    /// Its words.
    pub fn words(self) -> &'static str {
        Self::ALL.iter().find(|(operator, _)| *operator == self).map_or("", |(_, words)| words)
    }
}

impl Default for Condition {
    /// Nothing is asked for.
    fn default() -> Self {
        Self::All(vec![])
    }
}

impl Condition {
    /// Whether nothing is asked for, so that everybody passes.
    pub fn is_always(&self) -> bool {
        matches!(self, Self::All(parts) if parts.is_empty())
    }

    /// The members of a group.
    pub fn parts(&self) -> &[Condition] {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => parts,
            _ => &[],
        }
    }

    /// The conditions that are no groups, from the left.
    pub fn leaves(&self) -> Vec<&Condition> {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => {
                parts.iter().flat_map(Self::leaves).collect()
            }
            leaf => vec![leaf],
        }
    }

    /// Whether something that it needs is not chosen yet.
    pub fn is_incomplete(&self) -> bool {
        self.leaves().into_iter().any(|leaf| match leaf {
            Self::HasTag(tag) | Self::HasNotTag(tag) => tag.is_none(),
            Self::Field { field, is, value } => field.is_none() || (is.needs_value() && value.is_none()),
            Self::Ordered { products, .. } => products.is_empty(),
            Self::All(_) | Self::Any(_) | Self::None(_) => false,
        })
    }

    /// The things of the catalogue that it names.
    pub fn uses(&self) -> Vec<ItemId> {
        self.leaves()
            .into_iter()
            .flat_map(|leaf| match leaf {
                Self::HasTag(tag) | Self::HasNotTag(tag) => tag.map(Into::into).into_iter().collect(),
                Self::Field { field, .. } => field.map(Into::into).into_iter().collect(),
                Self::Ordered { products, .. } => products.uses(),
                Self::All(_) | Self::Any(_) | Self::None(_) => vec![],
            })
            .collect()
    }
}
