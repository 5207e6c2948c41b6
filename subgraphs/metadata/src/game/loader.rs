//! One query for each kind of thing, whatever the number of games on a page.

use super::{
    Said, Source,
    entity::{fact, game},
    rating::Rating,
    store,
};
use crate::{
    artwork::loader::Pictures,
    hidden::{self, Child},
    matching::{self, entity::matched},
};
use async_graphql::dataloader::{DataLoader, Loader};
use djinn_kernel::{Doing, Fault, Viewer};
use djinn_subgraph_kit::Db;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use uuid::Uuid;

/// Loads games, without what is hidden from the viewer.
pub struct Games {
    db: Db,
    /// The child profile that looks, if one does.
    child: Option<Child>,
}
/// Loads ratings by game.
pub struct Ratings(Db);
/// Loads store products by game.
pub struct Links(Db);
/// Loads provenance by game.
pub struct Facts(Db);
/// Loads what each source said by game.
pub struct SaidOf(Db);

/// Puts the loaders of one request in.
pub fn put(request: async_graphql::Request, db: &Db, viewer: &Viewer) -> async_graphql::Request {
    let games = Games {
        db: db.clone(),
        child: hidden::child(viewer),
    };
    request
        .data(DataLoader::new(games, tokio::spawn))
        .data(DataLoader::new(Ratings(db.clone()), tokio::spawn))
        .data(DataLoader::new(Links(db.clone()), tokio::spawn))
        .data(DataLoader::new(Facts(db.clone()), tokio::spawn))
        .data(DataLoader::new(SaidOf(db.clone()), tokio::spawn))
        .data(DataLoader::new(Pictures(db.clone()), tokio::spawn))
}

/// A fault that several waiting resolvers share.
#[derive(Debug, Clone, thiserror::Error)]
#[error(transparent)]
pub struct Shared(Arc<Fault>);

impl From<Fault> for Shared {
    fn from(fault: Fault) -> Self {
        Self(Arc::new(fault))
    }
}

impl Loader<Uuid> for Games {
    type Value = game::Model;
    type Error = Shared;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Shared> {
        let mut games = store::games(self.db.read(), ids)
            .await
            .doing("loading games")?;
        if let Some(child) = self.child {
            let hidden = hidden::all(self.db.read(), child).await?;
            games.retain(|game| !hidden.contains(&game.id));
        }
        Ok(games.into_iter().map(|game| (game.id, game)).collect())
    }
}

impl Loader<Uuid> for Ratings {
    type Value = Vec<Rating>;
    type Error = Shared;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Shared> {
        Ok(store::ratings(self.0.read(), ids)
            .await
            .doing("loading ratings")?)
    }
}

impl Loader<Uuid> for Links {
    type Value = Vec<matched::Model>;
    type Error = Shared;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Shared> {
        Ok(matching::store::products(self.0.read(), ids)
            .await
            .doing("loading store links")?)
    }
}

impl Loader<Uuid> for Facts {
    type Value = Vec<fact::Model>;
    type Error = Shared;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Shared> {
        Ok(store::facts(self.0.read(), ids)
            .await
            .doing("loading sources")?)
    }
}

impl Loader<Uuid> for SaidOf {
    type Value = Arc<BTreeMap<Source, Said>>;
    type Error = Shared;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Shared> {
        let said = store::said(self.0.read(), ids)
            .await
            .doing("loading what sources said")?;
        Ok(said
            .into_iter()
            .map(|(game, said)| (game, Arc::new(said)))
            .collect())
    }
}
