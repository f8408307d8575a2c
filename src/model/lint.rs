//! What is wrong with a map, or will surprise its maker (semantics §12).

use super::project::Project;
use crate::base::problem::Problem;

/// All findings, by map and reading order.
pub fn check(project: &Project) -> Vec<Problem> {
    let _ = project;
    vec![]
}
