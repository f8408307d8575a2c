//! Named limits of a run. Each ends something with a typed outcome and a log entry, never silently.

/// Live positions one contact may hold; more (a fork in a loop) ends the contact with [`super::log::Fault::Positions`].
pub const MAX_POSITIONS: usize = 1_000;

/// Elements of all maps of a run together.
pub const MAX_NODES: usize = 1_000_000;

/// Counters kept by all time bins together, which decides how fine the bins are: 8 M counters of 4 bytes.
pub const MAX_BIN_COUNTERS: usize = 8 << 20;

/// Time bins at most.
pub const MAX_BINS: usize = 1_024;
