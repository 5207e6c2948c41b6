//! The leaderboard subgraph, through its graph.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "leaderboard/board.rs"]
mod board;
#[path = "leaderboard/family.rs"]
mod family;
#[path = "leaderboard/fold.rs"]
mod fold;
#[path = "leaderboard/rank.rs"]
mod rank;
#[path = "leaderboard/score.rs"]
mod score;

use djinn_kernel::Viewer;
use djinn_leaderboard::{Config, Leaderboard};
use djinn_subgraph_kit::Parts;
use djinn_testkit::{
    ports::{TestPorts, frozen},
    viewers::{call, player},
};
use serde_json::{Value, json};

/// The subgraph, and the ports it stands on.
struct Hub {
    ports: TestPorts,
    parts: Parts,
}

impl Hub {
    async fn start() -> Self {
        Self::with(Config::default()).await
    }

    async fn with(config: Config) -> Self {
        let ports = frozen().await;
        let parts = Leaderboard::assemble(ports.ports.clone(), config);
        Self { ports, parts }
    }

    /// The whole answer.
    async fn answer(&self, viewer: &Viewer, query: &str, variables: Value) -> Value {
        let response = self
            .parts
            .subgraph
            .execute(call(viewer, query, variables))
            .await
            .unwrap();
        serde_json::to_value(response).unwrap()
    }

    /// The data of an answer that must have no errors.
    async fn ask(&self, viewer: &Viewer, query: &str, variables: Value) -> Value {
        let mut answer = self.answer(viewer, query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].take()
    }

    /// The code of the first error.
    async fn refused(&self, viewer: &Viewer, query: &str, variables: Value) -> String {
        let answer = self.answer(viewer, query, variables).await;
        answer["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"))
            .to_owned()
    }

    /// Makes a board and returns its id.
    async fn board(&self, operator: &str, order: &str) -> String {
        let input = json!({ "name": "Sprint", "operator": operator, "order": order });
        let data = self.create(&player(1), input).await;
        data["board"]["id"].as_str().unwrap().to_owned()
    }

    async fn create(&self, viewer: &Viewer, input: Value) -> Value {
        let query = "mutation($input: CreateBoardInput!) { createBoard(input: $input) {
            board { id name game { id } order operator unit entries createdAt } problems { code field message } } }";
        self.ask(viewer, query, json!({ "input": input })).await["createBoard"].take()
    }

    async fn submit(&self, viewer: &Viewer, board: &str, score: f64, key: &str) -> Value {
        let query = "mutation($input: SubmitScoreInput!) { submitScore(input: $input) {
            rank { rank score achievedAt player { id } board { id } }
            previous improved duplicate problems { code field message } } }";
        let input = json!({ "boardId": board, "score": score, "key": key });
        self.ask(viewer, query, json!({ "input": input })).await["submitScore"].take()
    }

    /// Players' numbers with their ranks and scores, as `top` shows them.
    async fn top(&self, board: &str) -> Vec<(i64, String, f64)> {
        let query = "query($id: ID!) { board(id: $id) { top(first: 100) { nodes { rank score player { id } } } } }";
        let data = self.ask(&player(1), query, json!({ "id": board })).await;
        standings(&data["board"]["top"]["nodes"])
    }
}

fn standings(ranks: &Value) -> Vec<(i64, String, f64)> {
    let ranks = ranks.as_array().unwrap().iter();
    ranks
        .map(|rank| {
            let player = rank["player"]["id"].as_str().unwrap().to_owned();
            (
                rank["rank"].as_i64().unwrap(),
                player,
                rank["score"].as_f64().unwrap(),
            )
        })
        .collect()
}
