//! Puts data together, and changes it where the planner says so.

use super::paths::typename;
use crate::{
    schema::Types,
    steps::{Change, Rewrite, RewriteSegment},
};
use async_graphql::{Name, Value, indexmap::IndexMap};

/// Merges `source` into `target`: objects by key, lists by position, anything else replaces. What
/// has been found is never taken away again by a null.
pub fn merge(target: &mut Value, source: Value) {
    match (target, source) {
        (_, Value::Null) => {}
        (Value::Object(target), Value::Object(source)) => {
            for (key, value) in source {
                match target.get_mut(&key) {
                    Some(target) => merge(target, value),
                    None => {
                        target.insert(key, value);
                    }
                }
            }
        }
        (Value::List(target), Value::List(source)) if target.len() == source.len() => {
            for (target, source) in target.iter_mut().zip(source) {
                merge(target, source);
            }
        }
        (target, source) => *target = source,
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
    use async_graphql::value;

    #[test]
    fn objects_merge_by_key_and_lists_by_position() {
        let mut target = value!({"games": [{"id": "1"}, {"id": "2"}]});
        merge(
            &mut target,
            value!({"games": [{"title": "A"}, {"title": "B"}]}),
        );
        assert_eq!(
            target,
            value!({"games": [{"id": "1", "title": "A"}, {"id": "2", "title": "B"}]})
        );
    }

    #[test]
    fn a_null_takes_nothing_away() {
        let mut target = value!({"game": {"id": "1"}});
        merge(&mut target, value!({"game": null}));
        assert_eq!(target, value!({"game": {"id": "1"}}));
    }
}
