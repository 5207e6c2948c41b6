//! `@mcpAsk`: variables that are no arguments. The client's person, its model, or its list of roots
//! is asked for them when the call comes.

use crate::{
    CONFIRM, Operation, Tool,
    directive::Arguments,
    input::{scalar, sentence},
    merge::merge,
    template::{self, ONE},
};
use apollo_compiler::{
    Schema,
    ast::{Type, VariableDefinition},
    schema::{EnumType, ExtendedType},
};
use serde_json::{Map, Value, json};

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The person, by a form.
    Person,
    /// The client's model, for a text.
    Model,
    /// The client, for its roots.
    Roots,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// Who is asked.
    pub of: Asked,
    /// The question. `{variable}` and `{variable.field}` are filled in; one that names what is
    /// asked for as well is asked after that.
    pub message: String,
    /// JSON Schema of a person's answer, an object of plain values.
    pub form: Value,
    /// Whether the variable is the form's only property, and not the form.
    pub alone: bool,
    /// How long the model's text may be.
    pub max_tokens: i32,
}

/// One thing the client is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What the answer is called: the variable, or [`CONFIRM`](crate::CONFIRM).
    pub key: String,
    /// What is asked, and whom.
    pub ask: Ask,
    /// Whether the call cannot do without an answer.
    pub required: bool,
    /// Whether it asks for leave, and fills no variable.
    pub confirms: bool,
}

impl Question {
    /// Those of `questions` that name none of the others: they can be asked now.
    pub fn ready(questions: &[Self]) -> impl Iterator<Item = &Self> {
        questions.iter().filter(|question| {
            let waits = |other: &Self| question.ask.names(&other.key);
            !questions.iter().any(waits)
        })
    }
}

impl Operation {
    /// What the client is asked before the operation is run.
    pub fn questions(&self) -> Vec<Question> {
        let asked = self.variables.iter().filter_map(|variable| {
            Some(Question {
                key: variable.name.clone(),
                ask: variable.ask.clone()?,
                required: variable.required,
                confirms: false,
            })
        });
        let tool = self.tool.as_ref();
        let leave = tool.and_then(Tool::confirmation).map(|ask| Question {
            key: CONFIRM.to_owned(),
            ask,
            required: true,
            confirms: true,
        });
        asked.chain(leave).collect()
    }
}

impl Ask {
    /// A yes or no, for which `key` is true.
    pub(crate) fn yes(key: &str, message: &str) -> Self {
        Self {
            of: Asked::Person,
            message: message.to_owned(),
            form: json!({
                "type": "object",
                "properties": { key: { "type": "boolean", "title": "Yes, go on" } },
                "required": [key],
            }),
            alone: true,
            max_tokens: 0,
        }
    }

    /// Whether the question names a variable.
    pub fn names(&self, variable: &str) -> bool {
        let places = template::places(&self.message, ONE).into_iter();
        let mut names = places.map(template::first);
        names.any(|name| name == variable)
    }

    /// What the directive of a variable says; the error is for the author.
    pub(crate) fn read(
        schema: &Schema,
        variable: &VariableDefinition,
    ) -> Option<Result<Self, String>> {
        let said = Arguments(variable.directives.get("mcpAsk")?);
        let of = match said.word("of").as_deref() {
            Some("MODEL") => Asked::Model,
            Some("ROOTS") => Asked::Roots,
            _ => Asked::Person,
        };
        let (mut form, alone) = match of {
            Asked::Person => match form(schema, variable) {
                Ok(made) => made,
                Err(message) => return Some(Err(message)),
            },
            _ => (Value::Null, true),
        };
        merge(&mut form, said.object("form").into());
        let message = said.text("message").unwrap_or_default();
        if message.is_empty() && of != Asked::Roots {
            return Some(Err("`@mcpAsk` needs a `message`".to_owned()));
        }
        Some(Ok(Self {
            of,
            message,
            form,
            alone,
            max_tokens: said.number("maxTokens").unwrap_or(1000),
        }))
    }
}

fn form(schema: &Schema, variable: &VariableDefinition) -> Result<(Value, bool), String> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    let ty = &variable.ty;
    let object = match schema.types.get(ty.inner_named_type()) {
        Some(ExtendedType::InputObject(object)) if !ty.is_list() => Some(object),
        _ => None,
    };
    if let Some(object) = object {
        for field in object.fields.values() {
            let mut property = property(schema, &field.ty)?;
            if let Some(text) = &field.description {
                property["description"] = sentence(text).into();
            }
            match field
                .default_value
                .as_ref()
                .map(|node| crate::directive::json(node))
            {
                Some(default) if !default.is_null() => property["default"] = default,
                _ if field.ty.is_non_null() => required.push(field.name.to_string()),
                _ => {}
            }
            properties.insert(field.name.to_string(), property);
        }
    } else {
        properties.insert(variable.name.to_string(), property(schema, ty)?);
        required.push(variable.name.to_string());
    }
    let form = json!({ "type": "object", "properties": properties, "required": required });
    Ok((form, object.is_none()))
}

/// A plain value, or a choice of several words: more a form cannot have.
fn property(schema: &Schema, ty: &Type) -> Result<Value, String> {
    let name = ty.inner_named_type();
    let wrong = || format!("a person cannot be asked for a value of the type `{ty}`");
    match schema.types.get(name) {
        Some(ExtendedType::Enum(def)) if ty.is_list() => {
            let items = words(def, "anyOf");
            Ok(json!({ "type": "array", "items": items }))
        }
        Some(ExtendedType::Enum(def)) => {
            let mut property = words(def, "oneOf");
            property["type"] = "string".into();
            Ok(property)
        }
        _ if ty.is_list() => Err(wrong()),
        Some(ExtendedType::Scalar(_)) => {
            let property = scalar(name);
            match property["type"].as_str() {
                Some("string" | "integer" | "number" | "boolean") => Ok(property),
                _ => Err(wrong()),
            }
        }
        _ => Err(wrong()),
    }
}

/// An enum's values; with titles, where all of them are described.
fn words(def: &EnumType, titled: &str) -> Value {
    let titles: Option<Vec<Value>> = def
        .values
        .values()
        .map(|value| {
            let title = sentence(value.description.as_ref()?);
            Some(json!({ "const": value.value.as_str(), "title": title }))
        })
        .collect();
    match titles {
        Some(titles) => json!({ titled: titles }),
        None => {
            let values: Vec<&str> = def
                .values
                .keys()
                .map(apollo_compiler::Name::as_str)
                .collect();
            json!({ "type": "string", "enum": values })
        }
    }
}
