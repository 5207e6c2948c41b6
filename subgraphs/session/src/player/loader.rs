//! Players in one query per request, however many places show them.

use super::{Account, store};
use async_graphql::dataloader::Loader;
use djinn_kernel::{Fault, ids::PlayerId};
use djinn_subgraph_kit::Db;
use std::{collections::HashMap, sync::Arc};

/// Loads players by id.
pub struct PlayerLoader {
    db: Db,
}

impl PlayerLoader {
    /// One for each request.
    pub const fn new(db: Db) -> Self {
        Self { db }
    }
}

impl Loader<PlayerId> for PlayerLoader {
    type Value = Account;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[PlayerId]) -> Result<HashMap<PlayerId, Account>, Arc<Fault>> {
        let found = store::find_many(self.db.read(), ids).await?;
        Ok(found
            .into_iter()
            .map(|account| (account.player_id(), account))
            .collect())
    }
}

/// Loads the child profiles of households.
pub struct ProfilesLoader {
    db: Db,
}

impl ProfilesLoader {
    /// One for each request.
    pub const fn new(db: Db) -> Self {
        Self { db }
    }
}

impl Loader<PlayerId> for ProfilesLoader {
    type Value = Vec<Account>;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        households: &[PlayerId],
    ) -> Result<HashMap<PlayerId, Vec<Account>>, Arc<Fault>> {
        let mut found: HashMap<PlayerId, Vec<Account>> = HashMap::new();
        for child in store::children(self.db.read(), households).await? {
            found
                .entry(PlayerId(child.household))
                .or_default()
                .push(child);
        }
        Ok(found)
    }
}
