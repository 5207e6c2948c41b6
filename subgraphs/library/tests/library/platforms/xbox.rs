//! Xbox.

use super::{
    super::stage::{Stage, whole_lists_only},
    bad_answers,
};
use chrono::TimeDelta;
use djinn_library::{Config, XboxConfig};
use djinn_testkit::{
    stand_in::Mood,
    xbox::{CODE, Title, XUID, Xbox, enough, routes, title},
};
use serde_json::json;
use std::sync::Arc;

pub fn config() -> Config {
    let of = |part: &str| format!("https://xbox.test/{part}");
    Config {
        xbox: XboxConfig {
            client_id: Some("an-app".to_owned()),
            login_base: of("login"),
            user_base: of("user"),
            xsts_base: of("xsts"),
            titlehub_base: of("titlehub/"),
            userstats_base: of("userstats"),
            achievements_base: of("achievements"),
            ..XboxConfig::default()
        },
        sync: whole_lists_only(),
        ..Config::default()
    }
}

pub async fn stage() -> (Stage, Arc<Xbox>) {
    let xbox = Xbox::new();
    let stage = Stage::of(config(), routes(Arc::clone(&xbox))).await;
    (stage, xbox)
}

pub fn history() -> Vec<Title> {
    vec![
        title(219_630_713, "Halo 5: Guardians", 1_234),
        Title {
            lent: true,
            ..title(1_717_113_201, "Sea of Thieves", 90)
        },
        Title {
            minutes: None,
            old: true,
            ..title(1_297_290_392, "Hexic HD", 0)
        },
        Title {
            app: true,
            ..title(327_370_029, "Netflix", 9_999)
        },
    ]
}

#[tokio::test]
async fn an_xbox_is_linked_with_the_address_after_the_sign_in_and_synced() {
    let (mut stage, xbox) = stage().await;
    xbox.played(history());
    stage.work();
    let address = format!("https://login.live.com/oauth20_desktop.srf?code={CODE}-1&lc=1031");
    let linked = stage.try_link("xbox", &[("code", &address)]).await;
    assert_eq!(linked["problems"], json!([]), "{linked:#}");
    assert_eq!(linked["library"]["account"], XUID);
    let library = linked["library"]["id"].as_str().unwrap();
    assert_eq!(stage.settle(library).await["state"], "SUCCEEDED");
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
            of(
                "Halo 5: Guardians",
                "219630713",
                "PLAYED_ONLY",
                1_234,
                "2025-11-01"
            ),
            of("Hexic HD", "1297290392", "PLAYED_ONLY", 0, "2025-11-03"),
            of(
                "Sea of Thieves",
                "1717113201",
                "SUBSCRIPTION",
                90,
                "2025-11-02"
            ),
        ],
        "apps are no games"
    );
    let secrets = stage.secrets().await;
    assert_eq!(secrets.len(), 1, "all tokens of a login are one secret");
    for word in ["access-1", "refresh-1", "ticket-1", CODE] {
        assert!(!String::from_utf8_lossy(&secrets[0].sealed).contains(word));
    }
    assert_eq!(
        xbox.logins.handed_out(),
        1,
        "nothing was refreshed without need"
    );
}

#[tokio::test]
async fn a_title_that_leaves_the_game_pass_stays_as_played() {
    let (mut stage, xbox) = stage().await;
    xbox.played(history());
    stage.work();
    let library = stage.linked("xbox", &[("code", CODE)]).await;
    stage.settle(&library).await;
    let mut later = history();
    later[1].lent = false;
    xbox.played(later);
    let run = stage.sync_again(&library).await;
    assert_eq!(
        (&run["added"], &run["updated"], &run["removed"]),
        (&json!(0), &json!(1), &json!(0))
    );
    assert!(
        stage
            .holdings()
            .await
            .contains(&("Sea of Thieves".to_owned(), "PLAYED_ONLY".to_owned()))
    );

    let mut gone = history();
    gone.remove(0);
    xbox.played(gone);
    assert_eq!(
        stage.sync_again(&library).await["removed"],
        0,
        "once is not enough"
    );
    assert_eq!(stage.sync_again(&library).await["removed"], 1);
}

#[tokio::test]
async fn no_bad_answer_of_xbox_loses_a_row() {
    let (mut stage, xbox) = stage().await;
    xbox.played(history());
    stage.work();
    let library = stage.linked("xbox", &[("code", CODE)]).await;
    stage.settle(&library).await;
    let mut moods = bad_answers();
    moods.extend([
        (Mood::Page, "PROVIDER_DOWN"),
        (
            Mood::Says(403, json!({ "code": 3, "description": "denied" })),
            "PROFILE_PRIVATE",
        ),
        (Mood::Says(429, enough(120)), "PROVIDER_RATE_LIMITED"),
        (
            Mood::Says(200, json!({ "xuid": "1", "titles": [] })),
            "PROVIDER_MALFORMED",
        ),
        (
            Mood::Says(200, json!({ "xuid": XUID, "titles": null })),
            "PROVIDER_MALFORMED",
        ),
        (
            Mood::Says(
                200,
                json!({ "xuid": XUID, "titles": [{ "name": "no id" }] }),
            ),
            "PROVIDER_MALFORMED",
        ),
    ]);
    stage
        .survives(&library, &xbox.temper, "history", &moods)
        .await;
    stage
        .survives(&library, &xbox.temper, "stats", &bad_answers())
        .await;
}

#[tokio::test]
async fn hidden_statistics_leave_the_games_and_known_minutes() {
    let (mut stage, xbox) = stage().await;
    xbox.played(history());
    stage.work();
    let library = stage.linked("xbox", &[("code", CODE)]).await;
    stage.settle(&library).await;
    let before = stage.copies().await;
    xbox.temper.feel("stats", [Mood::Says(403, json!({}))]);
    assert_eq!(stage.sync_again(&library).await["state"], "SUCCEEDED");
    assert_eq!(stage.copies().await, before);
}

#[tokio::test]
async fn an_account_that_xbox_does_not_let_in_is_told_what_to_do() {
    let (stage, xbox) = stage().await;
    for (n, (error, words)) in [
        (2_148_916_233, "no Xbox profile"),
        (2_148_916_235, "country"),
        (2_148_916_236, "age"),
        (2_148_916_237, "age"),
        (2_148_916_238, "family group"),
        (2_148_916_299, "xbox.com"),
    ]
    .into_iter()
    .enumerate()
    {
        xbox.refuses(Some(error));
        let code = format!("{CODE}-{n}");
        let (code, _, message) = stage.refused("xbox", &[("code", &code)]).await;
        assert_eq!(code, "ACCOUNT_RESTRICTED");
        assert!(message.contains(words), "{error}: {message}");
    }
    assert!(stage.secrets().await.is_empty());
}

#[tokio::test]
async fn a_code_that_is_spent_or_none_is_named_and_nothing_is_stored() {
    let (stage, _) = stage().await;
    for (typed, code) in [
        (
            "https://login.live.com/oauth20_desktop.srf?error=access_denied",
            "INVALID_INPUT",
        ),
        ("two words", "INVALID_INPUT"),
        ("another-code", "CREDENTIALS_REJECTED"),
    ] {
        let refused = stage.refused("xbox", &[("code", typed)]).await;
        assert_eq!(
            (&*refused.0, &*refused.1),
            (code, "input.fields.code"),
            "{typed}"
        );
    }
    stage.linked("xbox", &[("code", CODE)]).await;
    assert_eq!(
        stage.refused("xbox", &[("code", CODE)]).await.0,
        "CREDENTIALS_REJECTED"
    );
    let again = format!("{CODE}-2");
    assert_eq!(
        stage.refused("xbox", &[("code", &again)]).await.0,
        "ALREADY_LINKED"
    );
    assert_eq!(stage.secrets().await.len(), 1);
}

#[tokio::test]
async fn without_an_app_of_the_owner_nobody_can_link_and_the_form_says_so() {
    let xbox = Xbox::new();
    let stage = Stage::of(Config::default(), routes(xbox)).await;
    let query = "{ platforms { id authorizeUrl setupNeeded } }";
    let platforms = stage.hub.data(&stage.me, query, json!({})).await;
    let platforms = platforms["platforms"].as_array().unwrap();
    let of = |id: &str| {
        platforms
            .iter()
            .find(|platform| platform["id"] == id)
            .unwrap()
    };
    assert_eq!(of("xbox")["authorizeUrl"], json!(null));
    assert!(
        of("xbox")["setupNeeded"]
            .as_str()
            .unwrap()
            .contains("xbox.client_id")
    );
    for other in ["gog", "epic", "playstation"] {
        assert!(
            of(other)["authorizeUrl"]
                .as_str()
                .unwrap()
                .starts_with("https://")
        );
        assert_eq!(of(other)["setupNeeded"], json!(null));
    }
    let refused = stage.refused("xbox", &[("code", CODE)]).await;
    assert_eq!(refused.0, "PLATFORM_NOT_READY");
    assert!(refused.2.contains("xbox.client_id"));
}

#[tokio::test]
async fn a_large_history_asks_for_minutes_a_hundred_titles_at_a_time() {
    let (mut stage, xbox) = stage().await;
    let many = (1..=250).map(|n| title(n, &format!("Game {n:03}"), n as u32));
    xbox.played(many.collect());
    stage.work();
    let library = stage.linked("xbox", &[("code", CODE)]).await;
    assert_eq!(stage.settle(&library).await["added"], 250);
    let asked = xbox.temper.asked();
    let stats: Vec<&String> = asked
        .iter()
        .filter(|one| one.starts_with("stats"))
        .collect();
    assert_eq!(stats, ["stats 100", "stats 100", "stats 50"]);
    assert_eq!(stage.shelf().await[249], ("Game 250".to_owned(), 250));
}

#[tokio::test]
async fn the_title_hub_is_never_asked_more_often_than_its_own_windows_allow() {
    let (mut stage, xbox) = stage().await;
    xbox.played(history());
    stage.work();
    let library = stage.linked("xbox", &[("code", CODE)]).await;
    stage.settle(&library).await;
    for _ in 0..40 {
        stage.sync(&library, true).await;
        let run = stage
            .until(&library, |run| {
                run["state"] == "WAITING"
                    || run["state"] == "SUCCEEDED"
                    || run["stage"] == "ENRICHING"
            })
            .await;
        if run["state"] == "WAITING" {
            assert_eq!(run["error"]["code"], "PROVIDER_RATE_LIMITED");
            assert_eq!(run["attempt"], 0, "our own budget is no failed try");
            assert_eq!(
                xbox.temper.count("history"),
                10,
                "ten in fifteen seconds, all of them"
            );
            stage.later(TimeDelta::seconds(17));
            assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
            return;
        }
    }
    panic!("the budget was never spent");
}

#[tokio::test]
async fn achievements_of_both_generations_are_listed_page_by_page() {
    let (stage, xbox) = stage().await;
    xbox.played(history());
    stage.linked("xbox", &[("code", CODE)]).await;
    let today = stage.achievements("xbox", "219630713").await.unwrap();
    assert_eq!(today.len(), 3, "on two pages");
    assert_eq!(
        (today[0].unlocked, today[0].points, today[0].rarity_percent),
        (true, Some(10), Some(4.5))
    );
    assert_eq!(today[0].description.as_deref(), Some("Did it."));
    assert_eq!(
        today[0].unlocked_at.unwrap().to_rfc3339(),
        "2025-10-26T18:11:03.668950+00:00"
    );
    assert!(
        today[0]
            .icon_url
            .as_deref()
            .unwrap()
            .starts_with("https://")
    );
    assert_eq!((today[1].unlocked, today[1].unlocked_at), (false, None));
    assert_eq!(today[1].description.as_deref(), Some("Do it."));
    assert_eq!((today[2].hidden, &today[2].description), (true, &None));

    let old = stage.achievements("xbox", "1297290392").await.unwrap();
    assert_eq!(old.len(), 3);
    assert_eq!(
        old[0].unlocked_at.unwrap().to_rfc3339(),
        "2014-04-12T14:05:02+00:00"
    );
    assert_eq!(
        (old[1].unlocked, old[1].unlocked_at, old[1].points),
        (false, None, Some(15))
    );

    assert!(
        stage.achievements("xbox", "327370029").await.is_none(),
        "an app has none"
    );
    xbox.expire_tickets();
    assert!(
        stage.achievements("xbox", "219630713").await.is_some(),
        "with a new ticket"
    );
}
