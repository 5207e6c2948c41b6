//! Operation files as Apollo's MCP server and Hive Gateway's MCP plug-in take them, written anew in
//! their manner: they load as they are.

use djinn_operations::Catalogue;
use serde_json::json;

const API: &str = include_str!("../fixtures/foreign/weather.graphql");

/// Comments and plain operations: a tool is called like its operation.
const APOLLO: &[(&str, &str)] = &[
    (
        "alerts.graphql",
        "# Get the weather alerts of a state.\nquery GetAlerts(\n  # The state's abbreviation, such as CA.\n  $state: String!\n) {\n  alerts(state: $state) { severity description instruction }\n}",
    ),
    (
        "forecast.graphql",
        "# Get the forecast for a coordinate.\nquery GetForecast($coordinate: InputCoordinate!) {\n  forecast(coordinate: $coordinate) { detailed }\n}",
    ),
    (
        "all.graphql",
        "query GetAllWeather($coordinate: InputCoordinate!, $state: String!) {\n  forecast(coordinate: $coordinate) { coordinate { ...Where } detailed }\n  alerts(state: $state) { severity issuer { name } }\n}\n\nfragment Where on Coordinate { latitude longitude }",
    ),
    (
        "launches.graphql",
        "query SearchUpcomingLaunches($query: String) {\n  launches(search: $query, limit: 10) {\n    results { id name mission { name } crew { ... on Astronaut { name agency { name } } ... on Tourist { name } } }\n  }\n}",
    ),
    (
        "report.graphql",
        "mutation ReportWeather($text: String!) { report(text: $text) { description } }",
    ),
];

/// Directives on the operation, its variables and its fields.
const HIVE: &[(&str, &str)] = &[
    (
        "quick.graphql",
        "query QuickWeather($coordinate: InputCoordinate! @mcpDescription(provider: \"langfuse:coordinate\"))\n@mcpTool(name: \"quick_weather\", title: \"Quick weather\", description: \"Weather at a coordinate.\", meta: { audience: [\"user\"], priority: 1 }) {\n  forecast(coordinate: $coordinate) { detailed @mcpDescription(provider: \"langfuse:detailed\") }\n}",
    ),
    (
        "tenant.graphql",
        "mutation Report($text: String!, $tenant: ID @mcpHeader(name: \"x-tenant-id\"))\n@mcpTool(name: \"report\", description: \"Report the weather.\") { report(text: $text, tenant: $tenant) { description } }",
    ),
];

#[test]
fn apollos_files_are_tools_by_their_operations_names() {
    let catalogue = Catalogue::load(APOLLO, API).with_bare_tools();
    assert_eq!(catalogue.problems, []);
    let tools: Vec<_> = catalogue
        .operations
        .iter()
        .map(|operation| {
            let tool = operation.tool.as_ref().unwrap();
            (tool.name.as_str(), tool.read_only, tool.destructive)
        })
        .collect();
    let expected = [
        ("GetAlerts", true, false),
        ("GetAllWeather", true, false),
        ("GetForecast", true, false),
        ("SearchUpcomingLaunches", true, false),
        ("ReportWeather", false, true),
    ];
    let sorted = |mut list: Vec<(String, bool, bool)>| {
        list.sort();
        list
    };
    let owned = |list: &[(&str, bool, bool)]| {
        list.iter()
            .map(|(name, reads, destroys)| ((*name).to_owned(), *reads, *destroys))
            .collect()
    };
    assert_eq!(sorted(owned(&tools)), sorted(owned(&expected)));
    let alerts = catalogue.get("GetAlerts").unwrap();
    assert_eq!(alerts.description, "Get the weather alerts of a state.");
    let state = json!({ "type": "string", "description": "The state's abbreviation, such as CA." });
    assert_eq!(alerts.input_schema["properties"]["state"], state);
    // Not in the hub: there a file says what it is.
    assert!(
        Catalogue::load(APOLLO, API)
            .operations
            .iter()
            .all(|one| one.tool.is_none())
    );
}

#[test]
fn hives_files_are_tools_as_their_directives_say() {
    let catalogue = Catalogue::load(HIVE, API);
    assert_eq!(catalogue.problems, []);
    let quick = catalogue.get("QuickWeather").unwrap();
    let tool = quick.tool.as_ref().unwrap();
    assert_eq!(
        (tool.name.as_str(), quick.description.as_str()),
        ("quick_weather", "Weather at a coordinate.")
    );
    assert_eq!(
        json!(tool.meta),
        json!({ "audience": ["user"], "priority": 1 })
    );
    let report = catalogue.get("Report").unwrap();
    assert_eq!(
        report.input_schema["properties"].as_object().unwrap().len(),
        1
    );
    let tenant = &report.variables[1];
    assert_eq!(
        (tenant.header.as_deref(), tenant.is_argument()),
        (Some("x-tenant-id"), false)
    );
    assert!(!report.document.contains("mcp"), "{}", report.document);
}
