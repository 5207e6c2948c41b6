//! Documents that clients name, as an installed hub is set: strangers run trusted ones only.

use crate::{
    hub::{Hub, PASSWORD, Person, Placement},
    pipes::put,
    the_graph::import,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{fs, time::Duration};

const SETTING: &str = "DJINN__LIMITS__ANONYMOUS_DOCUMENTS";

/// As it is delivered.
async fn delivered(placement: Placement) -> Hub {
    Hub::start(placement, &[(SETTING, "trusted".to_owned())]).await
}

/// A whole body, as somebody sends it.
async fn send(hub: &Hub, token: Option<&str>, body: Value) -> (u16, Value) {
    let mut request = hub
        .http
        .post(format!("{}/graphql", hub.url))
        .header("accept", "application/graphql-response+json")
        .json(&body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_else(|| panic!("not refused: {answer:#}"))
}

/// Sets the hub up as the SPA does: by the names of its documents.
async fn set_up(hub: &Hub) -> Person<'_> {
    let (_, welcome) = send(hub, None, json!({ "documentId": "spa.Welcome" })).await;
    assert_eq!(welcome["data"]["setup"]["needed"], true, "{welcome}");
    let input =
        json!({ "token": hub.setup_token.as_ref().unwrap(), "name": "Anna", "password": PASSWORD });
    let complete = json!({ "documentId": "spa.CompleteSetup", "variables": { "input": input } });
    let (_, done) = send(hub, None, complete).await;
    Person::new(hub, &done["data"]["completeSetup"])
}

async fn a_stranger_can_set_up_sign_in_and_renew_and_ask_nothing_else(placement: Placement) {
    let hub = delivered(placement).await;
    let owner = set_up(&hub).await;

    for free in [
        "{ setup { needed } }",
        "{ __schema { types { name } } }",
        "{ nothing }",
        "{",
        "mutation { logout { ok } }",
    ] {
        let (status, answer) = send(&hub, None, json!({ "query": free })).await;
        assert_eq!(
            (status, code(&answer)),
            (401, "DOCUMENT_NOT_TRUSTED"),
            "{free}"
        );
    }
    let sign_in = json!({ "documentId": "spa.Login", "variables": { "input": { "name": "Anna", "password": PASSWORD } } });
    let (_, signed_in) = send(&hub, None, sign_in).await;
    let again = Person::new(&hub, &signed_in["data"]["login"]);
    let renew =
        json!({ "documentId": "spa.RefreshLogin", "variables": { "refreshToken": again.refresh } });
    let (_, renewed) = send(&hub, None, renew).await;
    assert_eq!(renewed["data"]["refreshLogin"]["problems"], json!([]));
    // A trusted document says who may read what, as always.
    let (_, refused) = send(&hub, None, json!({ "documentId": "q.library-stats" })).await;
    assert_eq!(code(&refused), "UNAUTHENTICATED");
    // Whoever has signed in asks what they like.
    let me = owner.ask("{ me { name } }", json!({})).await;
    assert_eq!(me["me"]["name"], "Anna");
}

async fn a_document_is_known_by_hash_by_name_and_by_its_file(placement: Placement) {
    let hub = delivered(placement).await;
    let owner = set_up(&hub).await;
    import(&owner).await;
    let manifest: Value =
        serde_json::from_str(include_str!("../../frontend/src/gql/documents.json")).unwrap();
    let hash = manifest["operations"]
        .as_array()
        .unwrap()
        .iter()
        .find(|operation| operation["name"] == "Welcome")
        .unwrap()["id"]
        .as_str()
        .unwrap();
    let token = owner.token.as_deref();
    for id in ["spa.Welcome", hash, &format!("sha256:{hash}")] {
        let (_, answer) = send(&hub, token, json!({ "documentId": id })).await;
        assert_eq!(answer["data"]["me"]["name"], "Anna", "{id}");
    }
    for id in [
        "TrustedLibraryStats",
        "q.library-stats",
        "mcp.library_stats",
    ] {
        let (_, answer) = send(&hub, token, json!({ "documentId": id })).await;
        assert_eq!(answer["data"]["libraryStats"]["games"], 8, "{id}: {answer}");
    }
    let by_get = owner
        .get("/graphql?documentId=q.library-stats")
        .await
        .json::<Value>()
        .await
        .unwrap();
    assert_eq!(by_get["data"]["libraryStats"]["copies"], 9);
    let (status, answer) = send(&hub, token, json!({ "documentId": "q.nothing" })).await;
    assert_eq!((status, code(&answer)), (404, "DOCUMENT_NOT_FOUND"));
}

async fn a_client_sends_a_text_once_and_its_hash_from_then_on(placement: Placement) {
    let hub = delivered(placement).await;
    let owner = set_up(&hub).await;
    let token = owner.token.as_deref();
    let text = "query Mine { me { name } }";
    let hash = format!("{:x}", Sha256::digest(text));
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let by_hash = json!({ "operationName": "Mine", "extensions": extensions });
    let (status, answer) = send(&hub, token, by_hash.clone()).await;
    assert_eq!((status, code(&answer)), (200, "PERSISTED_QUERY_NOT_FOUND"));
    let with_text = json!({ "query": text, "extensions": extensions });
    // Nobody fills the store who has not signed in.
    let (_, answer) = send(&hub, None, with_text.clone()).await;
    assert_eq!(code(&answer), "DOCUMENT_NOT_TRUSTED");
    assert_eq!(
        send(&hub, token, with_text).await.1["data"]["me"]["name"],
        "Anna"
    );
    assert_eq!(
        send(&hub, token, by_hash).await.1["data"]["me"]["name"],
        "Anna"
    );
    let by_get = format!(
        "/graphql?extensions=%7B%22persistedQuery%22%3A%7B%22version%22%3A1%2C%22sha256Hash%22%3A%22{hash}%22%7D%7D"
    );
    let answer = owner.get(&by_get).await.json::<Value>().await.unwrap();
    assert_eq!(answer["data"]["me"]["name"], "Anna");
}

crate::in_both_placements!(
    a_stranger_can_set_up_sign_in_and_renew_and_ask_nothing_else,
    a_document_is_known_by_hash_by_name_and_by_its_file,
    a_client_sends_a_text_once_and_its_hash_from_then_on,
);

#[tokio::test(flavor = "multi_thread")]
async fn a_file_put_into_the_folder_is_a_tool_an_endpoint_and_a_document_within_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("rest");
    fs::create_dir(&files).unwrap();
    let place = folder.path().display().to_string();
    let settings = [
        (SETTING, "trusted".to_owned()),
        ("DJINN__SERVER__OPERATIONS", place),
    ];
    let hub = Hub::start(Placement::One, &settings).await;
    let owner = set_up(&hub).await;
    assert_eq!(owner.get("/api/whoami").await.status(), 404);
    // What the folder says nothing of is as it was delivered, beside a sub-folder of its own, too.
    assert_eq!(owner.get("/q/library-stats").await.status(), 200);
    assert_eq!(owner.get("/api/me").await.status(), 200);

    let text =
        "# Who asks.\nquery WhoAmI @rest(method: GET, path: \"/api/whoami\") { me { name } }";
    put(&files.join("whoami.graphql"), text);
    let mut name = Value::Null;
    for _ in 0..300 {
        let answer = owner.get("/api/whoami").await;
        if answer.status() == 200 {
            name = answer.json::<Value>().await.unwrap()["name"].take();
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(name, "Anna");
    let described: Value = owner.get("/openapi.json").await.json().await.unwrap();
    assert_eq!(
        described["paths"]["/api/whoami"]["get"]["summary"],
        "Who asks"
    );
    let (_, answer) = send(
        &hub,
        owner.token.as_deref(),
        json!({ "documentId": "WhoAmI" }),
    )
    .await;
    assert_eq!(answer["data"]["me"]["name"], "Anna");
    // A mistake keeps the last good file in service.
    put(&files.join("whoami.graphql"), "query WhoAmI { me { nam } }");
    hub.until_logged("rest/whoami.graphql:1:21").await;
    assert_eq!(owner.get("/api/whoami").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typo_in_any_folder_fails_the_check_with_file_and_line() {
    for (folder, text, place) in [
        (
            "mcp",
            "query A @mcpTool {\n  me { nam }\n}",
            "mcp/a.graphql:2:8",
        ),
        ("q", "query A {\n  me { nam }\n}", "q/a.graphql:2:8"),
        (
            "rest",
            "query A\n@rest(method: GET, path: \"/api/{id}\") { me { name } }",
            "rest/a.graphql:2:1",
        ),
        (
            "rest",
            "query A\n@rest(method: GET, pat: \"/api/a\") { me { name } }",
            "rest/a.graphql:2:",
        ),
        (
            "rest",
            "query A @rest(method: GET, path: \"/graphql\") { me { name } }",
            "rest/a.graphql:1: `/graphql`",
        ),
        (
            "other",
            "query A { me { name } }",
            "other/a.graphql:1: no door",
        ),
    ] {
        let place_of_files = tempfile::tempdir().unwrap();
        let files = place_of_files.path().join(folder);
        fs::create_dir(&files).unwrap();
        fs::write(files.join("a.graphql"), text).unwrap();
        let ran = tokio::process::Command::new(env!("CARGO_BIN_EXE_djinn"))
            .args(["schema", "--check-operations"])
            .arg(place_of_files.path())
            .env_clear()
            .current_dir(place_of_files.path())
            .output()
            .await
            .unwrap();
        let said = String::from_utf8(ran.stderr).unwrap();
        assert!(
            !ran.status.success() && said.contains(place),
            "{place}: {said}"
        );
    }
}
