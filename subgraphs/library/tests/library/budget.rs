//! Request budgets are never exceeded, over restarts either.

use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::Clock;
use djinn_library::{
    budget::{self, entity as spent},
    platform::Window,
};
use djinn_subgraph_kit::Ports;
use djinn_testkit::ports::frozen;
use sea_orm::{EntityTrait, Set};

const WINDOWS: [Window; 2] = [
    Window {
        requests: 10,
        seconds: 30,
    },
    Window {
        requests: 40,
        seconds: 600,
    },
];

#[tokio::test]
async fn in_no_stretch_of_time_is_a_provider_asked_too_often_and_room_is_used() {
    let test = frozen().await;
    let start = test.clock.now();
    let mut made: Vec<DateTime<Utc>> = Vec::new();
    let mut waits = 0;
    for step in 0..900_i64 {
        // Bursts, pauses, and odd fractions of a second.
        let pause = match step % 97 {
            0 => 40_000,
            n if n % 13 == 0 => 2_700,
            n => (n * 37) % 400,
        };
        test.clock.advance(TimeDelta::milliseconds(pause));
        match budget::take(&test.ports, "steam:test", &WINDOWS)
            .await
            .unwrap()
        {
            Ok(()) => made.push(test.clock.now()),
            Err(wait) => {
                waits += 1;
                assert!(wait.until > test.clock.now());
                test.clock.set(wait.until);
                budget::take(&test.ports, "steam:test", &WINDOWS)
                    .await
                    .unwrap()
                    .expect("there is room when it said");
                made.push(test.clock.now());
            }
        }
    }
    assert!(waits > 10, "the test must meet the limits");
    for window in WINDOWS {
        let length = TimeDelta::seconds(i64::from(window.seconds));
        for (at, first) in made.iter().enumerate() {
            let inside = made[at..]
                .iter()
                .take_while(|one| **one - *first < length)
                .count();
            assert!(
                inside <= window.requests as usize,
                "{inside} requests within {length}"
            );
        }
    }
    let possible = (test.clock.now() - start).num_seconds() as f64 / 600.0 * 40.0;
    assert!(
        made.len() as f64 > possible * 0.9,
        "{} of {possible} possible requests were made",
        made.len()
    );
}

#[tokio::test]
async fn credentials_have_budgets_of_their_own() {
    let test = frozen().await;
    for _ in 0..10 {
        budget::take(&test.ports, "steam:a", &WINDOWS)
            .await
            .unwrap()
            .expect("there is room");
    }
    assert!(
        budget::take(&test.ports, "steam:a", &WINDOWS)
            .await
            .unwrap()
            .is_err()
    );
    budget::take(&test.ports, "steam:b", &WINDOWS)
        .await
        .unwrap()
        .expect("it is another's");
}

#[tokio::test]
async fn takers_at_the_same_moment_never_get_more_than_there_is() {
    let test = frozen().await;
    let takers = (0..30).map(|_| budget::take(&test.ports, "steam:test", &WINDOWS));
    let taken = futures_util::future::join_all(takers).await;
    assert_eq!(
        taken
            .into_iter()
            .filter(|taken| matches!(taken, Ok(Ok(()))))
            .count(),
        10
    );
}

/// As Steam documents it for one key, and as it is borne.
const STEAM: [Window; 2] = [
    Window {
        requests: 100,
        seconds: 300,
    },
    Window {
        requests: 100_000,
        seconds: 86_400,
    },
];

/// How many requests there is room for now, and when there is more.
async fn room(ports: &Ports) -> (usize, DateTime<Utc>) {
    for taken in 0.. {
        if let Err(wait) = budget::take(ports, "steam:day", &STEAM).await.unwrap() {
            return (taken, wait.until);
        }
    }
    unreachable!()
}

#[tokio::test]
async fn a_day_that_is_nearly_used_up_is_so_after_a_restart_until_its_oldest_part_is_past() {
    let test = frozen().await;
    // The day so far, in the parts that it is counted in: 99,990 requests.
    let (suffix, width) = budget::suffix(STEAM[1]);
    let now = test.clock.now().timestamp();
    let newest = now - now.rem_euclid(width);
    let parts = (0..300).map(|n| spent::ActiveModel {
        credential: Set(format!("steam:day{suffix}")),
        second: Set(newest - n * width),
        requests: Set(if n == 0 { 333 + 90 } else { 333 }),
    });
    spent::Entity::insert_many(parts)
        .exec_without_returning(test.ports.db.write())
        .await
        .unwrap();

    let (taken, until) = room(&test.ports).await;
    assert_eq!(taken, 10);
    let oldest = newest - 299 * width;
    assert_eq!(until.timestamp(), oldest + width + 86_400);
    let mut ports = test.ports.clone();
    ports.db = test.database.open_again().await;
    assert_eq!(room(&ports).await, (0, until));
    test.clock.set(until - TimeDelta::milliseconds(1));
    assert_eq!(room(&ports).await, (0, until));
    // Then the shorter window is what allows the least: what was asked before has left it.
    test.clock
        .set(until.max(DateTime::from_timestamp(now + 301, 0).unwrap()));
    assert_eq!(room(&ports).await.0, 100);
}

/// The windows of a platform that has three, scaled down so that a day is some thousand requests:
/// each goes through the database. The true ones, of every platform, take a day in memory
/// (`src/budget/day.rs`).
const DAY: [Window; 3] = [
    Window {
        requests: 5,
        seconds: 15,
    },
    Window {
        requests: 20,
        seconds: 300,
    },
    Window {
        requests: 4_000,
        seconds: 86_400,
    },
];

/// A number below `n` that looks random and is the same in every run.
fn random(seed: &mut u64, n: u64) -> u64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % n
}

/// The most requests in any stretch as long as the window.
fn most(made: &[DateTime<Utc>], window: Window) -> usize {
    let length = TimeDelta::seconds(i64::from(window.seconds));
    let mut first = 0;
    let mut most = 0;
    for (at, one) in made.iter().enumerate() {
        while *one - made[first] >= length {
            first += 1;
        }
        most = most.max(at + 1 - first);
    }
    most
}

/// Takes from the budget for a simulated day, with work for which there is always more to do, or
/// now and then for a while; the process is restarted every so often. Says when requests were made.
async fn a_day(always: bool, mut seed: u64) -> (Vec<DateTime<Utc>>, usize) {
    let test = frozen().await;
    let mut ports = test.ports.clone();
    let start = test.clock.now();
    let end = start + TimeDelta::hours(24);
    let (mut made, mut denied) = (Vec::new(), 0);
    while test.clock.now() < end {
        if random(&mut seed, 400) == 0 {
            // A new process: nothing is left but the database.
            ports.db = test.database.open_again().await;
        }
        match budget::take(&ports, "steam:day", &DAY).await.unwrap() {
            Ok(()) => {
                made.push(test.clock.now());
                // A request takes its time.
                test.clock
                    .advance(TimeDelta::milliseconds(random(&mut seed, 900) as i64));
            }
            Err(wait) => {
                denied += 1;
                test.clock.set(wait.until);
            }
        }
        if !always && random(&mut seed, 60) == 0 {
            test.clock
                .advance(TimeDelta::seconds(random(&mut seed, 3_000) as i64));
        }
    }
    (made, denied)
}

#[tokio::test]
async fn over_a_day_with_restarts_no_window_is_exceeded_whatever_the_demand() {
    for seed in 1..=2 {
        let (made, denied) = a_day(false, seed).await;
        assert!(
            made.len() > 500 && denied > 50,
            "{} made, {denied} denied",
            made.len()
        );
        for window in DAY {
            let most = most(&made, window);
            assert!(
                most <= window.requests as usize,
                "{most} within {} s",
                window.seconds
            );
        }
    }
}

#[tokio::test]
async fn over_a_day_more_than_nine_tenths_are_used_while_work_waits() {
    let (made, denied) = a_day(true, 3).await;
    for window in DAY {
        let most = most(&made, window);
        assert!(
            most <= window.requests as usize,
            "{most} within {} s",
            window.seconds
        );
    }
    assert!(denied > 100, "the test must meet the limits");
    // The day's window allows the least: 4,000, where the shorter would allow 5,760.
    assert!(
        made.len() >= 3_600,
        "only {} of 4,000 requests were made",
        made.len()
    );
    // Until it was used up, the shorter ones were.
    let busy = (*made.last().unwrap() - made[0]).num_seconds() as f64 / 300.0 * 20.0;
    assert!(
        made.len() as f64 >= busy * 0.9,
        "{} of {busy} requests were made",
        made.len()
    );
}
