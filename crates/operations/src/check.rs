//! Arguments held against their schema, before anything is sent.

use djinn_kernel::Code;
use jsonschema::Validator;
use serde_json::Value;

/// How many mistakes are told at once.
const MOST: usize = 5;

/// A schema, ready to be held against.
pub struct Check(Option<Validator>);

impl Check {
    /// By a JSON Schema of 2020-12.
    pub fn new(schema: &Value) -> Self {
        let made = jsonschema::validator_for(schema);
        Self(
            made.inspect_err(|error| tracing::error!(%error, "a schema is bad"))
                .ok(),
        )
    }

    /// Nothing when `value` fits; otherwise what is wrong, a line each:
    /// `INVALID_INPUT: /first: "many" is not of type "integer"`.
    pub fn refusal(&self, value: &Value) -> Option<String> {
        let Some(validator) = &self.0 else {
            return Some(format!("{}: the schema is bad", Code::Internal.as_str()));
        };
        let wrong: Vec<String> = validator
            .iter_errors(value)
            .take(MOST)
            .map(|error| {
                let place = error.instance_path().to_string();
                let place = if place.is_empty() {
                    "the arguments"
                } else {
                    &place
                };
                format!("{}: {place}: {error}", Code::InvalidInput.as_str())
            })
            .collect();
        (!wrong.is_empty()).then(|| wrong.join("\n"))
    }
}
