//! What to play next.

use super::{Hub, Picked, game, games, holding};
use djinn_kernel::{
    Esrb, Scope, Viewer,
    event::{GameChanged, GameKind, HoldingChanged},
};
use djinn_testkit::viewers::{child, key, player, player_id};
use serde_json::json;

/// A small shelf: shooters and puzzles were played, racing was given up.
pub(super) async fn shelf(hub: &Hub) {
    let shooter = &["Shooter", "Action"][..];
    let puzzle = &["Puzzle"][..];
    hub.held(
        &game(1, "DOOM", shooter, &["Gore", "Fast-Paced"], "id Software"),
        41 * 60,
        None,
    )
    .await;
    hub.held(
        &game(2, "Portal", puzzle, &["First-Person", "Funny"], "Valve"),
        300,
        Some("completed"),
    )
    .await;
    hub.held(
        &game(3, "Slow Laps", &["Racing"], &["Realistic"], "Laps Inc"),
        20,
        Some("abandoned"),
    )
    .await;
    let scored = |game: GameChanged, score, minutes| GameChanged {
        critic_score: Some(score),
        main_story_minutes: Some(minutes),
        ..game
    };
    let open = [
        scored(
            game(11, "Quake", shooter, &["Gore", "Fast-Paced"], "id Software"),
            84,
            600,
        ),
        scored(
            game(12, "Dusk", shooter, &["Gore", "Retro"], "New Blood"),
            88,
            420,
        ),
        scored(
            game(13, "The Witness", puzzle, &["First-Person"], "Thekla"),
            87,
            1020,
        ),
        scored(
            game(14, "Unpacking", puzzle, &["Relaxing", "Cozy"], "Witch Beam"),
            83,
            210,
        ),
        scored(
            game(15, "Fast Laps", &["Racing"], &["Realistic"], "Laps Inc"),
            90,
            900,
        ),
        scored(
            game(
                16,
                "Farm Year",
                &["Simulation"],
                &["Relaxing", "Co-op"],
                "Acre",
            ),
            75,
            3000,
        ),
    ];
    for game in &open {
        hub.held(game, 0, None).await;
    }
}

#[tokio::test]
async fn what_is_like_the_games_you_play_comes_first_and_the_reason_names_them() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    let picks = hub.recommend(&player(1), json!({})).await;
    assert_eq!(picks.len(), 6);
    assert_eq!(picks[0].game, 11);
    let why = picks[0].reason("tag").to_owned() + picks[0].reason("genre");
    assert!(
        why.contains("Because you played DOOM for 41 hours"),
        "{picks:?}"
    );
    assert_eq!(
        picks[0].reason("developer"),
        "Because you played DOOM for 41 hours: id Software made both."
    );
    assert!(picks[0].reasons.iter().any(|reason| reason.0 == "unplayed"));
    let portal = picks.iter().find(|pick| pick.game == 13).unwrap();
    assert!(
        portal
            .reasons
            .iter()
            .any(|reason| reason.1.contains("Portal")),
        "{portal:?}"
    );
    // Racing was given up after twenty minutes: the best-scored game of all is not near the top.
    assert!(
        games(&picks).iter().position(|game| *game == 15).unwrap() >= 4,
        "{picks:?}"
    );
}

#[tokio::test]
async fn the_list_is_in_falling_order_the_same_every_time_and_never_one_note() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    for n in 20..40 {
        hub.held(
            &game(
                n,
                &format!("Boom {n}"),
                &["Shooter", "Action"],
                &["Gore", "Fast-Paced"],
                "Boom",
            ),
            0,
            None,
        )
        .await;
    }
    let picks = hub.recommend(&player(1), json!({})).await;
    assert!(picks.is_sorted_by(|a, b| a.score >= b.score));
    assert!(
        picks
            .iter()
            .all(|pick| (0.0..=1.0).contains(&pick.score) && !pick.reasons.is_empty())
    );
    assert!(
        picks.iter().any(|pick| [13, 14].contains(&pick.game)),
        "{:?}",
        games(&picks)
    );
    assert_eq!(hub.recommend(&player(1), json!({})).await, picks);
}

#[tokio::test]
async fn only_what_waits_to_be_played_is_recommended() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    let adventure = |n: u128| game(n, &format!("Adventure {n}"), &["Shooter"], &[], "A");
    hub.held(&adventure(30), 119, None).await;
    hub.held(&adventure(31), 121, None).await;
    hub.held(&adventure(32), 500, Some("on_hold")).await;
    hub.held(&adventure(33), 5, Some("completed")).await;
    hub.held(&adventure(34), 5, Some("abandoned")).await;
    hub.held(&adventure(37), 0, Some("playing")).await;
    hub.held(&adventure(38), 60, Some("playing")).await;
    hub.held(
        &GameChanged {
            kind: GameKind::Dlc,
            ..adventure(35)
        },
        0,
        None,
    )
    .await;
    hub.game(&adventure(36)).await;
    let mut hidden = holding(player_id(1), 36, 0, None);
    hidden.hidden = true;
    hub.holding(&hidden).await;
    let picks = hub.recommend(&player(1), json!({ "limit": 50 })).await;
    let mut seen: Vec<_> = games(&picks)
        .into_iter()
        .filter(|game| *game >= 30)
        .collect();
    seen.sort_unstable();
    assert_eq!(seen, [30, 32, 37, 38]);
    let on_hold = picks.iter().find(|pick| pick.game == 32).unwrap();
    assert_eq!(
        on_hold.reason("unplayed"),
        "It waits: you put it on hold after 8 hours."
    );
    let begun = picks.iter().find(|pick| pick.game == 30).unwrap();
    assert_eq!(
        begun.reason("unplayed"),
        "It waits: you played it for 2 hours only."
    );
    let marked = picks.iter().find(|pick| pick.game == 37).unwrap();
    assert_eq!(
        marked.reason("unplayed"),
        "It goes on: you said that it is being played."
    );
    let playing = picks.iter().find(|pick| pick.game == 38).unwrap();
    assert_eq!(
        playing.reason("unplayed"),
        "It goes on: you played it for 1 hour so far."
    );
}

#[tokio::test]
async fn what_was_asked_for_in_words_comes_first_and_is_said() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    let first = |criteria: &'static str| {
        let hub = &hub;
        async move {
            hub.recommend(&player(1), json!({ "criteria": criteria }))
                .await
                .remove(0)
        }
    };
    let relaxing = first("something relaxing, please").await;
    assert!([14, 16].contains(&relaxing.game));
    assert_eq!(
        relaxing.reason("criteria"),
        "It fits what you asked for: Relaxing."
    );
    assert_eq!(first("a coop game").await.game, 16);
    assert_eq!(first("Racing!").await.game, 15);
    assert_eq!(first("the witness").await.game, 13);
    let like = first("something like Portal").await;
    assert_eq!(like.game, 13);
    assert!(
        like.reason("criteria")
            .starts_with("It is like Portal: they share "),
        "{like:?}"
    );
    // Words that name nothing here change nothing, and every pick says so.
    let plain = hub.recommend(&player(1), json!({})).await;
    let missed = hub
        .recommend(&player(1), json!({ "criteria": "xyzzy; DROP TABLE games" }))
        .await;
    assert_eq!(games(&missed), games(&plain));
    for pick in &missed {
        assert_eq!(
            pick.reason("criteria"),
            "A wish of yours was not understood: this does not go by it."
        );
    }
    // Words that ask for nothing miss nothing.
    assert_eq!(
        hub.recommend(&player(1), json!({ "criteria": "something good, please" }))
            .await,
        plain
    );
}

#[tokio::test]
async fn what_is_not_wanted_is_left_out() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    let picks = hub
        .recommend(&player(1), json!({ "criteria": "a shooter, no gore" }))
        .await;
    assert!(!games(&picks).contains(&11) && !games(&picks).contains(&12));
    assert!(!picks.is_empty());
}

#[tokio::test]
async fn what_is_not_wanted_may_have_several_words_and_ends_where_another_wish_begins() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    let open = |n, title: &str| game(n, title, &["RPG"], &["Open World"], "Roam");
    hub.held(&open(21, "The Outer Worlds"), 0, None).await;
    hub.held(&open(22, "Skyrim"), 0, None).await;
    let rpg = GameChanged {
        main_story_minutes: Some(600),
        critic_score: Some(95),
        ..game(23, "Narrow Streets", &["RPG"], &["Story Rich"], "Roam")
    };
    hub.held(&rpg, 0, None).await;
    for criteria in [
        "RPG but not open world under 20 hours",
        "an RPG, no open-world games",
        "not really open world or gore, but RPG",
        "no tedious open world RPG",
    ] {
        let picks = hub
            .recommend(&player(1), json!({ "criteria": criteria }))
            .await;
        assert_eq!(picks[0].game, 23, "{criteria}: {picks:?}");
        assert!(
            !games(&picks).iter().any(|game| [21, 22].contains(game)),
            "{criteria}: {picks:?}"
        );
    }
    // What nobody here has heard of is no wish for a title with a word of it either.
    let picks = hub
        .recommend(
            &player(1),
            json!({ "criteria": "RPG without quick outer stuff" }),
        )
        .await;
    let titled = |pick: &Picked| pick.reason("criteria").contains("title");
    assert!(!picks.iter().any(titled), "{picks:?}");
}

#[tokio::test]
async fn a_length_outright_is_a_limit_and_short_a_preference() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    hub.held(&game(17, "Length Unknown", &["Puzzle"], &[], "A"), 0, None)
        .await;
    let under = hub
        .recommend(&player(1), json!({ "criteria": "under 5 hours" }))
        .await;
    assert_eq!(games(&under), [14, 17]);
    assert_eq!(
        under[0].reason("length"),
        "Its main story takes about 4 hours, as long as you asked for."
    );
    let short = hub
        .recommend(&player(1), json!({ "criteria": "a short puzzle game" }))
        .await;
    assert_eq!(short[0].game, 14);
    assert!(short.len() > 2);
    let long = hub
        .recommend(&player(1), json!({ "criteria": "something over 40 hours" }))
        .await;
    assert_eq!(long[0].game, 16);
}

#[tokio::test]
async fn a_genre_filters_in_any_spelling_and_an_unknown_one_is_an_empty_list() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    for genre in ["Puzzle", "puzzle", " PUZZLES "] {
        let mut picks = games(&hub.recommend(&player(1), json!({ "genre": genre })).await);
        picks.sort_unstable();
        assert_eq!(picks, [13, 14]);
    }
    assert!(
        hub.recommend(&player(1), json!({ "genre": "Opera" }))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn with_nothing_played_critics_and_variety_decide_and_the_reason_says_so() {
    let hub = Hub::start().await;
    for (n, score) in [(1, Some(95)), (2, Some(94)), (3, Some(60)), (4, None)] {
        let genre = if n <= 2 { "Shooter" } else { "Puzzle" };
        hub.held(
            &GameChanged {
                critic_score: score,
                ..game(n, &format!("Game {n}"), &[genre], &[], "A")
            },
            0,
            None,
        )
        .await;
    }
    let picks = hub.recommend(&player(1), json!({})).await;
    assert_eq!(picks[0].game, 1);
    assert!(
        picks[0]
            .reason("critics")
            .contains("Nothing has been played yet")
    );
    assert!(picks[0].reason("critics").contains("95 out of 100"));
    let unscored = picks.iter().find(|pick| pick.game == 4).unwrap();
    assert!(
        unscored.reason("unplayed").contains("variety"),
        "{unscored:?}"
    );
}

#[tokio::test]
async fn a_child_is_never_told_of_a_game_above_the_ceiling_not_even_in_a_reason() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    for n in [1, 11] {
        let doom = game(
            n,
            if n == 1 { "DOOM" } else { "Quake" },
            &["Shooter"],
            &["Gore"],
            "id Software",
        );
        hub.game(&GameChanged {
            revision: 2,
            esrb: Some(Esrb::Mature),
            ..doom
        })
        .await;
    }
    hub.game(&GameChanged {
        revision: 2,
        esrb: None,
        ..game(12, "Dusk", &["Shooter"], &[], "New Blood")
    })
    .await;
    let picks = hub
        .recommend(
            &child(2, 1, Esrb::Teen),
            json!({ "criteria": "like DOOM, shooter" }),
        )
        .await;
    assert!(!games(&picks).contains(&11) && !games(&picks).contains(&12));
    let said: String = picks
        .iter()
        .flat_map(|pick| &pick.reasons)
        .map(|reason| reason.1.as_str())
        .collect();
    assert!(!said.contains("DOOM") && !said.contains("Quake"));
    assert!(
        said.contains("your family played Portal") && !said.contains("you played"),
        "{said}"
    );
    // The guardian still sees them.
    assert!(games(&hub.recommend(&player(1), json!({})).await).contains(&11));
}

#[tokio::test]
async fn another_household_has_its_own_shelf() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    assert!(hub.recommend(&player(2), json!({})).await.is_empty());
    hub.holding(&holding(player_id(2), 15, 0, None)).await;
    assert_eq!(games(&hub.recommend(&player(2), json!({})).await), [15]);
}

#[tokio::test]
async fn the_schema_is_as_agreed_and_every_type_is_described() {
    let hub = Hub::start().await;
    let sdl = &hub.parts.sdl;
    for line in [
        "type Query {",
        "limit: Int = 10",
        "first: Int = 10",
        "type Game @key(fields: \"id\")",
    ] {
        assert!(sdl.contains(line), "{line} in {sdl}");
    }
    for line in sdl
        .split("\n\n")
        .filter(|part| !part.starts_with("directive"))
    {
        assert!(
            line.starts_with("\"\"\"") || line.starts_with("extend"),
            "{line}"
        );
    }
}

#[tokio::test]
async fn limits_and_scopes_are_refused_with_their_codes() {
    let hub = Hub::start().await;
    let query =
        "query($c: String, $l: Int = 10) { recommendGames(criteria: $c, limit: $l) { score } }";
    let cases = [
        (player(1), json!({ "l": 0 }), "INVALID_INPUT"),
        (player(1), json!({ "l": 51 }), "INVALID_INPUT"),
        (player(1), json!({ "c": "x".repeat(501) }), "INVALID_INPUT"),
        (key(1, &[Scope::ReadPlay]), json!({}), "FORBIDDEN"),
        (Viewer::Anonymous, json!({}), "UNAUTHENTICATED"),
    ];
    for (viewer, variables, code) in cases {
        let answer = hub.answer(&viewer, query, variables).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{answer}");
    }
    let answer = hub.answer(&player(1), query, json!({ "l": 51 })).await;
    assert_eq!(
        answer["errors"][0]["message"],
        "`limit` must be between 1 and 50, not 51"
    );
    assert_eq!(answer["errors"][0]["extensions"]["field"], "limit");
}

#[tokio::test]
async fn what_a_person_says_of_a_game_counts_before_the_hours_they_gave_it() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    // Hours of shooting, and every one of them regretted; a puzzle is loved, and was hardly begun.
    let said = |n, minutes, rating, favourite| HoldingChanged {
        revision: 2,
        my_rating: rating,
        favourite,
        ..holding(player_id(1), n, minutes, None)
    };
    hub.holding(&said(1, 41 * 60, Some(10), false)).await;
    hub.holding(&said(2, 300, Some(95), false)).await;
    let picks = hub.recommend(&player(1), json!({})).await;
    assert_eq!(picks[0].game, 13, "{picks:?}");
    let why: Vec<&str> = picks[0].reasons.iter().map(|reason| &*reason.1).collect();
    assert!(
        why.join(" ").contains("you rated Portal 95 out of 100"),
        "{why:?}"
    );
    let last = games(&picks);
    assert!(
        last.iter().position(|game| *game == 11).unwrap() >= 3,
        "{last:?}"
    );

    // A favourite that nobody rated speaks as well; what is rated low is not recommended at all.
    hub.holding(&said(16, 0, None, true)).await;
    hub.holding(&said(14, 0, Some(20), false)).await;
    let farm = game(
        17,
        "Farm Decade",
        &["Simulation"],
        &["Relaxing", "Co-op"],
        "Acre",
    );
    hub.held(&farm, 0, None).await;
    let picks = hub.recommend(&player(1), json!({})).await;
    assert!(!games(&picks).contains(&14), "{picks:?}");
    let farm = picks.iter().find(|pick| pick.game == 17).unwrap();
    assert!(
        farm.reasons
            .iter()
            .any(|reason| reason.1.contains("Farm Year is a favourite of yours")),
        "{farm:?}"
    );
}

#[tokio::test]
async fn what_a_grown_up_likes_rates_and_hides_shapes_no_pick_of_a_child() {
    let (hub, other) = (Hub::start().await, Hub::start().await);
    shelf(&hub).await;
    shelf(&other).await;
    for (n, rating, favourite) in [
        (1, Some(10), false),
        (2, Some(95), true),
        (14, Some(20), false),
    ] {
        hub.holding(&HoldingChanged {
            revision: 2,
            my_rating: rating,
            favourite,
            ..holding(player_id(1), n, if n == 14 { 0 } else { 300 }, None)
        })
        .await;
        other
            .holding(&HoldingChanged {
                revision: 2,
                ..holding(player_id(1), n, if n == 14 { 0 } else { 300 }, None)
            })
            .await;
    }
    let kid = child(3, 1, Esrb::AdultsOnly);
    let seen = hub.recommend(&kid, json!({})).await;
    let never = other.recommend(&kid, json!({})).await;
    assert!(!seen.is_empty());
    assert_eq!(games(&seen), games(&never));
    assert_ne!(
        games(&hub.recommend(&player(1), json!({})).await),
        games(&other.recommend(&player(1), json!({})).await)
    );
}
