//! The pictures of a page's games, in one query.

use super::{Role, entity::Model, store};
use crate::game::loader::Shared;
use async_graphql::dataloader::Loader;
use djinn_kernel::Doing;
use djinn_subgraph_kit::Db;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// Loads pictures by game.
pub struct Pictures(pub Db);

/// The pictures of one game, the first to show first.
#[derive(Debug, Clone, Default)]
pub struct Album(Arc<Vec<Model>>);

impl Album {
    /// The first picture of a role.
    pub fn first(&self, role: Role) -> Option<&Model> {
        self.all(role).next()
    }

    /// All pictures of a role.
    pub fn all(&self, role: Role) -> impl Iterator<Item = &Model> {
        self.0.iter().filter(move |row| row.role == role as i16)
    }
}

impl Loader<Uuid> for Pictures {
    type Value = Album;
    type Error = Shared;

    async fn load(&self, games: &[Uuid]) -> Result<HashMap<Uuid, Album>, Shared> {
        let all = store::of_games(self.0.read(), games)
            .await
            .doing("loading pictures")?;
        Ok(all
            .into_iter()
            .map(|(game, rows)| (game, Album(Arc::new(rows))))
            .collect())
    }
}
