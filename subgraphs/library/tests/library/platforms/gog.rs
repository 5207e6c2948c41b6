//! GOG.

use super::{
    super::stage::{Stage, whole_lists_only},
    bad_answers,
};
use djinn_library::{Config, GogConfig, SyncConfig};
use djinn_testkit::{
    gog::{CODE, Gog, NAME, Product, USER, product, routes},
    stand_in::Mood,
};
use serde_json::json;
use std::sync::Arc;

pub async fn stage() -> (Stage, Arc<Gog>) {
    stage_with(whole_lists_only()).await
}

pub async fn stage_with(sync: SyncConfig) -> (Stage, Arc<Gog>) {
    let of = |part: &str| format!("https://gog.test/{part}");
    let config = Config {
        gog: GogConfig {
            auth_base: of("auth"),
            embed_base: of("embed"),
            www_base: of("www"),
            ..GogConfig::default()
        },
        sync,
        ..Config::default()
    };
    let gog = Gog::new();
    let stage = Stage::of(config, routes(Arc::clone(&gog))).await;
    (stage, gog)
}

/// Two pages, a hidden game, a film, and one that was given back.
pub fn shelf() -> Vec<Product> {
    vec![
        product(1_207_658_930, "The Witcher", Some(600)),
        product(1_207_658_924, "Unreal Gold", None),
        product(1_207_659_029, "Gothic", Some(61)),
        product(1_207_658_957, "Fallout", None),
        Product {
            hidden: true,
            ..product(1_458_127_099, "Hatoful Boyfriend", Some(30))
        },
        Product {
            film: true,
            ..product(1_423_000_001, "A Film", None)
        },
        Product {
            returned: true,
            ..product(1_999_999_999, "Given Back", Some(45))
        },
    ]
}

#[tokio::test]
async fn gog_lists_every_page_hidden_games_and_what_was_played() {
    let (mut stage, gog) = stage().await;
    gog.has(shelf());
    stage.work();
    let address = format!("https://embed.gog.com/on_login_success?origin=client&code={CODE}");
    let linked = stage.try_link("gog", &[("code", &address)]).await;
    assert_eq!(
        (&linked["problems"], &linked["library"]["account"]),
        (&json!([]), &json!(USER))
    );
    let library = linked["library"]["id"].as_str().unwrap();
    let run = stage.settle(library).await;
    assert_eq!(
        (&run["state"], &run["added"]),
        (&json!("SUCCEEDED"), &json!(6))
    );
    let of = |title: &str, id: &str, holding: &str, minutes, day: &str| {
        (
            title.to_owned(),
            id.to_owned(),
            holding.to_owned(),
            minutes,
            day.to_owned(),
        )
    };
    assert_eq!(
        stage.copies().await,
        [
            of("Fallout", "1207658957", "OWNED", 0, "-"),
            of("Given Back", "1999999999", "PLAYED_ONLY", 45, "2025-11-10"),
            of("Gothic", "1207659029", "OWNED", 61, "2025-11-10"),
            of("Hatoful Boyfriend", "1458127099", "OWNED", 30, "2025-11-10"),
            of("The Witcher", "1207658930", "OWNED", 600, "2025-11-10"),
            of("Unreal Gold", "1207658924", "OWNED", 0, "-"),
        ],
        "films are no games"
    );
    let again = stage.sync_again(library).await;
    assert_eq!(
        (&again["added"], &again["updated"]),
        (&json!(0), &json!(0)),
        "nothing changed"
    );
}

#[tokio::test]
async fn without_a_label_a_gog_library_is_called_as_its_account() {
    let (stage, _) = stage().await;
    let input =
        json!({ "input": { "platform": "gog", "fields": [{ "name": "code", "value": CODE }] } });
    let linked = stage
        .hub
        .data(&stage.me, super::super::stage::LINK, input)
        .await;
    assert_eq!(linked["linkLibrary"]["library"]["label"], NAME);
}

#[tokio::test]
async fn a_private_profile_hides_play_times_and_takes_nothing_away() {
    let (mut stage, gog) = stage().await;
    gog.has(shelf());
    stage.work();
    let library = stage.linked("gog", &[("code", CODE)]).await;
    stage.settle(&library).await;
    gog.is_private(true);
    for _ in 0..2 {
        assert_eq!(stage.sync_again(&library).await["state"], "SUCCEEDED");
    }
    let copies = stage.copies().await;
    assert!(
        copies
            .iter()
            .any(|copy| copy.0 == "The Witcher" && copy.3 == 600)
    );
}

#[tokio::test]
async fn no_bad_answer_of_gog_loses_a_row() {
    let (mut stage, gog) = stage().await;
    gog.has(shelf());
    stage.work();
    let library = stage.linked("gog", &[("code", CODE)]).await;
    stage.settle(&library).await;
    let mut moods = bad_answers();
    moods.extend([
        (Mood::Page, "CREDENTIALS_REJECTED"),
        (Mood::Says(200, json!({ "products": [], "totalProducts": 3, "totalPages": 1, "page": 1 })), "PROVIDER_MALFORMED"),
        (Mood::Says(200, json!({ "products": [{ "id": 1, "title": "One" }], "totalProducts": 3, "totalPages": 1 })), "PROVIDER_MALFORMED"),
        (Mood::Says(200, json!({ "products": [{ "title": "no id" }], "totalProducts": 1, "totalPages": 1 })), "PROVIDER_MALFORMED"),
        (Mood::Says(200, json!({ "products": [], "totalProducts": 0, "totalPages": 5, "page": 4 })), "PROVIDER_MALFORMED"),
    ]);
    stage
        .survives(&library, &gog.temper, "products", &moods)
        .await;
    stage
        .survives(&library, &gog.temper, "stats", &bad_answers())
        .await;
}

#[tokio::test]
async fn an_empty_page_is_believed_only_if_the_other_list_is_empty_too() {
    let (mut stage, gog) = stage().await;
    let many = (1..=30).map(|n| product(n, &format!("Game {n:02}"), None));
    gog.has(many.collect());
    stage.work();
    let library = stage.linked("gog", &[("code", CODE)]).await;
    assert_eq!(stage.settle(&library).await["added"], 30);
    let nothing = json!({ "page": 1, "totalProducts": 0, "totalPages": 0, "products": [], "hasHiddenProducts": false });
    gog.temper.feel("products", [Mood::Says(200, nothing)]);
    stage.sync(&library, false).await;
    let run = stage.until_state(&library, "WAITING").await;
    assert_eq!(run["error"]["code"], "PROVIDER_MALFORMED");
}

#[tokio::test]
async fn a_gog_code_is_good_once() {
    let (stage, _) = stage().await;
    let refused = stage.refused("gog", &[("code", "old-code")]).await;
    assert_eq!(
        (&*refused.0, &*refused.1),
        ("CREDENTIALS_REJECTED", "input.fields.code")
    );
    let refused = stage.refused("gog", &[]).await;
    assert_eq!(
        (&*refused.0, &*refused.1),
        ("INVALID_INPUT", "input.fields.code")
    );
}
