//! Reading a provider's answers leniently: any field may be missing, and of another type.

use super::{Trouble, text};
use djinn_subgraph_kit::http::{Answer, NoAnswer};
use serde_json::Value;

/// Names longer than this are cut.
const LONGEST_NAME: usize = 100;
/// No list of names is longer.
const MOST_NAMES: usize = 50;

/// A text with something in it.
pub fn string(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.trim().is_empty())
}

/// The items of a list; none, if it is no list.
pub fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The id of something that is written as its number, or whole.
pub fn id(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value["id"].as_i64())
}

/// A score from 0 to 100.
pub fn score(value: &Value) -> Option<i16> {
    let score = value.as_f64()?.round();
    (0.0..=100.0).contains(&score).then_some(score as i16)
}

/// The names in a list, each in plain text and once. What is only a number has none.
pub fn names<'a>(list: impl Iterator<Item = &'a Value>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in list.filter_map(|item| string(&item["name"])) {
        let name = text::plain(name, LONGEST_NAME);
        if !name.is_empty() && !names.contains(&name) && names.len() < MOST_NAMES {
            names.push(name);
        }
    }
    names
}

/// The JSON of an answer, whatever its status says. Of statuses that are the provider's own, only
/// those are read here that mean the same everywhere.
pub fn json(answer: Result<Answer, NoAnswer>) -> Result<Value, Trouble> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error @ (NoAnswer::Timeout | NoAnswer::Unreachable)) => {
            return Err(Trouble::Down(error.to_string()));
        }
        Err(error @ (NoAnswer::Truncated | NoAnswer::TooLarge(_))) => {
            return Err(Trouble::Malformed(error.to_string()));
        }
    };
    match answer.status {
        200 => {}
        429 => {
            return Err(Trouble::RateLimited {
                retry_after: answer.retry_after,
                plainly: true,
            });
        }
        401 => return Err(Trouble::Expired),
        403 => return Err(Trouble::Refused("status 403".to_owned())),
        status @ 400..500 => return Err(Trouble::Malformed(format!("status {status}"))),
        status => return Err(Trouble::Down(format!("status {status}"))),
    }
    let body = answer.body.trim_ascii();
    if answer.content_type == "text/html" || body.starts_with(b"<") {
        return Err(Trouble::Down("a web page instead of an answer".to_owned()));
    }
    serde_json::from_slice(body)
        .map_err(|error| Trouble::Malformed(format!("line {}: not JSON", error.line())))
}
