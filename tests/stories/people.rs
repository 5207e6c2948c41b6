//! Who else lives here, or does not: people whom the owner lets in.

use crate::hub::{Hub, PASSWORD, Person};
use serde_json::{Value, json};

/// A child of the household: nothing above TEEN, and nothing unrated.
pub async fn child<'h>(hub: &'h Hub, owner: &Person<'_>) -> Person<'h> {
    profile(hub, owner, json!({ "name": "Ben", "ceiling": "TEEN" })).await
}

/// A child of the household, as its guardian makes it.
pub async fn profile<'h>(hub: &'h Hub, owner: &Person<'_>, input: Value) -> Person<'h> {
    let made = owner
        .ask(
            "mutation($input: CreateProfileInput!) { createProfile(input: $input) { profile { id } problems { code } } }",
            json!({ "input": input }),
        )
        .await;
    let profile = &made["createProfile"]["profile"]["id"];
    let used = owner
        .ask(
            "mutation($id: ID!) { useProfile(profileId: $id) { tokens { accessToken refreshToken player { id } } problems { code } } }",
            json!({ "id": profile }),
        )
        .await;
    Person::new(hub, &used["useProfile"])
}

/// Another grown-up, with a household of their own.
pub async fn stranger<'h>(hub: &'h Hub, owner: &Person<'_>) -> Person<'h> {
    let made = owner
        .ask(
            "mutation { createInvite { code problems { code } } }",
            json!({}),
        )
        .await;
    let accepted = hub
        .anonymous()
        .ask(
            "mutation($input: AcceptInviteInput!) { acceptInvite(input: $input) { tokens { accessToken refreshToken player { id } } problems { code message } } }",
            json!({ "input": { "code": made["createInvite"]["code"], "name": "Otto", "password": PASSWORD } }),
        )
        .await;
    Person::new(hub, &accepted["acceptInvite"])
}
