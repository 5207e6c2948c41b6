//! Submitting scores, and reading ranks.

use super::{
    Entry, MAX_KEY, Outcome,
    ranks::{Ranked, Ranks},
    store,
};
use crate::{
    board::{Board, MAX_SCORE, allowed, service::BoardService},
    rating,
};
use chrono::SubsecRound;
use djinn_kernel::{
    Code, Doing, Fault, Scope,
    ids::{BoardId, InvalidId},
    viewer::{Denied, Viewer},
};
use djinn_subgraph_kit::{Ports, graph::Coded};
use std::sync::Arc;

/// The use cases of scores.
#[derive(Clone)]
pub struct ScoreService {
    ports: Ports,
    boards: BoardService,
    ranks: Arc<dyn Ranks>,
}

/// A submission that was taken, now or before.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// The board.
    pub board: Board,
    /// Where the player stands now.
    pub ranked: Ranked,
    /// What the submission did when it came first.
    pub outcome: Outcome,
    /// Whether it had come before.
    pub duplicate: bool,
}

/// A score was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Not signed in, or without the scope.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The board's id is no id.
    #[error(transparent)]
    BoardId(#[from] InvalidId),
    /// There is no such board.
    #[error("there is no such board")]
    NoBoard,
    /// Not finite, or too large.
    #[error("a score is a finite number between -{MAX_SCORE} and {MAX_SCORE} (2^53)")]
    Score,
    /// The key is empty, too long, or has control characters.
    #[error("a key has 1 to {MAX_KEY} characters, none of them a control character")]
    Key,
    /// An increment would lead past the limit.
    #[error("the sum would leave the range of scores, which ends at {MAX_SCORE} (2^53)")]
    Sum,
    /// Ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for SubmitError {
    fn code(&self) -> Code {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::BoardId(_) => Code::InvalidId,
            Self::NoBoard => Code::NotFound,
            Self::Score | Self::Key => Code::InvalidInput,
            Self::Sum => Code::LimitExceeded,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        let field = match self {
            Self::BoardId(_) | Self::NoBoard => "input.boardId",
            Self::Score | Self::Sum => "input.score",
            Self::Key => "input.key",
            Self::Denied(_) | Self::Internal(_) => return None,
        };
        Some(field.to_owned())
    }
}

impl ScoreService {
    /// Over these ports.
    pub const fn new(ports: Ports, boards: BoardService, ranks: Arc<dyn Ranks>) -> Self {
        Self {
            ports,
            boards,
            ranks,
        }
    }

    /// Takes a score of the viewer, once for each key: the same key again applies nothing and
    /// answers what the first one did.
    pub async fn submit(
        &self,
        viewer: &Viewer,
        board: &str,
        score: f64,
        key: &str,
    ) -> Result<Submitted, SubmitError> {
        let player = viewer.require(Scope::WritePlay)?.player;
        let id = BoardId::parse(board)?;
        if !allowed(score) {
            return Err(SubmitError::Score);
        }
        if key.is_empty() || key.chars().count() > MAX_KEY || key.chars().any(char::is_control) {
            return Err(SubmitError::Key);
        }
        let board = self
            .boards
            .by_id(rating::child(viewer), &[id])
            .await?
            .pop()
            .ok_or(SubmitError::NoBoard)?;
        let submitted = Entry {
            board: id,
            player,
            score: score + 0.0, // -0.0 becomes 0.0.
            // PostgreSQL keeps microseconds; both databases are to order alike.
            achieved_at: self.ports.clock.now().trunc_subsecs(6),
        };
        let (outcome, duplicate) = self.write(&board, submitted, key).await?;
        let ranked = self
            .ranks
            .of(&[(id, player)])
            .await?
            .pop()
            .doing("reading the rank of an entry that was just written")?;
        Ok(Submitted {
            board,
            ranked,
            outcome,
            duplicate,
        })
    }

    /// One transaction: the journal, then the entry. The key comes first, so that of two equal
    /// submissions at once one waits for the other and then sees it.
    async fn write(
        &self,
        board: &Board,
        submitted: Entry,
        key: &str,
    ) -> Result<(Outcome, bool), SubmitError> {
        let Entry { player, score, .. } = submitted;
        let txn = self.ports.db.begin().await.doing("submitting a score")?;
        if !store::note(&txn, &submitted, key).await? {
            return Ok((store::outcome(&txn, board.id, player, key).await?, true));
        }
        let mut previous = store::lock(&txn, board.id, player).await?;
        if previous.is_none() && !store::insert(&txn, board, &submitted).await? {
            // Another first submission of this player came between; it has committed by now.
            previous = store::lock(&txn, board.id, player).await?;
        }
        let outcome = Outcome::of(board, previous, score);
        if !allowed(outcome.result) {
            return Err(SubmitError::Sum); // The transaction is dropped: the key is free again.
        }
        if previous.is_some() && outcome.moved() {
            store::update(
                &txn,
                board,
                &Entry {
                    score: outcome.result,
                    ..submitted
                },
            )
            .await?;
        }
        store::conclude(&txn, board.id, player, key, &outcome).await?;
        txn.commit().await.doing("submitting a score")?;
        Ok((outcome, false))
    }

    /// The ranks themselves.
    pub fn ranks(&self) -> &dyn Ranks {
        &*self.ranks
    }
}
