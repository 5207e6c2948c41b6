//! The worker that does syncs.

use super::{LEASE, SyncState, TOPIC, entity::run, listing::Listing, progress, store};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::Worker;
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, time::Duration};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How many runs one process lists at once: a slow platform must not hold up another household.
const HANDS: usize = 4;
/// Progress of matching and enriching is reckoned at most this often: one look serves the events
/// of a whole moment.
const MOMENT: Duration = Duration::from_millis(250);

/// The worker.
pub fn worker(listing: Listing) -> Worker {
    Worker::new("library.sync", move |stop| run(listing, stop))
}

async fn run(listing: Listing, stop: CancellationToken) {
    let ports = listing.ports.clone();
    let mut watch = ports.bus.watch(TOPIC);
    let mut hands = JoinSet::new();
    while !stop.is_cancelled() {
        let moved = log(look(&listing).await, "looking after syncs").unwrap_or(0);
        while hands.len() < HANDS {
            let Some(claimed) = log(claim(&listing).await, "claiming a sync").flatten() else {
                break;
            };
            let listing = listing.clone();
            hands.spawn(async move { hand(&listing, claimed).await });
        }
        if !hands.is_empty() {
            log(renew(&listing).await, "renewing leases");
        }
        log(tell(&listing).await, "counting syncs");
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(MOMENT), if moved > 0 => {}
            () = watch.poked(), if moved == 0 => {}
            Some(_) = hands.join_next(), if !hands.is_empty() => {}
        }
    }
    // Half a step is rolled back; the next worker takes the runs over at once.
    hands.shutdown().await;
    log(release(&listing).await, "releasing syncs");
}

/// Lists one run, and sees to it that a run that breaks, or even panics, is not tried for ever.
async fn hand(listing: &Listing, claimed: run::Model) {
    let id = claimed.id;
    match AssertUnwindSafe(listing.go_on(claimed))
        .catch_unwind()
        .await
    {
        Ok(Ok(())) => return,
        Ok(Err(fault)) => tracing::error!(run = %id, error = %fault, "a sync broke off"),
        Err(_) => tracing::error!(run = %id, "a sync panicked"),
    }
    // Should this fail too, its lease runs out, and it goes on from where it stood.
    log(listing.broke(id).await, "noting that a sync broke off");
}

fn log<T>(outcome: Result<T, Fault>, doing: &str) -> Option<T> {
    outcome
        .inspect_err(|fault| tracing::error!(error = %fault, "{doing} failed"))
        .ok()
}

/// Tells how long the queue is, for those who watch the hub.
async fn tell(listing: &Listing) -> Result<(), Fault> {
    let open = store::open(listing.ports.db.read()).await?;
    for (state, label) in [
        (SyncState::Queued, "queued"),
        (SyncState::Running, "running"),
        (SyncState::Waiting, "waiting"),
    ] {
        let runs = open.iter().find(|(known, _)| *known == state);
        let runs = runs.map_or(0, |(_, runs)| *runs);
        metrics::gauge!("djinn_library_syncs", "state" => label).set(runs as f64);
    }
    Ok(())
}

/// Moves on what events have touched, and finishes unlinking that was cut off.
async fn look(listing: &Listing) -> Result<usize, Fault> {
    listing.accounts.finish_unlinking().await?;
    listing.schedules.start_due(&listing.syncs).await?;
    let dirty = store::dirty(listing.ports.db.read()).await?;
    for id in &dirty {
        progress::evaluate(&listing.ports, *id).await?;
    }
    Ok(dirty.len())
}

async fn claim(listing: &Listing) -> Result<Option<run::Model>, Fault> {
    let now = listing.ports.clock.now();
    let Some(id) = store::one_due(listing.ports.db.read(), now).await? else {
        return Ok(None);
    };
    let txn = listing.ports.db.begin().await.doing("claiming a sync")?;
    let Some(mut run) = store::lock_due(&txn, id, now).await? else {
        return Ok(None);
    };
    if run.state != SyncState::Running {
        run.attempt += 1;
    }
    run.state = SyncState::Running;
    run.lease_owner = Some(listing.owner);
    run.lease_until = Some(now + LEASE);
    run.next_attempt_at = None;
    run.rate_limited_until = None;
    run.rev += 1;
    store::save(&txn, run.clone()).await?;
    txn.commit().await.doing("claiming a sync")?;
    listing.ports.bus.poke(&super::topic(run.library_id));
    Ok(Some(run))
}

async fn renew(listing: &Listing) -> Result<(), Fault> {
    let txn = listing.ports.db.begin().await.doing("renewing leases")?;
    store::renew(&txn, listing.owner, listing.ports.clock.now() + LEASE).await?;
    txn.commit().await.doing("renewing leases")
}

async fn release(listing: &Listing) -> Result<(), Fault> {
    let txn = listing.ports.db.begin().await.doing("releasing syncs")?;
    store::release(&txn, listing.owner).await?;
    txn.commit().await.doing("releasing syncs")
}
