//! What a person says about a game.

use super::{
    entity::holding,
    family, holdings, store,
    tags::{self, BadTags},
    visible_if_known,
};
use crate::status::{self, By};
use djinn_kernel::{
    Code, Doing, FamilyView, Fault,
    ids::{GameId, InvalidId},
};
use djinn_subgraph_kit::{Ports, graph::Coded, outbox};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// The most characters notes may have.
pub const MAX_NOTES: usize = 4_000;

/// What happens to a value that may be absent.
#[derive(Debug, Clone, Default)]
pub enum Change<T> {
    /// It stays.
    #[default]
    Keep,
    /// It goes.
    Remove,
    /// It becomes this.
    To(T),
}

impl<T> Change<T> {
    /// What becomes of `value`.
    pub fn apply(self, value: Option<T>) -> Option<T> {
        match self {
            Self::Keep => value,
            Self::Remove => None,
            Self::To(new) => Some(new),
        }
    }
}

/// What to change; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// A status' id.
    pub status: Option<String>,
    /// Favourite or not.
    pub favourite: Option<bool>,
    /// Hidden or not.
    pub hidden: Option<bool>,
    /// Notes.
    pub notes: Change<String>,
    /// A rating.
    pub my_rating: Change<i32>,
    /// One's own tags, in place of those there were.
    pub tags: Change<Vec<String>>,
}

/// Why a game was not marked.
#[derive(Debug, thiserror::Error)]
pub enum NotMarked {
    /// The id is malformed.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// Not in the household's libraries, or not for this viewer.
    #[error("no such game in your libraries")]
    NoGame,
    /// No status has that id.
    #[error("no status has the id `{0}`; the query `statuses` lists them")]
    NoStatus(String),
    /// Too long.
    #[error("notes have at most {MAX_NOTES} characters, not {0}")]
    LongNotes(usize),
    /// Out of range.
    #[error("a rating is between 0 and 100, not {0}")]
    Rating(i32),
    /// Too many tags, or too long ones.
    #[error(transparent)]
    Tags(#[from] BadTags),
    /// Our side.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for NotMarked {
    fn code(&self) -> Code {
        match self {
            Self::Id(_) => Code::InvalidId,
            Self::NoGame => Code::NotFound,
            Self::NoStatus(_) | Self::LongNotes(_) | Self::Rating(_) | Self::Tags(_) => {
                Code::InvalidInput
            }
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        let name = match self {
            Self::Id(_) | Self::NoGame => "gameId",
            Self::NoStatus(_) => "status",
            Self::LongNotes(_) => "notes",
            Self::Rating(_) => "myRating",
            Self::Tags(_) => "tags",
            Self::Internal(_) => return None,
        };
        Some(format!("input.{name}"))
    }
}

/// Marks a game that `household` holds and that `family` may see.
pub async fn mark(
    ports: &Ports,
    household: Uuid,
    family: Option<FamilyView>,
    game: &str,
    marks: Marks,
) -> Result<GameId, NotMarked> {
    let game = GameId::parse(game)?;
    let mut marks = checked(marks)?;

    let txn = ports.db.begin().await.doing("marking a game")?;
    let rev = store::bump(&txn, household).await?;
    marks.status = known(&txn, household, marks.status).await?;
    let before = store::holdings(&txn, household, &[game.0])
        .await?
        .remove(&game.0);
    let rating = store::ratings(&txn, household, &[game.0])
        .await?
        .remove(&game.0);
    let before = before
        .filter(|row| row.held && visible_if_known(family, rating))
        .filter(|row| !row.hidden || family::sees_hidden(family))
        .ok_or(NotMarked::NoGame)?;

    let after = marked(before.clone(), marks);
    if after != before {
        let after = holding::Model {
            revision: before.revision + 1,
            index_rev: rev,
            ..after
        };
        holdings::announce(&txn, ports, &before, &after).await?;
        let change = status::change(ports, &before, &after);
        status::store::insert(&txn, change.into_iter().collect()).await?;
        store::save(&txn, vec![after]).await?;
    }
    txn.commit().await.doing("marking a game")?;
    ports.bus.poke(outbox::TOPIC);
    Ok(game)
}

/// The status that is meant, if it is the hub's or the household's own.
async fn known(
    txn: &impl ConnectionTrait,
    household: Uuid,
    status: Option<String>,
) -> Result<Option<String>, NotMarked> {
    let Some(id) = status else {
        return Ok(None);
    };
    if super::status(&id).is_some() {
        return Ok(Some(id));
    }
    let own = status::own::store::of(txn, household).await?;
    match status::own::of_id(&own, &id) {
        Some(one) => Ok(Some(one.id.clone())),
        None => Err(NotMarked::NoStatus(id.chars().take(40).collect())),
    }
}

fn checked(mut marks: Marks) -> Result<Marks, NotMarked> {
    if let Change::To(notes) = &mut marks.notes {
        // PostgreSQL stores no NUL.
        notes.retain(|c| c != '\0');
        let length = notes.chars().count();
        if length > MAX_NOTES {
            return Err(NotMarked::LongNotes(length));
        }
        if notes.trim().is_empty() {
            marks.notes = Change::Remove;
        }
    }
    if let Change::To(rating) = marks.my_rating
        && !(0..=100).contains(&rating)
    {
        return Err(NotMarked::Rating(rating));
    }
    if let Change::To(typed) = &mut marks.tags {
        *typed = tags::checked(typed)?;
    }
    Ok(marks)
}

fn marked(mut row: holding::Model, marks: Marks) -> holding::Model {
    if let Some(status) = marks.status {
        row.status = Some(status);
        row.status_by = Some(By::Person);
    }
    if let Some(favourite) = marks.favourite {
        row.favourite = favourite;
    }
    if let Some(hidden) = marks.hidden {
        row.hidden = hidden;
    }
    row.notes = marks.notes.apply(row.notes);
    let rating = marks.my_rating.apply(row.my_rating.map(i32::from));
    row.my_rating = rating.and_then(|rating| i16::try_from(rating).ok());
    row.my_tags = match marks.tags {
        Change::Keep => row.my_tags,
        Change::Remove => None,
        Change::To(tags) => tags::write(&tags),
    };
    row
}
