//! The only queries that write scores. Reading them is the business of [`super::ranks`].

use super::{
    Entry, Outcome,
    entity::{entry, submission},
};
use crate::board::Board;
use djinn_kernel::{
    Doing, Fault,
    ids::{BoardId, PlayerId},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set,
    sea_query::OnConflict,
};

/// Notes a submission under its key. `false` means the key was used before. On PostgreSQL this
/// waits for another transaction that is noting the same key.
pub async fn note(txn: &impl ConnectionTrait, submitted: &Entry, key: &str) -> Result<bool, Fault> {
    let noted = submission::Entity::insert(submission::ActiveModel {
        board_id: Set(submitted.board.0),
        player_id: Set(submitted.player.0),
        key: Set(key.to_owned()),
        score: Set(submitted.score),
        at: Set(submitted.achieved_at),
        // Filled in by `conclude`, in the same transaction.
        previous: Set(None),
        result: Set(submitted.score),
        improved: Set(false),
    })
    .on_conflict(
        OnConflict::columns([
            submission::Column::BoardId,
            submission::Column::PlayerId,
            submission::Column::Key,
        ])
        .do_nothing()
        .to_owned(),
    )
    .exec_without_returning(txn)
    .await
    .doing("noting a submission")?;
    Ok(noted > 0)
}

/// What the submission under `key` did.
pub async fn outcome(
    txn: &impl ConnectionTrait,
    board: BoardId,
    player: PlayerId,
    key: &str,
) -> Result<Outcome, Fault> {
    submission::Entity::find_by_id((board.0, player.0, key.to_owned()))
        .one(txn)
        .await
        .doing("loading a submission")?
        .map(Outcome::from)
        .doing("loading a submission that was noted before")
}

/// Writes down what the submission under `key` did.
pub async fn conclude(
    txn: &impl ConnectionTrait,
    board: BoardId,
    player: PlayerId,
    key: &str,
    outcome: &Outcome,
) -> Result<(), Fault> {
    submission::ActiveModel {
        board_id: Set(board.0),
        player_id: Set(player.0),
        key: Set(key.to_owned()),
        previous: Set(outcome.previous),
        result: Set(outcome.result),
        improved: Set(outcome.improved),
        ..Default::default()
    }
    .update(txn)
    .await
    .map(|_| ())
    .doing("concluding a submission")
}

/// The player's score, locked until the transaction ends, so that two submissions of one player
/// come one after the other.
pub async fn lock(
    txn: &impl ConnectionTrait,
    board: BoardId,
    player: PlayerId,
) -> Result<Option<f64>, Fault> {
    let row = entry::Entity::find_by_id((board.0, player.0))
        .lock_exclusive()
        .one(txn)
        .await
        .doing("locking an entry")?;
    Ok(row.map(|row| row.score))
}

/// Adds the player's first entry. `false` means another transaction was quicker.
pub async fn insert(
    txn: &impl ConnectionTrait,
    board: &Board,
    entry: &Entry,
) -> Result<bool, Fault> {
    let added = entry::Entity::insert(entry::ActiveModel {
        board_id: Set(entry.board.0),
        player_id: Set(entry.player.0),
        score: Set(entry.score),
        standing: Set(board.order.standing(entry.score)),
        achieved_at: Set(entry.achieved_at),
    })
    .on_conflict(
        OnConflict::columns([entry::Column::BoardId, entry::Column::PlayerId])
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(txn)
    .await
    .doing("adding an entry")?;
    Ok(added > 0)
}

/// Moves the player's entry.
pub async fn update(txn: &impl ConnectionTrait, board: &Board, entry: &Entry) -> Result<(), Fault> {
    entry::Entity::update_many()
        .set(entry::ActiveModel {
            score: Set(entry.score),
            standing: Set(board.order.standing(entry.score)),
            achieved_at: Set(entry.achieved_at),
            ..Default::default()
        })
        .filter(entry::Column::BoardId.eq(entry.board.0))
        .filter(entry::Column::PlayerId.eq(entry.player.0))
        .exec(txn)
        .await
        .map(|_| ())
        .doing("moving an entry")
}
