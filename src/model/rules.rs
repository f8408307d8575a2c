//! Rules that the source systems leave open, as named switches of a map (semantics §13). None of them is a hidden
//! constant: whoever disagrees with a choice turns its switch.

use serde::{Deserialize, Serialize};

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
    /// How text is compared in conditions (semantics §6).
    TextMatch {
        /// Upper and lower case alike.
        IgnoreCase = "ignores upper and lower case",
        /// Letter by letter.
        Exact = "exact",
    }
}

/// The switches of one map. The defaults are those of Ontraport.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EngineRules {
    /// M-13, W-08: at the same instant, external events come before due timers.
    pub events_before_timers: bool,
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
    /// W-04.
    pub past_specific_date: PastDate,
    /// §6.
    pub text_match: TextMatch,
}

impl Default for EngineRules {
    fn default() -> Self {
        Self {
            events_before_timers: true,
            max_steps_per_instant: 10_000,
            previous_waits: PreviousWaits::default(),
            upstream_follows_go_to: false,
            move_clears: MoveClears::default(),
            entry_event_achieves: false,
            several_goals: SeveralGoals::default(),
            past_specific_date: PastDate::default(),
            text_match: TextMatch::default(),
        }
    }
}
