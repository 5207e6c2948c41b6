//! The operation files of a hub that runs elsewhere, followed: a tool that is added there, by a file in
//! its folder, is one here within seconds.

use super::over_http::OverHttp;
use crate::{documents, web::SOURCES};
use djinn_operations::{Catalogue, Live};
use reqwest::{StatusCode, header};
use serde::Deserialize;
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// How often the hub is asked for what is new; it answers in a line when nothing is.
const LOOK: Duration = Duration::from_secs(2);
/// How long a hub is left alone that did not answer.
const LATER: Duration = Duration::from_secs(10);

/// The files of one hub.
pub struct OfHub {
    hub: Arc<OverHttp>,
    url: String,
    /// Which of them are here.
    tag: Option<header::HeaderValue>,
}

/// What the hub says.
#[derive(Deserialize)]
struct Told {
    schema: String,
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    path: String,
    text: String,
}

impl OfHub {
    /// Those of the hub at `url`.
    pub fn new(hub: Arc<OverHttp>, url: &str) -> Self {
        Self {
            hub,
            url: format!("{}{SOURCES}", url.trim_end_matches('/')),
            tag: None,
        }
    }

    /// The catalogue as it is there, followed until `stop`. Of a hub that does not tell, the files of
    /// this version stand in.
    pub async fn live(mut self, stop: CancellationToken) -> Live {
        let first = match self.look().await {
            Ok(catalogue) => catalogue.unwrap_or_default(),
            Err(error) => {
                eprintln!(
                    "djinn: the hub does not tell its tools, so those of this version are served: {error}"
                );
                return Live::fixed(documents::embedded("mcp"));
            }
        };
        let live = Live::fed(first);
        let fed = live.clone();
        tokio::spawn(async move { self.feed(fed, stop).await });
        live
    }

    async fn feed(mut self, live: Live, stop: CancellationToken) {
        let mut pause = LOOK;
        while stop
            .run_until_cancelled(tokio::time::sleep(pause))
            .await
            .is_some()
        {
            pause = match self.look().await {
                Ok(Some(catalogue)) => {
                    live.replace(catalogue);
                    LOOK
                }
                Ok(None) => LOOK,
                // A call says so, too, to somebody who can do something about it.
                Err(_) => LATER,
            };
        }
    }

    /// What is there now; `None` when it is the same as the last time.
    async fn look(&mut self) -> Result<Option<Catalogue>, reqwest::Error> {
        let mut request = self.hub.get(&self.url);
        if let Some(tag) = &self.tag {
            request = request.header(header::IF_NONE_MATCH, tag);
        }
        let response = request.send().await?.error_for_status()?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        let tag = response.headers().get(header::ETAG).cloned();
        // By what address people come, the hub knows best.
        let place = response.headers().get(header::CONTENT_LOCATION);
        let place = place.and_then(|place| place.to_str().ok()?.strip_suffix(SOURCES));
        if let Some(place) = place {
            self.hub.is_known_at(place);
        }
        let told: Told = response.json().await?;
        self.tag = tag;
        let files = told.files.into_iter().map(|file| (file.path, file.text));
        let files: Vec<(String, String)> = files.collect();
        let catalogue = Catalogue::load(&files, &told.schema);
        for problem in &catalogue.problems {
            eprintln!("djinn: {problem}");
        }
        Ok(Some(catalogue))
    }
}
