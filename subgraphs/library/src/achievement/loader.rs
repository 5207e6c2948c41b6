//! Achievements of many games at once, for one request. Ask only for games whose holding the
//! viewer may see.

use super::store;
use async_graphql::{
    Request,
    dataloader::{DataLoader, Loader},
};
use djinn_kernel::{Fault, Scope, Viewer};
use djinn_subgraph_kit::Ports;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use uuid::Uuid;

/// Adds this part's loaders to a request.
pub fn loaders(request: Request, ports: &Ports, viewer: &Viewer) -> Request {
    let household = viewer
        .require(Scope::ReadLibrary)
        .ok()
        .map(|identity| identity.household.0);
    let sums = Sums {
        ports: ports.clone(),
        household,
    };
    let pages = Pages {
        ports: ports.clone(),
        household,
    };
    request
        .data(DataLoader::new(sums, tokio::spawn))
        .data(DataLoader::new(pages, tokio::spawn))
}

/// How many achievements a game has in all and unlocked.
pub struct Sums {
    ports: Ports,
    household: Option<Uuid>,
}

impl Loader<Uuid> for Sums {
    type Value = (i64, i64);
    type Error = Arc<Fault>;

    async fn load(&self, games: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let Some(household) = self.household else {
            return Ok(HashMap::new());
        };
        Ok(store::sums(self.ports.db.read(), household, games).await?)
    }
}

/// Which page of which game.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageOf {
    /// The game.
    pub game: Uuid,
    /// What the page before ended with.
    pub after: Option<store::Place>,
    /// How many.
    pub first: u32,
}

/// Pages of achievements, with one more than was asked for.
pub struct Pages {
    ports: Ports,
    household: Option<Uuid>,
}

impl Loader<PageOf> for Pages {
    type Value = Vec<store::Shown>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[PageOf]) -> Result<HashMap<PageOf, Self::Value>, Self::Error> {
        let Some(household) = self.household else {
            return Ok(HashMap::new());
        };
        // Games of one list ask for the same page.
        let mut alike: BTreeMap<(Option<store::Place>, u32), Vec<Uuid>> = BTreeMap::new();
        for key in keys {
            alike
                .entry((key.after, key.first))
                .or_default()
                .push(key.game);
        }
        let mut found = HashMap::with_capacity(keys.len());
        for ((after, first), games) in alike {
            let db = self.ports.db.read();
            let pages = store::pages(db, household, &games, after, first).await?;
            found.extend(
                pages
                    .into_iter()
                    .map(|(game, page)| (PageOf { game, after, first }, page)),
            );
        }
        Ok(found)
    }
}
