//! One operation, as clients ask for it.

use async_graphql::Variables;
use serde::Deserialize;
use serde_json::{Map, Value};

/// One operation as it is asked for, on a socket or in a body.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Asked")]
pub struct Operation {
    /// The document; empty when it is only named.
    pub query: String,
    /// The name of a document that the other side knows.
    pub document_id: Option<String>,
    /// Which of its operations.
    pub operation_name: Option<String>,
    /// The variables.
    pub variables: Variables,
    /// What the client adds, for instance the hash of a document that it sent before.
    pub extensions: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    query: Option<String>,
    #[serde(alias = "doc_id")]
    document_id: Option<String>,
    operation_name: Option<String>,
    #[serde(default)]
    variables: Variables,
    extensions: Option<Map<String, Value>>,
}

impl TryFrom<Asked> for Operation {
    type Error = &'static str;

    /// A message that neither has nor names a document is none of the protocol's.
    fn try_from(asked: Asked) -> Result<Self, Self::Error> {
        let named = asked.document_id.is_some() || asked.extensions.is_some();
        let query = asked.query.or_else(|| named.then(String::new));
        Ok(Self {
            query: query.ok_or("there is no query")?,
            document_id: asked.document_id,
            operation_name: asked.operation_name,
            variables: asked.variables,
            extensions: asked.extensions,
        })
    }
}
