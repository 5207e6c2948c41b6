//! Variables against their declared types, before anything runs.

use crate::{error::coded, schema::Schema};
use async_graphql::{Name, ServerError, Value, Variables};
use djinn_kernel::Code;
use graphql_tools::static_graphql::{
    query::{self, Type, VariableDefinition},
    schema::TypeDefinition,
};

/// One declared variable.
#[derive(Debug)]
pub struct Declared {
    name: Name,
    of: Type,
    default: Option<Value>,
}

impl Declared {
    /// Reads a declaration of a validated document.
    pub fn new(definition: &VariableDefinition) -> Self {
        Self {
            name: Name::new(&definition.name),
            of: definition.var_type.clone(),
            default: definition.default_value.as_ref().map(literal),
        }
    }
}

/// A literal of a document, which holds no variables.
pub fn literal(value: &query::Value) -> Value {
    match value {
        query::Value::Int(number) => Value::from(number.as_i64().unwrap_or_default()),
        query::Value::Float(number) => Value::from(*number),
        query::Value::String(text) => Value::from(text.as_str()),
        query::Value::Boolean(truth) => Value::from(*truth),
        query::Value::Enum(name) => Value::Enum(Name::new(name)),
        query::Value::List(items) => Value::List(items.iter().map(literal).collect()),
        query::Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, value)| (Name::new(name), literal(value)))
                .collect(),
        ),
        query::Value::Null | query::Value::Variable(_) => Value::Null,
    }
}

/// The variables as they go to the subgraphs: only declared ones, defaults filled in, each of its
/// type. Or everything that is wrong with them.
pub fn coerce(
    schema: &Schema,
    declared: &[Declared],
    mut sent: Variables,
) -> Result<Variables, Vec<ServerError>> {
    let mut ready = Variables::default();
    let mut wrong = Vec::new();
    for variable in declared {
        match (sent.remove(&variable.name), &variable.default) {
            (Some(value), _) => {
                let mut checker = Checker {
                    schema,
                    path: variable.name.to_string(),
                    wrong: &mut wrong,
                };
                let value = checker.value(&variable.of, value);
                ready.insert(variable.name.clone(), value);
            }
            (None, Some(default)) => {
                ready.insert(variable.name.clone(), default.clone());
            }
            (None, None) if matches!(variable.of, Type::NonNullType(_)) => {
                wrong.push(invalid(&variable.name, "is required"));
            }
            (None, None) => {}
        }
    }
    if wrong.is_empty() {
        Ok(ready)
    } else {
        Err(wrong)
    }
}

fn invalid(path: &str, what: &str) -> ServerError {
    let mut error = coded(
        Code::VariableInvalid,
        format!("The variable ${path} {what}."),
    );
    error.extensions.get_or_insert_default().set("field", path);
    error
}

struct Checker<'a> {
    schema: &'a Schema,
    path: String,
    wrong: &'a mut Vec<ServerError>,
}

impl Checker<'_> {
    fn refuse(&mut self, what: &str) -> Value {
        // A long list of wrong values says nothing that the first few do not.
        if self.wrong.len() < 20 {
            self.wrong.push(invalid(&self.path, what));
        }
        Value::Null
    }

    fn under(&mut self, segment: &str, of: &Type, value: Value) -> Value {
        let length = self.path.len();
        self.path.push('.');
        self.path.push_str(segment);
        let value = self.value(of, value);
        self.path.truncate(length);
        value
    }

    fn value(&mut self, of: &Type, value: Value) -> Value {
        match (of, value) {
            (Type::NonNullType(_), Value::Null) => self.refuse("must not be null"),
            (Type::NonNullType(inner), value) => self.value(inner, value),
            (_, Value::Null) => Value::Null,
            (Type::ListType(inner), Value::List(items)) => Value::List(
                items
                    .into_iter()
                    .enumerate()
                    .map(|(index, item)| self.under(&index.to_string(), inner, item))
                    .collect(),
            ),
            // One value stands for a list of one.
            (Type::ListType(inner), value) => Value::List(vec![self.value(inner, value)]),
            (Type::NamedType(name), value) => self.named(name, value),
        }
    }

    fn named(&mut self, name: &str, value: Value) -> Value {
        match (name, value) {
            ("Int", Value::Number(number)) if fits_int(&number) => Value::Number(number),
            ("Int", _) => self.refuse("must be a whole number of 32 bits"),
            ("Float", Value::Number(number)) => Value::Number(number),
            ("Float", _) => self.refuse("must be a number"),
            ("String" | "ID", Value::String(text)) => Value::String(text),
            ("String", _) => self.refuse("must be a text"),
            ("Boolean", Value::Boolean(truth)) => Value::Boolean(truth),
            ("Boolean", _) => self.refuse("must be true or false"),
            ("ID", Value::Number(number)) if number.is_i64() || number.is_u64() => {
                Value::String(number.to_string())
            }
            ("ID", _) => self.refuse("must be an id"),
            (name, value) => self.defined(name, value),
        }
    }

    fn defined(&mut self, name: &str, value: Value) -> Value {
        let schema = self.schema;
        match (schema.definition(name), value) {
            (Some(TypeDefinition::Enum(found)), Value::String(text)) => {
                if found.values.iter().any(|value| value.name == text) {
                    return Value::String(text);
                }
                self.refuse("has a value that is none of those allowed")
            }
            (Some(TypeDefinition::Enum(_)), _) => {
                self.refuse("must be one of the allowed names, as a text")
            }
            (Some(TypeDefinition::InputObject(input)), Value::Object(mut fields)) => {
                for name in fields.keys() {
                    if !input.fields.iter().any(|field| field.name == name.as_str()) {
                        let what = format!(
                            "has a field {name:?} that does not exist",
                            name = name.as_str()
                        );
                        return self.refuse(&what);
                    }
                }
                for field in &input.fields {
                    match fields.get_mut(field.name.as_str()) {
                        Some(value) => {
                            let taken = std::mem::take(value);
                            *value = self.under(&field.name, &field.value_type, taken);
                        }
                        None if field.default_value.is_none()
                            && matches!(field.value_type, Type::NonNullType(_)) =>
                        {
                            self.refuse(&format!("lacks the field {:?}", field.name));
                        }
                        None => {}
                    }
                }
                Value::Object(fields)
            }
            (Some(TypeDefinition::InputObject(_)), _) => self.refuse("must be an object"),
            // A scalar of a subgraph's own, which knows what it takes.
            (_, value) => value,
        }
    }
}

fn fits_int(number: &async_graphql::Number) -> bool {
    number
        .as_i64()
        .is_some_and(|number| i32::try_from(number).is_ok())
}
