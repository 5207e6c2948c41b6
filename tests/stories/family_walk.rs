//! A walk through the whole graph and every door as a child, looking for games it may not know of.
//!
//! Two hubs hold the same games, but one of them holds some more, which the child must not know
//! of: above its ceiling, unrated, or hidden. Everything about these has a mark in it. No answer
//! may carry the mark, and every answer must be the same as that of the hub that never had them:
//! a count that is one too high is as much of a leak as a title.

use crate::{
    hub::{Hub, Person, Placement},
    rules::{
        MISSING,
        documents::{API, Types},
        table::{ROOTS, Who},
    },
};
use async_graphql::parser::types::TypeKind;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, path::Path};

/// In every title, genre, tag, name and note of what the child must not know.
const MARK: &str = "zyxqmark";

const HEAD: &str =
    "title,platform,year,genres,developer,esrb,playtime_minutes,main_story_minutes,status,tags\n";
const SEEN: &str = "Portal,steam,2007,Puzzle,Valve,Teen,200,180,completed,sci-fi;short
Portal 2,gog,2011,Puzzle,Valve,Everyone 10+,0,540,unplayed,sci-fi;co-op
Portal 2,steam,2011,Puzzle,Valve,Everyone 10+,30,540,playing,sci-fi;co-op
Stardew Valley,manual,2016,Simulation,ConcernedApe,Everyone 10+,6000,3180,playing,relaxing
Unpacking,epic,2021,Puzzle,Witch Beam,Everyone,0,240,unplayed,relaxing;short
";
const UNSEEN: &str = "Zyxqmark Carnage,steam,1998,Puzzle;Zyxqmark Gore,Zyxqmark Works,Mature,7919,6007,completed,zyxqmark-gore;sci-fi
Zyxqmark Carnage,gog,1998,Puzzle,Zyxqmark Works,Mature,0,6007,unplayed,sci-fi
Zyxqmark Riddle,zyxqmark,2024,Puzzle,Valve,,4001,60,playing,short
Portal Zyxqmark,steam,2012,Puzzle,Valve,Adults Only,11,180,unplayed,co-op;short
";

struct World<'h> {
    child: Person<'h>,
    /// A key that acts as the child, as AI clients have.
    tablet: Person<'h>,
    /// Ids by what they are of; the same names in both hubs.
    ids: BTreeMap<String, String>,
    /// Of what the child must not know.
    unseen: Vec<String>,
}

async fn world(hub: &Hub, more: bool) -> World<'_> {
    let owner = hub.owner().await;
    let content = if more {
        format!("{HEAD}{SEEN}{UNSEEN}")
    } else {
        format!("{HEAD}{SEEN}")
    };
    owner
        .ask(
            "mutation($input: ImportInput!) { importGames(input: $input) { added problems { code } } }",
            json!({ "input": { "format": "CSV", "content": content, "label": "Shelf" } }),
        )
        .await;
    let list = "{ games(first: 100) { totalCount nodes { id title } } recommendGames(limit: 50) { game { id } } libraries { nodes { id } } }";
    let (games, picks) = if more { (7, 3) } else { (4, 2) };
    let found = owner
        .until(30, list, |data| {
            // Portal 2 was played for half an hour, and is still one to recommend.
            data["games"]["totalCount"] == games
                && data["recommendGames"].as_array().unwrap().len() >= picks
        })
        .await;
    let mut ids = BTreeMap::new();
    let mut unseen = Vec::new();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    ids.insert(
        "library".to_owned(),
        text(&found["libraries"]["nodes"][0]["id"]),
    );
    for game in found["games"]["nodes"].as_array().unwrap() {
        let (id, title) = (text(&game["id"]), text(&game["title"]));
        if title.to_lowercase().contains(MARK) {
            unseen.push(id);
        } else {
            ids.insert(title, id);
        }
    }
    for id in &unseen {
        owner
            .ask(
                "mutation($id: ID!) { updateGame(input: { gameId: $id, notes: \"zyxqmark note\", favourite: true, status: \"completed\", myRating: 97 }) { problems { code } } }",
                json!({ "id": id }),
            )
            .await;
    }
    let made = owner
        .ask(
            "mutation { createProfile(input: { name: \"Ben\", ceiling: TEEN }) { profile { id } problems { code } } }",
            json!({}),
        )
        .await;
    let used = owner
        .ask(
            "mutation($id: ID!) { useProfile(profileId: $id) { tokens { accessToken refreshToken player { id } } problems { code } } }",
            json!({ "id": made["createProfile"]["profile"]["id"] }),
        )
        .await;
    let key = owner
        .ask(
            "mutation($profile: ID!) { createApiKey(input: { name: \"tablet\", scopes: [READ_LIBRARY, READ_PLAY], profileId: $profile }) { secret problems { code } } }",
            json!({ "profile": made["createProfile"]["profile"]["id"] }),
        )
        .await;
    let tablet = hub.with_key(key["createApiKey"]["secret"].as_str().unwrap());
    // What the child sees settles a moment after the owner's view.
    let child = Person::new(hub, &used["useProfile"]);
    child
        .until(
            20,
            "{ games { totalCount } recommendGames { score } }",
            |data| {
                data["games"]["totalCount"] == 4
                    && !data["recommendGames"].as_array().unwrap().is_empty()
            },
        )
        .await;
    World {
        child,
        tablet,
        ids,
        unseen,
    }
}

/// A hub that lets a test ask as often as it likes.
fn patient() -> [(&'static str, String); 1] {
    [("DJINN__LIMITS__REQUESTS_PER_SECOND", "0".to_owned())]
}

/// An answer without what differs between any two hubs: ids, times, cursors.
fn plain(answer: &mut Value, known: &mut BTreeMap<String, usize>) {
    match answer {
        Value::Object(fields) => {
            for name in ["requestId", "endCursor", "etag"] {
                fields.remove(name);
            }
            fields.values_mut().for_each(|value| plain(value, known));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| plain(value, known)),
        Value::String(text) => {
            if uuid::Uuid::try_parse(text).is_ok() {
                let next = known.len();
                let number = *known.entry(text.clone()).or_insert(next);
                *text = format!("id {number}");
            } else if chrono::DateTime::parse_from_rfc3339(text).is_ok() {
                "a time".clone_into(text);
            }
        }
        _ => {}
    }
}

fn plainly(mut answer: Value) -> Value {
    plain(&mut answer, &mut BTreeMap::new());
    answer
}

/// Every root query, each once for each of `ids`, if it takes one; and every field of a game.
fn documents(api: &Types, ids: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for row in ROOTS.iter().filter(|row| row.who != Who::Hub) {
        let Some(field) = row.field.strip_prefix("Query.") else {
            continue;
        };
        let mut before = String::new();
        for (name, id) in ids {
            let body = api.ask("Query", field, id, true);
            if body == before {
                continue;
            }
            all.push((format!("{field} of {name}"), format!("{{ {body} }}")));
            before = body;
        }
    }
    let game = api.objects().find(|(name, ..)| *name == "Game").unwrap().1;
    for field in &game.fields {
        let field = field.node.name.node.as_str();
        for (name, id) in ids {
            let body = api.ask("Game", field, id, true);
            all.push((
                format!("game({name}).{field}"),
                format!("{{ game(id: {id:?}) {{ {body} }} }}"),
            ));
        }
        let body = api.ask("Game", field, MISSING, true);
        for list in ["games", "recentlyPlayed", "crossPlatformGames"] {
            let nodes = if list == "recentlyPlayed" {
                format!("{{ {list} {{ {body} }} }}")
            } else {
                format!("{{ {list} {{ totalCount nodes {{ {body} }} }} }}")
            };
            all.push((format!("{list}.{field}"), nodes));
        }
    }
    all
}

/// What generated arguments do not reach: words, filters, orders, facets, periods, pages.
const BY_HAND: [&str; 14] = [
    "{ searchGames(query: \"zyxqmark\") { totalCount nodes { title } facets { platforms { id label count } genres { id count } ratings { id count } decades { id count } statuses { id count } } } }",
    "{ searchGames(query: \"zyxqmrak\") { totalCount nodes { title } } }",
    "{ searchGames(query: \"portal\") { totalCount nodes { title } } }",
    "{ games(sort: PLAYTIME, first: 1) { totalCount nodes { title } pageInfo { hasNextPage } } }",
    "{ games(filter: { hidden: true }) { totalCount nodes { title } } }",
    "{ games(filter: { favourite: true }) { totalCount nodes { title } } }",
    "{ games(filter: { includeUnrated: true, ratingAtMost: ADULTS_ONLY }) { totalCount nodes { title } facets { genres { id count } platforms { id count } } } }",
    "{ analyzeGamingPatterns(period: ALL_TIME) { minutes undatedMinutes gamesPlayed byPlatform { id minutes games } byGenre { id minutes games } topGames(first: 50) { minutes game { title } } backlog { games minutesToBeat oldest { title } burnDown { month added started completed left } } timeSpent { games minutes storyMinutes completed } } }",
    "{ yearInReview(year: 2026) { totals { minutes completed newGames } completedGames(first: 50) { game { title } } newGames(first: 50) { game { title } } topGames { game { title } } } }",
    "{ recommendGames(limit: 50) { score game { title } reasons { kind text } } }",
    "{ recommendGames(limit: 50, criteria: \"like Zyxqmark Carnage\", moods: [\"zyxqmark-gore\"]) { score game { title } reasons { text } } }",
    "{ recommendGames(limit: 50, company: COOP, minutes: 120, ratingAtMost: ADULTS_ONLY) { score game { title } reasons { text } } }",
    "{ previewCollection(rule: { field: GENRE, operator: ONE_OF, value: { options: [\"Puzzle\"] } }) { totalCount nodes { title } } }",
    "{ me { libraries { label gamesCount } } libraries { totalCount nodes { label gamesCount lastSync { added updated removed total done message currentTitle } } } }",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_child_finds_no_trace_of_what_it_may_not_see_and_every_answer_is_as_if_it_never_was() {
    let api = Types::read(API);
    let (with, without) = (
        Hub::start(Placement::One, &patient()).await,
        Hub::start(Placement::One, &patient()).await,
    );
    let (with, without) = (world(&with, true).await, world(&without, false).await);
    assert_eq!(with.unseen.len(), 3);
    let (mut wrong, mut asked) = (Vec::new(), 0);

    // The same questions to both.
    let names: Vec<&str> = without.ids.keys().map(String::as_str).collect();
    let of = |world: &World<'_>| -> Vec<(String, String)> {
        let ids: Vec<_> = names
            .iter()
            .map(|name| (*name, world.ids[*name].as_str()))
            .chain([("nothing", MISSING)])
            .collect();
        let by_hand = BY_HAND
            .iter()
            .map(|one| ((*one).to_owned(), (*one).to_owned()));
        documents(&api, &ids).into_iter().chain(by_hand).collect()
    };
    for ((name, one), (_, other)) in of(&with).into_iter().zip(of(&without)) {
        let seen = with.child.send(&one, json!({})).await;
        if carries_mark(&seen) {
            wrong.push(format!("{name} tells: {seen}"));
        }
        let never = without.child.send(&other, json!({})).await;
        let (seen, never) = (plainly(seen), plainly(never));
        if seen != never {
            wrong.push(format!("{name} differs:\n  {seen}\n  {never}"));
        }
        asked += 1;
    }

    // What must not be known looks exactly missing.
    for unseen in &with.unseen {
        let ids = [("what is not to be known", unseen.as_str())];
        let missing = [("what is not to be known", MISSING)];
        let both = documents(&api, &ids)
            .into_iter()
            .zip(documents(&api, &missing));
        for ((name, one), (_, other)) in both {
            let seen = with.child.send(&one, json!({})).await;
            let never = with.child.send(&other, json!({})).await;
            if carries_mark(&seen) {
                wrong.push(format!("{name} tells: {seen}"));
            }
            let (seen, never) = (plainly(seen).to_string(), plainly(never).to_string());
            if seen.replace(unseen, MISSING) != never {
                wrong.push(format!("{name} differs from missing:\n  {seen}\n  {never}"));
            }
            asked += 1;
        }
    }
    asked += doors(&with, &without, &mut wrong).await;
    assert!(asked > 300, "{asked}");
    assert!(
        wrong.is_empty(),
        "{asked} asked, {} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn carries_mark(answer: &Value) -> bool {
    answer.to_string().to_lowercase().contains(MARK)
}

/// REST, trusted GETs and MCP.
async fn doors(with: &World<'_>, without: &World<'_>, wrong: &mut Vec<String>) -> usize {
    let mut asked = 0;
    let mut paths: Vec<String> = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/operations/q");
    for file in std::fs::read_dir(folder).unwrap() {
        let name = file.unwrap().path();
        paths.push(format!("/q/{}", name.file_stem().unwrap().display()));
    }
    let api: Value = with.child.get("/openapi.json").await.json().await.unwrap();
    for (path, methods) in api["paths"].as_object().unwrap() {
        if methods.get("get").is_some() && !path.starts_with("/auth") {
            paths.push(path.clone());
        }
    }
    assert!(paths.len() > 8, "{paths:?}");
    for path in paths {
        let fill = |world: &World<'_>, game: &str| {
            let mut filled = String::new();
            for part in path.split_inclusive('}') {
                let (head, hole) = part.split_once('{').unwrap_or((part, ""));
                filled.push_str(head);
                if !hole.is_empty() {
                    let library = path.contains("librar");
                    filled.push_str(if library { &world.ids["library"] } else { game });
                }
            }
            // Search wants something to look for.
            format!(
                "{filled}{}",
                if filled.ends_with("/search") {
                    "?query=zyxqmark"
                } else {
                    ""
                }
            )
        };
        let answer = async |world: &World<'_>, game: &str| -> Value {
            let got = world.child.get(&fill(world, game)).await;
            let status = got.status().as_u16();
            let text = got.text().await.unwrap();
            let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
            json!({ "status": status, "body": body })
        };
        let (seen, never) = (
            answer(with, &with.ids["Portal"]).await,
            answer(without, &without.ids["Portal"]).await,
        );
        if carries_mark(&seen["body"]["data"]) || titles(&seen["body"]) {
            wrong.push(format!("GET {path} tells: {seen}"));
        }
        let (seen, never) = (plainly(seen), plainly(never));
        if seen != never {
            wrong.push(format!("GET {path} differs:\n  {seen}\n  {never}"));
        }
        for unseen in &with.unseen {
            let seen = answer(with, unseen).await;
            if titles(&seen["body"]) {
                wrong.push(format!("GET {path} of the unseen tells: {seen}"));
            }
        }
        asked += 1;
    }
    asked + tools(with, without, wrong).await
}

/// Whether anything but an echo of what was asked carries the mark.
fn titles(body: &Value) -> bool {
    body.to_string().contains("Zyxqmark")
}

async fn mcp(person: &Person<'_>, hub: &str, method: &str, params: Value) -> Value {
    let mut params = params;
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "walk", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let named = params.get("name").or(params.get("uri"));
    let named = named.and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut request = crate::hub::client()
        .post(format!("{hub}/mcp"))
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", method)
        .bearer_auth(person.token.as_deref().unwrap())
        .json(&json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }));
    if !named.is_empty() {
        request = request.header("mcp-name", named);
    }
    let answer = request.send().await.unwrap();
    let text = answer.text().await.unwrap();
    let event = text
        .lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .map(str::trim)
        .find(|data| data.contains("\"id\":1"))
        .unwrap_or(&text);
    serde_json::from_str(event).unwrap_or(Value::String(text.clone()))
}

/// Every tool that only reads, with arguments made of its schema; resources and completions.
async fn tools(with: &World<'_>, without: &World<'_>, wrong: &mut Vec<String>) -> usize {
    let (one, other) = (with.child.address(), without.child.address());
    let listed = mcp(&with.tablet, one, "tools/list", json!({})).await;
    let tools = listed["result"]["tools"].as_array().cloned();
    let tools = tools.unwrap_or_else(|| panic!("no tools: {listed}; and {wrong:#?}"));
    let mut asked = 0;
    for tool in &tools {
        if tool["annotations"]["readOnlyHint"] != true {
            continue;
        }
        let call = |world: &World<'_>| {
            let mut arguments = Map::new();
            let wanted = tool["inputSchema"]["required"].as_array().cloned();
            for name in wanted.unwrap_or_default() {
                let name = name.as_str().unwrap().to_owned();
                let kind = &tool["inputSchema"]["properties"][&name];
                let value = match kind["type"].as_str() {
                    Some("integer" | "number") => json!(1),
                    Some("array") => json!(["Puzzle"]),
                    Some("object") => {
                        json!({ "field": "GENRE", "operator": "ONE_OF", "value": { "options": ["Puzzle"] } })
                    }
                    _ if name.to_lowercase().contains("library") => json!(world.ids["library"]),
                    _ if name.to_lowercase().contains("id") => json!(world.ids["Portal"]),
                    _ => json!("zyxqmark"),
                };
                arguments.insert(name, value);
            }
            json!({ "name": tool["name"], "arguments": arguments })
        };
        let seen = mcp(&with.tablet, one, "tools/call", call(with)).await;
        let never = mcp(&without.tablet, other, "tools/call", call(without)).await;
        if titles(&seen) {
            wrong.push(format!("tool {} tells: {seen}", tool["name"]));
        }
        // The text repeats the structure; ids in it are those of their hub.
        let (seen, never) = (
            plainly(seen["result"]["structuredContent"].clone()),
            plainly(never["result"]["structuredContent"].clone()),
        );
        if seen != never {
            wrong.push(format!(
                "tool {} differs:\n  {seen}\n  {never}",
                tool["name"]
            ));
        }
        asked += 1;
    }
    assert!(asked >= 8, "{asked} of {}", tools.len());
    for (method, params) in [
        ("resources/list", json!({})),
        ("resources/read", json!({ "uri": "stats://library" })),
        ("prompts/list", json!({})),
        ("prompts/get", json!({ "name": "tonight", "arguments": {} })),
    ] {
        let seen = mcp(&with.tablet, one, method, params).await;
        if titles(&seen) {
            wrong.push(format!("{method} tells: {seen}"));
        }
        asked += 1;
    }
    asked
}

#[test]
fn the_walk_asks_for_every_field_of_a_game_and_every_root_query() {
    let api = Types::read(API);
    let all = documents(&api, &[("one", MISSING)]);
    let (_, query, definition) = api.objects().find(|(name, ..)| *name == "Query").unwrap();
    assert!(matches!(definition.kind, TypeKind::Object(_)));
    for field in &query.fields {
        let name = format!("{} of one", field.node.name.node);
        assert!(all.iter().any(|(asked, _)| *asked == name), "{name}");
    }
}
