//! One answer, as `{"data":…,"errors":[…]}`.

use crate::error::code_of;
use async_graphql::{ServerError, Value};
use djinn_kernel::Code;
use http::StatusCode;
use serde::{Serialize, Serializer, ser::SerializeMap};

/// What came of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphResponse {
    /// Absent when the request was refused before anything ran.
    data: Option<Value>,
    errors: Vec<ServerError>,
    /// What the data weighs.
    cost: u64,
}

impl GraphResponse {
    /// The outcome of an execution; `data` is null when an error took all of it.
    pub fn executed(data: Value, errors: Vec<ServerError>) -> Self {
        Self {
            data: Some(data),
            errors,
            cost: 0,
        }
    }

    /// Refused: nothing ran.
    pub fn refused(errors: Vec<ServerError>) -> Self {
        Self {
            data: None,
            errors,
            cost: 0,
        }
    }

    /// The same, whose data weighs so much.
    pub(crate) fn that_cost(self, cost: u64) -> Self {
        Self { cost, ..self }
    }

    /// What the data weighs, by `@cost`: what the answer cost, where the estimate said beforehand
    /// what it might. Arguments are not counted again.
    pub const fn cost(&self) -> u64 {
        self.cost
    }

    /// The data, unless the request was refused.
    pub fn data(&self) -> Option<&Value> {
        self.data.as_ref()
    }

    /// The data and the errors, taken out.
    pub fn into_parts(self) -> (Option<Value>, Vec<ServerError>) {
        (self.data, self.errors)
    }

    /// What went wrong.
    pub fn errors(&self) -> &[ServerError] {
        &self.errors
    }

    pub(crate) fn errors_mut(&mut self) -> &mut [ServerError] {
        &mut self.errors
    }

    /// The code of the first error.
    pub fn code(&self) -> Option<&str> {
        self.errors.first().and_then(code_of)
    }

    /// The HTTP status, where the media type lets the status speak of the GraphQL outcome: 200
    /// once something ran, otherwise the status of the first error's code.
    pub fn status(&self) -> StatusCode {
        if self.data.is_some() {
            return StatusCode::OK;
        }
        self.code()
            .and_then(Code::parse)
            .and_then(|code| StatusCode::from_u16(code.status()).ok())
            .unwrap_or(StatusCode::BAD_REQUEST)
    }
}

impl Serialize for GraphResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        // Errors first, so that somebody who reads a log sees them.
        if !self.errors.is_empty() {
            map.serialize_entry("errors", &self.errors)?;
        }
        if let Some(data) = &self.data {
            map.serialize_entry("data", data)?;
        }
        map.end()
    }
}
