//! One tool call, from its arguments to its result.

use crate::{
    answer::{self, coded, refused},
    ask::{self, Brought},
    follow,
    turn::{self, Turn},
};
use djinn_kernel::Code;
use djinn_operations::{Kind, Operation};
use rmcp::{
    ErrorData,
    model::{CallToolRequestParams, CallToolResponse, CallToolResult},
};
use serde_json::{Map, Value};
use std::time::Duration;

/// A call ends after this long; what it follows goes on.
const LONGEST: Duration = Duration::from_mins(30);

/// Runs a tool. A refusal of any kind is a result the model reads; a protocol error is only for
/// a tool there is not, and for a client that lacks what the tool needs.
pub(crate) async fn call(
    turn: &Turn<'_>,
    request: CallToolRequestParams,
) -> Result<CallToolResponse, ErrorData> {
    let ended = |code, text| Ok(refused(coded(code, text)).into());
    tokio::select! {
        biased;
        // Nobody reads this one; it ends the call.
        () = turn.context.ct.cancelled() => ended(Code::Timeout, "the call was cancelled"),
        () = turn::gone(turn.guest.as_ref()) => {
            ended(Code::Unauthenticated, "the key no longer holds; the call was ended")
        }
        result = tokio::time::timeout(LONGEST, work(turn, request)) => result.unwrap_or_else(|_| {
            ended(Code::Timeout, "still going on after 30 minutes; call again to go on watching")
        }),
    }
}

async fn work(
    turn: &Turn<'_>,
    mut request: CallToolRequestParams,
) -> Result<CallToolResponse, ErrorData> {
    let toolbox = turn.hub.toolbox();
    let Some((entry, spec, _)) = toolbox.tool(&request.name) else {
        let text = format!("there is no tool `{}`", request.name);
        return Err(ErrorData::invalid_params(text, None));
    };
    if let Some(scope) = spec.scope
        && let Err(denied) = turn.caller.viewer.require(scope)
    {
        return Ok(refused(coded(denied.code(), denied)).into());
    }
    let mut arguments = request.arguments.take().unwrap_or_default();
    // Models write null for what they leave out.
    arguments.retain(|_, value| !value.is_null());
    if let Some(text) = entry.refusal(&arguments) {
        return Ok(refused(text).into());
    }
    let operation = &entry.operation;
    let brought = Brought {
        state: request.request_state,
        responses: request.input_responses,
    };
    if let Err(instead) = ask::gather(turn, operation, &spec.name, &mut arguments, brought).await {
        return instead.answer(|text| Ok(refused(text).into()));
    }
    if let Some(parts) = turn.context.extensions.get::<http::request::Parts>() {
        let header = |name: &str| parts.headers.get(name)?.to_str().ok();
        operation.take_headers(header, &mut arguments);
    }
    let result = if operation.kind == Kind::Subscription {
        follow::follow(turn, operation, spec, &arguments).await
    } else {
        once(turn, operation, &arguments).await
    };
    Ok(result.into())
}

async fn once(
    turn: &Turn<'_>,
    operation: &Operation,
    arguments: &Map<String, Value>,
) -> CallToolResult {
    let variables = operation.taken(arguments);
    let run = turn.run(&operation.document, &operation.name, variables);
    let given = run.await;
    given.map_or_else(refused, |given| answer::result(given, operation, arguments))
}
