//! Shows the data in the document's shape: only what was asked for, in the order it was asked for,
//! with nulls carried up to the nearest place that may be null.

use super::{errors::Errors, merge::is_absent, paths::typename};
use crate::{
    cost::{Weights, too_many},
    error::coded,
    limits::Limits,
    schema::Schema,
    shape::{Field, Item, Kind, Output, Shape},
};
use async_graphql::{Name, Number, PathSegment, ServerError, Value, Variables, indexmap::IndexMap};
use djinn_kernel::Code;

/// Shows `data` as an answer, and says what it weighs. Errors it finds itself are added to `errors`.
/// An answer of more objects than the limits allow is none, but an error.
pub fn project(
    (schema, weights, limits): (&Schema, &Weights, &Limits),
    variables: &Variables,
    root: &str,
    shape: &Shape,
    data: Value,
    errors: &mut Errors,
) -> Result<(Value, u64), ServerError> {
    let Value::Object(object) = data else {
        return Ok((Value::Null, 0));
    };
    let mut show = Show {
        schema,
        weights,
        cost: 0,
        objects: 0,
        most: limits.objects,
        variables,
        errors,
        path: Vec::new(),
    };
    let mut branches = Vec::new();
    let at = show.branch(&[shape], root, &mut branches);
    let shown = show
        .object(&mut branches[at], object)
        .unwrap_or(Value::Null);
    if show.objects > show.most {
        return Err(too_many("holds", show.most));
    }
    Ok((shown, u64::try_from(show.cost).unwrap_or(0)))
}

/// A value that must not be null is: whatever holds it goes.
struct Gone;

/// The fields to show of objects of one type, found once and used for every item of a list.
struct Branch<'s> {
    of: String,
    /// What one counts: the schema's own objects have limits of their own.
    objects: u64,
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
    /// As many have been shown, …
    objects: u64,
    /// … and as many may be.
    most: u64,
    variables: &'s Variables,
    errors: &'e mut Errors,
    path: Vec<Step<'s>>,
}

impl<'s> Show<'s, '_> {
    /// The branch for objects of a type.
    fn branch(&self, shapes: &[&'s Shape], of: &str, branches: &mut Vec<Branch<'s>>) -> usize {
        if let Some(known) = branches.iter().position(|branch| branch.of == of) {
            return known;
        }
        let mut parts = Vec::new();
        for shape in shapes {
            let merging = shapes.len() > 1 || shape.overlaps;
            self.collect(shape, of, merging, &mut parts);
        }
        branches.push(Branch {
            of: of.to_owned(),
            objects: u64::from(!of.starts_with("__")),
            parts,
        });
        branches.len() - 1
    }

    fn object(
        &mut self,
        branch: &mut Branch<'s>,
        mut object: IndexMap<Name, Value>,
    ) -> Result<Value, Gone> {
        let mut out = IndexMap::with_capacity(branch.parts.len());
        for part in &mut branch.parts {
            let key = &part.field.key;
            let value = match part.field.kind {
                Kind::Typename => Value::from(branch.of.as_str()),
                _ => {
                    let found = object.get_mut(&part.field.from).map(std::mem::take);
                    // A subgraph knows nothing of it: the entity is not there, or not for this viewer.
                    // That is no fault, so the object is missing without an error, where it may be.
                    let missing = found.is_none() && !self.path.is_empty();
                    if missing
                        && matches!(part.field.output, Output::NonNull(_))
                        && is_absent(&object)
                    {
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
            (_, Value::Null) => Ok(Value::Null),
            (Output::List(_), _) => Ok(self.refuse("This must be a list, and is not.")),
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
                let at = self.branch(shapes, of, branches);
                self.shown(weight, &mut branches[at], object)
            }
            (Kind::Abstract(of), Value::Object(object)) => {
                let own = typename(&object).or_else(|| alias_of_typename(shapes, &object));
                match self.branch_of_possible(shapes, (own, of), branches) {
                    Ok(at) => self.shown(weight, &mut branches[at], object),
                    // Nobody knows it, so nobody can tell its type.
                    Err(_) if is_absent(&object) => Value::Null,
                    Err(message) => self.refuse(message),
                }
            }
            (Kind::Object(_) | Kind::Abstract(_), _) => {
                self.refuse("This must be an object, and is not.")
            }
            (Kind::Enum(values), Value::String(name)) if values.contains(&name) => {
                Value::String(name)
            }
            (Kind::Enum(values), Value::Enum(name)) if values.contains(name.as_str()) => {
                Value::Enum(name)
            }
            (Kind::Enum(_), _) => self.refuse("This value is not one of the public ones."),
            (kind, raw) => {
                self.cost += weight.unwrap_or(0);
                match leaf(kind, raw) {
                    Ok(value) => value,
                    Err(message) => self.refuse(message),
                }
            }
        }
    }

    /// Counts an object, and shows it unless there are too many.
    fn shown(
        &mut self,
        weight: Option<i64>,
        branch: &mut Branch<'s>,
        object: IndexMap<Name, Value>,
    ) -> Value {
        self.objects += branch.objects;
        if self.objects > self.most {
            return Value::Null;
        }
        self.cost += weight.unwrap_or_else(|| self.weights.of_type(&branch.of, true));
        self.object(branch, object).unwrap_or(Value::Null)
    }

    /// The branch for an object that says it is of type `own`, where an `of` must be; otherwise what
    /// is wrong with it. A type that is met again has been found good before.
    fn branch_of_possible(
        &self,
        shapes: &[&'s Shape],
        (own, of): (Option<&str>, &str),
        branches: &mut Vec<Branch<'s>>,
    ) -> Result<usize, &'static str> {
        let known = |name: &str| branches.iter().position(|branch| branch.of == name);
        if let Some(at) = own.and_then(known) {
            return Ok(at);
        }
        match own {
            Some(own) if self.schema.is_object(own) => {
                if self.schema.types.is(own, of) {
                    Ok(self.branch(shapes, own, branches))
                } else {
                    Err("This is of a type that cannot be here.")
                }
            }
            Some(own) if !self.schema.is_abstract(own) => {
                Err("This is of a type that is not public.")
            }
            // A subgraph with an interface object cannot say more, and where nothing depends on the
            // type nobody has asked for it.
            _ => match known(of) {
                Some(at) => Ok(at),
                None if shapes.iter().any(|shape| self.depends_on_type(shape, of)) => {
                    Err("This is of a type that nobody knows.")
                }
                None => Ok(self.branch(shapes, of, branches)),
            },
        }
    }

    /// Whether what is shown of an object depends on which of the types of `of` it is.
    fn depends_on_type(&self, shape: &Shape, of: &str) -> bool {
        shape.items.iter().any(|item| match item {
            Item::Field(field) => {
                matches!(field.kind, Kind::Typename) && field.when.holds(self.variables)
            }
            Item::Part { on, when, shape } => {
                let some = |on: &String| {
                    let mut possible = self.schema.possible(of).into_iter();
                    possible.any(|one| !self.schema.types.is(one, on))
                };
                when.holds(self.variables)
                    && (on.as_ref().is_some_and(some) && self.shows(shape)
                        || self.depends_on_type(shape, of))
            }
        })
    }

    /// Whether it shows anything, of objects that it is for.
    fn shows(&self, shape: &Shape) -> bool {
        shape.items.iter().any(|item| match item {
            Item::Field(field) => field.when.holds(self.variables),
            Item::Part { when, shape, .. } => when.holds(self.variables) && self.shows(shape),
        })
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

    /// An error at this place, where nothing else can be shown.
    fn refuse(&mut self, message: &str) -> Value {
        let mut error = coded(Code::Internal, message);
        error.path = self.here();
        self.errors.push(error);
        Value::Null
    }

    /// A null where none may be needs an error that says why, unless one is there already: at this
    /// place, below it, above it where a whole object could not be had, or without a place. It may
    /// also be one of those that are not told.
    fn explain_null(&mut self) {
        if self.errors.are_cut() || self.objects > self.most {
            return;
        }
        let here = self.here();
        let explained = self.errors.told().iter().any(|error| {
            let shared = error.path.len().min(here.len());
            error.path[..shared] == here[..shared]
        });
        if !explained {
            let mut error = coded(Code::Internal, "This must not be empty, and is.");
            error.path = here;
            self.errors.push(error);
        }
    }
}

const NOT_INT: &str = "This must be a whole number of 32 bits, and is not.";

/// What other languages write as 5.0 is a whole number as well.
fn whole(number: &Number) -> Option<Value> {
    let number = number.as_f64()?;
    let fits =
        number.fract() == 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number);
    fits.then(|| Value::from(number as i32))
}

/// A value of a scalar, by the specification's rules of what may be sent as one; otherwise what is
/// wrong with it.
fn leaf(kind: &Kind, raw: Value) -> Result<Value, &'static str> {
    match (kind, raw) {
        (Kind::Int, Value::Number(number)) => match number.as_i64() {
            Some(whole) if i32::try_from(whole).is_ok() => Ok(Value::Number(number)),
            Some(_) => Err(NOT_INT),
            None => whole(&number).ok_or(NOT_INT),
        },
        (Kind::Int, _) => Err(NOT_INT),
        // JSON has no number that is not finite.
        (Kind::Float, raw @ Value::Number(_))
        | (Kind::Boolean, raw @ Value::Boolean(_))
        | (Kind::Text | Kind::Id, raw @ (Value::String(_) | Value::Enum(_))) => Ok(raw),
        (Kind::Id, Value::Number(number)) if number.is_i64() || number.is_u64() => {
            Ok(Value::String(number.to_string()))
        }
        (Kind::Float, _) => Err("This must be a number, and is not."),
        (Kind::Text, _) => Err("This must be a text, and is not."),
        (Kind::Boolean, _) => Err("This must be true or false, and is not."),
        (Kind::Id, _) => Err("This must be an id, and is not."),
        (_, raw) => Ok(raw),
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
