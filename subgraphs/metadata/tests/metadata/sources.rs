//! IGDB and RAWG, beside the store.

use crate::story::{Story, copy, product};
use chrono::TimeDelta;
use djinn_kernel::{Clock, Esrb, event::FoundCopy};
use djinn_metadata::{
    Config,
    config::{Igdb, Rawg, SteamStore},
};
use djinn_subgraph_kit::http::{Answer, Ask, NoAnswer};
use djinn_testkit::{
    http::{html, json, too_many},
    viewers::player,
};
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

fn only_igdb() -> Config {
    Config {
        steam_store: SteamStore {
            enabled: false,
            ..SteamStore::default()
        },
        igdb: Igdb {
            client_id: Some("client".into()),
            client_secret: Some("secret".into()),
            ..Igdb::default()
        },
        ..Config::default()
    }
}

fn only_rawg(requests_per_month: u32) -> Config {
    Config {
        steam_store: SteamStore {
            enabled: false,
            ..SteamStore::default()
        },
        rawg: Rawg {
            api_key: Some("k y".into()),
            requests_per_month,
            ..Rawg::default()
        },
        ..Config::default()
    }
}

fn body(ask: &Ask) -> String {
    String::from_utf8(ask.body.clone().unwrap_or_default()).unwrap()
}

fn token(name: &str) -> Result<Answer, NoAnswer> {
    json(
        200,
        json!({ "access_token": name, "expires_in": 5_000_000, "token_type": "bearer" })
            .to_string(),
    )
}

/// IGDB with two games: one that Steam sells as 70, one only known by its title.
fn igdb(ask: &Ask) -> Result<Answer, NoAnswer> {
    let asked = body(ask);
    if ask.url.contains("id.twitch.tv") {
        assert!(
            asked.contains("client_id=client&client_secret=secret"),
            "{asked}"
        );
        return token("t1");
    }
    assert!(ask.headers.contains(&("client-id", "client".to_owned())));
    if ask.url.ends_with("/external_games") {
        return json(
            200,
            r#"[{"id":1,"uid":"70","external_game_source":1,"game":{"id":231,"game_type":0}},
            {"id":2,"uid":"70","external_game_source":1,"game":{"id":5,"game_type":0,"version_parent":231}}]"#,
        );
    }
    if asked.contains("search") {
        let parts: Vec<Value> = asked
            .lines()
            .enumerate()
            .map(|(n, line)| {
                let known = line.contains("\"Pokemon Red\"");
                let other = json!({ "id": 78, "name": "Pokemon Red II", "first_release_date": 825_552_000 });
                let games = if known { json!([other, { "id": 77, "name": "Pokémon Red", "first_release_date": 825_552_000 }]) } else { json!([]) };
                json!({ "name": n.to_string(), "result": games })
            })
            .collect();
        return json(200, json!(parts).to_string());
    }
    json(200, json!([
        { "name": "games", "result": [
            { "id": 231, "name": "Half-Life", "summary": "Run.", "first_release_date": 911_433_600, "game_type": 0, "genres": [{ "name": "Shooter" }],
              "cover": { "image_id": "co1" }, "screenshots": [{ "image_id": "sc1" }], "aggregated_rating": 95.2,
              "age_ratings": [{ "organization": { "name": "ESRB" }, "rating_category": { "rating": "M" } },
                              { "organization": { "name": "PEGI" }, "rating_category": { "rating": "18" } }] },
            { "id": 77, "name": "Pokémon Red", "game_type": 0, "genres": [{ "name": "RPG" }],
              "age_ratings": [{ "organization": { "name": "PEGI" }, "rating_category": { "rating": "Three" } }] },
        ] },
        { "name": "times", "result": [{ "game_id": 231, "hastily": 36_000, "normally": 45_000, "completely": 60_000 }] },
    ]).to_string())
}

#[tokio::test]
async fn igdb_fills_in_what_stores_and_shelves_hold() {
    let mut story = Story::with(only_igdb()).await;
    story.test.http.answer(igdb);
    story
        .find(vec![
            product(1, "steam", "70", "Half-Life"),
            FoundCopy {
                year: Some(1996),
                ..copy(2, "manual", "Pokemon Red")
            },
            copy(3, "manual", "Nobody Knows This"),
        ])
        .await;
    assert!(story.said_of(1).await.enriched, "no sync waits for it");
    story
        .work_until(async |story| {
            let (one, two) = (story.said_of(1).await, story.said_of(2).await);
            one.genres == ["Shooter"] && two.genres == ["RPG"]
        })
        .await;
    // A token; products, titles, and the games of each: nothing is asked game by game.
    assert!(
        story.test.http.asked().len() <= 5,
        "{:?}",
        story.test.http.asked()
    );
    let game = story.game_of(1).await;
    let query = "query($id: ID!) { game(id: $id) { summary esrb esrbSource criticScore mainStoryMinutes releasedOn
        timeToBeat { hastily normally completely source } ageRatings { board rating source } coverUrl
        cover { url(width: 100) source placeholder } screenshots { thumbnailUrl } facts { field value source locked } } }";
    let answer = story.ask(&player(1), query, json!({ "id": game })).await;
    let game = &answer["data"]["game"];
    assert_eq!(
        (&game["esrb"], &game["esrbSource"]),
        (&json!("MATURE"), &json!("igdb"))
    );
    assert_eq!(
        game["timeToBeat"],
        json!({ "hastily": 600, "normally": 750, "completely": 1000, "source": "igdb" })
    );
    assert_eq!(
        (&game["mainStoryMinutes"], &game["criticScore"]),
        (&json!(600), &json!(95))
    );
    assert_eq!(
        game["ageRatings"],
        json!([{ "board": "ESRB", "rating": "M", "source": "igdb" }, { "board": "PEGI", "rating": "18", "source": "igdb" }])
    );
    let url = game["cover"]["url"].as_str().unwrap();
    assert!(url.starts_with("/art/") && url.ends_with("?w=160"), "{url}");
    assert_eq!(game["cover"]["source"], "igdb");
    assert_eq!(game["screenshots"].as_array().unwrap().len(), 1);
    assert!(
        !answer.to_string().contains("images.igdb.com"),
        "nothing is loaded from elsewhere"
    );
    let genres =
        json!({ "field": "genres", "value": "Shooter", "source": "igdb", "locked": false });
    assert!(game["facts"].as_array().unwrap().contains(&genres));
}

#[tokio::test]
async fn a_token_that_ran_out_is_renewed_and_one_that_is_refused_ends_the_asking() {
    let mut story = Story::with(only_igdb()).await;
    let tokens = Arc::new(AtomicUsize::new(0));
    let given = Arc::clone(&tokens);
    story.test.http.answer(move |ask| {
        if ask.url.contains("id.twitch.tv") {
            return token(&format!("t{}", given.fetch_add(1, Ordering::SeqCst)));
        }
        if ask
            .headers
            .contains(&("authorization", "Bearer t0".to_owned()))
        {
            return json(
                401,
                r#"{"message":"Authorization Failure. Have you tried:"}"#,
            );
        }
        igdb(ask)
    });
    story
        .find(vec![product(1, "steam", "70", "Half-Life")])
        .await;
    story
        .work_until(async |story| story.said_of(1).await.genres == ["Shooter"])
        .await;
    assert_eq!(tokens.load(Ordering::SeqCst), 2, "one more than the first");

    let mut story = Story::with(only_igdb()).await;
    story
        .test
        .http
        .answer(|_| json(403, r#"{"message":"invalid client secret"}"#));
    story
        .find(vec![product(1, "steam", "70", "Half-Life")])
        .await;
    story.work().await;
    let asked = story.test.http.asked().len();
    assert_eq!(asked, 1, "a wrong secret does not get better by asking");
    story.test.clock.advance(TimeDelta::hours(1));
    story.work().await;
    assert_eq!(
        story.test.http.asked().len(),
        2,
        "somebody may have mended it"
    );
    assert!(
        story.heard().await.pauses.is_empty(),
        "no sync waits for it"
    );
}

#[tokio::test]
async fn igdb_is_asked_four_times_a_second_and_all_four_are_used() {
    let mut story = Story::with(only_igdb()).await;
    story.test.http.answer(igdb);
    // Sixty titles are six searches.
    let copies = (1..=60).map(|n| copy(n, "manual", &format!("Nobody Knows {n} Of Them")));
    story.find(copies.collect()).await;
    let searches = |story: &Story| {
        let asked = story.test.http.asked();
        asked
            .iter()
            .filter(|url| url.ends_with("/multiquery"))
            .count()
    };
    story.work().await;
    assert_eq!(searches(&story), 4);
    story.work().await;
    assert_eq!(searches(&story), 4, "not even over a restart");
    story.test.clock.advance(TimeDelta::milliseconds(1051));
    story.work().await;
    assert_eq!(searches(&story), 6);
    story.work().await;
    assert_eq!(searches(&story), 6, "who is not known is not asked again");
}

#[tokio::test]
async fn too_many_requests_pause_igdb_alone() {
    let mut story = Story::with(Config {
        steam_store: SteamStore::default(),
        ..only_igdb()
    })
    .await;
    story.test.http.answer(|ask| {
        if ask.url.contains("igdb.com") {
            too_many(None)
        } else if ask.url.contains("twitch") {
            token("t1")
        } else {
            json(200, r#"{"70":{"success":true,"data":{"type":"game","genres":[{"description":"Action"}]}}}"#)
        }
    });
    story
        .find(vec![product(1, "steam", "70", "Half-Life")])
        .await;
    story
        .work_until(async |story| story.said_of(1).await.genres == ["Action"])
        .await;
    story.work().await;
    let to_igdb = |story: &Story| {
        let asked = story.test.http.asked();
        asked
            .iter()
            .filter(|url| url.contains("api.igdb.com"))
            .count()
    };
    assert_eq!(to_igdb(&story), 1);
    assert!(story.heard().await.pauses.is_empty());
    story.test.http.answer(igdb);
    story.test.clock.advance(TimeDelta::minutes(5));
    story
        .work_until(async |story| story.said_of(1).await.main_story_minutes == Some(600))
        .await;
    assert_eq!(
        story.said_of(1).await.genres,
        ["Action"],
        "the store's word counts for more"
    );
}

fn rawg(ask: &Ask) -> Result<Answer, NoAnswer> {
    assert!(ask.url.contains("key=k%20y"), "{}", ask.url);
    if ask.url.contains("/games?") {
        return json(
            200,
            r#"{"count":2,"results":[{"id":1,"slug":"portal-old","name":"Portal","released":"2007-10-09"},
            {"id":2,"slug":"portal-2","name":"Portal 2","released":"2011-04-18"}]}"#,
        );
    }
    if ask.url.contains("/games/portal-old?") {
        return json(200, r#"{"redirect":true,"slug":"portal"}"#);
    }
    json(
        200,
        r#"{"id":4200,"slug":"portal","name":"Portal","released":"2007-10-09","metacritic":90,
        "background_image":"https://media.rawg.io/media/games/p.jpg","esrb_rating":{"id":3,"slug":"teen","name":"Teen"},"genres":[{"name":"Puzzle"}]}"#,
    )
}

#[tokio::test]
async fn rawg_is_followed_to_where_a_game_is_now() {
    let mut story = Story::with(only_rawg(20_000)).await;
    story.test.http.answer(rawg);
    story.find(vec![copy(1, "manual", "Portal")]).await;
    story
        .work_until(async |story| story.said_of(1).await.critic_score == Some(90))
        .await;
    assert_eq!(
        story.test.http.asked().len(),
        3,
        "a search, a slug, the slug it was renamed to"
    );
    assert_eq!(story.said_of(1).await.esrb.map(Esrb::level), Some(3));
    // Known now: asked about directly when it is old.
    story.test.clock.advance(TimeDelta::days(31));
    story
        .work_until(async |story| story.test.http.asked().len() == 4)
        .await;
}

#[tokio::test]
async fn rawgs_month_is_never_passed() {
    let mut story = Story::with(only_rawg(4)).await;
    story.test.http.answer(|ask| {
        if ask.url.contains("/games?") {
            json(200, r#"{"results":[]}"#)
        } else {
            html(404, "")
        }
    });
    let copies = (1..=7).map(|n| copy(n, "manual", &format!("Unknown Title {n}")));
    story.find(copies.collect()).await;
    let start = story.test.clock.now();
    story.work().await;
    assert_eq!(story.test.http.asked().len(), 4);
    for days in [1, 29] {
        story.test.clock.advance(TimeDelta::days(days));
        story.work().await;
        assert_eq!(story.test.http.asked().len(), 4, "{days}");
    }
    assert!(
        story.heard().await.pauses.is_empty(),
        "no sync waits for it"
    );
    story.test.clock.advance(TimeDelta::days(1));
    assert_eq!(story.test.clock.now() - start, TimeDelta::days(31));
    story.work().await;
    let asked = story.test.http.asked();
    assert_eq!(asked.len(), 8, "the next month's four");
    let new = (5..=7).all(|n| {
        asked[4..]
            .iter()
            .any(|url| url.contains(&format!("Title%20{n}")))
    });
    assert!(new, "who was never asked about comes first: {asked:?}");
}

#[tokio::test]
async fn without_keys_nobody_but_the_store_is_asked() {
    let mut story = Story::with(Config::default()).await;
    story.test.http.answer(|_| html(503, "down"));
    story
        .find(vec![
            product(1, "steam", "70", "Half-Life"),
            copy(2, "manual", "Portal"),
        ])
        .await;
    story.work().await;
    let asked = story.test.http.asked();
    assert!(
        asked
            .iter()
            .all(|url| url.starts_with("https://store.steampowered.com/")),
        "{asked:?}"
    );
}

#[tokio::test]
async fn what_igdb_knows_of_other_stores_is_evidence_for_matching() {
    let mut story = Story::with(only_igdb()).await;
    story.test.http.answer(|ask| {
        if ask.url.contains("twitch") {
            return token("t1");
        }
        if ask.url.ends_with("/external_games") {
            return json(200, r#"[{"uid":"1","external_game_source":1,"game":{"id":9}}]"#);
        }
        let stores = json!([{ "external_game_source": 1, "uid": "1" }, { "external_game_source": 5, "uid": "2" }]);
        json(200, json!([{ "name": "games", "result": [{ "id": 9, "name": "GRIP", "external_games": stores }] }, { "name": "0", "result": [] }]).to_string())
    });
    story
        .find(vec![
            product(1, "steam", "1", "GRIP"),
            product(2, "gog", "2", "GRIP: Combat Racing"),
        ])
        .await;
    assert_ne!(story.game_of(1).await, story.game_of(2).await);
    story
        .work_until(async |story| story.game_of(1).await == story.game_of(2).await)
        .await;
}
