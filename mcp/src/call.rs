//! One tool call, from its arguments to its result.

use crate::{
    answer::{self, coded, refused},
    confirm, follow,
    server::Hub,
    toolbox::{CONFIRM, Entry},
};
use djinn_kernel::Code;
use djinn_operations::{Caller, Kind, Operation};
use rmcp::{
    ErrorData, RoleServer,
    model::{CallToolRequestParams, CallToolResponse, CallToolResult},
    service::RequestContext,
};
use serde_json::{Map, Value};

/// Runs a tool. A refusal of any kind is a result the model reads; a protocol error is only for
/// a tool there is not.
pub(crate) async fn call(
    hub: &Hub,
    caller: &Caller,
    mut request: CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let toolbox = hub.toolbox();
    let Some((entry, spec, _)) = toolbox.tool(&request.name) else {
        return Err(ErrorData::invalid_params(
            format!("there is no tool `{}`", request.name),
            None,
        ));
    };
    if let Some(scope) = spec.scope
        && let Err(denied) = caller.viewer.require(scope)
    {
        return Ok(refused(coded(denied.code(), denied)).into());
    }
    let mut arguments = request.arguments.take().unwrap_or_default();
    // Models write null for what they leave out.
    arguments.retain(|_, value| !value.is_null());
    if let Err(text) = entry.check(&arguments) {
        return Ok(refused(text).into());
    }
    if let Some(template) = &spec.confirm {
        let said = arguments.remove(CONFIRM);
        let question = confirm::question(template, &arguments);
        if let Err(instead) = confirm::ask(&question, said.as_ref(), &request, context).await {
            return Ok(*instead);
        }
    }
    from_headers(entry, context, &mut arguments);
    let operation = &entry.operation;
    let result = if operation.kind == Kind::Subscription {
        follow::follow(hub, caller, operation, spec, arguments, context).await
    } else {
        tokio::select! {
            biased;
            () = context.ct.cancelled() => cancelled(),
            result = once(hub, caller, operation, &arguments) => result,
        }
    };
    Ok(result.into())
}

async fn once(
    hub: &Hub,
    caller: &Caller,
    operation: &Operation,
    arguments: &Map<String, Value>,
) -> CallToolResult {
    let variables = taken(arguments, &operation.takes);
    match hub
        .run(&operation.document, &operation.name, variables, caller)
        .await
    {
        Ok(given) => answer::result(&given, operation),
        Err(text) => refused(text),
    }
}

/// The arguments one document declares.
pub(crate) fn taken(arguments: &Map<String, Value>, names: &[String]) -> Map<String, Value> {
    arguments
        .iter()
        .filter(|(name, _)| names.contains(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Nobody reads it; it ends the call.
pub(crate) fn cancelled() -> CallToolResult {
    refused(coded(Code::Timeout, "the call was cancelled"))
}

fn from_headers(
    entry: &Entry,
    context: &RequestContext<RoleServer>,
    arguments: &mut Map<String, Value>,
) {
    let Some(parts) = context.extensions.get::<http::request::Parts>() else {
        return;
    };
    for variable in &entry.operation.variables {
        let text = variable
            .header
            .as_ref()
            .and_then(|header| parts.headers.get(header)?.to_str().ok());
        if let Some(text) = text {
            arguments.insert(variable.name.clone(), entry.coerce(&variable.name, text));
        }
    }
}
