use crate::{
    client::{Reader, Session, http, messages, modern, text},
    fake::{API, Fake, Keys, serve_with},
};
use djinn_mcp::HttpConfig;
use djinn_operations::{Catalogue, Live};
use serde_json::{Value, json};
use std::sync::Arc;

const GIVE: &str = r#"# Gives a ware away.
mutation Give(
  $ware: ID!
  $to: Address! @mcpAsk(message: "Who gets ware {ware}?")
  $card: String @mcpAsk(of: MODEL, message: "Write a card for {to.name}.", maxTokens: 60)
) @mcpTool(name: "give") { give(ware: $ware, to: $to, card: $card) }"#;

async fn serve() -> (Arc<Fake>, String) {
    let fake = Fake::answering("Give", json!({ "data": { "give": "given" } }));
    let catalogue = Catalogue::load(&[("mcp/give.graphql", GIVE)], API);
    assert_eq!(catalogue.problems, []);
    let config = HttpConfig::sealed_by([7; 32]);
    let url = serve_with(fake.clone(), Live::fixed(catalogue), Arc::new(Keys), config).await;
    (fake, url)
}

#[tokio::test]
async fn a_session_is_asked_one_thing_after_the_other() {
    let (fake, url) = serve().await;
    let can = json!({ "elicitation": {}, "sampling": {} });
    let session = Session::open_as(&url, "reader", can).await;
    let call = json!({ "name": "give", "arguments": { "ware": "7" } });
    let (id, mut response) = session.begin("tools/call", call).await;
    let mut reader = Reader::default();
    let mut asked = Vec::new();
    let result = 'end: loop {
        for message in reader.take(&response.chunk().await.unwrap().unwrap()) {
            let answer = match message["method"].as_str() {
                Some("elicitation/create") => {
                    json!({ "action": "accept", "content": { "name": "Ada", "floor": 2 } })
                }
                Some("sampling/createMessage") => {
                    json!({ "role": "assistant", "model": "m", "content": { "type": "text", "text": "Dear Ada" } })
                }
                _ if message["id"] == id => break 'end message["result"].clone(),
                _ => continue,
            };
            asked.push(message["params"].clone());
            session
                .send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": answer }))
                .await;
        }
    };
    assert_eq!(
        result["structuredContent"],
        json!({ "value": "given" }),
        "{result}"
    );
    assert_eq!(asked[0]["message"], "Who gets ware 7?");
    assert_eq!(asked[0]["requestedSchema"]["required"], json!(["name"]));
    assert_eq!(
        asked[1]["messages"][0]["content"]["text"],
        "Write a card for Ada."
    );
    assert_eq!(
        fake.asked()[0].variables,
        json!({ "ware": "7", "to": { "name": "Ada", "floor": 2 }, "card": "Dear Ada" })
    );
}

async fn round(url: &str, capabilities: &Value, more: Value) -> Value {
    let mut params = json!({ "name": "give", "arguments": { "ware": "7" } });
    let fields = params.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    let request = modern(&http(), url, "tools/call", params, capabilities);
    let response = request.bearer_auth("reader").send().await.unwrap();
    messages(response).await.remove(0)
}

#[tokio::test]
async fn a_stateless_client_is_asked_in_rounds_and_its_earlier_answers_come_back_sealed() {
    let (fake, url) = serve().await;
    let can = json!({ "elicitation": {}, "sampling": {} });
    let first = round(&url, &can, json!({})).await["result"].take();
    assert_eq!(
        first["inputRequests"].as_object().unwrap().len(),
        1,
        "{first}"
    );
    let person = json!({ "to": { "action": "accept", "content": { "name": "Ada" } } });
    let answer = json!({ "inputResponses": person, "requestState": first["requestState"] });
    let second = round(&url, &can, answer).await["result"].take();
    let question = &second["inputRequests"]["card"]["params"]["messages"][0]["content"];
    assert_eq!(question["text"], "Write a card for Ada.", "{second}");
    let model = json!({ "card": { "role": "assistant", "model": "m", "content": { "type": "text", "text": "Dear Ada" } } });
    let state = second["requestState"].as_str().unwrap();
    let forged = json!({ "inputResponses": model, "requestState": format!("{state}x") });
    let forged = round(&url, &can, forged).await;
    assert_eq!(forged["error"]["code"], -32602, "{forged}");
    assert_eq!(fake.asked(), []);
    let done = round(
        &url,
        &can,
        json!({ "inputResponses": model, "requestState": state }),
    )
    .await;
    assert_eq!(
        done["result"]["structuredContent"]["value"], "given",
        "{done}"
    );
    assert_eq!(fake.asked()[0].variables["to"]["name"], "Ada");
}

#[tokio::test]
async fn an_answer_that_does_not_fit_the_form_is_asked_for_again() {
    let (fake, url) = serve().await;
    let can = json!({ "elicitation": {} });
    for answer in [
        json!(7),
        json!({ "action": "accept", "content": { "name": 3 } }),
        json!({ "action": "accept" }),
    ] {
        let again = round(&url, &can, json!({ "inputResponses": { "to": answer } })).await;
        assert_eq!(again["result"]["resultType"], "input_required", "{again}");
    }
    assert_eq!(fake.asked(), []);
}

#[tokio::test]
async fn what_a_client_cannot_be_asked_is_left_out_or_named_as_missing() {
    let (fake, url) = serve().await;
    let nothing = round(&url, &json!({}), json!({})).await;
    assert_eq!(nothing["error"]["code"], -32021, "{nothing}");
    assert_eq!(
        nothing["error"]["data"]["requiredCapabilities"],
        json!({ "elicitation": {} })
    );
    let person =
        json!({ "inputResponses": { "to": { "action": "accept", "content": { "name": "Ada" } } } });
    let done = round(&url, &json!({ "elicitation": {} }), person).await;
    assert_eq!(done["result"]["isError"], false, "{done}");
    assert_eq!(
        fake.asked()[0].variables,
        json!({ "ware": "7", "to": { "name": "Ada" } })
    );
    let declined = json!({ "inputResponses": { "to": { "action": "decline" } } });
    let declined = round(&url, &json!({ "elicitation": {} }), declined).await["result"].take();
    assert_eq!(
        text(&declined),
        "FORBIDDEN: the person did not agree; nothing was done"
    );
}
