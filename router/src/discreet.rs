//! What those are told who may not read the schema: whether a field is not there, or is there and
//! not for them, looks the same. Otherwise anybody could spell the schema out word by word.

use crate::{
    GraphResponse,
    error::{code_of, coded},
};
use djinn_kernel::Code;

/// Codes that only come of documents that fit the schema, or of those that do not.
const TELLING: [Code; 5] = [
    Code::GraphqlValidationFailed,
    Code::VariableInvalid,
    Code::QueryTooComplex,
    Code::Unauthenticated,
    Code::Forbidden,
];

/// Replaces an answer that tells something by one that tells nothing. What ran, has run: an answer
/// that was half given is not given at all, because the half that is missing would tell.
pub fn cover(response: GraphResponse) -> GraphResponse {
    let telling = response.errors().iter().any(|error| {
        let code = code_of(error).and_then(Code::parse);
        code.is_some_and(|code| TELLING.contains(&code)) && !is_of_the_text(error)
    });
    if !telling {
        return response;
    }
    GraphResponse::refused(vec![coded(
        Code::Unauthenticated,
        "Sign in first. Without it, only documents that ask for nothing but what is open to everybody are answered.",
    )])
}

/// Limits that are counted on the text alone, before the schema is looked at, may be named.
fn is_of_the_text(error: &async_graphql::ServerError) -> bool {
    code_of(error) == Some(Code::QueryTooComplex.as_str())
        && error
            .extensions
            .as_ref()
            .is_some_and(|extensions| extensions.get("limit").is_some())
}
