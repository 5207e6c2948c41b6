//! Finding games: ranking, filters, facets, pages and numbers.

use super::household::{Hub, Seed, game, game_id, library_id, numbers};
use djinn_kernel::{Esrb, Scope, Viewer, event::GameKind};
use djinn_library::{Config, Library};
use djinn_testkit::viewers::{call, child, key, player};
use proptest::prelude::*;
use serde_json::{Value, json};

const GAMES: &str = "query($filter: GameFilter, $sort: GameSort, $first: Int, $after: String) {
    games(filter: $filter, sort: $sort, first: $first, after: $after) {
        nodes { id } totalCount pageInfo { hasNextPage endCursor } facets {
            platforms { id label count } statuses { id label count } genres { id label count }
            ratings { id label count } decades { id label count } } } }";

async fn games(hub: &Hub, viewer: &Viewer, variables: Value) -> Value {
    hub.data(viewer, GAMES, variables).await["games"].take()
}

fn titled(titles: &[&str]) -> Vec<Seed> {
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
async fn filters_narrow_and_what_is_left_out_shows_games_proper_that_are_not_hidden() {
    let mut seeds = titled(&["Alpha", "Beta", "Gamma", "Delta", "Epsilon"]);
    seeds[1].kind = GameKind::Dlc;
    seeds[2].platforms = vec!["gog", "steam"];
    seeds[2].genres = vec!["RPG", "Action"];
    seeds[2].tags = vec!["Roguelike"];
    seeds[3].esrb = None;
    seeds[3].released = Some("1998-11-19");
    seeds[3].minutes = 120;
    seeds[4].esrb = Some(Esrb::Mature);
    let hub = Hub::with(&seeds).await;
    let update = "mutation($id: ID!) { updateGame(input: { gameId: $id, hidden: true, favourite: true }) { problems { code } } }";
    hub.data(&player(1), update, json!({ "id": game_id(1) }))
        .await;

    for (filter, found) in [
        (json!({}), vec![4, 5, 3]),
        (json!({ "hidden": true }), vec![1]),
        (json!({ "hidden": true, "favourite": true }), vec![1]),
        (
            json!({ "hidden": null, "kinds": null, "includeUnrated": null }),
            vec![4, 5, 3],
        ),
        (json!({ "kinds": ["DLC"] }), vec![2]),
        (json!({ "kinds": [] }), vec![2, 4, 5, 3]),
        (json!({ "platforms": ["gog"] }), vec![3]),
        (json!({ "platforms": [] }), vec![4, 5, 3]),
        (json!({ "platformsAtLeast": null }), vec![4, 5, 3]),
        (json!({ "platformsAtLeast": 1 }), vec![4, 5, 3]),
        (json!({ "platformsAtLeast": 2 }), vec![3]),
        (json!({ "platformsAtLeast": 20 }), vec![]),
        (json!({ "genres": ["rpg"] }), vec![3]),
        (json!({ "genres": ["rpg", "no such genre"] }), vec![3]),
        (json!({ "genres": ["no such genre"] }), vec![]),
        (json!({ "tags": ["ROGUELIKE"] }), vec![3]),
        (json!({ "ratingAtMost": "TEEN" }), vec![4, 3]),
        (
            json!({ "ratingAtMost": "TEEN", "includeUnrated": false }),
            vec![3],
        ),
        (
            json!({ "releasedBetween": { "from": 1990, "to": 1999 } }),
            vec![4],
        ),
        (json!({ "releasedBetween": { "from": 2000 } }), vec![5, 3]),
        (json!({ "playtimeBetween": { "from": 60 } }), vec![4]),
        (json!({ "playtimeBetween": { "to": 0 } }), vec![5, 3]),
        (json!({ "played": true }), vec![4]),
        (json!({ "played": false }), vec![5, 3]),
        (json!({ "statuses": ["playing"] }), vec![4]),
        (json!({ "statuses": ["unplayed", "completed"] }), vec![5, 3]),
        (json!({ "libraries": [library_id(1, "gog")] }), vec![3]),
    ] {
        let list = games(&hub, &player(1), json!({ "filter": filter })).await;
        assert_eq!(numbers(&list["nodes"]), found, "{filter}");
        assert_eq!(list["totalCount"], found.len(), "{filter}");
    }
}

#[tokio::test]
async fn games_on_several_platforms_are_told_by_platforms_and_not_by_copies() {
    let mut seeds = titled(&["Alpha", "Beta", "Gamma", "Delta"]);
    seeds[0].platforms = vec!["steam", "steam"];
    seeds[1].platforms = vec!["steam", "gog"];
    seeds[2].platforms = vec!["steam", "gog", "epic"];
    let hub = Hub::with(&seeds).await;
    for (filter, found) in [
        (json!({ "platformsAtLeast": 1 }), vec![1, 2, 4, 3]),
        (json!({ "platformsAtLeast": 2 }), vec![2, 3]),
        (json!({ "platformsAtLeast": 3 }), vec![3]),
        (
            json!({ "platformsAtLeast": 2, "platforms": ["epic"] }),
            vec![3],
        ),
    ] {
        let list = games(&hub, &player(1), json!({ "filter": filter })).await;
        assert_eq!(numbers(&list["nodes"]), found, "{filter}");
    }

    // A copy that is gone does not count any more.
    let now = hub.test.ports.clock.now();
    hub.change_copies(1, 2, |copy| {
        if copy.platform == "gog" {
            copy.removed_at = Some(now);
        }
    })
    .await;
    let several = json!({ "filter": { "platformsAtLeast": 2 } });
    let list = games(&hub, &player(1), several).await;
    assert_eq!(numbers(&list["nodes"]), [3]);
}

#[tokio::test]
async fn facets_count_only_games_on_as_many_platforms_as_asked_for() {
    let mut seeds = titled(&["Alpha", "Beta", "Gamma"]);
    seeds[0].genres = vec!["RPG"];
    seeds[1].platforms = vec!["steam", "gog"];
    seeds[2].platforms = vec!["gog", "epic"];
    let hub = Hub::with(&seeds).await;
    let counts = |list: &Value, facet: &str| -> Vec<(String, i64)> {
        let choices = list["facets"][facet].as_array().unwrap().iter();
        choices
            .map(|choice| {
                let id = choice["id"].as_str().unwrap().to_owned();
                (id, choice["count"].as_i64().unwrap())
            })
            .collect()
    };
    for filter in [
        json!({ "platformsAtLeast": 2 }),
        json!({ "platformsAtLeast": 2, "platforms": ["steam"] }),
    ] {
        let list = games(&hub, &player(1), json!({ "filter": filter })).await;
        let platforms = [("gog", 2), ("epic", 1), ("steam", 1)];
        let platforms = platforms.map(|(id, count)| (id.to_owned(), count));
        assert_eq!(counts(&list, "platforms"), platforms, "{filter}");
    }
    let several = json!({ "filter": { "platformsAtLeast": 2 } });
    let list = games(&hub, &player(1), several).await;
    assert_eq!(counts(&list, "genres"), [("Action".to_owned(), 2)]);
}

#[tokio::test]
async fn a_number_of_platforms_out_of_bounds_is_refused_with_its_limit() {
    let hub = Hub::with(&titled(&["Alpha"])).await;
    for least in [-1, 0, 21, i32::MAX] {
        let variables = json!({ "filter": { "platformsAtLeast": least } });
        let answer = hub.answer(&player(1), GAMES, variables).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "INVALID_INPUT", "{least}");
        assert_eq!(error["extensions"]["field"], "filter.platformsAtLeast");
        let says = format!("`platformsAtLeast` is 1 to 20, not {least}");
        assert_eq!(error["message"], says);
    }
}

#[tokio::test]
async fn a_filter_that_makes_no_sense_is_refused_by_name() {
    let hub = Hub::with(&titled(&["Alpha"])).await;
    let many: Vec<String> = (0..51).map(|n| n.to_string()).collect();
    for (variables, code, field) in [
        (
            json!({ "filter": { "statuses": ["beaten"] } }),
            "INVALID_INPUT",
            "filter.statuses",
        ),
        (
            json!({ "filter": { "platforms": ["stadia"] } }),
            "INVALID_INPUT",
            "filter.platforms",
        ),
        (
            json!({ "filter": { "releasedBetween": { "from": 2001, "to": 2000 } } }),
            "INVALID_INPUT",
            "filter.releasedBetween",
        ),
        (
            json!({ "filter": { "playtimeBetween": { "from": 2, "to": 1 } } }),
            "INVALID_INPUT",
            "filter.playtimeBetween",
        ),
        (
            json!({ "filter": { "genres": many } }),
            "INVALID_INPUT",
            "filter.genres",
        ),
        (
            json!({ "filter": { "libraries": ["mine"] } }),
            "INVALID_ID",
            "filter.libraries",
        ),
        (json!({ "first": 101 }), "PAGE_TOO_LARGE", "first"),
        (json!({ "first": 0 }), "PAGE_TOO_LARGE", "first"),
        (json!({ "after": "nonsense" }), "INVALID_CURSOR", "after"),
    ] {
        let refused = hub.refusal(&player(1), GAMES, variables.clone()).await;
        assert_eq!(
            refused,
            (code.to_owned(), Some(field.to_owned())),
            "{variables}"
        );
    }
    let long = "query($q: String!) { searchGames(query: $q) { totalCount } }";
    let refused = hub
        .refusal(&player(1), long, json!({ "q": "x".repeat(201) }))
        .await;
    assert_eq!(
        refused,
        ("INVALID_INPUT".to_owned(), Some("query".to_owned()))
    );
    hub.data(&player(1), long, json!({ "q": "x".repeat(200) }))
        .await;
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

const PLATFORMS: [&str; 4] = ["steam", "gog", "epic", "switch"];
const GENRES: [&str; 5] = ["Action", "RPG", "Puzzle", "Racing", "Strategy"];
const STATUSES: [&str; 5] = ["unplayed", "playing", "completed", "on_hold", "abandoned"];
const SORTS: [&str; 7] = [
    "RELEVANCE",
    "TITLE",
    "RELEASED",
    "LAST_PLAYED",
    "PLAYTIME",
    "ADDED",
    "CRITIC_SCORE",
];
const RATINGS: [&str; 6] = [
    "EARLY_CHILDHOOD",
    "EVERYONE",
    "EVERYONE_10",
    "TEEN",
    "MATURE",
    "ADULTS_ONLY",
];

/// Games of every sort, the same in every run.
fn motley(count: u128) -> Vec<Seed> {
    let words = ["Dark", "Star", "Final", "Legend", "Super", "Lost"];
    let years = [
        "1987-03-04",
        "1999-12-31",
        "2000-01-01",
        "2013-09-17",
        "2013-09-17",
        "2024-02-29",
    ];
    let pick = |n: u128, of: usize| (n.wrapping_mul(2_654_435_761) >> 7) as usize % of;
    (1..=count)
        .map(|n| {
            let mut seed = game(
                n,
                &format!("{} {} {}", words[pick(n, 6)], words[pick(n * 7, 6)], n % 9),
            );
            seed.platforms = vec![PLATFORMS[pick(n * 3, 4)]];
            if n % 5 == 0 {
                seed.platforms.push(PLATFORMS[(pick(n * 3, 4) + 1) % 4]);
            }
            seed.genres = GENRES
                .iter()
                .copied()
                .filter(|genre| pick(n * 11 + genre.len() as u128, 3) == 0)
                .collect();
            seed.esrb = Esrb::from_level(pick(n * 13, 8) as i16);
            seed.released = (n % 11 != 0).then(|| years[pick(n * 17, 6)]);
            seed.minutes = [0, 0, 1, 60, 600][pick(n * 19, 5)];
            seed.days_ago = (seed.minutes > 0).then(|| pick(n * 23, 9) as i64);
            seed.score = (n % 3 == 0).then(|| pick(n * 29, 100) as i16);
            seed.import_status = (n % 4 == 0).then(|| STATUSES[pick(n * 31, 5)]);
            seed.kind = if n % 13 == 0 {
                GameKind::Dlc
            } else {
                GameKind::Game
            };
            seed
        })
        .collect()
}

fn some_of(names: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![2 => Just(Vec::new()), 1 => proptest::sample::subsequence(names, 1..=3.min(names.len()))]
}

prop_compose! {
    fn filters()(
        platforms in some_of(&PLATFORMS),
        at_least in proptest::option::weighted(0.3, 1..4),
        statuses in some_of(&STATUSES),
        genres in some_of(&GENRES),
        rating in proptest::option::weighted(0.3, proptest::sample::select(&RATINGS[..])),
        unrated in any::<bool>(),
        from in proptest::option::weighted(0.3, 1980..2025),
        minutes in proptest::option::weighted(0.2, 0..700),
        played in proptest::option::weighted(0.2, any::<bool>()),
        every_kind in any::<bool>(),
    ) -> Value {
        let mut filter = json!({ "platforms": platforms, "statuses": statuses, "genres": genres, "includeUnrated": unrated });
        if let Some(at_least) = at_least { filter["platformsAtLeast"] = json!(at_least); }
        if let Some(rating) = rating { filter["ratingAtMost"] = json!(rating); }
        if let Some(from) = from { filter["releasedBetween"] = json!({ "from": from, "to": from + 15 }); }
        if let Some(minutes) = minutes { filter["playtimeBetween"] = json!({ "from": minutes }); }
        if let Some(played) = played { filter["played"] = json!(played); }
        if every_kind { filter["kinds"] = json!([]); }
        filter
    }
}

/// One hub for all cases of a property: what is random is what is asked.
fn motley_hub() -> (tokio::runtime::Runtime, Hub) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let hub = runtime.block_on(Hub::with(&motley(150)));
    (runtime, hub)
}

fn viewers() -> impl Strategy<Value = Viewer> {
    prop_oneof![
        Just(player(1)),
        Just(child(9, 1, Esrb::Teen)),
        Just(child(9, 1, Esrb::Everyone))
    ]
}

#[test]
fn paging_through_any_list_shows_every_game_once_and_in_order() {
    let (runtime, hub) = motley_hub();
    let sorts = proptest::sample::select(&SORTS[..]);
    let config = ProptestConfig {
        cases: 60,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(filter in filters(), sort in sorts, first in 1..40, viewer in viewers())| {
        runtime.block_on(async {
            let whole = games(&hub, &viewer, json!({ "filter": filter, "sort": sort, "first": 100 })).await;
            let mut seen = Vec::new();
            let mut after = Value::Null;
            loop {
                let variables = json!({ "filter": filter, "sort": sort, "first": first, "after": after });
                let page = games(&hub, &viewer, variables).await;
                let nodes = numbers(&page["nodes"]);
                assert_eq!(page["totalCount"], whole["totalCount"]);
                seen.extend(nodes);
                after = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            assert_eq!(seen.len(), whole["totalCount"].as_u64().unwrap() as usize);
            let start: Vec<u128> = seen.iter().copied().take(100).collect();
            assert_eq!(start, numbers(&whole["nodes"]));
            let mut once = seen.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), seen.len());
        });
    });
}

#[test]
fn choosing_a_facet_shows_as_many_games_as_it_promised() {
    let (runtime, hub) = motley_hub();
    let config = ProptestConfig {
        cases: 25,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(filter in filters(), viewer in viewers())| {
        runtime.block_on(async {
            let total = async |filter: &Value| {
                let list = games(&hub, &viewer, json!({ "filter": filter, "first": 1 })).await;
                list["totalCount"].as_i64().unwrap()
            };
            let list = games(&hub, &viewer, json!({ "filter": filter })).await;
            for name in ["platforms", "statuses", "genres"] {
                for facet in list["facets"][name].as_array().unwrap() {
                    let mut chosen = filter.clone();
                    chosen[name] = json!([facet["id"]]);
                    assert_eq!(total(&chosen).await, facet["count"].as_i64().unwrap(), "{name}: {facet}");
                }
            }
            for facet in list["facets"]["decades"].as_array().unwrap() {
                let from: i64 = facet["id"].as_str().unwrap().parse().unwrap();
                let mut chosen = filter.clone();
                chosen["releasedBetween"] = json!({ "from": from, "to": from + 9 });
                assert_eq!(total(&chosen).await, facet["count"].as_i64().unwrap(), "{facet}");
            }
            // Every game has one rating and one status, so these add up to the list without them.
            for (name, own) in [("ratings", &["ratingAtMost", "includeUnrated"][..]), ("statuses", &["statuses"])] {
                let mut without = filter.clone();
                for field in own {
                    without.as_object_mut().unwrap().remove(*field);
                }
                let sum: i64 = list["facets"][name].as_array().unwrap().iter().map(|f| f["count"].as_i64().unwrap()).sum();
                assert_eq!(total(&without).await, sum, "{name}");
            }
        });
    });
}
