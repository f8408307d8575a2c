//! Conditions: what must hold for a trigger, a goal or a condition element (semantics §6), and one table of their kinds
//! ([`CONDITION_KINDS`]) that the window and the help read.

use chrono::{NaiveDate, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

use super::element::Choice;
use super::event::MembershipStatus;
use super::filter::Group;
use super::value::Value;
use crate::base::id::{
    EmailId, FieldId, LevelId, ListId, MapId, PageId, ProductId, RelationshipId, SiteId, TagId,
};
use crate::base::money::Money;
use crate::base::time::{Side, Span, Unit};

/// A tree of conditions; groups are explicit, so no rule of precedence is needed (C-01). What is not chosen yet holds
/// for nobody, and the checks say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// Every one holds; of none at all: always true.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// Not one holds.
    None(Vec<Condition>),
    /// The contact is on the map and came onto it before, on or after a day (of the account's zone). One that went off
    /// and came back counts from when it came back.
    SubscribedToMap {
        /// Which map.
        map: Option<MapId>,
        /// Before, on or after.
        is: Timing,
        /// Which day.
        date: Option<NaiveDate>,
    },
    /// The contact has been on the map for so long.
    OnMapFor {
        /// Which map.
        map: Option<MapId>,
        /// At least or at most.
        bound: Bound,
        /// How long.
        span: Span,
    },
    /// The contact is on the map, and paused there or not.
    MapState {
        /// Which map.
        map: Option<MapId>,
        /// Paused; otherwise active.
        paused: bool,
    },
    /// The field compares so with the value. A date and time compares with a date by its day in the account's zone. A
    /// birthday matches month and day (G-13): it compares as the birthday of the year of the date that it is compared
    /// with, so that before and after are those of one year.
    Field {
        /// Which field.
        field: Option<FieldId>,
        /// How.
        is: FieldOperator,
        /// With what; not used by *is empty* and *is not empty*.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<Value>,
    },
    /// The day in the date field compares so with a day counted from today, such as *30 days ago*; of a birthday the one
    /// of that day's year.
    FieldRelative {
        /// Which field.
        field: Option<FieldId>,
        /// Equals, greater (after), less (before) and so on; the operators of text hold for no date.
        is: FieldOperator,
        /// Before or after today.
        side: Side,
        /// How far.
        span: Span,
    },
    /// Now is before, during or after a moment.
    NowIs {
        /// Before, during or after.
        is: Timing,
        /// The moment.
        moment: Moment,
    },
    /// The contact has the tag.
    HasTag(Option<TagId>),
    /// The contact has not the tag.
    HasNotTag(Option<TagId>),
    /// The contact is on the fulfilment list.
    OnList(Option<ListId>),
    /// The contact is not on the fulfilment list.
    NotOnList(Option<ListId>),
    /// A relationship exists, or does not.
    Related {
        /// Of which kind.
        relationship: Option<RelationshipId>,
        /// With the record of this name; empty: with any.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        record: String,
        /// It exists; otherwise it does not.
        exists: bool,
    },
    /// The contact opened the e-mail so many times.
    Opened {
        /// Which e-mail.
        email: Option<EmailId>,
        /// How the number compares.
        comparison: Comparison,
        /// With what number.
        count: u32,
    },
    /// The contact clicked the link so many times.
    Clicked {
        /// Of which e-mail.
        email: Option<EmailId>,
        /// Number of the link from 1; 0: all of them together.
        link: u8,
        /// How the number compares.
        comparison: Comparison,
        /// With what number.
        count: u32,
    },
    /// The last text message from the contact holds an e-mail address.
    SmsHasAddress,
    /// It holds none, or there is no message.
    SmsHasNoAddress,
    /// The last text message from the contact holds the text, compared as the switch `text_match` says; a
    /// filter of contacts, which is of no map, takes upper and lower case alike.
    SmsContains(String),
    /// It does not, or there is no message.
    SmsDoesNotContain(String),
    /// The contact spent so much on the products, refunds taken off.
    Spent {
        /// Which products.
        products: Choice<ProductId>,
        /// How the amount compares.
        comparison: Comparison,
        /// With what amount.
        amount: Money,
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
    /// The contact has a running subscription of one of the products, or none.
    Subscribed {
        /// Which products.
        products: Choice<ProductId>,
        /// It has one; otherwise it has none.
        subscribed: bool,
    },
    /// The contact has had a running subscription of one of the products for so long.
    SubscribedFor {
        /// Which products.
        products: Choice<ProductId>,
        /// At least or at most.
        bound: Bound,
        /// How long.
        span: Span,
    },
    /// The contact visited the WordPress site so many times.
    VisitedSite {
        /// Which site.
        site: Option<SiteId>,
        /// How the number compares.
        comparison: Comparison,
        /// With what number.
        count: u32,
    },
    /// The contact visited the page so many times, by its personal address or not.
    VisitedPage {
        /// Which page.
        page: Option<PageId>,
        /// How the number compares.
        comparison: Comparison,
        /// With what number.
        count: u32,
    },
    /// The contact's membership of the site has this state.
    MembershipIs {
        /// Which site.
        site: Option<SiteId>,
        /// Which state.
        status: MembershipStatus,
    },
    /// The contact has the WordPress level.
    HasLevel(Option<LevelId>),
    /// The contact has not the WordPress level.
    HasNotLevel(Option<LevelId>),
}

/// Before, on (during) or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// Earlier.
    Before,
    /// The same day, or the same minute of a time.
    #[default]
    On,
    /// Later.
    After,
}

impl Timing {
    /// All with their words.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Before, "before"), (Self::On, "on"), (Self::After, "after")];
}

/// Which side of a length of time is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// So long or longer.
    #[default]
    AtLeast,
    /// So long or shorter.
    AtMost,
}

impl Bound {
    /// All with their words.
    pub const ALL: [(Self, &'static str); 2] = [(Self::AtLeast, "at least"), (Self::AtMost, "at most")];
}

/// A moment that the present is compared with, on the account's clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// A day of the week, within the week from Monday to Sunday.
    Weekday(Weekday),
    /// A date.
    Date(NaiveDate),
    /// A time of day, to the minute.
    Time(NaiveTime),
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

    /// Whether it asks how the contact stands on maps.
    pub fn asks_for_maps(&self) -> bool {
        self.leaves().into_iter().any(|leaf| {
            matches!(leaf, Self::SubscribedToMap { .. } | Self::OnMapFor { .. } | Self::MapState { .. })
        })
    }

    /// Whether something that it needs is not chosen yet.
    pub fn is_incomplete(&self) -> bool {
        self.leaves().into_iter().any(|leaf| match leaf {
            Self::SubscribedToMap { map, date, .. } => map.is_none() || date.is_none(),
            Self::OnMapFor { map, .. } | Self::MapState { map, .. } => map.is_none(),
            Self::HasTag(tag) | Self::HasNotTag(tag) => tag.is_none(),
            Self::OnList(list) | Self::NotOnList(list) => list.is_none(),
            Self::Field { field, is, value } => field.is_none() || (is.needs_value() && value.is_none()),
            Self::FieldRelative { field, .. } => field.is_none(),
            Self::Related { relationship, .. } => relationship.is_none(),
            Self::Opened { email, .. } | Self::Clicked { email, .. } => email.is_none(),
            Self::SmsContains(text) | Self::SmsDoesNotContain(text) => text.is_empty(),
            Self::Spent { products, .. }
            | Self::Ordered { products, .. }
            | Self::Subscribed { products, .. }
            | Self::SubscribedFor { products, .. } => products.is_empty(),
            Self::VisitedSite { site, .. } | Self::MembershipIs { site, .. } => site.is_none(),
            Self::VisitedPage { page, .. } => page.is_none(),
            Self::HasLevel(level) | Self::HasNotLevel(level) => level.is_none(),
            Self::NowIs { .. }
            | Self::SmsHasAddress
            | Self::SmsHasNoAddress
            | Self::All(_)
            | Self::Any(_)
            | Self::None(_) => false,
        })
    }

    /// Its row in [`CONDITION_KINDS`]; `None` for a group.
    pub fn kind(&self) -> Option<ConditionKind> {
        Some(match self {
            Self::All(_) | Self::Any(_) | Self::None(_) => return None,
            Self::SubscribedToMap { .. } => ConditionKind::SubscribedToMap,
            Self::OnMapFor { .. } => ConditionKind::OnMapFor,
            Self::MapState { .. } => ConditionKind::MapState,
            Self::Field { .. } | Self::FieldRelative { .. } => ConditionKind::Field,
            Self::NowIs { .. } => ConditionKind::NowIs,
            Self::HasTag(_) => ConditionKind::HasTag,
            Self::HasNotTag(_) => ConditionKind::HasNotTag,
            Self::OnList(_) => ConditionKind::OnList,
            Self::NotOnList(_) => ConditionKind::NotOnList,
            Self::Related { .. } => ConditionKind::Related,
            Self::Opened { .. } => ConditionKind::Opened,
            Self::Clicked { .. } => ConditionKind::Clicked,
            Self::SmsHasAddress => ConditionKind::SmsHasAddress,
            Self::SmsHasNoAddress => ConditionKind::SmsHasNoAddress,
            Self::SmsContains(_) => ConditionKind::SmsContains,
            Self::SmsDoesNotContain(_) => ConditionKind::SmsDoesNotContain,
            Self::Spent { .. } => ConditionKind::Spent,
            Self::Ordered { .. } => ConditionKind::Ordered,
            Self::Subscribed { .. } => ConditionKind::Subscribed,
            Self::SubscribedFor { .. } => ConditionKind::SubscribedFor,
            Self::VisitedSite { .. } => ConditionKind::VisitedSite,
            Self::VisitedPage { .. } => ConditionKind::VisitedPage,
            Self::MembershipIs { .. } => ConditionKind::MembershipIs,
            Self::HasLevel(_) => ConditionKind::HasLevel,
            Self::HasNotLevel(_) => ConditionKind::HasNotLevel,
        })
    }
}

/// One row of the table of condition kinds.
#[derive(Debug)]
pub struct ConditionInfo {
    /// The kind.
    pub kind: ConditionKind,
    /// Where it is listed.
    pub group: Group,
    /// Its name in lists.
    pub title: &'static str,
    /// A new one with nothing chosen yet.
    pub blank: fn() -> Condition,
}

macro_rules! condition_kinds {
    ($($kind:ident, $group:ident, $title:literal, $blank:expr;)*) => {
        /// The kinds of conditions, in the order in which the window lists them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ConditionKind {
            $(#[doc = $title] $kind,)*
        }

        /// The kinds of conditions (semantics §6).
        pub const CONDITION_KINDS: &[ConditionInfo] = &[$(ConditionInfo {
            kind: ConditionKind::$kind,
            group: Group::$group,
            title: $title,
            blank: || $blank,
        }),*];
    };
}

const DAYS_30: Span = Span { count: 30, unit: Unit::Days };

condition_kinds! {
    SubscribedToMap, Crm, "Came onto a map before, on or after a day",
        Condition::SubscribedToMap { map: None, is: Timing::After, date: None };
    OnMapFor, Crm, "Has been on a map for some time",
        Condition::OnMapFor { map: None, bound: Bound::AtLeast, span: DAYS_30 };
    MapState, Crm, "Is paused or active on a map", Condition::MapState { map: None, paused: true };
    Field, Crm, "Field is a value",
        Condition::Field { field: None, is: FieldOperator::Equals, value: None };
    NowIs, Crm, "Now is before, during or after a moment",
        Condition::NowIs { is: Timing::On, moment: Moment::Weekday(Weekday::Mon) };
    HasTag, Crm, "Has tag", Condition::HasTag(None);
    HasNotTag, Crm, "Has not tag", Condition::HasNotTag(None);
    OnList, Crm, "Is on a fulfilment list", Condition::OnList(None);
    NotOnList, Crm, "Is not on a fulfilment list", Condition::NotOnList(None);
    Related, Crm, "Relationship exists or does not",
        Condition::Related { relationship: None, record: String::new(), exists: true };
    Opened, Messages, "Opened an e-mail a number of times",
        Condition::Opened { email: None, comparison: Comparison::AtLeast, count: 1 };
    Clicked, Messages, "Clicked an e-mail link a number of times",
        Condition::Clicked { email: None, link: 0, comparison: Comparison::AtLeast, count: 1 };
    SmsHasAddress, Messages, "Last SMS contains an e-mail address", Condition::SmsHasAddress;
    SmsHasNoAddress, Messages, "Last SMS contains no e-mail address", Condition::SmsHasNoAddress;
    SmsContains, Messages, "Last SMS contains a text", Condition::SmsContains(String::new());
    SmsDoesNotContain, Messages, "Last SMS does not contain a text", Condition::SmsDoesNotContain(String::new());
    Spent, Sales, "Spent an amount on products",
        Condition::Spent { products: Choice::Any, comparison: Comparison::AtLeast, amount: Money::ZERO };
    Ordered, Sales, "Ordered products a number of times",
        Condition::Ordered { products: Choice::Any, comparison: Comparison::AtLeast, count: 1 };
    Subscribed, Sales, "Is or is not subscribed to products",
        Condition::Subscribed { products: Choice::Any, subscribed: true };
    SubscribedFor, Sales, "Has been subscribed to products for some time",
        Condition::SubscribedFor { products: Choice::Any, bound: Bound::AtLeast, span: DAYS_30 };
    VisitedSite, Sites, "Visited a WordPress site a number of times",
        Condition::VisitedSite { site: None, comparison: Comparison::AtLeast, count: 1 };
    VisitedPage, Sites, "Visited a page a number of times",
        Condition::VisitedPage { page: None, comparison: Comparison::AtLeast, count: 1 };
    MembershipIs, Sites, "Membership status is",
        Condition::MembershipIs { site: None, status: MembershipStatus::Enabled };
    HasLevel, Sites, "Has a WordPress level", Condition::HasLevel(None);
    HasNotLevel, Sites, "Has not a WordPress level", Condition::HasNotLevel(None);
}

impl ConditionKind {
    /// Its row in the table.
    pub fn info(self) -> &'static ConditionInfo {
        // The macro lists kinds and rows in one order.
        &CONDITION_KINDS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_the_25_kinds_each_with_a_blank_of_itself() {
        assert_eq!(CONDITION_KINDS.len(), 25);
        for (row, info) in CONDITION_KINDS.iter().enumerate() {
            assert_eq!(info.kind as usize, row);
            assert_eq!((info.blank)().kind(), Some(info.kind));
        }
    }
}
