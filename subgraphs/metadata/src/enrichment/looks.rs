//! What people look at is asked about sooner.
//!
//! A look costs the looker nothing: it goes into a small queue, and when that is full it is
//! forgotten. The games looked at are moved forward in the queues of their providers, within the
//! same budgets as everything else.

use super::{STALE, TOPIC, store};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::{Ports, Worker};
use tokio::sync::mpsc;
use uuid::Uuid;

/// So many looks wait at most; a person does not open more pages at once.
const WAITING: usize = 256;

/// Where looks are told.
#[derive(Debug, Clone)]
pub struct Looks(mpsc::Sender<Uuid>);

impl Looks {
    /// Somebody looks at a game.
    pub fn at(&self, game: Uuid) {
        // Full, or nobody listens: then it is refreshed when its time comes.
        let _ = self.0.try_send(game);
    }
}

/// The queue, and the worker that reads it.
pub fn follow(ports: Ports) -> (Looks, Worker) {
    let (looks, mut told) = mpsc::channel(WAITING);
    let worker = Worker::new("metadata.looks", move |stop| async move {
        let mut games = Vec::new();
        loop {
            tokio::select! {
                count = told.recv_many(&mut games, WAITING) => if count == 0 { return },
                () = stop.cancelled() => return,
            }
            games.sort_unstable();
            games.dedup();
            if let Err(fault) = bring_forward(&ports, &games).await {
                tracing::error!(%fault, "bringing forward what is looked at");
            }
            games.clear();
        }
    });
    (Looks(looks), worker)
}

/// Moves games forward that are not known yet, or not lately.
pub async fn bring_forward(ports: &Ports, games: &[Uuid]) -> Result<(), Fault> {
    let now = ports.clock.now();
    // Most looks are at games that are well known: they write nothing.
    let sooner = store::would_be_sooner(ports.db.read(), games, now - STALE, now)
        .await
        .doing("looking into the queue")?;
    if !sooner {
        return Ok(());
    }
    let txn = ports.db.begin().await.doing("bringing games forward")?;
    let moved = store::looked_at(&txn, games, now - STALE, now)
        .await
        .doing("bringing games forward")?;
    txn.commit().await.doing("bringing games forward")?;
    if moved {
        ports.bus.poke(TOPIC);
    }
    Ok(())
}
