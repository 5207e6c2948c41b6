//! What must not come out: of an answer when something is broken, of the log at its loudest, of the
//! database at all.

use crate::{
    hub::{Hub, PASSWORD, Person, Placement},
    rules::{
        MISSING, answer, cast,
        documents::{API, Types},
        split,
        table::{ROOTS, Who},
    },
    socket::Events,
    the_graph::import,
};
use async_graphql::{Response, ServerError};
use djinn_kernel::Viewer;
use djinn_router::{GraphRequest, Router};
use djinn_subgraph_kit::{Call, RequestId, Subgraph, Unreachable};
use djinn_testkit::steam::{ACCOUNT, KEY, Steam};
use futures_util::{StreamExt, stream::BoxStream};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};
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

/// A text that stands nowhere else, of the shape a credential of that place has.
fn canary(n: usize) -> String {
    format!("CA4A2Y{n:02}5EC2E7")
}

/// A line that somebody would like to see in the log.
const FORGED: &str = "2026-01-01T00:00:00.000000Z ERROR djinn: everything is fine";

/// Lives through everything with secrets in it, and returns them.
#[expect(
    clippy::too_many_lines,
    reason = "one place after the other where a secret can be"
)]
async fn seeded(hub: &Hub, steam_key: &str) -> Vec<(&'static str, String)> {
    let owner = hub.owner().await;
    import(&owner).await;
    let mut secrets: Vec<(&'static str, String)> = vec![
        ("the owner's password", PASSWORD.to_owned()),
        ("the setup token", hub.setup_token.clone().unwrap()),
        ("the access token", owner.token.clone().unwrap()),
        ("the refresh token", owner.refresh.clone()),
        ("the platform's key", KEY.to_owned()),
        ("the hub's key for the platform", steam_key.to_owned()),
    ];
    let mut next = 10;
    let mut secret = |what: &'static str| {
        next += 1;
        let text = canary(next);
        secrets.push((what, text.clone()));
        text
    };
    let nobody = hub.anonymous();

    // Signing in, rightly and wrongly.
    let login = "mutation($input: LoginInput!) { login(input: $input) { tokens { accessToken refreshToken player { id } } problems { code } } }";
    let wrong = secret("a wrong password");
    nobody
        .ask(
            login,
            json!({ "input": { "name": "Anna", "password": wrong } }),
        )
        .await;
    let inline = secret("a password written into the document");
    nobody.ask(&format!("mutation {{ login(input: {{ name: \"Anna\", password: {inline:?} }}) {{ problems {{ code }} }} }}"), json!({})).await;
    let named = secret("a password typed where the name belongs");
    nobody
        .ask(
            login,
            json!({ "input": { "name": named, "password": "x" } }),
        )
        .await;
    let setup = secret("a wrong setup token");
    nobody
        .ask(
            "mutation($input: CompleteSetupInput!) { completeSetup(input: $input) { problems { code } } }",
            json!({ "input": { "token": setup, "name": "Eve", "password": secret("a password for the setup") } }),
        )
        .await;
    nobody
        .send(
            "mutation($t: String!) { refreshLogin(refreshToken: $t) { problems { code } } }",
            json!({ "t": secret("a wrong refresh token") }),
        )
        .await;
    let misspelt = secret("a password in a variable that does not fit");
    nobody
        .send(
            login,
            json!({ "input": { "name": "Anna", "pasword": misspelt } }),
        )
        .await;
    let broken = secret("a password in a document that is none");
    nobody
        .send(
            &format!("mutation {{ login(input: {{ password: {broken:?} "),
            json!({}),
        )
        .await;

    // Keys and headers.
    let (keyed, _) = cast::key(hub, &owner, &[djinn_kernel::Scope::ReadLibrary]).await;
    keyed.ask("{ libraryStats { games } }", json!({})).await;
    let post = || {
        hub.http
            .post(format!("{}/graphql", hub.url))
            .json(&json!({ "query": "{ me { name } }" }))
    };
    post()
        .header("x-api-key", format!("gd_{}", secret("a wrong key")))
        .send()
        .await
        .unwrap();
    post()
        .header("cookie", format!("session={}", secret("a cookie")))
        .send()
        .await
        .unwrap();
    post()
        .basic_auth("anna", Some(secret("basic authentication")))
        .send()
        .await
        .unwrap();
    post()
        .bearer_auth(secret("a wrong token"))
        .send()
        .await
        .unwrap();
    post()
        .header("proxy-authorization", secret("a proxy's password"))
        .send()
        .await
        .unwrap();
    let not_json = format!("{{ \"password\": {:?} ", secret("a body cut short"));
    let request = hub
        .http
        .post(format!("{}/graphql", hub.url))
        .header("content-type", "application/json");
    request.body(not_json).send().await.unwrap();

    // Variables, at every door.
    owner
        .ask(
            "query($q: String!) { searchGames(query: $q) { totalCount } }",
            json!({ "q": secret("a variable") }),
        )
        .await;
    owner
        .send(
            "query($q: Int!) { searchGames(query: \"x\", first: $q) { totalCount } }",
            json!({ "q": secret("a variable of the wrong type") }),
        )
        .await;
    let by_get = secret("a variable in an address");
    owner
        .get(&format!("/graphql?query=query($q:String!)%7BsearchGames(query:$q)%7BtotalCount%7D%7D&variables=%7B%22q%22:%22{by_get}%22%7D"))
        .await;
    owner
        .get(&format!(
            "/q/library-stats?token={}",
            secret("a token in an address")
        ))
        .await;
    owner.get(&format!("/nowhere/{}", secret("a path"))).await;
    let room = owner
        .ask(
            "mutation($state: JSON) { createRoom(input: { name: \"Ours\", state: $state }) { room { id } problems { code } } }",
            json!({ "state": { "hand": secret("a room's state") } }),
        )
        .await;
    owner
        .ask(
            "mutation($input: ActInput!) { actInRoom(input: $input) { rev problems { code } } }",
            json!({ "input": { "roomId": room["createRoom"]["room"]["id"], "clientSeq": 1, "patch": { "card": secret("an action") } } }),
        )
        .await;
    let mcp = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": "search_games", "arguments": { "query": secret("a tool's argument") } } });
    let tool = hub
        .http
        .post(format!("{}/mcp", hub.url))
        .header("accept", "application/json, text/event-stream");
    tool.bearer_auth(keyed.token.as_deref().unwrap())
        .json(&mcp)
        .send()
        .await
        .unwrap();
    secrets_of_sockets(hub, &owner, &mut secret).await;

    // A platform's key, wrong and right.
    let link = "mutation($fields: [ConnectValue!]) { linkLibrary(input: { platform: \"steam\", fields: $fields }) { library { id } problems { code } } }";
    let bad = "FEEDFACEFEEDFACEFEEDFACEFEEDFACE";
    for key in [bad, KEY] {
        let fields =
            json!([{ "name": "apiKey", "value": key }, { "name": "account", "value": ACCOUNT }]);
        owner.ask(link, json!({ "fields": fields })).await;
    }
    owner
        .until(
            30,
            "{ libraries { nodes { connected lastSync { stage state } } } }",
            |data| data.to_string().contains("SUCCEEDED"),
        )
        .await;

    // And at last the way out.
    let refreshed = owner
        .ask(
            "mutation($t: String!) { refreshLogin(refreshToken: $t) { tokens { accessToken refreshToken player { id } } problems { code } } }",
            json!({ "t": owner.refresh }),
        )
        .await;
    let refreshed = Person::new(hub, &refreshed["refreshLogin"]);
    refreshed.ask("mutation { logout { ok } }", json!({})).await;
    secrets.extend([
        ("a key of the hub", keyed.token.clone().unwrap()),
        ("the next access token", refreshed.token.clone().unwrap()),
        ("the next refresh token", refreshed.refresh.clone()),
        ("a wrong key for the platform", bad.to_owned()),
    ]);
    secrets
}

async fn secrets_of_sockets(
    hub: &Hub,
    owner: &Person<'_>,
    secret: &mut impl FnMut(&'static str) -> String,
) {
    let mut events = owner
        .subscribe(
            "subscription($id: ID!) { roomEvents(roomId: $id) { __typename } }",
            json!({ "id": secret("a variable on a socket") }),
        )
        .await;
    assert!(events.refusal().await.is_some());
    let token = secret("a wrong token on a socket");
    assert!(Events::refused(&hub.url, &token).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_at_its_loudest_holds_no_secret_and_the_database_none_in_the_clear() {
    let steam = Arc::clone(&Steam::new()).serve(0).await;
    let steam_key = "ABCDEF0123456789ABCDEF0123456789";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("djinn.db");
    let mut hub = Hub::start(
        Placement::One,
        &[
            ("LOG_LEVEL", "trace".to_owned()),
            ("SECRET_KEY", canary(1).repeat(3)),
            ("STEAM_API_KEY", steam_key.to_owned()),
            ("DJINN__STEAM__API_URL", format!("http://{steam}")),
            ("DJINN__STEAM__STORE_URL", format!("http://{steam}")),
        ],
    )
    .await;
    let mut secrets = seeded(&hub, steam_key).await;
    secrets.push(("the hub's one secret", canary(1)));
    assert!(secrets.len() >= 25, "{}", secrets.len());
    let dump = dump(&hub, &file).await;
    let log = hub.whole_log().await;
    assert!(log.contains(" TRACE "), "it is not loud: {log}");
    let mut found = Vec::new();
    for (what, secret) in &secrets {
        if let Some(line) = log.lines().find(|line| line.contains(secret.as_str())) {
            found.push(format!("{what} is in the log: {line}"));
        }
    }
    // What people wrote is theirs to read back; what lets somebody in is kept as a hash or sealed.
    let stored = ["a room's state", "an action"];
    for (what, secret) in secrets.iter().filter(|(what, _)| !stored.contains(what)) {
        if dump
            .windows(secret.len())
            .any(|window| window == secret.as_bytes())
        {
            found.push(format!("{what} is in the database"));
        }
    }
    assert!(
        found.is_empty(),
        "{} secrets:\n{}",
        found.len(),
        found.join("\n")
    );
}

/// The whole database, as bytes; nothing on a server, where the file is not ours to read.
async fn dump(hub: &Hub, file: &std::path::Path) -> Vec<u8> {
    let db = hub.database().write();
    if db.get_database_backend() != DbBackend::Sqlite {
        return Vec::new();
    }
    db.execute_unprepared(&format!("VACUUM INTO '{}'", file.display()))
        .await
        .unwrap();
    let bytes = std::fs::read(file).unwrap();
    assert!(bytes.len() > 100_000);
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_writes_a_line_of_the_log_by_their_name() {
    for format in ["text", "json"] {
        let settings = [
            ("LOG_LEVEL", "trace".to_owned()),
            ("LOG_FORMAT", format.to_owned()),
        ];
        let mut hub = Hub::start(Placement::One, &settings).await;
        let owner = hub.owner().await;
        for end in [
            "\n",
            "\r",
            "\r\n",
            "\u{85}",
            "\u{2028}",
            "\u{1b}[2K\r\n",
            "\\n",
        ] {
            let forged = format!("x{end}{FORGED}");
            let login = json!({ "input": { "name": forged, "password": "x", "device": forged } });
            owner
                .send(
                    "mutation($input: LoginInput!) { login(input: $input) { problems { code } } }",
                    login,
                )
                .await;
            let login =
                json!({ "input": { "name": "Anna", "password": PASSWORD, "device": forged } });
            owner
                .send(
                    "mutation($input: LoginInput!) { login(input: $input) { problems { code } } }",
                    login,
                )
                .await;
            for mutation in [
                "mutation($n: String!) { createApiKey(input: { name: $n, scopes: [READ_LIBRARY] }) { problems { code } } }",
                "mutation($n: String!) { createProfile(input: { name: $n, ceiling: TEEN }) { problems { code } } }",
                "mutation($n: String!) { createRoom(input: { name: $n }) { problems { code } } }",
                "mutation($n: String!) { createBoard(input: { name: $n }) { problems { code } } }",
                "mutation($n: String!) { importGames(input: { format: CSV, content: $n, label: $n }) { problems { code } } }",
                "mutation($n: ID!) { linkLibrary(input: { platform: $n }) { problems { code } } }",
                "query($n: String!) { searchGames(query: $n, after: $n) { totalCount } }",
            ] {
                owner.send(mutation, json!({ "n": forged })).await;
            }
            let import = format!("title,platform\n\"{forged}\",\"{forged}\"\n");
            let content =
                json!({ "input": { "format": "CSV", "content": import, "label": "Shelf" } });
            owner.send("mutation($input: ImportInput!) { importGames(input: $input) { problems { code } } }", content).await;
            // The document itself, and what names it.
            owner.send(&format!("{{ {forged}"), json!({})).await;
            let named = json!({ "query": "query A { me { name } }", "operationName": forged, "extensions": { "x": forged } });
            let request = hub.http.post(format!("{}/graphql", hub.url)).json(&named);
            request
                .bearer_auth(owner.token.as_deref().unwrap())
                .send()
                .await
                .unwrap();
            let encoded = forged
                .bytes()
                .fold(String::new(), |text, byte| format!("{text}%{byte:02x}"));
            owner
                .get(&format!("/graphql?query={encoded}&operationName={encoded}"))
                .await;
            owner
                .get(&format!("/q/{encoded}?{encoded}={encoded}"))
                .await;
        }
        let log = hub.whole_log().await;
        let forged: Vec<_> = log
            .split(['\n', '\r', '\u{85}', '\u{2028}'])
            .filter(|line| {
                line.trim_start_matches(|c: char| !c.is_ascii_digit())
                    .starts_with(FORGED)
            })
            .filter(|line| !line.starts_with('{') && !line.contains("TRACE"))
            .collect();
        assert!(forged.is_empty(), "{format}: {forged:#?}");
        if format == "json" {
            let odd: Vec<_> = log
                .lines()
                .filter(|line| serde_json::from_str::<Value>(line).is_err())
                .collect();
            assert!(odd.is_empty(), "lines that are no JSON: {odd:#?}");
        }
    }
}
