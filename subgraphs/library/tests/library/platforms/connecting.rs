//! Linking an account tries the credentials first: whatever bad answer comes on the way, nothing is
//! stored, and a person is told which kind of trouble it is.

use super::{super::stage::Stage, epic, gog, playstation, xbox};
use chrono::TimeDelta;
use djinn_library::account::entity::account;
use djinn_testkit::{
    epic::CODE as EPIC_CODE,
    gog::CODE as GOG_CODE,
    psn::NPSSO,
    stand_in::{Mood, Temper},
    xbox::CODE as XBOX_CODE,
};
use sea_orm::EntityTrait;
use serde_json::json;

/// The field of the form, and what is typed into it the n-th time.
type Code = (&'static str, fn(usize) -> String);

/// Tries to link with each bad answer at each step of the way, then with none. `code` is good once,
/// so each try brings its own.
async fn links_on_good_answers_only(
    stage: &Stage,
    (platform, temper): (&str, &Temper),
    (field, code): Code,
    steps: &[&'static str],
) {
    let mut tries = 0;
    for step in steps {
        for (mood, expected) in [
            (Mood::Down, "PROVIDER_DOWN"),
            (Mood::Truncated, "PROVIDER_MALFORMED"),
            (Mood::Null, "PROVIDER_MALFORMED"),
            (Mood::TooMany(Some(60)), "PROVIDER_RATE_LIMITED"),
            (Mood::TooMany(None), "PROVIDER_RATE_LIMITED"),
            (Mood::Says(200, json!({})), "PROVIDER_MALFORMED"),
            (Mood::Says(500, json!({ "a": 1 })), "PROVIDER_DOWN"),
        ] {
            tries += 1;
            temper.calm();
            temper.feel(step, [mood.clone()]);
            let refused = stage.refused(platform, &[(field, &code(tries))]).await;
            assert_eq!(
                refused.0, expected,
                "{platform} {step} {mood:?} {refused:?}"
            );
            // A page where JSON should be is the platform's trouble or its sign-in, never a login.
            tries += 1;
            temper.calm();
            temper.feel(step, [Mood::Page]);
            stage.later(TimeDelta::minutes(11));
            stage.refused(platform, &[(field, &code(tries))]).await;
            assert!(stage.secrets().await.is_empty(), "{platform} {step}");
            let db = stage.hub.test.ports.db.read();
            assert_eq!(account::Entity::find().all(db).await.unwrap(), []);
        }
    }
    temper.calm();
    stage.linked(platform, &[(field, &code(tries + 1))]).await;
    assert!(!stage.secrets().await.is_empty());
}

#[tokio::test]
async fn a_gog_account_is_linked_on_good_answers_only() {
    let (stage, gog) = gog::stage().await;
    let code: Code = ("code", |n| format!("{GOG_CODE}-{n}"));
    let door = ("gog", &gog.temper);
    links_on_good_answers_only(&stage, door, code, &["token", "user"]).await;
}

#[tokio::test]
async fn an_epic_account_is_linked_on_good_answers_only() {
    let (stage, epic) = epic::stage().await;
    let code: Code = ("code", |n| format!("{EPIC_CODE}{n:016x}"));
    let door = ("epic", &epic.temper);
    links_on_good_answers_only(&stage, door, code, &["token", "items"]).await;
}

#[tokio::test]
async fn a_playstation_account_is_linked_on_good_answers_only() {
    let (stage, psn) = playstation::stage().await;
    let npsso: Code = ("npsso", |_| NPSSO.to_owned());
    let door = ("playstation", &psn.temper);
    links_on_good_answers_only(&stage, door, npsso, &["token", "profile"]).await;
}

#[tokio::test]
async fn an_xbox_account_is_linked_on_good_answers_only() {
    let (stage, xbox) = xbox::stage().await;
    let code: Code = ("code", |n| format!("{XBOX_CODE}-{n}"));
    let door = ("xbox", &xbox.temper);
    let steps = ["token", "user", "xsts", "history"];
    links_on_good_answers_only(&stage, door, code, &steps).await;
}
