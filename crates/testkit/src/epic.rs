//! A stand-in for Epic Games: logins, the library and the catalogue, each under a path of its own.

use crate::stand_in::{Logins, Temper, bearer, lock, serve, values};
use axum::{
    Router,
    body::Body,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

/// A code that is good once; so is every text that begins with it.
pub const CODE: &str = "0123456789abcdef";
/// The account.
pub const ACCOUNT: &str = "fedcba98765443210fedcba987654321";
/// Records in a page.
pub const PAGE: usize = 3;

/// What kind of record it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A game.
    Game,
    /// Something for another game.
    Addition,
    /// Something for another game that can be started by itself.
    Launchable,
    /// A thing for the engine.
    Engine,
    /// A developer's own test.
    Private,
    /// Not in the catalogue any more.
    Forgotten,
}

/// One record of the account.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its id, a code name.
    pub app: String,
    /// Its title.
    pub title: String,
    /// Seconds played.
    pub seconds: u32,
    /// What it is.
    pub kind: Kind,
}

/// A game.
pub fn item(app: &str, title: &str, seconds: u32) -> Item {
    Item {
        app: app.to_owned(),
        title: title.to_owned(),
        seconds,
        kind: Kind::Game,
    }
}

/// What the stand-in does and has seen.
#[derive(Debug, Default)]
pub struct Epic {
    /// How it feels about `token`, `items`, `playtime`, `catalogue`.
    pub temper: Temper,
    /// Its tokens.
    pub logins: Logins,
    items: Mutex<Vec<Item>>,
}

impl Epic {
    /// In a good mood.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// From now on the account has these.
    pub fn has(&self, items: Vec<Item>) {
        *lock(&self.items) = items;
    }

    /// Serves until the process ends; returns the address.
    pub async fn serve(self: Arc<Self>, port: u16) -> SocketAddr {
        serve(routes(self), port).await
    }

    fn signed_out(&self, kind: &'static str, headers: &HeaderMap) -> Option<Response<Body>> {
        (!self.logins.good(&bearer(headers))).then(|| {
            let error = error(
                "errors.com.epicgames.common.oauth.invalid_token",
                "Sorry the token you are using is invalid",
                1014,
            );
            self.temper.refuse(kind, "signed out", 401, &error)
        })
    }
}

/// An error as Epic words it.
pub fn error(code: &str, message: &str, number: u32) -> Value {
    json!({ "errorCode": code, "errorMessage": message, "messageVars": [], "numericErrorCode": number,
        "originatingService": "com.epicgames.account.public", "intent": "prod" })
}

/// Its routes.
pub fn routes(epic: Arc<Epic>) -> Router {
    Router::new()
        .route("/account/account/api/oauth/token", post(token))
        .route("/library/library/api/public/items", get(items))
        .route(
            "/library/library/api/public/playtime/account/{who}/all",
            get(playtime),
        )
        .route(
            "/catalog/catalog/api/shared/namespace/{space}/bulk/items",
            get(catalogue),
        )
        .with_state(epic)
}

async fn token(State(epic): State<Arc<Epic>>, form: String) -> Response<Body> {
    let form = values(&form);
    let of = |name: &str| form.get(name).cloned().unwrap_or_default();
    if let Some(sulking) = epic.temper.sulk("token", &of("grant_type")) {
        return sulking;
    }
    let (grant, refused) = match &*of("grant_type") {
        "authorization_code" => (
            epic.logins.code(&of("code"), CODE),
            error(
                "errors.com.epicgames.account.oauth.authorization_code_not_found",
                "Sorry the authorization code you supplied was not found. It is possible that it was no longer valid",
                18059,
            ),
        ),
        _ => (
            epic.logins.refresh(&of("refresh_token")),
            error(
                "errors.com.epicgames.account.auth_token.invalid_refresh_token",
                "Sorry the refresh token you supplied is invalid",
                18036,
            ),
        ),
    };
    let Some((access, refresh)) = grant else {
        return epic
            .temper
            .refuse("token", &of("grant_type"), 400, &refused);
    };
    let good = json!({
        "access_token": access, "expires_in": 7200, "expires_at": "2026-01-02T05:04:05.000Z", "token_type": "bearer",
        "refresh_token": refresh, "refresh_expires": 28800, "refresh_expires_at": "2026-01-02T11:04:05.000Z",
        "account_id": ACCOUNT, "client_id": "34a02cf8f4414e29b15921876da36f9a", "internal_client": true,
        "client_service": "launcher", "displayName": "DjinnOfEpic", "app": "launcher", "in_app_id": ACCOUNT, "scope": [],
    });
    epic.temper.answer("token", &of("grant_type"), &good)
}

async fn items(
    State(epic): State<Arc<Epic>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response<Body> {
    if let Some(refused) = epic.signed_out("items", &headers) {
        return refused;
    }
    let query = values(&query.unwrap_or_default());
    let cursor = query.get("cursor").cloned().unwrap_or_default();
    let start: usize = cursor
        .strip_prefix("from=")
        .and_then(|at| at.parse().ok())
        .unwrap_or(0);
    let all = lock(&epic.items).clone();
    let records: Vec<Value> = all
        .iter()
        .skip(start)
        .take(PAGE)
        .map(|one| {
            json!({
                "namespace": if one.kind == Kind::Engine { "ue".to_owned() } else { format!("ns-{}", one.app) },
                "catalogItemId": format!("item-{}", one.app), "appName": one.app, "productId": "p", "sandboxName": "Live",
                "sandboxType": if one.kind == Kind::Private { "PRIVATE" } else { "PUBLIC" }, "recordType": "APPLICATION",
                "acquisitionDate": "2020-05-14T15:03:08.614Z", "dependencies": [],
            })
        })
        .collect();
    let mut meta = json!({ "stateToken": "s" });
    if start + PAGE < all.len() {
        meta["nextCursor"] = json!(format!("from={}", start + PAGE));
    }
    let good = json!({ "responseMetadata": meta, "records": records });
    epic.temper.answer("items", &cursor, &good)
}

async fn playtime(
    State(epic): State<Arc<Epic>>,
    Path(who): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    if let Some(refused) = epic.signed_out("playtime", &headers) {
        return refused;
    }
    let played: Vec<Value> = lock(&epic.items)
        .iter()
        .filter(|one| one.seconds > 0)
        .map(|one| json!({ "accountId": who, "artifactId": one.app, "totalTime": one.seconds }))
        .collect();
    epic.temper.answer("playtime", "", &json!(played))
}

async fn catalogue(
    State(epic): State<Arc<Epic>>,
    Path(space): Path<String>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response<Body> {
    if let Some(refused) = epic.signed_out("catalogue", &headers) {
        return refused;
    }
    let query = query.unwrap_or_default();
    let all = lock(&epic.items).clone();
    let mut good = json!({});
    for pair in query.split('&').filter_map(|pair| pair.split_once('=')) {
        let wanted = values(&format!("id={}", pair.1))
            .remove("id")
            .unwrap_or_default();
        let found = all.iter().find(|one| {
            pair.0 == "id"
                && wanted == format!("item-{}", one.app)
                && space == format!("ns-{}", one.app)
        });
        let Some(one) = found.filter(|one| one.kind != Kind::Forgotten) else {
            continue;
        };
        let mut about = json!({
            "id": wanted, "title": one.title, "description": one.title, "keyImages": [{ "type": "DieselGameBox", "url": "https://cdn1.epicgames.com/a.jpg" }],
            "categories": [{ "path": "games" }, { "path": "applications" }], "namespace": space, "status": "ACTIVE", "developer": "D",
            "releaseInfo": [{ "id": "r", "appId": one.app, "platform": ["Windows"], "dateAdded": "2019-01-01T00:00:00.000Z" }],
            "customAttributes": { "CanRunOffline": { "type": "STRING", "value": "true" } },
        });
        if matches!(one.kind, Kind::Addition | Kind::Launchable) {
            about["mainGameItem"] = json!({ "id": "item-main", "namespace": space });
        }
        if one.kind == Kind::Launchable {
            about["categories"] = json!([{ "path": "addons" }, { "path": "addons/launchable" }]);
        }
        good[wanted] = about;
    }
    epic.temper.answer("catalogue", &space, &good)
}
