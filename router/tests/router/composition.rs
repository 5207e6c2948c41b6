//! The supergraph fixture is composed from these subgraphs and no others.

use super::graphs::{Asked, SUPERGRAPH, catalog, ports, shelf};
use djinn_router::{InvalidSupergraph, Limits, Router, Supergraph};
use std::{fs, path::Path, sync::Arc};

/// Writes what the subgraphs say now, so that a difference can be copied and composed anew.
fn write(name: &str, sdl: &str) {
    fs::write(
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.graphql")),
        sdl,
    )
    .unwrap();
}

#[test]
fn the_fixture_is_what_the_subgraphs_say() {
    let now = [
        ("catalog", catalog().sdl()),
        ("shelf", shelf(&Arc::new(Asked::default())).sdl()),
    ];
    for (name, sdl) in &now {
        write(name, sdl);
    }
    for (name, sdl) in &now {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/{name}.graphql"));
        let committed = fs::read_to_string(path).unwrap_or_default();
        assert_eq!(
            *sdl, committed,
            "compose the supergraph fixture anew from target/tmp/{name}.graphql"
        );
    }
}

#[test]
fn a_supergraph_that_is_none_is_refused_with_a_reason() {
    let of = |sdl: &str| Router::new(sdl, Vec::new(), Limits::default(), ports()).err();
    assert!(matches!(
        of("type {"),
        Some(InvalidSupergraph::Unreadable(_))
    ));
    assert!(matches!(
        of("type A { a: Int }"),
        Some(InvalidSupergraph::Unplannable(_))
    ));
    assert!(matches!(
        of(SUPERGRAPH),
        Some(InvalidSupergraph::MissingSubgraph(_))
    ));
}

#[test]
fn a_supergraph_that_does_not_hold_together_is_refused_with_the_line() {
    for (good, bad, named) in [
        (
            "rating: Int @join__field(graph: CATALOG)",
            "rating: Int @join__field(graph: Z)",
            "subgraph Z",
        ),
        ("owner: Player!", "owner: Playr!", "no type Playr"),
        ("stars: Int ", "title: Int ", "Game has title twice"),
        (
            "type Player @",
            "type Bundle @",
            "the type Bundle is there twice",
        ),
        (
            "type Bundle implements Item",
            "type Bundle implements Game",
            "Game is no interface",
        ),
        ("filter: Filter!", "filter: Game!", "no input"),
        ("link/v1.0", "link/v9.0", "link/v9.0 is of a version"),
        ("join/v0.3", "join/v0.9", "join/v0.9 is of a version"),
    ] {
        let before = SUPERGRAPH.find(good).unwrap();
        let line = SUPERGRAPH[..before].matches('\n').count() + 1;
        let sdl = SUPERGRAPH.replacen(good, bad, 1);
        let said = Supergraph::read(&sdl).err().unwrap().to_string();
        assert!(
            said.contains(&format!("line {line}: ")) && said.contains(named),
            "{bad}: {said}"
        );
    }
}
