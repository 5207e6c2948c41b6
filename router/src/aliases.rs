//! Aliases on the way to the subgraphs.
//!
//! A client may call a field by the name of another: `sku: id`. In its own answer that is clear, but
//! the plan fetches keys and requirements into the same objects under their own names, and one
//! `sku` would take the other's place. So an alias that is the name of any field goes out under
//! another name, and comes back to its own where the answer is shown.

use ahash::HashSet;
use async_graphql::{PathSegment, ServerError};
use graphql_tools::static_graphql::query::Field;

const PREFIX: &str = "_as_";
/// The planner's own, where it has to tell two fields apart.
const PLANNERS: &str = "_internal_";

/// The names that an alias must not take from a field.
#[derive(Debug, Default)]
pub struct Aliases(HashSet<String>);

impl Aliases {
    /// With the names of all fields of the supergraph, the inaccessible ones as well.
    pub fn new(fields: impl IntoIterator<Item = String>) -> Self {
        let mut names: HashSet<String> = fields.into_iter().collect();
        names.insert("__typename".to_owned());
        Self(names)
    }

    /// What the field is called in the data, where that is not what the client calls it.
    pub fn on_the_way(&self, field: &Field) -> Option<String> {
        let key = field.alias.as_ref().unwrap_or(&field.name);
        let taken = *key != field.name && self.0.contains(key);
        (taken || key.starts_with(PREFIX) || key.starts_with(PLANNERS))
            .then(|| format!("{PREFIX}{key}"))
    }
}

/// Gives the paths of errors the client's own words again.
pub fn tell(errors: &mut [ServerError]) {
    for segment in errors.iter_mut().flat_map(|error| &mut error.path) {
        if let PathSegment::Field(key) = segment
            && let Some(own) = key.strip_prefix(PREFIX)
        {
            *key = own.to_owned();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graphql_tools::static_graphql::query::{Definition, OperationDefinition, Selection};

    fn on_the_way(field: &str) -> Option<String> {
        let aliases = Aliases::new(["id".to_owned(), "sku".to_owned()]);
        let document = graphql_tools::parser::parse_query::<String>(&format!("{{ {field} }}"))
            .expect("a field")
            .into_static();
        let Definition::Operation(OperationDefinition::SelectionSet(set)) =
            &document.definitions[0]
        else {
            unreachable!("a bare selection set")
        };
        let Selection::Field(field) = &set.items[0] else {
            unreachable!("a field")
        };
        aliases.on_the_way(field)
    }

    #[test]
    fn only_an_alias_that_is_a_fields_name_is_changed() {
        for unchanged in ["id", "sku", "id: id", "mine: id"] {
            assert_eq!(on_the_way(unchanged), None, "{unchanged}");
        }
        assert_eq!(on_the_way("sku: id").as_deref(), Some("_as_sku"));
        assert_eq!(
            on_the_way("__typename: id").as_deref(),
            Some("_as___typename")
        );
        // What looks like ours already must not be taken for it on the way back.
        assert_eq!(on_the_way("_as_x: id").as_deref(), Some("_as__as_x"));
        assert_eq!(on_the_way("_as_x").as_deref(), Some("_as__as_x"));
    }

    #[test]
    fn the_client_reads_its_own_words_in_a_path() {
        let mut error = ServerError::new("", None);
        error.path = vec![
            PathSegment::Field("_as_sku".to_owned()),
            PathSegment::Index(1),
            PathSegment::Field("_as__as_x".to_owned()),
            PathSegment::Field("id".to_owned()),
        ];
        tell(std::slice::from_mut(&mut error));
        let path = serde_json::to_value(&error.path).expect("a path");
        assert_eq!(path, serde_json::json!(["sku", 1, "_as_x", "id"]));
    }
}
