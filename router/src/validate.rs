//! The rules of GraphQL, against the public schema.

use crate::{error::at, left_out, schema::Schema};
use async_graphql::ServerError;
use djinn_kernel::Code;
use graphql_tools::{
    static_graphql::query::Document,
    validation::{
        rules::default_rules_validation_plan,
        validate::{ValidationPlan, validate},
    },
};

/// Checks documents.
pub struct Validator {
    rules: ValidationPlan,
}

/// Nobody mends a hundred mistakes from one answer.
const MOST: usize = 20;

impl Validator {
    /// A checker with all rules of the specification.
    pub fn new() -> Self {
        Self {
            rules: default_rules_validation_plan(),
        }
    }

    /// Everything that is wrong with a document. The messages say what and where, and name neither
    /// types nor other fields: who may read the schema has it, and who may not gets no hints.
    pub fn check(&self, schema: &Schema, document: &Document) -> Result<(), Vec<ServerError>> {
        let found = validate(&schema.document, document, &self.rules);
        if found.is_empty() {
            let mut errors = left_out::check(document);
            errors.truncate(MOST);
            return if errors.is_empty() {
                Ok(())
            } else {
                Err(errors)
            };
        }
        let errors = found.iter().take(MOST).map(|error| {
            at(
                Code::GraphqlValidationFailed,
                explain(error.error_code, &error.message),
                &error.locations,
            )
        });
        Err(errors.collect())
    }
}

/// The rule's words without the schema's. A quoted word right after the rule's own opening is the
/// client's; what follows may not be.
fn explain(rule: &str, message: &str) -> String {
    let own = message
        .split('"')
        .nth(1)
        .filter(|word| !word.is_empty() && word.len() <= 100);
    match (rule, own) {
        ("FieldsOnCorrectType", Some(field)) => format!("Cannot query the field {field:?} here."),
        ("KnownArgumentNames", Some(argument)) => format!("Unknown argument {argument:?}."),
        ("KnownTypeNames", Some(name)) => format!("Unknown type {name:?}."),
        ("KnownFragmentNames", Some(name)) => format!("Unknown fragment {name:?}."),
        ("KnownDirectives", Some(name)) => {
            format!("The directive {name:?} is unknown, or not allowed here.")
        }
        ("LeafFieldSelections", Some(field)) => {
            format!("The field {field:?} needs a selection of fields, or takes none.")
        }
        ("NoUnusedFragments", Some(name)) => format!("The fragment {name:?} is never used."),
        ("NoUnusedVariables", Some(name)) => format!("The variable {name:?} is never used."),
        ("NoUndefinedVariables", Some(name)) => format!("The variable {name:?} is not declared."),
        ("ProvidedRequiredArguments", _) => "A required argument is missing here.".to_owned(),
        ("ValuesOfCorrectType", _) => "This value does not fit its type.".to_owned(),
        ("VariablesInAllowedPosition", Some(name)) => {
            format!("The variable {name:?} is used where its type does not fit.")
        }
        ("VariablesAreInputTypes", Some(name)) => {
            format!("The variable {name:?} is not of an input type.")
        }
        ("PossibleFragmentSpreads", _) => "This fragment can never match here.".to_owned(),
        ("FragmentsOnCompositeTypes", _) => "A fragment's type must have fields.".to_owned(),
        ("OverlappingFieldsCanBeMerged", Some(name)) => {
            format!("The fields called {name:?} conflict; give them different aliases.")
        }
        ("LoneAnonymousOperation", _) => "An anonymous operation must be the only one.".to_owned(),
        ("SingleFieldSubscriptions", _) => "A subscription selects exactly one field.".to_owned(),
        ("NoFragmentsCycle", _) => "A fragment must not spread itself.".to_owned(),
        (
            "UniqueArgumentNames"
            | "UniqueFragmentNames"
            | "UniqueInputFieldNames"
            | "UniqueOperationNames"
            | "UniqueVariableNames"
            | "UniqueDirectivesPerLocation",
            Some(name),
        ) => format!("There may be only one {name:?} here."),
        (rule, _) => format!("The document breaks a rule of GraphQL ({rule})."),
    }
}

#[cfg(test)]
mod tests {
    use super::explain;

    #[test]
    fn a_message_keeps_the_clients_word_and_drops_the_schemas() {
        let message = r#"Cannot query field "titel" on type "Game"."#;
        let told = explain("FieldsOnCorrectType", message);
        assert_eq!(told, r#"Cannot query the field "titel" here."#);
    }
}
