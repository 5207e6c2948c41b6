//! Which subgraph resolves a field, as far as the supergraph says so.

use ahash::HashMap;
use graphql_tools::static_graphql::{
    query::Value,
    schema::{Definition, Directive, Document, Field, TypeDefinition},
};

/// The subgraphs by what they own. A field that several have is resolved by whoever has the object
/// already, and belongs to nobody here.
#[derive(Debug, Default)]
pub struct Owners {
    fields: HashMap<String, HashMap<String, String>>,
    /// Types that are in one subgraph only.
    types: HashMap<String, String>,
}

impl Owners {
    /// Reads a composed supergraph.
    pub fn read(supergraph: &Document) -> Self {
        let names = names(supergraph);
        let mut owners = Self::default();
        for definition in &supergraph.definitions {
            let (name, directives, fields) = match definition {
                Definition::TypeDefinition(TypeDefinition::Object(it)) => {
                    (&it.name, &it.directives, &it.fields)
                }
                Definition::TypeDefinition(TypeDefinition::Interface(it)) => {
                    (&it.name, &it.directives, &it.fields)
                }
                _ => continue,
            };
            let only = |name: &str, directives: &[Directive]| -> Option<String> {
                let mut graphs = directives
                    .iter()
                    .filter(|directive| directive.name == name)
                    .filter(|directive| !is_external(directive))
                    .filter_map(graph);
                let first = graphs.next()?;
                let alone = graphs.all(|graph| graph == first);
                alone.then(|| names.get(first).cloned()).flatten()
            };
            if let Some(owner) = only("join__type", directives) {
                owners.types.insert(name.clone(), owner);
            }
            let owned = |field: &Field| {
                let owner = only("join__field", &field.directives)?;
                Some((field.name.clone(), owner))
            };
            let fields: HashMap<_, _> = fields.iter().filter_map(owned).collect();
            if !fields.is_empty() {
                owners.fields.insert(name.clone(), fields);
            }
        }
        owners
    }

    /// Whose a field is; `None` where whoever has the object may resolve it.
    pub fn of(&self, parent: &str, field: &str) -> Option<&str> {
        let own = self.fields.get(parent).and_then(|of| of.get(field));
        own.or_else(|| self.types.get(parent)).map(String::as_str)
    }
}

/// The values of `join__Graph` and the names they stand for.
fn names(supergraph: &Document) -> HashMap<String, String> {
    let graphs = supergraph.definitions.iter().find_map(|it| match it {
        Definition::TypeDefinition(TypeDefinition::Enum(it)) if it.name == "join__Graph" => {
            Some(&it.values)
        }
        _ => None,
    });
    let name = |directives: &[Directive]| {
        let directive = directives.iter().find(|it| it.name == "join__graph")?;
        directive.arguments.iter().find_map(|it| match it {
            (name, Value::String(text)) if name == "name" => Some(text.clone()),
            _ => None,
        })
    };
    let each = graphs.into_iter().flatten();
    each.filter_map(|value| Some((value.name.clone(), name(&value.directives)?)))
        .collect()
}

fn graph(directive: &Directive) -> Option<&str> {
    directive.arguments.iter().find_map(|it| match it {
        (name, Value::Enum(graph)) if name == "graph" => Some(graph.as_str()),
        _ => None,
    })
}

fn is_external(directive: &Directive) -> bool {
    directive
        .arguments
        .iter()
        .any(|(name, value)| name == "external" && *value == Value::Boolean(true))
}
