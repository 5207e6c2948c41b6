//! Why two things are taken for one game, in words.

use async_graphql::{Enum, SimpleObject};
use djinn_subgraph_kit::graph::cost;
use serde::{Deserialize, Serialize};

/// What kind of evidence it is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Enum,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[graphql(name = "MatchEvidenceKind")]
pub enum ProofKind {
    /// Somebody of the household said so.
    Person,
    /// It is the same product of the same store.
    StoreId,
    /// A catalogue of ids over several stores says so.
    ExternalId,
    /// The titles are the same but for spelling, signs and what stores add to them.
    Title,
    /// The titles differ in spaces, an article or a few letters.
    Spelling,
    /// One title is the other with a subtitle.
    Subtitle,
    /// The years of release.
    Year,
    /// Who made it.
    Developer,
    /// The editions.
    Edition,
    /// In which stores they are sold.
    Platform,
}

/// One piece of evidence that two things are, or may be, one game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, SimpleObject)]
#[graphql(name = "MatchEvidence", directive = cost::Weight::apply(0))]
pub struct Proof {
    /// What kind of evidence it is.
    pub kind: ProofKind,
    /// The evidence in English, for instance `Both are called “fallout 3” without signs and editions`.
    pub text: String,
    /// Which sentence it is, for instance `called.same`. Other languages have it among the `texts`
    /// under `evidence.` and this, with `first` and `second` left open. Null for what was decided
    /// before there were such, and for what a file says.
    #[serde(default)]
    pub code: Option<String>,
    /// What stands in it: `first`, then `second`.
    #[serde(default)]
    pub values: Vec<String>,
}

impl Proof {
    /// A piece of evidence.
    pub fn new(kind: ProofKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            code: None,
            values: Vec::new(),
        }
    }

    /// Which sentence it is, and what stands in it.
    #[must_use]
    pub fn coded(self, code: &str, values: &[&str]) -> Self {
        Self {
            code: Some(code.to_owned()),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            ..self
        }
    }
}
