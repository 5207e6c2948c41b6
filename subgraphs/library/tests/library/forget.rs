//! Forgetting a library.

use super::stage::{ACCOUNT, KEY, Stage, facts, game_of, household_of, owned};
use chrono::TimeDelta;
use djinn_kernel::{
    Event,
    event::{CopiesMatched, GamesForgotten, LibraryForgotten},
    ids::{CopyId, LibraryId},
};
use djinn_library::{account, collection, copy, export, game, import::waiting, play, status, sync};
use djinn_testkit::viewers::player;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, PaginatorTrait,
    QueryFilter, Statement,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

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
    let id: Uuid = library.parse().unwrap();
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
async fn what_was_forgotten_comes_back_whole_from_an_export() {
    let stage = super::export::household().await;
    let file = super::export::export(&stage, &stage.me, "JSON").await;
    let libraries = "{ libraries { nodes { id } } }";
    let libraries = stage.hub.data(&stage.me, libraries, json!({})).await;
    for library in libraries["libraries"]["nodes"].as_array().unwrap() {
        let done = forget(&stage, library["id"].as_str().unwrap()).await;
        assert_eq!(done["problems"], json!([]));
    }
    // Their history is of then, not of the day on which they come back.
    stage.hub.test.clock.advance(TimeDelta::days(1));
    super::export::import(&stage, &file).await;
    super::export::settle(&stage).await;
    let again = super::export::export(&stage, &stage.me, "JSON").await;
    assert_eq!(again, file);
}

/// Every row of every table of the library, as text: ids without dashes, everything in lower case.
async fn everything(db: &DatabaseConnection) -> Vec<(String, String)> {
    let texts = |rows: Vec<sea_orm::QueryResult>| -> Vec<String> {
        rows.iter()
            .map(|row| row.try_get_by_index::<String>(0).unwrap())
            .collect()
    };
    let ask = async |sql: String| {
        let asked = Statement::from_string(db.get_database_backend(), sql);
        texts(db.query_all_raw(asked).await.unwrap())
    };
    let sqlite = db.get_database_backend() == DbBackend::Sqlite;
    let tables = ask(if sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'library%'".to_owned()
    } else {
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_name LIKE 'library%'".to_owned()
    })
    .await;
    assert!(tables.len() >= 20, "{tables:?}");
    let mut all = Vec::new();
    for table in tables {
        let row = if sqlite {
            let columns = ask(format!("SELECT name FROM pragma_table_info('{table}')")).await;
            // A blob that is no id is bytes in sixteen letters each, as PostgreSQL has them.
            let quoted = columns.iter().map(|name| format!("quote(\"{name}\")"));
            quoted.collect::<Vec<_>>().join(" || ' ' || ")
        } else {
            "t::text".to_owned()
        };
        for text in ask(format!("SELECT {row} FROM \"{table}\" t")).await {
            all.push((table.clone(), text.to_lowercase().replace('-', "")));
        }
    }
    all
}

#[tokio::test]
async fn no_row_of_any_table_speaks_of_a_forgotten_library() {
    let mut stage = Stage::set().await;
    let half_life = owned(70, "Half-Life", 5);
    stage.shop.sells(vec![half_life, owned(400, "Portal", 0)]);
    stage.shop.awards(
        70,
        json!([{ "apiname": "crowbar", "achieved": 1, "unlocktime": 1_700_000_000, "name": "crowbar",
            "displayName": "Crowbarred", "hidden": 0, "description": "Swing it", "percent": 3 }]),
    );
    stage.work();
    let library = stage.link().await;
    stage.settle(&library).await;
    stage.achieved().await;
    // Played on, so that there are days; and synced by itself from now on.
    stage.hub.test.clock.advance(TimeDelta::hours(3));
    stage
        .shop
        .sells(vec![owned(70, "Half-Life", 65), owned(400, "Portal", 0)]);
    stage.sync_again(&library).await;
    stage.achieved().await;
    stage.stop().await;
    let ask = async |document: &str, variables: Value| {
        stage.hub.data(&stage.me, document, variables).await;
    };
    let half_life = game_of("Half-Life").0.to_string();
    ask(
        "mutation($id: ID!) { scheduleSync(input: { libraryId: $id, everyHours: 72 }) { problems { code } } }",
        json!({ "id": library }),
    )
    .await;
    ask(
        "mutation($id: ID!) { updateGame(input: { gameId: $id, notes: \"a word of mine\", status: \"completed\", myRating: 77 }) { problems { code } } }",
        json!({ "id": half_life }),
    )
    .await;
    ask(
        "mutation($g: [ID!]!) { createCollection(input: { name: \"Kept\", gameIds: $g }) { problems { code } } }",
        json!({ "g": [half_life] }),
    )
    .await;
    let db = stage.hub.test.ports.db.read();
    let id: Uuid = library.parse().unwrap();
    let copies: Vec<Uuid> = copy::entity::Entity::find()
        .all(db)
        .await
        .unwrap()
        .iter()
        .map(|row| row.id)
        .collect();
    // It turns out to be another game: what was said goes along, and is remembered for its return.
    let merged = CopiesMatched {
        library: LibraryId(id),
        revision: 9,
        matches: copies
            .iter()
            .map(|copy| (CopyId(*copy), game_of("Black Mesa")))
            .collect(),
    };
    let ear = stage.hub.parts.consumer.as_ref().unwrap();
    stage
        .hub
        .test
        .send(&**ear, &facts("Black Mesa", true))
        .await;
    stage.hub.test.send(&**ear, &merged).await;
    super::export::link(&stage, &stage.me, "JSON").await;
    // Beside it there is a library that stays.
    let other = "title,platform,my_notes\nPrey,gog,stays\n";
    let import = "mutation($c: String!) { importGames(input: { content: $c, label: \"Other\" }) { problems { code } } }";
    ask(import, json!({ "c": other })).await;
    stage.metadata().await;

    let runs = sync::entity::run::Entity::find()
        .filter(sync::entity::run::Column::LibraryId.eq(id))
        .all(db)
        .await
        .unwrap();
    let mut words: Vec<String> = [id]
        .into_iter()
        .chain(copies)
        .chain(runs.iter().map(|run| run.id))
        .map(|id| id.simple().to_string())
        .collect();
    words.extend(
        [ACCOUNT, "a word of mine", "crowbar", "halflife"]
            .map(|word| word.replace('-', "").to_lowercase()),
    );
    // What a game is, the catalogue says, whoever holds it.
    let said = |rows: &[(String, String)]| -> BTreeMap<String, BTreeSet<String>> {
        let mut said: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (table, row) in rows.iter().filter(|(table, _)| table != "library_game") {
            let of = words.iter().filter(|word| row.contains(word.as_str()));
            for word in of {
                said.entry(table.clone()).or_default().insert(word.clone());
            }
        }
        said
    };
    let before = said(&everything(db).await);
    for table in [
        "library_account",
        "library_achievement",
        "library_achievement_set",
        "library_copy",
        "library_holding",
        "library_joined",
        "library_play_record",
        "library_schedule",
        "library_secret",
        "library_sync_run",
    ] {
        assert!(
            before.contains_key(table),
            "{table} says nothing of it: {before:#?}"
        );
    }
    let done = forget(&stage, &library).await;
    assert_eq!(done["problems"], json!([]));
    let after = everything(db).await;
    assert_eq!(said(&after), BTreeMap::new());
    let stays = |word: &str| after.iter().any(|(_, row)| row.contains(word));
    assert!(stays("stays") && stays("kept"), "{after:#?}");
    let games = after
        .iter()
        .filter(|(table, _)| {
            [
                "library_collection_game",
                "library_status_change",
                "library_file",
            ]
            .contains(&table.as_str())
        })
        .count();
    assert_eq!(games, 0, "{after:#?}");
}

#[tokio::test]
async fn others_hear_that_nothing_of_a_forgotten_library_is_to_be_kept() {
    for cut_off in [false, true] {
        let (stage, library) = Stage::synced(vec![owned(70, "Half-Life", 5)]).await;
        stage.hub.test.take_events().await;
        if cut_off {
            // What a crash right before the end leaves, and the person then only unlinks.
            let txn = stage.hub.test.ports.db.begin().await.unwrap();
            let id: Uuid = library.parse().unwrap();
            account::store::note_for_good(&txn, id).await.unwrap();
            txn.commit().await.unwrap();
            let unlink = "mutation($id: ID!) { unlinkLibrary(id: $id) { ok } }";
            let variables = json!({ "id": library });
            stage.hub.data(&stage.me, unlink, variables).await;
        } else {
            forget(&stage, &library).await;
        }
        let events = stage.hub.test.take_events().await;
        let kept: Vec<bool> = events
            .iter()
            .filter_map(Event::read::<LibraryForgotten>)
            .map(|gone| gone.kept)
            .collect();
        assert_eq!(kept, [false, false], "cut off: {cut_off}");
    }
}

#[tokio::test]
async fn of_games_that_metadata_forgot_only_what_is_held_is_known() {
    let (stage, _) = Stage::synced(vec![owned(70, "Half-Life", 5)]).await;
    stage.metadata().await;
    let ear = stage.hub.parts.consumer.as_ref().unwrap();
    stage
        .hub
        .test
        .send(&**ear, &facts("Black Mesa", true))
        .await;
    let forgotten = GamesForgotten {
        games: vec![game_of("Black Mesa"), game_of("Half-Life")],
    };
    stage.hub.test.send(&**ear, &forgotten).await;
    let known: Vec<Uuid> = game::entity::fact::Entity::find()
        .all(stage.hub.test.ports.db.read())
        .await
        .unwrap()
        .iter()
        .map(|row| row.game_id)
        .collect();
    assert_eq!(known, [game_of("Half-Life").0]);
}

#[tokio::test]
async fn what_a_secret_was_last_before_it_went_opens_for_nobody() {
    let (stage, library) = Stage::synced(vec![owned(70, "Half-Life", 5)]).await;
    let db = stage.hub.test.ports.db.write();
    // The database itself keeps what each row was when it was deleted.
    let keep: &[&str] = if db.get_database_backend() == DbBackend::Sqlite {
        &[
            "CREATE TABLE last (field TEXT, sealed BLOB)",
            "CREATE TRIGGER keep BEFORE DELETE ON library_secret
             BEGIN INSERT INTO last VALUES (OLD.field, OLD.sealed); END",
        ]
    } else {
        &[
            "CREATE TABLE last (field TEXT, sealed BYTEA)",
            "CREATE FUNCTION keep() RETURNS trigger AS
             'BEGIN INSERT INTO last VALUES (OLD.field, OLD.sealed); RETURN OLD; END' LANGUAGE plpgsql",
            "CREATE TRIGGER keep BEFORE DELETE ON library_secret FOR EACH ROW EXECUTE FUNCTION keep()",
        ]
    };
    for statement in keep {
        db.execute_unprepared(statement).await.unwrap();
    }
    let id: Uuid = library.parse().unwrap();
    let household = household_of(&stage.me);
    let vault = &stage.hub.test.ports.vault;
    let place = |field: &str| account::place(household, "steam", field, id);
    let before = account::entity::secret::Entity::find()
        .all(db)
        .await
        .unwrap();
    assert!(!before.is_empty());
    for row in &before {
        assert!(vault.open(&row.sealed, &place(&row.field)).is_ok());
    }
    forget(&stage, &library).await;
    let asked = Statement::from_string(
        db.get_database_backend(),
        "SELECT field, sealed FROM last".to_owned(),
    );
    let last = db.query_all_raw(asked).await.unwrap();
    assert_eq!(last.len(), before.len());
    for row in last {
        let field: String = row.try_get("", "field").unwrap();
        let sealed: Vec<u8> = row.try_get("", "sealed").unwrap();
        assert!(vault.open(&sealed, &place(&field)).is_err(), "{field}");
    }
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
