//! Typed ids with a prefix in text (`el12`, `map3`). They are never reused and never shown as names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Text that is no id of the wanted type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is no {what} id; expected \"{prefix}\" and a number, such as \"{prefix}12\"")]
pub struct IdError {
    text: String,
    what: &'static str,
    prefix: &'static str,
}

/// What all typed ids have in common.
pub trait Id: Copy + Ord + fmt::Display + fmt::Debug + FromStr<Err = IdError> + 'static {
    /// The lower-case prefix of the text form.
    const PREFIX: &'static str;
    /// The id with this number.
    fn new(number: u32) -> Self;
    /// The number behind the prefix.
    fn number(self) -> u32;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl Id for $name {
            const PREFIX: &'static str = $prefix;
            fn new(number: u32) -> Self {
                Self(number)
            }
            fn number(self) -> u32 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", $prefix, self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix($prefix)
                    .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
                    .and_then(|digits| digits.parse().ok())
                    .map(Self)
                    .ok_or_else(|| IdError { text: text.to_owned(), what: $what, prefix: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A map of the project.
    MapId "map" "map";
    /// An element of a map. Statistics hang on it, so it survives every edit (L-04).
    ElementId "el" "element";
    /// A sticky note on a map.
    NoteId "note" "note";
    /// A contact field of the catalogue.
    FieldId "field" "field";
    /// A tag of the catalogue.
    TagId "tag" "tag";
    /// A product of the catalogue.
    ProductId "product" "product";
    /// A product category of the catalogue.
    CategoryId "category" "category";
    /// A form of the catalogue.
    FormId "form" "form";
    /// An e-mail of the catalogue.
    EmailId "email" "e-mail";
    /// A text message of the catalogue.
    SmsId "sms" "SMS";
    /// A postcard of the catalogue.
    PostcardId "postcard" "postcard";
    /// A fulfilment list of the catalogue.
    ListId "list" "list";
    /// A task of the catalogue.
    TaskId "task" "task";
    /// A team member of the catalogue.
    MemberId "member" "team member";
    /// A page, address or tracked link of the catalogue.
    PageId "page" "page";
    /// A membership site of the catalogue.
    SiteId "site" "site";
    /// A WordPress membership level of the catalogue.
    LevelId "level" "level";
    /// A kind of relationship of the catalogue.
    RelationshipId "rel" "relationship";
    /// A campaign of the catalogue (semantics §9).
    CampaignId "campaign" "campaign";
    /// A status of order lines of the catalogue.
    OrderStatusId "status" "order status";
    /// A place of the catalogue where orders begin.
    TouchpointId "touchpoint" "touchpoint";
    /// An order goal of the project (T-01).
    OrderGoalId "ordergoal" "order goal";
    /// A sequence of a map (K-06).
    SequenceId "seq" "sequence";
    /// A test saved with the project.
    TestId "test" "test";
    /// A run saved with the project.
    RunId "run" "run";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_and_names_what_is_wrong() {
        assert_eq!("el12".parse::<ElementId>(), Ok(ElementId::new(12)));
        assert_eq!(ElementId::new(12).to_string(), "el12");
        for wrong in ["map12", "el", "el-1", "el1x", "el+1", "el99999999999"] {
            let error = wrong.parse::<ElementId>().unwrap_err().to_string();
            assert!(error.contains(wrong) && error.contains("el12"), "{error}");
        }
    }
}
