//! Listens to metadata and library.

use super::store;
use crate::{CONSUMES, NAME};
use async_trait::async_trait;
use djinn_kernel::{
    Doing, Event, Fault,
    event::{GameChanged, HoldingChanged, LibraryForgotten, Payload},
};
use djinn_subgraph_kit::{Consumer, Ports, inbox};
use sea_orm::DatabaseTransaction;

/// Keeps the projections up to date.
#[derive(Debug, Clone)]
pub struct TasteConsumer {
    ports: Ports,
}

impl TasteConsumer {
    /// Over these ports.
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }
}

#[async_trait]
impl Consumer for TasteConsumer {
    fn name(&self) -> &'static str {
        NAME
    }

    fn kinds(&self) -> &'static [&'static str] {
        CONSUMES
    }

    async fn handle(&self, event: &Event) -> Result<(), Fault> {
        let txn = self.ports.db.begin().await.doing("handling an event")?;
        if !inbox::first_time(&txn, NAME, event.id, &*self.ports.clock).await? {
            return Ok(());
        }
        apply(&txn, event).await?;
        txn.commit().await.doing("handling an event")
    }

    async fn handle_all(&self, events: &[Event]) -> Result<(), Fault> {
        let txn = self.ports.db.begin().await.doing("handling events")?;
        for event in events {
            if inbox::first_time(&txn, NAME, event.id, &*self.ports.clock).await? {
                apply(&txn, event).await?;
            }
        }
        txn.commit().await.doing("handling events")
    }
}

/// Applies it, unless something newer of the same thing came before.
async fn apply(txn: &DatabaseTransaction, event: &Event) -> Result<(), Fault> {
    match event.kind.as_str() {
        GameChanged::KIND => {
            let Some(changed) = read::<GameChanged>(event) else {
                return Ok(());
            };
            if store::put_game(txn, &changed).await? {
                store::touch_holders(txn, changed.game).await?;
            }
        }
        HoldingChanged::KIND => {
            let Some(changed) = read::<HoldingChanged>(event) else {
                return Ok(());
            };
            if store::put_holding(txn, &changed).await? {
                store::touch(txn, changed.household).await?;
            }
        }
        LibraryForgotten::KIND => {
            // Each game's holding was told on its own; what is kept in memory goes as well.
            let Some(forgotten) = read::<LibraryForgotten>(event) else {
                return Ok(());
            };
            store::touch(txn, forgotten.household).await?;
        }
        _ => {}
    }
    Ok(())
}

/// The payload, or a line in the log: delivering an event of an unknown shape again would not help.
fn read<P: Payload>(event: &Event) -> Option<P> {
    let payload = event.read();
    if payload.is_none() {
        tracing::warn!(event = %event.id, kind = event.kind, "an event of an unknown shape is passed over");
    }
    payload
}
