//! What the client is asked for before a call: values of variables, and a person's yes before
//! something is destroyed or spent.
//!
//! In a session it is asked at once; on the stateless revision the call is answered with the
//! questions, and comes again with the answers. What was answered in earlier rounds comes back
//! sealed, and is of use for the same call of the same caller alone.

use crate::{answer::coded, turn::Turn};
use djinn_kernel::Code;
use djinn_operations::{
    Asked, CONFIRM, Check, Operation, Question,
    template::{self, ONE},
};
use rmcp::{
    ErrorData,
    model::{
        InputRequest, InputRequests, InputRequiredResult, InputResponses, ProtocolVersion,
        SealOptions, ServerRequest,
    },
};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// How long a person may think.
const PATIENCE: Duration = Duration::from_mins(5);
/// How often is asked within one call.
const ROUNDS: usize = 8;

/// What a client has brought with a call besides its arguments.
pub(crate) struct Brought {
    pub(crate) state: Option<String>,
    pub(crate) responses: Option<InputResponses>,
}

/// What to answer instead of doing it.
pub(crate) enum Instead {
    Refused(String),
    Ask(InputRequiredResult),
    Error(ErrorData),
}

impl Instead {
    /// As an answer; a refusal as `refused` has it.
    pub(crate) fn answer<T: From<InputRequiredResult>>(
        self,
        refused: impl FnOnce(String) -> Result<T, ErrorData>,
    ) -> Result<T, ErrorData> {
        match self {
            Self::Refused(text) => refused(text),
            Self::Ask(questions) => Ok(questions.into()),
            Self::Error(error) => Err(error),
        }
    }
}

/// Asks for everything, and adds it to the arguments. `name` is what is called.
pub(crate) async fn gather(
    turn: &Turn<'_>,
    operation: &Operation,
    name: &str,
    arguments: &mut Map<String, Value>,
    brought: Brought,
) -> Result<(), Instead> {
    let mut questions = operation.questions();
    if questions.is_empty() {
        return Ok(());
    }
    let confirms = questions.iter().any(|question| question.confirms);
    let agreed = confirms && arguments.remove(CONFIRM) == Some(true.into());
    askable(turn, operation, &mut questions, agreed, arguments).await?;

    let modern = (turn.context.protocol_version())
        .is_some_and(|v| v.as_str() >= ProtocolVersion::V_2026_07_28.as_str());
    let call = format!("{:?} {name} {}", turn.caller.viewer, json!(arguments));
    let seal = &turn.hub.seal;
    let state = brought.state.as_ref();
    let opened = state.map(|state| seal.open_json_with(state, call.as_bytes()));
    let opened = opened.transpose().map_err(|error| {
        let text = format!("requestState: {error}; call again without it");
        Instead::Error(ErrorData::invalid_params(text, None))
    });
    let mut answers: Map<String, Value> = opened?.unwrap_or_default();
    let mut responses = brought.responses.unwrap_or_default();
    if modern && confirms && brought.state.is_none() {
        // A yes counts only for the question that was asked.
        responses.remove(CONFIRM);
    }
    questions.retain(|question| !answers.contains_key(&question.key));
    for _ in 0..ROUNDS {
        for question in &questions {
            if let Some(response) = responses.remove(&question.key)
                && let Some(value) = read(question, &response)?
            {
                answers.insert(question.key.clone(), value);
            }
        }
        questions.retain(|question| !answers.contains_key(&question.key));
        if questions.is_empty() {
            if confirms {
                answers.remove(CONFIRM);
            }
            arguments.append(&mut answers);
            return Ok(());
        }
        let mut known = arguments.clone();
        known.extend(answers.clone());
        let known = Value::Object(known);
        let mut requests = InputRequests::default();
        for question in Question::ready(&questions) {
            let text = said(turn, operation, question, &known).await?;
            if let Some(request) = request(question, &text) {
                requests.insert(question.key.clone(), request);
            }
        }
        if modern {
            let bound = SealOptions::new().associated_data(call.as_bytes());
            let state = seal.seal_json_with(&answers, &bound.ttl(2 * PATIENCE));
            return Err(Instead::Ask(InputRequiredResult::new(
                Some(requests),
                state.ok(),
            )));
        }
        for (key, request) in requests {
            responses.insert(key, send(turn, request).await?);
        }
    }
    let text = "the questions were not answered; nothing was done";
    Err(Instead::Refused(coded(Code::InvalidInput, text)))
}

/// Leaves the questions that this client can be asked.
async fn askable(
    turn: &Turn<'_>,
    operation: &Operation,
    questions: &mut Vec<Question>,
    agreed: bool,
    arguments: &Map<String, Value>,
) -> Result<(), Instead> {
    let can = turn.context.client_capabilities().unwrap_or_default();
    let person = can.elicitation.as_ref();
    let person = person.is_some_and(|how| how.form.is_some() || how.url.is_none());
    let able = |of: Asked| match of {
        Asked::Person => (person, "elicitation"),
        Asked::Model => (can.sampling.is_some(), "sampling"),
        Asked::Roots => (can.roots.is_some(), "roots"),
    };
    for question in questions.iter() {
        let (able, needs) = able(question.ask.of);
        if !able && question.confirms && !agreed {
            let asked = said(turn, operation, question, &json!(arguments)).await?;
            let text = format!(
                "/{CONFIRM}: {asked} Ask the person; after a yes call again with `{CONFIRM}: true`."
            );
            return Err(Instead::Refused(coded(Code::InvalidInput, text)));
        } else if !able && !question.confirms && question.required {
            let needs = serde_json::from_value(json!({ needs: {} })).unwrap_or_default();
            let error = ErrorData::missing_required_client_capability(needs);
            return Err(Instead::Error(error));
        }
    }
    questions.retain(|question| able(question.ask.of).0);
    Ok(())
}

/// A question in its words. What asks for leave may take names from the graph.
async fn said(
    turn: &Turn<'_>,
    operation: &Operation,
    question: &Question,
    known: &Value,
) -> Result<String, Instead> {
    let (mut named, message) = (Value::Null, &question.ask.message);
    let tool = operation.tool.as_ref();
    let from = tool.and_then(|tool| tool.confirm_from.as_ref());
    if let Some(from) = from.filter(|_| question.confirms) {
        let arguments = known.as_object().map(|known| from.taken(known));
        let run = turn.run(&from.document, &from.name, arguments.unwrap_or_default());
        let given = run.await.map_err(Instead::Refused)?;
        let refusal = given.refusal().map(Instead::Refused);
        refusal.map_or(Ok(()), Err)?;
        named = given.data;
        if let Some(place) = template::empty(message, ONE, &[known, &named]) {
            let text = format!("{} ({place})", Code::NotFound.meaning());
            return Err(Instead::Refused(coded(Code::NotFound, text)));
        }
    }
    Ok(template::fill(message, ONE, &[known, &named]))
}

fn request(question: &Question, text: &str) -> Option<InputRequest> {
    let ask = &question.ask;
    let request = match ask.of {
        Asked::Person => json!({ "method": "elicitation/create",
            "params": { "mode": "form", "message": text, "requestedSchema": ask.form } }),
        Asked::Model => {
            json!({ "method": "sampling/createMessage", "params": { "maxTokens": ask.max_tokens,
            "messages": [{ "role": "user", "content": { "type": "text", "text": text } }] } })
        }
        Asked::Roots => json!({ "method": "roots/list" }),
    };
    serde_json::from_value(request)
        .inspect_err(|error| tracing::error!(%error, key = question.key, "this cannot be asked"))
        .ok()
}

/// Asks in a session, and waits.
async fn send(turn: &Turn<'_>, request: InputRequest) -> Result<Value, Instead> {
    let request = match request {
        InputRequest::CreateMessage(request) => ServerRequest::CreateMessageRequest(request),
        InputRequest::ListRoots(request) => ServerRequest::ListRootsRequest(request),
        InputRequest::Elicitation(request) => ServerRequest::ElicitRequest(request),
        _ => return Err(disagreed()),
    };
    let asked = turn.context.peer.send_request(request);
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(result)) => Ok(json!(result)),
        failed => {
            tracing::debug!(?failed, "a question to the client was not answered");
            Err(disagreed())
        }
    }
}

/// What a response says; nothing when it does not answer the question.
fn read(question: &Question, response: &Value) -> Result<Option<Value>, Instead> {
    let ask = &question.ask;
    match ask.of {
        Asked::Model => Ok(response["content"].get("text").cloned()),
        Asked::Roots => Ok(response.get("roots").cloned()),
        Asked::Person => match response["action"].as_str() {
            Some("accept") => {
                let content = &response["content"];
                if Check::new(&ask.form).refusal(content).is_some() {
                    return Ok(None);
                }
                if question.confirms && content[CONFIRM] != true {
                    return Err(disagreed());
                }
                let alone = ask.alone.then(|| content[&question.key].clone());
                Ok(Some(alone.unwrap_or_else(|| content.clone())))
            }
            Some(_) => Err(disagreed()),
            None => Ok(None),
        },
    }
}

fn disagreed() -> Instead {
    let text = "the person did not agree; nothing was done";
    Instead::Refused(coded(Code::Forbidden, text))
}
