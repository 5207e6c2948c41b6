use super::*;
use crate::game::{
    Findings,
    rating::{self, Rating},
};
use serde_json::json;

fn read(game: Value) -> Findings {
    game::read(&game, None)
}

fn rated(ratings: Value) -> Vec<Rating> {
    read(json!({ "id": 1, "age_ratings": ratings })).ratings
}

#[test]
fn ratings_are_read_by_name_in_todays_generation() {
    let said = rated(json!([
        { "id": 9, "organization": { "id": 1, "name": "ESRB" }, "rating_category": { "id": 6, "rating": "M" },
          "rating_content_descriptions": [{ "id": 1, "description": "Blood" }, 7, { "description": "Gore" }] },
        { "organization": { "id": 2, "name": "PEGI" }, "rating_category": { "id": 8, "rating": "Three" } },
        { "organization": { "id": 6, "name": "CLASS_IND" }, "rating_category": { "id": 30, "rating": "CLASS_IND_TWELVE" } },
        { "organization": { "name": "CERO" }, "rating_category": { "rating": "CERO_D" } },
        { "organization": { "name": "Nobody" }, "rating_category": { "rating": "X" } },
    ]));
    let short: Vec<(&str, &str, usize)> = said
        .iter()
        .map(|said| (&*said.board, &*said.rating, said.descriptors.len()))
        .collect();
    assert_eq!(
        short,
        [
            ("ESRB", "M", 2),
            ("PEGI", "3", 0),
            ("ClassInd", "12", 0),
            ("CERO", "D", 0)
        ]
    );
    assert!(said.iter().all(|said| said.source == rating::IGDB));
}

#[test]
fn a_number_alone_is_no_rating_in_either_generation() {
    // Six was "rating pending" and is "mature"; eight was "everyone" and is PEGI's 3.
    for number in [1, 6, 8, 11] {
        let old = json!([{ "id": 9, "category": 1, "rating": number }]);
        let unexpanded = json!([{ "id": 9, "organization": 1, "rating_category": number }]);
        let half = json!([{ "organization": { "name": "ESRB" }, "rating_category": number }]);
        for ratings in [old, unexpanded, half, json!([number]), json!(number)] {
            assert_eq!(rated(ratings), []);
        }
    }
}

#[test]
fn of_two_ratings_by_one_board_the_strictest_is_kept() {
    let said = rated(json!([
        { "organization": { "name": "PEGI" }, "rating_category": { "rating": "12" } },
        { "organization": { "name": "PEGI" }, "rating_category": { "rating": "18" } },
        { "organization": { "name": "PEGI" }, "rating_category": { "rating": "7" } },
    ]));
    assert_eq!((said.len(), &*said[0].rating), (1, "18"));
}

#[test]
fn a_game_is_read_whatever_is_expanded() {
    let found = game::read(
        &json!({
            "id": 1942, "name": "Lambda™", "summary": "Run.\n\n<b>Think.</b>", "first_release_date": 910_483_200,
            "game_type": { "id": 0, "type": "Main Game" }, "genres": [{ "id": 5, "name": "Shooter" }, 31, { "name": "Shooter" }],
            "themes": [{ "name": "Science fiction" }], "game_modes": [{ "name": "Single player" }], "aggregated_rating": 95.6,
            "involved_companies": [{ "company": { "name": "Valve" }, "developer": true, "publisher": false },
                { "company": { "name": "Sierra" }, "developer": false, "publisher": true }, 12, { "company": 3, "developer": true }],
            "cover": { "id": 1, "image_id": "co1w4y" }, "artworks": [{ "image_id": "../../etc" }, { "image_id": "ar1" }],
            "screenshots": [{ "image_id": "sc1" }, 4], "external_games": [{ "external_game_source": 1, "uid": "70" },
                { "external_game_source": { "id": 5 }, "uid": "12" }, { "external_game_source": 1, "uid": "x\"; limit 1" }, { "external_game_source": 99, "uid": "1" }]
        }),
        Some(
            &json!({ "game_id": 1942, "hastily": 36_000, "normally": null, "completely": 72_061 }),
        ),
    );
    assert_eq!(found.title.as_deref(), Some("Lambda"));
    assert_eq!(
        found.released_on.map(|day| day.to_string()).as_deref(),
        Some("1998-11-08")
    );
    assert_eq!(
        (found.genres, found.tags.len()),
        (vec!["Shooter".to_owned()], 2)
    );
    assert_eq!(
        (found.developers, found.publishers),
        (vec!["Valve".into()], vec!["Sierra".into()])
    );
    assert_eq!(
        (found.critic_score, found.main_story_minutes),
        (Some(96), Some(600))
    );
    let times = found.time_to_beat.expect("times");
    assert_eq!(
        (times.hastily, times.normally, times.completely),
        (Some(600), None, Some(1201))
    );
    let image =
        |size: &str, id: &str| format!("https://images.igdb.com/igdb/image/upload/{size}/{id}.jpg");
    assert_eq!(found.cover_art, Some(image("t_cover_big_2x", "co1w4y")));
    assert_eq!(found.hero_art, Some(image("t_1080p", "ar1")));
    assert_eq!(found.screenshots, [image("t_1080p", "sc1")]);
    for nothing in [
        json!({}),
        json!(null),
        json!([]),
        json!({ "name": 7, "cover": 3, "genres": {}, "first_release_date": "x" }),
    ] {
        assert_eq!(read(nothing), Findings::default());
    }
}

#[test]
fn what_comes_from_elsewhere_cannot_end_a_query() {
    let hostile = "x\"; fields *; where id = 1; \\ limit 500; query";
    let body = query::titles([hostile, "A \n B"].into_iter());
    assert_eq!(body.matches("query games").count(), 2);
    assert_eq!(body.matches('"').count(), 8, "two names and two titles");
    assert!(
        !body.contains("fields *;") && body.lines().count() == 2,
        "{body}"
    );
    assert_eq!(query::products([].into_iter()), None);
    assert!(query::games([].into_iter()).contains("(0)"));
}

#[test]
fn a_game_is_asked_about_by_the_id_that_leads_furthest() {
    let igdb = |config| {
        let http = Arc::new(djinn_testkit::http::ScriptedHttp::default());
        let clock = Arc::new(djinn_testkit::clock::FrozenClock::default());
        Igdb::new(http, clock, config)
    };
    assert!(igdb(Config::default()).is_none(), "off unless it is set up");
    let igdb = igdb(Config {
        client_id: Some("id".into()),
        access_token: Some("token".into()),
        ..Config::default()
    })
    .expect("set up");
    assert_eq!(igdb.first_id(&[]).as_deref(), Some("title"));
    assert_eq!(igdb.batch("at:steam:70").most, 500);
    assert_eq!(igdb.batch("id:1").most, 100);
    assert_eq!(igdb.batch("title").most, 10);
}
