//! What the hub costs before anybody asks it anything.

use crate::{
    Counts,
    failure::{Attempt, Failure},
    hub::Home,
    latency::{Latencies, list, must},
    recommend,
    report::{Figure, Goal, Report, Unit},
};
use serde_json::json;
use std::{path::Path, time::Duration};

/// The size of the binary, everything inside.
pub fn size(binary: &Path) -> Attempt<Figure> {
    let bytes = std::fs::metadata(binary)
        .map_err(Failure::doing("looking at the binary"))?
        .len();
    Ok(
        Figure::new("the binary", bytes as f64 / 1e6, Unit::Megabytes)
            .against(Goal::gate(60.0, 1.5)),
    )
}

/// Starts the hub again and again on the library it has, and asks each for a recommendation at
/// once; then leaves one alone and looks at its memory.
pub async fn measure(home: &Home, counts: &Counts, report: &mut Report) -> Attempt<()> {
    let (mut starts, mut cold) = (Latencies::default(), Latencies::default());
    for _ in 0..counts.starts {
        let mut hub = home.one().await?;
        starts.add(hub.ready_after);
        hub.sign_in().await?;
        let ten = |data: &serde_json::Value| {
            must(list(data, "/recommendGames").len() == 10, || {
                format!("not ten recommendations: {data}")
            })
        };
        cold.ask(&hub, recommend::DOCUMENT, &json!({}), ten).await?;
        hub.stop().await?;
    }
    report.check("cold recommendations", &cold);
    let games = counts.games;
    let ready = Figure::new(
        format!(
            "cold start to /ready, {games} games, median of {}",
            starts.count()
        ),
        starts.percentile(50),
        Unit::Milliseconds,
    );
    report.add(ready.against(Goal::gate(300.0, 3.0)));
    let hub = home.one().await?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let idle = Figure::new(
        format!("idle for 5 s, {games} games: resident memory"),
        hub.memory()?,
        Unit::Megabytes,
    );
    report.add(idle.against(Goal::gate(60.0, 1.5)));
    hub.stop().await?;
    let first = Figure::new(
        format!("ten recommendations of {games} games, first after a start, median"),
        cold.percentile(50),
        Unit::Milliseconds,
    );
    report.add(first.against(Goal::gate(150.0, 3.0)));
    Ok(())
}
