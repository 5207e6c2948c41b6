//! The shape of an answer: what to show, in the order the document asks for it.
//!
//! Built once per document from the document itself (not from the plan, which reorders), with
//! fragments spread out and every field's type at hand.

use crate::{
    aliases::Aliases,
    error::at,
    schema::{Schema, named},
    variables::literal,
};
use ahash::{HashMap, HashSet};
use async_graphql::{Name, ServerError, Value, Variables};
use djinn_kernel::Code;
use graphql_tools::static_graphql::{
    query::{
        self, Definition, Directive, Document, FragmentDefinition, Selection, SelectionSet,
        TypeCondition,
    },
    schema::Type,
};
use std::sync::Arc;

/// What to show of one object.
#[derive(Debug, Default)]
pub struct Shape {
    /// Fields and conditional parts, in order.
    pub items: Vec<Item>,
    /// Whether a key may come up twice, so that its selections have to be merged.
    pub overlaps: bool,
}

impl Shape {
    /// How many fields it has in all.
    pub fn fields(&self) -> usize {
        let each = self.items.iter().map(|item| match item {
            Item::Field(field) => 1 + field.inner.fields(),
            Item::Part { shape, .. } => shape.fields(),
        });
        each.sum()
    }
}

/// One item of a shape.
#[derive(Debug)]
pub enum Item {
    /// A field.
    Field(Box<Field>),
    /// A part for some types only, or under a condition.
    Part {
        /// The type the object must be of, when that is not certain.
        on: Option<String>,
        /// The conditions.
        when: When,
        /// The part.
        shape: Shape,
    },
}

/// One field of a shape.
#[derive(Debug)]
pub struct Field {
    /// Its key in the answer.
    pub key: Name,
    /// Its key in the data that the subgraphs brought.
    pub from: Name,
    /// Its name in the schema.
    pub name: String,
    /// The conditions.
    pub when: When,
    /// Its type's lists and bangs.
    pub output: Output,
    /// What is at the bottom of its type.
    pub kind: Kind,
    /// What to show of it.
    pub inner: Shape,
    /// Its arguments, kept only where the router itself answers.
    pub arguments: Vec<(String, query::Value)>,
}

/// `@skip` and `@include`: variables and the value each must have.
#[derive(Debug, Default, Clone)]
pub struct When(Vec<(Name, bool)>);

impl When {
    /// Whether there are none.
    pub const fn always(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is to be shown.
    pub fn holds(&self, variables: &Variables) -> bool {
        self.0.iter().all(|(name, wanted)| matches!(variables.get(name), Some(Value::Boolean(value)) if value == wanted))
    }
}

/// Lists and bangs.
#[derive(Debug)]
pub enum Output {
    /// The type itself.
    Named,
    /// A list.
    List(Box<Self>),
    /// Never null.
    NonNull(Box<Self>),
}

/// What is at the bottom of a field's type.
#[derive(Debug)]
pub enum Kind {
    /// `__typename`.
    Typename,
    /// An object of exactly this type.
    Object(String),
    /// An object of some type that this interface or union covers.
    Abstract(String),
    /// One of these values.
    Enum(Arc<HashSet<String>>),
    /// A whole number of 32 bits.
    Int,
    /// A number.
    Float,
    /// A text.
    Text,
    /// Yes or no.
    Boolean,
    /// A text, which may come as a whole number.
    Id,
    /// Any value: what is right is known to the subgraph only.
    Custom,
}

/// Builds the shape of an operation.
///
/// Validation lets any field pass that begins with two underscores; the unknown among them are
/// refused here.
pub fn of_operation(
    schema: &Schema,
    aliases: &Aliases,
    document: &Document,
    root: &str,
    set: &SelectionSet,
) -> Result<Shape, ServerError> {
    let fragments = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::Fragment(fragment) => Some((fragment.name.as_str(), fragment)),
            Definition::Operation(_) => None,
        })
        .collect();
    let mut builder = Builder {
        schema,
        aliases,
        fragments,
        unknown: None,
    };
    let shape = builder.shape(root, set);
    match builder.unknown {
        None => Ok(shape),
        Some(field) => {
            let message = format!("Cannot query the field {:?} here.", field.name);
            Err(at(
                Code::GraphqlValidationFailed,
                message,
                &[field.position],
            ))
        }
    }
}

struct Builder<'d> {
    schema: &'d Schema,
    aliases: &'d Aliases,
    fragments: HashMap<&'d str, &'d FragmentDefinition>,
    unknown: Option<&'d query::Field>,
}

impl<'d> Builder<'d> {
    fn shape(&mut self, parent: &str, set: &'d SelectionSet) -> Shape {
        let mut shape = Shape::default();
        self.fill(parent, set, &mut shape.items);
        let mut keys = HashSet::default();
        shape.overlaps = !keys_differ(&shape, &mut keys);
        shape
    }

    fn fill(&mut self, parent: &str, set: &'d SelectionSet, items: &mut Vec<Item>) {
        for selection in &set.items {
            match selection {
                Selection::Field(field) => items.extend(self.field(parent, field)),
                Selection::InlineFragment(inline) => {
                    let on = inline
                        .type_condition
                        .as_ref()
                        .map(|TypeCondition::On(name)| name.as_str());
                    self.part(parent, on, &inline.directives, &inline.selection_set, items);
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.fragments.get(spread.fragment_name.as_str()) else {
                        continue;
                    };
                    let TypeCondition::On(on) = &fragment.type_condition;
                    self.part(
                        parent,
                        Some(on),
                        &spread.directives,
                        &fragment.selection_set,
                        items,
                    );
                }
            }
        }
    }

    fn part(
        &mut self,
        parent: &str,
        on: Option<&str>,
        directives: &[Directive],
        set: &'d SelectionSet,
        items: &mut Vec<Item>,
    ) {
        let Some(when) = when(directives) else { return };
        let inner = on.unwrap_or(parent);
        // An object is always of the interfaces it has; anything else is known at run time only.
        let certain = inner == parent
            || (self.schema.is_object(parent) && self.schema.types.is(parent, inner));
        if certain && when.0.is_empty() {
            return self.fill(
                if self.schema.is_object(parent) {
                    parent
                } else {
                    inner
                },
                set,
                items,
            );
        }
        let shape = self.shape(inner, set);
        items.push(Item::Part {
            on: (!certain).then(|| inner.to_owned()),
            when,
            shape,
        });
    }

    fn field(&mut self, parent: &str, field: &'d query::Field) -> Option<Item> {
        let when = when(&field.directives)?;
        let key = Name::new(field.alias.as_ref().unwrap_or(&field.name));
        let ours = field.name.starts_with("__") || parent.starts_with("__");
        let from = match self.aliases.on_the_way(field) {
            Some(from) if !ours || field.name == "__typename" => Name::new(from),
            _ => key.clone(),
        };
        if field.name == "__typename" {
            let output = Output::NonNull(Box::new(Output::Named));
            return Some(Item::Field(Box::new(Field {
                key,
                from,
                name: field.name.clone(),
                when,
                output,
                kind: Kind::Typename,
                inner: Shape::default(),
                arguments: Vec::new(),
            })));
        }
        let Some(definition) = self.schema.field(parent, &field.name) else {
            self.unknown = Some(field);
            return None;
        };
        let bottom = named(&definition.field_type);
        let inner = self.shape(bottom, &field.selection_set);
        let kind = if self.schema.is_object(bottom) {
            Kind::Object(bottom.to_owned())
        } else if self.schema.is_abstract(bottom) {
            Kind::Abstract(bottom.to_owned())
        } else if let Some(values) = self.schema.values_of(bottom) {
            Kind::Enum(Arc::clone(values))
        } else {
            match bottom {
                "Int" => Kind::Int,
                "Float" => Kind::Float,
                "String" => Kind::Text,
                "Boolean" => Kind::Boolean,
                "ID" => Kind::Id,
                _ => Kind::Custom,
            }
        };
        Some(Item::Field(Box::new(Field {
            key,
            from,
            name: field.name.clone(),
            when,
            output: output(&definition.field_type),
            kind,
            inner,
            arguments: if ours {
                field.arguments.clone()
            } else {
                Vec::new()
            },
        })))
    }
}

fn output(of: &Type) -> Output {
    match of {
        Type::NamedType(_) => Output::Named,
        Type::ListType(inner) => Output::List(Box::new(output(inner))),
        Type::NonNullType(inner) => Output::NonNull(Box::new(output(inner))),
    }
}

/// The conditions; nothing at all, when a literal says that it is never shown.
pub fn when(directives: &[Directive]) -> Option<When> {
    let mut conditions = Vec::new();
    for directive in directives {
        let wanted = match directive.name.as_str() {
            "include" => true,
            "skip" => false,
            _ => continue,
        };
        match directive
            .arguments
            .iter()
            .find(|(name, _)| name == "if")
            .map(|(_, value)| value)
        {
            Some(query::Value::Variable(name)) => conditions.push((Name::new(name), wanted)),
            Some(value) if literal(value) == Value::Boolean(wanted) => {}
            _ => return None,
        }
    }
    Some(When(conditions))
}

fn keys_differ<'s>(shape: &'s Shape, seen: &mut HashSet<&'s str>) -> bool {
    shape.items.iter().all(|item| match item {
        Item::Field(field) => seen.insert(&field.key),
        Item::Part { shape, .. } => keys_differ(shape, seen),
    })
}
