//! Questions and answers as they stand on the wire.

use crate::subgraph::Call;
use async_graphql::{ErrorExtensionValues, PathSegment, Response, ServerError, Value};
use serde::{Deserialize, Serialize};

/// One operation.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ask<'a> {
    query: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation_name: Option<&'a str>,
    variables: &'a async_graphql::Variables,
}

impl<'a> Ask<'a> {
    /// The operation of a call.
    pub fn of(call: &'a Call) -> Self {
        Self {
            query: &call.query,
            operation_name: call.operation_name.as_deref(),
            variables: &call.variables,
        }
    }
}

/// A response as servers really send it: any part may be missing, or null.
#[derive(Deserialize)]
pub struct Answer {
    data: Option<Value>,
    errors: Option<Vec<WireError>>,
}

/// An error as servers really send it. Where it stood in the document that we sent is of use to
/// nobody, so a malformed `locations` does no harm.
#[derive(Deserialize)]
pub struct WireError {
    #[serde(default)]
    message: Option<String>,
    path: Option<Value>,
    extensions: Option<Value>,
}

impl Answer {
    /// As a response; nothing, when it is none.
    pub fn into_response(self) -> Option<Response> {
        if self.data.is_none() && self.errors.is_none() {
            return None;
        }
        let mut response = Response::new(self.data.unwrap_or_default());
        response.errors = self
            .errors
            .unwrap_or_default()
            .into_iter()
            .map(WireError::into_error)
            .collect();
        Some(response)
    }
}

impl WireError {
    /// As an error of ours.
    pub fn into_error(self) -> ServerError {
        let mut error = ServerError::new(self.message.unwrap_or_default(), None);
        if let Some(Value::List(path)) = self.path {
            error.path = path.into_iter().filter_map(segment).collect();
        }
        if let Some(Value::Object(extensions)) = self.extensions {
            let mut known = ErrorExtensionValues::default();
            for (name, value) in extensions {
                known.set(name, value);
            }
            error.extensions = Some(known);
        }
        error
    }
}

fn segment(value: Value) -> Option<PathSegment> {
    match value {
        Value::String(name) => Some(PathSegment::Field(name)),
        Value::Number(index) => Some(PathSegment::Index(index.as_u64()?.try_into().ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Response> {
        serde_json::from_str::<Answer>(text)
            .unwrap()
            .into_response()
    }

    #[test]
    fn an_answer_with_odd_parts_is_read_for_what_it_says() {
        let odd = r#"{"data":{"a":1},"errors":[{"message":null,"locations":[{}],"path":["a",0,null],
            "extensions":{"code":"X"}},{}],"extensions":{}}"#;
        let response = read(odd).unwrap();
        assert_eq!(response.errors.len(), 2);
        assert_eq!(
            response.errors[0].path,
            [PathSegment::Field("a".to_owned()), PathSegment::Index(0)]
        );
        let code = response.errors[0].extensions.as_ref().unwrap().get("code");
        assert_eq!(code, Some(&Value::from("X")));
    }

    #[test]
    fn what_has_neither_data_nor_errors_is_no_answer() {
        assert!(read(r#"{"message":"no"}"#).is_none());
        assert!(read(r#"{"data":null,"errors":null}"#).is_none());
    }
}
