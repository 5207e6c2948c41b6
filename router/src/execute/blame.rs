//! Which entity an error is about.
//!
//! The specification wants `["_entities", 3, "note"]`. async-graphql leaves the index out; but it
//! also leaves the failed field out of its object, where a field that is merely empty is a null.
//! So the entity is the one that lacks the field.

use async_graphql::{PathSegment, ServerError, Value};

/// An error, and the entity it is about; all of them, when there is no index.
pub struct Blamed<'e> {
    /// The error as it came.
    pub error: &'e ServerError,
    /// Which `_entities` field of the fetch; all of them, when it names none.
    pub group: Option<usize>,
    /// Which entity.
    pub entity: Option<usize>,
    /// The path inside the entity.
    pub rest: &'e [PathSegment],
}

/// Finds the entity of each error. `lists` are the keys of the fetch's `_entities` fields, with
/// what came back for each.
pub fn blame<'e>(errors: &'e [ServerError], lists: &[(&str, &[Value])]) -> Vec<Blamed<'e>> {
    let mut taken: Vec<(usize, usize, &[PathSegment])> = Vec::new();
    errors
        .iter()
        .map(|error| {
            let everything = Blamed {
                error,
                group: None,
                entity: None,
                rest: &[],
            };
            let [PathSegment::Field(key), inside @ ..] = error.path.as_slice() else {
                return everything;
            };
            let Some(group) = lists.iter().position(|(name, _)| name == key) else {
                return everything;
            };
            if let [PathSegment::Index(index), rest @ ..] = inside {
                return Blamed {
                    error,
                    group: Some(group),
                    entity: Some(*index),
                    rest,
                };
            }
            if inside.is_empty() {
                return Blamed {
                    group: Some(group),
                    ..everything
                };
            }
            let entity = culprit(lists[group].1, inside, |at| {
                !taken.contains(&(group, at, inside))
            });
            if let Some(at) = entity {
                taken.push((group, at, inside));
            }
            Blamed {
                error,
                group: Some(group),
                entity,
                rest: if entity.is_some() { inside } else { &[] },
            }
        })
        .collect()
}

/// The first free entity that lacks what the path names; failing that, one that is wholly null,
/// as it is when everything asked of it failed.
fn culprit(
    entities: &[Value],
    path: &[PathSegment],
    free: impl Fn(usize) -> bool,
) -> Option<usize> {
    let mut free = (0..entities.len()).filter(|at| free(*at));
    let mut null = None;
    let lacking = free.find(|at| {
        if entities[*at] == Value::Null && null.is_none() {
            null = Some(*at);
        }
        lacks(&entities[*at], path)
    });
    lacking.or(null)
}

fn lacks(value: &Value, path: &[PathSegment]) -> bool {
    match (value, path) {
        (Value::Object(object), [PathSegment::Field(name), rest @ ..]) => {
            match object.get(name.as_str()) {
                None => true,
                // An object of which everything failed is null as well.
                Some(Value::Null) => !rest.is_empty(),
                Some(inner) => lacks(inner, rest),
            }
        }
        (Value::List(items), [PathSegment::Index(index), rest @ ..]) => {
            items.get(*index).is_some_and(|item| lacks(item, rest))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::value;

    fn error(path: &[&str]) -> ServerError {
        let path = path.iter().map(|one| match one.parse() {
            Ok(index) => PathSegment::Index(index),
            Err(_) => PathSegment::Field((*one).to_owned()),
        });
        ServerError::new("", None).with_path(path.collect())
    }

    fn blamed(errors: &[ServerError], entities: &Value) -> Vec<Option<usize>> {
        let Value::List(entities) = entities else {
            return Vec::new();
        };
        blame(errors, &[("_entities", entities)])
            .iter()
            .map(|one| one.entity)
            .collect()
    }

    #[test]
    fn an_index_is_believed() {
        assert_eq!(
            blamed(&[error(&["_entities", "2", "note"])], &value!([])),
            [Some(2)]
        );
    }

    #[test]
    fn without_an_index_it_is_the_entity_that_lacks_the_field() {
        let entities = value!([{"note": null}, {"id": 1}, {"note": "x"}, {"id": 2}]);
        let errors = [error(&["_entities", "note"]), error(&["_entities", "note"])];
        assert_eq!(blamed(&errors, &entities), [Some(1), Some(3)]);
    }

    #[test]
    fn an_entity_of_which_everything_failed_is_null() {
        assert_eq!(
            blamed(
                &[error(&["_entities", "note"])],
                &value!([{"note": "x"}, null])
            ),
            [Some(1)]
        );
    }

    #[test]
    fn an_error_of_the_whole_fetch_is_about_all() {
        assert_eq!(
            blamed(
                &[error(&["_entities"]), error(&[])],
                &value!([{"note": "x"}])
            ),
            [None, None]
        );
    }
}
