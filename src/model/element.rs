//! Elements: what stands on a map, with its settings (semantics §2, §3, §5, §7).

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::action::Action;
use super::condition::Condition;
use super::filter::{EventFilter, EventType};
use super::kinds::Kind;
use super::map::Port;
use super::rules::BranchPolicy;
use crate::base::id::{ElementId, FieldId};
use crate::base::time::{Side, Span, Weekdays};

/// A place on the canvas: the top left corner of a card in points at 100 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Down.
    pub y: i32,
}

/// One element of a map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// Identity; survives every edit (L-04).
    pub id: ElementId,
    /// Its own name; empty: it is described by what it does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What it is.
    pub kind: ElementKind,
    /// Not ready: a step is passed over, a trigger or goal does not listen (K-13).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub draft: bool,
    /// Where the user put it; `None`: where the tidy layout puts it. Never changes what the map means (M-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Point>,
}

/// What an element is, with its settings. [`super::kinds`] has a row for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ElementKind {
    /// Puts contacts on the map (M-02).
    Trigger(Listener),
    /// Pulls contacts to itself when they do what it waits for (M-05).
    Goal(Listener),
    /// Holds until its rule says so (M-04); with goals attached, the head of a goal group (M-05).
    Wait(Wait),
    /// Yes or no, asked once on arrival (M-06).
    Condition(Condition),
    /// One of several paths by percentage; the paths rejoin (M-07).
    Split(Split),
    /// Both paths at once (M-08).
    Fork,
    /// Jumps to another element of the map (M-09).
    GoTo(Option<ElementId>),
    /// Rests for ever and stays on the map (M-10).
    End,
    /// Leaves the map (M-10).
    Exit,
    /// Several ways, each with a rule (K-09).
    Branches(Branches),
    /// Does something to those who pass (M-11).
    Action(Action),
}

/// Several ways out, each with a rule, and which of those that hold are taken (K-09).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branches {
    /// First match or all matching; yes or no is a [`Condition`] element.
    pub policy: BranchPolicy,
    /// The ways, from left to right; at most [`Branches::MAX`].
    pub branches: Vec<Branch>,
}

/// One of several ways out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Branch {
    /// Its own name; empty: it is described by its rule.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Who goes this way; without a rule everyone.
    #[serde(skip_serializing_if = "Condition::is_always")]
    pub rule: Condition,
}

impl Branches {
    /// Most ways that an element can have.
    pub const MAX: usize = 50;

    /// Two ways without rules.
    pub fn blank(policy: BranchPolicy) -> Self {
        Self { policy, branches: vec![Branch::default(), Branch::default()] }
    }
}

/// Any thing of a kind, or some of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice<T> {
    /// Any.
    Any,
    /// One of these; none chosen yet: nothing matches.
    OneOf(Vec<T>),
}

impl<T: Copy + PartialEq> Choice<T> {
    /// Whether the thing is among them.
    pub fn includes(&self, thing: T) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(things) => things.contains(&thing),
        }
    }

    /// Whether nothing can match.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::OneOf(things) if things.is_empty())
    }
}

/// Settings that triggers and goals share (semantics §3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// The event.
    pub on: EventFilter,
    /// What must hold on the record after the event.
    #[serde(default, skip_serializing_if = "Condition::is_always")]
    pub conditions: Condition,
    /// Who can achieve it (G-01).
    pub who: Who,
    /// What happens to someone already on the map (G-02).
    pub if_on_map: IfOnMap,
    /// At most once in a contact's life (G-03).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub once: bool,
}

/// G-01: who can achieve a goal, or who a trigger listens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Any contact in the account, on the map or not.
    AnyContact,
    /// Any contact on this map.
    OnMap,
    /// Contacts on any element from which the goal can be reached going down; goals only.
    Upstream,
    /// Contacts on previous waits; goals only.
    PreviousWaits,
}

impl Who {
    /// All with their words; triggers offer the first two.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::AnyContact, "Any contact in account"),
        (Self::OnMap, "Any contact on this map"),
        (Self::Upstream, "Contacts on any upstream element"),
        (Self::PreviousWaits, "Only contacts on previous waits"),
    ];
}

/// G-02: what happens to a contact that is already on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfOnMap {
    /// All its other positions on the map go; exactly one is left, here.
    Move,
    /// The others stay; one more, here.
    Add,
    /// Nothing changes and nothing is used up.
    Ignore,
}

impl IfOnMap {
    /// All with their words.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Move, "Move here"), (Self::Add, "Add here again"), (Self::Ignore, "Ignore")];
}

impl Listener {
    /// A new trigger (G-10).
    pub fn trigger(event_type: EventType) -> Self {
        Self {
            on: EventFilter::blank(event_type),
            conditions: Condition::default(),
            who: Who::AnyContact,
            if_on_map: IfOnMap::Add,
            once: false,
        }
    }

    /// A new goal (G-10, K-05).
    pub fn goal(event_type: EventType) -> Self {
        let goal = Self { who: Who::OnMap, if_on_map: IfOnMap::Move, ..Self::trigger(event_type) };
        goal.hearing(EventFilter::blank(event_type))
    }

    /// The same for another event. The purchase goal of Keap moves contacts upstream or any (K-05), so what else it was set
    /// to goes.
    #[must_use]
    pub fn hearing(self, on: EventFilter) -> Self {
        let (who, if_on_map) = match on {
            EventFilter::KeapPurchase(_) if self.who == Who::AnyContact => (self.who, IfOnMap::Move),
            EventFilter::KeapPurchase(_) => (Who::Upstream, IfOnMap::Move),
            _ => (self.who, self.if_on_map),
        };
        Self { on, who, if_on_map, ..self }
    }
}

/// A wait (W-01); with goals attached, the head of a goal group (M-05).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// Its rule.
    pub until: Until,
    /// Whose clock the rule reads (W-02).
    #[serde(default, skip_serializing_if = "WaitZone::is_account")]
    pub zone: WaitZone,
    /// The goals under it, from left to right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<ElementId>,
}

impl Wait {
    /// A wait by the account's clock, without goals.
    pub fn new(until: Until) -> Self {
        Self { until, zone: WaitZone::Account, goals: vec![] }
    }
}

/// W-01: the rule of a wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Until {
    /// For ever; under a goal group: until the attached goal is achieved.
    Goal,
    /// Some time passes.
    TimePasses(Span),
    /// A day of the week (W-03).
    DayOfWeek {
        /// Which days.
        days: Weekdays,
        /// At what time; none: passes at once on a listed day, else at its start.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time: Option<NaiveTime>,
    },
    /// A date (W-04).
    Date {
        /// Which.
        date: NaiveDate,
        /// At what time; none: at its start.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time: Option<NaiveTime>,
    },
    /// Before or after the day in a date field of the contact (W-05, W-06).
    Relative {
        /// The field.
        field: Option<FieldId>,
        /// Before or after.
        side: Side,
        /// How far; nothing: on the day itself.
        span: Span,
        /// At what time; none: at the project's `date_event_time`, of a date and time at its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time: Option<NaiveTime>,
    },
    /// A time of day: at once if it is exactly now.
    TimeOfDay {
        /// Which.
        time: NaiveTime,
        /// At most so long; `None`: however long it takes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<Span>,
    },
    /// Conditions are met: asked on arrival and whenever the record changes.
    Conditions {
        /// Which.
        condition: Condition,
        /// At most so long; `None`: however long it takes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<Span>,
    },
    /// Keap's delay timer (K-10).
    Delay(Delay),
    /// Keap's date timer (K-10): one that is past is skipped with the steps up to the next timer.
    DateTimer {
        /// Which day.
        date: NaiveDate,
        /// At what time; none: at its start.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time: Option<NaiveTime>,
    },
    /// Keap's field timer (K-10): like [`Until::Relative`], but it may read what the field held on entry to the sequence.
    FieldTimer {
        /// The field.
        field: Option<FieldId>,
        /// Before or after.
        side: Side,
        /// How far.
        span: Span,
        /// At what time; none: at the project's `date_event_time`, of a date and time at its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time: Option<NaiveTime>,
    },
    /// A timer that is not set yet holds for ever (K-13).
    NotSet,
}

/// Keap's delay timer (K-10): at least so long, then the next allowed weekday and time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delay {
    /// At least so many.
    pub count: u32,
    /// Of these; days, weeks and weekdays count dates, minutes and hours elapsed time.
    pub unit: DelayUnit,
    /// On which days it may end; all: any.
    #[serde(default = "all_days", skip_serializing_if = "is_all_days")]
    pub days: Weekdays,
    /// When on those days.
    #[serde(default, skip_serializing_if = "DelayTime::is_any")]
    pub time: DelayTime,
}

fn all_days() -> Weekdays {
    Weekdays::ALL
}

fn is_all_days(days: &Weekdays) -> bool {
    *days == Weekdays::ALL
}

/// Units of a delay timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelayUnit {
    /// Elapsed minutes.
    Minutes,
    /// Elapsed hours.
    Hours,
    /// Dates.
    Days,
    /// Seven dates each.
    Weeks,
    /// Dates from Monday to Friday.
    Weekdays,
}

impl DelayUnit {
    /// All with their word after one and after several.
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Minutes, "minute", "minutes"),
        (Self::Hours, "hour", "hours"),
        (Self::Days, "day", "days"),
        (Self::Weeks, "week", "weeks"),
        (Self::Weekdays, "weekday", "weekdays"),
    ];
}

/// The time of day at which a delay timer may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelayTime {
    /// The same time of day as it began, or whenever minutes and hours are over.
    #[default]
    Any,
    /// At this time.
    At(NaiveTime),
    /// Between two times, the first included and the second not.
    Between(NaiveTime, NaiveTime),
}

impl DelayTime {
    fn is_any(&self) -> bool {
        *self == Self::Any
    }
}

/// W-02: whose time zone a wait reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitZone {
    /// The account's.
    #[default]
    Account,
    /// The contact's where its record has one, else the account's.
    Contact,
}

impl WaitZone {
    fn is_account(&self) -> bool {
        *self == Self::Account
    }
}

/// M-07: paths with their shares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// Share of each path in basis points (100 % = 10,000); two to ten paths, together 10,000.
    pub shares: Vec<u16>,
}

impl Split {
    /// The whole in basis points.
    pub const WHOLE: u16 = 10_000;
    /// Most paths a split can have.
    pub const MAX_PATHS: usize = 10;

    /// Two paths of a half each.
    pub fn halves() -> Self {
        Self { shares: vec![Self::WHOLE / 2; 2] }
    }

    /// Whether the shares are a whole of two to ten paths.
    pub fn is_whole(&self) -> bool {
        (2..=Self::MAX_PATHS).contains(&self.shares.len())
            && self.shares.iter().map(|share| u32::from(*share)).sum::<u32>() == u32::from(Self::WHOLE)
    }
}

impl ElementKind {
    /// Its row in the table of kinds.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Trigger(_) => Kind::Trigger,
            Self::Goal(_) => Kind::Goal,
            Self::Wait(_) => Kind::Wait,
            Self::Condition(_) => Kind::Condition,
            Self::Split(_) => Kind::Split,
            Self::Fork => Kind::Fork,
            Self::GoTo(_) => Kind::GoTo,
            Self::End => Kind::End,
            Self::Exit => Kind::Exit,
            Self::Branches(_) => Kind::Branches,
            Self::Action(action) => action.kind(),
        }
    }

    /// Where lines can leave, from left to right. The lines from a goal wait to its goals are no ports: they are part of
    /// the group.
    pub fn ports(&self) -> Vec<Port> {
        match self {
            Self::Trigger(_) | Self::Goal(_) | Self::Action(_) => vec![Port::Next],
            Self::Wait(wait) if wait.goals.is_empty() => vec![Port::Next],
            Self::Wait(wait) if wait.until == Until::Goal => vec![],
            Self::Wait(_) => vec![Port::Timeout],
            Self::Condition(_) => vec![Port::Yes, Port::No],
            Self::Split(split) => (0..split.shares.len()).map(Port::path).collect(),
            Self::Fork => vec![Port::Left, Port::Right],
            Self::Branches(branches) => {
                let ways = (0..branches.branches.len()).map(Port::branch);
                let other = (branches.policy == BranchPolicy::FirstMatch).then_some(Port::Other);
                ways.chain(other).collect()
            }
            Self::GoTo(_) | Self::End | Self::Exit => vec![],
        }
    }

    /// The goals attached to it, from left to right.
    pub fn goals(&self) -> &[ElementId] {
        match self {
            Self::Wait(wait) => &wait.goals,
            _ => &[],
        }
    }

    /// Whether a line or a Go To may end here (M-09: not at triggers, not at goals).
    pub fn takes_lines(&self) -> bool {
        !matches!(self, Self::Trigger(_) | Self::Goal(_))
    }

    /// The settings of a trigger or goal.
    pub fn listener(&self) -> Option<&Listener> {
        match self {
            Self::Trigger(listener) | Self::Goal(listener) => Some(listener),
            _ => None,
        }
    }

    /// The settings of a trigger or goal.
    pub fn listener_mut(&mut self) -> Option<&mut Listener> {
        match self {
            Self::Trigger(listener) | Self::Goal(listener) => Some(listener),
            _ => None,
        }
    }

    /// Whether it is the one trigger that every map has (M-03).
    pub fn is_added_to_automation(&self) -> bool {
        matches!(self, Self::Trigger(listener) if listener.on == EventFilter::AddedToAutomation)
    }

    /// The action that it is.
    pub fn action(&self) -> Option<&Action> {
        match self {
            Self::Action(action) => Some(action),
            _ => None,
        }
    }

    /// Whether it can be marked draft (K-13): a step that is passed over, or a listener that does not listen.
    pub fn can_be_draft(&self) -> bool {
        self.is_step() || self.listener().is_some()
    }

    /// Whether it can be a step of a sequence (K-06): a wait of its own or an action.
    pub fn is_step(&self) -> bool {
        match self {
            Self::Wait(wait) => wait.goals.is_empty(),
            Self::Action(_) => true,
            _ => false,
        }
    }
}
