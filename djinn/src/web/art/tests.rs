use super::*;
use axum::{
    body::{Body, to_bytes},
    http::{HeaderName, Request},
};
use djinn_kernel::event::{CopiesFound, FoundCopy, Hints};
use djinn_kernel::ids::{CopyId, LibraryId};
use djinn_metadata::{Metadata, artwork::picture::Picture};
use djinn_subgraph_kit::http::{Answer, NoAnswer};
use djinn_testkit::{
    http::ScriptedHttp,
    ports::TestPorts,
    viewers::{call, player},
};
use tower::ServiceExt;
use uuid::Uuid;

/// A hub with one game, and its gallery over a folder of its own.
async fn hub() -> (TestPorts, tempfile::TempDir, Gallery, String) {
    let test = djinn_testkit::ports::frozen().await;
    let parts = Metadata::assemble(test.ports.clone(), djinn_metadata::Config::default());
    let copy = FoundCopy {
        copy: CopyId(Uuid::from_u128(1)),
        platform: "steam".to_owned(),
        store_id: Some("70".to_owned()),
        title: "Half-Life".to_owned(),
        year: None,
        hints: Hints::default(),
        entry: None,
        vouched: true,
    };
    let found = CopiesFound {
        library: LibraryId(Uuid::from_u128(2)),
        household: None,
        copies: vec![copy],
    };
    let listener = parts.consumer.as_ref().expect("a listener");
    test.send(&**listener, &found).await;
    let events = test
        .take_payloads::<djinn_kernel::event::GameChanged>()
        .await;
    let asked = serde_json::json!({ "id": events[0].game });
    let query = "query($id: ID!) { game(id: $id) { coverUrl } }";
    let answer = parts.subgraph.execute(call(&player(1), query, asked)).await;
    let answer = serde_json::to_value(answer.expect("an answer")).expect("JSON");
    let url = answer["data"]["game"]["coverUrl"]
        .as_str()
        .expect("a cover");
    let folder = tempfile::tempdir().expect("a folder");
    let outside = ScriptedHttp::default();
    outside.answer(|ask| {
        if !ask.url.ends_with("/70/library_600x900.jpg") {
            return Err(NoAnswer::Unreachable);
        }
        let (width, height) = (600, 900);
        let rgb = [9, 90, 200].repeat(600 * 900);
        Ok(Answer {
            status: 200,
            retry_after: None,
            content_type: "image/jpeg".to_owned(),
            body: Picture { width, height, rgb }.write().into(),
        })
    });
    let shelf = Folder::open(folder.path(), 10_000_000, Arc::clone(&test.ports.clock));
    let gallery = Gallery::new(
        test.ports.clone(),
        Arc::new(outside),
        Arc::new(shelf.expect("a shelf")),
        Settings::default(),
    );
    let url = url.to_owned();
    (test, folder, gallery, url)
}

async fn ask(routes: &Router, url: &str, header: Option<(&str, &str)>) -> Response {
    let mut request = Request::get(url);
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    let request = request.body(Body::empty()).expect("a request");
    routes.clone().oneshot(request).await.expect("an answer")
}

fn header_of(response: &Response, name: HeaderName) -> String {
    let value = response.headers().get(name).map(HeaderValue::to_str);
    value.unwrap_or(Ok("")).expect("plain").to_owned()
}

#[tokio::test]
async fn a_picture_is_kept_for_good_and_asked_after_by_its_tag() {
    let (_test, folder, gallery, url) = hub().await;
    let routes = routes(Pictures::Here(gallery));
    let answer = ask(&routes, &url, None).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(header_of(&answer, header::CONTENT_TYPE), "image/jpeg");
    assert_eq!(header_of(&answer, header::CACHE_CONTROL), FOR_GOOD);
    let tag = header_of(&answer, header::ETAG);
    let file = to_bytes(answer.into_body(), MOST_BYTES)
        .await
        .expect("a file");
    assert_eq!(Picture::read(&file).expect("a picture").width, 480);
    let again = ask(&routes, &url, Some(("if-none-match", &tag))).await;
    assert_eq!(again.status(), 304);
    let other = url.replace("w=480", "w=160");
    let other = ask(&routes, &other, Some(("if-none-match", &tag))).await;
    assert_eq!(other.status(), 200, "another width is another picture");
    let kept = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(kept, 3, "as it came, and in both widths");
}

#[tokio::test]
async fn what_was_not_given_out_is_not_found_and_widths_are_ours() {
    let (_test, _folder, gallery, url) = hub().await;
    let routes = routes(Pictures::Here(gallery));
    for (url, status) in [
        (url.replace("w=480", "w=481"), 400),
        (url.replace("w=480", "w=-1"), 400),
        (url.replace("w=480", "w=https://elsewhere"), 400),
        (url.replace("/art/", "/art/A"), 404),
        ("/art/x?w=480".to_owned(), 404),
        ("/art/..%2f..%2fetc%2fpasswd?w=480".to_owned(), 404),
        ("/art/https:%2f%2felsewhere.example%2fa.jpg".to_owned(), 404),
    ] {
        assert_eq!(ask(&routes, &url, None).await.status(), status, "{url}");
    }
    let guessed = ask(&routes, "/art/x", Some(("if-none-match", "\"x-480\""))).await;
    assert_eq!(guessed.status(), 404, "a tag proves nothing");
}

#[tokio::test]
async fn a_hub_whose_metadata_runs_elsewhere_passes_its_pictures_on() {
    let (test, _folder, gallery, url) = hub().await;
    let guard = Guard {
        keys: test.ports.keys,
        clock: Arc::clone(&test.ports.clock),
    };
    let there = Router::new().nest("/metadata", internal(gallery, guard));
    let path = format!("/metadata{url}");
    assert_eq!(
        ask(&there, &path, None).await.status(),
        401,
        "only the hub may ask"
    );
    let forged = ask(&there, &path, Some(("authorization", "Bearer x"))).await;
    assert_eq!(forged.status(), 401);

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let place = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, there).await });
    let client = djinn_platform::http::Client::new(Arc::clone(&test.ports.clock));
    let hub = routes(Pictures::There(Arc::new(Elsewhere {
        http: Arc::new(client.expect("a client")),
        keys: test.ports.keys,
        clock: Arc::clone(&test.ports.clock),
        place: format!("http://{place}/metadata/art"),
    })));
    let answer = ask(&hub, &url, None).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(header_of(&answer, header::CACHE_CONTROL), FOR_GOOD);
    let wrong = url.replace("w=480", "w=7");
    assert_eq!(ask(&hub, &wrong, None).await.status(), 400);
    assert_eq!(ask(&hub, "/art/x?w=480", None).await.status(), 404);
}
