//! Forgetting a library.

use super::stage::{KEY, Stage, game_of, household_of, owned};
use djinn_library::{account, collection, export, game, import::waiting, play, status, sync};
use djinn_testkit::viewers::player;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

const FORGET: &str = "mutation($id: ID!) { forgetLibrary(input: { library: $id }) {
    forgotten { copies playDays secrets syncs games waiting } problems { code field } } }";

async fn forget(stage: &Stage, library: &str) -> Value {
    let variables = json!({ "id": library });
    stage.hub.data(&stage.me, FORGET, variables).await["forgetLibrary"].take()
}

#[tokio::test]
async fn nothing_of_a_forgotten_library_is_left() {
    let (stage, library) =
        Stage::synced(vec![owned(70, "Half-Life", 5), owned(400, "Portal", 0)]).await;
    // One of its games is held elsewhere as well.
    let content = "title,platform,favourite\nPortal,gog,yes\nPrey,gog,no\n";
    let import = "mutation($c: String!) { importGames(input: { content: $c, label: \"Other\" }) { problems { code } } }";
    stage
        .hub
        .data(&stage.me, import, json!({ "c": content }))
        .await;
    stage.metadata().await;
    let update = "mutation($id: ID!) { updateGame(input: { gameId: $id, notes: \"mine\", status: \"completed\" }) { problems { code } } }";
    for title in ["Half-Life", "Portal"] {
        let variables = json!({ "id": game_of(title).0.to_string() });
        stage.hub.data(&stage.me, update, variables).await;
    }
    let collect = "mutation($g: [ID!]!) { createCollection(input: { name: \"Mine\", gameIds: $g }) { problems { code } } }";
    let games =
        json!({ "g": [game_of("Half-Life").0.to_string(), game_of("Portal").0.to_string()] });
    stage.hub.data(&stage.me, collect, games).await;
    super::export::link(&stage, &stage.me, "JSON").await;

    // Another household finds no such library.
    let refused = stage
        .hub
        .data(&player(2), FORGET, json!({ "id": library }))
        .await;
    assert_eq!(refused["forgetLibrary"]["problems"][0]["code"], "NOT_FOUND");

    let done = forget(&stage, &library).await;
    assert_eq!(done["problems"], json!([]));
    let forgotten = &done["forgotten"];
    assert_eq!(
        (&forgotten["copies"], &forgotten["games"]),
        (&json!(2), &json!(1)),
        "{done:#}"
    );
    assert!(forgotten["secrets"].as_i64().unwrap() >= 1);
    assert!(forgotten["syncs"].as_i64().unwrap() >= 1);

    let db = stage.hub.test.ports.db.read();
    let id: uuid::Uuid = library.parse().unwrap();
    let household = household_of(&stage.me);
    let secrets = account::entity::secret::Entity::find()
        .filter(account::entity::secret::Column::LibraryId.eq(id))
        .count(db)
        .await
        .unwrap();
    let runs = sync::entity::run::Entity::find()
        .filter(sync::entity::run::Column::LibraryId.eq(id))
        .count(db)
        .await
        .unwrap();
    let accounts = account::entity::account::Entity::find_by_id(id)
        .count(db)
        .await
        .unwrap();
    let words = waiting::entity::Entity::find().count(db).await.unwrap();
    let files = export::file::entity::file::Entity::find()
        .count(db)
        .await
        .unwrap();
    let plays = play::entity::Entity::find().count(db).await.unwrap();
    assert_eq!([secrets, runs, accounts, words, files, plays], [0; 6]);
    // What was said of a game that is nowhere else went with it; of one that is, it stays.
    let said = game::store::holdings(
        db,
        household,
        &[game_of("Half-Life").0, game_of("Portal").0],
    )
    .await
    .unwrap();
    let gone = &said[&game_of("Half-Life").0];
    assert_eq!(
        (gone.held, gone.status.as_deref(), gone.notes.as_deref()),
        (false, None, None)
    );
    let kept = &said[&game_of("Portal").0];
    assert_eq!(
        (kept.held, kept.status.as_deref(), kept.notes.as_deref()),
        (true, Some("completed"), Some("mine"))
    );
    let changes = status::entity::Entity::find()
        .filter(status::entity::Column::GameId.eq(game_of("Half-Life").0))
        .count(db)
        .await
        .unwrap();
    let members = collection::entity::member::Entity::find()
        .count(db)
        .await
        .unwrap();
    assert_eq!((changes, members), (0, 1));
    let seen = stage
        .hub
        .data(
            &stage.me,
            "{ libraries { nodes { label } } games { totalCount } }",
            json!({}),
        )
        .await;
    assert_eq!(seen["libraries"]["nodes"], json!([{ "label": "Other" }]));
    assert_eq!(seen["games"]["totalCount"], 2);
    let again = forget(&stage, &library).await;
    assert_eq!(again["problems"][0]["code"], "NOT_FOUND");
}

#[tokio::test]
async fn a_secret_whose_key_is_destroyed_opens_for_nobody() {
    let stage = Stage::set().await;
    let vault = &stage.hub.test.ports.vault;
    let mut sealed = vault.seal(KEY.as_bytes(), "here").unwrap();
    let length = sealed.len();
    assert_eq!(vault.open(&sealed, "here").unwrap(), KEY.as_bytes());
    vault.shred(&mut sealed);
    assert_eq!(sealed.len(), length);
    assert!(vault.open(&sealed, "here").is_err());
}
