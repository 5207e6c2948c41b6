//! A household with games, for the tests of games and search: copies are rows as a sync writes
//! them, everything else comes in through the consumer and goes out through the graph.

use chrono::{NaiveDate, TimeDelta};
use djinn_kernel::{
    Clock, Esrb, Viewer,
    event::{CopiesMatched, GameChanged, GameKind},
    ids::{CopyId, GameId, LibraryId},
};
use djinn_library::{
    Config, Library,
    copy::{Holding, entity as copy},
};
use djinn_subgraph_kit::Parts;
use djinn_testkit::{
    ports::{TestPorts, frozen},
    viewers::{call, player_id},
};
use sea_orm::EntityTrait;
use serde_json::Value;
use uuid::Uuid;

/// A game and its copies in one household.
#[derive(Debug, Clone)]
pub struct Seed {
    /// Its id is made of it.
    pub n: u128,
    pub title: String,
    /// One copy on each.
    pub platforms: Vec<&'static str>,
    /// Minutes on the first of them.
    pub minutes: i32,
    /// Days since it was played.
    pub days_ago: Option<i64>,
    pub import_status: Option<&'static str>,
    pub kind: GameKind,
    pub genres: Vec<&'static str>,
    pub tags: Vec<&'static str>,
    pub esrb: Option<Esrb>,
    /// Where it stands for other boards; above all their levels when absent.
    pub boards: Option<i32>,
    pub released: Option<&'static str>,
    pub score: Option<i16>,
}

/// A game on Steam that nobody has played, rated Everyone.
pub fn game(n: u128, title: &str) -> Seed {
    Seed {
        n,
        title: title.to_owned(),
        platforms: vec!["steam"],
        minutes: 0,
        days_ago: None,
        import_status: None,
        kind: GameKind::Game,
        genres: vec!["Action"],
        tags: Vec::new(),
        esrb: Some(Esrb::Everyone),
        boards: None,
        released: Some("2010-05-01"),
        score: None,
    }
}

/// The id of game `n`.
pub fn game_id(n: u128) -> Uuid {
    Uuid::from_u128((0x7_u128 << 76) | (0b10_u128 << 62) | (0xCAFE << 40) | n)
}

fn copy_id(household: u128, n: u128, platform: usize) -> Uuid {
    Uuid::from_u128(
        (0x7_u128 << 76) | (0b10_u128 << 62) | (household << 50) | (n << 8) | platform as u128,
    )
}

/// The library of a household on a platform.
pub fn library_id(household: u128, platform: &str) -> Uuid {
    let letters = platform
        .bytes()
        .fold(0_u128, |sum, b| sum * 31 + u128::from(b));
    Uuid::from_u128(
        (0x7_u128 << 76) | (0b10_u128 << 62) | (household << 50) | (letters & 0xFFFF_FFFF),
    )
}

/// A hub with the library alone in it.
pub struct Hub {
    pub test: TestPorts,
    pub parts: Parts,
}

impl Hub {
    /// An empty one.
    pub async fn new() -> Self {
        let test = frozen().await;
        let parts = Library::assemble(test.ports.clone(), Config::default());
        Self { test, parts }
    }

    /// One whose household 1 holds these games.
    pub async fn with(games: &[Seed]) -> Self {
        let hub = Self::new().await;
        hub.hold(1, games).await;
        hub
    }

    /// Gives a household copies, and tells the library what they are.
    pub async fn hold(&self, household: u128, games: &[Seed]) {
        for seed in games {
            self.learn(seed, 1).await;
        }
        self.shelve(household, games).await;
    }

    /// Metadata tells what it knows about a game.
    pub async fn learn(&self, seed: &Seed, revision: i64) {
        let ear = self.parts.consumer.as_ref().unwrap();
        self.test.send(&**ear, &Self::facts(seed, revision)).await;
    }

    /// What metadata knows about a game.
    pub fn facts(seed: &Seed, revision: i64) -> GameChanged {
        let released_on: Option<NaiveDate> = seed.released.map(|date| date.parse().unwrap());
        GameChanged {
            game: GameId(game_id(seed.n)),
            revision,
            title: seed.title.clone(),
            kind: seed.kind,
            released_on,
            genres: seed.genres.iter().map(ToString::to_string).collect(),
            tags: seed.tags.iter().map(ToString::to_string).collect(),
            developers: vec!["Somebody".to_owned()],
            esrb: seed.esrb,
            boards: seed.boards,
            critic_score: seed.score,
            main_story_minutes: None,
            enriched: revision > 1,
        }
    }

    /// Copies appear, and metadata matches them.
    pub async fn shelve(&self, household: u128, games: &[Seed]) {
        let ear = self.parts.consumer.as_ref().unwrap();
        let mut matches: std::collections::BTreeMap<Uuid, Vec<(CopyId, GameId)>> =
            std::collections::BTreeMap::new();
        let mut all = Vec::new();
        for seed in games {
            for row in self.copies(household, seed) {
                matches
                    .entry(row.library_id)
                    .or_default()
                    .push((CopyId(row.id), GameId(game_id(seed.n))));
                all.push(row);
            }
        }
        self.insert(&all).await;
        for (library, matches) in matches {
            for matches in matches.chunks(100) {
                let matched = CopiesMatched {
                    library: LibraryId(library),
                    revision: 1,
                    matches: matches.to_vec(),
                };
                self.test.send(&**ear, &matched).await;
            }
        }
    }

    /// Copies of a game appear, and nobody has matched them.
    pub async fn find_copies(&self, household: u128, seed: &Seed) -> Vec<copy::Model> {
        let rows = self.copies(household, seed);
        self.insert(&rows).await;
        rows
    }

    fn copies(&self, household: u128, seed: &Seed) -> Vec<copy::Model> {
        let now = self.test.clock.now();
        let of = |(at, platform): (usize, &&str)| {
            let id = copy_id(household, seed.n, at);
            copy::Model {
                id,
                library_id: library_id(household, platform),
                household_id: player_id(household).0,
                platform: (*platform).to_owned(),
                store_id: None,
                identity: id.to_string(),
                title: seed.title.clone(),
                holding: Holding::Owned,
                playtime_minutes: if at == 0 { seed.minutes } else { 0 },
                last_played_at: seed
                    .days_ago
                    .filter(|_| at == 0)
                    .map(|days| now - TimeDelta::days(days)),
                added_at: now - TimeDelta::days((seed.n % 1000) as i64),
                year: None,
                hints: serde_json::json!({}),
                import_status: seed.import_status.map(str::to_owned),
                game_id: None,
                match_revision: 0,
                seen_run: None,
                seen_at: None,
                missing_since: None,
                removed_at: None,
            }
        };
        seed.platforms.iter().enumerate().map(of).collect()
    }

    async fn insert(&self, rows: &[copy::Model]) {
        let txn = self.test.ports.db.begin().await.unwrap();
        djinn_library::copy::store::insert(&txn, rows.to_vec())
            .await
            .unwrap();
        txn.commit().await.unwrap();
    }

    /// Changes copies of game `n` as a sync does, and sums them up.
    pub async fn change_copies(&self, household: u128, n: u128, change: impl Fn(&mut copy::Model)) {
        use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter};
        let household = player_id(household).0;
        let txn = self.test.ports.db.begin().await.unwrap();
        let rows = copy::Entity::find()
            .filter(copy::Column::HouseholdId.eq(household))
            .filter(copy::Column::GameId.eq(game_id(n)))
            .all(&txn)
            .await
            .unwrap();
        for mut row in rows {
            change(&mut row);
            row.into_active_model()
                .reset_all()
                .update(&txn)
                .await
                .unwrap();
        }
        djinn_library::game::holdings::refresh(&txn, &self.test.ports, household, &[game_id(n)])
            .await
            .unwrap();
        txn.commit().await.unwrap();
    }

    /// Metadata finds that the household's first copy of game `n` is game `other`.
    pub async fn rematch(&self, household: u128, n: u128, other: u128) {
        let matched = CopiesMatched {
            library: LibraryId(library_id(household, "steam")),
            revision: 2,
            matches: vec![(CopyId(copy_id(household, n, 0)), GameId(game_id(other)))],
        };
        let ear = self.parts.consumer.as_ref().unwrap();
        self.test.send(&**ear, &matched).await;
    }

    /// The whole answer to an operation.
    pub async fn answer(&self, viewer: &Viewer, query: &str, variables: Value) -> Value {
        let response = self
            .parts
            .subgraph
            .execute(call(viewer, query, variables))
            .await
            .unwrap();
        serde_json::to_value(response).unwrap()
    }

    /// The data of an operation that must not fail.
    pub async fn data(&self, viewer: &Viewer, query: &str, variables: Value) -> Value {
        let mut answer = self.answer(viewer, query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"].take()
    }

    /// The code and field of the first error of an operation that must fail.
    pub async fn refusal(
        &self,
        viewer: &Viewer,
        query: &str,
        variables: Value,
    ) -> (String, Option<String>) {
        let answer = self.answer(viewer, query, variables).await;
        let extensions = &answer["errors"][0]["extensions"];
        let text = |name: &str| extensions[name].as_str().map(str::to_owned);
        (
            text("code").unwrap_or_else(|| panic!("no code: {answer:#}")),
            text("field"),
        )
    }

    /// Which of household 1's games of `seeds` a search shows, by their numbers, in order.
    pub async fn search(&self, viewer: &Viewer, query: &str) -> Vec<u128> {
        let document = "query($q: String!) { searchGames(query: $q) { nodes { id } } }";
        let data = self
            .data(viewer, document, serde_json::json!({ "q": query }))
            .await;
        numbers(&data["searchGames"]["nodes"])
    }
}

/// The numbers of the games in a list of nodes.
pub fn numbers(nodes: &Value) -> Vec<u128> {
    nodes
        .as_array()
        .unwrap()
        .iter()
        .map(|node| {
            node["id"]
                .as_str()
                .unwrap()
                .parse::<Uuid>()
                .unwrap()
                .as_u128()
                & 0xFF_FFFF
        })
        .collect()
}
