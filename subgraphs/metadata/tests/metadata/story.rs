//! One hub's metadata, and what the rest of the hub hears of it.

use djinn_kernel::{
    Event, Viewer,
    event::{
        CopiesFound, CopiesMatched, EnrichmentPaused, FoundCopy, GameChanged, Hints,
        LibraryForgotten, Payload,
    },
    ids::{CopyId, GameId, LibraryId, PlayerId},
};
use djinn_metadata::{Config, Metadata};
use djinn_subgraph_kit::Parts;
use djinn_testkit::{ports::TestPorts, viewers::call};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
    time::Duration,
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// What other subgraphs have heard.
#[derive(Default)]
pub struct Heard {
    pub matches: BTreeMap<CopyId, GameId>,
    pub games: BTreeMap<GameId, GameChanged>,
    pub pauses: Vec<EnrichmentPaused>,
    pub events: usize,
}

pub struct Story {
    pub test: TestPorts,
    pub config: Config,
    pub parts: Parts,
    heard: Mutex<Heard>,
}

/// So many looks in a row at which nothing happened: then the workers have done what they could.
const QUIET: usize = 30;

pub const LIBRARY: LibraryId = LibraryId(Uuid::from_u128(0xA));

/// Libraries `0xA0` to `0xAF` are of player 1's household, as is [`LIBRARY`]; `0xB0` and up of
/// player 2's, and so on.
pub fn household_of(library: LibraryId) -> PlayerId {
    let shelf = library.0.as_u128();
    let n = if shelf < 0x10 { shelf } else { shelf >> 4 };
    djinn_testkit::viewers::player_id(n - 9)
}

/// A copy without a store's id.
pub fn copy(n: u128, platform: &str, title: &str) -> FoundCopy {
    FoundCopy {
        copy: CopyId(Uuid::from_u128(n)),
        platform: platform.to_owned(),
        store_id: None,
        title: title.to_owned(),
        year: None,
        hints: Hints::default(),
        entry: None,
        vouched: false,
    }
}

/// A copy of a store's product, as the platform itself lists it.
pub fn product(n: u128, platform: &str, store_id: &str, title: &str) -> FoundCopy {
    FoundCopy {
        store_id: Some(store_id.to_owned()),
        vouched: true,
        ..copy(n, platform, title)
    }
}

impl Story {
    pub async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub async fn with(config: Config) -> Self {
        let test = djinn_testkit::ports::frozen().await;
        let parts = Metadata::assemble(test.ports.clone(), config.clone());
        Self {
            test,
            config,
            parts,
            heard: Mutex::default(),
        }
    }

    /// Ends this process and starts another on the same database.
    pub fn restart(&mut self) {
        self.parts = Metadata::assemble(self.test.ports.clone(), self.config.clone());
    }

    /// A library finds copies.
    pub async fn find(&self, copies: Vec<FoundCopy>) -> Event {
        self.find_in(LIBRARY, copies).await
    }

    pub async fn find_in(&self, library: LibraryId, copies: Vec<FoundCopy>) -> Event {
        let household = Some(household_of(library));
        self.send(&CopiesFound {
            library,
            household,
            copies,
        })
        .await
    }

    /// A library goes: unlinked, so that it may come back, or forgotten.
    pub async fn leave(&self, library: LibraryId, kept: bool) -> Event {
        let household = household_of(library);
        self.send(&LibraryForgotten {
            household,
            library,
            kept,
        })
        .await
    }

    pub async fn send<P: Payload>(&self, payload: &P) -> Event {
        self.test
            .send(&**self.parts.consumer.as_ref().unwrap(), payload)
            .await
    }

    /// What has been heard so far.
    pub async fn heard(&self) -> MutexGuard<'_, Heard> {
        let events = self.test.take_events().await;
        let mut heard = self.heard.lock().unwrap();
        heard.events += events.len();
        for event in events {
            if let Some(matched) = event.read::<CopiesMatched>() {
                assert!(matched.matches.len() <= 100);
                heard.matches.extend(matched.matches);
            } else if let Some(changed) = event.read::<GameChanged>() {
                let before = heard
                    .games
                    .get(&changed.game)
                    .map_or(0, |game| game.revision);
                assert_eq!(changed.revision, before + 1, "revisions grow by one");
                heard.games.insert(changed.game, changed);
            } else if let Some(paused) = event.read::<EnrichmentPaused>() {
                heard.pauses.push(paused);
            }
        }
        heard
    }

    /// The game a copy is said to be.
    pub async fn game_of(&self, copy: u128) -> GameId {
        self.heard().await.matches[&CopyId(Uuid::from_u128(copy))]
    }

    /// What is said about the game a copy is.
    pub async fn said_of(&self, copy: u128) -> GameChanged {
        let game = self.game_of(copy).await;
        self.heard().await.games[&game].clone()
    }

    /// Asks the graph; the whole answer.
    pub async fn ask(
        &self,
        viewer: &Viewer,
        query: &str,
        variables: serde_json::Value,
    ) -> serde_json::Value {
        let response = self
            .parts
            .subgraph
            .execute(call(viewer, query, variables))
            .await
            .unwrap();
        serde_json::to_value(response).unwrap()
    }

    /// Lets the worker run until `done`, then stops it.
    pub async fn work_until(&mut self, done: impl AsyncFn(&Self) -> bool) {
        let stop = CancellationToken::new();
        let workers = self.start(&stop);
        for _ in 0..6_000 {
            if done(self).await {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let done = done(self).await;
        stop.cancel();
        workers.join_all().await;
        self.restart();
        assert!(done, "it never came to pass");
    }

    /// Lets the worker do all it can do at this time: until nobody has asked anything of the database
    /// for a while. However slow the machine, a worker in the middle of something is not quiet.
    pub async fn work(&mut self) {
        let stop = CancellationToken::new();
        let workers = self.start(&stop);
        let mut quiet = 0;
        for _ in 0..6_000 {
            if quiet == QUIET {
                break;
            }
            // On SQLite, whoever is writing ends it first, however long the disk takes for that.
            drop(self.test.ports.db.begin().await.unwrap());
            self.test.database.take_query_count();
            self.test.database.take_statement_count();
            tokio::time::sleep(Duration::from_millis(10)).await;
            let asked = self.test.database.take_query_count();
            let busy = asked + self.test.database.take_statement_count() > 0;
            quiet = if busy { 0 } else { quiet + 1 };
        }
        stop.cancel();
        workers.join_all().await;
        self.restart();
        assert_eq!(quiet, QUIET, "it never comes to rest");
    }

    /// Starts everything that runs beside the requests.
    fn start(&mut self, stop: &CancellationToken) -> JoinSet<()> {
        let workers = self.parts.workers.drain(..);
        workers.map(|worker| worker.start(stop.clone())).collect()
    }
}
