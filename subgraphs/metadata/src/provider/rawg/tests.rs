use super::*;
use serde_json::json;

#[test]
fn a_game_is_read_and_its_rating_by_name() {
    let found = findings(&json!({
        "id": 13536, "slug": "portal", "name": "Portal", "released": "2007-10-09", "metacritic": 90,
        "background_image": "https://media.rawg.io/media/games/7fa/portal.jpg",
        "short_screenshots": [{ "id": -1, "image": "https://media.rawg.io/media/games/7fa/portal.jpg" }, { "image": "https://media.rawg.io/media/screenshots/1.jpg" }, { "image": "http://plain.example/2.jpg" }],
        "esrb_rating": { "id": 3, "slug": "teen", "name": "Teen" },
        "tags": [{ "name": "Singleplayer", "language": "eng" }, { "name": "Для одного игрока", "language": "rus" }],
        "genres": [{ "name": "Puzzle" }], "developers": [{ "name": "Valve Software" }], "description_raw": "Think."
    }));
    assert_eq!(
        (found.critic_score, found.release_year),
        (Some(90), Some(2007))
    );
    assert_eq!(
        (found.tags, found.genres),
        (vec!["Singleplayer".to_owned()], vec!["Puzzle".to_owned()])
    );
    assert_eq!(
        found.screenshots,
        ["https://media.rawg.io/media/screenshots/1.jpg"]
    );
    assert_eq!(
        (&*found.ratings[0].rating, &*found.ratings[0].source),
        ("T", "rawg")
    );
    for unrated in [
        json!(null),
        json!({ "id": 6, "slug": "rating-pending", "name": "Rating Pending" }),
        json!({ "id": 4 }),
    ] {
        assert_eq!(
            findings(&json!({ "esrb_rating": unrated })),
            Findings::default()
        );
    }
    let e10 = json!({ "esrb_rating": { "slug": "everyone-10-plus" } });
    assert_eq!(findings(&e10).ratings[0].rating, "E10+");
}

#[test]
fn what_goes_into_an_address_is_encoded() {
    assert_eq!(encoded("a&key=b c/é"), "a%26key%3Db%20c%2F%C3%A9");
    assert_eq!(slug(&json!("../../games?key=")), None);
}
