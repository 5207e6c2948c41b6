//! The ai subgraph, through its graph and its consumer.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "ai/holdout.rs"]
mod holdout;
#[path = "ai/projection.rs"]
mod projection;
#[path = "ai/recommend.rs"]
mod recommend;
#[path = "ai/similar.rs"]
mod similar;
#[path = "ai/wishes.rs"]
mod wishes;

use djinn_ai::{Ai, Config};
use djinn_kernel::{
    Esrb, Viewer,
    event::{GameChanged, GameKind, HoldingChanged},
    ids::{GameId, PlayerId},
};
use djinn_subgraph_kit::Parts;
use djinn_testkit::{
    ports::{TestPorts, frozen},
    viewers::{call, player_id},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// The subgraph, and the ports it stands on.
struct Hub {
    ports: TestPorts,
    parts: Parts,
}

fn game_id(n: u128) -> GameId {
    GameId(Uuid::from_u128(
        0x0189_0000_0000_7000_8000_0000_0000_0000 + n,
    ))
}

/// A game of metadata, with what a test does not care about left out.
fn game(n: u128, title: &str, genres: &[&str], tags: &[&str], developer: &str) -> GameChanged {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    GameChanged {
        game: game_id(n),
        revision: 1,
        title: title.to_owned(),
        kind: GameKind::Game,
        released_on: None,
        genres: names(genres),
        tags: names(tags),
        developers: names(&[developer]),
        esrb: Some(Esrb::Everyone),
        boards: None,
        critic_score: None,
        main_story_minutes: None,
        enriched: true,
    }
}

/// A holding of library.
fn holding(household: PlayerId, n: u128, minutes: i32, status: Option<&str>) -> HoldingChanged {
    HoldingChanged {
        household,
        game: game_id(n),
        revision: 1,
        held: true,
        playtime_minutes: minutes,
        last_played_at: None,
        status: status.map(str::to_owned),
        hidden: false,
        favourite: false,
        my_rating: None,
    }
}

impl Hub {
    async fn start() -> Self {
        let ports = frozen().await;
        let parts = Ai::assemble(ports.ports.clone(), Config::default());
        Self { ports, parts }
    }

    async fn game(&self, game: &GameChanged) {
        self.ports
            .send(&**self.parts.consumer.as_ref().unwrap(), game)
            .await;
    }

    async fn holding(&self, holding: &HoldingChanged) {
        self.ports
            .send(&**self.parts.consumer.as_ref().unwrap(), holding)
            .await;
    }

    /// Player 1 holds it, played so long, in this status.
    async fn held(&self, game: &GameChanged, minutes: i32, status: Option<&str>) {
        self.game(game).await;
        let n = game.game.0.as_u128() & 0xFFFF;
        self.holding(&holding(player_id(1), n, minutes, status))
            .await;
    }

    async fn answer(&self, viewer: &Viewer, query: &str, variables: Value) -> Value {
        let response = self
            .parts
            .subgraph
            .execute(call(viewer, query, variables))
            .await
            .unwrap();
        serde_json::to_value(response).unwrap()
    }

    async fn ask(&self, viewer: &Viewer, query: &str, variables: Value) -> Value {
        let mut answer = self.answer(viewer, query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].take()
    }

    async fn recommend(&self, viewer: &Viewer, variables: Value) -> Vec<Picked> {
        let query = "query($criteria: String, $limit: Int, $genre: String) {
            recommendGames(criteria: $criteria, limit: $limit, genre: $genre) {
                game { id } score reasons { kind text } } }";
        Picked::all(&self.ask(viewer, query, variables).await["recommendGames"])
    }

    async fn similar(&self, viewer: &Viewer, n: u128) -> Vec<Picked> {
        let query = "query($r: [_Any!]!) { _entities(representations: $r) {
            ... on Game { similar(first: 5) { game { id } score reasons { kind text } } } } }";
        let game = json!({ "__typename": "Game", "id": game_id(n).to_string() });
        let data = self.ask(viewer, query, json!({ "r": [game] })).await;
        Picked::all(&data["_entities"][0]["similar"])
    }
}

/// A recommendation as it was answered.
#[derive(Debug, Clone, PartialEq)]
struct Picked {
    game: u128,
    score: f64,
    reasons: Vec<(String, String)>,
}

impl Picked {
    fn all(list: &Value) -> Vec<Self> {
        let one = |pick: &Value| Self {
            game: pick["game"]["id"]
                .as_str()
                .unwrap()
                .parse::<Uuid>()
                .unwrap()
                .as_u128()
                & 0xFFFF,
            score: pick["score"].as_f64().unwrap(),
            reasons: pick["reasons"]
                .as_array()
                .unwrap()
                .iter()
                .map(|reason| {
                    (
                        reason["kind"].as_str().unwrap().to_owned(),
                        reason["text"].as_str().unwrap().to_owned(),
                    )
                })
                .collect(),
        };
        list.as_array().unwrap().iter().map(one).collect()
    }

    fn reason(&self, kind: &str) -> &str {
        self.reasons
            .iter()
            .find(|reason| reason.0 == kind)
            .map_or("", |reason| &reason.1)
    }
}

fn games(picks: &[Picked]) -> Vec<u128> {
    picks.iter().map(|pick| pick.game).collect()
}
