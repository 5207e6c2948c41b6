//! The schedules of libraries, for one request.

use super::{entity::Model, store};
use async_graphql::dataloader::Loader;
use djinn_kernel::Fault;
use djinn_subgraph_kit::Ports;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// Schedules by library. Ask only for libraries of the viewer's household.
pub struct ScheduleOf {
    /// Where to look.
    pub ports: Ports,
}

impl Loader<Uuid> for ScheduleOf {
    type Value = Model;
    type Error = Arc<Fault>;

    async fn load(&self, libraries: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let rows = store::some(self.ports.db.read(), libraries).await?;
        Ok(rows.into_iter().map(|row| (row.library_id, row)).collect())
    }
}
