//! Keeps the tokens of a login where its other secrets are: sealed, one row, changed as a whole.
//!
//! Two things must never happen: two exchanges of one refresh token at a time, and new tokens that
//! are answered and lost. So a renewal holds a lease in the database, runs in a task of its own
//! that no time-out and no unlinking cuts off, and saves before it tells anybody. Should saving
//! fail again and again, the tokens stay in memory and are saved the next time. A process that is
//! killed between answer and commit leaves the old token, which is then tried once more; platforms
//! take it for a while, or else the person has to link the account again and is told so.

use super::{
    entity::{account, lease},
    place, store,
};
use crate::platform::{
    NoListing,
    token::{Exchange, FIELD, TokenKeeper, Tokens},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::Ports;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use uuid::Uuid;

/// How long a renewal may take before another may begin.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How often, and how many times, one waits for another's renewal.
const LOOK: (Duration, u32) = (Duration::from_millis(100), 250);
/// How many times saving is tried at once.
const TRIES: u32 = 4;

/// Tokens, and what is sealed in their place.
type Sealed = (Vec<u8>, Tokens);

/// Tokens that could not be saved yet, by account, each with the sealed ones it is to replace.
#[derive(Clone, Default)]
pub struct Unsaved(Arc<Mutex<HashMap<Uuid, Sealed>>>);

impl Unsaved {
    fn with<T>(&self, look: impl FnOnce(&mut HashMap<Uuid, Sealed>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The tokens of one account.
#[derive(Clone)]
pub struct Kept {
    ports: Ports,
    library: Uuid,
    household: Uuid,
    platform: String,
    unsaved: Unsaved,
}

impl Kept {
    /// Those of that account.
    pub fn of(ports: &Ports, account: &account::Model, unsaved: &Unsaved) -> Self {
        Self {
            ports: ports.clone(),
            library: account.id,
            household: account.household_id,
            platform: account.platform.clone(),
            unsaved: unsaved.clone(),
        }
    }

    fn place(&self) -> String {
        place(self.household, &self.platform, FIELD, self.library)
    }

    /// The tokens as they are kept: sealed, and open.
    async fn load(&self) -> Result<Option<Sealed>, Fault> {
        let mut secrets = store::secrets(self.ports.db.read(), self.library).await?;
        let Some(sealed) = secrets.remove(FIELD) else {
            return Ok(None);
        };
        let unsaved = self.unsaved.with(|all| {
            let mine = all.get(&self.library).cloned();
            mine.filter(|(before, _)| *before == sealed)
        });
        if let Some((_, tokens)) = unsaved {
            return Ok(Some((sealed, tokens)));
        }
        let opened = self.ports.vault.open(&sealed, &self.place())?;
        let tokens = serde_json::from_slice(&opened).doing("reading the tokens of a login")?;
        Ok(Some((sealed, tokens)))
    }

    /// Keeps `fresh` in the place of what was sealed as `before`; `false` when that is not there
    /// any more, because the account was unlinked or linked anew.
    async fn swap(&self, before: &[u8], fresh: &Tokens) -> Result<bool, Fault> {
        let (_, text) = fresh.secret()?;
        let sealed = self.ports.vault.seal(text.as_bytes(), &self.place())?;
        let txn = self
            .ports
            .db
            .begin()
            .await
            .doing("keeping renewed tokens")?;
        let swapped = store::swap_secret(&txn, self.library, FIELD, before, sealed).await?;
        txn.commit().await.doing("keeping renewed tokens")?;
        Ok(swapped)
    }

    /// Saves what an exchange answered, or keeps it in memory until it can be saved.
    async fn save(&self, before: Vec<u8>, fresh: &Tokens) -> Result<bool, Fault> {
        // From here on a new token exists that no row knows.
        self.unsaved
            .with(|all| all.insert(self.library, (before.clone(), fresh.clone())));
        let mut wait = Duration::from_millis(50);
        for attempt in 1.. {
            match self.swap(&before, fresh).await {
                Ok(swapped) => {
                    self.unsaved.with(|all| all.remove(&self.library));
                    return Ok(swapped);
                }
                Err(fault) if attempt == TRIES => {
                    tracing::error!(library = %self.library, error = %fault,
                        "renewed tokens are in memory only; they are saved when they are next used");
                    return Ok(true);
                }
                Err(fault) => {
                    tracing::warn!(library = %self.library, error = %fault, "saving renewed tokens again");
                    tokio::time::sleep(wait).await;
                    wait *= 4;
                }
            }
        }
        Ok(true)
    }

    async fn leased(&self) -> Result<Option<Uuid>, Fault> {
        let now = self.ports.clock.now();
        let row = lease::Model {
            library_id: self.library,
            owner: self.ports.ids.new_id(),
            until: now + LEASE,
        };
        let owner = row.owner;
        let txn = self
            .ports
            .db
            .begin()
            .await
            .doing("taking the lease on a login")?;
        let taken = store::lease(&txn, row, now).await?;
        txn.commit().await.doing("taking the lease on a login")?;
        Ok(taken.then_some(owner))
    }

    async fn give_back(&self, owner: Uuid) -> Result<(), Fault> {
        let txn = self
            .ports
            .db
            .begin()
            .await
            .doing("giving the lease on a login back")?;
        store::give_back(&txn, self.library, owner).await?;
        txn.commit().await.doing("giving the lease on a login back")
    }

    /// What is kept, if it is not `stale` any more.
    async fn renewed(&self, stale: &Tokens) -> Result<Result<Tokens, Sealed>, NoListing> {
        match self.load().await? {
            Some((_, tokens)) if tokens != *stale => Ok(Ok(tokens)),
            Some(kept) => Ok(Err(kept)),
            None => Err(self.gone()),
        }
    }

    fn gone(&self) -> NoListing {
        let _ = self;
        NoListing::Internal(Fault::new("renewing a login that was unlinked meanwhile"))
    }

    /// Seals the tokens anew where a retired master key sealed them. `false` while somebody is at
    /// them: what a renewal replaces must not change under its hands.
    pub async fn seal_anew(&self) -> Result<bool, Fault> {
        let waiting = self.unsaved.with(|all| all.contains_key(&self.library));
        if waiting {
            return Ok(false);
        }
        let Some(owner) = self.leased().await? else {
            return Ok(false);
        };
        let sealed = super::reseal::one(&self.ports, self.library, FIELD, &self.place()).await;
        self.give_back(owner).await?;
        sealed
    }

    async fn exchange(&self, stale: Tokens, exchange: Exchange) -> Result<Tokens, NoListing> {
        for _ in 0..LOOK.1 {
            if let Ok(tokens) = self.renewed(&stale).await? {
                return Ok(tokens);
            }
            let Some(owner) = self.leased().await? else {
                tokio::time::sleep(LOOK.0).await;
                continue;
            };
            let outcome = self.exchange_leased(&stale, exchange).await;
            if let Err(fault) = self.give_back(owner).await {
                // It runs out by itself.
                tracing::warn!(library = %self.library, error = %fault, "a lease on a login stays");
            }
            return outcome;
        }
        Err(NoListing::Internal(Fault::new(
            "waiting for another's renewal of a login",
        )))
    }

    async fn exchange_leased(
        &self,
        stale: &Tokens,
        exchange: Exchange,
    ) -> Result<Tokens, NoListing> {
        let (before, tokens) = match self.renewed(stale).await? {
            Ok(tokens) => return Ok(tokens),
            Err(kept) => kept,
        };
        let fresh = exchange(tokens).await?;
        if self.save(before, &fresh).await? {
            return Ok(fresh);
        }
        // Linked anew meanwhile: those tokens are a person's newer word.
        self.load()
            .await?
            .map(|(_, tokens)| tokens)
            .ok_or_else(|| self.gone())
    }
}

#[async_trait]
impl TokenKeeper for Kept {
    async fn tokens(&self) -> Result<Option<Tokens>, Fault> {
        let Some((sealed, tokens)) = self.load().await? else {
            return Ok(None);
        };
        let waiting = self.unsaved.with(|all| all.contains_key(&self.library));
        if waiting {
            self.save(sealed, &tokens).await?;
        }
        Ok(Some(tokens))
    }

    async fn renew(&self, stale: &Tokens, exchange: Exchange) -> Result<Tokens, NoListing> {
        let (kept, stale) = (self.clone(), stale.clone());
        tokio::spawn(async move { kept.exchange(stale, exchange).await })
            .await
            .doing("renewing a login")?
    }
}
