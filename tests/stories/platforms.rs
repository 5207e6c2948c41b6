//! What a person sees of a platform beyond the list: achievements with rarity, the family's games,
//! wishes.

use crate::hub::{Hub, Placement};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use djinn_testkit::steam::{ACCOUNT, KEY, Steam};
use serde_json::{Value, json};
use std::sync::Arc;

const LINK: &str = "mutation($input: LinkLibraryInput!) { linkLibrary(input: $input) { library { id } problems { code field message } } }";
const SEEN: &str = "{ libraries { nodes { lastSync { state } } }
    games(first: 20, filter: { kinds: [GAME, DLC, DEMO, EXTRA, TOOL] }) { nodes { title copies { holding storeId }
        achievements(first: 5) { unlocked total nodes { name description hidden unlocked unlockedAt rarityPercent } } } } }";

/// An access token as Steam gives one to its own pages, good for some years.
fn token() -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims =
        json!({ "iss": "steam", "sub": ACCOUNT, "aud": ["web:store"], "exp": 4_000_000_000_u32 });
    format!("{}.{}.c2ln", part(json!({ "typ": "JWT" })), part(claims))
}

async fn a_steam_account_shows_achievements_with_rarity_lent_games_and_wishes(
    placement: Placement,
) {
    let steam = Steam::with_titles(12);
    steam.owns_only(8);
    steam.trusts(&token());
    steam.family_lends(&[8, 9]);
    steam.wishes_for(&[10, 11]);
    // Played long enough for two of four.
    steam.plays(5, 301);
    let address = Arc::clone(&steam).serve(0).await;
    let hub = Hub::start(
        placement,
        &[
            ("DJINN__STEAM__API_URL", format!("http://{address}")),
            ("DJINN__STEAM__STORE_URL", format!("http://{address}")),
        ],
    )
    .await;
    let owner = hub.owner().await;
    let field = |name: &str, value: &str| json!({ "name": name, "value": value });
    let fields = [
        field("apiKey", KEY),
        field("account", ACCOUNT),
        field("accessToken", &token()),
        field("wishlist", "yes"),
    ];
    let input = json!({ "platform": "steam", "label": "My Steam", "fields": fields });
    let linked = owner.ask(LINK, json!({ "input": input })).await;
    assert_eq!(linked["linkLibrary"]["problems"], json!([]));
    let seen = owner
        .until(90, SEEN, |data| {
            let games = data["games"]["nodes"].as_array();
            let all: i64 = games
                .into_iter()
                .flatten()
                .filter_map(|game| game["achievements"]["total"].as_i64())
                .sum();
            // Of the owned and lent ones the first and the sixth have some, four each.
            data["libraries"]["nodes"][0]["lastSync"]["state"] == "SUCCEEDED" && all == 8
        })
        .await;
    let games = seen["games"]["nodes"].as_array().unwrap();
    assert_eq!(games.len(), 12);
    let of = |i: usize| {
        let id = json!((1000 + 10 * i).to_string());
        let game = games.iter().find(|game| game["copies"][0]["storeId"] == id);
        game.unwrap_or_else(|| panic!("no title {i}: {games:#?}"))
    };
    for (i, holding) in [(0, "OWNED"), (8, "FAMILY_SHARED"), (11, "WISHLIST")] {
        assert_eq!(of(i)["copies"][0]["holding"], holding, "{i}");
    }
    let achievements = &of(5)["achievements"];
    assert_eq!(
        (&achievements["unlocked"], &achievements["total"]),
        (&json!(2), &json!(4))
    );
    let one = |n: usize| &achievements["nodes"][n];
    assert_eq!(
        *one(0),
        json!({ "name": "Achievement 1", "description": "Do it 1 times", "hidden": false, "unlocked": true,
            "unlockedAt": "2023-11-14T22:13:21+00:00", "rarityPercent": 40.25 })
    );
    assert_eq!(one(1)["rarityPercent"], 80.5);
    assert_eq!(one(1)["unlocked"], true);
    let secret = achievements["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["hidden"] == true);
    let secret = secret.unwrap();
    assert_eq!(
        (&secret["name"], &secret["description"]),
        (&json!("Secret achievement"), &Value::Null)
    );
}

crate::in_both_placements!(a_steam_account_shows_achievements_with_rarity_lent_games_and_wishes,);
