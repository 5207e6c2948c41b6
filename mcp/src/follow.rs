//! A subscription as a long tool: each event is progress, the last one the result.

use crate::{
    answer::{self, coded, refused},
    call::{cancelled, taken},
    progress::{Progress, Report},
    server::Hub,
};
use djinn_kernel::Code;
use djinn_operations::{Caller, GraphAnswer, Operation, Path, Start, Tool};
use futures_util::StreamExt;
use rmcp::{RoleServer, model::CallToolResult, service::RequestContext};
use serde_json::{Map, Value};
use std::time::Duration;

/// A call ends after this long; what it follows goes on.
const LONGEST: Duration = Duration::from_mins(30);

/// Runs the tool's `start`, if it has one, then follows its subscription to the end. Dropping the
/// stream, on every way out, ends it upstream.
pub(crate) async fn follow(
    hub: &Hub,
    caller: &Caller,
    operation: &Operation,
    spec: &Tool,
    arguments: Map<String, Value>,
    context: &RequestContext<RoleServer>,
) -> CallToolResult {
    let work = async {
        if let Some(start) = &spec.start
            && let Err(text) = begin(hub, caller, start, &arguments).await
        {
            return refused(text);
        }
        watch(hub, caller, operation, spec, &arguments, context).await
    };
    tokio::select! {
        biased;
        () = context.ct.cancelled() => cancelled(),
        ended = tokio::time::timeout(LONGEST, work) => ended.unwrap_or_else(|_| {
            refused(coded(Code::Timeout, "still going on after 30 minutes; call again to go on watching"))
        }),
    }
}

async fn begin(
    hub: &Hub,
    caller: &Caller,
    start: &Start,
    arguments: &Map<String, Value>,
) -> Result<(), String> {
    let variables = taken(arguments, &start.takes);
    let given = hub
        .run(&start.document, &start.name, variables, caller)
        .await?;
    if !given.errors.is_empty() {
        return Err(answer::errors(&given.errors));
    }
    let tolerated = |problem: &&Value| {
        problem["code"]
            .as_str()
            .is_some_and(|code| start.tolerates.iter().any(|t| t == code))
    };
    let mut problems = answer::problems(&given.data, start.problems.as_ref());
    problems.retain(|problem| !tolerated(problem));
    if problems.is_empty() {
        Ok(())
    } else {
        Err(answer::written(&problems))
    }
}

async fn watch(
    hub: &Hub,
    caller: &Caller,
    operation: &Operation,
    spec: &Tool,
    arguments: &Map<String, Value>,
    context: &RequestContext<RoleServer>,
) -> CallToolResult {
    let variables = taken(arguments, &operation.takes);
    let (document, name) = (&operation.document, Some(operation.name.as_str()));
    let mut events = match hub.graph.subscribe(document, name, variables, caller).await {
        Ok(events) => events,
        Err(error) => return refused(answer::down(&error)),
    };
    let mut progress = Progress::new(context.peer.clone(), context.meta.get_progress_token());
    let mut seen = 0_u32;
    let mut last: Option<GraphAnswer> = None;
    loop {
        tokio::select! {
            biased;
            () = progress.due() => progress.send().await,
            event = events.next() => {
                let Some(event) = event else { break };
                if !event.errors.is_empty() {
                    return answer::result(&event, operation);
                }
                seen += 1;
                progress.note(report(spec, &event.data, seen));
                let ended = spec.result.as_ref().and_then(|path| path.get(&event.data)).is_some_and(|v| *v != false);
                if ended {
                    progress.send().await;
                    return answer::result(&event, operation);
                }
                last = Some(event);
            }
        }
    }
    progress.send().await;
    match last {
        Some(event) if spec.result.is_none() => answer::result(&event, operation),
        _ => refused(coded(
            Code::Unavailable,
            "the stream ended before its result; call again to go on watching",
        )),
    }
}

fn report(spec: &Tool, data: &Value, seen: u32) -> Report {
    let number = |path: &Path| path.get(data).and_then(Value::as_f64);
    let message = spec.message.iter().find_map(|path| path.get(data));
    Report {
        done: spec
            .progress
            .as_ref()
            .map_or(f64::from(seen), |path| number(path).unwrap_or_default()),
        total: spec.total.as_ref().and_then(number),
        message: message.map(answer::shown),
    }
}
