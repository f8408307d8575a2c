//! What conditions saw, in words (C-02).

use crate::engine::log::Seen;
use crate::model::{Branches, Condition, ElementKind, Project, Until, Wait, words};

/// The parts of what an element asks, as [`Seen::leaf`] counts them.
pub fn leaves(kind: &ElementKind) -> Vec<&Condition> {
    match kind {
        ElementKind::Trigger(listener) | ElementKind::Goal(listener) => listener.conditions.leaves(),
        ElementKind::Condition(condition) => condition.leaves(),
        ElementKind::Branches(Branches { branches, .. }) => {
            branches.iter().flat_map(|branch| branch.rule.leaves()).collect()
        }
        ElementKind::Wait(Wait { until: Until::Conditions { condition, .. }, .. }) => condition.leaves(),
        _ => vec![],
    }
}

/// Each part with whether it held and the value that it saw.
pub fn seen_in_words<'a>(
    project: &Project,
    leaves: &[&Condition],
    seen: impl IntoIterator<Item = &'a Seen>,
) -> String {
    let part = |seen: &Seen| {
        let leaf = leaves.get(usize::from(seen.leaf));
        let asked = leaf.map(|leaf| words::condition_in_words(project, leaf)).unwrap_or_default();
        let verdict = if seen.held { "holds" } else { "does not hold" };
        format!("“{asked}” {verdict}: {}", seen.found)
    };
    seen.into_iter().map(part).collect::<Vec<_>>().join("; ")
}

/// The parts that decided, by the group they stand in: of *all of* that does not hold those that do not, of *none of*
/// that does not hold those that do, and so on down.
pub fn deciding<'s>(condition: &Condition, seen: &'s [Seen]) -> Vec<&'s Seen> {
    let mut rest = seen;
    decided(condition, &mut rest).1
}

/// Whether a condition held, and the parts that decided it; takes its parts off those that were seen.
fn decided<'s>(condition: &Condition, rest: &mut &'s [Seen]) -> (bool, Vec<&'s Seen>) {
    let (Condition::All(parts) | Condition::Any(parts) | Condition::None(parts)) = condition else {
        let Some((first, others)) = rest.split_first() else { return (false, vec![]) };
        *rest = others;
        return (first.held, vec![first]);
    };
    let parts: Vec<_> = parts.iter().map(|part| decided(part, rest)).collect();
    // one part that is so is enough
    let enough = !matches!(condition, Condition::All(_));
    let is_decided = parts.iter().any(|(held, _)| *held == enough);
    let deciders = parts.into_iter().filter(|(held, _)| !is_decided || *held == enough);
    let deciders = deciders.flat_map(|(_, deciders)| deciders).collect();
    (is_decided == matches!(condition, Condition::Any(_)), deciders)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the deciding parts of a condition, whose leaves are A, B and so on from the left.
    fn names(condition: &Condition, held: &[bool]) -> (bool, String) {
        let seen: Vec<_> = (held.iter().zip(0u16..))
            .map(|(held, leaf)| Seen { leaf, found: String::new(), held: *held })
            .collect();
        let name = |seen: &&Seen| char::from(b'A' + seen.leaf as u8);
        let (holds, _) = decided(condition, &mut &seen[..]);
        (holds, deciding(condition, &seen).iter().map(name).collect())
    }

    #[test]
    fn the_parts_that_decided_are_named_by_the_group_they_stand_in() {
        use Condition::{All, Any, None};
        let leaf = || Condition::HasTag(Option::None);
        let nested = || All(vec![leaf(), Any(vec![leaf(), leaf()]), leaf()]);
        let cases = [
            (None(vec![leaf(), leaf()]), vec![true, false], (false, "A")),
            (None(vec![leaf(), leaf()]), vec![false, false], (true, "AB")),
            (Any(vec![leaf(), leaf()]), vec![false, true], (true, "B")),
            (Any(vec![leaf(), leaf()]), vec![false, false], (false, "AB")),
            (nested(), vec![true, false, true, false], (false, "D")),
            (nested(), vec![true, false, false, false], (false, "BCD")),
            (nested(), vec![true, false, true, true], (true, "ACD")),
            (Any(vec![None(vec![leaf()]), leaf()]), vec![true, false], (false, "AB")),
            (All(vec![]), vec![], (true, "")),
            (Any(vec![]), vec![], (false, "")),
        ];
        for (condition, held, (holds, deciders)) in cases {
            assert_eq!(names(&condition, &held), (holds, deciders.to_owned()), "{condition:?} {held:?}");
        }
    }
}
