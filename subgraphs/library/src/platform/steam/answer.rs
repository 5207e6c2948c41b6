//! What Steam answered, told apart carefully: a private profile is HTTP 200 with an empty object,
//! a bad key and a maintenance Tuesday are HTML.

use super::NAME;
use crate::{
    copy::{Holding, MAX_TITLE, clean},
    platform::{
        Listed, NoListing,
        answer::{MAX_GAMES, number, wait},
    },
};
use chrono::{DateTime, Utc};
use djinn_subgraph_kit::http::{Answer, NoAnswer};
use serde_json::Value;

/// The year 2100, in seconds since 1970.
const MAX_SECONDS: i64 = 4_102_444_800;

pub const fn malformed(what: &'static str) -> NoListing {
    NoListing::Malformed {
        platform: NAME,
        what,
    }
}

/// The JSON of a good answer; otherwise what kind of bad one it is.
pub fn read(answer: Result<Answer, NoAnswer>) -> Result<Value, NoListing> {
    let answer = answer.map_err(|none| match none {
        NoAnswer::Timeout | NoAnswer::Unreachable => NoListing::ProviderDown {
            platform: NAME,
            retry_after: None,
        },
        NoAnswer::Truncated => malformed("it was cut short"),
        NoAnswer::TooLarge(_) => malformed("it is larger than any account's list"),
    })?;
    let retry_after = wait(&answer);
    match answer.status {
        200 => {}
        401 | 403 => return Err(NoListing::CredentialsRejected(NAME)),
        429 => {
            return Err(NoListing::RateLimited {
                platform: NAME,
                retry_after,
            });
        }
        400..=499 => return Err(malformed("the request was refused")),
        _ => {
            return Err(NoListing::ProviderDown {
                platform: NAME,
                retry_after,
            });
        }
    }
    let text = answer.body.trim_ascii_start();
    if answer.content_type == "text/html" || text.starts_with(b"<") {
        return Err(NoListing::ProviderDown {
            platform: NAME,
            retry_after,
        });
    }
    match serde_json::from_slice(text) {
        Ok(Value::Object(whole)) => Ok(Value::Object(whole)),
        Ok(_) => Err(malformed("it is not an object")),
        Err(_) => Err(malformed("it is not whole JSON")),
    }
}

pub fn response(answer: &Value) -> Result<&serde_json::Map<String, Value>, NoListing> {
    answer
        .get("response")
        .and_then(Value::as_object)
        .ok_or(malformed("it has no response"))
}

/// The SteamID64 of a vanity name; `None` when there is no such name.
pub fn resolved(answer: &Value) -> Result<Option<String>, NoListing> {
    let response = response(answer)?;
    match number(response.get("success")) {
        Some(1) => match response.get("steamid").and_then(Value::as_str) {
            Some(id) if id.len() == 17 && id.bytes().all(|b| b.is_ascii_digit()) => {
                Ok(Some(id.to_owned()))
            }
            _ => Err(malformed("a name was resolved to no id")),
        },
        Some(42) => Ok(None),
        _ => Err(malformed("a name was neither resolved nor refused")),
    }
}

/// The account's name; the outer `None` when Steam knows no such account.
#[expect(
    clippy::option_option,
    reason = "an account without a name is not a missing account"
)]
pub fn summary(answer: &Value, account: &str) -> Result<Option<Option<String>>, NoListing> {
    let players = response(answer)?
        .get("players")
        .and_then(Value::as_array)
        .ok_or(malformed("it lists no players"))?;
    Ok(players
        .iter()
        .find(|player| {
            player
                .get("steamid")
                .and_then(Value::as_str)
                .is_none_or(|id| id == account)
        })
        .map(|player| {
            player
                .get("personaname")
                .and_then(Value::as_str)
                .map(|name| clean(name, 80))
        }))
}

/// The games of an account, all of them or none.
pub fn owned(answer: &Value) -> Result<Vec<Listed>, NoListing> {
    let response = response(answer)?;
    if response.is_empty() {
        return Err(NoListing::ProfilePrivate(NAME));
    }
    let count = number(response.get("game_count"));
    let games = match response.get("games") {
        Some(Value::Array(games)) => games.as_slice(),
        None | Some(Value::Null) if count == Some(0) => &[],
        _ => return Err(malformed("it counts games and lists none")),
    };
    if count.is_some_and(|count| count > games.len() as i64) {
        return Err(malformed("it lists fewer games than it counts"));
    }
    if games.len() > MAX_GAMES {
        return Err(malformed("it lists more games than Steam sells"));
    }
    games.iter().map(game).collect()
}

/// The games played in the last two weeks. Whether they are owned, Steam does not say here.
pub fn recent(answer: &Value) -> Result<Vec<Listed>, NoListing> {
    let response = response(answer)?;
    if response.is_empty() {
        return Err(NoListing::ProfilePrivate(NAME));
    }
    match response.get("games") {
        None if number(response.get("total_count")) == Some(0) => Ok(Vec::new()),
        Some(Value::Array(games)) => games.iter().map(game).collect(),
        _ => Err(malformed("it counts games and lists none")),
    }
}

fn game(game: &Value) -> Result<Listed, NoListing> {
    // Without its id a game cannot be told from one that is gone.
    let id = number(game.get("appid"))
        .filter(|id| *id > 0)
        .ok_or(malformed("a game has no id"))?;
    let minutes = number(game.get("playtime_forever")).unwrap_or(0).max(0);
    Ok(Listed {
        store_id: id.to_string(),
        title: game
            .get("name")
            .and_then(Value::as_str)
            .map(|name| clean(name, MAX_TITLE))
            .filter(|name| !name.is_empty()),
        holding: Holding::Owned,
        playtime_minutes: i32::try_from(minutes).unwrap_or(i32::MAX),
        // 0 means never, absent means that the key may not know. Day one of Unix means nonsense.
        last_played_at: number(game.get("rtime_last_played"))
            .filter(|at| (86_401..MAX_SECONDS).contains(at))
            .and_then(played),
    })
}

fn played(at: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(at, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(status: u16, content_type: &str, body: &'static str) -> Answer {
        Answer {
            status,
            retry_after: None,
            content_type: content_type.to_owned(),
            body: body.as_bytes().into(),
        }
    }

    #[test]
    fn an_empty_response_is_a_private_profile_and_a_count_of_zero_is_an_empty_library() {
        assert!(matches!(
            owned(&json!({"response": {}})),
            Err(NoListing::ProfilePrivate(_))
        ));
        assert_eq!(owned(&json!({"response": {"game_count": 0}})).unwrap(), []);
    }

    #[test]
    fn a_list_shorter_than_its_count_is_not_believed() {
        for torn in [
            json!({"response": {"game_count": 2, "games": [{"appid": 10}]}}),
            json!({"response": {"game_count": 2}}),
            json!({"response": {"game_count": 1, "games": [{"name": "no id"}]}}),
            json!({"response": null}),
            json!({}),
        ] {
            assert!(
                matches!(owned(&torn), Err(NoListing::Malformed { .. })),
                "{torn}"
            );
        }
    }

    #[test]
    fn numbers_may_be_texts_and_everything_but_the_id_may_be_missing() {
        let games = owned(&json!({"response": {"games": [
            {"appid": "70", "playtime_forever": "87", "rtime_last_played": 0, "new_in_2031": [1]},
            {"appid": 80, "playtime_forever": 9_000_000_000_i64, "rtime_last_played": 8_000_000_000_000_i64},
        ]}}))
        .unwrap();
        assert_eq!(games[0].store_id, "70");
        assert_eq!(games[0].playtime_minutes, 87);
        assert_eq!((&games[0].title, games[0].last_played_at), (&None, None));
        assert_eq!(games[1].playtime_minutes, i32::MAX);
        assert_eq!(games[1].last_played_at, None, "in the year 255,000");
    }

    #[test]
    fn pages_and_torn_answers_are_told_apart() {
        let html = "<html><h1>Unauthorized</h1></html>";
        assert!(matches!(
            read(Ok(answer(403, "text/html", html))),
            Err(NoListing::CredentialsRejected(_))
        ));
        assert!(matches!(
            read(Ok(answer(503, "text/html", html))),
            Err(NoListing::ProviderDown { .. })
        ));
        assert!(matches!(
            read(Ok(answer(200, "text/html", html))),
            Err(NoListing::ProviderDown { .. })
        ));
        assert!(matches!(
            read(Ok(answer(200, "application/json", "{\"resp"))),
            Err(NoListing::Malformed { .. })
        ));
        assert!(matches!(
            read(Ok(answer(200, "application/json", "null"))),
            Err(NoListing::Malformed { .. })
        ));
        assert!(matches!(
            read(Ok(answer(429, "application/json", ""))),
            Err(NoListing::RateLimited { .. })
        ));
        assert!(matches!(
            read(Err(NoAnswer::Timeout)),
            Err(NoListing::ProviderDown { .. })
        ));
        assert!(matches!(
            read(Err(NoAnswer::Truncated)),
            Err(NoListing::Malformed { .. })
        ));
    }
}
