//! PlayStation.

use super::{
    super::stage::{Stage, whole_lists_only},
    bad_answers,
};
use djinn_library::{Config, PlayStationConfig, SyncConfig};
use djinn_testkit::{
    psn::{ACCOUNT, Game, NPSSO, Psn, error, game, routes},
    stand_in::Mood,
};
use serde_json::json;
use std::sync::Arc;

pub async fn stage() -> (Stage, Arc<Psn>) {
    stage_with(whole_lists_only()).await
}

pub async fn stage_with(sync: SyncConfig) -> (Stage, Arc<Psn>) {
    let of = |part: &str| format!("https://psn.test/{part}");
    let config = Config {
        playstation: PlayStationConfig {
            account_base: of("account"),
            mobile_base: of("mobile"),
            web_base: of("web"),
            profile_base: of("profile"),
            ..PlayStationConfig::default()
        },
        sync,
        ..Config::default()
    };
    let psn = Psn::new();
    let stage = Stage::of(config, routes(Arc::clone(&psn))).await;
    (stage, psn)
}

pub fn shelf() -> Vec<Game> {
    vec![
        game("CUSA00900_00", "Bloodborne™", Some("PT40H30M59S")),
        game("PPSA01284_00", "Returnal™", None),
        Game {
            membership: Some("PS_PLUS"),
            played: Some(("PT2H", "ps_plus")),
            ..game("CUSA01433_00", "Rocket League®", None)
        },
        Game {
            membership: None,
            ..game("CUSA07408_00", "God of War", Some("P1DT1M"))
        },
        Game {
            membership: None,
            played: Some(("PT5M", "ps_plus")),
            ..game("CUSA05042_00", "Lapsed", None)
        },
        Game {
            membership: Some("PS_PLUS"),
            played: None,
            ..game("PPSA09999_00", "Never Started", None)
        },
    ]
}

#[tokio::test]
async fn playstation_lists_what_was_bought_lent_and_played() {
    let (mut stage, psn) = stage().await;
    psn.has(shelf());
    stage.work();
    let linked = stage
        .try_link(
            "playstation",
            &[("npsso", &format!("{{\"npsso\":\"{NPSSO}\"}}"))],
        )
        .await;
    assert_eq!(
        (&linked["problems"], &linked["library"]["account"]),
        (&json!([]), &json!(ACCOUNT))
    );
    let library = linked["library"]["id"].as_str().unwrap();
    let run = stage.settle(library).await;
    assert_eq!(
        (&run["state"], &run["added"]),
        (&json!("SUCCEEDED"), &json!(6)),
        "{run:#}"
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
            of(
                "Bloodborne™",
                "CUSA00900_00",
                "OWNED",
                40 * 60 + 30,
                "2025-08-03"
            ),
            of("God of War", "CUSA07408_00", "OWNED", 1_441, "2025-08-03"),
            of("Lapsed", "CUSA05042_00", "PLAYED_ONLY", 5, "2025-08-03"),
            of("Never Started", "PPSA09999_00", "SUBSCRIPTION", 0, "-"),
            of("Returnal™", "PPSA01284_00", "OWNED", 0, "-"),
            of(
                "Rocket League®",
                "CUSA01433_00",
                "SUBSCRIPTION",
                120,
                "2025-08-03"
            ),
        ]
    );
    assert_eq!(
        psn.temper.count("bought"),
        3,
        "two pages and the empty one behind them"
    );
    assert_eq!(psn.temper.count("played"), 2);
}

#[tokio::test]
async fn the_npsso_is_exchanged_once_and_kept_nowhere() {
    let (mut stage, psn) = stage().await;
    psn.has(shelf());
    stage.work();
    let library = stage.linked("playstation", &[("npsso", NPSSO)]).await;
    stage.settle(&library).await;
    let vault = &stage.hub.test.ports.vault;
    let household = super::super::stage::household_of(&stage.me);
    for secret in stage.secrets().await {
        let place = format!("{household}/playstation/{}/{library}", secret.field);
        let opened = vault.open(&secret.sealed, &place).unwrap();
        let opened = String::from_utf8(opened).unwrap();
        assert!(opened.contains("refresh-1"));
        assert!(!opened.contains(NPSSO));
    }
    assert!(
        stage
            .hub
            .test
            .http
            .asked()
            .iter()
            .all(|url| !url.contains(NPSSO))
    );
}

#[tokio::test]
async fn leaving_the_subscription_is_seen_and_what_was_played_stays() {
    let (mut stage, psn) = stage().await;
    psn.has(shelf());
    stage.work();
    let library = stage.linked("playstation", &[("npsso", NPSSO)]).await;
    stage.settle(&library).await;
    let mut left = shelf();
    for game in &mut left {
        if game.membership == Some("PS_PLUS") {
            game.membership = None;
        }
    }
    psn.has(left);
    assert_eq!(stage.sync_again(&library).await["removed"], 0);
    let held = stage.holdings().await;
    let is = |title: &str, holding: &str| held.contains(&(title.to_owned(), holding.to_owned()));
    assert!(is("Rocket League®", "PLAYED_ONLY"), "{held:?}");
    assert!(is("Never Started", "SUBSCRIPTION"), "gone once is not gone");
    assert_eq!(stage.sync_again(&library).await["removed"], 1);
    assert!(
        !stage
            .holdings()
            .await
            .iter()
            .any(|(title, _)| title == "Never Started")
    );
}

#[tokio::test]
async fn no_bad_answer_of_playstation_loses_a_row() {
    let (mut stage, psn) = stage().await;
    psn.has(shelf());
    stage.work();
    let library = stage.linked("playstation", &[("npsso", NPSSO)]).await;
    stage.settle(&library).await;
    let unknown_question = json!({ "errors": [{ "message": "PersistedQueryNotFound" }] });
    let mut moods = bad_answers();
    moods.extend([
        (Mood::Page, "PROVIDER_DOWN"),
        (
            Mood::Says(200, error(2_105_356, "User not found")),
            "PROVIDER_MALFORMED",
        ),
        (
            Mood::Says(200, error(2_240_513, "Not permitted by access control")),
            "PROFILE_PRIVATE",
        ),
        (Mood::Says(403, json!({})), "PROFILE_PRIVATE"),
        (Mood::Says(200, unknown_question), "PROVIDER_MALFORMED"),
        (
            Mood::Says(200, json!({ "data": { "purchasedTitlesRetrieve": null } })),
            "PROVIDER_MALFORMED",
        ),
    ]);
    stage
        .survives(&library, &psn.temper, "bought", &moods)
        .await;
    let mut moods = bad_answers();
    moods.push((
        Mood::Says(
            200,
            json!({ "titles": [], "nextOffset": null, "totalItemCount": 4 }),
        ),
        "PROVIDER_MALFORMED",
    ));
    stage
        .survives(&library, &psn.temper, "played", &moods)
        .await;
}

#[tokio::test]
async fn an_npsso_that_is_none_or_dead_is_named() {
    let (stage, psn) = stage().await;
    let dead = "x".repeat(64);
    for (typed, code) in [("short", "INVALID_INPUT"), (&*dead, "CREDENTIALS_REJECTED")] {
        let refused = stage.refused("playstation", &[("npsso", typed)]).await;
        assert_eq!(
            (&*refused.0, &*refused.1),
            (code, "input.fields.npsso"),
            "{typed}"
        );
    }
    // With status 200.
    psn.temper.feel(
        "profile",
        [Mood::Says(200, error(2_105_356, "User not found"))],
    );
    assert_eq!(
        stage.refused("playstation", &[("npsso", NPSSO)]).await.0,
        "PROVIDER_MALFORMED"
    );
    assert!(stage.secrets().await.is_empty());
}

#[tokio::test]
async fn trophies_are_listed_with_rarity_and_hidden_ones_keep_their_secret() {
    let (stage, psn) = stage().await;
    psn.has(shelf());
    stage.linked("playstation", &[("npsso", NPSSO)]).await;
    let trophies = stage
        .achievements("playstation", "CUSA00900_00")
        .await
        .unwrap();
    assert_eq!(trophies.len(), 3);
    let first = &trophies[0];
    assert_eq!(
        (first.unlocked, first.rarity_percent, first.points),
        (true, Some(8.5), Some(15))
    );
    assert_eq!(
        first.unlocked_at.unwrap().to_rfc3339(),
        "2023-04-05T06:07:08+00:00"
    );
    let hidden = &trophies[2];
    assert_eq!(
        (&*hidden.name, hidden.hidden, &hidden.description),
        ("Hidden trophy", true, &None)
    );
    assert!(
        stage
            .achievements("playstation", "CUSA99999_00")
            .await
            .is_none()
    );
}
