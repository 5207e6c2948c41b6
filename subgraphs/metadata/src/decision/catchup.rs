//! Households that merged games with a version that told nobody of parts: their copies are told anew
//! once, beside the requests, so that what was merged is as closed to children as what will be.

use super::store;
use crate::matching::{
    self,
    tell::{News, tell},
};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::{Ports, Worker, outbox};
use std::{collections::BTreeSet, time::Duration};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// What is wrong with the database may be gone by then.
const AFTER_A_FAULT: Duration = Duration::from_secs(5);

/// Tells them, and ends. Where nothing is new, nothing is told.
pub fn catching_up(ports: Ports) -> Worker {
    Worker::new(
        "metadata.parts",
        move |stop: CancellationToken| async move {
            while !stop.is_cancelled() {
                match all(&ports, &stop).await {
                    Ok(()) => return,
                    Err(fault) => {
                        tracing::error!(%fault, "telling what games are made of");
                        stop.run_until_cancelled(tokio::time::sleep(AFTER_A_FAULT))
                            .await;
                    }
                }
            }
        },
    )
}

async fn all(ports: &Ports, stop: &CancellationToken) -> Result<(), Fault> {
    for household in store::merging(ports.db.read()).await? {
        if stop.is_cancelled() {
            break;
        }
        one(ports, household).await?;
    }
    Ok(())
}

async fn one(ports: &Ports, household: Uuid) -> Result<(), Fault> {
    let doing = "telling what games are made of";
    let txn = ports.db.begin().await.doing(doing)?;
    matching::store::lock(&txn, ports.clock.now())
        .await
        .doing("locking games")?;
    let news = News {
        households: BTreeSet::from([household]),
        ..News::default()
    };
    tell(&txn, ports, news).await?;
    txn.commit().await.doing(doing)?;
    ports.bus.poke(outbox::TOPIC);
    Ok(())
}
