//! The first stage of a run: fetch the list, stage it, take it over page by page.
//!
//! Each step is a transaction that first makes sure the run is still this worker's. So a worker
//! that was too slow, a run that was superseded and a library that was unlinked all end the same
//! way: nothing more is written.

use super::{
    LEASE, MAX_ATTEMPTS, PAGE, SyncStage, SyncState, Syncs, Why, breaker, entity::run, lacking,
    recent, schedule::Schedules, store, topic, wait_after,
};
use crate::{
    account::{self, Accounts},
    achievement,
    copy::{self, upsert},
    platform::{self, Listed, NoListing, Registry, name_of},
    sync::progress,
};
use chrono::{DateTime, Utc};
use djinn_kernel::{Code, Doing, Fault};
use djinn_subgraph_kit::{Ports, outbox};
use sea_orm::DatabaseTransaction;
use std::time::Duration;
use uuid::Uuid;

/// Does one run's listing.
#[derive(Clone)]
pub struct Listing {
    /// The ports.
    pub ports: Ports,
    /// The platforms.
    pub registry: Registry,
    /// The accounts.
    pub accounts: Accounts,
    /// When libraries are due.
    pub schedules: Schedules,
    /// What starts them.
    pub syncs: Syncs,
    /// Whether achievements are fetched at all.
    pub achievements: bool,
    /// Which worker this is.
    pub owner: Uuid,
}

/// Whether there is more to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    More,
    Over,
}

impl Listing {
    /// Goes on with a claimed run until its listing is over, or somebody else has it.
    pub async fn go_on(&self, run: run::Model) -> Result<(), Fault> {
        let (id, library) = (run.id, run.library_id);
        let account = account::store::get(self.ports.db.read(), run.household_id, library).await?;
        // Unlinked meanwhile: its runs are being deleted.
        let Some(account) = account else {
            return Ok(());
        };
        let mut fetched = run.fetched;
        let mut cursor = run.fetch_cursor;
        while !fetched {
            let platform = account.platform.as_str();
            let listed = match self.registry.adapter(platform) {
                Some(adapter) => {
                    if let Some(until) = breaker::closed_until(&self.ports, platform).await? {
                        return self.stand_back(id, platform, until).await;
                    }
                    let access = self.accounts.access(&account).await?;
                    if run.recent {
                        let games = adapter.recent(&access).await;
                        games.map(|games| platform::Listing {
                            games: games.unwrap_or_default(),
                            next: None,
                        })
                    } else {
                        adapter.list(&access, cursor.as_deref()).await
                    }
                }
                None => {
                    return Err(Fault::new(
                        "finding the adapter of a library that is synced",
                    ));
                }
            };
            match &listed {
                Err(NoListing::ProviderDown { .. }) => {
                    breaker::silent(&self.ports, platform).await?;
                }
                // Not asked at all, or not to the end.
                Err(NoListing::BudgetSpent { .. } | NoListing::Internal(_)) => {}
                _ => breaker::answered(&self.ports, platform).await?,
            }
            match listed {
                Ok(listing) => {
                    if self
                        .stage(id, cursor.as_deref(), listing.games, listing.next.clone())
                        .await?
                        == Step::Over
                    {
                        return Ok(());
                    }
                    fetched = listing.next.is_none();
                    cursor = listing.next;
                }
                Err(NoListing::Internal(fault)) => return Err(fault),
                Err(none) => return self.give_up(id, &none).await,
            }
        }
        while self.take_over(id, &account.platform).await? == Step::More {}
        progress::evaluate(&self.ports, id).await
    }

    /// The run, if it is still this worker's; otherwise there is nothing more to do.
    async fn mine(&self, txn: &DatabaseTransaction, id: Uuid) -> Result<Option<run::Model>, Fault> {
        let run = store::lock(txn, id).await?;
        Ok(
            run.filter(|run| {
                run.state == SyncState::Running && run.lease_owner == Some(self.owner)
            }),
        )
    }

    fn lists_achievements(&self, platform: &str) -> bool {
        let adapter = self.registry.adapter(platform);
        self.achievements && adapter.is_some_and(|adapter| adapter.lists_achievements())
    }

    fn now(&self) -> DateTime<Utc> {
        self.ports.clock.now()
    }

    async fn commit(&self, txn: DatabaseTransaction, mut run: run::Model) -> Result<(), Fault> {
        let library = run.library_id;
        run.rev += 1;
        run.lease_until = Some(self.now() + LEASE);
        store::save(&txn, run).await?;
        txn.commit().await.doing("saving a step of a sync")?;
        self.ports.bus.poke(&topic(library));
        self.ports.bus.poke(outbox::TOPIC);
        self.ports.bus.poke(achievement::TOPIC);
        Ok(())
    }

    /// Keeps what was fetched, so that a crash costs no second request.
    async fn stage(
        &self,
        id: Uuid,
        from: Option<&str>,
        games: Vec<Listed>,
        next: Option<String>,
    ) -> Result<Step, Fault> {
        let pages: Vec<_> = games
            .chunks(PAGE)
            .map(serde_json::to_value)
            .collect::<Result<_, _>>()
            .doing("writing a fetched page")?;
        let txn = self.ports.db.begin().await.doing("staging a list")?;
        let Some(mut run) = self.mine(&txn, id).await? else {
            return Ok(Step::Over);
        };
        if run.fetched || run.fetch_cursor.as_deref() != from {
            // Its lease ran out while the platform took its time, and somebody else was faster.
            return Ok(Step::Over);
        }
        let staged = pages.len() as i32;
        store::stage(&txn, id, run.staged, pages).await?;
        run.staged += staged;
        run.total = Some(run.total.unwrap_or(0).saturating_add(games.len() as i32));
        run.fetched = next.is_none();
        run.fetch_cursor = next;
        run.error_code = None;
        run.error_message = None;
        run.error_said = None;
        run.message = None;
        run.rate_limited_until = None;
        account::store::note_outcome(&txn, run.library_id, true, None).await?;
        self.commit(txn, run).await?;
        Ok(Step::More)
    }

    /// Takes one staged page over, or ends the listing after the last.
    async fn take_over(&self, id: Uuid, platform: &str) -> Result<Step, Fault> {
        let txn = self.ports.db.begin().await.doing("taking a page over")?;
        let Some(mut run) = self.mine(&txn, id).await? else {
            return Ok(Step::Over);
        };
        if run.cursor >= run.staged {
            self.finish(&txn, &mut run, platform).await?;
            self.commit(txn, run).await?;
            return Ok(Step::Over);
        }
        let body = store::staged(&txn, id, run.cursor)
            .await?
            .doing("finding a staged page")?;
        let games: Vec<Listed> = serde_json::from_value(body).doing("reading a staged page")?;
        let count = games.len() as i32;
        if let Some(title) = games.iter().rev().find_map(|game| game.title.clone()) {
            run.current_title = Some(title);
        }
        let shelf = upsert::Shelf {
            library: run.library_id,
            household: run.household_id,
        };
        let incoming: Vec<_> = games
            .into_iter()
            .map(|game| incoming(platform, game))
            .collect();
        let identities: Vec<String> = incoming.iter().map(upsert::Incoming::identity).collect();
        let existing =
            copy::store::by_identity(&txn, run.library_id, identities.iter().map(String::as_str))
                .await?;
        let incoming = if run.recent {
            recent::of_known(incoming, &existing)
        } else {
            incoming
        };
        let mut plan = upsert::plan(
            &self.ports,
            shelf,
            id,
            upsert::Source::Platform,
            existing,
            incoming,
        );
        run.added += plan.count(upsert::Fate::Added);
        run.updated += plan.count(upsert::Fate::Updated);
        let playable = std::mem::take(&mut plan.playable);
        plan.write(&txn, &self.ports, shelf, id).await?;
        if self.lists_achievements(platform) {
            achievement::store::want(&txn, &playable, self.now()).await?;
        }
        run.cursor += 1;
        run.done = run.done.saturating_add(count);
        self.commit(txn, run).await?;
        Ok(Step::More)
    }

    /// After the last page: what a whole list lacked is noted, and when the next is due.
    async fn finish(
        &self,
        txn: &DatabaseTransaction,
        run: &mut run::Model,
        platform: &str,
    ) -> Result<(), Fault> {
        let (library, household) = (run.library_id, run.household_id);
        if run.recent {
            let strangers = recent::strangers(txn, run, platform).await?;
            self.schedules
                .looked(txn, library, household, platform, strangers)
                .await?;
        } else {
            lacking::note(txn, &self.ports, run, self.now()).await?;
            self.schedules
                .listed(txn, library, household, platform)
                .await?;
        }
        store::unstage(txn, run.id).await?;
        run.stage = SyncStage::Matching;
        run.done = 0;
        run.total = None;
        run.current_title = None;
        run.dirty = true;
        Ok(())
    }

    /// No list: what can heal waits, the rest fails. No copy is touched.
    async fn give_up(&self, id: Uuid, none: &NoListing) -> Result<(), Fault> {
        let again = match none {
            NoListing::BudgetSpent { until, .. } => Again::At(*until),
            NoListing::RateLimited { retry_after, .. } => Again::After {
                asked: *retry_after,
                limited: true,
            },
            NoListing::ProviderDown { retry_after, .. } => Again::After {
                asked: *retry_after,
                limited: false,
            },
            NoListing::Malformed { .. } | NoListing::Internal(_) => Again::After {
                asked: None,
                limited: false,
            },
            NoListing::ProfilePrivate(_)
            | NoListing::CredentialsRejected(_)
            | NoListing::NotConfigured(_)
            | NoListing::Restricted { .. } => Again::Never,
        };
        self.pause(id, &Why::from(none), again).await
    }

    /// The platform has not answered others just now; nobody asks it before `until`.
    async fn stand_back(
        &self,
        id: Uuid,
        platform: &str,
        until: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let name = name_of(platform);
        let message = format!(
            "{name} does not answer just now; it is asked again by itself. Nothing was changed."
        );
        let why = Why::plain(Code::ProviderDown, message);
        self.pause(id, &why, Again::At(until)).await
    }

    /// Something of ours broke, which the log tells. It is tried again, but not for ever.
    pub async fn broke(&self, id: Uuid) -> Result<(), Fault> {
        let message = "Something went wrong on our side.".to_owned();
        let again = Again::After {
            asked: None,
            limited: false,
        };
        self.pause(id, &Why::plain(Code::Internal, message), again)
            .await
    }

    async fn pause(&self, id: Uuid, why: &Why, again: Again) -> Result<(), Fault> {
        let txn = self
            .ports
            .db
            .begin()
            .await
            .doing("noting why a sync stopped")?;
        let Some(mut run) = self.mine(&txn, id).await? else {
            return Ok(());
        };
        let now = self.now();
        let (at, limited) = match again {
            Again::At(until) => {
                // Our own budget is no failed try.
                run.attempt -= 1;
                (Some(until), true)
            }
            Again::After { asked, limited } => {
                let mut chance = [0_u8; 2];
                self.ports.entropy.fill(&mut chance);
                (
                    Some(now + wait_after(run.attempt, asked, u16::from_le_bytes(chance))),
                    limited,
                )
            }
            Again::Never => (None, false),
        };
        run.error_code = Some(why.code.as_str().to_owned());
        run.error_message = Some(why.message.clone());
        run.error_said.clone_from(&why.said);
        run.message = Some(why.message.clone());
        run.lease_owner = None;
        if let Some(at) = at.filter(|_| run.attempt < MAX_ATTEMPTS) {
            run.state = SyncState::Waiting;
            run.next_attempt_at = Some(at);
            run.rate_limited_until = limited.then_some(at);
        } else {
            run.state = SyncState::Failed;
            run.finished_at = Some(now);
            run.rate_limited_until = None;
            let connected = why.code != Code::CredentialsRejected;
            account::store::note_outcome(&txn, run.library_id, connected, Some(why)).await?;
            self.schedules.failed(&txn, &run, why.code).await?;
        }
        self.commit(txn, run).await
    }
}

/// Whether and when a run that stopped is tried again.
#[derive(Debug, Clone, Copy)]
enum Again {
    /// Then, and it does not count as a try.
    At(DateTime<Utc>),
    /// After a wait that grows with the tries, at least as long as was asked for.
    After {
        asked: Option<Duration>,
        limited: bool,
    },
    /// Only when a person says so.
    Never,
}

fn incoming(platform: &str, game: Listed) -> upsert::Incoming {
    upsert::Incoming {
        platform: platform.to_owned(),
        store_id: Some(game.store_id),
        title: game.title,
        holding: Some(game.holding),
        playtime_minutes: Some(game.playtime_minutes),
        last_played_at: game.last_played_at,
        ..upsert::Incoming::default()
    }
}
