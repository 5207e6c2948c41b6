//! What one request loads in batches, whatever list asks for it.

use crate::{
    board::{Board, service::BoardService},
    rating::Child,
    score::ranks::{Ranked, Ranks},
};
use async_graphql::dataloader::{DataLoader, Loader};
use djinn_kernel::{
    Code, Fault,
    ids::{BoardId, GameId, PlayerId},
};
use djinn_subgraph_kit::graph::Coded;
use std::{collections::HashMap, hash::Hash, sync::Arc};

/// Loads for one request.
pub struct Batches {
    boards: BoardService,
    ranks: Arc<dyn Ranks>,
    /// What the viewer may see.
    child: Option<Child>,
}

/// The batches of one request, as resolvers find them.
pub type Loaders = DataLoader<Batches>;

/// Starts the batches of one request.
pub fn loader(boards: BoardService, ranks: Arc<dyn Ranks>, child: Option<Child>) -> Loaders {
    let batches = Batches {
        boards,
        ranks,
        child,
    };
    DataLoader::new(batches, tokio::spawn)
}

/// One fault, told to everyone who waited for the batch.
#[derive(Debug, Clone, thiserror::Error)]
#[error(transparent)]
pub struct Shared(Arc<Fault>);

impl From<Fault> for Shared {
    fn from(fault: Fault) -> Self {
        Self(Arc::new(fault))
    }
}

impl Coded for Shared {
    fn code(&self) -> Code {
        Code::Internal
    }
}

/// The number of entries of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SizeOf(pub BoardId);

/// The first page of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TopOf {
    /// Which.
    pub board: BoardId,
    /// How many.
    pub first: u32,
}

/// A player's rank on a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RankOf(pub BoardId, pub PlayerId);

/// A player's ranks, with their boards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RanksOf {
    /// Whose.
    pub player: PlayerId,
    /// How many.
    pub first: u32,
}

/// A game's boards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BoardsOf {
    /// Which game.
    pub game: GameId,
    /// How many.
    pub first: u32,
}

/// Keys that ask for the same number of items go into one query.
fn by_first<T: Copy>(keys: impl Iterator<Item = (u32, T)>) -> HashMap<u32, Vec<T>> {
    let mut groups: HashMap<u32, Vec<T>> = HashMap::new();
    for (first, key) in keys {
        groups.entry(first).or_default().push(key);
    }
    groups
}

impl Loader<BoardId> for Batches {
    type Value = Board;
    type Error = Shared;

    async fn load(&self, keys: &[BoardId]) -> Result<HashMap<BoardId, Board>, Shared> {
        let boards = self.boards.by_id(self.child, keys).await?;
        Ok(boards.into_iter().map(|board| (board.id, board)).collect())
    }
}

impl Loader<SizeOf> for Batches {
    type Value = i64;
    type Error = Shared;

    async fn load(&self, keys: &[SizeOf]) -> Result<HashMap<SizeOf, i64>, Shared> {
        let boards: Vec<_> = keys.iter().map(|key| key.0).collect();
        Ok(self
            .ranks
            .sizes(&boards)
            .await?
            .into_iter()
            .map(|(board, size)| (SizeOf(board), size))
            .collect())
    }
}

impl Loader<RankOf> for Batches {
    type Value = Ranked;
    type Error = Shared;

    async fn load(&self, keys: &[RankOf]) -> Result<HashMap<RankOf, Ranked>, Shared> {
        let who: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let ranks = self.ranks.of(&who).await?;
        Ok(ranks
            .into_iter()
            .map(|rank| (RankOf(rank.entry.board, rank.entry.player), rank))
            .collect())
    }
}

impl Loader<TopOf> for Batches {
    type Value = Vec<Ranked>;
    type Error = Shared;

    async fn load(&self, keys: &[TopOf]) -> Result<HashMap<TopOf, Vec<Ranked>>, Shared> {
        let mut found = HashMap::new();
        for (first, boards) in by_first(keys.iter().map(|key| (key.first, key.board))) {
            for ranked in self.ranks.top(&boards, first).await? {
                push(
                    &mut found,
                    TopOf {
                        board: ranked.entry.board,
                        first,
                    },
                    ranked,
                );
            }
        }
        Ok(found)
    }
}

impl Loader<RanksOf> for Batches {
    type Value = Vec<(Board, Ranked)>;
    type Error = Shared;

    async fn load(
        &self,
        keys: &[RanksOf],
    ) -> Result<HashMap<RanksOf, Vec<(Board, Ranked)>>, Shared> {
        let mut found = HashMap::new();
        for (first, players) in by_first(keys.iter().map(|key| (key.first, key.player))) {
            let ranks = self.ranks.of_players(&players, first).await?;
            let mut ids: Vec<_> = ranks.iter().map(|rank| rank.entry.board).collect();
            ids.sort_unstable();
            ids.dedup();
            let boards = Loader::<BoardId>::load(self, &ids).await?;
            for ranked in ranks {
                if let Some(board) = boards.get(&ranked.entry.board) {
                    push(
                        &mut found,
                        RanksOf {
                            player: ranked.entry.player,
                            first,
                        },
                        (board.clone(), ranked),
                    );
                }
            }
        }
        Ok(found)
    }
}

impl Loader<BoardsOf> for Batches {
    type Value = Vec<Board>;
    type Error = Shared;

    async fn load(&self, keys: &[BoardsOf]) -> Result<HashMap<BoardsOf, Vec<Board>>, Shared> {
        let mut found = HashMap::new();
        for (first, games) in by_first(keys.iter().map(|key| (key.first, key.game))) {
            let boards = self.boards.of_games(self.child, &games, first).await?;
            for board in boards {
                if let Some(game) = board.game {
                    push(&mut found, BoardsOf { game, first }, board);
                }
            }
        }
        Ok(found)
    }
}

fn push<K: Eq + Hash, T>(found: &mut HashMap<K, Vec<T>>, key: K, value: T) {
    found.entry(key).or_default().push(value);
}
