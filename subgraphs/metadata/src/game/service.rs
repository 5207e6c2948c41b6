//! Looking at games.

use super::{entity::game, loader::Games};
use async_graphql::{ID, dataloader::DataLoader};
use djinn_kernel::{
    Code, Doing, Fault, Viewer,
    ids::{GameId, InvalidId},
};
use djinn_subgraph_kit::graph::Coded;
use uuid::Uuid;

/// How many games can be looked at by their ids at once.
pub const MOST: usize = 100;

/// Why a game is not shown. What may not be seen is no error: it looks missing.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The id is not one.
    #[error(transparent)]
    InvalidId(#[from] InvalidId),
    /// Too many ids.
    #[error("at most {MOST} games at once, not {0}")]
    TooMany(usize),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for LookError {
    fn code(&self) -> Code {
        match self {
            Self::InvalidId(_) => Code::InvalidId,
            Self::TooMany(_) => Code::InvalidInput,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::InvalidId(_) => Some("id".to_owned()),
            Self::TooMany(_) => Some("ids".to_owned()),
            Self::Internal(_) => None,
        }
    }
}

/// A game, if it is not above the viewer's ceiling. Whether they may ask at all is the graph's rule.
pub async fn look(
    games: &DataLoader<Games>,
    viewer: &Viewer,
    id: &str,
) -> Result<Option<game::Model>, LookError> {
    let id = GameId::parse(id)?;
    let game = games.load_one(id.0).await.doing("loading a game")?;
    Ok(game.filter(|game| visible(viewer, game)))
}

/// Games in the order of their ids, by one query; nothing in the place of one that is not there or
/// not to be seen.
pub async fn look_at_all(
    games: &DataLoader<Games>,
    viewer: &Viewer,
    ids: &[ID],
) -> Result<Vec<Option<game::Model>>, LookError> {
    if ids.len() > MOST {
        return Err(LookError::TooMany(ids.len()));
    }
    let ids = ids.iter().map(|id| Ok(GameId::parse(id)?.0));
    let ids: Vec<Uuid> = ids.collect::<Result<_, InvalidId>>()?;
    let found = games.load_many(ids.iter().copied()).await;
    let found = found.doing("loading games")?;
    let one = |id: &Uuid| found.get(id).filter(|game| visible(viewer, game)).cloned();
    Ok(ids.iter().map(one).collect())
}

fn visible(viewer: &Viewer, game: &game::Model) -> bool {
    let family = viewer.family();
    family.is_none_or(|family| family.allows(game.rated()))
}
