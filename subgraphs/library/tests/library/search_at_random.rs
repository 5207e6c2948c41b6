//! Whatever games there are, pages show each once and facets promise what comes.

use super::{
    household::{Hub, Seed, game, numbers},
    search::games,
};
use djinn_kernel::{Esrb, Viewer, event::GameKind};
use djinn_testkit::viewers::{child, player};
use proptest::prelude::*;
use serde_json::{Value, json};

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
