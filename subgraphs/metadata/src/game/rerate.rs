//! Games of a version that knew ceilings of the ESRB alone: where they stand for the other boards is
//! worked out once, beside the requests. Until then they are closed to ceilings of those boards.

use super::store;
use crate::{enrichment::retire::write_if_changed, matching};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::{Ports, Worker, outbox};
use std::{slice, time::Duration};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// So many at a time: whoever else writes games waits meanwhile.
const AT_A_TIME: u64 = 100;
/// What is wrong with the database may be gone by then.
const AFTER_A_FAULT: Duration = Duration::from_secs(5);

const DOING: &str = "working out ratings for all boards";

/// Works out what is left, and ends. A game that cannot be read is left to the next start, and
/// keeps none of the others waiting.
pub fn rerating(ports: Ports) -> Worker {
    Worker::new(
        "metadata.ratings",
        move |stop: CancellationToken| async move {
            let mut last = None;
            while !stop.is_cancelled() {
                match store::unrated_by_boards(ports.db.read(), last, AT_A_TIME).await {
                    Ok(games) if games.is_empty() => return,
                    Ok(games) => {
                        rerate_page(&ports, &games, &stop).await;
                        last = games.last().copied();
                    }
                    Err(error) => {
                        tracing::error!(%error, "looking for games without ratings for all boards");
                        stop.run_until_cancelled(tokio::time::sleep(AFTER_A_FAULT))
                            .await;
                    }
                }
            }
        },
    )
}

/// All of them at once or, where that does not succeed, each by itself.
async fn rerate_page(ports: &Ports, games: &[Uuid], stop: &CancellationToken) {
    if rerate(ports, games).await.is_ok() {
        return;
    }
    for game in games {
        if stop.is_cancelled() {
            return;
        }
        if let Err(fault) = rerate(ports, slice::from_ref(game)).await {
            tracing::error!(%fault, %game, "no rating for all boards until the next start");
        }
    }
}

async fn rerate(ports: &Ports, games: &[Uuid]) -> Result<(), Fault> {
    let now = ports.clock.now();
    let txn = ports.db.begin().await.doing(DOING)?;
    matching::store::lock(&txn, now)
        .await
        .doing("locking games")?;
    let dossiers = store::dossiers(&txn, games).await.doing(DOING)?;
    for before in dossiers.into_values() {
        // Whoever wrote it meanwhile has worked it out.
        if before.game.boards.is_some() {
            continue;
        }
        let mut dossier = before.clone();
        dossier.settle();
        write_if_changed(ports, &txn, &before, dossier, now).await?;
    }
    txn.commit().await.doing(DOING)?;
    ports.bus.poke(outbox::TOPIC);
    Ok(())
}
