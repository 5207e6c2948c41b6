//! What a rule may ask about, and how: the one table. Checking a rule, evaluating it, explaining
//! it and describing it to whoever builds a form are all made of it.

use super::field::Operator::{
    After, AllOf, AtLeast, AtMost, Before, Between, Contains, DoesNotContain, InTheLast, InTheNext,
    Is, IsFalse, IsNotSet, IsSet, IsTrue, LongerAgoThan, NoneOf, OneOf, StartsWith,
};
use super::field::{Field, Operator, ValueType};

/// What kind of value a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One text.
    Text,
    /// Some of a fixed list of options.
    Choices,
    /// Some names, whatever they are.
    Names,
    /// One of a fixed list of options, the mildest first.
    Level,
    /// A whole number between two.
    Number(i32, i32),
    /// A day.
    Day,
    /// Yes or no.
    Flag,
}

/// A line of the table.
#[derive(Debug)]
pub struct About {
    /// The field.
    pub field: Field,
    /// What a person reads.
    pub label: &'static str,
    /// What its value is like.
    pub shape: Shape,
    /// What a number counts.
    pub unit: Option<&'static str>,
    /// How it can be asked about.
    pub operators: &'static [Operator],
}

const TEXT: &[Operator] = &[Contains, DoesNotContain, StartsWith, Is];
const ONE: &[Operator] = &[OneOf, NoneOf];
const SOME: &[Operator] = &[OneOf, AllOf, NoneOf];
const NAMES: &[Operator] = &[
    OneOf,
    AllOf,
    NoneOf,
    Contains,
    DoesNotContain,
    IsSet,
    IsNotSet,
];
const NUMBER: &[Operator] = &[AtLeast, AtMost, Between, Is];
const MAYBE_NUMBER: &[Operator] = &[AtLeast, AtMost, Between, Is, IsSet, IsNotSet];
const LEVEL: &[Operator] = &[AtMost, AtLeast, OneOf, NoneOf, IsSet, IsNotSet];
const DAY: &[Operator] = &[
    InTheLast,
    LongerAgoThan,
    Before,
    After,
    Between,
    IsSet,
    IsNotSet,
];
const RELEASE: &[Operator] = &[
    InTheLast,
    LongerAgoThan,
    InTheNext,
    Before,
    After,
    Between,
    IsSet,
    IsNotSet,
];
const FLAG: &[Operator] = &[IsTrue, IsFalse];

/// Most minutes a number of minutes can be: what a copy can say.
const MINUTES: Shape = Shape::Number(0, i32::MAX);
const SCORE: Shape = Shape::Number(0, 100);

const fn line(
    field: Field,
    label: &'static str,
    shape: Shape,
    operators: &'static [Operator],
) -> About {
    About {
        field,
        label,
        shape,
        unit: None,
        operators,
    }
}

const fn minutes(field: Field, label: &'static str, operators: &'static [Operator]) -> About {
    About {
        field,
        label,
        shape: MINUTES,
        unit: Some("minutes"),
        operators,
    }
}

/// Everything that can be asked about, in the order a form shows it.
pub static FIELDS: [About; 24] = [
    line(Field::Title, "Title", Shape::Text, TEXT),
    line(Field::Platform, "Platform", Shape::Choices, SOME),
    line(
        Field::PlatformCount,
        "Number of platforms",
        Shape::Number(0, 100),
        NUMBER,
    ),
    line(Field::HeldAs, "Held as", Shape::Choices, SOME),
    line(Field::Status, "Status", Shape::Choices, ONE),
    line(Field::Genre, "Genre", Shape::Names, NAMES),
    line(Field::Tag, "Tag", Shape::Names, NAMES),
    line(Field::Developer, "Developer", Shape::Names, NAMES),
    line(Field::Kind, "Kind", Shape::Choices, ONE),
    line(Field::Released, "Released", Shape::Day, RELEASE),
    minutes(Field::Playtime, "Playtime", NUMBER),
    minutes(Field::MainStory, "Time to beat", MAYBE_NUMBER),
    line(Field::Played, "Ever played", Shape::Flag, FLAG),
    line(Field::LastPlayed, "Last played", Shape::Day, DAY),
    line(Field::Added, "Added", Shape::Day, DAY),
    line(Field::Favourite, "Favourite", Shape::Flag, FLAG),
    line(Field::Hidden, "Hidden", Shape::Flag, FLAG),
    line(Field::MyRating, "My rating", SCORE, MAYBE_NUMBER),
    line(Field::CriticScore, "Critics' score", SCORE, MAYBE_NUMBER),
    line(Field::AgeRating, "Age rating", Shape::Level, LEVEL),
    About {
        field: Field::Progress,
        label: "Played of the time to beat",
        shape: Shape::Number(0, i32::MAX),
        unit: Some("percent"),
        operators: MAYBE_NUMBER,
    },
    line(
        Field::CopyCount,
        "Number of copies",
        Shape::Number(0, 1_000),
        NUMBER,
    ),
    line(Field::Noted, "Has notes", Shape::Flag, FLAG),
    line(Field::MyTag, "My tag", Shape::Names, NAMES),
];

impl Field {
    /// Its line in the table.
    pub fn about(self) -> &'static About {
        // A test holds the table to the order of the enum.
        &FIELDS[self as usize]
    }
}

impl About {
    /// What `operator` takes for a value here; `None` when it cannot be asked.
    pub fn value(&self, operator: Operator) -> Option<ValueType> {
        self.operators
            .contains(&operator)
            .then_some(match operator {
                Contains | DoesNotContain | StartsWith => ValueType::Text,
                Is if self.shape == Shape::Text => ValueType::Text,
                OneOf | AllOf | NoneOf => ValueType::Options,
                AtLeast | AtMost if self.shape == Shape::Level => ValueType::Option,
                Is | AtLeast | AtMost => ValueType::Number,
                Between if self.shape == Shape::Day => ValueType::Dates,
                Between => ValueType::Numbers,
                Before | After => ValueType::Date,
                InTheLast | LongerAgoThan | InTheNext => ValueType::Days,
                IsTrue | IsFalse | IsSet | IsNotSet => ValueType::None,
            })
    }

    /// The least and the most a number may be.
    pub const fn bounds(&self) -> Option<(i32, i32)> {
        match self.shape {
            Shape::Number(least, most) => Some((least, most)),
            _ => None,
        }
    }
}

impl Operator {
    /// What a person reads between a field and a value.
    pub const fn label(self) -> &'static str {
        match self {
            Contains => "contains",
            DoesNotContain => "does not contain",
            StartsWith => "starts with",
            Is => "is",
            OneOf => "is one of",
            AllOf => "has all of",
            NoneOf => "is none of",
            AtLeast => "is at least",
            AtMost => "is at most",
            Between => "is between",
            Before => "is before",
            After => "is after",
            InTheLast => "is in the last",
            LongerAgoThan => "is longer ago than",
            InTheNext => "is in the next",
            IsTrue => "is true",
            IsFalse => "is false",
            IsSet => "is known",
            IsNotSet => "is not known",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_stands_at_its_place_in_the_table() {
        for (at, line) in FIELDS.iter().enumerate() {
            assert_eq!(line.field as usize, at, "{}", line.label);
            assert_eq!(line.field.about().field, line.field);
            assert!(!line.operators.is_empty());
        }
    }

    #[test]
    fn what_a_field_cannot_be_asked_has_no_value() {
        assert_eq!(Field::Hidden.about().value(AtLeast), None);
        assert_eq!(
            Field::AgeRating.about().value(AtMost),
            Some(ValueType::Option)
        );
        assert_eq!(
            Field::Released.about().value(Between),
            Some(ValueType::Dates)
        );
        assert_eq!(Field::Title.about().value(Is), Some(ValueType::Text));
    }
}
