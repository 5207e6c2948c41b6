//! Paths into an answer: `search.nodes`, `platforms[].id`.

use serde_json::Value;
use std::fmt;

/// Response keys from the root of the data; `[]` after a key means every item of that list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) key: String,
    pub(crate) each: bool,
}

impl Path {
    /// Reads `a.b[].c`. The empty text is the whole.
    pub fn parse(text: &str) -> Self {
        let step = |part: &str| {
            let key = part.strip_suffix("[]");
            Step {
                key: key.unwrap_or(part).to_owned(),
                each: key.is_some(),
            }
        };
        Self(
            text.split('.')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(step)
                .collect(),
        )
    }

    pub(crate) fn of_key(key: &str) -> Self {
        Self(vec![Step {
            key: key.to_owned(),
            each: false,
        }])
    }

    pub(crate) fn and(self, key: &str) -> Self {
        self.step(key, false)
    }

    pub(crate) fn step(mut self, key: &str, each: bool) -> Self {
        self.0.push(Step {
            key: key.to_owned(),
            each,
        });
        self
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The value there; `None` when it is null or missing.
    pub fn get<'a>(&self, data: &'a Value) -> Option<&'a Value> {
        self.all(data).into_iter().next()
    }

    /// All values there that are not null, in order.
    pub fn all<'a>(&self, data: &'a Value) -> Vec<&'a Value> {
        let mut found = vec![data];
        for step in &self.0 {
            let next = found.into_iter().filter_map(|value| value.get(&step.key));
            found = if step.each {
                next.filter_map(Value::as_array).flatten().collect()
            } else {
                next.collect()
            };
        }
        found.retain(|value| !value.is_null());
        found
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            let dot = if index == 0 { "" } else { "." };
            write!(f, "{dot}{}{}", step.key, if step.each { "[]" } else { "" })?;
        }
        Ok(())
    }
}
