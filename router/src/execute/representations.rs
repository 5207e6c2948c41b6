//! What a subgraph gets to know of the entities it is asked about: each once, however often it
//! stands in the data.

use super::{
    merge::rewrite,
    paths::{Place, typename, walk},
};
use crate::{
    schema::Types,
    steps::{Entities, Need},
};
use ahash::{AHasher, HashMap};
use async_graphql::{Name, Value, indexmap::IndexMap};
use std::hash::{Hash, Hasher};

/// One place that waits for an entity.
#[derive(Debug)]
pub struct Wanted {
    /// Which of the group's paths it was found by.
    pub path: usize,
    /// Where it is.
    pub place: Place,
    /// Which representation, by position, is its own.
    pub representation: usize,
}

/// The representations of one `_entities` field.
#[derive(Debug, Default)]
pub struct Representations {
    /// Each once, in the order they were met.
    pub values: Vec<Value>,
    /// Who waits for them.
    pub places: Vec<Wanted>,
}

impl Representations {
    /// Gathers them from the data. An object that lacks what is needed is left out: it stays as
    /// it is.
    pub fn gather(group: &Entities, data: &Value, types: &Types) -> Self {
        let mut all = Self::default();
        let mut known: HashMap<u64, Vec<usize>> = HashMap::default();
        for (index, path) in group.paths.iter().enumerate() {
            walk(data, path, types, &mut |object, trail| {
                let value = if group.before.is_empty() {
                    represent(&group.requires, object, types)
                } else {
                    let mut changed = object.clone();
                    for one in &group.before {
                        rewrite(&mut changed, one, types);
                    }
                    represent(&group.requires, &changed, types)
                };
                let Some(value) = value else { return };
                let same = known.entry(fingerprint(&value)).or_default();
                let representation = same
                    .iter()
                    .copied()
                    .find(|at| all.values[*at] == value)
                    .unwrap_or_else(|| {
                        same.push(all.values.len());
                        all.values.push(value);
                        all.values.len() - 1
                    });
                all.places.push(Wanted {
                    path: index,
                    place: Place::new(trail),
                    representation,
                });
            });
        }
        all
    }

    /// Whether there is nothing to ask for.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

fn represent(needs: &[Need], value: &Value, types: &Types) -> Option<Value> {
    match value {
        Value::Null => None,
        // The list is as long as it was: a subgraph may count on positions.
        Value::List(items) => Some(Value::List(
            items
                .iter()
                .map(|item| represent(needs, item, types).unwrap_or_default())
                .collect(),
        )),
        Value::Object(object) if !needs.is_empty() => {
            let mut out = IndexMap::with_capacity(needs.len() + 1);
            fill(needs, object, types, &mut out);
            let only_typename =
                out.len() == 1 && out.contains_key("__typename") && !wants_only_typename(needs);
            (!out.is_empty() && !only_typename).then_some(Value::Object(out))
        }
        other => Some(other.clone()),
    }
}

/// Inside an entity. What depends on the type of an object goes with its type: the subgraph could
/// not tell otherwise.
fn represent_inside(needs: &[Need], value: &Value, types: &Types) -> Option<Value> {
    let depends = needs.iter().any(|need| matches!(need, Need::On { .. }));
    match value {
        Value::List(items) if depends => Some(Value::List(
            items
                .iter()
                .map(|item| represent_inside(needs, item, types).unwrap_or_default())
                .collect(),
        )),
        Value::Object(object) if depends => {
            let mut out = IndexMap::with_capacity(needs.len() + 1);
            if let Some(name) = object.get("__typename") {
                out.insert(Name::new("__typename"), name.clone());
            }
            fill(needs, object, types, &mut out);
            (!out.is_empty()).then_some(Value::Object(out))
        }
        other => represent(needs, other, types),
    }
}

fn wants_only_typename(needs: &[Need]) -> bool {
    needs.iter().all(|need| match need {
        Need::Field { from, .. } => from == "__typename",
        Need::On { inner, .. } => wants_only_typename(inner),
    })
}

fn fill(
    needs: &[Need],
    object: &IndexMap<Name, Value>,
    types: &Types,
    out: &mut IndexMap<Name, Value>,
) {
    for need in needs {
        match need {
            Need::Field { from, to, inner } => {
                match object.get(from.as_str()).or_else(|| object.get(to)) {
                    Some(Value::Null) => {
                        out.insert(to.clone(), Value::Null);
                    }
                    Some(value) => {
                        if let Some(value) = represent_inside(inner, value, types) {
                            out.insert(to.clone(), value);
                        }
                    }
                    None => {}
                }
            }
            Need::On { name, inner } => {
                // Either way round: the object may know itself by the interface only.
                if typename(object).is_none_or(|own| types.is(own, name) || types.is(name, own)) {
                    fill(inner, object, types, out);
                }
            }
        }
    }
}

fn fingerprint(value: &Value) -> u64 {
    fn feed(value: &Value, hasher: &mut AHasher) {
        match value {
            Value::Null => 0_u8.hash(hasher),
            Value::Boolean(truth) => truth.hash(hasher),
            Value::Number(number) => number.hash(hasher),
            // One type may come as either, and they are equal.
            Value::String(text) => text.as_str().hash(hasher),
            Value::Enum(name) => name.as_str().hash(hasher),
            Value::Binary(bytes) => bytes.hash(hasher),
            Value::List(items) => items.iter().for_each(|item| feed(item, hasher)),
            Value::Object(fields) => {
                // Key order does not make a difference between two entities.
                let mut sum = 0_u64;
                for (key, value) in fields {
                    let mut one = AHasher::default();
                    key.as_str().hash(&mut one);
                    feed(value, &mut one);
                    sum = sum.wrapping_add(one.finish());
                }
                sum.hash(hasher);
            }
        }
    }
    let mut hasher = AHasher::default();
    feed(value, &mut hasher);
    hasher.finish()
}
