//! Bad input: a clear coded error, and nothing half done.

use crate::hub::{Hub, Person, Placement};
use djinn_testkit::steam::{ACCOUNT, KEY, Steam, VANITY};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;

async fn link(person: &Person<'_>, platform: &str, key: &str, account: &str) -> Value {
    let fields =
        json!([{ "name": "apiKey", "value": key }, { "name": "account", "value": account }]);
    person
        .ask(
            "mutation($input: LinkLibraryInput!) { linkLibrary(input: $input) { library { id } problems { code field message } } }",
            json!({ "input": { "platform": platform, "label": "Mine", "fields": fields } }),
        )
        .await["linkLibrary"]
        .take()
}

async fn an_account_that_cannot_be_linked_says_why_and_leaves_nothing(placement: Placement) {
    let address = Arc::clone(&Steam::new()).serve(0).await;
    let hub = Hub::start(
        placement,
        &[
            ("DJINN__STEAM__API_URL", format!("http://{address}")),
            ("DJINN__STEAM__STORE_URL", format!("http://{address}")),
        ],
    )
    .await;
    let owner = hub.owner().await;
    let wrong = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF";
    for (platform, key, account, code) in [
        ("steam", wrong, ACCOUNT, "CREDENTIALS_REJECTED"),
        ("steam", "too short", ACCOUNT, "INVALID_INPUT"),
        ("steam", KEY, "nobody-of-that-name", "ACCOUNT_NOT_FOUND"),
        ("gamecube", KEY, ACCOUNT, "PLATFORM_UNKNOWN"),
    ] {
        let refused = link(&owner, platform, key, account).await;
        assert_eq!(refused["problems"][0]["code"], code, "{refused}");
        assert!(
            !refused.to_string().contains(key) || key == "too short",
            "the key is repeated: {refused}"
        );
    }
    assert_eq!(
        owner.ask("{ libraries { totalCount } }", json!({})).await["libraries"]["totalCount"],
        0
    );
    assert_eq!(
        link(&owner, "steam", KEY, VANITY).await["problems"],
        json!([])
    );
    let twice = link(&owner, "steam", KEY, ACCOUNT).await;
    assert_eq!(twice["problems"][0]["code"], "ALREADY_LINKED");
    assert_eq!(
        owner.ask("{ libraries { totalCount } }", json!({})).await["libraries"]["totalCount"],
        1
    );
    assert!(!hub.log().contains(KEY), "the key is in the log");
}

async fn a_file_with_a_mistake_names_line_and_column_and_imports_nothing(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let import = async |content: &str| {
        owner
            .ask(
                "mutation($input: ImportInput!) { importGames(input: $input) { added problems { code message field } } }",
                json!({ "input": { "format": "CSV", "content": content } }),
            )
            .await["importGames"]
            .take()
    };
    let refused = import("title,playtime_minutes\nPortal,180\nPortal 2,many\n").await;
    assert_eq!(
        refused["problems"][0]["code"], "IMPORT_MALFORMED",
        "{refused}"
    );
    let message = refused["problems"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("line 3, column 10") && message.contains("playtime_minutes"),
        "{message}"
    );
    let refused = import("colour,shape\nred,round\n").await;
    assert_eq!(
        refused["problems"][0]["code"], "IMPORT_MALFORMED",
        "{refused}"
    );
    let stats = owner
        .ask("{ libraryStats { games copies libraries } }", json!({}))
        .await;
    assert_eq!(
        stats["libraryStats"],
        json!({ "games": 0, "copies": 0, "libraries": 0 })
    );
}

async fn two_hundred_megabytes_are_refused_before_they_are_read(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let body = vec![b' '; 200 * 1024 * 1024];
    let sent = hub
        .http
        .post(format!("{}/graphql", hub.url))
        .bearer_auth(owner.token.as_deref().unwrap())
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await;
    // The hub may close the connection while the client is still sending; both are a refusal.
    if let Ok(answer) = sent {
        assert_eq!(answer.status(), 413);
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(
            answer["errors"][0]["extensions"]["code"],
            "PAYLOAD_TOO_LARGE"
        );
    }
    assert_eq!(
        owner.ask("{ me { name } }", json!({})).await["me"]["name"],
        "Anna"
    );
}

async fn a_query_too_deep_too_wide_or_wrong_is_refused_with_its_limit(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let deep = format!(
        "{{ games {{ nodes {} id {} }} }}",
        "{ similar { game ".repeat(6),
        "} }".repeat(6)
    );
    let deep = deep.replace(" id ", " { id } ");
    let answer = owner.send(&deep, json!({})).await;
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "QUERY_TOO_DEEP",
        "{answer}"
    );
    assert!(
        answer["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("12"),
        "{answer}"
    );
    assert!(answer["errors"][0]["extensions"]["requestId"].is_string());

    let wide: Vec<String> = (0..50).map(|n| format!("a{n}: me {{ id }}")).collect();
    assert_eq!(
        owner
            .refused(&format!("{{ {} }}", wide.join(" ")), json!({}))
            .await,
        "QUERY_TOO_COMPLEX"
    );
    assert_eq!(
        owner.refused("{ me { nmae } }", json!({})).await,
        "GRAPHQL_VALIDATION_FAILED"
    );
    let answer = owner.send("{ me { nmae } }", json!({})).await;
    assert!(!answer.to_string().contains("Did you mean"), "{answer}");
    assert_eq!(
        owner.refused("{ me { ", json!({})).await,
        "GRAPHQL_PARSE_FAILED"
    );
    assert_eq!(
        owner
            .refused("{ games(first: 101) { totalCount } }", json!({}))
            .await,
        "PAGE_TOO_LARGE"
    );
    assert_eq!(
        owner
            .refused("{ games(after: \"%%%\") { totalCount } }", json!({}))
            .await,
        "INVALID_CURSOR"
    );
    assert_eq!(
        owner
            .refused("{ game(id: \"not an id\") { title } }", json!({}))
            .await,
        "INVALID_ID"
    );
}

async fn a_token_that_is_not_ours_opens_nothing(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let real = owner.token.clone().unwrap();
    // The last character carries padding bits only, so the one before it is changed.
    let mut bent: Vec<char> = real.chars().collect();
    let at = bent.len() - 10;
    bent[at] = if bent[at] == 'A' { 'B' } else { 'A' };
    for token in [
        "rubbish",
        "gd_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        &bent.iter().collect::<String>(),
    ] {
        assert_eq!(
            hub.with_key(token)
                .refused("{ me { name } }", json!({}))
                .await,
            "UNAUTHENTICATED",
            "{token}"
        );
    }
    assert_eq!(
        hub.anonymous()
            .refused("{ games { totalCount } }", json!({}))
            .await,
        "UNAUTHENTICATED"
    );
    let code = hub
        .anonymous()
        .send("{ __schema { types { name } } }", json!({}))
        .await;
    assert!(
        code["errors"][0]["extensions"]["code"].is_string(),
        "the schema is open to everybody: {code}"
    );
    let again = hub
        .anonymous()
        .ask(
            "mutation($i: CompleteSetupInput!) { completeSetup(input: $i) { problems { code } } }",
            json!({ "i": { "token": hub.setup_token.as_ref().unwrap(), "name": "Mallory", "password": "a long enough password" } }),
        )
        .await;
    assert_eq!(again["completeSetup"]["problems"][0]["code"], "SETUP_DONE");
}

async fn whichever_door_refuses_says_by_a_code_why_and_which_request(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let token = owner.token.as_deref().unwrap();
    for (method, path, known, status, code) in [
        (
            Method::PUT,
            "/graphql",
            false,
            405_u16,
            "METHOD_NOT_ALLOWED",
        ),
        (Method::PUT, "/upload", false, 405, "METHOD_NOT_ALLOWED"),
        (Method::POST, "/download/x", true, 405, "METHOD_NOT_ALLOWED"),
        (Method::POST, "/art/x", true, 405, "METHOD_NOT_ALLOWED"),
        (Method::GET, "/art/x", false, 404, "NOT_FOUND"),
        (Method::GET, "/art/x?w=wide", false, 400, "INVALID_INPUT"),
        (Method::GET, "/mcp", false, 401, "UNAUTHENTICATED"),
        // A session is ended by its name.
        (Method::DELETE, "/mcp", true, 400, "BAD_REQUEST"),
    ] {
        let asked = format!("{method} {path}");
        let address = format!("{}{path}", hub.url);
        let mut request = hub.http.request(method, address);
        request = request.header("x-request-id", "the-one-we-mean");
        if known {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{asked}");
        if status == 405 {
            assert!(answer.headers().contains_key("allow"), "{asked}");
        }
        let said: Value = answer.json().await.unwrap();
        // A problem by itself, or the error of an envelope.
        let error = &said["errors"][0]["extensions"];
        let error = if error.is_null() { &said } else { error };
        assert_eq!(error["code"], code, "{asked}: {said}");
        assert_eq!(error["requestId"], "the-one-we-mean", "{asked}: {said}");
    }
}

crate::in_both_placements!(
    whichever_door_refuses_says_by_a_code_why_and_which_request,
    an_account_that_cannot_be_linked_says_why_and_leaves_nothing,
    a_file_with_a_mistake_names_line_and_column_and_imports_nothing,
    two_hundred_megabytes_are_refused_before_they_are_read,
    a_query_too_deep_too_wide_or_wrong_is_refused_with_its_limit,
    a_token_that_is_not_ours_opens_nothing,
);
