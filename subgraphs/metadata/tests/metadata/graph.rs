//! Games in the graph.

use crate::story::{Story, copy, product};
use djinn_kernel::{
    Esrb, FamilyView, Scope, Unrated, Viewer,
    event::{FoundCopy, GameHidden, Hints},
};
use djinn_testkit::viewers::{child, key, player, player_id};
use serde_json::json;

const GAME: &str = "query($id: ID!) { game(id: $id) { id title sortTitle kind releasedOn releaseYear genres tags developers
    publishers summary hero { source } criticScore mainStoryMinutes esrb esrbSource
    ageRatings { board rating descriptors source } storeLinks { platform storeId url } facts { field source } updatedAt } }";
const ENTITIES: &str =
    "query($of: [_Any!]!) { _entities(representations: $of) { ... on Game { id title
    ageRatings { board } storeLinks { url } facts { field } } } }";

fn rated(n: u128, title: &str, esrb: Option<Esrb>) -> FoundCopy {
    FoundCopy {
        hints: Hints {
            esrb,
            by_admin: true,
            ..Hints::default()
        },
        ..copy(n, "manual", title)
    }
}

#[tokio::test]
async fn a_game_shows_what_is_known_and_from_whom() {
    let story = Story::new().await;
    story
        .find(vec![
            product(1, "steam", "400", "The Portal"),
            product(2, "gog", "abc", "The Portal"),
            FoundCopy {
                year: Some(2007),
                ..rated(3, "The Portal", Some(Esrb::Teen))
            },
        ])
        .await;
    let id = story.game_of(1).await;
    let answer = story.ask(&player(1), GAME, json!({ "id": id })).await;
    assert_eq!(
        answer["data"]["game"],
        json!({
            "id": id, "title": "The Portal", "sortTitle": "Portal", "kind": "GAME", "releasedOn": null, "releaseYear": 2007,
            "genres": [], "tags": [], "developers": [], "publishers": [], "summary": null, "hero": { "source": "steam-store" },
            "criticScore": null, "mainStoryMinutes": null, "esrb": "TEEN", "esrbSource": "import-by-admin",
            "ageRatings": [{ "board": "ESRB", "rating": "T", "descriptors": [], "source": "import-by-admin" }],
            "storeLinks": [
                { "platform": "gog", "storeId": "abc", "url": null },
                { "platform": "steam", "storeId": "400", "url": "https://store.steampowered.com/app/400" },
            ],
            "facts": [
                { "field": "ageRatings", "source": "import" },
                { "field": "kind", "source": "platform" },
                { "field": "releasedOn", "source": "import" },
                { "field": "title", "source": "platform" },
            ],
            "updatedAt": "2026-01-02T03:04:05+00:00",
        })
    );
}

#[tokio::test]
async fn a_game_above_the_ceiling_looks_missing_by_every_way() {
    let story = Story::new().await;
    let copies = vec![
        rated(1, "Blood", Some(Esrb::Mature)),
        rated(2, "Fairies", Some(Esrb::Everyone)),
        rated(3, "Riddle", None),
    ];
    story.find(copies).await;
    let (blood, fairies, riddle) = (
        story.game_of(1).await,
        story.game_of(2).await,
        story.game_of(3).await,
    );
    let teen = child(2, 1, Esrb::Teen);
    for id in [blood, riddle] {
        let answer = story.ask(&teen, GAME, json!({ "id": id })).await;
        assert_eq!(answer, json!({ "data": { "game": null } }));
    }
    let of = |id| json!({ "__typename": "Game", "id": id });
    let answer = story
        .ask(
            &teen,
            ENTITIES,
            json!({ "of": [of(blood), of(fairies), of(riddle)] }),
        )
        .await;
    assert!(answer.get("errors").is_none(), "{answer}");
    let entities = &answer["data"]["_entities"];
    assert_eq!(
        (&entities[0], &entities[1]["title"], &entities[2]),
        (&json!(null), &json!("Fairies"), &json!(null))
    );

    let Viewer::Known(mut identity) = teen else {
        unreachable!()
    };
    identity.family = Some(FamilyView {
        ceiling: Esrb::Teen.into(),
        unrated: Unrated::Show,
    });
    let answer = story
        .ask(&Viewer::Known(identity), GAME, json!({ "id": riddle }))
        .await;
    assert_eq!(answer["data"]["game"]["title"], "Riddle");
}

#[tokio::test]
async fn a_game_that_a_household_hid_looks_missing_to_its_children_alone() {
    let story = Story::new().await;
    story
        .find(vec![rated(1, "Fairies", Some(Esrb::Everyone))])
        .await;
    let fairies = story.game_of(1).await;
    let (own, another) = (child(2, 1, Esrb::Teen), child(4, 3, Esrb::Teen));
    let title = async |viewer: &Viewer| {
        let of = json!({ "of": [{ "__typename": "Game", "id": fairies }] });
        let one = story.ask(viewer, GAME, json!({ "id": fairies })).await;
        let entity = story.ask(viewer, ENTITIES, of).await;
        let (one, entity) = (&one["data"]["game"], &entity["data"]["_entities"][0]);
        assert_eq!(one["title"], entity["title"]);
        one["title"].clone()
    };
    for (revision, hidden, seen) in [(2, true, json!(null)), (3, false, json!("Fairies"))] {
        story
            .send(&GameHidden {
                household: player_id(1),
                game: fairies,
                revision,
                hidden,
            })
            .await;
        assert_eq!(title(&own).await, seen);
        assert_eq!(title(&another).await, "Fairies");
        assert_eq!(title(&player(1)).await, "Fairies");
    }
}

#[tokio::test]
async fn one_missing_entity_nulls_only_itself() {
    let story = Story::new().await;
    story.find(vec![copy(1, "manual", "Portal")]).await;
    let of = |id: &str| json!({ "__typename": "Game", "id": id });
    let here = story.game_of(1).await.to_string();
    let gone = "00000000-0000-7000-8000-0000000fffff";
    let answer = story
        .ask(
            &player(1),
            ENTITIES,
            json!({ "of": [of(gone), of(&here), of("nonsense")] }),
        )
        .await;
    let entities = &answer["data"]["_entities"];
    assert_eq!(
        (&entities[0], &entities[1]["title"], &entities[2]),
        (&json!(null), &json!("Portal"), &json!(null))
    );
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID_ID");
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn fifty_entities_take_a_few_queries_not_fifty() {
    let story = Story::new().await;
    story
        .find(
            (0..50)
                .map(|n| product(n, "steam", &n.to_string(), &format!("Game {n}")))
                .collect(),
        )
        .await;
    let games: Vec<_> = story.heard().await.games.keys().copied().collect();
    let of: Vec<_> = games
        .iter()
        .map(|id| json!({ "__typename": "Game", "id": id }))
        .collect();
    story.test.database.take_query_count();
    let answer = story.ask(&player(1), ENTITIES, json!({ "of": of })).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    assert_eq!(answer["data"]["_entities"].as_array().unwrap().len(), 50);
    let queries = story.test.database.take_query_count();
    // Four kinds of things, and a busy machine cuts each into a few batches; one by one it would be
    // two hundred.
    assert!(queries <= 100, "{queries} queries");
}

#[tokio::test]
async fn who_may_not_read_libraries_gets_a_coded_error() {
    let story = Story::new().await;
    story.find(vec![copy(1, "manual", "Portal")]).await;
    let id = story.game_of(1).await;
    for (viewer, code) in [
        (Viewer::Anonymous, "UNAUTHENTICATED"),
        (key(1, &[Scope::ReadPlay]), "FORBIDDEN"),
    ] {
        let answer = story.ask(&viewer, GAME, json!({ "id": id })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code);
        assert_eq!(answer["data"]["game"], json!(null));
    }
    let answer = story
        .ask(&player(1), GAME, json!({ "id": "nonsense" }))
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID_ID");
    // A board names its game to whoever may read boards.
    let of = json!({ "of": [{ "__typename": "Game", "id": id }] });
    let answer = story
        .ask(&key(1, &[Scope::ReadPlay]), ENTITIES, of.clone())
        .await;
    assert_eq!(answer["data"]["_entities"][0]["title"], "Portal");
    let answer = story.ask(&Viewer::Anonymous, ENTITIES, of).await;
    assert_eq!(answer["data"]["_entities"][0], json!(null));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

#[tokio::test]
async fn the_schema_names_its_key() {
    let story = Story::new().await;
    assert!(
        story.parts.sdl.contains(r#"type Game @key(fields: "id")"#),
        "{}",
        story.parts.sdl
    );
    assert!(
        story.parts.sdl.contains("type Query {"),
        "{}",
        story.parts.sdl
    );
}
