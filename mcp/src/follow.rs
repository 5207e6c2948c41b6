//! A subscription as a long tool: each event is progress, the last one the result.

use crate::{
    answer::{self, coded, refused},
    progress::Progress,
    turn::Turn,
};
use djinn_kernel::Code;
use djinn_operations::{GraphAnswer, Operation, Start, Tool};
use futures_util::StreamExt;
use rmcp::model::CallToolResult;
use serde_json::{Map, Value};

/// Runs the tool's `start`, if it has one, then follows its subscription to the end. Dropping the
/// stream, on every way out, ends it upstream.
pub(crate) async fn follow(
    turn: &Turn<'_>,
    operation: &Operation,
    spec: &Tool,
    arguments: &Map<String, Value>,
) -> CallToolResult {
    if let Some(start) = &spec.start
        && let Err(text) = begin(turn, start, arguments).await
    {
        return refused(text);
    }
    watch(turn, operation, spec, arguments).await
}

async fn begin(
    turn: &Turn<'_>,
    start: &Start,
    arguments: &Map<String, Value>,
) -> Result<(), String> {
    let variables = start.taken(arguments);
    let given = turn.run(&start.document, &start.name, variables).await?;
    let refusal = given.refusal().or_else(|| start.refusal(&given.data));
    refusal.map_or(Ok(()), Err)
}

async fn watch(
    turn: &Turn<'_>,
    operation: &Operation,
    spec: &Tool,
    arguments: &Map<String, Value>,
) -> CallToolResult {
    let variables = operation.taken(arguments);
    let (document, name) = (&operation.document, Some(operation.name.as_str()));
    let graph = &turn.hub.graph;
    let events = graph.subscribe(document, name, variables, &turn.caller);
    let mut events = match events.await {
        Ok(events) => events,
        Err(error) => return refused(answer::down(&error)),
    };
    let mut progress = Progress::new(turn);
    let mut seen = 0_u32;
    let mut last: Option<GraphAnswer> = None;
    loop {
        tokio::select! {
            biased;
            () = progress.due() => progress.send().await,
            event = events.next() => {
                let Some(event) = event else { break };
                if !event.errors.is_empty() {
                    return answer::result(event, operation, arguments);
                }
                seen += 1;
                progress.note(spec.report(&event.data, seen));
                if spec.ended(&event.data) {
                    progress.send().await;
                    return answer::result(event, operation, arguments);
                }
                last = Some(event);
            }
        }
    }
    progress.send().await;
    match last {
        Some(event) if spec.result.is_none() => answer::result(event, operation, arguments),
        _ => refused(coded(
            Code::Unavailable,
            "the stream ended before its result; call again to go on watching",
        )),
    }
}
