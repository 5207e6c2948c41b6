use crate::{one, refusal};
use djinn_operations::{Ask, Asked};
use serde_json::json;

const GIVE: &str = r#"mutation Give(
  $ware: ID!
  $to: Address! @mcpAsk(message: "Who gets ware {ware}?", form: { properties: { street: { maxLength: 80 } } })
  $wrapping: Wrapping @mcpAsk(message: "How shall it be wrapped for {to.name}?")
  $card: String @mcpAsk(of: MODEL, message: "Write a card for {to.name}.", maxTokens: 60)
  $from: JSON @mcpAsk(of: ROOTS)
) @mcpTool(confirm: "Give {ware} to {to.name}?") { give(ware: $ware, to: $to, card: $card, wrapping: $wrapping, from: $from) }"#;

fn asks() -> Vec<(String, Ask, bool)> {
    let variables = one(GIVE).variables.into_iter();
    variables
        .filter_map(|variable| Some((variable.name, variable.ask?, variable.required)))
        .collect()
}

#[test]
fn what_is_asked_for_is_no_argument() {
    let operation = one(GIVE);
    assert_eq!(
        operation.input_schema["properties"],
        json!({ "ware": { "type": "string" } })
    );
    assert_eq!(operation.takes, ["ware", "to", "wrapping", "card", "from"]);
    assert!(
        !operation.document.contains("mcp"),
        "{}",
        operation.document
    );
}

#[test]
fn a_form_is_made_of_the_variables_type() {
    let (name, ask, required) = asks().remove(0);
    assert_eq!(
        (name.as_str(), ask.of, ask.alone, required),
        ("to", Asked::Person, false, true)
    );
    let wrapping = json!([{ "const": "PAPER", "title": "Brown paper" }, { "const": "BOX", "title": "A wooden box" }]);
    assert_eq!(
        ask.form,
        json!({
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": { "type": "string", "description": "Who gets it." },
                "street": { "type": "string", "description": "Without one it goes to the shop.", "maxLength": 80 },
                "floor": { "type": "integer", "default": 0 },
                "wrapping": { "type": "string", "oneOf": wrapping, "default": "PAPER" },
                "papers": { "type": "array", "items": { "type": "string", "enum": ["INVOICE", "RECEIPT"] } },
            },
        })
    );
    let (name, alone, _) = asks().remove(1);
    assert_eq!(
        (alone.alone, &alone.form["required"]),
        (true, &json!([name]))
    );
}

#[test]
fn a_question_knows_what_it_waits_for() {
    let asks = asks();
    assert!(asks[1].1.names("to") && asks[2].1.names("to"));
    assert!(asks[0].1.names("ware") && !asks[0].1.names("to"));
    assert_eq!((asks[2].1.of, asks[2].1.max_tokens), (Asked::Model, 60));
    assert_eq!(asks[3].1.of, Asked::Roots);
    assert!(one(GIVE).tool.unwrap().confirmation().unwrap().names("to"));
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let nested = refusal(
        "query F($text: String!, $filter: WareFilter @mcpAsk(message: \"Which?\")) { wares(text: $text, filter: $filter) { total } }",
    );
    assert!(
        nested.contains("cannot be asked for a value of the type"),
        "{nested}"
    );
    let silent = refusal("query F($text: String! @mcpAsk) { wares(text: $text) { total } }");
    assert!(silent.contains("needs a `message`"), "{silent}");
    for question in ["@mcpAsk(message: \"Is it {colour}?\")", ""] {
        let confirm = if question.is_empty() {
            "@mcpTool(confirm: \"Is it {colour}?\")"
        } else {
            ""
        };
        let unknown = refusal(&format!(
            "query F($text: String! {question}) {confirm} {{ wares(text: $text) {{ total }} }}"
        ));
        assert!(
            unknown.contains("there is no variable `$colour`"),
            "{unknown}"
        );
    }
}

#[test]
fn a_yes_may_be_asked_for_by_names_of_the_graph() {
    let text = |confirm: &str, query: &str| {
        format!(
            "mutation R($id: ID!) @mcpTool(confirm: \"{confirm}\", confirmFrom: \"Named\") {{ remove(id: $id) {{ ok }} }}\n{query}"
        )
    };
    let good = one(&text(
        "Remove {it.name} ({id})?",
        "query Named($id: ID!) { it: ware(id: $id) { name } }",
    ));
    let from = good.tool.clone().unwrap().confirm_from.unwrap();
    assert_eq!(
        (from.name.as_str(), &from.takes),
        ("Named", &vec!["id".to_owned()])
    );
    let names: Vec<&str> = good.documents().map(|(name, _)| name).collect();
    assert_eq!(names, ["R", "Named"]);
    for (confirm, query, said) in [
        (
            "Remove {it.name}?",
            "mutation Named($id: ID!) { remove(id: $id) { ok } }",
            "there is no query `Named`",
        ),
        (
            "Remove {it.price}?",
            "query Named($id: ID!) { it: ware(id: $id) { name } }",
            "`price` is not selected",
        ),
        (
            "Remove {it.name}?",
            "query Named($other: ID!) { it: ware(id: $other) { name } }",
            "`$other` is no such variable",
        ),
    ] {
        let refusal = refusal(&text(confirm, query));
        assert!(refusal.contains(said), "{refusal}");
    }
}
