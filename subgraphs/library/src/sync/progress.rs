//! The later stages of a run, which move on as metadata's events arrive.

use super::{SyncStage, SyncState, TOPIC, entity::run, store, topic};
use crate::{achievement, copy, game::projection};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Doing, Fault,
    event::{EnrichmentPaused, GameChanged},
};
use djinn_subgraph_kit::Ports;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Looks how far a run's matching and enriching are, and moves it on.
pub async fn evaluate(ports: &Ports, id: Uuid) -> Result<(), Fault> {
    let txn = ports.db.begin().await.doing("looking how far a sync is")?;
    let Some(before) = store::lock(&txn, id).await? else {
        return Ok(());
    };
    if before.state != SyncState::Running {
        return Ok(());
    }
    let mut run = before.clone();
    run.dirty = false;
    if run.stage == SyncStage::Matching {
        let (total, matched) = copy::store::matched(&txn, run.library_id).await?;
        (run.done, run.total) = (matched as i32, Some(total as i32));
        if matched == total {
            run.stage = SyncStage::Enriching;
        }
    }
    if run.stage == SyncStage::Enriching {
        enriching(&txn, &mut run, ports.clock.now()).await?;
    }
    if run.stage == SyncStage::Achievements {
        achievements(&txn, &mut run, ports.clock.now()).await?;
    }
    if run == before {
        return Ok(());
    }
    let seen = run::Model {
        dirty: before.dirty,
        ..run.clone()
    } != before;
    run.rev += i32::from(seen);
    let library = run.library_id;
    store::save(&txn, run).await?;
    txn.commit().await.doing("moving a sync on")?;
    if seen {
        ports.bus.poke(&topic(library));
    }
    Ok(())
}

async fn enriching(
    txn: &impl ConnectionTrait,
    run: &mut run::Model,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let (games, enriched) = projection::enriched_count(txn, run.library_id).await?;
    (run.done, run.total) = (enriched as i32, Some(games as i32));
    if run.rate_limited_until.is_some_and(|until| until <= now) {
        run.rate_limited_until = None;
        run.message = None;
    }
    if games == enriched {
        run.stage = SyncStage::Achievements;
        run.rate_limited_until = None;
        run.message = None;
        run.current_title = None;
    }
    Ok(())
}

/// The run ends when there is nothing to ask for now: what the platform's budget puts off is
/// fetched without it.
async fn achievements(
    txn: &impl ConnectionTrait,
    run: &mut run::Model,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let (done, due) =
        achievement::store::progress(txn, run.library_id, run.started_at, now).await?;
    (run.done, run.total) = (done as i32, Some((done + due) as i32));
    if due == 0 {
        run.stage = SyncStage::Done;
        run.state = SyncState::Succeeded;
        run.finished_at = Some(now);
        run.lease_owner = None;
    }
    Ok(())
}

/// Notes, in the consumer's transaction, that a library's run may move on. Locks the run, so it
/// comes first. The worker evaluates it, once for many events.
pub async fn touched(txn: &DatabaseTransaction, library: Uuid) -> Result<(), Fault> {
    if let Some(mut run) = store::lock_latest(txn, library).await?
        && run.state == SyncState::Running
        && run.stage != SyncStage::Listing
        && !run.dirty
    {
        run.dirty = true;
        store::save(txn, run).await?;
    }
    Ok(())
}

/// Notes which games have just been enriched, and says whose progress that is.
pub async fn enriched(
    txn: &DatabaseTransaction,
    changed: &[GameChanged],
) -> Result<Vec<Uuid>, Fault> {
    let mut libraries = Vec::new();
    let enriched: BTreeMap<Uuid, &str> = changed
        .iter()
        .filter(|one| one.enriched)
        .map(|one| (one.game.0, one.title.as_str()))
        .collect();
    if enriched.is_empty() {
        return Ok(libraries);
    }
    let mut runs = store::enriching(txn).await?;
    if runs.is_empty() {
        return Ok(libraries);
    }
    let households: Vec<Uuid> = runs.iter().map(|run| run.household_id).collect();
    let games: Vec<Uuid> = enriched.keys().copied().collect();
    // The one that a library is told of stands for all of them.
    let holding: HashMap<Uuid, Uuid> = copy::store::libraries_with(txn, &households, &games)
        .await?
        .into_iter()
        .collect();
    runs.retain(|run| holding.contains_key(&run.library_id));
    for seen in runs {
        if let Some(mut run) = store::lock(txn, seen.id).await?
            && run.stage == SyncStage::Enriching
        {
            let game = holding.get(&run.library_id);
            let title = game.and_then(|game| enriched.get(game));
            run.current_title = title.map(|title| (*title).to_owned());
            run.dirty = true;
            run.rev += 1;
            libraries.push(run.library_id);
            store::save(txn, run).await?;
        }
    }
    Ok(libraries)
}

/// Tells all runs that are enriching that a provider asked to wait.
pub async fn paused(
    txn: &DatabaseTransaction,
    paused: &EnrichmentPaused,
) -> Result<Vec<Uuid>, Fault> {
    let mut libraries = Vec::new();
    for seen in store::enriching(txn).await? {
        if let Some(mut run) = store::lock(txn, seen.id).await?
            && run.stage == SyncStage::Enriching
        {
            run.rate_limited_until = Some(paused.until);
            run.message = Some(
                "The store asks us to wait; its pages are fetched later by themselves.".to_owned(),
            );
            run.rev += 1;
            libraries.push(run.library_id);
            store::save(txn, run).await?;
        }
    }
    Ok(libraries)
}

/// Wakes the worker and those who watch these libraries, after the commit.
pub fn poke(ports: &Ports, libraries: &[Uuid]) {
    if libraries.is_empty() {
        return;
    }
    ports.bus.poke(TOPIC);
    for library in libraries {
        ports.bus.poke(&topic(*library));
    }
}
