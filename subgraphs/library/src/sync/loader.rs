//! The newest run of a library, for one request.

use super::{entity::run, store};
use async_graphql::dataloader::Loader;
use djinn_kernel::Fault;
use djinn_subgraph_kit::Ports;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// The newest run by library. Ask only for libraries of the viewer's household.
pub struct LastRun {
    /// Where to look.
    pub ports: Ports,
}

impl Loader<Uuid> for LastRun {
    type Value = run::Model;
    type Error = Arc<Fault>;

    async fn load(&self, libraries: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let rows = store::latest_of(self.ports.db.read(), libraries).await?;
        Ok(rows.into_iter().map(|row| (row.library_id, row)).collect())
    }
}
