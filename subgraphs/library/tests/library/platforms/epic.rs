//! Epic Games.

use super::{super::stage::Stage, bad_answers};
use djinn_library::{Config, EpicConfig};
use djinn_testkit::{
    epic::{ACCOUNT, CODE, Epic, Item, Kind, error, item, routes},
    stand_in::Mood,
};
use serde_json::json;
use std::sync::Arc;

pub async fn stage() -> (Stage, Arc<Epic>) {
    let of = |part: &str| format!("https://epic.test/{part}");
    let config = Config {
        epic: EpicConfig {
            account_base: of("account"),
            library_base: of("library"),
            catalog_base: of("catalog"),
            ..EpicConfig::default()
        },
        ..Config::default()
    };
    let epic = Epic::new();
    let stage = Stage::of(config, routes(Arc::clone(&epic))).await;
    (stage, epic)
}

fn shelf() -> Vec<Item> {
    let of = |app: &str, title: &str, kind| Item {
        kind,
        ..item(app, title, 0)
    };
    vec![
        item("Grouse", "Hatoful Boyfriend", 7_260),
        item("Sugar", "Rocket League®", 0),
        of("GrouseDlc", "Holiday Star", Kind::Addition),
        of("UE_4.27", "Unreal Engine", Kind::Engine),
        of("Secret", "A Test", Kind::Private),
        of("Island", "Grounded Island", Kind::Launchable),
        of("Lost", "Nobody Knows", Kind::Forgotten),
    ]
}

#[tokio::test]
async fn epic_lists_every_page_with_titles_and_leaves_out_what_is_no_game() {
    let (mut stage, epic) = stage().await;
    epic.has(shelf());
    stage.work();
    let page = json!({ "redirectUrl": "https://localhost/launcher/authorized?code=x", "authorizationCode": CODE, "sid": null });
    let linked = stage.try_link("epic", &[("code", &page.to_string())]).await;
    assert_eq!(
        (&linked["problems"], &linked["library"]["account"]),
        (&json!([]), &json!(ACCOUNT))
    );
    let library = linked["library"]["id"].as_str().unwrap();
    assert_eq!(stage.settle(library).await["state"], "SUCCEEDED");
    let of = |title: &str, id: &str, minutes| {
        (
            title.to_owned(),
            id.to_owned(),
            "OWNED".to_owned(),
            minutes,
            "-".to_owned(),
        )
    };
    assert_eq!(
        stage.copies().await,
        [
            of("Epic Games Store Lost", "Lost", 0),
            of("Grounded Island", "Island", 0),
            of("Hatoful Boyfriend", "Grouse", 121),
            of("Rocket League®", "Sugar", 0),
        ]
    );
    let asked = epic.temper.count("catalogue");
    stage.sync_again(library).await;
    assert_eq!(
        epic.temper.count("catalogue"),
        asked + 1,
        "only what nobody knew is asked again"
    );
}

#[tokio::test]
async fn no_bad_answer_of_epic_loses_a_row() {
    let (mut stage, epic) = stage().await;
    epic.has(shelf());
    stage.work();
    let library = stage.linked("epic", &[("code", CODE)]).await;
    stage.settle(&library).await;
    let throttled = error(
        "errors.com.epicgames.common.throttled",
        "Operation access is limited by throttling policy",
        1041,
    );
    let mut moods = bad_answers();
    moods.extend([
        (Mood::Page, "PROVIDER_DOWN"),
        (Mood::Says(400, throttled), "PROVIDER_RATE_LIMITED"),
        (
            Mood::Says(
                200,
                error("errors.com.epicgames.common.server_error", "Sorry", 1000),
            ),
            "PROVIDER_MALFORMED",
        ),
        (
            Mood::Says(200, json!({ "records": [] })),
            "PROVIDER_MALFORMED",
        ),
    ]);
    stage
        .survives(&library, &epic.temper, "items", &moods)
        .await;
    let mut moods = bad_answers();
    moods.push((
        Mood::Says(200, json!({ "playtime": [] })),
        "PROVIDER_MALFORMED",
    ));
    stage
        .survives(&library, &epic.temper, "playtime", &moods)
        .await;
}

#[tokio::test]
async fn a_game_that_is_gone_is_removed_after_two_whole_lists() {
    let (mut stage, epic) = stage().await;
    epic.has(shelf());
    stage.work();
    let library = stage.linked("epic", &[("code", CODE)]).await;
    stage.settle(&library).await;
    epic.has(shelf().split_off(1));
    assert_eq!(stage.sync_again(&library).await["removed"], 0);
    // A list that breaks off after its first page confirms nothing.
    epic.temper
        .feel("playtime", [Mood::Says(200, json!([])), Mood::Down]);
    stage.sync(&library, false).await;
    stage.until_state(&library, "WAITING").await;
    assert_eq!(stage.copies().await.len(), 4);
    stage.later(chrono::TimeDelta::minutes(31));
    assert_eq!(stage.settle(&library).await["removed"], 1);
}

#[tokio::test]
async fn an_epic_account_that_has_to_accept_something_is_told_so() {
    let (stage, epic) = stage().await;
    let mut policy = error(
        "errors.com.epicgames.oauth.corrective_action_required",
        "Corrective action is required to continue.",
        18206,
    );
    policy["correctiveAction"] = json!("PRIVACY_POLICY_ACCEPTANCE");
    epic.temper.feel("token", [Mood::Says(400, policy)]);
    let refused = stage.refused("epic", &[("code", CODE)]).await;
    assert_eq!(refused.0, "ACCOUNT_RESTRICTED");
    assert!(refused.2.contains("privacy policy"), "{}", refused.2);
    let refused = stage
        .refused("epic", &[("code", "ffffffffffffffffffffffffffffffff")])
        .await;
    assert_eq!(
        (&*refused.0, &*refused.1),
        ("CREDENTIALS_REJECTED", "input.fields.code")
    );
}

#[tokio::test]
async fn a_library_of_hundreds_goes_on_page_by_page_and_over_a_kill() {
    let (mut stage, epic) = stage().await;
    let many = (0..40).map(|n| item(&format!("App{n:02}"), &format!("Game {n:02}"), 60 * n));
    epic.has(many.collect());
    let library = stage.linked("epic", &[("code", CODE)]).await;
    epic.temper.feel("catalogue", []);
    stage.work();
    for _ in 0..15_000 {
        if epic.temper.count("catalogue") > 10 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    stage.kill().await;
    let asked = epic.temper.count("catalogue");
    assert!(asked > 10);
    stage.work();
    stage.later(chrono::TimeDelta::seconds(46));
    let run = stage.settle(&library).await;
    assert_eq!(
        (&run["state"], &run["added"]),
        (&json!("SUCCEEDED"), &json!(40))
    );
    let shelf = stage.shelf().await;
    assert_eq!((shelf.len(), &shelf[39]), (40, &("Game 39".to_owned(), 39)));
    assert!(
        epic.temper.count("catalogue") <= 41,
        "no page but the last was asked for again"
    );
}
