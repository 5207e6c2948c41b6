//! Rules of collections: what is refused and where, what a form is told, and why a game is in.

use super::{
    collections::{ALL, CREATE, PREVIEW, UPDATE, WHY, create, options, preview, shelf, when},
    household::game_id,
};
use djinn_kernel::{Esrb, Viewer};
use djinn_testkit::viewers::{child, player};
use serde_json::{Value, json};

#[tokio::test]
async fn a_rule_that_cannot_be_is_refused_with_the_place() {
    let hub = shelf().await;
    let fine = when("FAVOURITE", "IS_TRUE", Value::Null);
    let nested = |depth: usize| (0..depth).fold(fine.clone(), |rule, _| json!({ "all": [rule] }));
    for (rule, at) in [
        (json!({}), ""),
        (json!({ "all": [fine], "any": [fine] }), ""),
        (json!({ "all": [fine], "field": "TITLE" }), ""),
        (json!({ "all": [] }), ".all"),
        (json!({ "all": [fine, { "none": [] }] }), ".all[1].none"),
        (json!({ "operator": "IS_TRUE" }), ".field"),
        (json!({ "field": "HIDDEN" }), ".operator"),
        (
            json!({ "all": [fine, when("HIDDEN", "AT_LEAST", Value::Null)] }),
            ".all[1].operator",
        ),
        (
            json!({ "all": [fine, when("HIDDEN", "IS_TRUE", json!({ "number": 1 }))] }),
            ".all[1].value",
        ),
        (when("TITLE", "CONTAINS", Value::Null), ".value"),
        (when("TITLE", "CONTAINS", json!({ "number": 3 })), ".value"),
        (
            when("TITLE", "CONTAINS", json!({ "text": "a", "number": 3 })),
            ".value",
        ),
        (
            when("TITLE", "CONTAINS", json!({ "text": " " })),
            ".value.text",
        ),
        (
            when("TITLE", "CONTAINS", json!({ "text": "x".repeat(201) })),
            ".value.text",
        ),
        (
            when("GENRE", "ONE_OF", json!({ "options": [] })),
            ".value.options",
        ),
        (
            when("GENRE", "ONE_OF", json!({ "options": vec!["x"; 51] })),
            ".value.options",
        ),
        (
            when("GENRE", "ONE_OF", json!({ "options": ["RPG", ""] })),
            ".value.options[1]",
        ),
        (
            json!({ "any": [when("STATUS", "ONE_OF", options(&["playing", "speedrunning"]))] }),
            ".any[0].value.options[1]",
        ),
        (
            when("PLATFORM", "ONE_OF", options(&["dreamcast"])),
            ".value.options[0]",
        ),
        (
            when("HELD_AS", "ONE_OF", options(&["STOLEN"])),
            ".value.options[0]",
        ),
        (
            when("AGE_RATING", "AT_MOST", options(&["TEEN", "MATURE"])),
            ".value.options",
        ),
        (
            when("MY_RATING", "AT_LEAST", json!({ "number": 101 })),
            ".value.number",
        ),
        (
            when(
                "PLAYTIME",
                "BETWEEN",
                json!({ "numbers": { "from": 9, "to": 3 } }),
            ),
            ".value.numbers",
        ),
        (
            when("PLAYTIME", "BETWEEN", json!({ "numbers": {} })),
            ".value.numbers",
        ),
        (
            when("PLAYTIME", "AT_LEAST", json!({ "number": -1 })),
            ".value.number",
        ),
        (
            when(
                "RELEASED",
                "BETWEEN",
                json!({ "dates": { "from": "2020-01-02", "to": "2020-01-01" } }),
            ),
            ".value.dates",
        ),
        (
            when("ADDED", "IN_THE_LAST", json!({ "days": 0 })),
            ".value.days",
        ),
        (
            when("ADDED", "IN_THE_LAST", json!({ "days": 36_501 })),
            ".value.days",
        ),
        (nested(6), ".all[0].all[0].all[0].all[0].all[0].all"),
        (json!({ "any": vec![fine.clone(); 51] }), ".any"),
        (
            json!({ "all": [{ "any": vec![fine.clone(); 50] }, fine] }),
            ".all[1]",
        ),
    ] {
        let preview = hub
            .answer(&player(1), PREVIEW, json!({ "rule": rule }))
            .await;
        let error = &preview["errors"][0];
        assert_eq!(
            error["extensions"]["code"], "INVALID_INPUT",
            "{rule} {preview}"
        );
        assert_eq!(error["extensions"]["field"], format!("rule{at}"), "{rule}");
        let place = format!("`rule{at}` ");
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with(&place), "{message}");

        let input = json!({ "input": { "name": "Never", "rule": rule } });
        let made = hub.data(&player(1), CREATE, input).await["createCollection"].take();
        assert_eq!(made["problems"][0]["field"], format!("input.rule{at}"));
        assert_eq!(made["collection"], Value::Null);
    }
    assert_eq!(
        hub.data(&player(1), ALL, json!({})).await["collections"]["totalCount"],
        0
    );
    // At the limits it is fine.
    preview(&hub, &player(1), &nested(5)).await;
    preview(&hub, &player(1), &json!({ "any": vec![fine; 50] })).await;
}

#[tokio::test]
async fn everything_that_a_form_is_told_can_be_asked() {
    let hub = shelf().await;
    let described = hub
        .data(
            &player(1),
            "{ collectionFields { name label unit minimum maximum freeOptions operators { name label value } options { id label count } } }",
            json!({}),
        )
        .await["collectionFields"]
        .take();
    let mut asked = 0;
    for field in described.as_array().unwrap() {
        for operator in field["operators"].as_array().unwrap() {
            let option = || match field["options"][0]["id"].as_str() {
                Some(id) => id.to_owned(),
                // Of one's own tags there are none yet; a word that is not offered may be asked too.
                None if field["freeOptions"] == true => "anything".to_owned(),
                None => panic!("{field} offers nothing"),
            };
            let number = &field["minimum"];
            let value = match operator["value"].as_str().unwrap() {
                "NONE" => Value::Null,
                "TEXT" => json!({ "text": "a" }),
                "OPTIONS" | "OPTION" => json!({ "options": [option()] }),
                "NUMBER" => json!({ "number": number }),
                "NUMBERS" => json!({ "numbers": { "from": number, "to": field["maximum"] } }),
                "DATE" => json!({ "date": "2020-02-29" }),
                "DATES" => json!({ "dates": { "from": "2020-02-29" } }),
                "DAYS" => json!({ "days": 90 }),
                other => panic!("what is {other}?"),
            };
            let names = (
                field["name"].as_str().unwrap(),
                operator["name"].as_str().unwrap(),
            );
            preview(&hub, &player(1), &when(names.0, names.1, value)).await;
            asked += 1;
        }
    }
    assert!(asked > 80, "{asked}");
    let genre = described
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["name"] == "GENRE")
        .unwrap();
    assert_eq!(genre["freeOptions"], true);
    assert_eq!(
        genre["options"][0],
        json!({ "id": "Action", "label": "Action", "count": 2 })
    );
}

#[tokio::test]
async fn options_come_with_what_the_viewer_may_see_and_can_be_looked_for() {
    let hub = shelf().await;
    let document = "query($query: String, $first: Int) { collectionFields { name options(query: $query, first: $first) { id count } } }";
    let options = async |viewer: &Viewer, variables: Value, name: &str| {
        let fields = hub.data(viewer, document, variables).await["collectionFields"].take();
        let field = fields
            .as_array()
            .unwrap()
            .iter()
            .find(|field| field["name"] == name);
        field.unwrap()["options"].clone()
    };
    let ben = child(9, 1, Esrb::Teen);
    assert_eq!(
        options(&ben, json!({}), "GENRE").await,
        json!([{ "id": "Action", "count": 1 }, { "id": "Indie", "count": 1 }, { "id": "Platformer", "count": 1 }]),
        "a soundtrack counts, DOOM and Persona do not"
    );
    assert_eq!(
        options(&ben, json!({}), "TAG").await,
        json!([{ "id": "difficult", "count": 1 }])
    );
    assert_eq!(
        options(&player(1), json!({ "query": "PLAT" }), "GENRE").await,
        json!([{ "id": "Platformer", "count": 1 }])
    );
    assert_eq!(
        options(&player(1), json!({ "first": 1 }), "TAG")
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let platforms = options(&player(1), json!({ "first": 2 }), "PLATFORM").await;
    assert_eq!(
        platforms,
        json!([{ "id": "steam", "count": 5 }, { "id": "gog", "count": 1 }])
    );
    assert_eq!(
        hub.refusal(&player(1), document, json!({ "first": 101 }))
            .await
            .0,
        "PAGE_TOO_LARGE"
    );
}

#[tokio::test]
async fn every_part_of_a_rule_says_whether_it_holds_and_what_the_game_has() {
    let hub = shelf().await;
    let rule = json!({ "all": [
        when("GENRE", "ONE_OF", options(&["Indie", "RPG"])),
        { "none": [when("PLAYTIME", "AT_LEAST", json!({ "number": 60 }))] },
        when("CRITIC_SCORE", "AT_LEAST", json!({ "number": 90 })),
    ] });
    let made = create(&hub, &player(1), json!({ "name": "Indies", "rule": rule })).await;
    let why = async |n: u128| {
        let variables = json!({ "collection": made["id"], "game": game_id(n) });
        hub.data(&player(1), WHY, variables).await["whyInCollection"].take()
    };
    let part = |path: &str, text: &str, held: bool, value: Value| json!({ "path": path, "text": text, "held": held, "value": value });
    assert_eq!(
        why(1).await,
        json!({ "included": false, "parts": [
            part("rule", "All of these", false, Value::Null),
            part("rule.all[0]", "Genre is one of Indie, RPG", true, json!("Indie, Platformer")),
            part("rule.all[1]", "None of these", false, Value::Null),
            part("rule.all[1].none[0]", "Playtime is at least 60 minutes", true, json!("10 hours")),
            part("rule.all[2]", "Critics' score is at least 90", true, json!("92")),
            { "path": null, "text": "Hidden is false", "held": true, "value": "no" },
            { "path": null, "text": "Kind is one of Game", "held": true, "value": "Game" },
        ] })
    );
    let persona = why(3).await;
    assert_eq!(persona["included"], false);
    assert_eq!(
        persona["parts"][4],
        part(
            "rule.all[2]",
            "Critics' score is at least 90",
            false,
            Value::Null
        )
    );
    let input = json!({ "id": made["id"], "rule": { "all": [rule["all"][0], rule["all"][2]] } });
    hub.data(&player(1), UPDATE, json!({ "input": input }))
        .await;
    assert_eq!(why(1).await["included"], true);

    let manual = create(
        &hub,
        &player(1),
        json!({ "name": "By hand", "gameIds": [game_id(1)] }),
    )
    .await;
    for (n, held) in [(1, true), (2, false)] {
        let variables = json!({ "collection": manual["id"], "game": game_id(n) });
        let why = hub.data(&player(1), WHY, variables).await["whyInCollection"].take();
        assert_eq!(why["included"], held);
        assert_eq!(
            why["parts"][0],
            json!({ "path": null, "text": "Put in by hand", "held": held, "value": null })
        );
    }
    // Neither what is not held nor what is somebody else's has a reason.
    let missing = json!({ "collection": made["id"], "game": game_id(77) });
    assert_eq!(
        hub.data(&player(1), WHY, missing).await["whyInCollection"],
        Value::Null
    );
    let theirs = json!({ "collection": made["id"], "game": game_id(1) });
    assert_eq!(
        hub.data(&player(2), WHY, theirs).await["whyInCollection"],
        Value::Null
    );
}
