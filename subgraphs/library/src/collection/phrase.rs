//! What is said of a rule, piece by piece, so that it can be said in another language.

use async_graphql::SimpleObject;
use djinn_subgraph_kit::graph::cost;

/// A piece of what is said of a rule. One after the other, the pieces are the sentence.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
#[graphql(name = "RulePhrase", directive = cost::Weight::apply(0))]
pub struct Phrase {
    /// The piece in English.
    pub text: String,
    /// The key of it among the `texts`, where other languages have it. Null for what is the same in
    /// each: titles, names, numbers, and what stands between words.
    pub key: Option<String>,
}

impl Phrase {
    /// The same in every language.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            key: None,
        }
    }

    /// Another in each.
    pub fn keyed(text: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            key: Some(key.into()),
        }
    }

    /// A space.
    pub fn space() -> Self {
        Self::plain(" ")
    }
}

/// The sentence.
pub fn sentence(pieces: &[Phrase]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

/// All of these, with `between` between them.
pub fn joined(lists: Vec<Vec<Phrase>>, between: &[Phrase]) -> Vec<Phrase> {
    let mut all = Vec::new();
    for (n, list) in lists.into_iter().enumerate() {
        if n > 0 {
            all.extend_from_slice(between);
        }
        all.extend(list);
    }
    all
}

/// A word between two others.
pub fn between(text: &str) -> [Phrase; 3] {
    let word = Phrase::keyed(text, format!("phrase.{text}"));
    [Phrase::space(), word, Phrase::space()]
}

/// A number and what it counts.
pub fn measured(number: &str, unit: Option<&str>) -> Vec<Phrase> {
    let mut pieces = vec![Phrase::plain(number)];
    pieces.extend(counted(unit));
    pieces
}

/// A time, in hours and minutes.
pub fn lasting(minutes: i32) -> Vec<Phrase> {
    let of = |number: i32, one: &str, many: &str| {
        measured(
            &number.to_string(),
            Some(if number == 1 { one } else { many }),
        )
    };
    let (hours, rest) = (minutes / 60, minutes % 60);
    let mut parts = Vec::new();
    if hours > 0 {
        parts.push(of(hours, "hour", "hours"));
    }
    if rest > 0 || hours == 0 {
        parts.push(of(rest, "minute", "minutes"));
    }
    joined(parts, &[Phrase::space()])
}

/// What a number before it counts.
pub fn counted(unit: Option<&str>) -> Vec<Phrase> {
    unit.map_or_else(Vec::new, |unit| {
        let key = format!("measure.{unit}");
        vec![Phrase::space(), Phrase::keyed(unit, key)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_time_is_said_in_hours() {
        let said = |minutes| sentence(&lasting(minutes));
        assert_eq!(
            [0, 1, 59, 60, 61, 4696].map(said),
            [
                "0 minutes",
                "1 minute",
                "59 minutes",
                "1 hour",
                "1 hour 1 minute",
                "78 hours 16 minutes"
            ]
        );
    }
}
