//! Imports.

use super::stage::Stage;
use djinn_kernel::{Esrb, event::CopiesFound};
use serde_json::{Value, json};

const IMPORT: &str = "mutation($input: ImportInput!) { importGames(input: $input) {
    library { id label platform { id } gamesCount } rows added updated unchanged skipped
    preview { line title action } problems { code field message } } }";

async fn import(stage: &Stage, mut input: Value) -> Value {
    if input.get("format").is_none() {
        input["format"] = json!("CSV");
    }
    stage
        .hub
        .data(&stage.me, IMPORT, json!({ "input": input }))
        .await["importGames"]
        .take()
}

async fn problem(stage: &Stage, input: Value) -> (String, String) {
    let done = import(stage, input).await;
    assert_eq!(
        (&done["library"], &done["rows"]),
        (&Value::Null, &json!(0)),
        "{done:#}"
    );
    let problem = &done["problems"][0];
    (
        problem["code"].as_str().unwrap().to_owned(),
        problem["message"].as_str().unwrap().to_owned(),
    )
}

const FILE: &str =
    "\u{feff}Name;Platform;Hours;Last played;Release year;Genres;Rating;Status;Developer
Chrono Trigger;SNES;30,5;2024-01-31;1995;\"RPG; Adventure\";E;Beaten;\"Square Co., Ltd.\"
\"Zelda: \"\"Link's
Awakening\"\"\";Game Boy;;;;;RP;;
Celeste;Nintendo Switch;1;;2018;;E10+;;
Celeste;Nintendo Switch;2;;2018;;;;
";

#[tokio::test]
async fn a_file_becomes_a_shelf_and_its_hints_travel_to_metadata() {
    let mut stage = Stage::set().await;
    let done = import(&stage, json!({ "content": FILE, "label": "Retro" })).await;
    assert_eq!(done["problems"], json!([]));
    assert_eq!([&done["rows"], &done["added"], &done["skipped"]], [4, 3, 1]);
    assert_eq!(
        done["preview"][1],
        json!({ "line": 3, "title": "Zelda: \"Link's Awakening\"", "action": "ADD" })
    );
    assert_eq!(
        done["preview"][3],
        json!({ "line": 6, "title": "Celeste", "action": "SKIP" })
    );
    assert_eq!(
        (
            &done["library"]["label"],
            &done["library"]["platform"]["id"]
        ),
        (&json!("Retro"), &json!("manual"))
    );

    let found = stage
        .hub
        .test
        .take_payloads::<CopiesFound>()
        .await
        .remove(0);
    let trigger = &found.copies[0];
    assert_eq!(
        (trigger.platform.as_str(), trigger.year),
        ("snes", Some(1995))
    );
    assert_eq!(trigger.hints.esrb, Some(Esrb::Everyone));
    assert_eq!(trigger.hints.genres, ["RPG", "Adventure"]);
    assert_eq!(trigger.hints.developers, ["Square Co., Ltd."]);
    assert_eq!(found.copies[1].hints.esrb, None);
    assert_eq!(found.copies[2].platform, "switch");

    // Its games are matched like a platform's, with a run to watch; the file's status is taken over.
    let library = done["library"]["id"].as_str().unwrap();
    assert_eq!(stage.run(library).await["stage"], "MATCHING");
    let ear = stage.hub.parts.consumer.as_ref().unwrap();
    for copy in &found.copies {
        stage
            .hub
            .test
            .send(&**ear, &super::stage::facts(&copy.title, true))
            .await;
    }
    let matches = found
        .copies
        .iter()
        .map(|copy| (copy.copy, super::stage::game_of(&copy.title)))
        .collect();
    let matched = djinn_kernel::event::CopiesMatched {
        library: found.library,
        revision: 1,
        matches,
    };
    stage.hub.test.send(&**ear, &matched).await;
    stage.work();
    assert_eq!(stage.settle(library).await["state"], "SUCCEEDED");
    let games = stage
        .hub
        .data(
            &stage.me,
            "{ games { nodes { status { id } playtimeMinutes copies { platform { id name } } } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        games["games"]["nodes"][1],
        json!({ "status": { "id": "completed" }, "playtimeMinutes": 1830, "copies": [{ "platform": { "id": "snes", "name": "SNES" } }] }),
    );
}

#[tokio::test]
async fn importing_the_same_file_again_changes_nothing() {
    let stage = Stage::set().await;
    let first = import(&stage, json!({ "content": FILE })).await;
    let again = import(&stage, json!({ "content": FILE, "label": " imported " })).await;
    assert_eq!(again["library"]["id"], first["library"]["id"]);
    assert_eq!(
        [
            &again["added"],
            &again["updated"],
            &again["unchanged"],
            &again["skipped"]
        ],
        [0, 0, 3, 1]
    );
    let changed = FILE.replace("30,5", "31");
    let again = import(&stage, json!({ "content": changed })).await;
    assert_eq!(
        [&again["added"], &again["updated"], &again["unchanged"]],
        [0, 1, 2]
    );
}

#[tokio::test]
async fn a_dry_run_says_what_would_happen_and_does_nothing() {
    let stage = Stage::set().await;
    let dry = import(&stage, json!({ "content": FILE, "dryRun": true })).await;
    assert_eq!([&dry["rows"], &dry["added"], &dry["skipped"]], [4, 3, 1]);
    assert_eq!(dry["library"], Value::Null);
    let seen = stage
        .hub
        .data(&stage.me, "{ libraries { totalCount } }", json!({}))
        .await;
    assert_eq!(seen["libraries"]["totalCount"], 0);
    assert!(stage.hub.test.take_events().await.is_empty());

    let library = import(&stage, json!({ "content": FILE })).await["library"].take();
    let changed = FILE.replace("30,5", "31").replace("Celeste", "Sorbet");
    let dry = import(&stage, json!({ "content": changed, "dryRun": true })).await;
    assert_eq!(
        [&dry["added"], &dry["updated"], &dry["unchanged"]],
        [1, 1, 1]
    );
    assert_eq!(dry["preview"][0]["action"], "UPDATE");
    assert_eq!(dry["library"]["id"], library["id"]);
    assert_eq!(dry["library"]["gamesCount"], 3);
}

#[tokio::test]
async fn a_value_that_cannot_be_read_is_named_with_line_and_column() {
    let stage = Stage::set().await;
    for (content, want) in [
        (
            "title,year\nDoom,1993\nQuake,soon\n",
            "line 3, column 7 (year): \"soon\" is not a year from 1950 to 2100. Nothing was imported.",
        ),
        (
            "title,rating\nDoom,18 and over\n",
            "line 2, column 6 (rating): \"18 and over\" is not an ESRB rating: E, E10+, T, M, AO, EC or RP. Nothing was imported.",
        ),
        (
            "title;playtime_hours\n\"a\nb\";1\nc;lots\n",
            "line 4, column 3 (playtime_hours): \"lots\" is not a number of hours, like 12.5. Nothing was imported.",
        ),
        (
            "title,status\nDoom,***\n",
            "line 2, column 6 (status): \"***\" is not a status: unplayed, playing, completed, on_hold, abandoned, or a name of 1 to 40 characters. Nothing was imported.",
        ),
        (
            "title,last_played\nDoom,soon\n",
            "line 2, column 6 (last_played): \"soon\" is not a time like 2024-01-31 or 2024-01-31T20:15:00Z. Nothing was imported.",
        ),
        (
            "title,last_played\nDoom,3/4/2024\nQuake,2024-01-31\n",
            "line 2, column 6 (last_played): \"3/4/2024\" may be one day or another, and no value of the column tells which; write it like 2024-01-31. Nothing was imported.",
        ),
        (
            "title,added\nDoom,2999-01-01\n",
            "line 2, column 6 (added): \"2999-01-01\" is not in the years from 1950 to 2100. Nothing was imported.",
        ),
        (
            "title,released_on\nDoom,1.1.1800\n",
            "line 2, column 6 (released_on): \"1.1.1800\" is not in the years from 1950 to 2100. Nothing was imported.",
        ),
        (
            "title,year\n,1993\n",
            "line 2, column 1 (title): a title is needed. Nothing was imported.",
        ),
        (
            "title,year\nDoom,1993\n\"Quake,1996\n",
            "line 3, column 1: the quote that opens here is never closed. Nothing was imported.",
        ),
        (
            "year\n1993\n",
            "line 1, column 1: no column is called title or name; the columns are: year. Nothing was imported.",
        ),
    ] {
        assert_eq!(
            problem(&stage, json!({ "content": content })).await,
            ("IMPORT_MALFORMED".to_owned(), want.to_owned())
        );
    }
    let json = "{\"games\": [\n  {\"title\": \"A\"},\n  {\"title\": \"B\", \"year\": 12}\n]}";
    let want = "line 3, column 26 (games[1].year): \"12\" is not a year from 1950 to 2100. Nothing was imported.";
    assert_eq!(
        problem(&stage, json!({ "format": "JSON", "content": json }))
            .await
            .1,
        want
    );
    let json = "{\"games\": [{\"title\": \"A\"},\n  {\"title\": \"B\"}, {\"year\": 1998}]}";
    assert_eq!(
        problem(&stage, json!({ "format": "JSON", "content": json }))
            .await
            .1,
        "line 2, column 19 (games[2].title): a title is needed. Nothing was imported."
    );
    let kept = super::import_preview::upload(&stage, json.as_bytes()).await;
    for (input, field) in [
        (json!({ "upload": kept["upload"] }), "input.upload"),
        (json!({ "content": json }), "input.content"),
    ] {
        let refused = super::import_preview::import(&stage, input).await;
        assert_eq!(refused["problems"][0]["field"], field, "{refused:#}");
    }
    let seen = stage
        .hub
        .data(&stage.me, "{ libraries { totalCount } }", json!({}))
        .await;
    assert_eq!(seen["libraries"]["totalCount"], 0);
}

#[tokio::test]
async fn a_table_says_by_its_columns_how_its_days_are_written() {
    let stage = Stage::set().await;
    for (label, days) in [
        ("German", ["01.03.2024", "31.1.24 20:15"]),
        ("British", ["01/03/2024", "31/01/2024 20:15:00"]),
        ("American", ["3/1/2024", "1/31/2024 8:15 PM"]),
    ] {
        let [first, second] = days;
        let content =
            format!("title,last_played,released_on\n{label} 1,{first},\n{label} 2,{second},1998\n");
        let done = import(&stage, json!({ "content": content, "label": label })).await;
        assert_eq!((&done["problems"], &done["added"]), (&json!([]), &json!(2)));
    }
    stage.metadata().await;
    let query = "{ games(first: 50) { nodes { lastPlayedAt copies { title } } } }";
    let games = stage.hub.data(&stage.me, query, json!({})).await["games"]["nodes"].take();
    for game in games.as_array().unwrap() {
        let title = game["copies"][0]["title"].as_str().unwrap();
        let want = if title.ends_with('1') {
            "2024-03-01T00:00:00"
        } else {
            "2024-01-31T20:15:00"
        };
        let played = game["lastPlayedAt"].as_str().unwrap();
        assert!(played.starts_with(want), "{title}: {played}");
    }
    assert_eq!(games.as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn json_says_the_same_as_csv() {
    let stage = Stage::set().await;
    let content = json!({ "games": [
        { "title": "Chrono Trigger", "platform": "steam", "store_id": 613_830, "genres": ["RPG"], "playtime_minutes": 90, "esrb": "E" },
        { "name": "Half-Life", "year": "1998", "notes": { "ignored": true } },
    ]});
    let done = import(
        &stage,
        json!({ "format": "JSON", "content": content.to_string() }),
    )
    .await;
    assert_eq!([&done["rows"], &done["added"]], [2, 2], "{done:#}");
    let found = stage
        .hub
        .test
        .take_payloads::<CopiesFound>()
        .await
        .remove(0);
    assert_eq!(found.copies[0].store_id.as_deref(), Some("613830"));
    assert_eq!(found.copies[0].platform, "steam");
    assert_eq!(
        (found.copies[1].platform.as_str(), found.copies[1].year),
        ("manual", Some(1998))
    );
}

#[tokio::test]
async fn columns_can_be_mapped_by_hand() {
    let stage = Stage::set().await;
    let content = "Spiel,Status\nDoom,loved\n";
    let mapping =
        json!([{ "column": "Spiel", "field": "title" }, { "column": "Status", "field": "ignore" }]);
    let done = import(&stage, json!({ "content": content, "mapping": mapping })).await;
    assert_eq!(done["added"], 1, "{done:#}");
    let mapping = json!([{ "column": "Spiel", "field": "colour" }]);
    let done = import(&stage, json!({ "content": content, "mapping": mapping })).await;
    assert_eq!(done["problems"][0]["field"], "input.mapping.0.field");
    for (again, field, want) in [
        (
            json!({ "column": "Spiel", "field": "year" }),
            "input.mapping.1.column",
            "the column Spiel is mapped twice",
        ),
        (
            json!({ "column": "Status", "field": "title" }),
            "input.mapping.1.field",
            "Spiel and Status cannot both be title",
        ),
    ] {
        let mapping = json!([{ "column": "Spiel", "field": "title" }, again]);
        let done = import(&stage, json!({ "content": content, "mapping": mapping })).await;
        let problem = &done["problems"][0];
        assert_eq!(
            (&problem["field"], &problem["message"]),
            (&json!(field), &json!(want))
        );
    }
    let mapping = json!([{ "column": "Spile", "field": "title" }]);
    let done = import(&stage, json!({ "content": content, "mapping": mapping })).await;
    assert_eq!(done["problems"][0]["code"], "IMPORT_MALFORMED");
    let message = done["problems"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("\"Spile\", which is not there"),
        "{message}"
    );
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_before_it_is_read() {
    let stage = Stage::set().await;
    let content = "x".repeat(8 * 1024 * 1024 + 1);
    assert_eq!(
        problem(&stage, json!({ "content": content })).await.0,
        "PAYLOAD_TOO_LARGE"
    );
    let content = format!("title\n{}", "a\n".repeat(50_001));
    assert_eq!(
        problem(&stage, json!({ "content": content })).await.0,
        "LIMIT_EXCEEDED"
    );
}

#[tokio::test]
async fn a_large_file_is_imported_whole() {
    use std::fmt::Write as _;
    let stage = Stage::set().await;
    let mut content = "title,year\n".to_owned();
    for n in 0..3000 {
        writeln!(content, "Game {n},{}", 1980 + n % 40).unwrap();
    }
    let done = import(&stage, json!({ "content": content })).await;
    assert_eq!(
        [&done["added"], &done["library"]["gamesCount"]],
        [3000, 3000]
    );
    let events = stage.hub.test.take_payloads::<CopiesFound>().await;
    assert!(events.iter().all(|found| found.copies.len() <= 100));
    assert_eq!(
        events.iter().map(|found| found.copies.len()).sum::<usize>(),
        3000
    );
}

#[tokio::test]
async fn a_shelf_has_nothing_to_sync() {
    let stage = Stage::set().await;
    let library =
        import(&stage, json!({ "content": "title\nDoom\n" })).await["library"]["id"].take();
    let refused = stage.sync(library.as_str().unwrap(), true).await;
    assert_eq!(refused["problems"][0]["code"], "INVALID_INPUT");
}
