//! Whether a supergraph file holds together: what it names is there, and nothing is there twice.
//!
//! The planner takes a file at its word, and would stumble over this in the middle of a request.

use crate::schema::{is_built_in, named};
use ahash::{HashMap, HashSet};
use graphql_tools::{
    parser::Pos,
    static_graphql::schema::{
        Definition, Directive, Document, Field, InputValue, Type, TypeDefinition, Value,
    },
};

/// What is wrong, as a person looks for it.
pub fn at(place: Pos, what: &str) -> String {
    format!("line {}: {what}", place.line)
}

/// Says the first thing that is wrong.
pub fn check(document: &Document) -> Result<(), String> {
    let composed = Composed::read(document)?;
    for definition in &document.definitions {
        match definition {
            Definition::TypeDefinition(found) => composed.check(found)?,
            Definition::SchemaDefinition(schema) => {
                let roots = [&schema.query, &schema.mutation, &schema.subscription];
                for name in roots.into_iter().flatten() {
                    composed.find(name, schema.position)?;
                }
            }
            Definition::TypeExtension(_) | Definition::DirectiveDefinition(_) => {}
        }
    }
    Ok(())
}

/// What a file defines.
struct Composed<'d> {
    types: HashMap<&'d str, &'d TypeDefinition>,
    graphs: HashSet<&'d str>,
}

impl<'d> Composed<'d> {
    fn read(document: &'d Document) -> Result<Self, String> {
        let mut types = HashMap::default();
        let mut graphs = HashSet::default();
        for definition in &document.definitions {
            let Definition::TypeDefinition(found) = definition else {
                continue;
            };
            let (name, place) = name_of(found);
            if types.insert(name, found).is_some() {
                return Err(at(place, &format!("the type {name} is there twice")));
            }
            if let TypeDefinition::Enum(listed) = found
                && name == "join__Graph"
            {
                graphs.extend(listed.values.iter().map(|value| value.name.as_str()));
            }
        }
        Ok(Self { types, graphs })
    }

    fn check(&self, definition: &TypeDefinition) -> Result<(), String> {
        let (owner, place) = name_of(definition);
        match definition {
            TypeDefinition::Scalar(scalar) => self.directives(&scalar.directives),
            TypeDefinition::Object(object) => {
                self.directives(&object.directives)?;
                self.interfaces(&object.implements_interfaces, place)?;
                self.fields(owner, &object.fields)
            }
            TypeDefinition::Interface(interface) => {
                self.directives(&interface.directives)?;
                self.interfaces(&interface.implements_interfaces, place)?;
                self.fields(owner, &interface.fields)
            }
            TypeDefinition::Union(union) => {
                self.directives(&union.directives)?;
                for member in &union.types {
                    if !matches!(self.find(member, place)?, Some(TypeDefinition::Object(_))) {
                        return Err(at(place, &format!("{member} in {owner} is no object")));
                    }
                }
                Ok(())
            }
            TypeDefinition::Enum(found) => {
                self.directives(&found.directives)?;
                let values = found.values.iter();
                once(owner, values.map(|value| (&*value.name, value.position)))?;
                for value in &found.values {
                    self.directives(&value.directives)?;
                }
                Ok(())
            }
            TypeDefinition::InputObject(input) => {
                self.directives(&input.directives)?;
                self.inputs(owner, &input.fields)
            }
        }
    }

    fn interfaces(&self, names: &[String], place: Pos) -> Result<(), String> {
        for name in names {
            if !matches!(self.find(name, place)?, Some(TypeDefinition::Interface(_))) {
                return Err(at(place, &format!("{name} is no interface")));
            }
        }
        Ok(())
    }

    fn fields(&self, owner: &str, fields: &[Field]) -> Result<(), String> {
        let names = fields.iter();
        once(owner, names.map(|field| (&*field.name, field.position)))?;
        for field in fields {
            self.directives(&field.directives)?;
            let of = self.of(&field.field_type, field.position)?;
            if let Some(TypeDefinition::InputObject(input)) = of {
                let what = format!("{owner}.{} cannot be an input, {}", field.name, input.name);
                return Err(at(field.position, &what));
            }
            self.inputs(&format!("{owner}.{}", field.name), &field.arguments)?;
        }
        Ok(())
    }

    fn inputs(&self, owner: &str, inputs: &[InputValue]) -> Result<(), String> {
        let names = inputs.iter();
        once(owner, names.map(|input| (&*input.name, input.position)))?;
        for input in inputs {
            self.directives(&input.directives)?;
            let of = self.of(&input.value_type, input.position)?;
            if let Some(
                TypeDefinition::Object(_) | TypeDefinition::Interface(_) | TypeDefinition::Union(_),
            ) = of
            {
                let what = format!("{} of {owner} is of a type that is no input", input.name);
                return Err(at(input.position, &what));
            }
        }
        Ok(())
    }

    /// Subgraphs and types that the directives of the federation name.
    fn directives(&self, directives: &[Directive]) -> Result<(), String> {
        for directive in directives {
            if !directive.name.starts_with("join__") {
                continue;
            }
            let place = directive.position;
            for (name, value) in &directive.arguments {
                match (name.as_str(), value) {
                    ("graph", graph) => self.graph(graph, place)?,
                    ("graphs", Value::List(graphs)) => {
                        for graph in graphs {
                            self.graph(graph, place)?;
                        }
                    }
                    ("interface" | "member" | "type", Value::String(of)) => {
                        let name = of.trim_matches(['[', ']', '!']);
                        self.find(name, place)?;
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn graph(&self, graph: &Value, place: Pos) -> Result<(), String> {
        match graph {
            Value::Enum(name) if self.graphs.contains(name.as_str()) => Ok(()),
            _ => Err(at(place, &format!("join__Graph has no subgraph {graph}"))),
        }
    }

    fn of(&self, of: &Type, place: Pos) -> Result<Option<&'d TypeDefinition>, String> {
        self.find(named(of), place)
    }

    /// The type of that name; nothing for a scalar that is in every schema.
    fn find(&self, name: &str, place: Pos) -> Result<Option<&'d TypeDefinition>, String> {
        match self.types.get(name) {
            Some(found) => Ok(Some(*found)),
            None if is_built_in(name) => Ok(None),
            None => Err(at(place, &format!("there is no type {name}"))),
        }
    }
}

/// Refuses a name that comes again.
fn once<'d>(owner: &str, names: impl Iterator<Item = (&'d str, Pos)>) -> Result<(), String> {
    let mut known = HashSet::default();
    for (name, place) in names {
        if !known.insert(name) {
            return Err(at(place, &format!("{owner} has {name} twice")));
        }
    }
    Ok(())
}

fn name_of(definition: &TypeDefinition) -> (&str, Pos) {
    match definition {
        TypeDefinition::Scalar(found) => (&found.name, found.position),
        TypeDefinition::Object(found) => (&found.name, found.position),
        TypeDefinition::Interface(found) => (&found.name, found.position),
        TypeDefinition::Union(found) => (&found.name, found.position),
        TypeDefinition::Enum(found) => (&found.name, found.position),
        TypeDefinition::InputObject(found) => (&found.name, found.position),
    }
}
