//! Documents out of the schema: one for each field, with arguments made of their types.

use async_graphql::parser::{
    parse_schema,
    types::{
        BaseType, InputValueDefinition, InterfaceType, ObjectType, ServiceDocument, Type,
        TypeDefinition, TypeKind, TypeSystemDefinition,
    },
};
use std::collections::{HashMap, HashSet};

/// The public schema.
pub const API: &str = include_str!("../../../schema/api.graphql");

/// The name of a type without its brackets.
fn innermost(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => innermost(inner),
    }
}

/// The types that a type names.
fn leads_to(kind: &TypeKind) -> Vec<&str> {
    match kind {
        TypeKind::Object(ObjectType { fields, .. })
        | TypeKind::Interface(InterfaceType { fields, .. }) => fields
            .iter()
            .flat_map(|field| {
                let arguments = field.node.arguments.iter();
                arguments
                    .map(|argument| innermost(&argument.node.ty.node))
                    .chain([innermost(&field.node.ty.node)])
            })
            .collect(),
        TypeKind::InputObject(input) => input
            .fields
            .iter()
            .map(|field| innermost(&field.node.ty.node))
            .collect(),
        TypeKind::Union(union) => union.members.iter().map(|one| one.node.as_str()).collect(),
        TypeKind::Scalar | TypeKind::Enum(_) => Vec::new(),
    }
}

/// A schema, by type.
pub struct Types(HashMap<String, TypeDefinition>);

impl Types {
    /// Reads an SDL.
    pub fn read(sdl: &str) -> Self {
        let ServiceDocument { definitions } = parse_schema(sdl).unwrap();
        let types = definitions
            .into_iter()
            .filter_map(|definition| match definition {
                TypeSystemDefinition::Type(found) => {
                    Some((found.node.name.node.to_string(), found.node))
                }
                _ => None,
            });
        Self(types.collect())
    }

    /// The object types.
    pub fn objects(&self) -> impl Iterator<Item = (&str, &ObjectType, &TypeDefinition)> {
        self.0.iter().filter_map(|(name, found)| match &found.kind {
            TypeKind::Object(object) => Some((name.as_str(), object, found)),
            _ => None,
        })
    }

    /// The types that nobody can get at: no field and no argument below the roots leads to them.
    pub fn strays(&self) -> Vec<&str> {
        let mut reached = HashSet::new();
        let mut next = vec!["Query", "Mutation", "Subscription"];
        while let Some(name) = next.pop() {
            if let Some(found) = self.0.get(name)
                && reached.insert(name)
            {
                next.extend(leads_to(&found.kind));
            }
        }
        let all = self.0.keys().map(String::as_str);
        let mut strays: Vec<_> = all.filter(|name| !reached.contains(name)).collect();
        strays.sort_unstable();
        strays
    }

    fn named(&self, of: &Type) -> Option<&TypeDefinition> {
        match &of.base {
            BaseType::Named(name) => self.0.get(name.as_str()),
            BaseType::List(inner) => self.named(inner),
        }
    }

    fn is_composite(&self, of: &Type) -> bool {
        matches!(
            self.named(of).map(|found| &found.kind),
            Some(TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_))
        )
    }

    /// `field(args) { … }` with `id` for every id that must be there.
    pub fn ask(&self, parent: &str, field: &str, id: &str, deep: bool) -> String {
        let TypeKind::Object(object) = &self.0[parent].kind else {
            panic!("{parent} is no object type");
        };
        let field = object
            .fields
            .iter()
            .find(|found| found.node.name.node == field)
            .unwrap_or_else(|| panic!("no {parent}.{field}"));
        let field = &field.node;
        let arguments: Vec<String> = field
            .arguments
            .iter()
            .filter_map(|argument| self.argument(&argument.node, id))
            .collect();
        let arguments = if arguments.is_empty() {
            String::new()
        } else {
            format!("({})", arguments.join(", "))
        };
        let selection = if self.is_composite(&field.ty.node) {
            self.selection(&field.ty.node, if deep { 2 } else { 0 })
        } else {
            String::new()
        };
        format!("{}{arguments}{selection}", field.name.node)
    }

    /// Everything without arguments down to `depth`, or only the type's name.
    fn selection(&self, of: &Type, depth: usize) -> String {
        let Some(TypeKind::Object(object)) = self.named(of).map(|found| &found.kind) else {
            return " { __typename }".to_owned();
        };
        let mut parts = vec!["__typename".to_owned()];
        if depth > 0 {
            for field in &object.fields {
                let field = &field.node;
                if !field.arguments.is_empty() {
                    continue;
                }
                if !self.is_composite(&field.ty.node) {
                    parts.push(field.name.node.to_string());
                } else if depth > 1 {
                    parts.push(format!(
                        "{}{}",
                        field.name.node,
                        self.selection(&field.ty.node, depth - 1)
                    ));
                }
            }
        }
        format!(" {{ {} }}", parts.join(" "))
    }

    /// Ids of things are given even where they may be left out: they are what is asked about.
    fn argument(&self, input: &InputValueDefinition, id: &str) -> Option<String> {
        let ty = &input.ty.node;
        let is_id = matches!(&ty.base, BaseType::Named(name) if name == "ID");
        if ty.nullable && !(is_id && input.name.node.ends_with("Id")) {
            return None;
        }
        Some(format!(
            "{}: {}",
            input.name.node,
            self.value(&input.name.node, ty, id)
        ))
    }

    fn value(&self, name: &str, ty: &Type, id: &str) -> String {
        let base = match &ty.base {
            BaseType::List(inner) => return format!("[{}]", self.value(name, inner, id)),
            BaseType::Named(base) => base.as_str(),
        };
        match base {
            "ID" => format!("{id:?}"),
            "String" => match name {
                "password" | "newPassword" => "\"a long enough sentence\"".to_owned(),
                "content" => "\"title\\nTetris\\n\"".to_owned(),
                _ => "\"Rule\"".to_owned(),
            },
            "Int" => "1".to_owned(),
            "Float" => "1.0".to_owned(),
            "Boolean" => "false".to_owned(),
            "JSON" => "{}".to_owned(),
            _ => match self.0.get(base).map(|found| &found.kind) {
                Some(TypeKind::Enum(found)) => {
                    found.values.last().unwrap().node.value.node.to_string()
                }
                Some(TypeKind::InputObject(found)) => {
                    let fields: Vec<_> = found
                        .fields
                        .iter()
                        .filter_map(|field| self.argument(&field.node, id))
                        .collect();
                    format!("{{ {} }}", fields.join(", "))
                }
                _ => panic!("the test cannot make a {base}; teach it"),
            },
        }
    }
}
