//! The order of the subgraphs' names, which the planner goes by where ways are equally long.
//!
//! From an `@interfaceObject` it takes the first way that it finds to a type of the interface, and
//! if the interface object's own subgraph comes first by name, it does not find one at all. So
//! inside the planner the subgraphs have names that sort those with interface objects last.

use graphql_tools::static_graphql::{
    query::Value,
    schema::{Definition, Directive, Document, Field, TypeDefinition},
};
use std::collections::HashSet;

/// Whether the subgraphs have other names inside the planner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renamed(bool);

impl Renamed {
    /// A subgraph's own name, of the planner's.
    pub fn own(self, name: &str) -> &str {
        match name.split_at_checked(1) {
            Some((_, own)) if self.0 => own,
            _ => name,
        }
    }
}

/// The supergraph for the planner.
pub fn sorted(mut document: Document) -> (Document, Renamed) {
    let last = with_interface_objects(&document);
    if last.is_empty() {
        return (document, Renamed(false));
    }
    let mut names = std::collections::HashMap::new();
    for definition in &mut document.definitions {
        let Definition::TypeDefinition(TypeDefinition::Enum(graphs)) = definition else {
            continue;
        };
        if graphs.name != "join__Graph" {
            continue;
        }
        for graph in &mut graphs.values {
            let position = if last.contains(&graph.name) { '1' } else { '0' };
            for name in arguments(&mut graph.directives, "join__graph", "name") {
                let own = std::mem::take(name);
                *name = format!("{position}{own}");
                names.insert(own, name.clone());
            }
        }
    }
    // `@override(from:)` names the subgraph, not the value of the enum.
    for definition in &mut document.definitions {
        for field in fields(definition) {
            for from in arguments(&mut field.directives, "join__field", "override") {
                if let Some(name) = names.get(from) {
                    from.clone_from(name);
                }
            }
        }
    }
    (document, Renamed(true))
}

/// The subgraphs that have an interface object, by their value of `join__Graph`.
fn with_interface_objects(document: &Document) -> HashSet<String> {
    let interfaces = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::TypeDefinition(TypeDefinition::Interface(found)) => Some(found),
            _ => None,
        });
    let joins = interfaces.flat_map(|interface| &interface.directives);
    joins
        .filter(|join| {
            join.arguments
                .iter()
                .any(|(name, value)| name == "isInterfaceObject" && *value == Value::Boolean(true))
        })
        .flat_map(|join| &join.arguments)
        .filter_map(|(name, value)| match value {
            Value::Enum(graph) if name == "graph" => Some(graph.clone()),
            _ => None,
        })
        .collect()
}

fn fields<'d>(definition: &'d mut Definition<'static, String>) -> &'d mut [Field] {
    match definition {
        Definition::TypeDefinition(TypeDefinition::Object(found)) => &mut found.fields,
        Definition::TypeDefinition(TypeDefinition::Interface(found)) => &mut found.fields,
        _ => &mut [],
    }
}

fn arguments<'d>(
    directives: &'d mut [Directive],
    directive: &'static str,
    argument: &'static str,
) -> impl Iterator<Item = &'d mut String> {
    directives
        .iter_mut()
        .filter(move |found| found.name == directive)
        .flat_map(|found| &mut found.arguments)
        .filter_map(move |(name, value)| match value {
            Value::String(text) if name == argument => Some(text),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(join: &str) -> Document {
        let sdl = format!(
            r#"enum join__Graph {{ A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }}
            interface I @join__type(graph: A, {join}) @join__type(graph: B) {{ x: Int @join__field(graph: A, override: "b") }}"#
        );
        graphql_tools::parser::parse_schema::<String>(&sdl)
            .expect("a schema")
            .into_static()
    }

    #[test]
    fn subgraphs_with_interface_objects_come_last() {
        let (sorted, renamed) = sorted(document("isInterfaceObject: true"));
        let text = sorted.to_string();
        assert!(
            text.contains(r#"name: "1a""#) && text.contains(r#"name: "0b""#),
            "{text}"
        );
        assert!(text.contains(r#"override: "0b""#), "{text}");
        assert_eq!(renamed.own("1a"), "a");
    }

    #[test]
    fn without_them_all_stays_as_it_is() {
        let before = document("isInterfaceObject: false");
        let (after, renamed) = sorted(before.clone());
        assert_eq!(after, before);
        assert_eq!(renamed.own("1a"), "1a");
    }
}
