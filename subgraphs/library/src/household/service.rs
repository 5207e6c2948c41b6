//! Setting where a household's days begin.

use super::{Zone, store};
use crate::{copy::clean, game::store as games};
use djinn_kernel::{Code, Doing, Fault};
use djinn_subgraph_kit::{Ports, graph::Coded};
use uuid::Uuid;

/// Why nothing was set.
#[derive(Debug, thiserror::Error)]
pub enum NotSet {
    /// No time zone is called like that.
    #[error("no time zone is called `{0}`; it is a name like Europe/Berlin")]
    Zone(String),
    /// Ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for NotSet {
    fn code(&self) -> Code {
        match self {
            Self::Zone(_) => Code::InvalidInput,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        matches!(self, Self::Zone(_)).then(|| "input.timeZone".to_owned())
    }
}

/// Sets where a household's days begin. Days that were counted stay as they were: they were days
/// where the household was then.
pub async fn set_zone(ports: &Ports, household: Uuid, zone: &str) -> Result<Zone, NotSet> {
    let zone = Zone::named(zone).ok_or_else(|| NotSet::Zone(clean(zone, 40)))?;
    let txn = ports.db.begin().await.doing("setting a time zone")?;
    // Every index of the household is read again, and with it what its days are.
    games::bump(&txn, household).await?;
    store::save_zone(&txn, household, zone).await?;
    txn.commit().await.doing("setting a time zone")?;
    Ok(zone)
}
