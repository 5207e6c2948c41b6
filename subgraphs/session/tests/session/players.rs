use crate::hub::{Hub, codes};
use djinn_kernel::{Esrb, Role, Scope, Unrated, Viewer};
use djinn_testkit::viewers;
use sea_orm::ConnectionTrait;
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
        Some((Esrb::Teen.into(), Unrated::Hide))
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
        Some((Esrb::Everyone10.into(), Unrated::Show))
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
async fn a_guardian_sets_a_limit_by_the_board_they_know() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let create = "mutation($input: CreateProfileInput!) { createProfile(input: $input) {
        profile { id family { ceiling limit { board level label } unrated } } problems { code field message } } }";
    let limit = |board: &str, level: &str| json!({ "board": board, "level": level });
    let input = json!({ "input": { "name": "Kid", "limit": limit("USK", "12") } });
    let made = hub.data(&ann, create, input).await["createProfile"]["profile"].take();
    assert_eq!(
        made["family"],
        json!({ "ceiling": "EVERYONE_10", "limit": { "board": "USK", "level": "12", "label": "USK 12" }, "unrated": "HIDE" })
    );
    let tokens = hub.use_profile(&ann, made["id"].as_str().unwrap()).await;
    let ceiling = async || {
        let Viewer::Known(child) = hub.viewer(&tokens).await else {
            panic!("nobody")
        };
        child.family.map(|family| family.ceiling.to_string())
    };
    assert_eq!(ceiling().await.as_deref(), Some("USK 12"));

    let update = "mutation($input: UpdateProfileInput!) { updateProfile(input: $input) {
        profile { family { limit { label } } } problems { code field message } } }";
    for (change, label) in [
        (json!({ "limit": limit("PEGI", "16") }), "PEGI 16"),
        (json!({ "unrated": "SHOW" }), "PEGI 16"),
        // Somebody who knows no other board writes back what it read.
        (json!({ "ceiling": "TEEN", "unrated": "HIDE" }), "PEGI 16"),
        (json!({ "ceiling": "EVERYONE_10" }), "ESRB E10+"),
        (
            json!({ "limit": limit("CLASS_IND", " 14 ") }),
            "ClassInd 14",
        ),
        (json!({ "limit": limit("ESRB", "TEEN") }), "ESRB T"),
        (json!({ "ceiling": "MATURE" }), "ESRB M"),
    ] {
        let mut input = change;
        input["id"] = made["id"].clone();
        let told = hub.data(&ann, update, json!({ "input": input })).await;
        let told = &told["updateProfile"]["profile"]["family"]["limit"]["label"];
        assert_eq!(*told, json!(label));
        assert_eq!(ceiling().await.as_deref(), Some(label));
    }

    for (input, field, message) in [
        (
            json!({ "name": "Two", "limit": limit("USK", "13") }),
            "input.limit.level",
            "the levels of USK are 0, 6, 12, 16, 18",
        ),
        (
            json!({ "name": "Two" }),
            "input.limit",
            "up to where? Give `limit`, or `ceiling` for a rating of the ESRB",
        ),
        (
            json!({ "name": "Two", "ceiling": "TEEN", "limit": limit("USK", "12") }),
            "input.limit",
            "a profile has one limit: give `limit` or `ceiling`, not both",
        ),
    ] {
        let refused = hub.data(&ann, create, json!({ "input": input })).await;
        assert_eq!(
            refused["createProfile"]["problems"],
            json!([{ "code": "INVALID_INPUT", "field": field, "message": message }])
        );
    }
}

#[tokio::test]
async fn a_limit_of_a_version_that_is_not_this_one_shows_least() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let kid = hub.profile(&ann, "Kid").await;
    let tokens = hub.use_profile(&ann, &kid).await;
    for (stored, shown) in [
        (3, "ESRB T"),
        (34, "USK 12"),
        (999, "ESRB EC"),
        (-7, "ESRB EC"),
    ] {
        let db = hub.world.ports.db.write();
        db.execute_unprepared(&format!(
            "UPDATE session_player SET ceiling = {stored} WHERE role = 'child'"
        ))
        .await
        .unwrap();
        let Viewer::Known(child) = hub.viewer(&tokens).await else {
            panic!("nobody")
        };
        let ceiling = child.family.map(|family| family.ceiling.to_string());
        assert_eq!(ceiling.as_deref(), Some(shown), "{stored}");
    }
}

#[tokio::test]
async fn every_level_that_is_listed_can_be_set() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let kid = hub.profile(&ann, "Kid").await;
    let list = "{ ratingScales { board name levels } }";
    let scales = hub.data(&Viewer::Anonymous, list, json!({})).await["ratingScales"].take();
    assert_eq!(
        scales[2],
        json!({ "board": "USK", "name": "USK", "levels": ["0", "6", "12", "16", "18"] })
    );
    let update = "mutation($input: UpdateProfileInput!) { updateProfile(input: $input) {
        profile { family { limit { board level } } } problems { code } } }";
    for scale in scales.as_array().unwrap() {
        for level in scale["levels"].as_array().unwrap() {
            let limit = json!({ "board": scale["board"], "level": level });
            let input = json!({ "input": { "id": kid, "limit": limit } });
            let told = hub.data(&ann, update, input).await["updateProfile"].take();
            assert_eq!(told["profile"]["family"]["limit"], limit, "{told}");
        }
    }
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
