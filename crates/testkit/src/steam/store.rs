//! The store's pages, one for each title.

use super::{
    Arc, Body, Parameters, Query, Response, State, Steam, Title, Value, in_mood, json, json_page,
    lock,
};

pub async fn page(
    State(steam): State<Arc<Steam>>,
    Query(parameters): Parameters,
) -> Response<Body> {
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
