//! What each element kind decides when a position arrives. Behaviours read; only the timeline changes anything.

pub mod branches;
pub mod delay;
pub mod router;
pub mod split;
pub mod update_field;
pub mod wait;

use crate::model::{Action, Branches, Condition, Element, ElementKind, Split, Wait};

/// What an element decides, with all it needs for that.
#[derive(Debug, Clone)]
pub enum Behaviour {
    /// The version of the map that holds has not this element.
    Absent,
    /// Triggers and goals: the event did its work, the position goes on.
    Pass,
    /// A step that is not ready is passed over (K-13); who rested at the wait before it became a draft waits on.
    Draft(Option<Wait>),
    /// See [`wait`].
    Wait(Wait),
    /// Yes is the way out at the left, No the one at the right; asked once, on arrival (M-06).
    Condition(Condition),
    /// See [`branches`].
    Branches(Branches),
    /// See [`split`].
    Split(Split),
    /// Both ways at once (M-08).
    Fork,
    /// On to the target, in no time (M-09).
    GoTo,
    /// Rests for ever (M-10).
    End,
    /// Off the map (M-10).
    Exit,
    /// Does something and lets the position go on at once (M-11).
    Action(Action),
    /// An action that does nothing, as something is not chosen yet.
    NotChosen,
}

impl Behaviour {
    /// The behaviour of an element.
    pub fn of(element: &Element) -> Self {
        match &element.kind {
            ElementKind::Wait(wait) if element.draft && element.kind.is_step() => {
                Self::Draft(Some(wait.clone()))
            }
            kind if element.draft && kind.is_step() => Self::Draft(None),
            ElementKind::Trigger(_) | ElementKind::Goal(_) => Self::Pass,
            ElementKind::Wait(wait) => Self::Wait(wait.clone()),
            ElementKind::Condition(condition) => Self::Condition(condition.clone()),
            ElementKind::Branches(branches) => Self::Branches(branches.clone()),
            ElementKind::Split(split) => Self::Split(split.clone()),
            ElementKind::Fork => Self::Fork,
            ElementKind::GoTo(_) => Self::GoTo,
            ElementKind::End => Self::End,
            ElementKind::Exit => Self::Exit,
            ElementKind::Action(action) if action.open_setting().is_some() => Self::NotChosen,
            ElementKind::Action(action) => Self::Action(action.clone()),
        }
    }

    /// Whether a position only passes, by the leftmost way out, whatever the record says.
    pub fn passes(&self) -> bool {
        matches!(self, Self::Pass | Self::GoTo | Self::Action(Action::SendEmail(Some(_))))
    }

    /// Whether it is passed over until it is ready.
    pub fn is_draft(&self) -> bool {
        matches!(self, Self::Draft(_))
    }

    /// The rule by which a position rests here.
    pub fn wait(&self) -> Option<&Wait> {
        match self {
            Self::Wait(wait) | Self::Draft(Some(wait)) => Some(wait),
            _ => None,
        }
    }
}
