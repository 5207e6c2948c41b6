use super::*;
use crate::game::{Findings, rating::Rating};
use chrono::NaiveDate;
use djinn_kernel::event::GameKind;

fn answer(status: u16, content_type: &str, body: &str) -> Answer {
    Answer {
        status,
        retry_after: None,
        content_type: content_type.to_owned(),
        body: body.as_bytes().to_vec().into(),
    }
}

fn json(body: &str) -> Result<Found, Trouble> {
    read("70", &answer(200, "application/json", body))
}

fn findings(data: &str) -> Findings {
    match json(&format!(r#"{{"70":{{"success":true,"data":{data}}}}}"#)) {
        Ok(Found::Findings(findings)) => *findings,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_page_is_read_whatever_the_types_of_its_fields() {
    let found = findings(
        r#"{"type":"game","name":"Lambda™ &amp; Co","steam_appid":70,"required_age":"16+","pc_requirements":[],
        "short_description":"Run &amp; think.","header_image":"https://cdn.example/h.jpg","developers":["Valve","Valve"],"publishers":["Valve"],
        "genres":[{"id":"1","description":"Action"},{"id":25}],"categories":[{"id":2,"description":"Single-player"}],
        "metacritic":{"score":"96"},"release_date":{"coming_soon":false,"date":"8 Nov, 1998"},
        "content_descriptors":{"ids":[2,"5"],"notes":null},"unknown":{"deep":[1]},
        "ratings":{"esrb":{"rating":"m","descriptors":"Blood\r\nGore"},"steam_germany":{"rating":"16","rating_generated":"1"},"pegi":null}}"#,
    );
    assert_eq!(found.kind, Some(GameKind::Game));
    assert_eq!(found.required_age, Some(16));
    assert_eq!(found.summary.as_deref(), Some("Run & think."));
    assert_eq!(found.developers, ["Valve"]);
    assert_eq!(found.genres, ["Action"]);
    assert_eq!(found.tags, ["Single-player"]);
    assert_eq!(found.critic_score, Some(96));
    assert_eq!(found.released_on, NaiveDate::from_ymd_opt(1998, 11, 8));
    assert_eq!(found.content_descriptors, [2, 5]);
    let rating = |board: &str, rating: &str, source: &str, descriptors: &[&str]| Rating {
        board: board.into(),
        rating: rating.into(),
        source: source.into(),
        descriptors: descriptors.iter().map(|text| (*text).to_owned()).collect(),
    };
    assert_eq!(
        found.ratings,
        [
            rating("ESRB", "M", "steam-store", &["Blood", "Gore"]),
            rating("Steam Germany", "16", "questionnaire", &[])
        ]
    );
}

#[test]
fn an_empty_page_says_nothing() {
    assert_eq!(
        findings(
            r#"{"required_age":0,"release_date":{"coming_soon":true,"date":"To be announced"},"ratings":null}"#
        ),
        Findings::default()
    );
}

#[test]
fn each_way_to_fail_is_told_from_the_others() {
    let limited = |plainly| {
        Err(Trouble::RateLimited {
            retry_after: None,
            plainly,
        })
    };
    assert_eq!(json("null"), limited(false));
    assert_eq!(read("70", &answer(429, "text/html", "<p>")), limited(true));
    assert_eq!(json(r#"{"70":{"success":false}}"#), Ok(Found::Nothing));
    assert!(matches!(
        read("70", &answer(503, "text/html", "<html>")),
        Err(Trouble::Down(_))
    ));
    assert!(matches!(
        read("70", &answer(200, "text/html", "<html>")),
        Err(Trouble::Down(_))
    ));
    for nonsense in [
        r#"{"70":{"success":tr"#,
        "[]",
        "{}",
        r#"{"70":{"success":true}}"#,
        r#"{"70":[]}"#,
        "",
    ] {
        assert!(
            matches!(json(nonsense), Err(Trouble::Malformed(_))),
            "{nonsense}"
        );
    }
}

#[test]
fn a_merged_product_answers_under_its_new_number() {
    let merged = json(r#"{"71":{"success":true,"data":{"name":"New"}}}"#);
    assert!(matches!(merged, Ok(Found::Findings(_))));
}

#[test]
fn an_address_with_a_character_that_no_database_takes_is_none() {
    let found = findings(r#"{"header_image":"https://cdn.example/\u0000.jpg"}"#);
    assert_eq!(found.header_art, None);
}
