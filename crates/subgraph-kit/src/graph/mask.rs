//! Nothing internal leaves: every error without a code becomes a fixed text and a log line.

use super::busy::{self, Busy};
use crate::subgraph::RequestId;
use async_graphql::{
    Response, ServerError, ServerResult, ValidationResult, Variables,
    extensions::{
        Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery, NextRequest,
        NextSubscribe, NextValidation,
    },
    parser::types::ExecutableDocument,
};
use djinn_kernel::Code;
use futures_util::{StreamExt, stream::BoxStream};
use std::sync::Arc;

/// The extension. Knows three kinds of errors: coded ones pass; the engine's own complaints about
/// the document or a value get their code; everything else is ours to hide.
#[derive(Debug, Clone, Copy)]
pub struct Mask;

impl ExtensionFactory for Mask {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for Mask {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        next.run(ctx).await
    }

    fn subscribe<'s>(
        &self,
        ctx: &ExtensionContext<'_>,
        stream: BoxStream<'s, Response>,
        next: NextSubscribe<'_>,
    ) -> BoxStream<'s, Response> {
        // Errors that a stream itself yields do not pass `execute`; they are masked here.
        let id = ctx.data_opt::<RequestId>().cloned();
        Box::pin(next.run(ctx, stream).map(move |mut response| {
            for error in &mut response.errors {
                mask(error, id.as_ref());
            }
            response
        }))
    }

    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        next.run(ctx, query, variables)
            .await
            .map_err(|error| code(error, Code::GraphqlParseFailed))
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        next.run(ctx).await.map_err(|errors| {
            errors
                .into_iter()
                .map(|error| code(error, Code::GraphqlValidationFailed))
                .collect()
        })
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut response = next.run(ctx, operation_name).await;
        let id = ctx.data_opt::<RequestId>();
        for error in &mut response.errors {
            mask(error, id);
        }
        response
    }
}

fn has_code(error: &ServerError) -> bool {
    error
        .extensions
        .as_ref()
        .is_some_and(|extensions| extensions.get("code").is_some())
}

fn code(mut error: ServerError, code: Code) -> ServerError {
    if !has_code(&error) {
        error
            .extensions
            .get_or_insert_default()
            .set("code", code.as_str());
    }
    error
}

fn mask(error: &mut ServerError, id: Option<&RequestId>) {
    if has_code(error) {
        return;
    }
    let extensions = error.extensions.get_or_insert_default();
    // The engine's own complaint about a value a client sent has no source; our errors do.
    if error.source.is_none() && error.message.starts_with("Failed to parse") {
        extensions.set("code", Code::InvalidInput.as_str());
        return;
    }
    let request_id = id.map_or("none", |id| &id.0);
    let source = error.source.take();
    if source.is_some_and(|source| source.is::<Busy>()) {
        tracing::warn!(request_id, path = ?error.path, error = error.message, "no connection to the database");
        busy::SAID.clone_into(&mut error.message);
        busy::say(extensions);
        extensions.set("requestId", request_id);
        return;
    }
    tracing::error!(request_id, path = ?error.path, error = error.message, "resolver failed");
    OURS.clone_into(&mut error.message);
    extensions.set("code", Code::Internal.as_str());
    extensions.set("requestId", request_id);
}

/// What is said of a fault of ours.
const OURS: &str = "Something went wrong on our side.";

/// The error for a fault that is in the log already.
pub fn fault(id: &RequestId) -> ServerError {
    let mut error = super::coded(Code::Internal, OURS);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("requestId", id.0.as_ref());
    error
}
