//! F3: with any one subgraph down, every document still answers with all that belongs to the others.

use super::{
    owners::Owners,
    world::{NAMES, World},
};
use crate::the_graph::CSV;
use async_graphql::parser::{parse_query, types::OperationType};
use djinn_operations::Catalogue;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::Path};

const API: &str = include_str!("../../../schema/api.graphql");
const SDL: [(&str, &str); 5] = [
    ("session", include_str!("../../../schema/session.graphql")),
    ("metadata", include_str!("../../../schema/metadata.graphql")),
    ("library", include_str!("../../../schema/library.graphql")),
    ("ai", include_str!("../../../schema/ai.graphql")),
    (
        "leaderboard",
        include_str!("../../../schema/leaderboard.graphql"),
    ),
];

struct Document {
    name: String,
    text: String,
    variables: Value,
}

/// What the documents ask about.
struct Things {
    game: Value,
    library: Value,
    board: Value,
}

async fn furnish(world: &World) -> Things {
    let imported = world
        .data(
            "mutation($input: ImportInput!) { importGames(input: $input) { library { id } problems { message } } }",
            json!({ "input": { "format": "CSV", "content": CSV, "label": "Shelf" } }),
        )
        .await;
    assert_eq!(imported["importGames"]["problems"], json!([]));
    // What the recommendations stand on comes last, and then the end of the run.
    world
        .until(
            "{ libraryStats { games } libraries(first: 1) { nodes { lastSync { state } } } recommendGames(limit: 3) { score } games(first: 20) { nodes { summary } } }",
            |data| {
                data["libraryStats"]["games"] == 8
                    && data["libraries"]["nodes"][0]["lastSync"]["state"] == "SUCCEEDED"
                    && data["recommendGames"].as_array().is_some_and(|picks| picks.len() == 3)
            },
        )
        .await;
    let portal = world
        .data(
            "{ searchGames(query: \"Portal 2\", first: 1) { nodes { id } } }",
            json!({}),
        )
        .await;
    let game = portal["searchGames"]["nodes"][0]["id"].clone();
    let board = world
        .data(
            "mutation($game: ID) { createBoard(input: { name: \"Fewest portals\", gameId: $game }) { board { id } problems { message } } }",
            json!({ "game": game }),
        )
        .await;
    // What is asked from here on is compared: nothing may change on its own any more.
    world.all_delivered().await;
    Things {
        game,
        library: imported["importGames"]["library"]["id"].clone(),
        board: board["createBoard"]["board"]["id"].clone(),
    }
}

/// The files of `schema/operations` that read, and those that write what can be written twice.
fn operations(things: &Things) -> Vec<Document> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/operations");
    let mut files = Vec::new();
    for door in ["mcp", "q", "rest"] {
        let Ok(folder) = fs::read_dir(root.join(door)) else {
            continue;
        };
        for file in folder {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|kind| kind == "graphql") {
                let name = format!("{door}/{}", path.file_name().unwrap().display());
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    let catalogue = Catalogue::load(&files, API);
    assert!(catalogue.problems.is_empty(), "{:?}", catalogue.problems);
    catalogue
        .operations
        .iter()
        .filter_map(|operation| {
            Some(Document {
                name: format!("{}/{}", operation.folder, operation.slug),
                text: operation.document.clone(),
                variables: variables(&operation.name, &operation.document, things)?,
            })
        })
        .collect()
}

/// The queries of the SPA, each with the fragments it spreads.
fn spa(things: &Things) -> Vec<Document> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend/src");
    let mut definitions = BTreeMap::new();
    for file in [
        "shared/api/fragments",
        "features/auth/auth",
        "features/library/library",
        "features/game/game",
        "features/settings/settings",
        "features/platforms/platforms",
        "features/tonight/tonight",
        "features/duplicates/duplicates",
        "features/insights/insights",
        "features/status/status",
    ] {
        let text = fs::read_to_string(root.join(format!("{file}.graphql"))).unwrap();
        for definition in text.split("\n}\n").filter(|text| !text.trim().is_empty()) {
            let definition = format!("{}\n}}\n", definition.trim());
            let words: Vec<&str> = definition
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .take(2)
                .collect();
            definitions.insert((words[0].to_owned(), words[1].to_owned()), definition);
        }
    }
    let whole = |text: &str| {
        let mut whole = text.to_owned();
        while let Some(missing) = definitions.iter().find(|((kind, name), _)| {
            kind == "fragment"
                && whole.contains(&format!("...{name}\n"))
                && !whole.contains(&format!("fragment {name} "))
        }) {
            whole.push_str(missing.1);
        }
        whole
    };
    definitions
        .iter()
        .filter(|((kind, _), _)| kind == "query")
        .map(|((_, name), text)| {
            let text = whole(text);
            Document {
                name: format!("spa/{name}"),
                variables: variables(name, &text, things)
                    .unwrap_or_else(|| panic!("{name} has a variable that is not known here")),
                text,
            }
        })
        .collect()
}

/// Values for the variables a document declares; nothing, where asking changes more each time, or
/// where it asks for something the story does not have.
fn variables(name: &str, text: &str, things: &Things) -> Option<Value> {
    let document = parse_query(text).unwrap();
    let (_, operation) = document.operations.iter().next()?;
    let reads = operation.node.ty == OperationType::Query;
    if !reads && name != "UpdateGameStatus" {
        return None;
    }
    let id = match name {
        "LibraryResource" | "SyncHistory" => &things.library,
        _ => &things.game,
    };
    let known = json!({
        "id": id, "game": things.game, "gameId": things.game, "board": things.board,
        "boardId": things.board, "library": things.library, "libraryId": things.library,
        "title": "Portal 2", "query": "portal", "genre": "Puzzle", "first": 20, "limit": 10,
        "ratingAtMost": "MATURE", "includeUnrated": true, "sort": "TITLE", "withFacets": true,
        "status": "playing", "year": 2026, "period": "YEAR", "role": "COVER",
        "content": "title\nPortal 2\n",
        "input": { "format": "CSV", "content": "title\nPortal 2\n" },
    });
    let mut values = serde_json::Map::new();
    for variable in &operation.node.variable_definitions {
        let name = variable.node.name.node.as_str();
        let needed = !variable.node.var_type.node.nullable && variable.node.default_value.is_none();
        match known.get(name) {
            // A file is one of two that may each be left out.
            Some(value) if needed || name == "content" => {
                values.insert(name.to_owned(), value.clone());
            }
            None if needed => return None,
            _ => {}
        }
    }
    Some(Value::Object(values))
}

#[tokio::test(flavor = "multi_thread")]
async fn with_any_one_subgraph_down_every_document_keeps_what_the_others_have() {
    let world = World::new().await;
    let things = furnish(&world).await;
    let owners = Owners::read(&SDL);
    let mut documents = operations(&things);
    documents.extend(spa(&things));
    assert!(documents.len() >= 35, "only {} documents", documents.len());

    let mut whole = Vec::new();
    for document in &documents {
        let answer = world.ask(&document.text, document.variables.clone()).await;
        assert!(
            answer.get("errors").is_none(),
            "{}: {answer:#}",
            document.name
        );
        whole.push(answer);
    }
    let (mut wrong, mut cases, mut disturbed) = (Vec::new(), 0, 0);
    for dead in NAMES {
        world.down(Some(dead));
        for (document, whole) in documents.iter().zip(&whole) {
            let answer = world.ask(&document.text, document.variables.clone()).await;
            cases += 1;
            disturbed += usize::from(answer.get("errors").is_some());
            let found = owners.compare(&document.text, dead, whole, &answer);
            wrong.extend(
                found
                    .into_iter()
                    .take(3)
                    .map(|what| format!("{} without {dead}: {what}", document.name)),
            );
        }
        world.down(None);
        world.whole_again().await;
    }
    assert!(
        wrong.is_empty(),
        "{} of {cases} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    // Every document belongs to somebody.
    assert!(disturbed >= documents.len(), "{disturbed} of {cases}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_games_keep_their_titles_while_metadata_is_down() {
    let world = World::new().await;
    furnish(&world).await;
    let query = "{ games(first: 3) { nodes { title releaseYear genres esrb playtimeMinutes summary developers } } recommendGames(limit: 2) { game { title } } }";
    let whole = world.data(query, json!({})).await;
    world.down(Some("metadata"));
    let answer = world.ask(query, json!({})).await;
    assert_eq!(answer["data"], whole, "no summary was known to begin with");
    assert_eq!(
        answer["errors"][0]["extensions"]["code"],
        "SUBGRAPH_UNAVAILABLE"
    );
    assert_eq!(
        answer["errors"][0]["path"],
        json!(["games", "nodes", 0, "summary"])
    );
}
