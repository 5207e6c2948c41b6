//! The document as the planner gets it: the same question, with its conditions decided, and without
//! what the planner does not know.
//!
//! A plan that keeps `@skip` and `@include` open is at its weakest where they meet with
//! requirements and interface objects: the planner cannot find its way, or finds one that lacks a
//! type's name. A plan for the given answers has no such places, and asks for nothing in vain.

use crate::{aliases::Aliases, prepare::name_of};
use ahash::{HashMap, HashSet};
use async_graphql::Name;
use graphql_tools::static_graphql::query::{
    Definition, Directive, Document, Field, OperationDefinition, Selection, SelectionSet,
    TypeCondition, Value,
};

/// The variables that conditions of the document depend on, each once.
pub fn conditions(document: &Document) -> Vec<Name> {
    fn visit(set: &SelectionSet, found: &mut Vec<Name>) {
        for selection in &set.items {
            let (directives, inner) = match selection {
                Selection::Field(field) => (&field.directives, Some(&field.selection_set)),
                Selection::InlineFragment(inline) => {
                    (&inline.directives, Some(&inline.selection_set))
                }
                Selection::FragmentSpread(spread) => (&spread.directives, None),
            };
            for (_, value) in directives.iter().filter_map(condition) {
                if let Value::Variable(name) = value
                    && !found.iter().any(|known| known == name.as_str())
                {
                    found.push(Name::new(name));
                }
            }
            if let Some(inner) = inner {
                visit(inner, found);
            }
        }
    }
    let mut found = Vec::new();
    for definition in &document.definitions {
        visit(
            match definition {
                Definition::Operation(operation) => operation.selection_set(),
                Definition::Fragment(fragment) => &fragment.selection_set,
            },
            &mut found,
        );
    }
    found
}

/// What the rewriting has to know of the supergraph.
#[derive(Debug, Default)]
pub struct Names {
    /// The names that aliases must not take.
    pub aliases: Aliases,
    /// The object types of interfaces that are an interface object somewhere.
    pub behind: HashSet<String>,
}

/// What a variable of a condition is; nothing, when it is null.
pub type Answer<'a> = &'a dyn Fn(&str) -> Option<bool>;

/// Rewrites a validated document for the planner. Nothing, when no subgraph needs to be asked. The
/// shape of the answer is made of the original.
pub fn for_planner(
    mut document: Document,
    operation: Option<&str>,
    names: &Names,
    answer: Answer<'_>,
) -> Option<Document> {
    let behind: HashSet<String> = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::Fragment(fragment) => {
                let TypeCondition::On(on) = &fragment.type_condition;
                names.behind.contains(on).then(|| fragment.name.clone())
            }
            Definition::Operation(_) => None,
        })
        .collect();
    let rewriter = Rewriter {
        names,
        behind,
        answer,
    };
    for definition in &mut document.definitions {
        let set = match definition {
            Definition::Operation(operation) => match operation {
                OperationDefinition::SelectionSet(set) => set,
                OperationDefinition::Query(query) => &mut query.selection_set,
                OperationDefinition::Mutation(mutation) => &mut mutation.selection_set,
                OperationDefinition::Subscription(subscription) => &mut subscription.selection_set,
            },
            Definition::Fragment(fragment) => &mut fragment.selection_set,
        };
        rewriter.rewrite(set);
    }
    asks_subgraphs(&document, operation).then_some(document)
}

struct Rewriter<'a> {
    names: &'a Names,
    /// Fragments of the document on types behind an interface object.
    behind: HashSet<String>,
    answer: Answer<'a>,
}

impl Rewriter<'_> {
    fn rewrite(&self, set: &mut SelectionSet) {
        set.items.retain_mut(|selection| self.decide(selection));
        let empty = set.items.is_empty();
        if empty || set.items.iter().any(|selection| self.unveils(selection)) {
            // There is no empty selection in GraphQL, and the shape does not show this.
            set.items.push(typename(set));
        }
        for selection in &mut set.items {
            match selection {
                // The planner knows no introspection, whose fields stand at the root only.
                Selection::Field(field) if field.name == "__schema" || field.name == "__type" => {
                    *selection = typename(&field.selection_set);
                }
                Selection::Field(field) => {
                    if let Some(key) = self.names.aliases.on_the_way(field) {
                        field.alias = Some(key);
                    }
                    if !field.selection_set.items.is_empty() {
                        self.rewrite(&mut field.selection_set);
                    }
                }
                Selection::InlineFragment(inline) => self.rewrite(&mut inline.selection_set),
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    /// Whether it stays; without its conditions then.
    fn decide(&self, selection: &mut Selection) -> bool {
        let directives = match selection {
            Selection::Field(field) => &mut field.directives,
            Selection::InlineFragment(inline) => &mut inline.directives,
            Selection::FragmentSpread(spread) => &mut spread.directives,
        };
        let stays = directives
            .iter()
            .filter_map(condition)
            .all(|(wanted, value)| match value {
                Value::Variable(name) => (self.answer)(name) == Some(wanted),
                value => *value == Value::Boolean(wanted),
            });
        directives.retain(|directive| condition(directive).is_none());
        stays
    }

    fn unveils(&self, selection: &Selection) -> bool {
        match selection {
            Selection::Field(_) => false,
            Selection::InlineFragment(inline) => match &inline.type_condition {
                Some(TypeCondition::On(on)) => self.names.behind.contains(on),
                None => false,
            },
            Selection::FragmentSpread(spread) => self.behind.contains(&spread.fragment_name),
        }
    }
}

/// What a `@skip` or `@include` wants its argument to be, and the argument.
fn condition(directive: &Directive) -> Option<(bool, &Value)> {
    let wanted = match directive.name.as_str() {
        "include" => true,
        "skip" => false,
        _ => return None,
    };
    let argument = directive.arguments.iter().find(|(name, _)| name == "if");
    argument.map(|(_, value)| (wanted, value))
}

fn typename(inside: &SelectionSet) -> Selection {
    let (position, _) = inside.span;
    Selection::Field(Field {
        position,
        alias: None,
        name: "__typename".to_owned(),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: SelectionSet {
            span: inside.span,
            items: Vec::new(),
        },
    })
}

/// Whether the operation asks for anything at the root that the router does not know itself.
fn asks_subgraphs(document: &Document, operation: Option<&str>) -> bool {
    fn any<'d>(
        set: &'d SelectionSet,
        fragments: &HashMap<&str, &'d SelectionSet>,
        seen: &mut HashSet<&'d str>,
    ) -> bool {
        set.items.iter().any(|selection| match selection {
            Selection::Field(field) => !field.name.starts_with("__"),
            Selection::InlineFragment(inline) => any(&inline.selection_set, fragments, seen),
            Selection::FragmentSpread(spread) => {
                let name = spread.fragment_name.as_str();
                seen.insert(name)
                    && fragments
                        .get(name)
                        .is_some_and(|set| any(set, fragments, seen))
            }
        })
    }
    let fragments = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::Fragment(fragment) => {
                Some((fragment.name.as_str(), &fragment.selection_set))
            }
            Definition::Operation(_) => None,
        })
        .collect();
    document
        .definitions
        .iter()
        .any(|definition| match definition {
            Definition::Operation(found) => {
                let named = operation.is_none() || name_of(found) == operation;
                named && any(found.selection_set(), &fragments, &mut HashSet::default())
            }
            Definition::Fragment(_) => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Document {
        graphql_tools::parser::parse_query::<String>(text)
            .expect("a document")
            .into_static()
    }

    fn rewritten(text: &str) -> Option<String> {
        let names = Names {
            aliases: Aliases::new(["id".to_owned(), "sku".to_owned()]),
            behind: HashSet::from_iter(["Trailer".to_owned()]),
        };
        let answer = |name: &str| match name {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        let document = for_planner(parsed(text), None, &names, &answer)?;
        let text = document.to_string();
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn conditions_are_decided() {
        let decided = |text: &str| rewritten(text).unwrap_or_default();
        assert_eq!(
            decided(
                "{ a @include(if: $yes) b @skip(if: $yes) c @skip(if: $no) @include(if: true) d @include(if: $null) e @skip(if: $null) }"
            ),
            "{ a c }"
        );
        assert_eq!(
            decided(
                "{ a { ... @skip(if: $yes) { b } } ...F } fragment F on Q { c ...G @include(if: $no) } fragment G on Q { d }"
            ),
            "{ a { __typename } ...F } fragment F on Q { c } fragment G on Q { d }"
        );
    }

    #[test]
    fn where_nothing_is_left_nobody_is_asked() {
        for nothing in [
            "{ a @include(if: $no) }",
            "{ __typename __schema { x } }",
            "{ ...F } fragment F on Q { a @skip(if: $yes) __typename }",
        ] {
            assert_eq!(rewritten(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn aliases_that_are_names_and_introspection_give_way() {
        assert_eq!(
            rewritten("{ a: b { sku: id } __schema { x } }").as_deref(),
            Some("{ a: b { _as_sku: id } __typename }")
        );
    }

    #[test]
    fn fragments_behind_an_interface_object_ask_for_the_type() {
        assert_eq!(
            rewritten("{ a { ... on Trailer { b } } c { ...F } d { ... on Other { e } } } fragment F on Trailer { b }").as_deref(),
            Some("{ a { ... on Trailer { b } __typename } c { ...F __typename } d { ... on Other { e } } } fragment F on Trailer { b }")
        );
    }

    #[test]
    fn the_variables_of_conditions_are_found_once_wherever_they_are() {
        let document = parsed(
            "query($a: Boolean!) { x @include(if: $a) @skip(if: true) ...F @skip(if: $b) } fragment F on Q { ... @include(if: $c) { y(z: $d) @skip(if: $a) } }",
        );
        assert_eq!(conditions(&document), ["a", "b", "c"].map(Name::new));
    }
}
