//! Adding and removing tags.

use super::{Act, Step};
use crate::base::id::TagId;
use crate::engine::log::Nothing;

/// Additions first, each as its own change, so that each raises its own event.
pub fn arrive(add: &[TagId], remove: &[TagId], acts: &mut Vec<Act>) -> Step {
    acts.extend(add.iter().map(|tag| Act::AddTag(*tag)));
    acts.extend(remove.iter().map(|tag| Act::RemoveTag(*tag)));
    if add.is_empty() && remove.is_empty() {
        acts.push(Act::Nothing(Nothing::NotChosen));
    }
    Step::Go(0)
}
