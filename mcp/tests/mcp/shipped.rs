//! The tools that ship, and what makes this crate thin.

use djinn_operations::{Catalogue, read_folder};
use serde_json::Value;
use std::{fs, path::Path};

fn shipped() -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema");
    let sdl = fs::read_to_string(root.join("api.graphql")).unwrap();
    let catalogue = Catalogue::load(&read_folder(&root.join("operations")).unwrap(), &sdl);
    assert_eq!(catalogue.problems, []);
    djinn_mcp::describe(&catalogue)
}

#[test]
fn the_tools_are_those_of_the_golden_file() {
    insta::with_settings!({ sort_maps => true, prepend_module_to_snapshot => false }, {
        insta::assert_json_snapshot!("tools", shipped());
    });
}

fn descriptions(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| match value.as_str() {
                Some(text) if key == "description" || key == "title" => text.chars().count(),
                _ => descriptions(value),
            })
            .sum(),
        Value::Array(items) => items.iter().map(descriptions).sum(),
        _ => 0,
    }
}

#[test]
fn all_descriptions_together_stay_within_four_thousand_tokens() {
    let tokens = descriptions(&shipped()) / 4;
    assert!(tokens <= 4000, "{tokens} tokens");
}

#[test]
fn every_schema_is_an_object_that_allows_nothing_unknown() {
    for tool in shipped().as_array().unwrap() {
        let name = &tool["name"];
        assert_eq!(tool["inputSchema"]["type"], "object", "{name}");
        assert_eq!(tool["inputSchema"]["additionalProperties"], false, "{name}");
        assert_eq!(tool["outputSchema"]["type"], "object", "{name}");
        assert!(jsonschema::meta::is_valid(&tool["inputSchema"]), "{name}");
        assert!(jsonschema::meta::is_valid(&tool["outputSchema"]), "{name}");
    }
}

/// Whether every place of a schema says what it takes, and nothing stands elsewhere.
fn plain(schema: &Value) -> bool {
    let inside = |key: &str| {
        schema[key]
            .as_object()
            .into_iter()
            .flat_map(|of| of.values())
    };
    schema.get("$ref").is_none()
        && (schema["type"].is_string() || schema["anyOf"].is_array())
        && inside("properties").all(plain)
        && schema.get("items").is_none_or(plain)
}

#[test]
fn every_input_is_plain_for_clients_that_follow_no_reference() {
    // Home Assistant before 2026.7 shows no tool at all, when one has a `$ref` or a place without
    // a type; some models' servers drop what they do not know.
    for tool in shipped().as_array().unwrap() {
        let schema = &tool["inputSchema"];
        assert!(plain(schema), "{}: {schema:#}", tool["name"]);
        assert_eq!(schema.get("$defs"), None, "{}", tool["name"]);
    }
}

fn sources() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |entry: fs::DirEntry| {
        (
            entry.path().display().to_string(),
            fs::read_to_string(entry.path()).unwrap(),
        )
    };
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| read(entry.unwrap()))
        .collect()
}

#[test]
fn the_source_is_short_and_has_no_word_of_the_domain() {
    // Lines of code: neither blank, nor comment, nor test.
    let code = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with("//");
    let own = |text: &str| {
        text.split("#[cfg(test)]")
            .next()
            .unwrap()
            .lines()
            .filter(code)
            .count()
    };
    let lines: usize = sources().iter().map(|(_, text)| own(text)).sum();
    assert!(lines <= 1500, "{lines} lines");
    let mut words = vec![
        "platform",
        "game",
        "librar",
        "rating",
        "genre",
        "steam",
        "xbox",
        "playtime",
        "leaderboard",
    ];
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/operations/mcp");
    let tools = read_folder(&tools).unwrap();
    words.extend(
        tools
            .iter()
            .filter_map(|(file, _)| file.strip_suffix(".graphql")),
    );
    for (file, text) in sources() {
        let text = text.to_lowercase();
        for word in &words {
            assert!(!text.contains(word), "{file} says `{word}`");
        }
    }
}
