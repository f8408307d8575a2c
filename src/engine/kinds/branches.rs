//! Several ways with rules (K-09).

use crate::engine::conditions::{View, holds, seen};
use crate::engine::log::Seen;
use crate::model::Branches;
use crate::model::rules::BranchPolicy;

/// The ways that are taken, a bit for each, the leftmost the lowest; none: *Other*, or nowhere.
pub fn choose(branches: &Branches, view: &View<'_>) -> u64 {
    let matching = (branches.branches.iter().zip(0u32..Branches::MAX as u32))
        .filter(|(branch, _)| holds(&branch.rule, view))
        .map(|(_, place)| 1u64 << place);
    match branches.policy {
        BranchPolicy::AllMatching => matching.sum(),
        // a single rule that holds or not is the first of one
        BranchPolicy::FirstMatch | BranchPolicy::YesNo => matching.take(1).sum(),
    }
}

/// What the parts of all rules saw, numbered throughout.
pub fn seen_by_all(branches: &Branches, view: &View<'_>) -> Vec<Seen> {
    let parts = branches.branches.iter().flat_map(|branch| seen(&branch.rule, view));
    parts.zip(0..).map(|(part, leaf)| Seen { leaf, ..part }).collect()
}
