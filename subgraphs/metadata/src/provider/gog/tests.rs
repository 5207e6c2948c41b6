use super::*;
use djinn_kernel::event::GameKind;
use serde_json::json;

fn answer() -> Value {
    json!({
        "id": "51", "game_id": "77", "platform_id": "steam", "external_id": "323580",
        "type": "game", "title": { "*": "Jotun", "en-US": "Jotun" },
        "game": {
            "id": "77", "title": { "*": "Jotun" }, "type": "game",
            "first_release_date": "2015-09-29T00:00:00+0000",
            "summary": { "*": "Impress the gods &amp; enter <b>Valhalla</b>." },
            "genres": [{ "name": { "*": "Indie", "en-US": "Indie" } }, { "name": { "de-DE": "Rollenspiel" } }],
            "themes": [{ "name": { "*": "Action" } }], "game_modes": [{ "name": { "*": "Single player" } }],
            "developers": [{ "id": "1", "name": "Thunder Lotus Games" }], "publishers": null,
            "aggregated_rating": 78.5455,
            "vertical_cover": { "url_format": "https://images.gog.com/8d82{formatter}.{ext}?namespace=gamesdb" },
            "background": { "url_format": "http://images.gog.com/plain{formatter}.{ext}" },
            "screenshots": [{ "url_format": "https://images.gog.com/a{formatter}.{ext}?namespace=gamesdb" }, {}],
            "releases": [
                { "platform_id": "steam", "external_id": "323580" },
                { "platform_id": "gog", "external_id": "1458127099" },
                { "platform_id": "xboxone", "external_id": "786868977" },
                { "platform_id": "psn", "external_id": "CUSA05293_00" },
                { "platform_id": "epic", "external_id": "Grouse" },
                { "platform_id": "epic", "external_id": "generic" },
                { "platform_id": "itch", "external_id": "..%2Fpirate" },
                { "platform_id": "test", "external_id": "1" }
            ]
        }
    })
}

#[test]
fn a_work_is_read_with_its_products_in_the_stores_that_are_believed() {
    let Ok(Found::Product {
        id,
        findings,
        stores,
    }) = game::read(&answer())
    else {
        panic!("no product");
    };
    assert_eq!(id, "77");
    assert_eq!(findings.title.as_deref(), Some("Jotun"));
    assert_eq!(
        (findings.kind, findings.release_year),
        (Some(GameKind::Game), Some(2015))
    );
    assert_eq!(findings.genres, ["Indie"]);
    assert_eq!(findings.tags, ["Action", "Single player"]);
    assert_eq!(findings.developers, ["Thunder Lotus Games"]);
    assert_eq!(findings.critic_score, Some(79));
    assert_eq!(
        findings.summary.as_deref(),
        Some("Impress the gods & enter Valhalla .")
    );
    assert_eq!(
        findings.cover_art.as_deref(),
        Some("https://images.gog.com/8d82_glx_vertical_cover.webp?namespace=gamesdb")
    );
    assert_eq!((findings.hero_art, findings.screenshots.len()), (None, 1));
    let stores: Vec<_> = stores.iter().map(|(p, id)| format!("{p}:{id}")).collect();
    assert_eq!(
        stores,
        [
            "steam:323580",
            "gog:1458127099",
            "xbox:786868977",
            "psn:CUSA05293_00",
            "epic:Grouse"
        ]
    );
}

#[test]
fn nonsense_is_no_game_and_no_answer_is_not_nothing() {
    let mut spam = answer();
    spam["type"] = json!("spam");
    assert_eq!(game::read(&spam), Ok(Found::Nothing));
    for nonsense in [
        json!(null),
        json!([]),
        json!({ "game": {} }),
        json!({ "game": { "id": "../.." } }),
    ] {
        assert!(
            matches!(game::read(&nonsense), Err(Trouble::Malformed(_))),
            "{nonsense}"
        );
    }
    let bare =
        json!({ "game": { "id": "7", "genres": 3, "first_release_date": "soon", "releases": {} } });
    let Ok(Found::Product {
        findings, stores, ..
    }) = game::read(&bare)
    else {
        panic!("no product");
    };
    assert_eq!(
        (*findings, stores),
        (crate::game::Findings::default(), Vec::new())
    );
}
