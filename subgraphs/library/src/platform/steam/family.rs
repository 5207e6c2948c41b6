//! What a Steam family lends. Only an access token of the account itself may ask; a Web API key
//! may not. Such a token is good for a day.

use super::{LONG, SOON, Steam, answer};
use crate::{
    copy::Holding,
    platform::{
        Access, Listed, NoConnection, NoListing,
        answer::{id, minutes, moment, number, text},
        typed,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use std::collections::HashMap;

/// The field of the connection form, and of the secret.
pub const TOKEN: &str = "accessToken";

/// The token in what was pasted, if it is one of this account's.
pub fn token(typed: &str, account: &str) -> Result<String, NoConnection> {
    let wrong = |message: &str| NoConnection::Field {
        name: TOKEN,
        message: message.to_owned(),
    };
    let page: Option<Value> = serde_json::from_str(typed).ok();
    let inside = page
        .as_ref()
        .and_then(|page| page.pointer("/data/webapi_token"))
        .and_then(Value::as_str);
    let token = inside.unwrap_or(typed).trim();
    let claims = token
        .split('.')
        .nth(1)
        .and_then(|part| URL_SAFE_NO_PAD.decode(part).ok())
        .and_then(|json| serde_json::from_slice::<Value>(&json).ok())
        .ok_or_else(|| {
            wrong(
                "not an access token; open the page while you are signed in and copy all it shows",
            )
        })?;
    if claims.get("sub").and_then(Value::as_str) != Some(account) {
        return Err(wrong("this access token is another account's"));
    }
    Ok(token.to_owned())
}

impl Steam {
    fn family_url(&self, method: &str, token: &str, query: &str) -> String {
        let base = self.config.api_base.trim_end_matches('/');
        let token = typed::escape(token);
        format!("{base}/{method}/?access_token={token}&format=json&{query}")
    }

    /// Tries a token.
    pub(super) async fn try_token(&self, token: &str) -> Result<(), NoConnection> {
        let url = self.family_url("IFamilyGroupsService/GetFamilyGroupForUser/v1", token, "");
        match self.send(token, url, SOON).await {
            Ok(_) => Ok(()),
            Err(NoListing::CredentialsRejected(_)) => Err(NoConnection::Rejected {
                name: TOKEN,
                message:
                    "Steam does not accept this access token. Sign in again and copy a new one."
                        .to_owned(),
            }),
            Err(none) => Err(none.into()),
        }
    }

    /// What the family lends; `None` when the token is not good any more.
    pub(super) async fn shared(&self, access: &Access) -> Result<Option<Vec<Listed>>, NoListing> {
        let Some(token) = access.secrets.get(TOKEN) else {
            return Ok(None);
        };
        match self.lent(token, &access.account).await {
            Err(NoListing::CredentialsRejected(_)) => Ok(None),
            lent => lent.map(Some),
        }
    }

    async fn lent(&self, token: &str, account: &str) -> Result<Vec<Listed>, NoListing> {
        let url = self.family_url("IFamilyGroupsService/GetFamilyGroupForUser/v1", token, "");
        let said = self.send(token, url, LONG).await?;
        let Some(family) = family(&said)? else {
            return Ok(Vec::new());
        };
        let query = format!(
            "family_groupid={family}&include_own=0&include_excluded=0&include_free=0&include_non_games=0&language=english"
        );
        let url = self.family_url(
            "IFamilyGroupsService/GetSharedLibraryApps/v1",
            token,
            &query,
        );
        let mut shared = apps(&self.send(token, url, LONG).await?, account)?;
        let method = "IPlayerService/ClientGetLastPlayedTimes/v1";
        let url = self.family_url(method, token, "min_last_played=0");
        let played = played(&self.send(token, url, LONG).await?);
        for game in &mut shared {
            if let Some((minutes, at)) = played.get(&game.store_id) {
                game.playtime_minutes = *minutes;
                game.last_played_at = *at;
            }
        }
        Ok(shared)
    }
}

/// The family's id, if the account is in one.
fn family(said: &Value) -> Result<Option<String>, NoListing> {
    let response = answer::response(said)?;
    if response.get("is_not_member_of_any_group") == Some(&Value::Bool(true)) {
        return Ok(None);
    }
    let id = id(response.get("family_groupid")).filter(|id| id.bytes().all(|b| b.is_ascii_digit()));
    id.map(Some)
        .ok_or(answer::malformed("a family without an id"))
}

/// What others of the family lend to this account.
fn apps(said: &Value, account: &str) -> Result<Vec<Listed>, NoListing> {
    let apps = answer::response(said)?
        .get("apps")
        .and_then(Value::as_array)
        .ok_or(answer::malformed("it lists no shared games"))?;
    let mut games = HashMap::new();
    for app in apps {
        let store_id = id(app.get("appid")).ok_or(answer::malformed("a game has no id"))?;
        let owners = app.get("owner_steamids").and_then(Value::as_array);
        let own =
            owners.is_some_and(|owners| owners.iter().any(|one| one.as_str() == Some(account)));
        // A publisher or a parent may have excluded it; other types are tools and soundtracks.
        let excluded = number(app.get("exclude_reason")).unwrap_or(0) != 0;
        let other = number(app.get("app_type")).is_some_and(|kind| kind != 1);
        if own || excluded || other {
            continue;
        }
        games.insert(
            store_id.clone(),
            Listed {
                store_id,
                title: text(app.get("name")),
                holding: Holding::FamilyShared,
                playtime_minutes: 0,
                last_played_at: None,
            },
        );
    }
    Ok(games.into_values().collect())
}

/// How long and when each game was played, as far as it is said.
fn played(said: &Value) -> HashMap<String, (i32, Option<chrono::DateTime<chrono::Utc>>)> {
    let games = said.pointer("/response/games").and_then(Value::as_array);
    games
        .into_iter()
        .flatten()
        .filter_map(|game| {
            let minutes = minutes(number(game.get("playtime_forever")).unwrap_or(0));
            Some((
                id(game.get("appid"))?,
                (minutes, moment(game.get("last_playtime"))),
            ))
        })
        .collect()
}
