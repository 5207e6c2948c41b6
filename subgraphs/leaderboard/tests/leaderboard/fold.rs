//! Properties: entries are a fold over unique submissions, and ranks are a naive sort.

use super::Hub;
use chrono::TimeDelta;
use djinn_testkit::viewers::{player, player_id};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Who submits what under which key, and how many milliseconds later.
type Submission = (u128, i32, u8, i64);

fn submissions() -> impl Strategy<Value = (usize, bool, Vec<Submission>)> {
    let submission = (1..6_u128, -4..5_i32, 0..12_u8, 0..2_i64);
    (
        0..3_usize,
        any::<bool>(),
        proptest::collection::vec(submission, 1..30),
    )
}

const OPERATORS: [&str; 3] = ["BEST", "SET", "INCREMENT"];

async fn holds(hub: &Hub, operator: usize, higher: bool, submissions: Vec<Submission>) {
    let board = hub
        .board(
            OPERATORS[operator],
            if higher {
                "HIGHER_IS_BETTER"
            } else {
                "LOWER_IS_BETTER"
            },
        )
        .await;
    let better = |a: f64, b: f64| if higher { a > b } else { a < b };
    let (mut keys, mut entries, mut now) = (HashSet::new(), HashMap::<u128, (f64, i64)>::new(), 0);
    for (who, score, key, later) in submissions {
        hub.ports.clock.advance(TimeDelta::milliseconds(later));
        now += later;
        let score = f64::from(score);
        let answer = hub
            .submit(&player(who), &board, score, &key.to_string())
            .await;
        assert_eq!(answer["problems"], json!([]));
        assert_eq!(answer["duplicate"], !keys.insert((who, key)));
        if answer["duplicate"] == false {
            let old = entries.get(&who).map(|entry| entry.0);
            let new = match (operator, old) {
                (_, None) | (1, _) => score,
                (0, Some(old)) => {
                    if better(score, old) {
                        score
                    } else {
                        old
                    }
                }
                (_, Some(old)) => old + score,
            };
            if old != Some(new) {
                entries.insert(who, (new, now));
            }
        }
        let mut sorted: Vec<_> = entries
            .iter()
            .map(|(who, (score, at))| (*score, *at, *who))
            .collect();
        sorted.sort_by(|a, b| {
            let scores = if higher {
                b.0.total_cmp(&a.0)
            } else {
                a.0.total_cmp(&b.0)
            };
            scores.then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2))
        });
        let mine = sorted.iter().position(|entry| entry.2 == who).unwrap();
        assert_eq!(answer["rank"]["rank"], mine + 1);
        let expected: Vec<_> = (1..)
            .zip(&sorted)
            .map(|(rank, (score, _, who))| (rank, player_id(*who).to_string(), *score + 0.0))
            .collect();
        assert_eq!(hub.top(&board).await, expected);
    }
}

#[test]
fn entries_are_a_fold_over_unique_submissions_and_ranks_a_naive_sort() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let hub = runtime.block_on(Hub::start());
    let mut runner = TestRunner::new(Config {
        cases: 40,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&submissions(), |(operator, higher, submissions)| {
            runtime.block_on(holds(&hub, operator, higher, submissions));
            Ok(())
        })
        .unwrap();
    drop(runtime);
}
