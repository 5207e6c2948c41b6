//! A person's word, and what it stands against; and that a look makes an old answer new.

use crate::story::{Story, copy, product};
use chrono::TimeDelta;
use djinn_kernel::{
    Esrb, Scope,
    event::{FoundCopy, Hints},
};
use djinn_testkit::{
    http::json as page,
    viewers::{admin, child, key, player},
};
use serde_json::{Value, json};

const CORRECT: &str = "mutation($id: ID!, $field: GameField!, $value: String) {
    correctGame(input: { id: $id, field: $field, value: $value }) {
        game { title genres releaseYear esrb esrbSource facts { field value source locked others { source value } } }
        problems { code field } } }";

fn fact<'a>(answer: &'a Value, field: &str) -> &'a Value {
    let facts = answer["data"]["correctGame"]["game"]["facts"]
        .as_array()
        .unwrap();
    facts.iter().find(|fact| fact["field"] == field).unwrap()
}

async fn story() -> Story {
    let mut story = Story::new().await;
    story.test.http.answer(|_| {
        page(200, r#"{"70":{"success":true,"data":{"type":"game","genres":[{"description":"Action"}],"release_date":{"date":"8 Nov, 1998"}}}}"#)
    });
    story
        .find(vec![product(1, "steam", "70", "Half-Life")])
        .await;
    story
        .work_until(async |story| story.said_of(1).await.enriched)
        .await;
    story
}

#[tokio::test]
async fn a_correction_stands_until_it_is_taken_back() {
    let mut story = story().await;
    let id = story.game_of(1).await;
    let set = json!({ "id": id, "field": "GENRES", "value": "Shooter\nPuzzle" });
    let answer = story.ask(&player(1), CORRECT, set).await;
    assert_eq!(
        answer["data"]["correctGame"]["game"]["genres"],
        json!(["Shooter", "Puzzle"]),
        "{answer}"
    );
    assert_eq!(
        *fact(&answer, "genres"),
        json!({ "field": "genres", "value": "Shooter\nPuzzle", "source": "person", "locked": true,
            "others": [{ "source": "steam-store", "value": "Action" }] })
    );
    assert_eq!(
        story.said_of(1).await.genres,
        ["Shooter", "Puzzle"],
        "the rest of the hub hears of it"
    );

    // The store says something else; the correction stands, and what it hides is kept up to date.
    story.test.http.answer(|_| {
        page(
            200,
            r#"{"70":{"success":true,"data":{"type":"game","genres":[{"description":"Racing"}]}}}"#,
        )
    });
    let asked = story.test.http.asked().len();
    story.test.clock.advance(TimeDelta::days(31));
    story
        .work_until(async |story| story.test.http.asked().len() > asked)
        .await;
    story.work().await;
    assert_eq!(story.said_of(1).await.genres, ["Shooter", "Puzzle"]);

    let back = json!({ "id": id, "field": "GENRES", "value": null });
    let answer = story.ask(&player(1), CORRECT, back).await;
    assert_eq!(
        answer["data"]["correctGame"]["game"]["genres"],
        json!(["Racing"])
    );
    assert_eq!(fact(&answer, "genres")["locked"], false);
    assert_eq!(story.said_of(1).await.genres, ["Racing"]);
}

#[tokio::test]
async fn a_corrected_title_is_not_undone_by_more_copies_and_its_own_comes_back() {
    let story = story().await;
    let id = story.game_of(1).await;
    let set = json!({ "id": id, "field": "TITLE", "value": "Half-Life: Source™" });
    let answer = story.ask(&player(1), CORRECT, set).await;
    assert_eq!(
        answer["data"]["correctGame"]["game"]["title"],
        "Half-Life: Source"
    );
    story.find(vec![copy(2, "manual", "Half-Life")]).await;
    assert_eq!(story.said_of(1).await.title, "Half-Life: Source");
    let back = json!({ "id": id, "field": "TITLE", "value": null });
    let answer = story.ask(&player(1), CORRECT, back).await;
    assert_eq!(answer["data"]["correctGame"]["game"]["title"], "Half-Life");
}

#[tokio::test]
async fn a_rating_is_for_those_who_run_the_hub_to_correct() {
    let story = story().await;
    let id = story.game_of(1).await;
    let set = json!({ "id": id, "field": "AGE_RATINGS", "value": "T" });
    let answer = story.ask(&player(1), CORRECT, set.clone()).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let answer = story.ask(&admin(1), CORRECT, set).await;
    let game = &answer["data"]["correctGame"]["game"];
    assert_eq!(
        (&game["esrb"], &game["esrbSource"]),
        (&json!("TEEN"), &json!("person"))
    );
    assert_eq!(story.said_of(1).await.esrb, Some(Esrb::Teen));
}

#[tokio::test]
async fn who_may_not_see_a_game_cannot_correct_it_and_nonsense_changes_nothing() {
    let story = Story::new().await;
    story
        .find(vec![FoundCopy {
            hints: Hints {
                esrb: Some(Esrb::Mature),
                ..Hints::default()
            },
            ..copy(1, "manual", "Blood")
        }])
        .await;
    let id = story.game_of(1).await;
    let set = json!({ "id": id, "field": "TITLE", "value": "Fairies" });
    let answer = story
        .ask(&child(2, 1, Esrb::Teen), CORRECT, set.clone())
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let answer = story
        .ask(&key(1, &[Scope::ReadLibrary]), CORRECT, set)
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    // A profile with a ceiling that could write finds it missing all the same.
    let djinn_kernel::Viewer::Known(mut identity) = child(2, 1, Esrb::Teen) else {
        unreachable!()
    };
    identity.scopes.push(Scope::WriteLibrary);
    let writer = djinn_kernel::Viewer::Known(identity);
    let gone = "00000000-0000-7000-8000-0000000fffff";
    let mut answers = Vec::new();
    for id in [id.to_string(), gone.to_owned()] {
        let set = json!({ "id": id, "field": "TITLE", "value": "Fairies" });
        answers.push(story.ask(&writer, CORRECT, set).await);
    }
    assert_eq!(answers[0], answers[1], "hidden and missing look the same");
    assert_eq!(
        answers[0]["data"]["correctGame"]["problems"][0]["code"],
        "NOT_FOUND"
    );

    let before = story.said_of(1).await;
    for (field, value, code) in [
        ("TITLE", "\0", "INVALID_INPUT"),
        ("RELEASED_ON", "soon", "INVALID_INPUT"),
        ("CRITIC_SCORE", "9000", "INVALID_INPUT"),
    ] {
        let set = json!({ "id": id, "field": field, "value": value });
        let answer = story.ask(&player(1), CORRECT, set).await;
        let problem = &answer["data"]["correctGame"]["problems"][0];
        assert_eq!(
            (&problem["code"], &problem["field"]),
            (&json!(code), &json!("input.value"))
        );
    }
    for (field, value) in [
        ("TITLE", "x".repeat(1_000_000)),
        ("SUMMARY", "x".repeat(2_001)),
        ("GENRES", format!("Puzzle\n{}", "x".repeat(101))),
    ] {
        let set = json!({ "id": id, "field": field, "value": value });
        let answer = story.ask(&player(1), CORRECT, set).await;
        assert_eq!(
            answer["data"]["correctGame"]["problems"],
            json!([{ "code": "INVALID_INPUT", "field": "input.value" }]),
            "{field}"
        );
    }
    assert_eq!(story.said_of(1).await, before);
}

#[tokio::test]
async fn what_is_looked_at_is_asked_about_sooner() {
    let mut story = story().await;
    let id = story.game_of(1).await;
    let look = "query($id: ID!) { game(id: $id) { title } }";
    story.test.http.answer(|_| {
        page(
            200,
            r#"{"70":{"success":true,"data":{"type":"game","genres":[{"description":"Racing"}]}}}"#,
        )
    });
    story.test.clock.advance(TimeDelta::days(2));
    story.ask(&player(1), look, json!({ "id": id })).await;
    story.work().await;
    assert_eq!(
        story.said_of(1).await.genres,
        ["Action"],
        "two days are not old"
    );
    story.test.clock.advance(TimeDelta::days(2));
    story.ask(&player(1), look, json!({ "id": id })).await;
    story
        .work_until(async |story| story.said_of(1).await.genres == ["Racing"])
        .await;
}

#[tokio::test]
async fn who_does_not_have_a_game_cannot_correct_it_unless_they_run_the_hub() {
    let story = story().await;
    let id = story.game_of(1).await;
    let gone = "00000000-0000-7000-8000-0000000fffff";
    let mut answers = Vec::new();
    for id in [id.to_string(), gone.to_owned()] {
        let set = json!({ "id": id, "field": "TITLE", "value": "Fairies" });
        answers.push(story.ask(&player(2), CORRECT, set).await);
    }
    assert_eq!(
        answers[0], answers[1],
        "not theirs and missing look the same"
    );
    assert_eq!(
        answers[0]["data"]["correctGame"]["problems"],
        json!([{ "code": "NOT_FOUND", "field": "input.id" }])
    );
    let set = json!({ "id": id, "field": "TITLE", "value": "Fairies" });
    let answer = story.ask(&admin(2), CORRECT, set).await;
    assert_eq!(answer["data"]["correctGame"]["game"]["title"], "Fairies");
}
