//! Rules of GraphQL that the library's validation leaves out. The documents keep all its own: their
//! fragments exist, and none spreads itself.

use crate::error::at;
use ahash::{HashMap, HashSet};
use async_graphql::ServerError;
use djinn_kernel::Code;
use graphql_tools::{
    parser::Pos,
    static_graphql::query::{Definition, Document, OperationDefinition, Selection, SelectionSet},
};

/// Everything that breaks them.
pub fn check(document: &Document) -> Vec<ServerError> {
    let mut found = Vec::new();
    let mut fragments = HashMap::default();
    for definition in &document.definitions {
        let selections = match definition {
            Definition::Fragment(fragment) => {
                fragments.insert(fragment.name.as_str(), &fragment.selection_set);
                &fragment.selection_set
            }
            Definition::Operation(operation) => selections_of(operation),
        };
        names_without_arguments(selections, &mut found);
    }
    for definition in &document.definitions {
        if let Definition::Operation(OperationDefinition::Subscription(subscription)) = definition {
            let mut source = Source {
                fragments: &fragments,
                seen: HashSet::default(),
                found: &mut found,
            };
            source.must_be_there(&subscription.selection_set);
        }
    }
    found
}

const fn selections_of(operation: &OperationDefinition) -> &SelectionSet {
    match operation {
        OperationDefinition::SelectionSet(selections) => selections,
        OperationDefinition::Query(query) => &query.selection_set,
        OperationDefinition::Mutation(mutation) => &mutation.selection_set,
        OperationDefinition::Subscription(subscription) => &subscription.selection_set,
    }
}

fn broken(place: Pos, message: &str) -> ServerError {
    at(Code::GraphqlValidationFailed, message, &[place])
}

/// Argument Names, of `__typename`: it is in no type's list of fields, and has none.
fn names_without_arguments(selections: &SelectionSet, found: &mut Vec<ServerError>) {
    for selection in &selections.items {
        match selection {
            Selection::Field(field) => {
                if let ("__typename", Some((name, _))) = (&*field.name, field.arguments.first()) {
                    let message = format!("Unknown argument {name:?}.");
                    found.push(broken(field.position, &message));
                }
                names_without_arguments(&field.selection_set, found);
            }
            Selection::InlineFragment(fragment) => {
                names_without_arguments(&fragment.selection_set, found);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// Single Root Field: what a subscription follows is not up to its variables.
struct Source<'d, 'f> {
    fragments: &'f HashMap<&'d str, &'d SelectionSet>,
    seen: HashSet<&'d str>,
    found: &'f mut Vec<ServerError>,
}

impl<'d> Source<'d, '_> {
    fn must_be_there(&mut self, selections: &'d SelectionSet) {
        for selection in &selections.items {
            let directives = match selection {
                Selection::Field(field) => &field.directives,
                Selection::InlineFragment(fragment) => {
                    self.must_be_there(&fragment.selection_set);
                    &fragment.directives
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.fragment_name.as_str();
                    if self.seen.insert(name)
                        && let Some(selections) = self.fragments.get(name).copied()
                    {
                        self.must_be_there(selections);
                    }
                    &spread.directives
                }
            };
            for directive in directives {
                if matches!(directive.name.as_str(), "skip" | "include") {
                    let message = "The field of a subscription cannot be left out.";
                    self.found.push(broken(directive.position, message));
                }
            }
        }
    }
}
