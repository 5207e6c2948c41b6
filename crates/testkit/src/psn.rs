//! A stand-in for the PlayStation Network: logins, purchases, games played, profiles and trophies,
//! each under a path of its own. Its errors may come with status 200, as the real one's do.

use crate::stand_in::{Logins, Temper, bearer, lock, said, serve, values};
use axum::{
    Router,
    body::Body,
    extract::{Path, Query, RawQuery, State},
    http::{HeaderMap, Response, StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

/// The npsso of the account's session.
pub const NPSSO: &str = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eFaB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF";
/// The account.
pub const ACCOUNT: &str = "1234567890123456789";
/// Titles in a page, whatever was asked for.
pub const PAGE: usize = 3;
/// The name by which the shop knows the question for purchases.
pub const HASH: &str = "827a423f6a8ddca4107ac01395af2ec0eafd8396fc7fa204aaf9b7ed2eefa168";

/// One game of the account.
#[derive(Debug, Clone)]
pub struct Game {
    /// Its title id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Among the purchases: bought (`NONE`), lent (`PS_PLUS`), or not at all.
    pub membership: Option<&'static str>,
    /// Among the games played: how long and in which `service`.
    pub played: Option<(&'static str, &'static str)>,
}

/// A game that was bought, and played for so long.
pub fn game(id: &str, name: &str, played: Option<&'static str>) -> Game {
    Game {
        id: id.to_owned(),
        name: name.to_owned(),
        membership: Some("NONE"),
        played: played.map(|duration| (duration, "none(purchased)")),
    }
}

/// What the stand-in does and has seen.
#[derive(Debug, Default)]
pub struct Psn {
    /// How it feels about `token`, `profile`, `bought`, `played`, `trophies`.
    pub temper: Temper,
    /// Its tokens.
    pub logins: Logins,
    games: Mutex<Vec<Game>>,
    codes: Mutex<u32>,
}

impl Psn {
    /// In a good mood.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// From now on the account has these.
    pub fn has(&self, games: Vec<Game>) {
        *lock(&self.games) = games;
    }

    /// Serves until the process ends; returns the address.
    pub async fn serve(self: Arc<Self>, port: u16) -> SocketAddr {
        serve(routes(self), port).await
    }

    fn signed_out(&self, kind: &'static str, headers: &HeaderMap) -> Option<Response<Body>> {
        (!self.logins.good(&bearer(headers))).then(|| {
            let error = json!({ "error": { "referenceId": "f6f0", "code": 2_240_512, "message": "Expired token", "reason": "bad_input" } });
            self.temper.refuse(kind, "signed out", 401, &error)
        })
    }
}

/// What PlayStation says with status 200 when it means no.
pub fn error(code: u32, message: &str) -> Value {
    json!({ "error": { "code": code, "message": message } })
}

/// Its routes.
pub fn routes(psn: Arc<Psn>) -> Router {
    Router::new()
        .route("/account/api/authz/v3/oauth/authorize", get(authorize))
        .route("/account/api/authz/v3/oauth/token", post(token))
        .route("/profile/userProfile/v1/users/{who}/profile2", get(profile))
        .route("/web/api/graphql/v1/op", get(bought))
        .route("/mobile/api/gamelist/v2/users/{who}/titles", get(played))
        .route(
            "/mobile/api/trophy/v1/users/me/titles/trophyTitles",
            get(trophy_titles),
        )
        .route(
            "/mobile/api/trophy/v1/npCommunicationIds/{np}/trophyGroups/all/trophies",
            get(trophies),
        )
        .route(
            "/mobile/api/trophy/v1/users/me/npCommunicationIds/{np}/trophyGroups/all/trophies",
            get(earned),
        )
        .with_state(psn)
}

async fn authorize(State(psn): State<Arc<Psn>>, headers: HeaderMap) -> Response<Body> {
    let cookie = headers
        .get(header::COOKIE)
        .and_then(|value| value.to_str().ok());
    let app = "com.scee.psxandroid.scecompcall://redirect/";
    let to = if cookie == Some(&format!("npsso={NPSSO}")) {
        let mut codes = lock(&psn.codes);
        *codes += 1;
        format!("{app}?code=v3.code-{codes}&cid=c0ffee")
    } else {
        format!(
            "{app}?error=login_required&error_code=4165&error_description=User+is+not+authenticated"
        )
    };
    (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
}

async fn token(State(psn): State<Arc<Psn>>, form: String) -> Response<Body> {
    let form = values(&form);
    let of = |name: &str| form.get(name).cloned().unwrap_or_default();
    if let Some(sulking) = psn.temper.sulk("token", &of("grant_type")) {
        return sulking;
    }
    let grant = match &*of("grant_type") {
        "authorization_code" => psn.logins.code(&of("code"), "v3.code-"),
        _ => psn.logins.refresh(&of("refresh_token")),
    };
    let Some((access, refresh)) = grant else {
        let error = json!({ "error": "invalid_grant", "error_description": "Invalid refresh token", "error_code": 4159, "parameters": [] });
        return psn.temper.refuse("token", &of("grant_type"), 400, &error);
    };
    let good = json!({
        "access_token": access, "token_type": "bearer", "refresh_token": refresh, "expires_in": 3599, "id_token": "e30.e30.e30",
        "refresh_token_expires_in": 5_184_000, "scope": "psn:mobile.v2.core psn:clientapp",
    });
    psn.temper.answer("token", &of("grant_type"), &good)
}

async fn profile(
    State(psn): State<Arc<Psn>>,
    Path(who): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    if let Some(refused) = psn.signed_out("profile", &headers) {
        return refused;
    }
    if who != "me" {
        // With status 200.
        return psn
            .temper
            .refuse("profile", "", 200, &error(2_105_356, "User not found"));
    }
    let good = json!({ "profile": { "onlineId": "djinn_of_psn", "accountId": ACCOUNT } });
    psn.temper.answer("profile", "", &good)
}

async fn bought(
    State(psn): State<Arc<Psn>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response<Body> {
    if let Some(refused) = psn.signed_out("bought", &headers) {
        return refused;
    }
    let query = values(&query.unwrap_or_default());
    let json_of = |name: &str| -> Value {
        let text = query.get(name).cloned().unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    };
    if json_of("extensions").pointer("/persistedQuery/sha256Hash") != Some(&json!(HASH)) {
        let error = json!({ "errors": [{ "message": "PersistedQueryNotFound", "extensions": { "code": "PERSISTED_QUERY_NOT_FOUND" } }] });
        return said(200, &error);
    }
    let start = json_of("variables")["start"].as_u64().unwrap_or(0) as usize;
    let all = lock(&psn.games).clone();
    let bought: Vec<Value> = all
        .iter()
        .filter_map(|game| {
            let membership = game.membership?;
            Some(json!({
                "__typename": "GameLibraryTitle", "conceptId": Value::Null, "entitlementId": format!("EP0000-{}", game.id),
                "image": { "__typename": "Media", "url": "https://image.api.playstation.com/a.png" }, "isActive": true,
                "isDownloadable": true, "isPreOrder": false, "membership": membership, "name": game.name, "platform": "PS4",
                "productId": format!("EP0000-{}-0000", game.id), "titleId": game.id,
            }))
        })
        .collect();
    let page: Vec<Value> = bought.iter().skip(start).take(PAGE).cloned().collect();
    let good = json!({ "data": { "purchasedTitlesRetrieve": { "__typename": "GameList", "games": page } } });
    psn.temper.answer("bought", &start.to_string(), &good)
}

async fn played(
    State(psn): State<Arc<Psn>>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Response<Body> {
    if let Some(refused) = psn.signed_out("played", &headers) {
        return refused;
    }
    let offset: usize = query
        .get("offset")
        .and_then(|at| at.parse().ok())
        .unwrap_or(0);
    let all = lock(&psn.games).clone();
    let played: Vec<Value> = all
        .iter()
        .enumerate()
        .filter_map(|(n, game)| {
            let (duration, service) = game.played?;
            Some(json!({
                "titleId": game.id, "name": game.name, "localizedName": game.name, "imageUrl": "https://image.api.playstation.com/a.png",
                "localizedImageUrl": "https://image.api.playstation.com/a.png", "category": "ps4_game", "service": service, "playCount": 12,
                "concept": { "id": 200_000 + n, "titleIds": [game.id], "name": game.name, "media": {}, "genres": ["ACTION"] }, "media": {},
                "firstPlayedDateTime": "2022-10-20T20:26:17Z", "lastPlayedDateTime": "2025-08-03T20:40:21.78Z", "playDuration": duration,
            }))
        })
        .collect();
    let page: Vec<Value> = played.iter().skip(offset).take(PAGE).cloned().collect();
    let next = (offset + PAGE < played.len()).then_some(offset + PAGE);
    let good = json!({ "titles": page, "nextOffset": next, "previousOffset": 0, "totalItemCount": played.len() });
    psn.temper.answer("played", &offset.to_string(), &good)
}

async fn trophy_titles(
    State(psn): State<Arc<Psn>>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Response<Body> {
    if let Some(refused) = psn.signed_out("trophies", &headers) {
        return refused;
    }
    let id = query.get("npTitleIds").cloned().unwrap_or_default();
    let known = lock(&psn.games).iter().any(|game| game.id == id);
    let titles = if known && !id.ends_with("_09") {
        json!([{ "npServiceName": "trophy", "npCommunicationId": format!("NPWR-{id}"), "trophyTitleName": "T", "hasTrophyGroups": false, "progress": 10 }])
    } else {
        json!([])
    };
    let good = json!({ "titles": [{ "npTitleId": id, "trophyTitles": titles }] });
    psn.temper
        .answer("trophies", &format!("titles {id}"), &good)
}

/// Three trophies: bronze and earned, silver, and platinum, which is hidden.
async fn trophies(
    State(psn): State<Arc<Psn>>,
    Path(np): Path<String>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Response<Body> {
    if let Some(refused) = psn.signed_out("trophies", &headers) {
        return refused;
    }
    if query.get("npServiceName").map(String::as_str) != Some("trophy") {
        return psn.temper.refuse(
            "trophies",
            &np,
            404,
            &error(2_240_525, "Resource not found"),
        );
    }
    let all: Vec<Value> = ["bronze", "silver", "platinum"]
        .iter()
        .enumerate()
        .map(|(n, kind)| {
            let mut one = json!({ "trophyId": n, "trophyHidden": n == 2, "trophyType": kind, "trophyName": format!("Trophy {n}"),
                "trophyDetail": "Do it.", "trophyIconUrl": "https://image.api.playstation.com/t.png", "trophyGroupId": "default" });
            if n == 2 {
                // A hidden one is not described until it is earned.
                one["trophyName"] = Value::Null;
                one["trophyDetail"] = Value::Null;
            }
            one
        })
        .collect();
    let good = json!({ "trophySetVersion": "01.00", "hasTrophyGroups": false, "trophies": all, "totalItemCount": 3 });
    psn.temper.answer("trophies", &np, &good)
}

async fn earned(
    State(psn): State<Arc<Psn>>,
    Path(np): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    if let Some(refused) = psn.signed_out("trophies", &headers) {
        return refused;
    }
    let all: Vec<Value> = (0..3)
        .map(|n| {
            let mut one = json!({ "trophyId": n, "trophyHidden": n == 2, "earned": n == 0, "trophyType": "bronze", "trophyRare": 1, "trophyEarnedRate": "8.5" });
            if n == 0 {
                one["earnedDateTime"] = json!("2023-04-05T06:07:08Z");
            }
            one
        })
        .collect();
    let good = json!({ "trophySetVersion": "01.00", "hasTrophyGroups": false, "lastUpdatedDateTime": "2023-04-05T06:07:08Z", "trophies": all, "totalItemCount": 3 });
    psn.temper
        .answer("trophies", &format!("earned {np}"), &good)
}
