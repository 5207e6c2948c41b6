//! A stand-in for GOG: logins, the account, and profiles, each under a path of its own.

use crate::stand_in::{Logins, Mood, Temper, bearer, lock, serve};
use axum::{
    Router,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, Response},
    routing::get,
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

/// A code that is good once; so is every text that begins with it.
pub const CODE: &str = "gog-code";
/// The account.
pub const USER: &str = "48628349957132247";
/// Its name.
pub const NAME: &str = "djinn.of-gog";
/// Products in a page.
pub const PAGE: usize = 3;

/// One product of the account.
#[derive(Debug, Clone)]
pub struct Product {
    /// Its id.
    pub id: u64,
    /// Its title.
    pub title: String,
    /// Minutes played; never when absent.
    pub minutes: Option<u32>,
    /// Hidden there.
    pub hidden: bool,
    /// A film.
    pub film: bool,
    /// Played, and given back.
    pub returned: bool,
}

/// A game.
pub fn product(id: u64, title: &str, minutes: Option<u32>) -> Product {
    Product {
        id,
        title: title.to_owned(),
        minutes,
        hidden: false,
        film: false,
        returned: false,
    }
}

/// What the stand-in does and has seen.
#[derive(Debug, Default)]
pub struct Gog {
    /// How it feels about `token`, `user`, `owned`, `products`, `stats`.
    pub temper: Temper,
    /// Its tokens.
    pub logins: Logins,
    products: Mutex<Vec<Product>>,
    private: Mutex<bool>,
}

impl Gog {
    /// In a good mood.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// From now on the account has these.
    pub fn has(&self, products: Vec<Product>) {
        *lock(&self.products) = products;
    }

    /// Whether the profile is private.
    pub fn is_private(&self, private: bool) {
        *lock(&self.private) = private;
    }

    /// Serves until the process ends; returns the address.
    pub async fn serve(self: Arc<Self>, port: u16) -> SocketAddr {
        serve(routes(self), port).await
    }

    /// Who is not signed in gets the page to sign in at, with status 200.
    fn signed_out(&self, kind: &'static str, headers: &HeaderMap) -> Option<Response<Body>> {
        (!self.logins.good(&bearer(headers))).then(|| {
            self.temper.feel(kind, [Mood::Page]);
            self.temper.answer(kind, "signed out", &Value::Null)
        })
    }
}

/// Its routes.
pub fn routes(gog: Arc<Gog>) -> Router {
    Router::new()
        .route("/auth/token", get(token))
        .route("/embed/userData.json", get(user))
        .route("/embed/user/data/games", get(owned))
        .route("/embed/account/getFilteredProducts", get(products))
        .route("/www/u/{name}/games/stats", get(stats))
        .with_state(gog)
}

type Parameters = Query<HashMap<String, String>>;

async fn token(State(gog): State<Arc<Gog>>, Query(query): Parameters) -> Response<Body> {
    let of = |name: &str| query.get(name).cloned().unwrap_or_default();
    if let Some(sulking) = gog.temper.sulk("token", &of("grant_type")) {
        return sulking;
    }
    let grant = match &*of("grant_type") {
        "authorization_code" => gog.logins.code(&of("code"), CODE),
        _ => gog.logins.refresh(&of("refresh_token")),
    };
    let Some((access, refresh)) = grant else {
        let error = json!({ "error": "invalid_grant", "error_description": "The code or token is not valid" });
        return gog.temper.refuse("token", &of("grant_type"), 400, &error);
    };
    let good = json!({ "expires_in": 3600, "scope": "", "token_type": "bearer", "access_token": access,
        "user_id": USER, "refresh_token": refresh, "session_id": "6628560638138297000" });
    gog.temper.answer("token", &of("grant_type"), &good)
}

async fn user(State(gog): State<Arc<Gog>>, headers: HeaderMap) -> Response<Body> {
    if !gog.logins.good(&bearer(&headers)) {
        return gog.temper.answer(
            "user",
            "signed out",
            &json!({ "isLoggedIn": false, "country": "DE" }),
        );
    }
    let good = json!({ "isLoggedIn": true, "username": NAME, "userId": "48628349957132247", "galaxyUserId": USER, "country": "DE" });
    gog.temper.answer("user", "", &good)
}

async fn owned(State(gog): State<Arc<Gog>>, headers: HeaderMap) -> Response<Body> {
    if let Some(page) = gog.signed_out("owned", &headers) {
        return page;
    }
    let products = lock(&gog.products).clone();
    let owned: Vec<u64> = products
        .iter()
        .filter(|one| !one.returned)
        .map(|one| one.id)
        .collect();
    gog.temper.answer("owned", "", &json!({ "owned": owned }))
}

async fn products(
    State(gog): State<Arc<Gog>>,
    headers: HeaderMap,
    Query(query): Parameters,
) -> Response<Body> {
    if let Some(page) = gog.signed_out("products", &headers) {
        return page;
    }
    let hidden = query.get("hiddenFlag").is_some_and(|flag| flag == "1");
    let page: usize = query
        .get("page")
        .and_then(|page| page.parse().ok())
        .unwrap_or(1);
    let all = lock(&gog.products).clone();
    let shown: Vec<&Product> = all
        .iter()
        .filter(|one| one.hidden == hidden && !one.returned)
        .collect();
    let products: Vec<Value> = shown
        .iter()
        .skip((page - 1) * PAGE)
        .take(PAGE)
        .map(|one| {
            json!({
                "isGalaxyCompatible": true, "tags": [], "id": one.id, "title": one.title, "image": "//images-1.gog.com/abc",
                "url": "/game/x", "worksOn": { "Windows": true, "Mac": false, "Linux": false }, "category": "Adventure",
                "rating": 45, "isComingSoon": false, "isMovie": one.film, "isGame": !one.film, "slug": "x", "updates": 0,
                "isNew": false, "dlcCount": 0, "isBaseProductMissing": false, "isHidingDisabled": false,
                "releaseDate": if one.id % 2 == 0 { json!([]) } else { json!({ "date": "2004-11-16 00:00:00.000000", "timezone_type": 3, "timezone": "UTC" }) },
            })
        })
        .collect();
    let good = json!({
        "sortBy": "title", "page": page, "totalProducts": shown.len(), "totalPages": shown.len().div_ceil(PAGE),
        "productsPerPage": PAGE, "contentSystemCompatibility": Value::Null, "moviesCount": 0, "tags": [], "products": products,
        "updatedProductsCount": 0, "hiddenUpdatedProductsCount": 0, "hasHiddenProducts": all.iter().any(|one| one.hidden),
    });
    let detail = format!("{page} {}", if hidden { "hidden" } else { "shown" });
    gog.temper.answer("products", &detail, &good)
}

async fn stats(
    State(gog): State<Arc<Gog>>,
    Path(name): Path<String>,
    Query(query): Parameters,
) -> Response<Body> {
    if *lock(&gog.private) || name != NAME {
        return gog
            .temper
            .refuse("stats", "private", 403, &json!({ "error": "private" }));
    }
    let page: usize = query
        .get("page")
        .and_then(|page| page.parse().ok())
        .unwrap_or(1);
    let all = lock(&gog.products).clone();
    let items: Vec<Value> = all
        .iter()
        .skip((page - 1) * PAGE)
        .take(PAGE)
        .map(|one| {
            json!({
                "game": { "id": one.id.to_string(), "title": one.title, "url": "/game/x", "image": "//images-1.gog.com/abc", "achievementSupport": false },
                // A list for who never played, an object by user for who did.
                "stats": one.minutes.map_or_else(|| json!([]), |minutes| json!({ USER: { "playtime": minutes, "lastSession": "2025-11-10T16:11:46+00:00" } })),
            })
        })
        .collect();
    let good = json!({ "page": page, "limit": PAGE, "pages": all.len().div_ceil(PAGE), "total": all.len(), "_embedded": { "items": items } });
    gog.temper.answer("stats", &page.to_string(), &good)
}
