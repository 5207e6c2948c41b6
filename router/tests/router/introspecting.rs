//! The public schema, for those who may ask.

use super::{
    cost::silent,
    graphs::{ask, json, request, router},
};
use async_graphql::{Variables, value};
use djinn_router::{GraphRequest, GraphResponse, Limits};
use serde_json::{Value, json};

/// What every tool sends.
const STANDARD: &str = r"
query IntrospectionQuery {
  __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    types { ...FullType }
    directives { name description locations args { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description
  fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
  inputFields { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
fragment TypeRef on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}";

async fn allowed(query: &str) -> GraphResponse {
    router()
        .execute(GraphRequest {
            introspection: true,
            ..request(query)
        })
        .await
}

#[tokio::test]
async fn the_standard_introspection_shows_the_public_schema_and_nothing_else() {
    let answer = json(&allowed(STANDARD).await);
    assert_eq!(answer.get("errors"), None, "{answer}");
    let schema = &answer["data"]["__schema"];
    assert_eq!(schema["queryType"]["name"], "Query");
    assert_eq!(schema["subscriptionType"]["name"], "Subscription");
    let types = schema["types"].as_array().unwrap();
    let named = |name: &str| types.iter().find(|one| one["name"] == name);
    for name in [
        "Game", "Player", "Item", "Found", "Filter", "String", "__Type",
    ] {
        assert!(named(name).is_some(), "{name} is missing");
    }
    let everything = answer.to_string();
    for hidden in [
        "secret",
        "UNRELEASED",
        "join__",
        "_Entity",
        "_entities",
        "_Any",
        "link__",
    ] {
        assert!(
            !everything.contains(&format!("\"{hidden}")),
            "{hidden} is shown"
        );
    }
    let game = named("Game").unwrap();
    let fields: Vec<_> = game["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| &field["name"])
        .collect();
    assert!(fields.contains(&&json!("title")) && fields.contains(&&json!("playtime")));
    let echo = named("Query").unwrap()["fields"]
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["name"] == "echo");
    assert_eq!(echo.unwrap()["args"][0]["defaultValue"], "7");
    let related = game["fields"]
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["name"] == "related")
        .unwrap();
    assert_eq!(
        related["type"],
        json!({"kind": "NON_NULL", "name": null, "ofType": {"kind": "LIST", "name": null, "ofType":
            {"kind": "NON_NULL", "name": null, "ofType": {"kind": "OBJECT", "name": "Game", "ofType": null}}}})
    );
    let names = |of: &Value| {
        of.as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(&named("Item").unwrap()["possibleTypes"]),
        ["Bundle", "Game"]
    );
    assert_eq!(
        names(&named("GameKind").unwrap()["enumValues"]),
        ["DLC", "GAME"]
    );
}

/// The names of what has a name, in order.
fn named(list: &Value) -> Vec<&str> {
    let list = list.as_array().into_iter().flatten();
    let mut names: Vec<&str> = list.filter_map(|one| one["name"].as_str()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn the_hub_shows_the_schema_that_is_written_down_each_thing_once() {
    use graphql_tools::static_graphql::schema::{Definition, TypeDefinition};
    const SUBGRAPHS: [&str; 5] = ["ai", "leaderboard", "library", "metadata", "session"];
    let sdl = include_str!("../../../schema/supergraph.graphql");
    let hub = silent(sdl, &SUBGRAPHS, Limits::default());
    let asked = GraphRequest {
        introspection: true,
        ..request(STANDARD)
    };
    let answer = json(&hub.execute(asked).await);
    assert_eq!(answer.get("errors"), None, "{answer}");
    let shown = &answer["data"]["__schema"];
    assert_eq!(
        named(&shown["directives"]),
        ["deprecated", "include", "oneOf", "skip", "specifiedBy"]
    );

    let api = include_str!("../../../schema/api.graphql");
    let api = graphql_tools::parser::parse_schema::<String>(api).unwrap();
    let mut written = Vec::new();
    for definition in &api.definitions {
        let Definition::TypeDefinition(definition) = definition else {
            continue;
        };
        let mut members: Vec<&str> = match definition {
            TypeDefinition::Object(one) => one.fields.iter().map(|it| it.name.as_str()).collect(),
            TypeDefinition::Interface(one) => {
                one.fields.iter().map(|it| it.name.as_str()).collect()
            }
            TypeDefinition::InputObject(one) => {
                one.fields.iter().map(|it| it.name.as_str()).collect()
            }
            TypeDefinition::Enum(one) => one.values.iter().map(|it| it.name.as_str()).collect(),
            TypeDefinition::Union(_) | TypeDefinition::Scalar(_) => Vec::new(),
        };
        members.sort_unstable();
        written.push((definition.name().to_owned(), members));
    }
    written.sort();
    let types = shown["types"].as_array().unwrap().iter();
    let mut found: Vec<(String, Vec<&str>)> = types
        .map(|one| {
            let members = ["fields", "inputFields", "enumValues"];
            let members = members.into_iter().flat_map(|key| named(&one[key]));
            (one["name"].as_str().unwrap().to_owned(), members.collect())
        })
        // What every server has is not written down.
        .filter(|(name, _)| {
            let scalars = ["Boolean", "Float", "ID", "Int", "String"];
            !name.starts_with("__") && !scalars.contains(&name.as_str())
        })
        .collect();
    found.sort();
    assert_eq!(found, written);
}

#[tokio::test]
async fn one_type_is_found_by_a_variable_and_mixes_with_data() {
    let query = r#"query($n: String!) { t: __type(name: $n) { __typename name kind } echo none: __type(name: "X") { name } }"#;
    let asked = GraphRequest {
        introspection: true,
        ..request(query)
    };
    let answer = router()
        .execute(asked.variables(Variables::from_value(value!({"n": "Game"}))))
        .await;
    assert_eq!(
        json(&answer)["data"],
        json!({"t": {"__typename": "__Type", "name": "Game", "kind": "OBJECT"}, "echo": "7:-", "none": null})
    );
}

#[tokio::test]
async fn whoever_may_not_ask_gets_a_code_and_no_schema() {
    let answer = ask(&router(), "{ echo __schema { types { name } } }").await;
    assert_eq!(answer.code(), Some("UNAUTHENTICATED"));
    assert_eq!(answer.data(), None);
    assert!(
        ask(&router(), "{ __typename }").await.errors().is_empty(),
        "__typename is no introspection"
    );
}

#[tokio::test]
async fn an_introspection_that_multiplies_the_schema_with_itself_is_refused() {
    let query =
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
    assert_eq!(allowed(query).await.code(), Some("QUERY_TOO_DEEP"));
    assert_eq!(
        ask(&router(), "{ __nonsense }").await.code(),
        Some("GRAPHQL_VALIDATION_FAILED")
    );
}

#[test]
fn the_public_sdl_is_a_schema_without_the_federation() {
    let router = router();
    let sdl = router.api_sdl();
    assert!(sdl.contains("type Game implements Item"), "{sdl}");
    for hidden in [
        "join__",
        "link__",
        "secret",
        "UNRELEASED",
        "__Type",
        "__schema",
        "@inaccessible",
        "_entities",
    ] {
        assert!(!sdl.contains(hidden), "{hidden} is shown");
    }
    async_graphql::parser::parse_schema(sdl).unwrap();
}
