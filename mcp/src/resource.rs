//! Queries as resources, and subscriptions as news of them.

use crate::{answer, server::Hub, toolbox::Toolbox};
use djinn_operations::{Caller, Operation, Resource as Spec};
use futures_util::{StreamExt, stream::BoxStream};
use rmcp::{
    ErrorData,
    model::{CacheScope, ReadResourceResult, Resource, ResourceContents, ResourceTemplate},
};
use serde_json::{Map, Value, json};

fn all(toolbox: &Toolbox) -> impl Iterator<Item = (&Operation, &Spec)> {
    toolbox
        .entries
        .iter()
        .filter_map(|entry| Some((&entry.operation, entry.operation.resource.as_ref()?)))
}

/// Those with one address.
pub(crate) fn list(toolbox: &Toolbox) -> Vec<Resource> {
    let one = |(_, spec): (&Operation, &Spec)| {
        Resource::new(spec.uri.clone(), spec.name.clone())
            .with_description(spec.description.clone())
            .with_mime_type(spec.mime_type.clone())
    };
    all(toolbox)
        .filter(|(_, spec)| !spec.uri.contains('{'))
        .map(one)
        .collect()
}

/// Those with a variable in their address.
pub(crate) fn templates(toolbox: &Toolbox) -> Vec<ResourceTemplate> {
    let one = |(_, spec): (&Operation, &Spec)| {
        ResourceTemplate::new(spec.uri.clone(), spec.name.clone())
            .with_description(spec.description.clone())
            .with_mime_type(spec.mime_type.clone())
    };
    all(toolbox)
        .filter(|(_, spec)| spec.uri.contains('{'))
        .map(one)
        .collect()
}

/// Reads one.
pub(crate) async fn read(
    hub: &Hub,
    caller: &Caller,
    uri: &str,
) -> Result<ReadResourceResult, ErrorData> {
    let toolbox = hub.toolbox();
    let missing = || {
        ErrorData::resource_not_found(
            format!("there is no resource {uri}"),
            Some(json!({ "uri": uri })),
        )
    };
    let (operation, variables) = find(&toolbox, uri).ok_or_else(missing)?;
    let given = hub
        .run(&operation.document, &operation.name, variables, caller)
        .await
        .map_err(|text| ErrorData::internal_error(text, None))?;
    if !given.errors.is_empty() {
        let known = given
            .errors
            .iter()
            .any(|error| matches!(error.code.as_deref(), Some("NOT_FOUND" | "INVALID_ID")));
        return Err(if known {
            missing()
        } else {
            ErrorData::internal_error(answer::errors(&given.errors), None)
        });
    }
    let value = operation.output.of(&given.data).ok_or_else(missing)?;
    let mime = operation
        .resource
        .as_ref()
        .map_or("application/json", |spec| spec.mime_type.as_str());
    // A field that is text already, say Markdown, is not wrapped in JSON.
    let plain = value["value"]
        .as_str()
        .filter(|_| mime != "application/json")
        .map(str::to_owned);
    let text = plain.unwrap_or_else(|| value.to_string());
    let mut result =
        ReadResourceResult::new(vec![ResourceContents::text(text, uri).with_mime_type(mime)]);
    result.ttl_ms = operation.tool.as_ref().and_then(|tool| tool.ttl_ms);
    result.cache_scope = Some(CacheScope::Private);
    Ok(result)
}

/// Wakes whenever the resource has changed; `None` when there is no such resource or nothing
/// tells of its changes.
pub(crate) async fn changes(
    hub: &Hub,
    caller: &Caller,
    uri: &str,
) -> Option<BoxStream<'static, ()>> {
    let toolbox = hub.toolbox();
    let (operation, variables) = find(&toolbox, uri)?;
    let watch = operation.resource.as_ref()?.watch.as_deref()?;
    let watch = &toolbox
        .entries
        .iter()
        .find(|entry| entry.operation.name == watch)?
        .operation;
    let events = hub
        .graph
        .subscribe(&watch.document, Some(&watch.name), variables, caller)
        .await;
    let events = events
        .inspect_err(|error| tracing::warn!(?error, "a resource cannot be watched"))
        .ok()?;
    // The first event is the state the client has just read.
    Some(events.skip(1).map(|_| ()).boxed())
}

fn find<'a>(toolbox: &'a Toolbox, uri: &str) -> Option<(&'a Operation, Map<String, Value>)> {
    toolbox.entries.iter().find_map(|entry| {
        let values = matched(&entry.operation.resource.as_ref()?.uri, uri)?;
        let variables = values
            .into_iter()
            .map(|(name, text)| (name.to_owned(), entry.coerce(name, text)));
        Some((&entry.operation, variables.collect()))
    })
}

/// The variables of `template` in `uri`: each as far as the text that follows it, never empty.
fn matched<'a>(mut template: &'a str, mut uri: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut values = Vec::new();
    while let Some((before, rest)) = template.split_once('{') {
        let (name, after) = rest.split_once('}')?;
        uri = uri.strip_prefix(before)?;
        let literal = after.split('{').next().unwrap_or_default();
        let end = if literal.is_empty() {
            uri.len()
        } else {
            uri.find(literal)?
        };
        let value = &uri[..end];
        if value.is_empty() || value.contains('/') {
            return None;
        }
        values.push((name, value));
        (uri, template) = (&uri[end..], after);
    }
    (uri == template).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::matched;

    #[test]
    fn an_address_gives_its_variables_and_nothing_else_matches() {
        assert_eq!(
            matched("thing://{id}", "thing://42"),
            Some(vec![("id", "42")])
        );
        assert_eq!(
            matched("thing://{id}/part/{n}", "thing://a/part/7"),
            Some(vec![("id", "a"), ("n", "7")])
        );
        assert_eq!(matched("thing://all", "thing://all"), Some(vec![]));
        for wrong in ["thing://", "thing://a/b", "other://42", "thing://a/part/"] {
            assert_eq!(matched("thing://{id}", wrong), None, "{wrong}");
        }
    }
}
