//! What PlayStation answered. Its errors may come with status 200.

use super::NAME;
use crate::{
    copy::Holding,
    platform::{
        Listed, NoListing,
        answer::{Reply, id, list, malformed, minutes, moment, number, text},
    },
};
use serde_json::Value;

/// The JSON of a good answer; an error inside it is one, whatever its status.
pub fn good(reply: Reply) -> Result<Value, NoListing> {
    if let Some(error) = reply.said.get("error").filter(|error| !error.is_null()) {
        return Err(refused(reply.status, error));
    }
    if let Some(errors) = reply.said.get("errors").and_then(Value::as_array)
        && let Some(error) = errors.first()
    {
        return Err(refused(reply.status, error));
    }
    if reply.status == 403 {
        return Err(NoListing::ProfilePrivate(NAME));
    }
    reply.object()
}

/// What an error says, as far as it can be told from its words: its numbers are not documented.
fn refused(status: u16, error: &Value) -> NoListing {
    let words = error.get("message").or(Some(error)).and_then(Value::as_str);
    let words = words.unwrap_or_default().to_ascii_lowercase();
    if status == 401
        || words.contains("token")
        || words.contains("unauthorized")
        || words.contains("access denied")
    {
        return NoListing::CredentialsRejected(NAME);
    }
    if words.contains("persistedquery") {
        return malformed(
            NAME,
            "the shop does not know the question for purchases any more (the owner of this hub can set playstation.purchases_hash)",
        );
    }
    if status == 403 || words.contains("not permitted") || words.contains("privacy") {
        return NoListing::ProfilePrivate(NAME);
    }
    malformed(NAME, "it is an error in the place of an answer")
}

/// Whose login it is.
pub fn profile(said: &Value) -> Result<(String, Option<String>), NoListing> {
    let profile = said
        .get("profile")
        .ok_or(malformed(NAME, "a profile of nobody"))?;
    let account = id(profile.get("accountId"))
        .filter(|id| id.bytes().all(|b| b.is_ascii_digit()))
        .ok_or(malformed(NAME, "a profile of nobody"))?;
    Ok((account, text(profile.get("onlineId"))))
}

/// One page of purchases.
pub struct Bought {
    /// The games of the page.
    pub games: Vec<Listed>,
    /// How many entries it has.
    pub listed: i64,
    /// Whether it is the last.
    pub last: bool,
}

/// One page of purchases, all of it or nothing.
pub fn bought(said: &Value) -> Result<Bought, NoListing> {
    let list_of = said.pointer("/data/purchasedTitlesRetrieve");
    let list_of = list_of.ok_or(malformed(NAME, "it has no purchases"))?;
    let all = list(NAME, list_of, "games", "it has no purchases")?;
    let mut games = Vec::new();
    for one in all {
        // One without a title id is an old entitlement to something that is not a game.
        let Some(store_id) = id(one.get("titleId")).or_else(|| id(one.get("productId"))) else {
            return Err(malformed(NAME, "a purchase has no id"));
        };
        let yes = |name: &str| one.get(name) == Some(&Value::Bool(true));
        if yes("isPreOrder") || one.get("isActive") == Some(&Value::Bool(false)) {
            continue;
        }
        games.push(Listed {
            store_id,
            title: text(one.get("name")),
            holding: match one.get("membership").and_then(Value::as_str) {
                None | Some("NONE" | "") => Holding::Owned,
                Some(_) => Holding::Subscription,
            },
            playtime_minutes: 0,
            last_played_at: None,
        });
    }
    let last = match list_of.pointer("/pageInfo/isLast") {
        Some(Value::Bool(last)) => *last || all.is_empty(),
        _ => all.is_empty(),
    };
    Ok(Bought {
        games,
        listed: all.len() as i64,
        last,
    })
}

/// One page of games played.
pub struct Played {
    /// The games of the page.
    pub games: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<i64>,
}

/// One page of games played, all of it or nothing.
pub fn played(said: &Value, offset: i64) -> Result<Played, NoListing> {
    let all = list(NAME, said, "titles", "it has no titles")?;
    let mut games = Vec::new();
    for one in all {
        let store_id = id(one.get("titleId")).ok_or(malformed(NAME, "a title has no id"))?;
        let bought = one
            .get("service")
            .and_then(Value::as_str)
            .is_some_and(|service| service.starts_with("none"));
        games.push(Listed {
            store_id,
            title: text(one.get("localizedName")).or_else(|| text(one.get("name"))),
            // Whether a subscription still lends it, the purchases say: they are current, and
            // this remembers how it was played.
            holding: if bought {
                Holding::Owned
            } else {
                Holding::PlayedOnly
            },
            playtime_minutes: one
                .get("playDuration")
                .and_then(Value::as_str)
                .and_then(duration)
                .map_or(0, |seconds| minutes(seconds / 60)),
            last_played_at: moment(one.get("lastPlayedDateTime")),
        });
    }
    let next = number(said.get("nextOffset")).filter(|next| *next > offset);
    let total = number(said.get("totalItemCount"));
    if next.is_none() && total.is_some_and(|total| total > offset + all.len() as i64) {
        return Err(malformed(NAME, "it lists fewer titles than it counts"));
    }
    Ok(Played { games, next })
}

/// Seconds of an ISO 8601 duration such as `PT228H56M33S`.
fn duration(text: &str) -> Option<i64> {
    let mut seconds = 0_i64;
    let mut digits = String::new();
    let mut time = false;
    for letter in text.strip_prefix('P')?.chars() {
        let unit = match letter {
            '0'..='9' | '.' => {
                digits.push(letter);
                continue;
            }
            'T' if digits.is_empty() => {
                time = true;
                continue;
            }
            'D' if !time => 86_400,
            'H' if time => 3_600,
            'M' if time => 60,
            'S' if time => 1,
            _ => return None,
        };
        let whole: i64 = digits.split('.').next()?.parse().ok()?;
        seconds = seconds.checked_add(whole.checked_mul(unit)?)?;
        digits.clear();
    }
    digits.is_empty().then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn durations_are_read_and_nonsense_is_none() {
        assert_eq!(duration("PT228H56M33S"), Some(228 * 3600 + 56 * 60 + 33));
        assert_eq!(duration("P1DT0.5S"), Some(86_400));
        assert_eq!(duration("PT"), Some(0));
        for nonsense in ["", "228H", "PT5", "P5M", "PT9999999999999999999H", "PTxH"] {
            assert_eq!(duration(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_list_that_stops_short_of_its_count_is_not_believed() {
        let said =
            json!({ "titles": [{ "titleId": "CUSA1" }], "nextOffset": null, "totalItemCount": 2 });
        assert!(played(&said, 0).is_err());
        assert!(played(&said, 1).is_ok());
    }
}
