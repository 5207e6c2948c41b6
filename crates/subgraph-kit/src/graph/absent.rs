//! A variable that was not sent leaves its place empty, says the specification: the field of an
//! input object is absent then, not null. async-graphql makes a null of it, and where null means
//! "remove this", a client that left a variable out would lose what it had. So such places are
//! taken out of the document before it runs.

use async_graphql::{
    Name, Positioned, Variables,
    parser::types::{
        DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet,
    },
};
use async_graphql_value::Value;
use std::collections::HashSet;

/// The document without the places of variables that were not sent and have no default. Nothing,
/// when it has none: then it runs as it is.
pub fn left_out(document: &ExecutableDocument, sent: &Variables) -> Option<ExecutableDocument> {
    let absent: HashSet<Name> = document
        .operations
        .iter()
        .flat_map(|(_, operation)| &operation.node.variable_definitions)
        .map(|definition| &definition.node)
        .filter(|variable| {
            variable.default_value.is_none()
                && variable.var_type.node.nullable
                && !sent.contains_key(&variable.name.node)
        })
        .map(|variable| variable.name.node.clone())
        .collect();
    if absent.is_empty() {
        return None;
    }
    let mut document = document.clone();
    let mut places = Places {
        absent,
        needed: HashSet::new(),
    };
    let operations: Vec<&mut OperationDefinition> = match &mut document.operations {
        DocumentOperations::Single(operation) => {
            vec![&mut operation.node]
        }
        DocumentOperations::Multiple(operations) => operations
            .values_mut()
            .map(|operation| &mut operation.node)
            .collect(),
    };
    for fragment in document.fragments.values_mut() {
        places.clear(&mut fragment.node.selection_set.node);
    }
    let mut definitions = Vec::new();
    for operation in operations {
        places.clear(&mut operation.selection_set.node);
        definitions.push(&mut operation.variable_definitions);
    }
    // One that is used nowhere any more would be an error.
    for definitions in definitions {
        definitions.retain(|definition| {
            let name = &definition.node.name.node;
            !places.absent.contains(name) || places.needed.contains(name)
        });
    }
    Some(document)
}

struct Places {
    absent: HashSet<Name>,
    /// Those that stand where nothing can be left out, for instance in a list.
    needed: HashSet<Name>,
}

impl Places {
    fn clear(&mut self, set: &mut SelectionSet) {
        for selection in &mut set.items {
            match &mut selection.node {
                Selection::Field(field) => {
                    let field = &mut field.node;
                    field
                        .arguments
                        .retain_mut(|(_, value)| self.stays(&mut value.node));
                    for directive in &field.directives {
                        self.keep(&directive.node.arguments);
                    }
                    self.clear(&mut field.selection_set.node);
                }
                Selection::InlineFragment(inline) => {
                    for directive in &inline.node.directives {
                        self.keep(&directive.node.arguments);
                    }
                    self.clear(&mut inline.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    for directive in &spread.node.directives {
                        self.keep(&directive.node.arguments);
                    }
                }
            }
        }
    }

    /// Whether a value is more than an absent variable; takes such out of what is inside.
    fn stays(&mut self, value: &mut Value) -> bool {
        match value {
            Value::Variable(name) => !self.absent.contains(name),
            Value::Object(fields) => {
                fields.retain(|_, value| self.stays(value));
                true
            }
            Value::List(items) => {
                for item in items {
                    if !self.stays(item)
                        && let Value::Variable(name) = item
                    {
                        self.needed.insert(name.clone());
                    }
                }
                true
            }
            _ => true,
        }
    }

    fn keep(&mut self, arguments: &[(Positioned<Name>, Positioned<Value>)]) {
        for (_, value) in arguments {
            if let Value::Variable(name) = &value.node {
                self.needed.insert(name.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::{
        EmptySubscription, InputObject, MaybeUndefined, Object, Request, Schema,
        parser::parse_query,
    };
    use serde_json::json;

    #[derive(InputObject)]
    struct Note {
        text: MaybeUndefined<String>,
        marks: MaybeUndefined<Vec<Option<i32>>>,
    }

    struct Query;

    #[Object]
    impl Query {
        async fn say(&self, note: Option<Note>, #[graphql(default = 7)] number: i32) -> String {
            let Some(note) = note else {
                return format!("nothing {number}");
            };
            let text = match note.text {
                MaybeUndefined::Undefined => "absent".to_owned(),
                MaybeUndefined::Null => "null".to_owned(),
                MaybeUndefined::Value(text) => text,
            };
            format!("{text} {:?} {number}", note.marks.value())
        }
    }

    async fn said(query: &str, variables: serde_json::Value) -> String {
        let schema = Schema::new(Query, async_graphql::EmptyMutation, EmptySubscription);
        let variables = Variables::from_json(variables);
        let parsed = parse_query(query).expect("it is GraphQL");
        let mut request = Request::new(query).variables(variables);
        let left = left_out(&parsed, &request.variables);
        request.set_parsed_query(left.unwrap_or(parsed));
        let answer = schema.execute(request).await;
        assert_eq!(answer.errors, [], "{query}");
        answer.data.into_json().expect("JSON")["say"]
            .as_str()
            .expect("text")
            .to_owned()
    }

    #[tokio::test]
    async fn a_variable_that_was_not_sent_leaves_its_place_empty() {
        let inside = "query($t: String) { say(note: { text: $t }) }";
        assert_eq!(said(inside, json!({})).await, "absent None 7");
        assert_eq!(said(inside, json!({ "t": null })).await, "null None 7");
        assert_eq!(said(inside, json!({ "t": "x" })).await, "x None 7");
        let with_default = "query($t: String = \"d\") { say(note: { text: $t }) }";
        assert_eq!(said(with_default, json!({})).await, "d None 7");
        let whole = "query($n: Note, $i: Int) { say(note: $n, number: $i) }";
        assert_eq!(said(whole, json!({})).await, "nothing 7");
        let fragment = "query($t: String) { ...F } fragment F on Query { say(note: { text: $t }) }";
        assert_eq!(said(fragment, json!({})).await, "absent None 7");
        // An item of a list has no place to leave.
        let listed = "query($m: Int, $t: String) { say(note: { marks: [$m], text: $t }) }";
        assert_eq!(said(listed, json!({})).await, "absent Some([None]) 7");
    }
}
