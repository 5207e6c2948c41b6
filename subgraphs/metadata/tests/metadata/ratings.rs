//! Whose word about a rating counts for whom.

use crate::story::{Story, product};
use djinn_kernel::{
    Board, Ceiling, Esrb, FamilyView, Unrated, Viewer,
    event::{BoardRating, FoundCopy, Hints},
    ids::LibraryId,
};
use djinn_metadata::{
    Config,
    config::{Igdb, SteamStore},
};
use djinn_subgraph_kit::http::{Answer, Ask, NoAnswer};
use djinn_testkit::{http, viewers::child};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

const THEIRS: LibraryId = LibraryId(Uuid::from_u128(0xB));

fn imported(n: u128, hints: Hints) -> FoundCopy {
    FoundCopy {
        hints,
        vouched: false,
        ..product(n, "steam", "4060", "Riddle")
    }
}

fn esrb(esrb: Esrb) -> Hints {
    Hints {
        esrb: Some(esrb),
        ..Hints::default()
    }
}

fn boards(all: &[(&str, &str)]) -> Hints {
    let board = |(board, rating): &(&str, &str)| BoardRating {
        board: (*board).to_owned(),
        rating: (*rating).to_owned(),
    };
    Hints {
        boards: all.iter().map(board).collect(),
        ..Hints::default()
    }
}

fn with(ceiling: impl Into<Ceiling>, unrated: Unrated) -> Viewer {
    let ceiling = ceiling.into();
    let Viewer::Known(mut identity) = child(7, 1, ceiling) else {
        unreachable!()
    };
    identity.family = Some(FamilyView { ceiling, unrated });
    Viewer::Known(identity)
}

async fn sees(story: &Story, viewer: &Viewer) -> bool {
    let id = story.game_of(1).await;
    let query = "query($id: ID!) { game(id: $id) { title } }";
    let answer = story.ask(viewer, query, json!({ "id": id })).await;
    answer["data"]["game"]["title"] == "Riddle"
}

#[tokio::test]
async fn another_households_file_opens_no_game_to_my_child() {
    let story = Story::new().await;
    story
        .find(vec![product(1, "steam", "4060", "Riddle")])
        .await;
    let anna = with(Esrb::Everyone10, Unrated::Hide);
    assert!(!sees(&story, &anna).await);
    for (n, rating) in [(11, Esrb::Everyone), (12, Esrb::Teen), (13, Esrb::Mature)] {
        story.find_in(THEIRS, vec![imported(n, esrb(rating))]).await;
        assert_eq!(story.game_of(n).await, story.game_of(1).await);
        for ceiling in [Esrb::Everyone10, Esrb::Teen, Esrb::Mature] {
            assert!(!sees(&story, &with(ceiling, Unrated::Hide)).await);
        }
    }
    // Nor one of another board, whose rating would be mild.
    let mild = boards(&[("PEGI", "3"), ("USK", "0")]);
    story.find_in(THEIRS, vec![imported(14, mild)]).await;
    assert!(!sees(&story, &anna).await);

    // Whoever runs the hub is believed, as they are when they correct it.
    let believed = Hints {
        by_admin: true,
        ..esrb(Esrb::Everyone)
    };
    story.find(vec![imported(1, believed)]).await;
    assert!(sees(&story, &anna).await);
    assert_eq!(story.said_of(1).await.esrb, Some(Esrb::Everyone));
}

#[tokio::test]
async fn anybodys_file_closes_a_game_that_is_for_grown_ups() {
    let story = Story::new().await;
    story
        .find(vec![product(1, "steam", "4060", "Riddle")])
        .await;
    let shown_unrated = with(Esrb::Teen, Unrated::Show);
    assert!(sees(&story, &shown_unrated).await);
    let strong = boards(&[("Nobody", "3"), ("PEGI", "12"), ("pegi", "18")]);
    story.find_in(THEIRS, vec![imported(11, strong)]).await;
    assert!(!sees(&story, &shown_unrated).await);

    let id = story.game_of(1).await;
    let query = "query($id: ID!) { game(id: $id) { ageRatings { board rating source } } }";
    let grown_up = djinn_testkit::viewers::player(1);
    let answer = story.ask(&grown_up, query, json!({ "id": id })).await;
    assert_eq!(
        answer["data"]["game"]["ageRatings"],
        json!([{ "board": "PEGI", "rating": "18", "source": "import" }])
    );
}

#[tokio::test]
async fn what_the_owners_file_says_of_other_boards_counts_by_their_equivalents() {
    let story = Story::new().await;
    let said = Hints {
        by_admin: true,
        ..boards(&[("USK", "12"), ("CLASS_IND", "Fourteen")])
    };
    story.find(vec![imported(1, said)]).await;
    assert_eq!(story.said_of(1).await.esrb, Some(Esrb::Mature));
    assert!(!sees(&story, &with(Esrb::Teen, Unrated::Show)).await);
}

fn up_to(board: Board, level: &str) -> Viewer {
    with(Ceiling::new(board, level).unwrap(), Unrated::Hide)
}

#[tokio::test]
async fn a_ceiling_goes_by_the_word_of_its_own_board() {
    let story = Story::new().await;
    let said = Hints {
        by_admin: true,
        esrb: Some(Esrb::Mature),
        ..boards(&[("USK", "12"), ("PEGI", "16")])
    };
    story.find(vec![imported(1, said)]).await;
    for (board, seen, unseen) in [
        (Board::Usk, "12", "6"),
        (Board::Pegi, "16", "12"),
        (Board::Esrb, "M", "T"),
        // Nobody there rated it: the strictest of the three, which the ESRB gives to 17 and up.
        (Board::ClassInd, "18", "16"),
        (Board::Cero, "D", "C"),
    ] {
        assert!(sees(&story, &up_to(board, seen)).await, "{board:?}");
        assert!(!sees(&story, &up_to(board, unseen)).await, "{board:?}");
    }
}

#[tokio::test]
async fn nobodys_file_opens_a_game_by_the_board_of_a_ceiling() {
    let story = Story::new().await;
    story
        .find(vec![product(1, "steam", "4060", "Riddle")])
        .await;
    for (n, rating) in [(11, "0"), (12, "12"), (13, "16")] {
        let theirs = imported(n, boards(&[("USK", rating)]));
        story.find_in(THEIRS, vec![theirs]).await;
        for board in [Board::Usk, Board::Pegi] {
            let strongest = board.levels().last().unwrap().name;
            assert!(!sees(&story, &up_to(board, strongest)).await, "{rating}");
        }
    }
}

#[tokio::test]
async fn what_an_admin_corrects_counts_for_the_ceilings_of_every_board() {
    let story = Story::new().await;
    let said = Hints {
        by_admin: true,
        ..boards(&[("USK", "16")])
    };
    story.find(vec![imported(1, said)]).await;
    let correct = "mutation($id: ID!, $value: String) {
        correctGame(input: { id: $id, field: AGE_RATINGS, value: $value }) { problems { code message } } }";
    let id = story.game_of(1).await;
    let (usk, pegi) = (up_to(Board::Usk, "12"), up_to(Board::Pegi, "12"));
    for (value, seen) in [
        (Some("usk 12"), true),
        (Some("T"), false),
        (Some("E10+"), true),
        (None, false),
    ] {
        let answer = story
            .ask(
                &djinn_testkit::viewers::admin(1),
                correct,
                json!({ "id": id, "value": value }),
            )
            .await;
        assert_eq!(answer["data"]["correctGame"]["problems"], json!([]));
        for viewer in [&usk, &pegi] {
            assert_eq!(sees(&story, viewer).await, seen, "{value:?}");
        }
    }
}

fn without_the_store() -> Config {
    Config {
        steam_store: SteamStore {
            enabled: false,
            ..SteamStore::default()
        },
        ..Config::default()
    }
}

#[tokio::test]
async fn games_from_before_there_were_other_boards_are_worked_out_once() {
    let mut story = Story::with(without_the_store()).await;
    let said = Hints {
        by_admin: true,
        ..boards(&[("USK", "12"), ("PEGI", "12")])
    };
    story.find(vec![imported(1, said)]).await;
    let before = story.said_of(1).await;
    let forget = "UPDATE metadata_game SET boards = NULL";
    let db = story.test.ports.db.write();
    db.execute_unprepared(forget).await.unwrap();
    // What the ESRB's scale says is no word of another board: it is closed to those.
    assert!(!sees(&story, &up_to(Board::Usk, "12")).await);
    assert!(!sees(&story, &up_to(Board::Usk, "18")).await);
    assert!(sees(&story, &with(Esrb::Teen, Unrated::Hide)).await);

    story
        .work_until(async |story| story.said_of(1).await.revision > before.revision)
        .await;
    assert!(sees(&story, &up_to(Board::Usk, "12")).await);
    assert!(!sees(&story, &up_to(Board::Usk, "6")).await);
    let after = story.said_of(1).await;
    assert_eq!((after.boards, after.esrb), (before.boards, before.esrb));
    story.work().await;
    assert_eq!(story.said_of(1).await.revision, after.revision);
}

#[tokio::test]
async fn a_game_from_before_that_cannot_be_read_keeps_no_other_waiting() {
    let mut story = Story::with(without_the_store()).await;
    let said = Hints {
        by_admin: true,
        ..boards(&[("USK", "12")])
    };
    let broken = product(2, "steam", "4061", "Enigma");
    story.find(vec![broken, imported(1, said)]).await;
    assert_ne!(story.game_of(1).await, story.game_of(2).await);
    let db = story.test.ports.db.write();
    for change in [
        "UPDATE metadata_game SET boards = NULL",
        "UPDATE metadata_game SET genres = '\"no list\"' WHERE title = 'Enigma'",
    ] {
        db.execute_unprepared(change).await.unwrap();
    }
    let viewer = up_to(Board::Usk, "12");
    assert!(!sees(&story, &viewer).await);
    story
        .work_until(async |story| sees(story, &viewer).await)
        .await;
}

/// The Steam store, where 999 is for everyone and called `name`.
fn store(name: &'static str) -> impl Fn(&Ask) -> Result<Answer, NoAnswer> + Send + Sync + 'static {
    move |_: &Ask| {
        let page =
            json!({ "type": "game", "name": name, "ratings": { "esrb": { "rating": "e" } } });
        let answer = json!({ "999": { "success": true, "data": page } });
        http::json(200, answer.to_string())
    }
}

/// IGDB, where Steam's 999 is a game called `Puzzle Kids`, for everyone.
fn igdb(ask: &Ask) -> Result<Answer, NoAnswer> {
    let answer: Value = if ask.url.contains("id.twitch.tv") {
        json!({ "access_token": "t", "expires_in": 5_000_000, "token_type": "bearer" })
    } else if ask.url.ends_with("/external_games") {
        json!([{ "id": 1, "uid": "999", "external_game_source": 1, "game": { "id": 7, "game_type": 0 } }])
    } else {
        let rated =
            json!([{ "organization": { "name": "ESRB" }, "rating_category": { "rating": "E" } }]);
        let game = json!({ "id": 7, "name": "Puzzle Kids", "game_type": 0, "age_ratings": rated });
        json!([{ "name": "games", "result": [game] }, { "name": "times", "result": [] }])
    };
    http::json(200, answer.to_string())
}

/// Somebody's copy of what they call Riddle and say is Steam's 999.
fn riddle_by_id(n: u128, vouched: bool) -> FoundCopy {
    FoundCopy {
        vouched,
        ..product(n, "steam", "999", "Riddle")
    }
}

/// Anna's Riddle, which nobody rates, and beside it the copy of somebody else.
async fn beside_annas(story: &mut Story, theirs: FoundCopy) {
    let annas = product(1, "gog", "12", "Riddle");
    story.find(vec![annas]).await;
    assert!(!sees(story, &with(Esrb::Everyone10, Unrated::Hide)).await);
    story.find_in(THEIRS, vec![theirs]).await;
    assert_eq!(story.game_of(11).await, story.game_of(1).await);
    story.work().await;
}

#[tokio::test]
async fn a_file_opens_no_game_by_naming_another_games_page() {
    let mut story = Story::new().await;
    story.test.http.answer(store("Puzzle Kids"));
    beside_annas(&mut story, riddle_by_id(11, false)).await;
    let said = story.said_of(1).await;
    assert_eq!((said.enriched, said.esrb), (true, None));
    for ceiling in [Esrb::Everyone10, Esrb::Teen, Esrb::Mature] {
        assert!(!sees(&story, &with(ceiling, Unrated::Hide)).await);
    }
    assert!(sees(&story, &with(Esrb::Everyone10, Unrated::Show)).await);
}

#[tokio::test]
async fn nor_by_naming_what_a_database_knows_as_another_game() {
    let config = Config {
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
    };
    for (vouched, opened) in [(false, None), (true, Some(Esrb::Everyone))] {
        let mut story = Story::with(config.clone()).await;
        story.test.http.answer(igdb);
        let product = riddle_by_id(11, vouched);
        beside_annas(&mut story, product).await;
        let asked = story.test.http.asked();
        assert!(
            asked.iter().any(|url| url.ends_with("/multiquery")),
            "{asked:?}"
        );
        assert_eq!(story.said_of(1).await.esrb, opened, "vouched: {vouched}");
    }
}

#[tokio::test]
async fn a_page_is_believed_that_has_the_title_or_that_somebody_vouches_for() {
    for (name, vouched) in [
        ("Riddle\u{2122}: Deluxe Edition", false),
        ("RIDDLE - Game of the Year Edition", false),
        ("Riddle: The Awakening", true),
        ("R\u{e4}tsel", true),
    ] {
        let mut story = Story::new().await;
        story.test.http.answer(store(name));
        beside_annas(&mut story, riddle_by_id(11, vouched)).await;
        let said = story.said_of(1).await.esrb;
        assert_eq!(said, Some(Esrb::Everyone), "{name}");
    }
}

#[tokio::test]
async fn a_page_is_not_believed_whose_title_only_begins_like_the_games() {
    for name in [
        "Riddle Stories: Mel",
        "Riddle Eternal",
        "Riddle 2",
        "Riddle Soundtrack",
        "Riddle: Remastered",
    ] {
        let mut story = Story::new().await;
        story.test.http.answer(store(name));
        beside_annas(&mut story, riddle_by_id(11, false)).await;
        let said = story.said_of(1).await;
        assert_eq!((said.enriched, said.esrb), (true, None), "{name}");
        // Nor because somebody else has that other game from the store itself.
        let other = product(12, "steam", "999", name);
        story.find_in(THEIRS, vec![other]).await;
        assert_eq!(story.said_of(1).await.esrb, None, "{name}");
    }
}

#[tokio::test]
async fn a_page_is_believed_once_the_platform_itself_says_whose_it_is() {
    let mut story = Story::new().await;
    story.test.http.answer(store("Puzzle Kids"));
    beside_annas(&mut story, riddle_by_id(11, false)).await;
    // Whoever has it under its own name says nothing for the other.
    let other = product(12, "steam", "999", "Puzzle Kids");
    story.find_in(THEIRS, vec![other]).await;
    assert_eq!(story.said_of(1).await.esrb, None);
    story.find_in(THEIRS, vec![riddle_by_id(13, true)]).await;
    assert_eq!(story.said_of(1).await.esrb, Some(Esrb::Everyone));
}
