//! Shows the data in the document's shape: only what was asked for, in the order it was asked for,
//! with nulls carried up to the nearest place that may be null.

use super::paths::typename;
use crate::{
    cost::Weights,
    error::coded,
    schema::Schema,
    shape::{Field, Item, Kind, Output, Shape},
};
use async_graphql::{Name, PathSegment, ServerError, Value, Variables, indexmap::IndexMap};
use djinn_kernel::Code;

/// Shows `data` as an answer, and says what it weighs. Errors it finds itself are added to `errors`.
pub fn project(
    (schema, weights): (&Schema, &Weights),
    variables: &Variables,
    root: &str,
    shape: &Shape,
    data: Value,
    errors: &mut Vec<ServerError>,
) -> (Value, u64) {
    let Value::Object(object) = data else {
        return (Value::Null, 0);
    };
    let mut show = Show {
        schema,
        weights,
        cost: 0,
        variables,
        errors,
        path: Vec::new(),
    };
    let mut branches = Vec::new();
    let shown = show
        .object(&[shape], root, &mut branches, object)
        .unwrap_or(Value::Null);
    (shown, u64::try_from(show.cost).unwrap_or(0))
}

/// A value that must not be null is: whatever holds it goes.
struct Gone;

/// The fields to show of objects of one type, found once and used for every item of a list.
struct Branch<'s> {
    of: String,
    parts: Vec<Part<'s>>,
}

struct Part<'s> {
    field: &'s Field,
    /// What each value of it weighs, where the field says so itself.
    weight: Option<i64>,
    shapes: Vec<&'s Shape>,
    branches: Vec<Branch<'s>>,
}

enum Step<'s> {
    Key(&'s Name),
    Index(usize),
}

struct Show<'s, 'e> {
    schema: &'s Schema,
    weights: &'s Weights,
    /// Of all that has been shown.
    cost: i64,
    variables: &'s Variables,
    errors: &'e mut Vec<ServerError>,
    path: Vec<Step<'s>>,
}

impl<'s> Show<'s, '_> {
    fn object(
        &mut self,
        shapes: &[&'s Shape],
        of: &str,
        branches: &mut Vec<Branch<'s>>,
        mut object: IndexMap<Name, Value>,
    ) -> Result<Value, Gone> {
        let index = branches
            .iter()
            .position(|branch| branch.of == of)
            .unwrap_or_else(|| {
                let mut parts = Vec::new();
                for shape in shapes {
                    let merging = shapes.len() > 1 || shape.overlaps;
                    self.collect(shape, of, merging, &mut parts);
                }
                branches.push(Branch {
                    of: of.to_owned(),
                    parts,
                });
                branches.len() - 1
            });
        let branch = &mut branches[index];
        let mut out = IndexMap::with_capacity(branch.parts.len());
        for part in &mut branch.parts {
            let key = &part.field.key;
            let value = match part.field.kind {
                Kind::Typename => Value::from(of),
                _ => {
                    let found = object.get_mut(&part.field.from).map(std::mem::take);
                    // Nothing brought it: the entity is not there, or not for this viewer. That is
                    // no fault, so the object is missing without an error, where it may be.
                    let missing = found.is_none() && !self.path.is_empty();
                    if missing && matches!(part.field.output, Output::NonNull(_)) {
                        return Err(Gone);
                    }
                    let raw = found.unwrap_or(Value::Null);
                    self.path.push(Step::Key(key));
                    let value = self.value(
                        &part.field.output,
                        (part.field, part.weight),
                        &part.shapes,
                        &mut part.branches,
                        raw,
                    );
                    self.path.pop();
                    value?
                }
            };
            out.insert(key.clone(), value);
        }
        Ok(Value::Object(out))
    }

    fn collect(&self, shape: &'s Shape, of: &str, merging: bool, parts: &mut Vec<Part<'s>>) {
        for item in &shape.items {
            match item {
                Item::Field(field) => {
                    if !field.when.holds(self.variables) {
                        continue;
                    }
                    let known = if merging {
                        parts.iter_mut().find(|part| part.field.key == field.key)
                    } else {
                        None
                    };
                    match known {
                        Some(part) => part.shapes.push(&field.inner),
                        None => parts.push(Part {
                            field,
                            weight: self.weights.rule(of, &field.name).and_then(|it| it.weight),
                            shapes: vec![&field.inner],
                            branches: Vec::new(),
                        }),
                    }
                }
                Item::Part { on, when, shape } => {
                    let matches = on.as_ref().is_none_or(|on| self.schema.types.is(of, on));
                    if matches && when.holds(self.variables) {
                        self.collect(shape, of, merging, parts);
                    }
                }
            }
        }
    }

    fn value(
        &mut self,
        output: &'s Output,
        field: (&'s Field, Option<i64>),
        shapes: &[&'s Shape],
        branches: &mut Vec<Branch<'s>>,
        raw: Value,
    ) -> Result<Value, Gone> {
        match (output, raw) {
            (Output::NonNull(inner), raw) => {
                match self.value(inner, field, shapes, branches, raw)? {
                    Value::Null => {
                        self.explain_null();
                        Err(Gone)
                    }
                    value => Ok(value),
                }
            }
            (Output::List(inner), Value::List(items)) => {
                let mut out = Vec::with_capacity(items.len());
                for (index, item) in items.into_iter().enumerate() {
                    self.path.push(Step::Index(index));
                    let shown = self.value(inner, field, shapes, branches, item);
                    self.path.pop();
                    match shown {
                        Ok(value) => out.push(value),
                        // The item must not be null, so the list is; above it, the list's own bang decides.
                        Err(Gone) => return Ok(Value::Null),
                    }
                }
                Ok(Value::List(out))
            }
            (Output::List(_), _) | (Output::Named, Value::Null) => Ok(Value::Null),
            (Output::Named, raw) => Ok(self.named(field, shapes, branches, raw)),
        }
    }

    fn named(
        &mut self,
        (field, weight): (&'s Field, Option<i64>),
        shapes: &[&'s Shape],
        branches: &mut Vec<Branch<'s>>,
        raw: Value,
    ) -> Value {
        match (&field.kind, raw) {
            (Kind::Object(of), Value::Object(object)) => {
                self.cost += weight.unwrap_or_else(|| self.weights.of_type(of, true));
                self.object(shapes, of, branches, object)
                    .unwrap_or(Value::Null)
            }
            (Kind::Abstract(of), Value::Object(object)) => {
                let own = typename(&object).or_else(|| alias_of_typename(shapes, &object));
                let own = own.unwrap_or(of).to_owned();
                if self.schema.definition(&own).is_none() {
                    self.refuse("This is of a type that is not public.");
                    return Value::Null;
                }
                self.cost += weight.unwrap_or_else(|| self.weights.of_type(&own, true));
                self.object(shapes, &own, branches, object)
                    .unwrap_or(Value::Null)
            }
            (Kind::Object(_) | Kind::Abstract(_), _) => Value::Null,
            (Kind::Enum(values), Value::String(name)) if values.contains(&name) => {
                Value::String(name)
            }
            (Kind::Enum(values), Value::Enum(name)) if values.contains(name.as_str()) => {
                Value::Enum(name)
            }
            (Kind::Enum(_), _) => {
                self.refuse("This value is not one of the public ones.");
                Value::Null
            }
            (Kind::Typename | Kind::Scalar, raw) => {
                self.cost += weight.unwrap_or(0);
                raw
            }
        }
    }

    fn here(&self) -> Vec<PathSegment> {
        self.path
            .iter()
            .map(|step| match step {
                Step::Key(name) => PathSegment::Field(name.to_string()),
                Step::Index(index) => PathSegment::Index(*index),
            })
            .collect()
    }

    fn refuse(&mut self, message: &str) {
        let mut error = coded(Code::Internal, message);
        error.path = self.here();
        self.errors.push(error);
    }

    /// A null where none may be needs an error that says why, unless one is there already: at this
    /// place, below it, or above it where a whole object could not be had.
    fn explain_null(&mut self) {
        let here = self.here();
        let explained = self.errors.iter().any(|error| {
            let shared = error.path.len().min(here.len());
            shared > 0 && error.path[..shared] == here[..shared]
        });
        if !explained {
            let mut error = coded(Code::Internal, "This must not be empty, and is.");
            error.path = here;
            self.errors.push(error);
        }
    }
}

fn alias_of_typename<'o>(shapes: &[&Shape], object: &'o IndexMap<Name, Value>) -> Option<&'o str> {
    shapes
        .iter()
        .flat_map(|shape| &shape.items)
        .find_map(|item| match item {
            Item::Field(field) if matches!(field.kind, Kind::Typename) => {
                match object.get(&field.from)? {
                    Value::String(name) => Some(name.as_str()),
                    _ => None,
                }
            }
            _ => None,
        })
}
