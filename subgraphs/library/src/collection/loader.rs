//! The games of manual collections, for one request: a list of collections asks once.

use super::{entity::member, store};
use async_graphql::{
    Request,
    dataloader::{DataLoader, Loader},
};
use djinn_kernel::Fault;
use djinn_subgraph_kit::Ports;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// Adds this part's loader to a request.
pub fn loaders(request: Request, ports: &Ports) -> Request {
    let members = Members {
        ports: ports.clone(),
    };
    request.data(DataLoader::new(members, tokio::spawn))
}

/// The games of collections in their order. Asked only for collections that the viewer was found
/// to have.
pub struct Members {
    ports: Ports,
}

impl Loader<Uuid> for Members {
    type Value = Arc<Vec<member::Model>>;
    type Error = Arc<Fault>;

    async fn load(&self, collections: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let found = store::members(self.ports.db.read(), collections).await?;
        Ok(found
            .into_iter()
            .map(|(collection, games)| (collection, Arc::new(games)))
            .collect())
    }
}
