//! A worker that is cut off after the n-th thing it did, for every n: the next one ends the same.
//!
//! What a worker does to the world is a statement to the database or a request to a platform. Both
//! are counted, and at the chosen one the worker's task is aborted: nothing of it runs any more, as
//! after a `kill -9`.

use super::stage::{Stage, household_of, many, owned};
use chrono::TimeDelta;
use djinn_library::{Config, SyncConfig, platform::Registry, play, status, sync::Syncs};
use djinn_subgraph_kit::{
    Db, Ports,
    http::{Answer, Ask, Http, NoAnswer},
};
use djinn_testkit::{database::server_url, http::ScriptedHttp};
use sea_orm::{DatabaseConnection, EntityTrait, PaginatorTrait, QueryOrder};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::task::AbortHandle;

/// Counts what a worker does, and cuts it off.
#[derive(Default)]
struct Fuse {
    done: AtomicUsize,
    /// 0 for never.
    after: usize,
    worker: OnceLock<AbortHandle>,
}

impl Fuse {
    fn burn(&self) {
        let done = self.done.fetch_add(1, Ordering::SeqCst) + 1;
        if self.after != 0
            && done >= self.after
            && let Some(worker) = self.worker.get()
        {
            worker.abort();
        }
    }
}

struct FusedHttp {
    http: Arc<ScriptedHttp>,
    fuse: Arc<Fuse>,
}

#[async_trait::async_trait]
impl Http for FusedHttp {
    async fn send(&self, ask: Ask) -> Result<Answer, NoAnswer> {
        let answer = self.http.send(ask).await;
        self.fuse.burn();
        // The answer is there, and is lost with whoever asked.
        tokio::task::yield_now().await;
        answer
    }
}

fn fused(stage: &Stage, fuse: &Arc<Fuse>) -> Ports {
    let watched = |mut connection: DatabaseConnection| {
        let fuse = Arc::clone(fuse);
        connection.set_metric_callback(move |_| fuse.burn());
        connection
    };
    let ports = &stage.hub.test.ports;
    Ports {
        db: Db::new(
            watched(ports.db.read().clone()),
            watched(ports.db.write().clone()),
        ),
        http: Arc::new(FusedHttp {
            http: Arc::clone(&stage.hub.test.http),
            fuse: Arc::clone(fuse),
        }),
        ..ports.clone()
    }
}

/// A library before it is synced.
#[derive(Debug, Clone, Copy)]
enum Scene {
    /// 250 new games on three pages, without achievements.
    List,
    /// The second sync of games that were played on, with achievements.
    Played,
    /// A look at what was played lately, on two pages.
    Looked,
}

impl Scene {
    async fn set(self) -> (Stage, String) {
        let sync = SyncConfig {
            achievements: matches!(self, Self::Played),
            recent_every_hours: if matches!(self, Self::Looked) { 3 } else { 0 },
            ..SyncConfig::default()
        };
        let config = Config {
            sync,
            ..Config::default()
        };
        let mut stage = Stage::set_with(config).await;
        match self {
            Self::List => {
                stage.shop.sells(many(250));
                let library = stage.link().await;
                (stage, library)
            }
            Self::Looked => {
                stage.shop.sells(many(120));
                stage.work();
                let library = stage.link().await;
                finish(&stage, &library).await;
                stage.stop().await;
                stage.later(TimeDelta::hours(1));
                let played = many(110).into_iter().map(|mut game| {
                    game["playtime_forever"] = json!(60);
                    game
                });
                stage.shop.saw_played(played.collect());
                let ports = &stage.hub.test.ports;
                let registry = Registry::new(ports, &stage.config);
                let household = household_of(&stage.me);
                Syncs::new(ports.clone(), registry)
                    .look(household, library.parse().unwrap())
                    .await
                    .unwrap();
                (stage, library)
            }
            Self::Played => {
                let games = |more: u32| {
                    (1..=4)
                        .map(|n| owned(n * 10, &format!("Game {n}"), n * more))
                        .collect()
                };
                stage.shop.sells(games(1));
                for n in 1..=3 {
                    stage.shop.awards(n * 10, json!([
                        { "apiname": "A", "achieved": 1, "unlocktime": 1_700_000_000, "name": "A", "displayName": "First", "percent": "50" },
                        { "apiname": "B", "achieved": 0, "name": "B", "displayName": "Second", "percent": 5 },
                    ]));
                }
                stage.work();
                let library = stage.link().await;
                finish(&stage, &library).await;
                stage.stop().await;
                stage.later(TimeDelta::hours(3));
                stage.shop.sells(games(2));
                stage.sync(&library, false).await;
                (stage, library)
            }
        }
    }
}

async fn finish(stage: &Stage, library: &str) -> Value {
    let run = stage.settle(library).await;
    stage.achieved().await;
    run
}

/// Everything a person can see of it, and nothing that says how it came about.
async fn end_state(stage: &Stage, run: &Value) -> Value {
    let db = stage.hub.test.ports.db.read();
    let query = "{ games(first: 100) { totalCount nodes { title playtimeMinutes lastPlayedAt status { id }
        achievements { unlocked total nodes { name unlocked unlockedAt rarityPercent } } copies { title storeId playtimeMinutes } } } }";
    let games = stage.hub.data(&stage.me, query, json!({})).await;
    let days = play::entity::Entity::find()
        .order_by_asc(play::entity::Column::Minutes)
        .all(db)
        .await
        .unwrap();
    let days: Vec<_> = days
        .iter()
        .map(|row| json!([row.day, row.minutes, row.game_id]))
        .collect();
    let changes = status::entity::Entity::find().count(db).await.unwrap();
    json!({
        "run": [run["state"], run["stage"], run["added"], run["updated"], run["removed"], run["error"]],
        "shelf": stage.shelf().await, "games": games, "days": days, "changes": changes,
    })
}

/// How often each request was made.
fn requests(stage: &Stage) -> HashMap<String, usize> {
    let mut times = HashMap::new();
    for url in stage.hub.test.http.asked() {
        *times.entry(url).or_default() += 1;
    }
    times
}

/// How many things an undisturbed worker does, where it ends, and how often it asked what.
async fn undisturbed(scene: Scene) -> (usize, Value, HashMap<String, usize>) {
    let (mut stage, library) = scene.set().await;
    let fuse = Arc::new(Fuse::default());
    stage.work_with(fused(&stage, &fuse));
    stage.wake();
    let run = finish(&stage, &library).await;
    let done = fuse.done.load(Ordering::SeqCst);
    let end = end_state(&stage, &run).await;
    (done, end, requests(&stage))
}

/// Says how far the worker got, which is not as far as that if there was nothing left to do before.
async fn cut_after(scene: Scene, n: usize, want: &Value, once: &HashMap<String, usize>) -> usize {
    let (mut stage, library) = scene.set().await;
    let fuse = Arc::new(Fuse {
        after: n,
        ..Fuse::default()
    });
    stage.work_with(fused(&stage, &fuse));
    fuse.worker.set(stage.fuse()).unwrap();
    stage.wake();
    for look in 1..12_000 {
        if !stage.is_working() || fuse.done.load(Ordering::SeqCst) >= n {
            break;
        }
        stage.metadata().await;
        if look % 16 == 0 && stage.run(&library).await["state"] == "SUCCEEDED" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let done = fuse.done.load(Ordering::SeqCst);
    stage.kill().await;
    stage.work();
    // The dead worker's leases run out.
    stage.later(TimeDelta::seconds(125));
    let run = finish(&stage, &library).await;
    assert_eq!(&end_state(&stage, &run).await, want, "cut after {n}");
    let twice: Vec<(String, usize)> = requests(&stage)
        .into_iter()
        .filter_map(|(url, times)| {
            let more = times.checked_sub(once.get(&url).copied().unwrap_or(0))?;
            (more > 0).then_some((url, more))
        })
        .collect();
    let lists = twice
        .iter()
        .filter(|(url, _)| url.contains("GetOwnedGames") || url.contains("GetRecentlyPlayedGames"))
        .count();
    assert!(
        lists <= 1 && twice.iter().all(|(_, more)| *more == 1),
        "cut after {n}: {twice:?}"
    );
    // What was under way: the three requests for one game's achievements.
    assert!(twice.len() - lists <= 3, "cut after {n}: {twice:?}");
    done
}

/// Cuts at about `points` points, as evenly as they go, `part` of `parts` of them.
///
/// All of them on SQLite. What is lost or kept is decided by the same statements in the same
/// transactions on a server, where every fourth point is looked at: a fresh database for each cut
/// costs more there than the cut.
async fn cut(scene: Scene, points: usize, part: usize, parts: usize) {
    let (mut all, want, once) = undisturbed(scene).await;
    assert!(all >= points, "only {all} points");
    let step = if server_url().is_some() { 4 } else { 1 };
    let (mut tried, mut cut_off) = (0, 0);
    for at in (part..points).step_by(parts * step) {
        tried += 1;
        // While it waits for others a worker looks around every so often: the longer they take, the
        // more it does. Where they were slower a moment ago, the points lie nearer from now on.
        for _ in 0..2 {
            let n = 1 + at * all / points;
            let done = cut_after(scene, n, &want, &once).await;
            if done >= n {
                cut_off += 1;
                break;
            }
            all = all.min(done);
        }
    }
    // How often it looks around differs a little all the same; what it has to do does not.
    assert!(all >= points, "only {all} points in the end");
    assert!(
        tried - cut_off <= 1 + tried / 10,
        "{cut_off} of {tried} were cut off"
    );
}

/// The same in parts, which run side by side: 240 points in all.
macro_rules! parts {
    ($scene:ident, $points:literal, $parts:literal: $($name:ident $part:literal),*) => {
        $(#[tokio::test]
        async fn $name() {
            cut(Scene::$scene, $points, $part, $parts).await;
        })*
    };
}

parts!(List, 80, 4:
    a_listing_that_is_cut_off_anywhere_ends_as_if_nothing_had_happened 0,
    a_listing_that_is_cut_off_a_little_later_ends_the_same 1,
    a_listing_that_is_cut_off_at_points_between_ends_the_same 2,
    a_listing_that_is_cut_off_just_before_ends_the_same 3
);
parts!(Looked, 40, 2:
    a_look_at_what_was_played_lately_ends_the_same_wherever_it_is_cut_off 0,
    a_look_that_is_cut_off_a_little_later_ends_the_same 1
);
parts!(Played, 120, 6:
    a_second_sync_and_its_achievements_end_the_same_wherever_they_are_cut_off 0,
    a_second_sync_that_is_cut_off_a_little_later_ends_the_same 1,
    a_second_sync_that_is_cut_off_later_ends_the_same 2,
    a_second_sync_that_is_cut_off_later_still_ends_the_same 3,
    a_second_sync_that_is_cut_off_shortly_before_ends_the_same 4,
    a_second_sync_that_is_cut_off_just_before_ends_the_same 5
);
