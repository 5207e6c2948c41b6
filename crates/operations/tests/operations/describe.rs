use crate::{load, one, refusal};
use djinn_operations::{Kind, Path, Shape};
use serde_json::json;

const SEARCH: &str = r#"
# Finds wares.
# By name and price.
query FindWares(
  # What the person said.
  $text: String!
  $order: Order! = PRICE
  $filter: WareFilter
  $first: Int @mcpDescription(text: "How many, 1 to 50.")
) @mcpTool(name: "find_wares", title: "Find wares", maxItems: 3, scope: "read:library", meta: { icon: "box" }) {
  wares(text: $text, order: $order, filter: $filter, first: $first) {
    total
    nodes { id ...Short price @mcpDescription(text: "In euro.") shelf @include(if: true) { name } }
    nodes { labels }
  }
  count @skip(if: false)
}
fragment Short on Ware { name kind soldSince }
"#;

#[test]
fn arguments_become_a_schema_with_defaults_enums_and_input_objects() {
    insta::with_settings!({ sort_maps => true }, { insta::assert_json_snapshot!(one(SEARCH).input_schema); });
}

#[test]
fn the_selection_becomes_a_schema_with_fragments_nulls_and_optional_fields() {
    insta::with_settings!({ sort_maps => true }, { insta::assert_json_snapshot!(one(SEARCH).output_schema); });
}

#[test]
fn what_is_sent_has_none_of_our_directives_and_only_the_fragments_it_uses() {
    let operation = one(
        "query A @mcpTool(title: \"A\") { ware(id: 1) { ...One price @mcpDescription(text: \"in euro\") @skip(if: false) } }
         fragment One on Ware { ...Two } fragment Two on Ware { name }",
    );
    assert!(
        !operation.document.contains("mcp"),
        "{}",
        operation.document
    );
    assert!(operation.document.contains("@skip(if: false)"));
    assert!(
        operation.document.contains("fragment One on Ware")
            && operation.document.contains("fragment Two on Ware")
    );
    // What is sent must itself be a good document.
    let again = load(&[("again.graphql", &operation.document)]);
    assert_eq!(again.problems, []);
}

#[test]
fn a_description_is_the_directives_or_else_the_comment_above() {
    let commented = one("# Counts\n#   everything. \nquery C @mcpTool { count }");
    assert_eq!(commented.description, "Counts everything.");
    let said = one("# Not this.\nquery C @mcpTool(description: \"This.\") { count }");
    assert_eq!(said.description, "This.");
    let parted = one("# Of the file.\n\nquery C { count }");
    assert_eq!(parted.description, "");
}

#[test]
fn a_variable_is_described_by_directive_comment_or_the_schema_in_that_order() {
    let operation = one("query W(
           # Said here.
           $text: String!
           $most: Float
           $first: Int
         ) { wares(text: $text, filter: { atMost: $most }, first: $first) { total } }");
    let told: Vec<&str> = operation
        .variables
        .iter()
        .map(|variable| variable.description.as_str())
        .collect();
    assert_eq!(told, ["Said here.", "Not dearer than this.", "How many."]);
}

#[test]
fn a_variable_is_required_when_it_is_non_null_and_has_no_default() {
    let operation = one("query W($a: String!, $b: String! = \"x\", $c: Int) {
           x: wares(text: $a, first: $c) { total } y: wares(text: $b) { total } }");
    assert_eq!(operation.input_schema["required"], json!(["a"]));
    assert_eq!(operation.input_schema["properties"]["b"]["default"], "x");
    assert_eq!(
        operation.input_schema["properties"]["c"],
        json!({ "type": "integer", "description": "How many." })
    );
    assert_eq!(operation.input_schema["additionalProperties"], false);
}

#[test]
fn a_variable_takes_the_default_of_the_places_it_fills() {
    // Some servers write null where an absent variable should leave the place its default.
    let operation = one("query W($kinds: [Kind!], $order: Order, $most: Float) {
           wares(text: \"\", order: $order, filter: { kinds: $kinds, atMost: $most }) { total } }");
    let start = "query W($kinds: [Kind!] = [FRESH], $order: Order = NAME, $most: Float)";
    assert!(
        operation.document.starts_with(start),
        "{}",
        operation.document
    );
    assert_eq!(
        operation.input_schema["properties"]["kinds"]["default"],
        json!(["FRESH"])
    );
    assert_eq!(
        operation.input_schema["properties"]["most"].get("default"),
        None
    );
}

#[test]
fn a_document_is_also_known_by_its_hash() {
    let catalogue = load(&[("q/c.graphql", "query C { count }")]);
    let id = catalogue.operations[0].id.clone();
    assert_eq!(id.len(), 64);
    assert_eq!(catalogue.by_id(&id).unwrap().name, "C");
}

#[test]
fn a_header_variable_is_no_argument() {
    let operation =
        one("query W($t: String! @mcpHeader(name: \"X-Text\")) { wares(text: $t) { total } }");
    assert_eq!(operation.input_schema["properties"], json!({}));
    assert_eq!(operation.variables[0].header.as_deref(), Some("X-Text"));
    assert_eq!(operation.takes, ["t"]);
}

#[test]
fn the_only_root_field_is_unwrapped_into_an_object() {
    let data = json!({ "count": 3 });
    let plain = one("query C { count }");
    assert_eq!(
        (plain.output.shape, plain.output.of(&data)),
        (Shape::Plain, Some(json!({ "value": 3 })))
    );
    let list = one("query L { anything { name } }");
    let data = json!({ "anything": [{ "__typename": "Ware", "name": "Tea" }] });
    assert_eq!(
        list.output.of(&data),
        Some(json!({ "items": [{ "__typename": "Ware", "name": "Tea" }] }))
    );
    let deep = one(
        "query D @mcpTool(output: \"found.nodes\") { found: wares(text: \"\") { nodes { id } } }",
    );
    assert_eq!(
        deep.output.of(&json!({ "found": { "nodes": [] } })),
        Some(json!({ "items": [] }))
    );
    let both = one("query B { count ware(id: 1) { id } }");
    assert_eq!(
        both.output.of(&json!({ "count": 1, "ware": null })),
        Some(json!({ "count": 1, "ware": null }))
    );
    let missing = one("query M { ware(id: 1) { id } }");
    assert_eq!(missing.output.of(&json!({ "ware": null })), None);
    assert_eq!(missing.output_schema["type"], "object");
}

#[test]
fn a_value_of_several_types_says_which_it_is() {
    let operation = one(
        "query T { anything { id ... on Ware { price } ...S } } fragment S on Shelf { wares { name } }",
    );
    assert!(
        operation.document.contains("__typename"),
        "{}",
        operation.document
    );
    insta::with_settings!({ sort_maps => true }, { insta::assert_json_snapshot!(operation.output_schema); });
}

#[test]
fn defaults_of_a_tool_come_from_the_kind_of_operation() {
    let query = one("query Q @mcpTool { count }");
    let tool = query.tool.unwrap();
    assert_eq!((query.kind, tool.name.as_str()), (Kind::Query, "Q"));
    assert_eq!(
        (tool.read_only, tool.destructive, tool.idempotent),
        (true, false, true)
    );
    let mutation = one(
        "mutation M($id: ID!) @mcpTool(confirm: \"Remove {id}?\") { remove(id: $id) { ok problems { code message } } }",
    );
    let tool = mutation.tool.unwrap();
    assert_eq!(
        (tool.read_only, tool.destructive, tool.idempotent),
        (false, true, false)
    );
    assert_eq!(tool.problems, Some(Path::parse("remove.problems")));
}

#[test]
fn a_subscription_may_be_begun_by_a_mutation_in_its_file() {
    let operation = one(
        "subscription Deliver($order: ID!) @mcpTool(start: \"Begin\", startTolerates: [\"ON_ITS_WAY\"],
           progress: \"delivery.done\", total: \"delivery.of\", message: \"delivery.note\", result: \"delivery.arrived\") {
           delivery(order: $order) { done of note arrived { at boxes } } }
         mutation Begin($order: ID!, $express: Boolean! = false) {
           deliver(order: $order, express: $express) { number problems { code field message } } }",
    );
    let start = operation.tool.as_ref().unwrap().start.as_ref().unwrap();
    assert_eq!(
        (operation.takes.as_slice(), start.takes.as_slice()),
        (
            &["order".to_owned()][..],
            &["order".to_owned(), "express".to_owned()][..]
        )
    );
    assert!(
        start.document.starts_with("mutation Begin") && !start.document.contains("subscription")
    );
    assert!(!operation.document.contains("mutation"));
    assert_eq!(start.problems, Some(Path::parse("deliver.problems")));
    assert_eq!(start.tolerates, ["ON_ITS_WAY"]);
    assert_eq!(operation.input_schema["required"], json!(["order"]));
    assert_eq!(
        operation.input_schema["properties"]["express"]["default"],
        false
    );
    // The result is what is handed on.
    assert_eq!(operation.output.path, Path::parse("delivery.arrived"));
    assert_eq!(operation.output_schema["required"], json!(["at", "boxes"]));
}

#[test]
fn a_message_that_is_an_enums_value_is_told_in_words() {
    let operation = one(
        "subscription Deliver($order: ID!) @mcpTool(message: \"delivery.note delivery.stage\", result: \"delivery.arrived\") {
           delivery(order: $order) { note stage arrived { at } } }",
    );
    let tool = operation.tool.unwrap();
    let told = |note: Option<&str>, stage: &str| {
        let event = json!({ "delivery": { "note": note, "stage": stage, "arrived": null } });
        tool.report(&event, 1).message
    };
    let words = |text: &str| Some(text.to_owned());
    assert_eq!(told(None, "PACKING"), words("Being packed"));
    // What nobody has described is told as it is.
    assert_eq!(told(None, "MOVING"), words("MOVING"));
    assert_eq!(told(Some("PACKING"), "MOVING"), words("PACKING"));
}

#[test]
fn a_file_of_a_folder_that_is_nothing_to_anybody_is_known() {
    let catalogue = load(&[
        ("mcp/bare.graphql", "query Bare { count }"),
        (
            "mcp/tool.graphql",
            "query Counts @mcpTool(name: \"count\") { count }",
        ),
        (
            "mcp/ware.graphql",
            "query OneWare($id: ID!) @mcpResource(uri: \"ware://{id}\", name: \"ware\", watch: \"Watched\") { ware(id: $id) { id } }",
        ),
        (
            "mcp/watched.graphql",
            "subscription Watched($id: ID!) { delivery(order: $id) { done } }",
        ),
        (
            "mcp/lost.graphql",
            "subscription Lost($id: ID!) { delivery(order: $id) { done } }",
        ),
        ("q/trusted.graphql", "query Trusted { count }"),
    ]);
    assert_eq!(catalogue.problems, []);
    let idle: Vec<&str> = catalogue.idle("mcp").map(|one| &*one.file).collect();
    assert_eq!(idle, ["mcp/bare.graphql", "mcp/lost.graphql"]);
}

#[test]
fn a_bad_file_is_named_by_line_and_only_it_is_left_out() {
    let catalogue = load(&[
        ("mcp/good.graphql", "query Good { count }"),
        ("mcp/bad.graphql", "query Bad {\n  count\n  colour\n}"),
        ("q/also-good.graphql", "query AlsoGood { count }"),
    ]);
    let names: Vec<&str> = catalogue
        .operations
        .iter()
        .map(|operation| operation.name.as_str())
        .collect();
    assert_eq!(names, ["Good", "AlsoGood"]);
    assert_eq!(catalogue.problems.len(), 1);
    assert_eq!(
        catalogue.problems[0].to_string(),
        "mcp/bad.graphql:3:3: type `Query` does not have a field `colour`"
    );
    assert_eq!(
        catalogue.by_slug("q", "also-good").unwrap().name,
        "AlsoGood"
    );
}

#[test]
fn mistakes_are_refused_with_their_place() {
    for (text, said) in [
        (
            "query {\n count\n}",
            "mcp/bad.graphql:1:1: the operation needs a name",
        ),
        (
            "fragment F on Ware { id }",
            "mcp/bad.graphql:1:1: fragment `F` must be used",
        ),
        (
            "query A { count }\nquery B { count }",
            "mcp/bad.graphql:2:1: a second operation",
        ),
        ("query A {\n  count", "mcp/bad.graphql:2:"),
        (
            "query A @mcpTool(nmae: \"x\") { count }",
            "mcp/bad.graphql:1:18: the argument `nmae` is not supported",
        ),
        (
            "query A\n@mcpTool(name: \"a b\") { count }",
            "mcp/bad.graphql:2:1: `a b` is no tool name",
        ),
        (
            "query A @mcpTool(scope: \"all\") { count }",
            "mcp/bad.graphql:1:9: there is no scope `all`",
        ),
        (
            "query A @mcpTool(output: \"cuont\") { count }",
            "mcp/bad.graphql:1:9: `cuont`: `cuont` is not selected",
        ),
        (
            "query A @mcpTool(result: \"count\") { count }",
            "mcp/bad.graphql:1:9: `progress`, `total`",
        ),
        (
            "subscription S($o: ID!) @mcpTool(start: \"No\") { delivery(order: $o) { done } }",
            "mcp/bad.graphql:1:25: `start`: there is no mutation `No`",
        ),
        (
            "query A($id: ID!) @mcpResource(uri: \"ware://one\", name: \"ware\") { ware(id: $id) { id } }",
            "mcp/bad.graphql:1:19: `uri` has no place for `$id`",
        ),
        (
            "query A @mcpPrompt(name: \"p\", template: \"There are {{cout}}\") { count }",
            "mcp/bad.graphql:1:9: `cout`",
        ),
        (
            "query A @mcpComplete(for: \"p.x\", values: \"count[]\") { count }",
            "`count` is no list",
        ),
    ] {
        let refusal = refusal(text);
        assert!(refusal.contains(said), "{refusal}\n  should say {said}");
    }
}

#[test]
fn names_are_unique_over_all_files() {
    let catalogue = load(&[
        ("a.graphql", "query One @mcpTool(name: \"t\") { count }"),
        ("b.graphql", "\nquery One { count }"),
        ("c.graphql", "query Two @mcpTool(name: \"t\") { count }"),
    ]);
    let said: Vec<String> = catalogue.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "b.graphql:2:1: the operation name `One` is taken by a.graphql:1",
            "c.graphql:1:1: the tool name `t` is taken by a.graphql:1",
        ]
    );
}

#[test]
fn a_bad_schema_leaves_out_everything_and_says_so() {
    let catalogue = djinn_operations::Catalogue::load(
        &[("a.graphql", "query A { count }")],
        "type Query { a: Nothing }",
    );
    assert_eq!(catalogue.operations.len(), 0);
    assert_eq!(catalogue.problems[0].file, "api.graphql");
}

#[test]
fn paths_reach_through_lists_and_skip_nulls() {
    let data = json!({ "a": [{ "b": 1 }, { "b": null }, { "b": 3 }], "c": null });
    assert_eq!(Path::parse("a[].b").all(&data), [&json!(1), &json!(3)]);
    assert_eq!(Path::parse("c.d").get(&data), None);
    assert_eq!(Path::parse("").get(&data), Some(&data));
    assert_eq!(Path::parse("a[].b").to_string(), "a[].b");
}
