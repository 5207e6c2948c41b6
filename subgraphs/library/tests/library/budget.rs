//! Request budgets are never exceeded, over restarts either.

use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::Clock;
use djinn_library::{budget, platform::Window};
use djinn_testkit::ports::frozen;

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
