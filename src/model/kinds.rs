//! The table of element kinds: what the palette, the cards, the inspector and the help read, and the checklist for a new
//! kind. A new kind is a variant of [`ElementKind`], a row here, a behaviour in `engine/kinds/`, a page in
//! `app/inspector/`, an icon in `app/icons` and a golden test in `tests/it/golden/`; the compiler asks for the first
//! five where it can, the test `every_kind_has_its_golden_test` for the rest.

use super::condition::Condition;
use super::element::{ElementKind, FieldChange, Listener, Split, Until, Wait, WaitZone};
use super::event::EventType;
use crate::base::time::{Span, Unit};

/// What an element is, without its settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// See [`ElementKind::Trigger`].
    Trigger,
    /// See [`ElementKind::Wait`].
    Wait,
    /// See [`ElementKind::Goal`].
    Goal,
    /// See [`ElementKind::Condition`].
    Condition,
    /// See [`ElementKind::Split`].
    Split,
    /// See [`ElementKind::Fork`].
    Fork,
    /// See [`ElementKind::GoTo`].
    GoTo,
    /// See [`ElementKind::End`].
    End,
    /// See [`ElementKind::Exit`].
    Exit,
    /// See [`ElementKind::SendEmail`].
    SendEmail,
    /// See [`ElementKind::ChangeTags`].
    ChangeTags,
    /// See [`ElementKind::UpdateField`].
    UpdateField,
}

/// Families of kinds; each has a colour, a shape and a place in the palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Where contacts come in.
    Trigger,
    /// What is done to contacts.
    Action,
    /// Waits and what decides about the way.
    Filter,
    /// What contacts are meant to do.
    Goal,
}

/// One row of the table.
#[derive(Debug)]
pub struct KindInfo {
    /// The kind.
    pub kind: Kind,
    /// Its name in files and reports; never changes.
    pub tag: &'static str,
    /// Its family.
    pub family: Family,
    /// Its name in the window.
    pub title: &'static str,
    /// One sentence for the palette and the help.
    pub help: &'static str,
    /// A new one.
    pub blank: fn() -> ElementKind,
}

/// The kinds in the order of the palette.
pub const KINDS: [KindInfo; 12] = [
    KindInfo {
        kind: Kind::Trigger,
        tag: "trigger",
        family: Family::Trigger,
        title: "Trigger",
        help: "Puts a contact on the map when something happens to it",
        blank: || ElementKind::Trigger(Listener::trigger(EventType::FormSubmitted)),
    },
    KindInfo {
        kind: Kind::Wait,
        tag: "wait",
        family: Family::Filter,
        title: "Wait",
        help: "Holds contacts until some time has passed, a date or a day of the week",
        blank: || {
            ElementKind::Wait(Wait {
                until: Until::TimePasses(Span { count: 1, unit: Unit::Days }),
                zone: WaitZone::Account,
                goals: vec![],
            })
        },
    },
    KindInfo {
        kind: Kind::Goal,
        tag: "goal",
        family: Family::Goal,
        title: "Goal",
        help: "Holds contacts until they do what you hope for, and pulls them here from elsewhere on the map",
        blank: || ElementKind::Goal(Listener::goal(EventType::Order)),
    },
    KindInfo {
        kind: Kind::Condition,
        tag: "condition",
        family: Family::Filter,
        title: "Condition",
        help: "Sends contacts down Yes or No by what their record says on arrival",
        blank: || ElementKind::Condition(Condition::default()),
    },
    KindInfo {
        kind: Kind::Split,
        tag: "split",
        family: Family::Filter,
        title: "Split",
        help: "Sends a percentage of contacts down each path; the paths meet again below",
        blank: || ElementKind::Split(Split::halves()),
    },
    KindInfo {
        kind: Kind::Fork,
        tag: "fork",
        family: Family::Filter,
        title: "Fork",
        help: "Sends contacts down both paths at once",
        blank: || ElementKind::Fork,
    },
    KindInfo {
        kind: Kind::GoTo,
        tag: "go_to",
        family: Family::Filter,
        title: "Go to",
        help: "Continues at another element of this map",
        blank: || ElementKind::GoTo(None),
    },
    KindInfo {
        kind: Kind::End,
        tag: "end",
        family: Family::Filter,
        title: "End",
        help: "Contacts rest here and stay on the map, so goals still reach them",
        blank: || ElementKind::End,
    },
    KindInfo {
        kind: Kind::Exit,
        tag: "exit",
        family: Family::Filter,
        title: "Exit",
        help: "Contacts leave the map here",
        blank: || ElementKind::Exit,
    },
    KindInfo {
        kind: Kind::SendEmail,
        tag: "send_email",
        family: Family::Action,
        title: "Send e-mail",
        help: "Sends one of the account's e-mails",
        blank: || ElementKind::SendEmail(None),
    },
    KindInfo {
        kind: Kind::ChangeTags,
        tag: "change_tags",
        family: Family::Action,
        title: "Change tags",
        help: "Adds tags to the contact and removes others",
        blank: || ElementKind::ChangeTags { add: vec![], remove: vec![] },
    },
    KindInfo {
        kind: Kind::UpdateField,
        tag: "update_field",
        family: Family::Action,
        title: "Update a field",
        help: "Sets, clears or adds to a field of the contact",
        blank: || ElementKind::UpdateField { field: None, change: FieldChange::Set(None) },
    },
];

impl Kind {
    /// Its row in the table.
    pub fn info(self) -> &'static KindInfo {
        KINDS.iter().find(|info| info.kind == self).expect("the table has a row for every kind; tested below")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_row_and_a_blank_of_itself() {
        for info in &KINDS {
            assert_eq!((info.blank)().kind(), info.kind);
            assert_eq!(info.kind.info().tag, info.tag);
            assert_eq!(KINDS.iter().filter(|other| other.tag == info.tag).count(), 1);
            assert!(!info.help.ends_with('.'));
        }
    }
}
