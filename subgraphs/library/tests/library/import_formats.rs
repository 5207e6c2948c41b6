//! The files of other managers of games.

use super::{
    import_preview::{import, preview, upload},
    stage::Stage,
};
use djinn_kernel::event::{CopiesFound, FoundCopy};
use rusqlite::Connection;
use serde_json::{Value, json};

async fn found(stage: &Stage) -> Vec<FoundCopy> {
    let events = stage.hub.test.take_payloads::<CopiesFound>().await;
    events.into_iter().flat_map(|found| found.copies).collect()
}

async fn holdings(stage: &Stage) -> Value {
    stage.metadata().await;
    let query = "{ games(first: 50) { nodes { favourite notes myRating status { id } playtimeMinutes lastPlayedAt copies { title holding platform { id } storeId addedAt } } } }";
    stage.hub.data(&stage.me, query, json!({})).await["games"]["nodes"].take()
}

#[tokio::test]
async fn what_boards_say_comes_along_and_is_believed_of_those_who_run_the_hub() {
    let stage = Stage::set().await;
    let playnite = "Name,AgeRatings,GameId,Playtime,PluginId
Half-Life,\"PEGI 16, ESRB M, SOMEBODY 3\",70,7200,cb91dfc9-b977-43bf-8e70-55f46e410fab
Quake,PEGI 18,2310,0,cb91dfc9-b977-43bf-8e70-55f46e410fab
";
    let table =
        "title,platform,store_id,rating\nDoom,steam,2280,ESRB M; PEGI 16\nRiddle,steam,4060,E\n";
    let admin = djinn_testkit::viewers::admin(1);
    for content in [playnite, table] {
        for (viewer, by_admin) in [(&stage.me, false), (&admin, true)] {
            let input = json!({ "input": { "content": content } });
            let done = stage
                .hub
                .data(viewer, super::import_preview::IMPORT, input)
                .await;
            assert_eq!(done["importGames"]["problems"], json!([]), "{done:#}");
            let found = found(&stage).await;
            assert_eq!(found.len(), 2, "what is said of ratings is told anew");
            assert!(found.iter().all(|copy| copy.hints.by_admin == by_admin));
            assert!(found.iter().all(|copy| copy.vouched == by_admin));
            let boards = |at: usize| -> Vec<String> {
                let all = found[at].hints.boards.iter();
                all.map(|said| format!("{} {}", said.board, said.rating))
                    .collect()
            };
            if content == playnite {
                assert_eq!(found[0].hints.esrb, Some(djinn_kernel::Esrb::Mature));
                assert_eq!(
                    (boards(0), boards(1)),
                    (vec!["PEGI 16".into()], vec!["PEGI 18".into()])
                );
            } else {
                assert_eq!((boards(0), boards(1)), (vec!["PEGI 16".into()], vec![]));
            }
        }
    }
}

#[tokio::test]
async fn playnites_table_with_days_as_its_user_writes_them() {
    let stage = Stage::set().await;
    let content = "Name,AgeRatings,Favorite,GameId,Genres,ReleaseDate,Added,LastActivity,CompletionStatus,Notes,Platforms,Playtime,PluginId,Source,UserScore
Half-Life,\"PEGI 16, ESRB M\",True,70,\"Action, Shooter\",19/11/1998,01/02/2024,31/01/2024 20:15:00,Beaten,mine,PC (Windows),7200,cb91dfc9-b977-43bf-8e70-55f46e410fab,Steam,90
Secret of Mana,,False,abc,RPG,06/08/1993,01/02/2024,,My own word,,Nintendo SNES,0,00000000-0000-0000-0000-000000000000,,
";
    let seen = preview(&stage, json!({ "input": { "content": content } })).await;
    assert_eq!(
        (&seen["format"], &seen["added"]),
        (&json!("PLAYNITE_CSV"), &json!(2)),
        "{seen:#}"
    );
    assert_eq!(seen["columns"][11]["field"], "playtime_seconds");
    let done = import(&stage, json!({ "content": content })).await;
    assert_eq!(done["problems"], json!([]));
    let games = holdings(&stage).await;
    let half = games
        .as_array()
        .unwrap()
        .iter()
        .find(|game| game["copies"][0]["title"] == "Half-Life")
        .unwrap();
    assert_eq!(
        (&half["favourite"], &half["notes"], &half["myRating"]),
        (&json!(true), &json!("mine"), &json!(90))
    );
    assert_eq!(
        (&half["playtimeMinutes"], &half["status"]["id"]),
        (&json!(120), &json!("completed"))
    );
    assert!(
        half["lastPlayedAt"]
            .as_str()
            .unwrap()
            .starts_with("2024-01-31T20:15:00"),
        "{half:#}"
    );
    let copy = &half["copies"][0];
    assert_eq!(
        (&copy["platform"]["id"], &copy["storeId"]),
        (&json!("steam"), &json!("70"))
    );
    assert!(copy["addedAt"].as_str().unwrap().starts_with("2024-02-01"));
    let mana = games
        .as_array()
        .unwrap()
        .iter()
        .find(|game| game["copies"][0]["title"] == "Secret of Mana")
        .unwrap();
    // Its id is Playnite's own, so it is none of the store's.
    assert_eq!(mana["copies"][0]["storeId"], Value::Null);
    // A word of Playnite's user is one of the household's own from now on.
    assert_eq!(mana["status"]["id"], "My own word");
    let own = async || {
        let all = stage
            .hub
            .data(&stage.me, "{ statuses { id own } }", json!({}))
            .await;
        let mut all: Vec<Value> = all["statuses"].as_array().unwrap().clone();
        all.retain(|one| one["own"] == true);
        all
    };
    assert_eq!(own().await, [json!({ "id": "My own word", "own": true })]);
    // A plain table means the same one, however it is spelled.
    let plain = |status: &str| json!({ "content": format!("title,status\nYs,{status}\n"), "label": "Plain" });
    assert_eq!(import(&stage, plain("my own word")).await["added"], 1);
    let games = holdings(&stage).await;
    let said = games.as_array().unwrap().iter();
    let count = said
        .filter(|game| game["status"]["id"] == "My own word")
        .count();
    assert_eq!((count, own().await.len()), (2, 1));
}

#[tokio::test]
async fn playnites_json() {
    let stage = Stage::set().await;
    let content = json!([{
        "Name": "Celeste", "GameId": "Celeste", "PluginId": "00000002-DBD1-46C6-B5D0-B1BA559D10E4", "Playtime": 3660,
        "LastActivity": "2024-01-31T20:15:00.123+01:00", "ReleaseDate": { "ReleaseDate": "2018-01-25" },
        "Genres": [{ "Name": "Platform" }], "CompletionStatus": { "Name": "Playing" }, "Favorite": true,
        "Added": "/Date(1577836800000)/", "Links": [{ "Name": "Store", "Url": "https://x" }], "Source": { "Name": "Epic" }, "AgeRatings": [{ "Name": "ESRB E10+" }],
    }]);
    let done = import(&stage, json!({ "content": content.to_string() })).await;
    assert_eq!(
        (&done["problems"], &done["added"]),
        (&json!([]), &json!(1)),
        "{done:#}"
    );
    let copy = found(&stage).await.remove(0);
    assert_eq!(
        (copy.platform.as_str(), copy.store_id.as_deref(), copy.year),
        ("epic", Some("Celeste"), Some(2018))
    );
    assert_eq!(copy.hints.genres, ["Platform"]);
    assert_eq!(copy.hints.esrb, Some(djinn_kernel::Esrb::Everyone10));
}

#[tokio::test]
async fn the_lists_of_legendary_and_heroic() {
    let stage = Stage::set().await;
    let legendary = json!([
        { "app_name": "Fox", "app_title": "Control", "metadata": { "developer": "Remedy, Inc.", "namespace": "x" }, "dlcs": [{ "app_name": "FoxDlc", "app_title": "AWE" }] },
        { "app_name": "UE", "app_title": "Unreal Engine", "metadata": { "namespace": "ue" } },
    ]);
    let done = import(
        &stage,
        json!({ "content": legendary.to_string(), "label": "L" }),
    )
    .await;
    assert_eq!(
        (&done["problems"], &done["rows"]),
        (&json!([]), &json!(1)),
        "{done:#}"
    );
    let copy = found(&stage).await.remove(0);
    assert_eq!(
        (
            copy.platform.as_str(),
            copy.store_id.as_deref(),
            copy.title.as_str()
        ),
        ("epic", Some("Fox"), "Control")
    );
    assert_eq!(copy.hints.developers, ["Remedy, Inc."]);

    let heroic = json!({ "games": [
        { "runner": "gog", "app_name": "1207658924", "title": "Unreal", "install": { "is_dlc": false }, "extra": { "genres": ["Shooter"] } },
        { "runner": "gog", "app_name": "gog-redist", "title": "Redist" },
        { "runner": "gog", "app_name": "9", "title": "Extra", "install": { "is_dlc": true } },
    ] });
    let done = import(
        &stage,
        json!({ "content": heroic.to_string(), "label": "H" }),
    )
    .await;
    assert_eq!(
        (&done["problems"], &done["rows"]),
        (&json!([]), &json!(1)),
        "{done:#}"
    );
    let copy = found(&stage).await.remove(0);
    assert_eq!(
        (copy.platform.as_str(), copy.store_id.as_deref()),
        ("gog", Some("1207658924"))
    );
    let torn = import(
        &stage,
        json!({ "content": "[{\"app_name\": \"a\", \"app_title\": \"\"}]" }),
    )
    .await;
    assert_eq!(
        torn["problems"][0]["message"],
        "line 1, column 33 (games[0].app_title): a title is needed. Nothing was imported."
    );
}

#[tokio::test]
async fn the_platforms_of_launchbox() {
    let stage = Stage::set().await;
    let content = "<?xml version=\"1.0\" standalone=\"yes\"?>\n<LaunchBox>\n<Game><Title>Ys &amp; more</Title><Platform>Nintendo Switch</Platform><PlayTime>120</PlayTime><Favorite>true</Favorite><Genre>RPG; Action</Genre><ReleaseDate>1995-03-11T00:00:00+01:00</ReleaseDate><LastPlayedDate>2024-01-31T20:15:00.1234567+01:00</LastPlayedDate></Game>\n<Game><Title>Bad</Title><PlayTime>lots</PlayTime></Game></LaunchBox>";
    let refused = import(&stage, json!({ "content": content })).await;
    let message = refused["problems"][0]["message"].as_str().unwrap();
    assert!(
        message.starts_with("line 4, column") && message.contains("(PlayTime)"),
        "{message}"
    );
    let done = import(
        &stage,
        json!({ "content": content, "leaveOutRejected": true }),
    )
    .await;
    assert_eq!([&done["added"], &done["rejected"]], [1, 1], "{done:#}");
    let games = holdings(&stage).await;
    assert_eq!(
        (&games[0]["favourite"], &games[0]["playtimeMinutes"]),
        (&json!(true), &json!(2)),
        "{games:#}"
    );
}

/// A database as Galaxy makes it.
fn galaxy(more: &str) -> Vec<u8> {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(
        "CREATE TABLE GamePieceTypes (id INTEGER PRIMARY KEY, type TEXT);
         CREATE TABLE GamePieces (userId INTEGER, releaseKey TEXT, gamePieceTypeId INTEGER, value TEXT);
         CREATE TABLE LibraryReleases (id INTEGER PRIMARY KEY, userId INTEGER, releaseKey TEXT);
         CREATE TABLE LicensedReleases (id INTEGER PRIMARY KEY, libraryId INTEGER, isOwned INTEGER);
         CREATE TABLE SubscriptionReleases (id INTEGER PRIMARY KEY, subscriptionId INTEGER, licenseId INTEGER);
         CREATE TABLE GameTimes (userId INTEGER, releaseKey TEXT, minutesInGame INTEGER);
         CREATE TABLE LastPlayedDates (userId INTEGER, gameReleaseKey TEXT, lastPlayedDate TEXT);
         CREATE TABLE ProductPurchaseDates (userId INTEGER, gameReleaseKey TEXT, purchaseDate TEXT);
         INSERT INTO GamePieceTypes VALUES (1, 'originalTitle'), (2, 'title'), (3, 'meta'), (4, 'myRating');
         INSERT INTO LibraryReleases VALUES (1, 1, 'steam_70'), (2, 1, 'xboxone_9'), (3, 1, 'gog_5'), (4, 1, 'epic_x'), (5, 1, 'gog_dlc_1');
         INSERT INTO LicensedReleases VALUES (11, 1, 1), (12, 2, 1), (13, 3, 0), (14, 4, 0), (15, 5, 1);
         INSERT INTO SubscriptionReleases VALUES (1, 1, 12);
         INSERT INTO GamePieces VALUES (1, 'steam_70', 1, '{\"title\":\"HL\"}'), (1, 'steam_70', 2, '{\"title\":\"Half-Life\"}'),
            (1, 'steam_70', 3, '{\"genres\":[\"Shooter\"],\"developers\":[\"Valve\"],\"releaseDate\":911433600}'),
            (1, 'steam_70', 4, '{\"rating\":4}'), (1, 'xboxone_9', 4, '{\"rating\":null}'),
            (1, 'xboxone_9', 1, '{\"title\":\"Halo\"}'), (1, 'gog_5', 1, '{\"title\":\"Gone\"}'), (1, 'epic_x', 1, '{\"title\":\"Played once\"}');
         INSERT INTO GameTimes VALUES (1, 'steam_70', 600), (1, 'epic_x', 5);
         INSERT INTO LastPlayedDates VALUES (1, 'steam_70', '2024-01-31 20:15:00');
         INSERT INTO ProductPurchaseDates VALUES (1, 'steam_70', '2004-11-16 00:00:00'), (1, 'gog_5', '2020-01-01 00:00:00');",
    )
    .unwrap();
    db.execute_batch(more).unwrap();
    let mut bytes = db.serialize("main").unwrap().to_vec();
    // As a program leaves it that writes ahead.
    (bytes[18], bytes[19]) = (2, 2);
    bytes
}

#[tokio::test]
async fn the_database_of_gog_galaxy_with_what_is_owned_and_what_was_lent() {
    let stage = Stage::set().await;
    let kept = upload(&stage, &galaxy("")).await;
    let done = import(
        &stage,
        json!({ "upload": kept["upload"], "label": "Galaxy" }),
    )
    .await;
    assert_eq!(
        (&done["problems"], &done["rows"]),
        (&json!([]), &json!(3)),
        "{done:#}"
    );
    let games = holdings(&stage).await;
    let mut seen: Vec<(String, String, String)> = games
        .as_array()
        .unwrap()
        .iter()
        .map(|game| {
            let copy = &game["copies"][0];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (
                text(&copy["title"]),
                text(&copy["holding"]),
                text(&copy["platform"]["id"]),
            )
        })
        .collect();
    seen.sort();
    let want = [
        ("Half-Life", "OWNED", "steam"),
        ("Halo", "SUBSCRIPTION", "xbox"),
        ("Played once", "PLAYED_ONLY", "epic"),
    ];
    let want: Vec<_> = want
        .iter()
        .map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned()))
        .collect();
    assert_eq!(seen, want);
    let half = games
        .as_array()
        .unwrap()
        .iter()
        .find(|game| game["copies"][0]["title"] == "Half-Life")
        .unwrap();
    assert_eq!(half["playtimeMinutes"], 600);
    assert_eq!(half["myRating"], 80);
    assert!(
        half["copies"][0]["addedAt"]
            .as_str()
            .unwrap()
            .starts_with("2004-11-16")
    );
    // The text of a request cannot carry it.
    let refused = import(
        &stage,
        json!({ "content": "title\nDoom\n", "format": "GOG_GALAXY" }),
    )
    .await;
    assert!(
        refused["problems"][0]["message"]
            .as_str()
            .unwrap()
            .contains("not a SQLite database")
    );
}

#[tokio::test]
async fn tags_given_in_galaxy_are_ones_own_and_come_once() {
    let stage = Stage::set().await;
    let tagged = galaxy(
        "CREATE TABLE UserReleaseTags (userId INTEGER, releaseKey TEXT, tag TEXT);
         INSERT INTO UserReleaseTags VALUES (1, 'steam_70', 'Couch  co-op'), (2, 'steam_70', 'couch CO-OP'),
            (1, 'steam_70', ''), (1, 'steam_70', NULL), (1, 'steam_70', 'Gift'), (1, 'steam_71', 'Nobody''s');
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
         INSERT INTO UserReleaseTags SELECT 1, 'epic_x', 'tag ' || i FROM n;",
    );
    let query = "{ games(first: 50) { nodes { myTags copies { title } } } }";
    // A second time nothing changes.
    for _ in 0..2 {
        let kept = upload(&stage, &tagged).await;
        let input = json!({ "upload": kept["upload"], "label": "Galaxy" });
        let done = import(&stage, input).await;
        assert_eq!(done["problems"], json!([]), "{done:#}");
        stage.metadata().await;
        let games = stage.hub.data(&stage.me, query, json!({})).await["games"]["nodes"].take();
        let game = |title: &str| {
            let mut games = games.as_array().unwrap().iter();
            games
                .find(|game| game["copies"][0]["title"] == title)
                .unwrap()
        };
        let mine = &game("Half-Life")["myTags"];
        assert_eq!(*mine, json!(["Couch co-op", "Gift"]));
        assert_eq!(game("Halo")["myTags"], json!([]));
        let many = game("Played once")["myTags"].as_array().unwrap();
        assert_eq!((many.len(), &many[0]), (50, &json!("tag 1")));
    }
}

#[tokio::test]
async fn a_file_of_another_kind_or_without_games_is_refused_and_nothing_is_made() {
    let stage = Stage::set().await;
    let heroic = "{\"games\":[{\"app_name\":\"1\",\"runner\":\"gog\",\"title\":\"Doom\"}]}";
    let platforms = "<LaunchBox><Platform><Name>Windows</Name></Platform></LaunchBox>";
    for (format, content, want) in [
        ("LAUNCHBOX", heroic, "this is not a file of LaunchBox"),
        ("LAUNCHBOX", "Doom", "this is not a file of LaunchBox"),
        ("LEGENDARY", heroic, "this is not a list of Legendary"),
        ("AUTO", platforms, "in those of Data/Platforms"),
        (
            "AUTO",
            "<LaunchBox></LaunchBox>",
            "there are no games in this file",
        ),
        ("AUTO", "{\"games\":[]}", "there are no games in this file"),
        ("AUTO", "[]", "there are no games in this file"),
        ("AUTO", "title,year\n", "there are no games in this file"),
    ] {
        for dry_run in [true, false] {
            let input = json!({ "format": format, "content": content, "dryRun": dry_run });
            let refused = import(&stage, input).await;
            let problem = &refused["problems"][0];
            assert_eq!(
                problem["code"], "IMPORT_MALFORMED",
                "{content}: {refused:#}"
            );
            let message = problem["message"].as_str().unwrap();
            assert!(message.contains(want), "{message}");
        }
    }
    let nothing = galaxy("DELETE FROM LicensedReleases; DELETE FROM ProductPurchaseDates;");
    let kept = upload(&stage, &nothing).await;
    let refused = import(&stage, json!({ "upload": kept["upload"] })).await;
    let message = refused["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("no games in this database"), "{message}");
    let libraries = stage
        .hub
        .data(&stage.me, "{ libraries { totalCount } }", json!({}))
        .await;
    assert_eq!(libraries["libraries"]["totalCount"], 0);
}

#[tokio::test]
async fn a_database_that_is_a_trap_is_read_as_data_or_refused() {
    let stage = Stage::set().await;
    for (trap, more) in [
        (
            "a view in the place of a table",
            "DROP TABLE GameTimes; CREATE VIEW GameTimes AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 1 AS userId, 'steam_70' AS releaseKey, i AS minutesInGame FROM n;",
        ),
        (
            "a column that is reckoned",
            "DROP TABLE GameTimes; CREATE TABLE GameTimes (releaseKey TEXT, minutesInGame INTEGER GENERATED ALWAYS AS (length(zeroblob(1000000000))));",
        ),
        (
            "a trigger",
            "CREATE TRIGGER t AFTER INSERT ON GamePieces BEGIN DELETE FROM GamePieces; END;",
        ),
        (
            "a view of tags",
            "CREATE VIEW UserReleaseTags AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'steam_70' AS releaseKey, i AS tag FROM n;",
        ),
        (
            "a table of a module",
            "DROP TABLE LastPlayedDates; CREATE VIRTUAL TABLE LastPlayedDates USING fts5(gameReleaseKey, lastPlayedDate);",
        ),
    ] {
        let kept = upload(&stage, &galaxy(more)).await;
        let done = import(
            &stage,
            json!({ "upload": kept["upload"], "label": trap, "dryRun": true }),
        )
        .await;
        assert_eq!(done["problems"], json!([]), "{trap}: {done:#}");
        assert!(done["rows"].as_i64().unwrap() >= 2, "{trap}");
    }
    for (trap, bytes) in [
        (
            "a text in disguise",
            [b"SQLite format 3\0".as_slice(), &[b'x'; 4096]].concat(),
        ),
        ("half a database", galaxy("")[..5000].to_vec()),
        ("another program's", {
            let db = Connection::open_in_memory().unwrap();
            db.execute_batch("CREATE TABLE t (a)").unwrap();
            db.serialize("main").unwrap().to_vec()
        }),
        (
            "a huge value",
            galaxy("INSERT INTO GamePieces VALUES (1, 'steam_70', 2, zeroblob(3000000));"),
        ),
    ] {
        let kept = upload(&stage, &bytes).await;
        let done = import(&stage, json!({ "upload": kept["upload"] })).await;
        assert_eq!(
            done["problems"][0]["code"], "IMPORT_MALFORMED",
            "{trap}: {done:#}"
        );
    }
    let mut broken = galaxy("");
    for at in (5000..broken.len()).step_by(97) {
        broken[at] ^= 0x5A;
    }
    let kept = upload(&stage, &broken).await;
    let done = import(&stage, json!({ "upload": kept["upload"], "dryRun": true })).await;
    assert!(
        done["problems"][0]["code"] == "IMPORT_MALFORMED" || done["rows"].as_i64().unwrap() <= 5,
        "{done:#}"
    );
}
