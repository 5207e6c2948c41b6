//! Listens to metadata and library.

use super::{part, store};
use crate::{CONSUMES, NAME};
use async_trait::async_trait;
use djinn_kernel::{
    Doing, Event, Fault,
    event::{GameChanged, GameJoined, GamesForgotten, HoldingChanged, LibraryForgotten, Payload},
    ids::PlayerId,
};
use djinn_subgraph_kit::{Consumer, Ports, inbox};
use sea_orm::DatabaseTransaction;
use std::collections::BTreeSet;

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
        self.handle_all(std::slice::from_ref(event)).await
    }

    async fn handle_all(&self, events: &[Event]) -> Result<(), Fault> {
        let txn = self.ports.db.begin().await.doing("handling events")?;
        let fresh = inbox::first_times(&txn, NAME, events, &*self.ports.clock).await?;
        if fresh.is_empty() {
            return Ok(());
        }
        apply(&txn, &fresh).await?;
        txn.commit().await.doing("handling events")
    }
}

/// Applies them, each unless something newer of the same thing came before. They tell of different
/// things by kind, so their order among kinds does not matter.
async fn apply(txn: &DatabaseTransaction, events: &[&Event]) -> Result<(), Fault> {
    let (mut games, mut holdings) = (Vec::new(), Vec::new());
    let mut gone = Vec::new();
    let mut touched: BTreeSet<PlayerId> = BTreeSet::new();
    for event in events {
        match event.kind.as_str() {
            GameChanged::KIND => games.extend(read::<GameChanged>(event)),
            GamesForgotten::KIND => {
                gone.extend(read::<GamesForgotten>(event).map(|gone| gone.games));
            }
            HoldingChanged::KIND => holdings.extend(read::<HoldingChanged>(event)),
            GameJoined::KIND => {
                if let Some(joined) = read::<GameJoined>(event) {
                    part::put(txn, &joined).await?;
                    touched.insert(joined.household);
                }
            }
            // Each game's holding was told on its own; what is kept in memory goes as well.
            LibraryForgotten::KIND => {
                touched.extend(read::<LibraryForgotten>(event).map(|gone| gone.household));
            }
            _ => {}
        }
    }
    let games = store::put_games(txn, &games).await?;
    store::forget_games(txn, &gone.concat()).await?;
    touched.extend(store::put_holdings(txn, &holdings).await?);
    touched.extend(store::holders(txn, &games).await?);
    touched.extend(part::holders(txn, &games).await?);
    // Always in the same order: two transactions must not wait for each other.
    for household in touched {
        store::touch(txn, household).await?;
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
