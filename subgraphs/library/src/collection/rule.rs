//! A rule as it is stored, sent back and evaluated: groups of rules down to conditions. Its JSON
//! is what a client sends as the input `CollectionRule`.

use super::{
    field::{Field, Operator},
    phrase::{Phrase, between, counted, joined, measured},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How deep groups may nest.
pub const MAX_DEPTH: usize = 5;
/// The most conditions a rule may have.
pub const MAX_CONDITIONS: usize = 50;
/// The most characters a text or an option may have.
pub const MAX_TEXT: usize = 200;
/// The most options a condition may have.
pub const MAX_OPTIONS: usize = 50;
/// The most days a relative date may go back or ahead: a century.
pub const MAX_DAYS: i32 = 36_500;

/// Which games are in a collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Rule {
    /// All of these hold.
    All(Vec<Self>),
    /// At least one of these holds.
    Any(Vec<Self>),
    /// Not one of these holds.
    None(Vec<Self>),
    /// This holds.
    #[serde(untagged)]
    One(Condition),
}

/// A question about one field of a game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// What it asks about.
    pub field: Field,
    /// How it asks.
    pub operator: Operator,
    /// What it compares with; the operator says whether there is one, and which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

/// What a condition compares with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Value {
    /// A text.
    Text(String),
    /// Ids or names.
    Options(Vec<String>),
    /// A number.
    Number(i32),
    /// Numbers, both included.
    Numbers(Span<i32>),
    /// A day.
    Date(NaiveDate),
    /// Days, both included.
    Dates(Span<NaiveDate>),
    /// A number of days from today.
    Days(i32),
}

/// From and to, both included; at least one of them is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span<T> {
    /// At least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<T>,
    /// At most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<T>,
}

impl Rule {
    /// Its parts, with the name of the list they are in; none for a condition.
    pub fn parts(&self) -> Option<(&'static str, &[Self])> {
        match self {
            Self::All(parts) => Some(("all", parts)),
            Self::Any(parts) => Some(("any", parts)),
            Self::None(parts) => Some(("none", parts)),
            Self::One(_) => None,
        }
    }

    /// Every condition, in order.
    pub fn conditions(&self) -> Vec<&Condition> {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => {
                parts.iter().flat_map(Self::conditions).collect()
            }
            Self::One(condition) => vec![condition],
        }
    }

    /// Says the options of every condition about `field` otherwise.
    pub fn reword(&mut self, field: Field, say: &dyn Fn(&mut String)) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => {
                for part in parts {
                    part.reword(field, say);
                }
            }
            Self::One(Condition {
                field: asked,
                value: Some(Value::Options(options)),
                ..
            }) if *asked == field => {
                for option in options {
                    say(option);
                }
            }
            Self::One(_) => {}
        }
    }

    /// Whether any condition asks about `field`.
    pub fn asks_about(&self, field: Field) -> bool {
        self.conditions().iter().any(|one| one.field == field)
    }

    /// Whether any condition about `field` has an option that is meant.
    pub fn names(&self, field: Field, is_meant: &dyn Fn(&str) -> bool) -> bool {
        self.conditions().iter().any(|one| match &one.value {
            Some(Value::Options(options)) if one.field == field => {
                options.iter().any(|option| is_meant(option))
            }
            _ => false,
        })
    }

    /// The rule in words; `option` says what a person reads for an id.
    pub fn phrases(&self, option: &dyn Fn(Field, &str) -> Phrase) -> Vec<Phrase> {
        let all = |parts: &[Self], between: &[Phrase]| {
            let parts = parts.iter().map(|part| match part {
                Self::One(_) => part.phrases(option),
                _ => {
                    let mut pieces = vec![Phrase::plain("(")];
                    pieces.extend(part.phrases(option));
                    pieces.push(Phrase::plain(")"));
                    pieces
                }
            });
            joined(parts.collect(), between)
        };
        match self {
            Self::All(parts) => all(parts, &between("and")),
            Self::Any(parts) => all(parts, &between("or")),
            Self::None(parts) => {
                let mut pieces = vec![Phrase::keyed("none of:", "phrase.noneOf"), Phrase::space()];
                pieces.extend(all(parts, &[Phrase::plain(", ")]));
                pieces
            }
            Self::One(condition) => condition.phrases(option),
        }
    }
}

impl Condition {
    /// The condition in words, for instance `Genre is one of RPG, Action`.
    pub fn phrases(&self, option: &dyn Fn(Field, &str) -> Phrase) -> Vec<Phrase> {
        let about = self.field.about();
        let mut pieces = vec![self.field.phrase(), Phrase::space(), self.operator.phrase()];
        let value = match &self.value {
            None => return pieces,
            Some(Value::Text(text)) => vec![Phrase::plain(format!("\u{201c}{text}\u{201d}"))],
            Some(Value::Options(ids)) => {
                let options = ids.iter().map(|id| vec![option(self.field, id)]);
                joined(options.collect(), &[Phrase::plain(", ")])
            }
            Some(Value::Number(number)) => measured(&number.to_string(), about.unit),
            Some(Value::Numbers(span)) => {
                let mut ends = span_phrases(span);
                ends.extend(counted(about.unit));
                ends
            }
            Some(Value::Date(day)) => vec![Phrase::plain(day.to_string())],
            Some(Value::Dates(span)) => span_phrases(span),
            Some(Value::Days(1)) => vec![Phrase::keyed("day", "measure.day")],
            Some(Value::Days(days)) => measured(&days.to_string(), Some("days")),
        };
        pieces.push(Phrase::space());
        pieces.extend(value);
        pieces
    }
}

fn span_phrases<T: ToString>(span: &Span<T>) -> Vec<Phrase> {
    let end = |end: &Option<T>| end.as_ref().map_or_else(|| "…".to_owned(), T::to_string);
    let ends = [&span.from, &span.to].map(|one| vec![Phrase::plain(end(one))]);
    joined(ends.into(), &between("and"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::phrase::sentence;
    use serde_json::json;

    #[test]
    fn a_rule_is_stored_as_it_was_sent() {
        let sent = json!({ "all": [
            { "field": "GENRE", "operator": "ONE_OF", "value": { "options": ["RPG", "Action"] } },
            { "none": [
                { "field": "RELEASED", "operator": "BETWEEN", "value": { "dates": { "to": "1999-12-31" } } },
                { "field": "PLAYED", "operator": "IS_TRUE" },
            ] },
        ] });
        let rule: Rule = serde_json::from_value(sent.clone()).expect("it is a rule");
        assert_eq!(
            serde_json::to_value(&rule).expect("it has a JSON form"),
            sent
        );
        assert_eq!(
            sentence(&rule.phrases(&|_, id| Phrase::plain(id))),
            "Genre is one of RPG, Action and (none of: Released is between … and 1999-12-31, Ever played is true)"
        );
    }
}
