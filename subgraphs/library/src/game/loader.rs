//! Loaders that live for one request: a page of games costs two queries, whatever its length.
//!
//! They remember what they loaded, because a long list is not resolved in one go: async-graphql
//! pauses every few dozen nodes, and each pause would otherwise ask again.

use super::{
    entity::{fact, holding},
    family, part, store, visible, visible_if_known,
};
use crate::copy::entity as copy;
use async_graphql::{
    Context, Lookahead, Request, Result,
    dataloader::{DataLoader, HashMapCache, Loader},
};
use djinn_kernel::{Doing, FamilyView, Fault, Scope, Viewer};
use djinn_subgraph_kit::{Ports, graph::OrRefuse};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// Adds this part's loaders to a request.
pub fn loaders(request: Request, ports: &Ports, viewer: &Viewer) -> Request {
    let whose = Whose::of(viewer);
    let holdings = Holdings {
        ports: ports.clone(),
        whose,
    };
    let copies = Copies {
        ports: ports.clone(),
        whose,
    };
    let facts = Facts {
        ports: ports.clone(),
        whose,
    };
    request
        .data(DataLoader::with_cache(
            facts,
            tokio::spawn,
            HashMapCache::default(),
        ))
        .data(DataLoader::with_cache(
            holdings,
            tokio::spawn,
            HashMapCache::default(),
        ))
        .data(DataLoader::with_cache(
            copies,
            tokio::spawn,
            HashMapCache::default(),
        ))
}

/// The loader of holdings.
pub type HoldingLoader = DataLoader<Holdings, HashMapCache>;
/// The loader of copies.
pub type CopyLoader = DataLoader<Copies, HashMapCache>;
/// The loader of facts.
pub type FactLoader = DataLoader<Facts, HashMapCache>;

/// The fields of a game that need its holding.
const HELD: [&str; 12] = [
    "achievements",
    "playByDay",
    "statusHistory",
    "copies",
    "status",
    "playtimeMinutes",
    "lastPlayedAt",
    "favourite",
    "hidden",
    "notes",
    "myRating",
    "myTags",
];

/// The fields of a game that need its facts.
const KNOWN: [&str; 9] = [
    "title",
    "kind",
    "releaseYear",
    "genres",
    "tags",
    "developers",
    "esrb",
    "criticScore",
    "mainStoryMinutes",
];

/// Loads at once what the selection `wanted` of a whole page of games will ask one by one.
pub async fn prefetch(ctx: &Context<'_>, wanted: &Lookahead<'_>, games: &[Uuid]) -> Result<()> {
    if HELD.iter().any(|field| wanted.field(field).exists()) {
        let loaded = ctx
            .data::<HoldingLoader>()?
            .load_many(games.iter().copied())
            .await;
        shared(loaded).or_refuse()?;
    }
    if KNOWN.iter().any(|field| wanted.field(field).exists()) {
        let loaded = ctx
            .data::<FactLoader>()?
            .load_many(games.iter().copied())
            .await;
        shared(loaded).or_refuse()?;
    }
    if wanted.field("copies").exists() {
        let loaded = ctx
            .data::<CopyLoader>()?
            .load_many(games.iter().copied())
            .await;
        shared(loaded).or_refuse()?;
    }
    Ok(())
}

/// A loader shares one fault among all that waited for it; each answer needs its own.
pub fn shared<T>(loaded: Result<T, Arc<Fault>>) -> Result<T, Fault> {
    loaded.doing("loading what a household holds")
}

/// Whose games are loaded, and under which ceiling. Nobody's without the scope to read them.
#[derive(Debug, Clone, Copy)]
struct Whose {
    household: Option<Uuid>,
    family: Option<FamilyView>,
}

impl Whose {
    fn of(viewer: &Viewer) -> Self {
        let household = viewer
            .require(Scope::ReadLibrary)
            .ok()
            .map(|identity| identity.household.0);
        Self {
            household,
            family: viewer.family(),
        }
    }
}

/// The viewer's holdings by game as they may see them, without those that are not held any more or
/// that are not there for a child.
pub struct Holdings {
    ports: Ports,
    whose: Whose,
}

impl Loader<Uuid> for Holdings {
    type Value = Arc<holding::Model>;
    type Error = Arc<Fault>;

    async fn load(&self, games: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let Some(household) = self.whose.household else {
            return Ok(HashMap::new());
        };
        let db = self.ports.db.read();
        let mut found = store::holdings(db, household, games).await?;
        found.retain(|_, row| row.held);
        if self.whose.family.is_some() {
            let ratings = store::ratings(db, household, games).await?;
            found.retain(|game, _| visible_if_known(self.whose.family, ratings.get(game).copied()));
        }
        let shown = found.into_iter().filter_map(|(game, row)| {
            let row = family::shown(self.whose.family, row)?;
            Some((game, Arc::new(row)))
        });
        Ok(shown.collect())
    }
}

/// What metadata last told of games, without those that are not there for a child.
pub struct Facts {
    ports: Ports,
    whose: Whose,
}

impl Loader<Uuid> for Facts {
    type Value = Arc<fact::Model>;
    type Error = Arc<Fault>;

    async fn load(&self, games: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let Some(household) = self.whose.household else {
            return Ok(HashMap::new());
        };
        let mut hidden = if family::sees_hidden(self.whose.family) {
            HashSet::new()
        } else {
            store::hidden(self.ports.db.read(), household, games).await?
        };
        if let Some(family) = self.whose.family {
            hidden.extend(part::closed(self.ports.db.read(), household, family).await?);
        }
        let mut found = HashMap::with_capacity(games.len());
        for chunk in games.chunks(store::CHUNK) {
            let rows = fact::Entity::find()
                .filter(fact::Column::GameId.is_in(chunk.iter().copied()))
                .all(self.ports.db.read())
                .await
                .doing("loading the facts of games")?;
            let seen = rows
                .into_iter()
                .filter(|row| visible(self.whose.family, row.rated()))
                .filter(|row| !hidden.contains(&row.game_id));
            found.extend(seen.map(|row| (row.game_id, Arc::new(row))));
        }
        Ok(found)
    }
}

/// The viewer's copies by game. Asked only for games whose holding was found by [`Holdings`].
pub struct Copies {
    ports: Ports,
    whose: Whose,
}

impl Loader<Uuid> for Copies {
    type Value = Vec<copy::Model>;
    type Error = Arc<Fault>;

    async fn load(&self, games: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let Some(household) = self.whose.household else {
            return Ok(HashMap::new());
        };
        let mut found: HashMap<Uuid, Self::Value> = HashMap::with_capacity(games.len());
        for chunk in games.chunks(store::CHUNK) {
            let rows = copy::Entity::find()
                .filter(copy::Column::HouseholdId.eq(household))
                .filter(copy::Column::GameId.is_in(chunk.iter().copied()))
                .filter(copy::Column::RemovedAt.is_null())
                .order_by_asc(copy::Column::Id)
                .all(self.ports.db.read())
                .await
                .doing("loading the copies of games")?;
            for row in rows {
                if let Some(game) = row.game_id {
                    found.entry(game).or_default().push(row);
                }
            }
        }
        Ok(found)
    }
}
