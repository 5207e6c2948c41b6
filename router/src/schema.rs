//! The public schema, indexed for what the router asks of it.

use ahash::{HashMap, HashSet};
use graphql_tools::static_graphql::schema::{Definition, Document, Field, Type, TypeDefinition};
use std::sync::Arc;

/// Which object types are of which types.
#[derive(Debug, Default)]
pub struct Types(pub HashMap<String, HashSet<String>>);

impl Types {
    /// Whether an object of type `name` is a `condition`: the same type, or one it implements or
    /// belongs to.
    pub fn is(&self, name: &str, condition: &str) -> bool {
        name == condition || self.is_member(name, condition)
    }

    /// Whether it is an object type.
    pub fn is_object(&self, name: &str) -> bool {
        self.is_member(name, name)
    }

    fn is_member(&self, name: &str, condition: &str) -> bool {
        self.0
            .get(condition)
            .is_some_and(|types| types.contains(name))
    }

    /// Whether it is any of them.
    pub fn is_any(&self, name: &str, conditions: &HashSet<String>) -> bool {
        conditions.contains(name) || conditions.iter().any(|condition| self.is(name, condition))
    }
}

/// The public schema.
pub struct Schema {
    /// The document, introspection types included.
    pub document: Arc<Document>,
    /// Which object types are of which types.
    pub types: Types,
    definitions: HashMap<String, usize>,
    enums: HashMap<String, Arc<HashSet<String>>>,
    sdl: String,
}

impl Schema {
    /// Indexes the public schema.
    pub fn new(document: Arc<Document>, types: Types) -> Self {
        let mut definitions = HashMap::default();
        let mut enums = HashMap::default();
        for (index, definition) in document.definitions.iter().enumerate() {
            let Definition::TypeDefinition(definition) = definition else {
                continue;
            };
            definitions.insert(definition.name().to_owned(), index);
            if let TypeDefinition::Enum(found) = definition {
                let values = found
                    .values
                    .iter()
                    .map(|value| value.name.clone())
                    .collect();
                enums.insert(found.name.clone(), Arc::new(values));
            }
        }
        let sdl = print(&document);
        Self {
            document,
            types,
            definitions,
            enums,
            sdl,
        }
    }

    /// The schema as a person reads it.
    pub fn sdl(&self) -> &str {
        &self.sdl
    }

    /// A type by its name.
    pub fn definition(&self, name: &str) -> Option<&TypeDefinition> {
        match self
            .document
            .definitions
            .get(*self.definitions.get(name)?)?
        {
            Definition::TypeDefinition(definition) => Some(definition),
            _ => None,
        }
    }

    /// Every type, in the order of the document.
    pub fn all(&self) -> impl Iterator<Item = &TypeDefinition> {
        self.document
            .definitions
            .iter()
            .filter_map(|definition| match definition {
                Definition::TypeDefinition(definition) => Some(definition),
                _ => None,
            })
    }

    /// A field of an object or interface.
    pub fn field(&self, parent: &str, name: &str) -> Option<&Field> {
        let fields = match self.definition(parent)? {
            TypeDefinition::Object(object) => &object.fields,
            TypeDefinition::Interface(interface) => &interface.fields,
            _ => return None,
        };
        fields.iter().find(|field| field.name == name)
    }

    /// The values of an enum.
    pub fn values_of(&self, name: &str) -> Option<&Arc<HashSet<String>>> {
        self.enums.get(name)
    }

    /// Whether it is an object type (neither abstract nor a leaf).
    pub fn is_object(&self, name: &str) -> bool {
        matches!(self.definition(name), Some(TypeDefinition::Object(_)))
    }

    /// Whether it is an interface or union.
    pub fn is_abstract(&self, name: &str) -> bool {
        matches!(
            self.definition(name),
            Some(TypeDefinition::Interface(_) | TypeDefinition::Union(_))
        )
    }

    /// The public object types of an abstract type, by name.
    pub fn possible(&self, name: &str) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .types
            .0
            .get(name)
            .into_iter()
            .flatten()
            .map(String::as_str)
            .filter(|name| self.is_object(name))
            .collect();
        names.sort_unstable();
        names
    }

    /// The root types: query, mutation, subscription.
    pub fn query_type(&self) -> &str {
        self.document
            .query_type_name()
            .map_or("Query", String::as_str)
    }

    /// The mutation type, if there is one.
    pub fn mutation_type(&self) -> Option<&str> {
        self.document.mutation_type_name().map(String::as_str)
    }

    /// The subscription type, if there is one.
    pub fn subscription_type(&self) -> Option<&str> {
        self.document.subscription_type_name().map(String::as_str)
    }
}

/// The name at the bottom of a type.
pub fn named(of: &Type) -> &str {
    match of {
        Type::NamedType(name) => name,
        Type::ListType(inner) | Type::NonNullType(inner) => named(inner),
    }
}

const BUILT_IN: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];
const BUILT_IN_DIRECTIVES: [&str; 5] = ["skip", "include", "deprecated", "specifiedBy", "oneOf"];

/// Whether every server has this scalar.
pub fn is_built_in(scalar: &str) -> bool {
    BUILT_IN.contains(&scalar)
}

fn print(document: &Document) -> String {
    let definitions = document
        .definitions
        .iter()
        .filter(|definition| match definition {
            Definition::TypeDefinition(TypeDefinition::Scalar(scalar)) => {
                !is_built_in(&scalar.name)
            }
            Definition::TypeDefinition(definition) => !definition.name().starts_with("__"),
            Definition::DirectiveDefinition(directive) => {
                !BUILT_IN_DIRECTIVES.contains(&directive.name.as_str())
            }
            _ => true,
        })
        .cloned()
        .map(|definition| match definition {
            Definition::TypeDefinition(TypeDefinition::Object(mut object)) => {
                object.fields.retain(|field| !field.name.starts_with("__"));
                Definition::TypeDefinition(TypeDefinition::Object(object))
            }
            other => other,
        })
        .collect();
    Document { definitions }.to_string()
}
