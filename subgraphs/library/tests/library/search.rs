//! Finding games: ranking, orders, pages and numbers.

use super::household::{Hub, Seed, game, numbers};
use djinn_kernel::{Esrb, Scope, Viewer, event::GameKind};
use djinn_library::{Config, Library};
use djinn_testkit::viewers::{call, child, key, player};
use serde_json::{Value, json};

pub const GAMES: &str = "query($filter: GameFilter, $sort: GameSort, $first: Int, $after: String) {
    games(filter: $filter, sort: $sort, first: $first, after: $after) {
        nodes { id } totalCount pageInfo { hasNextPage endCursor } facets {
            platforms { id label count } statuses { id label count } genres { id label count }
            ratings { id label count } decades { id label count } } } }";

pub async fn games(hub: &Hub, viewer: &Viewer, variables: Value) -> Value {
    hub.data(viewer, GAMES, variables).await["games"].take()
}

pub fn titled(titles: &[&str]) -> Vec<Seed> {
    titles
        .iter()
        .zip(1..)
        .map(|(title, n)| game(n, title))
        .collect()
}

#[tokio::test]
async fn the_better_fit_comes_first() {
    let hub = Hub::with(&titled(&[
        "Teleportal",
        "Bridge Constructor Portal",
        "Portals of Doom",
        "Portal 2",
        "Portal",
        "Mortal Kombat",
    ]))
    .await;
    assert_eq!(hub.search(&player(1), "portal").await, [5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn a_slip_of_the_keyboard_is_forgiven_when_nothing_fits() {
    let hub = Hub::with(&titled(&[
        "The Witcher® 3: Wild Hunt",
        "Assassin's Creed Valhalla",
        "Half-Life 2",
        "Pokémon™ Legends: Arceus",
        "Sid Meier’s Civilization® VI",
        "Doom",
    ]))
    .await;
    for (query, found) in [
        ("witcher 3", 1),
        ("wticher", 1),
        ("wicher wild hunt", 1),
        ("assasins creed", 2),
        ("assasin", 2),
        ("halflife", 3),
        ("haflife", 3),
        ("HALF LIFE II", 3),
        ("pokemon legends", 4),
        ("pokemno", 4),
        ("civilisation 6", 5),
        ("sid meiers", 5),
    ] {
        assert_eq!(hub.search(&player(1), query).await, [found], "{query}");
    }
    for query in ["dom", "witcher 4", "half life 3", "tetris"] {
        assert_eq!(hub.search(&player(1), query).await, [0_u128; 0], "{query}");
    }
}

#[tokio::test]
async fn roman_and_arabic_numerals_find_each_other() {
    let hub = Hub::with(&titled(&[
        "FINAL FANTASY VII",
        "Final Fantasy 8",
        "FINAL FANTASY VII REMAKE",
        "Final Fantasy XIII",
    ]))
    .await;
    assert_eq!(hub.search(&player(1), "final fantasy 7").await, [1, 3]);
    assert_eq!(hub.search(&player(1), "final fantasy viii").await, [2]);
    assert_eq!(hub.search(&player(1), "fantasy 13").await, [4]);
}

#[tokio::test]
async fn chinese_and_japanese_titles_are_found_by_any_part() {
    let hub = Hub::with(&titled(&[
        "黑神话：悟空",
        "ファイナルファンタジーVII",
        "ゼルダの伝説",
    ]))
    .await;
    assert_eq!(hub.search(&player(1), "悟空").await, [1]);
    assert_eq!(hub.search(&player(1), "ファンタジー 7").await, [2]);
    assert_eq!(hub.search(&player(1), "伝説").await, [3]);
    assert_eq!(
        hub.search(&player(1), "ｾﾞﾙﾀﾞ").await,
        [3],
        "half-width is the same"
    );
}

#[tokio::test]
async fn an_empty_query_lists_everything_by_title() {
    let hub = Hub::with(&titled(&[
        "The Sims",
        "Celeste",
        "Half-Life 10",
        "Half-Life 9",
    ]))
    .await;
    assert_eq!(hub.search(&player(1), "  ").await, [2, 4, 3, 1]);
    assert_eq!(hub.search(&player(1), "!").await, [0_u128; 0]);
}

/// Otherwise a child could tell a hidden game by the slips that are not forgiven.
#[tokio::test]
async fn whether_slips_are_forgiven_does_not_depend_on_hidden_games() {
    let mut mortal = game(1, "Mortal Kingdoms");
    mortal.esrb = Some(Esrb::Everyone);
    let mut portal = game(2, "Portal");
    portal.esrb = Some(Esrb::Mature);
    let hub = Hub::with(&[mortal, portal]).await;
    assert_eq!(hub.search(&player(1), "portal").await, [2]);
    assert_eq!(hub.search(&child(3, 1, Esrb::Teen), "portal").await, [1]);
}

#[tokio::test]
async fn every_order_puts_what_is_unknown_last_and_ties_by_title() {
    let mut seeds = titled(&["Alpha", "Beta", "Gamma", "Delta"]);
    seeds[0].released = None;
    seeds[1].released = Some("2020-01-01");
    seeds[2].released = Some("2021-01-01");
    seeds[3].released = Some("2020-01-01");
    for (seed, (score, minutes, days)) in seeds.iter_mut().zip([
        (Some(50), 5, Some(9)),
        (None, 0, None),
        (Some(90), 5, Some(1)),
        (None, 99, None),
    ]) {
        (seed.score, seed.minutes, seed.days_ago) = (score, minutes, days);
    }
    let hub = Hub::with(&seeds).await;
    for (sort, order) in [
        ("TITLE", [1, 2, 4, 3]),
        ("RELEVANCE", [1, 2, 4, 3]),
        ("RELEASED", [3, 2, 4, 1]),
        ("CRITIC_SCORE", [3, 1, 2, 4]),
        ("PLAYTIME", [4, 1, 3, 2]),
        ("LAST_PLAYED", [3, 1, 2, 4]),
        ("ADDED", [1, 2, 3, 4]),
    ] {
        let list = games(&hub, &player(1), json!({ "sort": sort })).await;
        assert_eq!(numbers(&list["nodes"]), order, "{sort}");
    }
}

#[tokio::test]
async fn searching_needs_the_right_to_read() {
    let hub = Hub::with(&titled(&["Alpha"])).await;
    for document in [
        "{ games { totalCount } }",
        "{ searchGames(query: \"a\") { totalCount } }",
        "{ libraryStats { games } }",
        "{ recentlyPlayed { id } }",
    ] {
        assert_eq!(
            hub.refusal(&Viewer::Anonymous, document, json!({})).await.0,
            "UNAUTHENTICATED"
        );
        assert_eq!(
            hub.refusal(&key(1, &[Scope::ReadPlay]), document, json!({}))
                .await
                .0,
            "FORBIDDEN"
        );
    }
}

#[tokio::test]
async fn a_cursor_keeps_its_place_while_games_come_and_go() {
    let hub = Hub::with(&titled(&["Alpha", "Beta", "Gamma", "Delta"])).await;
    let page = games(&hub, &player(1), json!({ "first": 2 })).await;
    assert_eq!(numbers(&page["nodes"]), [1, 2]);
    let after = page["pageInfo"]["endCursor"].clone();

    let now = hub.test.ports.clock.now();
    hub.change_copies(1, 2, |copy| copy.removed_at = Some(now))
        .await;
    hub.hold(1, &[game(5, "Aardvark"), game(6, "Chi")]).await;
    let page = games(&hub, &player(1), json!({ "first": 2, "after": after })).await;
    assert_eq!(numbers(&page["nodes"]), [6, 4]);
    assert_eq!(page["totalCount"], 5);

    let other = json!({ "sort": "PLAYTIME", "after": after });
    assert_eq!(
        hub.refusal(&player(1), GAMES, other).await.0,
        "INVALID_CURSOR"
    );
}

#[tokio::test]
async fn a_cursor_is_of_the_question_it_was_given_for_and_of_no_other() {
    let hub = Hub::with(&titled(&["Dark One", "Dark Two", "Half One", "Half Two"])).await;
    let search = "query($q: String!, $filter: GameFilter, $after: String) {
        searchGames(query: $q, filter: $filter, first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }";
    let both = json!({ "platforms": ["steam", "gog"] });
    let first = json!({ "q": "dark", "filter": both });
    let page = hub.data(&player(1), search, first).await["searchGames"].take();
    let after = page["pageInfo"]["endCursor"].clone();
    // The same question goes on, in whatever order its lists are, and however it is spaced.
    let same = json!({ "q": " dark", "filter": { "platforms": ["gog", "steam"] }, "after": after });
    let next = hub.data(&player(1), search, same).await;
    assert_ne!(next["searchGames"]["nodes"], page["nodes"]);
    assert_eq!(next["searchGames"]["nodes"].as_array().unwrap().len(), 1);
    for other in [
        json!({ "q": "half", "filter": both, "after": after }),
        json!({ "q": "dark", "filter": { "platforms": ["steam"] }, "after": after }),
        json!({ "q": "dark", "after": after }),
    ] {
        assert_eq!(
            hub.refusal(&player(1), search, other.clone()).await,
            ("INVALID_CURSOR".to_owned(), Some("after".to_owned())),
            "{other}"
        );
    }
}

#[tokio::test]
async fn another_process_notices_what_this_one_changed() {
    let hub = Hub::with(&titled(&["Alpha", "Beta"])).await;
    let other = Library::assemble(hub.test.ports.clone(), Config::default());
    let titles = "{ games { nodes { id } totalCount } }";
    let elsewhere = async || {
        let answer = other
            .subgraph
            .execute(call(&player(1), titles, json!({})))
            .await
            .unwrap();
        numbers(&serde_json::to_value(answer).unwrap()["data"]["games"]["nodes"])
    };
    assert_eq!(elsewhere().await, [1, 2]);

    hub.hold(1, &[game(3, "Aleph")]).await;
    hub.learn(&game(1, "Zeta"), 2).await;
    assert_eq!(elsewhere().await, [3, 2, 1]);
    let now = hub.test.ports.clock.now();
    hub.change_copies(1, 2, |copy| copy.removed_at = Some(now))
        .await;
    assert_eq!(elsewhere().await, [3, 1]);
}

#[tokio::test]
async fn the_numbers_agree_with_the_lists() {
    let mut seeds = titled(&["Alpha", "Beta", "Gamma", "Delta"]);
    seeds[0].minutes = 90;
    seeds[0].days_ago = Some(4);
    seeds[1].platforms = vec!["steam", "gog"];
    seeds[1].minutes = 30;
    seeds[1].days_ago = Some(2);
    seeds[2].kind = GameKind::Tool;
    seeds[2].minutes = 1_000;
    seeds[2].days_ago = Some(1);
    let hub = Hub::with(&seeds).await;
    let query = "{ libraryStats { games copies playtimeMinutes played neverPlayed lastSyncAt
        byPlatform { id label count } byStatus { id label count } byGenre { id label count } } recentlyPlayed(first: 5) { id } }";
    let data = hub.data(&player(1), query, json!({})).await;
    assert_eq!(
        data["libraryStats"],
        json!({
            "games": 3, "copies": 4, "playtimeMinutes": 120, "played": 2, "neverPlayed": 1, "lastSyncAt": null,
            "byPlatform": [{ "id": "steam", "label": "Steam", "count": 3 }, { "id": "gog", "label": "GOG", "count": 1 }],
            "byStatus": [{ "id": "unplayed", "label": "Unplayed", "count": 1 }, { "id": "playing", "label": "Playing", "count": 2 }],
            "byGenre": [{ "id": "Action", "label": "Action", "count": 3 }],
        })
    );
    assert_eq!(
        numbers(&data["recentlyPlayed"]),
        [2, 1],
        "a tool is no game"
    );
}
