//! Which subscriptions can go on after a break, and from where.
//!
//! By the house's convention, a subscription that mirrors state says with every event how far it is:
//! `epoch` names the history, `rev` counts in it; and it begins with the whole state, or with what
//! happened since the position given as its argument `resume`. Any field of that shape can be opened
//! again. Others are streams of things that happen: to open one again would hide that some were
//! missed.

use crate::schema::{Schema, named};
use async_graphql::{Name, Value, indexmap::IndexMap};
use djinn_subgraph_kit::Call;
use graphql_tools::{
    parser::{
        Pos, parse_query,
        query::{Type, Value as Literal, VariableDefinition},
    },
    static_graphql::{
        query::{
            Definition, Document, Field, InlineFragment, OperationDefinition, Selection,
            SelectionSet, TypeCondition,
        },
        schema::TypeDefinition,
    },
};
use std::sync::Arc;

/// Names of ours, which no client's alias has by chance.
const EPOCH: &str = "_at_epoch";
const REV: &str = "_at_rev";
const RESUME: &str = "_resume";

/// How a subscription is opened again.
pub struct Resumable {
    /// The document, asking for the position too.
    pub first: Arc<str>,
    /// The same, beginning at the position in the variable [`RESUME`]; `None` where the field
    /// cannot, and begins with the whole state instead.
    later: Option<Arc<str>>,
    /// What the field is called in the events.
    key: String,
}

/// How far a stream is.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    epoch: Value,
    rev: Value,
}

impl Resumable {
    /// Reads it off the schema, for the document that goes to the subgraph.
    pub fn of(schema: &Schema, text: &str) -> Option<Self> {
        let mut document = parse_query::<String>(text).ok()?.into_static();
        give_name(&mut document);
        let root = schema.subscription_type()?;
        let field = root_field(&mut document)?;
        let definition = schema.field(root, &field.name)?;
        add_position(
            schema,
            named(&definition.field_type),
            &mut field.selection_set,
        )?;
        let key = field.alias.as_ref().unwrap_or(&field.name).clone();
        let argument = definition
            .arguments
            .iter()
            .find(|argument| argument.name == "resume");
        let position = argument.map(|argument| named(&argument.value_type));
        let first = document.to_string().into();
        let later = position
            .filter(|of| is_position(schema, of))
            .and_then(|of| beginning_later(document, of));
        Some(Self {
            first,
            later: later.map(Into::into),
            key,
        })
    }

    /// How far the stream is with this event.
    pub fn position(&self, event: &Value) -> Option<Position> {
        let Value::Object(data) = event else {
            return None;
        };
        let Value::Object(field) = data.get(self.key.as_str())? else {
            return None;
        };
        match (field.get(EPOCH)?, field.get(REV)?) {
            (epoch @ Value::String(_), rev @ Value::Number(_)) => Some(Position {
                epoch: epoch.clone(),
                rev: rev.clone(),
            }),
            _ => None,
        }
    }

    /// The call that opens it again.
    pub fn again(&self, call: &Call, at: Option<&Position>) -> Call {
        let mut call = call.clone();
        if let (Some(later), Some(at)) = (&self.later, at) {
            call.query = Arc::clone(later);
            let position = IndexMap::from([
                (Name::new("epoch"), at.epoch.clone()),
                (Name::new("rev"), at.rev.clone()),
            ]);
            call.variables
                .insert(Name::new(RESUME), Value::Object(position));
        }
        call
    }
}

/// The printer leaves the variables of a subscription out that has no name.
fn give_name(document: &mut Document) {
    for definition in &mut document.definitions {
        if let Definition::Operation(OperationDefinition::Subscription(subscription)) = definition {
            subscription.name.get_or_insert_with(|| "Follow".to_owned());
        }
    }
}

fn root_field(document: &mut Document) -> Option<&mut Field> {
    let items = document
        .definitions
        .iter_mut()
        .find_map(|definition| match definition {
            Definition::Operation(OperationDefinition::Subscription(subscription)) => {
                Some(&mut subscription.selection_set.items)
            }
            _ => None,
        })?;
    match items.as_mut_slice() {
        [Selection::Field(field)] => Some(field),
        _ => None,
    }
}

/// Selects the position, in every type that an event can be of; nothing, if one of them has none.
fn add_position(schema: &Schema, of: &str, set: &mut SelectionSet) -> Option<()> {
    let says_how_far = |of: &str| {
        ["epoch", "rev"]
            .into_iter()
            .all(|name| schema.field(of, name).is_some())
    };
    let ours =
        [(EPOCH, "epoch"), (REV, "rev")].map(|(alias, name)| Selection::Field(leaf(alias, name)));
    if schema.is_object(of) && says_how_far(of) {
        set.items.extend(ours);
        return Some(());
    }
    let possible = schema.possible(of);
    if !schema.is_abstract(of) || possible.is_empty() || !possible.iter().all(|of| says_how_far(of))
    {
        return None;
    }
    for of in possible {
        set.items.push(Selection::InlineFragment(InlineFragment {
            position: Pos::default(),
            type_condition: Some(TypeCondition::On(of.to_owned())),
            directives: Vec::new(),
            selection_set: SelectionSet {
                span: set.span,
                items: ours.to_vec(),
            },
        }));
    }
    Some(())
}

fn leaf(alias: &str, name: &str) -> Field {
    Field {
        position: Pos::default(),
        alias: Some(alias.to_owned()),
        name: name.to_owned(),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: SelectionSet {
            span: (Pos::default(), Pos::default()),
            items: Vec::new(),
        },
    }
}

fn is_position(schema: &Schema, of: &str) -> bool {
    match schema.definition(of) {
        Some(TypeDefinition::InputObject(input)) => ["epoch", "rev"]
            .into_iter()
            .all(|name| input.fields.iter().any(|field| field.name == name)),
        _ => false,
    }
}

/// The document with the field's `resume` taken from our variable.
fn beginning_later(mut document: Document, of: &str) -> Option<String> {
    let field = root_field(&mut document)?;
    field.arguments.retain(|(name, _)| name != "resume");
    field
        .arguments
        .push(("resume".to_owned(), Literal::Variable(RESUME.to_owned())));
    variables(&mut document)?.push(VariableDefinition {
        position: Pos::default(),
        name: RESUME.to_owned(),
        var_type: Type::NamedType(of.to_owned()),
        default_value: None,
    });
    // The client's own variable may have had no other use, and then must not be declared.
    let text = document.to_string();
    let unused: Vec<String> = variables(&mut document)?
        .iter()
        .map(|variable| variable.name.clone())
        .filter(|name| mentions(&text, name) < 2)
        .collect();
    variables(&mut document)?.retain(|variable| !unused.contains(&variable.name));
    Some(document.to_string())
}

fn variables(document: &mut Document) -> Option<&mut Vec<VariableDefinition<'static, String>>> {
    document
        .definitions
        .iter_mut()
        .find_map(|definition| match definition {
            Definition::Operation(OperationDefinition::Subscription(subscription)) => {
                Some(&mut subscription.variable_definitions)
            }
            _ => None,
        })
}

/// How often `$name` stands in a document.
fn mentions(text: &str, name: &str) -> usize {
    text.match_indices('$')
        .filter(|(at, _)| {
            text[at + 1..].strip_prefix(name).is_some_and(|rest| {
                !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_')
            })
        })
        .count()
}
