//! Another supergraph in the place of the one that is served.

use super::graphs::{
    Asked, SUPERGRAPH, ask, catalog, error, errors, json, request, router, shelf, text,
};
use djinn_router::{InvalidSupergraph, Router, Supergraph};
use djinn_subgraph_kit::Subgraph;
use futures_util::StreamExt;
use std::sync::Arc;

fn subgraphs() -> Vec<Arc<dyn Subgraph>> {
    vec![
        Arc::new(catalog()),
        Arc::new(shelf(&Arc::new(Asked::default()))),
    ]
}

/// The same graph without its field `whoami`.
fn smaller() -> Supergraph {
    let kept: Vec<_> = SUPERGRAPH
        .lines()
        .filter(|line| !line.trim_start().starts_with("whoami"))
        .collect();
    Supergraph::read(&kept.join("\n")).unwrap()
}

async fn code_of_whoami(router: &Router) -> Option<String> {
    let answer = ask(router, "{ whoami }").await;
    answer.code().map(str::to_owned)
}

#[tokio::test]
async fn what_is_asked_from_now_on_is_asked_of_the_new_one() {
    let router = router();
    let clone = router.clone();
    assert_eq!(code_of_whoami(&router).await, None);
    router.replace(smaller(), subgraphs()).unwrap();
    for router in [&router, &clone] {
        let refused = code_of_whoami(router).await;
        assert_eq!(refused.as_deref(), Some("GRAPHQL_VALIDATION_FAILED"));
        assert!(!router.api_sdl().contains("whoami"));
    }
    assert_eq!(text(&ask(&clone, "{ echo }").await), r#"{"echo":"7:-"}"#);
}

#[tokio::test]
async fn an_open_subscription_ends_on_the_one_it_began_with() {
    let router = router();
    let query = r#"subscription { played(ids: ["1", "2", "3"]) { title note } }"#;
    let mut events = router.subscribe(request(query)).await.unwrap();
    let first = events.next().await.unwrap();
    assert_eq!(json(&first)["data"]["played"]["title"], "Half-Life");
    router.replace(smaller(), subgraphs()).unwrap();
    let rest: Vec<_> = events.collect().await;
    assert_eq!(rest.len(), 2);
    assert_eq!(errors(&rest[0]), [error("FORBIDDEN", "played.note")]);
    assert_eq!(json(&rest[1])["data"]["played"]["title"], "Doom");
}

#[tokio::test]
async fn one_that_cannot_be_served_changes_nothing() {
    let router = router();
    let refused = router.replace(smaller(), vec![Arc::new(catalog())]);
    assert!(matches!(refused, Err(InvalidSupergraph::MissingSubgraph(name)) if name == "shelf"));
    assert_eq!(code_of_whoami(&router).await, None);
}

#[test]
fn the_subgraphs_are_listed_with_their_lines() {
    let supergraph = Supergraph::read(SUPERGRAPH).unwrap();
    let lines: Vec<_> = SUPERGRAPH.lines().collect();
    let names: Vec<_> = supergraph
        .subgraphs()
        .iter()
        .map(|listed| {
            let line = lines[listed.line - 1];
            assert!(line.contains(&listed.name) && line.contains(&listed.url));
            listed.name.as_str()
        })
        .collect();
    assert_eq!(names, ["catalog", "shelf"]);
}
