//! What settings cannot mean, wherever they come from: whatever the engine would pass over is refused, so that a map says
//! what it does. What is only unfinished or unwise is for the checks of the model.

use chrono::Timelike;

use crate::base::id::MapId;
use crate::base::money::Money;
use crate::model::filter::ListenedBy;
use crate::model::{
    Action, BranchPolicy, Branches, Condition, ElementKind, EventFilter, FieldOperator, IfOnMap, Item,
    Listener, Moment, Split, Until, Who,
};
use crate::session::command::Refusal;

use super::refused;

/// Most things that an event can tell apart by number: outcomes of a task, links of an e-mail.
const MOST_NUMBERED: usize = u8::MAX as usize;

/// The settings of an element of a map.
pub(super) fn check_settings(kind: &ElementKind, map: MapId) -> Result<(), Refusal> {
    match kind {
        ElementKind::Trigger(listener) => {
            if !matches!(listener.who, Who::AnyContact | Who::OnMap) {
                return refused("A trigger listens to any contact in the account or on this map");
            }
            check_listener(listener, ListenedBy::Goals, "triggers", map)
        }
        ElementKind::Goal(listener) => check_listener(listener, ListenedBy::Triggers, "goals", map),
        ElementKind::Wait(wait) => match &wait.until {
            Until::Conditions { condition, .. } => check_condition(condition),
            _ => Ok(()),
        },
        ElementKind::Condition(condition) => check_condition(condition),
        ElementKind::Split(split) if !(2..=Split::MAX_PATHS).contains(&split.shares.len()) => {
            refused(format!("A split has two to {} paths", Split::MAX_PATHS))
        }
        ElementKind::Branches(branches) => check_branches(branches),
        ElementKind::Action(action) => check_action(action),
        ElementKind::Split(_)
        | ElementKind::Fork
        | ElementKind::GoTo(_)
        | ElementKind::End
        | ElementKind::Exit => Ok(()),
    }
}

/// A thing of the catalogue.
pub(super) fn check_item(item: &Item) -> Result<(), Refusal> {
    match item {
        Item::Task(task) => {
            if task.outcomes.len() > MOST_NUMBERED {
                return refused(format!("A task has at most {MOST_NUMBERED} outcomes"));
            }
            task.outcomes.iter().flat_map(|outcome| &outcome.actions).try_for_each(|action| match action {
                // M-07: arrivals are counted at elements, and an outcome is none
                Action::RouteLead(router) if router.in_turn => refused(
                    "Only on a map can leads be routed in turn: in an outcome of a task chance decides",
                ),
                action => check_action(action),
            })
        }
        Item::Email(email) if email.links.len() > MOST_NUMBERED => {
            refused(format!("An e-mail has at most {MOST_NUMBERED} links"))
        }
        _ => Ok(()),
    }
}

fn check_listener(
    listener: &Listener,
    others_only: ListenedBy,
    own: &str,
    map: MapId,
) -> Result<(), Refusal> {
    let event = listener.on.event_type().info();
    if event.listened_by == others_only {
        let only = if own == "goals" { "triggers" } else { "goals" };
        return refused(format!("Only {only} can listen for “{}”", event.title));
    }
    match &listener.on {
        EventFilter::KeapPurchase(_) if !matches!(listener.who, Who::Upstream | Who::AnyContact) => {
            return refused("A Keap purchase counts for contacts upstream or for any contact in the account");
        }
        EventFilter::KeapPurchase(_) if listener.if_on_map != IfOnMap::Move => {
            return refused("A Keap purchase always moves the contact here");
        }
        EventFilter::Paused(other)
        | EventFilter::Unpaused(other)
        | EventFilter::Automation { map: other, .. }
            if *other == Some(map) =>
        {
            return refused(format!("“{}” needs another map than this one", event.title));
        }
        _ => {}
    }
    check_condition(&listener.conditions)
}

fn check_branches(branches: &Branches) -> Result<(), Refusal> {
    if branches.policy == BranchPolicy::YesNo {
        return refused("Yes or no is a condition: several ways are taken by the first or by all that match");
    }
    if !(1..=Branches::MAX).contains(&branches.branches.len()) {
        return refused(format!("There are one to {} ways with a rule", Branches::MAX));
    }
    branches.branches.iter().try_for_each(|branch| check_condition(&branch.rule))
}

fn check_condition(condition: &Condition) -> Result<(), Refusal> {
    condition.leaves().into_iter().try_for_each(|leaf| match leaf {
        Condition::Field { is, value: Some(_), .. } if !is.needs_value() => {
            refused(format!("“{}” compares with no value", is.words()))
        }
        Condition::FieldRelative { is, .. } if !compares_days(*is) => {
            refused(format!("A day counted from today is before, on or after: “{}” fits no day", is.words()))
        }
        Condition::NowIs { moment: Moment::Time(time), .. } if time.second() > 0 => {
            refused("Now is compared with a time to the minute, without seconds")
        }
        _ => Ok(()),
    })
}

fn compares_days(operator: FieldOperator) -> bool {
    match operator {
        FieldOperator::Equals
        | FieldOperator::NotEquals
        | FieldOperator::Greater
        | FieldOperator::Less
        | FieldOperator::AtLeast
        | FieldOperator::AtMost => true,
        FieldOperator::Contains
        | FieldOperator::DoesNotContain
        | FieldOperator::StartsWith
        | FieldOperator::EndsWith
        | FieldOperator::IsEmpty
        | FieldOperator::IsNotEmpty => false,
    }
}

fn check_action(action: &Action) -> Result<(), Refusal> {
    match action {
        Action::AddPurchase { quantity: 0, .. } => refused("A purchase has at least one piece"),
        Action::AddPurchase { amount: Some(amount), .. } if *amount < Money::ZERO => {
            refused("A purchase costs nothing or more: what is given back is a refund")
        }
        _ => Ok(()),
    }
}
