//! The sample library: a few hundred real titles, imported through the front door like any file.

use crate::{
    assemble, background::Background, cli, config::Config, graph::InProcess, ports, print, schema,
    start::StartError,
};
use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta};
use djinn_kernel::{Clock, Doing, Fault, Viewer, viewer::Identity};
use djinn_operations::{Caller, Graph, GraphAnswer};
use djinn_router::{Limits, Router, RouterPorts};
use djinn_subgraph_kit::{Ports, outbox};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// Titles and facts; nobody else's texts or pictures.
const GAMES: &str = include_str!("../demo/games.csv");
/// The library's name, by which it is found again.
pub const LABEL: &str = "Sample library";

const IMPORT: &str = "mutation Import($input: ImportInput!) {
  importGames(input: $input) { added unchanged problems { code message } }
}";
const LIBRARIES: &str = "{ libraries(first: 100) { nodes { id label createdAt } } }";
const UNLINK: &str =
    "mutation Unlink($id: ID!) { unlinkLibrary(id: $id) { ok problems { code message } } }";

/// Imports the sample library for `owner`, as played until the day before. Doing so twice changes
/// nothing: one that is there stays as of the day it came.
pub async fn load(graph: &InProcess, owner: Identity, clock: &dyn Clock) -> Result<u64, Fault> {
    let caller = Caller {
        viewer: Viewer::Known(owner),
        ..Caller::default()
    };
    let there = find(graph, &caller).await?;
    let since = there.as_ref().and_then(|library| {
        let at = library["createdAt"].as_str()?;
        Some(DateTime::parse_from_rfc3339(at).ok()?.to_utc())
    });
    let today = since.unwrap_or_else(|| clock.now()).date_naive();
    let content = got_before(&played_until(GAMES, today), today);
    let variables = json!({ "input": { "format": "CSV", "content": content, "label": LABEL } });
    let answer = run_document(graph, IMPORT, variables, &caller).await?;
    answer.data["importGames"]["added"]
        .as_u64()
        .doing("importing the sample library: see the log")
}

/// The sample library, if it is there.
async fn find(graph: &InProcess, caller: &Caller) -> Result<Option<Value>, Fault> {
    let answer = run_document(graph, LIBRARIES, json!({}), caller).await?;
    let mut all = answer.data["libraries"]["nodes"]
        .as_array()
        .into_iter()
        .flatten();
    Ok(all.find(|library| library["label"] == LABEL).cloned())
}

/// The games with all their times moved by whole days, so that the last of them was played on the
/// day before `today`: whoever looks for the first time finds a year that goes on, in whatever year.
fn played_until(games: &str, today: NaiveDate) -> String {
    let time = |cell: &str| DateTime::parse_from_rfc3339(cell).ok();
    let last = games.split([',', '\n']).filter_map(time).max();
    let Some(last) = last else {
        return games.to_owned();
    };
    let by = today - last.date_naive() - TimeDelta::days(1);
    let moved = |line: &str| {
        let cells = line.split(',').map(|cell| match time(cell) {
            Some(at) => (at.to_utc() + by).to_rfc3339_opts(SecondsFormat::Secs, true),
            None => cell.to_owned(),
        });
        cells.collect::<Vec<_>>().join(",")
    };
    games.split('\n').map(moved).collect::<Vec<_>>().join("\n")
}

/// The games with a day on which each was got: one that was played some time before it was, the
/// others over four years. Else all of them would be new on the day they are loaded.
fn got_before(games: &str, today: NaiveDate) -> String {
    let got = |line: &str| {
        let mut cells = line.rsplit(',').skip(2);
        let last = cells.next().and_then(|cell| {
            let at = DateTime::parse_from_rfc3339(cell).ok()?;
            Some(at.date_naive())
        });
        let minutes: i64 = cells.next().and_then(|cell| cell.parse().ok()).unwrap_or(0);
        // The same for the same line, and no two titles alike.
        let chance = line
            .bytes()
            .fold(7_i64, |sum, byte| (sum * 31 + i64::from(byte)) % 1_000_003);
        let (by, days) = match last {
            Some(last) => (last, (1 + minutes / 60).min(120) * 5 + chance % 60),
            None => (today, 1 + chance % 1_400),
        };
        by - TimeDelta::days(days)
    };
    let dated = games.lines().enumerate().map(|(n, line)| match n {
        0 => format!("{line},added"),
        _ => format!("{line},{}", got(line)),
    });
    dated.collect::<Vec<_>>().join("\n")
}

/// Makes up days on which the sample library was played, as soon as its games are known; at most
/// half a minute. A library that runs elsewhere keeps its own tables.
async fn fill(ports: &Ports, owner: &Identity) -> Result<(), Fault> {
    use djinn_library::analytics::sample::{Spread, spread};
    for _ in 0..60 {
        match spread(ports, owner.household.0, LABEL).await? {
            Spread::TooEarly => tokio::time::sleep(Duration::from_millis(500)).await,
            Spread::Days(days) => {
                tracing::info!(days, "the sample library has a history");
                break;
            }
        }
    }
    Ok(())
}

/// Removes it again.
pub async fn remove(graph: &InProcess, owner: Identity) -> Result<bool, Fault> {
    let caller = Caller {
        viewer: Viewer::Known(owner),
        ..Caller::default()
    };
    let Some(library) = find(graph, &caller).await? else {
        return Ok(false);
    };
    run_document(graph, UNLINK, json!({ "id": library["id"] }), &caller).await?;
    Ok(true)
}

async fn run_document(
    graph: &InProcess,
    document: &str,
    variables: Value,
    caller: &Caller,
) -> Result<GraphAnswer, Fault> {
    let variables = variables.as_object().cloned().unwrap_or_default();
    let answer = graph
        .execute(document, None, variables, caller)
        .await
        .doing("asking the graph")?;
    for error in &answer.errors {
        tracing::error!(%error, "the sample library");
    }
    let payload = answer
        .data
        .as_object()
        .and_then(|fields| fields.values().next());
    let problems = payload.and_then(|payload| payload["problems"].as_array());
    for problem in problems.into_iter().flatten() {
        tracing::error!(%problem, "the sample library");
    }
    let refused =
        !answer.errors.is_empty() || problems.is_some_and(|problems| !problems.is_empty());
    if refused {
        return Err(Fault::new(
            "changing the sample library: the log says what was refused",
        ));
    }
    Ok(answer)
}

/// Loads it as soon as the hub has an owner.
pub async fn load_when_owned(ports: Ports, graph: InProcess, stop: CancellationToken) {
    let mut logins = ports.bus.watch(djinn_session::LOGINS_TOPIC);
    loop {
        match djinn_session::owner(&ports).await {
            Ok(Some(owner)) => {
                let filled = owner.clone();
                match load(&graph, owner, &*ports.clock).await {
                    Ok(added) => tracing::info!(
                        added,
                        "the sample library is loaded; remove it under Platforms, or by `djinn seed --remove-demo`"
                    ),
                    Err(fault) => tracing::error!(%fault, "the sample library"),
                }
                if let Err(fault) = fill(&ports, &filled).await {
                    tracing::error!(%fault, "the sample library's history");
                }
                return;
            }
            Ok(None) => {}
            Err(fault) => tracing::warn!(%fault, "waiting for an owner"),
        }
        if stop.run_until_cancelled(logins.poked()).await.is_none() {
            return;
        }
    }
}

/// `djinn seed`: on a hub that is not running.
pub async fn run(config: &Config, arguments: &cli::Seed) -> Result<(), StartError> {
    let stop = CancellationToken::new();
    let _ours = ports::take_data_folder(config)?;
    let ports = ports::make(config, true, &stop).await?;
    crate::migrate::up(&ports.db).await?;
    let Some(owner) = djinn_session::owner(&ports)
        .await
        .map_err(StartError::Fault)?
    else {
        return Err(StartError::NoOwner);
    };
    let assembly = assemble::all(config, &ports)?;
    let router = Router::new(
        schema::SUPERGRAPH,
        assembly.subgraphs.clone(),
        Limits::default(),
        RouterPorts {
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
        },
    )
    .map_err(|error| StartError::Supergraph(error.to_string()))?;
    let graph = InProcess::new(router, Arc::clone(&ports.ids));
    let background = Background::new(&stop);
    background.start(&ports, assembly.parts);
    if arguments.remove_demo {
        let removed = remove(&graph, owner).await.map_err(StartError::Fault)?;
        print(if removed {
            "The sample library is gone.\n"
        } else {
            "There is no sample library.\n"
        });
    } else {
        let filled = owner.clone();
        let added = load(&graph, owner, &*ports.clock)
            .await
            .map_err(StartError::Fault)?;
        fill(&ports, &filled).await.map_err(StartError::Fault)?;
        print(&format!(
            "{added} games were added to \"{LABEL}\". Remove them with `djinn seed --remove-demo`.\n"
        ));
    }
    settle(&ports).await.map_err(StartError::Fault)?;
    stop.cancel();
    background.tasks.close();
    if tokio::time::timeout(Duration::from_secs(10), background.tasks.wait())
        .await
        .is_err()
    {
        tracing::warn!("something did not stop in time");
    }
    Ok(())
}

/// Waits until the events of the import have all been handled, at most half a minute.
async fn settle(ports: &Ports) -> Result<(), Fault> {
    use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
    for _ in 0..150 {
        let waiting = outbox::row::Entity::find()
            .filter(outbox::row::Column::DeliveredAt.is_null())
            .count(ports.db.read())
            .await
            .doing("looking at the outbox")?;
        if waiting == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_library_was_played_until_the_day_before_whatever_day_it_is() {
        let times = |games: &str| -> Vec<NaiveDate> {
            games
                .split([',', '\n'])
                .filter_map(|cell| DateTime::parse_from_rfc3339(cell).ok())
                .map(|at| at.date_naive())
                .collect()
        };
        let before = times(GAMES);
        for today in ["2024-03-01", "2031-07-20"] {
            let today: NaiveDate = today.parse().unwrap();
            let games = played_until(GAMES, today);
            let after = times(&games);
            assert_eq!(after.iter().max(), today.pred_opt().as_ref());
            // All by as many days, and nothing else is another.
            let by = after[0] - before[0];
            assert!(
                before
                    .iter()
                    .zip(&after)
                    .all(|(old, new)| *new - *old == by)
            );
            assert_eq!(games.lines().count(), GAMES.lines().count());
            assert_eq!(played_until(&games, today), games);
            let year = today - TimeDelta::days(365);
            assert!(after.iter().filter(|day| **day > year).count() > 20);
        }
    }

    #[test]
    fn the_sample_library_was_got_over_years_and_before_it_was_played() {
        let today: NaiveDate = "2031-07-20".parse().unwrap();
        let games = got_before(&played_until(GAMES, today), today);
        assert_eq!(games.lines().count(), GAMES.lines().count());
        let mut lines = games.lines();
        assert!(
            lines
                .next()
                .unwrap()
                .ends_with(",last_played,status,tags,added")
        );
        let mut got = Vec::new();
        for line in lines {
            let cells: Vec<&str> = line.rsplit(',').take(4).collect();
            let day: NaiveDate = cells[0].parse().unwrap();
            if let Ok(last) = DateTime::parse_from_rfc3339(cells[3]) {
                assert!(day < last.date_naive(), "{line}");
            }
            got.push(day);
        }
        let year = today - TimeDelta::days(365);
        let new = got.iter().filter(|day| **day > year).count();
        assert!(got.iter().all(|day| *day < today));
        assert!((10..got.len() / 3).contains(&new), "{new} of {}", got.len());
    }
}
