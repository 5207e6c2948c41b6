//! `/art/{token}?w=480`: pictures of games.
//!
//! The door holds no rule: which picture a token is, where it comes from and whether it may is the
//! metadata subgraph's. It serves them itself where it runs here; where it runs elsewhere, its
//! process is asked, by a call between the hub's own processes.

use super::{problem::Problem, trace::id_of};
use crate::config::{Config, LOCAL};
use axum::{
    Router,
    extract::{Path, Query, Request, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use djinn_kernel::{Clock, Code, Fault, Viewer};
use djinn_metadata::artwork::{
    self,
    gallery::{Gallery, NotServed, Served, Settings},
};
use djinn_platform::{
    outside::{Outside, SystemLookup},
    shelf::Folder,
};
use djinn_subgraph_kit::{
    Ports, RequestId,
    endpoint::Guard,
    http::{Ask, Http},
    ports::Keys,
    token,
};
use serde::Deserialize;
use std::{sync::Arc, time::Duration};

/// The address names the picture, so what it shows never changes.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// Another picture stands in: the right one may come.
const FOR_NOW: &str = "public, max-age=300";
/// The width when none is asked for.
const USUAL: u32 = 480;
/// No picture of ours has more bytes: JPEG, 1920 wide.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Where pictures are made.
#[derive(Clone)]
pub enum Pictures {
    /// In this process.
    Here(Gallery),
    /// In the process of the metadata subgraph.
    There(Arc<Elsewhere>),
}

/// How to ask another process of this hub.
pub struct Elsewhere {
    http: Arc<dyn Http>,
    keys: Keys,
    clock: Arc<dyn Clock>,
    /// Where it serves them, without a slash at the end.
    place: String,
}

impl Pictures {
    /// Where the configuration puts them. `None`: this hub shows none.
    pub fn of(config: &Config, ports: &Ports) -> Option<Self> {
        if config.subgraphs.metadata == LOCAL {
            return gallery(config, ports).map(Self::Here);
        }
        let place = config.subgraphs.metadata.trim_end_matches('/');
        config.artwork.enabled.then(|| {
            Self::There(Arc::new(Elsewhere {
                http: Arc::clone(&ports.http),
                keys: ports.keys,
                clock: Arc::clone(&ports.clock),
                place: format!("{place}/metadata/art"),
            }))
        })
    }

    /// Whether the token is one that never stops naming the same picture; costs no look.
    fn knows(&self, token: &str) -> bool {
        match self {
            Self::Here(gallery) => gallery.is_ours(token),
            Self::There(_) => false,
        }
    }

    async fn serve(&self, token: &str, width: u32) -> Result<Served, NotServed> {
        match self {
            Self::Here(gallery) => gallery.serve(token, width).await,
            Self::There(elsewhere) => elsewhere.serve(token, width).await,
        }
    }
}

/// The gallery of this process. None where pictures are switched off, or cannot be kept: that is
/// worth a word, but not worth staying down for.
fn gallery(config: &Config, ports: &Ports) -> Option<Gallery> {
    if !config.artwork.enabled {
        return None;
    }
    open(config, ports)
        .inspect_err(|fault| tracing::warn!(%fault, "pictures are not shown"))
        .ok()
}

fn open(config: &Config, ports: &Ports) -> Result<Gallery, Fault> {
    let outside = Outside::new(
        Arc::clone(&ports.clock),
        &artwork::HOSTS,
        config.artwork.stand_ins.clone(),
        Arc::new(SystemLookup),
    )?;
    let folder = config.data.dir.join("art");
    let bytes = u64::from(config.artwork.cache_mb.max(16)) * 1024 * 1024;
    let shelf = Folder::open(&folder, bytes, Arc::clone(&ports.clock))?;
    let settings = Settings {
        steam: config.artwork.steam_url.clone(),
    };
    Ok(Gallery::new(
        ports.clone(),
        Arc::new(outside),
        Arc::new(shelf),
        settings,
    ))
}

impl Elsewhere {
    async fn serve(&self, picture: &str, width: u32) -> Result<Served, NotServed> {
        // What goes into the address is what a token is made of.
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if picture.len() != artwork::token::LENGTH || !picture.bytes().all(plain) {
            return Err(NotServed::Unknown);
        }
        let mut ask = Ask::get(format!("{}/{picture}?w={width}", self.place));
        let signed = token::sign(&self.keys, &*self.clock, &Viewer::Hub);
        ask.headers = vec![("authorization", format!("Bearer {signed}"))];
        ask.timeout = Duration::from_secs(40);
        ask.max_bytes = MOST_BYTES;
        match self.http.send(ask).await {
            Ok(answer) if matches!(answer.status, 200 | 203) => Ok(Served {
                itself: answer.status == 200,
                file: answer.body,
            }),
            Ok(answer) if answer.status == 404 => Err(NotServed::Unknown),
            Ok(answer) if answer.status == 400 => Err(NotServed::Width),
            Ok(_) | Err(_) => Err(NotServed::Later),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Asked {
    w: Option<u32>,
}

/// The public door.
pub fn routes(pictures: Pictures) -> Router {
    Router::new()
        .route("/art/{token}", get(picture).fallback(only_get))
        .with_state(pictures)
}

async fn picture(
    State(pictures): State<Pictures>,
    Path(token): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
    request: Request,
) -> Response {
    let id = id_of(&request);
    let (parts, _) = request.into_parts();
    let headers = &parts.headers;
    let Ok(Query(asked)) = asked else {
        return told(&NotServed::Width, &id);
    };
    let width = asked.w.unwrap_or(USUAL);
    let tag = format!("\"{token}-{width}\"");
    if has(headers, &tag) && pictures.knows(&token) {
        let same = StatusCode::NOT_MODIFIED.into_response();
        return kept(same, FOR_GOOD, Some(&tag));
    }
    match pictures.serve(&token, width).await {
        Ok(Served { itself: true, .. }) if has(headers, &tag) => kept(
            StatusCode::NOT_MODIFIED.into_response(),
            FOR_GOOD,
            Some(&tag),
        ),
        Ok(Served { file, itself: true }) => kept(jpeg(file), FOR_GOOD, Some(&tag)),
        Ok(Served {
            file,
            itself: false,
        }) => kept(jpeg(file), FOR_NOW, None),
        Err(not) => told(&not, &id),
    }
}

async fn only_get(request: Request) -> Response {
    let message = "pictures are read by GET";
    let mut response = Problem::new(Code::MethodNotAllowed, message).answer(&id_of(&request));
    let allow = HeaderValue::from_static("GET, HEAD");
    response.headers_mut().insert(header::ALLOW, allow);
    response
}

fn has(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim().trim_start_matches("W/") == tag)
}

fn jpeg(file: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "image/jpeg")], file).into_response()
}

fn kept(mut response: Response, how_long: &'static str, tag: Option<&str>) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(how_long));
    // A page of another site may not put our pictures into itself.
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    if let Some(tag) = tag.and_then(|tag| HeaderValue::from_str(tag).ok()) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// A refusal, and how long it holds. Nothing is said about what there is.
fn problem(not: &NotServed) -> (Problem, &'static str) {
    let code = match not {
        NotServed::Unknown => Code::NotFound,
        NotServed::Width => Code::InvalidInput,
        NotServed::Later => Code::Unavailable,
        NotServed::Internal(fault) => {
            tracing::error!(%fault, "serving a picture");
            let code = Code::Internal;
            return (Problem::new(code, code.meaning()), "no-store");
        }
    };
    let mut problem = Problem::new(code, not.to_string());
    if matches!(not, NotServed::Later) {
        problem.wait = Some(Duration::from_mins(1));
    }
    let how_long = match not {
        NotServed::Unknown => "public, max-age=300",
        _ => "no-store",
    };
    (problem, how_long)
}

fn told(not: &NotServed, id: &RequestId) -> Response {
    let (problem, how_long) = problem(not);
    kept(problem.answer(id), how_long, None)
}

/// The door for the hub's other processes, to be nested under the subgraph's name.
fn internal(gallery: Gallery, guard: Guard) -> Router {
    Router::new()
        .route("/art/{token}", get(handed_over))
        .with_state((gallery, guard))
}

async fn handed_over(
    State((gallery, guard)): State<(Gallery, Guard)>,
    Path(picture): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let signed = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let ours = signed
        .is_some_and(|signed| token::verify(&guard.keys, guard.clock.as_ref(), signed).is_ok());
    if !ours {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match gallery.serve(&picture, asked.w.unwrap_or(USUAL)).await {
        Ok(Served { file, itself: true }) => jpeg(file),
        // "Not what you asked for, but the best there is."
        Ok(Served {
            file,
            itself: false,
        }) => (StatusCode::NON_AUTHORITATIVE_INFORMATION, jpeg(file)).into_response(),
        // Between the hub's own processes, the status says it.
        Err(not) => problem(&not).0.status().into_response(),
    }
}

/// The door of a process that serves the metadata subgraph to a hub elsewhere.
pub fn for_subgraph(config: &Config, ports: &Ports, guard: Guard) -> Option<Router> {
    gallery(config, ports).map(|gallery| internal(gallery, guard))
}

#[cfg(test)]
mod tests;
