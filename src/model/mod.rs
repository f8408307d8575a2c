//! The document: plain data, reversible edits, queries and checks. No IO, no clock, no window.
//!
//! Reading order: [`project`] (what a file holds), [`catalogue`] (the account), [`map`] and [`element`] (what is
//! drawn), [`event`] and [`condition`] (what happens and what must hold), [`people`] (contacts and their events),
//! [`edit`] (the only way to change any of it), [`graph`] (questions about a map), [`refs`] (a copy that names other
//! things), [`lint`] (what is wrong with it),
//! [`words`] (any of it in one line of English).

pub mod catalogue;
pub mod condition;
pub mod edit;
pub mod element;
pub mod event;
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

pub use catalogue::{Catalogue, Category, Email, Field, FieldKind, Form, Item, ItemId, Product, Tag};
pub use condition::{Comparison, Condition, FieldOperator};
pub use edit::{Edit, EditError, EditGroup};
pub use element::{
    Choice, Element, ElementKind, FieldChange, IfOnMap, Listener, Point, Split, Until, Wait, WaitZone, Who,
};
pub use event::{Event, EventFilter, EventType, FormOutcome, Happening, Order, OrderLine};
pub use graph::Graph;
pub use kinds::{Family, Kind, KindInfo};
pub use map::{Line, Map, Note, Port};
pub use people::{Contact, ContactIx, People};
pub use project::{Project, Settings};
pub use rules::EngineRules;
pub use saved::{Expectation, SavedRun, SavedTest};
pub use value::Value;
