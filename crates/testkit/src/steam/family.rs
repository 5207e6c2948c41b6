//! What only an access token may ask: what the family lends, and when everything was last played.

use super::{
    ACCOUNT, Arc, Body, IntoResponse, Parameters, Query, Response, State, StatusCode, Steam, Value,
    header, json, lock,
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
    let answer = if lock(&steam.family).1.is_empty() {
        json!({ "response": { "is_not_member_of_any_group": true, "latest_time_joined": 0 } })
    } else {
        json!({ "response": { "family_groupid": "1234567", "is_not_member_of_any_group": false, "role": 1 } })
    };
    steam.answer("GetFamilyGroupForUser", &answer)
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
    let answer = json!({ "response": { "owner_steamid": ACCOUNT, "apps": apps } });
    steam.answer("GetSharedLibraryApps", &answer)
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
    let answer = json!({ "response": { "games": games } });
    steam.answer("ClientGetLastPlayedTimes", &answer)
}
