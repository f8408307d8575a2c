//! What each element kind decides when a position arrives. Behaviours read; only the timeline changes anything.

mod change_tags;
mod condition;
mod split;
mod update_field;
pub mod wait;

use super::log::{Nothing, Rest, Seen};
use super::record::Record;
use crate::base::id::{EmailId, FieldId, TagId};
use crate::base::random;
use crate::base::time::{Instant, Zone};
use crate::model::{Condition, ElementKind, EngineRules, FieldChange, Split, Value, Wait, WaitZone};

/// What an element decides, with all it needs for that.
#[derive(Debug, Clone)]
pub enum Behaviour {
    /// Triggers and goals: the event did its work, the position goes on.
    Pass,
    /// See [`wait`].
    Wait(Wait),
    /// See [`condition`].
    Condition(Condition),
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
    /// Sends an e-mail.
    SendEmail(Option<EmailId>),
    /// See [`change_tags`].
    ChangeTags(Vec<TagId>, Vec<TagId>),
    /// See [`update_field`].
    UpdateField(Option<FieldId>, FieldChange),
}

/// What becomes of a position that has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It goes on by the way out at this place from the left.
    Go(u8),
    /// It rests.
    Rest(Rest),
    /// It goes both ways, as two (M-08).
    Both,
    /// It leaves the map.
    Off,
}

/// What an element does beside deciding about the way.
#[derive(Debug, Clone, PartialEq)]
pub enum Act<'a> {
    /// Nothing, as is its nature.
    None,
    /// Sends an e-mail.
    Send(EmailId),
    /// Adds tags, then removes tags.
    ChangeTags {
        /// To add.
        add: &'a [TagId],
        /// To remove.
        remove: &'a [TagId],
    },
    /// Sets or empties a field.
    SetField(FieldId, Option<Value>),
    /// Cannot do what it should, for this reason.
    Nothing(Nothing),
    /// Says how a condition was decided.
    Decided(bool, Option<Box<[Seen]>>),
    /// Says what a split drew.
    Drew(u8),
}

/// What a behaviour may read.
pub struct Visit<'a> {
    /// Now.
    pub now: Instant,
    /// The contact's record.
    pub record: &'a Record,
    /// The switches of the map.
    pub rules: &'a EngineRules,
    /// The account's time zone.
    pub account_zone: &'a Zone,
    /// The contact's time zone, or the account's where it has none.
    pub contact_zone: &'a Zone,
    /// Whether what conditions saw is wanted.
    pub detail: bool,
    /// Seed of the run, number of the contact, number of the element, and how often the contact came here before: what
    /// chance is made of.
    pub chance: [u64; 4],
}

impl Visit<'_> {
    /// A draw of 64 even bits that belongs to this arrival alone.
    pub fn draw(&self) -> u64 {
        let [seed, contact, element, nth] = self.chance;
        random::draw(seed, contact, element, nth)
    }

    /// The zone that a wait reads (W-02).
    pub fn zone(&self, zone: WaitZone) -> &Zone {
        match zone {
            WaitZone::Account => self.account_zone,
            WaitZone::Contact => self.contact_zone,
        }
    }
}

impl Behaviour {
    /// The behaviour of an element.
    pub fn of(kind: &ElementKind) -> Self {
        match kind {
            ElementKind::Trigger(_) | ElementKind::Goal(_) => Self::Pass,
            ElementKind::Wait(wait) => Self::Wait(wait.clone()),
            ElementKind::Condition(condition) => Self::Condition(condition.clone()),
            ElementKind::Split(split) => Self::Split(split.clone()),
            ElementKind::Fork => Self::Fork,
            ElementKind::GoTo(_) => Self::GoTo,
            ElementKind::End => Self::End,
            ElementKind::Exit => Self::Exit,
            ElementKind::SendEmail(email) => Self::SendEmail(*email),
            ElementKind::ChangeTags { add, remove } => Self::ChangeTags(add.clone(), remove.clone()),
            ElementKind::UpdateField { field, change } => Self::UpdateField(*field, change.clone()),
        }
    }

    /// Whether chance decides here, so that arrivals are counted.
    pub(super) fn draws(&self) -> bool {
        matches!(self, Self::Split(_))
    }

    /// A position has arrived: what the element does, and what becomes of the position. The visit is only put together
    /// for kinds that look at it.
    #[inline(always)]
    pub(super) fn arrive<'a>(&self, visit: impl FnOnce() -> Visit<'a>) -> (Act<'_>, Step) {
        match self {
            Self::Pass | Self::GoTo => (Act::None, Step::Go(0)),
            Self::Wait(wait) => (Act::None, wait::arrive(wait, &visit())),
            Self::Condition(condition) => condition::arrive(condition, &visit()),
            Self::Split(split) => split::arrive(split, &visit()),
            Self::Fork => (Act::None, Step::Both),
            Self::End => (Act::None, Step::Rest(Rest::End)),
            Self::Exit => (Act::None, Step::Off),
            Self::SendEmail(Some(email)) => (Act::Send(*email), Step::Go(0)),
            Self::SendEmail(None) => (Act::Nothing(Nothing::NotChosen), Step::Go(0)),
            Self::ChangeTags(add, remove) => (change_tags::arrive(add, remove), Step::Go(0)),
            Self::UpdateField(field, change) => (update_field::arrive(*field, change, &visit()), Step::Go(0)),
        }
    }
}
