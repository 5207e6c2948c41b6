//! Large files in and out: how long, and how much the hub grows by them.

use crate::{
    failure::{Attempt, Failure},
    hub::{Home, Hub},
    library::Library,
    report::{Figure, Goal, Report, Unit},
};
use serde_json::{Value, json};
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// Rows of the files: a large collection, and as many as one import may have.
const ROWS: [usize; 2] = [10_000, 50_000];
const QUICK_ROWS: [usize; 2] = [400, 1_500];
/// An import of so many rows is to be answered in so many seconds.
const GOAL: (usize, f64) = (50_000, 10.0);
/// What a hub may grow by while it reads a file, in MB of 1,000,000 bytes: 32 MiB.
const GROWTH: f64 = 32.0 * 1.048_576;
/// What it may grow by until it has matched what it read: 128 MiB. It does as much at once for ten
/// thousand rows as for fifty thousand; what it knows of each game, and the pages and statements that
/// its connections keep, stay (`docs/adr/0032-memory-of-imports.md`).
const MATCHED: f64 = 128.0 * 1.048_576;

const IMPORT: &str = "mutation($input: ImportInput!) { importGames(input: $input) { rows added unchanged rejected problems { code message } } }";
const STATS: &str = "{ libraryStats { games copies } }";
const EXPORT: &str = "mutation($input: ExportLibraryInput!) { exportLibrary(input: $input) { url bytes games problems { code message } } }";
const DUPLICATES: &str = "{ duplicateGames(first: 50) { totalCount nodes { id } } }";
/// As many copies that belong to no game yet are matched in seconds; a hub that does not get on
/// with it at all must not hold up the bench for ever.
const PATIENCE: u64 = 900;

/// Each file on SQLite and, where there are servers, on PostgreSQL.
pub async fn measure(binary: &Path, quick: bool, report: &mut Report) -> Attempt<()> {
    let sizes = if quick { QUICK_ROWS } else { ROWS };
    for rows in sizes {
        let library = Library::of_rows(rows);
        let home = Home::on_sqlite(binary, &[])?;
        on(&home, &library, "SQLite", report).await?;
        if let Some(home) = Home::on_services(binary).await? {
            on(&home, &library, "PostgreSQL", report).await?;
        } else if rows == sizes[0] {
            report.note("PostgreSQL was not measured: that needs TEST_DATABASE_URL and TEST_REDIS_URL (`scripts/with-services make bench`).");
        }
    }
    Ok(())
}

async fn on(home: &Home, library: &Library, place: &str, report: &mut Report) -> Attempt<()> {
    let mut hub = home.one().await?;
    hub.set_up().await?;
    // Pools, plans and pages are not what a file costs.
    run(
        &hub,
        json!({ "content": "title\nFirst of all\n", "label": "Warm" }),
    )
    .await?;
    hub.until(60, Duration::from_millis(50), STATS, |data| {
        data["libraryStats"] == json!({ "games": 1, "copies": 1 })
    })
    .await?;
    let (games, copies) = (library.games.len(), library.copies());
    let name = |what: &str| format!("{copies} rows, {place}: {what}");
    let goal = |figure: Figure| {
        if copies == GOAL.0 {
            figure.against(Goal::gate(GOAL.1, 3.0))
        } else {
            figure
        }
    };

    let before = hub.forget_peak()?;
    let begun = Instant::now();
    let upload = hub.upload(library.csv().into_bytes()).await?;
    report.add(seconds(name("uploaded"), begun.elapsed()));

    let begun = Instant::now();
    let dry = run(
        &hub,
        json!({ "upload": upload, "label": "Shelf", "dryRun": true }),
    )
    .await?;
    expect(&dry, "added", copies)?;
    report.add(goal(seconds(name("a dry run"), begun.elapsed())));

    let begun = Instant::now();
    let done = run(&hub, json!({ "upload": upload, "label": "Shelf" })).await?;
    expect(&done, "added", copies)?;
    report.add(goal(seconds(name("the import, answered"), begun.elapsed())));
    report.add(growth(
        name("memory until it was answered"),
        &hub,
        before,
        GROWTH,
    )?);

    let expected = json!({ "games": games + 1, "copies": copies + 1 });
    hub.until(PATIENCE, Duration::from_millis(100), STATS, |data| {
        data["libraryStats"] == expected
    })
    .await?;
    report.add(seconds(
        name("the import, every copy matched"),
        begun.elapsed(),
    ));
    report.add(growth(
        name("memory until all was matched"),
        &hub,
        before,
        MATCHED,
    )?);

    let begun = Instant::now();
    let again = run(&hub, json!({ "upload": upload, "label": "Shelf" })).await?;
    expect(&again, "unchanged", copies)?;
    report.add(goal(seconds(
        name("the same file once more, answered"),
        begun.elapsed(),
    )));

    exports(&hub, games + 1, &name, report).await?;

    for what in ["the queue of duplicates, cold", "the same, warm"] {
        let (took, answer) = hub.timed(DUPLICATES, &Value::Null).await?;
        if answer["data"]["duplicateGames"]["totalCount"].is_null() {
            return Err(Failure::Refused(
                "duplicateGames".to_owned(),
                answer.to_string(),
            ));
        }
        report.add(seconds(name(what), took));
    }
    hub.stop().await
}

async fn exports(
    hub: &Hub,
    games: usize,
    name: &impl Fn(&str) -> String,
    report: &mut Report,
) -> Attempt<()> {
    for format in ["JSON", "CSV"] {
        let before = hub.forget_peak()?;
        let begun = Instant::now();
        let made = hub
            .ask(EXPORT, json!({ "input": { "format": format } }))
            .await?["exportLibrary"]
            .take();
        expect(&made, "games", games)?;
        let url = made["url"].as_str().unwrap_or_default();
        let fetched = hub.download(url).await?;
        expect(&made, "bytes", fetched)?;
        report.add(seconds(
            name(&format!("exported as {format} and fetched")),
            begun.elapsed(),
        ));
        report.add(growth(
            name(&format!("memory while it was exported as {format}")),
            hub,
            before,
            GROWTH,
        )?);
    }
    Ok(())
}

async fn run(hub: &Hub, input: Value) -> Attempt<Value> {
    let answer = hub.ask(IMPORT, json!({ "input": input })).await?;
    Ok(answer["importGames"].clone())
}

fn expect(answer: &Value, field: &str, count: usize) -> Attempt<()> {
    if answer[field] == count {
        return Ok(());
    }
    let what = format!("{field}: {count} was expected");
    Err(Failure::Refused(what, answer.to_string()))
}

fn seconds(what: String, took: Duration) -> Figure {
    Figure::new(what, took.as_secs_f64(), Unit::Seconds)
}

/// By how much the hub grew at most since it had `before`.
fn growth(what: String, hub: &Hub, before: f64, goal: f64) -> Attempt<Figure> {
    let grown = (hub.peak()? - before).max(0.0);
    Ok(Figure::new(what, grown, Unit::Megabytes).against(Goal::gate(goal, 1.5)))
}
