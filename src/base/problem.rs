//! Findings about a document, as data: shown in the window, printed by the command, asserted by tests.

use crate::base::id::{ElementId, MapId};

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth a look.
    Warning,
    /// The map does not do what it says; it cannot be published.
    Error,
}

impl Severity {
    /// Lower-case word of the command's output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which check found it: a fixed kebab-case name such as `dead-goal`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The map it is about; `None`: the project.
    pub map: Option<MapId>,
    /// The elements it is about, the first being the place to look.
    pub elements: Vec<ElementId>,
    /// One sentence: what is the case and why that is bad. No full stop.
    pub sentence: String,
}
