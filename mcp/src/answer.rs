//! What the graph answered, as a tool's result.

use djinn_kernel::Code;
use djinn_operations::{
    ContentKind, GraphAnswer, GraphDown, Operation, Output, Piece, problems, written,
};
use rmcp::model::{CallToolResult, ContentBlock, Resource, ResourceContents};
use serde_json::{Map, Value};

/// A result the caller reads as an error.
pub(crate) fn refused(text: impl Into<String>) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(text)])
}

/// `CODE: message`.
pub(crate) fn coded(code: Code, message: impl std::fmt::Display) -> String {
    format!("{}: {message}", code.as_str())
}

/// The graph could not be asked. Why is for the log.
pub(crate) fn down(error: &GraphDown) -> String {
    tracing::warn!(?error, "the graph could not be asked");
    match error {
        GraphDown::Timeout => coded(Code::Timeout, error),
        GraphDown::Unreachable(_) => coded(Code::Unavailable, error),
    }
}

/// The result of a call that ran to its end.
pub(crate) fn result(
    mut answer: GraphAnswer,
    operation: &Operation,
    arguments: &Map<String, Value>,
) -> CallToolResult {
    let pieces = answer.pieces(operation, arguments);
    if let Some(text) = answer.refusal() {
        // Clients check structured content against the output schema even beside an error, so
        // what there is of the data stands in the text.
        let mut result = refused(text);
        if let Some(rest) = operation.output.of(&answer.data) {
            let text = format!("Partial data: {rest}");
            result.content.push(ContentBlock::text(text));
        }
        return result;
    }
    let spec = operation.tool.as_ref();
    let problems = problems(&answer.data, spec.and_then(|spec| spec.problems.as_ref()));
    if !problems.is_empty() {
        return refused(written(&problems));
    }
    let plain = operation.output_schema.is_null();
    let data = operation.output.of(&answer.data).filter(|_| !plain);
    if data.is_none() && pieces.is_empty() {
        let text = coded(Code::NotFound, Code::NotFound.meaning());
        return refused(format!("{text} ({})", operation.output.path));
    }
    let mut content: Vec<ContentBlock> = pieces.into_iter().map(block).collect();
    let Some(mut value) = data else {
        return CallToolResult::success(content);
    };
    let most = spec.and_then(|spec| spec.max_items);
    let left_out = most.map_or_else(Vec::new, |most| Output::cut(&mut value, most));
    let mut result = CallToolResult::structured(value);
    content.append(&mut result.content);
    if !left_out.is_empty() {
        let text = format!("Left out: {}. Ask for a smaller page.", left_out.join(", "));
        content.push(ContentBlock::text(text));
    }
    result.content = content;
    result
}

/// A piece of content as it stands in a result or a prompt.
pub(crate) fn block(piece: Piece) -> ContentBlock {
    let mime = piece.mime_type.clone();
    match piece.kind {
        ContentKind::Text => ContentBlock::text(piece.data),
        ContentKind::Image => ContentBlock::image(piece.data, mime.unwrap_or_default()),
        ContentKind::Audio => ContentBlock::audio(piece.data, mime.unwrap_or_default()),
        ContentKind::Link => {
            let name = piece.name.unwrap_or_else(|| piece.data.clone());
            let mut link = Resource::new(piece.data, name);
            link.mime_type = mime;
            ContentBlock::resource_link(link)
        }
        ContentKind::Resource | ContentKind::Blob => {
            ContentBlock::resource(document(piece, String::new(), None))
        }
    }
}

/// A piece of content as a document, at `uri` and of the type `mime` unless it says otherwise.
pub(crate) fn document(piece: Piece, uri: String, mime: Option<&str>) -> ResourceContents {
    let uri = piece.uri.unwrap_or(uri);
    let binary = [ContentKind::Image, ContentKind::Audio, ContentKind::Blob];
    let contents = if binary.contains(&piece.kind) {
        ResourceContents::blob(piece.data, uri)
    } else {
        ResourceContents::text(piece.data, uri)
    };
    match piece.mime_type.as_deref().or(mime) {
        Some(mime) => contents.with_mime_type(mime),
        None => contents,
    }
}
