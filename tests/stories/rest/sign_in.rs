//! Invitations, passwords and keys, by REST.

use super::{Caller, anna, open, read};
use crate::hub::{PASSWORD, Placement};
use reqwest::Method;
use serde_json::json;

async fn an_invited_grown_up_joins_without_a_credential(placement: Placement) {
    let hub = open(placement).await;
    let anna = anna(&hub).await;
    let invite = async || {
        let query = "mutation { createInvite { code problems { code message } } }";
        let made = anna.post("/graphql", json!({ "query": query })).await;
        let code = made.body["data"]["createInvite"]["code"].clone();
        assert!(code.is_string(), "{}", made.body);
        code
    };
    let nobody = Caller {
        hub: &hub,
        token: None,
    };
    let code = invite().await;
    let otto =
        json!({ "code": code, "name": "Otto", "password": PASSWORD, "device": "his laptop" });
    let joined = nobody.post("/auth/invite", otto.clone()).await;
    assert_eq!(joined.status, 201, "{}", joined.body);
    let otto_now = Caller {
        hub: &hub,
        token: joined.body["accessToken"].as_str().map(str::to_owned),
    };
    assert_eq!(otto_now.get("/api/me").await.body["name"], "Otto");
    // It works once.
    let again = nobody.post("/auth/invite", otto).await;
    assert!((400..500).contains(&again.status), "{}", again.body);
    assert!(!again.problem().is_empty());

    // Where people have a login that is over, it keeps none of them out.
    let input = json!({ "code": invite().await, "name": "Uma", "password": PASSWORD });
    let over = Caller {
        hub: &hub,
        token: Some("over".to_owned()),
    };
    let joined = over.post("/auth/invite", input).await;
    assert_eq!(joined.status, 201, "{}", joined.body);

    // By its name it is a trusted document, too.
    let variables = json!({ "code": invite().await, "name": "Ida", "password": PASSWORD });
    let named = json!({ "documentId": "rest.auth-invite", "variables": variables });
    let joined = nobody.post("/graphql", named).await;
    let ida = &joined.body["data"]["acceptInvite"]["tokens"]["player"];
    assert_eq!(ida["name"], "Ida", "{}", joined.body);
}

async fn whoever_guesses_passwords_is_told_when_to_come_back(placement: Placement) {
    let hub = open(placement).await;
    let nobody = Caller {
        hub: &hub,
        token: None,
    };
    let guess = json!({ "name": "Anna", "password": "guessed, and wrongly" });
    for _ in 0..20 {
        let refused = nobody.post("/auth/login", guess.clone()).await;
        if refused.status == 429 {
            assert_eq!(refused.problem(), "RATE_LIMITED");
            let seconds = refused.header("retry-after").parse::<u64>().unwrap();
            assert!((1..=3600).contains(&seconds), "{seconds}");
            let detail = refused.body["detail"].as_str().unwrap();
            assert!(detail.contains(&seconds.to_string()), "{detail}");
            return;
        }
        assert_eq!(refused.problem(), "CREDENTIALS_REJECTED");
    }
    panic!("guesses are not counted");
}

async fn a_key_that_may_only_read_reads(placement: Placement) {
    let hub = open(placement).await;
    let anna = anna(&hub).await;
    let made = anna
        .post(
            "/api/keys",
            json!({ "name": "panel", "scopes": ["READ_LIBRARY"] }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    let key = made.body["secret"].as_str().unwrap();
    for header in ["authorization", "x-api-key"] {
        let value = if header == "authorization" {
            format!("Bearer {key}")
        } else {
            key.to_owned()
        };
        let nobody = Caller {
            hub: &hub,
            token: None,
        };
        let stats = read(
            nobody
                .request(Method::GET, "/api/stats")
                .header(header, &value),
        )
        .await;
        assert_eq!(
            (stats.status, &stats.body["games"]),
            (200, &json!(0)),
            "{header}"
        );
        let changes = nobody
            .request(Method::POST, "/api/rooms")
            .header(header, &value)
            .json(&json!({ "name": "x" }));
        let refused = read(changes).await;
        assert_eq!(
            (refused.status, refused.problem()),
            (403, "FORBIDDEN"),
            "{header}"
        );
    }
    let id = made.body["apiKey"]["id"].as_str().unwrap();
    let revoked = read(anna.request(Method::DELETE, &format!("/api/keys/{id}"))).await;
    assert_eq!(revoked.status, 204);
}

crate::in_both_placements!(
    an_invited_grown_up_joins_without_a_credential,
    whoever_guesses_passwords_is_told_when_to_come_back,
    a_key_that_may_only_read_reads,
);
