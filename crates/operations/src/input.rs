//! JSON Schema of what goes in.
//!
//! Nullable is written as "may be absent", never as a union with null: several clients mangle
//! such unions, and GraphQL treats absent as null anyway.

use crate::{Ask, Variable, comment, directive, directive::Arguments, document::Refused};
use apollo_compiler::{
    Name, Node, Schema,
    ast::{InputValueDefinition, Type, Value as Literal, VariableDefinition},
    executable::{ExecutableDocument, Operation},
    schema::ExtendedType,
};
use serde_json::{Map, Value, json};

/// Schemas of input types, with the input objects met so far as `$defs`.
pub(crate) struct Inputs<'a> {
    schema: &'a Schema,
    definitions: Map<String, Value>,
}

impl<'a> Inputs<'a> {
    pub(crate) fn new(schema: &'a Schema) -> Self {
        Self {
            schema,
            definitions: Map::new(),
        }
    }

    /// The variables of an operation.
    pub(crate) fn variables(
        &mut self,
        operation: &Operation,
        document: &ExecutableDocument,
        text: &str,
    ) -> Result<Vec<Variable>, Refused> {
        operation
            .variables
            .iter()
            .map(|variable| {
                let ask = Ask::read(self.schema, variable).transpose();
                let ask = ask.map_err(|message| (variable.location(), message))?;
                let said = variable
                    .directives
                    .get("mcpDescription")
                    .and_then(|node| Arguments(node).text("text"));
                let description = said
                    .or_else(|| {
                        let offset = variable.location()?.offset();
                        Some(comment::above(text, offset)).filter(|comment| !comment.is_empty())
                    })
                    .or_else(|| {
                        uses(self.schema, document, operation, &variable.name)
                            .into_iter()
                            .find_map(|used| used.about)
                    })
                    .unwrap_or_default();
                let adopted = adopted(self.schema, document, operation, variable);
                let default = variable
                    .default_value
                    .as_ref()
                    .or(adopted.as_ref())
                    .map(|node| directive::json(node));
                Ok(Variable {
                    name: variable.name.to_string(),
                    required: variable.ty.is_non_null() && default.is_none(),
                    schema: self.described(&variable.ty, &description, default),
                    description,
                    header: variable
                        .directives
                        .get("mcpHeader")
                        .and_then(|node| Arguments(node).text("name")),
                    ask,
                })
            })
            .collect()
    }

    /// The schema of all arguments together.
    pub(crate) fn object(self, variables: &[Variable]) -> Value {
        let arguments: Vec<&Variable> = variables
            .iter()
            .filter(|variable| variable.is_argument())
            .collect();
        let mut schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": arguments.iter().map(|v| (v.name.clone(), v.schema.clone())).collect::<Map<_, _>>(),
            "additionalProperties": false,
        });
        let required: Vec<&str> = arguments
            .iter()
            .filter(|v| v.required)
            .map(|v| v.name.as_str())
            .collect();
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        if !self.definitions.is_empty() {
            schema["$defs"] = Value::Object(self.definitions);
        }
        schema
    }

    fn described(&mut self, ty: &Type, description: &str, default: Option<Value>) -> Value {
        let mut schema = self.of_type(ty);
        if let Value::Object(schema) = &mut schema {
            if !description.is_empty() {
                let of_values = schema
                    .get("description")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                let text = format!("{description} {of_values}");
                schema.insert("description".to_owned(), text.trim().into());
            }
            // `default: null` says no more than being optional does.
            if let Some(default) = default.filter(|default| !default.is_null()) {
                schema.insert("default".to_owned(), default);
            }
        }
        schema
    }

    fn of_type(&mut self, ty: &Type) -> Value {
        if ty.is_list() {
            return json!({ "type": "array", "items": self.of_type(ty.item_type()) });
        }
        let name = ty.inner_named_type();
        match self.schema.types.get(name) {
            Some(ExtendedType::Enum(def)) => {
                let values: Vec<&str> = def.values.keys().map(Name::as_str).collect();
                let mut schema = json!({ "type": "string", "enum": values });
                let docs: Vec<String> = def
                    .values
                    .values()
                    .filter_map(|value| {
                        Some(format!(
                            "{}: {}",
                            value.value,
                            sentence(value.description.as_ref()?)
                        ))
                    })
                    .collect();
                if !docs.is_empty() {
                    schema["description"] = docs.join(" ").into();
                }
                schema
            }
            Some(ExtendedType::InputObject(def)) => {
                let key = name.to_string();
                if !self.definitions.contains_key(&key) {
                    // In place before its fields are read, so that a recursive type ends.
                    self.definitions.insert(key.clone(), Value::Null);
                    let mut properties = Map::new();
                    let mut required = Vec::new();
                    for field in def.fields.values() {
                        let default = field
                            .default_value
                            .as_ref()
                            .map(|node| directive::json(node));
                        if field.ty.is_non_null() && default.is_none() {
                            required.push(field.name.to_string());
                        }
                        let about = field.description.as_ref().map(sentence).unwrap_or_default();
                        properties.insert(
                            field.name.to_string(),
                            self.described(&field.ty, &about, default),
                        );
                    }
                    let schema = if def.directives.has("oneOf") {
                        one_of(properties)
                    } else {
                        plain(properties, required)
                    };
                    self.definitions.insert(key.clone(), schema);
                }
                json!({ "$ref": format!("#/$defs/{key}") })
            }
            _ => scalar(name),
        }
    }
}

/// A place a variable goes into.
struct Use {
    /// The schema's own words about it.
    about: Option<String>,
    default: Option<Node<Literal>>,
}

/// The default of a variable that has none but fills only places that have one. An absent
/// variable leaves the place its default, says the specification; some servers send null instead.
/// With the default written out both do the same.
pub(crate) fn adopted(
    schema: &Schema,
    document: &ExecutableDocument,
    operation: &Operation,
    variable: &VariableDefinition,
) -> Option<Node<Literal>> {
    if variable.default_value.is_some() || variable.ty.is_non_null() {
        return None;
    }
    let mut defaults = uses(schema, document, operation, &variable.name)
        .into_iter()
        .map(|used| used.default);
    let first = defaults.next()??;
    defaults
        .all(|other| other.as_ref() == Some(&first))
        .then_some(first)
}

fn uses(
    schema: &Schema,
    document: &ExecutableDocument,
    operation: &Operation,
    variable: &str,
) -> Vec<Use> {
    let mut found = Vec::new();
    for field in operation.all_fields(document) {
        for argument in &field.arguments {
            if let Some(place) = field.definition.argument_by_name(&argument.name) {
                collect(schema, &argument.value, place, variable, &mut found);
            }
        }
    }
    found
}

fn collect(
    schema: &Schema,
    value: &Literal,
    place: &InputValueDefinition,
    variable: &str,
    found: &mut Vec<Use>,
) {
    match value {
        Literal::Variable(name) if name == variable => found.push(Use {
            about: place.description.as_ref().map(sentence),
            default: place.default_value.clone(),
        }),
        // An item of a list has no default of its own.
        Literal::List(items) => {
            let mut inner = Vec::new();
            for item in items {
                collect(schema, item, place, variable, &mut inner);
            }
            found.extend(inner.into_iter().map(|used| Use {
                default: None,
                ..used
            }));
        }
        Literal::Object(fields) => {
            let Some(definition) = schema.get_input_object(place.ty.inner_named_type()) else {
                return;
            };
            for (name, value) in fields {
                if let Some(field) = definition.fields.get(name) {
                    collect(schema, value, field, variable, found);
                }
            }
        }
        _ => {}
    }
}

fn plain(properties: Map<String, Value>, required: Vec<String>) -> Value {
    let mut schema =
        json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// `@oneOf`: strict function calling refuses JSON Schema's own `oneOf` in inputs.
fn one_of(properties: Map<String, Value>) -> Value {
    let choices: Vec<Value> = properties
        .into_iter()
        .map(|(name, schema)| plain([(name.clone(), schema)].into_iter().collect(), vec![name]))
        .collect();
    json!({ "anyOf": choices })
}

/// A description on one line.
pub(crate) fn sentence(text: &Node<str>) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a scalar is in JSON. One nobody knows may be anything.
pub(crate) fn scalar(name: &str) -> Value {
    match name {
        "ID" | "String" | "Decimal" | "BigInt" => json!({ "type": "string" }),
        "Int" | "Int64" | "Long" => json!({ "type": "integer" }),
        "Float" => json!({ "type": "number" }),
        "Boolean" => json!({ "type": "boolean" }),
        "DateTime" => json!({ "type": "string", "format": "date-time" }),
        "Date" | "NaiveDate" => json!({ "type": "string", "format": "date" }),
        "UUID" => json!({ "type": "string", "format": "uuid" }),
        "URL" | "Url" | "URI" => json!({ "type": "string", "format": "uri" }),
        "JSONObject" => json!({ "type": "object" }),
        _ => json!({}),
    }
}
