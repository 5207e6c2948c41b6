//! A provider that is switched off.

use super::store;
use crate::{
    NAME,
    game::{self, Dossier},
    matching,
};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::{Ports, outbox};
use sea_orm::DatabaseTransaction;
use std::collections::BTreeSet;

/// The provider is not asked any more: whoever waits for it need not. Returns how many there were.
pub async fn retire(ports: &Ports) -> Result<usize, Fault> {
    let now = ports.clock.now();
    let txn = ports.db.begin().await.doing("clearing the queue")?;
    let games = store::unfinished(&txn, 100)
        .await
        .doing("clearing the queue")?;
    if games.is_empty() {
        return Ok(0);
    }
    matching::store::lock(&txn, now)
        .await
        .doing("locking games")?;
    for (_, before) in game::store::dossiers(&txn, &games)
        .await
        .doing("loading games")?
    {
        let mut dossier = before.clone();
        dossier.game.enriched = true;
        write_if_changed(ports, &txn, &before, dossier, now).await?;
    }
    store::dequeue(&txn, &games)
        .await
        .doing("clearing the queue")?;
    txn.commit().await.doing("clearing the queue")?;
    ports.bus.poke(outbox::TOPIC);
    Ok(games.len())
}

/// Writes a game, and says so if there is anything to say.
pub async fn write_if_changed(
    ports: &Ports,
    txn: &DatabaseTransaction,
    before: &Dossier,
    mut dossier: Dossier,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    // A fact that was only confirmed is written, but nobody needs to hear of it.
    let changed = before.game != dossier.game || before.ratings != dossier.ratings;
    if changed {
        dossier.game.revision += 1;
        dossier.game.updated_at = now;
        outbox::append(txn, NAME, &*ports.clock, &*ports.ids, &dossier.changed()).await?;
    }
    game::store::save(txn, &[dossier], &BTreeSet::new())
        .await
        .doing("writing a game")
}
