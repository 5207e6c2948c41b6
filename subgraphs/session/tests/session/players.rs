use crate::hub::{Hub, codes};
use djinn_kernel::{Esrb, Role, Scope, Unrated, Viewer};
use djinn_testkit::viewers;
use serde_json::{Value, json};

const ENTITIES: &str =
    "query($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on Player { id name role createdAt family { ceiling unrated } profiles { name } } } }";

fn player(id: impl ToString) -> Value {
    json!({ "__typename": "Player", "id": id.to_string() })
}

#[tokio::test]
async fn one_missing_player_nulls_only_itself() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let me = ann.identity().unwrap().player;
    let asked = json!({ "representations": [player(me), player(viewers::player_id(404)), player("nonsense"), player(me)] });
    let answer = hub.ask(&ann, ENTITIES, asked).await;
    let found = &answer["data"]["_entities"];
    assert_eq!(found[0]["name"], json!("Ann"));
    assert_eq!(found[1], Value::Null);
    assert_eq!(found[2], Value::Null);
    assert_eq!(found[3]["name"], json!("Ann"));
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
    assert_eq!(
        answer["errors"][0]["extensions"]["code"],
        json!("INVALID_ID")
    );
}

#[tokio::test]
async fn others_see_a_players_name_but_not_their_family() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let kid = hub.profile(&ann, "Kid").await;
    let child = hub.child(&ann, "Other kid").await;
    let stranger = viewers::player(1);
    let asked =
        json!({ "representations": [player(&kid), player(ann.identity().unwrap().player)] });

    let seen = hub.data(&ann, ENTITIES, asked.clone()).await["_entities"].take();
    assert_eq!(
        seen[0]["family"],
        json!({ "ceiling": "TEEN", "unrated": "HIDE" })
    );
    assert_eq!(seen[0]["profiles"], json!([]));
    assert_eq!(
        seen[1]["profiles"],
        json!([{ "name": "Kid" }, { "name": "Other kid" }])
    );
    for viewer in [child, stranger] {
        let seen = hub.data(&viewer, ENTITIES, asked.clone()).await["_entities"].take();
        assert_eq!(seen[0]["name"], json!("Kid"));
        assert_eq!(seen[0]["role"], json!("CHILD"));
        assert_eq!(seen[0]["family"], Value::Null);
        assert_eq!(seen[1]["profiles"], json!([]));
    }
    let answer = hub.ask(&Viewer::Anonymous, ENTITIES, asked).await;
    assert_eq!(answer["data"]["_entities"], json!([null, null]));
    assert_eq!(
        answer["errors"][0]["extensions"]["code"],
        json!("UNAUTHENTICATED")
    );
}

#[tokio::test]
async fn me_is_who_is_asking() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let me = "{ me { name role family { ceiling } } myScopes }";
    assert_eq!(
        hub.data(&Viewer::Anonymous, me, json!({})).await,
        json!({ "me": null, "myScopes": [] })
    );
    assert_eq!(
        hub.data(&ann, me, json!({})).await["me"],
        json!({ "name": "Ann", "role": "ADMIN", "family": null })
    );
    let kid = hub.child(&ann, "Kid").await;
    assert_eq!(
        hub.data(&kid, me, json!({})).await,
        json!({
            "me": { "name": "Kid", "role": "CHILD", "family": { "ceiling": "TEEN" } },
            "myScopes": ["READ_LIBRARY", "READ_PLAY", "WRITE_PLAY"],
        })
    );
}

#[tokio::test]
async fn a_childs_ceiling_is_in_every_answer_about_its_credential_and_changes_at_once() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let kid = hub.profile(&ann, "Kid").await;
    let tokens = hub.use_profile(&ann, &kid).await;
    assert_eq!(
        tokens["player"]["family"],
        json!({ "ceiling": "TEEN", "unrated": "HIDE" })
    );
    let Viewer::Known(child) = hub.viewer(&tokens).await else {
        panic!("nobody")
    };
    assert_eq!(child.role, Role::Child);
    assert!(!child.scopes.contains(&Scope::WriteLibrary));
    assert_eq!(Some(child.household), ann.identity().map(|ann| ann.player));
    assert_eq!(
        child.family.map(|family| (family.ceiling, family.unrated)),
        Some((Esrb::Teen, Unrated::Hide))
    );

    let update = "mutation($input: UpdateProfileInput!) { updateProfile(input: $input) {
        profile { name family { ceiling unrated } } problems { code field } } }";
    let input = json!({ "input": { "id": kid, "ceiling": "EVERYONE_10", "unrated": "SHOW" } });
    let changed = hub.data(&ann, update, input).await["updateProfile"]["profile"].take();
    assert_eq!(
        changed,
        json!({ "name": "Kid", "family": { "ceiling": "EVERYONE_10", "unrated": "SHOW" } })
    );
    let Viewer::Known(child) = hub.viewer(&tokens).await else {
        panic!("nobody")
    };
    assert_eq!(
        child.family.map(|family| (family.ceiling, family.unrated)),
        Some((Esrb::Everyone10, Unrated::Show))
    );

    // No child raises its own ceiling, and nobody else's guardian does.
    let input = json!({ "input": { "id": kid, "ceiling": "ADULTS_ONLY" } });
    assert_eq!(
        hub.error(&Viewer::Known(child), update, input.clone())
            .await,
        "FORBIDDEN"
    );
    let stranger = hub.data(&viewers::player(1), update, input).await["updateProfile"].take();
    assert_eq!(codes(&stranger), ["NOT_FOUND"]);
}

#[tokio::test]
async fn a_household_has_at_most_twenty_profiles_of_different_names() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let create =
        "mutation($name: String!) { createProfile(input: { name: $name, ceiling: EVERYONE }) {
        profile { id } problems { code field } } }";
    for n in 0..20 {
        hub.profile(&ann, &format!("Kid {n}")).await;
    }
    let full = hub.data(&ann, create, json!({ "name": "Kid 20" })).await["createProfile"].take();
    assert_eq!(codes(&full), ["LIMIT_EXCEEDED"]);
    let update = "mutation($input: UpdateProfileInput!) { updateProfile(input: $input) {
        profile { name } problems { code field } } }";
    let me = hub
        .data(&ann, "{ me { profiles { id name } } }", json!({}))
        .await["me"]["profiles"]
        .take();
    let input = json!({ "input": { "id": me[0]["id"], "name": "KID 1" } });
    let taken = hub.data(&ann, update, input).await["updateProfile"].take();
    assert_eq!(
        taken["problems"],
        json!([{ "code": "NAME_TAKEN", "field": "input.name" }])
    );
    let input = json!({ "input": { "id": me[0]["id"], "name": "KID 0" } });
    assert_eq!(
        hub.data(&ann, update, input).await["updateProfile"]["profile"]["name"],
        json!("KID 0")
    );
}
