//! Two answers are the same but for what differs between any two hubs.

use super::{MARK, world::carries_mark};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What the walk has found.
#[derive(Debug, Default)]
pub struct Told {
    /// How much was asked.
    pub asked: usize,
    /// What should not have been told.
    pub wrong: Vec<String>,
}

impl Told {
    /// Fails with all that is wrong.
    pub fn nothing(&self) {
        let shown: Vec<&str> = self.wrong.iter().take(40).map(String::as_str).collect();
        assert!(
            shown.is_empty(),
            "{} asked, {} wrong:\n{}",
            self.asked,
            self.wrong.len(),
            shown.join("\n")
        );
    }
}

/// What two hubs say differently, whatever they hold.
const OF_A_HUB: [&str; 4] = ["requestId", "endCursor", "etag", "epoch"];
/// A word of so many letters is an id, a token or a hash.
const RANDOM: usize = 32;

/// Whether a `rev` among these fields counts the steps of a sync, which goes on while it is asked
/// about. REST names no types; there only a sync has a stage.
fn of_a_sync(fields: &Map<String, Value>) -> bool {
    fields.get("__typename").map_or_else(
        || fields.contains_key("stage"),
        |name| name == "SyncRun" || name == "SyncProgress",
    )
}

/// An answer without ids, times and cursors: ids are numbered as they come.
fn plain(answer: &mut Value, known: &mut BTreeMap<String, usize>) {
    match answer {
        Value::Object(fields) => {
            let of_a_sync = of_a_sync(fields);
            let of_a_moment = |part: &str| OF_A_HUB.contains(&part) || (of_a_sync && part == "rev");
            // A field may have another name before or after its own.
            fields.retain(|name, _| !name.split('_').any(of_a_moment));
            // Fields are answered side by side: which of them fails first, says nothing.
            if let Some(Value::Array(errors)) = fields.get_mut("errors") {
                errors.sort_by_cached_key(|error| {
                    (
                        error["path"].to_string(),
                        error["extensions"]["code"].to_string(),
                    )
                });
            }
            fields.values_mut().for_each(|value| plain(value, known));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| plain(value, known)),
        Value::String(text) => *text = plain_text(text, known),
        _ => {}
    }
}

fn plain_text(text: &str, known: &mut BTreeMap<String, usize>) -> String {
    let of_a_word = |c: char| c.is_alphanumeric() || "-_:.+".contains(c);
    let mut plain = String::new();
    for piece in text.split_inclusive(|c: char| !of_a_word(c)) {
        let word = piece.trim_end_matches(|c: char| !of_a_word(c));
        if word.len() >= RANDOM {
            let next = known.len();
            let number = *known.entry(word.to_owned()).or_insert(next);
            plain.push_str("id ");
            plain.push_str(&number.to_string());
        } else if chrono::DateTime::parse_from_rfc3339(word).is_ok()
            || chrono::NaiveTime::parse_from_str(word, "%H:%M:%S").is_ok()
        {
            plain += "a time";
        } else if word.starts_with("localhost:") {
            plain += "the hub";
        } else {
            plain += word;
        }
        plain += &piece[word.len()..];
    }
    plain
}

/// The answer as it is compared.
pub fn plainly(mut answer: Value) -> Value {
    plain(&mut answer, &mut BTreeMap::new());
    answer
}

/// Where two answers first differ.
fn difference(one: &Value, other: &Value, at: &str) -> Option<String> {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => a
            .iter()
            .find_map(|(name, value)| difference(value, b.get(name)?, &format!("{at}.{name}"))),
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(n, (a, b))| difference(a, b, &format!("{at}[{n}]"))),
        _ => (one != other).then(|| format!("{at}: {one} / {other}")),
    }
}

/// Holds the child's answer where there is more against that where there never was.
pub fn compare(name: &str, secrets: &[String], seen: Value, never: Value, told: &mut Told) {
    told.asked += 1;
    let text = seen.to_string();
    // What was asked may come back in an error, on both sides alike.
    let echoed = |word: &str| never.to_string().contains(word);
    if carries_mark(&text) && !echoed(MARK) {
        told.wrong.push(format!("{name} tells: {text}"));
    }
    if let Some(secret) = secrets.iter().find(|secret| text.contains(secret.as_str())) {
        told.wrong.push(format!("{name} tells {secret}: {text}"));
    }
    for code in [
        "GRAPHQL_VALIDATION_FAILED",
        "GRAPHQL_PARSE_FAILED",
        "QUERY_TOO",
        "INTERNAL",
    ] {
        if text.contains(code) {
            told.wrong.push(format!("{name} asks nothing: {text}"));
        }
    }
    let (seen, never) = (plainly(seen), plainly(never));
    if seen != never {
        let what = difference(&seen, &never, "");
        told.wrong.push(format!(
            "{name} differs:\n  {}",
            what.unwrap_or_else(|| format!("{seen}\n  {never}"))
        ));
    }
}

/// Holds an answer about what the child must not know of against one about nothing.
pub fn compare_to_missing(name: &str, unseen: &str, seen: Value, never: Value, told: &mut Told) {
    told.asked += 1;
    let missing = crate::rules::MISSING;
    let seen = plainly(serde_json::from_str(&seen.to_string().replace(unseen, missing)).unwrap());
    let never = plainly(never);
    if seen != never {
        let what = difference(&seen, &never, "");
        told.wrong.push(format!(
            "{name} is told from what is missing:\n  {}",
            what.unwrap_or_else(|| format!("{seen}\n  {never}"))
        ));
    }
}
