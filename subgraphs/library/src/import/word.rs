//! What a file says about a game beside its copies: status, marks, notes. It is kept with a copy
//! until the copy has a game, because only then is there anything to say it of.

use crate::{export::form::micros, game::tags, status};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a file says about a game.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Word {
    /// The status' id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Who or what said so: `person`, `rule` or `import`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_by: Option<By>,
    /// A favourite.
    #[serde(skip_serializing_if = "is_false")]
    pub favourite: bool,
    /// Hidden by its owner.
    #[serde(skip_serializing_if = "is_false")]
    pub hidden: bool,
    /// Notes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// A rating, 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<i16>,
    /// One's own tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// How its status changed, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Turn>,
    /// Whether it is all there is to say, as our own file has it: its history takes the place of
    /// what a rule of the hub makes up when the copy gets its game.
    #[serde(skip_serializing_if = "is_false")]
    pub whole: bool,
    /// The collections it is in, and its places in them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub collections: Vec<(Uuid, i64)>,
    /// The same while it is read: the numbers of the file's collections.
    #[serde(skip)]
    pub places: Vec<(usize, i64)>,
}

/// One change of a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Turn {
    /// When.
    #[serde(with = "micros")]
    pub at: DateTime<Utc>,
    /// What it was.
    pub from: String,
    /// What it became.
    pub to: String,
    /// Who or what changed it.
    pub by: By,
}

/// Who or what said something, as files write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// A rule of the hub.
    Rule,
    /// Somebody of the household.
    Person,
    /// An import file.
    Import,
}

impl From<status::By> for By {
    fn from(by: status::By) -> Self {
        match by {
            status::By::Rule => Self::Rule,
            status::By::Person => Self::Person,
            status::By::Import => Self::Import,
        }
    }
}

impl From<By> for status::By {
    fn from(by: By) -> Self {
        match by {
            By::Rule => Self::Rule,
            By::Person => Self::Person,
            By::Import => Self::Import,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_false(truth: &bool) -> bool {
    !*truth
}

impl Word {
    /// Takes over what `other` says of the same game, where this says nothing.
    pub fn fill(&mut self, other: Self) {
        if self.status.is_none() {
            (self.status, self.status_by) = (other.status, other.status_by);
        }
        self.favourite |= other.favourite;
        self.hidden |= other.hidden;
        self.notes = self.notes.take().or(other.notes);
        self.rating = self.rating.or(other.rating);
        let tags = std::mem::take(&mut self.tags).into_iter();
        self.tags = tags::tidied(tags.chain(other.tags));
        if self.history.is_empty() {
            self.history = other.history;
        }
        self.whole |= other.whole;
        for (collection, place) in other.collections {
            if !self.collections.iter().any(|(own, _)| *own == collection) {
                self.collections.push((collection, place));
            }
        }
    }

    /// Whether it says anything.
    pub fn says(&self) -> bool {
        *self != Self::default()
    }

    /// Whether a person said it, so that it is worth keeping without a copy.
    pub fn is_kept(&self) -> bool {
        let nothing = Self {
            whole: self.whole,
            ..Self::default()
        };
        *self != nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_again_fills_what_is_empty_and_adds_its_tags() {
        let tags = |all: &[&str]| all.iter().map(ToString::to_string).collect();
        let mut word = Word {
            notes: Some("first".to_owned()),
            tags: tags(&["Couch", "2024"]),
            ..Word::default()
        };
        word.fill(Word {
            notes: Some("second".to_owned()),
            rating: Some(80),
            tags: tags(&["couch", "Gift"]),
            ..Word::default()
        });
        let want = Word {
            notes: Some("first".to_owned()),
            rating: Some(80),
            tags: tags(&["Couch", "2024", "Gift"]),
            ..Word::default()
        };
        assert_eq!(word, want);
    }
}
