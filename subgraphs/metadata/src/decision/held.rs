//! What a household has of the games that somebody decides about, and may know of.

use crate::{
    game,
    matching::{
        self,
        entity::{copy, matched},
    },
};
use djinn_kernel::{Doing, Fault, viewer::Identity};
use sea_orm::DatabaseTransaction;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// What a household has of some games.
pub struct Held {
    games: HashMap<Uuid, game::entity::game::Model>,
    /// Its copies of them.
    pub copies: Vec<copy::Model>,
    /// What stands behind those.
    pub rows: BTreeMap<Uuid, matched::Model>,
}

impl Held {
    /// Loads it; what the viewer may not know of is left out.
    pub async fn load(
        txn: &DatabaseTransaction,
        identity: &Identity,
        games: &[Uuid],
    ) -> Result<Self, Fault> {
        let copies = matching::store::held_as(txn, identity.household.0, games)
            .await
            .doing("loading what is held")?;
        let ids: BTreeSet<Uuid> = copies.iter().map(|copy| copy.match_id).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let rows = matching::store::by_id(txn, &ids)
            .await
            .doing("loading matches")?;
        let games = game::store::games(txn, games)
            .await
            .doing("loading games")?;
        Ok(Self {
            games: games
                .into_iter()
                .filter(|game| visible(identity, game))
                .map(|game| (game.id, game))
                .collect(),
            copies,
            rows: rows.into_iter().map(|row| (row.id, row)).collect(),
        })
    }

    /// Whether the household has the game, and the viewer may know of it.
    pub fn has(&self, game: Uuid) -> bool {
        self.games.contains_key(&game) && self.copies.iter().any(|copy| copy.game_id == Some(game))
    }

    /// The title of a game.
    pub fn title(&self, game: Uuid) -> String {
        self.games
            .get(&game)
            .map(|game| game.title.clone())
            .unwrap_or_default()
    }

    /// What stands behind the copies of these games.
    pub fn matches_of(&self, games: &[Uuid]) -> BTreeSet<Uuid> {
        self.copies
            .iter()
            .filter(|copy| copy.game_id.is_some_and(|game| games.contains(&game)))
            .map(|copy| copy.match_id)
            .collect()
    }

    /// The same, whole.
    pub fn rows_of(&self, game: Uuid) -> Vec<&matched::Model> {
        self.matches_of(&[game])
            .iter()
            .filter_map(|id| self.rows.get(id))
            .collect()
    }
}

/// Whether the viewer may know of a game.
pub fn visible(identity: &Identity, game: &game::entity::game::Model) -> bool {
    identity
        .family
        .is_none_or(|family| family.allows(game.rated()))
}
