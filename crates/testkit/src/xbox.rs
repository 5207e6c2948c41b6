//! A stand-in for Xbox: Microsoft's logins, user tokens, XSTS, the title hub, statistics and both
//! generations of achievements, each under a path of its own instead of a host of its own.

use crate::stand_in::{Logins, Temper, bearer, lock, serve, values};
use axum::{
    Router,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

/// A code that is good once; so is every text that begins with it.
pub const CODE: &str = "M.C5_standin";
/// The account.
pub const XUID: &str = "2535400000000001";

/// One title of the account's history.
#[derive(Debug, Clone)]
pub struct Title {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Minutes played; nobody counts when absent.
    pub minutes: Option<u32>,
    /// Whether it is in the Game Pass.
    pub lent: bool,
    /// An app, not a game.
    pub app: bool,
    /// Of the Xbox 360's generation.
    pub old: bool,
    /// When it was played last; some day of November 2025 when absent.
    pub played_at: Option<String>,
}

/// A game that was played.
pub fn title(id: u64, name: &str, minutes: u32) -> Title {
    Title {
        id,
        name: name.to_owned(),
        minutes: Some(minutes),
        lent: false,
        app: false,
        old: false,
        played_at: None,
    }
}

/// What the stand-in does and has seen.
#[derive(Debug, Default)]
pub struct Xbox {
    /// How it feels about `token`, `user`, `xsts`, `history`, `stats`, `achievements`.
    pub temper: Temper,
    /// Microsoft's tokens.
    pub logins: Logins,
    titles: Mutex<Vec<Title>>,
    /// What XSTS says instead of a ticket.
    error: Mutex<Option<u64>>,
    /// The number of the newest ticket, and whether it is good.
    tickets: Mutex<(u32, bool)>,
}

impl Xbox {
    /// In a good mood.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// From now on the account has this history.
    pub fn played(&self, titles: Vec<Title>) {
        *lock(&self.titles) = titles;
    }

    /// From now on XSTS answers with this `XErr`.
    pub fn refuses(&self, error: Option<u64>) {
        *lock(&self.error) = error;
    }

    /// The tickets handed out so far are not good any more.
    pub fn expire_tickets(&self) {
        lock(&self.tickets).1 = false;
    }

    /// Serves until the process ends; returns the address.
    pub async fn serve(self: Arc<Self>, port: u16) -> SocketAddr {
        serve(routes(self), port).await
    }

    fn good(&self, headers: &HeaderMap) -> bool {
        let (ticket, good) = *lock(&self.tickets);
        good && bearer(headers) == format!("x=1234567890;ticket-{ticket}")
    }
}

/// Its routes.
pub fn routes(xbox: Arc<Xbox>) -> Router {
    Router::new()
        .route("/login/oauth20_token.srf", post(token))
        .route("/user/user/authenticate", post(user))
        .route("/xsts/xsts/authorize", post(xsts))
        .route(
            "/titlehub/users/{who}/titles/titlehistory/decoration/{what}",
            get(history),
        )
        .route("/userstats/batch", post(stats))
        .route("/achievements/users/{who}/{kind}", get(achievements))
        .with_state(xbox)
}

async fn token(State(xbox): State<Arc<Xbox>>, form: String) -> Response<Body> {
    let form = values(&form);
    let of = |name: &str| form.get(name).cloned().unwrap_or_default();
    if let Some(sulking) = xbox.temper.sulk("token", &of("grant_type")) {
        return sulking;
    }
    if of("client_id").is_empty() {
        let error = json!({ "error": "invalid_request", "error_description": "The request body must contain the following parameter: 'client_id'." });
        return xbox.temper.refuse("token", "", 400, &error);
    }
    let grant = match &*of("grant_type") {
        "authorization_code" => xbox.logins.code(&of("code"), CODE),
        _ => xbox.logins.refresh(&of("refresh_token")),
    };
    let Some((access, refresh)) = grant else {
        let error = json!({ "error": "invalid_grant", "error_description": "The provided value for the input parameter 'refresh_token' or 'code' is not valid." });
        return xbox.temper.refuse("token", &of("grant_type"), 400, &error);
    };
    let good = json!({
        "token_type": "bearer", "expires_in": 3600, "scope": "Xboxlive.signin Xboxlive.offline_access",
        "access_token": access, "refresh_token": refresh, "user_id": "AAAAAAAAAAAAAAAAAAAAAA",
    });
    xbox.temper.answer("token", &of("grant_type"), &good)
}

async fn user(State(xbox): State<Arc<Xbox>>, body: String) -> Response<Body> {
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    let ticket = body
        .pointer("/Properties/RpsTicket")
        .and_then(Value::as_str);
    let access = ticket.and_then(|ticket| ticket.strip_prefix("d="));
    if !access.is_some_and(|access| xbox.logins.good(access)) {
        return xbox.temper.refuse("user", "", 401, &Value::Null);
    }
    let good = json!({
        "IssueInstant": "2026-01-02T03:04:05.6037497Z", "NotAfter": "2026-01-16T03:04:05.6037497Z",
        "Token": "user-token", "DisplayClaims": { "xui": [{ "uhs": "1234567890" }] },
    });
    xbox.temper.answer("user", "", &good)
}

async fn xsts(State(xbox): State<Arc<Xbox>>, body: String) -> Response<Body> {
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    if let Some(error) = *lock(&xbox.error) {
        let said = json!({ "Identity": "0", "XErr": error, "Message": "", "Redirect": "https://start.ui.xboxlive.com/CreateAccount" });
        return xbox.temper.refuse("xsts", "", 401, &said);
    }
    if body.pointer("/Properties/UserTokens/0") != Some(&json!("user-token")) {
        return xbox.temper.refuse("xsts", "", 401, &Value::Null);
    }
    let mut tickets = lock(&xbox.tickets);
    *tickets = (tickets.0 + 1, true);
    let good = json!({
        "IssueInstant": "2026-01-02T03:04:05.5251155Z", "NotAfter": "2026-01-02T19:04:05.5251155Z",
        "Token": format!("ticket-{}", tickets.0),
        "DisplayClaims": { "xui": [{ "gtg": "DjinnOfXbox", "xid": XUID, "uhs": "1234567890", "agg": "Adult", "usr": "", "utr": "", "prv": "" }] },
    });
    drop(tickets);
    xbox.temper.answer("xsts", "", &good)
}

async fn history(
    State(xbox): State<Arc<Xbox>>,
    Path((who, _)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response<Body> {
    if !xbox.good(&headers) || who != format!("xuid({XUID})") {
        return xbox.temper.refuse("history", "", 401, &Value::Null);
    }
    let titles: Vec<Value> = lock(&xbox.titles)
        .iter()
        .enumerate()
        .map(|(n, title)| {
            let day = format!("2025-11-{:02}T18:30:00.1234567Z", 1 + n % 28);
            let played_at = title.played_at.clone().unwrap_or(day);
            json!({
                "titleId": title.id.to_string(), "pfn": Value::Null, "bingId": "",
                "serviceConfigId": if title.old { Value::Null } else { json!(format!("00000000-0000-0000-0000-{:012x}", title.id)) },
                "name": title.name, "type": if title.app { "App" } else { "Game" },
                "devices": if title.old { json!(["Xbox360"]) } else { json!(["XboxOne", "PC"]) },
                "displayImage": "http://store-images.s-microsoft.com/image/apps.1", "mediaItemType": "Application",
                "modernTitleId": title.id.to_string(), "isBundle": false,
                "achievement": { "currentAchievements": 1, "totalAchievements": 0, "currentGamerscore": 10,
                    "totalGamerscore": 1000, "progressPercentage": 1.0, "sourceVersion": if title.old { 1 } else { 2 } },
                "stats": { "sourceVersion": if title.old { 1 } else { 2 } },
                "gamePass": if title.old { Value::Null } else { json!({ "isGamePass": title.lent }) },
                "images": [], "detail": Value::Null,
                "titleHistory": { "lastTimePlayed": played_at, "visible": true, "canHide": false },
            })
        })
        .collect();
    let good = json!({ "xuid": XUID, "titles": titles });
    xbox.temper.answer("history", "", &good)
}

async fn stats(State(xbox): State<Arc<Xbox>>, headers: HeaderMap, body: String) -> Response<Body> {
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    if !xbox.good(&headers) {
        return xbox.temper.refuse("stats", "", 401, &Value::Null);
    }
    let asked = body["stats"].as_array().cloned().unwrap_or_default();
    let titles = lock(&xbox.titles).clone();
    let stats: Vec<Value> = asked
        .iter()
        .filter_map(|one| {
            let id = one["titleid"].as_str()?;
            let title = titles.iter().find(|title| title.id.to_string() == id)?;
            let mut stat = json!({ "xuid": XUID, "scid": "00000000-0000-0000-0000-000000000000", "titleid": id,
                "name": "MinutesPlayed", "type": "Integer", "properties": {} });
            // Without a value where nobody counts.
            if let Some(minutes) = title.minutes {
                stat["value"] = json!(minutes.to_string());
            }
            Some(stat)
        })
        .collect();
    let good = json!({ "groups": [], "statlistscollection": [{ "arrangebyfield": "xuid", "arrangebyfieldid": XUID, "stats": stats }] });
    xbox.temper.answer("stats", &asked.len().to_string(), &good)
}

/// Three achievements for each title, two in a page; the first is unlocked, the third secret.
async fn achievements(
    State(xbox): State<Arc<Xbox>>,
    Path((who, kind)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response<Body> {
    if !xbox.good(&headers) || who != format!("xuid({XUID})") {
        return xbox.temper.refuse("achievements", "", 401, &Value::Null);
    }
    let id = query.get("titleId").cloned().unwrap_or_default();
    let title = lock(&xbox.titles)
        .iter()
        .find(|title| title.id.to_string() == id)
        .cloned();
    let contract = headers
        .get("x-xbl-contract-version")
        .and_then(|value| value.to_str().ok());
    let old = contract == Some("1");
    let Some(title) = title.filter(|title| title.old == old && !title.app) else {
        let none = json!({ "achievements": [], "pagingInfo": { "continuationToken": Value::Null, "totalRecords": 0 } });
        return xbox.temper.answer("achievements", &id, &none);
    };
    let start: usize = query
        .get("continuationToken")
        .and_then(|at| at.parse().ok())
        .unwrap_or(0);
    let earned = kind == "achievements";
    let all: Vec<Value> = (0..3)
        .filter(|n| !old || !earned || *n == 0)
        .map(|n| {
            if old {
                of_the_360(n, &title)
            } else {
                of_today(n, &title)
            }
        })
        .collect();
    let page: Vec<Value> = all.iter().skip(start).take(2).cloned().collect();
    let next = (start + 2 < all.len()).then(|| (start + 2).to_string());
    let good = json!({ "achievements": page, "pagingInfo": { "continuationToken": next, "totalRecords": all.len() } });
    xbox.temper
        .answer("achievements", &format!("{id} {kind}"), &good)
}

fn of_today(n: usize, title: &Title) -> Value {
    json!({
        "id": (n + 1).to_string(), "serviceConfigId": "00000000-0000-0000-0000-000000000000",
        "name": format!("{} {}", title.name, n + 1), "titleAssociations": [{ "name": title.name, "id": title.id }],
        "progressState": if n == 0 { "Achieved" } else { "NotStarted" },
        "progression": { "requirements": [], "timeUnlocked": if n == 0 { "2025-10-26T18:11:03.6689508Z" } else { "0001-01-01T00:00:00.0000000Z" } },
        "mediaAssets": [{ "name": "a.png", "type": "Icon", "url": "http://images-eds.xboxlive.com/image?url=a" }],
        "platforms": ["Durango"], "isSecret": n == 2, "description": "Did it.", "lockedDescription": "Do it.",
        "achievementType": "Persistent", "participationType": "Individual",
        "rewards": [{ "name": Value::Null, "value": "10", "type": "Gamerscore", "valueType": "Int" }],
        "rarity": { "currentCategory": "Rare", "currentPercentage": 4.5 }, "isRevoked": false,
    })
}

fn of_the_360(n: usize, title: &Title) -> Value {
    json!({
        "id": n + 1, "titleId": title.id, "name": format!("{} {}", title.name, n + 1), "sequence": 0, "flags": 9,
        "unlockedOnline": n == 0, "unlocked": n == 0, "isSecret": n == 2, "platform": 255, "gamerscore": 15,
        "imageId": n + 3, "description": "Did it.", "lockedDescription": "Do it.", "type": 1, "isRevoked": false,
        "timeUnlocked": if n == 0 { "2014-04-12T14:05:02.0000000Z" } else { "2002-11-15T00:00:00.0000000Z" },
    })
}

/// What Xbox says when it has enough: the wait is in the body too.
pub fn enough(seconds: u32) -> Value {
    json!({ "version": 1, "currentRequests": 13, "maxRequests": 10, "periodInSeconds": seconds, "limitType": "Rate" })
}
