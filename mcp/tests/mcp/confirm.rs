use crate::{
    client::{Reader, Session, http, messages, modern, text},
    fake::{API, Fake, serve, serve_live},
};
use djinn_operations::{Catalogue, Live};
use serde_json::{Value, json};
use std::sync::Arc;

fn removing() -> Arc<Fake> {
    Fake::answering(
        "Remove",
        json!({ "data": { "remove": { "ok": true, "problems": [] } } }),
    )
}

const QUESTION: &str = "Remove ware 1 for good?";

#[tokio::test]
async fn a_client_that_cannot_ask_must_say_that_the_person_agreed() {
    let fake = removing();
    let url = serve(fake.clone()).await;
    let session = Session::open(&url, "writer").await;
    let refused = session.call("remove", json!({ "id": "1" })).await;
    assert!(
        text(&refused).starts_with("INVALID_INPUT: /confirm: Remove ware 1 for good?"),
        "{}",
        text(&refused)
    );
    let no = session
        .call("remove", json!({ "id": "1", "confirm": false }))
        .await;
    assert_eq!(
        (no["isError"].as_bool(), fake.asked().len()),
        (Some(true), 0)
    );
    let done = session
        .call("remove", json!({ "id": "1", "confirm": true }))
        .await;
    assert_eq!(done["structuredContent"]["ok"], true);
    assert_eq!(fake.asked()[0].variables, json!({ "id": "1" }));
}

async fn answered(session: &Session, answer: Value) -> Value {
    let (id, mut response) = session
        .begin(
            "tools/call",
            json!({ "name": "remove", "arguments": { "id": "1", "confirm": true } }),
        )
        .await;
    let mut reader = Reader::default();
    loop {
        for message in reader.take(&response.chunk().await.unwrap().unwrap()) {
            if message["method"] == "elicitation/create" {
                assert_eq!(message["params"]["message"], QUESTION);
                session
                    .send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": answer }))
                    .await;
            } else if message["id"] == id {
                return message["result"].clone();
            }
        }
    }
}

#[tokio::test]
async fn a_session_that_can_ask_asks_whatever_the_model_claims() {
    let fake = removing();
    let url = serve(fake.clone()).await;
    let session = Session::open_as(&url, "writer", json!({ "elicitation": {} })).await;
    for no in [
        json!({ "action": "decline" }),
        json!({ "action": "accept", "content": { "confirm": false } }),
    ] {
        let result = answered(&session, no).await;
        assert_eq!(
            text(&result),
            "FORBIDDEN: the person did not agree; nothing was done"
        );
    }
    assert_eq!(fake.asked(), []);
    let yes = answered(
        &session,
        json!({ "action": "accept", "content": { "confirm": true } }),
    )
    .await;
    assert_eq!(yes["structuredContent"]["ok"], true);
}

#[tokio::test]
async fn a_stateless_client_is_asked_in_a_second_round_and_an_answer_to_another_question_does_not_count()
 {
    let fake = removing();
    let url = serve(fake.clone()).await;
    let http = http();
    let call = async |id: &str, more: Value| {
        let mut params = json!({ "name": "remove", "arguments": { "id": id } });
        params
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let request = modern(
            &http,
            &url,
            "tools/call",
            params,
            &json!({ "elicitation": { "form": {} } }),
        );
        messages(request.bearer_auth("writer").send().await.unwrap())
            .await
            .remove(0)
    };
    let asked = call("1", json!({})).await["result"].take();
    assert_eq!(asked["resultType"], "input_required");
    assert_eq!(
        asked["inputRequests"]["confirm"]["params"]["message"],
        QUESTION
    );
    let yes = json!({ "requestState": asked["requestState"],
        "inputResponses": { "confirm": { "action": "accept", "content": { "confirm": true } } } });
    let other = call("2", yes.clone()).await;
    assert_eq!(other["error"]["code"], -32602, "{other}");
    let mut forged = yes.clone();
    forged.as_object_mut().unwrap().remove("requestState");
    let forged = call("1", forged).await;
    assert_eq!(forged["result"]["resultType"], "input_required", "{forged}");
    let mut no = yes.clone();
    no["inputResponses"]["confirm"] = json!({ "action": "decline" });
    let no = call("1", no).await;
    assert_eq!(no["result"]["isError"], true, "{no}");
    assert_eq!(fake.asked(), []);
    let done = call("1", yes).await["result"].take();
    assert_eq!(
        (
            done["structuredContent"]["ok"].as_bool(),
            fake.asked().len()
        ),
        (Some(true), 1)
    );
}

const DISCARD: &str = r#"mutation Discard($id: ID!) @mcpTool(name: "discard", confirm: "Discard “{it.name}” for good?", confirmFrom: "ToDiscard") {
  remove(id: $id) { ok problems { code field message } }
}
query ToDiscard($id: ID!) { it: ware(id: $id) { name } }"#;

fn discarding(it: Value) -> (Arc<Fake>, Live) {
    let fake = Fake::answering("ToDiscard", json!({ "data": { "it": it } }));
    let done = json!({ "data": { "remove": { "ok": true, "problems": [] } } });
    let mut answers = fake.answers.lock().unwrap();
    answers.insert("Discard".to_owned(), done);
    drop(answers);
    let catalogue = Catalogue::load(&[("mcp/discard.graphql", DISCARD)], API);
    assert_eq!(catalogue.problems, []);
    (fake, Live::fixed(catalogue))
}

#[tokio::test]
async fn a_question_names_what_it_is_about_as_the_graph_does() {
    let (fake, live) = discarding(json!({ "name": "Tea" }));
    let url = serve_live(fake.clone(), live).await;
    let session = Session::open(&url, "writer").await;
    let asked = session.call("discard", json!({ "id": "1" })).await;
    let said = text(&asked);
    assert!(
        said.starts_with("INVALID_INPUT: /confirm: Discard “Tea” for good? "),
        "{said}"
    );
    // Whoever has asked already needs no names any more.
    let arguments = json!({ "id": "1", "confirm": true });
    let done = session.call("discard", arguments).await;
    assert_eq!(done["structuredContent"]["ok"], true);
    let names: Vec<String> = fake.asked().into_iter().map(|asked| asked.name).collect();
    assert_eq!(names, ["ToDiscard", "Discard"]);

    let http = http();
    let params = json!({ "name": "discard", "arguments": { "id": "1" } });
    let capable = json!({ "elicitation": { "form": {} } });
    let request = modern(&http, &url, "tools/call", params, &capable).bearer_auth("writer");
    let answer = messages(request.send().await.unwrap()).await.remove(0);
    assert_eq!(
        answer["result"]["inputRequests"]["confirm"]["params"]["message"],
        "Discard “Tea” for good?"
    );
}

#[tokio::test]
async fn nobody_is_asked_about_what_is_not_there() {
    let (fake, live) = discarding(Value::Null);
    let url = serve_live(fake.clone(), live).await;
    let session = Session::open(&url, "writer").await;
    let refused = session.call("discard", json!({ "id": "9" })).await;
    let said = text(&refused);
    assert!(
        said.starts_with("NOT_FOUND: ") && said.ends_with("(it.name)"),
        "{said}"
    );
    assert_eq!(fake.asked().len(), 1);
    let error = json!({ "data": null, "errors": [{ "message": "no id", "path": ["it"], "extensions": { "code": "INVALID_ID" } }] });
    fake.answers
        .lock()
        .unwrap()
        .insert("ToDiscard".to_owned(), error);
    let refused = session.call("discard", json!({ "id": "x" })).await;
    assert_eq!(text(&refused), "INVALID_ID: no id (it)");
}
