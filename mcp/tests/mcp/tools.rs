use crate::{
    client::{Session, text},
    fake::{API, Fake, serve, serve_live, wares},
};
use djinn_operations::Live;
use serde_json::{Value, json};
use std::{fs, time::Duration};
use tokio_util::sync::CancellationToken;

fn names(list: &Value) -> Vec<&str> {
    list["result"]["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_key_sees_only_the_tools_its_scopes_allow() {
    let url = serve(Fake::answering("Count", json!({}))).await;
    let reader = Session::open(&url, "reader")
        .await
        .ask("tools/list", json!({}))
        .await;
    assert_eq!(names(&reader), ["count", "deliver", "find", "ware"]);
    let writer = Session::open(&url, "writer")
        .await
        .ask("tools/list", json!({}))
        .await;
    assert_eq!(
        names(&writer),
        ["count", "deliver", "find", "remove", "ware"]
    );
}

#[tokio::test]
async fn a_tool_out_of_scope_is_refused_before_the_graph() {
    let fake = Fake::answering("Remove", json!({}));
    let url = serve(fake.clone()).await;
    let result = Session::open(&url, "reader")
        .await
        .call("remove", json!({ "id": "1", "confirm": true }))
        .await;
    assert_eq!(
        (result["isError"].as_bool(), text(&result)),
        (Some(true), "FORBIDDEN: this needs the scope write:library")
    );
    assert_eq!(fake.asked(), []);
}

#[tokio::test]
async fn the_data_is_handed_on_unwrapped_and_as_compact_text() {
    let fake = Fake::answering("Find", wares(&["Tea", "Cake"]));
    let url = serve(fake.clone()).await;
    let result = Session::open(&url, "reader")
        .await
        .call("find", json!({ "text": "a", "first": null }))
        .await;
    let expected = json!({ "total": 2, "nodes": [{ "id": "tea", "name": "Tea" }, { "id": "cake", "name": "Cake" }] });
    assert_eq!(result["structuredContent"], expected);
    assert_eq!(
        serde_json::from_str::<Value>(text(&result)).unwrap(),
        expected
    );
    assert_eq!(result["isError"], false);
    assert_eq!(fake.asked()[0].variables, json!({ "text": "a" }));
}

#[tokio::test]
async fn a_bad_argument_is_named_by_pointer_and_never_reaches_the_graph() {
    let fake = Fake::answering("Find", wares(&[]));
    let url = serve(fake.clone()).await;
    let session = Session::open(&url, "reader").await;
    for (arguments, said) in [
        (json!({}), "the arguments: \"text\" is a required property"),
        (
            json!({ "text": "a", "first": "many" }),
            "/first: \"many\" is not of type \"integer\"",
        ),
        (
            json!({ "text": "a", "order": "SIZE" }),
            "/order: \"SIZE\" is not one of",
        ),
        (
            json!({ "text": "a", "filter": { "kinds": ["FRESH", 3] } }),
            "/filter/kinds/1: ",
        ),
        (
            json!({ "text": "a", "colour": 1 }),
            "the arguments: Additional properties are not allowed ('colour' was unexpected)",
        ),
    ] {
        let result = session.call("find", arguments.clone()).await;
        assert_eq!(result["isError"], true, "{arguments}");
        assert!(
            text(&result).starts_with("INVALID_INPUT: ") && text(&result).contains(said),
            "{}",
            text(&result)
        );
        assert_eq!(result.get("structuredContent"), None);
    }
    assert_eq!(fake.asked(), []);
}

#[tokio::test]
async fn an_error_carries_code_and_path_and_no_structured_content() {
    let fake = Fake::answering(
        "Find",
        json!({
            "data": { "wares": null },
            "errors": [{ "message": "more than 100", "path": ["wares", "nodes", 3], "extensions": { "code": "PAGE_TOO_LARGE" } }],
        }),
    );
    let url = serve(fake.clone()).await;
    let session = Session::open(&url, "reader").await;
    let result = session.call("find", json!({ "text": "a" })).await;
    assert_eq!(
        (text(&result), &result["isError"]),
        (
            "PAGE_TOO_LARGE: more than 100 (wares.nodes.3)",
            &json!(true)
        )
    );
    assert_eq!(result.get("structuredContent"), None);
    assert_eq!(result["content"].as_array().unwrap().len(), 1);

    let mut partial = wares(&["Tea"]);
    partial["errors"] =
        json!([{ "message": "no stock", "extensions": { "code": "SUBGRAPH_UNAVAILABLE" } }]);
    fake.answers
        .lock()
        .unwrap()
        .insert("Find".to_owned(), partial);
    let result = session.call("find", json!({ "text": "a" })).await;
    assert_eq!(text(&result), "SUBGRAPH_UNAVAILABLE: no stock");
    assert!(
        result["content"][1]["text"]
            .as_str()
            .unwrap()
            .starts_with("Partial data: {\"nodes\":[{\"id\":\"tea\"")
    );
    assert_eq!(result.get("structuredContent"), None);
}

#[tokio::test]
async fn a_refusal_in_the_payload_is_an_error_too() {
    let fake = Fake::answering(
        "Remove",
        json!({ "data": { "remove": { "ok": false,
        "problems": [{ "code": "CONFLICT", "field": "id", "message": "it is sold" }, { "code": "NOT_FOUND", "message": "gone" }] } } }),
    );
    let url = serve(fake).await;
    let result = Session::open(&url, "writer")
        .await
        .call("remove", json!({ "id": "1", "confirm": true }))
        .await;
    assert_eq!(
        (text(&result), &result["isError"]),
        ("CONFLICT: it is sold (id)\nNOT_FOUND: gone", &json!(true))
    );
}

#[tokio::test]
async fn nothing_there_is_not_found_and_a_graph_that_is_down_says_only_so() {
    let fake = Fake::answering("OneWare", json!({ "data": { "ware": null } }));
    let url = serve(fake).await;
    let session = Session::open(&url, "reader").await;
    let missing = session.call("ware", json!({ "id": "9" })).await;
    assert!(
        text(&missing).starts_with("NOT_FOUND: ") && text(&missing).ends_with("(ware)"),
        "{}",
        text(&missing)
    );
    let down = session.call("count", json!({})).await;
    assert_eq!(text(&down), "UNAVAILABLE: the graph cannot be reached");
    let unknown = session
        .ask("tools/call", json!({ "name": "steal", "arguments": {} }))
        .await;
    assert_eq!(unknown["error"]["code"], -32602);
}

#[tokio::test]
async fn a_list_longer_than_allowed_is_cut_and_says_so() {
    let url = serve(Fake::answering("Find", wares(&["A", "B", "C", "D"]))).await;
    let result = Session::open(&url, "reader")
        .await
        .call("find", json!({ "text": "" }))
        .await;
    assert_eq!(
        result["structuredContent"]["nodes"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        result["content"][1]["text"],
        "Left out: 2 of nodes. Ask for a smaller page."
    );
}

#[tokio::test]
async fn a_new_file_is_a_new_tool_and_the_client_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let live = Live::of_folder(folder.path(), API).unwrap();
    let stop = CancellationToken::new();
    tokio::spawn({
        let (live, place, stop) = (live.clone(), folder.path().to_owned(), stop.clone());
        async move { live.follow(place, API.to_owned(), stop).await }
    });
    let url = serve_live(
        Fake::answering("Count", json!({ "data": { "count": 3 } })),
        live,
    )
    .await;
    let session = Session::open(&url, "reader").await;
    assert_eq!(names(&session.ask("tools/list", json!({})).await), [""; 0]);
    let mut news = session.listen().await;

    // There whole or not at all.
    let draft = folder.path().join("count.draft");
    fs::write(&draft, "query Count @mcpTool(name: \"count\") { count }").unwrap();
    fs::rename(&draft, draft.with_extension("graphql")).unwrap();
    let told = tokio::time::timeout(Duration::from_secs(20), async {
        let mut seen = String::new();
        while !seen.contains("notifications/tools/list_changed") {
            seen += &String::from_utf8_lossy(&news.chunk().await.unwrap().unwrap());
        }
    });
    told.await.unwrap();
    assert_eq!(
        names(&session.ask("tools/list", json!({})).await),
        ["count"]
    );
    assert_eq!(
        session.call("count", json!({})).await["structuredContent"],
        json!({ "value": 3 })
    );
    stop.cancel();
}
