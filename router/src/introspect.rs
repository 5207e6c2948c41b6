//! The schema, to those who may ask for it: answered here, from the public schema only.

use crate::{
    error::coded,
    execute::merge::merge,
    schema::{Schema, Types},
    shape::{Field, Item, Shape},
    variables::literal,
};
use async_graphql::{Name, ServerError, Value, Variables, indexmap::IndexMap};
use djinn_kernel::Code;
use graphql_tools::static_graphql::{
    query,
    schema::{
        self, Definition, Directive, DirectiveDefinition, EnumValue, InputValue, Type,
        TypeDefinition,
    },
};

/// Lists in lists multiply: three levels of these would be the schema to the third power.
const LISTS: [&str; 4] = ["fields", "interfaces", "possibleTypes", "inputFields"];
const MOST_LISTS: usize = 2;

/// Refuses an introspection that multiplies the schema with itself.
pub fn check(shape: &Shape) -> Result<(), ServerError> {
    fn deepest(shape: &Shape) -> usize {
        let depths = shape.items.iter().map(|item| match item {
            Item::Field(field) => {
                deepest(&field.inner) + usize::from(LISTS.contains(&field.name.as_str()))
            }
            Item::Part { shape, .. } => deepest(shape),
        });
        depths.max().unwrap_or(0)
    }
    let roots = shape.items.iter().map(|item| match item {
        Item::Field(field) if field.name.starts_with("__") => deepest(&field.inner),
        Item::Field(_) => 0,
        Item::Part { shape, .. } => check(shape).map_or(usize::MAX, |()| 0),
    });
    if roots.max().unwrap_or(0) > MOST_LISTS {
        let message =
            format!("The introspection nests more than {MOST_LISTS} lists of fields or types.");
        return Err(coded(Code::QueryTooDeep, message));
    }
    Ok(())
}

/// Adds the answers to `__schema` and `__type` to the data.
pub fn answer(schema: &Schema, shape: &Shape, variables: &Variables, data: &mut Value) {
    let ask = Ask { schema, variables };
    let Value::Object(data) = data else { return };
    ask.root(shape, data);
}

struct Ask<'a> {
    schema: &'a Schema,
    variables: &'a Variables,
}

fn object(shape: &Shape, of: &dyn Fn(&Field) -> Value) -> Value {
    let mut out = IndexMap::with_capacity(shape.items.len());
    fill(shape, of, &mut out);
    Value::Object(out)
}

fn fill(shape: &Shape, of: &dyn Fn(&Field) -> Value, out: &mut IndexMap<Name, Value>) {
    for item in &shape.items {
        match item {
            Item::Field(field) => merge(
                out.entry(field.key.clone()).or_insert(Value::Null),
                of(field),
                // The schema's own objects have no types to be told apart.
                &Types::default(),
            ),
            Item::Part { shape, .. } => fill(shape, of, out),
        }
    }
}

fn text(text: Option<&String>) -> Value {
    text.map_or(Value::Null, |text| Value::from(text.as_str()))
}

fn list(values: impl Iterator<Item = Value>) -> Value {
    Value::List(values.collect())
}

fn deprecation(directives: &[Directive]) -> Option<String> {
    let found = directives
        .iter()
        .find(|directive| directive.name == "deprecated")?;
    Some(argument_text(found, "reason").unwrap_or_else(|| "No longer supported".to_owned()))
}

fn argument_text(directive: &Directive, name: &str) -> Option<String> {
    directive
        .arguments
        .iter()
        .find_map(|(found, value)| match value {
            query::Value::String(text) if found == name => Some(text.clone()),
            _ => None,
        })
}

impl Ask<'_> {
    fn root(&self, shape: &Shape, data: &mut IndexMap<Name, Value>) {
        for item in &shape.items {
            let Item::Field(field) = item else {
                let Item::Part { shape, .. } = item else {
                    continue;
                };
                self.root(shape, data);
                continue;
            };
            let value = match field.name.as_str() {
                "__schema" => self.schema_object(&field.inner),
                "__type" => match self.argument(field, "name") {
                    Some(Value::String(name)) => self.type_named(&name, &field.inner),
                    _ => Value::Null,
                },
                _ => continue,
            };
            merge(
                data.entry(field.key.clone()).or_insert(Value::Null),
                value,
                &self.schema.types,
            );
        }
    }

    fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let (_, value) = field.arguments.iter().find(|(found, _)| found == name)?;
        match value {
            query::Value::Variable(variable) => self.variables.get(variable.as_str()).cloned(),
            value => Some(literal(value)),
        }
    }

    fn with_deprecated(&self, field: &Field) -> bool {
        self.argument(field, "includeDeprecated") == Some(Value::Boolean(true))
    }

    fn schema_object(&self, shape: &Shape) -> Value {
        let root = |name: Option<&str>, inner: &Shape| {
            name.map_or(Value::Null, |name| self.type_named(name, inner))
        };
        object(shape, &|field| match field.name.as_str() {
            "types" => list(
                self.schema
                    .all()
                    .map(|definition| self.definition(definition, &field.inner)),
            ),
            "queryType" => root(Some(self.schema.query_type()), &field.inner),
            "mutationType" => root(self.schema.mutation_type(), &field.inner),
            "subscriptionType" => root(self.schema.subscription_type(), &field.inner),
            "directives" => list(self.schema.document.definitions.iter().filter_map(
                |definition| match definition {
                    Definition::DirectiveDefinition(directive) => {
                        Some(self.directive(directive, &field.inner))
                    }
                    _ => None,
                },
            )),
            _ => Value::Null,
        })
    }

    fn type_named(&self, name: &str, shape: &Shape) -> Value {
        self.schema
            .definition(name)
            .map_or(Value::Null, |definition| self.definition(definition, shape))
    }

    fn type_of(&self, of: &Type, shape: &Shape) -> Value {
        let wrapped = |kind: &str, inner: &Type| {
            object(shape, &|field| match field.name.as_str() {
                "kind" => Value::from(kind),
                "ofType" => self.type_of(inner, &field.inner),
                _ => Value::Null,
            })
        };
        match of {
            Type::NamedType(name) => self.type_named(name, shape),
            Type::ListType(inner) => wrapped("LIST", inner),
            Type::NonNullType(inner) => wrapped("NON_NULL", inner),
        }
    }

    fn definition(&self, definition: &TypeDefinition, shape: &Shape) -> Value {
        object(shape, &|field| match (field.name.as_str(), definition) {
            ("kind", definition) => Value::from(kind(definition)),
            ("name", definition) => Value::from(definition.name()),
            ("description", definition) => text(description(definition)),
            ("specifiedByURL", TypeDefinition::Scalar(scalar)) => scalar
                .directives
                .iter()
                .find(|directive| directive.name == "specifiedBy")
                .and_then(|directive| argument_text(directive, "url"))
                .map_or(Value::Null, Value::from),
            (
                "fields",
                TypeDefinition::Object(schema::ObjectType { fields, .. })
                | TypeDefinition::Interface(schema::InterfaceType { fields, .. }),
            ) => {
                let all = self.with_deprecated(field);
                let shown = fields.iter().filter(|found| !found.name.starts_with("__"));
                let shown = shown.filter(|found| all || deprecation(&found.directives).is_none());
                list(shown.map(|found| self.field(found, &field.inner)))
            }
            (
                "interfaces",
                TypeDefinition::Object(schema::ObjectType {
                    implements_interfaces,
                    ..
                })
                | TypeDefinition::Interface(schema::InterfaceType {
                    implements_interfaces,
                    ..
                }),
            ) => list(
                implements_interfaces
                    .iter()
                    .map(|name| self.type_named(name, &field.inner)),
            ),
            ("possibleTypes", TypeDefinition::Interface(_) | TypeDefinition::Union(_)) => {
                let names = self.schema.possible(definition.name());
                list(
                    names
                        .into_iter()
                        .map(|name| self.type_named(name, &field.inner)),
                )
            }
            ("enumValues", TypeDefinition::Enum(found)) => {
                let all = self.with_deprecated(field);
                let shown = found
                    .values
                    .iter()
                    .filter(|value| all || deprecation(&value.directives).is_none());
                list(shown.map(|value| enum_value(value, &field.inner)))
            }
            ("inputFields", TypeDefinition::InputObject(input)) => {
                self.inputs(&input.fields, field)
            }
            ("isOneOf", TypeDefinition::InputObject(_)) => Value::from(definition.is_one_of()),
            _ => Value::Null,
        })
    }

    fn inputs(&self, inputs: &[InputValue], field: &Field) -> Value {
        let all = self.with_deprecated(field);
        let shown = inputs
            .iter()
            .filter(|input| all || deprecation(&input.directives).is_none());
        list(shown.map(|input| self.input(input, &field.inner)))
    }

    fn field(&self, found: &schema::Field, shape: &Shape) -> Value {
        object(shape, &|field| match field.name.as_str() {
            "name" => Value::from(found.name.as_str()),
            "description" => text(found.description.as_ref()),
            "args" => self.inputs(&found.arguments, field),
            "type" => self.type_of(&found.field_type, &field.inner),
            "isDeprecated" => Value::from(deprecation(&found.directives).is_some()),
            "deprecationReason" => text(deprecation(&found.directives).as_ref()),
            _ => Value::Null,
        })
    }

    fn input(&self, input: &InputValue, shape: &Shape) -> Value {
        object(shape, &|field| match field.name.as_str() {
            "name" => Value::from(input.name.as_str()),
            "description" => text(input.description.as_ref()),
            "type" => self.type_of(&input.value_type, &field.inner),
            "defaultValue" => text(
                input
                    .default_value
                    .as_ref()
                    .map(ToString::to_string)
                    .as_ref(),
            ),
            "isDeprecated" => Value::from(deprecation(&input.directives).is_some()),
            "deprecationReason" => text(deprecation(&input.directives).as_ref()),
            _ => Value::Null,
        })
    }

    fn directive(&self, directive: &DirectiveDefinition, shape: &Shape) -> Value {
        object(shape, &|field| match field.name.as_str() {
            "name" => Value::from(directive.name.as_str()),
            "description" => text(directive.description.as_ref()),
            "isRepeatable" => Value::from(directive.repeatable),
            "locations" => list(
                directive
                    .locations
                    .iter()
                    .map(|location| Value::from(location.as_str())),
            ),
            "args" => self.inputs(&directive.arguments, field),
            _ => Value::Null,
        })
    }
}

fn enum_value(value: &EnumValue, shape: &Shape) -> Value {
    object(shape, &|field| match field.name.as_str() {
        "name" => Value::from(value.name.as_str()),
        "description" => text(value.description.as_ref()),
        "isDeprecated" => Value::from(deprecation(&value.directives).is_some()),
        "deprecationReason" => text(deprecation(&value.directives).as_ref()),
        _ => Value::Null,
    })
}

const fn kind(definition: &TypeDefinition) -> &'static str {
    match definition {
        TypeDefinition::Scalar(_) => "SCALAR",
        TypeDefinition::Object(_) => "OBJECT",
        TypeDefinition::Interface(_) => "INTERFACE",
        TypeDefinition::Union(_) => "UNION",
        TypeDefinition::Enum(_) => "ENUM",
        TypeDefinition::InputObject(_) => "INPUT_OBJECT",
    }
}

fn description(definition: &TypeDefinition) -> Option<&String> {
    match definition {
        TypeDefinition::Scalar(scalar) => scalar.description.as_ref(),
        TypeDefinition::Object(object) => object.description.as_ref(),
        TypeDefinition::Interface(interface) => interface.description.as_ref(),
        TypeDefinition::Union(union) => union.description.as_ref(),
        TypeDefinition::Enum(found) => found.description.as_ref(),
        TypeDefinition::InputObject(input) => input.description.as_ref(),
    }
}
