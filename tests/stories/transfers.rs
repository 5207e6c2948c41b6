//! `/upload`, `/download` and `/art`: who may fetch and send what, and for how long.

use crate::{
    hub::{Hub, Person, Placement},
    people::{child, stranger},
    the_graph::{CSV, import},
};
use djinn_library::export::file::entity::file;
use reqwest::{Method, RequestBuilder, Response};
use sea_orm::{EntityTrait, sea_query::Expr};
use serde_json::{Value, json};

const OCTETS: &str = "application/octet-stream";
const EXPORT: &str = "mutation($format: ExportFormat!) { exportLibrary(input: { format: $format }) { url expiresAt fileName bytes games problems { code } } }";
const IMPORT: &str = "mutation($input: ImportInput!) { importGames(input: $input) { rows added problems { code field message } } }";

async fn export(person: &Person<'_>, format: &str) -> Value {
    let made = person.ask(EXPORT, json!({ "format": format })).await["exportLibrary"].take();
    assert_eq!(made["problems"], json!([]), "{made:#}");
    made
}

fn at(hub: &Hub, method: Method, path: &str) -> RequestBuilder {
    hub.http.request(method, format!("{}{path}", hub.url))
}

async fn get(hub: &Hub, path: &str) -> Response {
    at(hub, Method::GET, path).send().await.unwrap()
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// The status and the code of a refusal, which every door writes the same way.
async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    assert!(
        header(&response, "content-type").starts_with("application/problem+json"),
        "{response:?}"
    );
    assert!(!header(&response, "x-request-id").is_empty());
    let problem: Value = response.json().await.unwrap();
    (status, problem["code"].as_str().unwrap().to_owned())
}

async fn whoever_has_the_link_of_an_export_fetches_it_until_it_expires(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let made = export(&owner, "JSON").await;
    assert_eq!(made["games"], 8);
    let url = made["url"].as_str().unwrap();

    // Without signing in, and as often as it takes: a download that breaks off is begun again.
    let mut files = Vec::new();
    for _ in 0..2 {
        let fetched = get(&hub, url).await;
        assert_eq!(fetched.status(), 200);
        assert_eq!(header(&fetched, "cache-control"), "no-store");
        assert_eq!(header(&fetched, "content-type"), "application/json");
        let name = made["fileName"].as_str().unwrap();
        assert_eq!(
            header(&fetched, "content-disposition"),
            format!("attachment; filename=\"{name}\"")
        );
        files.push(fetched.bytes().await.unwrap());
    }
    assert_eq!(files[0], files[1]);
    assert_eq!(files[0].len() as i64, made["bytes"]);
    // A part alone is not offered: who asks for one gets the whole, and is told so.
    let part = at(&hub, Method::GET, url).header("range", "bytes=0-9");
    let part = part.send().await.unwrap();
    assert_eq!(
        (part.status().as_u16(), part.bytes().await.unwrap()),
        (200, files[0].clone())
    );
    let head = at(&hub, Method::HEAD, url).send().await.unwrap();
    assert_eq!(header(&head, "content-length"), files[0].len().to_string());

    // Nobody guesses one, and none is changed into another.
    for wrong in [
        "/download/x".to_owned(),
        format!("{url}A"),
        url[..url.len() - 1].to_owned(),
        format!("/download/{}", "x".repeat(200)),
        "/download/..%2f..%2fetc%2fpasswd".to_owned(),
    ] {
        let refused = refusal(get(&hub, &wrong).await).await;
        assert_eq!(refused, (404, "NOT_FOUND".to_owned()), "{wrong}");
    }
    // A page of another site cannot read it: nothing allows it to.
    let foreign = at(&hub, Method::GET, url).header("origin", "https://evil.example");
    let foreign = foreign.send().await.unwrap();
    assert_eq!(header(&foreign, "access-control-allow-origin"), "");

    // Five minutes later.
    let past = chrono::DateTime::UNIX_EPOCH;
    file::Entity::update_many()
        .col_expr(file::Column::ExpiresAt, Expr::value(past))
        .exec(hub.database().write())
        .await
        .unwrap();
    let refused = refusal(get(&hub, url).await).await;
    assert_eq!(refused, (404, "NOT_FOUND".to_owned()));
    assert_eq!(refusal(get(&hub, url).await).await.0, 404);
}

async fn what_a_child_fetches_has_no_game_above_its_ceiling(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let child = child(&hub, &owner).await;
    for format in ["JSON", "CSV", "PLAYNITE_CSV"] {
        let made = export(&child, format).await;
        assert_eq!(made["games"], 4, "{format}");
        let file = get(&hub, made["url"].as_str().unwrap()).await;
        let file = file.text().await.unwrap();
        assert!(file.contains("Portal 2"), "{file}");
        for hidden in ["Half-Life", "DOOM", "Nobody Rated This"] {
            assert!(!file.contains(hidden), "{format}: {hidden}\n{file}");
        }
    }
    // And it brings nothing in.
    let sent = at(&hub, Method::POST, "/upload")
        .bearer_auth(child.token.as_ref().unwrap())
        .header("content-type", OCTETS)
        .body(CSV);
    let refused = refusal(sent.send().await.unwrap()).await;
    assert_eq!(refused, (403, "FORBIDDEN".to_owned()));
}

async fn an_upload_is_its_households_and_is_sent_by_who_may(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let otto = stranger(&hub, &owner).await;
    let send = |person: &Person<'_>| {
        at(&hub, Method::POST, "/upload?name=games.csv")
            .bearer_auth(person.token.as_ref().unwrap())
            .header("content-type", OCTETS)
    };
    let kept = send(&owner).body(CSV).send().await.unwrap();
    assert_eq!(kept.status(), 201);
    assert_eq!(header(&kept, "cache-control"), "no-store");
    let kept: Value = kept.json().await.unwrap();
    assert_eq!(kept["bytes"], CSV.len());
    let take = json!({ "input": { "upload": kept["upload"], "label": "Shelf" } });
    let stolen = otto.ask(IMPORT, take.clone()).await;
    assert_eq!(stolen["importGames"]["problems"][0]["code"], "NOT_FOUND");
    // As often as the form is changed, until it goes.
    let dry = json!({ "input": { "upload": kept["upload"], "label": "Shelf", "dryRun": true } });
    assert_eq!(owner.ask(IMPORT, dry).await["importGames"]["added"], 9);
    assert_eq!(owner.ask(IMPORT, take).await["importGames"]["added"], 9);

    let nobody = at(&hub, Method::POST, "/upload")
        .header("apollo-require-preflight", "1")
        .header("content-type", OCTETS);
    let refused = refusal(nobody.body(CSV).send().await.unwrap()).await;
    assert_eq!(refused, (401, "UNAUTHENTICATED".to_owned()));
    // What a form of another site can send without asking is not taken.
    let form = at(&hub, Method::POST, "/upload").header("content-type", "text/plain");
    let refused = refusal(form.body(CSV).send().await.unwrap()).await;
    assert_eq!(refused.1, "CROSS_SITE_REQUEST");
    let packed = send(&owner).header("content-encoding", "gzip");
    let refused = refusal(packed.body(CSV).send().await.unwrap()).await;
    assert_eq!(refused, (415, "UNSUPPORTED_MEDIA_TYPE".to_owned()));
    // An empty file is one; it only has nothing to import.
    let empty = send(&owner).body("").send().await.unwrap();
    let empty: Value = empty.json().await.unwrap();
    assert_eq!(empty["bytes"], 0);
    let input = json!({ "input": { "upload": empty["upload"] } });
    let refused = owner.ask(IMPORT, input).await;
    assert_eq!(
        refused["importGames"]["problems"][0]["code"], "IMPORT_MALFORMED",
        "{refused:#}"
    );
}

async fn a_picture_nobody_was_told_of_is_not_there(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    for wrong in [
        "/art/x".to_owned(),
        format!("/art/{}", "A".repeat(43)),
        format!("/art/{}?w=480", "A".repeat(5000)),
        "/art/..%2f..%2fetc%2fpasswd".to_owned(),
    ] {
        let refused = get(&hub, &wrong).await;
        assert_eq!(refused.status(), 404, "{wrong}");
        assert_eq!(
            header(&refused, "cross-origin-resource-policy"),
            "same-origin"
        );
        let said: Value = refused.json().await.unwrap();
        assert_eq!(said["code"], "NOT_FOUND", "{wrong}: {said}");
        assert!(said["requestId"].is_string(), "{wrong}: {said}");
        // Signing in changes nothing: the address is what tells.
        assert_eq!(owner.get(&wrong).await.status(), 404, "{wrong}");
    }
    assert_eq!(get(&hub, "/art/x?w=wide").await.status(), 400);
}

crate::in_both_placements!(
    whoever_has_the_link_of_an_export_fetches_it_until_it_expires,
    what_a_child_fetches_has_no_game_above_its_ceiling,
    an_upload_is_its_households_and_is_sent_by_who_may,
    a_picture_nobody_was_told_of_is_not_there,
);
