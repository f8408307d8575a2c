//! The table of element kinds: what the palette, the cards, the inspector and the help read. What else a new kind needs
//! is listed in the code map at the head of the crate.

use super::action::{Action, FieldChange, LeadRouter};
use super::condition::Condition;
use super::element::{Branches, Choice, ElementKind, Listener, Split, Until, Wait};
use super::event::MembershipStatus;
use super::filter::EventType;
use super::rules::BranchPolicy;
use crate::base::time::{Span, Unit};

/// Families of kinds; each has a colour, a shape and a place in the palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Where contacts come in.
    Trigger,
    /// What is done to contacts.
    Action,
    /// Waits and what decides about the way.
    Filter,
    /// What contacts are meant to do.
    Goal,
}

/// One row of the table.
#[derive(Debug)]
pub struct KindInfo {
    /// The kind.
    pub kind: Kind,
    /// Its name in files and reports; never changes.
    pub tag: &'static str,
    /// Its family.
    pub family: Family,
    /// Its name in the window.
    pub title: &'static str,
    /// One sentence for the palette and the help.
    pub help: &'static str,
    /// A new one.
    pub blank: fn() -> ElementKind,
}

macro_rules! kinds {
    ($($kind:ident, $tag:literal, $family:ident, $title:literal, $help:literal, $blank:expr;)*) => {
        /// What an element is, without its settings.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = $help] $kind,)*
        }

        /// The kinds in the order of the palette.
        pub const KINDS: &[KindInfo] = &[$(KindInfo {
            kind: Kind::$kind,
            tag: $tag,
            family: Family::$family,
            title: $title,
            help: $help,
            blank: || $blank,
        }),*];
    };
}

kinds! {
    Trigger, "trigger", Trigger, "Trigger",
        "Puts a contact on the map when something happens to it",
        ElementKind::Trigger(Listener::trigger(EventType::FormSubmitted));
    Wait, "wait", Filter, "Wait",
        "Holds contacts until some time has passed, a date or a day of the week",
        ElementKind::Wait(Wait::new(Until::TimePasses(Span { count: 1, unit: Unit::Days })));
    Goal, "goal", Goal, "Goal",
        "Holds contacts until they do what you hope for, and pulls them here from elsewhere on the map",
        ElementKind::Goal(Listener::goal(EventType::Purchased));
    Condition, "condition", Filter, "Condition",
        "Sends contacts down Yes or No by what their record says on arrival",
        ElementKind::Condition(Condition::default());
    Branches, "branches", Filter, "Branches",
        "Sends contacts down one or several of many ways, each with a rule",
        ElementKind::Branches(Branches::blank(BranchPolicy::FirstMatch));
    Split, "split", Filter, "Split",
        "Sends a percentage of contacts down each path; put into a line, the paths meet again below",
        ElementKind::Split(Split::halves());
    Fork, "fork", Filter, "Fork",
        "Sends contacts down both paths at once",
        ElementKind::Fork;
    GoTo, "go_to", Filter, "Go to",
        "Continues at another element of this map",
        ElementKind::GoTo(None);
    End, "end", Filter, "End",
        "Contacts rest here and stay on the map, so goals still reach them",
        ElementKind::End;
    Exit, "exit", Filter, "Exit",
        "Contacts leave the map here",
        ElementKind::Exit;
    SendEmail, "send_email", Action, "Send e-mail",
        "Sends one of the account's e-mails",
        ElementKind::Action(Action::SendEmail(None));
    SendSms, "send_sms", Action, "Send SMS",
        "Sends one of the account's text messages",
        ElementKind::Action(Action::SendSms(None));
    SendPostcard, "send_postcard", Action, "Send postcard",
        "Sends one of the account's postcards",
        ElementKind::Action(Action::SendPostcard(None));
    ChangeTags, "change_tags", Action, "Change tags",
        "Adds tags to the contact and removes others",
        ElementKind::Action(Action::ChangeTags { add: vec![], remove: vec![] });
    UpdateField, "update_field", Action, "Update a field",
        "Sets, clears or adds to a field of the contact, or moves its date",
        ElementKind::Action(Action::UpdateField { field: None, change: FieldChange::Set(None) });
    AddToMap, "add_to_map", Action, "Add to automation",
        "Puts the contact on another map and waits until it is off that one again",
        ElementKind::Action(Action::AddToMap(None));
    RemoveFromMap, "remove_from_map", Action, "Remove from automation",
        "Takes the contact off a map, wherever it stands there",
        ElementKind::Action(Action::RemoveFromMap(None));
    PauseOnMap, "pause_on_map", Action, "Pause on automation",
        "Holds the contact where it stands on a map",
        ElementKind::Action(Action::PauseOnMap(None));
    UnpauseOnMap, "unpause_on_map", Action, "Unpause on automation",
        "Lets the contact go on on a map",
        ElementKind::Action(Action::UnpauseOnMap(None));
    AssignTask, "assign_task", Action, "Assign a task",
        "Gives a task about the contact to a team member",
        ElementKind::Action(Action::AssignTask { task: None, due_in_days: 1, owner: None });
    Notify, "notify", Action, "Notify a team member",
        "Tells a team member by e-mail or SMS",
        ElementKind::Action(Action::Notify { member: None, by_sms: false, text: String::new() });
    RouteLead, "route_lead", Action, "Route the lead",
        "Gives the contact an owner, by chance or in turn",
        ElementKind::Action(Action::RouteLead(LeadRouter::default()));
    AddToList, "add_to_list", Action, "Add to fulfilment list",
        "Puts the contact on a fulfilment list",
        ElementKind::Action(Action::AddToList(None));
    RemoveFromList, "remove_from_list", Action, "Remove from fulfilment list",
        "Takes the contact off a fulfilment list",
        ElementKind::Action(Action::RemoveFromList(None));
    RemoveFromAllLists, "remove_from_all_lists", Action, "Remove from all fulfilment lists",
        "Takes the contact off every fulfilment list",
        ElementKind::Action(Action::RemoveFromAllLists);
    AddPurchase, "add_purchase", Action, "Add to purchase history",
        "Writes a purchase into the contact's history, as an order that is paid",
        ElementKind::Action(Action::AddPurchase { product: None, quantity: 1, amount: None });
    CancelOpenOrders, "cancel_open_orders", Action, "Cancel open orders",
        "Ends subscriptions and payment plans of the contact",
        ElementKind::Action(Action::CancelOpenOrders(Choice::Any));
    RechargeDeclined, "recharge_declined", Action, "Recharge declined payments",
        "Charges declined payments of open orders again",
        ElementKind::Action(Action::RechargeDeclined);
    SetMembership, "set_membership", Action, "Set membership access",
        "Enables, suspends or disables the contact's membership of a site",
        ElementKind::Action(Action::SetMembership { site: None, status: MembershipStatus::Enabled });
    GiveLevel, "give_level", Action, "Give WordPress level",
        "Gives the contact a WordPress membership level",
        ElementKind::Action(Action::GiveLevel(None));
    RemoveLevel, "remove_level", Action, "Remove WordPress level",
        "Takes a WordPress membership level away",
        ElementKind::Action(Action::RemoveLevel(None));
    AddRelationship, "add_relationship", Action, "Add relationship",
        "Connects the contact with another record",
        ElementKind::Action(Action::AddRelationship { relationship: None, record: String::new() });
    RemoveRelationship, "remove_relationship", Action, "Remove relationship",
        "Undoes the contact's connection with another record",
        ElementKind::Action(Action::RemoveRelationship { relationship: None, record: String::new() });
    Webhook, "webhook", Action, "Call a webhook",
        "Would call an address; in a simulation it is only noted",
        ElementKind::Action(Action::Webhook(String::new()));
    CreateRecord, "create_record", Action, "Create a record",
        "Creates a record of another kind beside the contact",
        ElementKind::Action(Action::CreateRecord(String::new()));
    Note, "note", Action, "Write a note",
        "Writes a note into the contact's record",
        ElementKind::Action(Action::Note(String::new()));
}

impl Kind {
    /// Its row in the table.
    pub fn info(self) -> &'static KindInfo {
        // The macro lists kinds and rows in one order.
        &KINDS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_row_and_a_blank_of_itself() {
        for info in KINDS {
            assert_eq!((info.blank)().kind(), info.kind);
            assert_eq!(info.kind.info().tag, info.tag);
            assert_eq!(KINDS.iter().filter(|other| other.tag == info.tag).count(), 1);
            assert!(!info.help.ends_with('.'));
        }
    }
}
