//! Puts data together, and changes it where the planner says so.

use super::paths::typename;
use crate::{
    schema::Types,
    steps::{Change, Rewrite, RewriteSegment},
};
use async_graphql::{Name, Value, indexmap::IndexMap};

/// Under this key an object is remembered of which a subgraph knows nothing, or told an error: no
/// client and no planner has one like it.
const ABSENT: &str = "_internal_absent";

/// Remembers that a subgraph knows nothing of this object, or told an error of it.
pub fn mark_absent(object: &mut Value) {
    if let Value::Object(object) = object
        && !is_absent(object)
    {
        object.insert(Name::new(ABSENT), Value::Null);
    }
}

/// Whether it is known why something of this object may be missing.
pub fn is_absent(object: &IndexMap<Name, Value>) -> bool {
    object.contains_key(ABSENT)
}

/// Merges `source` into `target`: objects by key, lists by position, anything else replaces. What
/// has been found is never taken away again by a null or a value of another kind, and the name of an object's own type not by
/// that of an interface, which is all that a subgraph with an interface object can say.
pub fn merge(target: &mut Value, source: Value, types: &Types) {
    match (target, source) {
        (_, Value::Null) => {}
        (Value::Object(target), Value::Object(source)) => {
            for (key, value) in source {
                match target.get_mut(&key) {
                    Some(known) if key == "__typename" && !says_more(&value, types) => {
                        if *known == Value::Null {
                            *known = value;
                        }
                    }
                    Some(target) => merge(target, value, types),
                    None => {
                        target.insert(key, value);
                    }
                }
            }
        }
        (Value::List(target), Value::List(source)) if target.len() == source.len() => {
            for (target, source) in target.iter_mut().zip(source) {
                merge(target, source, types);
            }
        }
        (target, source) => {
            if are_alike(target, &source) {
                *target = source;
            }
        }
    }
}

/// Whether they are of one kind, as two values of one field are.
fn are_alike(known: &Value, new: &Value) -> bool {
    let nests = |value: &Value| matches!(value, Value::Object(_) | Value::List(_));
    match (known, new) {
        (Value::Null, _)
        | (Value::Object(_), Value::Object(_))
        | (Value::List(_), Value::List(_)) => true,
        _ => !nests(known) && !nests(new),
    }
}

fn says_more(name: &Value, types: &Types) -> bool {
    match name {
        Value::String(name) => types.is_object(name),
        Value::Enum(name) => types.is_object(name),
        _ => false,
    }
}

/// Applies one of the planner's rewrites.
pub fn rewrite(value: &mut Value, rewrite: &Rewrite, types: &Types) {
    descend(
        value,
        &rewrite.path,
        types,
        &mut |object| match &rewrite.change {
            Change::Rename(to) => {
                if let Some(value) = object.swap_remove(rewrite.key.as_str()) {
                    object.insert(to.clone(), value);
                }
            }
            Change::Set(text) => {
                if let Some(value) = object.get_mut(rewrite.key.as_str()) {
                    *value = Value::from(text.as_str());
                }
            }
        },
    );
}

fn descend(
    value: &mut Value,
    path: &[RewriteSegment],
    types: &Types,
    change: &mut dyn FnMut(&mut IndexMap<Name, Value>),
) {
    match value {
        Value::List(items) => {
            for item in items {
                descend(item, path, types, change);
            }
        }
        Value::Object(object) => match path {
            [] => change(object),
            [RewriteSegment::Types(wanted), rest @ ..] => {
                if typename(object).is_none_or(|name| types.is_any(name, wanted)) {
                    descend(value, rest, types, change);
                }
            }
            [RewriteSegment::Key(key), rest @ ..] => {
                if let Some(inner) = object.get_mut(key.as_str()) {
                    descend(inner, rest, types, change);
                }
            }
        },
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::merge;
    use crate::schema::Types;
    use ahash::{HashMap, HashSet};
    use async_graphql::value;

    fn types() -> Types {
        let games = HashSet::from_iter(["Game".to_owned()]);
        Types(HashMap::from_iter([
            ("Game".to_owned(), games.clone()),
            ("Item".to_owned(), games),
        ]))
    }

    #[test]
    fn objects_merge_by_key_and_lists_by_position() {
        let mut target = value!({"games": [{"id": "1"}, {"id": "2"}]});
        merge(
            &mut target,
            value!({"games": [{"title": "A"}, {"title": "B"}]}),
            &types(),
        );
        assert_eq!(
            target,
            value!({"games": [{"id": "1", "title": "A"}, {"id": "2", "title": "B"}]})
        );
    }

    #[test]
    fn a_null_takes_nothing_away() {
        let mut target = value!({"game": {"id": "1"}});
        merge(&mut target, value!({"game": null}), &types());
        assert_eq!(target, value!({"game": {"id": "1"}}));
    }

    #[test]
    fn a_value_of_another_kind_takes_nothing_away() {
        let known = value!({"game": {"id": "1"}, "tags": ["a"], "title": "A"});
        for lie in [
            value!("oops"),
            value!([{"id": "1"}]),
            value!({"game": "oops", "tags": {"a": 1}, "title": ["A"]}),
        ] {
            let mut target = known.clone();
            merge(&mut target, lie, &types());
            assert_eq!(target, known);
        }
    }

    #[test]
    fn an_object_is_not_called_by_an_interface_once_its_type_is_known() {
        let mut target = value!({"__typename": "Item"});
        merge(&mut target, value!({"__typename": "Game"}), &types());
        merge(&mut target, value!({"__typename": "Item"}), &types());
        assert_eq!(target, value!({"__typename": "Game"}));
    }
}
