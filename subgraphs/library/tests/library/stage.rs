//! A hub with a linked Steam account: the test plays Steam and metadata.

use super::household::Hub;
use chrono::TimeDelta;
use djinn_kernel::{
    Clock, Viewer,
    event::{CopiesFound, CopiesMatched, GameChanged, GameKind},
    ids::GameId,
};
use djinn_library::{Config, Library, SyncConfig, achievement, copy, sync};
use djinn_subgraph_kit::{
    Ports,
    http::{Answer, Ask, NoAnswer},
};
use djinn_testkit::{
    http::{html, json},
    ports::frozen,
    viewers::player,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub const KEY: &str = "0123456789ABCDEF0123456789ABCDEF";
pub const ACCOUNT: &str = "76561197960287930";
pub const LINK: &str = "mutation($input: LinkLibraryInput!) { linkLibrary(input: $input) {
    library { id label account connected gamesCount platform { id name } lastSync { state stage } lastError { code } }
    problems { code field message } } }";
const RUN: &str =
    "id state stage done total currentTitle message rateLimitedUntil error { code message reason values }
    attempt added updated removed finishedAt rev";

type Reply = Box<dyn Fn() -> Result<Answer, NoAnswer> + Send>;

/// What Steam sells to whom, and how it feels today.
#[derive(Default)]
pub struct Shop {
    games: Mutex<Vec<Value>>,
    /// Instead of the list of games.
    mood: Mutex<Option<Reply>>,
    /// The achievements of an account by app: Steam's list, as it describes it.
    achievements: Mutex<HashMap<u32, Value>>,
    /// Instead of the achievements of an account.
    secrecy: Mutex<Option<Reply>>,
    /// What was played in the last two weeks.
    lately: Mutex<Vec<Value>>,
}

impl Shop {
    pub fn sells(&self, games: Vec<Value>) {
        *self.games.lock().unwrap_or_else(PoisonError::into_inner) = games;
    }

    /// The account has played these lately.
    pub fn saw_played(&self, games: Vec<Value>) {
        *self.lately.lock().unwrap_or_else(PoisonError::into_inner) = games;
    }

    /// From now on it answers the list of games like this.
    pub fn is(&self, reply: impl Fn() -> Result<Answer, NoAnswer> + Send + 'static) {
        *self.mood.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(reply));
    }

    pub fn is_itself(&self) {
        *self.mood.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The account has these achievements in an app.
    pub fn awards(&self, app: u32, achievements: Value) {
        let mut known = self
            .achievements
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known.insert(app, achievements);
    }

    /// From now on it answers what an account unlocked like this.
    pub fn hides(&self, reply: impl Fn() -> Result<Answer, NoAnswer> + Send + 'static) {
        *self.secrecy.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(reply));
    }

    pub fn hides_nothing(&self) {
        *self.secrecy.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn achievements(&self, ask: &Ask) -> Result<Answer, NoAnswer> {
        let number = |name: &str| {
            let at = ask.url.split_once(name)?.1;
            at.split('&').next()?.parse::<u32>().ok()
        };
        let app = number("appid=").or_else(|| number("gameid=")).unwrap();
        if ask.url.contains("GetPlayerAchievements")
            && let Some(mood) = &*self.secrecy.lock().unwrap_or_else(PoisonError::into_inner)
        {
            return mood();
        }
        let known = self
            .achievements
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(list) = known.get(&app).and_then(Value::as_array) else {
            let none = json!({ "playerstats": { "error": "Requested app has no stats", "success": false } });
            return json(400, none.to_string());
        };
        let of = |keys: &[&str]| -> Vec<Value> {
            let pick = |one: &Value| {
                keys.iter()
                    .filter(|key| !one[**key].is_null())
                    .map(|key| ((*key).to_owned(), one[*key].clone()))
                    .collect::<serde_json::Map<_, _>>()
                    .into()
            };
            list.iter().map(pick).collect()
        };
        let said = if ask.url.contains("GetPlayerAchievements") {
            json!({ "playerstats": { "success": true, "achievements": of(&["apiname", "achieved", "unlocktime"]) } })
        } else if ask.url.contains("GetSchemaForGame") {
            let keys = ["name", "displayName", "description", "hidden", "icon"];
            json!({ "game": { "availableGameStats": { "achievements": of(&keys) } } })
        } else {
            json!({ "achievementpercentages": { "achievements": of(&["name", "percent"]) } })
        };
        json(200, said.to_string())
    }

    fn answer(&self, ask: &Ask) -> Result<Answer, NoAnswer> {
        if !ask.url.contains(KEY) {
            return html(403, "<html><h1>Forbidden</h1></html>");
        }
        if ask.url.contains("ResolveVanityURL") {
            return if ask.url.contains("vanityurl=gabe&") {
                json(
                    200,
                    json!({ "response": { "success": 1, "steamid": ACCOUNT } }).to_string(),
                )
            } else {
                json(
                    200,
                    json!({ "response": { "success": 42, "message": "No match" } }).to_string(),
                )
            };
        }
        if ask.url.contains("GetPlayerSummaries") {
            let players = if ask.url.contains("76561190000000000") {
                json!([])
            } else {
                json!([{ "steamid": ACCOUNT, "personaname": "Gabe\u{7}" }])
            };
            return json(
                200,
                json!({ "response": { "players": players } }).to_string(),
            );
        }
        if ask.url.contains("/ISteamUserStats/") {
            return self.achievements(ask);
        }
        if ask.url.contains("GetRecentlyPlayedGames") {
            let games = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
            let said = json!({ "response": { "total_count": games.len(), "games": *games } });
            return json(200, said.to_string());
        }
        assert!(ask.url.contains("GetOwnedGames"), "{}", ask.url);
        if let Some(mood) = &*self.mood.lock().unwrap_or_else(PoisonError::into_inner) {
            return mood();
        }
        let games = self.games.lock().unwrap_or_else(PoisonError::into_inner);
        json(
            200,
            json!({ "response": { "game_count": games.len(), "games": *games } }).to_string(),
        )
    }
}

/// Nobody looks at what was played lately.
pub fn whole_lists_only() -> SyncConfig {
    SyncConfig {
        recent_every_hours: 0,
        ..SyncConfig::default()
    }
}

/// A game as Steam lists it.
pub fn owned(id: u32, title: &str, minutes: u32) -> Value {
    json!({ "appid": id, "name": title, "playtime_forever": minutes, "rtime_last_played": if minutes > 0 { 1_700_000_000 } else { 0 } })
}

/// `n` games.
pub fn many(n: u32) -> Vec<Value> {
    (1..=n)
        .map(|id| owned(id * 10, &format!("Game {id:05}"), id % 7))
        .collect()
}

/// The hub, Steam, and a worker that the test can stop.
pub struct Stage {
    pub hub: Hub,
    pub shop: Arc<Shop>,
    pub config: Config,
    pub me: Viewer,
    worker: Option<(CancellationToken, JoinHandle<()>)>,
}

impl Stage {
    /// Nobody works yet, and nobody looks at what was played lately: whole lists only.
    pub async fn set() -> Self {
        Self::set_with(Config {
            sync: whole_lists_only(),
            ..Config::default()
        })
        .await
    }

    /// The same with other settings.
    pub async fn set_with(config: Config) -> Self {
        let test = frozen().await;
        let shop = Arc::new(Shop::default());
        let steam = Arc::clone(&shop);
        test.http.answer(move |ask| steam.answer(ask));
        let parts = Library::assemble(test.ports.clone(), config.clone());
        Self {
            hub: Hub { test, parts },
            config,
            shop,
            me: player(1),
            worker: None,
        }
    }

    /// The same with other platforms than Steam: a stand-in serves them.
    pub async fn of(config: Config, stand_in: axum::Router) -> Self {
        let stage = Self::set_with(config).await;
        stage.hub.test.http.ask(stand_in);
        stage
    }

    /// A worker, and a linked account with these games, all of it done.
    pub async fn synced(games: Vec<Value>) -> (Self, String) {
        let mut stage = Self::set().await;
        stage.shop.sells(games);
        stage.work();
        let library = stage.link().await;
        stage.settle(&library).await;
        (stage, library)
    }

    /// Starts a worker that reaches the world through these ports.
    pub fn work_with(&mut self, ports: Ports) {
        let stop = CancellationToken::new();
        let worker = Self::worker_with(ports, self.config.clone(), stop.clone());
        self.worker = Some((stop, worker));
    }

    /// Ends the worker at once, from wherever this is called.
    pub fn fuse(&self) -> tokio::task::AbortHandle {
        self.worker.as_ref().unwrap().1.abort_handle()
    }

    /// Whether the worker is there still.
    pub fn is_working(&self) -> bool {
        self.worker
            .as_ref()
            .is_some_and(|(_, worker)| !worker.is_finished())
    }

    /// Starts a worker, as a process of its own would.
    pub fn work(&mut self) {
        let stop = CancellationToken::new();
        self.worker = Some((stop.clone(), self.worker_until(stop)));
    }

    /// A second one beside it.
    pub fn another_worker(&self) -> JoinHandle<()> {
        self.worker_until(CancellationToken::new())
    }

    fn worker_until(&self, stop: CancellationToken) -> JoinHandle<()> {
        Self::worker_with(self.hub.test.ports.clone(), self.config.clone(), stop)
    }

    /// The library's workers in one task, which is the process they would be.
    fn worker_with(ports: Ports, config: Config, stop: CancellationToken) -> JoinHandle<()> {
        let workers = Library::assemble(ports, config).workers;
        let workers = workers
            .into_iter()
            .map(move |worker| worker.start(stop.clone()));
        let process = futures_util::future::join_all(workers);
        tokio::spawn(async move { drop(process.await) })
    }

    /// Pulls the plug: the worker gets no chance to tidy up.
    pub async fn kill(&mut self) {
        if let Some((_, worker)) = self.worker.take() {
            worker.abort();
            drop(worker.await);
        }
    }

    /// Asks the worker to stop and waits until it has.
    pub async fn stop(&mut self) {
        if let Some((stop, worker)) = self.worker.take() {
            stop.cancel();
            worker.await.unwrap();
        }
    }

    pub fn wake(&self) {
        self.hub.test.ports.bus.poke(sync::TOPIC);
        self.hub.test.ports.bus.poke(achievement::TOPIC);
    }

    pub fn later(&self, by: TimeDelta) {
        self.hub.test.clock.advance(by);
        self.wake();
    }

    pub async fn link(&self) -> String {
        let linked = self
            .try_link("steam", &[("apiKey", KEY), ("account", ACCOUNT)])
            .await;
        assert_eq!(linked["problems"], json!([]), "{linked:#}");
        linked["library"]["id"].as_str().unwrap().to_owned()
    }

    pub async fn try_link(&self, platform: &str, fields: &[(&str, &str)]) -> Value {
        let fields: Vec<Value> = fields
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        let input = json!({ "input": { "platform": platform, "label": "Mine", "fields": fields } });
        self.hub.data(&self.me, LINK, input).await["linkLibrary"].take()
    }

    pub async fn sync(&self, library: &str, force: bool) -> Value {
        let query = format!(
            "mutation($id: ID!, $force: Boolean!) {{ syncLibrary(libraryId: $id, force: $force) {{ run {{ {RUN} }} problems {{ code field }} }} }}"
        );
        self.hub
            .data(&self.me, &query, json!({ "id": library, "force": force }))
            .await["syncLibrary"]
            .take()
    }

    pub async fn retry(&self, library: &str) -> Value {
        let query = format!(
            "mutation($id: ID!) {{ retrySync(libraryId: $id) {{ run {{ {RUN} }} problems {{ code field }} }} }}"
        );
        self.hub
            .data(&self.me, &query, json!({ "id": library }))
            .await["retrySync"]
            .take()
    }

    /// The library's newest run.
    pub async fn run(&self, library: &str) -> Value {
        let query = format!("query($id: ID!) {{ library(id: $id) {{ lastSync {{ {RUN} }} }} }}");
        self.hub
            .data(&self.me, &query, json!({ "id": library }))
            .await["library"]["lastSync"]
            .take()
    }

    /// Waits until the newest run is as wanted. This and its like give up after a minute or more:
    /// what only takes long on a busy machine is no failure.
    pub async fn until(&self, library: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut run = Value::Null;
        for _ in 0..30_000 {
            run = self.run(library).await;
            if wanted(&run) {
                return run;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("it never came so far: {run:#}");
    }

    pub async fn until_state(&self, library: &str, state: &str) -> Value {
        self.until(library, |run| run["state"] == state).await
    }

    /// Plays metadata: every copy found becomes a game, and every game is enriched.
    pub async fn metadata(&self) {
        let ear = self.hub.parts.consumer.as_ref().unwrap();
        for found in self.hub.test.take_payloads::<CopiesFound>().await {
            assert!(found.copies.len() <= 100);
            for copy in &found.copies {
                let changed = facts(&copy.title, true);
                self.hub.test.send(&**ear, &changed).await;
            }
            let matches = found
                .copies
                .iter()
                .map(|copy| (copy.copy, game_of(&copy.title)))
                .collect();
            self.hub
                .test
                .send(
                    &**ear,
                    &CopiesMatched {
                        library: found.library,
                        revision: 1,
                        matches,
                    },
                )
                .await;
        }
    }

    /// Plays metadata until the library can be used.
    pub async fn settled(&self, library: &str) {
        for _ in 0..6_000 {
            self.metadata().await;
            let run = self.run(library).await;
            if !matches!(run["stage"].as_str(), Some("LISTING" | "MATCHING")) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it was never of use: {:#}", self.run(library).await);
    }

    /// Plays metadata until the newest run is over.
    pub async fn settle(&self, library: &str) -> Value {
        for _ in 0..6_000 {
            self.metadata().await;
            let run = self.run(library).await;
            if matches!(run["state"].as_str(), Some("SUCCEEDED" | "FAILED")) {
                return run;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it never settled: {:#}", self.run(library).await);
    }

    /// Starts a sync and plays it to its end.
    pub async fn sync_again(&self, library: &str) -> Value {
        let started = self.sync(library, false).await;
        assert_eq!(started["problems"], json!([]));
        self.settle(library).await
    }

    /// Waits until no achievements are left to be fetched for now, nor being fetched.
    pub async fn achieved(&self) {
        use djinn_library::achievement::entity::set::{Column, Entity};
        for _ in 0..6_000 {
            let due = Entity::find()
                .filter(Column::NextAt.lte(self.hub.test.clock.now()))
                .count(self.hub.test.ports.db.read())
                .await;
            if due.unwrap() == 0 {
                return;
            }
            self.wake();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("achievements were never fetched");
    }

    /// What is in the library: titles and minutes, in order.
    pub async fn shelf(&self) -> Vec<(String, i64)> {
        let query = "query($after: String) { games(first: 100, after: $after) {
            nodes { copies { title playtimeMinutes } } pageInfo { hasNextPage endCursor } } }";
        let (mut shelf, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = self
                .hub
                .data(&self.me, query, json!({ "after": after }))
                .await["games"]
                .take();
            for game in page["nodes"].as_array().unwrap() {
                for copy in game["copies"].as_array().unwrap() {
                    shelf.push((
                        copy["title"].as_str().unwrap().to_owned(),
                        copy["playtimeMinutes"].as_i64().unwrap(),
                    ));
                }
            }
            if page["pageInfo"]["hasNextPage"] == false {
                shelf.sort();
                return shelf;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }

    pub async fn count(&self, library: &str) -> i64 {
        let query = "query($id: ID!) { library(id: $id) { gamesCount } }";
        self.hub
            .data(&self.me, query, json!({ "id": library }))
            .await["library"]["gamesCount"]
            .as_i64()
            .unwrap()
    }
}

/// The game that metadata makes of a title.
pub fn game_of(title: &str) -> GameId {
    let digest = copy::digest(title);
    GameId(Uuid::from_u128(u128::from_str_radix(&digest, 16).unwrap()))
}

/// What metadata knows about it.
pub fn facts(title: &str, enriched: bool) -> GameChanged {
    GameChanged {
        game: game_of(title),
        revision: 1 + i64::from(enriched),
        title: title.to_owned(),
        kind: GameKind::Game,
        released_on: None,
        genres: Vec::new(),
        tags: Vec::new(),
        developers: Vec::new(),
        esrb: None,
        boards: None,
        critic_score: None,
        main_story_minutes: None,
        enriched,
    }
}

/// The household of somebody who is signed in.
pub fn household_of(viewer: &Viewer) -> Uuid {
    viewer.identity().unwrap().household.0
}
