//! `POST /upload` and `GET /download/{token}`: files on their way to and from the library, part by
//! part, so that no file is ever whole in this process. What a file is, how large it may be and who
//! may fetch it is the library's to say, wherever it runs.

use super::{asking::Asking, problem::Problem, trace::Door};
use async_graphql::Variables;
use axum::{
    Router,
    body::{Body, BodyDataStream},
    extract::{Path, Query, Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::{Bytes, BytesMut};
use djinn_kernel::{Code, Viewer};
use djinn_router::{GraphRequest, door::guard};
use djinn_subgraph_kit::{Call, Forwarded, RequestId, Subgraph};
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::{io, sync::Arc, time::Duration};

/// The size of a part that is sent on, in bytes: in base64 it fits into any body limit.
const PART: usize = 256 * 1024;
/// Who sends nothing for so long is not sending any more.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest word of a link.
const LONGEST: usize = 100;

const KEEP: &str = "mutation KeepUpload($input: UploadImportInput!) { uploadImport(input: $input) { upload bytes expiresAt problems { code field message } } }";
const FETCH: &str = "query FetchExport($token: String!, $part: Int!) { exportedFile(token: $token, part: $part) { name media bytes parts content } }";

/// What the doors need. Cheap to clone.
#[derive(Clone)]
pub struct Transfer {
    /// Knows who asks, and runs what they ask.
    pub asking: Asking,
    /// The library, which hands out exports to the hub alone.
    pub library: Arc<dyn Subgraph>,
}

/// Both doors.
pub fn routes(transfer: Transfer) -> Router {
    Router::new()
        .route("/upload", post(upload).fallback(only_post))
        .route("/download/{token}", get(download).fallback(only_get))
        .with_state(transfer)
}

async fn upload(
    State(transfer): State<Transfer>,
    Query(query): Query<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let id = transfer.asking.request_id(&parts);
    let name = query
        .into_iter()
        .find(|(key, _)| key == "name")
        .map(|(_, name)| name);
    let kept = transfer
        .keep(&parts, &id, name, body.into_data_stream())
        .await;
    let mut response = match kept {
        Ok(kept) => (
            StatusCode::CREATED,
            [(header::CACHE_CONTROL, "no-store")],
            axum::Json(kept),
        )
            .into_response(),
        Err(problem) => problem.answer(&id),
    };
    finish(&mut response, &id);
    guard::let_read(
        &transfer.asking.door,
        &parts,
        "POST, OPTIONS",
        response.headers_mut(),
    );
    response
}

/// Any other method; a browser's question beforehand is one.
async fn only_post(State(transfer): State<Transfer>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let methods = "POST, OPTIONS";
    let mut response = if parts.method == Method::OPTIONS {
        let allow = [(header::ALLOW, methods)];
        (StatusCode::NO_CONTENT, allow).into_response()
    } else {
        transfer.refuse(&parts, "files are sent by POST", methods)
    };
    let headers = response.headers_mut();
    guard::let_read(&transfer.asking.door, &parts, methods, headers);
    response
}

async fn only_get(State(transfer): State<Transfer>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    transfer.refuse(&parts, "files are fetched by GET", "GET, HEAD")
}

async fn download(
    State(transfer): State<Transfer>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let id = transfer.asking.request_id(&parts);
    let mut response = match transfer.hand_out(&parts, &id, token).await {
        Ok(response) => response,
        Err(problem) => problem.answer(&id),
    };
    finish(&mut response, &id);
    response
}

fn finish(response: &mut Response, id: &RequestId) {
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert("x-request-id", id);
    }
    response.extensions_mut().insert(Door("files"));
}

/// A part of an export.
struct Fetched {
    name: String,
    media: String,
    bytes: u64,
    parts: i64,
    content: Option<Bytes>,
}

impl Transfer {
    fn refuse(&self, parts: &Parts, message: &str, methods: &'static str) -> Response {
        let id = self.asking.request_id(parts);
        let mut response = Problem::new(Code::MethodNotAllowed, message).answer(&id);
        let allow = HeaderValue::from_static(methods);
        response.headers_mut().insert(header::ALLOW, allow);
        finish(&mut response, &id);
        response
    }

    /// Sends a body on, part by part, and says what it is kept as.
    async fn keep(
        &self,
        parts: &Parts,
        id: &RequestId,
        name: Option<String>,
        mut body: BodyDataStream,
    ) -> Result<Value, Problem> {
        if !guard::may_ask(&self.asking.door, parts) {
            let message = "A page of another site may not ask here. Send a bearer token, or the header apollo-require-preflight, to show that it is none.";
            return Err(Problem::new(Code::CrossSiteRequest, message));
        }
        let viewer = self.asking.viewer(parts).await?;
        if parts.headers.contains_key(header::CONTENT_ENCODING) {
            let message = "send the file as it is, without a content encoding";
            return Err(Problem::new(Code::UnsupportedMediaType, message));
        }
        let mut full = BytesMut::new();
        let mut kept = Value::Null;
        loop {
            let piece = tokio::time::timeout(PATIENCE, body.next())
                .await
                .map_err(|_| Problem::new(Code::BadRequest, "the file stopped coming"))?;
            let is_last = piece.is_none();
            if let Some(piece) = piece {
                let piece =
                    piece.map_err(|_| Problem::new(Code::BadRequest, "the file broke off"))?;
                full.extend_from_slice(&piece);
            }
            while full.len() >= PART {
                let part = full.split_to(PART);
                kept = self
                    .keep_part(&viewer, parts, id, name.as_deref(), &kept, &part)
                    .await?;
            }
            if is_last {
                if !full.is_empty() || kept.is_null() {
                    kept = self
                        .keep_part(&viewer, parts, id, name.as_deref(), &kept, &full)
                        .await?;
                }
                return Ok(json!({
                    "upload": kept["upload"],
                    "bytes": kept["bytes"],
                    "expiresAt": kept["expiresAt"],
                }));
            }
        }
    }

    async fn keep_part(
        &self,
        viewer: &Viewer,
        parts: &Parts,
        id: &RequestId,
        name: Option<&str>,
        kept: &Value,
        part: &[u8],
    ) -> Result<Value, Problem> {
        let input = json!({
            "upload": kept["upload"],
            "name": name,
            "content": STANDARD.encode(part),
        });
        let mut asked = GraphRequest::new(KEEP, viewer.clone(), id.clone());
        asked.variables = Variables::from_json(json!({ "input": input }));
        asked.client = guard::client(parts);
        asked.trusted = true;
        let response = self.asking.graph.run(asked).await;
        let code = response.code().and_then(Code::parse);
        let (data, errors) = response.into_parts();
        if let Some(error) = errors.into_iter().next() {
            return Err(Problem::new(code.unwrap_or(Code::Internal), error.message));
        }
        let data = data.and_then(|data| data.into_json().ok());
        let kept = data.unwrap_or_default()["uploadImport"].take();
        match kept["problems"].as_array().and_then(|list| list.first()) {
            Some(problem) => {
                let code = problem["code"].as_str().and_then(Code::parse);
                let message = problem["message"].as_str().unwrap_or_default();
                Err(Problem::new(code.unwrap_or(Code::InvalidInput), message))
            }
            None => Ok(kept),
        }
    }

    async fn hand_out(
        &self,
        parts: &Parts,
        id: &RequestId,
        token: String,
    ) -> Result<Response, Problem> {
        // Whoever has the link may fetch, but not guess links without end.
        guard::count(&self.asking.door, &Viewer::Anonymous, parts)?;
        if token.len() > LONGEST {
            return Err(gone());
        }
        let first = self.fetch(&token, 0, id).await?;
        let (name, media) = (first.name.clone(), first.media.clone());
        let (bytes, last) = (first.bytes, first.parts);
        let (here, id) = (self.clone(), id.clone());
        let rest = async_stream::stream! {
            if let Some(content) = first.content {
                yield Ok::<Bytes, io::Error>(content);
            }
            for part in 1..last {
                match here.fetch(&token, part, &id).await {
                    Ok(Fetched { content: Some(content), .. }) => yield Ok(content),
                    // A file that ends early must not look whole: the connection breaks.
                    _ => {
                        yield Err(io::Error::other("the export is gone"));
                        break;
                    }
                }
            }
        };
        let mut response = Body::from_stream(rest).into_response();
        let headers = response.headers_mut();
        let disposition = format!("attachment; filename=\"{name}\"");
        for (key, value) in [
            (header::CONTENT_TYPE, media.as_str()),
            (header::CONTENT_DISPOSITION, disposition.as_str()),
            (header::CACHE_CONTROL, "no-store"),
            (header::CONTENT_LENGTH, bytes.to_string().as_str()),
        ] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(key, value);
            }
        }
        Ok(response)
    }

    async fn fetch(&self, token: &str, part: i64, id: &RequestId) -> Result<Fetched, Problem> {
        let call = Call {
            query: FETCH.into(),
            operation_name: None,
            variables: Variables::from_json(json!({ "token": token, "part": part })),
            viewer: Viewer::Hub,
            request_id: id.clone(),
            forwarded: Forwarded::default(),
            client: None,
        };
        let answer = self.library.execute(call).await;
        let answer =
            answer.map_err(|_| Problem::new(Code::Unavailable, Code::Unavailable.meaning()))?;
        if !answer.errors.is_empty() {
            return Err(gone());
        }
        let data = answer.data.into_json().unwrap_or_default();
        let file = &data["exportedFile"];
        let text = |key: &str| file[key].as_str().unwrap_or_default().to_owned();
        let content = match file["content"].as_str() {
            None => None,
            Some(content) => Some(Bytes::from(STANDARD.decode(content).map_err(|_| gone())?)),
        };
        Ok(Fetched {
            name: text("name"),
            media: text("media"),
            bytes: file["bytes"].as_u64().unwrap_or_default(),
            parts: file["parts"].as_i64().unwrap_or_default(),
            content,
        })
    }
}

fn gone() -> Problem {
    let message = "there is no such file; a link works for five minutes. Export again.";
    Problem::new(Code::NotFound, message)
}
