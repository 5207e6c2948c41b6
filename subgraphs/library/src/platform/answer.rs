//! What platforms answered, read leniently: numbers may be texts, and everything but an id may be
//! missing. Only what could be taken for something else is refused.

use super::NoListing;
use crate::copy::{MAX_TITLE, clean};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use djinn_subgraph_kit::http::{Answer, NoAnswer};
use serde_json::Value;
use std::time::Duration;

/// The most games one account is believed to have.
pub const MAX_GAMES: usize = 200_000;
/// Nothing was played on any of these platforms before.
const FIRST_PLAYED: i64 = 946_684_800;
/// The year 2100, in seconds since 1970.
const MAX_SECONDS: i64 = 4_102_444_800;

/// An answer that came whole.
#[derive(Debug, Clone)]
pub struct Reply {
    platform: &'static str,
    /// The HTTP status: below 400, or one that says something about the request.
    pub status: u16,
    /// The JSON in it; null when it is none.
    pub said: Value,
    /// Whether it is a web page.
    pub page: bool,
    /// Where it sends to, when it does and was not followed.
    pub elsewhere: Option<String>,
}

impl Reply {
    /// The JSON object of a good answer.
    pub fn object(self) -> Result<Value, NoListing> {
        let what = match (self.status, &self.said) {
            (200..=299, _) if self.page => {
                return Err(NoListing::ProviderDown {
                    platform: self.platform,
                    retry_after: None,
                });
            }
            (200..=299, Value::Object(_)) => return Ok(self.said),
            (200..=299, Value::Null) => "it says nothing",
            (200..=299, _) => "it is not an object",
            (401, _) => return Err(NoListing::CredentialsRejected(self.platform)),
            _ => "the request was refused",
        };
        Err(malformed(self.platform, what))
    }
}

/// An answer that cannot be read.
pub const fn malformed(platform: &'static str, what: &'static str) -> NoListing {
    NoListing::Malformed { platform, what }
}

/// How long an answer asks to wait: in its header, or in its body as Xbox does.
pub fn wait(answer: &Answer) -> Option<Duration> {
    answer.retry_after.or_else(|| {
        let said: Value = serde_json::from_slice(&answer.body).ok()?;
        let seconds = u64::try_from(number(said.get("periodInSeconds"))?).ok()?;
        Some(Duration::from_secs(seconds.min(86_400)))
    })
}

/// Tells apart what came back. Busy, down, torn and silent platforms are errors at once; what else
/// they refuse is for the adapter to read, because the reason is in the body.
pub fn read(platform: &'static str, answer: Result<Answer, NoAnswer>) -> Result<Reply, NoListing> {
    let answer = answer.map_err(|none| match none {
        NoAnswer::Timeout | NoAnswer::Unreachable => NoListing::ProviderDown {
            platform,
            retry_after: None,
        },
        NoAnswer::Truncated => malformed(platform, "it was cut short"),
        NoAnswer::TooLarge(_) => malformed(platform, "it is larger than any account's list"),
    })?;
    let retry_after = wait(&answer);
    match answer.status {
        429 => {
            return Err(NoListing::RateLimited {
                platform,
                retry_after,
            });
        }
        500.. => {
            return Err(NoListing::ProviderDown {
                platform,
                retry_after: answer.retry_after,
            });
        }
        _ => {}
    }
    let text = answer.body.trim_ascii();
    let mut reply = Reply {
        platform,
        status: answer.status,
        said: Value::Null,
        page: answer.content_type == "text/html" || text.starts_with(b"<"),
        elsewhere: None,
    };
    if answer.content_type == "text/uri-list" {
        reply.elsewhere = Some(String::from_utf8_lossy(text).into_owned());
    } else if !reply.page {
        match serde_json::from_slice(text) {
            Ok(said) => reply.said = said,
            Err(_) if answer.status >= 400 => {}
            Err(_) => return Err(malformed(platform, "it is not whole JSON")),
        }
    }
    Ok(reply)
}

/// A number that may be written as a text.
pub fn number(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().map(|n| n as i64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// An id that may be written as a number; never empty, never longer than any store's.
pub fn id(value: Option<&Value>) -> Option<String> {
    let id = match value? {
        Value::Number(number) => number.to_string(),
        Value::String(text) => clean(text, 200),
        _ => return None,
    };
    (!id.is_empty()).then_some(id)
}

/// A text, if there is one and it is not empty.
pub fn text(value: Option<&Value>) -> Option<String> {
    let text = clean(value?.as_str()?, MAX_TITLE);
    (!text.is_empty()).then_some(text)
}

/// The list under that name, which must be there.
pub fn list<'a>(
    platform: &'static str,
    said: &'a Value,
    name: &str,
    missing: &'static str,
) -> Result<&'a [Value], NoListing> {
    let list = said.get(name).and_then(Value::as_array);
    let list = list.ok_or(malformed(platform, missing))?;
    if list.len() > MAX_GAMES {
        return Err(malformed(platform, "it lists more games than anybody has"));
    }
    Ok(list)
}

/// A moment, as seconds since 1970 or as a text. Zero, year one and the far future mean never.
pub fn moment(value: Option<&Value>) -> Option<DateTime<Utc>> {
    let at = match value? {
        Value::String(text) if text.contains('-') => {
            let offset = DateTime::parse_from_rfc3339(text.trim()).ok()?;
            offset.with_timezone(&Utc)
        }
        seconds => DateTime::from_timestamp(number(Some(seconds))?, 0)?,
    };
    // As fine as both databases keep it: else it would seem to change at every look.
    let at = at.trunc_subsecs(6);
    (FIRST_PLAYED..MAX_SECONDS)
        .contains(&at.timestamp())
        .then_some(at)
}

/// Minutes as they are kept.
pub fn minutes(minutes: i64) -> i32 {
    i32::try_from(minutes.max(0)).unwrap_or(i32::MAX)
}

/// When something ends that lasts so many seconds from now: between a minute and a year, an hour
/// when nobody says.
pub fn ends(now: DateTime<Utc>, seconds: Option<i64>) -> DateTime<Utc> {
    now + TimeDelta::seconds(seconds.unwrap_or(3_600).clamp(60, 31_536_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(status: u16, content_type: &str, body: &str) -> Answer {
        Answer {
            status,
            retry_after: None,
            content_type: content_type.to_owned(),
            body: body.to_owned().into(),
        }
    }

    fn said(status: u16, content_type: &str, body: &str) -> Result<Value, NoListing> {
        read("X", Ok(answer(status, content_type, body)))?.object()
    }

    #[test]
    fn pages_refusals_and_torn_answers_are_told_apart() {
        let json = "application/json";
        assert_eq!(said(200, json, " {\"a\":1}").unwrap(), json!({"a": 1}));
        for (status, kind, body, code) in [
            (200, "text/html", "<html>", "PROVIDER_DOWN"),
            (200, json, "<html>", "PROVIDER_DOWN"),
            (200, json, "null", "PROVIDER_MALFORMED"),
            (200, json, "[1", "PROVIDER_MALFORMED"),
            (200, json, "", "PROVIDER_MALFORMED"),
            (401, json, "", "CREDENTIALS_REJECTED"),
            (401, "text/html", "<h1>", "CREDENTIALS_REJECTED"),
            (404, json, "{}", "PROVIDER_MALFORMED"),
            (429, json, "{}", "PROVIDER_RATE_LIMITED"),
            (503, "text/html", "<h1>", "PROVIDER_DOWN"),
        ] {
            let none = said(status, kind, body).unwrap_err();
            assert_eq!(none.code().as_str(), code, "{status} {kind} {body}");
        }
    }

    #[test]
    fn a_wait_may_be_in_the_body() {
        let body = r#"{"version":1,"currentRequests":13,"maxRequests":10,"periodInSeconds":120,"limitType":"Rate"}"#;
        let busy = read("X", Ok(answer(429, "application/json", body))).unwrap_err();
        let NoListing::RateLimited { retry_after, .. } = busy else {
            panic!("{busy}")
        };
        assert_eq!(retry_after, Some(Duration::from_mins(2)));
    }

    #[test]
    fn moments_are_seconds_or_texts_and_never_is_never() {
        let at = Some(DateTime::from_timestamp(1_700_000_000, 0).unwrap());
        assert_eq!(moment(Some(&json!(1_700_000_000))), at);
        assert_eq!(moment(Some(&json!("1700000000"))), at);
        assert_eq!(moment(Some(&json!("2023-11-14T22:13:20.0000000Z"))), at);
        assert_eq!(moment(Some(&json!("2023-11-15T00:13:20+02:00"))), at);
        for never in [
            json!(0),
            json!("0001-01-01T00:00:00Z"),
            json!(null),
            json!("soon"),
            json!(9e15),
        ] {
            assert_eq!(moment(Some(&never)), None, "{never}");
        }
    }
}
