//! What must not come out of the log at its loudest, or of the database at all.

use crate::{
    hub::{Hub, PASSWORD, Person, Placement},
    rules::cast,
    socket::Events,
    the_graph::import,
};
use djinn_testkit::steam::{ACCOUNT, KEY, Steam};
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::{Value, json};
use std::sync::Arc;

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
    // Until its list is in. The shelf has been ready for long.
    owner
        .until(
            30,
            "{ libraries { nodes { platform { id } lastSync { stage } } } }",
            |data| {
                let mut libraries = data["libraries"]["nodes"].as_array().unwrap().iter();
                libraries.any(|library| {
                    library["platform"]["id"] == "steam"
                        && library["lastSync"]["stage"] != "LISTING"
                })
            },
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
