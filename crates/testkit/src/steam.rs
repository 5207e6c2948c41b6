//! A stand-in for Steam's two hosts, the Web API and the store: the platform's real shapes, its
//! error bodies and its moods, for a few hundred titles.
//!
//! Run it by hand with `cargo run -p djinn-testkit --example steam -- 9100`, and point the hub at it
//! with `DJINN__STEAM__API_URL` and `DJINN__STEAM__STORE_URL`.

mod achievement;
mod family;
mod mood;
mod store;

pub use self::mood::Mood;

use self::mood::{in_mood, json_page};
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
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
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
    /// Titles that were played on since, and for how long in all.
    played: Mutex<HashMap<usize, usize>>,
    /// What nobody but the account sees from now on: how it plays.
    shy: AtomicBool,
    moods: Mutex<HashMap<&'static str, VecDeque<Mood>>>,
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

    /// The account has now played that title for so many minutes, the last of them lately.
    pub fn plays(&self, title: usize, minutes: usize) {
        lock(&self.played).insert(title, minutes);
    }

    /// Whether the account hides what it unlocked.
    pub fn hides_play(&self, hidden: bool) {
        self.shy.store(hidden, Ordering::SeqCst);
    }

    /// The next answers of that method of the Web API are in these moods, for instance of
    /// `GetWishlist`.
    pub fn feel(&self, method: &'static str, moods: impl IntoIterator<Item = Mood>) {
        lock(&self.moods).entry(method).or_default().extend(moods);
    }

    /// It is itself again.
    pub fn calm(&self) {
        lock(&self.moods).clear();
        lock(&self.owned).clear();
        lock(&self.pages).clear();
    }

    /// Answers `good`, unless that method is in a mood.
    fn answer(&self, method: &str, good: &Value) -> Response<Body> {
        let mood = lock(&self.moods)
            .get_mut(method)
            .and_then(VecDeque::pop_front);
        mood.map_or_else(|| json_page(good), |mood| in_mood(mood, good))
    }

    /// How long the account played that title.
    fn minutes(&self, i: usize) -> usize {
        // Every third was never played, like most libraries.
        let usual = if i.is_multiple_of(3) {
            0
        } else {
            (i * 37) % 4000
        };
        lock(&self.played).get(&i).copied().unwrap_or(usual)
    }

    /// That title in the list of what was played in the last two weeks: every seventh of those that
    /// are owned and played, and what was played on since, owned or not. Neither when it was last
    /// played nor whose it is stands there.
    fn lately(&self, i: usize, title: &Title) -> Option<Value> {
        let owns = lock(&self.owns).unwrap_or(self.titles.len());
        let minutes = self.minutes(i);
        let usual = i < owns && i.is_multiple_of(7) && minutes > 0;
        (usual || lock(&self.played).contains_key(&i)).then(|| {
            json!({
                "appid": title.appid,
                "name": title.name,
                "playtime_2weeks": minutes.min(300),
                "playtime_forever": minutes,
                "img_icon_url": format!("{:040x}", title.appid),
                "playtime_windows_forever": minutes,
                "playtime_mac_forever": 0,
                "playtime_linux_forever": 0,
                "playtime_deck_forever": 0,
            })
        })
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
        .route(
            "/ISteamUserStats/GetPlayerAchievements/v1/",
            get(achievement::of_player),
        )
        .route(
            "/ISteamUserStats/GetSchemaForGame/v2/",
            get(achievement::schema),
        )
        .route(
            "/ISteamUserStats/GetGlobalAchievementPercentagesForApp/v2/",
            get(achievement::percentages),
        )
        .route("/IStoreBrowseService/GetItems/v1/", get(items))
        .route("/IPlayerService/GetOwnedGames/v1", get(owned))
        .route("/IPlayerService/GetOwnedGames/v1/", get(owned))
        .route("/ISteamUser/ResolveVanityURL/v1", get(vanity))
        .route("/ISteamUser/ResolveVanityURL/v1/", get(vanity))
        .route("/ISteamUser/GetPlayerSummaries/v2", get(summaries))
        .route("/ISteamUser/GetPlayerSummaries/v2/", get(summaries))
        .route("/api/appdetails", get(store::page))
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
                .map(|(i, title)| owned_game(i, title, steam.minutes(i)))
                .collect();
            json!({ "response": { "game_count": games.len(), "games": games } })
        }
        // PRIVATE, and everybody else: Steam says nothing at all, with status 200.
        _ => json!({ "response": {} }),
    };
    let mood = lock(&steam.owned).pop_front();
    mood.map_or_else(|| json_page(&answer), |mood| in_mood(mood, &answer))
}

fn owned_game(i: usize, title: &Title, minutes: usize) -> Value {
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
    let games: Vec<Value> = steam
        .titles
        .iter()
        .enumerate()
        .filter_map(|(i, title)| steam.lately(i, title))
        .collect();
    let answer = if games.is_empty() {
        json!({ "response": { "total_count": 0 } })
    } else {
        json!({ "response": { "total_count": games.len(), "games": games } })
    };
    steam.answer("GetRecentlyPlayedGames", &answer)
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
    let wish = |(n, i): (usize, &usize)| json!({ "appid": steam.titles[*i].appid, "priority": n, "date_added": 1_700_000_000 + n });
    let items: Vec<Value> = wishes.iter().enumerate().map(wish).collect();
    // An empty wishlist and a hidden one look the same.
    let answer = if items.is_empty() || id != ACCOUNT {
        json!({ "response": {} })
    } else {
        json!({ "response": { "items": items } })
    };
    steam.answer("GetWishlist", &answer)
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
