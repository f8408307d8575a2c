//! The document: plain data, reversible edits, queries and checks. No IO, no clock, no window.
//!
//! Reading order: [`project`] (what a file holds), [`catalogue`] (the account), [`map`] and [`element`] (what is
//! drawn), [`action`] (what is done), [`event`], [`filter`] and [`condition`] (what happens, what is listened for and what
//! must hold), [`attribution`] (which orders count, and whose doing they are), [`people`] (contacts and their events),
//! [`edit`] (the only way to change any of it), [`graph`] (questions about a map), [`refs`] (a copy that names other
//! things), [`lint`] (what is wrong with it),
//! [`words`] (any of it in one line of English).

pub mod action;
pub mod attribution;
pub mod catalogue;
pub mod condition;
pub mod edit;
pub mod element;
pub mod event;
pub mod filter;
pub mod graph;
pub mod kinds;
pub mod lint;
pub mod map;
pub mod people;
pub mod project;
pub mod refs;
pub mod rules;
pub mod saved;
pub mod value;
pub mod words;

pub use action::{Action, FieldChange, LeadRouter};
pub use attribution::{
    Attribution, CampaignRef, ForeignVisitBreaks, GoalRevenue, OrderGoal, SmsTouch, ValueBase,
};
pub use catalogue::{
    Campaign, Catalogue, Category, Channel, ChannelGroup, Email, Field, FieldKind, Form, Item, ItemId, Level,
    List, Member, OrderStatus, Outcome, Page, PageKind, Postcard, Product, Relationship, Site, SiteKind, Sms,
    Tag, Task, Touchpoint,
};
pub use condition::{Bound, Comparison, Condition, ConditionKind, FieldOperator, Moment, Timing};
pub use edit::{Edit, EditError, EditGroup};
pub use element::{
    Branch, Branches, Choice, Delay, DelayTime, DelayUnit, Element, ElementKind, IfOnMap, Listener, Point,
    Split, Until, Wait, WaitZone, Who,
};
pub use event::{
    CampaignTouch, Checkout, DateRule, EmailStatus, Event, FirstPayment, FormOutcome, Happening,
    HappeningKind, LineStatus, MembershipStatus, Order, OrderLine, OrderSource, PaymentKind, PaymentPlan,
    PlanKind, Provider, Sale, SalePart, SmsStatus, StatusCategory, StatusChange,
};
pub use filter::{
    CardOutcome, Change, Ear, EventFilter, EventType, Heard, KeapPurchase, OpenOrderChange, PlanPayments,
};
pub use graph::Graph;
pub use kinds::{Family, Kind, KindInfo};
pub use map::{Line, Map, Note, Port, Sequence};
pub use people::{Contact, ContactIx, MoreOfContact, People};
pub use project::{Project, Publication, Settings};
pub use refs::{Named, Refs};
pub use rules::{BranchPolicy, EngineRules, Preset};
pub use saved::{Expectation, SavedRun, SavedTest};
pub use value::Value;
