//! Histories, in a few queries for any number of games.

use super::{
    history::{Entry, history},
    store,
};
use crate::{
    game::loader::Shared,
    matching::{self, entity::matched},
};
use async_graphql::dataloader::Loader;
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::Db;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// The decisions that are looked through for histories.
const DECISIONS: u64 = 1_000;

/// Loads histories by household and game.
pub struct Merges(Db);

impl Merges {
    /// Over this database.
    pub const fn new(db: Db) -> Self {
        Self(db)
    }

    async fn of(
        &self,
        household: Uuid,
        games: &[Uuid],
    ) -> Result<HashMap<Uuid, Vec<Entry>>, Fault> {
        let conn = self.0.read();
        let copies = matching::store::held_as(conn, household, games)
            .await
            .doing("loading copies")?;
        let ids: BTreeSet<Uuid> = copies.iter().map(|copy| copy.match_id).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let rows: HashMap<Uuid, matched::Model> = matching::store::by_id(conn, &ids)
            .await
            .doing("loading matches")?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let decisions = store::history(conn, household, DECISIONS).await?;
        Ok(games
            .iter()
            .map(|game| {
                let ids: BTreeSet<Uuid> = copies
                    .iter()
                    .filter(|copy| copy.game_id == Some(*game))
                    .map(|copy| copy.match_id)
                    .collect();
                let rows: Vec<&matched::Model> = ids.iter().filter_map(|id| rows.get(id)).collect();
                // Of games they never held, nobody learns anything.
                let history = history(*game, &decisions, &rows);
                (*game, history)
            })
            .collect())
    }
}

impl Loader<(Uuid, Uuid)> for Merges {
    type Value = Vec<Entry>;
    type Error = Shared;

    async fn load(
        &self,
        keys: &[(Uuid, Uuid)],
    ) -> Result<HashMap<(Uuid, Uuid), Self::Value>, Shared> {
        let mut households: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
        for (household, game) in keys {
            households.entry(*household).or_default().push(*game);
        }
        let mut all = HashMap::new();
        for (household, games) in households {
            let found = self.of(household, &games).await?;
            all.extend(
                found
                    .into_iter()
                    .map(|(game, found)| ((household, game), found)),
            );
        }
        Ok(all)
    }
}
