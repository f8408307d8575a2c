//! Adding and removing tags.

use super::Act;
use crate::base::id::TagId;
use crate::engine::log::Nothing;

/// Additions first, each as its own change, so that each raises its own event.
pub fn arrive<'a>(add: &'a [TagId], remove: &'a [TagId]) -> Act<'a> {
    if add.is_empty() && remove.is_empty() {
        return Act::Nothing(Nothing::NotChosen);
    }
    Act::ChangeTags { add, remove }
}
