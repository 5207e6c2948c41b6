//! `@cost` and `@listSize`, read out of the supergraph.

use super::owners::Owners;
use ahash::HashMap;
use graphql_tools::static_graphql::{
    query::Value,
    schema::{Definition, Directive, Document, Field, InputValue, Type, TypeDefinition},
};

/// What everything in a graph weighs.
#[derive(Debug, Default)]
pub struct Weights {
    /// `@cost` on types: only those that have it.
    types: HashMap<String, i64>,
    /// Fields of objects and interfaces that say something about themselves.
    fields: HashMap<String, HashMap<String, Rule>>,
    /// Every input object.
    inputs: HashMap<String, Input>,
    /// Whether any of this was declared. Where nothing is, an estimate is a guess, and only the
    /// number of objects is bounded.
    declared: bool,
    /// Whose each field is.
    pub owners: Owners,
}

/// What one field says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    /// Instead of its type's weight.
    pub weight: Option<i64>,
    /// Arguments that weigh something of their own.
    pub arguments: HashMap<String, i64>,
    /// How long its list is.
    pub list: Option<ListSize>,
}

/// `@listSize`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSize {
    /// When no argument says.
    pub assumed: Option<u64>,
    /// The arguments that say; each a path into input objects.
    pub slicing: Vec<Vec<String>>,
    /// The fields below that have the size, instead of this one.
    pub sized: Vec<String>,
    /// Whether exactly one of the arguments has to be there.
    pub one: bool,
}

/// An input object.
#[derive(Debug, Default)]
struct Input {
    weight: i64,
    /// The type's name and the field's own weight.
    fields: HashMap<String, (String, Option<i64>)>,
}

impl Weights {
    /// Reads a composed supergraph.
    pub fn read(supergraph: &Document) -> Self {
        let names = Names::read(supergraph);
        let mut weights = Self {
            owners: Owners::read(supergraph),
            ..Self::default()
        };
        let types = supergraph
            .definitions
            .iter()
            .filter_map(|definition| match definition {
                Definition::TypeDefinition(found) => Some(found),
                _ => None,
            });
        for found in types {
            let (name, directives) = match found {
                TypeDefinition::Scalar(it) => (&it.name, &it.directives),
                TypeDefinition::Enum(it) => (&it.name, &it.directives),
                TypeDefinition::Object(it) => (&it.name, &it.directives),
                TypeDefinition::Interface(it) => (&it.name, &it.directives),
                TypeDefinition::Union(it) => (&it.name, &it.directives),
                TypeDefinition::InputObject(it) => (&it.name, &it.directives),
            };
            if let Some(weight) = names.cost(directives) {
                weights.types.insert(name.clone(), weight);
            }
            match found {
                TypeDefinition::Object(it) => weights.keep(&it.name, &it.fields, &names),
                TypeDefinition::Interface(it) => weights.keep(&it.name, &it.fields, &names),
                TypeDefinition::InputObject(it) => {
                    let weight = names.cost(directives).unwrap_or(1);
                    let fields = it.fields.iter().map(|field| {
                        let of = (name_of(&field.value_type), names.cost(&field.directives));
                        (field.name.clone(), of)
                    });
                    let fields = fields.collect();
                    weights
                        .inputs
                        .insert(it.name.clone(), Input { weight, fields });
                }
                _ => {}
            }
        }
        weights.declared = !weights.types.is_empty() || !weights.fields.is_empty();
        weights.inherit(supergraph);
        weights
    }

    fn keep(&mut self, name: &str, fields: &[Field], names: &Names) {
        let rules: HashMap<_, _> = fields
            .iter()
            .map(|field| (field.name.clone(), names.rule(field)))
            .filter(|(_, rule)| *rule != Rule::default())
            .collect();
        if !rules.is_empty() {
            self.fields.insert(name.to_owned(), rules);
        }
    }

    /// An interface may say how long a list is for all who implement it.
    fn inherit(&mut self, supergraph: &Document) {
        for definition in &supergraph.definitions {
            let Definition::TypeDefinition(TypeDefinition::Object(object)) = definition else {
                continue;
            };
            for interface in &object.implements_interfaces {
                let Some(rules) = self.fields.get(interface).cloned() else {
                    continue;
                };
                let own = self.fields.entry(object.name.clone()).or_default();
                for (field, rule) in rules {
                    let known = own.entry(field).or_default();
                    if known.list.is_none() {
                        known.list = rule.list;
                    }
                }
            }
        }
    }

    /// Whether the graph says what anything costs.
    pub const fn are_declared(&self) -> bool {
        self.declared
    }

    /// What a field says about itself.
    pub fn rule(&self, parent: &str, field: &str) -> Option<&Rule> {
        self.fields.get(parent)?.get(field)
    }

    /// What one object, scalar or enum value of this type weighs.
    pub fn of_type(&self, name: &str, composite: bool) -> i64 {
        let own = self.types.get(name).copied();
        own.unwrap_or(i64::from(composite))
    }

    /// Whether the operation's own type says what it weighs.
    pub fn of_root(&self, name: &str) -> Option<i64> {
        self.types.get(name).copied()
    }

    /// Whether a value of this type can weigh anything: then a variable of it has to be looked at.
    pub fn weighs(&self, of: &str) -> bool {
        self.inputs.contains_key(of) || self.types.get(of).is_some_and(|weight| *weight != 0)
    }

    /// What a value weighs that goes into an argument or input field of type `of`; `own` is the
    /// weight that the argument or field gives it.
    pub fn of_value(&self, of: &str, own: Option<i64>, value: &async_graphql::Value) -> i64 {
        use async_graphql::Value as Given;
        match value {
            // Not there is not given.
            Given::Null => 0,
            Given::List(items) => {
                let each = items.iter().map(|item| self.of_value(of, own, item));
                each.fold(0, i64::saturating_add)
            }
            Given::Object(fields) if self.inputs.contains_key(of) => {
                let each = fields.iter().map(|(name, value)| {
                    let (of, own) = self.input_field(of, name)?;
                    Some(self.of_value(of, own, value))
                });
                let below = each.flatten().fold(0, i64::saturating_add);
                self.of_input(of, own).saturating_add(below)
            }
            _ => self.of_input(of, own),
        }
    }

    /// What one value of this input type weighs, its fields aside.
    pub fn of_input(&self, of: &str, own: Option<i64>) -> i64 {
        own.or_else(|| self.inputs.get(of).map(|input| input.weight))
            .unwrap_or_else(|| self.of_type(of, false))
    }

    /// The type and the weight of an input object's field.
    pub fn input_field(&self, of: &str, field: &str) -> Option<(&str, Option<i64>)> {
        let (name, weight) = self.inputs.get(of)?.fields.get(field)?;
        Some((name, *weight))
    }
}

/// What the two directives are called here: a supergraph may have renamed them.
struct Names {
    cost: String,
    list_size: String,
}

impl Names {
    fn read(supergraph: &Document) -> Self {
        let linked = supergraph
            .definitions
            .iter()
            .filter_map(|definition| match definition {
                Definition::SchemaDefinition(schema) => Some(&schema.directives),
                _ => None,
            })
            .flatten()
            .filter(|directive| directive.name == "link")
            .find(|link| {
                text(link, "url").is_some_and(|url| {
                    let mut ends = url.rsplit('/');
                    ends.next().is_some_and(|version| version.starts_with('v'))
                        && ends.next() == Some("cost")
                })
            });
        let imports = match linked.and_then(|link| argument(link, "import")) {
            Some(Value::List(imports)) => imports.as_slice(),
            _ => &[],
        };
        let space = linked.and_then(|link| text(link, "as")).unwrap_or("cost");
        let called = |wanted: &str, otherwise: String| {
            let import = imports.iter().find_map(|import| match import {
                Value::String(name) if name == wanted => Some(name.as_str()),
                Value::Object(renamed) => {
                    let of = |key: &str| {
                        renamed.iter().find_map(|(name, value)| match value {
                            Value::String(text) if name == key => Some(text.as_str()),
                            _ => None,
                        })
                    };
                    (of("name") == Some(wanted)).then(|| of("as").unwrap_or(wanted))
                }
                _ => None,
            });
            import.map_or(otherwise, |name| name.trim_start_matches('@').to_owned())
        };
        // Composers write the plain names also where nothing is imported.
        let plain = linked.is_none() || imports.is_empty() && space == "cost";
        Self {
            cost: called("@cost", space.to_owned()),
            list_size: called(
                "@listSize",
                if plain {
                    "listSize".to_owned()
                } else {
                    format!("{space}__listSize")
                },
            ),
        }
    }

    fn cost(&self, directives: &[Directive]) -> Option<i64> {
        let directive = directives.iter().find(|found| found.name == self.cost)?;
        match argument(directive, "weight")? {
            Value::Int(number) => number.as_i64(),
            _ => None,
        }
    }

    fn rule(&self, field: &Field) -> Rule {
        let weigh = |argument: &InputValue| {
            let weight = self.cost(&argument.directives)?;
            Some((argument.name.clone(), weight))
        };
        Rule {
            weight: self.cost(&field.directives),
            arguments: field.arguments.iter().filter_map(weigh).collect(),
            list: self.list_size(&field.directives),
        }
    }

    fn list_size(&self, directives: &[Directive]) -> Option<ListSize> {
        let found = directives
            .iter()
            .find(|found| found.name == self.list_size)?;
        let texts = |name: &str| match argument(found, name) {
            Some(Value::List(items)) => items
                .iter()
                .filter_map(|item| match item {
                    Value::String(text) => Some(text.trim().to_owned()),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        let assumed = match argument(found, "assumedSize") {
            Some(Value::Int(number)) => number.as_i64().and_then(|size| u64::try_from(size).ok()),
            _ => None,
        };
        let slicing: Vec<Vec<String>> = texts("slicingArguments")
            .iter()
            .map(|path| path.split('.').map(str::to_owned).collect())
            .collect();
        Some(ListSize {
            assumed,
            one: !slicing.is_empty()
                && !matches!(
                    argument(found, "requireOneSlicingArgument"),
                    Some(Value::Boolean(false))
                ),
            slicing,
            sized: texts("sizedFields"),
        })
    }
}

fn argument<'d>(directive: &'d Directive, name: &str) -> Option<&'d Value> {
    let (_, value) = directive
        .arguments
        .iter()
        .find(|(argument, _)| argument == name)?;
    Some(value)
}

fn text<'d>(directive: &'d Directive, name: &str) -> Option<&'d str> {
    match argument(directive, name)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn name_of(of: &Type) -> String {
    crate::schema::named(of).to_owned()
}
