//! A hundred smart collections over the whole library, and what a change of one game costs them.

use crate::{
    Counts,
    failure::Attempt,
    hub::Hub,
    latency::{Latencies, list, must},
    library::{GENRES, Library, PLATFORMS, STATUSES},
    report::{Figure, Goal, Report, Unit},
};
use serde_json::{Value, json};

/// How many collections there are.
const RULES: usize = 100;
const CREATE: &str = "mutation CreateCollection($input: CreateCollectionInput!) {
  createCollection(input: $input) { collection { id totalCount } problems { code } }
}";
const ALL: &str = "query Collections { collections(first: 100) { nodes { name totalCount } } }";
const MARK: &str = "mutation Mark($id: ID!, $favourite: Boolean!) {
  updateGame(input: { gameId: $id, favourite: $favourite }) { problems { code } }
}";

/// Counts all collections, then again each time a game has changed.
pub async fn measure(
    hub: &Hub,
    library: &Library,
    counts: &Counts,
    report: &mut Report,
) -> Attempt<()> {
    for n in 0..RULES {
        let input = json!({ "name": n.to_string(), "rule": rule(n) });
        hub.ask(CREATE, json!({ "input": input })).await?;
    }
    let found = hub
        .ask("{ games(first: 1) { nodes { id } } }", json!({}))
        .await?;
    let game = &found["games"]["nodes"][0]["id"];

    let (mut warm_up, mut still, mut changed) = (
        Latencies::default(),
        Latencies::default(),
        Latencies::default(),
    );
    let none = json!({});
    let check = |data: &Value| check(library, data);
    warm_up.ask(hub, ALL, &none, check).await?;
    for n in 0..counts.recommendations {
        still.ask(hub, ALL, &none, check).await?;
        let mark = json!({ "id": game, "favourite": n % 2 == 0 });
        hub.ask(MARK, mark).await?;
        changed.ask(hub, ALL, &none, check).await?;
    }
    report.check("collections", &still);
    report.check("collections after a change", &changed);
    let what = format!("{RULES} rules over {} games", library.games.len());
    for (when, times, goal) in [
        ("", &still, 1_000.0),
        (", one just changed", &changed, 50.0),
    ] {
        report.add(
            Figure::new(
                format!("{what}{when}, p95 of {}", times.count()),
                times.percentile(95),
                Unit::Milliseconds,
            )
            .against(Goal::gate(goal, 3.0)),
        );
    }
    Ok(())
}

/// Rules unlike each other. Every tenth is a single condition, whose count the bench knows.
fn rule(n: usize) -> Value {
    let genre = GENRES[n % GENRES.len()];
    let condition = |field: &str, operator: &str, value: Value| json!({ "field": field, "operator": operator, "value": value });
    let of_genre = condition("GENRE", "ONE_OF", json!({ "options": [genre] }));
    if n.is_multiple_of(10) {
        return of_genre;
    }
    let platform = PLATFORMS[n % PLATFORMS.len()].0;
    let status = STATUSES[n % STATUSES.len()];
    json!({ "all": [
        { "any": [of_genre, condition("TITLE", "CONTAINS", json!({ "text": "an" }))] },
        condition("PLATFORM", "ONE_OF", json!({ "options": [platform] })),
        { "none": [
            condition("STATUS", "ONE_OF", json!({ "options": [status] })),
            condition("ADDED", "LONGER_AGO_THAN", json!({ "days": n })),
            condition("PLAYTIME", "AT_LEAST", json!({ "number": n * 100 })),
        ] },
    ] })
}

fn check(library: &Library, data: &Value) -> Result<(), String> {
    let nodes = list(data, "/collections/nodes");
    must(nodes.len() == RULES, || {
        format!("{} collections instead of {RULES}", nodes.len())
    })?;
    for (n, node) in nodes.iter().enumerate().step_by(10) {
        let genre = GENRES[n % GENRES.len()];
        let games = library.games.iter();
        let expected = games.filter(|game| game.genres.contains(&genre)).count();
        must(node["totalCount"] == expected, || {
            format!(
                "{} games of {genre} instead of {expected}",
                node["totalCount"]
            )
        })?;
    }
    Ok(())
}
