//! Finds the objects a fetch is about, and finds them again when its answer is there.

use crate::{schema::Types, steps::Segment};
use async_graphql::{Name, PathSegment, Value, indexmap::IndexMap};

/// Where one object stands: the positions in the lists on its way. With the plan's path, that is
/// all it takes to find it, whatever other fetches have added meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(Box<[u32]>);

impl Place {
    /// At these positions.
    pub fn new(trail: &[u32]) -> Self {
        Self(trail.into())
    }
}

/// The object's own type, as the data says.
pub fn typename(object: &IndexMap<Name, Value>) -> Option<&str> {
    match object.get("__typename")? {
        Value::String(name) => Some(name),
        Value::Enum(name) => Some(name),
        _ => None,
    }
}

/// Visits every object at `path`.
pub fn walk(data: &Value, path: &[Segment], types: &Types, visit: &mut dyn FnMut(&Value, &[u32])) {
    go(data, path, types, &mut Vec::new(), visit);
}

fn go(
    data: &Value,
    path: &[Segment],
    types: &Types,
    trail: &mut Vec<u32>,
    visit: &mut dyn FnMut(&Value, &[u32]),
) {
    match data {
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                trail.push(index as u32);
                go(item, path, types, trail, visit);
                trail.pop();
            }
        }
        Value::Object(object) => match path {
            [] => visit(data, trail),
            [Segment::Field(name), rest @ ..] => {
                if let Some(inner) = object.get(name.as_str()) {
                    go(inner, rest, types, trail, visit);
                }
            }
            [Segment::Types(wanted), rest @ ..] => {
                if typename(object).is_none_or(|name| types.is_any(name, wanted)) {
                    go(data, rest, types, trail, visit);
                }
            }
        },
        _ => {}
    }
}

fn fields(path: &[Segment]) -> impl Iterator<Item = &str> {
    path.iter().filter_map(|segment| match segment {
        Segment::Field(name) => Some(name.as_str()),
        Segment::Types(_) => None,
    })
}

/// The object at a place that [`walk`] has seen.
pub fn find_mut<'d>(data: &'d mut Value, path: &[Segment], place: &Place) -> Option<&'d mut Value> {
    let mut indices = place.0.iter();
    let mut fields = fields(path);
    let mut at = data;
    loop {
        at = match at {
            Value::List(items) => items.get_mut(*indices.next()? as usize)?,
            Value::Object(_) => match (fields.next(), at) {
                (Some(name), Value::Object(object)) => object.get_mut(name)?,
                (_, found) => return Some(found),
            },
            _ => return None,
        };
    }
}

/// The same as a path of the answer.
pub fn path_of(data: &Value, path: &[Segment], place: &Place) -> Vec<PathSegment> {
    let mut indices = place.0.iter();
    let mut fields = fields(path);
    let mut at = data;
    let mut segments = Vec::new();
    loop {
        let next = match at {
            Value::List(items) => indices.next().and_then(|index| {
                segments.push(PathSegment::Index(*index as usize));
                items.get(*index as usize)
            }),
            Value::Object(object) => fields.next().and_then(|name| {
                segments.push(PathSegment::Field(name.to_owned()));
                object.get(name)
            }),
            _ => None,
        };
        match next {
            Some(next) => at = next,
            None => return segments,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::value;

    #[test]
    fn what_was_walked_is_found_again_under_the_same_place() {
        let mut data = value!({"rooms": [{"seats": [[{"id": 1}], [{"id": 2}, null, {"id": 3}]]}]});
        let path = [
            Segment::Field("rooms".into()),
            Segment::Field("seats".into()),
        ];
        let mut places = Vec::new();
        walk(&data, &path, &Types::default(), &mut |object, trail| {
            places.push((object.clone(), Place::new(trail)));
        });
        assert_eq!(places.len(), 3);
        for (object, place) in &places {
            assert_eq!(find_mut(&mut data, &path, place).unwrap(), object);
        }
        let last = path_of(&data, &path, &places[2].1);
        assert_eq!(
            serde_json::to_string(&last).unwrap(),
            r#"["rooms",0,"seats",1,2]"#
        );
    }
}
