//! Lead routers: an owner by weight.

use crate::base::id::MemberId;
use crate::base::random;
use crate::model::LeadRouter;

/// The team member whose weight the draw falls into; `None`: nobody has any.
pub fn member(router: &LeadRouter, draw: u64) -> Option<MemberId> {
    let total: u64 = router.members.iter().map(|(_, weight)| u64::from(*weight)).sum();
    if total == 0 {
        return None;
    }
    let draw = random::below(draw, total);
    let mut below = 0;
    let found = router.members.iter().find(|(_, weight)| {
        below += u64::from(*weight);
        draw < below
    });
    found.map(|(member, _)| *member)
}
