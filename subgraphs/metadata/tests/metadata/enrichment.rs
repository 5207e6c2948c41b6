//! Asking the Steam store, within its limits and through its moods.

use crate::story::{Story, copy, product};
use chrono::TimeDelta;
use djinn_kernel::{
    Clock, Esrb,
    event::{EnrichmentPaused, FoundCopy, GameKind, Hints},
};
use djinn_metadata::{Config, config::SteamStore};
use djinn_subgraph_kit::http::{Answer, Ask, Http, NoAnswer};
use djinn_testkit::{
    http::{html, json, too_many},
    viewers::player,
};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

fn page(ask: &Ask, data: &str) -> Result<Answer, NoAnswer> {
    let id = ask
        .url
        .split("appids=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    json(
        200,
        format!(r#"{{"{id}":{{"success":true,"data":{data}}}}}"#),
    )
}

const HALF_LIFE: &str = r#"{"type":"game","name":"Half-Life","required_age":"17","short_description":"Run. Think. &quot;Shoot&quot;. Live.",
    "developers":["Valve"],"publishers":["Valve"],"genres":[{"id":"1","description":"Action"}],"metacritic":{"score":96},
    "release_date":{"coming_soon":false,"date":"8 Nov, 1998"},"content_descriptors":{"ids":[2],"notes":null},
    "ratings":{"esrb":{"rating":"m","descriptors":"Blood\r\nGore"},"usk":{"rating":"18"},"steam_germany":{"rating":"16","rating_generated":"1"}}}"#;

fn limited(requests: u32, window_secs: u32) -> Config {
    Config {
        steam_store: SteamStore {
            requests,
            window_secs,
            ..SteamStore::default()
        },
        ..Config::default()
    }
}

fn steam(count: u128) -> Vec<FoundCopy> {
    (1..=count)
        .map(|n| product(n, "steam", &n.to_string(), &format!("Game Number {n}")))
        .collect()
}

#[tokio::test]
async fn the_store_fills_a_game_in() {
    let mut story = Story::new().await;
    story.test.http.answer(|ask| page(ask, HALF_LIFE));
    let hints = Hints {
        genres: vec!["Shooter".into()],
        tags: vec!["classic".into()],
        ..Hints::default()
    };
    story
        .find(vec![
            product(1, "steam", "70", "Half-Life®"),
            FoundCopy {
                hints,
                ..copy(2, "manual", "Half-Life")
            },
        ])
        .await;
    assert!(!story.said_of(1).await.enriched);
    story
        .work_until(async |story| story.said_of(1).await.enriched)
        .await;

    assert_eq!(
        story.test.http.asked(),
        ["https://store.steampowered.com/api/appdetails?appids=70&l=english&cc=us"]
    );
    let said = story.said_of(1).await;
    assert_eq!(
        (said.revision, said.kind, said.esrb, said.critic_score),
        (2, GameKind::Game, Some(Esrb::Mature), Some(96))
    );
    assert_eq!(
        (said.genres, said.tags, said.developers),
        (
            vec!["Action".into()],
            vec!["classic".into()],
            vec!["Valve".into()]
        )
    );
    assert_eq!(said.released_on.unwrap().to_string(), "1998-11-08");
    let query = "query($id: ID!) { game(id: $id) { title summary esrb esrbSource ageRatings { board rating descriptors source }
        facts { field source } } }";
    let answer = story
        .ask(&player(1), query, json!({ "id": said.game }))
        .await;
    let game = &answer["data"]["game"];
    assert_eq!(
        (&game["title"], &game["summary"]),
        (&json!("Half-Life"), &json!("Run. Think. \"Shoot\". Live."))
    );
    assert_eq!(
        (&game["esrb"], &game["esrbSource"]),
        (&json!("MATURE"), &json!("steam-store"))
    );
    assert_eq!(
        game["ageRatings"],
        json!([
            { "board": "ESRB", "rating": "M", "descriptors": ["Blood", "Gore"], "source": "steam-store" },
            { "board": "Steam Germany", "rating": "16", "descriptors": [], "source": "questionnaire" },
            { "board": "USK", "rating": "18", "descriptors": [], "source": "steam-store" },
        ])
    );
    assert!(
        game["facts"]
            .as_array()
            .unwrap()
            .contains(&json!({ "field": "tags", "source": "import" }))
    );
    assert!(
        game["facts"]
            .as_array()
            .unwrap()
            .contains(&json!({ "field": "genres", "source": "steam-store" }))
    );
}

#[tokio::test]
async fn a_delisted_game_is_settled_without_data() {
    let mut story = Story::new().await;
    story
        .test
        .http
        .answer(|_| json(200, r#"{"1":{"success":false}}"#));
    story.find(steam(1)).await;
    story
        .work_until(async |story| story.said_of(1).await.enriched)
        .await;
    story.work().await;
    assert_eq!(story.test.http.asked().len(), 1, "it is not asked again");
    assert_eq!(story.said_of(1).await.title, "Game Number 1");
}

#[tokio::test]
async fn too_many_requests_pause_the_provider_until_it_said_also_over_a_restart() {
    let mut story = Story::new().await;
    story
        .test
        .http
        .answer(|_| too_many(Some(Duration::from_secs(90))));
    story.find(steam(3)).await;
    story
        .work_until(async |story| !story.heard().await.pauses.is_empty())
        .await;
    let until = story.test.clock.now() + TimeDelta::seconds(90);
    assert_eq!(
        story.heard().await.pauses,
        [EnrichmentPaused {
            provider: "steam-store".into(),
            until
        }]
    );
    story.work().await;
    assert_eq!(
        story.test.http.asked().len(),
        1,
        "nobody asks during the pause"
    );

    story
        .test
        .http
        .answer(|ask| page(ask, r#"{"type":"game"}"#));
    story.test.clock.advance(TimeDelta::seconds(90));
    story
        .work_until(async |story| story.heard().await.games.values().all(|game| game.enriched))
        .await;
    assert_eq!(story.test.http.asked().len(), 4);
}

#[tokio::test]
async fn an_empty_answer_pauses_too_but_one_game_cannot_stop_the_rest() {
    let mut story = Story::new().await;
    story.test.http.answer(|ask| {
        if ask.url.contains("appids=1&") {
            json(200, "null")
        } else {
            page(ask, r#"{"type":"game"}"#)
        }
    });
    story.find(steam(3)).await;
    story
        .work_until(async |story| !story.heard().await.pauses.is_empty())
        .await;
    story.test.clock.advance(TimeDelta::minutes(5));
    story
        .work_until(async |story| {
            story
                .heard()
                .await
                .games
                .values()
                .filter(|game| game.enriched)
                .count()
                == 2
        })
        .await;
    for _ in 0..8 {
        story.work().await;
        story.test.clock.advance(TimeDelta::minutes(5));
    }
    assert!(
        story.said_of(1).await.enriched,
        "given up, so that progress ends"
    );
}

#[tokio::test]
async fn a_provider_that_is_down_or_talks_nonsense_is_tried_eight_times_and_again_next_day() {
    for answer in [
        html(503, "<html>maintenance"),
        json(200, r#"{"1":{"success":tr"#),
        Err(NoAnswer::Truncated),
        Err(NoAnswer::Timeout),
    ] {
        let mut story = Story::new().await;
        story.test.http.answer(move |_| answer.clone());
        story.find(steam(1)).await;
        for tries in 1..=8 {
            assert!(!story.said_of(1).await.enriched);
            story
                .work_until(async |story| story.test.http.asked().len() == tries)
                .await;
            story.work().await;
            assert_eq!(
                story.test.http.asked().len(),
                tries,
                "it waits before it tries again"
            );
            story.test.clock.advance(TimeDelta::hours(1));
        }
        let said = story.said_of(1).await;
        assert!(
            said.enriched && said.genres.is_empty(),
            "given up for today"
        );
        story.work().await;
        assert_eq!(story.test.http.asked().len(), 8);

        story.test.http.answer(|ask| page(ask, HALF_LIFE));
        story.test.clock.advance(TimeDelta::days(1));
        story
            .work_until(async |story| story.said_of(1).await.critic_score == Some(96))
            .await;
    }
}

#[tokio::test]
async fn the_budget_is_never_passed_not_even_by_a_restart() {
    let mut story = Story::with(limited(3, 60)).await;
    story
        .test
        .http
        .answer(|ask| page(ask, r#"{"type":"game"}"#));
    story.find(steam(8)).await;
    story.work().await;
    assert_eq!(story.test.http.asked().len(), 3);
    let until = story.test.clock.now() + TimeDelta::seconds(60);
    assert_eq!(
        story.heard().await.pauses,
        [EnrichmentPaused {
            provider: "steam-store".into(),
            until
        }]
    );

    story.test.clock.advance(TimeDelta::seconds(59));
    story.work().await;
    assert_eq!(story.test.http.asked().len(), 3);
    story.test.clock.advance(TimeDelta::seconds(1));
    story.work().await;
    assert_eq!(
        story.test.http.asked().len(),
        6,
        "the whole budget is used once it is there again"
    );
    story.test.clock.advance(TimeDelta::seconds(60));
    story.work().await;
    assert_eq!(story.test.http.asked().len(), 8);
    assert!(story.heard().await.games.values().all(|game| game.enriched));
}

#[tokio::test]
async fn in_five_minutes_the_store_is_asked_as_often_as_we_allow_ourselves_and_not_once_more() {
    let window = SteamStore::default();
    let most = window.requests as usize;
    assert_eq!(
        (most, window.window_secs),
        (100, 300),
        "half of what the store bears"
    );
    let mut story = Story::new().await;
    story
        .test
        .http
        .answer(|ask| page(ask, r#"{"type":"game"}"#));
    story.find(steam(110)).await;
    for (pause, asked) in [(0, most), (299, most), (1, 110)] {
        // Each time by another process, which knows only what is written down.
        story.test.clock.advance(TimeDelta::seconds(pause));
        story
            .work_until(async |story| story.test.http.asked().len() >= asked)
            .await;
        story.work().await;
        assert_eq!(story.test.http.asked().len(), asked);
    }
}

/// Never answers; says when it was asked.
#[derive(Default)]
struct Silent(Notify);

impl Silent {
    async fn asked(&self) {
        let asked = tokio::time::timeout(Duration::from_secs(30), self.0.notified()).await;
        asked.expect("the job is taken up");
    }
}

#[async_trait::async_trait]
impl Http for Silent {
    async fn send(&self, _: Ask) -> Result<Answer, NoAnswer> {
        self.0.notify_one();
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_job_whose_process_was_killed_is_taken_up_again() {
    let mut story = Story::with(limited(5, 300)).await;
    story.find(steam(1)).await;
    let silent = Arc::<Silent>::default();
    let real = std::mem::replace(&mut story.test.ports.http, Arc::clone(&silent) as _);
    story.restart();
    let killed = tokio::spawn(
        story
            .parts
            .workers
            .remove(0)
            .start(CancellationToken::new()),
    );
    silent.asked().await;
    killed.abort();

    story.test.ports.http = real;
    story
        .test
        .http
        .answer(|ask| page(ask, r#"{"type":"game"}"#));
    story.restart();
    story.work().await;
    assert_eq!(
        story.test.http.asked().len(),
        0,
        "the dead process may still be at it"
    );
    story.test.clock.advance(TimeDelta::seconds(31));
    story
        .work_until(async |story| story.said_of(1).await.enriched)
        .await;
}

#[tokio::test]
async fn a_job_given_back_in_peace_is_taken_up_at_once() {
    let mut story = Story::new().await;
    story.find(steam(1)).await;
    let silent = Arc::<Silent>::default();
    let real = std::mem::replace(&mut story.test.ports.http, Arc::clone(&silent) as _);
    story.restart();
    let stop = CancellationToken::new();
    let worker = tokio::spawn(story.parts.workers.remove(0).start(stop.clone()));
    silent.asked().await;
    stop.cancel();
    worker.await.unwrap();

    story.test.ports.http = real;
    story
        .test
        .http
        .answer(|ask| page(ask, r#"{"type":"game"}"#));
    story.restart();
    story
        .work_until(async |story| story.said_of(1).await.enriched)
        .await;
}

#[tokio::test]
async fn without_the_store_games_are_done_at_once() {
    let off = Config {
        steam_store: SteamStore {
            enabled: false,
            ..SteamStore::default()
        },
        ..Config::default()
    };
    let mut story = Story::with(off.clone()).await;
    story.find(steam(1)).await;
    assert!(story.said_of(1).await.enriched);
    assert!(story.test.http.asked().is_empty());

    // Switched on later, it catches up.
    story.config = Config::default();
    story.restart();
    story.test.http.answer(|ask| page(ask, HALF_LIFE));
    story
        .work_until(async |story| story.said_of(1).await.critic_score == Some(96))
        .await;

    // Switched off with work left, nobody waits for it.
    story.find(vec![product(2, "steam", "2", "Another")]).await;
    assert!(!story.said_of(2).await.enriched);
    story.config = off;
    story.restart();
    story
        .work_until(async |story| story.said_of(2).await.enriched)
        .await;
}

#[tokio::test]
async fn an_answer_is_asked_for_again_when_it_is_old() {
    let mut story = Story::new().await;
    story.test.http.answer(|ask| {
        page(
            ask,
            r#"{"type":"game","genres":[{"description":"Action"}]}"#,
        )
    });
    story.find(steam(1)).await;
    story
        .work_until(async |story| story.said_of(1).await.enriched)
        .await;
    story.test.http.answer(|ask| {
        page(
            ask,
            r#"{"type":"game","genres":[{"description":"Puzzle"}]}"#,
        )
    });
    story.test.clock.advance(TimeDelta::days(30));
    story
        .work_until(async |story| story.said_of(1).await.genres == ["Puzzle"])
        .await;
}

#[tokio::test]
async fn a_product_that_turns_out_to_be_another_game_takes_its_facts_along() {
    let mut story = Story::new().await;
    story.test.http.answer(|ask| page(ask, HALF_LIFE));
    story
        .find(vec![
            product(1, "gog", "9", "Fallout 3"),
            product(2, "steam", "22370", "Fallout 3 GOTY"),
        ])
        .await;
    story
        .work_until(async |story| story.said_of(1).await.enriched)
        .await;
    let base = story.game_of(1).await;
    assert_eq!(story.said_of(1).await.critic_score, Some(96));
    story
        .test
        .http
        .answer(|ask| page(ask, r#"{"type":"game","metacritic":{"score":50}}"#));
    story
        .find(vec![product(3, "steam", "22300", "Fallout 3")])
        .await;
    assert_eq!(
        (story.game_of(1).await, story.game_of(3).await),
        (base, base)
    );
    assert_ne!(story.game_of(2).await, base);
    let said = story.said_of(1).await;
    assert_eq!((said.critic_score, said.enriched), (None, false));
    story
        .work_until(async |story| story.heard().await.games.values().all(|game| game.enriched))
        .await;
    assert_eq!(story.said_of(3).await.critic_score, Some(50));
}

#[tokio::test]
async fn the_stores_date_shows_which_of_two_works_of_one_name_it_sells() {
    let mut story = Story::new().await;
    story.test.http.answer(|ask| {
        let year = if ask.url.contains("appids=379720&") {
            2016
        } else {
            1993
        };
        page(
            ask,
            &format!(r#"{{"type":"game","release_date":{{"date":"13 May, {year}"}}}}"#),
        )
    });
    let dated = |n, year| FoundCopy {
        year: Some(year),
        ..copy(n, "manual", "DOOM")
    };
    let steam = vec![
        product(1, "steam", "379720", "DOOM"),
        product(2, "steam", "2280", "DOOM"),
    ];
    story.find(steam).await;
    story.find(vec![dated(3, 2016), dated(4, 1993)]).await;
    assert_ne!(
        story.game_of(1).await,
        story.game_of(3).await,
        "nobody knows yet"
    );
    story.work().await;
    assert_eq!(story.game_of(1).await, story.game_of(3).await);
    assert_eq!(story.game_of(2).await, story.game_of(4).await);
    assert_ne!(story.game_of(1).await, story.game_of(2).await);
    assert!(story.heard().await.games.values().all(|game| game.enriched));
}
