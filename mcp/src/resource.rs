//! Queries as resources, and subscriptions as news of them.

use crate::{
    answer,
    toolbox::Toolbox,
    turn::{self, Turn},
};
use djinn_operations::{Operation, Resource as Spec};
use futures_util::{StreamExt, stream::BoxStream};
use rmcp::{
    ErrorData,
    model::{CacheScope, ReadResourceResult, Resource, ResourceContents, ResourceTemplate},
};
use serde_json::{Map, Value, json};

fn all(toolbox: &Toolbox, templates: bool) -> impl Iterator<Item = &Spec> {
    let entries = toolbox.entries.iter();
    let specs = entries.filter_map(|entry| entry.operation.resource.as_ref());
    specs.filter(move |spec| spec.is_template() == templates)
}

/// Those with one address.
pub(crate) fn list(toolbox: &Toolbox) -> Vec<Resource> {
    let one = |spec: &Spec| {
        Resource::new(spec.uri.clone(), spec.name.clone())
            .with_description(spec.description.clone())
            .with_mime_type(spec.mime_type.clone())
    };
    all(toolbox, false).map(one).collect()
}

/// Those with a variable in their address.
pub(crate) fn templates(toolbox: &Toolbox) -> Vec<ResourceTemplate> {
    let one = |spec: &Spec| {
        ResourceTemplate::new(spec.uri.clone(), spec.name.clone())
            .with_description(spec.description.clone())
            .with_mime_type(spec.mime_type.clone())
    };
    all(toolbox, true).map(one).collect()
}

/// Reads one.
pub(crate) async fn read(turn: &Turn<'_>, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let toolbox = turn.hub.toolbox();
    let missing = || {
        let text = format!("there is no resource {uri}");
        ErrorData::resource_not_found(text, Some(json!({ "uri": uri })))
    };
    let (operation, spec, variables) = find(&toolbox, uri).ok_or_else(missing)?;
    let run = turn.run(&operation.document, &operation.name, variables.clone());
    let failed = |text: String| ErrorData::internal_error(text, None);
    let mut given = run.await.map_err(failed)?;
    if let Some(text) = given.refusal() {
        let none = given.is_missing();
        return Err(if none { missing() } else { failed(text) });
    }
    let pieces = given.pieces(operation, &variables);
    let mime = spec.mime_type.as_str();
    let contents = if pieces.is_empty() {
        let text = operation.output.text(&given.data, mime);
        let text = text.ok_or_else(missing)?;
        vec![ResourceContents::text(text, uri).with_mime_type(mime)]
    } else {
        let pieces = pieces.into_iter();
        pieces
            .map(|piece| answer::document(piece, uri.to_owned(), Some(mime)))
            .collect()
    };
    let mut result = ReadResourceResult::new(contents);
    result.ttl_ms = operation.tool.as_ref().and_then(|tool| tool.ttl_ms);
    result.cache_scope = Some(CacheScope::Private);
    Ok(result)
}

/// Wakes whenever the resource has changed, as long as the caller's key holds; `None` when there is
/// no such resource or nothing tells of its changes.
pub(crate) async fn changes(turn: &Turn<'_>, uri: &str) -> Option<BoxStream<'static, ()>> {
    let toolbox = turn.hub.toolbox();
    let (_, spec, variables) = find(&toolbox, uri)?;
    let watch = spec.watch.as_deref()?;
    let (watch, ()) = toolbox.find(|entry| (entry.operation.name == watch).then_some(()))?;
    let (document, name) = (&watch.operation.document, &watch.operation.name);
    let graph = &turn.hub.graph;
    let events = graph.subscribe(document, Some(name), variables, &turn.caller);
    let events = (events.await)
        .inspect_err(|error| tracing::warn!(?error, "a resource cannot be watched"))
        .ok()?;
    let guest = turn.guest.clone();
    let gone = async move { turn::gone(guest.as_ref()).await };
    // The first event is the state the client has just read.
    Some(events.skip(1).map(|_| ()).take_until(gone).boxed())
}

fn find<'a>(
    toolbox: &'a Toolbox,
    uri: &str,
) -> Option<(&'a Operation, &'a Spec, Map<String, Value>)> {
    toolbox.entries.iter().find_map(|entry| {
        let operation = &entry.operation;
        let (spec, variables) = operation.addressed(uri)?;
        Some((operation, spec, variables))
    })
}
