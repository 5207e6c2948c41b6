//! What failed for a whole object, told at the fields that are missing because of it: the object
//! itself may well be there, from another subgraph.

use super::{
    errors::{Errors, MOST, Measured},
    paths::typename,
};
use crate::{
    schema::Types,
    shape::{Field, Item, Kind, Shape},
};
use async_graphql::{Name, PathSegment, ServerError, Value, Variables, indexmap::IndexMap};
use std::sync::Arc;

/// One error, at one object.
#[derive(Debug)]
struct Failure {
    error: Arc<ServerError>,
    /// The object, in the words of the data.
    object: Vec<PathSegment>,
    /// What was asked of it.
    keys: Arc<[String]>,
}

/// All of them, of one answer.
#[derive(Debug, Default)]
pub struct Failures {
    all: Vec<Failure>,
    more: usize,
}

impl Failures {
    /// Whether no more of them can be told, each at one place at least.
    pub fn are_cut(&self) -> bool {
        self.all.len() >= MOST
    }

    /// Adds an error at an object of which these keys were asked.
    pub fn push(
        &mut self,
        error: &Arc<ServerError>,
        keys: &Arc<[String]>,
        object: impl FnOnce() -> Vec<PathSegment>,
    ) {
        if self.are_cut() {
            self.more = self.more.saturating_add(1);
            return;
        }
        self.all.push(Failure {
            error: Arc::clone(error),
            object: object(),
            keys: Arc::clone(keys),
        });
    }

    /// Tells each at the fields of its object that the client asked for and that are not there; at
    /// the object itself, when there is no such field.
    pub fn tell(
        self,
        shape: &Shape,
        variables: &Variables,
        types: &Types,
        data: &Value,
        errors: &mut Errors,
    ) {
        errors.leave_out(self.more);
        let look = Look { variables, types };
        for failure in self.all {
            let error = Measured::new(&failure.error);
            let lacking = look.lacking(shape, data, &failure.object, &failure.keys);
            if lacking.is_empty() {
                errors.push_at(&error, || failure.object);
                continue;
            }
            for key in lacking {
                errors.push_at(&error, || {
                    let mut path = failure.object.clone();
                    path.push(PathSegment::Field(key.to_string()));
                    path
                });
            }
        }
    }
}

struct Look<'l> {
    variables: &'l Variables,
    types: &'l Types,
}

impl Look<'_> {
    /// The fields of the object at `path` that were asked for by one of `keys` and are missing.
    fn lacking<'s>(
        &self,
        shape: &'s Shape,
        mut data: &Value,
        path: &[PathSegment],
        keys: &[String],
    ) -> Vec<&'s Name> {
        let mut shapes = vec![shape];
        let mut lacking = Vec::new();
        for segment in path {
            let next = match (segment, data) {
                (PathSegment::Field(name), Value::Object(object)) => {
                    let mut inner = Vec::new();
                    for shape in shapes {
                        self.fields(shape, object, &mut |field| {
                            if field.from.as_str() == name {
                                inner.push(&field.inner);
                            }
                        });
                    }
                    shapes = inner;
                    object.get(name.as_str())
                }
                (PathSegment::Index(index), Value::List(items)) => items.get(*index),
                _ => None,
            };
            let Some(next) = next else { return lacking };
            data = next;
        }
        let Value::Object(object) = data else {
            return lacking;
        };
        for shape in shapes {
            self.fields(shape, object, &mut |field| {
                let missing = matches!(object.get(&field.from), None | Some(Value::Null));
                let asked = || keys.iter().any(|key| field.from.as_str() == key);
                if missing
                    && !matches!(field.kind, Kind::Typename)
                    && asked()
                    && !lacking.contains(&&field.key)
                {
                    lacking.push(&field.key);
                }
            });
        }
        lacking
    }

    /// Visits the fields to show of one object.
    fn fields<'s>(
        &self,
        shape: &'s Shape,
        object: &IndexMap<Name, Value>,
        visit: &mut dyn FnMut(&'s Field),
    ) {
        for item in &shape.items {
            match item {
                Item::Field(field) if field.when.holds(self.variables) => visit(field),
                Item::Part { on, when, shape } if when.holds(self.variables) => {
                    let own = typename(object);
                    let matches = on
                        .as_ref()
                        .is_none_or(|on| own.is_none_or(|own| self.types.is(own, on)));
                    if matches {
                        self.fields(shape, object, visit);
                    }
                }
                _ => {}
            }
        }
    }
}
