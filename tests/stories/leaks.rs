//! What must not come out: of an answer when something is broken, of the log at its loudest, of the
//! database at all.

mod log;

use crate::{
    hub::{Hub, Person, Placement},
    rules::{
        MISSING, answer, cast,
        documents::{API, Types},
        split,
        table::{ROOTS, Who},
    },
};
use async_graphql::{Response, ServerError};
use djinn_kernel::Viewer;
use djinn_router::{GraphRequest, Router};
use djinn_subgraph_kit::{Call, RequestId, Subgraph, Unreachable};
use futures_util::{StreamExt, stream::BoxStream};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::Value;
use std::sync::Arc;

/// What no text for the outside contains, whatever broke. In small letters.
const LEAKS: [&str; 48] = [
    // The database.
    "select ",
    "insert into",
    "update \"",
    "delete from",
    " where ",
    "no such table",
    "no such column",
    "sqlite",
    "sqlx",
    "sea_orm",
    "sea-orm",
    "seaorm",
    "dberr",
    "postgres",
    "pgsql",
    "sqlstate",
    "relation \"",
    "constraint",
    "_gone",
    "session_",
    "library_",
    "seaql",
    // The machine.
    "/root",
    "/home",
    "/usr",
    "/tmp",
    "/var",
    ".cargo",
    ".rs:",
    ".db",
    "target/debug",
    "localhost",
    "127.0.0.1",
    "10.0.0.7",
    ":4102",
    "redis:",
    "os error",
    "connection refused",
    "tcp",
    // The language.
    "panicked",
    "backtrace",
    "unwrap",
    "thread '",
    "::",
    "some(",
    "err(",
    "tokio",
    "canary",
];

fn scan(what: &str, text: &str, leaks: &mut Vec<String>) {
    let small = text.to_lowercase();
    for leak in LEAKS.iter().filter(|leak| small.contains(**leak)) {
        leaks.push(format!("{what}: {leak:?} in {text}"));
    }
}

/// Everything an answer says besides its data.
fn said(answer: &Value) -> String {
    let errors = answer["errors"].as_array().cloned().unwrap_or_default();
    let mut said: Vec<String> = errors
        .iter()
        .map(|error| format!("{} {}", error["message"], error["extensions"]))
        .collect();
    if let Value::Object(fields) = &answer["data"] {
        said.extend(
            fields
                .values()
                .filter_map(|field| field.get("problems").map(Value::to_string)),
        );
    }
    said.join("\n")
}

/// Takes all tables of a subgraph away.
async fn break_database(hub: &Hub, subgraph: &str) -> usize {
    let db = hub.database().write();
    let tables = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table'",
    };
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), tables))
        .await
        .unwrap();
    let names: Vec<String> = rows
        .iter()
        .map(|row| row.try_get("", "name").unwrap())
        .collect();
    let ours: Vec<_> = names
        .iter()
        .filter(|name| name.starts_with(&format!("{subgraph}_")))
        .collect();
    for name in &ours {
        db.execute_unprepared(&format!("ALTER TABLE {name} RENAME TO {name}_gone"))
            .await
            .unwrap();
    }
    ours.len()
}

/// Asks for everything there is, at every door, and gathers what is said.
async fn ask_everything(person: &Person<'_>, api: &Types, leaks: &mut Vec<String>) -> usize {
    let mut faults = 0;
    for row in ROOTS
        .iter()
        .filter(|row| row.who != Who::Hub && row.field != "Mutation.logout")
    {
        let (parent, field) = split(row.field);
        let answer = answer(person, parent, &api.ask(parent, field, MISSING, true)).await;
        let text = said(&answer);
        scan(row.field, &text, leaks);
        faults += usize::from(text.contains("INTERNAL") || text.contains("UNAVAILABLE"));
        for error in answer["errors"].as_array().into_iter().flatten() {
            assert!(error["extensions"]["code"].is_string(), "{answer}");
            assert!(error["extensions"]["requestId"].is_string(), "{answer}");
        }
    }
    for path in [
        "/q/library-stats",
        "/q/now-playing",
        "/q/sync-status",
        "/ready",
        "/health",
        "/openapi.json?broken",
    ] {
        let answer = person.get(path).await;
        if !answer.status().is_success() || path == "/ready" {
            scan(path, &answer.text().await.unwrap(), leaks);
        }
    }
    faults
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_database_is_no_ones_business() {
    let api = Types::read(API);
    for subgraph in ["library", "metadata", "ai", "leaderboard", "session"] {
        let hub = Hub::start(Placement::One, &[]).await;
        let cast = cast::Cast::of(&hub).await;
        assert!(
            break_database(&hub, subgraph).await > 1,
            "{subgraph} has tables"
        );
        let mut leaks = Vec::new();
        let mut faults = 0;
        for person in [&cast.anna, &cast.ben] {
            faults += ask_everything(person, &api, &mut leaks).await;
        }
        assert!(faults > 0, "nothing of {subgraph} broke");
        assert!(
            leaks.is_empty(),
            "{subgraph}, {}:\n{}",
            leaks.len(),
            leaks.join("\n")
        );
    }
}

/// How a subgraph may fail.
#[derive(Debug, Clone, Copy)]
enum Mood {
    Panics,
    IsGone,
    TalksNonsense,
    SaysTooMuch,
}

/// A subgraph in a mood.
struct Broken(&'static str, Mood);

#[async_trait::async_trait]
impl Subgraph for Broken {
    fn name(&self) -> &str {
        self.0
    }
    async fn execute(&self, _: Call) -> Result<Response, Unreachable> {
        match self.1 {
            Mood::Panics => {
                panic!("canary: called `Option::unwrap()` on a `None` value at /root/src/lib.rs:7")
            }
            Mood::IsGone => Err(Unreachable::Connection(
                "tcp connect to redis://10.0.0.7:4102: os error 111".to_owned(),
            )),
            Mood::TalksNonsense => Err(Unreachable::Garbage(
                "<html>canary at /var/www</html>".to_owned(),
            )),
            Mood::SaysTooMuch => Ok(Response::from_errors(vec![ServerError::new(
                "canary: no such table: session_player (sqlx::Error)",
                None,
            )])),
        }
    }
    async fn subscribe(&self, call: Call) -> Result<BoxStream<'static, Response>, Unreachable> {
        if matches!(self.1, Mood::Panics) {
            // `Local` catches the panics of streams; its own tests see to that.
            return Err(Unreachable::Timeout);
        }
        let answer = self.execute(call).await?;
        Ok(futures_util::stream::iter([answer]).boxed())
    }
    async fn ready(&self) -> Result<(), Unreachable> {
        Err(Unreachable::Timeout)
    }
}

#[tokio::test]
async fn a_subgraph_that_panics_or_says_too_much_is_not_quoted() {
    let api = Types::read(API);
    let ports = djinn_testkit::ports::frozen().await;
    let mut leaks = Vec::new();
    for mood in [
        Mood::Panics,
        Mood::IsGone,
        Mood::TalksNonsense,
        Mood::SaysTooMuch,
    ] {
        let all = ["ai", "leaderboard", "library", "metadata", "session"];
        let subgraphs = all.map(|name| Arc::new(Broken(name, mood)) as Arc<dyn Subgraph>);
        let router = Router::new(
            include_str!("../../schema/supergraph.graphql"),
            subgraphs.to_vec(),
            djinn_router::Limits::default(),
            djinn_router::RouterPorts {
                clock: Arc::clone(&ports.ports.clock),
                ids: Arc::clone(&ports.ports.ids),
            },
        )
        .unwrap();
        for row in ROOTS.iter().filter(|row| row.who != Who::Hub) {
            let (parent, field) = split(row.field);
            let query = format!(
                "{} {{ {} }}",
                parent.to_lowercase(),
                api.ask(parent, field, MISSING, true)
            );
            let viewer: Viewer = djinn_testkit::viewers::admin(1);
            let request = GraphRequest::new(&query, viewer, RequestId("test".into()));
            let answer = if parent == "Subscription" {
                match router.subscribe(request).await {
                    Ok(mut events) => events
                        .next()
                        .await
                        .map(|event| serde_json::to_value(&*event)),
                    Err(refused) => Some(serde_json::to_value(&refused)),
                }
                .expect("an event")
                .unwrap()
            } else {
                serde_json::to_value(router.execute(request).await).unwrap()
            };
            assert!(
                !answer["errors"].as_array().unwrap().is_empty(),
                "{mood:?} {query}"
            );
            scan(
                &format!("{mood:?} {}", row.field),
                &said(&answer),
                &mut leaks,
            );
        }
    }
    assert!(leaks.is_empty(), "{}:\n{}", leaks.len(), leaks.join("\n"));
}
