//! Importing the library through the front door, and waiting until each copy is somebody's.

use crate::{
    failure::{Attempt, Failure},
    hub::Hub,
    library::Library,
    report::{Figure, Report, Unit},
};
use serde_json::json;
use std::time::{Duration, Instant};

const IMPORT: &str = "mutation($input: ImportInput!) { importGames(input: $input) { added rows problems { code message } } }";

/// Imports `library` and reports how long the answer, and how long the matching took.
pub async fn import(hub: &Hub, library: &Library, place: &str, report: &mut Report) -> Attempt<()> {
    let (games, copies) = (library.games.len(), library.copies());
    let input = json!({ "format": "CSV", "content": library.csv(), "label": "Shelf" });
    let begun = Instant::now();
    let answer = hub.ask(IMPORT, json!({ "input": input })).await?;
    let answered = begun.elapsed();
    if answer["importGames"]["added"] != copies {
        return Err(Failure::Refused(
            "importGames".to_owned(),
            answer.to_string(),
        ));
    }
    let expected = json!({ "games": games, "copies": copies });
    hub.until(
        600,
        Duration::from_millis(250),
        "{ libraryStats { games copies } }",
        |data| data["libraryStats"] == expected,
    )
    .await?;
    let matched = begun.elapsed();
    report.add(Figure::new(
        format!("import of {games} games ({copies} copies), {place}: answered"),
        answered.as_secs_f64(),
        Unit::Seconds,
    ));
    report.add(Figure::new(
        format!("import of {games} games, {place}: every copy matched"),
        matched.as_secs_f64(),
        Unit::Seconds,
    ));
    // Recommendations follow the events of the matching.
    let ready = "{ recommendGames(limit: 10) { score } }";
    let whole = |data: &serde_json::Value| {
        data["recommendGames"]
            .as_array()
            .is_some_and(|picked| picked.len() == 10)
    };
    hub.until(60, Duration::from_millis(100), ready, whole)
        .await?;
    Ok(())
}
