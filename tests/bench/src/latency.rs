//! How long requests took, and whether they were answered right.

use crate::{failure::Attempt, hub::Hub};
use serde_json::Value;
use std::time::Duration;

/// The times of one kind of request, in milliseconds.
#[derive(Debug, Default)]
pub struct Latencies {
    times: Vec<f64>,
    wrong: usize,
    example: Option<String>,
}

impl Latencies {
    /// Asks once and keeps the time; `check` says what is wrong with the data, if anything. Returns
    /// the data, null for a refusal.
    pub async fn ask(
        &mut self,
        hub: &Hub,
        document: &str,
        variables: &Value,
        check: impl FnOnce(&Value) -> Result<(), String>,
    ) -> Attempt<Value> {
        let (took, mut answer) = hub.timed(document, variables).await?;
        let verdict = if answer["errors"].is_null() {
            check(&answer["data"])
        } else {
            Err(answer["errors"].to_string())
        };
        self.add(took);
        if let Err(why) = verdict {
            self.complain(format!("{why}, for {variables}"));
        }
        Ok(answer["data"].take())
    }

    /// Keeps a time.
    pub fn add(&mut self, took: Duration) {
        self.times.push(took.as_secs_f64() * 1e3);
    }

    /// Counts a wrong body.
    pub fn complain(&mut self, why: String) {
        self.wrong += 1;
        self.example.get_or_insert(why);
    }

    /// Adds another's.
    pub fn extend(&mut self, other: Self) {
        self.times.extend(other.times);
        self.wrong += other.wrong;
        self.example = self.example.take().or(other.example);
    }

    /// How many there are.
    pub const fn count(&self) -> usize {
        self.times.len()
    }

    /// How many were answered wrong, and how the first of them was.
    pub const fn wrong(&self) -> (usize, Option<&String>) {
        (self.wrong, self.example.as_ref())
    }

    /// The time that `percent` of them did not exceed, in milliseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut times = self.times.clone();
        times.sort_by(f64::total_cmp);
        let at = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(at).copied().unwrap_or_default()
    }
}

/// A claim about an answer.
pub fn must(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

/// The list at a pointer, empty when there is none.
pub fn list<'a>(data: &'a Value, pointer: &str) -> &'a [Value] {
    data.pointer(pointer)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
