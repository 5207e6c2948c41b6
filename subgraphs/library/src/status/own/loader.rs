//! A household's own statuses for one request: many games stand there, and one look says what all
//! of it is called.

use super::{Own, store};
use async_graphql::{
    Request,
    dataloader::{DataLoader, HashMapCache, Loader},
};
use djinn_kernel::Fault;
use djinn_subgraph_kit::Ports;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// The loader of own statuses, by household.
pub type OwnLoader = DataLoader<OwnStatuses, HashMapCache>;

/// Adds this part's loader to a request.
pub fn loaders(request: Request, ports: &Ports) -> Request {
    let own = OwnStatuses {
        ports: ports.clone(),
    };
    request.data(DataLoader::with_cache(
        own,
        tokio::spawn,
        HashMapCache::default(),
    ))
}

/// The statuses of households.
pub struct OwnStatuses {
    ports: Ports,
}

impl Loader<Uuid> for OwnStatuses {
    type Value = Arc<[Own]>;
    type Error = Arc<Fault>;

    async fn load(&self, households: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let mut found = HashMap::with_capacity(households.len());
        // A request is one household's.
        for household in households {
            let own = store::of(self.ports.db.read(), *household).await?;
            found.insert(*household, own.into());
        }
        Ok(found)
    }
}
