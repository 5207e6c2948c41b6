//! The words of a rule: what a condition asks about, how, and what it compares with.

use super::phrase::Phrase;
use async_graphql::Enum;
use serde::{Deserialize, Serialize};

/// What a condition asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[graphql(name = "CollectionFieldName")]
pub enum Field {
    /// The title.
    Title,
    /// The platforms it is held on, by id.
    Platform,
    /// On how many platforms it is held.
    PlatformCount,
    /// How its copies are held, for instance OWNED.
    HeldAs,
    /// Status, by id.
    Status,
    /// Genres by name.
    Genre,
    /// Tags by name.
    Tag,
    /// Developers by name.
    Developer,
    /// GAME, DLC …
    Kind,
    /// First release.
    Released,
    /// Minutes played.
    Playtime,
    /// Minutes the main story takes.
    MainStory,
    /// Ever played.
    Played,
    /// Day it was last played.
    LastPlayed,
    /// Day it was added.
    Added,
    /// A favourite.
    Favourite,
    /// Hidden from lists.
    Hidden,
    /// The person's rating, 0 to 100.
    MyRating,
    /// Critics' score, 0 to 100.
    CriticScore,
    /// ESRB rating.
    AgeRating,
    /// Hundredths of the time to beat that were played: 100 is as long as the story takes.
    Progress,
    /// How many copies of it are held, on whichever platforms.
    CopyCount,
    /// There are notes of your own.
    Noted,
    /// Your own tags.
    MyTag,
}

/// How a condition asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[graphql(name = "CollectionOperator")]
pub enum Operator {
    /// The text is in it; case, accents and signs do not matter.
    Contains,
    /// The text is not in it.
    DoesNotContain,
    /// It begins with the text.
    StartsWith,
    /// It is the text, or the number.
    Is,
    /// It is, or has, any of the options.
    OneOf,
    /// It has each of the options.
    AllOf,
    /// It is, and has, none of the options.
    NoneOf,
    /// The number, or rating, or more.
    AtLeast,
    /// The number, or rating, or less.
    AtMost,
    /// From and to, both included.
    Between,
    /// Earlier than the day.
    Before,
    /// Later than the day.
    After,
    /// Today, or at most so many days ago.
    InTheLast,
    /// More than so many days ago.
    LongerAgoThan,
    /// Today, or at most so many days ahead.
    InTheNext,
    /// It is so.
    IsTrue,
    /// It is not so.
    IsFalse,
    /// There is a value.
    IsSet,
    /// There is no value.
    IsNotSet,
}

/// Which member of a value an operator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "CollectionValueType")]
pub enum ValueType {
    /// No value at all.
    None,
    /// `text`.
    Text,
    /// `options`, one or more.
    Options,
    /// `options`, exactly one.
    Option,
    /// `number`.
    Number,
    /// `numbers`, one end or both.
    Numbers,
    /// `date`.
    Date,
    /// `dates`, one end or both.
    Dates,
    /// `days`, a number of days from today. Days are those of your household's time zone.
    Days,
}

impl ValueType {
    /// The member's name.
    pub const fn member(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Text => "text",
            Self::Options | Self::Option => "options",
            Self::Number => "number",
            Self::Numbers => "numbers",
            Self::Date => "date",
            Self::Dates => "dates",
            Self::Days => "days",
        }
    }
}

impl Field {
    /// Its name as the graph writes it.
    pub fn name(self) -> String {
        async_graphql::resolver_utils::enum_value(self).to_string()
    }

    /// What a person reads.
    pub fn phrase(self) -> Phrase {
        Phrase::keyed(self.about().label, format!("field.{}", self.name()))
    }
}

impl Operator {
    /// Its name as the graph writes it.
    pub fn name(self) -> String {
        async_graphql::resolver_utils::enum_value(self).to_string()
    }

    /// What a person reads between a field and a value.
    pub fn phrase(self) -> Phrase {
        Phrase::keyed(self.label(), format!("operator.{}", self.name()))
    }
}
