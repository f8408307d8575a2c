//! What is wrong with the settings of one element.

use super::{
    Check, DRAFT, EMPTY_CONDITION, GO_TO_NOWHERE, MISSING_REFERENCE, MapCheck, NO_RULES, NOT_CHOSEN,
    OR_OF_NEGATIVES, SPLIT_NOT_WHOLE, SWITCHED_OFF, TIMER_NOT_SET,
};
use crate::base::id::EmailId;
use crate::base::money::Money;
use crate::base::time::Weekdays;
use crate::model::{
    BranchPolicy, Branches, Comparison, Condition, Element, ElementKind, EventFilter, FieldOperator, Named,
    Port, Project, Refs, Split, Until, words,
};

impl MapCheck<'_> {
    pub(super) fn settings(&mut self, at: usize) {
        let element = self.shape.elements[at];
        let name = self.title(at);
        // K-13: what is not ready says no more than that
        if element.draft && element.kind.can_be_draft() {
            let sentence = match element.kind.listener() {
                Some(_) => format!("{name} is a draft, so it does not listen"),
                None => format!("{name} is a draft, so contacts pass it over"),
            };
            self.add(DRAFT, [at], sentence);
            return;
        }
        if let Some(missing) = missing(self.project, &element.kind) {
            self.add(MISSING_REFERENCE, [at], format!("{name} names {missing}, so it does nothing"));
        }
        if let Some(open) = not_chosen(&element.kind) {
            self.add(NOT_CHOSEN, [at], format!("{name} does nothing: {open}"));
        }
        if let Some((check, sentence)) = own_fault(self.project, element, &name) {
            self.add(check, [at], sentence);
        }
        if conditions(&element.kind).into_iter().any(has_or_of_negatives) {
            let sentence = format!(
                "{name} passes whoever lacks just one of several things, which is nearly everybody; \
                 “all of” is probably meant instead of “any of”"
            );
            self.add(OR_OF_NEGATIVES, [at], sentence);
        }
        let settings = &self.project.settings;
        if let Some(needed) = element.kind.listener().and_then(|listener| listener.on.misses(settings)) {
            let sentence =
                format!("{name} needs {needed}, which the settings say is off, so it never happens");
            self.add(SWITCHED_OFF, [at], sentence);
        }
    }
}

/// What is wrong with the settings of one kind of element.
fn own_fault(project: &Project, element: &Element, name: &str) -> Option<(Check, String)> {
    match &element.kind {
        ElementKind::GoTo(None) => {
            Some((GO_TO_NOWHERE, format!("{name} has no element to continue at, so contacts stop there")))
        }
        ElementKind::Split(split) if !split.is_whole() => {
            let sum: u32 = split.shares.iter().map(|share| u32::from(*share)).sum();
            let sum = u16::try_from(sum).map_or_else(|_| "far more".into(), words::percent);
            let most = Split::MAX_PATHS;
            let says = format!("{name} has paths of {sum} together; it needs two to {most} paths of 100 %");
            Some((SPLIT_NOT_WHOLE, says))
        }
        ElementKind::Condition(condition) => asks_nothing(condition)
            .then(|| (EMPTY_CONDITION, format!("{name} has no rule, so everybody goes the same way"))),
        ElementKind::Branches(branches) => branches_fault(project, element, branches, name),
        ElementKind::Wait(wait) => match &wait.until {
            Until::NotSet if wait.goals.is_empty() => {
                let says = format!("{name} has no time, so contacts stay there and all behind it waits too");
                Some((TIMER_NOT_SET, says))
            }
            Until::NotSet => {
                let says = format!("{name} has no time, so its path of least action is never taken");
                Some((TIMER_NOT_SET, says))
            }
            Until::Conditions { condition, .. } if asks_nothing(condition) => {
                let says = format!("{name} has no rule, so it lets everybody pass at once or nobody ever");
                Some((EMPTY_CONDITION, says))
            }
            _ => None,
        },
        ElementKind::Trigger(listener) | ElementKind::Goal(listener) => {
            let asks = !listener.conditions.is_always();
            (asks && asks_nothing(&listener.conditions)).then(|| {
                let says =
                    format!("{name} has a condition without any rule, so it lets everybody or nobody pass");
                (EMPTY_CONDITION, says)
            })
        }
        ElementKind::Action(_)
        | ElementKind::Split(_)
        | ElementKind::Fork
        | ElementKind::GoTo(Some(_))
        | ElementKind::End
        | ElementKind::Exit => None,
    }
}

fn branches_fault(
    project: &Project,
    element: &Element,
    branches: &Branches,
    name: &str,
) -> Option<(Check, String)> {
    let first = branches.policy == BranchPolicy::FirstMatch;
    if branches.branches.iter().all(|branch| asks_nothing(&branch.rule)) {
        let ways = if first { "the first way" } else { "every way" };
        return Some((NO_RULES, format!("{name} has no rule on any of its ways, so everybody goes {ways}")));
    }
    let label = |way: usize| words::port_label(project, element, Port::branch(way));
    // A way for everyone is the last word where the first match counts; all matching is made for it (K-09).
    let no_rule = |(way, rule): &(usize, &Condition)| match rule.is_always() {
        true => first && way + 1 < branches.branches.len(),
        false => asks_nothing(rule),
    };
    let rules = branches.branches.iter().map(|branch| &branch.rule).enumerate();
    rules.into_iter().find(no_rule).map(|(way, rule)| {
        let says = match rule.is_always() {
            true => {
                format!("“{}” of {name} has no rule, so nobody goes the ways to the right of it", label(way))
            }
            false => {
                format!("“{}” of {name} asks for nothing, so everybody or nobody goes there", label(way))
            }
        };
        (EMPTY_CONDITION, says)
    })
}

fn asks_nothing(condition: &Condition) -> bool {
    condition.leaves().is_empty()
}

/// All conditions among the settings of an element.
fn conditions(kind: &ElementKind) -> Vec<&Condition> {
    match kind {
        ElementKind::Trigger(listener) | ElementKind::Goal(listener) => vec![&listener.conditions],
        ElementKind::Condition(condition) => vec![condition],
        ElementKind::Branches(branches) => branches.branches.iter().map(|branch| &branch.rule).collect(),
        ElementKind::Wait(wait) => match &wait.until {
            Until::Conditions { condition, .. } => vec![condition],
            _ => vec![],
        },
        ElementKind::Action(_)
        | ElementKind::Split(_)
        | ElementKind::Fork
        | ElementKind::GoTo(_)
        | ElementKind::End
        | ElementKind::Exit => vec![],
    }
}

/// What an element names that is not there, in words.
fn missing(project: &Project, kind: &ElementKind) -> Option<String> {
    let on_event = || kind.listener().and_then(|listener| missing_number(project, &listener.on));
    let clicked = || {
        let leaves = conditions(kind).into_iter().flat_map(Condition::leaves);
        leaves.into_iter().find_map(|leaf| match leaf {
            Condition::Clicked { email, link, .. } => missing_link(project, *email, *link),
            _ => None,
        })
    };
    missing_among(project, kind.names()).or_else(on_event).or_else(clicked)
}

/// The first of several things that the project does not have, in words.
pub(super) fn missing_among(project: &Project, names: Vec<Named>) -> Option<String> {
    names.into_iter().find_map(|named| match named {
        Named::Item(id) if !project.catalogue.has(id) => {
            Some(format!("the {} {id}, which is no longer in the account", id.word()))
        }
        Named::Map(id) if project.map(id).is_none() => {
            Some(format!("the map {id}, which is no longer in the project"))
        }
        Named::Item(_) | Named::Map(_) => None,
    })
}

/// A link of an e-mail or an outcome of a task that is not there, in words.
fn missing_number(project: &Project, on: &EventFilter) -> Option<String> {
    match on {
        EventFilter::EmailLinkClicked { email, link } => missing_link(project, *email, *link),
        EventFilter::TaskCompleted { task: Some(task), outcomes } => {
            let task = project.catalogue.tasks.get(task)?;
            let missing = outcomes.iter().find(|outcome| usize::from(**outcome) > task.outcomes.len())?;
            let has = words::counted(task.outcomes.len(), "outcome", "outcomes");
            Some(format!("outcome {missing} of “{}”, which has {has}", task.name))
        }
        _ => None,
    }
}

fn missing_link(project: &Project, email: Option<EmailId>, link: u8) -> Option<String> {
    let email = project.catalogue.emails.get(&email?)?;
    // An e-mail without links is one whose links nobody has written down.
    (usize::from(link) > email.links.len() && !email.links.is_empty()).then(|| {
        let links = words::counted(email.links.len(), "link", "links");
        format!("link {link} of “{}”, which has {links}", email.name)
    })
}

/// What is still open in an element's settings, in words.
fn not_chosen(kind: &ElementKind) -> Option<&'static str> {
    let open = |is_open: bool, words| is_open.then_some(words);
    match kind {
        ElementKind::Trigger(listener) | ElementKind::Goal(listener) => {
            open(listener.on.is_incomplete(), "what it listens for is not chosen yet")
                .or(open(listener.conditions.is_incomplete(), "a condition is not complete yet"))
        }
        ElementKind::Condition(condition) => open(condition.is_incomplete(), "a rule is not complete yet"),
        ElementKind::Branches(branches) => open(
            branches.branches.iter().any(|branch| branch.rule.is_incomplete()),
            "a rule is not complete yet",
        ),
        ElementKind::Wait(wait) => match &wait.until {
            Until::DayOfWeek { days, .. } => {
                open(*days == Weekdays::NONE, "no day of the week is chosen yet")
            }
            Until::Delay(delay) => open(delay.days == Weekdays::NONE, "no day of the week is chosen yet"),
            Until::Relative { field, .. } | Until::FieldTimer { field, .. } => {
                open(field.is_none(), "no field is chosen yet")
            }
            Until::Conditions { condition, .. } => {
                open(condition.is_incomplete(), "a condition is not complete yet")
            }
            Until::Goal
            | Until::TimePasses(_)
            | Until::Date { .. }
            | Until::TimeOfDay { .. }
            | Until::DateTimer { .. }
            | Until::NotSet => None,
        },
        ElementKind::Action(action) => action.open_setting(),
        ElementKind::Split(_)
        | ElementKind::Fork
        | ElementKind::GoTo(_)
        | ElementKind::End
        | ElementKind::Exit => None,
    }
}

fn has_or_of_negatives(condition: &Condition) -> bool {
    let here = match condition {
        Condition::Any(parts) => parts.iter().filter(|part| is_negative(part)).count() > 1,
        _ => false,
    };
    here || condition.parts().iter().any(has_or_of_negatives)
}

/// Whether it holds for those who lack something.
fn is_negative(condition: &Condition) -> bool {
    let never = |comparison: &Comparison, is_zero: bool| is_zero && *comparison != Comparison::AtLeast;
    match condition {
        Condition::All(parts) => !parts.is_empty() && parts.iter().all(is_negative),
        Condition::Any(parts) => parts.iter().any(is_negative),
        Condition::None(parts) => !parts.is_empty() && !parts.iter().any(is_negative),
        Condition::HasNotTag(_)
        | Condition::NotOnList(_)
        | Condition::HasNotLevel(_)
        | Condition::SmsHasNoAddress
        | Condition::SmsDoesNotContain(_) => true,
        Condition::Related { exists, .. } => !exists,
        Condition::Subscribed { subscribed, .. } => !subscribed,
        Condition::Field { is, .. } | Condition::FieldRelative { is, .. } => {
            matches!(is, FieldOperator::NotEquals | FieldOperator::DoesNotContain)
        }
        Condition::Opened { comparison, count, .. }
        | Condition::Clicked { comparison, count, .. }
        | Condition::Ordered { comparison, count, .. }
        | Condition::VisitedSite { comparison, count, .. }
        | Condition::VisitedPage { comparison, count, .. } => never(comparison, *count == 0),
        Condition::Spent { comparison, amount, .. } => never(comparison, *amount == Money::ZERO),
        Condition::SubscribedToMap { .. }
        | Condition::OnMapFor { .. }
        | Condition::MapState { .. }
        | Condition::NowIs { .. }
        | Condition::HasTag(_)
        | Condition::OnList(_)
        | Condition::SmsHasAddress
        | Condition::SmsContains(_)
        | Condition::SubscribedFor { .. }
        | Condition::MembershipIs { .. }
        | Condition::HasLevel(_) => false,
    }
}
