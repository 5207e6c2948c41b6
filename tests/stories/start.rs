//! A start that fails says what is wrong and how to mend it; a stop loses nothing.

use crate::hub::{Hub, Placement};
use serde_json::{Value, json};
use std::process::Output;
use tokio::process::Command;

async fn djinn(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let run = Command::new(env!("CARGO_BIN_EXE_djinn"))
        .args(arguments)
        .env_clear()
        .envs(settings.iter().copied())
        .current_dir(std::env::temp_dir())
        .kill_on_drop(true)
        .output();
    tokio::time::timeout(std::time::Duration::from_mins(1), run)
        .await
        .expect("it ends")
        .unwrap()
}

/// Starts, expects a refusal, and returns what it said.
async fn refused(arguments: &[&str], settings: &[(&str, &str)]) -> String {
    let output = djinn(arguments, settings).await;
    assert!(!output.status.success(), "it started");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    said
}

fn data() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data").display().to_string();
    (folder, path)
}

#[tokio::test]
async fn a_port_in_use_says_so() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (_folder, data) = data();
    let said = refused(
        &["serve"],
        &[("WEB_PORT", &port), ("DJINN__DATA__DIR", &data)],
    )
    .await;
    assert!(
        said.contains(&format!("cannot listen on 127.0.0.1:{port}")) && said.contains("WEB_PORT"),
        "{said}"
    );
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_written_says_so() {
    // A file where the folder should be: nobody can write there, root neither.
    let file = tempfile::NamedTempFile::new().unwrap();
    let data = file.path().join("data").display().to_string();
    let said = refused(
        &["serve"],
        &[("WEB_PORT", "0"), ("DJINN__DATA__DIR", &data)],
    )
    .await;
    assert!(
        said.contains("cannot write to the data folder") && said.contains("data.dir"),
        "{said}"
    );
}

#[tokio::test]
async fn a_database_newer_than_the_binary_is_left_alone() {
    use sea_orm::ConnectionTrait;
    let database = djinn_testkit::database::TestDatabase::create().await;
    let newer =
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_from_the_future', 1)";
    database.db.write().execute_unprepared(newer).await.unwrap();
    let (_folder, data) = data();
    let said = refused(
        &["serve"],
        &[
            ("WEB_PORT", "0"),
            ("DATABASE_URL", &database.url),
            ("DJINN__DATA__DIR", &data),
        ],
    )
    .await;
    assert!(
        said.contains("newer than this binary")
            && said.contains("m9999_from_the_future")
            && said.contains("Nothing was changed"),
        "{said}"
    );
}

#[tokio::test]
async fn nonsense_placements_are_refused_with_a_hint() {
    let (_folder, data) = data();
    let elsewhere = ("DJINN__SUBGRAPHS__LIBRARY", "http://127.0.0.1:1");
    let said = refused(&["serve"], &[elsewhere, ("DJINN__DATA__DIR", &data)]).await;
    assert!(
        said.contains("`bus.url` is only for one") && said.contains("redis://"),
        "{said}"
    );
    let said = refused(
        &["serve"],
        &[
            elsewhere,
            ("REDIS_URL", "redis://127.0.0.1:1"),
            ("DJINN__DATA__DIR", &data),
        ],
    )
    .await;
    assert!(said.contains("`database.url` is only for one"), "{said}");
    let said = refused(
        &["serve", "--only", "libary"],
        &[("DJINN__DATA__DIR", &data)],
    )
    .await;
    assert!(said.contains("there is no subgraph `libary`"), "{said}");
    let off = [
        ("DJINN__AUTH__MODE", "off"),
        ("DJINN__SERVER__HOST", "0.0.0.0"),
        ("DJINN__DATA__DIR", &data),
        ("WEB_PORT", "0"),
    ];
    let said = refused(&["serve"], &off).await;
    assert!(
        said.contains("others can reach it") && said.contains("allow_off_on_network"),
        "{said}"
    );
}

#[tokio::test]
async fn a_typo_in_the_settings_is_refused_with_what_was_meant() {
    let said = refused(&["serve"], &[("DJINN__SERVER__PROT", "80")]).await;
    assert!(said.contains("did you mean `server.port`"), "{said}");
    let said = refused(&["serve"], &[("SECRET_KEY", "short")]).await;
    assert!(said.contains("fewer than 32 characters"), "{said}");
}

#[tokio::test]
async fn the_configuration_is_printed_without_its_secrets() {
    let settings = [
        ("SECRET_KEY", "canary-canary-canary-canary-canary"),
        ("STEAM_API_KEY", "canary-2"),
        ("WEB_PORT", "8123"),
    ];
    let output = djinn(&["--print-config"], &settings).await;
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && shown.contains("port = 8123") && !shown.contains("canary"),
        "{shown}"
    );
}

/// Whether `name`, for instance `server.port`, is in the description of all settings.
fn is_a_setting(name: &str) -> bool {
    let all: Value = serde_json::from_str(include_str!("../../schema/config.schema.json")).unwrap();
    let Some((section, key)) = name.split_once('.') else {
        return false;
    };
    all["properties"][section]["$ref"]
        .as_str()
        .and_then(|place| all.pointer(place.trim_start_matches('#')))
        .is_some_and(|section| section["properties"].get(key).is_some())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_source_or_platform_wants_set_is_a_setting_there_is() {
    assert!(is_a_setting("server.port") && !is_a_setting("metadata.igdb"));
    let none = [("DJINN__STEAM__STORE_PAGES", "false".to_owned())];
    let hub = Hub::start(Placement::One, &none).await;
    let owner = hub.owner().await;
    let asked = "{ platforms { id setupNeeded } sourceWork { sources { id setupNeeded } } }";
    let seen = owner.ask(asked, json!({})).await;
    let all = [&seen["platforms"], &seen["sourceWork"]["sources"]];
    let mut wanting = Vec::new();
    for one in all.into_iter().filter_map(Value::as_array).flatten() {
        let Some(words) = one["setupNeeded"].as_str() else {
            continue;
        };
        wanting.push(one["id"].as_str().unwrap());
        let names: Vec<_> = words
            .split_whitespace()
            .skip_while(|word| !word.eq_ignore_ascii_case("set"))
            .skip(1)
            .map_while(|word| match word.trim_end_matches([':', '.', ',']) {
                "and" => Some(None),
                name => name.contains('.').then_some(Some(name)),
            })
            .flatten()
            .collect();
        assert!(
            !names.is_empty() && names.iter().all(|name| is_a_setting(name)),
            "{words:?} names {names:?}"
        );
    }
    wanting.sort_unstable();
    assert_eq!(wanting, ["gog", "igdb", "rawg", "steam-store", "xbox"]);
}

#[tokio::test]
async fn the_doctor_finds_what_is_wrong_and_says_how_to_mend_it() {
    let (_folder, data) = data();
    let nowhere = [
        ("DJINN__STEAM__API_URL", "http://127.0.0.1:1"),
        ("DJINN__STEAM__STORE_URL", "http://127.0.0.1:1"),
    ];
    let mut settings = vec![("DJINN__DATA__DIR", data.as_str()), ("WEB_PORT", "0")];
    settings.extend(nowhere);
    let output = djinn(&["doctor"], &settings).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && said.contains("Nothing is in the way"),
        "{said}"
    );
    assert!(
        said.contains("note  steam store: http://127.0.0.1:1: cannot be reached"),
        "{said}"
    );
    settings.push(("REDIS_URL", "redis://127.0.0.1:1"));
    let output = djinn(&["doctor"], &settings).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        !output.status.success() && said.contains("BAD   bus and cache: cannot reach the bus"),
        "{said}"
    );
}

async fn a_hub_asked_to_stop_ends_in_time_and_healthcheck_tells(placement: Placement) {
    let mut hub = Hub::start(placement, &[]).await;
    let port = hub.url.rsplit(':').next().unwrap().to_owned();
    let healthy = djinn(&["healthcheck"], &[("WEB_PORT", &port)]).await;
    assert!(
        healthy.status.success(),
        "{}",
        String::from_utf8_lossy(&healthy.stderr)
    );
    let owner = hub.owner().await;
    assert_eq!(
        owner.ask("{ me { name } }", json!({})).await["me"]["name"],
        "Anna"
    );
    drop(owner);
    let ended = hub.terminate().await;
    assert!(ended.success(), "{ended}: {}", hub.log());
    let gone = djinn(&["healthcheck"], &[("WEB_PORT", &port)]).await;
    assert!(!gone.status.success());
}

async fn with_auth_off_everybody_is_the_owner(placement: Placement) {
    // The accounts must be in the router's process, so this one is for one process only.
    if placement == Placement::Many {
        return;
    }
    let hub = Hub::start(placement, &[("DJINN__AUTH__MODE", "off".to_owned())]).await;
    let me = hub
        .anonymous()
        .ask("{ me { name role } setup { authMode needed } }", json!({}))
        .await;
    assert_eq!(
        (&me["me"]["role"], &me["setup"]["authMode"]),
        (&json!("ADMIN"), &json!("OFF")),
        "{me}"
    );
}

crate::in_both_placements!(
    a_hub_asked_to_stop_ends_in_time_and_healthcheck_tells,
    with_auth_off_everybody_is_the_owner
);
