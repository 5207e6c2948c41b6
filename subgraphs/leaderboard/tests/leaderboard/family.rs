//! A board of a game that a profile may not know of is not there for it.

use super::Hub;
use djinn_kernel::{
    Board, Ceiling, Esrb, FamilyView, Rated, Unrated, Viewer,
    event::{GameChanged, GameHidden, GameKind},
    ids::GameId,
};
use djinn_testkit::viewers::{child, player, player_id};
use serde_json::{Value, json};
use uuid::Uuid;

const MILD: Uuid = Uuid::from_u128(0xA);
const HARSH: Uuid = Uuid::from_u128(0xB);
const UNTOLD: Uuid = Uuid::from_u128(0xC);

impl Hub {
    /// Metadata says how a game is rated by the ESRB, and knows no other board.
    async fn rated(&self, game: Uuid, esrb: Option<Esrb>, revision: i64) {
        self.told(game, esrb, None, revision).await;
    }

    /// Metadata says how a game is rated, by other boards as well.
    async fn told(&self, game: Uuid, esrb: Option<Esrb>, boards: Option<i32>, revision: i64) {
        let changed = GameChanged {
            game: GameId(game),
            revision,
            title: "A game".to_owned(),
            kind: GameKind::Game,
            released_on: None,
            genres: Vec::new(),
            tags: Vec::new(),
            developers: Vec::new(),
            esrb,
            boards,
            critic_score: None,
            main_story_minutes: None,
            enriched: true,
        };
        let listener = self.parts.consumer.as_ref().unwrap();
        self.ports.send(&**listener, &changed).await;
    }

    async fn board_of(&self, name: &str, game: Option<Uuid>) -> String {
        let make = "mutation($input: CreateBoardInput!) { createBoard(input: $input) { board { id } problems { code } } }";
        let input = json!({ "input": { "name": name, "gameId": game } });
        let made = self.ask(&player(1), make, input).await;
        made["createBoard"]["board"]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

#[tokio::test]
async fn a_child_finds_no_board_of_a_game_that_its_household_hid() {
    let hub = Hub::start().await;
    hub.rated(MILD, Some(Esrb::Everyone), 1).await;
    let mild = hub.board_of("Mild", Some(MILD)).await;
    let hide = async |revision: i64, hidden: bool| {
        let said = GameHidden {
            household: player_id(1),
            game: GameId(MILD),
            revision,
            hidden,
        };
        let listener = hub.parts.consumer.as_ref().unwrap();
        hub.ports.send(&**listener, &said).await;
    };
    let seen = async |viewer: &Viewer| {
        let query = "query($board: ID!) { boards { totalCount } board(id: $board) { name } }";
        hub.ask(viewer, query, json!({ "board": mild })).await
    };
    let there = json!({ "boards": { "totalCount": 1 }, "board": { "name": "Mild" } });
    let gone = json!({ "boards": { "totalCount": 0 }, "board": null });
    let (ben, of_another) = (child(5, 1, Esrb::Teen), child(6, 2, Esrb::Teen));
    hide(3, true).await;
    // What comes late is older.
    hide(2, false).await;
    assert_eq!(seen(&ben).await, gone);
    assert_eq!(seen(&of_another).await, there);
    assert_eq!(seen(&player(1)).await, there);
    hide(4, false).await;
    assert_eq!(seen(&ben).await, there);
}

#[tokio::test]
async fn a_child_finds_no_board_of_a_game_above_its_ceiling_and_no_trace_of_it() {
    let hub = Hub::start().await;
    hub.rated(MILD, Some(Esrb::Everyone), 1).await;
    hub.rated(HARSH, Some(Esrb::Mature), 2).await;
    // What comes late is older.
    hub.rated(HARSH, Some(Esrb::Everyone), 1).await;
    hub.board_of("Chess", None).await;
    hub.board_of("Mild", Some(MILD)).await;
    let harsh = hub.board_of("Harsh", Some(HARSH)).await;
    hub.board_of("Untold", Some(UNTOLD)).await;
    let ben = child(5, 1, Esrb::Teen);
    let submit = "mutation($id: ID!, $key: String!) { submitScore(input: { boardId: $id, score: 7, key: $key }) { problems { code } } }";
    let score = json!({ "id": harsh, "key": "before" });
    hub.ask(&player(1), submit, score).await;

    let seen = "query($board: ID!, $game: ID!) { boards { totalCount nodes { name } } board(id: $board) { name } of: boards(gameId: $game) { totalCount nodes { name } } }";
    let about = json!({ "board": harsh, "game": HARSH });
    let told = hub.ask(&ben, seen, about.clone()).await;
    assert_eq!(
        told,
        json!({ "boards": { "totalCount": 2, "nodes": [{ "name": "Mild" }, { "name": "Chess" }] },
                "board": null, "of": { "totalCount": 0, "nodes": [] } })
    );
    let everything = hub.ask(&player(1), seen, about.clone()).await;
    assert_eq!(everything["boards"]["totalCount"], 4);
    assert_eq!(everything["board"]["name"], "Harsh");
    let score = json!({ "id": harsh, "key": "k" });
    let refused = hub.ask(&ben, submit, score).await;
    assert_eq!(refused["submitScore"]["problems"][0]["code"], "NOT_FOUND");
    let entities = "query($of: [_Any!]!) { _entities(representations: $of) { ... on Game { boards { name } } ... on Board { name } ... on Player { ranks { board { name } } } } }";
    let of = json!({ "of": [
        { "__typename": "Game", "id": HARSH },
        { "__typename": "Board", "id": harsh },
        { "__typename": "Player", "id": player_id(1) },
    ] });
    let told = hub.ask(&ben, entities, of).await;
    assert_eq!(
        told["_entities"],
        json!([{ "boards": [] }, Value::Null, { "ranks": [] }])
    );

    // Its rating is corrected: it is there at once.
    hub.rated(HARSH, Some(Esrb::Teen), 3).await;
    let told = hub.ask(&ben, seen, about).await;
    assert_eq!(told["boards"]["totalCount"], 3);
    assert_eq!(told["board"]["name"], "Harsh");
}

#[tokio::test]
async fn the_boards_that_are_there_are_those_that_the_ceiling_allows_whichever_board_it_goes_by() {
    let hub = Hub::start().await;
    // What is told of other boards, and what a version told that knew none.
    let mut games = Vec::new();
    for board in Board::ALL {
        for level in (0..board.levels().len() as u8).map(Some).chain([None]) {
            games.push((Rated::UNRATED.with(board, level), true));
        }
    }
    for esrb in Esrb::ALL.into_iter().map(Some).chain([None]) {
        games.push((Rated::by_esrb(esrb), false));
    }
    for (n, (rated, told)) in games.iter().enumerate() {
        let game = Uuid::from_u128(0x1000 + n as u128);
        let boards = told.then(|| rated.boards());
        hub.told(game, rated.esrb(), boards, 1).await;
        hub.board_of(&n.to_string(), Some(game)).await;
    }
    for (board, level) in [
        (Board::Esrb, "T"),
        (Board::Usk, "0"),
        (Board::Usk, "12"),
        (Board::Pegi, "16"),
        (Board::Acb, "R 18+"),
    ] {
        for unrated in [Unrated::Hide, Unrated::Show] {
            let ceiling = Ceiling::new(board, level).unwrap();
            let family = FamilyView { ceiling, unrated };
            let Viewer::Known(mut identity) = child(5, 1, ceiling) else {
                unreachable!("a child is somebody")
            };
            identity.family = Some(family);
            let query = "{ boards(first: 100) { nodes { name } } }";
            let seen = hub.ask(&Viewer::Known(identity), query, json!({})).await;
            let nodes = seen["boards"]["nodes"].as_array().unwrap().iter();
            let mut seen: Vec<usize> = nodes
                .map(|board| board["name"].as_str().unwrap().parse().unwrap())
                .collect();
            seen.sort_unstable();
            let allowed = games.iter().enumerate();
            let allowed: Vec<usize> = allowed
                .filter(|(_, (rated, _))| family.allows(*rated))
                .map(|(n, _)| n)
                .collect();
            assert_eq!(seen, allowed, "{family:?}");
        }
    }
}
