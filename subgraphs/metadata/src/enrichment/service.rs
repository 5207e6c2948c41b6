//! One step at a time: take some jobs, ask, write down what came of it.

use super::{
    entity::job,
    store::{self, Wanted},
    turn::Turn,
};
use crate::{
    artwork,
    matching::{self, service::Matching},
    provider::{Provider, Question, Trouble},
};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::Ports;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// So many answers are written down in one transaction: others want to write too.
const AT_ONCE: usize = 50;

/// Asks one provider about the games in its queue.
#[derive(Clone)]
pub struct Enrichment {
    pub(super) ports: Ports,
    pub(super) provider: Arc<dyn Provider>,
    pub(super) matching: Matching,
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A provider was asked; there may be more to do.
    Worked,
    /// Nothing can be done before then, or before somebody pokes.
    Wait(Option<DateTime<Utc>>),
}

impl Enrichment {
    /// Over these ports.
    pub fn new(ports: Ports, provider: Arc<dyn Provider>, matching: Matching) -> Self {
        Self {
            ports,
            provider,
            matching,
        }
    }

    /// Asks about the next games, if some are due and the provider may be asked.
    pub async fn step(&self, stop: &CancellationToken) -> Result<Step, Fault> {
        let jobs = match self.turn().await? {
            Turn::Jobs(jobs) => jobs,
            Turn::Wait(until) => return Ok(Step::Wait(until)),
        };
        let (jobs, questions): (Vec<job::Model>, Vec<Question>) = jobs.into_iter().unzip();
        let answer = tokio::select! {
            answer = self.provider.fetch(&questions) => answer,
            () = stop.cancelled() => {
                // Give them back, so that the next process need not wait for the lease.
                let games: Vec<Uuid> = jobs.iter().map(|job| job.game_id).collect();
                let txn = self.ports.db.begin().await.doing("giving jobs back")?;
                store::lease(&txn, self.provider.name(), &games, None).await.doing("giving jobs back")?;
                txn.commit().await.doing("giving jobs back")?;
                return Ok(Step::Wait(None));
            }
        };
        match answer {
            Ok(found) if found.len() == jobs.len() => {
                let answers: Vec<_> = jobs.into_iter().zip(found).collect();
                for answers in answers.chunks(AT_ONCE) {
                    self.answered(answers).await?;
                }
            }
            Ok(_) => {
                let trouble = Trouble::Malformed("not an answer for each question".to_owned());
                self.in_trouble(&jobs, trouble).await?;
            }
            Err(trouble) => self.in_trouble(&jobs, trouble).await?,
        }
        Ok(Step::Worked)
    }

    /// Puts the games in the queue that this provider was never asked about. Returns how many there
    /// were.
    pub async fn adopt(&self) -> Result<usize, Fault> {
        let doing = "queueing games left out before";
        let name = self.provider.name();
        if self.provider.platform().is_some() {
            // Most looks find nothing: they must not write.
            let read = self.ports.db.read();
            let left = store::unasked(read, 1).await.doing(doing)?.len()
                + store::unpictured(read, 1).await.doing(doing)?.len();
            if left == 0 {
                return Ok(0);
            }
            let txn = self.ports.db.begin().await.doing(doing)?;
            let wanted = store::unasked(&txn, 500).await.doing(doing)?;
            store::enqueue(&txn, &wanted, self.ports.clock.now())
                .await
                .doing(doing)?;
            let bare = store::unpictured(&txn, 500).await.doing(doing)?;
            let products = bare.iter().map(|wanted| (wanted.game, &*wanted.store_id));
            artwork::store::guess(&txn, products).await.doing(doing)?;
            txn.commit().await.doing(doing)?;
            return Ok(wanted.len() + bare.len());
        }
        let read = self.ports.db.read();
        let games = store::strangers(read, name, self.provider.stores(), 200)
            .await
            .doing(doing)?;
        if games.is_empty() {
            return Ok(0);
        }
        let products = matching::store::products(read, &games).await.doing(doing)?;
        let wanted: Vec<Wanted> = games
            .iter()
            .filter_map(|game| {
                let products = products.get(game).map_or(&[][..], Vec::as_slice);
                let store_id = self.provider.first_id(products)?;
                Some(Wanted {
                    game: *game,
                    store_id,
                })
            })
            .collect();
        let txn = self.ports.db.begin().await.doing(doing)?;
        store::enqueue_for(&txn, name, &wanted, self.ports.clock.now())
            .await
            .doing(doing)?;
        txn.commit().await.doing(doing)?;
        Ok(wanted.len())
    }
}
