//! Files as REST endpoints.

use crate::{load, one, refusal};
use djinn_operations::{Derived, Live, Method, Path, Segment};
use serde_json::json;

const DELIVER: &str = r#"
# Sends an order on its way.
mutation Deliver($order: ID!, $express: Boolean! = false)
@rest(method: POST, path: "/api/orders/{order}/delivery", status: 201, output: "deliver.number", location: "/api/deliveries/{deliver.number}", tag: "post")
@rest(method: PUT, path: "/deliveries/{order}", open: true) {
  deliver(order: $order, express: $express) { number problems { code message } }
}
"#;

#[test]
fn a_directive_becomes_a_route_with_its_parts() {
    let operation = one(DELIVER);
    let [first, second] = operation.routes.as_slice() else {
        panic!("two routes: {:?}", operation.routes)
    };
    assert_eq!(first.method, Method::Post);
    assert_eq!(first.status, 201);
    assert_eq!(first.tag, "post");
    assert_eq!(
        first.segments,
        [
            Segment::Fixed("api".to_owned()),
            Segment::Fixed("orders".to_owned()),
            Segment::Variable("order".to_owned()),
            Segment::Fixed("delivery".to_owned())
        ]
    );
    assert_eq!(first.variables().collect::<Vec<_>>(), ["order"]);
    assert_eq!(first.problems, Some(Path::parse("deliver.problems")));
    let data = json!({ "deliver": { "number": "7" } });
    let place = first.location.as_ref().unwrap().of(&data);
    assert_eq!(place.as_deref(), Some("/api/deliveries/7"));
    let nothing = json!({ "deliver": { "number": null } });
    assert_eq!(first.location.as_ref().unwrap().of(&nothing), None);
    assert_eq!((second.status, second.open), (200, true));
    assert_eq!(operation.output.of(&data), Some(json!({ "value": "7" })));
    assert!(
        !operation.document.contains("@rest"),
        "{}",
        operation.document
    );
}

#[test]
fn a_route_that_cannot_work_is_refused_where_it_stands() {
    let mutation = |arguments: &str| {
        format!(
            "mutation D($order: ID!)\n@rest({arguments}) {{ deliver(order: $order) {{ number }} }}"
        )
    };
    for (arguments, message) in [
        (r#"method: GET, path: "/x""#, "a GET only reads"),
        (r#"method: POST, path: "x""#, "is no path"),
        (r#"method: POST, path: "/x//y""#, "is no path"),
        (r#"method: POST, path: "/x y""#, "is no path"),
        (r#"method: POST, path: "/../x""#, "is no path"),
        (r#"method: POST, path: "/{order}/{order}""#, "is no path"),
        (r#"method: POST, path: "/{other}""#, "no variable `$other`"),
        (r#"method: POST, path: "/x", status: 404"#, "`status`: 404"),
        (
            r#"method: POST, path: "/x", output: "deliver.gone""#,
            "`gone` is not selected",
        ),
        (
            r#"method: POST, path: "/x", problems: "deliver.problems""#,
            "`problems` is not selected",
        ),
        (
            r#"method: POST, path: "/x", location: "/y/{deliver.gone}""#,
            "`gone` is not selected",
        ),
        (
            r#"method: POST, path: "/x", location: "/y/{deliver""#,
            "does not end",
        ),
        (r#"method: FETCH, path: "/x""#, ""),
    ] {
        let said = refusal(&mutation(arguments));
        assert!(
            said.starts_with("mcp/bad.graphql:2:"),
            "{arguments}: {said}"
        );
        assert!(said.contains(message), "{arguments}: {said}");
    }
    let listed = "query W($kinds: [Kind!]) @rest(method: GET, path: \"/{kinds}\") { wares(text: \"\", filter: { kinds: $kinds }) { total } }";
    assert!(refusal(listed).contains("neither text nor a whole number"));
    let twice =
        mutation(r#"method: POST, path: "/x/{order}") @rest(method: POST, path: "/x/{order}""#);
    assert!(refusal(&twice).contains("is here twice"));
}

#[test]
fn two_files_never_answer_the_same_request() {
    let file = |name: &str, method: &str, path: &str| {
        format!(
            "query {name}($id: ID! = 1) @rest(method: {method}, path: \"{path}\") {{ ware(id: $id) {{ name }} }}"
        )
    };
    let catalogue = load(&[
        ("rest/a.graphql", &file("A", "GET", "/api/wares/{id}")),
        ("rest/b.graphql", &file("B", "GET", "/api/wares/best")),
        ("rest/c.graphql", &file("C", "POST", "/api/wares/{id}")),
        ("rest/d.graphql", &file("D", "GET", "/api/{id}/best")),
        ("rest/e.graphql", &file("E", "GET", "/api/wares/{id}")),
    ]);
    let said: Vec<String> = catalogue.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        ["rest/e.graphql:1:1: the route `GET /api/wares/{id}` is taken by rest/a.graphql:1"]
    );
    assert_eq!(catalogue.operations.len(), 4);
}

#[test]
fn what_is_made_of_a_catalogue_is_made_again_only_when_it_changes() {
    let live = Live::fixed(load(&[("q/a.graphql", "query A { count }")]));
    let names = Derived::new(live.clone(), |catalogue| {
        let names = catalogue
            .operations
            .iter()
            .map(|operation| operation.name.clone());
        names.collect::<Vec<_>>()
    });
    let first = names.now();
    assert_eq!(*first, ["A"]);
    assert!(std::sync::Arc::ptr_eq(&first, &names.now()));
    live.replace(load(&[("q/b.graphql", "query B { count }")]));
    assert_eq!(*names.now(), ["B"]);
}
