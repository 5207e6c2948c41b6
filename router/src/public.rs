//! The schema that clients are shown. The planner leaves in it some of what a supergraph is written
//! by, and has what every server has beside what the composer wrote of it.

use graphql_tools::static_graphql::schema::{Definition, Document};

/// What every server has, as the specification says it.
const STANDARD: &str = r#"
"Leaves the field or fragment out when `if` is true."
directive @skip("Whether to leave it out." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
"Takes the field or fragment in only when `if` is true."
directive @include("Whether to take it in." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
"No longer to be used."
directive @deprecated("Why, and what to use instead." reason: String = "No longer supported") on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
"Where the scalar's form is described."
directive @specifiedBy("The address of the description." url: String!) on SCALAR
"Exactly one field has to be given, and not null."
directive @oneOf on INPUT_OBJECT
"#;

/// The names that begin so belong to the specifications a supergraph is written by.
const FEDERATION: [&str; 9] = [
    "join__",
    "link__",
    "core__",
    "federation__",
    "context__",
    "policy__",
    "requiresScopes__",
    "authenticated__",
    "cost__",
];

/// What of `document` clients are shown.
pub fn schema(document: &Document) -> Document {
    let standard = graphql_tools::parser::parse_schema::<String>(STANDARD);
    // A constant; a test reads what becomes of it.
    let standard = standard.map_or_else(|_| Vec::new(), |it| it.into_static().definitions);
    let is_standard = |name: &str| {
        standard.iter().any(
            |it| matches!(it, Definition::DirectiveDefinition(directive) if directive.name == name),
        )
    };
    let of_federation = |name: &str| FEDERATION.iter().any(|prefix| name.starts_with(prefix));
    let shown = document.definitions.iter().filter(|it| match it {
        Definition::DirectiveDefinition(directive) => {
            !is_standard(&directive.name) && !of_federation(&directive.name)
        }
        Definition::TypeDefinition(definition) => !of_federation(definition.name()),
        _ => true,
    });
    let mut definitions: Vec<_> = shown.cloned().collect();
    definitions.extend(standard);
    Document { definitions }
}
