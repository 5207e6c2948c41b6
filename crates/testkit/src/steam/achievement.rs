//! Achievements: of an account, of a game, and of all players.
//!
//! Every fifth title has some, as `has_community_visible_stats` of its owner says. A hidden one has
//! no description, a percentage is a number or a text, and who may not know gets a reason in JSON
//! with a status that says something else.

use super::{
    ACCOUNT, Arc, Body, HashMap, IntoResponse, Ordering, Parameters, Query, Response, State,
    StatusCode, Steam, Value, header, json, json_page, lock, wrong_key,
};

/// How many a title has.
const EACH: usize = 4;

/// The title of that id, if it has achievements.
fn title(steam: &Steam, parameters: &HashMap<String, String>, name: &str) -> Option<usize> {
    let id = parameters.get(name)?;
    let at = steam
        .titles
        .iter()
        .position(|title| title.appid.to_string() == *id)?;
    at.is_multiple_of(5).then_some(at)
}

fn id(n: usize) -> String {
    format!("ACH_{n}")
}

/// An error as the Web API words it.
fn refused(status: StatusCode, why: &str) -> Response<Body> {
    let body = json!({ "playerstats": { "error": why, "success": false } });
    let json = [(header::CONTENT_TYPE, "application/json; charset=UTF-8")];
    (status, json, body.to_string()).into_response()
}

/// What an account unlocked.
pub async fn of_player(
    State(steam): State<Arc<Steam>>,
    Query(parameters): Parameters,
) -> Response<Body> {
    let app = parameters.get("appid").cloned().unwrap_or_default();
    lock(&steam.asked).push(format!("GetPlayerAchievements {app}"));
    if let Some(refused) = wrong_key(&parameters) {
        return refused;
    }
    let account = parameters.get("steamid").map(String::as_str);
    if account != Some(ACCOUNT) || steam.shy.load(Ordering::SeqCst) {
        return refused(StatusCode::FORBIDDEN, "Profile is not public");
    }
    let Some(at) = title(&steam, &parameters, "appid") else {
        return refused(StatusCode::BAD_REQUEST, "Requested app has no stats");
    };
    // Whoever played has the first, and another for each five hours.
    let minutes = steam.minutes(at);
    let unlocked = if minutes == 0 { 0 } else { 1 + minutes / 300 };
    let one = |n: usize| {
        let done = n < unlocked;
        json!({ "apiname": id(n), "achieved": u8::from(done), "unlocktime": if done { 1_700_000_000 + n } else { 0 } })
    };
    let achievements: Vec<Value> = (0..EACH).map(one).collect();
    let answer = json!({ "playerstats": {
        "steamID": ACCOUNT, "gameName": steam.titles[at].name, "achievements": achievements, "success": true,
    } });
    steam.answer("GetPlayerAchievements", &answer)
}

/// How a game describes them. Of an app without any it knows nothing.
pub async fn schema(
    State(steam): State<Arc<Steam>>,
    Query(parameters): Parameters,
) -> Response<Body> {
    let app = parameters.get("appid").cloned().unwrap_or_default();
    lock(&steam.asked).push(format!("GetSchemaForGame {app}"));
    if let Some(refused) = wrong_key(&parameters) {
        return refused;
    }
    let Some(at) = title(&steam, &parameters, "appid") else {
        return json_page(&json!({ "game": {} }));
    };
    let one = |n: usize| {
        let mut one = json!({
            "name": id(n), "defaultvalue": 0, "displayName": format!("Achievement {n}"), "hidden": 0,
            "description": format!("Do it {n} times"),
            "icon": format!("https://steamcdn-a.akamaihd.net/steamcommunity/public/images/apps/{app}/{n:040x}.jpg"),
            "icongray": format!("https://steamcdn-a.akamaihd.net/steamcommunity/public/images/apps/{app}/{:040x}.jpg", n + 100),
        });
        if n + 1 == EACH
            && let Some(one) = one.as_object_mut()
        {
            one.insert("hidden".to_owned(), json!(1));
            one.remove("description");
        }
        one
    };
    let achievements: Vec<Value> = (0..EACH).map(one).collect();
    let answer = json!({ "game": {
        "gameName": steam.titles[at].name, "gameVersion": "7",
        "availableGameStats": {
            "stats": [{ "name": "stat_1", "defaultvalue": 0, "displayName": "" }],
            "achievements": achievements,
        },
    } });
    steam.answer("GetSchemaForGame", &answer)
}

/// How rare they are. Nobody needs a key for that.
pub async fn percentages(
    State(steam): State<Arc<Steam>>,
    Query(parameters): Parameters,
) -> Response<Body> {
    let app = parameters.get("gameid").cloned().unwrap_or_default();
    lock(&steam.asked).push(format!("GetGlobalAchievementPercentagesForApp {app}"));
    if title(&steam, &parameters, "gameid").is_none() {
        let json = [(header::CONTENT_TYPE, "application/json; charset=UTF-8")];
        return (StatusCode::FORBIDDEN, json, "{}").into_response();
    }
    let one = |n: usize| {
        let percent = 80.5 / f64::from(1_u32 << n);
        let percent = if n.is_multiple_of(2) {
            json!(format!("{percent:.1}"))
        } else {
            json!(percent)
        };
        json!({ "name": id(n), "percent": percent })
    };
    let achievements: Vec<Value> = (0..EACH).map(one).collect();
    let answer = json!({ "achievementpercentages": { "achievements": achievements } });
    steam.answer("GetGlobalAchievementPercentagesForApp", &answer)
}
