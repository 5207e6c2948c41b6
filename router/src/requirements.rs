//! What fields require, by `@requires`.
//!
//! A plan says what goes into a representation. Where the planner joins two ways into one fetch from
//! behind an interface object, it keeps the key of one of them only; what the fields asked for
//! require is then put back from here.

use crate::steps::Need;
use ahash::HashMap;
use async_graphql::Name;
use graphql_tools::static_graphql::{
    query::{
        Definition as QueryDefinition, OperationDefinition, Selection, SelectionSet, TypeCondition,
    },
    schema::{Definition, Directive, Document, Field, TypeDefinition, Value},
};

/// The requirements of every field that has some: by subgraph, type and field.
#[derive(Debug, Default)]
pub struct Requirements(HashMap<(String, String, String), Vec<Need>>);

impl Requirements {
    /// Reads them from a supergraph.
    pub fn new(supergraph: &Document) -> Self {
        let names = subgraphs(supergraph);
        let mut all = HashMap::default();
        for definition in &supergraph.definitions {
            let (of, fields): (&str, &[Field]) = match definition {
                Definition::TypeDefinition(TypeDefinition::Object(found)) => {
                    (&found.name, &found.fields)
                }
                Definition::TypeDefinition(TypeDefinition::Interface(found)) => {
                    (&found.name, &found.fields)
                }
                _ => continue,
            };
            for field in fields {
                for join in &field.directives {
                    if join.name == "join__field"
                        && let Some(Value::Enum(graph)) = argument(join, "graph")
                        && let Some(Value::String(requires)) = argument(join, "requires")
                        && let Some(subgraph) = names.get(graph)
                    {
                        let key = (subgraph.clone(), of.to_owned(), field.name.clone());
                        all.insert(key, parsed(requires));
                    }
                }
            }
        }
        Self(all)
    }

    /// Adds to `needs` what the fields of an `_entities` selection require and `needs` lacks.
    pub fn complete(&self, subgraph: &str, asked: &[(String, String)], needs: &mut Vec<Need>) {
        for (of, field) in asked {
            let key = (subgraph.to_owned(), of.clone(), field.clone());
            for required in self.0.get(&key).into_iter().flatten() {
                let Need::Field { to, .. } = required else {
                    continue;
                };
                if !has(needs, to) {
                    needs.push(Need::On {
                        name: of.clone(),
                        inner: vec![required.clone()],
                    });
                }
            }
        }
    }
}

fn has(needs: &[Need], name: &str) -> bool {
    needs.iter().any(|need| match need {
        Need::Field { to, .. } => to == name,
        Need::On { inner, .. } => has(inner, name),
    })
}

/// Names of subgraphs, by their value of `join__Graph`.
fn subgraphs(supergraph: &Document) -> HashMap<String, String> {
    let graphs = supergraph
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::TypeDefinition(TypeDefinition::Enum(found)) => Some(found),
            _ => None,
        });
    graphs
        .filter(|found| found.name == "join__Graph")
        .flat_map(|found| &found.values)
        .filter_map(|value| {
            let join = value
                .directives
                .iter()
                .find(|one| one.name == "join__graph")?;
            match argument(join, "name")? {
                Value::String(name) => Some((value.name.clone(), name.clone())),
                _ => None,
            }
        })
        .collect()
}

fn argument<'d>(directive: &'d Directive, name: &str) -> Option<&'d Value> {
    let mut arguments = directive.arguments.iter();
    arguments
        .find(|(found, _)| found == name)
        .map(|(_, value)| value)
}

/// A field set as needs. One with arguments is fetched under a name of the planner's own, which is
/// not known here, and is left to the plan.
fn parsed(fields: &str) -> Vec<Need> {
    let Ok(document) = graphql_tools::parser::parse_query::<String>(&format!("{{ {fields} }}"))
        .map(graphql_tools::parser::query::Document::into_static)
    else {
        return Vec::new();
    };
    match document.definitions.first() {
        Some(QueryDefinition::Operation(OperationDefinition::SelectionSet(set))) => needs(set),
        _ => Vec::new(),
    }
}

fn needs(set: &SelectionSet) -> Vec<Need> {
    let needs = set.items.iter().filter_map(|item| match item {
        Selection::Field(field) if field.arguments.is_empty() => Some(Need::Field {
            from: field.name.clone(),
            to: Name::new(&field.name),
            inner: needs(&field.selection_set),
        }),
        Selection::InlineFragment(inline) => {
            let TypeCondition::On(name) = inline.type_condition.as_ref()?;
            Some(Need::On {
                name: name.clone(),
                inner: needs(&inline.selection_set),
            })
        }
        _ => None,
    });
    needs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requirements() -> Requirements {
        let sdl = r#"
            enum join__Graph { SHOP @join__graph(name: "shop", url: "") }
            type Game { label: String @join__field(graph: SHOP, requires: "title size { w } price(in: \"EUR\")") }
        "#;
        let document = graphql_tools::parser::parse_schema::<String>(sdl)
            .expect("a schema")
            .into_static();
        Requirements::new(&document)
    }

    fn completed(needs: Vec<Need>) -> String {
        let mut needs = needs;
        let asked = [("Game".to_owned(), "label".to_owned())];
        requirements().complete("shop", &asked, &mut needs);
        format!("{needs:?}")
    }

    #[test]
    fn what_the_plan_forgot_is_put_back() {
        let text = completed(Vec::new());
        assert!(text.contains(r#"to: Name("title")"#), "{text}");
        assert!(text.contains(r#"to: Name("w")"#), "{text}");
        assert!(!text.contains("price"), "{text}");
    }

    #[test]
    fn what_the_plan_has_stays_as_it_is() {
        let own = |name: &str| Need::Field {
            from: "_internal_qp_alias_0".to_owned(),
            to: Name::new(name),
            inner: Vec::new(),
        };
        let before = vec![own("title"), own("size")];
        let text = format!("{before:?}");
        assert_eq!(completed(before), text);
    }
}
