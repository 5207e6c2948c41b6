//! The other doors: REST and trusted GETs as their description has them, MCP as it lists itself.

use super::{
    plain::{Told, compare},
    world::World,
};
use crate::{hub::Person, rules::MISSING};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A value for what a JSON schema describes; `name` tells what an id is of.
fn values(
    name: &str,
    schema: &Value,
    all: &Value,
    game: &str,
    ids: &BTreeMap<String, String>,
) -> Vec<Value> {
    if let Some(place) = schema["$ref"].as_str() {
        let found = all.pointer(place.trim_start_matches('#'));
        return found.map_or_else(Vec::new, |schema| values(name, schema, all, game, ids));
    }
    for any in ["oneOf", "anyOf"] {
        if let Some(first) = schema[any].as_array().and_then(|all| all.first()) {
            return values(name, first, all, game, ids);
        }
    }
    if let Some(options) = schema["enum"].as_array() {
        return options
            .iter()
            .filter(|option| !option.is_null())
            .cloned()
            .collect();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds[0].as_str(),
        kind => kind.as_str(),
    };
    let small = name.to_lowercase();
    match kind {
        Some("integer" | "number") => vec![json!(50), json!(1)],
        Some("boolean") => vec![json!(true), json!(false)],
        Some("array") => values(name, &schema["items"], all, game, ids)
            .into_iter()
            .map(|one| json!([one]))
            .collect(),
        Some("object") if small.contains("rule") => vec![
            json!({ "field": "GENRE", "operator": "ONE_OF", "value": { "options": ["Puzzle"] } }),
        ],
        Some("object") => vec![body(schema, all, game, ids)],
        _ => match ids.iter().find(|(kind, _)| small.contains(kind.as_str())) {
            Some((_, id)) => vec![json!(id)],
            None if small == "id" || small.ends_with("gameid") || small == "game" => {
                vec![json!(game)]
            }
            None => vec![json!(super::MARK), json!("Puzzle"), json!("portal")],
        },
    }
}

/// An object with all that it needs.
fn body(schema: &Value, all: &Value, game: &str, ids: &BTreeMap<String, String>) -> Value {
    if let Some(place) = schema["$ref"].as_str() {
        let found = all.pointer(place.trim_start_matches('#'));
        return found.map_or_else(|| json!({}), |schema| body(schema, all, game, ids));
    }
    let mut made = Map::new();
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap();
        let of = &schema["properties"][name];
        if let Some(value) = values(name, of, all, game, ids).into_iter().next() {
            made.insert(name.to_owned(), value);
        }
    }
    Value::Object(made)
}

/// One id of each kind but games.
fn others(world: &World<'_>) -> BTreeMap<String, String> {
    let kinds = world.ids.iter().filter(|(kind, _)| *kind != "game");
    kinds
        .map(|(kind, of)| {
            (
                kind.clone(),
                of.iter()
                    .find(|(name, _)| *name != "nothing")
                    .unwrap()
                    .1
                    .clone(),
            )
        })
        .collect()
}

/// A request that the hub's description knows.
#[derive(Clone)]
struct Call {
    method: reqwest::Method,
    path: String,
    body: Option<Value>,
}

async fn answer(person: &Person<'_>, call: &Call) -> Value {
    let url = format!("{}{}", person.address(), call.path);
    let mut request = crate::hub::client().request(call.method.clone(), url);
    if let Some(token) = &person.token {
        request = request.bearer_auth(token);
    }
    if let Some(body) = &call.body {
        request = request.json(body);
    }
    let got = request.send().await.unwrap();
    let status = got.status().as_u16();
    let text = got.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    json!({ "status": status, "body": body })
}

fn encoded(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => return items.first().map_or_else(String::new, encoded),
        other => other.to_string(),
    };
    text.replace(' ', "%20")
}

/// Every call of the description with a game's id, or another's, where it wants one.
fn calls(api: &Value, world: &World<'_>, game: &str) -> Vec<(String, Call)> {
    let ids = others(world);
    let kind = |path: &str| {
        let found = ids
            .iter()
            .find(|(kind, _)| path.contains(&kind[..kind.len() - 1]));
        let also = [
            ("leaderboards", "board"),
            ("sessions", "room"),
            ("syncs", "run"),
        ];
        let also = also.iter().find(|(word, _)| path.contains(word));
        also.map(|(_, kind)| &ids[*kind])
            .or_else(|| found.map(|(_, id)| id))
    };
    let mut all = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, said) in methods.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<reqwest::Method>() else {
                continue;
            };
            // It would end what the walk walks by.
            if path.ends_with("/logout") {
                continue;
            }
            let mut filled = String::new();
            for part in path.split_inclusive('}') {
                let (head, hole) = part.split_once('{').unwrap_or((part, ""));
                filled.push_str(head);
                if !hole.is_empty() {
                    filled.push_str(kind(path).map_or(game, String::as_str));
                }
            }
            let shared = methods["parameters"].as_array().into_iter().flatten();
            let own = said["parameters"].as_array().into_iter().flatten();
            let asked: Vec<&Value> = shared
                .chain(own)
                .filter(|one| one["in"] == "query")
                .collect();
            let (mut needed, mut further) = (Vec::new(), Vec::new());
            for one in asked {
                let name = one["name"].as_str().unwrap_or_default();
                let mut values = values(name, &one["schema"], api, game, &ids)
                    .into_iter()
                    .map(|value| format!("{name}={}", encoded(&value)));
                if one["required"] == true {
                    needed.extend(values.next());
                } else {
                    further.extend(values);
                }
            }
            let schema = &said["requestBody"]["content"]["application/json"]["schema"];
            let body = (method != reqwest::Method::GET && !schema.is_null())
                .then(|| body(schema, api, game, &ids));
            let lists = [needed.clone()].into_iter().chain(
                further
                    .into_iter()
                    .map(|one| [needed.clone(), vec![one]].concat()),
            );
            for parameters in lists {
                let mark = if parameters.is_empty() { "" } else { "?" };
                let call = Call {
                    method: method.clone(),
                    path: format!("{filled}{mark}{}", parameters.join("&")),
                    body: body.clone(),
                };
                all.push((format!("{method} {path} {}", parameters.join("&")), call));
            }
        }
    }
    all
}

/// REST and trusted GETs.
pub async fn rest(with: &World<'_>, without: &World<'_>, told: &mut Told) {
    let api: Value = with.child.get("/openapi.json").await.json().await.unwrap();
    let game = |world: &World<'_>| world.ids["game"]["Portal"].clone();
    let pairs =
        calls(&api, with, &game(with))
            .into_iter()
            .zip(calls(&api, without, &game(without)));
    for ((name, one), (_, other)) in pairs {
        let seen = answer(&with.child, &one).await;
        let never = answer(&without.child, &other).await;
        compare(&name, &with.secrets, seen, never, told);
    }
    for unseen in &with.unseen {
        let pairs = calls(&api, with, unseen)
            .into_iter()
            .zip(calls(&api, with, MISSING));
        for ((name, one), (_, other)) in pairs {
            let says = |call: &Call| {
                let body = call.body.as_ref().map(Value::to_string).unwrap_or_default();
                call.path.contains(unseen.as_str()) || body.contains(unseen.as_str())
            };
            if says(&one) {
                let seen = answer(&with.child, &one).await;
                let never = answer(&with.child, &other).await;
                super::plain::compare_to_missing(&name, unseen, seen, never, told);
            }
        }
    }
}

async fn mcp(person: &Person<'_>, method: &str, mut params: Value) -> Value {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "walk", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let named = params.get("name").or(params.get("uri"));
    let named = named.and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut request = crate::hub::client()
        .post(format!("{}/mcp", person.address()))
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", method)
        .bearer_auth(person.token.as_deref().unwrap())
        .json(&json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }));
    if !named.is_empty() {
        request = request.header("mcp-name", named);
    }
    let text = request.send().await.unwrap().text().await.unwrap();
    let event = text
        .lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .map(str::trim)
        .find(|data| data.contains("\"id\":1"))
        .unwrap_or(&text);
    let mut answer = serde_json::from_str(event).unwrap_or(Value::String(text.clone()));
    // The text of an answer repeats its structure, with the ids of its hub.
    if answer["result"]["structuredContent"].is_object() {
        answer["result"]["content"] = Value::Null;
    }
    answer
}

/// Every tool, resource, prompt and completion that a child's key is shown.
pub async fn tools(with: &World<'_>, without: &World<'_>, told: &mut Told) {
    let mut requests = Vec::new();
    for method in [
        "tools/list",
        "resources/list",
        "resources/templates/list",
        "prompts/list",
    ] {
        requests.push((method.to_owned(), method, json!({}), json!({})));
    }
    let listed = mcp(&with.tablet, "tools/list", json!({})).await;
    let tools = listed["result"]["tools"].as_array().cloned();
    let tools = tools.unwrap_or_else(|| panic!("no tools: {listed}"));
    for tool in &tools {
        let schema = &tool["inputSchema"];
        let arguments = |world: &World<'_>, game: &str| {
            let ids = others(world);
            let base = body(schema, schema, game, &ids);
            let mut all = vec![base.clone()];
            for (name, of) in schema["properties"].as_object().into_iter().flatten() {
                if base.get(name).is_none() {
                    for value in values(name, of, schema, game, &ids) {
                        let mut more = base.clone();
                        more[name] = value;
                        all.push(more);
                    }
                }
            }
            all
        };
        let game = |world: &World<'_>| world.ids["game"]["Portal"].clone();
        let pairs = arguments(with, &game(with))
            .into_iter()
            .zip(arguments(without, &game(without)));
        for (one, other) in pairs {
            requests.push((
                format!("tool {} {one}", tool["name"]),
                "tools/call",
                json!({ "name": tool["name"], "arguments": one }),
                json!({ "name": tool["name"], "arguments": other }),
            ));
        }
        for unseen in &with.unseen {
            let pairs = arguments(with, unseen)
                .into_iter()
                .zip(arguments(with, MISSING));
            for (one, other) in pairs.filter(|(one, other)| one != other) {
                let call =
                    |arguments: &Value| json!({ "name": tool["name"], "arguments": arguments });
                let seen = mcp(&with.tablet, "tools/call", call(&one)).await;
                let never = mcp(&with.tablet, "tools/call", call(&other)).await;
                let name = format!("tool {}", tool["name"]);
                super::plain::compare_to_missing(&name, unseen, seen, never, told);
            }
        }
    }
    let templates = mcp(&with.tablet, "resources/templates/list", json!({})).await;
    for template in templates["result"]["resourceTemplates"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let uri = template["uriTemplate"].as_str().unwrap();
        let (head, _) = uri.split_once('{').unwrap();
        let of = |world: &World<'_>| {
            let kind = world.ids.keys().find(|kind| uri.contains(kind.as_str()));
            let of = &world.ids[kind.map_or("game", String::as_str)];
            format!(
                "{head}{}",
                of.iter().find(|(name, _)| *name != "nothing").unwrap().1
            )
        };
        requests.push((
            uri.to_owned(),
            "resources/read",
            json!({ "uri": of(with) }),
            json!({ "uri": of(without) }),
        ));
        for unseen in &with.unseen {
            let read = async |id: &str| {
                mcp(
                    &with.tablet,
                    "resources/read",
                    json!({ "uri": format!("{head}{id}") }),
                )
                .await
            };
            let (seen, never) = (read(unseen).await, read(MISSING).await);
            super::plain::compare_to_missing(uri, unseen, seen, never, told);
        }
        requests.extend(completions("ref/resource", "uri", uri, &["id"]));
    }
    let resources = mcp(&with.tablet, "resources/list", json!({})).await;
    for resource in resources["result"]["resources"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let uri = json!({ "uri": resource["uri"] });
        requests.push((uri.to_string(), "resources/read", uri.clone(), uri));
    }
    let prompts = mcp(&with.tablet, "prompts/list", json!({})).await;
    for prompt in prompts["result"]["prompts"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let name = prompt["name"].as_str().unwrap();
        let arguments: Vec<&str> = prompt["arguments"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| one["name"].as_str())
            .collect();
        for value in ["", super::MARK, "Puzzle"] {
            let given: Map<String, Value> = arguments
                .iter()
                .filter(|_| !value.is_empty())
                .map(|name| ((*name).to_owned(), json!(value)))
                .collect();
            let get = json!({ "name": name, "arguments": given });
            requests.push((
                format!("prompt {name} {value}"),
                "prompts/get",
                get.clone(),
                get,
            ));
        }
        requests.extend(completions("ref/prompt", "name", name, &arguments));
    }
    for (name, method, one, other) in requests {
        let seen = mcp(&with.tablet, method, one).await;
        let never = mcp(&without.tablet, method, other).await;
        compare(&name, &with.secrets, seen, never, told);
    }
}

type Request = (String, &'static str, Value, Value);

fn completions(kind: &str, by: &str, name: &str, arguments: &[&str]) -> Vec<Request> {
    let mut all = Vec::new();
    for argument in arguments {
        for value in ["", "z", "zyxq", "P", "0"] {
            let mut of = json!({ "type": kind });
            of[by] = json!(name);
            let ask = json!({ "ref": of, "argument": { "name": argument, "value": value } });
            let what = format!("completion of {name}.{argument} {value:?}");
            all.push((what, "completion/complete", ask.clone(), ask));
        }
    }
    all
}
