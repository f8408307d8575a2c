//! The account catalogue: the named things that maps, contacts and events refer to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::action::Action;
use super::event::StatusCategory;
use super::value::Value;
use crate::base::id::{
    CampaignId, CategoryId, EmailId, FieldId, FormId, Id, LevelId, ListId, MapId, MemberId, OrderStatusId,
    PageId, PostcardId, ProductId, RelationshipId, SiteId, SmsId, TagId, TaskId, TouchpointId,
};
use crate::base::money::Money;
use crate::base::time::Span;

/// What a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Free text.
    #[default]
    Text,
    /// A decimal number.
    Number,
    /// A full date.
    Date,
    /// A date whose month and day return every year (G-13).
    Birthday,
    /// A date and time.
    DateTime,
    /// Yes or no.
    YesNo,
}

impl FieldKind {
    /// All kinds with their name in the window.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Text, "Text"),
        (Self::Number, "Number"),
        (Self::Date, "Date"),
        (Self::Birthday, "Birthday"),
        (Self::DateTime, "Date and time"),
        (Self::YesNo, "Yes or no"),
    ];

    /// Whether a field of this kind can hold the value.
    pub fn fits(self, value: &Value) -> bool {
        match value {
            Value::Text(_) => self == Self::Text,
            Value::Number(_) => self == Self::Number,
            Value::Date(_) => matches!(self, Self::Date | Self::Birthday),
            Value::DateTime(_) => self == Self::DateTime,
            Value::YesNo(_) => self == Self::YesNo,
        }
    }
}

/// A field of every contact's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Identity.
    pub id: FieldId,
    /// Label.
    pub name: String,
    /// What it may hold.
    pub kind: FieldKind,
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Identity.
    pub id: TagId,
    /// Label.
    pub name: String,
}

/// A product category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Identity.
    pub id: CategoryId,
    /// Label.
    pub name: String,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Identity.
    pub id: ProductId,
    /// Label.
    pub name: String,
    /// List price, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// Categories it belongs to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CategoryId>,
}

/// A form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Identity.
    pub id: FormId,
    /// Label.
    pub name: String,
    /// An order form takes a payment, so a submission succeeds or fails.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub order_form: bool,
    /// The fulfilment list that a shipping-enabled order form puts its buyers on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<ListId>,
    /// The map to which a successful submission adds the contact (M-03).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<MapId>,
}

/// An e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Email {
    /// Identity.
    pub id: EmailId,
    /// Label.
    pub name: String,
    /// Subject line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// Links, numbered from 1 in this order (left to right, top to bottom).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// Goes to contacts who take nothing but transactional e-mail too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub transactional: bool,
}

/// A text message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    /// Identity.
    pub id: SmsId,
    /// Label.
    pub name: String,
    /// What it says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// A postcard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Postcard {
    /// Identity.
    pub id: PostcardId,
    /// Label.
    pub name: String,
}

/// A fulfilment list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Identity.
    pub id: ListId,
    /// Label.
    pub name: String,
    /// How long after being put on it a contact leaves it by itself; `None`: never (auto-unsubscribe).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaves_after: Option<Span>,
}

/// A task for a team member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Identity.
    pub id: TaskId,
    /// Label.
    pub name: String,
    /// How it can come out, numbered from 1 in this order; none: it is just done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Outcome>,
}

/// How a task can come out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Label.
    pub name: String,
    /// What is done to the contact when a task comes out so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
}

/// A member of the team: owner of tasks and leads, and to be notified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Identity.
    pub id: MemberId,
    /// Label.
    pub name: String,
}

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// A page of the account, whose visits are always known; it may have personal addresses (PURL).
    #[default]
    Page,
    /// An address elsewhere, whose visits the tracking code tells.
    Url,
    /// A tracked link.
    Link,
}

impl PageKind {
    /// All kinds with their name in the window.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Page, "Page of the account"), (Self::Url, "Address elsewhere"), (Self::Link, "Tracked link")];
}

/// Something on the web that contacts visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Identity.
    pub id: PageId,
    /// Label.
    pub name: String,
    /// What it is.
    #[serde(default)]
    pub kind: PageKind,
}

/// Whose membership a site keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    /// The account's own membership, with a status.
    #[default]
    Membership,
    /// WordPress, with levels.
    WordPress,
}

impl SiteKind {
    /// All kinds with their name in the window.
    pub const ALL: [(Self, &'static str); 2] =
        [(Self::Membership, "Membership site"), (Self::WordPress, "WordPress site")];
}

/// A site that contacts are members of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Identity.
    pub id: SiteId,
    /// Label.
    pub name: String,
    /// What it is.
    #[serde(default)]
    pub kind: SiteKind,
}

/// A membership level of a WordPress site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Identity.
    pub id: LevelId,
    /// Label.
    pub name: String,
    /// Its site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteId>,
}

/// A kind of many-to-many relationship between contacts and other records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relationship {
    /// Identity.
    pub id: RelationshipId,
    /// Label.
    pub name: String,
}

/// By which way a campaign reaches contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// E-mail.
    #[default]
    Email,
    /// Text messages.
    Sms,
    /// Push messages of an app.
    MobilePush,
    /// Push messages of a browser.
    WebPush,
    /// Messengers.
    Messenger,
    /// A form on the website.
    Form,
    /// A form on the website that gathers leads: it neither gets credit for orders nor stands in the way (T-04).
    LeadForm,
    /// A pop-up on the website.
    PopUp,
    /// Products that the website recommends.
    Recommendation,
    /// A message within an app.
    InApp,
}

impl Channel {
    /// All channels with their name in the window.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Email, "E-mail"),
        (Self::Sms, "SMS"),
        (Self::MobilePush, "Mobile push"),
        (Self::WebPush, "Web push"),
        (Self::Messenger, "Messenger"),
        (Self::Form, "Form"),
        (Self::LeadForm, "Lead-generation form"),
        (Self::PopUp, "Pop-up"),
        (Self::Recommendation, "Recommendation"),
        (Self::InApp, "In-app message"),
    ];

    /// Among which campaigns it is decided who gets the credit (T-03).
    pub fn group(self) -> ChannelGroup {
        match self {
            Self::Email | Self::Sms | Self::MobilePush | Self::WebPush | Self::Messenger => {
                ChannelGroup::Campaigns
            }
            Self::Form | Self::LeadForm | Self::PopUp | Self::Recommendation => ChannelGroup::Website,
            Self::InApp => ChannelGroup::InApp,
        }
    }
}

/// Channels among which an order is credited once (T-03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelGroup {
    /// What is sent to contacts.
    Campaigns,
    /// What the website shows.
    Website,
    /// What an app shows.
    InApp,
}

impl ChannelGroup {
    /// All groups.
    pub const ALL: [Self; 3] = [Self::Campaigns, Self::Website, Self::InApp];

    /// Its name in files; never changes.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Campaigns => "campaigns",
            Self::Website => "website",
            Self::InApp => "in_app",
        }
    }

    /// Its name in the window.
    pub fn label(self) -> &'static str {
        match self {
            Self::Campaigns => "Campaigns",
            Self::Website => "Website",
            Self::InApp => "In-app",
        }
    }
}

/// A campaign that reaches contacts from outside the maps; e-mails and text messages are campaigns by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    /// Identity.
    pub id: CampaignId,
    /// Label.
    pub name: String,
    /// Its way to contacts.
    #[serde(default)]
    pub channel: Channel,
    /// What it sends is asked for, such as a receipt: many clicks at once count all the same (T-07).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub transactional: bool,
}

/// A status that the shop gives to lines of orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderStatus {
    /// Identity.
    pub id: OrderStatusId,
    /// Label.
    pub name: String,
    /// What it means.
    #[serde(default)]
    pub category: StatusCategory,
}

/// A place where orders begin, such as the website or a shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Touchpoint {
    /// Identity.
    pub id: TouchpointId,
    /// Label.
    pub name: String,
    /// The place that it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<TouchpointId>,
}

impl Catalogue {
    /// Whether a touchpoint is another or part of it, however deep.
    pub fn is_within(&self, touchpoint: TouchpointId, whole: TouchpointId) -> bool {
        let part_of = |id: &TouchpointId| self.touchpoints.get(id).and_then(|touchpoint| touchpoint.part_of);
        // each can stand once on the way up, so a circle in a damaged file ends, too
        let mut way = std::iter::successors(Some(touchpoint), part_of).take(self.touchpoints.len() + 1);
        way.any(|id| id == whole)
    }
}

macro_rules! catalogue {
    ($($(#[$doc:meta])* $shelf:ident: $item:ident by $id:ident, $word:literal { $($field:ident),* };)*) => {
        /// All named things of the account, each kind by its id.
        #[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Catalogue {
            $($(#[$doc])* #[serde(with = "by_id", skip_serializing_if = "BTreeMap::is_empty")]
            pub $shelf: BTreeMap<$id, $item>,)*
        }

        /// One thing of the catalogue, of any kind.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Item { $($(#[$doc])* $item($item),)* }

        /// The id of one thing of the catalogue, of any kind.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ItemId { $($(#[$doc])* $item($id),)* }

        impl Item {
            /// Its id.
            pub fn id(&self) -> ItemId {
                match self { $(Self::$item(item) => ItemId::$item(item.id),)* }
            }
            /// Its label.
            pub fn name(&self) -> &str {
                match self { $(Self::$item(item) => &item.name,)* }
            }
            /// Sets the label.
            pub fn rename(&mut self, name: String) {
                match self { $(Self::$item(item) => item.name = name,)* }
            }
            /// Gives it another id of its kind.
            pub fn renumber(&mut self, number: u32) {
                match self { $(Self::$item(item) => item.id = Id::new(number),)* }
            }
        }

        impl ItemId {
            /// What such a thing is called in a sentence.
            pub fn word(self) -> &'static str {
                match self { $(Self::$item(_) => $word,)* }
            }
            /// The number of the id.
            pub fn number(self) -> u32 {
                match self { $(Self::$item(id) => id.number(),)* }
            }
        }

        impl std::fmt::Display for ItemId {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self { $(Self::$item(id) => id.fmt(f),)* }
            }
        }

        $(impl Shelved for $item {
            type Id = $id;
            const WORD: &'static str = $word;
            fn new(id: $id, name: impl Into<String>) -> Self {
                Self { id, name: name.into(), $($field: Default::default()),* }
            }
            fn id(&self) -> $id { self.id }
            fn name(&self) -> &str { &self.name }
            fn shelf(catalogue: &Catalogue) -> &BTreeMap<$id, Self> { &catalogue.$shelf }
            fn item_id(id: $id) -> ItemId { ItemId::$item(id) }
            fn into_item(self) -> Item { Item::$item(self) }
        }
        impl From<$item> for Item { fn from(item: $item) -> Self { Self::$item(item) } }
        impl From<$id> for ItemId { fn from(id: $id) -> Self { Self::$item(id) } })*

        impl Catalogue {
            /// The thing with this id.
            pub fn get(&self, id: ItemId) -> Option<Item> {
                match id { $(ItemId::$item(id) => self.$shelf.get(&id).cloned().map(Item::$item),)* }
            }
            /// Whether there is a thing with this id.
            pub fn has(&self, id: ItemId) -> bool {
                match id { $(ItemId::$item(id) => self.$shelf.contains_key(&id),)* }
            }
            /// Adds or replaces a thing and returns what was there.
            pub(super) fn put(&mut self, item: Item) -> Option<Item> {
                match item { $(Item::$item(item) => self.$shelf.insert(item.id, item).map(Item::$item),)* }
            }
            /// Takes a thing out.
            pub(super) fn remove(&mut self, id: ItemId) -> Option<Item> {
                match id { $(ItemId::$item(id) => self.$shelf.remove(&id).map(Item::$item),)* }
            }
            /// Every thing, kind by kind.
            pub fn items(&self) -> impl Iterator<Item = Item> + '_ {
                std::iter::empty()$(.chain(self.$shelf.values().cloned().map(Item::$item)))*
            }
        }
    };
}

catalogue! {
    /// Fields of a contact's record.
    fields: Field by FieldId, "field" { kind };
    /// Tags.
    tags: Tag by TagId, "tag" {};
    /// Products.
    products: Product by ProductId, "product" { price, categories };
    /// Product categories.
    categories: Category by CategoryId, "category" {};
    /// Forms.
    forms: Form by FormId, "form" { order_form, list, map };
    /// E-mails.
    emails: Email by EmailId, "e-mail" { subject, links, transactional };
    /// Text messages.
    texts: Sms by SmsId, "SMS" { text };
    /// Postcards.
    postcards: Postcard by PostcardId, "postcard" {};
    /// Fulfilment lists.
    lists: List by ListId, "list" { leaves_after };
    /// Tasks.
    tasks: Task by TaskId, "task" { outcomes };
    /// Team members.
    members: Member by MemberId, "team member" {};
    /// Pages, addresses elsewhere and tracked links.
    pages: Page by PageId, "page" { kind };
    /// Membership sites.
    sites: Site by SiteId, "site" { kind };
    /// WordPress levels.
    levels: Level by LevelId, "level" { site };
    /// Kinds of relationships.
    relationships: Relationship by RelationshipId, "relationship" {};
    /// Campaigns other than e-mails and text messages.
    campaigns: Campaign by CampaignId, "campaign" { channel, transactional };
    /// Statuses of order lines.
    statuses: OrderStatus by OrderStatusId, "order status" { category };
    /// Places where orders begin.
    touchpoints: Touchpoint by TouchpointId, "touchpoint" { part_of };
}

/// A kind of thing that the catalogue keeps.
pub trait Shelved: Sized + Clone + 'static {
    /// Its id type.
    type Id: Id;
    /// What such a thing is called in a sentence.
    const WORD: &'static str;
    /// A new one with nothing but a label.
    fn new(id: Self::Id, name: impl Into<String>) -> Self;
    /// Identity.
    fn id(&self) -> Self::Id;
    /// Label.
    fn name(&self) -> &str;
    /// Where the catalogue keeps them.
    fn shelf(catalogue: &Catalogue) -> &BTreeMap<Self::Id, Self>;
    /// The id among all kinds.
    fn item_id(id: Self::Id) -> ItemId;
    /// The thing among all kinds.
    fn into_item(self) -> Item;
}

impl Catalogue {
    /// The label of a thing, or its id where the catalogue lacks it.
    pub fn name<T: Shelved>(&self, id: T::Id) -> String {
        T::shelf(self).get(&id).map_or_else(|| id.to_string(), |item| item.name().to_owned())
    }

    /// The first thing of a kind with this label, upper and lower case alike; ids (`tag3`) work too.
    pub fn find<T: Shelved>(&self, name_or_id: &str) -> Option<T::Id> {
        let name = name_or_id.trim();
        let by_name = T::shelf(self).values().find(|item| item.name().to_lowercase() == name.to_lowercase());
        by_name.map(Shelved::id).or_else(|| name.parse().ok().filter(|id| T::shelf(self).contains_key(id)))
    }
}

/// Maps from ids written as plain lists: each item says its own id, once.
pub(crate) mod by_id {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Shelved;

    pub fn serialize<S: Serializer, T: Shelved + Serialize>(
        items: &BTreeMap<T::Id, T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(items.values())
    }

    pub fn deserialize<'de, D: Deserializer<'de>, T: Shelved + Deserialize<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<T::Id, T>, D::Error> {
        let mut items = BTreeMap::new();
        for item in Vec::<T>::deserialize(deserializer)? {
            let id = item.id();
            if items.insert(id, item).is_some() {
                return Err(serde::de::Error::custom(format!("{} {id} stands twice", T::WORD)));
            }
        }
        Ok(items)
    }
}
