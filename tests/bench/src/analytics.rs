//! Ten years of daily play, counted: the library subgraph in this process, on a database of its own.

use crate::{
    failure::{Attempt, Failure},
    report::{Figure, Goal, Report, Unit},
};
use chrono::{Days, TimeDelta};
use djinn_kernel::{
    Clock,
    event::{CopiesMatched, GameChanged, GameKind},
    ids::{CopyId, GameId, LibraryId},
};
use djinn_library::{
    Config, Library,
    copy::{Holding, entity as copy},
    play::entity as play,
};
use djinn_subgraph_kit::{Parts, Subgraph};
use djinn_testkit::{
    ports::{TestPorts, frozen},
    viewers::{call, player, player_id},
};
use sea_orm::{EntityTrait, Set};
use serde_json::{Value, json};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// How many games there are.
const GAMES: u128 = 500;
/// Ten years, and how many games a day.
const DAYS: u64 = 3650;
const A_DAY: u64 = 3;
/// How often each is asked.
const TIMES: usize = 20;
const PATTERNS: &str = "{ analyzeGamingPatterns(period: ALL_TIME) { minutes daysPlayed byDay { day minutes }
    byWeekday { minutes } byMonth { month minutes } byPlatform { id minutes } byGenre { id minutes } topGames { minutes game { title } }
    longestStreak { days } dayLengths { days } backlog { games burnDown { month left } } timeSpent { minutes } } }";
const YEAR: &str = "{ yearInReview(year: 2025) { totals { minutes } yearBefore { minutes } topGames { minutes game { title } }
    busiestDay { day } longestStreak { days } byMonth { minutes } } }";

/// Counts all of it, and a year of it.
pub async fn measure(report: &mut Report) -> Attempt<()> {
    let ports = frozen().await;
    let parts = Library::assemble(ports.ports.clone(), Config::default());
    fill(&ports, &parts).await?;
    for (what, query) in [("all of it", PATTERNS), ("one year in review", YEAR)] {
        let mut times = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let begun = Instant::now();
            let answer = ask(&parts.subgraph, query).await?;
            times.push(begun.elapsed());
            let sums = [
                answer.pointer("/analyzeGamingPatterns/minutes"),
                answer.pointer("/yearInReview/totals/minutes"),
            ];
            if sums.into_iter().flatten().all(|sum| *sum == 0) {
                return Err(Failure::Refused(what.to_owned(), answer.to_string()));
            }
        }
        times.sort_unstable();
        let p95: Duration = times[TIMES * 95 / 100];
        report.add(
            Figure::new(
                format!(
                    "{} records of play over ten years: {what}, p95 of {TIMES}",
                    DAYS * A_DAY
                ),
                p95.as_secs_f64() * 1000.0,
                Unit::Milliseconds,
            )
            .against(Goal::gate(100.0, 1.0)),
        );
    }
    Ok(())
}

async fn ask(subgraph: &Arc<dyn Subgraph>, query: &str) -> Attempt<Value> {
    let answer = subgraph.execute(call(&player(1), query, json!({})));
    let answer = answer.await.map_err(Failure::doing("asking the library"))?;
    if answer.errors.is_empty() {
        serde_json::to_value(answer.data).map_err(Failure::doing("reading the library's answer"))
    } else {
        Err(Failure::Refused(
            query.to_owned(),
            format!("{:?}", answer.errors),
        ))
    }
}

fn id(kind: u128, n: u128) -> Uuid {
    Uuid::from_u128((0x7_u128 << 76) | (0b10_u128 << 62) | (kind << 40) | n)
}

/// Games, a copy of each, and three of them played every day.
async fn fill(ports: &TestPorts, parts: &Parts) -> Attempt<()> {
    const WHAT: &str = "filling the library";
    let now = ports.clock.now();
    let household = player_id(1).0;
    let mut copies = Vec::new();
    let Some(ear) = &parts.consumer else {
        return Ok(());
    };
    for n in 0..GAMES {
        let game = GameChanged {
            game: GameId(id(1, n)),
            revision: 1,
            title: format!("Game {n}"),
            kind: GameKind::Game,
            released_on: None,
            genres: vec![format!("Genre {}", n % 12), format!("Genre {}", n % 7)],
            tags: Vec::new(),
            developers: Vec::new(),
            esrb: None,
            boards: None,
            critic_score: None,
            main_story_minutes: Some(600),
            enriched: true,
        };
        ports.send(&**ear, &game).await;
        copies.push(copy::Model {
            id: id(2, n),
            library_id: id(3, 0),
            household_id: household,
            platform: "steam".to_owned(),
            store_id: None,
            identity: n.to_string(),
            title: game.title,
            holding: Holding::Owned,
            playtime_minutes: (n * 10) as i32,
            last_played_at: None,
            added_at: now - TimeDelta::days((n * 7) as i64),
            year: None,
            hints: json!({}),
            import_status: None,
            game_id: None,
            match_revision: 0,
            seen_run: None,
            seen_at: None,
            missing_since: None,
            removed_at: None,
        });
    }
    let ids: Vec<Uuid> = copies.iter().map(|copy| copy.id).collect();
    let records = (0..DAYS).flat_map(|day| (0..A_DAY).map(move |at| (day, at)));
    let today = now.date_naive();
    let records: Vec<play::ActiveModel> = records
        .map(|(day, at)| {
            let game = u128::from(day / 20 * A_DAY + at) % GAMES;
            play::ActiveModel {
                copy_id: Set(id(2, game)),
                day: Set(today - Days::new(day)),
                household_id: Set(household),
                game_id: Set(Some(id(1, game))),
                platform: Set("steam".to_owned()),
                minutes: Set(20 + (day % 90) as i32),
            }
        })
        .collect();
    let txn = ports.ports.db.begin().await;
    let txn = txn.map_err(Failure::doing(WHAT))?;
    let inserted = djinn_library::copy::store::insert(&txn, copies).await;
    inserted.map_err(Failure::doing(WHAT))?;
    for chunk in records.chunks(500) {
        play::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(&txn)
            .await
            .map_err(Failure::doing(WHAT))?;
    }
    txn.commit().await.map_err(Failure::doing(WHAT))?;
    for ids in ids.chunks(100) {
        let matched = CopiesMatched {
            library: LibraryId(id(3, 0)),
            revision: 1,
            matches: ids
                .iter()
                .map(|copy| (CopyId(*copy), GameId(id(1, copy.as_u128() & 0xFF_FFFF))))
                .collect(),
        };
        ports.send(&**ear, &matched).await;
    }
    Ok(())
}
