//! A person's yes before something is destroyed or spent.
//!
//! The client asks where it can: by elicitation in a session, by a second round on the stateless
//! revision. A client that can do neither sends `confirm: true`.

use crate::{
    answer::{coded, refused, shown},
    toolbox::CONFIRM,
};
use djinn_kernel::Code;
use rmcp::{
    RoleServer,
    model::{
        CallToolRequestParams, CallToolResponse, ElicitRequest, ElicitRequestParams,
        ElicitationAction, ElicitationSchema, InputRequest, InputRequiredResult, ProtocolVersion,
    },
    service::RequestContext,
};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// How long a person may think.
const PATIENCE: Duration = Duration::from_mins(5);

/// Fills `{variable}` in a question.
pub(crate) fn question(template: &str, arguments: &Map<String, Value>) -> String {
    arguments
        .iter()
        .fold(template.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), &shown(value))
        })
}

/// Asks. `Ok` is a yes; the error is what to answer instead.
pub(crate) async fn ask(
    question: &str,
    said: Option<&Value>,
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<(), Box<CallToolResponse>> {
    let modern = context
        .protocol_version()
        .is_some_and(|v| v.as_str() >= ProtocolVersion::V_2026_07_28.as_str());
    let can_ask = context
        .client_capabilities()
        .and_then(|capabilities| capabilities.elicitation)
        .is_some_and(|elicitation| elicitation.form.is_some() || elicitation.url.is_none());
    let (true, Some(params)) = (can_ask, form(question)) else {
        return if said == Some(&Value::Bool(true)) {
            Ok(())
        } else {
            let text = format!(
                "/{CONFIRM}: {question} Ask the person; after a yes call again with `{CONFIRM}: true`."
            );
            Err(Box::new(refused(coded(Code::InvalidInput, text)).into()))
        };
    };
    if modern {
        // The state is the question: an answer to another one (other arguments) does not count.
        let answered = request.request_state.as_deref() == Some(question);
        let Some(answer) = request
            .input_responses
            .as_ref()
            .filter(|_| answered)
            .and_then(|all| all.get(CONFIRM))
        else {
            let asked = InputRequest::Elicitation(ElicitRequest::new(params));
            let asked = [(CONFIRM.to_owned(), asked)].into_iter().collect();
            return Err(Box::new(
                InputRequiredResult::new(Some(asked), Some(question.to_owned())).into(),
            ));
        };
        return agreed(answer["action"] == "accept" && answer["content"][CONFIRM] == true);
    }
    match context
        .peer
        .create_elicitation_with_timeout(params, Some(PATIENCE))
        .await
    {
        Ok(result) => {
            let yes = result
                .content
                .is_some_and(|content| content[CONFIRM] == true);
            agreed(result.action == ElicitationAction::Accept && yes)
        }
        Err(error) => {
            tracing::debug!(%error, "a question to the person was not answered");
            agreed(false)
        }
    }
}

fn agreed(yes: bool) -> Result<(), Box<CallToolResponse>> {
    let text = "the person did not agree; nothing was done";
    if yes {
        Ok(())
    } else {
        Err(Box::new(refused(coded(Code::Forbidden, text)).into()))
    }
}

fn form(question: &str) -> Option<ElicitRequestParams> {
    let schema: ElicitationSchema = serde_json::from_value(json!({
        "type": "object",
        "properties": { CONFIRM: { "type": "boolean", "title": "Yes, go on" } },
        "required": [CONFIRM],
    }))
    .ok()?;
    Some(ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: question.to_owned(),
        requested_schema: schema,
    })
}
