//! Rules that the source systems leave open, as named switches of a map (semantics §13). None of them is a hidden
//! constant: whoever disagrees with a choice turns its switch.

use serde::{Deserialize, Serialize};

use super::element::{Branch, Branches, ElementKind, Listener};
use super::filter::{EventFilter, PlanPayments};

macro_rules! switch {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $label:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// All values with their label in the window; the first is the default.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$variant, $label)),*];
        }

        impl Default for $name {
            fn default() -> Self {
                Self::ALL[0].0
            }
        }
    };
}
pub(super) use switch;

switch! {
    /// Which positions count as *on previous waits* (G-01).
    PreviousWaits {
        /// Only the goal group's own wait.
        Attached = "the goal's own wait",
        /// Every wait above.
        AllAbove = "every wait above",
    }
}
switch! {
    /// What *Move here* clears (G-09).
    MoveClears {
        /// All other positions on the map.
        WholeMap = "the whole map",
        /// Positions above the goal only.
        AboveGoal = "only what is above the goal",
    }
}
switch! {
    /// What happens when several goals match one event (G-05).
    SeveralGoals {
        /// Each is tried in turn, with its scope checked again.
        EachInOrder = "each is tried in turn",
        /// Only the first that is achieved.
        FirstOnly = "only the first",
    }
}
switch! {
    /// A wait until a date that is past on arrival (W-04).
    PastDate {
        /// Passes at once.
        Pass = "passes at once",
        /// Holds for ever.
        Hold = "holds for ever",
    }
}
switch! {
    /// A wait until a day counted from a date field that is past on arrival (W-06).
    PastRelativeDate {
        /// Of a birthday next year's, else it passes at once.
        NextYearIfBirthday = "next year’s of a birthday, else passes at once",
        /// Passes at once.
        Pass = "passes at once",
        /// Holds until the field changes.
        Hold = "holds until the field changes",
    }
}
switch! {
    /// What an event does to a contact that is paused on the map (M-14).
    WhilePaused {
        /// It is missed.
        Missed = "missed",
        /// It is handled as if it were not paused.
        Handled = "handled all the same",
    }
}
switch! {
    /// Whether a contact may come into a sequence again that it has completed (K-08).
    Reentry {
        /// It may.
        Allowed = "allowed",
        /// It may not.
        Never = "never",
    }
}
switch! {
    /// Which of several ways a contact goes (K-09).
    BranchPolicy {
        /// Yes or no.
        YesNo = "yes or no",
        /// Every one whose rule holds.
        AllMatching = "all that match",
        /// The first whose rule holds, else *Other*.
        FirstMatch = "the first that matches",
    }
}
switch! {
    /// Which value of the field Keap's field timer reads (K-10).
    FieldTimerReads {
        /// What it held when the contact came into the sequence.
        Entry = "on entry to the sequence",
        /// What it holds when the timer is reached.
        Current = "when the timer is reached",
    }
}
switch! {
    /// What becomes of a due time already stamped when a *some time passes* wait is edited (L-03). Of waits outside of
    /// sequences: in one, times count from the entry (K-11).
    EditedWait {
        /// It is kept.
        Keep = "keeps the due time",
        /// It is computed again from the arrival.
        Recompute = "counts again from the arrival",
    }
}
switch! {
    /// How a split draws (M-07).
    SplitDraw {
        /// For each arrival from the contact's own chance.
        Random = "by chance",
        /// So that of all arrivals each path gets its share exactly.
        Balanced = "balanced over all arrivals",
    }
}
switch! {
    /// How text is compared in conditions (semantics §6).
    TextMatch {
        /// Upper and lower case alike.
        IgnoreCase = "ignores upper and lower case",
        /// Letter by letter.
        Exact = "exact",
    }
}

/// The source systems whose ways a map can start from (K-12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Ontraport.
    Ontraport,
    /// Keap Max Classic.
    Keap,
    /// Maestra.
    Maestra,
}

impl Preset {
    /// All with their names.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Ontraport, "Ontraport"), (Self::Keap, "Keap"), (Self::Maestra, "Maestra")];

    /// Its name for the command.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ontraport => "ontraport",
            Self::Keap => "keap",
            Self::Maestra => "maestra",
        }
    }

    /// The system with this name.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.map(|(preset, _)| preset).into_iter().find(|preset| preset.tag() == tag)
    }
}

/// The switches of one map (semantics §13). The defaults are those of Ontraport.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EngineRules {
    /// M-13, W-08: at the same instant, external events come before due timers.
    pub events_before_timers: bool,
    /// M-14: a paused position's timer goes on running; otherwise it stands still.
    pub pause_keeps_time: bool,
    /// M-14.
    pub events_while_paused: WhilePaused,
    /// M-09: steps of one contact at one instant before the run stops it with a fault.
    pub max_steps_per_instant: u32,
    /// G-01.
    pub previous_waits: PreviousWaits,
    /// G-01: whether *upstream* also follows Go To.
    pub upstream_follows_go_to: bool,
    /// G-09.
    pub move_clears: MoveClears,
    /// G-04: whether the event that first puts a contact on a map can achieve that map's goals too.
    pub entry_event_achieves: bool,
    /// G-05.
    pub several_goals: SeveralGoals,
    /// G-12: what a new purchase goal starts with.
    pub plan_payments: PlanPayments,
    /// K-03: an order that costs nothing counts as paid when it is placed; otherwise it is paid when somebody says so.
    pub zero_total_pays: bool,
    /// K-08.
    pub sequence_reentry: Reentry,
    /// K-09: what a new branching element starts with.
    pub branch_policy: BranchPolicy,
    /// K-10.
    pub field_timer_reads: FieldTimerReads,
    /// K-11: how many days late a step inserted into a running sequence is still done; 0: no late step is.
    pub late_step_days: u32,
    /// W-06.
    pub past_relative_date: PastRelativeDate,
    /// W-04.
    pub past_specific_date: PastDate,
    /// L-03.
    pub edited_wait: EditedWait,
    /// M-07.
    pub split_draw: SplitDraw,
    /// §6.
    pub text_match: TextMatch,
}

impl EngineRules {
    /// The rules of a source system.
    pub fn preset(preset: Preset) -> Self {
        let common = Self {
            events_before_timers: true,
            pause_keeps_time: true,
            events_while_paused: WhilePaused::default(),
            max_steps_per_instant: 10_000,
            previous_waits: PreviousWaits::default(),
            upstream_follows_go_to: false,
            move_clears: MoveClears::default(),
            entry_event_achieves: false,
            several_goals: SeveralGoals::default(),
            plan_payments: PlanPayments::Every,
            zero_total_pays: true,
            sequence_reentry: Reentry::default(),
            branch_policy: BranchPolicy::YesNo,
            field_timer_reads: FieldTimerReads::Current,
            late_step_days: 0,
            past_relative_date: PastRelativeDate::default(),
            past_specific_date: PastDate::default(),
            edited_wait: EditedWait::default(),
            split_draw: SplitDraw::default(),
            text_match: TextMatch::default(),
        };
        match preset {
            Preset::Ontraport => common,
            Preset::Keap => Self {
                move_clears: MoveClears::AboveGoal,
                plan_payments: PlanPayments::First,
                branch_policy: BranchPolicy::AllMatching,
                field_timer_reads: FieldTimerReads::Entry,
                late_step_days: 7,
                ..common
            },
            Preset::Maestra => {
                Self { plan_payments: PlanPayments::First, branch_policy: BranchPolicy::FirstMatch, ..common }
            }
        }
    }

    /// A new element as a map with these rules starts it. For what comes from the palette only: a copy keeps what it is.
    pub fn start(&self, kind: ElementKind) -> ElementKind {
        match kind {
            // K-09: asked in the way of the map, what was a condition is the rule of the first of two ways
            ElementKind::Condition(rule) if self.branch_policy != BranchPolicy::YesNo => {
                let first = Branch { rule, ..Branch::default() };
                let branches = vec![first, Branch::default()];
                ElementKind::Branches(Branches { policy: self.branch_policy, branches })
            }
            ElementKind::Branches(branches) if self.branch_policy != BranchPolicy::YesNo => {
                ElementKind::Branches(Branches { policy: self.branch_policy, ..branches })
            }
            ElementKind::Goal(goal) => ElementKind::Goal(Listener { on: self.start_event(goal.on), ..goal }),
            other => other,
        }
    }

    /// What a goal of a map with these rules starts to listen for: a new one, or one that is given another event (G-12).
    pub fn start_event(&self, on: EventFilter) -> EventFilter {
        match on {
            EventFilter::Purchased { products, .. } => {
                EventFilter::Purchased { products, plan_payments: self.plan_payments }
            }
            other => other,
        }
    }

    /// The source system whose rules these are; `None`: they are changed.
    pub fn preset_of(&self) -> Option<Preset> {
        Preset::ALL.into_iter().map(|(preset, _)| preset).find(|preset| *self == Self::preset(*preset))
    }
}

impl Default for EngineRules {
    fn default() -> Self {
        Self::preset(Preset::Ontraport)
    }
}
