//! Changing collections: a player's own, within their limits.

use super::{
    MAX_CHANGE, MAX_COLLECTIONS, MAX_GAMES, MAX_NAME,
    entity::{collection, member},
    error::CollectionError,
    input::RuleInput,
    service::{collection_id, game_id, knows},
    store,
};
use crate::{copy::clean, game::visible, platform::Registry, search::index::Index};
use djinn_kernel::{Doing, Fault, viewer::Identity};
use djinn_subgraph_kit::Ports;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// One who changes their own collections, with what they can see.
pub struct Curator<'a> {
    /// The ports.
    pub ports: &'a Ports,
    /// The platforms.
    pub registry: &'a Registry,
    /// Who.
    pub identity: &'a Identity,
    /// Their household's games.
    pub index: &'a Index,
}

impl Curator<'_> {
    const fn player(&self) -> Uuid {
        self.identity.player.0
    }

    fn rule(&self, rule: RuleInput) -> Result<serde_json::Value, CollectionError> {
        let family = self.identity.family;
        let rule = rule.parse("input.rule", &|field, id| {
            knows(self.registry, self.index, family, (field, id))
        })?;
        Ok(serde_json::to_value(rule).doing("writing a collection's rule")?)
    }

    /// Games that were sent at `input.gameIds`, each once, if the viewer may see them all.
    fn games(&self, ids: &[String]) -> Result<Vec<Uuid>, CollectionError> {
        let mut games: Vec<Uuid> = ids
            .iter()
            .enumerate()
            .map(|(n, id)| game_id(&format!("input.gameIds[{n}]"), id))
            .collect::<Result<_, _>>()?;
        let wanted: HashSet<Uuid> = games.iter().copied().collect();
        let entries = self.index.entries.iter();
        let seen: HashSet<Uuid> = entries
            .filter(|entry| {
                wanted.contains(&entry.id) && visible(self.identity.family, entry.rated)
            })
            .map(|entry| entry.id)
            .collect();
        if let Some(n) = games.iter().position(|game| !seen.contains(game)) {
            return Err(CollectionError::NoGame(format!("input.gameIds[{n}]")));
        }
        let mut once = HashSet::new();
        games.retain(|game| once.insert(*game));
        Ok(games)
    }

    /// Makes a collection at the end of the player's: by `rule`, or by hand of `games`.
    pub async fn create(
        &self,
        name: &str,
        rule: Option<RuleInput>,
        games: Option<Vec<String>>,
    ) -> Result<collection::Model, CollectionError> {
        if rule.is_some() && games.is_some() {
            return Err(CollectionError::Wrong(
                "input.gameIds",
                "a collection has a rule or games put in by hand, not both",
            ));
        }
        let name = named(name)?;
        let rule = rule.map(|rule| self.rule(rule)).transpose()?;
        let games = games.unwrap_or_default();
        if games.len() > MAX_CHANGE {
            return Err(CollectionError::Change(games.len()));
        }
        let games = self.games(&games)?;
        let now = self.ports.clock.now();
        let id = self.ports.ids.new_id();

        let txn = self.ports.db.begin().await.doing("making a collection")?;
        let all = store::lock_all(&txn, self.player()).await?;
        // Counted again: one that was made while this waited is not among those that were locked.
        if store::count(&txn, self.player()).await? >= MAX_COLLECTIONS {
            return Err(CollectionError::TooMany);
        }
        let row = collection::Model {
            id,
            player_id: self.player(),
            household_id: self.identity.household.0,
            name,
            rule,
            position: all.last().map_or(0, |(last, _)| last.saturating_add(1)),
            created_at: now,
            updated_at: now,
        };
        store::insert(&txn, row.clone()).await?;
        store::put(&txn, placed(id, &games, 0)).await?;
        txn.commit().await.doing("making a collection")?;
        Ok(row)
    }

    /// Gives a collection another name or rule.
    pub async fn update(
        &self,
        id: &str,
        name: Option<&str>,
        rule: Option<RuleInput>,
    ) -> Result<collection::Model, CollectionError> {
        let id = collection_id("input.id", id)?;
        let name = name.map(named).transpose()?;
        let rule = rule.map(|rule| self.rule(rule)).transpose()?;
        let txn = self.ports.db.begin().await.doing("changing a collection")?;
        let mut row = self.locked(&txn, id, "input.id").await?;
        if row.rule.is_none() && rule.is_some() {
            return Err(CollectionError::Wrong(
                "input.rule",
                "a manual collection has no rule; make a smart one",
            ));
        }
        if let Some(name) = name {
            row.name = name;
        }
        if rule.is_some() {
            row.rule = rule;
        }
        row.updated_at = self.ports.clock.now();
        store::save(&txn, row.clone()).await?;
        txn.commit().await.doing("changing a collection")?;
        Ok(row)
    }

    /// Deletes a collection; its games stay where they are.
    pub async fn delete(&self, id: &str) -> Result<(), CollectionError> {
        let id = collection_id("id", id)?;
        let txn = self.ports.db.begin().await.doing("deleting a collection")?;
        if !store::delete(&txn, self.player(), id).await? {
            return Err(CollectionError::NoCollection("id"));
        }
        Ok(txn.commit().await.doing("deleting a collection")?)
    }

    /// Puts the player's collections into this order; those that are not named follow as they
    /// were.
    pub async fn reorder(&self, ids: &[String]) -> Result<(), CollectionError> {
        if ids.len() as u64 > MAX_COLLECTIONS {
            return Err(CollectionError::Twice);
        }
        let mut order: Vec<Uuid> = Vec::with_capacity(ids.len());
        for (n, id) in ids.iter().enumerate() {
            let id = collection_id(&format!("ids[{n}]"), id)?;
            if order.contains(&id) {
                return Err(CollectionError::Twice);
            }
            order.push(id);
        }
        let txn = self.ports.db.begin().await.doing("ordering collections")?;
        let all = store::lock_all(&txn, self.player()).await?;
        let known: HashMap<Uuid, i32> = all.iter().map(|(at, id)| (*id, *at)).collect();
        if order.iter().any(|id| !known.contains_key(id)) {
            return Err(CollectionError::NoCollection("ids"));
        }
        let rest = all.iter().map(|(_, id)| *id);
        let rest: Vec<Uuid> = rest.filter(|id| !order.contains(id)).collect();
        for (at, id) in order.into_iter().chain(rest).enumerate() {
            let at = at as i32;
            if known.get(&id) != Some(&at) {
                store::place(&txn, id, at).await?;
            }
        }
        Ok(txn.commit().await.doing("ordering collections")?)
    }

    /// Puts games into a manual collection, before another one or at the end. Those that are in
    /// already move there.
    pub async fn put(
        &self,
        id: &str,
        games: &[String],
        before: Option<&str>,
    ) -> Result<collection::Model, CollectionError> {
        let id = collection_id("input.collectionId", id)?;
        let before = before
            .map(|game| game_id("input.beforeGameId", game))
            .transpose()?;
        if !(1..=MAX_CHANGE).contains(&games.len()) {
            return Err(CollectionError::Change(games.len()));
        }
        let games = self.games(games)?;
        if before.is_some_and(|game| games.contains(&game)) {
            return Err(CollectionError::Wrong(
                "input.beforeGameId",
                "a game cannot go before itself",
            ));
        }
        let txn = self.ports.db.begin().await.doing("filling a collection")?;
        let row = self.manual(&txn, id).await?;
        // Out first: those that are in already move.
        store::take(&txn, id, &games).await?;
        let (count, last) = store::extent(&txn, id).await?;
        if count + games.len() as u64 > MAX_GAMES {
            return Err(CollectionError::Full);
        }
        let start = match before {
            None => last.map_or(0, |last| last + 1),
            Some(game) => {
                let found = store::position(&txn, id, game).await?;
                let start = found.ok_or(CollectionError::NotIn("input.beforeGameId"))?;
                store::shift(&txn, id, start, games.len() as i64).await?;
                start
            }
        };
        store::put(&txn, placed(id, &games, start)).await?;
        let row = self.touched(&txn, row).await?;
        txn.commit().await.doing("filling a collection")?;
        Ok(row)
    }

    /// Takes games out of a manual collection. What is not in it stays out.
    pub async fn take(
        &self,
        id: &str,
        games: &[String],
    ) -> Result<collection::Model, CollectionError> {
        let id = collection_id("input.collectionId", id)?;
        if !(1..=MAX_CHANGE).contains(&games.len()) {
            return Err(CollectionError::Change(games.len()));
        }
        let games: Vec<Uuid> = games
            .iter()
            .enumerate()
            .map(|(n, game)| game_id(&format!("input.gameIds[{n}]"), game))
            .collect::<Result<_, _>>()?;
        let txn = self.ports.db.begin().await.doing("emptying a collection")?;
        let row = self.manual(&txn, id).await?;
        store::take(&txn, id, &games).await?;
        let row = self.touched(&txn, row).await?;
        txn.commit().await.doing("emptying a collection")?;
        Ok(row)
    }

    async fn locked(
        &self,
        txn: &sea_orm::DatabaseTransaction,
        id: Uuid,
        at: &'static str,
    ) -> Result<collection::Model, CollectionError> {
        store::lock(txn, self.player(), id)
            .await?
            .ok_or(CollectionError::NoCollection(at))
    }

    async fn manual(
        &self,
        txn: &sea_orm::DatabaseTransaction,
        id: Uuid,
    ) -> Result<collection::Model, CollectionError> {
        let row = self.locked(txn, id, "input.collectionId").await?;
        if row.rule.is_some() {
            return Err(CollectionError::Wrong(
                "input.collectionId",
                "the games of a smart collection come by its rule",
            ));
        }
        Ok(row)
    }

    async fn touched(
        &self,
        txn: &sea_orm::DatabaseTransaction,
        row: collection::Model,
    ) -> Result<collection::Model, Fault> {
        let row = collection::Model {
            updated_at: self.ports.clock.now(),
            ..row
        };
        store::save(txn, row.clone()).await?;
        Ok(row)
    }
}

fn named(typed: &str) -> Result<String, CollectionError> {
    let name = clean(typed, MAX_NAME + 1);
    if (1..=MAX_NAME).contains(&name.chars().count()) {
        Ok(name)
    } else {
        Err(CollectionError::Name)
    }
}

fn placed(collection: Uuid, games: &[Uuid], start: i64) -> Vec<member::Model> {
    let places = games.iter().zip(start..);
    places
        .map(|(game, position)| member::Model {
            collection_id: collection,
            game_id: *game,
            position,
        })
        .collect()
}
