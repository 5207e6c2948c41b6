//! Linking and unlinking accounts.

use super::stage::{ACCOUNT, KEY, LINK, Stage, many, owned};
use djinn_kernel::{
    Clock, Esrb, Scope,
    event::{HoldingChanged, LibraryForgotten},
};
use djinn_library::{
    Config, Library, SteamConfig,
    account::{
        entity::{account, secret},
        store,
    },
};
use djinn_subgraph_kit::http::NoAnswer;
use djinn_testkit::{
    http::{html, json as answer},
    viewers::{child, key, player},
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

fn problem(linked: &Value) -> (&str, &str) {
    assert_eq!(linked["library"], Value::Null, "{linked:#}");
    let problem = &linked["problems"][0];
    (
        problem["code"].as_str().unwrap(),
        problem["field"].as_str().unwrap_or("-"),
    )
}

#[tokio::test]
async fn a_linked_account_shows_everything_but_its_key() {
    let stage = Stage::set().await;
    let linked = stage
        .try_link(
            "steam",
            &[
                ("apiKey", KEY),
                ("account", "https://steamcommunity.com/id/gabe/"),
            ],
        )
        .await;
    assert_eq!(
        linked["library"],
        json!({
            "id": linked["library"]["id"], "label": "Mine", "account": ACCOUNT, "connected": true, "gamesCount": 0,
            "platform": { "id": "steam", "name": "Steam" },
            "lastSync": { "state": "QUEUED", "stage": "LISTING" }, "lastError": null,
        })
    );
    let sealed = secret::Entity::find()
        .all(stage.hub.test.ports.db.read())
        .await
        .unwrap();
    assert_eq!(sealed.len(), 1);
    assert!(!String::from_utf8_lossy(&sealed[0].sealed).contains(KEY));
    let place = |library| {
        format!(
            "{}/steam/apiKey/{library}",
            super::stage::household_of(&stage.me)
        )
    };
    let vault = &stage.hub.test.ports.vault;
    assert_eq!(
        vault
            .open(&sealed[0].sealed, &place(sealed[0].library_id))
            .unwrap(),
        KEY.as_bytes()
    );
    assert!(
        vault
            .open(&sealed[0].sealed, &place(uuid::Uuid::nil()))
            .is_err(),
        "a swapped row opens nothing"
    );
}

#[tokio::test]
async fn without_a_label_a_library_is_called_as_its_account() {
    let stage = Stage::set().await;
    let fields =
        json!([{ "name": "apiKey", "value": KEY }, { "name": "account", "value": "gabe" }]);
    let input = json!({ "input": { "platform": "steam", "fields": fields } });
    let linked = stage.hub.data(&stage.me, LINK, input).await;
    assert_eq!(linked["linkLibrary"]["library"]["label"], "Gabe");
}

#[tokio::test]
async fn every_mistake_in_the_form_is_named() {
    let stage = Stage::set().await;
    let good = ("account", ACCOUNT);
    for (platform, fields, want) in [
        ("n64", vec![], ("PLATFORM_UNKNOWN", "input.platform")),
        (
            "steam",
            vec![good],
            ("INVALID_INPUT", "input.fields.apiKey"),
        ),
        (
            "steam",
            vec![("apiKey", "short"), good],
            ("INVALID_INPUT", "input.fields.apiKey"),
        ),
        (
            "steam",
            vec![("apiKey", KEY)],
            ("INVALID_INPUT", "input.fields.account"),
        ),
        (
            "steam",
            vec![("apiKey", KEY), ("account", "no such/name")],
            ("INVALID_INPUT", "input.fields.account"),
        ),
        (
            "steam",
            vec![("apiKey", KEY), good, ("pin", "1")],
            ("INVALID_INPUT", "input.fields.pin"),
        ),
        (
            "steam",
            vec![("apiKey", KEY), ("apiKey", KEY), good],
            ("INVALID_INPUT", "input.fields.apiKey"),
        ),
        (
            "steam",
            vec![("apiKey", KEY), ("account", "nobody")],
            ("ACCOUNT_NOT_FOUND", "input.fields.account"),
        ),
        (
            "steam",
            vec![("apiKey", KEY), ("account", "76561190000000000")],
            ("ACCOUNT_NOT_FOUND", "input.fields.account"),
        ),
        (
            "steam",
            vec![("apiKey", "ffffffffffffffffffffffffffffffff"), good],
            ("CREDENTIALS_REJECTED", "input.fields.apiKey"),
        ),
    ] {
        let linked = stage.try_link(platform, &fields).await;
        assert_eq!(problem(&linked), want, "{linked:#}");
    }
    let libraries = stage
        .hub
        .data(&stage.me, "{ libraries { totalCount } }", json!({}))
        .await;
    assert_eq!(libraries["libraries"]["totalCount"], 0);
}

#[tokio::test]
async fn a_platform_that_is_down_or_torn_says_so_and_nothing_is_stored() {
    let stage = Stage::set().await;
    let fields = [("apiKey", KEY), ("account", ACCOUNT)];
    let http = &stage.hub.test.http;
    http.answer(|_| html(503, "<h1>Tuesday</h1>"));
    assert_eq!(
        problem(&stage.try_link("steam", &fields).await).0,
        "PROVIDER_DOWN"
    );
    http.answer(|_| Err(NoAnswer::Timeout));
    assert_eq!(
        problem(&stage.try_link("steam", &fields).await).0,
        "PROVIDER_DOWN"
    );
    http.answer(|_| answer(200, "{\"response\": {\"pla"));
    assert_eq!(
        problem(&stage.try_link("steam", &fields).await).0,
        "PROVIDER_MALFORMED"
    );
    http.answer(|_| answer(429, ""));
    assert_eq!(
        problem(&stage.try_link("steam", &fields).await).0,
        "PROVIDER_RATE_LIMITED"
    );
    assert!(
        secret::Entity::find()
            .all(stage.hub.test.ports.db.read())
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn one_household_links_an_account_once_and_another_may_too() {
    let mut stage = Stage::set().await;
    stage.link().await;
    let again = stage
        .try_link("steam", &[("apiKey", KEY), ("account", "gabe")])
        .await;
    assert_eq!(problem(&again).0, "ALREADY_LINKED");
    stage.me = player(2);
    stage.link().await;
}

#[tokio::test]
async fn a_shelf_whose_name_is_taken_is_refused_by_that_name() {
    let stage = Stage::set().await;
    let document = "mutation($label: String!) { linkLibrary(input: { platform: \"manual\", label: $label }) { library { id } problems { code field message } } }";
    let ask = async |label: &str| {
        let data = stage
            .hub
            .data(&stage.me, document, json!({ "label": label }))
            .await;
        data["linkLibrary"]["problems"].clone()
    };
    assert_eq!(ask("Attic").await, json!([]));
    assert_eq!(
        ask("attic").await,
        json!([{
            "code": "ALREADY_LINKED", "field": "input.label",
            "message": "you have a shelf called `Attic` already; give this one another name",
        }])
    );
    assert_eq!(ask("Cellar").await, json!([]));
}

#[tokio::test]
async fn a_household_sees_only_its_own_and_a_child_reads_without_changing() {
    let (mut stage, library) = Stage::synced(many(3)).await;
    let guardian = stage.me.clone();
    let get = "query($id: ID!) { library(id: $id) { id gamesCount lastSync { currentTitle } } libraries { nodes { id } totalCount } }";
    let seen = stage
        .hub
        .data(&child(9, 1, Esrb::Everyone), get, json!({ "id": library }))
        .await;
    assert_eq!(seen["libraries"]["totalCount"], 1);
    assert_eq!(
        seen["library"]["gamesCount"], 0,
        "unrated games are hidden, in counts too"
    );

    let seen = stage
        .hub
        .data(&player(2), get, json!({ "id": library }))
        .await;
    assert_eq!(
        seen,
        json!({ "library": null, "libraries": { "nodes": [], "totalCount": 0 } })
    );

    let players = "query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Player { libraries { id } } ... on PlatformLibrary { id label } } }";
    let of_one = json!({ "ids": [{ "__typename": "Player", "id": super::stage::household_of(&guardian) }, { "__typename": "PlatformLibrary", "id": library }] });
    let mine = stage.hub.data(&guardian, players, of_one.clone()).await;
    assert_eq!(
        mine["_entities"],
        json!([{ "libraries": [{ "id": library }] }, { "id": library, "label": "Mine" }])
    );
    let theirs = stage.hub.data(&player(2), players, of_one).await;
    assert_eq!(theirs["_entities"], json!([{ "libraries": [] }, null]));

    stage.me = player(2);
    assert_eq!(
        stage.sync(&library, false).await["problems"][0]["code"],
        "NOT_FOUND"
    );
    let unlink = "mutation($id: ID!) { unlinkLibrary(id: $id) { ok problems { code } } }";
    let refused = stage
        .hub
        .refusal(
            &child(9, 1, Esrb::Everyone),
            unlink,
            json!({ "id": library }),
        )
        .await;
    assert_eq!(refused.0, "FORBIDDEN");
    let refused = stage
        .hub
        .refusal(
            &key(1, &[Scope::ReadLibrary]),
            unlink,
            json!({ "id": library }),
        )
        .await;
    assert_eq!(refused.0, "FORBIDDEN");
    let refused = stage
        .hub
        .refusal(
            &djinn_kernel::Viewer::Anonymous,
            unlink,
            json!({ "id": library }),
        )
        .await;
    assert_eq!(refused.0, "UNAUTHENTICATED");
}

#[tokio::test]
async fn unlinking_destroys_the_key_and_removes_the_copies() {
    let (stage, library) = Stage::synced(vec![
        owned(70, "Half-Life", 87),
        owned(220, "Half-Life 2", 0),
    ])
    .await;
    stage.hub.test.take_events().await;
    let unlink = "mutation($id: ID!) { unlinkLibrary(id: $id) { ok problems { code } } }";
    let done = stage
        .hub
        .data(&stage.me, unlink, json!({ "id": library }))
        .await;
    assert_eq!(done["unlinkLibrary"], json!({ "ok": true, "problems": [] }));

    assert!(
        secret::Entity::find()
            .all(stage.hub.test.ports.db.read())
            .await
            .unwrap()
            .is_empty()
    );
    assert!(stage.shelf().await.is_empty());
    let events = stage.hub.test.take_events().await;
    let gone: Vec<HoldingChanged> = events
        .iter()
        .filter_map(djinn_kernel::Event::read)
        .collect();
    assert_eq!(gone.iter().filter(|holding| !holding.held).count(), 2);
    let forgotten: Vec<LibraryForgotten> = events
        .iter()
        .filter_map(djinn_kernel::Event::read)
        .collect();
    let kept: Vec<bool> = forgotten.iter().map(|gone| gone.kept).collect();
    assert_eq!(kept, [true, true], "it may come back");
    // Before anything that is found when it does, however long removing its copies takes.
    assert!(events[0].read::<LibraryForgotten>().is_some());

    let again = stage
        .hub
        .data(&stage.me, unlink, json!({ "id": library }))
        .await;
    assert_eq!(again["unlinkLibrary"]["problems"][0]["code"], "NOT_FOUND");
    stage.link().await;
}

#[tokio::test]
async fn unlinking_that_was_cut_off_is_finished_by_the_worker() {
    let (stage, library) = Stage::synced(many(700)).await;
    stage.hub.test.take_events().await;
    // What a crash right after the first step leaves.
    let db = &stage.hub.test.ports.db;
    let txn = db.begin().await.unwrap();
    let id = library.parse().unwrap();
    let household = super::stage::household_of(&stage.me);
    assert!(
        store::forget(&txn, household, id, stage.hub.test.clock.now())
            .await
            .unwrap()
    );
    txn.commit().await.unwrap();
    let libraries = stage
        .hub
        .data(&stage.me, "{ libraries { totalCount } }", json!({}))
        .await;
    assert_eq!(
        libraries["libraries"]["totalCount"], 0,
        "it is gone at once"
    );

    stage.wake();
    for _ in 0..1_500 {
        if stage.shelf().await.is_empty()
            && account::Entity::find()
                .all(db.read())
                .await
                .unwrap()
                .is_empty()
        {
            let events = stage.hub.test.take_events().await;
            let forgotten = events
                .iter()
                .filter_map(djinn_kernel::Event::read::<LibraryForgotten>);
            assert_eq!(forgotten.count(), 1);
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it was never finished");
}

#[tokio::test]
async fn an_owner_with_a_key_spares_everybody_theirs() {
    let mut stage = Stage::set().await;
    let steam = SteamConfig {
        api_key: Some(KEY.to_owned()),
        ..SteamConfig::default()
    };
    stage.hub.parts = Library::assemble(
        stage.hub.test.ports.clone(),
        Config {
            steam,
            ..Config::default()
        },
    );
    let linked = stage.try_link("steam", &[("account", ACCOUNT)]).await;
    assert_eq!(linked["problems"], json!([]), "{linked:#}");
    assert!(
        secret::Entity::find()
            .all(stage.hub.test.ports.db.read())
            .await
            .unwrap()
            .is_empty()
    );
    let platforms = stage
        .hub
        .data(
            &stage.me,
            "{ platforms { connectFields { name required } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        platforms["platforms"][0]["connectFields"][0],
        json!({ "name": "apiKey", "required": false })
    );
}

#[tokio::test]
async fn platforms_say_what_their_form_needs() {
    let stage = Stage::set().await;
    let query = "{ platforms { id kind canSync connectFields { name kind secret required pattern } limits { requests seconds } } }";
    let platforms = stage.hub.data(&stage.me, query, json!({})).await;
    let code = |name: &str| json!([{ "name": name, "kind": "TEXT", "secret": true, "required": true, "pattern": null }]);
    let limits = |windows: &[(u32, u32)]| -> Vec<Value> {
        let window =
            |(requests, seconds): &(u32, u32)| json!({ "requests": requests, "seconds": seconds });
        windows.iter().map(window).collect()
    };
    assert_eq!(
        platforms["platforms"],
        json!([
            { "id": "steam", "kind": "STORE", "canSync": true,
              "connectFields": [
                { "name": "apiKey", "kind": "TEXT", "secret": true, "required": true, "pattern": "^[0-9A-Fa-f]{32}$" },
                { "name": "account", "kind": "TEXT", "secret": false, "required": true, "pattern": null },
                { "name": "accessToken", "kind": "TEXT", "secret": true, "required": false, "pattern": null },
                { "name": "wishlist", "kind": "SWITCH", "secret": false, "required": false, "pattern": null },
              ],
              "limits": limits(&[(100, 300), (100_000, 86_400)]) },
            { "id": "xbox", "kind": "STORE", "canSync": true, "connectFields": code("code"),
              "limits": limits(&[(300, 60), (3_000, 3_600)]) },
            { "id": "playstation", "kind": "STORE", "canSync": true, "connectFields": code("npsso"),
              "limits": limits(&[(300, 900)]) },
            { "id": "gog", "kind": "STORE", "canSync": true, "connectFields": code("code"),
              "limits": limits(&[(60, 60), (600, 3_600)]) },
            { "id": "epic", "kind": "STORE", "canSync": true, "connectFields": code("code"),
              "limits": limits(&[(120, 60), (2_000, 3_600)]) },
            { "id": "manual", "kind": "MANUAL", "canSync": false, "connectFields": [], "limits": [] },
        ])
    );
}

#[tokio::test]
async fn the_schema_has_a_subscription_root_and_every_word_of_it_is_described() {
    let stage = Stage::set().await;
    let sdl = &stage.hub.parts.sdl;
    assert!(sdl.contains("type Subscription {\n"), "{sdl}");
    let mut in_words = false;
    for (n, line) in sdl.lines().enumerate() {
        if line.trim() == "\"\"\"" {
            in_words = !in_words;
        }
        if in_words {
            continue;
        }
        let named = line
            .trim_start()
            .starts_with(|c: char| c.is_ascii_lowercase())
            && line.contains(": ");
        let fields_only = named
            && line.starts_with('\t')
            && !line.contains('@')
            && !line.contains("import:")
            && !line.contains("url:");
        let before = sdl.lines().nth(n.saturating_sub(1)).unwrap_or_default();
        assert!(
            !fields_only || before.trim().ends_with("\"\"\""),
            "not described: {line}"
        );
    }
}
