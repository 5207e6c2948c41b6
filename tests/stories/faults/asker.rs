//! Somebody who asks from a task of their own, while the story does something to the hub.

use crate::hub::{Hub, Person};
use serde_json::{Value, json};

/// All clients of a story come from one address and sign in as one person, so the limits on those
/// are lifted.
pub fn without_rate_limits() -> Vec<(&'static str, String)> {
    [
        ("DJINN__LIMITS__REQUESTS_PER_SECOND", "0"),
        ("DJINN__LIMITS__CONNECTIONS_PER_ADDRESS", "0"),
        ("DJINN__LIMITS__SOCKETS_PER_CALLER", "5000"),
        ("DJINN__LIMITS__SOCKETS_PER_ADDRESS", "5000"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

/// Whoever asks from another task, for as long as the hub runs.
#[derive(Clone)]
pub struct Asker {
    http: reqwest::Client,
    pub url: String,
    pub token: String,
}

impl Asker {
    /// As `person`.
    pub fn of(hub: &Hub, person: &Person<'_>) -> Self {
        Self {
            http: hub.http.clone(),
            url: hub.url.clone(),
            token: person.token.clone().unwrap(),
        }
    }

    /// The whole answer.
    pub async fn ask(&self, query: &str, variables: Value) -> Value {
        let request = self.http.post(format!("{}/graphql", self.url));
        let request = request
            .bearer_auth(&self.token)
            .json(&json!({ "query": query, "variables": variables }));
        request.send().await.unwrap().json().await.unwrap()
    }
}
