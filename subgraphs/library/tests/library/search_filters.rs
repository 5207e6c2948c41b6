//! Filters of the games, and the facets beside them.

use super::{
    household::{Hub, game_id, library_id, numbers},
    search::{GAMES, games, titled},
};
use djinn_kernel::{Esrb, event::GameKind};
use djinn_testkit::viewers::player;
use serde_json::{Value, json};

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
