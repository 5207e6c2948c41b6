//! From a document to its estimate.

use super::{
    estimate::{Estimate, Said, Size},
    weights::{ListSize, Rule, Weights},
};
use crate::{
    error::at,
    prepare::Kind,
    schema::{Schema, named},
    shape::when,
};
use ahash::HashMap;
use async_graphql::{Name, ServerError};
use djinn_kernel::Code;
use graphql_tools::static_graphql::{
    query::{
        self, Definition, Document, FragmentDefinition, Selection, SelectionSet, TypeCondition,
        Value,
    },
    schema::{self, Type},
};

/// What a mutation costs besides its fields, unless `@cost` on the type says otherwise.
const MUTATION: i64 = 10;
/// A page nobody gave a size.
const UNSAID: u64 = 50;
/// The arguments that say how long a list is where no `@listSize` does.
const SLICING: [&str; 3] = ["first", "last", "limit"];

/// What is counted of an operation.
#[derive(Clone, Copy)]
pub struct Sought<'a> {
    /// The size of a list of which nothing is known.
    pub list_size: u64,
    /// Only what this subgraph resolves; everything, where nothing is said.
    pub of: Option<&'a str>,
}

/// Counts what a validated operation may cost. Fragments are spread out; introspection is free,
/// and has limits of its own. An error names a list that lacks its size.
pub fn of_operation(
    schema: &Schema,
    weights: &Weights,
    sought: Sought<'_>,
    document: &Document,
    (kind, root): (Kind, &str),
    set: &SelectionSet,
) -> Result<Estimate, ServerError> {
    let fragments = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::Fragment(fragment) => Some((fragment.name.as_str(), fragment)),
            Definition::Operation(_) => None,
        })
        .collect();
    let mut counter = Counter {
        schema,
        weights,
        sought,
        here: None,
        fragments,
        unsized_list: None,
    };
    let mut sum = counter.set(&[root], set, None);
    if let Some(field) = counter.unsized_list {
        return Err(at(
            Code::QueryTooComplex,
            format!(
                "The list {:?} needs exactly one of the arguments that say how long it is.",
                field.name
            ),
            &[field.position],
        ));
    }
    let base = match kind {
        // The operation itself is nobody's.
        _ if sought.of.is_some() => 0,
        Kind::Mutation => weights.of_root(root).unwrap_or(MUTATION),
        Kind::Query | Kind::Subscription => weights.of_root(root).unwrap_or(0),
    };
    sum.add(Estimate::fixed(base, 0));
    Ok(sum)
}

struct Counter<'d> {
    schema: &'d Schema,
    weights: &'d Weights,
    sought: Sought<'d>,
    /// Whoever resolves the field at hand, as far as it is known.
    here: Option<&'d str>,
    fragments: HashMap<&'d str, &'d FragmentDefinition>,
    /// A list that needs one of its arguments, and has none or several.
    unsized_list: Option<&'d query::Field>,
}

/// The size that a field gave to lists below it: `games(first: 10) { nodes { … } }`.
#[derive(Clone, Copy)]
struct Below<'a> {
    size: &'a Size,
    /// Which lists; any, where nothing is declared.
    fields: Option<&'a [String]>,
}

impl<'d> Counter<'d> {
    /// A selection set on an object that is of one of `types`.
    fn set(&mut self, types: &[&str], set: &'d SelectionSet, below: Option<Below>) -> Estimate {
        let conditions: Vec<_> = set
            .items
            .iter()
            .filter_map(|it| self.condition(it))
            .collect();
        if types.len() < 2 || conditions.is_empty() {
            return self.sum(types, set, below);
        }
        // Types to which the same parts apply are counted together.
        let mut groups: Vec<(Vec<bool>, Vec<&str>)> = Vec::new();
        for one in types {
            let applies: Vec<bool> = conditions
                .iter()
                .map(|condition| self.schema.types.is(one, condition))
                .collect();
            match groups.iter_mut().find(|(known, _)| *known == applies) {
                Some((_, group)) => group.push(one),
                None => groups.push((applies, vec![one])),
            }
        }
        let choices = groups
            .iter()
            .map(|(_, group)| self.sum(group, set, below))
            .collect();
        Estimate::most(choices)
    }

    fn condition(&self, selection: &'d Selection) -> Option<&'d str> {
        let condition = match selection {
            Selection::Field(_) => None,
            Selection::InlineFragment(inline) => inline.type_condition.as_ref(),
            Selection::FragmentSpread(spread) => self
                .fragments
                .get(spread.fragment_name.as_str())
                .map(|fragment| &fragment.type_condition),
        };
        condition.map(|TypeCondition::On(name)| name.as_str())
    }

    fn sum(&mut self, types: &[&str], set: &'d SelectionSet, below: Option<Below>) -> Estimate {
        let mut sum = Estimate::default();
        for selection in &set.items {
            let (directives, inner) = match selection {
                Selection::Field(field) => {
                    sum.add(self.field(types, field, below));
                    continue;
                }
                Selection::InlineFragment(inline) => (&inline.directives, &inline.selection_set),
                Selection::FragmentSpread(spread) => {
                    match self.fragments.get(spread.fragment_name.as_str()) {
                        Some(fragment) => (&spread.directives, &fragment.selection_set),
                        None => continue,
                    }
                }
            };
            let Some(when) = when(directives) else {
                continue;
            };
            let applies = |name: &&&str| {
                self.condition(selection)
                    .is_none_or(|condition| self.schema.types.is(name, condition))
            };
            let types: Vec<_> = types.iter().filter(applies).copied().collect();
            if !types.is_empty() {
                sum.add(self.set(&types, inner, below).when(when));
            }
        }
        sum
    }

    /// A field of an object that is of one of `types`: what differs between them is counted for
    /// each, and the most counts.
    fn field(&mut self, types: &[&str], field: &'d query::Field, below: Option<Below>) -> Estimate {
        let Some(when) = when(&field.directives) else {
            return Estimate::default();
        };
        // The schema about itself has limits of its own, and a type's name is at hand.
        if field.name.starts_with("__") {
            return Estimate::default();
        }
        let mut ways: Vec<(&schema::Field, Option<&Rule>)> = Vec::new();
        for one in types {
            let Some(definition) = self.schema.field(one, &field.name) else {
                continue;
            };
            let way = (definition, self.weights.rule(one, &field.name));
            let same = |(known, rule): &(&schema::Field, Option<&Rule>)| {
                *rule == way.1
                    && known.field_type == definition.field_type
                    && known.arguments.len() == definition.arguments.len()
            };
            if !ways.iter().any(same) {
                ways.push(way);
            }
        }
        let owners = &self.weights.owners;
        let owner = types.iter().find_map(|one| owners.of(one, &field.name));
        let above = self.here;
        self.here = owner.or(above);
        let choices = ways
            .into_iter()
            .map(|(definition, rule)| self.one(definition, rule, field, below))
            .collect();
        self.here = above;
        Estimate::most(choices).when(when)
    }

    fn one(
        &mut self,
        definition: &schema::Field,
        rule: Option<&Rule>,
        field: &'d query::Field,
        below: Option<Below>,
    ) -> Estimate {
        let list = rule.and_then(|rule| rule.list.as_ref());
        let own = self.size(definition, list, field);
        let is_list = is_list(&definition.field_type);
        let sized = list.map_or(&[][..], |list| list.sized.as_slice());
        let inherited = below.filter(|below| {
            below
                .fields
                .is_none_or(|fields| fields.contains(&definition.name))
        });
        // A list's own size is for the lists below it, when it says so, and for itself otherwise.
        let mut size = None;
        let mut passed = None;
        match own {
            Some(own) if is_list && sized.is_empty() => size = Some(own),
            own => passed = own,
        }
        if is_list && size.is_none() {
            let inherited = inherited.map(|below| below.size.clone());
            size = Some(inherited.unwrap_or(Size::fixed(self.sought.list_size)));
        }
        let passed = passed.as_ref().map(|size| Below {
            size,
            fields: list.is_some().then_some(sized),
        });

        let bottom = named(&definition.field_type);
        let composite = self.schema.is_object(bottom) || self.schema.is_abstract(bottom);
        let types = match (composite, self.schema.is_object(bottom)) {
            (true, true) => vec![bottom],
            (true, false) => self.schema.possible(bottom),
            (false, _) => Vec::new(),
        };
        let weight = rule.and_then(|rule| rule.weight).unwrap_or_else(|| {
            // An object of some type: of the heaviest, unless the abstract type has a weight.
            let own = self.weights.of_root(bottom);
            let heaviest = types
                .iter()
                .map(|one| self.weights.of_type(one, true))
                .max();
            own.or(heaviest)
                .unwrap_or_else(|| self.weights.of_type(bottom, composite))
        });
        let counts = self.sought.of.is_none() || self.sought.of == self.here;
        let mut each = if counts {
            Estimate::fixed(weight, u64::from(composite))
        } else {
            Estimate::default()
        };
        if composite {
            each.add(self.set(&types, &field.selection_set, passed));
        }
        let mut sum = match size {
            Some(size) => each.times(size),
            None => each,
        };
        for argument in &definition.arguments {
            let own = rule.and_then(|rule| rule.arguments.get(&argument.name).copied());
            let given = field
                .arguments
                .iter()
                .find(|(name, _)| *name == argument.name)
                .map(|(_, value)| value);
            if let Some(value) = given.or(argument.default_value.as_ref()).filter(|_| counts) {
                sum.add(self.input(named(&argument.value_type), own, value));
            }
        }
        sum
    }

    /// What a value weighs that is given to an argument or an input field.
    fn input(&self, of: &str, own: Option<i64>, value: &Value) -> Estimate {
        match value {
            Value::Null => Estimate::default(),
            Value::Variable(name) => {
                // What weighs nothing need not be looked at again for each request.
                let weighs = own.is_some() || self.weights.weighs(of);
                let input = weighs.then(|| Estimate::input(Name::new(name), of, own));
                input.unwrap_or_default()
            }
            Value::List(items) => {
                let mut sum = Estimate::default();
                for item in items {
                    sum.add(self.input(of, own, item));
                }
                sum
            }
            Value::Object(fields) => {
                let mut sum = Estimate::fixed(self.weights.of_input(of, own), 0);
                for (name, value) in fields {
                    if let Some((of, own)) = self.weights.input_field(of, name) {
                        sum.add(self.input(of, own, value));
                    }
                }
                sum
            }
            _ => Estimate::fixed(self.weights.of_input(of, own), 0),
        }
    }

    /// The size that a field's arguments, or its declaration, say.
    fn size(
        &mut self,
        definition: &schema::Field,
        list: Option<&ListSize>,
        field: &'d query::Field,
    ) -> Option<Size> {
        let Some(list) = list else {
            let known = |argument: &&schema::InputValue| {
                SLICING.contains(&argument.name.as_str()) && named(&argument.value_type) == "Int"
            };
            let names = definition.arguments.iter().filter(known);
            let said: Vec<_> = names
                .clone()
                .filter_map(|it| said(it, &[], field))
                .collect();
            names.clone().next()?;
            return Some(Size {
                said,
                otherwise: UNSAID,
            });
        };
        let argument_of = |path: &'_ Vec<String>| {
            let (first, rest) = path.split_first()?;
            let argument = definition.arguments.iter().find(|it| it.name == *first)?;
            Some((argument, rest.to_vec()))
        };
        let slicing: Vec<_> = list.slicing.iter().filter_map(argument_of).collect();
        if list.one {
            let given = slicing.iter().filter(|(argument, path)| {
                let value = field
                    .arguments
                    .iter()
                    .find(|(name, _)| *name == argument.name);
                value.is_some_and(|(_, value)| there(value, path))
            });
            let count = match given.count() {
                0 => slicing
                    .iter()
                    .filter(|(argument, path)| path.is_empty() && argument.default_value.is_some())
                    .count(),
                count => count,
            };
            if count != 1 {
                self.unsized_list.get_or_insert(field);
            }
        }
        let said: Vec<_> = slicing
            .iter()
            .filter_map(|(argument, path)| said(argument, path, field))
            .collect();
        if said.is_empty() && list.assumed.is_none() && list.sized.is_empty() && slicing.is_empty()
        {
            return None;
        }
        Some(Size {
            said,
            otherwise: list.assumed.unwrap_or(self.sought.list_size),
        })
    }
}

fn there(value: &Value, path: &[String]) -> bool {
    match (value, path.split_first()) {
        (Value::Null, _) => false,
        (Value::Object(fields), Some((first, rest))) => {
            entry(fields, first).is_some_and(|value| there(value, rest))
        }
        _ => true,
    }
}

/// What one argument says of a list's length.
fn said(argument: &schema::InputValue, path: &[String], field: &query::Field) -> Option<Said> {
    let default = argument
        .default_value
        .as_ref()
        .and_then(|value| literal(value, path));
    let given = field
        .arguments
        .iter()
        .find(|(name, _)| *name == argument.name);
    let Some((_, given)) = given else {
        return default.map(Said::Number);
    };
    let (mut value, mut rest) = (given, path);
    loop {
        match (value, rest.split_first()) {
            (Value::Variable(name), _) => {
                return Some(Said::Variable {
                    name: Name::new(name),
                    path: rest.to_vec(),
                    default,
                });
            }
            (Value::Object(fields), Some((first, below))) => {
                value = entry(fields, first)?;
                rest = below;
            }
            (value, None) => return literal(value, &[]).map(Said::Number),
            (_, Some(_)) => return None,
        }
    }
}

/// A size in a literal; a negative one is the subgraph's to refuse.
fn literal(value: &Value, path: &[String]) -> Option<u64> {
    match (value, path.split_first()) {
        (Value::Int(number), None) => {
            let number = number.as_i64()?;
            Some(u64::try_from(number).unwrap_or(0))
        }
        (Value::Object(fields), Some((first, rest))) => literal(entry(fields, first)?, rest),
        _ => None,
    }
}

fn entry<'v>(fields: &'v [(String, Value)], key: &str) -> Option<&'v Value> {
    let (_, value) = fields.iter().find(|(name, _)| name == key)?;
    Some(value)
}

fn is_list(of: &Type) -> bool {
    match of {
        Type::NamedType(_) => false,
        Type::ListType(_) => true,
        Type::NonNullType(inner) => is_list(inner),
    }
}
