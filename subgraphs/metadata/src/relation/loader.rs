//! Relations, in a few queries for any number of games.

use super::{RelationKind, relation};
use crate::{
    game::loader::Shared,
    matching::{
        entity::{copy, matched},
        key::TitleKey,
        store,
    },
};
use async_graphql::dataloader::Loader;
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::Db;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Loads relations by household and game.
pub struct Relations(Db);

impl Relations {
    /// Over this database.
    pub const fn new(db: Db) -> Self {
        Self(db)
    }

    /// Among the games that the household itself has: what others have is not told.
    async fn of(
        &self,
        household: Uuid,
        games: &[Uuid],
    ) -> Result<HashMap<Uuid, Vec<(RelationKind, Uuid)>>, Fault> {
        let conn = self.0.read();
        let mine = store::held_as(conn, household, games)
            .await
            .doing("loading copies")?;
        let rows = self.rows(&mine).await?;
        let bases: BTreeSet<&str> = rows
            .values()
            .filter_map(|row| row.base_key.as_deref())
            .collect();
        let mut near = Vec::new();
        let bases: Vec<&str> = bases.into_iter().collect();
        for bases in bases.chunks(500) {
            near.extend(
                copy::Entity::find()
                    .filter(copy::Column::HouseholdId.eq(household))
                    .filter(copy::Column::MatchId.in_subquery({
                        use sea_orm::{QuerySelect, QueryTrait};
                        matched::Entity::find()
                            .select_only()
                            .column(matched::Column::Id)
                            .filter(matched::Column::BaseKey.is_in(bases.iter().copied()))
                            .into_query()
                    }))
                    .all(conn)
                    .await
                    .doing("loading related games")?,
            );
        }
        let others = self.rows(&near).await?;
        let keys = |copies: &[copy::Model], rows: &HashMap<Uuid, matched::Model>| {
            let mut keys: BTreeMap<Uuid, Vec<TitleKey>> = BTreeMap::new();
            for copy in copies {
                if let (Some(game), Some(row)) = (copy.game_id, rows.get(&copy.match_id)) {
                    let key = TitleKey::of(&row.title);
                    let all = keys.entry(game).or_default();
                    if !all.contains(&key) {
                        all.push(key);
                    }
                }
            }
            keys
        };
        let (mine, near) = (keys(&mine, &rows), keys(&near, &others));
        let related = |game: &Uuid, this: &[TitleKey]| -> Vec<(RelationKind, Uuid)> {
            let kind = |other: &[TitleKey]| {
                let kinds = this
                    .iter()
                    .flat_map(|this| other.iter().map(move |other| relation(this, other)));
                kinds.flatten().min()
            };
            let mut all: Vec<(RelationKind, Uuid)> = near
                .iter()
                .filter(|(other, _)| *other != game)
                .filter_map(|(other, keys)| Some((kind(keys)?, *other)))
                .collect();
            all.sort_unstable();
            all
        };
        Ok(mine
            .iter()
            .map(|(game, keys)| (*game, related(game, keys)))
            .collect())
    }

    async fn rows(&self, copies: &[copy::Model]) -> Result<HashMap<Uuid, matched::Model>, Fault> {
        let ids: BTreeSet<Uuid> = copies.iter().map(|copy| copy.match_id).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let rows = store::by_id(self.0.read(), &ids)
            .await
            .doing("loading matches")?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

impl Loader<(Uuid, Uuid)> for Relations {
    type Value = Vec<(RelationKind, Uuid)>;
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
