use crate::{one, refusal};
use djinn_operations::{Base, ContentKind, GraphAnswer, Piece};
use serde_json::{Map, Value, json};

const PAGE: &str = r#"query Page($text: String!) @mcpTool {
  wares(text: $text) {
    total
    nodes {
      name
      photoType
      photo @mcpContent(as: IMAGE, mimeType: "{photoType}")
      manual @mcpContent(as: RESOURCE, uri: "shop://manual/{name}?for={text}", mimeType: "text/markdown")
      page @mcpContent(as: LINK, name: "{name}")
    }
  }
}"#;

fn piece(kind: ContentKind, data: &str) -> Piece {
    Piece {
        kind,
        data: data.to_owned(),
        mime_type: None,
        uri: None,
        name: None,
    }
}

#[test]
fn a_link_that_is_a_path_leads_to_where_the_server_is() {
    let operation = one(PAGE);
    let page = |page: &str| json!({ "name": "Tea", "photoType": null, "photo": null, "manual": null, "page": page });
    let data =
        json!({ "wares": { "total": 2, "nodes": [page("/tea"), page("//other.example/cake")] } });
    let answer = GraphAnswer {
        data,
        ..GraphAnswer::default()
    };
    let links = |mut answer: GraphAnswer| {
        let pieces = answer.pieces(&operation, &Map::new());
        let links: Vec<String> = pieces.into_iter().map(|piece| piece.data).collect();
        let page = answer.data["wares"]["nodes"][0]["page"].take();
        (links, page)
    };
    let base = Base("https://shop.example".into());
    let led = links(answer.clone().below(Some(base)));
    let there = "https://shop.example/tea";
    let other = "//other.example/cake".to_owned();
    assert_eq!(led, (vec![there.to_owned(), other.clone()], json!(there)));
    // Where that is, not every server knows.
    assert_eq!(
        links(answer),
        (vec!["/tea".to_owned(), other], json!("/tea"))
    );
}

#[test]
fn content_leaves_the_data_in_the_order_of_the_document_and_a_link_stays() {
    let operation = one(PAGE);
    let mut data = json!({ "wares": { "total": 2, "nodes": [
        { "name": "Tea", "photoType": "image/png", "photo": "iVBO", "manual": "# Tea", "page": "https://shop.example/tea" },
        { "name": "Cake", "photoType": null, "photo": null, "manual": null, "page": null },
    ] } });
    let arguments: Map<String, Value> = [("text".to_owned(), json!("a"))].into_iter().collect();
    let pieces = operation.pieces(&mut data, &arguments);
    let expected = [
        Piece {
            mime_type: Some("image/png".to_owned()),
            ..piece(ContentKind::Image, "iVBO")
        },
        Piece {
            mime_type: Some("text/markdown".to_owned()),
            uri: Some("shop://manual/Tea?for=a".to_owned()),
            ..piece(ContentKind::Resource, "# Tea")
        },
        Piece {
            name: Some("Tea".to_owned()),
            ..piece(ContentKind::Link, "https://shop.example/tea")
        },
    ];
    assert_eq!(pieces, expected);
    assert_eq!(
        data["wares"]["nodes"][0],
        json!({ "name": "Tea", "photoType": "image/png", "page": "https://shop.example/tea" })
    );
    let node = &operation.output_schema["properties"]["nodes"]["items"];
    assert_eq!(node["required"], json!(["name", "photoType", "page"]));
}

#[test]
fn an_answer_that_is_all_content_has_no_schema() {
    let operation =
        one(r#"query P { ware(id: 1) { photo @mcpContent(as: IMAGE, mimeType: "image/png") } }"#);
    assert_eq!(operation.output_schema, Value::Null);
    assert!(
        !operation.document.contains("mcpContent"),
        "{}",
        operation.document
    );
}

#[test]
fn what_cannot_be_content_is_refused_by_line() {
    let no_type = refusal("query P {\n  ware(id: 1) { photo @mcpContent(as: IMAGE) } }");
    assert!(
        no_type.starts_with("mcp/bad.graphql:2:") && no_type.contains("mimeType"),
        "{no_type}"
    );
    let object = refusal("query P { ware(id: 1) { shelf @mcpContent(as: TEXT) { id } } }");
    assert!(object.contains("no fields of its own"), "{object}");
}

#[test]
fn schema_that_types_cannot_say_is_laid_over_the_arguments() {
    let operation = one(
        r#"query F($text: String!, $first: Int) @mcpTool(inputSchema: { properties: { first: { maximum: 50 } }, anyOf: [{ required: ["first"] }] }) {
          wares(text: $text, first: $first) { total } }"#,
    );
    let schema = operation.input_schema;
    assert_eq!(schema["properties"]["first"]["maximum"], 50);
    assert_eq!(schema["properties"]["first"]["type"], "integer");
    assert_eq!(schema["anyOf"], json!([{ "required": ["first"] }]));
    assert_eq!(schema["required"], json!(["text"]));
}
