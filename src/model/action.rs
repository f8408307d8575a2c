//! Actions: what is done to contacts that pass (semantics §7). An action stands on a map as an element, or under an
//! outcome of a task.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::element::Choice;
use super::event::MembershipStatus;
use super::kinds::Kind;
use super::value::Value;
use crate::base::id::{
    EmailId, FieldId, LevelId, ListId, MapId, MemberId, PostcardId, ProductId, RelationshipId, SiteId, SmsId,
    TagId, TaskId,
};
use crate::base::money::Money;
use crate::base::time::{Side, Span};

/// What is done. `None` in a choice of one thing means that it is not chosen yet; nothing is done then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Sends an e-mail.
    SendEmail(Option<EmailId>),
    /// Sends a text message.
    SendSms(Option<SmsId>),
    /// Sends a postcard.
    SendPostcard(Option<PostcardId>),
    /// Gives a task about the contact to a team member.
    AssignTask {
        /// Which task.
        task: Option<TaskId>,
        /// In how many days it is due.
        due_in_days: u32,
        /// Whose it is; `None`: the contact's owner's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<MemberId>,
    },
    /// Tells a team member.
    Notify {
        /// Whom; `None`: the contact's owner.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        member: Option<MemberId>,
        /// By SMS; otherwise by e-mail.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_sms: bool,
        /// What.
        text: String,
    },
    /// Changes a field.
    UpdateField {
        /// Which field.
        field: Option<FieldId>,
        /// How.
        change: FieldChange,
    },
    /// Adds and removes tags.
    ChangeTags {
        /// To add.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        add: Vec<TagId>,
        /// To remove.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remove: Vec<TagId>,
    },
    /// Puts the contact on another map and, on a map, holds it until it is off that one again (M-11).
    AddToMap(Option<MapId>),
    /// Takes the contact off a map, wherever it stands there.
    RemoveFromMap(Option<MapId>),
    /// Pauses the contact on a map (M-14).
    PauseOnMap(Option<MapId>),
    /// Lets the contact go on on a map.
    UnpauseOnMap(Option<MapId>),
    /// Puts the contact on a fulfilment list.
    AddToList(Option<ListId>),
    /// Takes the contact off a fulfilment list.
    RemoveFromList(Option<ListId>),
    /// Takes the contact off all fulfilment lists.
    RemoveFromAllLists,
    /// Writes a purchase into the contact's history, as an order that is paid.
    AddPurchase {
        /// What was bought.
        product: Option<ProductId>,
        /// How many.
        quantity: u32,
        /// For how much in all; `None`: its list price.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Money>,
    },
    /// Cancels the contact's open orders of these products.
    CancelOpenOrders(Choice<ProductId>),
    /// Charges declined payments of the contact's open orders again.
    RechargeDeclined,
    /// Sets the state of the contact's membership of a site.
    SetMembership {
        /// Which site.
        site: Option<SiteId>,
        /// The state.
        status: MembershipStatus,
    },
    /// Gives a WordPress level.
    GiveLevel(Option<LevelId>),
    /// Takes a WordPress level away.
    RemoveLevel(Option<LevelId>),
    /// Makes a relationship with another record.
    AddRelationship {
        /// Of which kind.
        relationship: Option<RelationshipId>,
        /// Name of the other record.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        record: String,
    },
    /// Undoes a relationship with another record.
    RemoveRelationship {
        /// Of which kind.
        relationship: Option<RelationshipId>,
        /// Name of the other record; empty: with all.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        record: String,
    },
    /// Gives the contact an owner.
    RouteLead(LeadRouter),
    /// Would call an address; in a simulation it is only written into the log.
    Webhook(String),
    /// Creates a record of another kind beside the contact, of this name.
    CreateRecord(String),
    /// Writes a note into the contact's record.
    Note(String),
}

/// How an action changes a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldChange {
    /// To this value; `None`: not chosen yet.
    Set(Option<Value>),
    /// To nothing.
    Clear,
    /// A number plus this number; an empty field counts as 0.
    Add(Decimal),
    /// A date moved by so much; an empty field counts as today.
    Shift(Side, Span),
}

/// Team members who get the contacts that pass.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LeadRouter {
    /// Who, and each one's weight beside the others'.
    pub members: Vec<(MemberId, u16)>,
    /// In turn, so that of all arrivals each gets its share exactly; otherwise drawn for each. In turn, contacts depend
    /// on one another: the run goes through them in the order of time (M-07).
    pub in_turn: bool,
}

impl Action {
    /// Its row in the table of kinds.
    pub fn kind(&self) -> Kind {
        match self {
            Self::SendEmail(_) => Kind::SendEmail,
            Self::SendSms(_) => Kind::SendSms,
            Self::SendPostcard(_) => Kind::SendPostcard,
            Self::AssignTask { .. } => Kind::AssignTask,
            Self::Notify { .. } => Kind::Notify,
            Self::UpdateField { .. } => Kind::UpdateField,
            Self::ChangeTags { .. } => Kind::ChangeTags,
            Self::AddToMap(_) => Kind::AddToMap,
            Self::RemoveFromMap(_) => Kind::RemoveFromMap,
            Self::PauseOnMap(_) => Kind::PauseOnMap,
            Self::UnpauseOnMap(_) => Kind::UnpauseOnMap,
            Self::AddToList(_) => Kind::AddToList,
            Self::RemoveFromList(_) => Kind::RemoveFromList,
            Self::RemoveFromAllLists => Kind::RemoveFromAllLists,
            Self::AddPurchase { .. } => Kind::AddPurchase,
            Self::CancelOpenOrders(_) => Kind::CancelOpenOrders,
            Self::RechargeDeclined => Kind::RechargeDeclined,
            Self::SetMembership { .. } => Kind::SetMembership,
            Self::GiveLevel(_) => Kind::GiveLevel,
            Self::RemoveLevel(_) => Kind::RemoveLevel,
            Self::AddRelationship { .. } => Kind::AddRelationship,
            Self::RemoveRelationship { .. } => Kind::RemoveRelationship,
            Self::RouteLead(_) => Kind::RouteLead,
            Self::Webhook(_) => Kind::Webhook,
            Self::CreateRecord(_) => Kind::CreateRecord,
            Self::Note(_) => Kind::Note,
        }
    }

    /// Whether it is a message to the contact.
    pub fn is_message(&self) -> bool {
        matches!(self, Self::SendEmail(_) | Self::SendSms(_) | Self::SendPostcard(_))
    }

    /// What it needs and does not have yet, in words.
    pub fn open_setting(&self) -> Option<&'static str> {
        let open = |is_open: bool, words| is_open.then_some(words);
        match self {
            Self::SendEmail(email) => open(email.is_none(), "no e-mail is chosen yet"),
            Self::SendSms(sms) => open(sms.is_none(), "no SMS is chosen yet"),
            Self::SendPostcard(postcard) => open(postcard.is_none(), "no postcard is chosen yet"),
            Self::AssignTask { task, .. } => open(task.is_none(), "no task is chosen yet"),
            Self::Notify { text, .. } => open(text.is_empty(), "no text is written yet"),
            Self::UpdateField { field, change } => open(field.is_none(), "no field is chosen yet")
                .or(open(*change == FieldChange::Set(None), "no value is chosen yet")),
            Self::ChangeTags { add, remove } => {
                open(add.is_empty() && remove.is_empty(), "no tag is chosen yet")
            }
            Self::AddToMap(map)
            | Self::RemoveFromMap(map)
            | Self::PauseOnMap(map)
            | Self::UnpauseOnMap(map) => open(map.is_none(), "no map is chosen yet"),
            Self::AddToList(list) | Self::RemoveFromList(list) => {
                open(list.is_none(), "no fulfilment list is chosen yet")
            }
            Self::AddPurchase { product, .. } => open(product.is_none(), "no product is chosen yet"),
            Self::CancelOpenOrders(products) => open(products.is_empty(), "no product is chosen yet"),
            Self::SetMembership { site, .. } => open(site.is_none(), "no site is chosen yet"),
            Self::GiveLevel(level) | Self::RemoveLevel(level) => {
                open(level.is_none(), "no level is chosen yet")
            }
            Self::AddRelationship { relationship, record } => {
                open(relationship.is_none(), "no relationship is chosen yet")
                    .or(open(record.is_empty(), "the other record has no name yet"))
            }
            Self::RemoveRelationship { relationship, .. } => {
                open(relationship.is_none(), "no relationship is chosen yet")
            }
            Self::RouteLead(router) => {
                open(router.members.iter().all(|(_, weight)| *weight == 0), "no team member is chosen yet")
            }
            Self::Webhook(url) => open(url.is_empty(), "no address is given yet"),
            Self::CreateRecord(name) => open(name.is_empty(), "the record has no name yet"),
            Self::Note(text) => open(text.is_empty(), "no text is written yet"),
            Self::RemoveFromAllLists | Self::RechargeDeclined => None,
        }
    }
}
