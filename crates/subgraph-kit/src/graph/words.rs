//! GraphQL types that more than one subgraph shows. All are value types, so any may resolve them.

use super::cost;
use async_graphql::{Enum, SimpleObject};
use djinn_kernel as kernel;

/// Where a page of a list ends, and whether there is more.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
#[graphql(shareable, directive = cost::Weight::apply(0))]
pub struct PageInfo {
    /// Whether there are more items after this page.
    pub has_next_page: bool,
    /// Pass it as `after` to get the next page. Null on an empty page.
    pub end_cursor: Option<String>,
}

/// Why a change was not made. Nothing was done when there is one.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
#[graphql(shareable, directive = cost::Weight::apply(0))]
pub struct Problem {
    /// A stable code that a program can act on; `docs/errors.md` lists them all.
    pub code: String,
    /// The input that is at fault, as a path like `input.name`. Null when it is none of them.
    pub field: Option<String>,
    /// What is wrong, where, and what the limit is, in words for the person.
    pub message: String,
    /// In how many seconds to try again, if that is all it takes. Null otherwise.
    pub retry_after: Option<i64>,
    /// Which sentence `message` is, where its code has several, for instance `status.taken`. Other
    /// languages have it among the `texts` under `problem.`, the code, a dot and this, with `first`,
    /// `second` and `third` left open, or `until` in the place of `first`. Null where the code alone
    /// says it, and for sentences that are in English only.
    pub reason: Option<String>,
    /// What stands in it: `first`, then `second` and `third`. Where the text has `until` for the
    /// first, that is an instant as in RFC 3339; say it in the reader's own way.
    pub values: Vec<String>,
}

/// Splits a use case's outcome into a payload's two halves: the value, and the problems.
pub fn problems<T>(outcome: Result<T, Problem>) -> (Option<T>, Vec<Problem>) {
    match outcome {
        Ok(value) => (Some(value), Vec::new()),
        Err(problem) => (None, vec![problem]),
    }
}

/// The ratings of the North American board ESRB, from mildest to strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "kernel::Esrb")]
pub enum EsrbRating {
    /// For the very young. No longer given, still carried by old games.
    EarlyChildhood,
    /// For everyone.
    Everyone,
    /// For ages 10 and up.
    #[graphql(name = "EVERYONE_10")]
    Everyone10,
    /// For ages 13 and up.
    Teen,
    /// For ages 17 and up.
    Mature,
    /// For adults of 18 and over.
    AdultsOnly,
}

/// What a family profile does with games that no board has rated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "kernel::Unrated")]
pub enum UnratedPolicy {
    /// Hide them: unrated is not safe. The default.
    Hide,
    /// Show them.
    Show,
}

/// What kind of thing a title is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "kernel::event::GameKind")]
pub enum GameKind {
    /// A game that stands alone.
    Game,
    /// Additional content for another game.
    Dlc,
    /// A demo, beta, prologue or playtest.
    Demo,
    /// A soundtrack or an artbook.
    Extra,
    /// A tool, dedicated server or editor.
    Tool,
}
