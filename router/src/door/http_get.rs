//! `GET /graphql`: queries only.

use super::{Asked, Door, Refusal, csrf, negotiate::Media};
use crate::prepare::Kind;
use axum::{
    extract::{Query, Request},
    response::Response,
};
use djinn_kernel::Code;
use djinn_subgraph_kit::RequestId;
use serde::Deserialize;

/// Answers one request in the URL.
pub async fn answer(
    door: &Door,
    request: Request,
    media: Media,
    id: &RequestId,
) -> Result<Response, Refusal> {
    let (parts, _) = request.into_parts();
    if !csrf::forced_a_preflight(&parts.headers) {
        return Err(Refusal::new(
            Code::CrossSiteRequest,
            "A GET needs the header apollo-require-preflight (any value), so that no other site can send it.",
        ));
    }
    let Ok(Query(pairs)) = Query::<Pairs>::try_from_uri(&parts.uri) else {
        return Err(Refusal::new(
            Code::BadRequest,
            "The URL's parameters cannot be read, or one is given twice.",
        ));
    };
    let asked = Asked {
        query: pairs.query,
        document_id: pairs.document_id,
        operation_name: pairs.operation_name,
        variables: object(pairs.variables.as_deref(), "variables")?,
        extensions: object(pairs.extensions.as_deref(), "extensions")?,
    };
    let seen = door.viewer(&parts).await?;
    let request = door.request(asked, seen.viewer.clone(), id).await?;
    if door.0.router.kind(&request).await == Some(Kind::Mutation) {
        return Err(Refusal::new(
            Code::MethodNotAllowed,
            "Mutations are run by POST only.",
        ));
    }
    Ok(door.run(request, seen, parts, media).await)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pairs {
    query: Option<String>,
    #[serde(alias = "doc_id")]
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

type Object = serde_json::Map<String, serde_json::Value>;

fn object(text: Option<&str>, name: &str) -> Result<Option<Object>, Refusal> {
    match text.filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => serde_json::from_str(text).map_err(|_| {
            Refusal::new(
                Code::BadRequest,
                format!("The parameter {name} is not a JSON object."),
            )
        }),
    }
}
