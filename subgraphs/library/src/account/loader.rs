//! Loaders of libraries, for one request.

use super::{entity::account, store};
use crate::sync::{loader::LastRun, schedule::loader::ScheduleOf};
use async_graphql::{
    Request,
    dataloader::{DataLoader, Loader},
};
use djinn_kernel::{FamilyView, Fault, Viewer};
use djinn_subgraph_kit::Ports;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// Puts the loaders of libraries into a request.
pub fn loaders(request: Request, ports: &Ports, viewer: &Viewer) -> Request {
    let household = viewer.identity().map(|identity| identity.household.0);
    request
        .data(DataLoader::new(
            Libraries {
                ports: ports.clone(),
                household,
            },
            tokio::spawn,
        ))
        .data(DataLoader::new(
            Shown {
                ports: ports.clone(),
                household,
                family: viewer.family(),
            },
            tokio::spawn,
        ))
        .data(DataLoader::new(
            ScheduleOf {
                ports: ports.clone(),
            },
            tokio::spawn,
        ))
        .data(DataLoader::new(
            LastRun {
                ports: ports.clone(),
            },
            tokio::spawn,
        ))
}

/// Libraries of the viewer's household by id.
pub struct Libraries {
    ports: Ports,
    household: Option<Uuid>,
}

impl Loader<Uuid> for Libraries {
    type Value = account::Model;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let Some(household) = self.household else {
            return Ok(HashMap::new());
        };
        let rows = store::some(self.ports.db.read(), household, ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

/// How many copies of a library the viewer may see.
pub struct Shown {
    ports: Ports,
    household: Option<Uuid>,
    family: Option<FamilyView>,
}

impl Loader<Uuid> for Shown {
    type Value = u64;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let Some(household) = self.household else {
            return Ok(HashMap::new());
        };
        let db = self.ports.db.read();
        Ok(store::copies_shown(db, household, ids, self.family).await?)
    }
}
