//! What to play next, where a person says what for: time, mood, company, a ceiling.

use super::{Hub, Picked, game, games, recommend::shelf};
use djinn_kernel::{Esrb, event::GameChanged};
use djinn_testkit::viewers::player;
use serde_json::{Value, json};

const WISH: &str = "query($minutes: Int, $moods: [String!], $company: PlayCompany, $most: EsrbRating, $criteria: String) {
    recommendGames(minutes: $minutes, moods: $moods, company: $company, ratingAtMost: $most, criteria: $criteria, limit: 50) {
        game { id } score reasons { kind text } } }";

async fn wish(hub: &Hub, variables: Value) -> Vec<Picked> {
    let answer = hub.ask(&player(1), WISH, variables).await;
    Picked::all(&answer["recommendGames"])
}

#[tokio::test]
async fn what_fits_the_time_at_hand_comes_first_and_says_so() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    let picks = wish(&hub, json!({ "minutes": 240 })).await;
    assert_eq!(picks[0].game, 14, "{picks:?}");
    assert!(
        picks[0]
            .reason("length")
            .contains("as long as you asked for"),
        "{picks:?}"
    );
    // Longer ones are not left out: a story need not end tonight.
    assert_eq!(picks.len(), 6);
    let last = games(&picks);
    assert!(last.iter().position(|game| *game == 16) > last.iter().position(|game| *game == 14));
}

#[tokio::test]
async fn moods_are_wishes_of_their_own_and_each_is_given_as_a_reason() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    let picks = wish(&hub, json!({ "moods": ["cozy", "puzzle"] })).await;
    assert_eq!(picks[0].game, 14, "{picks:?}");
    let why = picks[0].reason("criteria");
    assert!(why.contains("Cozy") && why.contains("Puzzle"), "{why}");
    let picks = wish(&hub, json!({ "moods": ["zzz"] })).await;
    assert!(!picks.is_empty());
    for pick in &picks {
        assert_eq!(
            pick.reason("criteria"),
            "A wish of yours was not understood: this does not go by it."
        );
    }
}

#[tokio::test]
async fn only_games_for_the_company_there_is_are_picked() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    let picks = wish(&hub, json!({ "company": "COOP" })).await;
    assert_eq!(games(&picks), [16]);
    assert_eq!(
        picks[0].reason("company"),
        "It fits the company you asked for: Co-op."
    );
    assert_eq!(games(&wish(&hub, json!({ "company": "ONLINE" })).await), []);
    // What says nothing of company is played alone; what only says co-op is not.
    let alone = games(&wish(&hub, json!({ "company": "ALONE" })).await);
    assert!(alone.len() == 5 && !alone.contains(&16), "{alone:?}");
}

#[tokio::test]
async fn a_rating_ceiling_leaves_out_what_is_stronger_and_what_nobody_rated() {
    let hub = Hub::start().await;
    let rated = |n, title: &str, esrb| GameChanged {
        esrb,
        ..game(n, title, &["Puzzle"], &[], "Somebody")
    };
    hub.held(&rated(1, "Mild", Some(Esrb::Everyone)), 0, None)
        .await;
    hub.held(&rated(2, "Strong", Some(Esrb::Mature)), 0, None)
        .await;
    hub.held(&rated(3, "Riddle", None), 0, None).await;
    assert_eq!(wish(&hub, json!({})).await.len(), 3);
    let picks = wish(&hub, json!({ "most": "TEEN" })).await;
    assert_eq!(games(&picks), [1]);
}

#[tokio::test]
async fn wishes_that_cannot_be_are_refused_by_name() {
    let hub = Hub::start().await;
    for (variables, field) in [
        (json!({ "minutes": 0 }), "minutes"),
        (json!({ "minutes": 20_000 }), "minutes"),
        (json!({ "moods": vec!["cozy"; 11] }), "moods"),
        (json!({ "moods": ["x".repeat(501)] }), "moods"),
    ] {
        let answer = hub.answer(&player(1), WISH, variables).await;
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!(
            (&extensions["code"], &extensions["field"]),
            (&json!("INVALID_INPUT"), &json!(field))
        );
    }
}
