//! `GET /mcp/operations.json`: the operation files as the hub has them now, for `djinn mcp` on another
//! machine. A tool that is added to the hub is one there as well.

use super::{asking::Asking, conditional, problem::Problem};
use crate::schema::API;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, header, request::Parts},
    response::Response,
};
use djinn_kernel::{Code, Viewer};
use djinn_operations::{Catalogue, Derived, Live};
use serde_json::{Value, json};
use std::sync::Arc;

/// Where it is.
pub const PATH: &str = "/mcp/operations.json";

/// What the door needs. Cheap to clone.
#[derive(Clone)]
pub struct Sources {
    asking: Asking,
    body: Arc<Derived<Vec<u8>>>,
    /// Where people find them, if that is configured.
    place: Option<HeaderValue>,
}

impl Sources {
    /// The files of `documents`, of a hub that people reach at `public_url`.
    pub fn new(documents: Live, asking: Asking, public_url: Option<&str>) -> Self {
        let place = public_url.and_then(|url| {
            let place = format!("{}{PATH}", url.trim_end_matches('/'));
            HeaderValue::try_from(place).ok()
        });
        Self {
            place,
            asking,
            body: Arc::new(Derived::new(documents, body)),
        }
    }

    async fn answer(&self, parts: &Parts) -> Result<Response, Problem> {
        // A folder may hold what is nobody else's business.
        if self.asking.viewer(parts).await? == Viewer::Anonymous {
            let code = Code::Unauthenticated;
            return Err(Problem::new(code, code.meaning()));
        }
        let body = self.body.now().as_ref().clone();
        let mut response = conditional::json(&parts.headers, body, "private, no-cache");
        if let Some(place) = &self.place {
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_LOCATION, place.clone());
        }
        Ok(response)
    }
}

/// With the schema that they are of: the one who asks may be of another version.
fn body(catalogue: &Catalogue) -> Vec<u8> {
    let files = catalogue.operations.iter();
    let files = files.map(|one| json!({ "path": one.file, "text": one.source }));
    let told = json!({ "schema": API, "files": files.collect::<Value>() });
    serde_json::to_vec(&told).unwrap_or_default()
}

/// Answers with them.
pub async fn serve(State(sources): State<Sources>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let id = sources.asking.request_id(&parts);
    let mut response = match sources.answer(&parts).await {
        Ok(response) => response,
        Err(problem) => problem.answer(&id),
    };
    let vary = HeaderValue::from_static("authorization, x-api-key, cookie");
    response.headers_mut().insert(header::VARY, vary);
    response
}
