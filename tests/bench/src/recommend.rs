//! Recommendations out of the whole library.

use crate::{
    Counts,
    failure::Attempt,
    hub::Hub,
    latency::{Latencies, list, must},
    library::{Dice, GENRES, Library},
    report::{Figure, Goal, Report, Unit},
};
use serde_json::{Value, json};

/// Ten games and why.
pub const DOCUMENT: &str = "query Recommend($criteria: String, $genre: String) {
  recommendGames(criteria: $criteria, genre: $genre, limit: 10) {
    score reasons { kind text } game { title genres playtimeMinutes }
  }
}";
const CRITERIA: [Option<&str>; 6] = [
    None,
    Some("short"),
    Some("under 20 hours"),
    Some("no horror"),
    Some("relaxing"),
    Some("co-op"),
];

/// Asks a warm hub, each time something else.
pub async fn measure(
    hub: &Hub,
    library: &Library,
    counts: &Counts,
    report: &mut Report,
) -> Attempt<()> {
    let mut dice = Dice::new(10);
    let mut questions: Vec<(Option<&str>, Option<&str>)> = CRITERIA
        .into_iter()
        .flat_map(|criteria| {
            std::iter::once(None)
                .chain(GENRES.map(Some))
                .map(move |genre| (criteria, genre))
        })
        // Nothing could be right there.
        .filter(|question| *question != (Some("no horror"), Some("Horror")))
        .collect();
    let (mut warm_up, mut warm) = (Latencies::default(), Latencies::default());
    let first = counts.warm_up.min(10);
    for n in 0..first + counts.recommendations {
        let (criteria, genre) = questions.swap_remove(dice.roll(questions.len()));
        let into = if n < first { &mut warm_up } else { &mut warm };
        let variables = json!({ "criteria": criteria, "genre": genre });
        into.ask(hub, DOCUMENT, &variables, |data| {
            check(library, genre, data)
        })
        .await?;
    }
    report.check("recommendations", &warm);
    let what = format!("ten recommendations of {} games, warm", library.games.len());
    report.add(Figure::new(
        format!("{what}, p50 of {}", warm.count()),
        warm.percentile(50),
        Unit::Milliseconds,
    ));
    report.add(
        Figure::new(
            format!("{what}, p95"),
            warm.percentile(95),
            Unit::Milliseconds,
        )
        .against(Goal::gate(150.0, 3.0)),
    );
    Ok(())
}

fn check(library: &Library, genre: Option<&str>, data: &Value) -> Result<(), String> {
    let picked = list(data, "/recommendGames");
    must(picked.len() == 10, || {
        format!("{} games instead of ten", picked.len())
    })?;
    must(
        picked.is_sorted_by(|a, b| a["score"].as_f64() >= b["score"].as_f64()),
        || "the scores do not fall".to_owned(),
    )?;
    for pick in picked {
        let title = &pick["game"]["title"];
        let game = library
            .titled(title)
            .ok_or_else(|| format!("no game is called {title}"))?;
        must(
            genre.is_none_or(|genre| game.genres.contains(&genre)),
            || format!("{title} is of another genre"),
        )?;
        must(!list(pick, "/reasons").is_empty(), || {
            format!("no reason for {title}")
        })?;
    }
    Ok(())
}
