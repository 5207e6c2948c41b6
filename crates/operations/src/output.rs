//! JSON Schema of what comes out, and the places paths may name.
//!
//! Fields carry a description only where the document gives one: the schema's own would be paid
//! for in tokens by every conversation.

use crate::{Output, Path, Shape, content, directive::Arguments, input::scalar};
use apollo_compiler::{
    Name, Schema,
    ast::Type,
    collections::IndexMap,
    executable::{DirectiveList, ExecutableDocument, Selection, SelectionSet},
    schema::ExtendedType,
};
use serde_json::{Map, Value, json};

/// The schemas of one document's answers.
pub(crate) struct Outputs<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) document: &'a ExecutableDocument,
}

/// One response key, with all selections merged under it.
struct Key<'a> {
    ty: &'a Type,
    sets: Vec<&'a SelectionSet>,
    optional: bool,
    description: Option<String>,
    /// Leaves the data, see `content`.
    content: bool,
}

/// A place in an answer: its type, and what is selected of it.
pub(crate) struct Place<'a> {
    pub(crate) ty: Type,
    sets: Vec<&'a SelectionSet>,
    content: bool,
}

impl<'a> Outputs<'a> {
    /// The place `path` names, or the step that is not selected.
    pub(crate) fn at(&self, root: &'a SelectionSet, path: &Path) -> Result<Place<'a>, String> {
        let mut place = Place {
            ty: Type::NonNullNamed(root.ty.clone()),
            sets: vec![root],
            content: false,
        };
        for step in path.steps() {
            let found = self
                .concrete(place.ty.inner_named_type())
                .iter()
                .find_map(|ty| self.keys(&place.sets, ty).swap_remove(step.key.as_str()));
            let Some(found) = found else {
                return Err(format!("`{path}`: `{}` is not selected", step.key));
            };
            if step.each && !found.ty.is_list() {
                return Err(format!("`{path}`: `{}` is no list", step.key));
            }
            let ty = if step.each {
                found.ty.item_type()
            } else {
                found.ty
            };
            place = Place {
                ty: ty.clone(),
                sets: found.sets,
                content: found.content,
            };
        }
        Ok(place)
    }

    /// How the value at a place is handed on, and its schema. A null there is an error of its own
    /// kind, so the schema says it is never null.
    pub(crate) fn output(&self, place: &Place<'a>, path: Path) -> (Output, Value) {
        let inner = self.not_null(&place.ty, &place.sets);
        let composite = !place.sets.is_empty();
        let (shape, mut schema) = if place.ty.is_list() {
            (Shape::List, wrapped("items", inner))
        } else if composite {
            (Shape::Object, inner)
        } else {
            (Shape::Plain, wrapped("value", inner))
        };
        // The root must say it is an object, also where it is one of several.
        schema["type"] = "object".into();
        let empty = schema["properties"].as_object().is_some_and(Map::is_empty);
        if place.content || empty {
            schema = Value::Null;
        }
        (Output { path, shape }, schema)
    }

    fn not_null(&self, ty: &Type, sets: &[&'a SelectionSet]) -> Value {
        if ty.is_list() {
            return json!({ "type": "array", "items": self.of_type(ty.item_type(), sets) });
        }
        let name = ty.inner_named_type();
        match self.schema.types.get(name) {
            Some(ExtendedType::Enum(def)) => {
                json!({ "type": "string", "enum": def.values.keys().map(Name::as_str).collect::<Vec<_>>() })
            }
            Some(ExtendedType::Scalar(_)) | None => scalar(name),
            Some(_) => {
                let mut choices: Vec<Value> = self
                    .concrete(name)
                    .iter()
                    .map(|ty| self.object(sets, ty))
                    .collect();
                if choices.len() == 1 {
                    choices.remove(0)
                } else {
                    json!({ "anyOf": choices })
                }
            }
        }
    }

    /// A null stands beside the type: a list of types in its place is more than some clients read.
    fn of_type(&self, ty: &Type, sets: &[&'a SelectionSet]) -> Value {
        let mut schema = self.not_null(ty, sets);
        if ty.is_non_null() || schema == json!({}) {
            return schema;
        }
        let nothing = json!({ "type": "null" });
        if let Some(choices) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
            choices.push(nothing);
            return schema;
        }
        json!({ "anyOf": [schema, nothing] })
    }

    fn object(&self, sets: &[&'a SelectionSet], ty: &Name) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (name, key) in self.keys(sets, ty) {
            let mut schema = if key.ty.inner_named_type() == "String" && name == "__typename" {
                json!({ "type": "string", "const": ty.as_str() })
            } else {
                self.of_type(key.ty, &key.sets)
            };
            if key.content {
                continue;
            }
            if let Some(text) = key.description {
                schema["description"] = text.into();
            }
            if !key.optional {
                required.push(name);
            }
            properties.insert(name.to_owned(), schema);
        }
        json!({ "type": "object", "properties": properties, "required": required })
    }

    /// Whether a value of this type may be of several.
    fn is_open(&self, name: &str) -> bool {
        matches!(
            self.schema.types.get(name),
            Some(ExtendedType::Interface(_) | ExtendedType::Union(_))
        )
    }

    /// The object types a value of this type can be.
    fn concrete(&self, name: &Name) -> Vec<Name> {
        match self.schema.types.get(name) {
            Some(ExtendedType::Union(def)) => def
                .members
                .iter()
                .map(|member| member.name.clone())
                .collect(),
            Some(ExtendedType::Interface(_)) => self
                .schema
                .types
                .values()
                .filter_map(|ty| ty.as_object())
                .filter(|object| object.implements_interfaces.iter().any(|i| i.name == *name))
                .map(|object| object.name.clone())
                .collect(),
            _ => vec![name.clone()],
        }
    }

    fn keys(&self, sets: &[&'a SelectionSet], ty: &Name) -> IndexMap<&'a str, Key<'a>> {
        let mut keys = IndexMap::default();
        for set in sets {
            self.collect(set, ty, false, &mut keys);
        }
        keys
    }

    fn collect(
        &self,
        set: &'a SelectionSet,
        ty: &Name,
        optional: bool,
        keys: &mut IndexMap<&'a str, Key<'a>>,
    ) {
        let applies = |condition: &Name| condition == ty || self.concrete(condition).contains(ty);
        if self.is_open(&set.ty)
            && let Ok(definition) = self.schema.type_field(&set.ty, "__typename")
        {
            // The document that is sent asks for it, see `document`.
            keys.entry("__typename").or_insert_with(|| Key {
                ty: &definition.ty,
                sets: Vec::new(),
                optional,
                description: None,
                content: false,
            });
        }
        for selection in &set.selections {
            let optional = optional || conditional(selection.directives());
            match selection {
                Selection::Field(field) => {
                    let said = field
                        .directives
                        .get("mcpDescription")
                        .and_then(|node| Arguments(node).text("text"));
                    let key = keys
                        .entry(field.response_key().as_str())
                        .or_insert_with(|| Key {
                            ty: field.ty(),
                            sets: Vec::new(),
                            optional: true,
                            description: None,
                            content: content::leaves(field),
                        });
                    key.optional &= optional;
                    key.description = key.description.take().or(said);
                    if !field.selection_set.selections.is_empty() {
                        key.sets.push(&field.selection_set);
                    }
                }
                Selection::InlineFragment(fragment) => {
                    if fragment.type_condition.as_ref().is_none_or(applies) {
                        self.collect(&fragment.selection_set, ty, optional, keys);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = spread.fragment_def(self.document)
                        && applies(fragment.type_condition())
                    {
                        self.collect(&fragment.selection_set, ty, optional, keys);
                    }
                }
            }
        }
    }
}

fn conditional(directives: &DirectiveList) -> bool {
    directives.has("skip") || directives.has("include")
}

fn wrapped(key: &str, schema: Value) -> Value {
    json!({ "type": "object", "properties": { key: schema }, "required": [key] })
}
