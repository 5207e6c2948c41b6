//! Looking at parked events, and trying them again.

use djinn_kernel::{
    Code, Doing, Fault,
    ids::{EventId, InvalidId},
    page::{MAX_PAGE, Page, Slice},
};
use djinn_subgraph_kit::{
    Ports,
    graph::Coded,
    outbox::{self, parked, row::Model},
};
use uuid::Uuid;

/// Why no event is tried again.
#[derive(Debug, thiserror::Error)]
pub enum RetryError {
    /// Not an id.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// Too many at once.
    #[error("{0} ids are more than {MAX_PAGE}, the most at once; leave `ids` out for all")]
    TooMany(usize),
    /// Ours to mend.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for RetryError {
    fn code(&self) -> Code {
        match self {
            Self::Id(_) => Code::InvalidId,
            Self::TooMany(_) => Code::LimitExceeded,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Id(_) | Self::TooMany(_) => Some("ids".to_owned()),
            Self::Internal(_) => None,
        }
    }
}

/// The use cases of parked events.
#[derive(Clone)]
pub struct Parked {
    ports: Ports,
}

impl Parked {
    /// Those of the database behind these ports.
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// A page of them, the oldest first, and how many there are in all.
    pub async fn list(&self, page: &Page<Uuid>) -> Result<(Slice<Model>, u64), Fault> {
        let db = self.ports.db.read();
        let slice = parked::page(db, page.after, page.first).await?;
        Ok((slice, parked::count(db).await?))
    }

    /// Has some or all tried again at once; how many.
    pub async fn retry(&self, ids: Option<Vec<String>>) -> Result<u64, RetryError> {
        if let Some(ids) = &ids
            && ids.len() > MAX_PAGE as usize
        {
            return Err(RetryError::TooMany(ids.len()));
        }
        let ids: Option<Vec<Uuid>> = ids
            .map(|ids| ids.iter().map(|id| Ok(EventId::parse(id)?.0)).collect())
            .transpose()
            .map_err(RetryError::Id)?;
        let txn = self.ports.db.begin().await.doing("trying parked events")?;
        let retried = parked::retry(&txn, ids.as_deref()).await?;
        txn.commit().await.doing("trying parked events")?;
        self.ports.bus.poke(outbox::TOPIC);
        Ok(retried)
    }
}
