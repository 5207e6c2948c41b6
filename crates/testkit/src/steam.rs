//! A stand-in for Steam's two hosts, the Web API and the store: the platform's real shapes, its
//! error bodies and its moods, for a few hundred titles.
//!
//! Run it by hand with `cargo run -p djinn-testkit --example steam -- 9100`, and point the hub at it
//! with `DJINN__STEAM__API_URL` and `DJINN__STEAM__STORE_URL`.

use crate::stand_in::lock;
use axum::{
    Router,
    body::Body,
    extract::{Query, State},
    http::{Response, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use serde_json::{Value, json};
use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex},
};

const TITLES: &str = include_str!("../fixtures/titles.csv");

/// A Web API key the stand-in accepts.
pub const KEY: &str = "0123456789ABCDEF0123456789ABCDEF";
/// Another one.
pub const OTHER_KEY: &str = "FEDCBA98765432100123456789ABCDEF";
/// An account with all titles.
pub const ACCOUNT: &str = "76561197960287930";
/// The account's vanity name.
pub const VANITY: &str = "djinn";
/// An account that hides its games.
pub const PRIVATE: &str = "76561197960287931";
/// An account without games.
pub const EMPTY: &str = "76561197960287932";

/// One title, as the fixture has it.
#[derive(Debug, Clone)]
pub struct Title {
    /// Steam's id.
    pub appid: u32,
    /// As the store writes it.
    pub name: String,
    /// `game`, `dlc`, `demo`, `music` or `mod`.
    pub kind: String,
    /// Year of release.
    pub year: String,
    /// Genres.
    pub genres: Vec<String>,
    /// Developer.
    pub developer: String,
    /// ESRB letter, or empty.
    pub esrb: String,
}

/// Every title of the fixture.
///
/// # Panics
/// When the fixture is not CSV.
pub fn titles() -> Vec<Title> {
    let mut reader = csv::Reader::from_reader(TITLES.as_bytes());
    reader
        .records()
        .enumerate()
        .map(|(i, row)| {
            let row = row.expect("the fixture is CSV");
            Title {
                appid: 1000 + 10 * i as u32,
                name: row[0].to_owned(),
                kind: row[1].to_owned(),
                year: row[2].to_owned(),
                genres: row[3]
                    .split(';')
                    .filter(|genre| !genre.is_empty())
                    .map(str::to_owned)
                    .collect(),
                developer: row[4].to_owned(),
                esrb: row[5].to_owned(),
            }
        })
        .collect()
}

/// A bad mood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// 429, with `Retry-After` in seconds where given.
    TooMany(Option<u32>),
    /// 503 with a web page.
    Down,
    /// 200, and the body ends in its middle.
    Truncated,
    /// 200 with `null`, as the store does when it has enough.
    Null,
}

/// What the stand-in does and has seen.
#[derive(Debug, Default)]
pub struct Steam {
    titles: Vec<Title>,
    owned: Mutex<VecDeque<Mood>>,
    pages: Mutex<VecDeque<Mood>>,
    asked: Mutex<Vec<String>>,
    /// How many titles the account owns; all when absent.
    owns: Mutex<Option<usize>>,
    /// The access token that is good, and which titles the family lends.
    family: Mutex<(String, Vec<usize>)>,
    wishes: Mutex<Vec<usize>>,
}

impl Steam {
    /// In a good mood.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            titles: titles(),
            ..Self::default()
        })
    }

    /// With `count` titles, the fixture's over and over with a number behind, for large libraries.
    pub fn with_titles(count: usize) -> Arc<Self> {
        let fixture = titles();
        let titles = (0..count)
            .map(|i| {
                let title = &fixture[i % fixture.len()];
                let round = i / fixture.len();
                let name = if round == 0 {
                    title.name.clone()
                } else {
                    format!("{} Chapter {}", title.name, round + 1)
                };
                Title {
                    appid: 1000 + 10 * i as u32,
                    name,
                    ..title.clone()
                }
            })
            .collect();
        Arc::new(Self {
            titles,
            ..Self::default()
        })
    }

    /// The next answers of `GetOwnedGames` are in these moods.
    pub fn owned_moods(&self, moods: impl IntoIterator<Item = Mood>) {
        lock(&self.owned).extend(moods);
    }

    /// The next store pages are in these moods.
    pub fn page_moods(&self, moods: impl IntoIterator<Item = Mood>) {
        lock(&self.pages).extend(moods);
    }

    /// The account now owns only the first `count` titles.
    pub fn owns_only(&self, count: usize) {
        *lock(&self.owns) = Some(count);
    }

    /// Only this access token is good from now on.
    pub fn trusts(&self, token: &str) {
        token.clone_into(&mut lock(&self.family).0);
    }

    /// The account's family has these titles; without any, the account is in no family.
    pub fn family_lends(&self, titles: &[usize]) {
        lock(&self.family).1 = titles.to_vec();
    }

    /// The account wishes for these titles.
    pub fn wishes_for(&self, titles: &[usize]) {
        *lock(&self.wishes) = titles.to_vec();
    }

    /// The paths asked so far, without keys.
    pub fn asked(&self) -> Vec<String> {
        lock(&self.asked).clone()
    }

    /// Serves until the process ends; returns the address.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn serve(self: Arc<Self>, port: u16) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        let routes = routes(self);
        tokio::spawn(async move { axum::serve(listener, routes).await });
        address
    }
}

/// Its routes.
pub fn routes(steam: Arc<Steam>) -> Router {
    Router::new()
        .route("/IPlayerService/GetRecentlyPlayedGames/v1/", get(recent))
        .route(
            "/IPlayerService/ClientGetLastPlayedTimes/v1/",
            get(family::played),
        )
        .route(
            "/IFamilyGroupsService/GetFamilyGroupForUser/v1/",
            get(family::group),
        )
        .route(
            "/IFamilyGroupsService/GetSharedLibraryApps/v1/",
            get(family::apps),
        )
        .route("/IWishlistService/GetWishlist/v1/", get(wishlist))
        .route("/IStoreBrowseService/GetItems/v1/", get(items))
        .route("/IPlayerService/GetOwnedGames/v1", get(owned))
        .route("/IPlayerService/GetOwnedGames/v1/", get(owned))
        .route("/ISteamUser/ResolveVanityURL/v1", get(vanity))
        .route("/ISteamUser/ResolveVanityURL/v1/", get(vanity))
        .route("/ISteamUser/GetPlayerSummaries/v2", get(summaries))
        .route("/ISteamUser/GetPlayerSummaries/v2/", get(summaries))
        .route("/api/appdetails", get(page))
        .with_state(steam)
}

type Parameters = Query<HashMap<String, String>>;

/// A wrong key gets a web page, not JSON.
fn wrong_key(parameters: &HashMap<String, String>) -> Option<Response<Body>> {
    let good = [KEY, OTHER_KEY].map(Some);
    (!good.contains(&parameters.get("key").map(String::as_str))).then(|| {
        let body = "<html><head><title>Unauthorized</title></head><body><h1>Unauthorized</h1>Access is denied. Retrying will not help. \
                    Please verify your <pre>key=</pre> parameter.</body></html>";
        (StatusCode::UNAUTHORIZED, [(header::CONTENT_TYPE, "text/html; charset=UTF-8")], body).into_response()
    })
}

fn in_mood(mood: Mood, good: &Value) -> Response<Body> {
    match mood {
        Mood::TooMany(after) => {
            let mut response = (StatusCode::TOO_MANY_REQUESTS, "Too Many Requests").into_response();
            if let Some(value) = after.and_then(|seconds| seconds.to_string().parse().ok()) {
                response.headers_mut().insert(header::RETRY_AFTER, value);
            }
            response
        }
        Mood::Down => {
            let body = "<html><head><title>503 Service Unavailable</title></head><body>The Steam Community is currently unavailable.</body></html>";
            (
                StatusCode::SERVICE_UNAVAILABLE,
                [(header::CONTENT_TYPE, "text/html")],
                body,
            )
                .into_response()
        }
        Mood::Truncated => {
            let text = good.to_string();
            let half = (0..=text.len() / 2)
                .rev()
                .find(|at| text.is_char_boundary(*at))
                .unwrap_or(0);
            (
                [(header::CONTENT_TYPE, "application/json; charset=UTF-8")],
                text[..half].to_owned(),
            )
                .into_response()
        }
        Mood::Null => (
            [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
            "null",
        )
            .into_response(),
    }
}

fn json_page(value: &Value) -> Response<Body> {
    (
        [(header::CONTENT_TYPE, "application/json; charset=UTF-8")],
        value.to_string(),
    )
        .into_response()
}

async fn owned(State(steam): State<Arc<Steam>>, Query(parameters): Parameters) -> Response<Body> {
    let id = parameters.get("steamid").cloned().unwrap_or_default();
    lock(&steam.asked).push(format!("GetOwnedGames {id}"));
    if let Some(refused) = wrong_key(&parameters) {
        return refused;
    }
    let answer = match id.as_str() {
        EMPTY => json!({ "response": { "game_count": 0 } }),
        ACCOUNT => {
            let owns = lock(&steam.owns).unwrap_or(steam.titles.len());
            let games: Vec<Value> = steam
                .titles
                .iter()
                .take(owns)
                .enumerate()
                .map(|(i, title)| owned_game(i, title))
                .collect();
            json!({ "response": { "game_count": games.len(), "games": games } })
        }
        // PRIVATE, and everybody else: Steam says nothing at all, with status 200.
        _ => json!({ "response": {} }),
    };
    let mood = lock(&steam.owned).pop_front();
    mood.map_or_else(|| json_page(&answer), |mood| in_mood(mood, &answer))
}

fn owned_game(i: usize, title: &Title) -> Value {
    // Every third was never played, like most libraries.
    let minutes = if i.is_multiple_of(3) {
        0
    } else {
        (i * 37) % 4000
    };
    let mut game = json!({
        "appid": title.appid,
        "name": title.name,
        "playtime_forever": minutes,
        "img_icon_url": format!("{:040x}", title.appid),
        "playtime_windows_forever": minutes,
        "playtime_mac_forever": 0,
        "playtime_linux_forever": 0,
        "rtime_last_played": if minutes == 0 { 0 } else { 1_700_000_000 + i * 86_400 },
        "playtime_disconnected": 0,
    });
    if i.is_multiple_of(5) {
        game["has_community_visible_stats"] = json!(true);
        game["content_descriptorids"] = json!([2, 5]);
    }
    if i.is_multiple_of(7) && minutes > 0 {
        game["playtime_2weeks"] = json!(minutes.min(300));
    }
    game
}

async fn recent(State(steam): State<Arc<Steam>>, Query(parameters): Parameters) -> Response<Body> {
    let id = parameters.get("steamid").cloned().unwrap_or_default();
    lock(&steam.asked).push(format!("GetRecentlyPlayedGames {id}"));
    if let Some(refused) = wrong_key(&parameters) {
        return refused;
    }
    if id != ACCOUNT {
        return json_page(&json!({ "response": {} }));
    }
    let owns = lock(&steam.owns).unwrap_or(steam.titles.len());
    let games: Vec<Value> = steam
        .titles
        .iter()
        .take(owns)
        .enumerate()
        .map(|(i, title)| owned_game(i, title))
        .filter(|game| game["playtime_forever"] != 0)
        .collect();
    json_page(&json!({ "response": { "total_count": games.len(), "games": games } }))
}

async fn wishlist(
    State(steam): State<Arc<Steam>>,
    Query(parameters): Parameters,
) -> Response<Body> {
    let id = parameters.get("steamid").cloned().unwrap_or_default();
    lock(&steam.asked).push(format!("GetWishlist {id}"));
    if let Some(refused) = wrong_key(&parameters) {
        return refused;
    }
    let wishes = lock(&steam.wishes).clone();
    if wishes.is_empty() || id != ACCOUNT {
        // An empty wishlist and a hidden one look the same.
        return json_page(&json!({ "response": {} }));
    }
    let wish = |(n, i): (usize, &usize)| json!({ "appid": steam.titles[*i].appid, "priority": n, "date_added": 1_700_000_000 + n });
    let items: Vec<Value> = wishes.iter().enumerate().map(wish).collect();
    json_page(&json!({ "response": { "items": items } }))
}

async fn items(State(steam): State<Arc<Steam>>, Query(parameters): Parameters) -> Response<Body> {
    let input = parameters.get("input_json").cloned().unwrap_or_default();
    lock(&steam.asked).push("GetItems".to_owned());
    let input: Value = serde_json::from_str(&input).unwrap_or_default();
    let asked = input["ids"].as_array().cloned().unwrap_or_default();
    let items: Vec<Value> = steam
        .titles
        .iter()
        .filter(|title| asked.iter().any(|id| id["appid"] == title.appid))
        .map(|title| json!({ "item_type": 0, "id": title.appid, "success": 1, "visible": true, "name": title.name, "appid": title.appid, "type": 0 }))
        .collect();
    json_page(&json!({ "response": { "store_items": items } }))
}

/// What only an access token may ask.
mod family {
    use super::{
        ACCOUNT, Arc, Body, IntoResponse, Parameters, Query, Response, State, StatusCode, Steam,
        Value, header, json, json_page, lock,
    };

    fn stranger(
        steam: &Steam,
        query: &Query<std::collections::HashMap<String, String>>,
    ) -> Option<Response<Body>> {
        let good = lock(&steam.family).0.clone();
        (query.get("access_token") != Some(&good)).then(|| {
            let body = "<html><head><title>Unauthorized</title></head><body><h1>Unauthorized</h1></body></html>";
            (StatusCode::UNAUTHORIZED, [(header::CONTENT_TYPE, "text/html; charset=UTF-8")], body).into_response()
        })
    }

    pub async fn group(State(steam): State<Arc<Steam>>, query: Parameters) -> Response<Body> {
        lock(&steam.asked).push("GetFamilyGroupForUser".to_owned());
        if let Some(refused) = stranger(&steam, &query) {
            return refused;
        }
        json_page(&if lock(&steam.family).1.is_empty() {
            json!({ "response": { "is_not_member_of_any_group": true, "latest_time_joined": 0 } })
        } else {
            json!({ "response": { "family_groupid": "1234567", "is_not_member_of_any_group": false, "role": 1 } })
        })
    }

    pub async fn apps(State(steam): State<Arc<Steam>>, query: Parameters) -> Response<Body> {
        lock(&steam.asked).push("GetSharedLibraryApps".to_owned());
        if let Some(refused) = stranger(&steam, &query) {
            return refused;
        }
        let owns = lock(&steam.owns).unwrap_or(steam.titles.len());
        let apps: Vec<Value> = lock(&steam.family)
            .1
            .iter()
            .map(|i| {
                let mut owners = vec!["76561197960287999"];
                if *i < owns {
                    owners.push(ACCOUNT);
                }
                json!({ "appid": steam.titles[*i].appid, "owner_steamids": owners, "name": steam.titles[*i].name,
                    "capsule_filename": "library_600x900.jpg", "img_icon_hash": "", "exclude_reason": 0, "rt_time_acquired": 1_700_000_000,
                    "rt_last_played": 0, "rt_playtime": 0, "app_type": 1, "content_descriptors": [], "sort_as": "" })
            })
            .chain([json!({ "appid": 99, "owner_steamids": ["76561197960287999"], "name": "A Soundtrack", "exclude_reason": 0, "app_type": 8192 })])
            .chain([json!({ "appid": 98, "owner_steamids": ["76561197960287999"], "name": "Not For You", "exclude_reason": 3, "app_type": 1 })])
            .collect();
        json_page(&json!({ "response": { "owner_steamid": ACCOUNT, "apps": apps } }))
    }

    /// Thirty-three minutes of everything.
    pub async fn played(State(steam): State<Arc<Steam>>, query: Parameters) -> Response<Body> {
        lock(&steam.asked).push("ClientGetLastPlayedTimes".to_owned());
        if let Some(refused) = stranger(&steam, &query) {
            return refused;
        }
        let games: Vec<Value> = steam
            .titles
            .iter()
            .map(|title| json!({ "appid": title.appid, "last_playtime": 1_750_000_000, "playtime_2weeks": 0, "playtime_forever": 33, "first_playtime": 1_740_000_000 }))
            .collect();
        json_page(&json!({ "response": { "games": games } }))
    }
}

async fn vanity(State(steam): State<Arc<Steam>>, Query(parameters): Parameters) -> Response<Body> {
    let name = parameters.get("vanityurl").cloned().unwrap_or_default();
    lock(&steam.asked).push(format!("ResolveVanityURL {name}"));
    if let Some(refused) = wrong_key(&parameters) {
        return refused;
    }
    json_page(&if name == VANITY {
        json!({ "response": { "success": 1, "steamid": ACCOUNT } })
    } else {
        json!({ "response": { "success": 42, "message": "No match" } })
    })
}

async fn summaries(
    State(steam): State<Arc<Steam>>,
    Query(parameters): Parameters,
) -> Response<Body> {
    let ids = parameters.get("steamids").cloned().unwrap_or_default();
    lock(&steam.asked).push(format!("GetPlayerSummaries {ids}"));
    if let Some(refused) = wrong_key(&parameters) {
        return refused;
    }
    let players: Vec<Value> = ids
        .split(',')
        .filter(|id| [ACCOUNT, PRIVATE, EMPTY].contains(id))
        .map(|id| {
            json!({
                "steamid": id, "communityvisibilitystate": 3, "profilestate": 1,
                "personaname": if id == ACCOUNT { "The Djinn" } else { "Somebody" },
                "profileurl": format!("https://steamcommunity.com/profiles/{id}/"),
                "avatar": "", "avatarmedium": "", "avatarfull": "", "personastate": 0,
            })
        })
        .collect();
    json_page(&json!({ "response": { "players": players } }))
}

async fn page(State(steam): State<Arc<Steam>>, Query(parameters): Parameters) -> Response<Body> {
    let id = parameters.get("appids").cloned().unwrap_or_default();
    lock(&steam.asked).push(format!("appdetails {id}"));
    let found = steam
        .titles
        .iter()
        .position(|title| title.appid.to_string() == id);
    let answer = match found {
        // Every 29th is delisted.
        Some(i) if i % 29 == 28 => json!({ id: { "success": false } }),
        Some(i) => json!({ id: { "success": true, "data": store_page(i, &steam.titles[i]) } }),
        None => json!({ id: { "success": false } }),
    };
    let mood = lock(&steam.pages).pop_front();
    mood.map_or_else(|| json_page(&answer), |mood| in_mood(mood, &answer))
}

fn store_page(i: usize, title: &Title) -> Value {
    // The store gives some ages as text and some as numbers.
    let age = if title.esrb == "M" {
        if i.is_multiple_of(2) {
            json!("17")
        } else {
            json!(17)
        }
    } else {
        json!(0)
    };
    let ratings = match title.esrb.as_str() {
        "" => Value::Null,
        // Only some games carry the board's own rating.
        esrb if i % 4 != 3 => json!({
            "esrb": { "rating": esrb.to_ascii_lowercase(), "descriptors": "Violence\r\nBlood" },
            "dejus": { "rating_generated": "1", "rating": "16", "required_age": "16", "banned": "0", "use_age_gate": "0", "descriptors": "Violência" },
        }),
        esrb => {
            json!({ "pegi": { "rating": match esrb { "M" => "18", "T" => "12", "E10" => "7", _ => "3" }, "descriptors": "Violence" } })
        }
    };
    json!({
        "type": title.kind,
        "name": title.name,
        "steam_appid": title.appid,
        "required_age": age,
        "is_free": false,
        "short_description": format!("Facts about title number {i} &amp; nothing else."),
        "supported_languages": "English<strong>*</strong>",
        "header_image": format!("https://shared.akamai.steamstatic.com/store_item_assets/steam/apps/{}/header.jpg", title.appid),
        "website": Value::Null,
        "pc_requirements": if i.is_multiple_of(2) { json!([]) } else { json!({ "minimum": "A computer" }) },
        "developers": [title.developer],
        "publishers": [title.developer],
        "platforms": { "windows": true, "mac": false, "linux": i.is_multiple_of(2) },
        "categories": [{ "id": 2, "description": "Single-player" }],
        "genres": title.genres.iter().enumerate().map(|(n, genre)| json!({ "id": n.to_string(), "description": genre })).collect::<Vec<_>>(),
        "metacritic": if i.is_multiple_of(3) { json!({ "score": 60 + i % 40, "url": "https://www.metacritic.com/" }) } else { Value::Null },
        "release_date": { "coming_soon": false, "date": if i.is_multiple_of(2) { format!("24 Sep, {}", title.year) } else { format!("Sep 24, {}", title.year) } },
        "content_descriptors": { "ids": if title.esrb == "M" { json!([2, 5]) } else { json!([]) }, "notes": Value::Null },
        "ratings": ratings,
    })
}
