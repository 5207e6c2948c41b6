//! A day of every budget as it really is, by the same reckoning but in memory: the database keeps
//! what is kept here, and would take minutes for it. That it keeps it over restarts is a story of
//! its own (`tests/library/budget.rs`).

use super::{buckets, denied, start};
use crate::platform::{Window, budgets};
use std::{cmp::max, collections::BTreeMap};

const DAY: i64 = 86_400;

/// What was spent, by the width of buckets.
#[derive(Default)]
struct Memory(BTreeMap<i64, Vec<(i64, i64)>>);

impl Memory {
    /// Takes a request, or says when there is room.
    fn take(&mut self, windows: &[Window], now: i64) -> Result<(), i64> {
        let mut until = None;
        for bucket in buckets(windows) {
            let spent = self.0.entry(bucket.width).or_default();
            let oldest = now - bucket.back - bucket.width;
            spent.drain(..spent.partition_point(|(second, _)| *second < oldest));
            until = max(until, denied(windows, bucket, spent, now));
        }
        if let Some(until) = until {
            return Err(until);
        }
        for bucket in buckets(windows) {
            let (second, spent) = (start(now, bucket.width), self.0.entry(bucket.width));
            let spent = spent.or_default();
            match spent.last_mut() {
                Some((last, requests)) if *last == second => *requests += 1,
                _ => spent.push((second, 1)),
            }
        }
        Ok(())
    }
}

/// The most requests in any stretch as long as the window. A second counts whole: whatever
/// fractions of it the requests were made at, no stretch holds more.
fn most(made: &[i64], window: Window) -> usize {
    let (mut first, mut most) = (0, 0);
    for (at, second) in made.iter().enumerate() {
        while *second - made[first] > i64::from(window.seconds) {
            first += 1;
        }
        most = max(most, at + 1 - first);
    }
    most
}

/// How many requests the windows allow in a day, when each is used to its end from the start on.
fn allowed(windows: &[Window]) -> f64 {
    let of_day = |window: &Window| {
        // Full at once, and then as often as it begins anew.
        let turns = (DAY / i64::from(window.seconds)).max(1);
        (turns * i64::from(window.requests)) as f64
    };
    windows.iter().map(of_day).fold(f64::INFINITY, f64::min)
}

#[test]
fn in_a_day_no_true_window_is_exceeded_and_nine_tenths_are_used_while_work_waits() {
    // 2026-01-01, as good as any: buckets begin at whole multiples since 1970.
    let begin = 1_767_225_600 + 7;
    for (name, windows) in budgets() {
        let mut memory = Memory::default();
        let mut made: Vec<i64> = Vec::new();
        let mut now = begin;
        while now < begin + DAY {
            match memory.take(windows, now) {
                Ok(()) => made.push(now),
                Err(until) => {
                    assert!(until > now, "{name}: it must say a time to come");
                    now = until;
                }
            }
        }
        for window in windows {
            let most = most(&made, *window);
            assert!(
                most <= window.requests as usize,
                "{name}: {most} within {} s",
                window.seconds
            );
        }
        let part = made.len() as f64 / allowed(windows);
        assert!(part >= 0.9, "{name}: only {part:.3} of a day was used");
    }
}

#[test]
fn whatever_the_demand_no_true_window_is_exceeded() {
    for (name, windows) in budgets() {
        let mut memory = Memory::default();
        let mut made: Vec<i64> = Vec::new();
        let (mut now, mut seed) = (1_767_225_600_i64, 1_u64);
        let end = now + DAY;
        while now < end {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            // Bursts of hundreds, then a pause of up to three hours.
            let roll = seed >> 33;
            if roll.is_multiple_of(400) {
                now += (roll % 10_800) as i64;
            } else if roll.is_multiple_of(7) {
                now += 1;
            }
            match memory.take(windows, now) {
                Ok(()) => made.push(now),
                // Sometimes it is asked again too early.
                Err(until) => {
                    now = if roll.is_multiple_of(3) {
                        now + 1
                    } else {
                        until
                    }
                }
            }
        }
        for window in windows {
            let most = most(&made, *window);
            assert!(
                most <= window.requests as usize,
                "{name}: {most} within {} s",
                window.seconds
            );
        }
    }
}
