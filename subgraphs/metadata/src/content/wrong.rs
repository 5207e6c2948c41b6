//! Why content is not changed.

use super::{
    asset::picture::Unfit,
    key::{MAX_ID, MAX_KEY},
    theme::{Scheme, contrast::Shortfall},
};
use async_graphql::Result;
use djinn_kernel::{Code, Fault};
use djinn_subgraph_kit::graph::{Coded, OrRefuse, Problem};

/// What is wrong with a change.
#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    /// Not an id.
    #[error(
        "an id has 1 to {MAX_ID} small letters, digits, `-`, `_` or `.`, and begins with a letter"
    )]
    Id {
        /// Where it was sent.
        at: String,
    },
    /// Not the key of a text.
    #[error(
        "a text's key has 1 to {MAX_KEY} letters, digits, `-`, `_` or `.`, and begins with a letter"
    )]
    Key {
        /// Where it was sent.
        at: String,
    },
    /// Too short, too long, or with control characters.
    #[error("{what} has {least} to {most} characters, and no control characters")]
    Words {
        /// Where it was sent.
        at: String,
        /// What it is.
        what: &'static str,
        /// At least this many characters.
        least: usize,
        /// At most this many.
        most: usize,
    },
    /// The thing to change is not there.
    #[error("there is no {what} `{id}`")]
    Missing {
        /// Where it was named.
        at: String,
        /// What kind of thing.
        what: &'static str,
        /// As it was named.
        id: String,
    },
    /// It comes with the hub.
    #[error("`{id}` comes with the hub and stays as it is; save yours under another id")]
    BuiltIn {
        /// Where it was named.
        at: &'static str,
        /// Which.
        id: String,
    },
    /// Something else names it.
    #[error("{by} names `{id}`; change that first")]
    Used {
        /// Where it was named.
        at: &'static str,
        /// Which.
        id: String,
        /// What names it.
        by: &'static str,
    },
    /// The same twice.
    #[error("`{id}` comes twice")]
    Twice {
        /// Where, the second time.
        at: String,
        /// What.
        id: String,
    },
    /// As many as there may be.
    #[error("there are at most {most} {what}")]
    TooMany {
        /// Where they were sent.
        at: &'static str,
        /// Of what.
        what: &'static str,
        /// How many.
        most: usize,
    },
    /// Somebody else saved a version in between.
    #[error("this is based on version {based_on}, but {now} is the newest; look at that first")]
    Stale {
        /// What it was based on.
        based_on: i32,
        /// What is the newest.
        now: i32,
    },
    /// Not a share.
    #[error("a percentage is 0 to 100, not {0}")]
    Percentage(i32),
    /// Not an id of a player.
    #[error("not a player id: expected a UUID")]
    Player,
    /// Not a colour.
    #[error("a colour is `#rrggbb`; only `shade` may say how opaque it is, as `#rrggbbaa`")]
    Colour {
        /// Where it was sent.
        at: String,
    },
    /// Not a colour of the interface.
    #[error("a theme has no colour `{token}`")]
    Token {
        /// Where it was sent.
        at: String,
        /// As it was named.
        token: String,
    },
    /// A theme without a colour, and with none to take it from.
    #[error("`{0}` has no colour; name a theme in `basedOn` to take it from")]
    Colourless(&'static str),
    /// Too little contrast to be read.
    #[error("{0}")]
    Contrast(Shortfall),
    /// Bright colours that are called dark, or the other way round.
    #[error("these colours are {}: the scheme says otherwise", .0.as_str())]
    Scheme(Scheme),
    /// A new picture of which nobody said what is to be seen.
    #[error(
        "a picture needs `alt`, for somebody who does not see it; empty when it only decorates"
    )]
    Unsaid,
    /// Not a language.
    #[error("a language is a tag like `de` or `de-AT`")]
    Language {
        /// Where it was sent.
        at: String,
    },
    /// A brace that opens or closes nothing.
    #[error("{why}; a brace that is meant as one is doubled: {{{{ or }}}}")]
    Braces {
        /// Where it was sent.
        at: String,
        /// What is wrong.
        why: &'static str,
    },
    /// Other placeholders than the same text elsewhere.
    #[error("{0}")]
    Placeholders(Box<Disagreement>),
    /// Not an address.
    #[error("an address begins with https:// or, on this hub, with /")]
    Url {
        /// Where it was sent.
        at: &'static str,
    },
    /// Not a picture that is taken.
    #[error("{0}")]
    Picture(Unfit),
    /// Neither or both of two.
    #[error("send either `url` or `content`")]
    Either,
    /// Not a path of the interface.
    #[error("a path is one of this hub, like `/tonight`")]
    Path {
        /// Where it was sent.
        at: String,
    },
    /// Options that are too large.
    #[error("a block's options are an object of at most {most} bytes")]
    Options {
        /// Where they were sent.
        at: String,
        /// At most.
        most: usize,
    },
    /// Not a search.
    #[error("a view's search is an object of at most {most} bytes")]
    Search {
        /// At most.
        most: usize,
    },
    /// Preferences are a person's.
    #[error("an API key has no preferences to change; sign in to do it")]
    ByKey,
}

/// A text that leaves other things open than the same text elsewhere.
#[derive(Debug, thiserror::Error)]
#[error("`{key}` has {found} in {language}, but {expected} in {reference}")]
pub struct Disagreement {
    /// Where it was sent.
    pub at: String,
    /// Of which text.
    pub key: String,
    /// In which language.
    pub language: String,
    /// Its placeholders, as words.
    pub found: String,
    /// Those it should have, as words.
    pub expected: String,
    /// The language, or the built-in text, that they come from.
    pub reference: String,
}

impl Coded for Wrong {
    fn code(&self) -> Code {
        match self {
            Self::Missing { .. } => Code::NotFound,
            Self::BuiltIn { .. } | Self::Used { .. } | Self::Stale { .. } => Code::Conflict,
            Self::TooMany { .. } => Code::LimitExceeded,
            Self::Player => Code::InvalidId,
            Self::Contrast(_) => Code::LowContrast,
            Self::ByKey => Code::Forbidden,
            Self::Id { .. }
            | Self::Key { .. }
            | Self::Words { .. }
            | Self::Twice { .. }
            | Self::Percentage(_)
            | Self::Colour { .. }
            | Self::Token { .. }
            | Self::Colourless(_)
            | Self::Scheme(_)
            | Self::Unsaid
            | Self::Language { .. }
            | Self::Braces { .. }
            | Self::Placeholders(_)
            | Self::Url { .. }
            | Self::Picture(_)
            | Self::Either
            | Self::Path { .. }
            | Self::Options { .. }
            | Self::Search { .. } => Code::InvalidInput,
        }
    }

    fn field(&self) -> Option<String> {
        let field: &str = match self {
            Self::Id { at }
            | Self::Key { at }
            | Self::Words { at, .. }
            | Self::Missing { at, .. }
            | Self::Twice { at, .. }
            | Self::Colour { at }
            | Self::Token { at, .. }
            | Self::Language { at }
            | Self::Braces { at, .. }
            | Self::Path { at }
            | Self::Options { at, .. } => at,
            Self::Placeholders(disagreement) => &disagreement.at,
            Self::BuiltIn { at, .. }
            | Self::Used { at, .. }
            | Self::TooMany { at, .. }
            | Self::Url { at } => at,
            Self::Stale { .. } => "input.basedOn",
            Self::Percentage(_) => "input.percentage",
            Self::Player => "input.playerId",
            Self::Colourless(_) | Self::Contrast(_) => "input.colours",
            Self::Scheme(_) => "input.scheme",
            Self::Unsaid => "input.alt",
            Self::Picture(_) => "input.content",
            Self::Either => "input.url",
            Self::Search { .. } => "input.search",
            Self::ByKey => return None,
        };
        Some(field.to_owned())
    }
}

/// A change that was not made.
#[derive(Debug)]
pub enum Refused {
    /// All that is wrong with it.
    Wrong(Vec<Wrong>),
    /// Our side.
    Internal(Fault),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Internal(fault)
    }
}

impl From<Wrong> for Refused {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(vec![wrong])
    }
}

/// A payload's two halves: what was made of it, and all that is wrong.
pub fn outcome<T>(made: Result<T, Refused>) -> Result<(Option<T>, Vec<Problem>)> {
    match made {
        Ok(made) => Ok((Some(made), Vec::new())),
        Err(Refused::Internal(fault)) => Err(fault).or_refuse(),
        Err(Refused::Wrong(wrong)) => {
            let mut problems = Vec::with_capacity(wrong.len());
            for wrong in wrong {
                problems.extend(Err::<(), _>(wrong).or_problem()?.err());
            }
            Ok((None, problems))
        }
    }
}

/// The values of `checked`, or all that is wrong among them.
pub fn all<T>(checked: impl IntoIterator<Item = Result<T, Wrong>>) -> Result<Vec<T>, Refused> {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for checked in checked {
        match checked {
            Ok(value) => good.push(value),
            Err(wrong) => bad.push(wrong),
        }
    }
    if bad.is_empty() {
        Ok(good)
    } else {
        Err(Refused::Wrong(bad))
    }
}
