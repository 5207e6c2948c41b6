//! Looking at games.

use super::{entity::game, loader::Games};
use async_graphql::dataloader::DataLoader;
use djinn_kernel::{
    Code, Doing, Esrb, Fault, Viewer,
    ids::{GameId, InvalidId},
};
use djinn_subgraph_kit::graph::Coded;

/// Why a game is not shown. What may not be seen is no error: it looks missing.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The id is not one.
    #[error(transparent)]
    InvalidId(#[from] InvalidId),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for LookError {
    fn code(&self) -> Code {
        match self {
            Self::InvalidId(_) => Code::InvalidId,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        matches!(self, Self::InvalidId(_)).then(|| "id".to_owned())
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
    Ok(game.filter(|game| {
        viewer
            .family()
            .is_none_or(|family| family.allows(game.esrb.and_then(Esrb::from_level)))
    }))
}
