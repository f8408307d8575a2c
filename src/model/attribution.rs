//! Order goals, and how orders are credited to campaigns (semantics §9): what a project says of it.

use serde::{Deserialize, Serialize};

use super::catalogue::{Catalogue, Channel, ItemId};
use super::element::Choice;
use super::event::{LineStatus, StatusCategory};
use super::refs::Named;
use super::rules::switch;
use crate::base::id::{CampaignId, EmailId, OrderGoalId, SmsId, TouchpointId};

/// Most order goals of a project, *Orders* with them (T-02).
pub const MOST_ORDER_GOALS: usize = 5;
/// The longest window, in days (T-05).
pub const LONGEST_WINDOW: u8 = 30;

switch! {
    /// What an order brings to its goal (T-01).
    GoalRevenue {
        /// All of it.
        Order = "the whole order",
        /// Its lines with a status of the goal.
        Lines = "lines with a status of the goal",
    }
}
switch! {
    /// What of a text message is a touch beside a click (T-04).
    SmsTouch {
        /// That it was delivered.
        Delivery = "delivery or click",
        /// Nothing.
        Click = "click only",
    }
}
switch! {
    /// Whose credit a visit from a source that is not the sender's own breaks (T-06).
    ForeignVisitBreaks {
        /// That of every channel group.
        All = "of all channels",
        /// That of campaigns.
        Campaigns = "of campaigns only",
    }
}
switch! {
    /// Which spending counts for the lifetime value of who visited an element.
    ValueBase {
        /// All of it.
        All = "all spending",
        /// From the first visit on.
        AfterVisit = "spending after the visit",
    }
}

/// How orders are credited to campaigns: one setting for all reports (T-05).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Attribution {
    /// T-01.
    pub goal_revenue: GoalRevenue,
    /// How many days a touch stays good, of 24 hours each, less the last instant; 1 to [`LONGEST_WINDOW`] (T-05).
    pub window_days: u8,
    /// T-04.
    pub sms_touch: SmsTouch,
    /// Sources of visits that are the sender's own, upper and lower case alike (T-06).
    pub own_sources: Vec<String>,
    /// Campaigns that neither get credit nor stand in the way (T-04).
    pub excluded_campaigns: Vec<CampaignRef>,
    /// T-06.
    pub foreign_visit_breaks: ForeignVisitBreaks,
    /// T-05: an order that counts uses up the touches before it.
    pub reset_after_order: bool,
}

impl Default for Attribution {
    fn default() -> Self {
        Self {
            goal_revenue: GoalRevenue::default(),
            window_days: LONGEST_WINDOW,
            sms_touch: SmsTouch::default(),
            own_sources: vec!["maestra".into()],
            excluded_campaigns: vec![],
            foreign_visit_breaks: ForeignVisitBreaks::default(),
            reset_after_order: false,
        }
    }
}

/// What can get the credit for an order: an e-mail, a text message, or a campaign from outside the maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignRef {
    /// An e-mail.
    Email(EmailId),
    /// A text message.
    Sms(SmsId),
    /// A campaign of the catalogue.
    Campaign(CampaignId),
}

impl CampaignRef {
    /// The thing of the catalogue.
    pub fn item(self) -> ItemId {
        match self {
            Self::Email(id) => id.into(),
            Self::Sms(id) => id.into(),
            Self::Campaign(id) => id.into(),
        }
    }

    /// The campaign that a thing of the catalogue is; `None`: it is none.
    pub fn of(item: ItemId) -> Option<Self> {
        match item {
            ItemId::Email(id) => Some(Self::Email(id)),
            ItemId::Sms(id) => Some(Self::Sms(id)),
            ItemId::Campaign(id) => Some(Self::Campaign(id)),
            _ => None,
        }
    }

    /// All campaigns of a catalogue.
    pub fn all(catalogue: &Catalogue) -> impl Iterator<Item = Self> + '_ {
        let emails = catalogue.emails.keys().map(|id| Self::Email(*id));
        let texts = catalogue.texts.keys().map(|id| Self::Sms(*id));
        emails.chain(texts).chain(catalogue.campaigns.keys().map(|id| Self::Campaign(*id)))
    }

    /// Its channel.
    pub fn channel(self, catalogue: &Catalogue) -> Channel {
        match self {
            Self::Email(_) => Channel::Email,
            Self::Sms(_) => Channel::Sms,
            Self::Campaign(id) => catalogue.campaigns.get(&id).map_or(Channel::default(), |c| c.channel),
        }
    }

    /// Whether what it sends is transactional.
    pub fn is_transactional(self, catalogue: &Catalogue) -> bool {
        match self {
            Self::Email(id) => catalogue.emails.get(&id).is_some_and(|email| email.transactional),
            Self::Sms(_) => false,
            Self::Campaign(id) => catalogue.campaigns.get(&id).is_some_and(|c| c.transactional),
        }
    }
}

/// Which orders count (T-01). A saved one is never edited, only deleted (T-02).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderGoal {
    /// Identity.
    pub id: OrderGoalId,
    /// Label.
    pub name: String,
    /// Statuses, one of which a line must have at last.
    pub statuses: Vec<LineStatus>,
    /// Where the order must have begun, all parts of a place with it.
    pub touchpoints: Choice<TouchpointId>,
}

impl OrderGoal {
    /// The goal that every project has (T-02).
    pub fn orders() -> Self {
        let statuses = [StatusCategory::Placed, StatusCategory::Paid, StatusCategory::Delivered];
        Self {
            id: crate::base::id::Id::new(0),
            name: "Orders".into(),
            statuses: statuses.map(LineStatus::Category).into(),
            touchpoints: Choice::Any,
        }
    }

    /// What it names.
    pub fn names(&self) -> Vec<Named> {
        let statuses = self.statuses.iter().filter_map(|status| status.own()).map(ItemId::from);
        let places = match &self.touchpoints {
            Choice::Any => &[][..],
            Choice::OneOf(places) => places,
        };
        statuses.chain(places.iter().map(|place| ItemId::from(*place))).map(Named::Item).collect()
    }

    /// Whether a line that has this status at last counts.
    pub fn takes_status(&self, status: LineStatus, catalogue: &Catalogue) -> bool {
        let category = match status {
            LineStatus::Category(category) => Some(category),
            LineStatus::Own(id) => catalogue.statuses.get(&id).map(|status| status.category),
        };
        let whole = category.map(LineStatus::Category);
        self.statuses.iter().any(|taken| *taken == status || Some(*taken) == whole)
    }

    /// Whether an order that began there counts.
    pub fn takes_touchpoint(&self, touchpoint: Option<TouchpointId>, catalogue: &Catalogue) -> bool {
        match (&self.touchpoints, touchpoint) {
            (Choice::Any, _) => true,
            (Choice::OneOf(_), None) => false,
            (Choice::OneOf(places), Some(began)) => {
                places.iter().any(|place| catalogue.is_within(began, *place))
            }
        }
    }
}
