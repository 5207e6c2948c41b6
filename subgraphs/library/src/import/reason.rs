//! Why a game of a file cannot be taken over, in English, and by which key other languages have it.

use super::{
    cell::{MAX_MINUTES, MAX_WORDS},
    row::MAX_ID,
};
use crate::{
    copy::MAX_TITLE,
    game::{self, service::MAX_NOTES},
    status::own::MAX_NAME,
};
use std::fmt::Display;

/// The ways to hold a game, as a file may name them.
const HOLDINGS: &str = "OWNED, SUBSCRIPTION, FAMILY_SHARED, PLAYED_ONLY, WISHLIST";

/// What is wrong with a value of a file, or with the file; or why a game of it is passed over. Where there is a text in it, it is the
/// beginning of what the file says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Not so many minutes.
    #[error("\"{0}\" is not a number of minutes from 0 to {MAX_MINUTES}")]
    Minutes(String),
    /// Not so many hours.
    #[error("\"{0}\" is not a number of hours, like 12.5")]
    Hours(String),
    /// Not so many seconds.
    #[error("\"{0}\" is not a number of seconds")]
    Seconds(String),
    /// Neither yes nor no.
    #[error("\"{0}\" is neither yes nor no")]
    Truth(String),
    /// Not a person's rating.
    #[error("\"{0}\" is not a rating from 0 to 100")]
    MyRating(String),
    /// Notes that are too long.
    #[error("notes have at most {MAX_NOTES} characters")]
    LongNotes,
    /// Not a year.
    #[error("\"{0}\" is not a year from 1950 to 2100")]
    Year(String),
    /// Not a day of release.
    #[error("\"{0}\" is neither a day like 1998-11-19 nor a year")]
    Released(String),
    /// A day or an instant in no year that is known.
    #[error("\"{0}\" is not in the years from 1950 to 2100")]
    Years(String),
    /// One of two days, and nothing tells which.
    #[error(
        "\"{0}\" may be one day or another, and no value of the column tells which; write it like 2024-01-31"
    )]
    Order(String),
    /// Not an instant, nor a day.
    #[error("\"{0}\" is not a time like 2024-01-31 or 2024-01-31T20:15:00Z")]
    Instant(String),
    /// The same, where each computer writes it in its own way.
    #[error("\"{0}\" is not a time")]
    Time(String),
    /// Not a rating of the ESRB.
    #[error("\"{0}\" is not an ESRB rating: E, E10+, T, M, AO, EC or RP")]
    Esrb(String),
    /// Not a status, nor a name for one.
    #[error(
        "\"{0}\" is not a status: {ids}, or a name of 1 to {MAX_NAME} characters",
        ids = statuses()
    )]
    Status(String),
    /// Not a way to hold a game.
    #[error("\"{0}\" is not a way to hold a game: {HOLDINGS}")]
    Holding(String),
    /// So many genres, tags or developers.
    #[error("{0} words; at most {MAX_WORDS} are read")]
    Words(usize),
    /// No title.
    #[error("a title is needed")]
    Untitled,
    /// A title that is too long.
    #[error("a title has at most {MAX_TITLE} characters")]
    LongTitle,
    /// A store's id that is too long.
    #[error("a store's id has at most {MAX_ID} characters")]
    LongId,
    /// A value of more bytes than this.
    #[error("more than {0} bytes")]
    TooLong(usize),
    /// The game of this line, once more.
    #[error("the same game as in line {0}")]
    Again(usize),
    /// A value of JSON that is none of ours.
    #[error("expected a text, a number or a list of texts")]
    Shape,
    /// What is said in English only: of the file as a whole, of our own file, or by who reads JSON.
    #[error("{0}")]
    Other(String),
}

impl Reason {
    /// Which sentence it is, and what stands in it: the rest of the key of its text, and at most
    /// three values. `None` where there is no such text.
    pub fn keyed(&self) -> Option<(&'static str, Vec<String>)> {
        Some(match self {
            Self::Minutes(said) => ("minutes", texts(&[said, &MAX_MINUTES])),
            Self::Hours(said) => ("hours", texts(&[said])),
            Self::Seconds(said) => ("seconds", texts(&[said])),
            Self::Truth(said) => ("truth", texts(&[said])),
            Self::MyRating(said) => ("myRating", texts(&[said])),
            Self::LongNotes => ("longNotes", texts(&[&MAX_NOTES])),
            Self::Year(said) => ("year", texts(&[said])),
            Self::Released(said) => ("released", texts(&[said])),
            Self::Years(said) => ("years", texts(&[said])),
            Self::Order(said) => ("order", texts(&[said])),
            Self::Instant(said) => ("instant", texts(&[said])),
            Self::Time(said) => ("time", texts(&[said])),
            Self::Esrb(said) => ("esrb", texts(&[said])),
            Self::Status(said) => ("status", texts(&[said, &statuses(), &MAX_NAME])),
            Self::Holding(said) => ("holding", texts(&[said, &HOLDINGS])),
            Self::Words(words) => ("words", texts(&[words, &MAX_WORDS])),
            Self::Untitled => ("untitled", Vec::new()),
            Self::LongTitle => ("longTitle", texts(&[&MAX_TITLE])),
            Self::LongId => ("longId", texts(&[&MAX_ID])),
            Self::TooLong(most) => ("tooLong", texts(&[most])),
            Self::Again(line) => ("again", texts(&[line])),
            Self::Shape => ("shape", Vec::new()),
            Self::Other(_) => return None,
        })
    }
}

impl From<String> for Reason {
    fn from(what: String) -> Self {
        Self::Other(what)
    }
}

impl From<&str> for Reason {
    fn from(what: &str) -> Self {
        Self::Other(what.to_owned())
    }
}

fn texts(values: &[&dyn Display]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

/// The hub's statuses, as a file may name them.
fn statuses() -> String {
    let ids = game::STATUSES.map(|status| status.id);
    ids.join(", ")
}
